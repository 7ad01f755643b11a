//! The readers at sight and the full readers come to the same, however a row is written.

use backwise::RuleSet;
use backwise::batch::{Batch, Buffer, Names, Written};

use crate::batch::{WILD, batch, every_column, lines};
use crate::generated::random::{Random, Size, rule_set};
use crate::made_up::shipped;
use crate::rows::{self, Chance, PEOPLE};

/// The reader at sight and the full reader, on lines that are broken in every way at hand.
#[test]
fn the_reader_at_sight_never_differs_from_the_full_reader() {
    let rules = shipped();
    let fast = batch(&rules, every_column());
    let slow = read_in_full(&rules);
    let mut chance = Chance(3);
    let rounds = rounds(60);
    let (mut fine, mut faulty) = (0, 0);
    for round in 0..rounds {
        let mut text = Vec::new();
        for at in 0..500 {
            let habits = if at % 2 == 0 { PEOPLE } else { WILD };
            let answers = rows::answers(&rules, &mut chance, habits);
            let line = rows::json(&rules, &format!("{round}-{at}"), &answers, at % 3 == 0);
            text.extend(rows::mutated(&line, &mut chance));
            text.push(b'\n');
        }
        let (fast, slow) = (lines(&fast, &text), lines(&slow, &text));
        for (a, b) in fast.lines().zip(slow.lines()) {
            assert_eq!(a, b, "{}", String::from_utf8_lossy(&text));
            if a.contains("\"error\":") { faulty += 1 } else { fine += 1 }
        }
        assert_eq!(fast.len(), slow.len());
    }
    assert!(fine > rounds * 50 && faulty > rounds * 50, "{fine} fine, {faulty} faulty");
}

/// A batch of which every row goes to the full reader: a map that renames nothing sees to it.
fn read_in_full(rules: &RuleSet) -> Batch<'_> {
    named_in_full(rules, Names::new(&rules.questionnaire, "id"))
}

fn named_in_full(rules: &RuleSet, mut names: Names) -> Batch<'_> {
    for question in &rules.questionnaire.questions {
        let map = format!("values: {{{}: {{\"\\0nothing\": []}}}}", question.id);
        names.rename(&rules.questionnaire, &map).unwrap();
    }
    Batch::new(rules, names, every_column())
}

