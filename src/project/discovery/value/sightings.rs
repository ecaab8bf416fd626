//! Every value in a text that may be OpenSSL's: versions, and what is known of one release.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::ops::Range;

use jiff::civil::Date;

use super::joined::JoinedMaterial;
use super::{grouped, joined, parts, published, rows};
use crate::openssl::upstream::Release;
use crate::openssl::version::{Series, Version};
use crate::project::discovery::found::Confidence;
use crate::project::discovery::line::addresses::Addresses;
use crate::project::discovery::line::sighting::{Lines, Sighting, SightingVerdict};
use crate::project::discovery::line::surroundings::Surroundings;
use crate::project::discovery::line::{comments, digest_forms, docstrings, file_kind, subject};
use crate::project::discovery::owner::evidence::KnownNumber;
use crate::project::discovery::owner::{conditions, digests, evidence, fetched, vcpkg};
use crate::project::foreign_digest;
use crate::project::linked::spelling;
use crate::project::pattern::{Algorithm, Pattern, Placeholder};
use crate::text::budget;

/// What is known to look for.
pub(crate) struct Sightings {
    releases: HashMap<Version, Release>,
    versions: HashSet<Version>,
    newest: HashMap<Series, Version>,
    values: HashMap<String, (Placeholder, Version)>,
    /// Digests in base64 and base 32.
    encoded: HashMap<String, Version>,
    patterns: Vec<(Placeholder, Pattern)>,
}

/// Where a version stands, how it is spelled, and which it is.
type VersionSpan = (Range<usize>, Placeholder, Option<Version>);

/// Lines within which a digest and a version speak of the same release.
const NEAR: usize = 6;

/// Packages of a list from which on it is a registry's.
const PACKAGES: usize = 50;

/// Lines between a version and the name of the tag or tarball that says it too.
const BESIDE: usize = 2;

impl Sightings {
    pub(crate) fn new(releases: &[Release]) -> Self {
        let (mut values, mut encoded) = (HashMap::new(), HashMap::new());
        let mut newest = HashMap::new();
        for release in releases {
            let hashes = &release.hashes;
            for (slot, value) in [
                (Placeholder::Sha256, &hashes.sha256),
                (Placeholder::Sha512, &hashes.sha512),
                (Placeholder::Sha1, &hashes.sha1),
                (Placeholder::Md5, &hashes.md5),
                (Placeholder::Commit, &release.commit),
            ] {
                if let Some(value) = value {
                    values.insert(value.to_ascii_lowercase(), (slot, release.version));
                }
            }
            for (slot, value) in [
                (Placeholder::Base32, &hashes.sha256),
                (Placeholder::Base64(Algorithm::Sha256), &hashes.sha256),
                (Placeholder::Base64(Algorithm::Sha512), &hashes.sha512),
            ] {
                let text = value.as_deref().and_then(|it| spelling::digest(slot, it));
                encoded.extend(text.map(|text| (text, release.version)));
            }
            if let Some(size) = release.size {
                values.insert(size.to_string(), (Placeholder::Size, release.version));
            }
            let newest = newest
                .entry(release.version.series())
                .or_insert(release.version);
            *newest = (*newest).max(release.version);
        }
        let slots = [
            Placeholder::Tag,
            Placeholder::Version,
            Placeholder::Underscored,
        ];
        let pattern = |slot: Placeholder| {
            Some((slot, Pattern::of_pin(&format!("{{{}}}", slot.name())).ok()?))
        };
        Self {
            releases: releases
                .iter()
                .map(|release| (release.version, release.clone()))
                .collect(),
            versions: releases.iter().map(|release| release.version).collect(),
            newest,
            values,
            encoded,
            patterns: slots.into_iter().filter_map(pattern).collect(),
        }
    }

    /// Whether a text may hold a pin: it speaks of OpenSSL and says a version, or a digest.
    pub(crate) fn may_pin(&self, path: &str, text: &str) -> bool {
        !file_kind::is_generated(path)
            && !file_kind::is_history(path)
            && (subject::path_names_openssl(path) || contains_openssl(text))
            && (self
                .versions(text)
                .iter()
                .any(|(_, _, version)| version.is_some_and(|version| self.knows(version)))
                || !self.digests(text, &Lines::of(text)).is_empty())
            // Costs as much again, and few files come so far.
            && self.data(path, text).is_none()
    }

