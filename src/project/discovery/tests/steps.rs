//! What real steps from one release to the next have shown.

use super::others::patterns;
use super::{digest, found, linked};
use crate::project::discovery::*;

#[test]
fn a_row_that_another_version_chooses_is_the_only_pin_among_its_like() {
    let row = |version: &str| format!("set(OPENSSL_{version}_SHA256\n  \"{}\")\n", digest(version));
    let rows = row("3.0.10") + &row("3.1.4") + &row("3.2.0");
    let used = "URL_HASH SHA256=${OPENSSL_${OPENSSL_VERSION}_SHA256}\n";
    let chosen = format!("set(OPENSSL_VERSION \"3.1.4\")\n{rows}{used}");
    let one = found(&[("openssl.cmake", &chosen)]);
    assert_eq!(linked(&one), ["3.1.4"]);
    let places: Vec<_> = one.links[0].places().collect();
    assert_eq!(places.len(), 3, "{places:?}");
    // A workflow chooses another row, and a list of one series grows.
    let workflow = ("ci.yml", "run: cmake -DOPENSSL_VERSION=3.0.10 .\n");
    let two = found(&[("openssl.cmake", chosen.as_str()), workflow]);
    assert_eq!(linked(&two), ["3.0.10", "3.1.4"]);
    let lts = chosen.clone()
        + "set(LTS 3.2.0)\nset(H ${OPENSSL_${LTS}_SHA256}) # openssl-${LTS}.tar.gz\n";
    assert!(linked(&found(&[("openssl.cmake", &lts)])).contains(&"3.2.0".to_owned()));
    // What a matrix alone chooses is tested with, and so is its row.
    let matrix = (
        ".github/workflows/ci.yml",
        "jobs:\n  a:\n    strategy:\n      matrix:\n        openssl: [\"3.0.10\", \"3.1.4\"]\n",
    );
    let tested = found(&[("openssl.cmake", chosen.as_str()), matrix]);
    let shipped = tested.links.iter().filter(|link| !link.tested);
    assert!(
        shipped.map(|link| link.version.to_string()).eq(["3.1.4"]),
        "{:?}",
        linked(&tested)
    );
    let like = chosen
        .replace("3.0.10", "3.1.3")
        .replace(&digest("3.0.10"), &digest("3.1.3"));
    let why = found(&[("openssl.cmake", &like)]);
    assert!(
        !why.unsure
            .iter()
            .any(|one| one.why.contains("another one is chosen"))
    );
    // Where nothing chooses, each row may be built.
    let all = format!("set(OPENSSL_VERSION \"3.1.4\")\n{rows}");
    assert_eq!(linked(&found(&[("openssl.cmake", &all)])).len(), 3);
}

#[test]
fn a_version_beside_the_name_of_its_tag_or_tarball_moves_with_it() {
    let address = "https://www.openssl.org/source/openssl-3.5.3.tar.gz";
    for text in [
        format!("VERSION=3.5.3\nURL={address}\n"),
        format!("repo: {address}\nver: 3.5.3\n"),
        format!("set(VER 3.5.3)\nset(URL {address})\n"),
        format!("{{\n  \"url\": \"{address}\",\n  \"version\": \"3.5.3\"\n}}\n"),
        "export GIT_COMMIT=openssl-3.5.3\nexport GIT_REPO_VERSION=3.5.3\n".to_owned(),
        "VERSION=1.1.1v\nGIT_COMMIT=OpenSSL_1_1_1v\n".to_owned(),
        "VERSION=3.5.3\nURL=https://h/android_openssl-3.5.3.tar.gz\n".to_owned(),
    ] {
        let found = found(&[("deps/pins.txt", &text)]);
        assert_eq!(found.links.len(), 1, "{text}");
        let places = found.links[0].places().count();
        assert_eq!(places, 2, "{text}: {:?}", found.unsure);
    }
    // Another package's stays, and so does what stands far away.
    for text in [
        format!("URL={address}\nname: zlib\nversion: 3.5.3\n"),
        format!("VERSION=3.5.3\n\n\n\n\n\nURL={address}\n"),
    ] {
        let found = found(&[("deps/pins.txt", &text)]);
        assert_eq!(found.links[0].places().count(), 1, "{text}");
    }
    for text in [
        "VERSION=3.0.0\nURL=https://h/pyopenssl-3.0.0.tar.gz\n",
        "VERSION=1.1.0\nDIR=tpm2-openssl-1.1.0\n",
        "repo: https://github.com/ruby/openssl\nversion: 3.2.0\n",
    ] {
        assert_eq!(found(&[("deps/pins.txt", text)]).links, [], "{text}");
    }
}

