//! Keys that come at the wrong time: before the question they would answer is on the screen, while
//! it is being drawn, or as the later lines of a paste.

#[cfg(unix)]
pub(super) use unix::{Silence, discard, rest_of_paste};

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

    /// Throws away what was typed so far.
    pub(crate) fn discard() {
        // Where it fails there is no terminal, which the prompt will find out.
        let _ = tcflush(io::stdin(), QueueSelector::IFlush);
    }

    /// The lines of a paste behind the first, which has just been taken; nothing where what waits
    /// was typed, which an escape sequence among it tells.
    pub(crate) fn rest_of_paste() -> String {
        let mut bytes = Vec::new();
        let mut buffer = [0; 4096];
        let stdin = io::stdin();
        while poll(&mut [PollFd::new(&stdin, PollFlags::IN)], Some(&PAUSE)) == Ok(1) {
            match rustix::io::read(&stdin, &mut buffer) {
                Ok(read) if read > 0 && bytes.len() < LONGEST => {
                    bytes.extend_from_slice(&buffer[..read]);
                }
                _ => break,
            }
        }
        let rest = String::from_utf8_lossy(&bytes).replace('\r', "\n");
        if rest.contains('\u{1b}') { String::new() } else { rest }
    }

    /// Keeps the terminal from showing keys itself. console listens key by key, and a key pressed
    /// while it draws would else appear in the middle of the list.
    pub(crate) struct Silence {
        before: Option<Termios>,
    }

    impl Silence {
        /// Begins the silence; where that fails, keys may be shown, which is no great harm.
        pub(crate) fn begin() -> Self {
            let before = tcgetattr(io::stdin()).ok();
            if let Some(mut modes) = before.clone() {
                modes.local_modes.remove(LocalModes::ECHO);
                let _ = tcsetattr(io::stdin(), OptionalActions::Now, &modes);
            }
            Self { before }
        }
    }

    impl Drop for Silence {
        fn drop(&mut self) {
            if let Some(before) = &self.before {
                let _ = tcsetattr(io::stdin(), OptionalActions::Now, before);
            }
        }
    }
}

#[cfg(not(unix))]
pub(super) use elsewhere::{Silence, discard, rest_of_paste};

/// Where the terminal cannot be asked, keys are taken as they come.
#[cfg(not(unix))]
mod elsewhere {
    pub(crate) struct Silence;

    impl Silence {
        pub(crate) fn begin() -> Self {
            Self
        }
    }

    pub(crate) fn discard() {}

    pub(crate) fn rest_of_paste() -> String {
        String::new()
    }
}
