//! The project at the moment: its releases, and the one that comes next.

use std::cell::OnceCell;

use jiff::civil::Date;

use crate::outside::git::history::{ProjectHistory, Tag};
use crate::outside::worktree::Root;
use crate::plan::pipeline::lines::{self, FollowedBranch, ReleaseLine, Tip};
use crate::plan::proposal::Oid;
use crate::project::change;
use crate::project::config::{self, Config};
use crate::project::file_tree::{self, FileTree};
use crate::project::next_release::{EarlierReleases, StatedAt, StatedBy};
use crate::project::project_version::ProjectVersion;
use crate::text::fault::Fault;
use crate::workspace::context::Context;
use crate::workspace::session::Session;
use crate::workspace::tags;

/// The project at the moment: its releases, and the one that comes next.
pub(crate) struct Project {
    pub(crate) history: ProjectHistory,
    pub(crate) tags: Vec<Tag>,
    /// Releases that only the remote has tags of, ascending: older ones than a clone must know.
    pub(crate) elsewhere: Vec<ProjectVersion>,
    /// The newest release that the users of this branch have.
    pub(crate) last: Option<ProjectVersion>,
    /// From where users get releases, the newest first; empty where there is no release.
    pub(crate) lines: Vec<ReleaseLine>,
    /// The version that the next release will have, where the configuration says where that stands;
    /// `paperwork::next_version` says whether it can have it.
    pub(crate) next: Option<ProjectVersion>,
    /// The place that leads to it.
    pub(crate) stated: Option<StatedAt>,
    /// Whether no release can have that version yet.
    pub(crate) raised: bool,
    /// The newest release that the checked-out branch has, where that was asked.
    reached: OnceCell<Option<ProjectVersion>>,
    /// Why nobody but this clone could be asked for releases.
    pub(crate) unasked: Option<Fault>,
}

impl Project {
    /// Reads the user's own checkout, after the releases that only its remote knows were brought
    /// there.
    pub(crate) fn read(session: &Session<'_>, config: &Config) -> Result<Self, Fault> {
        let asked = session.tips.get_or_init(|| tags::bring(session, config));
        let tips = asked.as_ref().map_or(&[][..], |asked| &asked.tips);
        let directory = &session.context.directory;
        let (tree, history) = (Root::of(directory), ProjectHistory::of(directory));
        let mut project = Self::of((&tree, history), session.context, config, tips)?;
        if let Ok(asked) = asked {
            project.elsewhere.clone_from(&asked.elsewhere);
        }
        project.unasked = asked.as_ref().err().cloned();
        Ok(project)
    }

    /// Reads what files and history know. `tips`: where the branches stand that releases are made
    /// from; none: at what is checked out.
    pub(crate) fn of(
        (tree, history): (&dyn FileTree, ProjectHistory),
        context: &Context,
        config: &Config,
        tips: &[Tip],
    ) -> Result<Self, Fault> {
        let today = context.today;
        let tags = history.tags(&config.project);
        let lines = of_branches(&history, &tags, tips);
        let last = of_checkout(&history, &lines);
        let mut project = Self {
            history,
            tags,
            elsewhere: Vec::new(),
            last,
            lines,
            next: None,
            stated: None,
            raised: true,
            reached: OnceCell::new(),
            unasked: None,
        };
        if let Some((next, source, raised)) = project.next_version(tree, today, config)? {
            (project.next, project.stated, project.raised) = (Some(next), Some(source), raised);
        }
        Ok(project)
    }

    /// What the project's own version will be: as it stands if that is no release yet, else raised;
    /// where that stands, and whether it is new.
    fn next_version(
        &self,
        tree: &dyn FileTree,
        today: Date,
        config: &Config,
    ) -> Result<Option<(ProjectVersion, StatedAt, bool)>, Fault> {
        let Some((version, others)) = config.versions.split_first() else {
            return Ok(None);
        };
        let own = self.stated(tree, today, version)?;
        let mut stated = vec![(version.file.clone(), own.stated.clone())];
        for further in others {
            let other = self.stated(tree, today, further)?;
            stated.push((further.file.clone(), other.stated));
            agree(&stated)?;
        }
        let new = own.raised || !self.is_released(version, today, &own.version);
        let next = own.version.parse::<ProjectVersion>().ok();
        let source = StatedAt {
            file: version.file.clone(),
            line: own.line,
            kind: StatedBy::Version,
        };
        Ok(next.map(|next| (next.finished(), source, new || next.is_prerelease())))
    }

    /// What one place states, and what a bump makes of it.
    fn stated(
        &self,
        tree: &dyn FileTree,
        today: Date,
        version: &config::VersionFile,
    ) -> Result<change::Own, Fault> {
        stated(tree, today, version, &|text| {
            self.is_released(version, today, text)
        })
    }

