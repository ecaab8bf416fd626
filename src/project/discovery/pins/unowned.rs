//! Digests that stay behind although the version that their file's address is made of moves.

use std::collections::{BTreeSet, HashMap};
use std::ops::Range;

use crate::openssl::upstream::Release;
use crate::openssl::version::Version;
use crate::project::discovery::found::{Checkout, FoundKind, FoundLink};
use crate::project::discovery::history::record::Record;
use crate::project::discovery::line::sighting::{Lines, Sighting, depth};
use crate::project::discovery::line::variables::given;
use crate::project::discovery::line::{addresses, digest_forms, file_kind, subject};
use crate::project::discovery::owner::fetched::HeldVersion;
use crate::project::discovery::owner::neighbours::Neighbour;
use crate::project::discovery::owner::{digests, fetched, neighbours};
use crate::project::discovery::value::sightings;
use crate::project::pattern::Placeholder;
use crate::project::value_name;
use crate::text::budget;

/// What is said of a digest that stays behind.
const DIGEST: &str = "a digest of what an address made of the version names, and nothing known says what it becomes; move both by hand, or make the digest a pin where it is upstream's";

/// What is said of the name of an object in somebody's own repository.
const OBJECT: &str = "the object of a packager's own file about OpenSSL, which goes with the version and which no placeholder gives; move both by hand, or allow it with `leave`";

/// Lines of an entry that are looked at for its name.
const ENTRY: usize = 30;

/// Addresses of archives that are asked for variables, at most.
const MOST_ARCHIVES: usize = 20;

/// Makes a link doubtful where a digest that nobody knows stands beside an address that is made of
/// the version, in a pin's file or in one beside it.
pub(crate) fn mark(
    checkout: &Checkout,
    seen: &[(&str, Vec<Sighting>)],
    releases: &[Release],
    record: &Record,
    links: &mut [FoundLink],
) {
    let release_of = |version: Version| -> Option<Release> {
        let mut all = releases.iter();
        all.find(|release| release.version == version).cloned()
    };
    for link in links.iter_mut().filter(|link| !link.tested) {
        if link.doubt.is_some() {
            continue;
        }
        let (pins, version) = (link.pins.iter(), link.version);
        // Many pins of one file ask the same of it.
        let mut asked = BTreeSet::new();
        let mut texts = pins.filter(|pin| matches!(pin.kind, FoundKind::Text(_)));
        let found = texts.find_map(|pin| {
            let (path, _) = pin.places.first()?;
            if !asked.insert((path, pin.moved.is_empty())) {
                return None;
            }
            let text = checkout.texts.get(path)?;
            let lines = Lines::of(text);
            let of = |path: &str| {
                let mut all = seen.iter();
                all.find(|(other, _)| *other == path)
                    .map_or(&[][..], |(_, seen)| seen.as_slice())
            };
            let variables = fetched::variables(text, &lines, of(path));
            let pinned = link.places().filter(|(file, _)| file == path);
            let pinned: BTreeSet<usize> = pinned.map(|(_, line)| *line).collect();
            let about = subject::path_names_openssl(path);
            let held = stays(text, (of(path), about), &variables, &pinned)
                .or_else(|| of_another_form(text, of(path)))
                .or_else(|| compared(text, of(path)))
                .or_else(|| summed(text, &lines, &pinned))
                .or_else(|| {
                    let stays = |value: &str| record.held(path, value);
                    digests::of_another_kind(text, &lines, of(path), version, &variables, &stays)
                })
                .or_else(|| {
                    digests::of_another_file(text, &lines, of(path), version.series(), &release_of)
                });
            let kept = || digests::of_a_packager(text, &lines, of(path));
            let held = held.map(|line| (line, DIGEST));
            let held = held.or_else(|| kept().map(|line| (line, OBJECT)));
            held.map(|(line, what)| (path.clone(), line, what))
                .or_else(|| {
                    // Where bumps are known, what they changed says what belongs to them.
                    let mut others = beside(checkout, path).filter(|_| pin.moved.is_empty());
                    others.find_map(|(other, text)| {
                        Some((
                            other.to_owned(),
                            stays(text, (of(other), false), &variables, &BTreeSet::new())?,
                            DIGEST,
                        ))
                    })
                })
        });
        link.doubt = found.map(|(path, line, what)| format!("`{path}` line {line} holds {what}"));
    }
}

