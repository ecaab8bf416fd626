//! What says a pin's version in a way of its own: it moves along, or makes the link doubtful.

use super::others::{doubt, patterns};
use super::{digest, found, linked};

const PIN: &str = "curl -O https://www.openssl.org/source/openssl-3.5.3.tar.gz\n";

#[test]
fn what_is_tied_to_the_name_in_another_way_moves_with_a_pin() {
    let of_pin = patterns(&[("build.sh", PIN)]);
    for (before, after, also) in [
        // One command on several lines.
        (
            "",
            "rpmbuild \\\n    -D \"version 3.5.3\" \\\n    -ba openssl.spec\n",
            Some("-D \"version {version}\""),
        ),
        (
            "",
            "make openssl && \\\n    echo \"version 3.5.3\" \\\n    > a\n",
            None,
        ),
        // Words between the name and the version.
        (
            "",
            "key=win-openssl-libs-3.5.3-${{ hash }}\n",
            Some("key=win-openssl-libs-{version}-"),
        ),
        ("", "key=pyopenssl-libs-3.5.3\n", None),
        ("", "key=/opt/openssl-libs-3.5.3/lib\n", None),
        ("", "patch openssl-fix-3.5.3.patch\n", None),
        ("", "# uses openssl-libs-3.5.3\n", None),
        // A word for OpenSSL.
        (
            "",
            "tags=\"${IMAGE}:py3.12.12-ssl3.5.3\"\n",
            Some("-ssl{version}"),
        ),
        ("", "tags=\"${IMAGE}:py3.12.12-libressl3.5.3\"\n", None),
        // Comments.
        ("# OpenSSL 3.5.3\n", "", Some("# OpenSSL {version}")),
        (
            "# https://github.com/openssl/openssl/releases/tag/openssl-3.5.3\n",
            "",
            Some("releases/tag/openssl-{version}"),
        ),
        ("# OpenSSL 3.5.3 is slow\n", "", None),
        ("# OpenSSL 3.5.3\n\n\n\n\n\n", "", None),
    ] {
        let text = format!("{before}{PIN}{after}");
        let mut found = patterns(&[("build.sh", &text)]);
        found.retain(|pattern| !of_pin.contains(pattern));
        let fits = match also {
            Some(also) => found.len() == 1 && found[0].contains(also),
            None => found.is_empty(),
        };
        assert!(fits, "{before}{after}: {found:?}");
    }
}

#[test]
fn an_argument_beside_what_is_sure_moves_with_it() {
    let call = |first: &str| {
        format!(
            "new(\n    {first},\n    \"3.5.3\",\n    \"https://www.openssl.org/source/openssl-3.5.3.tar.gz\",\n)\n"
        )
    };
    let found = patterns(&[("build.rs", &call("\"openssl\""))]);
    assert!(
        found
            .iter()
            .any(|pattern| pattern.contains("\"{version}\",")),
        "{found:?}"
    );
}

#[test]
fn a_call_may_give_the_version_behind_a_keyword() {
    for (path, text, expected) in [
        (
            "config.cmake",
            "hunter_config(OpenSSL VERSION 3.5.3)\n".to_owned(),
            "hunter_config(OpenSSL VERSION {version}",
        ),
        (
            "xmake.lua",
            "add_requires(\"openssl 3.5.3\", {configs = {shared = false}})\n".to_owned(),
            "add_requires(\"openssl {version}",
        ),
        (
            "openssl.rc",
            " FILEVERSION 3,5,3,0\n VALUE \"FileVersion\", \"3.5.3\"\n".to_owned(),
            "FILEVERSION {major},{minor},{patch}",
        ),
        (
            "packages/o/openssl/xmake.lua",
            format!("add_versions(\"3.5.3\", \"{}\")\n", digest("3.5.3")),
            "add_versions(\"{version}\", \"{sha256}\"",
        ),
        (
            "openssl.spec",
            format!(
                "Version: 3.5.3\nSource: openssl-%{{version}}.tar.gz\n%define sha256 %{{name}}={}\n",
                digest("3.5.3")
            ),
            "%define sha256 %{*}={sha256}",
        ),
    ] {
        let found = patterns(&[(path, &text)]);
        assert!(
            found.iter().any(|pattern| pattern.contains(expected)),
            "{path}: {found:?}"
        );
    }
}

