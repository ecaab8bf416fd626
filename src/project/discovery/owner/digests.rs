//! Digests that nothing known says the release of, tied to a version by where they stand.

use std::collections::HashMap;
use std::ops::Range;

use super::neighbours::Neighbour;
use super::{fetched, neighbours, scopes};
use crate::openssl::upstream::Release;
use crate::openssl::version::{Series, Version};
use crate::project::discovery::found::Confidence;
use crate::project::discovery::line::sighting::{Lines, Sighting, SightingVerdict};
use crate::project::discovery::line::subject::ValueSubject;
use crate::project::discovery::line::{digest_forms, subject};
use crate::project::foreign_digest::words;
use crate::project::linked::spelling;
use crate::project::pattern::Placeholder;
use crate::project::{foreign_digest, value_name};
use crate::text::budget;

/// Lines between a version and a digest that has nothing else to belong to.
const CLOSE: usize = 3;

/// A digest by its form.
struct Digest {
    range: Range<usize>,
    line: usize,
    slot: Placeholder,
}

/// The digests of a text whose value nothing known tells, with the version that they go with.
pub(crate) fn digests(
    text: &str,
    lines: &Lines,
    seen: &[Sighting],
    variables: &[fetched::HeldVersion],
    release_of: &dyn Fn(Version) -> Option<Release>,
) -> Vec<Sighting> {
    let sure = Sure::of(text, lines, ours(seen));
    if sure.seen.is_empty() {
        return Vec::new();
    }
    let known = |range: &Range<usize>| seen.iter().any(|one| one.range == *range);
    let all: Vec<Digest> = digest_forms::by_form(text, lines)
        .into_iter()
        .map(|(range, line, slot)| Digest { range, line, slot })
        .filter(|one| !known(&one.range))
        .collect();
    let mut tied = Vec::new();
    for one in &all {
        let label = &text[lines.range(one.line).start..one.range.start];
        let listed = fetched::of_sums(text, one.range.start, variables);
        if listed == Some(None) {
            continue;
        }
        let listed = listed.filter(|_| !label.contains("://"));
        let fetched =
            listed.unwrap_or_else(|| fetched::of_address(text, lines, one.line, label, variables));
        let of_upstream = fetched.filter(|fetched| fetched.upstream);
        let version = of_upstream.map(|fetched| fetched.version);
        let Some(version) = version.or_else(|| owner(text, lines, &all, one, &sure)) else {
            continue;
        };
        // A digest that is known and another one is of another file, and so is that of an archive
        // which the forge makes.
        let other_file = is_known(release_of, version, one.slot)
            || is_of_an_archive(text, lines, one.line)
            || is_of_an_installer(text, lines, one.line);
        if !other_file && !has_known(seen, one, version) {
            tied.push(Sighting::new(
                one.range.clone(),
                one.line,
                one.slot,
                version,
                SightingVerdict::Ours(
                    Confidence::Likely,
                    "it stands beside a version of OpenSSL's",
                ),
            ));
        }
    }
    let owners: Vec<(usize, Version)> = seen
        .iter()
        .chain(&tied)
        .filter(|one| one.slot.is_fingerprint() && one.is_ours())
        .map(|one| (one.line, one.version))
        .collect();
    tied.extend(sizes(text, lines, &owners, release_of));
    tied
}

/// What says a version, whole or in parts, and is OpenSSL's.
fn ours(seen: &[Sighting]) -> Vec<&Sighting> {
    let says = |one: &&Sighting| one.slot.is_version() || one.slot.is_part();
    seen.iter()
        .filter(says)
        .filter(|one| one.is_ours())
        .collect()
}

/// What says versions that a digest may go with.
struct Sure<'a> {
    seen: Vec<&'a Sighting>,
    /// The version that the name of an owner gives: `crypto` of `CRYPTO_VERSION`.
    owned: HashMap<String, Version>,
}

impl<'a> Sure<'a> {
    fn of(text: &str, lines: &Lines, seen: Vec<&'a Sighting>) -> Self {
        let mut owned = HashMap::new();
        for one in &seen {
            let label = &text[lines.range(one.line).start..one.range.start];
            if let Some(owner) = value_name::owner(label).filter(|owner| !owner.is_empty()) {
                owned.entry(owner).or_insert(one.version);
            }
        }
        Self { seen, owned }
    }

    /// The version whose name says the same owner as that of a digest: `CRYPTO_VERSION` beside
    /// `CRYPTO_COMMIT`.
    fn paired(&self, label: &str) -> Option<Version> {
        self.owned.get(&value_name::owner(label)?).copied()
    }
}

