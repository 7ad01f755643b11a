//! Reads the usual line of NDJSON straight into marks.
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
use fearless_simd::{Level, dispatch, u8x32, u64x2, u64x8};

use super::buffer::BEHIND;
use super::circuit::{Marks, ROWS};
use super::compile::Compiled;
use super::index::{Index, Piece};
use super::names::Names;
use super::tables::{Action, Column, Fixed, Tables, WIDTH, kept};
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
    /// Pieces may have a blank before them.
    is_spaced: bool,
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

/// What the pieces do from one of them on, and what is asked of all of them: a bit for each.
struct Ahead {
    /// The first of them.
    from: usize,
    /// The action before them, and theirs.
    actions: [u64; 1 + AHEAD],
    /// It is known, and so is the gap behind it.
    passed: u64,
    /// A column begins with it.
    begins: u64,
    /// It could follow the one before.
    fits: u64,
}

/// Pieces of one line that are marked together.
struct Run<'a> {
    actions: &'a [u64],
    /// The action of the last of them, or the one before.
    last: Action,
    /// How many columns begin with them.
    begun: u32,
    /// Each could follow the one before.
    fits: bool,
    stop: Stop,
}

/// Why a run is no longer.
enum Stop {
    /// Nothing behind it was looked at yet.
    Ahead,
    /// There is no known gap behind its last piece.
    Last,
    /// The next piece is not known.
    Unknown,
}

