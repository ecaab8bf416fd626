//! The published artefacts of a release: which there are, and what they contain.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use globset::{GlobBuilder, GlobSetBuilder};

use crate::artefact::file_name::FileName;
use crate::artefact::verification::Verification;
use crate::artefact::{Contents, ExaminationLimits, ExaminedFile};
use crate::openssl::version::Version;
use crate::outside::artefact_files;
use crate::project::config::{Config, Link};
use crate::project::project_version::ProjectVersion;
use crate::project::{file_tree, linked};
use crate::text::fault::Fault;
use crate::text::in_words;
use crate::workspace::case::Case;
use crate::workspace::context::Context;
use crate::workspace::facts;
use crate::workspace::place;
use crate::workspace::published::{self, ReleaseFiles};
use crate::workspace::releases::Releases;
use crate::workspace::session::Session;

pub(crate) struct VerifiedSubject {
    pub(crate) release: Option<String>,
    pub(crate) files: Vec<(String, Contents)>,
    pub(crate) required: Vec<String>,
    pub(crate) previous: Option<String>,
}

impl VerifiedSubject {
    /// Whether each file contains one of these versions, and no platform is missing.
    pub(crate) fn judged(&self, expected: &BTreeSet<Version>) -> Verification {
        Verification::of(
            &self.files,
            expected,
            &self.required,
            self.previous.is_none(),
        )
    }
}

/// What was found of a release's artefacts, for those who wait for them.
pub(crate) enum FoundArtefacts {
    /// Nothing of it is published yet.
    Absent,
    /// Its files, judged.
    Judged(Verification),
}

/// Looks at the artefacts of a release that the configuration names.
pub(crate) fn find(
    session: &Session<'_>,
    config: &Config,
    expected: &BTreeSet<Version>,
    release: &ProjectVersion,
) -> Result<FoundArtefacts, Fault> {
    let published = config.published.clone().unwrap_or_default();
    if published.package.is_some()
        && !published::files(session, config)?
            .iter()
            .any(|file| file.name.version == *release)
    {
        return Ok(FoundArtefacts::Absent);
    }
    if published.package.is_none()
        && globbed(&session.context.directory, &published.files)?.is_empty()
    {
        return Ok(FoundArtefacts::Absent);
    }
    let subject = subject(session, config, &[], Some(release))?;
    Ok(if subject.files.is_empty() {
        FoundArtefacts::Absent
    } else {
        FoundArtefacts::Judged(subject.judged(expected))
    })
}

/// What every file should contain: what the user says, else what the pins say, of a release at its
/// tag; of several links' versions each file has one.
pub(crate) fn expected(
    session: &Session<'_>,
    config: &Config,
    expect: &[Version],
    release: Option<&ProjectVersion>,
) -> Result<BTreeSet<Version>, Fault> {
    if !expect.is_empty() {
        return Ok(expect.iter().copied().collect());
    }
    if config.links.is_empty() {
        return Err(Fault::usage(
            "which OpenSSL should be there? say so with `--expect VERSION`",
        ));
    }
    let facts = facts::gather(session, config)?;
    let case = Case::new(session, config, &facts);
    if let Some(release) = release {
        return pinned_at(&case, release);
    }
    let mut elsewhere = place::links_elsewhere(session.context, config);
    if elsewhere.next().is_some() {
        return pinned_now(&case);
    }
    let files = file_tree::load(case.tree(), &config.links)?;
    let version = |link| {
        linked::read(link, &files, &facts.snapshot.releases, &|_| None).map(|linked| linked.version)
    };
    config.links.iter().map(version).collect()
}

/// What the pins say now, also those at the head of another repository.
fn pinned_now(case: &Case<'_>) -> Result<BTreeSet<Version>, Fault> {
    let project = case.project()?;
    let releases = Releases::of(case, project);
    let version = |link: &Link| match releases.now(link) {
        Ok(standing) => Ok(standing.assessment.linked),
        Err(fault) => Err(unread(link, "now", &fault)),
    };
    case.config.links.iter().map(version).collect()
}

