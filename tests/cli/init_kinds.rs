//! `init`: the kinds of trees that were once misread, and what the next bump makes of each.

use crate::git::git;
use crate::sandbox::Sandbox;

const DAY: [&str; 3] = ["--offline", "--as-of", "2026-06-09"];

/// The digest of 3.5.3's tarball.
const OLD: &str = "c9489d2abcf943cdc8329a57092331c598a402938054dc3a22218aea8a8ec3bf";

/// The digest of 3.5.7's.
const NEW: &str = "a8c0d28a529ca480f9f36cf5792e2cd21984552a3c8e4aa11a24aa31aeac98e8";

fn sandbox(files: &[(&str, &str)]) -> Sandbox {
    let sandbox = Sandbox::new();
    for (path, text) in files {
        sandbox.file(path, text.replace("OLD", OLD));
    }
    sandbox
}

/// What `init` finds: every link with its version.
fn links(sandbox: &Sandbox) -> Vec<(String, String)> {
    let json = sandbox
        .run(&[&["init", "--format", "json"], &DAY[..]].concat())
        .exits(0)
        .json();
    let links = json["links"].as_array().expect("links").iter();
    let counts = links.filter(|link| link["doubt"].is_null());
    counts
        .map(|link| {
            let text = |key: &str| link[key].as_str().expect("text").to_owned();
            (text("name"), text("linked"))
        })
        .collect()
}

/// `init` finds this one version, `check` accepts it, and `prepare` changes these lines and no
/// others.
#[track_caller]
fn moves(files: &[(&str, &str)], linked: &str, lines: &[(&str, &str)]) {
    let sandbox = sandbox(files);
    assert_eq!(
        links(&sandbox),
        [("openssl".to_owned(), linked.to_owned())],
        "{}",
        sandbox.read("release-check.toml")
    );
    let config = sandbox.read("release-check.toml");
    sandbox.run(&[&["check"], &DAY[..]].concat()).exits(11);
    let diff = sandbox
        .run(&[&["prepare", "--diff"], &DAY[..]].concat())
        .exits(0)
        .stdout;
    let with = |sign: char| -> Vec<String> {
        diff.lines()
            .filter(|line| line.starts_with(sign) && !line.starts_with(&sign.to_string().repeat(3)))
            .map(|line| line[1..].to_owned())
            .collect()
    };
    let wanted =
        |at: fn(&(&str, &str)) -> String| -> Vec<String> { lines.iter().map(at).collect() };
    assert_eq!(
        with('-'),
        wanted(|line| line.0.replace("OLD", OLD)),
        "{config}"
    );
    assert_eq!(
        with('+'),
        wanted(|line| line.1.replace("NEW", NEW)),
        "{config}"
    );
}

#[test]
fn a_tracked_file_that_gitignore_names_is_read() {
    let sandbox = sandbox(&[
        (".gitignore", "/Cargo.lock\n/out/\n"),
        (
            "Cargo.lock",
            "[[package]]\nname = \"openssl-src\"\nversion = \"300.5.2+3.5.2\"\n",
        ),
        ("out/pins.sh", "OPENSSL_VERSION=3.5.2\n"),
        ("out/other.sh", "OPENSSL_VERSION=3.0.1\n"),
    ]);
    for arguments in [
        ["init", "-q", "."].as_slice(),
        &["add", "-f", "Cargo.lock", "out/pins.sh"],
    ] {
        git(&sandbox.path(), arguments);
    }
    assert_eq!(
        links(&sandbox),
        [("openssl".to_owned(), "3.5.2".to_owned())]
    );
    let config = sandbox.read("release-check.toml");
    assert!(
        config.contains("cargo = \"openssl-src\"") && config.contains("out/pins.sh"),
        "{config}"
    );
}

