//! Questions, their choices, and the one parser of answers that every door uses.
//!
//! Every domain is finite: an answer to a question is a set of marks in one 64-bit word, so that
//! conditions are tests on words and all ways to answer can be counted. A text is a note for the
//! report; no condition may read it, so it needs no marks.

use crate::condition::{Condition, NONE, UNSURE};
use crate::fault::Place;
use crate::language::Language;
use crate::prose::{clean, tick};

/// The most choices, or steps of a scale, that a question can have.
pub const MOST_CHOICES: usize = 62;
/// The most characters a note can have; more is refused rather than cut.
pub const LONGEST_NOTE: usize = 2000;

/// Ids that answers use, which no choice may have.
pub const RESERVED_CHOICES: [&str; 6] = ["yes", "no", "true", "false", "none", "unsure"];

/// Names of the program's own flags and commands, which no question may have: a question's id
/// becomes a flag.
pub const RESERVED_QUESTIONS: [&str; 34] = [
    "about",
    "against",
    "answers",
    "batch",
    "case",
    "cases",
    "check",
    "color",
    "compare",
    "completions",
    "country",
    "date",
    "diff",
    "different-people",
    "explain",
    "export",
    "for",
    "format",
    "help",
    "lang",
    "man",
    "no-input",
    "output",
    "partial",
    "plain",
    "questions",
    "quiet",
    "replay",
    "report",
    "rules",
    "session",
    "summary",
    "verbose",
    "version",
];

/// All questions, in the order in which they are asked.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Questionnaire {
    /// Headings, in order.
    pub groups: Vec<Group>,
    /// Questions, in order; those of one group stand together.
    pub questions: Vec<Question>,
}

/// A heading over questions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// Its id.
    pub id: String,
    /// What the person reads.
    pub title: String,
}

/// One question.
#[derive(Clone, Debug, PartialEq)]
pub struct Question {
    /// Its id, which is also its flag.
    pub id: String,
    /// Where its id stands in the rule set.
    pub place: Place,
    /// The index of its group.
    pub group: usize,
    /// What is asked.
    pub ask: String,
    /// What the words mean, or how to answer.
    pub help: Option<String>,
    /// The words a therapist reads to a client, where they differ.
    pub read_aloud: Option<String>,
    /// Why it is asked.
    pub why: String,
    /// What an answer can be.
    pub kind: Kind,
    /// The label of "not sure", where it is offered.
    pub unsure: Option<String>,
    /// What the person reads for yes and for no.
    pub yes_no: [String; 2],
    /// Asked only when this holds; it reads earlier questions alone.
    pub when: Option<Condition>,
    /// The questions that `when` reads, itself or through findings, in order.
    pub reads: Vec<usize>,
    /// Which answers are worse than others; see [`Worse`].
    pub worse: Worse,
    /// The marks that are contraindications: to add one may never add a treatment or an option.
    pub contraindications: u64,
    /// It cannot change, as an age cannot, so no "what if" is made of it.
    pub fixed: bool,
    /// Asked only by a therapist at intake.
    pub for_therapist: bool,
    /// Indices of the sources it rests on.
    pub sources: Vec<usize>,
    /// The language in which it says what is wrong with an answer.
    pub words: Language,
}

/// What an answer can be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Yes or no.
    YesNo,
    /// Exactly one choice.
    OneOf(Vec<Choice>),
    /// At least one choice, or none of these.
    AnyOf {
        /// The choices.
        choices: Vec<Choice>,
        /// The label of "none of these", which excludes the choices.
        none: Option<String>,
        /// The most choices that may be marked.
        at_most: Option<usize>,
    },
    /// A whole number between two ends, both included.
    Scale {
        /// The lowest number.
        from: i64,
        /// The highest number.
        to: i64,
        /// What the lowest number means.
        low: String,
        /// What the highest number means.
        high: String,
    },
    /// A note for the report, which no condition may read.
    Text,
}

