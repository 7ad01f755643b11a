//! Where the quotes of a block stand, and where its lines end.

#![expect(
    clippy::inline_always,
    reason = "what is not part of the code for a kind of processor is not compiled for it"
)]

use std::ops::Range;

use fearless_simd::prelude::*;
use fearless_simd::{Level, dispatch, u8x64};

/// The end of a line.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct End {
    /// Where the next line begins.
    pub(super) next: u32,
    /// How many quotes stand before that.
    pub(super) quotes: u32,
}

/// The quotes and the lines of a block.
#[derive(Clone, Debug, Default)]
pub(super) struct Index {
    /// The places of the quotes, behind them some of none, and room.
    quotes: Vec<u32>,
    /// How many places there are, those of none counted.
    places: usize,
    /// The ends of the lines, and room.
    ends: Vec<End>,
    /// How many ends there are, the one before the first line counted.
    lines: usize,
}

/// How many quotes of no place stand behind the others.
const BEHIND: usize = 4;

impl Index {
    /// The places of all quotes, and behind them some more that are none.
    #[inline]
    pub(super) fn quotes(&self) -> &[u32] {
        &self.quotes[..self.places]
    }

    /// The ends of all lines, before them that of nothing.
    #[inline]
    pub(super) fn ends(&self) -> &[End] {
        &self.ends[..self.lines]
    }

    /// Where a line stands, without its end.
    pub(super) fn line(&self, line: usize) -> Range<usize> {
        let [start, next] = [line, line + 1].map(|line| self.ends[line].next as usize);
        start..next - 1
    }

    /// Looks through a block that is followed by 64 bytes or more without quotes or line ends.
    ///
    /// How many there are of either in 64 bytes is not asked before they are written down, except
    /// where they are many: what could not be foretold would cost more than is saved.
    ///
    /// # Panics
    /// A block of four gibibytes or more; nobody reads so much at a time.
    pub(super) fn read(&mut self, text: &[u8]) {
        assert!(u32::try_from(text.len()).is_ok(), "a block is too long");
        dispatch!(Level::new(), simd => self.read_with(simd, text));
    }

    #[inline(always)]
    fn read_with<S: Simd>(&mut self, simd: S, text: &[u8]) {
        let (quote, newline) = (u8x64::splat(simd, b'"'), u8x64::splat(simd, b'\n'));
        let (mut base, mut quotes, mut lines) = (0_u32, 0_u32, 1);
        for part in text.as_chunks::<64>().0 {
            let part = u8x64::from_slice(simd, part);
            let mut found = part.simd_eq(quote).to_bitmask();
            let mut ends = part.simd_eq(newline).to_bitmask();
            let room = 64 + BEHIND;
            if self.quotes.len() < quotes as usize + room {
                self.quotes.resize((quotes as usize + room) * 2, 0);
            }
            if self.ends.len() < lines + 64 {
                self.ends.resize((lines + 64) * 2, End::default());
            }
            let end = |ends: u64| End {
                next: base + ends.trailing_zeros() + 1,
                quotes: quotes + (found & (ends ^ ends.wrapping_sub(1))).count_ones(),
            };
            self.ends[lines] = end(ends);
            lines += usize::from(ends != 0);
            ends &= ends.wrapping_sub(1);
            while ends != 0 {
                self.ends[lines] = end(ends);
                lines += 1;
                ends &= ends - 1;
            }
            let count = found.count_ones();
            if let Some(places) = self.quotes[quotes as usize..].first_chunk_mut::<64>() {
                let mut put = |places: &mut [u32]| {
                    for place in places {
                        *place = base + found.trailing_zeros();
                        found &= found.wrapping_sub(1);
                    }
                };
                put(&mut places[..8]);
                if count > 8 {
                    put(&mut places[8..16]);
                }
                if count > 16 {
                    put(&mut places[16..]);
                }
            }
            (base, quotes) = (base + 64, quotes + count);
        }
        let found = quotes as usize;
        self.places = found + BEHIND;
        self.quotes.resize(self.quotes.len().max(self.places), 0);
        self.quotes[found..self.places].fill(base);
        self.ends.resize(self.ends.len().max(lines), End::default());
        self.ends[0] = End::default();
        self.lines = lines;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_quote_and_every_end_is_found() {
        let text: Vec<u8> =
            (0..5000_u32).map(|n| b"\"\na\"bc\"d"[(n * n % 251 * n % 97 % 8) as usize]).collect();
        let mut block = text.clone();
        block.resize(text.len() + 64, 0);
        let mut index = Index::default();
        for _ in 0..2 {
            index.read(&block);
            let places = |sought: u8| {
                let places = text.iter().zip(0_u32..).filter(move |(byte, _)| **byte == sought);
                places.map(|(_, at)| at).collect::<Vec<_>>()
            };
            let quotes = places(b'"');
            assert!(quotes.len() > 1000);
            assert_eq!(index.quotes()[..quotes.len()], quotes);
            assert_eq!(index.quotes().len(), quotes.len() + BEHIND);
            let ends: Vec<u32> = places(b'\n').iter().map(|at| at + 1).collect();
            let found: Vec<u32> = index.ends()[1..].iter().map(|end| end.next).collect();
            assert_eq!(found, ends);
            for end in index.ends() {
                let before = quotes.iter().filter(|&&quote| quote < end.next).count();
                assert_eq!(end.quotes as usize, before);
            }
        }
    }
}