#[test]
fn a_recipe_s_own_version_moves_and_its_patches_stay() {
    moves(
        &[(
            "mingw/openssl/PKGBUILD",
            "_name=openssl\n_ver=3.5.3\npkgrel=4\nsource=(https://h/openssl-${_ver}.tar.gz\n  'openssl-3.5.1-paths.patch'\n  openssl-3.5.3.cnf)\nsha256sums=('OLD'\n  'aa7b9e0b0b1c5a6b4c8ad2a1d8e8f4f1a2b3c4d5e6f708192a3b4c5d6e7f8091')\n",
        )],
        "3.5.3",
        &[
            ("_ver=3.5.3", "_ver=3.5.7"),
            ("pkgrel=4", "pkgrel=1"),
            ("sha256sums=('OLD'", "sha256sums=('NEW'"),
        ],
    );
}

#[test]
fn version_and_digest_far_apart_move_together() {
    moves(
        &[(
            "recipe/meta.yaml",
            "{% set version = \"3.5.3\" %}\n\npackage:\n  name: ssl\n  version: {{ version }}\n\n# far\n# away\n# from\n# it\nsource:\n  url: https://h/openssl-{{ version }}.tar.gz\n  sha256: OLD\n\nbuild:\n  number: 3\n",
        )],
        "3.5.3",
        &[
            (
                "{% set version = \"3.5.3\" %}",
                "{% set version = \"3.5.7\" %}",
            ),
            ("  sha256: OLD", "  sha256: NEW"),
            ("  number: 3", "  number: 0"),
        ],
    );
}

#[test]
fn a_version_in_parts_moves_with_its_digest() {
    moves(
        &[(
            "versions.properties",
            "sslSeries=3.5\nsslPatch=3\nopenssl=${sslSeries}.${sslPatch}\nsslSha256=OLD\n",
        )],
        "3.5.3",
        &[
            ("sslPatch=3", "sslPatch=7"),
            ("sslSha256=OLD", "sslSha256=NEW"),
        ],
    );
    moves(
        &[(
            "versions.mk",
            "OPENSSL_MAJOR := 3\nOPENSSL_MINOR := 5\nOPENSSL_PATCH := 3\nZLIB_PATCH := 3\n",
        )],
        "3.5.3",
        &[("OPENSSL_PATCH := 3", "OPENSSL_PATCH := 7")],
    );
    // Of names alike those with OpenSSL's count, and a digest whose name is OpenSSL's goes along.
    moves(
        &[(
            "cmake/OpenSsl-3.5.cmake",
            "set(OPENSSL_VERSION_MAJOR 3)\nset(OPENSSL_VERSION_MINOR 5)\nset(OPENSSL_VERSION_PATCH 3)\nlist(GET CMAKE_LIBRARY_SUFFIXES 0 DSO_SUFFIX)\nset(OPENSSL_SHA256 \"OLD\")\n",
        )],
        "3.5.3",
        &[
            (
                "set(OPENSSL_VERSION_PATCH 3)",
                "set(OPENSSL_VERSION_PATCH 7)",
            ),
            ("set(OPENSSL_SHA256 \"OLD\")", "set(OPENSSL_SHA256 \"NEW\")"),
        ],
    );
}

#[test]
fn what_a_recipe_requires_of_one_name_is_that_version() {
    moves(
        &[(
            "conanfile.py",
            "class Eggs:\n    def requirements(self):\n        self.requires(\"isl/0.24\")\n        self.requires(\"openssl/3.5.3\", override=True)\n",
        )],
        "3.5.3",
        &[(
            "        self.requires(\"openssl/3.5.3\", override=True)",
            "        self.requires(\"openssl/3.5.7\", override=True)",
        )],
    );
}

#[test]
fn a_digest_that_no_version_goes_with_is_not_moved() {
    let sandbox = sandbox(&[("hashes.txt", "openssl OLD\n")]);
    assert_eq!(links(&sandbox), []);
    sandbox.run(&[&["prepare"], &DAY[..]].concat()).exits(2);
}

