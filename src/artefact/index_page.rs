//! The page of one package on a package index: the simple repository API, as JSON (PEP 691, 700)
//! and as HTML (PEP 503, 592).

use jiff::civil::Date;
use scraper::Selector;
use serde::Deserialize;

use crate::openssl::upstream::page;
use crate::text::budget::INDEX_FILES;
use crate::text::date;
use crate::text::few::few;
use crate::text::one_line;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IndexFile {
    pub name: String,
    /// Where it is: an address, or a path relative to the page.
    pub address: String,
    /// SHA-256, lower-case hexadecimal.
    pub sha256: Option<String>,
    /// Bytes.
    pub size: Option<u64>,
    /// The day it was published, where the index says so.
    pub uploaded: Option<Date>,
    /// Whether the project has taken it back.
    pub yanked: bool,
}

#[derive(Deserialize)]
struct IndexPage {
    #[serde(deserialize_with = "few_files")]
    files: Vec<ListedFile>,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
struct ListedFile {
    filename: String,
    url: String,
    #[serde(default)]
    hashes: FileHashes,
    size: Option<u64>,
    upload_time: Option<String>,
    #[serde(default)]
    yanked: Yanked,
}

#[derive(Deserialize, Default)]
struct FileHashes {
    sha256: Option<String>,
}

/// `true`, or the reason in words.
#[derive(Deserialize)]
#[serde(untagged)]
enum Yanked {
    Flag(bool),
    Reason(serde::de::IgnoredAny),
}

impl Default for Yanked {
    fn default() -> Self {
        Self::Flag(false)
    }
}

/// Reads a page in either form, whatever the server called it.
pub fn read(page: &[u8]) -> Result<Vec<IndexFile>, String> {
    let text = std::str::from_utf8(page).map_err(|_| "the index's page is not UTF-8".to_owned())?;
    let start = text.trim_start_matches('\u{feff}').trim_start();
    let files = if start.starts_with('{') {
        json(start)?
    } else {
        html(start)?
    };
    if files.len() > INDEX_FILES {
        return Err(too_many());
    }
    Ok(files)
}

fn json(text: &str) -> Result<Vec<IndexFile>, String> {
    let page: IndexPage = serde_json::from_str(text)
        .map_err(|error| format!("the index's page cannot be read: {error}"))?;
    let files = page.files.into_iter().map(|file| IndexFile {
        name: one_line(&file.filename),
        address: file.url,
        sha256: file.hashes.sha256.and_then(|digest| digest_of(&digest)),
        size: file.size,
        uploaded: file
            .upload_time
            .as_deref()
            .and_then(|time| time.get(..10))
            .and_then(date::iso),
        yanked: matches!(file.yanked, Yanked::Flag(true) | Yanked::Reason(_)),
    });
    Ok(files.collect())
}

fn html(text: &str) -> Result<Vec<IndexFile>, String> {
    let Ok(anchors) = Selector::parse("a[href]") else {
        return Ok(Vec::new());
    };
    let page = page::parse("index", text)
        .map_err(|refused| format!("the index's page is {}", refused.text))?;
    let files = page.select(&anchors).filter_map(|anchor| {
        let href = anchor.value().attr("href")?;
        let (address, fragment) = href.split_once('#').unwrap_or((href, ""));
        let sha256 = fragment
            .split('&')
            .find_map(|part| part.strip_prefix("sha256="))
            .and_then(digest_of);
        let name = one_line(&anchor.text().collect::<String>());
        let yanked = anchor.value().attr("data-yanked").is_some();
        (!name.is_empty()).then(|| IndexFile {
            name,
            address: address.to_owned(),
            sha256,
            size: None,
            uploaded: None,
            yanked,
        })
    });
    Ok(files.collect())
}

fn too_many() -> String {
    format!("the index's page lists more than {INDEX_FILES} files")
}

/// The files, none held beyond the budget.
fn few_files<'de, D: serde::Deserializer<'de>>(
    deserializer: D,
) -> Result<Vec<ListedFile>, D::Error> {
    few(deserializer, INDEX_FILES, |_| true, &too_many())
}

fn digest_of(text: &str) -> Option<String> {
    let plain = text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    plain.then(|| text.to_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const SHA256: &str = "325b5c806167c13b40b1ffeadfe0248197c00eccc4cf123ec1e28d2d2fd216d9";

    #[test]
    fn both_forms() {
        let json = format!(
            r#"{{"meta":{{"api-version":"1.1"}},"name":"x","versions":["1.0"],"files":[
            {{"filename":"x-1.0-cp311-abi3-win_amd64.whl","url":"https://files.example.org/x.whl","hashes":{{"sha256":"{SHA256}"}},"size":5,"upload-time":"2025-10-15T23:17:31.123Z","yanked":false}},
            {{"filename":"x-0.9.tar.gz","url":"../../x-0.9.tar.gz","hashes":{{}},"yanked":"broken"}}]}}"#
        );
        let html = format!(
            "<!DOCTYPE html><html><body><h1>Links</h1><a href=\"https://files.example.org/x.whl#sha256={SHA256}\" data-requires-python=\"&gt;=3.7\">x-1.0-cp311-abi3-win_amd64.whl</a><br/>\n<a href=\"../../x-0.9.tar.gz\" data-yanked=\"broken\">x-0.9.tar.gz</a></body></html>"
        );
        let from_json = read(json.as_bytes()).unwrap();
        assert_eq!(from_json[0].uploaded.unwrap().to_string(), "2025-10-15");
        let without_extras: Vec<IndexFile> = from_json
            .into_iter()
            .map(|file| IndexFile {
                size: None,
                uploaded: None,
                ..file
            })
            .collect();
        let from_html = read(html.as_bytes()).unwrap();
        assert_eq!(from_html, without_extras);
        assert_eq!(
            (
                from_html[0].sha256.as_deref(),
                from_html[0].yanked,
                from_html[1].yanked
            ),
            (Some(SHA256), false, true)
        );
    }

    #[test]
    fn no_page() {
        assert!(read(b"{\"message\":\"not found\"}").is_err());
        assert!(read(b"\xff").is_err());
        assert_eq!(read(b"<html></html>"), Ok(vec![]));
    }

    #[test]
    fn what_costs_without_end_is_refused() {
        for page in [
            "<a href=x>x</a><div></x>".repeat(50_000),
            "<a href=x>x</a>".repeat(INDEX_FILES + 1),
            format!(
                r#"{{"files":[{}{{"filename":"","url":""}}]}}"#,
                r#"{"filename":"","url":""},"#.repeat(INDEX_FILES)
            ),
        ] {
            let refused = read(page.as_bytes()).expect_err("a refusal");
            assert!(refused.contains("more than"), "{refused}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_refused(text in "\\PC{0,80}") {
            let _ = read(text.as_bytes());
            let _ = read(format!("<a href=\"{text}").as_bytes());
        }
    }
}
