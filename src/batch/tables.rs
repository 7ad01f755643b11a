//! The pieces of usual lines, and what each of them does.

use rustc_hash::FxHashSet;

use super::circuit::ROWS;
use super::compile::{Compiled, step_of};
use super::names::{Names, Target};
use super::words::{Expected, seeds};
use crate::questionnaire::{Kind, Question, Questionnaire};

/// How many bytes are looked at to know a piece.
pub(super) const WIDTH: usize = 64;
/// The longest piece that is known; behind it stands what it does.
pub(super) const LONGEST: usize = 56;
/// How many pieces are known at most, and places without any among them.
const PIECES: usize = 1 << 12;
const BUCKETS: usize = 1 << 10;
const MARKS: usize = 1 << 16;

/// What is kept of the bytes of a piece: its own, and of those behind it nothing.
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
    let kept = KEPT.get(WIDTH - length.min(WIDTH)..).and_then(|kept| kept.first_chunk());
    kept.unwrap_or(&[0; WIDTH])
}

/// A piece, and in its last eight bytes what it does.
#[derive(Clone, Copy, Debug)]
#[repr(align(64))]
pub(super) struct Known(pub(super) [u8; WIDTH]);

impl Known {
    const NONE: Self = Self([0; WIDTH]);

    fn new(text: &str, action: Action) -> Option<Self> {
        let mut known = Self::NONE;
        let (piece, behind) = known.0.split_at_mut(LONGEST);
        piece.get_mut(..text.len())?.copy_from_slice(text.as_bytes());
        behind.copy_from_slice(&action.0.to_le_bytes());
        Some(known)
    }

    /// What it does.
    #[inline]
    pub(super) fn action(&self) -> Action {
        let (_, action) = self.0.split_last_chunk().unwrap_or((&[], &[0; 8]));
        Action(u64::from_le_bytes(*action))
    }

    /// Every sixteen bytes of it, laid over each other.
    fn folded(&self) -> [u64; 2] {
        let mut folded = [0; 2];
        for (nth, part) in self.0[..LONGEST].as_chunks::<8>().0.iter().enumerate() {
            folded[nth % 2] ^= u64::from_le_bytes(*part);
        }
        folded
    }
}

/// What a piece does, and a gap behind it that ends no line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Action(pub(super) u64);

impl Action {
    /// A column begins with it, and so no list is open before it.
    pub(super) const BEGINS: u64 = 1 << 48;
    /// A list is open behind it; of a gap, that what was open is so no more, or the other way round.
    ///
    /// A gap may so open what is no list. Then nothing may follow in it: who begins a column with
    /// one value takes no second.
    pub(super) const OPEN: u64 = 1 << 49;
    /// The gap is known.
    pub(super) const PASSED: u64 = 1 << 51;
    /// The piece is known; nothing else counts, if it is not.
    pub(super) const KNOWN: u64 = 1 << 52;
    /// The place of the column among all.
    const PLACE: u32 = 56;

    /// A piece with the answer of this number, to the column whose marks stand there, or, where it
    /// begins none, to the one before.
    fn new(column: u16, number: u16, gives: i16, flags: u64) -> Self {
        let [column, number, gives] = [column, number, gives.cast_unsigned()].map(u64::from);
        Self(column | number << 16 | gives << 32 | flags | Self::KNOWN)
    }

    /// The place among all of the column that begins with it.
    #[inline]
    pub(super) fn place(self) -> u8 {
        self.0.to_le_bytes()[7]
    }

    #[inline]
    pub(super) fn has(self, flag: u64) -> bool {
        self.0 & flag != 0
    }

    /// Where the marks of the column stand that begins with it.
    #[inline]
    pub(super) fn column(self) -> u16 {
        self.part(0)
    }

    /// The number of the answer in it.
    #[inline]
    pub(super) fn number(self) -> u16 {
        self.part(1)
    }

    /// How many answers the column takes that begins with it.
    #[inline]
    pub(super) fn gives(self) -> i16 {
        self.part(2).cast_signed()
    }

    #[inline]
    fn part(self, nth: usize) -> u16 {
        let bytes = self.0.to_le_bytes();
        u16::from_le_bytes([bytes[2 * nth], bytes[2 * nth + 1]])
    }
}

/// What an answer does in a column.
#[derive(Clone, Copy, Debug)]
pub(super) struct Mark {
    /// The first part of its lane.
    pub(super) lane: u16,
    /// How many of the answers it takes that are left.
    pub(super) weight: i16,
}

/// More than any column has left.
const TOO_MUCH: i16 = i16::MAX;
/// The number of a value that means nothing.
const NOTHING: u16 = 0;
/// The most columns.
pub(super) const COLUMNS: usize = 256;

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
    /// The marks of the columns, one for each number.
    marks: [Mark; MARKS],
    seed: u64,
}

