//! The interview on a terminal: the library's state machine, drawn and spoken.
//!
//! Two sets of prompts put the same steps to a person: `rich`, drawn by dialoguer, and `plain`, in
//! lines. Both only turn a step into a reply. The loop in [`conduct`] is one, so that the two
//! cannot come to ask, or to keep, different things. All of it goes to standard error; standard
//! output is for the result.

use std::env;
use std::io::{self, IsTerminal as _};
use std::sync::Once;

use backwise::interview::{Progress, Step};
use backwise::language::Language;
use backwise::proof::remaining::{BETWEEN_QUESTIONS, is_settled};
use backwise::prose::clean_line;
use backwise::questionnaire::{Answer, Kind, LONGEST_NOTE, Question};
use backwise::{Answers, Interview, RuleSet};
use console::Term;

use crate::failure::Failure;
use crate::session::Kept;

mod input;
mod list;
mod look;
mod plain;
mod rich;
mod signals;
pub(crate) mod style;

use input::Echo;
use look::{Look, is_tiny, size};
use plain::Plain;
use rich::Rich;
use signals::{Watch, is_hangup};

/// How the interview is conducted.
#[expect(clippy::struct_excessive_bools, reason = "each is a setting of its own")]
pub(crate) struct Settings {
    /// In plain lines, without drawing.
    pub(crate) plain: bool,
    /// With colour.
    pub(crate) color: bool,
    /// With no symbols beyond ASCII.
    pub(crate) ascii: bool,
    /// By a therapist, who reads the questions to a client.
    pub(crate) for_therapist: bool,
    /// Where the answers are kept, if they are.
    pub(crate) kept: Option<Kept>,
}

impl Settings {
    /// Works out how to ask from the flags and the environment, which is read here alone.
    pub(crate) fn detect(plain: bool, color: style::ColorChoice, for_therapist: bool) -> Self {
        let set = |name| env::var(name).ok().filter(|value| !value.is_empty());
        let cannot_draw = set("TERM").is_none_or(|term| term == "dumb") && !cfg!(windows);
        let locale = ["LC_ALL", "LC_CTYPE", "LANG"].into_iter().find_map(set);
        let is_utf8 = locale.is_some_and(|locale| {
            let locale = locale.to_lowercase();
            locale.contains("utf-8") || locale.contains("utf8")
        });
        Self {
            plain: plain || cannot_draw || set("ACCESSIBLE").is_some(),
            color: style::wants(color, io::stderr().is_terminal()),
            ascii: !is_utf8,
            for_therapist,
            kept: None,
        }
    }
}

/// Whether there is a person to ask: standard input and standard error are both a terminal.
///
/// dialoguer looks at standard error alone, and would open `/dev/tty` where input is a pipe.
pub(crate) fn is_interactive() -> bool {
    io::stdin().is_terminal() && io::stderr().is_terminal()
}

/// Conducts the interview to its end.
///
/// `keep` is called with all answers after each one that is given or changed, and before it is
/// repeated on the screen: what was seen to be taken is kept.
pub(crate) fn conduct(
    rules: &RuleSet,
    mut interview: Interview<'_>,
    settings: &Settings,
    keep: &mut dyn FnMut(&Answers) -> Result<(), Failure>,
) -> Result<Answers, Failure> {
    let watch = Watch::begin()?;
    let _cursor = Cursor::guard();
    let _echo = if settings.plain { Echo::on() } else { Echo::off() };
    let mut desk = Desk::new(rules, settings, &watch);
    match desk.ask_all(&mut interview, keep) {
        Ok(()) => Ok(interview.into_answers()),
        Err(Halt::Failed(failure)) => Err(failure),
        Err(Halt::Saved) => {
            Err(Failure::Stopped { kept: kept(settings, interview.answers(), rules) })
        }
        Err(Halt::Signal(signal)) => {
            Err(Failure::Interrupted { signal, kept: kept(settings, interview.answers(), rules) })
        }
    }
}

/// What was kept when the interview stopped, and how to go on.
fn kept(settings: &Settings, answers: &Answers, rules: &RuleSet) -> String {
    let words = rules.words();
    let number = answers.spelled(&rules.questionnaire).count();
    match &settings.kept {
        Some(kept) => {
            let command = kept.command.as_str().into();
            words.tell("stopped-kept", &[("number", number.into()), ("command", command)])
        }
        None => words.say("stopped-nothing"),
    }
}

