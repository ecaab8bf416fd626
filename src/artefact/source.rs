//! OpenSSL's source code says its version in two places: `VERSION.dat` since 3.0, `opensslv.h`
//! always.

use super::finding::{Evidence, FoundOpenSsl, Linkage, OtherLibrary};
use super::version_text;
use crate::openssl::version::Version;
use crate::text::date;

/// Reads `VERSION.dat`; none if it is another project's. Forks name themselves in what the OpenSSL
/// project itself never defines.
pub(super) fn version_file(text: &str) -> Result<Option<FoundOpenSsl>, OtherLibrary> {
    let value = |key: &str| {
        let mut lines = text.lines().filter_map(|line| line.trim().split_once('='));
        lines
            .find(|(found, _)| found.trim() == key)
            .map(|(_, value)| value.trim().trim_matches('"'))
    };
    let release = || {
        value("RELEASE_DATE").or_else(|| value("SHLIB_VERSION"))?;
        Some((value("MAJOR")?, value("MINOR")?, value("PATCH")?))
    };
    let Some((major, minor, patch)) = release() else {
        return Ok(None);
    };
    let build = value("BUILD_METADATA").unwrap_or_default();
    if build.contains("quic") {
        return Err(OtherLibrary {
            name: "quictls",
            version: Some(format!(
                "{major}.{minor}.{patch}+{}",
                build.trim_start_matches('+')
            )),
        });
    }
    let stage = value("PRE_RELEASE_TAG")
        .filter(|tag| !tag.is_empty())
        .map(|tag| format!("-{tag}"))
        .unwrap_or_default();
    let version = format!("{major}.{minor}.{patch}{stage}").parse::<Version>();
    let date = value("RELEASE_DATE").and_then(date::spelled);
    Ok(version
        .ok()
        .map(|version| source(version, date, Evidence::VersionFile)))
}

/// Reads `opensslv.h`; LibreSSL and others have one too.
pub(super) fn header(text: &str) -> Result<Option<FoundOpenSsl>, OtherLibrary> {
    let mut found = None;
    for line in text.lines() {
        let Some((name, value)) = definition(line) else {
            continue;
        };
        let Some(value) = value
            .strip_prefix('"')
            .and_then(|value| value.split('"').next())
        else {
            continue;
        };
        match name {
            "LIBRESSL_VERSION_TEXT" => {
                version_text::read_whole(value)?;
            }
            "OPENSSL_VERSION_TEXT" => {
                if let Some(text) = version_text::read_whole(value)? {
                    if let Some(fork) = text.as_fork() {
                        return Err(fork);
                    }
                    found = found.or(Some(source(
                        text.version,
                        text.date,
                        Evidence::Header(text.text),
                    )));
                }
            }
            _ => {}
        }
    }
    Ok(found)
}

/// The name and the value of `# define NAME VALUE`.
fn definition(line: &str) -> Option<(&str, &str)> {
    let rest = line
        .trim_start()
        .strip_prefix('#')?
        .trim_start()
        .strip_prefix("define")?;
    let rest = rest.strip_prefix([' ', '\t'])?.trim_start();
    let (name, value) = rest.split_once([' ', '\t'])?;
    Some((name, value.trim()))
}

fn source(version: Version, date: Option<jiff::civil::Date>, evidence: Evidence) -> FoundOpenSsl {
    FoundOpenSsl {
        version: Some(version),
        date,
        built: None,
        evidence: vec![evidence],
        linkage: Linkage::Source,
        maintainer: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn version_dat_of_a_release_and_of_a_beta() {
        let text = |tag: &str, date: &str| {
            format!(
                "MAJOR=3\nMINOR=5\nPATCH=0\nPRE_RELEASE_TAG={tag}\nBUILD_METADATA=\nRELEASE_DATE=\"{date}\"\nSHLIB_VERSION=3\n"
            )
        };
        let found = version_file(&text("", "8 Apr 2025")).unwrap().unwrap();
        assert_eq!(
            (
                found.version.unwrap().to_string().as_str(),
                found.date.unwrap().to_string().as_str()
            ),
            ("3.5.0", "2025-04-08")
        );
        let found = version_file(&text("beta1", "")).unwrap().unwrap();
        assert_eq!(
            (found.version.unwrap().to_string().as_str(), found.date),
            ("3.5.0-beta1", None)
        );
        assert_eq!(version_file("MAJOR=3\nMINOR=5\nPATCH=0\n"), Ok(None));
        assert_eq!(version_file(""), Ok(None));
        let fork = text("", "30 Jan 2024").replace("BUILD_METADATA=", "BUILD_METADATA=quic");
        assert_eq!(
            version_file(&fork),
            Err(OtherLibrary {
                name: "quictls",
                version: Some("3.5.0+quic".to_owned())
            })
        );
    }

    #[test]
    fn headers_of_openssl_and_of_its_forks() {
        let old = "# ifdef OPENSSL_FIPS\n#  define OPENSSL_VERSION_TEXT    \"OpenSSL 1.0.2u-fips  20 Dec 2019\"\n# else\n#  define OPENSSL_VERSION_TEXT    \"OpenSSL 1.0.2u  20 Dec 2019\"\n# endif\n";
        assert_eq!(
            header(old).unwrap().unwrap().version.unwrap().to_string(),
            "1.0.2u"
        );
        let libre = "#define LIBRESSL_VERSION_TEXT   \"LibreSSL 3.8.2\"\n#define OPENSSL_VERSION_TEXT LIBRESSL_VERSION_TEXT\n";
        assert_eq!(
            header(libre),
            Err(OtherLibrary {
                name: "LibreSSL",
                version: Some("3.8.2".to_owned())
            })
        );
        let quic = "# define OPENSSL_VERSION_TEXT \"OpenSSL 3.0.13+quic 30 Jan 2024\"\n";
        assert_eq!(
            header(quic),
            Err(OtherLibrary {
                name: "quictls",
                version: Some("3.0.13+quic".to_owned())
            })
        );
        let template = "# define OPENSSL_VERSION_TEXT \"OpenSSL {- $config{full_version} -}\"\n";
        assert_eq!(header(template), Ok(None));
    }
}
