//! Values that are no words of the rule set: names of rows, notes, and what is ignored.

use crate::questionnaire::LONGEST_NOTE;

/// The longest number that is surely one of 64 bits.
const MOST_DIGITS: usize = 18;

/// Past a whole number without a sign, as JSON writes it.
fn digits(text: &[u8], at: usize) -> Option<usize> {
    let length = text.get(at..)?.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let leading = text.get(at) == Some(&b'0') && length > 1;
    let plain = !leading && !matches!(text.get(at + length)?, b'.' | b'e' | b'E');
    (plain && length <= MOST_DIGITS).then_some(at + length)
}

/// Past a text without escapes, in quotes.
fn string(text: &[u8], at: usize) -> Option<usize> {
    if *text.get(at)? != b'"' {
        return None;
    }
    let end = at + 1 + memchr::memchr(b'"', text.get(at + 1..)?)?;
    let within = text.get(at + 1..end)?;
    let plain = within.iter().all(|&byte| byte >= b' ' && byte != b'\\')
        && (within.is_ascii() || std::str::from_utf8(within).is_ok());
    plain.then_some(end + 1)
}

/// Past a text or a plain number.
pub(super) fn name(text: &[u8], at: usize) -> Option<usize> {
    match *text.get(at)? {
        b'"' => string(text, at),
        b'0'..=b'9' => digits(text, at),
        _ => None,
    }
}

/// Past a value that is nothing to us and holds no others.
pub(super) fn anything(text: &[u8], at: usize) -> Option<usize> {
    let word: &[u8] = match *text.get(at)? {
        b'n' => b"null",
        b't' => b"true",
        b'f' => b"false",
        _ => return name(text, at),
    };
    (text.get(at..at + word.len())? == word).then_some(at + word.len())
}

/// Past a note, which means nothing here but must not be too long.
pub(super) fn note(text: &[u8], at: usize) -> Option<usize> {
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
