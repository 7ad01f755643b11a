//! A result, written as it is wanted: on the screen, to a file, or anew from a record.

use std::env;
use std::io::{self, IsTerminal as _, Write as _};

use backwise::condition::Care;
use backwise::language::Language;
use backwise::records::Record;
use backwise::report::text::Strokes;
use backwise::report::{self, Document, html, json, markdown, text};
use backwise::{Answers, RuleSet, triage};

use crate::app;
use crate::cli::{Format, Written};
use crate::failure::Failure;
use crate::output::Output;
use crate::terminal::style::{self, ColorChoice};

/// The columns of a text that goes to a file.
const FILE_WIDTH: usize = 80;

/// How results are to be written, with the rules in the language of machines and in that of the
/// reader.
pub(crate) struct Report<'a> {
    pub(crate) rules: &'a RuleSet,
    pub(crate) spoken: &'a RuleSet,
    pub(crate) written: &'a Written,
    color: ColorChoice,
}

impl<'a> Report<'a> {
    pub(crate) fn new(
        rules: &'a RuleSet,
        spoken: &'a RuleSet,
        written: &'a Written,
        color: ColorChoice,
    ) -> Self {
        Self { rules, spoken, written, color }
    }

    /// Writes the result. Somebody who has just answered sees it in any case.
    pub(crate) fn write(
        &self,
        answers: &Answers,
        output: Output,
        was_asked: bool,
    ) -> Result<(), Failure> {
        let (rules, spoken) = (self.rules, self.spoken);
        let assessment = triage(rules, answers);
        let told = || report::compose(spoken, answers, &assessment);
        let date = self.written.date.as_deref();
        let document = match self.written.format {
            Format::Json => None,
            Format::Text => Some(told()),
            Format::Markdown | Format::Html => {
                Some(report::sheet(spoken, answers, &assessment, date))
            }
        };
        let document = document.map(|mut document| {
            if self.written.explain {
                // Before the last words, which stay what is seen last.
                let account = report::account(spoken, answers, &assessment);
                let end = document.sections.len().saturating_sub(1);
                document.sections.splice(end..end, account.sections);
            }
            document
        });
        let machine = || {
            if self.written.explain {
                json::explained(rules, answers, &assessment)
            } else {
                json::result(rules, answers, &assessment)
            }
        };
        if !output.is_file() {
            return self.print(document.as_ref(), machine);
        }
        output.write(&self.render(document.as_ref(), machine))?;
        if was_asked {
            self.show(&told())?;
        } else if assessment.care == Care::Emergency {
            let advice = spoken.advice.professional[Care::Emergency as usize].as_str();
            let words = spoken.words();
            note(words, &words.tell("note-emergency", &[("advice", advice.into())]))?;
        }
        self.say_where()
    }

    /// Writes a document, or what stands for it to machines.
    pub(crate) fn put(
        &self,
        document: &Document,
        machine: impl FnOnce() -> String,
    ) -> Result<(), Failure> {
        let output = Output::open(self.written.output.as_deref())?;
        let document = (self.written.format != Format::Json).then_some(document);
        if !output.is_file() {
            return self.print(document, machine);
        }
        output.write(&self.render(document, machine))?;
        self.say_where()
    }

    fn say_where(&self) -> Result<(), Failure> {
        let Some(file) = &self.written.output else { return Ok(()) };
        let file = file.display().to_string();
        let words = self.spoken.words();
        note(words, &words.tell("note-written", &[("file", file.into())]))
    }

    fn render(&self, document: Option<&Document>, machine: impl FnOnce() -> String) -> String {
        match (document, self.written.format) {
            (Some(document), Format::Html) => html::html(document),
            (Some(document), Format::Markdown) => markdown::markdown(document),
            (Some(document), Format::Text | Format::Json) => text::plain(document, FILE_WIDTH),
            (None, _) => machine(),
        }
    }

    /// Prints to standard output what would else go to the file.
    fn print(
        &self,
        document: Option<&Document>,
        machine: impl FnOnce() -> String,
    ) -> Result<(), Failure> {
        match (document, self.written.format) {
            (Some(document), Format::Text) => self.show(document),
            _ => app::print(&self.render(document, machine), false),
        }
    }

    /// Shows lines of text, with colour where it is wanted.
    fn show(&self, document: &Document) -> Result<(), Failure> {
        let color = style::stdout_wants(self.color);
        let lines = text::drawn(document, style::stdout_columns(), strokes());
        let painted: String = lines.iter().map(|line| style::paint(line, color) + "\n").collect();
        app::print(&painted, color)
    }
}

/// Writes the result of a record anew.
pub(crate) fn again(report: &Report<'_>, name: &str, text: &str) -> Result<(), Failure> {
    let record = read(report, name, text)?;
    let output = Output::open(report.written.output.as_deref())?;
    report.write(&record.answers, output, false)
}

/// Reads a record, and says if it was made with other rules.
pub(crate) fn read(report: &Report<'_>, name: &str, text: &str) -> Result<Record, Failure> {
    let (rules, words) = (report.rules, report.spoken.words());
    let record = Record::read(report.spoken, name, text)
        .map_err(|faults| app::content_in(words, &faults, name, text))?;
    if let Some(version) = &record.made_with {
        let with = [
            ("file", name.into()),
            ("version", version.as_str().into()),
            ("now", rules.version.as_str().into()),
        ];
        let mut message = words.tell("note-made-with", &with);
        if !record.left_out.is_empty() {
            let answers = report.spoken.questions_said(&record.left_out).into();
            let left_out = words.tell("note-left-out", &[("answers", answers)]);
            message = format!("{message}; {left_out}");
        }
        note(words, &message)?;
    }
    Ok(record)
}

/// Says something beside the result.
pub(crate) fn note(words: Language, message: &str) -> Result<(), Failure> {
    let message = backwise::prose::clean_line(message);
    let message = style::for_stderr(&format!("{}: {message}", words.say("note")));
    writeln!(io::stderr().lock(), "{message}")?;
    Ok(())
}

/// Blocks where a terminal is sure to have them.
fn strokes() -> Strokes {
    let set = |name| env::var(name).ok().filter(|value| !value.is_empty());
    let locale = ["LC_ALL", "LC_CTYPE", "LANG"].into_iter().find_map(set).unwrap_or_default();
    let is_utf8 = ["utf-8", "utf8"].iter().any(|it| locale.to_lowercase().ends_with(it));
    let is_simple = set("TERM").is_none_or(|term| term == "dumb" || term == "linux");
    if io::stdout().is_terminal() && is_utf8 && !is_simple {
        Strokes::Blocks
    } else {
        Strokes::Ascii
    }
}
