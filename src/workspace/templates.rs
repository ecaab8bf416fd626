//! The project's own templates.

use std::collections::BTreeMap;

use crate::paper::templates::{self, Templates};
use crate::project::config::Config;
use crate::text::fault::Fault;
use crate::workspace::context::Context;

/// The templates, the project's own among them.
pub(crate) fn project_templates(context: &Context, config: &Config) -> Result<Templates, Fault> {
    let Some(folder) = &config.templates else {
        return Ok(Templates::default());
    };
    let root = context.path(std::path::Path::new(folder));
    if !root.is_dir() {
        return Err(Fault::usage(format!(
            "`{folder}` of `[templates]` is no folder; create it, or leave that out"
        )));
    }
    let mut found = BTreeMap::new();
    let mut folders = vec![(root, String::new())];
    while let Some((folder, prefix)) = folders.pop() {
        let failed = |error: std::io::Error| {
            Fault::failed(format!("cannot read `{}`: {error}", folder.display()))
        };
        for entry in std::fs::read_dir(&folder).map_err(failed)? {
            let path = entry.map_err(failed)?.path();
            let name = format!(
                "{prefix}{}",
                path.file_name()
                    .and_then(|name| name.to_str())
                    .unwrap_or_default()
            );
            if path.is_dir() && prefix.is_empty() {
                folders.push((path, format!("{name}/")));
            } else if name.ends_with(".j2") {
                let size = std::fs::metadata(&path).map_err(failed)?.len();
                if size > templates::MAX_SIZE as u64 {
                    return Err(Fault::usage(format!(
                        "`{}` is larger than {} kB",
                        path.display(),
                        templates::MAX_SIZE / 1024
                    )));
                }
                let text = std::fs::read_to_string(&path).map_err(|error| {
                    Fault::failed(format!("cannot read `{}`: {error}", path.display()))
                })?;
                found.insert(name, text);
            }
        }
    }
    Templates::with(found)
}
