use std::collections::BTreeMap;

use proptest::prelude::*;

use super::{Change, Facts, Move, bump};
use crate::openssl::upstream::{Hashes, Release};
use crate::openssl::version::Version;
use crate::project::config::Config;
use crate::project::file_entry::{FileEntry, FileMode};
use crate::project::linked::{self, Files};

type Trees = BTreeMap<Version, BTreeMap<String, FileEntry>>;

fn version(text: &str) -> Version {
    text.parse().expect("a version")
}

fn releases() -> Vec<Release> {
    let release = |text: &str, digit: &str| Release {
        version: version(text),
        date: "2025-09-30".parse().expect("a date"),
        hashes: Hashes {
            sha256: Some(digit.repeat(64)),
            ..Hashes::default()
        },
        size: None,
        url: None,
        commit: None,
        withdrawn: None,
        text: None,
    };
    vec![release("3.5.3", "3"), release("3.5.4", "4")]
}

fn moved(pin: &str, files: &Files, trees: &Trees, from: &str, to: &str) -> Result<Change, String> {
    moved_by(&releases(), pin, files, trees, from, to)
}

fn moved_by(
    releases: &[Release],
    pin: &str,
    files: &Files,
    trees: &Trees,
    from: &str,
    to: &str,
) -> Result<Change, String> {
    let config = format!("[project]\nname = \"x\"\n[[link]]\nname = \"l\"\n[[link.pin]]\n{pin}");
    let config = Config::read("release-check.toml", &config).map_err(|fault| fault.to_string())?;
    let (link, target) = (&config.links[0], version(to));
    let linked = linked::read(link, files, releases, &|_| Some(target))
        .map_err(|fault| fault.to_string())?;
    assert_eq!(linked.version, version(from));
    let facts = Facts {
        releases,
        trees,
        crates: &BTreeMap::new(),
        day: "2025-10-01".parse().expect("a date"),
        github: "https://github.com",
    };
    bump(
        &[Move {
            link,
            linked: &linked,
            target,
            beside: &[],
        }],
        files,
        &facts,
    )
    .map_err(|fault| fault.to_string())
}

fn after(change: &Change, path: &str) -> Option<Option<FileEntry>> {
    change
        .edits
        .iter()
        .find(|edit| edit.path == path)
        .map(|edit| edit.after.clone())
}

fn source(patch: &str, further: &[(&str, FileEntry)]) -> BTreeMap<String, FileEntry> {
    let says = FileEntry::regular(format!(
        "MAJOR=3\nMINOR=5\nPATCH={patch}\nPRE_RELEASE_TAG=\n"
    ));
    let further = further
        .iter()
        .map(|(path, entry)| ((*path).to_owned(), entry.clone()));
    further.chain([("VERSION.dat".to_owned(), says)]).collect()
}

#[test]
fn a_vendored_tree_becomes_the_target_s_and_keeps_what_the_project_added() {
    let link = FileEntry {
        mode: FileMode::Symlink,
        bytes: b"b".to_vec(),
    };
    let tool = FileEntry {
        mode: FileMode::Executable,
        bytes: b"#!/bin/sh\n".to_vec(),
    };
    let old = source(
        "3",
        &[
            ("gone", FileEntry::regular("x")),
            ("b", FileEntry::regular("1")),
            ("test/latin", FileEntry::regular(*b"caf\xe9\0")),
        ],
    );
    let new = source(
        "4",
        &[
            ("b", FileEntry::regular("2")),
            ("l", link.clone()),
            ("tool", tool),
            ("test/latin", FileEntry::regular(*b"caf\xe8\0")),
        ],
    );
    let trees = Trees::from([(version("3.5.3"), old.clone()), (version("3.5.4"), new)]);
    let mut vendored = old.clone();
    vendored.insert("BUILD".into(), FileEntry::regular("ours"));
    let mut files = Files::default();
    files.insert_tree("deps/openssl", vendored.clone());

    let change =
        moved("tree = \"deps/openssl\"", &files, &trees, "3.5.3", "3.5.4").expect("a change");
    assert_eq!(after(&change, "deps/openssl/gone"), Some(None));
    assert_eq!(after(&change, "deps/openssl/l"), Some(Some(link)));
    assert_eq!(after(&change, "deps/openssl/BUILD"), None);
    let diff = change.unified_diff("sub");
    for part in [
        "diff --git a/sub/deps/openssl/tool b/sub/deps/openssl/tool\nnew file mode 100755",
        "new file mode 120000",
        "deleted file mode 100644",
        "GIT binary patch",
    ] {
        assert!(diff.contains(part), "{diff}");
    }

    for edit in &change.edits {
        let inside = edit
            .path
            .strip_prefix("deps/openssl/")
            .expect("inside")
            .to_owned();
        match &edit.after {
            Some(entry) => drop(vendored.insert(inside, entry.clone())),
            None => drop(vendored.remove(&inside)),
        }
    }
    files.insert_tree("deps/openssl", vendored);
    let back =
        moved("tree = \"deps/openssl\"", &files, &trees, "3.5.4", "3.5.3").expect("a change");
    for edit in &back.edits {
        let original = old.get(edit.path.strip_prefix("deps/openssl/").expect("inside"));
        assert_eq!(edit.after, original.cloned(), "{}", edit.path);
    }
}

