//! Why a result is what it is, and the smallest changes of answers that would make it another.
//!
//! All of it is worked out by the ordinary evaluator on the person's own answers, so it is exact:
//! a change that is told has been tried. A change is only told where nothing asked would be left
//! unanswered by it, never one to "not sure", and never one of an answer that cannot change, such
//! as age. Where no treatment may be named, no change is told either.

use crate::answers::Answers;
use crate::condition::{Care, Condition, NONE, Truth, UNSURE};
use crate::language::Language;
use crate::questionnaire::{Answer, Kind, Question};
use crate::ruleset::RuleSet;
use crate::triage::{Assessment, Judged, Suggestion, triage};

/// The most single changes that are tried in pairs; beyond it pairs would take too long to try.
const MOST_PAIRED: usize = 400;

/// An answer that made a condition hold: the question and the marks that did it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Evidence {
    /// The question.
    pub question: usize,
    /// The marks of its answer that the condition names; all of them where it names none.
    pub marks: u64,
}

/// A rule that did not fire for want of one thing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NearMiss {
    /// The rule.
    pub rule: usize,
    /// What was missing, in the words of rule sets.
    pub missing: String,
    /// The same in the words of the people who are asked.
    pub said: String,
}

/// Other answers, and what they would lead to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// The questions and their other answers.
    pub answers: Vec<(usize, u64)>,
    /// The level of care it would lead to.
    pub care: Care,
    /// The treatment it would lead to.
    pub treatment: Option<usize>,
}

/// How far the suggested treatment is ahead of the next, in points; negative where the order of
/// suggestions, not the points, decided.
pub fn margin(rules: &RuleSet, assessment: &Assessment) -> Option<i32> {
    let treatment = assessment.treatment(rules)?;
    let others = rules.treatments().filter(|&other| other != treatment);
    let next = others
        .filter(|&other| assessment.standing[other].is_offered())
        .map(|other| assessment.points[other])
        .max()?;
    Some(assessment.points[treatment] - next)
}

/// The margin in a sentence.
pub(crate) fn margin_in_words(words: Language, margin: i32) -> String {
    let key = match margin {
        1.. => "points-ahead",
        0 => return words.say("points-level"),
        _ => "points-behind",
    };
    words.tell(key, &[("points", words.points(margin.abs().into()).into())])
}

/// The answers that make a condition hold, in the order of the questions; empty if it does not.
pub fn evidence(rules: &RuleSet, judged: &Judged, condition: &Condition) -> Vec<Evidence> {
    let mut found = Vec::new();
    collect(rules, judged, condition, &mut found);
    found.sort_unstable();
    found.dedup();
    found
}

fn collect(rules: &RuleSet, judged: &Judged, condition: &Condition, found: &mut Vec<Evidence>) {
    if condition.truth(&judged.facts()) != Truth::True {
        return;
    }
    match condition {
        Condition::All(parts) | Condition::AtLeast { of: parts, .. } => {
            for part in parts {
                collect(rules, judged, part, found);
            }
        }
        Condition::Any(parts) => {
            // One reason is enough, and the first is the one the author put first.
            let holding = |part: &&Condition| part.truth(&judged.facts()) == Truth::True;
            if let Some(part) = parts.iter().find(holding) {
                collect(rules, judged, part, found);
            }
        }
        Condition::Not(part) => {
            let reads = rules.reads(part).into_iter();
            found.extend(
                reads
                    .filter(|&question| judged.marks[question] != 0)
                    .map(|question| Evidence { question, marks: judged.marks[question] }),
            );
        }
        Condition::Answer { question, marks } | Condition::Marked { question, marks, .. } => {
            let marks = judged.marks[*question] & marks;
            found.push(Evidence { question: *question, marks });
        }
        Condition::Finding(finding) => {
            collect(rules, judged, &rules.findings[*finding].when, found);
        }
        Condition::Points(_) | Condition::Outcome(_) => {}
    }
}

/// Rules that lack exactly one of the things they ask for.
pub fn near_misses(rules: &RuleSet, answers: &Answers) -> Vec<NearMiss> {
    let judged = Judged::new(rules, answers);
    let facts = judged.facts();
    let mut near = Vec::new();
    for (rule_idx, rule) in rules.rules.iter().enumerate() {
        let Some(Condition::All(parts)) = &rule.when else { continue };
        let missing: Vec<&Condition> =
            parts.iter().filter(|part| part.truth(&facts) != Truth::True).collect();
        if let [missing] = missing[..] {
            let (said, missing) = (rules.said(missing), rules.in_words(missing));
            near.push(NearMiss { rule: rule_idx, missing, said });
        }
    }
    near
}

