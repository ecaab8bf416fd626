//! Tree pins: a vendored source tree says its version itself.

use std::collections::BTreeMap;

use super::files::Files;
use super::place::VersionPlace;
use crate::openssl::version::Version;
use crate::project::config::Pin;
use crate::project::file_entry::{FileEntry, line_of};
use crate::text::fault::Fault;

/// The files of a source tree that say its version: from 3.0 on, in 1.1.x, and before.
pub(crate) const VERSION_FILES: [&str; 4] = [
    "VERSION.dat",
    "include/openssl/opensslv.h",
    "crypto/opensslv.h",
    "openssl/opensslv.h",
];

/// The tree with the version it holds.
pub(crate) fn place(pin: &Pin, path: &str, files: &Files) -> Result<VersionPlace, Fault> {
    let tree = files
        .tree(path)
        .ok_or_else(|| Fault::usage(format!("{}: there is no folder `{path}`", pin.place)))?;
    let (file, line, version) = stated(tree).ok_or_else(|| {
        Fault::usage(format!(
            "{}: `{path}` holds neither a `VERSION.dat` nor an `opensslv.h` that says a version",
            pin.place
        ))
    })?;
    Ok(VersionPlace {
        file: format!("{path}/{file}"),
        line,
        version,
        mixed: pin.mixed,
    })
}

fn stated(tree: &BTreeMap<String, FileEntry>) -> Option<(&'static str, usize, Version)> {
    VERSION_FILES.iter().find_map(|file| {
        let text = String::from_utf8_lossy(&tree.get(*file)?.bytes);
        let (version, line) = if *file == "VERSION.dat" {
            version_dat(&text)?
        } else {
            opensslv_h(&text)?
        };
        Some((*file, line, version))
    })
}

/// `MAJOR=3`, `MINOR=5`, `PATCH=4`, `PRE_RELEASE_TAG=beta1`.
fn version_dat(text: &str) -> Option<(Version, usize)> {
    let value = |key: &str| {
        let mut lines = text.lines().enumerate();
        lines.find_map(|(at, line)| {
            Some((
                line.strip_prefix(key)?
                    .strip_prefix('=')?
                    .trim()
                    .trim_matches('"'),
                at + 1,
            ))
        })
    };
    let ((major, line), (minor, _), (patch, _)) =
        (value("MAJOR")?, value("MINOR")?, value("PATCH")?);
    let stage = value("PRE_RELEASE_TAG").map_or_else(String::new, |(tag, _)| {
        if tag.is_empty() {
            String::new()
        } else {
            format!("-{tag}")
        }
    });
    Some((
        format!("{major}.{minor}.{patch}{stage}").parse().ok()?,
        line,
    ))
}

/// `# define OPENSSL_VERSION_TEXT "OpenSSL 1.1.1w 11 Sep 2023"`, with `-fips` behind the version in
/// some.
fn opensslv_h(text: &str) -> Option<(Version, usize)> {
    let marks = text.match_indices("OPENSSL_VERSION_TEXT");
    marks.into_iter().find_map(|(at, _)| {
        let line = text[at..].lines().next()?;
        let words = line.split_once('"')?.1;
        let version = words.strip_prefix("OpenSSL ")?.split(' ').next()?;
        Some((
            version.trim_end_matches("-fips").parse().ok()?,
            line_of(text.as_bytes(), at),
        ))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_era_says_its_version() {
        for (file, text, expected) in [
            (
                "VERSION.dat",
                "MAJOR=3\nMINOR=5\nPATCH=4\nPRE_RELEASE_TAG=\nBUILD_METADATA=\n",
                "3.5.4",
            ),
            (
                "VERSION.dat",
                "MAJOR=3\r\nMINOR=5\r\nPATCH=0\r\nPRE_RELEASE_TAG=beta1\r\n",
                "3.5.0-beta1",
            ),
            (
                "include/openssl/opensslv.h",
                "# define OPENSSL_VERSION_TEXT    \"OpenSSL 1.1.1w  11 Sep 2023\"\n",
                "1.1.1w",
            ),
            (
                "crypto/opensslv.h",
                "#ifdef F\n# define OPENSSL_VERSION_TEXT \"OpenSSL 1.0.2u-fips  20 Dec 2019\"\n",
                "1.0.2u",
            ),
        ] {
            let tree = BTreeMap::from([(file.to_owned(), FileEntry::regular(text))]);
            assert_eq!(stated(&tree).expect(text).2.to_string(), expected);
        }
    }
}
