//! Faults seen only over all ways to answer.

use super::Found;
use super::parts;
use super::places::Written;
use crate::condition::Condition;
use crate::diagram::{Diagram, Node, TooLarge};
use crate::fault::{Fault, Place};
use crate::proof::model::{Model, Ways};
use crate::proof::{Bounds, model};
use crate::prose::tick;
use crate::ruleset::RuleSet;

/// All faults of reach; those found before the bound was spent, if it was.
pub(super) fn faults(rules: &RuleSet, written: &Written<'_>, bounds: Bounds) -> Vec<Found> {
    let mut found = Vec::new();
    if let Ok((mut diagram, mut model)) = model(rules, bounds) {
        // What is too large is said by the proof itself, once.
        let _ = look(&mut diagram, &model, &mut found)
            .and_then(|()| parts::look(&mut diagram, &mut model, written, &mut found));
    }
    found
}

/// Something with a condition: what it is, its id and place, and where it fires.
struct Firing<'a> {
    what: &'static str,
    id: &'a str,
    place: Place,
    fires: Node,
}

fn look(diagram: &mut Diagram, model: &Model<'_>, found: &mut Vec<Found>) -> Result<(), TooLarge> {
    let rules = model.rules;
    let mut add = |code, about: &str, place, message: String, help: &str| {
        let fault = Fault::new(code, place, message).help(help);
        found.push(Found { about: about.to_owned(), fault });
    };
    for (index, question) in rules.questionnaire.questions.iter().enumerate() {
        let ways =
            [diagram.and(model.unstopped, model.active[index])?, asked(diagram, model, index)?];
        if ways.contains(&Node::FALSE) {
            let message = format!("{} is never asked", tick(&question.id));
            let help = if ways[0] == Node::FALSE {
                "no answers make its condition hold; correct the condition"
            } else {
                "an emergency has ended the questions wherever its condition holds"
            };
            add("never-asked", &question.id, question.place, message, help);
        }
        if question.when.is_some()
            && diagram.and_not(model.unstopped, model.active[index])? == Node::FALSE
        {
            let message = format!("question {} is asked of everybody", tick(&question.id));
            let help = "every complete interview makes its condition true; leave the condition out";
            add("always-fires", &question.id, question.place, message, help);
        }
    }
    for Firing { what, id, place, fires } in firings(model) {
        let some = diagram.and(model.complete, fires)?;
        if some == Node::FALSE && matches!(what, "rule" | "finding") {
            let message = format!("{what} {} can never hold", tick(id));
            let help = "no complete interview makes its condition true; correct the condition";
            add("never-fires", id, place, message, help);
        }
        if diagram.and_not(model.unstopped, fires)? == Node::FALSE {
            let message = format!("{what} {} holds for everybody", tick(id));
            let help = "every complete interview makes its condition true; leave the condition out";
            add("always-fires", id, place, message, help);
        }
    }
    for (id, other, place, first) in shadowed(diagram, model)? {
        let message = format!("{} does nothing that {} does not do", tick(&id), tick(&other));
        let fault = Fault::new("shadowed", place, message)
            .help("one of the two can go, or was meant to differ")
            .also(first, "this does it");
        found.push(Found { about: id, fault });
    }
    idle_points(diagram, model, found)
}

/// Where a question is asked, and no emergency has ended the questions before it.
fn asked(diagram: &mut Diagram, model: &Model<'_>, question: usize) -> Result<Node, TooLarge> {
    let mut stopped = model.care[3];
    for block in (question..model.active.len()).rev().filter_map(|own| model.space.block(own)) {
        for level in block.first..block.end() {
            stopped = diagram.fix(stopped, level, 0)?;
        }
    }
    let asked = diagram.and_not(model.active[question], stopped)?;
    diagram.and(model.unstopped, asked)
}

fn firings<'a>(model: &Model<'a>) -> Vec<Firing<'a>> {
    let rules = model.rules;
    let findings = rules.findings.iter().zip(&model.findings);
    let findings = findings.map(|(own, truth)| ("finding", &own.id, own.place, truth.yes));
    let warnings = rules.warnings.iter().zip(&model.warnings);
    let warnings = warnings.map(|(own, truth)| ("warning", &own.id, own.place, truth.yes));
    let cautions = rules.cautions.iter().zip(&model.cautions);
    let cautions = cautions.map(|(own, truth)| ("caution", &own.id, own.place, truth.yes));
    let own = rules.rules.iter().zip(&model.fires).filter(|(rule, _)| rule.when.is_some());
    let own = own.map(|(own, fires)| ("rule", &own.id, own.place, *fires));
    let all = findings.chain(warnings).chain(cautions).chain(own);
    all.map(|(what, id, place, fires)| Firing { what, id, place, fires }).collect()
}