#[test]
fn a_pattern_holds_nothing_that_moves_by_another_one() {
    let text = "openssl:\n  url: https://www.openssl.org/source/openssl-3.5.3.tar.gz\n  version: 3.5.3\nzlib:\n  version: 1.3.1\n";
    for pattern in patterns(&[("deps.yml", text)]) {
        assert!(!pattern.contains("3.5.3"), "{pattern}");
    }
}

#[test]
fn a_name_is_as_sure_in_each_stage_of_a_build() {
    let text = "FROM a\nENV OPENSSL_VERSION=3.5.3\nFROM b\nARG OPENSSL_VERSION=3.5.3\nRUN curl https://www.openssl.org/source/openssl-${OPENSSL_VERSION}.tar.gz\n";
    let found = found(&[("Dockerfile", text)]);
    let pins = &found.links[0].pins;
    assert!(
        pins.iter().all(|pin| pin.confidence == Confidence::Certain),
        "{pins:?}"
    );
}

#[test]
fn a_name_alone_in_a_call_is_no_address() {
    let text = "OPENSSL_VERSION = '3.5.3'\nprint(OPENSSL_VERSION)\n";
    let pins = &found(&[("build.py", text)]).links[0].pins;
    assert_eq!(pins[0].confidence, Confidence::Likely);
}

#[test]
fn a_constant_that_is_only_compared_with_is_no_pin() {
    let of = |path: &str, used: &str| {
        let text = format!("const OPENSSL_FLOOR = '3.0.0';\n{used}\n");
        found(&[(path, &text)]).links.len()
    };
    let compared = "if (compare(OPENSSL_FLOOR, current) > 0) {";
    assert_eq!(of("run.js", compared), 0);
    assert_eq!(
        of("run.js", &format!("{compared}\n  build(OPENSSL_FLOOR);")),
        1
    );
    assert_eq!(of("run.js", "if (OPENSSL_FLOOR != current) {"), 1);
    assert_eq!(
        of("run.py", "run(f\"./build.sh {OPENSSL_FLOOR} > log.txt\")"),
        1
    );
    assert_eq!(of("run.py", "if current < OPENSSL_FLOOR:"), 0);
    assert_eq!(of("run.js", ""), 1);
    assert_eq!(of("run.sh", compared), 1);
}

#[test]
fn what_a_method_answers_is_a_pin_where_its_class_makes_an_address_of_it() {
    let url = "    def url(self):\n        return f\"https://h/openssl-{self.version}.tar.gz\"\n";
    let class = |name: &str, answer: &str| {
        format!(
            "class {name}(Builder):\n{url}\n    @property\n    def version(self):\n        # the newest\n        {answer}\n"
        )
    };
    let links = |text: &str| linked(&found(&[("build.py", text)]));
    for answer in ["return self.cfg_version(\"3.5.3\")", "return \"3.5.3\""] {
        assert_eq!(links(&class("Openssl", answer)), ["3.5.3"], "{answer}");
        // In another class it is something else's.
        let other = class("Openssl", "return x")
            + "class Spam(Builder):\n    def version(self):\n        "
            + answer
            + "\n";
        assert_eq!(links(&other), [""; 0], "{answer}");
    }
    for (of, expected) in [
        ("tpm2-openssl-{self.version}.tar.gz", 0),
        ("openssl-{self.version}.gem", 0),
        ("openssl-{self.version()}.tar.gz", 1),
        ("openssl-%s.tar.gz\" % self.version + \"", 1),
    ] {
        let text =
            class("Openssl", "return \"3.5.3\"").replace("openssl-{self.version}.tar.gz", of);
        assert_eq!(links(&text).len(), expected, "{of}");
    }
    let given = format!("class Openssl(Builder):\n    version = cfg_version(\"3.5.3\")\n{url}");
    assert_eq!(links(&given), ["3.5.3"]);
}

