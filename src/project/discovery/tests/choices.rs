//! What chooses a version, and what only looks as if it did.

use sha2::{Digest, Sha256};

use super::{digest, found, linked};
use crate::project::discovery::*;

/// How many links that are shipped, and are not doubtful, one file has.
fn shipped(path: &str, text: &str) -> usize {
    let found = found(&[(path, text)]);
    let sure = |link: &&FoundLink| !link.tested && link.doubt.is_none();
    found.links.iter().filter(sure).count()
}

#[test]
fn what_is_looked_for_shown_or_another_s_is_no_choice() {
    for (path, text, expected) in [
        (
            "ci.sh",
            "echo \"OPENSSL_VERSION=openssl-3.5.3\" >> $GITHUB_ENV\n",
            1,
        ),
        (
            "ci.sh",
            "printf \"OPENSSL_VERSION=%s\\n\" 3.5.3 >> $GITHUB_ENV\n",
            1,
        ),
        (
            "ci.sh",
            "{\n  echo \"OPENSSL_VERSION=3.5.3\"\n  echo \"A=1\"\n} >> \"$GITHUB_ENV\"\n",
            1,
        ),
        (
            "ci.sh",
            "echo \"OPENSSL_VERSION=openssl-3.5.3 is used\"\n",
            0,
        ),
        ("ci.sh", "{\n  echo \"OPENSSL_VERSION=3.5.3\"\n}\n", 0),
        (
            "check.sh",
            "grep -q '^SRC=openssl-3.5.3$' \"$f\" || exit 1\n",
            0,
        ),
        (
            "check.sh",
            "grep 'openssl-3.5.3.tar.gz' sums | sha256sum -c\n",
            1,
        ),
        ("pack.sh", "dpkg-deb -b x openssl-3.5.3.deb\n", 0),
        (
            "start",
            "usage() {\n  cat <<EOF\n1: openssl-3.5.3.tar.gz\nOPENSSL_VERSION=3.5.3\nEOF\n}\n",
            0,
        ),
        ("start", "cat <<EOF\nusage\nEOF\nOPENSSL_VERSION=3.5.3\n", 1),
        ("start", "cat <<EOF > env\nOPENSSL_VERSION=3.5.3\nEOF\n", 1),
        (
            "a.rs",
            "fn f() {}\n#[cfg(test)]\nmod tests {\n    const A: &str = \"openssl-3.5.3.tar.gz\";\n}\n",
            0,
        ),
        (
            "a.py",
            "u = \"https://h/linux-64/openssl-3.5.3-h166bdaf_2.conda\"\n",
            0,
        ),
        (
            "dub.selections.json",
            "{ \"versions\": { \"openssl\": \"3.5.3\" } }\n",
            0,
        ),
        (
            "ports/ham/vcpkg.json",
            "{ \"name\": \"ham\", \"dependencies\": [{ \"name\": \"openssl\", \"version>=\": \"3.5.3#1\" }] }\n",
            0,
        ),
        (
            "vcpkg.json",
            "{ \"name\": \"openssl\", \"version>=\": \"3.5.3#1\" }\n",
            1,
        ),
        ("build.sh", "OPENSSL_FIPS_VERSION=openssl-3.0.9\n", 0),
        ("build.sh", "MIN_OPENSSL_VERSION=3.5.3\n", 0),
        (
            "recipe.yaml",
            "# https://github.com/openssl/openssl/commit/349a41da1ad88ad87825414752a8ff5fdd6a6c3f\nOPENSSL_VERSION: 3.5.3\n",
            1,
        ),
    ] {
        assert_eq!(shipped(path, text), expected, "{path}: {text}");
    }
}

/// What names a version beside a pin moves with it, or is the least that will do and stays.
#[test]
fn what_says_a_pin_s_version_moves_with_it_and_a_least_version_stays() {
    let pin = (
        "Dockerfile",
        "ARG OPENSSL_VERSION=3.5.3\nADD https://www.openssl.org/source/openssl-$OPENSSL_VERSION.tar.gz /\n",
    );
    for (path, text, places) in [
        ("ci.sh", "openssl version | grep -q \"OpenSSL 3.5.3\"\n", 2),
        (
            "build.rs",
            "mod a;\n\n#[cfg(test)]\nmod tests;\n\nconst OPENSSL_VERSION: &str = \"3.5.3\";\n",
            2,
        ),
        (
            "a.rs",
            "const OPENSSL_VERSION: &str = \"3.5.3\";\n#[cfg(test)]\nmod tests {\n    fn t() { assert_eq!(OPENSSL_VERSION, \"3.5.3\"); }\n}\n",
            3,
        ),
        (
            "CMakeLists.txt",
            "message(FATAL_ERROR \"OpenSSL 3.5.3 or newer is required\")\n",
            1,
        ),
        (
            "a.py",
            "raise RuntimeError(\"OpenSSL 3.5.3, or later, is needed\")\n",
            1,
        ),
        (
            "gen.sh",
            "gen() {\ncat <<EOF\nENV OPENSSL_VERSION=3.5.3\nEOF\n}\ngen > Dockerfile\n",
            2,
        ),
        (
            "run.sh",
            "echo \"run: $0 --openssl=openssl-3.5.3\" >&2\n",
            1,
        ),
    ] {
        let found = found(&[pin, (path, text)]);
        let [link] = found.links.as_slice() else {
            panic!("{path}: {found:?}")
        };
        assert_eq!(link.places().count(), places, "{path}: {text}");
    }
}

