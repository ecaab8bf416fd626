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

use std::collections::{BTreeMap, BTreeSet};

use schemars::JsonSchema;
use serde::Serialize;

use crate::openssl::advisory::{Advisory, CveId, Severity};
use crate::openssl::upstream::{KnownAdvisory, View};
use crate::openssl::version::{Series, Version};
use crate::text::in_words;

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
    /// Advisories of `from` that `to` is known not to have, gravest first.
    pub fixes: Vec<AdvisoryFacts>,
    /// Advisories of `to` that `from` is known not to have.
    pub introduced: Vec<AdvisoryFacts>,
    /// Advisories of `to` that `from` has, or may have.
    pub still_present: Vec<AdvisoryFacts>,
    /// Advisories of `to`, introduced or still present.
    pub remaining: Vec<AdvisoryFacts>,
    /// How OpenSSL's own text about a release on the way rates the gravest issue of which there is
    /// no record yet.
    pub foretold: Option<String>,
    /// Whether it is not known yet what `to` fixes.
    pub unrecorded: bool,
    /// Whether there are advisories of which nobody knows whether this fixes them: OpenSSL did not
    /// look at the series of `from` or of `to`.
    pub unclear: bool,
    /// What OpenSSL did not look at, one sentence for each series.
    pub unanalysed: Vec<String>,
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
        let facts = |select: &dyn Fn(&KnownAdvisory<'_>) -> bool| {
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
        let fixes: Vec<AdvisoryFacts> =
            facts(&|known| upstream.is_fixed(known, from, to) && !known.is_unread_for(from));
        let has = |known: &KnownAdvisory<'_>| known.affects(to) && !known.is_unread_for(to);
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
            introduced: facts(&|known| upstream.is_free_of(known, from) && has(known)),
            still_present: facts(&|known| !upstream.is_free_of(known, from) && has(known)),
            remaining: facts(&has),
            unclear: from != to
                && upstream.advisories().iter().any(|known| {
                    let is_fixed = upstream.is_fixed(known, from, to) && !known.is_unread_for(from);
                    !upstream.is_free_of(known, from) && !has(known) && !is_fixed
                }),
            unanalysed: unanalysed(from, to, upstream),
        }
    }

    /// Whether the move fixes an advisory, or may.
    pub(crate) fn is_security(&self) -> bool {
        self.has_issues() || self.unclear
    }

    /// Whether users are known to have an issue that the move fixes, even if nobody knows yet which.
    pub(crate) fn has_issues(&self) -> bool {
        !self.fixes.is_empty() || self.unrecorded
    }
}

/// What upstream did not look at, a sentence for each series of a move.
fn unanalysed(from: Version, to: Version, upstream: &View<'_>) -> Vec<String> {
    let mut by_series: BTreeMap<Series, BTreeSet<Version>> = BTreeMap::new();
    for version in [from, to] {
        by_series
            .entry(version.series())
            .or_default()
            .insert(version);
    }
    let sentence = |(series, versions): (Series, BTreeSet<Version>)| {
        let ids = upstream.unanalysed(*versions.first()?);
        if ids.is_empty() {
            return None;
        }
        let known = |version: Version| {
            let known = upstream.affecting(version);
            known
                .filter(|known| ids.contains(&known.advisory.id))
                .count()
        };
        let had = match known(from) {
            0 => String::new(),
            number => format!("; OpenSSL {from} has {number} of them"),
        };
        let they = if ids.len() == 1 {
            "it affects"
        } else {
            "they affect"
        };
        Some(format!(
            "OpenSSL did not look at {series} for {} of its security issues: whether {they} OpenSSL {} is not known{had}.",
            ids.len(),
            in_words(versions)
        ))
    };
    let mut sentences: Vec<String> = by_series.into_iter().filter_map(sentence).collect();
    let unread = |version: Version| {
        let known = upstream.affecting(version);
        known
            .filter(move |known| known.is_unread_for(version))
            .map(|known| known.advisory.id)
    };
    let ids: BTreeSet<CveId> = unread(from).chain(unread(to)).collect();
    if !ids.is_empty() {
        sentences.push(format!(
            "What OpenSSL says of affected versions could not be read for {}: whether this fixes it is not known.",
            in_words(ids)
        ));
    }
    sentences
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
