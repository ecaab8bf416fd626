//! What is said where nobody could be reached: one line, not one for each source and kind of facts.

use jiff::civil::Date;

use super::asked::AskedSource;
use crate::openssl::upstream::diagnostic::Diagnostic;

/// The one line, where not one source answered; `taken` is the day of what is known instead.
pub(super) fn in_one(asked: &[AskedSource], taken: Date) -> Option<Diagnostic> {
    let failures: Vec<String> = asked
        .iter()
        .filter_map(|asked| Some(asked.failure.as_ref()?.to_string()))
        .collect();
    let first = failures.first().filter(|_| failures.len() == asked.len())?;
    let others = failures.len() - 1;
    Some(Diagnostic::new(
        "sources",
        format!(
            "none could be reached, so that everything rests on what was known on `{taken}`; {first}, and {others} more, which `release-check upstream` shows"
        ),
    ))
}
