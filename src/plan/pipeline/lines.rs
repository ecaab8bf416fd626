//! From which of the branches that are followed users get releases: each line's newest release is
//! verified and announced for itself, and a branch that makes none is asked for none.

use crate::plan::proposal::Oid;
use crate::project::project_version::ProjectVersion;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct FollowedBranch {
    /// Where it stands.
    pub tip: Tip,
    /// The releases that it comes after, ascending.
    pub releases: Vec<ProjectVersion>,
}

/// A branch, and the newest release that its users have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ReleaseLine {
    /// The branch; none where what is checked out is all that is known.
    pub branch: Option<Tip>,
    pub newest: ProjectVersion,
}

/// A branch and its newest commit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Tip {
    pub name: String,
    /// Whether it is one of the further ones, and not the base.
    pub also: bool,
    /// Its newest commit.
    pub head: Oid,
}

impl ReleaseLine {
    /// The branch, where it is one of the further ones.
    pub(crate) fn also(&self) -> Option<&Tip> {
        self.branch.as_ref().filter(|branch| branch.also)
    }
}

/// The lines, the newest release first. A base after whose last release another branch went on has
/// none of its own: its users get theirs from that branch. Of two branches with the same release
/// the first counts.
pub(crate) fn lines(branches: &[FollowedBranch]) -> Vec<ReleaseLine> {
    let mut lines: Vec<ReleaseLine> = Vec::new();
    for branch in branches {
        let Some(newest) = branch.releases.last() else {
            continue;
        };
        let goes_on = |other: &FollowedBranch| {
            other.tip.also
                && other.releases.last() > Some(newest)
                && other.releases.contains(newest)
        };
        if (!branch.tip.also && branches.iter().any(goes_on))
            || lines.iter().any(|line| line.newest == *newest)
        {
            continue;
        }
        lines.push(ReleaseLine {
            branch: Some(branch.tip.clone()),
            newest: newest.clone(),
        });
    }
    lines.sort_by(|one, other| other.newest.cmp(&one.newest));
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_branch_after_which_another_went_on_makes_no_release() {
        for (branches, wanted) in [
            // Both make releases of their own.
            (
                &[
                    ("main", "46.0.0 46.0.1 47.0.0 47.0.1"),
                    ("46.0.x", "46.0.0 46.0.1 46.0.2"),
                ][..],
                "main 47.0.1, 46.0.x 46.0.2",
            ),
            // The main branch is on its way to the next major.
            (
                &[("main", "46.0.0"), ("46.0.x", "46.0.0 46.0.1")],
                "46.0.x 46.0.1",
            ),
            (
                &[
                    ("main", "45.0.0 46.0.0"),
                    ("45.0.x", "45.0.0 45.0.7"),
                    ("46.0.x", "45.0.0 46.0.0 46.0.1"),
                ],
                "46.0.x 46.0.1, 45.0.x 45.0.7",
            ),
            // Just made, and nothing was released from it yet.
            (&[("main", "46.0.0"), ("46.0.x", "46.0.0")], "main 46.0.0"),
            (
                &[("main", "46.0.0 47.0.0"), ("46.0.x", "46.0.0")],
                "main 47.0.0, 46.0.x 46.0.0",
            ),
            (&[("main", ""), ("46.0.x", "")], ""),
        ] {
            let read = |text: &str| text.parse().expect("a version");
            let branches: Vec<FollowedBranch> = branches
                .iter()
                .map(|(name, releases)| FollowedBranch {
                    tip: Tip {
                        name: (*name).to_owned(),
                        also: *name != "main",
                        head: Oid::of_blob(name.as_bytes()),
                    },
                    releases: releases.split_whitespace().map(read).collect(),
                })
                .collect();
            let told: Vec<String> = lines(&branches)
                .iter()
                .map(|line| {
                    let branch = line.branch.as_ref().expect("a branch");
                    format!("{} {}", branch.name, line.newest)
                })
                .collect();
            assert_eq!(told.join(", "), wanted);
        }
    }
}
