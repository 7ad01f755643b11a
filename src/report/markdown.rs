//! The document as Markdown: `CommonMark`, with the tables that nearly every reader of it knows.

use std::fmt::Write as _;

use super::{Bar, Block, Document, Entry, Scale};
use crate::prose::clean_line;

/// The document as Markdown.
pub fn markdown(document: &Document) -> String {
    let mut out = format!("# {}\n", escape(&document.title));
    if !document.particulars.is_empty() {
        let particulars: Vec<String> = document
            .particulars
            .iter()
            .map(|(label, value)| {
                let value =
                    if value.is_empty() { "\\_\\_\\_\\_\\_".to_owned() } else { escape(value) };
                format!("{}: {value}", escape(label))
            })
            .collect();
        let _ = write!(out, "\n{}\n", particulars.join(" · "));
    }
    for section in &document.sections {
        let _ = write!(out, "\n## {}\n", escape(&section.heading));
        for block in &section.blocks {
            out.push('\n');
            out += &block_text(block);
        }
    }
    out
}

fn block_text(block: &Block) -> String {
    match block {
        Block::Paragraph(entry) => inline(entry) + "\n",
        Block::Heading(text) => format!("### {}\n", escape(text)),
        Block::List(entries) => entries.iter().fold(String::new(), |mut list, entry| {
            let _ = writeln!(list, "- {}", inline(entry));
            list
        }),
        Block::Scale(scale) => scale_text(scale),
        Block::Bars(bars) => bars.iter().fold(String::new(), |mut list, bar| {
            let _ = writeln!(list, "- {}", bar_text(bar));
            list
        }),
        Block::Body(body) => format!("**{}:** {}\n", escape(&body.title), escape(&body.reading)),
        Block::Table { head, rows } => table(head, rows),
        Block::Space(lines) => {
            // Empty lines are lost between paragraphs; rules to write on are not.
            vec!["\\_".repeat(40); *lines].join("\n\n") + "\n"
        }
    }
}

fn scale_text(scale: &Scale) -> String {
    let mut text = format!("**{}:** {}", escape(&scale.label), escape(&scale.reading));
    if let Some(value) = scale.value {
        let steps = usize::try_from(scale.to - scale.from).unwrap_or(0);
        let filled = usize::try_from(value - scale.from).unwrap_or(0);
        let bar = "█".repeat(filled) + &"░".repeat(steps.saturating_sub(filled));
        let _ = write!(
            text,
            " `{bar}` ({}: {}; {}: {})",
            scale.from,
            escape(&scale.low),
            scale.to,
            escape(&scale.high)
        );
    }
    text + "\n"
}

fn bar_text(bar: &Bar) -> String {
    let mark = bar.mark.as_ref().map_or_else(String::new, |mark| format!(" ({})", escape(mark)));
    let picture = "█".repeat(usize::try_from(bar.points).unwrap_or(0).min(60));
    let picture = if picture.is_empty() { String::new() } else { format!(" `{picture}`") };
    format!("{}{mark}: {}{picture}", escape(&bar.label), bar.points)
}

fn table(head: &[String], rows: &[Vec<Entry>]) -> String {
    let line = |cells: Vec<String>| format!("| {} |\n", cells.join(" | "));
    let mut out = line(head.iter().map(|cell| escape(cell)).collect());
    out += &line(vec!["---".to_owned(); head.len()]);
    for row in rows {
        out += &line(row.iter().map(inline).collect());
    }
    out
}

fn inline(entry: &Entry) -> String {
    let lead = match &entry.lead {
        Some(lead) if lead.ends_with([']', '?', '.', ':']) => format!("**{}** ", escape(lead)),
        Some(lead) => format!("**{}:** ", escape(lead)),
        None => String::new(),
    };
    let cites: Vec<String> = entry.cites.iter().map(|cite| format!("\\[{cite}\\]")).collect();
    let blank = if entry.text.is_empty() || cites.is_empty() { "" } else { " " };
    format!("{lead}{}{blank}{}", escape(&entry.text), cites.concat())
}

/// Text that is read as itself wherever it stands: on one line, with every character escaped that
/// could begin something.
fn escape(text: &str) -> String {
    let text = clean_line(text);
    let text = text.trim();
    let mut out = String::with_capacity(text.len() + 8);
    for (index, c) in text.char_indices() {
        let begins = text[..index].chars().all(|before| before.is_ascii_digit());
        let is_special = match c {
            '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '&' | '|' | '~' | '$' | '!' => true,
            // These mean something only where a line begins, the last two behind a number.
            '#' | '+' | '-' | '=' => index == 0,
            '.' | ')' => index > 0 && begins,
            _ => false,
        };
        if is_special {
            out.push('\\');
        }
        out.push(c);
    }
    out
}
