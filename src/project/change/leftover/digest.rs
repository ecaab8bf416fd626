//! Digests in a text, and whose they are.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use crate::project::address;
use crate::project::change::lines::{self, Line};
use crate::project::change::splice::touches;
use crate::project::file_entry::line_of;
use crate::project::pattern::{Algorithm, Pattern, Placeholder};
use crate::project::value_name;
use crate::text::of_slice;

/// Everything in a text that has the form of a digest.
pub(super) fn all(text: &str) -> Vec<(Placeholder, Range<usize>)> {
    let forms = Algorithm::ALL.into_iter().flat_map(|algorithm| {
        [
            algorithm.hexadecimal(),
            Placeholder::Sri(algorithm),
            Placeholder::Base64(algorithm),
        ]
    });
    let mut found = Vec::new();
    for slot in forms.chain([Placeholder::Base32]) {
        let Ok(pattern) = Pattern::of_pin(&format!("{{{}}}", slot.name())) else {
            continue;
        };
        let all = pattern.find(text, 0..text.len());
        found.extend(all.map(|one| (slot, one.range)));
    }
    found
}

/// Lines between a version and a digest of it.
const APART: usize = 3;

/// Whether a digest is that of a version which stays: one that is nearer than any that moves, or
/// whose entry the digest is a part of.
pub(super) fn belongs(
    text: &str,
    digest: &Range<usize>,
    kept: &[Range<usize>],
    moved: &[Range<usize>],
) -> bool {
    let line = |at: usize| line_of(text.as_bytes(), at);
    let own = line(digest.start);
    let distance = |range: &Range<usize>| {
        // Of two that are as near, what stands above names it.
        let lines = line(range.start).abs_diff(own);
        (
            lines,
            range.start > digest.start,
            range.start.abs_diff(digest.start),
        )
    };
    let nearest = |ranges: &[Range<usize>]| ranges.iter().map(distance).min();
    let Some(near) = nearest(kept) else {
        return false;
    };
    let inside = |range: &Range<usize>| {
        lines::block(text, &lines::around(text, range.start)).contains(&digest.start)
    };
    let nearer = nearest(moved).is_none_or(|other| near < other);
    nearer && (near.0 <= APART || kept.iter().any(inside))
}

/// Those of some digests that have close to them what moves, and in fewer lines than anything that
/// stays.
pub(super) fn nearest(
    text: &str,
    digests: Vec<Range<usize>>,
    moved: &[Range<usize>],
    kept: &[Range<usize>],
) -> Vec<Range<usize>> {
    let breaks: Vec<usize> = memchr::memchr_iter(b'\n', text.as_bytes()).collect();
    let line = |range: &Range<usize>| breaks.partition_point(|at| *at < range.start);
    let lines = |ranges: &[Range<usize>]| ranges.iter().map(line).collect::<BTreeSet<usize>>();
    let (moved, kept) = (lines(moved), lines(kept));
    let apart = |lines: &BTreeSet<usize>, own: usize| {
        let above = lines.range(..=own).next_back().map(|line| own - line);
        let below = lines.range(own..).next().map(|line| line - own);
        above.into_iter().chain(below).min()
    };
    let is_near = |digest: &Range<usize>| {
        let own = line(digest);
        apart(&moved, own)
            .is_some_and(|near| near <= APART && apart(&kept, own).is_none_or(|other| near < other))
    };
    digests.into_iter().filter(is_near).collect()
}

/// Bytes of a line within which a digest is taken for that of what moves on the line.
const NEAR: usize = 600;

/// Whether a digest belongs to one of the versions that move: on the same line with no other
/// version between, or on a line beside it under a name that is no other thing's.
pub(super) fn is_beside(
    text: &str,
    moved: &[Range<usize>],
    slot: Placeholder,
    digest: &Range<usize>,
) -> bool {
    let line = lines::around(text, digest.start);
    let before = &text[line.content.start..digest.start];
    let owner = value_name::owner(before);
    let led = owner.as_deref().is_some_and(|owner| {
        let mut moved = moved.iter();
        moved.any(|range| leads_to(text, range, &line, owner))
    });
    // The same owner's commit goes with its version, which one that stands alone may not.
    if led && owner.is_some_and(|owner| !owner.is_empty()) {
        return true;
    }
    if of_something_else(before) {
        return false;
    }
    let here: Vec<&Range<usize>> = moved
        .iter()
        .filter(|range| line.content.contains(&range.start))
        .collect();
    let addressed = || here.iter().any(|range| in_one_address(text, range, digest));
    if !(is_strong(slot) || labelled(before) || addressed()) {
        return false;
    }
    if !here.is_empty() {
        return here
            .iter()
            .any(|range| range.start.abs_diff(digest.start) <= NEAR)
            && whose(text, &line.content, digest)
                .is_some_and(|version| here.iter().any(|range| touches(range, &version)));
    }
    let next =
        |range: &&Range<usize>| lines::around(text, range.start).whole.end == line.whole.start;
    let previous =
        |range: &&Range<usize>| lines::around(text, range.start).whole.start == line.whole.end;
    let beside = moved.iter().any(|range| next(&range))
        || (moved.iter().any(|range| previous(&range)) && opens(text, line.whole.start));
    (beside && only_digest_words(&format!("{before} {}", &text[digest.end..line.content.end])))
        || led
        || (is_strong(slot) && names_what_moves(text, moved, &line, digest))
}

