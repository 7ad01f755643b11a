//! Every fault that a rule set can still have when it loads, with its exact message; and every
//! code explained.

use backwise::check::registry::{FoundBy, LINTS, explain};
use backwise::check::{Checked, check};
use backwise::proof::Bounds;
use backwise::{RuleSet, fault};
use expect_test::expect_file;

use crate::program::repository;

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
