//! A proposal, and the plan of what is to be done for it.

use super::call::Call;
use super::purpose::Purpose;
use super::stamp::{self, Stamp};
use crate::openssl::version::Version;
use crate::project::change::Edit;
use crate::project::file_entry::Oid;

/// Who opens PRs made with a workflow's own token; the events of those start no workflow.
pub(crate) const WORKFLOW_USER: &str = "github-actions[bot]";

/// What a human should know of such a PR.
pub(crate) const NO_CI: &str = "a pull request opened with a workflow's own token starts no checks: use the token of an app or of a person, or close and reopen it by hand";

/// The PR before it exists.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proposal {
    /// What it is for.
    pub purpose: Purpose,
    /// The branch it is opened against.
    pub base: String,
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
    /// The release that it leads down from, because upstream withdrew that: what became of a PR
    /// that led up to the same target says nothing of this one.
    pub down_from: Option<Version>,
    /// The releases that upstream withdrew: PRs for them are closed for that reason.
    pub withdrawn: Vec<Version>,
}

impl Proposal {
    /// What its commit will say about itself.
    pub fn stamp(&self) -> Stamp {
        Stamp::new(self.purpose.subject(), &self.edits, &self.body)
    }

    /// The invisible lines that its PR carries.
    pub(super) fn markers(&self) -> String {
        let subject = stamp::marker(&self.purpose.subject());
        match self.down_from {
            Some(from) => format!("{subject}\n{}", stamp::from_marker(from)),
            None => subject,
        }
    }

    /// Whether a PR of its branch that is over, and has this body, was for the same move.
    pub(crate) fn is_told_by(&self, body: &str) -> bool {
        self.down_from.is_none_or(|from| {
            let marker = stamp::from_marker(from);
            body.lines().any(|line| line.trim_end() == marker)
        })
    }
}

/// What has to be done, and where things stand before it is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Plan {
    /// The calls, in order; none: nothing to do.
    pub calls: Vec<Call>,
    /// Where the PR stands.
    pub standing: Standing,
    /// What a human should know.
    pub notes: Vec<String>,
}

/// Where a proposal's PR stands.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Standing {
    /// There is none yet.
    #[default]
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
    pub fn word(&self) -> &'static str {
        match self {
            Self::Absent => "absent",
            Self::Open { .. } => "open",
            Self::Closed { .. } => "closed",
            Self::Merged { .. } => "merged",
        }
    }

    /// Number and page of the PR.
    pub fn pull(&self) -> Option<(u64, &str)> {
        match self {
            Self::Absent => None,
            Self::Open { number, url }
            | Self::Closed { number, url }
            | Self::Merged { number, url, .. } => Some((*number, url)),
        }
    }
}
