//! A throwaway folder to run the program in.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// A temporary project folder.
pub(crate) struct Sandbox {
    folder: tempfile::TempDir,
}

/// What a run of the program gave.
pub(crate) struct Outcome {
    pub(crate) status: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Sandbox {
    pub(crate) fn new() -> Self {
        Self {
            folder: tempfile::tempdir().expect("a temporary folder"),
        }
    }

    /// The project's folder.
    pub(crate) fn path(&self) -> PathBuf {
        self.folder.path().join("project")
    }

    /// Writes a file of the project.
    pub(crate) fn file(&self, path: &str, content: impl AsRef<[u8]>) -> &Self {
        let path = self.path().join(path);
        fs::create_dir_all(path.parent().expect("a folder")).expect("folders");
        fs::write(path, content).expect("a file");
        self
    }

    /// Reads a file of the project.
    pub(crate) fn read(&self, path: &str) -> String {
        fs::read_to_string(self.path().join(path)).expect("a file")
    }

    /// Every file of the project with its bytes.
    pub(crate) fn tree(&self) -> BTreeMap<PathBuf, Vec<u8>> {
        Self::tree_of(&self.path())
    }

    /// Every file below a folder with its bytes.
    pub(crate) fn tree_of(root: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
        fn walk(folder: &Path, root: &Path, tree: &mut BTreeMap<PathBuf, Vec<u8>>) {
            for entry in fs::read_dir(folder).expect("a folder") {
                let path = entry.expect("an entry").path();
                if path.is_dir() {
                    walk(&path, root, tree);
                } else {
                    tree.insert(
                        path.strip_prefix(root).expect("below").to_owned(),
                        fs::read(&path).expect("a file"),
                    );
                }
            }
        }
        let mut tree = BTreeMap::new();
        walk(root, root, &mut tree);
        tree
    }

    /// The folder around the project, the cache and the home folder.
    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Whether a file of the cache holds a text.
    pub(crate) fn cache_holds(&self, text: &str) -> bool {
        self.cached().iter().any(|file| {
            fs::read(file)
                .expect("a file")
                .windows(text.len())
                .any(|window| window == text.as_bytes())
        })
    }

    /// Cuts the end off every answer in the cache.
    pub(crate) fn damage_cache(&self) {
        for file in self.cached() {
            let bytes = fs::read(&file).expect("a file");
            fs::write(&file, &bytes[..bytes.len() - 1]).expect("a file");
        }
    }

    /// Changes the first byte of everything that was kept of a forge's repositories.
    pub(crate) fn damage_objects(&self) {
        for entry in fs::read_dir(self.folder.path().join("cache/objects")).expect("a cache") {
            let file = entry.expect("an entry").path();
            let mut bytes = fs::read(&file).expect("a file");
            bytes[0] ^= 1;
            fs::write(&file, bytes).expect("a file");
        }
    }

    fn cached(&self) -> Vec<PathBuf> {
        fs::read_dir(self.folder.path().join("cache/answers"))
            .expect("a cache")
            .map(|entry| entry.expect("an entry").path())
            .collect()
    }

    /// The program with these arguments, in the project's folder, with nothing of this machine's
    /// environment but `PATH`.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        fs::create_dir_all(self.path()).expect("a folder");
        let mut command = Command::new(env!("CARGO_BIN_EXE_release-check"));
        command.args(arguments).current_dir(self.path()).env_clear();
        command.env("PATH", std::env::var_os("PATH").unwrap_or_default());
        command.env("HOME", self.folder.path().join("home"));
        command.env("RELEASE_CHECK_CACHE", self.folder.path().join("cache"));
        command
    }

    /// Runs the program.
    pub(crate) fn run(&self, arguments: &[&str]) -> Outcome {
        Outcome::of(self.command(arguments).output().expect("the program runs"))
    }
}

impl Outcome {
    /// What a finished process gave.
    pub(crate) fn of(output: Output) -> Self {
        Self {
            status: output.status.code().unwrap_or(-1),
            stdout: String::from_utf8(output.stdout).expect("UTF-8 on standard output"),
            stderr: String::from_utf8(output.stderr).expect("UTF-8 on standard error"),
        }
    }

    /// Standard output as JSON.
    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.stdout)
            .unwrap_or_else(|error| panic!("{error}\n{}\n{}", self.stdout, self.stderr))
    }

    /// Standard output as one line: where it is broken depends on how long its words are.
    pub(crate) fn words(&self) -> String {
        self.stdout.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    /// Asserts the exit status.
    #[track_caller]
    pub(crate) fn exits(self, status: i32) -> Self {
        assert_eq!(
            self.status, status,
            "stdout:\n{}\nstderr:\n{}",
            self.stdout, self.stderr
        );
        self
    }
}