#[test]
fn a_vendored_tree_with_local_changes_is_refused() {
    let trees = Trees::from([
        (
            version("3.5.3"),
            source("3", &[("b", FileEntry::regular("1"))]),
        ),
        (
            version("3.5.4"),
            source("4", &[("b", FileEntry::regular("2"))]),
        ),
    ]);
    let mut files = Files::default();
    files.insert_tree("deps", source("3", &[("b", FileEntry::regular("patched"))]));
    let message = moved("tree = \"deps\"", &files, &trees, "3.5.3", "3.5.4").expect_err("a fault");
    assert!(
        message.contains("`deps/b` is not as OpenSSL 3.5.3 has it"),
        "{message}"
    );
}

#[test]
fn two_pins_that_want_different_text_in_one_place_are_refused() {
    let files = Files::default().with("a", FileEntry::regular("v=3.5.3 r=7\n"));
    let pin = "file = \"a\"\nmatch = [\"v={version} r={0}\", \"r={+}\"]";
    let message = moved(pin, &files, &Trees::new(), "3.5.3", "3.5.4").expect_err("a fault");
    assert!(
        message.starts_with("`a` line 1: two pins want different text"),
        "{message}"
    );
}

#[test]
fn digests_move_in_the_spelling_that_stands_there() {
    for (placeholder, before, after_it) in [
        ("{sha256}", "ab".repeat(32), "cd".repeat(32)),
        ("{sha256}", "AB".repeat(32), "CD".repeat(32)),
        (
            "{sha256:base64}",
            format!("{}s=", "q6ur".repeat(11).split_at(42).0),
            format!("{}0=", "zc3N".repeat(11).split_at(42).0),
        ),
        (
            "{sha256:sri}",
            format!("sha256-{}s=", "q6ur".repeat(11).split_at(42).0),
            format!("sha256-{}0=", "zc3N".repeat(11).split_at(42).0),
        ),
    ] {
        let mut known = releases();
        known[0].hashes.sha256 = Some("ab".repeat(32));
        known[1].hashes.sha256 = Some("cd".repeat(32));
        let files =
            Files::default().with("a", FileEntry::regular(format!("V=3.5.3 H=\"{before}\"\n")));
        let pin = format!("file = \"a\"\nmatch = 'V={{version}} H=\"{placeholder}\"'");
        let change = moved_by(&known, &pin, &files, &Trees::new(), "3.5.3", "3.5.4");
        let expected = format!("V=3.5.4 H=\"{after_it}\"\n");
        assert_eq!(
            after(&change.expect(placeholder), "a"),
            Some(Some(FileEntry::regular(expected))),
            "{placeholder}"
        );
    }
}

#[test]
fn nothing_of_the_old_release_stays_unless_it_is_allowed() {
    let (known, unknown) = ("3".repeat(64), "5".repeat(64));
    for (text, says) in [
        (
            format!("V=3.5.3\nH={known}\n"),
            "line 2 would still hold the sha256",
        ),
        (
            "V=3.5.3\nw=3.5.3\nx=3.5.3\n".into(),
            "lines 2 and 3 would still say 3.5.3",
        ),
        ("V=3.5.3\nw=3.5.3\n".into(), "leave = ['w=3.5.3']"),
        (
            format!("V=3.5.3 {unknown}\n"),
            "line 1 would still hold the same digest",
        ),
        (
            format!("V=3.5.3\nsha256: {unknown}\n"),
            "line 2 would still hold the same digest",
        ),
        (
            format!("\"h://V=3.5.3/{}/a.tgz\"\n", "5".repeat(40)),
            "line 1 would still hold the same digest",
        ),
        (
            "V=3.5.3\n".to_owned()
                + &(1..=6)
                    .map(|at| format!("w{at}=3.5.3\n"))
                    .collect::<String>(),
            "lines 2, 3, 4, 5 and 2 more would still say 3.5.3 after the bump",
        ),
        (
            "V=3.5.3\n".to_owned()
                + &(1..=6)
                    .map(|at| format!("w{at}=3.5.3\n"))
                    .collect::<String>(),
            "'w4=3.5.3', ... and so on for 2 more]",
        ),
    ] {
        let files = Files::default().with("a", FileEntry::regular(text.clone()));
        let pin = "file = \"a\"\nmatch = \"V={version}\"";
        let message = moved(pin, &files, &Trees::new(), "3.5.3", "3.5.4").expect_err(&text);
        assert!(message.contains(says), "{message}");
    }
    for (text, leave) in [
        (format!("V=3.5.3\nzlib: {unknown}\n"), ""),
        (format!("V=3.5.3 h://a/{}\n", "5".repeat(40)), ""),
        ("V=3.5.3\nw=3.5.30 13.5.3 3.5.3-beta1\n".into(), ""),
        (format!("V=3.5.3\nH={known}\n"), "\nleave = 'H={*}'"),
    ] {
        let files = Files::default().with("a", FileEntry::regular(text.clone()));
        let pin = format!("file = \"a\"\nmatch = \"V={{version}}\"{leave}");
        moved(&pin, &files, &Trees::new(), "3.5.3", "3.5.4").expect(&text);
    }
}

