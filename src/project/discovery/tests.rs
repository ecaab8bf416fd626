mod agreement;
mod choices;
mod others;
mod steps;
mod tables;

use super::*;
use crate::openssl::upstream::builtin;
use crate::project::config::Config;
use crate::project::linked::spelling;
use crate::project::pattern::{Algorithm, Placeholder};

pub(super) fn found(files: &[(&str, &str)]) -> Discovery {
    let texts = files
        .iter()
        .map(|(path, text)| ((*path).to_owned(), (*text).to_owned()))
        .collect();
    let checkout = Checkout {
        folder: "sample".into(),
        texts,
        ..Checkout::default()
    };
    discover(
        &checkout,
        &builtin::builtin().expect("facts").releases,
        &Record::default(),
    )
}

/// The version and the patterns of the only link's only pin.
fn only(text: &str) -> Option<(String, Vec<String>)> {
    let found = found(&[("ci/versions.txt", text)]);
    let [link] = found.links.as_slice() else {
        return None;
    };
    let [
        FoundPin {
            kind: FoundKind::Text(text),
            ..
        },
    ] = link.pins.as_slice()
    else {
        return None;
    };
    Some((link.version.to_string(), text.matches.clone()))
}

/// The versions of the links.
pub(super) fn linked(found: &Discovery) -> Vec<String> {
    let links = found.links.iter();
    links.map(|link| link.version.to_string()).collect()
}

#[test]
fn a_table_of_data_is_said_and_not_looked_at() {
    let found = found(&[
        ("a.sh", &"openssl-3.5.3\n".repeat(1_001)),
        ("b.sh", "OPENSSL_VERSION=3.5.3\n"),
    ]);
    assert_eq!(found.links.len(), 1);
    let places: Vec<&str> = found.links[0].places().map(|(file, _)| &**file).collect();
    assert_eq!(places, ["b.sh"]);
    let [doubt] = found.unsure.as_slice() else {
        panic!("{:?}", found.unsure);
    };
    assert_eq!(doubt.file, "a.sh");
    assert!(doubt.why.ends_with("taken for data, and not looked at"));
}

#[test]
fn a_digest_that_bears_the_name_goes_with_a_version_in_parts() {
    let text = "OPENSSL_MAJOR 3\nOPENSSL_MINOR 1\nOPENSSL_PATCH 4\nOPENSSL_MD5 653ad58812c751b887e8ec37e02bba70\n";
    let found = found(&[("parts.cmake", text)]);
    let pins = &found.links[0].pins;
    let FoundKind::Text(text) = &pins[0].kind else {
        panic!("a text");
    };
    assert_eq!(pins.len(), 1);
    assert_eq!(
        text.matches.last().map(String::as_str),
        Some("OPENSSL_MD5 {md5}")
    );
}

#[test]
fn a_folder_beside_the_version_is_no_variable_of_an_address() {
    let text = "pg=--with-pg=$pkg/pg-8.1.5\nssl=--with-openssl=$pkg/openssl-3.5.3\ntls=\"--with-openssl=$pkg/openssl-3.5.3\"\n";
    let found = found(&[("package/build", text)]);
    assert_eq!(found.links[0].pins[0].confidence, Confidence::Likely);
}

#[test]
fn what_names_openssl_is_a_pin() {
    for (text, version, pattern) in [
        (
            "ENV OPENSSL_VERSION 3.5.3\n",
            "3.5.3",
            "ENV OPENSSL_VERSION {version}",
        ),
        (
            "ARG OPENSSL_VERSION=3.5.3 ZLIB=1.3.1\n",
            "3.5.3",
            "ARG OPENSSL_VERSION={version}",
        ),
        (
            "DEPS=\"zlib-1.3.1 openssl-3.5.3 x-2.0.1\"\n",
            "3.5.3",
            "openssl-{version}",
        ),
        (
            "$ver = \"3.5.3\"\nInvoke-WebRequest \"https://h/openssl-$ver.tar.gz\"\n",
            "3.5.3",
            "$ver = \"{version}\"",
        ),
        (
            "openssl: {version: \"3.5.3\"}\n",
            "3.5.3",
            "openssl: {version: \"{version}\"}",
        ),
        (
            "<openssl.version>3.5.3</openssl.version>\n",
            "3.5.3",
            "<openssl.version>{version}</openssl.version>",
        ),
        (
            "curl https://h/OpenSSL_1_1_1w.tar.gz\n",
            "1.1.1w",
            "curl https://h/{tag}.tar.gz",
        ),
        ("openssl==3.5.3\n", "3.5.3", "openssl=={version}"),
        (
            "SSL_RELEASE=3.5.3\nSSL_FULL=\"$SSL_RELEASE\"\nget https://h/openssl-${SSL_FULL}.tar.gz\n",
            "3.5.3",
            "SSL_RELEASE={version}",
        ),
        (
            "OPENSSL_TAG=openssl-1.1.1s\n",
            "1.1.1s",
            "OPENSSL_TAG=openssl-{version}",
        ),
        (
            "\tOpenSSLVersion           = \"1.1.1m\"\n",
            "1.1.1m",
            "OpenSSLVersion           = \"{version}\"",
        ),
        (
            "LIBOPENSSL_VERSION = 3.5.99\n",
            "3.5.99",
            "LIBOPENSSL_VERSION = {version}",
        ),
    ] {
        assert_eq!(
            only(text),
            Some((version.to_owned(), vec![pattern.to_owned()])),
            "{text}"
        );
    }
}

