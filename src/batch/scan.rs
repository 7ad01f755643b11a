//! Reads the usual line of NDJSON straight into lanes.
//!
//! It knows the questions and their words, so a line is a chain of look-ups, and where rows are
//! alike not even that: the key that came next last time is expected to come next again.
//! Whatever it does not know at sight (escapes, blanks in odd places, unknown or repeated keys,
//! nesting, numbers that are not plain, answers that do not fit) makes it give up on the line,
//! which then goes to the full reader. It never decides that a row is at fault, and it never looks
//! past one line.

use super::circuit::{Lane, ROWS};
use super::compile::{Compiled, step_of};
use super::names::{Names, Target};
use super::words::{Expected, Head, Words};
use crate::questionnaire::{Kind, LONGEST_NOTE, Question, Questionnaire};

/// How many different keys a row's repetitions are watched for.
const MOST_KEYS: usize = 256;
/// The longest number that is surely one of 64 bits.
const MOST_DIGITS: usize = 18;

/// Reads usual lines.
#[derive(Clone, Debug)]
pub(super) struct Scanner {
    keys: Words,
    /// For each key, what it is about.
    columns: Vec<Known>,
}

#[derive(Clone, Debug)]
struct Known {
    /// The key in its quotes and with its colon; none where it is long.
    key: Option<Expected>,
    /// Its place among those that may stand once.
    once: usize,
    value: Value,
}

/// For each key, and last for the start of a row, which came next when it was last read.
pub(super) type Followers = Vec<usize>;

/// What is known at sight of a value.
#[derive(Clone, Debug)]
enum Value {
    Id,
    Ignored,
    Note,
    /// One answer: its words, and for a scale its lowest number and how many there are.
    One {
        words: Words,
        lane: usize,
        scale: Option<(i64, u64)>,
        yes_no: bool,
    },
    /// Any of the choices.
    Many(Choices),
}

/// The choices of a question of which several can be given.
#[derive(Clone, Debug)]
pub(super) struct Choices {
    /// The steps of the choices by their words.
    words: Words,
    /// The lane of the first.
    pub(super) lane: usize,
    /// How many there are, those that exclude the others not counted.
    steps: u32,
    at_most: u32,
}

impl Choices {
    /// The choices of a question; none, where they are too alike for a table.
    pub(super) fn new(question: &Question, lane: usize, steps: u32) -> Option<Self> {
        let at_most = match question.kind {
            Kind::AnyOf { at_most, .. } => at_most.and_then(|most| most.try_into().ok()),
            _ => Some(1),
        };
        let words = question.words();
        let words = words.iter().filter_map(|word| {
            question.mark(word).map(|mark| (word.as_str(), step_of(mark, steps)))
        });
        Some(Self { words: Words::new(words)?, lane, steps, at_most: at_most.unwrap_or(u32::MAX) })
    }

    /// The step of the word that stands between these places.
    #[inline]
    pub(super) fn step(&self, text: &[u8], start: usize, end: usize) -> Option<u32> {
        self.words.find(Head::read(text, start, end.checked_sub(start)?)?, text, start)
    }

    /// Whether these steps, a bit for each, make an answer together.
    #[inline]
    pub(super) fn fit(&self, given: u64) -> bool {
        // One answer always does, and is what most give.
        given & given.wrapping_sub(1) == 0
            || given >> self.steps == 0 && given.count_ones() <= self.at_most
    }
}

/// A usual line that was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Scanned {
    /// Where the next line begins.
    pub(super) next: usize,
    /// Where the row's name stands, with its quotes; empty where there is none.
    pub(super) id: (usize, usize),
}

impl Scanner {
    /// A reader for these questions; none, if they are too many to be watched.
    pub(super) fn new(
        questionnaire: &Questionnaire,
        names: &Names,
        compiled: &Compiled,
    ) -> Option<Self> {
        let mut keys = Vec::new();
        let mut columns = Vec::new();
        let length = questionnaire.questions.len();
        // The key of a result makes a row another thing.
        for (name, target) in names.columns().iter().filter(|(name, _)| name != "schema_version") {
            let (once, value) = match *target {
                Target::Id => (length, Value::Id),
                Target::Ignored => (length + 1 + columns.len(), Value::Ignored),
                // Renamed values and single choices are for the full reader.
                Target::Choice(..) => continue,
                Target::Question(question_idx) if names.renames(question_idx) => continue,
                Target::Question(question_idx) => {
                    let question = &questionnaire.questions[question_idx];
                    let lane = compiled.first_lane[question_idx];
                    (question_idx, value(question, lane, compiled.steps[question_idx])?)
                }
            };
            keys.push((name.as_str(), u32::try_from(columns.len()).ok()?));
            let key = Expected::new(&format!("\"{name}\":"));
            columns.push(Known { key, once, value });
        }
        if columns.iter().any(|known| known.once >= MOST_KEYS) {
            return None;
        }
        Some(Self { keys: Words::new(keys)?, columns })
    }

