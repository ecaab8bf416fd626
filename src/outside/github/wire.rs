//! What the REST API answers, shaped like its documented answers, and what that means in our own
//! words.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

use super::error::{ForgeError, Refusal};
use crate::plan::proposal::edit::Holdings;
use crate::plan::proposal::facts::{Issue, Pull, PullPast, PullState};
use crate::project::file_entry::Oid;

#[derive(Deserialize)]
pub(super) struct RepositoryAnswer {
    pub(super) full_name: String,
    pub(super) default_branch: String,
    pub(super) permissions: Option<BTreeMap<String, bool>>,
}

/// A branch in a list of them.
#[derive(Deserialize)]
pub(super) struct BranchAnswer {
    pub(super) name: String,
    pub(super) commit: BranchCommit,
}

#[derive(Deserialize)]
pub(super) struct BranchCommit {
    pub(super) sha: String,
}

#[derive(Deserialize)]
pub(super) struct RefAnswer {
    #[serde(rename = "ref")]
    pub(super) name: String,
    pub(super) object: ObjectAnswer,
}

#[derive(Deserialize)]
pub(super) struct ObjectAnswer {
    pub(super) sha: String,
    #[serde(default, rename = "type")]
    pub(super) kind: String,
}

#[derive(Deserialize)]
pub(super) struct TagAnswer {
    pub(super) object: ObjectAnswer,
}

#[derive(Deserialize)]
pub(super) struct CompareAnswer {
    pub(super) behind_by: u64,
    pub(super) total_commits: u64,
    pub(super) commits: Vec<CommitAnswer>,
    pub(super) files: Option<Vec<FileAnswer>>,
}

#[derive(Deserialize)]
pub(super) struct CommitAnswer {
    pub(super) sha: String,
    pub(super) commit: CommitDetail,
    #[serde(default)]
    pub(super) parents: Vec<ObjectAnswer>,
    pub(super) files: Option<Vec<FileAnswer>>,
}

#[derive(Deserialize)]
pub(super) struct CommitDetail {
    pub(super) message: String,
}

#[derive(Deserialize)]
pub(super) struct FileAnswer {
    pub(super) filename: String,
    pub(super) status: String,
    pub(super) sha: Option<String>,
    pub(super) previous_filename: Option<String>,
}

#[derive(Deserialize)]
pub(super) struct PullAnswer {
    pub(super) number: u64,
    pub(super) html_url: String,
    pub(super) state: String,
    pub(super) title: String,
    pub(super) body: Option<String>,
    pub(super) merged_at: Option<String>,
    pub(super) merge_commit_sha: Option<String>,
    pub(super) head: PullEnd,
    pub(super) base: PullEnd,
    #[serde(flatten)]
    pub(super) author: Author,
    #[serde(default)]
    pub(super) labels: Vec<Label>,
    #[serde(default)]
    pub(super) requested_reviewers: Vec<User>,
    #[serde(default)]
    pub(super) requested_teams: Vec<Team>,
}

#[derive(Deserialize)]
pub(super) struct PullEnd {
    #[serde(rename = "ref")]
    pub(super) branch: String,
    pub(super) sha: String,
    pub(super) repo: Option<PullRepository>,
}

#[derive(Deserialize)]
pub(super) struct PullRepository {
    pub(super) full_name: String,
}

#[derive(Deserialize)]
pub(super) struct User {
    pub(super) login: String,
    #[serde(default, rename = "type")]
    pub(super) kind: String,
}

/// Who wrote something, and how they stand to the repository.
#[derive(Deserialize)]
pub(super) struct Author {
    pub(super) user: Option<User>,
    pub(super) author_association: Option<String>,
}

impl Author {
    /// Whether it counts what they wrote. Apps are there because somebody who may write wants them;
    /// our own account is one, or stands in the repository like its people.
    pub(super) fn counts(&self) -> bool {
        let at_home = matches!(
            self.author_association.as_deref(),
            Some("OWNER" | "MEMBER" | "COLLABORATOR")
        );
        at_home || self.user.as_ref().is_some_and(|user| user.kind == "Bot")
    }
}

#[derive(Deserialize)]
pub(super) struct Team {
    pub(super) slug: String,
}

