//! One change of the rules at a time: does any case notice?
//!
//! A change that no case notices is a part of the rules that could be wrong unseen. A change may
//! also mean nothing: no way to answer tells the two apart. That is worked out exactly, so that
//! what is listed is what a case could guard; the shortest way to answer that shows it comes along.

mod apart;
mod changes;
mod guard;

use std::fmt::Write as _;

use serde_json::{Value, json};

use super::{Case, faults};
use crate::answers::Answers;
use crate::fault::Place;
use crate::proof::Bounds;
use crate::proof::witness;
use crate::prose::count;
use crate::ruleset::RuleSet;
use apart::{Apart, Comparison};
use changes::Change;

/// What came of changing the rules.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Mutation {
    /// How many changes were tried.
    pub tried: usize,
    /// Those that no case notices and no case could: nothing comes out otherwise.
    pub idle: Vec<String>,
    /// Those that no case notices.
    pub unnoticed: Vec<Unnoticed>,
}

/// A change that no case notices.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unnoticed {
    /// What was changed, in words.
    pub change: String,
    /// Where.
    pub place: Place,
    /// The shortest way to answer that shows it; none where it was too large to look for.
    pub witness: Option<Answers>,
    /// A case of that person which would notice the change.
    pub guard: Option<String>,
}

/// Tries every change.
///
/// A case that fails already would seem to notice every change, so it is left aside.
pub fn mutate(rules: &RuleSet, cases: &[Case], bounds: Bounds) -> Mutation {
    let cases: Vec<&Case> = cases.iter().filter(|case| holds(rules, case)).collect();
    let mut found = Mutation::default();
    let mut trial = rules.clone();
    let mut unnoticed = Vec::new();
    for mut change in changes::all(rules) {
        found.tried += 1;
        change.edit.swap(&mut trial);
        let is_noticed = !cases.iter().all(|case| holds(&trial, case));
        change.edit.swap(&mut trial);
        if !is_noticed {
            unnoticed.push(change);
        }
    }
    let mut comparison = Comparison::new(rules, bounds);
    for Change { says, place, mut edit } in unnoticed {
        edit.swap(&mut trial);
        let (witness, guard) = match comparison.compare(&trial) {
            Apart::Never => {
                found.idle.push(says);
                edit.swap(&mut trial);
                continue;
            }
            Apart::By(witness) => {
                let id = format!("guards-{}", found.unnoticed.len() + 1);
                let guard = guard::case(rules, &trial, &id, &witness);
                (Some(witness), Some(guard))
            }
            Apart::TooLarge => (None, None),
        };
        edit.swap(&mut trial);
        found.unnoticed.push(Unnoticed { change: says, place, witness, guard });
    }
    found
}

/// Whether nothing is wrong with a case.
fn holds(rules: &RuleSet, case: &Case) -> bool {
    faults(rules, case).is_empty()
}

impl Mutation {
    /// What came of it for people; `name` is what the rule set is called to them.
    ///
    /// A case that would notice follows for each change, the shortest first. What the person says is
    /// put together from the labels; a better sentence is the author's.
    pub fn text(&self, name: &str) -> String {
        let mut out = String::new();
        for change in &self.idle {
            let _ = writeln!(out, "comes out nowhere: {change}");
        }
        for own in &self.unnoticed {
            let large =
                if own.witness.is_none() { " (too large to find a way to show it)" } else { "" };
            let _ = writeln!(out, "no case notices: {}{large}", own.change);
        }
        let mut guards: Vec<(u32, &Unnoticed)> = self
            .unnoticed
            .iter()
            .filter_map(|own| {
                let marks = own.witness.as_ref()?.marks();
                Some((marks.iter().map(|marks| marks.count_ones()).sum(), own))
            })
            .collect();
        guards.sort_by_key(|(marks, _)| *marks);
        if !guards.is_empty() {
            out += "\n# People for whom something else comes out then:\ncases:\n";
        }
        for (_, own) in &guards {
            let _ = writeln!(out, "  # {}", own.change);
            out += own.guard.as_deref().unwrap_or_default();
        }
        if !guards.is_empty() {
            out.push('\n');
        }
        let (tried, unnoticed) = (count(self.tried, "change"), self.unnoticed.len());
        let idle = self.idle.len();
        let _ = writeln!(
            out,
            "{name}: {tried} tried, {unnoticed} noticed by no case; {idle} come out nowhere"
        );
        out
    }

    /// The same for scripts; `file` is where the rules stand, if they are not the built-in ones.
    pub fn json(&self, name: &str, file: Option<&str>, rules: &RuleSet) -> Value {
        let unnoticed = self.unnoticed.iter().map(|own| {
            let shown = own.witness.as_ref();
            let command = shown.map(|answers| {
                witness::Witness::of(rules, answers.clone()).commands(rules, file).remove(0)
            });
            json!({ "change": own.change, "shown_by": command })
        });
        json!({
            "schema_version": 1,
            "file": name,
            "rule_set": { "id": rules.id, "version": rules.version, "hash": rules.hash },
            "tried": self.tried,
            "unnoticed": unnoticed.collect::<Vec<_>>(),
            "come_out_nowhere": self.idle,
        })
    }
}