#[test]
fn what_names_something_else_is_none() {
    for text in [
        "LIBRESSL_VERSION=3.5.3\n",
        "pyopenssl==3.5.3\n",
        "gem \"openssl\", \"3.3.0\"\n",
        "openssl-sys = 3.5.3\n",
        "openssl: {type: libressl, version: 3.5.3}\n",
        "openssl>=3.5.3\n",
        "if OPENSSL_VERSION < 3.5.3\n",
        "ZLIB_VERSION=3.5.3\n",
        "openssl 3.5.3 is needed\n",
        "# OPENSSL_VERSION=3.5.3\n",
        "OPENSSL_VERSION=3.5.30.1\n",
    ] {
        assert_eq!(found(&[("ci/versions.txt", text)]).links, [], "{text}");
    }
}

#[test]
fn a_digest_says_whose_version_stands_beside_it() {
    let releases = builtin::builtin().expect("facts").releases;
    let release = releases
        .iter()
        .find(|release| release.version.to_string() == "3.5.3")
        .expect("3.5.3");
    let digest = release.hashes.sha256.clone().expect("a digest");
    let text = format!("{{% set version = \"3.5.3\" %}}\nsource:\n  sha256: {digest}\n");
    let patterns = vec![
        "{% set version = \"{version}\"".to_owned(),
        "sha256: {sha256}".to_owned(),
    ];
    assert_eq!(only(&text), Some(("3.5.3".to_owned(), patterns)));
}

#[test]
fn series_are_links_of_their_own_and_the_lowest_pin_counts() {
    let found = found(&[
        ("a/Dockerfile", "ARG OPENSSL_VERSION=3.5.3\n"),
        ("b/Dockerfile", "ARG OPENSSL_VERSION=3.5.3\n"),
        ("c/Dockerfile", "ARG OPENSSL_VERSION=3.5.2\n"),
        ("d/Dockerfile", "ARG OPENSSL_VERSION=3.0.17\n"),
        (
            "e/Dockerfile",
            "ARG OPENSSL_VERSION=3.5.99.\n# OpenSSL 3.0.17 is old\n",
        ),
    ]);
    let links: Vec<(&str, String)> = found
        .links
        .iter()
        .map(|link| (link.name.as_str(), link.version.to_string()))
        .collect();
    assert_eq!(
        links,
        [
            ("openssl-3.0", "3.0.17".to_owned()),
            ("openssl-3.5", "3.5.2".to_owned())
        ]
    );
    let unsure: Vec<(&str, usize)> = found
        .unsure
        .iter()
        .map(|doubt| (doubt.file.as_str(), doubt.line))
        .collect();
    assert_eq!(unsure, [("e/Dockerfile", 2)]);
}

#[test]
fn a_vendored_tree_is_one_pin() {
    let found = found(&[
        (
            "deps/openssl/VERSION.dat",
            "MAJOR=3\nMINOR=5\nPATCH=3\nPRE_RELEASE_TAG=\n",
        ),
        ("deps/openssl/CHANGES.txt", "OpenSSL_3_5_3 openssl-3.5.3\n"),
    ]);
    assert_eq!(found.links.len(), 1);
    assert_eq!(
        found.links[0].pins[0].kind,
        FoundKind::Tree("deps/openssl".into())
    );
    assert_eq!(found.unsure, []);
}

