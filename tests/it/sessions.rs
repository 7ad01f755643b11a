//! The session file: what is kept in it, and how it is gone on with.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use backwise::{Answers, RuleSet, Session};

use crate::program::Program;
use crate::screen::{CTRL_C, ENTER, PROMPT, REVIEW_PROMPT, SMALL, Screen, Terminal, text_of};

fn stopped_after_two(session: &str) -> Screen {
    let mut screen = Terminal::small(&format!("--session {session}")).start();
    screen.mark("Do you have any of these?", &["None of these"]);
    screen.answer("How old are you?", "18 to 34");
    screen.sees("How bad is the pain?");
    screen.sees_keys();
    screen.send(CTRL_C);
    let contents = screen.ends_well(130).replace('\n', "");
    assert!(contents.contains("stopped: 2 answers are kept"), "{contents}");
    screen
}

/// A session of these rules with these answers.
fn kept_under(rules: &str, answers: &str) -> String {
    let rules = RuleSet::read(rules).unwrap();
    let answers = Answers::read(&rules.questionnaire, answers).unwrap();
    Session::new(answers).write(&rules)
}

#[test]
fn it_goes_on_where_it_stopped_and_says_so() {
    let before = stopped_after_two("me.json");
    let kept = fs::metadata(before.path("me.json")).unwrap();
    assert_eq!(kept.permissions().mode() & 0o777, 0o600);
    let mut screen =
        Terminal::small("--session me.json --format json").folder(&before.folder).start();
    screen.sees("❯ Go on with the questions");
    // The keys are drawn last: only then is all of it there.
    screen.sees_keys();
    let contents = screen.contents();
    assert!(contents.contains("Going on: 2 answers are kept in me.json."), "{contents}");
    assert!(contents.contains("How old are you?  18 to 34"), "{contents}");
    screen.pick("How old are you?", ENTER);
    screen.sees("Question 2 of about 5");
    screen.sees_keys();
    screen.pick("35 or over", ENTER);
    screen.sees("Question 3 of about 5");
    screen.answer("How bad is the pain?", "5");
    screen.mark("What does it feel like?", &["stiff"]);
    screen.sees("What would you like to do again?");
    screen.sees("❯ ");
    screen.send("walk\r");
    screen.sees("See the result");
    screen.sees_keys();
    screen.send(ENTER);
    screen.ends_well(0);
    let flags = "--signs none --age 35-plus --pain 5 --feels stiff --wish walk";
    assert_eq!(screen.result(), crate::terminal::by_flags(flags));
    // The file of a session is an answers file too, and nothing else is left behind.
    let other = Program::new()
        .file("me.json", text_of(&screen.path("me.json")).unwrap())
        .args(&format!("--rules {SMALL} --answers me.json --format json"))
        .succeeds();
    assert_eq!(screen.result(), other);
    let mut left: Vec<_> =
        fs::read_dir(screen.folder.path()).unwrap().map(|e| e.unwrap().file_name()).collect();
    left.sort();
    assert_eq!(left, ["me.json", "result"]);
}

#[test]
fn flags_go_before_what_is_kept_and_are_kept_themselves() {
    let before = stopped_after_two("me.json");
    let mut screen = Terminal::small("--session me.json --age 35-plus --pain 3 --feels none")
        .folder(&before.folder)
        .start();
    screen.sees("How old are you?  35 or over");
    screen.sees_keys();
    screen.send(CTRL_C);
    screen.ends_well(130);
    let kept = text_of(&screen.path("me.json")).unwrap();
    assert!(kept.contains("\"age\": \"35-plus\",\n    \"pain\": 3,"), "{kept}");
}

#[test]
fn answers_of_a_closed_branch_stay_in_the_file() {
    let mut screen = Terminal::small("--session me.json --signs none --age 18-34").start();
    screen.answer("How bad is the pain?", "9");
    screen.answer("Do tablets help?", "Yes");
    screen.sees("What does it feel like?");
    for question in ["Do tablets help?", "How bad is the pain?"] {
        screen.sees_keys();
        screen.send(crate::screen::ESC);
        screen.until("went back", |contents| {
            contents.rsplit("Question ").next().is_some_and(|last| last.contains(question))
        });
    }
    screen.sees_keys();
    screen.pick("5", ENTER);
    screen.sees("What does it feel like?");
    let kept = text_of(&screen.path("me.json")).unwrap();
    assert!(kept.contains("\"pain\": 5,\n    \"tablets\": \"yes\""), "{kept}");
}

