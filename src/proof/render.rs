//! A proof for people, and for scripts.

use std::fmt::Write as _;

use ethnum::U256;
use serde_json::{Value, json};

use super::figures::{in_words, share};
use super::witness::{Witness, case};
use super::{Proof, Property, PropertyKind, Verdict};
use crate::condition::Care;
use crate::prose::{count, wrap};
use crate::ruleset::RuleSet;

/// The whole proof in words: what holds, what does not and how that is seen, and the figures.
pub fn text(rules: &RuleSet, proof: &Proof, shares: bool) -> String {
    let mut out = String::new();
    let reachable = |kind| {
        matches!(
            kind,
            PropertyKind::ReachableSuggestion
                | PropertyKind::ReachableOption
                | PropertyKind::ReachableWarning
                | PropertyKind::ReachableCaution
        )
    };
    if let Some([complete, partial]) = proof.ways() {
        let _ = writeln!(
            out,
            "{} complete ways to answer, {} with gaps; every one is covered",
            in_words(complete),
            in_words(partial)
        );
    }
    for property in proof.properties.iter().filter(|property| !reachable(property.kind)) {
        match summed_up(property.kind) {
            Some(_) if property.verdict == Verdict::Proved => {}
            _ => out += &property_text(rules, property),
        }
    }
    for kind in [PropertyKind::WorseNeverLowersCare, PropertyKind::ContraindicationNeverAdds] {
        let of_kind = proof.properties.iter().filter(|property| property.kind == kind);
        let proved = of_kind.filter(|property| property.verdict == Verdict::Proved).count();
        if let Some(says) = summed_up(kind)
            && proved > 0
        {
            let _ = writeln!(out, "proved    {says}, for {}", count(proved, "question"));
        }
    }
    for (kind, noun) in [
        (PropertyKind::ReachableSuggestion, "suggestion"),
        (PropertyKind::ReachableOption, "option"),
        (PropertyKind::ReachableWarning, "warning"),
        (PropertyKind::ReachableCaution, "caution"),
    ] {
        let of_kind: Vec<&Property> =
            proof.properties.iter().filter(|property| property.kind == kind).collect();
        let good = of_kind.iter().filter(|property| property.verdict.is_good()).count();
        let _ = writeln!(out, "reached   {good} of {}", count(of_kind.len(), noun));
        for property in of_kind.into_iter().filter(|property| !property.verdict.is_good()) {
            out += &property_text(rules, property);
        }
    }
    out += &figures_text(rules, proof, shares);
    out
}

/// What is said once of all the questions it is proved for.
fn summed_up(kind: PropertyKind) -> Option<&'static str> {
    match kind {
        PropertyKind::WorseNeverLowersCare => Some("A worse answer never lowers care"),
        PropertyKind::ContraindicationNeverAdds => {
            Some("A contraindication never makes a treatment or an option fitting")
        }
        _ => None,
    }
}

fn property_text(rules: &RuleSet, property: &Property) -> String {
    let word = match &property.verdict {
        // The model names nothing there to begin with, as the evaluator does not: what is shown is
        // that the two agree on the shortest way to each warning, not more.
        Verdict::Proved if property.kind == PropertyKind::NothingNamedWhenUrgent => "by design",
        Verdict::Proved => "proved   ",
        Verdict::Possible(_) => "reached  ",
        Verdict::Impossible => "never    ",
        Verdict::Broken(_) => "BROKEN   ",
        Verdict::TooLarge => "too large",
        Verdict::Disagreement(_) => "DISAGREED",
    };
    let mut out = String::new();
    for (line, part) in wrap(&property.says, 88, "").into_iter().enumerate() {
        let _ = writeln!(out, "{} {part}", if line == 0 { word } else { "         " });
    }
    match &property.verdict {
        Verdict::Broken(witness) => out += &witness_text(rules, property, witness),
        Verdict::Disagreement(witness) => {
            out += "          the proof and the evaluator do not agree: please report this\n";
            out += &witness_text(rules, property, witness);
        }
        Verdict::TooLarge => out += "          not proved: too large\n",
        Verdict::Proved | Verdict::Possible(_) | Verdict::Impossible => {}
    }
    out
}