#[test]
fn whatever_is_found_is_a_configuration() {
    let hostile =
        "OPENSSL_VERSION='\"3.5.3\"' \u{202e}{versoin} \u{1b}[31m\n# openssl \u{7} 3.5.3\n";
    for files in [
        vec![],
        vec![("o'\"dd\u{85}/openssl.sh", hostile)],
        vec![("x.toml", "openssl = '''3.5.3'''\nopenssl = '''3.5.3'''\n")],
        vec![
            ("CHANGELOG.md", "# x\n"),
            ("pyproject.toml", "version = \"1.0\"\n"),
        ],
    ] {
        let text = config(&found(&files));
        let read = Config::read("release-check.toml", &text);
        assert!(read.is_ok(), "{read:?}\n{text}");
        assert!(
            !text.chars().any(|c| crate::text::acts(c) && c != '\n'),
            "{text:?}"
        );
    }
}

#[test]
fn what_is_called_required_is_a_pin_where_it_is_fetched() {
    let with = |name: &str| {
        let text =
            format!("{name}=3.5.3\nwget https://www.openssl.org/source/openssl-${name}.tar.gz\n");
        found(&[("build.sh", &text)]).links.len()
    };
    assert_eq!(with("REQ_OPENSSL_VERSION"), 1);
    assert_eq!(with("MIN_REQ_OPENSSL_VERSION"), 0);
}

#[test]
fn what_a_makefile_includes_is_no_program() {
    for path in ["versions.inc", "recipes/openssl.inc", "make/deps.mk"] {
        let found = found(&[(path, "OPENSSL_VERSION = 3.5.3\n")]);
        assert_eq!(found.links.len(), 1, "{path}");
    }
}

