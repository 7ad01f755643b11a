//! Packed results to lines of text.

use std::ops::Range;

use super::columns::{Column, header};
use super::compile::{Compiled, Span};
use super::pool::{Pool, Scratch, Token, Word};
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

/// One column, or several. What stands before its value is part of each word, so that nothing is
/// written for it alone.
#[derive(Clone, Debug)]
enum Cell {
    Id(Word),
    Row(Word),
    /// Columns of which each bit that is set adds a word, in words of 64; and how long all words
    /// are together.
    Bits(Range<usize>, usize),
    /// The words of the bits that are set, the one with most points first; before them the start.
    Best(Span, Word, Vec<Word>),
    /// For each treatment, what speaks for it, strongest first; and the start.
    Reasons(Vec<Vec<(usize, Word)>>, Word),
    /// The points of each treatment, what stands behind them, and what instead of them.
    Points(Vec<Figure>, [Word; 2]),
    Number(Figure),
}

/// Writes result lines.
#[derive(Clone, Debug)]
pub(super) struct Writer {
    pool: Pool,
    columns: Vec<Cell>,
    /// What each bit adds.
    tokens: Vec<Token>,
    end: Word,
    treatment: Span,
    rules: Span,
    care_first: Span,
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
    /// The row's name, in the form of the lines, is part of this text.
    pub(super) text: &'a [u8],
    pub(super) id: (usize, usize),
    pub(super) number: u64,
    pub(super) packed: Packed<'a>,
}

impl Packed<'_> {
    pub(super) fn bit(self, at: usize) -> bool {
        self.0[at / 64] >> (at % 64) & 1 == 1
    }

    /// The number whose bits these are: fewer than 64, all in one word.
    #[inline]
    pub(super) fn number(self, span: Span) -> u64 {
        self.0[span.start / 64] >> (span.start % 64) & ((1 << span.length) - 1)
    }

    /// Calls `visit` with the place within the span of each bit that is set.
    #[inline]
    pub(super) fn each(self, span: Span, mut visit: impl FnMut(usize)) {
        let end = span.start + span.length;
        for word in span.start / 64..end.div_ceil(64) {
            let mut bits = self.0[word];
            if word == span.start / 64 {
                bits &= u64::MAX << (span.start % 64);
            }
            if word == end / 64 {
                bits &= !(u64::MAX << (end % 64));
            }
            while bits != 0 {
                visit(word * 64 + bits.trailing_zeros() as usize - span.start);
                bits &= bits - 1;
            }
        }
    }

    fn first(self, span: Span) -> Option<usize> {
        let mut first = None;
        self.each(span, |place| first = first.or(Some(place)));
        first
    }
}

/// How many values of a number are words.
const NUMBERS: u64 = 128;

