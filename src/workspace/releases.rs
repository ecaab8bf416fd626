//! Links whose pins are in another repository: what they say now, and what they said when a release
//! of ours was made.

use std::collections::BTreeSet;

use jiff::Timestamp;

use crate::openssl::assessment::{self, Assessment};
use crate::openssl::upstream::View;
use crate::openssl::version::Version;
use crate::outside::git::history::{ProjectHistory, Revision, Tag};
use crate::outside::worktree;
use crate::plan::proposal::Oid;
use crate::project::changelog;
use crate::project::config::{Config, Link, PinKind};
use crate::project::linked;
use crate::text::fault::Fault;
use crate::workspace::base::{Base, Wanted};
use crate::workspace::branch;
use crate::workspace::context::Context;
use crate::workspace::facts::Facts;
use crate::workspace::moves::checkout;
use crate::workspace::place;
use crate::workspace::project::Project;
use crate::workspace::published;

/// What a link's pins in another repository mean: in its clone where the configuration names one,
/// else at the head of the base there.
///
/// # Errors
///
/// If neither can be read, or whatever is wrong with the pins.
pub(crate) fn assessment(
    context: &Context,
    config: &Config,
    link: &Link,
    facts: &Facts,
    view: &View<'_>,
) -> Result<Assessment, Fault> {
    match checkout(context, config, link) {
        Ok(folder) => {
            let target_of = |version: Version| {
                assessment::assess(version, &link.policy, view)
                    .ok()
                    .and_then(|assessment| assessment.target)
            };
            let files = worktree::load(&folder, [link])?;
            let working = linked::read(link, &files, &facts.snapshot.releases, &target_of)?.version;
            assessment::assess(working, &link.policy, view)
                .map_err(|error| Fault::usage(format!("link `{}`: {error}", link.name)))
        }
        Err(fault) if context.offline => Err(fault),
        Err(fault) => {
            let show = |_: &str, one: crate::workspace::links::Assessed<'_>| {
                (one.link.name.clone(), one.assessment)
            };
            let found = branch::elsewhere(context, config, facts, show)?
                .into_iter()
                .find(|(name, _)| *name == link.name);
            found.map(|(_, assessment)| assessment).ok_or(fault)
        }
    }
}

/// What there is to look at for what releases carried.
pub(crate) struct Elsewhere<'a> {
    pub(crate) context: &'a Context,
    pub(crate) config: &'a Config,
    pub(crate) facts: &'a Facts,
    pub(crate) project: &'a Project,
    pub(crate) link: &'a Link,
    /// What the pins say now.
    pub(crate) now: Version,
}

