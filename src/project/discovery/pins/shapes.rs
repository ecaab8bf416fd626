//! From values to pins: the literal text around them that finds them again, and nothing else.

use std::collections::{BTreeMap, BTreeSet};

use super::literal::{Fit, PatternLimits, fit, pin};
use super::{folders, followers, tables};
use crate::openssl::upstream::Release;
use crate::openssl::version::Version;
use crate::project::discovery::found::{
    Checkout, Doubt, FoundKind, FoundText, LinkKind, StandingPin, Unfit,
};
use crate::project::discovery::history::record::Record;
use crate::project::discovery::line::sighting::{Lines, SeenFile, Sighting};
use crate::project::discovery::owner::{evidence, foreign};
use crate::project::discovery::unmoved::renamed;
use crate::project::discovery::value::slots;

/// Text pins of every file.
pub(crate) fn pins(
    checkout: &Checkout,
    releases: &[Release],
    record: &Record,
    seen: &[(&str, Vec<Sighting>)],
    unsure: &mut BTreeSet<Doubt>,
) -> (Vec<StandingPin>, Unfit) {
    let mut unfit = Unfit::new();
    let mut files: Vec<SeenFile<'_>> = seen
        .iter()
        .map(|(path, sightings)| {
            let text = checkout.texts[*path].as_str();
            let ours = sightings
                .iter()
                .filter(|sighting| sighting.is_ours())
                .cloned()
                .collect();
            SeenFile {
                path,
                text,
                lines: Lines::of(text),
                ours,
            }
        })
        .filter(|file| !file.ours.is_empty())
        .collect();
    let mut standing = tables::pins(&mut files, record, unsure, &mut unfit);
    standing.extend(folders::pins(checkout, releases, &mut files));
    let real = real(&files);
    let said: BTreeSet<Version> = files
        .iter()
        .flat_map(|file| &file.ours)
        .filter(|one| one.slot.is_version() || one.slot.is_part())
        .map(|one| one.version)
        .collect();
    let alone = alone(&files, &said);
    for file in &mut files {
        let stays = |one: &Sighting| alone.contains(&(file.path, one.version));
        for one in file.ours.iter().filter(|one| stays(one)) {
            // Why the version beside it is no pin is told of its line.
            if Doubt::is_told(unsure, file.path, one.line) {
                continue;
            }
            let why = why_alone(seen, file, one);
            unsure.insert(Doubt::at(file.path, file.text, one.line, why));
        }
        file.ours.retain(|one| !stays(one));
    }
    for file in &files {
        let all: BTreeSet<LinkKind> = file.ours.iter().map(Sighting::kind).collect();
        for kind in all {
            let (_, series) = kind;
            let (of_link, weak): (Vec<&Sighting>, Vec<&Sighting>) = file
                .ours
                .iter()
                .filter(|one| one.kind() == kind)
                .partition(|one| real.contains(&(kind.0, one.version)));
            for one in weak {
                let why = format!(
                    "it says {}, which nothing surer of series {series} says",
                    one.version
                );
                unsure.insert(Doubt::at(file.path, file.text, one.line, why));
            }
            standing.extend(of_file(file, &of_link, releases, &mut unfit));
        }
    }
    (standing, unfit)
}

/// Why a digest is not moved alone: nothing in its file says its version, or what does is held back
/// itself.
fn why_alone(seen: &[(&str, Vec<Sighting>)], file: &SeenFile<'_>, digest: &Sighting) -> String {
    let version = digest.version;
    if renamed::is_named_after(file.path, version) {
        return renamed::named_after(file.path, version);
    }
    let mut all = seen.iter().filter(|(other, _)| *other == file.path);
    let held = all.find_map(|(_, seen)| {
        let says = |one: &&Sighting| {
            one.slot.is_version()
                && (one.version == version
                    || (one.doubt() == Some(foreign::SERIES)
                        && one.version.series() == version.series()))
        };
        seen.iter()
            .filter(says)
            .filter_map(|one| Some((one.line, one.doubt()?)))
            .filter(|(_, why)| *why != evidence::COMMENT)
            .min_by_key(|(line, _)| line.abs_diff(digest.line))
    });
    let why = match held {
        Some((line, why)) => {
            format!("and what says its version, line {line}, is held back: {why}")
        }
        None if slots::stands(file.text, version).is_empty() => {
            "and nothing here says that version, so it is not moved alone".to_owned()
        }
        None => "which is no pin where the file says it, so it is not moved alone".to_owned(),
    };
    format!("it is a digest or commit of {version}, {why}")
}

