//! The releases that a project has published, from the package index: for `verify`, `history` and `check`.

use std::collections::BTreeSet;

use jiff::civil::Date;

use super::Context;
use crate::artefact::Contents;
use crate::artefact::exposure::ProjectRelease;
use crate::cache::Cache;
use crate::config::Config;
use crate::fault::Fault;
use crate::package_index::{self, Package, PublishedFile};
use crate::project_version::ProjectVersion;
use crate::report::PublishedRelease;
use crate::upstream::View;

/// One version of the project and its files.
#[derive(Debug)]
pub(super) struct Release<'a> {
    /// The project's version, as the first of its files spells it.
    pub(super) version: ProjectVersion,
    /// The day its first file was published, where the index says so.
    pub(super) published: Option<Date>,
    /// Its files.
    pub(super) files: Vec<&'a PublishedFile>,
}

impl Release<'_> {
    /// The platforms that it has files for.
    pub(super) fn platforms(&self) -> BTreeSet<String> {
        self.files.iter().flat_map(|file| file.name.platforms.iter().cloned()).collect()
    }
}

/// Every file that the project has published, as of the day that is answered for.
pub(super) fn files(context: &Context, config: &Config) -> Result<Vec<PublishedFile>, Fault> {
    let published = config.published.as_ref();
    let package = published.and_then(|published| published.package.clone());
    let package = package.ok_or_else(|| Fault::usage("which package? set `package` in `[published]`, or name files"))?;
    if context.offline {
        return Err(Fault::failed("`--offline` forbids to ask the package index; name files instead"));
    }
    let index = published.and_then(|published| published.index.as_deref());
    let mut files = Package::new(&package, index, &context.environment)?.files()?;
    files.retain(|file| file.file.uploaded.is_none_or(|day| day <= context.today));
    Ok(files)
}

/// The files by project version, ascending.
pub(super) fn releases(files: &[PublishedFile]) -> Vec<Release<'_>> {
    let mut releases: Vec<Release<'_>> = Vec::new();
    for file in files {
        let uploaded = file.file.uploaded;
        match releases.iter_mut().find(|release| release.version == file.name.version) {
            Some(release) => {
                release.published = [release.published, uploaded].into_iter().flatten().min();
                release.files.push(file);
            }
            None => releases.push(Release { version: file.name.version.clone(), published: uploaded, files: vec![file] }),
        }
    }
    releases.sort_by(|one, other| one.version.cmp(&other.version));
    releases
}

/// What is in these files; progress goes to standard error.
pub(super) fn contents(context: &Context, files: &[&PublishedFile]) -> Vec<Result<Contents, Fault>> {
    let cache = Cache::of(&context.environment);
    package_index::contents(files, &cache, &|name| context.note(format!("fetching {name}")))
}

/// What the project's newest published release carries, for `check`: none where the configuration names no package or the release carries no
/// OpenSSL. Of several OpenSSLs the oldest counts.
///
/// # Errors
///
/// If the index or a file cannot be read.
pub(super) fn newest(context: &Context, config: &Config, upstream: &View<'_>) -> Result<Option<PublishedRelease>, Fault> {
    if context.offline || config.published.as_ref().is_none_or(|published| published.package.is_none()) {
        return Ok(None);
    }
    let files = files(context, config)?;
    let releases = releases(&files);
    let Some(newest) = releases.iter().rev().find(|release| !release.version.is_prerelease()) else { return Ok(None) };
    let (release, _) = examine(context, newest)?;
    let Some(openssl) = release.openssl.first().copied() else { return Ok(None) };
    let mut exposed: Vec<_> =
        release.openssl.iter().flat_map(|version| upstream.affecting(*version).map(|known| known.advisory.id)).collect();
    exposed.sort_unstable();
    exposed.dedup();
    // Only what a public release would take away is a reason to release.
    exposed.retain(|id| upstream.advisory(*id).is_some_and(|known| upstream.nearest_fix(known, openssl).is_some()));
    Ok(Some(PublishedRelease { version: release.version, openssl, exposed }))
}

/// What a release carried, from one file of each kind of system: the smallest, for all of them come from one build. Also says how many bytes were
/// fetched.
pub(super) fn examine(context: &Context, release: &Release<'_>) -> Result<(ProjectRelease, u64), Fault> {
    let files = sample(release);
    let cache = Cache::of(&context.environment);
    // A file without a size is as large as a common one.
    let unknown = files.iter().filter(|file| !package_index::is_remembered(file, &cache));
    let bytes = unknown.map(|file| file.file.size.unwrap_or(8 << 20)).sum();
    let mut openssl = BTreeSet::new();
    for contents in contents(context, &files) {
        openssl.extend(contents?.versions());
    }
    Ok((ProjectRelease { version: release.version.to_string(), published: release.published, openssl }, bytes))
}

fn sample<'a>(release: &Release<'a>) -> Vec<&'a PublishedFile> {
    let system =
        |file: &PublishedFile| file.name.platforms.first().map(|platform| platform.split('-').next().unwrap_or_default().to_owned());
    let mut files: Vec<(&PublishedFile, String)> =
        release.files.iter().filter_map(|&file| Some((file, system(file)?))).filter(|(_, system)| system != "any").collect();
    files.sort_by_key(|(file, system)| (system.clone(), file.file.size.unwrap_or(u64::MAX)));
    files.dedup_by(|one, other| one.1 == other.1);
    files.into_iter().map(|(file, _)| file).collect()
}
