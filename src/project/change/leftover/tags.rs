//! Tags that a text makes of a version as releases before 3.0 have them: `OpenSSL_` and the numbers
//! with underscores.

use std::collections::BTreeSet;
use std::ops::Range;

use crate::project::change::lines;

/// What stands before the numbers.
const BEFORE: &str = "OpenSSL_";

/// The name that what stands at a place is given to.
pub(super) fn given(text: &str, at: usize) -> Option<&str> {
    let line = &text[lines::around(text, at).content.start..at];
    let is_word = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let label = line.trim_end_matches(|c: char| !is_word(c));
    let name = &label[label.trim_end_matches(is_word).len()..];
    (!name.is_empty()).then_some(name)
}

/// What a variable is called that holds something else than a version.
const OTHERS: [&str; 14] = [
    "platform", "arch", "dir", "path", "target", "host", "flag", "root", "lib", "prefix", "config",
    "include", "found", "build",
];

/// What says that a line, or one of those below it, is only for releases before 3.0.
const BEFORE_3: [&str; 8] = [
    "== 1", "= 1.", "1.*", "\"1.1", "'1.1", "-lt 3", "< 3", "LESS 3",
];

/// Lines above one that may say so.
const ABOVE: usize = 2;

/// Characters behind the beginning of a tag that say what it is made of.
const LONGEST: usize = 80;

/// Such places of a text that are looked at.
const MOST: usize = 1_000;

/// Where such a tag is made of a variable, of one of these or of any that may hold a version, but for
/// a branch that is only for releases before 3.0.
pub(super) fn made(text: &str, names: &BTreeSet<&str>) -> Vec<Range<usize>> {
    let is_made = |at: &usize| {
        let rest = &text[at + BEFORE.len()..];
        let shown = rest
            .char_indices()
            .take(LONGEST)
            .take_while(|(_, c)| *c != '\n');
        let rest = &rest[..shown.last().map_or(0, |(at, c)| at + c.len_utf8())];
        // A quote may close before the variable, with or without a sign that joins them.
        let closed = rest.trim_start_matches(['"', '\'', '`']);
        let joined = closed.trim_start_matches([' ', '+', '.', '&']);
        let is_joined = closed.len() < rest.len() && joined.len() < closed.len();
        let opened = joined.trim_start_matches(['$', '{', '%', '@', '#', '(', '`', ' ']);
        let is_opened = joined.starts_with(['$', '{', '%', '@', '#'])
            && closed.len() == joined.len()
            || (is_joined && opened.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_'));
        let word = opened
            .split(|c: char| !(c.is_ascii_alphanumeric() || c == '_'))
            .next()
            .unwrap_or_default();
        let lower = word.to_ascii_lowercase();
        // `tag_prefix: OpenSSL_`: something else puts it before the version.
        let ends = joined
            .trim_end_matches([' ', ',', ';', '}', '\r'])
            .is_empty();
        if ends && is_a_tag_s(text, *at) {
            return true;
        }
        is_opened && (names.contains(word) || !OTHERS.iter().any(|other| lower.contains(other)))
    };
    let is_for_old = |at: &usize| {
        let start = lines::around(text, *at).content.start;
        let mut above = text[..start].lines().rev().take(ABOVE);
        // What gives the version that moves says nothing of releases before.
        let gives = |line: &str| {
            let name = line.split(['=', ':']).next().unwrap_or_default();
            let name = name.trim_end_matches([' ', '?', '"', '\'']);
            names.contains(
                name.rsplit([' ', '"', '\'', '('])
                    .next()
                    .unwrap_or_default(),
            )
        };
        let says = |line: &str| {
            line.trim_start().starts_with(['0', '1'])
                || (BEFORE_3.iter().any(|sign| line.contains(sign)) && !gives(line))
        };
        says(&text[start..*at]) || above.any(says)
    };
    let places = text.match_indices(BEFORE).map(|(at, _)| at).take(MOST);
    places
        .filter(|at| is_made(at) && !is_for_old(at))
        .map(|at| at..at + BEFORE.len())
        .collect()
}

/// Whether what begins at a place is the value of a name that speaks of tags, or of what stands
/// before a version.
fn is_a_tag_s(text: &str, at: usize) -> bool {
    let before = text[lines::around(text, at).content.start..at].trim_end_matches(['"', '\'']);
    let Some(label) = before.trim_end().strip_suffix([':', '=']) else {
        return false;
    };
    let label = label
        .trim_end_matches([' ', '"', '\'', ':', '?'])
        .to_ascii_lowercase();
    let name = label
        .rsplit([' ', '"', '\'', '\t', '{', ','])
        .next()
        .unwrap_or_default();
    let name = name.trim_start_matches('$');
    let mut words = name.split(['_', '-', '.']);
    name == "prefix" || words.any(|word| matches!(word, "tag" | "tags" | "version" | "ver" | "ref"))
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
            ("h/OpenSSL_${{ env.OPENSSL_VERSION }}.tar.gz", true),
            ("h/OpenSSL_$(echo $V | tr . _).zip", true),
            ("h/OpenSSL_$(subst .,_,$(V)).zip", true),
            ("f\"h/OpenSSL_%s.tar.gz\" % V.replace('.', '_')", true),
            ("h/OpenSSL_{}.zip\".format(x)", true),
            ("h/OpenSSL_${_ver}.zip", true),
            ("tag_prefix: OpenSSL_\nx: 1", true),
            ("PREFIX = \"OpenSSL_\",\n", true),
            ("{\"tag-prefix\": \"OpenSSL_\"}\n", true),
            ("V = \"1.1.1w\"\nTAG_PREFIX = \"OpenSSL_\"\n", true),
            ("symbol_prefix=OpenSSL_\n", false),
            ("grep -q \"banner: OpenSSL_\"\n", false),
            ("known = [\"OpenSSL_\"]\n", false),
            ("if name.startswith(\"OpenSSL_\"):", false),
            ("OpenSSL_add_all_algorithms();", false),
            ("  1.*) tag=OpenSSL_$V ;;", false),
            ("  1.*)\n    tag=OpenSSL_$V ;;", false),
            ("if [[ $V == 1.* ]]; then\n  tag=OpenSSL_$V", false),
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
