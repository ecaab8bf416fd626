//! `scan` for people.

use std::collections::hash_map::{Entry, HashMap};
use std::fmt::Write;

use super::judged::{self, Judged};
use crate::artefact::{ExaminedFile, Found, Linkage};
use crate::text::count;

/// One block per file with something to say, then the sum. Sources carry a header for each
/// processor, all of which say the same: one of them is shown.
pub(super) fn text(judged: &Judged<'_>, too_old: bool) -> String {
    let mut blocks: Vec<(&ExaminedFile, String, usize)> = Vec::new();
    let mut same_sources: HashMap<(&str, String), usize> = HashMap::new();
    for file in judged.files {
        let said = said(judged, file);
        let is_source = !file.openssl.is_empty()
            && file
                .openssl
                .iter()
                .all(|found| found.linkage == Linkage::Source);
        if is_source && file.member.is_some() {
            match same_sources.entry((&file.path, said.clone())) {
                Entry::Occupied(first) => {
                    blocks[*first.get()].2 += 1;
                    continue;
                }
                Entry::Vacant(first) => first.insert(blocks.len()),
            };
        }
        blocks.push((file, said, 0));
    }
    let mut out = String::new();
    for (file, said, others) in blocks {
        let kind = file.platform.as_ref().map_or_else(
            || file.format.to_string(),
            |platform| format!("{}, {platform}", file.format),
        );
        let _ = writeln!(out, "{} ({kind})", file.place());
        out.push_str(&said);
        if others > 0 {
            let _ = writeln!(
                out,
                "  the same in {} of this archive",
                count(others, "other file", "other files")
            );
        }
    }
    sum(&mut out, judged, too_old);
    out
}

/// What there is to say about a file, a line each.
fn said(judged: &Judged<'_>, file: &ExaminedFile) -> String {
    let mut out = String::new();
    for found in &file.openssl {
        let _ = writeln!(out, "  {}", described(found));
        if judged::is_shipped(found) {
            let words = judged.knowledge(found).words(found.version);
            let _ = writeln!(out, "    {words}");
        }
    }
    for other in &file.other {
        let _ = writeln!(out, "  {other}, which is not OpenSSL");
    }
    if file.openssl.is_empty() && !file.needs.is_empty() {
        let _ = writeln!(out, "  loads {}", file.needs.join(", "));
    }
    for problem in &file.problems {
        let _ = writeln!(out, "  problem: {problem}");
    }
    for why in &file.unread {
        let _ = writeln!(out, "  not read: {why}");
    }
    if file.is_blank() {
        out.push_str("  no OpenSSL\n");
    }
    out
}

/// A version, how it got there, and why it is believed.
fn described(found: &Found) -> String {
    let version = found.version.map_or_else(
        || "OpenSSL is here, its version is not said".to_owned(),
        |version| format!("OpenSSL {version}"),
    );
    let dated = found
        .date
        .map_or_else(String::new, |date| format!(" of {date}"));
    let maintainer = found
        .maintainer
        .as_ref()
        .map_or_else(String::new, |name| format!(", {name}'s build"));
    let built = found
        .built
        .map_or_else(String::new, |date| format!(", built {date}"));
    format!(
        "{version}{dated}, {}{maintainer}{built}: {}",
        found.linkage,
        found.reasons("; ")
    )
}

fn sum(out: &mut String, judged: &Judged<'_>, too_old: bool) {
    let unread: usize = judged.files.iter().map(|file| file.unread.len()).sum();
    let versions = judged.versions();
    if versions.is_empty() {
        let place = if unread > 0 { " in what was read" } else { "" };
        let _ = writeln!(out, "no OpenSSL found{place}");
    }
    for (found, number) in &versions {
        let version = found.version.map_or_else(
            || "of an unknown version".to_owned(),
            |version| version.to_string(),
        );
        let files = count(*number, "file", "files");
        let words = if judged::is_shipped(found) {
            format!("; {}", judged.knowledge(found).words(found.version))
        } else {
            String::new()
        };
        let _ = writeln!(out, "OpenSSL {version}, {}: {files}{words}", found.linkage);
    }
    if unread > 0 {
        let _ = writeln!(out, "not read: {}", count(unread, "file", "files"));
    }
    if !versions.is_empty() {
        let old = if too_old { ", which are too old" } else { "" };
        let _ = writeln!(out, "facts taken {}{old}", judged.upstream.taken);
    }
}
