//! Reading groups and questions; their conditions are compiled later, when all ids are known.

use super::fields::{Fields, Id, elements, entries, text, wrong_kind};
use super::load::Loader;
use crate::fault::Fault;
use crate::prose::{count, did_you_mean, tick};
use crate::questionnaire::{
    Choice, Group, Kind, MOST_CHOICES, Question, RESERVED_CHOICES, RESERVED_QUESTIONS, Worse,
};
use crate::yaml::{Node, Value};

const KINDS: [&str; 5] = ["yes-no", "one-of", "any-of", "scale", "text"];

/// The headings.
pub(super) fn groups(node: Option<&Node>, faults: &mut Vec<Fault>) -> Vec<Group> {
    let mut groups = Vec::new();
    for (key, node) in entries(node, "`groups`", faults) {
        let title = text(node, &format!("group {}", tick(&key.text)), faults).unwrap_or_default();
        groups.push(Group { id: key.text.clone(), title });
    }
    groups
}

/// One question, its id, and its condition still as written.
pub(super) fn question<'a>(
    loader: &mut Loader,
    mut fields: Fields<'a>,
    groups: &[Group],
) -> (Id<'a>, Question, Option<&'a Node>) {
    let id = fields.id("question", &mut loader.faults);
    if RESERVED_QUESTIONS.contains(&id.text) {
        let message = format!("{} is a flag or command of the program itself", tick(id.text));
        let help = "a question's id becomes a flag; choose another id";
        loader.faults.push(Fault::new("reserved-id", id.place, message).help(help));
    }
    let group = group(&mut fields, groups, &mut loader.faults);
    let ask = fields.text("ask", &mut loader.faults);
    let [help, read_aloud, unsure] =
        ["help", "read-aloud", "unsure"].map(|name| fields.optional_text(name, &mut loader.faults));
    let why = fields.text("why", &mut loader.faults);
    let kind = kind(loader, &mut fields);
    let source_nodes = fields.list("source");
    let sources = loader.cited(&source_nodes);
    let fixed = fields.optional_text("fixed", &mut loader.faults);
    if let (Some(word), Some(node)) = (&fixed, fields.node("fixed"))
        && word != "yes"
    {
        loader.faults.push(wrong_kind(node, "`fixed`", "`yes`"));
    }
    let audience = fields.optional_text("for", &mut loader.faults);
    let for_therapist = audience.as_deref() == Some("therapist");
    if let (Some(audience), Some(node)) = (&audience, fields.node("for")) {
        if !for_therapist {
            let fault = wrong_kind(node, "`for`", "`therapist`");
            loader.faults.push(fault);
        } else if kind != Kind::Text {
            let message = format!("{} is for a {audience} and not a text", fields.what);
            let help = "ask everyone, or make it a text: a person at home would never be asked, \
                        and the two would not be judged alike";
            loader.faults.push(Fault::new("misplaced-test", node.place, message).help(help));
        }
    }
    let mut question = Question {
        id: id.text.to_owned(),
        place: id.place,
        group,
        ask,
        help,
        read_aloud,
        why,
        kind,
        unsure,
        yes_no: [loader.words.say("yes"), loader.words.say("no")],
        when: None,
        reads: Vec::new(),
        worse: Worse::Unranked,
        contraindications: 0,
        fixed: fixed.is_some(),
        for_therapist,
        sources,
        words: loader.words,
    };
    question.worse = worse(&mut fields, &question, &mut loader.faults);
    let marked = marks(&fields.list("contraindications"), &question, &mut loader.faults);
    question.contraindications = marked.into_iter().fold(0, |all, mark| all | mark);
    let when = fields.node("when");
    fields.finish(&mut loader.faults);
    (id, question, when)
}

fn group(fields: &mut Fields<'_>, groups: &[Group], faults: &mut Vec<Fault>) -> usize {
    let Some(node) = fields.required("group", faults) else { return 0 };
    let Some(id) = text(node, "a group", faults) else { return 0 };
    groups.iter().position(|group| group.id == id).unwrap_or_else(|| {
        let message = format!("{} is no group", tick(&id));
        let help = did_you_mean(&id, groups.iter().map(|group| group.id.as_str()));
        faults.push(Fault::new("unknown-group", node.place, message).help(help));
        0
    })
}

fn kind(loader: &mut Loader, fields: &mut Fields<'_>) -> Kind {
    let written = fields.text("kind", &mut loader.faults);
    match written.as_str() {
        "yes-no" => Kind::YesNo,
        "one-of" => Kind::OneOf(choices(loader, fields)),
        "any-of" => {
            let choices = choices(loader, fields);
            let none = fields.optional_text("none", &mut loader.faults);
            let at_most = fields.number("at-most", &mut loader.faults).and_then(|most| {
                let most = usize::try_from(most).ok().filter(|m| (1..=choices.len()).contains(m));
                if most.is_none() {
                    let message = format!("`at-most` of {} makes no sense", fields.what);
                    let help = format!("expected a number from 1 to {}", choices.len());
                    let fault = Fault::new("count-out-of-range", fields.place, message);
                    loader.faults.push(fault.help(help));
                }
                most
            });
            Kind::AnyOf { choices, none, at_most }
        }
        "scale" => scale(fields, &mut loader.faults),
        // A missing kind is reported already.
        "text" | "" => Kind::Text,
        other => {
            let place = fields.node("kind").map_or(fields.place, |node| node.place);
            let message = format!("{} is no kind of question", tick(other));
            let fault = Fault::new("unknown-kind", place, message);
            loader.faults.push(fault.help(did_you_mean(other, KINDS)));
            // Fields of the kind that was meant are not reported on top.
            for name in ["choices", "none", "at-most", "from", "to", "low", "high"] {
                fields.node(name);
            }
            Kind::Text
        }
    }
}

