//! What the heading of a section says: which version, which day, or that it is not released yet.

use std::ops::Range;

use super::day::{self, WrittenDay};
use crate::project::project_version::ProjectVersion;

/// What a heading says of its section.
#[derive(Debug, Clone, Default)]
pub(super) struct Title {
    /// The version, and where it stands in the title.
    pub(super) version: Option<(Range<usize>, ProjectVersion)>,
    /// The day, and where it stands.
    pub(super) day: Option<(Range<usize>, WrittenDay)>,
    /// Whether words say that it is not released yet: `main`, `unreleased`, `TBD`, or a day still
    /// to be filled in.
    pub(super) unreleased: bool,
    /// The words beside version and day, in small letters.
    pub(super) words: Vec<String>,
}

/// Words that say a section is not released, whatever else stands there.
const PLAIN: [&str; 8] = [
    "unreleased",
    "not yet released",
    "not released",
    "to be released",
    "yet to be released",
    "release date tbd",
    "tbd",
    "tba",
];

/// Words that say so where neither a day nor other words stand beside them.
const OTHER: [&str; 30] = [
    "main",
    "master",
    "trunk",
    "head",
    "develop",
    "development",
    "devel",
    "dev",
    "git",
    "next",
    "vnext",
    "upcoming",
    "future",
    "forthcoming",
    "planned",
    "pending",
    "soon",
    "coming soon",
    "wip",
    "work in progress",
    "in progress",
    "in development",
    "under development",
    "under active development",
    "current",
    "unpublished",
    "unknown",
    "snapshot",
    "nightly",
    "draft",
];

/// Words that say what became of one version.
const LABELS: [&str; 10] = [
    "yanked",
    "withdrawn",
    "retracted",
    "pulled",
    "broken",
    "revoked",
    "recalled",
    "unpublished",
    "unreleased",
    "deprecated",
];

/// Words that may stand beside them and say nothing.
const FILLERS: [&str; 14] = [
    "the",
    "release",
    "releases",
    "version",
    "versions",
    "changes",
    "in",
    "on",
    "branch",
    "for",
    "date",
    "released",
    "changelog",
    "series",
];

impl Title {
    /// Reads a heading's text.
    pub(super) fn read(text: &str) -> Self {
        let day = day::find(text);
        let taken = day.as_ref().map(|(range, _)| range.clone());
        let version = find_version(text, taken.as_ref());
        // `2024.08.30` alone is a version, however much it looks like a day.
        let (day, version) = match (day, version) {
            (Some((range, written)), None) if written.has_dots() => {
                match find_version(text, None) {
                    Some(version) => (day::find(&blanked(text, &version.0)), Some(version)),
                    None => (Some((range, written)), None),
                }
            }
            found => found,
        };
        let mut rest = text.to_owned();
        for range in [
            address(text).as_ref(),
            day.as_ref().map(|(range, _)| range),
            version.as_ref().map(|(range, _)| range),
        ]
        .into_iter()
        .flatten()
        {
            rest = blanked(&rest, range);
        }
        let unreleased = is_placeholder(&rest)
            || says_unreleased(&rest, version.is_some(), day.is_some())
            || version
                .as_ref()
                .is_some_and(|(_, version)| version.is_development() && day.is_none());
        Self {
            version,
            day,
            unreleased,
            words: words(&rest),
        }
    }

    /// Whether a title without a version says that what comes next stands below it, among titles
    /// that have `names` beside their versions: `librdkafka NEXT`.
    pub(super) fn is_next_among(&self, names: &[&str]) -> bool {
        let telling: Vec<&str> = self
            .words
            .iter()
            .map(String::as_str)
            .filter(|word| !names.contains(word) && !FILLERS.contains(word))
            .collect();
        let named = names
            .iter()
            .all(|name| self.words.iter().any(|word| word == name));
        self.version.is_none()
            && named
            && !names.is_empty()
            && !telling.is_empty()
            && telling.iter().all(|word| OTHER.contains(word))
    }

    /// Whether it says something of this one version that no other one inherits: `[YANKED]`.
    pub(super) fn is_labelled(&self) -> bool {
        self.words
            .iter()
            .any(|word| LABELS.contains(&word.as_str()))
    }

    /// Whether it says a day beside what was read of it: a month by its name and a year.
    pub(super) fn has_another_day(&self) -> bool {
        let is_year = |word: &String| {
            word.len() == 4
                && word
                    .parse()
                    .is_ok_and(|year: u32| (1990..2200).contains(&year))
        };
        self.words.iter().any(|word| day::is_month(word)) && self.words.iter().any(is_year)
    }

    /// Whether it is a heading of a version's section at all.
    pub(super) fn is_section(&self) -> bool {
        self.version.is_some() || self.unreleased
    }
}

