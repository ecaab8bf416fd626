//! `verify`: do the published artefacts of a release contain the OpenSSL they should, on every
//! platform?

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::path::{Path, PathBuf};

use globset::{GlobBuilder, GlobSetBuilder};
use schemars::JsonSchema;
use serde::Serialize;

use super::Report;
use crate::artefact::file_name::FileName;
use crate::artefact::verification::{Checked, Outcome, Verification};
use crate::artefact::{Contents, ExaminedFile, Limits};
use crate::cli::Format;
use crate::openssl::version::Version;
use crate::outside::{artefact_files, worktree};
use crate::paper::report;
use crate::project::config::Config;
use crate::project::linked;
use crate::project::project_version::ProjectVersion;
use crate::text::fault::Fault;
use crate::text::{count, in_words};
use crate::workspace::context::Context;
use crate::workspace::facts;
use crate::workspace::published::{self, Release};

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

/// What is verified.
struct Subject {
    release: Option<String>,
    files: Vec<(String, Contents)>,
    required: Vec<String>,
    previous: Option<String>,
}

/// Runs the command.
pub(super) fn run(
    context: &Context,
    paths: &[PathBuf],
    expect: &[Version],
    release: Option<&ProjectVersion>,
) -> Result<Report, Fault> {
    let config = context.config_or_default()?;
    let expected = expected(context, &config, expect)?;
    let subject = subject(context, &config, paths, release)?;
    let verification = Verification::of(&subject.files, &expected, &subject.required);
    let text = match context.format {
        Format::Json => report::pretty(&document(&subject, &verification)),
        _ => text(&subject, &verification),
    };
    Ok(Report {
        text,
        status: if verification.is_good() { 0 } else { WRONG },
    })
}

/// What was found of a release's artefacts, for those who wait for them.
pub(super) enum Found {
    /// Nothing of it is published yet.
    Absent,
    /// Its files, judged.
    Judged(Verification),
}

/// Looks at the artefacts of a release that the configuration names.
///
/// # Errors
///
/// If the index or files cannot be read.
pub(super) fn find(
    context: &Context,
    config: &Config,
    expected: &BTreeSet<Version>,
    release: &ProjectVersion,
) -> Result<Found, Fault> {
    let published = config.published.clone().unwrap_or_default();
    if published.package.is_some()
        && !published::files(context, config)?
            .iter()
            .any(|file| file.name.version == *release)
    {
        return Ok(Found::Absent);
    }
    if published.package.is_none() && globbed(&context.directory, &published.files)?.is_empty() {
        return Ok(Found::Absent);
    }
    let subject = subject(context, config, &[], Some(release))?;
    Ok(if subject.files.is_empty() {
        Found::Absent
    } else {
        Found::Judged(Verification::of(
            &subject.files,
            expected,
            &subject.required,
        ))
    })
}

/// What every file should contain: what the user says, else what the pins say; of several links'
/// versions each file has one.
fn expected(
    context: &Context,
    config: &Config,
    expect: &[Version],
) -> Result<BTreeSet<Version>, Fault> {
    if !expect.is_empty() {
        return Ok(expect.iter().copied().collect());
    }
    if config.links.is_empty() {
        return Err(Fault::usage(
            "which OpenSSL should be there? say so with `--expect VERSION`",
        ));
    }
    if let Some(link) = config
        .links
        .iter()
        .find(|link| link.repository.is_some() && link.repository != config.project.repository)
    {
        let message = format!(
            "link `{}` has its pins in another repository; say with `--expect VERSION` what should be there",
            link.name
        );
        return Err(Fault::usage(message));
    }
    let facts = facts::gather(context, config)?;
    let files = worktree::load(&context.directory, &config.links)?;
    let version = |link| {
        linked::read(link, &files, &facts.snapshot.releases, &|_| None).map(|linked| linked.version)
    };
    config.links.iter().map(version).collect()
}

