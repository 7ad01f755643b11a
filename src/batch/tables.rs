//! The pieces of usual lines, and what each of them does.

use rustc_hash::{FxHashMap, FxHashSet};

use super::compile::{Compiled, step_of};
use super::names::{Names, Target};
use super::words::{Expected, seeds};
use crate::questionnaire::{Kind, Question, Questionnaire};

/// How many bytes are looked at to know a piece; the few that are longer are looked for elsewhere.
pub(super) const WIDTH: usize = 32;
/// How many pieces are known at most, and places without any among them.
const PIECES: usize = 1 << 12;
const BUCKETS: usize = 1 << 10;
const LANES: usize = 1 << 16;
/// Where the lanes are of what may follow where nothing may.
const NONE: u16 = 0;

/// What is kept of the bytes of a piece so long: its own, and of those behind it nothing.
#[inline]
pub(super) fn kept(length: usize) -> &'static [u8; WIDTH] {
    static KEPT: [u8; 2 * WIDTH] = {
        let mut kept = [0; 2 * WIDTH];
        let mut byte = 0;
        while byte < WIDTH {
            kept[byte] = 0xff;
            byte += 1;
        }
        kept
    };
    let kept = KEPT.get(WIDTH.wrapping_sub(length)..).and_then(|kept| kept.first_chunk());
    kept.unwrap_or(&[0; WIDTH])
}

/// What each byte of a piece is kept as the difference from. No piece has one but as its first byte,
/// so that nothing in a piece looks like the nothing behind it.
pub(super) const BLANK: u8 = b'}';

/// A piece, and what it does, in one line of a cache.
#[derive(Clone, Copy, Debug)]
#[repr(align(64))]
pub(super) struct Known {
    /// Its bytes, each as the difference from [`BLANK`], and zeros behind them.
    pub(super) bytes: [u8; WIDTH],
    pub(super) action: Action,
}

impl Known {
    /// No piece at all: in none is that byte the second.
    const NONE: Self = {
        let mut bytes = [0; WIDTH];
        bytes[WIDTH - 1] = 1;
        Self { bytes, action: Action(0) }
    };

    fn new(text: &str, action: Action) -> Option<Self> {
        let mut bytes = [0; WIDTH];
        let to = bytes.get_mut(..text.len())?;
        to.iter_mut().zip(text.bytes()).for_each(|(to, byte)| *to = byte ^ BLANK);
        Some(Self { bytes, action })
    }

    /// Its halves, laid over each other.
    fn folded(&self) -> [u64; 2] {
        let mut folded = [0; 2];
        for (nth, part) in self.bytes.as_chunks::<8>().0.iter().enumerate() {
            folded[nth % 2] ^= u64::from_le_bytes(*part);
        }
        folded
    }
}

/// What a piece does.
///
/// From its lowest bit: where the lanes of its column stand, its number among them, the place of
/// the column, flags.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Action(pub(super) u64);

impl Action {
    /// A column begins with it.
    pub(super) const BEGINS: u64 = 3 << 40;
    /// A list is open behind it, so that a column may not begin.
    pub(super) const OPEN: u64 = Self::BEGINS << Self::OPEN_TO_BEGINS;
    /// How far the bits of [`Self::OPEN`] stand above those of [`Self::BEGINS`]. An action may follow
    /// another, if both differ: a column begins and no list is open, or the other way round.
    pub(super) const OPEN_TO_BEGINS: u32 = 2;
    /// Nothing but the end of the line may follow, which may not follow anything else: one bit of
    /// [`Self::OPEN`].
    pub(super) const LAST: u64 = 1 << 42;
    /// Another piece of the line stands behind it.
    pub(super) const GOES_ON: u64 = 1 << 44;
    /// The line ends with it.
    pub(super) const ENDS: u64 = 1 << 45;
    /// The place of the column among all.
    const PLACE: u32 = 32;
    /// The place of those that begin none.
    const NO_PLACE: u8 = u8::MAX;

    /// A piece with the answer of this number to the column whose lanes stand there, which begins
    /// with it.
    fn begins(column: u16, number: u16, place: u8, flags: u64) -> Self {
        Self(u64::from(column) | Self::BEGINS | Self::of(number, place, flags))
    }

