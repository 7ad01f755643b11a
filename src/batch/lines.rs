//! Packed results to lines of text.

#![expect(
    clippy::inline_always,
    reason = "what is not part of the code for a kind of processor is not compiled for it"
)]

use fearless_simd::{Level, dispatch};

use super::columns::{Column, header};
use super::compile::{Compiled, Span, reasons};
use super::pool::{Pen, Pool, Scratch, Token, Word};
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

/// A number, with what stands before and behind it.
#[derive(Clone, Debug)]
struct Figure {
    span: Span,
    /// What the bits have too much.
    added: i64,
    around: [Word; 2],
    /// All of it, for small values of the bits.
    tokens: Vec<Token>,
}

/// What is written of a column besides the word of its bit.
#[derive(Clone, Debug)]
enum More {
    /// The row's name.
    Id,
    /// Its number.
    Row,
    /// The bits that are set, which are several, the one with most points first, each by the place of
    /// its token.
    Best(Span, Vec<usize>),
    /// The points of each treatment.
    Points(Vec<Figure>),
}

/// Writes result lines.
#[derive(Clone, Debug)]
pub(super) struct Writer {
    pool: Pool,
    /// What each bit adds. What stands before a value is part of each word, so that nothing is
    /// written for it alone.
    tokens: Vec<Token>,
    more: Vec<More>,
    /// What stands before the row's name, where a line begins with it.
    before_name: Option<Word>,
    /// How long a line can be without the name of its row.
    longest: usize,
    points: Vec<(Span, i64)>,
    header: String,
}

/// The bits of one row's result.
#[derive(Clone, Copy)]
struct Packed<'a>(&'a [u64]);

/// What is kept between rows so that none needs memory of its own: what is put into an order.
#[derive(Clone, Debug, Default)]
pub(super) struct Desk {
    order: Vec<usize>,
}

/// What one line is written from.
#[derive(Clone, Copy)]
struct Line<'a> {
    /// The row's name, in the form of the lines, is part of this text.
    text: &'a [u8],
    id: (usize, usize),
    number: u64,
    packed: Packed<'a>,
}

impl Packed<'_> {
    /// The number whose bits these are: fewer than 64, all in one word.
    #[inline]
    pub(super) fn number(self, span: Span) -> u64 {
        // A number that is always none has no bits, and where it stands there may be no word.
        let word = self.0.get(span.start / 64).copied().unwrap_or(0);
        word >> (span.start % 64) & ((1 << span.length) - 1)
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
}

/// How many values of a number are words.
const NUMBERS: u64 = 128;
/// The most characters of a number.
const DIGITS: usize = 20;

