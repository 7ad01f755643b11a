//! Words found by their first sixteen bytes and their last, without a branch that could not be foretold.

/// How many bytes behind the end of a text must be there to be looked at.
pub(super) const PADDING: usize = 32;

/// A table of words and the number of each.
#[derive(Clone, Debug)]
pub(super) struct Words {
    slots: Vec<Slot>,
    seed: u64,
    shift: u32,
}

#[derive(Clone, Debug, Default)]
struct Slot {
    head: Head,
    word: Box<[u8]>,
    number: u64,
}

/// The start of a word, its length, and where it is long its end.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Head {
    bytes: u128,
    /// The last eight bytes of a word of more than sixteen.
    end: u64,
    pub(super) length: usize,
}

const ONES: u128 = u128::MAX / 0xff;
const TOPS: u128 = ONES << 7;
const QUOTES: u128 = ONES * 0x22;

impl Head {
    /// The word that begins here and ends before the next quote.
    ///
    /// `PADDING` bytes must stand behind `at`. What is in the word is not looked at here: a word
    /// that equals a known one has no escapes in it.
    #[inline]
    pub(super) fn read(text: &[u8], at: usize) -> Option<Self> {
        let bytes = u128::from_le_bytes(text.get(at..at + 16)?.try_into().ok()?);
        // The lowest byte that is a quote has its top bit set here, and none below it has.
        let differ = bytes ^ QUOTES;
        let quotes = differ.wrapping_sub(ONES) & !differ & TOPS;
        if quotes == 0 {
            let length = 16 + memchr::memchr(b'"', text.get(at + 16..)?)?;
            let end = text.get(at..at + length).map_or(0, last_bytes);
            return Some(Self { bytes, end, length });
        }
        let length = (quotes.trailing_zeros() / 8) as usize;
        let before = (quotes & quotes.wrapping_neg()) >> 7;
        Some(Self { bytes: bytes & before.wrapping_sub(1), end: 0, length })
    }

    /// The head of a word as a whole.
    pub(super) fn of(word: &[u8]) -> Self {
        let mut bytes = [0; 16];
        let start = word.len().min(16);
        bytes[..start].copy_from_slice(&word[..start]);
        Self { bytes: u128::from_le_bytes(bytes), end: last_bytes(word), length: word.len() }
    }

    #[expect(clippy::cast_possible_truncation, reason = "the lower half is wanted")]
    fn hash(self, seed: u64) -> u64 {
        let [low, high] = [self.bytes as u64, (self.bytes >> 64) as u64];
        let mixed = low.wrapping_mul(seed) ^ high.wrapping_add(self.length as u64) ^ self.end;
        mixed.wrapping_mul(seed.rotate_left(17) | 1)
    }
}

/// The last eight bytes of a word of more than sixteen; zero for others.
fn last_bytes(word: &[u8]) -> u64 {
    match word.last_chunk() {
        Some(end) if word.len() > 16 => u64::from_le_bytes(*end),
        _ => 0,
    }
}

impl Words {
    /// A table of different words; none, if no table without collisions is found.
    pub(super) fn new<'a>(words: impl IntoIterator<Item = (&'a str, u64)>) -> Option<Self> {
        let words: Vec<(&str, u64)> = words.into_iter().collect();
        let mut bits = (words.len() * 2).next_power_of_two().trailing_zeros().max(1);
        let mut seed = 0x9e37_79b9_7f4a_7c15_u64;
        for round in 0..4096 {
            if round % 256 == 255 && bits < 16 {
                bits += 1;
            }
            seed = seed.wrapping_mul(0x5851_f42d_4c95_7f2d).wrapping_add(0x1405_7b7e_f767_814e) | 1;
            let mut table =
                Self { slots: vec![Slot::default(); 1 << bits], seed, shift: 64 - bits };
            if words.iter().all(|(word, number)| table.place(word.as_bytes(), *number)) {
                return Some(table);
            }
        }
        None
    }

    fn place(&mut self, word: &[u8], number: u64) -> bool {
        let head = Head::of(word);
        let slot = usize::try_from(head.hash(self.seed) >> self.shift).unwrap_or(0);
        let free = self.slots[slot].word.is_empty();
        self.slots[slot] = Slot { head, word: word.into(), number };
        free && !word.is_empty()
    }

    /// The number of the word with this head, which begins at `at`.
    #[inline]
    pub(super) fn find(&self, head: Head, text: &[u8], at: usize) -> Option<u64> {
        let slot = self.slots.get(usize::try_from(head.hash(self.seed) >> self.shift).ok()?)?;
        let same = slot.head == head
            && (head.length <= 16 || text.get(at + 16..at + head.length)? == &slot.word[16..]);
        // An empty word has the head of an empty slot.
        (same && head.length != 0).then_some(slot.number)
    }

    /// The number of a word as a whole.
    pub(super) fn look_up(&self, word: &[u8]) -> Option<u64> {
        self.find(Head::of(word), word, 0)
    }
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
            "exactly-16-bytes-and-else",
            "under-2-weeks",
            "under-18",
            "none",
        ];
        let table = Words::new(words.iter().zip(1..).map(|(word, n)| (*word, n))).expect("a table");
        for (word, number) in words.iter().zip(1..) {
            assert_eq!(table.look_up(word.as_bytes()), Some(number), "{word}");
            let text = format!("x{word}\", and more text behind it until there is enough");
            let head = Head::read(text.as_bytes(), 1).expect("a head");
            assert_eq!(head.length, word.len());
            assert_eq!(table.find(head, text.as_bytes(), 1), Some(number), "{word}");
        }
        for stranger in ["", "b", "signs-no", "signs-now ", "exactly-16-bytes-and-mor", "under-2"] {
            assert_eq!(table.look_up(stranger.as_bytes()), None, "{stranger}");
        }
    }
}
