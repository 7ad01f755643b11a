//! Faults seen in the rule set as it is written, without looking at ways to answer.

use super::Found;
use super::places::Written;
use crate::condition::{Condition, PointsTest};
use crate::fault::{Fault, Place};
use crate::prose::{count, tick};
use crate::questionnaire::Kind;
use crate::ruleset::RuleSet;

/// A condition and what it belongs to.
pub(super) struct Owned<'a> {
    pub(super) what: &'static str,
    pub(super) id: &'a str,
    pub(super) place: Place,
    pub(super) condition: &'a Condition,
}

/// Every condition that belongs to something with a place, in the order of the file.
pub(super) fn conditions(rules: &RuleSet) -> Vec<Owned<'_>> {
    fn owned<'a>(
        what: &'static str,
        id: &'a str,
        place: Place,
        condition: Option<&'a Condition>,
    ) -> Option<Owned<'a>> {
        Some(Owned { what, id, place, condition: condition? })
    }
    let questions = rules.questionnaire.questions.iter();
    let questions = questions.map(|q| owned("question", &q.id, q.place, q.when.as_ref()));
    let findings = rules.findings.iter();
    let findings = findings.map(|f| owned("finding", &f.id, f.place, Some(&f.when)));
    let warnings = rules.warnings.iter();
    let warnings = warnings.map(|w| owned("warning", &w.id, w.place, Some(&w.when)));
    let cautions = rules.cautions.iter();
    let cautions = cautions.map(|c| owned("caution", &c.id, c.place, Some(&c.when)));
    let own = rules.rules.iter().map(|r| owned("rule", &r.id, r.place, r.when.as_ref()));
    let suggestions = rules.suggestions.iter();
    let suggestions = suggestions.map(|s| owned("suggestion", &s.id, s.place, s.when.as_ref()));
    let promises = rules.promises.iter();
    let promises = promises.map(|p| owned("promise", &p.id, p.place, Some(&p.condition)));
    let all = questions.chain(findings).chain(warnings).chain(cautions);
    all.chain(own).chain(suggestions).chain(promises).flatten().collect()
}

/// All faults of form.
pub(super) fn faults(rules: &RuleSet, source: &str, written: &Written<'_>) -> Vec<Found> {
    let mut found = Vec::new();
    unread(rules, &mut found);
    repeated(rules, written, &mut found);
    no_reason(rules, &mut found);
    long_lists(rules, &mut found);
    not_in_warning(rules, &mut found);
    many_totals(rules, &mut found);
    unused_sources(rules, source, &mut found);
    found
}

fn fault(code: &'static str, about: &str, place: Place, message: String, help: &str) -> Found {
    Found { about: about.to_owned(), fault: Fault::new(code, place, message).help(help) }
}

/// Every condition that something hangs on, of advice too.
fn all_conditions(rules: &RuleSet) -> Vec<&Condition> {
    let tidbits = rules.advice.meanwhile.iter().chain(&rules.advice.look_again);
    let all = conditions(rules).into_iter().map(|owned| owned.condition);
    all.chain(tidbits.filter_map(|tidbit| tidbit.when.as_ref())).collect()
}

/// The questions whose answers the sheet shows, or that are compared over time.
fn shown(rules: &RuleSet) -> Vec<usize> {
    let sheet = &rules.sheet;
    let scales = sheet.scales.iter().map(|scale| scale.question);
    let whole = sheet.body.into_iter().chain(sheet.history.iter().copied()).chain(scales);
    let over_time =
        rules.change.iter().flat_map(|own| own.same_person.iter().chain(&own.never_back));
    whole.chain(over_time.copied()).collect()
}

/// The marks of each question that some condition names, or that a report reads.
fn named_marks(rules: &RuleSet) -> Vec<u64> {
    let mut named = vec![0; rules.questionnaire.questions.len()];
    for condition in all_conditions(rules) {
        condition.visit(&mut |part| {
            if let Condition::Answer { question, marks }
            | Condition::Marked { question, marks, .. } = part
            {
                named[*question] |= marks;
            }
        });
    }
    for question in shown(rules) {
        named[question] = u64::MAX;
    }
    named
}

/// Whether some condition holds for one answer to a question, "not sure" aside, and not for
/// another; or somebody is shown the answer.
fn tells_apart(rules: &RuleSet, question: usize) -> bool {
    let own = &rules.questionnaire.questions[question];
    let all = own.marks().into_iter().fold(0, |all, mark| all | mark);
    let mut told = shown(rules).contains(&question);
    for condition in all_conditions(rules) {
        condition.visit(&mut |part| {
            if let Condition::Answer { question: read, marks } = part {
                told |= *read == question && ![0, all].contains(&(marks & all));
            }
        });
    }
    told
}

fn unread(rules: &RuleSet, found: &mut Vec<Found>) {
    let questions = rules.questionnaire.questions.iter().enumerate();
    for ((own, question), named) in questions.zip(named_marks(rules)) {
        let id = tick(&question.id);
        if question.kind == Kind::Text {
            continue;
        }
        if named == 0 {
            let message = format!("nothing reads the answer to {id}");
            let help = "let a condition read it, or leave the question out";
            found.push(fault("unread-question", &question.id, question.place, message, help));
            continue;
        }
        if matches!(question.kind, Kind::OneOf(_) | Kind::YesNo) && !tells_apart(rules, own) {
            let message = format!("nothing tells the answers to {id} apart");
            let help =
                "let a condition name some of them and not others, or leave the question out";
            found.push(fault("unread-question", &question.id, question.place, message, help));
        }
        if !matches!(question.kind, Kind::AnyOf { .. }) {
            continue;
        }
        for (choice, mark) in question.choices().iter().zip(question.marks()) {
            if named & mark == 0 {
                let message = format!("nothing reads the choice {} of {id}", tick(&choice.id));
                let help = "let a condition read it, or leave the choice out";
                let about = format!("{}/{}", question.id, choice.id);
                found.push(fault("unread-choice", &about, choice.place, message, help));
            }
        }
    }
}

