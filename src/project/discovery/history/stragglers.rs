//! A line that stayed at a version when a commit moved the others of its file: no link of its own.

use super::record::Record;
use crate::project::discovery::found::{Checkout, FoundKind, FoundLink};

/// Makes a link doubtful that stands in one line only, where the newest commit that moved that
/// version in the file moved other lines and left this one.
pub(crate) fn mark(checkout: &Checkout, record: &Record, links: &mut [FoundLink]) {
    for link in links.iter_mut().filter(|link| link.doubt.is_none()) {
        let [pin] = link.pins.as_slice() else {
            continue;
        };
        let ([(path, line)], FoundKind::Text(found)) = (pin.places.as_slice(), &pin.kind) else {
            continue;
        };
        let is_version = |pattern: &String| pattern.contains("{version");
        let written = checkout
            .texts
            .get(path)
            .and_then(|text| text.lines().nth(line - 1));
        let Some(written) = written.filter(|_| found.matches.iter().all(is_version)) else {
            continue;
        };
        link.doubt = record.left(path, written, link.version).map(|(moved, new)| {
            format!(
                "`{path}` line {line} stayed at {} when {moved} moved the other lines to {new}; raise it by hand if it was forgotten",
                link.version
            )
        });
    }
}
