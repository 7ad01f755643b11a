//! Reads the usual line of NDJSON straight into lanes.
//!
//! A line is words in quotes, and between them gaps of a few bytes: a colon, a comma, a bracket, a
//! number. Each word and each gap is found in a table at once, and the tables say what they do, so
//! that there is no branch a row could take differently: what could not be foretold costs more than
//! all else. Whatever is not in the tables is looked at more closely (names, notes, the end of a
//! block) or makes the reader give up on the line (escapes, blanks in odd places, unknown or
//! repeated keys, nesting, answers that do not fit), which then goes to the full reader. It never
//! decides that a row is at fault, and it never looks past one line.

#![expect(
    clippy::inline_always,
    reason = "what is not part of the code for a kind of processor is not compiled for it"
)]

use std::hint::select_unpredictable;

use fearless_simd::prelude::*;
use fearless_simd::{Level, dispatch, u8x32};

use super::circuit::{Lane, ROWS};
use super::compile::Compiled;
use super::index::{End, Index};
use super::names::Names;
use super::tables::{Column, HEAD, Mark, State, Tables, gap_of, kept};
use super::values::{anything, name, note};
use crate::questionnaire::Questionnaire;

/// How far from its start the last word of a usual line may begin.
const WINDOW: usize = 4096;
/// How many bytes behind the end of a text must be there to be looked at.
pub(super) const PADDING: usize = WINDOW + 64;
/// The most words of a usual line.
const MOST_WORDS: usize = 256;

/// Reads usual lines.
#[derive(Clone, Debug)]
pub(super) struct Scanner {
    tables: Tables,
    level: Level,
}

/// A usual line or record that was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Scanned {
    /// Where the next line begins.
    pub(super) next: usize,
    /// Where the row's name stands, with its quotes; empty where there is none.
    pub(super) id: (usize, usize),
}

/// A text, and where its quotes stand.
#[derive(Clone, Copy)]
struct Text<'t> {
    text: &'t [u8],
    quotes: &'t [u32],
}

/// How far a line was read, and what it came to.
#[derive(Clone, Copy)]
struct Progress {
    /// What the next word is.
    state: State,
    /// Where the marks of the column stand that is being read.
    column: usize,
    /// How many more answers the column takes.
    left: i32,
    /// Negative once a column took too many, or one that is none of its own.
    misfit: i32,
    /// Not zero once something stood twice.
    twice: u64,
    /// The row within its lane.
    bit: u64,
}

impl Progress {
    /// Takes a word: a key, or an answer.
    #[inline(always)]
    fn word(&mut self, tables: &Tables, number: u16, lanes: &mut [u64]) -> Option<()> {
        let is_key = self.state == State::KEY;
        let own = usize::from(tables.column_of(number));
        self.column = select_unpredictable(is_key, own, self.column);
        let mark = tables.mark(self.column, select_unpredictable(is_key, 0, number));
        self.left = select_unpredictable(is_key, 0, self.left);
        self.count(mark);
        let lane = lanes.get_mut(usize::from(mark.lane))?;
        self.twice |= *lane & self.bit;
        *lane |= self.bit;
        Some(())
    }

    /// Takes an answer without quotes.
    #[inline(always)]
    fn token(&mut self, tables: &Tables, number: u16, lanes: &mut [u64]) -> Option<()> {
        let mark = tables.mark(self.column, number);
        self.count(mark);
        *lanes.get_mut(usize::from(mark.lane))? |= self.bit;
        Some(())
    }

    #[inline(always)]
    fn count(&mut self, mark: Mark) {
        self.left -= i32::from(mark.weight);
        self.misfit |= self.left;
    }
}

impl Scanner {
    /// How many spare lanes it marks.
    pub(super) fn spare(names: &Names) -> usize {
        names.columns().len() * 2 + 1
    }

    /// A reader for these questions; none, if they are too many or too alike for tables.
    pub(super) fn new(
        questionnaire: &Questionnaire,
        names: &Names,
        compiled: &Compiled,
    ) -> Option<Self> {
        Some(Self { tables: Tables::new(questionnaire, names, compiled)?, level: Level::new() })
    }

