//! What still says the series that a bump leaves, in the files that its pins stand in: nobody can
//! know whether it goes along, so that it is told and not refused.

use std::collections::{BTreeMap, BTreeSet};

use super::edit::Change;
use super::moves::Move;
use super::{leftover, prose};
use crate::openssl::version::Series;
use crate::project::config::{Pin, PinKind};
use crate::project::linked::Files;
use crate::project::value_name;

/// Lines that are told one by one.
const TOLD: usize = 5;

/// The two libraries, in whose names the series stands.
const LIBRARIES: [&str; 2] = ["libssl", "libcrypto"];

/// The lines that say the series before as a whole value after a change, in words.
pub(crate) fn old_series(moves: &[Move<'_>], files: &Files, change: &Change) -> Vec<String> {
    let pins = leftover::pins_by_path(moves, files);
    let mut told = Vec::new();
    for (path, names) in left_names(moves, files) {
        let pins = pins.get(path).map_or(&[][..], Vec::as_slice);
        // A table keeps what came before.
        let is_table =
            |pin: &&Pin| matches!(&pin.kind, PinKind::Text(text) if !text.insert.is_empty());
        let Ok(text) = change.text_after(path, files) else {
            continue;
        };
        if pins.iter().any(is_table) {
            continue;
        }
        let mut start = 0;
        for (at, whole) in text.split_inclusive('\n').enumerate() {
            let range = start..start + whole.trim_end_matches(['\r', '\n']).len();
            start += whole.len();
            let line = &text[range.clone()];
            let may_stay = || {
                let mut leave = pins.iter().flat_map(|pin| &pin.leave);
                prose::is_prose(text, range.end)
                    || leave.any(|pattern| pattern.find(text, range.clone()).next().is_some())
            };
            if let Some(name) = names.iter().find(|name| says(line, name))
                && !may_stay()
            {
                told.push(format!(
                    "`{path}` line {} still says `{name}`, the series before; see whether it goes along",
                    at + 1
                ));
            }
        }
    }
    let more = told.len().saturating_sub(TOLD);
    told.truncate(TOLD);
    if more > 0 {
        let lines = crate::text::count(more, "more line says", "more lines say");
        told.push(format!("{lines} the series before"));
    }
    told
}

/// The files of what crosses, each with how the series that it leaves is written.
fn left_names<'a>(moves: &[Move<'a>], files: &'a Files) -> BTreeMap<&'a str, BTreeSet<String>> {
    let steps = || moves.iter().flat_map(Move::steps);
    let kept: BTreeSet<Series> = steps().map(|(_, to)| to.series()).collect();
    let mut left: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    for one in moves {
        let steps = one.steps().map(|(from, to)| (from.series(), to.series()));
        let crossing = steps.filter(|(from, to)| from != to && !kept.contains(from));
        let names: BTreeSet<String> = crossing.flat_map(|(from, to)| names(from, to)).collect();
        for pin in one.link.pins.iter().filter(|_| !names.is_empty()) {
            if let PinKind::Text(text_pin) = &pin.kind {
                for path in files.paths(&text_pin.file) {
                    left.entry(path).or_default().extend(names.clone());
                }
            }
        }
    }
    left
}

/// How a series is written that is left for another one: by its own name, and by that of its
/// libraries where the other one has another.
fn names(old: Series, new: Series) -> impl Iterator<Item = String> {
    let soname = soname(old).filter(|name| soname(new) != Some(*name));
    let names = [Some(old.to_string()), soname.map(str::to_owned)];
    let names = names.into_iter().flatten();
    names.flat_map(|name| [name.replace('.', "_"), name])
}

/// What the libraries of a series are named after, where that is more than one figure.
fn soname(series: Series) -> Option<&'static str> {
    let first = series.first();
    match (first.major(), first.minor()) {
        (1, 1) => Some("1.1"),
        (1, 0) => Some("1.0.0"),
        _ => None,
    }
}

/// Whether a line says a name as a whole value: `=3.4`, `"3.4"`, `/3.4/`, `_1_1`, `libssl.so.1.1`.
fn says(line: &str, name: &str) -> bool {
    line.match_indices(name).any(|(at, _)| {
        let (before, after) = (&line[..at], &line[at + name.len()..]);
        let is_library = is_library(before);
        let goes_on = after
            .starts_with(|c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '+'))
            || (after.starts_with('-') && !is_library && !name.contains('_'))
            || after
                .strip_prefix('.')
                .is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
        !goes_on && (is_library || (begins(before, name, after) && !is_another_s(before)))
    })
}