#[test]
fn the_name_may_stand_on_another_line() {
    moves(
        &[
            (
                "deps/list.json",
                "{\n  \"brotli\": {\n    \"version\": \"1.1.0\"\n  },\n  \"openssl\": {\n    \"kind\": \"library\",\n    \"version\": \"3.5.3\"\n  },\n  \"nghttp3\": {\n    \"version\": \"3.5.3\"\n  }\n}\n",
            ),
            (
                "libs.yaml",
                "libs:\n  - name: curl\n    version: 3.5.3\n  - name: openssl\n    version: 3.5.3\n",
            ),
            (
                "native.toml",
                "[curl]\nversion = \"3.5.3\"\n\n[openssl]\nversion = \"3.5.3\"\n",
            ),
        ],
        "3.5.3",
        &[
            ("    \"version\": \"3.5.3\"", "    \"version\": \"3.5.7\""),
            ("    version: 3.5.3", "    version: 3.5.7"),
            ("version = \"3.5.3\"", "version = \"3.5.7\""),
        ],
    );
}

#[test]
fn a_variable_is_known_by_the_address_that_uses_it() {
    moves(
        &[
            (
                "ios/build-ssl.sh",
                "# OpenSSL for phones\nDEFAULT=\"3.5.3\"\nVERSION=${1:-$DEFAULT}\ncurl -O https://h/openssl-${VERSION}.tar.gz\n",
            ),
            (
                "mk/configure.ssl",
                "function install {\n    local ver=3.5.3\n    local url=https://h/openssl-${ver}.tar.gz\n}\n",
            ),
            (
                "recipes/tls/__init__.py",
                "class Recipe:\n    version = '3.5'\n    url_version = '3.5.3'\n    url = 'https://h/openssl-{url_version}.tar.gz'\n",
            ),
        ],
        "3.5.3",
        &[
            ("DEFAULT=\"3.5.3\"", "DEFAULT=\"3.5.7\""),
            ("    local ver=3.5.3", "    local ver=3.5.7"),
            ("    url_version = '3.5.3'", "    url_version = '3.5.7'"),
        ],
    );
}

#[test]
fn a_changelog_that_cannot_be_extended_is_left_out() {
    let sandbox = sandbox(&[
        ("pins.mk", "LIBOPENSSL_VERSION = 3.5.3\n"),
        ("NEWS", "2026.02, released in March\n\n\tFixes.\n"),
    ]);
    let text = sandbox.run(&[&["init"], &DAY[..]].concat()).exits(0).stdout;
    assert!(
        text.contains("NEWS:1: this changelog is left out: "),
        "{text}"
    );
    sandbox.run(&[&["prepare"], &DAY[..]].concat()).exits(0);
}

#[test]
fn a_changelog_that_cannot_be_extended_is_left_out_where_all_is_only_tested_with_too() {
    let sandbox = sandbox(&[
        (
            ".github/workflows/test.yml",
            "jobs:\n  test:\n    strategy:\n      matrix:\n        OPENSSL_VERSION: [3.5.6, 3.0.20]\n",
        ),
        ("CHANGES", "Changes with 1.2\n\n  *) ssl: a fix\n"),
    ]);
    let text = sandbox.run(&[&["init"], &DAY[..]].concat()).exits(0).stdout;
    assert!(
        text.contains("CHANGES:1: this changelog is left out: "),
        "{text}"
    );
}

#[test]
fn the_lowest_pin_is_what_is_linked() {
    let sandbox = sandbox(&[
        ("linux/Dockerfile", "ARG OPENSSL_VERSION=3.5.5\n"),
        ("mac/build.sh", "OPENSSL_VERSION=3.5.3\n"),
    ]);
    assert_eq!(
        links(&sandbox),
        [("openssl".to_owned(), "3.5.3".to_owned())]
    );
    sandbox.run(&[&["prepare"], &DAY[..]].concat()).exits(0);
    assert!(sandbox.read("linux/Dockerfile").contains("3.5.7"));
    assert!(sandbox.read("mac/build.sh").contains("3.5.7"));
}

#[test]
fn what_vcpkg_chooses_by_moves_and_its_port_number_starts_anew() {
    moves(
        &[(
            "vcpkg.json",
            "{ \"dependencies\": [\n  {\n    \"name\": \"zlib\",\n    \"version>=\": \"1.3.2#0\"\n  },\n  {\n    \"name\": \"openssl\",\n    \"version>=\": \"3.5.3#2\"\n  }\n] }\n",
        )],
        "3.5.3",
        &[(
            "    \"version>=\": \"3.5.3#2\"",
            "    \"version>=\": \"3.5.7#0\"",
        )],
    );
}

