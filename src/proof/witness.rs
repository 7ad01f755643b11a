//! A way to answer that shows something, ready to be run and read.

use std::fmt::Write as _;

use crate::answers::Answers;
use crate::interview::Interview;
use crate::questionnaire::{Answer, Kind, Questionnaire, Spelled};
use crate::ruleset::RuleSet;
use crate::triage::{Assessment, Suggestion, triage};

/// A way to answer that shows something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Witness {
    /// The answers.
    pub answers: Answers,
    /// The same with one answer changed, where two ways to answer are compared.
    pub changed: Option<Answers>,
    /// Whether every question that is asked is answered.
    pub complete: bool,
}

impl Witness {
    /// One way to answer.
    pub fn of(answers: Answers, complete: bool) -> Self {
        Self { answers, changed: None, complete }
    }

    /// The command lines that show it, one for each side.
    pub fn commands(&self, rules: &RuleSet) -> Vec<String> {
        std::iter::once(&self.answers)
            .chain(&self.changed)
            .map(|answers| command(&rules.questionnaire, answers, self.complete))
            .collect()
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

/// The flags that give these answers.
pub fn command(questionnaire: &Questionnaire, answers: &Answers, complete: bool) -> String {
    let mut out = "backwise".to_owned();
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
        Spelled::Note(note) => format!("'{}'", note.replace('\'', "'\\''")),
    }
}

/// One entry of a cases file with these answers, and what comes out for them as what is expected.
pub fn case(rules: &RuleSet, id: &str, says: &str, answers: &Answers) -> String {
    let assessment = triage(rules, answers);
    let mut out = format!("  - id: {id}\n    says: {}\n    answers:\n", quoted(says));
    for (_, question, spelled) in answers.spelled(&rules.questionnaire) {
        let word = match &spelled {
            Spelled::Words(words) if words.len() > 1 => format!("[{}]", words.join(", ")),
            other => word(other),
        };
        let _ = writeln!(out, "      {}: {word}", question.id);
    }
    let _ = writeln!(out, "    expect: {}", expectation(rules, &assessment));
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
