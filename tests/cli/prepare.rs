//! `prepare`: what it refuses, what it finishes, and that it changes all or nothing.

use std::fs;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use crate::git::git;
use crate::sandbox::{Outcome, Sandbox};

pub(crate) const CONFIG: &str =
    "[project]\nname = \"sample\"\n\n[[link]]\nname = \"openssl\"\n\n[[link.pin]]\n";
const PREPARE: [&str; 6] = [
    "prepare",
    "--offline",
    "--as-of",
    "2025-10-01",
    "--upstream",
    "../upstream.json",
];

/// A project with this pin and these files.
pub(crate) fn project(pin: &str, files: &[(&str, &str)]) -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.file("release-check.toml", format!("{CONFIG}{pin}"));
    sandbox.file("../upstream.json", include_str!("../golden/upstream.json"));
    for (path, text) in files {
        sandbox.file(path, text);
    }
    sandbox
}

pub(crate) fn prepare(sandbox: &Sandbox, further: &[&str]) -> Outcome {
    sandbox.run(&[&PREPARE, further].concat())
}

/// What is refused: nothing on standard output, not one byte written, and a message that says all
/// of these.
#[track_caller]
pub(crate) fn refused(sandbox: &Sandbox, further: &[&str], status: i32, says: &[&str]) {
    let before = sandbox.tree();
    let outcome = prepare(sandbox, further).exits(status);
    assert_eq!(outcome.stdout, "");
    for part in says {
        assert!(
            outcome.stderr.contains(part),
            "`{part}` is not in: {}",
            outcome.stderr
        );
    }
    assert_eq!(sandbox.tree(), before);
}

pub(crate) fn sha256(version: &str) -> String {
    let snapshot: serde_json::Value =
        serde_json::from_str(include_str!("../golden/upstream.json")).expect("JSON");
    let release = snapshot["releases"]
        .as_array()
        .expect("releases")
        .iter()
        .find(|release| release["version"] == version)
        .expect("a release");
    release["hashes"]["sha256"]
        .as_str()
        .expect("a digest")
        .to_owned()
}

const TWO_LINES: &str = "file = \"v.sh\"\nmatch = ['V={version}', 'SHA={sha256}']\n";

pub(crate) fn two_lines(version: &str, digest_of: &str) -> String {
    format!("V={version}\nSHA={}\n", sha256(digest_of))
}

#[test]
fn what_is_wrong_is_named_with_file_and_line() {
    let one = "file = \"a\"\nmatch = \"v={version}\"\n";
    for (pin, files, status, says) in [
        (
            one,
            &[("a", "x\nv=3.5.3\nv=3.5.3\n")][..],
            2,
            &[
                "`a` line 2",
                "2 times",
                "lines 2 and 3",
                "line 7",
                "`count = 2`",
            ][..],
        ),
        (
            one,
            &[("a", "v=3.5.1\n")],
            2,
            &["`a` line 1", "3.5.1", "never released"],
        ),
        (
            one,
            &[("a", "v=3.4.1\n")],
            2,
            &["`a` line 1", "3.4.1", "never released"],
        ),
        (
            one,
            &[("a", "x\nv=2.8.3\n")],
            2,
            &["`a` line 2", "`2.8.3` is not an OpenSSL version"],
        ),
        (
            one,
            &[("a", "nothing\n")],
            2,
            &["`a`", "`release-check.toml` line 7", "`v={version}`"],
        ),
        (
            one,
            &[],
            2,
            &[
                "`a` does not exist; correct the path",
                "`release-check.toml` line 7",
            ],
        ),
        (one, &[("a/b", "v=3.5.3\n")], 2, &["`a` is not a file"]),
        (
            "file = \"*.txt\"\nmatch = \"v={version}\"\n",
            &[("a", "")],
            2,
            &["`*.txt` names no file", "`release-check.toml` line 7"],
        ),
        (
            "file = \"a\"\nmatch = \"v={version}\"\ncount = \"any\"\n",
            &[("a", "x")],
            2,
            &["stands in none of the files"],
        ),
        (
            TWO_LINES,
            &[("v.sh", &two_lines("3.5.3", "3.5.2"))],
            2,
            &["`v.sh` line 2", "not that of OpenSSL 3.5.3 but of 3.5.2"],
        ),
        (
            one,
            &[("a", "v=3.5.3\n# since 3.5.3\n")],
            2,
            &[
                "`a` line 2",
                "would still say 3.5.3",
                "leave = ['# since 3.5.3']",
            ],
        ),
        (
            "file = \"?\"\nmatch = \"v={version}\"\n",
            &[("a", "v=3.5.3"), ("b", "\nv=3.0.17")],
            2,
            &["`a` line 1 says 3.5.3", "`b` line 2 says 3.0.17"],
        ),
        (
            "file = \"a\"\nmatch = [\"v={version}\", \"s={series}\"]\n",
            &[("a", "v=3.5.3\ns=3.0\n")],
            2,
            &["`a` line 1 says 3.5.3", "`a` line 2"],
        ),
        (
            "file = \"a\"\nmatch = \"v={version}\"\nwithin = [\"from\", \"to\"]\n",
            &[("a", "from\nv=3.5.3\n")],
            2,
            &["`a` line 1", "`to`"],
        ),
        (
            "file = \"a\"\nmatch = \"v={version}\"\nset = [{ line = \"r={*}\", to = \"r=1\" }]\n",
            &[("a", "v=3.5.3\nr=1\nr=2\n")],
            2,
            &["`a` lines 2 and 3"],
        ),
        ("submodule = \"a\"\n", &[], 2, &["`a`", "line 7"]),
        (
            "tree = \"a\"\n",
            &[("a/README", "")],
            2,
            &["`a` holds neither"],
        ),
        (
            "cargo = \"openssl-src\"\n",
            &[("Cargo.toml", "[package]\nname = \"x\"\n")],
            2,
            &["`openssl-src`", "line 7"],
        ),
    ] {
        let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (*path, *text)).collect();
        refused(&project(pin, &files), &[], status, says);
    }
}