#[test]
fn the_number_of_a_port_of_vcpkg_s_never_stays_behind_its_version() {
    for (path, text, old, new) in [
        (
            "vcpkg.json",
            "{ \"overrides\": [\n  { \"name\": \"fmt\", \"version\": \"11.0.2\", \"port-version\": 3 },\n  { \"name\": \"openssl\", \"version\": \"3.5.3\", \"port-version\": 3 }\n] }\n",
            "\"3.5.3\", \"port-version\": 3",
            "\"3.5.7\", \"port-version\": 0",
        ),
        (
            "vcpkg.json",
            "{ \"overrides\": [\n  {\n    \"name\": \"openssl\",\n    \"version\": \"3.5.3\",\n    \"port-version\": 3\n  }\n] }\n",
            "\"3.5.3\",\n    \"port-version\": 3",
            "\"3.5.7\",\n    \"port-version\": 0",
        ),
        (
            "ports/openssl/vcpkg.json",
            "{\n    \"name\": \"openssl\",\n    \"version\": \"3.5.3\",\n    \"port-version\": 3,\n    \"license\": \"Apache-2.0\"\n}\n",
            "\"3.5.3\",\n    \"port-version\": 3,",
            "\"3.5.7\",",
        ),
        (
            "ports/openssl/vcpkg.json",
            "{\n  \"name\": \"openssl\",\n  \"version\": \"3.5.3\",\n  \"port-version\": 3\n}\n",
            "\"3.5.3\",\n  \"port-version\": 3",
            "\"3.5.7\",\n  \"port-version\": 0",
        ),
    ] {
        let sandbox = sandbox(&[(path, text)]);
        assert_eq!(links(&sandbox).len(), 1);
        sandbox.run(&[&["prepare"], &DAY[..]].concat()).exits(0);
        assert_eq!(sandbox.read(path), text.replace(old, new));
    }
}

#[test]
fn without_a_configuration_check_assesses_what_init_would_find() {
    let sandbox = sandbox(&[("pins.sh", "OPENSSL_VERSION=3.5.3\n")]);
    let before = sandbox.tree();
    let outcome = sandbox.run(&[&["check"], &DAY[..]].concat()).exits(11);
    assert!(outcome.stdout.contains("3.5.3"), "{}", outcome.stdout);
    assert!(
        outcome
            .stderr
            .contains("not configured: `release-check init` keeps this"),
        "{}",
        outcome.stderr
    );
    assert_eq!(before, sandbox.tree());
}

#[test]
fn without_a_configuration_check_says_what_is_doubtful_and_why() {
    let sandbox = sandbox(&[("openssl/version", "3.5.3-2\n")]);
    let sources = "https://www.openssl.org/source/openssl-3.5.3.tar.gz\n";
    sandbox.file("openssl/sources", sources);
    let outcome = sandbox.run(&[&["check"], &DAY[..]].concat()).exits(2);
    assert!(
        outcome.stderr.contains(
            "OpenSSL 3.5.3 stands here in a way that is not sure: `openssl/version` line 1"
        ),
        "{}",
        outcome.stderr
    );
}

#[test]
fn without_a_configuration_check_says_that_nothing_is_sure() {
    let digest = "c9489d2abcf943cdc8329a57092331c598a402938054dc3a22218aea8a8ec3bf";
    let recipe = format!("SRC_URI[sha256sum] = \"{digest}\"\n");
    let sandbox = sandbox(&[("openssl/openssl_3.5.3.bb", &recipe)]);
    let outcome = sandbox.run(&[&["check"], &DAY[..]].concat()).exits(2);
    let expected = "no pin is sure here: `openssl/openssl_3.5.3.bb` line 1: ";
    assert!(outcome.stderr.contains(expected), "{}", outcome.stderr);
}

