//! A comparison as it is told to people, and to scripts.

use serde::Serialize;

use super::{Comparison, Course, Record, Shift};
use crate::condition::Care;
use crate::language::Language;
use crate::report::json::{self, SCHEMA_VERSION};
use crate::report::{
    Block, Composer, Document, Entry, Section, Tone, entry, led, paragraph, pictures, section,
};

impl Comparison<'_> {
    fn latest(&self) -> &Record {
        &self.records[self.records.len() - 1]
    }

    fn before(&self) -> &Record {
        &self.records[self.records.len() - 2]
    }

    /// The comparison as a document: what is new and may be dangerous comes first.
    ///
    /// On an emergency it is the call for help and what is new, and no treatment is named where
    /// the latest record names none.
    pub fn document(&self) -> Document {
        let latest = self.latest();
        let mut composer = Composer::new(self.rules, &latest.answers, &latest.assessment);
        let words = composer.words;
        let mut sections = Vec::new();
        if latest.assessment.care == Care::Emergency {
            sections.push(composer.call());
        }
        sections.push(self.new_warnings(&mut composer));
        sections.extend(self.lasting_warnings(&mut composer));
        sections.extend(self.unanswered_warnings(&mut composer));
        if latest.assessment.care != Care::Emergency {
            // Where help is needed soon, that comes before any number.
            let is_soon = latest.assessment.care > Care::Routine;
            sections.extend(is_soon.then(|| composer.professional()));
            sections.extend(self.gone_warnings(&mut composer));
            sections.extend(self.course(&mut composer));
            sections.push(self.care(words));
            sections.extend(self.suggestion(words));
            sections.push(self.changed(&composer));
            sections.extend((!is_soon).then(|| composer.professional()));
        }
        sections.push(composer.signs());
        sections.push(self.made_with(words));
        if !composer.cited.is_empty() {
            sections.push(composer.source_list());
        }
        sections.push(composer.colophon());
        composer.document(words.say("compare-title"), Vec::new(), sections)
    }

    fn new_warnings(&self, composer: &mut Composer<'_>) -> Section {
        let words = composer.words;
        if self.new_warnings.is_empty() {
            let none = vec![paragraph(words.say("no-new-warnings"))];
            return section("warnings", words.say("heading-new-warnings"), Tone::Strong, none);
        }
        let entries = self.warnings(&self.new_warnings, composer);
        let blocks = vec![Block::List(entries)];
        section("warnings", words.say("heading-new-warnings"), Tone::Alarm, blocks)
    }

    /// Warnings that were there the time before and are there still.
    fn lasting_warnings(&self, composer: &mut Composer<'_>) -> Option<Section> {
        let words = composer.words;
        let entries = self.warnings(&self.lasting_warnings, composer);
        let heading = words.say("heading-lasting-warnings");
        (!entries.is_empty())
            .then(|| section("lasting", heading, Tone::Alarm, vec![Block::List(entries)]))
    }

    /// Warnings that were there the time before, and may be there still.
    fn unanswered_warnings(&self, composer: &mut Composer<'_>) -> Option<Section> {
        let words = composer.words;
        let entries = self.warnings(&self.unanswered_warnings, composer);
        let blocks = vec![Block::List(entries), paragraph(words.say("unanswered-note"))];
        let heading = words.say("heading-unanswered-warnings");
        (!self.unanswered_warnings.is_empty())
            .then(|| section("unanswered", heading, Tone::Alarm, blocks))
    }

    fn gone_warnings(&self, composer: &mut Composer<'_>) -> Option<Section> {
        let words = composer.words;
        let entries = self.warnings(&self.gone_warnings, composer);
        let blocks = vec![Block::List(entries), paragraph(words.say("gone-note"))];
        (!self.gone_warnings.is_empty())
            .then(|| section("gone", words.say("heading-gone-warnings"), Tone::Plain, blocks))
    }

    fn warnings(&self, warnings: &[usize], composer: &mut Composer<'_>) -> Vec<Entry> {
        let warnings = warnings.iter().map(|&warning| &self.rules.warnings[warning]);
        warnings.map(|it| composer.claim(&it.because, &it.sources)).collect()
    }

    fn course(&self, composer: &mut Composer<'_>) -> Option<Section> {
        let words = composer.words;
        let mut blocks = Vec::new();
        for course in &self.courses {
            let banded = &self.rules.sheet.scales[course.scale];
            if course.numbers.iter().all(Option::is_none) {
                continue;
            }
            let answer = self.latest().answer(banded.question);
            if let Some(mut scale) = pictures::scale(self.rules, banded, answer.as_ref()) {
                let line: Vec<String> = course
                    .numbers
                    .iter()
                    .map(|number| {
                        number.map_or_else(|| words.say("no-answer"), |it| it.to_string())
                    })
                    .collect();
                let before = course.numbers.len() - 1;
                scale.earlier = course.numbers[..before].iter().copied().flatten().collect();
                scale.reading = format!("{} ({})", line.join(" → "), scale.reading);
                blocks.push(Block::Scale(scale));
            }
            let told = [
                (course.since_last, "since-last", true),
                (course.since_first, "since-first", course.since_first.is_some()),
            ];
            let told = told.into_iter().filter(|(.., is_told)| *is_told);
            blocks.extend(told.map(|(it, since, _)| paragraph(shift_in_words(words, it, since))));
        }
        if let (Some(change), false) = (&self.rules.change, blocks.is_empty()) {
            blocks.push(Block::Paragraph(composer.claim(&change.says, &change.sources)));
        }
        let heading = words.say("heading-course");
        (!blocks.is_empty()).then(|| section("course", heading, Tone::Plain, blocks))
    }

    fn care(&self, words: Language) -> Section {
        let line: Vec<String> = self
            .records
            .iter()
            .map(|record| words.say(&format!("care-{}", record.assessment.care.id())))
            .collect();
        let mut blocks = vec![paragraph(line.join(" → "))];
        let latest = &self.latest().assessment;
        let mut open = latest.open_warnings.iter().map(|&warning| &self.rules.warnings[warning]);
        if open.any(|warning| warning.care > latest.care) {
            blocks.push(paragraph(words.say("care-may-rise")));
        }
        section("care", words.say("heading-care"), Tone::Strong, blocks)
    }

    /// The suggestion then and now; nothing where the latest record may name none.
    fn suggestion(&self, words: Language) -> Option<Section> {
        let later = self.latest().assessment.treatment(self.rules)?;
        let later_name = self.rules.items[later].name.clone();
        let earlier = self.before().assessment.treatment(self.rules);
        let text = if earlier == Some(later) {
            words.tell("suggestion-same", &[("later", later_name.into())])
        } else {
            let standing = &self.latest().assessment.standing;
            // What has come to be avoided is not named as if it still fitted.
            let earlier = earlier.filter(|&item| standing[item].is_offered());
            let unnamed = || words.say("suggestion-unnamed");
            let earlier = earlier.map_or_else(unnamed, |it| self.rules.items[it].name.clone());
            words.tell(
                "suggestion-changed",
                &[("earlier", earlier.into()), ("later", later_name.into())],
            )
        };
        let heading = words.say("heading-suggestions");
        Some(section("suggestion", heading, Tone::Strong, vec![paragraph(text)]))
    }

    fn changed(&self, composer: &Composer<'_>) -> Section {
        let words = composer.words;
        let questions = &self.rules.questionnaire.questions;
        let told = self.changed.iter().filter(|&&question| composer.is_told(question));
        let rows: Vec<Vec<Entry>> = told
            .map(|&question| {
                let said = |record: &Record| match record.answer(question) {
                    Some(answer) => entry(questions[question].read_back(&answer)),
                    None => entry(words.say("no-answer")),
                };
                vec![entry(questions[question].short()), said(self.before()), said(self.latest())]
            })
            .collect();
        let block = if rows.is_empty() {
            paragraph(words.say("nothing-changed"))
        } else {
            let head = ["column-question", "column-earlier", "column-later"];
            Block::Table { head: head.map(|id| words.say(id)).to_vec(), rows }
        };
        section("changed", words.say("heading-changed"), Tone::Plain, vec![block])
    }

    /// The records, and which of them were made with other rules.
    fn made_with(&self, words: Language) -> Section {
        let entries = self.records.iter().map(|record| {
            let now = self.rules.version.as_str();
            let mut text = match &record.made_with {
                None => words.tell("record-line", &[("version", now.into())]),
                Some(version) => words.tell(
                    "record-older",
                    &[("version", version.as_str().into()), ("now", now.into())],
                ),
            };
            if !record.left_out.is_empty() {
                let answers = self.rules.questions_said(&record.left_out).into();
                let dropped = words.tell("record-dropped", &[("answers", answers)]);
                text = format!("{text}; {dropped}");
            }
            led(&record.name, text)
        });
        let heading = words.say("heading-records");
        section("records", heading, Tone::Quiet, vec![Block::List(entries.collect())])
    }

    /// The comparison for scripts, never in another language.
    pub fn json(&self) -> String {
        json::pretty(&ComparisonShape {
            schema_version: SCHEMA_VERSION,
            kind: "comparison",
            records: self.records.iter().map(|record| self.record_shape(record)).collect(),
            new_warnings: self.warning_ids(&self.new_warnings),
            lasting_warnings: self.warning_ids(&self.lasting_warnings),
            unanswered_warnings: self.warning_ids(&self.unanswered_warnings),
            gone_warnings: self.warning_ids(&self.gone_warnings),
            scales: self.courses.iter().map(|course| self.course_shape(course)).collect(),
            changed: self
                .changed
                .iter()
                .map(|&question| self.rules.questionnaire.questions[question].id.as_str())
                .collect(),
        })
    }

    fn warning_ids(&self, warnings: &[usize]) -> Vec<&str> {
        warnings.iter().map(|&warning| self.rules.warnings[warning].id.as_str()).collect()
    }

    fn record_shape<'a>(&'a self, record: &'a Record) -> RecordShape<'a> {
        let treatment = record.assessment.treatment(self.rules);
        RecordShape {
            name: &record.name,
            made_with: record.made_with.as_deref(),
            left_out: &record.left_out,
            care: record.assessment.care.id(),
            open_warnings: self.warning_ids(&record.assessment.open_warnings),
            suggestion: treatment.map_or("none", |item| &self.rules.items[item].id),
        }
    }

    fn course_shape<'a>(&'a self, course: &'a Course) -> CourseShape<'a> {
        let question = self.rules.sheet.scales[course.scale].question;
        CourseShape {
            id: &self.rules.questionnaire.questions[question].id,
            numbers: &course.numbers,
            since_last: course.since_last.map(shift_shape),
            since_first: course.since_first.map(shift_shape),
        }
    }
}

