//! What files that are shipped together say about each other.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use super::conclusion::merge;
use super::finding::{Evidence, ExaminedFile, FileFormat, FoundOpenSsl, Linkage};
use super::kind::{self, base};
use crate::openssl::version::Version;
use crate::text::budget::SBOM_EVIDENCE;

/// Joins the files that are shipped together, which are those of one archive; loose files of one
/// folder are given together.
///
/// * What loads a libssl or libcrypto that is shipped along has that one's version, whatever
///   headers it was compiled with.
/// * What an SBOM says becomes evidence for the code it speaks of; where it says something else,
///   that is a problem of the SBOM.
pub fn settle(files: &mut Vec<ExaminedFile>) {
    let mut units: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (at, file) in files.iter().enumerate() {
        units.entry(file.unit.clone()).or_default().push(at);
    }
    for unit in units.values() {
        bundled(files, unit);
        statements(files, unit);
        builds(files, unit);
    }
    files.retain(|file| !file.format.is_sbom() || !file.is_blank());
}

/// A version, the date in its text, and whose build it is.
type Dated = (Option<Version>, Option<Date>, Option<String>);

/// A shared libssl or libcrypto that is shipped along.
struct Library {
    name: String,
    needs: Vec<String>,
    found: Option<Dated>,
}

fn bundled(files: &mut [ExaminedFile], unit: &[usize]) {
    let libraries: BTreeMap<String, Library> = unit
        .iter()
        .map(|&at| &files[at])
        .filter(|file| file.is_shared_library)
        .map(library)
        .collect();
    if libraries.is_empty() {
        return;
    }
    for &at in unit {
        let file = &mut files[at];
        if file
            .openssl
            .iter()
            .all(|found| found.linkage != Linkage::DynamicReference)
        {
            continue;
        }
        let Some((name, version)) = file.needs.iter().find_map(|need| loaded(&libraries, need))
        else {
            continue;
        };
        let (references, mut rest): (Vec<FoundOpenSsl>, Vec<FoundOpenSsl>) =
            std::mem::take(&mut file.openssl)
                .into_iter()
                .partition(|found| found.linkage == Linkage::DynamicReference);
        for reference in references {
            let (version, date, maintainer) =
                version
                    .clone()
                    .unwrap_or((reference.version, reference.date, None));
            let mut evidence = vec![Evidence::Loads(name.clone())];
            evidence.extend(reference.evidence);
            merge(
                &mut rest,
                FoundOpenSsl {
                    version,
                    date,
                    built: None,
                    evidence,
                    linkage: Linkage::BundledShared,
                    maintainer,
                },
            );
        }
        file.openssl = rest;
    }
}

fn library(file: &ExaminedFile) -> (String, Library) {
    let name = base(file.member.as_deref().unwrap_or(&file.path)).to_owned();
    let found = file
        .openssl
        .iter()
        .find(|found| found.linkage == Linkage::BundledShared)
        .map(|found| (found.version, found.date, found.maintainer.clone()));
    (
        name.to_ascii_lowercase(),
        Library {
            name,
            needs: file.needs.clone(),
            found,
        },
    )
}

/// The bundled library of this name and the version that it has, or that the libcrypto has which it
/// loads itself.
fn loaded(libraries: &BTreeMap<String, Library>, need: &str) -> Option<(String, Option<Dated>)> {
    let find = |need: &str| libraries.get(&base(need).to_ascii_lowercase());
    let library = find(need)?;
    let found = library.found.clone().or_else(|| {
        library
            .needs
            .iter()
            .find_map(|need| find(need)?.found.clone())
    });
    Some((library.name.clone(), found))
}

/// A libssl comes from the package of the libcrypto beside it, and the header from that of the
/// static library.
fn builds(files: &mut [ExaminedFile], unit: &[usize]) {
    let is_bundled = |found: &&FoundOpenSsl| found.linkage == Linkage::BundledShared;
    let mut known: BTreeMap<Version, String> = BTreeMap::new();
    for &at in unit {
        let bundled = files[at].openssl.iter().filter(is_bundled);
        known.extend(bundled.filter_map(|found| Some((found.version?, found.maintainer.clone()?))));
    }
    for &at in unit {
        for found in &mut files[at].openssl {
            if found.linkage == Linkage::BundledShared && found.maintainer.is_none() {
                found.maintainer = found
                    .version
                    .and_then(|version| known.get(&version).cloned());
            }
        }
    }
    let mut linked: BTreeMap<Version, String> = known;
    for &at in unit {
        let shipped = files[at].shipped();
        linked
            .extend(shipped.filter_map(|found| Some((found.version?, found.maintainer.clone()?))));
    }
    for &at in unit {
        if files[at].format != FileFormat::Opensslv {
            continue;
        }
        for found in &mut files[at].openssl {
            let theirs = found.version.and_then(|version| linked.get(&version));
            found.maintainer = found.maintainer.take().or_else(|| theirs.cloned());
        }
    }
}

