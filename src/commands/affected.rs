//! `affected`: which advisories affect given versions, and where each is fixed.

mod advisory;
mod entry;
mod text;

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::Serialize;

use self::advisory::{AdvisoryJson, Ours};
use super::report::Report;
use crate::cli::{AffectedAsked, Format};
use crate::text::fault::Fault;
use crate::workspace::case::Case;
use crate::workspace::facts;
use crate::workspace::links::{self, Chosen};
use crate::workspace::session::Session;
use crate::workspace::tagged;

use entry::{AffectedVersion, entry};

#[derive(Serialize, JsonSchema)]
#[schemars(title = "release-check affected --format json")]
struct AffectedJson {
    schema: u32,
    as_of: Date,
    /// The day the facts were taken.
    taken: Date,
    versions: Vec<AffectedVersion>,
    /// The advisories that were asked for by name.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    advisories: Vec<AdvisoryJson>,
}

pub(super) fn run(
    session: &Session<'_>,
    asked: &[AffectedAsked],
    list: bool,
) -> Result<Report, Fault> {
    let context = session.context;
    let config = context.config_or_default()?.shipped();
    let facts = facts::gather(session, &config)?;
    let upstream = facts.view(context, &config);
    facts.note_if_too_old(context);
    let (mut entries, mut ids) = (Vec::new(), Vec::new());
    for asked in asked {
        match asked {
            AffectedAsked::Version(version) => entries.push(entry(*version, &upstream)),
            AffectedAsked::Advisory(id) => ids.push(*id),
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
    let (assessed, _) = links::all(case.tree(), &here, snapshot, &case.view, &chosen)?;
    let link =
        |assessed: &links::Assessed<'_>| (assessed.link.name.clone(), assessed.linked.version);
    Ok(Ours {
        links: assessed.iter().map(link).collect(),
        // Without tags nothing is known of our releases, and nothing is said of them.
        releases: tagged::releases(case).unwrap_or_default(),
    })
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_schema_is_published() {
        crate::text::schema::assert_published::<super::AffectedJson>("affected");
    }
}
