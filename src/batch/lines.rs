//! Packed results to lines of text.

use super::columns::{Column, header};
use super::compile::{Compiled, Span};
use super::pool::{Pool, Scratch, Word};
use super::{Layout, OnError};
use crate::condition::Care;
use crate::ruleset::RuleSet;

/// The form of result lines.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Form {
    /// One JSON object a line.
    #[default]
    Ndjson,
    /// Comma-separated values, lists within a cell separated by semicolons.
    Csv,
}

/// The words of a list: as its first, what stands before the list included, and behind another.
type Listed = [Word; 2];

/// A list of words, and what is written where it is empty.
#[derive(Clone, Debug)]
struct List {
    empty: Word,
    words: Vec<Listed>,
}

/// A number and what stands before it.
#[derive(Clone, Debug)]
struct Figure {
    span: Span,
    /// What the bits have too much.
    added: i64,
    start: Word,
    /// The start and the number, for small values of the bits.
    words: Vec<Word>,
}

/// One column. What stands before its value is part of each word, so that nothing is written for
/// it alone.
#[derive(Clone, Debug)]
enum Cell {
    Id(Word),
    Row(Word),
    /// A number of a few bits that picks a word.
    Picked(Span, Vec<Word>),
    /// The one bit that is set picks a word; where none is set, another is written.
    One(Span, Vec<Word>, Word),
    /// Every bit that is set adds a word.
    Many(Span, List),
    /// As `Many`, the one with most points first.
    Best(Span, List),
    /// For each treatment, what speaks for it, strongest first; and what is written without any.
    Reasons(Vec<Vec<(usize, Listed)>>, Word),
    /// The points of each treatment, what stands behind them, and what instead of them.
    Points(Vec<Figure>, [Word; 2]),
    Number(Figure),
}

/// Writes result lines.
#[derive(Clone, Debug)]
pub(super) struct Writer {
    pool: Pool,
    columns: Vec<Cell>,
    end: Word,
    care: Span,
    treatment: Span,
    rules: Span,
    points: Vec<(Span, i64)>,
    header: String,
}

/// The bits of one row's result.
#[derive(Clone, Copy)]
pub(super) struct Packed<'a>(pub(super) &'a [u64]);

/// What is kept between rows so that none needs memory of its own: options and their points.
#[derive(Clone, Debug, Default)]
pub(super) struct Desk {
    order: Vec<(i64, usize)>,
}

/// What one line is written from.
#[derive(Clone, Copy)]
pub(super) struct Line<'a> {
    pub(super) id: &'a [u8],
    pub(super) number: u64,
    pub(super) packed: Packed<'a>,
}

impl Packed<'_> {
    pub(super) fn bit(self, at: usize) -> bool {
        self.0[at / 64] >> (at % 64) & 1 == 1
    }

    #[inline]
    pub(super) fn number(self, span: Span) -> u64 {
        if span.length == 0 {
            return 0;
        }
        let (word, shift) = (span.start / 64, span.start % 64);
        let mut number = self.0[word] >> shift;
        if shift + span.length > 64 {
            number |= self.0[word + 1] << (64 - shift);
        }
        number & (u64::MAX >> (64 - span.length.min(64)))
    }

    /// Calls `visit` with the place within the span of each bit that is set.
    #[inline]
    pub(super) fn each(self, span: Span, mut visit: impl FnMut(usize)) {
        let mut done = 0;
        loop {
            let part = Span { start: span.start + done, length: (span.length - done).min(64) };
            let mut bits = self.number(part);
            while bits != 0 {
                visit(done + bits.trailing_zeros() as usize);
                bits &= bits - 1;
            }
            done += part.length;
            if done == span.length {
                return;
            }
        }
    }

    fn first(self, span: Span) -> Option<usize> {
        let bits = self.number(span);
        if bits != 0 {
            return Some(bits.trailing_zeros() as usize);
        }
        let mut first = None;
        if span.length > 64 {
            self.each(span, |place| first = first.or(Some(place)));
        }
        first
    }
}

