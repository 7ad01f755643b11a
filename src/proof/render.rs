//! A proof for people, and for scripts.

use std::fmt::Write as _;

use ethnum::U256;
use serde_json::{Value, json};

use super::figures::{in_words, share};
use super::witness::Witness;
use super::{Proof, Property, PropertyKind, Verdict};
use crate::condition::Care;
use crate::prose::{columns, count, wrap};
use crate::ruleset::RuleSet;

/// How a proof is put for people.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Layout<'a> {
    /// The file that the rules stand in, for command lines; none for the built-in ones.
    pub file: Option<&'a str>,
    /// Columns of a line.
    pub width: usize,
    /// Whether to say how many ways to answer lead where.
    pub shares: bool,
    /// Whether to give the shortest way to everything that can be reached.
    pub witnesses: bool,
}

/// How far what stands below a verdict is set in.
const INDENT: &str = "          ";

/// Everything that can be reached, and what it is called.
const REACHED: [(PropertyKind, &str); 4] = [
    (PropertyKind::ReachableSuggestion, "suggestion"),
    (PropertyKind::ReachableOption, "option"),
    (PropertyKind::ReachableWarning, "warning"),
    (PropertyKind::ReachableCaution, "caution"),
];

/// The whole proof in words: what holds, what does not and how that is seen, and the figures.
pub fn text(rules: &RuleSet, proof: &Proof, layout: Layout<'_>) -> String {
    let mut out = ways_text(proof, layout);
    let (reachable, others): (Vec<&Property>, Vec<&Property>) = proof
        .properties
        .iter()
        .partition(|property| REACHED.iter().any(|(kind, _)| *kind == property.kind));
    let mut summed: Vec<(&str, usize)> = Vec::new();
    for property in others {
        match summed_up(property.kind) {
            Some(says) if property.verdict == Verdict::Proved => match summed.last_mut() {
                Some((last, number)) if *last == says => *number += 1,
                _ => summed.push((says, 1)),
            },
            _ => out += &property_text(rules, property, layout),
        }
    }
    for (says, number) in summed {
        out += &said("proved", &format!("{says}, for {}", count(number, "question")), layout.width);
    }
    for (kind, noun) in REACHED {
        let of_kind: Vec<&Property> =
            reachable.iter().copied().filter(|property| property.kind == kind).collect();
        let number = |wanted: fn(&Verdict) -> bool| {
            of_kind.iter().filter(|property| wanted(&property.verdict)).count()
        };
        let reached = number(Verdict::is_good);
        let unknown = number(|verdict| *verdict == Verdict::TooLarge);
        let mut says = format!("{reached} of {}", count(of_kind.len(), noun));
        if unknown > 0 {
            let _ = write!(says, "; for {unknown} it is not known, as it is too large");
        }
        out += &said("reached", &says, layout.width);
        for property in of_kind {
            match &property.verdict {
                Verdict::Possible(witness) if layout.witnesses => {
                    let _ = writeln!(out, "{INDENT}{}", property.about);
                    out += &commands_text(&witness.commands(rules, layout.file), layout.width);
                }
                Verdict::Possible(_) | Verdict::TooLarge => {}
                _ => out += &property_text(rules, property, layout),
            }
        }
    }
    out += &figures_text(rules, proof, layout);
    out
}

/// How many ways there are; that they are all covered is said only where everything was proved.
fn ways_text(proof: &Proof, layout: Layout<'_>) -> String {
    let Some([complete, partial]) = proof.ways() else { return String::new() };
    let known =
        |verdict: &Verdict| !matches!(verdict, Verdict::TooLarge | Verdict::Disagreement(_));
    let all = proof.properties.len();
    let proved = proof.properties.iter().filter(|property| known(&property.verdict)).count();
    let covered = if proved == all {
        "every one is covered".to_owned()
    } else {
        format!("{proved} of {all} properties are settled for them, and the rest is not")
    };
    let (complete, partial) = (in_words(complete), in_words(partial));
    let says = format!("{complete} complete ways to answer, {partial} with gaps; {covered}");
    wrap(&says, layout.width, "").join("\n") + "\n"
}

/// A verdict and what it is about.
pub(crate) fn said(word: &str, says: &str, width: usize) -> String {
    let mut out = String::new();
    let width = width.saturating_sub(INDENT.len()).max(20);
    for (line, part) in wrap(says, width, "").into_iter().enumerate() {
        let _ = writeln!(out, "{:9} {part}", if line == 0 { word } else { "" });
    }
    out
}