/// Names of versions that are looked for on one line, at most.
const NAMES: usize = 20;

/// Whether a file of OpenSSL's stands before a digest, on its line or just above what says only the
/// digest, whose name is made of a variable that a version which moves is given to:
/// `fetch $CDN/openssl-$OPENSSL_VERSION.zip 5a5a...`.
fn names_what_moves(
    text: &str,
    moved: &[Range<usize>],
    line: &Line,
    digest: &Range<usize>,
) -> bool {
    let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
    if line.content.len() > NEAR {
        return false;
    }
    let own = format!(
        "{} {}",
        &text[line.content.start..digest.start],
        &text[digest.end..line.content.end]
    );
    let is_bare = !own.contains(|c: char| c.is_ascii_alphanumeric()) || only_digest_words(&own);
    let mut start = line.content.start;
    for _ in 1..APART {
        let above = start.checked_sub(1).filter(|_| is_bare);
        start = above.map_or(start, |at| lines::around(text, at).content.start);
    }
    // Lines above are of the same call or command where that is still open.
    let above = &text[start..line.content.start];
    let opens =
        |open: char, close: char| above.matches(open).count() > above.matches(close).count();
    let is_open = opens('(', ')') || opens('{', '}') || above.trim_end().ends_with('\\');
    if !is_open {
        start = line.content.start;
    }
    if line.content.end - start > NEAR {
        return false;
    }
    // `{{ name }}` is one word.
    let window = text[start..line.content.end]
        .replace("{{ ", "{{")
        .replace(" }}", "}}");
    let Some(at) = window
        .find(&text[digest.clone()])
        .filter(|_| window.len() <= NEAR)
    else {
        return false;
    };
    let ends_word = |c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '`' | ';' | ',');
    let distance = |word: &str| of_slice(&window, word).map(|own| own.start.abs_diff(at));
    let words = window
        .split(ends_word)
        .filter(|word| names_an_archive(word));
    let Some(nearest) = words.min_by_key(|word| distance(word)) else {
        return false;
    };
    nearest.contains("openssl-")
        && moved.iter().take(NAMES).any(|range| {
            let own = lines::around(text, range.start).content;
            let given =
                text[own.start..range.start].trim_end_matches(['"', '\'', ' ', ':', '=', '?']);
            let name = &given[given.trim_end_matches(is_name).len()..];
            let mut used = nearest.match_indices(name).filter(|_| !name.is_empty());
            used.any(|(at, _)| {
                let ahead = &nearest[..at];
                let ahead = ahead.strip_suffix("env.").unwrap_or(ahead);
                let ahead = ahead.strip_suffix("env:").unwrap_or(ahead);
                let is_used =
                    ahead.ends_with(['{', '(']) || (name.len() > 2 && ahead.ends_with(['$', '%']));
                is_used && !nearest[at + name.len()..].starts_with(is_name)
            })
        })
}

fn names_an_archive(text: &str) -> bool {
    [".tar", ".tgz", ".zip", ".7z"]
        .iter()
        .any(|end| text.contains(end))
}

/// The lines that say a digest and nothing but what it is, by where they begin, with what they call
/// it.
pub(super) struct Sums(BTreeMap<usize, String>);

impl Sums {
    /// Those of digests that move.
    pub(super) fn of(text: &str, moved: impl Iterator<Item = Range<usize>>) -> Self {
        let lines = moved.filter_map(|digest| sum(text, &digest));
        Self(lines.map(|(line, name)| (line.whole.start, name)).collect())
    }