#[test]
fn numbers_of_other_things_are_none() {
    let release = "3.5.3";
    for text in [
        "uses: owner/openssl-action@v3.4.1\n",
        "<!-- openssl -->\n<project xmlns=\"http://maven.example.org/POM/4.0.0 http://maven.example.org/v4_0_0.xsd\">\n",
        "# openssl\nyarn set version 3.2.4\n",
        "cmake_minimum_required(VERSION 3.6.3)\nproject(openssl NONE)\n",
        "source=('openssl-1.1.1-relocation.patch')\n",
        "OPENSSL_3.5.0 {\n  global: SSL_new;\n};\n",
        "find_package(OpenSSL 3.5.3 REQUIRED)\n",
        "OPENSSL_MIN_VERSION=3.5.3\n",
        "echo \"openssl 3.5.3 is too old, OPENSSL_VERSION 3.5.3\"\n",
        "echo \"  Example: build --version=3.5.3\"\ncurl $h/openssl-$version.tar.gz\n",
        "{ \"name\": \"openssl\", \"version>=\": \"3.5.3\" }\n",
        "ARG OPENSSL_PATCH_VERSION=3.5.3\n",
        "{\"node-openssl\": \"3.5.3\"}\n",
        "dlopen(\"openssl/libssl.so.1.0.0\") || dlopen(\"openssl/libssl.1.0.0.dylib\")\n",
        "works with OpenSSL (version 1.1.0, 1.1.1, 3.x)\n",
        "description: the version to build, e.g. openssl-3.5.3\n",
        "if [ \"$OPENSSL_VERSION\" = \"3.5.3\" ]; then\n",
    ] {
        assert_eq!(found(&[("ci/openssl/build.sh", text)]).links, [], "{text}");
    }
    for (path, text) in [
        (
            "src/conf.c",
            "#if OPENSSL_VERSION_NUMBER >= 0x1000200fL\n#define NO_OPENSSL_1_0_2 0\n#else\n#define NO_OPENSSL_1_0_2 \"OpenSSL >= 1.0.2 not available\"\n#endif\n",
        ),
        ("src/ssl.c", "log(\"OpenSSL version 3.5.3\");\n"),
        ("win/make.mak", "!IF \"$(OPENSSL_VER)\" == \"3.5.3\"\n"),
        ("checks/a.sh", "feature 'openssl_version_atleast(3.5.3)'\n"),
        ("reg-tests/a.sh", "OPENSSL_VERSION=3.5.3\n"),
        (
            "README.Win32",
            "OpenSSL-3.5.3 is what this was built with\n",
        ),
        // What looks for an installed OpenSSL says cases and least versions.
        ("configure.ac", "OPENSSL_VERSION=\"3.0.4\"\n"),
        (
            "m4/ssl.m4",
            "AC_MSG_CHECKING([if OpenSSL version is 3.0.4 or better])\n",
        ),
        (
            "lib/configure",
            "It was created by openssl-lib $as_me 3.0.4, which was\ncd openssl-$as_me\n",
        ),
        (
            "src/ssl.rs",
            "Some(v) if v.starts_with(\"OpenSSL/1.1.0h\") => 1,\n",
        ),
        (
            "src/ssl.cr",
            "{% if compare_versions(OPENSSL_VERSION, \"3.0.4\") >= 0 %}\n",
        ),
        (
            "conf.xml",
            "<para>Supported by OpenSSL versions &gt;= 3.0.4 only</para>\n",
        ),
        ("CMakeLists.txt", "set(minOpenSSLVersion 3.0.4)\n"),
        (
            "tls.go",
            "\"compiled with OpenSSL version older than 3.0.4\"\n",
        ),
        // Papers, and pages of a manual.
        ("INSTALL.win32", "I used openssl-3.0.4.tar.gz\n"),
        ("doc.d/TLS_README", "OpenSSL-3.0.4 brought it\n"),
        ("PKG-INFO", "- openssl-3.0.4 on Ubuntu\n"),
        ("src/ssl.ml", "(* OPENSSL_VERSION=3.0.4 did this *)\n"),
        ("src/ssl.pl", "%  OPENSSL_VERSION=3.0.4 did this\n"),
        (
            "src/ssl.mli",
            "{{:https://github.com/openssl/openssl/blob/openssl-3.0.4/e.h#L72}}\n",
        ),
        (
            "src/proxy.erl",
            "see(\"https://www.openssl.org/docs/man3.0.4/SSL_write.html\")\n",
        ),
        // An option beside something that looks like an address uses no variable.
        (
            "build.txt",
            "cmake -DDCMTK_VERSION=3.6.0 .\ncmake -DOPENSSL_DIR=$X -DDCMTK_VERSION=3.6.9 .\n",
        ),
        // Up to 1.1.1 the first release bears the number of its series.
        (".appveyor.yml", "OPENSSL_VER: \"1.1.1\"\n"),
        ("openssl/versions.rkt", "  \"1.0.2\"\n"),
        ("deps/test.sh", "OPENSSL_VERSION=3.0.4\n"),
        (
            "winbuild.py",
            "python_versions = ['2.7.10', '3.5.4', '3.6.2']\nall = list(python_versions)\nurl = 'https://h/openssl-%(all)s'\n",
        ),
        ("valgrind.supp", "<openssl_v3_0_4_EVP_DecryptFinal_ex>\n"),
        (
            "CMakeLists.txt",
            "IF(OPENSSL_VERSION VERSION_EQUAL \"1.1.0\" AND OPENSSL_VERSION STRLESS \"1.1.0g\")\n",
        ),
        (
            "build.py",
            "add(\n    \"openssl-fips-module\",\n    build=f,\n    download={\n        \"url\": \"https://h/openssl-{version}.tar.gz\",\n        \"version\": \"3.1.2\",\n    },\n)\n",
        ),
    ] {
        assert_eq!(found(&[(path, text)]).links, [], "{path}");
    }
    for path in [
        "tests/ssl.sh",
        "docs/build.sh",
        "disabled/ssl/build.sh",
        "build.sh.orig",
    ] {
        let text = format!("OPENSSL_VERSION={release}\n");
        assert_eq!(found(&[(path, &text)]).links, [], "{path}");
    }
}

#[test]
fn the_line_that_names_openssl_tells_its_values_from_those_of_others() {
    let release = digest("3.5.3");
    let text = format!(
        "zlib:\n  ver: 1.3.1\n  sha256: {other}\nopenssl:\n  kind: lib\n  ver: 3.5.3\n  sha256: {release}\n",
        other = "ab12".repeat(16)
    );
    let found = found(&[("deps.yml", &text)]);
    let FoundKind::Text(pin) = &found.links[0].pins[0].kind else {
        panic!("{found:?}")
    };
    assert_eq!(
        pin.matches,
        [
            "openssl:\n{*}\n{*}ver: {version}",
            "openssl:\n{*}\n{*}\n{*}sha256: {sha256}"
        ]
    );
}

