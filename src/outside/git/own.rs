//! The user's own git, for the repositories that only it can reach: behind a web server that does
//! not speak git's smart protocol.

use std::path::Path;
use std::process::{Child, Stdio};
use std::time::Duration;

use tokio::time::Instant;

use super::child::GitSettings;
use crate::outside::trace;

/// How often a running git is looked after.
const LOOK: Duration = Duration::from_millis(20);

/// Fetches the newest commit of a repository into an empty folder, with its history where the
/// server can do no less.
pub(crate) async fn fetch(url: &str, folder: &Path, deadline: Instant) -> Result<(), String> {
    let folder = folder.to_string_lossy();
    let shallow = run(
        &[
            "clone",
            "--quiet",
            "--bare",
            "--depth=1",
            "--",
            url,
            &folder,
        ],
        deadline,
    )
    .await;
    if shallow.is_err() {
        run(
            &["clone", "--quiet", "--bare", "--", url, &folder],
            deadline,
        )
        .await?;
    }
    Ok(())
}

async fn run(arguments: &[&str], deadline: Instant) -> Result<(), String> {
    // In an empty folder that is in no repository: none has a say in what git does.
    let nowhere = tempfile::tempdir().map_err(|error| error.to_string())?;
    let begun = Instant::now();
    let mut command = GitSettings::anywhere().command();
    let spawned = command
        .args(arguments)
        .env("GIT_CEILING_DIRECTORIES", std::env::temp_dir())
        .current_dir(nowhere.path())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn();
    let mut child =
        spawned.map_err(|error| format!("the program `git` cannot be started: {error}"))?;
    let ended = wait(&mut child, deadline).await;
    let outcome = ended.as_ref().err().map_or("done", String::as_str);
    trace::ran(&command, &outcome, begun.elapsed());
    ended
}

async fn wait(child: &mut Child, deadline: Instant) -> Result<(), String> {
    loop {
        match child.try_wait().map_err(|error| error.to_string())? {
            Some(status) if status.success() => return Ok(()),
            Some(status) => return Err(format!("git could not read it ({status})")),
            None if Instant::now() >= deadline => {
                let _ = child.kill();
                let _ = child.wait();
                return Err("git did not finish in time".to_owned());
            }
            None => tokio::time::sleep(LOOK).await,
        }
    }
}
