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

/// A word of a list: as its first, and behind another.
type Listed = [Word; 2];

/// What stands behind the start of one column.
#[derive(Clone, Debug)]
enum Cell {
    Id,
    Row,
    /// A number of a few bits that picks a word.
    Picked(Span, Vec<Word>),
    /// The one bit that is set picks a word; where none is set, another is written.
    One(Span, Vec<Word>, Word),
    /// Every bit that is set adds a word.
    Many(Span, Vec<Listed>),
    /// As `Many`, the one with most points first.
    Best(Span, Vec<Listed>),
    /// For each treatment, what speaks for it, strongest first.
    Reasons(Vec<Vec<(usize, Listed)>>),
    /// Items, each with what stands before its points; and what stands behind them.
    Points(Vec<(usize, Word)>, Word),
    Number(Span),
}

/// Writes result lines.
#[derive(Clone, Debug)]
pub(super) struct Writer {
    pool: Pool,
    columns: Vec<(Word, Cell)>,
    end: Word,
    care: Span,
    treatment: Span,
    rules: Span,
    points: Vec<(Span, i64)>,
    /// What stands for the points where no treatment is named.
    no_points: Word,
    /// The small numbers, and what stands before those below zero.
    numbers: Vec<Word>,
    minus: Word,
    header: String,
}

/// The bits of one row's result.
#[derive(Clone, Copy)]
pub(super) struct Packed<'a>(pub(super) &'a [u64]);

/// What is kept between rows so that none needs memory of its own: options and their points, and
/// the line that is being written.
#[derive(Clone, Debug, Default)]
pub(super) struct Desk {
    order: Vec<(i64, usize)>,
    line: Scratch,
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

/// How many of the small numbers are words.
const NUMBERS: u64 = 100;

impl Writer {
    pub(super) fn new(rules: &RuleSet, compiled: &Compiled, layout: &Layout) -> Self {
        let Layout { ref columns, form, on_error, .. } = *layout;
        let is_csv = form == Form::Csv;
        let mut pool = Pool::default();
        let fields = &compiled.fields;
        let mut written = Vec::new();
        // What the column before it still needs behind it.
        let mut behind = "";
        for (place, &column) in columns.iter().enumerate() {
            let cell = cell(&mut pool, rules, compiled, column, is_csv);
            let is_list = matches!(cell, Cell::Many(..) | Cell::Best(..) | Cell::Reasons(_));
            let (open, close) = if is_list && !is_csv { ("[", "]") } else { ("", "") };
            let start = match (is_csv, place) {
                (true, 0) => String::new(),
                (true, _) => ",".to_owned(),
                (false, 0) => format!("{{\"{}\":{open}", column.name()),
                (false, _) => format!("{behind},\"{}\":{open}", column.name()),
            };
            behind = close;
            written.push((pool.add(&start), cell));
        }
        let end = match (form, on_error) {
            (Form::Ndjson, _) => format!("{behind}}}\n"),
            // The last cell is the one for errors.
            (Form::Csv, OnError::Line) => ",\n".to_owned(),
            (Form::Csv, _) => "\n".to_owned(),
        };
        let commas = ",".repeat(rules.treatments().count().saturating_sub(1));
        let no_points = if is_csv { commas.as_str() } else { "null" };
        Self {
            columns: written,
            end: pool.add(&end),
            care: fields.care,
            treatment: fields.treatment,
            rules: fields.rules,
            points: fields.points.clone(),
            no_points: pool.add(no_points),
            numbers: (0..NUMBERS).map(|number| pool.add(&number.to_string())).collect(),
            minus: pool.add("-"),
            header: header(rules, columns).join(","),
            pool,
        }
    }

    /// The names of the columns, for CSV.
    pub(super) fn header(&self) -> &str {
        &self.header
    }

    /// Writes one line. `id` is in the form of the lines already.
    pub(super) fn line(&self, out: &mut Vec<u8>, row: &Line<'_>, desk: &mut Desk) {
        for (start, cell) in &self.columns {
            desk.line.put(&self.pool, *start);
            self.cell(out, cell, row, desk);
        }
        desk.line.put(&self.pool, self.end);
        desk.line.take(out);
    }

    #[inline]
    fn cell(&self, out: &mut Vec<u8>, cell: &Cell, row: &Line<'_>, desk: &mut Desk) {
        let packed = row.packed;
        let line = &mut desk.line;
        let mut words = 0;
        let mut list = |line: &mut Scratch, listed: &Listed| {
            line.put(&self.pool, listed[usize::from(words > 0)]);
            words += 1;
        };
        match cell {
            Cell::Id => {
                line.take(out);
                out.extend_from_slice(row.id);
            }
            Cell::Row => self.number(line, row.number.cast_signed()),
            Cell::Picked(span, words) => {
                let picked = usize::try_from(packed.number(*span)).unwrap_or(0);
                line.put(&self.pool, words[picked]);
            }
            Cell::One(span, words, otherwise) => {
                let word = packed.first(*span).map_or(*otherwise, |place| words[place]);
                line.put(&self.pool, word);
            }
            Cell::Many(span, words) => packed.each(*span, |place| list(line, &words[place])),
            Cell::Best(span, words) => {
                // The best first, and in the order of the rule set among equals.
                let order = &mut desk.order;
                order.clear();
                packed.each(*span, |item| order.push((self.points_of(item, packed), item)));
                order.sort_by_key(|&(points, _)| std::cmp::Reverse(points));
                order.iter().for_each(|&(_, item)| list(line, &words[item]));
            }
            Cell::Reasons(reasons) => {
                if let Some(item) = packed.first(self.treatment) {
                    let fired = |rule: &usize| packed.bit(self.rules.start + rule);
                    let reasons = reasons[item].iter().filter(|(rule, _)| fired(rule));
                    reasons.for_each(|(_, word)| list(line, word));
                }
            }
            // Where care comes before any treatment, none is named, not even by its points.
            Cell::Points(..) if packed.number(self.care) >= Care::SameDay as u64 => {
                line.put(&self.pool, self.no_points);
            }
            Cell::Points(items, end) => {
                for (item, start) in items {
                    line.put(&self.pool, *start);
                    self.number(line, self.points_of(*item, packed));
                }
                line.put(&self.pool, *end);
            }
            Cell::Number(span) => self.number(line, packed.number(*span).cast_signed()),
        }
    }

