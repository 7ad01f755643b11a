//! A session: the answers of an interview as they are kept in a file, to be gone on with later.
//!
//! The text is JSON, one answer a line, in the words that every other door takes, so that a person
//! can read it and `--answers` can too. Answers to questions that are not asked at the moment are
//! in it: opening their branch again brings them back. A checksum tells a damaged file, as one wrong
//! letter can leave it readable and turn an answer into another. It names its rule set by version and hash;
//! under another version each answer is taken over that still fits, and what does not fit is set
//! aside in the file rather than thrown away.

use serde_json::Value as Json;
use sha2::{Digest as _, Sha256};

use crate::answers::Answers;
use crate::fault::Fault;
use crate::language::FluentValue;
use crate::prose::clean_line;
use crate::report::json::{AnswerShape, SCHEMA_VERSION};
use crate::ruleset::RuleSet;
use crate::yaml::{self, Node, Value};

/// Answers that are kept.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Session {
    /// The answers that fit the rule set.
    pub answers: Answers,
    /// Answers that do not fit it, by the id of their question, as they were written.
    pub set_aside: Vec<(String, Json)>,
    /// The version of the rule set it was kept under, where that was another one.
    pub other_version: Option<String>,
}

impl Session {
    /// Begins one, with answers that are there already.
    pub fn new(answers: Answers) -> Self {
        Self { answers, ..Self::default() }
    }

    /// The text to be kept.
    pub fn write(&self, rules: &RuleSet) -> String {
        let spelled = self.answers.spelled(&rules.questionnaire);
        let answers = spelled.map(|(_, question, spelled)| {
            line(
                &question.id,
                &serde_json::to_string(&AnswerShape::from(spelled)).unwrap_or_default(),
            )
        });
        let set_aside = self.set_aside.iter().map(|(id, value)| line(id, &value.to_string()));
        let quoted = |text: &str| Json::from(text).to_string();
        let body = format!(
            "  \"rule_set\": {{\"id\": {}, \"version\": {}, \"hash\": {}}},\n  \
             \"answers\": {},\n  \"set_aside\": {}\n}}\n",
            quoted(&rules.id),
            quoted(&rules.version),
            quoted(&rules.hash),
            mapping(&answers.collect::<Vec<_>>()),
            mapping(&set_aside.collect::<Vec<_>>()),
        );
        format!(
            "{{\n  \"schema_version\": {SCHEMA_VERSION},\n  \"kind\": \"session\",\n  \
             \"sum\": \"{}\",\n{body}",
            sum(&body),
        )
    }

    /// Reads what [`write`](Self::write) wrote, under this rule set or another version of it.
    ///
    /// # Errors
    /// What makes the text no session of this rule set, in its language. An answer that does not fit is no fault:
    /// it is set aside.
    pub fn read(rules: &RuleSet, text: &str) -> Result<Self, Vec<Fault>> {
        read(rules, text).map_err(|fault| vec![fault])
    }
}

/// Tells one text from another.
fn sum(text: &str) -> String {
    let digest = Sha256::digest(text.as_bytes());
    digest.iter().take(8).fold(String::new(), |sum, byte| sum + &format!("{byte:02x}"))
}

/// Whether a session is, letter for letter, what was written.
pub(crate) fn is_intact(node: &Node, text: &str) -> bool {
    let body = entry(node, "sum").and_then(|sum| {
        let rest = text.get(sum.place.end..)?;
        Some((scalar(sum)?, &rest[rest.find('\n')? + 1..]))
    });
    body.is_some_and(|(written, body)| written == sum(body))
}

fn line(id: &str, value: &str) -> String {
    format!("\n    {}: {value}", Json::from(id))
}

fn mapping(lines: &[String]) -> String {
    if lines.is_empty() { "{}".to_owned() } else { format!("{{{}\n  }}", lines.join(",")) }
}

fn read(rules: &RuleSet, text: &str) -> Result<Session, Fault> {
    let words = rules.words();
    let fault = |code, place, id: &str, with: &[(&str, FluentValue<'_>)]| {
        Fault::new(code, place, words.tell(id, with)).help(words.say(&format!("{id}-help")))
    };
    let damaged = |place| fault("damaged-session", place, "session-damaged", &[]);
    let node = yaml::read(text).map_err(|unread| damaged(unread.place))?;
    if entry(&node, "kind").and_then(scalar) != Some("session") {
        return Err(fault("not-a-session", node.place, "session-none", &[]));
    }
    let schema = entry(&node, "schema_version");
    if schema.and_then(scalar) != Some(SCHEMA_VERSION.to_string().as_str()) {
        let place = schema.map_or(node.place, |schema| schema.place);
        let shape = ("shape", SCHEMA_VERSION.into());
        return Err(fault("other-shape", place, "session-shape", &[shape]));
    }
    if !is_intact(&node, text) {
        return Err(damaged(node.place));
    }
    let [id, version, hash] = ["id", "version", "hash"]
        .map(|name| entry(&node, "rule_set").and_then(|rule_set| entry(rule_set, name)));
    if let Some(id) = id.filter(|id| scalar(id) != Some(rules.id.as_str())) {
        let found = clean_line(scalar(id).unwrap_or_default());
        let with = [("found", found.into()), ("expected", rules.id.as_str().into())];
        return Err(fault("other-rule-set", id.place, "session-other", &with));
    }
    let is_same = hash.and_then(scalar) == Some(rules.hash.as_str());
    let version = version.and_then(scalar).unwrap_or("unknown").to_owned();
    let mut session = Session {
        answers: Answers::new(&rules.questionnaire),
        set_aside: Vec::new(),
        other_version: (!is_same).then_some(version),
    };
    // What was set aside before may fit again, but never goes before an answer given since.
    for name in ["set_aside", "answers"] {
        let Some(Node { value: Value::Map(entries), .. }) = entry(&node, name) else {
            return Err(damaged(node.place));
        };
        for (key, value) in entries {
            let alone = Value::Map(vec![(key.clone(), value.clone())]);
            let alone = Node { place: value.place, value: alone };
            match Answers::from_node(&rules.questionnaire, &alone) {
                Ok(answer) => session.answers.take(&answer),
                Err(_) => {
                    session.set_aside.retain(|(id, _)| *id != key.text);
                    session.set_aside.push((key.text.clone(), written(value)));
                }
            }
        }
    }
    Ok(session)
}

fn entry<'a>(node: &'a Node, name: &str) -> Option<&'a Node> {
    let Value::Map(entries) = &node.value else { return None };
    entries.iter().find(|(key, _)| key.text == name).map(|(_, value)| value)
}

fn scalar(node: &Node) -> Option<&str> {
    if let Value::Scalar(text) = &node.value { Some(text) } else { None }
}

fn written(node: &Node) -> Json {
    match &node.value {
        Value::Null => Json::Null,
        Value::Scalar(text) => Json::from(text.as_str()),
        Value::List(items) => items.iter().map(written).collect(),
        Value::Map(entries) => {
            entries.iter().map(|(key, value)| (key.text.clone(), written(value))).collect()
        }
    }
}
