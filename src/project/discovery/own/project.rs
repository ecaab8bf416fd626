//! The project's own files: its name, its changelog, its own version.

use std::collections::BTreeSet;

use crate::project::changelog::releases;
use crate::project::discovery::found::{Checkout, Doubt, OwnVersion};
use crate::project::pattern::Pattern;
use crate::project::project_version::ProjectVersion;

/// Where packaging says a project's name: the file, the section if any, and what stands before the
/// name.
const NAMED: [(&str, &str, &[&str]); 7] = [
    ("pyproject.toml", "[project]", &["name = "]),
    ("pyproject.toml", "[tool.poetry]", &["name = "]),
    ("setup.cfg", "[metadata]", &["name = "]),
    ("Cargo.toml", "[package]", &["name = "]),
    ("PKG-INFO", "", &["Name: "]),
    ("setup.py", "", &["name=", "setup(name=", "name = "]),
    ("package.json", "", &["\"name\": "]),
];

/// The name in the origin's address, else what packaging calls it, else the folder's without the
/// version behind it.
pub(crate) fn name(checkout: &Checkout) -> String {
    let of_origin = checkout
        .origin
        .as_deref()
        .and_then(|origin| origin.rsplit('/').next())
        .filter(|name| !name.is_empty());
    of_origin
        .map(str::to_owned)
        .or_else(|| packaged_names(checkout).next())
        .unwrap_or_else(|| without_version(&checkout.folder).to_owned())
}

fn packaged_names(checkout: &Checkout) -> impl Iterator<Item = String> + '_ {
    NAMED
        .iter()
        .filter_map(|(file, section, before)| packaged(checkout, file, section, before))
}

fn packaged(checkout: &Checkout, file: &str, section: &str, before: &[&str]) -> Option<String> {
    let text = checkout.texts.get(file)?;
    let mut lines = text.lines().map(str::trim);
    if !section.is_empty() {
        lines.find(|line| *line == section)?;
    }
    let within = lines.take_while(|line| section.is_empty() || !line.starts_with('['));
    let value = within
        .into_iter()
        .find_map(|line| before.iter().find_map(|before| line.strip_prefix(before)))?;
    let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''));
    let name = match quote {
        Some(quote) => value[1..].split(quote).next()?,
        None if matches!(file, "setup.py" | "package.json") => return None,
        None => value.trim(),
    };
    let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    // A scope is no part of the name.
    let name = name.rsplit('/').next()?;
    (!name.is_empty() && name.chars().all(is_name)).then(|| name.to_owned())
}

/// The name of a folder that an archive was unpacked to, `sample-2.9.10`, without the version.
fn without_version(folder: &str) -> &str {
    let at = folder
        .match_indices(['-', '_'])
        .map(|(at, _)| at)
        .find(|at| {
            let rest = &folder[at + 1..];
            let rest = rest.strip_prefix('v').unwrap_or(rest);
            rest.starts_with(|c: char| c.is_ascii_digit())
                && rest.contains('.')
                && rest
                    .chars()
                    .all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '+' | '-'))
        });
    match at {
        Some(at) if at > 0 => &folder[..at],
        _ => folder,
    }
}

/// The changelog at the root, or in `docs`.
pub(crate) fn changelog(checkout: &Checkout) -> Option<String> {
    checkout
        .texts
        .keys()
        .filter_map(|path| Some((rank(path)?, path)))
        .min()
        .map(|(_, path)| path.clone())
}