/// Lines as other hands write them.
const LINES: &[&str] = &[
    "{\"id\": \"a\", \"pain\": 10, \"where\": [\"low-back\", \"thigh\"], \"age\": \"18-34\"}",
    "{ \"id\":\"a\",\"pain\":3}",
    "{\"id\":7,\"pain\":3}",
    "{\"id\":70000,\"pain\":3}",
    "{\"pain\":3,\"id\":\"a\"}",
    "{\"id\":\"none\",\"pain\":3}",
    "{\"id\":\"a\",\"pain\":3,\"id\":\"b\"}",
    "{\"id\":\"a\"}",
    "{\"id\":null,\"pain\":null,\"age\":null}",
    "{\"id\":\"\u{e9}\",\"pain\":\"3\"}",
    "{\"id\":\"a\\\"b\",\"pain\":3}",
    "{\"id\":\"a\\u0041\",\"pain\":3}",
    "{\"id\":\"a\tb\",\"pain\":3}",
    "{\"age\":[\"18-34\"]}",
    "{\"age\":\"18-34\",\"18-34\"}",
    "{\"age\":\"18-34\"]}",
    "{\"where\":[\"thigh\"}",
    "{\"where\":\"thigh\",\"pain\":03}",
    "{\"where\":[]}",
    "{\"where\":[\"thigh\",\"thigh\"]}",
    "{\"where\":[\"none\",\"thigh\"]}",
    "{\"where\":[\"thigh\",\"unsure\"]}",
    "{\"symptoms\":[\"stiffness\",\"knots\",\"spasms\"]}",
    "{\"symptoms\":\"none\"}",
    "{\"where\":[\"thigh\",3]}",
    "{\"where\":3}",
    "{\"now-chest\":true,\"now-sexual\":false,\"now-tearing\":\"yes\",\"now-walking\":\"true\"}",
    "{\"now-chest\":1}",
    "{\"age\":true}",
    "{\"consent\":\"yes\",\"pain\":3}",
    "{\"consent\":\"\\\",\\\"pain\\\":\",\"pain\":3}",
    "{\"consent\":null,\"pain\":3}",
    "{\"consent\":[\"yes\"],\"pain\":3}",
    "{\"consent\":3,\"pain\":3}",
    "{\"pain\":3,\"where\":{\"age\":\"18-34\"}}",
    "{\"pain\":3}{\"pain\":3}",
    "{\"pain\":3],\"age\":\"18-34\"}",
    "{\"pain\":3]}",
    "{\"pain\":3]\"age\":\"18-34\"}",
    "{\"where\":[\"thigh\"]\"age\":\"18-34\"}",
    "{\"where\":[\"thigh\"]\"low-back\"]}",
    "{\"where\":[\"thigh\"],}",
    "{\"where\":[\"thigh\",}",
    "{\"where\":[\"thigh\",]}",
    "{\"age\":\"18-34\"}\"pain\":3}",
    "{\"consent\":\"yes\",}",
    "{\"id\":\"a\",}",
    "{\"where\":\"thigh\"],\"low-back\"]}",
    "{\"where\":null],\"thigh\"]}",
    "{\"where\":[\"thigh\"],\"low-back\"]}",
    "{\"where\":[\"thigh\"]],\"pain\":3}",
    "{\"where\":[\"thigh\"],{\"pain\":3}",
    "{\"where\":[\"thigh\",\"consent\":\"yes\",\"pain\":3}",
    "{\"where\":[\"thigh\",{\"pain\":3}]}",
    "{\"consent\":\"yes\"],\"pain\":3}",
    "{{\"pain\":3}",
    ",{\"pain\":3}",
    "\"pain\":3}",
    "{\"pain\":3,,\"age\":\"18-34\"}",
    "{\"pain\":3,  \"age\":\"18-34\"}",
    "{\"pain\":3 ,\"age\":\"18-34\"}",
    "{\"pain\":3, }",
    "{\"pain\":3, ,\"age\":\"18-34\"}",
    "{\"where\":[\"thigh\", ,\"low-back\"]}",
    "{\"where\":[\"thigh\", ,\"age\":\"18-34\"}",
    "{\"where\":[\"thigh\", ],\"age\":\"18-34\"}",
    "{\"where\":[ ,\"thigh\"]}",
    "{ ,\"pain\":3}",
    "{\"pain\":3}}",
    "{\"pain\":3}\t",
    "{\"id\":\"a,b]}{\",\"pain\":3}",
    "{\"id\":\"a\"b\",\"pain\":3}",
    "{\"consent\":\"a, {\\\"b\\\": [3]}\",\"pain\":3}",
    "{\"consent\":\"a\",\"consent\":\"b\"}",
    "{\"pain\":null,\"pain\":3}",
    "{\"pain\":3,}",
    "{\"pain\"}",
    "{\"pain\":3",
    "{\"pain\":3}\r",
    "{\"age\":\"18-34\"}\r",
    "{\"where\":[\"thigh\"]} ",
    "{\"age\"\0\0\0\0\0\0\0\0\"18-34\"}",
    "{\"age\":\"18-34\",\0\"pain\":3}",
    "{\"age\":\"18-34\"\0}",
    "{\"age\":\"18-34\"\0,\"pain\":3}",
    "{\"where\":[\"thigh\",\0\"low-back\"]\0}",
    "{\"pain\":3}\n\0{\"pain\":3}",
    "{\"pain\":3}\n{\0\"pain\":3}",
    "{\"age\":\"18-34\"\0\0\0\0\0\0\0\0\"age\":\"18-34\"}",
    "\"",
    "{\"",
    "",
    "{}",
    "{}{\"pain\":3}",
    "}",
    "{\"pain\":3}\n}",
    "{\"pain\":3}\n\n{\"pain\":3}",
    "{\"pain\":3}\r\r\n{\"pain\":3}",
    "{\"pain\":3}\n {\"pain\":3}",
    "{\"pain\":3\n}",
];

/// Each whole, first, last, and alone.
#[test]
fn lines_of_other_hands_are_read_alike_by_both_readers() {
    let rules = shipped();
    let (fast, slow) = (batch(&rules, every_column()), read_in_full(&rules));
    let long = format!("{{\"id\":\"{}\",\"pain\":3}}", "x".repeat(5_000));
    let many = format!("{{\"health\":[{}]}}", vec!["\"disc\""; 300].join(","));
    let alike = |text: &str| {
        let (fast, slow) =
            (self::lines(&fast, text.as_bytes()), self::lines(&slow, text.as_bytes()));
        assert_eq!(fast, slow, "{text}");
    };
    let usual = "{\"id\":\"u\",\"age\":\"18-34\",\"where\":[\"thigh\"],\"pain\":3}";
    for line in LINES.iter().copied().chain([long.as_str(), many.as_str()]) {
        alike(line);
        alike(&format!("{line}\n{usual}"));
        alike(&format!("{usual}\n{line}\n"));
        alike(&format!("{usual}\r\n{line}\r\n{line}\n{usual}\n"));
    }
}

