//! `backwise batch`: rows of answers to lines of results.

mod changes;
mod progress;
mod sink;
mod source;
mod summary;

use std::io::{self, IsTerminal as _, Write as _};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

use backwise::RuleSet;
use backwise::batch::{Batch, Buffer, Column, Form, Layout, Names, OnError, Place, Tally, Written};
use backwise::language::Language;
use clap::ValueEnum;
use signal_hook::consts::{SIGINT, SIGTERM};

use crate::app::read_file;
use crate::cli::Listing;
use crate::failure::Failure;
use crate::terminal::style;
use progress::Progress;
use sink::Sink;
use source::{Block, Source, compression, open_file};

/// The number of the signal that came; zero while none did.
type Signal = Arc<AtomicUsize>;

/// Assess many rows of answers: NDJSON or CSV in, one line of result a row out
///
/// A row holds answers by the ids of their questions, and may hold an `id`. What is missing, null
/// or an empty cell is not answered, never "no". Questions that take several answers take a list in
/// JSON; in CSV, `a;b` in one cell, or a column for each choice, such as `symptoms.stiffness`. Files
/// that end in .gz or .zst are read and written so.
#[derive(Debug, clap::Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of its own")]
pub(crate) struct BatchArgs {
    /// Files with rows (`-` is standard input, the default where that is no terminal)
    #[arg(value_name = "FILE")]
    files: Vec<PathBuf>,

    /// What the rows are written in [default: by the file's name, else NDJSON]
    #[arg(long, value_enum, value_name = "FORM")]
    from: Option<From>,

    /// What the results are written in [default: by the name of --output, else NDJSON]
    #[arg(long, value_enum, value_name = "FORM")]
    to: Option<From>,

    /// Write the results to this file; it gets its name when it is whole
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,

    /// Go on where an earlier run stopped; what it wrote must be what this run would write
    #[arg(long, requires = "output")]
    resume: bool,

    /// The columns of a result, in order
    #[arg(long, value_delimiter = ',', value_name = "NAMES", conflicts_with = "full")]
    columns: Vec<String>,

    /// Write the whole result of each row, as `--format json` does for one person
    #[arg(long)]
    full: bool,

    /// The column that names a row [default: id]
    #[arg(long, value_name = "NAME")]
    id: Option<String>,

    /// Columns that are there and are not asked about
    #[arg(long, value_delimiter = ',', value_name = "NAMES")]
    ignore: Vec<String>,

    /// Take the names of columns and values that differ from a YAML file with `columns`, `values`
    /// and `ignore`
    #[arg(long, value_name = "FILE")]
    map: Option<PathBuf>,

    /// What stands between two cells of CSV rows, such as `;` or `tab`
    #[arg(long, value_name = "CHARACTER", default_value = ",", value_parser = delimiter)]
    delimiter: u8,

    /// What to do with a row that does not fit
    #[arg(long, value_enum, value_name = "WHAT", default_value_t)]
    on_error: WithErrors,

    /// How many threads to use [default: as many as there are processors, at most 8]
    #[arg(long, value_name = "NUMBER", value_parser = clap::value_parser!(u8).range(1..=64))]
    threads: Option<u8>,

    /// Print what the rows came to together; lines go only to a file given with --output
    #[arg(long)]
    summary: bool,

    /// Compare with this rule set: only rows whose result differs, from --rules to this one
    #[arg(long, value_name = "FILE", conflicts_with_all = ["full", "columns", "resume", "to"])]
    against: Option<PathBuf>,

    /// How to print the summary
    #[arg(long, value_enum, default_value_t, requires = "summary")]
    format: Listing,

    /// Say nothing at the end, and show no progress
    #[arg(long, short)]
    quiet: bool,
}

/// What rows are written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum From {
    /// One JSON object a line.
    #[value(alias = "jsonl", alias = "json")]
    Ndjson,
    /// Comma-separated values.
    Csv,
}

