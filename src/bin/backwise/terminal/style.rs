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
    columns(&Term::stdout())
}

/// The columns for what goes to standard error.
pub(crate) fn stderr_columns() -> usize {
    columns(&Term::stderr())
}

fn columns(of: &Term) -> usize {
    if !of.is_term() {
        return UNKNOWN_WIDTH;
    }
    let (_, columns) = of.size();
    usize::from(columns).min(WIDEST)
}

/// A text as it goes to standard error: on a terminal no word is broken at the end of a line.
pub(crate) fn for_stderr(text: &str) -> String {
    if !io::stderr().is_terminal() {
        return text.to_owned();
    }
    let (_, columns) = Term::stderr().size();
    wrapped(text, usize::from(columns))
}

/// The text in lines of this width, each as far in as it was. What is drawn of a file stays as it
/// is, and so does what stands in backticks, which is there to be copied.
fn wrapped(text: &str, width: usize) -> String {
    const NARROWEST: usize = 20;
    const KEPT: &str = "\u{a0}";
    if width < NARROWEST {
        return text.to_owned();
    }
    let is_drawn = |line: &str| {
        let line = line.trim_start().trim_start_matches(|c: char| c.is_ascii_digit());
        ["-->", ":::", "|", " |"].iter().any(|begins| line.starts_with(begins))
    };
    let wrap = |line: &str| {
        let rest = line.trim_start();
        let indent = &line[..line.len() - rest.len()];
        let parts = rest.split('`').enumerate();
        let parts = parts.map(
            |(nth, part)| {
                if nth % 2 == 1 { part.replace(' ', KEPT) } else { part.to_owned() }
            },
        );
        let rest = parts.collect::<Vec<_>>().join("`");
        let options = textwrap::Options::new(width - indent.len().min(width / 2))
            .word_splitter(textwrap::WordSplitter::NoHyphenation)
            .break_words(false);
        let lines = textwrap::wrap(&rest, options);
        let lines = lines.iter().map(|line| format!("{indent}{}", line.replace(KEPT, " ")));
        lines.collect::<Vec<_>>().join("\n")
    };
    let lines = text.lines().map(|line| match line {
        line if is_drawn(line) || line.trim().is_empty() => line.to_owned(),
        line => wrap(line),
    });
    lines.collect::<Vec<_>>().join("\n")
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

#[cfg(test)]
mod tests {
    use super::wrapped;

    #[test]
    fn words_and_commands_stay_whole() {
        let text = "error: these records look like those of different people\n\n  check the files; \
                    `--different-people` compares them all the same";
        assert_eq!(
            wrapped(text, 30),
            "error: these records look like\nthose of different people\n\n  check the files;\n  \
             `--different-people`\n  compares them all the same"
        );
        let command = "go on with `backwise --session me.json --lang es --plain` now";
        assert_eq!(
            wrapped(command, 24),
            "go on with\n`backwise --session me.json --lang es --plain`\nnow"
        );
    }

    #[test]
    fn what_is_drawn_of_a_file_stays_as_it_is() {
        let drawn = " --> me.yaml:1:7\n  |\n1 | pain: fifty and some more words\n  |       ^^^^^";
        assert_eq!(wrapped(drawn, 20), drawn);
    }
}