/// What a reader knows at sight.
#[derive(Clone, Debug)]
pub(super) struct Tables {
    fixed: Box<Fixed>,
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

    #[inline]
    pub(super) fn mark(&self, column: u16, number: u16) -> Mark {
        self.marks[(usize::from(column) + usize::from(number)) % MARKS]
    }
}

impl Tables {
    /// What is looked at for every piece.
    pub(super) fn fixed(&self) -> &Fixed {
        &self.fixed
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
        maker.followers();
        let first = maker.first();
        let mut fixed = Box::new(Fixed {
            pieces: [Known::NONE; PIECES],
            displaced: [0; BUCKETS],
            marks: maker.marks,
            seed: 0,
        });
        fixed.place_pieces(&maker.pieces)?;
        Some(Self { fixed, columns: maker.columns, first })
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
    marks: [Mark; MARKS],
    columns: Vec<(String, Column, u8)>,
    pieces: Vec<Known>,
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
        let misfit = Mark { lane: lane(compiled.spare)?, weight: TOO_MUCH };
        let fits = named.len() * (words.len() + 1) <= MARKS && named.len() <= COLUMNS;
        fits.then(|| Self {
            questionnaire,
            compiled,
            named,
            words,
            marks: [misfit; MARKS],
            columns: Vec::new(),
            pieces: Vec::new(),
            folded: FxHashSet::default(),
        })
    }

    fn number(&self, word: &str) -> Option<u16> {
        let place = self.words.iter().position(|known| known == word)?;
        u16::try_from(place + 1).ok()
    }

    fn piece(&mut self, text: &str, action: Action) {
        if let Some(piece) = Known::new(text, action)
            // What cannot be told from another goes to the full reader.
            && self.folded.insert(piece.folded())
        {
            self.pieces.push(piece);
        }
    }

    /// The marks of a column, and the pieces it begins with.
    fn column(&mut self, nth: usize) -> Option<()> {
        let Named { name, question, column } = self.named[nth];
        let from = nth * (self.words.len() + 1);
        let start = u16::try_from(from).ok()?;
        // Two columns for one question have one place, as none may stand twice.
        let first = self.named.iter().position(|it| question.is_some() && it.question == question);
        let place = u8::try_from(first.unwrap_or(nth)).ok()?;
        self.columns.push((name.to_owned(), column, place));
        let nothing = lane(self.compiled.spare + 1 + nth)?;
        self.marks[from + usize::from(NOTHING)] = Mark { lane: nothing, weight: 0 };
        let begins = Action::BEGINS | u64::from(place) << Action::PLACE;
        let action = |number, gives, flags| Action::new(start, number, gives, begins | flags);
        let begin = |maker: &mut Self, value: &str, action: Action| {
            for colon in [":", ": "] {
                maker.piece(&format!("\"{name}\"{colon}{value}"), action);
            }
        };
        if matches!(column, Column::Answer | Column::Note) {
            begin(self, "null", action(NOTHING, 0, 0));
        }
        let (Some(question), Column::Answer) = (question, column) else { return Some(()) };
        let (first, steps) = (self.compiled.first_lane[question], self.compiled.steps[question]);
        let question = &self.questionnaire.questions[question];
        let most = match question.kind {
            Kind::AnyOf { at_most, .. } => {
                Some(i16::try_from(at_most.unwrap_or(64).clamp(1, 64)).ok()?)
            }
            _ => None,
        };
        for word in answers(question) {
            let Some(number) = self.number(&word) else { continue };
            let step = question.mark(&word).map(|mark| step_of(mark, steps))?;
            // Those that exclude the others take all that is left.
            let weight = most.map_or(1, |most| if step < steps { 1 } else { most });
            let mark = Mark { lane: lane(first + step as usize)?, weight };
            self.marks[from + usize::from(number)] = mark;
            begin(self, &format!("\"{word}\""), action(number, weight, 0));
            if is_bare(question, &word) {
                begin(self, &word, action(number, weight, 0));
            }
            if let Some(most) = most {
                begin(self, &format!("[\"{word}\""), action(number, most, Action::OPEN));
            }
        }
        Some(())
    }

    /// The pieces that follow others in a list.
    fn followers(&mut self) {
        for (word, number) in std::mem::take(&mut self.words).iter().zip(1..) {
            self.piece(&format!("\"{word}\""), Action::new(0, number, 0, Action::OPEN));
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

/// The first part of a lane.
fn lane(lane: usize) -> Option<u16> {
    u16::try_from(lane * (ROWS / 64)).ok()
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
