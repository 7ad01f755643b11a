//! Conditions in the words of the people who are asked, where `in_words` has those of rule sets.

use super::RuleSet;
use crate::condition::{Condition, NONE, UNSURE};
use crate::questionnaire::{Kind, Question};

impl RuleSet {
    /// A condition as somebody would say it who has never seen a rule set.
    pub fn said(&self, condition: &Condition) -> String {
        let words = self.words();
        let each = |parts: &[Condition]| -> Vec<String> {
            let part = |part: &Condition| match part {
                Condition::All(parts) | Condition::Any(parts) if parts.len() > 1 => {
                    format!("({})", self.said(part))
                }
                _ => self.said(part),
            };
            parts.iter().map(part).collect()
        };
        let question = |question: usize| &self.questionnaire.questions[question];
        match condition {
            Condition::All(parts) => words.list_and(&each(parts)),
            Condition::Any(parts) => words.list_or(&each(parts)),
            Condition::Not(part) => words.tell("said-not", &[("part", self.said(part).into())]),
            Condition::AtLeast { count, of } => {
                let with = [("number", (*count).into()), ("parts", each(of).join("; ").into())];
                words.tell("said-at-least-of", &with)
            }
            Condition::Answer { question: of, marks } => {
                let answers = words.list_or(&self.answers_said(question(*of), *marks)).into();
                let with = [("question", question(*of).short().into()), ("answers", answers)];
                words.tell("said-answer", &with)
            }
            Condition::Marked { question: of, marks, at_least } => {
                let with = [
                    ("question", question(*of).short().into()),
                    ("number", (*at_least).into()),
                    ("answers", self.answers_said(question(*of), *marks).join(", ").into()),
                ];
                words.tell("said-marked", &with)
            }
            Condition::Finding(finding) => {
                let says = self.findings[*finding].says.trim_end_matches('.').into();
                words.tell("said-finding", &[("text", says)])
            }
            // Only suggestions and promises test these, and both are for authors.
            Condition::Points(_) | Condition::Outcome(_) => self.in_words(condition),
        }
    }

    /// Answers as they are read; the numbers of a scale as far as they go.
    fn answers_said(&self, question: &Question, marks: u64) -> Vec<String> {
        let words = self.words();
        let quoted = |marks: u64| {
            Question::single_marks(marks).map(|mark| words.quoted(&question.label(mark)))
        };
        let Kind::Scale { from, to, .. } = question.kind else { return quoted(marks).collect() };
        let steps = marks & !(NONE | UNSURE);
        let numbers: Vec<i64> =
            Question::single_marks(steps).map(|it| from + i64::from(it.trailing_zeros())).collect();
        let is_run = numbers.windows(2).all(|pair| pair[1] - pair[0] == 1);
        let mut said = match numbers[..] {
            [first, _, .., last] if is_run && last == to => {
                vec![words.tell("said-or-more", &[("number", first.into())])]
            }
            [first, _, .., last] if is_run && first == from => {
                vec![words.tell("said-or-less", &[("number", last.into())])]
            }
            _ => numbers.iter().map(ToString::to_string).collect(),
        };
        said.extend(quoted(marks & (NONE | UNSURE)));
        said
    }

    /// Questions by their ids, as people know them; those that there are no more are counted.
    pub fn questions_said(&self, ids: &[String]) -> String {
        let words = self.words();
        let known = ids.iter().filter_map(|id| self.questionnaire.find(id));
        let mut said: Vec<String> = known
            .map(|question| words.quoted(self.questionnaire.questions[question].short()))
            .collect();
        let gone = ids.len() - said.len();
        if gone > 0 {
            said.push(words.tell("answers-to-gone", &[("number", gone.into())]));
        }
        words.list_and(&said)
    }
}
