//! Every text of a rule set that a person reads, by its path, such as `questions.pain.ask`.
//!
//! One list serves the translation and the emergency numbers, so that neither can miss a text
//! that the other knows. Promises are not on it: they are for authors, who write the rules.

use super::{ItemKind, RuleSet, Source, Tidbit};
use crate::questionnaire::{Choice, Kind, Question};

type Texts<'a> = Vec<(String, &'a mut String)>;

impl RuleSet {
    /// Every text a person reads, by its path.
    pub fn texts(&self) -> Vec<(String, String)> {
        let mut copy = self.clone();
        of(&mut copy).into_iter().map(|(path, text)| (path, text.clone())).collect()
    }
}

/// Every text and its path, in the order of the file.
pub(super) fn of(rules: &mut RuleSet) -> Texts<'_> {
    let mut texts: Texts<'_> = vec![
        ("title".to_owned(), &mut rules.title),
        ("about".to_owned(), &mut rules.about),
        ("opening".to_owned(), &mut rules.opening),
        ("notice".to_owned(), &mut rules.notice),
    ];
    for source in &mut rules.sources {
        of_source(source, &mut texts);
    }
    for grade in &mut rules.grades {
        texts.push((format!("grades.{}", grade.id), &mut grade.says));
    }
    for group in &mut rules.questionnaire.groups {
        texts.push((format!("groups.{}", group.id), &mut group.title));
    }
    for question in &mut rules.questionnaire.questions {
        of_question(question, &mut texts);
    }
    for finding in &mut rules.findings {
        texts.push((format!("findings.{}", finding.id), &mut finding.says));
    }
    for warning in &mut rules.warnings {
        texts.push((format!("warnings.{}", warning.id), &mut warning.because));
    }
    for caution in &mut rules.cautions {
        texts.push((format!("cautions.{}", caution.id), &mut caution.because));
    }
    of_items(rules.items.iter_mut(), &mut texts);
    for rule in &mut rules.rules {
        texts.push((format!("rules.{}", rule.id), &mut rule.because));
    }
    for entry in &mut rules.suggestions {
        texts.push((format!("suggestions.{}.title", entry.id), &mut entry.title));
        texts.push((format!("suggestions.{}.because", entry.id), &mut entry.because));
    }
    let advice = &mut rules.advice;
    for (level, text) in crate::condition::Care::ALL.into_iter().zip(&mut advice.professional) {
        texts.push((format!("advice.professional.{}", level.id()), text));
    }
    texts.push(("advice.nothing-found".to_owned(), &mut advice.nothing_found));
    for (number, sign) in (1..).zip(&mut advice.get_help_now) {
        texts.push((format!("advice.get-help-now.{number}"), sign));
    }
    of_tidbits("advice.meanwhile", &mut advice.meanwhile, &mut texts);
    of_tidbits("advice.look-again", &mut advice.look_again, &mut texts);
    for (scale_number, scale) in (1..).zip(&mut rules.sheet.scales) {
        let path = format!("sheet.scales.{scale_number}");
        texts.push((format!("{path}.name"), &mut scale.name));
        for (number, band) in (1..).zip(&mut scale.bands) {
            texts.push((format!("{path}.bands.{number}"), &mut band.says));
        }
    }
    if let Some(change) = &mut rules.change {
        texts.push(("change".to_owned(), &mut change.says));
    }
    texts.push(("numbers.general".to_owned(), &mut rules.numbers.general));
    texts.push(("numbers.unchecked".to_owned(), &mut rules.numbers.unchecked));
    for (number, call) in (1..).zip(&mut rules.numbers.calls) {
        texts.push((format!("numbers.calls.{number}"), &mut call.call));
    }
    texts.retain(|(_, text)| !text.is_empty());
    texts
}

fn of_source<'a>(source: &'a mut Source, texts: &mut Texts<'a>) {
    let id = source.id.clone();
    let [title, by, link] = [&mut source.title, &mut source.by, &mut source.link];
    texts.push((format!("sources.{id}.title"), title));
    texts.push((format!("sources.{id}.by"), by));
    texts.push((format!("sources.{id}.link"), link));
    if let Some(note) = &mut source.note {
        texts.push((format!("sources.{id}.note"), note));
    }
}

fn of_question<'a>(question: &'a mut Question, texts: &mut Texts<'a>) {
    let id = question.id.clone();
    let mut add = |field: &str, text| texts.push((format!("questions.{id}.{field}"), text));
    add("ask", &mut question.ask);
    add("why", &mut question.why);
    let fields = [
        ("help", &mut question.help),
        ("read-aloud", &mut question.read_aloud),
        ("unsure", &mut question.unsure),
    ];
    for (field, text) in fields {
        if let Some(text) = text {
            add(field, text);
        }
    }
    let mut of_choices = |choices: &'a mut [Choice]| {
        for choice in choices {
            add(&format!("choices.{}.label", choice.id), &mut choice.label);
            if let Some(help) = &mut choice.help {
                add(&format!("choices.{}.help", choice.id), help);
            }
        }
    };
    match &mut question.kind {
        Kind::OneOf(choices) => of_choices(choices),
        Kind::AnyOf { choices, none, .. } => {
            of_choices(choices);
            if let Some(none) = none {
                add("none", none);
            }
        }
        Kind::Scale { low, high, .. } => {
            add("low", low);
            add("high", high);
        }
        Kind::YesNo | Kind::Text => {}
    }
}

fn of_items<'a>(items: impl Iterator<Item = &'a mut super::Item>, texts: &mut Texts<'a>) {
    for item in items {
        let kind =
            if matches!(item.kind, ItemKind::Option { .. }) { "options" } else { "treatments" };
        let path = format!("{kind}.{}", item.id);
        texts.push((format!("{path}.name"), &mut item.name));
        texts.push((format!("{path}.says"), &mut item.says));
        if let Some(differ) = &mut item.differ {
            texts.push((format!("{path}.differ"), differ));
        }
        match &mut item.kind {
            ItemKind::Option { fits, .. } => texts.push((format!("{path}.fits"), fits)),
            ItemKind::Treatment { order, benefits, finding_one, .. } => {
                if let Some(order) = order {
                    texts.push((format!("{path}.order"), order));
                }
                for (number, benefit) in (1..).zip(benefits) {
                    let path = format!("{path}.benefits.{number}");
                    texts.push((format!("{path}.claim"), &mut benefit.claim));
                    texts.push((format!("{path}.article"), &mut benefit.article));
                    texts.push((format!("{path}.evidence"), &mut benefit.evidence));
                }
                for (number, tip) in (1..).zip(finding_one) {
                    texts.push((format!("{path}.finding-one.{number}"), &mut tip.says));
                }
            }
        }
    }
}

fn of_tidbits<'a>(path: &str, tidbits: &'a mut [Tidbit], texts: &mut Texts<'a>) {
    for (number, tidbit) in (1..).zip(tidbits) {
        texts.push((format!("{path}.{number}"), &mut tidbit.says));
    }
}
