//! What programs do to the world outside, counted over all servers of a test; any of it can be made
//! the last thing that a process does.

use std::process::{Child, Command, Stdio};
use std::sync::{Condvar, Mutex, MutexGuard};
use std::time::Duration;

/// When the process ends: before its act takes effect, or after that, but before it hears of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Moment {
    Before,
    After,
}

/// The acts so far.
#[derive(Default)]
pub(crate) struct Acts {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    names: Vec<String>,
    fatal: Option<(usize, Moment)>,
    struck: bool,
    ended: bool,
}

impl Acts {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    /// Forgets the acts so far; of those to come, the one with this number (from 1 on) is the last
    /// one of its process.
    pub(crate) fn anew(&self, fatal: Option<(usize, Moment)>) {
        *self.state() = State {
            fatal,
            ..State::default()
        };
    }

    /// The acts since [`Acts::anew`].
    pub(crate) fn names(&self) -> Vec<String> {
        self.state().names.clone()
    }

    /// A server carries out what a program wants; nothing comes back where the program has not
    /// lived to see it.
    pub(crate) fn perform<T>(&self, name: String, act: impl FnOnce() -> T) -> Option<T> {
        let fatal = {
            let mut state = self.state();
            state.names.push(name);
            state
                .fatal
                .filter(|(number, _)| *number == state.names.len())
                .map(|(_, moment)| moment)
        };
        if fatal == Some(Moment::Before) {
            self.strike();
            return None;
        }
        let done = act();
        if fatal == Some(Moment::After) {
            self.strike();
            return None;
        }
        Some(done)
    }

    /// Waits until the process has ended: its connection must not break before that.
    fn strike(&self) {
        let mut state = self.state();
        state.struck = true;
        self.changed.notify_all();
        let mut state = self.wait_while(state, |state| !state.ended);
        state.struck = false;
        self.changed.notify_all();
    }

    fn wait_while<'a>(
        &self,
        state: MutexGuard<'a, State>,
        condition: impl Fn(&mut State) -> bool,
    ) -> MutexGuard<'a, State> {
        self.changed
            .wait_while(state, condition)
            .unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    /// Lets a process run, and ends it at its fatal act together with what it has started; whether
    /// it was ended.
    pub(crate) fn watch(&self, command: &mut Command) -> bool {
        let child = &mut start(
            command
                .stdin(Stdio::null())
                .stdout(Stdio::null())
                .stderr(Stdio::null()),
        );
        let mut state = self.state();
        loop {
            if state.struck {
                kill(child);
                state.ended = true;
                self.changed.notify_all();
                drop(self.wait_while(state, |state| state.struck));
                return true;
            }
            if child.try_wait().expect("a state").is_some() {
                return false;
            }
            state = self
                .changed
                .wait_timeout(state, Duration::from_millis(5))
                .unwrap_or_else(std::sync::PoisonError::into_inner)
                .0;
        }
    }
}

/// Starts a process as the leader of a group, which its children are in too.
fn start(command: &mut Command) -> Child {
    #[cfg(unix)]
    std::os::unix::process::CommandExt::process_group(command, 0);
    command.spawn().expect("the program runs")
}

fn kill(child: &mut Child) {
    #[cfg(unix)]
    assert!(
        Command::new("kill")
            .args(["-KILL", "--", &format!("-{}", child.id())])
            .status()
            .expect("kill")
            .success()
    );
    let _ = child.kill();
    child.wait().expect("ended");
}