    /// A piece with the answer of this number to the column before, in a list that was open.
    fn follows(number: u16, flags: u64) -> Self {
        Self(Self::of(number, Self::NO_PLACE, flags))
    }

    fn of(number: u16, place: u8, flags: u64) -> u64 {
        u64::from(number) << 16 | u64::from(place) << Self::PLACE | flags | Self::GOES_ON
    }

    /// The place among all of the column that begins with it.
    #[inline]
    pub(super) fn place(self) -> u8 {
        self.0.to_le_bytes()[4]
    }

    #[inline]
    pub(super) fn has(self, flag: u64) -> bool {
        self.0 & flag != 0
    }

    /// Whether the end of the line may follow it.
    #[inline]
    pub(super) fn may_end(self) -> bool {
        self.0 & Self::OPEN == Self::LAST
    }

    /// Whether a column may begin behind it.
    #[inline]
    pub(super) fn may_begin(self) -> bool {
        !self.has(Self::OPEN)
    }

    /// Where the lanes of the column stand that begins with it.
    #[inline]
    pub(super) fn column(self) -> u16 {
        self.part(0)
    }

    /// The number of the answer in it.
    #[inline]
    pub(super) fn number(self) -> u16 {
        self.part(1)
    }

    #[inline]
    fn part(self, nth: usize) -> u16 {
        let bytes = self.0.to_le_bytes();
        u16::from_le_bytes([bytes[2 * nth], bytes[2 * nth + 1]])
    }
}

/// The lane of an answer.
#[derive(Clone, Copy, Debug)]
pub(super) struct Marked(u16);

impl Marked {
    /// Fewer answers may follow then.
    const CHANGES: u16 = 1;

    /// A lane, by its number.
    fn new(lane: usize) -> Option<Self> {
        u16::try_from(lane * 2).ok().map(Self)
    }

    #[inline]
    pub(super) fn lane(self) -> usize {
        usize::from(self.0 / 2)
    }

    #[inline]
    pub(super) fn changes(self) -> bool {
        self.0 & Self::CHANGES != 0
    }
}

/// What separates a value that is no list from the next piece, and what it does.
const BEHIND: [(&str, u64); 2] = [(",", 0), ("", Action::LAST)];
/// The same for a value of a list.
const BEHIND_LISTED: [(&str, u64); 3] = [(",", Action::OPEN), ("],", 0), ("]", Action::LAST)];
/// What ends a line, up to the first piece of the next.
const ENDS: [&str; 2] = ["}\n{", "}\r\n{"];

/// The most columns.
pub(super) const COLUMNS: usize = Action::NO_PLACE as usize;

/// What the values of a column are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Column {
    Id,
    Ignored,
    Note,
    Answer,
}

/// The tables of a reader. They stand side by side, so that one register is enough for all.
#[derive(Clone, Debug)]
pub(super) struct Fixed {
    pieces: [Known; PIECES],
    /// What displaces the pieces of a bucket to places of their own.
    displaced: [u16; BUCKETS],
    /// For each column the lanes of the answers that may follow in a list, at their numbers, and
    /// those of all answers that a column begins with.
    lanes: [Marked; LANES],
    /// How far before the lanes of what may follow those stand of what may still follow once
    /// something did.
    step: u16,
    seed: u64,
}

/// What a reader knows at sight.
#[derive(Clone, Debug)]
pub(super) struct Tables {
    fixed: Box<Fixed>,
    /// The pieces that are too long to stand there.
    long: FxHashMap<Vec<u8>, Action>,
    /// The columns by their names, and their places.
    columns: Vec<(String, Column, u8)>,
    /// The start of a line whose first value is its name, and the place of that column.
    pub(super) first: Option<(Expected, u8)>,
}

impl Fixed {
    /// The only piece that this can be.
    #[inline]
    pub(super) fn likely(&self, folded: [u64; 2]) -> &Known {
        &self.pieces[place(hash(folded, self.seed), &self.displaced)]
    }

    /// The lane of answers that may not stand where they do.
    #[inline]
    pub(super) fn misfit(&self) -> usize {
        self.lanes[usize::from(NONE)].lane()
    }

    /// Where the lanes stand of what may follow in a list after something more did.
    #[cold]
    pub(super) fn then(&self, column: u16) -> u16 {
        column - self.step
    }

