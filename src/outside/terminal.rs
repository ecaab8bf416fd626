//! The terminal, if there is one.

use std::io::IsTerminal;

use crate::outside::environment::Environment;
use crate::text::style::Look;

/// How text on standard output may look.
pub(crate) fn look(environment: &Environment) -> Look {
    let columns = std::io::stdout().is_terminal().then(|| {
        let size = terminal_size::terminal_size_of(std::io::stdout());
        size.map_or(80, |(terminal_size::Width(columns), _)| {
            usize::from(columns)
        })
    });
    Look::of(columns, |name| environment.get(name))
}
