//! Rows in, rows out: many answers, each to one line of result.
//!
//! Rows come in blocks of whole lines. For each row the usual line is read at sight, any other by
//! the full reader, and both make the same marks; then the whole block is judged together by gates
//! compiled from the rule set. What a row may be is defined by the one parser of answers, and what
//! it comes to by [`triage`]; tests hold the fast ways to both.

mod ahead;
mod buffer;
mod circuit;
mod columns;
mod compile;
mod fault;
mod index;
mod lines;
mod names;
mod places;
mod pool;
mod row;
mod scan;
mod table;
mod tables;
mod values;
mod words;

pub use buffer::Buffer;
pub use columns::{Column, column_name, header};
pub use fault::{Place, RowFault};
pub use lines::Form;
pub use names::{Names, Target};
pub use table::Header;
use table::Records;

use circuit::{Circuit, Lane, Marks, ROWS, Wire};
use compile::{Compiled, compile, step_of};
use index::Index;
use lines::{Desk, Writer};
use names::Guesses;
use places::Places;
use pool::Scratch;
use row::Row;
use scan::{Scanner, Start};

use crate::answers::Answers;
use crate::questionnaire::{Question, Questionnaire};
use crate::report;
use crate::ruleset::RuleSet;
use crate::triage::triage;

/// What is done with a row that does not fit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum OnError {
    /// A line that says so stands where the result would.
    #[default]
    Line,
    /// Nothing more is read.
    Stop,
    /// It leaves no line.
    Skip,
}

/// How rows become lines.
#[derive(Clone, Debug)]
pub struct Layout {
    /// The columns of a line, in order.
    pub columns: Vec<Column>,
    /// The form of a line.
    pub form: Form,
    /// Whether a line is the whole result, as every other door gives it.
    pub full: bool,
    /// What is done with a row that does not fit.
    pub on_error: OnError,
}

impl Default for Layout {
    fn default() -> Self {
        let columns = Column::USUAL.to_vec();
        Self { columns, form: Form::default(), full: false, on_error: OnError::default() }
    }
}

/// A rule set made ready for many rows.
#[derive(Clone, Debug)]
pub struct Batch<'a> {
    rules: &'a RuleSet,
    names: Names,
    layout: Layout,
    compiled: Compiled,
    scanner: Option<Scanner>,
    writer: Writer,
    /// The cells of a line of CSV, the one for errors left out.
    cells: Vec<String>,
}

/// How many rows came to what.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Rows read, those at fault among them.
    pub rows: u64,
    /// Rows that did not fit.
    pub errors: u64,
    /// Rows at each level of care, in the order of [`Care::ALL`](crate::condition::Care::ALL).
    pub care: [u64; 4],
    /// Rows whose level of care may still rise, as a higher warning could fire.
    pub may_rise: u64,
    /// Rows with answers that do not count, as with the others they are not asked for.
    pub not_asked: u64,
    /// Rows for which each item was suggested.
    pub suggested: Vec<u64>,
}

impl Tally {
    /// Adds what another block came to.
    pub fn add(&mut self, other: &Self) {
        self.rows += other.rows;
        self.errors += other.errors;
        self.care.iter_mut().zip(other.care).for_each(|(all, more)| *all += more);
        self.may_rise += other.may_rise;
        self.not_asked += other.not_asked;
        self.suggested.resize(self.suggested.len().max(other.suggested.len()), 0);
        self.suggested.iter_mut().zip(&other.suggested).for_each(|(all, more)| *all += more);
    }
}

/// What a block of rows came to, and the memory it took, to be used again.
#[derive(Clone, Debug, Default)]
pub struct Written {
    /// The counts of this block alone.
    pub tally: Tally,
    /// The fault to stop at; the text then ends before its row.
    pub stopped: Option<(u64, RowFault)>,
    text: Scratch,
    marks: Marks,
    lanes: Vec<Lane>,
    entries: Vec<Entry>,
    packed: Vec<u64>,
    desk: Desk,
    index: Index,
    ends: Places,
    guesses: Guesses,
}

impl Written {
    /// The result lines.
    pub fn text(&self) -> &[u8] {
        self.text.text()
    }
}

/// One row between being read and being written.
#[derive(Clone, Debug)]
enum Entry {
    /// Read at sight; where its name stands in the block.
    Usual(u64, (usize, usize)),
    /// Read at sight; where its name stands among names in the form of the lines.
    Named(u64, (usize, usize)),
    /// Read in full.
    Full(u64, Box<Row>),
    Fault(u64, Box<RowFault>),
}

