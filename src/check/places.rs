//! Where in the file the parts of conditions and the texts stand: a loaded rule set knows only
//! where its entries do.

use crate::condition::Condition;
use crate::fault::Place;
use crate::ruleset::fields::elements;
use crate::yaml::{self, Key, Node, Value};

/// The file as it was written.
pub(super) struct Written<'s> {
    source: &'s str,
    node: Option<Node>,
}

impl<'s> Written<'s> {
    pub(super) fn of(source: &'s str) -> Self {
        Self { source, node: yaml::read(source).ok() }
    }

    /// Where a part of the condition of an entry stands; the entry itself where that is not clear.
    pub(super) fn part(&self, owner: &super::form::Owned<'_>, part: &Condition) -> Place {
        let sections = format!("{}s", owner.what);
        let entries = self.node.as_ref().and_then(|node| node.entry(&sections));
        let entry = entries.map(elements).into_iter().flatten().find(|entry| {
            entry.entry("id").and_then(Node::scalar).is_some_and(|id| id == owner.id)
        });
        let keys = ["when", "never", "always"];
        let when = entry.and_then(|entry| keys.into_iter().find_map(|key| entry.entry(key)));
        let mut parts = Vec::new();
        if let Some(when) = when {
            walk(when, owner.condition, &mut parts);
        }
        let found = parts.into_iter().find(|(own, _)| std::ptr::eq(*own, part));
        found.map_or(owner.place, |(_, place)| place)
    }

    /// Where a text stands, or a word of it; none where no text of the file is that one.
    pub(super) fn text(&self, text: &str, word: Option<&str>) -> Option<Place> {
        let place = find(self.node.as_ref()?, text)?;
        let Some(word) = word else { return Some(place) };
        let rest = self.source.get(place.start..)?.to_ascii_lowercase();
        let word = word.to_ascii_lowercase();
        let start = super::texts::find_word(&rest, &word).map(|start| place.start + start);
        Some(start.map_or(place, |start| Place { start, end: start + word.len() }))
    }
}

/// The place of the scalar that says this, where words were put in place of those in braces too.
fn find(node: &Node, text: &str) -> Option<Place> {
    match &node.value {
        Value::Scalar(own) => {
            let own = own.trim();
            let says = own == text
                || own.split_once('{').is_some_and(|(before, rest)| {
                    let after = rest.split_once('}').map_or("", |(_, after)| after);
                    let after = after.split('{').next().unwrap_or_default();
                    !before.is_empty() && text.starts_with(before) && text.contains(after)
                });
            says.then_some(node.place)
        }
        Value::List(items) => items.iter().find_map(|item| find(item, text)),
        Value::Map(entries) => entries.iter().find_map(|(_, node)| find(node, text)),
        Value::Null => None,
    }
}

type Parts<'c> = Vec<(&'c Condition, Place)>;

/// Every part of a condition with its place, by going through both side by side.
fn walk<'c>(node: &Node, condition: &'c Condition, parts: &mut Parts<'c>) {
    let Value::Map(entries) = &node.value else { return };
    parts.extend(span(node).map(|place| (condition, place)));
    match (entries.as_slice(), condition) {
        ([(key, value)], _) => entry(key, value, condition, parts),
        (_, Condition::All(of)) if of.len() == entries.len() => {
            for ((key, value), part) in entries.iter().zip(of) {
                let end = span(value).map_or(key.place.end, |place| place.end);
                parts.push((part, Place { start: key.place.start, end }));
                entry(key, value, part, parts);
            }
        }
        _ => {}
    }
}

fn entry<'c>(key: &Key, value: &Node, condition: &'c Condition, parts: &mut Parts<'c>) {
    match (key.text.as_str(), condition) {
        ("any", Condition::Any(of)) | ("all", Condition::All(of)) => {
            for (node, part) in elements(value).into_iter().zip(of) {
                walk(node, part, parts);
            }
        }
        ("at-least", Condition::AtLeast { of, .. }) => {
            let nodes = value.entry("of").map(elements).unwrap_or_default();
            for (node, part) in nodes.into_iter().zip(of) {
                walk(node, part, parts);
            }
        }
        ("not", Condition::Not(part)) => walk(value, part, parts),
        _ => {}
    }
}

/// From the first to the last word of a value.
fn span(node: &Node) -> Option<Place> {
    let join = |one: Option<Place>, other: Option<Place>| match (one, other) {
        (Some(one), Some(other)) => {
            Some(Place { start: one.start.min(other.start), end: one.end.max(other.end) })
        }
        (one, other) => one.or(other),
    };
    match &node.value {
        Value::Scalar(_) => Some(node.place),
        Value::List(items) => items.iter().map(span).fold(None, join),
        Value::Map(entries) => {
            entries.iter().map(|(key, value)| join(Some(key.place), span(value))).fold(None, join)
        }
        Value::Null => None,
    }
}
