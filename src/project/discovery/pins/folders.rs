//! Definition files: a folder of files that say the same line, each with a version of its own.

use std::collections::{BTreeMap, BTreeSet};

use super::literal;
use crate::openssl::upstream::Release;
use crate::openssl::version::{Series, Version};
use crate::project::discovery::found::{
    Checkout, Confidence, FoundKind, FoundPin, FoundText, Moved, StandingPin,
};
use crate::project::discovery::line::sighting::{SeenFile, Sighting};

/// Files from which on one glob says it better than as many pins.
const MANY: usize = 4;

/// Why a pin of definitions that each say a version of their own is not sure: a project may add
/// definitions and leave those that are there.
const UNMOVED: &str = "definitions each say a version of their own, and no commit moved one";

/// What the files of one folder say in one way.
#[derive(Default)]
struct Folder<'a> {
    files: BTreeSet<&'a str>,
    versions: BTreeSet<Version>,
}

/// One pin for each line that many files of a folder have; its values are taken out of the files.
pub(crate) fn pins(
    checkout: &Checkout,
    releases: &[Release],
    files: &mut [SeenFile<'_>],
) -> Vec<StandingPin> {
    let mut folders: BTreeMap<(&str, Series, String), Folder<'_>> = BTreeMap::new();
    for file in files.iter() {
        let Some((folder, _)) = file.path.rsplit_once('/') else {
            continue;
        };
        for (version, pattern) in lines(file) {
            let entry = folders
                .entry((folder, version.series(), pattern))
                .or_default();
            entry.files.insert(file.path);
            entry.versions.insert(version);
        }
    }
    let mut standing = Vec::new();
    for ((folder, series, pattern), found) in folders {
        let many = found.files.len() >= MANY || (found.files.len() > 1 && found.versions.len() > 1);
        if !many {
            continue;
        }
        if let Some(one) = pin(
            checkout,
            releases,
            files,
            folder,
            series,
            &pattern,
            found.versions.len() > 1,
        ) {
            standing.push(one);
        }
    }
    standing
}

/// Each line that says a version, as a pattern.
fn lines(file: &SeenFile<'_>) -> Vec<(Version, String)> {
    let mut found = Vec::new();
    let mut line = 0;
    for one in file.ours.iter().filter(|one| one.slot.is_version()) {
        let of_link: Vec<&Sighting> = file
            .ours
            .iter()
            .filter(|other| other.version == one.version)
            .collect();
        if one.line != line
            && let Some(pattern) = literal::candidates(file, &of_link, one).into_iter().next()
        {
            found.push((one.version, pattern));
        }
        line = one.line;
    }
    found
}

fn pin(
    checkout: &Checkout,
    releases: &[Release],
    files: &mut [SeenFile<'_>],
    folder: &str,
    series: Series,
    pattern: &str,
    mixed: bool,
) -> Option<StandingPin> {
    let directly = |path: &str| {
        path.rsplit_once('/')
            .is_some_and(|(parent, _)| parent == folder)
    };
    let mut taken: BTreeMap<&str, BTreeSet<usize>> = BTreeMap::new();
    let mut limit = None;
    for (path, text) in checkout.texts.iter().filter(|(path, _)| directly(path)) {
        let ours = files.iter().find(|file| file.path == path);
        let is_ours = |slot, range| {
            ours.is_some_and(|file| {
                file.ours
                    .iter()
                    .any(|one| one.slot == slot && one.range == range)
            })
        };
        let anywhere = literal::stands_at(path, text, pattern, None, releases, &is_ours)?;
        let of_series = literal::stands_at(path, text, pattern, Some(series), releases, &is_ours)?;
        if anywhere.len() > of_series.len() {
            limit = Some(series);
        }
        taken.insert(path, of_series.into_iter().flatten().collect());
    }
    let mut version: Option<Version> = None;
    let mut places = Vec::new();
    let mut told = None;
    let mut moved: Vec<Moved> = Vec::new();
    for file in files.iter_mut() {
        let Some(starts) = taken.get(file.path) else {
            continue;
        };
        let at: Vec<&Sighting> = file
            .ours
            .iter()
            .filter(|one| starts.contains(&one.range.start))
            .collect();
        if at.is_empty() {
            continue;
        }
        moved.extend(literal::moved(&at));
        let conviction = literal::conviction(&at);
        told = Some(told.map_or(conviction, |told| {
            std::cmp::min_by_key(told, conviction, |(confidence, _)| *confidence)
        }));
        version = at.iter().map(|one| one.version).chain(version).min();
        places.extend(
            at.iter()
                .map(|one| (file.path.to_owned(), one.line))
                .collect::<BTreeSet<_>>(),
        );
        file.ours.retain(|one| !starts.contains(&one.range.start));
    }
    let (mut confidence, mut reason) = told?;
    if mixed && moved.is_empty() {
        (confidence, reason) = (confidence.min(Confidence::Likely), UNMOVED);
    }
    let kind = FoundKind::Text(Box::new(FoundText {
        matches: vec![pattern.to_owned()],
        series: limit,
        mixed,
        ..FoundText::of(&format!("{folder}/*"))
    }));
    Some(StandingPin {
        version: version?,
        pin: FoundPin {
            kind,
            places,
            confidence,
            reason,
            differs: None,
            moved: moved.into_iter().fold(Vec::new(), |mut all, one| {
                if !all.contains(&one) && all.len() < 3 {
                    all.push(one);
                }
                all
            }),
        },
        tested: false,
    })
}
