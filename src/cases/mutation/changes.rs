//! Every change of a rule set that is tried: one weight, bound, answer, part of a condition, level
//! of care or avoided item at a time, and whole entries left out.

use crate::condition::{Care, Condition, PointsTest};
use crate::fault::Place;
use crate::prose::tick;
use crate::questionnaire::{Kind, Question};
use crate::ruleset::RuleSet;

/// One change.
#[derive(Clone, Debug)]
pub(super) struct Change {
    /// What is changed, in words.
    pub(super) says: String,
    /// Where.
    pub(super) place: Place,
    /// The change itself.
    pub(super) edit: Edit,
}

/// What stands in place of what; done twice, all is as it was.
#[derive(Clone, Debug)]
pub(super) enum Edit {
    /// A condition of an entry.
    When(Owner, Condition),
    /// The condition of a rule that has none.
    Rule { rule: usize, when: Option<Condition> },
    /// Points of an entry of a rule.
    Points { rule: usize, entry: usize, points: i32 },
    /// The care of a warning.
    Care { warning: usize, care: Care },
    /// What a caution avoids.
    Avoid { caution: usize, avoid: Vec<usize> },
}

/// What has a condition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Owner {
    Question(usize),
    Finding(usize),
    Warning(usize),
    Caution(usize),
    Rule(usize),
    Suggestion(usize),
}

impl Edit {
    /// Changes the rules, and keeps what stood there.
    pub(super) fn swap(&mut self, rules: &mut RuleSet) {
        match self {
            Self::When(owner, condition) => {
                if let Some(place) = owner.condition(rules) {
                    std::mem::swap(place, condition);
                }
            }
            Self::Rule { rule, when } => std::mem::swap(&mut rules.rules[*rule].when, when),
            Self::Points { rule, entry, points } => {
                std::mem::swap(&mut rules.rules[*rule].points[*entry].1, points);
            }
            Self::Care { warning, care } => {
                std::mem::swap(&mut rules.warnings[*warning].care, care);
            }
            Self::Avoid { caution, avoid } => {
                std::mem::swap(&mut rules.cautions[*caution].avoid, avoid);
            }
        }
    }
}

impl Owner {
    fn all(rules: &RuleSet) -> Vec<Self> {
        let questions = (0..rules.questionnaire.questions.len()).map(Self::Question);
        let findings = (0..rules.findings.len()).map(Self::Finding);
        let warnings = (0..rules.warnings.len()).map(Self::Warning);
        let cautions = (0..rules.cautions.len()).map(Self::Caution);
        let own = (0..rules.rules.len()).map(Self::Rule);
        let suggestions = (0..rules.suggestions.len()).map(Self::Suggestion);
        let all = questions.chain(findings).chain(warnings).chain(cautions);
        all.chain(own).chain(suggestions).collect()
    }

    fn condition(self, rules: &mut RuleSet) -> Option<&mut Condition> {
        match self {
            Self::Question(own) => rules.questionnaire.questions[own].when.as_mut(),
            Self::Finding(own) => Some(&mut rules.findings[own].when),
            Self::Warning(own) => Some(&mut rules.warnings[own].when),
            Self::Caution(own) => Some(&mut rules.cautions[own].when),
            Self::Rule(own) => rules.rules[own].when.as_mut(),
            Self::Suggestion(own) => rules.suggestions[own].when.as_mut(),
        }
    }

    fn named(self, rules: &RuleSet) -> (String, Place) {
        let (what, id, place) = match self {
            Self::Question(own) => {
                let own = &rules.questionnaire.questions[own];
                ("question", &own.id, own.place)
            }
            Self::Finding(own) => ("finding", &rules.findings[own].id, rules.findings[own].place),
            Self::Warning(own) => ("warning", &rules.warnings[own].id, rules.warnings[own].place),
            Self::Caution(own) => ("caution", &rules.cautions[own].id, rules.cautions[own].place),
            Self::Rule(own) => ("rule", &rules.rules[own].id, rules.rules[own].place),
            Self::Suggestion(own) => {
                ("suggestion", &rules.suggestions[own].id, rules.suggestions[own].place)
            }
        };
        (format!("{what} {}", tick(id)), place)
    }
}

