//! The interview on a terminal, by what stands on the screen.

use std::fs;

use serde_json::Value;

use crate::program::Program;
use crate::screen::{CTRL_C, DOWN, ENTER, ESC, Screen, Terminal, pointed, text_of};

/// A person with nothing to fear, as flags, and by rich prompts up to the review.
const CALM: &str = "--signs none --age 18-34 --pain 5 --feels stiff --wish walk";

fn answer_all(screen: &mut Screen) {
    screen.mark("Do you have any of these?", &["None of these"]);
    screen.answer("How old are you?", "18 to 34");
    screen.answer("How bad is the pain?", "5");
    screen.mark("What does it feel like?", &["stiff"]);
    screen.sees("What would you like to do again?");
    screen.sees("❯ ");
    screen.send("walk\r");
    screen.sees("See the result");
    screen.sees_keys();
}

pub(crate) fn by_flags(flags: &str) -> String {
    Program::new()
        .args(&format!("--rules {} --no-input --format json {flags}", crate::screen::SMALL))
        .succeeds()
}

fn result_of(screen: &mut Screen) -> Value {
    screen.ends_well(0);
    serde_json::from_str(&screen.result()).unwrap()
}

#[test]
fn one_answers_to_the_end_and_sees_it_all_again() {
    let mut screen = Terminal::small("--format json").start();
    let first = screen.sees("Esc goes back, Ctrl-C stops");
    assert!(first.starts_with("A small interview\nThis is general information"), "{first}");
    assert!(first.contains("── Warning signs\n\nQuestion 1 of about 5\n"), "{first}");
    assert!(first.contains("Why this is asked: Each of these needs a doctor."), "{first}");
    answer_all(&mut screen);
    let review = screen.contents();
    assert!(review.contains("❯ See the result"), "{review}");
    assert!(
        review.contains("Your pain\n  How old are you?  18 to 34\n  How bad is the pain?  5\n"),
        "{review}"
    );
    screen.send(ENTER);
    screen.ends_well(0);
    assert_eq!(screen.result(), by_flags(CALM));
}

#[test]
fn nothing_is_picked_before_the_person_picks_it() {
    let mut screen = Terminal::small("--signs none").start();
    screen.sees("How old are you?");
    screen.sees_keys();
    screen.send(ENTER);
    screen.send(" ");
    screen.send(DOWN);
    let contents = screen.until("moved the pointer", |contents| pointed(contents).is_some());
    assert!(contents.contains("❯ 18 to 34"), "{contents}");
    assert!(!contents.contains('✔'), "{contents}");
}

#[test]
fn back_keeps_every_answer_and_forward_gives_it_again() {
    let mut screen = Terminal::small("--format json").start();
    answer_all(&mut screen);
    // From the review through every kind, back to the first.
    for (question, answer) in [
        ("Question 5 of about 5\nWhat would you like", "So far: walk"),
        ("Question 4 of about 5\nWhat does it feel like?", "[x] 背中が硬い stiff"),
        ("Question 3 of about 5\nHow bad is the pain?", "❯ 5"),
        ("Question 2 of about 5\nHow old are you?", "❯ 18 to 34"),
        ("Question 1 of about 5\nDo you have any", "[x] None of these"),
    ] {
        let key = if screen.contents().contains("What would you like to do again?\nWhy") {
            "<\r"
        } else {
            ESC
        };
        screen.send(key);
        screen.sees(question);
        screen.sees(answer);
        screen.sees_keys();
    }
    screen.send(ESC);
    screen.sees("This is the first question.");
    screen.sees_keys();
    for next in ["Question 2", "Question 3", "Question 4", "Question 5", "See the result"] {
        screen.send(ENTER);
        screen.sees(next);
        screen.sees_keys();
    }
    screen.send(ENTER);
    screen.ends_well(0);
    assert_eq!(screen.result(), by_flags(CALM));
}

