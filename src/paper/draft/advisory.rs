//! The advisory for the project's own tracker.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::Serialize;

use super::pull_request::paragraphs;
use super::{AdvisoryFacts, LinkMove};
use crate::openssl::advisory::Severity;
use crate::openssl::upstream::{KnownAdvisory, View};
use crate::openssl::version::Version;
use crate::paper::templates::{self, Templates};
use crate::project::config::Config;
use crate::project::project_version::ProjectVersion;
use crate::text::fault::Fault;
use crate::text::in_words;

/// Releases that are named; of more there is a number.
const NAMED: usize = 6;

/// A release of the project and the OpenSSL version it carried.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct CarriedByRelease {
    pub release: ProjectVersion,
    /// The OpenSSL version of the link; none where its pins could not be read there.
    pub openssl: Option<Version>,
}

/// The context of `advisory.md.j2`.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub(crate) struct AdvisoryDraft<'a> {
    /// The project's name.
    #[serde(serialize_with = "templates::own")]
    #[schemars(with = "String")]
    pub project: &'a str,
    /// The package's name on its index.
    pub package: &'a str,
    /// How the project names what contains OpenSSL.
    #[serde(serialize_with = "templates::own_or_none")]
    #[schemars(with = "Option<String>")]
    pub ships: Option<&'a str>,
    /// The project's version with the fix.
    pub patched: Option<&'a str>,
    /// The move; of several the first.
    #[serde(rename = "move")]
    pub moved: &'a LinkMove,
    /// The move of each link that moves.
    pub moves: Vec<&'a LinkMove>,
    /// The OpenSSL versions that the moves start from, in words.
    pub from: String,
    /// The OpenSSL versions that they go to, in words.
    pub to: String,
    /// OpenSSL's gravest rating among the issues.
    pub severity: String,
    /// The issues that the move fixes, gravest first, each with our releases that have it.
    pub issues: Vec<AdvisoryIssue<'a>>,
    /// Addresses, each once.
    pub references: Vec<String>,
    /// The issues' CVE identifiers, gravest first.
    pub ids: Vec<&'a str>,
    /// All our releases that have one of the issues, as ranges; empty where no release is known.
    pub affected: Vec<String>,
    /// The releases in it of which nobody knows what they carried.
    pub unread: Option<String>,
    /// The releases in it whose OpenSSL upstream did not look at, for one of the issues at least.
    pub unanalysed: Option<String>,
    /// The day, `YYYY-MM-DD`.
    pub day: String,
}

/// A range of our releases that are affected.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Range {
    /// `>= 42.0.0, < 44.0.1`.
    pub affected: String,
    /// The release that ends it; none where nothing does yet.
    pub patched: Option<String>,
}

/// One issue, and our releases that have it.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub(crate) struct AdvisoryIssue<'a> {
    /// What OpenSSL says of it.
    pub advisory: &'a AdvisoryFacts,
    /// Our affected releases as a range: `>= 42.0.0, < 44.0.1`; none where no release is known.
    pub affected: Option<String>,
}

impl<'a> AdvisoryDraft<'a> {
    /// The advisory of the moves of links, each with what our releases carried of the link; none
    /// where nothing moves.
    pub(crate) fn of(
        config: &'a Config,
        moves: &'a [(LinkMove, Vec<CarriedByRelease>)],
        patched: Option<&'a str>,
        day: Date,
        upstream: &View<'_>,
    ) -> Option<Self> {
        let (first, _) = moves.first()?;
        let fixing = patched.and_then(|patched| patched.parse().ok());
        let all = ranges(moves, fixing.as_ref(), upstream);
        let fixes = fixes(moves);
        let issues = fixes
            .iter()
            .map(|facts| issue(facts, moves, fixing.as_ref(), upstream));
        let versions = |of: &dyn Fn(&LinkMove) -> Version| {
            let versions: BTreeSet<Version> = moves.iter().map(|(moved, _)| of(moved)).collect();
            in_words(versions)
        };
        Some(Self {
            project: &config.project.name,
            package: package(config),
            ships: config.project.ships.as_deref(),
            patched,
            severity: fixes
                .first()
                .map(|facts| facts.severity.clone())
                .unwrap_or_default(),
            issues: issues.collect(),
            references: references(&fixes),
            ids: fixes.iter().map(|facts| facts.id.as_str()).collect(),
            affected: all.into_iter().map(|range| range.affected).collect(),
            unread: named(moves, |_, carried| carried.openssl.is_none()),
            unanalysed: named(moves, |moved, carried| {
                is_unanalysed(moved, carried, upstream)
            }),
            day: day.to_string(),
            moved: first,
            moves: moves.iter().map(|(moved, _)| moved).collect(),
            from: versions(&|moved| moved.from),
            to: versions(&|moved| moved.to),
        })
    }

    /// The advisory's Markdown.
    pub(crate) fn render(&self, templates: &Templates) -> Result<String, Fault> {
        Ok(paragraphs(&templates.render("advisory.md.j2", self)?))
    }
}

/// What an advisory calls our package.
pub(crate) fn package(config: &Config) -> &str {
    let published = config.published.as_ref();
    config
        .advisory
        .package
        .as_deref()
        .or_else(|| published.and_then(|published| published.package.as_deref()))
        .unwrap_or(&config.project.name)
}

/// Our releases that have one of the issues which the moves of links fix, as ranges. A release of
/// which nobody knows what it carried, or whose OpenSSL upstream did not look at, counts as
/// affected.
///
/// The histories are of the same releases, ascending; `patched` is the release with the fixes.
pub(crate) fn ranges(
    moves: &[(LinkMove, Vec<CarriedByRelease>)],
    patched: Option<&ProjectVersion>,
    upstream: &View<'_>,
) -> Vec<Range> {
    let mut affected: BTreeMap<&ProjectVersion, bool> = BTreeMap::new();
    for (moved, history) in moves {
        for carried in history {
            let free = carried
                .openssl
                .is_some_and(|openssl| is_free(moved, openssl, upstream));
            *affected.entry(&carried.release).or_default() |= !free;
        }
    }
    spans(affected, patched)
}

