//! Records that were kept, judged anew: what has changed for real people by what the rules have
//! become.
//!
//! A result says what came out then; a session does not, and is compared only where the rules of
//! then are given. Nothing else about a record counts: the judgement is that of the rules of now on
//! the answers that still fit them.

use std::fmt::Write as _;

use serde_json::{Value, json};

use crate::answers::Answers;
use crate::fault::Fault;
use crate::prose::{count, list_and, tick};
use crate::records::Record;
use crate::ruleset::RuleSet;
use crate::triage::{Assessment, triage};
use crate::yaml::{self, Node, Value as Kept};

/// What came out, by the ids that rule sets and results use.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// The level of care.
    pub care: String,
    /// The treatment suggested, or "none".
    pub suggestion: String,
    /// The options, best first.
    pub options: Vec<String>,
    /// The treatment that came second, or "none".
    pub runner_up: String,
    /// The warnings that fired.
    pub warnings: Vec<String>,
    /// The cautions that were told.
    pub cautions: Vec<String>,
}

/// A record judged anew.
#[derive(Clone, Debug, PartialEq)]
pub struct Replay {
    /// The record; its assessment is that of now.
    pub record: Record,
    /// What came out then, where that is known.
    pub then: Option<Outcome>,
    /// What comes out now.
    pub now: Outcome,
}

/// What is otherwise than it was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// The part of the result: care, suggestion, options, runner-up, warnings or cautions.
    pub what: &'static str,
    /// What it was.
    pub then: String,
    /// What it is.
    pub now: String,
}

impl Outcome {
    /// Of an assessment.
    pub fn of(rules: &RuleSet, assessment: &Assessment) -> Self {
        let item = |&item: &usize| rules.items[item].id.clone();
        let cautions = crate::report::told_cautions(rules, assessment).into_iter();
        Self {
            care: assessment.care.id().to_owned(),
            suggestion: assessment.treatment(rules).as_ref().map_or("none".to_owned(), item),
            options: assessment.options.iter().map(item).collect(),
            runner_up: assessment.runner_up.as_ref().map_or("none".to_owned(), item),
            warnings: assessment
                .warnings
                .iter()
                .map(|&warning| rules.warnings[warning].id.clone())
                .collect(),
            cautions: cautions.map(|caution| rules.cautions[caution].id.clone()).collect(),
        }
    }

    /// As a kept result tells it; none if it is a session, or answers alone.
    fn kept(text: &str) -> Option<Self> {
        let node = yaml::read(text).ok()?;
        let word = |node: &Node| node.scalar().map(str::to_owned);
        let ids = |name: &str| match &node.entry(name)?.value {
            Kept::List(list) => list.iter().map(|part| word(part.entry("id")?)).collect(),
            _ => None,
        };
        Some(Self {
            care: word(node.entry("care")?)?,
            suggestion: word(node.entry("suggestion")?.entry("id")?)?,
            options: ids("options")?,
            runner_up: match node.entry("runner_up")?.entry("id") {
                Some(id) => word(id)?,
                None => "none".to_owned(),
            },
            warnings: ids("warnings")?,
            cautions: ids("cautions")?,
        })
    }

    fn parts(&self) -> [(&'static str, String); 6] {
        let several =
            |ids: &[String]| if ids.is_empty() { "none".to_owned() } else { ids.join(", ") };
        [
            ("care", self.care.clone()),
            ("suggestion", self.suggestion.clone()),
            ("warnings", several(&self.warnings)),
            ("cautions", several(&self.cautions)),
            ("options", several(&self.options)),
            ("runner-up", self.runner_up.clone()),
        ]
    }

    fn json(&self) -> Value {
        json!({
            "care": self.care,
            "suggestion": self.suggestion,
            "options": self.options,
            "runner_up": self.runner_up,
            "warnings": self.warnings,
            "cautions": self.cautions,
        })
    }
}

impl Replay {
    /// Judges a record anew. What came out then is what the record says, or, where it does not
    /// say, what the rules of then make of the answers.
    ///
    /// # Errors
    /// What makes it no record of this rule set.
    pub fn read(
        rules: &RuleSet,
        of_then: Option<&RuleSet>,
        name: &str,
        text: &str,
    ) -> Result<Self, Vec<Fault>> {
        let record = Record::read(rules, name, text)?;
        let now = Outcome::of(rules, &record.assessment);
        let judged = |of_then: &RuleSet| {
            let answers: Answers = Record::read(of_then, name, text).ok()?.answers;
            Some(Outcome::of(of_then, &triage(of_then, &answers)))
        };
        let then = Outcome::kept(text).or_else(|| judged(of_then?));
        Ok(Self { record, then, now })
    }

