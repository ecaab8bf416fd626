//! Why an answer did not come, named by what can be done about it.

use std::fmt;
use std::time::Duration;

use reqwest::Url;
use reqwest::header::HeaderMap;

use super::shown::shown;
use crate::text::fault::Fault;

/// A request that brought no usable answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FetchError {
    place: String,
    problem: Problem,
}

/// What went wrong with a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Problem {
    /// The address must not be asked, or is none.
    Address(String),
    /// The client could not be set up: certificates or proxy settings of this machine are unusable.
    Setup(String),
    /// No connection.
    Unreachable(String),
    /// No answer in time.
    TimedOut,
    /// The answer broke off or was damaged on the way.
    Interrupted(String),
    /// The answer is larger than anything expected there; in bytes.
    TooLarge(u64),
    /// The server wants us to come back later than we can wait.
    RateLimited(Duration),
    /// The server refused or failed.
    Status {
        /// The HTTP status.
        status: u16,
        /// The answer's headers: what a refusal says about limits and permissions.
        headers: Box<HeaderMap>,
        /// The start of the answer's body: data from outside, never to be shown unescaped.
        body: Vec<u8>,
    },
    /// `304 Not Modified`, though nothing is known here that could be unchanged.
    NothingToReuse,
    /// More redirects than any honest server sends.
    RedirectsTooOften,
    /// The answer is not what belongs there.
    Content(String),
    /// The answer could not be written to disk.
    Disk(String),
}

impl FetchError {
    pub(super) fn at(url: &Url, problem: Problem) -> Self {
        Self {
            place: shown(url),
            problem,
        }
    }

    /// An error about an address that could not even be read.
    pub(super) fn at_text(text: &str, problem: Problem) -> Self {
        // What cannot be parsed cannot be cleaned of credentials either.
        let text = if text.contains('@') {
            "(address with credentials)"
        } else {
            text
        };
        Self {
            place: text
                .chars()
                .take(200)
                .flat_map(char::escape_debug)
                .collect(),
            problem,
        }
    }

    pub(super) fn reached_from(self, from: &Url) -> Self {
        Self {
            place: format!("{} (redirected from {})", self.place, shown(from)),
            ..self
        }
    }

    pub(super) fn rate_limited(self, wait: Duration) -> Self {
        Self {
            problem: Problem::RateLimited(wait),
            ..self
        }
    }

    /// The answer came, but is not what belongs there (HTML where JSON belongs).
    pub fn content(url: &Url, what: impl Into<String>) -> Self {
        Self::at(url, Problem::Content(what.into()))
    }

    /// Something at a place that is no address of the web is not what belongs there.
    pub fn elsewhere(place: &str, what: impl Into<String>) -> Self {
        Self::at_text(place, Problem::Content(what.into()))
    }

    /// What went wrong.
    pub fn problem(&self) -> &Problem {
        &self.problem
    }

    /// The HTTP status, where the server refused or failed.
    pub fn status(&self) -> Option<u16> {
        match self.problem {
            Problem::Status { status, .. } => Some(status),
            _ => None,
        }
    }

    /// Whether the server says that there is no such thing.
    pub fn is_not_found(&self) -> bool {
        matches!(self.status(), Some(404 | 410))
    }

    /// Whether the same request may well succeed in a moment.
    pub(super) fn is_passing(&self) -> bool {
        matches!(
            self.problem,
            Problem::Unreachable(_) | Problem::TimedOut | Problem::Interrupted(_)
        )
    }
}

impl fmt::Display for FetchError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}`: {}", self.place, self.problem)
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Address(why) | Self::Setup(why) | Self::Content(why) => f.write_str(why),
            Self::Unreachable(why) => write!(f, "cannot be reached: {why}"),
            Self::TimedOut => f.write_str("did not answer in time"),
            Self::Interrupted(why) => write!(f, "the answer broke off: {why}"),
            Self::TooLarge(limit) => write!(
                f,
                "the answer is larger than the {limit} bytes that may be there"
            ),
            Self::RateLimited(wait) => write!(
                f,
                "rate limit reached, free again in {}: wait, or set `GITHUB_TOKEN`",
                spoken(*wait)
            ),
            Self::Status { status: 401, .. } => {
                f.write_str("answered 401: not allowed without valid credentials")
            }
            Self::Status { status: 403, .. } => f.write_str("answered 403: not allowed"),
            Self::Status { status: 404, .. } => {
                f.write_str("answered 404: there is nothing at this address")
            }
            Self::Status { status, .. } => write!(f, "answered {status}"),
            Self::NothingToReuse => {
                f.write_str("answered 304 (not modified) though nothing was known yet")
            }
            Self::RedirectsTooOften => f.write_str("redirects too often"),
            Self::Disk(why) => write!(f, "cannot be written: {why}"),
        }
    }
}

impl std::error::Error for FetchError {}

impl From<FetchError> for Fault {
    fn from(error: FetchError) -> Self {
        Self::failed(error.to_string())
    }
}

/// A duration in words: `40 s`, `12 min`.
fn spoken(wait: Duration) -> String {
    match wait.as_secs() {
        seconds @ 0..=119 => format!("{seconds} s"),
        seconds => format!("{} min", seconds.div_ceil(60)),
    }
}
