//! One document, many renderings: what is said, in which order, decided once.
//!
//! The order for people is that of safety: warnings or their absence, then the suggestion and why,
//! then what to avoid, then everything else; the advice to see a professional and the signs that
//! mean "get help now" are in every result. On an emergency the call for help stands first, and
//! nothing follows it but what the people who help need.

mod account;
pub mod json;
pub mod text;

use crate::answers::Answers;
use crate::condition::Care;
use crate::explain;
use crate::prose::{capital, list_and};
use crate::ruleset::{ItemKind, RuleSet, Source, Tidbit};
use crate::triage::{Assessment, Standing, Suggestion};

/// The most reasons shown to a person; all of them are in the JSON.
const SHOWN_REASONS: usize = 4;

/// A result as it is told, before it is laid out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Document {
    /// The parts, in order.
    pub sections: Vec<Section>,
    /// What the numbers in brackets stand for, in the order of first mention.
    pub sources: Vec<Source>,
}

/// A heading and what stands under it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Section {
    /// The heading.
    pub heading: String,
    /// How it should look, besides what it says.
    pub tone: Tone,
    /// What stands under it.
    pub blocks: Vec<Block>,
}

/// How a part should look. Never the only carrier of a meaning.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    /// Ordinary.
    Plain,
    /// What to read first.
    Strong,
    /// A warning.
    Alarm,
    /// What can be read last.
    Quiet,
}

/// A paragraph or a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Block {
    /// A paragraph.
    Paragraph(Entry),
    /// A list.
    List(Vec<Entry>),
}

/// A few sentences, and what they rest on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Entry {
    /// What comes first, set apart, such as a name.
    pub lead: Option<String>,
    /// The sentences.
    pub text: String,
    /// Numbers of sources, counted from one.
    pub cites: Vec<usize>,
}

/// Composes what a person is told.
pub fn compose(rules: &RuleSet, answers: &Answers, assessment: &Assessment) -> Document {
    let mut composer = Composer { rules, assessment, cited: Vec::new() };
    let mut sections = match assessment.care {
        Care::Emergency => composer.emergency(),
        Care::Routine | Care::Prompt | Care::SameDay => composer.ordinary(answers),
    };
    sections.extend(notes(rules, answers, assessment));
    // In an emergency nobody looks up a source; the JSON has them.
    if !composer.cited.is_empty() && assessment.care != Care::Emergency {
        sections.push(composer.source_list());
    }
    sections.push(composer.colophon());
    sections.push(composer.in_short());
    let sources = composer.cited.iter().map(|&source| rules.sources[source].clone()).collect();
    Document { sections, sources }
}

pub use account::account;

/// The heading and the sentence of what is suggested.
pub(crate) fn suggestion(rules: &RuleSet, assessment: &Assessment) -> (String, String) {
    let professional = &rules.advice.professional[assessment.care as usize];
    match (assessment.suggestion, assessment.care) {
        (Suggestion::Entry(entry), _) => {
            let entry = &rules.suggestions[entry];
            (entry.title.clone(), entry.because.clone())
        }
        (Suggestion::SeenFirst, Care::Emergency) => {
            ("Get emergency help now".to_owned(), professional.clone())
        }
        (Suggestion::SeenFirst, _) => ("Be seen today".to_owned(), professional.clone()),
        (Suggestion::Unscreened, _) => (
            "Answer the open questions first".to_owned(),
            "Some questions that could show a warning sign are not answered yet. Until they are, \
             no kind of care is suggested."
                .to_owned(),
        ),
    }
}

/// The rules that speak for the suggested treatment, strongest first, each with its points for it.
pub(crate) fn reasons(rules: &RuleSet, assessment: &Assessment) -> Vec<(usize, i32)> {
    let Some(treatment) = assessment.treatment(rules) else { return Vec::new() };
    reasons_for(rules, assessment, treatment)
}

