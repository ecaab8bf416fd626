//! `[changelog]`: one file with a section for each release, or a file for each entry.

use super::raw;
use super::read::Source;
use super::{Link, Role};
use crate::openssl::version::Version;
use crate::text::fault::Fault;

/// `[changelog]`; one of the two is there.
#[derive(Debug, Clone)]
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
const VERSION: &str = "{version}";
const LINK: &str = "{link}";

impl EntryFile {
    /// The folder of the entries that are not released yet.
    #[must_use]
    pub fn folder(&self) -> &str {
        self.path.rsplit_once('/').map_or("", |(folder, _)| folder)
    }

    /// The path of a link's entry for a version.
    #[must_use]
    pub fn of(&self, link: &str, version: Version) -> String {
        self.path
            .replace(LINK, link)
            .replace(VERSION, &version.to_string())
    }

    /// Whether a path is that of a link's entry for whatever version.
    #[must_use]
    pub fn is_of(&self, link: &str, path: &str) -> bool {
        let written = self.path.replace(LINK, link);
        let Some((before, after)) = written.split_once(VERSION) else {
            return path == written;
        };
        path.strip_prefix(before)
            .and_then(|rest| rest.strip_suffix(after))
            .is_some_and(|version| version.parse::<Version>().is_ok())
    }

    /// Whether entries are YAML.
    #[must_use]
    pub fn is_yaml(&self) -> bool {
        [".yml", ".yaml"].iter().any(|end| self.path.ends_with(end))
    }
}

impl Source<'_> {
    /// Reads `[changelog]`; `branches`: there are release branches with pull requests of their own.
    pub(super) fn changelog(
        &self,
        raw: raw::Changelog,
        links: &[Link],
        branches: bool,
    ) -> Result<Changelog, Fault> {
        if let Some(file) = &raw.file {
            understood(file)?;
        }
        let Some(path) = raw.entry else {
            if raw.file.is_none() || raw.text.is_some() {
                return Err(Fault::usage(format!(
                    "`{}`: `[changelog]` needs `file`, or `entry` where each entry is a file of its own; `text` belongs to `entry`",
                    self.name
                )));
            }
            return Ok(Changelog {
                file: raw.file,
                entry: None,
                forward: match raw.forward {
                    // Release branches of their own are what entries are carried forward from.
                    None if !branches => None,
                    Some(raw::Forward::Switch(false)) => None,
                    None | Some(raw::Forward::Switch(true)) => Some(None),
                    Some(raw::Forward::Branch(branch)) => Some(Some(branch)),
                },
            });
        };
        let span = path.span();
        if !matches!(raw.forward, None | Some(raw::Forward::Switch(false))) {
            return Err(self.fault(
                span,
                "`forward` carries sections of one file forward; where each entry is a file, leave it out",
            ));
        }
        let shipped = links.iter().filter(|link| link.role == Role::Shipped);
        let path = self.path(&path.into_inner(), span.clone())?;
        if shipped.count() > 1 && !path.contains(LINK) {
            return Err(self.fault(
                span,
                "several links would write one file; put `{link}` into its name",
            ));
        }
        let without = path.replace(LINK, "").replacen(VERSION, "", 1);
        if without.contains(['{', '}', '*', '?', '[']) {
            return Err(self.fault(
                span,
                format!("`{path}` is one file's name, in which `{{link}}` and, once, `{{version}}` may stand"),
            ));
        }
        let mut entry = EntryFile {
            path,
            text: String::new(),
        };
        let usual = if entry.is_yaml() {
            "message: {entry}\ntype: dependency\n"
        } else {
            "{entry}\n"
        };
        entry.text = raw.text.unwrap_or_else(|| usual.to_owned());
        if entry.text.matches(ENTRY).count() != 1 {
            return Err(self.fault(
                span,
                "`text` needs `{entry}` once, where the entry is to stand",
            ));
        }
        Ok(Changelog {
            file: raw.file,
            entry: Some(entry),
            forward: None,
        })
    }
}

/// Whether a changelog of this name can be one that entries are put into.
///
/// # Errors
///
/// A usage fault that says what to do, where its kind is none that is understood.
fn understood(file: &str) -> Result<(), Fault> {
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
        _ => return Ok(()),
    };
    Err(Fault::usage(format!(
        "`{file}` of `[changelog]` is {kind}; entries are put into Markdown and reStructuredText only: leave `[changelog]` out and take the text from `release-check draft changelog`, or let a pin's `insert` add the lines"
    )))
}
