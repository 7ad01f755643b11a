//! Words found by their first sixteen bytes, without a branch that could not be foretold.

/// A table of words and the number of each.
#[derive(Clone, Debug)]
pub(super) struct Words {
    slots: Vec<Slot>,
    /// The bytes behind the head of longer words, by their numbers.
    rests: Vec<(u32, Box<[u8]>)>,
    seed: u64,
    shift: u32,
}

#[derive(Clone, Copy, Debug, Default)]
struct Slot {
    head: Head,
    number: u32,
}

/// The start of a word, and its length.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Head {
    bytes: [u64; HEAD / 8],
    length: u32,
}

/// The bytes of a head.
const HEAD: usize = 16;

/// What a head keeps of the bytes at its place, by the length of the word.
const KEPT: [[u64; HEAD / 8]; HEAD + 1] = {
    let mut kept = [[0; HEAD / 8]; HEAD + 1];
    let mut length = 0;
    while length <= HEAD {
        let mut byte = 0;
        while byte < length {
            kept[length][byte / 8] |= 0xff << (byte % 8 * 8);
            byte += 1;
        }
        length += 1;
    }
    kept
};

impl Head {
    /// The word of this length that begins here; `HEAD` bytes must stand behind `at`.
    #[inline]
    pub(super) fn read(text: &[u8], at: usize, length: usize) -> Option<Self> {
        let bytes: &[u8; HEAD] = text.get(at..)?.first_chunk()?;
        let (halves, _) = bytes.as_chunks::<8>();
        let kept = KEPT[length.min(HEAD)];
        let bytes = [0, 1].map(|nth| u64::from_le_bytes(halves[nth]) & kept[nth]);
        Some(Self { bytes, length: u32::try_from(length).ok()? })
    }

    #[inline]
    fn hash(self, seed: u64) -> u64 {
        let [low, high] = self.bytes;
        (low ^ high.rotate_left(29) ^ u64::from(self.length)).wrapping_mul(seed)
    }

    #[inline]
    fn is(self, other: Self) -> bool {
        let differ = (self.bytes[0] ^ other.bytes[0]) | (self.bytes[1] ^ other.bytes[1]);
        differ | u64::from(self.length ^ other.length) == 0
    }
}

impl Words {
    /// A table of different words; none, if no table without collisions is found.
    pub(super) fn new<'a>(words: impl IntoIterator<Item = (&'a str, u32)>) -> Option<Self> {
        let words: Vec<(&str, u32)> = words.into_iter().collect();
        let mut bits = (words.len() * 2).next_power_of_two().trailing_zeros().max(1);
        for (round, seed) in (0..4096).zip(seeds()) {
            if round % 256 == 255 && bits < 16 {
                bits += 1;
            }
            let slots = vec![Slot::default(); 1 << bits];
            let mut table = Self { slots, rests: Vec::new(), seed, shift: 64 - bits };
            if words.iter().all(|(word, number)| table.place(word.as_bytes(), *number)) {
                return Some(table);
            }
        }
        None
    }

    fn place(&mut self, word: &[u8], number: u32) -> bool {
        let padded = [word, &[0; HEAD]].concat();
        let Some(head) = Head::read(&padded, 0, word.len()) else { return false };
        let slot = &mut self.slots[slot(head.hash(self.seed), self.shift)];
        let free = slot.head.length == 0;
        *slot = Slot { head, number };
        if let Some((_, rest)) = word.split_first_chunk::<HEAD>() {
            self.rests.push((number, rest.into()));
        }
        free && !word.is_empty()
    }

    /// The number of the word with this head, which begins at `at`.
    #[inline]
    pub(super) fn find(&self, head: Head, text: &[u8], at: usize) -> Option<u32> {
        let slot = self.slots.get(slot(head.hash(self.seed), self.shift))?;
        // An empty word has the head of an empty slot.
        if !slot.head.is(head) || head.length == 0 {
            return None;
        }
        (head.length as usize <= HEAD || self.goes_on(slot, text, at)).then_some(slot.number)
    }

    /// Whether a long word is the one of its slot beyond its head, too.
    fn goes_on(&self, slot: &Slot, text: &[u8], at: usize) -> bool {
        let length = slot.head.length as usize;
        let within = text.get(at + HEAD..at + length);
        self.rests.iter().any(|(number, rest)| {
            *number == slot.number && within.is_some_and(|within| within == &**rest)
        })
    }
}

/// Numbers to be tried one after the other until a table comes out of one.
pub(super) fn seeds() -> impl Iterator<Item = u64> {
    let next = |seed: &u64| {
        Some(seed.wrapping_mul(0x5851_f42d_4c95_7f2d).wrapping_add(0x1405_7b7e_f767_814e) | 1)
    };
    std::iter::successors(Some(0x9e37_79b9_7f4a_7c15), next)
}

/// A short text that is expected at a place.
#[derive(Clone, Copy, Debug)]
pub(super) struct Expected {
    bytes: [u64; EXPECTED / 8],
    kept: [u64; EXPECTED / 8],
    length: usize,
}

/// The longest text that can be expected.
const EXPECTED: usize = 24;

impl Expected {
    /// None where it is too long.
    pub(super) fn new(text: &str) -> Option<Self> {
        let (mut bytes, mut kept) = ([0; EXPECTED], [0; EXPECTED]);
        bytes.get_mut(..text.len())?.copy_from_slice(text.as_bytes());
        kept[..text.len()].fill(0xff);
        let words = |bytes: [u8; EXPECTED]| {
            let mut words = [0; EXPECTED / 8];
            for (word, bytes) in words.iter_mut().zip(bytes.as_chunks::<8>().0) {
                *word = u64::from_le_bytes(*bytes);
            }
            words
        };
        Some(Self { bytes: words(bytes), kept: words(kept), length: text.len() })
    }

    /// How long it is, in bytes.
    pub(super) fn length(&self) -> usize {
        self.length
    }

    /// Whether it stands here; `EXPECTED` bytes must stand behind the text.
    #[inline]
    pub(super) fn stands(&self, text: &[u8], at: usize) -> bool {
        let Some(found) = text.get(at..).and_then(|text| text.first_chunk::<EXPECTED>()) else {
            return false;
        };
        let (found, _) = found.as_chunks::<8>();
        let differ =
            |nth: usize| (u64::from_le_bytes(found[nth]) ^ self.bytes[nth]) & self.kept[nth];
        differ(0) | differ(1) | differ(2) == 0
    }
}

#[inline]
fn slot(hash: u64, shift: u32) -> usize {
    usize::try_from(hash >> shift).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_is_found_and_nothing_else_is() {
        let words = [
            "a",
            "signs-now",
            "exactly-16-bytes",
            "exactly-16-bytes-and-more",
            "as long as the start and the end together are not",
            "under-2-weeks",
            "under-18",
            "none",
        ];
        let table = Words::new(words.iter().zip(1..).map(|(word, n)| (*word, n))).expect("a table");
        let find = |word: &str| {
            let text = format!("x{word}\", and more text behind it until there is enough");
            let head = Head::read(text.as_bytes(), 1, word.len()).expect("a head");
            table.find(head, text.as_bytes(), 1)
        };
        for (word, number) in words.iter().zip(1..) {
            assert_eq!(find(word), Some(number), "{word}");
        }
        let strangers = [
            "",
            "b",
            "signs-no",
            "signs-now ",
            "exactly-16-bytes-and-mor",
            "exactly-16-bytes-and-MORE",
            "as long as the start and the END together are not",
            "under-2",
        ];
        for stranger in strangers {
            assert_eq!(find(stranger), None, "{stranger}");
        }
    }
}
