//! What stands beside OpenSSL's name and is somebody else's.

use super::{digest, found, linked};
use crate::project::discovery::*;

#[test]
fn nothing_of_a_copy_among_those_of_others_is_a_pin() {
    for (folder, pins) in [("vendor/a", 0), ("packages/a", 1)] {
        let found = found(&[
            (&format!("{folder}/.travis.yml"), "language: c\n"),
            (&format!("{folder}/build.sh"), "OPENSSL_VERSION=3.5.3\n"),
        ]);
        assert_eq!(found.links.len(), pins, "{folder}");
    }
}

#[test]
fn nothing_of_a_whole_release_among_those_of_others_is_a_pin() {
    let names = ["COPYING", "README", "NEWS", "configure.ac"];
    for (folder, files, pins) in [
        ("vendor/libssh2", 4, 0),
        ("vendor/libssh2", 3, 1),
        ("vendor/openssl", 4, 1),
        ("src/libssh2", 4, 1),
    ] {
        let paths: Vec<String> = names[..files]
            .iter()
            .map(|name| format!("{folder}/{name}"))
            .collect();
        let script = format!("{folder}/win32/build.sh");
        let mut all: Vec<(&str, &str)> = paths.iter().map(|path| (path.as_str(), "x\n")).collect();
        all.push((&script, "OPENSSL_VERSION=3.5.3\n"));
        assert_eq!(found(&all).links.len(), pins, "{folder} {files}");
    }
}

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
        (
            "third_party/crypto.h",
            "#define OPENSSL_VERSION_TEXT \"OpenSSL 1.1.1 (compatible; AWS-LC 1.2.0)\"\n",
        ),
        (
            "debian/copyright",
            "Files: lib/openssl-0.9.8zf/*\nCopyright: the OpenSSL Project\n",
        ),
        (
            "CMakeLists.txt",
            "if (NOT OPENSSL_VERSION)\n  set(OPENSSL_VERSION 3.0.0)\nendif()\nfind_package(OpenSSL REQUIRED)\n",
        ),
        (
            "configure.ac",
            "AC_MSG_CHECKING([OpenSSL >= 1.1.0])\nCFLAGS=\"$CFLAGS -DOPENSSL_1_1_0\"\n",
        ),
        ("vms/link.com", "$ ssl_version = \"OpenSSL/0.9.6g\"\n"),
        (
            "LICENSE-openssl.txt",
            "the sources of openssl-3.5.3.tar.gz\n",
        ),
        ("deps.mk", "OPENSSL_SERIES := 1.1.1\nOPENSSL_PATCH := v\n"),
        ("opt.sh", "export OPENSSL_ROOT_DIR=/opt/openssl-3.5.3\n"),
        ("ci.json", "\"-DOPENSSL_ROOT_DIR=C:/openssl-3.5.3\"\n"),
        (
            "vendor/lib/win32/GNUmakefile",
            "OPENSSL_PATH ?= ../../openssl-1.0.2d\n",
        ),
        (
            "win32/Makefile.x",
            "OPENSSL_ROOT = ..\\..\\openssl-0.9.8zc\n",
        ),
        ("win32/config.mk", "OPENSSLINC=..\\openssl-0.9.8zc\\inc32\n"),
        ("conanfile.py", "_openssl_version = \"3.0.8+0\"\n"),
        (
            "deps.json",
            "{ \"name\": \"foo\", \"version\": \"3.5.3\" }, \"openssl\"\n",
        ),
        (
            "build.sh",
            "git clone -b openssl-3.1.7+quic https://github.com/quictls/openssl\n",
        ),
        (
            "h3.sh",
            "OPENSSL_BRANCH=${OPENSSL_BRANCH:-\"OpenSSL_1_1_1k+quic\"}\n",
        ),
        ("ci.yml", "OPENSSL3_VERSION: 3.1.7+quic\n"),
        ("ci.yml", "- name: Build quictls/openssl v1.1.1w\n"),
        (
            "get.ps1",
            "$QUICTLS_VERSION = \"3.5.3\"\nget \"https://h/openssl-${QUICTLS_VERSION}+quic.tar.gz\"\n",
        ),
        (
            "ci.sh",
            "gh api 'select(.ref != \"refs/tags/OpenSSL_1_1_1\")' /git/matching-refs/tags/OpenSSL_1_1_1\n",
        ),
        (
            "spam.conf",
            "header: \"Vue.js/10.31.1 PHP/8.2.1 OpenSSL/3.5.3 x/1.2.3\"\n",
        ),
    ] {
        assert_eq!(found(&[(path, text)]).links, [], "{path}: {text}");
    }
}