#[test]
fn what_is_not_utf_8_is_named_with_its_line() {
    let sandbox = project("file = \"a\"\nmatch = \"v={version}\"\n", &[]);
    sandbox.file("a", b"v=3.5.3\n# caf\xe9\n");
    refused(&sandbox, &[], 2, &["`a` line 2", "not UTF-8"]);
}

#[cfg(unix)]
#[test]
fn a_read_only_file_stops_everything_before_anything_is_written() {
    use std::os::unix::fs::PermissionsExt;
    let sandbox = project(
        "file = \"?\"\nmatch = \"v={version}\"\n",
        &[("a", "v=3.5.3\n"), ("b", "\nv=3.5.3\n")],
    );
    fs::set_permissions(sandbox.path().join("b"), fs::Permissions::from_mode(0o444))
        .expect("a mode");
    refused(&sandbox, &[], 1, &["`b` line 2", "read-only"]);
}

#[cfg(unix)]
#[test]
fn a_link_is_followed_inside_the_project_and_nowhere_else() {
    use std::os::unix::fs::symlink;
    let sandbox = project(
        "file = \"link\"\nmatch = \"v={version}\"\n",
        &[("real/a", "v=3.5.3\n"), ("../outside", "v=3.5.3\n")],
    );
    symlink("real/a", sandbox.path().join("link")).expect("a link");
    prepare(&sandbox, &[]).exits(0);
    assert_eq!(sandbox.read("real/a"), "v=3.5.4\n");
    assert_eq!(
        fs::read_link(sandbox.path().join("link")).expect("still a link"),
        Path::new("real/a")
    );
    fs::remove_file(sandbox.path().join("link")).expect("a link");
    symlink("../outside", sandbox.path().join("link")).expect("a link");
    refused(&sandbox, &[], 2, &["`link` leads outside the project"]);
    assert_eq!(sandbox.read("../outside"), "v=3.5.3\n");
}

#[test]
fn a_bump_that_was_begun_by_hand_is_finished() {
    for text in [two_lines("3.5.4", "3.5.3"), two_lines("3.5.3", "3.5.4")] {
        let sandbox = project(TWO_LINES, &[("v.sh", &text)]);
        prepare(&sandbox, &[]).exits(0);
        assert_eq!(sandbox.read("v.sh"), two_lines("3.5.4", "3.5.4"));
    }
}

