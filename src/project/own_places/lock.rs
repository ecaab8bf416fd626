//! What a lock file repeats of the version that a manifest says.

use std::collections::BTreeSet;
use std::ops::Range;

use super::anchor::{anchored, finds_only};
use crate::project::file_entry::line_of;
use crate::text::{in_words, of_slice};

/// Places of one file that are looked at: far more than a workspace has members.
pub(crate) const MOST_PLACES: usize = 500;

/// Whose version a place in a manifest says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Whose {
    /// That of the package of this name.
    Package(String),
    /// That of every member which takes it from the workspace.
    Workspace,
}

/// A place in a lock file that repeats the version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct LockedPlace {
    /// The package.
    pub(crate) name: String,
    /// The line, counted from 1.
    pub(crate) line: usize,
    /// A pattern that finds it alone, where there is one.
    pub(crate) pattern: Option<String>,
}

/// Where the lock files of a manifest stand, by its path, the nearest first.
pub(crate) fn beside(manifest: &str) -> Vec<String> {
    let (folder, name) = manifest.rsplit_once('/').unwrap_or(("", manifest));
    let inside = |folder: &str, name: &str| match folder {
        "" => name.to_owned(),
        folder => format!("{folder}/{name}"),
    };
    match name {
        "Cargo.toml" => {
            let mut folders = vec![folder];
            while let Some((above, _)) = folders.last().and_then(|last| last.rsplit_once('/')) {
                folders.push(above);
            }
            if !folder.is_empty() {
                folders.push("");
            }
            let locks = folders.into_iter();
            locks.map(|folder| inside(folder, "Cargo.lock")).collect()
        }
        "pyproject.toml" => vec![inside(folder, "uv.lock")],
        "package.json" => ["npm-shrinkwrap.json", "package-lock.json"]
            .map(|name| inside(folder, name))
            .into(),
        _ => Vec::new(),
    }
}

/// Whether a manifest or lock file is cargo's.
pub(crate) fn is_of_cargo(path: &str) -> bool {
    matches!(path.rsplit('/').next(), Some("Cargo.toml" | "Cargo.lock"))
}

/// Whether a path is that of a lock file of cargo's in a folder below a manifest's.
pub(crate) fn is_below(path: &str, manifest: &str) -> bool {
    let folder = manifest.strip_suffix("Cargo.toml").unwrap_or(manifest);
    let inside = path.strip_prefix(folder);
    inside.is_some_and(|inside| inside.ends_with("/Cargo.lock"))
}

/// Whether a path is that of a lock file which repeats a version.
pub(crate) fn is_lock(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or_default();
    matches!(
        name,
        "Cargo.lock" | "uv.lock" | "npm-shrinkwrap.json" | "package-lock.json"
    )
}

/// Whose version stands at this byte of a manifest.
pub(crate) fn whose(manifest: &str, text: &str, at: usize) -> Option<Whose> {
    if manifest.ends_with("package.json") {
        return Some(Whose::Package(String::new()));
    }
    let line = line_of(text.as_bytes(), at);
    let lines: Vec<&str> = text.lines().collect();
    let heading = lines
        .get(..line)?
        .iter()
        .rposition(|line| line.trim_start().starts_with('['))?;
    match table_name(lines[heading])? {
        "workspace.package" => Some(Whose::Workspace),
        "package" | "project" | "tool.poetry" => name_in(&lines[heading + 1..]).map(Whose::Package),
        _ => None,
    }
}

/// The name of the table that a line is the heading of.
pub(crate) fn table_name(line: &str) -> Option<&str> {
    let inside = line.trim_start().strip_prefix('[')?;
    let name = inside.split(']').next()?;
    (!name.starts_with('[')).then(|| name.trim())
}

/// The name that the lines of a table give.
pub(crate) fn name_in(lines: &[&str]) -> Option<String> {
    let mut inside = lines
        .iter()
        .take_while(|line| !line.trim_start().starts_with('['));
    let name = inside.find_map(|line| value_of(line, "name"))?;
    Some(name.to_owned())
}

/// The text that a line of TOML gives a key.
pub(crate) fn value_of<'a>(line: &'a str, key: &str) -> Option<&'a str> {
    let value = line.trim_start().strip_prefix(key)?.trim_start();
    let value = value.strip_prefix('=')?.trim_start();
    let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    value[1..].split(quote).next()
}

/// The places of a lock file that repeat a version which is said like this, without those of a
/// workspace's members that have a version of their own.
pub(crate) fn places(
    lock: &str,
    text: &str,
    whose: &Whose,
    version: &str,
    apart: &BTreeSet<String>,
) -> Vec<LockedPlace> {
    if is_of_cargo(lock) || lock.ends_with("uv.lock") {
        let mut found = cargo(text, whose, version);
        found.retain(|place| *whose != Whose::Workspace || !apart.contains(&place.name));
        found
    } else {
        npm(text, version)
    }
}