/// The fired rules that give an item points, strongest first.
pub(crate) fn reasons_for(
    rules: &RuleSet,
    assessment: &Assessment,
    item: usize,
) -> Vec<(usize, i32)> {
    let mut reasons: Vec<(usize, i32)> = assessment
        .rules
        .iter()
        .filter_map(|&rule| {
            let points = &rules.rules[rule].points;
            let total: i32 = points.iter().filter(|(to, _)| *to == item).map(|(_, n)| n).sum();
            (total > 0).then_some((rule, total))
        })
        .collect();
    reasons.sort_by_key(|&(_, points)| std::cmp::Reverse(points));
    reasons
}

/// Why an option is offered: when it fits, then its strongest reason where that says more.
pub(crate) fn option_because(rules: &RuleSet, assessment: &Assessment, option: usize) -> String {
    let ItemKind::Option { fits, .. } = &rules.items[option].kind else { return String::new() };
    match reasons_for(rules, assessment, option).first() {
        Some(&(rule, _)) => format!("{} {fits}", rules.rules[rule].because),
        None => fits.clone(),
    }
}

/// The tips for finding someone who gives the suggested treatment, without repeats.
pub(crate) fn finding_one<'a>(
    rules: &'a RuleSet,
    assessment: &Assessment,
) -> Vec<&'a crate::ruleset::Tip> {
    let mut tips: Vec<&crate::ruleset::Tip> = Vec::new();
    let parts = assessment.treatment(rules).map(|treatment| rules.parts(treatment));
    for part in parts.unwrap_or_default() {
        if let ItemKind::Treatment { finding_one, .. } = &rules.items[part].kind {
            for tip in finding_one {
                if !tips.iter().any(|other| other.says == tip.says) {
                    tips.push(tip);
                }
            }
        }
    }
    tips
}

/// The cautions to tell: those about something that could be named, none where nothing is.
pub(crate) fn told_cautions(rules: &RuleSet, assessment: &Assessment) -> Vec<usize> {
    if assessment.treatment(rules).is_none() { Vec::new() } else { assessment.cautions.clone() }
}

fn notes(rules: &RuleSet, answers: &Answers, assessment: &Assessment) -> Option<Section> {
    // On an emergency nothing stands between the reader and the call for help.
    if assessment.care == Care::Emergency {
        return None;
    }
    let questions = rules.questionnaire.questions.iter().enumerate();
    let entries: Vec<Entry> = questions
        .filter(|(question_idx, _)| assessment.active[*question_idx])
        .filter_map(|(question_idx, question)| match answers.get(question_idx)? {
            crate::questionnaire::Answer::Note(note) if !note.is_empty() => {
                Some(Entry { lead: Some(question.ask.clone()), text: note, cites: Vec::new() })
            }
            _ => None,
        })
        .collect();
    (!entries.is_empty()).then(|| Section {
        heading: "In your own words".to_owned(),
        tone: Tone::Plain,
        blocks: vec![Block::List(entries)],
    })
}

struct Composer<'a> {
    rules: &'a RuleSet,
    assessment: &'a Assessment,
    /// Sources mentioned so far, in order; a citation is a position here plus one.
    cited: Vec<usize>,
}

