//! Two versions of a rule set compared, against brute force.

use std::collections::{BTreeMap, BTreeSet};

use backwise::answers::Answers;
use backwise::condition::Care;
use backwise::diff::diff;
use backwise::proof::Bounds;
use backwise::questionnaire::Answer;
use backwise::triage::{Judged, Suggestion};
use backwise::{Assessment, RuleSet, triage};

use super::answers_to;
use super::random::{Random, Size, rule_set};

/// Ways to answer that answer every question either version asks; the two ask the same questions,
/// but an emergency may end them at different places.
fn walk(
    rules: [&RuleSet; 2],
    question: usize,
    answers: &mut Answers,
    seen: &mut impl FnMut(&Answers),
) {
    let questions = &rules[0].questionnaire.questions;
    let Some(asked) = questions.get(question) else { return seen(answers) };
    let goes_on = rules.iter().any(|rules| {
        triage(rules, answers).care != Care::Emergency
            && Judged::new(rules, answers).active[question]
    });
    if !goes_on {
        return walk(rules, question + 1, answers, seen);
    }
    for marks in answers_to(asked) {
        answers.give(question, Answer::Marks(marks));
        walk(rules, question + 1, answers, seen);
    }
    answers.forget(question);
}

fn tell(rules: [&RuleSet; 2], ends: &[Assessment; 2], tally: &mut BTreeMap<String, u64>) {
    let mut note = |change: String| *tally.entry(change).or_default() += 1;
    if ends[0].care != ends[1].care {
        note(format!("care `{}` `{}`", ends[0].care.id(), ends[1].care.id()));
    }
    for (index, warning) in rules[0].warnings.iter().enumerate() {
        match [0, 1].map(|side: usize| ends[side].warnings.contains(&index)) {
            [true, false] => note(format!("warning `{}` fires does not", warning.id)),
            [false, true] => note(format!("warning `{}` does not fire fires", warning.id)),
            _ => {}
        }
    }
    if ends.iter().any(|end| !end.care.names_treatment()) {
        return;
    }
    let names = [0, 1].map(|side| {
        let own = ends[side].treatment(rules[side]);
        own.map_or("none", |item| rules[side].items[item].id.as_str())
    });
    if names[0] != names[1] {
        note(format!("suggestion `{}` `{}`", names[0], names[1]));
    }
    if let [Suggestion::Entry(old), Suggestion::Entry(new)] = [0, 1].map(|s| ends[s].suggestion)
        && names[0] == names[1]
        && old != new
    {
        note(format!(
            "entry `{}` `{}`",
            rules[0].suggestions[old].id, rules[1].suggestions[new].id
        ));
    }
    let id = |item: usize| &rules[0].items[item].id;
    for (at, &first) in ends[0].options.iter().enumerate() {
        for &second in &ends[0].options[at + 1..] {
            let place = |item| ends[1].options.iter().position(|&own| own == item);
            if let (Some(first_now), Some(second_now)) = (place(first), place(second))
                && second_now < first_now
            {
                let (a, b) = (id(first), id(second));
                note(format!("order `{a}` before `{b}` `{b}` before `{a}`"));
            }
        }
    }
    if ends[0].runner_up != ends[1].runner_up {
        if let Some(second) = ends[0].runner_up {
            note(format!("runner-up `{}` second not second", id(second)));
        }
        if let Some(second) = ends[1].runner_up {
            note(format!("runner-up `{}` not second second", id(second)));
        }
    }
    for (index, item) in rules[0].items.iter().enumerate() {
        match [0, 1].map(|side: usize| ends[side].options.contains(&index)) {
            [true, false] => note(format!("option `{}` offered not offered", item.id)),
            [false, true] => note(format!("option `{}` not offered offered", item.id)),
            _ => {}
        }
    }
    for (index, caution) in rules[0].cautions.iter().enumerate() {
        match [0, 1].map(|side: usize| ends[side].cautions.contains(&index)) {
            [true, false] => note(format!("caution `{}` fires does not", caution.id)),
            [false, true] => note(format!("caution `{}` does not fire fires", caution.id)),
            _ => {}
        }
    }
}

/// Two options whose points are swapped, so that they change places.
const SWAPPED: [&str; 2] = ["deep: ", "soft: "];