#[test]
fn a_change_in_the_review_asks_only_what_it_opens_and_a_closed_answer_comes_back() {
    let mut screen = Terminal::small("--format json").start();
    answer_all(&mut screen);
    let change_pain = |screen: &mut Screen, to: &str| {
        screen.pick("How bad is the pain?", ENTER);
        screen.sees("Question 3");
        screen.sees_keys();
        screen.pick(to, ENTER);
    };
    change_pain(&mut screen, "9");
    screen.answer("Do tablets help?", "Yes");
    screen.sees("See the result");
    let review = screen.sees("Do tablets help?  Yes");
    assert!(review.contains("How bad is the pain?  9"), "{review}");
    screen.sees_keys();
    change_pain(&mut screen, "5");
    screen.until("closed the branch", |contents| {
        contents.contains("See the result") && !contents.contains("tablets help?  Yes\n  What")
    });
    screen.sees_keys();
    change_pain(&mut screen, "8");
    let review = screen.until("opened it again", |contents| {
        contents.contains("How bad is the pain?  8\n  Do tablets help?  Yes")
    });
    assert!(!review.contains("Question"), "{review}");
    // Out of a change that is not made, back to the review.
    screen.sees_keys();
    screen.pick("How old are you?", ENTER);
    screen.sees("Question 2");
    screen.sees_keys();
    screen.send(ESC);
    screen.sees("See the result");
    screen.sees_keys();
    screen.send(ENTER);
    let result = result_of(&mut screen);
    assert_eq!(result["answers"]["pain"], 8);
    assert_eq!(result["answers"]["tablets"], "yes");
}

#[test]
fn none_of_these_excludes_the_rest_and_the_rest_it() {
    let mut screen = Terminal::small("--signs none --age 18-34 --pain 5").start();
    screen.sees("What does it feel like?");
    screen.sees_keys();
    let marked = |screen: &Screen, wanted: &[&str]| {
        screen.until(&format!("marked {wanted:?}"), |contents| {
            let marked: Vec<&str> = contents.lines().filter(|line| line.contains("[x]")).collect();
            marked.len() == wanted.len()
                && marked.iter().zip(wanted).all(|(line, word)| line.contains(word))
        })
    };
    screen.pick("stiff", " ");
    marked(&screen, &["stiff"]);
    screen.pick("Weak", " ");
    marked(&screen, &["stiff", "Weak"]);
    screen.pick("None of these", " ");
    marked(&screen, &["None of these"]);
    screen.pick("Weak", " ");
    marked(&screen, &["Weak"]);
    // The key that would mark all, "none of these" among them, marks nothing.
    screen.send("a");
    screen.pick("stiff", " ");
    marked(&screen, &["stiff", "Weak"]);
    screen.pick("Tense", " ");
    marked(&screen, &["stiff", "Weak", "Tense"]);
    screen.send(ENTER);
    screen.sees("Please choose at most 2.");
    marked(&screen, &["stiff", "Weak", "Tense"]);
    screen.sees_keys();
    screen.pick("Tense", " ");
    marked(&screen, &["stiff", "Weak"]);
    screen.send(ENTER);
    screen.sees("背中が硬い stiff; Weak");
}

#[test]
fn nothing_marked_is_not_an_answer() {
    let mut screen = Terminal::small("").start();
    screen.sees("Do you have any of these?");
    screen.sees_keys();
    screen.send(ENTER);
    screen.sees("Nothing is marked yet. If nothing applies, mark \"None of these\".");
}

#[test]
fn not_sure_is_asked_again_in_plainer_words_and_an_emergency_ends_it_at_once() {
    let mut screen = Terminal::small("--format json").start();
    screen.mark("Do you have any of these?", &["Not sure about one of these"]);
    screen.answer("Think of the part of you that would touch a saddle.", "Not sure");
    let result = result_of(&mut screen);
    assert_eq!(result["care"], "emergency");
    let screen = screen.contents();
    assert!(!screen.contains("How old") && !screen.contains("Your answers"), "{screen}");
}

#[test]
fn text_takes_a_paste_whole_and_its_keys() {
    let mut screen =
        Terminal::small("--signs none --age 18-34 --pain 5 --feels none --format json").start();
    screen.sees("What would you like to do again?");
    screen.sees("❯ ");
    screen.send("?\r");
    screen.until("explained", |contents| {
        contents.matches("Why this is asked: One real activity").count() == 2
    });
    screen.sees("❯ ");
    screen.send("walk\rto the\rsea é 背中\r");
    screen.sees("walk to the sea é 背中");
    screen.sees("See the result");
    screen.sees_keys();
    screen.send(ESC);
    screen.sees("So far: walk to the sea é 背中");
    screen.sees("❯ ");
    screen.send(ENTER);
    screen.sees("See the result");
    screen.sees_keys();
    screen.send(ENTER);
    assert_eq!(result_of(&mut screen)["answers"]["wish"], "walk\nto the\nsea é 背中");
}