/// The line of the address that a digest goes with: its own, or the nearest right above.
fn address<'a>(text: &'a str, lines: &Lines, line: usize) -> Option<&'a str> {
    let near = (line.saturating_sub(CLOSE).max(1)..=line).rev();
    let mut near = near.map(|line| &text[lines.range(line)]);
    near.find(|line| line.contains("://"))
}

/// Whether the address right above a digest, or on its line, is that of an archive which the forge
/// makes of a tag: no tarball of upstream's.
pub(crate) fn is_of_an_archive(text: &str, lines: &Lines, line: usize) -> bool {
    let made = [
        "/openssl/archive/",
        "/openssl/tarball/",
        "/openssl/tar.gz/",
        "/openssl/zip/",
    ];
    address(text, lines, line).is_some_and(|address| {
        let behind = made.iter().find_map(|folder| address.split_once(folder));
        let of_tag = ["refs/tags/", "openssl-", "OpenSSL_", "$", "{"];
        behind.is_some_and(|(_, behind)| of_tag.iter().any(|start| behind.starts_with(start)))
    })
}

/// Whether the address right above a digest, or on its line, is that of a file which upstream does
/// not publish: an installer, a library built for one platform.
pub(crate) fn is_of_an_installer(text: &str, lines: &Lines, line: usize) -> bool {
    let ends = [
        ".exe", ".msi", ".dmg", ".pkg", ".zip", ".7z", ".whl", ".deb", ".rpm", ".nupkg",
    ];
    address(text, lines, line).is_some_and(|address| {
        let mut words =
            address.split(|c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '`' | ','));
        words.any(|word| {
            let word = word.trim_end_matches([')', ';', ']']).to_ascii_lowercase();
            word.contains("://") && ends.iter().any(|end| word.ends_with(end))
        })
    })
}

/// Numbers that are said to be a size, close to a digest of a release whose size nothing known tells.
fn sizes(
    text: &str,
    lines: &Lines,
    owners: &[(usize, Version)],
    release_of: &dyn Fn(Version) -> Option<Release>,
) -> Vec<Sighting> {
    let mut found = Vec::new();
    for range in words(text) {
        let word = &text[range.clone()];
        if !(7..=9).contains(&word.len()) || !word.bytes().all(|byte| byte.is_ascii_digit()) {
            continue;
        }
        let line = lines.line_of(range.start);
        if lines.range(line).len() > budget::LINE_WITH_VALUE {
            continue;
        }
        let before = &text[lines.range(line).start..range.start];
        let label = before.trim_end_matches(|c: char| !c.is_ascii_alphanumeric());
        // A line of a package's manifest has the size behind the file's name.
        let is_size = label.to_ascii_lowercase().ends_with("size")
            || before.to_ascii_lowercase().starts_with("size (")
            || (before.starts_with("DIST ") && before.split_whitespace().count() == 2);
        let close = owners
            .iter()
            .filter(|(other, _)| other.abs_diff(line) <= CLOSE);
        let owner = close.min_by_key(|(other, _)| other.abs_diff(line));
        let Some((_, version)) = owner.filter(|_| is_size) else {
            continue;
        };
        if release_of(*version).is_some_and(|release| release.size.is_some()) {
            continue;
        }
        found.push(Sighting::new(
            range,
            line,
            Placeholder::Size,
            *version,
            SightingVerdict::Ours(Confidence::Likely, "it is called the size beside a digest"),
        ));
    }
    found
}

/// Whether a digest of this kind is known of a release.
fn is_known(
    release_of: &dyn Fn(Version) -> Option<Release>,
    version: Version,
    slot: Placeholder,
) -> bool {
    release_of(version).is_some_and(|release| value(&release, slot).is_some())
}

/// Whether the release's own digest stands close to another one of its kind.
fn has_known(seen: &[Sighting], one: &Digest, version: Version) -> bool {
    seen.iter().any(|other| {
        other.slot == one.slot && other.version == version && other.line.abs_diff(one.line) <= CLOSE
    })
}

