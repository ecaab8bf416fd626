//! The workflow that goes with a new configuration, where the project is on GitHub.

use std::path::{Path, PathBuf};

use super::new_file::write;
use crate::outside::git::checkout::Checkout;
use crate::outside::github::GitHub;
use crate::outside::worktree;
use crate::project::config;
use crate::project::discovery;
use crate::text::fault::Fault;
use crate::workspace::context::Context;
use crate::workspace::place::is_on;

/// Its place in the repository.
const PATH: &str = ".github/workflows/release-check.yml";

/// What became of the workflow.
pub(super) enum Scheduled {
    /// It was written.
    Written {
        /// Its file, relative to the project's folder.
        file: String,
        /// Whether the commit of the program's release must still be put in.
        lacks_commit: bool,
    },
    /// There is one, which is left as it is.
    There(String),
    /// The project is not on GitHub.
    Elsewhere,
}

/// Writes the workflow unless there is one, or the project is not on GitHub.
pub(super) fn add(context: &Context, named: &Path, project: &str) -> Result<Scheduled, Fault> {
    let folder = worktree::prefix(&context.directory);
    let up: PathBuf = folder
        .split('/')
        .filter(|part| !part.is_empty())
        .map(|_| "..")
        .collect();
    let file = up.join(PATH);
    if !is_on_github(context, &up)? {
        return Ok(Scheduled::Elsewhere);
    }
    let (path, shown) = (context.path(&file), file.display().to_string());
    if std::fs::symlink_metadata(&path).is_ok() {
        return Ok(Scheduled::There(shown));
    }
    // A link here was brought by the tree, and leads wherever it likes.
    for folder in [".github", ".github/workflows"] {
        if std::fs::symlink_metadata(context.path(&up.join(folder)))
            .is_ok_and(|about| about.is_symlink())
        {
            return Err(Fault::usage(format!(
                "`{folder}` is a symbolic link, which nothing is written through; make it a folder"
            )));
        }
    }
    let own_name = named.display().to_string();
    let own_name = (own_name != config::FILE_NAME).then_some(own_name.as_str());
    let text = discovery::workflow(project, &folder, own_name);
    let parent = path.parent().unwrap_or(Path::new("."));
    std::fs::create_dir_all(parent)
        .map_err(|error| Fault::failed(format!("cannot make the folder of `{shown}`: {error}")))?;
    write(&path, &file, &text)?;
    Ok(Scheduled::Written {
        file: shown,
        lacks_commit: discovery::lacks_commit(&text),
    })
}

/// Whether `origin` is there, or workflows are.
fn is_on_github(context: &Context, up: &Path) -> Result<bool, Fault> {
    let forge = GitHub::from_environment(&context.environment, "GITHUB_TOKEN")?;
    let origin = Checkout::open(&context.directory).and_then(|checkout| checkout.origin());
    Ok(origin.is_some_and(|origin| is_on(&origin, &forge))
        || context.path(&up.join(".github")).is_dir())
}