#[test]
fn keys_pressed_ahead_answer_no_question_that_was_not_on_the_screen() {
    let mut screen = Terminal::small("").start();
    screen.sees("Do you have any of these?");
    screen.sees_keys();
    screen.pick("None of these", " ");
    screen.until("marked", |contents| contents.contains("[x] None"));
    // Enter for this one, and in the same breath an answer to each of the next three.
    screen.send(&format!("{ENTER}{DOWN}{ENTER}{DOWN}{ENTER}{DOWN} {ENTER}"));
    screen.sees("How old are you?");
    screen.sees_keys();
    screen.send(DOWN);
    let contents = screen.until("moved", |contents| pointed(contents).is_some());
    assert!(contents.contains("Question 2 of about 5"), "{contents}");
    assert!(contents.contains("❯ 18 to 34"), "{contents}");
}

#[test]
fn an_arrow_that_arrives_in_pieces_loses_nothing() {
    let mut screen = Terminal::small("--format json").start();
    screen.mark("Do you have any of these?", &["None of these"]);
    screen.sees("How old are you?");
    screen.sees_keys();
    // Esc alone reads as back; the rest of the arrow then comes to the question before.
    screen.send("\u{1b}");
    screen.sees("[x] None of these");
    screen.sees_keys();
    screen.send("[B");
    screen.send(ENTER);
    screen.answer("How old are you?", "18 to 34");
    let contents = screen.sees("How bad is the pain?");
    assert!(!contents.contains("[B"), "{contents}");
}

#[test]
fn a_resize_draws_the_question_anew_and_keeps_what_was_marked() {
    let mut screen = Terminal::small("--signs none --age 18-34 --pain 5").size(30, 90).start();
    screen.sees("What does it feel like?");
    screen.sees_keys();
    screen.pick("Weak", " ");
    screen.until("marked", |contents| contents.contains("[x] Weak"));
    for (rows, columns) in [(40, 40), (12, 24), (60, 200), (20, 60)] {
        screen.resize(rows, columns);
        let contents = screen.until("drew anew", |contents| {
            contents.contains("[x] Weak")
                && contents.lines().next().is_some_and(|line| line.is_empty() || columns == 24)
        });
        assert_eq!(contents.matches("Weak").count(), 1, "{contents}");
    }
    screen.sees_keys();
    screen.send(ENTER);
    screen.sees("What would you like to do again?");
}

#[test]
fn a_window_that_becomes_tiny_is_served_in_plain_lines() {
    let mut screen = Terminal::small("--signs none").start();
    screen.sees("How old are you?");
    screen.sees_keys();
    let wait = |screen: &Screen, times: usize| {
        screen.until_drawn("asked", |drawn| {
            (drawn.matches("Answer: ").count() == times).then_some(())
        });
    };
    screen.resize(2, 60);
    wait(&screen, 1);
    screen.send("1\n");
    wait(&screen, 2);
    screen.resize(1, 1);
    screen.send("5\n");
    wait(&screen, 3);
    screen.resize(30, 60);
    screen.send("4\n");
    screen.sees("What would you like to do again?");
    screen.until("drew again", |contents| contents.ends_with("❯ "));
    assert!(!screen.drawn().contains("panicked"), "{}", screen.drawn());
}

#[test]
fn any_window_can_be_answered_in() {
    for (rows, columns) in [
        (1, 1),
        (1, 200),
        (2, 2),
        (3, 80),
        (5, 19),
        (6, 20),
        (7, 21),
        (8, 30),
        (10, 40),
        (24, 80),
        (40, 25),
        (60, 200),
    ] {
        let mut screen = Terminal::small("--format json --signs none --pain 9 --feels weak")
            .size(rows, columns)
            .start();
        // In the smallest, only the bytes tell what was asked.
        let is_plain = rows < 6 || columns < 20;
        let mut asked = 0;
        let mut step = |entry: &str, plain: &str, rich: &str| {
            asked += 1;
            if is_plain {
                screen.until_drawn(&format!("asked {asked} times"), |drawn| {
                    let count =
                        drawn.matches("Answer: ").count() + drawn.matches("a number: ").count();
                    (count == asked).then_some(())
                });
                return screen.send(plain);
            }
            let is_line = |contents: &str| {
                contents.lines().any(|line| line.contains("Answer:") || line.contains("a number:"))
            };
            let contents = screen.until(&format!("asked for {entry}"), |contents| {
                is_line(contents)
                    || if entry == "❯ " {
                        contents.ends_with(entry)
                    } else {
                        contents.contains(entry) && contents.contains("Enter")
                    }
            });
            if is_line(&contents) {
                screen.send(plain);
            } else if entry.contains('❯') {
                screen.send(rich);
            } else {
                screen.pick(entry, rich);
            }
        };
        // What is left cannot change the result; all of it is asked nevertheless.
        step("No", "2\n", ENTER);
        step("18 to 34", "1\n", ENTER);
        step("Yes", "1\n", ENTER);
        step("❯ ", "run\n", "run\r");
        step("❯ See", "\n", ENTER);
        assert_eq!(screen.ends(), 0, "{rows}x{columns}: {}", screen.contents());
        let result: Value = serde_json::from_str(&screen.result()).unwrap();
        assert_eq!(result["answers"]["age"], "18-34", "{rows}x{columns}");
        assert_eq!(result["answers"]["tablets"], "yes", "{rows}x{columns}");
        assert_eq!(result["answers"]["wish"], "run", "{rows}x{columns}");
    }
}

