//! `init` on projects with a history: what moved with OpenSSL's version is a pin, what stayed is
//! none, and the next bump is what the last ones were.

use crate::git::git_on;
use crate::sandbox::Sandbox;

const DAY: [&str; 3] = ["--offline", "--as-of", "2026-06-09"];

/// Tarball digests by version, as the facts have them.
fn digest(version: &str) -> String {
    let facts = include_str!("../../data/upstream.json");
    let facts: serde_json::Value = serde_json::from_str(facts).expect("facts");
    let release = facts["releases"]
        .as_array()
        .expect("releases")
        .iter()
        .find(|release| release["version"] == version)
        .expect(version)
        .clone();
    release["hashes"]["sha256"]
        .as_str()
        .expect(version)
        .to_owned()
}

/// A project whose files say these versions one after the other, each a commit: `@v@` is the
/// version, `@v_@` the same with underscores, `@sha@` its digest.
struct Past(Sandbox);

impl Past {
    fn new() -> Self {
        let past = Self(Sandbox::new());
        past.0.file(".gitignore", "/release-check.toml\n");
        git_on(
            &past.0.path(),
            "2026-01-01",
            &["init", "-q", "-b", "main", "."],
        );
        past
    }

    /// Files that say 3.5.2, then 3.5.3.
    fn twice(files: &[(&str, &str)]) -> Self {
        let past = Self::new();
        past.commit("2025-08-06", "3.5.2", files)
            .commit("2025-09-17", "3.5.3", files);
        past
    }

    fn commit(&self, day: &str, version: &str, files: &[(&str, &str)]) -> &Self {
        for (path, text) in files {
            let text = text
                .replace("@sha@", &digest(version))
                .replace("@v_@", &version.replace('.', "_"))
                .replace("@v@", version);
            self.0.file(path, text);
        }
        git_on(&self.0.path(), day, &["add", "-A"]);
        git_on(&self.0.path(), day, &["commit", "-qm", "a change"]);
        self
    }

    /// `init` finds these links; the bump gives these files as they would be at a version.
    #[track_caller]
    fn moves(&self, links: &[(&str, &str)], version: &str, files: &[(&str, &str)]) -> String {
        let json = self
            .0
            .run(&[&["init", "--format", "json"], &DAY[..]].concat())
            .exits(0)
            .json();
        let config = self.0.read("release-check.toml");
        let found: Vec<(&str, &str)> = json["links"]
            .as_array()
            .expect("links")
            .iter()
            .filter(|link| link["doubt"].is_null())
            .map(|link| {
                (
                    link["name"].as_str().expect("text"),
                    link["linked"].as_str().expect("text"),
                )
            })
            .collect();
        assert_eq!(found, links, "{config}");
        self.0.run(&[&["prepare"], &DAY[..]].concat()).exits(0);
        for (path, text) in files {
            let text = text
                .replace("@sha@", &digest(version))
                .replace("@v_@", &version.replace('.', "_"))
                .replace("@v@", version);
            assert_eq!(self.0.read(path), text, "{path}\n{config}");
        }
        config
    }
}

#[test]
fn what_moved_is_a_pin_and_what_stayed_is_none() {
    let build = "# openssl-@v@ is what we ship\nver_ssl=@v@\nfetch $ver_ssl openssl\n";
    let frozen = "OPENSSL_VERSION=3.5.3\n";
    let past = Past::new();
    past.commit(
        "2026-01-10",
        "3.5.3",
        &[("build.sh", build), ("museum/old.sh", frozen)],
    )
    .commit("2026-02-10", "3.5.4", &[("build.sh", build)])
    .commit("2026-03-10", "3.5.5", &[("build.sh", build)]);
    let config = past.moves(&[("openssl", "3.5.5")], "3.5.7", &[("build.sh", build)]);
    assert!(config.contains("# certain: moved in "), "{config}");
    assert!(
        config.contains(" of 2026-03-10 and ") && config.contains(" of 2026-02-10 (build.sh:"),
        "{config}"
    );
    assert!(
        config.contains("museum/old.sh:1: it stayed as it is when other lines moved in "),
        "{config}"
    );
    assert_eq!(past.0.read("museum/old.sh"), frozen);
}

