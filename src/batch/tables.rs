//! The words and gaps of usual lines, and what each of them does.

use super::circuit::ROWS;
use super::compile::{Compiled, step_of};
use super::names::{Names, Target};
use super::words::Expected;
use crate::questionnaire::{Kind, Question, Questionnaire};

/// How many bytes of a word are looked at, its quotes included. Longer ones are not known.
pub(super) const HEAD: usize = 32;
/// The bytes of a gap, the quote behind it included.
const GAP: usize = 8;
const WORDS: usize = 1 << 10;
const WORD_SLOTS: usize = 1 << 14;
const GAPS: usize = 1 << 11;
const MARKS: usize = 1 << 16;
/// The most different numbers that are answers.
const NUMBERS: usize = 128;

/// What a head keeps of the bytes at its place, by how far apart the quotes are.
static KEPT: [[u8; HEAD]; HEAD] = {
    let mut kept = [[0; HEAD]; HEAD];
    let mut length = 0;
    while length < HEAD {
        let mut byte = 0;
        while byte <= length {
            kept[length][byte] = 0xff;
            byte += 1;
        }
        length += 1;
    }
    kept
};

/// What a gap keeps of the bytes at its place, by its length.
static GAP_KEPT: [u64; 16] = {
    let mut kept = [u64::MAX; 16];
    let mut length = 0;
    while length < GAP {
        kept[length] = (1 << (8 * length)) - 1;
        length += 1;
    }
    kept
};

/// The mask of a word whose quotes are so far apart; none where it is too long.
#[inline]
pub(super) fn kept(apart: u32) -> Option<&'static [u8; HEAD]> {
    KEPT.get(apart as usize)
}

/// The gap of so many bytes that begins with these. A longer one is like no known one, as it has no
/// quote in it.
#[inline]
pub(super) fn gap_of(bytes: [u8; GAP], length: u32) -> u64 {
    u64::from_le_bytes(bytes) & GAP_KEPT[length.min(15) as usize]
}

/// What the next word is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct State(u32);

impl State {
    pub(super) const KEY: Self = Self(0);
    pub(super) const VALUE: Self = Self(8);
    pub(super) const LISTED: Self = Self(16);
    /// The line is over.
    pub(super) const END: Self = Self(24);
    /// The line is for the full reader.
    const LOST: Self = Self(32);
}

/// What stands between two words, and what it does.
#[derive(Clone, Copy, Debug)]
pub(super) struct Gap {
    pub(super) bytes: u64,
    /// The states behind it, by the state before it.
    after: u64,
    /// The answer in it.
    pub(super) token: u16,
    /// What a list takes of the answers that are left.
    pub(super) cost: i16,
}

impl Gap {
    /// Stands where no gap does. Should its bytes stand in a line, the line is lost all the same.
    const UNKNOWN: Self =
        Self { bytes: 0, after: u64::MAX / 255 * State::LOST.0 as u64, token: NO_TOKEN, cost: 0 };

    /// The state behind it.
    #[inline]
    pub(super) fn after(self, before: State) -> State {
        State(u32::from((self.after >> before.0).to_le_bytes()[0]))
    }
}

/// What an answer does in a column, or a key in its own.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Mark {
    /// The first part of its lane.
    pub(super) lane: u16,
    /// How many of the answers it takes that are left; a key gives them.
    pub(super) weight: i16,
}

/// More than any column has left.
const TOO_MUCH: i16 = i16::MAX;

/// What the values of a column are.
#[derive(Clone, Copy, Debug)]
pub(super) enum Column {
    Id,
    Ignored,
    Note,
    Answer,
}

/// The tables of a reader.
#[derive(Clone, Debug)]
pub(super) struct Tables {
    /// The numbers of words by their hashes.
    slots: Box<[u16; WORD_SLOTS]>,
    words: Box<[[u8; HEAD]; WORDS]>,
    /// For each word that is a key, where the marks of its column stand.
    columns_of: Box<[u16; WORDS]>,
    gaps: Box<[Gap; GAPS]>,
    /// For each column the marks of all words, that of the key first.
    marks: Box<[Mark; MARKS]>,
    word_seed: u64,
    gap_seed: u64,
    columns: Vec<Column>,
    /// How many marks a column has.
    width: usize,
    tokens: Vec<(String, u16)>,
    /// The start of a line that begins with its name, and the number of that key.
    pub(super) first: Option<(Expected, u16)>,
}

