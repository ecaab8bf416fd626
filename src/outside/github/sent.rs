//! What is sent to GitHub's REST API, version 2022-11-28: a struct for each documented body.

use serde::Serialize;

use crate::plan::proposal::call::Call;

/// "Create a reference".
#[derive(Serialize)]
pub(super) struct NewReference<'a> {
    #[serde(rename = "ref")]
    pub(super) reference: String,
    pub(super) sha: &'a str,
}

/// "Update a reference".
#[derive(Serialize)]
pub(super) struct MovedReference<'a> {
    pub(super) sha: &'a str,
    pub(super) force: bool,
}

/// "Create a blob", in base64.
#[derive(Serialize)]
pub(super) struct NewBlob {
    pub(super) content: String,
    pub(super) encoding: &'static str,
}

/// "Create a tree": what differs from another one.
#[derive(Serialize)]
pub(super) struct NewTree<'a> {
    pub(super) base_tree: String,
    pub(super) tree: &'a [TreeEntry],
}

/// One path of a new tree; without an object it is deleted.
#[derive(Serialize)]
pub(super) struct TreeEntry {
    pub(super) path: String,
    pub(super) mode: &'static str,
    #[serde(rename = "type")]
    pub(super) kind: &'static str,
    pub(super) sha: Option<String>,
}

/// "Create a commit". Author and committer are left out: only then does the forge sign for an app.
#[derive(Serialize)]
pub(super) struct NewGitCommit<'a> {
    pub(super) message: &'a str,
    pub(super) tree: String,
    pub(super) parents: [&'a str; 1],
}

/// "Create a pull request", "Create an issue", and what changes of one: only what is said is sent.
#[derive(Serialize, Default)]
pub(super) struct Conversation<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) title: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) body: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) head: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) base: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) draft: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) labels: Option<&'a [String]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) state: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) state_reason: Option<&'static str>,
}

impl<'a> Conversation<'a> {
    /// What a call of a plan says of a PR or an issue itself; nothing where it is about none.
    pub(super) fn of(call: &'a Call) -> Self {
        match call {
            Call::OpenPull {
                head,
                base,
                title,
                body,
                draft,
            } => Self {
                head: Some(head),
                base: Some(base),
                draft: Some(*draft),
                ..Self::worded(Some(title), Some(body))
            },
            Call::UpdatePull {
                title, body, base, ..
            } => Self {
                base: base.as_deref(),
                ..Self::worded(title.as_deref(), body.as_deref())
            },
            Call::OpenIssue {
                title,
                body,
                labels,
            } => Self {
                labels: Some(labels),
                ..Self::worded(Some(title), Some(body))
            },
            Call::UpdateIssue { title, body, .. } => {
                Self::worded(title.as_deref(), body.as_deref())
            }
            Call::ClosePull { .. } => Self::closed(None),
            Call::CloseIssue { .. } => Self::closed(Some("completed")),
            _ => Self::default(),
        }
    }

    /// New or other words; what is left out stays.
    pub(super) fn worded(title: Option<&'a str>, body: Option<&'a str>) -> Self {
        Self {
            title,
            body,
            ..Self::default()
        }
    }

    /// Its end: of an issue with the reason that it is done.
    fn closed(state_reason: Option<&'static str>) -> Self {
        Self {
            state: Some("closed"),
            state_reason,
            ..Self::default()
        }
    }
}

/// "Request reviewers for a pull request".
#[derive(Serialize, Default)]
pub(super) struct ReviewRequest<'a> {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) reviewers: Vec<&'a str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) team_reviewers: Vec<&'a str>,
}
