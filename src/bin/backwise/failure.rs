//! What can go wrong at the edge: each with an exit code, a message and a remedy.

use std::io;
use std::process::ExitCode;

use backwise::language::{FluentValue, Language};

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
    /// A file that is far larger than it should be (exit 65).
    TooLarge {
        /// Which file.
        name: String,
        /// The most it may have, in MiB.
        most: u64,
    },
    /// A file that is no text (exit 65).
    NoText {
        /// Which file.
        name: String,
        /// The first byte that is none, counted from one.
        byte: usize,
    },
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
            Self::Content(_) | Self::TooLarge { .. } | Self::NoText { .. } => 65,
            Self::Unreadable { .. } => 66,
            Self::Unwritable { .. } => 73,
            Self::Io(_) => 74,
            Self::Interrupted { signal, .. } => 128 + signal,
        })
    }

    /// What is said of it, in a language; nothing where there is nothing to say.
    ///
    /// What clap says of the command line, and what was drawn of a file, stays as it is.
    pub(crate) fn told(&self, words: Language) -> String {
        let of_file = |id: &str, name: &str, failure: &io::Error| {
            let reason = reason(failure, words).into();
            error(words, id, &[("file", name.into()), ("reason", reason)])
        };
        match self {
            Self::CommandLine(error) => error.render().to_string(),
            Self::Usage { message, hint } => {
                format!("{}: {message}\n\n  {hint}", words.say("error"))
            }
            Self::Content(drawn) => drawn.clone(),
            Self::Unreadable { name, error } => of_file("cannot-read", name, error),
            Self::Unwritable { name, error } if is_full(error) => {
                of_file("cannot-write-full", name, error)
            }
            Self::Unwritable { name, error } => of_file("cannot-write", name, error),
            Self::TooLarge { name, most } => {
                let with = [("file", name.as_str().into()), ("most", (*most).into())];
                self::error(words, "file-too-large", &with)
            }
            Self::NoText { name, byte } => {
                let with = [("file", name.as_str().into()), ("byte", (*byte).into())];
                self::error(words, "file-no-text", &with)
            }
            Self::Io(error) => format!("{}: {}", words.say("error"), reason(error, words)),
            Self::Closed | Self::Found => String::new(),
            Self::Interrupted { kept, .. } | Self::Stopped { kept } => kept.clone(),
        }
    }
}

/// An error and what to do about it, which the catalogue has under the same id.
pub(crate) fn error(words: Language, id: &str, with: &[(&str, FluentValue<'_>)]) -> String {
    let [error, message] = [words.say("error"), words.tell(id, with)];
    format!("{error}: {message}\n\n  {}", words.say(&format!("{id}-help")))
}

/// Whether there is no room left, which no other folder or right would mend.
fn is_full(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded)
}

/// Why the system did not do it. Rare reasons are told as the system tells them, without the
/// number of the error.
pub(crate) fn reason(error: &io::Error, words: Language) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => words.say("reason-not-there"),
        io::ErrorKind::PermissionDenied => words.say("reason-not-allowed"),
        io::ErrorKind::IsADirectory => words.say("reason-folder"),
        io::ErrorKind::StorageFull => words.say("reason-full"),
        _ => {
            let whole = error.to_string();
            whole.split(" (os error").next().unwrap_or(&whole).to_lowercase()
        }
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        if error.kind() == io::ErrorKind::BrokenPipe { Self::Closed } else { Self::Io(error) }
    }
}
