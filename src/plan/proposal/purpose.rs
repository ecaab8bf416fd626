//! What a proposal is for, and so the names by which every run finds it again: no clock in them.

use crate::openssl::version::Version;

/// What all our branches start with.
pub(crate) const PREFIX: &str = "release-check/";

/// What the branches start with on which a commit is made before it replaces one of ours. No link's
/// name has a slash, so none of its branches is one of these.
const HELPER_PREFIX: &str = "release-check/next/";

/// What the branches start with that carry changelog entries forward; the same holds for them.
const FORWARD_PREFIX: &str = "release-check/forward/";

/// What the proposals of links that are only tested with are called.
pub(crate) const TESTED: &str = "tested";

/// What the branches start with that move what is only tested with; the same holds for them.
pub(crate) const TESTED_PREFIX: &str = "release-check/tested/";

/// What a proposal is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Purpose {
    /// A link's move to another OpenSSL version.
    Bump {
        /// The link.
        link: String,
        /// The version it moves to.
        target: Version,
        /// The further release branch it is for, which has branches of ours of its own.
        also: Option<String>,
        /// The version that another proposal of the link is for, which this one leaves alone: what
        /// is due beside an offer, or what is offered beside what is due.
        beside: Option<Version>,
    },
    /// What the changelog of a release branch says, carried to the base's.
    Forward {
        /// The project's releases whose sections are carried, newest first; never empty.
        releases: Vec<String>,
    },
    /// The moves of every link of a repository that is only tested with.
    Tested {
        /// The newest version that one of them moves to.
        target: Version,
    },
}

impl Purpose {
    /// The branch's name.
    pub fn branch(&self) -> String {
        match self {
            Self::Bump {
                link,
                target,
                also: None,
                ..
            } => format!("{PREFIX}{link}-{target}"),
            Self::Bump {
                link,
                target,
                also: Some(base),
                ..
            } => format!("{PREFIX}{link}-{target}@{base}"),
            Self::Forward { releases } => format!(
                "{FORWARD_PREFIX}{}",
                plain(releases.first().map_or("", String::as_str))
            ),
            Self::Tested { target } => format!("{TESTED_PREFIX}{target}"),
        }
    }

    /// The helper branch on which a commit is made before it replaces one of ours.
    pub fn helper(&self) -> String {
        format!("{HELPER_PREFIX}{}", &self.branch()[PREFIX.len()..])
    }

    /// `{link}:{target}`, or `forward/:{release}`, as the marker says it.
    pub fn subject(&self) -> String {
        match self {
            Self::Bump { link, target, .. } => format!("{link}:{target}"),
            Self::Forward { releases } => format!(
                "forward/:{}",
                plain(releases.first().map_or("", String::as_str))
            ),
            Self::Tested { target } => format!("{TESTED}/:{target}"),
        }
    }

    /// Whether a branch of ours is for another target of the same, so that this one takes its
    /// place.
    pub fn replaces(&self, branch: &str) -> bool {
        match self {
            Self::Bump {
                link,
                target,
                also,
                beside,
            } => target_of(branch, link, also.as_deref())
                .is_some_and(|other| other != *target && Some(other) != *beside),
            Self::Forward { releases } => forwarded_by(branch).is_some_and(|release| {
                releases
                    .iter()
                    .skip(1)
                    .any(|carried| plain(carried) == release)
            }),
            Self::Tested { .. } => branch.starts_with(TESTED_PREFIX) && branch != self.branch(),
        }
    }

    /// The OpenSSL version that a branch of ours is for, if it is one of the same.
    pub(super) fn target_on(&self, branch: &str) -> Option<Version> {
        match self {
            Self::Bump { link, also, .. } => target_of(branch, link, also.as_deref()),
            Self::Forward { .. } => None,
            Self::Tested { .. } => branch.strip_prefix(TESTED_PREFIX)?.parse().ok(),
        }
    }

    /// In words, what it is about.
    pub(super) fn matter(&self) -> String {
        match self {
            Self::Bump { link, target, .. } => format!("{link} {target}"),
            Self::Forward { releases } => format!("the changelog of {}", releases.join(" and ")),
            Self::Tested { target } => format!("tests with {target}"),
        }
    }

    /// In words, that the base does not have it.
    pub(super) fn lacking(&self, base: &str) -> String {
        match self {
            Self::Bump { link, target, .. } => format!("`{link}` on `{base}` is not at {target}"),
            Self::Forward { releases } => format!(
                "the changelog on `{base}` lacks what {} says",
                releases.join(" and ")
            ),
            Self::Tested { target } => format!("`{base}` is not tested with {target}"),
        }
    }
}