fn statements(files: &mut [ExaminedFile], unit: &[usize]) {
    let is_shipped =
        |found: &&FoundOpenSsl| matches!(found.linkage, Linkage::Static | Linkage::BundledShared);
    let of = |sboms: bool| {
        unit.iter()
            .copied()
            .filter(|&at| files[at].format.is_sbom() == sboms)
            .collect::<Vec<usize>>()
    };
    let (sboms, code) = (of(true), of(false));
    let versions = |set: &[usize]| -> BTreeSet<Version> {
        set.iter()
            .flat_map(|&at| files[at].shipped().filter_map(|found| found.version))
            .collect()
    };
    let shipped = versions(&code);
    let claims: Vec<(usize, FoundOpenSsl)> = sboms
        .iter()
        .flat_map(|&at| {
            files[at]
                .openssl
                .iter()
                .map(move |found| (at, found.clone()))
        })
        .collect();
    if shipped.is_empty() || claims.is_empty() {
        return;
    }
    let claimed: BTreeSet<Version> = claims
        .iter()
        .filter_map(|(_, found)| found.version)
        .collect();
    let said = said(files, &claims, &shipped);
    for &other in &code {
        for found in &mut files[other].openssl {
            if is_shipped(&&*found)
                && let Some((evidence, maintainer)) =
                    found.version.and_then(|version| said.get(&version))
            {
                found.evidence.extend(evidence.iter().cloned());
                if maintainer.is_some() {
                    found.maintainer.clone_from(maintainer);
                }
            }
        }
    }
    for &at in &sboms {
        files[at].openssl.retain(|found| {
            found
                .version
                .is_none_or(|version| !shipped.contains(&version))
        });
    }
    silence(files, sboms[0], &shipped, &claimed);
}

fn listed(versions: &BTreeSet<Version>) -> String {
    let versions: Vec<String> = versions.iter().map(Version::to_string).collect();
    versions.join(", ")
}

/// Evidence for a version, and who rebuilt it.
type SbomWords = (Vec<Evidence>, Option<String>);

/// What SBOMs say of the versions that are shipped; what they say of another is a problem of theirs.
fn said(
    files: &mut [ExaminedFile],
    claims: &[(usize, FoundOpenSsl)],
    shipped: &BTreeSet<Version>,
) -> BTreeMap<Version, SbomWords> {
    let mut said: BTreeMap<Version, SbomWords> = BTreeMap::new();
    for (at, claim) in claims {
        let Some(version) = claim.version else {
            continue;
        };
        if !shipped.contains(&version) {
            let problem = format!(
                "the SBOM says OpenSSL {version}, the code is OpenSSL {}",
                listed(shipped)
            );
            files[*at].problems.push(problem);
            continue;
        }
        let (evidence, maintainer) = said.entry(version).or_default();
        let room = SBOM_EVIDENCE.saturating_sub(evidence.len());
        evidence.extend(claim.evidence.iter().take(room).cloned());
        // It names the rebuild whose marks are those of the family.
        if claim.maintainer.is_some() {
            maintainer.clone_from(&claim.maintainer);
        }
    }
    said
}

