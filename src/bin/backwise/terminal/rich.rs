//! Prompts drawn by dialoguer: a pointer moved by arrows, and what the keys do in one dim line.
//!
//! What is particular to dialoguer, and stays so:
//! - `q` goes back like Esc, and `j`, `k`, `h`, `l` move; it has no way to take a key from it, so
//!   why a question is asked is always shown rather than on `?`, and text is the one kind where
//!   back is typed (`<`), as its input knows no Esc.
//! - An arrow key that arrives in pieces reads as Esc and a letter; back loses nothing, so it does
//!   no harm.
//! - Its text input counts characters, not columns: wide characters are shown a little off while
//!   they are edited, and are taken as typed.
//! - It fails on a window of one or two rows: that failure is caught, and the question asked in
//!   plain lines.

use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};

use backwise::language::Language;
use backwise::prose::columns;
use backwise::questionnaire::{Answer, Kind, Question};
use console::Term;
use dialoguer::theme::Theme;
use dialoguer::{Input, MultiSelect, Select};

use super::input::{self, Echo};
use super::list::{Entry, List, MARK, POINTER};
use super::look::{Look, hanging, is_tiny, lines, size, text_width};
use super::signals::{Event, Watch};
use super::{Halt, Reply, Review, Sheet, Told};

/// The prompts.
pub(super) struct Rich<'a> {
    pub(super) words: Language,
    pub(super) look: Look,
    pub(super) watch: &'a Watch,
    pub(super) term: Term,
}

/// What came of putting a prompt.
enum Put<T> {
    Got(T),
    Back,
    /// The window is too small for it.
    TooSmall,
}