/// The other files of a file's folder that speak of OpenSSL.
fn beside<'a>(checkout: &'a Checkout, path: &'a str) -> impl Iterator<Item = (&'a str, &'a str)> {
    let folder = path.rsplit_once('/').map(|(folder, _)| folder);
    // The files at the top belong to the project, not to one package.
    let texts = folder.map(|folder| {
        let start = format!("{folder}/");
        checkout
            .texts
            .range(start.clone()..)
            .take_while(move |(other, _)| other.starts_with(&start))
            .filter(move |(other, text)| {
                other.as_str() != path
                    && !other[folder.len() + 1..].contains('/')
                    && !file_kind::is_prose(other, text)
                    && sightings::contains_openssl(text)
            })
            .map(|(other, text)| (other.as_str(), text.as_str()))
    });
    texts.into_iter().flatten()
}

/// The line right below an address that a version is a part of, where it holds a digest in a form
/// that nothing here knows.
fn of_another_form(text: &str, seen: &[Sighting]) -> Option<usize> {
    let lines = Lines::of(text);
    let at = |line: usize| &text[lines.range(line)];
    let addresses = seen
        .iter()
        .filter(|one| one.is_ours() && one.slot.is_version() && at(one.line).contains("://"));
    addresses.into_iter().find_map(|one| {
        let below = one.line + 1..(one.line + 2).min(lines.count()) + 1;
        below.into_iter().find(|line| {
            let free = !seen.iter().any(|other| other.line == *line);
            free && !at(*line).contains("://") && is_a_hash(at(*line))
        })
    })
}

/// The line of an object's name that a result is compared with, close to a release's tag or commit:
/// `test "$(git rev-parse FETCH_HEAD)" = d0ca66a1...`.
fn compared(text: &str, seen: &[Sighting]) -> Option<usize> {
    let lines = Lines::of(text);
    let of_a_commit = |slot| matches!(slot, Placeholder::Tag | Placeholder::Commit);
    let objects = digest_forms::by_form(text, &lines)
        .into_iter()
        .filter(|(range, _, slot)| {
            *slot == Placeholder::Commit && !seen.iter().any(|one| one.range == *range)
        });
    objects.into_iter().find_map(|(range, line, _)| {
        let label = &text[lines.range(line).start..range.start];
        let result = label.trim_end_matches([' ', '"', '\'', '=', '!']);
        let is_compared = result.len() < label.trim_end().len() && result.ends_with(')');
        let close = seen.iter().any(|one| {
            one.is_ours() && of_a_commit(one.slot) && one.line.abs_diff(line) <= fetched::CLOSE
        });
        (is_compared && close).then_some(line)
    })
}

/// The line of a pin that says a tarball's name beside the sum that `cksum` makes of it:
/// `3732977064 openssl-3.5.3.tar.gz`, with the size between them or not.
fn summed(text: &str, lines: &Lines, pinned: &BTreeSet<usize>) -> Option<usize> {
    let is_number = |word: &&str| word.bytes().all(|byte| byte.is_ascii_digit());
    // `20250916` is a day.
    let is_sum = |word: &str| (8..=10).contains(&word.len()) && !word.starts_with("20");
    let is_digest = |word: &str| {
        let word = word.trim_matches(|c: char| !c.is_ascii_alphanumeric());
        word.len() >= 32 && word.bytes().all(|byte| byte.is_ascii_alphanumeric())
    };
    let mut pinned = pinned.iter().copied();
    pinned.find(|line| {
        let written = &text[lines.range(*line)];
        let is_archive = |written: &&str| written.contains(".tar") || written.contains(".tgz");
        let Some(at) = Some(written)
            .filter(is_archive)
            .and_then(|written| written.find("openssl-"))
        else {
            return false;
        };
        // Beside a digest a number is the size.
        if subject::is_comment(written) || written.split_whitespace().any(is_digest) {
            return false;
        }
        let (before, name) = written.split_at(at);
        let mut before = before
            .split_whitespace()
            .rev()
            .take_while(is_number)
            .take(2);
        let behind: Vec<&str> = name.split_whitespace().skip(1).collect();
        let is_pair = behind.len() == 2 && behind.iter().all(is_number);
        before.any(is_sum) || (is_pair && is_sum(behind[0]))
    })
}