/// A name is compared with what JSON says, not with how it says it.
#[test]
fn names_that_need_escapes_are_read_alike_by_both_readers() {
    let rules = shipped();
    for (name, escaped) in [("a\"b", "a\\\"b"), ("a\\", "a\\\\"), ("a\tb", "a\\tb"), ("a,b", "a,b")]
    {
        let mut names = Names::new(&rules.questionnaire, name);
        names.ignore(&format!("{name}{name}"));
        let slow = named_in_full(&rules, names.clone());
        let fast = Batch::new(&rules, names, every_column());
        for key in [name, escaped] {
            for line in [
                format!("{{\"{key}\":\"x\",\"pain\":3}}"),
                format!("{{\"pain\":3,\"{key}\":\"x\"}}"),
                format!("{{\"pain\":3,\"{key}{key}\":\"x\"}}"),
                format!("{{\"pain\":3,\"{key}{key}\":7,\"age\":\"18-34\"}}"),
            ] {
                assert_eq!(lines(&fast, line.as_bytes()), lines(&slow, line.as_bytes()), "{line}");
            }
        }
    }
}

/// More columns than bits in a register.
#[test]
fn rows_of_many_columns_are_read_alike_by_both_readers() {
    let size = Size { questions: 90, choices: 6, reach: 5, skips: 0, ..Size::SMALL };
    let rules = RuleSet::read(&rule_set(&mut Random::new(7), size)).expect("a rule set");
    let (fast, slow) = (batch(&rules, every_column()), read_in_full(&rules));
    let mut chance = Chance(11);
    let (mut twice, mut whole) = (0, 0);
    for row in 0..400 {
        let answers = rows::answers(&rules, &mut chance, PEOPLE);
        let line = rows::json(&rules, &format!("r{row}"), &answers, false);
        // Each column once more, at the end; and a value of another instead.
        let more = line.split(",\"").skip(1).map(|piece| {
            let piece = piece.trim_end_matches('}');
            format!("{},\"{piece}}}", line.trim_end_matches('}'))
        });
        let lines: Vec<String> = more.step_by(7).chain([line.clone()]).collect();
        let text = lines.join("\n");
        let (fast, slow) =
            (self::lines(&fast, text.as_bytes()), self::lines(&slow, text.as_bytes()));
        assert_eq!(fast, slow, "{text}");
        twice += fast.matches("stands twice").count();
        whole += fast.matches("\"care\"").count();
    }
    assert!(twice > 1_000 && whole >= 400, "{twice} {whole}");
}

/// How often to try, where the environment does not say.
fn rounds(usual: usize) -> usize {
    std::env::var("BACKWISE_ROUNDS").ok().and_then(|rounds| rounds.parse().ok()).unwrap_or(usual)
}

/// The same of records, with quotes around cells, within them, and across lines.
#[test]
fn records_read_at_sight_never_differ_from_records_read_in_full() {
    let rules = shipped();
    let (fast, slow) = (batch(&rules, every_column()), read_in_full(&rules));
    let names: Vec<String> = rows::csv_header(&rules).split(',').map(str::to_owned).collect();
    let mut chance = Chance(5);
    let (mut fine, mut faulty) = (0, 0);
    let rounds = rounds(60);
    for round in 0..rounds {
        let delimiter = *b",;\t".get(round % 4).unwrap_or(&b',');
        let mut text = Vec::new();
        for at in 0..300 {
            let habits = if at % 2 == 0 { PEOPLE } else { WILD };
            let answers = rows::answers(&rules, &mut chance, habits);
            let line = rows::csv(&rules, &format!("{round}-{at}"), &answers);
            let cells = line.split(',').map(|cell| match chance.below(20) {
                0 => format!("\"{cell}\""),
                1 if chance.below(20) == 0 => format!("\"{cell}\n\""),
                2 if chance.below(20) == 0 => format!("\"{cell}\"\""),
                _ => cell.to_owned(),
            });
            let line = cells.collect::<Vec<_>>().join(&char::from(delimiter).to_string());
            match chance.below(4) {
                0 => text.extend(rows::mutated(&line, &mut chance)),
                _ => text.extend(line.into_bytes()),
            }
            let ends: [&[u8]; 5] = [b"\n", b"\n", b"\r\n", b"\r", b"\n\n"];
            text.extend(ends[chance.below(if at % 7 == 0 { 5 } else { 3 })]);
        }
        let run = |batch: &Batch<'_>| {
            let header = batch.header(&names).unwrap().with_delimiter(delimiter);
            let mut written = Written::default();
            batch.records(&header, &mut Buffer::of(&text), 1, None, &mut written);
            String::from_utf8(written.text().to_vec()).unwrap()
        };
        let (fast, slow) = (run(&fast), run(&slow));
        for (a, b) in fast.lines().zip(slow.lines()) {
            assert_eq!(a, b);
            if a.contains("\"error\":") { faulty += 1 } else { fine += 1 }
        }
        assert_eq!(fast.len(), slow.len());
    }
    assert!(fine > rounds * 50 && faulty > rounds * 20, "{fine} fine, {faulty} faulty");
}
