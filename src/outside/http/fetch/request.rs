//! A request before it is sent.

use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};

use reqwest::header::{
    ACCEPT, ACCEPT_ENCODING, AUTHORIZATION, CONTENT_TYPE, ETAG, HeaderMap, HeaderName, HeaderValue,
    IF_MODIFIED_SINCE, IF_NONE_MATCH, LAST_MODIFIED,
};
use reqwest::{Method, StatusCode, Url};
use serde::{Deserialize, Serialize};
use tokio::time::Instant;

use super::address;
use super::body::Limits;
use super::error::{FetchError, Problem};
use super::token::Token;

/// What to ask of whom, with which credentials and within which limits.
#[derive(Debug, Clone)]
pub struct Request<'a> {
    pub(super) method: Method,
    pub(super) url: Url,
    pub(super) limits: Limits,
    pub(super) deadline: Option<Instant>,
    pub(super) repeatable: bool,
    headers: HeaderMap,
    body: Option<Vec<u8>>,
    token: Option<&'a Token>,
    meter: Option<&'a Meter>,
}

/// What a server gave to recognise an answer by (RFC 9110, 8.8).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Validators {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub etag: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_modified: Option<String>,
}

/// Counts what requests cost.
#[derive(Debug, Default)]
pub struct Meter {
    requests: AtomicU32,
    bytes: AtomicU64,
}

impl Meter {
    /// Requests sent so far, redirects and repeated attempts included.
    pub fn requests(&self) -> u32 {
        self.requests.load(Ordering::Relaxed)
    }

    /// Bytes of bodies received so far, as they came over the wire.
    pub fn bytes(&self) -> u64 {
        self.bytes.load(Ordering::Relaxed)
    }
}

impl Validators {
    /// The validators of an answer.
    pub fn of(headers: &HeaderMap) -> Self {
        let text = |name| {
            headers
                .get(name)
                .and_then(|value: &HeaderValue| value.to_str().ok())
                .map(str::to_owned)
        };
        Self {
            etag: text(ETAG),
            last_modified: text(LAST_MODIFIED),
        }
    }
}

impl<'a> Request<'a> {
    /// A request with any method. Only those that change nothing (GET, HEAD) are repeated once a
    /// server may have acted on them.
    pub fn new(method: Method, url: Url) -> Self {
        let repeatable = method.is_safe();
        let (limits, headers) = (Limits::default(), HeaderMap::new());
        Self {
            method,
            url,
            limits,
            deadline: None,
            repeatable,
            headers,
            body: None,
            token: None,
            meter: None,
        }
    }

    /// A GET request.
    pub fn get(url: Url) -> Self {
        Self::new(Method::GET, url)
    }

    /// With a header; a value that cannot stand in one is left out.
    #[must_use]
    pub fn header(mut self, name: HeaderName, value: &str) -> Self {
        if let Ok(value) = HeaderValue::from_str(value) {
            self.headers.insert(name, value);
        }
        self
    }

    /// As GitHub's REST API wants to be asked.
    #[must_use]
    pub fn github(self) -> Self {
        self.header(ACCEPT, "application/vnd.github+json").header(
            HeaderName::from_static("x-github-api-version"),
            "2022-11-28",
        )
    }

    /// With a token. It is sent only to the token's own origin, and never along a redirect to
    /// another.
    #[must_use]
    pub fn token(mut self, token: Option<&'a Token>) -> Self {
        self.token = token;
        self
    }

    /// With a body of JSON.
    #[must_use]
    pub fn json(self, body: &impl Serialize) -> Self {
        // Our own bodies serialise without fail: texts, numbers and lists of them.
        let body = serde_json::to_value(body).unwrap_or_default();
        self.body("application/json", body.to_string().into_bytes())
    }

    /// With a body.
    #[must_use]
    pub fn body(mut self, content_type: &str, body: Vec<u8>) -> Self {
        self.body = Some(body);
        self.header(CONTENT_TYPE, content_type)
    }

    /// Only if the answer is no longer the one with these validators; then an answer with status
    /// 304 counts as success.
    #[must_use]
    pub fn unless(mut self, known: &Validators) -> Self {
        for (name, value) in [
            (IF_NONE_MATCH, &known.etag),
            (IF_MODIFIED_SINCE, &known.last_modified),
        ] {
            if let Some(value) = value {
                self = self.header(name, value);
            }
        }
        self
    }

    /// Within other limits.
    #[must_use]
    pub fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// With a deadline for all attempts together.
    #[must_use]
    pub fn until(mut self, deadline: Instant) -> Self {
        self.deadline = Some(deadline);
        self
    }

    /// May be sent twice although its method changes things elsewhere: a query that travels by
    /// POST.
    #[must_use]
    pub fn repeatable(mut self) -> Self {
        self.repeatable = true;
        self
    }

    /// Counted by a meter.
    #[must_use]
    pub fn metered(mut self, meter: &'a Meter) -> Self {
        self.meter = Some(meter);
        self
    }

    pub(super) fn is_conditional(&self) -> bool {
        self.headers.contains_key(IF_NONE_MATCH) || self.headers.contains_key(IF_MODIFIED_SINCE)
    }

    pub(super) fn count_request(&self) {
        if let Some(meter) = self.meter {
            meter.requests.fetch_add(1, Ordering::Relaxed);
        }
    }

    pub(super) fn count_bytes(&self, bytes: usize) {
        if let Some(meter) = self.meter {
            meter.bytes.fetch_add(bytes as u64, Ordering::Relaxed);
        }
    }

    /// Where a redirect leads, if this request may follow it: one that changes things elsewhere
    /// goes only where the server keeps method and origin.
    pub(super) fn redirected(
        &self,
        from: &Url,
        status: StatusCode,
        location: &HeaderValue,
    ) -> Result<Url, FetchError> {
        let refused = |why: &str| FetchError::at(from, Problem::Address(why.to_owned()));
        let location = location
            .to_str()
            .map_err(|_| refused("redirects to an unreadable address"))?;
        let to = address::redirected(from, location)?;
        let keeps_method = matches!(
            status,
            StatusCode::TEMPORARY_REDIRECT | StatusCode::PERMANENT_REDIRECT
        );
        if self.method.is_safe() || (keeps_method && to.origin() == from.origin()) {
            return Ok(to);
        }
        Err(refused(&format!(
            "redirects a {} request to `{}`, put that address into the configuration",
            self.method,
            address::shown(&to)
        )))
    }

    /// The request for one server on the way.
    pub(super) fn build(&self, url: &Url) -> reqwest::Request {
        let mut built = reqwest::Request::new(self.method.clone(), url.clone());
        let headers = built.headers_mut();
        headers.insert(ACCEPT_ENCODING, HeaderValue::from_static("gzip"));
        headers.extend(self.headers.clone());
        if let Some(value) = self.token.and_then(|token| token.header_for(url)) {
            headers.insert(AUTHORIZATION, value);
        }
        *built.body_mut() = self.body.clone().map(Into::into);
        built
    }
}
