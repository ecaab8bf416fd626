//! A version whose numbers stand apart: series and patch, or major, minor and patch.

use std::collections::HashSet;
use std::ops::Range;

use crate::openssl::version::Version;
use crate::project::address;
use crate::project::discovery::found::Confidence;
use crate::project::discovery::line::sighting::{Lines, NAMED, Sighting, SightingVerdict};
use crate::project::discovery::line::{addresses, file_kind, subject};
use crate::project::discovery::owner::fetched::HeldVersion;
use crate::project::linked::spelling;
use crate::project::pattern::Placeholder;
use crate::project::value_name;
use crate::text::budget;

/// The series in the path of an address that a version stands in:
/// `https://h/source/old/3.1/openssl-3.1.4.tar.gz`. It is another one once the version is.
pub(crate) fn in_addresses(text: &str, lines: &Lines, seen: &[Sighting]) -> Vec<Sighting> {
    let mut found: Vec<Sighting> = Vec::new();
    for one in seen
        .iter()
        .filter(|one| one.is_ours() && one.slot.is_version())
    {
        let line = lines.range(one.line);
        if line.len() > budget::LINE_WITH_VALUE {
            continue;
        }
        let before = &text[line.start..one.range.start];
        let Some(series) = address::series(before, one.version.series()) else {
            continue;
        };
        let range = line.start + series.start..line.start + series.end;
        if found.iter().any(|other| other.range == range) {
            continue;
        }
        found.push(Sighting {
            range,
            slot: Placeholder::Series,
            ..one.clone()
        });
    }
    found
}

/// The same where a variable that holds the version is put into the address:
/// `https://h/source/old/3.1/openssl-$VERSION.tar.gz`.
pub(crate) fn in_made_addresses(
    text: &str,
    lines: &Lines,
    seen: &[Sighting],
    variables: &[HeldVersion],
) -> Vec<Sighting> {
    let mut found: Vec<Sighting> = Vec::new();
    if variables.is_empty() {
        return found;
    }
    for line in 1..=lines.count() {
        let range = lines.range(line);
        let written = &text[range.clone()];
        let is_address = written.contains("://") && subject::names_openssl(written);
        if !is_address || range.len() > budget::LINE_WITH_VALUE || subject::is_comment(written) {
            continue;
        }
        let lower = written.to_ascii_lowercase();
        let used = variables.iter().find_map(|(name, version)| {
            let at = lower.find(&name.to_ascii_lowercase())?;
            let is_used = addresses::uses_any_case(written, name);
            let series = address::series(&written[..at], version.series())?;
            is_used.then_some((series, version))
        });
        let Some((series, version)) = used else {
            continue;
        };
        let says =
            |one: &&Sighting| one.is_ours() && one.slot.is_version() && one.version == *version;
        found.extend(seen.iter().find(says).map(|one| Sighting {
            range: range.start + series.start..range.start + series.end,
            line,
            slot: Placeholder::Series,
            ..one.clone()
        }));
    }
    found
}

/// The names of the series close to a version that has its name: `FILTER="openssl-3.2.*"`. It is
/// another one once the version is.
pub(crate) fn beside(path: &str, text: &str, lines: &Lines, seen: &[Sighting]) -> Vec<Sighting> {
    let (mut found, mut looked) = (Vec::new(), HashSet::new());
    if file_kind::is_prose(path, text) || file_kind::is_history(path) {
        return found;
    }
    for one in seen
        .iter()
        .filter(|one| one.is_ours() && one.slot.is_version())
    {
        for range in address::series_beside(text, one.range.start, one.version.series()) {
            let line = lines.line_of(range.start);
            let written = &text[lines.range(line)];
            if looked.insert(range.start) && !subject::is_comment(written) {
                found.push(Sighting {
                    range,
                    line,
                    slot: Placeholder::Series,
                    ..one.clone()
                });
            }
        }
    }
    found
}

/// Words of a name that say of a number that it is a series.
const SERIES_WORDS: [&str; 7] = ["minor", "series", "base", "branch", "maj", "short", "abi"];

