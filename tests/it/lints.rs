//! Every fault that a rule set can still have when it loads, with its exact message; and every
//! code explained.

use backwise::check::lint::FoundBy;
use backwise::check::registry::LINTS;
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
    let checked = check(&rules, &text, None, Bounds::default());
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
        let text = lint.explain();
        assert!(text.starts_with(lint.code) && text.contains("For example: "), "{text}");
    }
}

#[test]
fn an_allowed_fault_is_not_reported_and_says_why() {
    let text = std::fs::read_to_string(repository("tests/check/unread-choice/bad.yaml")).unwrap();
    let allow =
        "allow: [{ code: unread-choice, id: feels/tired, reason: The therapist reads it. }]\n";
    let text = text.replace("promises:", &format!("{allow}promises:"));
    let rules = RuleSet::read(&text).unwrap();
    let checked = check(&rules, &text, None, Bounds::default());
    assert!(checked.is_clean(), "{:#?}", checked.faults);
    assert_eq!(checked.allowed[0].1, "The therapist reads it.");
    let program = Program::new().file("r.yaml", &text).args("check r.yaml");
    let told = program.succeeds();
    assert!(told.contains("\nallowed   unread-choice: nothing reads the choice `tired`"), "{told}");
    assert!(
        told.replace("\n          ", " ").contains("allowed: The therapist reads it.\n"),
        "{told}"
    );
    // The choice of another question of the same id is not meant.
    let other = text.replace("id: feels/tired", "id: pain/tired");
    let checked = check(&RuleSet::read(&other).unwrap(), &other, None, Bounds::default());
    let codes: Vec<&str> = checked.faults.iter().map(|fault| fault.code).collect();
    assert_eq!(codes.len(), 2, "{codes:?}");
    assert!(codes.contains(&"unread-choice") && codes.contains(&"unused-allow"), "{codes:?}");
}

/// A rule set in which one thing is changed, and the faults found in it: code, message and the
/// words that the caret stands under.
#[track_caller]
fn found(from: &str, to: &str) -> Vec<(&'static str, String, String)> {
    let small = std::fs::read_to_string(repository("tests/check/small.yaml")).unwrap();
    let text = small.replacen(from, to, 1);
    assert_ne!(text, small, "{from}");
    let rules = RuleSet::read(&text).unwrap_or_else(|faults| panic!("{faults:#?}"));
    let faults = check(&rules, &text, None, Bounds::default()).faults;
    let words = |f: &fault::Fault| text[f.place.start..f.place.end].trim_end().to_owned();
    faults.iter().map(|f| (f.code, f.message.clone(), words(f))).collect()
}

