//! Changelogs in which each entry is a file of its own: folders of YAML, and towncrier's fragments.

use std::collections::BTreeMap;

use crate::project::config::{ENTRY, EntryFile};
use crate::project::discovery::found::Checkout;

/// Types of towncrier's that an entry for OpenSSL may have, best first.
const TYPES: [&str; 10] = [
    "deps",
    "dependency",
    "dependencies",
    "packaging",
    "build",
    "security",
    "change",
    "bugfix",
    "misc",
    "feature",
];

/// The file that an entry gets, where the project keeps one for each.
pub(crate) fn entries(checkout: &Checkout) -> Option<EntryFile> {
    towncrier(checkout).or_else(|| yaml(checkout))
}

/// The path with the link's name in it, where there are several.
pub(crate) fn path(path: &str, several: bool) -> String {
    match path.replacen("openssl", "openssl-{link}", 1) {
        of_link if several => of_link,
        _ => path.to_owned(),
    }
}

/// The folder of towncrier's settings, with the extension and type that its fragments have.
fn towncrier(checkout: &Checkout) -> Option<EntryFile> {
    let settings = settings(checkout)?;
    let text = |key: &str| settings.get(key).and_then(toml::Value::as_str);
    let folder = match (text("directory"), text("package")) {
        (Some(folder), _) => folder
            .trim_start_matches("./")
            .trim_end_matches('/')
            .to_owned(),
        (None, Some(package)) => {
            let parent = text("package_dir").unwrap_or(".").trim_start_matches("./");
            format!("{parent}/{}/newsfragments", package.replace('.', "/"))
                .trim_start_matches(['.', '/'])
                .to_owned()
        }
        (None, None) => "newsfragments".to_owned(),
    };
    let standing = || {
        checkout.texts.iter().filter_map(|(path, text)| {
            let name = path.strip_prefix(&folder)?.strip_prefix('/')?;
            let mut parts = name.split('.').skip(1);
            let kind = parts.next().filter(|_| !name.contains('/'))?;
            Some((kind, parts.next().unwrap_or_default(), text))
        })
    };
    let of_openssl = standing().find(|(.., text)| text.to_lowercase().contains("openssl"));
    let types = types(&settings);
    let kind = of_openssl
        .map(|(kind, ..)| kind.to_owned())
        .filter(|kind| types.contains(kind))
        .or_else(|| {
            TYPES
                .iter()
                .find(|kind| types.iter().any(|known| known == *kind))
                .map(|kind| (*kind).to_owned())
        })
        .or_else(|| types.first().cloned())?;
    let mut ends: BTreeMap<&str, usize> = BTreeMap::new();
    for (kind, end, _) in standing() {
        if types.iter().any(|known| known == kind) && matches!(end, "" | "rst" | "md" | "txt") {
            *ends.entry(end).or_default() += 1;
        }
    }
    let usual = || text("filename").and_then(|name| Some(name.rsplit_once('.')?.1));
    let end = ends
        .into_iter()
        .max_by_key(|(_, count)| *count)
        .map(|(end, _)| end)
        .or_else(usual)
        .unwrap_or("rst");
    let dot = if end.is_empty() { "" } else { "." };
    Some(EntryFile {
        path: format!("{folder}/+openssl.{kind}{dot}{end}"),
        text: format!("{ENTRY}\n"),
    })
}

/// towncrier's own settings, wherever it would read them.
fn settings(checkout: &Checkout) -> Option<toml::Table> {
    ["towncrier.toml", "pyproject.toml"]
        .iter()
        .find_map(|file| {
            let table: toml::Table = checkout.texts.get(*file)?.parse().ok()?;
            table.get("tool")?.get("towncrier")?.as_table().cloned()
        })
}

/// The types of fragments.
fn types(settings: &toml::Table) -> Vec<String> {
    let listed = match settings.get("type") {
        Some(toml::Value::Array(types)) => types
            .iter()
            .filter_map(|one| {
                let name = || one.get("name")?.as_str().map(str::to_lowercase);
                let folder = one.get("directory").and_then(toml::Value::as_str);
                folder.map(str::to_owned).or_else(name)
            })
            .collect(),
        _ => Vec::new(),
    };
    let of_table = || {
        let table = settings.get("fragment")?.as_table()?;
        Some(table.keys().cloned().collect::<Vec<String>>())
    };
    if listed.is_empty() {
        of_table().unwrap_or_else(|| {
            ["feature", "bugfix", "doc", "removal", "misc"]
                .map(str::to_owned)
                .into()
        })
    } else {
        listed
    }
}