/// The series of a version under a name of its own: `OPENSSL_SHORT_VERSION=3.4` beside
/// `OPENSSL_VERSION=3.4.1`.
pub(crate) fn named(path: &str, text: &str, lines: &Lines, seen: &[Sighting]) -> Vec<Sighting> {
    let mut found = Vec::new();
    if file_kind::is_prose(path, text) || file_kind::is_history(path) {
        return found;
    }
    let versions: Vec<(&Sighting, String)> = seen
        .iter()
        .filter(|one| one.is_ours() && one.slot.is_version())
        .map(|one| (one, one.version.series().to_string()))
        .collect();
    // Of several series nothing says which version a name goes with.
    let series: HashSet<&String> = versions.iter().map(|(_, series)| series).collect();
    if series.len() != 1 {
        return found;
    }
    for line in 1..=lines.count() {
        let Some((name, range)) = number_given(text, lines.range(line)) else {
            continue;
        };
        let is_openssl_s = calls_it_series(&name, &text[lines.range(line).start..range.start]);
        let says = |(one, series): &&(&Sighting, String)| {
            text[range.clone()] == **series
                && (is_openssl_s || shares_name(text, lines, one, (&name, line)))
        };
        found.extend(versions.iter().find(says).map(|(one, _)| Sighting {
            range: range.clone(),
            line,
            slot: Placeholder::Series,
            ..(*one).clone()
        }));
    }
    // Places of one form would have to be told apart by what stands before them.
    let text_of = |one: &Sighting| &text[lines.range(one.line)];
    let is_once = |one: &&Sighting| {
        let same = found.iter().filter(|other| text_of(other) == text_of(one));
        same.count() == 1
    };
    found.iter().filter(is_once).cloned().collect()
}

/// Words of a name whose series is another one than that of the version that is chosen.
const OTHER_SERIES: [&str; 9] = [
    "min", "minimum", "minimal", "lowest", "least", "oldest", "since", "fallback", "max",
];

/// Whether a name is OpenSSL's and says that its number is a series.
fn calls_it_series(name: &str, label: &str) -> bool {
    let another = name.split('_').any(|word| OTHER_SERIES.contains(&word));
    SERIES_WORDS.iter().any(|word| name.contains(word)) && !another && subject::names_openssl(label)
}

/// What a longer name says of a version beside a shorter one, when both are of one thing.
const OF_ONE: [&str; 8] = [
    "long", "full", "complete", "short", "major", "minor", "series", "base",
];

/// Whether the line beside a version gives it to a longer or shorter one of the same name:
/// `VERSION=3.0` above `LONG_VERSION=3.0.1`.
fn shares_name(text: &str, lines: &Lines, one: &Sighting, (name, line): (&str, usize)) -> bool {
    let own = lines.range(one.line);
    let before = &text[own.start..one.range.start];
    one.line.abs_diff(line) == 1
        && before.len() <= NAME
        && subject::variable(before).is_some_and(|own| {
            let own = own.to_ascii_lowercase();
            let (long, short) = if own.len() > name.len() {
                (own.as_str(), name)
            } else {
                (name, own.as_str())
            };
            let more = long
                .strip_suffix(short)
                .and_then(|more| more.strip_suffix('_'));
            short.contains("ver") && more.is_some_and(|more| OF_ONE.contains(&more))
        })
}

/// Bytes before a number that are read for its name.
const NAME: usize = 60;

/// The number that is the whole of what a line gives to a name, with that name.
fn number_given(text: &str, line: Range<usize>) -> Option<(String, Range<usize>)> {
    let written = &text[line.clone()];
    if written.len() > budget::LINE_WITH_VALUE || subject::is_comment(written) {
        return None;
    }
    let start = written.find(|c: char| c.is_ascii_digit())?;
    let (label, rest) = written.split_at(start);
    let length = rest
        .find(|c: char| !(c.is_ascii_digit() || c == '.'))
        .unwrap_or(rest.len());
    let given = label.trim_end_matches(['"', '\'', ' ', '\t']);
    let ends = rest[length..].trim_start_matches(['"', '\'']);
    let is_whole = ends.is_empty() || ends.starts_with([' ', ',', ';', ')', '\r']);
    if !is_whole
        || label.len() > NAME
        || !(given.ends_with(['=', ':']) || value_name::is_set(label))
        || ends.trim_start().starts_with(|c: char| c.is_ascii_digit())
    {
        return None;
    }
    let name = subject::variable(label)?.to_ascii_lowercase();
    Some((name, line.start + start..line.start + start + length))
}

/// A number with what its name says it is.
struct NumberPart {
    range: Range<usize>,
    line: usize,
    slot: Placeholder,
    /// Its name is OpenSSL's, and not only the file.
    named: bool,
}

