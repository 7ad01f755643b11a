//! The texts of a rule set in another language: texts alone, by path. Ids, conditions and points
//! live once, in the rule set itself, so a translation can change no judgement.

use std::collections::BTreeMap;

use sha2::{Digest as _, Sha256};

use super::numbers::NUMBER;
use super::{RuleSet, texts};
use crate::fault::{Fault, Place};
use crate::language::Language;
use crate::prose::{clean, did_you_mean, tick};
use crate::yaml::{self, Node, Value};

/// The key under which a translation says which texts it was made from.
const MADE_FROM: &str = "of";

/// A text of the translation, and where it stands.
struct Translated {
    text: String,
    place: Place,
}

impl RuleSet {
    /// The same rule set with the texts of a translation, which is YAML: a mapping that nests as
    /// the paths of the texts do.
    ///
    /// # Errors
    /// Every text that is missing, left over or not translated, and every placeholder that
    /// differs; never an empty list.
    pub fn translated(&self, translation: &str) -> Result<Self, Vec<Fault>> {
        let node = yaml::read(translation).map_err(|fault| vec![fault])?;
        let mut given = BTreeMap::new();
        let mut faults = Vec::new();
        flatten(&node, String::new(), &mut given, &mut faults);
        let mut head = |name: &str| given.remove(name).map(|translated| translated.text);
        let (id, version, language) = (head("translates"), head("version"), head("language"));
        // Texts that have changed are better told as they were than in no language one reads.
        head(MADE_FROM);
        let same = take_same(&mut given);

        let mut rules = self.clone();
        let end = Place { start: translation.len(), end: translation.len() };
        if id.as_deref() != Some(&self.id) || version.as_deref() != Some(&self.version) {
            let message = format!("this does not translate {} {}", tick(&self.id), self.version);
            let help = format!("write `translates: {}` and `version: {}`", self.id, self.version);
            faults.push(Fault::new("other-version", Place::default(), message).help(help));
        }
        let language = language.unwrap_or_default();
        let templates = self.numbers.templates.clone();
        let mut known = Vec::new();
        for (path, text) in texts::of(&mut rules) {
            let original = templates.get(&path).unwrap_or(text).clone();
            match given.remove(&path) {
                None if is_optional(&path) || !original.contains(char::is_alphabetic) => {}
                None => {
                    let message = format!("{} has no translation", tick(&path));
                    let help = format!("translate: {original}");
                    faults.push(Fault::new("missing-text", end, message).help(help));
                }
                Some(translated) => {
                    faults.extend(compare(&path, &original, &translated, &same));
                    *text = translated.text;
                }
            }
            known.push(path);
        }
        for (path, translated) in given {
            let message = format!("{} is no text of the rule set", tick(&path));
            let help = did_you_mean(&path, known.iter().map(String::as_str));
            faults.push(Fault::new("left-over-text", translated.place, message).help(help));
        }
        if !faults.is_empty() {
            faults.sort_by_key(|fault| fault.place);
            return Err(faults);
        }
        let words = Language::of_tag(&language).unwrap_or_default();
        for question in &mut rules.questionnaire.questions {
            question.yes_no = [words.say("yes"), words.say("no")];
            question.words = words;
        }
        rules.language = language;
        rules.fill_in_general();
        Ok(rules)
    }

    /// All that is wrong with a translation: what keeps it from being used, and whether the texts
    /// were other ones when it was made.
    pub fn translation_faults(&self, translation: &str) -> Vec<Fault> {
        let mut faults = self.translated(translation).err().unwrap_or_default();
        faults.extend(self.changed_since(translation));
        faults.sort_by_key(|fault| fault.place);
        faults
    }

