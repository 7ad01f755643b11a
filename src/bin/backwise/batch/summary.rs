//! What many rows came to together.

use std::fmt::Write as _;

use backwise::RuleSet;
use backwise::batch::Tally;
use backwise::condition::Care;
use backwise::prose::wrap;
use serde::Serialize;

/// "1 row", "2 rows".
pub(super) fn rows(number: u64) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{number} row{plural}")
}

/// For people, in lines of this width.
pub(super) fn text(rules: &RuleSet, tally: &Tally, width: usize) -> String {
    let mut out = format!("{}, {} not fitting\n", rows(tally.rows), tally.errors);
    let whole = tally.rows.saturating_sub(tally.errors);
    if whole == 0 {
        return out;
    }
    let mut counted = |heading: &str, counts: &[(&str, u64)]| {
        let _ = writeln!(out, "{heading}");
        for (name, count) in counts {
            let tenths = (count * 1000 + whole / 2) / whole;
            let _ = writeln!(out, "  {name:<24} {count:>10}  {:>3}.{} %", tenths / 10, tenths % 10);
        }
    };
    counted("care", &care(tally));
    counted("care may still rise", &[("as a warning is open", tally.may_rise)]);
    if tally.not_asked > 0 {
        let counts = [("as they are not asked", tally.not_asked)];
        counted("rows with answers that do not count", &counts);
    }
    counted("suggestion", &suggestions(rules, tally));
    let told = format!("tell each of them: {}", advice(rules));
    let signs = "the signs to get help now: `--full` has them in each result";
    for line in [told.as_str(), signs].iter().flat_map(|text| wrap(text, width, "  ")) {
        let _ = writeln!(out, "{line}");
    }
    out
}

/// What everyone is told, whatever the result; higher levels of care say more.
fn advice(rules: &RuleSet) -> &str {
    let advice = rules.advice.professional[Care::Routine as usize].as_str();
    // What follows is about a page, which there is none of here.
    advice.split_inclusive(". ").next().unwrap_or(advice).trim_end()
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
    care_may_rise: u64,
    answers_not_asked: u64,
    suggestion: Counts<'a>,
    advice: Advice<'a>,
}

/// As in the result of one person.
#[derive(Serialize)]
struct Advice<'a> {
    professional: &'a str,
    get_help_now: &'a [String],
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
        care_may_rise: tally.may_rise,
        answers_not_asked: tally.not_asked,
        suggestion: Counts(suggestions(rules, tally)),
        advice: Advice { professional: advice(rules), get_help_now: &rules.advice.get_help_now },
    };
    // A shape of strings and numbers always becomes JSON.
    serde_json::to_string(&shape).unwrap_or_default() + "\n"
}