#[test]
fn numbers_without_their_letter_and_branches_of_a_series_are_no_pins() {
    let apart = "whose letter stands elsewhere";
    let whole = "may be the whole series";
    let release = digest("1.1.1e");
    let hashed = format!(
        "PKG_BASE:=1.1.1\nPKG_BUGFIX:=e\nPKG_VERSION:=$(PKG_BASE)$(PKG_BUGFIX)\nPKG_HASH:={release}\n"
    );
    for (path, text, expected) in [
        (
            "Makefile",
            "OPENSSL_NUMBER=1.1.1\nOPENSSL_REVISION=g\nOPENSSL_VERSION=$(OPENSSL_NUMBER)$(OPENSSL_REVISION)\n\tcurl h/openssl-$(OPENSSL_VERSION).tar.gz\n",
            apart,
        ),
        ("libs/openssl/Makefile", hashed.as_str(), apart),
        (
            "build.sh",
            "OPENSSL_NUMBER=1.1.1\nOPENSSL_LETTER=\"g\"\n./get ssl $OPENSSL_NUMBER $OPENSSL_LETTER\n",
            apart,
        ),
        (
            "Dockerfile",
            "{% set OPENSSL_VER = \"1_1_1\" %}\n{% set OPENSSL_PREFIX = \"/usr/local/spam/openssl-1.1.1\" %}\nRUN git clone -b OpenSSL_{{ OPENSSL_VER }}-stable openssl.git openssl_{{ OPENSSL_VER }}\n",
            whole,
        ),
        (
            "get.sh",
            "OPENSSL_VERSION=1.1.1\ncurl h/openssl-${OPENSSL_VERSION}-stable.tar.gz\n",
            whole,
        ),
    ] {
        let found = found(&[(path, text)]);
        assert_eq!(found.links, [], "{text}");
        let told = found
            .unsure
            .iter()
            .any(|doubt| doubt.why.contains(expected));
        assert!(told, "{text}: {:?}", found.unsure);
    }
    for text in [
        "OPENSSL_VERSION=1.1.1\ncurl h/openssl-${OPENSSL_VERSION}.tar.gz\n",
        "EXT=.tar.gz\nOPENSSL_VERSION=1.1.1\nURL=h/openssl-${OPENSSL_VERSION}.tar.gz\ncp ${OPENSSL_VERSION}${EXT}\n",
    ] {
        assert_eq!(found_links(&[("get.sh", text)]), 1, "{text}");
    }
}

#[test]
fn a_pre_release_in_the_place_of_a_release_is_no_link() {
    let pin = "OPENSSL_VER='3.3.2'\n";
    let tries = "if [ dev ]; then\n  OPENSSL_VER='3.4.0-beta1'\n  OPENSSL_HASH=\nfi\nget \"openssl-${OPENSSL_VER}.tar.gz\"\n";
    let own = "if [ dev ]; then\n  OPENSSL_VER='3.3.0-beta1'\nfi\nget \"openssl-${OPENSSL_VER}.tar.gz\"\n";
    for (files, expected) in [
        (vec![("versions.sh", pin), ("get.sh", tries)], vec!["3.3.2"]),
        (vec![("versions.sh", pin), ("get.sh", own)], vec!["3.3.2"]),
        (
            vec![("versions.sh", "OPENSSL_VERSION=3.4.0-beta1\n")],
            vec![],
        ),
        (vec![("get.sh", tries)], vec!["3.4.0-beta1"]),
    ] {
        let found = found(&files);
        let linked: Vec<String> = found
            .links
            .iter()
            .map(|one| one.version.to_string())
            .collect();
        assert_eq!(linked, expected, "{files:?}");
        let told = found
            .unsure
            .iter()
            .any(|doubt| doubt.why.contains("pre-release"));
        assert_eq!(told, files.len() == 2 || expected.is_empty(), "{files:?}");
    }
}

