//! The interview in plain lines, by the bytes that are written.

use serde_json::Value;

use crate::screen::{CTRL_D, PROMPT as ANSWER, REVIEW_PROMPT as REVIEW, Screen, Terminal, text_of};

fn answer_all(screen: &mut Screen) {
    screen.types("Do you have any of these?", ANSWER, "3");
    screen.types("How old are you?", ANSWER, "1");
    screen.types("How bad is the pain?", ANSWER, "5");
    screen.types("What does it feel like?", ANSWER, "1");
    screen.types("What would you like to do again?", ANSWER, "walk");
}

#[test]
fn it_gives_the_same_bytes_as_any_other_door_and_draws_nothing() {
    for terminal in [
        Terminal::small("--format json --plain"),
        Terminal::small("--format json").env("TERM", "dumb"),
        Terminal::small("--format json").env("ACCESSIBLE", "1"),
        Terminal::small("--format json").size(5, 80),
        Terminal::small("--format json").size(40, 19),
    ] {
        let mut screen = terminal.start();
        answer_all(&mut screen);
        screen.types("Your answers", REVIEW, "");
        screen.ends_well(0);
        let drawn = screen.drawn();
        // The one sequence shows the cursor, should anything have hidden it.
        let drawn = drawn.replace("\u{1b}[?25h", "");
        assert!(!drawn.contains('\u{1b}'), "{drawn:?}");
        let flags = "--signs none --age 18-34 --pain 5 --feels stiff --wish walk";
        assert_eq!(screen.result(), crate::terminal::by_flags(flags));
    }
}

#[test]
fn it_says_in_words_where_one_is_and_what_can_be_typed() {
    let mut screen = Terminal::small("--plain").size(60, 100).start();
    let first = screen.until("asked", |contents| contents.ends_with(ANSWER));
    let expected = "\
A small interview
This is general information and cannot examine you.
Ctrl-C stops at any time; nothing is kept then.

Warning signs.

Question one of about five.
Do you have any of these?
Mark all that are true.
1. Numb between the legs
2. Fever
3. None of these
4. Not sure about one of these
Type one or more numbers from 1 to 4, such as 1 2. Then Enter. b goes back, ?
says why.
Answer: ";
    assert_eq!(first, expected);
    screen.send("3\n");
    screen.sees("Your answer: None of these.\n\nYour pain.\n\nQuestion two of about five.\n");
}

#[test]
fn a_wrong_entry_is_named_and_the_question_asked_again() {
    let mut screen = Terminal::small("--plain").size(60, 100).start();
    for (typed, said) in [
        ("5", "\"5\" is no answer here. Type one or more numbers from 1 to 4"),
        ("1 3", "\"None of these\" cannot go with another answer."),
        ("fevr", "\"fevr\" is no answer here."),
        ("99999999999999999999", "is no answer here."),
        ("", "\"\" is no answer here."),
        ("0", "\"0\" is no answer here."),
        ("s", "Nothing is kept without --session, so there is nothing to save."),
    ] {
        screen.types("Do you have any of these?", ANSWER, typed);
        screen.until(&format!("said {said}"), |contents| {
            let last = contents.rsplit(&format!("{ANSWER}{typed}\n")).next().unwrap_or_default();
            let last = last.replace('\n', " ");
            last.contains(said) && last.ends_with("Do you have any of these? Answer: ")
        });
    }
    // The words that flags take are taken too.
    screen.types("Do you have any of these?", ANSWER, "none");
    screen.types("How old are you?", ANSWER, "1");
    for typed in ["11", "-1", "5.5"] {
        screen.types("How bad is the pain?", ANSWER, typed);
        screen
            .until("asked again", |contents| contents.ends_with("How bad is the pain?\nAnswer: "));
    }
    screen.types("How bad is the pain?", ANSWER, "u");
    screen.types("What does it feel like?", ANSWER, "1,2,3");
    screen.sees("Please choose at most 2.");
}

#[test]
fn the_question_mark_says_why_and_what_words_mean() {
    let mut screen = Terminal::small("--plain").size(60, 100).start();
    screen.types("Do you have any of these?", ANSWER, "?");
    screen.sees(
        "Why this is asked: Each of these needs a doctor.\nMark all that are true.\n\
         1. Numb between the legs: Or it feels odd to wipe.\n",
    );
}

#[test]
fn b_goes_back_and_enter_keeps() {
    let mut screen = Terminal::small("--plain --format json").size(60, 100).start();
    screen.types("Do you have any of these?", ANSWER, "b");
    screen.until("asked again", |contents| {
        contents.ends_with("This is the first question.\nAnswer: ")
    });
    answer_all(&mut screen);
    screen.types("Your answers", REVIEW, "b");
    screen.types("Your answer so far: walk. Enter alone keeps it.", ANSWER, "");
    screen.types("Your answers", REVIEW, "3");
    screen.types("Your answer so far: 5. Enter alone keeps it.", ANSWER, "9");
    screen.types("Do tablets help?", ANSWER, "y");
    screen.types("How bad is the pain? 9.", REVIEW, "99");
    screen.types("from 1 to 6.", REVIEW, "");
    screen.ends_well(0);
    let result: Value = serde_json::from_str(&screen.result()).unwrap();
    assert_eq!(result["answers"]["pain"], 9);
    assert_eq!(result["answers"]["tablets"], "yes");
    assert_eq!(result["answers"]["wish"], "walk");
}

#[test]
fn s_saves_and_stops_and_ctrl_d_stops_like_ctrl_c() {
    let mut screen = Terminal::small("--plain --session me.json").start();
    screen.types("Do you have any of these?", ANSWER, "3");
    screen.types("How old are you?", ANSWER, "s");
    // The command is on a line of its own, where it can be copied.
    let contents = screen.ends_well(0).split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(contents.contains("stopped: 1 answer is kept; go on with `backwise"), "{contents}");
    assert_eq!(screen.result(), "");
    assert!(text_of(&screen.path("me.json")).unwrap().contains("\"signs\": [\"none\"]"));
    let mut screen = Terminal::small("--plain").start();
    screen.until("asked", |contents| contents.ends_with(ANSWER));
    screen.send(CTRL_D);
    let contents = screen.ends_well(130);
    assert!(contents.contains("stopped: nothing was kept"), "{contents}");
}

#[test]
fn lines_pasted_at_once_answer_one_question() {
    let mut screen = Terminal::small("--plain").start();
    screen.until("asked", |contents| contents.ends_with(ANSWER));
    screen.send("3\n1\n5\n4\n\n");
    screen.until("asked on", |contents| {
        contents.contains("Question two") && contents.ends_with(ANSWER)
    });
    screen.send("2\n");
    let contents = screen.sees("Question three");
    assert!(contents.contains("Your answer: 35 or over."), "{contents}");
}