/// `.hash = "N-V-__8AAGx2cgpV..."`: a long word of letters and digits under a name for digests.
fn is_a_hash(line: &str) -> bool {
    let Some((key, value)) = line.split_once(['=', ':']) else {
        return false;
    };
    let key = key
        .trim_matches([' ', '.', '"', '\'', '\t'])
        .to_ascii_lowercase();
    let value = value.trim_matches([' ', '"', '\'', ',', ';', '=', ':']);
    let digits = value.bytes().filter(u8::is_ascii_digit).count();
    [
        "hash",
        "narhash",
        "integrity",
        "checksum",
        "digest",
        "sha256",
    ]
    .contains(&key.as_str())
        && value.len() >= 32
        && digits > 2
        && value
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '+' | '/' | '='))
}

/// The line of a digest that is none of these values and goes with an address that a version is a
/// part of, the nearest to the lines that a pin moves.
fn stays(
    text: &str,
    (seen, about): (&[Sighting], bool),
    variables: &[HeldVersion],
    pinned: &BTreeSet<usize>,
) -> Option<usize> {
    let lines = Lines::of(text);
    let digests: Vec<(Range<usize>, usize)> = digest_forms::by_form(text, &lines)
        .into_iter()
        .filter(|(range, ..)| !seen.iter().any(|one| one.range == *range))
        .filter(|(.., slot)| slot.is_fingerprint() && slot.hexadecimal() != Placeholder::Commit)
        .map(|(range, line, _)| (range, line))
        .collect();
    // Most files have none, and nothing more is asked of them.
    if digests.is_empty() {
        return None;
    }
    let by_word = stands_for_itself(text, seen);
    let is_version = |one: &&Sighting| one.is_ours() && one.slot.is_version();
    let ours = || seen.iter().filter(is_version);
    let said: BTreeSet<Version> = ours().map(|one| one.version).collect();
    let only = said.len() == 1 && !pinned.is_empty();
    let mut versions = seen.iter().filter(|one| one.slot.is_version());
    let alone = only
        && digests.len() == 1
        && !variables.is_empty()
        && !seen.iter().any(|one| one.slot.is_fingerprint())
        && versions.all(|one| said.contains(&one.version));
    let by_archive = variables
        .iter()
        .any(|(name, _)| is_put_into_an_archive(text, name));
    // What an address made of the version is called, with the address' line.
    let addresses: HashMap<(String, String), usize> = ours()
        .filter_map(|one| {
            let before = &text[lines.range(one.line).start..one.range.start];
            let (label, _) = before.split_once("://")?;
            let label = label.trim_end_matches(|c: char| c.is_ascii_alphabetic());
            Some((
                (entry(text, &lines, one.line), paired_key(label)?),
                one.line,
            ))
        })
        .collect();
    digests
        .into_iter()
        .filter_map(|(range, line)| {
            let label = &text[lines.range(line).start..range.start];
            if by_word && fetched::says_only_digest(label) {
                return Some(line);
            }
            let fetched = fetched::of(text, &lines, line, label, variables).is_some()
                || fetched::is_of_literal(text, &lines, line, label, seen, pinned);
            let close = |one: &Sighting| one.line.abs_diff(line) <= fetched::CLOSE;
            let archived =
                || digests::is_of_an_archive(text, &lines, line) && (only || ours().any(close));
            let paired = || {
                let Some(key) = paired_key(label).filter(|_| !addresses.is_empty()) else {
                    return false;
                };
                let address = addresses.get(&(entry(text, &lines, line), key));
                address.is_some_and(|at| *at != line)
            };
            // A map of digests with no addresses: of what is built of the version for each platform.
            let built =
                || only && about && entry(text, &lines, line) == "binary" && label.contains(':');
            let beside = || by_archive && fetched::says_only_digest(label) && ours().any(close);
            let is_another_s = || {
                neighbours::of(text, &lines, line) == Neighbour::Other
                    || is_used_elsewhere(text, &lines, (line, label), variables)
            };
            // `OPENSSL_SHASUM` goes with `OPENSSL_VERSION`.
            let same_owner = || {
                let own = value_name::owner(label).filter(|own| !own.is_empty());
                let owner = |one: &Sighting| {
                    value_name::owner(&text[lines.range(one.line).start..one.range.start])
                };
                own.is_some_and(|own| ours().any(|one| owner(one).as_ref() == Some(&own)))
            };
            let is_named = || names_only_a_digest(label) || same_owner();
            let lone = || alone && is_named() && !is_another_s();
            let stays = fetched || archived() || paired() || beside() || built() || lone();
            stays.then_some(line)
        })
        .min_by_key(|line| pinned.iter().map(|pin| pin.abs_diff(*line)).min())
}