/// Why there is no answer to go on with.
enum Halt {
    /// A signal, by its number.
    Signal(u8),
    /// The person saved, and stopped.
    Saved,
    /// Something failed.
    Failed(Failure),
}

impl From<io::Error> for Halt {
    fn from(error: io::Error) -> Self {
        if is_hangup(&error) { Self::Signal(1) } else { Self::Failed(error.into()) }
    }
}

/// What a person did at a prompt.
enum Reply<T = Answer> {
    /// Answered, or picked.
    Given(T),
    /// Went back.
    Back,
    /// Saved, to stop.
    Save,
    /// Went on from the review.
    GoOn,
}

/// Lines that are told.
enum Told<'a> {
    Title(&'a str),
    Text(&'a str),
    Quiet(&'a str),
    Heading(&'a str),
    /// An answer just taken.
    Given(&'a Question, &'a Answer),
}

/// A question as it is put.
struct Sheet<'a> {
    words: Language,
    question: &'a Question,
    /// How far along it is, where it is one of the questionnaire's.
    progress: Option<Progress>,
    for_therapist: bool,
    /// The answer given before.
    before: Option<Answer>,
    /// What has to be said first.
    notice: Option<String>,
}

impl Sheet<'_> {
    /// The question, in paragraphs. What a therapist reads aloud never stands for it: it leads up to
    /// a question that is read too, or puts what a note is called into words.
    fn asks(&self) -> Vec<&str> {
        let ask = self.question.ask.as_str();
        match self.question.read_aloud.as_deref().filter(|_| self.for_therapist) {
            Some(aloud) if aloud == ask => vec![ask],
            Some(aloud) if self.question.kind == Kind::Text => vec![ask, aloud],
            Some(aloud) => vec![aloud, ask],
            None => vec![ask],
        }
    }

    /// The last of it, which is what is answered.
    fn asked(&self) -> &str {
        self.asks().last().copied().unwrap_or(&self.question.ask)
    }

    fn why(&self) -> String {
        self.words.tell("why-asked", &[("why", self.question.why.as_str().into())])
    }

    /// How far along it is, with its numbers put as they are to be read.
    fn progress_line(&self, put: impl Fn(usize) -> String) -> Option<String> {
        let progress = self.progress.as_ref()?;
        let [number, about] = [progress.number, progress.about].map(put);
        Some(self.words.tell("progress", &[("number", number.into()), ("about", about.into())]))
    }

    /// The text given before, where there is one.
    fn note(&self) -> Option<String> {
        match &self.before {
            Some(Answer::Note(note)) if !note.is_empty() => Some(clean_line(note)),
            _ => None,
        }
    }

    /// The answer of these marks, or what is wrong with it, in words for a person.
    fn marked(&self, marks: u64) -> Result<Answer, String> {
        let words: Vec<String> =
            Question::single_marks(marks).map(|mark| self.question.word(mark)).collect();
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        let tell = |id: &str, name: &str, value: &str| self.words.tell(id, &[(name, value.into())]);
        self.question.parse(&words).map_err(|_| match &self.question.kind {
            Kind::AnyOf { at_most: Some(most), .. } if words.len() > *most => {
                tell("wrong-too-many", "most", &most.to_string())
            }
            Kind::AnyOf { none: Some(none), .. } if words.is_empty() => {
                tell("wrong-nothing-but-none", "none", none)
            }
            Kind::AnyOf { .. } if words.is_empty() => self.words.say("wrong-nothing"),
            Kind::AnyOf { .. } => {
                let alone = Question::single_marks(marks).last().unwrap_or_default();
                tell("wrong-alone", "answer", &self.question.label(alone))
            }
            _ => self.words.say("wrong-one"),
        })
    }

    /// What a text that was typed means: a key, or an answer.
    fn typed(&self, typed: &str) -> Result<Reply, String> {
        match (typed, &self.before) {
            ("<", _) => Ok(Reply::Back),
            ("?", _) => Err(self.why()),
            ("", Some(before)) => Ok(Reply::Given(before.clone())),
            ("-", Some(_)) => Ok(Reply::Given(Answer::Note(String::new()))),
            (typed, _) => self.question.parse(&[typed]).map(Reply::Given).map_err(|_| {
                // A text can be nothing else that is wrong.
                let number = typed.chars().count().into();
                let most = LONGEST_NOTE.into();
                self.words.tell("wrong-too-long", &[("number", number), ("most", most)])
            }),
        }
    }
}

/// What a person reads for one mark; the ends of a scale say what they mean.
fn label(question: &Question, mark: u64) -> String {
    let label = question.label(mark);
    match &question.kind {
        Kind::Scale { from, low, .. } if label == from.to_string() => format!("{label}  {low}"),
        Kind::Scale { to, high, .. } if label == to.to_string() => format!("{label}  {high}"),
        _ => label,
    }
}

/// An answer in words, on one line.
fn read_back(words: Language, question: &Question, answer: &Answer) -> String {
    match clean_line(&question.read_back(answer)).trim_end_matches('.') {
        "" => words.say("nothing-said"),
        said => said.to_owned(),
    }
}

/// All answers, to be looked through.
struct Review<'a> {
    words: Language,
    given: Vec<Given<'a>>,
    is_complete: bool,
}

