//! What is written through the REST API: one function for each documented request.

use base64::Engine as _;
use reqwest::Method;
use serde_json::{Value, json};

use super::error::ForgeError;
use super::forge::GitHub;
use super::rest::RestCall;
use super::wire::{GitCommitAnswer, IssueAnswer, PullAnswer, ShaAnswer, object};
use crate::plan::proposal::edit::{Content, EntryMode, Oid};
use crate::plan::proposal::facts::{Issue, Pull};

impl GitHub {
    pub(super) async fn create_branch(
        &self,
        repository: &str,
        branch: &str,
        at: &Oid,
    ) -> Result<(), ForgeError> {
        let doing = format!("create branch `{branch}` of `{repository}`");
        let body = json!({ "ref": format!("refs/heads/{branch}"), "sha": at.as_str() });
        self.write(repository, doing, Method::POST, &["git", "refs"], body)
            .await
            .map(drop)
    }

    pub(super) async fn move_branch(
        &self,
        repository: &str,
        branch: &str,
        to: &Oid,
        force: bool,
    ) -> Result<(), ForgeError> {
        let doing = format!("move branch `{branch}` of `{repository}`");
        let body = json!({ "sha": to.as_str(), "force": force });
        self.write(
            repository,
            doing,
            Method::PATCH,
            &["git", "refs", "heads", branch],
            body,
        )
        .await
        .map(drop)
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
                json!({ "content": content, "encoding": "base64" }),
            )
            .await?;
        object(&doing, &answer.sha)
    }

    /// The entry of a new tree for a path; content is stored first.
    pub(super) async fn tree_entry(
        &self,
        repository: &str,
        path: &str,
        mode: EntryMode,
        after: Option<&Content>,
    ) -> Result<Value, ForgeError> {
        let id = match after {
            None => None,
            Some(Content::Gitlink(commit)) => Some(commit.clone()),
            Some(Content::File { bytes, .. } | Content::Symlink(bytes)) => {
                Some(self.create_blob(repository, bytes).await?)
            }
        };
        let kind = if mode == EntryMode::Gitlink {
            "commit"
        } else {
            "blob"
        };
        Ok(
            json!({ "path": path, "mode": mode.as_git(), "type": kind, "sha": id.as_ref().map(Oid::as_str) }),
        )
    }

    /// A commit of a tree that differs from its parent's in these entries.
    pub(super) async fn create_commit(
        &self,
        repository: &str,
        parent: &Oid,
        entries: &[Value],
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
        let body = json!({ "base_tree": base.tree.sha, "tree": entries });
        let tree: ShaAnswer = self
            .make(repository, doing.clone(), &["git", "trees"], body)
            .await?;
        // Author and committer are left out: only then does the forge sign for an app.
        let body = json!({ "message": message, "tree": tree.sha, "parents": [parent.as_str()] });
        let commit: ShaAnswer = self
            .make(repository, doing.clone(), &["git", "commits"], body)
            .await?;
        object(&doing, &commit.sha)
    }

    pub(super) async fn open_pull(
        &self,
        repository: &str,
        fields: Value,
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
        fields: Value,
    ) -> Result<(), ForgeError> {
        let doing = format!("update pull request #{number} of `{repository}`");
        self.write(
            repository,
            doing,
            Method::PATCH,
            &["pulls", &number.to_string()],
            fields,
        )
        .await
        .map(drop)
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
        self.write(
            repository,
            doing,
            Method::POST,
            &path,
            json!({ "labels": labels }),
        )
        .await
        .map(drop)
    }

    /// Asks for reviews. Reviewers are people, or `owner/team`.
    pub(super) async fn ask_reviewers(
        &self,
        repository: &str,
        number: u64,
        reviewers: &[String],
    ) -> Result<(), ForgeError> {
        let doing = format!("ask for reviews of #{number} of `{repository}`");
        let teams: Vec<_> = reviewers
            .iter()
            .filter_map(|name| Some(name.split_once('/')?.1))
            .collect();
        let people: Vec<_> = reviewers
            .iter()
            .filter(|name| !name.contains('/'))
            .collect();
        let mut body = json!({});
        if !people.is_empty() {
            body["reviewers"] = json!(people);
        }
        if !teams.is_empty() {
            body["team_reviewers"] = json!(teams);
        }
        self.write(
            repository,
            doing,
            Method::POST,
            &["pulls", &number.to_string(), "requested_reviewers"],
            body,
        )
        .await
        .map(drop)
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
        self.write(
            repository,
            doing,
            Method::POST,
            &path,
            json!({ "body": text }),
        )
        .await
        .map(drop)
    }

    pub(super) async fn open_issue(
        &self,
        repository: &str,
        fields: Value,
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
        fields: Value,
    ) -> Result<(), ForgeError> {
        let doing = format!("update issue #{number} of `{repository}`");
        self.write(
            repository,
            doing,
            Method::PATCH,
            &["issues", &number.to_string()],
            fields,
        )
        .await
        .map(drop)
    }
}