    /// Whether a digest is one more of the same file: it has a line of its own right above or below
    /// and another name.
    pub(super) fn have_another(&self, text: &str, digest: &Range<usize>) -> bool {
        !self.0.is_empty()
            && sum(text, digest).is_some_and(|(line, name)| {
                let above = line.whole.start.checked_sub(1);
                let above = above.map(|at| lines::around(text, at).whole.start);
                let beside = above.into_iter().chain([line.whole.end]);
                beside
                    .filter_map(|start| self.0.get(&start))
                    .any(|other| *other != name)
            })
    }
}

/// The line of a digest that says nothing but what it is, and what that is.
fn sum(text: &str, digest: &Range<usize>) -> Option<(Line, String)> {
    let line = lines::around(text, digest.start);
    let (before, after) = (
        line.content.start..digest.start,
        digest.end..line.content.end,
    );
    if before.len() + after.len() > NEAR {
        return None;
    }
    let around = format!("{} {}", &text[before], &text[after]);
    only_digest_words(&around).then_some((line, around))
}

/// Bytes between a version and a digest that goes with it by its name.
const FAR: usize = 1_000;

/// Whether a version's name says the same owner as that of a digest a few lines below it
/// (`PKG_VERSION`, `PKG_SHA512`), with nothing between that begins something else: no other version,
/// no empty line, no heading.
fn leads_to(text: &str, version: &Range<usize>, digest: &Line, owner: &str) -> bool {
    let below = digest.whole.start.checked_sub(version.end);
    if below.is_none_or(|bytes| bytes > FAR) {
        return false;
    }
    let own = lines::around(text, version.start);
    let between = &text[version.end..digest.whole.start];
    let (rest, between) = between.split_once('\n').unwrap_or((between, ""));
    // `SOURCE=$(NAME)-$(VERSION)` gives a value; what opens or closes something ends the entry.
    let goes_on = |line: &str| {
        let line = line.trim_end_matches([' ', '\t', '\r', ',', ';']);
        match line.chars().next_back() {
            None | Some(':' | '{' | '[' | '(' | ']') => false,
            Some('}' | ')') => line.contains('$'),
            Some(_) => true,
        }
    };
    let near = between.lines().count() < APART && between.lines().all(goes_on);
    let other = || {
        dotted(rest)
            .into_iter()
            .chain(between.lines().flat_map(dotted))
            .next()
            .is_some()
    };
    let name = value_name::owner(&text[own.content.start..version.start]);
    near && name.as_deref() == Some(owner) && !other()
}

/// Whether a digest stands in the address that a version stands in: what has another version is no
/// longer there.
fn in_one_address(text: &str, version: &Range<usize>, digest: &Range<usize>) -> bool {
    let (first, last) = (version.start.min(digest.start), version.end.max(digest.end));
    let start = address::word_start(&text[..first]);
    text[start..first].contains("://") && !text[first..last].contains(address::ends_word)
}

/// Forms that little else has.
fn is_strong(slot: Placeholder) -> bool {
    matches!(
        slot,
        Placeholder::Sha256 | Placeholder::Sha512 | Placeholder::Sri(_) | Placeholder::Base32
    )
}

/// The word that a digest stands behind, in small letters.
fn label(before: &str) -> String {
    let word = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.');
    let named = before.trim_end_matches(|c: char| !word(c));
    let start = named.trim_end_matches(word).len();
    named.get(start..).unwrap_or_default().to_ascii_lowercase()
}

fn labelled(before: &str) -> bool {
    ["md5", "sha", "sum", "hash", "digest", "integrity"]
        .iter()
        .any(|word| label(before).contains(word))
}

/// Whether what stands before a digest says that it is that of an image, a commit, a patch or a
/// key.
fn of_something_else(before: &str) -> bool {
    let label = label(before);
    let last = before.len() - before.rsplit('@').next().unwrap_or_default().len();
    let image = last > 0 && matches!(&before[last..], "" | "sha256:" | "sha512:");
    image
        || [
            "commit",
            "rev",
            "ref",
            "tree",
            "patch",
            "key",
            "fingerprint",
            "image",
            "sig",
            "cert",
        ]
        .iter()
        .any(|word| label.contains(word))
}

/// The version on the line that a digest stands behind; where the line's first digest comes before
/// every version, the one before which it stands.
fn whose(text: &str, line: &Range<usize>, digest: &Range<usize>) -> Option<Range<usize>> {
    let content = &text[line.clone()];
    let versions = dotted(content);
    let first = all(content).into_iter().map(|(_, range)| range.start).min();
    let leads = first < versions.first().map(|range| range.start);
    let at = digest.start - line.start;
    let found = if leads {
        versions.iter().find(|range| range.start > at)
    } else {
        versions.iter().rev().find(|range| range.start < at)
    }?;
    Some(found.start + line.start..found.end + line.start)
}

