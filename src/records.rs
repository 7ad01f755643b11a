//! Records of one person over time: read leniently, compared strictly.
//!
//! A record is a result or a session that somebody chose to keep. Its answers are judged anew with
//! the rules of now, so that what differs between two records is what the person said, never what
//! the rules have become. An answer that fits the rules no more is left out, and named.

mod told;

use crate::answers::Answers;
use crate::condition::UNSURE;
use crate::fault::Fault;
use crate::prose::clean_line;
use crate::questionnaire::{Answer, Kind, Worse};
use crate::report::pictures;
use crate::ruleset::{Change, RuleSet};
use crate::session;
use crate::triage::{Assessment, triage};
use crate::yaml::{self, Node, Value};

/// What was kept of one visit.
#[derive(Clone, Debug, PartialEq)]
pub struct Record {
    /// What the reader calls it, such as the name of its file.
    pub name: String,
    /// The answers that fit the rules of now.
    pub answers: Answers,
    /// What they come to under the rules of now.
    pub assessment: Assessment,
    /// The version of the rules it was made with, where those were others.
    pub made_with: Option<String>,
    /// Ids of questions whose answers do not fit the rules of now.
    pub left_out: Vec<String>,
}

/// What changed from one record to the next, and over all of them.
#[derive(Clone, Debug, PartialEq)]
pub struct Comparison<'a> {
    rules: &'a RuleSet,
    /// The records, the oldest first; two or more.
    pub records: &'a [Record],
    /// Warnings of the latest that the one before did not have.
    pub new_warnings: Vec<usize>,
    /// Warnings of the latest that the one before had too.
    pub lasting_warnings: Vec<usize>,
    /// Warnings of the one before that are open in the latest: what would tell has no answer there.
    pub unanswered_warnings: Vec<usize>,
    /// Warnings of the one before that the latest does not have, by its answers.
    pub gone_warnings: Vec<usize>,
    /// The course of each scale that is compared.
    pub courses: Vec<Course>,
    /// Questions answered otherwise than the time before.
    pub changed: Vec<usize>,
}

/// The numbers of one scale over all records.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Course {
    /// The index of the scale in the rule set's sheet.
    pub scale: usize,
    /// A number for each record; none where it was not given.
    pub numbers: Vec<Option<i64>>,
    /// From the record before to the latest.
    pub since_last: Option<Shift>,
    /// From the first record to the latest, where there are more than two.
    pub since_first: Option<Shift>,
}

/// How far a number moved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shift {
    /// The later number less the earlier.
    pub points: i64,
    /// Whether it moved to the better side.
    pub better: bool,
    /// Whether the change matters, by what the rule set says of that.
    pub matters: bool,
}

impl Record {
    /// Reads a result or a session.
    ///
    /// # Errors
    /// What makes it no record of this rule set: it is damaged, or of another rule set. Under the
    /// very same rules an answer that does not fit is damage too.
    pub fn read(rules: &RuleSet, name: &str, text: &str) -> Result<Self, Vec<Fault>> {
        let words = rules.words();
        let damaged = |place| {
            let fault = Fault::new("damaged-record", place, words.say("record-damaged"));
            vec![fault.help(words.say("record-damaged-help"))]
        };
        let node = yaml::read(text).map_err(|fault| damaged(fault.place))?;
        let is_session = node.entry("kind").and_then(Node::scalar) == Some("session");
        if is_session && !session::is_intact(&node, text) {
            return Err(damaged(node.place));
        }
        let stamp = node.entry("rule_set");
        let of_stamp = |key| stamp.and_then(|stamp| stamp.entry(key));
        if let Some(id) = of_stamp("id")
            && id.scalar() != Some(rules.id.as_str())
        {
            let found = clean_line(id.scalar().unwrap_or_default());
            let with = [("found", found.into()), ("expected", rules.id.as_str().into())];
            let fault = Fault::new("other-rule-set", id.place, words.tell("record-other", &with));
            return Err(vec![fault.help(words.say("record-other-help"))]);
        }
        // Whatever has a stamp has answers too; what is no mapping never had any.
        let is_whole = match node.entry("answers") {
            Some(answers) => matches!(answers.value, Value::Map(_)),
            None => matches!(node.value, Value::Map(_)) && stamp.is_none(),
        };
        if !is_whole {
            return Err(damaged(node.place));
        }
        let is_current =
            of_stamp("hash").is_none_or(|hash| hash.scalar() == Some(rules.hash.as_str()));
        let given = node.entry("answers").unwrap_or(&node);
        if is_current {
            let answers = Answers::from_node(&rules.questionnaire, given)?;
            return Ok(Self::new(rules, name, answers, None, Vec::new()));
        }
        let version = of_stamp("version").and_then(Node::scalar).unwrap_or("?").to_owned();
        let Value::Map(entries) = &given.value else { return Err(damaged(given.place)) };
        let mut answers = Answers::new(&rules.questionnaire);
        let mut left_out = Vec::new();
        for (key, value) in entries {
            let alone = Value::Map(vec![(key.clone(), value.clone())]);
            let alone = Node { place: value.place, value: alone };
            match Answers::from_node(&rules.questionnaire, &alone) {
                Ok(answer) => answers.take(&answer),
                Err(_) => left_out.push(key.text.clone()),
            }
        }
        Ok(Self::new(rules, name, answers, Some(version), left_out))
    }

