//! Flags, files and pipes: the same answers by any door, and one clear error for what does not fit.

use expect_test::expect;
use serde_json::Value;

use crate::program::{Program, Ran, repository};

/// A new strain with spasms, answered to the end.
const STRAIN: &str = "--signs-now none --signs-soon none --age 18-34 --health none \
    --onset strain --duration under-2-weeks --pain 5 --where low-back --symptoms spasms \
    --daily-life 3 --feelings none --goals relief-now --preferences hands-on";

const STRAIN_YAML: &str = "\
signs-now: none
signs-soon: none
age: 18-34
health: [none]
onset: strain
duration: under-2-weeks
pain: 5
where: [low-back]
symptoms: [spasms]
daily-life: 3
feelings: none
goals: relief-now
preferences:
  - hands-on
";

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

#[test]
fn flags_file_pipe_and_an_earlier_result_give_the_same_bytes() {
    let flags = Program::new().args(STRAIN).args("--no-input --format json").succeeds();
    let file = Program::new()
        .file("me.yaml", STRAIN_YAML)
        .args("--answers me.yaml --format json")
        .succeeds();
    let pipe = Program::new().stdin(STRAIN_YAML).args("--answers - --format json").succeeds();
    let result = Program::new()
        .file("result.json", &flags)
        .args("--answers result.json --format json")
        .succeeds();
    let mixed = Program::new()
        .file("me.yaml", STRAIN_YAML.replace("pain: 5", "pain: 9"))
        .args("--answers me.yaml --pain 5 --format json")
        .succeeds();
    for other in [file, pipe, result, mixed] {
        assert_eq!(flags, other);
    }
    assert_eq!(json(&flags)["suggestion"]["id"], "massage");
}

#[test]
fn the_json_has_every_promised_part() {
    let result = json(&Program::new().args(STRAIN).args("--format json").succeeds());
    let keys: Vec<&str> = result.as_object().unwrap().keys().map(String::as_str).collect();
    for key in [
        "schema_version",
        "rule_set",
        "answers",
        "care",
        "warnings",
        "suggestion",
        "options",
        "cautions",
        "reasons",
        "runner_up",
        "findings",
        "not_answered",
        "advice",
    ] {
        assert!(keys.contains(&key), "{key} is missing");
    }
    assert_eq!(result["schema_version"], 1);
    assert_eq!(result["answers"]["pain"], 5);
    assert_eq!(result["answers"]["symptoms"], serde_json::json!(["spasms"]));
    assert_eq!(result["options"][0]["id"], "swedish");
    assert_eq!(result["options"][0]["treatment"], "massage");
    assert_eq!(result["rule_set"]["hash"].as_str().unwrap().len(), 64);
    assert_eq!(result["not_answered"], serde_json::json!([]));
}

#[test]
fn an_emergency_says_so_first_and_names_no_treatment() {
    let text = Program::new().args("--signs-now saddle-numb --preferences hands-on").run();
    assert_eq!(text.code, Some(0));
    assert!(text.stdout.starts_with("Get emergency help now\n"), "{}", text.stdout);
    let lower = text.stdout.to_lowercase();
    for name in ["massage", "physical therapy", "yoga", "acupuncture", "chiropractic", "heat"] {
        assert!(!lower.contains(name), "{name} in {}", text.stdout);
    }
}

