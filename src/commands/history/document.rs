//! What `history` prints.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::Serialize;

use super::shown::HistoryReleases;
use crate::artefact::exposure::{Exposure, Knowledge, ProjectRelease};
use crate::artefact::timeline::Span;
use crate::openssl::advisory::{CveId, Severity};
use crate::openssl::upstream::View;
use crate::openssl::version::Version;
use crate::paper::history::{Grade, History};
use crate::workspace::published::Sample;

#[derive(Serialize, JsonSchema)]
#[schemars(title = "release-check history --format json")]
pub(super) struct HistoryJson<'a> {
    schema: u32,
    as_of: Date,
    taken: Date,
    /// Newest first.
    releases: Vec<HistoryRelease<'a>>,
    /// Releases that this run did not reach; another run goes on from there.
    unexamined: &'a [String],
    /// For how long somebody who takes every release on its day was exposed to each advisory.
    exposures: Vec<ExposureJson<'a>>,
}

#[derive(Serialize, JsonSchema)]
struct ExposureJson<'a> {
    id: CveId,
    severity: Severity,
    /// What was alike for several carriers once; the one that most had first.
    spans: Vec<SpanJson<'a>>,
}

#[derive(Serialize, JsonSchema)]
struct SpanJson<'a> {
    /// The platforms of the releases' files, or the links whose pins say what they carried.
    carriers: &'a BTreeSet<String>,
    from: Date,
    until: Option<Date>,
    /// The release with the fix; null while there is none.
    fixed_in: Option<&'a str>,
    /// Up to the day that is answered for where it is open.
    days: i32,
}

/// What one carrier of a release means today.
#[derive(Serialize, JsonSchema)]
struct CellJson {
    /// Whether it could be read, the facts know its OpenSSL, and its series was analysed; what has
    /// an advisory is known.
    known: bool,
    /// Of the gravest advisory it has; null where it has none, or where it is not known.
    severity: Option<Severity>,
}

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Entry")]
struct HistoryRelease<'a> {
    version: &'a str,
    published: Option<Date>,
    openssl: BTreeSet<Version>,
    /// The same by what carries it: the platforms of the release's files, or the links whose pins
    /// say so.
    carried: &'a BTreeMap<String, BTreeSet<Version>>,
    /// What each carrier of any release means today in this one; those without OpenSSL are left
    /// out.
    today: BTreeMap<&'a str, CellJson>,
    /// What of the release could not be read, and why.
    unread: &'a [String],
    /// The files that were examined, one for each platform, build and day; left out where the pins
    /// at the release's tag say what it carried.
    #[serde(skip_serializing_if = "Option::is_none")]
    examined: Option<&'a Sample>,
    /// Whether it could be read and the facts know this OpenSSL: of a newer one they say nothing.
    known: bool,
    /// Advisories that upstream published after the series had ended: nobody may call the release
    /// unaffected.
    unanalysed: BTreeSet<CveId>,
    /// Null where it is not known.
    advisories: Option<Vec<ReleaseExposure<'a>>>,
}

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Carried")]
struct ReleaseExposure<'a> {
    id: CveId,
    severity: Option<&'a Severity>,
    /// The carriers of this release that it touches.
    carriers: Vec<&'a str>,
    exposed_from: Date,
    exposed_until: Option<Date>,
    /// The next of the higher releases without it; null while there is none.
    fixed_in: Option<&'a str>,
    /// Days of exposure, up to the day that is answered for; null where a day is not known.
    days: Option<i32>,
}

/// The document of `--format json`.
pub(super) fn json<'a>(releases: &'a HistoryReleases, history: &'a History<'a>) -> HistoryJson<'a> {
    let upstream = history.upstream;
    let entries = history
        .releases
        .iter()
        .zip(history.knowledge)
        .enumerate()
        .rev();
    HistoryJson {
        schema: 1,
        as_of: upstream.day,
        taken: upstream.taken,
        releases: entries
            .map(|(at, (release, knowledge))| {
                entry(release, releases.samples.get(at), knowledge, history)
            })
            .collect(),
        unexamined: history.unexamined,
        exposures: history
            .timelines
            .iter()
            .map(|timeline| ExposureJson {
                id: timeline.id,
                severity: history.severity(timeline.id),
                spans: timeline
                    .spans
                    .iter()
                    .map(|span| self::span(span, upstream.day))
                    .collect(),
            })
            .collect(),
    }
}

fn span(span: &Span, today: Date) -> SpanJson<'_> {
    SpanJson {
        carriers: &span.carriers,
        from: span.from,
        until: span.until.as_ref().map(|(_, day)| *day),
        fixed_in: span.until.as_ref().map(|(version, _)| version.as_str()),
        days: span.days(today),
    }
}

/// What each carrier means today.
fn today<'a>(release: &ProjectRelease, history: &History<'a>) -> BTreeMap<&'a str, CellJson> {
    history
        .all_carriers()
        .into_iter()
        .filter_map(|carrier| {
            let (known, severity) = match history.cell(release, carrier).grade {
                Grade::Affected(severity) => (true, Some(severity)),
                Grade::Clear => (true, None),
                Grade::NotKnown(_) => (false, None),
                Grade::Absent => return None,
            };
            Some((carrier, CellJson { known, severity }))
        })
        .collect()
}

fn entry<'a>(
    release: &'a ProjectRelease,
    examined: Option<&'a Sample>,
    knowledge: &'a Knowledge,
    history: &'a History<'a>,
) -> HistoryRelease<'a> {
    let upstream = history.upstream;
    let advisories = match knowledge {
        Knowledge::Known(exposures) => Some(
            exposures
                .iter()
                .map(|exposure| carried(exposure, release, upstream))
                .collect(),
        ),
        Knowledge::NotKnown(_) | Knowledge::Unread => None,
        Knowledge::NoOpenSsl => Some(Vec::new()),
    };
    HistoryRelease {
        version: &release.version,
        published: release.published,
        openssl: release.openssl(),
        carried: &release.carried,
        today: today(release, history),
        unread: &release.unread,
        examined,
        known: !matches!(knowledge, Knowledge::NotKnown(_) | Knowledge::Unread),
        unanalysed: unanalysed(release, upstream),
        advisories,
    }
}

fn unanalysed(release: &ProjectRelease, upstream: &View<'_>) -> BTreeSet<CveId> {
    release
        .openssl()
        .into_iter()
        .flat_map(|version| upstream.unanalysed(version))
        .collect()
}

fn carried<'a>(
    exposure: &'a Exposure,
    release: &'a ProjectRelease,
    upstream: &'a View<'_>,
) -> ReleaseExposure<'a> {
    let known = upstream.advisory(exposure.id);
    let touches = |version: &Version| known.is_some_and(|known| known.affects(*version));
    let carriers = release.carried.iter();
    ReleaseExposure {
        id: exposure.id,
        severity: known.map(|known| &known.advisory.severity),
        carriers: carriers
            .filter(|(_, openssl)| openssl.iter().any(touches))
            .map(|(carrier, _)| carrier.as_str())
            .collect(),
        exposed_from: exposure.from,
        exposed_until: exposure.until.as_ref().and_then(|(_, day)| *day),
        fixed_in: exposure.until.as_ref().map(|(version, _)| version.as_str()),
        days: exposure.days(upstream.day),
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_published_schema_is_this_one() {
        crate::text::schema::assert_published::<super::HistoryJson<'_>>("history");
    }
}
