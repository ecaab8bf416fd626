//! What is going on: shown on a terminal once it has taken half a second, gone when it has ended,
//! and never in a pipe.

use std::io::IsTerminal;
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::thread::JoinHandle;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::text::one_line;

/// What is over sooner is not worth a word.
const PATIENCE: Duration = Duration::from_millis(500);

const TICK: Duration = Duration::from_millis(100);

/// Something that may take long; it ends when this is dropped.
pub(crate) struct Progress {
    bar: ProgressBar,
    /// Who waits for it to have taken long; none where nobody looks.
    waiting: Option<(Sender<()>, JoinHandle<()>)>,
}

impl Progress {
    /// Something of which nobody knows how long it takes.
    pub(crate) fn of(what: &str) -> Self {
        Self::new(ProgressBar::with_draw_target(
            None,
            ProgressDrawTarget::hidden(),
        ))
        .styled("{spinner} {wide_msg}", what)
    }

    /// Something of as many steps.
    pub(crate) fn counted(what: &str, steps: u64) -> Self {
        Self::new(ProgressBar::with_draw_target(
            Some(steps),
            ProgressDrawTarget::hidden(),
        ))
        .styled("[{bar:20}] {pos} of {len}: {wide_msg}", what)
    }

    fn new(bar: ProgressBar) -> Self {
        let waiting = std::io::stderr().is_terminal().then(|| {
            let (ended, end) = channel::<()>();
            let shown = bar.clone();
            let thread = std::thread::spawn(move || {
                if end.recv_timeout(PATIENCE) == Err(RecvTimeoutError::Timeout) {
                    shown.set_draw_target(ProgressDrawTarget::stderr());
                    shown.enable_steady_tick(TICK);
                }
            });
            (ended, thread)
        });
        Self { bar, waiting }
    }

    fn styled(self, template: &str, what: &str) -> Self {
        if let Ok(style) = ProgressStyle::with_template(template) {
            self.bar.set_style(style.progress_chars("# "));
        }
        self.bar.set_message(one_line(what));
        self
    }

    /// A step begins.
    pub(crate) fn step(&self, what: &str) {
        self.bar.set_message(one_line(what));
        self.bar.inc(1);
    }

    /// So much is done, of so much.
    pub(crate) fn reached(&self, done: u64, of: Option<u64>) {
        self.bar.set_length(of.unwrap_or(done));
        self.bar.set_position(done);
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if let Some((ended, thread)) = self.waiting.take() {
            drop(ended);
            // A thread that has failed shows nothing.
            let _ = thread.join();
        }
        self.bar.finish_and_clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_looks_at_a_pipe() {
        let progress = Progress::counted("files", 3);
        progress.step("one\u{1b}[31m");
        assert_eq!(progress.bar.message(), "one\u{fffd}[31m");
        assert_eq!(progress.bar.position(), 1);
        assert!(progress.bar.is_hidden());
    }
}