    /// Why a text is no place for a pin, whatever it says.
    pub(crate) fn data(&self, path: &str, text: &str) -> Option<String> {
        if vcpkg::is_registry(path, text) {
            return Some("`vcpkg x-add-version` writes it: not looked at".to_owned());
        }
        if path.ends_with(".json") && text.matches("\"versions\"").nth(PACKAGES).is_some() {
            return Some(
                "it lists the versions of many packages: taken for data, and not looked at"
                    .to_owned(),
            );
        }
        let versions = |row: &str| -> Vec<Version> {
            let all = self.versions(row).into_iter();
            let all = all.filter_map(|(.., version)| version);
            all.filter(|version| self.knows(*version)).collect()
        };
        let of_release = |value: &str| self.values.contains_key(&value.to_ascii_lowercase());
        if rows::is_record(text, &versions, &of_release) {
            return Some(
                "each of its rows has a day or digest of its own, as in a record of builds: taken for data, and not looked at"
                    .to_owned(),
            );
        }
        let excess = self.excess(text)?;
        Some(format!(
            "it has {excess}: taken for data, and not looked at"
        ))
    }

    /// Whether a version was released.
    pub(crate) fn knows(&self, version: Version) -> bool {
        self.versions.contains(&version)
    }

    /// The newest release of a series on a day.
    pub(crate) fn newest_on(&self, series: Series, day: Date) -> Option<Version> {
        let of_series = self
            .releases
            .values()
            .filter(|one| one.version.series() == series);
        let there = of_series.filter(|one| one.date <= day && !one.version.is_prerelease());
        there.map(|one| one.version).max()
    }

    /// Why a text is a table of data and no place for a pin: it says so much that nothing can be said
    /// of what belongs to what.
    fn excess(&self, text: &str) -> Option<String> {
        let lines = Lines::of(text);
        let is_long = |line: &Range<usize>| line.len() > budget::LINE_WITH_VALUE;
        // The shortest version has five bytes, the shortest digest 32.
        let is_full = text.len() > budget::RELEASES_IN_FILE * 5;
        let may_be_full = || is_full && most_values(text) > budget::RELEASES_IN_FILE;
        if !may_be_full() && !lines.0.iter().any(is_long) {
            return None;
        }
        let versions = self.versions(text).into_iter();
        let mut values: Vec<Range<usize>> = versions
            .filter(|(.., version)| version.is_some_and(|version| self.may_be(version)))
            .map(|(range, ..)| range)
            .collect();
        values.extend(self.digests(text, &lines).into_iter().map(|one| one.range));
        if values.len() > budget::RELEASES_IN_FILE {
            let most = budget::RELEASES_IN_FILE;
            return Some(format!("more than {most} versions and digests of releases"));
        }
        let is_digest = |range: &Range<usize>| foreign_digest::is_of_any_kind(&text[range.clone()]);
        let digests: Vec<Range<usize>> = foreign_digest::words(text).filter(is_digest).collect();
        if digests.len() > budget::DIGESTS_IN_FILE {
            return Some(format!("more than {} digests", budget::DIGESTS_IN_FILE));
        }
        let mut all = values.iter().chain(&digests);
        let most = budget::LINE_WITH_VALUE;
        all.any(|range| is_long(&lines.range(lines.line_of(range.start))))
            .then(|| format!("a version or digest in a line of more than {most} bytes"))
    }

    /// What is known of a release.
    pub(crate) fn release(&self, version: Version) -> Option<&Release> {
        self.releases.get(&version)
    }

    /// Whether a number is a release's, or may be one's that is newer than what is known.
    fn may_be(&self, version: Version) -> bool {
        self.knows(version) || self.is_newer(version)
    }

    fn is_newer(&self, version: Version) -> bool {
        let newest = self.newest.get(&version.series());
        newest.is_some_and(|newest| version > *newest && is_near(version, *newest))
    }