/// One choice of a question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// Its id.
    pub id: String,
    /// Where its id stands in the rule set.
    pub place: Place,
    /// What the person reads.
    pub label: String,
    /// What the words mean.
    pub help: Option<String>,
    /// Indices of the sources it rests on.
    pub sources: Vec<usize>,
}

/// Which answers to a question are worse than which, so that it can be proved that a worse answer
/// never lowers the level of care.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Worse {
    /// Nothing is claimed.
    #[default]
    Unranked,
    /// Each of these marks, added, is worse than the same answer without it.
    Marked(u64),
    /// Marks from best to worst, one answer each.
    Ranked(Vec<u64>),
}

/// An answer that fits the question that parsed it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// Marks, never empty: choices, a step of a scale, [`NONE`] or [`UNSURE`].
    Marks(u64),
    /// A note, which may be empty.
    Note(String),
}

/// An answer that does not fit its question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Misfit {
    /// The index of the value at fault, among those given.
    pub value: usize,
    /// What is wrong.
    pub message: String,
    /// What was expected.
    pub help: String,
}

/// An answer in the words that [`Question::parse`] takes, to be written to a file or shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Spelled {
    /// One word.
    Word(String),
    /// A number on a scale.
    Number(i64),
    /// Every mark of an any-of question, in the order of its choices.
    Words(Vec<String>),
    /// A note.
    Note(String),
}

impl Questionnaire {
    /// The index of the question with this id.
    pub fn find(&self, id: &str) -> Option<usize> {
        self.questions.iter().position(|question| question.id == id)
    }

    /// The language of its questions.
    pub fn words(&self) -> Language {
        self.questions.first().map(|question| question.words).unwrap_or_default()
    }
}

impl Kind {
    /// The name of the kind in rule sets.
    pub fn id(&self) -> &'static str {
        match self {
            Self::YesNo => "yes-no",
            Self::OneOf(_) => "one-of",
            Self::AnyOf { .. } => "any-of",
            Self::Scale { .. } => "scale",
            Self::Text => "text",
        }
    }
}

impl Question {
    /// The choices, for the kinds that have them.
    pub fn choices(&self) -> &[Choice] {
        match &self.kind {
            Kind::OneOf(choices) | Kind::AnyOf { choices, .. } => choices,
            Kind::YesNo | Kind::Scale { .. } | Kind::Text => &[],
        }
    }

    /// The marks a definite answer is made of, in order: not [`NONE`], not [`UNSURE`].
    pub fn marks(&self) -> Vec<u64> {
        let steps = match &self.kind {
            Kind::YesNo => 2,
            Kind::OneOf(choices) | Kind::AnyOf { choices, .. } => choices.len(),
            Kind::Scale { from, to, .. } => usize::try_from(to - from + 1).unwrap_or(0),
            Kind::Text => 0,
        };
        (0..steps).map(|step| 1 << step).collect()
    }

    /// Every mark the question knows, [`NONE`] and [`UNSURE`] included where they are offered.
    pub fn all_marks(&self) -> u64 {
        let none = if self.none().is_some() { NONE } else { 0 };
        let unsure = if self.unsure.is_some() { UNSURE } else { 0 };
        self.marks().into_iter().fold(none | unsure, |all, mark| all | mark)
    }

    /// The label of "none of these", where it is offered.
    pub fn none(&self) -> Option<&str> {
        match &self.kind {
            Kind::AnyOf { none, .. } => none.as_deref(),
            _ => None,
        }
    }