fn unread(link: &Link, when: &str, fault: &Fault) -> Fault {
    Fault::usage(format!(
        "the pins of link `{}` cannot be read {when} ({fault}); say with `--expect VERSION` what should be there",
        link.name
    ))
}

/// What the pins said at a release's tag.
fn pinned_at(case: &Case<'_>, release: &ProjectVersion) -> Result<BTreeSet<Version>, Fault> {
    let project = case.project()?;
    let releases = Releases::of(case, project);
    let tag = project.tags.iter().find(|tag| tag.version == *release);
    let tag = tag.ok_or_else(|| {
        Fault::usage(format!(
            "no tag names release `{release}` here: fetch them with `git fetch --tags`, or say with `--expect VERSION` what should be there"
        ))
    })?;
    let version = |link: &Link| {
        releases
            .pins_at(link, tag)
            .map_err(|fault| unread(link, &format!("at tag `{}`", tag.name), &fault))
    };
    case.config.links.iter().map(version).collect()
}

/// The files to look at: those named, else what the configuration names.
pub(crate) fn subject(
    session: &Session<'_>,
    config: &Config,
    paths: &[PathBuf],
    release: Option<&ProjectVersion>,
) -> Result<VerifiedSubject, Fault> {
    let published = config.published.clone().unwrap_or_default();
    let Some(named) = named(session.context, config, paths)? else {
        return from_index(session, config, release, &published.platforms);
    };
    let examined = artefact_files::examine(
        &session.context.directory,
        &named,
        &ExaminationLimits::default(),
    )?;
    let files = by_path(&examined);
    let files = files
        .into_iter()
        .filter(|(name, _)| release.is_none_or(|release| is_of(name, release)))
        .collect();
    Ok(VerifiedSubject {
        release: release.map(ProjectVersion::to_string),
        files,
        required: published.platforms,
        previous: None,
    })
}

/// The files and folders to look at; none where the package index has them.
fn named(
    context: &Context,
    config: &Config,
    paths: &[PathBuf],
) -> Result<Option<Vec<PathBuf>>, Fault> {
    if !paths.is_empty() {
        return Ok(Some(paths.to_vec()));
    }
    let published = config.published.as_ref();
    let Some(published) = published.filter(|one| one.package.is_none() && !one.files.is_empty())
    else {
        return Ok(None);
    };
    let found = globbed(&context.directory, &published.files)?;
    if found.is_empty() {
        return Err(Fault::failed(format!(
            "no file matches {}; build first, or name files",
            in_words(&published.files)
        )));
    }
    Ok(Some(found))
}

/// Whether there is something to look at, as far as that shows before anybody is asked.
///
/// # Errors
///
/// A file that is not there; a usage fault where nothing says which files or which package.
pub(crate) fn check_named(
    context: &Context,
    config: &Config,
    paths: &[PathBuf],
) -> Result<(), Fault> {
    match named(context, config, paths)? {
        Some(named) => named
            .iter()
            .try_for_each(|path| artefact_files::check_there(&context.directory, path)),
        None => published::package(context, config).map(drop),
    }
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
    session: &Session<'_>,
    config: &Config,
    release: Option<&ProjectVersion>,
    platforms: &[String],
) -> Result<VerifiedSubject, Fault> {
    let listed = published::files(session, config)?;
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
    let contents = published::contents(session.context, &current.files);
    let files = current.files.iter().zip(contents).map(|(file, contents)| {
        // What cannot be fetched or read is not known to carry the fix.
        let contents = contents.unwrap_or_else(|fault| Contents {
            unread: vec![fault.to_string()],
            ..Contents::default()
        });
        (file.file.name.clone(), contents)
    });
    Ok(VerifiedSubject {
        release: Some(current.version.to_string()),
        files: files.collect(),
        required,
        previous: previous.map(|release| release.version.to_string()),
    })
}

/// The release before this one that has compiled files.
fn previous<'a>(releases: &'a [ReleaseFiles<'a>], at: usize) -> Option<&'a ReleaseFiles<'a>> {
    let is_comparable = |release: &&ReleaseFiles<'_>| {
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
