//! No file that a pin names may keep the old version, or a digest of its tarball.

use std::ops::Range;

use super::lines;
use super::plan::Move;
use super::splice::Splice;
use crate::openssl::upstream::Release;
use crate::openssl::version::Version;
use crate::project::config::{Pin, PinKind};
use crate::project::linked::files::line_of;
use crate::project::linked::{Files, spelling, table};
use crate::project::pattern::{Algorithm, Pattern, Placeholder};
use crate::text::fault::Fault;

/// What a file is looked through for.
pub(super) struct Looked<'a> {
    pub(super) path: &'a str,
    pub(super) old: Version,
    pub(super) moves: &'a [Move<'a>],
    pub(super) files: &'a Files,
    pub(super) releases: &'a [Release],
    /// What the bump replaces.
    pub(super) splices: &'a [Splice],
    /// What belongs to links that stay.
    pub(super) owned: &'a [Range<usize>],
}

/// Refuses a change that would leave the old version, a digest of its tarball, or beside what
/// moved a digest that does not, in a file.
pub(super) fn check(looked: &Looked<'_>) -> Result<(), Fault> {
    let Looked { path, old, .. } = *looked;
    let text = looked.files.text(path)?;
    let pins: Vec<&Pin> = looked
        .moves
        .iter()
        .flat_map(|one| &one.link.pins)
        .filter(|pin| names(pin, path, looked.files))
        .collect();
    let listed = old_entries(&pins, path, text, old);
    let left = |range: &Range<usize>| {
        let touches = |other: &Range<usize>| other.start < range.end && range.start < other.end;
        let line = lines::around(text, range.start).content;
        let allows = |pattern: &Pattern| pattern.find(text, line.clone()).next().is_some();
        !(looked.splices.iter().any(|one| touches(&one.range))
            || looked.owned.iter().any(touches)
            || listed.iter().any(touches)
            || pins.iter().flat_map(|pin| &pin.leave).any(allows))
    };
    let stands = stands(text, old);
    let versions: Vec<&Range<usize>> = stands.iter().filter(|range| left(range)).collect();
    if !versions.is_empty() {
        let what = format!("say {old}");
        return Err(refusal(path, text, &pins, &versions, &what, "a pattern"));
    }
    let digests = digests(text);
    let told = |(slot, range): &(Placeholder, Range<usize>)| {
        spelling::release(*slot, &text[range.clone()], looked.releases)
    };
    let known: Vec<&(Placeholder, Range<usize>)> = digests
        .iter()
        .filter(|digest| told(digest) == Some(old) && left(&digest.1))
        .collect();
    if let Some((slot, _)) = known.first() {
        let what = format!("hold the {} of OpenSSL {old}", slot.hexadecimal().name());
        let ranges: Vec<_> = known.iter().map(|(_, range)| range).collect();
        let add = format!("a pattern with `{{{}}}`", slot.name());
        return Err(refusal(path, text, &pins, &ranges, &what, &add));
    }
    let moved: Vec<&Range<usize>> = stands
        .iter()
        .filter(|range| {
            looked
                .splices
                .iter()
                .any(|one| one.range.start < range.end && range.start < one.range.end)
        })
        .collect();
    let beside: Vec<&(Placeholder, Range<usize>)> = digests
        .iter()
        .filter(|digest| told(digest).is_none() && left(&digest.1))
        // A commit has the form of a SHA-1, and may be the new release's already.
        .filter(|(_, range)| {
            spelling::release(Placeholder::Commit, &text[range.clone()], looked.releases)
                .is_none_or(|release| release == old)
        })
        .filter(|(_, range)| moved.iter().any(|moved| is_beside(text, moved, range)))
        .collect();
    if let Some((slot, _)) = beside.first() {
        let what = "hold the same digest beside a version that moved".to_owned();
        let ranges: Vec<_> = beside.iter().map(|(_, range)| range).collect();
        let add = format!("a pattern with its placeholder (`{{{}}}`)", slot.name());
        return Err(refusal(path, text, &pins, &ranges, &what, &add));
    }
    Ok(())
}

/// The fault that names every line that would stay, and what to write where it is right to.
fn refusal(
    path: &str,
    text: &str,
    pins: &[&Pin],
    ranges: &[&Range<usize>],
    what: &str,
    add: &str,
) -> Fault {
    let mut found: Vec<(usize, &str)> = ranges
        .iter()
        .map(|range| {
            let line = lines::around(text, range.start).content;
            (line_of(text.as_bytes(), range.start), &text[line])
        })
        .collect();
    found.sort_unstable();
    found.dedup();
    let place = pins
        .first()
        .map_or("the configuration", |pin| pin.place.as_str());
    let mut allowed: Vec<String> = found.iter().map(|(_, line)| quoted(line)).collect();
    allowed.dedup();
    let lines: Vec<usize> = found.iter().map(|(line, _)| *line).collect();
    let (lines, them) = match lines.as_slice() {
        [line] => (format!("line {line}"), "it"),
        _ => (format!("lines {}", crate::text::in_words(lines)), "them"),
    };
    Fault::usage(format!(
        "`{path}` {lines} would still {what} after the bump; add {add} for {them}, or allow {them} in the pin of {place} with: leave = [{}]",
        allowed.join(", ")
    ))
}