#[derive(Deserialize)]
#[serde(untagged)]
pub(super) enum Label {
    Object { name: Option<String> },
    Name(String),
}

#[derive(Deserialize)]
pub(super) struct IssueAnswer {
    pub(super) number: u64,
    pub(super) html_url: String,
    pub(super) state: String,
    pub(super) title: String,
    pub(super) body: Option<String>,
    pub(super) pull_request: Option<Value>,
    #[serde(flatten)]
    pub(super) author: Author,
}

#[derive(Deserialize)]
pub(super) struct CommentAnswer {
    pub(super) body: Option<String>,
    #[serde(flatten)]
    pub(super) author: Author,
}

#[derive(Deserialize)]
pub(super) struct EventAnswer {
    #[serde(default)]
    pub(super) event: String,
    pub(super) label: Option<Label>,
    pub(super) requested_reviewer: Option<User>,
    pub(super) requested_team: Option<Team>,
    pub(super) actor: Option<User>,
}

#[derive(Deserialize)]
pub(super) struct ShaAnswer {
    pub(super) sha: String,
}

#[derive(Deserialize)]
pub(super) struct GitCommitAnswer {
    pub(super) tree: ObjectAnswer,
}

#[derive(Deserialize)]
pub(super) struct TreeAnswer {
    pub(super) tree: Vec<TreeEntryAnswer>,
    #[serde(default)]
    pub(super) truncated: bool,
}

#[derive(Deserialize)]
pub(super) struct TreeEntryAnswer {
    pub(super) path: String,
    pub(super) mode: String,
    pub(super) sha: String,
}

#[derive(Deserialize)]
pub(super) struct BlobAnswer {
    pub(super) content: String,
    pub(super) encoding: String,
}

impl Label {
    pub(super) fn into_name(self) -> Option<String> {
        match self {
            Self::Object { name } => name,
            Self::Name(name) => Some(name),
        }
    }
}

impl PullAnswer {
    pub(super) fn read(self, doing: &str, owner: &str) -> Result<Pull, ForgeError> {
        let state = match (&self.merged_at, self.state.as_str()) {
            (Some(_), _) => PullState::Merged,
            (None, "closed") => PullState::Closed,
            _ => PullState::Open,
        };
        let people = self.requested_reviewers.into_iter().map(|user| user.login);
        let teams = self
            .requested_teams
            .into_iter()
            .map(|team| format!("{owner}/{}", team.slug));
        Ok(Pull {
            number: self.number,
            url: self.html_url,
            state,
            title: self.title,
            body: self.body.unwrap_or_default(),
            base: self.base.branch,
            head: object(doing, &self.head.sha)?,
            merged_as: self
                .merge_commit_sha
                .filter(|_| state == PullState::Merged)
                .and_then(|sha| Oid::read(&sha)),
            labels: self
                .labels
                .into_iter()
                .filter_map(Label::into_name)
                .collect(),
            reviewers: people.chain(teams).collect(),
            author: self.author.user.map(|user| user.login).unwrap_or_default(),
            comments: Vec::new(),
            past: PullPast::default(),
        })
    }
}

impl IssueAnswer {
    pub(super) fn read(self) -> Issue {
        let body = self.body.unwrap_or_default();
        Issue {
            number: self.number,
            url: self.html_url,
            open: self.state == "open",
            title: self.title,
            body,
            comments: Vec::new(),
        }
    }
}

/// What changed paths hold. A comparison names at most 300 of them, so a list of that length may be
/// cut off.
pub(super) fn holdings(files: Vec<FileAnswer>) -> Option<Holdings> {
    if files.len() >= 300 {
        return None;
    }
    let mut holds = Holdings::new();
    for file in files {
        if let Some(previous) = file.previous_filename.filter(|_| file.status == "renamed") {
            holds.insert(previous, None);
        }
        let id = if file.status == "removed" {
            None
        } else {
            Some(Oid::read(file.sha.as_deref()?)?)
        };
        holds.insert(file.filename, id);
    }
    Some(holds)
}

pub(super) fn object(doing: &str, sha: &str) -> Result<Oid, ForgeError> {
    Oid::read(sha).ok_or_else(|| {
        ForgeError::new(
            doing,
            Refusal::Failed("the answer names an object that is none".to_owned()),
        )
    })
}
