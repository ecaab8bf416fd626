//! The working tree as files that stand somewhere.

use std::fs;
use std::path::PathBuf;

use super::apply;
use super::root::{Root, STAGED, unreadable};
use crate::outside::git::index as git;
use crate::project::file_entry::FileEntry;
use crate::project::file_tree::{FileTree, outside};
use crate::project::linked::Gitlink;
use crate::text::fault::Fault;
use crate::text::slashed;

impl FileTree for Root {
    fn settle(&self) -> Result<(), Fault> {
        apply::finish_interrupted(self)
    }

    fn has(&self, path: &str) -> bool {
        fs::symlink_metadata(self.folder.join(path)).is_ok()
    }

    fn has_folder(&self, path: &str) -> bool {
        self.folder.join(path).is_dir()
    }

    fn real(&self, path: &str) -> Result<String, Fault> {
        let real =
            fs::canonicalize(self.folder.join(path)).map_err(|error| match error.kind() {
                std::io::ErrorKind::NotFound => Fault::no_file(path),
                _ => unreadable(path, &error),
            })?;
        let inside = real.strip_prefix(&self.folder).ok().and_then(slashed);
        inside.ok_or_else(|| outside(path))
    }

    fn entry(&self, path: &str) -> Result<Option<FileEntry>, Fault> {
        self.read(path)
    }

    /// `.git` is never entered, links to folders neither.
    fn below(&self, folder: &str) -> Result<Vec<String>, Fault> {
        let root = self.folder.join(folder);
        let mut found = Vec::new();
        let mut folders: Vec<PathBuf> = vec![root.clone()];
        while let Some(folder) = folders.pop() {
            let failed = |error: std::io::Error| unreadable(&folder.display().to_string(), &error);
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
                } else if let Some(name) = path.strip_prefix(&root).ok().and_then(slashed) {
                    found.push(name);
                }
            }
        }
        found.sort_unstable();
        Ok(found)
    }

    fn gitlink(&self, path: &str) -> Result<Option<Gitlink>, Fault> {
        git::gitlink(&self.folder, path)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::project::file_tree::matching;
    use crate::text::budget;

    #[test]
    fn what_multiplies_without_end_is_refused() {
        let folder = tempfile::tempdir().expect("a folder");
        for glob in [
            "{".repeat(5_000) + "a*" + &"}".repeat(5_000),
            "{a,".repeat(200) + "b" + &"}".repeat(200),
            "**/".repeat(100) + "x",
            "*".repeat(10_000),
        ] {
            let fault = matching(&Root::of(folder.path()), &glob).expect_err("a refusal");
            assert!(fault.to_string().ends_with("shorten it"), "{fault}");
        }
        assert_eq!(budget::glob_excess("{a,b}/**/*.[ch]"), None);
    }
}
