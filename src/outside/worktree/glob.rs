//! The files that a glob names.

use std::fs;
use std::path::{Path, PathBuf};

use globset::GlobBuilder;

use crate::text::budget;
use crate::text::fault::Fault;

/// How the name of a new content ends that waits beside its place.
pub(super) const STAGED: &str = ".release-check-new";

/// Whether a path is meant as a glob.
pub(super) fn is_glob(path: &str) -> bool {
    path.contains(['*', '?', '[', '{'])
}

fn shown(glob: &str) -> String {
    crate::text::one_line(&glob.chars().take(80).collect::<String>())
}

/// The files below a folder that a glob names, sorted. `*` stays within one folder, `**` does not;
/// `.git` is never entered, links to folders neither.
pub fn matches(root: &Path, glob: &str) -> Result<Vec<String>, Fault> {
    if let Some(why) = budget::glob_excess(glob) {
        return Err(Fault::usage(format!("`{}` {why}", shown(glob))));
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
    let mut found: Vec<String> = below(&root.join(&base))?
        .into_iter()
        .map(|path| {
            if base.is_empty() {
                path
            } else {
                format!("{base}/{path}")
            }
        })
        .filter(|path| matcher.is_match(path))
        .collect();
    found.sort_unstable();
    if found.is_empty() {
        Err(Fault::usage(format!("`{glob}` names no file")))
    } else {
        Ok(found)
    }
}

/// Everything below a folder that is no folder, by its path inside it.
pub(super) fn below(root: &Path) -> Result<Vec<String>, Fault> {
    let mut found = Vec::new();
    let mut folders: Vec<PathBuf> = vec![root.to_owned()];
    while let Some(folder) = folders.pop() {
        let failed = |error: std::io::Error| {
            Fault::failed(format!("cannot read `{}`: {error}", folder.display()))
        };
        let entries = match fs::read_dir(&folder) {
            Ok(entries) => entries,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => continue,
            Err(error) => return Err(failed(error)),
        };
        for entry in entries {
            let entry = entry.map_err(failed)?;
            let (name, path) = (entry.file_name(), entry.path());
            if name == ".git" || name.as_encoded_bytes().ends_with(STAGED.as_bytes()) {
                continue;
            }
            if entry.file_type().map_err(failed)?.is_dir() {
                folders.push(path);
            } else if let Some(name) = path.strip_prefix(root).ok().and_then(crate::text::slashed) {
                found.push(name);
            }
        }
    }
    found.sort_unstable();
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_multiplies_without_end_is_refused() {
        let folder = tempfile::tempdir().expect("a folder");
        for glob in [
            "{".repeat(5_000) + "a*" + &"}".repeat(5_000),
            "{a,".repeat(200) + "b" + &"}".repeat(200),
            "**/".repeat(100) + "x",
            "*".repeat(10_000),
        ] {
            let fault = matches(folder.path(), &glob).expect_err("a refusal");
            assert!(fault.to_string().ends_with("shorten it"), "{fault}");
        }
        assert_eq!(budget::glob_excess("{a,b}/**/*.[ch]"), None);
    }
}
