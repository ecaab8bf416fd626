//! The version that OpenSSL's own sources name: `VERSION.dat` from 3.0 on, `opensslv.h` before.

use std::collections::BTreeSet;

use super::members::{EntryKind, SourceEntry};
use crate::openssl::version::Version;
use crate::text;

/// Where the version stands, each era in its own place (`VERSION` in the first alphas of 3.0).
const DATA: [&str; 2] = ["VERSION.dat", "VERSION"];
const HEADERS: [&str; 3] = [
    "include/openssl/opensslv.h",
    "crypto/opensslv.h",
    "opensslv.h",
];

/// Whether a file of the source tree names its version.
pub(super) fn names_version(path: &str) -> bool {
    DATA.contains(&path) || HEADERS.contains(&path)
}

/// The version that the files of a source tree name.
pub(super) fn version(entries: &[SourceEntry]) -> Result<Version, String> {
    let contents = |path: &str| {
        entries
            .iter()
            .find(|entry| entry.path == path)
            .and_then(|entry| match &entry.kind {
                EntryKind::File { contents, .. } => {
                    Some(String::from_utf8_lossy(contents).into_owned())
                }
                EntryKind::Symlink { .. } => None,
            })
    };
    if let Some((path, data)) = DATA.iter().find_map(|path| Some((path, contents(path)?))) {
        return of_data(&data).map_err(|problem| format!("its `{path}` {problem}"));
    }
    if let Some((path, header)) = HEADERS
        .iter()
        .find_map(|path| Some((path, contents(path)?)))
    {
        return of_header(&header).map_err(|problem| format!("its `{path}` {problem}"));
    }
    Err(
        "it has neither `VERSION.dat` nor `opensslv.h`, so nothing in it says which version it is"
            .to_owned(),
    )
}

/// Reads `VERSION.dat`: lines of `KEY=value`.
fn of_data(data: &str) -> Result<Version, String> {
    let value = |key: &str| {
        let line = data
            .lines()
            .find_map(|line| line.trim().strip_prefix(key)?.strip_prefix('='));
        line.map_or("", |value| value.trim().trim_matches('"'))
    };
    let (metadata, stage) = (value("BUILD_METADATA"), value("PRE_RELEASE_TAG"));
    let dash = if stage.is_empty() { "" } else { "-" };
    let plus = if metadata.is_empty() { "" } else { "+" };
    read(&format!(
        "{}.{}.{}{dash}{stage}{plus}{metadata}",
        value("MAJOR"),
        value("MINOR"),
        value("PATCH")
    ))
}

/// Reads the text of `OPENSSL_VERSION_TEXT`, which stands there twice where there is a FIPS build
/// too.
fn of_header(header: &str) -> Result<Version, String> {
    let texts = header.lines().filter_map(|line| {
        line.split_once("OPENSSL_VERSION_TEXT")?
            .1
            .trim()
            .strip_prefix("\"OpenSSL ")
    });
    let names: BTreeSet<&str> = texts
        .filter_map(|text| text.split([' ', '"']).next())
        .map(|word| word.strip_suffix("-fips").unwrap_or(word))
        .collect();
    match names.into_iter().collect::<Vec<_>>().as_slice() {
        [] => Err("names no version".to_owned()),
        [name] => read(name),
        names => Err(format!(
            "names several versions: `{}`",
            shown(&names.join("`, `"))
        )),
    }
}

fn read(name: &str) -> Result<Version, String> {
    name.parse()
        .map_err(|_| format!("names no release but `{}`", shown(name)))
}

fn shown(name: &str) -> String {
    text::short_line(name, 100)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn version_dat() {
        let data = |stage: &str, metadata: &str| {
            format!(
                "MAJOR=3\nMINOR=5\nPATCH=4\nPRE_RELEASE_TAG={stage}\nBUILD_METADATA={metadata}\nRELEASE_DATE=\"30 Sep 2025\"\nSHLIB_VERSION=3\n"
            )
        };
        assert_eq!(of_data(&data("", "")).unwrap().to_string(), "3.5.4");
        assert_eq!(
            of_data(&data("beta1", "").replace('\n', "\r\n"))
                .unwrap()
                .to_string(),
            "3.5.4-beta1"
        );
        assert_eq!(
            of_data(&data("", "quic")).unwrap_err(),
            "names no release but `3.5.4+quic`"
        );
        assert_eq!(
            of_data("MAJOR=3").unwrap_err(),
            "names no release but `3..`"
        );
    }

    #[test]
    fn opensslv_h() {
        for (text, version) in [
            ("1.1.1w  11 Sep 2023", "1.1.1w"),
            ("1.0.2u  20 Dec 2019", "1.0.2u"),
            ("0.9.8zh 3 Dec 2015", "0.9.8zh"),
            ("1.1.1-pre9 (beta) 21 Aug 2018", "1.1.1-pre9"),
        ] {
            let header = format!(
                "#ifdef OPENSSL_FIPS\n# define OPENSSL_VERSION_TEXT    \"OpenSSL {}\"\n#else\n# define OPENSSL_VERSION_TEXT \"OpenSSL {text}\"\n",
                text.replacen(' ', "-fips ", 1)
            );
            assert_eq!(of_header(&header).unwrap().to_string(), version);
        }
        assert_eq!(
            of_header("#define OPENSSL_VERSION_TEXT \"LibreSSL 2.0.0\"").unwrap_err(),
            "names no version"
        );
        assert_eq!(
            of_header("# define OPENSSL_VERSION_TEXT \"OpenSSL 1.0.2a\"\n# define OPENSSL_VERSION_TEXT \"OpenSSL 1.0.2b\"").unwrap_err(),
            "names several versions: `1.0.2a`, `1.0.2b`"
        );
        assert_eq!(
            of_header("# define OPENSSL_VERSION_TEXT \"OpenSSL \u{1b}]x\"").unwrap_err(),
            "names no release but `\u{fffd}]x`"
        );
    }
}