/// The line of a digest that an entry of OpenSSL's holds beside a version of this series and that is
/// not the release's: of a file that somebody else made of it.
pub(crate) fn of_another_file(
    text: &str,
    lines: &Lines,
    seen: &[Sighting],
    series: Series,
    release_of: &dyn Fn(Version) -> Option<Release>,
) -> Option<usize> {
    let at = |line: usize| &text[lines.range(line)];
    let sure = Sure::of(text, lines, ours(seen));
    if sure.seen.is_empty() {
        return None;
    }
    let known = |range: &Range<usize>| seen.iter().any(|one| one.range == *range);
    let all: Vec<Digest> = digest_forms::by_form(text, lines)
        .into_iter()
        .map(|(range, line, slot)| Digest { range, line, slot })
        .filter(|one| !known(&one.range) && one.slot != Placeholder::Commit)
        .collect();
    let left = all.iter().find(|one| {
        let label = &text[lines.range(one.line).start..one.range.start];
        let word = label
            .trim_end_matches(|c: char| !c.is_ascii_alphanumeric())
            .rsplit(|c: char| !(c.is_ascii_alphanumeric() || c == '_'))
            .next()
            .unwrap_or_default();
        let is_plain = ["sha256", "sha512", "checksum", "checksumvalue", "hash"]
            .iter()
            .any(|plain| word.eq_ignore_ascii_case(plain));
        let mut above = one.line.saturating_sub(CLOSE).max(1)..=one.line;
        let of_another = above
            .any(|line| at(line).contains("://") && !subject::names_openssl(at(line)))
            || neighbours::of(text, lines, one.line) == Neighbour::Other;
        // The digest of an image is that of its own name, which may have the version, or a variable
        // that holds it.
        let image = label.trim_end().strip_suffix("@sha256:");
        let is_others = |version: Version| {
            image.is_some_and(|image| {
                let name = image.rsplit([' ', '"', '\'']).next().unwrap_or_default();
                let tag = name.rsplit(':').next().unwrap_or_default();
                let is_made = tag.contains(['$', '{']) && tag.to_ascii_lowercase().contains("ssl");
                !is_made && !name.contains(&version.to_string())
            })
        };
        is_plain
            && !of_another
            && owner(text, lines, &all, one, &sure).is_some_and(|version| {
                version.series() == series
                    && !is_others(version)
                    && is_known(release_of, version, one.slot)
                    && !has_known(seen, one, version)
            })
    });
    left.map(|one| one.line)
}

/// A digest of a release in hexadecimal figures, or its commit.
pub(crate) fn value(release: &Release, slot: Placeholder) -> Option<&String> {
    match slot.hexadecimal() {
        Placeholder::Sha256 => release.hashes.sha256.as_ref(),
        Placeholder::Sha512 => release.hashes.sha512.as_ref(),
        Placeholder::Sha1 => release.hashes.sha1.as_ref(),
        Placeholder::Md5 => release.hashes.md5.as_ref(),
        Placeholder::Commit => release.commit.as_ref(),
        _ => None,
    }
}

/// Whether a digest may be that of a release: it is, or nothing known says what that is.
pub(crate) fn may_be(slot: Placeholder, written: &str, release: &Release) -> bool {
    match value(release, slot) {
        Some(known) if slot == slot.hexadecimal() => known.eq_ignore_ascii_case(written),
        Some(known) => spelling::digest(slot, known).is_some_and(|own| own == written),
        None => slot != Placeholder::Commit,
    }
}

/// The version that a digest goes with, where both stand in one entry or the digest bears OpenSSL's
/// name.
fn owner(
    text: &str,
    lines: &Lines,
    all: &[Digest],
    one: &Digest,
    sure: &Sure<'_>,
) -> Option<Version> {
    let version = close_to(text, lines, all, one, sure)?;
    let label = &text[lines.range(one.line).start..one.range.start];
    let mut said = sure.seen.iter().filter(|said| said.version == version);
    let mut is_together =
        || said.any(|said| scopes::share_an_entry(text, lines, said.line, one.line));
    (subject::names_openssl(label) || is_together()).then_some(version)
}

/// The version that a digest goes with: its line says so, or it is the only one of its form close
/// to a version.
fn close_to(
    text: &str,
    lines: &Lines,
    all: &[Digest],
    one: &Digest,
    sure: &Sure<'_>,
) -> Option<Version> {
    let line = lines.range(one.line);
    let label = &text[line.start..one.range.start];
    if subject::names_a_relative(label) || is_of_another_file(&text[line.clone()]) {
        return None;
    }
    if let Some(paired) = sure.paired(label) {
        return Some(paired);
    }
    if one.slot == Placeholder::Commit && !is_of_a_commit(label) {
        return None;
    }
    if let Some(beside) = sure.seen.iter().find(|other| other.line == one.line) {
        return Some(beside.version);
    }
    let subject = subject::of_label(label);
    let nearest = sure
        .seen
        .iter()
        .min_by_key(|other| other.line.abs_diff(one.line))?;
    if subject == ValueSubject::OpenSsl {
        let only = sure
            .seen
            .iter()
            .all(|other| other.version == nearest.version);
        return (only || nearest.line.abs_diff(one.line) <= CLOSE).then_some(nearest.version);
    }
    let alone = all
        .iter()
        .filter(|other| other.slot == one.slot && other.line.abs_diff(one.line) <= 2 * CLOSE)
        .count()
        == 1;
    let of_another =
        subject::names_a_file(&text[line.clone()]) && !subject::names_openssl(&text[line.clone()]);
    // A line that says another version has that one's digest.
    let of_another = of_another || says_another(&text[line.clone()], nearest.version);
    // The whole text is asked last, and only for a digest that would be taken.
    let taken = nearest.line.abs_diff(one.line) <= CLOSE && alone && !of_another;
    (taken && !is_of_another(text, label)).then_some(nearest.version)
}

