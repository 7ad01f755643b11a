//! A fault in a file somebody wrote, and how it is drawn: code, message, place, remedy.
//!
//! A place is a range of bytes in the file's text, so the models stay free of lines and columns;
//! those are worked out only when a fault is drawn. Drawing is plain text. The terminal adds
//! colour around it, never here.

use std::fmt::Write as _;

use serde::{Deserialize, Serialize};
use unicode_width::UnicodeWidthChar as _;

/// A range of bytes in the text of a file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Deserialize, Serialize)]
pub struct Place {
    /// The first byte.
    pub start: usize,
    /// The byte after the last one; equal to `start` where only a point is known.
    pub end: usize,
}

/// Something wrong in a rule set, an answers file or a cases file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Names the fault and reads well after "allow", such as `unknown-question`.
    pub code: &'static str,
    /// Lower case, names in backticks, says what was expected.
    pub message: String,
    /// Where to look first.
    pub place: Place,
    /// What to do about it.
    pub help: Option<String>,
    /// Other places that matter, such as the first of two duplicates.
    pub related: Vec<(Place, String)>,
}

impl Fault {
    /// A fault with nothing but its code, place and message.
    pub fn new(code: &'static str, place: Place, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), place, help: None, related: Vec::new() }
    }

    /// Adds what to do.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Adds another place that matters.
    #[must_use]
    pub fn also(mut self, place: Place, note: impl Into<String>) -> Self {
        self.related.push((place, note.into()));
        self
    }

    /// Draws the fault with its source line and a caret, in the manner of rustc.
    ///
    /// `name` is what the file is called to the reader, `text` its whole text. The result ends
    /// with a line break.
    pub fn draw(&self, name: &str, text: &str) -> String {
        let spots: Vec<(Spot, &str)> = std::iter::once((self.place, ""))
            .chain(self.related.iter().map(|(place, note)| (*place, note.as_str())))
            .map(|(place, note)| (Spot::find(text, place), note))
            .collect();
        let gutter = spots.iter().map(|(spot, _)| spot.line.to_string().len()).max().unwrap_or(1);
        let mut out =
            format!("error[{}]: {}\n", self.code, crate::prose::clean_line(&self.message));
        for (spot_idx, (spot, note)) in spots.iter().enumerate() {
            let arrow = if spot_idx == 0 { "-->" } else { ":::" };
            let (line, column) = (spot.line, spot.column);
            let _ = writeln!(out, "{:gutter$}{arrow} {name}:{line}:{column}", "");
            let _ = writeln!(out, "{:gutter$} |", "");
            let _ = writeln!(out, "{line:>gutter$} | {}", spot.source);
            let carets = "^".repeat(spot.width);
            let note = if note.is_empty() { String::new() } else { format!(" {note}") };
            let _ = writeln!(out, "{:gutter$} | {}{carets}{note}", "", spot.indent);
        }
        if let Some(help) = &self.help {
            let _ = writeln!(out, "{:gutter$} = {}", "", crate::prose::clean_line(help));
        }
        out
    }

    /// The line and column of the fault, counted from one, columns in characters.
    pub fn line_and_column(&self, text: &str) -> (usize, usize) {
        let spot = Spot::find(text, self.place);
        (spot.line, spot.column)
    }
}

/// Draws all faults, a blank line between them, and counts them.
pub fn draw_all(faults: &[Fault], name: &str, text: &str) -> String {
    let mut out = String::new();
    for fault in faults {
        out.push_str(&fault.draw(name, text));
        out.push('\n');
    }
    let _ = writeln!(out, "{}: {}", name, crate::prose::count(faults.len(), "fault"));
    out
}

/// Columns of a source line that are drawn; a minified file has one line of megabytes.
const DRAWN_COLUMNS: usize = 160;

/// A place worked out to what is drawn of it.
struct Spot {
    line: usize,
    column: usize,
    source: String,
    indent: String,
    width: usize,
}

impl Spot {
    fn find(text: &str, place: Place) -> Self {
        let start = floor_boundary(text, place.start);
        let end = floor_boundary(text, place.end.max(start));
        let line_start = text[..start].rfind('\n').map_or(0, |newline| newline + 1);
        let line_end = text[start..].find('\n').map_or(text.len(), |newline| start + newline);
        let full = text[line_start..line_end].trim_end_matches('\r');
        let marked = &text[start..end.min(line_end).max(start)];
        let column = text[line_start..start].chars().count() + 1;
        let before: String = text[line_start..start].chars().collect();
        // A long line is shown from shortly before the place, so that the caret is on the screen.
        let skipped = before.chars().count().saturating_sub(DRAWN_COLUMNS / 2);
        let show = |part: &str| -> String {
            part.chars().map(|c| if c != '\t' && c.is_control() { '\u{fffd}' } else { c }).collect()
        };
        let source = show(&full.chars().skip(skipped).take(DRAWN_COLUMNS).collect::<String>());
        // Tabs stay tabs, so that the caret stands under its word in every terminal.
        let indent = before
            .chars()
            .skip(skipped)
            .map(|c| if c == '\t' { "\t".to_owned() } else { " ".repeat(c.width().unwrap_or(1)) })
            .collect();
        let width = show(marked.trim_end())
            .chars()
            .take(DRAWN_COLUMNS / 2)
            .map(|c| c.width().unwrap_or(1))
            .sum::<usize>()
            .max(1);
        let line = text[..line_start].matches('\n').count() + 1;
        Self { line, column, source: source.trim_end().to_owned(), indent, width }
    }
}

fn floor_boundary(text: &str, index: usize) -> usize {
    let mut index = index.min(text.len());
    while !text.is_char_boundary(index) {
        index -= 1;
    }
    index
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::*;

    #[track_caller]
    fn check(text: &str, word: &str, expected: &Expect) {
        let start = text.find(word).expect("the word is in the text");
        let place = Place { start, end: start + word.len() };
        let fault = Fault::new("some-fault", place, "this is wrong").help("did you mean `that`?");
        expected.assert_eq(&fault.draw("rules.yaml", text));
    }

    #[test]
    fn the_caret_stands_under_the_word() {
        check(
            "a: 1\nsuggests: emergncy # x\n",
            "emergncy",
            &expect![[r"
                error[some-fault]: this is wrong
                 --> rules.yaml:2:11
                  |
                2 | suggests: emergncy # x
                  |           ^^^^^^^^
                  = did you mean `that`?
            "]],
        );
    }

    #[test]
    fn wide_characters_take_two_columns_and_tabs_stay_tabs() {
        check(
            "\t背中: wrong\n",
            "wrong",
            &expect![[r"
                error[some-fault]: this is wrong
                 --> rules.yaml:1:6
                  |
                1 | 	背中: wrong
                  | 	      ^^^^^
                  = did you mean `that`?
            "]],
        );
    }

    #[test]
    fn a_place_past_the_end_is_drawn_at_the_end() {
        let fault = Fault::new("some-fault", Place { start: 99, end: 120 }, "cut short");
        assert_eq!(
            fault.draw("f", "a: [\n"),
            "error[some-fault]: cut short\n --> f:2:1\n  |\n2 | \n  | ^\n"
        );
    }
}
