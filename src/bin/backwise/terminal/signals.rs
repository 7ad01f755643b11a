//! What reaches the program beside keys: signals, and a window that changes.
//!
//! A signal only sets a flag here; the one place that decides is the prompt that is waiting, which
//! is woken by it. A signal that comes just before a prompt begins to wait would be missed, so it
//! is sent again until it was heard.
//!
//! console reports every interrupted wait as Ctrl-C, by raising that signal itself. So when it was
//! interrupted and another flag is up, the one of Ctrl-C says nothing and is taken down with it.

use std::io;

/// What came in while a prompt was waiting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Event {
    /// The interview is to end, by the signal of this number.
    End(u8),
    /// The program is to stop until it is continued.
    Suspend,
    /// It was continued, or the window has another size: what is on the screen is to be drawn anew.
    Redraw {
        /// Whether it was the window.
        resized: bool,
    },
}

/// A line typed in plain mode.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Line {
    /// The line, without its end.
    Typed(String),
    /// The end of input, Ctrl-D.
    End,
    /// Something else came first.
    Came(Event),
}

#[cfg(unix)]
pub(super) use unix::Watch;

#[cfg(unix)]
mod unix {
    use std::io;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicBool, Ordering};
    use std::thread;
    use std::time::Duration;

    use rustix::event::{PollFd, PollFlags, poll};
    use rustix::process::{Signal, getpid, kill_process};
    use signal_hook::consts::{SIGCONT, SIGHUP, SIGINT, SIGTERM, SIGTSTP, SIGWINCH};
    use signal_hook::iterator::{Handle, Signals};
    use signal_hook::{flag, low_level};

    use super::super::input;
    use super::{Event, Line};

    /// How long a signal waits to be heard before it is sent again.
    const PATIENCE: Duration = Duration::from_millis(50);

    /// Listens to signals while it lives.
    pub(crate) struct Watch {
        hangup: Arc<AtomicBool>,
        terminate: Arc<AtomicBool>,
        interrupt: Arc<AtomicBool>,
        suspend: Arc<AtomicBool>,
        resumed: Arc<AtomicBool>,
        resized: Arc<AtomicBool>,
        /// Up once the interview is over: signals then do what they do to any program.
        over: Arc<AtomicBool>,
        again: Handle,
    }

    impl Watch {
        /// Begins to listen.
        pub(crate) fn begin() -> io::Result<Self> {
            let over = Arc::new(AtomicBool::new(false));
            let raised = |signal| -> io::Result<Arc<AtomicBool>> {
                let raised = Arc::new(AtomicBool::new(false));
                flag::register_conditional_default(signal, Arc::clone(&over))?;
                flag::register(signal, Arc::clone(&raised))?;
                Ok(raised)
            };
            let [hangup, terminate, interrupt] =
                [raised(SIGHUP)?, raised(SIGTERM)?, raised(SIGINT)?];
            let [suspend, resumed, resized] =
                [raised(SIGTSTP)?, raised(SIGCONT)?, raised(SIGWINCH)?];
            let all = [
                (Signal::HUP, Arc::clone(&hangup)),
                (Signal::TERM, Arc::clone(&terminate)),
                (Signal::INT, Arc::clone(&interrupt)),
                (Signal::TSTP, Arc::clone(&suspend)),
                (Signal::CONT, Arc::clone(&resumed)),
                (Signal::WINCH, Arc::clone(&resized)),
            ];
            let mut signals = Signals::new(all.iter().map(|(signal, _)| signal.as_raw()))?;
            let again = signals.handle();
            thread::spawn(move || {
                for came in &mut signals {
                    thread::sleep(PATIENCE);
                    let unheard = all.iter().find(|(signal, raised)| {
                        signal.as_raw() == came && raised.load(Ordering::Relaxed)
                    });
                    if let Some((signal, _)) = unheard {
                        // Nothing to do about a failure; the next key will bring the news.
                        let _ = kill_process(getpid(), *signal);
                    }
                }
            });
            Ok(Self { hangup, terminate, interrupt, suspend, resumed, resized, over, again })
        }

        /// What came in since this was last called, the gravest first.
        pub(crate) fn event(&self) -> Option<Event> {
            let [end, suspend, redraw] = self.take();
            end.or(suspend).or(redraw)
        }

        /// What interrupted console. Where it was anything else than Ctrl-C, the signal of Ctrl-C
        /// is console's own doing.
        pub(crate) fn interruption(&self) -> Option<Event> {
            match self.take() {
                [Some(Event::End(2)), suspend, redraw] => {
                    suspend.or(redraw).or(Some(Event::End(2)))
                }
                [end, suspend, redraw] => end.or(suspend).or(redraw),
            }
        }

        /// Takes all flags down: what is to end it, to stop it, to draw anew.
        fn take(&self) -> [Option<Event>; 3] {
            let took = |raised: &AtomicBool| raised.swap(false, Ordering::Relaxed);
            let ends = [(&self.hangup, 1), (&self.terminate, 15), (&self.interrupt, 2)];
            let came = ends.map(|(raised, signal)| took(raised).then_some(Event::End(signal)));
            let end = came.into_iter().flatten().next();
            let suspend = took(&self.suspend).then_some(Event::Suspend);
            let (resumed, resized) = (took(&self.resumed), took(&self.resized));
            [end, suspend, (resumed || resized).then_some(Event::Redraw { resized })]
        }

        /// Forgets that the window changed, as the screen is about to be drawn for its size.
        pub(crate) fn drawing(&self) {
            self.resumed.store(false, Ordering::Relaxed);
            self.resized.store(false, Ordering::Relaxed);
        }

        /// Stops the program as Ctrl-Z does any other; returns when it is continued.
        pub(crate) fn suspend(&self) {
            // A program that cannot be stopped goes on, which is no harm.
            let _ = low_level::emulate_default_handler(SIGTSTP);
            self.drawing();
        }

        /// Reads a line with the terminal's own editing.
        pub(crate) fn read_line(&self) -> io::Result<Line> {
            let stdin = io::stdin();
            let mut bytes = Vec::new();
            loop {
                if let Some(event) = self.event() {
                    return Ok(Line::Came(event));
                }
                match poll(&mut [PollFd::new(&stdin, PollFlags::IN)], None) {
                    Ok(_) => {}
                    Err(rustix::io::Errno::INTR) => continue,
                    Err(error) => return Err(error.into()),
                }
                let mut buffer = [0; 4096];
                let Some(read) = input::read(&mut buffer)? else { continue };
                bytes.extend_from_slice(&buffer[..read]);
                if read == 0 && bytes.is_empty() {
                    return Ok(Line::End);
                }
                if read == 0 || bytes.ends_with(b"\n") || bytes.len() > 1 << 16 {
                    let line = String::from_utf8_lossy(&bytes);
                    return Ok(Line::Typed(line.trim_end_matches(['\n', '\r']).to_owned()));
                }
            }
        }
    }

    impl Drop for Watch {
        fn drop(&mut self) {
            self.again.close();
            self.over.store(true, Ordering::Relaxed);
        }
    }
}