/// Whether a line says a version, and not this one.
fn says_another(line: &str, version: Version) -> bool {
    let mut words = line
        .split(|c: char| !(c.is_ascii_alphanumeric() || c == '.'))
        .filter(|word| word.contains('.'))
        .filter_map(|word| word.parse::<Version>().ok())
        .peekable();
    words.peek().is_some() && words.all(|other| other != version)
}

/// Whether a digest's line names a file, and none that upstream publishes as a release.
pub(crate) fn is_of_another_file(line: &str) -> bool {
    let ends = [
        ".tgz", ".zip", ".txz", ".patch", ".diff", ".deb", ".rpm", ".whl", ".exe", ".pkg", ".msi",
        ".gz", ".xz", ".bz2", ".zst", ".7z",
    ];
    let lower = line.to_ascii_lowercase();
    let words = lower.split(|c: char| {
        c.is_whitespace() || matches!(c, '"' | '\'' | '`' | '/' | ',' | ';' | '*')
    });
    let mut files = words
        .map(|word| word.trim_matches(['(', ')']))
        .filter(|word| ends.iter().any(|end| word.ends_with(end)))
        .peekable();
    // A name that is put together may be any.
    let may_be = |name: &str| {
        name.contains(['$', '{', '%', '#', '@', '<'])
            || ["openssl-", "openssl_"].iter().any(|start| {
                let version = name.strip_prefix(start).and_then(|rest| {
                    [".tar.", ".tgz", ".zip"]
                        .iter()
                        .find_map(|end| rest.split_once(end))
                });
                version.is_some_and(|(version, _)| {
                    version.replace('_', ".").parse::<Version>().is_ok()
                })
            })
    };
    match summed(&lower) {
        Some(name) => !name.starts_with("openssl") && !may_be(name),
        None => files.peek().is_some() && !files.any(may_be),
    }
}

/// The file that a line gives the digest of in the form of BSD's tools: `SHA1 (NAME) = `.
fn summed(line: &str) -> Option<&str> {
    let (algorithm, rest) = line.trim_start().split_once(" (")?;
    let (name, _) = rest.split_once(") = ")?;
    (!algorithm.contains(char::is_whitespace)).then_some(name)
}

/// Whether a name says that its object's name is one of a packager's own files about OpenSSL, as a
/// port of vcpkg's is: no release gives it.
fn is_of_a_packager(name: &str) -> bool {
    let kept = ["blob", "port", "patch", "patches", "recipe"];
    name.split('_').any(|word| kept.contains(&word)) || name.ends_with("git_tree")
}

/// The line of such a file's object beside a version that moves: `OPENSSL_PORT_BLOB = "82e2a023..."`.
pub(crate) fn of_a_packager(text: &str, lines: &Lines, seen: &[Sighting]) -> Option<usize> {
    let moves = |one: &Sighting| one.is_ours() && one.slot.is_version();
    if !seen.iter().any(moves) {
        return None;
    }
    let mut objects = digest_forms::by_form(text, lines).into_iter();
    let object = objects.find(|(range, line, slot)| {
        let label = &text[lines.range(*line).start..range.start];
        let name = subject::variable(label).unwrap_or_default();
        *slot == Placeholder::Commit
            && subject::names_openssl(&name)
            && is_of_a_packager(&name.to_ascii_lowercase())
    });
    object.map(|(_, line, _)| line)
}

/// Whether a name is OpenSSL's or says only that a commit follows.
fn is_of_a_commit(label: &str) -> bool {
    let name = subject::variable(label).unwrap_or_default();
    let lower = name.to_ascii_lowercase();
    if is_of_a_packager(&lower) {
        return false;
    }
    let plain = [
        "commit", "rev", "revision", "ref", "sha", "sha1", "hash", "git", "tag", "id", "checksum",
        "peeled", "version", "tree",
    ];
    subject::names_openssl(label)
        || lower.contains("commithash")
        || lower.split('_').all(|word| plain.contains(&word))
}

