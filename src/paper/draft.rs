//! The paperwork of a release: each draft a documented struct with `render()`, made of what is
//! known of one move from an OpenSSL version to another.

pub(crate) mod advisory;
pub(crate) mod announcement;
pub(crate) mod changelog;
pub(crate) mod explain;
pub(crate) mod forward;
pub(crate) mod listed;
pub(crate) mod pull_request;
pub(crate) mod tracking;
pub(crate) mod vex;

use schemars::JsonSchema;
use serde::Serialize;

use crate::openssl::advisory::{Advisory, Severity};
use crate::openssl::upstream::View;
use crate::openssl::version::Version;

/// A link's move from the OpenSSL version that users have to the one they are to get, and what that
/// means for them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub(crate) struct LinkMove {
    /// The link's name.
    pub link: String,
    /// The version that the project's last release carried.
    pub from: Version,
    /// The version it moves to.
    pub to: Version,
    /// Advisories of `from` that `to` does not have, gravest first.
    pub fixes: Vec<AdvisoryFacts>,
    /// Advisories of `to` that `from` does not have.
    pub introduced: Vec<AdvisoryFacts>,
    /// Advisories of both.
    pub still_present: Vec<AdvisoryFacts>,
    /// Advisories of `to`, introduced or still present.
    pub remaining: Vec<AdvisoryFacts>,
    /// How OpenSSL's own text about a release on the way rates the gravest issue of which there is
    /// no record yet.
    pub foretold: Option<String>,
    /// Whether it is not known yet what `to` fixes.
    pub unrecorded: bool,
}

/// What drafts say of one advisory. Title and address are upstream's text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub(crate) struct AdvisoryFacts {
    /// The CVE identifier.
    pub id: String,
    /// OpenSSL's rating as a word within a sentence: `moderate`, `not rated`.
    pub severity: String,
    /// OpenSSL's title.
    pub title: Option<String>,
    /// OpenSSL's advisory, or the CVE programme's page where upstream names none.
    pub url: String,
    /// The CVE programme's page.
    pub cve_url: String,
    /// The day it became public, `YYYY-MM-DD`.
    pub published: String,
}

impl AdvisoryFacts {
    /// What is said of an advisory.
    pub(crate) fn of(advisory: &Advisory) -> Self {
        let severity = match &advisory.severity {
            Severity::Unknown => "not rated".to_owned(),
            rated => rated.to_string(),
        };
        let url = advisory
            .url
            .clone()
            .filter(|url| is_plain_link(url))
            .unwrap_or_else(|| advisory.id.url());
        Self {
            id: advisory.id.to_string(),
            severity,
            title: advisory.title.clone(),
            url,
            cve_url: advisory.id.url(),
            published: advisory.published.to_string(),
        }
    }
}

impl LinkMove {
    /// The move of a link between two versions, as upstream stood on the view's day.
    pub(crate) fn between(link: &str, from: Version, to: Version, upstream: &View<'_>) -> Self {
        let facts = |select: &dyn Fn(&crate::openssl::upstream::KnownAdvisory<'_>) -> bool| {
            let mut chosen: Vec<_> = upstream
                .advisories()
                .iter()
                .filter(|known| select(known))
                .map(|known| &*known.advisory)
                .collect();
            chosen.sort_by_key(|advisory| {
                (std::cmp::Reverse(advisory.severity.gravity()), advisory.id)
            });
            chosen.into_iter().map(AdvisoryFacts::of).collect()
        };
        let fixes: Vec<AdvisoryFacts> = facts(&|known| known.affects(from) && !known.affects(to));
        let foretold = upstream.foretold(from, to);
        Self {
            link: link.to_owned(),
            from,
            to,
            unrecorded: fixes.is_empty()
                && from != to
                && (foretold.is_some() || !upstream.reaches(to)),
            foretold: foretold
                .filter(Severity::is_rated)
                .map(|severity| severity.to_string()),
            fixes,
            introduced: facts(&|known| !known.affects(from) && known.affects(to)),
            still_present: facts(&|known| known.affects(from) && known.affects(to)),
            remaining: facts(&|known| known.affects(to)),
        }
    }

    /// Whether the move fixes an advisory, or may.
    pub(crate) fn is_security(&self) -> bool {
        !self.fixes.is_empty() || self.unrecorded
    }
}

/// Whether an address is nothing but one: it can stand anywhere without being escaped.
pub(crate) fn is_plain_link(url: &str) -> bool {
    let plain = |c: char| {
        c.is_ascii_alphanumeric()
            || matches!(
                c,
                '/' | '.' | '-' | '_' | '?' | '=' | '&' | '%' | ':' | ';' | '+' | ','
            )
    };
    let body = url
        .strip_prefix("https://")
        .or_else(|| url.strip_prefix("http://"));
    url.len() <= 400 && body.is_some_and(|body| !body.is_empty() && body.chars().all(plain))
}

#[cfg(test)]
mod tests;
