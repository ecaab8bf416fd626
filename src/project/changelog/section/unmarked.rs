//! Sections that no heading marks: what is newest in a file is then not what its headings say.

use crate::project::changelog::document::{ChangelogText, bullet, refused};
use crate::project::changelog::title::Title;
use crate::project::project_version::ProjectVersion;
use crate::text::fault::Fault;

/// Lines above the first section that a file may need to introduce itself.
const PREAMBLE: usize = 300;

/// Words that a title has at most.
const WORDS: usize = 8;

/// What a file's first section is, as its heading says.
pub(super) struct FirstSection<'a> {
    /// Its first line.
    pub(super) start: usize,
    /// The words of its title.
    pub(super) words: &'a [String],
    /// The newest version that any heading says.
    pub(super) newest: &'a ProjectVersion,
}

/// The refusal of a file whose newest sections are above the first one that a heading marks.
pub(super) fn refusal(
    name: &str,
    document: &ChangelogText<'_>,
    first: &FirstSection<'_>,
) -> Option<Fault> {
    let above = || (0..first.start).map(|at| (at, document.line(at)));
    let newer: Vec<usize> = above()
        .filter(|(_, line)| is_newer(line, first))
        .map(|(at, _)| at)
        .take(2)
        .collect();
    let plain = above()
        .find(|(_, line)| says_only(line, first.newest))
        .map(|(at, _)| at);
    let place = match (newer.as_slice(), plain.as_ref()) {
        ([one, _], _) | (_, Some(one)) => format!(
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

/// Whether a line, as an item of a list or not, says a newer version and nothing else:
/// `* Version 1.0 released`.
fn says_only(line: &str, newest: &ProjectVersion) -> bool {
    let title = Title::read(line.trim_start().trim_start_matches(['*', '-', '+', ' ']));
    let plain = ["version", "release", "released", "ver", "v"];
    title
        .version
        .is_some_and(|(_, version)| version.len() >= 2 && version > *newest)
        && title
            .words
            .iter()
            .all(|word| plain.contains(&word.as_str()))
}

/// Whether a line is like the title of a section, of a newer version.
fn is_newer(line: &str, first: &FirstSection<'_>) -> bool {
    let is_text = line.starts_with(|c: char| c.is_alphanumeric() || c == '[');
    if !is_text || bullet(line).is_some() || line.ends_with(['.', ':', ',', ';']) {
        return false;
    }
    let title = Title::read(line);
    let Some((_, version)) = &title.version else {
        return false;
    };
    let alike = title.words.iter().any(|word| first.words.contains(word))
        || (title.words.is_empty() && first.words.is_empty());
    version.len() >= 2 && version > first.newest && title.words.len() <= WORDS && alike
}