#[test]
fn docstrings_names_of_crates_and_thresholds_are_no_pins() {
    for (path, text) in [
        (
            "a.py",
            "def f():\n    \"\"\"\n    \"openssl/3.5.3\": {\n    \"\"\"\n",
        ),
        (
            "a.py",
            "class V:\n    \"\"\"Like this.\n\n    >>> old = OpensslVersion(\"1.1.1w\")\n    \"\"\"\n",
        ),
        (
            "a/b.eb",
            "crates = [\n    ('defmt-macros', '1.1.1'),\n]\nfetch(['openssl-macros-0.1.1.tar.gz'])\n",
        ),
        ("build.sh", "openssl_is_less_than_3_0_0=0\n"),
        (
            "build.sh",
            "dpkg --compare-versions \"$OPENSSL_RELEASE\" ge 3.5.3 && openssl_is_new=1\n",
        ),
        (
            "lib/a.poku.js",
            "{ name: \"openssl\", version: \"3.5.3\" }\n",
        ),
        ("UPGRADING", "openssl 3.5.3\n"),
        ("build/.deps/a.d", "a.o: /usr/openssl-3.5.3/ssl.h\n"),
    ] {
        assert_eq!(found(&[(path, text)]).links, [], "{path} {text}");
    }
    let script = "run(\n    \"\"\"\n    OPENSSL_VERSION=3.5.3\n    \"\"\"\n)\n";
    assert_eq!(found(&[("a.py", script)]).links.len(), 1);
}

#[test]
fn the_first_argument_of_a_command_names_what_the_others_are_of() {
    let text = "hunter_config(\n  OpenSSL\n  VERSION 1.1.1w\n)\n";
    assert_eq!(linked(&found(&[("config.cmake", text)])), ["1.1.1w"]);
    let named = text.replace("OpenSSL", "project_openssl");
    assert_eq!(
        linked(&found(&[("openssl/config.cmake", &named)])),
        ["1.1.1w"]
    );
    let other = text.replace("OpenSSL", "ZLIB");
    assert_eq!(found(&[("openssl/config.cmake", &other)]).links, []);
}

#[test]
fn what_a_formula_says_of_its_bottles_stays() {
    let formula = |of_bottles: &str| {
        format!(
            "class Openssl < Formula\n  url \"https://www.openssl.org/source/openssl-3.5.3.tar.gz\"\n  sha256 \"{}\"\n{of_bottles}end\n",
            digest("3.5.3")
        )
    };
    let poured = formula(
        "  bottle do\n    root_url \"https://example.org/bottles/openssl-static-3.5.3_1\"\n  end\n",
    );
    let found_in = |text: &str| found(&[("Formula/openssl.rb", text)]);
    assert_eq!(found_in(&poured).links[0].doubt, None);
    let named = formula(
        "  bottle do # of a tap\n    root_url \"https://example.org/releases/download/openssl@3-3.5.3\"\n  end\n",
    );
    let places = found_in(&named).links[0].places().count();
    assert_eq!((found_in(&named).links[0].doubt.clone(), places), (None, 2));
    let fetched = formula("  resource \"https://example.org/bottles/openssl-static-3.5.3_1\"\n");
    assert!(found_in(&fetched).links[0].doubt.is_some());
}

