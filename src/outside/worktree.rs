//! The working tree: reads what pins name, and applies a change all or nothing.

mod apply;
pub(crate) mod glob;
mod journal;
mod root;
mod survey;

use std::path::Path;

use crate::outside::git::index as git;
pub(crate) use crate::outside::git::index::start_history;
pub(crate) use apply::apply;
pub(crate) use survey::{is_hidden, survey};

use crate::project::config::{Link, PinKind};
use crate::project::linked::Files;
use crate::text::fault::Fault;

use root::Root;
pub(crate) use root::is_executable;

/// Reads what the pins of these links name, below the project's folder. Of vendored trees only what
/// says their version.
///
/// # Errors
///
/// A usage fault that names the pin's line in the configuration: a file that is missing, no file,
/// too large or outside the project, a glob that names nothing, a submodule that the index does not
/// have. A failure where a file cannot be read.
pub(crate) fn load<'a>(
    directory: &Path,
    links: impl IntoIterator<Item = &'a Link>,
) -> Result<Files, Fault> {
    let root = Root::of(directory)?;
    apply::finish_interrupted(&root)?;
    let mut files = Files::default();
    for pin in links.into_iter().flat_map(|link| &link.pins) {
        let read = match &pin.kind {
            PinKind::Text(text) => root.named(&text.file, &mut files),
            PinKind::Cargo {
                file: Some(file), ..
            } => root.named(file, &mut files),
            PinKind::Cargo { file: None, .. } => ["Cargo.lock", "Cargo.toml"]
                .iter()
                .filter(|name| root.folder.join(name).exists())
                .try_for_each(|name| root.named(name, &mut files)),
            PinKind::Submodule(path) => git::gitlink(&root.folder, path).map(|gitlink| {
                if let Some(gitlink) = gitlink {
                    files.insert_gitlink(path, gitlink);
                }
            }),
            PinKind::Tree(path) => root
                .version_files(path)
                .map(|tree| files.insert_tree(path, tree)),
        };
        read.map_err(|fault| fault.within(&pin.place))?;
    }
    Ok(files)
}

/// Reads one more file of the project, such as its changelog.
///
/// # Errors
///
/// As [`load`].
pub(crate) fn load_file(directory: &Path, path: &str, files: &mut Files) -> Result<(), Fault> {
    Root::of(directory)?.named(path, files)
}

/// The texts that stand in a folder itself, by path and sorted; none where there is no such folder.
///
/// # Errors
///
/// As [`load`].
pub(crate) fn texts_in(directory: &Path, folder: &str) -> Result<Vec<(String, String)>, Fault> {
    let root = Root::of(directory)?;
    let mut found = Vec::new();
    for inside in glob::below(&root.folder.join(folder))? {
        let path = format!("{folder}/{inside}");
        let path = path.trim_start_matches('/');
        let regular =
            std::fs::symlink_metadata(root.folder.join(path)).is_ok_and(|it| it.is_file());
        if inside.contains('/') || !regular {
            continue;
        }
        let entry = root.read(&root.real(path)?)?;
        if let Ok(text) = String::from_utf8(entry.bytes) {
            found.push((path.to_owned(), text));
        }
    }
    found.sort();
    Ok(found)
}

/// Reads every file of a vendored tree.
///
/// # Errors
///
/// As [`load`].
pub(crate) fn load_tree(directory: &Path, path: &str, files: &mut Files) -> Result<(), Fault> {
    let tree = Root::of(directory)?.whole_tree(path)?;
    files.insert_tree(path, tree);
    Ok(())
}

/// The path of every file below a folder, links to files included; `.git` is never entered.
///
/// # Errors
///
/// If a folder cannot be read.
pub(crate) fn paths_below(directory: &Path) -> Result<Vec<String>, Fault> {
    glob::below(directory)
}

/// `owner/name` of the repository's `origin`, where it has one on a forge.
#[must_use]
pub(crate) fn origin(directory: &Path) -> Option<String> {
    let url = git::origin(directory)?;
    let path = match url.split_once("://") {
        Some((_, rest)) => rest.split_once('/')?.1,
        None => url.split_once(':')?.1,
    };
    let mut parts = path
        .trim_end_matches('/')
        .trim_end_matches(".git")
        .rsplit('/');
    let (name, owner) = (parts.next()?, parts.next()?);
    Some(format!("{owner}/{name}"))
}

/// The project's folder inside its git repository, empty where they are one or there is none.
#[must_use]
pub(crate) fn prefix(directory: &Path) -> String {
    Root::of(directory)
        .ok()
        .and_then(|root| git::folder_of(&root.folder))
        .map_or_else(String::new, |(_, prefix)| prefix)
}
