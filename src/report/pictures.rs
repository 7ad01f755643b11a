//! What can be drawn: numbers on scales, points, and where it hurts. Each has its words.

use crate::answers::Answers;
use crate::condition::UNSURE;
use crate::language::Language;
use crate::questionnaire::{Answer, Kind};
use crate::ruleset::{BandedScale, RuleSet};
use crate::triage::Assessment;

/// A number on a scale with named bands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scale {
    /// What is measured.
    pub label: String,
    /// The number; none where it was not given.
    pub value: Option<i64>,
    /// Numbers given before, oldest first.
    pub earlier: Vec<i64>,
    /// The same in words: "6 of 10, moderate".
    pub reading: String,
    /// The lowest number, and what it means.
    pub from: i64,
    /// The highest number.
    pub to: i64,
    /// What the lowest number means.
    pub low: String,
    /// What the highest number means.
    pub high: String,
    /// Where each band begins and ends, both included, and its word.
    pub bands: Vec<(i64, i64, String)>,
}

/// The points of one treatment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bar {
    /// Its name.
    pub label: String,
    /// Its points, which may be below zero.
    pub points: i32,
    /// Said of the one that is suggested.
    pub mark: Option<String>,
}

/// Where it hurts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BodyChart {
    /// What the picture is called.
    pub title: String,
    /// "back", under the figure.
    pub view: String,
    /// All regions that can be marked, in the order of the question.
    pub regions: Vec<Region>,
    /// What is marked, in words.
    pub reading: String,
}

/// A part of the body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Region {
    /// The id of its choice, by which its shape is found.
    pub id: String,
    /// What the person reads.
    pub label: String,
    /// Its number among the marked regions, counted from one; none where it is not marked.
    pub mark: Option<usize>,
}

/// The scales that the rule set wants drawn, as they were answered. One that was not asked is left
/// out.
pub(crate) fn scales(rules: &RuleSet, answers: &Answers, assessment: &Assessment) -> Vec<Scale> {
    let asked = rules.sheet.scales.iter().filter(|scale| assessment.active[scale.question]);
    asked.filter_map(|banded| scale(rules, banded, answers.get(banded.question).as_ref())).collect()
}

/// A scale with an answer on it.
pub(crate) fn scale(
    rules: &RuleSet,
    banded: &BandedScale,
    answer: Option<&Answer>,
) -> Option<Scale> {
    let words = rules.words();
    let question = &rules.questionnaire.questions[banded.question];
    let Kind::Scale { from, to, low, high } = &question.kind else { return None };
    let value = number(*from, answer);
    let reading = match (value, answer) {
        (Some(value), _) => reading(words, banded, value, *to),
        (None, Some(_)) => words.say("scale-unsure"),
        (None, None) => words.say("scale-open"),
    };
    let ends = banded.bands.iter().skip(1).map(|band| band.from - 1).chain([*to]);
    let bands = banded.bands.iter().zip(ends);
    Some(Scale {
        label: banded.name.clone(),
        value,
        earlier: Vec::new(),
        reading,
        from: *from,
        to: *to,
        low: low.clone(),
        high: high.clone(),
        bands: bands.map(|(band, end)| (band.from, end, band.says.clone())).collect(),
    })
}

/// The number that an answer on a scale gives.
pub(crate) fn number(from: i64, answer: Option<&Answer>) -> Option<i64> {
    match answer {
        Some(Answer::Marks(marks)) if *marks != UNSURE => {
            Some(from + i64::from(marks.trailing_zeros()))
        }
        _ => None,
    }
}

fn reading(words: Language, banded: &BandedScale, value: i64, to: i64) -> String {
    let reading = words.tell("scale-reading", &[("value", value.into()), ("to", to.into())]);
    match banded.band(value) {
        Some(band) => format!("{reading}, {band}"),
        None => reading,
    }
}

/// The points of the treatments that can be offered; none where no treatment is named.
pub(crate) fn bars(rules: &RuleSet, assessment: &Assessment) -> Vec<Bar> {
    let Some(suggested) = assessment.treatment(rules) else { return Vec::new() };
    let mut offered: Vec<usize> =
        rules.treatments().filter(|&item| assessment.standing[item].is_offered()).collect();
    offered.sort_by_key(|&item| std::cmp::Reverse(assessment.points[item]));
    offered
        .into_iter()
        .map(|item| Bar {
            label: rules.items[item].name.clone(),
            points: assessment.points[item],
            mark: (item == suggested).then(|| rules.words().say("suggested-mark")),
        })
        .collect()
}

/// The body chart, where the rule set names a question for it and it was asked.
pub(crate) fn body(
    rules: &RuleSet,
    answers: &Answers,
    assessment: &Assessment,
) -> Option<BodyChart> {
    let words = rules.words();
    let body = rules.sheet.body.filter(|&body| assessment.active[body])?;
    let question = &rules.questionnaire.questions[body];
    let answer = answers.get(body);
    let marks = match &answer {
        Some(Answer::Marks(marks)) => *marks,
        _ => 0,
    };
    let mut marked = 0;
    let regions: Vec<Region> = question
        .choices()
        .iter()
        .zip(question.marks())
        .map(|(choice, mark)| {
            let is_marked = marks & mark != 0;
            marked += usize::from(is_marked);
            let mark = is_marked.then_some(marked);
            Region { id: choice.id.clone(), label: choice.label.clone(), mark }
        })
        .collect();
    let names: Vec<String> = regions
        .iter()
        .filter_map(|region| Some(format!("{} {}", region.mark?, region.label)))
        .collect();
    let reading = match &answer {
        _ if !names.is_empty() => {
            words.tell("where-reading", &[("regions", names.join("; ").into())])
        }
        Some(answer) => question.read_back(answer),
        None => words.say("where-none"),
    };
    let (title, view) = (words.say("body-title"), words.say("body-back"));
    Some(BodyChart { title, view, regions, reading })
}