/// The target that a branch's name speaks of, if it is one of this link (and of this further
/// release branch).
pub(crate) fn target_of(branch: &str, link: &str, also: Option<&str>) -> Option<Version> {
    let rest = branch
        .strip_prefix(PREFIX)?
        .strip_prefix(link)?
        .strip_prefix('-')?;
    let version = match also {
        None => rest,
        Some(base) => rest.strip_suffix(base)?.strip_suffix('@')?,
    };
    version.parse().ok()
}

/// The project's release whose section a branch's name says it carries forward.
pub(crate) fn forwarded_by(branch: &str) -> Option<&str> {
    branch.strip_prefix(FORWARD_PREFIX)
}

/// A release as a part of a branch's name, where few characters may stand.
fn plain(release: &str) -> String {
    release
        .chars()
        .filter(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | '+'))
        .collect::<String>()
        .replace("..", ".")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names() {
        let version = |text: &str| text.parse::<Version>().unwrap();
        let bump = |also: Option<&str>| Purpose::Bump {
            link: "wheels".into(),
            target: version("3.5.4"),
            also: also.map(str::to_owned),
            beside: Some(version("4.0.3")),
        };
        assert_eq!(bump(None).branch(), "release-check/wheels-3.5.4");
        assert_eq!(
            bump(Some("46.0.x")).branch(),
            "release-check/wheels-3.5.4@46.0.x"
        );
        for (branch, link, also, target) in [
            ("release-check/wheels-3.5.4", "wheels", None, Some("3.5.4")),
            (
                "release-check/wheels-1.1.1w",
                "wheels",
                None,
                Some("1.1.1w"),
            ),
            ("release-check/wheels-fips-3.5.4", "wheels", None, None),
            (
                "release-check/wheels-fips-3.5.4",
                "wheels-fips",
                None,
                Some("3.5.4"),
            ),
            ("release-check/wheels-3.5.4@46.0.x", "wheels", None, None),
            (
                "release-check/wheels-3.5.4@46.0.x",
                "wheels",
                Some("46.0.x"),
                Some("3.5.4"),
            ),
            (
                "release-check/wheels-3.5.4@release/46",
                "wheels",
                Some("release/46"),
                Some("3.5.4"),
            ),
            (
                "release-check/wheels-3.5.4@46.0.x",
                "wheels",
                Some("0.x"),
                None,
            ),
            ("release-check/next/wheels-3.5.4", "wheels", None, None),
            ("feature/wheels-3.5.4", "wheels", None, None),
            ("release-check/forward/3.5.4", "forward", None, None),
        ] {
            assert_eq!(
                target_of(branch, link, also),
                target.map(version),
                "{branch}"
            );
        }
        for (branch, replaced) in [
            ("release-check/wheels-3.5.3", true),
            ("release-check/wheels-3.5.4", false),
            ("release-check/wheels-4.0.2", true),
            ("release-check/wheels-4.0.3", false),
            ("release-check/wheels-3.5.3@46.0.x", false),
            ("release-check/forward/46.0.3", false),
        ] {
            assert_eq!(bump(None).replaces(branch), replaced, "{branch}");
        }
        let tested = Purpose::Tested {
            target: version("3.5.4"),
        };
        assert_eq!(
            (tested.branch().as_str(), tested.subject().as_str()),
            ("release-check/tested/3.5.4", "tested/:3.5.4")
        );
        for (branch, replaced) in [
            ("release-check/tested/3.5.3", true),
            ("release-check/tested/3.5.4", false),
            ("release-check/tested-3.5.3", false),
        ] {
            assert_eq!(tested.replaces(branch), replaced, "{branch}");
        }
        let forward = Purpose::Forward {
            releases: vec!["46.0.4".into(), "46.0.3".into()],
        };
        assert_eq!(
            (forward.branch().as_str(), forward.subject().as_str()),
            ("release-check/forward/46.0.4", "forward/:46.0.4")
        );
        assert_eq!(forward.helper(), "release-check/next/forward/46.0.4");
        for (branch, replaced) in [
            ("release-check/forward/46.0.3", true),
            ("release-check/forward/46.0.4", false),
            ("release-check/forward/45.0.7", false),
        ] {
            assert_eq!(forward.replaces(branch), replaced, "{branch}");
        }
        assert_eq!(
            Purpose::Forward {
                releases: vec!["1!2.0..~x y".into()]
            }
            .branch(),
            "release-check/forward/12.0.xy"
        );
    }
}