#[test]
fn a_diff_shows_what_init_would_write_and_writes_nothing() {
    let sandbox = sandbox(&[("pins.sh", "OPENSSL_VERSION=3.5.3\n")]);
    let diff = [&["init", "--diff"], &DAY[..]].concat();
    let before = sandbox.tree();
    let text = sandbox.run(&diff).exits(0).stdout;
    assert!(text.contains("+file = \"pins.sh\"\n"), "{text}");
    assert_eq!(before, sandbox.tree());
    sandbox.run(&[&["init"], &DAY[..]].concat()).exits(0);
    assert_eq!(sandbox.run(&diff).exits(0).stdout, "");
    sandbox.file("more.sh", "OPENSSL_VERSION=3.5.4\n");
    let standing = sandbox.tree();
    let text = sandbox.run(&diff).exits(0).stdout;
    assert!(text.contains("+file = \"more.sh\"\n"), "{text}");
    assert_eq!(standing, sandbox.tree());
}

#[test]
fn a_second_init_takes_nothing_away_that_somebody_wrote() {
    let sandbox = sandbox(&[
        ("pins.sh", "OPENSSL_VERSION=3.5.3\nOPENSSL_SHA256=OLD\n"),
        ("more.sh", "OPENSSL_VERSION=3.5.3\n"),
    ]);
    let mine = "# ours\n[project]\nname = \"eggs\"\nships = \"wheels\"\n\n[[link]]\nname = \"wheels\" # by hand\nseries = \"3.5\"\ncooldown = \"7d\"\n\n[[link.pin]]\nfile = \"pins.sh\"\nmatch = \"VERSION={version}\"\n# the end\n\n[announcement]\nfrom = \"a@example.org\"\nto = [\"b@example.org\"]\n";
    sandbox.file("release-check.toml", mine);
    let outcome = sandbox.run(&[&["init"], &DAY[..]].concat()).exits(0);
    let with = |sign: &str| -> Vec<&str> {
        let lines = outcome
            .stdout
            .lines()
            .filter(|line| !line.starts_with("---"));
        lines
            .filter(|line| !line.starts_with("+++"))
            .filter_map(|line| line.strip_prefix(sign))
            .collect()
    };
    assert_eq!(with("-"), [] as [&str; 0], "{}", outcome.stdout);
    let added = with("+");
    let says = |text: &str| added.iter().any(|line| line.contains(text));
    assert!(
        says("match = 'OPENSSL_SHA256={sha256}'") && says("file = \"more.sh\""),
        "{added:#?}"
    );
    assert!(!says("[[link]]"), "{added:#?}");
    // Taken over it is accepted, and nothing is left to propose.
    let (first, last) = mine.split_once("# the end\n").expect("its end");
    let whole = format!("{first}{}\n# the end\n{last}", added.join("\n"));
    sandbox.file("release-check.toml", &whole);
    sandbox.run(&[&["prepare"], &DAY[..]].concat()).exits(0);
    assert_eq!(
        sandbox.read("pins.sh"),
        format!("OPENSSL_VERSION=3.5.7\nOPENSSL_SHA256={NEW}\n")
    );
    let again = sandbox.run(&[&["init"], &DAY[..]].concat()).exits(0);
    assert_eq!(again.stdout, "", "{whole}");
}

/// A tree that names OpenSSL in many ways, and tests with other series than it ships.
const SHIPPED_AND_TESTED: [(&str, &str); 5] = [
    (
        "PCbuild/get.bat",
        "set libs=%libs%  libffi-3.4.4\nset libs=%libs%  openssl-3.5.6\nset bins=%bins% openssl-bin-3.5.6\n",
    ),
    (
        "PCbuild/readme.txt",
        "_bz2\n    Wraps version 1.0.8 of bzip2\n_ssl\n    Wraps version 3.5.6 of OpenSSL's library\n",
    ),
    (
        "Tools/ssl/multitests.py",
        "OPENSSL_LEGACY_VERSIONS = [\n    \"1.1.1w\",\n]\n\nOPENSSL_RECENT_VERSIONS = [\n    \"3.0.20\",\n    \"3.5.6\",\n    # the next\n]\n",
    ),
    (
        ".github/workflows/build.yml",
        "jobs:\n  ssl:\n    strategy:\n      matrix:\n        openssl_ver: [3.0.20, 3.5.6]\n    env:\n      OPENSSL_VER: ${{ matrix.openssl_ver }}\n  fuzz:\n    env:\n      OPENSSL_VER: 3.5.6\n",
    ),
    ("docs/windows.md", "The installer has OpenSSL 3.5.6.\n"),
];

