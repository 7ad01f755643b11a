//! A list drawn by a dialoguer theme.
//!
//! dialoguer counts bytes where it should count columns, so it is handed numbers as items and this
//! theme draws what they stand for, wrapped beforehand; it counts the line breaks it is given, and
//! so keeps its place. It knows no answer that excludes others either. So the marks are kept here:
//! a change of dialoguer's own mark at the entry under the pointer means that Space was pressed
//! there, and the marks drawn above it are put right on the screen when the list is complete.

use std::cell::RefCell;
use std::fmt;

use backwise::language::Language;
use dialoguer::theme::Theme;

use super::look::Look;

/// One entry of a list.
#[derive(Clone, Debug, Default)]
pub(super) struct Entry {
    /// Stands above it.
    pub(super) heading: Option<String>,
    /// What it says, wrapped.
    pub(super) label: Vec<String>,
    /// What its words mean, wrapped; shown while the pointer is at it.
    pub(super) help: Vec<String>,
    /// Whether it excludes all others, as "none of these" does.
    pub(super) alone: bool,
}

/// The columns before a label: the pointer, and the mark where there are marks.
pub(super) const POINTER: usize = 2;
pub(super) const MARK: usize = 4;

/// A list, and where the person is in it.
pub(super) struct List {
    words: Language,
    pub(super) look: Look,
    /// Stands above every page, where what is above the list may be out of sight.
    pub(super) title: Option<String>,
    entries: Vec<Entry>,
    /// Whether several can be marked.
    many: bool,
    /// The keys that work, in lines.
    keys: Vec<String>,
    per_page: usize,
    state: RefCell<State>,
}

#[derive(Debug, Default)]
struct State {
    /// Where the pointer was drawn last.
    pointer: Option<usize>,
    /// The marks as they are meant.
    marks: Vec<bool>,
    /// The marks as dialoguer has them.
    raw: Vec<Option<bool>>,
    /// Entries whose raw mark changed in this drawing.
    changed: Vec<usize>,
    /// Where the pointer stands in this drawing.
    pointer_now: Option<usize>,
    /// The line at which each label begins, and the mark drawn there, in this drawing.
    drawn: Vec<(usize, usize, bool)>,
    /// Lines so far in this drawing.
    lines: usize,
}

impl List {
    /// A list of which one entry is picked, or several marked.
    pub(super) fn new(
        words: Language,
        look: Look,
        entries: Vec<Entry>,
        many: bool,
        keys: Vec<String>,
    ) -> Self {
        let length = entries.len();
        let state =
            State { marks: vec![false; length], raw: vec![None; length], ..State::default() };
        Self {
            words,
            look,
            title: None,
            entries,
            many,
            keys,
            per_page: length,
            state: RefCell::new(state),
        }
    }

    /// What dialoguer is given for the entries.
    pub(super) fn items(&self) -> Vec<String> {
        (0..self.entries.len()).map(|entry| entry.to_string()).collect()
    }

    /// As many entries as go on a page.
    pub(super) fn per_page(&self) -> usize {
        self.per_page
    }

    /// Marks entries beforehand.
    pub(super) fn mark(&mut self, marks: &[bool]) {
        self.state.get_mut().marks = marks.to_vec();
    }

    /// The marks as they stand.
    pub(super) fn marks(&self) -> Vec<bool> {
        self.state.borrow().marks.clone()
    }

    /// Where the pointer is.
    pub(super) fn pointer(&self) -> Option<usize> {
        self.state.borrow().pointer
    }

    /// Divides the list into pages of at most so many lines. Returns whether that can be done with
    /// at least so many entries on a page.
    pub(super) fn fit(&mut self, room: usize, at_least: usize) -> bool {
        // dialoguer takes two lines less than there are to be the most.
        let most = room.saturating_sub(1).min(self.entries.len());
        let fits = |per_page: usize| {
            let around = usize::from(self.title.is_some())
                + self.keys.len()
                + usize::from(per_page < self.entries.len());
            self.entries.chunks(per_page).all(|page| {
                let label =
                    |entry: &Entry| entry.label.len() + usize::from(entry.heading.is_some());
                let lines: usize = page.iter().map(label).sum();
                let help = page.iter().map(|entry| entry.help.len()).max().unwrap_or(0);
                lines + help + around <= room
            })
        };
        let Some(per_page) = (1..=most).rev().find(|&per_page| fits(per_page)) else {
            return false;
        };
        self.per_page = per_page;
        per_page >= self.entries.len().min(at_least)
    }