    #[inline]
    fn points_of(&self, item: usize, packed: Packed<'_>) -> i64 {
        let (span, added) = self.points[item];
        packed.number(span).cast_signed() - added
    }

    #[inline]
    fn number(&self, line: &mut Scratch, number: i64) {
        if number < 0 {
            line.put(&self.pool, self.minus);
        }
        let size = number.unsigned_abs();
        match usize::try_from(size).ok().and_then(|size| self.numbers.get(size)) {
            Some(&word) => line.put(&self.pool, word),
            None => line.write(size.to_string().as_bytes()),
        }
    }
}

/// How the values of a column are written.
fn cell(
    pool: &mut Pool,
    rules: &RuleSet,
    compiled: &Compiled,
    column: Column,
    is_csv: bool,
) -> Cell {
    let fields = &compiled.fields;
    let quoted = |id: &str| if is_csv { id.to_owned() } else { format!("\"{id}\"") };
    let one = |pool: &mut Pool, span, ids: Vec<&str>, otherwise: &str| {
        let words = ids.into_iter().map(|id| pool.add(&quoted(id))).collect();
        Cell::One(span, words, pool.add(otherwise))
    };
    let listed = |pool: &mut Pool, id: &str| {
        let separator = if is_csv { ";" } else { "," };
        [pool.add(&quoted(id)), pool.add(&format!("{separator}{}", quoted(id)))]
    };
    let many = |pool: &mut Pool, span, ids: Vec<&str>| {
        Cell::Many(span, ids.into_iter().map(|id| listed(pool, id)).collect())
    };
    let nothing = if is_csv { "" } else { "null" };
    let items = || rules.items.iter().map(|item| item.id.as_str()).collect::<Vec<_>>();
    match column {
        Column::Id => Cell::Id,
        Column::Row => Cell::Row,
        Column::Care => {
            let words = Care::ALL.iter().map(|care| pool.add(&quoted(care.id()))).collect();
            Cell::Picked(fields.care, words)
        }
        Column::Suggestion => one(pool, fields.treatment, items(), &quoted("none")),
        Column::SuggestedBy => {
            let ids = rules.suggestions.iter().map(|entry| entry.id.as_str()).collect();
            one(pool, fields.entry, ids, nothing)
        }
        Column::Options => {
            let words = items().into_iter().map(|id| listed(pool, id)).collect();
            Cell::Best(fields.options, words)
        }
        Column::RunnerUp => one(pool, fields.runner_up, items(), nothing),
        Column::Warnings => {
            let told = compiled.warnings.iter();
            let ids = told.map(|&warning| rules.warnings[warning].id.as_str()).collect();
            many(pool, fields.warnings, ids)
        }
        Column::OpenWarnings => {
            let ids = rules.warnings.iter().map(|warning| warning.id.as_str()).collect();
            many(pool, fields.open_warnings, ids)
        }
        Column::Findings => {
            let ids = rules.findings.iter().map(|finding| finding.id.as_str()).collect();
            many(pool, fields.findings, ids)
        }
        Column::Cautions => {
            let ids = rules.cautions.iter().map(|caution| caution.id.as_str()).collect();
            many(pool, fields.cautions, ids)
        }
        Column::Asked => {
            let questions = rules.questionnaire.questions.iter();
            many(pool, fields.asked, questions.map(|question| question.id.as_str()).collect())
        }
        Column::Reasons => {
            let of_item = |item| {
                let reasons = reasons(rules, item).into_iter();
                reasons.map(|rule| (rule, listed(pool, &rules.rules[rule].id))).collect()
            };
            Cell::Reasons((0..rules.items.len()).map(of_item).collect())
        }
        Column::Points => {
            let start = |(place, item): (usize, usize)| {
                let start = match (is_csv, place) {
                    (true, 0) => String::new(),
                    (true, _) => ",".to_owned(),
                    (false, 0) => format!("{{\"{}\":", rules.items[item].id),
                    (false, _) => format!(",\"{}\":", rules.items[item].id),
                };
                (item, pool.add(&start))
            };
            let items = rules.treatments().enumerate().map(start).collect();
            Cell::Points(items, pool.add(if is_csv { "" } else { "}" }))
        }
        Column::NotAnswered => Cell::Number(fields.not_answered),
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