    /// The lane of an answer.
    #[inline]
    pub(super) fn marked(&self, column: u16, number: u16) -> Marked {
        self.lanes[usize::from(column.wrapping_add(number))]
    }
}

impl Tables {
    /// What is looked at for every piece.
    pub(super) fn fixed(&self) -> &Fixed {
        &self.fixed
    }

    /// What a long piece does.
    #[cold]
    pub(super) fn long(&self, piece: Option<&[u8]>) -> Option<Action> {
        self.long.get(piece?).copied()
    }

    /// How many columns there are.
    pub(super) fn columns(&self) -> usize {
        self.columns.len()
    }

    /// The column of this name, and its place.
    pub(super) fn column(&self, name: &[u8]) -> Option<(Column, u8)> {
        let known = self.columns.iter().find(|(known, ..)| known.as_bytes() == name);
        known.map(|(_, column, place)| (*column, *place))
    }

    /// The tables of these questions; none, if they are too many.
    #[expect(clippy::large_stack_arrays, reason = "it is made once, and kept in a box")]
    pub(super) fn new(
        questionnaire: &Questionnaire,
        names: &Names,
        compiled: &Compiled,
    ) -> Option<Self> {
        let mut maker = Maker::new(questionnaire, names, compiled)?;
        for nth in 0..maker.named.len() {
            maker.column(nth)?;
        }
        let step = maker.block()?;
        maker.followers();
        ENDS.iter().for_each(|end| maker.piece(end, Action(Action::ENDS)));
        let first = maker.first();
        let mut fixed = Box::new(Fixed {
            pieces: [Known::NONE; PIECES],
            displaced: [0; BUCKETS],
            lanes: maker.lanes,
            step,
            seed: 0,
        });
        fixed.place_pieces(&maker.pieces)?;
        Some(Self { fixed, long: maker.long, columns: maker.columns, first })
    }
}

impl Fixed {
    /// Gives each piece a place of its own, by hash and displace (Belazzougui, Botelho and
    /// Dietzfelbinger 2009).
    fn place_pieces(&mut self, pieces: &[Known]) -> Option<()> {
        self.seed = seeds().take(256).find(|&seed| {
            let mut buckets = vec![Vec::new(); BUCKETS];
            for piece in pieces {
                let hash = hash(piece.folded(), seed);
                buckets[bucket(hash)].push((hash, piece));
            }
            // The fullest first, while there is most room.
            let mut order: Vec<usize> = (0..BUCKETS).collect();
            order.sort_by_key(|&bucket| std::cmp::Reverse(buckets[bucket].len()));
            self.pieces.fill(Known::NONE);
            self.displaced.fill(0);
            let mut taken = vec![false; PIECES];
            order.into_iter().all(|bucket| {
                let within = &buckets[bucket];
                let places = |to: u16| within.iter().map(move |(hash, _)| displace(*hash, to));
                let fits = |to: &u16| {
                    let mut places: Vec<usize> = places(*to).collect();
                    places.sort_unstable();
                    places.windows(2).all(|two| two[0] != two[1])
                        && places.iter().all(|&place| !taken[place])
                };
                let Some(to) = (0..u16::try_from(PIECES).unwrap_or(0)).find(fits) else {
                    return false;
                };
                self.displaced[bucket] = to;
                for (place, (_, piece)) in places(to).zip(within) {
                    taken[place] = true;
                    self.pieces[place] = **piece;
                }
                true
            })
        })?;
        Some(())
    }
}

/// A column of a line.
struct Named<'a> {
    name: &'a str,
    question: Option<usize>,
    column: Column,
}

/// Makes what goes into the tables.
struct Maker<'a> {
    questionnaire: &'a Questionnaire,
    compiled: &'a Compiled,
    named: Vec<Named<'a>>,
    /// The answers to all questions, each with the number of its place.
    words: Vec<String>,
    lanes: [Marked; LANES],
    /// How many of the lanes are taken.
    taken: usize,
    columns: Vec<(String, Column, u8)>,
    pieces: Vec<Known>,
    long: FxHashMap<Vec<u8>, Action>,
    /// What the pieces would be found by.
    folded: FxHashSet<[u64; 2]>,
}

