//! What can go wrong at the edge: each with an exit code, a message and a remedy.

use std::fmt;
use std::io;
use std::process::ExitCode;

/// Why the program stops without having done what was asked.
#[derive(Debug)]
pub(crate) enum Failure {
    /// A check that found faults, printed already (exit 1).
    Found,
    /// A command line that does not parse (exit 2); clap says what is wrong with it.
    CommandLine(Box<clap::Error>),
    /// A command line that asks for what cannot be, or answers that are missing (exit 2).
    Usage {
        /// What is wrong.
        message: String,
        /// What to do.
        hint: String,
    },
    /// A file that is there but does not say what it should (exit 65); drawn already.
    Content(String),
    /// A file that cannot be read (exit 66).
    Unreadable {
        /// Which file.
        name: String,
        /// Why.
        error: io::Error,
    },
    /// A file that cannot be written (exit 73).
    Unwritable {
        /// Which file.
        name: String,
        /// Why.
        error: io::Error,
    },
    /// Input or output that failed in the middle (exit 74).
    Io(io::Error),
    /// The reader of our output went away (exit 0, and quiet).
    Closed,
    /// A signal ended the interview (exit 128 and its number).
    Interrupted {
        /// The number of the signal.
        signal: u8,
        /// What was kept, and how to go on.
        kept: String,
    },
    /// The person saved their answers and stopped (exit 0).
    Stopped {
        /// What was kept, and how to go on.
        kept: String,
    },
}

impl Failure {
    /// A fault of the command line.
    pub(crate) fn usage(message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self::Usage { message: message.into(), hint: hint.into() }
    }

    /// The exit code; the README lists them.
    pub(crate) fn exit_code(&self) -> ExitCode {
        ExitCode::from(match self {
            Self::Closed | Self::Stopped { .. } => 0,
            Self::Found => 1,
            Self::CommandLine(_) | Self::Usage { .. } => 2,
            Self::Content(_) => 65,
            Self::Unreadable { .. } => 66,
            Self::Unwritable { .. } => 73,
            Self::Io(_) => 74,
            Self::Interrupted { signal, .. } => 128 + signal,
        })
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::CommandLine(error) => write!(f, "{}", error.render()),
            Self::Usage { message, hint } => write!(f, "error: {message}\n\n  {hint}"),
            Self::Content(drawn) => f.write_str(drawn.trim_end()),
            Self::Unreadable { name, error } => {
                write!(f, "error: cannot read `{name}`: {}", reason(error))?;
                write!(f, "\n\n  check the name, and that it is a file you may read")
            }
            Self::Unwritable { name, error } => {
                write!(f, "error: cannot write `{name}`: {}", reason(error))?;
                write!(f, "\n\n  check that its folder exists and that you may write there")
            }
            Self::Io(error) => write!(f, "error: {}", reason(error)),
            Self::Closed | Self::Found => Ok(()),
            Self::Interrupted { kept, .. } | Self::Stopped { kept } => f.write_str(kept),
        }
    }
}

/// What the system says, without the number of the error.
fn reason(error: &io::Error) -> String {
    let whole = error.to_string();
    let words = whole.split(" (os error").next().unwrap_or(&whole);
    words.to_lowercase()
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        if error.kind() == io::ErrorKind::BrokenPipe { Self::Closed } else { Self::Io(error) }
    }
}
