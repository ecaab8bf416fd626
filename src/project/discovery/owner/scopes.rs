//! Which lines stand in one entry, by how deep they stand: what two packages say apart belongs to
//! neither of the other.

use crate::project::discovery::line::sighting::{Lines, depth};
use crate::project::discovery::line::subject;

/// Lines above one that are looked at for what it stands in.
const FAR: usize = 200;

/// Whether two lines stand in one entry: one of them stands straight in what the other one stands in,
/// however deep, or both stand in something that names OpenSSL.
pub(crate) fn share_an_entry(text: &str, lines: &Lines, one: usize, other: usize) -> bool {
    let (one, other) = (above(text, lines, one), above(text, lines, other));
    let straight = |line: &[usize]| line.first().copied().unwrap_or_default();
    let is_in = |outer: usize, line: &[usize]| outer == 0 || line.contains(&outer);
    let is_openssl_s = |line: &&usize| subject::names_openssl(&text[lines.range(**line)]);
    is_in(straight(&one), &other)
        || is_in(straight(&other), &one)
        || one
            .iter()
            .filter(is_openssl_s)
            .any(|line| other.contains(line))
}

/// The lines that one stands in, the nearest first.
fn above(text: &str, lines: &Lines, line: usize) -> Vec<usize> {
    let at = |line: usize| &text[lines.range(line)];
    let mut deep = depth(at(line));
    let mut found = Vec::new();
    for number in (line.saturating_sub(FAR).max(1)..line).rev() {
        if deep == 0 {
            break;
        }
        let written = at(number);
        if !written.trim().is_empty() && depth(written) < deep {
            deep = depth(written);
            found.push(number);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_two_packages_say_is_apart() {
        for (text, one, other, expected) in [
            ("openssl:\n  ref: a\nlibssh2:\n  ref: b\n", 2, 4, false),
            ("F(\n  openssl\n  a)\nF(\n  yaml\n  b)\n", 3, 6, false),
            (
                "openssl:\n  version: a\n  git:\n    commit: b\n",
                2,
                4,
                true,
            ),
            ("url:\n  - a\nsha256: b\n", 2, 3, true),
            ("a\nif x\n  b\nfi\n", 1, 3, true),
            ("- name: x\n  version: a\n  sha256: b\n", 2, 3, true),
            ("- version: a\n  sha256: b\n", 1, 2, true),
            (
                "openssl:\n  source:\n    url: a\n  check:\n    sum: b\n",
                3,
                5,
                true,
            ),
            (
                "x:\n  source:\n    url: a\n  check:\n    sum: b\n",
                3,
                5,
                false,
            ),
        ] {
            let found = share_an_entry(text, &Lines::of(text), one, other);
            assert_eq!(found, expected, "{text}");
        }
    }
}
