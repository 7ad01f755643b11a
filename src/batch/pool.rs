//! Words that are written often, copied in steps of one size, which costs no call each.

/// How many bytes are copied at a step; most words need one.
const STEP: usize = 32;

/// Words side by side, with room behind the last for a whole step.
#[derive(Clone, Debug, Default)]
pub(super) struct Pool {
    bytes: Vec<u8>,
}

/// Where a word stands in its pool.
#[derive(Clone, Copy, Debug)]
pub(super) struct Word {
    start: usize,
    length: usize,
}

impl Pool {
    /// Takes a word.
    pub(super) fn add(&mut self, word: &str) -> Word {
        let start = self.bytes.len().saturating_sub(STEP);
        self.bytes.truncate(start);
        self.bytes.extend_from_slice(word.as_bytes());
        self.bytes.extend_from_slice(&[0; STEP]);
        Word { start, length: word.len() }
    }
}

/// A text that is being put together.
#[derive(Clone, Debug, Default)]
pub(super) struct Scratch {
    bytes: Vec<u8>,
    length: usize,
}

impl Scratch {
    /// Puts a word behind what is there.
    #[inline]
    pub(super) fn put(&mut self, pool: &Pool, word: Word) {
        if self.bytes.len() < self.length + word.length + 2 * STEP {
            self.grow(word.length);
        }
        let mut done = 0;
        loop {
            let from = pool.bytes.get(word.start + done..).and_then(|from| from.first_chunk());
            let to = self.bytes.get_mut(self.length + done..);
            if let (Some(from), Some(to)) = (from, to.and_then(|to| to.first_chunk_mut::<STEP>())) {
                *to = *from;
            }
            done += STEP;
            if done >= word.length {
                break;
            }
        }
        self.length += word.length;
    }

    /// Puts any other text behind what is there.
    pub(super) fn write(&mut self, text: &[u8]) {
        self.bytes.truncate(self.length);
        self.bytes.extend_from_slice(text);
        self.length += text.len();
    }

    #[cold]
    fn grow(&mut self, more: usize) {
        self.bytes.resize((self.length + more + 2 * STEP).next_power_of_two(), 0);
    }

    /// Moves all of it to the end of another text.
    #[inline]
    pub(super) fn take(&mut self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.bytes[..self.length]);
        self.length = 0;
    }
}
