//! Where certain bytes stand in a text, found 64 bytes at a step.
//!
//! What stands between two of them is then taken as a whole, its length known before it is looked
//! at, so that no word waits for the one before it to be read.

#![expect(
    clippy::inline_always,
    reason = "what is not part of the code for a kind of processor is not compiled for it"
)]

use fearless_simd::prelude::*;
use fearless_simd::{Level, dispatch, u8x64};

/// The places of any of some bytes in a text, from its start to its end.
#[derive(Clone, Debug, Default)]
pub(super) struct Places {
    /// A bit for each byte.
    found: Vec<u64>,
    /// The part whose places are being told.
    part: usize,
    /// The places in it that were not told yet.
    bits: u64,
}

impl Places {
    /// Begins at the start of a text that ends in 64 bytes, which are looked at too.
    pub(super) fn look_for<const N: usize>(&mut self, text: &[u8], sought: [u8; N]) {
        self.found.clear();
        dispatch!(Level::new(), simd => look(simd, text, sought, &mut self.found));
        self.seek(0);
    }

    /// The next place; none behind the last.
    #[inline]
    pub(super) fn next(&mut self) -> Option<usize> {
        while self.bits == 0 {
            self.part += 1;
            self.bits = *self.found.get(self.part)?;
        }
        let place = self.part * 64 + self.bits.trailing_zeros() as usize;
        self.bits &= self.bits - 1;
        Some(place)
    }

    /// Goes on from here, be it further on or back.
    #[inline]
    pub(super) fn seek(&mut self, at: usize) {
        self.part = at / 64;
        self.bits = self.found.get(self.part).unwrap_or(&0) & u64::MAX << (at % 64);
    }
}

#[inline(always)]
fn look<S: Simd, const N: usize>(simd: S, text: &[u8], sought: [u8; N], found: &mut Vec<u64>) {
    let sought = sought.map(|byte| u8x64::splat(simd, byte));
    let (parts, _) = text.as_chunks::<64>();
    found.extend(parts.iter().map(|part| {
        let part = u8x64::from_slice(simd, part);
        let mut any = part.simd_eq(sought[0]);
        for &sought in &sought[1..] {
            any |= part.simd_eq(sought);
        }
        any.to_bitmask()
    }));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_place_is_told_once_and_in_order() {
        let mut text: Vec<u8> =
            (0..1000_u32).map(|n| (n * n % 251 % 5).to_le_bytes()[0] + b'a').collect();
        let sought = |byte: u8| byte == b'b' || byte == b'e';
        let all: Vec<usize> = (0..text.len()).filter(|&at| sought(text[at])).collect();
        text.resize(text.len() + 64, 0);
        let told =
            |places: &mut Places| -> Vec<usize> { std::iter::from_fn(|| places.next()).collect() };
        let mut places = Places::default();
        places.look_for(&text, *b"be");
        assert_eq!(told(&mut places), all);
        for from in [999, 64, 63, 500, 0] {
            places.seek(from);
            let rest: Vec<usize> = all.iter().copied().filter(|&at| at >= from).collect();
            assert_eq!(told(&mut places), rest, "{from}");
        }
    }
}