#[test]
fn numbers_beside_the_version_do_what_they_did() {
    let recipe = |release: &str, build: &str| {
        format!(
            "name: x\nversion: @v@\nrelease: {release}\nbuild_number: {build}\nurl: h/openssl-@v@.tar.gz\nsha256: @sha@\n"
        )
    };
    let past = Past::new();
    past.commit("2026-01-10", "3.5.3", &[("r.yaml", &recipe("1", "7"))])
        .commit("2026-01-20", "3.5.3", &[("r.yaml", &recipe("3", "7"))])
        .commit("2026-02-10", "3.5.4", &[("r.yaml", &recipe("1", "8"))])
        .commit("2026-02-12", "3.5.4", &[("r.yaml", &recipe("2", "8"))])
        .commit("2026-03-10", "3.5.5", &[("r.yaml", &recipe("1", "9"))])
        .commit("2026-03-12", "3.5.5", &[("r.yaml", &recipe("4", "9"))]);
    past.moves(
        &[("openssl", "3.5.5")],
        "3.5.7",
        &[("r.yaml", &recipe("1", "10"))],
    );
}

#[test]
fn a_document_that_always_moves_along_is_a_pin_and_one_that_does_not_is_none() {
    let pin = "OPENSSL_VERSION=@v@\n";
    let told = "# Ours\n\nBuilt with OpenSSL @v@.\n";
    let once = "Built with OpenSSL 3.5.4.\n";
    let past = Past::new();
    past.commit(
        "2026-01-10",
        "3.5.3",
        &[
            ("pin.sh", pin),
            ("README.md", told),
            ("OLD.md", "Built with OpenSSL 3.5.3.\n"),
        ],
    )
    .commit(
        "2026-02-10",
        "3.5.4",
        &[("pin.sh", pin), ("README.md", told), ("OLD.md", once)],
    )
    .commit(
        "2026-03-10",
        "3.5.5",
        &[("pin.sh", pin), ("README.md", told)],
    );
    past.moves(
        &[("openssl", "3.5.5")],
        "3.5.7",
        &[("pin.sh", pin), ("README.md", told), ("OLD.md", once)],
    );
}

#[test]
fn a_patch_s_version_and_a_row_of_a_table_move_where_several_bumps_moved_them() {
    let image = |patch: &str| {
        format!(
            "ARG SPAM_OPENSSL_VERSION=@v@\nARG SPAM_OPENSSL_PATCH_VERSION={patch}\nRUN get openssl-${{SPAM_OPENSSL_VERSION}}.tar.gz && get openssl-${{SPAM_OPENSSL_PATCH_VERSION}}-fix.patch\n"
        )
    };
    let all = image("@v@");
    let row = "|Key|Default|\n|SPAM_OPENSSL_VERSION|@v@|\n";
    let files = [("Dockerfile", all.as_str()), ("README.md", row)];
    let past = Past::new();
    past.commit("2026-01-10", "3.5.3", &files)
        .commit("2026-02-10", "3.5.4", &files)
        .commit("2026-03-10", "3.5.5", &files);
    past.moves(&[("openssl", "3.5.5")], "3.5.7", &files);
    // Bumps to another series count as well.
    let past = Past::new();
    past.commit("2026-01-10", "3.4.3", &files)
        .commit("2026-02-10", "3.4.4", &files)
        .commit("2026-03-10", "3.5.5", &files);
    past.moves(&[("openssl", "3.5.5")], "3.5.7", &files);
    // One bump shows no custom for a patch.
    let past = Past::new();
    past.commit("2026-01-10", "3.5.4", &files[..1])
        .commit("2026-02-10", "3.5.5", &files[..1]);
    let kept = image("3.5.5");
    past.moves(
        &[("openssl", "3.5.5")],
        "3.5.7",
        &[("Dockerfile", kept.as_str())],
    );
}