    /// Every such value of a text, in its order.
    pub(crate) fn of(&self, path: &str, text: &str) -> Vec<Sighting> {
        if file_kind::is_generated(path) || file_kind::is_prose(path, text) {
            return Vec::new();
        }
        let lines = Lines::of(text);
        let mut digests = self.digests(text, &lines);
        let about = subject::path_names_openssl(path);
        if digests.is_empty() && !about && !contains_openssl(text) {
            return Vec::new();
        }
        let spans = self.versions(text);
        let mut said: HashMap<Version, Vec<usize>> = HashMap::new();
        for (range, _, version) in &spans {
            if let Some(version) = version {
                let line = lines.line_of(range.start);
                said.entry(*version).or_default().push(line);
            }
        }
        let addresses = Addresses::of(text, &lines);
        let takes_installed = file_kind::takes_what_is_installed(path, text);
        let end = file_kind::end_of_choices(path, text);
        let documented = docstrings::of(path, text);
        let blocks = comments::blocks(path, text);
        let mut seen: Vec<Sighting> = Vec::new();
        let mut label = 0..0;
        for (at, (range, slot, version)) in spans.iter().enumerate() {
            let line = lines.line_of(range.start);
            let start = lines.range(line).start;
            let end_before = at.checked_sub(1).map_or(0, |before| spans[before].0.end);
            let between = &text[end_before.max(start)..range.start];
            // In a list the name before its first version is that of all.
            let listed = end_before > start
                && !between.is_empty()
                && between.chars().all(|c| matches!(c, ',' | ' ' | '"' | '\''));
            if !listed {
                label = end_before.max(start)..range.start;
            }
            let Some(version) = version.filter(|_| range.start < end) else {
                continue;
            };
            let place = Surroundings {
                path,
                text,
                lines: &lines,
                line,
                range: range.clone(),
                label: &text[label.clone()],
                slot: *slot,
                about,
                takes_installed,
                documents: documented.iter().any(|told| told.contains(&range.start)),
                in_block: comments::holds(&blocks, range.start, &text[lines.range(line)]),
                addresses: &addresses,
            };
            let known = self.known(&place, version, &spans, &said[&version], &digests);
            if let Some((verdict, scope)) = evidence::judge(&place, &known) {
                let one = Sighting {
                    range: range.clone(),
                    line,
                    slot: *slot,
                    version,
                    verdict,
                    scope,
                    moved: Vec::new(),
                    tested: false,
                };
                let number = vcpkg::port_version(path, text, &one);
                seen.push(one);
                seen.extend(number);
            }
        }
        beside_a_pin(&mut seen);
        if end == text.len() {
            let of: HashSet<Version> = digests.iter().map(|digest| digest.version).collect();
            let mut parts = parts::of(text, &lines, about, &of, &self.versions);
            let grouped = grouped::of(path, text, &lines, about, &self.versions);
            // Beside them the whole number is the same version.
            for one in &mut seen {
                let said = grouped.iter().find(|part| part.version == one.version);
                if let Some(part) = said.filter(|_| one.doubt() == Some(evidence::NUMBER)) {
                    one.verdict = part.verdict;
                }
            }
            parts.extend(grouped);
            let whole = || seen.iter().filter(|one| one.is_ours());
            if whole().next().is_some() {
                // Beside a version its parts are those that spell it.
                parts.retain(|part| whole().any(|one| one.version == part.version));
            } else if parts.is_empty() {
                let known = JoinedMaterial {
                    about,
                    digests: &of,
                    releases: &self.versions,
                };
                parts = joined::of(text, &lines, &known);
            } else if takes_installed {
                // What only asks a machine says no whole version together with its parts.
                let says = |one: &&mut Sighting| {
                    one.doubt() == Some(evidence::PROBE) && one.version == parts[0].version
                };
                match seen.iter_mut().find(says) {
                    Some(whole) => whole.verdict = parts[0].verdict,
                    None => parts.clear(),
                }
            }
            seen.extend(parts);
        }
        seen.append(&mut digests);
        let variables = fetched::variables(text, &lines, &seen);
        let release_of = |version| self.release(version).cloned();
        let digests = digests::digests(text, &lines, &seen, &variables, &release_of);
        seen.extend(digests);
        seen.extend(parts::in_addresses(text, &lines, &seen));
        seen.extend(parts::in_made_addresses(text, &lines, &seen, &variables));
        seen.extend(parts::beside(path, text, &lines, &seen));
        seen.extend(parts::named(path, text, &lines, &seen));
        let day_of = |version| self.release(version).map(|release| release.date);
        seen.extend(published::days(path, text, &lines, &seen, &day_of));
        seen.retain(|one| {
            let line = &text[lines.range(one.line)];
            one.slot.is_version() || !comments::holds(&blocks, one.range.start, line)
        });
        apart(seen)
    }

