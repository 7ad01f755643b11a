//! The whole account of a result: every rule that fired and by which answers, every one that nearly
//! did, and what would lead elsewhere.

use super::{Block, Document, Entry, Section, Tone, section};
use crate::answers::Answers;
use crate::explain::{self, changes, evidence, evidence_in_words, near_misses};
use crate::prose::{count, list_and};
use crate::ruleset::RuleSet;
use crate::triage::{Assessment, Judged};

/// Composes the account. Where no treatment may be named, it tells the warnings alone.
pub fn account(rules: &RuleSet, answers: &Answers, assessment: &Assessment) -> Document {
    let judged = Judged::new(rules, answers);
    let mut sections = Vec::new();
    sections.extend(warnings(rules, assessment, &judged));
    if assessment.treatment(rules).is_some() {
        sections.push(points(rules, assessment));
        sections.extend(fired(rules, assessment, &judged));
        sections.extend(nearly(rules, answers));
        sections.extend(elsewhere(rules, answers, assessment));
    }
    Document { sections, sources: Vec::new() }
}

fn list(heading: &str, entries: Vec<Entry>) -> Option<Section> {
    (!entries.is_empty()).then(|| section(heading, Tone::Plain, vec![Block::List(entries)]))
}

fn entry(lead: &str, text: String) -> Entry {
    Entry { lead: Some(lead.to_owned()), text, cites: Vec::new() }
}

fn warnings(rules: &RuleSet, assessment: &Assessment, judged: &Judged) -> Option<Section> {
    let warnings = assessment.warnings.iter().map(|&warning| &rules.warnings[warning]);
    let entries = warnings.map(|warning| {
        let answers = evidence_in_words(rules, &evidence(rules, judged, &warning.when));
        let level = warning.care.id();
        entry(&warning.id, format!("{level}, because of: {}.", answers.join("; ")))
    });
    list("Warnings that fired", entries.collect())
}

fn points(rules: &RuleSet, assessment: &Assessment) -> Section {
    let offered = |&item: &usize| assessment.standing[item].is_offered();
    let treatments = rules.treatments().filter(offered).map(|item| {
        let points = assessment.points[item];
        entry(&rules.items[item].name, points_in_words(points))
    });
    let mut blocks = vec![Block::List(treatments.collect())];
    if let Some(margin) = explain::margin(rules, assessment) {
        let text = match margin {
            1.. => format!("What is suggested is ahead by {}.", points_in_words(margin)),
            0 => "What is suggested has as many points as the next.".to_owned(),
            _ => format!(
                "What is suggested is {} behind; the order of the suggestions decided.",
                points_in_words(-margin)
            ),
        };
        blocks.push(Block::Paragraph(Entry { text, ..Entry::default() }));
    }
    section("Points", Tone::Plain, blocks)
}

fn points_in_words(points: i32) -> String {
    let number = usize::try_from(points.unsigned_abs()).unwrap_or(usize::MAX);
    let sign = if points < 0 { "minus " } else { "" };
    format!("{sign}{}", count(number, "point"))
}

fn fired(rules: &RuleSet, assessment: &Assessment, judged: &Judged) -> Option<Section> {
    let rules_fired = assessment.rules.iter().map(|&rule| &rules.rules[rule]);
    let entries = rules_fired.filter_map(|rule| {
        // What is avoided is named nowhere, not even with its points.
        let told = rule.points.iter().filter(|(item, _)| assessment.standing[*item].is_offered());
        let points: Vec<String> =
            told.map(|(item, points)| format!("{} {points:+}", rules.items[*item].name)).collect();
        if points.is_empty() {
            return None;
        }
        let answers = match &rule.when {
            Some(when) => evidence_in_words(rules, &evidence(rules, judged, when)).join("; "),
            None => "always".to_owned(),
        };
        Some(entry(&rule.id, format!("{} ({answers})", points.join(", "))))
    });
    list("Rules that fired, and the answers that made them", entries.collect())
}

fn nearly(rules: &RuleSet, answers: &Answers) -> Option<Section> {
    let near = near_misses(rules, answers);
    let entries = near
        .iter()
        .map(|near| entry(&rules.rules[near.rule].id, format!("lacks {}", near.missing)));
    list("Rules that lacked one thing", entries.collect())
}

fn elsewhere(rules: &RuleSet, answers: &Answers, assessment: &Assessment) -> Option<Section> {
    let changes = changes(rules, answers, assessment, 2);
    let entries = changes.iter().map(|change| {
        let told = change.answers.iter();
        let told: Vec<String> = told
            .map(|&(question, marks)| explain::in_words(rules, answers, question, marks))
            .collect();
        let name = change.treatment.map_or("no treatment", |item| &rules.items[item].name);
        let lead = format!("{name}, {}", change.care.id());
        entry(&lead, list_and(&told))
    });
    list("The smallest changes that would lead elsewhere", entries.collect())
}