    fn changed_since(&self, translation: &str) -> Option<Fault> {
        let Ok(Node { value: Value::Map(entries), .. }) = yaml::read(translation) else {
            return None;
        };
        let now = self.digest_of_texts();
        let found = entries.iter().find(|(key, _)| key.text == MADE_FROM).map(|(_, node)| node);
        let (place, message) = match found {
            Some(Node { value: Value::Scalar(made_from), .. }) if *made_from == now => return None,
            Some(node) => (node.place, "the texts have changed since they were translated"),
            None => (Place::default(), "this does not say which texts it was made from"),
        };
        let help = format!("look at every text again, then write `{MADE_FROM}: {now}`");
        Some(Fault::new("stale-translation", place, message).help(help))
    }

    /// Tells these texts from any others; what is not text has no part in it.
    fn digest_of_texts(&self) -> String {
        let mut rules = self.clone();
        let templates = std::mem::take(&mut rules.numbers.templates);
        let texts: BTreeMap<String, &mut String> = texts::of(&mut rules).into_iter().collect();
        let mut digest = Sha256::new();
        for (path, text) in texts {
            let text = templates.get(&path).unwrap_or(text);
            digest.update(format!("{path}\0{text}\0"));
        }
        let hex = |hex: String, byte: &u8| hex + &format!("{byte:02x}");
        digest.finalize()[..6].iter().fold(String::new(), hex)
    }

    /// The language of its texts, for the program's own words around them.
    pub fn words(&self) -> Language {
        Language::of_tag(&self.language).unwrap_or_default()
    }
}

/// Works keep their own titles; only what is said about them may be translated. (A text without
/// a letter, such as a number to call, is the same in every language.)
fn is_optional(path: &str) -> bool {
    path.starts_with("sources.")
}

/// The paths of texts that are the same in both languages on purpose.
fn take_same(given: &mut BTreeMap<String, Translated>) -> Vec<String> {
    let named: Vec<String> =
        given.keys().filter(|path| path.starts_with("same-in-both.")).cloned().collect();
    named.iter().filter_map(|path| given.remove(path)).map(|same| same.text).collect()
}

fn compare(path: &str, original: &str, translated: &Translated, same: &[String]) -> Option<Fault> {
    let is_same = original == translated.text;
    if is_same && !same.iter().any(|listed| listed == path) {
        let message = format!("{} is not translated", tick(path));
        let help = "translate it, or name it under `same-in-both`";
        return Some(Fault::new("untranslated-text", translated.place, message).help(help));
    }
    if placeholders(original) != placeholders(&translated.text) {
        let message = format!("{} has other placeholders than the original", tick(path));
        let help = format!("keep what stands in braces, such as `{NUMBER}`, as in: {original}");
        return Some(Fault::new("differing-placeholder", translated.place, message).help(help));
    }
    None
}

/// What stands in braces, sorted.
fn placeholders(text: &str) -> Vec<&str> {
    let mut found: Vec<&str> = text
        .split('{')
        .skip(1)
        .filter_map(|rest| rest.split_once('}'))
        .map(|(name, _)| name)
        .collect();
    found.sort_unstable();
    found
}

fn flatten(
    node: &Node,
    path: String,
    into: &mut BTreeMap<String, Translated>,
    faults: &mut Vec<Fault>,
) {
    let below =
        |name: &str| if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") };
    match &node.value {
        Value::Map(entries) => {
            for (key, node) in entries {
                flatten(node, below(&key.text), into, faults);
            }
        }
        Value::List(items) => {
            for (number, node) in (1..).zip(items) {
                flatten(node, below(&number.to_string()), into, faults);
            }
        }
        Value::Scalar(text) if !text.trim().is_empty() => {
            // A choice without help may be written as its label alone.
            let is_bare_choice = path.rsplit('.').nth(1) == Some("choices");
            let path = if is_bare_choice { format!("{path}.label") } else { path };
            let text = clean(text).trim().to_owned();
            into.insert(path, Translated { text, place: node.place });
        }
        Value::Scalar(_) | Value::Null => {
            let message = format!("{} is blank", tick(&path));
            faults.push(Fault::new("blank-text", node.place, message).help("write what it says"));
        }
    }
}