impl Writer {
    pub(super) fn new(rules: &RuleSet, compiled: &Compiled, layout: &Layout) -> Self {
        let Layout { ref columns, form, on_error, .. } = *layout;
        let is_csv = form == Form::Csv;
        let bits = compiled.outputs.len().next_multiple_of(64);
        let tokens = vec![Token::default(); bits];
        let mut made = Maker { pool: Pool::default(), tokens, rules, compiled, is_csv };
        let mut written = Vec::new();
        // What the column before it still needs behind it.
        let mut behind = "";
        for (place, &column) in columns.iter().enumerate() {
            let is_list = !is_csv && column.is_list();
            let open = if is_list { "[" } else { "" };
            let start = match (is_csv, place) {
                (true, 0) => String::new(),
                (true, _) => ",".to_owned(),
                (false, 0) => format!("{{\"{}\":{open}", column.name()),
                (false, _) => format!("{behind},\"{}\":{open}", column.name()),
            };
            behind = if is_list { "]" } else { "" };
            match (made.cell(column, compiled.fields.columns[place], &start), written.last_mut()) {
                (Cell::Bits(more, length), Some(Cell::Bits(words, longest))) => {
                    words.end = more.end;
                    *longest += length;
                }
                (cell, _) => written.push(cell),
            }
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
            treatment: fields.treatment,
            rules: fields.rules,
            care_first: fields.care_first,
            points: fields.points.clone(),
            header: header(rules, columns).join(","),
            pool: made.pool,
            tokens: made.tokens,
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
        let mut list = |line: &mut Scratch, word: Word| {
            line.put(&self.pool, word.without(u32::from(words == 0)));
            words += 1;
        };
        match cell {
            Cell::Id(start) => {
                line.put(&self.pool, *start);
                line.write_from(row.text, row.id.0, row.id.1 - row.id.0);
            }
            Cell::Row(start) => {
                line.put(&self.pool, *start);
                line.write(row.number.to_string().as_bytes());
            }
            Cell::Bits(words, longest) => {
                let tokens = &self.tokens[64 * words.start..64 * words.end];
                line.put_bits(&self.pool, tokens, &packed.0[words.clone()], *longest);
            }
            Cell::Best(span, start, of) => {
                // The best first, and in the order of the rule set among equals.
                let order = &mut desk.order;
                order.clear();
                packed.each(*span, |item| order.push((self.points_of(item, packed), item)));
                order.sort_by_key(|&(points, _)| std::cmp::Reverse(points));
                line.put(&self.pool, *start);
                order.iter().for_each(|&(_, item)| list(line, of[item]));
            }
            Cell::Reasons(reasons, start) => {
                line.put(&self.pool, *start);
                if let Some(item) = packed.first(self.treatment) {
                    let fired = |rule: &usize| packed.bit(self.rules.start + rule);
                    let reasons = reasons[item].iter().filter(|(rule, _)| fired(rule));
                    reasons.for_each(|(_, word)| list(line, *word));
                }
            }
            // Where care comes before any treatment, none is named, not even by its points.
            Cell::Points(_, [_, none]) if packed.number(self.care_first) == 1 => {
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
    tokens: Vec<Token>,
    rules: &'a RuleSet,
    compiled: &'a Compiled,
    is_csv: bool,
}

impl Maker<'_> {
    fn quoted(&self, id: &str) -> String {
        if self.is_csv { id.to_owned() } else { format!("\"{id}\"") }
    }

    /// A word of a list, with what separates it from the one before.
    fn listed(&mut self, id: &str) -> Word {
        let separator = if self.is_csv { ";" } else { "," };
        let word = self.quoted(id);
        self.pool.add(&format!("{separator}{word}"))
    }

    /// The words of a column that is bits: a list, or one of several and at last what is written
    /// for none.
    fn bits(&mut self, column: Column, span: Span, start: &str, ids: &[&str], none: &str) -> Cell {
        let mut tokens = Vec::new();
        if column.is_list() {
            tokens.push(Token { word: self.pool.add(start), opens: true, listed: false });
            for id in ids {
                tokens.push(Token { word: self.listed(id), opens: false, listed: true });
            }
        } else {
            let values = ids.iter().map(|id| self.quoted(id)).collect::<Vec<_>>();
            for value in values.iter().map(String::as_str).chain([none]) {
                let word = self.pool.add(&format!("{start}{value}"));
                tokens.push(Token { word, opens: false, listed: false });
            }
        }
        let bits = span.start..span.start + span.length;
        let longest = tokens.iter().map(|token| token.word.length()).sum();
        for (bit, token) in bits.clone().zip(tokens) {
            self.tokens[bit] = token;
        }
        Cell::Bits(bits.start / 64..bits.end.div_ceil(64), longest)
    }

    fn figure(&mut self, start: &str, span: Span, added: i64) -> Figure {
        let values = (1_u64 << span.length.min(32)).min(NUMBERS);
        let word = |bits: u64| format!("{start}{}", bits.cast_signed() - added);
        let words = (0..values).map(|bits| self.pool.add(&word(bits))).collect();
        Figure { span, added, start: self.pool.add(start), words }
    }

    /// How the values of a column are written, what stands before them included.
    fn cell(&mut self, column: Column, span: Span, start: &str) -> Cell {
        let (rules, compiled) = (self.rules, self.compiled);
        let fields = &compiled.fields;
        let nothing = if self.is_csv { "" } else { "null" };
        let items: Vec<&str> = rules.items.iter().map(|item| item.id.as_str()).collect();
        let warnings = || rules.warnings.iter().map(|it| it.id.as_str());
        match column {
            Column::Id => Cell::Id(self.pool.add(start)),
            Column::Row => Cell::Row(self.pool.add(start)),
            Column::Care => self.bits(column, span, start, &Care::ALL.map(Care::id), ""),
            Column::Suggestion => {
                let none = self.quoted("none");
                self.bits(column, span, start, &items, &none)
            }
            Column::SuggestedBy => {
                let ids: Vec<&str> = rules.suggestions.iter().map(|it| it.id.as_str()).collect();
                self.bits(column, span, start, &ids, nothing)
            }
            Column::Options => {
                let start = self.pool.add(start);
                let words = items.iter().map(|id| self.listed(id)).collect();
                Cell::Best(fields.options, start, words)
            }
            Column::RunnerUp => self.bits(column, span, start, &items, nothing),
            Column::Warnings => {
                let all: Vec<&str> = warnings().collect();
                let ids: Vec<&str> = compiled.warnings.iter().map(|&it| all[it]).collect();
                self.bits(column, span, start, &ids, nothing)
            }
            Column::OpenWarnings => {
                let ids: Vec<&str> = warnings().collect();
                self.bits(column, span, start, &ids, nothing)
            }
            Column::Findings => {
                let ids: Vec<&str> = rules.findings.iter().map(|it| it.id.as_str()).collect();
                self.bits(column, span, start, &ids, nothing)
            }
            Column::Cautions => {
                let ids: Vec<&str> = rules.cautions.iter().map(|it| it.id.as_str()).collect();
                self.bits(column, span, start, &ids, nothing)
            }
            Column::Asked => {
                let questions = rules.questionnaire.questions.iter();
                let ids: Vec<&str> = questions.map(|question| question.id.as_str()).collect();
                self.bits(column, span, start, &ids, nothing)
            }
            Column::Reasons => {
                let start = self.pool.add(start);
                let mut of_item = |item| {
                    let reasons = reasons(rules, item).into_iter();
                    reasons.map(|rule| (rule, self.listed(&rules.rules[rule].id))).collect()
                };
                let words = (0..rules.items.len()).map(&mut of_item).collect();
                Cell::Reasons(words, start)
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
