//! One row to answers, by the parser of answers that every door uses.
//!
//! This is what defines what a row may be. The fast reader knows only what is most common, gives
//! up on anything else, and must never differ.

use std::borrow::Cow;
use std::fmt;

use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer as _};
use serde_json::value::RawValue;

use super::fault::{RowFault, quote};
use super::lines::Form;
use super::names::{Guesses, Names, Target};
use crate::answers::{Answers, answer};
use crate::condition::{NONE, UNSURE};
use crate::fault::Place;
use crate::prose::tick;
use crate::questionnaire::{Kind, Question, Questionnaire};
use crate::yaml::{Node, Value};

/// A row as it was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Row {
    /// What it calls itself, in the form of the result lines; empty where it has no name.
    pub(super) id: Vec<u8>,
    pub(super) answers: Answers,
}

/// Reads a line of NDJSON.
pub(super) fn json(
    questionnaire: &Questionnaire,
    names: &Names,
    form: Form,
    line: &[u8],
    guesses: &mut Guesses,
) -> Result<Row, RowFault> {
    let mut entries = entries(line)?;
    let mut row = Row { id: nameless(form), answers: Answers::new(questionnaire) };
    // A result is a row, too: what counts is the answers in it, under the result's own id.
    let inner = |name: &str| entries.iter().find(|(key, _)| key == name).map(|(_, raw)| *raw);
    if let (Some(_), Some(answers)) = (inner("schema_version"), inner("answers")) {
        let mut within = self::entries(answers.get().as_bytes())?;
        within.extend(entries.into_iter().filter(|(key, _)| names.is_id(key)));
        entries = within;
    }
    // The name first: a fault anywhere in the row is told with it.
    for (key, raw) in entries.iter().filter(|(key, _)| names.is_id(key)) {
        row.id = json_id(key, raw, form)?;
    }
    let id = row.id.clone();
    give(questionnaire, names, entries, row, guesses).map_err(|fault| fault.named(&id))
}

/// Gives a row the answers of a line.
fn give(
    questionnaire: &Questionnaire,
    names: &Names,
    entries: Entries<'_>,
    mut row: Row,
    guesses: &mut Guesses,
) -> Result<Row, RowFault> {
    let mut given = vec![false; questionnaire.questions.len()];
    for (key, raw) in entries {
        match names.find_with(questionnaire, &key, raw.get(), guesses)? {
            Target::Ignored | Target::Id => {}
            Target::Choice(..) => {
                let expected = "a list of choices under the question's own name";
                let message = "one column for each choice is for CSV alone";
                return Err(RowFault::cell(&key, raw.get(), message, expected));
            }
            Target::Question(question_idx) => {
                let question = &questionnaire.questions[question_idx];
                if std::mem::replace(&mut given[question_idx], true) {
                    return Err(twice(&question.id, &key, raw.get()));
                }
                let node = rename(names, question_idx, node(&key, raw)?);
                if node.value == Value::Null {
                    continue;
                }
                let found = answer(question, &node)
                    .map_err(|(_, misfit)| RowFault::misfit(&key, raw.get(), question, misfit))?;
                row.answers.give(question_idx, found);
            }
        }
    }
    Ok(row)
}

fn nameless(form: Form) -> Vec<u8> {
    if form == Form::Ndjson { b"null".to_vec() } else { Vec::new() }
}

fn twice(question: &str, key: &str, value: &str) -> RowFault {
    let message = format!("{} is answered twice", tick(question));
    RowFault::cell(key, value, message, "one answer to a question")
}

/// The keys and values of a JSON object, in order, values as they were written.
type Entries<'l> = Vec<(Cow<'l, str>, &'l RawValue)>;

/// What stands in the one JSON object of a line, each key once.
fn entries(line: &[u8]) -> Result<Entries<'_>, RowFault> {
    let mut reader = serde_json::Deserializer::from_slice(line);
    let entries = reader.deserialize_map(EntriesVisitor).and_then(|entries| {
        reader.end()?;
        Ok(entries)
    });
    let entries = entries.map_err(|error| {
        let what = if error.is_data() { "" } else { "this is not JSON: " };
        let whole = error.to_string();
        let message = format!("{what}{}", whole.replace(" at line 1 column ", ", at byte "));
        let expected = match line {
            [b'[', ..] => "one JSON object a line, as `jq -c '.[]'` makes of an array",
            _ => "one JSON object a line, such as {\"pain\": 5}",
        };
        RowFault::whole(message, expected)
    })?;
    for (place, (key, raw)) in entries.iter().enumerate() {
        if entries[..place].iter().any(|(earlier, _)| earlier == key) {
            let message = format!("the key {} stands twice", tick(key));
            return Err(RowFault::cell(key, raw.get(), message, "each key once"));
        }
    }
    Ok(entries)
}

struct EntriesVisitor;

impl<'de> Visitor<'de> for EntriesVisitor {
    type Value = Entries<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut entries = Vec::new();
        while let Some((Key(key), value)) = map.next_entry()? {
            entries.push((key, value));
        }
        Ok(entries)
    }
}

