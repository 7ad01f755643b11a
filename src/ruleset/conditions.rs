//! A condition as written, to one that is compiled: ids become indices, answers become marks.

use super::fields::{Id, elements, wrong_kind};
use super::{Finding, Item, ItemKind};
use crate::condition::{Care, Condition, OutcomeTest, PointsTest};
use crate::fault::{Fault, Place};
use crate::prose::{did_you_mean, tick};
use crate::questionnaire::{Kind, Question};
use crate::yaml::{Key, Node, Value};

/// Keys of a condition that are not ids.
pub(super) const CONDITION_WORDS: [&str; 7] =
    ["any", "all", "not", "at-least", "care", "suggestion", "offers"];

/// What a condition may speak of, where it stands.
pub(super) struct Scope<'a> {
    /// All questions.
    pub(super) questions: &'a [Question],
    /// The ids of all findings.
    pub(super) finding_ids: &'a [Id<'a>],
    /// The findings read so far; only these may be named.
    pub(super) findings: &'a [Finding],
    /// Treatments and options.
    pub(super) items: &'a [Item],
    /// For the condition of a question: its index; only earlier ones may be read.
    pub(super) before: Option<usize>,
    /// What it may test besides answers and findings.
    pub(super) besides: Besides,
}

/// What a condition may test besides answers and findings.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Besides {
    Nothing,
    Points,
    Outcome,
}

