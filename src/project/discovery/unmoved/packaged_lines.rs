//! Lines that give OpenSSL a version with a number of the package's own behind it, and what commits
//! did to them.

use super::leaving;
use crate::openssl::version::Version;
use crate::project::discovery::line::{file_kind, subject};
use crate::project::discovery::value::sightings;
use crate::project::pattern::Pattern;

/// Bumps that show that a number counts.
const ENOUGH: usize = 2;

/// A line that gives OpenSSL such a version: `OPENSSL_VERSION=3.5.4-2`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct PackagedLine {
    /// Its number, counted from 1.
    pub(crate) line: usize,
    /// What stands before the version.
    label: String,
    pub(crate) version: Version,
    /// What stands between the version and the number.
    pub(crate) separator: String,
    pub(crate) number: u64,
    /// What stands behind the number.
    pub(crate) after: String,
}

/// Such a line before and after a commit that moved the version in it.
#[derive(Debug, Clone)]
pub(crate) struct PackagedStep {
    pub(crate) commit: usize,
    before: PackagedLine,
    after: PackagedLine,
}

impl PackagedStep {
    /// What stands before the version.
    pub(crate) fn label(&self) -> &str {
        &self.after.label
    }
}

/// The lines of a text with such a version.
pub(crate) fn lines(
    path: &str,
    text: &str,
    is_release: &dyn Fn(Version) -> bool,
) -> Vec<PackagedLine> {
    let about = subject::path_names_openssl(path);
    let is_asked = (about || sightings::contains_openssl(text))
        && !file_kind::is_generated(path)
        && !file_kind::is_history(path);
    if !is_asked || file_kind::is_prose(path, text) || is_of_a_distribution(text) {
        return Vec::new();
    }
    let mut found = Vec::new();
    let mut start = 0;
    for (at, line) in text.split_inclusive('\n').enumerate() {
        let range = start..start + line.trim_end().len();
        start += line.len();
        let may = || subject::names_openssl(line) || line.to_ascii_lowercase().contains("version");
        if !has_numbers(line.as_bytes()) || !may() {
            continue;
        }
        let Some((from, version)) = first_version(line, is_release) else {
            continue;
        };
        let label = &text[range.start..range.start + from];
        let whole = leaving::suffixed(path, text, range.clone(), range.start + from, version);
        let Some(whole) = whole else {
            continue;
        };
        let (separator, number) = whole[version.to_string().len()..].split_at(1);
        let Ok(number) = number.parse() else {
            continue;
        };
        let after = &text[range.start + from + whole.len()..range.end];
        // That is how a distribution numbers its packages.
        if after.starts_with(['~', '+']) {
            continue;
        }
        found.push(PackagedLine {
            line: at + 1,
            label: label.trim_start().to_owned(),
            version,
            separator: separator.to_owned(),
            number,
            after: after.to_owned(),
        });
    }
    found
}

/// The ends of a distribution's packages.
const PACKAGES: [&str; 4] = [".deb", ".rpm", ".pkg.tar", ".apk"];

/// Whether a distribution's package of OpenSSL is fetched, or asked for in a version that stands
/// elsewhere: `apt-get install openssl=$VERSION`.
fn is_of_a_distribution(text: &str) -> bool {
    let fetched =
        |line: &str| line.contains("ssl") && PACKAGES.iter().any(|end| line.contains(end));
    asks_a_manager(text) || text.lines().any(fetched)
}

fn asks_a_manager(text: &str) -> bool {
    let is_name = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    ["=$", "=\"$"].iter().any(|sign| {
        text.match_indices(sign).any(|(at, _)| {
            let before = text[..at].strip_suffix('=').unwrap_or(&text[..at]);
            let start = before.trim_end_matches(is_name).len();
            let behind = before[..start]
                .strip_suffix('"')
                .unwrap_or(&before[..start]);
            before[start..].contains("ssl") && behind.ends_with([' ', '\t'])
        })
    })
}

/// What a commit did to such lines.
pub(crate) fn steps(
    commit: usize,
    before: &[PackagedLine],
    after: &[PackagedLine],
) -> Vec<PackagedStep> {
    let step = |after: &PackagedLine| {
        let mut same = before.iter().filter(|one| one.label == after.label);
        let before = same.next().filter(|one| one.version < after.version)?;
        Some(PackagedStep {
            commit,
            before: before.clone(),
            after: after.clone(),
        })
    };
    after.iter().filter_map(step).collect()
}

/// How a pattern writes the number; none where bumps did what no placeholder says.
pub(crate) fn becomes(now: &PackagedLine, steps: &[&PackagedStep]) -> Option<String> {
    let all = |is: &dyn Fn(u64, u64) -> bool| {
        !steps.is_empty()
            && steps
                .iter()
                .all(|step| is(step.before.number, step.after.number))
    };
    if steps.len() >= ENOUGH && all(&|old, new| old.checked_add(1) == Some(new)) {
        return Some("{+}".to_owned());
    }
    if all(&|_, new| new == 0) {
        return Some("{0}".to_owned());
    }
    let stays = all(&|old, new| new == now.number && (old == new || new == 1));
    stays.then(|| now.number.to_string())
}