#[test]
fn an_entry_goes_where_the_table_wants_it() {
    let sha = "4".repeat(64);
    let nested =
        |further: &str| format!("t = {{\n  \"3.5.3\": {{\n    sha: \"x\",\n  }},\n{further}}}\n");
    for (side, anchor, text, before, expected) in [
        (
            "before",
            "\"{version}\"",
            "\"{version}\", ",
            "v = [\"3.5.3\", \"3.5.2\"]\n",
            "v = [\"3.5.4\", \"3.5.3\", \"3.5.2\"]\n",
        ),
        (
            "after",
            "\"{version}\"",
            ", \"{version}\"",
            "v = [\"3.5.2\", \"3.5.3\"]\n",
            "v = [\"3.5.2\", \"3.5.3\", \"3.5.4\"]\n",
        ),
        (
            "after",
            "- {version}",
            "- {version}",
            "v:\r\n  - 3.5.2\r\n  - 3.5.3",
            "v:\r\n  - 3.5.2\r\n  - 3.5.3\r\n  - 3.5.4",
        ),
        (
            "before",
            "- {version}",
            "- {version}",
            "v:\n  - 4.0.0\n  - 3.5.3\n",
            "v:\n  - 4.0.0\n  - 3.5.4\n  - 3.5.3\n",
        ),
        (
            "after",
            "v: {",
            "\n  \"{version}\": 1,",
            "v: {\n  \"3.5.3\": 1,\n}\n",
            "v: {\n  \"3.5.4\": 1,\n  \"3.5.3\": 1,\n}\n",
        ),
        (
            "after",
            "\"{version}\": {",
            "\"{version}\": {\n  sha: \"{sha256}\",\n},\n",
            &nested(""),
            &nested(&format!("  \"3.5.4\": {{\n    sha: \"{sha}\",\n  }},\n")),
        ),
    ] {
        let insert = format!("{{ {side} = {anchor:?}, text = {text:?} }}");
        // A table of 4.0.0 stands at 4.0.0, so the version is said beside it.
        let files = Files::default()
            .with("a", FileEntry::regular(before))
            .with("b", FileEntry::regular("v=3.5.3"));
        let pin = format!(
            "file = \"a\"\ninsert = {insert}\n[[link.pin]]\nfile = \"b\"\nmatch = \"v={{version}}\"\n"
        );
        let change = moved(&pin, &files, &Trees::new(), "3.5.3", "3.5.4").expect(&insert);
        assert_eq!(
            after(&change, "a"),
            Some(Some(FileEntry::regular(expected))),
            "{insert}"
        );
        let files = files.with("a", FileEntry::regular(expected));
        assert_eq!(
            after(
                &moved(&pin, &files, &Trees::new(), "3.5.3", "3.5.4").expect("a change"),
                "a"
            ),
            None,
            "{insert}"
        );
    }
}

proptest! {
    #[test]
    fn only_owned_bytes_change(
        before in "[ -~\\r\\n\u{feff}é{}$]{0,60}",
        between in "[ -~\\r\\n{}$]{0,60}",
        after_it in "[ -~\\r\\né]{0,60}",
    ) {
        let plain = |text: &str| !text.contains("V=") && !text.contains("H=") && !text.contains("3.5.3") && !text.contains("3_5_3");
        prop_assume!(plain(&before) && plain(&between) && plain(&after_it));
        let text = |version: &str, digit: &str| format!("{before}\nV={version};{between}\nH={}\n{after_it}", digit.repeat(64));
        let files = Files::default().with("a", FileEntry::regular(text("3.5.3", "3")));
        let change = moved("file = \"a\"\nmatch = [\"V={version};\", \"H={sha256}\\n\"]", &files, &Trees::new(), "3.5.3", "3.5.4").expect("a change");
        prop_assert_eq!(after(&change, "a"), Some(Some(FileEntry::regular(text("3.5.4", "4")))));
    }

    #[test]
    fn any_pattern_on_any_text_ends_without_a_panic(pattern in "\\PC{0,30}", slots in "([a{}*+0\\n]|\\{version\\}|\\{\\*\\}|\\{url\\}|\\{tag\\}){0,12}", text in "([3.5a\\né*-]|OpenSSL_|https://){0,80}") {
        for pattern in [pattern, slots] {
            if let Ok(pattern) = crate::project::pattern::Pattern::of_pin(&pattern) {
                for found in pattern.find(&text, 0..text.len()) {
                    prop_assert!(text.get(found.range).is_some());
                }
            }
        }
    }
}
