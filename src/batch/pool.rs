//! Words that are written often, copied in steps of one size, which costs no call each.

/// How many bytes are copied at a step; most words need one.
const STEP: usize = 32;
/// How much room is made at a time.
const ROOM: usize = 4 << 10;

/// Words side by side, each filled up to whole steps.
#[derive(Clone, Debug, Default)]
pub(super) struct Pool {
    steps: Vec<[u8; STEP]>,
}

/// Where a word stands in its pool: its first step, and its length in bytes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Word {
    step: usize,
    length: usize,
}

impl Pool {
    /// Takes a word.
    pub(super) fn add(&mut self, word: &str) -> Word {
        let step = self.steps.len();
        let mut rest = word.as_bytes();
        loop {
            let (part, behind) = rest.split_at(rest.len().min(STEP));
            let mut filled = [0; STEP];
            filled[..part.len()].copy_from_slice(part);
            self.steps.push(filled);
            rest = behind;
            if rest.is_empty() {
                return Word { step, length: word.len() };
            }
        }
    }
}

/// A text that is being put together behind what it was given.
#[derive(Debug)]
pub(super) struct Scratch {
    /// The text, and room for more behind it.
    bytes: Vec<u8>,
    length: usize,
}

impl Scratch {
    /// Goes on with a text.
    pub(super) fn behind(text: Vec<u8>) -> Self {
        Self { length: text.len(), bytes: text }
    }

    /// The whole text.
    pub(super) fn done(mut self) -> Vec<u8> {
        self.bytes.truncate(self.length);
        self.bytes
    }

    /// Puts a word behind what is there.
    #[inline]
    pub(super) fn put(&mut self, pool: &Pool, word: Word) {
        let (mut step, mut at) = (word.step, self.length);
        self.length += word.length;
        loop {
            let to = self.bytes.get_mut(at..).and_then(|to| to.first_chunk_mut::<STEP>());
            match (to, pool.steps.get(step)) {
                (Some(to), Some(from)) => *to = *from,
                (None, Some(_)) => {
                    self.grow(at);
                    continue;
                }
                (_, None) => return,
            }
            (step, at) = (step + 1, at + STEP);
            if at >= self.length {
                return;
            }
        }
    }

    /// Puts any other text behind what is there.
    pub(super) fn write(&mut self, text: &[u8]) {
        let end = self.length + text.len();
        if self.bytes.len() < end {
            self.grow(end);
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

    #[cold]
    fn grow(&mut self, from: usize) {
        self.bytes.resize(from + ROOM, 0);
    }
}
