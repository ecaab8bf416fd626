//! The PR before it exists: its names and texts, and the plan of calls that leads from what the forge has to what it should have.
//!
//! Nothing here remembers anything: [`facts`] read off the forge and the wanted [`Proposal`] make a [`Plan`], and a plan that was carried out, in whole
//! or in part, leads to facts from which the next plan goes on.

pub mod call;
pub mod checks;
pub mod edit;
pub mod facts;
mod plan;
mod retire;
pub mod route;
pub mod stamp;
pub mod tracking;

use crate::version::Version;

pub use call::{At, Call};
pub use edit::{Content, Edit, Mode, Oid};
pub use facts::Facts;
pub use plan::{Needs, needs, plan};
pub use retire::{Reason, closed_by_us, retire, superseded_text};
pub use route::Route;

use stamp::Stamp;

/// What all our branches start with.
pub const PREFIX: &str = "release-check/";

/// What the branches start with on which a commit is made before it replaces one of ours.
const HELPER_PREFIX: &str = "release-check/next/";

/// The label of tracking issues, by which they are found again.
pub const ISSUE_LABEL: &str = "release-check";

/// Who opens PRs made with a workflow's own token; the events of those start no workflow.
pub const WORKFLOW_USER: &str = "github-actions[bot]";

/// What a human should know of such a PR.
pub const NO_CI: &str = "a pull request opened with a workflow's own token starts no checks: use the token of an app or of a person, or close and reopen it by hand";

/// The PR before it exists.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proposal {
    /// The link whose version it moves.
    pub link: String,
    /// The version it moves to.
    pub target: Version,
    /// The branch it is opened against.
    pub base: String,
    /// Whether that is one of the further release branches, which have branches of ours of their own.
    pub also: bool,
    /// The base's commit that the edits were made from.
    pub base_head: Oid,
    /// Title of the PR.
    pub title: String,
    /// Body of the PR in Markdown, without marker.
    pub body: String,
    /// Labels of the PR.
    pub labels: Vec<String>,
    /// Who is asked for a review: people, or `owner/team`.
    pub reviewers: Vec<String>,
    /// Whether the PR is a draft.
    pub draft: bool,
    /// First line of the commit's message.
    pub headline: String,
    /// The rest of it, without trailers.
    pub description: String,
    /// Who signs the commit off, as `Name <mail>`.
    pub signed_off_by: Option<String>,
    /// What the commit does.
    pub edits: Vec<Edit>,
}

impl Proposal {
    /// The branch's name: no clock in it, so that every run meets the same one.
    #[must_use]
    pub fn branch(&self) -> String {
        branch_name(&self.link, self.target, self.also.then_some(self.base.as_str()))
    }

    /// The helper branch on which a commit is made before it replaces one of ours.
    #[must_use]
    pub fn helper(&self) -> String {
        format!("{HELPER_PREFIX}{}", &self.branch()[PREFIX.len()..])
    }

    /// `{link}:{target}`, as the marker says it.
    #[must_use]
    pub fn subject(&self) -> String {
        format!("{}:{}", self.link, self.target)
    }

    /// What its commit will say about itself.
    #[must_use]
    pub fn stamp(&self) -> Stamp {
        Stamp::new(self.subject(), &self.edits, &self.body)
    }
}

/// The branch of a link and target, for the base or, with its name, for a further release branch.
fn branch_name(link: &str, target: Version, also: Option<&str>) -> String {
    match also {
        None => format!("{PREFIX}{link}-{target}"),
        Some(base) => format!("{PREFIX}{link}-{target}@{base}"),
    }
}

/// The target that a branch's name speaks of, if it is one of this link (and of this further release branch).
#[must_use]
pub fn target_of(branch: &str, link: &str, also: Option<&str>) -> Option<Version> {
    let rest = branch.strip_prefix(PREFIX)?.strip_prefix(link)?.strip_prefix('-')?;
    let version = match also {
        None => rest,
        Some(base) => rest.strip_suffix(base)?.strip_suffix('@')?,
    };
    version.parse().ok()
}

/// What has to be done, and where things stand before it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// The calls, in order; none: nothing to do.
    pub calls: Vec<Call>,
    /// Where the PR stands.
    pub standing: Standing,
    /// What a human should know.
    pub notes: Vec<String>,
}

/// Where a proposal's PR stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    /// There is none yet.
    Absent,
    /// It is open.
    Open {
        /// Its number.
        number: u64,
        /// Its page.
        url: String,
    },
    /// A human closed it, so it stays closed until the target changes.
    Closed {
        /// Its number.
        number: u64,
        /// Its page.
        url: String,
    },
    /// It was merged.
    Merged {
        /// Its number.
        number: u64,
        /// Its page.
        url: String,
        /// The commit that merging made.
        commit: Option<Oid>,
    },
}

impl Standing {
    /// In one word: `absent`, `open`, `closed` or `merged`.
    #[must_use]
    pub fn word(&self) -> &'static str {
        match self {
            Self::Absent => "absent",
            Self::Open { .. } => "open",
            Self::Closed { .. } => "closed",
            Self::Merged { .. } => "merged",
        }
    }

    /// Number and page of the PR.
    #[must_use]
    pub fn pull(&self) -> Option<(u64, &str)> {
        match self {
            Self::Absent => None,
            Self::Open { number, url } | Self::Closed { number, url } | Self::Merged { number, url, .. } => Some((*number, url)),
        }
    }
}

#[cfg(test)]
mod tests;