#[test]
fn under_another_version_what_fits_is_kept_and_the_rest_is_named() {
    // An older edition, in which a choice had another name and one more question was asked.
    let old = text_of(Path::new(SMALL)).unwrap();
    let old = old.replace("version: 1.0.0", "version: 0.9.0").replace("18-34:", "18-44:").replace(
        "  - id: pain\n",
        "  - id: shoe-size\n    group: pain\n    ask: Size?\n    why: It was asked once.\n    \
         kind: scale\n    from: 30\n    to: 50\n    low: small\n    high: large\n  - id: pain\n",
    );
    let folder = Arc::new(tempfile::tempdir().unwrap());
    let kept = kept_under(&old, "{signs: none, age: 18-44, shoe-size: 42}");
    fs::write(folder.path().join("me.json"), kept).unwrap();
    let mut screen = Terminal::small("--session me.json").folder(&folder).start();
    let contents = screen.sees("Go on with the questions");
    for said in [
        "Going on: 1 answer is kept in me.json.",
        "They were given under version 0.9.0 of the questions; this is 1.0.0.",
        "No longer fitting, and asked again if it applies: \"How old are you?\".",
        "Kept in the file, though not asked any more: 1 answer to a question that there is no more.",
    ] {
        let contents = contents.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(contents.contains(said), "{said}: {contents}");
    }
    let kept = text_of(&screen.path("me.json")).unwrap();
    assert!(
        kept.contains("\"set_aside\": {\n    \"age\": \"18-44\",\n    \"shoe-size\": \"42\"\n  }"),
        "{kept}"
    );
    screen.sees_keys();
    screen.send(ENTER);
    screen.sees("Why this is asked: Some causes belong to an age.");
    screen.answer("How old are you?", "18 to 34");
    let kept = text_of(&screen.path("me.json")).unwrap();
    assert!(kept.contains("\"set_aside\": {\n    \"shoe-size\": \"42\"\n  }"), "{kept}");
}

#[test]
fn what_is_no_session_is_named_and_left_as_it_is() {
    let folder = Arc::new(tempfile::tempdir().unwrap());
    let whole = stopped_after_two("me.json");
    let whole = text_of(&whole.path("me.json")).unwrap();
    let result = crate::terminal::by_flags("--signs numb");
    let small = text_of(Path::new(SMALL)).unwrap();
    for (name, text) in [
        ("cut short", &whole[..whole.len() / 2]),
        ("cut shorter", &whole[..20]),
        ("empty", ""),
        ("a result", &result),
        ("a letter", "Dear doctor,\n"),
        ("one letter off", &whole.replace("18-34", "18-43")),
        ("of other rules", &kept_under(&small.replace("id: small", "id: large"), "{age: 18-34}")),
        ("of another shape", &whole.replace("\"schema_version\": 1", "\"schema_version\": 2")),
        ("without answers", &whole.replace("\"answers\"", "\"answer\"")),
    ] {
        fs::write(folder.path().join("me.json"), text).unwrap();
        let mut screen = Terminal::small("--session me.json").folder(&folder).start();
        assert_eq!(screen.ends(), 65, "{name}: {}", screen.contents());
        let contents = screen.until_over();
        assert!(
            contents.contains("error: `me.json` cannot be gone on with, and was left as it is"),
            "{name}: {contents}"
        );
        assert!(contents.contains("begin another session"), "{name}: {contents}");
        assert_eq!(text_of(&folder.path().join("me.json")).unwrap(), text, "{name}");
    }
}

#[test]
fn a_file_that_cannot_be_read_or_written_is_known_before_the_first_question() {
    for (session, code, said) in [
        ("nowhere/me.json", 73, "error: cannot write `nowhere/me.json`: no such file or directory"),
        (".", 66, "error: cannot read `.`: it is not a file"),
    ] {
        let mut screen = Terminal::small(&format!("--session {session}")).start();
        assert_eq!(screen.ends(), code, "{}", screen.contents());
        let contents = screen.until_over();
        assert!(contents.contains(said), "{contents}");
        assert!(!contents.contains("Question"), "{contents}");
    }
}

#[test]
fn two_windows_do_not_write_over_each_other() {
    let mut first = Terminal::small("--session me.json").start();
    first.mark("Do you have any of these?", &["None of these"]);
    first.sees("How old are you?");
    let mut second = Terminal::small("--session me.json").folder(&first.folder).start();
    second.sees("Go on with the questions");
    second.sees_keys();
    second.send(ENTER);
    second.answer("How old are you?", "35 or over");
    first.sees_keys();
    first.pick("18 to 34", ENTER);
    assert_eq!(first.ends(), 65);
    let contents = first.until_over();
    assert!(contents.contains("`me.json` was changed by another program"), "{contents}");
    assert!(text_of(&first.path("me.json")).unwrap().contains("35-plus"));
}

