//! The JSON of `check`: what other programs are written against.

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::Serialize;

use super::subject::{AssessedLink, Check, PublishedRelease};
use crate::openssl::advisory::{CveId, Severity};
use crate::openssl::assessment::{Pending, Verdict};
use crate::openssl::upstream::pre_announcement::Announced;
use crate::openssl::upstream::{SourceState, Support};
use crate::openssl::version::{Series, Version};

/// What `check --format json` prints.
#[derive(Serialize, JsonSchema)]
#[schemars(title = "release-check check --format json")]
pub(crate) struct CheckJson<'a> {
    schema: u32,
    as_of: Date,
    taken: Date,
    sources: &'a [SourceState],
    announced: &'a [Announced],
    published: Option<&'a PublishedRelease>,
    links: Vec<LinkObject<'a>>,
}

#[derive(Serialize, JsonSchema)]
struct LinkObject<'a> {
    name: &'a str,
    linked: Version,
    series: Series,
    verdict: Verdict,
    target: Option<Version>,
    crosses_series: bool,
    own_series: Option<Version>,
    severity: Option<&'a Severity>,
    fixes: &'a [CveId],
    pending: &'a [Pending],
    remaining: &'a [CveId],
    introduced: &'a [CveId],
    unanalysed: &'a [CveId],
    corrections: Vec<String>,
    disputed: &'a [CveId],
    due_on: Option<Date>,
    newer_series: Vec<NewerSeriesObject>,
    support: SupportObject,
    /// Versions of other series in files of their own (`mixed`) that move with it.
    beside: Vec<BesideObject>,
}

#[derive(Serialize, JsonSchema)]
struct BesideObject {
    linked: Version,
    verdict: Verdict,
    target: Option<Version>,
}

#[derive(Serialize, JsonSchema)]
struct NewerSeriesObject {
    version: Version,
    eol: Option<Date>,
}

#[derive(Serialize, JsonSchema)]
struct SupportObject {
    eol: Option<Date>,
    lts: bool,
    ended: bool,
}

impl Check<'_> {
    pub(crate) fn json(&self) -> String {
        pretty(&self.document())
    }

    /// The findings as they are written into JSON.
    pub(crate) fn document(&self) -> CheckJson<'_> {
        CheckJson {
            schema: 1,
            as_of: self.upstream.day,
            taken: self.upstream.taken,
            sources: self.sources,
            announced: &self.announced,
            published: self.published.as_ref(),
            links: self.links.iter().map(link).collect(),
        }
    }

    /// The links of [`Check::json`] on one line.
    pub(crate) fn links_json(&self) -> String {
        let links: Vec<LinkObject<'_>> = self.links.iter().map(link).collect();
        serde_json::to_string(&links).unwrap_or_default()
    }
}

fn link(link: &AssessedLink) -> LinkObject<'_> {
    let assessment = &link.assessment;
    let Support { eol, lts, ended } = assessment.support;
    LinkObject {
        name: &link.name,
        linked: assessment.linked,
        series: assessment.linked.series(),
        verdict: assessment.verdict,
        target: assessment.target,
        crosses_series: assessment
            .target
            .is_some_and(|target| target.series() != assessment.linked.series()),
        own_series: assessment.own_series,
        severity: assessment.severity.as_ref(),
        fixes: &assessment.fixes,
        pending: &assessment.pending,
        remaining: &assessment.remaining,
        introduced: &assessment.introduced,
        unanalysed: &assessment.unanalysed.ids,
        corrections: assessment
            .corrections
            .iter()
            .map(ToString::to_string)
            .collect(),
        disputed: &assessment.disputed,
        due_on: assessment.due_on,
        newer_series: assessment
            .newer_series
            .iter()
            .map(|newer| NewerSeriesObject {
                version: newer.version,
                eol: newer.eol,
            })
            .collect(),
        support: SupportObject { eol, lts, ended },
        beside: link
            .beside
            .iter()
            .map(|one| BesideObject {
                linked: one.linked,
                verdict: one.verdict,
                target: one.target,
            })
            .collect(),
    }
}

/// JSON as every command prints it: indented, with a final line break.
pub(crate) fn pretty(value: &impl Serialize) -> String {
    // Our own types serialise without fail: no maps with other keys than text, no fallible
    // implementations.
    serde_json::to_string_pretty(value).unwrap_or_default() + "\n"
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_schema_is_published() {
        crate::text::schema::assert_published::<super::CheckJson<'_>>("check");
    }
}