#[test]
fn to_names_a_version_that_is_public_and_good() {
    let sandbox = project(TWO_LINES, &[("v.sh", &two_lines("3.5.3", "3.5.3"))]);
    for (to, says) in [
        ("3.5.9", "no public release 3.5.9"),
        ("banana", "banana"),
        ("other=3.5.4", "no link `other`"),
    ] {
        refused(&sandbox, &["--to", to], 2, &[says]);
    }
    prepare(&sandbox, &["--to", "openssl=3.0.18"]).exits(0);
    assert_eq!(sandbox.read("v.sh"), two_lines("3.0.18", "3.0.18"));
}

#[test]
fn to_a_link_s_version_moves_that_link_alone() {
    let two = "file = \"a.sh\"\nmatch = \"A={version}\"\n\n[[link]]\nname = \"other\"\n\n[[link.pin]]\nfile = \"b.sh\"\nmatch = \"B={version}\"\n";
    let files = [("a.sh", "A=3.5.3\n"), ("b.sh", "B=3.5.2\n")];
    for (further, a, b) in [
        (&["--to", "openssl=3.5.4"][..], "A=3.5.4\n", "B=3.5.2\n"),
        (
            &["--to", "openssl=3.5.4", "--to", "other=3.5.3"],
            "A=3.5.4\n",
            "B=3.5.3\n",
        ),
        (&[], "A=3.5.4\n", "B=3.5.4\n"),
    ] {
        let sandbox = project(two, &files);
        prepare(&sandbox, further).exits(0);
        assert_eq!(
            (sandbox.read("a.sh"), sandbox.read("b.sh")),
            (a.into(), b.into())
        );
    }
}

#[test]
fn a_pin_of_one_series_does_not_move_to_another() {
    let pin = "file = \"v.sh\"\nmatch = \"V={version}\"\nseries = \"3.5\"\n";
    let sandbox = project(pin, &[("v.sh", "V=3.5.3\n")]);
    let says = "the pin is limited to series 3.5, so it would find nothing in `v.sh`";
    refused(&sandbox, &["--to", "3.0.18"], 2, &[says]);
}

#[test]
fn a_digest_of_another_release_beside_what_moves_is_not_left_behind() {
    let pin = "file = \"v.sh\"\nmatch = \"OPENSSL_VERSION={version}\"\n";
    let text = |digest: &str| format!("OPENSSL_VERSION=3.5.3\nOPENSSL_SHA256={digest}\n");
    let sandbox = project(pin, &[("v.sh", &text(&sha256("3.5.2")))]);
    let says = "`v.sh` line 2 holds the sha256 of OpenSSL 3.5.2 beside 3.5.3";
    refused(&sandbox, &[], 2, &[says, "correct it first"]);
    // What was bumped by hand already is finished.
    sandbox.file("v.sh", text(&sha256("3.5.4")));
    prepare(&sandbox, &[]).exits(0);
}

#[test]
fn a_version_with_escaped_dots_is_not_left_behind() {
    let text = "OPENSSL=3.5.3\ngrep \"OpenSSL 3\\.5\\.3\"\n";
    let sandbox = project(
        "file = \"v.sh\"\nmatch = \"OPENSSL={version}\"\n",
        &[("v.sh", text)],
    );
    refused(&sandbox, &[], 2, &["`v.sh` line 2 would still say 3.5.3"]);
}

/// The next bump would find nothing.
#[test]
fn a_pattern_that_holds_what_moves_is_refused() {
    let text = "url: h/openssl-3.5.3.tar.gz\nversion: 3.5.3\n";
    let pin = |second: &str| {
        format!(
            "file = \"v.yml\"\nmatch = [\"openssl-{{version}}.tar\", \"{second}: {{version}}\"]\n"
        )
    };
    let fixed = pin("openssl-3.5.3.tar.gz\\nversion");
    let sandbox = project(&fixed, &[("v.yml", text)]);
    let says = "write `{*}` where its pattern says what moves";
    refused(&sandbox, &[], 2, &["release-check.toml", says]);
    let open = pin("openssl-{*}\\nversion");
    let sandbox = project(&open, &[("v.yml", text)]);
    prepare(&sandbox, &[]).exits(0);
    assert_eq!(sandbox.read("v.yml"), text.replace("3.5.3", "3.5.4"));
}

