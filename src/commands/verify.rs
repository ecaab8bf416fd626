//! `verify`: do the published artefacts of a release contain the OpenSSL they should, on every
//! platform?

use std::collections::BTreeSet;
use std::fmt::Write;
use std::path::{Path, PathBuf};

use schemars::JsonSchema;
use serde::Serialize;

use super::report::Report;
use crate::artefact::verification::{CheckedFile, FileOutcome, Verification};
use crate::cli::Format;
use crate::openssl::version::Version;
use crate::paper::report;
use crate::project::project_version::ProjectVersion;
use crate::text::fault::Fault;
use crate::text::style::{Look, Tone};
use crate::text::{count, in_words};
use crate::workspace::artefacts::{VerifiedSubject, check_named, expected, subject};
use crate::workspace::beforehand::{self, Intent};
use crate::workspace::session::Session;

/// The exit status where an artefact does not contain what it should.
const WRONG: u8 = 20;

#[derive(Serialize, JsonSchema)]
#[schemars(title = "release-check verify --format json")]
struct VerifyJson<'a> {
    schema: u32,
    /// The project's version; null where files were named.
    release: Option<&'a str>,
    /// Each file should contain one of these.
    expected: &'a BTreeSet<Version>,
    /// Whether every file contains what it should and no platform is missing.
    ok: bool,
    platforms: Vec<Platform<'a>>,
    /// Platforms without a file.
    missing: &'a [String],
    /// The release whose platforms are required; null where the configuration names them.
    previous: Option<&'a str>,
    files: Vec<VerifiedFile<'a>>,
}

#[derive(Serialize, JsonSchema)]
struct Platform<'a> {
    platform: &'a str,
    ok: bool,
    openssl: BTreeSet<Version>,
    files: usize,
}

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "File")]
struct VerifiedFile<'a> {
    name: &'a str,
    platforms: &'a BTreeSet<String>,
    openssl: &'a BTreeSet<Version>,
    ok: bool,
    /// Why it is not what it should be.
    problem: Option<&'a str>,
}

pub(crate) fn run(
    session: &Session<'_>,
    paths: &[PathBuf],
    expect: &[Version],
    release: Option<&ProjectVersion>,
) -> Result<Report, Fault> {
    let config = session.context.config_or_default()?.shipped();
    paths
        .iter()
        .try_for_each(|path| no_release(session, path))?;
    check_named(session.context, &config, paths)?;
    if expect.is_empty() && release.is_none() {
        beforehand::check(session.context, &config, Intent::Verify)?;
    }
    let expected = expected(session, &config, expect, release)?;
    let subject = subject(session, &config, paths, release)?;
    let verification = subject.judged(&expected);
    let text = match session.context.format {
        Format::Json => report::pretty(&document(&subject, &verification)),
        _ => text(&subject, &verification, session.context.look),
    };
    Ok(Report {
        text,
        status: if verification.is_good() { 0 } else { WRONG },
    })
}

/// Files are named by their paths and a release with `--release`; who takes one for the other is
/// told.
fn no_release(session: &Session<'_>, path: &Path) -> Result<(), Fault> {
    let named = path.display().to_string();
    if named.parse::<ProjectVersion>().is_err() || session.context.path(path).exists() {
        return Ok(());
    }
    Err(Fault::usage(format!(
        "there is no file or folder `{named}`; to verify release {named}, say `--release {named}`"
    )))
}

fn document<'a>(subject: &'a VerifiedSubject, verification: &'a Verification) -> VerifyJson<'a> {
    let platforms = verification
        .platforms()
        .into_iter()
        .map(|(platform, files)| Platform {
            platform,
            ok: files
                .iter()
                .all(|file| !matches!(file.outcome, FileOutcome::Wrong(_))),
            openssl: files
                .iter()
                .flat_map(|file| file.versions.iter().copied())
                .collect(),
            files: files.len(),
        });
    let files = verification.files.iter().map(|file| VerifiedFile {
        name: &file.name,
        platforms: &file.platforms,
        openssl: &file.versions,
        ok: !matches!(file.outcome, FileOutcome::Wrong(_)),
        problem: problem(file),
    });
    VerifyJson {
        schema: 1,
        release: subject.release.as_deref(),
        expected: &verification.expected,
        ok: verification.is_good(),
        platforms: platforms.collect(),
        missing: &verification.missing,
        previous: subject.previous.as_deref(),
        files: files.collect(),
    }
}

fn problem(file: &CheckedFile) -> Option<&str> {
    match &file.outcome {
        FileOutcome::Wrong(why) => Some(why),
        FileOutcome::Right | FileOutcome::Source | FileOutcome::Without => None,
    }
}

