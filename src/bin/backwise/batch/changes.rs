//! Which rows come to something else under another rule set.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::{self, Write as _};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use backwise::RuleSet;
use backwise::batch::{Batch, Buffer, Column, Form, Layout, Names, OnError, Place, Written};
use serde_json::Value;

use super::sink::Sink;
use super::source::{Block, Source};
use super::{BatchArgs, WithErrors, names, summary};
use crate::app::{content, read_file};
use crate::cli::Listing;
use crate::failure::Failure;

/// What is compared, and what names the row.
const COMPARED: [Column; 10] = [
    Column::Id,
    Column::Row,
    Column::Care,
    Column::Suggestion,
    Column::SuggestedBy,
    Column::Options,
    Column::RunnerUp,
    Column::Warnings,
    Column::OpenWarnings,
    Column::Cautions,
];

/// What rows came to under two rule sets.
#[derive(Default)]
struct Changes {
    rows: u64,
    errors: u64,
    changed: u64,
    /// For each column how many rows differ in it.
    columns: BTreeMap<String, u64>,
    /// Level of care and suggestion, from and to.
    moves: BTreeMap<(String, String, String), u64>,
}

/// Runs the comparison: `--rules` against another. A row with another result is exit code 1, as a
/// difference is for `diff` and `replay`; a row that does not fit goes before that.
pub(super) fn run(rules: &RuleSet, file: &Path, arguments: &BatchArgs) -> Result<(), Failure> {
    let text = read_file(file)?;
    let other = RuleSet::read(&text)
        .map_err(|faults| content(&faults, &file.display().to_string(), &text))?;
    // A question that only one of the two asks is no fault of the row.
    let knowing = |mut names: Names, own: &RuleSet, others: &RuleSet| {
        for question in &others.questionnaire.questions {
            if own.questionnaire.find(&question.id).is_none() {
                names.ignore(&question.id);
            }
        }
        names
    };
    let layout = || Layout {
        columns: COMPARED.to_vec(),
        form: Form::Ndjson,
        full: false,
        on_error: OnError::Line,
    };
    let before = Batch::new(rules, knowing(names(rules, arguments)?, rules, &other), layout());
    let after = Batch::new(&other, knowing(names(&other, arguments)?, &other, rules), layout());

    let signal = super::watch()?;
    let mut source = Source::new(&before, arguments, Arc::clone(&signal));
    let mut comparison = Comparison {
        before: &before,
        after: &after,
        arguments,
        sink: arguments.sink()?,
        changes: Changes::default(),
        unread: Vec::new(),
        was: Written::default(),
        is: Written::default(),
    };
    let mut buffer = Buffer::default();
    while let Some(block) = source.next(&mut buffer) {
        if let Err(failure) = comparison.block(block, &mut buffer) {
            return Err(super::stopped(Some(comparison.sink), failure));
        }
    }
    let Comparison { sink, changes, unread, .. } = comparison;
    let signal = signal.load(Ordering::Relaxed);
    if signal != 0 {
        return Err(super::interrupted(signal, changes.rows, sink));
    }
    sink.finish()?;
    let text = match arguments.format {
        Listing::Text => changes.text(rules, &other),
        Listing::Json => changes.json(rules, &other),
    };
    if arguments.summary {
        let mut out = io::stdout().lock();
        out.write_all(text.as_bytes())?;
        out.flush()?;
    } else if !arguments.quiet {
        io::stderr().write_all(changes.text(rules, &other).as_bytes())?;
    }
    let tally = backwise::batch::Tally {
        rows: changes.rows,
        errors: changes.errors,
        ..backwise::batch::Tally::default()
    };
    super::fits(arguments, &tally, unread)?;
    if changes.changed > 0 { Err(Failure::Found) } else { Ok(()) }
}

/// Rows on their way through both rule sets.
struct Comparison<'a> {
    before: &'a Batch<'a>,
    after: &'a Batch<'a>,
    arguments: &'a BatchArgs,
    sink: Sink,
    changes: Changes,
    unread: Vec<Failure>,
    was: Written,
    is: Written,
}