#[test]
fn a_changelog_that_a_tool_writes_is_left_out() {
    let pin = ("build.sh", "OPENSSL_VERSION=3.5.3\n");
    let plain = "# Changelog\n\n## 1.0\n\n- x\n";
    let signed = format!(
        "{plain}\n\\* *This Changelog was generated by [github_changelog_generator](https://example.org)*\n"
    );
    for (files, kept) in [
        (vec![("CHANGELOG.md", plain)], true),
        (vec![("CHANGELOG.md", signed.as_str())], false),
        (
            vec![(
                "CHANGELOG.md",
                "# Changelog\n\n## 1.0\n\n- no git-cliff any more\n",
            )],
            true,
        ),
        (
            vec![
                ("CHANGELOG.md", plain),
                (".release-please-manifest.json", "{}\n"),
            ],
            false,
        ),
        (
            vec![("CHANGELOG.md", plain), ("cliff.toml", "[git]\n")],
            false,
        ),
    ] {
        let found = found(&[files.as_slice(), &[pin]].concat());
        assert_eq!(found.changelog.is_some(), kept, "{files:?}");
        let told = found.unsure.iter().any(|one| one.why.contains(" makes it"));
        assert_eq!(told, !kept, "{:?}", found.unsure);
    }
}

#[test]
fn a_number_behind_the_linked_version_and_lines_of_a_document_are_told() {
    let found = found(&[
        ("build.sh", "OPENSSL_VERSION=3.5.3\n"),
        (
            "openssl-kit.podspec",
            "s.name = \"openssl-kit\"\ns.version = \"3.5.3.1\"\n",
        ),
        (
            "other.podspec",
            "s.name = \"kit\"\ns.version = \"3.5.3.1\"\n",
        ),
        (
            "README.md",
            "Supported version: 3.5.3\n\nIt is OpenSSL 3.5.3.\n\nAs of 3.5.3, CMake version 3.5.3\n\nVersion 13.5.30\n",
        ),
    ]);
    let told: Vec<(&str, usize)> = found
        .unsure
        .iter()
        .map(|one| (one.file.as_str(), one.line))
        .collect();
    assert_eq!(
        told,
        [
            ("README.md", 1),
            ("README.md", 3),
            ("openssl-kit.podspec", 2)
        ]
    );
}

#[test]
fn the_version_of_one_of_many_packages_is_not_the_project_s() {
    let own = |files: &[&str]| {
        let text = "__version__ = \"1.1.0\"\n";
        let files: Vec<(&str, &str)> = files.iter().map(|path| (*path, text)).collect();
        found(&files).version.map(|own| own.first.file)
    };
    assert_eq!(
        own(&["Lib/ctypes/__init__.py", "Lib/email/__init__.py"]),
        None
    );
    let only = "src/spam/__init__.py";
    assert_eq!(own(&[only]).as_deref(), Some(only));
    let named = "src/sample/__init__.py";
    assert_eq!(
        own(&["src/eggs/__init__.py", named]).as_deref(),
        Some(named)
    );
}

#[test]
fn parts_beside_the_whole_move_with_it() {
    let text = "set(OPENSSL_VERSION 3.5.3)\nset(OPENSSL_VERSION_MAJOR 3)\nset(OPENSSL_VERSION_MINOR 5)\nset(OPENSSL_VERSION_PATCH 3)\n";
    let all = patterns(&[("versions.cmake", text)]);
    assert_eq!(all.len(), 4, "{all:?}");
    assert!(all.contains(&"set(OPENSSL_VERSION_PATCH {patch})".to_owned()));
    // A module that finds what is installed says a whole release only so.
    let finds = format!("{text}set(OPENSSL_FOUND TRUE)\n");
    assert_eq!(patterns(&[("FindOpenSSL.cmake", &finds)]).len(), 4);
    let parts = finds.split_once('\n').expect("lines").1;
    assert_eq!(linked(&found(&[("FindOpenSSL.cmake", parts)])).len(), 0);
    // Those of another version are another's.
    let other = text.replace("PATCH 3", "PATCH 2");
    assert_eq!(patterns(&[("versions.cmake", &other)]).len(), 1);
}

