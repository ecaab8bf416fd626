//! Which versions an advisory says to upgrade to, whether they are out yet, and who gets them
//! (UPSTREAM 2.4).

use super::sentences::statements;
use crate::openssl::version::Version;

/// One version that an advisory names as having the fix.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fix {
    pub version: Version,
    /// Whether only premium support customers get it.
    pub premium: bool,
    /// Whether it is still to be released, by the advisory's own words.
    pub pending: bool,
}

/// More versions than any advisory ever named for one issue.
const MOST_FIXES: usize = 100;

/// What stands before the versions with the fix, lower case.
const LEADS: [&str; 12] = [
    "upgrade to ",
    "update to ",
    "be included in ",
    "be fixed in ",
    "be made available in ",
    "be available in ",
    "was fixed in ",
    "is fixed in ",
    "been fixed in ",
    "was previously fixed in ",
    "resolved in ",
    "addressed in the release",
];

/// The words for a fix that is in no release yet, lower case.
const PENDING: [&str; 14] = [
    "not issuing",
    "not creating",
    "once it is released",
    "once it's released",
    "once they are released",
    "once released",
    "when it is released",
    "when they are released",
    "when released",
    "become available",
    "becomes available",
    "will be included in",
    "will be fixed in",
    "will be made available in",
];

/// Reads the body of a section: the versions it names, and whether it says anywhere that a fix is
/// still to be released.
pub(super) fn read(body: &[&str]) -> (Vec<Fix>, bool) {
    let mut reader = Reader::default();
    for statement in statements(body) {
        reader.take(&statement);
    }
    (reader.fixes, reader.pending)
}

#[derive(Default)]
struct Reader {
    fixes: Vec<Fix>,
    pending: bool,
    /// The versions that the last statement named: what stands in brackets after its full stop is
    /// about them.
    last: Vec<Version>,
    /// What a line such as `Premium support customers only:` says of the fixes below it.
    cover: Cover,
    /// Whether the last statement was about premium customers: `It will be ...` goes on about them.
    last_premium: bool,
}

/// A line that speaks for the fixes below it: up to a statement about something else or the end of
/// its paragraph, but for lists that have a blank line after the header or between their lines.
#[derive(Default)]
struct Cover {
    premium: bool,
    pending: bool,
    /// The fixes it has covered so far.
    fixes: usize,
    /// Whether a blank line stood below the header.
    apart: bool,
}

impl Cover {
    fn paragraph_ends(&mut self) {
        let list_ends = self.fixes >= 2 || (self.fixes == 1 && !self.apart);
        *self = if list_ends {
            Self::default()
        } else {
            Self {
                apart: true,
                ..std::mem::take(self)
            }
        };
    }
}

impl Reader {
    fn take(&mut self, statement: &str) {
        if statement.is_empty() {
            return self.cover.paragraph_ends();
        }
        let lower = statement.to_ascii_lowercase();
        let (premium, pending) = (
            lower.contains("premium"),
            PENDING.iter().any(|words| lower.contains(words)),
        );
        let awaits = ["once ", "when "]
            .iter()
            .any(|start| lower.starts_with(start))
            && ["releas", "availab"]
                .iter()
                .any(|word| lower.contains(word));
        if lower.ends_with(':') && (premium || pending || awaits) {
            self.cover = Cover {
                premium: self.cover.premium || premium,
                pending: self.cover.pending || !premium,
                ..Cover::default()
            };
            self.pending |= !premium;
            return;
        }
        if lower.starts_with('(') && premium {
            let named = |fix: &&mut Fix| self.last.contains(&fix.version);
            self.fixes
                .iter_mut()
                .filter(named)
                .for_each(|fix| fix.premium = true);
            return;
        }
        let premium = premium || (lower.starts_with("it ") && self.last_premium);
        let versions = fixed_in(statement, &lower);
        self.pending |= pending;
        self.last.clone_from(&versions);
        self.last_premium = premium;
        if versions.is_empty() {
            self.cover = Cover::default();
        }
        self.cover.fixes += versions.len();
        for version in versions {
            let fix = Fix {
                version,
                premium: premium || self.cover.premium,
                pending: pending || self.cover.pending,
            };
            if self.fixes.len() < MOST_FIXES
                && !self.fixes.iter().any(|known| known.version == version)
            {
                self.fixes.push(fix);
            }
        }
    }
}

/// The versions that a statement says have the fix.
fn fixed_in(statement: &str, lower: &str) -> Vec<Version> {
    let Some(start) = LEADS
        .iter()
        .filter_map(|lead| lower.find(lead).map(|at| at + lead.len()))
        .min()
    else {
        return Vec::new();
    };
    // What stands in brackets explains something, but for `1.0.0d (or 0.9.8r)`.
    let named = &statement[start..];
    let end = named
        .match_indices('(')
        .find(|(at, _)| !named[at + 1..].starts_with("or "))
        .map_or(named.len(), |(at, _)| at);
    let words = named[..end].split(|c: char| !c.is_ascii_alphanumeric() && !matches!(c, '.' | '-'));
    words
        .filter_map(|word| word.trim_matches('.').parse().ok())
        .collect()
}