impl Scope<'_> {
    /// Compiles a condition; `None` means that a fault was added.
    pub(super) fn compile(&self, node: &Node, faults: &mut Vec<Fault>) -> Option<Condition> {
        let Value::Map(entries) = &node.value else {
            let help = "write what must hold, such as `{ pain: { at-least: 7 } }`";
            faults.push(wrong_kind(node, "a condition", "a mapping").help(help));
            return None;
        };
        if entries.is_empty() {
            let fault = Fault::new("empty-condition", node.place, "this condition tests nothing");
            faults.push(fault.help("name a question, or leave the condition out"));
            return None;
        }
        // Every entry is read even after a fault, so that all faults are told at once.
        let parts: Vec<Option<Condition>> =
            entries.iter().map(|(key, value)| self.entry(key, value, faults)).collect();
        let mut parts = parts.into_iter().collect::<Option<Vec<_>>>()?;
        if parts.len() == 1 { parts.pop() } else { Some(Condition::All(parts)) }
    }

    fn entry(&self, key: &Key, value: &Node, faults: &mut Vec<Fault>) -> Option<Condition> {
        match key.text.as_str() {
            "any" => self.parts(key, value, faults).map(Condition::Any),
            "all" => self.parts(key, value, faults).map(Condition::All),
            "not" => Some(Condition::Not(Box::new(self.compile(value, faults)?))),
            "at-least" => self.at_least(key, value, faults),
            "care" | "suggestion" | "offers" => self.outcome(key, value, faults),
            _ => self.named(key, value, faults),
        }
    }

    fn parts(&self, key: &Key, value: &Node, faults: &mut Vec<Fault>) -> Option<Vec<Condition>> {
        let items = elements(value);
        if items.is_empty() {
            faults.push(empty_list(&key.text, key.place));
            return None;
        }
        let parts: Vec<Option<Condition>> =
            items.into_iter().map(|item| self.compile(item, faults)).collect();
        parts.into_iter().collect()
    }

    fn at_least(&self, key: &Key, value: &Node, faults: &mut Vec<Fault>) -> Option<Condition> {
        let mut fields = super::fields::Fields::of(value, "`at-least`", faults)?;
        let count = fields.number("count", faults);
        let of = fields.required("of", faults).map(|node| self.parts(key, node, faults));
        fields.finish(faults);
        let (of, count) = (of??, count?);
        let enough = usize::try_from(count).ok().filter(|count| (1..=of.len()).contains(count));
        if enough.is_none() {
            let message = format!("at least {count} of {} can never hold", of.len());
            let help = format!("expected a count from 1 to {}", of.len());
            faults.push(Fault::new("count-out-of-range", key.place, message).help(help));
        }
        Some(Condition::AtLeast { count: enough?, of })
    }

    fn named(&self, key: &Key, value: &Node, faults: &mut Vec<Fault>) -> Option<Condition> {
        let name = key.text.as_str();
        if let Some(question_idx) = self.questions.iter().position(|q| q.id == name) {
            return self.answer(key, question_idx, value, faults);
        }
        if let Some(finding_idx) = self.finding_ids.iter().position(|id| id.text == name) {
            return self.finding(key, finding_idx, value, faults);
        }
        if let Some(item_idx) = self.items.iter().position(|item| item.id == name) {
            return self.points(key, item_idx, value, faults);
        }
        let questions = self.questions.iter().map(|question| question.id.as_str());
        let findings = self.finding_ids.iter().map(|id| id.text);
        let known: Vec<&str> = questions.chain(findings).chain(CONDITION_WORDS).collect();
        let message = format!("{} is no question and no finding", tick(name));
        let help = did_you_mean(name, known.iter().copied());
        faults.push(Fault::new("unknown-question", key.place, message).help(help));
        None
    }

    fn finding(
        &self,
        key: &Key,
        finding_idx: usize,
        value: &Node,
        faults: &mut Vec<Fault>,
    ) -> Option<Condition> {
        let name = tick(&key.text);
        let Some(finding) = self.findings.get(finding_idx) else {
            let message = format!("finding {name} stands further down");
            faults.push(
                Fault::new("forward-reference", key.place, message)
                    .help("a finding may read only questions and the findings above it")
                    .also(self.finding_ids[finding_idx].place, "it stands here"),
            );
            return None;
        };
        if let (Some(before), Some(&last)) = (self.before, finding.reads.last())
            && last >= before
        {
            let later = &self.questions[last];
            let message = format!("finding {name} reads {}, asked later", tick(&later.id));
            faults.push(
                Fault::new("forward-reference", key.place, message)
                    .help("a question may depend only on questions asked before it")
                    .also(later.place, "it is asked here"),
            );
            return None;
        }
        match &value.value {
            Value::Scalar(word) if word == "yes" || word == "true" => {
                Some(Condition::Finding(finding_idx))
            }
            Value::Scalar(word) if word == "no" || word == "false" => {
                Some(Condition::Not(Box::new(Condition::Finding(finding_idx))))
            }
            _ => {
                faults.push(wrong_kind(value, &format!("finding {name}"), "`yes` or `no`"));
                None
            }
        }
    }

    fn answer(
        &self,
        key: &Key,
        question_idx: usize,
        value: &Node,
        faults: &mut Vec<Fault>,
    ) -> Option<Condition> {
        let question = &self.questions[question_idx];
        let name = tick(&key.text);
        if question.kind == Kind::Text {
            let message = format!("{name} is a text, and no condition may read a text");
            let help = "a text is a note for the report; ask a question with choices instead";
            faults.push(Fault::new("text-in-condition", key.place, message).help(help));
            return None;
        }
        if self.before.is_some_and(|before| question_idx >= before) {
            let message = format!("{name} is not asked before this question");
            faults.push(
                Fault::new("forward-reference", key.place, message)
                    .help("a question may depend only on questions asked before it")
                    .also(question.place, "it is asked here"),
            );
            return None;
        }
        match &value.value {
            Value::Map(_) => self.answer_mapping(question_idx, value, faults),
            Value::Null => {
                faults.push(wrong_kind(value, &name, "an answer"));
                None
            }
            Value::Scalar(_) | Value::List(_) => {
                let marks = Self::each_mark(question, elements(value), key.place, faults)?;
                let marks = marks.into_iter().fold(0, |all, mark| all | mark);
                Some(Condition::Answer { question: question_idx, marks })
            }
        }
    }

    /// The mark of each answer named in a list.
    fn each_mark(
        question: &Question,
        nodes: Vec<&Node>,
        place: Place,
        faults: &mut Vec<Fault>,
    ) -> Option<Vec<u64>> {
        if nodes.is_empty() {
            faults.push(empty_list(&question.id, place));
            return None;
        }
        let marks: Vec<Option<u64>> =
            nodes.into_iter().map(|node| mark(question, node, faults)).collect();
        marks.into_iter().collect()
    }

    fn answer_mapping(
        &self,
        question_idx: usize,
        value: &Node,
        faults: &mut Vec<Fault>,
    ) -> Option<Condition> {
        let question = &self.questions[question_idx];
        let what = format!("the test of {}", tick(&question.id));
        let mut fields = super::fields::Fields::of(value, &what, faults)?;
        let place = fields.place;
        let condition = match &question.kind {
            Kind::Scale { from, to, .. } => {
                let least = fields.number("at-least", faults);
                let most = fields.number("at-most", faults);
                let (from, to) = (*from, *to);
                for bound in [least, most].into_iter().flatten() {
                    if !(from..=to).contains(&bound) {
                        let message =
                            format!("{bound} is not on the scale of {}", tick(&question.id));
                        let help = format!("expected a whole number from {from} to {to}");
                        faults.push(Fault::new("unfitting-answer", place, message).help(help));
                    }
                }
                let wanted = |step: i64| {
                    least.is_none_or(|l| from + step >= l) && most.is_none_or(|m| from + step <= m)
                };
                let marks = (0..=to - from).filter(|&step| wanted(step)).map(|step| 1 << step);
                let marks = marks.fold(0, |all: u64, mark: u64| all | mark);
                (least.is_some() || most.is_some())
                    .then_some(Condition::Answer { question: question_idx, marks })
            }
            Kind::AnyOf { .. } => {
                let least = fields.number("at-least", faults);
                let all = fields.node("all-of").map(|node| {
                    let marks = Self::each_mark(question, elements(node), node.place, faults)?;
                    let tests = marks
                        .into_iter()
                        .map(|marks| Condition::Answer { question: question_idx, marks });
                    Some(Condition::All(tests.collect()))
                });
                let choices = question.marks();
                match (least, all) {
                    (None, Some(all)) => Some(all?),
                    (Some(least), None) => {
                        let fitting = u32::try_from(least)
                            .ok()
                            .filter(|&least| (1..=choices.len()).contains(&(least as usize)));
                        if fitting.is_none() {
                            let help = format!("expected a count from 1 to {}", choices.len());
                            let message = format!("at least {least} can never hold");
                            faults
                                .push(Fault::new("count-out-of-range", place, message).help(help));
                        }
                        let marks = choices.into_iter().fold(0, |all, mark| all | mark);
                        Some(Condition::Marked {
                            question: question_idx,
                            marks,
                            at_least: fitting?,
                        })
                    }
                    _ => None,
                }
            }
            Kind::YesNo | Kind::OneOf(_) | Kind::Text => {
                let message = format!("{} has no bounds to test", tick(&question.id));
                let help = format!("expected {}", question.expected());
                faults.push(Fault::new("unfitting-answer", place, message).help(help));
                return None;
            }
        };
        fields.finish(faults);
        if condition.is_none() {
            let help = match question.kind {
                Kind::Scale { .. } => "write `at-least`, `at-most` or both",
                _ => "write `at-least: 2`, or `all-of: [..]`",
            };
            let message = format!("{what} tests nothing");
            faults.push(Fault::new("empty-condition", place, message).help(help));
        }
        condition
    }

    fn points(
        &self,
        key: &Key,
        item: usize,
        value: &Node,
        faults: &mut Vec<Fault>,
    ) -> Option<Condition> {
        if self.besides != Besides::Points {
            let message =
                format!("{} has points, which only suggestions may test", tick(&key.text));
            let help = "test the answers or a finding instead";
            faults.push(Fault::new("misplaced-test", key.place, message).help(help));
            return None;
        }
        let mut fields =
            super::fields::Fields::of(value, &format!("the test of {}", tick(&key.text)), faults)?;
        let mut bound = |name| {
            fields.number(name, faults).map(|bound| i32::try_from(bound).unwrap_or(i32::MAX))
        };
        let (at_least, at_most) = (bound("at-least"), bound("at-most"));
        let above = self.items_named(&fields.list("above"), false, faults);
        let not_below = self.items_named(&fields.list("not-below"), false, faults);
        let place = fields.place;
        fields.finish(faults);
        let test = PointsTest { item, at_least, at_most, above: above?, not_below: not_below? };
        if test == (PointsTest { item, ..PointsTest::default() }) {
            let help = "write `at-least`, `at-most`, `above` or `not-below`";
            let fault = Fault::new("empty-condition", place, "this test of points tests nothing");
            faults.push(fault.help(help));
            return None;
        }
        Some(Condition::Points(test))
    }

    fn outcome(&self, key: &Key, value: &Node, faults: &mut Vec<Fault>) -> Option<Condition> {
        if self.besides != Besides::Outcome {
            let message = format!("only a promise may test {}", tick(&key.text));
            let help = "test the answers or a finding instead";
            faults.push(Fault::new("misplaced-test", key.place, message).help(help));
            return None;
        }
        let nodes = elements(value);
        if nodes.is_empty() {
            faults.push(empty_list(&key.text, key.place));
            return None;
        }
        Some(Condition::Outcome(match key.text.as_str() {
            "care" => {
                let levels: Vec<Option<Care>> =
                    nodes.into_iter().map(|node| care(node, faults)).collect();
                OutcomeTest::Care(levels.into_iter().collect::<Option<_>>()?)
            }
            "suggestion" => {
                let (none, named): (Vec<&Node>, Vec<&Node>) = nodes
                    .into_iter()
                    .partition(|node| node.value == Value::Scalar("none".to_owned()));
                let named = self.items_named(&named, true, faults)?;
                let none = none.first().map(|_| None);
                OutcomeTest::Suggestion(named.into_iter().map(Some).chain(none).collect())
            }
            _ => OutcomeTest::Offers(self.items_named(&nodes, false, faults)?),
        }))
    }

    /// The items named in a list; only treatments, if so asked.
    pub(super) fn items_named(
        &self,
        nodes: &[&Node],
        treatments_only: bool,
        faults: &mut Vec<Fault>,
    ) -> Option<Vec<usize>> {
        let found: Vec<Option<usize>> =
            nodes.iter().map(|node| self.item_named(node, treatments_only, faults)).collect();
        found.into_iter().collect()
    }

    fn item_named(
        &self,
        node: &Node,
        treatments_only: bool,
        faults: &mut Vec<Fault>,
    ) -> Option<usize> {
        let kind = if treatments_only { "treatment" } else { "treatment or option" };
        let Value::Scalar(name) = &node.value else {
            faults.push(wrong_kind(node, &format!("a {kind}"), "an id"));
            return None;
        };
        let fits =
            |item: &Item| !treatments_only || matches!(item.kind, ItemKind::Treatment { .. });
        let found = self.items.iter().position(|item| item.id == *name && fits(item));
        if found.is_none() {
            let known: Vec<&str> =
                self.items.iter().filter(|item| fits(item)).map(|item| item.id.as_str()).collect();
            let message = format!("{} is no {kind}", tick(name));
            let help = did_you_mean(name, known.iter().copied());
            faults.push(Fault::new("unknown-treatment", node.place, message).help(help));
        }
        found
    }
}