/// Where a version stands in a text, with dots or underscores.
fn stands(text: &str, version: Version) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    for written in ["{version}", "{version_}"] {
        let Ok(pattern) = Pattern::of_pin(written) else {
            continue;
        };
        let slot = pattern.slots().next();
        let all = pattern.find(text, 0..text.len()).map(|one| one.range);
        found.extend(all.filter(|range| {
            slot.and_then(|slot| spelling::version(slot, &text[range.clone()])) == Some(version)
        }));
    }
    found.sort_by_key(|range| range.start);
    found
}

/// Everything in a text that has the form of a digest.
fn digests(text: &str) -> Vec<(Placeholder, Range<usize>)> {
    let mut found = Vec::new();
    for algorithm in Algorithm::ALL {
        for slot in [
            algorithm.hexadecimal(),
            Placeholder::Sri(algorithm),
            Placeholder::Base64(algorithm),
        ] {
            let Ok(pattern) = Pattern::of_pin(&format!("{{{}}}", slot.name())) else {
                continue;
            };
            let all = pattern.find(text, 0..text.len());
            found.extend(all.map(|one| (slot, one.range)));
        }
    }
    found
}

/// Bytes of a line within which a digest is taken for that of what moves on the line.
const NEAR: usize = 600;

/// Words that say of a line's digest nothing but that it is one.
const DIGEST_WORDS: [&str; 18] = [
    "sha",
    "sha1",
    "sha256",
    "sha512",
    "md5",
    "sum",
    "sums",
    "sha256sum",
    "sha512sum",
    "hash",
    "checksum",
    "digest",
    "integrity",
    "openssl",
    "ssl",
    "tarball",
    "source",
    "archive",
];

/// Whether a digest belongs to what moves: on the same line, or on the next one under a name that
/// is no other thing's.
fn is_beside(text: &str, moved: &Range<usize>, digest: &Range<usize>) -> bool {
    let (here, there) = (
        lines::around(text, moved.start).whole,
        lines::around(text, digest.start),
    );
    if here.contains(&digest.start) {
        return moved.start.abs_diff(digest.start) <= NEAR;
    }
    if there.whole.start != here.end && there.whole.end != here.start {
        return false;
    }
    let around = format!(
        "{} {}",
        &text[there.content.start..digest.start],
        &text[digest.end..there.content.end]
    );
    let lower = around.to_ascii_lowercase();
    let mut words = lower
        .split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|word| !word.is_empty())
        .peekable();
    words.peek().is_some() && words.all(|word| DIGEST_WORDS.contains(&word))
}

/// The entries of tables for the old version, which stay: an entry reaches as far as it is
/// indented.
fn old_entries(pins: &[&Pin], path: &str, text: &str, old: Version) -> Vec<Range<usize>> {
    let mut ranges = Vec::new();
    for pin in pins {
        let PinKind::Text(text_pin) = &pin.kind else {
            continue;
        };
        for insert in &text_pin.insert {
            let entries = table::entries(pin, text_pin, insert, path, text).unwrap_or_default();
            ranges.extend(
                entries
                    .into_iter()
                    .filter(|entry| entry.version == old)
                    .map(|entry| {
                        let block = lines::block(
                            text,
                            &lines::around(
                                text,
                                entry.found.range.start
                                    + leading_break(&text[entry.found.range.clone()]),
                            ),
                        );
                        block.start.min(entry.found.range.start)
                            ..block.end.max(entry.found.range.end)
                    }),
            );
        }
    }
    ranges
}

fn leading_break(text: &str) -> usize {
    text.len() - text.trim_start_matches(['\r', '\n']).len()
}

fn names(pin: &Pin, path: &str, files: &Files) -> bool {
    matches!(&pin.kind, PinKind::Text(text_pin) if files.paths(&text_pin.file).iter().any(|named| named == path))
}

/// A line as a pattern in TOML.
fn quoted(line: &str) -> String {
    let line = line.trim();
    // What only looks like a placeholder would not match itself.
    let plain = Pattern::of_pin(line).is_ok_and(|pattern| pattern.slots().next().is_none());
    let pattern = if plain {
        line.to_owned()
    } else {
        line.split('{')
            .map(|part| part.rsplit('}').next().unwrap_or(part))
            .collect::<Vec<_>>()
            .join("{*}")
    };
    if pattern.contains(['\'']) || pattern.chars().any(crate::text::acts) {
        format!("{pattern:?}")
    } else {
        format!("'{pattern}'")
    }
}