impl<'a> Batch<'a> {
    /// Makes a rule set ready. Rows are NDJSON.
    pub fn new(rules: &'a RuleSet, names: Names, layout: Layout) -> Self {
        let compiled = compile(rules, &layout.columns, Scanner::spare(&names));
        let scanner = Scanner::new(&rules.questionnaire, &names, &compiled);
        let writer = Writer::new(rules, &compiled, &layout);
        let cells = columns::header(rules, &layout.columns);
        Self { rules, names, layout, compiled, scanner, writer, cells }
    }

    /// Reads the header of CSV rows.
    ///
    /// # Errors
    /// A column that is not known, or that stands twice.
    pub fn header(&self, names: &[String]) -> Result<Header, RowFault> {
        Header::new(self.questionnaire(), &self.names, &self.compiled, names)
    }

    /// Whether a column of this name is known.
    pub fn knows(&self, column: &str) -> bool {
        self.names.find(self.questionnaire(), column, "").is_ok()
    }

    /// The first line of CSV output; none for NDJSON.
    pub fn header_line(&self) -> Option<String> {
        (self.layout.form == Form::Csv && !self.layout.full).then(|| {
            let error = if self.layout.on_error == OnError::Line { ",error" } else { "" };
            format!("{}{error}\n", self.writer.header())
        })
    }

    /// The layout of the lines.
    pub fn layout(&self) -> &Layout {
        &self.layout
    }