#[test]
fn what_is_only_tested_with_is_a_link_of_its_own_and_nothing_is_left_half() {
    let sandbox = sandbox(&SHIPPED_AND_TESTED);
    let link = |name: &str, version: &str| (name.to_owned(), version.to_owned());
    assert_eq!(
        links(&sandbox),
        [
            link("openssl", "3.5.6"),
            link("tested-3.0", "3.0.20"),
            link("tested-3.5", "3.5.6"),
        ]
    );
    let config = sandbox.read("release-check.toml");
    assert_eq!(config.matches("role = \"tested\"\n").count(), 2, "{config}");
    assert!(
        config.contains("# docs/windows.md:1: a document says 3.5.6 too"),
        "{config}"
    );
    sandbox.run(&[&["check"], &DAY[..]].concat()).exits(11);
    sandbox.run(&[&["prepare"], &DAY[..]].concat()).exits(0);
    for (path, text) in SHIPPED_AND_TESTED {
        let moved = text.replace("3.5.6", "3.5.7").replace("3.0.20", "3.0.21");
        let wanted = if path.ends_with(".md") { text } else { &moved };
        assert_eq!(sandbox.read(path), wanted, "{path}\n{config}");
    }
    sandbox.run(&[&["prepare"], &DAY[..]].concat()).exits(0);
}

#[test]
fn a_second_repository_that_a_workflow_names_is_told_and_no_link() {
    let sandbox = sandbox(&[(
        ".github/workflows/wheels.yml",
        "jobs:\n  a:\n    steps:\n      - uses: x/download@v1\n        with:\n          repo: eggs/infra\n          name: openssl-macos\n",
    )]);
    let outcome = sandbox.run(&[&["init"], &DAY[..]].concat()).exits(0);
    assert!(
        outcome
            .stdout
            .contains("elsewhere: .github/workflows/wheels.yml:6 takes OpenSSL from eggs/infra;"),
        "{}",
        outcome.stdout
    );
    let config = sandbox.read("release-check.toml");
    assert!(
        config.contains("\n# repository = \"eggs/infra\"\n"),
        "{config}"
    );
    let json = sandbox
        .run(&[&["init", "--format", "json"], &DAY[..]].concat())
        .exits(0)
        .json();
    assert_eq!(json["links"], serde_json::json!([]));
    assert_eq!(json["elsewhere"][0]["repository"], "eggs/infra");
}

#[test]
fn code_that_somebody_put_into_a_comment_is_no_pin_and_stays() {
    let code = "OPENSSL_VERSION=VER\ncurl -LO https://www.openssl.org/source/openssl-VER.tar.gz\n";
    for kept in ["3.5.3", "3.4.1"] {
        for (open, close) in [(": <<'END'\n", "END\n"), (": '\n", "'\n")] {
            let text = open.to_owned() + &code.replace("VER", kept) + close;
            let chosen = "OPENSSL_VERSION=3.5.3\ncurl -LO https://www.openssl.org/source/openssl-$OPENSSL_VERSION.tar.gz\n";
            moves(
                &[("build.sh", &(text + chosen))],
                "3.5.3",
                &[("OPENSSL_VERSION=3.5.3", "OPENSSL_VERSION=3.5.7")],
            );
        }
    }
}

#[test]
fn the_series_that_cmake_sets_goes_with_the_version() {
    let text = "set(OPENSSL_SERIES 3.4)\nset(OPENSSL_VERSION 3.4.1)\nset(U https://github.com/openssl/openssl/releases/download/openssl-${OPENSSL_VERSION}/openssl-${OPENSSL_VERSION}.tar.gz)\n";
    let sandbox = sandbox(&[("CMakeLists.txt", text)]);
    sandbox.run(&["init", DAY[0], DAY[1], DAY[2]]).exits(0);
    let to = ["prepare", "--to", "3.5.7"];
    sandbox.run(&[&to, &DAY[..]].concat()).exits(0);
    let after = text.replace("3.4.1", "3.5.7").replace("3.4)", "3.5)");
    assert_eq!(sandbox.read("CMakeLists.txt"), after);
}

