//! README's output is real output: its example project is built from README and its commands are
//! run.
//!
//! `RELEASE_CHECK_WRITE_README=1 cargo test --test cli -- readme book` writes what the commands print into README.

use std::fs;
use std::path::{Path, PathBuf};

use crate::sandbox::Sandbox;

const CHANGELOG: &str = "\
Changelog
=========

.. _v2-1-0:

2.1.0 - main
~~~~~~~~~~~~

* Added an example.

.. _v2-0-0:

2.0.0 - 2025-04-20
~~~~~~~~~~~~~~~~~~

* First release with wheels.
";

/// The fenced blocks of a language.
fn blocks<'a>(text: &'a str, language: &str) -> Vec<&'a str> {
    let start = format!("```{language}\n");
    text.split(&start)
        .skip(1)
        .filter_map(|rest| rest.split("```").next())
        .collect()
}

/// Runs the commands of a document in a sandbox and compares, or writes what they print. How many there were.
pub(crate) fn play(path: &Path, sandbox: &Sandbox) -> usize {
    let document = fs::read_to_string(path).expect("a document");
    let mut written = document.clone();
    let mut commands = 0;
    for block in blocks(&document, "console") {
        let (command, shown) = block.split_once('\n').expect("a command and its output");
        let arguments: Vec<&str> = command
            .strip_prefix("$ release-check ")
            .expect("a command of ours")
            .split(' ')
            .collect();
        let outcome = sandbox.run(&arguments);
        commands += 1;
        if std::env::var_os("RELEASE_CHECK_WRITE_README").is_some() {
            written = written.replace(block, &format!("{command}\n{}", outcome.stdout));
        } else {
            assert_eq!(shown, outcome.stdout, "{}: {command}", path.display());
        }
    }
    if written != document {
        fs::write(path, written).expect("a writable document");
    }
    commands
}

#[test]
fn what_readme_prints_is_what_the_program_prints() {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("README.md");
    let readme = fs::read_to_string(&path).expect("README.md");
    let sandbox = Sandbox::new();
    let shell = blocks(&readme, "sh")
        .into_iter()
        .find(|block| block.contains("OPENSSL_VERSION="))
        .expect("the pin");
    let config = blocks(&readme, "toml")
        .into_iter()
        .next()
        .expect("the configuration");
    sandbox
        .file("openssl-version.sh", shell)
        .file("release-check.toml", config)
        .file("CHANGELOG.rst", CHANGELOG);
    let commands = play(&path, &sandbox);
    assert!(commands >= 3, "README shows {commands} commands");
}
