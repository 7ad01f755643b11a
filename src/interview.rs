//! Which question comes next: a state machine without input or output, so that prompts, scripted
//! answers and flags drive the same thing.

use crate::answers::Answers;
use crate::condition::Care;
use crate::questionnaire::{Answer, Kind};
use crate::ruleset::RuleSet;
use crate::triage::{Assessment, triage};

/// An interview in progress.
#[derive(Clone, Debug)]
pub struct Interview<'a> {
    rules: &'a RuleSet,
    answers: Answers,
    for_therapist: bool,
    /// The question gone back to; none while at the first open question.
    revisiting: Option<usize>,
}

/// How far along an interview is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// The number of the question being asked, counted from one.
    pub number: usize,
    /// How many questions there are if no further branch opens; never less than `number`.
    pub about: usize,
}

impl<'a> Interview<'a> {
    /// Begins, or goes on, with the answers there are.
    pub fn new(rules: &'a RuleSet, answers: Answers, for_therapist: bool) -> Self {
        Self { rules, answers, for_therapist, revisiting: None }
    }

    /// The answers so far.
    pub fn answers(&self) -> &Answers {
        &self.answers
    }

    /// Ends the interview and hands over the answers.
    pub fn into_answers(self) -> Answers {
        self.answers
    }

    /// What the answers so far come to.
    pub fn assess(&self) -> Assessment {
        triage(self.rules, &self.answers)
    }

    /// The question to ask now; none when the interview is over.
    ///
    /// An emergency ends the interview at once, wherever it stands.
    pub fn current(&self) -> Option<usize> {
        let assessment = self.assess();
        if assessment.care == Care::Emergency {
            return None;
        }
        match self.revisiting.filter(|&question| assessment.active[question]) {
            Some(question) => Some(question),
            None => self.open_questions().first().copied(),
        }
    }

    /// Every question that is asked and still open, in order; none after an emergency.
    pub fn open_questions(&self) -> Vec<usize> {
        let assessment = self.assess();
        if assessment.care == Care::Emergency {
            return Vec::new();
        }
        self.asked(&assessment)
            .into_iter()
            .filter(|&question| !self.answers.is_answered(question))
            .collect()
    }

    /// Every question that is asked of this person, in order, answered or not.
    fn asked(&self, assessment: &Assessment) -> Vec<usize> {
        let questions = &self.rules.questionnaire.questions;
        (0..questions.len())
            .filter(|&question| assessment.active[question])
            .filter(|&question| self.for_therapist || !questions[question].for_therapist)
            .collect()
    }

    /// Answers the current question and moves on: to the next question gone back past, or to the
    /// first open one.
    pub fn answer(&mut self, answer: Answer) {
        let Some(question) = self.current() else { return };
        self.answers.give(question, answer);
        if self.revisiting.take().is_some() {
            // Forward again through what was answered, until the first open question.
            let asked = self.asked(&self.assess());
            self.revisiting = asked
                .into_iter()
                .find(|&next| next > question)
                .filter(|&next| self.answers.is_answered(next));
        }
    }

    /// Goes back to the question before the current one. Nothing is lost by it.
    ///
    /// Returns whether there was one to go back to.
    pub fn back(&mut self) -> bool {
        let before = self.current();
        let previous = self
            .asked(&self.assess())
            .into_iter()
            .rfind(|&question| before.is_none_or(|current| question < current));
        self.revisiting = previous.or(self.revisiting);
        previous.is_some()
    }

    /// Goes to a question that is asked, to change its answer.
    pub fn revisit(&mut self, question: usize) {
        self.revisiting = Some(question);
    }

    /// How far along the interview is, at a question.
    pub fn progress(&self, question: usize) -> Progress {
        let asked = self.asked(&self.assess());
        let number = asked.iter().filter(|&&other| other <= question).count();
        Progress { number, about: asked.len().max(number) }
    }

    /// Whether the current question is a note, which may be left empty.
    pub fn is_note(&self, question: usize) -> bool {
        self.rules.questionnaire.questions[question].kind == Kind::Text
    }
}
