//! What a forge says about our branches, PRs and issues.

use std::collections::BTreeSet;

use super::edit::Holdings;
use super::stamp::Stamp;
use crate::project::file_entry::Oid;

/// A branch as it stands, compared with its base.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Branch {
    pub name: String,
    /// Its newest commit.
    pub head: Oid,
    /// What it has that the base has not, oldest first.
    pub commits: Vec<Commit>,
    /// How many commits the base has that it has not.
    pub behind: u64,
    /// What the paths that its own commits changed hold; `None` where they are too many to say.
    pub holds: Option<Holdings>,
    /// The paths that commits of others touched; `None` where they are too many to say.
    pub touched: Option<BTreeSet<String>>,
}

/// A commit on one of our branches.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Commit {
    pub id: Oid,
    /// Its whole message.
    pub message: String,
    pub parents: usize,
}

impl Branch {
    /// The stamp of the newest commit of ours.
    pub fn stamp(&self) -> Option<Stamp> {
        self.commits
            .iter()
            .rev()
            .find_map(|commit| Stamp::read(&commit.message))
    }

    /// What it has that the base had when our commit was made, and has no more since somebody has
    /// pushed another history there: the first so many of its commits.
    pub fn forsaken(&self) -> usize {
        // Squashed into the base, what a commit of ours said stands in its history too.
        let mut newest_first = self.commits.iter().rev();
        let stood_on = newest_first.find_map(|commit| Stamp::read(&commit.message)?.base);
        let stands = |commit: &Commit| stood_on.as_deref() == Some(commit.id.as_str());
        self.commits.iter().position(stands).map_or(0, |at| at + 1)
    }

    /// What was committed to the branch itself, oldest first.
    pub fn own_commits(&self) -> &[Commit] {
        &self.commits[self.forsaken()..]
    }

    /// Whether no human has put anything on it: every commit is ours and holds what it says.
    pub fn is_ours(&self) -> bool {
        let unchanged = match (&self.holds, self.stamp()) {
            (Some(holds), Some(stamp)) => super::edit::digest(holds) == stamp.to,
            (None, _) | (_, None) => true,
        };
        unchanged && self.own_commits().iter().all(Commit::is_ours)
    }
}

impl Commit {
    /// Whether we made it.
    pub fn is_ours(&self) -> bool {
        self.parents <= 1 && Stamp::read(&self.message).is_some()
    }
}

/// Where a PR or an issue is in its life.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PullState {
    /// Open.
    Open,
    /// Closed without being merged.
    Closed,
    /// Merged.
    Merged,
}

/// A PR as the forge has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pull {
    pub number: u64,
    pub url: String,
    /// Where it is in its life.
    pub state: PullState,
    pub title: String,
    pub body: String,
    /// The branch it is opened against.
    pub base: String,
    /// The newest commit it knows of its branch.
    pub head: Oid,
    /// The commit that merging it made.
    pub merged_as: Option<Oid>,
    pub labels: Vec<String>,
    /// Who is asked for a review: people, or `owner/team`.
    pub reviewers: Vec<String>,
    pub author: String,
    /// What was said on it, as far as it matters and was asked for.
    pub comments: Vec<String>,
    /// What became of it so far, as far as it matters and was asked for.
    pub past: PullPast,
}

/// What was done to a PR in its life.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PullPast {
    /// Labels and reviewers that it has had at some time.
    pub had: BTreeSet<String>,
    /// Whether somebody has reopened it: we never do.
    pub reopened: bool,
    /// Who has changed last which branch it is opened against.
    pub retargeted_by: Option<String>,
}

/// A branch of an earlier target, and what became of its PR.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Old {
    pub branch: Branch,
    /// Its newest PR.
    pub pull: Option<Pull>,
}

/// What the forge says about one proposal.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ForgeFacts {
    pub branch: Option<Branch>,
    /// Its newest PR that was not closed by us.
    pub pull: Option<Pull>,
    /// A helper branch that an interrupted run left behind, and where it stands.
    pub left_over: Option<Oid>,
    /// The branches whose place it takes.
    pub old: Vec<Old>,
}

/// What the forge has of the tracking issues of one link.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TrackingIssues {
    /// The one that counts: the newest open one, else the newest.
    pub newest: Option<Issue>,
    /// The numbers of further open ones, which runs at the same time have opened.
    pub twins: Vec<u64>,
}

/// A tracking issue as the forge has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Issue {
    pub number: u64,
    pub url: String,
    pub open: bool,
    pub title: String,
    pub body: String,
    /// What was said on it, as far as it was asked for.
    pub comments: Vec<String>,
}
