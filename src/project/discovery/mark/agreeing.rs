//! Lines that speak of OpenSSL and say just the version that a pin says: they move with it.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use crate::openssl::version::Version;
use crate::project::discovery::found::{Checkout, Confidence};
use crate::project::discovery::line::sighting::{Lines, NAMED, Sighting, SightingVerdict, depth};
use crate::project::discovery::line::subject::ValueSubject;
use crate::project::discovery::line::{file_kind, package_managers, subject};
use crate::project::discovery::owner::{evidence, foreign};
use crate::project::discovery::value::{keyed, numbers, slots};
use crate::project::pattern::Placeholder;

/// Why such a line counts.
const AGREES: &str = "its line speaks of OpenSSL and says the version of a pin";

/// Why what the row of a tested version is called counts.
const NAMES_A_ROW: &str = "it names the row of a version that is tested with";

/// Why what a test says counts.
const QUOTED: &str = "a test says word for word what a pin says";

/// Takes lines that nobody can be sure of alone, where they name OpenSSL and say a pin's version.
pub(crate) fn take<'a>(checkout: &'a Checkout, seen: &mut Vec<(&'a str, Vec<Sighting>)>) {
    let sure: BTreeSet<Version> = seen
        .iter()
        .flat_map(|(_, seen)| seen)
        .filter(|one| one.slot.is_version() && one.is_named() && !one.tested)
        .map(|one| one.version)
        .collect();
    for version in &sure {
        numbers::five(checkout, seen, *version);
        numbers::escaped(checkout, seen, *version);
    }
    let quoted = quoted(checkout, seen);
    for (path, seen) in seen {
        let Some(text) = checkout.texts.get(*path) else {
            continue;
        };
        settle(text, seen);
        let file = AgreeingFile::of(path, text, seen);
        if !quoted.is_empty() && is_a_test(path) {
            let says = |one: &Sighting| {
                let line = file.at(one.line);
                asks_for_a_text(line) && quoted.iter().any(|text| line.contains(text))
            };
            // A test that goes on with what it says in another way is for whoever wrote it.
            if seen.iter().filter(|one| is_in_a_test(one)).all(says) {
                for one in seen.iter_mut().filter(|one| is_in_a_test(one)) {
                    one.verdict = SightingVerdict::Ours(Confidence::Likely, QUOTED);
                }
            }
        }
        for one in seen.iter_mut().filter(|one| sure.contains(&one.version)) {
            if file.agrees(one) {
                one.verdict = SightingVerdict::Ours(Confidence::Likely, AGREES);
            }
        }
        file.take_beside_tested(seen);
        if !file_kind::is_prose(path, text) && !file_kind::is_history(path) {
            let words = file.words(seen);
            seen.extend(words);
            seen.sort_by_key(|one| one.range.start);
        }
    }
}

/// Makes a version as sure as it is where the same file gives it to the same name again, as each
/// stage of a Dockerfile does.
fn settle(text: &str, seen: &mut [Sighting]) {
    let is_sure = |one: &Sighting| {
        matches!(one.verdict, SightingVerdict::Ours(Confidence::Certain, _))
            && one.slot.is_version()
    };
    let is_named = |one: &Sighting| {
        one.verdict == SightingVerdict::Ours(Confidence::Likely, NAMED) && one.slot.is_version()
    };
    if !(seen.iter().any(is_sure) && seen.iter().any(is_named)) {
        return;
    }
    let lines = Lines::of(text);
    let name = |one: &Sighting| {
        subject::variable_of_value(&text[lines.range(one.line).start..one.range.start])
    };
    let sure: BTreeMap<(Option<String>, Version), SightingVerdict> = seen
        .iter()
        .filter(|one| is_sure(one))
        .map(|one| ((name(one), one.version), one.verdict))
        .collect();
    for one in seen.iter_mut().filter(|one| is_named(one)) {
        let name = name(one).filter(|name| subject::names_openssl(name));
        if let Some(verdict) = name.and_then(|name| sure.get(&(Some(name), one.version))) {
            one.verdict = *verdict;
        }
    }
}

/// Whether only that it stands in a test speaks against a value.
fn is_in_a_test(one: &Sighting) -> bool {
    one.doubt() == Some(file_kind::TEST)
}

/// Whether a file is a test's code, and no data of it.
fn is_a_test(path: &str) -> bool {
    let data = [
        "fixtures",
        "testdata",
        "test-data",
        "golden",
        "data",
        "snapshots",
    ];
    file_kind::aside(path) == Some(file_kind::TEST)
        && !path.split('/').any(|part| data.contains(&part))
}

/// Whether a line of a test asks whether a text is there, or for an address.
fn asks_for_a_text(line: &str) -> bool {
    let asks = [
        " in ", "contain", "Contain", "include", "grep", "://", ".tar",
    ];
    asks.iter().any(|word| line.contains(word))
}