/// The number of no word.
const NO_WORD: u16 = 0;
/// The number of the answer in a gap without one.
const NO_TOKEN: u16 = 1;

impl Tables {
    #[inline]
    pub(super) fn column_of(&self, number: u16) -> u16 {
        self.columns_of[usize::from(number) % WORDS]
    }

    #[inline]
    pub(super) fn mark(&self, column: usize, number: u16) -> Mark {
        self.marks[(column + usize::from(number)) % MARKS]
    }

    #[inline]
    pub(super) fn gap(&self, gap: u64) -> Gap {
        self.gaps[slot(gap.wrapping_mul(self.gap_seed), GAPS)]
    }

    /// The only word this can be, and its bytes.
    #[inline]
    pub(super) fn likely(&self, head: &[u8; HEAD], kept: &[u8; HEAD]) -> (u16, &[u8; HEAD]) {
        let number = self.slots[slot(hash(head, kept).wrapping_mul(self.word_seed), WORD_SLOTS)];
        (number, &self.words[usize::from(number) % WORDS])
    }

    /// What the column is whose marks stand there.
    pub(super) fn column(&self, marks: usize) -> Option<Column> {
        self.columns.get(marks / self.width).copied()
    }

    /// The number of an answer without quotes.
    pub(super) fn token(&self, written: &[u8]) -> Option<u16> {
        let known = self.tokens.iter().find(|(token, _)| token.as_bytes() == written);
        known.map(|(_, number)| *number)
    }

    /// The tables of these questions; none, if they are too many.
    pub(super) fn new(
        questionnaire: &Questionnaire,
        names: &Names,
        compiled: &Compiled,
    ) -> Option<Self> {
        // The key of a result makes a row another thing. Renamed values and single choices are for
        // the full reader.
        let columns: Vec<(&str, Option<usize>, Column)> = names
            .columns()
            .iter()
            .filter(|(name, _)| name != "schema_version")
            .filter_map(|(name, target)| match *target {
                Target::Id => Some((name.as_str(), None, Column::Id)),
                Target::Ignored => Some((name.as_str(), None, Column::Ignored)),
                Target::Choice(..) => None,
                Target::Question(place) if names.renames(place) => None,
                Target::Question(place) => match questionnaire.questions[place].kind {
                    Kind::Text => Some((name.as_str(), Some(place), Column::Note)),
                    _ => Some((name.as_str(), Some(place), Column::Answer)),
                },
            })
            .collect();
        let mut words = Numbered(Vec::new());
        let mut tokens = Numbered(vec!["null".to_owned(), "true".to_owned(), "false".to_owned()]);
        for question in &questionnaire.questions {
            if let Kind::Scale { from, to, .. } = question.kind {
                (from.max(0)..=to).take(NUMBERS).for_each(|n| tokens.number(&n.to_string()));
            }
        }
        tokens.0.truncate(NUMBERS);
        for (name, place, _) in &columns {
            words.number(name);
            let given = place.map(|place| answers(&questionnaire.questions[place]));
            given.into_iter().flatten().for_each(|word| words.number(&word));
        }
        // Numbers begin behind those of no word and of no token, those of tokens behind the words.
        let first_token = u16::try_from(words.0.len()).ok()? + 2;
        let numbered = tokens.0.iter().zip(first_token..);
        let tokens: Vec<(String, u16)> = numbered.map(|(it, n)| (it.clone(), n)).collect();
        let width = usize::from(first_token) + tokens.len();
        let mut tables = Self {
            slots: filled(NO_WORD),
            words: filled([0; HEAD]),
            columns_of: filled(u16::try_from(columns.len() * width).ok()?),
            gaps: filled(Gap::UNKNOWN),
            marks: filled(Mark { lane: lane(compiled.spare)?, weight: TOO_MUCH }),
            word_seed: 0,
            gap_seed: 0,
            columns: columns.iter().map(|(.., column)| *column).collect(),
            width,
            tokens,
            first: None,
        };
        if (columns.len() + 1) * width > MARKS || width > WORDS {
            return None;
        }
        for (nth, (name, place, column)) in columns.iter().enumerate() {
            let key = words.known(name)?;
            let from = nth * width;
            tables.columns_of[usize::from(key)] = u16::try_from(from).ok()?;
            let spare = [1, 2].map(|more| lane(compiled.spare + 2 * nth + more));
            let marks = &mut tables.marks[from..from + width];
            match place.map(|place| (place, &questionnaire.questions[place])) {
                Some((place, question)) if matches!(column, Column::Answer) => {
                    let compiled = (compiled.first_lane[place], compiled.steps[place]);
                    let numbers = (&words, tables.tokens.as_slice());
                    answer(marks, question, compiled, numbers, spare[0]?)?;
                }
                _ => {
                    // A known word means nothing there, and is not a name at sight.
                    let weight = if matches!(column, Column::Id) { TOO_MUCH } else { 0 };
                    marks.fill(Mark { lane: spare[1]?, weight });
                    let bare = matches!(column, Column::Ignored);
                    for (token, number) in &tables.tokens {
                        if !bare && (token != "null" || matches!(column, Column::Id)) {
                            marks[usize::from(*number)].weight = TOO_MUCH;
                        }
                    }
                    let own = Mark { lane: spare[0]?, weight: 0 };
                    marks[..2].fill(own);
                    if matches!(column, Column::Id) {
                        tables.first =
                            Expected::new(&format!("{{\"{name}\":\"")).map(|it| (it, key));
                    }
                }
            }
        }
        tables.fill_words(&words)?;
        tables.fill_gaps()?;
        Some(tables)
    }

