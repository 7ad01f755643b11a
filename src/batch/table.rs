//! CSV: a header, and records whose cells are answers.

use super::circuit::Lane;
use super::compile::{Compiled, step_of};
use super::fault::RowFault;
use super::names::{Names, Target};
use super::words::Words;
use crate::condition::{NONE, UNSURE};
use crate::questionnaire::{Kind, LONGEST_NOTE, Question, Questionnaire};

/// The columns of CSV rows, in order.
#[derive(Clone, Debug)]
pub struct Header {
    pub(super) delimiter: u8,
    pub(super) columns: Vec<(String, Target)>,
    known: Vec<Known>,
}

/// What is known at sight of a cell.
#[derive(Clone, Debug)]
enum Known {
    Id,
    Ignored,
    Note,
    Marks {
        words: Words,
        lane: usize,
        steps: u32,
        at_most: u32,
    },
    /// For the full reader.
    Other,
}

impl Header {
    /// The names of the columns, in order.
    pub fn names(&self) -> Vec<String> {
        self.columns.iter().map(|(name, _)| name.clone()).collect()
    }

    /// The same columns with another character between the cells.
    #[must_use]
    pub fn with_delimiter(self, delimiter: u8) -> Self {
        Self { delimiter, ..self }
    }

    pub(super) fn new(
        questionnaire: &Questionnaire,
        names: &Names,
        compiled: &Compiled,
        header: &[String],
    ) -> Result<Self, RowFault> {
        let mut columns: Vec<(String, Target)> = Vec::new();
        for name in header.iter().map(|name| name.trim()) {
            let target = names.find(questionnaire, name, "")?;
            let clash = columns.iter().find(|(_, other)| match (target, *other) {
                (Target::Ignored, _) => false,
                (Target::Question(a), Target::Choice(b, _))
                | (Target::Choice(a, _), Target::Question(b)) => a == b,
                (target, other) => target == other,
            });
            if let Some((first, _)) = clash {
                let message = format!("the columns `{first}` and `{name}` are about the same");
                return Err(RowFault::cell(name, "", message, "one column for it"));
            }
            columns.push((name.to_owned(), target));
        }
        whole_questions(questionnaire, &columns)?;
        let known = columns.iter().map(|(_, target)| match *target {
            Target::Id => Known::Id,
            Target::Ignored => Known::Ignored,
            Target::Choice(..) => Known::Other,
            Target::Question(place) if names.renames(place) => Known::Other,
            Target::Question(place) => {
                let question = &questionnaire.questions[place];
                known(question, compiled.first_lane[place], compiled.steps[place])
            }
        });
        let known = known.collect();
        Ok(Self { delimiter: b',', columns, known })
    }

    /// Marks the answers of a usual record in the lanes of its row.
    ///
    /// Returns the row's name. None means that the full reader must look at the record.
    pub(super) fn record<'r>(
        &self,
        cells: impl ExactSizeIterator<Item = &'r [u8]>,
        lanes: &mut [Lane],
        row: usize,
    ) -> Option<&'r [u8]> {
        let mut id: &[u8] = b"";
        if cells.len() != self.known.len() {
            return None;
        }
        for (known, cell) in self.known.iter().zip(cells) {
            match known {
                Known::Ignored => {
                    std::str::from_utf8(cell).ok()?;
                }
                Known::Id => {
                    id = cell;
                    std::str::from_utf8(cell).ok()?;
                }
                _ if cell.is_empty() => {}
                Known::Note => {
                    std::str::from_utf8(cell).ok().filter(|note| note.len() <= LONGEST_NOTE)?;
                }
                Known::Marks { words, lane, steps, at_most } => {
                    let mut marks = 0;
                    let mut rest = cell;
                    if *at_most > 0 {
                        while let Some(end) = rest.iter().position(|&byte| byte == b';') {
                            marks |= words.look_up(&rest[..end])?;
                            rest = &rest[end + 1..];
                        }
                    }
                    marks |= words.look_up(rest)?;
                    let alone = marks & (NONE | UNSURE) == 0 || marks == NONE || marks == UNSURE;
                    if !alone || marks.count_ones() > (*at_most).max(1) {
                        return None;
                    }
                    for mark in Question::single_marks(marks) {
                        lanes[lane + step_of(mark, *steps) as usize][row / 64] |= 1 << (row % 64);
                    }
                }
                Known::Other => return None,
            }
        }
        Some(id)
    }
}

/// A question whose choices have columns of their own has one for each of them: without the others
/// nobody knows whether they were left open or never asked.
fn whole_questions(
    questionnaire: &Questionnaire,
    columns: &[(String, Target)],
) -> Result<(), RowFault> {
    for (place, question) in questionnaire.questions.iter().enumerate() {
        let has = |mark| columns.iter().any(|(_, target)| *target == Target::Choice(place, mark));
        let marks = question.marks();
        if !marks.iter().any(|&mark| has(mark)) {
            continue;
        }
        if let Some(&missing) = marks.iter().find(|&&mark| !has(mark)) {
            let id = &question.id;
            let message = format!("`{id}` has columns for some of its choices and not for this");
            let expected = format!("one for each choice, or one column `{id}` for all");
            let column = format!("{id}.{}", question.word(missing));
            return Err(RowFault::cell(&column, "", message, expected));
        }
    }
    Ok(())
}

fn known(question: &Question, lane: usize, steps: u32) -> Known {
    let at_most = match question.kind {
        Kind::Text => return Known::Note,
        // No list of words: one answer.
        Kind::YesNo | Kind::OneOf(_) | Kind::Scale { .. } => 0,
        Kind::AnyOf { at_most, .. } => at_most.and_then(|most| most.try_into().ok()).unwrap_or(64),
    };
    let words = question.words();
    let marks = words.iter().filter_map(|word| Some((word.as_str(), question.mark(word)?)));
    match Words::new(marks) {
        Some(words) => Known::Marks { words, lane, steps, at_most },
        None => Known::Other,
    }
}