/// How many values of a number are words.
const NUMBERS: u64 = 128;

impl Writer {
    pub(super) fn new(rules: &RuleSet, compiled: &Compiled, layout: &Layout) -> Self {
        let Layout { ref columns, form, on_error, .. } = *layout;
        let is_csv = form == Form::Csv;
        let mut made = Maker { pool: Pool::default(), rules, compiled, is_csv };
        let mut written = Vec::new();
        // What the column before it still needs behind it.
        let mut behind = "";
        for (place, &column) in columns.iter().enumerate() {
            let is_list = !is_csv && is_list(column);
            let open = if is_list { "[" } else { "" };
            let start = match (is_csv, place) {
                (true, 0) => String::new(),
                (true, _) => ",".to_owned(),
                (false, 0) => format!("{{\"{}\":{open}", column.name()),
                (false, _) => format!("{behind},\"{}\":{open}", column.name()),
            };
            behind = if is_list { "]" } else { "" };
            written.push(made.cell(column, &start));
        }
        let end = match (form, on_error) {
            (Form::Ndjson, _) => format!("{behind}}}\n"),
            // The last cell is the one for errors.
            (Form::Csv, OnError::Line) => ",\n".to_owned(),
            (Form::Csv, _) => "\n".to_owned(),
        };
        let fields = &compiled.fields;
        Self {
            columns: written,
            end: made.pool.add(&end),
            care: fields.care,
            treatment: fields.treatment,
            rules: fields.rules,
            points: fields.points.clone(),
            header: header(rules, columns).join(","),
            pool: made.pool,
        }
    }

    /// The names of the columns, for CSV.
    pub(super) fn header(&self) -> &str {
        &self.header
    }

    /// Writes one line. `id` is in the form of the lines already.
    pub(super) fn line(&self, out: &mut Scratch, row: &Line<'_>, desk: &mut Desk) {
        for cell in &self.columns {
            self.cell(out, cell, row, desk);
        }
        out.put(&self.pool, self.end);
    }

    #[inline]
    fn cell(&self, line: &mut Scratch, cell: &Cell, row: &Line<'_>, desk: &mut Desk) {
        let packed = row.packed;
        let mut words = 0;
        let mut list = |line: &mut Scratch, listed: &Listed| {
            line.put(&self.pool, listed[usize::from(words > 0)]);
            words += 1;
        };
        match cell {
            Cell::Id(start) => {
                line.put(&self.pool, *start);
                line.write(row.id);
            }
            Cell::Row(start) => {
                line.put(&self.pool, *start);
                line.write(row.number.to_string().as_bytes());
            }
            Cell::Picked(span, words) => {
                let picked = usize::try_from(packed.number(*span)).unwrap_or(0);
                line.put(&self.pool, words[picked]);
            }
            Cell::One(span, words, otherwise) => {
                let word = packed.first(*span).map_or(*otherwise, |place| words[place]);
                line.put(&self.pool, word);
            }
            Cell::Many(span, of) => {
                packed.each(*span, |place| list(line, &of.words[place]));
                if words == 0 {
                    line.put(&self.pool, of.empty);
                }
            }
            Cell::Best(span, of) => {
                // The best first, and in the order of the rule set among equals.
                let order = &mut desk.order;
                order.clear();
                packed.each(*span, |item| order.push((self.points_of(item, packed), item)));
                order.sort_by_key(|&(points, _)| std::cmp::Reverse(points));
                order.iter().for_each(|&(_, item)| list(line, &of.words[item]));
                if words == 0 {
                    line.put(&self.pool, of.empty);
                }
            }
            Cell::Reasons(reasons, empty) => {
                if let Some(item) = packed.first(self.treatment) {
                    let fired = |rule: &usize| packed.bit(self.rules.start + rule);
                    let reasons = reasons[item].iter().filter(|(rule, _)| fired(rule));
                    reasons.for_each(|(_, word)| list(line, word));
                }
                if words == 0 {
                    line.put(&self.pool, *empty);
                }
            }
            // Where care comes before any treatment, none is named, not even by its points.
            Cell::Points(_, [_, none]) if packed.number(self.care) >= Care::SameDay as u64 => {
                line.put(&self.pool, *none);
            }
            Cell::Points(figures, [end, _]) => {
                figures.iter().for_each(|figure| self.figure(line, figure, packed));
                line.put(&self.pool, *end);
            }
            Cell::Number(figure) => self.figure(line, figure, packed),
        }
    }

