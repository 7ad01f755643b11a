//! What each command does: files in, the library's values, text out.

use std::ffi::OsString;
use std::fmt::Write as _;
use std::fs::File;
use std::io::{self, Read as _, Write as _};
use std::path::Path;

use backwise::fault::{self, Fault};
use backwise::interview::Step;
use backwise::language::Language;
use backwise::prose::capital;
use backwise::questionnaire::{Kind, Question};
use backwise::report::json;
use backwise::{Answers, Interview, RuleSet, triage, yaml};

use crate::cli::{self, Audience, Cli, Command, Listing};
use crate::failure::Failure;
use crate::output::Output;
use crate::report::Report;
use crate::session::{Kept, SessionFile};
use crate::terminal::{self, style};
use crate::{batch, check, compare, export, language, replay, report};

/// The rule set that is part of the program.
pub(crate) const BUILT_IN: &str = include_str!("../../../rules/back-pain.yaml");
pub(crate) const BUILT_IN_NAME: &str = "rules/back-pain.yaml";
/// The same, parsed when the program was built, as parsing it takes longer than all else at start.
const BUILT_IN_PACKED: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/back-pain.packed"));

/// The most bytes of a rule set or an answers file: a hundred times what the largest needs. More
/// is a wrong file, and would be read for minutes before it was found wrong.
const LONGEST_FILE: u64 = 4 << 20;

/// Runs the program on its arguments. What fails is told in the language of the person, once that
/// is known.
pub(crate) fn run(arguments: &[OsString]) -> Result<(), (Failure, Language)> {
    let in_english = |failure| (failure, Language::English);
    let Some((cli, rules, answers)) = read(arguments).map_err(in_english)? else { return Ok(()) };
    let spoken = language::spoken(&rules, &cli).map_err(in_english)?;
    act(&cli, &rules, &spoken, answers).map_err(|failure| (failure, spoken.words()))
}

/// Reads the command line, with the rule set that gives it flags; none if it asked for help, which
/// was printed.
fn read(arguments: &[OsString]) -> Result<Option<(Cli, RuleSet, Answers)>, Failure> {
    let rules = match cli::rules_file(arguments) {
        None => built_in_rules()?,
        Some(file) => read_rules(&file.display().to_string(), &read_file(&file)?)?,
    };
    match cli::parse(&rules, arguments) {
        Ok((cli, answers)) => Ok(Some((cli, rules, answers))),
        Err(error) if error.use_stderr() => Err(Failure::CommandLine(Box::new(error))),
        Err(help) => {
            let color = style::stdout_wants(style::ColorChoice::Auto);
            print(&help.render().ansi().to_string(), color)?;
            Ok(None)
        }
    }
}

/// Does what the command line asks for.
fn act(cli: &Cli, rules: &RuleSet, spoken: &RuleSet, answers: Answers) -> Result<(), Failure> {
    cli.spare_what_is_read(spoken.words())?;
    let reading = |file: &Path| Ok((file.display().to_string(), read_file(file)?));
    match &cli.command {
        None => assess(rules, spoken, cli, answers),
        Some(Command::Batch(arguments)) => batch::run(rules, arguments),
        Some(Command::Export(what)) => export::run(rules, what),
        Some(Command::Questions { format }) => questions(rules, spoken, *format),
        Some(Command::Check(asked)) => check::check(asked, cli.rules.as_deref()),
        Some(Command::Diff(versions)) => check::diff(versions),
        Some(Command::Replay(asked)) => replay::replay(rules, asked),
        Some(Command::Report { record, written }) => {
            let (name, text) = reading(record)?;
            report::again(&Report::new(rules, spoken, written, cli.color), &name, &text)
        }
        Some(Command::Compare { records, different_people, written }) => {
            let files: Vec<(String, String)> =
                records.iter().map(|file| reading(file)).collect::<Result<_, Failure>>()?;
            let report = Report::new(rules, spoken, written, cli.color);
            compare::compare(&report, &files, *different_people)
        }
    }
}

