//! `affected CVE...`: which versions an advisory affects, where it is fixed, and what of ours has
//! it.

use std::fmt::Write;

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::Serialize;

use super::entry;
use crate::artefact::exposure::ProjectRelease;
use crate::openssl::advisory::{CveId, Severity};
use crate::openssl::upstream::{KnownAdvisory, View};
use crate::openssl::version::{Series, Version};
use crate::text::fault::Fault;
use crate::text::style::{Look, Tone};
use crate::text::{count, in_words, one_line};

/// What of ours may have it.
#[derive(Debug, Default)]
pub(super) struct Ours {
    /// The links and what they use; none where there is no configuration.
    pub(super) links: Vec<(String, Version)>,
    /// Our releases, ascending.
    pub(super) releases: Vec<ProjectRelease>,
}

/// An advisory, and what has it.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct AdvisoryJson {
    id: CveId,
    severity: Severity,
    published: Option<Date>,
    title: Option<String>,
    url: String,
    /// Whether upstream rejects it.
    disputed: bool,
    /// The public releases it affects, by series.
    series: Vec<SeriesJson>,
    /// The links of this project, and whether each has it.
    links: Vec<LinkJson>,
    /// Our releases that have it, ascending; null where they could not be read.
    releases: Option<Vec<String>>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct SeriesJson {
    series: Series,
    /// The lowest and the highest public release that it affects.
    first: Version,
    last: Version,
    /// Upstream's version of this series with the fix.
    fixed_in: Option<Version>,
    /// Whether that is public.
    fixed_public: bool,
    /// Whether `fixed_in` may be public without being known here: the releases were listed before
    /// the advisory was published.
    fixed_unlisted: bool,
    /// Whether only premium support customers get it.
    fixed_premium: bool,
}

#[derive(Debug, Serialize, JsonSchema)]
struct LinkJson {
    name: String,
    openssl: Version,
    /// Null where nobody knows: upstream did not look at its series.
    affected: Option<bool>,
}

/// What is known of an advisory.
pub(super) fn advisory(
    id: CveId,
    ours: Option<&Ours>,
    upstream: &View<'_>,
) -> Result<AdvisoryJson, Fault> {
    let dispute = upstream.dispute(id);
    let known = upstream.advisory(id);
    if known.is_none() && dispute.is_none() {
        return Err(Fault::failed(format!(
            "`{id}` is no advisory of OpenSSL that was public on {} and is known from the facts of {}; `release-check upstream` asks for newer ones",
            upstream.day, upstream.taken
        )));
    }
    let affected = |version: Version| match known {
        Some(known) if known.affects(version) => Some(true),
        Some(_) if upstream.unanalysed(version).contains(&id) => None,
        Some(_) => upstream.release(version).map(|_| false),
        None => None,
    };
    let links = ours.into_iter().flat_map(|ours| &ours.links);
    let has = |release: &&ProjectRelease| {
        release
            .openssl()
            .into_iter()
            .any(|version| affected(version) == Some(true))
    };
    Ok(AdvisoryJson {
        id,
        severity: known.map_or(Severity::Unknown, |known| known.advisory.severity.clone()),
        published: known.map(|known| known.advisory.published),
        title: known.and_then(|known| known.advisory.title.clone()),
        url: id.url(),
        disputed: dispute.is_some(),
        series: known.map_or_else(Vec::new, |known| series(known, upstream)),
        links: links
            .map(|(name, openssl)| LinkJson {
                name: name.clone(),
                openssl: *openssl,
                affected: affected(*openssl),
            })
            .collect(),
        releases: ours.filter(|ours| !ours.releases.is_empty()).map(|ours| {
            let releases = ours.releases.iter().filter(has);
            releases.map(|release| release.version.clone()).collect()
        }),
    })
}

/// The series that it affects, newest first.
fn series(known: &KnownAdvisory<'_>, upstream: &View<'_>) -> Vec<SeriesJson> {
    let mut found: Vec<SeriesJson> = Vec::new();
    for published in upstream.releases().iter().rev() {
        let version = published.release.version;
        if version.is_prerelease() || !known.affects(version) {
            continue;
        }
        let series = version.series();
        match found.iter_mut().find(|one| one.series == series) {
            Some(one) => one.first = version,
            None => {
                let fixed_in = upstream.effective_fix(known, series);
                found.push(SeriesJson {
                    series,
                    first: version,
                    last: version,
                    fixed_in,
                    fixed_public: fixed_in.is_some_and(|fixed| upstream.is_good(fixed)),
                    fixed_unlisted: fixed_in
                        .is_some_and(|fixed| entry::is_unlisted(known, fixed, upstream)),
                    fixed_premium: fixed_in.is_some_and(|fixed| known.is_premium(fixed)),
                });
            }
        }
    }
    found
}

/// The same for people.
pub(super) fn text(advisory: &AdvisoryJson, taken: Date, look: Look) -> String {
    let mut out = String::new();
    let tone = match advisory.severity {
        Severity::Critical | Severity::High => Tone::Bad,
        _ => Tone::Careful,
    };
    let published = advisory
        .published
        .map_or_else(String::new, |day| format!(", published {day}"));
    let severity = match &advisory.severity {
        Severity::Unknown => "not rated".to_owned(),
        rated => rated.to_string(),
    };
    let _ = writeln!(
        out,
        "{}: {}{published}",
        look.paint(tone, &severity),
        look.paint(Tone::Strong, &advisory.id.to_string())
    );
    let title = advisory.title.as_deref().map_or_else(String::new, one_line);
    look.row(&mut out, "title", None, &title);
    if advisory.disputed {
        let text = "upstream does not consider it a vulnerability";
        look.row(&mut out, "disputed", None, text);
    }
    for one in &advisory.series {
        let range = if one.first == one.last {
            one.first.to_string()
        } else {
            format!("{} to {}", one.first, one.last)
        };
        let fixed = match (one.fixed_in, one.fixed_public) {
            (Some(fixed), true) => format!("fixed in {fixed}"),
            (Some(fixed), false) => {
                format!(
                    "fixed in {fixed}, {}",
                    entry::not_public(one.fixed_premium, one.fixed_unlisted)
                )
            }
            (None, _) => "no fix in this series".to_owned(),
        };
        look.row(
            &mut out,
            &one.series.to_string(),
            None,
            &format!("{range}; {fixed}"),
        );
    }
    let mut exposed = false;
    for link in &advisory.links {
        let (tone, said) = match link.affected {
            Some(true) => (Tone::Bad, "affected"),
            Some(false) => (Tone::Good, "not affected"),
            None => (Tone::Careful, "not known"),
        };
        exposed |= link.affected != Some(false);
        let text = format!("{} with OpenSSL {}: {said}", link.name, link.openssl);
        look.row(&mut out, "our link", Some(tone), &text);
    }
    if let Some(releases) = &advisory.releases {
        let number = count(releases.len(), "release has", "releases have");
        let text = match releases.as_slice() {
            [] => "none of our releases is known to have it".to_owned(),
            [.., last] if releases.len() > 6 => {
                format!("{number} it, {} to {last}", releases[0])
            }
            few => format!("{number} it: {}", in_words(few)),
        };
        look.row(&mut out, "ours", None, &text);
    }
    look.row(&mut out, "basis", None, &format!("facts taken {taken}"));
    look.row(&mut out, "read", None, &advisory.url);
    if exposed {
        look.next(&mut out, "`release-check check` says what to do about it");
    }
    out
}