#[test]
fn comments_of_a_pin_s_file_do_what_they_did() {
    let file = "# shipped: OpenSSL @v@\n# since OpenSSL 3.5.5 without patches\nOPENSSL_VERSION=@v@\nOPENSSL_SHA256=@sha@\n";
    let past = Past::new();
    past.commit("2026-01-10", "3.5.3", &[("pin.sh", file)])
        .commit("2026-02-10", "3.5.4", &[("pin.sh", file)])
        .commit("2026-03-10", "3.5.5", &[("pin.sh", file)]);
    past.moves(&[("openssl", "3.5.5")], "3.5.7", &[("pin.sh", file)]);
}

#[test]
fn a_file_that_never_names_openssl_is_a_pin_where_it_moved_along() {
    let files = [
        ("build.sh", "OPENSSL_VERSION=@v@\n"),
        (
            "app/Info.plist",
            "<string>@v@</string>\n<string>1.0</string>\n",
        ),
    ];
    Past::twice(&files).moves(&[("openssl", "3.5.3")], "3.5.7", &files);
}

#[test]
fn another_package_that_moved_along_once_is_only_likely() {
    let files = [
        ("build.sh", "OPENSSL_VERSION=@v@\n"),
        ("requirements.txt", "sphinx==@v@\n"),
    ];
    let past = Past::twice(&files);
    let says = |past: &Past, expected: &str| {
        let shown = past.0.run(&[&["init", "--diff"], &DAY[..]].concat());
        let shown = shown.exits(0).stdout.clone();
        let line = shown
            .lines()
            .find(|line| line.contains("(requirements.txt:1)"));
        assert!(line.is_some_and(|line| line.contains(expected)), "{shown}");
    };
    says(&past, "likely, please check: moved in ");
    past.commit("2025-10-01", "3.5.4", &files);
    says(&past, "certain: moved in ");
}

#[test]
fn of_digests_on_lines_of_one_shape_the_one_that_moved_is_taken() {
    let other = "ab12".repeat(16);
    let text = format!(
        "get(\n  name = \"openssl\",\n  sum = \"@sha@\",\n  file = \"openssl-@v@.tar.gz\",\n)\nget(\n  name = \"zlib\",\n  sum = \"{other}\",\n  file = \"zlib.tar.gz\",\n)\n"
    );
    let files = [("deps.bzl", text.as_str())];
    Past::twice(&files).moves(&[("openssl", "3.5.3")], "3.5.7", &files);
}

#[test]
fn of_digests_on_one_line_the_one_that_moved_is_taken() {
    let other = "ab12".repeat(16);
    let text = format!(
        "{{\"openssl\": {{\"version\": \"@v@\", \"sha256\": \"@sha@\"}}, \"zlib\": {{\"version\": \"1.3.1\", \"sha256\": \"{other}\"}}}}\n"
    );
    let files = [("deps.json", text.as_str())];
    Past::twice(&files).moves(&[("openssl", "3.5.3")], "3.5.7", &files);
}

#[test]
fn what_no_bump_ever_touched_is_no_part_of_the_next_one() {
    let files = [("build.sh", "OPENSSL_VERSION=@v@\n")];
    let own = [
        ("CHANGELOG.md", "# Changelog\n\n## 1.4.0\n\n- New.\n"),
        ("setup.cfg", "[metadata]\nversion = 1.4.0\n"),
    ];
    let past = Past::new();
    past.commit("2025-07-02", "3.5.1", &own);
    for (day, version) in [
        ("2025-07-03", "3.5.1"),
        ("2025-08-06", "3.5.2"),
        ("2025-09-17", "3.5.3"),
    ] {
        past.commit(day, version, &files);
    }
    let config = past.moves(
        &[("openssl", "3.5.3")],
        "3.5.7",
        &[&files[..], &own[..]].concat(),
    );
    assert!(config.contains(
        "CHANGELOG.md:1: this changelog is left out: the bumps before did not touch it ("
    ));
    assert!(config.contains(
        "setup.cfg:1: the project's own version is left out: the bumps before did not touch it ("
    ));
}

