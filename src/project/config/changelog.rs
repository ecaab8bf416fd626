//! `[changelog]`: one file with a section for each release, or a file for each entry.

use schemars::JsonSchema;
use serde::{Deserialize, Deserializer};

use super::{shape, value};
use crate::openssl::version::Version;

/// `[changelog]`; one of the two is there.
#[derive(Debug, Clone, Deserialize)]
#[serde(try_from = "ChangelogKeys")]
pub struct Changelog {
    /// The file with a section for each release, relative to the project. Where entries are files it
    /// is what is made of them, and only read.
    pub file: Option<String>,
    /// The file of an entry, where each has its own.
    pub entry: Option<EntryFile>,
    /// Whether entries of release branches are carried forward, and to which branch if not the
    /// base. Left out, they are where there are release branches.
    pub forward: Option<Option<String>>,
}

/// `[changelog]`.
#[derive(Deserialize, JsonSchema)]
#[serde(rename = "Changelog", deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct ChangelogKeys {
    /// Its file: each release a section. Beside `entry`: where past releases are told.
    #[serde(default, deserialize_with = "file")]
    #[schemars(with = "Option<String>")]
    file: Option<String>,
    /// The file that a new entry gets of its own, where each entry is a file: a path with `{version}`
    /// and `{link}` where they are to stand.
    #[serde(default, deserialize_with = "entry_path")]
    #[schemars(with = "Option<String>")]
    entry: Option<String>,
    /// What stands in that file: a text with `{entry}`, in YAML as a string. Left out: the entry
    /// alone, in YAML `message: {entry}` and `type: dependency`.
    #[serde(default, deserialize_with = "entry_text")]
    #[schemars(with = "Option<String>")]
    text: Option<String>,
    /// Carry entries of release branches forward: `true` for the base branch (the default where
    /// `also` names release branches), or a branch's name.
    #[serde(default, deserialize_with = "forward")]
    #[schemars(with = "Option<ForwardKey>")]
    forward: Option<Option<String>>,
}

/// `forward`.
#[derive(Deserialize, JsonSchema)]
#[serde(
    untagged,
    rename = "Forward",
    expecting = "`forward` is `true`, `false` or a branch's name"
)]
enum ForwardKey {
    /// To the base branch, or not at all.
    Switch(bool),
    /// To this branch.
    Branch(String),
}

fn file<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    shape::text(deserializer, understood)
}

fn entry_path<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    shape::text(deserializer, one_path)
}

fn entry_text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    shape::text(deserializer, with_entry)
}

fn forward<'de, D>(deserializer: D) -> Result<Option<Option<String>>, D::Error>
where
    D: Deserializer<'de>,
{
    Ok(match ForwardKey::deserialize(deserializer)? {
        ForwardKey::Switch(forward) => forward.then_some(None),
        ForwardKey::Branch(branch) => Some(Some(branch)),
    })
}

impl TryFrom<ChangelogKeys> for Changelog {
    type Error = String;

    fn try_from(keys: ChangelogKeys) -> Result<Self, String> {
        if keys.entry.is_none() && (keys.file.is_none() || keys.text.is_some()) {
            return Err("`[changelog]` needs `file`, or `entry` where each entry is a file of its own; `text` belongs to `entry`".into());
        }
        let text = keys.text;
        let entry = keys.entry.map(|path| {
            let mut entry = EntryFile {
                path,
                text: String::new(),
            };
            entry.text = text.unwrap_or_else(|| entry.usual_text().to_owned());
            entry
        });
        Ok(Self {
            file: keys.file,
            entry,
            forward: keys.forward,
        })
    }
}

/// The file of one entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EntryFile {
    /// Its path, with `{version}` and `{link}` where they are to stand.
    pub path: String,
    /// What stands in it, with `{entry}`.
    pub text: String,
}

/// What stands in an entry's file for the entry.
pub(crate) const ENTRY: &str = "{entry}";
pub(super) const VERSION: &str = "{version}";
pub(super) const LINK: &str = "{link}";

impl EntryFile {
    /// The folder of the entries that are not released yet.
    pub fn folder(&self) -> &str {
        self.path.rsplit_once('/').map_or("", |(folder, _)| folder)
    }

    /// The path of a link's entry for a version.
    pub fn of(&self, link: &str, version: Version) -> String {
        self.path
            .replace(LINK, link)
            .replace(VERSION, &version.to_string())
    }

    /// Whether a path is that of a link's entry for whatever version.
    pub fn is_of(&self, link: &str, path: &str) -> bool {
        let written = self.path.replace(LINK, link);
        let Some((before, after)) = written.split_once(VERSION) else {
            return path == written;
        };
        path.strip_prefix(before)
            .and_then(|rest| rest.strip_suffix(after))
            .is_some_and(|version| version.parse::<Version>().is_ok())
    }

    fn usual_text(&self) -> &'static str {
        if self.is_yaml() {
            "message: {entry}\ntype: dependency\n"
        } else {
            "{entry}\n"
        }
    }

    /// Whether entries are YAML.
    pub fn is_yaml(&self) -> bool {
        [".yml", ".yaml"].iter().any(|end| self.path.ends_with(end))
    }
}

/// A path that may be that of an entry's file.
fn one_path(path: &str) -> Result<String, String> {
    let path = value::parsed_path(path)?;
    let without = path.replace(LINK, "").replacen(VERSION, "", 1);
    if without.contains(['{', '}', '*', '?', '[']) {
        return Err(format!(
            "`{path}` is one file's name, in which `{{link}}` and, once, `{{version}}` may stand"
        ));
    }
    Ok(path)
}

/// What may stand in an entry's file.
///
/// # Errors
///
/// In words, if the entry would not stand in it, or more than once.
fn with_entry(text: &str) -> Result<String, String> {
    if text.matches(ENTRY).count() != 1 {
        return Err("`text` needs `{entry}` once, where the entry is to stand".into());
    }
    Ok(text.to_owned())
}

/// The name of a changelog that entries can be put into.
///
/// # Errors
///
/// In words that say what to do, where its kind is none that is understood.
fn understood(file: &str) -> Result<String, String> {
    let name = file.rsplit('/').next().unwrap_or(file).to_ascii_lowercase();
    let debian = name == "changelog" && file.to_ascii_lowercase().ends_with("debian/changelog");
    let kind = match name.rsplit_once('.').map(|(_, end)| end) {
        _ if debian => "a changelog of Debian's",
        Some("spec") => "a spec file",
        Some("changes") => "a changes file of a spec",
        Some("adoc" | "asciidoc" | "asc") => "AsciiDoc",
        Some("html" | "htm" | "xml" | "yml" | "yaml" | "json" | "toml" | "org" | "textile") => {
            "no running text in Markdown or reStructuredText"
        }
        _ => return Ok(file.to_owned()),
    };
    Err(format!(
        "`{file}` of `[changelog]` is {kind}; entries are put into Markdown and reStructuredText only: leave `[changelog]` out and take the text from `release-check draft changelog`, or let a pin's `insert` add the lines"
    ))
}
