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
    let manifests = manifests.filter(|(path, _)| is_manifest(path));
    let apart: BTreeSet<String> = manifests
        .filter_map(|(_, text)| member::apart(text))
        .collect();
    let mut locked: BTreeSet<(String, usize)> = BTreeSet::new();
    for one in raised {
        let Some(whose) = lock::whose(one.file, one.text, one.range.start) else {
            continue;
        };
        if lock::is_of_cargo(one.file) {
            all.extend(asked(checkout, one, &whose, unsure));
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

/// The lock files that repeat what a manifest says: the nearest of cargo's and those of the
/// workspaces below it, which build its package by its path (`fuzz/Cargo.lock`), and npm's.
fn locks<'a>(checkout: &'a Checkout, manifest: &'a str) -> Vec<&'a str> {
    let there = lock::beside(manifest).into_iter();
    let there = there.filter_map(|path| Some(checkout.texts.get_key_value(&path)?.0.as_str()));
    if !lock::is_of_cargo(manifest) {
        return there.collect();
    }
    let below = checkout.texts.keys().map(String::as_str);
    let below = below.filter(|path| lock::is_below(path, manifest));
    there.take(1).chain(below).collect()
}

/// Where cargo's manifests ask for what has this version by its path: the workspace's own in any
/// form, others only where they ask for just this one, which would be refused if it stayed.
fn asked(
    checkout: &Checkout,
    one: &StatedPlace<'_>,
    whose: &Whose,
    unsure: &mut BTreeSet<Doubt>,
) -> Vec<OwnPlace> {
    let version = one.said();
    let mut all = Vec::new();
    let manifests = checkout.texts.iter();
    for (file, text) in manifests.filter(|(path, _)| is_manifest(path)) {
        let is_root = *whose == Whose::Workspace && file == one.file;
        let has_it = |folder: &str| match whose {
            Whose::Workspace => inherits(checkout, folder),
            Whose::Package(_) => format!("{folder}Cargo.toml") == one.file,
        };
        let mut in_dependencies = false;
        for line in text.lines() {
            if line.trim_start().starts_with('[') {
                in_dependencies = lock::table_name(line).is_some_and(is_dependencies);
                continue;
            }
            let asked = inline(line, "version").filter(|_| in_dependencies);
            let asked = asked.filter(|asked| is_root || asked.starts_with('='));
            let asked = asked.map(|asked| asked.trim_start_matches(['=', '^', '~', ' ']));
            let Some(range) = asked
                .filter(|asked| *asked == version)
                .and_then(|asked| of_slice(text, asked))
                .filter(|_| {
                    let folder = inline(line, "path").and_then(|path| folder_of(file, path));
                    folder.is_some_and(|folder| has_it(&folder))
                })
            else {
                continue;
            };
            if all.len() == lock::MOST_PLACES {
                return all;
            }
            let place = (
                file.as_str(),
                text.as_str(),
                line_of(text.as_bytes(), range.start),
            );
            put(&mut all, place, anchored(text, &range, None), unsure);
        }
    }
    all
}

fn is_manifest(path: &str) -> bool {
    path.rsplit('/').next() == Some("Cargo.toml")
}

/// The folder that a path in a manifest leads to, with a slash at its end, empty for the top; none
/// outside.
fn folder_of(manifest: &str, path: &str) -> Option<String> {
    let (own, _) = manifest.rsplit_once('/').unwrap_or_default();
    let mut parts: Vec<&str> = own.split('/').filter(|part| !part.is_empty()).collect();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => _ = parts.pop()?,
            part => parts.push(part),
        }
    }
    let folder: String = parts.iter().map(|part| format!("{part}/")).collect();
    Some(folder)
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
    let manifest = checkout.texts.get(&format!("{folder}Cargo.toml"));
    manifest.is_some_and(|text| member::inherits(text))
}