/// Numbers with dots or underscores between, which may be anything's version.
fn dotted(content: &str) -> Vec<Range<usize>> {
    let part = |c: char| c.is_ascii_digit() || matches!(c, '.' | '_');
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(start) = content[at..]
        .find(|c: char| c.is_ascii_digit())
        .map(|off| at + off)
    {
        let end = content[start..]
            .find(|c: char| !part(c))
            .map_or(content.len(), |off| start + off);
        let token = content[start..end].trim_end_matches(['.', '_']);
        let inner = content[..start].ends_with(|c: char| c.is_ascii_alphanumeric());
        if token.contains(['.', '_']) && !(inner && token.len() < 5) {
            found.push(start..start + token.len());
        }
        at = end;
    }
    found
}

/// Whether a line begins something: the file, what follows an empty line or a bracket, or what
/// stands deeper than the line above it or below a section's name.
fn opens(text: &str, start: usize) -> bool {
    let above = text[..start].trim_end_matches(['\n', '\r']);
    let gap = text[above.len()..start].matches('\n').count() > 1;
    let title = lines::around(text, above.len()).content;
    // The dash of a list's item stands before its first key.
    let depth = |line: &str| line.len() - line.trim_start_matches([' ', '\t', '-']).len();
    let own = lines::around(text, start).content;
    let (title, own) = (&text[title], &text[own]);
    let is_section = title.starts_with('[') && title.ends_with(']');
    gap || above.is_empty()
        || above.ends_with(['{', '[', '('])
        || is_section
        || depth(title) < depth(own)
}

/// Words that say of a line's digest nothing but that it is one.
const DIGEST_WORDS: [&str; 30] = [
    "sha",
    "sha1",
    "sha256",
    "sha512",
    "md5",
    "sum",
    "sums",
    "sha256sum",
    "sha512sum",
    "hash",
    "checksum",
    "digest",
    "integrity",
    "openssl",
    "ssl",
    "tarball",
    "source",
    "archive",
    "expected",
    "installer",
    "hash32",
    "hash64",
    "shasum",
    "sha1sum",
    "md5sum",
    // What gives it to a name: CMake's `set(`, `URL_HASH SHA256=`, a shell's `export`.
    "set",
    "url",
    "export",
    "let",
    "const",
];

fn only_digest_words(around: &str) -> bool {
    // `expectedSha256` is two words.
    let (mut apart, mut inner) = (String::new(), false);
    for c in around.chars() {
        if c.is_ascii_uppercase() && inner {
            apart.push(' ');
        }
        inner = c.is_ascii_lowercase();
        apart.push(c.to_ascii_lowercase());
    }
    let mut words = apart
        .split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|word| !word.is_empty())
        .peekable();
    words.peek().is_some() && words.all(|word| DIGEST_WORDS.contains(&word))
}

#[cfg(test)]
mod tests {
    use std::cmp::Reverse;

    use super::*;

    fn beside(text: &str) -> bool {
        let moved: Vec<_> = text
            .match_indices("3.5.3")
            .map(|(at, it)| at..at + it.len())
            .collect();
        let mut found = all(text);
        found.sort_by_key(|(_, range)| Reverse(range.end));
        let (slot, digest) = found.first().expect("a digest");
        is_beside(text, &moved, *slot, digest)
    }