    /// Reads lines, from one on and from a row on, and marks their answers in the lanes of their
    /// rows; where the names of the rows stand goes to `ids`.
    ///
    /// It ends at a line the full reader must look at, for which marks may have been made.
    pub(super) fn lines(
        &self,
        text: &[u8],
        index: &Index,
        line: usize,
        lanes: &mut [Lane],
        row: usize,
        ids: &mut Vec<(usize, usize)>,
    ) {
        let text = Text { text, quotes: index.quotes() };
        let lines = index.ends()[line..].windows(2).zip(row..ROWS);
        let lanes = lanes.as_flattened_mut();
        dispatch!(self.level, simd => {
            let mut numbers = [0; MOST_WORDS];
            for (ends, row) in lines {
                let Some(lanes) = lanes.get_mut(row / 64..) else { return };
                match self.line(simd, text, [ends[0], ends[1]], lanes, row, &mut numbers) {
                    Some(id) => ids.push(id),
                    None => return,
                }
            }
        });
    }

    /// Reads a line, and returns where its name stands.
    #[inline(always)]
    fn line<S: Simd>(
        &self,
        simd: S,
        text: Text<'_>,
        ends: [End; 2],
        lanes: &mut [u64],
        row: usize,
        numbers: &mut [u16; MOST_WORDS],
    ) -> Option<(usize, usize)> {
        let tables = &self.tables;
        let (start, end) = (ends[0].next as usize, ends[1].next as usize);
        let (mut nth, last) = (ends[0].quotes as usize, ends[1].quotes as usize);
        let first = *text.quotes.get(..last)?.get(nth)? as usize;
        let opened = text.text[start] == b'{'
            && (first == start + 1 || first == start + 2 && text.text[start + 1] == b' ');
        let window: &[u8; WINDOW + 64] = text.text.get(start..)?.first_chunk()?;
        if !opened || text.quotes[last - 1] as usize - start >= WINDOW {
            return None;
        }
        let mut at = Progress {
            state: State::KEY,
            column: 0,
            left: 0,
            misfit: 0,
            twice: 0,
            bit: 1 << (row % 64),
        };
        let mut id = (start, start);
        if let Some((key, known)) = &tables.first
            && key.stands(text.text, start)
            && let Some(&[_, _, from, to, next]) = text.quotes[nth..].first_chunk()
            && next == to + 2
            && text.text[to as usize + 1] == b','
            && is_plain(simd, text.text, from as usize + 1, to as usize)
        {
            at.word(tables, *known, lanes)?;
            id = (from as usize, to as usize + 1);
            nth += 4;
        }
        while nth < last {
            let pairs = (last - nth) / 2;
            let quotes = text.quotes.get(nth..=nth + 2 * pairs)?;
            find(simd, tables, window, ends[0].next, quotes, numbers);
            let (gaps, _) = quotes[1..].as_chunks::<2>();
            let mut known = 0;
            for (&number, &[close, next]) in numbers.iter().zip(gaps) {
                let place = close.wrapping_sub(ends[0].next) as usize % WINDOW;
                let (behind, _) = window[place + 1..place + 9].as_chunks::<8>();
                let gap = gap_of(behind[0], next.wrapping_sub(close));
                let found = tables.gap(gap);
                if number == 0 || found.bytes != gap {
                    break;
                }
                at.word(tables, number, lanes)?;
                at.left -= i32::from(found.cost);
                at.token(tables, found.token, lanes)?;
                at.state = found.after(at.state);
                known += 1;
            }
            nth += 2 * known;
            if nth == last {
                break;
            }
            // A quote too many, or more words than there is room for.
            let (&[open, close], &number) =
                (text.quotes[nth..last].first_chunk()?, numbers.get(known)?);
            nth += 2;
            let from = if number == 0 {
                // No word: the value of a column that takes any, or nothing for us.
                if at.state != State::VALUE {
                    return None;
                }
                let from = open as usize;
                let next = match tables.column(at.column)? {
                    Column::Answer => return None,
                    Column::Id => {
                        let next = name(text.text, from)?;
                        id = (from, next);
                        next
                    }
                    Column::Note => note(text.text, from)?,
                    Column::Ignored => anything(text.text, from)?,
                };
                // Quotes within it are no words.
                nth +=
                    text.quotes[nth..].iter().take_while(|&&quote| (quote as usize) < next).count();
                next
            } else {
                let from = close as usize + 1;
                let before = at.state;
                at.word(tables, number, lanes)?;
                match before {
                    State::KEY => {
                        // A copy goes there, so that what is counted can stay in registers here.
                        let (mut read, mut named) = (at, id);
                        let next = self.odd(text.text, from, &mut read, lanes, &mut named)?;
                        (at, id) = (read, named);
                        next
                    }
                    State::LISTED => (text.text[from] == b']').then_some(from + 1)?,
                    State::VALUE => from,
                    _ => return None,
                }
            };
            at.state = behind(text.text, from, end)?;
            if at.state == State::END {
                break;
            }
        }
        (at.state == State::END && at.misfit >= 0 && at.twice == 0 && nth == last).then_some(id)
    }

