//! Days that a release was published on, beside its version: no placeholder gives them.

use std::collections::{BTreeMap, BTreeSet};

use super::record::Record;
use crate::openssl::upstream::Release;
use crate::project::discovery::found::{Checkout, FoundKind, FoundLink};
use crate::project::discovery::line::sighting::Lines;
use crate::project::discovery::line::{file_kind, subject};

/// Lines between a pin and the day of its release.
const CLOSE: usize = 8;

/// Makes a link doubtful whose bump would leave the day of the old release beside a pin.
pub(crate) fn mark(
    checkout: &Checkout,
    releases: &[Release],
    record: &Record,
    links: &mut [FoundLink],
) {
    for link in links.iter_mut().filter(|link| !link.tested) {
        let release = releases.iter().find(|one| one.version == link.version);
        let Some(release) = release.filter(|_| link.doubt.is_none()) else {
            continue;
        };
        let days = [
            release.date.to_string(),
            release.date.strftime("%d %b %Y").to_string(),
            release.date.strftime("%-d %b %Y").to_string(),
        ];
        let moving = link.pins.iter().filter(|pin| adds_nothing(&pin.kind));
        let mut by_file: BTreeMap<&String, BTreeSet<usize>> = BTreeMap::new();
        for (path, line) in moving.flat_map(|pin| &pin.places) {
            let near = line.saturating_sub(CLOSE).max(1)..=line + CLOSE;
            by_file.entry(path).or_default().extend(near);
        }
        let found = by_file.into_iter().find_map(|(path, near)| {
            let text = checkout.texts.get(path)?;
            // OpenSSL's own header is looked after where files are made anew.
            let told = file_kind::is_prose(path, text)
                || file_kind::is_history(path)
                || path.ends_with("opensslv.h");
            let lines = Lines::of(text);
            let mut near = near.into_iter().filter(|line| *line <= lines.count());
            let says = |line: usize| {
                let written = &text[lines.range(line)];
                // When somebody wrote something is no day of a release.
                let lower = written.to_ascii_lowercase();
                let is_written = ["timestamp", "created", "modified"]
                    .iter()
                    .any(|name| lower.contains(name));
                days.iter()
                    .any(|day| written.contains(day) && !record.held(path, day))
                    && !is_written
                    && !subject::is_comment(written)
            };
            let at = near.find(|line| !told && says(*line))?;
            Some((path.clone(), at))
        });
        link.doubt = found.map(|(path, line)| {
            format!(
                "`{path}` line {line} says the day on which {} was published, which no placeholder gives; move both by hand",
                link.version
            )
        });
    }
}

/// Whether a pin moves values where they stand.
fn adds_nothing(kind: &FoundKind) -> bool {
    matches!(kind, FoundKind::Text(text) if text.insert.is_none())
}