impl Ahead {
    /// The pieces from one on that belong to one line; none, if they were not looked at.
    #[inline(always)]
    fn run(&self, nth: usize) -> Option<Run<'_>> {
        let nth = nth.wrapping_sub(self.from);
        let actions = self.actions.get(nth..).filter(|_| nth < AHEAD)?;
        let (before, actions) = actions.split_first()?;
        let passed = (!(self.passed >> nth)).trailing_zeros() as usize;
        let (length, stop) = match actions.get(passed) {
            None => (passed, Stop::Ahead),
            Some(&action) if Action(action).has(Action::KNOWN) => (passed + 1, Stop::Last),
            Some(_) => (passed, Stop::Unknown),
        };
        let of_run = if length < AHEAD { !(u64::MAX << length) } else { u64::MAX };
        // Its first piece comes behind what stands before them all, or behind nothing of its line.
        let first = if nth == 0 { self.fits } else { self.begins >> nth } & 1;
        let fits = self.fits >> nth & !1 | first;
        Some(Run {
            actions: actions.get(..length)?,
            last: Action(if length == 0 { *before } else { actions[length - 1] }),
            begun: (self.begins >> nth & of_run).count_ones(),
            fits: !fits & of_run == 0,
            stop,
        })
    }

    /// Asks of all pieces what is asked of each.
    #[inline(always)]
    fn ask<S: Simd>(&mut self, simd: S) {
        let (begins, passed) =
            (u64x8::splat(simd, Action::FITS), u64x8::splat(simd, Action::PASSED));
        (self.passed, self.begins, self.fits) = (0, 0, 0);
        for at in (0..AHEAD).step_by(8) {
            let before = u64x8::from_slice(simd, &self.actions[at..at + 8]);
            let actions = u64x8::from_slice(simd, &self.actions[at + 1..at + 9]);
            let fits = ((before >> 2) ^ actions) & begins;
            self.passed |= (actions & passed).simd_eq(passed).to_bitmask() << at;
            self.begins |= (actions & begins).simd_eq(begins).to_bitmask() << at;
            self.fits |= fits.simd_eq(begins).to_bitmask() << at;
        }
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
        at.before = run.last;
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
        let pieces = index.pieces();
        // Who puts a blank before a piece does so in all lines; where not, the line goes to the full
        // reader, and it is looked again here.
        let second = pieces.get(start.piece + 1);
        let is_spaced = second.is_some_and(|&[from, _]| text.get(from as usize) == Some(&b' '));
        let text = Text { text, pieces, is_spaced };
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
        match text.pieces.get(start.piece) {
            Some(&[first, _]) if first as usize == start.at + 1 && text.text[start.at] == b'{' => {}
            _ => return,
        }
        let mut ahead = Ahead { from: 0, actions: [0; 1 + AHEAD], passed: 0, begins: 0, fits: 0 };
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
        let &[[_, to], [next, _]] = text.pieces.get(nth..)?.first_chunk()?;
        let mut at = Progress::<WORDS>::NONE;
        let mut id = (start.at, start.at);
        if let Some((key, column)) = &self.tables.first
            && key.stands(text.text, start.at)
            && text.text[to as usize] == b','
            && next == to + 1
            && is_name(simd, text.text, start.at + key.length(), to as usize)
        {
            at.begin(*column);
            id = (start.at + key.length() - 1, to as usize);
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
                Stop::Ahead => continue,
                Stop::Last => {}
                Stop::Unknown => {
                    let (last, place) = self.odd(text, nth, &mut id)?;
                    at.begin(place);
                    at.fits &= at.before.0 & Action::OPEN == 0;
                    at.before = Action(0);
                    nth = last + 1;
                    if is_comma(text, last) {
                        continue;
                    }
                }
            }
            let closes = ends(text, nth - 1)?;
            let fits = at.fits && closes == at.before.is_open();
            let misfit = at.marked | inputs.get(tables.misfit())?;
            let next = text.pieces.get(nth)?[0] as usize - 1;
            return (fits && misfit & bit == 0 && at.is_once())
                .then_some((id, Start { at: next, piece: nth }));
        }
    }

    /// Works out what the pieces from one on do, behind what was done before.
    #[inline(never)]
    fn look_ahead(&self, text: Text<'_>, nth: usize, before: Action, ahead: &mut Ahead) {
        ahead.from = nth;
        ahead.actions[0] = before.0;
        dispatch!(self.level, simd => {
            let [_, actions @ ..] = &mut ahead.actions;
            if text.is_spaced {
                look_ahead::<_, true>(simd, &self.tables, text, nth, actions);
            } else {
                look_ahead::<_, false>(simd, &self.tables, text, nth, actions);
            }
            ahead.ask(simd);
        });
    }

    /// Past a key and a value that are no known piece, to the piece that ends where the value does;
    /// and the place of the column.
    #[inline(never)]
    fn odd(
        &self,
        Text { text, pieces, .. }: Text<'_>,
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
fn look_ahead<S: Simd, const SPACED: bool>(
    simd: S,
    tables: &Tables,
    Text { text, pieces, .. }: Text<'_>,
    nth: usize,
    actions: &mut [u64; AHEAD],
) {
    let pieces = pieces.get(nth..).unwrap_or_default();
    if pieces.len() <= AHEAD {
        actions.fill(0);
    }
    let (fixed, Some(last)) = (tables.fixed(), text.len().checked_sub(AROUND)) else { return };
    for (two, action) in pieces.windows(2).zip(actions) {
        let &[[from, to], [next, _]] = two else { return };
        let from = from as usize;
        // Behind every piece of the text there is so much; but it has to be seen.
        if from > last {
            *action = 0;
            continue;
        }
        let Some(window) = text[from..].first_chunk::<AROUND>() else { return };
        let skipped = usize::from(SPACED && window[0] == b' ');
        let length = (to as usize).wrapping_sub(from + skipped);
        if length > WIDTH {
            *action = long(tables, text, from + skipped, [to, next]).0;
            continue;
        }
        let bytes: &[u8; WIDTH] = window[skipped..].first_chunk().unwrap_or(&[0; WIDTH]);
        let piece = u8x32::from_slice(simd, bytes) & u8x32::from_slice(simd, kept(length));
        let (low, high) = piece.split();
        let folded: [u64; 2] = (low ^ high).bitcast::<u64x2<S>>().into();
        let known = fixed.likely(folded);
        let same = piece.simd_eq(u8x32::from_slice(simd, &known.text)).all_true();
        let gap: &[u8; 2] = window[skipped + length..].first_chunk().unwrap_or(&[0; 2]);
        let passed = passed(*gap, next - to);
        *action = select_unpredictable(same, known.action.0 + passed, 0);
    }
}

/// The same for one long piece.
#[cold]
fn long(tables: &Tables, text: &[u8], from: usize, [to, next]: [u32; 2]) -> Action {
    let Some(piece) = text.get(from..to as usize) else { return Action(0) };
    let known = tables.long(piece);
    let gap = text[to as usize..].first_chunk().unwrap_or(&[0; 2]);
    Action(if known == Action(0) { 0 } else { known.0 + passed(*gap, next - to) })
}

/// What a gap of this length does that begins with these bytes; nothing, if it ends no value alone.
#[inline(always)]
fn passed(bytes: [u8; 2], length: u32) -> u64 {
    /// The length of a gap before its bytes, so that they are compared as one number.
    const fn number(length: u32, bytes: [u8; 2]) -> u64 {
        (length as u64) << 16 | u16::from_le_bytes(bytes) as u64
    }
    const COMMA: u64 = number(1, *b",\0");
    const CLOSES: u64 = number(2, *b"],");
    let gap = number(length, bytes);
    let comma = select_unpredictable(gap & !0xff00 == COMMA, Action::PASSED, 0);
    select_unpredictable(gap == CLOSES, Action::PASSED | Action::CLOSED, comma)
}

/// Whether a comma alone stands behind a piece.
fn is_comma(Text { text, pieces, .. }: Text<'_>, nth: usize) -> bool {
    match pieces.get(nth..).and_then(|pieces| pieces.first_chunk()) {
        Some(&[[_, to], [next, _]]) => next == to + 1 && text[to as usize] == b',',
        None => false,
    }
}

/// Whether the end of the line that stands behind a piece closes a list; none, if it is no such end.
#[inline(always)]
fn ends(Text { text, pieces, .. }: Text<'_>, nth: usize) -> Option<bool> {
    let &[[_, to], [next, _]] = pieces.get(nth..)?.first_chunk()?;
    let (to, next) = (to as usize, next as usize);
    let closes = *text.get(to)? == b']';
    let to = to + usize::from(closes);
    let end = u32::from_le_bytes(*text.get(to..)?.first_chunk()?);
    let is_end = match next.wrapping_sub(to) {
        3 => end << 8 == u32::from_le_bytes(*b"\0}\n{"),
        4 => end == u32::from_le_bytes(*b"}\r\n{"),
        _ => false,
    };
    is_end.then_some(closes)
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
    fn a_gap_is_passed_only_as_a_whole() {
        assert_eq!(passed(*b",\"", 1), Action::PASSED);
        let others = [(b",,", 2), (b",,", (1 << 16) + 1), (b"]}", 2), (b"],", 3)];
        assert!(others.iter().all(|(gap, length)| passed(**gap, *length) == 0));
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
