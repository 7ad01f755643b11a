//! What the person is told, in the order of safety.

use super::{
    Block, Document, Entry, Section, Tone, entry, finding_one, led, open, option_because,
    paragraph, pictures, reasons, reasons_for, section, suggestion, told_cautions,
};
use crate::answers::Answers;
use crate::condition::Care;
use crate::explain;
use crate::language::Language;
use crate::prose::capital;
use crate::questionnaire::{Answer, Question};
use crate::ruleset::{ItemKind, RuleSet, Tidbit};
use crate::triage::{Assessment, Standing, Suggestion};

/// The most reasons shown to a person; all of them are in the JSON.
const SHOWN_REASONS: usize = 4;

/// Composes what a person is told.
pub fn compose(rules: &RuleSet, answers: &Answers, assessment: &Assessment) -> Document {
    let mut composer = Composer::new(rules, answers, assessment);
    let mut sections = match assessment.care {
        Care::Emergency => composer.emergency(),
        Care::Routine | Care::Prompt | Care::SameDay => composer.ordinary(),
    };
    // On an emergency nothing stands between the reader and the call for help.
    if assessment.care != Care::Emergency {
        sections.extend(composer.own_words());
    }
    // In an emergency nobody looks up a source; the JSON has them.
    if !composer.cited.is_empty() && assessment.care != Care::Emergency {
        sections.push(composer.source_list());
    }
    sections.push(composer.colophon());
    sections.push(composer.in_short());
    composer.document(rules.title.clone(), Vec::new(), sections)
}

/// Collects sections and, on the way, what they cite.
pub(crate) struct Composer<'a> {
    pub(crate) rules: &'a RuleSet,
    pub(crate) answers: &'a Answers,
    pub(crate) assessment: &'a Assessment,
    /// The words around those of the rule set.
    pub(crate) words: Language,
    /// Sources mentioned so far, in order; a citation is a position here plus one.
    pub(crate) cited: Vec<usize>,
}

impl<'a> Composer<'a> {
    pub(crate) fn new(
        rules: &'a RuleSet,
        answers: &'a Answers,
        assessment: &'a Assessment,
    ) -> Self {
        Self { rules, answers, assessment, words: rules.words(), cited: Vec::new() }
    }

    pub(crate) fn document(
        &self,
        title: String,
        particulars: Vec<(String, String)>,
        sections: Vec<Section>,
    ) -> Document {
        let sources = self.cited.iter().map(|&source| self.rules.sources[source].clone());
        let sources = sources.collect();
        Document { title, particulars, language: self.words, sections, sources }
    }

    pub(crate) fn emergency(&mut self) -> Vec<Section> {
        let warnings = self.warning_entries().into_iter();
        let warnings = warnings.map(|entry| Entry { cites: Vec::new(), ..entry }).collect();
        vec![
            self.call(),
            section(
                "warnings",
                self.words.say("heading-tell-helpers"),
                Tone::Plain,
                vec![Block::List(warnings)],
            ),
            self.signs(),
        ]
    }

    fn ordinary(&mut self) -> Vec<Section> {
        let mut sections = vec![self.warnings()];
        if self.assessment.suggestion == Suggestion::SeenFirst {
            sections.extend(self.meanwhile("heading-until-then"));
            sections.extend(self.look_again());
        } else {
            sections.push(self.suggestion());
            sections.extend(self.options());
            sections.extend(self.cautions());
            sections.extend(self.numbers());
            sections.extend(self.findings());
            sections.extend(self.runner_up());
            sections.extend(self.changes());
            sections.extend(self.compared());
            sections.extend(self.differences());
            sections.extend(self.open());
            sections.extend(self.tips());
            sections.extend(self.meanwhile("heading-meanwhile"));
            sections.extend(self.look_again());
            // Where care is needed soon, this stands at the top.
            if self.assessment.care == Care::Routine {
                sections.push(self.professional());
            }
        }
        sections.push(self.signs());
        sections
    }

    pub(crate) fn warnings(&mut self) -> Section {
        let entries = self.warning_entries();
        let professional = &self.rules.advice.professional[self.assessment.care as usize];
        match (self.assessment.care, self.assessment.open_warnings.is_empty()) {
            (Care::SameDay, _) => section(
                "warnings",
                self.words.say("heading-same-day"),
                Tone::Alarm,
                vec![paragraph(professional), Block::List(entries)],
            ),
            (Care::Prompt, _) => section(
                "warnings",
                self.words.say("heading-prompt"),
                Tone::Alarm,
                vec![paragraph(professional), Block::List(entries)],
            ),
            (_, all_screened) => {
                let text = if all_screened {
                    self.rules.advice.nothing_found.clone()
                } else {
                    self.words.say("open-signs")
                };
                let heading = self.words.say("heading-warning-signs");
                section("warnings", heading, Tone::Strong, vec![paragraph(text)])
            }
        }
    }

