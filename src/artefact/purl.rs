//! Package URLs that mean OpenSSL. The name alone says nothing: a Rust crate and many bindings are
//! called `openssl` too.

use super::version_text::upstream_version;
use crate::openssl::version::Version;
use crate::text::percent_decoded;

/// The OpenSSL version that a package URL speaks of; none if it speaks of something else.
pub(super) fn openssl_version(purl: &str) -> Option<Version> {
    let rest = purl.strip_prefix("pkg:")?.trim_start_matches('/');
    let rest = rest.split(['?', '#']).next()?;
    let (path, version) = rest.rsplit_once('@')?;
    let (kind, path) = path.split_once('/')?;
    let (namespace, name) = path.rsplit_once('/').unwrap_or(("", path));
    let version = percent_decoded(version)?;
    // A fork that kept the number.
    if version.contains("quic") {
        return None;
    }
    let (kind, name) = (
        kind.to_ascii_lowercase(),
        percent_decoded(name)?.to_ascii_lowercase(),
    );
    let version = match kind.as_str() {
        "generic" | "conan" | "brew" | "vcpkg" | "nix" => name.eq("openssl").then_some(version)?,
        "github" | "gitlab" => {
            (namespace.eq_ignore_ascii_case("openssl") && name == "openssl").then_some(version)?
        }
        "deb" | "rpm" | "apk" | "alpm" => is_distributors(&name).then(|| {
            version
                .split_once(':')
                .map_or(version.clone(), |(_, rest)| rest.to_owned())
        })?,
        _ => return None,
    };
    Version::from_tag(&version)
        .ok()
        .or_else(|| upstream_version(&version))
}

/// What distributors call the packages that hold the library.
fn is_distributors(name: &str) -> bool {
    const NAMES: [&str; 9] = [
        "openssl",
        "openssl-libs",
        "libssl",
        "libcrypto",
        "openssl1.1",
        "openssl11-libs",
        "compat-openssl11",
        "compat-openssl10",
        "libopenssl",
    ];
    let stem = name
        .trim_end_matches("t64")
        .trim_end_matches(|c: char| c.is_ascii_digit() || c == '.' || c == '_');
    NAMES.contains(&name) || matches!(stem, "libssl" | "libcrypto" | "libopenssl")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_type_never_by_name() {
        for (purl, version) in [
            (
                "pkg:generic/openssl@4.0.3?download_url=https://example.org/openssl-4.0.3.tar.gz",
                "4.0.3",
            ),
            ("pkg:generic/openssl@openssl-3.5.4", "3.5.4"),
            ("pkg:github/openssl/openssl@openssl-3.5.4", "3.5.4"),
            ("pkg:github/openssl/openssl@OpenSSL_1_1_1w", "1.1.1w"),
            ("pkg:rpm/almalinux/openssl-libs@1.1.1k-18.el8_6", "1.1.1k"),
            ("pkg:deb/debian/libssl3t64@3.0.13-0ubuntu3", "3.0.13"),
            ("pkg:deb/debian/openssl@1%3A3.0.11-1~deb12u2", "3.0.11"),
            ("pkg:apk/alpine/libcrypto3@3.3.2-r0", "3.3.2"),
            ("pkg:conan/openssl@3.5.4", "3.5.4"),
        ] {
            assert_eq!(
                openssl_version(purl)
                    .map(|version| version.to_string())
                    .as_deref(),
                Some(version),
                "{purl}"
            );
        }
        for purl in [
            "pkg:cargo/openssl@0.10.81",
            "pkg:cargo/openssl-sys@0.9.117",
            "pkg:cargo/openssl-src@300.5.4+3.5.4",
            "pkg:pypi/openssl@1.0.1",
            "pkg:npm/openssl@1.1.0",
            "pkg:github/quictls/openssl@openssl-3.1.5",
            "pkg:generic/openssl@3.0.13%2Bquic",
            "pkg:deb/debian/libssl-dev-tools@3.0.1",
            "pkg:generic/openssl",
            "pkg:generic/openssl@%zz",
            "openssl@3.5.4",
            "pkg:rpm/fedora/nss@3.90.0",
        ] {
            assert_eq!(openssl_version(purl), None, "{purl}");
        }
    }
}
