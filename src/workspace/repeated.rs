//! What lock files repeat of the project's own version, and no configuration raises.

use std::collections::BTreeSet;

use crate::project::change::{self, Change};
use crate::project::config::VersionFile;
use crate::project::file_tree::{self, FileTree};
use crate::project::linked::Files;
use crate::project::own_places::{lock, member};

/// A manifest whose version a bump raises.
pub(crate) struct RaisedManifest<'a> {
    pub(crate) version: &'a VersionFile,
    pub(crate) path: String,
    /// Its text before.
    pub(crate) before: String,
}

impl RaisedManifest<'_> {
    /// What the lock files beside it would keep of the version that it said before.
    pub(crate) fn left_behind(
        &self,
        tree: &dyn FileTree,
        change: &Change,
        files: &mut Files,
    ) -> Vec<String> {
        let is_there = |path: &String| tree.has(path) && !tree.has_folder(path);
        // Of cargo's lock files the nearest counts.
        let most = if lock::is_of_cargo(&self.path) { 1 } else { 2 };
        let locks = lock::beside(&self.path).into_iter().filter(is_there);
        let mut left = Vec::new();
        for lock in locks.take(most) {
            // What cannot be read is not what the bump is about.
            if file_tree::load_file(tree, &lock, files).is_err() {
                continue;
            }
            let apart = self.apart(tree, files);
            let real = files.paths(&lock).first().cloned().unwrap_or_default();
            let manifest = (self.path.as_str(), self.before.as_str());
            if let Ok(text) = change.text_after(&real, files) {
                left.extend(change::left_behind(
                    self.version,
                    manifest,
                    (&lock, text),
                    &apart,
                ));
            }
        }
        left
    }

    /// The members of its workspace that have a version of their own.
    fn apart(&self, tree: &dyn FileTree, files: &mut Files) -> BTreeSet<String> {
        let folder = self.path.rsplit_once('/').map(|(folder, _)| folder);
        let mut names = BTreeSet::new();
        for member in member::folders(&self.before) {
            let inside = format!("{member}/Cargo.toml");
            let written =
                folder.map_or_else(|| inside.clone(), |above| format!("{above}/{inside}"));
            if file_tree::load_file(tree, &written, files).is_err() {
                continue;
            }
            let manifests = files.paths(&written).iter();
            let texts = manifests.filter_map(|path| files.text(path).ok());
            names.extend(texts.filter_map(member::apart));
        }
        names
    }
}