/// Texts of pins that tests are searched for, at most, and how long each may be.
const TEXTS: usize = 100;
const LENGTHS: Range<usize> = 12..200;

/// What a test may say word for word of what a pin says: its line, and what stands in quotes on it.
fn quoted(checkout: &Checkout, seen: &[(&str, Vec<Sighting>)]) -> BTreeSet<String> {
    let mut texts = BTreeSet::new();
    let is_asked =
        |(path, seen): &(&str, Vec<Sighting>)| is_a_test(path) && seen.iter().any(is_in_a_test);
    if !seen.iter().any(is_asked) {
        return texts;
    }
    for (path, seen) in seen
        .iter()
        .filter(|(path, _)| file_kind::aside(path).is_none())
    {
        let Some(text) = checkout.texts.get(*path) else {
            continue;
        };
        let lines = Lines::of(text);
        let sure = seen
            .iter()
            .filter(|one| one.is_named() && one.slot.is_version() && !one.tested);
        for one in sure {
            let line = text[lines.range(one.line)].trim();
            let version = &text[one.range.clone()];
            let parts = line.split(['"', '\'', '`']).chain([line]);
            let fits = |part: &&str| LENGTHS.contains(&part.len()) && part.contains(version);
            texts.extend(parts.filter(fits).map(str::to_owned));
            if texts.len() > TEXTS {
                return BTreeSet::new();
            }
        }
    }
    texts
}

/// A line without the signs of an argument.
fn alone(line: &str) -> &str {
    line.trim().trim_matches(['"', '\'', ','])
}

/// Versions of one file whose words are looked for, at most.
const VERSIONS: usize = 20;

/// Lines below a comment within which the pin stands that it is the heading of.
const BELOW: usize = 4;

/// Lines between what one item of a list says.
const ROW: usize = 5;

/// Lines of one command that are looked at in each direction.
const LONGEST: usize = 20;

/// A file with the lines that name a version OpenSSL's.
struct AgreeingFile<'a> {
    text: &'a str,
    lines: Lines,
    named: BTreeSet<(Version, usize)>,
    /// The versions of those lines; none where there are too many to look for.
    versions: BTreeSet<Version>,
    /// Where keys of entries and what names them begin.
    keyed: BTreeSet<usize>,
    /// Whether it is about OpenSSL by its name.
    about: bool,
    /// Whether it stands aside of what is built.
    is_aside: bool,
}

impl<'a> AgreeingFile<'a> {
    fn of(path: &str, text: &'a str, seen: &[Sighting]) -> Self {
        let lines = Lines::of(text);
        let sure = seen
            .iter()
            .filter(|one| one.is_named() && one.slot.is_version());
        let named: BTreeSet<(Version, usize)> = sure.map(|one| (one.version, one.line)).collect();
        let mut versions: BTreeSet<Version> = named.iter().map(|(version, _)| *version).collect();
        if versions.len() > VERSIONS {
            versions.clear();
        }
        let keyed = versions
            .iter()
            .flat_map(|version| keyed::places(text, &lines, *version, &named));
        let keyed = keyed.map(|range| range.start).collect();
        Self {
            text,
            lines,
            named,
            versions,
            keyed,
            about: subject::path_names_openssl(path),
            is_aside: file_kind::aside(path).is_some(),
        }
    }

    /// A line; nothing of one that is too long to be read again for each value.
    fn at(&self, line: usize) -> &str {
        self.lines.short(self.text, line)
    }

    /// Whether what its own line leaves open is a pin's version for sure.
    fn agrees(&self, one: &Sighting) -> bool {
        match one.doubt() {
            Some(evidence::NUMBER) => {
                subject::names_openssl(self.at(one.line))
                    || self.keyed.contains(&one.range.start)
                    || self.is_joined(one)
                    || (self.is_called_version(one)
                        && (self.about_one(one) || self.is_of_a_command(one.line)))
                    || self.is_argument(one)
            }
            Some(foreign::PACKAGE_FILE) => {
                !self.is_aside && subject::names_openssl(self.at(one.line))
            }
            Some(file_kind::TEST) => {
                let mut named = self.named.iter();
                !self.is_aside
                    && subject::names_openssl(self.at(one.line))
                    && named.any(|(version, _)| *version == one.version)
            }
            Some(evidence::SENTENCE | evidence::PATH | evidence::ASIDE | evidence::LOOKED_FOR) => {
                subject::names_openssl(self.at(one.line))
            }
            Some(evidence::COMMENT) => self.is_heading(one),
            _ => false,
        }
    }