#[test]
fn a_fault_is_found_wherever_it_can_stand_and_the_caret_stands_under_it() {
    let style = "promises:";
    let banned = |from: &str, to: &str| {
        let small = std::fs::read_to_string(repository("tests/check/small.yaml")).unwrap();
        let text = small.replacen(from, to, 1);
        let text = text.replace(style, "style: { banned: [safe, cure, diagnose] }\npromises:");
        let rules = RuleSet::read(&text).unwrap_or_else(|faults| panic!("{faults:#?}"));
        let faults = check(&rules, &text, None, Bounds::default()).faults;
        assert_eq!(faults.len(), 1, "{from}: {faults:#?}");
        assert_eq!(faults[0].code, "banned-word", "{from}");
        text[faults[0].place.start..faults[0].place.end].to_owned()
    };
    for (from, to, word) in [
        ("weak: Weak", "weak: Weak but safe", "safe"),
        ("It fits those who like pressure.", "It is safe.", "safe"),
        ("name: Rubbing", "name: Safe rubbing", "Safe"),
        ("title: A small rule set", "title: A safe set", "safe"),
        ("No warning sign was found; that", "You are safe; that", "safe"),
        ("low: weak evidence", "low: safe evidence", "safe"),
        ("You feel stiff.", "It cures.", "cures"),
        ("You feel stiff.", "It was diagnosed.", "diagnosed"),
    ] {
        assert_eq!(banned(from, to), word, "{to}");
    }
    let one = |from: &str, to: &str| {
        let mut all = found(from, to);
        assert_eq!(all.len(), 1, "{all:#?}");
        let (code, message, words) = all.remove(0);
        (code, message, words)
    };
    let part = "{ rubbing: { at-least: 5, at-most: 3 } }";
    let any = format!("{{ any: [{{ rubbing: {{ at-least: 2 }} }}, {part}] }}");
    let (code, _, words) = one("{ rubbing: { at-least: 2 } }", &any);
    assert_eq!((code, words.as_str()), ("contradiction", "rubbing: { at-least: 5, at-most: 3"));
    let again = "{ all: [{ feels: weak }, { feels: [weak] }] }";
    let (code, _, words) = one("{ feels: weak }", again);
    assert_eq!((code, words.as_str()), ("repeated-test", "feels: [weak"));
    for (when, code, message) in [
        (
            "{ feels: weak, pain: 0 }",
            "never-fires",
            "a piece of advice under `meanwhile` is for nobody",
        ),
        (
            "{ pain: { at-least: 0 } }",
            "always-fires",
            "a piece of advice under `meanwhile` is for everybody",
        ),
    ] {
        let advice = format!(
            "  meanwhile:\n    - {{ when: {when}, says: Rest well., source: [book] }}\n  get-help-now:"
        );
        let found = one("  get-help-now:", &advice);
        assert_eq!(found, (code, message.to_owned(), "Rest well.".to_owned()));
    }
    let (code, message, _) = one("{ pain: { at-least: 1 } }", "{ pain: { at-least: 0 } }");
    assert_eq!(
        (code, message.as_str()),
        ("always-fires", "question `feels` is asked of everybody")
    );
    let twin = "warnings:\n  - id: numb-again\n    care: emergency\n    when: { numb: [yes, unsure] }\n    \
                because: Again.\n    source: [book]\n";
    let (code, message, _) = one("warnings:\n", twin);
    assert_eq!(code, "shadowed");
    assert_eq!(message, "`numbness` does nothing that `numb-again` does not do");
    // An emergency ends the questions before the one that it would open.
    let after = found("when: { pain: { at-least: 1 } }", "when: { numb: yes }");
    let help: Vec<&str> = after.iter().map(|(code, ..)| *code).collect();
    assert!(help.contains(&"never-asked"), "{after:#?}");
    let untold = "  - id: kind\n    group: pain\n    ask: Which?\n    why: W.\n    kind: one-of\n    \
                  choices: { a: A, b: B }\n    unsure: Not sure\n  - id: wish\n";
    let untold = found("  - id: wish\n", untold);
    assert_eq!(untold[0].1, "nothing reads the answer to `kind`", "{untold:#?}");
}

/// The shipped rules hold their texts to a reading age, and to words that they do not use.
#[test]
fn the_shipped_rules_ban_words_and_hold_their_texts_to_an_age() {
    let text = std::fs::read_to_string(repository("rules/back-pain.yaml")).unwrap();
    let rules = RuleSet::read(&text).unwrap();
    assert!(rules.style.reading_age.is_some_and(|age| age <= 12), "{:?}", rules.style);
    for word in ["diagnose", "cure", "safe", "prescribe"] {
        assert!(rules.style.banned.iter().any(|own| own == word), "{word}");
    }
    let bad = text.replacen("because: Acupuncture has helped you before.", "because: It cures.", 1);
    assert_ne!(bad, text);
    let checked = check(&RuleSet::read(&bad).unwrap(), &bad, None, Bounds::default());
    let codes: Vec<&str> = checked.faults.iter().map(|fault| fault.code).collect();
    assert_eq!(codes, ["banned-word"]);
}

/// One file that does not load keeps no other from being checked, and scripts are told of it.
#[test]
fn a_file_that_does_not_load_keeps_no_other_from_being_checked() {
    let small = std::fs::read_to_string(repository("tests/check/small.yaml")).unwrap();
    let program = |arguments: &str| {
        let program = Program::new().file("bad.yaml", "a: [").file("good.yaml", &small);
        program.file("good.cases.yaml", "cases: [{ id: }]").args(arguments).run()
    };
    let both = program("check bad.yaml good.yaml");
    assert_eq!(both.code, Some(65));
    assert!(both.stdout.contains("good.yaml: small 1.0.0\n"), "{}", both.stdout);
    assert!(both.stdout.ends_with("found     4 faults\n"), "{}", both.stdout);
    assert!(both.stderr.contains("error[syntax]"), "{}", both.stderr);
    assert!(both.stderr.contains("good.cases.yaml: 4 faults"), "{}", both.stderr);
    let json = program("check --format json bad.yaml good.yaml");
    assert_eq!(json.code, Some(65));
    let json: serde_json::Value = serde_json::from_str(&json.stdout).unwrap();
    assert_eq!(json[0]["faults"][0]["code"], "syntax");
    assert_eq!(json[0]["rule_set"], serde_json::Value::Null);
    assert_eq!(json[1]["cases"]["faults"][0]["code"], "missing-key");
    let gone = program("check gone.yaml good.yaml");
    assert_eq!(gone.code, Some(66));
    assert!(gone.stdout.contains("good.yaml: small 1.0.0\n"), "{}", gone.stdout);
}