impl From {
    /// By the name of a file, the ending of a compressed one left out.
    fn of(file: &Path) -> Option<Self> {
        let plain = match compression(file) {
            Some(_) => Path::new(file.file_stem()?),
            None => file,
        };
        match plain.extension()?.to_str()?.to_ascii_lowercase().as_str() {
            "csv" => Some(Self::Csv),
            "ndjson" | "jsonl" | "json" => Some(Self::Ndjson),
            _ => None,
        }
    }
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
enum WithErrors {
    /// A line that says so stands where the result would.
    #[default]
    Line,
    /// Stop there.
    Stop,
    /// Leave no line for it, and count it.
    Skip,
}

/// Runs the command.
pub(crate) fn run(rules: &RuleSet, arguments: &BatchArgs) -> Result<(), Failure> {
    let columns = arguments.columns.iter().map(|name| Column::find(name));
    let columns: Vec<Column> = columns
        .collect::<Result<_, _>>()
        .map_err(|(message, hint)| Failure::usage(message, hint))?;
    for (at, column) in columns.iter().enumerate() {
        if columns[..at].contains(column) {
            let message = format!("the column `{}` is asked for twice", column.name());
            return Err(Failure::usage(message, "name each column once"));
        }
    }
    let to = arguments.to.or_else(|| From::of(arguments.output.as_deref()?));
    if arguments.full && to == Some(From::Csv) {
        let message = "a whole result does not fit into a row of CSV";
        return Err(Failure::usage(message, "choose --columns, or write NDJSON"));
    }
    let layout = Layout {
        columns: if columns.is_empty() { Column::USUAL.to_vec() } else { columns },
        form: if to == Some(From::Csv) { Form::Csv } else { Form::Ndjson },
        full: arguments.full,
        on_error: match arguments.on_error {
            WithErrors::Line => OnError::Line,
            WithErrors::Stop => OnError::Stop,
            WithErrors::Skip => OnError::Skip,
        },
    };
    arguments.check_files()?;
    if let Some(file) = &arguments.against {
        return changes::run(rules, file, arguments);
    }
    let names = names(rules, arguments)?;
    let batch = Batch::new(rules, names, layout);
    let signal = watch()?;
    let mut sink = arguments.sink()?;
    if let Some(header) = batch.header_line() {
        sink.header(header.as_bytes())?;
    }
    let run = Run::new(&batch, arguments, sink, signal);
    run.go(arguments.threads())?;
    run.end(rules, arguments)
}

/// Takes note of the signals that ask for an end.
fn watch() -> io::Result<Signal> {
    let signal = Arc::new(AtomicUsize::new(0));
    for (number, name) in [(2, SIGINT), (15, SIGTERM)] {
        signal_hook::flag::register_usize(name, Arc::clone(&signal), number)?;
    }
    Ok(signal)
}

/// What is said where a signal ended it.
fn interrupted(signal: usize, rows: u64, sink: Sink) -> Failure {
    let to_screen = sink.is_screen();
    let kept = match (sink.stop(), to_screen) {
        (Some((file, true)), _) => format!("; the lines so far are in `{file}`; --resume goes on"),
        (Some((file, false)), _) => format!("; the lines so far are in `{file}`"),
        (None, true) => "; the lines so far are whole".to_owned(),
        (None, false) => String::new(),
    };
    Failure::Interrupted {
        signal: u8::try_from(signal).unwrap_or(2),
        kept: format!("stopped after {}{kept}", summary::rows(rows)),
    }
}

/// The names of columns and values, as the rule set and the command line have them.
fn names(rules: &RuleSet, arguments: &BatchArgs) -> Result<Names, Failure> {
    let id = arguments.id.as_ref().map_or("id", String::as_str);
    let mut names = Names::new(&rules.questionnaire, id);
    if let Some(file) = &arguments.map {
        let text = read_file(file)?;
        names.rename(&rules.questionnaire, &text).map_err(|faults| {
            let name = file.display().to_string();
            Failure::Content(backwise::fault::draw_all(&faults, &name, &text))
        })?;
    }
    for name in &arguments.ignore {
        names.ignore(name);
    }
    Ok(names)
}

impl BatchArgs {
    fn threads(&self) -> usize {
        let all = || std::thread::available_parallelism().map_or(1, usize::from).min(8);
        self.threads.map_or_else(all, usize::from)
    }

    fn files(&self) -> Vec<PathBuf> {
        if self.files.is_empty() { vec![PathBuf::from("-")] } else { self.files.clone() }
    }

    /// What can be known of the files before any row is read.
    fn check_files(&self) -> Result<(), Failure> {
        if self.files.is_empty() && io::stdin().is_terminal() {
            let hint = "name a file with rows, or `-` to type them here";
            return Err(Failure::usage("no rows were given", hint));
        }
        let is_stdin = |file: &&PathBuf| file.as_os_str() == "-";
        if self.files.iter().filter(is_stdin).count() > 1 {
            return Err(Failure::usage("`-` is named twice", "standard input can be read once"));
        }
        if let Some(file) = &self.output {
            let places = [file.clone(), sink::unfinished(file)].map(|it| it.canonicalize().ok());
            let clash = |input: &&PathBuf| {
                let input = input.canonicalize().ok().filter(|place| place.is_file());
                input.is_some() && places.contains(&input)
            };
            if let Some(input) = self.files.iter().find(clash) {
                let message = format!("`{}` cannot be read and written at once", input.display());
                return Err(Failure::usage(message, "give --output another name"));
            }
        }
        // One file alone that cannot be read is no row among others.
        match self.files.as_slice() {
            [file] if !is_stdin(&file) && !is_pipe(file) => open_file(file).map(drop),
            _ => Ok(()),
        }
    }