impl Composer<'_> {
    fn emergency(&mut self) -> Vec<Section> {
        let advice = &self.rules.advice;
        let warnings = self.warning_entries();
        let warnings = warnings.into_iter().map(|entry| Entry { cites: Vec::new(), ..entry });
        vec![
            section(
                "Get emergency help now",
                Tone::Alarm,
                vec![paragraph(&advice.professional[Care::Emergency as usize])],
            ),
            section(
                "Tell the people who help you",
                Tone::Plain,
                vec![Block::List(warnings.collect())],
            ),
            self.signs(),
        ]
    }

    fn ordinary(&mut self, answers: &Answers) -> Vec<Section> {
        let mut sections = vec![self.warnings()];
        if self.assessment.suggestion == Suggestion::SeenFirst {
            sections.extend(self.meanwhile("Until then"));
            sections.extend(self.look_again());
        } else {
            sections.push(self.suggestion());
            sections.extend(self.options());
            sections.extend(self.cautions());
            sections.extend(self.findings());
            sections.extend(self.runner_up());
            sections.extend(self.changes(answers));
            sections.extend(self.differences());
            sections.extend(self.open());
            sections.extend(self.tips());
            sections.extend(self.meanwhile("What you can do now"));
            sections.extend(self.look_again());
            sections.push(self.professional());
        }
        sections.push(self.signs());
        sections
    }

    fn warnings(&mut self) -> Section {
        let entries = self.warning_entries();
        let professional = &self.rules.advice.professional[self.assessment.care as usize];
        let open = "Some questions that could show a warning sign are not answered yet.";
        match (self.assessment.care, self.assessment.open_warnings.is_empty()) {
            (Care::SameDay, _) => section(
                "Be seen today",
                Tone::Alarm,
                vec![paragraph(professional), Block::List(entries)],
            ),
            (Care::Prompt, _) => section(
                "See a professional soon, before anything else",
                Tone::Alarm,
                vec![Block::List(entries)],
            ),
            (_, false) => section("Warning signs", Tone::Strong, vec![paragraph(open)]),
            (_, true) => section(
                "Warning signs",
                Tone::Strong,
                vec![paragraph(&self.rules.advice.nothing_found)],
            ),
        }
    }

    fn warning_entries(&mut self) -> Vec<Entry> {
        let rules = self.rules;
        let warnings = self.assessment.warnings.iter().map(|&warning| &rules.warnings[warning]);
        let entries: Vec<(&str, &[usize])> = warnings
            .map(|warning| (warning.because.as_str(), warning.sources.as_slice()))
            .collect();
        entries.into_iter().map(|(because, sources)| self.claim(because, sources)).collect()
    }

    fn suggestion(&mut self) -> Section {
        let (title, because) = suggestion(self.rules, self.assessment);
        let heading = match self.assessment.care {
            Care::Prompt => format!("After the check: {title}"),
            _ => format!("Suggestion: {title}"),
        };
        let rules = self.rules;
        let sources = match self.assessment.suggestion {
            Suggestion::Entry(entry) => rules.suggestions[entry].sources.as_slice(),
            Suggestion::SeenFirst | Suggestion::Unscreened => &[],
        };
        let mut blocks = vec![Block::Paragraph(self.claim(&because, sources))];
        let reasons: Vec<Entry> = reasons(rules, self.assessment)
            .into_iter()
            .take(SHOWN_REASONS)
            .map(|(rule, _)| self.claim(&rules.rules[rule].because, &rules.rules[rule].sources))
            .collect();
        if !reasons.is_empty() {
            blocks.push(paragraph("Why:"));
            blocks.push(Block::List(reasons));
        }
        if let Some(treatment) = self.assessment.treatment(rules) {
            let item = &rules.items[treatment];
            blocks.push(Block::Paragraph(self.claim(&item.says, &item.sources)));
            if let ItemKind::Treatment { order: Some(order), .. } = &item.kind {
                blocks.push(paragraph(order));
            }
            if self.assessment.standing[treatment] == Standing::AskFirst {
                blocks.push(paragraph("Ask a doctor before you start; the reason is below."));
            }
        }
        section(&heading, Tone::Strong, blocks)
    }

    fn options(&mut self) -> Option<Section> {
        let rules = self.rules;
        let entries: Vec<Entry> = self
            .assessment
            .options
            .iter()
            .map(|&option| {
                let item = &rules.items[option];
                let mut text = option_because(rules, self.assessment, option);
                if self.assessment.standing[option] == Standing::AskFirst {
                    text.push_str(" Ask a doctor first.");
                }
                if let ItemKind::Option { grade, .. } = item.kind {
                    text = format!("{text} ({})", rules.grades[grade].says);
                }
                let entry = self.claim(&text, &item.sources);
                Entry { lead: Some(item.name.clone()), ..entry }
            })
            .collect();
        (!entries.is_empty()).then(|| {
            section("Start with the first of these", Tone::Plain, vec![Block::List(entries)])
        })
    }

    fn cautions(&mut self) -> Option<Section> {
        let rules = self.rules;
        let names = |items: &[usize]| -> Vec<String> {
            items.iter().map(|&item| rules.items[item].name.to_lowercase()).collect()
        };
        let told = told_cautions(rules, self.assessment);
        let entries: Vec<Entry> = told
            .into_iter()
            .map(|caution| {
                let caution = &rules.cautions[caution];
                let avoid = (!caution.avoid.is_empty())
                    .then(|| format!("avoid {}", list_and(&names(&caution.avoid))));
                let ask = (!caution.ask_first.is_empty()).then(|| {
                    format!("ask a doctor before {}", list_and(&names(&caution.ask_first)))
                });
                let what: Vec<String> = avoid.into_iter().chain(ask).collect();
                let entry = self.claim(&caution.because, &caution.sources);
                Entry { lead: Some(capital(&what.join("; "))), ..entry }
            })
            .collect();
        (!entries.is_empty())
            .then(|| section("Avoid, or ask about first", Tone::Strong, vec![Block::List(entries)]))
    }

    /// What the answers show; some of it is for the professional to hear.
    fn findings(&mut self) -> Option<Section> {
        let rules = self.rules;
        let findings = self.assessment.findings.iter().map(|&finding| &rules.findings[finding]);
        let findings: Vec<Entry> =
            findings.map(|finding| self.claim(&finding.says, &finding.sources)).collect();
        (!findings.is_empty())
            .then(|| section("What your answers show", Tone::Plain, vec![Block::List(findings)]))
    }

    fn runner_up(&mut self) -> Option<Section> {
        let rules = self.rules;
        let runner_up = self.assessment.runner_up?;
        let item = &rules.items[runner_up];
        let entry = match reasons_for(rules, self.assessment, runner_up).first() {
            Some(&(rule, _)) => self.claim(&rules.rules[rule].because, &rules.rules[rule].sources),
            None => self.claim(&item.says, &item.sources),
        };
        let ask_first = self.assessment.standing[runner_up] == Standing::AskFirst;
        let text = if ask_first { entry.text + " Ask a doctor first." } else { entry.text };
        let entry = Entry { lead: Some(item.name.clone()), text, cites: entry.cites };
        Some(section("What else could fit", Tone::Plain, vec![Block::List(vec![entry])]))
    }

    /// The one-answer changes that would lead to another suggestion, those of urgency left out: the
    /// signs that mean "get help now" stand below, all of them.
    fn changes(&self, answers: &Answers) -> Option<Section> {
        let rules = self.rules;
        let entries: Vec<Entry> = explain::changes(rules, answers, self.assessment, 1)
            .into_iter()
            .filter(|change| change.care == self.assessment.care)
            .filter_map(|change| {
                let (question, marks) = change.answers[0];
                let text = explain::in_words(rules, answers, question, marks);
                let name = rules.items[change.treatment?].name.clone();
                Some(Entry { lead: Some(name), text, cites: Vec::new() })
            })
            .collect();
        (!entries.is_empty())
            .then(|| section("What would change this", Tone::Plain, vec![Block::List(entries)]))
    }

    /// Where the sources part ways about what is named.
    fn differences(&mut self) -> Option<Section> {
        let rules = self.rules;
        let mut named = Vec::new();
        if let Some(treatment) = self.assessment.treatment(rules) {
            named.extend(rules.parts(treatment));
        }
        named.extend(&self.assessment.options);
        let entries: Vec<Entry> = named
            .into_iter()
            .filter_map(|item| {
                let item = &rules.items[item];
                let entry = self.claim(item.differ.as_deref()?, &item.sources);
                Some(Entry { lead: Some(item.name.clone()), ..entry })
            })
            .collect();
        (!entries.is_empty())
            .then(|| section("Where the sources differ", Tone::Quiet, vec![Block::List(entries)]))
    }

    fn open(&self) -> Option<Section> {
        let questions = &self.rules.questionnaire.questions;
        let entries: Vec<Entry> = self
            .assessment
            .not_answered
            .iter()
            .map(|&question| Entry {
                lead: Some(questions[question].id.clone()),
                text: questions[question].ask.clone(),
                cites: Vec::new(),
            })
            .collect();
        (!entries.is_empty())
            .then(|| section("Not answered yet", Tone::Strong, vec![Block::List(entries)]))
    }

    fn tips(&mut self) -> Option<Section> {
        let tips = finding_one(self.rules, self.assessment);
        let entries: Vec<Entry> =
            tips.into_iter().map(|tip| self.claim(&tip.says, &tip.sources)).collect();
        (!entries.is_empty())
            .then(|| section("Finding a professional", Tone::Plain, vec![Block::List(entries)]))
    }

    fn meanwhile(&mut self, heading: &str) -> Option<Section> {
        let (rules, assessment) = (self.rules, self.assessment);
        self.tidbits(&rules.advice.meanwhile, &assessment.meanwhile, heading)
    }

    fn look_again(&mut self) -> Option<Section> {
        let (rules, assessment) = (self.rules, self.assessment);
        self.tidbits(&rules.advice.look_again, &assessment.look_again, "When to look again")
    }

    fn tidbits(&mut self, all: &[Tidbit], told: &[usize], heading: &str) -> Option<Section> {
        let entries: Vec<Entry> =
            told.iter().map(|&told| self.claim(&all[told].says, &all[told].sources)).collect();
        (!entries.is_empty()).then(|| section(heading, Tone::Plain, vec![Block::List(entries)]))
    }

    fn professional(&self) -> Section {
        let advice = &self.rules.advice.professional[self.assessment.care as usize];
        section("See a professional", Tone::Strong, vec![paragraph(advice)])
    }

    fn signs(&self) -> Section {
        let signs = self.rules.advice.get_help_now.iter();
        let entries = signs.map(|sign| Entry { text: sign.clone(), ..Entry::default() });
        section(
            "Get help now if you notice any of these",
            Tone::Alarm,
            vec![Block::List(entries.collect())],
        )
    }

    fn source_list(&self) -> Section {
        let entries = self.cited.iter().enumerate().map(|(source_idx, &source)| {
            let source = &self.rules.sources[source];
            Entry {
                lead: Some(format!("[{}]", source_idx + 1)),
                text: format!("{}: {} ({}). {}", source.by, source.title, source.year, source.link),
                cites: Vec::new(),
            }
        });
        section("Sources", Tone::Quiet, vec![Block::List(entries.collect())])
    }

    fn colophon(&self) -> Section {
        let rules = self.rules;
        let version = format!(
            "{}, version {}, reviewed {}, hash {}.",
            rules.id,
            rules.version,
            rules.reviewed,
            &rules.hash[..12]
        );
        section(
            "About this result",
            Tone::Quiet,
            vec![paragraph(&rules.notice), paragraph(&version)],
        )
    }

    /// What matters most, once more: in a terminal the end is what is seen first.
    fn in_short(&self) -> Section {
        let professional = &self.rules.advice.professional[self.assessment.care as usize];
        // On an emergency the second sentence has the numbers.
        let sentences = if self.assessment.care == Care::Emergency { 2 } else { 1 };
        let first: String = professional.split_inclusive(". ").take(sentences).collect();
        let first = first.trim();
        let (title, _) = suggestion(self.rules, self.assessment);
        let (tone, text) = match self.assessment.care {
            Care::Emergency | Care::SameDay => (Tone::Alarm, first.to_owned()),
            Care::Prompt => (Tone::Strong, format!("{first} Then: {title}.")),
            Care::Routine => (Tone::Strong, format!("{title}. {first}")),
        };
        section("In short", tone, vec![paragraph(&text)])
    }

    fn claim(&mut self, text: &str, sources: &[usize]) -> Entry {
        let cites = sources
            .iter()
            .map(|&source| {
                let known = self.cited.iter().position(|&cited| cited == source);
                known.unwrap_or_else(|| {
                    self.cited.push(source);
                    self.cited.len() - 1
                }) + 1
            })
            .collect();
        Entry { lead: None, text: text.to_owned(), cites }
    }
}

fn section(heading: &str, tone: Tone, blocks: Vec<Block>) -> Section {
    Section { heading: heading.to_owned(), tone, blocks }
}

fn paragraph(text: &str) -> Block {
    Block::Paragraph(Entry { text: text.to_owned(), ..Entry::default() })
}
