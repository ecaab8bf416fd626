//! What a forge's refusal means, named by what the caller or the user can do about it.

use std::fmt;
use std::time::Duration;

use reqwest::header::HeaderMap;
use serde::Deserialize;

use crate::outside::http::fetch::{FetchError, Problem, Token};
use crate::text::fault::Fault;
use crate::text::one_line;

/// A request to the forge that brought no success.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ForgeError {
    /// What was to be done, in words that follow `cannot`.
    doing: String,
    refusal: Refusal,
    /// Whether no token was sent, so that none can be at fault.
    anonymous: bool,
}

/// Why, and so what to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// There is no such thing, or the token may not see it.
    NotFound,
    /// The forge does not know the token, or needs one.
    NoToken,
    /// The token may not do this; what the forge says it needs, where it does.
    Forbidden {
        /// The forge's own words.
        said: String,
        /// The permission or scope that is missing.
        needs: Option<String>,
    },
    /// A rule of the branch or repository forbids it.
    Protected(String),
    /// Things have changed since they were read: read them again.
    Moved(String),
    /// The forge wants us to come back later.
    RateLimited(Option<Duration>),
    /// The forge will not have it, in its own words.
    Rejected(String),
    /// No usable answer came.
    Failed(String),
}

/// An error's body, as the REST API writes it.
#[derive(Debug, Default, Deserialize)]
struct Body {
    #[serde(default)]
    message: String,
    #[serde(default)]
    errors: Vec<Detail>,
}

#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Detail {
    Text(String),
    Object {
        #[serde(default)]
        message: Option<String>,
        #[serde(default)]
        field: Option<String>,
        #[serde(default)]
        code: Option<String>,
    },
}

impl Body {
    fn in_words(&self) -> String {
        let details = self.errors.iter().map(|detail| match detail {
            Detail::Text(text) => text.clone(),
            Detail::Object {
                message: Some(message),
                ..
            } => message.clone(),
            Detail::Object { field, code, .. } => [field.as_deref(), code.as_deref()]
                .into_iter()
                .flatten()
                .collect::<Vec<_>>()
                .join(": "),
        });
        let words = [self.message.clone()]
            .into_iter()
            .chain(details)
            .filter(|words| !words.is_empty())
            .collect::<Vec<_>>()
            .join("; ");
        shown(&words)
    }
}

/// Words from outside, made fit to be shown in one line.
fn shown(words: &str) -> String {
    one_line(words)
        .trim_end_matches('.')
        .chars()
        .take(300)
        .collect()
}

impl Refusal {
    /// What a failed request means.
    fn of(error: &FetchError) -> Self {
        match error.problem() {
            Problem::RateLimited(wait) => Self::RateLimited(Some(*wait)),
            Problem::Status {
                status,
                headers,
                body,
            } => Self::of_status(
                *status,
                headers,
                &serde_json::from_slice::<Body>(body)
                    .unwrap_or_default()
                    .in_words(),
            ),
            _ => Self::Failed(error.to_string()),
        }
    }

    fn of_status(status: u16, headers: &HeaderMap, said: &str) -> Self {
        let lower = said.to_lowercase();
        let any = |words: &[&str]| words.iter().any(|word| lower.contains(word));
        match status {
            401 => Self::NoToken,
            403 | 429 if any(&["rate limit", "abuse detection"]) => Self::RateLimited(None),
            429 => Self::RateLimited(None),
            403 | 409 | 422
                if any(&[
                    "protected branch",
                    "rule violation",
                    "repository rule",
                    "protected ref",
                ]) =>
            {
                Self::Protected(said.to_owned())
            }
            403 => Self::Forbidden {
                said: said.to_owned(),
                needs: missing(headers),
            },
            404 => Self::NotFound,
            409 | 422
                if any(&[
                    "already exists",
                    "not a fast forward",
                    "reference does not exist",
                    "sha does not match",
                    "expected branch",
                ]) =>
            {
                Self::Moved(said.to_owned())
            }
            400 | 409 | 410 | 422 => Self::Rejected(said.to_owned()),
            _ => Self::Failed(if said.is_empty() {
                format!("it answered {status}")
            } else {
                format!("it answered {status}: {said}")
            }),
        }
    }

    /// What an error of GraphQL means: those come with status 200.
    pub(super) fn of_graphql(kind: &str, message: &str) -> Self {
        let (said, lower) = (shown(message), message.to_lowercase());
        match kind {
            "RATE_LIMITED" => Self::RateLimited(None),
            "STALE_DATA" => Self::Moved(said),
            _ if lower.contains("rate limit") => Self::RateLimited(None),
            _ if lower.contains("expected branch to point to") => Self::Moved(said),
            _ if lower.contains("rule violation") || lower.contains("protected branch") => {
                Self::Protected(said)
            }
            "FORBIDDEN" | "INSUFFICIENT_SCOPES" => Self::Forbidden { said, needs: None },
            "NOT_FOUND" => Self::NotFound,
            _ => Self::Rejected(said),
        }
    }
}