impl Rich<'_> {
    /// Writes lines that stay.
    pub(super) fn tell(&self, told: &Told<'_>) -> io::Result<()> {
        let width = text_width(size().1);
        match told {
            Told::Title(text) => self.write(&lines(text, width, ""), |line| self.look.strong(line)),
            Told::Text(text) => self.write(&lines(text, width, ""), str::to_owned),
            Told::Quiet(text) => self.write(&lines(text, width, ""), |line| self.look.dim(line)),
            Told::Heading(text) => {
                self.term.write_line("")?;
                let heading = format!("{} {text}", self.look.rule());
                self.write(&hanging(&heading, width, "   "), |line| self.look.strong(line))
            }
            Told::Given(question, answer) => {
                let width = width.saturating_sub(2);
                let answer = super::read_back(self.words, question, answer);
                // The answer is there in full; of the question, as much as leaves it room.
                let room = width.saturating_sub(columns(&answer) + 2);
                let room = room.max(width / 3);
                let line = format!("{}  {answer}", self.look.cut(&question.ask, room));
                let done = self.look.done();
                for (nth, line) in hanging(&line, width, "  ").iter().enumerate() {
                    let mark = if nth == 0 { done } else { " " };
                    self.term.write_line(&format!("{} {}", self.look.dim(mark), line))?;
                }
                Ok(())
            }
        }
    }

    fn write(&self, lines: &[String], paint: impl Fn(&str) -> String) -> io::Result<()> {
        lines.iter().try_for_each(|line| self.term.write_line(&paint(line)))
    }

    /// Asks a question; `None` where the window is too small for it.
    pub(super) fn ask(&self, sheet: &Sheet<'_>) -> Result<Option<Reply>, Halt> {
        let question = sheet.question;
        if question.kind == Kind::Text {
            return self.ask_text(sheet);
        }
        let many = matches!(question.kind, Kind::AnyOf { .. });
        let marks: Vec<u64> = Question::single_marks(question.all_marks()).collect();
        let mut before = match sheet.before {
            Some(Answer::Marks(before)) => marks.iter().map(|mark| before & mark != 0).collect(),
            _ => vec![false; marks.len()],
        };
        let mut notice = sheet.notice.clone();
        loop {
            let put = self.put(
                sheet.asked(),
                |width, tight| self.head(sheet, notice.as_deref(), width, tight),
                |width| {
                    let entries =
                        marks.iter().map(|&mark| entry(question, mark, width, many)).collect();
                    self.list(entries, many, width)
                },
                &before,
                many,
            )?;
            before = match put {
                Put::Got(marked) => marked,
                Put::Back => return Ok(Some(Reply::Back)),
                Put::TooSmall => return Ok(None),
            };
            let answer = marks.iter().zip(&before).filter(|(_, marked)| **marked);
            let answer = answer.fold(0, |all, (mark, _)| all | mark);
            match sheet.marked(answer) {
                Ok(answer) => return Ok(Some(Reply::Given(answer))),
                Err(wrong) => notice = Some(wrong),
            }
        }
    }

    /// Shows all answers, one of them to be picked; `None` where the window is too small for it.
    pub(super) fn review(&self, review: &Review<'_>) -> Result<Option<Reply<usize>>, Halt> {
        let mut before = vec![false; review.given.len() + 1];
        before[0] = true;
        let (title, go_on) = (review.title(), review.go_on());
        let put = self.put(
            &title,
            |width, _| {
                let mut head = vec![String::new()];
                head.extend(hanging(&title, width, "").iter().map(|line| self.look.strong(line)));
                let says = lines(&self.words.say("review-pick"), width, "");
                head.extend(says.iter().map(|line| self.look.dim(line)));
                head
            },
            |width| {
                let inner = width.saturating_sub(POINTER);
                let first = hanging(&go_on, inner, "");
                let mut entries = vec![Entry { label: first, ..Entry::default() }];
                entries.extend(review.given.iter().map(|given| {
                    let answer = super::read_back(self.words, given.question, &given.answer);
                    let room = inner.saturating_sub(columns(&answer) + 2).max(inner / 2);
                    let ask = self.look.cut(&given.question.ask, room);
                    let whole = format!("{}  {answer}", given.question.ask);
                    let label = self.look.cut(&format!("{ask}  {answer}"), inner);
                    let help = if columns(&whole) > inner {
                        hanging(&whole, inner, "")
                    } else {
                        Vec::new()
                    };
                    let heading = given.heading.map(|heading| self.look.cut(heading, width));
                    Entry { heading, label: vec![label], help, alone: false }
                }));
                self.list(entries, false, width)
            },
            &before,
            false,
        )?;
        Ok(match put {
            Put::Got(marked) => {
                let picked = marked.iter().position(|&marked| marked).unwrap_or(0);
                Some(
                    picked
                        .checked_sub(1)
                        .map_or(Reply::GoOn, |nth| Reply::Given(review.given[nth].index)),
                )
            }
            Put::Back => Some(Reply::Back),
            Put::TooSmall => None,
        })
    }

    /// The lines above the list. Where not all fits, the question itself comes last, as the lines
    /// before it may scroll away.
    fn head(
        &self,
        sheet: &Sheet<'_>,
        notice: Option<&str>,
        width: usize,
        tight: bool,
    ) -> Vec<String> {
        let paint = |text: &str, style: &dyn Fn(&str) -> String| -> Vec<String> {
            lines(text, width, "").iter().map(|line| style(line)).collect()
        };
        let dim = |text: &str| self.look.dim(text);
        let asks = sheet.asks().into_iter();
        let ask = asks.flat_map(|part| paint(part, &|text| self.look.strong(text))).collect();
        let mut about = Vec::new();
        if let Some(help) = &sheet.question.help {
            about.extend(paint(help, &str::to_owned));
        }
        about.extend(paint(&sheet.why(), &dim));
        if let Some(note) = sheet.note() {
            let so_far = self.words.tell("so-far", &[("note", note.into())]);
            about.extend(paint(&so_far, &str::to_owned));
        }
        let mut head = vec![String::new()];
        let progress = sheet.progress_line(|number| number.to_string());
        head.extend(progress.iter().flat_map(|line| paint(line, &dim)));
        let notice = notice.map(|notice| paint(notice, &|text| self.look.notice(text)));
        let parts = if tight { [about, ask] } else { [ask, about] };
        head.extend(parts.into_iter().flatten());
        head.extend(notice.into_iter().flatten());
        head
    }

    /// A list with the keys that work on it.
    fn list(&self, entries: Vec<Entry>, many: bool, width: usize) -> List {
        let arrows =
            if self.look.ascii { self.words.say("keys-arrows") } else { "↑↓".to_owned() };
        let keys = match (many, width < 48) {
            (false, false) => "keys-one",
            (true, false) => "keys-many",
            (false, true) => "keys-one-narrow",
            (true, true) => "keys-many-narrow",
        };
        let keys = self.words.tell(keys, &[("arrows", arrows.into())]);
        List::new(self.words, self.look, entries, many, hanging(&keys, width, ""))
    }

    /// Puts a list until it is answered: draws it, and draws it anew when the window changes.
    fn put(
        &self,
        title: &str,
        head: impl Fn(usize, bool) -> Vec<String>,
        list: impl Fn(usize) -> List,
        before: &[bool],
        many: bool,
    ) -> Result<Put<Vec<bool>>, Halt> {
        let mut marks = before.to_vec();
        self.begin()?;
        loop {
            self.watch.drawing();
            let (rows, columns) = size();
            let width = text_width(columns);
            let rows = usize::from(rows);
            let mut list = list(width);
            list.mark(&marks);
            let mut lines = head(width, false);
            let fits = list.fit(rows.saturating_sub(1 + lines.len()), 4);
            if !fits {
                lines = head(width, true);
                list.title = Some(self.look.cut(title, width));
                if is_tiny(size()) || !list.fit(rows.saturating_sub(1), 1) {
                    return Ok(Put::TooSmall);
                }
            }
            lines.iter().try_for_each(|line| self.term.write_line(line))?;
            let items = list.items();
            let put = guarded(|| {
                if many {
                    let prompt = MultiSelect::with_theme(&list).items(&items).defaults(&marks);
                    let prompt = prompt.max_length(list.per_page()).report(false);
                    let got = prompt.interact_on_opt(&self.term)?;
                    return Ok(got.map(|_| list.marks()));
                }
                let prompt = Select::with_theme(&list).items(&items).report(false);
                let prompt = prompt.max_length(list.per_page());
                // Nothing is picked on a first visit, so that no stray key answers a question.
                let picked = marks.iter().position(|&marked| marked);
                let prompt = picked.map_or(prompt.clone(), |picked| prompt.default(picked));
                let got = prompt.interact_on_opt(&self.term)?;
                Ok(got.map(|got| (0..items.len()).map(|item| item == got).collect()))
            });
            let Some(put) = put else {
                self.push_away()?;
                return Ok(Put::TooSmall);
            };
            match put {
                Ok(got) => {
                    if fits {
                        self.term.clear_last_lines(lines.len())?;
                    }
                    return Ok(got.map_or(Put::Back, Put::Got));
                }
                Err(error) => {
                    self.came(error)?;
                    // What was marked or picked is still so when the prompt is drawn anew.
                    let pointer = list.pointer();
                    marks = if many {
                        list.marks()
                    } else {
                        (0..items.len()).map(|item| Some(item) == pointer).collect()
                    };
                }
            }
        }
    }

    fn ask_text(&self, sheet: &Sheet<'_>) -> Result<Option<Reply>, Halt> {
        let mut notice = sheet.notice.clone();
        self.begin()?;
        loop {
            self.watch.drawing();
            let (rows, columns_) = size();
            let width = text_width(columns_);
            let mut head = self.head(sheet, notice.as_deref(), width, false);
            let keys = if sheet.note().is_some() { "keys-text-again" } else { "keys-text" };
            let keys = self.words.say(keys);
            head.extend(hanging(&keys, width, "").iter().map(|line| self.look.dim(line)));
            if is_tiny((rows, columns_)) {
                return Ok(None);
            }
            head.iter().try_for_each(|line| self.term.write_line(line))?;
            let theme = TextTheme { look: self.look };
            let put = guarded(|| {
                let input: Input<'_, String> = Input::with_theme(&theme);
                input.allow_empty(true).report(false).interact_text_on(&self.term)
            });
            let Some(put) = put else {
                self.push_away()?;
                return Ok(None);
            };
            let typed = match put {
                Ok(typed) => typed,
                Err(error) => {
                    self.came(error)?;
                    continue;
                }
            };
            // dialoguer clears the line the cursor is on; a long text took more.
            let typed_rows = (columns(&typed) + POINTER).saturating_sub(1) / usize::from(columns_);
            let drawn = head.len() + typed_rows;
            if drawn < usize::from(rows) {
                self.term.clear_last_lines(drawn)?;
            }
            let pasted = format!("{typed}\n{}", input::rest_of_paste());
            match sheet.typed(pasted.trim()) {
                Ok(reply) => return Ok(Some(reply)),
                Err(wrong) => notice = Some(wrong),
            }
        }
    }

    /// Before a prompt is drawn for the first time: hears what came in, and throws away what was
    /// typed before there was a question to answer.
    fn begin(&self) -> Result<(), Halt> {
        match self.watch.event() {
            Some(Event::End(signal)) => return Err(Halt::Signal(signal)),
            Some(Event::Suspend) => self.suspend()?,
            Some(Event::Redraw { .. }) | None => {}
        }
        if input::discard() {
            return Err(Halt::Signal(2));
        }
        self.term.clear_line()?;
        Ok(())
    }

    /// Hears what interrupted a prompt; returns when it is to be drawn anew.
    fn came(&self, dialoguer::Error::IO(error): dialoguer::Error) -> Result<(), Halt> {
        if error.kind() != io::ErrorKind::Interrupted {
            return Err(error.into());
        }
        match self.watch.interruption() {
            Some(Event::Redraw { resized: true }) => self.push_away()?,
            Some(Event::Redraw { resized: false }) => self.term.write_line("")?,
            Some(Event::Suspend) => self.suspend()?,
            Some(Event::End(signal)) => return Err(Halt::Signal(signal)),
            None => return Err(Halt::Signal(2)),
        }
        Ok(())
    }

    /// Stops the program, with the terminal as the shell wants it.
    fn suspend(&self) -> io::Result<()> {
        self.term.show_cursor()?;
        let echo = Echo::on();
        self.watch.suspend();
        drop(echo);
        self.term.write_line("")
    }

    /// Pushes what is on the screen up and out of sight, as nobody knows how a terminal breaks
    /// lines anew that were drawn for another width.
    fn push_away(&self) -> io::Result<()> {
        self.term.show_cursor()?;
        let rows = usize::from(size().0);
        self.term.move_cursor_to(0, rows.saturating_sub(1))?;
        self.term.write_str(&"\n".repeat(rows))?;
        self.term.move_cursor_to(0, 0)?;
        self.term.clear_to_end_of_screen()
    }
}