impl Writer {
    pub(super) fn new(rules: &RuleSet, compiled: &Compiled, layout: &Layout) -> Self {
        let Layout { ref columns, form, on_error, .. } = *layout;
        let (is_csv, fields) = (form == Form::Csv, &compiled.fields);
        let end = match (form, on_error) {
            (Form::Ndjson, _) => "}\n",
            // The last cell is the one for errors.
            (Form::Csv, OnError::Line) => ",\n",
            (Form::Csv, _) => "\n",
        };
        let mut made = Maker {
            pool: Pool::default(),
            tokens: Vec::new(),
            more: Vec::new(),
            before_name: None,
            rules,
            compiled,
            is_csv,
            longest: 0,
        };
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
            let is_last = place + 1 == columns.len();
            let end = if is_last && column.is_one() { end } else { "" };
            made.column(column, [&start, end]);
        }
        made.token(&format!("{behind}{end}"), |_| {});
        made.tokens.resize(made.tokens.len().next_multiple_of(64), Token::NONE);
        Self {
            pool: made.pool,
            tokens: made.tokens,
            more: made.more,
            before_name: made.before_name,
            longest: made.longest,
            points: fields.points.clone(),
            header: header(rules, columns).join(","),
        }
    }

    /// The names of the columns, for CSV.
    pub(super) fn header(&self) -> &str {
        &self.header
    }

    /// Writes the lines of some rows, whose numbers and names these are, and returns how many. The
    /// names are in the form of the lines already and stand in this text; a row's bits are so many
    /// words.
    pub(super) fn lines(
        &self,
        out: &mut Scratch,
        text: &[u8],
        rows: impl Iterator<Item = (u64, (usize, usize))>,
        (packed, words): (&[u64], usize),
        desk: &mut Desk,
    ) -> usize {
        let mut count = 0;
        // The same code for each kind of processor: the compiler makes of it what each can do.
        dispatch!(Level::new(), _simd => {
            for (number, id) in rows {
                let packed = Packed(&packed[count * words..][..words]);
                self.line(out, &Line { text, id, number, packed }, desk);
                count += 1;
            }
        });
        count
    }

    /// Writes one line.
    #[inline(always)]
    fn line(&self, out: &mut Scratch, row: &Line<'_>, desk: &mut Desk) {
        let mut pen = out.pen(self.longest + (row.id.1 - row.id.0));
        if let Some(before) = self.before_name {
            pen = pen.put(&self.pool, before);
            pen = pen.put_from(row.text, row.id.0, row.id.1 - row.id.0);
        }
        let mut opened = false;
        for (&bits, tokens) in row.packed.0.iter().zip(self.tokens.as_chunks::<64>().0) {
            let mut bits = bits;
            while bits != 0 {
                let token = &tokens[bits.trailing_zeros() as usize];
                pen = match pen.put_token(token, opened) {
                    Ok(pen) => pen,
                    Err(pen) => self.rare(pen, token, opened, row, desk),
                };
                opened = token.opens;
                bits &= bits - 1;
            }
        }
        let left = pen.left();
        out.take(left);
    }

    #[inline(never)]
    fn rare<'p>(
        &self,
        pen: Pen<'p>,
        token: &Token,
        opened: bool,
        row: &Line<'_>,
        desk: &mut Desk,
    ) -> Pen<'p> {
        let pen = pen.put_any(&self.pool, token, opened);
        let Some(more) = token.more else { return pen };
        match &self.more[usize::from(more)] {
            More::Id => pen.put_from(row.text, row.id.0, row.id.1 - row.id.0),
            More::Row => pen.put_long(row.number.to_string().as_bytes()),
            More::Best(span, of) => self.best(pen, *span, of, row.packed, desk),
            More::Points(figures) => {
                figures.iter().fold(pen, |pen, it| self.figure(pen, it, row.packed))
            }
        }
    }

    /// The words of the bits that are set, the one with most points first, and in the order of the
    /// rule set among equals.
    fn best<'p>(
        &self,
        mut pen: Pen<'p>,
        span: Span,
        of: &[usize],
        packed: Packed<'_>,
        Desk { order }: &mut Desk,
    ) -> Pen<'p> {
        order.clear();
        packed.each(span, |item| order.push(item));
        order.sort_by_key(|&item| std::cmp::Reverse(self.points_of(item, packed)));
        let mut opened = true;
        for &item in &*order {
            pen = self.token(pen, &self.tokens[of[item]], opened);
            opened = false;
        }
        pen
    }

    /// Any token.
    #[inline]
    fn token<'p>(&self, pen: Pen<'p>, token: &Token, opened: bool) -> Pen<'p> {
        match pen.put_token(token, opened) {
            Ok(pen) => pen,
            Err(pen) => pen.put_any(&self.pool, token, opened),
        }
    }

    #[inline]
    fn points_of(&self, item: usize, packed: Packed<'_>) -> i64 {
        let (span, added) = self.points[item];
        packed.number(span).cast_signed() - added
    }

    #[inline]
    fn figure<'p>(&self, pen: Pen<'p>, figure: &Figure, packed: Packed<'_>) -> Pen<'p> {
        let bits = packed.number(figure.span);
        match usize::try_from(bits).ok().and_then(|bits| figure.tokens.get(bits)) {
            Some(token) => self.token(pen, token, false),
            None => {
                let [start, end] = figure.around;
                let number = (bits.cast_signed() - figure.added).to_string();
                pen.put(&self.pool, start).put_long(number.as_bytes()).put(&self.pool, end)
            }
        }
    }
}

