//! A comparison of two versions, for people and for scripts.

use std::fmt::Write as _;

use serde_json::{Value, json};

use super::{Change, Difference};
use crate::proof::figures::{in_words, share};
use crate::proof::render::{commands_text, said};
use crate::proof::witness::command;
use crate::prose::{list_and, tick, wrap};
use crate::ruleset::RuleSet;

/// What a comparison looks at, and what it leaves out.
const COMPARED: &str = "care, warnings, suggestions and their entries, options and their order, the \
                        runner-up and cautions";
const NOT_COMPARED: &str = "texts, points as such, findings and reasons, what is to be asked about \
                            first, advice, and answers with gaps";

impl Difference {
    /// Whether every way to answer comes out the same. Where a choice is gone or new, nobody knows.
    pub fn is_none(&self) -> bool {
        self.is_none_of_both() && self.lone_choices().is_empty()
    }

    /// Whether every way to answer that both versions know comes out the same.
    fn is_none_of_both(&self) -> bool {
        self.changes.is_empty() && self.too_large.is_empty()
    }

    /// The choices that one of the versions alone knows: no answer with them is compared.
    fn lone_choices(&self) -> Vec<String> {
        let choices = self.ids.iter().filter(|(kind, ..)| *kind == "choice");
        choices.flat_map(|(_, gone, come)| gone.iter().chain(come).map(|id| tick(id))).collect()
    }
}

/// The command lines of an example, one for each version where the two differ.
fn commands(change: &Change, rules: [&RuleSet; 2], files: [&str; 2]) -> Vec<String> {
    let sides = [0, 1].map(|side: usize| {
        command(&rules[side].questionnaire, Some(files[side]), &change.example[side], true)
    });
    sides.into()
}

/// The comparison for people; `files` are where the two versions stand.
pub fn text(
    rules: [&RuleSet; 2],
    files: [&str; 2],
    difference: &Difference,
    width: usize,
) -> String {
    let [old, new] = rules;
    let mut out = format!("{} {} and {} {}", old.id, old.version, new.id, new.version);
    match difference.ways {
        Some(ways) => {
            let _ = writeln!(out, ": {} ways to answer compared", in_words(ways));
        }
        None => out.push_str(": more ways to answer than can be counted\n"),
    }
    for (kind, gone, come) in &difference.ids {
        for (word, ids) in [("gone", gone), ("new", come)] {
            if !ids.is_empty() {
                let ids: Vec<String> = ids.iter().map(|id| tick(id)).collect();
                out += &said(word, &format!("{kind}: {}", list_and(&ids)), width);
            }
        }
    }
    for change in difference.changes.iter().filter(|change| !change.follows) {
        let Change { what, old: from, .. } = change;
        let id = match *what {
            "warning" | "caution" => from.split_inclusive('`').take(2).collect::<String>() + " ",
            _ => String::new(),
        };
        let ways = ways_text(change, difference);
        out += &said(what, &format!("{id}{} ({ways})", change.title), width);
        if *what == "suggestion" {
            out += &following(change, rules, difference, width);
        }
        if !change.borne_out {
            let says = "the comparison and the evaluator do not agree: please report this";
            out += &said("", says, width);
        }
        out += &commands_text(&commands(change, rules, files), width);
    }
    for large in &difference.too_large {
        out += &said("too large", &format!("not compared: {large}"), width);
    }
    let lone = difference.lone_choices();
    if !lone.is_empty() {
        let says =
            format!("what comes out with {}, which one version alone knows", list_and(&lone));
        out += &said("left out", &says, width);
    }
    let last = if difference.is_none_of_both() {
        let known = if lone.is_empty() { "" } else { " that both versions know" };
        format!(
            "In {COMPARED}, every way to answer{known} comes out the same. Not compared: \
             {NOT_COMPARED}."
        )
    } else {
        format!("Compared: {COMPARED}. Not compared: {NOT_COMPARED}.")
    };
    out + &wrap(&last, width, "").join("\n") + "\n"
}

/// How many ways change, and which part they are of all those in which they could.
fn ways_text(change: &Change, difference: &Difference) -> String {
    let of_all = matches!(change.what, "care" | "warning");
    let (all, which) = if of_all {
        (difference.ways, "")
    } else {
        (difference.named, " of those that may name a treatment")
    };
    match (change.ways, all) {
        (Some(ways), Some(all)) => {
            format!("{} ways, {}{which}", in_words(ways), share(ways, all))
        }
        (Some(ways), None) => format!("{} ways", in_words(ways)),
        (None, _) => "not counted".to_owned(),
    }
}

/// The options that a change of the suggestion takes along, where nothing else about them differs.
fn following(
    suggestion: &Change,
    rules: [&RuleSet; 2],
    difference: &Difference,
    width: usize,
) -> String {
    let mut out = String::new();
    let ids = [&suggestion.old, &suggestion.new].map(|id| id.replace('`', ""));
    let options = [0, 1].map(|side: usize| {
        let treatment = rules[side].find_item(&ids[side]);
        treatment.map_or_else(Vec::new, |own| rules[side].options(own))
    });
    let ids_of = |side: usize| -> Vec<&str> {
        options[side].iter().map(|&own| rules[side].items[own].id.as_str()).collect()
    };
    for (word, side) in [("with it, no longer offered", 0), ("with it, offered", 1)] {
        let (own, other) = (ids_of(side), ids_of(1 - side));
        let noted = |id: &str, side: usize| {
            difference.changes.iter().any(|change| {
                change.follows
                    && change.old.starts_with(&tick(id))
                    && (change.new == "not offered") == (side == 0)
            })
        };
        let names: Vec<&str> = own
            .into_iter()
            .filter(|id| !other.contains(id) && noted(id, side))
            .map(|id| super::name(rules[side], id))
            .collect();
        if !names.is_empty() {
            out += &said("", &format!("{word}: {}", list_and(&names)), width);
        }
    }
    out
}

/// The comparison for scripts; `files` are where the two versions stand.
pub fn json(rules: [&RuleSet; 2], files: [&str; 2], difference: &Difference) -> Value {
    let named =
        |rules: &RuleSet| json!({ "id": rules.id, "version": rules.version, "hash": rules.hash });
    let changes: Vec<Value> = difference
        .changes
        .iter()
        .map(|change| {
            json!({
                "what": change.what,
                "old": change.old.replace('`', ""),
                "new": change.new.replace('`', ""),
                "title": change.title,
                "follows": change.follows,
                "ways": change.ways.map(|ways| ways.to_string()),
                "commands": commands(change, rules, files),
                "borne_out": change.borne_out,
            })
        })
        .collect();
    let ids: Vec<Value> = difference
        .ids
        .iter()
        .map(|(kind, gone, come)| json!({ "kind": kind, "gone": gone, "new": come }))
        .collect();
    json!({
        "schema_version": 1,
        "old": named(rules[0]),
        "new": named(rules[1]),
        "ways": difference.ways.map(|ways| ways.to_string()),
        "ways_named": difference.named.map(|ways| ways.to_string()),
        "ids": ids,
        "changes": changes,
        "too_large": difference.too_large,
        "choices_not_compared": difference
            .lone_choices()
            .iter()
            .map(|choice| choice.replace('`', ""))
            .collect::<Vec<_>>(),
        "compared": COMPARED,
        "not_compared": NOT_COMPARED,
    })
}