    /// `said`: the lines that say this version, in their order.
    fn known(
        &self,
        place: &Surroundings<'_>,
        version: Version,
        spans: &[VersionSpan],
        said: &[usize],
        digests: &[Sighting],
    ) -> KnownNumber {
        // Beside the name with dots, the same number with underscores means the same.
        let spoken = place.about || contains_openssl(place.text);
        let again = place.slot == Placeholder::Underscored
            && spoken
            && spans.iter().any(|(range, slot, other)| {
                let line = place.lines.line_of(range.start);
                *slot != place.slot
                    && *other == Some(version)
                    && (place.about || subject::names_openssl(&place.text[place.lines.range(line)]))
                    && !place.text[..range.start].ends_with('/')
            });
        let of_release = |digest: &&Sighting| digest.version == version;
        let close = |digest: &Sighting| digest.line.abs_diff(place.line) <= NEAR;
        let nearest = |digest: &Sighting| {
            let own = digest.line.abs_diff(place.line);
            let (above, below) = said.split_at(said.partition_point(|line| *line < digest.line));
            let mut others = above.last().into_iter().chain(below.first());
            !others.any(|line| line.abs_diff(digest.line) < own)
        };
        let digested = digests.iter().filter(of_release).any(close);
        let first = said.partition_point(|line| *line + BESIDE < place.line);
        let beside = said[first..]
            .iter()
            .take_while(|line| **line <= place.line + BESIDE);
        let mut beside = beside.map(|line| &place.text[place.lines.range(*line)]);
        let names = [format!("openssl-{version}"), version.tag()];
        let in_address = |line: &str| {
            line.len() <= budget::LINE_WITH_VALUE
                && !subject::is_comment(line)
                && names.iter().any(|name| is_whole_name(line, name))
        };
        KnownNumber {
            released: self.knows(version),
            newer: self.is_newer(version),
            near: again || digested,
            digested,
            addressed: beside.any(in_address),
            nearest: again || digests.iter().filter(of_release).any(nearest),
            in_file: digests.iter().any(|digest| of_release(&digest)),
        }
    }

    /// Versions in any spelling, none overlapping another; none for what is no version of
    /// OpenSSL's.
    pub(crate) fn versions(&self, text: &str) -> Vec<VersionSpan> {
        let mut spans: BTreeMap<usize, (usize, Placeholder, Option<Version>)> = BTreeMap::new();
        for (slot, pattern) in &self.patterns {
            for found in pattern.find(text, 0..text.len()) {
                let range = found.range;
                // From 3.0 on a tag is the name with the version, and stays readable as that.
                let plain =
                    *slot == Placeholder::Tag && text[range.clone()].starts_with("openssl-");
                let version = spelling::version(*slot, &text[range.clone()]);
                // Before 3.0 it is no tag, whatever its name says.
                if plain && (version.is_none() || !is_tag_by_place(&text[..range.start])) {
                    continue;
                }
                // From 3.0 on upstream spells none so: a mirror's own name, of a version and no tag.
                if *slot == Placeholder::Tag && !plain && version.is_none() {
                    continue;
                }
                if *slot == Placeholder::Underscored
                    && version.is_none_or(|version| !self.versions.contains(&version))
                {
                    continue;
                }
                if spans
                    .range(..range.end)
                    .next_back()
                    .is_none_or(|(_, (end, ..))| *end <= range.start)
                {
                    spans.insert(range.start, (range.end, *slot, version));
                }
            }
        }
        spans
            .into_iter()
            .map(|(start, (end, slot, version))| (start..end, slot, version))
            .collect()
    }

