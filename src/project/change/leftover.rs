//! No file that a pin names may keep the old version.

use std::ops::Range;

use super::lines;
use super::plan::Move;
use super::splice::Splice;
use crate::openssl::version::Version;
use crate::project::config::{Pin, PinKind};
use crate::project::linked::files::line_of;
use crate::project::linked::{Files, spelling, table};
use crate::project::pattern::Pattern;
use crate::text::fault::Fault;

/// Refuses a change that would leave the old version in a file.
pub(super) fn check(
    path: &str,
    old: Version,
    moves: &[Move<'_>],
    files: &Files,
    splices: &[Splice],
    owned: &[Range<usize>],
) -> Result<(), Fault> {
    let text = files.text(path)?;
    let pins: Vec<&Pin> = moves
        .iter()
        .flat_map(|one| &one.link.pins)
        .filter(|pin| names(pin, path, files))
        .collect();
    let listed = old_entries(&pins, path, text, old);
    for range in stands(text, old) {
        let touches = |other: &Range<usize>| other.start < range.end && range.start < other.end;
        let line = lines::around(text, range.start);
        let left = |pattern: &Pattern| pattern.find(text, line.content.clone()).next().is_some();
        let replaced = splices.iter().any(|splice| touches(&splice.range));
        let allowed = pins.iter().flat_map(|pin| &pin.leave).any(left);
        if replaced || allowed || owned.iter().any(touches) || listed.iter().any(touches) {
            continue;
        }
        let place = pins
            .first()
            .map_or("the configuration", |pin| pin.place.as_str());
        return Err(Fault::usage(format!(
            "`{path}` line {} would still say {old} after the bump; add a pattern for it, or allow it in the pin of {place} with: leave = [{}]",
            line_of(text.as_bytes(), range.start),
            quoted(&text[line.content])
        )));
    }
    Ok(())
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
