//! From what compiled code says about itself to the OpenSSL that is in it.

use super::finding::{Evidence, ExaminedFile, FoundOpenSsl, Linkage, OtherLibrary};
use super::maintainer;
use super::native::{self, Native};
use super::version_text::VersionText;
use crate::openssl::version::Version;

/// The numbers that BoringSSL, and AWS-LC after it, claim. The releases they belong to, 1.1.0g and
/// 1.1.1g, say so in their text too.
const CLAIMED: [u32; 2] = [0x1010_007f, 0x1010_107f];

/// The forks of OpenSSL that keep its text and number beside their own.
const KEEPERS: [&str; 2] = ["BabaSSL", "Tongsuo"];

/// Adds what compiled code says to a file's findings.
pub(super) fn add(file: &mut ExaminedFile, native: Native) {
    let found = openssl(&native);
    let other = other(&native);
    file.platform = file.platform.take().or(native.platform);
    file.is_shared_library |= native.is_shared_library;
    file.unread.extend(native.problem);
    for need in native.needs {
        if !file.needs.contains(&need) {
            file.needs.push(need);
        }
    }
    for library in other {
        if !file.other.contains(&library) {
            file.other.push(library);
        }
    }
    for found in found {
        merge(&mut file.openssl, found);
    }
}

/// The libraries in it that are not OpenSSL.
fn other(native: &Native) -> Vec<OtherLibrary> {
    let mut other = native.texts.other.clone();
    if is_code(native) {
        let forks = native.texts.openssl.iter().filter(|text| text.whole);
        other.extend(forks.filter_map(VersionText::as_fork));
    }
    let is_bare = native.texts.openssl.is_empty() && other.is_empty();
    if is_bare && native.numbers.iter().any(|number| CLAIMED.contains(number)) {
        let word = native.texts.words.first().copied();
        other.push(OtherLibrary {
            name: word.unwrap_or("BoringSSL or AWS-LC"),
            version: None,
        });
    }
    other
}

/// Adds a finding to others; of one version and linkage there is one.
pub(super) fn merge(all: &mut Vec<FoundOpenSsl>, found: FoundOpenSsl) {
    let same = |known: &&mut FoundOpenSsl| {
        known.version == found.version && known.linkage == found.linkage
    };
    if let Some(known) = all.iter_mut().find(same) {
        known.date = known.date.or(found.date);
        known.built = known.built.or(found.built);
        known.maintainer = known.maintainer.take().or(found.maintainer);
        for evidence in found.evidence {
            if !known.evidence.contains(&evidence) {
                known.evidence.push(evidence);
            }
        }
    } else {
        all.push(found);
        all.sort_by_key(|found| (found.version, found.linkage));
    }
}

fn openssl(native: &Native) -> Vec<FoundOpenSsl> {
    let keeps = |library: &OtherLibrary| KEEPERS.contains(&library.name);
    let is_fork = native.texts.other.iter().any(keeps)
        || is_code(native) && texts(native).any(|text| text.fork.is_some());
    if is_fork {
        return Vec::new();
    }
    let linkage = linkage(native);
    let mut all = Vec::new();
    let is_any_confirmed = texts(native).any(|text| has_number(native, text));
    for text in texts(native) {
        // Beside the text that the code confirms, another one is that of headers.
        let is_header =
            !has_number(native, text) && (is_any_confirmed || is_contradicted(native, text));
        let linkage = match linkage {
            Linkage::Static if is_header => Linkage::HeaderText,
            linkage => linkage,
        };
        let evidence = match linkage {
            Linkage::DynamicReference | Linkage::HeaderText => Evidence::HeaderText,
            _ => Evidence::VersionText,
        };
        let found = found(Some(text.version), evidence(text.text.clone()), linkage);
        merge(
            &mut all,
            FoundOpenSsl {
                date: text.date,
                // What headers of a fork were used for loads the fork.
                maintainer: text.fork.map(str::to_owned),
                ..found
            },
        );
    }
    numbered(native, linkage, &mut all);
    let is_shipped =
        |found: &FoundOpenSsl| matches!(found.linkage, Linkage::Static | Linkage::BundledShared);
    let marks = &native.texts.marks;
    let is_named = |library: &OtherLibrary| library.name == "LibreSSL" && library.version.is_some();
    if !all.iter().any(is_shipped) && marks.are_code() && !native.texts.other.iter().any(is_named) {
        merge(&mut all, unsaid(native, linkage));
    }
    let maintainer = maintainer::of(native);
    for found in all.iter_mut().filter(|found| is_shipped(found)) {
        found.maintainer = found.maintainer.take().or_else(|| maintainer.clone());
    }
    if let [only] = all.as_mut_slice()
        && is_shipped(only)
    {
        only.built = native.built;
    }
    all
}

