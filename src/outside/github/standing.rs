//! What a token is good for in a repository, as far as the forge says: asked before it is needed.

use std::collections::BTreeMap;

use reqwest::header::HeaderMap;
use serde::Deserialize;

use super::error::ForgeError;
use super::forge::ForgeRepository;
use super::rest::RestCall;

/// How a token stands to a repository.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TokenStanding {
    /// `owner/name`, as the forge spells it.
    pub name: String,
    /// Whether nothing can be written there any more.
    pub archived: bool,
    /// Whether there are issues.
    pub has_issues: bool,
    /// Whether its owner may push; of an app's token the forge says nothing here.
    pub may_push: Option<bool>,
    /// The scopes of a classic token; none of an app's, a workflow's or a fine-grained one.
    pub scopes: Option<Vec<String>>,
    /// When the token expires, in the forge's words.
    pub expires: Option<String>,
    /// Requests that are left in this hour, and how many there are in all.
    pub left: Option<(u64, u64)>,
}

#[derive(Deserialize)]
struct StandingAnswer {
    full_name: String,
    #[serde(default)]
    archived: bool,
    #[serde(default = "yes")]
    has_issues: bool,
    permissions: Option<BTreeMap<String, bool>>,
}

fn yes() -> bool {
    true
}

#[derive(Deserialize)]
struct Runs {
    workflow_runs: Vec<WorkflowRun>,
}

#[derive(Deserialize)]
struct WorkflowRun {
    updated_at: String,
}

impl ForgeRepository<'_> {
    /// How the token stands to a repository: one request.
    ///
    /// # Errors
    ///
    /// If there is no repository of that name that the token can see, or the forge cannot be asked.
    pub async fn standing(self) -> Result<TokenStanding, ForgeError> {
        let doing = format!("read the repository `{self}`");
        let call = RestCall::get(doing, "", &[]);
        let response = self.call(&call).await?;
        let answer: StandingAnswer = self.decode(&call.doing, &response)?;
        let header = |name: &str| header(&response.headers, name);
        let number = |name: &str| header(name)?.parse().ok();
        Ok(TokenStanding {
            name: answer.full_name,
            archived: answer.archived,
            has_issues: answer.has_issues,
            may_push: answer
                .permissions
                .and_then(|permissions| permissions.get("push").copied()),
            scopes: header("x-oauth-scopes").map(|scopes| {
                scopes
                    .split(',')
                    .map(|scope| scope.trim().to_owned())
                    .collect()
            }),
            expires: header("github-authentication-token-expiration").map(str::to_owned),
            left: number("x-ratelimit-remaining").zip(number("x-ratelimit-limit")),
        })
    }

    /// When a workflow last succeeded, in the forge's words; none where it never did.
    ///
    /// # Errors
    ///
    /// If the forge does not know the workflow, or cannot be asked.
    pub async fn last_success(self, workflow: &str) -> Result<Option<String>, ForgeError> {
        let doing = format!("read the runs of `{workflow}` of `{self}`");
        let query = [("status", "success"), ("per_page", "1")];
        let path = format!("actions/workflows/{workflow}/runs");
        let runs: Runs = self.read(&RestCall::get(doing, &path, &query)).await?;
        Ok(runs
            .workflow_runs
            .into_iter()
            .next()
            .map(|run| run.updated_at))
    }
}

fn header<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers
        .get(name)
        .and_then(|value| value.to_str().ok())
        .filter(|value| !value.trim().is_empty())
}
