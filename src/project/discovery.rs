//! What a checkout says of the OpenSSL it links: the links and pins that a configuration could
//! name, and the places nobody can be sure of.

mod addresses;
mod agreeing;
mod arms;
mod beside;
mod changed;
mod copies;
mod customs;
mod dated;
mod derived;
mod docstrings;
mod document;
mod elsewhere;
mod evidence;
mod fetched;
mod folders;
mod followers;
mod foreign;
mod found;
mod fragments;
mod joined;
mod kept;
mod keyed;
mod learnt;
mod leaving;
mod lists;
mod literal;
pub(crate) mod moved_along;
mod neighbours;
mod numbers;
mod package_managers;
mod packaged;
mod packaged_lines;
mod parts;
mod project;
mod proven;
mod record;
mod renamed;
pub(crate) mod replay;
mod resting;
mod returned;
mod rows;
mod scope;
mod seen;
mod shapes;
mod sighting;
mod sightings;
mod slots;
mod standing;
mod stragglers;
mod subject;
mod surroundings;
mod tables;
mod tested;
mod tied;
mod tried;
mod unowned;
mod variables;
mod vcpkg;
mod vendored;
mod workflow;

use std::collections::{BTreeMap, BTreeSet};

pub(crate) use beside::added;
pub use changed::ChangedFile;
use copies::Copies;
pub(crate) use customs::apply as keep_customs;
pub use document::config;
pub(crate) use document::{places, reason};
pub use found::Moved;
pub(crate) use kept::{KeptTexts, says_a_release};
pub use record::Record;
pub(crate) use record::candidates;
use sighting::{Lines, Sighting};
use sightings::Sightings;
pub(crate) use tested::keep_beside as keep_tested;
pub(crate) use workflow::{lacks_commit, workflow};

use crate::openssl::upstream::Release;
use crate::openssl::version::Version;

pub use found::Checkout;
pub(crate) use found::{Confidence, Discovery, Doubt, FoundKind, FoundLink, FoundPin};
use found::{LinkKind, StandingPin, Unfit};

/// Finds links, pins and the project's own files.
#[must_use]
pub fn discover(checkout: &Checkout, releases: &[Release], record: &Record) -> Discovery {
    let mut unsure = BTreeSet::new();
    let mut standing = standing::submodules(checkout, releases, record, &mut unsure);
    standing.extend(standing::cargo(checkout, record, &mut unsure));
    let trees = vendored::trees(checkout);
    let inside_a_tree = |path: &str| {
        trees
            .iter()
            .any(|(folder, _)| path.starts_with(&format!("{folder}/")))
    };
    let known = Sightings::new(releases);
    let mut seen: Vec<(&str, Vec<Sighting>)> = checkout
        .texts
        .iter()
        .filter(|(path, _)| !inside_a_tree(path))
        .filter(|(path, text)| !is_data(&known, path, text, &mut unsure))
        .map(|(path, text)| (path.as_str(), known.of(path, text)))
        .filter(|(_, seen)| !seen.is_empty())
        .collect();
    let copies = Copies::of(checkout);
    copies.mark(&mut seen);
    proven::apply(record, &known, checkout, &copies, &mut seen, &mut unsure);
    tested::mark(checkout, &mut seen);
    tried::mark(checkout, &mut seen, &mut unsure);
    arms::mark(checkout, &mut seen);
    resting::mark(checkout, &mut seen);
    agreeing::take(checkout, &mut seen);
    seen.sort_by_key(|(path, _)| *path);
    standing.extend(trees.into_iter().map(|(_, tree)| tree));
    let (texts, unfit) = shapes::pins(checkout, releases, record, &seen, &mut unsure);
    standing.extend(texts);
    standing.extend(packaged::pins(checkout, &seen, releases, record));
    renamed::without_headers(checkout, &mut standing, &mut unsure);
    let mut links = links(standing, &unfit);
    let lost = |kind: &LinkKind| {
        let of = |link: &&FoundLink| (link.tested, link.version.series()) == *kind;
        !links.iter().any(|link| of(&link))
    };
    unsure.extend(
        unfit
            .iter()
            .filter(|(kind, _)| lost(kind))
            .map(|(_, doubt)| doubt.clone()),
    );
    for pin in links.iter_mut().flat_map(|link| &mut link.pins) {
        if let FoundKind::Text(found) = &mut pin.kind
            && let (Some(text), Some(bumps)) = (
                checkout.texts.get(&found.file),
                record.bumps.get(&found.file),
            )
            && !pin.moved.is_empty()
        {
            learnt::add(found, text, bumps);
        }
    }
    packaged::without_number(checkout, releases, record, &mut links);
    leaving::add(checkout, &seen, &record.extended(), &mut links, &mut unsure);
    derived::mark(checkout, &mut links);
    unowned::mark(checkout, &seen, releases, record, &mut links);
    dated::mark(checkout, releases, record, &mut links);
    renamed::mark(checkout, &mut links);
    stragglers::mark(checkout, record, &mut links);
    doubts(checkout, &seen, &links, &mut unsure);
    packaged::tell(checkout, releases, &links, &mut unsure);
    documents(checkout, &links, &mut unsure);
    let entries = fragments::entries(checkout);
    let by_hand = entries.is_some();
    let changelog = changelog(checkout, record, &links, by_hand, &mut unsure);
    Discovery {
        name: project::name(checkout),
        repository: checkout.origin.clone(),
        elsewhere: elsewhere::of(checkout),
        changelog,
        entries,
        version: project::version(checkout, &mut unsure),
        links,
        bounds: record.bounds.clone(),
        unsure: leaving::keep_one_each(unsure),
    }
}

