//! The command line: the fixed part, and one flag for each question of the rule set.

use std::ffi::OsString;
use std::path::PathBuf;

use backwise::language::Language;
use backwise::questionnaire::{Kind, Question};
use backwise::{Answers, RuleSet};
use clap::builder::{PossibleValue, PossibleValuesParser};
use clap::{Arg, ArgAction, ArgMatches, CommandFactory as _, FromArgMatches as _, ValueEnum};

use crate::failure::Failure;
use crate::output;
use crate::terminal::style::ColorChoice;

/// Ask about back pain and suggest massage, physical therapy, a combination or another kind of
/// care, with reasons. Warning signs come first, and the advice is always to see a professional.
///
/// This is general information, not a diagnosis. If you think this is an emergency, call your
/// local emergency number now.
#[derive(Debug, clap::Parser)]
#[command(name = "backwise", version, max_term_width = 100, args_conflicts_with_subcommands = true)]
#[command(after_help = "Exit codes: 0 done, 2 a wrong or missing flag or answer, 65 a file that \
                        does not say what it should, 66 a file that cannot be read, 73 a file \
                        that cannot be written, 74 input or output that failed, 130 stopped by \
                        Ctrl-C. The suggestion never changes the exit code.")]
#[command(subcommand_value_name = "COMMAND", subcommand_help_heading = "Commands")]
pub(crate) struct Cli {
    /// Use the rule set in this file instead of the built-in one
    #[arg(long, value_name = "FILE", global = true)]
    pub(crate) rules: Option<PathBuf>,

    /// When to use colour
    #[arg(long, value_name = "WHEN", value_enum, default_value_t, global = true)]
    pub(crate) color: ColorChoice,

    /// The language of what is read, such as `es`; else the locale's. Machine output stays as it is
    #[arg(long, value_name = "TAG", global = true)]
    pub(crate) lang: Option<String>,

    /// The country whose emergency number to name, such as `de`; else general words
    #[arg(long, value_name = "CODE", global = true)]
    pub(crate) country: Option<String>,

    /// Take answers from this YAML or JSON file (`-` is standard input); flags go before it
    #[arg(long, value_name = "FILE")]
    pub(crate) answers: Option<PathBuf>,

    /// Never ask; fail and name the open questions instead
    #[arg(long)]
    pub(crate) no_input: bool,

    /// Keep each answer in this file as it is given, and go on from there the next time
    #[arg(long, value_name = "FILE")]
    pub(crate) session: Option<PathBuf>,

    /// Ask in plain lines, without drawing: for screen readers, and for any terminal
    #[arg(long)]
    pub(crate) plain: bool,

    /// Whom to ask: oneself, or a client whom a therapist reads the questions to
    #[arg(long = "for", value_name = "WHO", value_enum, default_value_t)]
    pub(crate) audience: Audience,

    /// Assess the answers there are, and say which are missing
    #[arg(long)]
    pub(crate) partial: bool,

    #[command(flatten)]
    pub(crate) written: Written,

    #[command(subcommand)]
    pub(crate) command: Option<Command>,
}

impl Cli {
    /// Refuses an output that would be written over what is read.
    pub(crate) fn spare_what_is_read(&self, words: Language) -> Result<(), Failure> {
        let (written, mut read) = match &self.command {
            None => (&self.written, Vec::new()),
            Some(Command::Report { record, written }) => (written, vec![record]),
            Some(Command::Compare { records, written, .. }) => (written, records.iter().collect()),
            Some(_) => return Ok(()),
        };
        read.extend([&self.answers, &self.session, &self.rules].into_iter().flatten());
        let is_screen = |file: &&PathBuf| file.as_os_str() == "-";
        let Some(output) = written.output.as_ref().filter(|file| !is_screen(file)) else {
            return Ok(());
        };
        if !read.into_iter().any(|file| output::is_same(file, output)) {
            return Ok(());
        }
        let file = output.display().to_string();
        let message = words.tell("output-is-read", &[("file", file.into())]);
        Err(Failure::usage(message, words.say("output-is-read-help")))
    }