#[test]
fn changes_between_two_versions_are_those_of_brute_force() {
    let edits = [
        ("care: prompt", "care: emergency"),
        ("care: emergency", "care: same-day"),
        (": 3", ": 1"),
        (": -1", ": 2"),
        ("unsure", "no"),
        ("c0", "c1"),
        ("suggest: rub", "suggest: gym"),
        ("avoid: ", "ask-first: "),
        (SWAPPED[0], SWAPPED[1]),
    ];
    let (mut compared, mut changed) = (0, 0);
    let mut met = BTreeSet::new();
    for seed in 30_000..30_800 {
        let (from, to) = edits[usize::try_from(seed).unwrap() % edits.len()];
        let mut old = rule_set(&mut Random::new(seed), Size::SMALL);
        if [from, to] == SWAPPED {
            let points = "points: {rub: 3, deep: 2}, because: B, source: s}";
            let more = "points: {gym: 1, soft: 1}, because: B, source: s}";
            let rules = format!("\nrules:\n  - {{id: x, {points}\n  - {{id: y, {more}\n");
            old = old.replace("\nrules:\n", &rules);
        }
        // The questions stay as they are: only what stands below them is edited.
        let (questions, below) = old.split_once("warnings:").expect("every rule set has warnings");
        let below = if [from, to] == SWAPPED {
            below.replace(from, "\u{1}").replace(to, from).replace('\u{1}', to)
        } else {
            below.replacen(from, to, 2)
        };
        let new = format!("{questions}warnings:{below}");
        let (Ok(a), Ok(b)) = (RuleSet::read(&old), RuleSet::read(&new)) else { continue };
        let difference = diff(&a, &b, Bounds { nodes: 1 << 20, states: 50_000, steps: 50_000_000 });
        if difference.ways.expect("small") > 300_u128 {
            continue;
        }
        let (mut tally, mut ways) = (BTreeMap::new(), 0_u64);
        walk([&a, &b], 0, &mut Answers::new(&a.questionnaire), &mut |answers| {
            ways += 1;
            tell([&a, &b], &[triage(&a, answers), triage(&b, answers)], &mut tally);
        });
        assert_eq!(difference.ways.expect("small"), u128::from(ways), "{old}\n{new}");
        let mut proved = BTreeMap::new();
        for change in &difference.changes {
            assert!(change.borne_out, "{change:?} of:\n{old}\n{new}");
            let count = u64::try_from(change.ways.expect("small")).expect("small");
            proved.insert(format!("{} {} {}", change.what, change.old, change.new), count);
        }
        assert_eq!(proved, tally, "{old}\n{new}");
        assert!(difference.too_large.is_empty());
        compared += 1;
        changed += usize::from(!tally.is_empty());
        met.extend(tally.keys().filter_map(|told| told.split(' ').next()).map(str::to_owned));
    }
    let kinds =
        ["care", "caution", "entry", "option", "order", "runner-up", "suggestion", "warning"];
    assert_eq!(met, BTreeSet::from(kinds.map(str::to_owned)));
    assert!(compared > 150 && changed > 50, "{compared} compared, {changed} changed");
}

/// A question only one version asks does not hide what changed elsewhere.
#[test]
fn versions_with_other_questions_are_compared_on_what_they_share() {
    let small = std::fs::read_to_string(crate::program::repository("tests/check/small.yaml"));
    let old = small.unwrap();
    let question = "  - id: sleep\n    group: pain\n    ask: Do you sleep?\n    why: W.\n    kind: \
                    yes-no\n  - id: feels\n";
    let new = old
        .replace("  - id: feels\n", question)
        .replace("      weak: Weak\n", "      weak: Weak\n      tired: Tired\n")
        .replace("care: emergency", "care: same-day");
    let (a, b) = (RuleSet::read(&old).unwrap(), RuleSet::read(&new).unwrap());
    let difference = diff(&a, &b, Bounds::default());
    let told: Vec<String> = difference
        .changes
        .iter()
        .map(|change| format!("{} {} {}", change.what, change.old, change.new))
        .collect();
    assert_eq!(told, ["care `emergency` `same-day`"]);
    assert!(difference.changes[0].borne_out);
    let ids: Vec<&str> = difference.ids.iter().map(|(kind, ..)| *kind).collect();
    assert_eq!(ids, ["question", "choice"]);
    // One is numb or not sure, and goes on to what only the new version asks.
    let same = diff(&a, &a, Bounds::default());
    assert!(same.is_none());
}