fn found(version: Option<Version>, evidence: Evidence, linkage: Linkage) -> FoundOpenSsl {
    FoundOpenSsl {
        version,
        date: None,
        built: None,
        evidence: vec![evidence],
        linkage,
        maintainer: None,
    }
}

/// The texts that count: of a library that answers as an older one to what was linked against that,
/// only its own.
fn texts(native: &Native) -> impl Iterator<Item = &VersionText> {
    let counting = native
        .texts
        .openssl
        .iter()
        .filter(|text| text.whole || has_number(native, text));
    let own = native.has_compatible
        && native
            .texts
            .openssl
            .iter()
            .any(|text| is_default(native, text));
    let newest = counting.clone().map(|text| text.version.finished()).max();
    counting.filter(move |text| {
        !native.has_compatible
            || is_default(native, text)
            || !own && Some(text.version.finished()) == newest
    })
}

/// Whether it is the number of the function that is linked against.
fn is_default(native: &Native, text: &VersionText) -> bool {
    let mut numbers = native.numbers.iter();
    numbers.any(|&number| native::is_number_of(number, text.version))
}

fn has_number(native: &Native, text: &VersionText) -> bool {
    let mut numbers = native.numbers.iter().chain(&native.confirmed);
    numbers.any(|&number| native::is_number_of(number, text.version))
}

/// Whether OpenSSL 3's own number is there and is another one.
fn is_contradicted(native: &Native, text: &VersionText) -> bool {
    !native.has_own_code
        && !native.bare.is_empty()
        && !native.bare.contains(&text.version.finished())
}

/// Adds what the functions that return a number say.
fn numbered(native: &Native, linkage: Linkage, all: &mut Vec<FoundOpenSsl>) {
    let confirmed = native.confirmed.iter().filter(|_| !native.has_compatible);
    let numbers = native.numbers.iter().chain(confirmed);
    for (&number, version) in
        numbers.filter_map(|number| Some((number, Version::from_number(*number)?)))
    {
        let texts = all.iter_mut().filter(|known| {
            known
                .version
                .is_some_and(|known| known.finished() == version)
        });
        let mut is_known = false;
        for known in texts {
            is_known = true;
            if !known.evidence.contains(&Evidence::VersionNumber(number)) {
                known.evidence.push(Evidence::VersionNumber(number));
            }
        }
        // The look-alikes return OpenSSL's numbers too.
        if !is_known && native.texts.other.is_empty() && !CLAIMED.contains(&number) {
            merge(
                all,
                found(Some(version), Evidence::VersionNumber(number), linkage),
            );
        }
    }
}

/// OpenSSL's own code without a version text: since 3.0 its provider gives a bare number, which is
/// its version where it is the only one that an OpenSSL has had.
fn unsaid(native: &Native, linkage: Linkage) -> FoundOpenSsl {
    let code = Evidence::OwnCode(native.texts.marks.count());
    let mut only = native.bare.iter().copied();
    match (only.next(), only.next()) {
        (Some(version), None) => FoundOpenSsl {
            evidence: vec![Evidence::ProviderVersion(version), code],
            ..found(Some(version), Evidence::ProviderVersion(version), linkage)
        },
        _ => found(None, code, linkage),
    }
}

/// Whether OpenSSL's own code is in it, and not just a text of its headers.
fn is_code(native: &Native) -> bool {
    let marks = &native.texts.marks;
    let has_text = native.texts.openssl.iter().any(|text| text.whole);
    let is_marked = if native.needs.is_empty() && has_text {
        marks.are_code_beside_a_text()
    } else {
        marks.are_code()
    };
    native.has_own_code || is_marked || !native.numbers.is_empty() || !native.confirmed.is_empty()
}