fn subject(
    context: &Context,
    config: &Config,
    paths: &[PathBuf],
    release: Option<&ProjectVersion>,
) -> Result<Subject, Fault> {
    let published = config.published.clone().unwrap_or_default();
    let named = if !paths.is_empty() {
        paths.to_vec()
    } else if published.package.is_none() && !published.files.is_empty() {
        let found = globbed(&context.directory, &published.files)?;
        if found.is_empty() {
            return Err(Fault::failed(format!(
                "no file matches {}; build first, or name files",
                in_words(&published.files)
            )));
        }
        found
    } else {
        return from_index(context, config, release, &published.platforms);
    };
    let examined = artefact_files::examine(&context.directory, &named, &Limits::default())?;
    let files = by_path(&examined);
    let files = files
        .into_iter()
        .filter(|(name, _)| release.is_none_or(|release| is_of(name, release)))
        .collect();
    Ok(Subject {
        release: release.map(ProjectVersion::to_string),
        files,
        required: published.platforms,
        previous: None,
    })
}

/// Whether a file's name says that it belongs to a release; a name that says nothing does.
fn is_of(name: &str, release: &ProjectVersion) -> bool {
    let base = name.rsplit(['/', '\\']).next().unwrap_or(name);
    FileName::read(base).is_none_or(|read| read.version == *release)
}

/// What was found, by the file it was found in. Loose files of one folder count as one artefact
/// each.
fn by_path(examined: &[ExaminedFile]) -> Vec<(String, Contents)> {
    let mut paths: BTreeMap<&str, Vec<ExaminedFile>> = BTreeMap::new();
    for file in examined {
        paths.entry(&file.path).or_default().push(file.clone());
    }
    paths
        .into_iter()
        .map(|(path, files)| (path.to_owned(), Contents::of(&files)))
        .collect()
}

fn from_index(
    context: &Context,
    config: &Config,
    release: Option<&ProjectVersion>,
    platforms: &[String],
) -> Result<Subject, Fault> {
    let listed = published::files(context, config)?;
    let releases = published::releases(&listed);
    let at = match release {
        Some(wanted) => releases
            .iter()
            .position(|release| release.version == *wanted),
        None => releases
            .iter()
            .rposition(|release| !release.version.is_prerelease()),
    };
    let at = at.ok_or_else(|| match release {
        Some(wanted) => Fault::failed(format!(
            "the package index has no release `{wanted}`; is it published?"
        )),
        None => Fault::failed("the package index has no release of this package"),
    })?;
    let current = &releases[at];
    let previous = previous(&releases, at).filter(|_| platforms.is_empty());
    let required = previous.map_or_else(
        || platforms.to_vec(),
        |previous| previous.platforms().into_iter().collect(),
    );
    let contents = published::contents(context, &current.files);
    let files = current.files.iter().zip(contents).map(|(file, contents)| {
        // What cannot be fetched or read is not known to carry the fix.
        let contents = contents.unwrap_or_else(|fault| Contents {
            problems: vec![fault.to_string()],
            ..Contents::default()
        });
        (file.file.name.clone(), contents)
    });
    Ok(Subject {
        release: Some(current.version.to_string()),
        files: files.collect(),
        required,
        previous: previous.map(|release| release.version.to_string()),
    })
}

/// The release before this one that has compiled files.
fn previous<'a>(releases: &'a [Release<'a>], at: usize) -> Option<&'a Release<'a>> {
    let is_comparable = |release: &&Release<'_>| {
        !release.version.is_prerelease() && !release.platforms().is_empty()
    };
    releases[..at].iter().rev().find(is_comparable)
}

/// The files that globs name, below the folder.
fn globbed(directory: &Path, patterns: &[String]) -> Result<Vec<PathBuf>, Fault> {
    let mut globs = GlobSetBuilder::new();
    for pattern in patterns {
        let glob = GlobBuilder::new(pattern.trim_start_matches("./"))
            .literal_separator(true)
            .build();
        globs.add(glob.map_err(|error| Fault::usage(format!("`published.files`: {error}")))?);
    }
    let globs = globs
        .build()
        .map_err(|error| Fault::usage(format!("`published.files`: {error}")))?;
    Ok(artefact_files::matching(directory, &globs))
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
