//! Rows named after a version of which other values choose: `OPENSSL_3.5.3_SHA256` beside
//! `${OPENSSL_${OPENSSL_VERSION}_SHA256}`. What is not chosen nobody builds.

use std::cell::LazyCell;
use std::collections::BTreeSet;

use crate::openssl::version::{Series, Version};
use crate::project::discovery::found::Checkout;
use crate::project::discovery::line::sighting::{Sighting, SightingVerdict};

/// Why such a row is no pin.
const RESTS: &str = "its row is named after its version, and another one is chosen";

/// What opens a variable.
const OPENED: [&str; 2] = ["${", "$("];

/// Rows that such a table has at most.
const MOST: usize = 64;

/// Lines from that of a row's name to its digest.
const ROW: usize = 1;

/// A row: what stands around the version in its name, and its line.
struct NamedRow<'a> {
    name: (&'a str, &'a str),
    line: usize,
    version: Version,
}

/// A row that nothing shipped chooses.
struct RestingRow {
    line: usize,
    version: Version,
    /// Whether tests choose it.
    tested: bool,
}

/// Takes back the rows that nothing chooses, and their digests.
pub(crate) fn mark(checkout: &Checkout, seen: &mut [(&str, Vec<Sighting>)]) {
    let mut resting: Vec<(usize, Vec<RestingRow>)> = Vec::new();
    let chosen = LazyCell::new(|| chosen(checkout, seen));
    for (at, (path, of_file)) in seen.iter().enumerate() {
        let text = &checkout.texts[*path];
        // One variable's name is made of another's value.
        if !OPENED
            .iter()
            .any(|open| text.matches(open).nth(1).is_some())
        {
            continue;
        }
        let rows = rows(text, of_file);
        if rows.len() > 1 {
            let (shipped, tested) = &*chosen;
            let rests = rows.iter().filter(|row| !shipped.contains(&row.version));
            let rest = |row: &NamedRow<'_>| RestingRow {
                line: row.line,
                version: row.version,
                tested: tested.contains(&row.version),
            };
            resting.push((at, rests.map(rest).collect()));
        }
    }
    for (at, rests) in resting {
        for one in &mut seen[at].1 {
            let is_of = |row: &&RestingRow| {
                row.version == one.version && (row.line..=row.line + ROW).contains(&one.line)
            };
            match rests.iter().find(is_of) {
                // What is only tested with takes its row along.
                Some(row) if row.tested => one.tested = true,
                Some(_) => one.verdict = SightingVerdict::Doubtful(true, RESTS),
                None => {}
            }
        }
    }
}

/// The versions that anything but a row says, wherever it stands, for a workflow may choose another
/// row: of what is shipped, and of what is only tested with.
fn chosen(
    checkout: &Checkout,
    seen: &[(&str, Vec<Sighting>)],
) -> (BTreeSet<Version>, BTreeSet<Version>) {
    let (mut shipped, mut tested) = (BTreeSet::new(), BTreeSet::new());
    for (path, seen) in seen {
        let text = &checkout.texts[*path];
        let says = |one: &&Sighting| {
            one.slot.is_version() && one.is_ours() && name_around(text, one).is_none()
        };
        for one in seen.iter().filter(says) {
            let versions = if one.tested {
                &mut tested
            } else {
                &mut shipped
            };
            versions.insert(one.version);
        }
    }
    (shipped, tested)
}

/// The rows of a file of which the value of a variable chooses one. A list that keeps several
/// releases of one series grows with a bump, and so does one whose rows moved: it is no such table.
fn rows<'a>(text: &'a str, seen: &[Sighting]) -> Vec<NamedRow<'a>> {
    let versions = seen
        .iter()
        .filter(|one| one.is_ours() && one.slot.is_version());
    let named = versions.filter_map(|one| Some((name_around(text, one)?, one)));
    let named: Vec<((&str, &str), &Sighting)> = named.take(MOST + 1).collect();
    if named.len() > MOST {
        return Vec::new();
    }
    let mut rows: Vec<NamedRow<'a>> = Vec::new();
    let mut series: BTreeSet<Series> = BTreeSet::new();
    for (name, one) in named.into_iter().filter(|(name, _)| is_made(text, *name)) {
        if !series.insert(one.version.series()) || !one.moved.is_empty() {
            return Vec::new();
        }
        rows.push(NamedRow {
            name,
            line: one.line,
            version: one.version,
        });
    }
    let is_like = |row: &NamedRow<'_>| row.name == rows[0].name;
    if rows.iter().all(is_like) {
        rows
    } else {
        Vec::new()
    }
}

/// What stands before and behind a version in a name that it is a part of.
fn name_around<'a>(text: &'a str, one: &Sighting) -> Option<(&'a str, &'a str)> {
    let (before, after) = (&text[..one.range.start], &text[one.range.end..]);
    let is_word = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let start = before.trim_end_matches(is_word).len();
    let rest = after.trim_start_matches(is_word);
    let name = (&before[start..], &after[..after.len() - rest.len()]);
    (name.0.ends_with('_') && name.1.starts_with('_')).then_some(name)
}

/// Whether a name is made of a variable's value where something uses it.
fn is_made(text: &str, (before, after): (&str, &str)) -> bool {
    OPENED.iter().any(|open| {
        let whole = format!("{open}{before}{open}");
        text.match_indices(&whole).any(|(at, _)| {
            let rest = &text[at + whole.len()..];
            let end = rest.find(['}', ')']);
            end.is_some_and(|end| rest[end + 1..].starts_with(after))
        })
    })
}