#[test]
fn a_narrow_window_shows_wide_letters_whole_and_in_place() {
    let mut screen = Terminal::small("--signs none --age 18-34 --pain 5").size(30, 24).start();
    screen.sees("[ ] None of these");
    screen.sees_keys();
    for entry in ["None of these", "Weak", "None of these", "Tense"] {
        screen.pick(entry, "");
    }
    screen.pick("None of these", " ");
    let contents = screen.until("marked", |contents| contents.contains("[x] None"));
    assert_eq!(contents.matches("硬い").count(), 1, "{contents}");
    assert_eq!(contents.matches("What does it").count(), 1, "{contents}");
}

#[test]
fn colour_is_asked_for_and_never_needed() {
    let painted = |terminal: Terminal| {
        let screen = terminal.start();
        screen.sees_keys();
        screen.drawn().contains("\u{1b}[1m")
    };
    let plainly = || Terminal::new(&format!("--rules {}", crate::screen::SMALL));
    assert!(painted(plainly()));
    assert!(!painted(plainly().env("NO_COLOR", "1")));
    assert!(painted(plainly().env("NO_COLOR", "")));
    assert!(!painted(plainly().env("CLICOLOR", "0")));
    assert!(painted(plainly().env("CLICOLOR", "0").env("CLICOLOR_FORCE", "1")));
    let flag =
        |when: &str| Terminal::new(&format!("--rules {} --color {when}", crate::screen::SMALL));
    assert!(painted(flag("always").env("NO_COLOR", "1")));
    assert!(!painted(flag("never").env("CLICOLOR_FORCE", "1")));
}

#[test]
fn symbols_are_ascii_where_the_locale_is() {
    for (name, value) in [("LC_ALL", "C"), ("LC_CTYPE", "de_DE.ISO-8859-1"), ("LANG", "POSIX")] {
        let mut screen = Terminal::small("--age 18-34").env(name, value).start();
        screen.sees("Do you have any of these?");
        screen.sees_keys();
        screen.pick("None of these", " ");
        screen.until("marked", |contents| contents.contains("> [x] None of these"));
        screen.send(ENTER);
        let contents = screen.sees("* Do you have any of these?  None of these");
        assert!(contents.contains("-- Warning signs"), "{contents}");
        screen.sees("How bad is the pain?");
        screen.sees_keys();
        assert!(screen.drawn().is_ascii(), "{name}={value}: {}", screen.contents());
    }
}

#[test]
fn each_signal_leaves_the_terminal_as_it_was_and_says_what_was_kept() {
    for plain in ["", "--plain"] {
        for (signal, code) in [("INT", 130), ("TERM", 143), ("HUP", 129)] {
            let mut screen =
                Terminal::small(&format!("--session me.json --signs none {plain}")).start();
            screen.sees("How old are you?");
            screen.until("ready", |contents| {
                contents.contains("Esc") || contents.ends_with("Answer: ")
            });
            screen.signal(signal);
            let contents = screen.ends_well(code);
            let flat = contents.replace('\n', " ");
            assert!(flat.contains("stopped: 1 answer is kept; go on with `backwise"), "{contents}");
        }
    }
}

#[test]
fn ctrl_c_without_a_session_says_that_nothing_is_kept() {
    let mut screen = Terminal::small("--signs none").start();
    screen.sees("How old are you?");
    screen.sees_keys();
    screen.send(CTRL_C);
    let contents = screen.ends_well(130);
    assert!(
        contents.contains("stopped: nothing was kept; with `--session FILE` you can go on later"),
        "{contents}"
    );
    assert_eq!(screen.result(), "");
    let left: Vec<_> =
        fs::read_dir(screen.folder.path()).unwrap().map(|e| e.unwrap().file_name()).collect();
    assert_eq!(left, ["result"]);
}