impl<'a> Maker<'a> {
    #[expect(clippy::large_stack_arrays, reason = "it is made once, and then put into a box")]
    fn new(
        questionnaire: &'a Questionnaire,
        names: &'a Names,
        compiled: &'a Compiled,
    ) -> Option<Self> {
        // The key of a result makes a row another thing. Renamed values and single choices are for
        // the full reader.
        let known = names.columns().iter();
        let known = known.filter(|(name, _)| name != "schema_version" && is_plain(name));
        let named = known.filter_map(|(name, target)| {
            let (question, column) = match *target {
                Target::Id => (None, Column::Id),
                Target::Ignored => (None, Column::Ignored),
                Target::Choice(..) => return None,
                Target::Question(place) if names.renames(place) => return None,
                Target::Question(place) => match questionnaire.questions[place].kind {
                    Kind::Text => (Some(place), Column::Note),
                    _ => (Some(place), Column::Answer),
                },
            };
            Some(Named { name, question, column })
        });
        let named: Vec<Named<'_>> = named.collect();
        let mut words: Vec<String> = Vec::new();
        for question in named.iter().filter_map(|named| named.question) {
            for word in answers(&questionnaire.questions[question]) {
                if !words.contains(&word) && is_plain(&word) {
                    words.push(word);
                }
            }
        }
        (named.len() <= COLUMNS).then_some(())?;
        let mut maker = Self {
            questionnaire,
            compiled,
            named,
            words,
            lanes: [Marked::new(compiled.spare)?; LANES],
            taken: 0,
            columns: Vec::new(),
            pieces: Vec::new(),
            long: FxHashMap::default(),
            folded: FxHashSet::default(),
        };
        maker.take_followers()?;
        Some(maker)
    }

    /// Takes lanes for the answers that may follow in a list, and one more; so far all of them are
    /// that of misfits.
    fn take_followers(&mut self) -> Option<u16> {
        let first = u16::try_from(self.taken).ok()?;
        self.taken += usize::from(self.block()?);
        (self.taken <= LANES).then_some(first)
    }

    /// How many lanes that are.
    fn block(&self) -> Option<u16> {
        u16::try_from(self.words.len() + 1).ok()
    }

    /// Takes the lane of an answer that a column begins with.
    fn take(&mut self, lane: usize) -> Option<u16> {
        let place = u16::try_from(self.taken).ok()?;
        self.lanes[self.taken] = Marked::new(lane)?;
        self.taken += 1;
        Some(place)
    }

    fn piece(&mut self, text: &str, action: Action) {
        match Known::new(text, action) {
            // What cannot be told from another goes to the full reader.
            Some(piece) if self.folded.insert(piece.folded()) => self.pieces.push(piece),
            Some(_) => {}
            None => {
                self.long.entry(text.as_bytes().to_vec()).or_insert(action);
            }
        }
    }

    /// The pieces that a column begins with, and the lanes of their answers.
    fn column(&mut self, nth: usize) -> Option<()> {
        let Named { name, question, column } = self.named[nth];
        // Two columns for one question have one place, as none may stand twice.
        let first = self.named.iter().position(|it| question.is_some() && it.question == question);
        let first_place = u8::try_from(first.unwrap_or(nth)).ok()?;
        self.columns.push((name.to_owned(), column, first_place));
        let begin = |maker: &mut Self, value: &str, action: Action| {
            for colon in [":", ": "] {
                maker.piece(&format!("\"{name}\"{colon}{value}"), action);
            }
        };
        let alone = |maker: &mut Self, value: &str, action: Action| {
            for (behind, flags) in BEHIND {
                begin(maker, &format!("{value}{behind}"), Action(action.0 | flags));
            }
        };
        if matches!(column, Column::Answer | Column::Note) {
            let place = self.take(self.compiled.spare + 1 + nth)?;
            alone(self, "null", Action::begins(NONE, place, first_place, 0));
        }
        let (Some(question_idx), Column::Answer) = (question, column) else { return Some(()) };
        let question = &self.questionnaire.questions[question_idx];
        let followers = self.lists(question_idx)?;
        for word in answers(question).iter().filter(|word| is_plain(word)) {
            let (lane, is_alone) = self.lane(question_idx, word)?;
            let place = self.take(lane)?;
            let action = Action::begins(NONE, place, first_place, 0);
            alone(self, &format!("\"{word}\""), action);
            if is_bare(question, word) {
                alone(self, word, action);
            }
            if matches!(question.kind, Kind::AnyOf { .. }) {
                let column = if is_alone { NONE } else { followers };
                let number = place.wrapping_sub(column);
                for (behind, flags) in BEHIND_LISTED {
                    let action = Action::begins(column, number, first_place, flags);
                    begin(self, &format!("[\"{word}\"{behind}"), action);
                }
            }
        }
        Some(())
    }

