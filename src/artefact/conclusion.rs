//! From what compiled code says about itself to the OpenSSL that is in it.

use super::finding::{Evidence, ExaminedFile, Found, Linkage, OtherLibrary};
use super::native::{self, Native};
use crate::openssl::version::Version;

/// The numbers that BoringSSL, and AWS-LC after it, claim. The releases they belong to, 1.1.0g and
/// 1.1.1g, say so in their text too.
const CLAIMED: [u32; 2] = [0x1010_007f, 0x1010_107f];

/// Adds what one piece of compiled code says to a file's findings: a static library has many
/// pieces.
pub(super) fn add(file: &mut ExaminedFile, native: Native) {
    let found = openssl(&native);
    file.platform = file.platform.take().or(native.platform);
    file.is_shared_library |= native.is_shared_library;
    file.problems.extend(
        native
            .problem
            .filter(|problem| !file.problems.contains(problem)),
    );
    for need in native.needs {
        if !file.needs.contains(&need) {
            file.needs.push(need);
        }
    }
    let is_bare = native.texts.openssl.is_empty() && native.texts.other.is_empty();
    let claims = is_bare && native.numbers.iter().any(|number| CLAIMED.contains(number));
    let claiming = claims.then_some(OtherLibrary {
        name: "BoringSSL or AWS-LC",
        version: None,
    });
    for library in native.texts.other.into_iter().chain(claiming) {
        if !file.other.contains(&library) {
            file.other.push(library);
        }
    }
    for found in found {
        merge(&mut file.openssl, found);
    }
}

/// Adds a finding to others; of one version and linkage there is one.
pub(super) fn merge(all: &mut Vec<Found>, found: Found) {
    let same =
        |known: &&mut Found| known.version == found.version && known.linkage == found.linkage;
    if let Some(known) = all.iter_mut().find(same) {
        known.date = known.date.or(found.date);
        known.built = known.built.or(found.built);
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

fn openssl(native: &Native) -> Vec<Found> {
    let linkage = linkage(native);
    let found = |version: Version, evidence: Evidence| Found {
        version,
        date: None,
        built: None,
        evidence: vec![evidence],
        linkage,
    };
    let mut all = Vec::new();
    for text in &native.texts.openssl {
        let has_number = native
            .numbers
            .iter()
            .chain(&native.confirmed)
            .any(|&number| native::is_number_of(number, text.version));
        if text.whole || has_number {
            let evidence = if linkage == Linkage::DynamicReference {
                Evidence::HeaderText
            } else {
                Evidence::VersionText
            }(text.text.clone());
            merge(
                &mut all,
                Found {
                    date: text.date,
                    ..found(text.version, evidence)
                },
            );
        }
    }
    let numbers = native.numbers.iter().chain(&native.confirmed);
    for (&number, version) in
        numbers.filter_map(|number| Some((number, Version::from_number(*number)?)))
    {
        let texts = all
            .iter_mut()
            .filter(|known| known.version.finished() == version);
        let mut is_known = false;
        for known in texts {
            is_known = true;
            if !known.evidence.contains(&Evidence::VersionNumber(number)) {
                known.evidence.push(Evidence::VersionNumber(number));
            }
        }
        // The look-alikes return OpenSSL's numbers too.
        if !is_known && native.texts.other.is_empty() && !CLAIMED.contains(&number) {
            merge(&mut all, found(version, Evidence::VersionNumber(number)));
        }
    }
    if linkage != Linkage::DynamicReference
        && let [only] = all.as_mut_slice()
    {
        only.built = native.built;
    }
    all
}

fn linkage(native: &Native) -> Linkage {
    if native.is_shared_library {
        Linkage::BundledShared
    } else if native.needs.is_empty() || native.has_own_code || !native.numbers.is_empty() {
        Linkage::Static
    } else {
        Linkage::DynamicReference
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::artefact::finding::Format;
    use crate::artefact::version_text::{Texts, VersionText};

    fn text(text: &str, whole: bool) -> VersionText {
        VersionText {
            whole,
            ..super::super::version_text::read_whole(text)
                .unwrap()
                .unwrap()
        }
    }

    fn concluded(native: Native) -> Vec<String> {
        let mut file = ExaminedFile::new(String::new(), None, String::new(), Format::Elf);
        add(&mut file, native);
        let line = |found: &Found| {
            let evidence: Vec<String> = found.evidence.iter().map(Evidence::to_string).collect();
            format!(
                "{} {}: {}",
                found.version,
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
            other: vec![],
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
            other: vec![],
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
            other: vec![],
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
            openssl: vec![],
            other: vec![OtherLibrary {
                name: "BoringSSL",
                version: None,
            }],
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
            other: vec![],
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
            other: vec![],
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
