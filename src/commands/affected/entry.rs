//! What affects a version, and where each is fixed.

use crate::openssl::advisory::{CveId, Severity};
use crate::openssl::upstream::{KnownAdvisory, View};
use crate::openssl::version::{Series, Version};
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::Serialize;

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Entry")]
pub(super) struct AffectedVersion {
    pub(super) version: Version,
    pub(super) series: Series,
    pub(super) public: bool,
    pub(super) unanalysed: Vec<CveId>,
    pub(super) advisories: Vec<AffectingJson>,
}

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Affecting")]
pub(super) struct AffectingJson {
    pub(super) id: CveId,
    pub(super) severity: Severity,
    pub(super) published: Option<Date>,
    pub(super) fixed_in: Option<Version>,
    pub(super) fixed_public: bool,
    /// Whether `fixed_in` may be public without being known here: the releases were listed before
    /// the advisory was published.
    pub(super) fixed_unlisted: bool,
    /// Whether only premium support customers get `fixed_in`.
    pub(super) fixed_premium: bool,
    pub(super) nearest: Option<Version>,
    /// Whether it counts only because what upstream says of versions could not be read.
    #[serde(skip)]
    #[schemars(skip)]
    pub(super) unread: bool,
    pub(super) disputed: bool,
    pub(super) title: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) reason: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) corrections: Vec<String>,
}

pub(super) fn entry(version: Version, upstream: &View<'_>) -> AffectedVersion {
    let mut advisories: Vec<AffectingJson> = upstream
        .affecting(version)
        .map(|known| affecting(known, version, upstream))
        .collect();
    // An issue that upstream ties to no version in particular says nothing about this one.
    for disputed in upstream
        .disputed(version)
        .filter(|disputed| {
            disputed.base != "none" && !advisories.iter().any(|known| known.id == disputed.id)
        })
        .collect::<Vec<_>>()
    {
        advisories.push(AffectingJson {
            id: disputed.id,
            severity: Severity::Unknown,
            published: None,
            fixed_in: None,
            fixed_public: false,
            fixed_unlisted: false,
            fixed_premium: false,
            nearest: None,
            unread: false,
            disputed: true,
            title: None,
            reason: disputed.reason.clone().or_else(|| disputed.url.clone()),
            corrections: Vec::new(),
        });
    }
    advisories.sort_by_key(|known| known.id);
    AffectedVersion {
        version,
        series: version.series(),
        public: upstream.release(version).is_some(),
        unanalysed: upstream.unanalysed(version),
        advisories,
    }
}

pub(super) fn affecting(
    known: &KnownAdvisory<'_>,
    version: Version,
    upstream: &View<'_>,
) -> AffectingJson {
    let fixed_in = known.fixed_in(version.series());
    let dispute = upstream.dispute(known.advisory.id);
    AffectingJson {
        id: known.advisory.id,
        severity: known.advisory.severity.clone(),
        published: Some(known.advisory.published),
        fixed_in,
        fixed_public: fixed_in.is_some_and(|fixed| upstream.is_good(fixed)),
        fixed_unlisted: fixed_in.is_some_and(|fixed| is_unlisted(known, fixed, upstream)),
        fixed_premium: fixed_in.is_some_and(|fixed| known.is_premium(fixed)),
        nearest: upstream.nearest_fix(known, version),
        unread: known.is_unread_for(version),
        disputed: dispute.is_some(),
        title: known.advisory.title.clone(),
        reason: dispute.and_then(|disputed| disputed.reason.clone()),
        corrections: known
            .corrections(version)
            .map(|correction| correction.to_string())
            .collect(),
    }
}

/// Whether a version with the fix may be public, and the releases were listed before.
pub(super) fn is_unlisted(known: &KnownAdvisory<'_>, fixed: Version, upstream: &View<'_>) -> bool {
    upstream.release(fixed).is_none()
        && !known.is_premium(fixed)
        && upstream.may_have_missed(known.advisory.published)
}

/// Why a version with a fix cannot be had.
pub(super) fn not_public(premium: bool, unlisted: bool) -> &'static str {
    match (premium, unlisted) {
        (true, _) => "which only premium support customers get",
        (false, true) => "which is not known here: the releases were listed before",
        (false, false) => "which is not public",
    }
}