/// The mark an answer names in a condition.
fn mark(question: &Question, node: &Node, faults: &mut Vec<Fault>) -> Option<u64> {
    let Value::Scalar(word) = &node.value else {
        faults.push(wrong_kind(
            node,
            &format!("an answer to {}", tick(&question.id)),
            "one answer",
        ));
        return None;
    };
    let found = question.mark(word);
    if found.is_none() {
        let message = format!("{} is no answer to {}", tick(word), tick(&question.id));
        let words = question.words();
        let help = match question.kind {
            _ if word == "unsure" => {
                "the question does not offer it; add `unsure:` to it".to_owned()
            }
            Kind::Scale { .. } => format!("expected {}", question.expected()),
            _ => did_you_mean(word, words.iter().map(String::as_str)),
        };
        faults.push(
            Fault::new("unknown-answer", node.place, message)
                .help(help)
                .also(question.place, "the question stands here"),
        );
    }
    found
}

/// The level of care a node names.
pub(super) fn care(node: &Node, faults: &mut Vec<Fault>) -> Option<Care> {
    let Value::Scalar(word) = &node.value else {
        faults.push(wrong_kind(node, "a level of care", "one word"));
        return None;
    };
    let found = Care::find(word);
    if found.is_none() {
        let message = format!("{} is no level of care", tick(word));
        let help = did_you_mean(word, Care::ALL.map(Care::id));
        faults.push(Fault::new("unknown-care", node.place, message).help(help));
    }
    found
}

fn empty_list(name: &str, place: Place) -> Fault {
    Fault::new("empty-list", place, format!("the list of {} is empty", tick(name)))
        .help("name at least one, or leave it out")
}
