//! Packed results to lines of text.

use super::columns::{Column, header};
use super::compile::{Compiled, Span};
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

/// What is written for one list column: for each bit, the text.
#[derive(Clone, Debug)]
struct Listed {
    span: Span,
    words: Vec<Vec<u8>>,
}

/// One column, ready to be written.
#[derive(Clone, Debug)]
enum Written {
    Id,
    Row,
    /// A number of a few bits that picks a word.
    Picked {
        span: Span,
        words: Vec<Vec<u8>>,
    },
    /// The one bit that is set picks a word; where none is set, another is written.
    One {
        listed: Listed,
        otherwise: Vec<u8>,
    },
    /// Every bit that is set adds a word.
    Many(Listed),
    /// As `Many`, the one with most points first.
    Best(Listed),
    /// For each treatment, what speaks for it, strongest first.
    Reasons(Vec<Vec<(usize, Vec<u8>)>>),
    Points(Vec<(usize, Vec<u8>)>),
    Number(Span),
}

/// Writes result lines.
#[derive(Clone, Debug)]
pub(super) struct Writer {
    form: Form,
    columns: Vec<(Vec<u8>, Written)>,
    care: Span,
    treatment: Span,
    rules: Span,
    points: Vec<(Span, i64)>,
    tail: &'static [u8],
    header: String,
}

/// The bits of one row's result.
#[derive(Clone, Copy)]
pub(super) struct Packed<'a>(pub(super) &'a [u64]);

/// Options and their points, kept between rows so that none needs memory of its own.
pub(super) type Order = Vec<(i64, usize)>;

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
    pub(super) fn each(self, span: Span, mut visit: impl FnMut(usize)) {
        let mut done = 0;
        while done < span.length {
            let part = Span { start: span.start + done, length: (span.length - done).min(64) };
            let mut bits = self.number(part);
            while bits != 0 {
                visit(done + bits.trailing_zeros() as usize);
                bits &= bits - 1;
            }
            done += 64;
        }
    }

    fn first(self, span: Span) -> Option<usize> {
        let mut first = None;
        self.each(span, |place| first = first.or(Some(place)));
        first
    }
}

impl Writer {
    pub(super) fn new(rules: &RuleSet, compiled: &Compiled, layout: &Layout) -> Self {
        let Layout { ref columns, form, on_error, .. } = *layout;
        let tail: &[u8] = match (form, on_error) {
            (Form::Ndjson, _) => b"}\n",
            // The last cell is the one for errors.
            (Form::Csv, OnError::Line) => b",\n",
            (Form::Csv, _) => b"\n",
        };
        let fields = &compiled.fields;
        let quoted = |id: &str| match form {
            Form::Ndjson => format!("\"{id}\"").into_bytes(),
            Form::Csv => id.as_bytes().to_vec(),
        };
        let nothing = match form {
            Form::Ndjson => b"null".to_vec(),
            Form::Csv => Vec::new(),
        };
        let items: Vec<Vec<u8>> = rules.items.iter().map(|item| quoted(&item.id)).collect();
        let list = |span, words: Vec<Vec<u8>>| Listed { span, words };
        let written = |column: Column| match column {
            Column::Id => Written::Id,
            Column::Row => Written::Row,
            Column::Care => {
                let words = Care::ALL.iter().map(|care| quoted(care.id())).collect();
                Written::Picked { span: fields.care, words }
            }
            Column::Suggestion => Written::One {
                listed: list(fields.treatment, items.clone()),
                otherwise: quoted("none"),
            },
            Column::SuggestedBy => {
                let words = rules.suggestions.iter().map(|entry| quoted(&entry.id)).collect();
                Written::One { listed: list(fields.entry, words), otherwise: nothing.clone() }
            }
            Column::Options => Written::Best(list(fields.options, items.clone())),
            Column::RunnerUp => Written::One {
                listed: list(fields.runner_up, items.clone()),
                otherwise: nothing.clone(),
            },
            Column::Warnings => {
                let told = compiled.warnings.iter();
                let words = told.map(|&warning| quoted(&rules.warnings[warning].id)).collect();
                Written::Many(list(fields.warnings, words))
            }
            Column::OpenWarnings => {
                let words = rules.warnings.iter().map(|warning| quoted(&warning.id)).collect();
                Written::Many(list(fields.open_warnings, words))
            }
            Column::Findings => {
                let words = rules.findings.iter().map(|finding| quoted(&finding.id)).collect();
                Written::Many(list(fields.findings, words))
            }
            Column::Cautions => {
                let words = rules.cautions.iter().map(|caution| quoted(&caution.id)).collect();
                Written::Many(list(fields.cautions, words))
            }
            Column::Asked => {
                let questions = rules.questionnaire.questions.iter();
                let words = questions.map(|question| quoted(&question.id)).collect();
                Written::Many(list(fields.asked, words))
            }
            Column::Reasons => Written::Reasons(reasons(rules, quoted)),
            Column::Points => {
                let treatments = rules.treatments().enumerate();
                let lead = |place: usize, item: usize| match (form, place) {
                    (Form::Csv, 0) => Vec::new(),
                    (Form::Csv, _) => b",".to_vec(),
                    (Form::Ndjson, 0) => format!("{{\"{}\":", rules.items[item].id).into_bytes(),
                    (Form::Ndjson, _) => format!(",\"{}\":", rules.items[item].id).into_bytes(),
                };
                Written::Points(treatments.map(|(at, item)| (item, lead(at, item))).collect())
            }
            Column::NotAnswered => Written::Number(fields.not_answered),
        };
        let lead = |place: usize, column: Column| match (form, place) {
            (Form::Csv, 0) => Vec::new(),
            (Form::Csv, _) => b",".to_vec(),
            (Form::Ndjson, 0) => format!("{{\"{}\":", column.name()).into_bytes(),
            (Form::Ndjson, _) => format!(",\"{}\":", column.name()).into_bytes(),
        };
        Self {
            form,
            columns: columns
                .iter()
                .enumerate()
                .map(|(place, &column)| (lead(place, column), written(column)))
                .collect(),
            care: fields.care,
            treatment: fields.treatment,
            rules: fields.rules,
            points: fields.points.clone(),
            tail,
            header: header(rules, columns).join(","),
        }
    }

