//! The GraphQL API: the one mutation that commits with the forge's own signature.

use std::time::Duration;

use base64::Engine as _;
use reqwest::Method;
use serde::{Deserialize, Serialize};

use super::error::{ForgeError, Refusal};
use super::forge::ForgeRepository;
use crate::outside::http::fetch::Request;
use crate::plan::proposal::Oid;
use crate::plan::proposal::call::NewCommit;

const CREATE_COMMIT: &str = "mutation($input: CreateCommitOnBranchInput!) { createCommitOnBranch(input: $input) { commit { oid } } }";

#[derive(Serialize)]
struct Mutation<'a> {
    query: &'static str,
    variables: Variables<'a>,
}

#[derive(Serialize)]
struct Variables<'a> {
    input: CommitInput<'a>,
}

/// `CreateCommitOnBranchInput` of GitHub's schema, and the inputs in it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct CommitInput<'a> {
    branch: CommittableBranch<'a>,
    message: CommitMessage<'a>,
    file_changes: FileChanges<'a>,
    expected_head_oid: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct CommittableBranch<'a> {
    repository_name_with_owner: &'a str,
    branch_name: &'a str,
}

#[derive(Serialize)]
struct CommitMessage<'a> {
    headline: &'a str,
    body: &'a str,
}

#[derive(Serialize)]
struct FileChanges<'a> {
    additions: Vec<Addition<'a>>,
    deletions: Vec<Deletion<'a>>,
}

#[derive(Serialize)]
struct Addition<'a> {
    path: &'a str,
    /// In base64.
    contents: String,
}

#[derive(Serialize)]
struct Deletion<'a> {
    path: &'a str,
}

#[derive(Deserialize)]
struct GraphqlAnswer {
    data: Option<Data>,
    #[serde(default)]
    errors: Vec<GraphQlError>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Data {
    create_commit_on_branch: Option<Payload>,
}

#[derive(Deserialize)]
struct Payload {
    commit: Option<GraphqlCommit>,
}

#[derive(Deserialize)]
struct GraphqlCommit {
    oid: String,
}

#[derive(Deserialize)]
struct GraphQlError {
    #[serde(default, rename = "type")]
    kind: String,
    #[serde(default)]
    message: String,
}

impl ForgeRepository<'_> {
    /// `createCommitOnBranch`: fails with [`Refusal::Moved`] if the branch does not stand at the
    /// commit's parent.
    pub(super) async fn create_commit_on_branch(
        self,
        branch: &str,
        commit: &NewCommit,
    ) -> Result<Oid, ForgeError> {
        let doing = || format!("commit to `{branch}` of `{self}`");
        let encode = |bytes| base64::engine::general_purpose::STANDARD.encode(bytes);
        let additions = commit.edits.iter().filter_map(|edit| {
            Some(Addition {
                path: &edit.path,
                contents: encode(&edit.after.as_ref()?.bytes),
            })
        });
        let gone = commit.edits.iter().filter(|edit| edit.after.is_none());
        let input = CommitInput {
            branch: CommittableBranch {
                repository_name_with_owner: self.name,
                branch_name: branch,
            },
            message: CommitMessage {
                headline: &commit.headline,
                body: &commit.body,
            },
            file_changes: FileChanges {
                additions: additions.collect(),
                deletions: gone.map(|edit| Deletion { path: &edit.path }).collect(),
            },
            expected_head_oid: commit.parent.as_str(),
        };
        let body = Mutation {
            query: CREATE_COMMIT,
            variables: Variables { input },
        };
        self.forget_answers();
        let request = Request::new(Method::POST, self.graphql.clone())
            .github()
            .token(self.graphql_token.as_ref())
            .until(tokio::time::Instant::now() + Duration::from_secs(120))
            .json(&body);
        let hiding = |error: ForgeError| error.hiding(self.graphql_token.as_ref());
        let response = self
            .client
            .send(&request)
            .await
            .map_err(|error| hiding(ForgeError::of(doing(), &error)))?;
        let broken = |why: &str| {
            hiding(ForgeError::new(
                doing(),
                Refusal::Failed(format!("the answer is not what belongs there ({why})")),
            ))
        };
        let answer: GraphqlAnswer =
            serde_json::from_slice(&response.body).map_err(|error| broken(&error.to_string()))?;
        if let Some(error) = answer.errors.first() {
            return Err(hiding(ForgeError::new(
                doing(),
                Refusal::of_graphql(&error.kind, &error.message),
            )));
        }
        let oid = answer
            .data
            .and_then(|data| data.create_commit_on_branch?.commit)
            .and_then(|commit| Oid::read(&commit.oid));
        oid.ok_or_else(|| broken("no commit in it"))
    }
}
