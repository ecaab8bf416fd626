//! Files that a commit changed, and whether it moved what is no text in them: a submodule, or the
//! crate in a lock file.

use std::collections::BTreeSet;

use crate::openssl::version::Version;
use crate::project::config::PinKind;
use crate::project::discovery::found::bare;
use crate::project::file_entry::FileEntry;
use crate::project::linked::{Files, cargo};

/// The crate whose version carries OpenSSL's.
pub(crate) const CRATE: &str = "openssl-src";

/// A file that a commit changed.
#[derive(Debug, Clone)]
pub struct ChangedFile {
    /// Its path inside the project.
    pub path: String,
    /// Its text before; empty where it is new.
    pub before: String,
    /// Its text after.
    pub after: String,
}

/// Whether a file may state OpenSSL's crate.
pub(crate) fn may_lock(path: &str, text: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or_default();
    matches!(name, "Cargo.lock" | "Cargo.toml") && text.contains(CRATE)
}

/// Whether a commit moved a submodule, or the crate in a lock file; none where the file is neither.
pub(crate) fn moves(file: &ChangedFile) -> Option<bool> {
    let is_commit =
        |text: &str| text.len() == 40 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    if is_commit(&file.after) {
        return Some(is_commit(&file.before) && file.before != file.after);
    }
    if !may_lock(&file.path, &file.after) {
        return None;
    }
    // A lock file changes often, and the crate in it seldom.
    let named = |text: &str| -> Vec<String> {
        let mut lines = text.lines();
        let mut found = Vec::new();
        while let Some(line) = lines.find(|line| line.contains(CRATE)) {
            found.push(line.to_owned());
            found.extend(lines.clone().next().map(str::to_owned));
        }
        found
    };
    if named(&file.before) == named(&file.after) {
        return Some(false);
    }
    let stated = |text: &str| -> Option<BTreeSet<Version>> {
        let pin = bare(PinKind::Cargo {
            file: None,
            package: CRATE.to_owned(),
            update: false,
        });
        let files = Files::default().with(&file.path, FileEntry::regular(text.as_bytes()));
        let stated = cargo::stated_everywhere(&pin, Some(&file.path), CRATE, &files).ok()?;
        Some(stated.iter().map(|(_, stated)| stated.version).collect())
    };
    let (before, after) = (stated(&file.before), stated(&file.after));
    Some(before.is_some() && after.is_some() && before != after)
}
