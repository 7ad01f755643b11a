//! A case that would notice a change of the rules: a person for whom something else comes out then,
//! and of what comes out now, all that differs.

use std::fmt::Write as _;

use crate::answers::Answers;
use crate::cases::person;
use crate::proof::witness;
use crate::ruleset::RuleSet;
use crate::triage::{Assessment, Standing, Suggestion, triage};

/// A case of these answers, as it would stand in a file.
pub(super) fn case(rules: &RuleSet, changed: &RuleSet, id: &str, answers: &Answers) -> String {
    let (here, there) = (triage(rules, answers), triage(changed, answers));
    let mut out = witness::case(rules, id, &person::says(rules, answers), answers);
    out.truncate(out.trim_end_matches("}\n").len());
    let ids = |items: &[usize]| -> String {
        items.iter().map(|&item| rules.items[item].id.as_str()).collect::<Vec<_>>().join(", ")
    };
    let kept: Vec<usize> = there.options.iter().copied().take(here.options.len()).collect();
    if let (true, [first, ..]) = (here.options != kept, here.options.as_slice()) {
        let one = format!(", option: {}", rules.items[*first].id);
        out = out.replace(&one, &format!(", option: [{}]", ids(&here.options)));
    }
    if let (true, Suggestion::Entry(own)) = (here.suggestion != there.suggestion, here.suggestion) {
        let _ = write!(out, ", suggested-by: {}", rules.suggestions[own].id);
    }
    if here.runner_up != there.runner_up {
        let own = here.runner_up.map_or("none", |item| rules.items[item].id.as_str());
        let _ = write!(out, ", runner-up: {own}");
    }
    let (mine, others) = (here.offers(rules), there.offers(rules));
    let never: Vec<usize> = others.into_iter().filter(|item| !mine.contains(item)).collect();
    let avoid: Vec<usize> = (0..rules.items.len())
        .filter(|&item| here.standing[item] == Standing::Avoided)
        .filter(|&item| there.standing[item] != Standing::Avoided)
        .collect();
    let [findings, reasons] = [(&here.findings, &there.findings), (&here.rules, &there.rules)]
        .map(|(here, there)| without(here, there));
    let named = |own: &[usize], id: &dyn Fn(usize) -> String| -> String {
        own.iter().map(|&own| id(own)).collect::<Vec<_>>().join(", ")
    };
    for (key, list) in [
        ("never", ids(&never)),
        ("avoid", ids(&avoid)),
        ("findings", named(&findings, &|own| rules.findings[own].id.clone())),
        ("reasons", named(&reasons, &|own| rules.rules[own].id.clone())),
        ("silent", silent(rules, &here, &there).join(", ")),
    ] {
        if !list.is_empty() {
            let _ = write!(out, ", {key}: [{list}]");
        }
    }
    out + "}\n"
}

fn without(these: &[usize], those: &[usize]) -> Vec<usize> {
    these.iter().copied().filter(|own| !those.contains(own)).collect()
}

/// What fires once the rules are changed, and does not now.
fn silent(rules: &RuleSet, here: &Assessment, there: &Assessment) -> Vec<String> {
    let warnings = without(&there.warnings, &here.warnings).into_iter();
    let warnings = warnings.map(|own| rules.warnings[own].id.clone());
    let cautions = without(&there.cautions, &here.cautions).into_iter();
    let cautions = cautions.map(|own| rules.cautions[own].id.clone());
    let findings = without(&there.findings, &here.findings).into_iter();
    let findings = findings.map(|own| rules.findings[own].id.clone());
    let own = without(&there.rules, &here.rules).into_iter();
    let own = own.map(|own| rules.rules[own].id.clone());
    let mut silent: Vec<String> = warnings.chain(cautions).chain(findings).chain(own).collect();
    // What has one name, as a finding and the rule that reads it may, is named once.
    silent.sort();
    silent.dedup();
    let fired = here.findings.iter().map(|&own| &rules.findings[own].id);
    let fired: Vec<&String> =
        fired.chain(here.rules.iter().map(|&own| &rules.rules[own].id)).collect();
    silent.retain(|id| !fired.contains(&id));
    silent
}
