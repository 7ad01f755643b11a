//! Every fault that a rule set can still have when it loads, with its exact message; and every
//! code explained.

use backwise::check::registry::{FoundBy, LINTS, explain};
use backwise::check::{Checked, check};
use backwise::proof::Bounds;
use backwise::{RuleSet, fault};
use expect_test::expect_file;

use crate::program::{Program, repository};

/// Codes that no rule set can show: the program itself keeps what they are about, or they tell of
/// a fault of its own. The proof looks for them all the same.
const KEPT_BY_THE_PROGRAM: [&str; 6] = [
    "no-single-result",
    "named-when-urgent",
    "avoided-but-offered",
    "partial-claims-more",
    "not-proved",
    "proof-disagrees",
];

fn checked(file: &str) -> (String, Checked) {
    let text = std::fs::read_to_string(repository(file)).unwrap_or_else(|e| panic!("{file}: {e}"));
    let rules = RuleSet::read(&text).unwrap_or_else(|faults| panic!("{file}: {faults:#?}"));
    let checked = check(&rules, &text, Bounds::default());
    (text, checked)
}

#[test]
fn every_lint_has_a_rule_set_that_shows_it_and_one_that_does_not() {
    let shown = |found| matches!(found, FoundBy::Lint | FoundBy::Proof);
    let lints = LINTS.iter().filter(|lint| shown(lint.found));
    for lint in lints.filter(|lint| !KEPT_BY_THE_PROGRAM.contains(&lint.code)) {
        let code = lint.code;
        let (text, bad) = checked(&format!("tests/check/{code}/bad.yaml"));
        assert!(
            bad.faults.iter().any(|f| f.code == code),
            "{code} is not found: {:#?}",
            bad.faults
        );
        let drawn = fault::draw_all(&bad.faults, "bad.yaml", &text);
        expect_file![repository(&format!("tests/check/{code}/bad.txt"))].assert_eq(&drawn);
        let (_, good) = checked(&format!("tests/check/{code}/good.yaml"));
        assert!(good.faults.iter().all(|f| f.code != code), "{code} is found: {:#?}", good.faults);
    }
}

#[test]
fn every_fault_of_a_translation_is_shown_by_one_of_the_small_rule_set() {
    let read = |file: &str| std::fs::read_to_string(repository(file)).unwrap();
    let small = RuleSet::read(&read("tests/check/small.yaml")).unwrap();
    let good = read("tests/check/small.es.yaml");
    let faults = small.translation_faults(&good);
    assert!(faults.is_empty(), "{}", fault::draw_all(&faults, "small.es.yaml", &good));
    for lint in LINTS.iter().filter(|lint| lint.found == FoundBy::Translation) {
        let code = lint.code;
        let bad = read(&format!("tests/check/{code}/bad.yaml"));
        let faults = small.translation_faults(&bad);
        assert!(faults.iter().all(|fault| fault.code == code), "{code}: {faults:#?}");
        assert!(faults.iter().all(|fault| fault.help.is_some()), "{code} says no remedy");
        let drawn = fault::draw_all(&faults, "bad.yaml", &bad);
        expect_file![repository(&format!("tests/check/{code}/bad.txt"))].assert_eq(&drawn);
        assert!(!faults.is_empty(), "{code} is not found");
        // A changed original is no reason to leave a person without their language.
        assert_eq!(small.translated(&bad).is_ok(), code == "stale-translation");
    }
}

/// Any text that changes is noticed, and nothing else that does.
#[test]
fn a_translation_is_stale_once_a_text_of_the_rules_is_another_one() {
    let read = |file: &str| std::fs::read_to_string(repository(file)).unwrap();
    let (rules, texts) = (read("rules/back-pain.yaml"), read("rules/back-pain.es.yaml"));
    let codes = |from: &str, to: &str| -> Vec<&str> {
        let changed = rules.replacen(from, to, 1);
        assert_ne!(changed, rules, "{from}");
        let faults = RuleSet::read(&changed).unwrap().translation_faults(&texts);
        faults.iter().map(|fault| fault.code).collect()
    };
    for (from, to) in [
        ("unsure: Not sure about one", "unsure: I am not sure about one"),
        ("Legs that become heavy", "Legs that turn heavy"),
        ("{emergency-number} now", "{emergency-number} at once"),
    ] {
        assert_eq!(codes(from, to), ["stale-translation"], "{from}");
    }
    for (from, to) in [("reviewed: 2026", "reviewed: 2025"), ("heat: 1", "heat: 2")] {
        assert_eq!(codes(from, to), Vec::<&str>::new(), "{from}");
    }
}

#[test]
fn check_finds_a_stale_translation_which_is_used_all_the_same() {
    let read = |file: &str| std::fs::read_to_string(repository(file)).unwrap();
    let program = |texts: &str| {
        let program = Program::new().file("mine.yaml", read("tests/check/small.yaml"));
        program.file("mine.es.yaml", read(texts))
    };
    let [good, stale] = ["small.es.yaml", "stale-translation/bad.yaml"]
        .map(|texts| program(&format!("tests/check/{texts}")).args("check mine.yaml").run());
    assert!(!good.stdout.contains("translation"), "{}", good.stdout);
    assert_eq!(stale.code, Some(1));
    assert!(stale.stdout.starts_with("error[stale-translation]"), "{}", stale.stdout);
    // All that is said of the rules is the same, but for the count of faults.
    let same = good.stdout.replace("found     no fault", "found     1 fault");
    assert!(good.stdout != same && stale.stdout.ends_with(&same), "{}", stale.stdout);
    let stale = || program("tests/check/stale-translation/bad.yaml");
    let json = stale().args("check mine.yaml --format json").run().stdout;
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(json["translations"][0]["faults"][0]["code"], "stale-translation");
    let told = stale().args("--rules mine.yaml --lang es --numb yes").succeeds();
    assert!(told.starts_with("Pida ayuda de urgencia ahora mismo\n"), "{told}");
}

/// The codes written in the sources are those in the registry, and the other way round.
#[test]
fn every_code_is_explained_once() {
    let mut codes: Vec<&str> = LINTS.iter().map(|lint| lint.code).collect();
    codes.sort_unstable();
    codes.windows(2).for_each(|pair| assert_ne!(pair[0], pair[1], "explained twice"));
    for folder in std::fs::read_dir(repository("tests/check")).unwrap() {
        let folder = folder.unwrap();
        let name = folder.file_name().into_string().unwrap();
        if folder.path().is_dir() {
            assert!(codes.contains(&name.as_str()), "`{name}` is not explained");
        }
    }
    for lint in LINTS {
        let text = explain(lint);
        assert!(text.starts_with(lint.code) && text.contains("For example: "), "{text}");
    }
}

#[test]
fn an_allowed_fault_is_not_reported_and_says_why() {
    let text = std::fs::read_to_string(repository("tests/check/unread-choice/bad.yaml")).unwrap();
    let allow = "allow: [{ code: unread-choice, id: tired, reason: The therapist reads it. }]\n";
    let text = text.replace("promises:", &format!("{allow}promises:"));
    let rules = RuleSet::read(&text).unwrap();
    let checked = check(&rules, &text, Bounds::default());
    assert!(checked.is_clean(), "{:#?}", checked.faults);
    assert_eq!(checked.allowed[0].1, "The therapist reads it.");
}
