//! Faults within conditions, seen only over all ways to answer: parts that can never be true, `not`
//! over what is not asked, advice for nobody or for everybody, promises about nobody.

use super::Found;
use super::form::{Owned, conditions};
use super::places::Written;
use crate::condition::Condition;
use crate::diagram::{Diagram, Node, TooLarge};
use crate::fault::{Fault, Place};
use crate::proof::formula::{Formula, Found as Way};
use crate::proof::model::{Model, Ways};
use crate::prose::{list_and, tick};
use crate::ruleset::RuleSet;

/// States of the search for points that some part asks for.
const STATES: usize = 20_000;

/// All faults within conditions.
pub(super) fn look(
    diagram: &mut Diagram,
    model: &mut Model<'_>,
    written: &Written<'_>,
    found: &mut Vec<Found>,
) -> Result<(), TooLarge> {
    for owned in conditions(model.rules) {
        if owned.what == "promise" {
            vacuous(diagram, model, &owned, found)?;
        }
        contradiction(diagram, model, &owned, written, found)?;
        let mut unasked = Vec::new();
        nots(diagram, model, owned.condition, Node::TRUE, &mut unasked)?;
        if let Some((part, questions)) = unasked.first() {
            let rules = model.rules;
            let ids = questions.iter().map(|&own| tick(&rules.questionnaire.questions[own].id));
            let ids = list_and(&ids.collect::<Vec<_>>());
            let message =
                format!("{} {} has `not` over {ids}, not always asked", owned.what, tick(owned.id));
            let fault = Fault::new("not-of-unasked", written.part(&owned, part), message)
                .help("unasked is not \"no\"; test as well what opens the question");
            found.push(Found { about: owned.id.to_owned(), fault });
        }
    }
    advice(diagram, model, written, found)
}

/// Whether a condition reads no points and nothing that comes out.
fn is_pure(condition: &Condition) -> bool {
    let mut pure = true;
    condition.visit(&mut |part| {
        pure &= !matches!(part, Condition::Points(_) | Condition::Outcome(_));
    });
    pure
}

/// Whether no complete way to answer, the early stop aside, makes a condition true. Where it reads
/// what comes out that is not asked here, but by the proof.
fn never(
    diagram: &mut Diagram,
    model: &mut Model<'_>,
    condition: &Condition,
) -> Result<bool, TooLarge> {
    if is_pure(condition) {
        let yes = model.truth(diagram, condition)?.yes;
        return Ok(diagram.and(model.unstopped, yes)? == Node::FALSE);
    }
    let mut outcome = false;
    condition.visit(&mut |part| outcome |= matches!(part, Condition::Outcome(_)));
    if outcome {
        return Ok(false);
    }
    let judged = model.judge(diagram, condition, Ways::Complete, true)?;
    let whole = Formula::All(vec![Formula::Leaf(model.complete), judged]);
    Ok(whole.shortest(diagram, STATES) == Way::Never)
}

/// A part that can never be true, in a condition that can.
fn contradiction(
    diagram: &mut Diagram,
    model: &mut Model<'_>,
    owned: &Owned<'_>,
    written: &Written<'_>,
    found: &mut Vec<Found>,
) -> Result<(), TooLarge> {
    let mut parts = Vec::new();
    owned.condition.visit(&mut |part| {
        let several = matches!(part, Condition::All(_) | Condition::Points(_));
        if several && !std::ptr::eq(part, owned.condition) {
            parts.push(part);
        }
    });
    for part in parts {
        if never(diagram, model, part)? {
            if never(diagram, model, owned.condition)? {
                return Ok(());
            }
            let message = format!("a part of {} {} can never be true", owned.what, tick(owned.id));
            let fault = Fault::new("contradiction", written.part(owned, part), message)
                .help("its tests exclude each other; correct or remove that part");
            found.push(Found { about: owned.id.to_owned(), fault });
            return Ok(());
        }
    }
    Ok(())
}

type Unasked<'c> = Vec<(&'c Condition, Vec<usize>)>;