/// Two at the very same moment: what is said to be kept is kept, and the other is told.
#[test]
fn two_scripts_do_not_write_over_each_other() {
    let mut told = 0;
    for _ in 0..40 {
        let program = Program::new().file("first.yaml", "age: 35-44\n");
        let first = program.args("--answers first.yaml --partial --session me.json --no-input");
        first.succeeds();
        let folder = first.path("");
        let answers = [("--pain", "9"), ("--onset", "strain")];
        let runs = answers.map(|(flag, word)| {
            let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_backwise"));
            command.current_dir(&folder).args(["--partial", "--session", "me.json", "--no-input"]);
            command.args([flag, word]);
            command.stdout(std::process::Stdio::null()).stderr(std::process::Stdio::piped());
            command.spawn().unwrap()
        });
        let ended = runs.map(|run| run.wait_with_output().unwrap());
        let kept = fs::read_to_string(first.path("me.json")).unwrap();
        for ((flag, _), run) in answers.iter().zip(ended) {
            let stderr = String::from_utf8_lossy(&run.stderr);
            let is_kept = kept.contains(&format!("\"{}\":", flag.trim_start_matches('-')));
            assert_eq!(run.status.success(), is_kept, "{flag}: {stderr}");
            if !is_kept {
                assert!(stderr.contains("`me.json` was changed by another program"), "{stderr}");
                told += 1;
            }
        }
    }
    assert!(told > 0, "they never met");
}

#[test]
fn without_a_terminal_the_answers_given_so_far_are_used() {
    let before = stopped_after_two("me.json");
    let kept = text_of(&before.path("me.json")).unwrap();
    let program = |flags: &str| {
        Program::new()
            .file("me.json", &kept)
            .args(&format!("--rules {SMALL} --session me.json --format json {flags}"))
    };
    let open = program("").run();
    assert_eq!(open.code, Some(2), "{}", open.stderr);
    assert!(open.stderr.contains("2 questions are open"), "{}", open.stderr);
    assert_eq!(
        program("--pain 5 --feels none").succeeds(),
        crate::terminal::by_flags("--signs none --age 18-34 --pain 5 --feels none")
    );
}

#[test]
fn killed_at_any_moment_no_answer_seen_is_missing_and_the_file_is_whole() {
    const KILLS: u64 = 300;
    // Four people at a time, each with a folder, so that the machine is busy throughout.
    let people: Vec<_> =
        (0..4).map(|person| std::thread::spawn(move || be_killed(KILLS / 4, person))).collect();
    let confirmed: usize = people.into_iter().map(|person| person.join().unwrap()).sum();
    // Neither always too early nor always too late.
    assert!((30..270).contains(&confirmed), "{confirmed} answers were seen to be taken");
}

/// Answers, and is killed at moments spread over the time an answer takes; goes on, and is killed
/// again. Returns how many answers were seen to be taken.
fn be_killed(times: u64, person: u64) -> usize {
    let folder = Arc::new(tempfile::tempdir().unwrap());
    let mut confirmed = 0;
    let mut moment = 1000;
    for time in 0..times {
        let mut screen =
            Terminal::small("--plain --session me.json").folder(&folder).size(60, 120).start();
        // A new session begins with the first question. A later one with the review, where the age
        // is changed, or where it goes on to the age.
        let start = screen.until("began", |contents| contents.ends_with(": "));
        screen.send(match (start.contains(REVIEW_PROMPT), start.contains("How old are you?")) {
            (false, _) => "3\n",
            (true, true) => "2\n",
            (true, false) => "\n",
        });
        screen.until("asked the age", |contents| {
            contents.contains("1. 18 to 34") && contents.ends_with(PROMPT)
        });
        // Another answer than the last time, so that an old one is not taken for the new one.
        let age = usize::try_from(time % 2).unwrap();
        screen.send(&format!("{}\n", age + 1));
        // The moment closes in on the one at which the answer is taken, from either side.
        let jitter = (time * 7919 + person * 104_729) % 500;
        std::thread::sleep(Duration::from_micros(moment + jitter));
        screen.signal("KILL");
        screen.ends();
        let contents = screen.until_over();
        let answer = format!("Your answer: {}.", ["18 to 34", "35 or over"][age]);
        // The file of a session that was begun is there, and whole, at every moment.
        let text = text_of(&folder.path().join("me.json")).unwrap();
        let kept: serde_json::Value = serde_json::from_str(&text).expect("the file is whole");
        assert_eq!(kept["answers"]["signs"][0], "none", "{contents}\n{text}");
        if contents.contains(&answer) {
            confirmed += 1;
            moment = moment * 7 / 8;
            assert_eq!(kept["answers"]["age"], ["18-34", "35-plus"][age], "{contents}\n{text}");
        } else {
            moment = moment * 8 / 7 + 50;
        }
    }
    confirmed
}
