//! Why a result is what it is, and the smallest changes of answers that would make it another.
//!
//! All of it is worked out by the ordinary evaluator on the person's own answers, so it is exact:
//! a change that is told has been tried. Where a change opens questions, it is told only if it
//! comes to the same however they are answered. It is never one to "not sure", and never one of an
//! answer that cannot change, such as age. Where no treatment may be named, no change is told
//! either.

use crate::answers::Answers;
use crate::condition::{Care, Condition, NONE, Truth, UNSURE};
use crate::language::Language;
use crate::questionnaire::{Answer, Kind, Question};
use crate::ruleset::RuleSet;
use crate::triage::{Assessment, Judged, triage};

/// The most single changes that are tried in pairs; beyond it pairs would take too long to try.
const MOST_PAIRED: usize = 400;

/// The most ways to answer opened questions that are tried for one account; past it, changes that
/// open questions are not told.
const MOST_OPENED: usize = 50_000;

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
/// for each that can be reached by changing at most `most` answers (1 or 2), nearest first. One
/// choice in place of another is a change of one answer; such changes are not tried in pairs.
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
    let mut tries = MOST_OPENED;
    let steps = single_changes(rules, answers, assessment, others);
    let swapped = single_changes(rules, answers, assessment, swaps);
    let mut attempt = |changed: &[(usize, u64)], found: &mut Vec<Change>| {
        let mut other = answers.clone();
        for &(question, marks) in changed {
            other.give(question, Answer::Marks(marks));
        }
        // Pairs are many, so for them nothing is tried beyond what was answered.
        let most = if changed.len() == 1 { tries.min(MOST_OPENED / 10) } else { 0 };
        let (mut certain, mut left) = (None, most);
        if comes_to(rules, &mut other, &seen, &mut certain, &mut left)
            && let Some((care, treatment)) = certain
        {
            seen.push((care, treatment));
            found.push(Change { answers: changed.to_vec(), care, treatment });
        }
        tries -= most - left;
    };
    for change in steps.iter().chain(&swapped) {
        attempt(std::slice::from_ref(change), &mut found);
    }
    if most > 1 && steps.len() <= MOST_PAIRED {
        for (first_idx, first) in steps.iter().enumerate() {
            for second in &steps[first_idx + 1..] {
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

/// Whether answers come to one and the same new outcome, however the questions that they leave open
/// are answered; `certain` is that outcome, and `left` how many ways may still be tried.
fn comes_to(
    rules: &RuleSet,
    answers: &mut Answers,
    seen: &[(Care, Option<usize>)],
    certain: &mut Option<(Care, Option<usize>)>,
    left: &mut usize,
) -> bool {
    let assessment = triage(rules, answers);
    let open = assessment.not_answered.first().filter(|_| assessment.care != Care::Emergency);
    let Some(&open) = open else {
        let leads_to = (assessment.care, assessment.treatment(rules));
        return !seen.contains(&leads_to) && *certain.get_or_insert(leads_to) == leads_to;
    };
    let question = &rules.questionnaire.questions[open];
    let all = question.marks().into_iter().fold(0, |all, mark| all | mark);
    let alone = [NONE, UNSURE].into_iter().filter(|own| question.all_marks() & own != 0);
    let most = match &question.kind {
        Kind::AnyOf { at_most, .. } => at_most.unwrap_or(usize::MAX),
        Kind::YesNo | Kind::OneOf(_) | Kind::Scale { .. } | Kind::Text => 1,
    };
    let fits = |marks: &u64| marks.count_ones() as usize <= most;
    for marks in alone.chain((1..=all).filter(fits)) {
        if *left == 0 {
            return false;
        }
        *left -= 1;
        answers.give(open, Answer::Marks(marks));
        let agrees = comes_to(rules, answers, seen, certain, left);
        answers.forget(open);
        if !agrees {
            return false;
        }
    }
    true
}

/// The other answers to each question that can change, one at a time.
fn single_changes(
    rules: &RuleSet,
    answers: &Answers,
    assessment: &Assessment,
    others: impl Fn(&Question, u64) -> Vec<u64>,
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

/// Answers to an any-of question with one choice in place of another.
fn swaps(question: &Question, given: u64) -> Vec<u64> {
    if !matches!(question.kind, Kind::AnyOf { .. }) {
        return Vec::new();
    }
    let chosen = given & !(NONE | UNSURE);
    let (off, on): (Vec<u64>, Vec<u64>) =
        question.marks().into_iter().partition(|mark| chosen & mark != 0);
    off.iter().flat_map(|off| on.iter().map(move |on| chosen & !off | on)).collect()
}

/// Answers that differ in one mark, or are another word or step, near steps first.
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
    // Choices that stay need not be said.
    let (answer, given) = if several { (marks & !chosen, chosen & !marks) } else { (marks, given) };
    let (answer, given) = (label(answer).into(), label(given).into());
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
