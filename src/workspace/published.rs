//! The releases that a project has published, from the package index: for `verify`, `history` and
//! `check`.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::Serialize;

use crate::artefact::Contents;
use crate::artefact::exposure::ProjectRelease;
use crate::openssl::upstream::View;
use crate::openssl::version::Version;
use crate::outside::http::cache::Cache;
use crate::outside::package_index::{self, Package, PublishedFile};
use crate::outside::progress::Progress;
use crate::paper::report::PublishedRelease;
use crate::project::config::{self, Config};
use crate::project::project_version::ProjectVersion;
use crate::text::fault::Fault;
use crate::workspace::case::Case;
use crate::workspace::context::Context;
use crate::workspace::session::Session;

/// One version of the project and its files.
#[derive(Debug)]
pub(crate) struct ReleaseFiles<'a> {
    /// The project's version, as the first of its files spells it.
    pub(crate) version: ProjectVersion,
    /// The day its first file was published, where the index says so.
    pub(crate) published: Option<Date>,
    pub(crate) files: Vec<&'a PublishedFile>,
}

impl ReleaseFiles<'_> {
    pub(crate) fn platforms(&self) -> BTreeSet<String> {
        self.files
            .iter()
            .flat_map(|file| file.name.platforms.iter().cloned())
            .collect()
    }
}

/// The files of a release that stand for all of them.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Sample {
    /// Their names.
    pub(crate) files: Vec<String>,
    /// How many files of compiled code the release has.
    pub(crate) of: usize,
}

#[derive(Debug)]
pub(crate) struct Examined {
    /// What it carried, by platform.
    pub(crate) release: ProjectRelease,
    /// From which of its files that is known.
    pub(crate) sample: Sample,
    /// How many bytes were fetched.
    pub(crate) bytes: u64,
}

/// The package that the configuration names, on its index.
///
/// # Errors
///
/// A usage fault where it names none, or where package or index are none.
pub(crate) fn package(context: &Context, config: &Config) -> Result<Package, Fault> {
    let published = config.published.as_ref();
    let package = published.and_then(|published| published.package.as_deref());
    let package = package.ok_or_else(|| match context.is_configured() {
        true => Fault::usage("which package? set `package` in `[published]`, or name files"),
        false => Fault::usage(format!(
            "which package? there is no `{}` that says it; name files, or write one with `release-check init`",
            config::FILE_NAME
        )),
    })?;
    let index = published.and_then(|published| published.index.as_deref());
    Package::new(package, index, &context.environment)
}

/// Every file that the project has published, as of the day that is answered for, without those
/// that it has yanked.
///
/// # Errors
///
/// If the index cannot be asked, or `--offline` forbids it.
pub(crate) fn files(session: &Session<'_>, config: &Config) -> Result<Vec<PublishedFile>, Fault> {
    let mut files = listed(session, config)?;
    files.retain(|file| !file.file.yanked);
    Ok(files)
}

/// The same with those that it has yanked.
fn listed(session: &Session<'_>, config: &Config) -> Result<Vec<PublishedFile>, Fault> {
    let context = session.context;
    let package = package(context, config)?;
    if context.offline {
        return Err(Fault::failed(
            "`--offline` forbids to ask the package index; name files instead",
        ));
    }
    if let Some(files) = session.listed.get() {
        return Ok(files.clone());
    }
    let _progress = Progress::of("asking the package index");
    let mut files = package.files()?;
    files.retain(|file| file.file.uploaded.is_none_or(|day| day <= context.today));
    Ok(session.listed.get_or_init(|| files).clone())
}

/// The files by project version, ascending.
pub(crate) fn releases(files: &[PublishedFile]) -> Vec<ReleaseFiles<'_>> {
    let mut releases: Vec<ReleaseFiles<'_>> = Vec::new();
    for file in files {
        let uploaded = file.file.uploaded;
        match releases
            .iter_mut()
            .find(|release| release.version == file.name.version)
        {
            Some(release) => {
                release.published = [release.published, uploaded].into_iter().flatten().min();
                release.files.push(file);
            }
            None => releases.push(ReleaseFiles {
                version: file.name.version.clone(),
                published: uploaded,
                files: vec![file],
            }),
        }
    }
    releases.sort_by(|one, other| one.version.cmp(&other.version));
    releases
}

/// What is in these files; on a terminal a bar says how far they are.
pub(crate) fn contents(
    context: &Context,
    files: &[&PublishedFile],
) -> Vec<Result<Contents, Fault>> {
    let cache = Cache::of(&context.environment);
    let unknown = files
        .iter()
        .filter(|file| !package_index::is_remembered(file, &cache));
    let steps = u64::try_from(unknown.count()).unwrap_or(u64::MAX);
    let progress = Progress::counted("published files", steps);
    package_index::contents(files, &cache, &|name| progress.step(name))
}