    fn sink(&self) -> Result<Sink, Failure> {
        match &self.output {
            Some(file) if file.as_os_str() != "-" => Sink::file(file, self.resume),
            None if self.summary => Ok(Sink::nowhere()),
            _ => Ok(Sink::stdout()),
        }
    }
}

/// Whether opening a file and closing it again could change what is read from it.
fn is_pipe(file: &Path) -> bool {
    std::fs::metadata(file).is_ok_and(|it| !it.is_file() && !it.is_dir())
}

fn delimiter(word: &str) -> Result<u8, String> {
    match word.as_bytes() {
        b"tab" | b"\\t" => Ok(b'\t'),
        [byte @ (b'\t' | b' '..=b'~')] if *byte != b'"' && !byte.is_ascii_alphanumeric() => {
            Ok(*byte)
        }
        _ => Err("expected `tab` or one ASCII character, such as `,` or `;`".to_owned()),
    }
}

/// What was written stays, and the message says where.
fn stopped(sink: Option<Sink>, failure: Failure) -> Failure {
    let kept = sink.and_then(Sink::stop);
    if let (Some((kept, _)), false) = (kept, matches!(failure, Failure::Closed)) {
        let _ = writeln!(io::stderr(), "what was written so far is in `{kept}`");
    }
    failure
}

/// Rows on their way through.
struct Run<'a> {
    batch: &'a Batch<'a>,
    source: Mutex<Source<'a>>,
    output: Mutex<Output>,
    written: Condvar,
    signal: Signal,
}

/// What is done in the order of the rows.
struct Output {
    sink: Option<Sink>,
    /// The block whose turn it is.
    turn: u64,
    tally: Tally,
    /// The files that could not be read to their end.
    unread: Vec<Failure>,
    failure: Option<Failure>,
    on_error: OnError,
    progress: Option<Progress>,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // Nobody panics while holding it; if somebody does, the run ends with that panic anyway.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl<'a> Run<'a> {
    fn new(batch: &'a Batch<'a>, arguments: &BatchArgs, sink: Sink, signal: Signal) -> Self {
        let source = Source::new(batch, arguments, Arc::clone(&signal));
        // Who types rows sees them, and wants nothing else on the line.
        let is_typed = io::stdin().is_terminal()
            && arguments.files().iter().any(|file| file.as_os_str() == "-");
        let is_shown = !arguments.quiet && io::stderr().is_terminal() && !is_typed;
        let progress = is_shown.then(Progress::new);
        let output = Output {
            sink: Some(sink),
            turn: 0,
            tally: Tally::default(),
            unread: Vec::new(),
            failure: None,
            on_error: batch.layout().on_error,
            progress,
        };
        Self {
            batch,
            source: Mutex::new(source),
            output: Mutex::new(output),
            written: Condvar::new(),
            signal,
        }
    }

    /// Takes blocks until there are none: each thread reads one, judges it, and waits its turn to
    /// write.
    fn go(&self, threads: usize) -> Result<(), Failure> {
        if threads == 1 {
            self.work();
        } else {
            std::thread::scope(|scope| {
                for _ in 0..threads {
                    scope.spawn(|| self.work());
                }
            });
        }
        let mut output = lock(&self.output);
        let Some(failure) = output.failure.take() else { return Ok(()) };
        if let Some(progress) = &output.progress {
            progress.clear();
        }
        Err(stopped(output.sink.take(), failure))
    }

    fn work(&self) {
        let _given_up = GivenUp(self);
        let (mut buffer, mut written) = (Buffer::default(), Written::default());
        loop {
            if lock(&self.output).failure.is_some() {
                return;
            }
            let next = {
                let mut source = lock(&self.source);
                let next = source.next(&mut buffer);
                next.map(|block| (block, source.read, source.size))
            };
            let Some((block, read, size)) = next else { return };
            self.judge(&block, &mut buffer, &mut written);
            let mut output = lock(&self.output);
            while output.turn != block.turn && output.failure.is_none() {
                output = self.written.wait(output).unwrap_or_else(PoisonError::into_inner);
            }
            if output.failure.is_none() {
                output.take(block, &mut written, read, size);
            }
            output.turn += 1;
            drop(output);
            self.written.notify_all();
        }
    }