#[test]
fn what_is_named_like_an_address_of_openssl_s_is_its_version() {
    let text = format!(
        "libs_ver=3.5.3\nlibs_url=https://github.com/openssl/openssl/releases/download/openssl-3.5.3/openssl-3.5.3.tar.gz\nlibs_sha={}\nzlib_ver=3.5.3\n",
        digest("3.5.3")
    );
    let all = patterns(&[("libs/openssl.sh", &text)]);
    assert_eq!(all[0], "libs_ver={version}", "{all:?}");
    assert!(!all.iter().any(|pattern| pattern.contains("zlib")));
}

#[test]
fn the_object_of_a_packager_s_file_is_no_commit_of_openssl_s() {
    let object = "82e2a023".repeat(5);
    for (name, stays) in [
        ("OPENSSL_PORT_BLOB", true),
        ("OPENSSL_GIT_TREE", true),
        ("ZLIB_PORT_BLOB", false),
    ] {
        let text = format!("OPENSSL_VERSION=3.5.3\n{name}={object}\n");
        let found = found(&[("a.sh", &text)]);
        let doubt = found.links[0].doubt.clone().unwrap_or_default();
        assert_eq!(doubt.contains("packager's own file"), stays, "{doubt}");
    }
}

#[test]
fn a_value_that_its_variable_loses_is_no_link() {
    let text = "opensslversion=3.4.1\nopensslversion=3.5.3\nwget https://www.openssl.org/source/openssl-$opensslversion.tar.gz\n";
    assert_eq!(linked(&found(&[("a.sh", text)])), ["3.5.3"]);
    let used = text.replace("3.4.1\n", "3.4.1\nbuild\n");
    assert_eq!(linked(&found(&[("a.sh", &used)])).len(), 2);
}

#[test]
fn a_mirror_spells_releases_as_older_tags_were() {
    for (text, count) in [
        (
            "curl -LO https://h/openssl/OpenSSL_3_5_3/openssl-3.5.3.tar.gz\n",
            1,
        ),
        ("curl -LO https://h/openssl/OpenSSL_3_5_3.tar.gz\n", 1),
        (
            "V=openssl-3.5.3\ncurl -LO https://h/openssl/OpenSSL_3_5_3.tar.gz\n",
            2,
        ),
    ] {
        let all = patterns(&[("build.sh", text)]);
        assert_eq!(all.len(), count, "{text}{all:?}");
        let underscored = all.iter().any(|one| one.contains("OpenSSL_{version_}"));
        assert!(underscored, "{all:?}");
    }
    // Symbols are spelled so too.
    for text in [
        "OpenSSL_3_5_3 {\n global: SSL_new;\n};\n",
        "if v >= OpenSSL_3_5_3:\n",
        "ctest -R test_OpenSSL_3_5_3\n",
    ] {
        assert_eq!(linked(&found(&[("build.sh", text)])).len(), 0, "{text}");
    }
}

#[test]
fn the_commit_of_another_repository_is_no_commit_of_openssl_s() {
    let commit = "fb910755".repeat(5);
    let fetched = |name: &str, tag: &str| {
        format!(
            "FetchContent_Declare(\n  {name}\n  GIT_REPOSITORY https://h/{name}.git\n  GIT_TAG {tag}\n)\n"
        )
    };
    let ours = fetched("openssl", "openssl-3.6.3");
    let (other, own) = (fetched("yaml-cpp", &commit), fetched("openssl", &commit));
    let yaml = format!("openssl:\n  ref: openssl-3.6.3\nlibssh2:\n  ref: {commit}\n");
    for (path, text, count) in [
        ("deps.cmake", format!("{ours}{other}"), 1),
        ("deps.cmake", format!("{other}{ours}"), 1),
        ("deps.yaml", yaml.clone(), 1),
        ("deps.yaml", yaml.replace("libssh2:\n  ref", "  commit"), 2),
    ] {
        let all = patterns(&[(path, &text)]);
        assert_eq!(all.len(), count, "{text}{all:?}");
    }
    // Without its version nothing says which release it is of.
    assert_eq!(linked(&found(&[("deps.cmake", &own)])).len(), 0);
}
