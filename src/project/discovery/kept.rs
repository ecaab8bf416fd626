//! Which texts of a checkout are looked into: of the others, most of a large tree, only the path is.

use super::project;

/// Bytes of a text that is always kept: packaging, settings and lists are short.
const SHORT: usize = 2_000;

/// The shortest word that may be a digest.
const DIGEST: usize = 32;

/// Whether anything is looked for in a text: where it names SSL or says a number in three parts, a
/// digest or a release's number in one, where it is short, and where its place says something.
pub(crate) fn is_kept(path: &str, text: &str) -> bool {
    let bytes = text.as_bytes();
    text.len() <= SHORT
        || path.starts_with('.')
        || !path.contains('/')
        || project::is_own(path)
        || names_ssl(path.as_bytes())
        || names_ssl(bytes)
        || has_parts(bytes)
        || has_digest(bytes)
        || has_number(bytes)
}

fn names_ssl(bytes: &[u8]) -> bool {
    memchr::memchr2_iter(b'l', b'L', bytes)
        .any(|at| at >= 2 && bytes[at - 2..at].eq_ignore_ascii_case(b"ss"))
}

/// A number like `3.5.4` or `3_5_4`.
fn has_parts(bytes: &[u8]) -> bool {
    let is_digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
    memchr::memchr2_iter(b'.', b'_', bytes).any(|at| {
        let digits = bytes[at + 1..]
            .iter()
            .take_while(|byte| byte.is_ascii_digit());
        let next = at + 1 + digits.count();
        at > 0
            && is_digit(at - 1)
            && next > at + 1
            && bytes.get(next) == Some(&bytes[at])
            && is_digit(next + 1)
    })
}

/// A long word with a digit in it.
fn has_digest(bytes: &[u8]) -> bool {
    let is_part = |byte: &&u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/');
    // A word that is so long stands at one of these places.
    let places = (DIGEST - 1..bytes.len()).step_by(DIGEST);
    places.into_iter().any(|at| {
        let before = bytes[..at].iter().rev().take(DIGEST).take_while(is_part);
        let after = bytes[at..].iter().take(DIGEST).take_while(is_part);
        let (start, end) = (at - before.count(), at + after.count());
        end > at && end - start >= DIGEST && bytes[start..end].iter().any(u8::is_ascii_digit)
    })
}

/// A number like `0x30500040`.
fn has_number(bytes: &[u8]) -> bool {
    memchr::memmem::find_iter(bytes, b"0x").any(|at| {
        let digits = bytes[at + 2..]
            .iter()
            .take(8)
            .take_while(|byte| byte.is_ascii_hexdigit());
        bytes.get(at + 2).is_some_and(|first| *first >= b'3') && digits.count() == 8
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_text_is_kept_for_what_it_says_or_where_it_stands() {
        let digest = "5a".repeat(16);
        for (path, says, expected) in [
            ("src/a.c", "x", false),
            ("src/a.c", "OpenSSL", true),
            ("src/a.c", "libssl", true),
            ("src/a.c", "1.5", false),
            ("src/a.c", "v3.5.4", true),
            ("src/a.c", "3_5_4", true),
            ("src/a.c", "3.5_4", false),
            ("src/a.c", "a.5.4", false),
            ("src/a.c", &digest, true),
            ("src/a.c", &digest[1..], false),
            ("src/a.c", &"x".repeat(40), false),
            ("src/a.c", &"x".repeat(31), false),
            ("src/a.c", "0x30500040L", true),
            ("src/a.c", "0x10101010", false),
            ("src/openssl.c", "x", true),
            ("README", "x", true),
            (".github/workflows/ci.yml", "x", true),
            ("docs/CHANGES.rst", "x", true),
            ("src/sample/__init__.py", "x", true),
        ] {
            for filler in ["int;\n".repeat(1000), "int;\n".repeat(1000) + "é"] {
                let text = format!("{filler} {says} {filler}");
                assert_eq!(is_kept(path, &text), expected, "{path} {says}");
            }
        }
        assert!(is_kept("src/a.c", "x"));
    }
}
