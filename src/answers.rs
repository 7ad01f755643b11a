//! What was answered. Only answers that fit their question get in.

use crate::fault::{Fault, Place};
use crate::prose::tick;
use crate::questionnaire::{Answer, Misfit, Question, Questionnaire, Spelled};
use crate::yaml::{self, Node, Value};

/// The answers given so far, one slot a question.
///
/// Answers to questions that are not asked any more stay here, so that a branch that is opened
/// again has them back; they count for nothing while it is closed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Answers {
    marks: Vec<u64>,
    notes: Vec<Option<String>>,
}

impl Answers {
    /// No answer to any question yet.
    pub fn new(questionnaire: &Questionnaire) -> Self {
        let length = questionnaire.questions.len();
        Self { marks: vec![0; length], notes: vec![None; length] }
    }

    /// Takes an answer that the question parsed.
    pub fn give(&mut self, question: usize, answer: Answer) {
        match answer {
            Answer::Marks(marks) => self.marks[question] = marks,
            Answer::Note(note) => self.notes[question] = Some(note),
        }
    }

    /// Takes over every answer of others, which go before those that are here.
    pub fn take(&mut self, others: &Self) {
        for question in 0..self.marks.len() {
            if let Some(answer) = others.get(question) {
                self.give(question, answer);
            }
        }
    }

    /// Takes an answer back.
    pub fn forget(&mut self, question: usize) {
        self.marks[question] = 0;
        self.notes[question] = None;
    }

    /// The answer to a question.
    pub fn get(&self, question: usize) -> Option<Answer> {
        match (self.marks[question], &self.notes[question]) {
            (0, None) => None,
            (0, Some(note)) => Some(Answer::Note(note.clone())),
            (marks, _) => Some(Answer::Marks(marks)),
        }
    }

    /// Whether a question is answered; "not sure" is an answer, and so is an empty note.
    pub fn is_answered(&self, question: usize) -> bool {
        self.marks[question] != 0 || self.notes[question].is_some()
    }

    /// The marks of every question, zero where there are none.
    pub fn marks(&self) -> &[u64] {
        &self.marks
    }

    /// Each answer given, in the order of the questions.
    pub fn spelled<'a>(
        &'a self,
        questionnaire: &'a Questionnaire,
    ) -> impl Iterator<Item = (usize, &'a Question, Spelled)> {
        questionnaire.questions.iter().enumerate().filter_map(|(question_idx, question)| {
            Some((question_idx, question, question.spell(&self.get(question_idx)?)))
        })
    }

    /// Reads a mapping from question id to answer, in YAML or JSON.
    ///
    /// A mapping with the keys `schema_version` and `answers`, which is what a result is, gives the
    /// answers in it.
    ///
    /// # Errors
    /// Every answer that does not fit and every id that is no question's, each with its place.
    pub fn read(questionnaire: &Questionnaire, text: &str) -> Result<Self, Vec<Fault>> {
        let node = yaml::read(text).map_err(|fault| vec![fault])?;
        if let Value::Map(entries) = &node.value
            && entries.iter().any(|(key, _)| key.text == "schema_version")
            && let Some((_, answers)) = entries.iter().find(|(key, _)| key.text == "answers")
        {
            return Self::from_node(questionnaire, answers);
        }
        Self::from_node(questionnaire, &node)
    }

    /// Reads answers from a mapping already parsed.
    ///
    /// # Errors
    /// As [`read`](Self::read).
    pub fn from_node(questionnaire: &Questionnaire, node: &Node) -> Result<Self, Vec<Fault>> {
        let mut answers = Self::new(questionnaire);
        let mut faults = Vec::new();
        let words = questionnaire.words();
        let entries = match &node.value {
            Value::Map(entries) => entries.as_slice(),
            _ => {
                let message =
                    words.tell("answers-none", &[("found", words.say(kind(node)).into())]);
                let fault = Fault::new("not-answers", node.place, message);
                return Err(vec![fault.help(words.say("answers-none-help"))]);
            }
        };
        for (key, value) in entries {
            let Some(question_idx) = questionnaire.find(&key.text) else {
                let known = questionnaire.questions.iter().map(|question| question.id.as_str());
                let message = words.tell("answers-unknown", &[("id", tick(&key.text).into())]);
                let help = words.did_you_mean(&key.text, known);
                faults.push(Fault::new("unknown-question", key.place, message).help(help));
                continue;
            };
            // A key with nothing behind it is a question not answered, never "no".
            if value.value == Value::Null {
                continue;
            }
            match answer(&questionnaire.questions[question_idx], value) {
                Ok(answer) => answers.give(question_idx, answer),
                Err((place, misfit)) => faults
                    .push(Fault::new("unfitting-answer", place, misfit.message).help(misfit.help)),
            }
        }
        if faults.is_empty() { Ok(answers) } else { Err(faults) }
    }
}

/// The id of the words for a kind of value.
fn kind(node: &Node) -> &'static str {
    match &node.value {
        Value::Null => "found-nothing",
        Value::Scalar(_) => "found-value",
        Value::List(_) => "found-list",
        Value::Map(_) => "found-mapping",
    }
}

/// Reads one answer from a value: a word, or a list of words.
///
/// # Errors
/// What does not fit, and where.
pub fn answer(question: &Question, node: &Node) -> Result<Answer, (Place, Misfit)> {
    let single = std::slice::from_ref(node);
    let items = if let Value::List(items) = &node.value { items.as_slice() } else { single };
    let mut words = Vec::new();
    for item in items {
        match &item.value {
            Value::Scalar(word) => words.push(word.as_str()),
            _ => {
                let said = question.words;
                let found = said.say(kind(item)).into();
                let with = [("word", found), ("question", tick(&question.id).into())];
                let misfit = Misfit {
                    value: words.len(),
                    message: said.tell("misfit-no-answer", &with),
                    help: said.tell("expected", &[("what", question.expected().into())]),
                };
                return Err((item.place, misfit));
            }
        }
    }
    question.parse(&words).map_err(|misfit| {
        let place = items.get(misfit.value).map_or(node.place, |item| item.place);
        (place, misfit)
    })
}
