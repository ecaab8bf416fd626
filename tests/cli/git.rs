//! The git that tests make repositories with: nobody's settings but these, and one author.

use std::path::Path;
use std::process::Command;

/// The day of what is committed and tagged where a test does not care: before any day that one
/// answers for.
const LONG_AGO: &str = "2025-01-01";

/// Runs git in a folder, and gives what it prints.
pub(crate) fn git(folder: &Path, arguments: &[&str]) -> String {
    git_on(folder, LONG_AGO, arguments)
}

/// The same at noon of a day.
pub(crate) fn git_on(folder: &Path, day: &str, arguments: &[&str]) -> String {
    let noon = format!("{day}T12:00:00Z");
    let mut command = command(folder, arguments);
    command
        .env("GIT_AUTHOR_DATE", &noon)
        .env("GIT_COMMITTER_DATE", &noon);
    finished(command, arguments)
}

fn command(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new("git");
    command
        .current_dir(folder)
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .env("GIT_CONFIG_GLOBAL", "/dev/null");
    for setting in [
        "user.name=A",
        "user.email=a@example.org",
        "init.defaultBranch=main",
        "protocol.file.allow=always",
    ] {
        command.args(["-c", setting]);
    }
    command.args(arguments);
    command
}

fn finished(mut command: Command, arguments: &[&str]) -> String {
    let output = command.output().expect("git");
    assert!(
        output.status.success(),
        "git {arguments:?}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8(output.stdout).expect("UTF-8")
}
