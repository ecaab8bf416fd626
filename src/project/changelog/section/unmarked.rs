//! Sections that no heading marks: what is newest in a file is then not what its headings say.

use crate::project::changelog::document::{ChangelogText, bullet, refused};
use crate::project::changelog::title::Title;
use crate::project::project_version::ProjectVersion;
use crate::text::budget::{CHANGELOG_HEADINGS, CHANGELOG_TITLE};
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

/// Refuses a file whose newest sections are above the first one that a heading marks.
pub(super) fn refuse(
    name: &str,
    document: &ChangelogText<'_>,
    first: &FirstSection<'_>,
) -> Result<(), Fault> {
    let mut alike = Vec::new();
    let mut plain = None;
    for at in (0..first.start).take(CHANGELOG_HEADINGS) {
        let line = document.line(at);
        // A line without figures says no version.
        if line.len() > CHANGELOG_TITLE || !line.contains(|c: char| c.is_ascii_digit()) {
            continue;
        }
        let title = Title::read(line.trim_start().trim_start_matches(['*', '-', '+', ' ']));
        let newer =
            |(_, version): &(_, ProjectVersion)| version.len() >= 2 && version > first.newest;
        if !title.version.as_ref().is_some_and(newer) {
            continue;
        }
        if says_only(&title) {
            plain = plain.or(Some(at));
        }
        if is_alike(line, &title, first.words) {
            alike.push(at);
        }
        if alike.len() > 1 {
            break;
        }
    }
    let place = match (alike.as_slice(), plain) {
        ([one, _], _) => unmarked(*one, first.start),
        (_, Some(one)) => unmarked(one, first.start),
        _ if first.start > PREAMBLE => format!(
            "line {}: this is the first section, and what stands above it is none; start the file with a section of its newest version",
            first.start + 1
        ),
        _ => return Ok(()),
    };
    Err(refused(name, place))
}

fn unmarked(at: usize, first: usize) -> String {
    format!(
        "line {} looks like the heading of a section, and nothing underlines or marks it; mark the newest sections as those from line {} on",
        at + 1,
        first + 1
    )
}

/// Whether a line, as an item of a list or not, says a version and nothing else:
/// `* Version 1.0 released`.
fn says_only(title: &Title) -> bool {
    let plain = ["version", "release", "released", "ver", "v"];
    let mut words = title.words.iter();
    words.all(|word| plain.contains(&word.as_str()))
}

/// Whether a line is like the title of a section that has these words.
fn is_alike(line: &str, title: &Title, words: &[String]) -> bool {
    line.starts_with(|c: char| c.is_alphanumeric() || c == '[')
        && bullet(line).is_none()
        && !line.ends_with(['.', ':', ',', ';'])
        && title.words.len() <= WORDS
        && (title.words.iter().any(|word| words.contains(word))
            || (title.words.is_empty() && words.is_empty()))
}
