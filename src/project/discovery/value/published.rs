//! The day that upstream published a release on, beside its version.

use std::ops::Range;

use jiff::civil::Date;

use super::slots;
use crate::openssl::version::Version;
use crate::project::discovery::line::sighting::{Lines, Sighting};
use crate::project::discovery::line::{file_kind, subject};
use crate::project::pattern::Placeholder;
use crate::text::budget;

/// Lines between a version and the day of its release.
const CLOSE: usize = 8;

/// Words of a line whose day says when somebody wrote something.
const WRITTEN: [&str; 4] = ["timestamp", "created", "modified", "updated"];

/// Words of a line whose day is that of a release.
const NAMES: [&str; 2] = ["releas", "publish"];

/// Whether a file may say the days of releases as values: no document, and not OpenSSL's own header,
/// which is looked after where files are made anew.
pub(crate) fn may_say_days(path: &str, text: &str) -> bool {
    !file_kind::is_prose(path, text)
        && !file_kind::is_history(path)
        && !path.ends_with("opensslv.h")
}

/// The lines around one, counted from 1, in which the day of its release is looked for.
pub(crate) fn around(line: usize) -> std::ops::RangeInclusive<usize> {
    line.saturating_sub(CLOSE).max(1)..=line + CLOSE
}

/// Whether a day on a line may be that of a release.
pub(crate) fn may_be_published(line: &str) -> bool {
    let lower = line.to_ascii_lowercase();
    !WRITTEN.iter().any(|name| lower.contains(name)) && !subject::is_comment(line)
}

/// The days of the releases that a text pins, close to their versions, where their lines say so:
/// `release_date = "2026-01-27"`. A day alone may be that of the bump. Where several releases of one
/// day stand there, it is of the one that is closest.
pub(crate) fn days(
    path: &str,
    text: &str,
    lines: &Lines,
    seen: &[Sighting],
    day_of: &dyn Fn(Version) -> Option<Date>,
) -> Vec<Sighting> {
    if !may_say_days(path, text) {
        return Vec::new();
    }
    let pins: Vec<(&Sighting, Date)> = seen
        .iter()
        .filter(|one| one.is_ours() && one.slot.is_version())
        .filter_map(|one| Some((one, day_of(one.version)?)))
        .collect();
    let mut found: Vec<Sighting> = Vec::new();
    for line in pins.iter().flat_map(|(one, _)| around(one.line)) {
        if line > lines.count() || found.iter().any(|one| one.line == line) {
            continue;
        }
        let range = lines.range(line);
        let written = &text[range.clone()];
        if range.len() > budget::LINE_WITH_VALUE || !may_be_published(written) {
            continue;
        }
        let named = |day: &Range<usize>| {
            let before = written[..day.start].to_ascii_lowercase();
            NAMES.iter().any(|name| before.contains(name))
        };
        found.extend(slots::days(written).filter(named).filter_map(|day| {
            let of_day = |(_, published): &&(&Sighting, Date)| {
                written[day.clone()]
                    .parse()
                    .is_ok_and(|day: Date| day == *published)
            };
            let (one, _) = pins
                .iter()
                .filter(of_day)
                .min_by_key(|(one, _)| one.line.abs_diff(line))
                .filter(|(one, _)| around(one.line).contains(&line))?;
            let range: Range<usize> = range.start + day.start..range.start + day.end;
            Some(Sighting {
                range,
                line,
                slot: Placeholder::ReleaseDate,
                ..(*one).clone()
            })
        }));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::project::discovery::found::Confidence;
    use crate::project::discovery::line::sighting::SightingVerdict;

    #[test]
    fn the_day_of_a_release_stands_close_to_its_version() {
        let day = "2026-01-27";
        for (line, count) in [
            (format!("release_date = \"{day}\","), 1),
            (format!("  published: {day}"), 1),
            (format!("  date: {day}"), 0),
            (format!("updated: {day}"), 0),
            (format!("# {day}: bumped"), 0),
            ("release_date = \"2026-01-28\"".to_owned(), 0),
            (format!("build: 1{day}"), 0),
        ] {
            let text = format!("openssl = \"3.5.5\"\n{line}\n");
            let lines = Lines::of(&text);
            let seen = [Sighting {
                range: 11..16,
                line: 1,
                slot: Placeholder::Version,
                version: "3.5.5".parse().expect("a version"),
                verdict: SightingVerdict::Ours(Confidence::Certain, "it is named"),
                scope: None,
                moved: Vec::new(),
                tested: false,
            }];
            let of = |_| Some(day.parse().expect("a day"));
            let found = days("a.toml", &text, &lines, &seen, &of);
            assert_eq!(found.len(), count, "{line}");
            assert!(found.iter().all(|one| &text[one.range.clone()] == day));
            assert!(days("README.md", &text, &lines, &seen, &of).is_empty());
        }
    }
}
