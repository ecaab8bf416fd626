//! What is written through the REST API: one function for each documented request.

use base64::Engine as _;
use reqwest::Method;

use super::error::ForgeError;
use super::forge::ForgeRepository;
use super::rest::RestCall;
use super::sent::{
    Conversation, MovedReference, NewBlob, NewGitCommit, NewReference, NewTree, ReviewRequest,
    TreeEntry,
};
use super::wire::{GitCommitAnswer, PullAnswer, ShaAnswer, object};
use crate::plan::proposal::facts::Pull;
use crate::project::file_entry::{FileEntry, FileMode, Oid};

impl ForgeRepository<'_> {
    pub(super) async fn create_branch(self, branch: &str, at: &Oid) -> Result<(), ForgeError> {
        let doing = format!("create branch `{branch}` of `{self}`");
        let body = NewReference {
            reference: format!("refs/heads/{branch}"),
            sha: at.as_str(),
        };
        self.write(Method::POST, "git/refs", doing, &body).await
    }

    pub(super) async fn move_branch(
        self,
        branch: &str,
        to: &Oid,
        force: bool,
    ) -> Result<(), ForgeError> {
        let doing = format!("move branch `{branch}` of `{self}`");
        let body = MovedReference {
            sha: to.as_str(),
            force,
        };
        let path = format!("git/refs/heads/{branch}");
        self.write(Method::PATCH, &path, doing, &body).await
    }

    pub(super) async fn delete_branch(self, branch: &str) -> Result<(), ForgeError> {
        let doing = format!("delete branch `{branch}` of `{self}`");
        let path = format!("git/refs/heads/{branch}");
        let call = RestCall {
            method: Method::DELETE,
            ..RestCall::get(doing, &path, &[])
        };
        self.call(&call).await.map(drop)
    }

    async fn create_blob(self, bytes: &[u8]) -> Result<Oid, ForgeError> {
        let doing = format!("store a file in `{self}`");
        let content = base64::engine::general_purpose::STANDARD.encode(bytes);
        let blob = NewBlob {
            content,
            encoding: "base64",
        };
        let answer: ShaAnswer = self.make(doing.clone(), "git/blobs", &blob).await?;
        object(&doing, &answer.sha)
    }

    /// The entry of a new tree for a path; content is stored first.
    pub(super) async fn tree_entry(
        self,
        path: &str,
        mode: FileMode,
        after: Option<&FileEntry>,
    ) -> Result<TreeEntry, ForgeError> {
        let id = match after.map(|after| (after.commit(), after)) {
            None => None,
            Some((Some(commit), _)) => Some(commit),
            Some((None, file)) => Some(self.create_blob(&file.bytes).await?),
        };
        let kind = if mode == FileMode::Gitlink {
            "commit"
        } else {
            "blob"
        };
        Ok(TreeEntry {
            path: path.to_owned(),
            mode: mode.as_git(),
            kind,
            sha: id.map(|id| id.as_str().to_owned()),
        })
    }

    /// A commit of a tree that differs from its parent's in these entries.
    pub(super) async fn create_commit(
        self,
        parent: &Oid,
        entries: &[TreeEntry],
        message: &str,
    ) -> Result<Oid, ForgeError> {
        let doing = format!("make a commit in `{self}`");
        let path = format!("git/commits/{parent}");
        let base: GitCommitAnswer = self.get("read a commit", &path).await?;
        let body = NewTree {
            base_tree: base.tree.sha,
            tree: entries,
        };
        let tree: ShaAnswer = self.make(doing.clone(), "git/trees", &body).await?;
        let body = NewGitCommit {
            message,
            tree: tree.sha,
            parents: [parent.as_str()],
        };
        let commit: ShaAnswer = self.make(doing.clone(), "git/commits", &body).await?;
        object(&doing, &commit.sha)
    }

    pub(super) async fn open_pull(self, fields: &Conversation<'_>) -> Result<Pull, ForgeError> {
        let doing = format!("open the pull request in `{self}`");
        let answer: PullAnswer = self.make(doing.clone(), "pulls", fields).await?;
        answer.read(&doing, self.name.split('/').next().unwrap_or_default())
    }

    pub(super) async fn update_pull(
        self,
        number: u64,
        fields: &Conversation<'_>,
    ) -> Result<(), ForgeError> {
        let doing = format!("update pull request #{number} of `{self}`");
        let path = format!("pulls/{number}");
        self.write(Method::PATCH, &path, doing, fields).await
    }

    pub(super) async fn add_labels(self, number: u64, labels: &[String]) -> Result<(), ForgeError> {
        let doing = format!("label #{number} of `{self}`");
        let body = Conversation {
            labels: Some(labels),
            ..Conversation::default()
        };
        let path = format!("issues/{number}/labels");
        self.write(Method::POST, &path, doing, &body).await
    }

    /// Asks for reviews. Reviewers are people, or `owner/team`.
    pub(super) async fn ask_reviewers(
        self,
        number: u64,
        reviewers: &[String],
    ) -> Result<(), ForgeError> {
        let doing = format!("ask for reviews of #{number} of `{self}`");
        let mut body = ReviewRequest::default();
        for name in reviewers {
            match name.split_once('/') {
                Some((_, team)) => body.team_reviewers.push(team),
                None => body.reviewers.push(name),
            }
        }
        let path = format!("pulls/{number}/requested_reviewers");
        self.write(Method::POST, &path, doing, &body).await
    }

    pub(super) async fn comment(self, number: u64, text: &str) -> Result<(), ForgeError> {
        let doing = format!("comment on #{number} of `{self}`");
        let body = Conversation::worded(None, Some(text));
        let path = format!("issues/{number}/comments");
        self.write(Method::POST, &path, doing, &body).await
    }

    pub(super) async fn open_issue(self, fields: &Conversation<'_>) -> Result<(), ForgeError> {
        let doing = format!("open the issue in `{self}`");
        self.write(Method::POST, "issues", doing, fields).await
    }

    pub(super) async fn update_issue(
        self,
        number: u64,
        fields: &Conversation<'_>,
    ) -> Result<(), ForgeError> {
        let doing = format!("update issue #{number} of `{self}`");
        let path = format!("issues/{number}");
        self.write(Method::PATCH, &path, doing, fields).await
    }
}