#[test]
fn what_a_patch_was_written_for_does_not_move_with_a_pin() {
    let pin = "ARG SPAM_OPENSSL_VERSION=3.5.3\n";
    for text in [
        "ARG SPAM_OPENSSL_PATCH_VERSION=3.5.3\nRUN curl h/openssl-${SPAM_OPENSSL_PATCH_VERSION}-yield.patch\n",
        "ARG OPENSSL_FIX=3.5.3\nRUN curl h/openssl-${OPENSSL_FIX}-yield.patch | patch -p1\n",
    ] {
        let text = format!("{pin}{text}RUN curl h/openssl-${{SPAM_OPENSSL_VERSION}}.tar.gz\n");
        let found = found(&[("Dockerfile", &text)]);
        let FoundKind::Text(pin) = &found.links[0].pins[0].kind else {
            panic!("a text");
        };
        assert_eq!(
            pin.matches,
            ["ARG SPAM_OPENSSL_VERSION={version}"],
            "{text}"
        );
        assert_eq!(pin.leave.len(), 1);
        assert_eq!(found.links[0].doubt, None);
        assert!(found.unsure.iter().any(|doubt| doubt.line == 2));
    }
}

#[test]
fn an_entry_s_own_version_is_that_of_its_address() {
    let release = digest("3.5.3");
    let build = format!(
        "b = add(\"linux\", version=\"3.10.14\")\nb.add(\n    \"openssl\",\n    build=f,\n    download={{\n        \"url\": \"https://h/openssl-{{version}}.tar.gz\",\n        \"version\": \"3.5.3\",\n        \"checksum\": \"{release}\",\n    }},\n)\n"
    );
    let fips = format!(
        "b.add(\n    \"openssl-fips-module\",\n    build=f,\n    wait=[\"openssl\"],\n    download={{\n        \"url\": \"https://www.openssl.org/source/openssl-{{version}}.tar.gz\",\n        \"mirror\": \"https://h/openssl-{{version}}.tar.gz\",\n        \"version\": \"3.0.8\",\n        \"checksum\": \"{}\",\n    }},\n)\n",
        "ab12".repeat(10)
    );
    let text = format!("{build}{fips}");
    assert_eq!(
        patterns(&[("build.py", &text)]),
        ["        \"version\": \"{version}\",\n        \"checksum\": \"{sha256}\","]
    );
    let plain = build.replace(&release, "SKIP");
    assert_eq!(found_links(&[("build.py", &plain)]), 1);
    let held = format!("        \"checksum\": \"{}\",\n", digest("3.0.9"));
    let known = format!(
        "b.add(\n    \"openssl-fips-module\",\n    download={{\n        \"version\": \"3.0.9\",\n{held}    }},\n)\n"
    );
    let found = found(&[("build.py", &known)]);
    assert_eq!(found.links, []);
    let told = &found.unsure[0].why;
    assert!(
        told.ends_with("it is the validated FIPS module, which stays at its version"),
        "{told}"
    );
}

#[test]
fn what_is_said_beside_a_pin_and_is_none_may_stay() {
    let (new, old, letter) = (digest("3.5.3"), digest("3.0.17"), digest("1.0.2o"));
    let remarked = format!(
        "openssl:\n  3.5.3:\n    url: \"https://h/openssl-3.5.3.tar.gz\"\n    sha256: {new}\n  3.0.17: # LTS: 3.5.3 is better than 3.0.17\n    url: \"https://h/openssl-3.0.17.tar.gz\"\n    sha256: {old}\n"
    );
    let fixes = format!(
        "pkgname=openssl\npkgver=1.0.2o\npkgrel=2\n# secfixes:\n#   1.0.2o-r0:\n#     - CVE\nsha256sums=\"{letter}  openssl-$pkgver.tar.gz\"\n"
    );
    for (path, text, expected) in [
        (
            "openssl/data.yml",
            remarked.as_str(),
            vec!["# LTS: {version} is better than {*}"],
        ),
        ("main/openssl/APKBUILD", &fixes, vec!["#   {version}-r0:"]),
    ] {
        let found = found(&[(path, text)]);
        let doubts: Vec<_> = found
            .links
            .iter()
            .filter_map(|one| one.doubt.as_deref())
            .collect();
        assert!(
            doubts.is_empty() && !found.links.is_empty(),
            "{path}: {doubts:?}"
        );
        let mut left: Vec<String> = Vec::new();
        for pin in found.links.iter().flat_map(|link| &link.pins) {
            if let FoundKind::Text(text) = &pin.kind {
                left.extend(
                    text.leave
                        .iter()
                        .filter(|one| !left.contains(one))
                        .cloned()
                        .collect::<Vec<_>>(),
                );
            }
        }
        assert_eq!(left, expected, "{path}");
    }
}

