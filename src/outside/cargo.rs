//! The user's own cargo, asked for what only a crate's registry knows.
//!
//! It works in a folder of its own beside a copy of the lock file, so that nothing of the project's
//! tree is read or run: no manifest, no configuration, no toolchain that the tree names.

use std::path::Path;
use std::process::{Command, Stdio};

use crate::outside::environment;
use crate::outside::git;
use crate::text::fault::Fault;

/// What came of `cargo update --precise`.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Updated {
    /// The whole lock file after it.
    Lock(String),
    /// There is no cargo.
    NotThere,
    /// Cargo refused, in its last words.
    Refused(String),
}

/// Runs `cargo update PACKAGE --precise VERSION` on a copy of a lock file.
///
/// # Errors
///
/// A failure where the folder for it cannot be made.
pub(crate) fn update(
    lock: &str,
    package: &str,
    version: &str,
    offline: bool,
) -> Result<Updated, Fault> {
    let folder = tempfile::tempdir()
        .map_err(|error| Fault::failed(format!("cannot make a folder for cargo: {error}")))?;
    fill(folder.path(), lock, package)
        .map_err(|error| Fault::failed(format!("cannot make a folder for cargo: {error}")))?;
    let mut command = Command::new("cargo");
    for (name, _) in std::env::vars_os() {
        if environment::is_withheld(&name) {
            command.env_remove(&name);
        }
    }
    command.args(["update", package, "--precise", version]);
    if offline {
        command.arg("--offline");
    }
    command
        .env("CARGO_TERM_COLOR", "never")
        .current_dir(folder.path())
        .stdin(Stdio::null());
    let output = match git::output(&mut command) {
        Ok(output) => output,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Updated::NotThere),
        Err(error) => return Ok(Updated::Refused(error.to_string())),
    };
    if !output.status.success() {
        return Ok(Updated::Refused(said(&output.stderr)));
    }
    std::fs::read_to_string(folder.path().join("Cargo.lock"))
        .map(Updated::Lock)
        .map_err(|error| Fault::failed(format!("cargo left no lock file: {error}")))
}

/// A package that needs nothing but the crate, in whatever version.
fn fill(folder: &Path, lock: &str, package: &str) -> std::io::Result<()> {
    let manifest = format!(
        "[package]\nname = \"release-check-lock\"\nversion = \"0.0.0\"\nedition = \"2021\"\n\n[lib]\npath = \"lib.rs\"\n\n[dependencies]\n{package} = \"*\"\n\n[workspace]\n"
    );
    std::fs::write(folder.join("Cargo.toml"), manifest)?;
    std::fs::write(folder.join("lib.rs"), "")?;
    std::fs::write(folder.join("Cargo.lock"), lock)
}

/// What cargo says first of what went wrong, on one line.
fn said(stderr: &[u8]) -> String {
    let text = String::from_utf8_lossy(stderr);
    let error = text
        .lines()
        .find_map(|line| line.strip_prefix("error: "))
        .or_else(|| text.lines().find(|line| !line.trim().is_empty()))
        .unwrap_or("it does not say why");
    crate::text::one_line(error)
}
