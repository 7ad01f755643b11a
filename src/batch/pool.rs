//! Words that are written often, copied in steps of one size, which costs no call each.

/// How many bytes are copied at a step; most words need one.
const STEP: usize = 32;
/// How much room is made at a time.
const ROOM: usize = 64 << 10;

/// Words side by side, and a step's bytes behind them.
#[derive(Clone, Debug)]
pub(super) struct Pool {
    bytes: Vec<u8>,
}

/// Where a word stands in its pool, and its length in bytes.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Word {
    from: u32,
    length: u32,
}

/// A word that is written where a bit is set.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Token {
    pub(super) word: Word,
    /// A list begins.
    pub(super) opens: bool,
    /// It is one of a list: as its first, it is written without what separates it from others.
    pub(super) listed: bool,
}

impl Word {
    /// The word without its first bytes.
    #[inline]
    pub(super) fn without(self, bytes: u32) -> Self {
        Self { from: self.from + bytes, length: self.length.wrapping_sub(bytes) }
    }

    pub(super) fn length(self) -> usize {
        self.length as usize
    }
}

impl Default for Pool {
    fn default() -> Self {
        Self { bytes: vec![0; STEP] }
    }
}

impl Pool {
    /// Takes a word.
    pub(super) fn add(&mut self, word: &str) -> Word {
        let from = self.bytes.len() - STEP;
        self.bytes.truncate(from);
        self.bytes.extend_from_slice(word.as_bytes());
        self.bytes.extend([0; STEP]);
        let number = |number: usize| u32::try_from(number).unwrap_or(0);
        Word { from: number(from), length: number(word.len()) }
    }
}

/// A text that is being put together.
#[derive(Clone, Debug, Default)]
pub(super) struct Scratch {
    /// The text, and room for more behind it.
    bytes: Vec<u8>,
    length: usize,
    /// What others write before it is put behind the text.
    aside: Vec<u8>,
}

impl Scratch {
    /// Begins anew; the room stays.
    pub(super) fn clear(&mut self) {
        self.length = 0;
    }

    pub(super) fn text(&self) -> &[u8] {
        &self.bytes[..self.length]
    }

    /// Sees to it that there is room for so many bytes, and for a step more.
    #[inline]
    fn make_room(&mut self, bytes: usize) {
        let end = self.length + bytes + STEP;
        if self.bytes.len() < end {
            self.bytes.resize(end + ROOM, 0);
        }
    }

    /// Puts a word behind what is there.
    #[inline]
    pub(super) fn put(&mut self, pool: &Pool, word: Word) {
        self.write_from(&pool.bytes, word.from as usize, word.length());
    }

    /// Puts the word of each bit that is set behind what is there; all of them together are no
    /// longer than `longest`.
    #[inline]
    pub(super) fn put_bits(
        &mut self,
        pool: &Pool,
        tokens: &[Token],
        packed: &[u64],
        longest: usize,
    ) {
        self.make_room(longest);
        let (bytes, mut at) = (self.bytes.as_mut_slice(), self.length);
        let mut opened = false;
        for (&bits, tokens) in packed.iter().zip(tokens.as_chunks::<64>().0) {
            let mut bits = bits;
            while bits != 0 {
                let token = tokens[bits.trailing_zeros() as usize];
                // There is no branch on whether it is the first, as that could not be foretold.
                let word = token.word.without(u32::from(opened & token.listed));
                put_at(bytes, at, &pool.bytes, word.from as usize, word.length());
                at += word.length();
                opened = token.opens;
                bits &= bits - 1;
            }
        }
        self.length = at;
    }

    /// Puts a part of a text behind what is there, which is cheap where more follows in the text.
    #[inline]
    pub(super) fn write_from(&mut self, text: &[u8], from: usize, length: usize) {
        self.make_room(length);
        put_at(&mut self.bytes, self.length, text, from, length);
        self.length += length;
    }

    /// Puts any text behind what is there.
    pub(super) fn write(&mut self, text: &[u8]) {
        self.write_from(text, 0, text.len());
    }

    /// Has something else write behind what is there.
    pub(super) fn write_with(&mut self, write: impl FnOnce(&mut Vec<u8>)) {
        let mut aside = std::mem::take(&mut self.aside);
        aside.clear();
        write(&mut aside);
        self.write(&aside);
        self.aside = aside;
    }
}

/// Copies a part of a text to a place.
#[inline]
fn put_at(to: &mut [u8], at: usize, text: &[u8], from: usize, length: usize) {
    let step = text.get(from..).and_then(|text| text.first_chunk::<STEP>());
    let room = to.get_mut(at..).and_then(|room| room.first_chunk_mut::<STEP>());
    match (room, step) {
        (Some(room), Some(step)) if length <= STEP => *room = *step,
        _ => put_long(to, at, text, from, length),
    }
}

#[cold]
fn put_long(to: &mut [u8], at: usize, text: &[u8], from: usize, length: usize) {
    to[at..at + length].copy_from_slice(&text[from..from + length]);
}