/// An answer in the review.
struct Given<'a> {
    index: usize,
    question: &'a Question,
    answer: Answer,
    /// The heading above it, where it begins a group.
    heading: Option<&'a str>,
}

impl Review<'_> {
    fn title(&self) -> String {
        self.words.say(if self.is_complete { "review-complete" } else { "review-so-far" })
    }

    fn go_on(&self) -> String {
        self.words.say(if self.is_complete { "see-result" } else { "go-on" })
    }
}

/// Puts the steps of an interview to a person.
struct Desk<'a> {
    rules: &'a RuleSet,
    settings: &'a Settings,
    rich: Rich<'a>,
    plain: Plain<'a>,
    /// The group whose heading was told last.
    group: Option<usize>,
    /// Whether the person was offered to leave the rest, as it could change nothing.
    offered: bool,
}

impl<'a> Desk<'a> {
    fn new(rules: &'a RuleSet, settings: &'a Settings, watch: &'a Watch) -> Self {
        let term = Term::stderr();
        let look = Look { color: settings.color, ascii: settings.ascii };
        let saves = settings.kept.is_some();
        let words = rules.words();
        let plain = Plain { words, watch, term: term.clone(), saves };
        Self {
            rules,
            settings,
            rich: Rich { words, look, watch, term },
            plain,
            group: None,
            offered: false,
        }
    }

    fn is_plain(&self) -> bool {
        self.settings.plain || is_tiny(size())
    }

    fn tell(&self, told: &Told<'_>) -> io::Result<()> {
        if self.is_plain() { self.plain.tell(told) } else { self.rich.tell(told) }
    }

    fn ask_all(
        &mut self,
        interview: &mut Interview<'_>,
        keep: &mut dyn FnMut(&Answers) -> Result<(), Failure>,
    ) -> Result<(), Halt> {
        self.open(interview)?;
        let mut notice = None;
        loop {
            match interview.step() {
                Step::Done => return Ok(()),
                Step::Review => match self.review(interview)? {
                    Reply::Given(question) => interview.change(question),
                    Reply::GoOn => interview.go_on(),
                    Reply::Back => {
                        interview.back();
                    }
                    Reply::Save => return Err(Halt::Saved),
                },
                Step::Ask(question_idx) if self.is_to_offer(interview, question_idx) => {
                    match self.offer_to_stop(question_idx)? {
                        Reply::Given(true) => interview.leave_the_rest(),
                        Reply::Given(false) | Reply::GoOn => {}
                        Reply::Back => {
                            interview.back();
                        }
                        Reply::Save => return Err(Halt::Saved),
                    }
                }
                Step::Ask(question_idx) => {
                    match self.ask(interview, question_idx, notice.take())? {
                        Reply::Given(answer) => {
                            interview.answer(answer.clone());
                            keep(interview.answers()).map_err(Halt::Failed)?;
                            let question = &self.rules.questionnaire.questions[question_idx];
                            self.tell(&Told::Given(question, &answer))?;
                        }
                        Reply::Back if interview.back() => {}
                        Reply::Back => {
                            notice = Some(self.rules.words().say("first-question"));
                        }
                        Reply::Save => return Err(Halt::Saved),
                        Reply::GoOn => {}
                    }
                }
            }
        }
    }

    /// What is said before the first question.
    fn open(&self, interview: &mut Interview<'_>) -> io::Result<()> {
        let kept = self.settings.kept.as_ref();
        self.tell(&Told::Title(&self.rules.title))?;
        match kept.filter(|kept| !kept.found.is_empty()) {
            Some(kept) => {
                kept.found.iter().try_for_each(|found| self.tell(&Told::Text(found)))?;
                if interview.answers().spelled(&self.rules.questionnaire).next().is_some() {
                    interview.look_through();
                }
            }
            None => self.tell(&Told::Text(&self.rules.opening))?,
        }
        let words = self.rules.words();
        let stop = match kept {
            Some(kept) => words.tell("kept-in", &[("file", kept.name.as_str().into())]),
            None => words.say("kept-nowhere"),
        };
        self.tell(&Told::Quiet(&stop))
    }

