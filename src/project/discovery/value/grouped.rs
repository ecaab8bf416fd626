//! A version whose numbers stand side by side with commas: `OPENSSL_VERSION = (3, 5, 4)`, and
//! `FILEVERSION 3,5,4,0` in a resource of OpenSSL's.

use std::collections::HashSet;
use std::ops::Range;

use super::parts::verdict;
use crate::openssl::version::Version;
use crate::project::discovery::line::sighting::{Lines, Sighting};
use crate::project::discovery::line::{file_kind, subject};
use crate::project::pattern::Placeholder;
use crate::text::budget;

/// Keywords of Windows' resources that four numbers follow.
const KEYWORDS: [&str; 2] = ["fileversion", "productversion"];

/// Words of a name that says no version which is chosen.
const OTHERS: [&str; 7] = ["min", "max", "least", "req", "support", "since", "test"];

/// The numbers of such versions, of releases since 3.0 alone: `(1, 1, 1)` is any letter's.
/// `about`: the file is OpenSSL's by its name.
pub(crate) fn of(
    path: &str,
    text: &str,
    lines: &Lines,
    about: bool,
    releases: &HashSet<Version>,
) -> Vec<Sighting> {
    if file_kind::is_program(path) {
        return Vec::new();
    }
    let lines_with_commas = (1..=lines.count()).filter(|line| {
        let range = lines.range(*line);
        range.len() <= budget::LINE_WITH_VALUE && text[range].contains(',')
    });
    lines_with_commas
        .filter_map(|line| {
            let (range, written) = (lines.range(line), &text[lines.range(line)]);
            let numbers = numbers(written, about)?;
            let [major, minor, patch] = numbers.clone().map(|one| &written[one]);
            let version = format!("{major}.{minor}.{patch}").parse::<Version>().ok()?;
            (version.major() >= 3 && releases.contains(&version)).then(|| {
                let slots = [Placeholder::Major, Placeholder::Minor, Placeholder::Patch];
                let at = |one: Range<usize>| range.start + one.start..range.start + one.end;
                let sighting =
                    |(one, slot)| Sighting::new(at(one), line, slot, version, verdict(false));
                numbers
                    .into_iter()
                    .zip(slots)
                    .map(sighting)
                    .collect::<Vec<_>>()
            })
        })
        .flatten()
        .collect()
}

/// Where the three numbers stand that a line gives to a name of OpenSSL's version.
fn numbers(written: &str, about: bool) -> Option<[Range<usize>; 3]> {
    let start = written.find(|c: char| c.is_ascii_digit())?;
    let label = &written[..start];
    if subject::is_comment(written) || !is_given(label, about) {
        return None;
    }
    let mut at = start;
    let mut found = Vec::new();
    loop {
        let digits = written[at..].bytes().take_while(u8::is_ascii_digit).count();
        if digits == 0 || found.len() == 4 {
            return None;
        }
        found.push(at..at + digits);
        at += digits;
        let rest = written[at..].trim_start();
        let Some(next) = rest.strip_prefix(',') else {
            let is_end = rest
                .trim_start_matches([')', ']', '}', ';', ',', ' '])
                .trim_end();
            let zero = found
                .get(3)
                .is_none_or(|last| &written[last.clone()] == "0");
            let closes = is_end.is_empty() || is_end.starts_with('#') || is_end.starts_with("//");
            return (closes && zero)
                .then(|| {
                    found
                        .get(..3)
                        .map(|all| [all[0].clone(), all[1].clone(), all[2].clone()])
                })
                .flatten();
        };
        at = written.len() - next.trim_start().len();
    }
}

/// Whether what stands before the numbers gives them to a name of OpenSSL's version.
fn is_given(label: &str, about: bool) -> bool {
    let lower = label.to_ascii_lowercase();
    let keyword = lower.trim();
    if about && KEYWORDS.contains(&keyword) {
        return true;
    }
    let opened = lower.trim_end_matches([' ', '(', '[', '{']);
    let Some(name) = opened
        .strip_suffix(['=', ':'])
        .filter(|_| opened.len() < lower.trim_end().len())
    else {
        return false;
    };
    let name = name.trim_end_matches([':', ' ', '"', '\'']);
    let name = name
        .rsplit([' ', '"', '\'', '.', '\t'])
        .next()
        .unwrap_or_default();
    let is_openssl_s = name.contains("openssl") || (about && name.contains("version"));
    is_openssl_s && !OTHERS.iter().any(|word| name.contains(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_with_commas_are_a_version() {
        let releases = HashSet::from(["3.5.4".parse().expect("a version")]);
        for (line, about, count) in [
            ("OPENSSL_VERSION = (3, 5, 4)", false, 3),
            ("openssl_version: [3,5,4],", false, 3),
            ("  \"openssl\": [3, 5, 4]", false, 3),
            ("VERSION = (3, 5, 4)  # why", true, 3),
            ("VERSION = (3, 5, 4)", false, 0),
            (" FILEVERSION 3,5,4,0", true, 3),
            (" FILEVERSION 3,5,4,1", true, 0),
            (" FILEVERSION 3,5,4,0", false, 0),
            ("if OPENSSL_VERSION >= (3, 5, 4):", false, 0),
            ("if OPENSSL_VERSION == (3, 5, 4):", false, 0),
            ("MIN_OPENSSL = (3, 5, 4)", false, 0),
            ("OPENSSL_VERSION = (3, 5, 3)", false, 0),
            ("f(openssl=(3, 5, 4), zlib=(1, 3))", false, 0),
            ("OPENSSL = 3, 5, 4", false, 0),
            ("OPENSSL = (3, 5, 4, ü)", false, 0),
            ("# OPENSSL_VERSION = (3, 5, 4)", false, 0),
        ] {
            let text = format!("{line}\n");
            let found = of("deps.py", &text, &Lines::of(&text), about, &releases);
            assert_eq!(found.len(), count, "{line}");
        }
    }
}
