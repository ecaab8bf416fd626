//! Which OpenSSL a release of ours carried, wherever the pins are.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use jiff::Timestamp;

use crate::openssl::assessment::{self, Assessment};
use crate::openssl::version::Version;
use crate::outside::git::history::{ProjectHistory, Revision, Tag};
use crate::outside::worktree::Root;
use crate::paper::draft::advisory::CarriedByRelease;
use crate::plan::pipeline::lines::ReleaseLine;
use crate::plan::proposal::Oid;
use crate::project::changelog;
use crate::project::config::{self, Config, Link, Pin, PinKind};
use crate::project::file_tree::{self, FileTree};
use crate::project::linked::{self, Files};
use crate::text::fault::Fault;
use crate::workspace::branch;
use crate::workspace::branch_files::CommitTree;
use crate::workspace::case::Case;
use crate::workspace::context::Context;
use crate::workspace::links::{self, Assessed};
use crate::workspace::place::{self, Place};
use crate::workspace::project::Project;
use crate::workspace::published;
use crate::workspace::remote::Remote;

/// The project's releases, and what each carried of a link.
pub(crate) struct Releases<'a> {
    case: &'a Case<'a>,
    project: &'a Project,
    /// What the pins of links in other repositories say now.
    now: RefCell<BTreeMap<String, LinkNow>>,
}

/// What the pins of a link mean.
#[derive(Debug, Clone)]
pub(crate) struct LinkNow {
    pub(crate) assessment: Assessment,
    /// What the versions of other series mean, as far as they move with the link.
    pub(crate) beside: Vec<Assessment>,
}

/// How much may be asked for an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Effort {
    /// What the repositories say.
    Pins,
    /// The published files too, which must be fetched.
    Files,
}

impl<'a> Releases<'a> {
    pub(crate) fn of(case: &'a Case<'_>, project: &'a Project) -> Self {
        Self {
            case,
            project,
            now: RefCell::default(),
        }
    }

    fn is_here(&self, link: &Link) -> bool {
        place::is_here(self.case.context, self.case.config, link)
    }

    /// What the pins of a link mean now: at the head of the base branch where that was read, else
    /// in this checkout, or in the other repository.
    ///
    /// # Errors
    ///
    /// If they cannot be read, or whatever is wrong with them.
    pub(crate) fn now(&self, link: &Link) -> Result<LinkNow, Fault> {
        let heads = self.case.session.heads.get();
        if let Some(head) =
            heads.and_then(|heads| heads.iter().find(|head| head.link.name == link.name))
        {
            return Ok(LinkNow {
                assessment: head.link.assessment.clone(),
                beside: head.link.beside.clone(),
            });
        }
        if self.is_here(link) {
            return assessed_in(self.case.tree(), link, self.case);
        }
        if let Some(known) = self.now.borrow().get(&link.name) {
            return Ok(known.clone());
        }
        let found = elsewhere(self.case, link)?;
        let mut now = self.now.borrow_mut();
        now.insert(link.name.clone(), found.clone());
        Ok(found)
    }

    /// The OpenSSL version that the users of a link have: the one of the newest release that this
    /// branch comes after; without releases HEAD's, where the pins are here.
    /// None at a branch that was read: of it nothing but its files is known.
    pub(crate) fn carried_before(&self, link: &Link) -> Option<Version> {
        if self.case.is_branch() {
            return None;
        }
        match self.project.last_tag() {
            Some(tag) => self.carried(link, tag),
            None if self.is_here(link) => self
                .pinned(&self.project.history, self.project.history.head(), link)
                .ok(),
            None => None,
        }
    }

    /// The OpenSSL version that a release carried of a link; none where nothing says so.
    pub(crate) fn carried(&self, link: &Link, tag: &Tag) -> Option<Version> {
        self.carried_or_why(link, tag).ok()
    }

    /// The OpenSSL version that a release carried of a link.
    pub(crate) fn carried_or_why(&self, link: &Link, tag: &Tag) -> Result<Version, Fault> {
        self.found(link, tag, Effort::Files)
    }

    /// What the pins of a link say at the head of a line's branch, where that is not the base's and
    /// they are here.
    pub(crate) fn on_branch(&self, link: &Link, line: &ReleaseLine) -> Option<Version> {
        let history = &self.project.history;
        let revision = history.revision(&line.also().filter(|_| self.is_here(link))?.head)?;
        self.pinned(history, Some(revision), link).ok()
    }

    /// What each release until the day that is answered for carried of a link, ascending; of one
    /// whose tag is not here nothing says it. No published file is fetched for it.
    pub(crate) fn all(&self, link: &Link) -> Vec<CarriedByRelease> {
        let today = self.case.context.today;
        let is_made = |tag: &&Tag| tag.day().is_none_or(|day| day <= today);
        let here = self
            .project
            .tags
            .iter()
            .filter(is_made)
            .map(|tag| CarriedByRelease {
                release: tag.version.clone(),
                openssl: self.pins_at(link, tag).ok(),
            });
        let elsewhere = self
            .project
            .elsewhere
            .iter()
            .map(|release| CarriedByRelease {
                release: release.clone(),
                openssl: None,
            });
        let mut all: Vec<CarriedByRelease> = elsewhere.chain(here).collect();
        all.sort_by(|one, other| one.release.cmp(&other.release));
        all
    }