    /// What is otherwise than it was, the level of care first.
    pub fn changes(&self) -> Vec<Change> {
        let Some(then) = &self.then else { return Vec::new() };
        let parts = then.parts().into_iter().zip(self.now.parts());
        parts
            .filter(|((_, then), (_, now))| then != now)
            .map(|((what, then), (_, now))| Change { what, then, now })
            .collect()
    }
}

/// How many came out otherwise.
pub fn changed(replays: &[Replay]) -> usize {
    replays.iter().filter(|replay| !replay.changes().is_empty()).count()
}

/// All records for people: each in a few lines, then the sum.
pub fn text(rules: &RuleSet, replays: &[Replay]) -> String {
    let mut out = String::new();
    for replay in replays {
        let Replay { record, then, now } = replay;
        let changes = replay.changes();
        let _ = match (then, changes.is_empty()) {
            (None, _) => writeln!(
                out,
                "{}: {}, {}; what came out then is not in it",
                record.name, now.care, now.suggestion
            ),
            (Some(_), true) => {
                writeln!(out, "{}: as then: {}, {}", record.name, now.care, now.suggestion)
            }
            (Some(_), false) => writeln!(out, "{}: changed", record.name),
        };
        for change in changes {
            let _ = writeln!(out, "  {}: {} -> {}", change.what, change.then, change.now);
        }
        if let Some(version) = &record.made_with {
            let _ = writeln!(out, "  made with version {version}");
        }
        if !record.left_out.is_empty() {
            let ids: Vec<String> = record.left_out.iter().map(|id| tick(id)).collect();
            let _ = writeln!(out, "  no longer fitting, and left out: {}", list_and(&ids));
        }
        let open = &record.assessment.not_answered;
        if !open.is_empty() {
            let questions = &rules.questionnaire.questions;
            let ids: Vec<String> = open.iter().map(|&open| tick(&questions[open].id)).collect();
            let _ = writeln!(out, "  not answered: {}", list_and(&ids));
        }
    }
    let unknown = replays.iter().filter(|replay| replay.then.is_none()).count();
    let _ = write!(
        out,
        "{} under {} {}: {} changed",
        count(replays.len(), "record"),
        rules.id,
        rules.version,
        changed(replays)
    );
    if unknown > 0 {
        let _ = write!(out, ", {unknown} without a result of then");
    }
    out + "\n"
}

/// All records for scripts.
pub fn json(rules: &RuleSet, replays: &[Replay]) -> Value {
    let open = |record: &Record| -> Vec<String> {
        let open = record.assessment.not_answered.iter();
        open.map(|&question| rules.questionnaire.questions[question].id.clone()).collect()
    };
    let records: Vec<Value> = replays
        .iter()
        .map(|replay| {
            json!({
                "name": replay.record.name,
                "made_with": replay.record.made_with,
                "left_out": replay.record.left_out,
                "not_answered": open(&replay.record),
                "then": replay.then.as_ref().map(Outcome::json),
                "now": replay.now.json(),
                "changed":
                    replay.changes().iter().map(|change| change.what).collect::<Vec<_>>(),
            })
        })
        .collect();
    json!({
        "schema_version": 1,
        "rule_set": { "id": rules.id, "version": rules.version, "hash": rules.hash },
        "records": records,
        "changed": changed(replays),
    })
}
