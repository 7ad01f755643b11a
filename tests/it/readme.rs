//! What the README shows is what happens.

use backwise::yaml;

use crate::program::{Program, repository};

fn readme() -> String {
    std::fs::read_to_string(repository("README.md")).unwrap()
}

/// The blocks of the README in a language.
fn blocks(language: &str) -> Vec<String> {
    let opening = format!("```{language}\n");
    let readme = readme();
    let parts = readme.split(&opening).skip(1);
    parts.map(|part| part.split("```").next().unwrap().to_owned()).collect()
}

/// Compares output with what is shown, where a line `…` stands for any lines.
#[track_caller]
fn assert_shows(shown: &str, output: &str) {
    let mut rest = output;
    for (part_idx, part) in shown.split("…\n").enumerate() {
        let at = rest.find(part).unwrap_or_else(|| panic!("{part}\nis not in\n{output}"));
        assert!(part_idx > 0 || at == 0, "{part}\nis not at the start of\n{output}");
        rest = &rest[at + part.len()..];
    }
    assert!(shown.ends_with("…\n") || rest.is_empty(), "not shown: {rest}");
}

#[test]
fn every_console_block_runs_as_shown() {
    let blocks = blocks("console");
    assert!(blocks.len() >= 3);
    for block in blocks {
        let (command, shown) = block.split_once('\n').unwrap();
        let arguments = command.strip_prefix("$ backwise").expect("a block runs backwise");
        let ran = Program::new().at_home().args(arguments).run();
        assert_shows(shown, &(ran.stdout + &ran.stderr));
    }
}

#[test]
fn every_yaml_block_is_yaml() {
    for block in blocks("yaml") {
        assert!(yaml::read(&block).is_ok(), "{block}");
    }
}

/// The conditions that the README shows compile against the shipped rule set.
#[test]
fn every_condition_shown_compiles() {
    let block = blocks("yaml").into_iter().find(|block| block.contains("at-least")).unwrap();
    let rules = std::fs::read_to_string(repository("rules/back-pain.yaml")).unwrap();
    for line in block.lines() {
        let (name, condition) = line.split_once(": ").unwrap();
        let finding = format!(
            "findings:\n  - id: shown-{name}\n    says: Shown.\n    when: {condition}\n    \
             source: [article]\n"
        );
        let with = rules.replacen("findings:\n", &finding, 1);
        assert_ne!(with, rules);
        assert!(backwise::RuleSet::read(&with).is_ok(), "{line}");
    }
}

#[test]
fn the_table_of_exit_codes_is_that_of_the_program() {
    let source = std::fs::read_to_string(repository("src/bin/backwise/failure.rs")).unwrap();
    let readme = readme();
    for arm in source.split("=> ").skip(1) {
        let Some(code) = arm.split(',').next().and_then(|code| code.parse::<u8>().ok()) else {
            continue;
        };
        assert!(readme.contains(&format!("\n| {code} |")), "{code} is not in the README");
    }
}

#[test]
fn every_link_into_the_repository_leads_somewhere() {
    let readme = readme();
    for part in readme.split("](").skip(1) {
        let target = part.split(')').next().unwrap();
        if !target.starts_with("http") {
            assert!(repository(target).exists(), "{target}");
        }
    }
}

#[test]
fn every_flag_of_batch_is_told() {
    let help = Program::new().args("batch --help").succeeds();
    let flags: Vec<&str> = help
        .lines()
        .filter_map(|line| line.trim_start().split("--").nth(1).filter(|_| is_flag(line)))
        .map(|flag| flag.split_whitespace().next().unwrap())
        .collect();
    assert!(flags.contains(&"on-error") && flags.contains(&"output"), "{flags:?}");
    for flag in flags.into_iter().filter(|flag| *flag != "help") {
        assert!(readme().contains(&format!("`--{flag}")), "--{flag}");
    }
}

/// Whether a line of help begins a flag.
fn is_flag(line: &str) -> bool {
    let line = line.trim_start();
    line.starts_with("--") || line.starts_with('-') && line.get(2..6) == Some(", --")
}