/// The packages without a source: those of the workspace itself.
fn cargo(text: &str, whose: &Whose, version: &str) -> Vec<LockedPlace> {
    let starts: Vec<usize> = text
        .match_indices("[[package]]")
        .map(|(at, _)| at)
        .collect();
    let ends = starts.iter().skip(1).copied().chain([text.len()]);
    let blocks = starts.iter().copied().zip(ends);
    blocks
        .filter_map(|(from, to)| cargo_package(text, from..to, whose, version))
        .take(MOST_PLACES)
        .collect()
}

fn normal(name: &str) -> String {
    name.to_ascii_lowercase().replace(['_', '.'], "-")
}

fn cargo_package(
    text: &str,
    block: Range<usize>,
    whose: &Whose,
    version: &str,
) -> Option<LockedPlace> {
    let lines = text[block.clone()].lines();
    let said = |key: &str| lines.clone().find_map(|line| value_of(line, key));
    let name = said("name")?;
    let is_own = match whose {
        // Python's names may be written in several ways, which a lock file makes one.
        Whose::Package(own) => normal(own) == normal(name),
        Whose::Workspace => true,
    };
    let said = said("version").filter(|_| is_own && said("source").is_none())?;
    let range = of_slice(text, said).filter(|_| said == version)?;
    let short = format!("name = \"{name}\"\nversion = \"{{project_version}}\"");
    let next = text[range.end..].lines().nth(1).unwrap_or_default();
    // A registry's package of the same name goes on with its source, one without anything more ends
    // in an empty line.
    let next = if next.is_empty() { "\n" } else { next };
    let long = format!("{short}\n{next}");
    let mut patterns = [short, long].into_iter();
    Some(LockedPlace {
        name: name.to_owned(),
        line: line_of(text.as_bytes(), range.start),
        pattern: patterns.find(|pattern| finds_only(pattern, text, &range)),
    })
}

/// The two places of npm's lock files that say what it locks: at the top, and of the package at the
/// root.
fn npm(text: &str, version: &str) -> Vec<LockedPlace> {
    let mut found = Vec::new();
    let lines: Vec<&str> = text.lines().collect();
    let is = |at: usize, wanted: &str| lines.get(at).is_some_and(|line| line.trim() == wanted);
    let root = (0..lines.len()).find(|at| is(*at, "\"packages\": {") && is(at + 1, "\"\": {"));
    for from in [Some(0), root.map(|at| at + 1)].into_iter().flatten() {
        let inside = lines.iter().skip(from + 1);
        let inside = inside.take_while(|line| !line.trim_end().ends_with(['{', '}']));
        let said = inside
            .filter_map(|line| line.trim_start().strip_prefix("\"version\": \""))
            .find_map(|rest| rest.split('"').next());
        let Some(range) = said.and_then(|said| of_slice(text, said)) else {
            continue;
        };
        if &text[range.clone()] == version {
            let name = if from == 0 { "version" } else { "packages" };
            found.push(LockedPlace {
                name: name.to_owned(),
                line: line_of(text.as_bytes(), range.start),
                pattern: anchored(text, &range, None),
            });
        }
    }
    found
}

