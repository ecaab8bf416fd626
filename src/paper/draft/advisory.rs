//! The advisory for the project's own tracker.

use std::collections::BTreeMap;

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::Serialize;

use super::pull_request::paragraphs;
use super::{Facts, Move};
use crate::openssl::upstream::View;
use crate::openssl::version::Version;
use crate::paper::templates::{self, Templates};
use crate::project::config::Config;
use crate::project::project_version::ProjectVersion;
use crate::text::fault::Fault;

/// A release of the project and the OpenSSL version it carried.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Carried {
    /// The release.
    pub release: ProjectVersion,
    /// The OpenSSL version of the link; none where its pins could not be read there.
    pub openssl: Option<Version>,
}

/// The context of `advisory.md.j2`.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub(crate) struct Advisory<'a> {
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
    /// The move.
    #[serde(rename = "move")]
    pub moved: &'a Move,
    /// OpenSSL's gravest rating among the issues.
    pub severity: String,
    /// The issues that the move fixes, gravest first, each with our releases that have it.
    pub issues: Vec<Issue<'a>>,
    /// Addresses, each once.
    pub references: Vec<String>,
    /// The issues' CVE identifiers, gravest first.
    pub ids: Vec<&'a str>,
    /// All our releases that have one of the issues, as ranges; empty where no release is known.
    pub affected: Vec<String>,
    /// Whether releases stand in it of which nobody knows what they carried.
    pub guessed: bool,
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
pub(crate) struct Issue<'a> {
    /// What OpenSSL says of it.
    pub advisory: &'a Facts,
    /// Our affected releases as a range: `>= 42.0.0, < 44.0.1`; none where no release is known.
    pub affected: Option<String>,
}

impl<'a> Advisory<'a> {
    /// The advisory of a move. `history`: what each of our releases carried of the link.
    pub(crate) fn of(
        config: &'a Config,
        moved: &'a Move,
        history: &[Carried],
        patched: Option<&'a str>,
        day: Date,
        upstream: &View<'_>,
    ) -> Self {
        let fixing = patched.and_then(|patched| patched.parse().ok());
        let ranges = ranges(
            &[(moved.clone(), history.to_vec())],
            fixing.as_ref(),
            upstream,
        );
        let affected: Vec<String> = ranges.into_iter().map(|range| range.affected).collect();
        Self {
            project: &config.project.name,
            package: package(config),
            ships: config.project.ships.as_deref(),
            patched,
            severity: moved
                .fixes
                .first()
                .map(|facts| facts.severity.clone())
                .unwrap_or_default(),
            issues: issues(moved, history, patched, upstream),
            references: references(moved),
            ids: moved.fixes.iter().map(|facts| facts.id.as_str()).collect(),
            affected,
            guessed: history.iter().any(|carried| carried.openssl.is_none()),
            day: day.to_string(),
            moved,
        }
    }

    /// The advisory's Markdown.
    ///
    /// # Errors
    ///
    /// See [`Templates::render`].
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
/// which nobody knows what it carried counts as affected.
///
/// The histories are of the same releases, ascending; `patched` is the release with the fixes.
#[must_use]
pub(crate) fn ranges(
    moves: &[(Move, Vec<Carried>)],
    patched: Option<&ProjectVersion>,
    upstream: &View<'_>,
) -> Vec<Range> {
    let has = |moved: &Move, openssl: Version| {
        upstream.affecting(openssl).any(|known| {
            let id = known.advisory.id.to_string();
            moved.fixes.iter().any(|facts| facts.id == id)
        })
    };
    let mut affected: BTreeMap<&ProjectVersion, bool> = BTreeMap::new();
    for (moved, history) in moves {
        for carried in history {
            let bad = carried.openssl.is_none_or(|openssl| has(moved, openssl));
            *affected.entry(&carried.release).or_default() |= bad;
        }
    }
    let mut ranges = Vec::new();
    let mut open: Option<(&ProjectVersion, &ProjectVersion)> = None;
    for (release, bad) in affected {
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

/// The issues that a move fixes, each with the releases that carried an affected OpenSSL. `history`
/// ascends; `patched` is the release with the fix.
#[must_use]
pub(crate) fn issues<'a>(
    moved: &'a Move,
    history: &[Carried],
    patched: Option<&str>,
    upstream: &View<'_>,
) -> Vec<Issue<'a>> {
    moved
        .fixes
        .iter()
        .map(|advisory| Issue {
            advisory,
            affected: affected(advisory, history, patched, upstream),
        })
        .collect()
}

/// The releases that carried an OpenSSL with an issue, as ranges that trackers read.
fn affected(
    facts: &Facts,
    history: &[Carried],
    patched: Option<&str>,
    upstream: &View<'_>,
) -> Option<String> {
    let known = upstream
        .advisories()
        .iter()
        .find(|known| known.advisory.id.to_string() == facts.id)?;
    let mut ranges: Vec<String> = Vec::new();
    let mut start: Option<&ProjectVersion> = None;
    let mut last: Option<&ProjectVersion> = None;
    for carried in history {
        // A release that could not be read is neither the start nor the end of a range.
        let Some(openssl) = carried.openssl else {
            continue;
        };
        match (known.affects(openssl), start) {
            (true, None) => start = Some(&carried.release),
            (false, Some(first)) => {
                ranges.push(format!(">= {first}, < {}", carried.release));
                start = None;
            }
            _ => {}
        }
        last = Some(&carried.release);
    }
    if let (Some(first), Some(last)) = (start, last) {
        let end = patched.map_or_else(|| format!("<= {last}"), |patched| format!("< {patched}"));
        ranges.push(format!(">= {first}, {end}"));
    }
    (!ranges.is_empty()).then(|| ranges.join(" || "))
}

/// The addresses that issues refer to, each once.
#[must_use]
pub(crate) fn references(moved: &Move) -> Vec<String> {
    let mut all: Vec<String> = moved
        .fixes
        .iter()
        .flat_map(|facts| [facts.url.clone(), facts.cve_url.clone()])
        .collect();
    all.sort();
    all.dedup();
    all
}
