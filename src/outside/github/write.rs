//! What is written through the REST API: one function for each documented request.

use base64::Engine as _;
use reqwest::Method;

use super::error::ForgeError;
use super::forge::GitHub;
use super::rest::RestCall;
use super::sent::{
    Conversation, MovedReference, NewBlob, NewGitCommit, NewReference, NewTree, ReviewRequest,
    TreeEntry,
};
use super::wire::{GitCommitAnswer, IssueAnswer, PullAnswer, ShaAnswer, object};
use crate::plan::proposal::facts::{Issue, Pull};
use crate::project::file_entry::{FileEntry, FileMode, Oid};

impl GitHub {
    pub(super) async fn create_branch(
        &self,
        repository: &str,
        branch: &str,
        at: &Oid,
    ) -> Result<(), ForgeError> {
        let doing = format!("create branch `{branch}` of `{repository}`");
        let body = NewReference {
            reference: format!("refs/heads/{branch}"),
            sha: at.as_str(),
        };
        self.write(Method::POST, repository, &["git", "refs"], doing, &body)
            .await
    }

    pub(super) async fn move_branch(
        &self,
        repository: &str,
        branch: &str,
        to: &Oid,
        force: bool,
    ) -> Result<(), ForgeError> {
        let doing = format!("move branch `{branch}` of `{repository}`");
        let body = MovedReference {
            sha: to.as_str(),
            force,
        };
        self.write(
            Method::PATCH,
            repository,
            &["git", "refs", "heads", branch],
            doing,
            &body,
        )
        .await
    }

    pub(super) async fn delete_branch(
        &self,
        repository: &str,
        branch: &str,
    ) -> Result<(), ForgeError> {
        let doing = format!("delete branch `{branch}` of `{repository}`");
        let path = ["git", "refs", "heads", branch];
        self.call(
            repository,
            &RestCall {
                doing,
                method: Method::DELETE,
                path: &path,
                query: &[],
                body: None,
            },
        )
        .await
        .map(drop)
    }

    async fn create_blob(&self, repository: &str, bytes: &[u8]) -> Result<Oid, ForgeError> {
        let doing = format!("store a file in `{repository}`");
        let content = base64::engine::general_purpose::STANDARD.encode(bytes);
        let answer: ShaAnswer = self
            .make(
                repository,
                doing.clone(),
                &["git", "blobs"],
                &NewBlob {
                    content,
                    encoding: "base64",
                },
            )
            .await?;
        object(&doing, &answer.sha)
    }

    /// The entry of a new tree for a path; content is stored first.
    pub(super) async fn tree_entry(
        &self,
        repository: &str,
        path: &str,
        mode: FileMode,
        after: Option<&FileEntry>,
    ) -> Result<TreeEntry, ForgeError> {
        let id = match after.map(|after| (after.commit(), after)) {
            None => None,
            Some((Some(commit), _)) => Some(commit),
            Some((None, file)) => Some(self.create_blob(repository, &file.bytes).await?),
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
        &self,
        repository: &str,
        parent: &Oid,
        entries: &[TreeEntry],
        message: &str,
    ) -> Result<Oid, ForgeError> {
        let doing = format!("make a commit in `{repository}`");
        let base: GitCommitAnswer = self
            .get(
                repository,
                "read a commit",
                &["git", "commits", parent.as_str()],
            )
            .await?;
        let body = NewTree {
            base_tree: base.tree.sha,
            tree: entries,
        };
        let tree: ShaAnswer = self
            .make(repository, doing.clone(), &["git", "trees"], &body)
            .await?;
        let body = NewGitCommit {
            message,
            tree: tree.sha,
            parents: [parent.as_str()],
        };
        let commit: ShaAnswer = self
            .make(repository, doing.clone(), &["git", "commits"], &body)
            .await?;
        object(&doing, &commit.sha)
    }

    pub(super) async fn open_pull(
        &self,
        repository: &str,
        fields: &Conversation<'_>,
    ) -> Result<Pull, ForgeError> {
        let doing = format!("open the pull request in `{repository}`");
        let answer: PullAnswer = self
            .make(repository, doing.clone(), &["pulls"], fields)
            .await?;
        answer.read(&doing, repository.split('/').next().unwrap_or_default())
    }

    pub(super) async fn update_pull(
        &self,
        repository: &str,
        number: u64,
        fields: &Conversation<'_>,
    ) -> Result<(), ForgeError> {
        let doing = format!("update pull request #{number} of `{repository}`");
        self.write(
            Method::PATCH,
            repository,
            &["pulls", &number.to_string()],
            doing,
            fields,
        )
        .await
    }

    pub(super) async fn add_labels(
        &self,
        repository: &str,
        number: u64,
        labels: &[String],
    ) -> Result<(), ForgeError> {
        let (doing, path) = (
            format!("label #{number} of `{repository}`"),
            ["issues", &number.to_string(), "labels"],
        );
        let body = Conversation {
            labels: Some(labels),
            ..Conversation::default()
        };
        self.write(Method::POST, repository, &path, doing, &body)
            .await
    }

    /// Asks for reviews. Reviewers are people, or `owner/team`.
    pub(super) async fn ask_reviewers(
        &self,
        repository: &str,
        number: u64,
        reviewers: &[String],
    ) -> Result<(), ForgeError> {
        let doing = format!("ask for reviews of #{number} of `{repository}`");
        let (teams, people): (Vec<&str>, Vec<&str>) = reviewers
            .iter()
            .map(String::as_str)
            .partition(|name| name.contains('/'));
        let body = ReviewRequest {
            reviewers: people,
            team_reviewers: teams
                .into_iter()
                .filter_map(|name| Some(name.split_once('/')?.1))
                .collect(),
        };
        self.write(
            Method::POST,
            repository,
            &["pulls", &number.to_string(), "requested_reviewers"],
            doing,
            &body,
        )
        .await
    }

    pub(super) async fn comment(
        &self,
        repository: &str,
        number: u64,
        text: &str,
    ) -> Result<(), ForgeError> {
        let (doing, path) = (
            format!("comment on #{number} of `{repository}`"),
            ["issues", &number.to_string(), "comments"],
        );
        let body = Conversation {
            body: Some(text),
            ..Conversation::default()
        };
        self.write(Method::POST, repository, &path, doing, &body)
            .await
    }

    pub(super) async fn open_issue(
        &self,
        repository: &str,
        fields: &Conversation<'_>,
    ) -> Result<Issue, ForgeError> {
        let answer: IssueAnswer = self
            .make(
                repository,
                format!("open the issue in `{repository}`"),
                &["issues"],
                fields,
            )
            .await?;
        Ok(answer.read())
    }

    pub(super) async fn update_issue(
        &self,
        repository: &str,
        number: u64,
        fields: &Conversation<'_>,
    ) -> Result<(), ForgeError> {
        let doing = format!("update issue #{number} of `{repository}`");
        self.write(
            Method::PATCH,
            repository,
            &["issues", &number.to_string()],
            doing,
            fields,
        )
        .await
    }
}
