//! What is told and no pin covers: values that could be OpenSSL's, documents, files of data.

use std::collections::{BTreeMap, BTreeSet};

use super::found::{Checkout, Doubt, FoundLink};
use super::line::sighting::{Lines, Sighting};
use super::line::{file_kind, subject};
use super::owner::{evidence, foreign};
use super::value::sightings::Sightings;
use super::value::{sightings, slots};
use crate::openssl::upstream::Release;
use crate::openssl::version::Version;
use crate::text::budget;

/// Whether a file is data and not looked at; that is said.
pub(super) fn is_data(
    known: &Sightings,
    path: &str,
    text: &str,
    unsure: &mut BTreeSet<Doubt>,
) -> bool {
    let speaks = !file_kind::is_generated(path)
        && !file_kind::is_prose(path, text)
        && (sightings::contains_openssl(text) || subject::path_names_openssl(path));
    let Some(why) = speaks.then(|| known.data(path, text)).flatten() else {
        return false;
    };
    unsure.insert(Doubt::at(path, text, 1, why));
    true
}

/// What speaks of OpenSSL in a way that could be a pin, or holds a linked version's number, and no
/// pin covers.
pub(super) fn of_values(
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
                    && (why == foreign::FORK
                        || !links
                            .iter()
                            .any(|link| link.version.series() == sighting.version.series()))
            };
            if (linked || (links.is_empty() && open) || fetched()) && !pinned.contains(&place) {
                let doubt = Doubt::of_line(path, sighting.line, written, why.to_owned());
                unsure.insert(doubt);
            }
        }
    }
}

/// Documents that name OpenSSL with a linked version: nobody raises it there but the reader.
pub(super) fn of_documents(checkout: &Checkout, links: &[FoundLink], unsure: &mut BTreeSet<Doubt>) {
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
        if file_kind::is_history(path) || !file_kind::is_prose(path, text) {
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
        let about = subject::path_names_openssl(path);
        for (at, line) in text.lines().enumerate() {
            let place = (path.clone(), at + 1);
            let is_known = |version| about || of_openssl.contains(version);
            if let Some(version) = says(line)
                && (names(line) || (is_known(version) && subject::calls_it_version(line)))
                && !pinned.contains(&place)
            {
                let kind = match path.rsplit('.').next() {
                    Some("patch" | "diff") => "patch",
                    _ => "document",
                };
                let why = format!("a {kind} says {version} too, and keeps it when the pins move");
                unsure.insert(Doubt::of_line(path, at + 1, line, why));
            }
        }
    }
}

/// Commands of a document that choose a version, where nothing else does: `export
/// OPENSSL_VERSION=3.5.3`, or `export VERSION=3.5.3` beside the digest of that release.
pub(super) fn of_commands(
    checkout: &Checkout,
    releases: &[Release],
    links: &[FoundLink],
    unsure: &mut BTreeSet<Doubt>,
) {
    let texts = checkout.texts.iter().filter(|(path, text)| {
        !file_kind::is_history(path)
            && file_kind::is_prose(path, text)
            && sightings::contains_openssl(text)
    });
    for (path, text) in texts.filter(|_| links.is_empty()) {
        let lines: Vec<&str> = text.lines().collect();
        for (at, line) in lines.iter().enumerate() {
            let beside = &lines[at.saturating_sub(1)..lines.len().min(at + 2)];
            let code = line.split(" #").next().unwrap_or_default();
            let mut words = code.split_whitespace();
            if line.len() <= budget::LINE_WITH_VALUE
                && words.any(|word| chooses(word, beside, releases))
            {
                let why = "only the commands of a document choose this version; make the line a pin where a bump is to move it";
                unsure.insert(Doubt::of_line(path, at + 1, line, why.to_owned()));
            }
        }
    }
}

/// Whether a word of a command gives a version to a name of OpenSSL's, or to one that has the digest
/// of that release beside it.
fn chooses(word: &str, beside: &[&str], releases: &[Release]) -> bool {
    let Some((name, value)) = word.split_once('=') else {
        return false;
    };
    let value = value.trim_matches(['"', '\'', ';', '`']);
    let value = value.strip_prefix("openssl-").unwrap_or(value);
    if !name.to_ascii_lowercase().contains("ver") || subject::is_least(word) {
        return false;
    }
    let Ok(version) = value.parse::<Version>() else {
        return false;
    };
    let digested = || {
        let mut releases = releases.iter();
        let release = releases.find(|release| release.version == version);
        let digest = release.and_then(|release| release.hashes.sha256.as_deref());
        digest.is_some_and(|digest| {
            let short = |line: &&&str| line.len() <= budget::LINE_WITH_VALUE;
            let mut lines = beside.iter().filter(short);
            lines.any(|line| line.to_ascii_lowercase().contains(digest))
        })
    };
    subject::names_openssl(name) || digested()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_chooses_a_version_by_its_name_or_its_digest() {
        let release: Release = serde_json::from_str(&format!(
            r#"{{"version": "3.5.3", "date": "2025-09-16", "hashes": {{"sha256": "{}"}}}}"#,
            "5a".repeat(32)
        ))
        .expect("a release");
        let sum = format!("export SHA256={}", "5A".repeat(32));
        for (word, beside, expected) in [
            ("OPENSSL_VERSION=3.5.3", "", true),
            ("VERSION=3.5.3", sum.as_str(), true),
            ("VERSION=3.5.3", "", false),
            ("VERSION=3.5.2", &sum, false),
            ("OPENSSL_MIN_VERSION=3.5.3", "", false),
        ] {
            let found = chooses(word, &[beside], std::slice::from_ref(&release));
            assert_eq!(found, expected, "{word} {beside}");
        }
    }
}
