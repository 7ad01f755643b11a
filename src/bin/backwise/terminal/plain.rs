//! Prompts in plain lines, for screen readers, for terminals that cannot draw, for windows that
//! are too small, and for anyone who prefers them: numbered choices, a number typed, Enter. Nothing
//! moves, nothing is drawn twice, nothing is said by colour or by a symbol.

use std::io;

use backwise::language::Language;
use backwise::prose::{capital, clean_line};
use backwise::questionnaire::{Kind, Question};
use console::Term;

use super::input::{self, Echo};
use super::look::{lines, size, text_width};
use super::signals::{Event, Line, Watch};
use super::{Halt, Reply, Review, Sheet, Told};

/// In a window narrower than this the terminal breaks lines itself.
const NARROW: u16 = 20;

/// The prompts.
pub(super) struct Plain<'a> {
    pub(super) words: Language,
    pub(super) watch: &'a Watch,
    pub(super) term: Term,
    /// Whether answers are kept, so that one can save and stop.
    pub(super) saves: bool,
}

impl Plain<'_> {
    /// Writes lines.
    pub(super) fn tell(&self, told: &Told<'_>) -> io::Result<()> {
        match told {
            Told::Title(text) | Told::Text(text) | Told::Quiet(text) => self.say(text),
            Told::Heading(text) => {
                self.term.write_line("")?;
                self.say(&sentence(text))
            }
            Told::Given(question, answer) => {
                let answer = super::read_back(self.words, question, answer);
                self.say(&self.words.tell("plain-given", &[("answer", answer.into())]))
            }
        }
    }

    fn say(&self, text: &str) -> io::Result<()> {
        let columns = size().1;
        let width = if columns < NARROW { usize::MAX } else { text_width(columns) };
        lines(text, width, "").iter().try_for_each(|line| self.term.write_line(line))
    }

    /// Asks a question.
    pub(super) fn ask(&self, sheet: &Sheet<'_>) -> Result<Reply, Halt> {
        let question = sheet.question;
        self.term.write_line("")?;
        if let Some(progress) = sheet.progress_line(|number| self.words.number(number)) {
            self.say(&sentence(&progress))?;
        }
        sheet.asks().into_iter().try_for_each(|part| self.say(part))?;
        if let Some(help) = &question.help {
            self.say(help)?;
        }
        let marks: Vec<u64> = Question::single_marks(question.all_marks()).collect();
        match &question.kind {
            Kind::Scale { from, to, low, high } => {
                let ends = [
                    ("from", (*from).into()),
                    ("low", low.as_str().into()),
                    ("to", (*to).into()),
                    ("high", high.as_str().into()),
                ];
                self.say(&self.words.tell("plain-scale", &ends))?;
            }
            Kind::Text => {}
            _ => {
                for (nth, &mark) in marks.iter().enumerate() {
                    self.say(&format!("{}. {}", nth + 1, super::label(question, mark)))?;
                }
            }
        }
        if let Some(before) = &sheet.before {
            let before = super::read_back(self.words, question, before);
            self.say(&self.words.tell("plain-before", &[("answer", before.into())]))?;
        }
        self.say(&self.how(question, marks.len()))?;
        if let Some(notice) = &sheet.notice {
            self.say(notice)?;
        }
        let prompt = self.words.say("plain-prompt");
        loop {
            let typed = self.read(&prompt)?;
            let wrong = match typed.trim() {
                "" if sheet.before.is_some() => match &sheet.before {
                    Some(before) => return Ok(Reply::Given(before.clone())),
                    None => continue,
                },
                "?" => self.explain(sheet, &marks)?,
                typed if self.is_back(typed) => return Ok(Reply::Back),
                typed if self.is("typed-save", typed) && self.saves => return Ok(Reply::Save),
                typed if self.is("typed-save", typed) => self.words.say("plain-no-session"),
                typed if question.kind == Kind::Text => match sheet.typed(typed) {
                    Ok(reply) => return Ok(reply),
                    Err(wrong) => wrong,
                },
                typed => {
                    match self.chosen(question, &marks, typed).map(|marks| sheet.marked(marks)) {
                        Some(Ok(answer)) => return Ok(Reply::Given(answer)),
                        Some(Err(wrong)) => wrong,
                        None => {
                            let typed = clean_line(typed);
                            let typed: String = typed.chars().take(40).collect();
                            let wrong =
                                self.words.tell("plain-no-answer", &[("typed", typed.into())]);
                            format!("{wrong} {}", self.how(question, marks.len()))
                        }
                    }
                }
            };
            if !wrong.is_empty() {
                self.say(&wrong)?;
                // The question again, so that nobody has to look back for it.
                self.say(sheet.asked())?;
            }
        }
    }

    /// Shows all answers, one of them to be picked by its number.
    pub(super) fn review(&self, review: &Review<'_>) -> Result<Reply<usize>, Halt> {
        self.term.write_line("")?;
        self.say(&review.title())?;
        for (nth, given) in review.given.iter().enumerate() {
            if let Some(heading) = given.heading {
                self.say(&sentence(heading))?;
            }
            let answer = super::read_back(self.words, given.question, &given.answer);
            self.say(&format!("{}. {} {answer}.", nth + 1, given.question.ask))?;
        }
        let count = review.given.len();
        let how = if review.is_complete { "plain-see-result" } else { "plain-go-on" };
        let how = self.words.tell(how, &[("count", count.into())]) + &self.save_key();
        self.say(&how)?;
        let prompt = self.words.say("plain-review-prompt");
        loop {
            let typed = self.read(&prompt)?;
            match typed.trim() {
                "" => return Ok(Reply::GoOn),
                typed if self.is_back(typed) => return Ok(Reply::Back),
                typed if self.is("typed-save", typed) && self.saves => return Ok(Reply::Save),
                typed => match typed.parse::<usize>() {
                    Ok(nth) if (1..=count).contains(&nth) => {
                        return Ok(Reply::Given(review.given[nth - 1].index));
                    }
                    _ => self.say(&how)?,
                },
            }
        }
    }

    /// What can be typed.
    fn how(&self, question: &Question, count: usize) -> String {
        let words = self.words;
        let count = ("count", count.into());
        let how = match &question.kind {
            Kind::Scale { from, to, .. } => {
                let ends = [("from", (*from).into()), ("to", (*to).into())];
                let mut how = words.tell("plain-number", &ends);
                if let Some(unsure) = &question.unsure {
                    let unsure = unsure.trim_end_matches('.').into();
                    how = format!("{how} {}", words.tell("plain-unsure", &[("unsure", unsure)]));
                }
                how
            }
            Kind::AnyOf { at_most: Some(most), .. } => {
                let most = ("most", words.number(*most).into());
                words.tell("plain-at-most", &[count, most])
            }
            Kind::AnyOf { at_most: None, .. } => words.tell("plain-many", &[count]),
            Kind::YesNo | Kind::OneOf(_) => words.tell("plain-one", &[count]),
            Kind::Text => words.say("plain-text"),
        };
        format!("{how} {}{}", words.say("plain-keys"), self.save_key())
    }

    fn save_key(&self) -> String {
        if self.saves { format!(" {}", self.words.say("plain-save")) } else { String::new() }
    }

    /// Whether what was typed is a word for this.
    fn is(&self, id: &str, typed: &str) -> bool {
        let typed = typed.to_lowercase();
        self.words.say(id).split(' ').any(|word| word == typed)
    }

    fn is_back(&self, typed: &str) -> bool {
        matches!(typed, "<" | "\u{1b}") || self.is("typed-back", typed)
    }

    /// The marks that were typed: numbers of choices, a number on the scale, words for yes, no and
    /// not sure, or the words that flags and files take.
    fn chosen(&self, question: &Question, marks: &[u64], typed: &str) -> Option<u64> {
        let is_scale = matches!(question.kind, Kind::Scale { .. });
        let one = |word: &str| -> Option<u64> {
            if let Some(nth) = word.parse::<usize>().ok().filter(|_| !is_scale) {
                return marks.get(nth.checked_sub(1)?).copied();
            }
            let short = [("typed-unsure", "unsure"), ("typed-yes", "yes"), ("typed-no", "no")];
            let short = short.into_iter().find(|(id, _)| self.is(id, word));
            question.mark(short.map_or(word.to_lowercase().as_str(), |(_, word)| word))
        };
        let words = typed.split([' ', ',', ';', '\t']).filter(|word| !word.is_empty());
        let mut chosen = 0;
        for word in words {
            chosen |= one(word)?;
        }
        (chosen != 0).then_some(chosen)
    }

    /// Says why the question is asked and what its words mean. Returns what to say after it.
    fn explain(&self, sheet: &Sheet<'_>, marks: &[u64]) -> io::Result<String> {
        self.say(&sheet.why())?;
        if let Some(help) = &sheet.question.help {
            self.say(help)?;
        }
        for (nth, choice) in sheet.question.choices().iter().enumerate() {
            if let Some(help) = &choice.help {
                self.say(&format!("{}. {}: {help}", nth + 1, choice.label))?;
            }
        }
        Ok(self.how(sheet.question, marks.len()))
    }

    fn read(&self, prompt: &str) -> Result<String, Halt> {
        let _echo = Echo::on();
        if input::discard() {
            return Err(Halt::Signal(2));
        }
        let prompt = format!("{prompt} ");
        self.term.write_str(&prompt)?;
        loop {
            match self.watch.read_line() {
                Ok(Line::Typed(line)) => return Ok(line),
                Ok(Line::End) => {
                    self.term.write_line("")?;
                    return Err(Halt::Signal(2));
                }
                Ok(Line::Came(Event::End(signal))) => {
                    self.term.write_line("")?;
                    return Err(Halt::Signal(signal));
                }
                Ok(Line::Came(Event::Redraw { resized: true })) => continue,
                Ok(Line::Came(Event::Redraw { resized: false })) => {}
                Ok(Line::Came(Event::Suspend)) => self.watch.suspend(),
                Err(error) => return Err(error.into()),
            }
            // What was typed before is still in the line; only the prompt is said again.
            self.term.write_line("")?;
            self.term.write_str(&prompt)?;
        }
    }
}

/// With a full stop where there is no mark yet, so that it is read as a sentence.
fn sentence(text: &str) -> String {
    let text = capital(&clean_line(text));
    if text.ends_with(['.', '?', '!']) { text } else { format!("{text}.") }
}