    /// The OpenSSL version that a release carried of a link, as the repositories say.
    pub(crate) fn pins_at(&self, link: &Link, tag: &Tag) -> Result<Version, Fault> {
        self.found(link, tag, Effort::Pins)
    }

    fn found(&self, link: &Link, tag: &Tag, effort: Effort) -> Result<Version, Fault> {
        if self.is_here(link) {
            return self.pinned(&self.project.history, Some(tag.revision()), link);
        }
        let carried = &self.case.session.carried;
        let key = (link.name.clone(), tag.name.clone());
        let known = carried.borrow().get(&key).copied();
        let found = match known {
            Some(known) => known,
            None => {
                let found = self.found_elsewhere(link, tag, effort);
                // What was found with less effort may be known better with more.
                if found.is_some() || effort == Effort::Files {
                    carried.borrow_mut().insert(key, found);
                }
                found
            }
        };
        found.ok_or_else(no_state)
    }

    /// The release's own words come first, then what was published, then what the pins said when it
    /// was made.
    fn found_elsewhere(&self, link: &Link, tag: &Tag, effort: Effort) -> Option<Version> {
        let now = self.now(link).ok()?.assessment.linked;
        let (case, history) = (self.case, &self.project.history);
        let log = case.config.changelog.as_ref();
        let log = log.and_then(|log| history.text(tag.revision(), log.file.as_ref()?));
        let mentions = |version: Version| {
            log.as_ref()
                .is_some_and(|log| changelog::mentions(log, version))
        };
        let named = mentions(now);
        // Where the project went down to it, it was spoken of twice.
        let beyond = |version: &Version| version.series() == now.series() && *version > now;
        let mut newer = case
            .facts
            .snapshot
            .releases
            .iter()
            .map(|release| release.version)
            .filter(beyond);
        if named && !newer.any(mentions) {
            return Some(now);
        }
        if let (Effort::Files, Some(published)) = (effort, self.published(link, tag, now)) {
            return Some(published);
        }
        // A release that says nothing of the version that the pins had that day was made of what
        // they had before.
        let said = self.said(link, tag, 0);
        if said == Some(now) && log.is_some() && !named {
            self.said(link, tag, 1)
        } else {
            said
        }
    }

    /// What the published files of a release contain.
    fn published(&self, link: &Link, tag: &Tag, now: Version) -> Option<Version> {
        let case = self.case;
        if case.context.offline
            || case.config.published.as_ref()?.package.is_none()
            || checkout(case.context, case.config, link).is_ok()
        {
            return None;
        }
        // What cannot be asked or read says nothing.
        let files = published::files(case.session, case.config).ok()?;
        let releases = published::releases(&files);
        let release = releases
            .iter()
            .find(|release| release.version == tag.version)?;
        let versions: BTreeSet<Version> =
            published::examine(case.context, release).release.openssl();
        if case.config.links.len() == 1 {
            return versions.first().copied();
        }
        let mut same = versions
            .iter()
            .filter(|version| version.series() == now.series());
        same.next().copied().filter(|_| same.next().is_none())
    }

    /// What the pins said when a release was made, or so many changes of theirs earlier.
    fn said(&self, link: &Link, tag: &Tag, earlier: usize) -> Option<Version> {
        if let Ok(folder) = checkout(self.case.context, self.case.config, link) {
            let history = ProjectHistory::of(&folder);
            return self.pinned(&history, history.at(tag.seconds), link).ok();
        }
        if self.case.context.offline {
            None
        } else {
            self.said_on_forge(link, tag, earlier).ok().flatten()
        }
    }

    fn said_on_forge(
        &self,
        link: &Link,
        tag: &Tag,
        earlier: usize,
    ) -> Result<Option<Version>, Fault> {
        let places = place::others(self.case.context, self.case.config)?;
        let has_link = |place: &&Place| place.config.links.iter().any(|one| one.name == link.name);
        let Some(place) = places.iter().find(has_link) else {
            return Ok(None);
        };
        let remote = place.remote();
        let (Some(forge), Ok(until)) = (place.forge(), Timestamp::from_second(tag.seconds)) else {
            return Ok(None);
        };
        let base = self.case.session.base_branch(place, &remote)?;
        let found = self.case.session.block_on(async {
            let head = remote.head(&base).await?;
            // Only the file of a pin tells which commits changed it.
            let path = file(link).filter(|_| earlier > 0);
            let Ok(most) = u8::try_from(earlier + 1) else {
                return Ok(None);
            };
            let commits = forge.commits(&head, until, path, most).await?;
            Ok::<_, Fault>(commits.into_iter().nth(earlier))
        })?;
        found.map_or(Ok(None), |commit| self.at(link, place, &remote, &commit))
    }

    /// What the pins said at a commit.
    fn at(
        &self,
        link: &Link,
        place: &Place,
        remote: &Remote<'_>,
        commit: &Oid,
    ) -> Result<Option<Version>, Fault> {
        let tree = CommitTree::read(self.case.session, remote, commit, &place.prefix)?;
        let files = file_tree::load(&tree, [link])?;
        Ok(self.read(link, &files).ok())
    }

