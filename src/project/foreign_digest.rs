//! Digests of kinds that no placeholder gives.

use std::ops::Range;

use super::base_32;

/// What the names of such kinds have in them.
const KINDS: [&str; 8] = [
    "ripemd",
    "rmd160",
    "blake",
    "b2sum",
    "b3sum",
    "sha224",
    "sha3",
    "whirlpool",
];

/// Such kinds whose names are the whole of a word.
const WORDS: [&str; 3] = ["rmd", "b2", "b3"];

/// Kinds that a placeholder gives.
const GIVEN: [&str; 4] = ["sha256", "sha512", "sha1", "md5"];

/// The ends of files that hold a signature.
const SIGNATURES: [&str; 4] = ["asc", "sig", "sign", "sigstore"];

/// Lines of a list of digests, at most, above one of them.
const LIST: usize = 200;

/// Where such digests stand in a text.
pub(super) fn all(text: &str) -> Vec<Range<usize>> {
    let mut lines = vec![0];
    lines.extend(memchr::memchr_iter(b'\n', text.as_bytes()).map(|at| at + 1));
    let is_one = |range: &Range<usize>| {
        let word = &text[range.clone()];
        is_form(word) || (is_of_any_kind(word) && is_said(text, &lines, range))
    };
    let long = words(text).filter(|range| range.len() >= 32);
    long.filter(is_one).collect()
}

/// Lines of a package's definition between its version and the digest of its source.
const DEFINITION: usize = 24;

/// Whether a digest in base 32 is that of the package whose version ends here: in Nix and Guix it
/// stands below the version, with neither another digest nor another package's version between.
pub(super) fn is_of_package(text: &str, version_end: usize, digest: &Range<usize>) -> bool {
    let Some(between) = text.get(version_end..digest.start) else {
        return false;
    };
    let says_another = |line: &str| {
        let line = line.trim_start_matches([' ', '\t', '(']);
        let value = ["version", "name", "pname"]
            .iter()
            .find_map(|key| line.strip_prefix(key));
        value.is_some_and(|value| value.trim_start_matches([' ', '=']).starts_with('"'))
    };
    is_base_32(&text[digest.clone()])
        && between.matches('\n').count() <= DEFINITION
        && !between.lines().skip(1).any(says_another)
        && !words(between).any(|word| is_of_any_form(&between[word]))
}

/// Whether what a digest stands behind says that no placeholder gives it; in a list of digests that
/// is what the list stands behind.
fn is_said(text: &str, lines: &[usize], digest: &Range<usize>) -> bool {
    let own = lines.partition_point(|start| *start <= digest.start) - 1;
    let label = &text[lines[own]..digest.start];
    if label.contains(|c: char| c.is_ascii_alphanumeric()) {
        return is_labelled(label);
    }
    let is_item = |item: &str| {
        let item = item.trim_matches(|c: char| !c.is_ascii_alphanumeric());
        item == "SKIP" || is_of_any_kind(item)
    };
    let mut above = (0..own)
        .rev()
        .take(LIST)
        .map(|line| &text[lines[line]..lines[line + 1]]);
    let opening = above.find(|line| !is_item(line)).unwrap_or_default();
    let name = opening.split(['(', '=', '[', ':']).next();
    is_labelled(name.unwrap_or_default())
}

/// The words of a text.
pub(super) fn words(text: &str) -> impl Iterator<Item = Range<usize>> + '_ {
    let mut at = 0;
    text.split(|c: char| !c.is_ascii_alphanumeric())
        .map(move |word| {
            let range = at..at + word.len();
            at = range.end + text[range.end..].chars().next().map_or(0, char::len_utf8);
            range
        })
}