    fn new(
        rules: &RuleSet,
        name: &str,
        answers: Answers,
        made_with: Option<String>,
        left_out: Vec<String>,
    ) -> Self {
        let assessment = triage(rules, &answers);
        Self { name: name.to_owned(), answers, assessment, made_with, left_out }
    }

    /// The answer to a question, if it counts.
    fn answer(&self, question: usize) -> Option<Answer> {
        self.assessment.active[question].then(|| self.answers.get(question)).flatten()
    }
}

/// What speaks against the records being of one person, in sentences; nothing if all is well. Each
/// is held against the last that tells, as one between them may say nothing.
pub fn different_people(rules: &RuleSet, records: &[Record]) -> Vec<String> {
    let Some(change) = &rules.change else { return Vec::new() };
    let words = rules.words();
    let said = |question: usize, key: &str, pair: [&Record; 2]| {
        let question_asked = &rules.questionnaire.questions[question];
        let values = pair.map(|record| {
            let answer = record.answers.get(question);
            let answer = answer.map(|it| question_asked.read_back(&it));
            format!("{} ({})", answer.unwrap_or_default(), record.name)
        });
        let asked = words.quoted(question_asked.short());
        words.tell(key, &[("question", asked.into()), ("values", values.join(", ").into())])
    };
    let mut found = Vec::new();
    for &question in &change.same_person {
        for [(earlier, before), (later, now)] in told(records, question) {
            if before != now {
                found.push(said(question, "people-reference", [earlier, later]));
            }
        }
    }
    for &question in &change.never_back {
        for [(earlier, before), (later, now)] in told(records, question) {
            let (Answer::Marks(before), Answer::Marks(now)) = (before, now) else { continue };
            if now < before {
                found.push(said(question, "people-back", [earlier, later]));
            } else if now.trailing_zeros() - before.trailing_zeros() > 1 {
                found.push(said(question, "people-ahead", [earlier, later]));
            }
        }
    }
    found
}

/// Each answer to a question that tells something, beside the one before it.
fn told(records: &[Record], question: usize) -> Vec<[(&Record, Answer); 2]> {
    let telling = |record: &Record| match record.answers.get(question)? {
        Answer::Marks(UNSURE) => None,
        Answer::Note(note) if note.is_empty() => None,
        answer => Some(answer),
    };
    let told: Vec<(&Record, Answer)> =
        records.iter().filter_map(|record| Some((record, telling(record)?))).collect();
    told.windows(2).filter_map(|pair| pair.to_vec().try_into().ok()).collect()
}

/// Compares the records of one person, the oldest first; none if there are fewer than two.
pub fn compare<'a>(rules: &'a RuleSet, records: &'a [Record]) -> Option<Comparison<'a>> {
    let [.., before, latest] = records else { return None };
    let fired = |record: &Record, warning: &usize| record.assessment.warnings.contains(warning);
    let (lasting_warnings, new_warnings) =
        latest.assessment.warnings.iter().partition(|warning| fired(before, warning));
    let not_fired = before.assessment.warnings.iter().filter(|warning| !fired(latest, warning));
    let (unanswered_warnings, gone_warnings) =
        not_fired.partition(|warning| latest.assessment.open_warnings.contains(warning));
    let scales = 0..rules.sheet.scales.len();
    let questions = 0..rules.questionnaire.questions.len();
    Some(Comparison {
        rules,
        records,
        new_warnings,
        lasting_warnings,
        unanswered_warnings,
        gone_warnings,
        courses: scales.filter_map(|scale| course(rules, records, scale)).collect(),
        changed: questions.filter(|&it| before.answer(it) != latest.answer(it)).collect(),
    })
}

/// The course of a scale; none where the rule set says of neither end that it is worse.
fn course(rules: &RuleSet, records: &[Record], scale: usize) -> Option<Course> {
    let change = rules.change.as_ref()?;
    let question_idx = rules.sheet.scales[scale].question;
    let question = &rules.questionnaire.questions[question_idx];
    let (Kind::Scale { from, .. }, Worse::Ranked(ranked)) = (&question.kind, &question.worse)
    else {
        return None;
    };
    let higher_is_worse = ranked.first() < ranked.last();
    let numbers: Vec<Option<i64>> = records
        .iter()
        .map(|record| pictures::number(*from, record.answer(question_idx).as_ref()))
        .collect();
    let [first, .., before, latest] = numbers[..] else {
        let [before, latest] = numbers[..] else { return None };
        let since_last = shift(change, before, latest, higher_is_worse);
        return Some(Course { scale, numbers, since_last, since_first: None });
    };
    let since_last = shift(change, before, latest, higher_is_worse);
    let since_first = shift(change, first, latest, higher_is_worse);
    Some(Course { scale, numbers, since_last, since_first })
}

fn shift(
    change: &Change,
    earlier: Option<i64>,
    later: Option<i64>,
    higher_is_worse: bool,
) -> Option<Shift> {
    let (earlier, later) = (earlier?, later?);
    let points = later - earlier;
    let by_points = points.abs() >= change.points;
    // Of nothing, every change is a large part; there the points alone decide.
    let by_percent = earlier > 0 && points.abs() * 100 >= change.percent * earlier;
    let matters = points != 0 && (by_points || by_percent);
    Some(Shift { points, better: (points < 0) == higher_is_worse && points != 0, matters })
}