/// What no SBOM names is a problem of the first one.
fn silence(
    files: &mut [ExaminedFile],
    sbom: usize,
    shipped: &BTreeSet<Version>,
    claimed: &BTreeSet<Version>,
) {
    let silent: BTreeSet<Version> = shipped.difference(claimed).copied().collect();
    // A folder, and an application's archive, may hold the files of many projects, each with its own
    // SBOM or none.
    let first = &files[sbom];
    let is_archive = first.member.as_deref().is_some_and(|member| {
        !member.contains(".dist-info/") || kind::zip_format(&first.unit_name()) == FileFormat::Wheel
    });
    if is_archive && !silent.is_empty() && claimed.is_subset(shipped) {
        files[sbom].problems.push(format!(
            "no SBOM names OpenSSL {}, which the code carries",
            listed(&silent)
        ));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(
        member: &str,
        format: FileFormat,
        version: &str,
        linkage: Linkage,
        evidence: Evidence,
    ) -> ExaminedFile {
        let mut file = ExaminedFile::new(
            "x.whl".to_owned(),
            Some(member.to_owned()),
            "x.whl!".to_owned(),
            format,
        );
        file.openssl = vec![FoundOpenSsl {
            version: version.parse().ok(),
            date: None,
            built: None,
            evidence: vec![evidence],
            linkage,
            maintainer: None,
        }];
        file
    }

    fn sbom(version: &str) -> ExaminedFile {
        let purl = Evidence::Purl {
            purl: format!("pkg:generic/openssl@{version}"),
            sha256: None,
        };
        file(
            "x.dist-info/sboms/sbom.json",
            FileFormat::CycloneDx,
            version,
            Linkage::Source,
            purl,
        )
    }

    fn module(version: &str) -> ExaminedFile {
        file(
            "x/_rust.so",
            FileFormat::Elf,
            version,
            Linkage::Static,
            Evidence::VersionText(format!("OpenSSL {version}")),
        )
    }

    #[test]
    fn the_bundled_library_answers_for_what_loads_it() {
        let mut module = file(
            "x/_ssl.so",
            FileFormat::Elf,
            "3.0.13",
            Linkage::DynamicReference,
            Evidence::HeaderText("OpenSSL 3.0.13".to_owned()),
        );
        module.needs = vec!["libssl-1a2b.so.3".to_owned()];
        let mut libssl = ExaminedFile::new(
            "x.whl".to_owned(),
            Some("x.libs/libssl-1a2b.so.3".to_owned()),
            "x.whl!".to_owned(),
            FileFormat::Elf,
        );
        (libssl.is_shared_library, libssl.needs) = (true, vec!["libcrypto-3c4d.so.3".to_owned()]);
        let text = Evidence::VersionText("OpenSSL 3.0.15".to_owned());
        let mut libcrypto = file(
            "x.libs/libcrypto-3c4d.so.3",
            FileFormat::Elf,
            "3.0.15",
            Linkage::BundledShared,
            text,
        );
        libcrypto.is_shared_library = true;
        let mut files = vec![module.clone(), libssl, libcrypto];
        settle(&mut files);
        assert_eq!(
            (
                files[0].openssl[0].version.unwrap().to_string().as_str(),
                files[0].openssl[0].linkage
            ),
            ("3.0.15", Linkage::BundledShared)
        );
        // In another archive it does not answer.
        let mut apart = files;
        (apart[0], apart[1].unit, apart[2].unit) =
            (module, "other.whl".to_owned(), "other.whl".to_owned());
        settle(&mut apart);
        assert_eq!(apart[0].openssl[0].linkage, Linkage::DynamicReference);
    }

    #[test]
    fn a_header_is_of_the_package_of_the_static_library() {
        let header = |version: &str| {
            let evidence = Evidence::Header(format!("OpenSSL {version}"));
            file(
                "include/openssl/opensslv.h",
                FileFormat::Opensslv,
                version,
                Linkage::Source,
                evidence,
            )
        };
        let mut library = module("3.0.22");
        library.openssl[0].maintainer = Some("Debian".to_owned());
        let mut files = vec![header("3.0.22"), header("3.0.21"), library];
        settle(&mut files);
        assert_eq!(files[0].openssl[0].maintainer.as_deref(), Some("Debian"));
        assert_eq!(files[1].openssl[0].maintainer, None);
    }

    #[test]
    fn an_sbom_that_agrees_is_evidence() {
        let mut files = vec![module("4.0.3"), sbom("4.0.3")];
        settle(&mut files);
        assert_eq!((files.len(), files[0].openssl[0].evidence.len()), (1, 2));
    }

    #[test]
    fn an_sbom_that_does_not_agree_is_reported() {
        let mut files = vec![module("4.0.2"), sbom("4.0.3")];
        settle(&mut files);
        assert_eq!(
            files[1].problems,
            ["the SBOM says OpenSSL 4.0.3, the code is OpenSSL 4.0.2"]
        );
        let mut files = vec![module("4.0.2"), module("1.1.1w"), sbom("4.0.2")];
        settle(&mut files);
        assert_eq!(
            files[2].problems,
            ["no SBOM names OpenSSL 1.1.1w, which the code carries"]
        );
    }

    #[test]
    fn an_sbom_alone_speaks_for_itself() {
        let mut files = vec![sbom("4.0.3")];
        settle(&mut files);
        assert_eq!(
            (files.len(), files[0].problems.len(), files[0].openssl.len()),
            (1, 0, 1)
        );
    }
}
