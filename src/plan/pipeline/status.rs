//! The exit status of a run.

/// What a run found, as far as its exit status depends on it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Findings {
    /// What `check` says of links and published releases: 0, or 10 to 14.
    pub check: u8,
    /// The gravest fault of a step: 0, 1 or 2.
    pub fault: u8,
    /// Whether an artefact of the release that is to be announced lacks what it should contain.
    pub wrong: bool,
    /// Whether the newest release carries an advisory that the pins have left behind.
    pub exposed: bool,
}

/// The exit status: what failed counts more than what is due.
pub(crate) fn status(findings: &Findings) -> u8 {
    match findings {
        Findings { fault, .. } if *fault != 0 => *fault,
        Findings { wrong: true, .. } => 20,
        Findings {
            check: 0 | 1,
            exposed: true,
            ..
        } => 14,
        // A bug fix that is due does not hide that users are exposed.
        Findings {
            check: 10,
            exposed: true,
            ..
        } => 14,
        Findings { check, .. } => *check,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_gravest_counts() {
        for (check, fault, wrong, exposed, expected) in [
            (0, 0, false, false, 0),
            (11, 0, false, false, 11),
            (11, 0, false, true, 11),
            (0, 0, false, true, 14),
            (10, 0, false, true, 14),
            (12, 0, false, true, 12),
            (14, 0, true, true, 20),
            (11, 1, true, true, 1),
            (1, 0, false, true, 14),
            (1, 0, false, false, 1),
            (0, 2, false, false, 2),
        ] {
            assert_eq!(
                status(&Findings {
                    check,
                    fault,
                    wrong,
                    exposed
                }),
                expected,
                "{check} {fault} {wrong} {exposed}"
            );
        }
    }
}
