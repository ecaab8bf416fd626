//! `history`: our releases, the OpenSSL they carried, its advisories, and how long users were exposed.

use std::collections::BTreeSet;
use std::fmt::Write;

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::Serialize;

use super::published::{self, Release};
use super::{Context, Report, facts};
use crate::advisory::{CveId, Severity};
use crate::artefact::exposure::{self, Exposure, Knowledge, ProjectRelease};
use crate::cli::Format;
use crate::fault::Fault;
use crate::report;
use crate::text::{count, in_words};
use crate::upstream::View;
use crate::version::Version;

/// Bytes that one run fetches at most; the next run goes on from there.
const BUDGET: u64 = 1 << 30;

#[derive(Serialize, JsonSchema)]
#[schemars(title = "release-check history --format json")]
struct Document<'a> {
    schema: u32,
    #[serde(serialize_with = "crate::date::as_iso::serialize")]
    #[schemars(with = "String")]
    as_of: Date,
    #[serde(serialize_with = "crate::date::as_iso::serialize")]
    #[schemars(with = "String")]
    taken: Date,
    /// Newest first.
    releases: Vec<Entry<'a>>,
    /// Releases that this run did not reach; another run goes on from there.
    unexamined: Vec<String>,
}

#[derive(Serialize, JsonSchema)]
struct Entry<'a> {
    version: &'a str,
    #[serde(serialize_with = "crate::date::as_optional_iso::serialize")]
    #[schemars(with = "Option<String>")]
    published: Option<Date>,
    openssl: &'a BTreeSet<Version>,
    /// Whether the facts know this OpenSSL: of a newer one they say nothing.
    known: bool,
    /// Null where it is not known.
    advisories: Option<Vec<Carried<'a>>>,
}

#[derive(Serialize, JsonSchema)]
struct Carried<'a> {
    id: CveId,
    severity: Option<&'a Severity>,
    #[serde(serialize_with = "crate::date::as_iso::serialize")]
    #[schemars(with = "String")]
    exposed_from: Date,
    #[serde(serialize_with = "crate::date::as_optional_iso::serialize")]
    #[schemars(with = "Option<String>")]
    exposed_until: Option<Date>,
    /// The first later release without it; null while there is none.
    fixed_in: Option<&'a str>,
    /// Days of exposure, up to the day that is answered for; null where a day is not known.
    days: Option<i32>,
}

/// Runs the command.
pub(super) fn run(context: &Context, published: bool) -> Result<Report, Fault> {
    if !published {
        return Err(Fault::usage("which history? `--published` reads it from the package index"));
    }
    let config = context.config()?;
    let facts = facts::gather(context, &config)?;
    let upstream = facts.view(context, &config);
    let files = published::files(context, &config)?;
    let listed = published::releases(&files);
    let (releases, unexamined) = examined(context, &listed)?;
    let knowledge = exposure::exposures(&releases, &upstream);
    let entries: Vec<(&ProjectRelease, &Knowledge)> = releases.iter().zip(&knowledge).rev().collect();
    let text = match context.format {
        Format::Json => {
            let releases = entries.iter().map(|(release, knowledge)| entry(release, knowledge, &upstream)).collect();
            report::pretty(&Document { schema: 1, as_of: upstream.day, taken: upstream.taken, releases, unexamined })
        }
        _ => text(&entries, &unexamined, &upstream),
    };
    Ok(Report::done(text))
}

/// What each release carried, ascending; the newest are examined first, as far as the budget goes.
fn examined(context: &Context, listed: &[Release<'_>]) -> Result<(Vec<ProjectRelease>, Vec<String>), Fault> {
    let (mut releases, mut unexamined) = (Vec::new(), Vec::new());
    let mut spent = 0;
    for release in listed.iter().rev().filter(|release| !release.version.is_prerelease()) {
        if spent > BUDGET {
            unexamined.push(release.version.to_string());
            continue;
        }
        let (examined, bytes) = published::examine(context, release)?;
        spent += bytes;
        releases.push(examined);
    }
    releases.reverse();
    Ok((releases, unexamined))
}

fn entry<'a>(release: &'a ProjectRelease, knowledge: &'a Knowledge, upstream: &'a View<'_>) -> Entry<'a> {
    let advisories = match knowledge {
        Knowledge::Known(exposures) => Some(exposures.iter().map(|exposure| carried(exposure, upstream)).collect()),
        Knowledge::NotKnown(_) => None,
        Knowledge::NoOpenSsl => Some(Vec::new()),
    };
    Entry {
        version: &release.version,
        published: release.published,
        openssl: &release.openssl,
        known: !matches!(knowledge, Knowledge::NotKnown(_)),
        advisories,
    }
}

fn carried<'a>(exposure: &'a Exposure, upstream: &'a View<'_>) -> Carried<'a> {
    Carried {
        id: exposure.id,
        severity: upstream.advisory(exposure.id).map(|known| &known.advisory.severity),
        exposed_from: exposure.from,
        exposed_until: exposure.until.as_ref().and_then(|(_, day)| *day),
        fixed_in: exposure.until.as_ref().map(|(version, _)| version.as_str()),
        days: exposure.days(upstream.day),
    }
}

fn text(entries: &[(&ProjectRelease, &Knowledge)], unexamined: &[String], upstream: &View<'_>) -> String {
    let mut out = String::new();
    for (release, knowledge) in entries {
        let published = release.published.map_or_else(|| "-".to_owned(), |day| day.to_string());
        let openssl = if release.openssl.is_empty() { "no OpenSSL".to_owned() } else { format!("OpenSSL {}", in_words(&release.openssl)) };
        let summary = match knowledge {
            Knowledge::Known(exposures) => count(exposures.len(), "advisory", "advisories"),
            Knowledge::NotKnown(version) => format!("not known: nothing of {version} in the facts of {}", upstream.taken),
            Knowledge::NoOpenSsl => "-".to_owned(),
        };
        let _ = writeln!(out, "{:<12}  {published:<10}  {openssl:<22}  {summary}", release.version);
        let Knowledge::Known(exposures) = knowledge else { continue };
        for exposure in exposures {
            let severity = upstream.advisory(exposure.id).map_or_else(String::new, |known| known.advisory.severity.to_string());
            let days = exposure
                .days(upstream.day)
                .map_or_else(String::new, |days| format!(", {}", count(usize::try_from(days).unwrap_or(0), "day", "days")));
            let until = match &exposure.until {
                Some((version, _)) => format!("until {version}"),
                None => "until now: no release has the fix".to_owned(),
            };
            let _ = writeln!(out, "  {:<16}  {severity:<8}  from {} {until}{days}", exposure.id, exposure.from);
        }
    }
    if !unexamined.is_empty() {
        let _ = writeln!(out, "not examined this time, run again to go on: {}", in_words(unexamined));
    }
    let _ = writeln!(out, "facts taken {}", upstream.taken);
    out
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_published_schema_is_this_one() {
        crate::schema::assert_published::<super::Document<'_>>("history");
    }
}