/// Whether a name stands before a digest and says nothing but that it is one: `MD5 = `.
fn names_only_a_digest(label: &str) -> bool {
    subject::variable(label).is_some() && fetched::says_only_digest(label)
}

/// Whether a digest's variable is used where something else is fetched, or the line right above it
/// is about something else.
fn is_used_elsewhere(
    text: &str,
    lines: &Lines,
    (line, label): (usize, &str),
    variables: &[HeldVersion],
) -> bool {
    let is_ours = |line: &str| {
        let mut held = variables.iter();
        let name = given(line);
        subject::names_openssl(line)
            || held.any(|(held, _)| {
                addresses::uses_any_case(line, held)
                    || name.is_some_and(|name| name.eq_ignore_ascii_case(held))
            })
    };
    let above = line.checked_sub(1).filter(|above| *above > 0);
    let above = above.map(|above| text[lines.range(above)].trim());
    if above.is_some_and(|above| !above.is_empty() && !is_ours(above)) {
        return true;
    }
    let Some(name) = fetched::name(label) else {
        return false;
    };
    let other = |number: usize| number != line;
    (1..=lines.count())
        .filter(|number| other(*number))
        .any(|number| {
            let line = &text[lines.range(number)];
            line.len() <= budget::LINE_WITH_VALUE
                && line.contains(name)
                && addresses::uses_any_case(line, name)
                && !is_ours(line)
        })
}

/// Whether the address of an archive that the forge makes is made of this variable.
fn is_put_into_an_archive(text: &str, name: &str) -> bool {
    let archives = text.match_indices("/openssl/archive/").take(MOST_ARCHIVES);
    archives.into_iter().any(|(at, _)| {
        let rest = &text[at..];
        let address = rest
            .split(['"', '\'', ' ', '\n'])
            .next()
            .unwrap_or_default();
        addresses::uses_any_case(address, name)
    })
}

/// The name of the entry that a line stands in, without the words for addresses and digests: that
/// of the nearest line above that is indented less.
fn entry(text: &str, lines: &Lines, line: usize) -> String {
    let at = |line: usize| &text[lines.range(line)];
    let own = depth(at(line));
    let above = (line.saturating_sub(ENTRY).max(1)..line).rev();
    let mut above = above.map(at).filter(|text| !text.trim().is_empty());
    let Some(title) = above.find(|text| depth(text) < own).filter(|_| own > 0) else {
        return String::new();
    };
    let lower = title.to_ascii_lowercase();
    let words = lower.split(|c: char| !c.is_ascii_alphanumeric());
    let kinds = [
        "url",
        "urls",
        "uri",
        "download",
        "downloads",
        "link",
        "links",
        "source",
        "sources",
        "src",
        "binaries",
        "map",
        "maps",
        "sha",
        "shas",
        "sha1",
        "sha256",
        "sha512",
        "sha256sum",
        "sha256sums",
        "sum",
        "sums",
        "md5",
        "hash",
        "hashes",
        "checksum",
        "checksums",
        "digest",
        "digests",
    ];
    let kept: Vec<&str> = words
        .filter(|word| !word.is_empty() && !kinds.contains(word))
        .collect();
    kept.join("_")
}

/// What is left of a name that tells one address, and its digest, from others: `x86_64` of two maps,
/// `windows` of `windows_url` and `windows_sha256`.
fn paired_key(label: &str) -> Option<String> {
    let name = subject::variable(label)?.to_ascii_lowercase();
    let ends = [
        "_url",
        "_sha256",
        "_sha512",
        "_sha1",
        "_hash",
        "_checksum",
        "_digest",
    ];
    let key = ends
        .iter()
        .find_map(|end| name.strip_suffix(end))
        .unwrap_or(&name);
    let plain = [
        "url", "sha256", "sha512", "sha1", "hash", "checksum", "digest", "source", "openssl",
    ];
    (!plain.contains(&key)).then(|| key.to_owned())
}

/// Whether a file says the name of a tarball with a word in the place of the version, which another
/// file says.
fn stands_for_itself(text: &str, seen: &[Sighting]) -> bool {
    let mut lines = text.lines();
    !seen
        .iter()
        .any(|one| one.is_ours() && one.slot.is_version())
        && lines.any(|line| line.contains("openssl-VERSION.") && !subject::is_comment(line))
}
