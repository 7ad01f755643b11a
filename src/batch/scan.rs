//! Reads the usual line of NDJSON straight into marks.
//!
//! A line is pieces: a key with its value, or with the first of a list, or another value of that
//! list, each with what separates it from the next; and at last the end of the line. Rule sets have
//! few different pieces, so each is found in a table as a whole, and the table says what it does;
//! there is no branch a row could take differently, as what could not be foretold costs more than
//! all else. Whatever is not in the tables is looked at more closely (names, notes) or makes the
//! reader give up on the line (escapes, blanks in odd places, unknown or repeated keys, nesting,
//! answers that do not fit), which then goes to the full reader. It never decides that a row is at
//! fault, and it never looks past one line.

#![expect(
    clippy::inline_always,
    reason = "what is not part of the code for a kind of processor is not compiled for it"
)]

use std::hint::select_unpredictable;

use fearless_simd::prelude::*;
use fearless_simd::{Level, dispatch, u8x32};

use super::ahead::{Ahead, Run, Stop, Text};
use super::buffer::BEHIND;
use super::circuit::{Marks, ROWS};
use super::compile::Compiled;
use super::index::Index;
use super::names::Names;
use super::tables::{Action, Column, Fixed, Tables};
use super::values::{anything, name, note};
use crate::questionnaire::Questionnaire;

/// The longest name of a row that is read at sight.
const NAME: usize = 32;

/// Reads usual lines.
#[derive(Clone, Debug)]
pub(super) struct Scanner {
    tables: Tables,
    level: Level,
}

/// A usual record that was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Scanned {
    /// Where the next one begins.
    pub(super) next: usize,
    /// Where the row's name stands; empty where there is none.
    pub(super) id: (usize, usize),
}

/// A key and a value that are no known piece.
struct Odd {
    /// The piece behind them.
    next: usize,
    /// The place of the column.
    place: u8,
    /// What comes next.
    action: Action,
}

/// Where a line begins.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Start {
    /// Its first byte.
    pub(super) at: usize,
    /// Its first piece.
    pub(super) piece: usize,
}

impl Start {
    /// Goes on to a line further on.
    pub(super) fn seek(&mut self, at: usize, index: &Index) {
        let before =
            index.starts()[self.piece..].iter().take_while(|start| (**start as usize) < at);
        *self = Self { at, piece: self.piece + before.count() };
    }
}

/// What a line came to so far. Nothing is decided before its end, so that no branch depends on it.
#[derive(Clone, Copy)]
struct Progress<const WORDS: usize> {
    /// Where the lanes of the column stand that is being read.
    column: u16,
    /// What the last piece did; at first, no list is open.
    before: Action,
    /// Each piece could follow the one before.
    fits: bool,
    /// The bits of the rows that were in the inputs before they were marked.
    marked: u64,
    /// How many columns began.
    begun: u32,
    /// The columns that began, a bit for each.
    seen: [u64; WORDS],
}

impl<const WORDS: usize> Progress<WORDS> {
    const NONE: Self =
        Self { column: 0, before: Action(0), fits: true, marked: 0, begun: 0, seen: [0; WORDS] };

    /// The most columns: the last bit is for pieces that begin none.
    const COLUMNS: usize = 64 * WORDS - 1;

    /// Marks the answers in some pieces; none, if there are no such inputs.
    ///
    /// It does nothing else and stands alone, so that all it needs stays in registers.
    #[inline(never)]
    fn mark(&mut self, run: &Run<'_>, tables: &Fixed, inputs: &mut [u64], bit: u64) -> Option<()> {
        let mut at = *self;
        for action in run.actions.iter().map(|&action| Action(action)) {
            at.column =
                select_unpredictable(action.has(Action::BEGINS), action.column(), at.column);
            at.see(action.place());
            let answer = tables.marked(at.column, action.number());
            // A branch, as the next piece would have to wait for what is computed here.
            if answer.changes() {
                at.column = tables.then(at.column);
            }
            let lane = inputs.get_mut(answer.lane())?;
            at.marked |= *lane;
            *lane |= bit;
        }
        at.fits &= run.fits;
        at.begun += run.begun;
        at.before = run.actions.last().map_or(at.before, |&last| Action(last));
        *self = at;
        Some(())
    }

    /// Takes note of a column.
    #[inline(always)]
    fn see(&mut self, place: u8) {
        self.seen[usize::from(place / 64) % WORDS] |= 1_u64.wrapping_shl(place.into());
    }

    /// Takes note of a column that marks no lane.
    #[inline(always)]
    fn begin(&mut self, place: u8) {
        self.see(place);
        self.begun += 1;
    }

    /// Whether each column began once.
    fn is_once(&self) -> bool {
        let mut seen = self.seen;
        seen[WORDS - 1] &= u64::MAX >> 1;
        let seen: u32 = seen.iter().map(|seen| seen.count_ones()).sum();
        self.begun == seen
    }
}

