//! Rows named after a version of which another value chooses one: `OPENSSL_3.5.3_SHA256` beside
//! `${OPENSSL_${OPENSSL_VERSION}_SHA256}`. What is not chosen nobody builds.

use std::collections::BTreeSet;

use super::found::Checkout;
use super::sighting::{Lines, Sighting, SightingVerdict};
use super::subject;
use crate::openssl::version::Version;

/// Why such a row is no pin.
const RESTS: &str = "its row is named after its version, and another one is chosen";

/// What opens a variable.
const OPENED: [&str; 2] = ["${", "$("];

/// Takes back the rows that are not chosen, and their digests.
pub(super) fn mark(checkout: &Checkout, seen: &mut [(&str, Vec<Sighting>)]) {
    for (path, seen) in seen {
        let text = &checkout.texts[*path];
        // One variable's name is made of another's value.
        if !OPENED
            .iter()
            .any(|open| text.matches(open).nth(1).is_some())
        {
            continue;
        }
        let rests = resting(text, seen);
        for one in seen {
            let is_row = one.slot.is_fingerprint() || name_around(text, one).is_some();
            if is_row && rests.contains(&one.version) && one.moved.is_empty() {
                one.verdict = SightingVerdict::Doubtful(true, RESTS);
            }
        }
    }
}

/// The versions of rows that are not chosen.
fn resting(text: &str, seen: &[Sighting]) -> BTreeSet<Version> {
    let versions = || {
        seen.iter()
            .filter(|one| one.is_ours() && one.slot.is_version())
    };
    let mut rows: Vec<((&str, &str), Version)> = Vec::new();
    rows.extend(versions().filter_map(|one| Some((name_around(text, one)?, one.version))));
    let names: BTreeSet<(&str, &str)> = rows.iter().map(|(name, _)| *name).collect();
    if rows.len() == names.len() {
        return BTreeSet::new();
    }
    let lines = Lines::of(text);
    let variable = |one: &Sighting| {
        subject::variable_of_value(&text[lines.range(one.line).start..one.range.start])
    };
    let mut rests = BTreeSet::new();
    for name in names {
        let own = rows.iter().filter(|(other, _)| *other == name);
        let own: BTreeSet<Version> = own.map(|(_, version)| *version).collect();
        let Some(chooser) = chooser(text, name).filter(|_| own.len() > 1) else {
            continue;
        };
        let chosen = versions().filter(|one| variable(one).as_deref() == Some(chooser));
        let chosen: BTreeSet<Version> = chosen.map(|one| one.version).collect();
        if !chosen.is_disjoint(&own) {
            rests.extend(own.difference(&chosen));
        }
    }
    rests
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

/// The variable whose value stands in the name of the one that is used.
fn chooser<'a>(text: &'a str, (before, after): (&str, &str)) -> Option<&'a str> {
    OPENED.iter().find_map(|open| {
        let whole = format!("{open}{before}{open}");
        text.match_indices(&whole).find_map(|(at, _)| {
            let rest = &text[at + whole.len()..];
            let end = rest.find(['}', ')'])?;
            rest[end + 1..].starts_with(after).then_some(&rest[..end])
        })
    })
}
