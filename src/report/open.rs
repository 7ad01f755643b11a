//! What is open: what could still come of it, and the question that settles most.

use serde::Serialize;

use super::{Block, Section, Tone, led, paragraph, section};
use crate::answers::Answers;
use crate::condition::{Care, UNSURE};
use crate::proof::remaining::{self, BETWEEN_QUESTIONS, Remaining, is_settled};
use crate::ruleset::RuleSet;
use crate::triage::Assessment;

/// What could still come of what is open, as scripts read it.
#[derive(Serialize)]
pub(super) struct OpenShape<'a> {
    /// Whether no unanswered question can change the suggestion, the care, the cautions or the
    /// options; left out where every question is answered, be it with "not sure".
    #[serde(skip_serializing_if = "Option::is_none")]
    settled: Option<bool>,
    care: Vec<&'static str>,
    /// Null where there are too many ways to go on.
    outcomes: Option<Vec<OutcomeShape<'a>>>,
    settles_most: Option<&'a str>,
}

#[derive(Serialize)]
struct OutcomeShape<'a> {
    care: &'static str,
    suggestion: &'a str,
}

/// What could still come of what is open; none where nothing is, and in an emergency, which no
/// answer takes back. What took too long to work out is left out.
fn ahead(rules: &RuleSet, answers: &Answers, assessment: &Assessment) -> Option<Remaining> {
    let questions = answers.marks().iter().zip(&assessment.active);
    let unsure = questions.into_iter().any(|(marks, active)| *active && marks & UNSURE != 0);
    let is_open = unsure || !assessment.not_answered.is_empty();
    if !is_open || assessment.care == Care::Emergency {
        return None;
    }
    remaining::remaining(rules, answers, remaining::ACCOUNT).ok()
}

fn settled(rules: &RuleSet, answers: &Answers) -> bool {
    is_settled(rules, answers, BETWEEN_QUESTIONS).unwrap_or(false)
}

pub(super) fn shape<'a>(
    rules: &'a RuleSet,
    answers: &Answers,
    assessment: &Assessment,
) -> Option<OpenShape<'a>> {
    let ahead = ahead(rules, answers, assessment)?;
    let outcomes = ahead.outcomes.map(|outcomes| {
        let shapes = outcomes.into_iter().map(|outcome| OutcomeShape {
            care: outcome.care.id(),
            suggestion: outcome.treatment.map_or("none", |item| &rules.items[item].id),
        });
        shapes.collect()
    });
    let questions = &rules.questionnaire.questions;
    Some(OpenShape {
        settled: (!assessment.not_answered.is_empty()).then(|| settled(rules, answers)),
        care: ahead.care.into_iter().map(Care::id).collect(),
        outcomes,
        settles_most: ahead.settles_most.map(|question| questions[question].id.as_str()),
    })
}

/// For the result, below the questions that are not answered.
pub(super) fn in_brief(rules: &RuleSet, answers: &Answers, assessment: &Assessment) -> Vec<Block> {
    let words = rules.words();
    if settled(rules, answers) {
        return vec![paragraph(words.say("open-settled"))];
    }
    let Ok(ahead) = remaining::remaining(rules, answers, BETWEEN_QUESTIONS) else {
        return Vec::new();
    };
    let mut said = Vec::new();
    let higher = ahead.care.iter().filter(|&&care| care > assessment.care);
    let higher: Vec<String> = higher.map(|care| words.say(&care_key(*care))).collect();
    if !higher.is_empty() {
        said.push(words.tell("open-higher", &[("levels", higher.join("; ").into())]));
    }
    said.extend(first(rules, &ahead));
    vec![paragraph(said.join(" "))]
}

/// For the whole account: every outcome that is still possible.
pub(super) fn in_full(
    rules: &RuleSet,
    answers: &Answers,
    assessment: &Assessment,
) -> Option<Section> {
    let words = rules.words();
    let ahead = ahead(rules, answers, assessment)?;
    let mut blocks = Vec::new();
    match &ahead.outcomes {
        None => blocks.push(paragraph(words.say("open-too-many"))),
        Some(outcomes) if outcomes.len() == 1 => blocks.push(paragraph(words.say("open-one"))),
        Some(outcomes) => {
            let unnamed = words.say("suggestion-unnamed");
            let levels = ahead.care.iter().map(|&care| {
                let here = outcomes.iter().filter(|outcome| outcome.care == care);
                let names = here.map(|outcome| {
                    outcome.treatment.map_or(&unnamed, |item| &rules.items[item].name).clone()
                });
                led(words.say(&care_key(care)), names.collect::<Vec<_>>().join("; "))
            });
            blocks.push(Block::List(levels.collect()));
        }
    }
    blocks.extend(first(rules, &ahead).map(paragraph));
    Some(section("possible", words.say("heading-possible"), Tone::Plain, blocks))
}

fn first(rules: &RuleSet, ahead: &Remaining) -> Option<String> {
    let ask = rules.questionnaire.questions[ahead.settles_most?].short();
    Some(rules.words().tell("open-first", &[("question", ask.into())]))
}

pub(super) fn care_key(care: Care) -> String {
    format!("care-{}", care.id())
}
