//! Random people, made from the questions of a rule set; the same ones on every run.

use backwise::condition::{NONE, UNSURE};
use backwise::questionnaire::{Answer, Kind, Question};
use backwise::{Answers, Interview, RuleSet};

/// A small, fast, repeatable source of chance (xorshift64*, Vigna 2016).
pub(crate) struct Chance(u64);

impl Chance {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    pub(crate) fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        let spread = self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33;
        usize::try_from(spread).unwrap() % limit
    }

    pub(crate) fn one_in(&mut self, number: usize) -> bool {
        self.below(number) == 0
    }
}

/// An answer that fits the question; mostly "none", where that is offered, as in life.
pub(crate) fn answer(question: &Question, chance: &mut Chance, harm_one_in: usize) -> Answer {
    if question.kind == Kind::Text {
        return Answer::Note("a note".to_owned());
    }
    if question.unsure.is_some() && chance.one_in(12) {
        return Answer::Marks(UNSURE);
    }
    let marks = question.marks();
    match question.kind {
        Kind::AnyOf { ref none, at_most, .. } => {
            if none.is_some() && !chance.one_in(harm_one_in) {
                return Answer::Marks(NONE);
            }
            let most = at_most.unwrap_or(3);
            let number = 1 + chance.below(most);
            let picked = (0..number).map(|_| marks[chance.below(marks.len())]);
            Answer::Marks(picked.fold(0, |all, mark| all | mark))
        }
        _ => Answer::Marks(marks[chance.below(marks.len())]),
    }
}

/// A whole interview, answered by chance.
pub(crate) fn complete(rules: &RuleSet, chance: &mut Chance, harm_one_in: usize) -> Answers {
    let mut interview = Interview::new(rules, Answers::new(&rules.questionnaire), false);
    while let Some(question) = interview.current() {
        let question = &rules.questionnaire.questions[question];
        // Wishes and complaints are common, warning signs are not.
        let harm = if question.id.starts_with("signs") { harm_one_in } else { 2 };
        interview.answer(answer(question, chance, harm));
    }
    interview.into_answers()
}

/// Answers to any questions at all, whether they are asked or not.
pub(crate) fn scattered(rules: &RuleSet, chance: &mut Chance) -> Answers {
    let mut answers = Answers::new(&rules.questionnaire);
    for (question_idx, question) in rules.questionnaire.questions.iter().enumerate() {
        if !chance.one_in(3) {
            answers.give(question_idx, answer(question, chance, 3));
        }
    }
    answers
}
