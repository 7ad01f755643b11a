//! One change of the rules at a time: does any case notice?
//!
//! A change that no case notices is a part of the rules that could be wrong unseen.

use super::{Case, misses};
use crate::condition::{Care, Condition};
use crate::fault::Place;
use crate::prose::tick;
use crate::ruleset::RuleSet;
use crate::triage::triage;

/// A change that no case notices.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unnoticed {
    /// What was changed, in words.
    pub change: String,
    /// Where.
    pub place: Place,
}

/// Tries every change; how many there were, and those no case notices.
///
/// A case that fails already would seem to notice every change, so it is left aside.
pub fn mutate(rules: &RuleSet, cases: &[Case]) -> (usize, Vec<Unnoticed>) {
    let cases = cases.iter().filter(|case| holds(rules, case)).collect();
    let mut trial = Trial { rules: rules.clone(), cases, tried: 0, unnoticed: Vec::new() };
    trial.weights();
    trial.bounds();
    trial.left_out();
    trial.levels();
    (trial.tried, trial.unnoticed)
}

struct Trial<'c> {
    rules: RuleSet,
    cases: Vec<&'c Case>,
    tried: usize,
    unnoticed: Vec<Unnoticed>,
}

impl Trial<'_> {
    fn judge(&mut self, change: String, place: Place) {
        self.tried += 1;
        if self.cases.iter().all(|case| holds(&self.rules, case)) {
            self.unnoticed.push(Unnoticed { change, place });
        }
    }

    fn weights(&mut self) {
        for rule in 0..self.rules.rules.len() {
            for entry in 0..self.rules.rules[rule].points.len() {
                for step in [-1, 1] {
                    let (item, points) = self.rules.rules[rule].points[entry];
                    self.rules.rules[rule].points[entry].1 = points + step;
                    let own = &self.rules.rules[rule];
                    let change = format!(
                        "rule {} gives {} to {} instead of {points}",
                        tick(&own.id),
                        points + step,
                        tick(&self.rules.items[item].id)
                    );
                    let place = own.place;
                    self.judge(change, place);
                    self.rules.rules[rule].points[entry].1 = points;
                }
            }
        }
    }

    /// Every bound of a suggestion, one higher and one lower.
    fn bounds(&mut self) {
        for entry in 0..self.rules.suggestions.len() {
            let mut number = 0;
            while let Some(kept) = self.rules.suggestions[entry].when.clone() {
                let before = self.tried;
                for step in [-1, 1] {
                    let mut changed = kept.clone();
                    let mut left = number;
                    if !shift(&mut changed, &mut left, step) {
                        break;
                    }
                    self.rules.suggestions[entry].when = Some(changed);
                    let own = &self.rules.suggestions[entry];
                    let change = format!(
                        "bound {} of suggestion {} moved by {step}",
                        number + 1,
                        tick(&own.id)
                    );
                    let place = own.place;
                    self.judge(change, place);
                }
                self.rules.suggestions[entry].when = Some(kept);
                if self.tried == before {
                    break;
                }
                number += 1;
            }
        }
    }

    /// Every warning, caution, rule and suggestion but the last, left out.
    fn left_out(&mut self) {
        let never = || Condition::Any(Vec::new());
        for index in 0..self.rules.warnings.len() {
            let kept = std::mem::replace(&mut self.rules.warnings[index].when, never());
            let own = &self.rules.warnings[index];
            let (change, place) = (format!("warning {} left out", tick(&own.id)), own.place);
            self.judge(change, place);
            self.rules.warnings[index].when = kept;
        }
        for index in 0..self.rules.cautions.len() {
            let kept = std::mem::replace(&mut self.rules.cautions[index].when, never());
            let own = &self.rules.cautions[index];
            let (change, place) = (format!("caution {} left out", tick(&own.id)), own.place);
            self.judge(change, place);
            self.rules.cautions[index].when = kept;
        }
        for index in 0..self.rules.rules.len() {
            let kept = self.rules.rules[index].when.replace(never());
            let own = &self.rules.rules[index];
            let (change, place) = (format!("rule {} left out", tick(&own.id)), own.place);
            self.judge(change, place);
            self.rules.rules[index].when = kept;
        }
        for index in 0..self.rules.suggestions.len().saturating_sub(1) {
            let kept = self.rules.suggestions[index].when.replace(never());
            let own = &self.rules.suggestions[index];
            let (change, place) = (format!("suggestion {} left out", tick(&own.id)), own.place);
            self.judge(change, place);
            self.rules.suggestions[index].when = kept;
        }
    }

    /// Every warning, one level lower.
    fn levels(&mut self) {
        for index in 0..self.rules.warnings.len() {
            let kept = self.rules.warnings[index].care;
            let lower = match kept {
                Care::Emergency => Care::SameDay,
                Care::SameDay => Care::Prompt,
                Care::Prompt | Care::Routine => continue,
            };
            self.rules.warnings[index].care = lower;
            let own = &self.rules.warnings[index];
            let change =
                format!("warning {} at {} instead of {}", tick(&own.id), lower.id(), kept.id());
            let place = own.place;
            self.judge(change, place);
            self.rules.warnings[index].care = kept;
        }
    }
}

/// Whether what comes out for a case is what it expects.
fn holds(rules: &RuleSet, case: &Case) -> bool {
    misses(rules, &triage(rules, &case.answers), &case.expect).is_empty()
}

/// Moves one bound of points, counted from the left.
fn shift(condition: &mut Condition, left: &mut usize, step: i32) -> bool {
    match condition {
        Condition::All(parts) | Condition::Any(parts) | Condition::AtLeast { of: parts, .. } => {
            parts.iter_mut().any(|part| shift(part, left, step))
        }
        Condition::Not(part) => shift(part, left, step),
        Condition::Points(test) => {
            for bound in [&mut test.at_least, &mut test.at_most].into_iter().flatten() {
                if *left == 0 {
                    *bound += step;
                    return true;
                }
                *left -= 1;
            }
            false
        }
        Condition::Answer { .. }
        | Condition::Marked { .. }
        | Condition::Finding(_)
        | Condition::Outcome(_) => false,
    }
}
