//! `backwise batch`: rows of answers to lines of results.

mod changes;
mod sink;
mod source;
mod summary;

use std::io::{self, IsTerminal as _, Write as _};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use backwise::RuleSet;
use backwise::batch::{Batch, Column, Form, Layout, Names, OnError, Place, Tally, Written};
use clap::ValueEnum;
use signal_hook::consts::{SIGINT, SIGTERM};

use crate::app::read_file;
use crate::cli::Listing;
use crate::failure::Failure;
use sink::Sink;
use source::{Block, Source, compression};

/// Assess many rows of answers: NDJSON or CSV in, one line of result a row out
///
/// A row holds answers by the ids of their questions, and may hold an `id`. What is missing or
/// empty is not answered, never "no". Questions that take several answers take a list in JSON; in
/// CSV, `a;b` in one cell, or a column for each choice, such as `symptoms.stiffness`. Files that
/// end in .gz or .zst are read and written so.
#[derive(Debug, clap::Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of its own")]
pub(crate) struct BatchArgs {
    /// Files with rows (`-` is standard input, which is also the default)
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

    /// The column that names a row
    #[arg(long, value_name = "NAME", default_value = "id")]
    id: String,

    /// Columns that are there and are not asked about
    #[arg(long, value_delimiter = ',', value_name = "NAMES")]
    ignore: Vec<String>,

    /// Take the names of columns and values that differ from a YAML file with `columns`, `values`
    /// and `ignore`
    #[arg(long, value_name = "FILE")]
    map: Option<PathBuf>,

    /// What stands between two cells of CSV rows
    #[arg(long, value_name = "CHARACTER", default_value = ",")]
    delimiter: char,

    /// What to do with a row that does not fit
    #[arg(long, value_enum, value_name = "WHAT", default_value_t)]
    on_error: WithErrors,

    /// How many threads to use [default: as many as there are processors, at most 8]
    #[arg(long, value_name = "NUMBER", value_parser = clap::value_parser!(u8).range(1..=64))]
    threads: Option<u8>,

    /// Print what the rows came to together, and no line for each
    #[arg(long)]
    summary: bool,

    /// Compare with this rule set: only rows whose result differs, from --rules to this one
    #[arg(long, value_name = "FILE", conflicts_with_all = ["full", "columns", "resume"])]
    against: Option<PathBuf>,

    /// How to print the summary
    #[arg(long, value_enum, default_value_t)]
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
        match plain.extension()?.to_str()? {
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
    if let Some(file) = &arguments.against {
        return changes::run(rules, file, arguments);
    }
    let names = names(rules, arguments)?;
    let batch = Batch::new(rules, names, layout);
    let mut sink = match (&arguments.output, arguments.summary) {
        (Some(file), _) => Sink::file(file, arguments.resume)?,
        (None, true) => Sink::nowhere(),
        (None, false) => Sink::stdout(),
    };
    if let Some(header) = batch.header_line().filter(|_| !arguments.summary) {
        sink.write(header.as_bytes())?;
    }
    let run = Run::new(&batch, arguments, sink)?;
    run.go(arguments.threads())?;
    run.end(rules, arguments)
}

/// The names of columns and values, as the rule set and the command line have them.
fn names(rules: &RuleSet, arguments: &BatchArgs) -> Result<Names, Failure> {
    let mut names = Names::new(&rules.questionnaire, &arguments.id);
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

    fn delimiter(&self) -> Result<u8, Failure> {
        u8::try_from(self.delimiter).ok().filter(u8::is_ascii).ok_or_else(|| {
            let message = format!("`{}` cannot stand between cells", self.delimiter);
            Failure::usage(message, "expected one ASCII character, such as `,` or `;`")
        })
    }
}

/// Rows on their way through.
struct Run<'a> {
    batch: &'a Batch<'a>,
    source: Mutex<Source<'a>>,
    output: Mutex<Output>,
    written: Condvar,
    /// The number of the signal that came; zero while none did.
    signal: Arc<AtomicUsize>,
}

/// What is done in the order of the rows.
struct Output {
    sink: Option<Sink>,
    /// The block whose turn it is.
    turn: u64,
    tally: Tally,
    failure: Option<Failure>,
    progress: Option<Progress>,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // Nobody panics while holding it; if somebody does, the run ends with that panic anyway.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl<'a> Run<'a> {
    fn new(batch: &'a Batch<'a>, arguments: &BatchArgs, sink: Sink) -> Result<Self, Failure> {
        let source = Source::new(batch, arguments.files(), arguments.from, arguments.delimiter()?);
        let progress = (!arguments.quiet && io::stderr().is_terminal()).then(|| Progress {
            begun: Instant::now(),
            shown: Instant::now(),
            any: false,
        });
        let signal = Arc::new(AtomicUsize::new(0));
        for (number, name) in [(2, SIGINT), (15, SIGTERM)] {
            signal_hook::flag::register_usize(name, Arc::clone(&signal), number)?;
        }
        let output =
            Output { sink: Some(sink), turn: 0, tally: Tally::default(), failure: None, progress };
        Ok(Self {
            batch,
            source: Mutex::new(source),
            output: Mutex::new(output),
            written: Condvar::new(),
            signal,
        })
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
        let failure = lock(&self.output).failure.take();
        failure.map_or(Ok(()), |failure| Err(self.stopped(failure)))
    }

