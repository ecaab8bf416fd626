//! What an SBOM says of OpenSSL: CycloneDX and SPDX, in every form they are written in.

use memchr::memmem;
use serde::{Deserialize, Deserializer};

use super::finding::FileFormat;
use super::purl;
use crate::openssl::version::Version;
use crate::text::budget::{SBOM_BYTES, SBOM_CLAIMS};
use crate::text::few::few;

/// The statements of one SBOM about OpenSSL.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Sbom {
    pub(super) format: FileFormat,
    pub(super) claims: Vec<Claim>,
}

/// One statement: this OpenSSL, built from this source.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Claim {
    pub(super) version: Version,
    pub(super) purl: String,
    pub(super) sha256: Option<String>,
}

/// Reads an SBOM; none if the text is none or does not speak of OpenSSL.
///
/// Errors if it is one and is broken.
pub(super) fn read(bytes: &[u8]) -> Result<Option<Sbom>, String> {
    // Most files with such names are no SBOM, and most SBOMs do not speak of OpenSSL.
    if memmem::find(bytes, b"pkg:").is_none() {
        return Ok(None);
    }
    let has = |needle: &[u8]| memmem::find(bytes, needle).is_some();
    if bytes.len() > SBOM_BYTES {
        return Err(format!("an SBOM of more than {SBOM_BYTES} bytes"));
    }
    let text = std::str::from_utf8(bytes).map_err(|_| "not UTF-8".to_owned())?;
    let text = text.trim_start_matches('\u{feff}').trim_start();
    let sbom = if text.starts_with('{') {
        if has(b"\"bomFormat\"") {
            Sbom {
                format: FileFormat::CycloneDx,
                claims: cyclonedx(text)?,
            }
        } else if has(b"\"spdxVersion\"") || has(b"spdx.org/rdf") || has(b"\"SpdxDocument\"") {
            Sbom {
                format: FileFormat::Spdx,
                claims: spdx(text)?,
            }
        } else {
            return Ok(None);
        }
    } else if text.starts_with('<') && has(b"cyclonedx.org") {
        Sbom {
            format: FileFormat::CycloneDx,
            claims: xml(text),
        }
    } else if text.contains("SPDXVersion:") {
        Sbom {
            format: FileFormat::Spdx,
            claims: tag_value(text),
        }
    } else {
        return Ok(None);
    };
    if sbom.claims.len() > SBOM_CLAIMS {
        return Err(too_many());
    }
    Ok((!sbom.claims.is_empty()).then_some(sbom))
}

fn too_many() -> String {
    format!("more than {SBOM_CLAIMS} statements about OpenSSL")
}

/// The elements of a list that can say something of OpenSSL; the others are not held.
fn telling<'de, D: Deserializer<'de>, T: Telling + Deserialize<'de>>(
    deserializer: D,
) -> Result<Vec<T>, D::Error> {
    few(deserializer, SBOM_CLAIMS, T::tells, &too_many())
}

/// What may say something of OpenSSL.
trait Telling {
    fn tells(&self) -> bool;
}

impl Telling for SbomComponent {
    fn tells(&self) -> bool {
        !self.components.is_empty() || is_openssl(self.purl.as_deref())
    }
}

impl Telling for Hash {
    fn tells(&self) -> bool {
        self.alg == "SHA-256"
    }
}

impl Telling for SbomPackage {
    fn tells(&self) -> bool {
        !self.external_refs.is_empty()
    }
}

impl Telling for ExternalRef {
    fn tells(&self) -> bool {
        self.reference_type.ends_with("purl") && is_openssl(Some(&self.reference_locator))
    }
}

impl Telling for Checksum {
    fn tells(&self) -> bool {
        self.algorithm == "SHA256"
    }
}

impl Telling for Element {
    fn tells(&self) -> bool {
        is_openssl(self.purl.as_deref())
    }
}

impl Telling for Integrity {
    fn tells(&self) -> bool {
        self.algorithm == "sha256"
    }
}

fn is_openssl(purl: Option<&str>) -> bool {
    purl.is_some_and(|purl| purl::openssl_version(purl).is_some())
}

fn claim(purl: &str, sha256: Option<&str>) -> Option<Claim> {
    let sha256 = sha256
        .filter(|digest| digest.len() == 64 && digest.bytes().all(|byte| byte.is_ascii_hexdigit()));
    let shown = crate::text::one_line(&purl.chars().take(300).collect::<String>());
    Some(Claim {
        version: purl::openssl_version(purl)?,
        purl: shown,
        sha256: sha256.map(str::to_ascii_lowercase),
    })
}

#[derive(Deserialize)]
struct CycloneDx {
    metadata: Option<SbomMetadata>,
    #[serde(default, deserialize_with = "telling")]
    components: Vec<SbomComponent>,
}

#[derive(Deserialize)]
struct SbomMetadata {
    component: Option<SbomComponent>,
}

#[derive(Deserialize)]
struct SbomComponent {
    purl: Option<String>,
    #[serde(default, deserialize_with = "telling")]
    hashes: Vec<Hash>,
    #[serde(default, deserialize_with = "telling")]
    components: Vec<SbomComponent>,
}

