//! Every fault that keeps a rule set from loading, with its exact message.
//!
//! Each folder `tests/check/<code>/` has a rule set with the fault, and what is said of it. The
//! rule set they are all made from loads.

use backwise::check::lint::FoundBy;
use backwise::check::registry;
use backwise::{RuleSet, fault};
use expect_test::expect_file;

use crate::program::repository;

fn folders() -> Vec<String> {
    let entries = std::fs::read_dir(repository("tests/check")).unwrap();
    let folders = entries.map(|entry| entry.unwrap()).filter(|entry| entry.path().is_dir());
    let mut names: Vec<String> =
        folders.map(|entry| entry.file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[test]
fn every_load_fault_says_what_and_where_and_what_to_do() {
    let of_translations =
        |code: &String| registry::find(code).is_some_and(|lint| lint.found == FoundBy::Translation);
    for code in folders().into_iter().filter(|code| !of_translations(code)) {
        let bad = std::fs::read_to_string(repository(&format!("tests/check/{code}/bad.yaml")));
        let bad = bad.unwrap();
        let Err(faults) = RuleSet::read(&bad) else { continue };
        assert!(faults.iter().all(|fault| fault.code == code), "{code}: {faults:#?}");
        assert!(faults.iter().all(|fault| fault.help.is_some()), "{code} says no remedy");
        let drawn = fault::draw_all(&faults, "bad.yaml", &bad);
        expect_file![repository(&format!("tests/check/{code}/bad.txt"))].assert_eq(&drawn);
    }
}

/// Each code in the sources that a rule set can meet has its folder.
#[test]
fn every_load_fault_has_a_fixture() {
    let mut codes = Vec::new();
    for file in [
        "ruleset/fields.rs",
        "ruleset/conditions.rs",
        "ruleset/load.rs",
        "ruleset/questions.rs",
        "ruleset/translation.rs",
        "ruleset/treatments.rs",
        "yaml.rs",
    ] {
        let source = std::fs::read_to_string(repository(&format!("src/{file}"))).unwrap();
        for part in source.split("Fault::new(").skip(1) {
            let code = part.trim_start().strip_prefix('"').and_then(|rest| rest.split('"').next());
            codes.push(code.expect("a code is written where the fault is made").to_owned());
        }
    }
    codes.sort();
    codes.dedup();
    let folders = folders();
    let missing: Vec<&String> = codes.iter().filter(|code| !folders.contains(code)).collect();
    assert!(missing.is_empty(), "no fixture for {missing:?}");
}

#[test]
fn the_rule_set_that_the_fixtures_are_made_from_loads() {
    let small = std::fs::read_to_string(repository("tests/check/small.yaml")).unwrap();
    let faults = RuleSet::read(&small).err();
    assert_eq!(faults.map(|faults| fault::draw_all(&faults, "small.yaml", &small)), None);
}
