//! Prompts in plain lines, for screen readers, for terminals that cannot draw, for windows that
//! are too small, and for anyone who prefers them: numbered choices, a number typed, Enter. Nothing
//! moves, nothing is drawn twice, nothing is said by colour or by a symbol.

use std::io;

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
                self.say(&format!("Your answer: {}.", super::read_back(question, answer)))
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
        let progress = &sheet.progress;
        let (number, about) = (in_words(progress.number), in_words(progress.about));
        self.say(&format!("Question {number} of about {about}."))?;
        self.say(sheet.asks())?;
        if let Some(help) = &question.help {
            self.say(help)?;
        }
        let marks: Vec<u64> = Question::single_marks(question.all_marks()).collect();
        match &question.kind {
            Kind::Scale { from, to, low, high } => {
                self.say(&format!("{from} means {low}. {to} means {high}."))?;
            }
            Kind::Text => {}
            _ => {
                for (nth, &mark) in marks.iter().enumerate() {
                    self.say(&format!("{}. {}", nth + 1, super::label(question, mark)))?;
                }
            }
        }
        if let Some(before) = &sheet.before {
            let before = super::read_back(question, before);
            self.say(&format!("Your answer so far: {before}. Enter alone keeps it."))?;
        }
        self.say(&self.how(question, marks.len()))?;
        if let Some(notice) = &sheet.notice {
            self.say(notice)?;
        }
        loop {
            let typed = self.read("Answer: ")?;
            let wrong = match typed.trim() {
                "" if sheet.before.is_some() => match &sheet.before {
                    Some(before) => return Ok(Reply::Given(before.clone())),
                    None => continue,
                },
                "?" => self.explain(sheet, &marks)?,
                "b" | "B" | "<" | "\u{1b}" => return Ok(Reply::Back),
                "s" | "S" if self.saves => return Ok(Reply::Save),
                "s" | "S" => {
                    "Nothing is kept without --session, so there is nothing to save.".into()
                }
                typed if question.kind == Kind::Text => match sheet.typed(typed) {
                    Ok(reply) => return Ok(reply),
                    Err(wrong) => wrong,
                },
                typed => match chosen(question, &marks, typed).map(|marks| sheet.marked(marks)) {
                    Some(Ok(answer)) => return Ok(Reply::Given(answer)),
                    Some(Err(wrong)) => wrong,
                    None => {
                        let typed = clean_line(typed);
                        let typed: String = typed.chars().take(40).collect();
                        format!(
                            "\"{typed}\" is no answer here. {}",
                            self.how(question, marks.len())
                        )
                    }
                },
            };
            if !wrong.is_empty() {
                self.say(&wrong)?;
                // The question again, so that nobody has to look back for it.
                self.say(sheet.asks())?;
            }
        }
    }

    /// Shows all answers, one of them to be picked by its number.
    pub(super) fn review(&self, review: &Review<'_>) -> Result<Reply<usize>, Halt> {
        self.term.write_line("")?;
        self.say(review.title())?;
        for (nth, given) in review.given.iter().enumerate() {
            if let Some(heading) = given.heading {
                self.say(&sentence(heading))?;
            }
            let answer = super::read_back(given.question, &given.answer);
            self.say(&format!("{}. {} {answer}.", nth + 1, given.question.ask))?;
        }
        let count = review.given.len();
        let go_on = if review.is_complete { "see the result" } else { "go on with the questions" };
        let how = format!(
            "Enter alone to {go_on}. Or type the number of an answer to change it, from 1 to \
             {count}. b goes back.{}",
            self.save_key(),
        );
        self.say(&how)?;
        loop {
            let typed = self.read("Enter, or a number: ")?;
            match typed.trim() {
                "" => return Ok(Reply::GoOn),
                "b" | "B" | "<" | "\u{1b}" => return Ok(Reply::Back),
                "s" | "S" if self.saves => return Ok(Reply::Save),
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
        let how = match &question.kind {
            Kind::Scale { from, to, .. } => {
                let unsure = question.unsure.as_ref();
                let unsure =
                    unsure.map(|unsure| format!(" Type u for: {}.", unsure.trim_end_matches('.')));
                format!("Type a number from {from} to {to}.{}", unsure.unwrap_or_default())
            }
            Kind::AnyOf { at_most, .. } => {
                let most = at_most.map(|most| format!(", at most {}", in_words(most)));
                let most = most.unwrap_or_default();
                format!("Type one or more numbers from 1 to {count}{most}, such as 1 2.")
            }
            Kind::YesNo | Kind::OneOf(_) => format!("Type one number from 1 to {count}."),
            Kind::Text => "Type your answer. It may stay empty.".to_owned(),
        };
        format!("{how} Then Enter. b goes back, ? says why.{}", self.save_key())
    }

    fn save_key(&self) -> &'static str {
        if self.saves { " s saves and stops." } else { "" }
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
        self.term.write_str(prompt)?;
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
            self.term.write_str(prompt)?;
        }
    }
}

/// The marks that were typed: numbers of choices, a number on the scale, or the words that flags
/// and files take.
fn chosen(question: &Question, marks: &[u64], typed: &str) -> Option<u64> {
    let is_scale = matches!(question.kind, Kind::Scale { .. });
    let one = |word: &str| -> Option<u64> {
        let word = word.to_lowercase();
        let short = match word.as_str() {
            "u" => "unsure",
            "y" => "yes",
            "n" => "no",
            other => other,
        };
        let nth = word.parse::<usize>().ok().filter(|_| !is_scale);
        match nth {
            Some(nth) => marks.get(nth.checked_sub(1)?).copied(),
            None => question.mark(short),
        }
    };
    let words = typed.split([' ', ',', ';', '\t']).filter(|word| !word.is_empty());
    let mut chosen = 0;
    for word in words {
        chosen |= one(word)?;
    }
    (chosen != 0).then_some(chosen)
}

/// With a full stop where there is no mark yet, so that it is read as a sentence.
fn sentence(text: &str) -> String {
    let text = capital(&clean_line(text));
    if text.ends_with(['.', '?', '!']) { text } else { format!("{text}.") }
}

/// A number in words, as it is to be heard.
fn in_words(number: usize) -> String {
    const SMALL: [&str; 20] = [
        "zero",
        "one",
        "two",
        "three",
        "four",
        "five",
        "six",
        "seven",
        "eight",
        "nine",
        "ten",
        "eleven",
        "twelve",
        "thirteen",
        "fourteen",
        "fifteen",
        "sixteen",
        "seventeen",
        "eighteen",
        "nineteen",
    ];
    const TENS: [&str; 10] =
        ["", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"];
    match number {
        0..20 => SMALL[number].to_owned(),
        20..100 if number.is_multiple_of(10) => TENS[number / 10].to_owned(),
        20..100 => format!("{}-{}", TENS[number / 10], SMALL[number % 10]),
        _ => number.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::in_words;

    #[test]
    fn numbers_are_said_as_people_say_them() {
        let said: Vec<String> = [1, 12, 20, 21, 90, 99, 100].map(in_words).to_vec();
        assert_eq!(said, ["one", "twelve", "twenty", "twenty-one", "ninety", "ninety-nine", "100"]);
    }
}
