//! Which column holds what, and what its values mean.

use rustc_hash::FxHashMap;

use crate::fault::Fault;
use crate::prose::{did_you_mean, tick};
use crate::questionnaire::Questionnaire;
use crate::yaml::{self, Key, Node, Value};

use super::fault::RowFault;

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    /// What the row calls itself.
    Id,
    /// The answer to a question.
    Question(usize),
    /// One choice of an any-of question, marked or not: its question and its mark.
    Choice(usize, u64),
    /// Something that is not asked about.
    Ignored,
}

/// The names of columns, and words for answers that differ from those of the rule set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Names {
    columns: Vec<(String, Target)>,
    /// For a question: a value as it stands in the rows, and the words it means.
    values: Vec<(usize, String, Vec<String>)>,
}

/// What unknown names could have been. To find out costs more than to judge the row, and a name
/// that is unknown in one row of a file mostly is so in all.
#[derive(Clone, Debug, Default)]
pub(super) struct Guesses(FxHashMap<String, String>);

impl Guesses {
    /// How many names are kept, so that no file can fill the memory with them.
    const MOST: usize = 256;
    /// The longest of them, in bytes.
    const LONGEST: usize = 256;

    /// What could have been meant, in the form of "what was expected".
    fn expected<'a>(
        &mut self,
        name: &str,
        known: impl IntoIterator<Item = &'a str> + Clone,
    ) -> String {
        if let Some(guess) = self.0.get(name) {
            return guess.clone();
        }
        let guess = did_you_mean(name, known);
        let guess = guess.strip_prefix("expected ").unwrap_or(&guess).to_owned();
        if self.0.len() == Self::MOST {
            self.0.clear();
        }
        if name.len() <= Self::LONGEST {
            self.0.insert(name.to_owned(), guess.clone());
        }
        guess
    }
}

impl Names {
    /// The names of the rule set itself, and of the column that names the row.
    pub fn new(questionnaire: &Questionnaire, id: &str) -> Self {
        let questions = questionnaire.questions.iter().enumerate();
        let mut columns = vec![(id.to_owned(), Target::Id)];
        columns.extend(
            questions
                .filter(|(_, question)| question.id != id)
                .map(|(place, question)| (question.id.clone(), Target::Question(place))),
        );
        Self { columns, values: Vec::new() }
    }

    /// Adds columns that are there and are not asked about.
    pub fn ignore(&mut self, name: &str) {
        self.set(name, Target::Ignored);
    }

    /// Every column that is known by name, choices of any-of questions left out.
    pub fn columns(&self) -> &[(String, Target)] {
        &self.columns
    }

    /// Whether a column holds what the row calls itself.
    pub fn is_id(&self, name: &str) -> bool {
        self.columns.iter().any(|(known, target)| known == name && *target == Target::Id)
    }

    /// Whether the values of a question are renamed.
    pub fn renames(&self, question: usize) -> bool {
        self.values.iter().any(|(of, ..)| *of == question)
    }

    /// The words a value means, where it is renamed.
    pub fn renamed(&self, question: usize, value: &str) -> Option<&[String]> {
        let found = self.values.iter().find(|(of, from, _)| *of == question && from == value);
        found.map(|(_, _, words)| words.as_slice())
    }

    /// What a column holds.
    ///
    /// # Errors
    /// A name that is neither known nor ignored, and what it could have been.
    pub fn find(
        &self,
        questionnaire: &Questionnaire,
        name: &str,
        value: &str,
    ) -> Result<Target, RowFault> {
        self.find_with(questionnaire, name, value, &mut Guesses::default())
    }

    /// As [`find`](Self::find), with the guesses that were made before.
    pub(super) fn find_with(
        &self,
        questionnaire: &Questionnaire,
        name: &str,
        value: &str,
        guesses: &mut Guesses,
    ) -> Result<Target, RowFault> {
        if let Some((_, target)) = self.columns.iter().find(|(known, _)| known == name) {
            return Ok(*target);
        }
        let part = name.split_once('.').and_then(|(question, choice)| {
            let place = questionnaire.find(question)?;
            let question = &questionnaire.questions[place];
            let many = matches!(question.kind, crate::questionnaire::Kind::AnyOf { .. });
            many.then_some((place, question, choice))
        });
        let Some((place, question, choice)) = part else {
            let known = self.columns.iter().map(|(known, _)| known.as_str());
            let message = format!("{} is no question of this rule set", tick(name));
            return Err(RowFault::cell(name, value, message, guesses.expected(name, known)));
        };
        question.mark(choice).map(|mark| Target::Choice(place, mark)).ok_or_else(|| {
            let message = format!("{} is no choice of {}", tick(choice), tick(&question.id));
            let known = question.words().into_iter().map(|word| format!("{}.{word}", question.id));
            let known: Vec<String> = known.collect();
            let expected = guesses.expected(name, known.iter().map(String::as_str));
            RowFault::cell(name, value, message, expected)
        })
    }

