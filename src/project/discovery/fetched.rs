//! What a digest is of, where the address of it stands beside it and leaves the version open.

use super::sighting::{Lines, Sighting};
use super::{addresses, subject, variables};
use crate::openssl::version::Version;
use crate::text::budget;

/// Lines between an address and the digest of what stands there.
pub(super) const CLOSE: usize = 3;

/// Variables of one file that are followed; each is looked for beside each digest.
const MOST_VARIABLES: usize = 50;

/// A version with the variable that holds it.
pub(super) type HeldVersion = (String, Version);

/// What a digest is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Fetched {
    /// The version that the address is made of.
    pub(super) version: Version,
    /// Whether it is upstream's own tarball.
    pub(super) upstream: bool,
}

/// The variables that versions of a text are given to, and those that are names of OpenSSL's made
/// of them: `name = "openssl-${version}"`.
pub(super) fn variables(text: &str, lines: &Lines, seen: &[Sighting]) -> Vec<HeldVersion> {
    let versions = seen
        .iter()
        .filter(|one| one.is_ours() && one.slot.is_version());
    let mut held: Vec<HeldVersion> = versions
        .filter_map(|one| {
            let label = &text[lines.range(one.line).start..one.range.start];
            Some((given_to(label)?, one.version))
        })
        .take(MOST_VARIABLES)
        .collect();
    let made: Vec<HeldVersion> = text
        .lines()
        .filter(|line| !held.is_empty() && subject::names_openssl(line) && !line.contains("://"))
        .filter_map(|line| {
            let name = variables::given(line)?;
            let of = held
                .iter()
                .find(|(of, _)| addresses::uses_any_case(line, of));
            let (_, version) = of.filter(|(of, _)| !of.eq_ignore_ascii_case(name))?;
            Some((name.to_owned(), *version))
        })
        .take(MOST_VARIABLES)
        .collect();
    held.extend(made);
    held
}

/// What the digest after this label is of.
pub(super) fn of(
    text: &str,
    lines: &Lines,
    line: usize,
    label: &str,
    variables: &[HeldVersion],
) -> Option<Fetched> {
    if label.contains("://") {
        return None;
    }
    let at = |line: usize| &text[lines.range(line)];
    let used = |line: usize| {
        let mut all = variables.iter();
        let given = variables::given(at(line)).unwrap_or_default();
        all.find(|(name, _)| {
            !given.eq_ignore_ascii_case(name) && addresses::uses_any_case(at(line), name)
        })
    };
    let names = |line: usize| subject::names_openssl(at(line));
    let mut near = (line.saturating_sub(CLOSE).max(1)..line).rev();
    let address =
        near.find(|other| at(*other).contains("://") || (names(*other) && used(*other).is_some()))?;
    let (variable, version) = used(address).filter(|_| names(address))?;
    if is_given_another(text, lines, address, variable, *version) {
        return None;
    }
    let own = name(label).map(first_word);
    let is_plain = own.as_deref().is_none_or(is_plain);
    let together = match variables::given(at(address)).map(first_word) {
        Some(given) => own.as_ref().is_none_or(|own| *own == given) || is_plain,
        None => {
            at(address).contains("://")
                || is_plain
                || own.as_deref().is_some_and(subject::names_openssl)
        }
    };
    let lower = at(address).to_ascii_lowercase();
    together.then_some(Fetched {
        version: *version,
        upstream: is_upstream(&lower),
    })
}

/// Whether the entry that an address stands in gives its variable a version of its own.
fn is_given_another(
    text: &str,
    lines: &Lines,
    address: usize,
    variable: &str,
    version: Version,
) -> bool {
    let at = |line: usize| &text[lines.range(line + 1)];
    let version = version.to_string();
    let name = variable.to_ascii_lowercase();
    addresses::keys(address - 1, lines.count(), &at).any(|line| {
        if at(line).len() > budget::LINE_WITH_VALUE {
            return false;
        }
        let written = at(line).to_ascii_lowercase();
        addresses::is_key(&written, &name)
            && addresses::defines(&written, &name)
            && !written.contains(&version)
    })
}

/// What the first source of a package is, whose digest is the first of its sums:
/// `source=(https://h/openssl-$V.tar.gz` and `sha256sums=('...'`.
pub(super) fn first_source(text: &str, variables: &[HeldVersion]) -> Option<Fetched> {
    let (_, sources) = text.split_once("\nsource=(")?;
    let quoted = |c: char| c.is_whitespace() || matches!(c, '"' | '\'');
    let source = sources.trim_start_matches(quoted);
    let source = source.split(quoted).next()?;
    let held = variables
        .iter()
        .find(|(name, _)| addresses::uses_any_case(source, name));
    held.map(|(_, version)| Fetched {
        version: *version,
        upstream: is_upstream(&source.to_ascii_lowercase()),
    })
}