/// The text with blanks in place of a range.
fn blanked(text: &str, range: &Range<usize>) -> String {
    format!(
        "{}{}{}",
        &text[..range.start],
        " ".repeat(range.len()),
        &text[range.end..]
    )
}

/// The first text that is a version, outside `taken`; an anchor that says it with hyphens only where
/// nothing says it with dots.
fn find_version(
    text: &str,
    taken: Option<&Range<usize>>,
) -> Option<(Range<usize>, ProjectVersion)> {
    let mut next = 0;
    let mut anchor = None;
    for (start, first) in text.char_indices() {
        let before = text[..start].chars().next_back();
        let prefixed = matches!(before, Some('v' | 'V'))
            && !text[..start - 1]
                .chars()
                .next_back()
                .is_some_and(|c| c.is_alphanumeric() || matches!(c, '.' | '_'));
        let starts = start >= next
            && first.is_ascii_digit()
            && (prefixed
                || !before.is_some_and(|c| c.is_alphanumeric() || matches!(c, '.' | '#' | '%')))
            && !taken.is_some_and(|taken| taken.contains(&start));
        if !starts {
            continue;
        }
        let limit = taken
            .filter(|taken| taken.start > start)
            .map_or(text.len(), |taken| taken.start);
        let word_end = text[start..limit]
            .find(|c: char| !c.is_ascii_alphanumeric() && !matches!(c, '.' | '-' | '_' | '+'))
            .map_or(limit, |end| start + end);
        let word = text[start..word_end].trim_end_matches(['.', '-', '_', '+']);
        next = start + word.len();
        let series = word.to_ascii_lowercase().ends_with(".x");
        if let Ok(version) = word.parse::<ProjectVersion>()
            && (version.len() >= 2 || prefixed)
            && !series
        {
            let found = Some((start..start + word.len(), version));
            if !is_anchor(word) {
                return found;
            }
            anchor = anchor.or(found);
        }
    }
    anchor
}

/// A title without what one version alone was called in quotation marks, and the sign before that.
pub(super) fn without_nickname(title: &str, is_shared: &dyn Fn(&str) -> bool) -> String {
    let Some((before, rest)) = title.split_once('"') else {
        return title.to_owned();
    };
    // An attribute of a tag is no name.
    match rest.split_once('"') {
        Some((name, after)) if !before.ends_with('=') && !name.is_empty() && !is_shared(name) => {
            let before = before.trim_end_matches(|c: char| {
                c.is_whitespace() || matches!(c, '-' | '\u{2013}' | '\u{2014}' | ':' | ',')
            });
            format!("{before}{after}")
        }
        _ => title.to_owned(),
    }
}

/// Whether a version is said with hyphens or underscores instead of dots: `0-27-0`,
/// `0-28-0-alpha-20`.
fn is_anchor(word: &str) -> bool {
    let mut parts = word.split(['-', '_']);
    let numbers = [parts.next(), parts.next()];
    let is_number = |part: &str| !part.is_empty() && part.bytes().all(|c| c.is_ascii_digit());
    !word.contains('.') && numbers.iter().all(|part| part.is_some_and(is_number))
}

fn words(text: &str) -> Vec<String> {
    text.to_lowercase()
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect()
}

/// The address that a title leads to: `(https://...)` of a Markdown link.
fn address(text: &str) -> Option<Range<usize>> {
    let start = text.find("](")? + 1;
    let end = text[start..].find(')').map(|end| start + end + 1)?;
    Some(start..end)
}

/// A title without the labels in brackets that say what became of one version.
pub(super) fn without_labels(title: &str) -> String {
    let mut out = title.to_owned();
    for (open, close) in [('[', ']'), ('(', ')')] {
        let mut from = 0;
        while let Some(start) = out[from..].find(open).map(|at| from + at) {
            let Some(end) = out[start..].find(close).map(|end| start + end + 1) else {
                break;
            };
            let inside = words(&out[start..end]);
            let label =
                !inside.is_empty() && inside.iter().all(|word| LABELS.contains(&word.as_str()));
            if label {
                let kept = out[..start].trim_end().len();
                out.replace_range(kept..end, "");
                from = kept;
            } else {
                from = end;
            }
        }
    }
    let bare = out.trim_end_matches(['-', ':', ' ']);
    if out == title { out } else { bare.to_owned() }
}

/// Whether a day is still to be filled in: `XXXX-XX-XX`, `2025-??-??`, `YYYY/MM/DD`.
fn is_placeholder(text: &str) -> bool {
    let words = text.split(|c: char| c.is_whitespace() || matches!(c, '(' | ')' | '[' | ']'));
    words.filter(|word| word.len() >= 2).any(|word| {
        let upper = word.to_ascii_uppercase();
        let blank = upper.contains("XX") || upper.contains("??") || upper.contains("YYYY");
        blank
            && upper.chars().all(|c| {
                matches!(c, 'X' | '?' | 'Y' | 'M' | 'D' | '-' | '/' | '.') || c.is_ascii_digit()
            })
    })
}

