//! Colour, and how wide the screen is. Colour only ever adds to what the words say.

use std::env;
use std::io::{self, IsTerminal as _};

use backwise::report::Tone;
use backwise::report::text::Line;
use clap::ValueEnum;
use console::{Style, Term};

/// When to use colour.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum ColorChoice {
    /// On a terminal, unless `NO_COLOR`, `CLICOLOR` or `TERM` speak against it.
    #[default]
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// The most columns a line of the result takes; longer lines are hard to read.
const WIDEST: usize = 100;
/// The columns of a result that does not go to a terminal.
const UNKNOWN_WIDTH: usize = 80;

/// Whether the result on standard output is coloured.
pub(crate) fn stdout_wants(choice: ColorChoice) -> bool {
    wants(choice, io::stdout().is_terminal())
}

/// Whether a stream is coloured, by the flag, then by the environment.
pub(crate) fn wants(choice: ColorChoice, is_terminal: bool) -> bool {
    // An empty variable counts as one that is not set (no-color.org).
    let set = |name| env::var_os(name).is_some_and(|value| !value.is_empty());
    match choice {
        ColorChoice::Always => true,
        ColorChoice::Never => false,
        ColorChoice::Auto if set("NO_COLOR") => false,
        ColorChoice::Auto
            if env::var_os("CLICOLOR_FORCE").is_some_and(|v| !v.is_empty() && v != "0") =>
        {
            true
        }
        ColorChoice::Auto => {
            is_terminal
                && env::var_os("CLICOLOR").is_none_or(|value| value != "0")
                && env::var_os("TERM").is_none_or(|value| value != "dumb")
        }
    }
}

/// The columns for the result.
pub(crate) fn stdout_columns() -> usize {
    if !io::stdout().is_terminal() {
        return UNKNOWN_WIDTH;
    }
    let (_, columns) = Term::stdout().size();
    usize::from(columns).min(WIDEST)
}

/// A line with its colour, if there is to be any.
pub(crate) fn paint(line: &Line, color: bool) -> String {
    if !color || line.text.is_empty() {
        return line.text.clone();
    }
    let style = Style::new().force_styling(true);
    let style = match (line.tone, line.heading) {
        (Tone::Alarm, true) => style.red().bold(),
        (Tone::Quiet, true) => style.dim().bold(),
        (Tone::Plain | Tone::Strong, true) => style.bold(),
        (Tone::Quiet, false) => style.dim(),
        (Tone::Plain | Tone::Strong | Tone::Alarm, false) => return line.text.clone(),
    };
    style.apply_to(&line.text).to_string()
}
