//! What a checkout says of the OpenSSL it links: the links and pins that a configuration could
//! name, and the places nobody can be sure of.
//!
//! A folder imports only what stands above it:
//!
//! | folder | its question |
//! | --- | --- |
//! | `found` | what is a checkout, and what can be found in it? |
//! | `line` | what stands on a line, and what does it speak of? |
//! | `owner` | whose is a number, and which release is a digest of? |
//! | `value` | which values of a text may be OpenSSL's? |
//! | `mark` | what does the rest of the checkout say of a value? |
//! | `own` | what is the project's own: name, changelog, version, texts? |
//! | `unmoved` | what may stay at a bump, and what can no pattern follow? |
//! | `history` | what did earlier commits do to the lines that stand now? |
//! | `pins` | what can a configuration name of it? |
//! | `written` | how is that written, new or beside what stands? |
//! | `doubts` | what is told to people, because no pin covers it? |

mod doubts;
mod found;
mod history;
mod line;
mod mark;
mod own;
mod owner;
mod pins;
mod unmoved;
mod value;
mod written;

use std::collections::{BTreeMap, BTreeSet};

pub use found::Checkout;
pub use found::Moved;
pub(crate) use found::{Confidence, Discovery, Doubt, FoundKind, FoundLink, FoundPin, OwnVersion};
pub(crate) use history::candidates::candidates;
pub use history::changed::ChangedFile;
pub(crate) use history::left_out::apply as keep_customs;
pub use history::record::Record;
pub(crate) use history::{moved_along, replay};
pub(crate) use mark::tested::keep_beside as keep_tested;
pub(crate) use own::kept_texts::{KeptTexts, says_a_release};
pub(crate) use own::project::{name, usual_changelogs};
pub(crate) use written::additions::added;
pub use written::document::config;
pub(crate) use written::document::{places, reason};
pub(crate) use written::workflow::{lacks_commit, workflow};

use found::{LinkKind, StandingPin, Unfit};
use history::{dated, proven, resets, stragglers};
use line::sighting::Sighting;
use mark::copies::Copies;
use mark::{agreeing, case_arms, overwritten, pre_releases, tested, unchosen};
use own::{elsewhere, fragments, vendored, version};
use pins::{packaged, shapes, standing, unowned};
use unmoved::{derived, leaving, renamed, signed};
use value::sightings::Sightings;
use written::changelog;

use crate::openssl::upstream::Release;
use crate::openssl::version::Version;

/// Finds links, pins and the project's own files.
#[must_use]
pub fn discover(checkout: &Checkout, releases: &[Release], record: &Record) -> Discovery {
    let mut unsure = BTreeSet::new();
    let mut standing = standing::submodules(checkout, releases, record, &mut unsure);
    standing.extend(standing::cargo(checkout, record, &mut unsure));
    let trees = vendored::trees(checkout);
    let seen = values(checkout, releases, record, &trees, &mut unsure);
    standing.extend(trees.into_iter().map(|(_, tree)| tree));
    let (texts, unfit) = shapes::pins(checkout, releases, record, &seen, &mut unsure);
    standing.extend(texts);
    standing.extend(packaged::pins(checkout, &seen, releases, record));
    renamed::without_headers(checkout, &mut standing, &mut unsure);
    let mut links = links(standing, unfit, &mut unsure);
    move_numbers(checkout, record, &mut links);
    packaged::without_number(checkout, releases, record, &mut links);
    leaving::add(checkout, &seen, &record.extended(), &mut links, &mut unsure);
    derived::mark(checkout, &mut links);
    unowned::mark(checkout, &seen, releases, record, &mut links);
    dated::mark(checkout, releases, record, &mut links);
    renamed::mark(checkout, &mut links);
    signed::mark(checkout, &mut links);
    stragglers::mark(checkout, record, &mut links);
    doubts::of_values(checkout, &seen, &links, &mut unsure);
    packaged::tell(checkout, releases, &links, &mut unsure);
    signed::tell(checkout, &links, &mut unsure);
    doubts::of_documents(checkout, &links, &mut unsure);
    doubts::of_commands(checkout, releases, &links, &mut unsure);
    let entries = fragments::entries(checkout);
    let by_hand = entries.is_some();
    let changelog = changelog::written(checkout, record, &links, by_hand, &mut unsure);
    let linked: Vec<Version> = links.iter().map(|link| link.version).collect();
    Discovery {
        name: name(checkout),
        repository: checkout.origin.clone(),
        elsewhere: elsewhere::of(checkout),
        changelog,
        entries,
        version: version::version(checkout, &linked, &mut unsure),
        links,
        bounds: record.bounds.clone(),
        unsure: leaving::keep_one_each(unsure),
    }
}