    fn judge(&self, block: &Block, buffer: &mut Buffer, written: &mut Written) {
        let file = block.file.as_deref();
        match &block.header {
            Some(header) => self.batch.records(header, buffer, block.first, file, written),
            None => self.batch.lines(buffer, block.first, file, written),
        }
        if let Some(fault) = &block.fault {
            self.batch.fault(fault, &Place { file, number: block.first }, written);
        }
        if block.failure.is_some() {
            // It is told where it stands, and is no row.
            written.tally.rows -= 1;
            written.tally.errors -= 1;
        }
    }

    /// Ends the output and says what the rows came to.
    fn end(self, rules: &RuleSet, arguments: &BatchArgs) -> Result<(), Failure> {
        let mut output = self.output.into_inner().unwrap_or_else(PoisonError::into_inner);
        if let Some(progress) = &output.progress {
            progress.clear();
        }
        let Some(sink) = output.sink.take() else { return Ok(()) };
        let signal = self.signal.load(Ordering::Relaxed);
        if signal != 0 {
            return Err(interrupted(signal, output.tally.rows, sink));
        }
        sink.finish()?;
        let text = |width| summary::text(rules, &output.tally, width);
        if arguments.summary {
            let text = match arguments.format {
                Listing::Text => text(style::stdout_columns()),
                Listing::Json => summary::json(rules, &output.tally),
            };
            let mut out = io::stdout().lock();
            out.write_all(text.as_bytes())?;
            out.flush()?;
        } else if !arguments.quiet {
            io::stderr().write_all(text(style::stderr_columns()).as_bytes())?;
        }
        fits(arguments, &output.tally, output.unread)
    }
}

/// Wakes the others where a thread panics, so that the panic ends the run instead of hanging it.
struct GivenUp<'r, 'a>(&'r Run<'a>);

impl Drop for GivenUp<'_, '_> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            let failure = Failure::Io(io::Error::other("a thread gave up"));
            lock(&self.0.output).failure.get_or_insert(failure);
            self.0.written.notify_all();
        }
    }
}

/// Whether every row of every file was taken; the exit code says so.
fn fits(arguments: &BatchArgs, tally: &Tally, unread: Vec<Failure>) -> Result<(), Failure> {
    let mut unread = unread.into_iter();
    if let Some(first) = unread.next() {
        for other in unread {
            writeln!(io::stderr(), "{}", other.told(Language::English))?;
        }
        return Err(first);
    }
    if tally.errors == 0 {
        return Ok(());
    }
    let rows = usize::try_from(tally.errors).unwrap_or(usize::MAX);
    let do_not = if rows == 1 { "does not" } else { "do not" };
    let message = format!("error: {} of {} {do_not} fit", rows, summary::rows(tally.rows));
    let lines = arguments.output.is_some() || !arguments.summary;
    let mut hint = match arguments.on_error {
        WithErrors::Line if lines => "the lines with `error` say where and why".to_owned(),
        WithErrors::Line => "without --summary, each has a line that says where and why".to_owned(),
        _ => "with --on-error line, each has a line that says where and why".to_owned(),
    };
    let guessed = |file: &PathBuf| arguments.from.is_none() && From::of(file).is_none();
    if tally.errors == tally.rows && arguments.files().iter().any(guessed) {
        hint += "\n  the rows were taken for NDJSON; if they are CSV, give --from csv";
    }
    Err(Failure::Content(format!("{message}\n\n  {hint}")))
}

impl Output {
    /// Takes the lines of the block whose turn it is.
    fn take(&mut self, block: Block, written: &mut Written, read: u64, size: Option<u64>) {
        let Some(sink) = &mut self.sink else { return };
        let stops = self.on_error == OnError::Stop;
        match block.failure {
            Some(failure @ Failure::Unreadable { .. }) if !stops => self.unread.push(failure),
            Some(failure) => {
                self.failure = Some(failure);
                return;
            }
            None => {}
        }
        self.tally.add(&written.tally);
        if let Err(failure) = sink.write(written.text()) {
            self.failure = Some(failure);
            return;
        }
        if let Some((row, fault)) = written.stopped.take() {
            let file = block.file.as_deref().map_or_else(String::new, |file| format!("`{file}`, "));
            let hint = "mend the row, or give --on-error line to have it told in its place";
            self.failure =
                Some(Failure::Content(format!("error: {file}row {row}: {fault}\n\n  {hint}")));
            return;
        }
        if let Some(progress) = &mut self.progress {
            progress.show(self.tally.rows, read, size);
        }
    }
}
