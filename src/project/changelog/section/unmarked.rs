//! Sections that no heading marks: what is newest in a file is then not what its headings say.

use super::Outline;
use crate::project::changelog::document::{bullet, refused};
use crate::project::changelog::title::Title;
use crate::project::project_version::ProjectVersion;
use crate::text::fault::Fault;

/// Lines above the first section that a file may need to introduce itself.
const PREAMBLE: usize = 300;

/// Words that a title has at most.
const WORDS: usize = 8;

/// The refusal of a file whose newest sections are above the first one that a heading marks.
pub(super) fn refusal(name: &str, outline: &Outline<'_>) -> Option<Fault> {
    if outline.ascending {
        return None;
    }
    let first = outline.sections.first()?;
    let versions = outline.sections.iter().find_map(version);
    let newer: Vec<usize> = (0..first.start)
        .filter(|at| versions.is_some_and(|newest| is_newer(outline, *at, newest)))
        .take(2)
        .collect();
    let place = match newer.as_slice() {
        [one, _] => format!(
            "line {} looks like the heading of a section, and nothing underlines or marks it; mark the newest sections as those from line {} on",
            one + 1,
            first.start + 1
        ),
        _ if first.start > PREAMBLE => format!(
            "line {}: this is the first section, and what stands above it is none; start the file with a section of its newest version",
            first.start + 1
        ),
        _ => return None,
    };
    Some(refused(name, place))
}

fn version(section: &super::Section) -> Option<&ProjectVersion> {
    section.title.version.as_ref().map(|(_, version)| version)
}

/// Whether a line is like the title of a section, of a newer version.
fn is_newer(outline: &Outline<'_>, at: usize, newest: &ProjectVersion) -> bool {
    let line = outline.document.line(at);
    let is_text = line.starts_with(|c: char| c.is_alphanumeric() || c == '[');
    if !is_text || bullet(line).is_some() || line.ends_with(['.', ':', ',', ';']) {
        return false;
    }
    let title = Title::read(line);
    let Some((_, version)) = &title.version else {
        return false;
    };
    let known = &outline.sections[0].title.words;
    let alike = title.words.iter().any(|word| known.contains(word))
        || (title.words.is_empty() && known.is_empty());
    version.len() >= 2 && version > newest && title.words.len() <= WORDS && alike
}