    /// The names of the columns, for CSV.
    pub(super) fn header(&self) -> &str {
        &self.header
    }

    /// Writes one line. `id` is in the form of the lines already.
    pub(super) fn line(&self, out: &mut Vec<u8>, row: &Line<'_>, order: &mut Order) {
        for (column, (lead, _)) in self.columns.iter().enumerate() {
            out.extend_from_slice(lead);
            self.cell(out, column, row, order);
        }
        out.extend_from_slice(self.tail);
    }

    /// Writes the value of one column.
    pub(super) fn cell(&self, out: &mut Vec<u8>, column: usize, row: &Line<'_>, order: &mut Order) {
        let packed = row.packed;
        match &self.columns[column].1 {
            Written::Id => out.extend_from_slice(row.id),
            Written::Row => number(out, row.number.cast_signed()),
            Written::Picked { span, words } => {
                let picked = usize::try_from(packed.number(*span)).unwrap_or(0);
                out.extend_from_slice(&words[picked]);
            }
            Written::One { listed, otherwise } => {
                let word = packed.first(listed.span).map(|place| &listed.words[place]);
                out.extend_from_slice(word.unwrap_or(otherwise));
            }
            Written::Many(listed) => {
                let begin = self.open(out);
                packed.each(listed.span, |place| self.word(out, begin, &listed.words[place]));
                self.close(out);
            }
            Written::Best(listed) => self.best(out, listed, packed, order),
            Written::Reasons(reasons) => {
                let begin = self.open(out);
                if let Some(item) = packed.first(self.treatment) {
                    for (rule, word) in &reasons[item] {
                        if packed.bit(self.rules.start + rule) {
                            self.word(out, begin, word);
                        }
                    }
                }
                self.close(out);
            }
            Written::Points(items) => self.treatment_points(out, items, packed),
            Written::Number(span) => number(out, packed.number(*span).cast_signed()),
        }
    }

    fn points_of(&self, item: usize, packed: Packed<'_>) -> i64 {
        let (span, added) = self.points[item];
        packed.number(span).cast_signed() - added
    }

    /// The best first, and in the order of the rule set among equals.
    fn best(&self, out: &mut Vec<u8>, listed: &Listed, packed: Packed<'_>, order: &mut Order) {
        order.clear();
        packed.each(listed.span, |item| order.push((self.points_of(item, packed), item)));
        order.sort_by_key(|&(points, _)| std::cmp::Reverse(points));
        let begin = self.open(out);
        for &(_, item) in order.iter() {
            self.word(out, begin, &listed.words[item]);
        }
        self.close(out);
    }

    fn treatment_points(&self, out: &mut Vec<u8>, items: &[(usize, Vec<u8>)], packed: Packed<'_>) {
        // Where care comes before any treatment, none is named, not even by its points.
        if packed.number(self.care) >= Care::SameDay as u64 {
            match self.form {
                Form::Ndjson => out.extend_from_slice(b"null"),
                Form::Csv => out.extend(items.iter().skip(1).map(|_| b',')),
            }
            return;
        }
        for (item, lead) in items {
            out.extend_from_slice(lead);
            number(out, self.points_of(*item, packed));
        }
        if self.form == Form::Ndjson {
            out.push(b'}');
        }
    }

    fn open(&self, out: &mut Vec<u8>) -> usize {
        if self.form == Form::Ndjson {
            out.push(b'[');
        }
        out.len()
    }

    fn word(&self, out: &mut Vec<u8>, begin: usize, word: &[u8]) {
        if out.len() > begin {
            out.push(if self.form == Form::Csv { b';' } else { b',' });
        }
        out.extend_from_slice(word);
    }

    fn close(&self, out: &mut Vec<u8>) {
        if self.form == Form::Ndjson {
            out.push(b']');
        }
    }
}

/// For each item, the rules that give it points, strongest first.
fn reasons(rules: &RuleSet, quoted: impl Fn(&str) -> Vec<u8>) -> Vec<Vec<(usize, Vec<u8>)>> {
    let for_item = |item: usize| {
        let mut reasons: Vec<(usize, i32)> = rules
            .rules
            .iter()
            .map(|rule| rule.points.iter().filter(|(to, _)| *to == item).map(|(_, n)| n).sum())
            .enumerate()
            .filter(|&(_, points)| points > 0)
            .collect();
        reasons.sort_by_key(|&(_, points)| std::cmp::Reverse(points));
        reasons.into_iter().map(|(rule, _)| (rule, quoted(&rules.rules[rule].id))).collect()
    };
    (0..rules.items.len()).map(for_item).collect()
}

fn number(out: &mut Vec<u8>, number: i64) {
    if number < 0 {
        out.push(b'-');
    }
    let mut digits = [0; 20];
    let (mut rest, mut at) = (number.unsigned_abs(), digits.len());
    loop {
        at -= 1;
        digits[at] = b'0' + (rest % 10).to_le_bytes()[0];
        rest /= 10;
        if rest == 0 {
            break;
        }
    }
    out.extend_from_slice(&digits[at..]);
}