#[test]
fn the_day_that_upstream_published_a_release_on_goes_with_it() {
    moves(
        &[(
            "deps.yaml",
            "openssl:\n  version: 3.5.3\n  sha256: OLD\n  release_date: \"2025-09-16\"\nzlib:\n  version: 1.3.1\n  release_date: \"2024-01-22\"\n",
        )],
        "3.5.3",
        &[
            ("  version: 3.5.3", "  version: 3.5.7"),
            ("  sha256: OLD", "  sha256: NEW"),
            (
                "  release_date: \"2025-09-16\"",
                "  release_date: \"2026-06-09\"",
            ),
        ],
    );
}

#[test]
fn a_day_that_is_not_the_release_s_stops_the_bump() {
    let sandbox = sandbox(&[
        ("deps.yaml", "openssl: 3.5.3\nreleased: 2025-09-17\n"),
        (
            "release-check.toml",
            "[project]\nname = \"x\"\n[[link]]\nname = \"openssl\"\n[[link.pin]]\nfile = \"deps.yaml\"\nmatch = ['openssl: {version}', 'released: {release_date}']\n",
        ),
    ]);
    let told = sandbox
        .run(&[&["prepare"], &DAY[..]].concat())
        .exits(2)
        .stderr;
    assert!(
        told.contains("`deps.yaml` line 2: this release_date is not that of OpenSSL 3.5.3"),
        "{told}"
    );
    assert_eq!(
        sandbox.read("deps.yaml"),
        "openssl: 3.5.3\nreleased: 2025-09-17\n"
    );
}

#[test]
fn a_digest_as_guix_writes_it_moves_with_its_package() {
    moves(
        &[(
            "packages/tls.scm",
            "(define-public openssl\n  (package\n    (name \"openssl\")\n    (version \"3.5.3\")\n    (source (origin\n              (method url-fetch)\n              (uri (string-append \"https://www.openssl.org/source/openssl-\" version \".tar.gz\"))\n              (sha256 (base32 \"1gy3is5fm2i148xdqm40jc1a966564ihjmws6b4cshzrphm9sj69\"))))))\n",
        )],
        "3.5.3",
        &[
            ("    (version \"3.5.3\")", "    (version \"3.5.7\")"),
            (
                "              (sha256 (base32 \"1gy3is5fm2i148xdqm40jc1a966564ihjmws6b4cshzrphm9sj69\"))))))",
                "              (sha256 (base32 \"1s4qmjp33ai43ahlm3iw59aq86fj5hp7kxbcygwq194waa5d5h58\"))))))",
            ),
        ],
    );
}

#[test]
fn a_digest_in_base_32_is_not_left_behind() {
    let text = "(name \"openssl\")\n(version \"3.5.3\")\n(source\n (origin\n  (method x)\n  (uri y)\n  (sha256 (base32 \"DIGEST\"))))\n";
    for (digest, expected) in [
        (
            "1gy3is5fm2i148xdqm40jc1a966564ihjmws6b4cshzrphm9sj69",
            "a pattern with `{sha256:base32}`",
        ),
        (
            "0mdqa9w1p6cmli6976v4wi0sw9r4p5prkj7lzfd1877wk11c9c73",
            "of a kind that no placeholder gives",
        ),
    ] {
        let sandbox = sandbox(&[
            ("tls.scm", &text.replace("DIGEST", digest)),
            (
                "release-check.toml",
                "[project]\nname = \"x\"\n[[link]]\nname = \"openssl\"\n[[link.pin]]\nfile = \"tls.scm\"\nmatch = '(version \"{version}\")'\n",
            ),
        ]);
        let told = sandbox
            .run(&[&["prepare"], &DAY[..]].concat())
            .exits(2)
            .stderr;
        assert!(told.contains(expected), "{told}");
    }
}
