//! The whole account of a result: every rule that fired and by which answers, every one that nearly
//! did, and what would lead elsewhere.

use super::{Block, Document, Entry, Section, Tone, led, open, paragraph, section};
use crate::answers::Answers;
use crate::explain::{self, changes, evidence, evidence_in_words, near_misses};
use crate::ruleset::RuleSet;
use crate::triage::{Assessment, Judged};

/// Composes the account. Where no treatment may be named, it tells the warnings, and what could still
/// come of what is open, alone.
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
    if assessment.care.names_treatment() {
        sections.extend(open::in_full(rules, answers, assessment));
    }
    Document {
        title: rules.title.clone(),
        particulars: Vec::new(),
        language: rules.words(),
        sections,
        sources: Vec::new(),
    }
}

fn list(id: &'static str, heading: String, entries: Vec<Entry>) -> Option<Section> {
    (!entries.is_empty()).then(|| section(id, heading, Tone::Plain, vec![Block::List(entries)]))
}

fn warnings(rules: &RuleSet, assessment: &Assessment, judged: &Judged) -> Option<Section> {
    let words = rules.words();
    let warnings = assessment.warnings.iter().map(|&warning| &rules.warnings[warning]);
    let entries = warnings.map(|warning| {
        let answers = evidence_in_words(rules, &evidence(rules, judged, &warning.when));
        let (care, answers) = (warning.care.id().into(), answers.join("; ").into());
        led(&warning.id, words.tell("because-of", &[("care", care), ("answers", answers)]))
    });
    list("warnings", words.say("heading-warnings-fired"), entries.collect())
}

fn points(rules: &RuleSet, assessment: &Assessment) -> Section {
    let words = rules.words();
    let offered = |&item: &usize| assessment.standing[item].is_offered();
    let treatments = rules.treatments().filter(offered).map(|item| {
        let points = assessment.points[item];
        led(&rules.items[item].name, words.points(points.into()))
    });
    let mut blocks = vec![Block::List(treatments.collect())];
    if let Some(margin) = explain::margin(rules, assessment) {
        let text = explain::margin_in_words(words, margin);
        blocks.push(paragraph(text));
    }
    section("points", words.say("heading-points"), Tone::Plain, blocks)
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
            None => rules.words().say("always"),
        };
        Some(led(&rule.id, format!("{} ({answers})", points.join(", "))))
    });
    list("fired", rules.words().say("heading-fired"), entries.collect())
}

fn nearly(rules: &RuleSet, answers: &Answers) -> Option<Section> {
    let near = near_misses(rules, answers);
    let lacks = |missing: &str| rules.words().tell("lacks", &[("missing", missing.into())]);
    let entries = near.iter().map(|near| led(&rules.rules[near.rule].id, lacks(&near.missing)));
    list("nearly", rules.words().say("heading-nearly"), entries.collect())
}

fn elsewhere(rules: &RuleSet, answers: &Answers, assessment: &Assessment) -> Option<Section> {
    let words = rules.words();
    let changes = changes(rules, answers, assessment, 2);
    let entries = changes.iter().map(|change| {
        let told = change.answers.iter();
        let told: Vec<String> = told
            .map(|&(question, marks)| explain::in_words(rules, answers, question, marks))
            .collect();
        let unnamed = words.say("suggestion-unnamed");
        let name = change.treatment.map_or(unnamed, |item| rules.items[item].name.clone());
        let lead = format!("{name}, {}", change.care.id());
        led(lead, words.list_and(&told))
    });
    list("elsewhere", words.say("heading-elsewhere"), entries.collect())
}