/// Runs of releases that are affected. `releases`: each with whether it is, ascending.
fn spans<'r>(
    releases: impl IntoIterator<Item = (&'r ProjectVersion, bool)>,
    patched: Option<&ProjectVersion>,
) -> Vec<Range> {
    let mut ranges = Vec::new();
    let mut open: Option<(&ProjectVersion, &ProjectVersion)> = None;
    for (release, bad) in releases {
        match (bad, open) {
            (true, None) => open = Some((release, release)),
            (true, Some((first, _))) => open = Some((first, release)),
            (false, Some((first, _))) => {
                ranges.push(Range {
                    affected: format!(">= {first}, < {release}"),
                    patched: Some(release.to_string()),
                });
                open = None;
            }
            (false, None) => {}
        }
    }
    ranges.extend(open.map(|(first, last)| {
        let patched = patched.filter(|patched| *patched > last);
        let end = patched.map_or_else(|| format!("<= {last}"), |patched| format!("< {patched}"));
        Range {
            affected: format!(">= {first}, {end}"),
            patched: patched.map(ToString::to_string),
        }
    }));
    ranges
}

/// What is known of each issue that a move fixes.
fn fixed<'v, 'u>(
    moved: &'v LinkMove,
    upstream: &'v View<'u>,
) -> impl Iterator<Item = Option<&'v KnownAdvisory<'u>>> {
    moved.fixes.iter().map(|facts| {
        let mut advisories = upstream.advisories().iter();
        advisories.find(|known| known.advisory.id.to_string() == facts.id)
    })
}

/// Whether an OpenSSL version has none of the issues that a move fixes, and upstream looked.
fn is_free(moved: &LinkMove, openssl: Version, upstream: &View<'_>) -> bool {
    // Until upstream says what it fixes, only what has it is free of that.
    if moved.fixes.is_empty() {
        return !moved.unrecorded || (openssl.series() == moved.to.series() && openssl >= moved.to);
    }
    fixed(moved, upstream)
        .all(|known| known.is_some_and(|known| upstream.is_free_of(known, openssl)))
}

/// Whether a release has none of the issues that upstream knows it to have, and one for which
/// upstream did not look.
fn is_unanalysed(moved: &LinkMove, carried: &CarriedByRelease, upstream: &View<'_>) -> bool {
    carried.openssl.is_some_and(|openssl| {
        let mut known = fixed(moved, upstream).flatten();
        !is_free(moved, openssl, upstream) && !known.any(|known| known.affects(openssl))
    })
}

/// Releases by name; of many the first, the last and their number.
fn named(
    moves: &[(LinkMove, Vec<CarriedByRelease>)],
    is_one: impl Fn(&LinkMove, &CarriedByRelease) -> bool,
) -> Option<String> {
    let of_link = |(moved, history): &'_ (LinkMove, Vec<CarriedByRelease>)| -> Vec<ProjectVersion> {
        let found = history.iter().filter(|carried| is_one(moved, carried));
        found.map(|carried| carried.release.clone()).collect()
    };
    let found: BTreeSet<ProjectVersion> = moves.iter().flat_map(of_link).collect();
    match (found.first(), found.last()) {
        (Some(first), Some(last)) if found.len() > NAMED => {
            Some(format!("{} releases from {first} to {last}", found.len()))
        }
        (Some(_), _) => Some(in_words(found)),
        _ => None,
    }
}

/// What the moves fix, each once, gravest first.
pub(crate) fn fixes(moves: &[(LinkMove, Vec<CarriedByRelease>)]) -> Vec<&AdvisoryFacts> {
    let mut all: Vec<&AdvisoryFacts> = moves.iter().flat_map(|(moved, _)| &moved.fixes).collect();
    let mut seen = BTreeSet::new();
    all.retain(|facts| seen.insert(&facts.id));
    // Within a gravity the order of the moves stays.
    all.sort_by_key(|facts| std::cmp::Reverse(Severity::read(&facts.severity).gravity()));
    all
}

/// An issue with our releases that carried an OpenSSL which has it. Histories ascend; `patched` is
/// the release with the fix.
fn issue<'a>(
    advisory: &'a AdvisoryFacts,
    moves: &[(LinkMove, Vec<CarriedByRelease>)],
    patched: Option<&ProjectVersion>,
    upstream: &View<'_>,
) -> AdvisoryIssue<'a> {
    let has = |(moved, _): &&(LinkMove, Vec<CarriedByRelease>)| {
        moved.fixes.iter().any(|facts| facts.id == advisory.id)
    };
    let only = |(moved, history): &(LinkMove, Vec<CarriedByRelease>)| {
        let moved = LinkMove {
            fixes: vec![advisory.clone()],
            ..moved.clone()
        };
        (moved, history.clone())
    };
    let moves: Vec<_> = moves.iter().filter(has).map(only).collect();
    let ranges = ranges(&moves, patched, upstream);
    let ranges: Vec<String> = ranges.into_iter().map(|range| range.affected).collect();
    AdvisoryIssue {
        advisory,
        affected: (!ranges.is_empty()).then(|| ranges.join(" || ")),
    }
}

/// The addresses that issues refer to, each once.
fn references(fixes: &[&AdvisoryFacts]) -> Vec<String> {
    let all = fixes
        .iter()
        .flat_map(|facts| [facts.url.clone(), facts.cve_url.clone()]);
    all.collect::<BTreeSet<_>>().into_iter().collect()
}