#[test]
fn a_recipe_whose_name_is_made_of_variables_has_its_version_by_the_digest() {
    let recipe = format!(
        "_realname=openssl\npkgname=(\"${{PREFIX}}-${{_realname}}\")\n_ver=1.1.1\npkgver=${{_ver/[a-z]/.}}\n\n\n\n\n\n\nsource=(https://h/${{_realname}}-${{_ver}}.tar.gz)\nsha256sums=('{}')\n",
        digest("1.1.1")
    );
    assert_eq!(
        patterns(&[("spam/PKGBUILD", &recipe)]),
        ["_ver={version}", "sha256sums=('{sha256}')"]
    );
}

#[test]
fn a_header_that_is_made_anew_beside_its_tree_is_left_out_and_told_once() {
    let header = "# define OPENSSL_VERSION_PATCH  3\n# define OPENSSL_VERSION_STR \"3.5.3\"\n";
    let found = found(&[
        (
            "deps/openssl/openssl/VERSION.dat",
            "MAJOR=3\nMINOR=5\nPATCH=3\nPRE_RELEASE_TAG=\n",
        ),
        ("deps/openssl/config/spam/opensslv.h", header),
        ("deps/openssl/config/ham/opensslv.h", header),
    ]);
    let [link] = found.links.as_slice() else {
        panic!("{found:?}")
    };
    assert_eq!(link.doubt, None);
    assert_eq!(
        link.pins[0].kind,
        FoundKind::Tree("deps/openssl/openssl".into())
    );
    assert_eq!(link.pins.len(), 1);
    let [told] = found.unsure.as_slice() else {
        panic!("{:?}", found.unsure)
    };
    assert!(told.why.contains("and so it does 1 more"), "{}", told.why);
}