/// What is said once of all the questions it is proved for.
fn summed_up(kind: PropertyKind) -> Option<&'static str> {
    match kind {
        PropertyKind::WorseNeverLowersCare => Some("A worse answer never lowers care"),
        PropertyKind::UnsureInOrder => Some(
            "The worst answer never gives less care than not sure, and not sure never less than \
             the best answer",
        ),
        PropertyKind::UnsureNeverReassures => Some(
            "Not sure never gives less care than the least that any definite answer to that \
             question would; nor does no answer, unless the result says that a warning is open",
        ),
        PropertyKind::ContraindicationNeverAdds => {
            Some("A contraindication never makes a treatment or an option fitting")
        }
        _ => None,
    }
}

fn property_text(rules: &RuleSet, property: &Property, layout: Layout<'_>) -> String {
    let word = match &property.verdict {
        // The model names nothing there to begin with, as the evaluator does not: what is shown is
        // that the two agree on the shortest way to each warning, not more.
        Verdict::Proved if property.kind == PropertyKind::NothingNamedWhenUrgent => "by design",
        Verdict::Proved => "proved",
        Verdict::Possible(_) => "reached",
        Verdict::Impossible => "never",
        Verdict::Broken(_) => "BROKEN",
        Verdict::TooLarge => "too large",
        Verdict::Disagreement(_) => "DISAGREED",
    };
    let mut out = said(word, &property.says, layout.width);
    match &property.verdict {
        Verdict::Broken(witness) => out += &witness_text(rules, property, witness, layout),
        Verdict::Disagreement(witness) => {
            out += &said(
                "",
                "the proof and the evaluator do not agree: please report this",
                layout.width,
            );
            out += &witness_text(rules, property, witness, layout);
        }
        Verdict::TooLarge => out += &said("", "not proved: too large", layout.width),
        Verdict::Proved | Verdict::Possible(_) | Verdict::Impossible => {}
    }
    out
}

/// Command lines, each over as many lines as it takes; a shell reads them as they stand.
pub(crate) fn commands_text(commands: &[String], width: usize) -> String {
    let mut out = String::new();
    for command in commands {
        let mut line = INDENT.to_owned();
        for (index, part) in command.split(" --").enumerate() {
            let part = if index == 0 { part.to_owned() } else { format!(" --{part}") };
            // Two columns for what says that it goes on.
            if line.trim() != "" && columns(&line) + columns(&part) + 2 > width {
                let _ = writeln!(out, "{line} \\");
                line = format!("{INDENT}   ");
            }
            line += &part;
        }
        let _ = writeln!(out, "{line}");
    }
    out
}

fn witness_text(
    rules: &RuleSet,
    property: &Property,
    witness: &Witness,
    layout: Layout<'_>,
) -> String {
    let mut out = commands_text(&witness.commands(rules, layout.file), layout.width);
    match witness.cases(rules, &case_id(property), &property.says) {
        Some((note, cases)) => {
            for line in std::iter::once(note).chain(cases.lines()) {
                let _ = writeln!(out, "{}{line}", &INDENT[2..]);
            }
        }
        None => {
            let says = "No case can show it, as a case answers all that is asked.";
            out += &said("", says, layout.width);
        }
    }
    out
}

fn case_id(property: &Property) -> String {
    let about = if property.about.is_empty() { property.kind.id() } else { &property.about };
    format!("breaks-{about}")
}

fn figures_text(rules: &RuleSet, proof: &Proof, layout: Layout<'_>) -> String {
    let mut out = String::new();
    let Some(figures) = &proof.figures else {
        return "not counted: the ways to answer are too many to hold\n".to_owned();
    };
    let [fewest, most] = figures.asked;
    let _ = writeln!(out, "asked     {fewest} to {most} questions");
    if layout.shares {
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
        "memory    about {megabytes} MB for the diagrams, of {} nodes; {} steps",
        in_words(U256::new(proof.nodes as u128)),
        in_words(U256::new(proof.steps.into()))
    );
    out
}

/// The whole proof for scripts; `file` is where the rules stand, if they are not the built-in ones.
pub fn json(rules: &RuleSet, proof: &Proof, file: Option<&str>) -> Value {
    let witness = |property: &Property, witness: &Witness| {
        let cases = witness.cases(rules, &case_id(property), &property.says);
        json!({
            "complete": witness.sides.iter().all(|side| side.complete),
            "commands": witness.commands(rules, file),
            "case": cases.as_ref().map(|(_, cases)| cases),
            "case_note": cases.as_ref().map(|(note, _)| note),
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
                "witness": property.verdict.witness().map(|own| witness(property, own)),
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
