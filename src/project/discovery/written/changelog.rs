//! The changelog that a bump writes into.

use std::collections::BTreeSet;

use crate::project::discovery::found::{Checkout, Doubt, FoundLink, Moved};
use crate::project::discovery::history::record::Record;
use crate::project::discovery::own::project;

/// The changelog, but for one that a tool makes; that is said. `by_hand`: entries are kept apart from
/// it, as are those that bumps of the past wrote into it.
pub(crate) fn written(
    checkout: &Checkout,
    record: &Record,
    links: &[FoundLink],
    by_hand: bool,
    unsure: &mut BTreeSet<Doubt>,
) -> Option<String> {
    let path = project::changelog(checkout)?;
    let pins = links.iter().flat_map(|link| &link.pins);
    let moved: Vec<Moved> = pins.flat_map(|pin| pin.moved.clone()).collect();
    let made = || project::maker(checkout, &path);
    let maker = if by_hand || record.is_told(&moved) {
        None
    } else {
        made()
    };
    let Some(maker) = maker else {
        return Some(path);
    };
    let why = format!(
        "this changelog is left out: {maker} makes it; add the entry where that looks for one"
    );
    unsure.insert(Doubt::at(&path, &checkout.texts[&path], 1, why));
    None
}