    /// The tag of the newest release that the users of this branch have.
    pub(crate) fn last_tag(&self) -> Option<&Tag> {
        self.tag(self.last.as_ref()?)
    }

    /// The tag of a release.
    pub(crate) fn tag(&self, release: &ProjectVersion) -> Option<&Tag> {
        self.tags.iter().find(|tag| tag.version == *release)
    }

    /// The releases that the next one comes after.
    pub(crate) fn released(&self) -> EarlierReleases<'_> {
        let newest = self.reached.get_or_init(|| {
            let newest = self.history.newest_reached(&self.tags);
            newest.map(|tag| tag.version.clone())
        });
        let tagged = self.tags.iter().map(|tag| &tag.version);
        EarlierReleases {
            newest: newest.as_ref(),
            all: tagged.chain(&self.elsewhere).collect(),
        }
    }

    /// Whether the project's own version, as the working tree states it, is one that was released.
    pub(crate) fn is_released(
        &self,
        config: &config::VersionFile,
        today: Date,
        text: &str,
    ) -> bool {
        if let (Ok(version), false) = (text.parse::<ProjectVersion>(), self.tags.is_empty()) {
            return self.tags.iter().any(|tag| tag.version == version);
        }
        // Without tags the version at HEAD counts as released, so that one that was raised since is
        // not raised again.
        let stated = self.stated_at_head(config, today);
        stated.is_none_or(|stated| stated == text)
    }

    /// The project's own version as HEAD states it.
    pub(crate) fn stated_at_head(
        &self,
        config: &config::VersionFile,
        today: Date,
    ) -> Option<String> {
        let text = self.history.text(self.history.head()?, &config.file)?;
        let own = change::raise(config, &text, today, &|_| false);
        own.ok().map(|own| own.version)
    }
}

/// What one place states, and what a bump makes of it.
fn stated(
    tree: &dyn FileTree,
    today: Date,
    version: &config::VersionFile,
    released: &dyn Fn(&str) -> bool,
) -> Result<change::Own, Fault> {
    let (_, text) = file_tree::text_of(tree, &version.file)?;
    change::raise(version, &text, today, released)
}

/// Whether every place that the configuration names states the project's version, all the same.
///
/// # Errors
///
/// A usage fault with what is wrong, and where.
pub(crate) fn check_stated(context: &Context, config: &Config) -> Result<(), Fault> {
    let (tree, mut all) = (Root::of(&context.directory), Vec::new());
    for version in &config.versions {
        let own = stated(&tree, context.today, version, &|_| false)?;
        all.push((version.file.clone(), own.stated));
        agree(&all)?;
    }
    Ok(())
}

/// Whether every place states the same version of the project, in whatever spelling.
pub(crate) fn agree(stated: &[(String, String)]) -> Result<(), Fault> {
    let [(first, one), .., (last, other)] = stated else {
        return Ok(());
    };
    let read = |text: &String| text.parse::<ProjectVersion>().ok();
    let same = one == other || read(one).is_some_and(|one| Some(one) == read(other));
    if same {
        return Ok(());
    }
    Err(Fault::usage(format!(
        "the project's version is `{one}` in `{first}` and `{other}` in `{last}`; make them agree"
    )))
}

/// From where users get releases. Where no branch is known to have any, as in a shallow clone, the
/// newest of all counts.
fn of_branches(history: &ProjectHistory, tags: &[Tag], tips: &[Tip]) -> Vec<ReleaseLine> {
    let branches: Vec<FollowedBranch> = tips
        .iter()
        .map(|tip| FollowedBranch {
            tip: tip.clone(),
            releases: history
                .before(tags, &tip.name, &tip.head)
                .into_iter()
                .map(|tag| tag.version.clone())
                .collect(),
        })
        .collect();
    let lines = lines::lines(&branches);
    if !lines.is_empty() {
        return lines;
    }
    let heads: Vec<Oid> = tips.iter().map(|tip| tip.head.clone()).collect();
    let newest = history.last(tags, &heads);
    let line = newest.map(|tag| ReleaseLine {
        branch: None,
        newest: tag.version.clone(),
    });
    line.into_iter().collect()
}

/// The newest release that the users of what is checked out have: of its own branch where that
/// makes releases, else of all.
fn of_checkout(history: &ProjectHistory, lines: &[ReleaseLine]) -> Option<ProjectVersion> {
    let here = history.branch();
    let own = lines.iter().find(|line| {
        let branch = line.branch.as_ref().map(|branch| branch.name.as_str());
        branch.is_some() && branch == here.as_deref()
    });
    own.or_else(|| lines.first())
        .map(|line| line.newest.clone())
}