    /// The command that goes on with the session.
    pub(crate) fn going_on(&self) -> String {
        let mut command = "backwise".to_owned();
        let mut add = |flag: &str, file: &Option<PathBuf>| {
            if let Some(file) = file {
                let file = file.display().to_string();
                let is_plain = |c: char| c.is_alphanumeric() || "/._-+~:@".contains(c);
                let quote = if file.chars().all(is_plain) { "" } else { "'" };
                let file = file.replace('\'', r"'\''");
                command.extend([" ", flag, " ", quote, &file, quote]);
            }
        };
        add("--rules", &self.rules);
        add("--session", &self.session);
        for (flag, value) in [("--lang", &self.lang), ("--country", &self.country)] {
            if let Some(value) = value.as_ref().filter(|it| it.chars().all(char::is_alphanumeric)) {
                command.extend([" ", flag, " ", value]);
            }
        }
        if self.audience == Audience::Therapist {
            command += " --for therapist";
        }
        if self.plain {
            command += " --plain";
        }
        command
    }
}

/// How a result is written, and where to.
#[derive(Clone, Debug, Default, clap::Args)]
pub(crate) struct Written {
    /// How to write the result
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: Format,

    /// Write the result to this file instead of standard output
    #[arg(long, short, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,

    /// Add the whole account: each rule, the answers that made it fire, and what would change it
    #[arg(long)]
    pub(crate) explain: bool,

    /// The date to stand on the sheet for the professional, as it is to be read
    #[arg(long, value_name = "TEXT")]
    pub(crate) date: Option<String>,
}

/// How to write a result.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For people.
    #[default]
    Text,
    /// The sheet for the professional, as Markdown.
    Markdown,
    /// The sheet for the professional, as one page to be printed.
    Html,
    /// For scripts: one document, `schema_version` 1.
    Json,
}

/// How to list the questions.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Listing {
    /// For people.
    #[default]
    Text,
    /// For scripts.
    Json,
}

/// Who answers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Audience {
    /// A person, for themselves.
    #[default]
    Person,
    /// A therapist at intake, for a client: with words to read aloud, and notes.
    Therapist,
}

#[derive(Debug, clap::Subcommand)]
pub(crate) enum Command {
    Batch(Box<crate::batch::BatchArgs>),

    #[command(subcommand)]
    Export(crate::export::Export),

    /// List every question with its flag, its values, and when and why it is asked
    Questions {
        /// How to print the questions
        #[arg(long, value_enum, default_value_t)]
        format: Listing,
    },

    /// Write a result or a session that was kept anew, such as a sheet to be printed
    Report {
        /// The result (JSON) or the session
        record: PathBuf,

        #[command(flatten)]
        written: Written,
    },

    /// Compare the results or sessions of one person, the oldest first
    Compare {
        /// Results or sessions, two or more
        #[arg(required = true, num_args = 2..)]
        records: Vec<PathBuf>,

        /// Compare them even if they look like those of different people
        #[arg(long)]
        different_people: bool,

        #[command(flatten)]
        written: Written,
    },

    /// Judge kept results or sessions with the rules of now, and say what changed
    Replay(crate::replay::Asked),

    /// Check a rule set: its faults, what is proved of every way to answer, and its cases
    Check(crate::check::Asked),

    /// Compare two versions of a rule set: which ways to answer come out differently
    Diff(crate::check::Versions),
}

/// The value of `--rules`, found before the flags of the rule set are known.
pub(crate) fn rules_file(arguments: &[OsString]) -> Option<PathBuf> {
    let mut arguments = arguments.iter().skip(1);
    while let Some(argument) = arguments.next() {
        let Some(text) = argument.to_str() else { continue };
        match text {
            "--" => return None,
            "--rules" => return arguments.next().map(PathBuf::from),
            _ => {
                if let Some(file) = text.strip_prefix("--rules=") {
                    return Some(PathBuf::from(file));
                }
            }
        }
    }
    None
}

