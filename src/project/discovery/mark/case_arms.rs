//! A version that selects in a shell's `case`: `"3.5.3")`. It is an entry of a table, which a bump
//! adds to; what selects it stands elsewhere.

use std::collections::BTreeSet;

use crate::openssl::version::Version;
use crate::project::discovery::found::Checkout;
use crate::project::discovery::line::sighting::{Lines, Sighting, SightingVerdict};
use crate::project::discovery::owner::evidence;

/// Why such a version is no pin.
const ARM: &str =
    "it selects in a `case`, so a bump adds an entry, and what is selected stands elsewhere";

/// Takes back what only selects: no commit moved it, and no other line says the version.
pub(crate) fn mark(checkout: &Checkout, seen: &mut [(&str, Vec<Sighting>)]) {
    let mut arms: Vec<(usize, usize)> = Vec::new();
    let mut said: BTreeSet<Version> = BTreeSet::new();
    for (at, (path, seen)) in seen.iter().enumerate() {
        let text = &checkout.texts[*path];
        let lines = Lines::of(text);
        let versions = seen.iter().enumerate();
        for (number, one) in versions.filter(|(_, one)| one.is_ours() && one.slot.is_version()) {
            let line = lines.range(one.line);
            let (before, after) = (
                &text[line.start..one.range.start],
                &text[one.range.end..line.end],
            );
            if one.moved.is_empty() && is_arm(before, after) && is_in_a_case(text, &lines, one.line)
            {
                arms.push((at, number));
            } else {
                said.insert(one.version);
            }
        }
        let open = seen
            .iter()
            .filter(|one| one.doubt() == Some(evidence::NUMBER));
        said.extend(open.map(|one| one.version));
    }
    for (at, number) in arms {
        let one = &mut seen[at].1[number];
        if !said.contains(&one.version) {
            one.verdict = SightingVerdict::Doubtful(true, ARM);
        }
    }
}

/// Lines of a `case` that are looked at.
const LONGEST: usize = 60;

/// Whether a line stands inside a shell's `case`.
fn is_in_a_case(text: &str, lines: &Lines, line: usize) -> bool {
    let at = |line: usize| text[lines.range(line)].trim();
    let mut above = (line.saturating_sub(LONGEST).max(1)..line).rev();
    let edge = above.find(|line| at(*line).starts_with("case ") || at(*line).starts_with("esac"));
    edge.is_some_and(|line| at(line).starts_with("case ") && at(line).contains(" in"))
}

/// Whether a line starts with the version, in quotes or not, and a bracket closes behind it.
fn is_arm(before: &str, after: &str) -> bool {
    let quotes = ['"', '\''];
    before.trim_start().trim_start_matches(quotes).is_empty()
        && after
            .trim_start_matches(quotes)
            .trim_start()
            .starts_with(')')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_selects() {
        for (before, after, expected) in [
            ("  \"", "\" ) HASH=ab;;", true),
            ("", ") HASH=ab;;", true),
            ("V=", ")", false),
            ("  \"", "\", ab)", false),
            ("  version(\"", "\")", false),
        ] {
            assert_eq!(is_arm(before, after), expected, "{before}V{after}");
        }
    }
}
