//! One CVE record in JSON, as the release-metadata tree holds it and as the CVE programme
//! serialises it (UPSTREAM 1).

mod bounds;
mod notes;
mod ranges;
mod rest;
mod wire;

use jiff::civil::Date;

use super::diagnostic::{Diagnostic, Reading};
use super::lenient::{self, Lenient};
use super::plain_text::{quoted, web_address};
use crate::openssl::advisory::{Advisory, CveId, Severity};
use crate::openssl::version::{Series, Version};
use crate::text::date;
use crate::text::short_line;
use wire::{WireCna, WireContainers, WireProduct, WireRecord, WireReference};

use notes::DocumentNotes;

/// What a record says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum CveRecord {
    Published(Box<PublishedAdvisory>),
    /// The identifier was given back (`REJECTED`): what had been said under it no longer holds.
    Rejected(CveId),
    /// A record that is not about the OpenSSL library, or not public yet.
    Unrelated(CveId),
}

/// A published advisory, and the commits that its record names as the fix.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublishedAdvisory {
    /// The advisory. Its `url` is the record's vendor advisory.
    pub advisory: Advisory,
    /// The fixes its record refers to, in the record's order.
    pub patches: Vec<Patch>,
    /// Whether no record could be read and all this stands in an advisory text alone: anything
    /// known from an earlier record is better.
    pub from_text: bool,
}

/// A reference to a fix (`3.5.4 git commit`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Patch {
    /// Where the fix is.
    pub place: PatchPlace,
    /// Whether upstream says that only premium customers get it.
    pub premium: bool,
    /// The commit, lower-case hexadecimal, as much of it as upstream wrote.
    pub commit: Option<String>,
}

/// Where a fix is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PatchPlace {
    /// In a version.
    Version(Version),
    /// On a series' branch and in no version yet (`4.0 branch git commit`).
    Branch(Series),
    /// Not said.
    Unnamed,
}

/// Reads one record. `name` is its file's name: where the identifier inside differs, the file is
/// believed, as it was upstream's when that happened (UPSTREAM 1.1).
///
/// # Errors
///
/// If the text is no CVE record: no JSON, no identifier.
pub(crate) fn read(name: &str, text: &str) -> Result<Reading<CveRecord>, Diagnostic> {
    let file = name.rsplit('/').next().unwrap_or(name);
    let unreadable =
        |why: String| Diagnostic::new(file, format!("not read as a CVE record: {why}"));
    let wire: WireRecord = lenient::object(text).map_err(unreadable)?;
    let mut notes = DocumentNotes {
        document: file,
        notes: Vec::new(),
    };
    let metadata = wire.cve_metadata.0.as_ref();
    let inside = metadata.and_then(|metadata| metadata.cve_id.0.as_deref());
    let id = identifier(file, inside.unwrap_or("missing"), &mut notes).map_err(unreadable)?;
    // Without any of it the document is of another kind.
    let absent = WireContainers::default();
    let containers = wire.containers.0.as_ref();
    if metadata.is_none() && containers.is_none() {
        return Err(unreadable(
            "it has neither `cveMetadata` nor `containers`".to_owned(),
        ));
    }
    let cna = &containers.unwrap_or(&absent).cna;
    let state = metadata.and_then(|metadata| metadata.state.0.as_deref());
    let state = state.map(str::to_ascii_uppercase);
    if let Some(kind) = wire
        .data_type
        .0
        .as_deref()
        .filter(|kind| *kind != "CVE_RECORD")
    {
        notes.say(format!("`dataType` is {}, not `CVE_RECORD`", quoted(kind)));
    }
    let names_versions = cna.affected.read().next().is_some();
    let record = match state.as_deref() {
        Some("REJECTED") => {
            notes.say(format!("{id} was rejected: OpenSSL no longer stands by it"));
            CveRecord::Rejected(id)
        }
        Some("RESERVED") if !names_versions => {
            notes.say(format!("{id} is only reserved"));
            CveRecord::Unrelated(id)
        }
        state => {
            if state != Some("PUBLISHED") {
                notes.say(format!(
                    "`state` is {}; read as published",
                    quoted(state.unwrap_or("missing"))
                ));
            }
            let recorded = metadata.and_then(|metadata| metadata.date_published.0.as_deref());
            published(id, cna, recorded, &mut notes).map_err(unreadable)?
        }
    };
    Ok(Reading {
        value: record,
        notes: notes.notes,
    })
}