/// Parses the command line, with a flag for each question.
pub(crate) fn parse(
    rules: &RuleSet,
    arguments: &[OsString],
) -> Result<(Cli, Answers), clap::Error> {
    let mut command = Cli::command();
    for question in &rules.questionnaire.questions {
        command = command.arg(flag(question));
    }
    let matches = command.clone().try_get_matches_from(arguments)?;
    let answers = answers(rules, &matches, &mut command)?;
    Ok((Cli::from_arg_matches(&matches)?, answers))
}

fn flag(question: &Question) -> Arg {
    let arg = Arg::new(question.id.clone())
        .long(question.id.clone())
        .help(question.ask.clone())
        .help_heading("Answers")
        .hide_short_help(true)
        .action(ArgAction::Append);
    match &question.kind {
        Kind::AnyOf { .. } => arg
            .value_name("VALUES")
            .value_delimiter(',')
            .long_help(format!("{} (several: separated by commas)", question.ask))
            .value_parser(values(question)),
        Kind::YesNo | Kind::OneOf(_) => arg.value_name("VALUE").value_parser(values(question)),
        Kind::Scale { low, high, .. } => {
            let parse = {
                let question = question.clone();
                move |word: &str| match question.parse(&[word]) {
                    Ok(_) => Ok(word.to_owned()),
                    Err(misfit) => Err(misfit.help),
                }
            };
            let help = format!("{} ({}: {low} to {high})", question.ask, question.expected());
            arg.value_name("NUMBER")
                .allow_negative_numbers(true)
                .long_help(help)
                .value_parser(parse)
        }
        Kind::Text => arg.value_name("TEXT"),
    }
}

fn values(question: &Question) -> PossibleValuesParser {
    let marks = question.marks().into_iter();
    let none = question.none().map(|_| backwise::condition::NONE);
    let unsure = question.unsure.as_ref().map(|_| backwise::condition::UNSURE);
    PossibleValuesParser::new(
        marks
            .chain(none)
            .chain(unsure)
            .map(|mark| PossibleValue::new(question.word(mark)).help(question.label(mark))),
    )
}

fn answers(
    rules: &RuleSet,
    matches: &ArgMatches,
    command: &mut clap::Command,
) -> Result<Answers, clap::Error> {
    let mut answers = Answers::new(&rules.questionnaire);
    for (question_idx, question) in rules.questionnaire.questions.iter().enumerate() {
        let Some(values) = matches.get_many::<String>(&question.id) else { continue };
        let values: Vec<&str> = values.map(String::as_str).collect();
        match question.parse(&values) {
            Ok(answer) => answers.give(question_idx, answer),
            Err(misfit) => {
                let message = format!("--{}: {}; {}", question.id, misfit.message, misfit.help);
                return Err(command.error(clap::error::ErrorKind::ValueValidation, message));
            }
        }
    }
    Ok(answers)
}

/// How to give an answer by flag, for a message: `--pain NUMBER (a whole number from 0 to 10)`.
pub(crate) fn usage(question: &Question) -> String {
    match &question.kind {
        Kind::Scale { .. } => format!("--{} <{}>", question.id, question.expected()),
        Kind::AnyOf { .. } => format!("--{} <{}>", question.id, question.words().join(",")),
        _ => format!("--{} <{}>", question.id, question.words().join("|")),
    }
}

/// Answers from flags go before answers from a file.
pub(crate) fn merge(rules: &RuleSet, mut under: Answers, over: &Answers) -> Answers {
    for question in 0..rules.questionnaire.questions.len() {
        if let Some(answer) = over.get(question) {
            under.give(question, answer);
        }
    }
    under
}
