//! Reads the usual line of NDJSON straight into lanes.
//!
//! A line is pieces with gaps between them. A piece is a key with its value, or with the first of a
//! list, or another value of that list: all bytes up to one that ends a value. Rule sets have few
//! different pieces, so each is found in a table as a whole, and the table says what it does; there
//! is no branch a row could take differently, as what could not be foretold costs more than all
//! else. Whatever is not in the tables is looked at more closely (names, notes) or makes the reader
//! give up on the line (escapes, blanks in odd places, unknown or repeated keys, nesting, answers
//! that do not fit), which then goes to the full reader. It never decides that a row is at fault,
//! and it never looks past one line.

#![expect(
    clippy::inline_always,
    reason = "what is not part of the code for a kind of processor is not compiled for it"
)]

use std::hint::select_unpredictable;

use fearless_simd::prelude::*;
use fearless_simd::{Level, dispatch, u8x32, u8x64, u64x2};

use super::buffer::BEHIND;
use super::circuit::{Lane, ROWS};
use super::compile::Compiled;
use super::index::{Index, Piece};
use super::names::Names;
use super::tables::{Action, COLUMNS, Column, Fixed, LONGEST, Tables, WIDTH, kept};
use super::values::{anything, name, note};
use crate::questionnaire::Questionnaire;

/// How many pieces are looked at ahead.
const AHEAD: usize = 64;
/// The bytes that are looked at to know a piece: a blank before it, and what stands behind it.
const AROUND: usize = WIDTH + 3;
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

/// A text, and its pieces.
#[derive(Clone, Copy)]
struct Text<'t> {
    text: &'t [u8],
    pieces: &'t [Piece],
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
            index.pieces()[self.piece..].iter().take_while(|[from, _]| (*from as usize) < at);
        *self = Self { at, piece: self.piece + before.count() };
    }
}

/// What the pieces do from one of them on.
struct Ahead {
    /// The first of them.
    from: usize,
    actions: [Action; AHEAD],
}

/// How far a line was read, and what it came to.
struct Progress {
    /// Where the marks of the column stand that is being read.
    column: u16,
    /// How many more answers the column takes.
    left: i32,
    /// Negative once a column took too many, or one that is none of its own.
    misfit: i32,
    /// Not zero once something stood twice, or in a list and should not, or the other way round.
    wrong: u64,
    /// The columns that were there, a bit for each.
    seen: [u64; COLUMNS / 64],
}