/// Runs a prompt; `None` if it failed as dialoguer does in a window that has become too small.
fn guarded<T>(prompt: impl FnOnce() -> dialoguer::Result<T>) -> Option<dialoguer::Result<T>> {
    catch_unwind(AssertUnwindSafe(prompt))
        .map_or_else(|panic| if is_tiny(size()) { None } else { resume_unwind(panic) }, Some)
}

fn entry(question: &Question, mark: u64, width: usize, many: bool) -> Entry {
    let prefix = POINTER + if many { MARK } else { 0 };
    let inner = width.saturating_sub(prefix);
    let label = super::label(question, mark);
    let step = usize::try_from(mark.trailing_zeros()).unwrap_or(usize::MAX);
    let help = question.choices().get(step).and_then(|choice| choice.help.as_deref());
    Entry {
        heading: None,
        label: hanging(&label, inner, ""),
        help: help.map_or_else(Vec::new, |help| lines(help, inner, "")),
        alone: !question.marks().contains(&mark),
    }
}

/// Draws the line a text is typed on.
struct TextTheme {
    look: Look,
}

impl Theme for TextTheme {
    fn format_input_prompt(
        &self,
        f: &mut dyn std::fmt::Write,
        _: &str,
        _: Option<&str>,
    ) -> std::fmt::Result {
        write!(f, "{} ", self.look.pointer())
    }
}
