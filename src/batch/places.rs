//! Where certain bytes stand in a text, found 64 bytes at a step.
//!
//! What stands between two of them is then taken as a whole, its length known before it is looked
//! at, so that no word waits for the one before it to be read.

use wide::u8x16;

/// Looks for any of `N` bytes, from the start of a text to its end.
#[derive(Clone, Copy, Debug)]
pub(super) struct Places<'t, const N: usize> {
    text: &'t [u8],
    sought: [u8x16; N],
    /// Where the part begins that is looked at.
    base: usize,
    /// The places in it that were not told yet, a bit for each.
    bits: u64,
}

impl<'t, const N: usize> Places<'t, N> {
    /// Begins at the start of a text that ends in 64 bytes, which are looked at too.
    pub(super) fn new(text: &'t [u8], sought: [u8; N]) -> Self {
        let mut places = Self { text, sought: sought.map(u8x16::splat), base: 0, bits: 0 };
        places.bits = places.part().unwrap_or(0);
        places
    }

    /// The next place; none behind the last.
    #[inline]
    pub(super) fn next(&mut self) -> Option<usize> {
        while self.bits == 0 {
            self.base += 64;
            self.bits = self.part()?;
        }
        let place = self.base + self.bits.trailing_zeros() as usize;
        self.bits &= self.bits - 1;
        Some(place)
    }

    /// Goes on from here, be it further on or back.
    #[inline]
    pub(super) fn seek(&mut self, at: usize) {
        self.base = at & !63;
        self.bits = self.part().unwrap_or(0) & u64::MAX << (at & 63);
    }

    #[inline]
    fn part(&self) -> Option<u64> {
        let part: &[u8; 64] = self.text.get(self.base..)?.first_chunk()?;
        let quarter = |nth: usize| {
            let bytes = u8x16::new(*part[nth * 16..].first_chunk().unwrap_or(&[0; 16]));
            let mut found = bytes.simd_eq(self.sought[0]);
            for &sought in &self.sought[1..] {
                found |= bytes.simd_eq(sought);
            }
            u64::from(found.to_bitmask()) << (nth * 16)
        };
        Some(quarter(0) | quarter(1) | quarter(2) | quarter(3))
    }
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
        let told = |places: &mut Places<'_, 2>| -> Vec<usize> {
            std::iter::from_fn(|| places.next()).collect()
        };
        let mut places = Places::new(&text, *b"be");
        assert_eq!(told(&mut places), all);
        for from in [999, 64, 63, 500, 0] {
            places.seek(from);
            let rest: Vec<usize> = all.iter().copied().filter(|&at| at >= from).collect();
            assert_eq!(told(&mut places), rest, "{from}");
        }
    }
}
