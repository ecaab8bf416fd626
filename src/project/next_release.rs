//! Whether a version can be that of the project's next release.

use crate::project::project_version::ProjectVersion;
use crate::text::fault::Fault;

/// The releases that the next one comes after.
pub(crate) struct EarlierReleases<'a> {
    /// The newest that the checked-out branch has, where that is known.
    pub(crate) newest: Option<&'a ProjectVersion>,
    /// All, those of other branches among them.
    pub(crate) all: Vec<&'a ProjectVersion>,
}

/// Where it stands what the next release will be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct StatedAt {
    pub(crate) file: String,
    /// From 1.
    pub(crate) line: usize,
    pub(crate) kind: StatedBy,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum StatedBy {
    /// A place of `[version]`.
    Version,
    /// The newest heading of the changelog.
    Heading,
}

impl EarlierReleases<'_> {
    /// Whether the next release can have this version, which `source` leads to. `raised` is what
    /// follows a version there.
    ///
    /// # Errors
    ///
    /// A usage fault with file, line and what to write, where the version is tagged already or lies
    /// below the newest release of the branch.
    pub(crate) fn check(
        &self,
        next: &ProjectVersion,
        source: &StatedAt,
        raised: &dyn Fn(&ProjectVersion) -> Option<ProjectVersion>,
    ) -> Result<(), Fault> {
        // A day is not the number of a release.
        let is_alike = |newest: &ProjectVersion| newest.is_calendar() == next.is_calendar();
        let newest = self
            .newest
            .filter(|newest| next < *newest && is_alike(newest));
        let why = match (self.is_tagged(next), newest) {
            (true, _) => "is tagged already".to_owned(),
            (false, Some(newest)) => format!("lies below {newest}, the newest tag of this branch"),
            (false, None) => return Ok(()),
        };
        let mut from = newest.unwrap_or(next).clone();
        let mut follows = raised(&from);
        while let Some(taken) = follows.take_if(|follows| self.is_tagged(follows)) {
            follows = raised(&taken);
            from = taken;
        }
        let remedy = match (source.kind, follows) {
            (StatedBy::Version, Some(follows)) => {
                format!("set it to `{from}`, which the bump raises to `{follows}`")
            }
            (StatedBy::Version, None) => format!("set it to a version above `{from}`"),
            (StatedBy::Heading, _) => {
                format!("write the sections of the releases up to `{from}`")
            }
        };
        let StatedAt { file, line, .. } = source;
        Err(Fault::usage(format!(
            "`{file}` line {line}: the next release would be {next}, which {why}; {remedy}"
        )))
    }

    pub(crate) fn is_tagged(&self, version: &ProjectVersion) -> bool {
        self.all.contains(&version)
    }
}

/// Whether the place of `[version]` and the changelog's heading lead to the same version.
///
/// # Errors
///
/// A usage fault that names both.
pub(crate) fn agree(
    (own, stated): (&ProjectVersion, &StatedAt),
    (headed, heading): (&ProjectVersion, &StatedAt),
) -> Result<(), Fault> {
    if own == headed {
        return Ok(());
    }
    Err(Fault::usage(format!(
        "the next release would be {own} by `{}` line {} and {headed} by `{}` line {}; make them agree",
        stated.file, stated.line, heading.file, heading.line
    )))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_next_release_cannot_be() {
        use StatedBy::{Heading, Version};
        for (next, newest, all, kind, expected) in [
            ("46.0.2", Some("46.0.1"), "46.0.1", Version, None),
            // A branch of an older series, beside releases of the newer one.
            ("46.0.2", Some("46.0.1"), "46.0.1 47.0.0", Version, None),
            ("46.0.2", None, "47.0.0", Version, None),
            (
                "46.0.2",
                Some("46.0.3"),
                "46.0.1 46.0.2 46.0.3",
                Version,
                Some("is tagged already; set it to `46.0.3`, which the bump raises to `46.0.4`"),
            ),
            (
                "44.0.0",
                Some("46.0.1"),
                "46.0.1",
                Version,
                Some(
                    "lies below 46.0.1, the newest tag of this branch; set it to `46.0.1`, which the bump raises to `46.0.2`",
                ),
            ),
            // Tagged on another branch.
            (
                "46.0.2",
                Some("46.0.1"),
                "46.0.1 46.0.2",
                Version,
                Some("is tagged already; set it to `46.0.2`, which the bump raises to `46.0.3`"),
            ),
            ("46.0.2", Some("2026.1.2"), "2026.1.2", Version, None),
            (
                "2026.1.2",
                None,
                "2026.1.2",
                Version,
                Some("is tagged already; set it to a version above `2026.1.2`"),
            ),
            (
                "46.0.2",
                Some("46.0.3"),
                "46.0.1 46.0.2 46.0.3",
                Heading,
                Some("is tagged already; write the sections of the releases up to `46.0.3`"),
            ),
        ] {
            let read = |text: &str| text.parse::<ProjectVersion>().expect("a version");
            let (next_version, newest) = (read(next), newest.map(read));
            let all: Vec<ProjectVersion> = all.split(' ').map(read).collect();
            let released = EarlierReleases {
                newest: newest.as_ref(),
                all: all.iter().collect(),
            };
            let source = StatedAt {
                file: "about.py".to_owned(),
                line: 3,
                kind,
            };
            let said = released.check(&next_version, &source, &ProjectVersion::next_patch);
            let head = format!("`about.py` line 3: the next release would be {next}, which ");
            assert_eq!(
                said.err().map(|fault| fault.to_string()),
                expected.map(|rest| format!("{head}{rest}")),
                "{next}"
            );
        }
    }
}