fn built_in_rules() -> Result<RuleSet, Failure> {
    match yaml::unpack(BUILT_IN_PACKED) {
        Some(node) => RuleSet::from_node(&node, BUILT_IN)
            .map_err(|faults| content(&faults, BUILT_IN_NAME, BUILT_IN)),
        // It was no YAML when the program was built; say so as for any other file.
        None => read_rules(BUILT_IN_NAME, BUILT_IN),
    }
}

pub(crate) fn read_rules(name: &str, text: &str) -> Result<RuleSet, Failure> {
    RuleSet::read(text).map_err(|faults| content(&faults, name, text))
}

pub(crate) fn content(faults: &[Fault], name: &str, text: &str) -> Failure {
    Failure::Content(fault::draw_all(faults, name, text))
}

/// What is wrong in a file of the person who reads it.
pub(crate) fn content_in(words: Language, faults: &[Fault], name: &str, text: &str) -> Failure {
    let drawn: String = faults.iter().map(|fault| fault.draw(name, text) + "\n").collect();
    let number = words.tell("faults", &[("number", faults.len().into())]);
    Failure::Content(format!("{drawn}{name}: {number}\n"))
}

/// The text of a file, or of standard input for `-`.
pub(crate) fn read_file(file: &Path) -> Result<String, Failure> {
    let name = file.display().to_string();
    let unreadable = |error| Failure::Unreadable { name: name.clone(), error };
    let mut bytes = Vec::new();
    if file.as_os_str() == "-" {
        io::stdin().lock().take(LONGEST_FILE + 1).read_to_end(&mut bytes).map_err(unreadable)?;
    } else {
        let opened = File::open(file).map_err(unreadable)?;
        opened.take(LONGEST_FILE + 1).read_to_end(&mut bytes).map_err(unreadable)?;
    }
    if bytes.len() as u64 > LONGEST_FILE {
        return Err(Failure::TooLarge { name, most: LONGEST_FILE >> 20 });
    }
    String::from_utf8(bytes).map_err(|error| {
        let byte = error.utf8_error().valid_up_to() + 1;
        Failure::NoText { name, byte }
    })
}

/// The answers from files and flags, then from the person, then the result.
fn assess(rules: &RuleSet, spoken: &RuleSet, cli: &Cli, flags: Answers) -> Result<(), Failure> {
    // Opened before anything is asked: nobody should answer to the end and then lose it.
    let output = Output::open(cli.written.output.as_deref())?;
    let answers = match &cli.answers {
        None => flags,
        Some(file) => {
            let text = read_file(file)?;
            let name = file.display().to_string();
            let from_file = Answers::read(&spoken.questionnaire, &text)
                .map_err(|faults| content_in(spoken.words(), &faults, &name, &text))?;
            cli::merge(rules, from_file, &flags)
        }
    };
    let (answers, was_asked) = interview(spoken, cli, answers)?;
    note_what_does_not_count(spoken, &answers)?;
    let report = Report::new(rules, spoken, &cli.written, cli.color);
    report.write(&answers, output, was_asked)
}

/// Asks what is open, where there is somebody to ask, and keeps the session.
///
/// Gives the answers, and whether somebody was there to give them.
fn interview(rules: &RuleSet, cli: &Cli, given: Answers) -> Result<(Answers, bool), Failure> {
    let mut session =
        cli.session.as_deref().map(|file| SessionFile::open(rules, file)).transpose()?;
    let found = session.as_ref().map_or_else(Vec::new, SessionFile::found);
    let answers = match &mut session {
        None => given,
        Some(session) => {
            let mut answers = session.answers().clone();
            answers.take(&given);
            // At once, so that a file that cannot be written is known before the first question.
            session.keep(&answers)?;
            answers
        }
    };
    let is_therapist = cli.audience == Audience::Therapist;
    let interview = Interview::new(rules, answers, is_therapist);
    let all_open = interview.open_questions();
    // A session with nothing open can still be looked through; an emergency is past that.
    let is_to_ask = !all_open.is_empty() || session.is_some() && interview.step() == Step::Review;
    let asks = !cli.partial && !cli.no_input && terminal::is_interactive();
    if asks && is_to_ask {
        let mut settings = terminal::Settings::detect(cli.plain, cli.color, is_therapist);
        settings.kept = cli.session.as_ref().map(|file| Kept {
            name: file.display().to_string(),
            command: cli.going_on(),
            found,
        });
        let answers =
            terminal::conduct(rules, interview, &settings, &mut |answers| match &mut session {
                None => Ok(()),
                Some(session) => session.keep(answers),
            })?;
        return Ok((answers, true));
    }
    let mut open = all_open;
    open.retain(|&question| rules.questionnaire.questions[question].kind != Kind::Text);
    if open.is_empty() || cli.partial {
        return Ok((interview.into_answers(), false));
    }
    Err(unanswered(rules, &open, cli.no_input))
}

