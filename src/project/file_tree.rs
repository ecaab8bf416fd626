//! Where the files of a project stand, and what is read of them: the same of a working tree, of a
//! revision in its history, and of a commit on a forge.

use std::collections::BTreeMap;

use globset::GlobBuilder;

use crate::project::config::{Link, Pin, PinKind};
use crate::project::file_entry::{FileEntry, FileMode};
use crate::project::linked::tree::VERSION_FILES;
use crate::project::linked::{Files, Gitlink};
use crate::project::own_places::member;
use crate::text::budget;
use crate::text::fault::Fault;

/// The largest file that is read, in bytes.
pub(crate) const LARGEST_FILE: usize = 64 << 20;

/// How far symbolic links are followed from file to file.
const LINKS: usize = 8;

/// The path in a repository of a path of the project, whose folder inside it is `prefix`; empty
/// where they are one.
pub(crate) fn in_repository(prefix: &str, path: &str) -> String {
    match (prefix, path) {
        ("", path) => path.to_owned(),
        (prefix, "") => prefix.to_owned(),
        (prefix, path) => format!("{prefix}/{path}"),
    }
}

/// Where files stand. Paths are relative to the project, with `/` between their parts.
pub(crate) trait FileTree {
    /// Ends what was begun to be changed, before anything is read.
    ///
    /// # Errors
    ///
    /// If that cannot be ended.
    fn settle(&self) -> Result<(), Fault> {
        Ok(())
    }

    /// Whether anything stands at a path: a file, a folder or a link, wherever that leads.
    fn has(&self, path: &str) -> bool;

    /// Whether a path leads to a folder.
    fn has_folder(&self, path: &str) -> bool;

    /// The path that a path leads to.
    ///
    /// # Errors
    ///
    /// A usage fault where there is nothing, or where it leads outside the project.
    fn real(&self, path: &str) -> Result<String, Fault>;

    /// A file, or a link as itself; none where there is neither.
    fn entry(&self, path: &str) -> Result<Option<FileEntry>, Fault>;

    /// What stands below a folder and is none, by its path inside it, sorted.
    fn below(&self, folder: &str) -> Result<Vec<String>, Fault>;

    /// The submodule at a path.
    fn gitlink(&self, path: &str) -> Result<Option<Gitlink>, Fault>;
}

/// Reads what the pins of these links name. Of vendored trees only what says their version.
///
/// # Errors
///
/// A usage fault that names the pin's line in the configuration: a file that is missing, no file,
/// too large or outside the project, a glob that names nothing. A failure where a file cannot be
/// read.
pub(crate) fn load<'a>(
    tree: &dyn FileTree,
    links: impl IntoIterator<Item = &'a Link>,
) -> Result<Files, Fault> {
    tree.settle()?;
    let mut files = Files::default();
    for pin in links.into_iter().flat_map(|link| &link.pins) {
        load_pin(tree, pin, &mut files).map_err(|fault| fault.within(&pin.place))?;
    }
    Ok(files)
}

/// As [`load`], of another day: what was not there yet is left out.
pub(crate) fn load_what_is_there(tree: &dyn FileTree, link: &Link) -> Files {
    let mut files = Files::default();
    for pin in &link.pins {
        let _ = load_pin(tree, pin, &mut files);
    }
    files
}

fn load_pin(tree: &dyn FileTree, pin: &Pin, files: &mut Files) -> Result<(), Fault> {
    match &pin.kind {
        PinKind::Text(text) => load_file(tree, &text.file, files),
        PinKind::Cargo {
            file: Some(file), ..
        } => load_file(tree, file, files),
        PinKind::Cargo { file: None, .. } => ["Cargo.lock", "Cargo.toml"]
            .iter()
            .filter(|name| tree.has(name))
            .try_for_each(|name| load_file(tree, name, files)),
        PinKind::Submodule(path) => {
            if let Some(gitlink) = tree.gitlink(path)? {
                files.insert_gitlink(path, gitlink);
            }
            Ok(())
        }
        PinKind::Tree(path) => {
            is_folder(tree, path)?;
            let mut stated = BTreeMap::new();
            for name in VERSION_FILES {
                let file = format!("{path}/{name}");
                if tree.has(&file) && !tree.has_folder(&file) {
                    stated.insert(name.to_owned(), read(tree, &tree.real(&file)?)?);
                }
            }
            files.insert_tree(path, stated);
            Ok(())
        }
    }
}

