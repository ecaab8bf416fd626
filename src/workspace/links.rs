//! The links of this project, and what each of them uses.

use std::path::Path;

use crate::openssl::assessment::{
    Assessment, SeriesPolicy, assess, assess_move, check_policy, check_released,
};
use crate::openssl::upstream::{Snapshot, View};
use crate::openssl::version::Version;
use crate::paper::report;
use crate::project::config::{self, Config, Link};
use crate::project::file_tree::{self, FileTree};
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
    /// What the versions of other series mean that files of their own hold (`mixed`), as far as they
    /// move with the link.
    pub(crate) beside: Vec<Assessment>,
}

impl<'a> Assessed<'a> {
    /// A link with one version, wherever that was read.
    pub(crate) fn at(link: &'a Link, assessment: Assessment) -> Self {
        let linked = Linked {
            version: assessment.linked,
            places: Vec::new(),
        };
        Self {
            link,
            linked,
            assessment,
            beside: Vec::new(),
        }
    }

    /// What moves: the version that the link stands at, and those of other series with it.
    pub(crate) fn moving(&self) -> impl Iterator<Item = (&Assessment, Version)> {
        let all = std::iter::once(&self.assessment).chain(&self.beside);
        all.filter_map(|one| Some((one, one.target?)))
    }
}

/// Versions that the user chose instead of policy, by link (`--to`).
#[derive(Debug, Default)]
pub(crate) struct Chosen(Vec<(String, Version)>);

impl Chosen {
    /// The links that move, where every `--to` names its own: the others stay. None where one does
    /// not.
    pub(crate) fn names(&self, written: &[String]) -> Vec<String> {
        if written.iter().all(|text| text.contains('=')) {
            self.0.iter().map(|(name, _)| name.clone()).collect()
        } else {
            Vec::new()
        }
    }

    /// Reads `--to`.
    ///
    /// # Errors
    ///
    /// As [`Chosen::asked`]; a usage fault where a version was withdrawn or is not public.
    pub(crate) fn read(
        written: &[String],
        (links, config): (&[&Link], &Config),
        upstream: &View<'_>,
    ) -> Result<Self, Fault> {
        let chosen = Self::asked(written, links, config)?;
        for (text, (_, version)) in written.iter().zip(&chosen.0) {
            match upstream.release(*version) {
                Some(published) if published.withdrawn => {
                    return Err(Fault::usage(format!(
                        "`--to {text}`: OpenSSL {version} was withdrawn; choose another"
                    )));
                }
                Some(_) => {}
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
        Ok(chosen)
    }

    /// What `--to` says, whatever upstream knows of it.
    ///
    /// # Errors
    ///
    /// A usage fault where a link is not named, not known or named twice, or where something is no
    /// version.
    pub(crate) fn asked(
        written: &[String],
        links: &[&Link],
        config: &Config,
    ) -> Result<Self, Fault> {
        let mut chosen: Vec<(String, Version)> = Vec::new();
        let names: Vec<&str> = links.iter().map(|link| link.name.as_str()).collect();
        for text in written {
            // `--link` may leave only one.
            let mut asked = names.iter().filter(|name| config.is_asked(name));
            let (name, version) = match (text.split_once('='), asked.next(), asked.next()) {
                (Some((name, version)), ..) => (name, version),
                (None, Some(only), None) => (*only, text.as_str()),
                (None, ..) => {
                    return Err(Fault::usage(format!(
                        "`--to {text}` must name the link: NAME={text} with one of `{}`",
                        names.join("`, `")
                    )));
                }
            };
            if !names.contains(&name) {
                return Err(Fault::usage(format!(
                    "`--to {text}`: there is no link `{name}` in this repository; there is `{}`",
                    names.join("`, `")
                )));
            }
            if chosen.iter().any(|(known, _)| known == name) {
                return Err(Fault::usage(format!(
                    "`--to {text}`: another `--to` is for link `{name}` already; leave one of them out"
                )));
            }
            let version = Version::from_version_or_tag(version)
                .map_err(|error| Fault::usage(format!("`--to {text}`: {error}")))?;
            chosen.push((name.to_owned(), version));
        }
        Ok(Self(chosen))
    }

    pub(crate) fn of(&self, link: &Link) -> Option<Version> {
        self.0
            .iter()
            .find(|(name, _)| *name == link.name)
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
        None => assess(version, &link.policy(), upstream)
            .ok()
            .and_then(|assessment| assessment.target),
    };
    let mut linked = linked::read(link, files, &snapshot.releases, &target_of)?;
    for place in &linked.places {
        check_released(place.version, upstream)
            .map_err(|error| Fault::usage(format!("{place}: {error}")))?;
    }
    let beside = match chosen {
        None => several(link, &mut linked, upstream),
        Some(_) => Vec::new(),
    };
    if chosen.is_none() {
        check_policy(linked.version, &link.policy(), upstream)
            .map_err(|message| Fault::usage(format!("{}: {message}", link.policy_place)))?;
    }
    let assessment = match chosen {
        Some(target) => assess_move(linked.version, target, &link.policy(), upstream),
        None => assess(linked.version, &link.policy(), upstream),
    };
    let assessment = assessment?;
    let told = |assessment: Assessment| match link.is_tested() {
        true => assessment.only_tested(),
        false => assessment,
    };
    Ok(Assessed {
        link,
        assessment: told(assessment),
        linked,
        beside: beside.into_iter().map(told).collect(),
    })
}

/// Where files hold versions of several series and each keeps its own: the link stands at the one
/// that it is gravest to stay at, and the others that move do so with it.
pub(crate) fn several(link: &Link, linked: &mut Linked, upstream: &View<'_>) -> Vec<Assessment> {
    if link.series != SeriesPolicy::Keep {
        return Vec::new();
    }
    let versions = linked.several().into_iter();
    let mut moving: Vec<Assessment> = versions
        .filter_map(|version| assess(version, &link.policy(), upstream).ok())
        .filter(|one| one.target.is_some() && one.due_on.is_none())
        .collect();
    moving.sort_by_key(report::gravity);
    if moving.is_empty() {
        return moving;
    }
    linked.version = moving.remove(0).linked;
    moving
}

/// Every link of this repository with what it uses, and the files that say so.
pub(crate) fn all<'a>(
    tree: &dyn FileTree,
    links: &[&'a Link],
    snapshot: &Snapshot,
    upstream: &View<'_>,
    chosen: &Chosen,
) -> Result<(Vec<Assessed<'a>>, Files), Fault> {
    let files = file_tree::load(tree, links.iter().copied())?;
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
) -> report::AssessedLink {
    let place = |place: &linked::VersionPlace| report::PinPlace {
        repository: repository.map(str::to_owned),
        file: place.file.clone(),
        line: place.line,
        version: place.version,
    };
    let configuration = context
        .config
        .as_deref()
        .unwrap_or(Path::new(config::FILE_NAME));
    report::AssessedLink {
        name: assessed.link.name.clone(),
        places: assessed.linked.places.iter().map(place).collect(),
        declared: context
            .is_configured()
            .then(|| (configuration.display().to_string(), assessed.link.line)),
        assessment: assessed.assessment.clone(),
        beside: assessed.beside.clone(),
    }
}
