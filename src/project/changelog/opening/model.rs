//! Which section a new one is written like: the newest, unless that is unlike its neighbours.

use crate::project::changelog::document::Heading;
use crate::project::changelog::section::Outline;

/// The section whose heading a new one above `newest` is written like.
pub(super) fn of(outline: &Outline<'_>, newest: usize) -> usize {
    let mut order: Vec<usize> = vec![newest];
    while let Some(older) = order.last().and_then(|last| outline.older(*last)) {
        order.push(older);
    }
    order.retain(|at| outline.sections[*at].title.version.is_some());
    let words = |at: usize| &outline.sections[at].title.words;
    let is_dated = |at: usize| outline.sections[at].day().is_some();
    let dated = order.iter().filter(|at| is_dated(**at)).count();
    let mostly_dated = dated * 2 > order.len();
    let sound = |at: &usize| {
        let section = &outline.sections[*at];
        let shared = order
            .iter()
            .any(|other| other != at && words(*other) == words(*at));
        !section.title.is_labelled()
            && !section.title.unreleased
            && shared
            && (is_dated(*at) || !mostly_dated)
    };
    let Some(neighbour) = order.iter().copied().find(sound) else {
        return newest;
    };
    // A file may have changed its ways; what only adds words says something of that one version.
    let title = &outline.sections[newest].title;
    let added = |word: &&String| !words(neighbour).contains(word);
    let adds = words(neighbour)
        .iter()
        .all(|word| title.words.contains(word))
        && title.words.iter().filter(added).any(|word| word.len() > 1);
    let undated = mostly_dated && !is_dated(newest);
    if title.is_labelled() || title.unreleased || undated || adds {
        neighbour
    } else {
        newest
    }
}

/// The heading whose level and marks a version's new one gets: where levels are mixed, that of the
/// nearest section of the same kind.
pub(super) fn styled<'a>(outline: &'a Outline<'_>, model: usize, new: &str) -> &'a Heading {
    let is_patch = |version: &str| {
        let patch = version.split('.').nth(2).unwrap_or("0");
        !patch.starts_with(|c: char| !c.is_ascii_digit() || c == '0')
    };
    let alike = |at: &usize| {
        outline
            .version_text(*at)
            .is_some_and(|version| is_patch(version) == is_patch(new))
    };
    let found = if outline.mixed {
        (0..outline.sections.len()).find(alike)
    } else {
        None
    };
    outline.heading(found.unwrap_or(model))
}
