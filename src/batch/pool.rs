//! Words that are written often, copied in steps of one size, which costs no call each.

/// How many bytes are copied at a step; most words need one.
const STEP: usize = 32;
/// How much room is made at a time.
const ROOM: usize = 4 << 10;

/// Words side by side, and a step's bytes behind them.
#[derive(Clone, Debug)]
pub(super) struct Pool {
    bytes: Vec<u8>,
}

/// Where a word stands in its pool, and its length in bytes.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Word {
    from: usize,
    length: usize,
}

impl Word {
    /// The word without its first bytes.
    #[inline]
    pub(super) fn without(self, bytes: usize) -> Self {
        Self { from: self.from + bytes, length: self.length.saturating_sub(bytes) }
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
        Word { from, length: word.len() }
    }
}

/// A text that is being put together.
#[derive(Clone, Debug, Default)]
pub(super) struct Scratch {
    /// The text, and room for more behind it.
    bytes: Vec<u8>,
    length: usize,
}

impl Scratch {
    /// Begins anew; the room stays.
    pub(super) fn clear(&mut self) {
        self.length = 0;
    }

    pub(super) fn text(&self) -> &[u8] {
        &self.bytes[..self.length]
    }

    /// Puts a word behind what is there.
    #[inline]
    pub(super) fn put(&mut self, pool: &Pool, word: Word) {
        self.write_from(&pool.bytes, word.from, word.length);
    }

    /// Puts a part of a text behind what is there, which is cheap where more follows in the text.
    #[inline]
    pub(super) fn write_from(&mut self, text: &[u8], from: usize, length: usize) {
        let to = self.bytes.get_mut(self.length..).and_then(|to| to.first_chunk_mut::<STEP>());
        let step = text.get(from..).and_then(|text| text.first_chunk::<STEP>());
        match (to, step) {
            (Some(to), Some(step)) if length <= STEP => {
                *to = *step;
                self.length += length;
            }
            _ => self.write(&text[from..from + length]),
        }
    }

    /// Puts any text behind what is there.
    #[inline(never)]
    pub(super) fn write(&mut self, text: &[u8]) {
        let end = self.length + text.len();
        if self.bytes.len() < end + STEP {
            self.bytes.resize(end + ROOM, 0);
        }
        self.bytes[self.length..end].copy_from_slice(text);
        self.length = end;
    }

    /// Has something else write behind what is there.
    pub(super) fn write_with(&mut self, write: impl FnOnce(&mut Vec<u8>)) {
        self.bytes.truncate(self.length);
        write(&mut self.bytes);
        self.length = self.bytes.len();
    }
}
