//! A row as a general JSON parser reads it: keys and words stay where they are in the line, and
//! nothing is copied that need not be.

use std::borrow::Cow;
use std::fmt::Formatter;

use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};

/// A key, or a word of an answer. serde's own reader of a [`Cow`] copies it.
pub struct Word<'a>(pub Cow<'a, str>);

/// An answer as a row holds it.
pub enum Answer<'a> {
    Number(i64),
    Word(Word<'a>),
    Words(Vec<Word<'a>>),
    Nothing,
}

/// The keys and answers of a row, in order.
pub struct Row<'a>(pub Vec<(Word<'a>, Answer<'a>)>);

impl<'de> Deserialize<'de> for Word<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Words;
        impl<'de> Visitor<'de> for Words {
            type Value = Word<'de>;

            fn expecting(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
                f.write_str("a word")
            }

            fn visit_borrowed_str<E: Error>(self, word: &'de str) -> Result<Word<'de>, E> {
                Ok(Word(Cow::Borrowed(word)))
            }

            fn visit_str<E: Error>(self, word: &str) -> Result<Word<'de>, E> {
                Ok(Word(Cow::Owned(word.to_owned())))
            }
        }
        deserializer.deserialize_str(Words)
    }
}

impl<'de> Deserialize<'de> for Answer<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Answers;
        impl<'de> Visitor<'de> for Answers {
            type Value = Answer<'de>;

            fn expecting(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
                f.write_str("an answer")
            }

            fn visit_i64<E: Error>(self, number: i64) -> Result<Answer<'de>, E> {
                Ok(Answer::Number(number))
            }

            fn visit_u64<E: Error>(self, number: u64) -> Result<Answer<'de>, E> {
                i64::try_from(number).map(Answer::Number).map_err(E::custom)
            }

            fn visit_borrowed_str<E: Error>(self, word: &'de str) -> Result<Answer<'de>, E> {
                Ok(Answer::Word(Word(Cow::Borrowed(word))))
            }

            fn visit_str<E: Error>(self, word: &str) -> Result<Answer<'de>, E> {
                Ok(Answer::Word(Word(Cow::Owned(word.to_owned()))))
            }

            fn visit_unit<E: Error>(self) -> Result<Answer<'de>, E> {
                Ok(Answer::Nothing)
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut all: A) -> Result<Answer<'de>, A::Error> {
                let mut words = Vec::with_capacity(4);
                while let Some(word) = all.next_element()? {
                    words.push(word);
                }
                Ok(Answer::Words(words))
            }
        }
        deserializer.deserialize_any(Answers)
    }
}

impl<'de> Deserialize<'de> for Row<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Entries;
        impl<'de> Visitor<'de> for Entries {
            type Value = Row<'de>;

            fn expecting(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Row<'de>, A::Error> {
                let mut entries = Vec::with_capacity(32);
                while let Some(entry) = map.next_entry()? {
                    entries.push(entry);
                }
                Ok(Row(entries))
            }
        }
        deserializer.deserialize_map(Entries)
    }
}