impl Elsewhere<'_> {
    /// What a release carried; none where nothing says so. Asked once for each release.
    pub(crate) fn carried(&self, tag: &Tag) -> Option<Version> {
        let key = (self.link.name.clone(), tag.name.clone());
        let known =
            |key: &(String, String)| self.context.known.carried.lock().ok()?.get(key).copied();
        if let Some(known) = known(&key) {
            return known;
        }
        let found = self.found(tag);
        if let Ok(mut carried) = self.context.known.carried.lock() {
            carried.insert(key, found);
        }
        found
    }

    /// The release's own words come first, then what was published, then what the pins said when it
    /// was made.
    fn found(&self, tag: &Tag) -> Option<Version> {
        let log = self
            .config
            .changelog
            .as_ref()
            .and_then(|log| self.project.history.text(tag.revision(), &log.file));
        let mentions = |version: Version| {
            log.as_ref()
                .is_some_and(|log| changelog::mentions(log, version))
        };
        let named = mentions(self.now);
        // Where the project went down to it, it was spoken of twice.
        let beyond =
            |version: &Version| version.series() == self.now.series() && *version > self.now;
        let mut newer = self
            .facts
            .snapshot
            .releases
            .iter()
            .map(|release| release.version)
            .filter(beyond);
        if named && !newer.any(mentions) {
            return Some(self.now);
        }
        if let Some(published) = self.published(tag) {
            return Some(published);
        }
        // A release that says nothing of the version that the pins had that day was made of what
        // they had before.
        let said = self.said(tag, 0);
        if said == Some(self.now) && log.is_some() && !named {
            self.said(tag, 1)
        } else {
            said
        }
    }

    /// What the published files of a release contain.
    fn published(&self, tag: &Tag) -> Option<Version> {
        if self.context.offline
            || self.config.published.as_ref()?.package.is_none()
            || checkout(self.context, self.config, self.link).is_ok()
        {
            return None;
        }
        // What cannot be asked or read says nothing.
        let files = published::files(self.context, self.config).ok()?;
        let releases = published::releases(&files);
        let release = releases
            .iter()
            .find(|release| release.version == tag.version)?;
        let versions: BTreeSet<Version> =
            published::examine(self.context, release).release.openssl();
        if self.config.links.len() == 1 {
            return versions.first().copied();
        }
        let mut same = versions
            .iter()
            .filter(|version| version.series() == self.now.series());
        same.next().copied().filter(|_| same.next().is_none())
    }

    /// What the pins said when a release was made, or so many changes of theirs earlier.
    fn said(&self, tag: &Tag, earlier: usize) -> Option<Version> {
        if let Ok(folder) = checkout(self.context, self.config, self.link) {
            let history = ProjectHistory::of(&folder);
            return carried(&history, history.at(tag.seconds)?, self.link, self.facts);
        }
        if self.context.offline {
            None
        } else {
            self.said_on_forge(tag, earlier).ok().flatten()
        }
    }

    fn said_on_forge(&self, tag: &Tag, earlier: usize) -> Result<Option<Version>, Fault> {
        let places = place::others(self.context, self.config)?;
        let Some(place) = places.iter().find(|place| {
            place
                .config
                .links
                .iter()
                .any(|link| link.name == self.link.name)
        }) else {
            return Ok(None);
        };
        let remote = place.remote();
        let (Some(forge), Ok(until)) = (remote.forge, Timestamp::from_second(tag.seconds)) else {
            return Ok(None);
        };
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build();
        let runtime = runtime.map_err(|error| Fault::failed(format!("cannot start: {error}")))?;
        runtime.block_on(async {
            let base = match &place.config.pull_request.base {
                Some(base) => base.clone(),
                None => remote.default_branch().await?,
            };
            let head = remote.head(&base).await?;
            // Only the file of a pin tells which commits changed it.
            let path = self.file().filter(|_| earlier > 0);
            let Ok(most) = u8::try_from(earlier + 1) else {
                return Ok(None);
            };
            let commits = forge.commits(&place.name, &head, until, path, most).await?;
            match commits.into_iter().nth(earlier) {
                Some(commit) => self.at(place, &remote, commit).await,
                None => Ok(None),
            }
        })
    }

    /// What the pins said at a commit.
    async fn at(
        &self,
        place: &place::Place,
        remote: &crate::workspace::remote::Remote<'_>,
        commit: Oid,
    ) -> Result<Option<Version>, Fault> {
        let base = Base::read(remote, commit, &place.prefix, &Wanted::of(&place.config)?).await?;
        let files = worktree::load(&base.project(), [self.link])?;
        Ok(
            linked::read(self.link, &files, &self.facts.snapshot.releases, &|_| None)
                .ok()
                .map(|linked| linked.version),
        )
    }

    /// The file of the first pin, where that names one.
    fn file(&self) -> Option<&str> {
        self.link.pins.iter().find_map(|pin| match &pin.kind {
            PinKind::Text(text) if !text.file.contains(['*', '?', '[', '{']) => {
                Some(text.file.as_str())
            }
            PinKind::Submodule(path) | PinKind::Tree(path) => Some(path.as_str()),
            PinKind::Cargo { file, .. } => Some(file.as_deref().unwrap_or("Cargo.lock")),
            PinKind::Text(_) => None,
        })
    }
}

/// The OpenSSL version that a link had at a state of the repository that holds its pins.
pub(crate) fn carried(
    history: &ProjectHistory,
    revision: Revision,
    link: &Link,
    facts: &Facts,
) -> Option<Version> {
    let files = history.files(revision, link)?;
    linked::read(link, &files, &facts.snapshot.releases, &|_| None)
        .ok()
        .map(|linked| linked.version)
}