    /// Reads the line that begins at `start`, and marks its answers in the lanes of its row.
    ///
    /// None means that the full reader must look at the line; marks may have been made by then.
    #[inline]
    pub(super) fn line(
        &self,
        text: &[u8],
        start: usize,
        followers: &mut Followers,
        lanes: &mut [Lane],
        row: usize,
    ) -> Option<Scanned> {
        followers.resize(self.columns.len() + 1, 0);
        let (part, bit) = (row / 64 % (ROWS / 64), 1 << (row % 64));
        let mut seen = [0_u64; MOST_KEYS / 64];
        let mut id = (start, start);
        let mut column = self.columns.len();
        if *text.get(start)? != b'{' {
            return None;
        }
        let mut at = start + 1;
        loop {
            at = blank(text, at)?;
            let follower = followers.get_mut(column)?;
            column = *follower;
            let mut known = self.columns.get(column)?;
            match &known.key {
                Some(key) if key.stands(text, at) => at += key.length,
                _ => {
                    (column, at) = self.key(text, at)?;
                    *follower = column;
                    known = self.columns.get(column)?;
                }
            }
            let (nth, once) = (known.once / 64 % (MOST_KEYS / 64), 1 << (known.once % 64));
            if seen[nth] & once != 0 {
                return None;
            }
            seen[nth] |= once;
            at = blank(text, at)?;
            at = match &known.value {
                Value::Many(choices) => {
                    let (next, mut given) = many(text, at, choices)?;
                    while given != 0 {
                        lanes[choices.lane + given.trailing_zeros() as usize][part] |= bit;
                        given &= given - 1;
                    }
                    next
                }
                Value::One { words, lane, scale, yes_no } => {
                    let (next, step) = one(text, at, words, *scale, *yes_no)?;
                    if let Some(step) = step {
                        lanes[lane + step][part] |= bit;
                    }
                    next
                }
                Value::Id => {
                    let next = name(text, at)?;
                    id = (at, next);
                    next
                }
                Value::Note => note(text, at)?,
                Value::Ignored => anything(text, at)?,
            };
            match *text.get(at)? {
                b',' => at += 1,
                b'}' => break,
                _ => return None,
            }
        }
        at += 1;
        if *text.get(at)? == b'\r' {
            at += 1;
        }
        (*text.get(at)? == b'\n').then_some(Scanned { next: at + 1, id })
    }

    /// The column whose key stands here, and where its value may begin.
    fn key(&self, text: &[u8], at: usize) -> Option<(usize, usize)> {
        if *text.get(at)? != b'"' {
            return None;
        }
        let head = Head::quoted(text, at + 1)?;
        let column = self.keys.find(head, text, at + 1)? as usize;
        let end = at + 2 + head.length();
        (*text.get(end)? == b':').then_some((column, end + 1))
    }
}

fn value(question: &Question, lane: usize, steps: u32) -> Option<Value> {
    let words = question.words();
    let steps_of = |word: &String| question.mark(word).map(|mark| step_of(mark, steps));
    let mut words: Vec<(&str, u32)> =
        words.iter().filter_map(|word| Some((word.as_str(), steps_of(word)?))).collect();
    let one = |words: Vec<(&str, u32)>, scale, yes_no| {
        Some(Value::One { words: Words::new(words)?, lane, scale, yes_no })
    };
    match &question.kind {
        Kind::Text => Some(Value::Note),
        Kind::YesNo => {
            words.extend([("true", 0), ("false", 1)]);
            one(words, None, true)
        }
        Kind::OneOf(_) => one(words, None, false),
        Kind::Scale { from, to, .. } => {
            let length = u64::try_from(to - from + 1).ok()?;
            one(words, Some((*from, length)), false)
        }
        Kind::AnyOf { .. } => Choices::new(question, lane, steps).map(Value::Many),
    }
}

/// Past one blank, where there is one.
#[inline]
fn blank(text: &[u8], at: usize) -> Option<usize> {
    Some(at + usize::from(*text.get(at)? == b' '))
}