fn witness_text(rules: &RuleSet, property: &Property, witness: &Witness) -> String {
    let mut out = String::new();
    for command in witness.commands(rules) {
        let _ = writeln!(out, "          {command}");
    }
    let id = if property.about.is_empty() { property.kind.id() } else { &property.about };
    let text = case(rules, &format!("breaks-{id}"), &property.says, &witness.answers);
    for line in text.lines() {
        let _ = writeln!(out, "        {line}");
    }
    out
}

fn figures_text(rules: &RuleSet, proof: &Proof, shares: bool) -> String {
    let mut out = String::new();
    let Some(figures) = &proof.figures else {
        return "not counted: the ways to answer are too many to hold\n".to_owned();
    };
    let [fewest, most] = figures.asked;
    let _ = writeln!(out, "asked     {fewest} to {most} questions");
    if shares {
        out += "\nWays to answer, which are not people: an any-of question has a way for each set of \
                its choices.\n";
        for (care, ways) in Care::ALL.into_iter().zip(figures.care) {
            let _ = writeln!(
                out,
                "  {:<42} {:>14}  {}",
                care.id(),
                in_words(ways),
                share(ways, figures.complete)
            );
        }
        let named = figures.care[0] + figures.care[1];
        out += "Of those at routine and prompt care:\n";
        for (entry, ways) in rules.suggestions.iter().zip(&figures.suggestions) {
            let (number, part) = match ways {
                Some(ways) => (in_words(*ways), share(*ways, named)),
                None => ("not counted".to_owned(), "too large".to_owned()),
            };
            let _ = writeln!(out, "  {:<42} {number:>14}  {part}", entry.id);
        }
        out += "How often each question is asked:\n";
        for (question, ways) in rules.questionnaire.questions.iter().zip(&figures.questions) {
            if let Some(ways) = ways {
                let part = share(*ways, figures.complete);
                let _ = writeln!(out, "  {:<42} {:>14}  {part}", question.id, in_words(*ways));
            }
        }
    }
    let megabytes = proof.bytes.div_ceil(1 << 20);
    let _ = writeln!(
        out,
        "memory    about {megabytes} MB in {} nodes; {} steps",
        in_words(U256::new(proof.nodes as u128)),
        in_words(U256::new(proof.steps.into()))
    );
    out
}

/// The whole proof for scripts.
pub fn json(rules: &RuleSet, proof: &Proof) -> Value {
    let witness = |witness: &Witness| {
        json!({
            "complete": witness.complete,
            "commands": witness.commands(rules),
            "case": case(rules, "witness", "witness", &witness.answers),
        })
    };
    let properties: Vec<Value> = proof
        .properties
        .iter()
        .map(|property| {
            let verdict = match &property.verdict {
                Verdict::Proved => "proved",
                Verdict::Possible(_) => "reached",
                Verdict::Impossible => "never",
                Verdict::Broken(_) => "broken",
                Verdict::TooLarge => "too-large",
                Verdict::Disagreement(_) => "disagreement",
            };
            json!({
                "property": property.kind.id(),
                "about": (!property.about.is_empty()).then_some(&property.about),
                "says": property.says,
                "verdict": verdict,
                "witness": property.verdict.witness().map(witness),
            })
        })
        .collect();
    let figures = proof.figures.as_ref().map(|figures| {
        let suggestions: Vec<Value> = rules
            .suggestions
            .iter()
            .zip(&figures.suggestions)
            .map(|(entry, ways)| json!({ "id": entry.id, "ways": ways.map(|w| w.to_string()) }))
            .collect();
        let questions: Vec<Value> = rules
            .questionnaire
            .questions
            .iter()
            .zip(&figures.questions)
            .map(|(question, ways)| json!({ "id": question.id, "ways": ways.map(|w| w.to_string()) }))
            .collect();
        let care: Vec<Value> = Care::ALL
            .into_iter()
            .zip(figures.care)
            .map(|(care, ways)| json!({ "care": care.id(), "ways": ways.to_string() }))
            .collect();
        json!({
            "complete": figures.complete.to_string(),
            "partial": figures.partial.to_string(),
            "care": care,
            "suggestions": suggestions,
            "questions": questions,
            "fewest_questions": figures.asked[0],
            "most_questions": figures.asked[1],
        })
    });
    json!({
        "properties": properties,
        "figures": figures,
        "nodes": proof.nodes,
        "steps": proof.steps,
        "bytes": proof.bytes,
    })
}