fn scale(fields: &mut Fields<'_>, faults: &mut Vec<Fault>) -> Kind {
    fields.required("from", faults);
    fields.required("to", faults);
    let from = fields.number("from", faults).unwrap_or(0);
    let to = fields.number("to", faults).unwrap_or(from + 1);
    let fits = |steps: &i64| usize::try_from(*steps).is_ok_and(|s| (1..MOST_CHOICES).contains(&s));
    let steps = to.checked_sub(from).filter(fits);
    if steps.is_none() {
        let message = format!("{} runs from {from} to {to}", fields.what);
        let help = format!("expected from 2 to {MOST_CHOICES} steps, the lower end first");
        faults.push(Fault::new("count-out-of-range", fields.place, message).help(help));
    }
    let [low, high] = ["low", "high"].map(|name| fields.text(name, faults));
    let to = steps.map_or(from + 1, |steps| from + steps);
    Kind::Scale { from, to, low, high }
}

fn choices(loader: &mut Loader, fields: &mut Fields<'_>) -> Vec<Choice> {
    let what = format!("`choices` of {}", fields.what);
    let node = fields.required("choices", &mut loader.faults);
    let mut choices = Vec::new();
    for (key, node) in entries(node, &what, &mut loader.faults) {
        if RESERVED_CHOICES.contains(&key.text.as_str()) {
            let message = format!("{} cannot be a choice", tick(&key.text));
            let help = "`none:` and `unsure:` are keys of the question; else choose another id";
            loader.faults.push(Fault::new("reserved-id", key.place, message).help(help));
        }
        let (label, help, sources) = if let Value::Map(_) = node.value {
            let what = format!("choice {}", tick(&key.text));
            let Some(mut choice) = Fields::of(node, &what, &mut loader.faults) else { continue };
            let label = choice.text("label", &mut loader.faults);
            let help = choice.optional_text("help", &mut loader.faults);
            let nodes = choice.list("source");
            let sources = loader.cited(&nodes);
            choice.finish(&mut loader.faults);
            (label, help, sources)
        } else {
            let what = format!("choice {}", tick(&key.text));
            (text(node, &what, &mut loader.faults).unwrap_or_default(), None, Vec::new())
        };
        let id = key.text.clone();
        choices.push(Choice { id, place: key.place, label, help, sources });
    }
    if let Some(node @ Node { value: Value::Map(_), .. }) = node
        && !(1..=MOST_CHOICES).contains(&choices.len())
    {
        let message = format!("{} has {}", fields.what, count(choices.len(), "choice"));
        let help = format!("expected from 1 to {MOST_CHOICES}; split the question");
        loader.faults.push(Fault::new("count-out-of-range", node.place, message).help(help));
        choices.truncate(MOST_CHOICES);
    }
    choices
}

fn worse(fields: &mut Fields<'_>, question: &Question, faults: &mut Vec<Fault>) -> Worse {
    let Some(node) = fields.node("worse") else { return Worse::Unranked };
    match &question.kind {
        Kind::Scale { .. } => {
            let mut ranked = question.marks();
            match &node.value {
                Value::Scalar(word) if word == "higher" => {}
                Value::Scalar(word) if word == "lower" => ranked.reverse(),
                _ => faults.push(wrong_kind(node, "`worse` of a scale", "`higher` or `lower`")),
            }
            Worse::Ranked(ranked)
        }
        Kind::YesNo => match marks(&[node], question, faults)[..] {
            [1] => Worse::Ranked(vec![2, 1]),
            [2] => Worse::Ranked(vec![1, 2]),
            _ => Worse::Unranked,
        },
        Kind::OneOf(_) => Worse::Ranked(marks(&elements(node), question, faults)),
        Kind::AnyOf { .. } => {
            let marked = marks(&elements(node), question, faults);
            Worse::Marked(marked.into_iter().fold(0, |all, mark| all | mark))
        }
        Kind::Text => {
            faults.push(wrong_kind(node, "`worse` of a text", "left out"));
            Worse::Unranked
        }
    }
}

/// The marks of answers named in a field of the question itself.
fn marks(nodes: &[&Node], question: &Question, faults: &mut Vec<Fault>) -> Vec<u64> {
    nodes
        .iter()
        .filter_map(|node| {
            let word = text(node, "an answer", faults)?;
            let found = question.mark(&word);
            if found.is_none() {
                let message = format!("{} is no answer to {}", tick(&word), tick(&question.id));
                let words = question.words();
                let help = did_you_mean(&word, words.iter().map(String::as_str));
                faults.push(Fault::new("unknown-answer", node.place, message).help(help));
            }
            found
        })
        .collect()
}