fn linkage(native: &Native) -> Linkage {
    if native.is_shared_library {
        Linkage::BundledShared
    } else if is_code(native) {
        Linkage::Static
    } else if native.needs.is_empty() {
        Linkage::HeaderText
    } else {
        Linkage::DynamicReference
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::artefact::finding::FileFormat;
    use crate::artefact::version_text::Texts;

    fn text(text: &str, whole: bool) -> VersionText {
        VersionText {
            whole,
            ..super::super::version_text::read_whole(text)
                .unwrap()
                .unwrap()
        }
    }

    fn concluded(native: Native) -> Vec<String> {
        let mut file = ExaminedFile::new(String::new(), None, String::new(), FileFormat::Elf);
        add(&mut file, native);
        let line = |found: &FoundOpenSsl| {
            let evidence: Vec<String> = found.evidence.iter().map(Evidence::to_string).collect();
            format!(
                "{} {}: {}",
                found
                    .version
                    .map_or("-".to_owned(), |version| version.to_string()),
                found.linkage,
                evidence.join("; ")
            )
        };
        file.openssl.iter().map(line).collect()
    }

    #[test]
    fn text_and_number_are_one_finding() {
        let texts = Texts {
            openssl: vec![text("OpenSSL 3.5.4 30 Sep 2025", true)],
            ..Texts::default()
        };
        let native = Native {
            texts,
            numbers: vec![0x3050_0040],
            ..Native::default()
        };
        assert_eq!(
            concluded(native),
            ["3.5.4 static: version text `OpenSSL 3.5.4 30 Sep 2025`; version number 0x30500040"]
        );
    }

    #[test]
    fn a_sentence_counts_only_with_the_number() {
        let texts = || Texts {
            openssl: vec![text("OpenSSL 3.5.4 30 Sep 2025", false)],
            ..Texts::default()
        };
        assert_eq!(
            concluded(Native {
                texts: texts(),
                ..Native::default()
            }),
            [] as [String; 0]
        );
        assert_eq!(
            concluded(Native {
                texts: texts(),
                confirmed: vec![0x3050_0040],
                ..Native::default()
            })
            .len(),
            1
        );
    }

    #[test]
    fn text_and_number_that_differ_are_two_findings() {
        let texts = Texts {
            openssl: vec![text("OpenSSL 3.5.4 30 Sep 2025", true)],
            ..Texts::default()
        };
        let native = Native {
            texts,
            numbers: vec![0x3050_0030],
            ..Native::default()
        };
        assert_eq!(
            concluded(native),
            [
                "3.5.3 static: version number 0x30500030",
                "3.5.4 static: version text `OpenSSL 3.5.4 30 Sep 2025`"
            ]
        );
    }

    #[test]
    fn look_alikes_do_not_become_openssl_by_their_number() {
        let texts = Texts {
            other: vec![OtherLibrary {
                name: "BoringSSL",
                version: None,
            }],
            ..Texts::default()
        };
        assert_eq!(
            concluded(Native {
                texts,
                numbers: vec![0x1010_107f],
                ..Native::default()
            }),
            [] as [String; 0]
        );
    }

    #[test]
    fn a_number_that_look_alikes_claim_is_no_evidence_alone() {
        let text = || Texts {
            openssl: vec![text("OpenSSL 1.1.1g  21 Apr 2020", true)],
            ..Texts::default()
        };
        assert_eq!(
            concluded(Native {
                numbers: vec![0x1010_107f],
                ..Native::default()
            }),
            [] as [String; 0]
        );
        assert_eq!(
            concluded(Native {
                numbers: vec![0x1010_117f],
                ..Native::default()
            }),
            ["1.1.1w static: version number 0x1010117f"]
        );
        assert_eq!(
            concluded(Native {
                texts: text(),
                numbers: vec![0x1010_107f],
                ..Native::default()
            })
            .len(),
            1
        );
    }

    #[test]
    fn what_loads_the_systems_library_carries_the_headers_text() {
        let texts = || Texts {
            openssl: vec![text("OpenSSL 3.0.13 30 Jan 2024", true)],
            ..Texts::default()
        };
        let needs = || vec!["libcrypto.so.3".to_owned()];
        let native = Native {
            texts: texts(),
            needs: needs(),
            ..Native::default()
        };
        assert_eq!(
            concluded(native),
            ["3.0.13 dynamic-reference: compiled with headers of `OpenSSL 3.0.13 30 Jan 2024`"]
        );
        let native = Native {
            texts: texts(),
            needs: needs(),
            has_own_code: true,
            ..Native::default()
        };
        assert_eq!(
            concluded(native),
            ["3.0.13 static: version text `OpenSSL 3.0.13 30 Jan 2024`"]
        );
    }
}