    #[inline]
    fn points_of(&self, item: usize, packed: Packed<'_>) -> i64 {
        let (span, added) = self.points[item];
        packed.number(span).cast_signed() - added
    }

    #[inline]
    fn figure(&self, line: &mut Scratch, figure: &Figure, packed: Packed<'_>) {
        let bits = packed.number(figure.span);
        match usize::try_from(bits).ok().and_then(|bits| figure.words.get(bits)) {
            Some(&word) => line.put(&self.pool, word),
            None => {
                line.put(&self.pool, figure.start);
                line.write((bits.cast_signed() - figure.added).to_string().as_bytes());
            }
        }
    }
}

/// Makes the words of columns.
struct Maker<'a> {
    pool: Pool,
    rules: &'a RuleSet,
    compiled: &'a Compiled,
    is_csv: bool,
}

impl Maker<'_> {
    fn quoted(&self, id: &str) -> String {
        if self.is_csv { id.to_owned() } else { format!("\"{id}\"") }
    }

    fn one(&mut self, start: &str, span: Span, ids: &[&str], otherwise: &str) -> Cell {
        let words = ids.iter().map(|id| format!("{start}{}", self.quoted(id))).collect::<Vec<_>>();
        let words = words.iter().map(|word| self.pool.add(word)).collect();
        Cell::One(span, words, self.pool.add(&format!("{start}{otherwise}")))
    }

    fn listed(&mut self, start: &str, id: &str) -> Listed {
        let separator = if self.is_csv { ";" } else { "," };
        let word = self.quoted(id);
        [start, separator].map(|before| self.pool.add(&format!("{before}{word}")))
    }

    fn list(&mut self, start: &str, ids: &[&str]) -> List {
        let words = ids.iter().map(|id| self.listed(start, id)).collect();
        List { empty: self.pool.add(start), words }
    }

    fn figure(&mut self, start: &str, span: Span, added: i64) -> Figure {
        let values = (1_u64 << span.length.min(32)).min(NUMBERS);
        let word = |bits: u64| format!("{start}{}", bits.cast_signed() - added);
        let words = (0..values).map(|bits| self.pool.add(&word(bits))).collect();
        Figure { span, added, start: self.pool.add(start), words }
    }

    /// How the values of a column are written, what stands before them included.
    fn cell(&mut self, column: Column, start: &str) -> Cell {
        let (rules, compiled) = (self.rules, self.compiled);
        let fields = &compiled.fields;
        let nothing = if self.is_csv { "" } else { "null" };
        let items: Vec<&str> = rules.items.iter().map(|item| item.id.as_str()).collect();
        match column {
            Column::Id => Cell::Id(self.pool.add(start)),
            Column::Row => Cell::Row(self.pool.add(start)),
            Column::Care => {
                let words = Care::ALL.map(|care| format!("{start}{}", self.quoted(care.id())));
                let words = words.iter().map(|word| self.pool.add(word)).collect();
                Cell::Picked(fields.care, words)
            }
            Column::Suggestion => {
                let none = self.quoted("none");
                self.one(start, fields.treatment, &items, &none)
            }
            Column::SuggestedBy => {
                let ids: Vec<&str> = rules.suggestions.iter().map(|it| it.id.as_str()).collect();
                self.one(start, fields.entry, &ids, nothing)
            }
            Column::Options => Cell::Best(fields.options, self.list(start, &items)),
            Column::RunnerUp => self.one(start, fields.runner_up, &items, nothing),
            Column::Warnings => {
                let told = compiled.warnings.iter();
                let ids: Vec<&str> =
                    told.map(|&warning| rules.warnings[warning].id.as_str()).collect();
                Cell::Many(fields.warnings, self.list(start, &ids))
            }
            Column::OpenWarnings => {
                let ids: Vec<&str> = rules.warnings.iter().map(|it| it.id.as_str()).collect();
                Cell::Many(fields.open_warnings, self.list(start, &ids))
            }
            Column::Findings => {
                let ids: Vec<&str> = rules.findings.iter().map(|it| it.id.as_str()).collect();
                Cell::Many(fields.findings, self.list(start, &ids))
            }
            Column::Cautions => {
                let ids: Vec<&str> = rules.cautions.iter().map(|it| it.id.as_str()).collect();
                Cell::Many(fields.cautions, self.list(start, &ids))
            }
            Column::Asked => {
                let questions = rules.questionnaire.questions.iter();
                let ids: Vec<&str> = questions.map(|question| question.id.as_str()).collect();
                Cell::Many(fields.asked, self.list(start, &ids))
            }
            Column::Reasons => {
                let mut of_item = |item| {
                    let reasons = reasons(rules, item).into_iter();
                    reasons.map(|rule| (rule, self.listed(start, &rules.rules[rule].id))).collect()
                };
                let words = (0..rules.items.len()).map(&mut of_item).collect();
                Cell::Reasons(words, self.pool.add(start))
            }
            Column::Points => self.points(start),
            Column::NotAnswered => Cell::Number(self.figure(start, fields.not_answered, 0)),
        }
    }

    /// The points of each treatment.
    fn points(&mut self, start: &str) -> Cell {
        let treatments: Vec<usize> = self.rules.treatments().collect();
        let commas = ",".repeat(treatments.len().saturating_sub(1));
        let none = if self.is_csv { commas.as_str() } else { "null" };
        let none = self.pool.add(&format!("{start}{none}"));
        let figures = treatments.iter().enumerate().map(|(place, &item)| {
            let id = &self.rules.items[item].id;
            let before = match (self.is_csv, place) {
                (true, 0) => start.to_owned(),
                (true, _) => ",".to_owned(),
                (false, 0) => format!("{start}{{\"{id}\":"),
                (false, _) => format!(",\"{id}\":"),
            };
            let (span, added) = self.compiled.fields.points[item];
            self.figure(&before, span, added)
        });
        let figures = figures.collect();
        let end = self.pool.add(if self.is_csv { "" } else { "}" });
        Cell::Points(figures, [end, none])
    }
}

/// Whether the values of a column are written between brackets, where there are any.
fn is_list(column: Column) -> bool {
    match column {
        Column::Options
        | Column::Warnings
        | Column::OpenWarnings
        | Column::Findings
        | Column::Cautions
        | Column::Asked
        | Column::Reasons => true,
        Column::Id
        | Column::Row
        | Column::Care
        | Column::Suggestion
        | Column::SuggestedBy
        | Column::RunnerUp
        | Column::Points
        | Column::NotAnswered => false,
    }
}

/// The rules that give an item points, strongest first.
fn reasons(rules: &RuleSet, item: usize) -> Vec<usize> {
    let points = rules
        .rules
        .iter()
        .map(|rule| rule.points.iter().filter(|(to, _)| *to == item).map(|(_, n)| n).sum());
    let mut reasons: Vec<(usize, i32)> =
        points.enumerate().filter(|&(_, points)| points > 0).collect();
    reasons.sort_by_key(|&(_, points)| std::cmp::Reverse(points));
    reasons.into_iter().map(|(rule, _)| rule).collect()
}