    fn set(&mut self, name: &str, target: Target) {
        self.columns.retain(|(known, _)| known != name);
        self.columns.push((name.to_owned(), target));
    }

    /// Takes the names in a file: `columns` (their name to ours), `values` (for each question,
    /// their value to ours) and `ignore` (a list of names).
    ///
    /// # Errors
    /// All that does not fit, each with its place.
    pub fn rename(&mut self, questionnaire: &Questionnaire, text: &str) -> Result<(), Vec<Fault>> {
        let node = yaml::read(text).map_err(|fault| vec![fault])?;
        let mut faults = Vec::new();
        for (key, value) in mapping(&node, "a map of names", &mut faults) {
            match key.text.as_str() {
                "columns" => self.rename_columns(questionnaire, value, &mut faults),
                "values" => self.rename_values(questionnaire, value, &mut faults),
                "ignore" => {
                    for name in words(value, &mut faults) {
                        self.ignore(&name);
                    }
                }
                other => {
                    let message = format!("{} is no part of a map of names", tick(other));
                    let help = did_you_mean(other, ["columns", "values", "ignore"]);
                    faults.push(Fault::new("unknown-field", key.place, message).help(help));
                }
            }
        }
        if faults.is_empty() { Ok(()) } else { Err(faults) }
    }

    fn rename_columns(
        &mut self,
        questionnaire: &Questionnaire,
        node: &Node,
        faults: &mut Vec<Fault>,
    ) {
        let plain = self.clone();
        for (key, value) in mapping(node, "`columns`", faults) {
            let Value::Scalar(ours) = &value.value else {
                faults.push(expected(value, "the id of a question"));
                continue;
            };
            match plain.find(questionnaire, ours, "") {
                Ok(target) => self.set(&key.text, target),
                Err(fault) => faults.push(
                    Fault::new("unknown-question", value.place, fault.message).help(fault.expected),
                ),
            }
        }
    }

    fn rename_values(
        &mut self,
        questionnaire: &Questionnaire,
        node: &Node,
        faults: &mut Vec<Fault>,
    ) {
        for (key, values) in mapping(node, "`values`", faults) {
            let Some(place) = questionnaire.find(&key.text) else {
                let known = questionnaire.questions.iter().map(|question| question.id.as_str());
                let message = format!("{} is no question of this rule set", tick(&key.text));
                let help = did_you_mean(&key.text, known);
                faults.push(Fault::new("unknown-question", key.place, message).help(help));
                continue;
            };
            let question = &questionnaire.questions[place];
            for (from, to) in mapping(values, "the values of a question", faults) {
                let to_words = words(to, faults);
                let texts: Vec<&str> = to_words.iter().map(String::as_str).collect();
                // A choice's own column is marked or not: `no` is a word for it, too.
                let fits = texts.is_empty()
                    || question.parse(&texts).is_ok()
                    || texts.iter().all(|word| super::row::marked(word).is_some());
                if !fits {
                    let message = format!("{} takes no such answer", tick(&key.text));
                    let help = format!("expected {}", question.expected());
                    faults.push(Fault::new("unfitting-answer", to.place, message).help(help));
                }
                self.values.push((place, from.text.clone(), to_words));
            }
        }
    }
}

fn expected(node: &Node, what: &str) -> Fault {
    Fault::new("wrong-kind", node.place, format!("expected {what}, found {}", node.kind()))
        .help("write `columns`, `values` and `ignore`")
}

fn mapping<'a>(node: &'a Node, what: &str, faults: &mut Vec<Fault>) -> &'a [(Key, Node)] {
    match &node.value {
        Value::Map(entries) => entries,
        _ => {
            faults.push(expected(node, &format!("a mapping for {what}")));
            &[]
        }
    }
}

/// A word, a list of words, or nothing.
fn words(node: &Node, faults: &mut Vec<Fault>) -> Vec<String> {
    let single = std::slice::from_ref(node);
    let nodes = if let Value::List(nodes) = &node.value { nodes.as_slice() } else { single };
    let mut words = Vec::new();
    for node in nodes {
        match &node.value {
            Value::Scalar(word) => words.push(word.clone()),
            Value::Null => {}
            Value::List(_) | Value::Map(_) => faults.push(expected(node, "a word")),
        }
    }
    words
}
