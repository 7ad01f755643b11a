//! YAML text to a tree of values that know their place. The only room that names the YAML crate.
//!
//! A tree, rather than types of our own, so that the readers above can report every fault of a
//! file at once: a derived reader stops at the first. JSON is read by the same door, as the part
//! of YAML that it is.

use std::fmt;

use serde::de::{Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Serialize};
use serde_yaml::Spanned;

use crate::fault::{Fault, Place};

/// A value and where it stands.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
pub struct Node {
    /// Where it stands; for lists and mappings a point near their first element.
    pub place: Place,
    /// What it is.
    pub value: Value,
}

/// What a YAML value can be. A scalar stays the text that was written: whether `5` is a number
/// or a name is decided by who reads it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
pub enum Value {
    /// Nothing was written.
    Null,
    /// A scalar, as written, without its quotes.
    Scalar(String),
    /// A list.
    List(Vec<Node>),
    /// A mapping, in the order written; no key stands twice.
    Map(Vec<(Key, Node)>),
}

/// A key of a mapping and where it stands.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
pub struct Key {
    /// The key, as written.
    pub text: String,
    /// Where it stands.
    pub place: Place,
}

impl Node {
    /// What a reader would call this kind of value.
    pub fn kind(&self) -> &'static str {
        match &self.value {
            Value::Null => "nothing",
            Value::Scalar(_) => "a single value",
            Value::List(_) => "a list",
            Value::Map(_) => "a mapping",
        }
    }

    /// The value of a mapping's key, where this is a mapping that has it.
    pub fn entry(&self, name: &str) -> Option<&Self> {
        match &self.value {
            Value::Map(entries) => {
                entries.iter().find(|(key, _)| key.text == name).map(|(_, node)| node)
            }
            _ => None,
        }
    }

    /// The text of a single value, where this is one.
    pub fn scalar(&self) -> Option<&str> {
        match &self.value {
            Value::Scalar(text) => Some(text),
            _ => None,
        }
    }
}

/// Reads one YAML document.
///
/// # Errors
/// The one place where the text stops being YAML, or where a key stands twice.
pub fn read(text: &str) -> Result<Node, Fault> {
    match from_text::<Spanned<Raw>>(text) {
        Ok(node) => Ok(settle(node, text)),
        // A typed reader reports the value around a slip; one that ignores all, the slip itself.
        Err(fault) => match from_text::<IgnoredAny>(text) {
            Err(slip) => Err(slip),
            Ok(_) => Err(fault),
        },
    }
}

/// Packs a tree that was read, so that it need not be parsed again.
pub fn pack(node: &Node) -> Vec<u8> {
    postcard::to_allocvec(node).unwrap_or_default()
}

/// Unpacks a tree; none if these bytes are not one.
pub fn unpack(bytes: &[u8]) -> Option<Node> {
    postcard::from_bytes(bytes).ok()
}

fn from_text<'a, T: Deserialize<'a>>(text: &'a str) -> Result<T, Fault> {
    let options = serde_yaml::options! { strict_booleans: true, with_snippet: false };
    serde_yaml::from_str_with_options(text, options).map_err(|error| {
        let place = error.location().map_or(Place::default(), |location| {
            let start = byte_offset(text, location.line(), location.column());
            let length = location.span().byte_len().and_then(|bytes| usize::try_from(bytes).ok());
            Place { start, end: start + length.unwrap_or(1).max(1) }
        });
        let whole = error.to_string();
        let message = whole.split(" at line ").next().unwrap_or(&whole);
        let message = message.split(", set DuplicateKeyPolicy").next().unwrap_or(message);
        match message.strip_prefix("duplicate mapping key: ") {
            Some(key) => Fault::new(
                "duplicate-key",
                place,
                format!("the key {} stands twice", crate::prose::tick(key)),
            )
            .help("keep one of the two"),
            None => Fault::new("syntax", place, format!("this is not YAML: {message}"))
                .help("check the indent, the quotes and the brackets just before this place"),
        }
    })
}

/// The byte at a line and column, both counted from one, columns in characters.
fn byte_offset(text: &str, line: u64, column: u64) -> usize {
    let mut start = 0;
    for _ in 1..line {
        match text[start..].find('\n') {
            Some(newline) => start += newline + 1,
            None => return text.len(),
        }
    }
    let characters = usize::try_from(column.saturating_sub(1)).unwrap_or(usize::MAX);
    let rest = &text[start..];
    start + rest.char_indices().nth(characters).map_or(rest.len(), |(index, _)| index)
}

/// What the YAML crate hands over, before numbers are turned back into what was written.
enum Raw {
    Null,
    Text(String),
    /// A number or a true/false; what was written is looked up in the source.
    Written,
    List(Vec<Spanned<Self>>),
    Map(Vec<(Spanned<String>, Spanned<Self>)>),
}

fn settle(raw: Spanned<Raw>, text: &str) -> Node {
    let place = place_of(&raw);
    let value = match raw.value {
        Raw::Null => Value::Null,
        Raw::Text(text) => Value::Scalar(text),
        Raw::Written => {
            Value::Scalar(text.get(place.start..place.end).unwrap_or_default().to_owned())
        }
        Raw::List(items) => Value::List(items.into_iter().map(|item| settle(item, text)).collect()),
        Raw::Map(entries) => Value::Map(
            entries
                .into_iter()
                .map(|(key, value)| {
                    (Key { place: place_of(&key), text: key.value }, settle(value, text))
                })
                .collect(),
        ),
    };
    Node { place, value }
}