#[cfg(not(unix))]
pub(super) use elsewhere::Watch;

/// Where there are no such signals: prompts work, and Ctrl-C ends the program as it ends any other.
#[cfg(not(unix))]
mod elsewhere {
    use std::io;

    use super::{Event, Line};

    pub(crate) struct Watch;

    impl Watch {
        #[expect(clippy::unnecessary_wraps, reason = "it can fail on other systems")]
        pub(crate) fn begin() -> io::Result<Self> {
            Ok(Self)
        }

        pub(crate) fn event(&self) -> Option<Event> {
            None
        }

        pub(crate) fn interruption(&self) -> Option<Event> {
            None
        }

        pub(crate) fn drawing(&self) {}

        pub(crate) fn suspend(&self) {}

        pub(crate) fn read_line(&self) -> io::Result<Line> {
            let mut line = String::new();
            if io::stdin().read_line(&mut line)? == 0 {
                return Ok(Line::End);
            }
            Ok(Line::Typed(line.trim_end_matches(['\n', '\r']).to_owned()))
        }
    }
}

/// Whether an error means that the terminal itself has gone, as when its window is closed.
pub(super) fn is_hangup(error: &io::Error) -> bool {
    // What the system answers has no kinds of its own: EIO for a terminal that was hung up; ENXIO
    // for `/dev/tty`, which console turns to when its input is no terminal any more; ENOTTY.
    const GONE: [i32; 3] = [5, 6, 25];
    matches!(error.kind(), io::ErrorKind::UnexpectedEof | io::ErrorKind::NotConnected)
        || error.raw_os_error().is_some_and(|code| GONE.contains(&code))
}
