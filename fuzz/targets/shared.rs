//! The shipped rule set, and batches of it that read at sight and in full.
#![allow(dead_code, reason = "each target needs a part of it")]

use std::sync::LazyLock;

use backwise::RuleSet;
use backwise::batch::{Batch, Column, Layout, Names};

pub static RULES: LazyLock<RuleSet> = LazyLock::new(|| {
    RuleSet::read(include_str!("../../rules/back-pain.yaml")).expect("the shipped rule set loads")
});

fn layout() -> Layout {
    Layout { columns: Column::ALL.map(|(_, column)| column).to_vec(), ..Layout::default() }
}

/// What the column of names is called; some are written in several ways.
pub const IDS: [&str; 4] = ["id", "a\"b", "\\", "\u{e9}\t"];

/// Usual rows are read at sight.
pub fn at_sight(id: &str) -> Batch<'static> {
    Batch::new(&RULES, Names::new(&RULES.questionnaire, id), layout())
}

/// Every row is read in full: a map that renames a word of no use sees to it. An input that has
/// the word is to be passed over, see [`is_renamed`].
pub fn in_full(id: &str) -> Batch<'static> {
    let mut names = Names::new(&RULES.questionnaire, id);
    for question in &RULES.questionnaire.questions {
        let map = format!("values: {{{}: {{\"\\0nothing\": []}}}}", question.id);
        names.rename(&RULES.questionnaire, &map).expect("the map fits");
    }
    Batch::new(&RULES, names, layout())
}

/// Whether a row may hold the word that is renamed for the full reader alone.
pub fn is_renamed(text: &[u8]) -> bool {
    text.windows(7).any(|word| word == b"nothing")
}
