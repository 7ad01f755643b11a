//! The hand-over sheet: what a physical or massage therapist wants at a glance, in that order.

use std::collections::BTreeSet;

use super::compose::{Composer, notes};
use super::{
    Block, Document, Entry, Section, Tone, entry, led, paragraph, pictures, reasons_for, section,
};
use crate::answers::Answers;
use crate::condition::{Care, NONE, UNSURE};
use crate::explain;
use crate::questionnaire::{Answer, Kind, Question};
use crate::ruleset::RuleSet;
use crate::triage::{Assessment, Suggestion};

/// Lines for writing.
const NOTE_LINES: usize = 3;
/// The most rules shown for the suggestion; all of them are in the JSON.
const SHOWN_RULES: usize = 6;

/// Composes the hand-over sheet. The date is whatever the caller wants to stand there.
///
/// On an emergency it is the call for help and what was answered, nothing else.
pub fn sheet(
    rules: &RuleSet,
    answers: &Answers,
    assessment: &Assessment,
    date: Option<&str>,
) -> Document {
    let mut composer = Composer::new(rules, answers, assessment);
    let sections = if assessment.care == Care::Emergency {
        let answers = composer.answers();
        vec![composer.call(), answers, composer.colophon()]
    } else {
        composer.sheet()
    };
    let words = rules.words();
    let client = rules.sheet.client.and_then(|client| match answers.get(client) {
        Some(Answer::Note(note)) => Some(note),
        _ => None,
    });
    let particulars = vec![
        (words.say("sheet-client"), client.unwrap_or_default()),
        (words.say("sheet-date"), date.unwrap_or_default().to_owned()),
    ];
    let title = format!("{} – {}", words.say("sheet-title"), rules.title);
    composer.document(title, particulars, sections)
}

/// How many warning signs were asked about, and how they were answered.
struct SignCount {
    yes: usize,
    unsure: usize,
    asked: usize,
    open: usize,
}

