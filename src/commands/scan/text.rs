//! `scan` for people: the verdict on everything, then each OpenSSL and where it is.

use std::collections::hash_map::{Entry, HashMap};
use std::fmt::Write;

use super::judged::{self, Judged, JudgedKnowledge};
use crate::artefact::{ExaminedFile, FoundOpenSsl, Linkage, OtherLibrary};
use crate::openssl::advisory::Severity;
use crate::openssl::version::Version;
use crate::text::style::{Look, Tone};
use crate::text::{count, in_words};

/// OpenSSLs, and files that were not read, that are named; of more there is a number.
const NAMED: usize = 5;

/// The verdict, each OpenSSL, what was not read, and what to do; with `list` each file with its
/// evidence too.
pub(super) fn text(judged: &Judged<'_>, too_old: bool, look: Look, list: bool) -> String {
    let mut out = String::new();
    let (tone, word) = verdict(judged, too_old);
    let _ = writeln!(out, "{}: {}", look.paint(tone, &word), subject(judged));
    let versions = judged.versions();
    for (found, files) in few(&versions, list) {
        let (tone, label) = (tone_of(judged, found), label(found));
        look.row(&mut out, &label, Some(tone), &told(judged, found, files));
    }
    if !list && versions.len() > NAMED {
        let more = versions.len() - NAMED;
        look.row(&mut out, "", None, &format!("{more} more; `-l` lists all"));
    }
    let others = named_in(judged, |library| !library.is_fork());
    if let Some(first) = others.first() {
        let more = more(others.len() - 1);
        let text = format!("{first}, which is not OpenSSL{more}");
        look.row(&mut out, "beside it", None, &text);
    }
    forks(&mut out, judged, look, list);
    hosts(&mut out, judged, look);
    for (label, of) in [
        ("not read", unread as fn(&ExaminedFile) -> &[String]),
        ("problem", problems),
    ] {
        let said: Vec<String> = judged
            .files
            .iter()
            .flat_map(|file| of(file).iter().map(move |why| (file, why)))
            .map(|(file, why)| format!("{}: {why}", file.place()))
            .collect();
        for text in few(&said, list) {
            look.row(&mut out, label, Some(Tone::Careful), text);
        }
        if !list && said.len() > NAMED {
            let text = format!("{} more; `-l` lists all", said.len() - NAMED);
            look.row(&mut out, label, Some(Tone::Careful), &text);
        }
    }
    if shipped(judged).next().is_some() {
        let old = if too_old { ", which are too old" } else { "" };
        let basis = format!("facts taken {}{old}", judged.upstream.taken);
        look.row(&mut out, "basis", None, &basis);
    }
    if list {
        out.push('\n');
        out.push_str(&look.lines(&files(judged)));
        out.push('\n');
    }
    look.next(&mut out, &next(judged, too_old, list));
    out
}

/// The libraries beside OpenSSL that are of this kind, with each file that has some.
fn named_in(judged: &Judged<'_>, is_it: impl Fn(&OtherLibrary) -> bool) -> Vec<String> {
    let named = judged.files.iter().filter_map(|file| {
        let libraries: Vec<&OtherLibrary> = file.other.iter().filter(|one| is_it(one)).collect();
        (!libraries.is_empty()).then(|| format!("{} in {}", in_words(&libraries), file.place()))
    });
    named.collect()
}

/// The forks of OpenSSL, of which nothing is known.
fn forks(out: &mut String, judged: &Judged<'_>, look: Look, list: bool) {
    let forks = named_in(judged, OtherLibrary::is_fork);
    for fork in few(&forks, list) {
        let text = format!("{fork}: not known: {}", judged::FORK);
        look.row(out, "fork", Some(Tone::Careful), &text);
    }
    if !list && forks.len() > NAMED {
        let text = format!("{} more; `-l` lists all", forks.len() - NAMED);
        look.row(out, "fork", Some(Tone::Careful), &text);
    }
}

/// What files without an OpenSSL load of it.
fn hosts(out: &mut String, judged: &Judged<'_>, look: Look) {
    let loading: Vec<&ExaminedFile> = judged.files.iter().filter(|file| is_hosted(file)).collect();
    if let Some(first) = loading.first() {
        let text = format!(
            "{} for {}: it has none of its own, its host's decides{}",
            in_words(&first.needs),
            first.place(),
            more(loading.len() - 1)
        );
        look.row(out, "loads", Some(Tone::Faint), &text);
    }
}

/// Whether it loads OpenSSL and has nothing of it.
fn is_hosted(file: &ExaminedFile) -> bool {
    file.openssl.is_empty() && !file.needs.is_empty()
}

fn unread(file: &ExaminedFile) -> &[String] {
    &file.unread
}

fn problems(file: &ExaminedFile) -> &[String] {
    &file.problems
}

fn few<T>(all: &[T], list: bool) -> &[T] {
    &all[..if list {
        all.len()
    } else {
        all.len().min(NAMED)
    }]
}

fn more(number: usize) -> String {
    match number {
        0 => String::new(),
        number => format!("; {number} more"),
    }
}

