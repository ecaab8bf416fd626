//! What the name before a value says: whose the value is, and that it is a version or a digest.

/// Words at the end of a name that say what its value is, and nothing of whose it is.
const KINDS: [&str; 28] = [
    "version",
    "ver",
    "tag",
    "release",
    "root",
    "ref",
    "rev",
    "revision",
    "commit",
    "sha",
    "sha1",
    "sha256",
    "sha512",
    "sha256sum",
    "sha512sum",
    "sha256sums",
    "sha512sums",
    "shasum",
    "sha1sum",
    "md5sum",
    "hash",
    "checksum",
    "checksums",
    "digest",
    "md5",
    "sum",
    "sums",
    "integrity",
];

/// Whose a value is by the name in what stands before it on its line: `crypto` for
/// `CRYPTO_VERSION=openssl-` and for `readonly CRYPTO_COMMIT=`, nothing for a bare `sha256:`. None
/// where no such name stands there.
pub(super) fn owner(before: &str) -> Option<String> {
    let before = before.trim_end_matches('v');
    let cut = before.len().saturating_sub("openssl-".len());
    let before = match before.get(cut..) {
        Some(end) if end.eq_ignore_ascii_case("openssl-") => &before[..cut],
        _ => before,
    };
    let signs = |c: char| {
        matches!(
            c,
            '=' | ':' | '?' | '"' | '\'' | '`' | ' ' | '\t' | ',' | '(' | '[' | '{'
        )
    };
    let named = before.trim_end_matches(signs);
    if named.len() == before.len() {
        return None;
    }
    let name = named.rsplit(char::is_whitespace).next()?;
    if name.contains(['@', '/']) {
        return None;
    }
    // `set(NAME` calls something, `$(name)` puts something in.
    let called = name
        .rmatch_indices('(')
        .map(|(at, _)| at)
        .find(|at| !name[..*at].ends_with('$'));
    let lower = name[called.map_or(0, |at| at + 1)..].to_ascii_lowercase();
    let words: Vec<&str> = lower
        .split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|word| !word.is_empty())
        .collect();
    let kinds = words.iter().rev().take_while(|word| KINDS.contains(word));
    let stem = words.len() - kinds.count();
    (stem < words.len()).then(|| words[..stem].join("_"))
}

/// Whether a call of CMake's gives what follows to a name: `set(NAME `.
pub(super) fn is_set(before: &str) -> bool {
    let call = before.trim_start();
    let opens = call
        .get(..4)
        .is_some_and(|start| start.eq_ignore_ascii_case("set("));
    let given = || call[4..].trim_matches([' ', '\t', '"']);
    let is_name = |name: &str| {
        let is_part = |c: char| c.is_ascii_alphanumeric() || c == '_';
        !name.is_empty() && name.chars().all(is_part)
    };
    opens && call.ends_with([' ', '\t', '"']) && is_name(given())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cmake_gives_a_value_by_a_call() {
        for (before, expected) in [
            ("set(OPENSSL_SERIES ", true),
            ("  SET( OPENSSL_SERIES \"", true),
            ("set(OPENSSL_SERIES", false),
            ("set(A B ", false),
            ("unset(A ", false),
            ("if(A VERSION_LESS ", false),
            ("set(", false),
        ] {
            assert_eq!(is_set(before), expected, "{before}");
        }
    }

    #[test]
    fn a_name_says_whose_its_value_is() {
        for (before, expected) in [
            ("CRYPTO_VERSION=openssl-", Some("crypto")),
            ("readonly CRYPTO_COMMIT=", Some("crypto")),
            ("$(package)_sha256_hash=", Some("package")),
            ("set(OPENSSL_HASH \"", Some("openssl")),
            ("  sha256: ", Some("")),
            ("VERSION=", Some("")),
            ("pkgver=v", None),
            ("curl -O https://h/openssl-", None),
            ("FROM x@sha256:", None),
            ("key: ", None),
        ] {
            assert_eq!(owner(before).as_deref(), expected, "{before}");
        }
    }
}
