//! The project's own templates.

use std::collections::BTreeMap;

use crate::paper::templates::{self, Templates};
use crate::project::config::Config;
use crate::project::file_entry::FileMode;
use crate::project::file_tree::FileTree;
use crate::text::fault::Fault;

/// The templates, the project's own among them.
pub(crate) fn project_templates(tree: &dyn FileTree, config: &Config) -> Result<Templates, Fault> {
    let Some(folder) = &config.templates else {
        return Ok(Templates::default());
    };
    if !tree.has_folder(folder) {
        return Err(Fault::usage(format!(
            "`{folder}` of `[templates]` is no folder; create it, or leave that out"
        )));
    }
    let mut found = BTreeMap::new();
    for name in tree.below(folder)? {
        if !name.ends_with(".j2") || name.matches('/').count() > 1 {
            continue;
        }
        let mut path = format!("{}/{name}", folder.trim_end_matches('/'));
        let mut entry = tree.entry(&path)?;
        if entry
            .as_ref()
            .is_some_and(|it| it.mode == FileMode::Symlink)
        {
            path = tree.real(&path)?;
            entry = tree.entry(&path)?;
        }
        let Some(entry) = entry else { continue };
        if entry.bytes.len() > templates::MAX_SIZE {
            return Err(Fault::usage(format!(
                "`{path}` is larger than {} kB",
                templates::MAX_SIZE / 1024
            )));
        }
        found.insert(name, entry.text(&path)?.to_owned());
    }
    Templates::with(found)
}
