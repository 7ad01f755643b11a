//! The result for scripts: one stable document, `schema_version` 1, never in another language.
//!
//! The shapes here are apart from the library's own types on purpose: what is written for others
//! to read is a promise, what the library computes with is not.

use std::collections::BTreeMap;

use serde::Serialize;

use super::explanation::{Explanation, explanation};
use super::{finding_one, option_because, reasons, reasons_for, suggestion, told_cautions};
use crate::answers::Answers;
use crate::language::Language;
use crate::questionnaire::{Kind, Question, Spelled};
use crate::ruleset::{RuleSet, Source, Tidbit};
use crate::triage::{Assessment, Standing, Suggestion};

/// The number of the shape; it changes when a reader of the old shape would be misled.
pub const SCHEMA_VERSION: u32 = 1;

/// An answer as a script reads it: a word, a number, or a list of words.
#[derive(Serialize)]
#[serde(untagged)]
pub enum AnswerShape {
    /// One word, or a note.
    Word(String),
    /// A number on a scale.
    Number(i64),
    /// The marks of an any-of question.
    Words(Vec<String>),
}

impl From<Spelled> for AnswerShape {
    fn from(spelled: Spelled) -> Self {
        match spelled {
            Spelled::Word(word) | Spelled::Note(word) => Self::Word(word),
            Spelled::Number(number) => Self::Number(number),
            Spelled::Words(words) => Self::Words(words),
        }
    }
}

#[derive(Serialize)]
struct ResultShape<'a> {
    schema_version: u32,
    rule_set: RuleSetShape<'a>,
    answers: Ordered<'a>,
    care: &'static str,
    warnings: Vec<WarningShape<'a>>,
    open_warnings: Vec<&'a str>,
    suggestion: SuggestionShape<'a>,
    options: Vec<OptionShape<'a>>,
    cautions: Vec<CautionShape<'a>>,
    reasons: Vec<ReasonShape<'a>>,
    runner_up: Option<RunnerUpShape<'a>>,
    findings: Vec<FindingShape<'a>>,
    not_answered: Vec<&'a str>,
    advice: AdviceShape<'a>,
    sources: BTreeMap<&'a str, SourceShape<'a>>,
    notice: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    explanation: Option<Explanation<'a>>,
}

#[derive(Serialize)]
struct RuleSetShape<'a> {
    id: &'a str,
    title: &'a str,
    version: &'a str,
    hash: &'a str,
}

/// Answers in the order of the questions.
struct Ordered<'a>(Vec<(&'a str, AnswerShape)>);

impl Serialize for Ordered<'_> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(id, answer)| (id, answer)))
    }
}

#[derive(Serialize)]
struct WarningShape<'a> {
    id: &'a str,
    care: &'static str,
    because: &'a str,
    source: Vec<&'a str>,
}

#[derive(Serialize)]
struct SuggestionShape<'a> {
    id: &'a str,
    title: String,
    because: String,
    source: Vec<&'a str>,
}

#[derive(Serialize)]
struct OptionShape<'a> {
    id: &'a str,
    treatment: &'a str,
    name: &'a str,
    points: i32,
    because: String,
    ask_first: bool,
    source: Vec<&'a str>,
}

#[derive(Serialize)]
struct CautionShape<'a> {
    id: &'a str,
    avoid: Vec<&'a str>,
    ask_first: Vec<&'a str>,
    because: &'a str,
    source: Vec<&'a str>,
}

#[derive(Serialize)]
struct ReasonShape<'a> {
    rule: &'a str,
    points: i32,
    because: &'a str,
    source: Vec<&'a str>,
}

#[derive(Serialize)]
struct RunnerUpShape<'a> {
    id: &'a str,
    name: &'a str,
    points: i32,
    because: Option<&'a str>,
    ask_first: bool,
}

#[derive(Serialize)]
struct FindingShape<'a> {
    id: &'a str,
    says: &'a str,
    source: Vec<&'a str>,
}

#[derive(Serialize)]
struct AdviceShape<'a> {
    professional: &'a str,
    get_help_now: &'a [String],
    meanwhile: Vec<&'a str>,
    look_again: Vec<&'a str>,
    finding_one: Vec<&'a str>,
}

#[derive(Serialize)]
struct SourceShape<'a> {
    title: &'a str,
    by: &'a str,
    year: &'a str,
    link: &'a str,
}

/// The result as one JSON document, indented, with a line break at the end.
pub fn result(rules: &RuleSet, answers: &Answers, assessment: &Assessment) -> String {
    let mut text = to_string(&shape(rules, answers, assessment));
    text.push('\n');
    text
}

/// The result with its whole account under `explanation`, indented, with a line break at the end.
pub fn explained(rules: &RuleSet, answers: &Answers, assessment: &Assessment) -> String {
    let explanation = Some(explanation(rules, answers, assessment));
    let mut text = to_string(&ResultShape { explanation, ..shape(rules, answers, assessment) });
    text.push('\n');
    text
}