#[derive(Deserialize)]
struct Hash {
    alg: String,
    content: String,
}

fn cyclonedx(text: &str) -> Result<Vec<Claim>, String> {
    fn collect(component: &SbomComponent, claims: &mut Vec<Claim>) {
        let sha256 = component
            .hashes
            .iter()
            .find(|hash| hash.alg == "SHA-256")
            .map(|hash| hash.content.as_str());
        claims.extend(
            component
                .purl
                .as_deref()
                .and_then(|purl| claim(purl, sha256)),
        );
        // serde_json has bounded the depth.
        component
            .components
            .iter()
            .for_each(|inner| collect(inner, claims));
    }
    let bom: CycloneDx = serde_json::from_str(text).map_err(|error| error.to_string())?;
    let mut claims = Vec::new();
    let top = bom.metadata.and_then(|metadata| metadata.component);
    top.iter()
        .chain(&bom.components)
        .for_each(|component| collect(component, &mut claims));
    Ok(claims)
}

#[derive(Deserialize)]
struct Spdx {
    #[serde(default, deserialize_with = "telling")]
    packages: Vec<SbomPackage>,
    /// SPDX 3 is a flat list of elements.
    #[serde(default, rename = "@graph", deserialize_with = "telling")]
    graph: Vec<Element>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct SbomPackage {
    #[serde(default, deserialize_with = "telling")]
    external_refs: Vec<ExternalRef>,
    #[serde(default, deserialize_with = "telling")]
    checksums: Vec<Checksum>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ExternalRef {
    #[serde(default)]
    reference_type: String,
    #[serde(default)]
    reference_locator: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Checksum {
    algorithm: String,
    checksum_value: String,
}

#[derive(Deserialize)]
struct Element {
    #[serde(alias = "software_packageUrl", alias = "packageUrl")]
    purl: Option<String>,
    #[serde(default, rename = "verifiedUsing", deserialize_with = "telling")]
    verified_using: Vec<Integrity>,
}

#[derive(Deserialize)]
struct Integrity {
    #[serde(default)]
    algorithm: String,
    #[serde(default, rename = "hashValue")]
    value: String,
}

fn spdx(text: &str) -> Result<Vec<Claim>, String> {
    let document: Spdx = serde_json::from_str(text).map_err(|error| error.to_string())?;
    let mut claims = Vec::new();
    for package in &document.packages {
        let sha256 = package
            .checksums
            .iter()
            .find(|checksum| checksum.algorithm == "SHA256")
            .map(|checksum| checksum.checksum_value.as_str());
        let purls = package
            .external_refs
            .iter()
            .filter(|reference| reference.reference_type.ends_with("purl"));
        claims.extend(purls.filter_map(|reference| claim(&reference.reference_locator, sha256)));
    }
    for element in &document.graph {
        let sha256 = element
            .verified_using
            .iter()
            .find(|integrity| integrity.algorithm == "sha256")
            .map(|integrity| integrity.value.as_str());
        claims.extend(element.purl.as_deref().and_then(|purl| claim(purl, sha256)));
    }
    Ok(claims)
}

/// SPDX as lines of `Tag: value`; a package's lines follow its name.
fn tag_value(text: &str) -> Vec<Claim> {
    let mut claims: Vec<Claim> = Vec::new();
    let (mut first, mut sha256) = (0, None);
    let end_package = |claims: &mut [Claim], sha256: Option<&str>| {
        for claim in claims {
            claim.sha256 = sha256.map(str::to_ascii_lowercase);
        }
    };
    for line in text.lines().map(str::trim) {
        if line.starts_with("PackageName:") {
            end_package(&mut claims[first..], sha256);
            (first, sha256) = (claims.len(), None);
        } else if let Some(digest) = line
            .strip_prefix("PackageChecksum:")
            .and_then(|rest| rest.trim().strip_prefix("SHA256:"))
        {
            sha256 = Some(digest.trim())
                .filter(|digest| digest.len() == 64)
                .or(sha256);
        } else if let Some(reference) = line.strip_prefix("ExternalRef:")
            && claims.len() <= SBOM_CLAIMS
        {
            let mut words = reference.split_ascii_whitespace().rev();
            if let (Some(purl), Some("purl")) = (words.next(), words.next()) {
                claims.extend(claim(purl, None));
            }
        }
    }
    end_package(&mut claims[first..], sha256);
    claims
}

/// CycloneDX as XML: within a component the digests stand before the package URL.
fn xml(text: &str) -> Vec<Claim> {
    let between = |part: &str, start: &str, end: &str| {
        let part = &part[part.find(start)? + start.len()..];
        Some(part[..part.find(end)?].trim().to_owned())
    };
    let components = text.split("<component").skip(1);
    let claims = components.filter_map(|component| {
        let purl = between(component, "<purl>", "</purl>")?.replace("&amp;", "&");
        claim(
            &purl,
            between(component, "<hash alg=\"SHA-256\">", "</hash>").as_deref(),
        )
    });
    claims.take(SBOM_CLAIMS + 1).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::budget::LIST_ELEMENTS;
    use proptest::prelude::*;

    #[test]
    fn what_costs_without_end_is_refused_or_not_held() {
        let purl = "pkg:generic/openssl@3.5.4";
        let json = format!(
            r#"{{"bomFormat":"CycloneDX","components":[{}{{"purl":"{purl}"}}]}}"#,
            "{},".repeat(1_000_000)
        );
        assert_eq!(read(json.as_bytes()).unwrap().unwrap().claims.len(), 1);
        let many = json.replace(
            "[{}",
            &format!("[{}{{}}", "{},".repeat(LIST_ELEMENTS - 1_000_000)),
        );
        let refused = read(many.as_bytes()).unwrap_err();
        assert!(refused.contains("more than 2000000 elements"), "{refused}");
        let reference = format!("ExternalRef: PACKAGE-MANAGER purl {purl}\n");
        let checksum = format!("PackageChecksum: SHA256: {SHA256}\n");
        let component = format!(r#"{{"purl":"{purl}"}},"#).repeat(SBOM_CLAIMS);
        for text in [
            format!("SPDXVersion: SPDX-2.3\n{}", reference.repeat(100_000)),
            format!(
                "SPDXVersion: SPDX-2.3\n{}",
                format!("{reference}{checksum}").repeat(50_000)
            ),
            format!(r#"{{"bomFormat":"CycloneDX","components":[{component}{{"purl":"{purl}"}}]}}"#),
            format!(
                "<bom xmlns=\"cyclonedx.org\">{}",
                format!("<component><purl>{purl}</purl>").repeat(100_000)
            ),
        ] {
            let refused = read(text.as_bytes()).unwrap_err();
            assert!(refused.contains("more than 1000 statements"), "{refused}");
        }
    }

    const SHA256: &str = "325b5c806167c13b40b1ffeadfe0248197c00eccc4cf123ec1e28d2d2fd216d9";

    #[test]
    fn every_form_says_the_same() {
        let cyclonedx = format!(
            r#"{{"bomFormat":"CycloneDX","specVersion":"1.5","components":[{{"type":"library","name":"outer","components":[
            {{"name":"whatever","purl":"pkg:generic/openssl@4.0.3","hashes":[{{"alg":"MD5","content":"0"}},{{"alg":"SHA-256","content":"{SHA256}"}}]}}]}}]}}"#
        );
        let spdx = format!(
            r#"{{"spdxVersion":"SPDX-2.3","packages":[{{"name":"x","checksums":[{{"algorithm":"SHA256","checksumValue":"{SHA256}"}}],
            "externalRefs":[{{"referenceCategory":"PACKAGE-MANAGER","referenceType":"purl","referenceLocator":"pkg:generic/openssl@4.0.3"}}]}}]}}"#
        );
        let spdx3 = format!(
            r#"{{"@context":"https://spdx.org/rdf/3.0.1/spdx-context.jsonld","@graph":[{{"type":"software_Package","software_packageUrl":"pkg:generic/openssl@4.0.3",
            "verifiedUsing":[{{"type":"Hash","algorithm":"sha256","hashValue":"{SHA256}"}}]}}]}}"#
        );
        let tags = format!(
            "SPDXVersion: SPDX-2.3\nPackageName: nss\nPackageChecksum: SHA256: 00\n\nPackageName: openssl\nPackageChecksum: SHA256: {SHA256}\nExternalRef: PACKAGE-MANAGER purl pkg:generic/openssl@4.0.3\n"
        );
        let xml = format!(
            "<?xml version=\"1.0\"?><bom xmlns=\"http://cyclonedx.org/schema/bom/1.5\"><components><component type=\"library\"><name>x</name><hashes><hash alg=\"SHA-256\">{SHA256}</hash></hashes><purl>pkg:generic/openssl@4.0.3</purl></component></components></bom>"
        );
        for text in [cyclonedx, spdx, spdx3, tags, xml] {
            let sbom = read(text.as_bytes()).unwrap().expect(&text);
            let claim = Claim {
                version: "4.0.3".parse().unwrap(),
                purl: "pkg:generic/openssl@4.0.3".to_owned(),
                sha256: Some(SHA256.to_owned()),
            };
            assert_eq!(sbom.claims, [claim], "{text}");
        }
    }

    #[test]
    fn a_name_is_no_claim() {
        let crates = r#"{"bomFormat":"CycloneDX","components":[{"name":"openssl","version":"3.5.4","purl":"pkg:cargo/openssl@0.10.81"},{"name":"openssl","version":"3.5.4"}]}"#;
        assert_eq!(read(crates.as_bytes()), Ok(None));
        assert_eq!(read(br#"{"purl":"pkg:generic/openssl@3.5.4"}"#), Ok(None));
        assert!(
            read(br#"{"bomFormat":"CycloneDX","components":[{"purl":"pkg:generic/openssl@3.5.4""#)
                .is_err()
        );
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_refused(text in "\\PC{0,80}") {
            let _ = read(format!("SPDXVersion: pkg: {text}").as_bytes());
            let _ = read(format!("<bom cyclonedx.org pkg: {text}<component<purl>{text}</purl>").as_bytes());
        }
    }
}