/// Every change, in the order of the file within each kind.
pub(super) fn all(rules: &RuleSet) -> Vec<Change> {
    let mut all = Vec::new();
    weights(rules, &mut all);
    let mut copy = rules.clone();
    for owner in Owner::all(rules) {
        let (name, place) = owner.named(rules);
        let never = || Condition::Any(Vec::new());
        let Some(condition) = owner.condition(&mut copy).map(|own| own.clone()) else {
            if let Owner::Rule(rule) = owner {
                let edit = Edit::Rule { rule, when: Some(never()) };
                all.push(Change { says: format!("{name} left out"), place, edit });
            }
            continue;
        };
        let mut add = |says: String, condition| {
            all.push(Change { says, place, edit: Edit::When(owner, condition) });
        };
        add(format!("{name} left out"), never());
        for (how, changed) in variants(rules, &condition) {
            add(format!("{name} {how}"), changed);
        }
    }
    levels(rules, &mut all);
    avoided(rules, &mut all);
    all
}

fn weights(rules: &RuleSet, all: &mut Vec<Change>) {
    for (rule, own) in rules.rules.iter().enumerate() {
        for (entry, &(item, points)) in own.points.iter().enumerate() {
            for other in [points - 1, points + 1] {
                let says = format!(
                    "rule {} gives {other} to {} instead of {points}",
                    tick(&own.id),
                    tick(&rules.items[item].id)
                );
                let edit = Edit::Points { rule, entry, points: other };
                all.push(Change { says, place: own.place, edit });
            }
        }
    }
}

/// Every warning, one level lower.
fn levels(rules: &RuleSet, all: &mut Vec<Change>) {
    for (warning, own) in rules.warnings.iter().enumerate() {
        let care = match own.care {
            Care::Emergency => Care::SameDay,
            Care::SameDay => Care::Prompt,
            Care::Prompt | Care::Routine => continue,
        };
        let says =
            format!("warning {} at {} instead of {}", tick(&own.id), care.id(), own.care.id());
        all.push(Change { says, place: own.place, edit: Edit::Care { warning, care } });
    }
}

fn avoided(rules: &RuleSet, all: &mut Vec<Change>) {
    for (caution, own) in rules.cautions.iter().enumerate() {
        for &item in &own.avoid {
            let avoid = own.avoid.iter().copied().filter(|&other| other != item).collect();
            let says = format!(
                "caution {} no longer avoids {}",
                tick(&own.id),
                tick(&rules.items[item].id)
            );
            all.push(Change { says, place: own.place, edit: Edit::Avoid { caution, avoid } });
        }
    }
}

/// Every condition that differs in one answer, bound, count or part, and how it differs.
fn variants(rules: &RuleSet, condition: &Condition) -> Vec<(String, Condition)> {
    match condition {
        Condition::All(parts) => with_parts(rules, parts, 1, Condition::All),
        Condition::Any(parts) => with_parts(rules, parts, 1, Condition::Any),
        Condition::AtLeast { count, of } => {
            let same = |of| Condition::AtLeast { count: *count, of };
            let mut found = with_parts(rules, of, *count, same);
            for other in [count - 1, count + 1] {
                if (1..=of.len()).contains(&other) {
                    let changed = Condition::AtLeast { count: other, of: of.clone() };
                    found.push((format!("asks for {other} instead of {count}"), changed));
                }
            }
            found
        }
        Condition::Not(part) => variants(rules, part)
            .into_iter()
            .map(|(how, part)| (how, Condition::Not(Box::new(part))))
            .collect(),
        Condition::Answer { question, marks } => answer(rules, *question, *marks),
        Condition::Marked { question, marks, at_least } => [at_least - 1, at_least + 1]
            .into_iter()
            .filter(|other| (1..=marks.count_ones()).contains(other))
            .map(|other| {
                let id = tick(&rules.questionnaire.questions[*question].id);
                let how = format!("asks for {other} marks of {id} instead of {at_least}");
                let changed =
                    Condition::Marked { question: *question, marks: *marks, at_least: other };
                (how, changed)
            })
            .collect(),
        Condition::Points(test) => points(rules, test),
        Condition::Finding(_) | Condition::Outcome(_) => Vec::new(),
    }
}