    fn fill_words(&mut self, words: &Numbered) -> Option<()> {
        for (word, place) in words.0.iter().zip(2..) {
            let quoted = format!("\"{word}\"");
            // Those with escapes are written in other ways, too; long ones are not looked at whole.
            let plain = !word.contains(|c: char| c < ' ' || c == '"' || c == '\\');
            if plain && quoted.len() <= HEAD {
                self.words[place][..quoted.len()].copy_from_slice(quoted.as_bytes());
            }
        }
        self.word_seed = seed(|seed| {
            self.slots.fill(NO_WORD);
            self.words.iter().zip(0..).filter(|(word, _)| word[0] != 0).all(|(word, number)| {
                let hash = hash(word, &[0xff; HEAD]).wrapping_mul(seed);
                std::mem::replace(&mut self.slots[slot(hash, WORD_SLOTS)], number) == NO_WORD
            })
        })?;
        Some(())
    }

    fn fill_gaps(&mut self) -> Option<()> {
        let lost = State::LOST;
        let mut gaps = Vec::new();
        let mut add = |text: String, [key, value, listed]: [State; 3], token: u16, cost: i16| {
            let text = format!("{text}\"");
            let states = [key, value, listed, lost, lost];
            let after = states.iter().rev().fold(0, |all, state| all << 8 | u64::from(state.0));
            let mut bytes = [0; GAP];
            if let Some(within) = bytes.get_mut(..text.len()) {
                within.copy_from_slice(text.as_bytes());
                gaps.push(Gap { bytes: u64::from_le_bytes(bytes), after, token, cost });
            }
        };
        let ends = ["}\n{", "}\r\n{"];
        for colon in [":", ": "] {
            add(colon.to_owned(), [State::VALUE, lost, lost], NO_TOKEN, 0);
            for blank in ["", " "] {
                add(format!("{colon}[{blank}"), [State::LISTED, lost, lost], NO_TOKEN, 1);
            }
            for (token, number) in &self.tokens {
                for comma in [",", ", "] {
                    add(format!("{colon}{token}{comma}"), [State::KEY, lost, lost], *number, 0);
                }
                for end in ends {
                    add(format!("{colon}{token}{end}"), [State::END, lost, lost], *number, 0);
                }
            }
        }
        for comma in [",", ", "] {
            add(comma.to_owned(), [lost, State::KEY, State::LISTED], NO_TOKEN, 0);
            add(format!("]{comma}"), [lost, lost, State::KEY], NO_TOKEN, 0);
        }
        for end in ends {
            add(end.to_owned(), [lost, State::END, lost], NO_TOKEN, 0);
            add(format!("]{end}"), [lost, lost, State::END], NO_TOKEN, 0);
        }
        self.gap_seed = seed(|seed| {
            self.gaps.fill(Gap::UNKNOWN);
            gaps.iter().all(|gap| {
                let slot = slot(gap.bytes.wrapping_mul(seed), GAPS);
                std::mem::replace(&mut self.gaps[slot], *gap).bytes == 0
            })
        })?;
        Some(())
    }
}

