//! `[changelog]`, read and checked.

use super::ConfigText;
use crate::project::config::changelog::{Changelog, ENTRY, EntryFile, LINK, VERSION};
use crate::project::config::{Link, Role, raw};
use crate::text::fault::Fault;

impl ConfigText<'_> {
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