impl Comparison<'_> {
    fn block(&mut self, block: Block, buffer: &mut Buffer) -> Result<(), Failure> {
        let (was, is) = (&mut self.was, &mut self.is);
        let (first, file) = (block.first, block.file.as_deref());
        match &block.header {
            Some(header) => {
                let theirs = self.after.header(&header.names()).map_err(|fault| {
                    let hint = "name it in a file for --map, or leave it out with --ignore";
                    Failure::Content(format!("error: {fault}\n\n  {hint}"))
                })?;
                let theirs = theirs.with_delimiter(self.arguments.delimiter);
                self.before.records(header, buffer, first, file, was);
                self.after.records(&theirs, buffer, first, file, is);
            }
            None => {
                self.before.lines(buffer, first, file, was);
                self.after.lines(buffer, first, file, is);
            }
        }
        if let Some(fault) = &block.fault {
            let place = Place { file, number: first };
            self.before.fault(fault, &place, was);
            self.after.fault(fault, &place, is);
        }
        let mut out = Vec::new();
        let on_error = self.arguments.on_error;
        match block.failure {
            None => self.changes.take(was.text(), is.text(), on_error, &mut out)?,
            Some(failure @ Failure::Unreadable { .. }) if on_error != WithErrors::Stop => {
                self.unread.push(failure);
                if on_error == WithErrors::Line {
                    out.extend_from_slice(was.text());
                }
            }
            Some(failure) => return Err(failure),
        }
        self.sink.write(&out)
    }
}

/// Whether a line says that its row does not fit: a result begins with the row's name.
fn is_fault(line: &[u8]) -> bool {
    line.starts_with(b"{\"row\":")
}

impl Changes {
    /// Compares two blocks of result lines, one a row, and writes the rows that differ.
    fn take(
        &mut self,
        before: &[u8],
        after: &[u8],
        on_error: WithErrors,
        out: &mut Vec<u8>,
    ) -> Result<(), Failure> {
        let lines = |text| <[u8]>::split(text, |&byte| byte == b'\n');
        let parsed = |line| serde_json::from_slice::<Value>(line).unwrap_or_default();
        for (was, is) in lines(before).zip(lines(after)).filter(|(was, _)| !was.is_empty()) {
            self.rows += 1;
            if let Some(fault) = [was, is].into_iter().find(|line| is_fault(line)) {
                self.errors += 1;
                match on_error {
                    WithErrors::Line => {
                        out.extend_from_slice(fault);
                        out.push(b'\n');
                    }
                    WithErrors::Skip => {}
                    WithErrors::Stop => {
                        let fault = parsed(fault);
                        let (row, error) = (&fault["row"], fault["error"].as_str());
                        let message = format!("error: row {row}: {}", error.unwrap_or_default());
                        let hint = "mend the row, or leave out --on-error stop";
                        return Err(Failure::Content(format!("{message}\n\n  {hint}")));
                    }
                }
                continue;
            }
            if was == is {
                continue;
            }
            let (was, is) = (parsed(was), parsed(is));
            self.changed += 1;
            let mut differ = serde_json::Map::new();
            for column in COMPARED {
                let (from, to) = (&was[column.name()], &is[column.name()]);
                if from != to {
                    *self.columns.entry(column.name().to_owned()).or_default() += 1;
                    if matches!(column, Column::Care | Column::Suggestion) {
                        let word = |value: &Value| value.as_str().unwrap_or_default().to_owned();
                        let key = (column.name().to_owned(), word(from), word(to));
                        *self.moves.entry(key).or_default() += 1;
                    }
                    differ.insert(column.name().to_owned(), serde_json::json!([from, to]));
                }
            }
            let line = serde_json::json!({ "id": was["id"], "row": was["row"], "changed": differ });
            let _ = writeln!(out, "{line}");
        }
        Ok(())
    }

    fn text(&self, rules: &RuleSet, other: &RuleSet) -> String {
        let Self { errors, changed, .. } = self;
        let mut out = format!(
            "{} {} to {} {}: {}, {errors} not fitting, {changed} with another result\n",
            rules.id,
            rules.version,
            other.id,
            other.version,
            summary::rows(self.rows)
        );
        for (column, count) in &self.columns {
            let _ = writeln!(out, "  {column:<24} {count:>10}");
            for ((_, from, to), count) in self.moves.iter().filter(|((of, ..), _)| of == column) {
                let arrow = format!("{from} -> {to}");
                let _ = writeln!(out, "    {arrow:<32} {count:>10}");
            }
        }
        out
    }

    fn json(&self, rules: &RuleSet, other: &RuleSet) -> String {
        let moves: Vec<Value> = self
            .moves
            .iter()
            .map(|((column, from, to), rows)| {
                serde_json::json!({ "column": column, "from": from, "to": to, "rows": rows })
            })
            .collect();
        let name = |rules: &RuleSet| serde_json::json!({ "id": rules.id, "version": rules.version, "hash": rules.hash });
        let shape = serde_json::json!({
            "rules": name(rules), "against": name(other), "rows": self.rows, "errors": self.errors,
            "changed": self.changed, "columns": self.columns, "moves": moves,
        });
        format!("{shape}\n")
    }
}