/// Makes the words of columns.
struct Maker<'a> {
    pool: Pool,
    tokens: Vec<Token>,
    more: Vec<More>,
    before_name: Option<Word>,
    rules: &'a RuleSet,
    compiled: &'a Compiled,
    is_csv: bool,
    /// How long all words are that one line can have.
    longest: usize,
}

impl Maker<'_> {
    fn quoted(&self, id: &str) -> String {
        if self.is_csv { id.to_owned() } else { format!("\"{id}\"") }
    }

    /// A word of a list, with what separates it from the one before.
    fn listed(&self, id: &str) -> String {
        format!("{}{}", if self.is_csv { ";" } else { "," }, self.quoted(id))
    }

    /// A word that is not the word of a bit.
    fn add(&mut self, word: &str) -> Word {
        self.longest += word.len();
        self.pool.add(word)
    }

    /// Gives the next bit a word.
    fn token(&mut self, word: &str, is: impl FnOnce(&mut Token)) {
        self.longest += word.len();
        let mut token = self.pool.token(word);
        is(&mut token);
        self.tokens.push(token);
    }

    /// Gives the next bit a word, and what is written behind it.
    fn more(&mut self, word: &str, more: More) {
        let number = u16::try_from(self.more.len()).unwrap_or(u16::MAX);
        self.more.push(more);
        self.token(word, |token| *token = token.and(number));
    }

    /// The start of a list, and its words.
    fn list(&mut self, start: &str, ids: &[&str]) {
        self.token(start, |token| token.opens = true);
        for id in ids {
            let word = self.listed(id);
            self.token(&word, |token| token.listed = true);
        }
    }

    /// One of several values, what stands before and behind it included.
    fn one_of(&mut self, [start, end]: [&str; 2], values: &[String]) {
        for value in values {
            self.token(&format!("{start}{value}{end}"), |_| {});
        }
    }

    fn figure(&mut self, [start, end]: [&str; 2], span: Span, added: i64) -> Figure {
        let values = (1_u64 << span.length.min(32)).min(NUMBERS);
        let word = |bits: u64| format!("{start}{}{end}", bits.cast_signed() - added);
        let tokens = (0..values).map(|bits| self.pool.token(&word(bits))).collect();
        self.longest += DIGITS;
        Figure { span, added, around: [start, end].map(|word| self.add(word)), tokens }
    }

    /// How the values of a column are written, what stands before and behind them included: a word
    /// for each of its bits.
    fn column(&mut self, column: Column, [start, end]: [&str; 2]) {
        let (rules, compiled) = (self.rules, self.compiled);
        let fields = &compiled.fields;
        let id = |item: usize| rules.items[item].id.as_str();
        let treatments: Vec<&str> = rules.treatments().map(id).collect();
        let warnings: Vec<&str> = rules.warnings.iter().map(|it| it.id.as_str()).collect();
        let nothing = if self.is_csv { String::new() } else { "null".to_owned() };
        let quoted = |maker: &Self, ids: &[&str]| -> Vec<String> {
            ids.iter().map(|id| maker.quoted(id)).collect()
        };
        match column {
            Column::Id if self.tokens.is_empty() => {
                self.before_name = Some(self.add(start));
                self.token("", |_| {});
            }
            Column::Id => self.more(start, More::Id),
            Column::Row => {
                self.longest += DIGITS;
                self.more(start, More::Row);
            }
            Column::Care => {
                let values = quoted(self, &Care::ALL.map(Care::id));
                self.one_of([start, end], &values);
            }
            Column::Suggestion => {
                let values = [quoted(self, &treatments), vec![self.quoted("none")]].concat();
                self.one_of([start, end], &values);
            }
            Column::SuggestedBy => {
                let ids: Vec<&str> = rules.suggestions.iter().map(|it| it.id.as_str()).collect();
                let values = [quoted(self, &ids), vec![nothing]].concat();
                self.one_of([start, end], &values);
            }
            Column::RunnerUp => {
                let values = [quoted(self, &treatments), vec![nothing]].concat();
                self.one_of([start, end], &values);
            }
            Column::NotAnswered => {
                let values = (0..=compiled.most_missed).map(|number| number.to_string());
                self.one_of([start, end], &values.collect::<Vec<_>>());
            }
            Column::Warnings => {
                let ids: Vec<&str> = compiled.warnings.iter().map(|&it| warnings[it]).collect();
                self.list(start, &ids);
            }
            Column::OpenWarnings => self.list(start, &warnings),
            Column::Findings => {
                let ids: Vec<&str> = rules.findings.iter().map(|it| it.id.as_str()).collect();
                self.list(start, &ids);
            }
            Column::Cautions => {
                let ids: Vec<&str> = rules.cautions.iter().map(|it| it.id.as_str()).collect();
                self.list(start, &ids);
            }
            Column::Asked => {
                let questions = rules.questionnaire.questions.iter();
                let ids: Vec<&str> = questions.map(|question| question.id.as_str()).collect();
                self.list(start, &ids);
            }
            Column::Options => {
                let options: Vec<&str> = rules.options_of_all().map(id).collect();
                // In most rows there is one at most, and no order to be found.
                self.list(start, &options);
                let first = self.tokens.len() - options.len();
                let place = |item: usize| {
                    options.iter().position(|option| *option == id(item)).unwrap_or(0)
                };
                let of = (0..rules.items.len()).map(|item| first + place(item)).collect();
                self.more("", More::Best(fields.options, of));
                // A second time, each of them after the others.
                self.longest += options.iter().map(|id| self.listed(id).len()).sum::<usize>();
            }
            Column::Reasons => {
                let reasons = rules.treatments().flat_map(|item| reasons(rules, item));
                let ids: Vec<&str> = reasons.map(|rule| rules.rules[rule].id.as_str()).collect();
                self.list(start, &ids);
            }
            Column::Points => self.points(start),
        }
    }

    /// The points of each treatment, or none: where care comes before any treatment, none is named,
    /// not even by its points.
    fn points(&mut self, start: &str) {
        let treatments: Vec<usize> = self.rules.treatments().collect();
        let commas = ",".repeat(treatments.len().saturating_sub(1));
        let none = if self.is_csv { commas.as_str() } else { "null" };
        self.token(&format!("{start}{none}"), |_| {});
        let figures = treatments.iter().enumerate().map(|(place, &item)| {
            let id = &self.rules.items[item].id;
            let before = match (self.is_csv, place) {
                (true, 0) => start.to_owned(),
                (true, _) => ",".to_owned(),
                (false, 0) => format!("{start}{{\"{id}\":"),
                (false, _) => format!(",\"{id}\":"),
            };
            let is_last = place + 1 == treatments.len();
            let end = if is_last && !self.is_csv { "}" } else { "" };
            let (span, added) = self.compiled.fields.points[item];
            self.figure([&before, end], span, added)
        });
        let figures = figures.collect();
        self.more("", More::Points(figures));
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Batch, Buffer, Names, Written};
    use super::*;

    #[test]
    fn where_no_rule_gives_points_there_are_none() {
        let whole = include_str!("../../tests/check/small.yaml");
        let (before, rest) = whole.split_once("rules:\n  - id: stiff-likes").expect("the rules");
        let (_, behind) = rest.split_once("suggestions:\n").expect("the suggestions");
        let text = format!("{before}rules: []\nsuggestions:\n{behind}")
            .replace("when: { rubbing: { at-least: 2 } }", "when: { feels: stiff }");
        let rules = RuleSet::read(&text).expect("a rule set");
        let layout = Layout { columns: vec![Column::Points], ..Layout::default() };
        let batch = Batch::new(&rules, Names::new(&rules.questionnaire, "id"), layout);
        let mut written = Written::default();
        let mut rows = Buffer::of(b"{\"numb\":\"no\",\"pain\":3,\"feels\":[\"stiff\"]}\n");
        batch.lines(&mut rows, 1, None, &mut written);
        let found = String::from_utf8_lossy(written.text());
        assert_eq!(found, "{\"points\":{\"rubbing\":0,\"moving\":0}}\n");
    }
}
