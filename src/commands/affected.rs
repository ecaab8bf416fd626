//! `affected`: which advisories affect given versions, and where each is fixed.

mod advisory;
mod text;

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::Serialize;

use self::advisory::{AdvisoryJson, Ours};
use super::Report;
use crate::cli::{Asked, Format};
use crate::openssl::advisory::{CveId, Severity};
use crate::openssl::upstream::{Known, View};
use crate::openssl::version::{Series, Version};
use crate::text::fault::Fault;
use crate::workspace::case::Case;
use crate::workspace::facts;
use crate::workspace::links::{self, Chosen};
use crate::workspace::session::Session;
use crate::workspace::tagged;

#[derive(Serialize, JsonSchema)]
#[schemars(title = "release-check affected --format json")]
struct AffectedJson {
    schema: u32,
    #[serde(serialize_with = "crate::text::date::as_iso::serialize")]
    #[schemars(with = "String")]
    as_of: Date,
    /// The day the facts were taken.
    #[serde(serialize_with = "crate::text::date::as_iso::serialize")]
    #[schemars(with = "String")]
    taken: Date,
    versions: Vec<Entry>,
    /// The advisories that were asked for by name.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    advisories: Vec<AdvisoryJson>,
}

#[derive(Serialize, JsonSchema)]
struct Entry {
    version: Version,
    series: Series,
    public: bool,
    unanalysed: Vec<CveId>,
    advisories: Vec<Affecting>,
}

#[derive(Serialize, JsonSchema)]
struct Affecting {
    id: CveId,
    severity: Severity,
    #[serde(serialize_with = "crate::text::date::as_optional_iso::serialize")]
    #[schemars(with = "Option<String>")]
    published: Option<Date>,
    fixed_in: Option<Version>,
    fixed_public: bool,
    /// Whether only premium support customers get `fixed_in`.
    fixed_premium: bool,
    nearest: Option<Version>,
    disputed: bool,
    title: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    corrections: Vec<String>,
}

/// Runs the command.
pub(super) fn run(session: &Session<'_>, asked: &[Asked], list: bool) -> Result<Report, Fault> {
    let context = session.context;
    let config = context.config_or_default()?.shipped();
    let facts = facts::gather(session, &config)?;
    let upstream = facts.view(context, &config);
    facts.note_if_too_old(context);
    let (mut entries, mut ids) = (Vec::new(), Vec::new());
    for asked in asked {
        match asked {
            Asked::Version(version) => entries.push(entry(*version, &upstream)),
            Asked::Advisory(id) => ids.push(*id),
        }
    }
    let ours = if ids.is_empty() || config.links.is_empty() {
        None
    } else {
        Some(ours(&Case::new(session, &config, &facts))?)
    };
    let advisories = ids
        .into_iter()
        .map(|id| advisory::advisory(id, ours.as_ref(), &upstream))
        .collect::<Result<Vec<_>, Fault>>()?;
    let text = match context.format {
        Format::Json => crate::paper::report::pretty(&AffectedJson {
            schema: 1,
            as_of: upstream.day,
            taken: upstream.taken,
            versions: entries,
            advisories,
        }),
        _ => entries
            .iter()
            .map(|entry| text::text(entry, &upstream, context.look, list))
            .chain(
                advisories
                    .iter()
                    .map(|one| advisory::text(one, upstream.taken, context.look)),
            )
            .collect::<Vec<_>>()
            .join("\n"),
    };
    Ok(Report::done(text))
}

/// The links here, and our tagged releases where there are any.
fn ours(case: &Case<'_>) -> Result<Ours, Fault> {
    let here = links::here(case.context, case.config);
    let chosen = Chosen::default();
    let snapshot = &case.facts.snapshot;
    let (assessed, _) = links::all(
        &case.context.directory,
        &here,
        snapshot,
        &case.view,
        &chosen,
    )?;
    let link =
        |assessed: &links::Assessed<'_>| (assessed.link.name.clone(), assessed.linked.version);
    Ok(Ours {
        links: assessed.iter().map(link).collect(),
        // Without tags nothing is known of our releases, and nothing is said of them.
        releases: tagged::releases(case).unwrap_or_default(),
    })
}

fn entry(version: Version, upstream: &View<'_>) -> Entry {
    let mut advisories: Vec<Affecting> = upstream
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
        advisories.push(Affecting {
            id: disputed.id,
            severity: Severity::Unknown,
            published: None,
            fixed_in: None,
            fixed_public: false,
            fixed_premium: false,
            nearest: None,
            disputed: true,
            title: None,
            reason: disputed.reason.clone().or_else(|| disputed.url.clone()),
            corrections: Vec::new(),
        });
    }
    advisories.sort_by_key(|known| known.id);
    Entry {
        version,
        series: version.series(),
        public: upstream.release(version).is_some(),
        unanalysed: upstream.unanalysed(version),
        advisories,
    }
}

fn affecting(known: &Known<'_>, version: Version, upstream: &View<'_>) -> Affecting {
    let fixed_in = known.fixed_in(version.series());
    let dispute = upstream.dispute(known.advisory.id);
    Affecting {
        id: known.advisory.id,
        severity: known.advisory.severity.clone(),
        published: Some(known.advisory.published),
        fixed_in,
        fixed_public: fixed_in.is_some_and(|fixed| upstream.is_good(fixed)),
        fixed_premium: fixed_in.is_some_and(|fixed| known.is_premium(fixed)),
        nearest: upstream.nearest_fix(known, version),
        disputed: dispute.is_some(),
        title: known.advisory.title.clone(),
        reason: dispute.and_then(|disputed| disputed.reason.clone()),
        corrections: known
            .corrections(version)
            .map(|correction| correction.to_string())
            .collect(),
    }
}

/// Why a version with a fix cannot be had.
fn not_public(premium: bool) -> &'static str {
    if premium {
        "which only premium support customers get"
    } else {
        "which is not public"
    }
}
#[cfg(test)]
mod tests {
    #[test]
    fn the_schema_is_published() {
        crate::text::schema::assert_published::<super::AffectedJson>("affected");
    }
}