    /// Digests and commits of known releases.
    fn digests(&self, text: &str, lines: &Lines) -> Vec<Sighting> {
        let bytes = text.as_bytes();
        let mut found: Vec<Sighting> = Vec::new();
        let mut at = 0;
        while at < bytes.len() {
            if !bytes[at].is_ascii_alphanumeric() {
                at += 1;
                continue;
            }
            let end = at
                + bytes[at..]
                    .iter()
                    .take_while(|byte| byte.is_ascii_alphanumeric())
                    .count();
            if matches!(end - at, 7..=9 | 32 | 40 | 64 | 128)
                && let Some((slot, version)) = self.values.get(&text[at..end].to_ascii_lowercase())
            {
                found.push(of_release(lines, at..end, *slot, *version));
            }
            at = end;
        }
        for (range, slot) in digest_forms::integrity(text) {
            let value = text[range.clone()].split_once('-').map(|(_, value)| value);
            if let Some(version) = value.and_then(|value| self.encoded.get(value)) {
                found.push(of_release(lines, range, slot, *version));
            }
        }
        for (range, slot) in digest_forms::bare_base64(text) {
            if let Some(version) = self.encoded.get(&text[range.clone()]) {
                found.push(of_release(lines, range, slot, *version));
            }
        }
        for range in digest_forms::bare_base32(text) {
            if let Some(version) = self.encoded.get(&text[range.clone()]) {
                found.push(of_release(lines, range, Placeholder::Base32, *version));
            }
        }
        // A size is only one where a digest of the same release says so.
        let certain: Vec<(usize, Version)> = found
            .iter()
            .filter(|one| one.slot != Placeholder::Size)
            .map(|one| (one.line, one.version))
            .collect();
        let beside = |one: &Sighting| {
            certain
                .iter()
                .any(|(line, version)| *version == one.version && line.abs_diff(one.line) <= NEAR)
        };
        found.retain(|one| one.slot != Placeholder::Size || beside(one));
        found
    }
}

/// A digest or commit that a release has.
fn of_release(lines: &Lines, range: Range<usize>, slot: Placeholder, version: Version) -> Sighting {
    {
        let line = lines.line_of(range.start);
        Sighting::new(
            range,
            line,
            slot,
            version,
            SightingVerdict::Ours(Confidence::Certain, "a digest or commit of this release"),
        )
    }
}

/// Whether a release may be missing from what is known: a few after the newest.
fn is_near(version: Version, newest: Version) -> bool {
    let patch = |version: Version| version.patch().parse::<u32>().ok();
    match (patch(version), patch(newest)) {
        (Some(patch), Some(newest)) => patch <= newest + 100,
        _ => true,
    }
}

/// A text for people beside a pin of the same version names that version with it.
fn beside_a_pin(seen: &mut [Sighting]) {
    let certain: HashSet<Version> = seen
        .iter()
        .filter(|one| matches!(one.verdict, SightingVerdict::Ours(Confidence::Certain, _)))
        .map(|one| one.version)
        .collect();
    for one in seen {
        if one.verdict == SightingVerdict::Doubtful(true, conditions::TOLD)
            && certain.contains(&one.version)
        {
            one.verdict = SightingVerdict::Ours(
                Confidence::Likely,
                "a text that names the version of a pin in this file",
            );
        }
    }
}

/// Where a release tag stands, and not a folder or file that bears the same name.
fn is_tag_by_place(before: &str) -> bool {
    let lower: String = before
        .chars()
        .rev()
        .take(12)
        .collect::<Vec<_>>()
        .into_iter()
        .rev()
        .collect::<String>()
        .to_ascii_lowercase();
    [
        "/download/",
        "refs/tags/",
        "--branch ",
        "-b ",
        "tag=",
        "tag: ",
        "tag ",
    ]
    .iter()
    .any(|end| lower.trim_end_matches(['"', '\'']).ends_with(end))
}