/// The files that hold a digest of a version which nothing says, or only files that have a digest
/// of it themselves.
fn alone<'a>(files: &[SeenFile<'a>], said: &BTreeSet<Version>) -> BTreeSet<(&'a str, Version)> {
    let says = |file: &SeenFile<'_>, version: Version| {
        let mut ours = file.ours.iter();
        ours.any(|one| one.version == version && (one.slot.is_version() || one.slot.is_part()))
    };
    let digested = |file: &SeenFile<'_>, version: Version| {
        let mut ours = file.ours.iter();
        ours.any(|one| one.version == version && one.slot.is_fingerprint())
    };
    let mut alone = BTreeSet::new();
    for file in files {
        for one in file.ours.iter().filter(|one| !says(file, one.version)) {
            let version = one.version;
            let has_partner = said.contains(&version)
                && files
                    .iter()
                    .any(|other| says(other, version) && !digested(other, version));
            if !has_partner {
                alone.insert((file.path, version));
            }
        }
    }
    alone
}

/// The versions that count: in each series those that something names OpenSSL's or ties to it;
/// where nothing does, the one that most places say, of equals the highest.
fn real(files: &[SeenFile<'_>]) -> BTreeSet<(bool, Version)> {
    let all = || files.iter().flat_map(|file| &file.ours);
    let says = |one: &&Sighting| one.slot.is_version() || one.slot.is_part();
    let mut real: BTreeSet<(bool, Version)> = all()
        .filter(says)
        .filter(|one| one.is_named())
        .map(|one| (one.tested, one.version))
        .collect();
    let sure: BTreeSet<LinkKind> = real
        .iter()
        .map(|(tested, version)| (*tested, version.series()))
        .collect();
    let mut said: BTreeMap<(bool, Version), usize> = BTreeMap::new();
    for one in all().filter(says) {
        *said.entry((one.tested, one.version)).or_default() += 1;
    }
    let mut most: BTreeMap<LinkKind, (usize, Version)> = BTreeMap::new();
    for ((tested, version), times) in said {
        let best = most
            .entry((tested, version.series()))
            .or_insert((times, version));
        *best = (*best).max((times, version));
    }
    real.extend(
        most.into_iter()
            .filter(|(kind, _)| !sure.contains(kind))
            .map(|((tested, _), (_, version))| (tested, version)),
    );
    real
}

/// Why a pattern that stands more than once is none, where its places say versions of their own: a
/// bump makes one of them all.
fn differing(file: &SeenFile<'_>, of_link: &[&Sighting], fit: &Fit) -> Option<String> {
    let mut said = of_link
        .iter()
        .filter(|one| one.slot.is_version() && fit.starts.contains(&one.range.start));
    let first = said.next().filter(|_| fit.count > 1)?;
    let other = said.find(|one| one.version != first.version && one.line != first.line)?;
    Some(format!(
        "`{}` lines {} and {} say {} and {} in one form, and nothing shows whether a bump adds such a line or moves one; say it with `insert`, or with a `match` for the one that moves",
        file.path, first.line, other.line, first.version, other.version
    ))
}

/// The pins of one series in one file: one for each number of times that patterns stand.
fn of_file(
    file: &SeenFile<'_>,
    of_link: &[&Sighting],
    releases: &[Release],
    unfit: &mut Unfit,
) -> Vec<StandingPin> {
    let mut covered: BTreeSet<usize> = BTreeSet::new();
    let mut grouped: BTreeMap<PatternLimits, Vec<Fit>> = BTreeMap::new();
    for one in of_link {
        if covered.contains(&one.range.start) {
            continue;
        }
        let Some(fit) = fit(file, of_link, one, &covered, releases) else {
            unfit.entry(one.kind()).or_insert_with(|| {
                let why = format!(
                    "`{}` line {} says {}, and no text around it tells it from what else stands in the file",
                    file.path, one.line, one.version
                );
                Doubt::at(file.path, file.text, one.line, why)
            });
            continue;
        };
        covered.extend(&fit.starts);
        if let Some(why) = differing(file, of_link, &fit) {
            let doubt = Doubt::at(file.path, file.text, one.line, why);
            unfit.entry(one.kind()).or_insert(doubt);
        }
        grouped
            .entry((fit.count, fit.series, fit.within.clone()))
            .or_default()
            .push(fit);
    }
    let standing = grouped.into_iter().filter_map(|(limits, fits)| {
        let (count, series, within) = limits;
        let starts: BTreeSet<usize> = fits
            .iter()
            .flat_map(|fit| fit.starts.iter().copied())
            .collect();
        let version = of_link
            .iter()
            .filter(|one| starts.contains(&one.range.start))
            .map(|one| one.version)
            .min()?;
        let mut found = FoundText {
            matches: fits.into_iter().map(|fit| fit.pattern).collect(),
            count: Some(count),
            series,
            within,
            ..FoundText::of(file.path)
        };
        followers::add(&mut found, file.path, file.text);
        let kind = FoundKind::Text(Box::new(found));
        Some(StandingPin {
            version,
            pin: pin(file, kind, &starts),
            tested: of_link.iter().all(|one| one.tested),
        })
    });
    standing.collect()
}
