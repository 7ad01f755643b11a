//! How far a batch is, told on the terminal.

use std::io::{self, Write as _};
use std::time::{Duration, Instant};

use super::summary;

/// A line on the terminal that says how far the rows are.
pub(super) struct Progress {
    begun: Instant,
    shown: Instant,
    any: bool,
}

impl Progress {
    /// Begins to count.
    pub(super) fn new() -> Self {
        Self { begun: Instant::now(), shown: Instant::now(), any: false }
    }

    /// Says how far it is, a few times a second at the most.
    pub(super) fn show(&mut self, rows: u64, read: u64, size: Option<u64>) {
        if self.shown.elapsed() < Duration::from_millis(250) {
            return;
        }
        self.shown = Instant::now();
        self.any = true;
        let seconds = self.begun.elapsed().as_secs_f64();
        // How far it is need not be exact.
        #[expect(clippy::cast_precision_loss, reason = "it is rounded anyway")]
        let (rate, left) = (
            rows as f64 / seconds,
            size.map(|size| size.saturating_sub(read) as f64 * seconds / read.max(1) as f64),
        );
        let left = left.map_or_else(String::new, |left| format!(", {left:.0} s left"));
        let line = format!("{}, {rate:.0} a second{left}", summary::rows(rows));
        // Progress is a comfort; a terminal that is gone is no reason to stop.
        let _ = write!(io::stderr(), "\r\u{1b}[K{line}");
    }

    /// Takes the line away.
    pub(super) fn clear(&self) {
        if self.any {
            let _ = write!(io::stderr(), "\r\u{1b}[K");
        }
    }
}
