//! Made-up people: seeded, so that the same seed gives the same rows.
//!
//! They answer as people do: what is asked, most of it; few have a warning sign; some stop half
//! way; some left an answer to a question that is not asked any more.

use std::fmt::Write as _;

use backwise::condition::{Facts, Truth};
use backwise::questionnaire::{Answer, Kind, Question, Spelled};
use backwise::{Answers, RuleSet};

/// A source of numbers that seem random (`SplitMix64`, Steele and others 2014).
#[derive(Clone, Debug)]
pub struct Chance(pub u64);

impl Chance {
    /// The next number.
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number below a bound.
    pub fn below(&mut self, bound: usize) -> usize {
        usize::try_from(self.next() % bound.max(1) as u64).unwrap_or(0)
    }

    /// True so many times in a thousand.
    pub fn one_in_thousand(&mut self, times: usize) -> bool {
        self.below(1000) < times
    }
}

/// How people answer, in thousandths.
#[derive(Clone, Copy, Debug)]
pub struct Habits {
    /// A question that is asked is left out.
    pub left_out: usize,
    /// The person stops half way.
    pub stops: usize,
    /// A question that is not asked is answered all the same.
    pub stale: usize,
    /// "Not sure", where it is offered.
    pub unsure: usize,
    /// "None of these", where it is offered.
    pub none: usize,
    /// A therapist's note is written.
    pub notes: usize,
}

/// As people answer.
pub const PEOPLE: Habits =
    Habits { left_out: 10, stops: 60, stale: 4, unsure: 30, none: 700, notes: 5 };

/// One person's answers.
pub fn answers(rules: &RuleSet, chance: &mut Chance, habits: Habits) -> Answers {
    let questions = &rules.questionnaire.questions;
    let mut answers = Answers::new(&rules.questionnaire);
    let mut marks = vec![0; questions.len()];
    let mut findings = vec![Truth::Unknown; rules.findings.len()];
    let stop = if chance.one_in_thousand(habits.stops) {
        chance.below(questions.len())
    } else {
        questions.len()
    };
    for (at, question) in questions.iter().enumerate().take(stop) {
        let facts = Facts { marks: &marks, findings: &findings, points: &[], outcome: None };
        let asked = question.when.as_ref().is_none_or(|when| when.truth(&facts) == Truth::True);
        let given = if asked {
            !chance.one_in_thousand(habits.left_out)
        } else {
            chance.one_in_thousand(habits.stale)
        };
        if given && let Some(answer) = answer(question, chance, habits) {
            if let (Answer::Marks(given), true) = (&answer, asked) {
                marks[at] = *given;
            }
            answers.give(at, answer);
        }
        for (place, finding) in rules.findings.iter().enumerate() {
            if finding.reads.last() == Some(&at) {
                let facts =
                    Facts { marks: &marks, findings: &findings, points: &[], outcome: None };
                findings[place] = finding.when.truth(&facts);
            }
        }
    }
    answers
}

fn answer(question: &Question, chance: &mut Chance, habits: Habits) -> Option<Answer> {
    let words: Vec<String> = question.marks().iter().map(|&mark| question.word(mark)).collect();
    if question.unsure.is_some() && chance.one_in_thousand(habits.unsure) {
        return question.parse(&["unsure"]).ok();
    }
    match &question.kind {
        // Notes are a therapist's, and most rows have none.
        Kind::Text => chance
            .one_in_thousand(habits.notes)
            .then(|| question.parse(&["to work in the \"garden\", again; é"]).ok())
            .flatten(),
        Kind::AnyOf { none, at_most, .. } => {
            if none.is_some() && chance.one_in_thousand(habits.none) {
                return question.parse(&["none"]).ok();
            }
            let most = at_most.unwrap_or(3).min(words.len());
            let count = 1 + chance.below(most);
            let some: Vec<&str> =
                (0..count).map(|_| words[chance.below(words.len())].as_str()).collect();
            question.parse(&some).ok()
        }
        _ => question.parse(&[words[chance.below(words.len())].as_str()]).ok(),
    }
}

