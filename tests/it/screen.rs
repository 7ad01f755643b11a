//! The real binary on a terminal: keys in, what stands on the screen out.
//!
//! Every step waits for what should be seen next, so that a slow machine makes a test slow and
//! never red. A key is sent only when the prompt it is for has been drawn.

use std::io::{Read as _, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use nix::sys::signal::Signal;
use nix::unistd::Pid;
use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};
use tempfile::TempDir;

/// Long enough for a machine with other things to do.
const PATIENCE: Duration = Duration::from_secs(15);

pub(crate) const DOWN: &str = "\u{1b}[B";
pub(crate) const ESC: &str = "\u{1b}";
pub(crate) const ENTER: &str = "\r";
pub(crate) const CTRL_C: &str = "\u{3}";
pub(crate) const CTRL_D: &str = "\u{4}";

/// What stands before what is typed in plain lines.
pub(crate) const PROMPT: &str = "Answer: ";
pub(crate) const REVIEW_PROMPT: &str = "Enter, or a number: ";
/// The same in Spanish.
pub(crate) const SPANISH_PROMPT: &str = "Respuesta: ";
pub(crate) const SPANISH_REVIEW_PROMPT: &str = "Intro, o un número: ";
const PROMPTS: [&str; 4] = [PROMPT, REVIEW_PROMPT, SPANISH_PROMPT, SPANISH_REVIEW_PROMPT];

/// The rule set with every kind of question.
pub(crate) const SMALL: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/terminal/rules.yaml");

/// A terminal being prepared.
pub(crate) struct Terminal {
    pub(crate) rows: u16,
    pub(crate) columns: u16,
    pub(crate) folder: Arc<TempDir>,
    arguments: Vec<String>,
    environment: Vec<(String, String)>,
    /// Where standard output goes, as the shell is told it.
    output: &'static str,
}

impl Terminal {
    pub(crate) fn new(arguments: &str) -> Self {
        let environment = [("LANG", "en_US.UTF-8"), ("TERM", "xterm-256color")];
        Self {
            rows: 40,
            columns: 80,
            folder: Arc::new(tempfile::tempdir().unwrap()),
            arguments: arguments.split_whitespace().map(str::to_owned).collect(),
            environment: environment.map(|(name, value)| (name.into(), value.into())).to_vec(),
            output: ">result",
        }
    }

    /// On the rule set with every kind of question.
    pub(crate) fn small(arguments: &str) -> Self {
        Self::new(&format!("--rules {SMALL} --color never {arguments}"))
    }

    /// With the result on the screen too.
    pub(crate) fn all_on_screen(self) -> Self {
        Self { output: "", ..self }
    }

    pub(crate) fn size(self, rows: u16, columns: u16) -> Self {
        Self { rows, columns, ..self }
    }

    pub(crate) fn env(mut self, name: &str, value: &str) -> Self {
        self.environment.retain(|(known, _)| known != name);
        self.environment.push((name.into(), value.into()));
        self
    }

    /// In the folder of an earlier one.
    pub(crate) fn folder(self, folder: &Arc<TempDir>) -> Self {
        Self { folder: Arc::clone(folder), ..self }
    }

