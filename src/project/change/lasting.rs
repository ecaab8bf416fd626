//! What a bump writes is found by the pins again: a pattern that has the old version in its own text
//! would fit this once.

use super::edit::Change;
use super::moves::Move;
use crate::openssl::upstream::Release;
use crate::project::config::PinKind;
use crate::project::linked::Files;
use crate::project::linked::text::occurrences;
use crate::text::fault::Fault;

/// Refuses a change after which a pin would no longer be found.
///
/// # Errors
///
/// A usage fault that names the pin, and what it misses.
pub(super) fn check(
    moves: &[Move<'_>],
    files: &Files,
    releases: &[Release],
    change: &Change,
) -> Result<(), Fault> {
    for pin in moves.iter().flat_map(|one| &one.link.pins) {
        let PinKind::Text(text_pin) = &pin.kind else {
            continue;
        };
        // Those of a table find an entry more.
        if !text_pin.insert.is_empty() {
            continue;
        }
        for path in files.paths(&text_pin.file) {
            let mut edits = change.edits.iter().filter(|edit| edit.path == *path);
            let Some(after) = edits.next().and_then(|edit| edit.after.as_ref()) else {
                continue;
            };
            let text = after.text(path)?;
            occurrences(pin, text_pin, path, text, releases).map_err(|fault| {
                Fault::usage(format!(
                    "after this bump a pin would not be found as it says: {fault}; write `{{*}}` where its pattern says what moves"
                ))
            })?;
        }
    }
    Ok(())
}