#[test]
fn a_changelog_that_bumps_touch_is_a_part_of_the_next_one() {
    let past = Past::new();
    for (day, version) in [
        ("2025-07-02", "3.5.1"),
        ("2025-08-06", "3.5.2"),
        ("2025-09-17", "3.5.3"),
    ] {
        let told = format!("# Changelog\n\n## {day}\n\n- A newer library.\n");
        let files = [
            ("build.sh", "OPENSSL_VERSION=@v@\n"),
            ("CHANGELOG.md", told.as_str()),
        ];
        past.commit(day, version, &files);
    }
    let config = past.moves(
        &[("openssl", "3.5.3")],
        "3.5.7",
        &[("build.sh", "OPENSSL_VERSION=@v@\n")],
    );
    assert!(!config.contains("no bump touched it"), "{config}");
}

#[test]
fn a_table_that_gained_entries_gains_the_next_one() {
    let entry = |version: &str| format!("ver \"{version}\", sum: \"{}\"\n", digest(version));
    let past = Past::new();
    let table = |newest: &[&str]| {
        let entries: String = newest.iter().map(|version| entry(version)).collect();
        format!(
            "name \"openssl\"\nuses \"{}\"\n{entries}",
            newest[newest.len() - 1]
        )
    };
    let first = table(&["3.0.17"]);
    past.commit("2025-07-02", "3.5.3", &[("openssl.defs", first.as_str())]);
    let second = table(&["3.0.17", "3.5.3"]);
    past.commit("2025-09-17", "3.5.3", &[("openssl.defs", second.as_str())]);
    let json = past
        .0
        .run(&[&["init", "--format", "json"], &DAY[..]].concat())
        .exits(0)
        .json();
    let config = past.0.read("release-check.toml");
    assert!(config.contains("insert = "), "{config}\n{json}");
    past.0.run(&[&["prepare"], &DAY[..]].concat()).exits(0);
    assert_eq!(
        past.0.read("openssl.defs"),
        table(&["3.0.17", "3.5.3", "3.5.7"]),
        "{config}"
    );
}

#[test]
fn an_entry_that_stayed_while_its_series_went_on_is_none() {
    let kept = format!("ver \"3.0.15\", sum: \"{}\"\n", digest("3.0.15"));
    let text = format!("name \"openssl\"\nuses \"@v@\"\n{kept}ver \"@v@\", sum: \"@sha@\"\n");
    let files = [("openssl.defs", text.as_str())];
    let past = Past::new();
    for (day, version) in [
        ("2025-07-02", "3.5.1"),
        ("2025-08-06", "3.5.2"),
        ("2025-09-17", "3.5.3"),
    ] {
        past.commit(day, version, &files);
    }
    past.moves(&[("openssl", "3.5.3")], "3.5.7", &files);
}

#[test]
fn a_shallow_clone_says_what_is_missing() {
    let past = Past::new();
    let pin = "OPENSSL_VERSION=@v@\n";
    past.commit("2026-01-10", "3.5.3", &[("pin.sh", pin)])
        .commit("2026-02-10", "3.5.4", &[("pin.sh", pin)]);
    let from = format!("file://{}", past.0.path().display());
    git_on(
        &past.0.path(),
        "2026-03-01",
        &["clone", "-q", "--depth", "1", &from, "../clone"],
    );
    let text = past
        .0
        .run(&[&["-C", "../clone", "init"], &DAY[..]].concat())
        .exits(0)
        .stdout;
    assert!(
        text.contains(
            "history: this clone is shallow and has 1 commit; with `git fetch --unshallow`"
        ),
        "{text}"
    );
}

