//! Parses rows and does nothing with them: `floor sonic|serde FILE`.
//!
//! What a general JSON parser costs before a single rule is looked at.

mod row;

use std::io::BufRead as _;

use row::{Answer, Row, Word};

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
        let Some(Row(entries)) = row else {
            broken += 1;
            continue;
        };
        for (Word(key), answer) in &entries {
            answers += key.len();
            answers += match answer {
                Answer::Number(number) => usize::from(*number > 0),
                Answer::Word(Word(word)) => word.len(),
                Answer::Words(words) => words.iter().map(|Word(word)| word.len()).sum(),
                Answer::Nothing => 0,
            };
        }
    }
    println!("{answers} {broken}");
    Ok(())
}
