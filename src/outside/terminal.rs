//! The terminal, if there is one.

use std::io::{IsTerminal, stderr, stdout};

use terminal_size::{Height, Width, terminal_size_of};

use crate::outside::environment::Environment;
use crate::text::style::Look;

/// How text on standard output may look.
pub(crate) fn look(environment: &Environment) -> Look {
    let terminal = stdout().is_terminal();
    of(terminal.then(|| terminal_size_of(stdout())), environment)
}

/// How what is said beside the result may look, on standard error.
pub(crate) fn of_notes(environment: &Environment) -> Look {
    let terminal = stderr().is_terminal();
    of(terminal.then(|| terminal_size_of(stderr())), environment)
}

fn of(size: Option<Option<(Width, Height)>>, environment: &Environment) -> Look {
    let columns = size.map(|size| size.map_or(80, |(Width(columns), _)| usize::from(columns)));
    Look::of(columns, |name| environment.get(name))
}
