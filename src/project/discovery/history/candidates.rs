//! The files whose history may say something.

use std::collections::{BTreeSet, HashSet};

use super::changed;
use crate::openssl::upstream::Release;
use crate::project::discovery::found::Checkout;
use crate::project::discovery::line::file_kind;
use crate::project::discovery::own::vendored;
use crate::project::discovery::unmoved::packaged_lines;
use crate::project::discovery::value::sightings::Sightings;

/// The files whose history may say something: those that hold a release's number and speak of
/// OpenSSL, submodules, lock files that name its crate, and what says a vendored tree's version.
pub(crate) fn candidates(checkout: &Checkout, releases: &[Release]) -> HashSet<String> {
    let known = Sightings::new(releases);
    let may_pin: HashSet<&String> = checkout
        .texts
        .iter()
        .filter(|(path, text)| known.may_pin(path, text))
        .map(|(path, _)| path)
        .collect();
    // What says a version that OpenSSL's name stands beside elsewhere may move with it.
    let said: BTreeSet<String> = may_pin
        .iter()
        .flat_map(|path| known.of(path, &checkout.texts[*path]))
        .filter(|one| one.is_named() && one.slot.is_version())
        .map(|one| one.version.to_string())
        .collect();
    let finders: Vec<memchr::memmem::Finder<'_>> =
        said.iter().map(memchr::memmem::Finder::new).collect();
    let says = |path: &String, text: &String| {
        !file_kind::is_generated(path)
            && !file_kind::is_history(path)
            && finders
                .iter()
                .any(|one| one.find(text.as_bytes()).is_some())
            && known.data(path, text).is_none()
    };
    checkout
        .texts
        .iter()
        .filter(|(path, text)| {
            may_pin.contains(path)
                || says(path, text)
                || changed::may_lock(path, text)
                || !packaged_lines::lines(path, text, &|one| known.knows(one)).is_empty()
        })
        .map(|(path, _)| path)
        .chain(checkout.gitlinks.keys())
        .cloned()
        .chain(vendored::versions(checkout))
        .collect()
}