/// Whether the digest's name starts like that of a version which is another package's:
/// `ZLIB_HASH` beside `ZLIB_TAG=v1.3.1`.
pub(crate) fn is_of_another(text: &str, label: &str) -> bool {
    let Some(name) = subject::variable(label) else {
        return false;
    };
    let Some((first, _)) = name.split_once('_').filter(|(first, _)| first.len() > 1) else {
        return false;
    };
    !subject::names_openssl(first)
        && text.lines().any(|line| {
            line.match_indices(first).any(|(at, _)| {
                let rest = &line[at + first.len()..];
                let words = rest.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_'));
                let (word, value) = rest.split_at(words.unwrap_or(rest.len()));
                let value = value.trim_start_matches([' ', '=', ':', '?', '"', '\'', 'v']);
                // `PERL_ROOT=perl-5.32.1` says it with the name.
                let value = match value.split_once('-') {
                    Some((name, rest)) if name.eq_ignore_ascii_case(first) => rest,
                    _ => value,
                };
                let upper = word.to_ascii_lowercase();
                ["_ver", "_version", "_tag", "_release", "_root"]
                    .iter()
                    .any(|end| upper.ends_with(end))
                    && value.starts_with(|c: char| c.is_ascii_digit())
            })
        })
}

/// The line of a digest that no placeholder gives and that goes with a version of these.
pub(crate) fn of_another_kind(
    text: &str,
    lines: &Lines,
    seen: &[Sighting],
    version: Version,
    variables: &[fetched::HeldVersion],
    stays: &dyn Fn(&str) -> bool,
) -> Option<usize> {
    let named = |one: &&Sighting| one.slot.is_version() && one.is_named();
    let sure = Sure::of(text, lines, seen.iter().filter(named).collect());
    if sure.seen.is_empty() {
        return None;
    }
    let is_pin = |range: &Range<usize>| seen.iter().any(|one| one.range == *range && one.is_ours());
    let all: Vec<Digest> = foreign_digest::all(text)
        .into_iter()
        .filter(|range| !is_pin(range))
        .map(|range| Digest {
            line: lines.line_of(range.start),
            range,
            // One that is as long says nothing of a commit.
            slot: Placeholder::Sha512,
        })
        .collect();
    let of_version =
        |one: &&Sighting| one.slot.is_version() && one.is_ours() && one.version == version;
    let goes_with = |one: &Digest| {
        let mut versions = seen.iter().filter(of_version);
        if versions
            .any(|version| foreign_digest::is_of_package(text, version.range.end, &one.range))
        {
            return true;
        }
        let label = &text[lines.range(one.line).start..one.range.start];
        let fetched = fetched::of(text, lines, one.line, label, variables);
        fetched.is_some_and(|fetched| fetched.version == version)
            || owner(text, lines, &all, one, &sure) == Some(version)
            || (beside_own(seen, one.line, version)
                && !subject::names_a_relative(label)
                && !is_of_another(text, label))
    };
    let mut moving = all.iter().filter(|one| !stays(&text[one.range.clone()]));
    moving.find(|one| goes_with(one)).map(|one| one.line)
}

/// Whether a digest of a release stands close to a line.
fn beside_own(seen: &[Sighting], line: usize, version: Version) -> bool {
    seen.iter().any(|one| {
        one.slot.is_fingerprint()
            && one.is_ours()
            && one.version == version
            && one.line.abs_diff(line) <= CLOSE
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_digest_behind_another_file_s_name_is_not_the_tarball_s() {
        for (line, expected) in [
            ("DIGEST  openssl-3.5.3.tar.gz", false),
            ("DIGEST  openssl-3.5.3-session.patch", true),
            ("OpenSSL.v3.5.3+0.x86_64-linux-gnu.tar.gz/md5/DIGEST", true),
            ("openssl-3.5.3.tar.gz/md5/DIGEST", false),
            ("sha256  DIGEST  $(SOURCE).tar.gz", false),
            (
                "fetch(\"https://h/openssl-3.5.3.tar.gz\", \"DIGEST\")",
                false,
            ),
            ("fetch(\"https://h/ham-1.2.zip\", \"DIGEST\")", true),
            ("SHA256 (openssl-3.5.3.tar.gz) = DIGEST", false),
            ("SHA1 (patch-openssl.tmpl) = DIGEST", true),
            ("SHA512=DIGEST", false),
        ] {
            assert_eq!(is_of_another_file(line), expected, "{line}");
        }
    }
}