#[test]
fn the_digest_of_an_image_makes_a_link_doubtful_only_with_its_version() {
    let image = "ab12".repeat(16);
    let text = |image: &str| {
        format!(
            "FROM {image}\nARG OPENSSL_VERSION=3.5.3\nRUN curl https://www.openssl.org/source/openssl-${{OPENSSL_VERSION}}.tar.gz\n"
        )
    };
    let alpine = text(&format!("alpine:3.20@sha256:{image}"));
    assert_eq!(found(&[("Dockerfile", &alpine)]).links[0].doubt, None);
    let own = text(&format!(
        "example/openssl:${{OPENSSL_VERSION}}@sha256:{image}"
    ));
    assert!(doubt(&[("Dockerfile", &own)]).starts_with("`Dockerfile` line 1 holds a digest"));
}

#[test]
fn digests_of_what_addresses_made_of_the_version_name_make_the_link_doubtful() {
    let other = "cd34".repeat(16);
    for text in [
        // Two maps with the same keys.
        format!(
            "source 'https://www.openssl.org/source/openssl-3.5.3.tar.gz'\nbinary_url({{\n   x86_64: 'https://h/openssl/openssl-3.5.3-x86_64.tar.zst',\n}})\n\n\nbinary_sha256({{\n   x86_64: '{other}',\n}})\n"
        ),
        // An archive of the forge's, far from the version.
        format!(
            "{{% block version %}}\n3.5.3\n{{% endblock %}}\n\n\n{{% block fetch %}}\nhttps://github.com/openssl/openssl/archive/refs/tags/openssl-{{{{self.version()}}}}.tar.gz\n{other}\n{{% endblock %}}\n"
        ),
    ] {
        let why = doubt(&[("pkgs/openssl/ix.sh", &text)]);
        assert!(why.contains("holds a digest of what an address"), "{why}");
    }
}

#[test]
fn a_patch_that_is_named_by_variables_alone_makes_the_link_doubtful() {
    let script = "PKGNAME=openssl\nPKGVER=3.5.3\ntar xf openssl-$PKGVER.tar.gz\npatch -p1 < ../${PKGNAME}-${PKGVER}.patch\n";
    let files = [
        ("openssl/PKGBUILD", script),
        ("openssl/openssl-3.5.3.patch", "--- a\n+++ b\n"),
    ];
    let why = doubt(&files);
    assert!(why.contains("has 3.5.3 in its name"), "{why}");
}

#[test]
fn what_selects_in_a_case_is_an_entry_of_a_table() {
    let (digest, other) = (digest("3.5.3"), digest("3.0.17"));
    let text = format!(
        "tar xf openssl-$OPENSSL_VERSION.tar.gz\ncase \"$OPENSSL_VERSION\" in\n  \"3.5.3\" ) HASH={digest};;\n  \"3.0.17\" ) HASH={other};;\nesac\n"
    );
    assert!(found(&[("build.sh", &text)]).links.is_empty());
    let with_default = format!("OPENSSL_VERSION=3.5.3\n{text}");
    let found = found(&[("build.sh", &with_default)]);
    assert_eq!(linked(&found), ["3.5.3"]);
}

#[test]
fn a_list_that_grows_is_no_pin_and_a_comment_may_name_the_version_below() {
    let text = "# Default OpenSSL version to build\nDEFAULT_VERSION=\"3.5.3\"\nOPENSSL_VERSIONS=(\"3.0.17=old\" \"3.5.2=old\" \"3.5.3=stable\")\n";
    assert_eq!(
        patterns(&[("config.sh", text)]),
        ["DEFAULT_VERSION=\"{version}\""]
    );
    let without = "# which version\nDEFAULT_VERSION=\"3.5.3\"\n# OpenSSL\n";
    assert!(found(&[("config.sh", without)]).links.is_empty());
}

#[test]
fn the_digest_of_an_archive_that_a_tag_names_makes_the_link_doubtful() {
    let other = "cd34".repeat(16);
    let text = format!(
        "case $1 in\n  3.5)\n    tag=openssl-3.5.3\n    sha256={other}\n    ;;\nesac\n\n\n\nwget https://github.com/openssl/openssl/archive/refs/tags/$tag.tar.gz\n"
    );
    let why = doubt(&[("build.sh", &text)]);
    assert!(
        why.starts_with("`build.sh` line 4 holds a digest of what an address"),
        "{why}"
    );
}

#[test]
fn the_release_of_a_fork_is_told() {
    let address =
        "curl https://github.com/quictls/openssl/archive/refs/tags/openssl-3.0.8-quic1.tar.gz\n";
    let found = found(&[("build.sh", address), ("pin.sh", PIN)]);
    let told: Vec<&str> = found.unsure.iter().map(|one| one.why.as_str()).collect();
    assert!(
        told.iter().any(|why| why.contains("release of a fork")),
        "{told:?}"
    );
    assert_eq!(found.links.len(), 1);
}