/// Each part left out, where `fewest` are left, and each part changed.
fn with_parts(
    rules: &RuleSet,
    parts: &[Condition],
    fewest: usize,
    whole: impl Fn(Vec<Condition>) -> Condition,
) -> Vec<(String, Condition)> {
    let mut found = Vec::new();
    for (index, part) in parts.iter().enumerate() {
        if parts.len() > fewest {
            let mut rest = parts.to_vec();
            rest.remove(index);
            found.push((format!("without {}", tick(&rules.in_words(part))), whole(rest)));
        }
        for (how, changed) in variants(rules, part) {
            let mut others = parts.to_vec();
            others[index] = changed;
            found.push((how, whole(others)));
        }
    }
    found
}

/// One answer of several left out; for a scale, either end one step on.
fn answer(rules: &RuleSet, question: usize, marks: u64) -> Vec<(String, Condition)> {
    let own = &rules.questionnaire.questions[question];
    let id = tick(&own.id);
    let test = |marks| Condition::Answer { question, marks };
    if !matches!(own.kind, Kind::Scale { .. }) {
        let several = marks.count_ones() > 1;
        let left_out = Question::single_marks(marks).filter(|_| several).map(|mark| {
            (format!("without {} of {id}", tick(&own.word(mark))), test(marks & !mark))
        });
        return left_out.collect();
    }
    let all = own.marks().into_iter().fold(0, |all, mark| all | mark);
    let steps = marks & all;
    let mut found = Vec::new();
    for step in Question::single_marks(all) {
        let is_in = steps & step != 0;
        // A step whose neighbour is on the other side of the bound moves across it.
        let is_bound = [step << 1, step >> 1]
            .into_iter()
            .any(|next| next & all != 0 && (steps & next != 0) != is_in);
        let changed = marks ^ step;
        if is_bound && changed != 0 && steps != 0 {
            let how = if is_in { "without" } else { "also at" };
            found.push((format!("{how} {} of {id}", tick(&own.word(step))), test(changed)));
        }
    }
    found
}

/// Either bound of points one lower and one higher, and each item it is compared with left out.
fn points(rules: &RuleSet, test: &PointsTest) -> Vec<(String, Condition)> {
    let id = |item: usize| tick(&rules.items[item].id);
    let mut found = Vec::new();
    for step in [-1, 1] {
        let moved = |bound: Option<i32>| bound.map(|bound| bound + step);
        if let Some(bound) = test.at_least {
            let how = format!("at {} points of {} instead of {bound}", bound + step, id(test.item));
            let at_least = moved(test.at_least);
            found.push((how, PointsTest { at_least, ..test.clone() }));
        }
        if let Some(bound) = test.at_most {
            let how =
                format!("up to {} points of {} instead of {bound}", bound + step, id(test.item));
            let at_most = moved(test.at_most);
            found.push((how, PointsTest { at_most, ..test.clone() }));
        }
    }
    let without = |items: &[usize], item: usize| -> Vec<usize> {
        items.iter().copied().filter(|&other| other != item).collect()
    };
    for &other in &test.above {
        let how = format!("without {} above {}", id(test.item), id(other));
        found.push((how, PointsTest { above: without(&test.above, other), ..test.clone() }));
    }
    for &other in &test.not_below {
        let how = format!("without {} not below {}", id(test.item), id(other));
        let not_below = without(&test.not_below, other);
        found.push((how, PointsTest { not_below, ..test.clone() }));
    }
    found.into_iter().map(|(how, test)| (how, Condition::Points(test))).collect()
}
