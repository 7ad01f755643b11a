//! The walls of the house, held by a test.

use std::path::{Path, PathBuf};

use crate::program::repository;

/// Modules of the library, each with the modules it may use: those of the rows above, and those
/// beside it that `src/lib.rs` names.
const ROWS: [&[&str]; 11] = [
    &["prose", "fault", "language", "yaml", "diagram"],
    &["condition", "questionnaire"],
    &["answers"],
    &["ruleset"],
    &["triage", "interview"],
    &["explain", "proof"],
    &["report", "cases", "diff"],
    &["records", "session"],
    &["replay", "check"],
    &["batch"],
    &["export"],
];

fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    let mut entries: Vec<PathBuf> =
        std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    entries.sort();
    for path in entries {
        if path.is_dir() {
            files.extend(rust_files(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
    files
}

fn library_files() -> Vec<PathBuf> {
    let binary = repository("src/bin");
    rust_files(&repository("src")).into_iter().filter(|path| !path.starts_with(&binary)).collect()
}

/// The module of `src/` a file belongs to: `ruleset` for `src/ruleset/load.rs`.
fn module(path: &Path) -> String {
    let inside = path.strip_prefix(repository("src")).unwrap();
    let first = inside.components().next().unwrap().as_os_str().to_string_lossy().into_owned();
    first.trim_end_matches(".rs").to_owned()
}

#[test]
fn the_library_does_not_touch_the_outside_world() {
    let outside = [
        "std::fs",
        "std::env",
        "std::io",
        "std::process",
        "std::time",
        "std::net",
        "std::thread",
        "clap::",
        "console::",
        "dialoguer::",
        "println!",
        "eprintln!",
    ];
    for path in library_files() {
        let source = std::fs::read_to_string(&path).unwrap();
        for word in outside {
            assert!(!source.contains(word), "{} names {word}", path.display());
        }
    }
}

#[test]
fn a_module_uses_only_the_rows_above_it() {
    let row = |name: &str| ROWS.iter().position(|row| row.contains(&name));
    for path in library_files() {
        let module = module(&path);
        if module == "lib" {
            continue;
        }
        let own_row = row(&module).unwrap_or_else(|| panic!("`{module}` stands in no row"));
        let source = std::fs::read_to_string(&path).unwrap();
        let source = source.split("#[cfg(test)]").next().unwrap();
        for used in source.split("crate::").skip(1) {
            let used = used.split(|c: char| !c.is_ascii_lowercase() && c != '_').next().unwrap();
            let used_row = row(used).unwrap_or_else(|| panic!("`{used}` stands in no row"));
            assert!(used_row <= own_row, "{} uses `{used}`, a row below it", path.display());
        }
    }
}

#[test]
fn the_map_in_lib_names_every_module() {
    let map = std::fs::read_to_string(repository("src/lib.rs")).unwrap();
    for module in ROWS.concat() {
        assert!(map.contains(&format!("pub mod {module};")), "{module} is not declared");
        assert!(map.contains(&format!("[`{module}`]")), "{module} is not on the map");
    }
}

#[test]
fn only_one_room_names_the_yaml_crate() {
    let naming: Vec<PathBuf> = rust_files(&repository("src"))
        .into_iter()
        .filter(|path| std::fs::read_to_string(path).unwrap().contains("serde_yaml"))
        .collect();
    assert_eq!(naming, [repository("src/yaml.rs")]);
}

#[test]
fn no_file_has_outgrown_its_room() {
    for folder in ["src", "tests"] {
        for path in rust_files(&repository(folder)) {
            let lines = std::fs::read_to_string(&path).unwrap().lines().count();
            assert!(lines <= 600, "{} has {lines} lines", path.display());
        }
    }
}

#[test]
fn nothing_is_left_for_later() {
    // Put together here, so that this file does not find itself.
    let words = ["TO".to_owned() + "DO", "FIX".to_owned() + "ME", "XX".to_owned() + "X"];
    for folder in ["src", "tests", "rules"] {
        for path in rust_files(&repository(folder)) {
            let source = std::fs::read_to_string(&path).unwrap();
            for word in &words {
                assert!(!source.contains(word.as_str()), "{} says {word}", path.display());
            }
        }
    }
}

#[test]
fn every_test_file_is_in_the_list_of_modules() {
    let main = std::fs::read_to_string(repository("tests/it/main.rs")).unwrap();
    for path in rust_files(&repository("tests/it")) {
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        let at_top = path.parent() == Some(&repository("tests/it"));
        assert!(
            !at_top || name == "main" || main.contains(&format!("mod {name};")),
            "{name} is not run"
        );
    }
}