/// The identifier of a record, by its file's name where that is one.
fn identifier(file: &str, inside: &str, notes: &mut DocumentNotes<'_>) -> Result<CveId, String> {
    let named = file
        .strip_suffix(".json")
        .and_then(|stem| stem.parse::<CveId>().ok());
    let said = inside.trim().parse::<CveId>();
    match (named, said) {
        (Some(named), Ok(said)) if named == said => Ok(named),
        (Some(named), _) => {
            notes.say(format!(
                "`cveId` is {}; the file's name is believed",
                quoted(inside)
            ));
            Ok(named)
        }
        (None, Ok(said)) => Ok(said),
        (None, Err(error)) => Err(error.to_string()),
    }
}

fn published(
    id: CveId,
    cna: &WireCna,
    recorded: Option<&str>,
    notes: &mut DocumentNotes<'_>,
) -> Result<CveRecord, String> {
    let ours: Vec<&WireProduct> = cna
        .affected
        .read()
        .filter(|product| is_openssl(product, notes))
        .collect();
    let misshapen = cna.affected.misshapen() > 0;
    if misshapen {
        notes.say(
            "an entry of `affected` has an unknown form: every version counts as affected, but for series that others name"
                .to_owned(),
        );
    }
    if ours.is_empty() && !misshapen {
        notes.say("names no affected versions of the OpenSSL library".to_owned());
        // Without any product the record is damaged, not about something else.
        return if cna.affected.read().next().is_some() {
            Ok(CveRecord::Unrelated(id))
        } else {
            Err("`affected` names no product".to_owned())
        };
    }
    let ranges::RecordRanges {
        affected,
        unaffected,
    } = ranges::read(&ours, misshapen, notes);
    let url = vendor_advisory(cna);
    let patches: Vec<Patch> = cna.references.read().filter_map(patch).collect();
    let advisory = Advisory {
        id,
        severity: severity(cna, notes),
        published: day(cna, recorded, url.as_deref(), notes),
        title: cna
            .title
            .0
            .as_deref()
            .map(|title| short_line(title, 300))
            .filter(|title| !title.is_empty()),
        cwe: weaknesses(cna),
        affected,
        url,
        unaffected,
        unanalysed: Vec::new(),
        premium: premium(&patches),
    };
    Ok(CveRecord::Published(Box::new(PublishedAdvisory {
        advisory,
        patches,
        from_text: false,
    })))
}

/// Whether a product is the library, or not known to be something else: where upstream names it
/// otherwise, that is read as the library, but for the FIPS provider, which has versions of its own.
/// What is left out is reported.
fn is_openssl(product: &WireProduct, notes: &mut DocumentNotes<'_>) -> bool {
    let said = |field: &Lenient<String>| field.0.as_deref().unwrap_or_default().trim().to_owned();
    let vendor = said(&product.vendor);
    let name = match said(&product.product) {
        name if name.is_empty() => said(&product.package_name),
        name => name,
    };
    let lower = name.to_ascii_lowercase();
    let named = ["openssl", "libssl", "libcrypto"]
        .iter()
        .any(|word| lower.contains(word));
    let by_vendor = vendor.is_empty() || vendor.to_ascii_lowercase().contains("openssl");
    let ours = !lower.contains("fips") && by_vendor && (named || lower.is_empty());
    if !ours {
        notes.say(format!(
            "product {} of vendor {} is not the OpenSSL library and was left out",
            quoted(&name),
            quoted(&vendor)
        ));
    } else if lower != "openssl" {
        notes.say(format!(
            "product {} of vendor {} is read as the OpenSSL library",
            quoted(&name),
            quoted(&vendor)
        ));
    }
    ours
}

fn severity(cna: &WireCna, notes: &mut DocumentNotes<'_>) -> Severity {
    let Some(metric) = cna.metrics.read().next() else {
        notes.say("carries no rating of OpenSSL's own".to_owned());
        return Severity::Unknown;
    };
    let severity = Severity::read(&metric.other.content.text);
    if let Severity::Other(word) = &severity {
        notes.say(format!("the severity {} is not a known one", quoted(word)));
    }
    severity
}

