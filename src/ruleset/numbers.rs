//! Emergency numbers: which words stand where a text says `{emergency-number}`.
//!
//! A locale is not a location, so the number is never guessed: it is the country that somebody
//! names, or else general words.

use std::collections::BTreeMap;

use super::fields::{Fields, wrong_kind};
use super::load::Loader;
use super::{RuleSet, texts};
use crate::yaml::Value;

/// What is put in a text in place of this, is the emergency number.
pub(super) const NUMBER: &str = "{emergency-number}";
/// And this is the number in the words around one that is not verified.
const BARE: &str = "{number}";

/// The table of emergency numbers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Numbers {
    /// Said where no country is named.
    pub general: String,
    /// The words around a number that was not checked at its source.
    pub unchecked: String,
    /// Numbers, each with the countries it holds in.
    pub calls: Vec<Call>,
    /// Texts that say [`NUMBER`], as they were written, by path.
    pub(super) templates: BTreeMap<String, String>,
}

/// A number, and where it holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    /// Two-letter codes of the countries (ISO 3166), in lower case.
    pub countries: Vec<String>,
    /// The number, or "this or that number".
    pub call: String,
    /// Whether it was checked at its source.
    pub checked: bool,
    /// Indices of its sources.
    pub sources: Vec<usize>,
}

impl Loader {
    pub(super) fn numbers(&mut self, fields: &mut Fields<'_>) -> Numbers {
        let node = fields.node("numbers");
        let Some(mut fields) =
            node.and_then(|node| Fields::of(node, "`numbers`", &mut self.faults))
        else {
            return Numbers::default();
        };
        let general = fields.text("general", &mut self.faults);
        let unchecked = fields.text("unchecked", &mut self.faults);
        let mut calls = Vec::new();
        for node in fields.list("calls") {
            let Some(mut call) = Fields::of(node, "a number", &mut self.faults) else { continue };
            let countries = call.list("countries");
            let countries = countries.into_iter().filter_map(|node| match &node.value {
                Value::Scalar(code) if code.len() == 2 => Some(code.to_lowercase()),
                _ => {
                    let what = "a country";
                    self.faults.push(wrong_kind(node, what, "a code of two letters, such as `de`"));
                    None
                }
            });
            let countries = countries.collect();
            let number = call.text("call", &mut self.faults);
            let checked = call.optional_text("checked", &mut self.faults);
            let sources = self.claim(&mut call);
            call.finish(&mut self.faults);
            let checked = checked.as_deref() != Some("no");
            calls.push(Call { countries, call: number, checked, sources });
        }
        fields.finish(&mut self.faults);
        Numbers { general, unchecked, calls, templates: BTreeMap::new() }
    }
}

impl RuleSet {
    /// Puts the general words wherever a text asks for the emergency number.
    pub(super) fn fill_in_general(&mut self) {
        let mut templates = BTreeMap::new();
        for (path, text) in texts::of(self) {
            if text.contains(NUMBER) && !path.starts_with("numbers.") {
                templates.insert(path, text.clone());
            }
        }
        self.numbers.templates = templates;
        let general = match self.numbers.general.as_str() {
            "" => self.words().say("local-emergency-number"),
            general => general.to_owned(),
        };
        self.fill_in(&general);
    }

    /// The same rule set with the emergency number of a country in its texts; none where the
    /// table does not know the country.
    pub fn in_country(&self, code: &str) -> Option<Self> {
        let code = code.trim().to_lowercase();
        // ISO 3166 keeps `uk` free for the country that it calls `gb`.
        let code = if code == "uk" { "gb".to_owned() } else { code };
        let call = self.numbers.calls.iter().find(|call| call.countries.contains(&code))?;
        let words = if call.checked {
            call.call.clone()
        } else {
            self.numbers.unchecked.replace(BARE, &call.call)
        };
        let mut rules = self.clone();
        rules.fill_in(&words);
        Some(rules)
    }

    fn fill_in(&mut self, words: &str) {
        let templates = std::mem::take(&mut self.numbers.templates);
        for (path, text) in texts::of(self) {
            if let Some(template) = templates.get(&path) {
                *text = template.replace(NUMBER, words);
            }
        }
        self.numbers.templates = templates;
    }
}
