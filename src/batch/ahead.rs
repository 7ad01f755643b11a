//! What the next pieces of a text do, found for many of them together.

#![expect(
    clippy::inline_always,
    reason = "what is not part of the code for a kind of processor is not compiled for it"
)]

use fearless_simd::prelude::*;
use fearless_simd::{u8x32, u64x2, u64x8};

use super::tables::{Action, BLANK, Tables, WIDTH, kept};

/// How many pieces are looked at ahead.
const AHEAD: usize = 64;
/// The bytes that are looked at to know a piece: a blank before it, and its own.
const AROUND: usize = 1 + WIDTH;

/// A text, and where its pieces begin.
#[derive(Clone, Copy)]
pub(super) struct Text<'t> {
    pub(super) text: &'t [u8],
    pub(super) starts: &'t [u32],
    /// Pieces may have a blank before them.
    pub(super) is_spaced: bool,
}

/// What the pieces do from one of them on, and what is asked of all of them: a bit for each.
pub(super) struct Ahead {
    /// The first of them.
    from: usize,
    /// The action before them, and theirs.
    actions: [u64; 1 + AHEAD],
    /// It is known.
    known: u64,
    /// It is, and the line goes on behind it.
    goes_on: u64,
    /// A column begins with it.
    begins: u64,
    /// It could follow the one before.
    fits: u64,
}

/// Pieces of one line that are marked together.
pub(super) struct Run<'a> {
    pub(super) actions: &'a [u64],
    /// How many columns begin with them.
    pub(super) begun: u32,
    /// Each could follow the one before.
    pub(super) fits: bool,
    pub(super) stop: Stop,
}

/// Why a run is no longer.
pub(super) enum Stop {
    /// Nothing behind it was looked at yet.
    Ahead,
    /// The next piece ends the line.
    End,
    /// The next piece is not known.
    Unknown,
}

impl Ahead {
    /// Nothing was looked at yet.
    pub(super) const NONE: Self =
        Self { from: 0, actions: [0; 1 + AHEAD], known: 0, goes_on: 0, begins: 0, fits: 0 };

    /// The pieces from one on that belong to one line; none, if they were not looked at.
    #[inline(always)]
    pub(super) fn run(&self, nth: usize) -> Option<Run<'_>> {
        let nth = nth.wrapping_sub(self.from);
        let actions = if nth < AHEAD { &self.actions[1 + nth..] } else { return None };
        let length = (!(self.goes_on >> nth)).trailing_zeros() as usize;
        let stop = match actions.get(length) {
            None => Stop::Ahead,
            Some(&action)
                if self.known >> nth >> length & 1 == 1 && Action(action).has(Action::ENDS) =>
            {
                Stop::End
            }
            Some(_) => Stop::Unknown,
        };
        let of_run = if length < AHEAD { !(u64::MAX << length) } else { u64::MAX };
        // Its first piece comes behind what stands before them all, or behind nothing of its line.
        let first = if nth == 0 { self.fits } else { self.begins >> nth } & 1;
        let fits = self.fits >> nth & !1 | first;
        Some(Run {
            actions: actions.get(..length)?,
            begun: (self.begins >> nth & of_run).count_ones(),
            fits: !fits & of_run == 0,
            stop,
        })
    }

    /// Works out what the pieces from one on do, behind what was done before.
    #[inline(always)]
    pub(super) fn look<S: Simd>(
        &mut self,
        simd: S,
        tables: &Tables,
        text: Text<'_>,
        nth: usize,
        before: Action,
    ) {
        self.from = nth;
        self.actions[0] = before.0;
        let [_, actions @ ..] = &mut self.actions;
        let known = if text.is_spaced {
            look_at::<_, true>(simd, tables, text, nth, actions)
        } else {
            look_at::<_, false>(simd, tables, text, nth, actions)
        };
        self.ask(simd, known);
    }

    /// Asks of all pieces what is asked of each.
    #[inline(always)]
    fn ask<S: Simd>(&mut self, simd: S, known: u64) {
        let begins = u64x8::splat(simd, Action::BEGINS);
        let goes_on = u64x8::splat(simd, Action::GOES_ON);
        (self.goes_on, self.begins, self.fits) = (0, 0, 0);
        for at in (0..AHEAD).step_by(8) {
            let before = u64x8::from_slice(simd, &self.actions[at..at + 8]);
            let actions = u64x8::from_slice(simd, &self.actions[at + 1..at + 9]);
            let fits = ((before >> Action::OPEN_TO_BEGINS) ^ actions) & begins;
            self.goes_on |= (actions & goes_on).simd_eq(goes_on).to_bitmask() << at;
            self.begins |= (actions & begins).simd_eq(begins).to_bitmask() << at;
            self.fits |= fits.simd_eq(begins).to_bitmask() << at;
        }
        self.goes_on &= known;
        self.known = known;
    }
}

/// Works out what the pieces from one on do, and returns which of them are known, a bit for each. It
/// looks at nothing but them, so that the next is looked for while the last is still being found.
#[inline(always)]
fn look_at<S: Simd, const SPACED: bool>(
    simd: S,
    tables: &Tables,
    Text { text, starts, .. }: Text<'_>,
    nth: usize,
    actions: &mut [u64; AHEAD],
) -> u64 {
    let starts = starts.get(nth..).unwrap_or_default();
    let (fixed, Some(last)) = (tables.fixed(), text.len().checked_sub(AROUND)) else { return 0 };
    let (blank, mut known) = (u8x32::splat(simd, BLANK), 0);
    for ((two, action), place) in starts.windows(2).zip(actions).zip(0..) {
        let &[from, next] = two else { break };
        let from = from as usize;
        // Behind every piece of the text there is so much; but it has to be seen.
        if from > last {
            break;
        }
        let Some(window) = text[from..].first_chunk::<AROUND>() else { break };
        let skipped = usize::from(SPACED && window[0] == b' ');
        let from = from + skipped;
        let length = (next as usize).wrapping_sub(from);
        if length > WIDTH {
            if let Some(long) = tables.long(text.get(from..next as usize)) {
                *action = long.0;
                known |= 1 << place;
            }
            continue;
        }
        let bytes: &[u8; WIDTH] = window[skipped..].first_chunk().unwrap_or(&[0; WIDTH]);
        let kept = u8x32::from_slice(simd, kept(length));
        let piece = (u8x32::from_slice(simd, bytes) ^ blank) & kept;
        let (low, high) = piece.split();
        let likely = fixed.likely((low ^ high).bitcast::<u64x2<S>>().into());
        let same = piece.simd_eq(u8x32::from_slice(simd, &likely.bytes)).all_true();
        // What it does counts only if it is known, so that there is no branch on that.
        *action = likely.action.0;
        known |= u64::from(same) << place;
    }
    known
}