/// What writes a changelog, where that is a tool which makes it of commits or of files with an entry
/// each, so that an entry put in by hand is lost or said twice.
pub(crate) fn maker(checkout: &Checkout, changelog: &str) -> Option<&'static str> {
    /// Lines at both ends of a changelog that may say it.
    const ENDS: usize = 12;
    let settings = [
        (".release-please-manifest.json", "release-please"),
        ("release-please-config.json", "release-please"),
        ("cliff.toml", "git-cliff"),
        (".versionrc", "standard-version"),
        (".versionrc.json", "standard-version"),
        ("changelog/CHANGELOG.tmpl", "calens"),
        (".changie.yaml", "changie"),
        (".changeset/config.json", "changesets"),
        ("changelogs/config.yaml", "antsibull-changelog"),
        ("releasenotes/config.yaml", "reno"),
    ];
    let of_settings = || {
        settings
            .iter()
            .find(|(file, _)| checkout.texts.contains_key(*file))
    };
    let text = checkout.texts.get(changelog)?;
    let lines = || text.lines().take(ENDS).chain(text.lines().rev().take(ENDS));
    let tools = [
        ("github_changelog_generator", "github_changelog_generator"),
        ("github-changelog-generator", "github_changelog_generator"),
        ("standard-version", "standard-version"),
        ("git-cliff", "git-cliff"),
        ("release-please", "release-please"),
        ("semantic-release", "semantic-release"),
    ];
    // What only names a tool may say that it is used no longer.
    let is_signed = |line: &str| {
        let lower = line.to_ascii_lowercase();
        let signs = [
            "generated by",
            "created by",
            "generated with",
            "generated using",
            "made by",
            "see [standard-version]",
        ];
        signs.iter().any(|sign| lower.contains(sign))
    };
    let of_text = || {
        tools
            .iter()
            .find(|(word, _)| lines().any(|line| line.contains(word) && is_signed(line)))
    };
    of_settings().or_else(of_text).map(|(_, tool)| *tool)
}

/// Where a changelog stands among others, if the path is that of one.
fn rank(path: &str) -> Option<(usize, usize, usize)> {
    let names = ["changelog", "changes", "history", "news"];
    let ends = ["md", "rst", "txt", ""];
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
}

/// Whether a path may be that of the changelog, or of what says the project's own version.
pub(crate) fn is_own(path: &str) -> bool {
    rank(path).is_some() || !before_version(path).is_empty()
}

/// What stands before the project's own version, where a file says it.
fn before_version(path: &str) -> &'static [&'static str] {
    let depth = path.matches('/').count();
    match path.rsplit('/').next().unwrap_or_default() {
        "pyproject.toml" | "Cargo.toml" if depth == 0 => &["version = \""],
        "package.json" if depth == 0 => &["\"version\": \""],
        "setup.cfg" if depth == 0 => &["version = "],
        "__about__.py" | "__init__.py" | "_version.py" | "version.py" if depth <= 2 => {
            &["__version__ = \"", "__version__ = '"]
        }
        _ => &[],
    }
}