/// Whether what stands before a digest makes it the first of a package's sums.
pub(super) fn is_first_sum(label: &str) -> bool {
    let opened = label.trim_end_matches(['"', '\'', ' ']);
    opened
        .strip_suffix("=(")
        .is_some_and(|name| name.ends_with("sums"))
}

/// Whether an address is that of upstream's own tarballs.
fn is_upstream(address: &str) -> bool {
    ["openssl.org/source", "github.com/openssl/openssl/releases/"]
        .iter()
        .any(|part| address.contains(part))
}

/// The name that a digest is given, with the hyphens in it.
fn name(label: &str) -> Option<&str> {
    let end = label.trim_end_matches(|c: char| !c.is_ascii_alphanumeric());
    let name = end
        .rsplit(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '_' | '-')))
        .next()?;
    (!name.is_empty()).then_some(name)
}

/// The variable that a value after this text is given to.
fn given_to(label: &str) -> Option<String> {
    let name = subject::variable(label)?;
    let at = label.rfind(&name)? + name.len();
    let sign = label[at..].trim_start_matches([' ', '"', '\'', ')', ']']);
    let declared = sign.is_empty() && label[at..].starts_with(' ');
    (declared || sign.starts_with(['=', ':', ' ', '?'])).then_some(name)
}

/// The first word of a name in any style.
fn first_word(name: impl AsRef<str>) -> String {
    let name = name.as_ref();
    let mut word = String::new();
    for c in name.trim_start_matches('_').chars() {
        let starts = c.is_ascii_uppercase() && word.ends_with(|c: char| c.is_ascii_lowercase());
        if starts || matches!(c, '_' | '-') {
            break;
        }
        word.push(c);
    }
    word.to_ascii_lowercase()
}

/// Whether a word says only that a digest follows.
fn is_plain(word: &str) -> bool {
    matches!(
        word,
        "sha"
            | "sha256"
            | "sha512"
            | "sha1"
            | "md5"
            | "hash"
            | "checksum"
            | "digest"
            | "sum"
            | "sha256sum"
            | "sha512sum"
            | "integrity"
            | "url"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn first_words() {
        for (name, expected) in [
            ("ArchiveSha256", "archive"),
            ("ZLIB_TAG", "zlib"),
            ("sha256", "sha256"),
            ("_hash", "hash"),
        ] {
            assert_eq!(first_word(name), expected);
        }
    }

    #[test]
    fn the_first_sum_is_that_of_the_first_source() {
        let version: Version = "3.5.3".parse().unwrap();
        let held = vec![("_ver".to_owned(), version)];
        for (source, expected) in [
            (
                "https://www.openssl.org/source/openssl-${_ver}.tar.gz{,.asc}",
                Some(true),
            ),
            ("\n  'https://h/openssl-${_ver}.tar.gz'", Some(false)),
            ("ham.patch https://h/openssl-${_ver}.tar.gz", None),
        ] {
            let text = format!("_ver=3.5.3\nsource=({source})\n");
            let found = first_source(&text, &held).map(|fetched| fetched.upstream);
            assert_eq!(found, expected, "{source}");
        }
        assert!(is_first_sum("sha256sums=('"));
        assert!(!is_first_sum("            '"));
    }

    #[test]
    fn what_a_digest_is_of() {
        let version: Version = "3.5.3".parse().unwrap();
        let held = vec![("VER".to_owned(), version)];
        let upstream = |upstream| Some(Fetched { version, upstream });
        for (text, expected) in [
            (
                "set(VER 3.5.3)\n#\n#\nURL https://www.openssl.org/source/openssl-${VER}.tar.gz\nURL_HASH SHA512=",
                upstream(true),
            ),
            ("REF \"openssl-${VER}\"\nSHA512 ", upstream(false)),
            ("get(\n  ${CDN}/openssl-${VER}.zip\n  \"", upstream(false)),
            ("./build openssl-${VER}\nZLIB_SHA=", None),
            ("URL https://h/zlib.tgz\nsha256: ", None),
            (
                "{\n  url: h://h/openssl-${VER}.tgz,\n  VER: 3.0.8,\n  sha256: ",
                None,
            ),
        ] {
            let lines = Lines::of(text);
            let line = lines.count();
            let label = &text[lines.range(line)];
            assert_eq!(of(text, &lines, line, label, &held), expected, "{text}");
        }
    }
}
