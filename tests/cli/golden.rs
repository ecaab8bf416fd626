//! Every form of pin, as trees before and after a bump.
//!
//! A form is a folder in `tests/golden/`: its configuration, the tree `before` and the tree
//! `after`. Releases, digests and advisories are made up.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use crate::git::git;
use crate::sandbox::Sandbox;

/// Forms with lines that a bump sets, counts up or adds, for which there is no way back.
const ONE_WAY: [&str; 8] = [
    "cmake-and-json",
    "definitions",
    "recipe-with-revision",
    "rpm-spec",
    "ruby-table",
    "several-series",
    "vendored-header",
    "yaml-map-in-two-files",
];

const PREPARE: [&str; 6] = [
    "prepare",
    "--offline",
    "--as-of",
    "2025-10-01",
    "--upstream",
    "../upstream.json",
];

type Tree = BTreeMap<PathBuf, Vec<u8>>;

/// A form in a sandbox, with the tree that a bump must lead to.
struct Form {
    name: String,
    sandbox: Sandbox,
    before: Tree,
    after: Tree,
}

fn forms(rewrite: impl Fn(Vec<u8>) -> Vec<u8>) -> Vec<Form> {
    let golden = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden");
    let folders = fs::read_dir(&golden)
        .expect("golden trees")
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.is_dir());
    folders
        .map(|folder| {
            let sandbox = Sandbox::new();
            let [before, after] = ["before", "after"].map(|side| {
                let mut tree: Tree = Sandbox::tree_of(&folder.join(side))
                    .into_iter()
                    .map(|(path, bytes)| (path, rewrite(bytes)))
                    .collect();
                tree.insert(
                    "release-check.toml".into(),
                    fs::read(folder.join("release-check.toml")).expect("a configuration"),
                );
                tree
            });
            for (path, bytes) in &before {
                sandbox.file(path.to_str().expect("UTF-8"), bytes);
            }
            sandbox.file(
                "../upstream.json",
                fs::read(golden.join("upstream.json")).expect("a snapshot"),
            );
            Form {
                name: folder
                    .file_name()
                    .expect("a name")
                    .to_string_lossy()
                    .into_owned(),
                sandbox,
                before,
                after,
            }
        })
        .collect()
}

impl Form {
    #[track_caller]
    fn holds(&self, tree: &Tree, when: &str) {
        let now = self.sandbox.tree();
        for (path, bytes) in tree {
            let found = now
                .get(path)
                .map(|found| String::from_utf8_lossy(found).into_owned());
            assert_eq!(
                found.as_deref(),
                Some(&*String::from_utf8_lossy(bytes)),
                "{} {when}: {}",
                self.name,
                path.display()
            );
        }
        assert_eq!(
            now.len(),
            tree.len(),
            "{} {when}: {:?}",
            self.name,
            now.keys()
        );
    }

    #[track_caller]
    fn prepare(&self, further: &[&str]) -> String {
        let outcome = self.sandbox.run(&[&PREPARE, further].concat());
        assert_eq!(outcome.status, 0, "{}: {}", self.name, outcome.stderr);
        outcome.stdout
    }

    fn git(&self, arguments: &[&str]) {
        git(&self.sandbox.path(), arguments);
    }
}

#[test]
fn a_bump_is_the_one_a_maintainer_would_make_and_a_second_one_changes_nothing() {
    for form in forms(|bytes| bytes) {
        form.prepare(&[]);
        form.holds(&form.after, "after a bump");
        form.prepare(&[]);
        form.holds(&form.after, "after a second bump");
    }
}

#[test]
fn the_way_back_restores_every_byte() {
    for form in forms(|bytes| bytes)
        .into_iter()
        .filter(|form| !ONE_WAY.contains(&form.name.as_str()))
    {
        form.prepare(&[]);
        let config =
            String::from_utf8(form.before[Path::new("release-check.toml")].clone()).expect("UTF-8");
        let old = if form
            .before
            .values()
            .any(|bytes| bytes.windows(6).any(|part| part == b"1.1.1v"))
        {
            "openssl=1.1.1v"
        } else {
            "openssl=3.5.3"
        };
        let both = ["--to", old, "--to", "lts=3.0.17"];
        form.prepare(if config.contains("\"lts\"") {
            &both
        } else {
            &both[..2]
        });
        form.holds(&form.before, "after the way back");
    }
}

#[test]
fn line_ends_of_windows_stay() {
    let crlf = |bytes: Vec<u8>| {
        String::from_utf8(bytes)
            .expect("UTF-8")
            .replace('\n', "\r\n")
            .into_bytes()
    };
    for form in forms(crlf) {
        form.prepare(&[]);
        form.holds(&form.after, "with CRLF");
    }
}

#[test]
fn the_diff_is_one_that_git_takes() {
    for form in forms(|bytes| bytes) {
        form.git(&["init", "-q"]);
        form.git(&["add", "-A"]);
        form.git(&["commit", "-qm", "before"]);
        let diff = form.prepare(&["--diff"]);
        form.sandbox.file("../change.patch", diff);
        form.git(&["apply", "--index", "../change.patch"]);
        fs::remove_dir_all(form.sandbox.path().join(".git")).expect("a repository");
        form.holds(&form.after, "after git apply");
    }
}

#[cfg(unix)]
#[test]
fn the_mode_of_a_file_stays() {
    use std::os::unix::fs::PermissionsExt;
    let form = forms(|bytes| bytes)
        .into_iter()
        .find(|form| form.name == "shell-two-lines")
        .expect("the form");
    let file = form
        .sandbox
        .path()
        .join("cryptography-linux/openssl-version.sh");
    fs::set_permissions(&file, fs::Permissions::from_mode(0o750)).expect("a mode");
    form.prepare(&[]);
    assert_eq!(
        fs::metadata(&file).expect("a file").permissions().mode() & 0o7777,
        0o750
    );
}
