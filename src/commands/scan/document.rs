//! `scan --format json`.

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::Serialize;

use super::judged::{Judged, JudgedKnowledge};
use crate::artefact::{ExaminedFile, FileFormat, FoundOpenSsl, Linkage, OtherLibrary};
use crate::openssl::advisory::{CveId, Severity};
use crate::openssl::version::Version;

#[derive(Serialize, JsonSchema)]
#[schemars(title = "release-check scan --format json")]
pub(super) struct ScanJson<'a> {
    schema: u32,
    as_of: Date,
    /// The day the facts are of.
    taken: Date,
    files: Vec<ScannedFile<'a>>,
    /// What could not be read: nobody knows what stands there.
    unread: Vec<Unread<'a>>,
}

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "File")]
struct ScannedFile<'a> {
    path: &'a str,
    /// The path inside the archive, `!` between nested archives; null for the file itself.
    member: Option<&'a str>,
    format: FileFormat,
    platform: Option<&'a str>,
    openssl: Vec<OpenSsl<'a>>,
    /// Libraries that claim to be OpenSSL and are not.
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    other: &'a [OtherLibrary],
    /// The libssl and libcrypto it loads.
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    needs: &'a [String],
    /// What contradicts the rest.
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    problems: &'a [String],
}

#[derive(Serialize, JsonSchema)]
struct OpenSsl<'a> {
    /// Null where OpenSSL's own code is there and nothing says which.
    version: Option<Version>,
    /// The date in its version text.
    date: Option<Date>,
    /// The day OpenSSL's own code in it was compiled, where it says so.
    #[serde(skip_serializing_if = "Option::is_none")]
    built: Option<Date>,
    evidence: String,
    linkage: Linkage,
    /// `upstream`, or the distribution whose patched build it is.
    maintainer: &'a str,
    /// Null where upstream's advisories do not judge it: the version is not known, a distribution
    /// patched it, or the host brings the library.
    advisories: Option<Vec<FoundAdvisory>>,
    /// Advisories for which upstream did not look at the series.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    unanalysed: Vec<CveId>,
}

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Affecting")]
struct FoundAdvisory {
    id: CveId,
    severity: Severity,
    /// Whether a public release has the fix.
    fixed_public: bool,
}

#[derive(Serialize, JsonSchema)]
struct Unread<'a> {
    path: &'a str,
    /// The path inside the archive; null for the file itself.
    member: Option<&'a str>,
    why: &'a str,
}

pub(super) fn json<'a>(judged: &Judged<'a>) -> ScanJson<'a> {
    ScanJson {
        schema: 1,
        as_of: judged.upstream.day,
        taken: judged.upstream.taken,
        files: judged
            .files
            .iter()
            .map(|file| of_file(judged, file))
            .collect(),
        unread: judged.files.iter().flat_map(unread).collect(),
    }
}

fn unread(file: &ExaminedFile) -> impl Iterator<Item = Unread<'_>> {
    file.unread.iter().map(|why| Unread {
        path: &file.path,
        member: file.member.as_deref(),
        why,
    })
}

fn of_file<'a>(judged: &Judged<'a>, file: &'a ExaminedFile) -> ScannedFile<'a> {
    ScannedFile {
        path: &file.path,
        member: file.member.as_deref(),
        format: file.format,
        platform: file.platform.as_deref(),
        openssl: file
            .openssl
            .iter()
            .map(|found| openssl(judged, found))
            .collect(),
        other: &file.other,
        needs: &file.needs,
        problems: &file.problems,
    }
}

fn openssl<'a>(judged: &Judged<'a>, found: &'a FoundOpenSsl) -> OpenSsl<'a> {
    let (advisories, unanalysed) = match judged.knowledge(found) {
        JudgedKnowledge::NotKnown(_) => (None, Vec::new()),
        JudgedKnowledge::Known(verdict) => {
            let mut all: Vec<FoundAdvisory> = verdict
                .advisories
                .iter()
                .map(|known| FoundAdvisory {
                    id: known.advisory.id,
                    severity: known.advisory.severity.clone(),
                    fixed_public: found
                        .version
                        .is_some_and(|version| judged.upstream.has_public_fix(known, version)),
                })
                .collect();
            all.sort_by_key(|one| one.id);
            (Some(all), verdict.unanalysed)
        }
    };
    OpenSsl {
        version: found.version,
        date: found.date,
        built: found.built,
        evidence: found.reasons("; "),
        linkage: found.linkage,
        maintainer: found.maintainer.as_deref().unwrap_or("upstream"),
        advisories,
        unanalysed,
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_published_schema_is_this_one() {
        crate::text::schema::assert_published::<super::ScanJson<'_>>("scan");
    }
}
