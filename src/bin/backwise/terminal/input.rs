//! Keys that come at the wrong time: before the question they would answer is on the screen, while
//! it is being drawn, or as the later lines of a paste.

#[cfg(unix)]
pub(super) use unix::{Echo, discard, read, rest_of_paste};

#[cfg(unix)]
mod unix {
    use std::io;
    use std::os::fd::OwnedFd;
    use std::sync::OnceLock;

    use rustix::event::{PollFd, PollFlags, Timespec, poll};
    use rustix::fs::{Mode, OFlags};
    use rustix::io::Errno;
    use rustix::termios::{
        LocalModes, OptionalActions, QueueSelector, Termios, tcflush, tcgetattr, tcsetattr, ttyname,
    };

    /// How long nothing must come for a paste to be over.
    const PAUSE: Timespec = Timespec { tv_sec: 0, tv_nsec: 30_000_000 };
    /// The most bytes of a paste; a note holds far less.
    const LONGEST: usize = 1 << 16;

    /// Reads what is there, without waiting; none where there is nothing after all.
    ///
    /// Ctrl-C empties the queue of the terminal, and can do so after it was found to have a line.
    /// A read that waits would then wait for another line, as signals do not end it. So the
    /// terminal is opened a second time: not to wait is a matter of the opening, and standard
    /// input is shared with the shell.
    pub(crate) fn read(buffer: &mut [u8]) -> Result<Option<usize>, Errno> {
        static TERMINAL: OnceLock<Option<OwnedFd>> = OnceLock::new();
        let terminal = TERMINAL.get_or_init(|| {
            let path = ttyname(io::stdin(), Vec::new()).ok()?;
            let flags = OFlags::RDONLY | OFlags::NONBLOCK | OFlags::NOCTTY | OFlags::CLOEXEC;
            rustix::fs::open(path, flags, Mode::empty()).ok()
        });
        let read = match terminal {
            Some(terminal) => rustix::io::read(terminal, buffer),
            None => rustix::io::read(io::stdin(), buffer),
        };
        match read {
            Ok(read) => Ok(Some(read)),
            Err(Errno::AGAIN | Errno::INTR) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Throws away what was typed so far, but for Ctrl-C: returns whether that was among it.
    ///
    /// While console listens, Ctrl-C is a key like others, and can stand behind one that ended the
    /// prompt.
    pub(crate) fn discard() -> bool {
        let has_ended = waiting(Timespec::default()).contains(&3);
        // What is not yet a whole line cannot be read. Where this fails there is no terminal, which
        // the prompt will find out.
        let _ = tcflush(io::stdin(), QueueSelector::IFlush);
        has_ended
    }

    /// The lines of a paste behind the first, which has just been taken; nothing where what waits
    /// was typed, which an escape sequence among it tells.
    pub(crate) fn rest_of_paste() -> String {
        let bytes = waiting(PAUSE);
        let rest = String::from_utf8_lossy(&bytes).replace('\r', "\n");
        if rest.contains('\u{1b}') { String::new() } else { rest }
    }

    /// What can be read, until nothing comes for so long.
    fn waiting(pause: Timespec) -> Vec<u8> {
        let mut bytes = Vec::new();
        let mut buffer = [0; 4096];
        let stdin = io::stdin();
        while bytes.len() < LONGEST
            && poll(&mut [PollFd::new(&stdin, PollFlags::IN)], Some(&pause)) == Ok(1)
        {
            match read(&mut buffer) {
                Ok(Some(read)) if read > 0 => bytes.extend_from_slice(&buffer[..read]),
                _ => break,
            }
        }
        bytes
    }

    /// Whether the terminal shows keys itself, while it lives.
    pub(crate) struct Echo {
        before: Option<Termios>,
    }

    impl Echo {
        /// For drawn prompts: console listens key by key, and a key pressed while something is
        /// drawn would else appear in the middle of it.
        pub(crate) fn off() -> Self {
            Self::set(false)
        }

        /// For plain lines, and for the shell when the program is stopped.
        pub(crate) fn on() -> Self {
            Self::set(true)
        }

        fn set(is_on: bool) -> Self {
            let before = tcgetattr(io::stdin()).ok();
            if let Some(mut modes) = before.clone() {
                modes.local_modes.set(LocalModes::ECHO, is_on);
                // Where it fails, keys may be shown or not, which is no great harm.
                let _ = tcsetattr(io::stdin(), OptionalActions::Now, &modes);
            }
            Self { before }
        }
    }

    impl Drop for Echo {
        fn drop(&mut self) {
            if let Some(before) = &self.before {
                let _ = tcsetattr(io::stdin(), OptionalActions::Now, before);
            }
        }
    }
}

#[cfg(not(unix))]
pub(super) use elsewhere::{Echo, discard, rest_of_paste};

/// Where the terminal cannot be asked, keys are taken as they come.
#[cfg(not(unix))]
mod elsewhere {
    pub(crate) struct Echo;

    impl Echo {
        pub(crate) fn off() -> Self {
            Self
        }

        pub(crate) fn on() -> Self {
            Self
        }
    }

    pub(crate) fn discard() -> bool {
        false
    }

    pub(crate) fn rest_of_paste() -> String {
        String::new()
    }
}