    pub(crate) fn start(self) -> Screen {
        let size = PtySize { rows: self.rows, cols: self.columns, pixel_width: 0, pixel_height: 0 };
        let pair = native_pty_system().openpty(size).unwrap();
        // The result goes to a file, so that the screen has the interview and the bytes are whole.
        let mut command = CommandBuilder::new("/bin/sh");
        let run = format!("exec \"$0\" \"$@\" {}", self.output);
        command.args(["-c", &run, env!("CARGO_BIN_EXE_backwise")]);
        command.args(&self.arguments);
        command.env_clear();
        for (name, value) in &self.environment {
            command.env(name, value);
        }
        command.cwd(self.folder.path());
        let modes = pair.master.get_termios();
        let child = pair.slave.spawn_command(command).unwrap();
        drop(pair.slave);
        let mut reader = pair.master.try_clone_reader().unwrap();
        let shown = Arc::new((
            Mutex::new(Shown {
                parser: vt100::Parser::new(self.rows.max(2), self.columns.max(4), 1000),
                bytes: Vec::new(),
                is_over: false,
                is_closing: false,
            }),
            Condvar::new(),
        ));
        let drawn = Arc::clone(&shown);
        thread::spawn(move || {
            let mut buffer = [0; 8192];
            loop {
                // The system can tell that the program has closed its side while the last bytes it
                // wrote are still on their way: the end is believed when it is told twice.
                let mut read = || reader.read(&mut buffer).ok().filter(|&read| read > 0);
                let read = read().or_else(read).unwrap_or(0);
                // A test that failed while it looked has nothing more to lose.
                let mut shown = drawn.0.lock().unwrap_or_else(PoisonError::into_inner);
                shown.parser.process(&buffer[..read]);
                shown.bytes.extend_from_slice(&buffer[..read]);
                shown.is_over |= read == 0;
                drawn.1.notify_all();
                if read == 0 || shown.is_closing {
                    return;
                }
            }
        });
        let writer = pair.master.take_writer().unwrap();
        Screen {
            prompts: 0,
            folder: self.folder,
            master: Some(pair.master),
            writer,
            child,
            shown,
            modes,
        }
    }
}

struct Shown {
    parser: vt100::Parser,
    bytes: Vec<u8>,
    is_over: bool,
    is_closing: bool,
}

/// A terminal with the program running on it.
pub(crate) struct Screen {
    pub(crate) folder: Arc<TempDir>,
    master: Option<Box<dyn MasterPty + Send>>,
    writer: Box<dyn Write + Send>,
    child: Box<dyn Child + Send + Sync>,
    shown: Arc<(Mutex<Shown>, Condvar)>,
    modes: Option<nix::sys::termios::Termios>,
    /// How many prompts in plain lines were typed at.
    prompts: usize,
}

impl Screen {
    /// Waits until what is on the screen is as it should be.
    #[track_caller]
    pub(crate) fn until(&self, what: &str, is_so: impl Fn(&str) -> bool) -> String {
        let end = Instant::now() + PATIENCE;
        let mut shown = self.shown.0.lock().unwrap();
        loop {
            let contents = shown.parser.screen().contents();
            if is_so(&contents) {
                return contents;
            }
            assert!(!shown.is_over, "over before {what}:\n{contents}");
            let left = end.saturating_duration_since(Instant::now());
            assert!(!left.is_zero(), "never {what}:\n{contents}");
            shown = self.shown.1.wait_timeout(shown, left).unwrap().0;
        }
    }

    /// Waits until a text is on the screen.
    #[track_caller]
    pub(crate) fn sees(&self, text: &str) -> String {
        self.until(&format!("saw {text:?}"), |contents| contents.contains(text))
    }

    /// What is on the screen.
    pub(crate) fn contents(&self) -> String {
        self.shown.0.lock().unwrap().parser.screen().contents()
    }

    /// Every byte that was drawn, as text.
    pub(crate) fn drawn(&self) -> String {
        String::from_utf8_lossy(&self.shown.0.lock().unwrap().bytes).into_owned()
    }

    pub(crate) fn send(&mut self, keys: &str) {
        // A program that has ended reads nothing more.
        let _ = self.writer.write_all(keys.as_bytes());
        let _ = self.writer.flush();
    }

    /// In a list: moves the pointer down, each step seen, then presses a key.
    #[track_caller]
    pub(crate) fn pick(&mut self, entry: &str, key: &str) {
        for _ in 0..80 {
            let contents = self.contents();
            if pointed(&contents).is_some_and(|line| line.contains(entry)) {
                self.send(key);
                return;
            }
            self.send(DOWN);
            let before = pointed(&contents);
            self.until("moved the pointer", |now| pointed(now).is_some() && pointed(now) != before);
        }
        panic!("no entry {entry:?}:\n{}", self.contents());
    }

