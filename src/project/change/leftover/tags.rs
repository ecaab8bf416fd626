//! Tags that a text makes of a version as releases before 3.0 have them: `OpenSSL_` and the numbers
//! with underscores.

use std::collections::BTreeSet;
use std::ops::Range;

/// What stands before the numbers.
const BEFORE: &str = "OpenSSL_";

/// The name that what stands at a place is given to.
pub(super) fn given(text: &str, at: usize) -> Option<&str> {
    let line = &text[text[..at].rfind('\n').map_or(0, |end| end + 1)..at];
    let is_word = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let label = line.trim_end_matches(|c: char| !is_word(c));
    let name = &label[label.trim_end_matches(is_word).len()..];
    (!name.is_empty()).then_some(name)
}

/// Where such a tag is made of one of these variables, but for the branch of a `case` that is only for
/// releases before 3.0.
pub(super) fn made(text: &str, names: &BTreeSet<&str>) -> Vec<Range<usize>> {
    let is_made = |at: &usize| {
        let rest = &text[at + BEFORE.len()..];
        let end = rest.find('\n').unwrap_or(rest.len());
        // A quote may close before the variable, with or without a sign that joins them.
        let joined = rest[..end].trim_start_matches(['"', '\'', '+', '.', ' ', '&', '`', '(']);
        let opened = joined.trim_start_matches(['$', '{', '%', '@', '#', '(']);
        let word = opened
            .split(|c: char| !(c.is_ascii_alphanumeric() || c == '_'))
            .next()
            .unwrap_or_default();
        let is_open = joined.len() < end || opened.len() < joined.len();
        is_open && names.contains(word)
    };
    let is_for_old = |at: &usize| {
        let start = text[..*at].rfind('\n').map_or(0, |end| end + 1);
        text[start..*at].trim_start().starts_with(['0', '1'])
    };
    let places = text.match_indices(BEFORE).map(|(at, _)| at);
    places
        .filter(|at| is_made(at) && !is_for_old(at))
        .map(|at| at..at + BEFORE.len())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_of_releases_before_3_0() {
        for (text, expected) in [
            ("curl h/OpenSSL_$V.zip", true),
            ("curl h/OpenSSL_${V//./_}.zip", true),
            ("url = 'h/OpenSSL_' + V.replace('.', '_')", true),
            ("url = \"h/OpenSSL_#{V.tr('.', '_')}\"", true),
            ("curl h/OpenSSL_\"$V\".zip", true),
            ("curl \"h/OpenSSL_\"$V", true),
            ("ls OpenSSL_$PLATFORM", false),
            ("ls OpenSSL_V.zip", false),
            ("  1.*) tag=OpenSSL_$V ;;", false),
            ("curl h/openssl-$V.zip", false),
        ] {
            let found = made(text, &BTreeSet::from(["V"]));
            assert_eq!(found.len(), usize::from(expected), "{text}");
        }
    }

    #[test]
    fn the_name_before_a_value() {
        for (text, expected) in [
            ("x\n  V=\"3", Some("V")),
            ("set(OPENSSL_V 3", Some("OPENSSL_V")),
            ("3", None),
        ] {
            assert_eq!(given(text, text.len() - 1), expected, "{text}");
        }
    }
}
