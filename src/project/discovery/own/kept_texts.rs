//! Which texts of a checkout are looked into: of the others, most of a large tree, only the path is.

use super::{project, stated};
use crate::project::discovery::line::{file_kind, subject};
use crate::project::foreign_digest;
use crate::project::linked::tree;

/// Bytes of a text that is always kept: packaging, settings and lists are short.
const SHORT: usize = 2_000;

/// The shortest word that may be a digest.
const DIGEST: usize = 32;

/// Chooses, as files come: those of a folder before those below it.
#[derive(Default)]
pub(crate) struct KeptTexts {
    /// Folders of OpenSSL's sources, with a slash at their ends.
    trees: Vec<String>,
}

impl KeptTexts {
    /// Whether anything is looked for in a text: where it names SSL, or says what may be a release's
    /// number or digest, where it is short, and where its place says something. Below OpenSSL's own
    /// sources nothing is.
    pub(crate) fn choose(&mut self, path: &str, text: &str) -> bool {
        if let Some(folder) = path.strip_suffix("VERSION.dat")
            && folder.ends_with('/')
            && text.lines().any(|line| line.starts_with("MAJOR="))
        {
            self.trees.push(folder.to_owned());
            return true;
        }
        !self.is_openssl_s(path) && is_kept(path, text)
    }

    /// Whether a file is one of OpenSSL's own sources, and does not say their version.
    pub(crate) fn is_openssl_s(&self, path: &str) -> bool {
        let is_below = |tree: &String| {
            let inside = path.strip_prefix(tree.as_str());
            inside.is_some_and(|file| !tree::VERSION_FILES.contains(&file))
        };
        self.trees.iter().any(is_below)
    }
}

fn is_kept(path: &str, text: &str) -> bool {
    let bytes = text.as_bytes();
    text.len() <= SHORT
        || path.starts_with('.')
        || !path.contains('/')
        || project::is_changelog(path)
        || stated::may_say(path)
        || path.ends_with("/Cargo.toml")
        || names_ssl(path.as_bytes())
        || names_ssl(bytes)
        || has_release(bytes)
        || has_digest(text)
        || has_number(bytes)
}

/// Whether a text may pin OpenSSL: a line that is no comment names it and says what may be a
/// release's number.
pub(crate) fn says_a_release(path: &str, text: &str) -> bool {
    let says = |line: &str| {
        subject::names_openssl(line) && has_release(line.as_bytes()) && !subject::is_comment(line)
    };
    !file_kind::is_program(path)
        && !file_kind::is_history(path)
        && !file_kind::is_prose(path, text)
        && text.lines().any(says)
}

/// OpenSSL, libssl, `SSL_VERSION`, `ssl-src`; not `lossless`.
fn names_ssl(bytes: &[u8]) -> bool {
    memchr::memchr2_iter(b'l', b'L', bytes).any(|at| {
        let (before, word) = bytes[..=at].split_at((at + 1).saturating_sub(3));
        let starts = before.last().is_none_or(|byte| !byte.is_ascii_alphabetic());
        word.eq_ignore_ascii_case(b"ssl")
            && (starts
                || word == b"SSL"
                || [&b"open"[..], b"lib"].iter().any(|name| {
                    let at = before.len().saturating_sub(name.len());
                    before[at..].eq_ignore_ascii_case(name)
                }))
    })
}

/// A number that a release of OpenSSL may have, like `1.1.1` and `3_5_4`.
fn has_release(bytes: &[u8]) -> bool {
    let digit = |at: usize| bytes.get(at).copied().filter(u8::is_ascii_digit);
    memchr::memchr2_iter(b'.', b'_', bytes).any(|at| {
        let Some(major) = at.checked_sub(1).and_then(digit) else {
            return false;
        };
        let minor = bytes[at + 1..]
            .iter()
            .take_while(|byte| byte.is_ascii_digit());
        let minor = &bytes[at + 1..at + 1 + minor.count()];
        let next = at + 1 + minor.len();
        let may_be = match major {
            b'0' => minor == b"9",
            b'1' => matches!(minor, b"0" | b"1"),
            b'2' => false,
            _ => matches!(minor.len(), 1 | 2),
        };
        may_be
            && (at < 2 || digit(at - 2).is_none())
            && bytes.get(next) == Some(&bytes[at])
            && digit(next + 1).is_some()
    })
}

/// A word that has the form of a digest, in hexadecimal figures or in base 32 or 64.
fn has_digest(text: &str) -> bool {
    let bytes = text.as_bytes();
    // A word that is so long stands at one of these places.
    let places = (DIGEST - 1..bytes.len()).step_by(DIGEST);
    let of_word = |at: usize| {
        let is_part = |byte: &&u8| byte.is_ascii_alphanumeric();
        let before = bytes[..at].iter().rev().take(128).take_while(is_part);
        let after = bytes[at..].iter().take(129).take_while(is_part);
        // Letters and figures of ASCII on both sides: no character is cut.
        text.get(at - before.count()..at + after.count())
    };
    places
        .filter_map(of_word)
        .any(foreign_digest::is_of_any_form)
        || has_base_64(bytes)
}

fn has_base_64(bytes: &[u8]) -> bool {
    let is_part = |byte: &&u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/');
    memchr::memchr_iter(b'=', bytes).any(|at| {
        let figures = bytes[..at].iter().rev().take(87).take_while(is_part);
        matches!(figures.count(), 43 | 86)
    })
}

/// A number like `0x30500040`, as OpenSSL's header writes 3.5.4.
fn has_number(bytes: &[u8]) -> bool {
    memchr::memmem::find_iter(bytes, b"0x").any(|at| {
        let number = bytes.get(at + 2..at + 10).unwrap_or_default();
        matches!(number, [b'3'..=b'9', _, _, b'0', b'0', _, _, b'0'])
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
            ("src/a.c", "lossless, ClassList", false),
            ("src/a.c", "SSL_VERSION", true),
            ("src/a.c", "x-ssl", true),
            ("src/a.c", "1.5", false),
            ("src/a.c", "10.5.4, 1.2.3, 2.0.1, 127.0.0.1", false),
            ("src/a.c", "1.1.1w", true),
            ("src/a.c", "3.5.4.1", true),
            ("src/a.c", "v3.5.4", true),
            ("src/a.c", "3_5_4", true),
            ("src/a.c", "3.5_4", false),
            ("src/a.c", "a.5.4", false),
            ("src/a.c", &digest, true),
            ("src/a.c", &digest[1..], false),
            ("src/a.c", &"x".repeat(40), false),
            ("src/a.c", &"x".repeat(31), false),
            ("src/a.c", "0x30500040L", true),
            ("src/a.c", "0x10101010, 0x33333333", false),
            (
                "src/a.c",
                &format!("{}=", "a1+/".repeat(11).trim_end_matches('/')),
                true,
            ),
            (
                "src/a.c",
                "#include \"deep/down/in/a/tree/of/folders/1.h\"",
                false,
            ),
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

    #[test]
    fn nothing_is_looked_for_below_openssl_s_sources() {
        let mut kept = KeptTexts::default();
        for (path, text, expected) in [
            ("a/openssl/x.c", "1.1.1", true),
            ("a/VERSION.dat", "3.5.4", true),
            ("a/openssl/VERSION.dat", "MAJOR=3\nMINOR=5\n", true),
            ("a/openssl/x.c", "1.1.1", false),
            ("a/openssl/ssl/y.c", "OpenSSL", false),
            ("a/openssl-build/y.c", "OpenSSL", true),
        ] {
            assert_eq!(kept.choose(path, text), expected, "{path}");
        }
    }
}