/// The path and the text of the first file that a path or glob names.
pub(crate) fn text_of(tree: &dyn FileTree, written: &str) -> Result<(String, String), Fault> {
    let mut files = Files::default();
    load_file(tree, written, &mut files)?;
    let path = files.paths(written).first();
    let path = path.map_or(written, String::as_str);
    Ok((path.to_owned(), files.text(path)?.to_owned()))
}

/// Reads the files that a path or glob names, such as the changelog.
pub(crate) fn load_file(
    tree: &dyn FileTree,
    written: &str,
    files: &mut Files,
) -> Result<(), Fault> {
    if files.knows(written) {
        return Ok(());
    }
    let found = if tree.has(written) || !is_glob(written) {
        vec![written.to_owned()]
    } else {
        matching(tree, written)?
    };
    let mut paths = Vec::new();
    for path in found {
        let real = tree.real(&path)?;
        if files.entry(&real).is_none() {
            files.insert(&real, read(tree, &real)?);
        }
        paths.push(real);
    }
    paths.sort_unstable();
    paths.dedup();
    files.name(written, paths);
    Ok(())
}

/// Reads the manifests that the lock files of a link's crates are made of. What cannot be read is
/// not what a bump is about.
pub(crate) fn load_manifests(tree: &dyn FileTree, link: &Link, files: &mut Files) {
    for pin in &link.pins {
        let PinKind::Cargo { file, .. } = &pin.kind else {
            continue;
        };
        let locks = files
            .paths(file.as_deref().unwrap_or("Cargo.lock"))
            .to_vec();
        for lock in locks {
            let Some(folder) = lock.strip_suffix("Cargo.lock") else {
                continue;
            };
            let beside = format!("{folder}Cargo.toml");
            let mut paths = loaded(tree, &beside, files);
            let text = files.text(&beside).unwrap_or_default();
            let excluded = member::excluded(text);
            for member in member::folders(text) {
                paths.extend(loaded(tree, &format!("{folder}{member}/Cargo.toml"), files));
            }
            paths.retain(|path| {
                let inside = path.strip_prefix(folder).unwrap_or(path);
                let mut excluded = excluded.iter();
                !excluded.any(|folder| {
                    let rest = inside.strip_prefix(folder.as_str());
                    rest.is_some_and(|rest| rest.starts_with('/'))
                })
            });
            paths.sort_unstable();
            paths.dedup();
            files.name(&member::manifests_of(&lock), paths);
        }
    }
}

/// The paths that a path or glob names, read; none where that cannot be.
fn loaded(tree: &dyn FileTree, written: &str, files: &mut Files) -> Vec<String> {
    let _ = load_file(tree, written, files);
    files.paths(written).to_vec()
}

/// Reads every file of a vendored tree.
pub(crate) fn load_tree(tree: &dyn FileTree, path: &str, files: &mut Files) -> Result<(), Fault> {
    is_folder(tree, path)?;
    let mut entries = BTreeMap::new();
    for inside in tree.below(path)? {
        let entry = read(tree, &format!("{path}/{inside}"))?;
        entries.insert(inside, entry);
    }
    files.insert_tree(path, entries);
    Ok(())
}

/// The texts that stand in a folder itself, by path and sorted; none where there is no such folder.
pub(crate) fn texts_in(tree: &dyn FileTree, folder: &str) -> Result<Vec<(String, String)>, Fault> {
    let mut found = Vec::new();
    for inside in tree.below(folder)? {
        let path = format!("{folder}/{inside}");
        let path = path.trim_start_matches('/');
        if inside.contains('/') {
            continue;
        }
        let entry = tree.entry(path)?.filter(|it| it.mode != FileMode::Symlink);
        if let Some(text) = entry.and_then(|entry| String::from_utf8(entry.bytes).ok()) {
            tree.real(path)?;
            found.push((path.to_owned(), text));
        }
    }
    found.sort();
    Ok(found)
}