    /// Past a colon and a value without quotes that is in no gap of the tables.
    #[inline(never)]
    fn odd(
        &self,
        text: &[u8],
        colon: usize,
        at: &mut Progress,
        lanes: &mut [u64],
        id: &mut (usize, usize),
    ) -> Option<usize> {
        let from = match text.get(colon..colon + 2)? {
            b": " => colon + 2,
            [b':', _] => colon + 1,
            _ => return None,
        };
        let rest = text.get(from..)?;
        match self.tables.column(at.column)? {
            _ if rest.starts_with(b"\"") => None,
            Column::Id => {
                let next = name(text, from)?;
                *id = (from, next);
                Some(next)
            }
            Column::Ignored => anything(text, from),
            Column::Note => rest.starts_with(b"null").then_some(from + 4),
            Column::Answer => {
                let length = rest.iter().take_while(|byte| byte.is_ascii_alphanumeric()).count();
                at.token(&self.tables, self.tables.token(&rest[..length])?, lanes)?;
                Some(from + length)
            }
        }
    }
}

/// What comes behind a value that ends here, in a line that ends there.
fn behind(text: &[u8], at: usize, end: usize) -> Option<State> {
    match text.get(at..at + 3)? {
        [b'}', b'\n', _] if at + 2 == end => Some(State::END),
        [b'}', b'\r', b'\n'] if at + 3 == end => Some(State::END),
        [b',', b'"', _] | [b',', b' ', b'"'] => Some(State::KEY),
        _ => None,
    }
}

/// The numbers of the words that begin and end at these quotes; zero for what is none.
#[inline(always)]
fn find<S: Simd>(
    simd: S,
    tables: &Tables,
    window: &[u8; WINDOW + 64],
    start: u32,
    quotes: &[u32],
    numbers: &mut [u16; MOST_WORDS],
) {
    for (&[open, close], number) in quotes.as_chunks::<2>().0.iter().zip(numbers) {
        let place = open.wrapping_sub(start) as usize % WINDOW;
        let (head, _) = window[place..place + HEAD].as_chunks::<HEAD>();
        *number = match kept(close.wrapping_sub(open)) {
            None => 0,
            Some(kept) => {
                let (likely, word) = tables.likely(&head[0], kept);
                let within = u8x32::from_slice(simd, &head[0]) & u8x32::from_slice(simd, kept);
                let same = within.simd_eq(u8x32::from_slice(simd, word)).all_true();
                if same { likely } else { 0 }
            }
        };
    }
}

/// Whether a text is surely one without escapes: short, of ASCII, without a backslash.
#[inline(always)]
fn is_plain<S: Simd>(simd: S, text: &[u8], start: usize, end: usize) -> bool {
    let length = end.wrapping_sub(start);
    match text.get(start..).and_then(|text| text.first_chunk::<HEAD>()) {
        Some(head) if length <= HEAD => {
            let head = u8x32::from_slice(simd, head);
            let odd = head.simd_lt(u8x32::splat(simd, b' '))
                | head.simd_ge(u8x32::splat(simd, 128))
                | head.simd_eq(u8x32::splat(simd, b'\\'));
            odd.to_bitmask() & ((1 << length) - 1) == 0
        }
        _ => false,
    }
}
