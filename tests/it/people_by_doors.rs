//! The same people by every door: drawn prompts, plain prompts, flags, a file, a session stopped
//! and gone on with. The result is the same, byte for byte.

use backwise::proof::remaining::{BETWEEN_QUESTIONS, is_settled};
use backwise::questionnaire::{Kind, Question};
use backwise::{Answers, Interview, RuleSet, Session};

use crate::people::{Chance, complete};
use crate::program::{Program, repository};
use crate::screen::{CTRL_C, ENTER, PROMPT, REVIEW_PROMPT, Screen, Terminal};

/// Each answer with its question, in the order asked.
fn in_order<'a>(rules: &'a RuleSet, answers: &Answers) -> Vec<(&'a Question, u64)> {
    let asked = Interview::new(rules, answers.clone(), false).asked();
    let marks = answers.marks();
    asked
        .into_iter()
        .filter(|&question| marks[question] != 0)
        .map(|question| (&rules.questionnaire.questions[question], marks[question]))
        .collect()
}

/// The words of a question that stay on one line of the list or the review.
fn short(text: &str) -> String {
    text.chars().take(30).collect()
}

fn rich(screen: &mut Screen, question: &Question, marks: u64) {
    // The question, and all of its list, stand at the end of the screen.
    let last = Question::single_marks(question.all_marks()).last().unwrap();
    screen.until(&format!("asked {}", question.id), |contents| {
        contents.rfind(&format!("\n{}", short(&question.ask))).is_some_and(|at| {
            let below = &contents[at..];
            below.contains(&short(&question.label(last))) && below.contains("Ctrl-C stops")
        })
    });
    for mark in Question::single_marks(marks) {
        let label = match question.kind {
            // "1" is in "10" too.
            Kind::Scale { .. } => format!("❯ {}", question.label(mark)),
            _ => short(&question.label(mark)),
        };
        let many = matches!(question.kind, Kind::AnyOf { .. });
        screen.pick(&label, if many { " " } else { ENTER });
        if many {
            screen.until("marked", |contents| {
                contents.lines().any(|line| line.contains("[x]") && line.contains(&label))
            });
        }
    }
    if matches!(question.kind, Kind::AnyOf { .. }) {
        screen.send(ENTER);
    }
}

fn plain(screen: &mut Screen, question: &Question, marks: u64) {
    let all: Vec<u64> = Question::single_marks(question.all_marks()).collect();
    let numbers: Vec<String> = Question::single_marks(marks)
        .map(|mark| match question.kind {
            Kind::Scale { .. } => question.word(mark),
            _ => (all.iter().position(|&other| other == mark).unwrap() + 1).to_string(),
        })
        .collect();
    screen.types(&question.ask, PROMPT, &numbers.join(" "));
}

/// Where the program says that nothing left can change the result, and offers to stop: before the
/// question of this number, if at all.
fn offered(rules: &RuleSet, answers: &Answers, given: &[(&Question, u64)]) -> Option<usize> {
    let mut sofar = Answers::new(&rules.questionnaire);
    given.iter().position(|(question, _)| {
        let index = rules.questionnaire.find(&question.id).unwrap();
        let settled = is_settled(rules, &sofar, BETWEEN_QUESTIONS) == Ok(true);
        sofar.give(index, answers.get(index).unwrap());
        settled
    })
}

fn flags(people: &[(&Question, u64)]) -> String {
    let flag = |(question, marks): &(&Question, u64)| {
        let words: Vec<String> =
            Question::single_marks(*marks).map(|mark| question.word(mark)).collect();
        format!("--{} {}", question.id, words.join(","))
    };
    people.iter().map(flag).collect::<Vec<_>>().join(" ")
}

