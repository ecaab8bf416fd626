//! What was found, for people.

use std::fmt::Write as _;

use super::scheduled::Scheduled;
use crate::project::discovery::{self, Confidence, Discovery, Doubt, FoundPin};
use crate::text::style::Look;
use crate::text::{count, printable};

/// Pins of one kind, and lines with one reason, that are named; of more there is a number, and the
/// file has them all.
const NAMED: usize = 5;

/// What was found, link by link, then what is unsure.
pub(super) fn text(file: &str, scheduled: &Scheduled, found: &Discovery, look: Look) -> String {
    let mut out = String::new();
    for link in &found.links {
        let _ = writeln!(
            out,
            "{}: OpenSSL {}, {}{}",
            link.name,
            link.version,
            if link.tested {
                "only tested with, "
            } else {
                ""
            },
            count(link.pins.len(), "pin", "pins")
        );
        if let Some(why) = &link.doubt {
            let _ = writeln!(out, "  doubtful, and left as a comment: {why}");
        }
        let told = |pin: &FoundPin| {
            (
                discovery::reason(pin),
                pin.confidence == Confidence::Certain,
            )
        };
        for alike in link.pins.chunk_by(|one, other| told(one) == told(other)) {
            let (reason, certain) = told(&alike[0]);
            let sure = if certain { "" } else { "likely: " };
            let places: Vec<String> = alike.iter().map(discovery::places).collect();
            if places.len() > NAMED + 1 {
                let (named, more) = (places[..NAMED].join(", "), places.len() - NAMED);
                let _ = writeln!(out, "  {sure}{named}, {more} more ({reason})");
                continue;
            }
            for place in places {
                let _ = writeln!(out, "  {sure}{place} ({reason})");
            }
        }
    }
    if found.links.is_empty() {
        out.push_str("no pin of OpenSSL found\n");
    }
    for one in &found.elsewhere {
        let _ = writeln!(
            out,
            "elsewhere: {}:{} takes OpenSSL from {}; {file} has a link with its `repository` to fill in",
            one.file, one.line, one.repository
        );
    }
    if let Some(bounds) = &found.bounds {
        let _ = writeln!(out, "history: {bounds}");
    }
    if let Some(changelog) = &found.changelog {
        let _ = writeln!(out, "changelog: {changelog}");
    }
    if let Some(entry) = &found.entries {
        let _ = writeln!(out, "changelog entries: {}", entry.path);
    }
    if let Some(own) = &found.version {
        let files = own.files().into_iter().map(|(file, _)| file);
        let files = crate::text::in_words(files);
        let _ = writeln!(out, "own version: {} in {files}", own.version);
    }
    unsure(&mut out, &found.unsure);
    let next = if found.links.is_empty() {
        "fill in its template"
    } else if found.links.iter().all(|link| link.doubt.is_some()) {
        "mend what is doubtful in it and make the comment a `[[link]]`, then run `release-check check`"
    } else {
        "read it, then run `release-check check`"
    };
    let _ = writeln!(out, "wrote {file}; {next}");
    let mut command = String::new();
    match scheduled {
        Scheduled::Written { file, lacks_commit } => {
            let _ = writeln!(
                out,
                "wrote {file}; commit it, and set the secrets that it names; what it opens needs the setting"
            );
            let _ = writeln!(
                out,
                "  `Allow GitHub Actions to create and approve pull requests` (Settings, Actions, General), or an app's token"
            );
            if *lacks_commit {
                let (repository, version) =
                    (env!("CARGO_PKG_REPOSITORY"), env!("CARGO_PKG_VERSION"));
                let _ = writeln!(
                    out,
                    "  in place of the zeros it needs the commit of release {version}, which this prints last:"
                );
                let _ = writeln!(
                    command,
                    "  git ls-remote --tags {repository} v{version} 'v{version}^{{}}'"
                );
            }
        }
        Scheduled::There(file) => _ = writeln!(out, "left {file} as it is"),
        Scheduled::Elsewhere => {}
    }
    // What is to be copied stays on one line.
    look.lines(&printable(&out)) + &printable(&command)
}

/// What is left out, each reason once for a file.
fn unsure(out: &mut String, all: &[Doubt]) {
    if !all.is_empty() {
        out.push_str("unsure, and left out:\n");
    }
    let mut told: Vec<(&Doubt, Vec<String>)> = Vec::new();
    for one in all {
        let alike = |(other, _): &&mut (&Doubt, Vec<String>)| {
            (&other.file, &other.why) == (&one.file, &one.why)
        };
        match told.iter_mut().rev().find(alike) {
            Some((_, lines)) => lines.push(one.line.to_string()),
            None => told.push((one, vec![one.line.to_string()])),
        }
    }
    for (doubt, mut lines) in told {
        let more = lines.len().saturating_sub(NAMED);
        if more > 1 {
            lines.truncate(NAMED);
            lines.push(format!("{more} more"));
        }
        let lines = crate::text::in_words(lines);
        let _ = writeln!(out, "  {}:{lines}: {}", doubt.file, doubt.why);
    }
}