/// The result as one line of JSON, without a line break.
pub fn result_line(rules: &RuleSet, answers: &Answers, assessment: &Assessment) -> String {
    serde_json::to_string(&shape(rules, answers, assessment)).unwrap_or_default()
}

fn shape<'a>(
    rules: &'a RuleSet,
    answers: &'a Answers,
    assessment: &'a Assessment,
) -> ResultShape<'a> {
    let told = Told { rules, assessment };
    let warnings = assessment.warnings.iter().map(|&warning| &rules.warnings[warning]);
    let findings = assessment.findings.iter().map(|&finding| &rules.findings[finding]);
    let spelled = answers.spelled(&rules.questionnaire);
    let counting = spelled.filter(|(question_idx, ..)| assessment.active[*question_idx]);
    let mut result = ResultShape {
        schema_version: SCHEMA_VERSION,
        rule_set: rule_set(rules),
        answers: Ordered(
            counting.map(|(_, question, spelled)| (question.id.as_str(), spelled.into())).collect(),
        ),
        care: assessment.care.id(),
        warnings: warnings
            .map(|warning| WarningShape {
                id: &warning.id,
                care: warning.care.id(),
                because: &warning.because,
                source: told.cite(&warning.sources),
            })
            .collect(),
        open_warnings: assessment
            .open_warnings
            .iter()
            .map(|&warning| rules.warnings[warning].id.as_str())
            .collect(),
        suggestion: told.suggestion(),
        options: assessment.options.iter().map(|&option| told.option(option)).collect(),
        cautions: told.cautions(),
        reasons: told.reasons(),
        runner_up: assessment.runner_up.map(|item| told.runner_up(item)),
        findings: findings
            .map(|finding| FindingShape {
                id: &finding.id,
                says: &finding.says,
                source: told.cite(&finding.sources),
            })
            .collect(),
        not_answered: assessment
            .not_answered
            .iter()
            .map(|&question| rules.questionnaire.questions[question].id.as_str())
            .collect(),
        advice: told.advice(),
        sources: BTreeMap::new(),
        notice: &rules.notice,
        explanation: None,
    };
    result.sources = cited(rules, &result);
    result
}

fn rule_set(rules: &RuleSet) -> RuleSetShape<'_> {
    RuleSetShape { id: &rules.id, title: &rules.title, version: &rules.version, hash: &rules.hash }
}

/// The parts of the result, with texts and ids in place of indices.
#[derive(Clone, Copy)]
struct Told<'a> {
    rules: &'a RuleSet,
    assessment: &'a Assessment,
}

impl<'a> Told<'a> {
    fn cite(self, sources: &[usize]) -> Vec<&'a str> {
        sources.iter().map(|&source| self.rules.sources[source].id.as_str()).collect()
    }

    fn item_ids(self, items: &[usize]) -> Vec<&'a str> {
        items.iter().map(|&item| self.rules.items[item].id.as_str()).collect()
    }

    fn asks_first(self, item: usize) -> bool {
        self.assessment.standing[item] == Standing::AskFirst
    }

    fn suggestion(self) -> SuggestionShape<'a> {
        let (title, because) = suggestion(self.rules, self.assessment, Language::English);
        let treatment = self.assessment.treatment(self.rules);
        SuggestionShape {
            id: treatment.map_or("none", |treatment| &self.rules.items[treatment].id),
            title,
            because,
            source: match self.assessment.suggestion {
                Suggestion::Entry(entry) => self.cite(&self.rules.suggestions[entry].sources),
                Suggestion::SeenFirst | Suggestion::Unscreened => Vec::new(),
            },
        }
    }

    fn option(self, option: usize) -> OptionShape<'a> {
        let item = &self.rules.items[option];
        let treatment = self.rules.treatment_of(option).unwrap_or(option);
        OptionShape {
            id: &item.id,
            treatment: &self.rules.items[treatment].id,
            name: &item.name,
            points: self.assessment.points[option],
            because: option_because(self.rules, self.assessment, option),
            ask_first: self.asks_first(option),
            source: self.cite(&item.sources),
        }
    }

    fn cautions(self) -> Vec<CautionShape<'a>> {
        let told = told_cautions(self.rules, self.assessment).into_iter();
        told.map(|caution| &self.rules.cautions[caution])
            .map(|caution| CautionShape {
                id: &caution.id,
                avoid: self.item_ids(&caution.avoid),
                ask_first: self.item_ids(&caution.ask_first),
                because: &caution.because,
                source: self.cite(&caution.sources),
            })
            .collect()
    }

    fn reasons(self) -> Vec<ReasonShape<'a>> {
        let reasons = reasons(self.rules, self.assessment).into_iter();
        reasons
            .map(|(rule, points)| (&self.rules.rules[rule], points))
            .map(|(rule, points)| ReasonShape {
                rule: &rule.id,
                points,
                because: &rule.because,
                source: self.cite(&rule.sources),
            })
            .collect()
    }

    fn runner_up(self, item: usize) -> RunnerUpShape<'a> {
        let strongest = reasons_for(self.rules, self.assessment, item).first().copied();
        RunnerUpShape {
            id: &self.rules.items[item].id,
            name: &self.rules.items[item].name,
            points: self.assessment.points[item],
            because: strongest.map(|(rule, _)| self.rules.rules[rule].because.as_str()),
            ask_first: self.asks_first(item),
        }
    }

    fn advice(self) -> AdviceShape<'a> {
        let advice = &self.rules.advice;
        let says = |all: &'a [Tidbit], told: &[usize]| -> Vec<&'a str> {
            told.iter().map(|&tidbit| all[tidbit].says.as_str()).collect()
        };
        let tips = finding_one(self.rules, self.assessment).into_iter();
        AdviceShape {
            professional: &advice.professional[self.assessment.care as usize],
            get_help_now: &advice.get_help_now,
            meanwhile: says(&advice.meanwhile, &self.assessment.meanwhile),
            look_again: says(&advice.look_again, &self.assessment.look_again),
            finding_one: tips.map(|tip| tip.says.as_str()).collect(),
        }
    }
}