    /// Waits for a question, and picks an answer of it.
    #[track_caller]
    pub(crate) fn answer(&mut self, question: &str, entry: &str) {
        self.sees(question);
        self.sees_keys();
        self.pick(entry, ENTER);
        self.until("took the answer", |contents| gave(contents, entry));
    }

    /// Waits for a question that is none of the questionnaire, whose answer is not repeated on the
    /// screen, and picks an answer of it.
    #[track_caller]
    pub(crate) fn decide(&mut self, question: &str, entry: &str) {
        self.sees(question);
        self.sees_keys();
        self.pick(entry, ENTER);
    }

    /// Waits for a question, marks answers of it and confirms them.
    #[track_caller]
    pub(crate) fn mark(&mut self, question: &str, entries: &[&str]) {
        self.sees(question);
        self.sees_keys();
        for entry in entries {
            self.pick(entry, " ");
            let marked = |line: &str| line.contains("[x]") && line.contains(entry);
            self.until("marked", |contents| contents.lines().any(marked));
        }
        self.send(ENTER);
    }

    /// Waits until a list is complete: its keys are drawn last.
    #[track_caller]
    pub(crate) fn sees_keys(&self) {
        self.until("saw the keys", |contents| {
            contents.contains("Enter") || contents.contains("Intro")
        });
    }

    /// In plain lines: waits for the next prompt, and for what should stand before it, and types a
    /// line.
    #[track_caller]
    pub(crate) fn types(&mut self, after: &str, prompt: &str, line: &str) {
        self.prompts = self.until_drawn(&format!("asked {after:?}"), |drawn| {
            let flat = flat(drawn);
            let prompts = PROMPTS.iter().map(|prompt| drawn.matches(prompt).count()).sum();
            let is_next = flat
                .rfind(&self::flat(after))
                .is_some_and(|at| flat[at..].ends_with(&self::flat(prompt)));
            (prompts > self.prompts && is_next).then_some(prompts)
        });
        self.send(&format!("{line}\n"));
    }

    pub(crate) fn resize(&mut self, rows: u16, columns: u16) {
        self.shown.0.lock().unwrap().parser.screen_mut().set_size(rows.max(2), columns.max(4));
        let size = PtySize { rows, cols: columns, pixel_width: 0, pixel_height: 0 };
        self.master.as_ref().unwrap().resize(size).unwrap();
    }

    /// Sends a signal by its name.
    pub(crate) fn signal(&self, name: &str) {
        let id = i32::try_from(self.child.process_id().unwrap()).unwrap();
        let signal: Signal = format!("SIG{name}").parse().unwrap();
        nix::sys::signal::kill(Pid::from_raw(id), signal).unwrap();
    }

    /// The state of the process, as the system names it: `T` where it is stopped.
    pub(crate) fn state(&self) -> String {
        let id = self.child.process_id().unwrap();
        let stat = std::fs::read_to_string(format!("/proc/{id}/stat")).unwrap_or_default();
        stat.rsplit(") ").next().unwrap_or_default().chars().take(1).collect()
    }

    /// Closes the window. The thread that reads holds it open until it has something to read, so a
    /// key is pressed that makes the program draw.
    pub(crate) fn close(&mut self) {
        self.shown.0.lock().unwrap().is_closing = true;
        self.send(DOWN);
        self.master = None;
        self.writer = Box::new(std::io::sink());
    }

