//! Lists of nothing but versions, and the name that the line above them gives.

use super::sighting::{Lines, Scope};
use super::subject;

/// Lines of a list that are looked at.
const LONGEST: usize = 60;

/// Words of a list whose versions nobody raises.
const PAST: [&str; 6] = [
    "old",
    "unsupported",
    "legacy",
    "eol",
    "deprecated",
    "broken",
];

/// The line above a list that names it as one of OpenSSL's versions, where this line is an item of
/// one.
pub(crate) fn of(text: &str, lines: &Lines, line: usize) -> Option<Scope> {
    let at = |number: usize| &text[lines.range(number)];
    is_item(at(line)).then_some(())?;
    let above = (line.saturating_sub(LONGEST).max(1)..line).rev();
    let name = above
        .into_iter()
        .find(|number| !is_item(at(*number)) && !is_between(at(*number)))?;
    names_versions(at(name)).then_some(Scope {
        line: name,
        opens: at(name).trim_end().ends_with(['[', '(', '{']),
    })
}

/// Whether a line is one version with the signs of a list, and perhaps a comment.
fn is_item(line: &str) -> bool {
    let written = line.split(" #").next().unwrap_or_default().trim();
    let value = written.trim_start_matches("- ");
    value.contains('.')
        && value.chars().all(|c| {
            c.is_ascii_digit() || c.is_ascii_lowercase() || matches!(c, '.' | '"' | '\'' | ',')
        })
        && value
            .trim_start_matches(['"', '\''])
            .starts_with(|c: char| c.is_ascii_digit())
}

fn is_between(line: &str) -> bool {
    line.trim().is_empty() || subject::is_comment(line)
}

/// Whether a line opens a list of versions that it calls OpenSSL's.
fn names_versions(line: &str) -> bool {
    let written = line.trim().trim_start_matches("- ");
    let Some(name) = written.strip_suffix(['[', '(', '{', ':']) else {
        return false;
    };
    let name = name
        .trim_end_matches([' ', '=', ':', '"', '\''])
        .rsplit(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '_' | '-')))
        .next()
        .unwrap_or_default()
        .to_ascii_lowercase();
    let past = name.split(['_', '-']).any(|word| PAST.contains(&word));
    subject::names_openssl(&name) && !past
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_above_names_the_list() {
        for (text, line, expected) in [
            (
                "OPENSSL_VERSIONS = [\n    \"3.0.17\",\n    \"3.5.3\",\n",
                3,
                Some((1, true)),
            ),
            (
                "openssl_ver:\n  - 3.0.17\n  # newest\n  - '3.5.3'  # lts\n",
                4,
                Some((1, false)),
            ),
            ("OPENSSL_OLD_VERSIONS = [\n    \"1.1.1w\",\n", 2, None),
            ("LIBRESSL_VERSIONS = [\n    \"3.5.3\",\n", 2, None),
            ("versions:\n  - 3.5.3\n", 2, None),
            ("OPENSSL_VERSIONS = [\n    version(\"3.5.3\"),\n", 2, None),
        ] {
            let found = of(text, &Lines::of(text), line).map(|scope| (scope.line, scope.opens));
            assert_eq!(found, expected, "{text}");
        }
    }
}
