//! What many rows came to together.

use std::fmt::Write as _;

use backwise::RuleSet;
use backwise::batch::Tally;
use backwise::condition::Care;
use serde::Serialize;

/// "1 row", "2 rows".
pub(super) fn rows(number: u64) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{number} row{plural}")
}

/// For people.
pub(super) fn text(rules: &RuleSet, tally: &Tally) -> String {
    let mut out = format!("{}, {} not fitting\n", rows(tally.rows), tally.errors);
    let whole = tally.rows.saturating_sub(tally.errors);
    if whole == 0 {
        return out;
    }
    let mut counted = |heading: &str, counts: &[(&str, u64)]| {
        let _ = writeln!(out, "{heading}");
        for (name, count) in counts {
            let tenths = count * 1000 / whole;
            let _ = writeln!(out, "  {name:<24} {count:>10}  {:>3}.{} %", tenths / 10, tenths % 10);
        }
    };
    counted("care", &care(tally));
    counted("not screened", &[("care may be higher", tally.unscreened)]);
    counted("suggestion", &suggestions(rules, tally));
    out
}

fn care(tally: &Tally) -> Vec<(&'static str, u64)> {
    Care::ALL.into_iter().rev().map(|care| (care.id(), tally.care[care as usize])).collect()
}

fn suggestions<'a>(rules: &'a RuleSet, tally: &Tally) -> Vec<(&'a str, u64)> {
    let count = |item: usize| tally.suggested.get(item).copied().unwrap_or(0);
    let mut counts: Vec<(&str, u64)> =
        rules.treatments().map(|item| (rules.items[item].id.as_str(), count(item))).collect();
    let named: u64 = counts.iter().map(|(_, count)| count).sum();
    counts.push(("none", tally.rows.saturating_sub(tally.errors + named)));
    counts
}

#[derive(Serialize)]
struct Shape<'a> {
    rule_set: &'a str,
    version: &'a str,
    hash: &'a str,
    rows: u64,
    errors: u64,
    care: Counts<'a>,
    unscreened: u64,
    suggestion: Counts<'a>,
}

/// Counts in their own order.
struct Counts<'a>(Vec<(&'a str, u64)>);

impl Serialize for Counts<'_> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().copied())
    }
}

/// For scripts.
pub(super) fn json(rules: &RuleSet, tally: &Tally) -> String {
    let shape = Shape {
        rule_set: &rules.id,
        version: &rules.version,
        hash: &rules.hash,
        rows: tally.rows,
        errors: tally.errors,
        care: Counts(care(tally)),
        unscreened: tally.unscreened,
        suggestion: Counts(suggestions(rules, tally)),
    };
    // A shape of strings and numbers always becomes JSON.
    serde_json::to_string(&shape).unwrap_or_default() + "\n"
}