#[test]
fn submodules_and_lock_files_name_the_commits_that_moved_them() {
    let lock = |version: &str, other: &str| {
        format!(
            "version = 4\n\n[[package]]\nname = \"cc\"\nversion = \"{other}\"\n\n[[package]]\nname = \"openssl-src\"\nversion = \"300.{}+{version}\"\n",
            &version[2..]
        )
    };
    let modules =
        "[submodule \"ssl\"]\n\tpath = deps/ssl\n\turl = https://github.com/openssl/openssl.git\n";
    let past = Past::new();
    let bump = |day: &str, version: &str, other: &str, commit: &str| {
        past.0
            .file("Cargo.lock", lock(version, other))
            .file(".gitmodules", modules);
        git_on(&past.0.path(), day, &["add", "-A", "."]);
        let info = format!("160000,{commit},deps/ssl");
        git_on(
            &past.0.path(),
            day,
            &["update-index", "--add", "--cacheinfo", &info],
        );
        git_on(&past.0.path(), day, &["commit", "-qm", "a change"]);
    };
    let released = "67b5686b4419b4cb8caa502711c41815f5279751";
    bump("2026-01-10", "3.5.4", "1.0.0", &"ab".repeat(20));
    bump("2026-02-10", "3.5.5", "1.0.0", released);
    bump("2026-03-10", "3.5.5", "1.0.1", released);
    past.0.run(&[&["init"], &DAY[..]].concat()).exits(0);
    let config = past.0.read("release-check.toml");
    for place in ["Cargo.lock:9", "deps/ssl:1"] {
        let line = config
            .lines()
            .find(|line| line.contains(place))
            .unwrap_or_default();
        assert!(
            line.starts_with("# certain: moved in ")
                && line.contains(" of 2026-02-10 (")
                && !line.contains("2026-03-10"),
            "{place}: {config}"
        );
    }
}

#[test]
fn a_version_in_parts_names_the_commits_that_are_made_again() {
    let pin = |patch: &str| {
        format!("set(OPENSSL_SERIES 3.5)\nset(OPENSSL_PATCH {patch})\nset(OPENSSL_SHA256 @sha@)\n")
    };
    let past = Past::new();
    past.commit("2026-01-10", "3.5.3", &[("ssl.cmake", &pin("3"))])
        .commit("2026-02-10", "3.5.4", &[("ssl.cmake", &pin("4"))])
        .commit("2026-03-10", "3.5.5", &[("ssl.cmake", &pin("5"))]);
    let config = past.moves(
        &[("openssl", "3.5.5")],
        "3.5.7",
        &[("ssl.cmake", &pin("7"))],
    );
    assert!(
        config.contains(" of 2026-03-10 and ") && config.contains(" of 2026-02-10 (ssl.cmake:"),
        "{config}"
    );
}

#[test]
fn a_pin_whose_bump_comes_out_otherwise_is_only_likely() {
    let first = "OPENSSL_VERSION=@v@\nOPENSSL_SHA256=@sha@\n";
    let second = |build: &str| format!("openssl = @v@ build {build}\n");
    let past = Past::new();
    for (day, version, build) in [
        ("2026-01-10", "3.5.3", "71"),
        ("2026-02-10", "3.5.4", "16"),
        ("2026-03-10", "3.5.5", "42"),
    ] {
        past.commit(day, version, &[("a.sh", first), ("b.conf", &second(build))]);
    }
    past.0.run(&[&["init"], &DAY[..]].concat()).exits(0);
    let config = past.0.read("release-check.toml");
    let line = |place: &str| -> &str {
        let mut lines = config.lines();
        lines.find(|line| line.contains(place)).unwrap_or_default()
    };
    assert!(
        line("(a.sh:1").starts_with("# certain: moved in "),
        "{config}"
    );
    let told = line("(b.conf:1");
    assert!(
        told.starts_with("# likely, please check: moved in ")
            && told.contains("where `b.conf` did not become `openssl = 3.5.5 build 16`"),
        "{config}"
    );
}

