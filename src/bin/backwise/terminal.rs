//! The interview on a terminal.

use std::io::{self, IsTerminal as _};

use backwise::{Answers, Interview, RuleSet};

use crate::failure::Failure;

pub(crate) mod style;

/// How the interview looks.
pub(crate) struct Settings {}

impl Settings {
    /// Works out how to ask from the flags and the environment.
    pub(crate) fn detect(_plain: bool, _color: style::ColorChoice, _for_therapist: bool) -> Self {
        Self {}
    }
}

/// Whether there is a person to ask: standard input and standard error are both a terminal.
pub(crate) fn is_interactive() -> bool {
    io::stdin().is_terminal() && io::stderr().is_terminal()
}

/// Conducts the interview to its end.
#[allow(clippy::unnecessary_wraps, reason = "the prompts will fail")]
pub(crate) fn conduct(
    _rules: &RuleSet,
    interview: Interview<'_>,
    _settings: &Settings,
    _keep: &mut dyn FnMut(&Answers) -> Result<(), Failure>,
) -> Result<Answers, Failure> {
    Ok(interview.into_answers())
}
