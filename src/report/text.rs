//! The document as lines for a terminal or a plain text file.

use super::{Bar, Block, Document, Entry, Scale, Tone};
use crate::prose::{clean_line, columns, wrap};

/// One line, and how it should look.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// The text, without control characters.
    pub text: String,
    /// How it should look.
    pub tone: Tone,
    /// Whether it is a heading.
    pub heading: bool,
}

/// The characters that pictures are drawn with.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Strokes {
    /// Characters that every terminal and every file has.
    #[default]
    Ascii,
    /// Blocks, which look better where they are there.
    Blocks,
}

impl Strokes {
    fn full(self) -> &'static str {
        match self {
            Self::Ascii => "#",
            Self::Blocks => "█",
        }
    }

    fn empty(self) -> &'static str {
        match self {
            Self::Ascii => ".",
            Self::Blocks => "░",
        }
    }

    /// A text with its arrows and dashes, which stand for something, in these characters.
    fn spell(self, text: &str) -> String {
        match self {
            Self::Ascii => text.replace('→', "->").replace('–', "-"),
            Self::Blocks => text.to_owned(),
        }
    }
}

/// The most columns that a bar takes.
const LONGEST_BAR: usize = 24;

/// Lays the document out in lines of at most `width` columns (never fewer than 20).
pub fn lines(document: &Document, width: usize) -> Vec<Line> {
    drawn(document, width, Strokes::Ascii)
}

/// The same, with pictures in these characters.
pub fn drawn(document: &Document, width: usize, strokes: Strokes) -> Vec<Line> {
    let width = width.max(20);
    let mut lines = Vec::new();
    for (section_idx, section) in document.sections.iter().enumerate() {
        let mut push = |text: String, heading| {
            lines.push(Line { text, tone: section.tone, heading });
        };
        if section_idx > 0 {
            push(String::new(), false);
        }
        for line in wrap(&clean_line(&section.heading), width, "") {
            push(line, true);
        }
        for (block_idx, block) in section.blocks.iter().enumerate() {
            let after_a_list = block_idx > 0
                && matches!(section.blocks[block_idx - 1], Block::List(_) | Block::Bars(_))
                && matches!(block, Block::Paragraph(_));
            if after_a_list {
                push(String::new(), false);
            }
            for line in block_lines(block, width, strokes) {
                push(line, false);
            }
        }
    }
    debug_assert!(lines.iter().all(|line| columns(&line.text) <= width), "a line is too wide");
    lines
}

/// The lines as one text, without any colour.
pub fn plain(document: &Document, width: usize) -> String {
    lines(document, width).into_iter().fold(String::new(), |mut text, line| {
        text.push_str(&line.text);
        text.push('\n');
        text
    })
}

fn block_lines(block: &Block, width: usize, strokes: Strokes) -> Vec<String> {
    let item = |text: &str| wrap(&format!("- {}", strokes.spell(text)), width, "  ");
    match block {
        Block::Paragraph(entry) => wrap(&strokes.spell(&sentence(entry)), width, ""),
        Block::Heading(text) => wrap(&clean_line(text), width, ""),
        Block::List(entries) => entries.iter().flat_map(|entry| item(&sentence(entry))).collect(),
        Block::Scale(scale) => scale_lines(scale, width, strokes),
        Block::Bars(bars) => bar_lines(bars, width, strokes),
        Block::Body(body) => wrap(&clean_line(&body.reading), width, ""),
        Block::Table { rows, .. } => rows
            .iter()
            .flat_map(|row| {
                let cells: Vec<String> =
                    row.iter().map(sentence).filter(|cell| !cell.is_empty()).collect();
                item(&cells.join(" | "))
            })
            .collect(),
        Block::Space(lines) => vec![String::new(); *lines],
    }
}

/// "Pain: 6 of 10, moderate", and under it the bar between its two ends.
fn scale_lines(scale: &Scale, width: usize, strokes: Strokes) -> Vec<String> {
    let reading = strokes.spell(&scale.reading);
    let mut lines = wrap(&clean_line(&format!("{}: {reading}", scale.label)), width, "");
    if let Some(value) = scale.value {
        let steps = usize::try_from(scale.to - scale.from).unwrap_or(0);
        let filled = usize::try_from(value - scale.from).unwrap_or(0);
        // Two columns a step where there is room, so that neighbours can be told apart.
        let wide = if steps * 2 + 8 <= width { 2 } else { 1 };
        let bar = strokes.full().repeat(filled * wide)
            + &strokes.empty().repeat(steps.saturating_sub(filled) * wide);
        let bar = format!("{} {bar} {}", scale.from, scale.to);
        if columns(&bar) <= width {
            lines.push(bar);
        }
    }
    lines
}

/// One line a bar, its number and its name behind it; a bar below zero has no length.
fn bar_lines(bars: &[Bar], width: usize, strokes: Strokes) -> Vec<String> {
    let most = bars.iter().map(|bar| bar.points).max().unwrap_or(0).max(1);
    let room = LONGEST_BAR.min(width / 3);
    let mut lines = Vec::new();
    for bar in bars {
        let points = usize::try_from(bar.points).unwrap_or(0);
        let most = usize::try_from(most).unwrap_or(1);
        let length = (points * room).div_ceil(most);
        let picture = strokes.full().repeat(length) + &" ".repeat(room - length);
        let mark = bar.mark.as_ref().map_or_else(String::new, |mark| format!(" ({mark})"));
        let name = clean_line(&format!("{}{mark}", bar.label));
        let beside = format!("{picture} {:>3}  {name}", bar.points);
        if columns(&beside) <= width {
            lines.push(beside);
        } else {
            lines.extend(wrap(&name, width, "  "));
            lines.push(format!("{picture} {:>3}", bar.points));
        }
    }
    lines
}

/// An entry in one line of text.
pub(super) fn sentence(entry: &Entry) -> String {
    let lead = match &entry.lead {
        Some(lead) if lead.ends_with([']', '?', '.', ':']) => format!("{lead} "),
        Some(lead) => format!("{lead}: "),
        None => String::new(),
    };
    let cites: Vec<String> = entry.cites.iter().map(ToString::to_string).collect();
    let cites = if cites.is_empty() { String::new() } else { format!("[{}]", cites.join("][")) };
    let blank = if entry.text.is_empty() || cites.is_empty() { "" } else { " " };
    clean_line(&format!("{lead}{}{blank}{cites}", entry.text))
}
