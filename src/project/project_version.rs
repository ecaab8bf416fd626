//! The project's own version numbers, as far as they must be read: their order and the next patch.

use crate::text::not_read::NotRead;
use std::cmp::Ordering;
use std::fmt;
use std::str::FromStr;

/// A version of the project that links OpenSSL: numbers with dots, perhaps followed by a stage
/// (`44.0.1`, `2.9`, `45.0.0rc1`, `1.2.3-beta.2`, `5.0.dev3`).
///
/// ```
/// use release_check::for_tests::project::project_version::ProjectVersion;
///
/// let order = ["44.0", "44.0.1", "45.0.0.dev1", "45.0.0a1", "45.0.0-beta.2", "45.0.0rc1", "45.0.0", "45.0.0.post1", "45.0.10"];
/// let versions: Vec<ProjectVersion> = order.iter().map(|text| text.parse().unwrap()).collect();
/// assert!(versions.is_sorted());
/// assert!("1.2".parse::<ProjectVersion>().unwrap() == "1.2.0".parse().unwrap());
/// assert!("main".parse::<ProjectVersion>().is_err());
/// ```
#[derive(Debug, Clone)]
pub struct ProjectVersion {
    numbers: Vec<u64>,
    /// How many figures each number is written with at least: two in `26.03`.
    widths: Vec<usize>,
    suffix: String,
}

/// How finished a suffix says a version is; after the final version come post releases.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum SuffixStage {
    Dev,
    Alpha,
    Beta,
    Candidate,
    Final,
    Post,
}

impl ProjectVersion {
    /// How many numbers the version starts with.
    pub fn len(&self) -> usize {
        self.numbers.len()
    }

    /// Never: a version has at least one number.
    pub fn is_empty(&self) -> bool {
        self.numbers.is_empty()
    }

    /// Whether the suffix says that the version is not finished: `dev`, `a1`, `-beta.2`, `rc1`.
    pub fn is_prerelease(&self) -> bool {
        self.stage() < SuffixStage::Final
    }

    /// Whether the version is only being worked on: `45.0.0.dev1`, `1.2-SNAPSHOT`.
    pub fn is_development(&self) -> bool {
        self.stage() == SuffixStage::Dev
    }

    /// Whether its first number is a year, so that the day of a release gives the next one:
    /// `2024.08.30`.
    pub fn is_calendar(&self) -> bool {
        self.numbers
            .first()
            .is_some_and(|year| (1990..2200).contains(year))
    }

    /// The version with its third number raised by one: 44.0.1 after 44.0.0, 2.9.1 after 2.9; where
    /// patch levels are counted, with the next of these: 7.9.0p1 after 7.9.0p0.
    ///
    /// None where that has no meaning: with one number, with more than three, before the final
    /// version, where the first number is a year, or where a packager's number stands behind another
    /// project's version: 1.28.0-2.
    pub fn next_patch(&self) -> Option<Self> {
        let [major, minor, patch @ ..] = self.numbers.as_slice() else {
            return None;
        };
        let patch = match patch {
            [] => 0,
            [patch] => *patch,
            _ => return None,
        };
        if self.is_prerelease() || self.is_calendar() || self.is_packaged() {
            return None;
        }
        let level = self.suffix.strip_prefix('p');
        if let Some(level) = level.and_then(|level| level.parse::<u64>().ok()) {
            return Some(Self {
                suffix: format!("p{}", level.saturating_add(1)),
                ..self.clone()
            });
        }
        let mut widths = self.widths.clone();
        widths.resize(3, 1);
        Some(Self {
            numbers: vec![*major, *minor, patch.saturating_add(1)],
            widths,
            suffix: String::new(),
        })
    }