/// Whether what stands before a digest on its line says that it is of a kind that no placeholder
/// gives, or that of a signature: the nearest word that says any kind does.
fn is_labelled(before: &str) -> bool {
    let lower = before.to_ascii_lowercase();
    let names =
        lower.rsplit(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.')));
    // What stands before another digest is said of that one.
    let mut own = names.take_while(|name| !is_long(name));
    own.find_map(kind).unwrap_or_default()
        || lower
            .split_whitespace()
            .any(|word| SIGNATURES.iter().any(|end| is_file(word, end)))
}

/// Whether a name says such a kind; none where it says no kind.
fn kind(name: &str) -> Option<bool> {
    let mut words = name.split(['_', '-', '.']);
    let joined: String = name.split(['_', '-']).collect();
    let says = |kinds: &[&str]| kinds.iter().any(|kind| joined.contains(kind));
    if says(&KINDS) || words.any(|word| WORDS.contains(&word)) {
        return Some(true);
    }
    says(&GIVEN).then_some(false)
}

/// Whether a name is as long as a digest, and one by its figures.
fn is_long(name: &str) -> bool {
    name.len() >= 32 && name.bytes().all(|byte| byte.is_ascii_hexdigit())
}

fn is_file(word: &str, end: &str) -> bool {
    word.trim_matches(|c: char| !c.is_ascii_alphanumeric())
        .strip_suffix(end)
        .is_some_and(|file| file.ends_with('.') && file.len() > 1)
}

/// Whether a word has the form of a digest of any kind, in hexadecimal figures.
pub(super) fn is_of_any_kind(word: &str) -> bool {
    let figures = word.bytes().all(|byte| byte.is_ascii_hexdigit());
    matches!(word.len(), 32 | 40 | 48 | 56 | 64 | 96 | 128) && figures && is_mixed(word)
}

/// Whether a word has the form of a digest, in whatever figures.
pub(super) fn is_of_any_form(word: &str) -> bool {
    is_of_any_kind(word) || is_form(word)
}

/// Whether a word has a form that only such digests have: longer than any that a placeholder gives,
/// or in base 32 as Nix and Guix write it.
fn is_form(word: &str) -> bool {
    match word.len() {
        52 => is_base_32(word),
        56 | 96 => is_of_any_kind(word),
        _ => false,
    }
}

/// Whether a word is a SHA-256 in base 32.
fn is_base_32(word: &str) -> bool {
    base_32::decode(word).is_some() && is_mixed(word)
}

fn is_mixed(word: &str) -> bool {
    word.bytes().any(|byte| byte.is_ascii_digit())
        && word.bytes().any(|byte| byte.is_ascii_alphabetic())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_word_says_the_kind() {
        let other = "5a".repeat(32);
        for (before, expected) in [
            ("b2sums=('", true),
            ("OPENSSL_B2SUM=", true),
            ("\"blake2b\": \"", true),
            ("checksums  rmd160 ", true),
            ("  rmd160  x sha256  ", false),
            ("OPENSSL_SHA3_256=", true),
            ("sha3-512: ", true),
            ("sha384 = ", true),
            ("sha256 = ", false),
            ("hash = ", false),
            (&format!("SHA256 {other} BLAKE2B "), true),
            (&format!("BLAKE2B {other} SHA512 "), false),
            (&format!("BLAKE2B {other} "), false),
            ("sha256 ok openssl-3.5.3.tar.gz.asc ", true),
            ("b2-3.5.3.tar.gz sha256 ", false),
        ] {
            assert_eq!(is_labelled(before), expected, "{before}");
        }
    }

    #[test]
    fn a_package_s_digest_stands_below_its_version() {
        let digest = "0pxhpc7g0q9k9c2x1wlw1fyqdzxmyc6cx1jcsbc0ra4l25xn1yrw";
        for (between, expected) in [
            ("\")\n (source\n\n  (sha256 (base32 \"", true),
            (
                "\";\n\n src = fetchurl {\n  url = \"x\";\n  sha256 = \"",
                true,
            ),
            (
                "\")\n (name \"zlib\")\n (version \"1.3\")\n (base32 \"",
                false,
            ),
            (&format!("\";\n a = \"{digest}\";\n b = \""), false),
            (&"\n".repeat(25), false),
        ] {
            let text = format!("(version \"3.5.3{between}{digest}\")))");
            let start = text.rfind(digest).expect("it is there");
            let found = is_of_package(&text, 15, &(start..start + digest.len()));
            assert_eq!(found, expected, "{text}");
        }
    }

    #[test]
    fn a_list_says_the_kind_of_its_items() {
        let digest = "5a".repeat(32);
        for (text, expected) in [
            (format!("b2sums=('{digest}'\n        '{digest}')"), 2),
            (format!("b2sums=('SKIP'\n        '{digest}')"), 1),
            (format!("sha256sums=('{digest}'\n        '{digest}')"), 0),
            (format!("b2sums=('SKIP')\nx\n  {digest}"), 0),
        ] {
            assert_eq!(all(&text).len(), expected, "{text}");
        }
    }

    #[test]
    fn some_forms_no_placeholder_gives() {
        for (word, expected) in [
            ("0pxhpc7g0q9k9c2x1wlw1fyqdzxmyc6cx1jcsbc0ra4l25xn1yrw", true),
            (
                "0pxhpc7g0q9k9c2x1wlw1fyqdzxmyc6cx1jcsbc0ra4l25xn1yre",
                false,
            ),
            (&"5a".repeat(48), true),
            (&"5a".repeat(32), false),
            (&"55".repeat(48), false),
        ] {
            assert_eq!(is_form(word), expected, "{word}");
        }
    }
}
