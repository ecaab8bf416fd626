//! What stands beside OpenSSL's name and is somebody else's.

use super::tests::{digest, found};
use super::*;

#[test]
fn packages_copies_and_releases_of_others_are_no_pins() {
    for (path, text) in [
        ("Dockerfile", "ENV OPENSSL_VERSION=3.5.3-r1\n"),
        (
            "Dockerfile",
            "RUN apk add --no-cache \\\n  perl \\\n  openssl=3.5.3\n",
        ),
        ("environment.yml", "  - openssl=3.5.3=h26f9b46_0\n"),
        ("shlibs", "libcrypto.so.3 openssl-3.5.3_1\n"),
        (
            "app/build.gradle",
            "implementation \"com.android.ndk.thirdparty:openssl:1.1.1q-beta-1\"\n",
        ),
        (
            "MODULE.bazel",
            "bazel_dep(name = \"openssl\", version = \"3.5.3.bcr.0\")\n",
        ),
        (
            "ci.json",
            "\"-DOPENSSL_LIBRARIES=/opt/homebrew/opt/openssl@3/3.5.3/lib/libssl.dylib\"\n",
        ),
        ("mac.sh", "PATH=/usr/local/Cellar/openssl/1.1.1k/bin\n"),
        (
            "winlibs.R",
            "url <- \"https://github.com/windows-libs/openssl/archive/v3.1.1.zip\"\n",
        ),
        (
            "Package.swift",
            ".package(url: \"https://github.com/x/openssl-kit.git\", exact: \"3.5.3\"),\n",
        ),
        ("Misc/openssl.pc", "Name: OpenSSL\nVersion: 1.1.1g\n"),
        ("lib/openssl/version.rb", "VERSION = \"3.3.0\"\n"),
        ("Makefile.PL", "warn \"OpenSSL 3.5.3 is not tested yet\";\n"),
        (
            "build.rs",
            "b\"#define OPENSSL_VERSION_TEXT \\\"OpenSSL 3.0.0\\\"\\n\",\n",
        ),
        ("deps.mk", "OPENSSL_SERIES := 1.1.1\nOPENSSL_PATCH := v\n"),
        (
            "deps.json",
            "{ \"name\": \"foo\", \"version\": \"3.5.3\" }, \"openssl\"\n",
        ),
    ] {
        assert_eq!(found(&[(path, text)]).links, [], "{path}: {text}");
    }
}

/// The patterns of the only link.
fn patterns(files: &[(&str, &str)]) -> Vec<String> {
    let found = found(files);
    let [link] = found.links.as_slice() else {
        panic!("{found:?}")
    };
    let mut all = Vec::new();
    for pin in &link.pins {
        if let FoundKind::Text(text) = &pin.kind {
            all.extend(text.matches.clone());
        }
    }
    all
}

#[test]
fn what_stands_beside_a_pin_and_is_another_s_stays() {
    let release = digest("3.5.3");
    for (path, text, expected) in [
        (
            "deps.json",
            format!(
                "\"openssl\": {{ \"version\": \"3.5.3\", \"sha256\": \"{release}\" }},\n\"foo\": {{ \"version\": \"3.5.3\" }}\n"
            ),
            vec!["\"openssl\": { \"version\": \"{version}\", \"sha256\": \"{sha256}\""],
        ),
        (
            "vcpkg.json",
            "{ \"name\": \"openssl\", \"version\": \"3.5.3\" }\n\"builtin-baseline\": \"b322364f06308bdd24823f9d8f03fe0cc86fd46f\"\n".to_owned(),
            vec!["{ \"name\": \"openssl\", \"version\": \"{version}\""],
        ),
        (
            "ci.txt",
            "OPENSSL: {TYPE: \"openssl\", VERSION: \"3.5.3\"}\nOPENSSL: {TYPE: \"boringssl\", VERSION: \"5622da92e1e48dbd9f86b4b0b0b3b7b4b8f5ba03\"}\n".to_owned(),
            vec!["OPENSSL: {TYPE: \"openssl\", VERSION: \"{version}\"}"],
        ),
        (
            "deps.bzl",
            format!(
                "  http_archive(\n    name = \"openssl\",\n    sha256 = \"{release}\",\n    strip_prefix = \"openssl-3.5.3\",\n  )\n\n  http_archive(\n    name = \"openssl-fips\",\n    sha256 = \"{fips}\",\n    strip_prefix = \"openssl-3.1.2\",\n  )\n",
                fips = digest("3.1.2")
            ),
            vec!["name = \"openssl\",\n{*}sha256 = \"{sha256}\",", "name = \"openssl\",\n{*}\n{*}strip_prefix = \"openssl-{version}\","],
        ),
        (
            "Portfile",
            format!(
                "name openssl35\nversion 3.5.3\nchecksums rmd160  {rmd} \\\n sha256  {release}\n",
                rmd = "ab12".repeat(10)
            ),
            vec!["version {version}", "sha256  {sha256}"],
        ),
    ] {
        assert_eq!(patterns(&[(path, &text)]), expected, "{path}");
    }
}

#[test]
fn what_is_asked_for_exactly_moves_with_a_pin() {
    let text = "find_package(OpenSSL 3.5.3 EXACT REQUIRED)\n";
    let pin = ("Dockerfile", "ARG OPENSSL_VERSION=3.5.3\n");
    assert_eq!(
        patterns(&[("CMakeLists.txt", text), pin]),
        [
            "find_package(OpenSSL {version}",
            "ARG OPENSSL_VERSION={version}"
        ]
    );
}

#[test]
fn a_list_in_a_script_that_makes_a_matrix_is_tested_with() {
    let text = "    ssl_versions = [\n        \"stock\",\n        \"OPENSSL_VERSION=1.1.1s\",\n        \"OPENSSL_VERSION=3.5.1\",\n    ]\n";
    let found = found(&[(".github/matrix.py", text)]);
    let links: Vec<(&str, bool)> = found
        .links
        .iter()
        .map(|link| (link.name.as_str(), link.tested))
        .collect();
    assert_eq!(links, [("tested-1.1.1", true), ("tested-3.5", true)]);
}

#[test]
fn a_size_of_a_distribution_file_is_a_pin() {
    let text = format!(
        "SHA256 (openssl-3.5.3.tar.gz) = {}\nSIZE (openssl-3.5.3.tar.gz) = 53183370\n",
        digest("3.5.3")
    );
    assert_eq!(
        patterns(&[("distinfo", &text)])[1],
        "SIZE (openssl-{version}.tar.gz) = {size}"
    );
}
