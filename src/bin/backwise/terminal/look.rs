//! How the prompts look: styles, symbols, and the shape of lines. Nothing is said by colour alone.

use backwise::prose::{clean, clean_line, columns, wrap};
use console::{Style, Term};

/// Below this, a list cannot be drawn so that it can be read.
const FEWEST_COLUMNS: u16 = 20;
/// Below this, a question and its answers do not fit; dialoguer itself fails under three.
const FEWEST_ROWS: u16 = 6;
/// The most columns of a line; longer ones are hard to read.
const WIDEST: usize = 78;

/// Styles and symbols.
#[derive(Clone, Copy, Debug)]
pub(super) struct Look {
    /// Whether there is colour.
    pub(super) color: bool,
    /// Whether symbols are kept to ASCII.
    pub(super) ascii: bool,
}

impl Look {
    fn style(self) -> Style {
        Style::new().force_styling(self.color)
    }

    /// For what matters most, such as the question.
    pub(super) fn strong(self, text: &str) -> String {
        self.style().bold().apply_to(text).to_string()
    }

    /// For what may be passed over, such as the keys.
    pub(super) fn dim(self, text: &str) -> String {
        self.style().dim().apply_to(text).to_string()
    }

    /// For the entry the pointer is at.
    pub(super) fn picked(self, text: &str) -> String {
        self.style().cyan().bold().apply_to(text).to_string()
    }

    /// For what has to be put right.
    pub(super) fn notice(self, text: &str) -> String {
        self.style().yellow().apply_to(text).to_string()
    }

    /// Stands before the entry the pointer is at.
    pub(super) fn pointer(self) -> &'static str {
        if self.ascii { ">" } else { "❯" }
    }

    /// Stands before an answer given.
    pub(super) fn done(self) -> &'static str {
        if self.ascii { "*" } else { "✔" }
    }

    /// Stands before a heading.
    pub(super) fn rule(self) -> &'static str {
        if self.ascii { "--" } else { "──" }
    }

    /// The text cut to so many columns, with dots where something is missing.
    pub(super) fn cut(self, text: &str, width: usize) -> String {
        let dots = if self.ascii { "..." } else { "…" };
        console::truncate_str(&clean_line(text), width, dots).into_owned()
    }
}

/// Rows and columns of the terminal.
pub(super) fn size() -> (u16, u16) {
    Term::stderr().size()
}

/// Whether a window is too small for anything but plain lines.
pub(super) fn is_tiny((rows, columns): (u16, u16)) -> bool {
    rows < FEWEST_ROWS || columns < FEWEST_COLUMNS
}

/// The columns of a line of text in a window of so many columns. The last one stays free, as a
/// full line makes some terminals wrap and others not.
pub(super) fn text_width(columns: u16) -> usize {
    usize::from(columns).saturating_sub(1).min(WIDEST)
}

/// The text in lines, control characters out.
pub(super) fn lines(text: &str, width: usize, indent: &str) -> Vec<String> {
    clean(text).lines().flat_map(|line| wrap(&format!("{indent}{line}"), width, indent)).collect()
}

/// One line where it fits, else the text in lines, the later ones indented.
pub(super) fn hanging(text: &str, width: usize, indent: &str) -> Vec<String> {
    let text = clean_line(text);
    if columns(&text) <= width { vec![text] } else { wrap(&text, width, indent) }
}