type Shadow = (String, String, Place, Place);

/// Entries that do nothing another does not do: a warning that fires only where one of higher
/// care does, or just where one of the same care does, a caution only where one does that takes away as much, a rule for the same items in
/// the same ways as another.
fn shadowed(diagram: &mut Diagram, model: &Model<'_>) -> Result<Vec<Shadow>, TooLarge> {
    let rules = model.rules;
    let mut found = Vec::new();
    let mut within = |a: Node, b: Node| -> Result<bool, TooLarge> {
        let ways = diagram.and(model.unstopped, a)?;
        Ok(ways != Node::FALSE && diagram.and_not(ways, b)? == Node::FALSE)
    };
    for (index, own) in rules.warnings.iter().enumerate() {
        for (other_idx, other) in rules.warnings.iter().enumerate() {
            let (own_yes, other_yes) = (model.warnings[index].yes, model.warnings[other_idx].yes);
            let is_twin = other.care == own.care && other_idx < index;
            let covered = (other.care > own.care || is_twin) && within(own_yes, other_yes)?;
            if covered && (!is_twin || within(other_yes, own_yes)?) {
                found.push((own.id.clone(), other.id.clone(), own.place, other.place));
                break;
            }
        }
    }
    for (index, own) in rules.cautions.iter().enumerate() {
        for (other_idx, other) in rules.cautions.iter().enumerate() {
            let asked = |item: &usize| other.avoid.contains(item) || other.ask_first.contains(item);
            let covered = own.avoid.iter().all(|item| other.avoid.contains(item))
                && own.ask_first.iter().all(asked);
            let (own_yes, other_yes) = (model.cautions[index].yes, model.cautions[other_idx].yes);
            let twins = own_yes == other_yes && own.avoid == other.avoid && index < other_idx;
            if index != other_idx && covered && !twins && within(own_yes, other_yes)? {
                found.push((own.id.clone(), other.id.clone(), own.place, other.place));
                break;
            }
        }
    }
    for (index, own) in rules.rules.iter().enumerate() {
        let items = |rule: &crate::ruleset::Rule| -> Vec<usize> {
            rule.points.iter().map(|(item, _)| *item).collect()
        };
        let twin = rules.rules[..index]
            .iter()
            .zip(&model.fires)
            .find(|(other, fires)| **fires == model.fires[index] && items(other) == items(own));
        if let Some((other, _)) = twin {
            found.push((own.id.clone(), other.id.clone(), own.place, other.place));
        }
    }
    Ok(found)
}

/// Points for what is avoided, or not shown, whenever they are given, and that no suggestion
/// compares with others.
fn idle_points(
    diagram: &mut Diagram,
    model: &Model<'_>,
    found: &mut Vec<Found>,
) -> Result<(), TooLarge> {
    let named = model.named(diagram, Ways::Complete)?;
    for (rule, &fires) in model.rules.rules.iter().zip(&model.fires) {
        let given = diagram.and(named, fires)?;
        for &(item, _) in &rule.points {
            if given == Node::FALSE || compared(diagram, model, item, given)? {
                continue;
            }
            if diagram.and_not(given, model.avoided[item])? == Node::FALSE {
                let name = tick(&model.rules.items[item].id);
                let message = format!(
                    "rule {} gives points to {name}, which is avoided whenever it does",
                    tick(&rule.id)
                );
                let fault = Fault::new("idle-points", rule.place, message)
                    .help("leave the points out, or correct the caution");
                found.push(Found { about: rule.id.clone(), fault });
            }
        }
    }
    Ok(())
}

/// Whether a suggestion that could come out in these ways reads the points of an item.
fn compared(
    diagram: &mut Diagram,
    model: &Model<'_>,
    item: usize,
    ways: Node,
) -> Result<bool, TooLarge> {
    for entry in &model.rules.suggestions {
        let mut reads = false;
        if let Some(when) = &entry.when {
            when.visit(&mut |part| {
                if let Condition::Points(test) = part {
                    let others = test.above.iter().chain(&test.not_below);
                    reads |= others.chain([&test.item]).any(|own| *own == item);
                }
            });
        }
        let avoided = entry.treatment.map_or(Node::FALSE, |own| model.avoided[own]);
        if reads && diagram.and_not(ways, avoided)? != Node::FALSE {
            return Ok(true);
        }
    }
    Ok(false)
}