/// The permission that a refusal names: fine-grained ones in their own header, classic scopes as
/// what is accepted and not given.
fn missing(headers: &HeaderMap) -> Option<String> {
    let text = |name: &str| {
        headers
            .get(name)
            .and_then(|value| value.to_str().ok())
            .map(shown)
            .filter(|value| !value.is_empty())
    };
    if let Some(permissions) = text("x-accepted-github-permissions") {
        return Some(format!("the permission `{permissions}`"));
    }
    let (given, accepted) = (
        text("x-oauth-scopes").unwrap_or_default(),
        text("x-accepted-oauth-scopes")?,
    );
    let has = |scope: &str| given.split(',').any(|given| given.trim() == scope);
    let one_of: Vec<_> = accepted
        .split(',')
        .map(str::trim)
        .filter(|scope| !scope.is_empty())
        .collect();
    (!one_of.iter().any(|scope| has(scope)))
        .then(|| format!("the scope `{}`", one_of.join("` or `")))
}

impl ForgeError {
    pub(super) fn new(doing: impl Into<String>, refusal: Refusal) -> Self {
        Self {
            doing: doing.into(),
            refusal,
            anonymous: false,
        }
    }

    pub(super) fn of(doing: impl Into<String>, error: &FetchError) -> Self {
        Self::new(doing, Refusal::of(error))
    }

    /// The same without the token that was sent, should the forge have repeated it.
    pub(super) fn hiding(self, token: Option<&Token>) -> Self {
        let Some(token) = token else {
            return Self {
                anonymous: true,
                ..self
            };
        };
        let hide = |text: String| token.hide(&text);
        let refusal = match self.refusal {
            Refusal::Forbidden { said, needs } => Refusal::Forbidden {
                said: hide(said),
                needs: needs.map(hide),
            },
            Refusal::Protected(said) => Refusal::Protected(hide(said)),
            Refusal::Moved(said) => Refusal::Moved(hide(said)),
            Refusal::Rejected(said) => Refusal::Rejected(hide(said)),
            Refusal::Failed(said) => Refusal::Failed(hide(said)),
            other @ (Refusal::NotFound | Refusal::NoToken | Refusal::RateLimited(_)) => other,
        };
        Self { refusal, ..self }
    }

    /// Why, and so what to do.
    pub fn refusal(&self) -> &Refusal {
        &self.refusal
    }

    /// Whether the forge has refused what was asked for, and would again.
    pub fn is_final(&self) -> bool {
        matches!(
            self.refusal,
            Refusal::Rejected(_) | Refusal::Forbidden { .. } | Refusal::NotFound
        )
    }

    /// Whether people have locked the conversation.
    pub fn is_locked(&self) -> bool {
        match &self.refusal {
            Refusal::Forbidden { said, .. } | Refusal::Rejected(said) => said.contains("locked"),
            _ => false,
        }
    }

    /// Whether things have changed since they were read, so that a new plan may succeed.
    pub fn is_moved(&self) -> bool {
        matches!(self.refusal, Refusal::Moved(_))
    }
}

/// What the forge has; none where it says that there is no such thing.
pub(super) fn found<T>(answer: Result<T, ForgeError>) -> Result<Option<T>, ForgeError> {
    match answer {
        Err(error) if error.refusal == Refusal::NotFound => Ok(None),
        answer => answer.map(Some),
    }
}