#[test]
fn versions_with_a_blank_between_them_are_all_of_the_name_before_them() {
    let found = found(&[("build.sh", "OPENSSL_VERSIONS=(\"3.0.17\" \"3.5.3\")\n")]);
    assert_eq!(linked(&found), ["3.0.17", "3.5.3"]);
}

#[test]
fn a_name_of_its_own_beside_openssl_s_digest_is_another_package() {
    let text = format!(
        "OPENSSL=3.5.3\nOPENSSL_SHA={}\nPYTHON=3.5.3\n",
        digest("3.5.3")
    );
    let (_, patterns) = only(&text).expect("one pin");
    assert_eq!(patterns, ["OPENSSL={version}", "OPENSSL_SHA={sha256}"]);
}

#[test]
fn digests_of_other_forms_and_of_other_things() {
    let bare = Placeholder::Base64(Algorithm::Sha256);
    let bare = spelling::digest(bare, &digest("3.5.3")).expect("base64");
    let text =
        format!("version = \"3.5.3\";\nurl = \"h/openssl-3.5.3.tgz\";\nsha256 = \"{bare}\";\n");
    let (_, patterns) = only(&text).expect("one pin");
    assert_eq!(patterns[2], "sha256 = \"{sha256:base64}\";");
    let other = "ab12".repeat(10);
    let text =
        format!("OPENSSL_FILE=openssl-3.5.3.tar.gz\nZLIB_TAG=v1.3.1\nZLIB_HASH=\"{other}\"\n");
    let (_, patterns) = only(&text).expect("one pin");
    assert_eq!(patterns, ["OPENSSL_FILE=openssl-{version}.tar.gz"]);
    let unknown = "cd34".repeat(16);
    let text = format!(
        "$OpenSslVersion = \"3.5.3\"\n$ArchiveUrl = \"https://h/openssl-build/v$OpenSslVersion/a.zip\"\n$ArchiveSha = \"{unknown}\"\n"
    );
    let found = found(&[("fetch.ps1", &text)]);
    let doubt = found.links[0].doubt.as_deref().expect("a doubt");
    assert!(
        doubt.starts_with("`fetch.ps1` line 3 holds a digest"),
        "{doubt}"
    );
}

#[test]
fn a_digest_of_a_kind_that_no_placeholder_gives_makes_its_link_doubtful() {
    let (short, long, odd) = ("5a".repeat(20), "5a".repeat(64), "5a".repeat(48));
    let recipe = "pkgver=3.5.3\nsource=(\"https://h/openssl-${pkgver}.tar.gz\")\n";
    let sum = format!("sha256sums=('{}')\n", digest("3.5.3"));
    for (path, text, line) in [
        ("PKGBUILD", format!("{recipe}b2sums=('{long}')\n"), 3),
        (
            "PKGBUILD",
            format!("{recipe}\n\n{sum}b2sums=('SKIP'\n '{long}')\n"),
            7,
        ),
        ("PKGBUILD", format!("{recipe}sha384sums=('{odd}')\n"), 3),
        (
            "Portfile",
            format!(
                "version 3.5.3\ndistname openssl-${{version}}\nchecksums  rmd160  {short} \\\n"
            ),
            3,
        ),
        (
            "a.sh",
            format!("OPENSSL_VERSION=3.5.3\nOPENSSL_SHA3_512={long}\n"),
            2,
        ),
        (
            "a.nix",
            format!(
                "version = \"3.5.3\";\nname = \"openssl-${{version}}\";\n\nurl = \"https://h/openssl/${{name}}.tgz\";\nsha256 = \"{}\";\n",
                "0p".repeat(26)
            ),
            5,
        ),
        (
            "SUMS",
            format!("{long} sha512 openssl-3.5.3.tar.gz\nblake2b {long} openssl-3.5.3.tar.gz\n"),
            2,
        ),
    ] {
        let found = found(&[(path, &text)]);
        let doubt = found.links[0].doubt.as_deref().unwrap_or_default();
        let start = format!("`{path}` line {line} holds a digest");
        assert!(doubt.starts_with(&start), "{text}: {doubt}");
    }
    let other = format!("OPENSSL_VERSION=3.5.3\nZLIB_VERSION=1.3.1\nZLIB_B2SUM={long}\n");
    assert_eq!(found(&[("a.sh", &other)]).links[0].doubt, None);
}