#[test]
fn a_tag_that_is_made_of_the_version_is_not_taken_over_3_0() {
    let text = "V=1_1_1v\ncurl https://h/tags/OpenSSL_$V.zip\n";
    let sandbox = project(
        "file = \"v.sh\"\nmatch = \"V={version_}\"\n",
        &[("v.sh", text)],
    );
    refused(
        &sandbox,
        &["--to", "3.5.4"],
        2,
        &[
            "`v.sh` line 2 makes a tag of the version",
            "`openssl-3.5.4`",
        ],
    );
    prepare(&sandbox, &["--to", "1.1.1w"]).exits(0);
}

#[test]
fn an_unknown_old_digest_is_replaced_and_reported() {
    let sandbox = project(TWO_LINES, &[("v.sh", &two_lines("3.5.3", "3.5.3"))]);
    let snapshot = include_str!("../golden/upstream.json").replace(&sha256("3.5.3"), "");
    sandbox.file("../upstream.json", snapshot.replace("\"sha256\":\"\",", ""));
    let outcome = prepare(&sandbox, &[]).exits(0);
    assert!(
        outcome.stderr.contains("unchecked: `v.sh` line 2"),
        "{}",
        outcome.stderr
    );
    assert_eq!(sandbox.read("v.sh"), two_lines("3.5.4", "3.5.4"));
    sandbox.file("v.sh", two_lines("3.5.2", "3.5.2"));
    refused(
        &sandbox,
        &["--to", "3.5.3"],
        1,
        &[
            "`v.sh` line 2",
            "sha256 of OpenSSL 3.5.3 is not known",
            "--offline",
        ],
    );
}

#[test]
fn of_several_links_the_one_that_cannot_move_is_named() {
    let with_sha512 = format!(
        "{TWO_LINES}\n[[link]]\nname = \"other\"\n\n[[link.pin]]\nfile = \"o.sh\"\nmatch = ['V={{version}}', 'S={{sha512}}']\n"
    );
    let other = format!("V=3.5.3\nS={}\n", "0".repeat(128));
    let files = [("v.sh", &*two_lines("3.5.3", "3.5.3")), ("o.sh", &other)];
    let sandbox = project(&with_sha512, &files);
    let says = ["link `other`: `o.sh` line 2: this sha512 is not that of OpenSSL 3.5.3"];
    refused(&sandbox, &[], 2, &says);
    prepare(&sandbox, &["--link", "openssl"]).exits(0);
    assert_eq!(sandbox.read("o.sh"), other);
}

#[test]
fn a_submodule_moves_in_the_index_and_needs_no_checkout() {
    let snapshot: serde_json::Value =
        serde_json::from_str(include_str!("../golden/upstream.json")).expect("JSON");
    let commit = |version: &str| {
        let releases = snapshot["releases"].as_array().expect("releases");
        releases
            .iter()
            .find(|release| release["version"] == version)
            .expect("a release")["commit"]
            .as_str()
            .expect("a commit")
            .to_owned()
    };
    let sandbox = project(
        "submodule = \"third_party/openssl\"\n",
        &[("other", "uncommitted\n")],
    );
    git(&sandbox.path(), &["init", "-q"]);
    git(&sandbox.path(), &["add", "release-check.toml"]);
    git(
        &sandbox.path(),
        &[
            "update-index",
            "--add",
            "--cacheinfo",
            &format!("160000,{},third_party/openssl", commit("3.5.3")),
        ],
    );
    git(&sandbox.path(), &["commit", "-qm", "before"]);
    let diff = prepare(&sandbox, &["--diff"]).exits(0).stdout;
    assert!(
        diff.contains(&format!(
            "-Subproject commit {}\n+Subproject commit {}\n",
            commit("3.5.3"),
            commit("3.5.4")
        )),
        "{diff}"
    );
    let told = prepare(&sandbox, &[]).exits(0).stdout;
    assert!(
        told.contains("changed third_party/openssl (staged)\n"),
        "{told}"
    );
    assert!(
        git(&sandbox.path(), &["ls-files", "-s", "third_party/openssl"]).contains(&commit("3.5.4"))
    );
    sandbox.file(
        ".gitmodules",
        "[submodule \"ssl\"]\n\tpath = third_party/openssl\n\tbranch = openssl-3.5\n",
    );
    let told = prepare(&sandbox, &["--to", "3.0.18", "--diff"]).exits(0);
    let says = "`git submodule set-branch --branch openssl-3.0 third_party/openssl`";
    assert!(told.stderr.contains(says), "{}", told.stderr);
    let told = prepare(&sandbox, &["--to", "3.5.3"]).exits(0);
    assert!(!told.stderr.contains(".gitmodules"), "{}", told.stderr);
    assert!(
        git(&sandbox.path(), &["ls-files", "-s", "third_party/openssl"]).contains(&commit("3.5.3"))
    );
    fs::create_dir_all(sandbox.path().join("third_party/openssl")).expect("a folder");
    sandbox.file("../change.patch", diff);
    git(&sandbox.path(), &["apply", "--index", "../change.patch"]);
    assert!(
        git(&sandbox.path(), &["ls-files", "-s", "third_party/openssl"]).contains(&commit("3.5.4"))
    );
    assert_eq!(sandbox.read("other"), "uncommitted\n");
}