/// The values of each file outside OpenSSL's own trees, and what the rest of the checkout and its
/// history say of them.
fn values<'a>(
    checkout: &'a Checkout,
    releases: &[Release],
    record: &Record,
    trees: &[(String, StandingPin)],
    unsure: &mut BTreeSet<Doubt>,
) -> Vec<(&'a str, Vec<Sighting>)> {
    let inside_a_tree = |path: &str| {
        trees
            .iter()
            .any(|(folder, _)| path.starts_with(&format!("{folder}/")))
    };
    let known = Sightings::new(releases);
    let mut seen: Vec<(&str, Vec<Sighting>)> = checkout
        .texts
        .iter()
        .filter(|(path, text)| !inside_a_tree(path) && !signed::is_signed(text))
        .filter(|(path, text)| !doubts::is_data(&known, path, text, unsure))
        .map(|(path, text)| (path.as_str(), known.of(path, text)))
        .filter(|(_, seen)| !seen.is_empty())
        .collect();
    let copies = Copies::of(checkout);
    copies.mark(&mut seen);
    proven::apply(record, &known, checkout, &copies, &mut seen, unsure);
    tested::mark(checkout, &mut seen);
    pre_releases::mark(checkout, &mut seen, unsure);
    overwritten::mark(checkout, &mut seen);
    case_arms::mark(checkout, &mut seen);
    unchosen::mark(checkout, &mut seen);
    agreeing::take(checkout, &mut seen);
    seen.sort_by_key(|(path, _)| *path);
    seen
}

/// What earlier bumps did to the numbers beside the pins' versions becomes a part of the pins.
fn move_numbers(checkout: &Checkout, record: &Record, links: &mut [FoundLink]) {
    for pin in links.iter_mut().flat_map(|link| &mut link.pins) {
        if let FoundKind::Text(found) = &mut pin.kind
            && let (Some(text), Some(bumps)) = (
                checkout.texts.get(&found.file),
                record.bumps.get(&found.file),
            )
            && !pin.moved.is_empty()
        {
            resets::add(found, text, bumps);
        }
    }
}

/// One link for each series that anything stands in, apart for what is shipped and what is only
/// tested with. What was unfit for a pin makes its link doubtful, or is told where there is none.
fn links(
    standing: Vec<StandingPin>,
    mut unfit: Unfit,
    unsure: &mut BTreeSet<Doubt>,
) -> Vec<FoundLink> {
    let mut by_kind: BTreeMap<LinkKind, Vec<StandingPin>> = BTreeMap::new();
    for one in standing {
        by_kind.entry(one.kind()).or_default().push(one);
    }
    let shipped = by_kind.keys().filter(|(tested, _)| !tested).count();
    let mut link = |((tested, series), standing): (LinkKind, Vec<StandingPin>)| {
        let version = standing.iter().map(|one| one.version).min()?;
        let differ = standing.iter().any(|one| one.version != version);
        let name = if tested {
            format!("tested-{series}")
        } else if shipped == 1 {
            "openssl".to_owned()
        } else {
            format!("openssl-{series}")
        };
        Some(FoundLink {
            name,
            version,
            tested,
            pins: standing
                .into_iter()
                .map(|one| one.pin.mixed_if(differ))
                .collect(),
            doubt: unfit.remove(&(tested, series)).map(|doubt| doubt.why),
        })
    };
    let links = by_kind.into_iter().filter_map(&mut link).collect();
    unsure.extend(unfit.into_values());
    links
}

#[cfg(test)]
mod tests;