    /// What the pins of a link said at a state of the repository that holds them: where today's
    /// configuration does not find them, the one that stood there does.
    fn pinned(
        &self,
        history: &ProjectHistory,
        revision: Option<Revision>,
        link: &Link,
    ) -> Result<Version, Fault> {
        let revision = revision.ok_or_else(no_state)?;
        let read = |link: &Link| {
            let files = history.files(revision, link).ok_or_else(no_state)?;
            self.read(link, &files)
        };
        read(link).or_else(|fault| {
            let then = self.configured_at(history, revision, link);
            then.and_then(|then| read(&then).ok()).ok_or(fault)
        })
    }

    /// The same link in the configuration that stood there, as the only one or by its name.
    fn configured_at(
        &self,
        history: &ProjectHistory,
        revision: Revision,
        link: &Link,
    ) -> Option<Link> {
        let named = self.case.context.config.as_deref();
        let path = named.map_or(Some(config::FILE_NAME), Path::to_str)?;
        let text = history
            .text(revision, path)
            .filter(|_| self.is_here(link))?;
        let mut links = Config::read(path, &text).ok()?.links;
        if links.len() == 1 && self.case.config.links.len() == 1 {
            return links.pop();
        }
        links.into_iter().find(|one| one.name == link.name)
    }

    /// What the pins say in files of another day: all of them, else those that were there then.
    fn read(&self, link: &Link, files: &Files) -> Result<Version, Fault> {
        let releases = &self.case.facts.snapshot.releases;
        let read = |link: &Link| {
            linked::read(link, files, releases, &|_| None).map(|linked| linked.version)
        };
        let all = read(link);
        if all.is_ok() || link.pins.len() < 2 {
            return all;
        }
        let alone = |pin: &Pin| {
            let link = Link {
                pins: vec![pin.clone()],
                ..link.clone()
            };
            read(&link).ok()
        };
        let found: BTreeSet<Version> = link.pins.iter().filter_map(alone).collect();
        match found.first() {
            Some(version) if found.len() == 1 => Ok(*version),
            _ => all,
        }
    }
}

fn no_state() -> Fault {
    Fault::failed("the repository of its pins has no state of that day")
}

/// What a link's pins in a folder mean.
fn assessed_in(tree: &dyn FileTree, link: &Link, case: &Case<'_>) -> Result<LinkNow, Fault> {
    let target_of = |version: Version| {
        assessment::assess(version, &link.policy(), &case.view)
            .ok()
            .and_then(|assessment| assessment.target)
    };
    let files = file_tree::load(tree, [link])?;
    let releases = &case.facts.snapshot.releases;
    let mut linked = linked::read(link, &files, releases, &target_of)?;
    let beside = links::several(link, &mut linked, &case.view);
    let assessment = assessment::assess(linked.version, &link.policy(), &case.view)
        .map_err(|error| Fault::usage(format!("link `{}`: {error}", link.name)))?;
    Ok(LinkNow { assessment, beside })
}

/// What a link's pins in another repository mean: in its clone where the configuration names one,
/// else at the head of the base there.
fn elsewhere(case: &Case<'_>, link: &Link) -> Result<LinkNow, Fault> {
    match checkout(case.context, case.config, link) {
        Ok(folder) => assessed_in(&Root::of(&folder), link, case),
        Err(fault) if case.context.offline => Err(fault),
        Err(fault) => {
            let standing = |one: Assessed<'_>| LinkNow {
                assessment: one.assessment,
                beside: one.beside,
            };
            branch::elsewhere(case, |_, one| (one.link.name.clone(), standing(one)))?
                .into_iter()
                .find(|(name, _)| *name == link.name)
                .map(|(_, standing)| standing)
                .ok_or(fault)
        }
    }
}

/// The clone of the repository that holds the pins of a link of another repository.
///
/// # Errors
///
/// A usage fault where the configuration names none.
pub(crate) fn checkout(context: &Context, config: &Config, link: &Link) -> Result<PathBuf, Fault> {
    let repository = link.repository.as_deref().unwrap_or_default();
    let named =
        place::settings(config, repository).and_then(|settings| settings.checkout.as_deref());
    let named = named.ok_or_else(|| {
        let name = &link.name;
        Fault::usage(format!(
            "the pins of link `{name}` are in `{repository}`; name a clone as `checkout` in `[repositories.\"{repository}\"]`"
        ))
    })?;
    Ok(context.path(Path::new(named)))
}

/// The file of the first pin, where that names one.
fn file(link: &Link) -> Option<&str> {
    link.pins.iter().find_map(|pin| match &pin.kind {
        PinKind::Text(text) if !text.file.contains(['*', '?', '[', '{']) => {
            Some(text.file.as_str())
        }
        PinKind::Submodule(path) | PinKind::Tree(path) => Some(path.as_str()),
        PinKind::Cargo { file, .. } => Some(file.as_deref().unwrap_or("Cargo.lock")),
        PinKind::Text(_) => None,
    })
}