/// What is to be said of a lock file in which these places were left behind; none where none was.
pub(crate) fn left_behind(
    manifest: &str,
    lock: &str,
    version: &str,
    places: &[LockedPlace],
) -> Option<String> {
    const NAMED: usize = 3;
    if places.is_empty() {
        return None;
    }
    let mut lines: Vec<String> = places.iter().map(|place| place.line.to_string()).collect();
    let more = lines.len().saturating_sub(NAMED);
    if more > 1 {
        lines.truncate(NAMED);
        lines.push(format!("{more} more"));
    }
    let (line, says) = if places.len() == 1 {
        ("line", "says")
    } else {
        ("lines", "say")
    };
    let fails = if is_of_cargo(lock) {
        "so `cargo build --locked` may refuse it"
    } else if lock.ends_with("uv.lock") {
        "so `uv sync --locked` may refuse it"
    } else {
        "so `npm install` would change it"
    };
    let patterns = places.iter().filter_map(|place| place.pattern.as_ref());
    let patterns: Vec<String> = patterns.take(NAMED).map(|one| format!("{one:?}")).collect();
    let pattern = match patterns.as_slice() {
        [] => String::new(),
        [only] => format!(" and `match = {only}`"),
        several => format!(" and `match = [{}]`", several.join(", ")),
    };
    Some(format!(
        "`{lock}` {line} {}: still {says} `{version}`, which `{manifest}` no longer does, {fails}; add a `[[version]]` (a `[version]` becomes one too) with `file = \"{lock}\"`{pattern}",
        in_words(lines)
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOCK: &str = "version = 4\n\n[[package]]\nname = \"a\"\nversion = \"1.0.0\"\ndependencies = [\n \"b\",\n]\n\n[[package]]\nname = \"a\"\nversion = \"1.0.0\"\nsource = \"registry\"\n\n[[package]]\nname = \"b\"\nversion = \"1.0.0\"\n\n[[package]]\nname = \"c\"\nversion = \"2.0.0\"\n\n[[package]]\nname = \"d\"\nversion = \"1.0.0\"\n";

    #[test]
    fn of_a_lock_what_has_no_source_is_the_project_s() {
        let of_a = Some("name = \"a\"\nversion = \"{project_version}\"\ndependencies = [");
        let of_b = Some("name = \"b\"\nversion = \"{project_version}\"");
        let package = |name: &str| Whose::Package(name.to_owned());
        let apart = BTreeSet::from(["d".to_owned()]);
        for (whose, version, expected) in [
            (package("a"), "1.0.0", vec![("a", 5, of_a)]),
            (package("a"), "1.0.1", vec![]),
            (package("c"), "1.0.0", vec![]),
            (
                Whose::Workspace,
                "1.0.0",
                vec![("a", 5, of_a), ("b", 17, of_b)],
            ),
        ] {
            let found = places("Cargo.lock", LOCK, &whose, version, &apart);
            let found: Vec<_> = found
                .iter()
                .map(|place| (place.name.as_str(), place.line, place.pattern.as_deref()))
                .collect();
            assert_eq!(found, expected, "{whose:?} {version}");
        }
    }

    #[test]
    fn of_npm_s_lock_the_top_and_the_root_are_the_project_s() {
        let old = "{\n  \"name\": \"a\",\n  \"version\": \"1.0.0\",\n  \"dependencies\": {\n    \"b\": {\n      \"version\": \"1.0.0\"\n";
        let new = "{\n  \"name\": \"a\",\n  \"version\": \"1.0.0\",\n  \"packages\": {\n    \"\": {\n      \"name\": \"a\",\n      \"version\": \"1.0.0\"\n    },\n    \"node_modules/b\": {\n      \"version\": \"1.0.0\"\n";
        for (text, expected) in [
            (old, vec![(3, "\n  \"version\": \"{project_version}\"")]),
            (
                new,
                vec![
                    (3, "\n  \"version\": \"{project_version}\""),
                    (
                        7,
                        "\"name\": \"a\",\n      \"version\": \"{project_version}\"",
                    ),
                ],
            ),
            ("{\n  \"lockfileVersion\": 3\n}\n", vec![]),
        ] {
            let whose = Whose::Package(String::new());
            let found = places("package-lock.json", text, &whose, "1.0.0", &BTreeSet::new());
            let found: Vec<_> = found
                .iter()
                .map(|place| (place.line, place.pattern.as_deref().unwrap_or_default()))
                .collect();
            assert_eq!(found, expected, "{text}");
        }
    }

    #[test]
    fn a_lock_stands_beside_its_manifest_or_above() {
        for (manifest, expected) in [
            ("Cargo.toml", &["Cargo.lock"][..]),
            (
                "a/b/Cargo.toml",
                &["a/b/Cargo.lock", "a/Cargo.lock", "Cargo.lock"],
            ),
            (
                "a/package.json",
                &["a/npm-shrinkwrap.json", "a/package-lock.json"],
            ),
            ("setup.cfg", &[]),
        ] {
            assert_eq!(beside(manifest), expected, "{manifest}");
        }
    }

    #[test]
    fn a_version_is_the_workspace_s_or_a_package_s() {
        let text = "[workspace.package] # all\nversion = \"1.0.0\"\n\n[package]\nversion = \"1.0.1\"\nname = \"a\"\n[dependencies]\nb = \"1.0.2\"\n";
        for (says, expected) in [
            ("1.0.0", Some(Whose::Workspace)),
            ("1.0.1", Some(Whose::Package("a".to_owned()))),
            ("1.0.2", None),
        ] {
            let at = text.find(says).expect("a version");
            assert_eq!(whose("Cargo.toml", text, at), expected, "{says}");
        }
    }

    #[test]
    fn what_was_left_behind_is_told_once() {
        let place = |line: usize| LockedPlace {
            name: "a".to_owned(),
            line,
            pattern: Some("name = \"a\"\nversion = \"{project_version}\"".to_owned()),
        };
        let all = |lines: &[usize]| lines.iter().copied().map(place).collect::<Vec<_>>();
        for (lines, expected) in [
            (&[][..], None),
            (
                &[5],
                Some("`Cargo.lock` line 5: still says `1.0.0`, which `Cargo.toml` no longer does"),
            ),
            (
                &[1, 2, 3, 4, 5],
                Some("`Cargo.lock` lines 1, 2, 3 and 2 more: still say `1.0.0`"),
            ),
        ] {
            let told = left_behind("Cargo.toml", "Cargo.lock", "1.0.0", &all(lines));
            match expected {
                None => assert_eq!(told, None),
                Some(start) => {
                    let told = told.expect(start);
                    assert!(told.starts_with(start), "{told}");
                    let pattern = r#""name = \"a\"\nversion = \"{project_version}\"""#;
                    let patterns = match lines {
                        [_] => pattern.to_owned(),
                        _ => format!("[{}]", vec![pattern; lines.len().min(3)].join(", ")),
                    };
                    let adds = format!("`file = \"Cargo.lock\"` and `match = {patterns}`");
                    assert!(told.ends_with(&adds), "{told}");
                }
            }
        }
    }
}