    /// Whether nothing that is left can change the result, and this was not said yet.
    fn is_to_offer(&self, interview: &Interview<'_>, question_idx: usize) -> bool {
        let questions = &self.rules.questionnaire.questions;
        // A note can never change it; a therapist who came to the notes wants to take them.
        let counts = |&question: &usize| questions[question].kind != Kind::Text;
        !self.offered
            && !interview.answers().is_answered(question_idx)
            && interview.open_questions().iter().any(counts)
            && is_settled(self.rules, interview.answers(), BETWEEN_QUESTIONS) == Ok(true)
    }

    /// Says that nothing left can change the result, and asks whether to stop here.
    fn offer_to_stop(&mut self, question_idx: usize) -> Result<Reply<bool>, Halt> {
        self.offered = true;
        let words = self.rules.words();
        let question = Question {
            ask: words.say("stop-ask"),
            help: Some(words.say("stop-about")),
            why: words.say("stop-why"),
            read_aloud: None,
            kind: Kind::YesNo,
            unsure: None,
            ..self.rules.questionnaire.questions[question_idx].clone()
        };
        let sheet = Sheet {
            words,
            question: &question,
            progress: None,
            for_therapist: self.settings.for_therapist,
            before: None,
            notice: None,
        };
        let yes = question.mark("yes").map(Answer::Marks);
        Ok(match self.put(&sheet)? {
            Reply::Given(answer) => Reply::Given(Some(answer) == yes),
            Reply::Back => Reply::Back,
            Reply::Save => Reply::Save,
            Reply::GoOn => Reply::GoOn,
        })
    }

    fn ask(
        &mut self,
        interview: &Interview<'_>,
        question_idx: usize,
        notice: Option<String>,
    ) -> Result<Reply, Halt> {
        let question = &self.rules.questionnaire.questions[question_idx];
        if self.group.replace(question.group) != Some(question.group) {
            self.tell(&Told::Heading(&self.rules.questionnaire.groups[question.group].title))?;
        }
        let sheet = Sheet {
            words: self.rules.words(),
            question,
            progress: Some(interview.progress(question_idx)),
            for_therapist: self.settings.for_therapist,
            before: interview.answers().get(question_idx),
            notice,
        };
        self.put(&sheet)
    }

    fn put(&self, sheet: &Sheet<'_>) -> Result<Reply, Halt> {
        if !self.is_plain()
            && let Some(reply) = self.rich.ask(sheet)?
        {
            return Ok(reply);
        }
        self.plain.ask(sheet)
    }

    fn review(&mut self, interview: &Interview<'_>) -> Result<Reply<usize>, Halt> {
        let mut group = None;
        let questionnaire = &self.rules.questionnaire;
        let given = interview.asked().into_iter().filter_map(|index| {
            let question = &questionnaire.questions[index];
            let answer = interview.answers().get(index)?;
            let is_first = group.replace(question.group) != Some(question.group);
            let heading = is_first.then(|| questionnaire.groups[question.group].title.as_str());
            Some(Given { index, question, answer, heading })
        });
        let review = Review {
            words: self.rules.words(),
            given: given.collect(),
            is_complete: interview.is_complete(),
        };
        // After it, the heading of the next question is wanted again.
        self.group = None;
        if !self.is_plain()
            && let Some(reply) = self.rich.review(&review)?
        {
            return Ok(reply);
        }
        self.plain.review(&review)
    }
}

/// Shows the cursor again, however the interview ends; dialoguer hides it and knows no way out but
/// an answer.
struct Cursor;

impl Cursor {
    fn guard() -> Self {
        static HOOK: Once = Once::new();
        HOOK.call_once(|| {
            let before = std::panic::take_hook();
            std::panic::set_hook(Box::new(move |panic| {
                let _ = Term::stderr().show_cursor();
                // In a tiny window it is dialoguer that fails, which is caught and made good.
                if !is_tiny(size()) {
                    before(panic);
                }
            }));
        });
        Self
    }
}

impl Drop for Cursor {
    fn drop(&mut self) {
        // With the terminal gone there is no cursor to show.
        let _ = Term::stderr().show_cursor();
    }
}
