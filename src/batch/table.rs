//! CSV: a header, and records whose cells are answers.

use super::compile::{Compiled, step_of};
use super::fault::RowFault;
use super::names::{Names, Target};
use super::places::Places;
use super::scan::Scanned;
use super::words::{Head, Words};
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
    /// One answer.
    One(Choices),
    /// Answers with semicolons between them.
    Many(Choices),
    /// For the full reader.
    Other,
}

/// The choices of a question of which several can be given.
#[derive(Clone, Debug)]
struct Choices {
    /// The steps of the choices by their words.
    words: Words,
    /// The lane of the first.
    lane: usize,
    /// How many there are, those that exclude the others not counted.
    steps: u32,
    at_most: u32,
}

impl Choices {
    /// The choices of a question; none, where they are too alike for a table.
    fn new(question: &Question, lane: usize, steps: u32) -> Option<Self> {
        let at_most = match question.kind {
            Kind::AnyOf { at_most, .. } => at_most.and_then(|most| most.try_into().ok()),
            _ => Some(1),
        };
        let words = question.words();
        let words = words.iter().filter_map(|word| {
            question.mark(word).map(|mark| (word.as_str(), step_of(mark, steps)))
        });
        Some(Self { words: Words::new(words)?, lane, steps, at_most: at_most.unwrap_or(u32::MAX) })
    }

    /// The step of the word that stands between these places.
    #[inline]
    fn step(&self, text: &[u8], start: usize, end: usize) -> Option<u32> {
        self.words.find(Head::read(text, start, end.checked_sub(start)?)?, text, start)
    }

    /// Whether these steps, a bit for each, make an answer together.
    #[inline]
    fn fit(&self, given: u64) -> bool {
        // One answer always does, and is what most give.
        given & given.wrapping_sub(1) == 0
            || given >> self.steps == 0 && given.count_ones() <= self.at_most
    }
}

/// The most parts of a cell that is read at sight.
const MOST_PARTS: usize = 64;

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

    /// What is wrong with the quotes of a record, if anything is.
    pub(super) fn misquoted(&self, record: &[u8]) -> Option<Misquoted> {
        let (mut cell, mut opened, mut state) = (0, 0, Quotes::Before);
        for (place, &byte) in record.iter().enumerate() {
            state = match (state, byte) {
                (Quotes::Before, b'"') => {
                    opened = place;
                    Quotes::Within
                }
                (Quotes::Within, b'"') => Quotes::Behind,
                (Quotes::Within, _) | (Quotes::Behind, b'"') => Quotes::Within,
                (_, byte) if byte == self.delimiter => {
                    cell += 1;
                    Quotes::Before
                }
                (_, b'\r' | b'\n') => Quotes::Before,
                (Quotes::Behind, _) => return Some(Misquoted { cell, opened, is_closed: true }),
                (Quotes::Before | Quotes::None, _) => Quotes::None,
            };
        }
        matches!(state, Quotes::Within).then_some(Misquoted { cell, opened, is_closed: false })
    }

    /// The fault of a record with such quotes, of which this is the rest of the line.
    pub(super) fn misquoted_fault(&self, misquoted: &Misquoted, line: &[u8]) -> RowFault {
        let column = self.columns.get(misquoted.cell).map_or("", |(column, _)| column);
        let message = if misquoted.is_closed {
            "text stands behind the quote that closes this cell"
        } else {
            "a quote opens this cell, and none closes it"
        };
        let value = String::from_utf8_lossy(line);
        let expected = "a quote at the start of a cell and one at its end, and two for one within";
        RowFault::cell(column, value.trim_end(), message, expected)
    }

    /// A reader of any record, one for many of them: making one takes longer than reading.
    pub(super) fn records(&self) -> Records {
        let reader = csv_core::ReaderBuilder::new().delimiter(self.delimiter).build();
        Records { reader, text: vec![0; 1 << 10], ends: vec![0; self.columns.len() + 1], cells: 0 }
    }

    /// Looks for the places of all bytes that end a cell, or part of one, or are for the full reader.
    pub(super) fn look_for_ends(&self, block: &[u8], ends: &mut Places) {
        ends.look_for(block, [self.delimiter, b';', b'\n', b'\r', b'"']);
    }

    /// Reads the record that begins at `start`, and marks its answers with its bit. No
    /// end before `start` may still be to come.
    ///
    /// None means that the full reader must look at the record; marks may have been made by then.
    pub(super) fn record(
        &self,
        text: &[u8],
        start: usize,
        ends: &mut Places,
        (inputs, bit): (&mut [u64], u64),
    ) -> Option<Scanned> {
        // An empty line is no record.
        if matches!(text.get(start)?, b'\n' | b'\r') {
            return None;
        }
        let (mut id, mut at, mut is_empty) = ((start, start), start, true);
        let mut parts = [0; MOST_PARTS];
        for (place, known) in self.known.iter().enumerate() {
            let is_last = place + 1 == self.known.len();
            let end = ends.next()?;
            // Most cells have nothing in them.
            if end == at && *text.get(at)? == self.delimiter && !is_last {
                at += 1;
                continue;
            }
            let cell = self.cell(text, at, end, ends, &mut parts)?;
            let within = text.get(cell.start..cell.end)?;
            at = cell.next + 1;
            match *text.get(cell.next)? {
                byte if byte == self.delimiter && !is_last => {}
                b'\n' if is_last => {}
                b'\r' if is_last && *text.get(at)? == b'\n' => at = ends.next()? + 1,
                _ => return None,
            }
            is_empty &= within.is_empty();
            match known {
                _ if within.is_empty() => {}
                Known::One(choices) => {
                    let step = choices.step(text, cell.start, cell.end)?;
                    inputs[choices.lane + step as usize] |= bit;
                }
                Known::Many(choices) => {
                    let (mut from, mut given) = (cell.start, 0);
                    for &end in parts[..cell.parts].iter().chain([&cell.end]) {
                        given |= 1 << choices.step(text, from, end)?;
                        from = end + 1;
                    }
                    if !choices.fit(given) {
                        return None;
                    }
                    while given != 0 {
                        inputs[choices.lane + given.trailing_zeros() as usize] |= bit;
                        given &= given - 1;
                    }
                }
                Known::Id => {
                    std::str::from_utf8(within).ok()?;
                    id = (cell.start, cell.end);
                }
                Known::Ignored => {
                    std::str::from_utf8(within).ok()?;
                }
                Known::Note => {
                    std::str::from_utf8(within).ok().filter(|note| note.len() <= LONGEST_NOTE)?;
                }
                Known::Other => return None,
            }
        }
        // A record with nothing in it is none.
        (!is_empty).then_some(Scanned { next: at, id })
    }

    /// The cell that begins at `start`, where `first` is the end that was told last; the places of
    /// the semicolons in it go to `parts`.
    #[inline]
    fn cell(
        &self,
        text: &[u8],
        start: usize,
        first: usize,
        ends: &mut Places,
        parts: &mut [usize; MOST_PARTS],
    ) -> Option<Cell> {
        let mut cell = Cell { start, end: start, next: start, parts: 0 };
        let quoted = *text.get(start)? == b'"';
        let mut end = first;
        if quoted {
            cell.start = first + 1;
            end = ends.next()?;
        }
        loop {
            match *text.get(end)? {
                b'"' if quoted => {
                    // Two quotes would stand for one.
                    let next = ends.next()?;
                    return (next == end + 1 && *text.get(next)? != b'"').then_some(Cell {
                        end,
                        next,
                        ..cell
                    });
                }
                b'"' => return None,
                b'\n' | b'\r' if quoted => return None,
                byte if quoted && byte == self.delimiter && byte != b';' => {}
                b';' if quoted || self.delimiter != b';' => {
                    *parts.get_mut(cell.parts)? = end;
                    cell.parts += 1;
                }
                _ => return Some(Cell { end, next: end, ..cell }),
            }
            end = ends.next()?;
        }
    }
}