#[test]
fn the_day_of_a_release_beside_its_version_makes_the_link_doubtful() {
    let text = |day: &str| {
        format!(
            "OPENSSL = dict(\n  version = \"3.5.3\",\n  {day}\n  url = \"h/openssl-{{version}}.tar.gz\",\n)\n"
        )
    };
    for (day, expected) in [
        ("day = \"2025-09-16\",", true),
        ("day = \"16 Sep 2025\",", true),
        ("day = \"2025-09-17\",", false),
        ("# since 2025-09-16", false),
    ] {
        let found = found(&[("deps.bzl", &text(day))]);
        let doubt = found.links[0].doubt.as_deref().unwrap_or_default();
        let start = "`deps.bzl` line 3 says the day on which 3.5.3";
        assert_eq!(doubt.starts_with(start), expected, "{day}: {doubt}");
    }
}

#[test]
fn a_table_may_hold_entries_of_series_that_nobody_links() {
    let text = |last: &str| {
        format!(
            "versions:\n  \"3.5.3\":\n    folder: a\n  \"3.5.2\":\n    folder: a\n  \"{last}\":\n    folder: b\n"
        )
    };
    for (last, expected) in [("1.1.1w", true), ("4.0.0", false)] {
        let own = text("3.5.1").replace("versions", "openssl versions");
        let found = found(&[("openssl/a.yml", &own), ("openssl/b.yml", &text(last))]);
        let inserts = |pin: &FoundPin| matches!(&pin.kind, FoundKind::Text(text) if text.file == "openssl/b.yml" && text.insert.is_some());
        let all = found.links.iter().flat_map(|link| &link.pins);
        assert_eq!(all.into_iter().any(inserts), expected, "{last}: {found:?}");
    }
}

#[test]
fn a_patch_whose_name_a_script_makes_of_the_version_makes_its_link_doubtful() {
    for (patch, expected) in [
        ("patches/openssl-$OPENSSL_VERSION.patch", true),
        ("patches/openssl-3.5.2.patch", false),
    ] {
        let script = format!("OPENSSL_VERSION=3.5.3\npatch -p1 < {patch}\n");
        let named = "patches/openssl-3.5.3.patch";
        let found = found(&[("build.sh", &script), (named, "--- a\n+++ b\n")]);
        let doubt = found.links[0].doubt.as_deref().unwrap_or_default();
        let start = format!("`{named}` has 3.5.3 in its name");
        assert_eq!(doubt.starts_with(&start), expected, "{patch}: {doubt}");
    }
}

#[test]
fn what_is_only_tested_with_is_as_doubtful_as_what_is_linked() {
    let mut links = found(&[
        ("build.sh", "OPENSSL_VERSION=3.5.3\n"),
        (
            ".github/workflows/ci.yml",
            "strategy:\n  matrix:\n    openssl_ver: [3.5.3, 3.0.17, 3.4.2]\n",
        ),
    ])
    .links;
    let doubts = |links: &[FoundLink]| links.iter().filter(|link| link.doubt.is_some()).count();
    tested::keep_beside(&mut links);
    assert_eq!((links.len(), doubts(&links)), (4, 0), "{links:?}");
    let linked = links.iter_mut().find(|link| !link.tested).expect("a link");
    linked.doubt = Some("a reason".to_owned());
    tested::keep_beside(&mut links);
    assert_eq!(doubts(&links), links.len(), "{links:?}");
}

#[test]
fn what_stands_behind_a_value_as_a_comment_is_no_pin() {
    let found = found(&[("x.cmake", "  GIT_TAG openssl-3.5.3 # was OpenSSL_1_1_1n\n")]);
    assert_eq!(linked(&found), ["3.5.3"]);
}

#[test]
fn a_lock_of_one_s_own_and_a_default_are_pins() {
    for (path, text) in [
        ("deps/openssl.lock", "{\"tag\": \"openssl-3.5.3\"}\n"),
        ("n/openssl/openssl.build", "VERSION=${VERSION:-3.5.3}\n"),
    ] {
        assert_eq!(found(&[(path, text)]).links.len(), 1, "{path}");
    }
}

#[test]
fn a_name_with_a_number_of_its_own_is_not_left_behind() {
    let found = found(&[(
        "get.bat",
        "set libraries=%libraries% openssl-3.5.3\nset binaries=%binaries% openssl-bin-3.5.3-1\n",
    )]);
    let doubt = found.links[0].doubt.as_deref().expect("a doubt");
    assert!(
        doubt.starts_with("`get.bat` line 2 says `3.5.3-1`"),
        "{doubt}"
    );
}

