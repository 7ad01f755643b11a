//! Which question comes next: a state machine without input or output, so that prompts, scripted
//! answers and flags drive the same thing.
//!
//! Nothing in here loses an answer. Going back, looking through and closing a branch only move a
//! place; what is asked, and what counts, is worked out from the answers alone each time.

use crate::answers::Answers;
use crate::condition::{Care, NONE};
use crate::questionnaire::{Answer, Kind};
use crate::ruleset::RuleSet;
use crate::triage::{Assessment, triage};

/// An interview in progress.
#[derive(Clone, Debug)]
pub struct Interview<'a> {
    rules: &'a RuleSet,
    answers: Answers,
    for_therapist: bool,
    place: Place,
    /// Whether the person left the questions still open unanswered.
    enough: bool,
}

/// What comes next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// This question is asked.
    Ask(usize),
    /// All answers are shown, any of them to be changed.
    Review,
    /// The result.
    Done,
}

/// Where the person is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    /// At the first open question, or at the review when there is none.
    Front,
    /// At a question gone back to; answering it leads forward through those after it.
    At(usize),
    /// At a question picked in the review; answering it leads to what is open, then the review.
    Changing(usize),
    /// Looking through the answers before all are given.
    LookingThrough,
    /// Past the review.
    Past,
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
        Self { rules, answers, for_therapist, place: Place::Front, enough: false }
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

    /// What comes next.
    ///
    /// An emergency ends the interview at once, wherever it stands: no question, no review.
    pub fn step(&self) -> Step {
        let assessment = self.assess();
        if assessment.care == Care::Emergency {
            return Step::Done;
        }
        match self.place {
            Place::At(question) | Place::Changing(question) if self.asks(&assessment, question) => {
                Step::Ask(question)
            }
            Place::LookingThrough => Step::Review,
            place => match (self.first_open(&assessment), place) {
                (Some(question), _) => Step::Ask(question),
                (None, Place::Past) => Step::Done,
                (None, _) => Step::Review,
            },
        }
    }

    /// The question that is asked now; none at the review, and none at the end.
    pub fn current(&self) -> Option<usize> {
        if let Step::Ask(question) = self.step() { Some(question) } else { None }
    }

    /// Every question that is asked and still open, in order; none after an emergency.
    pub fn open_questions(&self) -> Vec<usize> {
        let assessment = self.assess();
        if assessment.care == Care::Emergency {
            return Vec::new();
        }
        let mut open = self.asked_by(&assessment);
        open.retain(|&question| !self.answers.is_answered(question));
        open
    }

    /// Every question that is asked of this person, in order, answered or not.
    pub fn asked(&self) -> Vec<usize> {
        self.asked_by(&self.assess())
    }

    fn asked_by(&self, assessment: &Assessment) -> Vec<usize> {
        let questions = 0..self.rules.questionnaire.questions.len();
        questions.filter(|&question| self.asks(assessment, question)).collect()
    }

    fn asks(&self, assessment: &Assessment, question: usize) -> bool {
        let for_therapist = self.rules.questionnaire.questions[question].for_therapist;
        assessment.active[question] && (self.for_therapist || !for_therapist)
    }

    /// Whether no question is left to go to.
    pub fn is_complete(&self) -> bool {
        self.first_open(&self.assess()).is_none()
    }

    fn first_open(&self, assessment: &Assessment) -> Option<usize> {
        if self.enough {
            return None;
        }
        let asked = self.asked_by(assessment);
        asked.into_iter().find(|&question| !self.answers.is_answered(question))
    }

    /// Answers the question that is asked and moves on.
    ///
    /// From the front, and from a change made in the review, that is to the first open question or
    /// the review. From a question gone back to, it is to the next one, answered or not.
    pub fn answer(&mut self, answer: Answer) {
        let Step::Ask(question) = self.step() else { return };
        self.answers.give(question, answer);
        self.enough = false;
        let was_at = std::mem::replace(&mut self.place, Place::Front);
        if was_at == Place::At(question) {
            let next = self.asked().into_iter().find(|&next| next > question);
            if let Some(next) = next.filter(|&next| self.answers.is_answered(next)) {
                self.place = Place::At(next);
            }
        }
    }

    /// Leaves the questions still open unanswered and goes to the review. An answer that is changed
    /// there, and going back from there, lead to the open questions again.
    pub fn leave_the_rest(&mut self) {
        self.enough = true;
        self.place = Place::Front;
    }

    /// Goes back: to the question before, or out of a change to the review it was made from.
    ///
    /// Returns whether there was anywhere to go back to. Nothing is lost by it.
    pub fn back(&mut self) -> bool {
        let step = self.step();
        if self.enough && step == Step::Review {
            (self.place, self.enough) = (Place::Front, false);
            return true;
        }
        let is_complete = self.is_complete();
        if self.place == Place::LookingThrough && !is_complete {
            self.place = Place::Front;
            return true;
        }
        if matches!(self.place, Place::Changing(question) if step == Step::Ask(question)) {
            self.place = if is_complete { Place::Front } else { Place::LookingThrough };
            return true;
        }
        let previous = self.asked().into_iter().rfind(|&question| match step {
            Step::Ask(current) => question < current,
            Step::Review => true,
            Step::Done => false,
        });
        self.place = previous.map_or(self.place, Place::At);
        previous.is_some()
    }

    /// Goes to all answers, before or after the last question.
    pub fn look_through(&mut self) {
        self.place = Place::LookingThrough;
    }

    /// Picks a question, to change its answer.
    pub fn change(&mut self, question: usize) {
        self.place = Place::Changing(question);
    }

    /// Goes on from the review: to the first open question, or to the result.
    pub fn go_on(&mut self) {
        let open = self.first_open(&self.assess());
        self.place = if open.is_some() { Place::Front } else { Place::Past };
    }

    /// How far along the interview is, at a question.
    ///
    /// What is to come is counted by going on in an ordinary way: nothing applies, and of choices
    /// and scales the middle. A branch that opens adds to it, so it says "about"; it never falls
    /// below what has been asked, and at the last question it is the number of that question.
    pub fn progress(&self, question: usize) -> Progress {
        let number = self.asked().iter().filter(|&&other| other <= question).count();
        let mut ordinary = self.clone();
        (ordinary.place, ordinary.enough) = (Place::Front, false);
        while let Step::Ask(open) = ordinary.step() {
            ordinary.answers.give(open, self.ordinary_answer(open));
        }
        Progress { number, about: ordinary.asked().len().max(number) }
    }

    fn ordinary_answer(&self, question: usize) -> Answer {
        let question = &self.rules.questionnaire.questions[question];
        let marks = question.marks();
        match &question.kind {
            Kind::Text => Answer::Note(String::new()),
            Kind::AnyOf { none: Some(_), .. } => Answer::Marks(NONE),
            Kind::YesNo => Answer::Marks(marks[1]),
            _ => Answer::Marks(marks[marks.len() / 2]),
        }
    }
}
