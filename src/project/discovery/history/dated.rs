//! Days that a release was published on, beside its version, that no pattern moves.

use std::collections::{BTreeMap, BTreeSet};

use super::record::Record;
use crate::openssl::upstream::Release;
use crate::project::discovery::found::{Checkout, FoundKind, FoundLink};
use crate::project::discovery::line::sighting::Lines;
use crate::project::discovery::value::published;
use crate::project::pattern::Placeholder;

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
            by_file
                .entry(path)
                .or_default()
                .extend(published::around(*line));
        }
        let moved: BTreeSet<(&String, usize)> = link
            .pins
            .iter()
            .filter(|pin| moves_days(&pin.kind))
            .flat_map(|pin| pin.places.iter().map(|(path, line)| (path, *line)))
            .collect();
        let found = by_file.into_iter().find_map(|(path, near)| {
            let text = checkout.texts.get(path)?;
            let told = !published::may_say_days(path, text);
            let lines = Lines::of(text);
            let mut near = near.into_iter().filter(|line| *line <= lines.count());
            let says = |line: usize| {
                let written = &text[lines.range(line)];
                days.iter()
                    .any(|day| written.contains(day) && !record.held(path, day))
                    && published::may_be_published(written)
                    && !moved.contains(&(path, line))
            };
            let at = near.find(|line| !told && says(*line))?;
            Some((path.clone(), at))
        });
        link.doubt = found.map(|(path, line)| {
            format!(
                "`{path}` line {line} says the day on which {} was published, and no pattern moves it: `{{release_date}}` is that day as `2026-01-27`; move both by hand where it is written otherwise",
                link.version
            )
        });
    }
}

/// Whether a pin moves values where they stand.
fn adds_nothing(kind: &FoundKind) -> bool {
    matches!(kind, FoundKind::Text(text) if text.insert.is_none())
}

/// Whether a pin moves the day of a release.
fn moves_days(kind: &FoundKind) -> bool {
    let slot = format!("{{{}}}", Placeholder::ReleaseDate.name());
    matches!(kind, FoundKind::Text(text) if text.matches.iter().any(|one| one.contains(&slot)))
}
