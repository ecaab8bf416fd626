//! Releases as GitHub's API lists them, page by page (UPSTREAM 5.1).

use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::Deserialize;

use super::diagnostic::{Diagnostic, Reading};
use super::lenient::{self, Lenient, LenientList};
use super::plain_text::quoted;
use super::release::{Hashes, Release, digest};
use super::release_text::ReleaseText;
use crate::openssl::version::Version;
use crate::text::short_line;

/// One page of the list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ReleasesPage {
    /// The releases whose tags are OpenSSL versions, in the page's order.
    pub releases: Vec<GithubRelease>,
    /// How many entries the page has, whatever they are: a full page has a next one.
    pub entries: usize,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GithubRelease {
    /// The version, by its tag.
    pub version: Version,
    /// The day it was published, in UTC; a draft has none.
    pub date: Option<Date>,
    /// Whether it is a draft: not public yet.
    pub draft: bool,
    /// Whether GitHub marks it as a pre-release.
    pub prerelease: bool,
    /// What its text says it fixes, where it says so.
    pub text: Option<ReleaseText>,
    /// Its files, as far as they are completely there.
    pub assets: Vec<Asset>,
}

/// One file of a release. Its address is not read: files are fetched by their path below the
/// configured root, never by an address out of an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asset {
    pub name: String,
    pub size: Option<u64>,
    /// The digest that GitHub took of it, where it says one.
    pub hashes: Hashes,
}

/// A release as the API sends it, OpenSSL's and anybody's.
#[derive(Deserialize)]
pub(crate) struct ReleaseAnswer {
    pub(crate) tag_name: String,
    #[serde(default)]
    pub(crate) id: Lenient<u64>,
    #[serde(default)]
    pub(crate) html_url: Lenient<String>,
    #[serde(default)]
    pub(crate) draft: Lenient<bool>,
    #[serde(default)]
    prerelease: Lenient<bool>,
    #[serde(default)]
    published_at: Lenient<String>,
    #[serde(default)]
    pub(crate) body: Lenient<String>,
    #[serde(default)]
    assets: LenientList<WireAsset>,
}

#[derive(Deserialize)]
struct WireAsset {
    name: String,
    #[serde(default)]
    size: Lenient<u64>,
    #[serde(default)]
    state: Lenient<String>,
    #[serde(default)]
    digest: Lenient<String>,
}

/// Reads one page. `document` names it in diagnostics.
///
/// # Errors
///
/// If the text is not a JSON list: an error's object, a page of HTML, half an answer.
pub fn read(document: &str, text: &str) -> Result<Reading<ReleasesPage>, Diagnostic> {
    let wire: Vec<Lenient<ReleaseAnswer>> = lenient::list(text)
        .map_err(|error| Diagnostic::new(document, format!("not read: {error}")))?;
    let mut reading = Reading::<ReleasesPage>::default();
    reading.value.entries = wire.len();
    for entry in &wire {
        let Some(release) = &entry.0 else {
            reading.notes.push(Diagnostic::new(
                document,
                "an entry without a tag was left out",
            ));
            continue;
        };
        // FIPS modules and the like are published in the same place.
        let Ok(version) = Version::from_tag(&release.tag_name) else {
            continue;
        };
        let date = release.published_at.0.as_deref().and_then(utc_day);
        let draft = release.draft.0.unwrap_or(false);
        if date.is_none() && !draft {
            let said = release.published_at.0.as_deref().unwrap_or("missing");
            reading.notes.push(Diagnostic::new(
                document,
                format!("`published_at` of {version} is {}", quoted(said)),
            ));
        }
        let prerelease = release.prerelease.0.unwrap_or(false);
        let assets = release
            .assets
            .read()
            .filter(|asset| {
                asset
                    .state
                    .0
                    .as_deref()
                    .is_none_or(|state| state == "uploaded")
            })
            .map(asset)
            .collect();
        reading.value.releases.push(GithubRelease {
            version,
            date,
            draft,
            prerelease,
            text: release.body.0.as_deref().and_then(ReleaseText::read),
            assets,
        });
    }
    Ok(reading)
}

impl GithubRelease {
    /// Its source tarball: the one asset that a release is.
    pub fn tarball(&self) -> Option<&Asset> {
        let name = format!("openssl-{}.tar.gz", self.version);
        self.assets.iter().find(|asset| asset.name == name)
    }

    /// The release it stands for; none for a draft, which nobody can see, and without a date.
    pub fn release(&self) -> Option<Release> {
        let tarball = self.tarball();
        Some(Release {
            version: self.version,
            date: self.date.filter(|_| !self.draft)?,
            hashes: tarball
                .map(|asset| asset.hashes.clone())
                .unwrap_or_default(),
            size: tarball.and_then(|asset| asset.size),
            url: None,
            commit: None,
            withdrawn: None,
            text: self.text.clone(),
        })
    }
}

