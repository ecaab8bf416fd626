//! Lock files of Conan's beside a pin's file: only Conan knows the revision of the next recipe.

use std::collections::BTreeSet;

use crate::project::change::{Change, Move};
use crate::project::config::PinKind;
use crate::project::file_tree::{self, FileTree};
use crate::project::linked::Files;

/// What the lock files would keep of the versions that move.
pub(super) fn left_behind(
    tree: &dyn FileTree,
    moves: &[Move<'_>],
    files: &mut Files,
    change: &Change,
) -> Vec<String> {
    let mut left = Vec::new();
    for one in moves.iter().filter(|one| !one.stays()) {
        let mut locks = BTreeSet::new();
        for pin in &one.link.pins {
            if let PinKind::Text(text) = &pin.kind {
                let paths = files.paths(&text.file).iter();
                let folders = paths.map(|path| path.rsplit_once('/').map(|(folder, _)| folder));
                let inside = |folder: Option<&str>| match folder {
                    Some(folder) => format!("{folder}/conan.lock"),
                    None => "conan.lock".to_owned(),
                };
                locks.extend(folders.map(inside));
            }
        }
        for lock in locks {
            // What cannot be read is not what the bump is about.
            if !tree.has(&lock) || file_tree::load_file(tree, &lock, files).is_err() {
                continue;
            }
            let Ok(text) = change.text_after(&lock, files) else {
                continue;
            };
            for (old, new) in one.steps().filter(|(old, new)| old != new) {
                let recipe = format!("openssl/{old}");
                let says = |line: &str| {
                    let goes_on = |c: char| c.is_ascii_alphanumeric() || c == '.';
                    let mut stands = line.match_indices(&recipe);
                    stands.any(|(at, _)| !line[at + recipe.len()..].starts_with(goes_on))
                };
                if let Some(at) = text.lines().position(says) {
                    left.push(format!(
                        "`{lock}` line {}: still says {recipe}, and only Conan knows the revision of openssl/{new}; run `conan lock create` for it",
                        at + 1
                    ));
                }
            }
        }
    }
    left
}