/// One word, a plain number on a scale, true or false, or nothing.
#[inline]
fn one(
    text: &[u8],
    at: usize,
    words: &Words,
    scale: Option<(i64, u64)>,
    yes_no: bool,
) -> Option<(usize, Option<usize>)> {
    match *text.get(at)? {
        b'"' => {
            let head = Head::quoted(text, at + 1)?;
            let step = words.find(head, text, at + 1)?;
            Some((at + head.length() + 2, Some(step as usize)))
        }
        b'0'..=b'9' => {
            let (from, length) = scale?;
            let (next, number) = digits(text, at)?;
            let step = u64::try_from(i64::try_from(number).ok()? - from).ok()?;
            (step < length).then_some((next, Some(usize::try_from(step).ok()?)))
        }
        b't' if yes_no => (text.get(at..at + 4)? == b"true").then_some((at + 4, Some(0))),
        b'f' if yes_no => (text.get(at..at + 5)? == b"false").then_some((at + 5, Some(1))),
        b'n' => (text.get(at..at + 4)? == b"null").then_some((at + 4, None)),
        _ => None,
    }
}

/// A word, or a list of words, that make an answer together.
#[inline]
fn many(text: &[u8], at: usize, choices: &Choices) -> Option<(usize, u64)> {
    let mut given = 0;
    let mut at = at;
    match *text.get(at)? {
        b'[' => loop {
            at = blank(text, at + 1)?;
            if *text.get(at)? != b'"' {
                return None;
            }
            let head = Head::quoted(text, at + 1)?;
            given |= 1 << choices.words.find(head, text, at + 1)?;
            at += head.length() + 2;
            match *text.get(at)? {
                b',' => {}
                b']' => break,
                _ => return None,
            }
        },
        b'"' => {
            let head = Head::quoted(text, at + 1)?;
            given = 1 << choices.words.find(head, text, at + 1)?;
            at += head.length() + 1;
        }
        b'n' => return (text.get(at..at + 4)? == b"null").then_some((at + 4, 0)),
        _ => return None,
    }
    choices.fit(given).then_some((at + 1, given))
}

/// A whole number without a sign, as JSON writes it.
fn digits(text: &[u8], at: usize) -> Option<(usize, u64)> {
    let mut next = at;
    let mut number = 0_u64;
    while let Some(digit @ b'0'..=b'9') = text.get(next) {
        number = number * 10 + u64::from(digit - b'0');
        next += 1;
        if next - at > MOST_DIGITS {
            return None;
        }
    }
    let leading = text.get(at) == Some(&b'0') && next - at > 1;
    let plain = !leading && !matches!(text.get(next)?, b'.' | b'e' | b'E');
    plain.then_some((next, number))
}

/// Past a text without escapes, in quotes.
fn string(text: &[u8], at: usize) -> Option<usize> {
    if *text.get(at)? != b'"' {
        return None;
    }
    let end = at + 1 + Head::quoted(text, at + 1)?.length();
    let within = text.get(at + 1..end)?;
    let plain = within.iter().all(|&byte| byte >= b' ' && byte != b'\\')
        && (within.is_ascii() || std::str::from_utf8(within).is_ok());
    plain.then_some(end + 1)
}

/// Past a text or a plain number.
fn name(text: &[u8], at: usize) -> Option<usize> {
    match *text.get(at)? {
        b'"' => string(text, at),
        b'0'..=b'9' => digits(text, at).map(|(next, _)| next),
        _ => None,
    }
}

/// Past a value that is nothing to us and holds no others.
fn anything(text: &[u8], at: usize) -> Option<usize> {
    let word: &[u8] = match *text.get(at)? {
        b'n' => b"null",
        b't' => b"true",
        b'f' => b"false",
        _ => return name(text, at),
    };
    (text.get(at..at + word.len())? == word).then_some(at + word.len())
}

/// Past a note, which means nothing here but must not be too long.
fn note(text: &[u8], at: usize) -> Option<usize> {
    if *text.get(at)? == b'n' {
        return (text.get(at..at + 4)? == b"null").then_some(at + 4);
    }
    if *text.get(at)? != b'"' {
        return None;
    }
    let mut end = at + 1;
    loop {
        end += memchr::memchr2(b'"', b'\\', text.get(end..)?)?;
        if text[end] == b'"' {
            break;
        }
        // Pairs of `\u` can make half a character; those are for the full reader.
        if !b"\"\\/bfnrt".contains(text.get(end + 1)?) {
            return None;
        }
        end += 2;
    }
    let within = text.get(at + 1..end)?;
    let plain = within.len() <= LONGEST_NOTE
        && within.iter().all(|&byte| byte >= b' ')
        && (within.is_ascii() || std::str::from_utf8(within).is_ok());
    plain.then_some(end + 1)
}