/// Where one is in a cell, as far as quotes go.
#[derive(Clone, Copy)]
enum Quotes {
    Before,
    Within,
    Behind,
    /// There are none.
    None,
}

/// A cell whose quotes are wrong.
pub(super) struct Misquoted {
    /// Its place in the record.
    pub(super) cell: usize,
    /// Where its quote stands.
    pub(super) opened: usize,
    /// Another one closes it before its end.
    is_closed: bool,
}

/// Reads records in full, whatever is in them.
pub(super) struct Records {
    reader: csv_core::Reader,
    /// The cells side by side, without their quotes.
    text: Vec<u8>,
    /// Where each of them ends.
    ends: Vec<usize>,
    cells: usize,
}

impl Records {
    /// Reads the first record of a text, and returns how far it goes; none where there is none.
    pub(super) fn read(&mut self, text: &[u8]) -> Option<usize> {
        use csv_core::ReadRecordResult::{End, InputEmpty, OutputEndsFull, OutputFull, Record};
        self.reader.reset();
        self.cells = 0;
        let (mut at, mut length) = (0, 0);
        loop {
            let (came, read, written, ended) = self.reader.read_record(
                &text[at..],
                &mut self.text[length..],
                &mut self.ends[self.cells..],
            );
            (at, length) = (at + read, length + written);
            self.cells += ended;
            match came {
                Record => return Some(at),
                End => return None,
                // Once it is given nothing more it knows that the record ends.
                InputEmpty => {}
                OutputFull => self.text.resize(self.text.len() * 2, 0),
                OutputEndsFull => self.ends.resize(self.ends.len() * 2, 0),
            }
        }
    }

    /// The cells of the record that was read last.
    pub(super) fn cells(&self) -> impl Iterator<Item = &[u8]> + Clone {
        (0..self.cells).map(|cell| {
            let start = cell.checked_sub(1).map_or(0, |before| self.ends[before]);
            &self.text[start..self.ends[cell]]
        })
    }
}

/// Where a cell stands, without its quotes.
#[derive(Clone, Copy, Debug)]
struct Cell {
    start: usize,
    end: usize,
    /// The byte that follows it.
    next: usize,
    /// How many semicolons are in it.
    parts: usize,
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
    match (&question.kind, Choices::new(question, lane, steps)) {
        (Kind::Text, _) => Known::Note,
        (Kind::AnyOf { .. }, Some(choices)) => Known::Many(choices),
        (Kind::YesNo | Kind::OneOf(_) | Kind::Scale { .. }, Some(choices)) => Known::One(choices),
        (_, None) => Known::Other,
    }
}
