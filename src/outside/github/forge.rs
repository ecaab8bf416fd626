//! A forge and how to reach it.

use super::own_job::OwnJob;
use crate::outside::environment::Environment;
use crate::outside::http::cache::Cache;
use crate::outside::http::fetch::{Client, Response, Token, address};
use crate::text::fault::Fault;
use reqwest::Url;
use std::collections::BTreeMap;
use std::fmt;
use std::ops::Deref;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// A forge and how to reach it. Costs nothing until it is asked, and asks nothing twice unless it
/// has written in between.
#[derive(Debug)]
pub struct GitHub {
    pub(super) client: Client,
    pub(super) api: Url,
    pub(super) graphql: Url,
    pub(super) server: Url,
    pub(super) token: Option<Token>,
    pub(super) graphql_token: Option<Token>,
    pub(super) ambient: bool,
    pub(super) own_job: Option<OwnJob>,
    pub(super) cache: Cache,
    /// What was answered since the last request that wrote.
    pub(super) answers: Mutex<BTreeMap<String, Response>>,
}

/// A repository of a forge, which is asked by its methods.
#[derive(Clone, Copy)]
pub struct ForgeRepository<'a> {
    pub(super) forge: &'a GitHub,
    /// `owner/name`.
    pub(super) name: &'a str,
}

impl Deref for ForgeRepository<'_> {
    type Target = GitHub;

    fn deref(&self) -> &GitHub {
        self.forge
    }
}

impl fmt::Display for ForgeRepository<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}

impl<'a> ForgeRepository<'a> {
    /// `owner/name`, as it is asked for.
    pub fn name(&self) -> &'a str {
        self.name
    }
}

impl GitHub {
    /// Its repository of this name, `owner/name`.
    pub fn at<'a>(&'a self, name: &'a str) -> ForgeRepository<'a> {
        ForgeRepository { forge: self, name }
    }

    /// The forge that the standard variables of CI name, with the token of one environment
    /// variable.
    ///
    /// # Errors
    ///
    /// If one of the addresses is none or must not be asked.
    pub fn from_environment(
        environment: &Environment,
        token_variable: &str,
    ) -> Result<Self, Fault> {
        let read = |name: &str, default: &str| {
            let text = environment.get(name).unwrap_or(default);
            address::read(text.trim_end_matches('/'))
                .map_err(|error| Fault::usage(format!("`{name}`: {error}")))
        };
        let api = read("GITHUB_API_URL", "https://api.github.com")?;
        let graphql = read("GITHUB_GRAPHQL_URL", &graphql_of(&api))?;
        let server = read("GITHUB_SERVER_URL", &server_of(&api))?;
        let secret = environment.get(token_variable).unwrap_or_default();
        let token = Token::new(secret, &api);
        // Installation tokens start like this, and so does the one a workflow is given.
        let ambient =
            secret.starts_with("ghs_") && environment.get("GITHUB_ACTIONS") == Some("true");
        let own_job = OwnJob::of(environment);
        let graphql_token = Token::new(secret, &graphql);
        Ok(Self {
            client: Client::default(),
            api,
            graphql,
            server,
            token,
            graphql_token,
            ambient,
            own_job,
            cache: Cache::of(environment),
            answers: Mutex::default(),
        })
    }

    /// Whether there is a token.
    pub fn has_token(&self) -> bool {
        self.token.is_some()
    }

    /// Where its pages and repositories are.
    pub fn server(&self) -> &Url {
        &self.server
    }

    /// Whether the token may be the workflow's own: PRs opened with that one start no other
    /// workflow.
    pub fn may_be_workflow_token(&self) -> bool {
        self.ambient
    }

    /// Forgets what was answered: something was written by another way.
    pub fn forget_answers(&self) {
        self.answers().clear();
    }

    pub(super) fn answers(&self) -> MutexGuard<'_, BTreeMap<String, Response>> {
        self.answers.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// GraphQL stands beside the REST API: `/graphql` under the root of github.com's, `/api/graphql`
/// beside `/api/v3`.
fn graphql_of(api: &Url) -> String {
    let text = api.as_str().trim_end_matches('/');
    format!("{}/graphql", text.strip_suffix("/v3").unwrap_or(text))
}

/// Pages and git stand on the API's own host, without the `api.` that github.com and its like put
/// before it.
fn server_of(api: &Url) -> String {
    let mut server = api.clone();
    server.set_path("");
    if let Some(host) = api.host_str().and_then(|host| host.strip_prefix("api.")) {
        // A host that is no host any more without its first part stays.
        let _ = server.set_host(Some(host));
    }
    server.as_str().trim_end_matches('/').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_variable_leads_to_a_whole_forge() {
        for (api, graphql, server) in [
            (
                "https://api.github.com",
                "https://api.github.com/graphql",
                "https://github.com/",
            ),
            (
                "https://ghe.example.org/api/v3",
                "https://ghe.example.org/api/graphql",
                "https://ghe.example.org/",
            ),
            (
                "https://ghe.example.org:8443/api/v3/",
                "https://ghe.example.org:8443/api/graphql",
                "https://ghe.example.org:8443/",
            ),
            (
                "https://api.octo.ghe.com",
                "https://api.octo.ghe.com/graphql",
                "https://octo.ghe.com/",
            ),
            (
                "http://127.0.0.1:8000/",
                "http://127.0.0.1:8000/graphql",
                "http://127.0.0.1:8000/",
            ),
        ] {
            let environment: Environment = [("GITHUB_API_URL".into(), api.into())]
                .into_iter()
                .collect();
            let forge = GitHub::from_environment(&environment, "GITHUB_TOKEN").unwrap();
            assert_eq!(
                (forge.graphql.as_str(), forge.server.as_str()),
                (graphql, server),
                "{api}"
            );
        }
        let environment: Environment = [(
            "GITHUB_GRAPHQL_URL".into(),
            "https://ghe.example.org/elsewhere".into(),
        )]
        .into_iter()
        .collect();
        assert_eq!(
            GitHub::from_environment(&environment, "GITHUB_TOKEN")
                .unwrap()
                .graphql
                .path(),
            "/elsewhere"
        );
    }
}