#[test]
fn a_version_with_a_package_s_number_makes_its_link_doubtful() {
    let found = found(&[(
        "recipe",
        "version: 3.5.3-1\nsource: https://h/openssl-3.5.3.tar.gz\n",
    )]);
    let doubt = found.links[0].doubt.as_deref().expect("a doubt");
    assert!(
        doubt.starts_with("`recipe` line 1 says `3.5.3-1`"),
        "{doubt}"
    );
}

#[test]
fn a_number_made_of_the_version_makes_its_link_doubtful() {
    let found = found(&[
        ("build.sh", "OPENSSL_VERSION=3.5.3\n"),
        ("kit.conf", "MARKETING = 3.5.3001\n"),
    ]);
    let doubt = found.links[0].doubt.as_deref().expect("a doubt");
    assert!(
        doubt.starts_with("`kit.conf` line 1 says `3.5.3001`"),
        "{doubt}"
    );
}

#[test]
fn a_definition_s_own_number_may_stay_where_a_glob_covers_it() {
    let line = "get openssl-3.5.3 https://h/openssl-3.5.3.tar.gz\n";
    let own = "get interpreter-3.5.3\n";
    let found = found(&[
        ("defs/1", line),
        ("defs/2", line),
        ("defs/3", line),
        ("defs/4", line),
        ("defs/3.5.3", own),
    ]);
    let FoundKind::Text(text) = &found.links[0].pins[0].kind else {
        panic!("{found:?}")
    };
    assert_eq!(text.file, "defs/*");
    assert_eq!(text.leave, ["get interpreter-{version}"]);
}

/// The digest of a release's tarball.
pub(super) fn digest(wanted: &str) -> String {
    let releases = builtin::builtin().expect("facts").releases;
    let mut releases = releases.iter();
    let release = releases.find(|release| release.version.to_string() == wanted);
    let digest = release.and_then(|release| release.hashes.sha256.clone());
    digest.expect("a digest")
}

#[test]
fn a_digest_without_its_version_is_no_link() {
    let found = found(&[("hashes.txt", &format!("openssl {}\n", digest("3.5.3")))]);
    assert_eq!(found.links, []);
    assert_eq!(found.unsure.len(), 1);
}

#[test]
fn what_a_pin_s_file_says_beside_it_may_stay() {
    let found = found(&[(
        "SPECS/openssl.spec",
        "Version: 3.5.3\nSource: https://h/openssl-%{version}.tar.gz\n\n%changelog\n* Mon - 3.5.3-1\n- Update to 3.5.3\n",
    )]);
    let [link] = found.links.as_slice() else {
        panic!("{found:?}")
    };
    let FoundKind::Text(text) = &link.pins[0].kind else {
        panic!("{link:?}")
    };
    assert_eq!(
        (text.matches.as_slice(), text.leave.as_slice()),
        (
            ["Version: {version}".to_owned()].as_slice(),
            ["* {*}".to_owned(), "- Update to {version}".to_owned()].as_slice()
        )
    );
}

#[test]
fn a_version_with_a_package_s_number_is_told_where_it_is_no_pin() {
    for (path, text, pattern) in [
        (
            "deps.env",
            "ZLIB=1.3-2\nOPENSSL_VERSION=3.5.3-2\n",
            "`OPENSSL_VERSION={version}-{+}`",
        ),
        (
            "a.yml",
            "  openssl_version: 3.5.3.1\n",
            "`openssl_version: {version}.{+}`",
        ),
        (
            "app/build.gradle",
            "    implementation 'io.example:openssl:3.5.3-1'\n",
            "`implementation 'io.example:openssl:{version}-{+}'`",
        ),
        (
            "fetch.json",
            "\"https://github.com/x/x-openssl/releases/download/3.5.3-1/openssl-{os}.tgz\"\n",
            "`\"https://github.com/x/x-openssl/releases/download/{version}-{+}`",
        ),
    ] {
        let found = found(&[(path, text)]);
        let [doubt] = found.unsure.as_slice() else {
            panic!("{text}: {:?}", found.unsure);
        };
        assert!(doubt.why.contains(pattern), "{}", doubt.why);
    }
    for text in ["apt install openssl=3.5.3-1\n", "OPENSSL_MIN=3.5\n"] {
        assert_eq!(found(&[("x.sh", text)]).unsure, [], "{text}");
    }
}
