//! Rules that have changed: records that were kept, judged anew, and what the comparison leaves out.

use serde_json::{Value, json};

use crate::program::{Program, repository};
use crate::report::person;

/// The shipped rules, with one thing changed.
fn changed_rules(from: &str, to: &str) -> String {
    let text = std::fs::read_to_string(repository("rules/back-pain.yaml")).unwrap();
    assert_eq!(text.matches(from).count(), 1, "{from}");
    text.replace(from, to).replace("version: 1.0.0", "version: 1.0.1")
}

/// Rules under which pain of 6 or more is for a doctor soon, where it was 7 or more.
fn stricter() -> String {
    let text = std::fs::read_to_string(repository("rules/back-pain.yaml")).unwrap();
    let at = text.find("- id: strong-pain\n    care: prompt").expect("the warning is there");
    let threshold = "at-least: 7";
    let at = at + text[at..].find(threshold).expect("its threshold is there");
    let changed = format!("{}at-least: 6{}", &text[..at], &text[at + threshold.len()..]);
    changed.replace("version: 1.0.0", "version: 1.0.1")
}

fn result(answers: &str) -> String {
    let program = Program::new().file("me.yaml", answers);
    program.args("--answers me.yaml --partial --format json").succeeds()
}

#[test]
fn a_result_whose_judgement_changed_says_from_what_to_what() {
    let rules = stricter();
    let program = || {
        Program::new()
            .file("new.yaml", &rules)
            .file("desk.json", result(&person("desk")))
            .file("strain.json", result(&person("strain")))
            .args("replay --rules new.yaml desk.json strain.json")
    };
    let ran = program().run();
    assert_eq!(ran.code, Some(1), "{}", ran.stderr);
    assert!(
        ran.stdout.contains("desk.json: changed\n  care: routine -> prompt\n"),
        "{}",
        ran.stdout
    );
    assert!(ran.stdout.contains("strain.json: as then: routine, massage\n"), "{}", ran.stdout);
    assert!(ran.stdout.contains("made with version 1.0.0\n"), "{}", ran.stdout);
    assert!(ran.stdout.ends_with("2 records under back-pain 1.0.1: 1 changed\n"), "{}", ran.stdout);

    let ran = program().args("--format json").run();
    let document: Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!(document["changed"], 1);
    assert_eq!(document["records"][0]["then"]["care"], "routine");
    assert_eq!(document["records"][0]["now"]["care"], "prompt");
    assert_eq!(document["records"][0]["changed"][0], "care");
    assert_eq!(document["records"][1]["changed"], json!([]));
}

#[test]
fn under_the_same_rules_nothing_changes() {
    let program = Program::new()
        .file("desk.json", result(&person("desk")))
        .file("older.json", result(&person("older")))
        .args("replay desk.json older.json");
    assert!(program.succeeds().ends_with(": 0 changed\n"));
}

#[test]
fn a_session_is_compared_where_the_rules_of_then_are_given() {
    let old = std::fs::read_to_string(repository("rules/back-pain.yaml")).unwrap();
    let session = "{answers: {pain: 6, age: 35-44, signs-now: [none], signs-soon: [none]}}";
    let program = || {
        Program::new().file("new.yaml", stricter()).file("old.yaml", &old).file("me.json", session)
    };
    let text = program().args("replay --rules new.yaml me.json").succeeds();
    assert!(text.starts_with("me.json: prompt, none; what came out then is not in it\n"), "{text}");
    assert!(text.ends_with("0 changed, 1 without a result of then\n"), "{text}");
    let ran = program().args("replay --rules new.yaml --against old.yaml me.json").run();
    assert_eq!(ran.code, Some(1));
    assert!(ran.stdout.contains("  care: routine -> prompt\n"), "{}", ran.stdout);
}

#[test]
fn an_answer_that_no_longer_fits_is_named_and_what_it_leaves_open() {
    let choice = "      over-12-weeks: 12 weeks or longer\n";
    let rules = changed_rules(choice, "");
    // Conditions name the choice; without it the rules do not load, which is said of the rules.
    let program =
        Program::new().file("new.yaml", &rules).file("desk.json", result(&person("desk")));
    let stderr = program.args("replay --rules new.yaml desk.json").fails(65);
    assert!(stderr.contains("error[unknown-answer]"), "{stderr}");

    let mut older: Value = serde_json::from_str(&result(&person("desk"))).unwrap();
    older["rule_set"]["hash"] = "0000".into();
    older["rule_set"]["version"] = "0.9.0".into();
    older["answers"]["duration"] = "a-while".into();
    let program = Program::new().file("old.json", older.to_string()).args("replay old.json");
    let ran = program.run();
    assert!(
        ran.stdout.contains("  no longer fitting, and left out: `duration`\n"),
        "{}",
        ran.stdout
    );
    assert!(ran.stdout.contains("  not answered: `duration`"), "{}", ran.stdout);
}

#[test]
fn a_damaged_record_keeps_no_other_back() {
    let good = result(&person("desk"));
    let ran = Program::new()
        .file("cut.json", &good[..good.len() / 2])
        .file("good.json", &good)
        .args("replay cut.json gone.json good.json")
        .run();
    assert_eq!(ran.code, Some(66));
    assert!(ran.stdout.starts_with("good.json: as then"), "{}", ran.stdout);
    assert!(ran.stderr.contains("--> cut.json:"), "{}", ran.stderr);
    assert!(ran.stderr.contains("gone.json"), "{}", ran.stderr);
}

/// What comes second is told to a person too, so that it may not change unsaid.
#[test]
fn another_runner_up_is_told() {
    let kept = result(&person("desk"));
    let mut other: Value = serde_json::from_str(&kept).unwrap();
    let (then, now) = match other["runner_up"]["id"].as_str() {
        Some(id) => (Value::Null, format!("none -> {id}")),
        None => (json!({ "id": "massage" }), "massage -> none".to_owned()),
    };
    other["runner_up"] = then;
    let ran = Program::new().file("me.json", other.to_string()).args("replay me.json").run();
    assert_eq!(ran.code, Some(1), "{}", ran.stdout);
    assert!(ran.stdout.starts_with("me.json: changed\n  runner-up: "), "{}", ran.stdout);
    assert!(ran.stdout.contains(&now), "{}", ran.stdout);
}

/// Nobody knows what comes out with a choice that one version alone knows.
#[test]
fn a_choice_that_is_gone_or_new_is_never_told_to_come_out_the_same() {
    let small = std::fs::read_to_string(repository("tests/check/small.yaml")).unwrap();
    let more = small.replace("      weak: Weak\n", "      weak: Weak\n      sore: Sore\n");
    for (files, word) in [("a.yaml b.yaml", "new"), ("b.yaml a.yaml", "gone")] {
        let program = Program::new().file("a.yaml", &small).file("b.yaml", &more);
        let ran = program.args("diff").args(files).run();
        assert_eq!(ran.code, Some(1), "{}", ran.stdout);
        let told = format!("\n{word:<10}choice: `feels/sore`\nleft out  what comes out with");
        assert!(ran.stdout.contains(&told), "{}", ran.stdout);
        let prose = ran.stdout.replace('\n', " ");
        assert!(prose.contains("that both versions know comes out the same."), "{prose}");
        let json = Program::new().file("a.yaml", &small).file("b.yaml", &more);
        let json = json.args("diff --format json").args(files).run().stdout;
        let json: serde_json::Value = serde_json::from_str(&json).unwrap();
        assert_eq!(json["choices_not_compared"], serde_json::json!(["feels/sore"]));
    }
}
