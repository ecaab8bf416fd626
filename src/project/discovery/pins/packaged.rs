//! Pins whose version has a number of the package's own behind it.

use std::collections::{BTreeMap, BTreeSet};

use crate::openssl::upstream::Release;
use crate::openssl::version::Version;
use crate::project::discovery::found::{
    Checkout, Confidence, Doubt, FoundKind, FoundLink, FoundPin, FoundText, Moved, StandingPin,
};
use crate::project::discovery::history::proven::MOVED;
use crate::project::discovery::history::record::Record;
use crate::project::discovery::line::sighting::Sighting;
use crate::project::discovery::line::subject;
use crate::project::discovery::unmoved::packaged_lines::{
    PackagedLine, PackagedStep, becomes, lines,
};
use crate::project::pattern::Pattern;

/// Bumps that are asked what the number does.
const ASKED: usize = 3;

/// Bytes behind the number from which on a pattern that is told of does without them.
const LONG: usize = 4;

/// A pin for every such line whose number did the same at every bump that is known, where it or
/// another line of its file calls the version OpenSSL's.
pub(crate) fn pins(
    checkout: &Checkout,
    seen: &[(&str, Vec<Sighting>)],
    releases: &[Release],
    record: &Record,
) -> Vec<StandingPin> {
    let is_release = |version| releases.iter().any(|release| release.version == version);
    let mut standing = Vec::new();
    for path in record.packaged() {
        let Some(text) = checkout.texts.get(path) else {
            continue;
        };
        let of_file = seen.iter().filter(|(other, _)| other == path);
        let named: BTreeSet<Version> = of_file
            .flat_map(|(_, seen)| seen)
            .filter(|one| one.slot.is_version() && one.is_named())
            .map(|one| one.version)
            .collect();
        let is_ours = |one: &PackagedLine| one.is_named() || named.contains(&one.version);
        for now in lines(path, text, &is_release).into_iter().filter(is_ours) {
            let steps: Vec<&PackagedStep> = record.packaged_steps(path, now.label()).collect();
            let newest = &steps[..steps.len().min(ASKED)];
            let moved = record.named(newest.iter().map(|step| step.commit));
            let pattern = becomes(&now, newest).map(|number| now.pattern(&number));
            standing.extend(pattern.and_then(|pattern| pin(path, text, &now, pattern, moved)));
        }
    }
    standing
}

fn pin(
    path: &str,
    text: &str,
    now: &PackagedLine,
    pattern: String,
    moved: Vec<Moved>,
) -> Option<StandingPin> {
    let read = Pattern::of_pin(&pattern).ok()?;
    (read.find(text, 0..text.len()).count() == 1).then(|| StandingPin {
        version: now.version,
        pin: FoundPin {
            kind: FoundKind::Text(Box::new(FoundText {
                matches: vec![pattern],
                count: Some(1),
                ..FoundText::of(path)
            })),
            places: vec![(path.to_owned(), now.line)],
            confidence: Confidence::Certain,
            reason: MOVED,
            moved,
            differs: None,
        },
        tested: false,
    })
}

/// Has a bump write the version alone where a number stands behind it that came with a build of the
/// same version, or that the newest bump left out: `openssl-bin-3.5.3-1` becomes `openssl-bin-3.5.4`.
pub(crate) fn without_number(
    checkout: &Checkout,
    releases: &[Release],
    record: &Record,
    links: &mut [FoundLink],
) {
    let is_release = |version| releases.iter().any(|release| release.version == version);
    // A file may have many pins, and is read once.
    let mut read: BTreeMap<String, Vec<PackagedLine>> = BTreeMap::new();
    let pinned: BTreeSet<(String, usize)> =
        links.iter().flat_map(FoundLink::places).cloned().collect();
    for link in links {
        let version = link.version;
        for pin in &mut link.pins {
            let FoundKind::Text(found) = &mut pin.kind else {
                continue;
            };
            let Some(text) = checkout.texts.get(&found.file).filter(|_| found.is_plain()) else {
                continue;
            };
            let all = read
                .entry(found.file.clone())
                .or_insert_with(|| lines(&found.file, text, &is_release));
            for now in all.iter().filter(|now| now.version == version) {
                let place = (found.file.clone(), now.line);
                if pinned.contains(&place) || !record.is_bare(&found.file, now) {
                    continue;
                }
                if let Some(set) = now.set(text) {
                    found.set.push(set);
                    pin.places.push(place);
                    pin.places.sort();
                }
            }
        }
    }
}

/// Tells of every such version in a file without pins: a pattern is for who knows what the number
/// does.
pub(crate) fn tell(
    checkout: &Checkout,
    releases: &[Release],
    links: &[FoundLink],
    unsure: &mut BTreeSet<Doubt>,
) {
    let places = links.iter().flat_map(FoundLink::places);
    let with_pins: BTreeSet<&str> = places.map(|(file, _)| file.as_str()).collect();
    let is_linked = |version| links.iter().any(|link| link.version == version);
    let is_release = |version| releases.iter().any(|release| release.version == version);
    for (path, text) in &checkout.texts {
        if with_pins.contains(path.as_str()) {
            continue;
        }
        let all = lines(path, text, &is_release).into_iter();
        let about = subject::path_names_openssl(path);
        for one in all.filter(|one| one.is_named() || (about && is_linked(one.version))) {
            let (counts, number) = (one.pattern("{+}"), one.number);
            // What is long behind it says nothing more.
            let counts = match counts.strip_suffix(one.after.as_str()) {
                Some(short) if one.after.len() > LONG => short,
                _ => &counts,
            };
            let why = format!(
                "it says `{}{}{number}`, OpenSSL's version with a number of the package's own; as a pin it is `{counts}` where that number counts, and with `{{0}}` where it falls back",
                one.version, one.separator
            );
            unsure.insert(Doubt::at(path, text, one.line, why));
        }
    }
}
