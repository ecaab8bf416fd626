//! What a digest is of, where the address of it stands beside it and leaves the version open.

use std::collections::{BTreeSet, HashMap};

use crate::openssl::version::Version;
use crate::project::discovery::line::sighting::{Lines, Sighting};
use crate::project::discovery::line::{addresses, subject, variables};
use crate::text::budget;

/// Lines between an address and the digest of what stands there.
pub(crate) const CLOSE: usize = 3;

/// Variables of one file that are followed; each is looked for beside each digest.
const MOST_VARIABLES: usize = 50;

/// A version with the variable that holds it.
pub(crate) type HeldVersion = (String, Version);

/// What a digest is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Fetched {
    /// The version that the address is made of.
    pub(crate) version: Version,
    /// Whether it is upstream's own tarball.
    pub(crate) upstream: bool,
}

/// The variables that versions of a text are given to, those that are names of OpenSSL's made of
/// them, and archives of these names: `name = "openssl-${version}"`, `file = "${name}.tar.gz"`.
pub(crate) fn variables(text: &str, lines: &Lines, seen: &[Sighting]) -> Vec<HeldVersion> {
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
    // `PKG=openssl`, then `FILENAME=$PKG-$VERSION`.
    let named: Vec<&str> = text
        .lines()
        .filter(|line| !held.is_empty() && value_of(line).is_some_and(|value| value == "openssl"))
        .filter_map(variables::given)
        .take(MOST_VARIABLES)
        .collect();
    let names_it = |line: &str| {
        let mut named = named.iter();
        subject::names_openssl(line) || named.any(|name| addresses::uses_any_case(line, name))
    };
    let made: Vec<HeldVersion> = text
        .lines()
        .filter(|line| !held.is_empty() && line.len() <= budget::LINE_WITH_VALUE)
        .filter(|line| !line.contains("://") && names_it(line))
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
    // What is given another value later is no longer OpenSSL's.
    let mut times: HashMap<&str, usize> = HashMap::new();
    for name in text
        .lines()
        .filter(|_| !made.is_empty())
        .filter_map(variables::given)
    {
        *times.entry(name).or_default() += 1;
    }
    let archives: Vec<HeldVersion> = text
        .lines()
        .filter(|line| !made.is_empty() && line.contains('='))
        .filter_map(|line| {
            let name = variables::given(line)?;
            let value = value_of(line)?;
            let (of, ending) = variables::first_used(value)?;
            let (_, version) = made
                .iter()
                .find(|(made, _)| made.eq_ignore_ascii_case(of))?;
            let is_archive = [".t", ".zip"].iter().any(|end| ending.starts_with(end));
            let is_once = times.get(of).is_none_or(|times| *times == 1);
            (is_once && is_archive && !ending.contains('/')).then(|| (name.to_owned(), *version))
        })
        .take(MOST_VARIABLES)
        .collect();
    held.extend(made);
    held.extend(archives);
    held
}

/// What the digest after this label is of.
pub(crate) fn of(
    text: &str,
    lines: &Lines,
    line: usize,
    label: &str,
    variables: &[HeldVersion],
) -> Option<Fetched> {
    if label.contains("://") {
        return None;
    }
    if let Some(version) = of_named_file(label, variables) {
        return Some(Fetched {
            version,
            upstream: true,
        });
    }
    let listed = of_sums(text, lines.range(line).start + label.len(), variables);
    listed.unwrap_or_else(|| of_address(text, lines, line, label, variables))
}

/// The version that the name of the file is made of which a digest's name starts with:
/// `$(DL_FILE)_BLAKE2`.
fn of_named_file(label: &str, variables: &[HeldVersion]) -> Option<Version> {
    let (name, rest) = variables::first_used(label.trim_start())?;
    let kind = rest.strip_prefix('_')?.to_ascii_lowercase();
    let kinds = [
        "sha", "md5", "blake", "b2", "b3", "sum", "hash", "checksum", "digest", "rmd",
    ];
    let is_a_sum = kinds.iter().any(|one| kind.starts_with(one));
    let mut held = variables.iter().filter(|_| is_a_sum);
    let of = held.find(|(held, _)| held.eq_ignore_ascii_case(name));
    of.map(|(_, version)| *version)
}