    /// The lane of an answer, and whether it excludes the others.
    fn lane(&self, question: usize, word: &str) -> Option<(usize, bool)> {
        let (first, steps) = (self.compiled.first_lane[question], self.compiled.steps[question]);
        let mark = self.questionnaire.questions[question].mark(word)?;
        let step = step_of(mark, steps);
        Some((first + step as usize, step >= steps))
    }

    /// The lanes of the answers that may follow in a list, and returns where they stand: as often
    /// as there is a limit to come closer to.
    fn lists(&mut self, question: usize) -> Option<u16> {
        let Kind::AnyOf { at_most, .. } = self.questionnaire.questions[question].kind else {
            return Some(NONE);
        };
        let (times, changes) = match at_most {
            Some(most) if most < self.compiled.steps[question] as usize => {
                (most.saturating_sub(1), Marked::CHANGES)
            }
            _ => (1, 0),
        };
        // At last nothing may follow.
        let mut column = if changes == 0 { NONE } else { self.take_followers()? };
        for _ in 0..times {
            column = self.take_followers()?;
            for word in answers(&self.questionnaire.questions[question]) {
                let nth = self.words.iter().position(|known| *known == word);
                let (Some(nth), (lane, false)) = (nth, self.lane(question, &word)?) else {
                    continue;
                };
                let marked = Marked::new(lane)?;
                self.lanes[usize::from(column) + nth] = Marked(marked.0 | changes);
            }
        }
        Some(column)
    }

    /// The pieces that follow others in a list.
    fn followers(&mut self) {
        for (word, number) in std::mem::take(&mut self.words).iter().zip(0..) {
            for (behind, flags) in BEHIND_LISTED {
                self.piece(&format!("\"{word}\"{behind}"), Action::follows(number, flags));
            }
        }
    }

    fn first(&self) -> Option<(Expected, u8)> {
        let (name, _, place) = self.columns.iter().find(|(_, column, _)| *column == Column::Id)?;
        Some((Expected::new(&format!("{{\"{name}\":\""))?, *place))
    }
}

/// The answers to a question, as they stand in quotes.
fn answers(question: &Question) -> Vec<String> {
    let mut words = if question.kind == Kind::Text { Vec::new() } else { question.words() };
    if question.kind == Kind::YesNo {
        words.extend(["true", "false"].map(str::to_owned));
    }
    words
}

/// Whether a text stands between quotes as it is: with escapes it is written in other ways.
fn is_plain(text: &str) -> bool {
    !text.contains(|c: char| c < ' ' || c == '"' || c == '\\')
}

/// Whether an answer is written without quotes, too.
fn is_bare(question: &Question, word: &str) -> bool {
    match question.kind {
        Kind::YesNo => matches!(word, "true" | "false"),
        Kind::Scale { .. } => word.bytes().all(|byte| byte.is_ascii_digit()),
        _ => false,
    }
}

/// The hash of a piece of which every 16 bytes were laid over each other.
#[inline]
fn hash([low, high]: [u64; 2], seed: u64) -> u64 {
    low.wrapping_add(high.rotate_left(32)).wrapping_mul(seed)
}

#[inline]
fn bucket(hash: u64) -> usize {
    usize::try_from(hash >> (64 - BUCKETS.trailing_zeros())).unwrap_or(0)
}

#[inline]
fn displace(hash: u64, to: u16) -> usize {
    usize::try_from(hash >> 32 ^ u64::from(to)).unwrap_or(0) % PIECES
}

#[inline]
fn place(hash: u64, displaced: &[u16; BUCKETS]) -> usize {
    displace(hash, displaced[bucket(hash)])
}
