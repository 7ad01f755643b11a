//! A way to answer that shows something, ready to be run and read.

use std::fmt::Write as _;

use crate::answers::Answers;
use crate::condition::{Care, Condition, OutcomeTest};
use crate::interview::Interview;
use crate::questionnaire::{Answer, Kind, Questionnaire, Spelled};
use crate::ruleset::{Promise, RuleSet};
use crate::triage::{Assessment, Suggestion, triage};

/// A way to answer that shows something; or two, where one answer is changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Witness {
    /// The way to answer; behind it the one with an answer changed, where two are compared.
    pub sides: Vec<Side>,
    /// What must come out on the last side, so that it shows nothing wrong any more; none where
    /// no case can say it.
    pub wanted: Option<Wanted>,
}

/// One way to answer of a witness.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Side {
    /// The answers.
    pub answers: Answers,
    /// Whether every question that is asked is answered, and no other.
    pub complete: bool,
}

/// What must come out of a way to answer, as a case says it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wanted {
    /// The levels of care that will do; any, where there are none.
    pub care: Vec<Care>,
    /// The suggestions that will do, none is "no treatment"; any, where there are none.
    pub suggestions: Vec<Option<usize>>,
    /// What may not be suggested, offered or the runner-up.
    pub never: Vec<usize>,
}

impl Side {
    /// Answers, complete if an interview asks for them and for nothing more.
    pub fn of(rules: &RuleSet, answers: Answers) -> Self {
        let complete = is_interview(rules, &answers);
        Self { answers, complete }
    }

    /// Whether it can stand in a file of cases: nothing that would be asked is left out, and
    /// nothing else is answered. Behind an emergency any answer may stand, and none must.
    fn makes_a_case(&self, rules: &RuleSet) -> bool {
        let assessment = triage(rules, &self.answers);
        let mut answered =
            (0..assessment.active.len()).filter(|&question| self.answers.is_answered(question));
        let whole = assessment.care == Care::Emergency || assessment.not_answered.is_empty();
        whole && answered.all(|question| assessment.active[question])
    }
}

impl Wanted {
    /// Care that is at least this.
    pub fn at_least(care: Care) -> Self {
        let enough = Care::ALL.into_iter().filter(|&own| own >= care);
        Self { care: enough.collect(), ..Self::default() }
    }

    /// What a promise asks for where its answers are as they are: only where one part of it is
    /// about what comes out, as otherwise more than one mending will do.
    pub fn of_promise(rules: &RuleSet, promise: &Promise) -> Option<Self> {
        let parts = match &promise.condition {
            Condition::All(parts) if !promise.always => parts.as_slice(),
            other => std::slice::from_ref(other),
        };
        let mut test = None;
        for part in parts {
            if let Condition::Outcome(outcome) = part
                && test.replace(outcome).is_none()
            {
                continue;
            }
            let mut pure = true;
            part.visit(&mut |own| {
                pure &= !matches!(own, Condition::Points(_) | Condition::Outcome(_));
            });
            if !pure {
                return None;
            }
        }
        let fits = |named: bool| named == promise.always;
        match test? {
            OutcomeTest::Care(levels) => {
                let care = Care::ALL.into_iter().filter(|own| fits(levels.contains(own)));
                let care: Vec<Care> = care.collect();
                (!care.is_empty()).then(|| Self { care, ..Self::default() })
            }
            OutcomeTest::Suggestion(named) => {
                let all = rules.treatments().map(Some).chain([None]);
                let suggestions: Vec<_> = all.filter(|own| fits(named.contains(own))).collect();
                (!suggestions.is_empty()).then(|| Self { suggestions, ..Self::default() })
            }
            OutcomeTest::Offers(items) if !promise.always => {
                Some(Self { never: items.clone(), ..Self::default() })
            }
            OutcomeTest::Offers(_) => None,
        }
    }

    /// As a case expects it.
    fn expectation(&self, rules: &RuleSet) -> String {
        let all_care = Care::ALL.to_vec();
        let care = if self.care.is_empty() { &all_care } else { &self.care };
        let all_treatments: Vec<Option<usize>> = rules.treatments().map(Some).collect();
        let mut suggestions = if self.suggestions.is_empty() {
            [&all_treatments[..], &[None]].concat()
        } else {
            self.suggestions.clone()
        };
        if care.iter().all(|care| !care.names_treatment()) {
            suggestions = vec![None];
        }
        let care: Vec<&str> = care.iter().map(|care| care.id()).collect();
        let id = |item: &usize| rules.items[*item].id.as_str();
        let suggestions: Vec<&str> =
            suggestions.iter().map(|own| own.as_ref().map_or("none", id)).collect();
        let never: Vec<&str> = self.never.iter().map(id).collect();
        let mut out = String::from("{");
        for (names, ids) in
            [(["care", "also-care"], care), (["suggestion", "also-fine"], suggestions)]
        {
            let Some((first, rest)) = ids.split_first() else { continue };
            let _ = write!(out, "{}: {first}, ", names[0]);
            if !rest.is_empty() {
                let _ = write!(out, "{}: [{}], ", names[1], rest.join(", "));
            }
        }
        if !never.is_empty() {
            let _ = write!(out, "never: [{}], ", never.join(", "));
        }
        out.truncate(out.trim_end_matches(", ").len());
        out + "}"
    }
}

impl Witness {
    /// One way to answer.
    pub fn of(rules: &RuleSet, answers: Answers) -> Self {
        Self { sides: vec![Side::of(rules, answers)], wanted: None }
    }