#[test]
fn the_project_s_own_version_is_raised_with_the_bump_and_only_then() {
    let pin = format!(
        "{TWO_LINES}\n[version]\nfile = \"about.py\"\nmatch = '__version__ = \"{{project_version}}\"'\n"
    );
    let sandbox = project(
        &pin,
        &[
            ("v.sh", &two_lines("3.5.3", "3.5.3")),
            ("about.py", "__version__ = \"46.0.3\"\r\n"),
        ],
    );
    for _ in 0..2 {
        prepare(&sandbox, &[]).exits(0);
        assert_eq!(sandbox.read("about.py"), "__version__ = \"46.0.4\"\r\n");
    }
}

#[test]
fn a_lock_file_that_repeats_the_raised_version_is_told_or_raised_too() {
    let manifest = "[workspace]\nmembers = [\"a\", \"crates/*\"]\n\n[workspace.package]\nversion = \"0.3.1\"\n";
    let member = "[package]\nname = \"a\"\nversion.workspace = true\n";
    let apart = "[package]\nname = \"b\"\nversion = \"0.3.1\"\n";
    let lock = "[[package]]\nname = \"a\"\nversion = \"0.3.1\"\n\n[[package]]\nname = \"b\"\nversion = \"0.3.1\"\n";
    let version = |table: &str, file: &str, start: &str| {
        format!(
            "\n{table}\nfile = \"{file}\"\nmatch = \"{start}version = \\\"{{project_version}}\\\"\"\n"
        )
    };
    let alone = version("[version]", "Cargo.toml", "");
    let both = version("[[version]]", "Cargo.toml", "")
        + &version("[[version]]", "Cargo.lock", "name = \\\"a\\\"\\n");
    for (own, told) in [(alone, true), (both, false)] {
        let sandbox = project(
            &format!("{TWO_LINES}{own}"),
            &[
                ("v.sh", &two_lines("3.5.3", "3.5.3")),
                ("Cargo.toml", manifest),
                ("a/Cargo.toml", member),
                ("crates/b/Cargo.toml", apart),
                ("Cargo.lock", lock),
            ],
        );
        let outcome = prepare(&sandbox, &[]).exits(0);
        let says = r#"unchecked: `Cargo.lock` line 3: still says `0.3.1`, which `Cargo.toml` no longer does, so `cargo build --locked` may refuse it; add a `[[version]]` (a `[version]` becomes one too) with `file = "Cargo.lock"` and `match = "name = \"a\"\nversion = \"{project_version}\""`"#;
        assert_eq!(outcome.stderr.contains(says), told, "{}", outcome.stderr);
        assert_eq!(outcome.stderr.contains("Cargo.lock"), told);
        let raised = lock.replacen("0.3.1", "0.3.2", 1);
        let expected = if told { lock } else { &raised };
        assert_eq!(sandbox.read("Cargo.lock"), expected);
    }
}

/// A project with many definition files.
fn many(number: usize) -> Sandbox {
    let sandbox = project("file = \"d/*\"\nmatch = \"v={version} {sha256}\"\n", &[]);
    for at in 0..number {
        sandbox.file(
            &format!("d/{at}"),
            format!("# {at}\nv=3.5.3 {}\n", sha256("3.5.3")),
        );
    }
    sandbox
}