/// The smallest changes of answers that would lead to another level of care or suggestion, one
/// for each that can be reached by changing at most `most` answers (1 or 2), nearest first.
pub fn changes(
    rules: &RuleSet,
    answers: &Answers,
    assessment: &Assessment,
    most: usize,
) -> Vec<Change> {
    if assessment.treatment(rules).is_none() || !assessment.not_answered.is_empty() {
        return Vec::new();
    }
    let here = (assessment.care, assessment.treatment(rules));
    let mut seen = vec![here];
    let mut found = Vec::new();
    let single = single_changes(rules, answers, assessment);
    let mut attempt = |changed: &[(usize, u64)], found: &mut Vec<Change>| {
        let mut other = answers.clone();
        for &(question, marks) in changed {
            other.give(question, Answer::Marks(marks));
        }
        let other = triage(rules, &other);
        let leads_to = (other.care, other.treatment(rules));
        let is_whole = other.not_answered.is_empty() || other.care == Care::Emergency;
        if is_whole && other.suggestion != Suggestion::Unscreened && !seen.contains(&leads_to) {
            seen.push(leads_to);
            let (care, treatment) = leads_to;
            found.push(Change { answers: changed.to_vec(), care, treatment });
        }
    };
    for change in &single {
        attempt(std::slice::from_ref(change), &mut found);
    }
    if most > 1 && single.len() <= MOST_PAIRED {
        for (first_idx, first) in single.iter().enumerate() {
            for second in &single[first_idx + 1..] {
                if first.0 != second.0 {
                    attempt(&[*first, *second], &mut found);
                }
            }
        }
    }
    // Another suggestion at the same level of care first, then other levels, the nearest first.
    found.sort_by_key(|change| {
        let apart = (change.care as i32 - assessment.care as i32).abs();
        (apart, change.answers.len())
    });
    found
}

/// Every answer that differs in one mark, or one step, from what was answered; near steps first.
fn single_changes(
    rules: &RuleSet,
    answers: &Answers,
    assessment: &Assessment,
) -> Vec<(usize, u64)> {
    let mut changes = Vec::new();
    for (question_idx, question) in rules.questionnaire.questions.iter().enumerate() {
        let given = answers.marks()[question_idx];
        if assessment.active[question_idx] && given != 0 && !question.fixed {
            changes.extend(others(question, given).into_iter().map(|marks| (question_idx, marks)));
        }
    }
    changes
}

fn others(question: &Question, given: u64) -> Vec<u64> {
    let marks = question.marks();
    match &question.kind {
        Kind::AnyOf { none, at_most, .. } => {
            let chosen = given & !(NONE | UNSURE);
            let fits = |marks: &u64| at_most.is_none_or(|most| marks.count_ones() as usize <= most);
            let toggled = marks.iter().map(|mark| chosen ^ mark).filter(fits).map(|marks| {
                if marks == 0 { if none.is_some() { NONE } else { 0 } } else { marks }
            });
            toggled.filter(|&marks| marks != 0 && marks != given).collect()
        }
        Kind::YesNo | Kind::OneOf(_) | Kind::Scale { .. } | Kind::Text => {
            let mut others: Vec<u64> = marks.into_iter().filter(|&mark| mark != given).collect();
            if given != UNSURE {
                others.sort_by_key(|mark| mark.trailing_zeros().abs_diff(given.trailing_zeros()));
            }
            others
        }
    }
}

/// A change of one answer in words: the question, then what would be different.
pub fn in_words(rules: &RuleSet, answers: &Answers, question_idx: usize, marks: u64) -> String {
    let question = &rules.questionnaire.questions[question_idx];
    let given = answers.marks()[question_idx];
    let label = |marks| question.read_back(&Answer::Marks(marks));
    let words = rules.words();
    let ask = question.short();
    let chosen = given & !(NONE | UNSURE);
    let several = matches!(question.kind, Kind::AnyOf { .. }) && marks != NONE && chosen != 0;
    if several && marks & chosen == chosen {
        let added = words.tell("change-as-well", &[("answer", label(marks & !chosen).into())]);
        return format!("{ask} {added}");
    }
    if several && chosen & marks == marks {
        let left = words.tell("change-without", &[("answer", label(chosen & !marks).into())]);
        return format!("{ask} {left}");
    }
    let (answer, given) = (label(marks).into(), label(given).into());
    let instead = words.tell("change-instead", &[("answer", answer), ("given", given)]);
    format!("{ask} {instead}")
}

/// The answers that made a condition hold, as the person would read them back.
pub fn evidence_in_words(rules: &RuleSet, evidence: &[Evidence]) -> Vec<String> {
    let questions = &rules.questionnaire.questions;
    evidence
        .iter()
        .map(|evidence| {
            let question = &questions[evidence.question];
            format!("{} {}", question.short(), question.read_back(&Answer::Marks(evidence.marks)))
        })
        .collect()
}