    fn draw(&self, f: &mut dyn fmt::Write, item: &str, active: bool, raw: bool) -> fmt::Result {
        let Some((at, entry)) = item.parse().ok().and_then(|at| Some((at, self.entries.get(at)?)))
        else {
            return Ok(());
        };
        let is_last = (at + 1) % self.per_page == 0 || at + 1 == self.entries.len();
        let mut state = self.state.borrow_mut();
        if at % self.per_page == 0 {
            state.begin();
        }
        state.see(at, active, raw);
        if is_last {
            state.settle(&self.entries);
        }
        let mut lines: Vec<String> = Vec::new();
        if let Some(title) = self.title.as_ref().filter(|_| at % self.per_page == 0) {
            lines.push(self.look.strong(title));
        }
        if let Some(heading) = &entry.heading {
            lines.push(self.look.dim(heading));
        }
        let label_line = state.lines + lines.len();
        let mark = state.marks[at];
        state.drawn.push((at, label_line, mark));
        for (nth, label) in entry.label.iter().enumerate() {
            let pointer = if active && nth == 0 { self.look.pointer() } else { " " };
            let mark = match (self.many, nth) {
                (true, 0) => mark_text(mark),
                (true, _) => "    ",
                (false, _) => "",
            };
            let line = format!("{pointer} {mark}{label}");
            lines.push(if active { self.look.picked(&line) } else { line });
        }
        if active {
            let indent = " ".repeat(POINTER + if self.many { MARK } else { 0 });
            lines.extend(entry.help.iter().map(|line| self.look.dim(&format!("{indent}{line}"))));
        }
        if is_last {
            if self.per_page < self.entries.len() {
                let (page, pages) =
                    (at / self.per_page + 1, self.entries.len().div_ceil(self.per_page));
                let with = [("page", page.into()), ("pages", pages.into())];
                lines.push(self.look.dim(&self.words.tell("keys-page", &with)));
            }
            lines.extend(self.keys.iter().map(|line| self.look.dim(line)));
        }
        f.write_str(&lines.join("\n"))?;
        state.lines += lines.len();
        if is_last {
            self.correct(f, &state)?;
        }
        Ok(())
    }

    /// Puts right the marks drawn before it was known what Space had changed. The cursor goes up
    /// to them and comes back, so that dialoguer's count of lines stays true.
    fn correct(&self, f: &mut dyn fmt::Write, state: &State) -> fmt::Result {
        for &(at, line, drawn) in &state.drawn {
            let mark = state.marks[at];
            if drawn != mark {
                let text = mark_text(mark);
                let active = state.pointer_now == Some(at);
                let text = if active { self.look.picked(text) } else { text.to_owned() };
                let up = state.lines - 1 - line;
                write!(f, "\u{1b}7\u{1b}[{up}A\r\u{1b}[{POINTER}C{text}\u{1b}8")?;
            }
        }
        Ok(())
    }
}

fn mark_text(mark: bool) -> &'static str {
    if mark { "[x] " } else { "[ ] " }
}

impl State {
    fn begin(&mut self) {
        self.changed.clear();
        self.drawn.clear();
        self.lines = 0;
        self.pointer_now = None;
    }

    fn see(&mut self, at: usize, active: bool, raw: bool) {
        if self.raw[at].is_some_and(|before| before != raw) {
            self.changed.push(at);
        }
        self.raw[at] = Some(raw);
        if active {
            self.pointer_now = Some(at);
        }
    }

    /// Takes a change at the pointer as Space pressed there. Where more changed, it was the key
    /// that marks all, and "all of these" is never meant.
    fn settle(&mut self, entries: &[Entry]) {
        if let [at] = self.changed[..]
            && self.pointer == Some(at)
            && self.pointer_now == Some(at)
        {
            let mark = !self.marks[at];
            if mark {
                for (other, entry) in entries.iter().enumerate() {
                    self.marks[other] &= !entry.alone && !entries[at].alone;
                }
            }
            self.marks[at] = mark;
        }
        self.pointer = self.pointer_now;
    }
}

impl Theme for List {
    fn format_select_prompt_item(
        &self,
        f: &mut dyn fmt::Write,
        text: &str,
        active: bool,
    ) -> fmt::Result {
        self.draw(f, text, active, false)
    }

    fn format_multi_select_prompt_item(
        &self,
        f: &mut dyn fmt::Write,
        text: &str,
        checked: bool,
        active: bool,
    ) -> fmt::Result {
        self.draw(f, text, active, checked)
    }
}