fn utc_day(text: &str) -> Option<Date> {
    let timestamp: jiff::Timestamp = text.trim().parse().ok()?;
    Some(timestamp.to_zoned(TimeZone::UTC).date())
}

fn asset(wire: &WireAsset) -> Asset {
    Asset {
        name: short_line(&wire.name, 200),
        size: wire.size.0,
        hashes: wire.digest.0.as_deref().map(hashes).unwrap_or_default(),
    }
}

/// A digest as GitHub writes it: `sha256:` and 64 hexadecimal digits.
fn hashes(written: &str) -> Hashes {
    let mut hashes = Hashes::default();
    let Some((algorithm, digits)) = written.trim().split_once(':') else {
        return hashes;
    };
    let (place, length) = match algorithm.to_ascii_lowercase().as_str() {
        "sha256" => (&mut hashes.sha256, 64),
        "sha512" => (&mut hashes.sha512, 128),
        "sha1" => (&mut hashes.sha1, 40),
        _ => return hashes,
    };
    *place = digest(digits, length);
    hashes
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    #[test]
    fn a_page() {
        let digest = "AB".repeat(32);
        let page = json!([
            {"tag_name": "openssl-3.5.4", "draft": false, "prerelease": false, "published_at": "2025-09-30T23:59:59Z", "new_field": [1], "assets": [
                {"name": "openssl-3.5.4.tar.gz", "size": 7, "state": "uploaded", "digest": format!("sha256:{digest}"), "browser_download_url": "http://evil.example"},
                {"name": "openssl-3.5.4.tar.gz.asc", "size": 3, "state": "uploaded", "digest": null},
                {"name": "openssl-3.5.4.tar.gz.sha256", "size": 0, "state": "starter"}]},
            {"tag_name": "OpenSSL_1_1_1w", "draft": false, "prerelease": false, "published_at": "2023-09-11T14:00:00+02:00", "assets": []},
            {"tag_name": "openssl-3.6.0-beta1", "prerelease": true, "published_at": "2025-09-16T00:00:00Z", "assets": "none"},
            {"tag_name": "openssl-3.6.9", "draft": true, "published_at": null, "assets": []},
            {"tag_name": "OpenSSL-fips-2_0_16", "published_at": "2017-05-24T00:00:00Z"},
            {"tag_name": "openssl-3.6.8", "published_at": "soon"},
            {"name": "nothing"},
        ]);
        let reading = read("releases", &page.to_string()).expect("a page");
        assert_eq!(reading.value.entries, 7);
        let shown: Vec<String> = reading
            .value
            .releases
            .iter()
            .map(|release| match release.release() {
                Some(public) => serde_json::to_string(&public).expect("JSON"),
                None => format!("{} draft: {}", release.version, release.draft),
            })
            .collect();
        assert_eq!(reading.value.releases[0].assets.len(), 2);
        assert_eq!(
            shown[0],
            format!(
                r#"{{"version":"3.5.4","date":"2025-09-30","hashes":{{"sha256":"{}"}},"size":7}}"#,
                digest.to_lowercase()
            )
        );
        insta::assert_snapshot!(shown[1..].join("\n"), @r#"
        {"version":"1.1.1w","date":"2023-09-11","hashes":{}}
        {"version":"3.6.0-beta1","date":"2025-09-16","hashes":{}}
        3.6.9 draft: true
        3.6.8 draft: false
        "#);
        let notes: Vec<String> = reading.notes.iter().map(ToString::to_string).collect();
        insta::assert_snapshot!(notes.join("\n"), @"
        `releases`: `published_at` of 3.6.8 is `soon`
        `releases`: an entry without a tag was left out
        ");
    }

    #[test]
    fn what_is_no_list_is_refused() {
        for text in [
            "",
            "{\"message\":\"API rate limit exceeded\"}",
            "<html>",
            "[{\"tag_name\":",
        ] {
            assert!(read("releases", text).is_err(), "{text}");
        }
        assert_eq!(
            read("releases", " []\n").expect("a page").value,
            ReleasesPage::default()
        );
    }

    #[test]
    fn only_whole_digests_count() {
        for digest in ["sha256:abc", "md7:00", "0000", "sha256:", "sha256:zz"] {
            assert_eq!(hashes(digest), Hashes::default(), "{digest}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_refused(text in "\\PC{0,80}|\\[\\{\"tag_name\":\"\\PC{0,20}\"\\}\\]") {
            let _ = read("releases", &text);
        }
    }
}