    /// The mark that a word names, if it names one.
    pub fn mark(&self, word: &str) -> Option<u64> {
        match word {
            "unsure" => return self.unsure.is_some().then_some(UNSURE),
            "none" => return self.none().is_some().then_some(NONE),
            _ => {}
        }
        match &self.kind {
            Kind::YesNo => match word {
                "yes" | "true" => Some(1),
                "no" | "false" => Some(2),
                _ => None,
            },
            Kind::OneOf(choices) | Kind::AnyOf { choices, .. } => {
                let step = choices.iter().position(|choice| choice.id == word)?;
                Some(1 << step)
            }
            Kind::Scale { from, to, .. } => {
                let number: i64 = word.parse().ok()?;
                (*from..=*to).contains(&number).then(|| 1 << (number - from))
            }
            Kind::Text => None,
        }
    }

    /// The word for one mark: a choice's id, `yes`, a number, `none` or `unsure`.
    pub fn word(&self, mark: u64) -> String {
        if mark == UNSURE {
            return "unsure".to_owned();
        }
        if mark == NONE {
            return "none".to_owned();
        }
        let step = mark.trailing_zeros();
        match &self.kind {
            Kind::YesNo => if step == 0 { "yes" } else { "no" }.to_owned(),
            Kind::Scale { from, .. } => (from + i64::from(step)).to_string(),
            Kind::OneOf(choices) | Kind::AnyOf { choices, .. } => {
                choices.get(step as usize).map_or_else(String::new, |choice| choice.id.clone())
            }
            Kind::Text => String::new(),
        }
    }

    /// What the person reads for one mark.
    pub fn label(&self, mark: u64) -> String {
        if mark == UNSURE {
            return self.unsure.clone().unwrap_or_default();
        }
        if mark == NONE {
            return self.none().unwrap_or_default().to_owned();
        }
        match &self.kind {
            Kind::YesNo => self.yes_no[usize::from(mark != 1)].clone(),
            Kind::OneOf(choices) | Kind::AnyOf { choices, .. } => choices
                .get(mark.trailing_zeros() as usize)
                .map_or_else(String::new, |choice| choice.label.clone()),
            Kind::Scale { .. } | Kind::Text => self.word(mark),
        }
    }

    /// The question without the directions after it, such as "mark up to two".
    pub fn short(&self) -> &str {
        self.ask.split_inclusive('?').next().unwrap_or(&self.ask)
    }

    /// The marks of an answer one by one: choices in order, then "none of these" or "not sure".
    pub fn single_marks(mut marks: u64) -> impl Iterator<Item = u64> {
        std::iter::from_fn(move || {
            let mark = marks & marks.wrapping_neg();
            marks ^= mark;
            (mark != 0).then_some(mark)
        })
    }

    /// Every word [`parse`](Self::parse) takes, in order; empty for a text.
    pub fn words(&self) -> Vec<String> {
        let mut words: Vec<String> = self.marks().iter().map(|&mark| self.word(mark)).collect();
        if self.none().is_some() {
            words.push("none".to_owned());
        }
        if self.unsure.is_some() {
            words.push("unsure".to_owned());
        }
        words
    }

    /// What an answer may be, in a phrase that follows "expected".
    pub fn expected(&self) -> String {
        let words: Vec<String> = self.words().iter().map(|word| tick(word)).collect();
        let listed = |id: &str| self.words.tell(id, &[("words", words.join(", ").into())]);
        match &self.kind {
            Kind::Scale { from, to, .. } => {
                let unsure = self.unsure.is_some();
                let id = if unsure { "expected-number-unsure" } else { "expected-number" };
                self.words.tell(id, &[("from", (*from).into()), ("to", (*to).into())])
            }
            Kind::Text => self.words.tell("expected-text", &[("most", LONGEST_NOTE.into())]),
            Kind::AnyOf { at_most: Some(most), .. } => {
                let with = [("most", (*most).into()), ("words", words.join(", ").into())];
                self.words.tell("expected-at-most", &with)
            }
            Kind::AnyOf { .. } => listed("expected-some"),
            Kind::YesNo | Kind::OneOf(_) => self.words.list_or(&words),
        }
    }

    /// The same as a whole phrase.
    fn is_expected(&self) -> String {
        self.words.tell("expected", &[("what", self.expected().into())])
    }

