//! What a project's bumps leave to other commits: its changelog, and its own version.

use std::collections::BTreeMap;

use super::record::Record;
use crate::project::discovery::found::{Checkout, Discovery, FoundLink, Moved};
use crate::project::discovery::line::subject;

/// Leaves out the changelog and the project's own version where none of the bumps that are known
/// touched them; a changelog that tells of OpenSSL's version stays.
pub(crate) fn apply(found: &mut Discovery, checkout: &Checkout, record: &Record) {
    let shipped = || found.links.iter().filter(|link| !link.tested);
    let pins = shipped().flat_map(|link| &link.pins);
    let bumps: BTreeMap<&str, &Moved> = pins
        .flat_map(|pin| &pin.moved)
        .map(|moved| (moved.commit.as_str(), moved))
        .collect();
    let mut bumps: Vec<Moved> = bumps.into_values().cloned().collect();
    if bumps.is_empty() {
        return;
    }
    bumps.sort_by_key(|moved| std::cmp::Reverse(moved.day));
    let named: Vec<String> = bumps.iter().take(3).map(Moved::to_string).collect();
    let why = format!("the bumps before did not touch it ({})", named.join(", "));
    let untold = found.changelog.as_ref().is_some_and(|path| {
        let text = checkout.texts.get(path).map_or("", String::as_str);
        !record.is_told(&bumps) && !shipped().any(|link| tells(text, link))
    });
    let unraised = found.version.is_some() && !record.is_raised(&bumps);
    if untold {
        found.without_changelog(checkout, &why);
    }
    if unraised {
        found.without_version(checkout, &why);
    }
}

/// Whether a line names OpenSSL with a version of the link's series.
fn tells(text: &str, link: &FoundLink) -> bool {
    let series = format!("{}.", link.version.series());
    let lettered = link.version.series().to_string();
    text.lines().any(|line| {
        subject::names_openssl(line)
            && (line.contains(&series) || (link.version.major() < 3 && line.contains(&lettered)))
    })
}
