//! One request to the REST API: how it is sent, paged and read. What is asked stands in
//! [`super::read`], [`super::write`] and [`super::checks`].

use std::time::Duration;

use reqwest::{Method, Url};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::error::{ForgeError, Refusal};
use super::forge::ForgeRepository;
use crate::outside::http::fetch::{Limits, Request, Response};

/// How many pages of a list are read before it is called endless.
pub(super) const PAGES: usize = 50;

/// The largest answer, in bytes, that is remembered until something is written.
const REMEMBERED: usize = 1 << 20;

/// One request to a repository: what it is for, and where it goes below `/repos/{owner}/{repo}`.
pub(super) struct RestCall<'a> {
    pub(super) doing: String,
    pub(super) method: Method,
    pub(super) path: &'a str,
    pub(super) query: &'a [(&'a str, &'a str)],
    pub(super) body: Option<Value>,
}

impl ForgeRepository<'_> {
    fn url(&self, path: &str, query: &[(&str, &str)]) -> Url {
        let mut url = self.api.clone();
        if let Ok(mut segments) = url.path_segments_mut() {
            segments.pop_if_empty().push("repos");
            segments.extend(self.name.split('/'));
            if !path.is_empty() {
                segments.extend(path.split('/'));
            }
        }
        if !query.is_empty() {
            url.query_pairs_mut().extend_pairs(query);
        }
        url
    }

    pub(super) fn decode<T: DeserializeOwned>(
        &self,
        doing: &str,
        response: &Response,
    ) -> Result<T, ForgeError> {
        serde_json::from_slice(&response.body).map_err(|error| {
            let why = format!("the answer is not what belongs there ({error})");
            ForgeError::new(doing, Refusal::Failed(why)).hiding(self.token.as_ref())
        })
    }

    pub(super) async fn call(self, call: &RestCall<'_>) -> Result<Response, ForgeError> {
        let url = self.url(call.path, call.query);
        let (key, reads) = (url.to_string(), call.method == Method::GET);
        if !reads {
            self.forget_answers();
        } else if let Some(answer) = self.answers().get(&key) {
            return Ok(answer.clone());
        }
        let response = self.send(url, call).await?;
        if reads && response.body.len() <= REMEMBERED {
            self.answers().insert(key, response.clone());
        }
        Ok(response)
    }

    async fn send(self, url: Url, call: &RestCall<'_>) -> Result<Response, ForgeError> {
        let mut request = Request::new(call.method.clone(), url)
            .github()
            .token(self.token.as_ref());
        if let Some(body) = &call.body {
            request = request
                .json(body)
                .until(tokio::time::Instant::now() + Duration::from_secs(120));
        }
        // A large blob arrives as base64 with line breaks.
        let request = request.limits(Limits {
            wire: 160 << 20,
            unpacked: 160 << 20,
        });
        self.client
            .send(&request)
            .await
            .map_err(|error| ForgeError::of(call.doing.clone(), &error).hiding(self.token.as_ref()))
    }

    pub(super) async fn read<T: DeserializeOwned>(
        self,
        call: &RestCall<'_>,
    ) -> Result<T, ForgeError> {
        let response = self.call(call).await?;
        self.decode(&call.doing, &response)
    }

    pub(super) async fn get<T: DeserializeOwned>(
        self,
        doing: &str,
        path: &str,
    ) -> Result<T, ForgeError> {
        let doing = format!("{doing} of `{self}`");
        self.read(&RestCall::get(doing, path, &[])).await
    }

    /// Every page of a list.
    pub(super) async fn pages<T: DeserializeOwned>(
        self,
        doing: &str,
        path: &str,
        query: &[(&str, &str)],
    ) -> Result<Vec<T>, ForgeError> {
        let doing = format!("{doing} of `{self}`");
        let mut all = Vec::new();
        for page in 1..=PAGES {
            let page = page.to_string();
            let mut query = query.to_vec();
            query.push(("per_page", "100"));
            if page != "1" {
                query.push(("page", &page));
            }
            let call = RestCall::get(doing.clone(), path, &query);
            let response = self.call(&call).await?;
            all.push(self.decode(&doing, &response)?);
            if response.has_next() != Some(true) {
                return Ok(all);
            }
        }
        Err(ForgeError::new(
            doing,
            Refusal::Failed(format!("there are more than {PAGES} pages")),
        ))
    }

    /// Everything on every page of a list.
    pub(super) async fn list<T: DeserializeOwned>(
        self,
        doing: &str,
        path: &str,
        query: &[(&str, &str)],
    ) -> Result<Vec<T>, ForgeError> {
        Ok(self
            .pages::<Vec<T>>(doing, path, query)
            .await?
            .into_iter()
            .flatten()
            .collect())
    }

    /// Sends a body whose answer says nothing more.
    pub(super) async fn write(
        &self,
        method: Method,
        path: &str,
        doing: String,
        body: &impl Serialize,
    ) -> Result<(), ForgeError> {
        let call = RestCall::with(method, path, doing, body);
        self.call(&call).await.map(drop)
    }

    pub(super) async fn make<T: DeserializeOwned>(
        self,
        doing: String,
        path: &str,
        body: &impl Serialize,
    ) -> Result<T, ForgeError> {
        let call = RestCall::with(Method::POST, path, doing, body);
        let response = self.call(&call).await?;
        self.decode(&call.doing, &response)
    }
}

impl<'a> RestCall<'a> {
    pub(super) fn get(doing: String, path: &'a str, query: &'a [(&'a str, &'a str)]) -> Self {
        Self {
            doing,
            method: Method::GET,
            path,
            query,
            body: None,
        }
    }

    fn with(method: Method, path: &'a str, doing: String, body: &impl Serialize) -> Self {
        Self {
            doing,
            method,
            path,
            query: &[],
            body: serde_json::to_value(body).ok(),
        }
    }
}