/// Words, each with the number of its place.
struct Numbered(Vec<String>);

impl Numbered {
    fn known(&self, word: &str) -> Option<u16> {
        let place = self.0.iter().position(|known| known == word)?;
        u16::try_from(place + 2).ok()
    }

    fn number(&mut self, word: &str) {
        if !self.0.iter().any(|known| known == word) {
            self.0.push(word.to_owned());
        }
    }
}

/// The answers to a question, as they stand in quotes.
fn answers(question: &Question) -> Vec<String> {
    let mut words = question.words();
    if question.kind == Kind::YesNo {
        words.extend(["true", "false"].map(str::to_owned));
    }
    words
}

/// The marks of a column that answers a question.
fn answer(
    marks: &mut [Mark],
    question: &Question,
    (first, steps): (usize, u32),
    (words, tokens): (&Numbered, &[(String, u16)]),
    own: u16,
) -> Option<()> {
    let most = match question.kind {
        // One answer always does.
        Kind::AnyOf { at_most, .. } => {
            Some(i16::try_from(at_most.unwrap_or(64).clamp(1, 64)).ok()?)
        }
        _ => None,
    };
    let lane_of = |word: &str| {
        let step = question.mark(word).map(|mark| step_of(mark, steps))?;
        // Those that exclude the others take all that is left.
        let weight = most.map_or(0, |most| if step < steps { 1 } else { most });
        Some(Mark { lane: lane(first + step as usize)?, weight })
    };
    // A list takes one of what the key gives, and where only one answer is taken, there is none.
    marks[0] = Mark { lane: own, weight: most.map_or(0, |most| -most - 1) };
    marks[usize::from(NO_TOKEN)] = Mark { lane: own, weight: 0 };
    for word in answers(question) {
        marks[usize::from(words.known(&word)?)] = lane_of(&word)?;
    }
    let bare = |token: &str| match question.kind {
        Kind::YesNo => matches!(token, "true" | "false"),
        Kind::Scale { .. } => token.bytes().all(|byte| byte.is_ascii_digit()),
        _ => false,
    };
    for (token, number) in tokens {
        let mark = match token.as_str() {
            "null" => Some(Mark { lane: own, weight: 0 }),
            token if bare(token) => lane_of(token),
            _ => None,
        };
        if let Some(mark) = mark {
            marks[usize::from(*number)] = mark;
        }
    }
    Some(())
}

/// The first part of a lane.
fn lane(lane: usize) -> Option<u16> {
    u16::try_from(lane * (ROWS / 64)).ok()
}

/// A table full of the same.
#[expect(clippy::unnecessary_box_returns, reason = "it is made where it stays, not on the stack")]
fn filled<T: Clone, const LENGTH: usize>(with: T) -> Box<[T; LENGTH]> {
    let table = vec![with; LENGTH].into_boxed_slice();
    table.try_into().unwrap_or_else(|_| unreachable!("it has that length"))
}

/// A number that fills a table without two at one place.
fn seed(mut fill: impl FnMut(u64) -> bool) -> Option<u64> {
    let mut seed = 0x9e37_79b9_7f4a_7c15_u64;
    for _ in 0..4096 {
        seed = seed.wrapping_mul(0x5851_f42d_4c95_7f2d).wrapping_add(0x1405_7b7e_f767_814e) | 1;
        if fill(seed) {
            return Some(seed);
        }
    }
    None
}

#[inline]
fn hash(head: &[u8; HEAD], kept: &[u8; HEAD]) -> u64 {
    let (head, kept) = (head.as_chunks::<8>().0, kept.as_chunks::<8>().0);
    let part = |nth: usize| u64::from_le_bytes(head[nth]) & u64::from_le_bytes(kept[nth]);
    part(0) ^ part(1).rotate_left(29) ^ part(2).rotate_left(13)
}

/// The place of a hash in a table of a power of two.
#[inline]
fn slot(hash: u64, length: usize) -> usize {
    usize::try_from(hash >> (64 - length.trailing_zeros())).unwrap_or(0)
}