impl Progress {
    /// Takes note of a column, or of none.
    #[inline(always)]
    fn see(&mut self, place: u8, begins: bool) {
        let seen = &mut self.seen[usize::from(place / 64)];
        let bit = u64::from(begins) << (place % 64);
        self.wrong |= *seen & bit;
        *seen |= bit;
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
    /// answers in the lanes of their rows; where the names of the rows stand goes to `ids`.
    ///
    /// It ends at a line the full reader must look at, for which marks may have been made.
    pub(super) fn lines(
        &self,
        (text, end): (&[u8], usize),
        index: &Index,
        start: &mut Start,
        lanes: &mut [Lane],
        row: usize,
        ids: &mut Vec<(usize, usize)>,
    ) {
        let text = Text { text, pieces: index.pieces() };
        let lanes = lanes.as_flattened_mut();
        dispatch!(self.level, simd => {
            let mut ahead = Ahead { from: start.piece, actions: [Action(0); AHEAD] };
            look_ahead(simd, self.tables.fixed(), text, start.piece, &mut ahead.actions);
            for row in row..ROWS {
                let Some(lanes) = lanes.get_mut(row / 64..) else { return };
                if start.at >= end {
                    return;
                }
                match self.line(simd, text, *start, lanes, row, &mut ahead) {
                    Some((id, next)) => {
                        ids.push(id);
                        *start = next;
                    }
                    None => return,
                }
            }
        });
    }

    /// Reads a line, and returns where its name stands and where the next line begins.
    #[inline(always)]
    fn line<S: Simd>(
        &self,
        simd: S,
        text: Text<'_>,
        start: Start,
        lanes: &mut [u64],
        row: usize,
        ahead: &mut Ahead,
    ) -> Option<((usize, usize), Start)> {
        let tables = self.tables.fixed();
        let mut nth = start.piece;
        let &[[first, to], [next, _]] = text.pieces.get(nth..)?.first_chunk()?;
        if first as usize != start.at + 1 || text.text[start.at] != b'{' {
            return None;
        }
        let bit = 1 << (row % 64);
        let mut at = Progress { column: 0, left: 0, misfit: 0, wrong: 0, seen: [0; COLUMNS / 64] };
        // What was before, as far as that matters: no list is open.
        let mut before = 0;
        let mut id = (start.at, start.at);
        if let Some((key, column)) = &self.tables.first
            && key.stands(text.text, start.at)
            && text.text[to as usize] == b','
            && next == to + 1
            && is_name(simd, text.text, start.at + key.length(), to as usize)
        {
            at.see(*column, true);
            id = (start.at + key.length() - 1, to as usize);
            nth += 1;
        }
        loop {
            let action = match ahead.actions.get(nth.wrapping_sub(ahead.from)) {
                Some(action) => *action,
                None => {
                    ahead.from = nth;
                    look_ahead(simd, tables, text, nth, &mut ahead.actions);
                    ahead.actions[0]
                }
            };
            if action.has(Action::KNOWN) {
                let begins = action.has(Action::BEGINS);
                at.column = select_unpredictable(begins, action.column(), at.column);
                at.left = select_unpredictable(begins, i32::from(action.gives()), at.left);
                at.see(action.place(), begins);
                let mark = tables.mark(at.column, action.number());
                at.left -= i32::from(mark.weight);
                at.misfit |= at.left;
                let lane = lanes.get_mut(usize::from(mark.lane))?;
                at.wrong |= *lane & bit;
                *lane |= bit;
                // A list is open if, and only if, it goes on.
                at.wrong |= !(before >> 1 ^ action.0) & Action::BEGINS;
                before = action.0;
                nth += 1;
                if action.has(Action::PASSED) {
                    continue;
                }
            } else {
                let (last, place) = self.odd(text, nth, &mut id)?;
                at.see(place, true);
                at.wrong |= before & Action::OPEN;
                (nth, before) = (last + 1, 0);
                if is_comma(text, last) {
                    continue;
                }
            }
            let closes = ends(text, nth - 1)?;
            at.wrong |= u64::from(closes != (before & Action::OPEN != 0));
            break;
        }
        let fine = at.misfit >= 0 && at.wrong == 0;
        let next = text.pieces.get(nth)?[0] as usize - 1;
        fine.then_some((id, Start { at: next, piece: nth }))
    }

    /// Past a key and a value that are no known piece, to the piece that ends where the value does;
    /// and the place of the column.
    #[inline(never)]
    fn odd(
        &self,
        Text { text, pieces }: Text<'_>,
        nth: usize,
        id: &mut (usize, usize),
    ) -> Option<(usize, u8)> {
        let from = pieces.get(nth)?[0] as usize;
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
        let within = pieces.get(nth..)?.iter().take_while(|[_, end]| (*end as usize) < to);
        let nth = nth + within.count();
        (pieces.get(nth)?[1] as usize == to).then_some((nth, place))
    }
}

/// Works out what the pieces from one on do. It looks at nothing but them, so that the next is
/// looked for while the last is still being found.
#[inline(always)]
fn look_ahead<S: Simd>(
    simd: S,
    tables: &Fixed,
    Text { text, pieces }: Text<'_>,
    nth: usize,
    actions: &mut [Action; AHEAD],
) {
    let pieces = pieces.get(nth..).unwrap_or_default();
    if pieces.len() <= AHEAD {
        actions.fill(Action(0));
    }
    // What a piece ends with does not count: what it does stands there.
    let behind = u8x64::from_slice(simd, kept(LONGEST)).simd_eq(0);
    let Some(last) = text.len().checked_sub(AROUND) else { return };
    for (two, action) in pieces.windows(2).zip(actions) {
        let &[[from, to], [next, _]] = two else { return };
        // Behind every piece of the text there is so much; but it has to be seen.
        let from = (from as usize).min(last);
        let Some(window) = text[from..].first_chunk::<AROUND>() else { return };
        let skipped = usize::from(window[0] == b' ');
        let length = (to as usize).wrapping_sub(from + skipped);
        let fits = length.wrapping_sub(1) < LONGEST;
        let length = length % WIDTH;
        let bytes: &[u8; WIDTH] = window[skipped..].first_chunk().unwrap_or(&[0; WIDTH]);
        let piece = u8x64::from_slice(simd, bytes) & u8x64::from_slice(simd, kept(length));
        let (low, high) = piece.split();
        let (low, high) = (low ^ high).split();
        let folded: [u64; 2] = (low ^ high).bitcast::<u64x2<S>>().into();
        let known = tables.likely(folded);
        let same = (piece.simd_eq(u8x64::from_slice(simd, &known.0)) | behind).all_true();
        let gap: &[u8; 2] = window[skipped + length..].first_chunk().unwrap_or(&[0; 2]);
        let passed = passed(*gap, (next - to) as usize);
        *action = Action(select_unpredictable(same & fits, known.action().0 ^ passed, 0));
    }
}

/// What a gap of this length does that begins with these bytes; nothing, if it ends no value alone.
#[inline(always)]
fn passed(bytes: [u8; 2], length: usize) -> u64 {
    /// What is looked at of the bytes, what they must be, and what the gap then does.
    static GAPS: [(u16, u16, u64); 4] = [
        (0, 1, 0),
        (0xff, b',' as u16, Action::PASSED),
        (0xffff, u16::from_le_bytes(*b"],"), Action::PASSED | Action::OPEN),
        (0, 1, 0),
    ];
    let (kept, wanted, does) = GAPS[length.min(3)];
    select_unpredictable(u16::from_le_bytes(bytes) & kept == wanted, does, 0)
}

/// Whether a comma alone stands behind a piece.
fn is_comma(Text { text, pieces }: Text<'_>, nth: usize) -> bool {
    match pieces.get(nth..).and_then(|pieces| pieces.first_chunk()) {
        Some(&[[_, to], [next, _]]) => next == to + 1 && text[to as usize] == b',',
        None => false,
    }
}

/// Whether the end of the line that stands behind a piece closes a list; none, if it is no such end.
#[inline(always)]
fn ends(Text { text, pieces }: Text<'_>, nth: usize) -> Option<bool> {
    let &[[_, to], [next, _]] = pieces.get(nth..)?.first_chunk()?;
    match text.get(to as usize..next as usize)? {
        b"}\n{" | b"}\r\n{" => Some(false),
        b"]}\n{" | b"]}\r\n{" => Some(true),
        _ => None,
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
    fn usual_lines(questionnaire: &Questionnaire) -> Vec<String> {
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
            for value in values {
                lines.extend([
                    format!("{{\"id\":\"a\",\"{id}\":{value}}}\n"),
                    format!("{{\"id\": \"a\", \"{id}\": {value}}}\r\n"),
                    format!("{{\"{id}\": {value}, \"id\": 7}}\n"),
                ]);
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
        let lines = usual_lines(&rules.questionnaire);
        assert!(lines.len() > 1000);
        for lines in lines.chunks(ROWS) {
            let mut buffer = Buffer::of(lines.concat().as_bytes());
            let (text, end) = buffer.lines();
            let (mut index, mut start, mut ids) = (Index::default(), Start::default(), Vec::new());
            index.read(text, end);
            let mut lanes = vec![Lane::default(); compiled.circuit.lanes()];
            scanner.lines((text, end), &index, &mut start, &mut lanes, 0, &mut ids);
            assert_eq!(ids.len(), lines.len(), "{:?}", lines.get(ids.len()));
        }
    }
}