impl Scanner {
    /// How many spare lanes it marks.
    pub(super) fn spare(names: &Names) -> usize {
        names.columns().len() + 1
    }

    /// A reader for these questions; none, if they are too many or too alike for tables.
    pub(super) fn new(
        questionnaire: &Questionnaire,
        names: &Names,
        compiled: &Compiled,
    ) -> Option<Self> {
        Some(Self { tables: Tables::new(questionnaire, names, compiled)?, level: Level::new() })
    }

    /// Reads lines up to the end of a text, or until there are no more rows, and marks their
    /// answers in the lanes of their rows; `read` is called with the number of each, from none on,
    /// and where the row's name stands.
    ///
    /// It ends at a line the full reader must look at, for which marks may have been made.
    pub(super) fn lines(
        &self,
        (text, end): (&[u8], usize),
        index: &Index,
        start: &mut Start,
        marks: &mut Marks,
        row: usize,
        read: impl FnMut(u64, (usize, usize)),
    ) {
        let starts = index.starts();
        // Who puts a blank before a piece does so in all lines; where not, the line goes to the full
        // reader, and after it this is asked again.
        let second = starts.get(start.piece + 1);
        let is_spaced = second.is_some_and(|&from| text.get(from as usize) == Some(&b' '));
        let text = Text { text, starts, is_spaced };
        // Most rule sets have few columns, whose bits stay in a register.
        if self.tables.columns() <= Progress::<1>::COLUMNS {
            dispatch!(self.level, simd => {
                self.lines_with::<_, 1>(simd, (text, end), start, marks, row, read);
            });
        } else {
            dispatch!(self.level, simd => {
                self.lines_with::<_, 4>(simd, (text, end), start, marks, row, read);
            });
        }
    }