    /// Whether a packager's own number stands behind the version of what is packaged.
    fn is_packaged(&self) -> bool {
        let number = self.suffix.strip_prefix('-').unwrap_or_default();
        !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit())
    }

    /// The version with this number raised by one, counted from 0, and those behind it at 0; where one
    /// has zeros before it, each stays as wide as it was. None for one with a suffix.
    pub fn raised(&self, at: usize) -> Option<Self> {
        let (mut numbers, mut widths) = (self.numbers.clone(), self.widths.clone());
        // Without a zero before a number nothing says that its width is kept.
        let is_padded = |(number, width): (&u64, &usize)| number.to_string().len() < *width;
        if !numbers.iter().zip(&widths).any(is_padded) {
            widths.fill(1);
        }
        let count = numbers.len().max(at + 1);
        numbers.resize(count, 0);
        widths.resize(count, 1);
        numbers[at] = numbers[at].checked_add(1)?;
        numbers[at + 1..].fill(0);
        self.suffix.is_empty().then(|| Self {
            numbers,
            widths,
            suffix: String::new(),
        })
    }

    /// The same numbers without a suffix that says the version is not finished: 45.0.0 for
    /// 45.0.0.dev1.
    pub fn finished(&self) -> Self {
        if self.is_prerelease() {
            Self {
                suffix: String::new(),
                ..self.clone()
            }
        } else {
            self.clone()
        }
    }

    /// The same without zeros before its numbers, for what was a day: 2024.8.3 for 2024.08.03.
    pub fn unpadded(&self) -> Self {
        Self {
            widths: vec![1; self.numbers.len()],
            ..self.clone()
        }
    }

    fn stage(&self) -> SuffixStage {
        let letters: String = self
            .suffix
            .chars()
            .skip_while(|c| !c.is_ascii_alphabetic())
            .take_while(char::is_ascii_alphabetic)
            .collect::<String>();
        match letters.to_ascii_lowercase().as_str() {
            "dev" | "devel" | "snapshot" | "nightly" | "git" => SuffixStage::Dev,
            "a" | "alpha" => SuffixStage::Alpha,
            "b" | "beta" => SuffixStage::Beta,
            "c" | "rc" | "pre" | "preview" => SuffixStage::Candidate,
            "post" | "rev" | "r" | "p" | "pl" => SuffixStage::Post,
            _ => SuffixStage::Final,
        }
    }

    /// The number that the stage counts: 2 in `rc2`.
    fn stage_number(&self) -> u64 {
        let digits: String = self
            .suffix
            .chars()
            .skip_while(|c| !c.is_ascii_digit())
            .take_while(char::is_ascii_digit)
            .collect();
        digits.parse().unwrap_or(0)
    }

    fn key(&self) -> (&[u64], SuffixStage, u64) {
        let significant = self
            .numbers
            .iter()
            .rposition(|number| *number != 0)
            .map_or(0, |last| last + 1);
        (
            &self.numbers[..significant],
            self.stage(),
            self.stage_number(),
        )
    }
}

impl FromStr for ProjectVersion {
    type Err = NotRead;

    fn from_str(text: &str) -> Result<Self, NotRead> {
        let read = || {
            let end = text
                .find(|c: char| !c.is_ascii_digit() && c != '.')
                .unwrap_or(text.len());
            let numbers = text[..end].trim_end_matches('.');
            let suffix = &text[numbers.len()..];
            let shaped = text.len() <= 60
                && suffix
                    .chars()
                    .all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | '+'))
                && (suffix.is_empty() || suffix.contains(|c: char| c.is_ascii_alphanumeric()));
            let widths = numbers.split('.').map(str::len).collect();
            let numbers: Option<Vec<u64>> = numbers
                .split('.')
                .map(|number| number.parse().ok())
                .collect();
            numbers.filter(|_| shaped).map(|numbers| Self {
                numbers,
                widths,
                suffix: suffix.to_owned(),
            })
        };
        read().ok_or_else(|| NotRead::new(text, "is not a version of a project (`44.0.1`)"))
    }
}

impl fmt::Display for ProjectVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let numbers = self.numbers.iter().zip(&self.widths);
        let numbers: Vec<String> = numbers
            .map(|(number, width)| format!("{number:0width$}"))
            .collect();
        write!(f, "{}{}", numbers.join("."), self.suffix)
    }
}

impl Ord for ProjectVersion {
    fn cmp(&self, other: &Self) -> Ordering {
        self.key().cmp(&other.key())
    }
}

impl PartialOrd for ProjectVersion {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for ProjectVersion {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for ProjectVersion {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn next_patches() {
        for (version, next) in [
            ("44.0.0", Some("44.0.1")),
            ("2.9", Some("2.9.1")),
            ("1.2.3.post1", Some("1.2.4")),
            ("26.03.1", Some("26.03.2")),
            ("1.02.09", Some("1.02.10")),
            ("7.9.0p0", Some("7.9.0p1")),
            ("9.6p1", Some("9.6p2")),
            ("45.0.0rc1", None),
            ("1.28.0-2", None),
            ("45", None),
            ("1.2.3.4", None),
            ("2024.8.30", None),
        ] {
            let read: ProjectVersion = version.parse().expect("a version");
            assert_eq!(
                read.next_patch().map(|next| next.to_string()).as_deref(),
                next,
                "{version}"
            );
        }
    }

    #[test]
    fn text_that_is_no_version() {
        for text in [
            "",
            ".",
            "v1.2",
            "1..2",
            "1.2 final",
            "1.2é",
            "99999999999999999999.1",
        ] {
            assert!(text.parse::<ProjectVersion>().is_err(), "{text}");
        }
    }
}
