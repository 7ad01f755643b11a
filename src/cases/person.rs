//! A made-up person in words, from the labels of their answers: for cases the program writes.

use crate::answers::Answers;
use crate::condition::{NONE, UNSURE};
use crate::prose::capital;
use crate::questionnaire::{Answer, Kind, Question};
use crate::ruleset::RuleSet;

/// What a person says who answers so. What they say no to, or none, goes without saying.
pub(super) fn says(rules: &RuleSet, answers: &Answers) -> String {
    let questions = rules.questionnaire.questions.iter().enumerate();
    let said: Vec<String> = questions
        .filter_map(|(question_idx, question)| match answers.get(question_idx)? {
            Answer::Marks(marks) => sentence(question, marks),
            Answer::Note(_) => None,
        })
        .collect();
    if said.is_empty() { "Says no to everything.".to_owned() } else { said.join(" ") }
}

fn sentence(question: &Question, marks: u64) -> Option<String> {
    // Directions after the question, such as "mark up to two", are not needed here.
    let ask = question.ask.split_inclusive('?').next().unwrap_or(&question.ask);
    if marks & UNSURE != 0 {
        return Some(format!("Not sure: {ask}"));
    }
    if marks & NONE != 0 {
        return None;
    }
    let labels: Vec<String> =
        Question::single_marks(marks).map(|mark| question.label(mark)).collect();
    match &question.kind {
        Kind::YesNo if marks != 1 => None,
        Kind::YesNo => Some(format!("{ask} {}.", labels.join(""))),
        Kind::Scale { to, .. } => {
            let what = capital(&question.id.replace('-', " "));
            Some(format!("{what} {} of {to}.", labels.join("")))
        }
        Kind::OneOf(_) | Kind::AnyOf { .. } => {
            Some(format!("{}.", labels.join("; ").trim_end_matches('.')))
        }
        Kind::Text => None,
    }
}
