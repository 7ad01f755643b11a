//! Words that are written often, copied in steps of one size, which costs no call each.

#![expect(
    clippy::inline_always,
    reason = "what is not part of the code for a kind of processor is not compiled for it"
)]

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

/// A word that is written where a bit is set, with its first bytes beside all else that is asked
/// of it.
#[derive(Clone, Copy, Debug)]
#[repr(align(64))]
pub(super) struct Token {
    head: [u8; STEP + 1],
    /// A list begins.
    pub(super) opens: bool,
    /// It is one of a list: as its first, it is written without what separates it from others.
    pub(super) listed: bool,
    /// How many bytes it has; more than a step's, if only the pool has them all.
    length: u8,
    /// Not all of it is written at one step.
    is_rare: bool,
    /// What else is written behind it, by its number.
    pub(super) more: Option<u16>,
    word: Word,
}

impl Word {
    /// The word without its first bytes.
    #[inline]
    pub(super) fn without(self, bytes: u32) -> Self {
        Self { from: self.from + bytes, length: self.length.wrapping_sub(bytes) }
    }
}

impl Token {
    /// Nothing.
    pub(super) const NONE: Self = Self {
        head: [0; STEP + 1],
        opens: false,
        listed: false,
        length: 0,
        is_rare: false,
        more: None,
        word: Word { from: 0, length: 0 },
    };

    /// The word, and something else behind it.
    pub(super) fn and(self, more: u16) -> Self {
        Self { more: Some(more), is_rare: true, ..self }
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

    /// Takes a word that is written where a bit is set.
    pub(super) fn token(&mut self, word: &str) -> Token {
        let mut head = [0; STEP + 1];
        let length = word.len().min(head.len());
        head[..length].copy_from_slice(&word.as_bytes()[..length]);
        let length = u8::try_from(length).unwrap_or(u8::MAX);
        let is_rare = word.len() > STEP;
        Token { head, length, is_rare, word: self.add(word), ..Token::NONE }
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

/// Writes into room for a text.
pub(super) struct Pen<'s> {
    room: &'s mut [u8],
}

impl Scratch {
    /// Begins anew; the room stays.
    pub(super) fn clear(&mut self) {
        self.length = 0;
    }

    pub(super) fn text(&self) -> &[u8] {
        &self.bytes[..self.length]
    }

    /// A pen for something that is no longer than this, behind what is there. What it wrote counts
    /// once it is taken.
    #[inline(always)]
    pub(super) fn pen(&mut self, longest: usize) -> Pen<'_> {
        let end = self.length + longest + STEP;
        if self.bytes.len() < end {
            self.bytes.resize(end + ROOM, 0);
        }
        Pen { room: &mut self.bytes[self.length..] }
    }

    /// Takes what a pen wrote that has so much room left.
    #[inline(always)]
    pub(super) fn take(&mut self, left: usize) {
        self.length = self.bytes.len() - left;
    }

    /// Has something of any length written behind what is there.
    pub(super) fn write_with(&mut self, write: impl FnOnce(&mut Vec<u8>)) {
        let mut aside = std::mem::take(&mut self.aside);
        aside.clear();
        write(&mut aside);
        let left = self.pen(aside.len()).put_long(&aside).left();
        self.take(left);
        self.aside = aside;
    }
}

impl Pen<'_> {
    /// How much room is left.
    #[inline(always)]
    pub(super) fn left(self) -> usize {
        self.room.len()
    }

    /// Puts a word behind what is there.
    #[inline(always)]
    #[must_use]
    pub(super) fn put(self, pool: &Pool, word: Word) -> Self {
        self.put_from(&pool.bytes, word.from as usize, word.length as usize)
    }

    /// Puts a part of a text behind what is there, which is cheap where more follows in the text.
    #[inline(always)]
    #[must_use]
    pub(super) fn put_from(self, text: &[u8], from: usize, length: usize) -> Self {
        let step = text.get(from..).and_then(|text| text.first_chunk::<STEP>());
        match step {
            Some(step) if length <= STEP && self.room.len() >= STEP => self.step(step, length),
            _ => self.put_long(&text[from..from + length]),
        }
    }

    /// Puts the word of a bit behind what is there, if it has no more than one step; `opened` says
    /// whether a list begins there.
    #[inline(always)]
    pub(super) fn put_token(self, token: &Token, opened: bool) -> Result<Self, Self> {
        // There is no branch on whether it is the first, as that could not be foretold.
        let skipped = usize::from(opened & token.listed);
        match token.head[skipped..].first_chunk() {
            Some(step) if !token.is_rare && self.room.len() >= STEP => {
                Ok(self.step(step, usize::from(token.length) - skipped))
            }
            _ => Err(self),
        }
    }

    /// Puts any word of a bit behind what is there.
    pub(super) fn put_any(self, pool: &Pool, token: &Token, opened: bool) -> Self {
        self.put(pool, token.word.without(u32::from(opened & token.listed)))
    }

    #[inline(always)]
    fn step(self, step: &[u8; STEP], length: usize) -> Self {
        self.room[..STEP].copy_from_slice(step);
        Self { room: &mut self.room[length..] }
    }

    /// Puts any text behind what is there.
    #[cold]
    #[must_use]
    pub(super) fn put_long(self, text: &[u8]) -> Self {
        let (to, room) = self.room.split_at_mut(text.len());
        to.copy_from_slice(text);
        Pen { room }
    }
}
