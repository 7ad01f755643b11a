//! Reading the fields of a mapping, with a fault for each that is missing, unknown or of a wrong
//! kind; reading goes on, so that all faults are found at once.

use crate::fault::{Fault, Place};
use crate::prose::{did_you_mean, tick};
use crate::yaml::{Key, Node, Value};

/// The fields of one mapping, and which of them were asked for.
pub(crate) struct Fields<'a> {
    /// What the mapping describes, for messages: "question `pain`".
    pub(crate) what: String,
    /// Where the mapping begins.
    pub(crate) place: Place,
    entries: &'a [(Key, Node)],
    known: Vec<&'static str>,
}

/// An id and where it stands.
#[derive(Clone, Debug)]
pub(crate) struct Id<'a> {
    pub(crate) text: &'a str,
    pub(crate) place: Place,
}

impl<'a> Fields<'a> {
    /// The fields of a node that should be a mapping.
    pub(crate) fn of(node: &'a Node, what: &str, faults: &mut Vec<Fault>) -> Option<Self> {
        if let Value::Map(entries) = &node.value {
            let place = entries.first().map_or(node.place, |(key, _)| key.place);
            return Some(Self { what: what.to_owned(), place, entries, known: Vec::new() });
        }
        faults.push(wrong_kind(node, what, "a mapping"));
        None
    }

    /// The value of a field, if it is there and not empty.
    pub(crate) fn node(&mut self, name: &'static str) -> Option<&'a Node> {
        self.known.push(name);
        let (_, node) = self.entries.iter().find(|(key, _)| key.text == name)?;
        (node.value != Value::Null).then_some(node)
    }

    /// The value of a field that must be there.
    pub(crate) fn required(
        &mut self,
        name: &'static str,
        faults: &mut Vec<Fault>,
    ) -> Option<&'a Node> {
        let node = self.node(name);
        if node.is_none() {
            let given = self.entries.iter().find(|(key, _)| key.text == name);
            let place = given.map_or(self.place, |(key, _)| key.place);
            let message = format!("{} has no {}", self.what, tick(name));
            faults.push(Fault::new("missing-key", place, message).help(format!("add `{name}:`")));
        }
        node
    }

    /// The text of a field that must be there and not be blank.
    pub(crate) fn text(&mut self, name: &'static str, faults: &mut Vec<Fault>) -> String {
        self.required(name, faults)
            .and_then(|node| text(node, &format!("`{name}` of {}", self.what), faults))
            .unwrap_or_default()
    }

    /// The text of a field that may be left out.
    pub(crate) fn optional_text(
        &mut self,
        name: &'static str,
        faults: &mut Vec<Fault>,
    ) -> Option<String> {
        let node = self.node(name)?;
        text(node, &format!("`{name}` of {}", self.what), faults)
    }

    /// The whole number of a field that may be left out.
    pub(crate) fn number(&mut self, name: &'static str, faults: &mut Vec<Fault>) -> Option<i64> {
        let node = self.node(name)?;
        number(node, &format!("`{name}` of {}", self.what), faults)
    }

    /// The elements of a list that may be left out; one value counts as a list of one.
    pub(crate) fn list(&mut self, name: &'static str) -> Vec<&'a Node> {
        match self.node(name) {
            None => Vec::new(),
            Some(node) => elements(node),
        }
    }

    /// The `id` of a mapping that must have one.
    pub(crate) fn id(&mut self, kind: &str, faults: &mut Vec<Fault>) -> Id<'a> {
        let id = match self.required("id", faults) {
            Some(Node { value: Value::Scalar(text), place }) => Id { text, place: *place },
            Some(node) => {
                faults.push(wrong_kind(node, &format!("the id of {}", self.what), "a name"));
                Id { text: "", place: node.place }
            }
            None => Id { text: "", place: self.place },
        };
        if !id.text.is_empty() {
            self.what = format!("{kind} {}", tick(id.text));
            check_id(&id, faults);
        }
        id
    }

    /// Reports every field that nobody asked for.
    pub(crate) fn finish(self, faults: &mut Vec<Fault>) {
        for (key, _) in self.entries {
            if !self.known.contains(&key.text.as_str()) {
                let message = format!("{} knows no {}", self.what, tick(&key.text));
                let help = did_you_mean(&key.text, self.known.iter().copied());
                faults.push(Fault::new("unknown-key", key.place, message).help(help));
            }
        }
    }
}

/// The elements of a list; one value counts as a list of one.
pub(crate) fn elements(node: &Node) -> Vec<&Node> {
    match &node.value {
        Value::List(items) => items.iter().collect(),
        Value::Null => Vec::new(),
        Value::Scalar(_) | Value::Map(_) => vec![node],
    }
}

/// The entries of a mapping whose keys are ids.
pub(crate) fn entries<'a>(
    node: Option<&'a Node>,
    what: &str,
    faults: &mut Vec<Fault>,
) -> &'a [(Key, Node)] {
    match node.map(|node| (&node.value, node)) {
        None => &[],
        Some((Value::Map(entries), _)) => {
            for (key, _) in entries {
                check_id(&Id { text: &key.text, place: key.place }, faults);
            }
            entries
        }
        Some((_, node)) => {
            faults.push(wrong_kind(node, what, "a mapping from id to text"));
            &[]
        }
    }
}

/// The text of a node.
pub(crate) fn text(node: &Node, what: &str, faults: &mut Vec<Fault>) -> Option<String> {
    match &node.value {
        Value::Scalar(text) if text.trim().is_empty() => {
            let message = format!("{what} is blank");
            faults.push(Fault::new("blank-text", node.place, message).help("write what it says"));
            None
        }
        Value::Scalar(text) => Some(crate::prose::clean(text).trim().to_owned()),
        _ => {
            faults.push(wrong_kind(node, what, "text"));
            None
        }
    }
}

/// The whole number of a node.
pub(crate) fn number(node: &Node, what: &str, faults: &mut Vec<Fault>) -> Option<i64> {
    if let Value::Scalar(text) = &node.value
        && let Ok(number) = text.parse()
    {
        return Some(number);
    }
    faults.push(wrong_kind(node, what, "a whole number"));
    None
}

/// A fault for a value that is not of the kind expected.
pub(crate) fn wrong_kind(node: &Node, what: &str, expected: &str) -> Fault {
    let found = match &node.value {
        Value::Scalar(text) => tick(text),
        _ => node.kind().to_owned(),
    };
    Fault::new("wrong-kind", node.place, format!("{what} should be {expected}, found {found}"))
        .help(format!("write {expected}"))
}

fn check_id(id: &Id<'_>, faults: &mut Vec<Fault>) {
    let well_formed = id.text.split('-').all(|part| {
        !part.is_empty() && part.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
    });
    if !well_formed || id.text.parse::<i64>().is_ok() {
        let message = format!("{} cannot be an id", tick(id.text));
        let help = "use lower-case letters, digits and single hyphens, and at least one letter";
        faults.push(Fault::new("malformed-id", id.place, message).help(help));
    }
}
