//! Changelogs in the shapes that projects keep them in: bumped twice before a release, which
//! updates the one entry, and once after it, which begins the next section.
//!
//! A shape is a folder in `tests/changelogs/`: the lines that its configuration has beside the pin,
//! and the files `0-before`, `1-bumped`, `2-bumped-again`, `3-released` (as people tag it) and
//! `4-bumped-after`. What they say is made up. `RELEASE_CHECK_WRITE_CHANGELOGS=1` writes what the
//! program makes of them, to be read.

use std::fs;
use std::path::{Path, PathBuf};

use crate::git::git;
use crate::sandbox::Sandbox;

/// A shape: the folder, the file's name and the tags before and at the release.
const SHAPES: [(&str, &str, &str, &str); 10] = [
    ("keep-a-changelog", "CHANGELOG.md", "v2.3.0", "v2.3.1"),
    ("labelled-rest", "CHANGELOG.rst", "44.0.0", "44.0.1"),
    ("list-by-version", "NEWS.rst", "2.9.1", "2.9.2"),
    ("marked-unreleased", "CHANGELOG.md", "v1.18.0", "v1.18.1"),
    ("named-next", "CHANGELOG.md", "v2.4.0", "v2.5.0"),
    ("plain-text", "NEWS", "v1.4", "v1.5"),
    ("semantic-release", "CHANGELOG.md", "v2.1.0", "v2.1.1"),
    (
        "dependencies-of-their-own",
        "CHANGES.md",
        "v5.0.0",
        "v5.1.0",
    ),
    (
        "yaml-file-per-entry",
        "changelog/unreleased/core/openssl.yml",
        "3.8.0",
        "3.9.0",
    ),
    (
        "towncrier-fragments",
        "news/+openssl-{version}.misc.rst",
        "v6.1.0",
        "v6.2.0",
    ),
];

struct Shape {
    folder: PathBuf,
    file: &'static str,
    sandbox: Sandbox,
}

impl Shape {
    fn new(name: &str, file: &'static str) -> Self {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("tests/changelogs")
            .join(name);
        let sandbox = Sandbox::new();
        sandbox.file("../upstream.json", include_str!("../golden/upstream.json"));
        let config =
            fs::read_to_string(folder.join("release-check.toml")).expect("a configuration");
        sandbox.file(
            "release-check.toml",
            format!("[project]\nname = \"sample\"\n{config}\n[[link]]\nname = \"openssl\"\n[[link.pin]]\nfile = \"v\"\nmatch = 'V={{version}}'\n"),
        );
        sandbox.file("v", "V=3.0.18\n");
        Self {
            folder,
            file,
            sandbox,
        }
    }

    fn stage(&self, stage: &str) -> PathBuf {
        self.folder.join(stage)
    }

    fn git(&self, arguments: &[&str]) {
        git(&self.sandbox.path(), arguments);
    }

    fn commit(&self) {
        self.git(&["add", "-A"]);
        self.git(&["commit", "--allow-empty", "-qm", "state"]);
    }

    /// Bumps to a version twice, and compares what stands there with the stage.
    fn bump(&self, to: &str, day: &str, stage: &str) {
        let file = self.file.replace("{version}", to);
        let mut once = None;
        for _ in 0..2 {
            let further = [
                "--offline",
                "--upstream",
                "../upstream.json",
                "--to",
                to,
                "--as-of",
                day,
            ];
            let done = self.sandbox.run(&[&["prepare"], &further[..]].concat());
            assert_eq!(done.status, 0, "{}: {}", self.folder.display(), done.stderr);
            let text = self.sandbox.read(&file);
            assert_eq!(
                once.get_or_insert_with(|| text.clone()),
                &text,
                "a second time"
            );
        }
        let text = once.expect("a text");
        let golden = self.stage(stage);
        if std::env::var_os("RELEASE_CHECK_WRITE_CHANGELOGS").is_some() {
            fs::write(&golden, &text).expect("a golden file");
        }
        let expected = fs::read_to_string(&golden).expect("a golden file");
        assert_eq!(text, expected, "{}", golden.display());
        self.commit();
    }

    /// The files of the folder of entries that there are.
    fn entries(&self) -> usize {
        let folder = self.file.rsplit_once('/').map_or("", |(folder, _)| folder);
        let tree = self.sandbox.tree();
        tree.keys()
            .filter(|path| path.parent() == Some(Path::new(folder)))
            .count()
    }
}

#[test]
fn shapes_from_the_wild() {
    for (name, file, before, released) in SHAPES {
        let shape = Shape::new(name, file);
        let by_file = file.contains('/');
        if !by_file {
            let text = fs::read(shape.stage("0-before")).expect("a changelog");
            shape.sandbox.file(file, text);
        }
        shape.git(&["init", "-q"]);
        shape.commit();
        shape.git(&["tag", before]);
        shape.bump("3.5.2", "2025-08-06", "1-bumped");
        shape.bump("3.5.3", "2025-09-17", "2-bumped-again");
        // An entry's file goes into the whole changelog, or into the folder of its version.
        if by_file {
            assert_eq!(shape.entries(), 1, "{name}");
            let entry = shape
                .sandbox
                .path()
                .join(file.replace("{version}", "3.5.3"));
            fs::remove_file(entry).expect("an entry");
        } else {
            let text = fs::read(shape.stage("3-released")).expect("a changelog");
            shape.sandbox.file(file, text);
        }
        shape.commit();
        shape.git(&["tag", released]);
        shape.bump("3.5.4", "2025-10-01", "4-bumped-after");
        if by_file {
            assert_eq!(shape.entries(), 1, "{name}");
        }
    }
}