/// The parts of the one version that a text gives in parts. `digests` are the releases that it
/// holds a digest of.
pub(crate) fn of(
    text: &str,
    lines: &Lines,
    about: bool,
    digests: &HashSet<Version>,
    releases: &HashSet<Version>,
) -> Vec<Sighting> {
    let mut parts: Vec<NumberPart> = (1..=lines.count())
        .filter_map(|line| part(text, lines, line, about || !digests.is_empty()))
        .collect();
    if parts.iter().any(|part| part.named) {
        parts.retain(|part| part.named);
    }
    let only = |slot: Placeholder| {
        let mut of_slot = parts.iter().filter(move |part| part.slot == slot);
        of_slot.next().filter(|_| of_slot.next().is_none())
    };
    let of = |part: &NumberPart| text[part.range.clone()].to_owned();
    let Some(patch) = only(Placeholder::Patch) else {
        return Vec::new();
    };
    let (series, mut numbers) = match (
        only(Placeholder::Series),
        only(Placeholder::Major),
        only(Placeholder::Minor),
    ) {
        (Some(series), ..) => (of(series), vec![series]),
        (None, Some(major), Some(minor)) => {
            (format!("{}.{}", of(major), of(minor)), vec![major, minor])
        }
        _ => return Vec::new(),
    };
    let Ok(version) = format!("{series}.{}", of(patch)).parse::<Version>() else {
        return Vec::new();
    };
    let confirmed = digests.contains(&version);
    // `1`, `1` and `1` may be all of 1.1.1.
    let is_whole = version.major() >= 3;
    if !(confirmed || (is_whole && releases.contains(&version) && digests.is_empty())) {
        return Vec::new();
    }
    let verdict = verdict(confirmed);
    numbers.push(patch);
    let is_spelled = |part: &&NumberPart| {
        spelling::spell(part.slot, version).as_deref() == Some(&text[part.range.clone()])
    };
    if !numbers.iter().all(is_spelled) {
        return Vec::new();
    }
    numbers
        .into_iter()
        .map(|part| Sighting::new(part.range.clone(), part.line, part.slot, version, verdict))
        .collect()
}

/// What to think of a version in parts; `confirmed`: a digest of the release stands in its text.
pub(crate) fn verdict(confirmed: bool) -> SightingVerdict {
    if confirmed {
        SightingVerdict::Ours(
            Confidence::Certain,
            "its parts stand beside this release's digest",
        )
    } else {
        SightingVerdict::Ours(Confidence::Likely, NAMED)
    }
}

/// The part that a line gives: a name that says which, then a number and nothing more.
fn part(text: &str, lines: &Lines, line: usize, about: bool) -> Option<NumberPart> {
    let range = lines.range(line);
    let written = &text[range.clone()];
    if subject::is_comment(written) {
        return None;
    }
    let start = written.find(|c: char| c.is_ascii_digit())?;
    let label = &written[..start];
    let length = written[start..]
        .find(|c: char| !(c.is_ascii_alphanumeric() || c == '.'))
        .unwrap_or(written.len() - start);
    let value = &written[start..start + length];
    let name = subject::variable(label)?;
    let lower = name.to_ascii_lowercase();
    let named = lower.contains("openssl");
    if label.len() > 60 || value.len() > 6 || !(about || named) {
        return None;
    }
    let says = |words: &[&str]| words.iter().any(|word| lower.contains(word));
    let dots = value.matches('.').count();
    let slot = match dots {
        1 if says(&SERIES_WORDS) => Placeholder::Series,
        0 if says(&["patch", "micro", "fix"]) => Placeholder::Patch,
        0 if says(&["minor"]) => Placeholder::Minor,
        0 if says(&["major"]) => Placeholder::Major,
        _ => return None,
    };
    let start = range.start + start;
    Some(NumberPart {
        range: start..start + length,
        line,
        slot,
        named,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_series_has_a_name_of_its_own() {
        for (line, expected) in [
            ("OPENSSL_SHORT_VERSION=3.4", true),
            ("  openssl_series: '3.4' # and then", true),
            ("default[\"openssl\"][\"abi_version\"] = \"3.4\"", true),
            ("OPENSSL_MAJ=3.4", true),
            ("set(OPENSSL_SERIES 3.4)", true),
            ("find_package(OpenSSL_BASE 3.4)", false),
            ("OPENSSL_SERIES=\"3.4 3.5\"", false),
            ("OPENSSL_MIN_MINOR=3.4", false),
            ("OPENSSL_SERIES=3.4-fips", false),
            ("OPENSSL_VERSION=3.4", false),
            ("ZLIB_SERIES=3.4", false),
            ("# OPENSSL_SERIES=3.4", false),
            ("VERSION=3.4", true),
            ("OPENSSL_FALLBACK_SERIES=3.4", false),
            ("OPENSSL_SERIES=3.4\nOPENSSL_SERIES=3.4", false),
            ("VERSION=3.4.1", false),
            ("ZLIB_VERSION=3.4", false),
        ] {
            let text = format!("{line}\nLONG_VERSION=3.4.1\n");
            let at = text.len() - "3.4.1\n".len();
            let verdict = SightingVerdict::Ours(Confidence::Certain, NAMED);
            let version = "3.4.1".parse().unwrap();
            let last = text.lines().count();
            let one = Sighting::new(at..at + 5, last, Placeholder::Version, version, verdict);
            let found = named("build.sh", &text, &Lines::of(&text), &[one]);
            assert_eq!(found.len() == 1, expected, "{line}");
        }
    }
}