/// Each `not` that is unknown for some, while all beside it holds, because a question it reads is
/// not asked of them.
fn nots<'c>(
    diagram: &mut Diagram,
    model: &Model<'_>,
    condition: &'c Condition,
    beside: Node,
    unasked: &mut Unasked<'c>,
) -> Result<(), TooLarge> {
    match condition {
        Condition::All(parts) => {
            for (index, part) in parts.iter().enumerate() {
                let mut others = beside;
                for (other_idx, other) in parts.iter().enumerate() {
                    if other_idx != index && is_pure(other) {
                        let yes = model.truth(diagram, other)?.yes;
                        others = diagram.and(others, yes)?;
                    }
                }
                nots(diagram, model, part, others, unasked)?;
            }
        }
        Condition::Any(parts) | Condition::AtLeast { of: parts, .. } => {
            for part in parts {
                nots(diagram, model, part, beside, unasked)?;
            }
        }
        Condition::Not(part) if is_pure(part) => {
            let truth = model.truth(diagram, part)?;
            let known = diagram.or(truth.yes, truth.no)?;
            let ways = diagram.and(model.complete, beside)?;
            let unknown = diagram.and_not(ways, known)?;
            let mut questions = Vec::new();
            for question in model.rules.reads(part) {
                if diagram.and_not(unknown, model.active[question])? != Node::FALSE {
                    questions.push(question);
                }
            }
            if !questions.is_empty() {
                unasked.push((condition, questions));
            }
        }
        _ => {}
    }
    Ok(())
}

/// A promise whose answers nobody can give is kept, and says nothing.
fn vacuous(
    diagram: &mut Diagram,
    model: &mut Model<'_>,
    owned: &Owned<'_>,
    found: &mut Vec<Found>,
) -> Result<(), TooLarge> {
    let never_held = model.rules.promises.iter().any(|own| own.id == owned.id && !own.always);
    let parts = match owned.condition {
        Condition::All(parts) => parts.as_slice(),
        other => std::slice::from_ref(other),
    };
    let mut ways = model.partial;
    for part in parts.iter().filter(|part| is_pure(part)) {
        let yes = model.truth(diagram, part)?.yes;
        ways = diagram.and(ways, yes)?;
    }
    if never_held && ways == Node::FALSE {
        let message = format!("promise {} is about nobody", tick(owned.id));
        let fault = Fault::new("vacuous-promise", owned.place, message)
            .help("no way to answer gives the answers it names together; correct them");
        found.push(Found { about: owned.id.to_owned(), fault });
    }
    Ok(())
}

/// Advice with a condition that is for nobody at its levels of care, or for everybody.
fn advice(
    diagram: &mut Diagram,
    model: &Model<'_>,
    written: &Written<'_>,
    found: &mut Vec<Found>,
) -> Result<(), TooLarge> {
    let rules: &RuleSet = model.rules;
    let lists = [("meanwhile", &rules.advice.meanwhile), ("look-again", &rules.advice.look_again)];
    for (id, list) in lists {
        for own in list {
            let Some(when) = &own.when else { continue };
            let mut levels = Node::FALSE;
            for &care in &own.care {
                let level = model.care_is(diagram, care)?;
                levels = diagram.or(levels, level)?;
            }
            let ways = diagram.and(model.complete, levels)?;
            let yes = model.truth(diagram, when)?.yes;
            let some = diagram.and(ways, yes)?;
            let others = diagram.and_not(ways, yes)?;
            let (code, what, help) = if some == Node::FALSE {
                ("never-fires", "for nobody", "no complete interview leads to it; correct it")
            } else if others == Node::FALSE {
                ("always-fires", "for everybody", "leave its condition out")
            } else {
                continue;
            };
            let place: Place = written.text(&own.says, None).unwrap_or_default();
            let message = format!("a piece of advice under {} is {what}", tick(id));
            let fault = Fault::new(code, place, message).help(help);
            found.push(Found { about: id.to_owned(), fault });
        }
    }
    Ok(())
}