/// Whether a line has this name of a release, and not one that only ends or begins so, as that of a
/// provider or of a language's binding does.
fn is_whole_name(line: &str, name: &str) -> bool {
    let others = [
        "tpm2", "lua", "ruby", "php", "perl", "node", "xmlsec1", "xmlsec", "gost", "oqs", "pkcs11",
        "rust", "go", "curl", "erlang", "ocaml", "haskell", "py", "lib",
    ];
    line.match_indices(name).any(|(at, _)| {
        let (before, after) = (&line[..at], &line[at + name.len()..]);
        let goes_on = after.starts_with(|c: char| c.is_ascii_alphanumeric())
            || after.strip_prefix('.').is_some_and(|rest| {
                rest.starts_with(|c: char| c.is_ascii_digit()) || rest.starts_with("gem")
            });
        // A slash may be written with a percent sign.
        let before = before.strip_suffix("%2F").map_or(before, |_| "/");
        let word = before.strip_suffix(['-', '_']).unwrap_or_default();
        let word = word
            .rsplit(|c: char| !c.is_ascii_alphanumeric())
            .next()
            .unwrap_or_default();
        let is_other = others.contains(&word.to_ascii_lowercase().as_str());
        !before.ends_with(|c: char| c.is_ascii_alphanumeric()) && !is_other && !goes_on
    })
}

/// How many versions and digests a text can say at the most, which is soon counted.
fn most_values(text: &str) -> usize {
    let bytes = text.as_bytes();
    let is_digit = |at: Option<usize>| {
        at.and_then(|at| bytes.get(at))
            .is_some_and(u8::is_ascii_digit)
    };
    let joins = memchr::memchr2_iter(b'.', b'_', bytes)
        .filter(|at| is_digit(at.checked_sub(1)) && is_digit(Some(at + 1)));
    // A version joins three numbers, and a digest has 32 figures at least, a short one seven.
    let words = bytes.split(|byte| !byte.is_ascii_alphanumeric());
    joins.count() / 2 + words.filter(|word| word.len() > 6).count()
}

/// What was seen, in its order: of two that share bytes, the end of a digest read as the start of a
/// version, the longer.
fn apart(mut seen: Vec<Sighting>) -> Vec<Sighting> {
    seen.sort_by_key(|one| (one.range.start, std::cmp::Reverse(one.range.len())));
    let mut kept: Vec<Sighting> = Vec::with_capacity(seen.len());
    for one in seen {
        match kept.last_mut() {
            Some(last) if one.range.start < last.range.end => {
                if one.range.len() > last.range.len() {
                    *last = one;
                }
            }
            _ => kept.push(one),
        }
    }
    kept
}

/// Whether a text speaks of OpenSSL at all, in any case of its letters.
pub(crate) fn contains_openssl(text: &str) -> bool {
    memchr::memchr2_iter(b'p', b'P', text.as_bytes()).any(|at| {
        at.checked_sub(1)
            .and_then(|start| text.as_bytes().get(start..start + 7))
            .is_some_and(|word| word.eq_ignore_ascii_case(b"openssl"))
    }) || text.match_indices("SSL_VER").any(|(at, name)| {
        // `SSL_VERIFYPEER` is an option of somebody's.
        !text[at + name.len()..].starts_with("IFY")
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::openssl::upstream::builtin;

    #[test]
    fn what_says_too_much_is_data() {
        let known = Sightings::new(&builtin::builtin().expect("facts").releases);
        let said = "openssl-3.5.3\n";
        let digest = format!("{}a\n", "0123456789abcdef".repeat(4).split_at(63).0);
        let padded = "x".repeat(budget::LINE_WITH_VALUE);
        for (text, expected) in [
            (said.repeat(1_000), None),
            (
                said.repeat(1_001),
                Some("more than 1000 versions and digests of releases"),
            ),
            (digest.repeat(3_000), None),
            (digest.repeat(3_001), Some("more than 3000 digests")),
            (format!("{said}{padded}{padded}\n"), None),
            (
                format!("{padded} {said}"),
                Some("a version or digest in a line of more than 8192 bytes"),
            ),
            // Versions that are none of OpenSSL's do not count.
            ("zlib 7.3.1\n".repeat(5_000), None),
        ] {
            assert_eq!(known.excess(&text).as_deref(), expected);
        }
    }
}