    #[test]
    fn a_digest_belongs_to_the_version_it_stands_by() {
        let (long, short) = ("5a".repeat(32), "5a".repeat(20));
        for (text, expected) in [
            (format!("FILE openssl-3.5.3.tar.gz SHA256 {long}"), true),
            (format!("{long}  openssl-3.5.3.tar.gz"), true),
            (
                format!("$url = \"https://h/x-3.5.3.exe\"\n$expectedSha256 = \"{long}\""),
                true,
            ),
            (
                format!("openssl-3.5.3.tar.gz zlib-1.3.1.tar.gz {long}"),
                false,
            ),
            (
                format!("curl openssl-3.5.3.tar.gz # in x@sha256:{long}"),
                false,
            ),
            (format!("FROM x@sha256:{long} AS openssl-3.5.3"), false),
            (format!("V=3.5.3 COMMIT={short}"), false),
            (format!("A_VERSION=3.5.3\nA_COMMIT={short}"), true),
            (format!("A_VERSION=3.5.3\nCOMMIT={short}"), false),
            (format!("V=3.5.3 {short}"), false),
            (format!("V=3.5.3 sha1={short}"), true),
            (format!("V=3.5.3 patch: {long}"), false),
            (format!("V=3.5.3\nSHA256={long}"), true),
            (format!("V=3.5.3\nzlib: {long}"), false),
            (format!("PKG_VERSION=3.5.3\nPKG_SHA256={long}"), true),
            (
                format!("VERSION=3.5.3\nS=a-$(VERSION)\nA=$(S).tgz\nSHA256={long}"),
                true,
            ),
            (format!("PKG_VERSION=3.5.3\n\nPKG_SHA256={long}"), false),
            (format!("version: 3.5.3\nzlib:\nsha256: {long}"), false),
            (
                format!("\"version\": \"3.5.3\"\n}},\n\"ham\": {{\n\"sha256\": \"{long}\""),
                false,
            ),
            (
                format!("A_VERSION=3.5.3\nB_VERSION=1.3.1\nB_HASH={long}"),
                false,
            ),
            (format!("VERSION=3.5.3\nZLIB=1.3.1\nSHA256={long}"), false),
            (format!("sha256: {long}\nversion: 3.5.3"), true),
            (
                format!("if (B)\n    SHA256 = {long}\n    URL = h/openssl-3.5.3.tar.gz"),
                true,
            ),
            (
                format!("[b]\nsha256 = {long}\nurl = h/openssl-3.5.3.tar.gz"),
                true,
            ),
            (
                format!("zlib: 1.3.1\nsha256: {long}\nversion: 3.5.3"),
                false,
            ),
            (
                format!("URL h/openssl-3.5.3.tar.gz\nURL_HASH SHA256={long}"),
                true,
            ),
            (
                format!("set(U h/openssl-3.5.3.tgz)\nset(OPENSSL_SHA256 \"{long}\")"),
                true,
            ),
            (
                format!("V=3.5.3\n\nVER=3.5.3\n\nget $C/openssl-$VER.zip {long}"),
                true,
            ),
            (
                format!("VER=3.5.3\n\n\n\nget $C/openssl-$VERS.zip {long}"),
                false,
            ),
            (
                format!("VER=3.5.3\n\n\n\nget $C/zlib-$VER.zip {long}"),
                false,
            ),
        ] {
            assert_eq!(beside(&text), expected, "{text}");
        }
    }

    #[test]
    fn a_digest_right_beside_one_that_moves_is_of_the_same_file() {
        let (old, other) = ("5a".repeat(32), "6b".repeat(20));
        for (text, expected) in [
            (format!("sha256={old}\nsha1={other}\n"), true),
            (format!("sha1 {other}\nsha256 {old}\n"), true),
            (format!("sha256={old}\nperl_sha1={other}\n"), false),
            (format!("{old} sha256\n{other} sha256\n"), false),
            (format!("sha256={old}\n\nsha1={other}\n"), false),
        ] {
            let at = |value: &str| {
                let at = text.find(value).expect("a digest");
                at..at + value.len()
            };
            let sums = Sums::of(&text, std::iter::once(at(&old)));
            assert_eq!(sums.have_another(&text, &at(&other)), expected, "{text}");
        }
    }

    #[test]
    fn what_moves_takes_the_digests_along_that_are_nearest_to_it() {
        for (text, expected) in [
            ("MOVED DIGEST", 1),
            ("DIGEST\nMOVED\nDIGEST\nKEPT", 1),
            ("MOVED\n\nDIGEST\nKEPT", 0),
            ("MOVED\n\n\n\nDIGEST", 0),
            ("KEPT DIGEST", 0),
        ] {
            let ranges = |word: &str| -> Vec<_> {
                text.match_indices(word)
                    .map(|(at, it)| at..at + it.len())
                    .collect()
            };
            let found = nearest(text, ranges("DIGEST"), &ranges("MOVED"), &ranges("KEPT"));
            assert_eq!(found.len(), expected, "{text}");
        }
    }

    #[test]
    fn a_digest_of_an_entry_that_stays_stays() {
        for (text, expected) in [
            ("V=MOVED\nH=DIGEST\n", false),
            ("V=MOVED\n\nold:\n  KEPT:\n    h: DIGEST\n", true),
            ("KEPT\nMOVED DIGEST", false),
            ("MOVED\nKEPT\nDIGEST", true),
        ] {
            let ranges = |word: &str| -> Vec<_> {
                text.match_indices(word)
                    .map(|(at, it)| at..at + it.len())
                    .collect()
            };
            let digest = &ranges("DIGEST")[0];
            let found = belongs(text, digest, &ranges("KEPT"), &ranges("MOVED"));
            assert_eq!(found, expected, "{text}");
        }
    }
}