    fn work(&self) {
        let (mut buffer, mut written) = (Vec::new(), Written::default());
        while self.signal.load(Ordering::Relaxed) == 0 {
            if lock(&self.output).failure.is_some() {
                return;
            }
            let next = {
                let mut source = lock(&self.source);
                let next = source.next(&mut buffer);
                next.map(|block| block.map(|block| (block, source.read, source.size)))
            };
            let (block, read, size) = match next {
                Ok(Some(next)) => next,
                Ok(None) => return,
                Err(failure) => {
                    lock(&self.output).failure.get_or_insert(failure);
                    self.written.notify_all();
                    return;
                }
            };
            self.judge(&block, &mut buffer, &mut written);
            let mut output = lock(&self.output);
            while output.turn != block.turn && output.failure.is_none() {
                output = self.written.wait(output).unwrap_or_else(PoisonError::into_inner);
            }
            if output.failure.is_none() {
                output.take(&block, &mut written, read, size);
            }
            output.turn += 1;
            drop(output);
            self.written.notify_all();
        }
    }

    fn judge(&self, block: &Block, buffer: &mut Vec<u8>, written: &mut Written) {
        let file = block.file.as_deref();
        match &block.header {
            Some(header) => self.batch.records(header, buffer, block.first, file, written),
            None => self.batch.lines(buffer, block.first, file, written),
        }
        if let Some(fault) = &block.fault {
            self.batch.fault(fault, &Place { file, number: block.first }, written);
        }
    }

    /// What was written stays, and the message says where.
    fn stopped(&self, failure: Failure) -> Failure {
        let kept = lock(&self.output).sink.take().and_then(Sink::stop);
        match (failure, kept) {
            (Failure::Closed, _) => Failure::Closed,
            (failure, Some(kept)) => {
                let _ = writeln!(io::stderr(), "what was written so far is in `{kept}`");
                failure
            }
            (failure, None) => failure,
        }
    }

    /// Ends the output and says what the rows came to.
    fn end(self, rules: &RuleSet, arguments: &BatchArgs) -> Result<(), Failure> {
        let mut output = self.output.into_inner().unwrap_or_else(PoisonError::into_inner);
        let source = self.source.into_inner().unwrap_or_else(PoisonError::into_inner);
        if let Some(progress) = &output.progress {
            progress.clear();
        }
        let Some(sink) = output.sink.take() else { return Ok(()) };
        let signal = self.signal.load(Ordering::Relaxed);
        if signal != 0 {
            let kept = match sink.stop() {
                Some(file) => format!("the lines so far are in `{file}`; --resume goes on"),
                None => "the lines so far are whole".to_owned(),
            };
            let rows =
                backwise::prose::count(usize::try_from(output.tally.rows).unwrap_or(0), "row");
            return Err(Failure::Interrupted {
                signal: u8::try_from(signal).unwrap_or(2),
                kept: format!("stopped after {rows}; {kept}"),
            });
        }
        sink.finish()?;
        let text = summary::text(rules, &output.tally);
        if arguments.summary {
            let text = match arguments.format {
                Listing::Text => text,
                Listing::Json => summary::json(rules, &output.tally),
            };
            let mut out = io::stdout().lock();
            out.write_all(text.as_bytes())?;
            out.flush()?;
        } else if !arguments.quiet {
            io::stderr().write_all(text.as_bytes())?;
        }
        fits(&output.tally, source.unread)
    }
}

/// Whether every row of every file was taken; the exit code says so.
fn fits(tally: &Tally, unread: Vec<Failure>) -> Result<(), Failure> {
    let mut unread = unread.into_iter();
    if let Some(first) = unread.next() {
        for other in unread {
            writeln!(io::stderr(), "{}", other.to_string().trim_end())?;
        }
        return Err(first);
    }
    if tally.errors == 0 {
        return Ok(());
    }
    let rows = usize::try_from(tally.errors).unwrap_or(usize::MAX);
    let do_not = if rows == 1 { "does not" } else { "do not" };
    let message = format!("error: {} of {} {do_not} fit", rows, summary::rows(tally.rows));
    Err(Failure::Content(format!("{message}\n\n  the lines with `error` say where and why")))
}

impl Output {
    /// Takes the lines of the block whose turn it is.
    fn take(&mut self, block: &Block, written: &mut Written, read: u64, size: Option<u64>) {
        let Some(sink) = &mut self.sink else { return };
        self.tally.add(&written.tally);
        if let Err(failure) = sink.write(&written.text) {
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

/// A line on the terminal that says how far the rows are.
struct Progress {
    begun: Instant,
    shown: Instant,
    any: bool,
}

impl Progress {
    fn show(&mut self, rows: u64, read: u64, size: Option<u64>) {
        if self.shown.elapsed() < Duration::from_millis(250) {
            return;
        }
        self.shown = Instant::now();
        self.any = true;
        let seconds = self.begun.elapsed().as_secs().max(1);
        let left = size.map(|size| size.saturating_sub(read) * seconds / read.max(1));
        let left = left.map_or_else(String::new, |left| format!(", {left} s left"));
        let line = format!("{}, {} a second{left}", summary::rows(rows), rows / seconds);
        // Progress is a comfort; a terminal that is gone is no reason to stop.
        let _ = write!(io::stderr(), "\r\u{1b}[K{line}");
    }

    fn clear(&self) {
        if self.any {
            let _ = write!(io::stderr(), "\r\u{1b}[K");
        }
    }
}