    fn questionnaire(&self) -> &'a Questionnaire {
        &self.rules.questionnaire
    }

    /// Takes a block of whole lines. `first` is the number of its first line and `file` what the
    /// rows' file is called, where that matters.
    pub fn lines(&self, block: &mut Buffer, first: u64, file: Option<&str>, out: &mut Written) {
        self.begin(out);
        let (block, end) = block.lines();
        // Pieces are counted in 32 bits; nobody reads so much at a time that it matters.
        let fits = !self.layout.full && u32::try_from(end + 64).is_ok();
        let scanner = self.scanner.as_ref().filter(|_| fits);
        let mut index = std::mem::take(&mut out.index);
        if scanner.is_some() {
            index.read(block, end);
        }
        let (mut start, mut number) = (Start::default(), first);
        while start.at < end && out.stopped.is_none() {
            if let Some(scanner) = scanner {
                let before = out.entries.len();
                let text = (block, end);
                scanner.lines(text, &index, &mut start, &mut out.marks, before, |nth, id| {
                    out.entries.push(Entry::Usual(number + nth, id));
                });
                number += (out.entries.len() - before) as u64;
            }
            if start.at < end && out.entries.len() < ROWS {
                let line = &block[start.at..end];
                let length = memchr::memchr(b'\n', line).unwrap_or(line.len() - 1);
                self.read_line(number, line[..length].trim_ascii(), out);
                number += 1;
                let next = start.at + length + 1;
                match scanner {
                    Some(_) => start.seek(next, &index),
                    None => start.at = next,
                }
            }
            if out.entries.len() == ROWS {
                self.flush(block, file, out);
            }
        }
        self.flush(block, file, out);
        out.index = index;
    }

    /// Reads a line in full, where there is anything in it.
    fn read_line(&self, number: u64, line: &[u8], out: &mut Written) {
        if !line.is_empty() {
            let (names, form) = (&self.names, self.layout.form);
            let read = row::json(self.questionnaire(), names, form, line, &mut out.guesses);
            self.enter(number, read, out);
        }
    }

    /// Takes a block of whole CSV records; see [`lines`](Self::lines).
    pub fn records(
        &self,
        header: &Header,
        block: &mut Buffer,
        first: u64,
        file: Option<&str>,
        out: &mut Written,
    ) {
        self.begin(out);
        let (block, end) = block.records();
        let mut ends = std::mem::take(&mut out.ends);
        header.look_for_ends(&block[..end + 64], &mut ends);
        let (mut ids, mut odd) = (Vec::new(), header.records());
        let (mut at, mut number) = (0, first);
        while at < end && out.stopped.is_none() {
            let row = out.entries.len();
            let usual = if self.layout.full {
                None
            } else {
                header.record(block, at, &mut ends, out.marks.of(row))
            };
            if let Some(scanned) = usual {
                let start = ids.len();
                self.cell_id(&block[scanned.id.0..scanned.id.1], &mut ids);
                out.entries.push(Entry::Named(number, (start, ids.len())));
                (at, number) = (scanned.next, number + 1);
            } else {
                at += self.record(header, &mut odd, &block[at..end], &mut number, out);
                ends.seek(at);
            }
            if out.entries.len() == ROWS {
                self.flush(&ids, file, out);
                ids.clear();
            }
        }
        self.flush(&ids, file, out);
        out.ends = ends;
    }

    /// Reads the first record of a text in full, where there is one, and returns how far it goes.
    fn record(
        &self,
        header: &Header,
        records: &mut Records,
        text: &[u8],
        number: &mut u64,
        out: &mut Written,
    ) -> usize {
        let lines = |text: &[u8]| memchr::memchr_iter(b'\n', text).count() as u64;
        // Empty lines before it are none of its own.
        let blanks = text.iter().take_while(|byte| b"\r\n".contains(byte)).count();
        *number += lines(&text[..blanks]);
        let Some(length) = records.read(&text[blanks..]) else { return text.len() };
        if let Some(misquoted) = header.misquoted(&text[blanks..blanks + length]) {
            // What was taken for one cell may be the lines of others, so it ends with its line.
            let opened = blanks + misquoted.opened;
            let line = memchr::memchr(b'\n', &text[opened..]);
            let end = line.map_or(text.len(), |end| opened + end + 1);
            let fault = header.misquoted_fault(&misquoted, &text[opened..end]);
            let cells = records.cells().take(misquoted.cell);
            let id = row::first_id(&header.columns, cells, self.layout.form);
            self.enter(*number, Err(fault.named(&id)), out);
            *number += lines(&text[blanks..end]);
            return end;
        }
        // A spreadsheet writes rows below its last one that have nothing in them.
        if records.cells().all(<[u8]>::is_empty) {
            *number += lines(&text[blanks..blanks + length]);
            return blanks + length;
        }
        let read = row::csv(
            self.questionnaire(),
            &self.names,
            self.layout.form,
            &header.columns,
            records.cells(),
        );
        self.enter(*number, read, out);
        let mut end = blanks + length;
        // It ends at the first of the two bytes that end a line elsewhere.
        if text[..end].ends_with(b"\r") && text[end..].starts_with(b"\n") {
            end += 1;
        }
        *number += lines(&text[blanks..end]);
        end
    }

    /// The name of a record, in the form of the lines.
    fn cell_id(&self, name: &[u8], ids: &mut Vec<u8>) {
        // It was read as UTF-8 already.
        let name = String::from_utf8_lossy(name);
        if !name.trim().is_empty() {
            ids.extend(row::text_id(&name, self.layout.form));
        } else if self.layout.form == Form::Ndjson {
            ids.extend(b"null");
        }
    }

    /// Takes a row that could not even be read, after the rows of its block.
    pub fn fault(&self, fault: &RowFault, place: &Place<'_>, out: &mut Written) {
        out.entries.push(Entry::Fault(place.number, Box::new(fault.clone())));
        self.flush(&[], place.file, out);
    }

    fn begin(&self, out: &mut Written) {
        out.text.clear();
        out.tally = Tally { suggested: vec![0; self.rules.items.len()], ..Tally::default() };
        out.stopped = None;
        out.entries.clear();
        out.lanes.resize(self.compiled.circuit.lanes(), Lane::default());
        out.marks.clear(self.compiled.circuit.inputs());
    }

    /// Puts a row that was read in full where those read at sight are.
    fn enter(&self, number: u64, read: Result<Row, RowFault>, out: &mut Written) {
        let row = out.entries.len();
        out.entries.push(match read {
            Ok(read) => {
                // Its reader at sight may have made marks before it gave up.
                out.marks.unmark(row);
                self.mark(&read.answers, out.marks.of(row));
                Entry::Full(number, Box::new(read))
            }
            Err(fault) => Entry::Fault(number, Box::new(fault)),
        });
    }

    fn mark(&self, answers: &Answers, (inputs, bit): (&mut [u64], u64)) {
        let starts = self.compiled.first_lane.iter().zip(&self.compiled.steps);
        for ((first, steps), marks) in starts.zip(answers.marks()) {
            for mark in Question::single_marks(*marks) {
                inputs[first + step_of(mark, *steps) as usize] |= bit;
            }
        }
    }

    /// Judges the rows that are waiting and writes their lines.
    fn flush(&self, block: &[u8], file: Option<&str>, out: &mut Written) {
        if out.entries.is_empty() {
            return;
        }
        let Compiled { circuit, outputs, .. } = &self.compiled;
        circuit.settle(&out.marks, &mut out.lanes, outputs, out.entries.len(), &mut out.packed);
        let words = outputs.len().div_ceil(64);
        let entries = std::mem::take(&mut out.entries);
        let form = self.layout.form;
        let (mut row, mut faults, lines) = (0, Lane::default(), &mut out.text);
        loop {
            let usual = entries[row..].iter().map_while(|entry| match entry {
                Entry::Usual(number, id) if form == Form::Ndjson && id.0 < id.1 => {
                    Some((*number, *id))
                }
                Entry::Named(number, id) => Some((*number, *id)),
                _ => None,
            });
            let packed = (&out.packed[row * words..], words);
            row += self.writer.lines(lines, block, usual, packed, &mut out.desk);
            let Some(entry) = entries.get(row) else { break };
            row += 1;
            let told;
            let (number, text, id) = match entry {
                // Those in the form of the lines are written already.
                Entry::Usual(number, id) | Entry::Named(number, id) => {
                    told = row::usual_id(&block[id.0..id.1], form);
                    (*number, told.as_slice(), (0, told.len()))
                }
                Entry::Full(number, read) if self.layout.full => {
                    lines.write_with(|lines| self.full(read, lines));
                    continue;
                }
                Entry::Full(number, read) => (*number, read.id.as_slice(), (0, read.id.len())),
                Entry::Fault(number, fault) => {
                    out.tally.errors += 1;
                    faults[(row - 1) / 64] |= 1 << ((row - 1) % 64);
                    match self.layout.on_error {
                        OnError::Skip => {}
                        OnError::Line => {
                            let place = Place { file, number: *number };
                            lines.write_with(|lines| fault.write(lines, form, &self.cells, &place));
                        }
                        OnError::Stop => {
                            out.stopped = Some((*number, RowFault::clone(fault)));
                            break;
                        }
                    }
                    continue;
                }
            };
            let one = std::iter::once((number, id));
            let packed = (&out.packed[(row - 1) * words..], words);
            self.writer.lines(lines, text, one, packed, &mut out.desk);
        }
        out.tally.rows += row as u64;
        let mut fit = first_rows(row);
        fit.iter_mut().zip(faults).for_each(|(fit, faults)| *fit &= !faults);
        self.count(&out.lanes, &fit, &mut out.tally);
        out.entries = entries;
        out.entries.clear();
        out.marks.clear(circuit.inputs());
    }

    /// Counts what rows came to.
    fn count(&self, lanes: &[Lane], rows: &Lane, tally: &mut Tally) {
        let counted = &self.compiled.counted;
        let add = |wires: &[Wire], to: &mut [u64]| {
            for (wire, to) in wires.iter().zip(to) {
                *to += Circuit::count(lanes, *wire, rows);
            }
        };
        add(&counted.care, &mut tally.care);
        add(&counted.may_rise, std::slice::from_mut(&mut tally.may_rise));
        add(&counted.not_asked, std::slice::from_mut(&mut tally.not_asked));
        add(&counted.treatment, &mut tally.suggested);
    }

    /// The whole result, as every other door gives it, under the row's name.
    fn full(&self, read: &Row, out: &mut Vec<u8>) {
        let assessment = triage(self.rules, &read.answers);
        let result = report::json::result_line(self.rules, &read.answers, &assessment);
        match result.strip_prefix('{') {
            Some(rest) if !read.id.is_empty() && read.id != b"null" => {
                out.extend_from_slice(b"{\"id\":");
                out.extend_from_slice(&read.id);
                out.push(b',');
                out.extend_from_slice(rest.as_bytes());
            }
            _ => out.extend_from_slice(result.as_bytes()),
        }
        out.push(b'\n');
    }
}

/// The first rows of a block, so many.
fn first_rows(rows: usize) -> Lane {
    let mut lane = Lane::default();
    for (part, bits) in lane.iter_mut().enumerate() {
        let rows = u32::try_from(rows.saturating_sub(part * 64)).unwrap_or(u32::MAX);
        *bits = u64::MAX.checked_shl(rows).map_or(u64::MAX, |others| !others);
    }
    lane
}