/// Where the project says its own version: where its packaging does, else in its code.
pub(crate) fn version(checkout: &Checkout, unsure: &mut BTreeSet<Doubt>) -> Option<OwnVersion> {
    let mut found: Vec<(OwnVersion, usize)> = Vec::new();
    for (path, text) in &checkout.texts {
        let stated = before_version(path)
            .iter()
            .filter_map(|prefix| stated(path, text, prefix));
        found.extend(stated.filter(|_| is_own_package(checkout, path)));
    }
    if !found.is_empty()
        && let Some((changelog, released)) = released(checkout)
    {
        found.retain(|(own, line)| {
            let version = own.version.parse::<ProjectVersion>();
            let is_behind = version.is_ok_and(|version| version < released);
            if is_behind {
                let why = format!(
                    "it says {}, and `{changelog}` has {released}, so it is not the project's own version that a release raises",
                    own.version
                );
                unsure.insert(Doubt::at(&own.file, &checkout.texts[&own.file], *line, why));
            }
            !is_behind
        });
    }
    found.retain(|(own, line)| {
        let version = own.version.parse::<ProjectVersion>();
        let is_day = version.is_ok_and(|version| version.is_calendar());
        if is_day {
            let why = "the project's own version starts with a year, so what follows it is not known; raise it by hand";
            let text = &checkout.texts[&own.file];
            unsure.insert(Doubt::at(&own.file, text, *line, why.to_owned()));
        }
        !is_day
    });
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

/// Whether a file's folder is the project's own package, and not one of many that it has: it bears the
/// project's name, or no other package stands beside it.
fn is_own_package(checkout: &Checkout, path: &str) -> bool {
    let Some((folder, _)) = path.rsplit_once('/') else {
        return true;
    };
    let (around, package) = folder.rsplit_once('/').unwrap_or(("", folder));
    let plain = |name: &str| name.to_ascii_lowercase().replace(['-', '.'], "_");
    let is_named = |name: &str| plain(name) == plain(package);
    let beside = |(other, text): (&String, &String)| {
        let folder = other
            .strip_suffix("/__init__.py")
            .filter(|_| text.contains("__version__"))?;
        let (other_around, other) = folder.rsplit_once('/').unwrap_or(("", folder));
        (other_around == around).then(|| other.to_owned())
    };
    let names = || packaged_names(checkout).chain([name(checkout)]);
    names().any(|name| is_named(&name))
        || checkout
            .texts
            .iter()
            .filter_map(beside)
            .all(|other| other == package)
}

/// The changelog, and the newest version in it that is surely released: the one above it may be what
/// is worked on.
fn released(checkout: &Checkout) -> Option<(String, ProjectVersion)> {
    let file = changelog(checkout)?;
    let mut versions = releases(&file, checkout.texts.get(&file)?).ok()?;
    versions.sort();
    versions.pop();
    Some((file, versions.pop()?))
}

/// The one line of a file that starts like this and says a version.
fn stated(path: &str, text: &str, prefix: &str) -> Option<(OwnVersion, usize)> {
    let (at, line) = text
        .lines()
        .enumerate()
        .find(|(_, line)| line.trim_start().starts_with(prefix))?;
    let rest = line.trim_start().strip_prefix(prefix)?;
    let version = rest.split(['"', '\'', ' ', ',']).next()?;
    // Without a number it stands for what a release puts there.
    version
        .parse::<ProjectVersion>()
        .ok()
        .filter(|_| version.contains(|c: char| ('1'..='9').contains(&c)))?;
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_behind_the_changelog_is_not_the_project_s_own_version() {
        let log = "# v6.26.0\n- a\n\n# v6.25.0\n- b\n";
        for (says, expected) in [
            ("3.0.0", None),
            ("6.24.9", None),
            ("6.25.0", Some("6.25.0")),
            ("6.26.0", Some("6.26.0")),
            ("6.27.0", Some("6.27.0")),
        ] {
            let package = format!("{{\n  \"version\": \"{says}\",\n}}\n");
            let texts = [("CHANGELOG.md", log), ("package.json", package.as_str())];
            let checkout = Checkout {
                texts: texts
                    .map(|(file, text)| (file.to_owned(), text.to_owned()))
                    .into(),
                ..Checkout::default()
            };
            let mut unsure = BTreeSet::new();
            let found = version(&checkout, &mut unsure);
            assert_eq!(found.map(|own| own.version).as_deref(), expected, "{says}");
            assert_eq!(unsure.len(), usize::from(expected.is_none()));
        }
    }

    #[test]
    fn a_version_that_is_a_day_is_not_raised() {
        for (says, expected, told) in [
            ("2023.09.16", false, 1),
            ("23.9.16", true, 0),
            ("0.0.0-development", false, 0),
        ] {
            let text = format!("__version__ = '{says}'\n");
            let checkout = Checkout {
                texts: [("spam/__init__.py".to_owned(), text)].into(),
                ..Checkout::default()
            };
            let mut unsure = BTreeSet::new();
            let found = version(&checkout, &mut unsure);
            assert_eq!((found.is_some(), unsure.len()), (expected, told), "{says}");
        }
    }

    #[test]
    fn a_project_s_name_is_what_packaging_calls_it() {
        for (folder, file, text, expected) in [
            ("sample-2.9.10", "README", "", "sample"),
            ("sample_v1.2.0rc1", "README", "", "sample"),
            ("node-sample-2", "README", "", "node-sample-2"),
            (
                "x",
                "pyproject.toml",
                "[tool.a]\nname = \"b\"\n[project]\nname = \"sample\"\n",
                "sample",
            ),
            ("x", "setup.py", "setup(\n    name=\"sample\",\n", "sample"),
            ("x", "setup.py", "setup(name=NAME)\n", "x"),
            (
                "x",
                "package.json",
                "{\n  \"name\": \"@scope/sample\",\n",
                "sample",
            ),
            (
                "x",
                "PKG-INFO",
                "Metadata-Version: 2.1\nName: sample\n",
                "sample",
            ),
            ("x", "Cargo.toml", "[workspace]\nname = \"a\"\n", "x"),
        ] {
            let checkout = Checkout {
                folder: folder.to_owned(),
                texts: [(file.to_owned(), text.to_owned())].into(),
                ..Checkout::default()
            };
            assert_eq!(name(&checkout), expected, "{text}");
        }
    }
}
