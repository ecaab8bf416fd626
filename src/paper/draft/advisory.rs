//! The advisory for the project's own tracker.

use serde::Serialize;

use super::pull_request::paragraphs;
use super::{Facts, Move};
use crate::openssl::upstream::View;
use crate::openssl::version::Version;
use crate::paper::templates::{self, Templates};
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
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Advisory<'a> {
    /// The project's name.
    #[serde(serialize_with = "templates::own")]
    pub project: &'a str,
    /// The package's name on its index.
    pub package: &'a str,
    /// How the project names what contains OpenSSL.
    #[serde(serialize_with = "templates::own_or_none")]
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
    /// The day, `YYYY-MM-DD`.
    pub day: String,
}

/// One issue, and our releases that have it.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Issue<'a> {
    /// What OpenSSL says of it.
    pub advisory: &'a Facts,
    /// Our affected releases as a range: `>= 42.0.0, < 44.0.1`; none where no release is known.
    pub affected: Option<String>,
}

impl Advisory<'_> {
    /// The advisory's Markdown.
    ///
    /// # Errors
    ///
    /// See [`Templates::render`].
    pub(crate) fn render(&self, templates: &Templates) -> Result<String, Fault> {
        Ok(paragraphs(&templates.render("advisory.md.j2", self)?))
    }
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
