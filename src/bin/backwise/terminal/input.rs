//! Keys that come at the wrong time: before the question they would answer is on the screen, while
//! it is being drawn, or as the later lines of a paste.

#[cfg(unix)]
pub(super) use unix::{Echo, discard, rest_of_paste};

#[cfg(unix)]
mod unix {
    use std::io;

    use rustix::event::{PollFd, PollFlags, Timespec, poll};
    use rustix::termios::{
        LocalModes, OptionalActions, QueueSelector, Termios, tcflush, tcgetattr, tcsetattr,
    };

    /// How long nothing must come for a paste to be over.
    const PAUSE: Timespec = Timespec { tv_sec: 0, tv_nsec: 30_000_000 };
    /// The most bytes of a paste; a note holds far less.
    const LONGEST: usize = 1 << 16;

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
            match rustix::io::read(&stdin, &mut buffer) {
                Ok(read) if read > 0 => bytes.extend_from_slice(&buffer[..read]),
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