    /// Takes what the row of a tested version says of that version once more:
    /// `- { tag: "openssl-3.5.3", name: "3.5.3" }`.
    fn take_beside_tested(&self, seen: &mut Vec<Sighting>) {
        let tested: Vec<Sighting> = seen
            .iter()
            .filter(|one| one.tested && one.is_named() && one.slot.is_version())
            .cloned()
            .collect();
        for row in tested {
            let first = row.line.saturating_sub(ROW).max(1);
            let last = (row.line + ROW).min(self.lines.count());
            let lines =
                (first..=last).filter(|line| *line == row.line || self.is_a_row(*line, row.line));
            for line in lines {
                for (range, _) in slots::stands(self.at(line), row.version) {
                    let start = self.lines.range(line).start;
                    let one = Sighting {
                        range: start + range.start..start + range.end,
                        line,
                        slot: Placeholder::Version,
                        verdict: SightingVerdict::Ours(Confidence::Likely, NAMES_A_ROW),
                        ..row.clone()
                    };
                    if !self.is_called_plainly(&one)
                        || self.text[one.range.clone()] != row.version.to_string()
                    {
                        continue;
                    }
                    let overlaps = |other: &Sighting| {
                        other.range.start < one.range.end && one.range.start < other.range.end
                    };
                    match seen.iter_mut().find(|other| overlaps(other)) {
                        Some(other) if other.doubt() == Some(evidence::NUMBER) => *other = one,
                        Some(_) => {}
                        None => seen.push(one),
                    }
                }
            }
        }
        seen.sort_by_key(|one| one.range.start);
    }

    /// Whether the key before it says only that a row is called so, or which version it is of.
    fn is_called_plainly(&self, one: &Sighting) -> bool {
        let label = &self.text[self.lines.range(one.line).start..one.range.start];
        let key = subject::variable(label).unwrap_or_default();
        let plain = [
            "name", "version", "ver", "label", "title", "tag", "display", "id",
        ];
        plain.iter().any(|word| key.eq_ignore_ascii_case(word))
    }

    /// Whether two lines are of one item of a list.
    fn is_a_row(&self, one: usize, other: usize) -> bool {
        let (first, last) = (one.min(other), one.max(other));
        let starts = |line: usize| {
            let written = self.at(line).trim_start();
            written.is_empty() || written.starts_with('-')
        };
        last - first <= ROW && !(first + 1..=last).any(starts)
    }

    /// Whether a word for OpenSSL is joined to it: `"${IMAGE}:py3.12-ssl3.5.3"`.
    fn is_joined(&self, one: &Sighting) -> bool {
        let label = &self.text[self.lines.range(one.line).start..one.range.start];
        let label = label.trim_end_matches(['-', '_']);
        let rest = label.strip_suffix("ssl").unwrap_or(label);
        rest.len() < label.len() && !rest.ends_with(|c: char| c.is_ascii_alphanumeric())
    }

    /// Whether the name before it says that it is a version, and nothing of whose it is.
    fn is_called_version(&self, one: &Sighting) -> bool {
        let label = &self.text[self.lines.range(one.line).start..one.range.start];
        subject::of_label(label) == ValueSubject::Version
    }

    /// Whether the file is OpenSSL's by its name, and another of its lines gives this version as the
    /// only one.
    fn about_one(&self, one: &Sighting) -> bool {
        let is_only = || {
            self.named
                .iter()
                .all(|(version, _)| *version == one.version)
        };
        self.about && !self.named.is_empty() && is_only()
    }

    /// Whether the command that its line is a part of names OpenSSL on another line.
    fn is_of_a_command(&self, line: usize) -> bool {
        let names = |text: &str| subject::names_openssl(text);
        self.command(line).any(|at| names(self.at(at)))
    }