    /// Reads an answer from words. The one parser for flags, files, prompts and rows.
    ///
    /// # Errors
    /// The first value that does not fit, and what was expected.
    pub fn parse(&self, values: &[&str]) -> Result<Answer, Misfit> {
        let misfit = |value, message: String, help: String| Err(Misfit { value, message, help });
        if self.kind == Kind::Text {
            let note = clean(&values.join("\n"));
            let length = note.chars().count();
            if length > LONGEST_NOTE {
                let message = self.words.tell("misfit-long", &[("length", length.into())]);
                return misfit(0, message, self.is_expected());
            }
            return Ok(Answer::Note(note.trim().to_owned()));
        }
        let mut marks = 0;
        for (value_idx, word) in values.iter().enumerate() {
            match self.mark(word.trim()) {
                Some(mark) => marks |= mark,
                None => return misfit(value_idx, self.no_answer(word), self.remedy(word)),
            }
        }
        let last = values.len().saturating_sub(1);
        let many = matches!(self.kind, Kind::AnyOf { .. });
        if marks == 0 {
            return misfit(0, self.words.say("misfit-nothing"), self.is_expected());
        }
        if !many && marks.count_ones() > 1 {
            let with = [("question", tick(&self.id).into()), ("number", values.len().into())];
            return misfit(last, self.words.tell("misfit-one", &with), self.is_expected());
        }
        for alone in [NONE, UNSURE] {
            if marks & alone != 0 && marks != alone {
                let with = [("word", tick(&self.word(alone)).into())];
                let [message, help] =
                    ["misfit-alone", "misfit-alone-help"].map(|id| self.words.tell(id, &with));
                return misfit(last, message, help);
            }
        }
        if let Kind::AnyOf { at_most: Some(most), .. } = self.kind
            && marks.count_ones() as usize > most
        {
            let message = self.words.tell("misfit-many", &[("number", marks.count_ones().into())]);
            return misfit(last, message, self.is_expected());
        }
        Ok(Answer::Marks(marks))
    }

    fn no_answer(&self, word: &str) -> String {
        let with = [("word", tick(word).into()), ("question", tick(&self.id).into())];
        self.words.tell("misfit-no-answer", &with)
    }

    fn remedy(&self, word: &str) -> String {
        match self.kind {
            Kind::Scale { .. } => self.is_expected(),
            _ => self.words.did_you_mean(word, self.words().iter().map(String::as_str)),
        }
    }

    /// The answer in words that [`parse`](Self::parse) takes back.
    pub fn spell(&self, answer: &Answer) -> Spelled {
        match answer {
            Answer::Note(note) => Spelled::Note(note.clone()),
            Answer::Marks(marks) => {
                let words = Self::single_marks(*marks).map(|mark| self.word(mark));
                match &self.kind {
                    Kind::AnyOf { .. } => Spelled::Words(words.collect()),
                    Kind::Scale { from, .. } if *marks != UNSURE => {
                        Spelled::Number(from + i64::from(marks.trailing_zeros()))
                    }
                    _ => Spelled::Word(words.collect()),
                }
            }
        }
    }