/// Commits these files at four versions; `@n@` counts from 11.
fn counted(files: &[(&str, &str)]) -> Past {
    let past = Past::new();
    for (n, (day, version)) in [
        ("2025-07-02", "3.5.1"),
        ("2025-08-06", "3.5.2"),
        ("2025-09-17", "3.5.3"),
        ("2025-10-01", "3.5.4"),
    ]
    .into_iter()
    .enumerate()
    {
        let filled = with_number(files, n + 11);
        let filled: Vec<(&str, &str)> = filled
            .iter()
            .map(|(path, text)| (*path, text.as_str()))
            .collect();
        past.commit(day, version, &filled);
    }
    past
}

fn with_number<'a>(files: &[(&'a str, &str)], number: usize) -> Vec<(&'a str, String)> {
    let fill = |(path, text): &(&'a str, &str)| (*path, text.replace("@n@", &number.to_string()));
    files.iter().map(fill).collect()
}

#[test]
fn what_moved_along_and_no_pin_named_moves_along_again() {
    let long = format!("{}BUILDS = @n@\n", "int;\n".repeat(1000));
    let files = [
        // In a file that is not looked into until a bump is seen to have changed it.
        ("src/builds.mk", long.as_str()),
        // A counter that nothing calls a number, and one in a file that never names OpenSSL.
        ("ci/image.yml", "openssl: @v@\ntag: v@n@\n"),
        ("cache.mk", "GENERATION := @n@\n"),
        // A number of the package's own behind the version, that stays or counts.
        (
            "subprojects/openssl.wrap",
            "[wrap-file]\nsource_hash = @sha@\nsource_filename = openssl-@v@.tar.gz\nwrapdb_version = @v@-1\n",
        ),
        (
            "deps.json",
            "{\n  \"openssl\": \"@v@.@n@\",\n  \"zlib\": \"1.3.1\"\n}\n",
        ),
    ];
    let past = counted(&files);
    let then = with_number(&files, 15);
    let then: Vec<(&str, &str)> = then
        .iter()
        .map(|(path, text)| (*path, text.as_str()))
        .collect();
    let config = past.moves(&[("openssl", "3.5.4")], "3.5.7", &then);
    for pattern in [
        "\"tag: v{+}\"",
        "\"GENERATION := {+}\"",
        "\"BUILDS = {+}\"",
        "\"wrapdb_version = {version}-1\"",
        "'\"openssl\": \"{version}.{+}\",'",
    ] {
        assert!(
            config.contains(&pattern[1..pattern.len() - 1]),
            "{pattern}\n{config}"
        );
    }
    assert!(!config.contains("leave = "), "{config}");
}

#[test]
fn a_package_s_own_number_behind_the_version_does_what_it_did() {
    let recipe = "version: @v@-1\nsource: https://h/openssl-@v@.tar.gz\n";
    let past = Past::new();
    for (day, version, files) in [
        (
            "2025-07-02",
            "3.5.1",
            [("deps.mk", "OPENSSL_VERSION=@v@-2\n"), ("recipe", recipe)],
        ),
        (
            "2025-08-06",
            "3.5.2",
            [("deps.mk", "OPENSSL_VERSION=@v@-1\n"), ("recipe", recipe)],
        ),
    ] {
        past.commit(day, version, &files);
    }
    let files = [("deps.mk", "OPENSSL_VERSION=@v@-1\n"), ("recipe", recipe)];
    let config = past.moves(&[("openssl", "3.5.2")], "3.5.7", &files);
    for pattern in ["'OPENSSL_VERSION={version}-1'", "'version: {version}-1'"] {
        assert!(config.contains(pattern), "{config}");
    }
    // A number that no bump left there is nothing that a pattern could say.
    let left = Past::twice(&[("deps.mk", "OPENSSL_VERSION=@v@-1\n")]);
    left.commit(
        "2025-09-18",
        "3.5.3",
        &[("deps.mk", "OPENSSL_VERSION=@v@-2\n")],
    );
    let said = left.0.run(&[&["init"], &DAY[..]].concat()).exits(0).stdout;
    assert!(said.contains("no pin of OpenSSL found"), "{said}");
}

#[test]
fn what_moves_along_with_two_links_counts_once() {
    let past = Past::new();
    for (n, (day, older, newer)) in [
        ("2025-07-02", "3.0.16", "3.5.1"),
        ("2025-08-06", "3.0.17", "3.5.2"),
        ("2025-10-01", "3.0.18", "3.5.4"),
    ]
    .into_iter()
    .enumerate()
    {
        let generation = format!("GENERATION = {}\n", n + 7);
        let old = format!("OPENSSL_VERSION={older}\n");
        let files = [
            ("old.sh", old.as_str()),
            ("new.sh", "OPENSSL_VERSION=@v@\n"),
            ("cache.mk", generation.as_str()),
        ];
        past.commit(day, newer, &files);
    }
    past.moves(
        &[("openssl-3.0", "3.0.18"), ("openssl-3.5", "3.5.4")],
        "3.5.7",
        &[
            ("new.sh", "OPENSSL_VERSION=@v@\n"),
            ("cache.mk", "GENERATION = 10\n"),
        ],
    );
}

#[test]
fn a_digest_of_another_file_that_always_moved_along_is_never_left_behind() {
    let tail = "REPO openssl/openssl\n    REF \"openssl-${VERSION}\"\n";
    let past = Past::new();
    for (day, version) in [("2025-08-06", "3.5.2"), ("2025-09-17", "3.5.3")] {
        let sha512 = format!("{}{}", digest(version), digest(version));
        let portfile = format!("vcpkg_from_github(\n    {tail}    SHA512 {sha512}\n)\n");
        let files = [
            (
                "ports/openssl/vcpkg.json",
                "{\n  \"name\": \"openssl\",\n  \"version\": \"@v@\"\n}\n",
            ),
            ("ports/openssl/portfile.cmake", portfile.as_str()),
        ];
        past.commit(day, version, &files);
    }
    past.0.run(&[&["init"], &DAY[..]].concat()).exits(0);
    let config = past.0.read("release-check.toml");
    assert!(config.contains("SHA512 {sha512}"), "{config}");
    // The facts lack it: nothing is written without it.
    let before = past.0.read("ports/openssl/vcpkg.json");
    let said = past.0.run(&[&["prepare"], &DAY[..]].concat()).exits(1);
    assert!(
        said.stderr.contains(
            "`ports/openssl/portfile.cmake` line 4: the sha512 of OpenSSL 3.5.7 is not known"
        ),
        "{}",
        said.stderr
    );
    assert_eq!(past.0.read("ports/openssl/vcpkg.json"), before);
}

#[test]
fn what_moved_along_in_a_way_that_no_placeholder_says_is_told() {
    let past = Past::new();
    for (day, version, build) in [
        ("2025-07-02", "3.5.1", "71"),
        ("2025-08-06", "3.5.2", "16"),
        ("2025-09-17", "3.5.3", "42"),
    ] {
        let other = format!("IMAGE_BUILD = {build}\n");
        past.commit(
            day,
            version,
            &[("a.sh", "OPENSSL_VERSION=@v@\n"), ("b.mk", &other)],
        );
    }
    let config = past.moves(
        &[("openssl", "3.5.3")],
        "3.5.7",
        &[
            ("a.sh", "OPENSSL_VERSION=@v@\n"),
            ("b.mk", "IMAGE_BUILD = 42\n"),
        ],
    );
    assert!(
        config.contains("# b.mk:1: ")
            && config.contains(" of 2025-09-17 changed it with OpenSSL's version, and a bump leaves it as it is\n#     IMAGE_BUILD = 42"),
        "{config}"
    );
}

#[test]
fn what_is_installed_or_only_told_is_no_pin_however_often_it_moved() {
    for (file, text) in [
        (
            "Dockerfile",
            "FROM alpine:3.22\nRUN apk add --no-cache \\\n    curl=8.1.0-r0 \\\n    openssl=@v@-r0\n",
        ),
        ("packages.txt", "curl=8.1.0-r0\nopenssl=@v@-r0\n"),
        ("setup.sh", "dnf install -y openssl-@v@\n"),
        ("INSTALL", "set SSL to C:\\openssl-@v@ and build\n"),
        ("src/VersionsTests.cpp", "// openssl-@v@\nint x;\n"),
    ] {
        let past = Past::new();
        for (day, version) in [
            ("2025-07-02", "3.5.1"),
            ("2025-08-06", "3.5.2"),
            ("2025-09-17", "3.5.3"),
        ] {
            past.commit(day, version, &[(file, text)]);
        }
        let run = past.0.run(&[&["init"], &DAY[..]].concat()).exits(0);
        assert!(
            run.words().contains("no pin of OpenSSL found"),
            "{file}: {}",
            run.stdout
        );
    }
}

#[test]
fn what_a_line_of_openssl_s_always_gained_is_never_left_behind() {
    let past = Past::new();
    for (day, version, size) in [
        ("2025-07-02", "3.5.1", "51,201"),
        ("2025-08-06", "3.5.2", "51,344"),
        ("2025-09-17", "3.5.3", "51,902"),
    ] {
        let text = format!("openssl-version: @v@\nopenssl-size: {size} KB\nzlib-size: {size} KB\n");
        past.commit(day, version, &[("packages.yml", &text)]);
    }
    past.0.run(&[&["init"], &DAY[..]].concat()).exits(0);
    let config = past.0.read("release-check.toml");
    assert!(
        config.contains("# Doubtful, and left as a comment: `packages.yml` line 2 holds a value"),
        "{config}"
    );
}

#[test]
fn bumps_of_submodules_lock_files_and_trees_are_made_again_too() {
    let facts = include_str!("../../data/upstream.json");
    let facts: serde_json::Value = serde_json::from_str(facts).expect("facts");
    let commit = |version: &str| {
        let mut releases = facts["releases"].as_array().expect("releases").iter();
        let release = releases.find(|one| one["version"] == version);
        release.expect(version)["commit"]
            .as_str()
            .expect(version)
            .to_owned()
    };
    let lock = |version: &str, checksum: char| {
        format!(
            "version = 4\n\n[[package]]\nname = \"openssl-src\"\nversion = \"300.{}+{version}\"\nchecksum = \"{}\"\n",
            &version[2..],
            checksum.to_string().repeat(64)
        )
    };
    let modules =
        "[submodule \"ssl\"]\n\tpath = deps/ssl\n\turl = https://github.com/openssl/openssl.git\n";
    let past = Past::new();
    for (day, version, generation) in [
        ("2025-07-02", "3.5.1", 7),
        ("2025-08-06", "3.5.2", 8),
        ("2025-10-01", "3.5.4", 9),
    ] {
        let tree = format!("MAJOR=3\nMINOR=5\nPATCH={}\n", &version[4..]);
        let generation = format!("GENERATION={generation}\n");
        past.0
            .file("Cargo.lock", lock(version, version.as_bytes()[4].into()))
            .file(".gitmodules", modules)
            .file("vendor/openssl/VERSION.dat", &tree)
            .file("vendor/openssl/Configure", "#! /usr/bin/env perl\n")
            .file("cache.env", &generation);
        git_on(&past.0.path(), day, &["add", "-A", "."]);
        let info = format!("160000,{},deps/ssl", commit(version));
        let update = ["update-index", "--add", "--cacheinfo", &info];
        git_on(&past.0.path(), day, &update);
        git_on(&past.0.path(), day, &["commit", "-qm", "a change"]);
    }
    past.0.run(&[&["init"], &DAY[..]].concat()).exits(0);
    let config = past.0.read("release-check.toml");
    for place in ["Cargo.lock:5", "deps/ssl:1", "vendor/openssl/VERSION.dat:"] {
        let line = config
            .lines()
            .find(|line| line.contains(place))
            .unwrap_or_default();
        assert!(
            line.starts_with("# certain: moved in ")
                && line.contains(" of 2025-10-01 and ")
                && line.contains(" of 2025-08-06 ("),
            "{place}: {config}"
        );
    }
    assert!(config.contains("match = 'GENERATION={+}'"), "{config}");
    assert!(!config.contains("Unsure"), "{config}");
}