#[test]
fn ten_people_come_to_the_same_bytes_by_every_door() {
    let rules =
        RuleSet::read(&std::fs::read_to_string(repository("rules/back-pain.yaml")).unwrap())
            .unwrap();
    let mut chance = Chance::new(2);
    for person in 0..10 {
        let answers = complete(&rules, &mut chance, 4);
        let given = in_order(&rules, &answers);
        let is_emergency =
            backwise::triage(&rules, &answers).care == backwise::condition::Care::Emergency;
        let by_flags =
            Program::new().args(&flags(&given)).args("--format json --no-input").succeeds();
        let session = Session::new(answers.clone()).write(&rules);
        let by_file = Program::new()
            .file("me.json", session)
            .args("--answers me.json --format json --no-input")
            .succeeds();
        assert_eq!(by_flags, by_file, "person {person}");

        let offered = offered(&rules, &answers, &given);
        let offer = "The questions left cannot change the result. Do you want to stop here?";
        let ask_rich = |screen: &mut Screen, from: usize, given: &[(&Question, u64)]| {
            let offered = offered.map(|offered| offered.max(from));
            for (nth, (question, marks)) in (from..).zip(given) {
                if offered == Some(nth) {
                    screen.decide(offer, "No");
                }
                rich(screen, question, *marks);
            }
        };
        let end_rich = |screen: &mut Screen| {
            if !is_emergency {
                screen.until("reviewed", |contents| {
                    contents.contains("❯ See the result") && contents.contains("Ctrl-C stops")
                });
                screen.send(ENTER);
            }
            screen.ends_well(0);
        };
        let mut drawn = Terminal::new("--format json --color never").size(70, 100).start();
        ask_rich(&mut drawn, 0, &given);
        end_rich(&mut drawn);
        assert_eq!(drawn.result(), by_flags, "person {person}");

        let mut spoken = Terminal::new("--format json --plain").size(70, 100).start();
        let ask_plain = |screen: &mut Screen, given: &[(&Question, u64)]| {
            for (nth, (question, marks)) in given.iter().enumerate() {
                if offered == Some(nth) {
                    screen.types(offer, PROMPT, "2");
                }
                plain(screen, question, *marks);
            }
        };
        ask_plain(&mut spoken, &given);
        if !is_emergency {
            spoken.types("Your answers", REVIEW_PROMPT, "");
        }
        spoken.ends_well(0);
        assert_eq!(spoken.result(), by_flags, "person {person}");

        // Stopped in the middle, and gone on with by the other prompts.
        let (before, after) = given.split_at(given.len() / 2);
        let mut stopped = Terminal::new("--session me.json --plain").size(70, 100).start();
        ask_plain(&mut stopped, before);
        if offered == Some(before.len()) {
            stopped.types(offer, PROMPT, "2");
        }
        stopped.types(&after[0].0.ask, PROMPT, "s");
        stopped.ends_well(0);
        let mut resumed = Terminal::new("--session me.json --format json --color never")
            .size(70, 100)
            .folder(&stopped.folder)
            .start();
        if !before.is_empty() {
            resumed.until("reviewed", |contents| {
                contents.contains("❯ Go on with") && contents.contains("Ctrl-C stops\n")
                    || contents.ends_with("Ctrl-C stops")
            });
            resumed.send(ENTER);
        }
        ask_rich(&mut resumed, before.len(), after);
        end_rich(&mut resumed);
        assert_eq!(resumed.result(), by_flags, "person {person}");
    }
}

#[test]
fn any_keys_at_all_leave_the_terminal_as_it_was() {
    let keys = [
        "\u{1b}",
        "\u{1b}[A",
        "\u{1b}[B",
        "\u{1b}[C",
        "\u{1b}[D",
        "\u{1b}[Z",
        "\u{1b}[",
        "[",
        "\r",
        " ",
        "q",
        "j",
        "k",
        "a",
        "h",
        "l",
        "<",
        "?",
        "\u{7f}",
        "\t",
        "\u{1}",
        "\u{4}",
        "é",
        "背",
        "\u{fffd}",
        "\u{1b}[200~",
        "\u{1b}OP",
        "0",
        "5",
        "none",
    ];
    let mut chance = Chance::new(5);
    for person in 0..12 {
        let size = [(24, 80), (10, 40), (50, 30), (7, 24)][person % 4];
        let plain = if person % 3 == 2 { "--plain" } else { "" };
        let mut screen =
            Terminal::small(&format!("--session me.json {plain}")).size(size.0, size.1).start();
        screen.until("began", |contents| !contents.trim().is_empty());
        for _ in 0..150 {
            screen.send(keys[chance.below(keys.len())]);
            if chance.one_in(20) {
                // Long enough to be read apart now and then; nothing waits for it.
                std::thread::sleep(std::time::Duration::from_millis(3));
            }
        }
        // It may have come to its end, by then or by Ctrl-D; else Ctrl-C ends it.
        screen.send(CTRL_C);
        let code = screen.ends();
        assert!(code == 130 || code == 0, "{code}: {}", screen.contents());
        screen.ends_well(code);
        assert!(!screen.drawn().contains("panicked"), "{}", screen.drawn());
        let kept = std::fs::read_to_string(screen.path("me.json")).unwrap();
        serde_json::from_str::<serde_json::Value>(&kept).expect("the session is whole");
    }
}