#[test]
fn the_default_of_an_input_is_a_pin_where_the_input_is_openssl_s() {
    let path = ".github/workflows/build.yml";
    for (text, expected) in [
        (
            "on:\n  workflow_dispatch:\n    inputs:\n      version:\n        description: OpenSSL version\n        default: 3.5.3\n",
            1,
        ),
        (
            "on:\n  workflow_call:\n    inputs:\n      v:\n        default: \"3.5.3\"\nenv:\n  OPENSSL_VERSION: ${{ inputs.v }}\n",
            1,
        ),
        (
            "inputs:\n  v: { description: \"OpenSSL release, e.g. 3.5.2\", default: \"3.5.3\" }\n",
            1,
        ),
        (
            "on:\n  workflow_dispatch:\n    inputs:\n      zlib:\n        description: zlib's version\n        default: 3.5.3\nenv:\n  OPENSSL_VERSION: ${{ inputs.zlib-ng }}\n",
            0,
        ),
    ] {
        assert_eq!(shipped(path, text), expected, "{text}");
    }
}

#[test]
fn what_a_bump_would_leave_behind_makes_the_link_doubtful() {
    let unknown = "ab12".repeat(32);
    let (md5, sum) = ("0a1b".repeat(8), "3732977064");
    let made = "VER = 3.5.3\nAPP = openssl-$(VER)\nFILE = $(APP).tar.gz\n\n\n\n\n";
    let old = format!(
        "pkgver=1.1.1.d\n_v=1.1.1d\nsource=(https://h/openssl-$_v.tar.gz)\nsha256sums=({})\n",
        digest("1.1.1d")
    );
    for (path, text, expected) in [
        (
            "lfs/openssl",
            format!("{made}$(FILE)_BLAKE2 = {unknown}\n"),
            "line 8 holds a digest",
        ),
        (
            "lfs/openssl",
            format!("{made}MD5 = {md5}\n"),
            "line 8 holds a digest",
        ),
        ("lfs/openssl", format!("{made}ZLIB_MD5 = {md5}\n"), ""),
        (
            "a.desc",
            format!("[D] {sum} openssl-3.5.3.tar.gz https://h/\n"),
            "line 1 holds a digest",
        ),
        (
            "sums",
            format!("openssl-3.5.3.tar.gz {sum} 15038141\n"),
            "line 1 holds a digest",
        ),
        ("sums", "openssl-3.5.3.tar.gz 42\n".to_owned(), ""),
        ("PKGBUILD", old, "line 1 says `1.1.1.d`"),
    ] {
        let found = found(&[(path, &text)]);
        let doubt = found.links[0].doubt.as_deref().unwrap_or_default();
        assert_eq!(doubt.is_empty(), expected.is_empty(), "{text}: {doubt}");
        assert!(doubt.contains(expected), "{text}: {doubt}");
    }
}

#[test]
fn a_patch_that_a_variable_names_and_a_signed_file_make_the_link_doubtful() {
    let make =
        "NAME=openssl-3.5.3\nURL=https://h/$(NAME).tar.gz\nall:\n\tpatch < $(NAME).patch; \\\n";
    let patched = found(&[
        ("lib/Makefile", make),
        ("lib/openssl-3.5.3.patch", "--- a\n"),
    ]);
    let doubt = patched.links[0].doubt.as_deref().expect("a doubt");
    assert!(
        doubt.starts_with("`lib/openssl-3.5.3.patch` has 3.5.3"),
        "{doubt}"
    );
    let plain = found(&[("lib/Makefile", make), ("lib/other.patch", "--- a\n")]);
    assert_eq!(plain.links[0].doubt, None);
    let recipe = "version=3.5.3\nsource=(https://h/openssl-$version.tar.gz)\n";
    let own = data_encoding::HEXLOWER.encode(&Sha256::digest(recipe));
    let signature = format!(
        "untrusted comment: verify with x.pub\nRWS\nSHA256 (Pkgfile) = {}\nSHA256 (openssl-3.5.3.tar.gz) = {}\n",
        own,
        digest("3.5.3")
    );
    let signed = found(&[
        ("openssl/Pkgfile", recipe),
        ("openssl/.signature", &signature),
    ]);
    let doubt = signed.links[0].doubt.as_deref().expect("a doubt");
    assert!(
        doubt.starts_with("`openssl/.signature` is signed"),
        "{doubt}"
    );
    assert_eq!(signed.links[0].places().count(), 1);
    assert_eq!(signed.unsure[0].line, 4, "{:?}", signed.unsure);
}

#[test]
fn a_workflow_ships_what_it_hands_on_as_openssl_s_and_tests_with_the_rest() {
    let path = ".github/workflows/ci.yml";
    let matrix =
        "jobs:\n  a:\n    strategy:\n      matrix:\n        openssl: [3.5.3, 3.0.17]\n    steps:\n";
    let upload = |name: &str| {
        format!(
            "{matrix}      - uses: actions/upload-artifact@v4\n        with:\n          name: {name}\n"
        )
    };
    for (text, tested) in [
        (matrix.to_owned(), true),
        (upload("logs"), true),
        (upload("openssl-crash-${{ matrix.openssl }}"), true),
        (upload("openssl-latest"), false),
        (upload("openssl-${{ matrix.openssl }}"), false),
    ] {
        let found = found(&[(path, &text)]);
        assert_eq!(linked(&found).len(), 2, "{text}");
        assert!(
            found.links.iter().all(|link| link.tested == tested),
            "{text}"
        );
    }
    // A row that says a version twice moves whole.
    let rows = "jobs:\n  a:\n    strategy:\n      matrix:\n        o:\n          - { tag: \"openssl-3.5.3\", name: \"3.5.3\" }\n          - { tag: \"openssl-3.0.17\", name: \"3.0.17\" }\n";
    let found = found(&[(path, rows)]);
    assert!(
        found
            .links
            .iter()
            .all(|link| link.tested && link.doubt.is_none()),
        "{found:?}"
    );
    assert!(found.unsure.is_empty(), "{:?}", found.unsure);
}