    /// The command lines that show it, one for each side; `file` is where the rules stand, if they
    /// are not the built-in ones.
    pub fn commands(&self, rules: &RuleSet, file: Option<&str>) -> Vec<String> {
        let questionnaire = &rules.questionnaire;
        let sides = self.sides.iter();
        sides.map(|side| command(questionnaire, file, &side.answers, side.complete)).collect()
    }

    /// Its sides as entries of a file of cases, and what they are: the last fails until what it
    /// shows is mended, where a case can say that. None where one is no whole interview, which a
    /// case must be.
    pub fn cases(&self, rules: &RuleSet, id: &str, says: &str) -> Option<(&'static str, String)> {
        let (last, before) = self.sides.split_last()?;
        if !self.sides.iter().all(|side| side.makes_a_case(rules)) {
            return None;
        }
        let mut out = String::new();
        for side in before {
            out += &case(rules, &format!("{id}-before"), says, &side.answers);
        }
        let note = match (&self.wanted, before.is_empty()) {
            (None, _) => "# A record of what comes out now; mend it and change what is expected.",
            (Some(_), true) => "# This case fails until it is mended.",
            (Some(_), false) => "# The second case fails until it is mended.",
        };
        let expected = match &self.wanted {
            None => expectation(rules, &triage(rules, &last.answers)),
            Some(wanted) => wanted.expectation(rules),
        };
        out += &case_expecting(rules, id, says, &last.answers, &expected);
        Some((note, out))
    }
}

/// Plays complete answers through an interview: they must be asked for one by one, all be used,
/// and then nothing more be asked.
pub fn is_interview(rules: &RuleSet, answers: &Answers) -> bool {
    let mut interview = Interview::new(rules, Answers::new(&rules.questionnaire), false);
    while let Some(question) = interview.current() {
        // A note may be left empty; it is no part of the ways to answer.
        let note = rules.questionnaire.questions[question].kind == Kind::Text;
        let answer = if note { Some(Answer::Note(String::new())) } else { answers.get(question) };
        let Some(answer) = answer else { return false };
        interview.answer(answer);
    }
    interview.answers().marks() == answers.marks()
}

/// The command line that gives these answers, to the rules in `file` if they are not built in.
pub fn command(
    questionnaire: &Questionnaire,
    file: Option<&str>,
    answers: &Answers,
    complete: bool,
) -> String {
    let mut out = "backwise".to_owned();
    if let Some(file) = file {
        let plain = |c: char| c.is_alphanumeric() || "/._-+=:@".contains(c);
        let file = if file.chars().all(plain) { file.to_owned() } else { in_quotes(file) };
        let _ = write!(out, " --rules {file}");
    }
    for (_, question, spelled) in answers.spelled(questionnaire) {
        let _ = write!(out, " --{} {}", question.id, word(&spelled));
    }
    out + if complete { " --no-input" } else { " --partial" }
}

fn word(spelled: &Spelled) -> String {
    match spelled {
        Spelled::Word(word) => word.clone(),
        Spelled::Number(number) => number.to_string(),
        Spelled::Words(words) => words.join(","),
        Spelled::Note(note) => in_quotes(note),
    }
}

fn in_quotes(text: &str) -> String {
    format!("'{}'", text.replace('\'', "'\\''"))
}

/// One entry of a cases file with these answers, and what comes out for them as what is expected.
pub fn case(rules: &RuleSet, id: &str, says: &str, answers: &Answers) -> String {
    case_expecting(rules, id, says, answers, &expectation(rules, &triage(rules, answers)))
}

fn case_expecting(
    rules: &RuleSet,
    id: &str,
    says: &str,
    answers: &Answers,
    expected: &str,
) -> String {
    let mut out = format!("  - id: {id}\n    says: {}\n    answers:\n", quoted(says));
    for (_, question, spelled) in answers.spelled(&rules.questionnaire) {
        let word = match &spelled {
            Spelled::Words(words) if words.len() > 1 => format!("[{}]", words.join(", ")),
            other => word(other),
        };
        let _ = writeln!(out, "      {}: {word}", question.id);
    }
    let _ = writeln!(out, "    expect: {expected}");
    out
}

fn expectation(rules: &RuleSet, assessment: &Assessment) -> String {
    let suggestion = match assessment.suggestion {
        Suggestion::Entry(_) => assessment
            .treatment(rules)
            .map_or("none", |treatment| rules.items[treatment].id.as_str()),
        Suggestion::SeenFirst | Suggestion::Unscreened => "none",
    };
    let mut out = format!("{{care: {}, suggestion: {suggestion}", assessment.care.id());
    if let Some(&option) = assessment.options.first() {
        let _ = write!(out, ", option: {}", rules.items[option].id);
    }
    let lists = [
        ("warnings", ids(&assessment.warnings, |index| &rules.warnings[index].id)),
        ("cautions", ids(&assessment.cautions, |index| &rules.cautions[index].id)),
    ];
    for (name, ids) in lists {
        if !ids.is_empty() {
            let _ = write!(out, ", {name}: [{ids}]");
        }
    }
    out + "}"
}

fn ids<'a>(indices: &[usize], id: impl Fn(usize) -> &'a String) -> String {
    indices.iter().map(|&index| id(index).as_str()).collect::<Vec<_>>().join(", ")
}

/// A sentence that YAML reads as it stands.
fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}