fn repeated(rules: &RuleSet, written: &Written<'_>, found: &mut Vec<Found>) {
    for owned in conditions(rules) {
        let mut twice = None;
        owned.condition.visit(&mut |part| {
            if let Condition::All(parts)
            | Condition::Any(parts)
            | Condition::AtLeast { of: parts, .. } = part
            {
                let again = (1..parts.len()).find(|&index| parts[..index].contains(&parts[index]));
                twice = twice.or(again.map(|index| &parts[index]));
            }
        });
        if let Some(part) = twice {
            let message = format!("{} {} tests the same thing twice", owned.what, tick(owned.id));
            let help = "one of the two was meant to be another, or can go";
            let place = written.part(&owned, part);
            found.push(fault("repeated-test", owned.id, place, message, help));
        }
    }
}

fn no_reason(rules: &RuleSet, found: &mut Vec<Found>) {
    for treatment in rules.treatments() {
        let item = &rules.items[treatment];
        let last = rules.suggestions.last().and_then(|entry| entry.treatment);
        let earns = |&(own, points): &(usize, i32)| own == treatment && points > 0;
        if last != Some(treatment) && !rules.rules.iter().any(|rule| rule.points.iter().any(earns))
        {
            let message = format!("no rule gives points to treatment {}", tick(&item.id));
            let help = "add a rule with the reason for it, or leave the treatment out";
            found.push(fault("no-reason", &item.id, item.place, message, help));
        }
    }
}

fn long_lists(rules: &RuleSet, found: &mut Vec<Found>) {
    let Some(most) = rules.style.long_lists else { return };
    for question in &rules.questionnaire.questions {
        let choices = question.choices().len();
        if choices > most {
            let id = tick(&question.id);
            let message = format!("{id} has {}", count(choices, "choice"));
            let help = format!("the rule set allows {most}; split the question");
            found.push(fault("long-list", &question.id, question.place, message, &help));
        }
    }
}

fn not_in_warning(rules: &RuleSet, found: &mut Vec<Found>) {
    for owned in conditions(rules) {
        if !matches!(owned.what, "warning" | "caution") {
            continue;
        }
        let mut negated = false;
        owned.condition.visit(&mut |part| negated |= matches!(part, Condition::Not(_)));
        if negated {
            let message =
                format!("{} {} tests that something is not so", owned.what, tick(owned.id));
            let help = "name the answers that are meant: with `not`, more harm can lower care";
            found.push(fault("not-in-warning", owned.id, owned.place, message, help));
        }
    }
}

fn many_totals(rules: &RuleSet, found: &mut Vec<Found>) {
    for entry in &rules.suggestions {
        let mut items: Vec<usize> = Vec::new();
        if let Some(when) = &entry.when {
            when.visit(&mut |part| {
                if let Condition::Points(PointsTest { item, above, not_below, .. }) = part {
                    items.push(*item);
                    items.extend(above.iter().chain(not_below));
                }
            });
        }
        items.sort_unstable();
        items.dedup();
        if items.len() > 4 {
            let message =
                format!("suggestion {} reads {} totals of points", tick(&entry.id), items.len());
            let help = "give the family points of its own, and compare those";
            found.push(fault("many-totals", &entry.id, entry.place, message, help));
        }
    }
}

/// Where a text stands in the file, if it can be told.
fn locate(source: &str, text: &str) -> Place {
    let start = source.find(text).unwrap_or(0);
    Place { start, end: start + if source.contains(text) { text.len() } else { 0 } }
}

fn unused_sources(rules: &RuleSet, source: &str, found: &mut Vec<Found>) {
    let mut lists: Vec<&[usize]> = Vec::new();
    for question in &rules.questionnaire.questions {
        lists.push(&question.sources);
        lists.extend(question.choices().iter().map(|own| own.sources.as_slice()));
    }
    lists.extend(rules.findings.iter().map(|own| own.sources.as_slice()));
    lists.extend(rules.warnings.iter().map(|own| own.sources.as_slice()));
    lists.extend(rules.cautions.iter().map(|own| own.sources.as_slice()));
    lists.extend(rules.rules.iter().map(|own| own.sources.as_slice()));
    lists.extend(rules.suggestions.iter().map(|own| own.sources.as_slice()));
    let tidbits = rules.advice.meanwhile.iter().chain(&rules.advice.look_again);
    lists.extend(tidbits.map(|own| own.sources.as_slice()));
    for item in &rules.items {
        lists.push(&item.sources);
        if let crate::ruleset::ItemKind::Treatment { benefits, finding_one, .. } = &item.kind {
            lists.extend(benefits.iter().map(|own| own.sources.as_slice()));
            lists.extend(finding_one.iter().map(|own| own.sources.as_slice()));
        }
    }
    lists.extend(rules.numbers.calls.iter().map(|own| own.sources.as_slice()));
    lists.extend(rules.change.iter().map(|own| own.sources.as_slice()));
    let mut cited = vec![false; rules.sources.len()];
    for &own in lists.into_iter().flatten() {
        cited[own] = true;
    }
    for (own, cited) in rules.sources.iter().zip(cited) {
        if !cited {
            let message = format!("nothing cites the source {}", tick(&own.id));
            let place = locate(source, &format!("{}:", own.id));
            let help = "cite it where it is used, or leave it out";
            found.push(fault("unused-source", &own.id, place, message, help));
        }
    }
}
