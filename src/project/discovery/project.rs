//! The project's own files: its name, its changelog, its own version.

use super::found::OwnVersion;
use super::found::{Checkout, Doubt};
use std::collections::BTreeSet;

use crate::project::pattern::Pattern;
use crate::project::project_version::ProjectVersion;

/// The name in the origin's address, else the folder's.
pub(super) fn name(checkout: &Checkout) -> String {
    let of_origin = checkout
        .origin
        .as_deref()
        .and_then(|origin| origin.rsplit('/').next());
    of_origin
        .filter(|name| !name.is_empty())
        .unwrap_or(&checkout.folder)
        .to_owned()
}

/// The changelog at the root, or in `docs`.
pub(super) fn changelog(checkout: &Checkout) -> Option<String> {
    let names = ["changelog", "changes", "history", "news"];
    let ends = ["md", "rst", "txt", ""];
    let rank = |path: &str| {
        let (depth, file) = match path.rsplit_once('/') {
            None => (0, path),
            Some(("docs" | "doc", file)) => (1, file),
            Some(_) => return None,
        };
        let lower = file.to_ascii_lowercase();
        let (stem, end) = lower.rsplit_once('.').unwrap_or((&lower, ""));
        Some((
            depth,
            names.iter().position(|name| *name == stem)?,
            ends.iter().position(|known| *known == end)?,
        ))
    };
    checkout
        .texts
        .keys()
        .filter_map(|path| Some((rank(path)?, path)))
        .min()
        .map(|(_, path)| path.clone())
}

/// Where the project says its own version: where its packaging does, else in its code.
pub(super) fn version(checkout: &Checkout, unsure: &mut BTreeSet<Doubt>) -> Option<OwnVersion> {
    let mut found: Vec<(OwnVersion, usize)> = Vec::new();
    for (path, text) in &checkout.texts {
        let file = path.rsplit('/').next().unwrap_or_default();
        let depth = path.matches('/').count();
        let prefixes: &[&str] = match file {
            "pyproject.toml" | "Cargo.toml" if depth == 0 => &["version = \""],
            "package.json" if depth == 0 => &["\"version\": \""],
            "setup.cfg" if depth == 0 => &["version = "],
            "__about__.py" | "__init__.py" | "_version.py" | "version.py" if depth <= 2 => {
                &["__version__ = \"", "__version__ = '"]
            }
            _ => continue,
        };
        found.extend(
            prefixes
                .iter()
                .filter_map(|prefix| stated(path, text, prefix)),
        );
    }
    let mut found = found.into_iter();
    let (first, _) = found.next()?;
    for (other, line) in found {
        if other.version == first.version {
            let why = format!(
                "the project's own version stands here too, beside `{}`; `[version]` raises it there only",
                first.file
            );
            unsure.insert(Doubt::at(
                &other.file,
                &checkout.texts[&other.file],
                line,
                why,
            ));
        }
    }
    Some(first)
}

/// The one line of a file that starts like this and says a version.
fn stated(path: &str, text: &str, prefix: &str) -> Option<(OwnVersion, usize)> {
    let (at, line) = text
        .lines()
        .enumerate()
        .find(|(_, line)| line.trim_start().starts_with(prefix))?;
    let rest = line.trim_start().strip_prefix(prefix)?;
    let version = rest.split(['"', '\'', ' ', ',']).next()?;
    version.parse::<ProjectVersion>().ok()?;
    let after = rest[version.len()..]
        .chars()
        .next()
        .filter(|c| matches!(c, '"' | '\''))
        .map_or_else(String::new, String::from);
    let short = format!("{prefix}{{project_version}}{after}");
    let long = format!("\n{short}");
    let once = |written: &String| {
        Pattern::of_project_version(written)
            .is_ok_and(|pattern| pattern.find(text, 0..text.len()).count() == 1)
    };
    let pattern = [short, long].into_iter().find(once)?;
    Some((
        OwnVersion {
            file: path.to_owned(),
            pattern,
            version: version.to_owned(),
        },
        at + 1,
    ))
}
