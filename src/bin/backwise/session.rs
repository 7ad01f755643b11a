//! The session file: answers kept as they are given, and found again.
//!
//! It is written beside its place, synced, and renamed into it, so that there is always one whole
//! file, whenever the program or the machine stops. Nothing is written over that this program did
//! not write, or that another window has written since.

#[cfg(unix)]
use std::fs::TryLockError;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};
#[cfg(unix)]
use std::time::Duration;

use backwise::language::Language;
use backwise::{Answers, RuleSet, Session};

use crate::failure::{self, Failure};
use crate::output;

/// The most bytes of a session: every note full, many times over.
const LONGEST_FILE: u64 = 4 << 20;

/// What the interview is told about where answers are kept.
#[derive(Clone, Debug)]
pub(crate) struct Kept {
    /// The file, as it was named.
    pub(crate) name: String,
    /// The command that goes on with it.
    pub(crate) command: String,
    /// What was found in it; nothing if it is new.
    pub(crate) found: Vec<String>,
}

/// A session and its file.
pub(crate) struct SessionFile<'a> {
    rules: &'a RuleSet,
    name: String,
    /// Where the file is, behind any link.
    path: PathBuf,
    session: Session,
    /// What the file holds, as far as this program knows; none if there is no file yet.
    text: Option<String>,
}

impl<'a> SessionFile<'a> {
    /// Opens a session, or begins one where there is no file.
    pub(crate) fn open(rules: &'a RuleSet, file: &Path) -> Result<Self, Failure> {
        let name = file.display().to_string();
        let unreadable = |error| Failure::Unreadable { name: name.clone(), error };
        let path = match fs::canonicalize(file) {
            Ok(path) => path,
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                let answers = Answers::new(&rules.questionnaire);
                // Where its folder is missing too, writing says so.
                let path = output::behind_links(file).or_else(|_| std::path::absolute(file));
                let path = path.map_err(unreadable)?;
                return Ok(Self { rules, name, path, session: Session::new(answers), text: None });
            }
            Err(error) => return Err(unreadable(error)),
        };
        let words = rules.words();
        let text = read(&path, words).map_err(unreadable)?;
        let text = text.ok_or_else(|| damaged(words, &name, &words.say("session-no-text")))?;
        if text.trim().is_empty() {
            return Err(damaged(words, &name, &words.say("session-empty")));
        }
        let session = Session::read(rules, &text).map_err(|faults| {
            let drawn: String = faults.iter().map(|fault| fault.draw(&name, &text)).collect();
            damaged(words, &name, &drawn)
        })?;
        Ok(Self { rules, name, path, session, text: Some(text) })
    }

    /// The answers in it.
    pub(crate) fn answers(&self) -> &Answers {
        &self.session.answers
    }

    /// What was found in it, in sentences.
    pub(crate) fn found(&self) -> Vec<String> {
        if self.text.is_none() {
            return Vec::new();
        }
        let words = self.rules.words();
        let number = self.session.answers.spelled(&self.rules.questionnaire).count();
        let file = self.name.as_str().into();
        let mut found =
            vec![words.tell("session-found", &[("number", number.into()), ("file", file)])];
        if let Some(version) = &self.session.other_version {
            let now = self.rules.version.as_str();
            let id = if version == now { "session-edition" } else { "session-version" };
            let with = [("version", version.as_str().into()), ("now", now.into())];
            found.push(words.tell(id, &with));
        }
        let questionnaire = &self.rules.questionnaire;
        let ids = self.session.set_aside.iter().map(|(id, _)| id.clone());
        let (asked, gone): (Vec<String>, Vec<String>) =
            ids.partition(|id| questionnaire.find(id).is_some());
        if !asked.is_empty() {
            let questions = self.rules.questions_said(&asked).into();
            found.push(words.tell("session-asked-again", &[("questions", questions)]));
        }
        if !gone.is_empty() {
            let answers = self.rules.questions_said(&gone).into();
            found.push(words.tell("session-gone", &[("answers", answers)]));
        }
        found
    }

    /// Keeps the answers.
    pub(crate) fn keep(&mut self, answers: &Answers) -> Result<(), Failure> {
        self.session.answers.clone_from(answers);
        let questionnaire = &self.rules.questionnaire;
        self.session.set_aside.retain(|(id, _)| {
            questionnaire.find(id).is_none_or(|question| !answers.is_answered(question))
        });
        let text = self.session.write(self.rules);
        if self.text.as_ref() == Some(&text) {
            return Ok(());
        }
        let unwritable = |error| Failure::Unwritable { name: self.name.clone(), error };
        let words = self.rules.words();
        // Until it is written, nobody else may find the file as it is now.
        #[cfg(unix)]
        let _alone = alone(&self.path);
        let there = match read(&self.path, words) {
            Ok(there) => Some(there.unwrap_or_default()),
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            Err(error) => return Err(unwritable(error)),
        };
        // A file that vanished is written again; one that changed is somebody's.
        if there.is_some() && there != self.text {
            let file = [("file", self.name.as_str().into())];
            return Err(Failure::Content(failure::error(words, "session-changed", &file)));
        }
        write(&self.path, &text).map_err(unwritable)?;
        self.text = Some(text);
        Ok(())
    }
}

/// The text of a file; none if it is no text, or far too long.
fn read(path: &Path, words: Language) -> io::Result<Option<String>> {
    let file = File::open(path)?;
    if !file.metadata()?.is_file() {
        return Err(io::Error::other(words.say("reason-no-file")));
    }
    let mut bytes = Vec::new();
    file.take(LONGEST_FILE + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > LONGEST_FILE {
        return Ok(None);
    }
    Ok(String::from_utf8(bytes).ok())
}

/// Keeps other runs from writing in the folder of a file, until it is dropped. None where that
/// cannot be had: not in every folder, and not from a program that does not let go of it.
#[cfg(unix)]
fn alone(path: &Path) -> Option<File> {
    let folder = File::open(path.parent()?).ok()?;
    for _ in 0..200 {
        match folder.try_lock() {
            Ok(()) => return Some(folder),
            Err(TryLockError::WouldBlock) => std::thread::sleep(Duration::from_millis(10)),
            Err(TryLockError::Error(_)) => break,
        }
    }
    None
}

/// Writes beside the file and renames, so that there is a whole one at every moment.
fn write(path: &Path, text: &str) -> io::Result<()> {
    let mut beside = path.as_os_str().to_owned();
    beside.push(".new");
    let beside = PathBuf::from(beside);
    // One left by a program that was killed, or a link laid there by somebody else.
    match fs::remove_file(&beside) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(&beside)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    fs::rename(&beside, path)?;
    #[cfg(unix)]
    if let Some(folder) = path.parent() {
        File::open(folder)?.sync_all()?;
    }
    Ok(())
}

fn damaged(words: Language, name: &str, why: &str) -> Failure {
    let error = failure::error(words, "session-unusable", &[("file", name.into())]);
    Failure::Content(format!("{}\n\n{error}", why.trim_end()))
}
