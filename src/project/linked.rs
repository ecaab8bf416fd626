//! The version a link uses, and every pin that says so.

mod agree;
pub(crate) mod cargo;
pub(crate) mod crate_versions;
pub(crate) mod files;
mod place;
pub(crate) mod requirement;
pub(crate) mod spelling;
pub(crate) mod submodule;
pub(crate) mod table;
pub(crate) mod text;
pub(crate) mod tree;

pub use files::Files;

pub(crate) use files::Gitlink;
pub(crate) use place::{Linked, VersionPlace};

use agree::{LinkEvidence, VersionPart};

use crate::openssl::upstream::Release;
use crate::openssl::version::Version;
use crate::project::config::{Link, Pin, PinKind, TextPin};
use crate::project::file_entry::line_of;
use crate::project::pattern::Placeholder;
use crate::text::fault::Fault;

/// Reads the version that a link uses.
///
/// `releases` tells which release a digest or commit belongs to; `target_of` is where policy would
/// move a version to: what already stands at the target of the rest agrees with it.
///
/// # Errors
///
/// A usage fault that names file and line: a pattern that does not match as often as it should,
/// text that is no OpenSSL version, places that disagree, a file that is not UTF-8.
pub fn read(
    link: &Link,
    files: &Files,
    releases: &[Release],
    target_of: &dyn Fn(Version) -> Option<Version>,
) -> Result<Linked, Fault> {
    let mut evidence = LinkEvidence::default();
    for pin in &link.pins {
        read_pin(pin, files, releases, &mut evidence)?;
    }
    evidence.settle(link, target_of)
}

/// The places of one pin that say a version, whether they agree or not; none where it only follows
/// one.
pub(crate) fn places(
    pin: &Pin,
    files: &Files,
    releases: &[Release],
) -> Result<Vec<VersionPlace>, Fault> {
    let mut evidence = LinkEvidence::default();
    read_pin(pin, files, releases, &mut evidence)?;
    Ok(evidence.into_places())
}

/// Whether every pin of a link stands where it says, as far as that shows while no release is
/// known.
pub(crate) fn check_standing(link: &Link, files: &Files) -> Result<(), Fault> {
    link.pins.iter().try_for_each(|pin| match &pin.kind {
        // Which of several places is the pin's, digests may say.
        PinKind::Text(text) if text.series.is_some() => Ok(()),
        PinKind::Submodule(path) => submodule::gitlink(pin, path, files).map(drop),
        PinKind::Text(_) | PinKind::Cargo { .. } | PinKind::Tree(_) => {
            places(pin, files, &[]).map(drop)
        }
    })
}

fn read_pin(
    pin: &Pin,
    files: &Files,
    releases: &[Release],
    evidence: &mut LinkEvidence,
) -> Result<(), Fault> {
    match &pin.kind {
        PinKind::Text(text_pin) => read_text(pin, text_pin, files, releases, evidence)?,
        PinKind::Submodule(path) => evidence
            .places
            .push(submodule::place(pin, path, files, releases)?),
        PinKind::Cargo { file, package, .. } => {
            for (path, stated) in cargo::stated_everywhere(pin, file.as_deref(), package, files)? {
                cargo::check_checksum(package, &path, files.text(&path)?, &stated)?;
                evidence.place(pin, &path, stated.line, stated.version);
            }
        }
        PinKind::Tree(path) => evidence.places.push(tree::place(pin, path, files)?),
    }
    Ok(())
}

fn read_text(
    pin: &Pin,
    text_pin: &TextPin,
    files: &Files,
    releases: &[Release],
    evidence: &mut LinkEvidence,
) -> Result<(), Fault> {
    let mut anywhere = text_pin.matches.is_empty();
    for path in files.paths(&text_pin.file) {
        let text = files.text(path)?;
        let found = text::occurrences(pin, text_pin, path, text, releases)?;
        anywhere |= !found.is_empty();
        for occurrence in &found {
            for (slot, range) in occurrence.slots() {
                let line = line_of(text.as_bytes(), range.start);
                let value = &text[range];
                if let Some(version) = spelling::version(slot, value) {
                    evidence.place(pin, path, line, version);
                } else if slot.is_part() && !pin.mixed {
                    evidence.parts.push(VersionPart {
                        file: path.clone(),
                        line,
                        slot,
                        text: value.to_owned(),
                    });
                } else if let Some(version) =
                    spelling::release(slot, value, releases).filter(|_| !pin.mixed)
                {
                    evidence.fingerprints.push(VersionPlace {
                        file: path.clone(),
                        line,
                        version,
                        mixed: false,
                    });
                }
            }
        }
        if !found.iter().any(|occurrence| occurrence.version.is_some()) {
            evidence.assemble(pin, path, &found, text);
        }
        evidence.table(pin, table::highest(pin, text_pin, path, text)?);
    }
    if anywhere {
        return Ok(());
    }
    let patterns: Vec<String> = text_pin
        .matches
        .iter()
        .map(|pattern| format!("`{pattern}`"))
        .collect();
    Err(Fault::usage(format!(
        "{}: {} stands in none of the files that `{}` names",
        pin.place,
        patterns.join(" or "),
        text_pin.file
    )))
}

/// What a link's pins ask of a release beyond its version: digests, size, address, commit.
pub(crate) fn asks_for(link: &Link) -> std::collections::BTreeSet<Placeholder> {
    let of_pin = |pin: &Pin| match &pin.kind {
        PinKind::Text(text) => {
            let patterns = text
                .matches
                .iter()
                .chain(text.insert.iter().map(|insert| &insert.text))
                .chain(text.set.iter().map(|(_, to)| to));
            patterns
                .flat_map(|pattern| pattern.slots().collect::<Vec<_>>())
                .collect()
        }
        PinKind::Submodule(_) => vec![Placeholder::Commit],
        PinKind::Cargo { .. } | PinKind::Tree(_) => Vec::new(),
    };
    link.pins
        .iter()
        .flat_map(of_pin)
        .filter(|slot| slot.is_fingerprint() || *slot == Placeholder::Url)
        .collect()
}