fn read(tree: &dyn FileTree, path: &str) -> Result<FileEntry, Fault> {
    let no_file = || Fault::usage(format!("`{path}` is not a file"));
    tree.entry(path)?.ok_or_else(no_file)
}

fn is_folder(tree: &dyn FileTree, path: &str) -> Result<(), Fault> {
    if !tree.has_folder(path) {
        return Err(Fault::usage(format!("there is no folder `{path}`")));
    }
    let real = tree.real(path)?;
    if real == path {
        Ok(())
    } else {
        Err(Fault::usage(format!(
            "`{path}` is a link to `{real}`; name that"
        )))
    }
}

/// A fault for a file beyond [`LARGEST_FILE`].
pub(crate) fn too_large(path: &str) -> Fault {
    Fault::usage(format!("`{path}` is larger than {} MB", LARGEST_FILE >> 20))
}

/// A fault for a path that leads out of the project.
pub(crate) fn outside(path: &str) -> Fault {
    Fault::usage(format!("`{path}` leads outside the project"))
}

/// Whether a path is meant as a glob.
fn is_glob(path: &str) -> bool {
    path.contains(['*', '?', '[', '{'])
}

/// The files that a glob names, sorted. `*` stays within one folder, `**` does not.
///
/// # Errors
///
/// A usage fault where it is no glob, or names none.
pub(crate) fn matching(tree: &dyn FileTree, glob: &str) -> Result<Vec<String>, Fault> {
    if let Some(why) = budget::glob_excess(glob) {
        let shown = crate::text::one_line(&glob.chars().take(80).collect::<String>());
        return Err(Fault::usage(format!("`{shown}` {why}")));
    }
    let matcher = GlobBuilder::new(glob)
        .literal_separator(true)
        .backslash_escape(false)
        .build()
        .map_err(|error| Fault::usage(format!("`{glob}` is not a glob: {}", error.kind())))?
        .compile_matcher();
    // What comes before the first wildcard need not be searched beside.
    let plain: Vec<&str> = glob.split('/').take_while(|part| !is_glob(part)).collect();
    let base = plain.join("/");
    let inside = |path: String| match base.as_str() {
        "" => path,
        base => format!("{base}/{path}"),
    };
    let mut found: Vec<String> = tree
        .below(&base)?
        .into_iter()
        .map(inside)
        .filter(|path| matcher.is_match(path))
        .collect();
    found.sort_unstable();
    if found.is_empty() {
        Err(Fault::usage(format!("`{glob}` names no file")))
    } else {
        Ok(found)
    }
}

/// Follows links from file to file; `target` says where one leads that stands at a path, if one
/// does.
///
/// # Errors
///
/// A usage fault where they lead outside, or too far; whatever is wrong with a link.
pub(crate) fn followed(
    path: &str,
    target: &dyn Fn(&str) -> Result<Option<String>, Fault>,
) -> Result<String, Fault> {
    let mut at = path.to_owned();
    for _ in 0..LINKS {
        match target(&at)? {
            Some(target) => at = resolved(&at, &target).ok_or_else(|| outside(path))?,
            None => return Ok(at),
        }
    }
    Err(Fault::no_file(path))
}

/// The path that a link leads to, if it stays inside.
fn resolved(link: &str, target: &str) -> Option<String> {
    let mut parts: Vec<&str> = link.split('/').collect();
    parts.pop();
    if target.starts_with('/') {
        return None;
    }
    for part in target.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_stay_inside() {
        for (link, target, expected) in [
            ("a/b", "c", Some("a/c")),
            ("a/b", "../c", Some("c")),
            ("a/b", "./x/../c", Some("a/c")),
            ("a/b", "../../c", None),
            ("a/b", "/etc/passwd", None),
        ] {
            assert_eq!(
                resolved(link, target).as_deref(),
                expected,
                "{link} -> {target}"
            );
        }
    }

    #[test]
    fn links_that_lead_in_a_circle_lead_nowhere() {
        let fault = followed("a", &|_| Ok(Some("a".to_owned()))).expect_err("no file");
        assert_eq!(fault.to_string(), Fault::no_file("a").to_string());
    }
}