    pub(crate) fn warning_entries(&mut self) -> Vec<Entry> {
        let rules = self.rules;
        let warnings = self.assessment.warnings.iter().map(|&warning| &rules.warnings[warning]);
        let entries: Vec<(&str, &[usize])> = warnings
            .map(|warning| (warning.because.as_str(), warning.sources.as_slice()))
            .collect();
        entries.into_iter().map(|(because, sources)| self.claim(because, sources)).collect()
    }

    /// Whether a treatment is named that is for after a check; "be seen first" is not for after it.
    fn waits_for_the_check(&self) -> bool {
        self.assessment.care == Care::Prompt && self.assessment.treatment(self.rules).is_some()
    }

    pub(crate) fn suggestion(&mut self) -> Section {
        let (title, because) = suggestion(self.rules, self.assessment, self.words);
        let heading =
            if self.waits_for_the_check() { "heading-after-check" } else { "heading-suggestion" };
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
            blocks.push(paragraph(self.words.say("why")));
            blocks.push(Block::List(reasons));
        }
        if let Some(treatment) = self.assessment.treatment(rules) {
            let item = &rules.items[treatment];
            blocks.push(Block::Paragraph(self.claim(&item.says, &item.sources)));
            if let ItemKind::Treatment { order: Some(order), .. } = &item.kind {
                blocks.push(paragraph(order));
            }
            if self.assessment.standing[treatment] == Standing::AskFirst {
                blocks.push(paragraph(self.words.say("ask-before-start")));
            }
        }
        let heading = self.words.tell(heading, &[("title", title.into())]);
        section("suggestion", heading, Tone::Strong, blocks)
    }

    pub(crate) fn options(&mut self) -> Option<Section> {
        let rules = self.rules;
        let entries: Vec<Entry> = self
            .assessment
            .options
            .iter()
            .map(|&option| {
                let item = &rules.items[option];
                let mut text = option_because(rules, self.assessment, option);
                if self.assessment.standing[option] == Standing::AskFirst {
                    text = format!("{text} {}", self.words.say("ask-first"));
                }
                if let ItemKind::Option { grade, .. } = item.kind {
                    text = format!("{text} ({})", rules.grades[grade].says);
                }
                let entry = self.claim(&text, &item.sources);
                Entry { lead: Some(item.name.clone()), ..entry }
            })
            .collect();
        (!entries.is_empty()).then(|| {
            let heading = self.words.say("heading-options");
            section("options", heading, Tone::Plain, vec![Block::List(entries)])
        })
    }

    pub(crate) fn cautions(&mut self) -> Option<Section> {
        let told = told_cautions(self.rules, self.assessment).into_iter();
        let entries: Vec<Entry> = told
            .map(|caution| {
                let ask_first = &self.rules.cautions[caution].ask_first;
                self.caution(caution, ask_first)
            })
            .collect();
        (!entries.is_empty()).then(|| {
            section(
                "cautions",
                self.words.say("heading-cautions"),
                Tone::Strong,
                vec![Block::List(entries)],
            )
        })
    }

    /// A caution that says of these items to ask first.
    pub(crate) fn caution(&mut self, caution: usize, ask_first: &[usize]) -> Entry {
        let caution = &self.rules.cautions[caution];
        let avoid = (!caution.avoid.is_empty()).then(|| self.naming("avoid", &caution.avoid));
        let ask = (!ask_first.is_empty()).then(|| self.naming("ask-before", ask_first));
        let what: Vec<String> = avoid.into_iter().chain(ask).collect();
        let entry = self.claim(&caution.because, &caution.sources);
        Entry { lead: Some(capital(&what.join("; "))), ..entry }
    }

    /// What the answers show; some of it is for the professional to hear.
    fn findings(&mut self) -> Option<Section> {
        let rules = self.rules;
        let findings = self.assessment.findings.iter().map(|&finding| &rules.findings[finding]);
        let findings: Vec<Entry> =
            findings.map(|finding| self.claim(&finding.says, &finding.sources)).collect();
        (!findings.is_empty()).then(|| {
            section(
                "findings",
                self.words.say("heading-findings"),
                Tone::Plain,
                vec![Block::List(findings)],
            )
        })
    }

    pub(crate) fn runner_up(&mut self) -> Option<Section> {
        let rules = self.rules;
        let runner_up = self.assessment.runner_up?;
        let item = &rules.items[runner_up];
        let entry = match reasons_for(rules, self.assessment, runner_up).first() {
            Some(&(rule, _)) => self.claim(&rules.rules[rule].because, &rules.rules[rule].sources),
            None => self.claim(&item.says, &item.sources),
        };
        let ask_first = self.assessment.standing[runner_up] == Standing::AskFirst;
        let text = if ask_first {
            format!("{} {}", entry.text, self.words.say("ask-first"))
        } else {
            entry.text
        };
        let entry = Entry { lead: Some(item.name.clone()), text, cites: entry.cites };
        Some(section(
            "runner-up",
            self.words.say("heading-runner-up"),
            Tone::Plain,
            vec![Block::List(vec![entry])],
        ))
    }

    /// The one-answer changes that would lead to another suggestion, those of urgency left out: the
    /// signs that mean "get help now" stand below, all of them.
    pub(crate) fn changes(&self) -> Option<Section> {
        let (rules, answers) = (self.rules, self.answers);
        let entries: Vec<Entry> = explain::changes(rules, answers, self.assessment, 1)
            .into_iter()
            .filter(|change| change.care == self.assessment.care)
            .filter_map(|change| {
                let (question, marks) = change.answers[0];
                let text = explain::in_words(rules, answers, question, marks);
                Some(led(&rules.items[change.treatment?].name, text))
            })
            .collect();
        let heading = self.words.say("heading-changes");
        (!entries.is_empty())
            .then(|| section("changes", heading, Tone::Plain, vec![Block::List(entries)]))
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
        (!entries.is_empty()).then(|| {
            section(
                "differences",
                self.words.say("heading-differences"),
                Tone::Quiet,
                vec![Block::List(entries)],
            )
        })
    }

    pub(crate) fn open(&self) -> Option<Section> {
        let questions = &self.rules.questionnaire.questions;
        let entries: Vec<Entry> = self
            .assessment
            .not_answered
            .iter()
            .map(|&question| entry(questions[question].short()))
            .collect();
        (!entries.is_empty()).then(|| {
            section(
                "open",
                self.words.say("heading-open"),
                Tone::Strong,
                std::iter::once(Block::List(entries))
                    .chain(open::in_brief(self.rules, self.answers, self.assessment))
                    .collect(),
            )
        })
    }

    pub(crate) fn tips(&mut self) -> Option<Section> {
        let tips = finding_one(self.rules, self.assessment);
        let entries: Vec<Entry> =
            tips.into_iter().map(|tip| self.claim(&tip.says, &tip.sources)).collect();
        (!entries.is_empty()).then(|| {
            section("tips", self.words.say("heading-tips"), Tone::Plain, vec![Block::List(entries)])
        })
    }

    pub(crate) fn meanwhile(&mut self, heading: &str) -> Option<Section> {
        let (rules, assessment) = (self.rules, self.assessment);
        self.tidbits(("meanwhile", heading), &rules.advice.meanwhile, &assessment.meanwhile)
    }

    fn look_again(&mut self) -> Option<Section> {
        let (rules, assessment) = (self.rules, self.assessment);
        let part = ("look-again", "heading-look-again");
        self.tidbits(part, &rules.advice.look_again, &assessment.look_again)
    }

    fn tidbits(
        &mut self,
        (id, heading): (&'static str, &str),
        all: &[Tidbit],
        told: &[usize],
    ) -> Option<Section> {
        let entries: Vec<Entry> =
            told.iter().map(|&told| self.claim(&all[told].says, &all[told].sources)).collect();
        (!entries.is_empty())
            .then(|| section(id, self.words.say(heading), Tone::Plain, vec![Block::List(entries)]))
    }

    pub(crate) fn professional(&self) -> Section {
        let advice = &self.rules.advice.professional[self.assessment.care as usize];
        let heading = self.words.say("heading-professional");
        section("professional", heading, Tone::Strong, vec![paragraph(advice)])
    }

    pub(crate) fn signs(&self) -> Section {
        let signs = self.rules.advice.get_help_now.iter();
        let entries = signs.map(|sign| Entry { text: sign.clone(), ..Entry::default() });
        section(
            "signs",
            self.words.say("heading-signs"),
            Tone::Alarm,
            vec![Block::List(entries.collect())],
        )
    }

    pub(crate) fn source_list(&self) -> Section {
        let entries = self.cited.iter().enumerate().map(|(source_idx, &source)| {
            let source = &self.rules.sources[source];
            Entry {
                lead: Some(format!("[{}]", source_idx + 1)),
                text: format!("{}: {} ({}). {}", source.by, source.title, source.year, source.link),
                cites: Vec::new(),
            }
        });
        section(
            "sources",
            self.words.say("heading-sources"),
            Tone::Quiet,
            vec![Block::List(entries.collect())],
        )
    }

    pub(crate) fn colophon(&self) -> Section {
        let rules = self.rules;
        let version = self.words.tell(
            "colophon",
            &[
                ("id", rules.id.as_str().into()),
                ("version", rules.version.as_str().into()),
                ("reviewed", rules.reviewed.as_str().into()),
                ("hash", rules.hash[..12].into()),
                ("program", env!("CARGO_PKG_VERSION").into()),
            ],
        );
        section(
            "about",
            self.words.say("heading-about"),
            Tone::Quiet,
            vec![paragraph(&rules.notice), paragraph(&version)],
        )
    }

    /// The person's own words.
    fn own_words(&self) -> Option<Section> {
        let entries: Vec<Entry> =
            self.notes().map(|(question, note)| led(question.short(), note)).collect();
        let heading = self.words.say("heading-own-words");
        (!entries.is_empty())
            .then(|| section("own-words", heading, Tone::Plain, vec![Block::List(entries)]))
    }

    /// Every note that says something, with its question.
    pub(crate) fn notes(&self) -> impl Iterator<Item = (&Question, String)> {
        let questions = self.rules.questionnaire.questions.iter().enumerate();
        let told = questions.filter(|&(question_idx, _)| {
            self.assessment.active[question_idx] && self.is_told(question_idx)
        });
        told.filter_map(|(question_idx, question)| match self.answers.get(question_idx)? {
            Answer::Note(note) if !note.is_empty() => Some((question, note)),
            _ => None,
        })
    }

    /// Whether the answer to a question may be told at this level of care. Where a doctor comes
    /// first, wishes for one treatment or another would only be in the way.
    pub(crate) fn is_told(&self, question: usize) -> bool {
        let sheet = &self.rules.sheet;
        let tells_urgency = || {
            sheet.history.contains(&question)
                || self.rules.warnings.iter().any(|warning| warning.reads.contains(&question))
        };
        self.assessment.care.names_treatment()
            || match sheet.about_treatment.as_slice() {
                [] => tells_urgency(),
                about_treatment => !about_treatment.contains(&question),
            }
    }

    /// What matters most, once more: in a terminal the end is what is seen first.
    fn in_short(&self) -> Section {
        let professional = &self.rules.advice.professional[self.assessment.care as usize];
        let first = professional.split_inclusive(". ").next().unwrap_or_default().trim();
        let (title, _) = suggestion(self.rules, self.assessment, self.words);
        let (tone, text) = match self.assessment.care {
            Care::Emergency | Care::SameDay => (Tone::Alarm, first.to_owned()),
            Care::Prompt if self.waits_for_the_check() => {
                let then = self.words.tell("then", &[("title", title.into())]);
                (Tone::Strong, format!("{first} {then}"))
            }
            Care::Prompt | Care::Routine => (Tone::Strong, format!("{title}. {first}")),
        };
        section("in-short", self.words.say("heading-in-short"), tone, vec![paragraph(text)])
    }

    pub(crate) fn claim(&mut self, text: &str, sources: &[usize]) -> Entry {
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

    /// The call for help.
    pub(crate) fn call(&self) -> Section {
        let call = &self.rules.advice.professional[Care::Emergency as usize];
        let heading = self.words.say("heading-emergency");
        section("call", heading, Tone::Alarm, vec![paragraph(call)])
    }

    /// "avoid yoga and heat".
    fn naming(&self, what: &str, items: &[usize]) -> String {
        let names = items.iter().map(|&item| self.rules.items[item].name.to_lowercase());
        let names = self.words.list_and(&names.collect::<Vec<_>>());
        self.words.tell(what, &[("items", names.into())])
    }

    /// The scales and the regions, as pictures with their words.
    fn numbers(&self) -> Option<Section> {
        let blocks: Vec<Block> = pictures::scales(self.rules, self.answers, self.assessment)
            .into_iter()
            .filter(|scale| scale.value.is_some())
            .map(Block::Scale)
            .collect();
        let heading = self.words.say("heading-where-and-how-bad");
        (!blocks.is_empty()).then(|| section("numbers", heading, Tone::Plain, blocks))
    }

    /// The points of what can be offered.
    fn compared(&self) -> Option<Section> {
        let bars = pictures::bars(self.rules, self.assessment);
        let note = self.words.say("compared-note");
        let heading = self.words.say("heading-compared");
        (bars.len() > 1).then(|| {
            section("compared", heading, Tone::Quiet, vec![Block::Bars(bars), paragraph(note)])
        })
    }
}