/// A key, a part of the line where it has no escapes.
#[derive(Deserialize)]
#[serde(transparent)]
struct Key<'l>(#[serde(borrow)] Cow<'l, str>);

/// A JSON value as the tree that answers are read from: scalars stay what was written.
fn node(key: &str, raw: &RawValue) -> Result<Node, RowFault> {
    let text = raw.get();
    let broken = |error: serde_json::Error| {
        let message = error.to_string().replace(" at line 1 column ", ", at byte ");
        RowFault::cell(key, text, message, "a JSON value")
    };
    let value = match text.as_bytes().first() {
        Some(b'"') => Value::Scalar(serde_json::from_str(text).map_err(broken)?),
        Some(b'n') => Value::Null,
        Some(b'{') => Value::Map(Vec::new()),
        Some(b'[') => {
            let items: Vec<&RawValue> = serde_json::from_str(text).map_err(broken)?;
            let nodes = items.into_iter().map(|item| {
                let deep = item.get().starts_with('[');
                // A list within a list is no answer, however deep it goes.
                if deep { Ok(plain(Value::List(Vec::new()))) } else { node(key, item) }
            });
            Value::List(nodes.collect::<Result<_, _>>()?)
        }
        _ => Value::Scalar(text.to_owned()),
    };
    Ok(plain(value))
}

fn plain(value: Value) -> Node {
    Node { place: Place::default(), value }
}

/// Their words for our words.
fn rename(names: &Names, question: usize, node: Node) -> Node {
    if !names.renames(question) {
        return node;
    }
    let list = |words: &[String]| match words {
        [] => plain(Value::Null),
        words => plain(Value::List(
            words.iter().map(|word| plain(Value::Scalar(word.clone()))).collect(),
        )),
    };
    match node.value {
        Value::Scalar(word) => match names.renamed(question, &word) {
            Some(words) => list(words),
            None => plain(Value::Scalar(word)),
        },
        Value::Null => names.renamed(question, "").map_or(node, list),
        Value::List(items) => {
            let mut renamed = Vec::new();
            for item in items {
                let words = match &item.value {
                    Value::Scalar(word) => names.renamed(question, word),
                    _ => None,
                };
                match words {
                    Some(words) => {
                        renamed.extend(words.iter().map(|word| plain(Value::Scalar(word.clone()))));
                    }
                    None => renamed.push(item),
                }
            }
            plain(Value::List(renamed))
        }
        Value::Map(_) => node,
    }
}

fn json_id(key: &str, raw: &RawValue, form: Form) -> Result<Vec<u8>, RowFault> {
    let text = raw.get();
    match (text.as_bytes().first(), form) {
        (Some(b'"'), _) => {
            let name: String = serde_json::from_str(text)
                .map_err(|_| RowFault::cell(key, text, "this is no text", "a text or a number"))?;
            Ok(text_id(&name, form))
        }
        (Some(b'n'), _) => Ok(nameless(form)),
        (Some(b'-' | b'0'..=b'9'), _) => Ok(text.as_bytes().to_vec()),
        _ => Err(RowFault::cell(key, text, "this names no row", "a text or a number")),
    }
}

/// A name in the form of the result lines.
pub(super) fn text_id(name: &str, form: Form) -> Vec<u8> {
    match form {
        // A string always becomes JSON.
        Form::Ndjson => serde_json::to_vec(name).unwrap_or_default(),
        Form::Csv => {
            let mut out = Vec::new();
            quote(&mut out, name);
            out
        }
    }
}

/// The name of a row read at sight, as it stands there, in the form of the result lines.
pub(super) fn usual_id(written: &[u8], form: Form) -> Vec<u8> {
    match (form, written) {
        (_, []) => nameless(form),
        // It was read as UTF-8 without escapes already.
        (Form::Csv, [b'"', name @ .., b'"']) => text_id(&String::from_utf8_lossy(name), form),
        (_, written) => written.to_vec(),
    }
}

/// Whether a choice's own column says that it is marked.
pub(super) fn marked(word: &str) -> Option<bool> {
    match word {
        "yes" | "true" | "1" => Some(true),
        "no" | "false" | "0" => Some(false),
        _ => None,
    }
}

/// What a record calls itself, in the form of the result lines, if that is its first cell: where
/// cells are too few or too many, nobody knows which the others are.
pub(super) fn first_id<'a>(
    header: &[(String, Target)],
    mut cells: impl Iterator<Item = &'a [u8]>,
    form: Form,
) -> Vec<u8> {
    let is_first = header.first().is_some_and(|(_, target)| *target == Target::Id);
    let id = cells.next().filter(|_| is_first).and_then(|cell| std::str::from_utf8(cell).ok());
    id.filter(|id| !id.trim().is_empty()).map(|id| text_id(id, form)).unwrap_or_default()
}

