//! The real binary in a fresh folder with a scrubbed environment, its whole output compared.

use std::io::Write as _;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};

use tempfile::TempDir;

/// A run of the program being prepared.
pub(crate) struct Program {
    folder: TempDir,
    arguments: Vec<String>,
    stdin: Vec<u8>,
    environment: Vec<(String, String)>,
    at_home: bool,
}

/// What a run came to.
pub(crate) struct Ran {
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Program {
    #[must_use]
    pub(crate) fn new() -> Self {
        Self {
            folder: tempfile::tempdir().unwrap(),
            arguments: Vec::new(),
            stdin: Vec::new(),
            environment: Vec::new(),
            at_home: false,
        }
    }

    /// Adds arguments, separated by blanks.
    #[must_use]
    pub(crate) fn args(mut self, arguments: &str) -> Self {
        self.arguments.extend(arguments.split_whitespace().map(str::to_owned));
        self
    }

    /// Adds one argument, blanks and all.
    #[must_use]
    pub(crate) fn arg(mut self, argument: &str) -> Self {
        self.arguments.push(argument.to_owned());
        self
    }

    /// Puts a file into the folder.
    #[must_use]
    pub(crate) fn file(self, name: &str, content: impl AsRef<[u8]>) -> Self {
        std::fs::write(self.folder.path().join(name), content).unwrap();
        self
    }

    /// Where a file of the folder is.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// What a file of the folder says.
    pub(crate) fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.path(name)).unwrap()
    }

    /// The names of the files in the folder.
    pub(crate) fn files(&self) -> Vec<String> {
        let entries = std::fs::read_dir(self.folder.path()).unwrap();
        let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
        let mut names: Vec<String> = names.collect();
        names.sort();
        names
    }

    #[must_use]
    pub(crate) fn stdin(mut self, content: impl AsRef<[u8]>) -> Self {
        self.stdin = content.as_ref().to_vec();
        self
    }

    #[must_use]
    #[allow(dead_code, reason = "the next tests will use it")]
    pub(crate) fn env(mut self, name: &str, value: &str) -> Self {
        self.environment.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Runs in the folder of the repository, as a reader of the README would.
    #[must_use]
    pub(crate) fn at_home(mut self) -> Self {
        self.at_home = true;
        self
    }

    pub(crate) fn run(&self) -> Ran {
        let mut command = Command::new(env!("CARGO_BIN_EXE_backwise"));
        command.args(&self.arguments);
        let home = repository("");
        command.current_dir(if self.at_home { &home } else { self.folder.path() });
        command.env_clear().env("LANG", "en_US.UTF-8");
        command.envs(self.environment.iter().map(|(name, value)| (name, value)));
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        // The program may end without reading what it is given.
        let _ = child.stdin.take().unwrap().write_all(&self.stdin);
        Ran::from(&child.wait_with_output().unwrap())
    }

    /// Runs, expects exit 0 and nothing on standard error, and gives standard output.
    #[track_caller]
    pub(crate) fn succeeds(&self) -> String {
        let ran = self.run();
        assert_eq!((ran.code, ran.stderr.as_str()), (Some(0), ""), "{}", ran.stdout);
        ran.stdout
    }

    /// Runs, expects this exit code and nothing on standard output, and gives standard error.
    #[track_caller]
    pub(crate) fn fails(&self, code: i32) -> String {
        let ran = self.run();
        assert_eq!((ran.code, ran.stdout.as_str()), (Some(code), ""), "{}", ran.stderr);
        ran.stderr
    }
}

impl From<&Output> for Ran {
    fn from(output: &Output) -> Self {
        let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
        Self {
            code: output.status.code(),
            stdout: text(&output.stdout),
            stderr: text(&output.stderr),
        }
    }
}

/// A folder of the repository.
pub(crate) fn repository(path: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(path)
}
