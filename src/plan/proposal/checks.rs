//! What a commit's checks say together: whether the next step may rest on it.

/// A check that ran on a commit, or a status that someone gave it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CommitCheck {
    pub name: String,
    pub state: CheckState,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CheckState {
    /// It has not ended.
    Running,
    /// It succeeded, or was skipped, or does not judge.
    Green,
    /// It failed, was cancelled, or wants something of a human.
    Red,
}

/// What checks say together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Health {
    /// There is none, and none is required: a project without checks, or one whose checks have not
    /// begun yet.
    Unchecked,
    /// All that count are green.
    Green,
    /// These have not ended, or are required and have not begun.
    Waiting(Vec<String>),
    /// These failed, whatever the others do.
    Red(Vec<String>),
}

/// Judges a commit by its checks: by those with the `required` names, or by all where none is
/// required. Names are compared exactly; of several checks with one name each counts.
pub fn health(checks: &[CommitCheck], required: &[String]) -> Health {
    let counts = |check: &&CommitCheck| required.is_empty() || required.contains(&check.name);
    let counting: Vec<&CommitCheck> = checks.iter().filter(counts).collect();
    let named = |state: CheckState| {
        counting
            .iter()
            .filter(move |check| check.state == state)
            .map(|check| check.name.clone())
    };
    let absent = required
        .iter()
        .filter(|name| !counting.iter().any(|check| check.name == **name))
        .cloned();
    let (red, waiting) = (
        sorted(named(CheckState::Red)),
        sorted(named(CheckState::Running).chain(absent)),
    );
    match (red.is_empty(), waiting.is_empty()) {
        (false, _) => Health::Red(red),
        (true, false) => Health::Waiting(waiting),
        (true, true) if counting.is_empty() => Health::Unchecked,
        (true, true) => Health::Green,
    }
}

fn sorted(names: impl Iterator<Item = String>) -> Vec<String> {
    let mut names: Vec<String> = names.collect();
    names.sort();
    names.dedup();
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn together() {
        use CheckState::{Green, Red, Running};
        let strings = |names: &[&str]| {
            names
                .iter()
                .map(|name| (*name).to_owned())
                .collect::<Vec<_>>()
        };
        for (checks, required, expected) in [
            (&[][..], &[][..], Health::Unchecked),
            (&[], &["build"], Health::Waiting(strings(&["build"]))),
            (&[("build", Green), ("docs", Green)], &[], Health::Green),
            (
                &[("build", Green), ("docs", Running)],
                &[],
                Health::Waiting(strings(&["docs"])),
            ),
            (
                &[("docs", Running), ("build", Red), ("build", Green)],
                &[],
                Health::Red(strings(&["build"])),
            ),
            (
                &[("build", Green), ("docs", Red)],
                &["build"],
                Health::Green,
            ),
            (
                &[("build", Green), ("build", Red)],
                &["build"],
                Health::Red(strings(&["build"])),
            ),
            (
                &[("build", Green)],
                &["build", "wheels"],
                Health::Waiting(strings(&["wheels"])),
            ),
            (
                &[("build", Running), ("build", Running)],
                &["build", "wheels"],
                Health::Waiting(strings(&["build", "wheels"])),
            ),
            (
                &[("Build", Green)],
                &["build"],
                Health::Waiting(strings(&["build"])),
            ),
        ] {
            let checks: Vec<CommitCheck> = checks
                .iter()
                .map(|(name, state)| CommitCheck {
                    name: (*name).to_owned(),
                    state: *state,
                })
                .collect();
            assert_eq!(
                health(&checks, &strings(required)),
                expected,
                "{checks:?} {required:?}"
            );
        }
    }
}
