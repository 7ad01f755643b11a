//! One document, many renderings: what is said, in which order, decided once.
//!
//! The order for people is that of safety: warnings or their absence, then the suggestion and why,
//! then what to avoid, then everything else; the advice to see a professional and the signs that
//! mean "get help now" are in every result. On an emergency the call for help stands first, and
//! nothing follows it but what the people who help need.

mod account;
mod compose;
mod explanation;
pub mod html;
pub mod json;
pub mod markdown;
mod open;
pub mod pictures;
mod sheet;
pub mod text;

pub use account::account;
pub(crate) use compose::Composer;
pub use compose::compose;
pub use pictures::{Bar, BodyChart, Region, Scale};
pub use sheet::sheet;

use crate::condition::Care;
use crate::language::Language;
use crate::ruleset::{ItemKind, RuleSet, Source};
use crate::triage::{Assessment, Suggestion};

/// A result as it is told, before it is laid out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Document {
    /// What it is, in a few words.
    pub title: String,
    /// What tells this copy from others, such as a date: label and value, which may be left open.
    pub particulars: Vec<(String, String)>,
    /// The language of its words.
    pub language: Language,
    /// The parts, in order.
    pub sections: Vec<Section>,
    /// What the numbers in brackets stand for, in the order of first mention.
    pub sources: Vec<Source>,
}

/// A heading and what stands under it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Section {
    /// Names the part to those who lay it out; the same in every language.
    pub id: &'static str,
    /// The heading.
    pub heading: String,
    /// How it should look, besides what it says.
    pub tone: Tone,
    /// What stands under it.
    pub blocks: Vec<Block>,
}

/// How a part should look. Never the only carrier of a meaning.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    /// Ordinary.
    Plain,
    /// What to read first.
    Strong,
    /// A warning.
    Alarm,
    /// What can be read last.
    Quiet,
}

/// What can stand under a heading. Every picture carries its words, so that nothing is lost
/// where it is not drawn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Block {
    /// A paragraph.
    Paragraph(Entry),
    /// A heading within the part.
    Heading(String),
    /// A list.
    List(Vec<Entry>),
    /// A number on a scale.
    Scale(Scale),
    /// Points, one bar each.
    Bars(Vec<Bar>),
    /// Where it hurts.
    Body(BodyChart),
    /// Rows under a line of column headings; the first cell of a row is its heading.
    Table {
        /// The headings of the columns.
        head: Vec<String>,
        /// The rows, each with as many cells as there are columns.
        rows: Vec<Vec<Entry>>,
    },
    /// Room for so many lines of writing.
    Space(usize),
}

/// A few sentences, and what they rest on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Entry {
    /// What comes first, set apart, such as a name.
    pub lead: Option<String>,
    /// The sentences.
    pub text: String,
    /// Numbers of sources, counted from one.
    pub cites: Vec<usize>,
}

/// The heading and the sentence of what is suggested.
pub(crate) fn suggestion(
    rules: &RuleSet,
    assessment: &Assessment,
    words: Language,
) -> (String, String) {
    let professional = &rules.advice.professional[assessment.care as usize];
    match (assessment.suggestion, assessment.care) {
        (Suggestion::Entry(entry), _) => {
            let entry = &rules.suggestions[entry];
            (entry.title.clone(), entry.because.clone())
        }
        (Suggestion::SeenFirst, Care::Emergency) => {
            (words.say("heading-emergency"), professional.clone())
        }
        (Suggestion::SeenFirst, _) => (words.say("heading-same-day"), professional.clone()),
        (Suggestion::Unscreened, _) => (words.say("title-unscreened"), words.say("unscreened")),
    }
}

/// The rules that speak for the suggested treatment, strongest first, each with its points for it.
pub(crate) fn reasons(rules: &RuleSet, assessment: &Assessment) -> Vec<(usize, i32)> {
    let Some(treatment) = assessment.treatment(rules) else { return Vec::new() };
    reasons_for(rules, assessment, treatment)
}

/// The fired rules that give an item points, strongest first.
pub(crate) fn reasons_for(
    rules: &RuleSet,
    assessment: &Assessment,
    item: usize,
) -> Vec<(usize, i32)> {
    let mut reasons: Vec<(usize, i32)> = assessment
        .rules
        .iter()
        .filter_map(|&rule| {
            let points = &rules.rules[rule].points;
            let total: i32 = points.iter().filter(|(to, _)| *to == item).map(|(_, n)| n).sum();
            (total > 0).then_some((rule, total))
        })
        .collect();
    reasons.sort_by_key(|&(_, points)| std::cmp::Reverse(points));
    reasons
}

/// Why an option is offered: when it fits, then its strongest reason where that says more.
pub(crate) fn option_because(rules: &RuleSet, assessment: &Assessment, option: usize) -> String {
    let ItemKind::Option { fits, .. } = &rules.items[option].kind else { return String::new() };
    match reasons_for(rules, assessment, option).first() {
        Some(&(rule, _)) => format!("{} {fits}", rules.rules[rule].because),
        None => fits.clone(),
    }
}

/// The tips for finding someone who gives the suggested treatment: its own, or, where it has none,
/// those of the treatments it is made of, without repeats.
pub(crate) fn finding_one<'a>(
    rules: &'a RuleSet,
    assessment: &Assessment,
) -> Vec<&'a crate::ruleset::Tip> {
    let Some(treatment) = assessment.treatment(rules) else { return Vec::new() };
    let tips_of = |item: usize| match &rules.items[item].kind {
        ItemKind::Treatment { finding_one, .. } => finding_one.as_slice(),
        ItemKind::Option { .. } => &[],
    };
    let own = tips_of(treatment);
    if !own.is_empty() {
        return own.iter().collect();
    }
    let mut tips: Vec<&crate::ruleset::Tip> = Vec::new();
    for tip in rules.parts(treatment).into_iter().flat_map(tips_of) {
        if !tips.iter().any(|other| other.says == tip.says) {
            tips.push(tip);
        }
    }
    tips
}

/// The cautions to tell: those about something that could be named, none where nothing is.
pub(crate) fn told_cautions(rules: &RuleSet, assessment: &Assessment) -> Vec<usize> {
    if assessment.treatment(rules).is_none() { Vec::new() } else { assessment.cautions.clone() }
}

pub(crate) fn section(
    id: &'static str,
    heading: String,
    tone: Tone,
    blocks: Vec<Block>,
) -> Section {
    Section { id, heading, tone, blocks }
}

pub(crate) fn paragraph(text: impl Into<String>) -> Block {
    Block::Paragraph(entry(text))
}

pub(crate) fn entry(text: impl Into<String>) -> Entry {
    Entry { text: text.into(), ..Entry::default() }
}

pub(crate) fn led(lead: impl Into<String>, text: impl Into<String>) -> Entry {
    Entry { lead: Some(lead.into()), text: text.into(), cites: Vec::new() }
}