/// Reads the cells of a CSV record; a cell with nothing in it is no answer, never "no".
pub(super) fn csv<'a>(
    questionnaire: &Questionnaire,
    names: &Names,
    form: Form,
    header: &'a [(String, Target)],
    cells: impl Iterator<Item = &'a [u8]> + Clone,
) -> Result<Row, RowFault> {
    let count = cells.clone().count();
    if count != header.len() {
        let plural = if count == 1 { "" } else { "s" };
        let message = format!("the row has {count} cell{plural}");
        let fault = RowFault::whole(message, format!("{} as in the header", header.len()));
        return Err(fault.named(&first_id(header, cells, form)));
    }
    let mut row = Row { id: nameless(form), answers: Answers::new(questionnaire) };
    let mut cells = header.iter().zip(cells);
    let id = cells.clone().find(|((_, target), _)| *target == Target::Id);
    let id = id.and_then(|(_, cell)| std::str::from_utf8(cell).ok());
    if let Some(id) = id.filter(|id| !id.trim().is_empty()) {
        row.id = text_id(id, form);
    }
    match give_cells(questionnaire, names, &mut cells, &mut row.answers) {
        Ok(()) => Ok(row),
        Err(fault) => Err(fault.named(&row.id)),
    }
}

/// Gives a row the answers of a record.
fn give_cells<'a>(
    questionnaire: &Questionnaire,
    names: &Names,
    cells: &mut dyn Iterator<Item = (&'a (String, Target), &'a [u8])>,
    answers: &mut Answers,
) -> Result<(), RowFault> {
    let mut choices = Choices::default();
    for ((column, target), cell) in cells {
        let Ok(text) = std::str::from_utf8(cell) else {
            let shown = String::from_utf8_lossy(cell);
            return Err(RowFault::cell(column, &shown, "this is not UTF-8", "text in UTF-8"));
        };
        let trimmed = text.trim();
        match *target {
            Target::Ignored | Target::Id => {}
            Target::Question(question_idx) => {
                let question = &questionnaire.questions[question_idx];
                let renamed = names.renamed(question_idx, trimmed);
                let words: Vec<&str> = match (renamed, &question.kind) {
                    (Some(words), _) => words.iter().map(String::as_str).collect(),
                    (None, _) if trimmed.is_empty() => Vec::new(),
                    (None, Kind::AnyOf { .. }) => text
                        .split(';')
                        .flat_map(|word| match names.renamed(question_idx, word.trim()) {
                            Some(words) => words.iter().map(String::as_str).collect(),
                            None => vec![word],
                        })
                        .collect(),
                    (None, _) => vec![text],
                };
                if words.is_empty() {
                    continue;
                }
                let found = question
                    .parse(&words)
                    .map_err(|misfit| RowFault::misfit(column, text, question, misfit))?;
                answers.give(question_idx, found);
            }
            Target::Choice(question_idx, mark) => {
                let renamed = names.renamed(question_idx, trimmed).map(|words| words.join(";"));
                let word = renamed.as_deref().unwrap_or(trimmed);
                let says = marked(word);
                if says.is_none() && !word.is_empty() {
                    let message = format!("{} is neither marked nor not", tick(column));
                    return Err(RowFault::cell(column, text, message, "`yes`, `no` or nothing"));
                }
                choices.add(question_idx, mark, says);
            }
        }
    }
    choices.settle(questionnaire, answers)
}

/// What the columns of single choices say, by question: marked, and not marked.
#[derive(Default)]
struct Choices(Vec<(usize, [u64; 2])>);

impl Choices {
    fn add(&mut self, question: usize, mark: u64, says: Option<bool>) {
        let known = self.0.iter().position(|(of, _)| *of == question);
        let place = known.unwrap_or_else(|| {
            self.0.push((question, [0; 2]));
            self.0.len() - 1
        });
        if let Some(says) = says {
            self.0[place].1[usize::from(!says)] |= mark;
        }
    }

    /// Each choice "no" is "none of these", if the question has that. Some choices told and others
    /// left open are neither that nor an answer: what is left open is not "no".
    fn settle(self, questionnaire: &Questionnaire, answers: &mut Answers) -> Result<(), RowFault> {
        for (question_idx, [mut marked, unmarked]) in self.0 {
            let question = &questionnaire.questions[question_idx];
            let choices = question.marks().into_iter().fold(0, |all, mark| all | mark);
            if marked == 0 && unmarked == 0 {
                continue;
            }
            let left = choices & !marked & !unmarked;
            if left != 0 && marked != NONE && marked != UNSURE {
                let first = question.word(1 << left.trailing_zeros());
                let column = format!("{}.{first}", question.id);
                let message = format!("{} is answered in part", tick(&question.id));
                return Err(RowFault::cell(&column, "", message, "`yes` or `no` for each choice"));
            }
            if marked == 0 && question.none().is_some() {
                marked = NONE;
            }
            let words: Vec<String> =
                Question::single_marks(marked).map(|mark| question.word(mark)).collect();
            let words: Vec<&str> = words.iter().map(String::as_str).collect();
            let found = question.parse(&words).map_err(|misfit| {
                RowFault::misfit(&question.id, &words.join(";"), question, misfit)
            })?;
            answers.give(question_idx, found);
        }
        Ok(())
    }
}