impl fmt::Display for ForgeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "cannot {}: ", self.doing)?;
        match &self.refusal {
            Refusal::NotFound if self.anonymous => {
                f.write_str("the forge says there is no such thing; is the name right? What is private is shown with a token only")
            }
            Refusal::NoToken if self.anonymous => f.write_str("the forge wants a token, and none is set; put one into the environment variable it is read from"),
            Refusal::Forbidden { said, .. } if self.anonymous => {
                f.write_str("the forge answered 403: not allowed")?;
                if said.is_empty() { Ok(()) } else { write!(f, " ({said})") }
            }
            Refusal::NotFound => {
                f.write_str("the forge says there is no such thing; is the name right, and may the token see the repository and write to it?")
            }
            Refusal::NoToken => f.write_str("the forge does not accept the token; put a valid one into the environment variable it is read from"),
            Refusal::Forbidden { said, .. } if said.contains("not permitted to create or approve pull requests") => f.write_str(
                "workflows may not open pull requests here; allow it in the repository's settings under Actions, General, or use an app's token",
            ),
            Refusal::Forbidden { said, needs: Some(needs) } => write!(f, "the token lacks {needs} ({said}); grant it and run again"),
            Refusal::Forbidden { said, needs: None } => {
                write!(f, "the token may not do that ({said}); it needs write access to contents, pull requests and issues")
            }
            Refusal::Protected(said) => {
                write!(f, "a rule protects the branch ({said}); exempt `release-check/**` or the token's owner from it")
            }
            Refusal::Moved(said) => write!(f, "things have changed meanwhile ({said}); run again"),
            Refusal::RateLimited(Some(wait)) => write!(f, "the forge's rate limit is used up for another {} min; run again then", wait.as_secs().div_ceil(60)),
            Refusal::RateLimited(None) => f.write_str("the forge limits how fast we may ask; run again in a few minutes"),
            Refusal::Rejected(said) if said.to_lowercase().contains("draft pull requests are not supported") => {
                f.write_str("this repository has no draft pull requests; set `draft = false`")
            }
            Refusal::Rejected(said) => write!(f, "the forge refuses: {said}"),
            Refusal::Failed(why) => write!(f, "{why}; run again"),
        }
    }
}

impl std::error::Error for ForgeError {}

impl From<ForgeError> for Fault {
    fn from(error: ForgeError) -> Self {
        Self::failed(error.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_refusal_says_what_to_do() {
        let headers = |pairs: &[(&'static str, &'static str)]| {
            pairs
                .iter()
                .map(|(name, value)| {
                    (
                        reqwest::header::HeaderName::from_static(name),
                        value.parse().unwrap(),
                    )
                })
                .collect::<HeaderMap>()
        };
        let none = || headers(&[]);
        for (status, headers, body, expected) in [
            (401, none(), "Bad credentials", "does not accept the token"),
            (404, none(), "Not Found", "may the token see the repository"),
            (
                403,
                headers(&[("x-accepted-github-permissions", "contents=write")]),
                "Resource not accessible by integration",
                "lacks the permission `contents=write`",
            ),
            (
                403,
                headers(&[
                    ("x-oauth-scopes", "gist, user"),
                    ("x-accepted-oauth-scopes", "repo, public_repo"),
                ]),
                "no",
                "lacks the scope `repo` or `public_repo`",
            ),
            (
                403,
                headers(&[
                    ("x-oauth-scopes", "repo"),
                    ("x-accepted-oauth-scopes", "repo"),
                ]),
                "SAML",
                "the token may not do that (SAML)",
            ),
            (
                403,
                none(),
                "You have exceeded a secondary rate limit. Please wait",
                "limits how fast we may ask",
            ),
            (
                403,
                none(),
                "GitHub Actions is not permitted to create or approve pull requests.",
                "under Actions, General",
            ),
            (
                422,
                none(),
                "Protected branch update failed for refs/heads/x",
                "exempt `release-check/**`",
            ),
            (
                422,
                none(),
                "Reference already exists",
                "have changed meanwhile",
            ),
            (
                422,
                none(),
                "Draft pull requests are not supported in this repository.",
                "draft = false",
            ),
            (
                422,
                none(),
                "Validation Failed; base: invalid",
                "refuses: Validation Failed; base: invalid",
            ),
            (
                410,
                none(),
                "Issues has been disabled in this repository.",
                "refuses: Issues has been disabled",
            ),
            (502, none(), "", "answered 502; run again"),
        ] {
            let error = ForgeError::new(
                "open the pull request",
                Refusal::of_status(status, &headers, &shown(body)),
            );
            assert!(error.to_string().contains(expected), "{status}: {error}");
        }
    }

    #[test]
    fn a_token_that_was_not_sent_is_not_at_fault() {
        for (status, says) in [
            (401, "wants a token, and none is set"),
            (403, "the forge answered 403: not allowed (SAML)"),
            (404, "is the name right? What is private"),
        ] {
            let refusal = Refusal::of_status(status, &HeaderMap::new(), "SAML");
            let error = ForgeError::new("read it", refusal).hiding(None).to_string();
            assert!(error.contains(says), "{status}: {error}");
            assert!(!error.contains("the token"), "{status}: {error}");
        }
    }

    #[test]
    fn what_the_forge_says_is_bounded_and_harmless() {
        let body: Body = serde_json::from_str(r#"{"message":"Validation\u001b[31m Failed","errors":[{"resource":"PullRequest","field":"base","code":"invalid"},"more",{"message":"A pull request already exists for o:b."}]}"#).unwrap();
        assert_eq!(
            body.in_words(),
            "Validation\u{fffd}[31m Failed; base: invalid; more; A pull request already exists for o:b"
        );
    }
}