/// The gravest of what is shipped, then what nobody knows.
fn verdict(judged: &Judged<'_>, too_old: bool) -> (Tone, String) {
    let (mut gravest, mut is_open): (Option<&Severity>, bool) =
        (None, too_old || judged.has_fork());
    for found in shipped(judged) {
        match judged.knowledge(found) {
            JudgedKnowledge::Known(known) => {
                is_open |= !known.unanalysed.is_empty();
                let first = known.advisories.first();
                let severity = first.map(|known| &known.advisory.severity);
                gravest = gravest
                    .into_iter()
                    .chain(severity)
                    .max_by_key(|one| one.gravity());
            }
            JudgedKnowledge::NotKnown(_) => is_open = true,
        }
    }
    let unread = judged.files.iter().any(|file| !file.unread.is_empty());
    match gravest {
        Some(severity) => severity.said(),
        None if is_open || unread => (Tone::Careful, "unknown".to_owned()),
        None => (Tone::Good, "good".to_owned()),
    }
}

fn shipped<'a>(judged: &Judged<'a>) -> impl Iterator<Item = &'a FoundOpenSsl> {
    let all = judged.files.iter().flat_map(|file| &file.openssl);
    all.filter(|found| judged::is_shipped(found))
}

/// What the verdict is about.
fn subject(judged: &Judged<'_>) -> String {
    let unread = judged.files.iter().filter(|file| !file.unread.is_empty());
    let unread = match unread.count() {
        0 => String::new(),
        unread => format!("; {} could not be read", count(unread, "file", "files")),
    };
    let mut versions: Vec<String> = Vec::new();
    for found in shipped(judged) {
        let version = name(found.version);
        if !versions.contains(&version) {
            versions.push(version);
        }
    }
    if versions.is_empty() {
        let own = if judged.has_fork() {
            " but a fork"
        } else if judged.versions().is_empty() && !judged.files.iter().any(is_hosted) {
            ""
        } else {
            " of their own"
        };
        let place = if unread.is_empty() {
            ""
        } else {
            " in what was read"
        };
        return format!("no OpenSSL{own} found{place}{unread}");
    }
    let of_them = |file: &&ExaminedFile| file.openssl.iter().any(judged::is_shipped);
    let files = judged.files.iter().filter(of_them).count();
    let some = versions.len().min(NAMED);
    format!(
        "OpenSSL {}{} in {}{unread}",
        versions[..some].join(", "),
        more(versions.len() - some),
        count(files, "file", "files")
    )
}

fn name(version: Option<Version>) -> String {
    version.map_or_else(
        || "of an unknown version".to_owned(),
        |version| version.to_string(),
    )
}

fn label(found: &FoundOpenSsl) -> String {
    found
        .version
        .map_or_else(|| "no version".to_owned(), |version| version.to_string())
}

fn tone_of(judged: &Judged<'_>, found: &FoundOpenSsl) -> Tone {
    if !judged::is_shipped(found) {
        return Tone::Faint;
    }
    match judged.knowledge(found) {
        JudgedKnowledge::NotKnown(_) => Tone::Careful,
        JudgedKnowledge::Known(known) => match known.advisories.first() {
            Some(gravest) => gravest.advisory.severity.said().0,
            None if known.unanalysed.is_empty() => Tone::Good,
            None => Tone::Careful,
        },
    }
}

/// Where an OpenSSL is, and the verdict on it.
fn told(judged: &Judged<'_>, found: &FoundOpenSsl, files: &[&ExaminedFile]) -> String {
    let words = if judged::is_shipped(found) {
        format!(": {}", judged.knowledge(found).words(found.version))
    } else {
        String::new()
    };
    let others = match files.len() - 1 {
        0 => String::new(),
        others => format!(" and {}", count(others, "other file", "other files")),
    };
    let place = files.first().map_or_else(String::new, |file| file.place());
    format!("{} in {place}{others}{words}", found.linkage)
}

/// What to do: about the oldest that a release makes better, else about what is not known.
fn next(judged: &Judged<'_>, too_old: bool, list: bool) -> String {
    let known = |found| match judged.knowledge(found) {
        JudgedKnowledge::Known(known) => Some(known),
        JudgedKnowledge::NotKnown(_) => None,
    };
    let exposed = shipped(judged)
        .filter_map(known)
        .filter(|known| !known.advisories.is_empty());
    let is_open = judged.has_fork()
        || shipped(judged).any(|found| match judged.knowledge(found) {
            JudgedKnowledge::NotKnown(_) => true,
            JudgedKnowledge::Known(known) => !known.unanalysed.is_empty(),
        });
    let (mut better, mut stuck) = (None, false);
    for known in exposed {
        match known.fixed_in {
            Some((fixed, _)) => better = better.max(Some(fixed)),
            None => stuck = true,
        }
    }
    let evidence = if list {
        ""
    } else {
        "; `-l` lists each file and the evidence"
    };
    let unread = judged.files.iter().any(|file| !file.unread.is_empty());
    match better {
        Some(better) => format!("take builds with OpenSSL {better} or newer{evidence}"),
        None if stuck => format!("OpenSSL's turn: no public release has the fixes{evidence}"),
        None if unread => "look at what was not read by other means".to_owned(),
        None if is_open => format!("nothing is known of it here: ask whoever built it{evidence}"),
        None if too_old => "`release-check upstream` asks for newer facts".to_owned(),
        None => format!("nothing{evidence}"),
    }
}

/// One block per file with something to say. Sources carry a header for each processor, all of which
/// say the same: one of them is shown.
fn files(judged: &Judged<'_>) -> String {
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
        if other.is_fork() {
            let why = judged::FORK;
            let _ = writeln!(out, "  {other}, a fork of OpenSSL\n    not known: {why}");
        } else {
            let _ = writeln!(out, "  {other}, which is not OpenSSL");
        }
    }
    if is_hosted(file) {
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
fn described(found: &FoundOpenSsl) -> String {
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