#[test]
fn open_questions_are_named_with_the_flags_that_answer_them() {
    let rules = std::fs::read_to_string(repository("tests/check/small.yaml")).unwrap();
    let stderr = Program::new().file("r.yaml", rules).args("--rules r.yaml --no-input").fails(2);
    expect![[r"
        error: 2 questions are open, and --no-input is given

          answer them by flag, or in a file with --answers; --partial assesses without them

          --numb <yes|no|unsure>
              Are you numb between the legs?
          --pain <a whole number from 0 to 10>
              How bad is the pain?
    "]]
    .assert_eq(&stderr);
}

#[test]
fn without_a_terminal_it_never_asks() {
    let stderr = Program::new().args("--age 18-34").fails(2);
    assert!(stderr.contains("there is no terminal to ask on"), "{stderr}");
    assert!(stderr.contains("--signs-now <"), "{stderr}");
}

#[test]
fn a_partial_result_names_no_treatment_before_the_signs_are_asked() {
    let adult = "--partial --age 18-34 --symptoms spasms --onset strain --duration under-2-weeks";
    let result = json(&Program::new().args(adult).args("--format json").succeeds());
    assert_eq!(result["answers"]["symptoms"], serde_json::json!(["spasms"]));
    assert_eq!(result["suggestion"]["id"], "none");
    assert_eq!(result["options"], serde_json::json!([]));
    let open: Vec<&str> =
        result["not_answered"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
    assert!(open.contains(&"signs-now") && open.contains(&"health"), "{open:?}");
    assert_ne!(result["open_warnings"], serde_json::json!([]));
}

#[test]
fn what_does_not_count_is_said() {
    let Ran { code, stdout, stderr } =
        Program::new().args(STRAIN).args("--pregnancy none --format json").run();
    assert_eq!(code, Some(0));
    assert_eq!(
        stderr,
        "note: --pregnancy does not count: with the other answers it is not asked\n"
    );
    assert_eq!(json(&stdout)["answers"].get("pregnancy"), None);
}

#[test]
fn a_mistyped_flag_or_value_is_met_with_what_was_meant() {
    let stderr = Program::new().args("--pian 5").fails(2);
    assert!(stderr.contains("a similar argument exists: '--pain'"), "{stderr}");
    let stderr = Program::new().args("--symptoms stifness").fails(2);
    assert!(stderr.contains("a similar value exists: 'stiffness'"), "{stderr}");
    let stderr = Program::new().args("--pain 11").fails(2);
    assert!(stderr.contains("expected a whole number from 0 to 10"), "{stderr}");
    let stderr = Program::new().args("--symptoms none,spasms").fails(2);
    assert!(stderr.contains("`none` cannot go with another answer"), "{stderr}");
    let stderr = Program::new().args("--age 18-34 --age 65-plus").fails(2);
    assert!(stderr.contains("`age` takes one answer, not 2"), "{stderr}");
}

#[test]
fn every_fault_of_an_answers_file_is_told_at_once_with_its_place() {
    let answers = "signs-now: nne\npain: 11\nsymptom: [spasms]\nage: [18-34, 65-plus]\n";
    let stderr = Program::new().file("a.yaml", answers).args("--answers a.yaml").fails(65);
    expect![[r"
        error[unfitting-answer]: `nne` is no answer to `signs-now`
         --> a.yaml:1:12
          |
        1 | signs-now: nne
          |            ^^^
          = did you mean `none`?

        error[unfitting-answer]: `11` is no answer to `pain`
         --> a.yaml:2:7
          |
        2 | pain: 11
          |       ^^
          = expected a whole number from 0 to 10 or `unsure`

        error[unknown-question]: `symptom` is no question of this rule set
         --> a.yaml:3:1
          |
        3 | symptom: [spasms]
          | ^^^^^^^
          = did you mean `symptoms`?

        error[unfitting-answer]: `age` takes one answer, not 2
         --> a.yaml:4:14
          |
        4 | age: [18-34, 65-plus]
          |              ^^^^^^^
          = expected `under-18`, `18-34`, `35-44`, `45-49`, `50-64`, `65-plus` or `unsure`

        a.yaml: 4 faults
    "]]
    .assert_eq(&stderr);
}

#[test]
fn every_kind_of_wrong_file_gets_one_clear_error() {
    let junk: Vec<u8> = (0_u8..=255).cycle().take(4096).collect();
    let big = vec![b'a'; 10 << 20];
    for flag in ["--answers", "--rules"] {
        let fails = |name: &str, content: &[u8], code: i32, says: &str| {
            let program = Program::new().file("here", content).args(flag).arg(name);
            let stderr = program.args("--no-input").fails(code);
            assert!(stderr.contains(says), "{flag} {name}: {stderr}");
            assert!(stderr.len() < 2500, "{flag} {name} is told at length: {stderr}");
        };
        fails("missing", b"", 66, "cannot read `missing`");
        fails(".", b"", 66, "cannot read `.`");
        fails("here", &junk, 65, "is not text");
        fails("here", &big, 65, "larger than 4 MiB");
        fails("here", b"", 65, "");
        fails("here", b"[1, 2]", 65, "");
        fails("here", b"a: [", 65, "error[syntax]");
        fails("here", b"\x00\x01\x02", 65, "error[syntax]");
        fails("here", b"a: &x [*x]", 65, "error[syntax]");
        fails("here", "[".repeat(100_000).as_bytes(), 65, "error[syntax]");
    }
}

#[test]
fn an_empty_answers_file_is_told_apart_from_no_answers() {
    let stderr = Program::new().file("a", "").args("--answers a --no-input").fails(65);
    assert!(stderr.contains("expected answers, found nothing"), "{stderr}");
}

#[test]
fn an_unanswered_key_is_not_an_answer() {
    let answers = STRAIN_YAML.replace("health: [none]", "health:");
    let stderr =
        Program::new().file("a.yaml", answers).args("--answers a.yaml --no-input").fails(2);
    assert!(stderr.contains("1 question is open"), "{stderr}");
    assert!(stderr.contains("--health <"), "{stderr}");
}

#[test]
fn control_characters_never_reach_the_screen() {
    let answers = "goal-in-own-words: \"sow \\e[31mpeas\\a\"\n";
    let ran = Program::new().file("a.yaml", answers).args(STRAIN).args("--answers a.yaml").run();
    let escapes = |text: &str| text.chars().filter(|&c| c != '\n' && c.is_control()).count();
    assert_eq!((ran.code, escapes(&ran.stdout), escapes(&ran.stderr)), (Some(0), 0, 0));
    let stderr = Program::new().arg("--pain=\u{1b}[2J5").fails(2);
    assert_eq!(escapes(&stderr), 0, "{stderr:?}");
    let rules = std::fs::read_to_string(repository("tests/check/small.yaml")).unwrap();
    let rules = rules.replace("title: Moving", "title: \"Mov\\e[31ming\"");
    let ran =
        Program::new().file("r.yaml", rules).args("--rules r.yaml --numb no --pain 0").succeeds();
    assert!(ran.contains("Mov[31ming"), "{ran}");
    assert_eq!(escapes(&ran), 0);
}

#[test]
fn questions_tell_a_script_author_all_there_is_to_know() {
    let questions = json(&Program::new().args("questions --format json").succeeds());
    let questions = questions["questions"].as_array().unwrap();
    let find = |id: &str| questions.iter().find(|question| question["id"] == id).unwrap();
    let pain = find("pain");
    assert_eq!((&pain["values"]["from"], &pain["values"]["to"]), (&0.into(), &10.into()));
    let symptoms = find("symptoms");
    assert_eq!(symptoms["flag"], "--symptoms");
    assert_eq!((&symptoms["none"], &symptoms["unsure"]), (&true.into(), &true.into()));
    assert_eq!(symptoms["values"][0]["id"], "stiffness");
    assert_eq!(find("pregnancy")["asked_when"], "health is pregnant");
    assert_eq!(find("signs-now")["asked_when"], Value::Null);
    for question in questions {
        assert!(!question["why"].as_str().unwrap().is_empty());
        let kind = question["kind"].as_str().unwrap();
        assert!(["yes-no", "one-of", "any-of", "scale", "text"].contains(&kind));
    }
    let text = Program::new().args("questions").succeeds();
    for question in questions {
        assert!(text.contains(question["flag"].as_str().unwrap()));
    }
}

/// A rule set whose question collides with a flag of the program does not load, so the list of
/// reserved ids must hold every flag and command there is.
#[test]
fn every_flag_and_command_is_a_reserved_id() {
    let help = Program::new().args("--help").succeeds();
    let own = help.split("\nAnswers:").next().unwrap();
    let flags = own.split("--").skip(1).map(|rest| {
        rest.split(|c: char| !c.is_ascii_lowercase() && c != '-').next().unwrap().to_owned()
    });
    let commands = own.split("Commands:\n").nth(1).unwrap().split("\n\n").next().unwrap();
    let commands = commands.lines().map(|line| line.split_whitespace().next().unwrap().to_owned());
    for name in flags.chain(commands).filter(|name| !name.is_empty()) {
        let reserved = backwise::questionnaire::RESERVED_QUESTIONS.contains(&name.as_str());
        assert!(reserved, "`{name}` is not reserved");
    }
}

#[cfg(unix)]
#[test]
fn a_reader_that_goes_away_is_no_error() {
    let binary = env!("CARGO_BIN_EXE_backwise");
    let output = std::process::Command::new("sh")
        .args(["-c", &format!("'{binary}' questions | head -n 1; exit \"${{PIPESTATUS:-0}}\"")])
        .output()
        .unwrap();
    assert_eq!(String::from_utf8(output.stderr).unwrap(), "");
    assert_eq!(String::from_utf8(output.stdout).unwrap().lines().count(), 1);
}

#[test]
fn the_whole_account_is_given_on_request_and_names_nothing_avoided() {
    let chronic = "--signs-now none --signs-soon none --age 45-49 --health blood-thinner \
        --onset none --duration over-12-weeks --pain 5 --where low-back --symptoms tight-muscles \
        --daily-life 5 --first-age 45-49 --trend up-and-down --pattern none --tried massage-short \
        --feelings none --goals none --preferences ready-to-exercise";
    let plain = Program::new().args(chronic).args("--format json").succeeds();
    let explained = Program::new().args(chronic).args("--format json --explain").succeeds();
    let (plain, mut explained) = (json(&plain), json(&explained));
    let explanation = explained.as_object_mut().unwrap().remove("explanation").unwrap();
    assert_eq!(plain, explained, "the account changes the rest");
    let rule = |id: &str| {
        let rules = explanation["rules"].as_array().unwrap();
        rules.iter().find(|rule| rule["rule"] == id).unwrap().clone()
    };
    assert_eq!(
        rule("massage-wore-off")["answers"],
        serde_json::json!({ "tried": ["massage-short"] })
    );
    assert_eq!(rule("tension-long")["points"].get("deep-tissue"), None);
    assert_ne!(explanation["would_change"], serde_json::json!([]));
    let text = Program::new().args(chronic).args("--explain").succeeds();
    let account = text.split("Rules that fired, and the answers that made them\n").nth(1).unwrap();
    let account = account.split_whitespace().collect::<Vec<_>>().join(" ");
    let said = "Massage helped you, but not for long. Exercise may make it last. (What have you \
                tried for it, and how did it go? Massage helped, but not for long)";
    assert!(account.contains(said), "{account}");
    let urgent = Program::new().args("--signs-now saddle-numb --explain --format json").succeeds();
    assert_eq!(json(&urgent)["explanation"]["would_change"], serde_json::json!([]));
    assert_eq!(json(&urgent)["explanation"]["rules"], serde_json::json!([]));
}

/// "Be seen first" is not something for after the check, and a treatment at prompt care is.
#[test]
fn only_a_treatment_waits_for_the_check() {
    let young = "--signs-now none --signs-soon none --age under-18 --health none";
    let young = Program::new().args(young).args("--no-input").succeeds();
    assert!(young.contains("Suggestion: Have a doctor look at it first"), "{young}");
    assert!(!young.contains("After the check") && !young.contains("Then:"), "{young}");
    let strong = STRAIN.replace("--pain 5", "--pain 9");
    let strong = Program::new().args(&strong).args("--no-input").succeeds();
    assert!(strong.contains("After the check: "), "{strong}");
    assert!(strong.contains("Then: "), "{strong}");
}