#[test]
fn killed_anywhere_the_next_run_leaves_all_files_old_or_all_new() {
    let sandbox = many(300);
    git(&sandbox.path(), &["init", "-q"]);
    for after in [1, 4, 7, 10, 13, 16, 20, 24, 28, 33, 40, 50] {
        let mut running = sandbox
            .command(&PREPARE)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("the program runs");
        std::thread::sleep(Duration::from_millis(after * 2));
        running.kill().expect("a process");
        running.wait().expect("a process");
        // Reading is enough to finish what was begun.
        prepare(&sandbox, &["--diff"]).exits(0);
        let tree = sandbox.tree();
        let files = tree.iter().filter(|(path, _)| path.starts_with("d"));
        let new = files
            .filter(|(_, bytes)| String::from_utf8_lossy(bytes).contains("v=3.5.4 "))
            .count();
        assert!(
            new == 0 || new == 300,
            "{new} files are new, killed after {after} ms"
        );
        let strays: Vec<_> = tree
            .keys()
            .filter(|path| {
                ["release-check-new", "journal", "unfinished"]
                    .iter()
                    .any(|stray| path.to_string_lossy().contains(stray))
            })
            .collect();
        assert!(strays.is_empty(), "{strays:?}");
        for at in 0..300 {
            sandbox.file(
                &format!("d/{at}"),
                format!("# {at}\nv=3.5.3 {}\n", sha256("3.5.3")),
            );
        }
    }
}

#[test]
fn a_pattern_that_starts_with_any_text_reads_a_long_line_once() {
    let line = |version: &str| {
        format!(
            "{}openssl-{version}{}\n",
            "x".repeat(200_000),
            "y".repeat(200_000).replacen('y', " ", 1)
        )
    };
    let sandbox = project(
        "file = \"a\"\nmatch = \"{*}openssl-{version} {*}\"\n",
        &[("a", &line("3.5.3"))],
    );
    prepare(&sandbox, &["--to", "3.5.4"]).exits(0);
    assert_eq!(sandbox.read("a"), line("3.5.4"));
}

#[test]
fn an_address_or_size_before_its_version_is_of_its_series() {
    let entry = |version: &str, size: u64| {
        format!(
            "{{\nsize: {size}\nurl: https://example.org/openssl-{version}.tar.gz\nv: {version}\n}}\n"
        )
    };
    let pin = "file = \"a\"\nmatch = [\"size: {size}\", \"url: {url}\", \"v: {version}\"]\nseries = \"3.5\"\n";
    let sandbox = project(
        pin,
        &[(
            "a",
            &(entry("3.0.17", 50_278_851) + &entry("3.5.3", 50_493_529)),
        )],
    );
    prepare(&sandbox, &["--to", "3.5.4"]).exits(0);
    assert_eq!(
        sandbox.read("a"),
        entry("3.0.17", 50_278_851) + &entry("3.5.4", 50_428_214)
    );
}

#[test]
fn an_entry_whose_lines_are_indented_from_its_own_first_starts_where_its_anchor_does() {
    for (text, anchor, after) in [
        (
            "t:\n    # newest\n    - v: 3.5.3\n",
            "after = \"# newest\"",
            "t:\n    # newest\n    - v: 3.5.4\n      d: 1\n    - v: 3.5.3\n",
        ),
        (
            "t:\n\t- v: 3.5.3\n\t  d: 1\n",
            "before = \"- v: {version}\"",
            "t:\n\t- v: 3.5.4\n\t  d: 1\n\t- v: 3.5.3\n\t  d: 1\n",
        ),
    ] {
        let pin = format!(
            "file = \"a\"\nmatch = \"x={{version}}\"\nleave = [\"- v: {{version}}\"]\n\
             insert = {{ {anchor}, text = \"- v: {{version}}\\n  d: 1\\n\" }}\n"
        );
        let sandbox = project(&pin, &[("a", &format!("x=3.5.3\n{text}"))]);
        prepare(&sandbox, &["--to", "3.5.4"]).exits(0);
        assert_eq!(sandbox.read("a"), format!("x=3.5.4\n{after}"));
    }
}

