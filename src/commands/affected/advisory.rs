//! `affected CVE...`: which versions an advisory affects, where it is fixed, and what of ours has
//! it.

use std::collections::BTreeSet;
use std::fmt::Write;

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::Serialize;

use super::entry;
use crate::artefact::exposure::ProjectRelease;
use crate::openssl::advisory::{AffectedRange, CveId, Severity};
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
    /// The public releases it affects, by series; null where upstream names no version of the
    /// library.
    series: Option<Vec<SeriesJson>>,
    /// Whether some of what upstream says of versions could not be read: those of a series that is
    /// not named count as affected.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    unread: bool,
    /// Where upstream's ranges start that name no version of the library: they were left out.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    left_out: Vec<String>,
    /// The series that upstream did not look at, newest first.
    unanalysed: Vec<Series>,
    /// The links of this project, and whether each has it.
    links: Vec<LinkJson>,
    /// Our releases that have it, ascending; null where they could not be read.
    releases: Option<Vec<String>>,
    /// Our releases of which nobody knows: upstream did not look at the series that they carried,
    /// or what they carried could not be read.
    unknown_releases: Option<Vec<String>>,
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
        Some(known) if known.is_unread_for(version) => None,
        Some(known) if known.affects(version) => Some(true),
        Some(known) if known.names_versions() && upstream.is_free_of(known, version) => {
            upstream.release(version).map(|_| false)
        }
        _ => None,
    };
    let links = ours.into_iter().flat_map(|ours| &ours.links);
    // Of a release that has it nothing else matters.
    let has = |release: &ProjectRelease| -> Option<bool> {
        let carried: BTreeSet<Option<bool>> = release.openssl().into_iter().map(affected).collect();
        match carried.contains(&Some(true)) {
            true => Some(true),
            false if carried.contains(&None) || !release.unread.is_empty() => None,
            false => Some(false),
        }
    };
    let of_releases = |wanted: Option<bool>| {
        let ours = ours.filter(|ours| !ours.releases.is_empty())?;
        let releases = ours.releases.iter().filter(|one| has(one) == wanted);
        Some(releases.map(|release| release.version.clone()).collect())
    };
    Ok(AdvisoryJson {
        id,
        severity: known.map_or(Severity::Unknown, |known| known.advisory.severity.clone()),
        published: known.map(|known| known.advisory.published),
        title: known.and_then(|known| known.advisory.title.clone()),
        url: id.url(),
        disputed: dispute.is_some(),
        series: known
            .filter(|known| known.names_versions())
            .map(|known| series(known, upstream)),
        unread: known.is_some_and(|known| {
            let mut ranges = known.advisory.affected.iter();
            ranges.any(AffectedRange::is_unread)
        }),
        left_out: known.map_or_else(Vec::new, left_out),
        unanalysed: known.map_or_else(Vec::new, |known| upstream.unanalysed_series(known)),
        links: links
            .map(|(name, openssl)| LinkJson {
                name: name.clone(),
                openssl: *openssl,
                affected: affected(*openssl),
            })
            .collect(),
        releases: of_releases(Some(true)),
        unknown_releases: of_releases(None),
    })
}

/// Where the ranges start that count for no version.
fn left_out(known: &KnownAdvisory<'_>) -> Vec<String> {
    let affected = &known.advisory.affected;
    let starts = affected
        .iter()
        .filter(|range| !known.names_versions() && !range.is_unread());
    starts.map(|range| range.from.to_string()).collect()
}

/// The series that it affects, newest first.
fn series(known: &KnownAdvisory<'_>, upstream: &View<'_>) -> Vec<SeriesJson> {
    let mut found: Vec<SeriesJson> = Vec::new();
    for published in upstream.releases().iter().rev() {
        let version = published.release.version;
        if version.is_prerelease() || !known.affects(version) || known.is_unread_for(version) {
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
    affected_series(&mut out, advisory, look);
    if !advisory.unanalysed.is_empty() && advisory.series.is_some() {
        const SHOWN: usize = 4;
        let mut shown: Vec<String> = advisory
            .unanalysed
            .iter()
            .map(ToString::to_string)
            .collect();
        if shown.len() > SHOWN + 1 {
            let older = shown.split_off(SHOWN).len();
            shown.push(format!("{older} older series"));
        }
        let text = format!("upstream did not look at {}", in_words(shown));
        look.row(&mut out, "unanalysed", Some(Tone::Careful), &text);
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
    our_releases(&mut out, advisory, look);
    look.row(&mut out, "basis", None, &format!("facts taken {taken}"));
    look.row(&mut out, "read", None, &advisory.url);
    // `check` goes by versions that upstream names.
    if exposed && (advisory.series.is_some() || advisory.unread) {
        look.next(&mut out, "`release-check check` says what to do about it");
    }
    out
}

/// The rows of what it affects, a series each.
fn affected_series(out: &mut String, advisory: &AdvisoryJson, look: Look) {
    if advisory.unread {
        let (label, which) = match advisory.series {
            Some(_) => ("others", "some"),
            None => ("affects", "all"),
        };
        let text = format!(
            "not known: {which} of what upstream says of versions could not be read; they count as affected"
        );
        look.row(out, label, Some(Tone::Careful), &text);
    } else if advisory.series.is_none() && !advisory.disputed {
        let starts = advisory.left_out.iter();
        let starts: Vec<String> = starts
            .map(|start| format!("`{}`", one_line(start)))
            .collect();
        let what = match starts.is_empty() {
            true => "upstream names no version".to_owned(),
            false => format!(
                "{}, where upstream starts, is no version of the library",
                in_words(starts)
            ),
        };
        let text = format!("not known: {what}");
        look.row(out, "affects", Some(Tone::Careful), &text);
    }
    for one in advisory.series.iter().flatten() {
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
            out,
            &one.series.to_string(),
            None,
            &format!("{range}; {fixed}"),
        );
    }
}

/// The rows of our releases that have it, and of those of which nobody knows.
fn our_releases(out: &mut String, advisory: &AdvisoryJson, look: Look) {
    if let Some(releases) = &advisory.releases {
        let number = count(releases.len(), "release has", "releases have");
        let text = match releases.as_slice() {
            [] => "none of our releases is known to have it".to_owned(),
            [.., last] if releases.len() > 6 => {
                format!("{number} it, {} to {last}", releases[0])
            }
            few => format!("{number} it: {}", in_words(few)),
        };
        look.row(out, "ours", None, &text);
    }
    if let Some(unknown) = advisory
        .unknown_releases
        .as_deref()
        .filter(|all| !all.is_empty())
    {
        let number = count(unknown.len(), "release", "releases");
        let text = match unknown {
            [first, .., last] if unknown.len() > 6 => {
                format!("not known of {number}, {first} to {last}")
            }
            few => format!("not known of {number}: {}", in_words(few)),
        };
        look.row(out, "ours", Some(Tone::Careful), &text);
    }
}