fn shift_in_words(words: Language, shift: Option<Shift>, since: &str) -> String {
    let Some(shift) = shift else { return words.say("course-unknown") };
    let key = match (shift.points, shift.better, shift.matters) {
        (0, ..) => "course-same",
        (_, true, true) => "course-better",
        (_, true, false) => "course-better-little",
        (_, false, true) => "course-worse",
        (_, false, false) => "course-worse-little",
    };
    let points = words.points(shift.points.abs());
    words.tell(key, &[("since", words.say(since).into()), ("points", points.into())])
}

fn shift_shape(shift: Shift) -> ShiftShape {
    ShiftShape { points: shift.points, better: shift.better, matters: shift.matters }
}

#[derive(Serialize)]
struct ComparisonShape<'a> {
    schema_version: u32,
    kind: &'static str,
    records: Vec<RecordShape<'a>>,
    new_warnings: Vec<&'a str>,
    lasting_warnings: Vec<&'a str>,
    unanswered_warnings: Vec<&'a str>,
    gone_warnings: Vec<&'a str>,
    scales: Vec<CourseShape<'a>>,
    changed: Vec<&'a str>,
}

#[derive(Serialize)]
struct RecordShape<'a> {
    name: &'a str,
    made_with: Option<&'a str>,
    left_out: &'a [String],
    care: &'static str,
    open_warnings: Vec<&'a str>,
    suggestion: &'a str,
}

#[derive(Serialize)]
struct CourseShape<'a> {
    id: &'a str,
    numbers: &'a [Option<i64>],
    since_last: Option<ShiftShape>,
    since_first: Option<ShiftShape>,
}

#[derive(Serialize)]
struct ShiftShape {
    points: i64,
    better: bool,
    matters: bool,
}
