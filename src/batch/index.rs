//! Where the pieces of a block stand.

#![expect(
    clippy::inline_always,
    reason = "what is not part of the code for a kind of processor is not compiled for it"
)]

use fearless_simd::prelude::*;
use fearless_simd::{Level, dispatch, mask8x64, u8x64};

/// Where the pieces of a block begin.
///
/// A piece goes as far as the next one, so that what separates the two is its end. One begins at
/// each byte that separates none and stands behind one that does, and at each closing brace.
#[derive(Clone, Debug, Default)]
pub(super) struct Index {
    /// Where they begin in turn, and room.
    starts: Vec<u32>,
    /// How many there are.
    count: usize,
}

/// How many times 64 bytes are looked at before room is made for more pieces.
const STRETCH: usize = 64;
/// How many pieces are written down without asking whether there are so many.
const AT_ONCE: usize = 8;
/// The same where registers are wide.
const AT_ONCE_WIDE: usize = 16;

impl Index {
    /// Where all pieces begin, and at last where what stands behind the text does, or a little
    /// further on.
    #[inline]
    pub(super) fn starts(&self) -> &[u32] {
        &self.starts[..self.count]
    }

    /// Looks through a text of so many bytes, fewer than four gibibytes, which is followed by 64 or
    /// more that separate nothing.
    ///
    /// Pieces are separated by commas, closing brackets, braces, and anything below a blank. How
    /// many there are in 64 bytes is not asked before they are written down, except where they are
    /// many: what could not be foretold would cost more than is saved.
    pub(super) fn read(&mut self, text: &[u8], length: usize) {
        let text = &text[..length + 64];
        dispatch!(Level::new(), simd => self.read_with(simd, text));
    }

    #[inline(always)]
    fn read_with<S: Simd>(&mut self, simd: S, text: &[u8]) {
        let sought = |byte| u8x64::splat(simd, byte);
        let (comma, open, close) = (sought(b','), sought(b'{'), sought(b'}'));
        let (blank, case) = (sought(b' '), sought(b' '));
        let (mut base, mut count, mut before) = (0_u32, 0, 1);
        for stretch in text.as_chunks::<64>().0.chunks(STRETCH) {
            let room = stretch.len() * 64;
            if self.starts.len() < count + room {
                self.starts.resize((count + room) * 2, 0);
            }
            let mut places = &mut self.starts[count..];
            for part in stretch {
                let part = u8x64::from_slice(simd, part);
                let closes = part.simd_eq(close).to_bitmask();
                // A bracket and a brace differ by one bit.
                let separates = part.simd_eq(comma)
                    | part.simd_eq(open)
                    | (part | case).simd_eq(close)
                    | part.simd_lt(blank);
                let separates = separates.to_bitmask();
                let starts = !separates & (separates << 1 | before) | closes;
                before = separates >> 63;
                let found = starts.count_ones() as usize;
                let Some(next) = places.first_chunk_mut::<64>() else { break };
                if has_wide::<S>() {
                    put_wide(simd, next, base, starts);
                } else {
                    put(next, base, starts);
                }
                places = &mut places[found..];
                (base, count) = (base + 64, count + found);
            }
        }
        // The piece behind the text may begin where no more was looked at.
        self.starts.resize(self.starts.len().max(count + 1), 0);
        self.starts[count] = base;
        self.count = count + 1;
    }
}

/// Whether a register has 64 bytes, of which some can be moved together at a step.
#[inline(always)]
fn has_wide<S: Simd>() -> bool {
    <S::u8s as SimdBase<S>>::LEN >= 64
}

/// Writes down where the bits stand that are set.
#[inline(always)]
fn put(places: &mut [u32; 64], base: u32, mut starts: u64) {
    let found = starts.count_ones() as usize;
    let mut put = |places: &mut [u32]| {
        for place in places {
            *place = base + starts.trailing_zeros();
            starts &= starts.wrapping_sub(1);
        }
    };
    put(&mut places[..AT_ONCE]);
    if found > AT_ONCE {
        put(&mut places[AT_ONCE..]);
    }
}

/// As [`put`], all at once.
#[inline(always)]
fn put_wide<S: Simd>(simd: S, places: &mut [u32; 64], base: u32, starts: u64) {
    static PLACES: [u8; 64] = {
        let mut places = [0; 64];
        let mut place = 0;
        while place < 64 {
            places[place as usize] = place;
            place += 1;
        }
        places
    };
    let set = mask8x64::from_bitmask(simd, starts);
    let set: [u8; 64] = u8x64::from_slice(simd, &PLACES).compress(set).into();
    let write = |places: &mut [u32], set: &[u8]| {
        for (place, &set) in places.iter_mut().zip(set) {
            *place = base + u32::from(set);
        }
    };
    write(&mut places[..AT_ONCE_WIDE], &set[..AT_ONCE_WIDE]);
    if starts.count_ones() as usize > AT_ONCE_WIDE {
        write(&mut places[AT_ONCE_WIDE..], &set[AT_ONCE_WIDE..]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_ways_find_every_bit() {
        let few = (0..64_u32).map(|n| 0x8000_0000_0000_0001_u64.rotate_left(n));
        let many = (1..64_u64).map(|n| n.wrapping_mul(0x9e37_79b9_7f4a_7c15));
        for bits in few.chain(many).chain([0, u64::MAX]) {
            let wanted: Vec<u32> = (0..64).filter(|n| bits >> n & 1 == 1).map(|n| n + 7).collect();
            let (mut each, mut wide) = ([0; 64], [0; 64]);
            put(&mut each, 7, bits);
            dispatch!(Level::new(), simd => put_wide(simd, &mut wide, 7, bits));
            assert_eq!(each[..wanted.len()], wanted);
            assert_eq!(wide[..wanted.len()], wanted);
        }
    }

    #[test]
    fn every_piece_is_found() {
        let text: Vec<u8> = (0..5000_u32)
            .map(|n| b"\",\na]b}d{\xfe"[(n * n % 251 * n % 97 % 10) as usize])
            .collect();
        let mut index = Index::default();
        // However far the text goes into what is looked at in one step.
        for length in (0..=64).chain([text.len()]) {
            let mut block = text[..length].to_vec();
            block.resize(length + 64, b'_');
            let separates = |at: usize| b",\n]{}".contains(&block[at]);
            let begins =
                |at: usize| block[at] == b'}' || !separates(at) && (at == 0 || separates(at - 1));
            let wanted: Vec<u32> = (0..=length)
                .zip(0..)
                .filter(|(at, _)| begins(*at))
                .map(|(_, place)| place)
                .collect();
            index.read(&block, length);
            let found = index.starts();
            let inside = wanted.iter().filter(|place| (**place as usize) < length).count();
            assert_eq!(found[..inside], wanted[..inside]);
            assert!(found[inside..].iter().all(|place| *place as usize >= length));
            assert!(found.len() > inside);
        }
        assert!(index.starts().len() > 1000);
    }
}