/// What it is of by the address close above it.
pub(crate) fn of_address(
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

/// Whether a digest is that of what an address close above it names, in which the version stands
/// itself; `pinned`: the lines that a pin moves.
pub(crate) fn is_of_literal(
    text: &str,
    lines: &Lines,
    line: usize,
    label: &str,
    seen: &[Sighting],
    pinned: &BTreeSet<usize>,
) -> bool {
    let at = |line: usize| &text[lines.range(line)];
    let mut near = (line.saturating_sub(CLOSE).max(1)..line).rev();
    let address = near.find(|other| at(*other).contains("://"));
    let Some(address) = address.filter(|_| !label.contains("://")) else {
        return false;
    };
    // `patch_hash` below `patch_url`.
    let own = name(label).map(first_word);
    let is_together = own.is_some() && variables::given(at(address)).map(first_word) == own;
    let ours = || seen.iter().filter(|one| one.is_ours());
    let mut versions = ours().filter(|one| one.slot.is_version());
    let moves = pinned.contains(&address) || versions.any(|one| one.line == address);
    // The next digest is that of the next thing.
    let mut digests = ours().filter(|one| one.slot.is_fingerprint());
    (says_only_digest(label) || is_together)
        && moves
        && !digests.any(|one| (address..=line).contains(&one.line))
}

/// Whether the name before a digest says only that it is one; an image's is that of its name.
pub(crate) fn says_only_digest(label: &str) -> bool {
    let word = name(label).map(first_word);
    let word = word
        .as_deref()
        .map(|word| word.trim_end_matches(|c: char| c.is_ascii_digit()));
    !label.trim_end().ends_with("@sha256:")
        && word.is_none_or(|word| word.is_empty() || is_plain(word))
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

/// What a package's recipe gives the digest at a place for, where it lists its sources and their sums
/// in the same order: `source=(https://h/openssl-$V.tar.gz fix.patch)` and `sha256sums=(... ...)`.
/// None where it has no such lists, and within it none for what no version is a part of.
pub(crate) fn of_sums(
    text: &str,
    start: usize,
    variables: &[HeldVersion],
) -> Option<Option<Fetched>> {
    let source = source_of(text, start)?;
    let held = variables
        .iter()
        .find(|(name, _)| addresses::uses_any_case(&source, name));
    // Behind another variable it may be an address as well as a file.
    let is_open = source.starts_with('$') || source.contains('/');
    if held.is_some() && !source.contains("://") && is_open {
        return None;
    }
    let held = held.filter(|_| source.contains("://"));
    Some(held.map(|(_, version)| Fetched {
        version: *version,
        upstream: is_upstream(&source.to_ascii_lowercase()),
    }))
}

/// Bytes of a list of sums that are looked at, and between it and that of the sources above it.
const LIST: usize = 4 << 10;

/// The source whose sum stands at a place.
fn source_of(text: &str, start: usize) -> Option<String> {
    const SOURCE: &str = "\nsource";
    let from = text.floor_char_boundary(start.saturating_sub(LIST));
    let open = from + text[from..start].rfind("=(")?;
    let before = &text[open + 2..start];
    let name = text[from..open].rsplit('\n').next()?;
    let (algorithm, architecture) = name.split_once("sums")?;
    if before.contains(')') || !algorithm.chars().all(|c| c.is_ascii_alphanumeric()) {
        return None;
    }
    let list = format!("{SOURCE}{architecture}=(");
    let from = text.floor_char_boundary(open.saturating_sub(LIST));
    let at = from + text[from..open].rfind(&list)? + list.len();
    let mut place = words(before).count();
    let mut sources = words(&text[at..open]);
    let source = sources.find_map(|(word, times)| {
        let is_here = place < times;
        place = place.saturating_sub(times);
        is_here.then_some(word)
    })?;
    let is_name = source.contains(|c: char| c.is_ascii_alphanumeric());
    is_name.then_some(source)
}

/// The words of a list of a shell's without their quotes, up to the bracket that closes it, each with
/// how many it stands for: two for `a.tar.gz{,.asc}`. A quote that nothing closes ends them.
fn words(list: &str) -> impl Iterator<Item = (String, usize)> {
    let mut rest = list;
    std::iter::from_fn(move || {
        rest = rest.trim_start();
        while rest.starts_with('#') {
            rest = rest
                .split_once('\n')
                .map_or("", |(_, rest)| rest)
                .trim_start();
        }
        let start = rest;
        let (mut word, mut bare) = (String::new(), String::new());
        while let Some(c) = rest.chars().next() {
            if c.is_whitespace() || c == ')' {
                break;
            }
            rest = &rest[c.len_utf8()..];
            if matches!(c, '"' | '\'') {
                let (inner, behind) = rest.split_once(c)?;
                word.push_str(inner);
                rest = behind;
            } else {
                word.push(c);
                bare.push(c);
            }
        }
        (rest.len() < start.len()).then(|| (word, alternatives(&bare)))
    })
}

/// How many words the braces outside quotes make of one.
fn alternatives(bare: &str) -> usize {
    let opened = bare
        .match_indices('{')
        .filter(|(at, _)| !bare[..*at].ends_with('$'));
    let inner = opened.filter_map(|(at, _)| bare[at..].split_once('}'));
    let each = inner.map(|(inner, _)| 1 + inner.matches(',').count());
    each.fold(1, usize::saturating_mul)
}

/// Whether an address is that of upstream's own tarballs.
fn is_upstream(address: &str) -> bool {
    ["openssl.org/source", "github.com/openssl/openssl/releases/"]
        .iter()
        .any(|part| address.contains(part))
}

/// The name that a digest is given, with the hyphens in it.
pub(crate) fn name(label: &str) -> Option<&str> {
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

/// What stands behind a line's first `=`, without quotes.
fn value_of(line: &str) -> Option<&str> {
    let (_, value) = line.split_once('=')?;
    Some(value.trim_matches([' ', '\t', '"', '\'', ';']))
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
            | "md"
            | "hash"
            | "checksum"
            | "digest"
            | "sum"
            | "sha256sum"
            | "sha512sum"
            | "sha1sum"
            | "md5sum"
            | "shasum"
            | "integrity"
            | "expected"
            | "installer"
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
    fn a_sum_is_that_of_the_source_at_its_place() {
        let version: Version = "3.5.3".parse().unwrap();
        let held = vec![("_ver".to_owned(), version)];
        let of = |upstream| Some(Some(Fetched { version, upstream }));
        let sums = "sha256sums=('SUM'\n  'SKIP'\n  \"SUM\")\n";
        let upstream = "https://www.openssl.org/source/openssl-${_ver}.tar.gz";
        for (source, first, last) in [
            (format!("{upstream}{{,.asc}}"), of(true), None),
            (
                format!("{upstream}{{,.asc}} x-${{_ver}}"),
                of(true),
                Some(None),
            ),
            (
                "\n  'https://h/openssl-${_ver}.tar.gz'\n  # why\n  a b".to_owned(),
                of(false),
                Some(None),
            ),
            (
                format!("ham.patch \"{upstream}.asc\" \"{upstream}\""),
                Some(None),
                of(true),
            ),
            ("openssl-$_ver.patch".to_owned(), Some(None), None),
            ("\"${url}/openssl-${_ver}.tar.gz\"".to_owned(), None, None),
            (
                "\"https://h/x.tgz\"{,.asc} \"https://www.openssl.org/source/\"openssl-$_ver\".tar.gz\""
                    .to_owned(),
                Some(None),
                of(true),
            ),
        ] {
            let text = format!("_ver=3.5.3\nsource=({source})\n{sums}");
            let at = |at: Option<usize>| of_sums(&text, at.expect("a sum"), &held);
            assert_eq!(at(text.find("SUM")), first, "{source}");
            assert_eq!(at(text.rfind("SUM")), last, "{source}");
        }
        assert_eq!(of_sums("source=(a)\nsum=SUM", 15, &held), None);
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