/// The patterns of the only link.
pub(crate) fn patterns(files: &[(&str, &str)]) -> Vec<String> {
    let found = found(files);
    let [link] = found.links.as_slice() else {
        panic!("{found:?}")
    };
    assert_eq!(link.doubt, None);
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
            "bill.json",
            format!(
                "  {{\n    \"name\": \"openssl\",\n    \"version\": \"3.5.3\",\n    \"sha256\": \"{release}\"\n  }},\n  {{\n    \"name\": \"foo\",\n    \"version\": \"3.5.3\",\n    \"kind\": \"x\"\n  }}\n"
            ),
            vec!["    \"version\": \"{version}\",\n    \"sha256\": \"{sha256}\""],
        ),
        (
            "list.py",
            format!(
                "Dep(\"openssl\", \"3.5.3\", \"{release}\")\nDep(\"foo\", \"3.5.3\", \"https://foo.example.org/foo.zip\")\n"
            ),
            vec!["Dep(\"openssl\", \"{version}\", \"{sha256}\")"],
        ),
        (
            "azure.yml",
            "- name: opensslVersion\n  value: 3.5.3\n- name: cmakeVersion\n  value: 3.5.3\n".to_owned(),
            vec!["- name: opensslVersion\n  value: {version}"],
        ),
        (
            "cgmanifest.json",
            "\"tag\": \"openssl-3.5.3\",\n\"commitHash\": \"c4da9ac23de497ce039a102e6715381047899447\"\n".to_owned(),
            vec!["\"tag\": \"openssl-{version}\",", "\"commitHash\": \"{commit}\""],
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
            "get.sh",
            format!(
                "OPENSSL_VERSION=3.5.3\nOPENSSL_SHA256={release}\n\n# pcre\nPCRE2_VERSION=10.46\nPCRE2_SHA256={}\n",
                "cd34".repeat(16)
            ),
            vec!["OPENSSL_VERSION={version}", "OPENSSL_SHA256={sha256}"],
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

/// Why the only link of these files is doubtful.
pub(crate) fn doubt(files: &[(&str, &str)]) -> String {
    let found = found(files);
    let [link] = found.links.as_slice() else {
        panic!("{found:?}")
    };
    link.doubt
        .clone()
        .unwrap_or_else(|| panic!("{:?}", link.pins))
}

#[test]
fn what_a_bump_of_the_pins_would_leave_behind_makes_the_link_doubtful() {
    let (release, other) = (digest("3.5.3"), "cd34".repeat(16));
    let long = "ab12".repeat(32);
    let recipe = format!("version = '3.5.3'\nname = 'OpenSSL'\nchecksums = ['{release}']\n");
    let port = format!(
        "vcpkg_from_github(\n    REPO openssl/openssl\n    REF \"openssl-${{VERSION}}\"\n    SHA512 {long}\n)\n"
    );
    let bill = format!(
        "      \"checksums\": [\n        {{\n          \"checksumValue\": \"{other}\"\n        }}\n      ],\n      \"cpe\": \"cpe:2.3:a:openssl:openssl:3.5.3:*\",\n      \"name\": \"openssl\",\n      \"versionInfo\": \"3.5.3\"\n"
    );
    let own = format!(
        "set(OPENSSL_VERSION 3.5.3)\nget(\n    ${{CDN}}/openssl-${{OPENSSL_VERSION}}-win.zip\n    \"{other}\"\n)\n"
    );
    let (short, hash) = ("ab12".repeat(8), "ab12".repeat(10));
    let package = format!(
        "pkgname=openssl\npkgver=1.1.1.5\n_ver=1.1.1e\nsource=(\"https://h/openssl-$_ver.tar.gz\"\n  'fix.patch')\nsha256sums=('{}'\n  '{other}')\n",
        digest("1.1.1e")
    );
    let archive = format!(
        "set(OPENSSL_VERSION 3.5.3)\nURL https://github.com/openssl/openssl/archive/refs/tags/openssl-3.5.3.tar.gz\nURL_HASH MD5={short}\n"
    );
    let installer = format!(
        "$url = \"https://h/Win64OpenSSL-4_0_3.exe\"\n$expectedSha256 = \"{}\"\n$path = \"$tmp\\Win64OpenSSL-4_0_3.exe\"\n",
        other.to_ascii_uppercase()
    );
    let wrap = format!(
        "source_url = https://www.openssl.org/source/openssl-3.5.3.tar.gz\nsource_hash = {release}\npatch_url = https://h/openssl-3.5.3.zip\npatch_hash = {other}\n"
    );
    let apart = format!("tarball=openssl-VERSION.tar.gz\nsha1={hash}\nmd5={short}\n");
    let header = "# define OPENSSL_VERSION_PATCH  3\n# define OPENSSL_VERSION_STR \"3.5.3\"\n";
    for (files, expected) in [
        (
            vec![("o/OpenSSL/OpenSSL-3.5.3.eb", recipe.as_str())],
            "`o/OpenSSL/OpenSSL-3.5.3.eb` has 3.5.3 in its name",
        ),
        (
            vec![
                (
                    "ports/openssl/vcpkg.json",
                    "{\n  \"name\": \"openssl\",\n  \"version\": \"3.5.3\"\n}\n",
                ),
                ("ports/openssl/portfile.cmake", port.as_str()),
            ],
            "`ports/openssl/portfile.cmake` line 4 holds a digest",
        ),
        (
            vec![("sbom.json", bill.as_str())],
            "`sbom.json` line 3 holds a digest",
        ),
        (
            vec![("cmake/openssl.cmake", own.as_str())],
            "`cmake/openssl.cmake` line 4 holds a digest",
        ),
        (
            vec![("include/openssl/opensslv.h", header)],
            "`include/openssl/opensslv.h` is made by OpenSSL's own build",
        ),
        (
            vec![(
                "get.sh",
                "OPENSSL_VERSION=3.5.3\ncurl -O https://github.com/x/openssl-kit/archive/v3.5.3.zip\n",
            )],
            "`get.sh` line 2 says 3.5.3 in an address",
        ),
        (
            vec![
                ("conanfile.txt", "openssl/3.5.3\n"),
                ("conan.lock", "{\n\"openssl/3.5.3#01a5c3a2b8db\"\n}\n"),
            ],
            "`conan.lock` line 2 locks 3.5.3",
        ),
        (
            vec![(
                "build.zig.zon",
                ".url = \"https://www.openssl.org/source/openssl-3.5.3.tar.gz\",\n.hash = \"N-V-__8AAGx2cgpVJHq0Wl3xGk7mK6gZ4dWkqgqXgkq8qv0T\",\n",
            )],
            "`build.zig.zon` line 2 holds a digest",
        ),
        (
            vec![(
                "get.sh",
                "git fetch openssl refs/tags/openssl-3.5.4\ntest \"$(git rev-parse FETCH_HEAD)\" = ab12ab12ab12ab12ab12ab12ab12ab12ab12ab12\n",
            )],
            "`get.sh` line 2 holds a digest",
        ),
        (
            vec![(
                "image.py",
                "OPENSSL_VERSION = \"3.5.3\"\nPACKAGES = {\"openssl\": \"3.5.3-r0\"}\n",
            )],
            "`image.py` line 2 says 3.5.3 with a packager's own number",
        ),
        (
            vec![("openssl.wrap", wrap.as_str())],
            "`openssl.wrap` line 4 holds a digest",
        ),
        (
            vec![("openssl/PKGBUILD", package.as_str())],
            "`openssl/PKGBUILD` line 2 says `1.1.1.5`, which is made of 1.1.1e",
        ),
        (
            vec![("ssl.cmake", archive.as_str())],
            "`ssl.cmake` line 3 holds a digest",
        ),
        (
            vec![("ci.yml", installer.as_str())],
            "`ci.yml` line 2 holds a digest",
        ),
        (
            vec![
                ("pkgs/openssl/package-version.txt", "3.5.3\n"),
                ("pkgs/openssl/checksums.ini", apart.as_str()),
            ],
            "`pkgs/openssl/checksums.ini` line 2 holds a digest",
        ),
    ] {
        let doubt = doubt(&files);
        assert!(doubt.starts_with(expected), "{doubt}");
    }
}

#[test]
fn the_series_in_an_address_moves_with_the_version() {
    let text = "url \"https://www.openssl.org/source/old/3.1/openssl-3.1.4.tar.gz\"\n";
    assert_eq!(
        patterns(&[("spam.rb", text)]),
        ["url \"https://www.openssl.org/source/old/{series}/openssl-{version}.tar.gz\""]
    );
    let text = "OPENSSL_VERSION=3.1.4\ncurl https://www.openssl.org/source/old/3.1/openssl-$OPENSSL_VERSION.tar.gz\n";
    assert_eq!(
        patterns(&[("get.sh", text)]),
        [
            "OPENSSL_VERSION={version}",
            "curl https://www.openssl.org/source/old/{series}/openssl-$OPENSSL_VERSION.tar.gz"
        ]
    );
}

#[test]
fn the_name_of_the_series_beside_a_version_moves_with_it() {
    assert_eq!(
        patterns(&[(
            "get.sh",
            "COMMIT=\"openssl-3.2.3\"\nFILTER=\"openssl-3.2.*\"\n"
        )]),
        [
            "COMMIT=\"openssl-{version}\"",
            "FILTER=\"openssl-{series}.*\""
        ]
    );
}

#[test]
fn a_digest_behind_that_of_an_address_is_the_next_thing_s() {
    let release = digest("3.5.3");
    let other = "cd34".repeat(16);
    let address = "https://www.openssl.org/source/openssl-3.5.3.tar.gz";
    for text in [
        format!("ARG URL={address}\nARG OPENSSL_SHA256={release}\nFROM debian:12@sha256:{other}\n"),
        format!(
            "- url: {address}\n  sha256: {release}\n- sha256: {other}\n  url: https://zlib.net/z.gz\n"
        ),
    ] {
        let found = found(&[("Dockerfile", &text)]);
        let doubts: Vec<_> = found.links.iter().map(|link| &link.doubt).collect();
        assert_eq!(doubts, [&None], "{text}");
    }
}

#[test]
fn a_name_that_is_made_of_the_version_moves_with_its_digest() {
    let text = format!(
        "set(OPENSSL_VERSION \"3.5.3\")\nset(OPENSSL_3.5.3_SHA256 \"{}\")\n",
        digest("3.5.3")
    );
    assert_eq!(
        patterns(&[("ssl.cmake", &text)]),
        [
            "set(OPENSSL_VERSION \"{version}\")",
            "set(OPENSSL_{version}_SHA256 \"{sha256}\")"
        ]
    );
}

#[test]
fn what_says_where_something_was_fixed_may_stay() {
    let text = format!(
        "package:\n  name: openssl\n  version: 3.5.3\n  epoch: 0\nfetch:\n  sha256: {}\nsecfixes:\n  3.5.3-r1:\n    - CVE-2026-1\nadvisories:\n  - timestamp: 2025-09-16T16:49:56Z\n    fixed-version: 3.5.3-r0\n",
        digest("3.5.3")
    );
    let found = found(&[("openssl.yaml", &text)]);
    let [link] = found.links.as_slice() else {
        panic!("{found:?}")
    };
    assert_eq!(link.doubt, None);
}

#[test]
fn a_module_that_a_remark_calls_validated_is_no_pin() {
    let line = |version: &str| {
        format!(
            "version(\"{version}\") {{ sha256: \"{}\" }}",
            digest(version)
        )
    };
    let text = format!(
        "name \"openssl\"\n{}\n{} # FIPS validated\n",
        line("3.5.3"),
        line("3.1.2")
    );
    let found = found(&[("openssl.rb", &text)]);
    assert_eq!(linked(&found), ["3.5.3"]);
}

#[test]
fn a_digest_of_a_kind_that_no_fact_has_is_upstream_s_by_the_address_beside_it() {
    let text = format!(
        "set(OPENSSL_VERSION 3.5.3)\nadd(\n  NAME OpenSSL\n  URL https://github.com/openssl/openssl/releases/download/openssl-${{OPENSSL_VERSION}}/openssl-${{OPENSSL_VERSION}}.tar.gz\n  URL_HASH SHA512={}\n)\n",
        "ab12".repeat(32)
    );
    assert_eq!(
        patterns(&[("cmake/ssl.cmake", &text)]),
        ["set(OPENSSL_VERSION {version})", "URL_HASH SHA512={sha512}"]
    );
}

#[test]
fn a_package_of_nix_says_its_version_once_more() {
    let text = format!(
        "  pname = \"openssl\";\n  version = \"3.5.3\";\n  src = fetchurl {{\n    url = \"https://www.openssl.org/source/openssl-3.5.3.tar.gz\";\n    sha256 = \"{}\";\n  }};\n",
        digest("3.5.3")
    );
    assert!(patterns(&[("openssl.nix", &text)]).contains(&"version = \"{version}\";".to_owned()));
}

#[test]
fn what_is_called_sha_beside_a_tarball_is_no_commit() {
    let text = format!(
        "version=\"3.5.3\"\ntarget=\"/tmp/openssl-$version.tar.gz\"\nsha=\"{}\"\nget \"https://www.openssl.org/source/openssl-$version.tar.gz\"\n",
        "ab12".repeat(10)
    );
    assert_eq!(
        patterns(&[("install-openssl.sh", &text)]),
        ["version=\"{version}\"", "sha=\"{sha1}\""]
    );
}

#[test]
fn a_digest_whose_own_file_says_no_version_stays_where_others_have_theirs() {
    let release = digest("3.5.3");
    let found = found(&[
        (
            "a/Portfile",
            &format!("name openssl\nversion 3.5.3\nsha256 {release}\n"),
        ),
        (
            "b/Portfile",
            &format!("name openssl\nversion ${{major}}.5.3\nsha256 {release}\n"),
        ),
    ]);
    let files: Vec<&String> = found.links[0]
        .pins
        .iter()
        .flat_map(|pin| &pin.places)
        .map(|(file, _)| file)
        .collect();
    assert!(files.iter().all(|file| *file == "a/Portfile"), "{files:?}");
    assert!(
        found.unsure.iter().any(|doubt| doubt.file == "b/Portfile"),
        "{:?}",
        found.unsure
    );
}

#[test]
fn entries_of_a_table_may_stand_deeper_than_others() {
    let of = |version: &str| format!("version(\"{version}\", sha256=\"{}\")\n", digest(version));
    let text = format!(
        "class Openssl:\n    url = \"https://www.openssl.org/source/openssl-1.1.1d.tar.gz\"\n    {}    {}    {}    with deprecated():\n        {}        {}",
        of("3.5.3"),
        of("3.5.2"),
        of("3.4.2"),
        of("1.1.1s"),
        of("1.1.1q")
    );
    let found = found(&[("openssl/package.py", &text)]);
    let [link] = found.links.as_slice() else {
        panic!("{found:?}")
    };
    let FoundKind::Text(pin) = &link.pins[0].kind else {
        panic!("{link:?}")
    };
    assert!(pin.insert.is_some() && link.version.to_string() == "3.5.3");
}

#[test]
fn five_numbers_move_with_a_pin() {
    let check = "wanted = (3, 5, 0, 3, 0)\n";
    assert_eq!(
        patterns(&[
            ("verify.py", check),
            ("Dockerfile", "ARG OPENSSL_VERSION=3.5.3\n")
        ]),
        [
            "ARG OPENSSL_VERSION={version}",
            "wanted = ({major}, {minor}, 0, {patch},"
        ]
    );
}

#[test]
fn what_says_the_version_of_a_pin_moves_with_it() {
    let release = digest("3.5.3");
    let pin = format!("OPENSSL_VERSION = \"3.5.3\"\nOPENSSL_SHA256 = \"{release}\"\n");
    let of = [
        "OPENSSL_VERSION = \"{version}\"",
        "OPENSSL_SHA256 = \"{sha256}\"",
    ];
    for (path, text, also) in [
        (
            "verify.py",
            format!(
                "EXPECTED_OPENSSL_SHA256 = \"{release}\"\n\nif (evidence.get('openssl_version') != '3.5.3' or\n    raise RuntimeError('it is not OpenSSL 3.5.3')\n"
            ),
            vec![
                "EXPECTED_OPENSSL_SHA256 = \"{sha256}\"",
                "if (evidence.get('openssl_version') != '{version}'",
                "raise RuntimeError('it is not OpenSSL {version}')",
            ],
        ),
        (
            "tests/manifest.py",
            format!("item['id'] == 'openssl-3.5.3'\n'{release}'\n"),
            vec!["item['id'] == 'openssl-{version}'", "'{sha256}'"],
        ),
        (
            "use.sh",
            "export ROOT=/opt/openssl-3.5.3\n".to_owned(),
            vec!["export ROOT=/opt/openssl-{version}"],
        ),
        (
            "deps.cmake",
            format!(
                "declare(openssl\n  VENDORED_VERSION 3.5.3 SYSTEM_FLOOR 3.5.0\n  ARCHIVE_SHA256 {release})\n"
            ),
            vec!["VENDORED_VERSION {version}", "ARCHIVE_SHA256 {sha256})"],
        ),
    ] {
        let mut found = patterns(&[("build.py", &pin), (path, &text)]);
        found.retain(|pattern| !of.contains(&pattern.as_str()));
        assert_eq!(found, also, "{path}");
    }
    let alone = found_links(&[(
        "tests/manifest.py",
        &format!("item['id'] == 'openssl-3.5.3'\n'{release}'\n"),
    )]);
    assert_eq!(alone, 0);
}

fn found_links(files: &[(&str, &str)]) -> usize {
    found(files).links.len()
}

#[test]
fn a_file_that_is_nothing_but_a_version_or_its_digest_is_a_pin() {
    let release = digest("3.5.3");
    assert_eq!(
        patterns(&[
            ("openssl.version", "3.5.3\n"),
            ("openssl.sha256", &format!("{release}\n")),
        ]),
        ["\n{sha256}\n", "\n{version}\n"]
    );
}