#[test]
fn stopped_and_continued_it_shows_the_question_again() {
    for plain in ["", "--plain"] {
        let mut screen = Terminal::small(&format!("--signs none {plain}")).start();
        screen.sees("How old are you?");
        screen
            .until("ready", |contents| contents.contains("Esc") || contents.ends_with("Answer: "));
        screen.signal("TSTP");
        screen.until_state("T");
        screen.until_cursor();
        assert!(screen.has_first_modes(), "stopped in another mode");
        screen.signal("CONT");
        screen.until("asked again", |contents| {
            let what = if plain.is_empty() { "18 to 34" } else { "Answer:" };
            contents.matches(what).count() >= 2
        });
        if plain.is_empty() {
            screen.send(DOWN);
            screen.until("moved", |contents| contents.contains("❯ 18 to 34"));
            screen.send(ENTER);
        } else {
            screen.send("1\n");
        }
        screen.sees("How bad is the pain?");
    }
}

#[test]
fn a_closed_window_ends_it_and_keeps_the_answers() {
    for plain in ["", "--plain"] {
        let mut screen =
            Terminal::small(&format!("--session me.json --signs none {plain}")).start();
        screen.sees("How old are you?");
        screen
            .until("ready", |contents| contents.contains("Esc") || contents.ends_with("Answer: "));
        screen.close();
        assert_eq!(screen.ends(), 129);
        assert!(text_of(&screen.path("me.json")).unwrap().contains("\"signs\": [\"none\"]"));
    }
}

#[test]
fn when_nothing_left_can_change_the_result_one_may_stop() {
    let given = "--signs none --pain 9 --feels weak";
    let start = || Terminal::small(&format!("--format json {given}")).start();
    let by_no = by_flags(&format!("{given} --age 18-34 --tablets yes --wish run"));
    let offer = "cannot change the result";

    let go_on = |screen: &mut Screen| {
        screen.answer("How old are you?", "18 to 34");
        screen.answer("tablets", "Yes");
        screen.sees("What would you like to do again?");
        screen.send("run\r");
        screen.sees("❯ See the result");
        screen.send(ENTER);
        screen.ends_well(0);
        assert_eq!(screen.result(), by_no);
    };

    // Going on asks the rest, and the offer is not made again.
    let mut screen = start();
    screen.decide(offer, "No");
    go_on(&mut screen);
    assert_eq!(screen.drawn().matches("Do you want to stop").count(), 1);

    // Stopping leads to the review; back from there are the questions that were left.
    let mut screen = start();
    screen.decide(offer, "Yes");
    screen.sees("❯ See the result");
    screen.sees_keys();
    screen.send(ESC);
    go_on(&mut screen);

    // Stopped, the result is that of the complete answers, and says what was not answered.
    let mut screen = start();
    screen.decide(offer, "Yes");
    screen.sees("❯ See the result");
    screen.sees_keys();
    screen.send(ENTER);
    let stopped = result_of(&mut screen);
    let complete: Value = serde_json::from_str(&by_no).unwrap();
    for part in ["care", "suggestion", "options", "cautions"] {
        assert_eq!(stopped[part], complete[part], "{part}");
    }
    assert_eq!(stopped["not_answered"], serde_json::json!(["age", "tablets"]));
}

#[test]
fn a_therapist_reads_aloud_and_takes_notes_that_a_person_is_not_asked_for() {
    let mut screen = Terminal::small("--for therapist --format json").start();
    let first = screen.sees("[ ] None of these");
    assert!(first.contains("I will read three signs."), "{first}");
    // What leads up to a question does not stand for it.
    let asked = ["I will read three signs.", "Do you have any of these?"];
    assert!(asked.map(|it| first.find(it)).is_sorted(), "{first}");
    assert!(first.contains("Do you have any of these?"), "{first}");
    screen.mark("I will read three signs.", &["None of these"]);
    screen.answer("How old are you?", "18 to 34");
    screen.answer("How bad is the pain?", "5");
    screen.mark("What does it feel like?", &["stiff"]);
    screen.sees("What would you like to do again?");
    screen.sees("❯ ");
    screen.send("walk\r");
    screen.sees("── Notes for the therapist");
    screen.sees("In your own words, what brings you here today?");
    screen.sees("❯ ");
    screen.send("It hurts since the move\r");
    screen.sees("See the result");
    screen.sees_keys();
    screen.send(ENTER);
    let mut noted = result_of(&mut screen);
    assert_eq!(noted["answers"]["complaint"], "It hurts since the move");
    // The note is there, and changes nothing else.
    noted["answers"].as_object_mut().unwrap().remove("complaint");
    assert_eq!(noted, serde_json::from_str::<Value>(&by_flags(CALM)).unwrap());
}
