//! The whole account of a result: every rule that fired and by which answers, every one that nearly
//! did, and what would lead elsewhere.

use super::{Block, Document, Entry, Section, Tone, led, open, paragraph, section};
use crate::answers::Answers;
use crate::explain::{self, changes, evidence, evidence_in_words, near_misses};
use crate::prose::capital;
use crate::ruleset::{Rule, RuleSet};
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
        sections.extend(nearly(rules, answers, assessment));
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
        let because = warning.because.as_str().into();
        let with = [("because", because), ("answers", answers.join("; ").into())];
        let care = words.say(&open::care_key(warning.care));
        led(capital(&care), words.tell("because-of", &with))
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

/// The points of a rule for what can be offered: what is avoided is named nowhere, not even with its
/// points.
fn points_of(rules: &RuleSet, assessment: &Assessment, rule: &Rule) -> Option<String> {
    let told = rule.points.iter().filter(|(item, _)| assessment.standing[*item].is_offered());
    let points: Vec<String> =
        told.map(|(item, points)| format!("{} {points:+}", rules.items[*item].name)).collect();
    (!points.is_empty()).then(|| points.join(", "))
}

fn fired(rules: &RuleSet, assessment: &Assessment, judged: &Judged) -> Option<Section> {
    let words = rules.words();
    let rules_fired = assessment.rules.iter().map(|&rule| &rules.rules[rule]);
    let entries = rules_fired.filter_map(|rule| {
        let answers = match &rule.when {
            Some(when) => evidence_in_words(rules, &evidence(rules, judged, when)).join("; "),
            None => words.say("always"),
        };
        let text = format!("{} ({answers})", rule.because);
        Some(led(points_of(rules, assessment, rule)?, text))
    });
    list("fired", words.say("heading-fired"), entries.collect())
}

fn nearly(rules: &RuleSet, answers: &Answers, assessment: &Assessment) -> Option<Section> {
    let words = rules.words();
    let entries = near_misses(rules, answers).into_iter().filter_map(|near| {
        let points = points_of(rules, assessment, &rules.rules[near.rule])?;
        Some(led(points, words.tell("lacks", &[("missing", near.said.into())])))
    });
    list("nearly", words.say("heading-nearly"), entries.collect())
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
        let lead = if change.care == assessment.care {
            name
        } else {
            format!("{name}, {}", words.say(&open::care_key(change.care)))
        };
        // Each is a sentence of its own.
        let and = format!(" {} ", words.say("and-as-well"));
        led(capital(&lead), told.join(&and))
    });
    list("elsewhere", words.say("heading-elsewhere"), entries.collect())
}