/// The sources that the result names.
fn cited<'a>(rules: &'a RuleSet, result: &ResultShape<'a>) -> BTreeMap<&'a str, SourceShape<'a>> {
    let lists = (result.warnings.iter().map(|it| &it.source))
        .chain(result.options.iter().map(|it| &it.source))
        .chain(result.cautions.iter().map(|it| &it.source))
        .chain(result.reasons.iter().map(|it| &it.source))
        .chain(result.findings.iter().map(|it| &it.source))
        .chain([&result.suggestion.source]);
    let named: Vec<&str> = lists.flatten().copied().collect();
    let sources = rules.sources.iter().filter(|source| named.contains(&source.id.as_str()));
    sources.map(|source| (source.id.as_str(), source_shape(source))).collect()
}

fn source_shape(source: &Source) -> SourceShape<'_> {
    SourceShape { title: &source.title, by: &source.by, year: &source.year, link: &source.link }
}

#[derive(Serialize)]
struct QuestionsShape<'a> {
    schema_version: u32,
    rule_set: RuleSetShape<'a>,
    questions: Vec<QuestionShape<'a>>,
}

#[derive(Serialize)]
struct QuestionShape<'a> {
    id: &'a str,
    flag: String,
    group: &'a str,
    ask: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    help: Option<&'a str>,
    why: &'a str,
    kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    values: Option<ValuesShape<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    at_most: Option<usize>,
    none: bool,
    unsure: bool,
    asked_when: Option<String>,
    #[serde(rename = "for", skip_serializing_if = "Option::is_none")]
    audience: Option<&'static str>,
}

#[derive(Serialize)]
#[serde(untagged)]
enum ValuesShape<'a> {
    Listed(Vec<ValueShape<'a>>),
    Range { from: i64, to: i64, low: &'a str, high: &'a str },
}

#[derive(Serialize)]
struct ValueShape<'a> {
    id: String,
    label: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    help: Option<&'a str>,
}

/// Every question, for those who write scripts: id, flag, kind, values, when and why it is asked.
pub fn questions(rules: &RuleSet) -> String {
    let questions = rules.questionnaire.questions.iter();
    let shape = QuestionsShape {
        schema_version: SCHEMA_VERSION,
        rule_set: rule_set(rules),
        questions: questions.map(|question| question_shape(rules, question)).collect(),
    };
    let mut text = to_string(&shape);
    text.push('\n');
    text
}

fn question_shape<'a>(rules: &'a RuleSet, question: &'a Question) -> QuestionShape<'a> {
    let choices = question.choices();
    let values = match &question.kind {
        Kind::Text => None,
        Kind::Scale { from, to, low, high } => {
            Some(ValuesShape::Range { from: *from, to: *to, low, high })
        }
        _ => Some(ValuesShape::Listed(
            question
                .marks()
                .into_iter()
                .enumerate()
                .map(|(choice_idx, mark)| ValueShape {
                    id: question.word(mark),
                    label: question.label(mark),
                    help: choices.get(choice_idx).and_then(|choice| choice.help.as_deref()),
                })
                .collect(),
        )),
    };
    QuestionShape {
        id: &question.id,
        flag: format!("--{}", question.id),
        group: &rules.questionnaire.groups[question.group].id,
        ask: &question.ask,
        help: question.help.as_deref(),
        why: &question.why,
        kind: question.kind.id(),
        values,
        at_most: match question.kind {
            Kind::AnyOf { at_most, .. } => at_most,
            _ => None,
        },
        none: question.none().is_some(),
        unsure: question.unsure.is_some(),
        asked_when: question.when.as_ref().map(|when| rules.in_words(when)),
        audience: question.for_therapist.then_some("therapist"),
    }
}

/// A shape as one JSON document with a line break at the end.
pub(crate) fn pretty<T: Serialize>(shape: &T) -> String {
    to_string(shape) + "\n"
}

/// Serialising shapes of strings and numbers to a string cannot fail.
fn to_string<T: Serialize>(shape: &T) -> String {
    serde_json::to_string_pretty(shape).unwrap_or_default()
}