/// The answers as a line of NDJSON, without the line break.
pub fn json(rules: &RuleSet, id: &str, answers: &Answers, blank: bool) -> String {
    let blank = if blank { " " } else { "" };
    let quoted = |word: &str| serde_json::Value::from(word).to_string();
    let mut line = format!("{{\"id\":{blank}{}", quoted(id));
    for (_, question, spelled) in answers.spelled(&rules.questionnaire) {
        let value = match spelled {
            Spelled::Word(word) | Spelled::Note(word) => quoted(&word),
            Spelled::Number(number) => number.to_string(),
            Spelled::Words(words) => {
                let words: Vec<String> = words.iter().map(|word| quoted(word)).collect();
                format!("[{}]", words.join(&format!(",{blank}")))
            }
        };
        let _ = write!(line, ",{blank}\"{}\":{blank}{value}", question.id);
    }
    line.push('}');
    line
}

/// The columns of a CSV file, without the line break.
pub fn csv_header(rules: &RuleSet) -> String {
    let ids = rules.questionnaire.questions.iter().map(|question| question.id.as_str());
    std::iter::once("id").chain(ids).collect::<Vec<_>>().join(",")
}

/// The answers as a line of CSV, without the line break.
pub fn csv(rules: &RuleSet, id: &str, answers: &Answers) -> String {
    let mut cells = vec![String::new(); rules.questionnaire.questions.len()];
    for (at, _, spelled) in answers.spelled(&rules.questionnaire) {
        cells[at] = match spelled {
            Spelled::Word(word) => word,
            Spelled::Note(note) => format!("\"{}\"", note.replace('"', "\"\"")),
            Spelled::Number(number) => number.to_string(),
            Spelled::Words(words) => words.join(";"),
        };
    }
    format!("{id},{}", cells.join(","))
}

/// The line with something wrong or unusual in it.
pub fn mutated(line: &str, chance: &mut Chance) -> Vec<u8> {
    let mut bytes = line.as_bytes().to_vec();
    for _ in 0..=chance.below(2) {
        let at = chance.below(bytes.len());
        let tokens: [&[u8]; 24] = [
            b"\"",
            b",",
            b":",
            b"{",
            b"}",
            b"[",
            b"]",
            b" ",
            b"\\",
            b"\\u0061",
            b"null",
            b"true",
            b"1",
            b"0",
            b"-",
            b".5",
            b"e2",
            b"\x00",
            b"\xff",
            b"\t",
            b"\r",
            b"\"id\":7,",
            b"\"pain\":5,",
            b"[[",
        ];
        match chance.below(7) {
            0 => drop(bytes.remove(at)),
            1 => bytes.truncate(at),
            2 => {
                let token = tokens[chance.below(tokens.len())];
                bytes.splice(at..at, token.iter().copied());
            }
            3 => {
                let token = tokens[chance.below(tokens.len())];
                let end = (at + token.len()).min(bytes.len());
                bytes.splice(at..end, token.iter().copied());
            }
            4 => {
                let end = (at + chance.below(30)).min(bytes.len());
                let part = bytes[at..end].to_vec();
                let to = chance.below(bytes.len());
                bytes.splice(to..to, part);
            }
            5 => {
                let places: Vec<usize> =
                    (0..bytes.len()).filter(|&at| b",:{[".contains(&bytes[at])).collect();
                if !places.is_empty() {
                    let at = places[chance.below(places.len())] + 1;
                    let blanks: [&[u8]; 3] = [b" ", b"  ", b"\t"];
                    bytes.splice(at..at, blanks[chance.below(3)].iter().copied());
                }
            }
            _ => {
                let mut swapped: Vec<&[u8]> = bytes.split(|&byte| byte == b',').collect();
                let (a, b) = (chance.below(swapped.len()), chance.below(swapped.len()));
                swapped.swap(a, b);
                bytes = swapped.join(&b',');
            }
        }
        if bytes.is_empty() {
            break;
        }
    }
    bytes
}
