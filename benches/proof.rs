//! How the proof grows with the rule set: time, memory, what was too large; and brute force where
//! that is still possible. Run with `cargo bench --bench proof`.
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a bench may panic and print")]

#[path = "../tests/it/generated/random.rs"]
mod random;

use std::time::Instant;

use backwise::condition::{NONE, UNSURE};
use backwise::proof::{Bounds, Verdict, prove};
use backwise::questionnaire::{Answer, Kind, Question};
use backwise::{Answers, Interview, RuleSet};
use random::{Random, Size, rule_set};

fn walk(rules: &RuleSet, interview: &Interview<'_>, ways: &mut u64, most: u64) {
    if *ways > most {
        return;
    }
    let Some(question) = interview.current() else {
        *ways += 1;
        return;
    };
    let question = &rules.questionnaire.questions[question];
    let marks = match question.kind {
        Kind::AnyOf { .. } => (1..1 << question.marks().len()).collect(),
        _ => question.marks(),
    };
    let others = Question::single_marks(question.all_marks() & (NONE | UNSURE));
    for marks in marks.into_iter().chain(others) {
        let mut next = interview.clone();
        next.answer(Answer::Marks(marks));
        walk(rules, &next, ways, most);
    }
}

fn main() {
    println!(
        "questions choices rules  ways       seconds  memory MB  M steps  too large  brute force"
    );
    for (questions, choices, rules) in [
        (7, 5, 40),
        (10, 5, 40),
        (20, 5, 40),
        (20, 15, 40),
        (20, 50, 40),
        (20, 5, 100),
        (40, 5, 100),
        (40, 5, 200),
        (80, 5, 200),
        (80, 5, 400),
    ] {
        let size = Size { questions, choices, rules, reach: 4, ..Size::SMALL };
        let size = Size { warnings: 30, cautions: 30, ..size };
        let text = rule_set(&mut Random::new(7), size);
        let read = RuleSet::read(&text).unwrap();
        let start = Instant::now();
        let proof = prove(&read, Bounds { nodes: 4_000_000, states: 100_000, ..Bounds::default() });
        let seconds = start.elapsed().as_secs_f64();
        let large = proof.bad().filter(|property| property.verdict == Verdict::TooLarge).count();
        let ways = proof.ways().map_or("?".to_owned(), |ways| format!("{:.1e}", ways[0].as_f64()));
        let brute = if questions <= 7 {
            let (start, mut seen) = (Instant::now(), 0);
            let answers = Answers::new(&read.questionnaire);
            walk(&read, &Interview::new(&read, answers, false), &mut seen, 2_000_000);
            format!("{seen} ways, {:.1} s", start.elapsed().as_secs_f64())
        } else {
            "-".to_owned()
        };
        let steps = proof.steps / 1_000_000;
        let megabytes = proof.bytes >> 20;
        println!(
            "{questions:9} {choices:7} {rules:5}  {ways:9} {seconds:8.1} {megabytes:10} \
             {steps:8} {large:10}  {brute}"
        );
    }
}