    /// Waits for the end and returns the exit code.
    #[track_caller]
    pub(crate) fn ends(&mut self) -> i32 {
        let end = Instant::now() + PATIENCE;
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                // Past the interview a signal ends the program as it ends any other, for which a
                // shell says 128 and its number.
                return match status.signal() {
                    Some(signal) if signal.starts_with("Hangup") => 129,
                    Some(signal) if signal.starts_with("Interrupt") => 130,
                    _ => i32::try_from(status.exit_code()).unwrap(),
                };
            }
            assert!(Instant::now() < end, "never ended:\n{}", self.contents());
            thread::sleep(Duration::from_millis(5));
        }
    }

    /// Waits for the end, and checks that the terminal is left as it was found.
    #[track_caller]
    pub(crate) fn ends_well(&mut self, code: i32) -> String {
        assert_eq!(self.ends(), code, "{}", self.contents());
        let modes = self.master.as_ref().and_then(|master| master.get_termios());
        assert!(modes == self.modes, "the terminal is left in another mode");
        let end = Instant::now() + PATIENCE;
        let mut shown = self.shown.0.lock().unwrap();
        while !shown.is_over && Instant::now() < end {
            shown = self.shown.1.wait_timeout(shown, Duration::from_millis(200)).unwrap().0;
        }
        assert!(!shown.parser.screen().hide_cursor(), "the cursor is left hidden");
        shown.parser.screen().contents()
    }

    /// What was written to standard output.
    pub(crate) fn result(&self) -> String {
        std::fs::read_to_string(self.path("result")).unwrap()
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        if matches!(self.child.try_wait(), Ok(None)) {
            self.signal("KILL");
            let _ = self.child.wait();
        }
    }
}

/// The line the pointer is at.
pub(crate) fn pointed(contents: &str) -> Option<String> {
    let is_pointed = |line: &&str| line.starts_with("❯ ") || line.starts_with("> ");
    contents.lines().rfind(is_pointed).map(str::to_owned)
}

/// Whether an answer is repeated on the screen.
pub(crate) fn gave(contents: &str, answer: &str) -> bool {
    let is_given = |line: &str| line.starts_with("✔ ") || line.starts_with("* ");
    contents.lines().any(|line| is_given(line) && line.contains(answer))
        || contents.contains("Your answers")
}

/// The text with its lines joined.
fn flat(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The text of a file, if it is there.
pub(crate) fn text_of(path: &Path) -> Option<String> {
    std::fs::read_to_string(path).ok()
}

impl Screen {
    /// Waits until the bytes drawn so far give what is wanted.
    #[track_caller]
    pub(crate) fn until_drawn<T>(&self, what: &str, wanted: impl Fn(&str) -> Option<T>) -> T {
        let end = Instant::now() + PATIENCE;
        let mut shown = self.shown.0.lock().unwrap();
        loop {
            let drawn = String::from_utf8_lossy(&shown.bytes).into_owned();
            if let Some(found) = wanted(&drawn) {
                return found;
            }
            assert!(!shown.is_over, "over before {what}:\n{drawn}");
            let left = end.saturating_duration_since(Instant::now());
            assert!(!left.is_zero(), "never {what}:\n{drawn}");
            shown = self.shown.1.wait_timeout(shown, left).unwrap().0;
        }
    }

    /// Waits until the cursor is shown.
    #[track_caller]
    pub(crate) fn until_cursor(&self) {
        let end = Instant::now() + PATIENCE;
        let mut shown = self.shown.0.lock().unwrap();
        while shown.parser.screen().hide_cursor() {
            let left = end.saturating_duration_since(Instant::now());
            assert!(!left.is_zero(), "the cursor stays hidden");
            shown = self.shown.1.wait_timeout(shown, left).unwrap().0;
        }
    }

    /// Waits until the process is in a state.
    #[track_caller]
    pub(crate) fn until_state(&self, state: &str) {
        let end = Instant::now() + PATIENCE;
        while self.state() != state {
            assert!(Instant::now() < end, "never in state {state}:\n{}", self.contents());
            thread::sleep(Duration::from_millis(5));
        }
    }

    /// Whether the terminal is in the mode it was found in.
    pub(crate) fn has_first_modes(&self) -> bool {
        self.master.as_ref().and_then(|master| master.get_termios()) == self.modes
    }
}

impl Screen {
    /// Waits until all that was written is on the screen.
    pub(crate) fn until_over(&self) -> String {
        let end = Instant::now() + PATIENCE;
        let mut shown = self.shown.0.lock().unwrap();
        while !shown.is_over && Instant::now() < end {
            shown = self.shown.1.wait_timeout(shown, Duration::from_millis(200)).unwrap().0;
        }
        shown.parser.screen().contents()
    }
}