#[test]
fn a_digest_of_a_recipe_or_another_file_and_an_image_make_the_link_doubtful() {
    let long = "ab12".repeat(32);
    let (short, image) = ("ab12".repeat(8), "cd34".repeat(16));
    for (path, text, expected) in [
        (
            "conanfile.py",
            format!("self.requires(\"openssl/3.5.3@a/stable#{short}\")\n"),
            "line 1 has the revision of a recipe beside 3.5.3",
        ),
        (
            "openssl/install.ps1",
            format!(
                "url64      = 'https://h/download/Win64OpenSSL-3_5_3.exe'\nchecksum64 = '{long}'\n"
            ),
            "line 2 holds a digest of what an address",
        ),
        (
            "packages/openssl.rb",
            format!(
                "version '3.5.3'\nsource_sha256 '{}'\nbinary_sha256({{\n  x86_64: '{image}'\n}})\n",
                digest("3.5.3")
            ),
            "line 4 holds a digest of what an address",
        ),
        (
            "Dockerfile",
            format!("FROM owner/debian-with-openssl:3.5.3\n{PIN}"),
            "line 1 takes what another repository publishes as 3.5.3",
        ),
    ] {
        let why = doubt(&[(path, &text)]);
        assert!(why.contains(expected), "{path}: {why}");
    }
}

#[test]
fn remarks_of_batch_files_and_rows_of_databases_are_no_pins() {
    for (path, text, expected) in [
        (
            "build.bat",
            "REM SET OPENSSL_VERSION=3.0.16\n@rem SET OPENSSL_VERSION=3.0.15\n:: SET OPENSSL_VERSION=3.0.14\nSET OPENSSL_VERSION=3.5.3\n",
            &["SET OPENSSL_VERSION={version}"][..],
        ),
        (
            "build.sh",
            "REMOTE_OPENSSL_VERSION=3.5.3\n",
            &["REMOTE_OPENSSL_VERSION={version}"],
        ),
        ("rows.sql", "(3, 4, 'openssl', '3.5.3'),\n", &[]),
        (
            "abi.json",
            "\"GLIBC\": \"2.36\", \"GLIBCXX\": \"3.4\", \"OPENSSL\": \"3.5.3\"\n",
            &[],
        ),
        ("check.sh", "REQ_OPENSSL_VER=\"3.5.3\"\n", &[]),
        // What a condition gives is no condition.
        (
            "a.bat",
            "if \"%OPENSSL_VERSION%\"==\"\" set OPENSSL_VERSION=3.5.3\n",
            &["set OPENSSL_VERSION={version}"],
        ),
        (
            "a.sh",
            "if [ -z \"$OPENSSL_VERSION\" ]; then OPENSSL_VERSION=3.5.3; fi\n",
            &["OPENSSL_VERSION={version}"],
        ),
        (
            "b.sh",
            "if [ \"$OPENSSL_VERSION\" = 3.5.3 ]; then a; fi\n",
            &[],
        ),
        // A file in a folder that is called after the version.
        (
            "c.sh",
            "OPENSSL_VERSION=3.5.3\nexport OPENSSL_CONF=ssl/openssl-3.5.3/test/fips.cnf\n",
            &[
                "OPENSSL_VERSION={version}",
                "OPENSSL_CONF=ssl/openssl-{version}/",
            ],
        ),
    ] {
        let found = found(&[(path, text)]);
        let mut said = Vec::new();
        for pin in found.links.iter().flat_map(|link| &link.pins) {
            if let super::FoundKind::Text(pin) = &pin.kind {
                said.extend(pin.matches.iter().cloned());
            }
        }
        let fits = said.len() == expected.len()
            && expected
                .iter()
                .all(|part| said.iter().any(|pattern| pattern.contains(part)));
        assert!(fits, "{path}: {said:?}");
    }
}

#[test]
fn a_test_that_says_word_for_word_what_a_pin_says_moves_along() {
    let workflow = "env:\n  OPENSSL_VERSION: \"3.5.3\"\n";
    for (line, expected) in [
        ("assert 'OPENSSL_VERSION: \"3.5.3\"' in text\n", 1),
        ("assert '3.5.3' in text\n", 0),
    ] {
        let found = found(&[
            (".github/workflows/a.yml", workflow),
            ("tests/test_a.py", line),
        ]);
        let places = found.links.iter().flat_map(super::FoundLink::places);
        let in_test = places.filter(|(path, _)| path.starts_with("tests/"));
        assert_eq!(in_test.count(), expected, "{line}");
    }
}