impl Composer<'_> {
    fn sheet(&mut self) -> Vec<Section> {
        let mut sections = vec![self.signs_answered()];
        if self.assessment.suggestion == Suggestion::SeenFirst {
            sections.extend(self.where_and_how_bad());
            sections.extend(self.history());
            sections.extend(self.meanwhile("heading-until-then"));
        } else {
            sections.push(self.suggestion_and_margin());
            sections.extend(self.where_and_how_bad());
            sections.extend(self.history());
            sections.push(self.hands_on_first());
        }
        sections.push(self.answers());
        sections.push(self.not_asked());
        sections.extend(self.rule_table());
        sections.extend(self.next_best());
        sections.extend(notes(self.rules, self.answers, self.assessment, true));
        let heading = self.words.say("heading-notes");
        sections.push(section("notes", heading, Tone::Plain, vec![Block::Space(NOTE_LINES)]));
        if self.assessment.care != Care::SameDay {
            sections.push(self.professional());
        }
        sections.push(self.signs());
        if !self.cited.is_empty() {
            sections.push(self.source_list());
        }
        sections.push(self.colophon());
        sections
    }

    /// "0 of 19 yes, 1 not sure", then what follows from them.
    fn signs_answered(&mut self) -> Section {
        let words = self.words;
        let mut section = self.warnings();
        let count = self.count_signs();
        if let Some(count) = count {
            let mut text = words.tell(
                "sheet-signs",
                &[
                    ("yes", count.yes.into()),
                    ("asked", count.asked.into()),
                    ("unsure", count.unsure.into()),
                ],
            );
            if count.open > 0 {
                let open = words.tell("sheet-signs-open", &[("open", count.open.into())]);
                text = format!("{text}, {open}");
            }
            let lead = words.say("heading-warning-signs");
            section.blocks.insert(0, Block::Paragraph(led(lead, text + ".")));
        }
        section
    }

    /// Counts the choices of lists and the questions asked one at a time. A list that was answered
    /// "not sure" is counted by the questions that follow it, where there are any.
    fn count_signs(&self) -> Option<SignCount> {
        let group = self.rules.sheet.signs?;
        let mut count = SignCount { yes: 0, unsure: 0, asked: 0, open: 0 };
        let questions = &self.rules.questionnaire.questions;
        for (question_idx, question) in questions.iter().enumerate() {
            if question.group != group || !self.assessment.active[question_idx] {
                continue;
            }
            let signs = question.choices().len().max(1);
            let marks = self.answers.marks()[question_idx];
            let is_taken_apart = marks == UNSURE
                && questions.iter().enumerate().any(|(other_idx, other)| {
                    other.reads == [question_idx] && self.assessment.active[other_idx]
                });
            if is_taken_apart {
                continue;
            }
            match (marks, &question.kind) {
                (0, _) => count.open += signs,
                (UNSURE, _) => count.unsure += signs,
                (NONE, _) => {}
                (marks, Kind::AnyOf { .. }) => count.yes += marks.count_ones() as usize,
                (marks, _) => count.yes += usize::from(marks == 1),
            }
            count.asked += signs;
        }
        (count.asked > 0).then_some(count)
    }

    fn suggestion_and_margin(&mut self) -> Section {
        let (rules, assessment, words) = (self.rules, self.assessment, self.words);
        let full = self.suggestion();
        let mut blocks: Vec<Block> = full.blocks.into_iter().take(1).collect();
        if let Some(treatment) = assessment.treatment(rules) {
            let margin = explain::margin(rules, assessment);
            let margin = margin.map(|margin| explain::margin_in_words(words, margin));
            blocks.push(Block::Bars(pictures::bars(rules, assessment)));
            blocks.extend(margin.map(paragraph));
            let options = assessment.options.iter();
            let names: Vec<&str> =
                options.map(|&option| rules.items[option].name.as_str()).collect();
            if !names.is_empty() {
                blocks.push(Block::Paragraph(led(words.say("heading-options"), names.join(", "))));
            }
            if assessment.standing[treatment] == crate::triage::Standing::AskFirst {
                blocks.push(paragraph(words.say("ask-first")));
            }
        }
        Section { blocks, ..full }
    }

    fn where_and_how_bad(&self) -> Option<Section> {
        let (rules, answers, assessment) = (self.rules, self.answers, self.assessment);
        let body = pictures::body(rules, answers, assessment).map(Block::Body);
        let scales = pictures::scales(rules, answers, assessment).into_iter().map(Block::Scale);
        let blocks: Vec<Block> = body.into_iter().chain(scales).collect();
        let heading = self.words.say("heading-where-and-how-bad");
        (!blocks.is_empty()).then(|| section("where", heading, Tone::Plain, blocks))
    }

    fn history(&self) -> Option<Section> {
        let questions = &self.rules.questionnaire.questions;
        let asked = self.rules.sheet.history.iter();
        let entries: Vec<Entry> = asked
            .filter(|&&question| self.assessment.active[question])
            .filter_map(|&question| {
                let answer = self.answers.get(question)?;
                let question = &questions[question];
                Some(led(&question.ask, question.read_back(&answer)))
            })
            .collect();
        let heading = self.words.say("heading-history");
        (!entries.is_empty())
            .then(|| section("history", heading, Tone::Plain, vec![Block::List(entries)]))
    }

    /// The cautions, those about hands-on work before the others.
    fn hands_on_first(&mut self) -> Section {
        let heading = self.words.say("heading-hands-on");
        let none = self.words.say("no-cautions");
        let Some(mut cautions) = self.cautions() else {
            return section("cautions", heading, Tone::Plain, vec![paragraph(none)]);
        };
        let rules = self.rules;
        let about_hands = |caution: &usize| {
            let caution = &rules.cautions[*caution];
            let mut items = caution.avoid.iter().chain(&caution.ask_first);
            items.any(|item| rules.sheet.hands_on.contains(item))
        };
        let told = super::told_cautions(rules, self.assessment);
        if let Some(Block::List(entries)) = cautions.blocks.first_mut() {
            let mut paired: Vec<(bool, Entry)> =
                told.iter().map(|it| !about_hands(it)).zip(std::mem::take(entries)).collect();
            paired.sort_by_key(|(is_other, _)| *is_other);
            entries.extend(paired.into_iter().map(|(_, entry)| entry));
        }
        Section { heading, ..cautions }
    }

    /// Every answer that counts, by group. Notes stand in a section of their own.
    fn answers(&self) -> Section {
        let questionnaire = &self.rules.questionnaire;
        // Where a doctor comes first, wishes for one treatment or another would only be in the way.
        let names_treatment = self.assessment.care.names_treatment();
        let mut rows: Vec<Vec<Entry>> = Vec::new();
        for (question_idx, question) in questionnaire.questions.iter().enumerate() {
            let is_counted = self.assessment.active[question_idx]
                && question.kind != Kind::Text
                && (names_treatment || self.tells_urgency(question_idx))
                && (self.assessment.care == Care::Emergency || !self.is_drawn(question_idx));
            let Some(answer) = self.answers.get(question_idx).filter(|_| is_counted) else {
                continue;
            };
            rows.push(vec![entry(&question.ask), entry(answer_in_words(question, &answer))]);
        }
        let head = ["column-question", "column-answer"].map(|id| self.words.say(id)).to_vec();
        let table = Block::Table { head, rows };
        section("answers", self.words.say("heading-answers"), Tone::Plain, vec![table])
    }

    /// Whether the answer stands in a part of its own further up.
    fn is_drawn(&self, question: usize) -> bool {
        let sheet = &self.rules.sheet;
        sheet.body == Some(question)
            || sheet.history.contains(&question)
            || sheet.scales.iter().any(|scale| scale.question == question)
    }

    fn tells_urgency(&self, question: usize) -> bool {
        self.rules.sheet.history.contains(&question)
            || self.rules.warnings.iter().any(|warning| warning.reads.contains(&question))
    }

    fn not_asked(&self) -> Section {
        let questions = &self.rules.questionnaire.questions;
        let mut blocks = Vec::new();
        let open: Vec<Entry> = (self.assessment.not_answered.iter())
            .map(|&question| entry(&questions[question].ask))
            .collect();
        if open.is_empty() {
            blocks.push(paragraph(self.words.say("not-asked-none")));
        } else {
            blocks.push(Block::List(open));
        }
        let closed: Vec<&str> = questions
            .iter()
            .enumerate()
            .filter(|(question_idx, question)| {
                !self.assessment.active[*question_idx] && question.kind != Kind::Text
            })
            // Questions that only take a list apart say nothing of their own.
            .filter(|(_, question)| self.rules.sheet.signs != Some(question.group))
            .map(|(_, question)| question.id.as_str())
            .collect();
        if !closed.is_empty() {
            let ids = closed.join(", ");
            let text = self.words.tell("not-asked-branches", &[("ids", ids.into())]);
            blocks.push(paragraph(text));
        }
        section("not-asked", self.words.say("heading-not-asked"), Tone::Plain, blocks)
    }

    fn rule_table(&mut self) -> Option<Section> {
        let (rules, assessment) = (self.rules, self.assessment);
        let treatment = assessment.treatment(rules)?;
        let rows: Vec<Vec<Entry>> = reasons_for(rules, assessment, treatment)
            .into_iter()
            .take(SHOWN_RULES)
            .map(|(rule, points)| {
                let rule = &rules.rules[rule];
                let cites = self.claim("", &rule.sources).cites;
                let works: BTreeSet<usize> = cites.into_iter().collect();
                let sources = Entry { cites: works.into_iter().collect(), ..Entry::default() };
                vec![entry(&rule.because), entry(points.to_string()), sources]
            })
            .collect();
        let head = ["column-rule", "column-points", "column-sources"];
        let head = head.map(|id| self.words.say(id)).to_vec();
        let heading = self.words.say("heading-rules");
        (!rows.is_empty())
            .then(|| section("rules", heading, Tone::Plain, vec![Block::Table { head, rows }]))
    }

    fn next_best(&mut self) -> Option<Section> {
        self.assessment.treatment(self.rules)?;
        let parts = [self.runner_up(), self.changes()].into_iter().flatten();
        let mut entries: Vec<Entry> = Vec::new();
        for block in parts.flat_map(|part| part.blocks) {
            if let Block::List(found) = block {
                entries.extend(found);
            }
        }
        let heading = self.words.say("heading-next-best");
        (!entries.is_empty())
            .then(|| section("next-best", heading, Tone::Plain, vec![Block::List(entries)]))
    }
}

/// An answer as the sheet shows it; a number with its ends.
fn answer_in_words(question: &Question, answer: &Answer) -> String {
    match (&question.kind, answer) {
        (Kind::Scale { to, .. }, Answer::Marks(marks)) if *marks != UNSURE => {
            format!("{} / {to}", question.read_back(answer))
        }
        _ => question.read_back(answer),
    }
}
