//! The hand-over sheet: what a physical or massage therapist wants at a glance, in that order.

use std::collections::BTreeSet;

use super::compose::Composer;
use super::{
    Block, Document, Entry, Section, Tone, entry, led, paragraph, pictures, reasons_for, section,
};
use crate::answers::Answers;
use crate::condition::{Care, NONE, UNSURE};
use crate::explain;
use crate::questionnaire::{Answer, Kind, Question};
use crate::ruleset::RuleSet;
use crate::triage::{Assessment, Standing, Suggestion};

/// Lines for writing.
const NOTE_LINES: usize = 3;
/// The most rules shown for the suggestion; all of them are in the JSON.
const SHOWN_RULES: usize = 6;
/// The most characters of a note that is shown whole.
const WHOLE_NOTE: usize = 500;
/// What is shown of a longer one; how long it is stands behind it.
const CUT_NOTE: usize = 440;
/// The most characters of the reference in the head.
const SHOWN_CLIENT: usize = 60;

/// Composes the hand-over sheet. The date is whatever the caller wants to stand there.
///
/// On an emergency it is the call for help and what was answered, nothing else. Where a doctor comes
/// first, what was said of treatments is left out.
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
        Some(Answer::Note(note)) => Some(cut(&note, SHOWN_CLIENT, SHOWN_CLIENT).unwrap_or(note)),
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
        sections.extend(self.client_words());
        let heading = self.words.say("heading-notes");
        sections.push(section("notes", heading, Tone::Plain, vec![Block::Space(NOTE_LINES)]));
        if self.assessment.care == Care::Routine {
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
            let is_taken_apart = !self.taken_apart(question_idx).is_empty();
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
            if assessment.standing[treatment] == Standing::AskFirst {
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
                Some(led(question.short(), question.read_back(&answer)))
            })
            .collect();
        let heading = self.words.say("heading-history");
        (!entries.is_empty())
            .then(|| section("history", heading, Tone::Plain, vec![Block::List(entries)]))
    }

    /// The cautions, those about hands-on work before the others. Whether to ask first about
    /// something no longer matters where another of them avoids it.
    fn hands_on_first(&mut self) -> Section {
        let (rules, assessment) = (self.rules, self.assessment);
        let about_hands = |caution: usize| {
            let caution = &rules.cautions[caution];
            let mut items = caution.avoid.iter().chain(&caution.ask_first);
            items.any(|item| rules.sheet.hands_on.contains(item))
        };
        let mut told = super::told_cautions(rules, assessment);
        told.sort_by_key(|&caution| !about_hands(caution));
        let entries: Vec<Entry> = told
            .into_iter()
            .map(|caution| {
                let own = &rules.cautions[caution];
                let is_avoided = |&&item: &&usize| assessment.standing[item] == Standing::Avoided;
                let (avoided, mut ask_first): (Vec<usize>, Vec<usize>) =
                    own.ask_first.iter().partition(is_avoided);
                // Its reason is told all the same, and a reason needs something it is for.
                if own.avoid.is_empty() && ask_first.is_empty() {
                    ask_first = avoided;
                }
                self.caution(caution, &ask_first)
            })
            .collect();
        let block = if entries.is_empty() {
            paragraph(self.words.say("no-cautions"))
        } else {
            Block::List(entries)
        };
        let heading = self.words.say("heading-hands-on");
        section("cautions", heading, Tone::Plain, vec![block])
    }

    /// The questions that a list answered "not sure" was taken apart into; none where it was not.
    fn taken_apart(&self, list: usize) -> Vec<usize> {
        let questions = self.rules.questionnaire.questions.iter().enumerate();
        let is_part = |&(other, question): &(usize, &Question)| {
            question.reads == [list] && self.assessment.active[other]
        };
        if self.answers.marks()[list] != UNSURE {
            return Vec::new();
        }
        questions.filter(is_part).map(|(other, _)| other).collect()
    }

    /// The parts of a list that were answered with a plain no, where there are several: they stand
    /// in one row with it.
    fn plain_noes(&self, list: usize) -> Vec<usize> {
        let questions = &self.rules.questionnaire.questions;
        let is_no = |&part: &usize| {
            questions[part].kind == Kind::YesNo
                && questions[part].mark("no") == Some(self.answers.marks()[part])
        };
        let noes: Vec<usize> = self.taken_apart(list).into_iter().filter(is_no).collect();
        if noes.len() > 1 { noes } else { Vec::new() }
    }

    /// Every answer that counts, by group. Notes stand in a section of their own, but in an
    /// emergency there is no other.
    fn answers(&self) -> Section {
        let questionnaire = &self.rules.questionnaire;
        let is_emergency = self.assessment.care == Care::Emergency;
        let mut folded: Vec<usize> = Vec::new();
        let mut groups: Vec<(usize, Vec<Vec<Entry>>)> = Vec::new();
        for (question_idx, question) in questionnaire.questions.iter().enumerate() {
            let is_elsewhere = if is_emergency {
                self.rules.sheet.client == Some(question_idx)
            } else {
                question.kind == Kind::Text || self.is_drawn(question_idx)
            };
            let is_counted = self.assessment.active[question_idx]
                && self.is_told(question_idx)
                && !is_elsewhere
                && !folded.contains(&question_idx);
            let Some(answer) = self.answers.get(question_idx).filter(|_| is_counted) else {
                continue;
            };
            let mut told = match &answer {
                Answer::Note(note) if note.is_empty() => continue,
                Answer::Note(note) => self.shown_note(note),
                Answer::Marks(_) => answer_in_words(question, &answer),
            };
            let noes = self.plain_noes(question_idx);
            if !noes.is_empty() {
                let asked = self.taken_apart(question_idx).len();
                let with = [("no", noes.len().into()), ("asked", asked.into())];
                told = format!("{told}; {}", self.words.tell("answered-no", &with));
                folded.extend(noes);
            }
            let row = vec![entry(question.short()), entry(told)];
            match groups.last_mut() {
                Some((group, rows)) if *group == question.group => rows.push(row),
                _ => groups.push((question.group, vec![row])),
            }
        }
        let head = ["column-question", "column-answer"].map(|id| self.words.say(id)).to_vec();
        let blocks = groups.into_iter().flat_map(|(group, rows)| {
            let heading = Block::Heading(questionnaire.groups[group].title.clone());
            [heading, Block::Table { head: head.clone(), rows }]
        });
        section("answers", self.words.say("heading-answers"), Tone::Plain, blocks.collect())
    }

    /// The notes, the reference aside, which stands in the head.
    fn client_words(&self) -> Option<Section> {
        let questions = &self.rules.questionnaire.questions;
        let client = self.rules.sheet.client.map(|client| &questions[client]);
        let notes = self.notes().filter(|(question, _)| Some(*question) != client);
        let entries: Vec<Entry> =
            notes.map(|(question, note)| led(question.short(), self.shown_note(&note))).collect();
        let heading = self.words.say("heading-client-words");
        (!entries.is_empty())
            .then(|| section("own-words", heading, Tone::Plain, vec![Block::List(entries)]))
    }

    /// A note as far as there is room for it, and whether it goes on.
    fn shown_note(&self, note: &str) -> String {
        cut(note, WHOLE_NOTE, CUT_NOTE).map_or_else(
            || note.to_owned(),
            |start| {
                let number = note.chars().count().into();
                format!("{start} ({})", self.words.tell("note-cut", &[("number", number)]))
            },
        )
    }

    /// Whether the answer stands in a part of its own further up.
    fn is_drawn(&self, question: usize) -> bool {
        let sheet = &self.rules.sheet;
        sheet.body == Some(question)
            || sheet.history.contains(&question)
            || sheet.scales.iter().any(|scale| scale.question == question)
    }

    fn not_asked(&self) -> Section {
        let questions = &self.rules.questionnaire.questions;
        let mut blocks = Vec::new();
        let open = self.assessment.not_answered.iter().filter(|&&it| self.is_told(it));
        let open: Vec<Entry> = open.map(|&question| entry(questions[question].short())).collect();
        if open.is_empty() {
            blocks.push(paragraph(self.words.say("not-asked-none")));
        } else {
            blocks.push(Block::List(open));
        }
        let closed: Vec<&str> = questions
            .iter()
            .enumerate()
            .filter(|(question_idx, question)| {
                !self.assessment.active[*question_idx]
                    && question.kind != Kind::Text
                    && self.is_told(*question_idx)
            })
            // Questions that only take a list apart say nothing of their own.
            .filter(|(_, question)| self.rules.sheet.signs != Some(question.group))
            .map(|(_, question)| question.short())
            .collect();
        if !closed.is_empty() {
            let closed = closed.join(" · ").into();
            let text = self.words.tell("not-asked-branches", &[("questions", closed)]);
            blocks.push(paragraph(text));
        }
        let left_out = (0..questions.len()).any(|question| {
            let is_active = self.assessment.active[question];
            is_active && self.answers.is_answered(question) && !self.is_told(question)
        });
        if left_out {
            blocks.push(paragraph(self.words.say("left-out-until-seen")));
        }
        section("not-asked", self.words.say("heading-not-asked"), Tone::Plain, blocks)
    }

    fn rule_table(&mut self) -> Option<Section> {
        let (rules, assessment) = (self.rules, self.assessment);
        let treatment = assessment.treatment(rules)?;
        let reasons = reasons_for(rules, assessment, treatment);
        let (shown, rest) = reasons.split_at(reasons.len().min(SHOWN_RULES));
        let rows: Vec<Vec<Entry>> = shown
            .iter()
            .map(|&(rule, points)| {
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
        if rows.is_empty() {
            return None;
        }
        let mut blocks = vec![Block::Table { head, rows }];
        if !rest.is_empty() {
            let points: i32 = rest.iter().map(|(_, points)| points).sum();
            let points = self.words.points(points.into()).into();
            let with = [("number", rest.len().into()), ("points", points)];
            blocks.push(paragraph(self.words.tell("rules-more", &with)));
        }
        Some(section("rules", heading, Tone::Plain, blocks))
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

/// The start of a text that is longer than `whole`, up to the end of a word; none where it is not.
fn cut(text: &str, whole: usize, shown: usize) -> Option<String> {
    text.char_indices().nth(whole)?;
    let (end, _) = text.char_indices().nth(shown)?;
    let start = &text[..end];
    let start = start.rfind(char::is_whitespace).map_or(start, |blank| &start[..blank]);
    Some(format!("{}…", start.trim_end()))
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