/// The folder `unreleased` of a changelog, with the keys that an entry there has: those of one for
/// OpenSSL, released or not, else of any.
fn yaml(checkout: &Checkout) -> Option<EntryFile> {
    let mut all: Vec<(&str, &str)> = Vec::new();
    for (path, text) in &checkout.texts {
        let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
        let of_changelog = folder.split('/').next().is_some_and(|first| {
            matches!(
                first,
                "changelog" | "changelogs" | ".changelog" | ".changes"
            )
        });
        let yaml = [".yml", ".yaml"].iter().any(|end| path.ends_with(end));
        if of_changelog && yaml && shape(text).is_some() {
            all.push((path, text));
        }
    }
    let is_unreleased = |path: &str| path.split('/').nth(1) == Some("unreleased");
    if !checkout.texts.keys().any(|path| is_unreleased(path)) {
        return None;
    }
    let speaks = |(path, text): &&(&str, &str)| {
        let lower = text.to_lowercase();
        path.contains("openssl") || lower.contains("openssl")
    };
    let (path, text) = all
        .iter()
        .rev()
        .find(speaks)
        .or_else(|| all.iter().rev().find(|(path, _)| is_unreleased(path)))
        .or_else(|| all.last())?;
    // `changelog/3.9.0/kong/x.yml` was `changelog/unreleased/kong/x.yml` before its release.
    let mut parts: Vec<&str> = path.split('/').collect();
    parts.pop();
    if parts.len() > 1 {
        parts[1] = "unreleased";
    } else {
        parts.push("unreleased");
    }
    let end = path.rsplit('.').next().unwrap_or("yml");
    Some(EntryFile {
        path: format!("{}/bump-openssl.{end}", parts.join("/")),
        text: shape(text)?,
    })
}

/// An entry's file with `{entry}` in place of what it says, and everything that is of one entry only
/// left out.
fn shape(text: &str) -> Option<String> {
    let table: Vec<(&str, &str)> = text
        .lines()
        .filter(|line| !line.starts_with([' ', '#', '-']))
        .filter_map(|line| line.split_once(':'))
        .collect();
    let says = ["message", "title", "description", "body", "text"];
    let (said, _) = says
        .iter()
        .find_map(|key| table.iter().find(|(known, _)| known == key))?;
    let mut out = String::new();
    for (key, value) in &table {
        let value = value.trim().trim_matches(['"', '\'']);
        if key == said {
            out.push_str(&format!("{key}: {ENTRY}\n"));
        } else if matches!(*key, "type" | "scope" | "kind" | "category" | "component") {
            let plain = value
                .chars()
                .all(|c| c.is_alphanumeric() || " _-/.".contains(c));
            if plain && !value.is_empty() {
                out.push_str(&format!("{key}: {value}\n"));
            }
        }
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(texts: &[(&str, &str)]) -> Option<(String, String)> {
        let checkout = Checkout {
            texts: texts
                .iter()
                .map(|(path, text)| ((*path).to_owned(), (*text).to_owned()))
                .collect(),
            ..Checkout::default()
        };
        entries(&checkout).map(|found| (found.path, found.text))
    }

    #[test]
    fn folders_of_yaml() {
        let of = |path: &str, text: &str| Some((path.to_owned(), text.to_owned()));
        let entry =
            "message: \"Bumped OpenSSL to 3.2.3.\"\ntype: dependency\nscope: Core\nprs:\n  - 1\n";
        let other = "message: >\n  A thing:\n  more\ntype: bugfix\n";
        let form = "message: {entry}\ntype: dependency\nscope: Core\n";
        for (texts, expected) in [
            (
                &[
                    ("changelog/unreleased/kong/a.yml", other),
                    ("changelog/3.9.0/kong/bump.yml", entry),
                ][..],
                of("changelog/unreleased/kong/bump-openssl.yml", form),
            ),
            (
                &[("changelogs/unreleased/a.yaml", other)],
                of(
                    "changelogs/unreleased/bump-openssl.yaml",
                    "message: {entry}\ntype: bugfix\n",
                ),
            ),
            (&[("changelog/3.9.0/a.yml", entry)], None),
            (&[("config/unreleased/a.yml", entry)], None),
            (&[("changelog/unreleased/a.yml", "on: push\n")], None),
        ] {
            assert_eq!(found(texts), expected, "{texts:?}");
        }
    }

    #[test]
    fn fragments_of_towncrier() {
        let settings = "[tool.towncrier]\ndirectory = \"changes\"\nfilename = \"NEWS.md\"\n";
        let typed = "[tool.towncrier]\npackage = \"a.b\"\npackage_dir = \"src\"\n[[tool.towncrier.type]]\nname = \"Security\"\n[[tool.towncrier.type]]\ndirectory = \"packaging\"\n";
        for (texts, expected) in [
            (
                &[("pyproject.toml", settings)][..],
                "changes/+openssl.bugfix.md",
            ),
            (
                &[
                    ("towncrier.toml", settings),
                    ("changes/1.misc.rst", "OpenSSL 3.5.3\n"),
                ],
                "changes/+openssl.misc.rst",
            ),
            (
                &[
                    ("pyproject.toml", typed),
                    ("src/a/b/newsfragments/12.security", "x\n"),
                ],
                "src/a/b/newsfragments/+openssl.packaging",
            ),
        ] {
            let (path, text) = found(texts).expect("entries");
            assert_eq!((path.as_str(), text.as_str()), (expected, "{entry}\n"));
        }
    }
}
