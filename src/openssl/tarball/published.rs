//! The `.sha256` file beside a tarball, in every shape it has had (UPSTREAM 5.7).

use crate::text;

/// Labels that some tools write beside a digest.
const LABELS: [&str; 2] = ["SHA256", "SHA2-256"];

/// The SHA-256 digest that a published file gives for a tarball, in lower case: the digest alone,
/// after a blank, before the tarball's name with or without `*`, or after `SHA256(name)=`. Of
/// several digests the one beside the tarball's own name counts.
///
/// # Errors
///
/// In words, without the file's name: if there is no digest, or only digests of other files.
///
/// ```
/// use release_check::for_tests::openssl::tarball::published_sha256;
///
/// let digest = "ab".repeat(32);
/// for text in ["{}\n", " {}\n", "{} openssl-3.4.0.tar.gz\n", "{} *openssl-3.4.0.tar.gz\n", "{}  ./openssl-3.4.0.tar.gz\r\n", "SHA2-256(openssl-3.4.0.tar.gz)= {}"] {
///     assert_eq!(published_sha256(text.replace("{}", &digest).as_bytes(), "openssl-3.4.0.tar.gz").as_deref(), Ok(digest.as_str()), "{text}");
/// }
/// assert!(published_sha256(format!("{digest} *openssl-3.4.1.tar.gz").as_bytes(), "openssl-3.4.0.tar.gz").is_err());
/// ```
pub fn published_sha256(file: &[u8], tarball: &str) -> Result<String, String> {
    let contents = String::from_utf8_lossy(file);
    let (mut unnamed, mut other) = (None, None);
    for line in contents.lines() {
        let words: Vec<&str> = line
            .split(|c: char| c.is_whitespace() || matches!(c, '(' | ')' | '=' | '\u{feff}'))
            .filter(|word| !word.is_empty())
            .collect();
        let Some(digest) = words.iter().find(|word| is_digest(word)) else {
            continue;
        };
        let mut names = words
            .iter()
            .filter(|word| !is_digest(word) && !LABELS.contains(word))
            .map(|word| base_name(word));
        match names.next() {
            None => unnamed = unnamed.or(Some(*digest)),
            Some(name) if name == tarball => return Ok(digest.to_ascii_lowercase()),
            Some(name) => other = other.or(Some(name)),
        }
    }
    match (unnamed, other) {
        (Some(digest), _) => Ok(digest.to_ascii_lowercase()),
        (None, Some(name)) => {
            let name = text::short_line(name, 100);
            Err(format!("gives the digest of `{name}`, not of `{tarball}`"))
        }
        (None, None) => Err("gives no SHA-256 digest".to_owned()),
    }
}

fn is_digest(word: &str) -> bool {
    word.len() == 64 && word.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// The name of a file as listed: a `*` says that it was read as binary, a folder is where the list
/// was made.
fn base_name(word: &str) -> &str {
    let word = word.strip_prefix('*').unwrap_or(word);
    word.rsplit_once('/').map_or(word, |(_, name)| name)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const NAME: &str = "openssl-3.5.4.tar.gz";

    #[test]
    fn of_several_the_tarballs_own() {
        let (ours, theirs) = ("0a".repeat(32), "F0".repeat(32));
        let list = format!("{theirs} *openssl-3.5.3.tar.gz\n{ours} *{NAME}\n");
        assert_eq!(published_sha256(list.as_bytes(), NAME), Ok(ours.clone()));
        assert_eq!(
            published_sha256(format!("{theirs}\n{ours}\n").as_bytes(), NAME),
            Ok("f0".repeat(32))
        );
    }

    #[test]
    fn what_is_no_digest_of_the_tarball() {
        for (text, problem) in [
            (String::new(), "gives no SHA-256 digest"),
            (
                "<!DOCTYPE html><title>Not Found</title>".to_owned(),
                "gives no SHA-256 digest",
            ),
            ("0a".repeat(20), "gives no SHA-256 digest"),
            ("0a".repeat(33), "gives no SHA-256 digest"),
            (
                format!("{} *openssl-3.5.40.tar.gz", "0a".repeat(32)),
                "gives the digest of `openssl-3.5.40.tar.gz`, not of `openssl-3.5.4.tar.gz`",
            ),
            (
                format!("{} \u{1b}[31mx", "0a".repeat(32)),
                "gives the digest of `\u{fffd}[31mx`, not of `openssl-3.5.4.tar.gz`",
            ),
        ] {
            assert_eq!(
                published_sha256(text.as_bytes(), NAME),
                Err(problem.to_owned()),
                "{text}"
            );
        }
    }

    proptest! {
        #[test]
        fn whatever_it_reads_is_a_digest(bytes in proptest::collection::vec(any::<u8>(), 0..300), text in "[0-9a-fA-F \n*=()]{0,300}") {
            for file in [bytes, text.into_bytes()] {
                if let Ok(digest) = published_sha256(&file, NAME) {
                    prop_assert!(is_digest(&digest));
                }
            }
        }
    }
}