/// Whether the words of a title, without version and day, say that it is not released.
fn says_unreleased(rest: &str, has_version: bool, has_day: bool) -> bool {
    let words = words(rest);
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let spoken = |phrase: &str| {
        let phrase: Vec<&str> = phrase.split(' ').collect();
        words.windows(phrase.len()).any(|window| window == phrase)
    };
    if PLAIN.iter().any(|phrase| spoken(phrase)) {
        return true;
    }
    if has_day {
        return false;
    }
    if has_version {
        // The current release is the one that is out.
        return OTHER
            .iter()
            .any(|phrase| *phrase != "current" && spoken(phrase));
    }
    let telling = words
        .iter()
        .copied()
        .filter(|word| !FILLERS.contains(word))
        .collect::<Vec<_>>();
    let whole = words.join(" ");
    OTHER.contains(&whole.as_str())
        || (!telling.is_empty() && telling.iter().all(|word| OTHER.contains(word)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> String {
        let title = Title::read(text);
        let version = title
            .version
            .map_or("-".into(), |(range, _)| text[range].to_owned());
        let day = title
            .day
            .map_or("-".into(), |(range, _)| text[range].to_owned());
        format!(
            "{version} | {day} | {}",
            if title.unreleased { "unreleased" } else { "" }
        )
    }

    #[test]
    fn labels_go_and_the_rest_stays() {
        for (title, expected) in [
            ("[1.0.1] - 2024-01-01 [YANKED]", "[1.0.1] - 2024-01-01"),
            ("1.0.1 (withdrawn)", "1.0.1"),
            ("1.0.1 - (UNRELEASED)", "1.0.1"),
            ("1.0.1 (2024-01-01)", "1.0.1 (2024-01-01)"),
            ("[1.0.1](https://a.example)", "[1.0.1](https://a.example)"),
        ] {
            assert_eq!(without_labels(title), expected);
        }
    }

    #[test]
    fn headings_of_real_shapes() {
        for (text, expected) in [
            ("44.0.0 - 2024-11-27", "44.0.0 | 2024-11-27 | "),
            ("45.0.0 - `main`_", "45.0.0 | - | unreleased"),
            ("45.0.0 - main", "45.0.0 | - | unreleased"),
            ("Unreleased", "- | - | unreleased"),
            ("[Unreleased]", "- | - | unreleased"),
            ("UNRELEASED", "- | - | unreleased"),
            ("[Unreleased] - YYYY-MM-DD", "- | - | unreleased"),
            ("44.1.0 (unreleased)", "44.1.0 | - | unreleased"),
            ("25.1.0 (UNRELEASED)", "25.1.0 | - | unreleased"),
            ("v4.2 (in development)", "4.2 | - | unreleased"),
            ("Next", "- | - | unreleased"),
            ("Next Release", "- | - | unreleased"),
            ("vNext", "- | - | unreleased"),
            ("Upcoming changes", "- | - | unreleased"),
            ("master (unreleased)", "- | - | unreleased"),
            (
                "Changes in Version 4.12.0 (XXXX/XX/XX)",
                "4.12.0 | - | unreleased",
            ),
            ("1.2.0 - 2025-??-??", "1.2.0 | - | unreleased"),
            ("Current release", "- | - | unreleased"),
            ("Current release: 1.2.0", "1.2.0 | - | "),
            ("[1.2.3](https://example.org/next/v1.2.3)", "1.2.3 | - | "),
            (
                "Changes in Version 4.12.1 (2025/04/29)",
                "4.12.1 | 2025/04/29 | ",
            ),
            ("What's new in psycopg 2.9.11", "2.9.11 | - | "),
            ("[v0.9.105] - 2025-02-24", "0.9.105 | 2025-02-24 | "),
            (
                "[1.2.3](https://example.org/compare/v1.2.2...v1.2.3) (2024-11-27)",
                "1.2.3 | 2024-11-27 | ",
            ),
            (
                "3.0.0rc1 (November 27, 2024)",
                "3.0.0rc1 | November 27, 2024 | ",
            ),
            (
                "1.0 - The Next Generation - 27 Nov 2024",
                "1.0 | 27 Nov 2024 | ",
            ),
            ("2024.08.30", "2024.08.30 | - | "),
            ("2024.08.30 (2024-09-01)", "2024.08.30 | 2024-09-01 | "),
            ("5.0.dev0", "5.0.dev0 | - | unreleased"),
            ("v12", "12 | - | "),
            ("3.x series", "- | - | "),
            ("Main features", "- | - | "),
            ("Added", "- | - | "),
            ("Changelog", "- | - | "),
        ] {
            assert_eq!(read(text), expected, "{text}");
        }
    }
}
