//! The links of this project, and what each of them uses.

use std::path::Path;

use crate::openssl::assessment::{Assessment, assess, assess_move, check_policy, check_released};
use crate::openssl::upstream::{Snapshot, View};
use crate::openssl::version::Version;
use crate::outside::worktree;
use crate::paper::report;
use crate::project::config::{self, Config, Link};
use crate::project::linked::{self, Files, Linked};
use crate::text::fault::Fault;
use crate::workspace::context::Context;
use crate::workspace::place;

/// A link with what it uses and what that means.
#[derive(Debug)]
pub(crate) struct Assessed<'a> {
    pub(crate) link: &'a Link,
    pub(crate) linked: Linked,
    pub(crate) assessment: Assessment,
}

/// Versions that the user chose instead of policy, by link (`--to`).
#[derive(Debug, Default)]
pub(crate) struct Chosen(Vec<(String, Version)>);

impl Chosen {
    /// Reads `--to`.
    ///
    /// # Errors
    ///
    /// A usage fault where a link is not named or not known, or where a version was withdrawn or is
    /// not public.
    pub(crate) fn read(
        written: &[String],
        links: &[&Link],
        upstream: &View<'_>,
    ) -> Result<Self, Fault> {
        let mut chosen = Vec::new();
        let names: Vec<&str> = links.iter().map(|link| link.name.as_str()).collect();
        for text in written {
            let (name, version) = match (text.split_once('='), links) {
                (Some((name, version)), _) => (name, version),
                (None, [only]) => (only.name.as_str(), text.as_str()),
                (None, _) => {
                    return Err(Fault::usage(format!(
                        "`--to {text}` must name the link: NAME={text} with one of `{}`",
                        names.join("`, `")
                    )));
                }
            };
            if !links.iter().any(|link| link.name == name) {
                return Err(Fault::usage(format!(
                    "`--to {text}`: there is no link `{name}` in this repository; there is `{}`",
                    names.join("`, `")
                )));
            }
            let version = Version::from_version_or_tag(version)
                .map_err(|error| Fault::usage(format!("`--to {text}`: {error}")))?;
            match upstream.release(version) {
                Some(published) if published.withdrawn => {
                    return Err(Fault::usage(format!(
                        "`--to {text}`: OpenSSL {version} was withdrawn; choose another"
                    )));
                }
                Some(_) => chosen.push((name.to_owned(), version)),
                None => {
                    let newest = upstream
                        .good_releases()
                        .map(|release| release.version)
                        .filter(|known| known.series() == version.series())
                        .max();
                    let remedy = newest.map_or_else(
                        || "choose one that is".to_owned(),
                        |newest| format!("the newest of {} is {newest}", newest.series()),
                    );
                    return Err(Fault::usage(format!(
                        "`--to {text}`: no public release {version} is known; {remedy}"
                    )));
                }
            }
        }
        Ok(Self(chosen))
    }

    pub(crate) fn of(&self, link: &Link) -> Option<Version> {
        self.0
            .iter()
            .rfind(|(name, _)| *name == link.name)
            .map(|(_, version)| *version)
    }
}

/// The links whose pins are in this repository.
pub(crate) fn here<'a>(context: &Context, config: &'a Config) -> Vec<&'a Link> {
    let is_here = |link: &&Link| place::is_here(context, config, link);
    config.links.iter().filter(is_here).collect()
}

/// Reads what a link uses and assesses it.
///
/// # Errors
///
/// Whatever is wrong with its pins, see [`linked::read`]; a usage fault where the version was never
/// released.
pub(crate) fn assessed<'a>(
    link: &'a Link,
    files: &Files,
    snapshot: &Snapshot,
    upstream: &View<'_>,
    chosen: Option<Version>,
) -> Result<Assessed<'a>, Fault> {
    let target_of = |version: Version| match chosen {
        Some(target) => Some(target),
        None => assess(version, &link.policy, upstream)
            .ok()
            .and_then(|assessment| assessment.target),
    };
    let linked = linked::read(link, files, &snapshot.releases, &target_of)?;
    for place in &linked.places {
        check_released(place.version, upstream)
            .map_err(|error| Fault::usage(format!("{place}: {error}")))?;
    }
    if chosen.is_none() {
        check_policy(linked.version, &link.policy, upstream)
            .map_err(|message| Fault::usage(format!("{}: {message}", link.policy_place)))?;
    }
    let assessment = match chosen {
        Some(target) => assess_move(linked.version, target, &link.policy, upstream),
        None => assess(linked.version, &link.policy, upstream),
    };
    let assessment = assessment.map_err(|error| Fault::usage(error.to_string()))?;
    Ok(Assessed {
        link,
        assessment: match link.is_tested() {
            true => assessment.only_tested(),
            false => assessment,
        },
        linked,
    })
}

/// Every link of this repository with what it uses, and the files that say so.
pub(crate) fn all<'a>(
    directory: &Path,
    links: &[&'a Link],
    snapshot: &Snapshot,
    upstream: &View<'_>,
    chosen: &Chosen,
) -> Result<(Vec<Assessed<'a>>, Files), Fault> {
    let files = worktree::load(directory, links.iter().copied())?;
    let read = links
        .iter()
        .map(|link| assessed(link, &files, snapshot, upstream, chosen.of(link)));
    Ok((read.collect::<Result<_, _>>()?, files))
}

/// A link as it is shown, with the repository it was read in where that is another one.
pub(crate) fn shown(
    context: &Context,
    repository: Option<&str>,
    assessed: &Assessed<'_>,
) -> report::Link {
    let place = |place: &linked::Place| report::Place {
        repository: repository.map(str::to_owned),
        file: place.file.clone(),
        line: place.line,
    };
    let configuration = context
        .config
        .as_deref()
        .unwrap_or(Path::new(config::FILE_NAME));
    report::Link {
        name: assessed.link.name.clone(),
        places: assessed.linked.places.iter().map(place).collect(),
        declared: (configuration.display().to_string(), assessed.link.line),
        assessment: assessed.assessment.clone(),
    }
}