#[test]
fn a_target_asked_for_moves_the_definition_files_of_its_series_or_else_of_its_numbering() {
    let pin = "file = \"d/*\"\nmatch = \"v={version}\"\nmixed = true\n";
    for (before, to, after) in [
        (
            ["1.1.1w", "3.0.17", "3.5.2", "3.5.3"],
            "3.5.4",
            ["1.1.1w", "3.0.17", "3.5.4", "3.5.4"],
        ),
        (
            ["1.1.1w", "3.0.17", "3.0.18", "3.0.18"],
            "3.5.4",
            ["1.1.1w", "3.5.4", "3.5.4", "3.5.4"],
        ),
        (
            ["1.1.1w", "3.0.18", "3.5.4", "3.5.4"],
            "3.5.3",
            ["1.1.1w", "3.0.18", "3.5.3", "3.5.3"],
        ),
    ] {
        let sandbox = project(pin, &[]);
        for (number, version) in before.iter().enumerate() {
            sandbox.file(&format!("d/{number}"), format!("v={version}\n"));
        }
        prepare(&sandbox, &["--to", to]).exits(0);
        for (number, version) in after.iter().enumerate() {
            assert_eq!(
                sandbox.read(&format!("d/{number}")),
                format!("v={version}\n"),
                "{before:?} to {to}"
            );
        }
    }
}

#[test]
fn a_line_that_a_bump_has_set_is_set_again_by_the_next() {
    let pin = "file = \"a\"\nmatch = \"v={version}\"\nset = [{ line = \"u=old/{version}\", to = \"u=new/{version} {*}\" }, { line = \"r={+}\", to = \"rev {+}\" }]\n";
    let sandbox = project(pin, &[("a", "v=3.5.2\nu=old/3.5.2\nr=7\n")]);
    for (to, after) in [
        ("3.5.3", "v=3.5.3\nu=new/3.5.3 \nrev 8\n"),
        ("3.5.4", "v=3.5.4\nu=new/3.5.4 \nrev 8\n"),
        ("3.5.4", "v=3.5.4\nu=new/3.5.4 \nrev 8\n"),
    ] {
        prepare(&sandbox, &["--to", to]).exits(0);
        assert_eq!(sandbox.read("a"), after);
    }
}

#[test]
fn asking_again_for_what_is_there_says_so() {
    let sandbox = project(
        "file = \"v.sh\"\nmatch = 'V={version}'\n",
        &[("v.sh", "V=3.5.3\n")],
    );
    let back = prepare(&sandbox, &["--to", "3.5.2"]).exits(0);
    assert!(
        back.stdout.contains("3.5.3 -> 3.5.2 (back)"),
        "{}",
        back.stdout
    );
    let again = prepare(&sandbox, &["--to", "3.5.2"]).exits(0);
    assert!(
        again.stdout.is_empty() && again.stderr.contains("3.5.2 is what `--to` asks for"),
        "{}{}",
        again.stdout,
        again.stderr
    );
}

#[test]
fn how_often_a_pattern_matches_is_said_in_words() {
    let pin = "file = \"v.sh\"\nmatch = 'V={version}'\ncount = 2\n";
    refused(
        &project(pin, &[("v.sh", "V=3.5.3\n")]),
        &[],
        2,
        &["matches 1 time (line 1)", "asks for 2"],
    );
}

#[test]
fn a_link_that_is_pinned_elsewhere_is_not_passed_over_in_silence() {
    let sandbox = Sandbox::new();
    sandbox.file(
        "release-check.toml",
        "[project]\nname = \"spam\"\nrepository = \"example/spam\"\n\n[[link]]\nname = \"wheels\"\nrepository = \"example/infra\"\n\n\
         [[link.pin]]\nfile = \"v.sh\"\nmatch = \"{version}\"\n",
    );
    let arguments = ["prepare", "--offline", "--as-of", "2026-09-29"];
    let run = sandbox.run(&arguments).exits(0);
    assert_eq!(run.stdout, "");
    assert_eq!(
        run.stderr,
        "`wheels` is pinned in `example/infra` and not changed from here; `release-check propose` shows the PR there\n"
    );
}

#[test]
fn a_diff_says_beside_itself_that_its_digests_were_not_verified() {
    let sandbox = project(TWO_LINES, &[("v.sh", &two_lines("3.5.3", "3.5.3"))]);
    let says =
        "3.5.4: nothing was verified now: the digests are the ones known from an earlier time\n";
    let shown = prepare(&sandbox, &["--diff"]).exits(0);
    assert_eq!(shown.stderr, says);
    assert!(shown.stdout.starts_with("diff --git "), "{}", shown.stdout);
    let made = prepare(&sandbox, &[]).exits(0);
    assert!(made.stdout.contains(says), "{}", made.stdout);
}