/// What the project's newest published release carries, for `check`: none where the configuration
/// names no package or the release carries no OpenSSL. A release is what all its platforms are: of
/// several OpenSSLs the worst counts. Where the newest one's files for a platform were yanked,
/// people there get what an older release carries.
///
/// # Errors
///
/// If the index cannot be asked, or a file cannot be read.
pub(crate) fn newest(case: &Case<'_>) -> Result<Option<PublishedRelease>, Fault> {
    let (context, config, upstream) = (case.context, case.config, &case.view);
    if context.offline
        || config
            .published
            .as_ref()
            .is_none_or(|published| published.package.is_none())
    {
        return Ok(None);
    }
    let listed = listed(case.session, config)?;
    let (yanked, files): (Vec<_>, Vec<_>) = listed.into_iter().partition(|file| file.file.yanked);
    let mut releases = releases(&files);
    releases.retain(|release| !release.version.is_prerelease());
    let Some((newest, older)) = releases.split_last() else {
        return Ok(None);
    };
    let found = carried(context, newest, upstream)?;
    if found
        .as_ref()
        .is_some_and(|found| !found.exposed.is_empty())
    {
        return Ok(found);
    }
    for (release, platforms) in fallen_back(newest, older, &yanked) {
        let back = carried(context, &release, upstream)?;
        if let Some(back) = back.filter(|back| !back.exposed.is_empty()) {
            let back = PublishedRelease {
                platforms: platforms.into_iter().collect(),
                ..back
            };
            return Ok(Some(back));
        }
    }
    Ok(found)
}

/// The older releases that installers take for some platforms, because the newest release's files
/// for them were yanked; each with its files for these platforms alone, the newest first.
fn fallen_back<'a>(
    newest: &ReleaseFiles<'_>,
    older: &[ReleaseFiles<'a>],
    yanked: &[PublishedFile],
) -> Vec<(ReleaseFiles<'a>, BTreeSet<String>)> {
    let still = newest.platforms();
    let gone = yanked
        .iter()
        .filter(|file| file.name.version == newest.version)
        .flat_map(|file| file.name.platforms.iter().cloned());
    let mut gone: BTreeSet<String> = gone.filter(|one| !still.contains(one)).collect();
    let mut found = Vec::new();
    for release in older.iter().rev() {
        let has = release.platforms();
        let (there, left): (BTreeSet<_>, BTreeSet<_>) = gone
            .into_iter()
            .partition(|platform| has.contains(platform));
        gone = left;
        if there.is_empty() {
            continue;
        }
        let is_theirs =
            |file: &&&PublishedFile| file.name.platforms.iter().any(|one| there.contains(one));
        let files = release.files.iter().filter(is_theirs).copied().collect();
        let release = ReleaseFiles {
            version: release.version.clone(),
            published: release.published,
            files,
        };
        found.push((release, there));
    }
    found
}

/// What a release carries: of several OpenSSLs the worst.
fn carried(
    context: &Context,
    release: &ReleaseFiles<'_>,
    upstream: &View<'_>,
) -> Result<Option<PublishedRelease>, Fault> {
    let release = examine(context, release).release;
    if let Some(problem) = release.unread.first() {
        return Err(Fault::failed(problem.clone()));
    }
    let carried = release.openssl();
    let Some(openssl) = worst(&carried, upstream) else {
        return Ok(None);
    };
    let mut exposed: Vec<_> = carried
        .iter()
        .flat_map(|version| upstream.affecting(*version).map(|known| known.advisory.id))
        .collect();
    exposed.sort_unstable();
    exposed.dedup();
    // Only what a public release would take away is a reason to release.
    exposed.retain(|id| {
        upstream
            .advisory(*id)
            .is_some_and(|known| upstream.has_public_fix(known, openssl))
    });
    Ok(Some(PublishedRelease {
        version: release.version,
        openssl,
        exposed,
        platforms: Vec::new(),
    }))
}

/// What a release carried. Wheels for several Python versions come from one build, so one file
/// stands for all that were published for the same platform and libc, by the same build, on the
/// same day.
pub(crate) fn examine(context: &Context, release: &ReleaseFiles<'_>) -> Examined {
    let files = sample(&release.files);
    let cache = Cache::of(&context.environment);
    // A file without a size is as large as a common one.
    let unknown = files
        .iter()
        .filter(|file| !package_index::is_remembered(file, &cache));
    let bytes = unknown.map(|file| file.file.size.unwrap_or(8 << 20)).sum();
    let (mut carried, mut unread) = (BTreeMap::<String, BTreeSet<Version>>::new(), Vec::new());
    for (file, contents) in files.iter().zip(contents(context, &files)) {
        match contents {
            Ok(contents) => {
                unread.extend(not_known(&file.file.name, &contents));
                let versions = contents.versions();
                for platform in file.name.platforms.iter().filter(|_| !versions.is_empty()) {
                    carried
                        .entry(platform.clone())
                        .or_default()
                        .extend(&versions);
                }
            }
            Err(fault) => unread.push(fault.to_string()),
        }
    }
    let of = release
        .files
        .iter()
        .filter(|file| is_compiled(file))
        .count();
    Examined {
        release: ProjectRelease {
            version: release.version.to_string(),
            published: release.published,
            carried,
            unread,
        },
        sample: Sample {
            files: files.iter().map(|file| file.file.name.clone()).collect(),
            of,
        },
        bytes,
    }
}