/// The day a record became public; where `datePublic` says none, the day of its advisory file, then
/// of its publication as a record. Without any it is as old as whoever reads it first says:
/// [`Date::MAX`].
fn day(
    cna: &WireCna,
    recorded: Option<&str>,
    url: Option<&str>,
    notes: &mut DocumentNotes<'_>,
) -> Date {
    let said = cna.date_public.0.as_deref();
    if let Some(day) = said.and_then(date::public) {
        return day;
    }
    let advisory = url.and_then(|url| super::secadv::day_of(url.rsplit('/').next()?));
    let day = advisory.or_else(|| recorded.and_then(date::public));
    let said = quoted(said.unwrap_or("missing"));
    notes.say(match day {
        Some(day) => format!("`datePublic` is {said}; read as {day}"),
        None => format!(
            "`datePublic` is {said} and nothing else dates it; it counts from when it is read first"
        ),
    });
    day.unwrap_or(Date::MAX)
}

fn vendor_advisory(cna: &WireCna) -> Option<String> {
    let mut advisories = cna
        .references
        .read()
        .filter(|reference| has_tag(reference, "vendor-advisory"));
    advisories.find_map(|reference| web_address(&reference.url))
}

fn has_tag(reference: &WireReference, tag: &str) -> bool {
    reference.tags.read().any(|found| found == tag)
}

/// The weaknesses by their identifiers; free text in their place is left out.
fn weaknesses(cna: &WireCna) -> Vec<String> {
    let mut found = Vec::new();
    for weakness in cna
        .problem_types
        .read()
        .flat_map(|problem| problem.descriptions.read())
    {
        let id = [&weakness.cwe_id, &weakness.description]
            .into_iter()
            .find_map(|text| cwe(text.0.as_deref()?));
        if let Some(id) = id.filter(|id| !found.contains(id)) {
            found.push(id);
        }
    }
    found
}

/// `CWE-125`, at the start of a text.
fn cwe(text: &str) -> Option<String> {
    let digits = text.trim().strip_prefix("CWE-")?;
    let digits = &digits[..digits
        .find(|c: char| !c.is_ascii_digit())
        .unwrap_or(digits.len())];
    (1..=6)
        .contains(&digits.len())
        .then(|| format!("CWE-{digits}"))
}

/// The versions that only premium customers get, by the references.
fn premium(patches: &[Patch]) -> Vec<Version> {
    let mut found: Vec<Version> = patches
        .iter()
        .filter(|patch| patch.premium)
        .filter_map(|patch| match patch.place {
            PatchPlace::Version(version) => Some(version),
            PatchPlace::Branch(_) | PatchPlace::Unnamed => None,
        })
        .collect();
    found.sort_unstable();
    found.dedup();
    found
}

fn patch(reference: &WireReference) -> Option<Patch> {
    if !has_tag(reference, "patch") {
        return None;
    }
    let name = reference.name.0.as_deref().unwrap_or_default();
    let first = name.split_whitespace().next().unwrap_or_default();
    let branch = name
        .contains("branch")
        .then(|| first.parse().ok().map(PatchPlace::Branch))
        .flatten();
    let place = branch
        .or_else(|| first.parse().ok().map(PatchPlace::Version))
        .unwrap_or(PatchPlace::Unnamed);
    let premium = name.to_ascii_lowercase().contains("premium")
        || reference.url.contains("/extended-releases/");
    Some(Patch {
        place,
        premium,
        commit: commit(&reference.url),
    })
}

/// The commit an address ends with. Some are short, one has a letter too many (UPSTREAM 1.8).
fn commit(url: &str) -> Option<String> {
    let last = url.rsplit(['/', '=']).next()?;
    let digits = &last[..last
        .find(|c: char| !c.is_ascii_hexdigit())
        .unwrap_or(last.len())];
    (7..=40)
        .contains(&digits.len())
        .then(|| digits.to_ascii_lowercase())
}

#[cfg(test)]
mod tests;