impl PackagedLine {
    /// What stands before the version.
    pub(crate) fn label(&self) -> &str {
        &self.label
    }

    /// The version that a line gives alone where this one has a number behind it.
    pub(crate) fn bare(&self, line: &str) -> Option<Version> {
        let rest = line.trim().strip_prefix(&self.label)?;
        rest.strip_suffix(&self.after)?.parse().ok()
    }

    /// The whole line as a pattern, and what a bump to a version alone makes of it; none where
    /// another line is like it.
    pub(crate) fn set(&self, text: &str) -> Option<(String, String)> {
        let line = text.lines().nth(self.line - 1)?;
        let indent = &line[..line.len() - line.trim_start().len()];
        let written = |value: &str| format!("{indent}{}{value}{}", self.label, self.after);
        let (line, to) = (written("{*}"), written("{version}"));
        let read = Pattern::of_pin(&line).ok()?;
        let once = read.find(text, 0..text.len()).count() == 1;
        (once && Pattern::of_pin(&to).is_ok()).then_some((line, to))
    }

    /// Whether it calls the version OpenSSL's itself.
    pub(crate) fn is_named(&self) -> bool {
        subject::names_openssl(&self.label)
    }

    /// A pattern that finds it, with the number written like this.
    pub(crate) fn pattern(&self, number: &str) -> String {
        let Self {
            label,
            separator,
            after,
            ..
        } = self;
        format!("{label}{{version}}{separator}{number}{after}")
    }
}

/// Whether a dot stands between two digits.
fn has_numbers(line: &[u8]) -> bool {
    memchr::memchr_iter(b'.', line).any(|at| {
        let around = at.checked_sub(1).and_then(|start| line.get(start..at + 2));
        around.is_some_and(|it| it[0].is_ascii_digit() && it[2].is_ascii_digit())
    })
}

/// The first release that a line says.
fn first_version(line: &str, is_release: &dyn Fn(Version) -> bool) -> Option<(usize, Version)> {
    let mut end = 0;
    loop {
        let start = end + line[end..].find(|c: char| c.is_ascii_digit())?;
        let written: String = line[start..]
            .chars()
            .take_while(|c| c.is_ascii_alphanumeric() || *c == '.')
            .collect();
        // Of `3.5.4.1` the first three numbers are the version.
        let mut dots = written.match_indices('.').map(|(at, _)| at);
        let third = dots.nth(2).unwrap_or(written.len());
        if let Ok(version) = written[..third].parse()
            && is_release(version)
        {
            return Some((start, version));
        }
        end = start + written.len();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_distribution_s_package_is_none() {
        for (text, expected) in [
            ("OPENSSL_VERSION=3.5.3-1\n", 1),
            ("OPENSSL_VERSION=3.5.3-1~deb13u1\n", 0),
            ("OPENSSL_VERSION=3.5.3-r1\n", 0),
            (
                "ARG OPENSSL_VERSION=3.5.3-1\nRUN apt-get install openssl=$OPENSSL_VERSION\n",
                0,
            ),
            (
                "ARG OPENSSL_VERSION=3.5.3-1\nRUN apk add \\\n    \"libssl3=${OPENSSL_VERSION}\"\n",
                0,
            ),
            (
                "OPENSSL_VER=\"3.5.3-1\"\nDEB=\"libssl3t64_${OPENSSL_VER}_arm64.deb\"\n",
                0,
            ),
            ("OPENSSL_VERSION=3.5.3-1\nssl_dir=$HOME/ssl\nssl=$V\n", 1),
            ("OPENSSL_VERSION=3.5.3-1\n—ssl=$V\n", 1),
        ] {
            assert_eq!(lines("a.sh", text, &|_| true).len(), expected, "{text}");
        }
    }

    #[test]
    fn the_number_does_what_it_did() {
        let line = |version: &str, number| PackagedLine {
            line: 1,
            label: "V=".to_owned(),
            version: version.parse().expect("a version"),
            separator: "-".to_owned(),
            number,
            after: String::new(),
        };
        for (moves, now, expected) in [
            (&[(1, 1), (1, 1)][..], 1, Some("1")),
            (&[(2, 1), (3, 1)], 1, Some("1")),
            (&[(2, 1), (3, 1)], 2, None),
            (&[(2, 3), (1, 2)], 3, Some("{+}")),
            (&[(1, 2)], 2, None),
            (&[(4, 0), (0, 0)], 3, Some("{0}")),
            (&[(4, 0), (0, 1)], 1, None),
            (&[], 1, None),
        ] {
            let steps: Vec<PackagedStep> = moves
                .iter()
                .map(|(old, new)| PackagedStep {
                    commit: 0,
                    before: line("3.5.2", *old),
                    after: line("3.5.3", *new),
                })
                .collect();
            let steps: Vec<&PackagedStep> = steps.iter().collect();
            let found = becomes(&line("3.5.3", now), &steps);
            assert_eq!(found.as_deref(), expected, "{moves:?}");
        }
    }
}
