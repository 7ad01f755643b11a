//! The document as lines for a terminal or a plain text file.

use super::{Block, Document, Entry, Tone};
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

/// Lays the document out in lines of at most `width` columns (never fewer than 20).
pub fn lines(document: &Document, width: usize) -> Vec<Line> {
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
                && matches!(section.blocks[block_idx - 1], Block::List(_))
                && matches!(block, Block::Paragraph(_));
            if after_a_list {
                push(String::new(), false);
            }
            match block {
                Block::Paragraph(entry) => {
                    for line in wrap(&sentence(entry), width, "") {
                        push(line, false);
                    }
                }
                Block::List(entries) => {
                    for entry in entries {
                        for line in wrap(&format!("- {}", sentence(entry)), width, "  ") {
                            push(line, false);
                        }
                    }
                }
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

fn sentence(entry: &Entry) -> String {
    let lead = match &entry.lead {
        Some(lead) if lead.ends_with([']', '?', '.', ':']) => format!("{lead} "),
        Some(lead) => format!("{lead}: "),
        None => String::new(),
    };
    let cites: Vec<String> = entry.cites.iter().map(ToString::to_string).collect();
    let cites = if cites.is_empty() { String::new() } else { format!(" [{}]", cites.join("][")) };
    clean_line(&format!("{lead}{}{cites}", entry.text))
}
