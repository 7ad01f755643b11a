//! What a rule set that loads can still have wrong: faults of form, of reach, and properties that
//! do not hold. Every code, the ones of loading too, is explained in one [registry].

mod form;
pub mod lint;
mod parts;
mod places;
mod reach;
mod reading;
pub mod registry;
mod texts;

use std::fmt::Write as _;

use serde_json::{Value, json};

use crate::fault::{Fault, draw_all};
use crate::proof::render::{self, Layout};
use crate::proof::{Bounds, Proof, Property, Verdict, prove};
use crate::prose::{count, tick};
use crate::ruleset::{Allowed, RuleSet};

/// A fault, and the id of what it is about.
pub(crate) struct Found {
    pub(crate) about: String,
    pub(crate) fault: Fault,
}

/// What came of a check.
#[derive(Clone, Debug)]
pub struct Checked {
    /// Faults, in the order of the file.
    pub faults: Vec<Fault>,
    /// Faults that the rule set allows, each with the reason.
    pub allowed: Vec<(Fault, String)>,
    /// What was proved.
    pub proof: Proof,
}

/// Checks a rule set, whose text is `source`; `file` is where it stands, for command lines, if it
/// is not the built-in one.
pub fn check(rules: &RuleSet, source: &str, file: Option<&str>, bounds: Bounds) -> Checked {
    let proof = prove(rules, bounds);
    let written = places::Written::of(source);
    let mut found = form::faults(rules, source, &written);
    texts::faults(rules, &written, &mut found);
    found.extend(reach::faults(rules, &written, bounds));
    found.extend(proof.bad().map(|property| unproved(rules, file, property)));
    let mut used = vec![false; rules.allow.len()];
    let (mut faults, mut allowed) = (Vec::new(), Vec::new());
    for Found { about, fault } in found {
        let covers = |entry: &Allowed| {
            !is_of_proof(&entry.code)
                && entry.code == fault.code
                && entry.id.as_ref().is_none_or(|id| *id == about)
        };
        match rules.allow.iter().position(covers) {
            Some(entry) => {
                used[entry] = true;
                allowed.push((fault, rules.allow[entry].reason.clone()));
            }
            None => faults.push(fault),
        }
    }
    for (entry, _) in rules.allow.iter().zip(used).filter(|(_, used)| !used) {
        if is_of_proof(&entry.code) {
            let message = format!("{} cannot be allowed", tick(&entry.code));
            let help = "it would leave a promise unkept, and say nothing; leave the entry out";
            faults.push(Fault::new("not-allowable", entry.place, message).help(help));
            continue;
        }
        let message = format!("nothing is found that {} would allow", tick(&entry.code));
        let help = match registry::find(&entry.code) {
            Some(_) => "the fault is gone, or is about another id; leave the entry out".to_owned(),
            None => crate::prose::did_you_mean(
                &entry.code,
                registry::LINTS.iter().map(|lint| lint.code),
            ),
        };
        faults.push(Fault::new("unused-allow", entry.place, message).help(help));
    }
    faults.sort_by_key(|fault| fault.place);
    Checked { faults, allowed, proof }
}

/// Whether a code is about what must hold for every way to answer.
fn is_of_proof(code: &str) -> bool {
    registry::find(code).is_some_and(|own| own.found == lint::FoundBy::Proof)
}

/// The fault of a property that does not hold; the witness stands in the proof.
fn unproved(rules: &RuleSet, file: Option<&str>, property: &Property) -> Found {
    let code = match property.verdict {
        Verdict::TooLarge => "not-proved",
        Verdict::Disagreement(_) => "proof-disagrees",
        _ => property.kind.id(),
    };
    let says = &property.says;
    let message = match &property.verdict {
        Verdict::TooLarge => format!("not proved, as it is too large: {says}"),
        Verdict::Disagreement(_) => format!("the proof and the evaluator do not agree: {says}"),
        Verdict::Impossible => format!("no complete interview shows it: {says}"),
        _ => format!("some way to answer breaks it: {says}"),
    };
    let mut fault = Fault::new(code, property.place.unwrap_or_default(), message);
    fault = match (&property.verdict, property.verdict.witness()) {
        (_, Some(witness)) => {
            fault.help(format!("try: {}", witness.commands(rules, file).join(" and: ")))
        }
        (Verdict::TooLarge, None) => fault.help(
            "it may hold or not; compare fewer totals, or let conditions read questions that \
             stand nearer to one another",
        ),
        _ => fault.help("correct the conditions, or leave it out"),
    };
    Found { about: property.about.clone(), fault }
}

impl Checked {
    /// Whether there is nothing to correct.
    pub fn is_clean(&self) -> bool {
        self.faults.is_empty()
    }
}

/// The check for people; `name` is what the file is called to them, and `beside` how many faults
/// were found in its cases and translations.
pub fn report_text(
    name: &str,
    source: &str,
    rules: &RuleSet,
    checked: &Checked,
    beside: usize,
    layout: Layout<'_>,
) -> String {
    let mut out = String::new();
    if !checked.faults.is_empty() {
        out += &draw_all(&checked.faults, name, source);
        out.push('\n');
    }
    let _ = writeln!(out, "{name}: {} {}", rules.id, rules.version);
    out += &render::text(rules, &checked.proof, layout);
    for (fault, reason) in &checked.allowed {
        let says = format!("{}: {}; allowed: {reason}", fault.code, fault.message);
        out += &render::said("allowed", &says, layout.width);
    }
    let found = match checked.faults.len() + beside {
        0 => "no fault".to_owned(),
        some => count(some, "fault"),
    };
    out + &format!("found     {found}\n")
}

/// The check for scripts.
pub fn report_json(
    name: &str,
    source: &str,
    rules: &RuleSet,
    checked: &Checked,
    file: Option<&str>,
) -> Value {
    json!({
        "schema_version": 1,
        "file": name,
        "rule_set": { "id": rules.id, "version": rules.version, "hash": rules.hash },
        "faults": faults_json(source, &checked.faults),
        "allowed": checked.allowed.iter().map(|(fault, reason)| {
            json!({ "code": fault.code, "message": fault.message, "reason": reason })
        }).collect::<Vec<_>>(),
        "proof": render::json(rules, &checked.proof, file),
    })
}

/// A rule set that does not load, for scripts.
pub fn unloaded_json(name: &str, source: &str, faults: &[Fault]) -> Value {
    json!({
        "schema_version": 1,
        "file": name,
        "rule_set": null,
        "faults": faults_json(source, faults),
    })
}

/// Faults for scripts.
pub fn faults_json(source: &str, faults: &[Fault]) -> Value {
    let one = |fault: &Fault| {
        let (line, column) = fault.line_and_column(source);
        json!({
            "code": fault.code,
            "message": fault.message,
            "line": line,
            "column": column,
            "help": fault.help,
        })
    };
    Value::from(faults.iter().map(one).collect::<Vec<_>>())
}