    /// The other lines of the command that a line is a part of.
    fn command(&self, line: usize) -> impl Iterator<Item = usize> + '_ {
        let goes_on = move |line: usize| {
            let before = self.at(line).trim_end().strip_suffix('\\');
            before.is_some_and(|before| !before.trim_end().ends_with(['&', ';', '|']))
        };
        let starts = move |line: usize| self.at(line).trim_start().starts_with(['&', ';', '|']);
        let above = (line.saturating_sub(LONGEST).max(1)..line)
            .rev()
            .take_while(move |at| goes_on(*at) && !starts(*at + 1));
        let below = (line + 1..=(line + LONGEST).min(self.lines.count()))
            .take_while(move |at| goes_on(*at - 1) && !starts(*at));
        above.chain(below)
    }

    /// Whether its line is nothing but it, as an argument right beside OpenSSL's name or beside
    /// another that says it for sure.
    fn is_argument(&self, one: &Sighting) -> bool {
        let is_word = |text: &str| {
            text.chars()
                .all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'))
                && text.contains(|c: char| c.is_ascii_alphabetic())
        };
        if alone(self.at(one.line)) != &self.text[one.range.clone()]
            || !self.at(one.line).trim_end().ends_with(',')
        {
            return false;
        }
        let depth = |line: usize| depth(self.at(line));
        let above = alone(self.at(one.line.saturating_sub(1).max(1)));
        if one.line > 1 && is_word(above) {
            return above.eq_ignore_ascii_case("openssl");
        }
        let beside = [one.line - 1, one.line + 1];
        let mut beside = beside
            .into_iter()
            .filter(|line| (1..=self.lines.count()).contains(line));
        beside
            .any(|line| depth(line) == depth(one.line) && self.named.contains(&(one.version, line)))
    }

    /// Whether it is the heading, or the page, of the pin close below: `# OpenSSL 3.5.3`.
    fn is_heading(&self, one: &Sighting) -> bool {
        let written = self.at(one.line);
        let start = one.range.start - self.lines.range(one.line).start;
        let signs = |c: char| c.is_ascii_punctuation() || c.is_whitespace();
        let end = start + one.range.len();
        let before = written[..start].trim_start_matches(signs);
        let lower = before.to_ascii_lowercase();
        let is_page = lower.starts_with("https://github.com/openssl/openssl/releases/")
            && !lower.contains(char::is_whitespace);
        let says_only =
            is_page || matches!(lower.trim_end(), "openssl" | "openssl version" | "openssl-");
        let below = one.line + 1..=one.line + BELOW;
        // A comment that goes on tells more than a heading.
        let goes_on = one.line > 1 && {
            let above = self.at(one.line - 1);
            let told = ["#!", "# syntax="]
                .iter()
                .any(|start| above.starts_with(start));
            subject::is_comment(above) && !told && !above.trim_matches(signs).is_empty()
        };
        !goes_on
            && says_only
            && written[end..].trim_matches(signs).is_empty()
            && below
                .into_iter()
                .any(|line| self.named.contains(&(one.version, line)))
    }

    /// Words that hold OpenSSL's name and a version that the file says for sure, with other words
    /// between them: `win-openssl-libs-3.5.3-${{ hash }}`.
    fn words(&self, seen: &[Sighting]) -> Vec<Sighting> {
        let mut found: Vec<Sighting> = Vec::new();
        if self.versions.is_empty() {
            return found;
        }
        let mut taken: Vec<(usize, usize)> = seen
            .iter()
            .map(|one| (one.range.start, one.range.end))
            .collect();
        taken.sort_unstable();
        for version in self.versions.iter().copied() {
            for (range, value) in slots::stands(self.text, version) {
                let line = self.lines.line_of(range.start);
                let before = taken.partition_point(|(start, _)| *start < range.end);
                let is_seen = taken[..before]
                    .last()
                    .is_some_and(|(_, end)| range.start < *end);
                let is_ours =
                    || self.keyed.contains(&range.start) || self.is_of_a_word(line, &range);
                if is_seen || subject::is_comment(self.at(line)) || !is_ours() {
                    continue;
                }
                let Some(slot) = value.of_version() else {
                    continue;
                };
                found.push(Sighting::new(
                    range,
                    line,
                    slot,
                    version,
                    SightingVerdict::Ours(Confidence::Likely, AGREES),
                ));
            }
        }
        found
    }

    fn is_of_a_word(&self, line: usize, range: &Range<usize>) -> bool {
        let own = self.lines.range(line);
        let (before, after) = (
            &self.text[own.start..range.start],
            &self.text[range.end..own.end],
        );
        let is_word = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
        let word = before.trim_end_matches(is_word);
        let name = before[word.len()..].to_ascii_lowercase();
        let Some((start, kinds)) = name.rsplit_once("openssl") else {
            return false;
        };
        let place = before
            .rsplit([' ', '"', '\'', '='])
            .next()
            .unwrap_or_default();
        let is_installed = || {
            package_managers::is_asked(before)
                || self
                    .command(line)
                    .any(|at| package_managers::is_asked(self.at(at)))
        };
        let outside = place.starts_with(['/', '~']) || place.contains("://") || place.contains('$');
        let rest = after
            .split([' ', '"', '\'', '/'])
            .next()
            .unwrap_or_default();
        let goes_on = rest
            .starts_with(|c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '_'))
            || rest
                .strip_prefix(['.', '-'])
                .is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
        !start.ends_with(|c: char| c.is_ascii_alphanumeric())
            && kinds.len() > 2
            && kinds.ends_with(['-', '_'])
            && kinds.starts_with(['-', '_'])
            && !kinds.contains(|c: char| c.is_ascii_digit())
            && !subject::names_a_relative(&name)
            && !outside
            && !goes_on
            && !subject::is_patch_or_configuration(rest)
            && !is_installed()
    }
}