    #[inline(always)]
    fn lines_with<S: Simd, const WORDS: usize>(
        &self,
        simd: S,
        (text, end): (Text<'_>, usize),
        start: &mut Start,
        marks: &mut Marks,
        row: usize,
        mut read: impl FnMut(u64, (usize, usize)),
    ) {
        // Every line but the first is known to begin so where the one before ends.
        match text.starts.get(start.piece) {
            Some(&first) if first as usize == start.at + 1 && text.text[start.at] == b'{' => {}
            _ => return,
        }
        let mut ahead = Ahead::NONE;
        self.look_ahead(text, start.piece, Action(0), &mut ahead);
        for (row, nth) in (row..ROWS).zip(0..) {
            if start.at >= end {
                return;
            }
            match self.line::<_, WORDS>(simd, text, *start, marks.of(row), &mut ahead) {
                Some((id, next)) => {
                    read(nth, id);
                    *start = next;
                }
                None => return,
            }
        }
    }

    /// Reads a line, and returns where its name stands and where the next line begins.
    #[inline(always)]
    fn line<S: Simd, const WORDS: usize>(
        &self,
        simd: S,
        text: Text<'_>,
        start: Start,
        (inputs, bit): (&mut [u64], u64),
        ahead: &mut Ahead,
    ) -> Option<((usize, usize), Start)> {
        let tables = self.tables.fixed();
        let mut nth = start.piece;
        let next = *text.starts.get(nth + 1)? as usize;
        let mut at = Progress::<WORDS>::NONE;
        let mut id = (start.at, start.at);
        if let Some((key, column)) = &self.tables.first
            && key.stands(text.text, start.at)
            && text.text[next - 1] == b','
            && is_name(simd, text.text, start.at + key.length(), next - 1)
        {
            at.begin(*column);
            id = (start.at + key.length() - 1, next - 1);
            nth += 1;
        }
        loop {
            let Some(run) = ahead.run(nth) else {
                self.look_ahead(text, nth, at.before, ahead);
                continue;
            };
            at.mark(&run, tables, inputs, bit)?;
            nth += run.actions.len();
            match run.stop {
                Stop::Ahead => {}
                Stop::End => break,
                Stop::Unknown => {
                    let odd = self.odd(text, nth, &mut id)?;
                    at.begin(odd.place);
                    at.fits &= at.before.may_begin();
                    at.before = odd.action;
                    nth = odd.next;
                }
            }
        }
        let fits = at.fits && at.before.may_end();
        let misfit = at.marked | inputs.get(tables.misfit())?;
        let next = *text.starts.get(nth + 1)? as usize - 1;
        (fits && misfit & bit == 0 && at.is_once())
            .then_some((id, Start { at: next, piece: nth + 1 }))
    }

    /// Works out what the pieces from one on do, behind what was done before.
    #[inline(never)]
    fn look_ahead(&self, text: Text<'_>, nth: usize, before: Action, ahead: &mut Ahead) {
        dispatch!(self.level, simd => ahead.look(simd, &self.tables, text, nth, before));
    }

    /// Past a key and a value that are no known piece.
    #[inline(never)]
    fn odd(
        &self,
        Text { text, starts, .. }: Text<'_>,
        nth: usize,
        id: &mut (usize, usize),
    ) -> Option<Odd> {
        let from = *starts.get(nth)? as usize;
        let from = from + usize::from(text[from] == b' ');
        let key = text.get(from..)?.strip_prefix(b"\"")?;
        let key = &key[..memchr::memchr(b'"', key.get(..BEHIND - 1)?)?];
        let (column, place) = self.tables.column(key)?;
        let colon = from + key.len() + 2;
        let from = match text.get(colon..colon + 2)? {
            b": " => colon + 2,
            [b':', _] => colon + 1,
            _ => return None,
        };
        let to = match column {
            Column::Answer => return None,
            Column::Id => {
                let to = name(text, from)?;
                *id = (from, to);
                to
            }
            Column::Ignored => anything(text, from)?,
            Column::Note => note(text, from)?,
        };
        // Pieces within it are none.
        let within = starts.get(nth..)?.iter().take_while(|start| (**start as usize) < to);
        let nth = nth + within.count();
        let action = match text.get(to..*starts.get(nth)? as usize)? {
            b"," => Action(0),
            // It is that of the line, or the next piece is not known.
            [] if text[to] == b'}' => Action(Action::LAST),
            _ => return None,
        };
        Some(Odd { next: nth, place, action })
    }
}

/// Whether a name is surely one without escapes whose quote stands before this place: short, of
/// ASCII, without a backslash or another quote.
#[inline(always)]
fn is_name<S: Simd>(simd: S, text: &[u8], from: usize, to: usize) -> bool {
    let length = to.wrapping_sub(from).wrapping_sub(1);
    match text.get(from..).and_then(|text| text.first_chunk::<NAME>()) {
        Some(head) if length < NAME => {
            let head = u8x32::from_slice(simd, head);
            let odd = head.simd_lt(u8x32::splat(simd, b' '))
                | head.simd_ge(u8x32::splat(simd, 128))
                | head.simd_eq(u8x32::splat(simd, b'\\'))
                | head.simd_eq(u8x32::splat(simd, b'"'));
            // The first of all is the quote at its end.
            odd.to_bitmask() & ((2 << length) - 1) == 1 << length && text[to - 1] == b'"'
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::super::buffer::Buffer;
    use super::super::columns::Column;
    use super::super::compile::compile;
    use super::*;
    use crate::questionnaire::Kind;
    use crate::ruleset::RuleSet;

    /// Every answer in every usual form. A reader that gave up would lose nothing but time, so that
    /// no comparison with the full reader would tell.
    fn usual_lines(questionnaire: &Questionnaire, is_spaced: bool) -> Vec<String> {
        let mut lines = Vec::new();
        for question in &questionnaire.questions {
            let id = &question.id;
            let mut values = vec!["null".to_owned()];
            let words = if question.kind == Kind::Text { Vec::new() } else { question.words() };
            for word in words {
                values.push(format!("\"{word}\""));
                match question.kind {
                    Kind::AnyOf { .. } => values.push(format!("[\"{word}\"]")),
                    Kind::Scale { .. } if word.parse::<u8>().is_ok() => values.push(word),
                    _ => {}
                }
            }
            if let Kind::AnyOf { .. } = question.kind {
                let choices: Vec<String> =
                    question.marks().iter().map(|&mark| question.word(mark)).collect();
                for two in choices.windows(2) {
                    values.push(format!("[\"{}\",\"{}\"]", two[0], two[1]));
                }
            }
            for value in values {
                if is_spaced {
                    let spaced = value.replace(',', ", ");
                    lines.push(format!("{{\"id\": \"a\", \"{id}\": {spaced}}}\r\n"));
                    lines.push(format!("{{\"{id}\": {spaced}, \"id\": 7}}\n"));
                } else {
                    lines.push(format!("{{\"id\":\"a\",\"{id}\":{value}}}\n"));
                    lines.push(format!("{{\"{id}\": {value},\"id\": 7}}\r\n"));
                }
            }
        }
        lines
    }

    #[test]
    fn no_usual_line_is_left_to_the_full_reader() {
        let rules = RuleSet::read(include_str!("../../rules/back-pain.yaml")).expect("rules");
        let names = Names::new(&rules.questionnaire, "id");
        let compiled = compile(&rules, &Column::USUAL, Scanner::spare(&names));
        let scanner = Scanner::new(&rules.questionnaire, &names, &compiled).expect("tables");
        for is_spaced in [false, true] {
            let lines = usual_lines(&rules.questionnaire, is_spaced);
            assert!(lines.len() > 1000);
            for lines in lines.chunks(ROWS) {
                let mut buffer = Buffer::of(lines.concat().as_bytes());
                let (text, end) = buffer.lines();
                let (mut index, mut start, mut read) = (Index::default(), Start::default(), 0);
                index.read(text, end);
                let mut marks = Marks::default();
                marks.clear(compiled.circuit.inputs());
                scanner.lines((text, end), &index, &mut start, &mut marks, 0, |_, _| read += 1);
                assert_eq!(read, lines.len(), "{:?}", lines.get(read));
            }
        }
    }
}
