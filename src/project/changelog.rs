//! The project's changelog: puts one entry where the project would put it. Text in, text out.
//!
//! What is not understood is refused with what to do; nothing is guessed. Bytes outside the lines
//! that are added stay as they are.

mod carried;
mod category;
mod day;
mod document;
mod entry;
mod fragment;
mod list;
mod opening;
mod placing;
mod said;
mod section;
mod shape;
mod title;

use crate::openssl::version::Version;
use crate::project::project_version::ProjectVersion;
use crate::text::fault::Fault;

pub use carried::carry_forward;
pub use entry::{Entry, Occasion};

pub(crate) use carried::Carried;
pub(crate) use day::undated;
pub(crate) use document::Markup;
pub(crate) use entry::Written;
pub(crate) use fragment::{Fragment, fragment};
pub(crate) use said::of as said_of;

use document::lines;
use list::{Item, ListStyle};
use section::Outline;

/// Puts the entries of one release into a changelog: all into the section that is not released yet,
/// whatever it is called, or into a new one for the next patch release above the newest.
///
/// An entry for another OpenSSL version that this program, or somebody with the same words, wrote
/// into the same section is rewritten; the same entry is left alone, so that a second call changes
/// nothing.
///
/// # Errors
///
/// A usage fault that names the file (`name`) and what to do, if it is neither reStructuredText nor
/// Markdown, has no section of a version, does not show how a section is written, or would not show
/// it any more with the entries in it.
pub fn with_entries(
    name: &str,
    text: &str,
    entries: &[Entry<'_>],
    occasion: &Occasion,
) -> Result<Written, Fault> {
    let written = put(name, text, entries, occasion)?;
    let again = put(name, &written.text, entries, occasion);
    if again.is_ok_and(|again| again.text == written.text) {
        return Ok(written);
    }
    let message = "its headings do not show where an entry belongs: with the new one in it they would read differently; separate them by empty lines, or leave `[changelog]` out";
    Err(document::refused(name, message))
}

/// The same, once.
fn put(
    name: &str,
    text: &str,
    entries: &[Entry<'_>],
    occasion: &Occasion,
) -> Result<Written, Fault> {
    let mut written = Written {
        text: text.to_owned(),
        entry: String::new(),
    };
    if entries.is_empty() {
        return Ok(written);
    }
    let before = Outline::read(name, text)?;
    let newest = before.newest();
    let was_open = entries
        .iter()
        .any(|entry| !before.is_released(newest, entry, occasion));
    let mut is_open = was_open;
    for entry in entries {
        // Published under this heading already: there is nothing to announce twice.
        let standing = before
            .standing(newest, entry)
            .filter(|_| !was_open)
            .map(|item| unchanged(&before, &item));
        if let Some(standing) = standing {
            written.entry.push_str(&standing.entry);
            continue;
        }
        let outline = Outline::read(name, &written.text)?;
        let newest = outline.newest();
        let put = if is_open {
            into_section(name, &outline, newest, entry, occasion)?
        } else {
            opening::above(name, &outline, newest, entry, occasion)?
        };
        is_open = true;
        written.text = put.text;
        written.entry.push_str(&put.entry);
    }
    Ok(written)
}

/// The section that is to speak of the next release.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NextSection {
    pub version: ProjectVersion,
    /// The line of the newest heading, from 1: its own, or the one that it follows.
    pub line: usize,
    /// Whether the entry stands there already, in a section that is released.
    pub standing: bool,
}

/// The section that [`with_entries`] puts an entry into, where that has a version.
pub fn next_section(
    name: &str,
    text: &str,
    entry: &Entry<'_>,
    occasion: &Occasion,
) -> Result<Option<NextSection>, Fault> {
    let outline = Outline::read(name, text)?;
    let newest = outline.newest();
    let is_released = outline.is_released(newest, entry, occasion);
    let standing = is_released && outline.standing(newest, entry).is_some();
    let version = outline.sections[newest].title.version.as_ref();
    let version = version.and_then(|(_, version)| match (is_released, standing) {
        (false, _) => Some(version.finished()),
        (true, true) => Some(version.clone()),
        (true, false) => opening::next_version(version, occasion),
    });
    Ok(version.map(|version| NextSection {
        version,
        line: outline.heading(newest).at + 1,
        standing,
    }))
}

/// Whether a changelog speaks of this OpenSSL version, in whatever words: a paragraph has both its
/// name and the number.
///
/// ```
/// use release_check::for_tests::project::changelog::mentions;
///
/// let version = "3.5.4".parse().unwrap();
/// assert!(mentions("* Updated the wheels to be compiled with\n  OpenSSL 3.5.4.\n", version));
/// assert!(!mentions("* Updated to OpenSSL 3.5.40.\n\n* Version 3.5.4 of another library.\n", version));
/// ```
pub fn mentions(text: &str, version: Version) -> bool {
    let lines: Vec<&str> = text.lines().collect();
    let number = version.to_string();
    let is_number = |word: &str| {
        word.trim_matches(|c: char| !c.is_ascii_alphanumeric())
            .trim_start_matches(['v', 'V'])
            == number
    };
    lines.split(|line| line.trim().is_empty()).any(|paragraph| {
        let words = || {
            paragraph
                .iter()
                .flat_map(|line| line.split([' ', '\t', '-', '_', '/', '`']))
        };
        words().any(is_number)
            && paragraph
                .iter()
                .any(|line| line.to_ascii_lowercase().contains("openssl"))
    })
}

/// The versions that a changelog has a section of.
pub(crate) fn releases(name: &str, text: &str) -> Result<Vec<ProjectVersion>, Fault> {
    let outline = Outline::read(name, text)?;
    Ok(outline
        .sections
        .into_iter()
        .filter_map(|section| Some(section.title.version?.1))
        .collect())
}

/// The text of the entry alone, as an item of a list: for a project without a changelog.
pub(crate) fn item(markup: Markup, text: &str) -> String {
    lines(&ListStyle::usual(markup.usual_bullet()).write(text))
}

/// The changelog as it is, with an entry that stands there.
fn unchanged(outline: &Outline<'_>, item: &Item) -> Written {
    let document = &outline.document;
    let entry: Vec<&str> = item.lines.clone().map(|at| document.line(at)).collect();
    Written {
        text: document.whole(),
        entry: lines(&entry),
    }
}

/// Puts the entry into a section that is not released yet.
fn into_section(
    name: &str,
    outline: &Outline<'_>,
    section: usize,
    entry: &Entry<'_>,
    occasion: &Occasion,
) -> Result<Written, Fault> {
    if let Some(item) = outline.standing(section, entry) {
        return Ok(unchanged(outline, &item));
    }
    let items = outline.items(section);
    let document = &outline.document;
    let style = outline.style(name, section)?;
    if let Some((item, text)) = items
        .iter()
        .find_map(|item| Some((item, shape::rewritten(&item.text, entry)?)))
    {
        let written = outline.written(&style, &text);
        let mut edits = vec![(item.lines.start, item.lines.len(), written.clone())];
        if items.len() == 1 {
            edits.extend(outline.dated(section, occasion.day));
        }
        return Ok(Written {
            text: document.edited(name, edits)?,
            entry: lines(&written),
        });
    }
    let written = outline.written(&style, entry.text);
    let edit = placing::insertion(outline, section, entry.security, &written, &style);
    Ok(Written {
        text: document.edited(name, vec![edit])?,
        entry: lines(&written),
    })
}

#[cfg(test)]
mod tests;
