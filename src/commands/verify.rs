//! `verify`: do the published artefacts of a release contain the OpenSSL they should, on every
//! platform?

use std::collections::BTreeSet;
use std::fmt::Write;
use std::path::PathBuf;

use schemars::JsonSchema;
use serde::Serialize;

use super::Report;
use crate::artefact::verification::{Checked, Outcome, Verification};
use crate::cli::Format;
use crate::openssl::version::Version;
use crate::paper::report;
use crate::project::project_version::ProjectVersion;
use crate::text::fault::Fault;
use crate::text::{count, in_words};
use crate::workspace::artefacts::{Subject, expected, subject};
use crate::workspace::context::Context;

/// The exit status where an artefact does not contain what it should.
const WRONG: u8 = 20;

#[derive(Serialize, JsonSchema)]
#[schemars(title = "release-check verify --format json")]
struct Document<'a> {
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
    files: Vec<File<'a>>,
}

#[derive(Serialize, JsonSchema)]
struct Platform<'a> {
    platform: &'a str,
    ok: bool,
    openssl: BTreeSet<Version>,
    files: usize,
}

#[derive(Serialize, JsonSchema)]
struct File<'a> {
    name: &'a str,
    platforms: &'a BTreeSet<String>,
    openssl: &'a BTreeSet<Version>,
    ok: bool,
    /// Why it is not what it should be.
    problem: Option<&'a str>,
}

/// Runs the command.
pub(crate) fn run(
    context: &Context,
    paths: &[PathBuf],
    expect: &[Version],
    release: Option<&ProjectVersion>,
) -> Result<Report, Fault> {
    let config = context.config_or_default()?;
    let expected = expected(context, &config, expect)?;
    let subject = subject(context, &config, paths, release)?;
    let verification = subject.judged(&expected);
    let text = match context.format {
        Format::Json => report::pretty(&document(&subject, &verification)),
        _ => text(&subject, &verification),
    };
    Ok(Report {
        text,
        status: if verification.is_good() { 0 } else { WRONG },
    })
}

fn document<'a>(subject: &'a Subject, verification: &'a Verification) -> Document<'a> {
    let platforms = verification
        .platforms()
        .into_iter()
        .map(|(platform, files)| Platform {
            platform,
            ok: files.iter().all(|file| file.outcome == Outcome::Right),
            openssl: files
                .iter()
                .flat_map(|file| file.versions.iter().copied())
                .collect(),
            files: files.len(),
        });
    let files = verification.files.iter().map(|file| File {
        name: &file.name,
        platforms: &file.platforms,
        openssl: &file.versions,
        ok: !matches!(file.outcome, Outcome::Wrong(_)),
        problem: problem(file),
    });
    Document {
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

fn problem(file: &Checked) -> Option<&str> {
    match &file.outcome {
        Outcome::Wrong(why) => Some(why),
        Outcome::Right | Outcome::Source => None,
    }
}

/// Platform by platform, then what is wrong file by file.
fn text(subject: &Subject, verification: &Verification) -> String {
    let release = subject
        .release
        .as_ref()
        .map_or_else(String::new, |release| format!("release {release}: "));
    let mut out = format!(
        "{release}every file should contain OpenSSL {}\n",
        in_words(&verification.expected)
    );
    for (platform, files) in verification.platforms() {
        let is_right = files.iter().all(|file| file.outcome == Outcome::Right);
        let versions: BTreeSet<Version> = files
            .iter()
            .flat_map(|file| file.versions.iter().copied())
            .collect();
        let carried = if versions.is_empty() {
            "no OpenSSL".to_owned()
        } else {
            format!("OpenSSL {}", in_words(&versions))
        };
        let _ = writeln!(
            out,
            "  {:<7}  {platform:<20}  {carried}, {}",
            if is_right { "ok" } else { "WRONG" },
            count(files.len(), "file", "files")
        );
    }
    for platform in &verification.missing {
        let before = subject
            .previous
            .as_ref()
            .map_or_else(String::new, |previous| format!(", which {previous} had"));
        let _ = writeln!(out, "  {:<7}  {platform:<20}  no file{before}", "MISSING");
    }
    for (file, why) in verification
        .files
        .iter()
        .filter_map(|file| Some((file, problem(file)?)))
    {
        let _ = writeln!(out, "{}: {why}", file.name);
    }
    if subject.previous.is_some() && !verification.missing.is_empty() {
        out.push_str(
            "a platform that was dropped on purpose: name the others in `published.platforms`\n",
        );
    }
    out.push_str(
        match (verification.is_good(), verification.files.is_empty()) {
            (true, _) => "all platforms carry it\n",
            (false, true) => "there are no files to verify\n",
            (false, false) => "do not announce: not all platforms carry it\n",
        },
    );
    out
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_published_schema_is_this_one() {
        crate::text::schema::assert_published::<super::Document<'_>>("verify");
    }
}