/// Words of names that are no other thing's.
const OWN_WORDS: [&str; 6] = ["openssl", "ssl", "crypto", "abi", "lib", "so"];

/// Whether what stands before a value says that it is another thing's: an image's, a package's, that
/// of `PYTHON_VERSION`.
fn is_another_s(before: &str) -> bool {
    let owner = value_name::owner(before).unwrap_or_default();
    let mut words = owner.split('_');
    let is_named = !owner.is_empty() && !words.any(|word| OWN_WORDS.contains(&word));
    let is_image = before.trim_start().starts_with("FROM ");
    is_named || is_image || before.ends_with("==")
}

/// Whether this ends like the name of one of the libraries.
fn is_library(before: &str) -> bool {
    let before = before.strip_suffix(['-', '.']);
    let before = before.map(|name| name.strip_suffix(".so").unwrap_or(name));
    before.is_some_and(|name| LIBRARIES.iter().any(|library| name.ends_with(library)))
}

/// Whether a value begins after this.
fn begins(before: &str, name: &str, after: &str) -> bool {
    let before = match name.contains('_') {
        true => before.strip_suffix('_').unwrap_or(before),
        false => before,
    };
    // At least and at most some version is no series that somebody has.
    let assigned = |name: &str| !name.ends_with(['<', '>', '~', '!', '^']);
    let bare = before.trim_end_matches([' ', '\t']);
    if let Some(name) = bare.strip_suffix(['=', ':']) {
        return assigned(name);
    }
    if bare.len() < before.len() {
        return value_name::is_set(before);
    }
    match before.chars().next_back() {
        Some('"' | '\'' | '`') | None => true,
        Some('/') => after.starts_with('/'),
        _ => before.ends_with(":-"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_values_of_the_series_before() {
        let series = |text: &str| text.parse::<Series>().expect("a series");
        for (old, new, line, expected) in [
            ("3.4", "3.5", "SERIES=3.4", Some("3.4")),
            ("3.4", "3.5", "series: 3.4", Some("3.4")),
            ("3.4", "3.5", "x = \"3.4\",", Some("3.4")),
            ("3.4", "3.5", "url https://h/3.4/$V.tar.gz", Some("3.4")),
            ("3.4", "3.5", "${SERIES:-3.4}", Some("3.4")),
            ("3.4", "3.5", "prefix=3_4", Some("3_4")),
            ("3.4", "3.5", "V=3.4.1", None),
            ("3.4", "3.5", "V=13.4", None),
            ("3.4", "3.5", "V=1.3.4", None),
            ("3.4", "3.5", "FROM base:3.4-slim", None),
            ("3.4", "3.5", "FROM base:3.4", None),
            ("3.4", "3.5", "PYTHON_VERSION=3.4", None),
            ("3.4", "3.5", "pip install ham==3.4", None),
            (
                "3.4",
                "3.5",
                "PYTHON_VERSION=3.4 SSL_VERSION=3.4",
                Some("3.4"),
            ),
            ("3.4", "3.5", "openssl>=3.4", None),
            ("3.4", "3.5", "set(SSL_SHORT 3.4)", Some("3.4")),
            ("3.4", "3.5", "set(PYTHON_VERSION 3.4)", None),
            ("3.4", "3.5", "cmake_minimum_required(VERSION 3.4)", None),
            ("1.1.1", "3.0", "VERSION=1.1", Some("1.1")),
            ("1.1.1", "3.0", "P=_1_1.so", Some("1_1")),
            (
                "1.1.1",
                "3.0",
                "[\"abi_version\"] = \"1.1.1\",",
                Some("1.1.1"),
            ),
            ("1.1.1", "3.0", "cp libssl.so.1.1 out", Some("1.1")),
            ("1.1.1", "3.0", "copy libcrypto-1_1-x64.dll", Some("1_1")),
            ("1.1.1", "3.0", "GET / HTTP/1.1", None),
            ("1.1.1", "3.0", "name_1_1", None),
            ("1.1.0", "1.1.1", "VERSION=1.1", None),
        ] {
            let names = names(series(old), series(new)).collect::<BTreeSet<_>>();
            let found = names.iter().find(|name| says(line, name));
            assert_eq!(found.map(String::as_str), expected, "{line}");
        }
    }
}