/// The verdict, platform by platform with the wrong ones first, then why, each once.
fn text(subject: &VerifiedSubject, verification: &Verification, look: Look) -> String {
    let platforms = verification.platforms();
    let is_wrong = |files: &[&CheckedFile]| files.iter().any(|file| problem(file).is_some());
    let wrong = platforms.values().filter(|files| is_wrong(files)).count();
    let all = platforms.len() + verification.missing.len();
    let release = subject
        .release
        .as_ref()
        .map_or_else(String::new, |release| format!("release {release}, "));
    let expected = in_words(&verification.expected);
    let (tone, word, told) = if verification.is_good() {
        let told = format!("OpenSSL {expected} on {}", on_all(all));
        (Tone::Good, "ok", told)
    } else if all == 0 && !verification.files.is_empty() {
        let told = format!("there is no compiled file; OpenSSL {expected} was expected");
        (Tone::Bad, "wrong", told)
    } else if verification.files.is_empty() {
        let told = format!("there are no files to verify; OpenSSL {expected} was expected");
        (Tone::Bad, "wrong", told)
    } else {
        let right = platforms.len() - wrong;
        let told = format!(
            "OpenSSL {expected} on {right} of {}",
            count(all, "platform", "platforms")
        );
        (Tone::Bad, "wrong", told)
    };
    let mut out = format!("{}: {release}{told}\n", look.paint(tone, word));
    for (platform, files) in platforms.iter().filter(|(_, files)| is_wrong(files)) {
        row(&mut out, platform, files, look);
    }
    for platform in &verification.missing {
        let before = subject
            .previous
            .as_ref()
            .map_or_else(String::new, |previous| format!(", which {previous} had"));
        let mark = look.paint(Tone::Bad, "MISSING");
        let _ = writeln!(out, "  {mark}  {platform:<20}  no file{before}");
    }
    for (platform, files) in platforms.iter().filter(|(_, files)| !is_wrong(files)) {
        row(&mut out, platform, files, look);
    }
    for (why, names) in reasons(verification) {
        let others = match names.len() - 1 {
            0 => String::new(),
            others => format!(" and {}", count(others, "other file", "other files")),
        };
        let text = format!("{}{others}: {why}", names[0]);
        look.hung(&mut out, "  ", 4, &text, None);
    }
    let next = match (verification.is_good(), hint(subject, verification)) {
        (true, _) => "`release-check announce` tells subscribers",
        (false, Some(hint)) => hint,
        (false, None) => "do not announce; build again what is wrong, and verify again",
    };
    look.next(&mut out, next);
    out
}

fn on_all(platforms: usize) -> String {
    match platforms {
        1 => "its platform".to_owned(),
        platforms => format!("all {platforms} platforms"),
    }
}

fn row(out: &mut String, platform: &str, files: &[&CheckedFile], look: Look) {
    let is_wrong = files.iter().any(|file| problem(file).is_some());
    let links_none = files
        .iter()
        .all(|file| file.outcome == FileOutcome::Without);
    let versions: BTreeSet<Version> = files
        .iter()
        .flat_map(|file| file.versions.iter().copied())
        .collect();
    let carried = if links_none {
        "no OpenSSL, on purpose: `published.platforms` leaves it out".to_owned()
    } else if versions.is_empty() && files.iter().any(|file| file.is_open) {
        "not known".to_owned()
    } else if versions.is_empty() {
        "no OpenSSL".to_owned()
    } else {
        format!("OpenSSL {}", in_words(&versions))
    };
    let mark = if is_wrong {
        look.paint(Tone::Bad, "WRONG  ")
    } else {
        look.paint(Tone::Good, "ok     ")
    };
    let _ = writeln!(
        out,
        "  {mark}  {platform:<20}  {carried}, {}",
        count(files.len(), "file", "files")
    );
}

/// Why files are wrong, and which.
fn reasons(verification: &Verification) -> Vec<(&str, Vec<&str>)> {
    let mut all: Vec<(&str, Vec<&str>)> = Vec::new();
    for file in &verification.files {
        let Some(why) = problem(file) else { continue };
        match all.iter_mut().find(|(known, _)| *known == why) {
            Some((_, names)) => names.push(&file.name),
            None => all.push((why, vec![&file.name])),
        }
    }
    all
}

/// What to do where the project means it.
fn hint(subject: &VerifiedSubject, verification: &Verification) -> Option<&'static str> {
    if subject.previous.is_none() && !subject.required.is_empty() {
        return None;
    }
    if !verification.missing.is_empty() {
        return Some(
            "do not announce; a platform that was dropped on purpose: name the others in `published.platforms`",
        );
    }
    let links_none = reasons(verification)
        .iter()
        .any(|(why, _)| why.starts_with("no OpenSSL in it"));
    links_none.then_some(
        "do not announce; a platform that links none on purpose: name the others in `published.platforms`",
    )
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_published_schema_is_this_one() {
        crate::text::schema::assert_published::<super::VerifyJson<'_>>("verify");
    }
}