fn place_of<T>(spanned: &Spanned<T>) -> Place {
    // The place of use, not of definition: an alias is judged where it stands.
    let span = spanned.referenced.span();
    let offset = |bytes: Option<u64>| bytes.and_then(|b| usize::try_from(b).ok()).unwrap_or(0);
    let start = offset(span.byte_offset());
    Place { start, end: start + offset(span.byte_len()) }
}

impl<'de> Deserialize<'de> for Raw {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(RawVisitor)
    }
}

struct RawVisitor;

impl<'de> Visitor<'de> for RawVisitor {
    type Value = Raw;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any YAML value")
    }

    fn visit_bool<E>(self, _: bool) -> Result<Raw, E> {
        Ok(Raw::Written)
    }

    fn visit_i64<E>(self, _: i64) -> Result<Raw, E> {
        Ok(Raw::Written)
    }

    fn visit_i128<E>(self, _: i128) -> Result<Raw, E> {
        Ok(Raw::Written)
    }

    fn visit_u64<E>(self, _: u64) -> Result<Raw, E> {
        Ok(Raw::Written)
    }

    fn visit_u128<E>(self, _: u128) -> Result<Raw, E> {
        Ok(Raw::Written)
    }

    fn visit_f64<E>(self, _: f64) -> Result<Raw, E> {
        Ok(Raw::Written)
    }

    fn visit_str<E>(self, text: &str) -> Result<Raw, E> {
        Ok(Raw::Text(text.to_owned()))
    }

    fn visit_unit<E>(self) -> Result<Raw, E> {
        Ok(Raw::Null)
    }

    fn visit_none<E>(self) -> Result<Raw, E> {
        Ok(Raw::Null)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Raw, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element()? {
            list.push(item);
        }
        Ok(Raw::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Raw, A::Error> {
        let mut map = Vec::new();
        while let Some(entry) = entries.next_entry()? {
            map.push(entry);
        }
        Ok(Raw::Map(map))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scalar(text: &str) -> Value {
        Value::Scalar(text.to_owned())
    }

    fn entry(text: &str, wanted: &str) -> Node {
        match read(text).expect("the text is YAML").value {
            Value::Map(entries) => {
                let found = entries.into_iter().find(|(key, _)| key.text == wanted);
                found.expect("the key is there").1
            }
            other => panic!("a mapping was expected: {other:?}"),
        }
    }

    #[test]
    fn a_scalar_stays_what_was_written() {
        for written in ["yes", "no", "1.10", "0x10", "007", "true", "2026-11-22", "1e3"] {
            assert_eq!(entry(&format!("a: {written}\n"), "a").value, scalar(written));
        }
        assert_eq!(entry("a: 'yes'\n", "a").value, scalar("yes"));
        assert_eq!(entry("a: \"5\"\n", "a").value, scalar("5"));
        assert_eq!(entry("a: ~\n", "a").value, Value::Null);
        assert_eq!(entry("a:\n", "a").value, Value::Null);
    }

    #[test]
    fn json_is_read_by_the_same_door() {
        let node = entry("{\"a\": [1, true, null, \"x\"]}", "a");
        let Value::List(items) = node.value else { panic!("a list was expected") };
        let values: Vec<Value> = items.into_iter().map(|item| item.value).collect();
        assert_eq!(values, [scalar("1"), scalar("true"), Value::Null, scalar("x")]);
    }

    #[test]
    fn a_packed_tree_comes_back_as_it_was() {
        let node = read("é: [1, ~, { b: 'x' }]\nc: >-\n  two\n  lines\n").expect("it is YAML");
        assert_eq!(unpack(&pack(&node)), Some(node));
        assert_eq!(unpack(b""), None);
    }

    #[test]
    fn a_place_covers_the_word_behind_other_characters() {
        let text = "é: 1\nwhere: [low, knæ]\n";
        let Value::List(items) = entry(text, "where").value else { panic!("a list was expected") };
        assert_eq!(&text[items[1].place.start..items[1].place.end], "knæ");
    }

    #[track_caller]
    fn broken(text: &str, code: &str, line: usize, column: usize) {
        let fault = read(text).expect_err("the text is broken");
        assert_eq!((fault.code, fault.line_and_column(text)), (code, (line, column)), "{fault:?}");
    }

    #[test]
    fn a_slip_is_placed_where_it_is() {
        broken("a: 1\nb: 2\na: 3\n", "duplicate-key", 3, 1);
        broken("a: b: c\n", "syntax", 1, 5);
        broken("a: [1, 2\nb: 3\n", "syntax", 2, 2);
        broken("a: 1\n---\nb: 2\n", "syntax", 3, 1);
        broken("é: \"x\\qy\"\n", "syntax", 1, 4);
        broken("\u{0}\u{1}", "syntax", 1, 1);
        broken(&"[".repeat(100_000), "syntax", 1, 256);
    }
}