fn unanswered(rules: &RuleSet, open: &[usize], asked_not_to: bool) -> Failure {
    let words = rules.words();
    let why = words.say(if asked_not_to { "open-no-input" } else { "open-no-terminal" });
    let questions = open.iter().map(|&question| &rules.questionnaire.questions[question]);
    let flags: Vec<String> = questions
        .map(|question| format!("  {}\n      {}", cli::usage(question), question.ask))
        .collect();
    let with = [("number", open.len().into()), ("why", why.into())];
    Failure::usage(
        words.tell("open-questions", &with),
        format!("{}\n\n{}", words.say("open-questions-help"), flags.join("\n")),
    )
}

/// Answers to questions that are not asked are said not to count, rather than dropped in silence.
fn note_what_does_not_count(rules: &RuleSet, answers: &Answers) -> Result<(), Failure> {
    let active = triage(rules, answers).active;
    let beside: Vec<String> = answers
        .spelled(&rules.questionnaire)
        .filter(|(question_idx, ..)| !active[*question_idx])
        .map(|(_, question, _)| format!("--{}", question.id))
        .collect();
    if beside.is_empty() {
        return Ok(());
    }
    let words = rules.words();
    let flags = words.list_and(&beside).into();
    let with = [("count", beside.len().into()), ("flags", flags)];
    report::note(words, &words.tell("note-not-counted", &with))
}

fn questions(rules: &RuleSet, spoken: &RuleSet, format: Listing) -> Result<(), Failure> {
    if format == Listing::Json {
        return print(&json::questions(rules), false);
    }
    let mut out = String::new();
    let mut group = None;
    for question in &spoken.questionnaire.questions {
        if group != Some(question.group) {
            group = Some(question.group);
            let _ = writeln!(out, "{}\n", spoken.questionnaire.groups[question.group].title);
        }
        out += &question_text(spoken, question);
    }
    print(&out, false)
}

fn question_text(rules: &RuleSet, question: &Question) -> String {
    let words = rules.words();
    let mut out = format!("  --{}  {}\n", question.id, question.ask);
    let mut line = |label: String, value: String| {
        let _ = writeln!(out, "      {label}: {value}");
    };
    line(words.say("listing-answer"), question.expected());
    if let Kind::Scale { from, to, low, high } = &question.kind {
        let with = [
            ("from", (*from).into()),
            ("low", low.as_str().into()),
            ("to", (*to).into()),
            ("high", high.as_str().into()),
        ];
        line(words.say("listing-scale"), words.tell("listing-ends", &with));
    }
    match &question.when {
        Some(when) => line(words.say("listing-when"), rules.said(when)),
        None if question.for_therapist => {
            line(words.say("listing-when"), words.say("listing-therapist"));
        }
        None => line(words.say("listing-asked"), words.say("listing-always")),
    }
    line(words.say("listing-why"), capital(&question.why));
    out + "\n"
}

/// Writes to standard output; a reader that goes away is not an error.
pub(crate) fn print(text: &str, color: bool) -> Result<(), Failure> {
    let text = if color { text.to_owned() } else { console::strip_ansi_codes(text).into_owned() };
    let mut out = io::stdout().lock();
    out.write_all(text.as_bytes())?;
    out.flush()?;
    Ok(())
}