/// The changelog, but for one that a tool makes; that is said. `by_hand`: entries are kept apart from
/// it, as are those that bumps of the past wrote into it.
fn changelog(
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

/// Whether a file is data and not looked at; that is said.
fn is_data(known: &Sightings, path: &str, text: &str, unsure: &mut BTreeSet<Doubt>) -> bool {
    let speaks = !subject::is_generated(path)
        && !subject::is_prose(path, text)
        && (sightings::contains_openssl(text) || subject::path_names_openssl(path));
    let Some(why) = speaks.then(|| known.data(path, text)).flatten() else {
        return false;
    };
    unsure.insert(Doubt::at(path, text, 1, why));
    true
}

/// One link for each series that anything stands in, apart for what is shipped and what is only
/// tested with.
fn links(standing: Vec<StandingPin>, unfit: &Unfit) -> Vec<FoundLink> {
    let mut by_kind: BTreeMap<LinkKind, Vec<StandingPin>> = BTreeMap::new();
    for one in standing {
        by_kind.entry(one.kind()).or_default().push(one);
    }
    let shipped = by_kind.keys().filter(|(tested, _)| !tested).count();
    let link = |((tested, series), standing): (LinkKind, Vec<StandingPin>)| {
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
            doubt: unfit.get(&(tested, series)).map(|doubt| doubt.why.clone()),
        })
    };
    by_kind.into_iter().filter_map(link).collect()
}

/// What speaks of OpenSSL in a way that could be a pin, or holds a linked version's number, and no
/// pin covers.
fn doubts(
    checkout: &Checkout,
    seen: &[(&str, Vec<Sighting>)],
    links: &[FoundLink],
    unsure: &mut BTreeSet<Doubt>,
) {
    let pinned: BTreeSet<_> = links.iter().flat_map(FoundLink::places).collect();
    for (path, seen) in seen {
        let text = &checkout.texts[*path];
        let lines = Lines::of(text);
        for sighting in seen {
            let Some(why) = sighting.doubt() else {
                continue;
            };
            let linked = links.iter().any(|link| link.version == sighting.version);
            let place = ((*path).to_owned(), sighting.line);
            let open = sighting.names_openssl() && !evidence::is_no_choice(path, why);
            let written = &text[lines.range(sighting.line)];
            // Something else that is built or shipped, in a version that no link speaks of.
            let fetched = || {
                foreign::is_fetched(why, written)
                    && !subject::is_comment(written)
                    && !links
                        .iter()
                        .any(|link| link.version.series() == sighting.version.series())
            };
            if (linked || (links.is_empty() && open) || fetched()) && !pinned.contains(&place) {
                let doubt = Doubt::of_line(path, sighting.line, written, why.to_owned());
                unsure.insert(doubt);
            }
        }
    }
}

/// Documents that name OpenSSL with a linked version: nobody raises it there but the reader.
fn documents(checkout: &Checkout, links: &[FoundLink], unsure: &mut BTreeSet<Doubt>) {
    let pinned: BTreeSet<_> = links.iter().flat_map(FoundLink::places).collect();
    let shipped = links.iter().filter(|link| !link.tested);
    let linked: BTreeMap<Version, [String; 2]> = shipped
        .map(|link| {
            (
                link.version,
                [link.version.to_string(), link.version.underscored()],
            )
        })
        .collect();
    let names = subject::names_openssl;
    for (path, text) in &checkout.texts {
        if subject::is_history(path) || !subject::is_prose(path, text) {
            continue;
        }
        let says = |line: &str| {
            let stands = |(version, written): &(&Version, &[String; 2])| {
                written.iter().any(|one| line.contains(one))
                    && !slots::stands(line, **version).is_empty()
            };
            linked.iter().find(stands).map(|(version, _)| version)
        };
        if !linked.values().flatten().any(|one| text.contains(one)) {
            continue;
        }
        // Where one line says it of OpenSSL, another speaks of the same version.
        let of_openssl: BTreeSet<&Version> = text
            .lines()
            .filter(|line| names(line))
            .filter_map(says)
            .collect();
        for (at, line) in text.lines().enumerate() {
            let place = (path.clone(), at + 1);
            let calls_it = || subject::calls_it_version(line);
            if let Some(version) = says(line)
                && (names(line) || (of_openssl.contains(version) && calls_it()))
                && !pinned.contains(&place)
            {
                let why = format!("a document says {version} too, and keeps it when the pins move");
                unsure.insert(Doubt::of_line(path, at + 1, line, why));
            }
        }
    }
}

#[cfg(test)]
mod tests;
#[cfg(test)]
mod tests_of_agreement;
#[cfg(test)]
mod tests_of_others;
#[cfg(test)]
mod tests_of_steps;
#[cfg(test)]
mod tests_of_tables;
