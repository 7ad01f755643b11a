//! The whole account of a result in the shape that scripts read.

use std::collections::BTreeMap;

use serde::Serialize;

use super::open::{self, OpenShape};
use crate::answers::Answers;
use crate::condition::{Condition, Truth};
use crate::explain::{changes, evidence, margin, near_misses};
use crate::questionnaire::Question;
use crate::ruleset::RuleSet;
use crate::triage::{Assessment, Judged};

/// Questions and words of their answers.
type Words<'a> = BTreeMap<&'a str, Vec<String>>;

/// Why the result is what it is.
#[derive(Serialize)]
pub(super) struct Explanation<'a> {
    /// How many points the suggested treatment is ahead.
    margin: Option<i32>,
    warnings: Vec<FiredShape<'a>>,
    cautions: Vec<FiredShape<'a>>,
    findings: Vec<FiredShape<'a>>,
    rules: Vec<RuleShape<'a>>,
    nearly: Vec<NearShape<'a>>,
    would_change: Vec<ChangeShape<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    open: Option<OpenShape<'a>>,
}

#[derive(Serialize)]
struct FiredShape<'a> {
    id: &'a str,
    answers: Words<'a>,
}

#[derive(Serialize)]
struct RuleShape<'a> {
    rule: &'a str,
    points: BTreeMap<&'a str, i32>,
    answers: Words<'a>,
}

#[derive(Serialize)]
struct NearShape<'a> {
    rule: &'a str,
    missing: String,
}

#[derive(Serialize)]
struct ChangeShape<'a> {
    answers: Words<'a>,
    care: &'static str,
    suggestion: &'a str,
}

/// Works the account out. Where no treatment may be named, it has warnings and findings alone.
pub(super) fn explanation<'a>(
    rules: &'a RuleSet,
    answers: &Answers,
    assessment: &Assessment,
) -> Explanation<'a> {
    let judged = Judged::new(rules, answers);
    let by = |when: &Condition| words(rules, &judged, when);
    let is_named = assessment.treatment(rules).is_some();
    let fired = |id: &'a str, when: &Condition| FiredShape { id, answers: by(when) };
    let warnings = assessment.warnings.iter().map(|&warning| &rules.warnings[warning]);
    let findings = assessment.findings.iter().map(|&finding| &rules.findings[finding]);
    let cautions = assessment.cautions.iter().map(|&caution| &rules.cautions[caution]);
    let told = assessment.rules.iter().map(|&rule| &rules.rules[rule]);
    let near = if is_named { near_misses(rules, answers) } else { Vec::new() };
    Explanation {
        margin: margin(rules, assessment),
        warnings: warnings.map(|own| fired(&own.id, &own.when)).collect(),
        cautions: cautions.filter(|_| is_named).map(|own| fired(&own.id, &own.when)).collect(),
        findings: findings.map(|own| fired(&own.id, &own.when)).collect(),
        rules: told
            .filter(|_| is_named)
            .map(|rule| RuleShape {
                rule: &rule.id,
                // What is avoided is named nowhere, not even with its points.
                points: rule
                    .points
                    .iter()
                    .filter(|(item, _)| assessment.standing[*item].is_offered())
                    .map(|&(item, points)| (rules.items[item].id.as_str(), points))
                    .collect(),
                answers: rule.when.as_ref().map(by).unwrap_or_default(),
            })
            .collect(),
        nearly: near
            .into_iter()
            .map(|near| NearShape { rule: &rules.rules[near.rule].id, missing: near.missing })
            .collect(),
        would_change: changes(rules, answers, assessment, 2)
            .into_iter()
            .map(|change| ChangeShape {
                answers: change
                    .answers
                    .iter()
                    .map(|&(question, marks)| spelled(rules, question, marks))
                    .collect(),
                care: change.care.id(),
                suggestion: change.treatment.map_or("none", |item| &rules.items[item].id),
            })
            .collect(),
        open: open::shape(rules, answers, assessment),
    }
}

/// The answers that make a condition hold, in words; none if it does not.
fn words<'a>(rules: &'a RuleSet, judged: &Judged, when: &Condition) -> Words<'a> {
    debug_assert_eq!(when.truth(&judged.facts()), Truth::True, "only what fired is explained");
    let evidence = evidence(rules, judged, when).into_iter();
    evidence.map(|evidence| spelled(rules, evidence.question, evidence.marks)).collect()
}

fn spelled(rules: &RuleSet, question: usize, marks: u64) -> (&str, Vec<String>) {
    let question = &rules.questionnaire.questions[question];
    (&question.id, Question::single_marks(marks).map(|mark| question.word(mark)).collect())
}