/// What of a file nobody knows.
fn not_known(name: &str, contents: &Contents) -> Vec<String> {
    let unsaid = contents.unsaid.iter();
    let unsaid = unsaid.map(|_| "OpenSSL is in it, its version is not said".to_owned());
    let unread = contents.unread.iter().cloned();
    let all = unread.chain(unsaid.take(1));
    all.map(|why| format!("{name}: {why}")).collect()
}

/// The version with the gravest advisory, and among equals the one with the most; the lowest of
/// those.
fn worst(carried: &BTreeSet<Version>, upstream: &View<'_>) -> Option<Version> {
    let gravity = |version: Version| {
        let advisories = || upstream.affecting(version).map(|known| &known.advisory);
        let gravest = advisories().map(|advisory| advisory.severity.clone()).max();
        (gravest, advisories().count())
    };
    carried
        .iter()
        .copied()
        .rev()
        .max_by_key(|version| gravity(*version))
}

fn is_compiled(file: &PublishedFile) -> bool {
    file.name.platforms.iter().any(|platform| platform != "any")
}

/// The smallest file of each platform, build and day; one for two processors stands for both.
fn sample<'a>(files: &[&'a PublishedFile]) -> Vec<&'a PublishedFile> {
    let mut files: Vec<&PublishedFile> = files
        .iter()
        .copied()
        .filter(|file| is_compiled(file))
        .collect();
    files.sort_by_key(|file| (file.file.size.unwrap_or(u64::MAX), &file.file.name));
    let mut seen = BTreeSet::new();
    files.retain(|file| {
        let alike = file
            .name
            .platforms
            .iter()
            .map(|platform| (platform, file.name.build.as_deref(), file.file.uploaded));
        // Not `any`, which stops at the first.
        alike.filter(|alike| seen.insert(*alike)).count() > 0
    });
    files
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::artefact::file_name::FileName;
    use crate::artefact::index_page::IndexFile;

    fn file(name: &str, size: u64, day: &str) -> PublishedFile {
        let file = IndexFile {
            name: name.to_owned(),
            address: String::new(),
            sha256: None,
            size: Some(size),
            uploaded: day.parse().ok(),
            yanked: false,
        };
        PublishedFile {
            file,
            name: FileName::read(name).unwrap(),
        }
    }

    #[test]
    fn the_worst_platform_counts() {
        let snapshot = crate::openssl::upstream::builtin::builtin().unwrap();
        let upstream = View::new(&snapshot, "2026-06-01".parse().unwrap(), &[]);
        let worst = |versions: &[&str]| {
            let versions = versions.iter().map(|version| version.parse().unwrap());
            worst(&versions.collect(), &upstream).map(|version| version.to_string())
        };
        // The lowest is not the worst: its series had fixes since.
        assert_eq!(worst(&["3.0.20", "3.5.0"]).as_deref(), Some("3.5.0"));
        assert_eq!(worst(&["3.5.3", "3.5.4"]).as_deref(), Some("3.5.3"));
        assert_eq!(worst(&[]), None);
    }

    #[test]
    fn one_file_stands_for_what_was_built_with_it() {
        let files = [
            file("x-1-cp311-abi3-manylinux_2_34_x86_64.whl", 9, "2025-10-01"),
            file("x-1-cp39-abi3-manylinux_2_28_x86_64.whl", 8, "2025-10-01"),
            file("x-1-cp39-abi3-musllinux_1_2_x86_64.whl", 8, "2025-10-01"),
            file("x-1-cp39-abi3-manylinux_2_28_aarch64.whl", 8, "2025-10-01"),
            file("x-1-cp39-abi3-win_amd64.whl", 3, "2025-10-01"),
            file("x-1-1-cp39-abi3-win_amd64.whl", 4, "2025-10-01"),
            file("x-1-cp314-cp314-win_amd64.whl", 5, "2025-12-01"),
            file("x-1-cp39-abi3-macosx_10_9_universal2.whl", 7, "2025-10-01"),
            file("x-1-cp39-abi3-macosx_11_0_arm64.whl", 8, "2025-10-01"),
            file("x-1-py3-none-any.whl", 1, "2025-10-01"),
            file("x-1.tar.gz", 1, "2025-10-01"),
        ];
        let names: Vec<&str> = sample(&files.iter().collect::<Vec<_>>())
            .iter()
            .map(|file| file.file.name.as_str())
            .collect();
        assert_eq!(
            names,
            [
                "x-1-cp39-abi3-win_amd64.whl",
                "x-1-1-cp39-abi3-win_amd64.whl",
                "x-1-cp314-cp314-win_amd64.whl",
                "x-1-cp39-abi3-macosx_10_9_universal2.whl",
                "x-1-cp39-abi3-manylinux_2_28_aarch64.whl",
                "x-1-cp39-abi3-manylinux_2_28_x86_64.whl",
                "x-1-cp39-abi3-musllinux_1_2_x86_64.whl",
            ]
        );
    }
}
