//! Parses rows and does nothing with them: `floor sonic|serde FILE`.
//!
//! What a general JSON parser costs before a single rule is looked at. Keys and words stay where
//! they are in the line; nothing is copied that need not be.

use std::borrow::Cow;
use std::io::BufRead as _;

use serde::Deserialize;

/// An answer as a row holds it.
#[derive(Deserialize)]
#[serde(untagged)]
enum Answer<'a> {
    Number(f64),
    Word(#[serde(borrow)] Cow<'a, str>),
    Words(#[serde(borrow)] Vec<Cow<'a, str>>),
    Nothing(Option<bool>),
}

/// The keys and answers of a row, in order.
struct Row<'a>(Vec<(Cow<'a, str>, Answer<'a>)>);

impl<'de: 'a, 'a> Deserialize<'de> for Row<'a> {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Entries;
        impl<'de> serde::de::Visitor<'de> for Entries {
            type Value = Row<'de>;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: serde::de::MapAccess<'de>>(self, mut map: A) -> Result<Row<'de>, A::Error> {
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

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let parser = arguments.next().ok_or("a parser is missing")?;
    let file = arguments.next().ok_or("a file is missing")?;
    let mut reader = std::io::BufReader::with_capacity(1 << 18, std::fs::File::open(file)?);
    let (mut line, mut answers, mut broken) = (Vec::new(), 0, 0);
    loop {
        line.clear();
        if reader.read_until(b'\n', &mut line)? == 0 {
            break;
        }
        let row: Option<Row<'_>> = match parser.as_str() {
            "sonic" => sonic_rs::from_slice(&line).ok(),
            _ => serde_json::from_slice(&line).ok(),
        };
        match row {
            Some(Row(entries)) => {
                for (key, answer) in &entries {
                    answers += key.len();
                    answers += match answer {
                        Answer::Number(_) | Answer::Nothing(_) => 1,
                        Answer::Word(word) => word.len(),
                        Answer::Words(words) => words.len(),
                    };
                }
            }
            None => broken += 1,
        }
    }
    println!("{answers} {broken}");
    Ok(())
}
