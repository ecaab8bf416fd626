//! What repeats the project's own version: lock files, and what a workspace says of its own members.

use std::collections::BTreeSet;

use super::stated::StatedPlace;
use crate::project::discovery::found::{Checkout, Doubt, OwnPlace};
use crate::project::file_entry::line_of;
use crate::project::own_places::anchor::anchored;
use crate::project::own_places::lock::{self, Whose, value_of};
use crate::project::own_places::member;
use crate::text::of_slice;

/// Every place that has to move with these; one that no pattern finds alone is told.
pub(super) fn places(
    checkout: &Checkout,
    raised: &[&StatedPlace<'_>],
    unsure: &mut BTreeSet<Doubt>,
) -> Vec<OwnPlace> {
    let mut all = Vec::new();
    let manifests = checkout.texts.iter();
    let manifests = manifests.filter(|(path, _)| path.rsplit('/').next() == Some("Cargo.toml"));
    let apart: BTreeSet<String> = manifests
        .filter_map(|(_, text)| member::apart(text))
        .collect();
    let mut locked: BTreeSet<(String, usize)> = BTreeSet::new();
    for one in raised {
        let Some(whose) = lock::whose(one.file, one.text, one.range.start) else {
            continue;
        };
        if whose == Whose::Workspace {
            all.extend(members(checkout, one, unsure));
        }
        for path in locks(checkout, one.file) {
            let text = &checkout.texts[path];
            for place in lock::places(path, text, &whose, one.said(), &apart) {
                if !locked.insert((path.to_owned(), place.line)) {
                    continue;
                }
                put(&mut all, (path, text, place.line), place.pattern, unsure);
            }
        }
    }
    // Those of one file stand together, the manifest's before the lock file's.
    all.sort_by_key(|place| lock::is_lock(&place.file));
    all
}

/// Adds a place, or tells of it.
fn put(
    all: &mut Vec<OwnPlace>,
    (path, text, line): (&str, &str, usize),
    pattern: Option<String>,
    unsure: &mut BTreeSet<Doubt>,
) {
    match pattern {
        Some(pattern) => all.push(OwnPlace {
            file: path.to_owned(),
            pattern,
        }),
        None => {
            let why = "it repeats the project's own version, and no pattern finds this place alone; raise it by hand";
            unsure.insert(Doubt::at(path, text, line, why.to_owned()));
        }
    }
}

/// The lock files beside a manifest: the nearest of cargo's, and npm's.
fn locks<'a>(checkout: &'a Checkout, manifest: &str) -> Vec<&'a str> {
    let there = lock::beside(manifest).into_iter();
    let mut there = there.filter_map(|path| Some(checkout.texts.get_key_value(&path)?.0.as_str()));
    if manifest.ends_with("Cargo.toml") {
        return there.next().into_iter().collect();
    }
    there.collect()
}

/// Where the workspace's manifest asks for its own members in this version, and they take theirs from
/// it: an exact one that stayed would be refused.
fn members(
    checkout: &Checkout,
    one: &StatedPlace<'_>,
    unsure: &mut BTreeSet<Doubt>,
) -> Vec<OwnPlace> {
    let version = one.said();
    let mut all = Vec::new();
    let mut in_dependencies = false;
    for line in one.text.lines() {
        if line.trim_start().starts_with('[') {
            in_dependencies = lock::table_name(line).is_some_and(is_dependencies);
            continue;
        }
        let asked = inline(line, "version").filter(|_| in_dependencies);
        let asked = asked.map(|asked| asked.trim_start_matches(['=', '^', '~', ' ']));
        let Some(range) = asked
            .filter(|asked| *asked == version)
            .and_then(|asked| of_slice(one.text, asked))
            .filter(|_| inline(line, "path").is_some_and(|folder| inherits(checkout, folder)))
        else {
            continue;
        };
        if all.len() == lock::MOST_PLACES {
            break;
        }
        let place = (
            one.file,
            one.text,
            line_of(one.text.as_bytes(), range.start),
        );
        put(&mut all, place, anchored(one.text, &range, None), unsure);
    }
    all
}

fn is_dependencies(table: &str) -> bool {
    table.ends_with("dependencies")
}

/// The text that an inline table on a line gives a key.
fn inline<'a>(line: &'a str, key: &str) -> Option<&'a str> {
    let (_, inside) = line.split_once('{')?;
    inside.split(',').find_map(|part| value_of(part, key))
}

/// Whether the member in a folder takes its version from the workspace.
fn inherits(checkout: &Checkout, folder: &str) -> bool {
    let folder = folder.trim_start_matches("./").trim_end_matches('/');
    let manifest = checkout.texts.get(&format!("{folder}/Cargo.toml"));
    manifest.is_some_and(|text| member::inherits(text))
}