    /// The answer as the person would read it back.
    pub fn read_back(&self, answer: &Answer) -> String {
        match answer {
            Answer::Note(note) => note.clone(),
            Answer::Marks(marks) => {
                let labels: Vec<String> =
                    Self::single_marks(*marks).map(|mark| self.label(mark)).collect();
                labels.join("; ")
            }
        }
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// A question of a kind, with nothing else to it.
    pub(crate) fn question(id: &str, kind: Kind, unsure: bool) -> Question {
        Question {
            id: id.to_owned(),
            place: Place::default(),
            group: 0,
            ask: format!("{id}?"),
            help: None,
            read_aloud: None,
            why: "It matters.".to_owned(),
            kind,
            unsure: unsure.then(|| "Not sure".to_owned()),
            yes_no: ["Yes", "No"].map(str::to_owned),
            when: None,
            reads: Vec::new(),
            worse: Worse::Unranked,
            contraindications: 0,
            fixed: false,
            for_therapist: false,
            sources: Vec::new(),
            words: Language::English,
        }
    }

    pub(crate) fn choices(ids: &[&str]) -> Vec<Choice> {
        ids.iter()
            .map(|id| Choice {
                id: (*id).to_owned(),
                place: Place::default(),
                label: (*id).to_owned(),
                help: None,
                sources: Vec::new(),
            })
            .collect()
    }

    fn any_of() -> Question {
        let kind = Kind::AnyOf {
            choices: choices(&["stiffness", "spasms", "weakness"]),
            none: Some("None of these".to_owned()),
            at_most: Some(2),
        };
        question("symptoms", kind, true)
    }

    #[test]
    fn every_word_of_every_kind_comes_back_as_it_went_in() {
        let scale = Kind::Scale { from: -2, to: 3, low: "l".to_owned(), high: "h".to_owned() };
        for question in [
            any_of(),
            question("sure", Kind::YesNo, true),
            question("age", Kind::OneOf(choices(&["young", "old"])), false),
            question("pain", scale, true),
        ] {
            for word in question.words() {
                let answer = question.parse(&[&word]).expect("every word is an answer");
                let back = match question.spell(&answer) {
                    Spelled::Word(word) => word,
                    Spelled::Number(number) => number.to_string(),
                    Spelled::Words(words) => words.concat(),
                    Spelled::Note(note) => note,
                };
                assert_eq!(back, word);
            }
        }
    }

    #[test]
    fn an_any_of_answer_keeps_its_promises() {
        let refused = |values: &[&str]| any_of().parse(values).expect_err("refused").message;
        assert_eq!(any_of().parse(&["weakness", "stiffness"]), Ok(Answer::Marks(0b101)));
        assert_eq!(any_of().parse(&["spasms", "spasms"]), Ok(Answer::Marks(0b010)));
        assert_eq!(any_of().parse(&["none"]), Ok(Answer::Marks(NONE)));
        assert_eq!(refused(&["none", "spasms"]), "`none` cannot go with another answer");
        assert_eq!(refused(&["spasms", "unsure"]), "`unsure` cannot go with another answer");
        assert_eq!(refused(&["spasms", "stiffness", "weakness"]), "3 answers are too many");
        assert_eq!(refused(&[]), "no answer is given");
        let slip = any_of().parse(&["spasms", "stifness"]).expect_err("refused");
        assert_eq!((slip.value, slip.help.as_str()), (1, "did you mean `stiffness`?"));
    }

    #[test]
    fn a_number_off_the_scale_is_refused_not_rounded() {
        let kind = Kind::Scale { from: 0, to: 10, low: "l".to_owned(), high: "h".to_owned() };
        let pain = question("pain", kind, false);
        for wrong in ["11", "-1", "5.5", "five", "", "1e1", "99999999999999999999"] {
            let misfit = pain.parse(&[wrong]).expect_err("refused");
            assert_eq!(misfit.help, "expected a whole number from 0 to 10", "{wrong}");
        }
        assert_eq!(pain.parse(&[" 10 "]), Ok(Answer::Marks(1 << 10)));
        assert_eq!(pain.parse(&["unsure"]).expect_err("not offered").value, 0);
    }

    #[test]
    fn a_note_loses_control_characters_and_nothing_else() {
        let note = question("goal", Kind::Text, false);
        assert_eq!(
            note.parse(&["sow \u{1b}[31mpeas "]),
            Ok(Answer::Note("sow [31mpeas".to_owned()))
        );
        assert_eq!(note.parse(&[""]), Ok(Answer::Note(String::new())));
        assert!(note.parse(&[&"x".repeat(LONGEST_NOTE + 1)]).is_err());
    }
}
