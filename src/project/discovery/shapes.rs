//! From values to pins: the literal text around them that finds them again, and nothing else.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::sightings::{Lines, Sighting, Verdict};
use super::{
    Checkout, Confidence, Doubt, FoundKind, FoundPin, Standing, folders, standing, tables,
};
use crate::openssl::upstream::Release;
use crate::openssl::version::{Series, Version};
use crate::project::config::{Count, PinKind, TextPin};
use crate::project::linked::text as reading;
use crate::project::pattern::{Pattern, Placeholder};

/// A file with what was seen in it.
pub(super) struct Seen<'a> {
    pub(super) path: &'a str,
    pub(super) text: &'a str,
    pub(super) lines: Lines,
    /// What is OpenSSL's, in the order of the file.
    pub(super) ours: Vec<Sighting>,
}

/// Text pins of every file.
pub(super) fn pins(
    checkout: &Checkout,
    releases: &[Release],
    seen: &[(&str, Vec<Sighting>)],
    unsure: &mut BTreeSet<Doubt>,
) -> Vec<Standing> {
    let mut files: Vec<Seen<'_>> = seen
        .iter()
        .map(|(path, sightings)| {
            let text = checkout.texts[*path].as_str();
            let ours = sightings
                .iter()
                .filter(|sighting| sighting.is_ours())
                .cloned()
                .collect();
            Seen {
                path,
                text,
                lines: Lines::of(text),
                ours,
            }
        })
        .filter(|file| !file.ours.is_empty())
        .collect();
    let mut standing = tables::pins(&mut files);
    standing.extend(folders::pins(checkout, releases, &mut files));
    let chosen = chosen(&files);
    for file in &files {
        let all: BTreeSet<Series> = file.ours.iter().map(|one| one.version.series()).collect();
        for series in all {
            let Some(version) = chosen.get(&series) else {
                continue;
            };
            let (of_link, other): (Vec<&Sighting>, Vec<&Sighting>) = file
                .ours
                .iter()
                .filter(|one| one.version.series() == series)
                .partition(|one| one.version == *version);
            for one in other.iter().filter(|one| one.slot.is_version()) {
                let why = format!(
                    "it says {}, where other places of the series say {version}",
                    one.version
                );
                unsure.insert(Doubt::at(file.path, file.text, one.line, why));
            }
            standing.extend(of_file(file, &of_link, *version, releases, unsure));
        }
    }
    standing
}

/// The version of each series that most places say; of equals the highest.
fn chosen(files: &[Seen<'_>]) -> BTreeMap<Series, Version> {
    let mut said: BTreeMap<Version, usize> = BTreeMap::new();
    for one in files.iter().flat_map(|file| &file.ours) {
        *said.entry(one.version).or_default() += 1;
    }
    let mut chosen: BTreeMap<Series, (usize, Version)> = BTreeMap::new();
    for (version, times) in said {
        let best = chosen.entry(version.series()).or_insert((times, version));
        *best = (*best).max((times, version));
    }
    chosen
        .into_iter()
        .map(|(series, (_, version))| (series, version))
        .collect()
}

/// The pins of one version in one file: one for each number of times that patterns stand.
fn of_file(
    file: &Seen<'_>,
    of_link: &[&Sighting],
    version: Version,
    releases: &[Release],
    unsure: &mut BTreeSet<Doubt>,
) -> Vec<Standing> {
    let mut covered: BTreeSet<usize> = BTreeSet::new();
    let mut grouped: BTreeMap<(usize, Option<Series>), Vec<Fit>> = BTreeMap::new();
    for one in of_link {
        if covered.contains(&one.range.start) {
            continue;
        }
        let Some(fit) = fit(file, of_link, one, &covered, releases) else {
            unsure.insert(Doubt::at(
                file.path,
                file.text,
                one.line,
                "no text around it tells it from what else stands in the file".to_owned(),
            ));
            continue;
        };
        covered.extend(&fit.starts);
        grouped
            .entry((fit.count, fit.series))
            .or_default()
            .push(fit);
    }
    let standing = grouped.into_iter().map(|((count, series), fits)| {
        let starts: BTreeSet<usize> = fits
            .iter()
            .flat_map(|fit| fit.starts.iter().copied())
            .collect();
        let kind = FoundKind::Text {
            file: file.path.to_owned(),
            matches: fits.into_iter().map(|fit| fit.pattern).collect(),
            count: Some(count),
            series,
            mixed: false,
            insert: None,
        };
        Standing {
            version,
            pin: pin(file, kind, &starts),
        }
    });
    standing.collect()
}

/// A pin that stands at these values of a file.
pub(super) fn pin(file: &Seen<'_>, kind: FoundKind, starts: &BTreeSet<usize>) -> FoundPin {
    let at: Vec<&Sighting> = file
        .ours
        .iter()
        .filter(|one| starts.contains(&one.range.start))
        .collect();
    let mut places: Vec<(String, usize)> = at
        .iter()
        .map(|one| (file.path.to_owned(), one.line))
        .collect();
    places.dedup();
    let (confidence, reason) = conviction(&at);
    FoundPin {
        kind,
        places,
        confidence,
        reason,
    }
}

/// How sure a pin is: as sure as the least sure version in it.
pub(super) fn conviction(at: &[&Sighting]) -> (Confidence, &'static str) {
    let of = |one: &&Sighting| match one.verdict {
        Verdict::Ours(confidence, reason) => Some((confidence, reason)),
        Verdict::Doubtful(..) => None,
    };
    at.iter()
        .filter_map(of)
        .min_by_key(|(confidence, _)| *confidence)
        .unwrap_or((Confidence::Likely, "it stands beside a version"))
}

/// A pattern that stands at these values and nowhere else.
struct Fit {
    pattern: String,
    series: Option<Series>,
    count: usize,
    starts: Vec<usize>,
}

fn fit(
    file: &Seen<'_>,
    of_link: &[&Sighting],
    one: &Sighting,
    covered: &BTreeSet<usize>,
    releases: &[Release],
) -> Option<Fit> {
    let series = one.version.series();
    let free: Vec<&Sighting> = of_link
        .iter()
        .copied()
        .filter(|other| !covered.contains(&other.range.start))
        .collect();
    let several = file
        .ours
        .iter()
        .any(|other| other.version.series() != series);
    let written = candidates(file, &free, one);
    let limits: &[Option<Series>] = if several {
        &[None, Some(series)]
    } else {
        &[None]
    };
    limits.iter().find_map(|limit| {
        written
            .iter()
            .find_map(|pattern| tried(file, &free, one, pattern, *limit, releases))
    })
}

fn tried(
    file: &Seen<'_>,
    free: &[&Sighting],
    one: &Sighting,
    written: &str,
    series: Option<Series>,
    releases: &[Release],
) -> Option<Fit> {
    let starts = stands_at(
        file.path,
        file.text,
        written,
        series,
        releases,
        &|slot, range| {
            free.iter()
                .any(|other| other.slot == slot && other.range == range)
        },
    )?;
    if !starts
        .iter()
        .flatten()
        .any(|start| *start == one.range.start)
    {
        return None;
    }
    Some(Fit {
        pattern: written.to_owned(),
        series,
        count: starts.len(),
        starts: starts.into_iter().flatten().collect(),
    })
}

/// The values of each place where a pattern stands in a file; none where it stands at anything that
/// is not to be had.
pub(super) fn stands_at(
    path: &str,
    text: &str,
    written: &str,
    series: Option<Series>,
    releases: &[Release],
    ours: &dyn Fn(Placeholder, Range<usize>) -> bool,
) -> Option<Vec<Vec<usize>>> {
    let pattern = Pattern::of_pin(written).ok()?;
    let text_pin = text_pin(path, vec![pattern], series);
    let pin = standing::bare(PinKind::Text(text_pin.clone()));
    let found = reading::occurrences(&pin, &text_pin, path, text, releases).ok()?;
    let places = found.iter().map(|occurrence| {
        let kept = |slot: &Placeholder| *slot != Placeholder::Any;
        let mut slots = occurrence.slots().filter(|(slot, _)| kept(slot));
        slots.try_fold(Vec::new(), |mut starts, (slot, range)| {
            starts.push(range.start);
            ours(slot, range).then_some(starts)
        })
    });
    places.collect()
}

/// A text pin that may stand any number of times.
pub(super) fn text_pin(path: &str, matches: Vec<Pattern>, series: Option<Series>) -> TextPin {
    TextPin {
        file: path.to_owned(),
        matches,
        count: Count::Any,
        within: None,
        series,
        insert: Vec::new(),
        set: Vec::new(),
        delete: Vec::new(),
    }
}

/// Ways to write a pattern for a value, the most natural first: the line up to the value, with what
/// else is ours in it; then more of it, then less.
pub(super) fn candidates(file: &Seen<'_>, free: &[&Sighting], one: &Sighting) -> Vec<String> {
    let line = file.lines.range(one.line);
    let on_line: Vec<&Sighting> = free
        .iter()
        .copied()
        .filter(|other| other.line == one.line)
        .collect();
    let indent = line.len() - file.text[line.clone()].trim_start().len();
    let full = line.start + indent..line.start + indent + file.text[line.clone()].trim().len();
    let last = on_line
        .iter()
        .map(|other| other.range.end)
        .max()
        .unwrap_or(one.range.end);
    let natural = full.start..end_of_word(file.text, last, full.end);
    let word = start_of_word(file.text, one.range.start, full.start)
        ..end_of_word(file.text, one.range.end, full.end);
    let before = start_of_word(
        file.text,
        file.text[..word.start].trim_end().len().max(full.start),
        full.start,
    );
    let two_words = before..word.end;
    let write = |range: Range<usize>| written(file.text, range, free);
    let mut all = Vec::new();
    if has_other_numbers(file.text, natural.clone(), &on_line) {
        all.extend([write(word.clone()), write(two_words.clone())]);
    }
    all.extend([
        write(natural),
        write(full.clone()),
        format!("\n{}\n", write(line.clone())),
        write(two_words),
        write(word),
    ]);
    // Lines that follow each other say together what each of them cannot say alone.
    let last_line = (one.line..)
        .take_while(|line| free.iter().any(|other| other.line == *line))
        .last()
        .unwrap_or(one.line);
    if last_line > one.line {
        all.push(write(line.start..file.lines.range(last_line).end));
    }
    all.retain(|pattern| {
        pattern.trim().len() > pattern.matches('}').count() + 8
            && !pattern.trim().starts_with("{version}")
    });
    all
}

/// The text of a range with placeholders for the values in it.
pub(super) fn written(text: &str, range: Range<usize>, values: &[&Sighting]) -> String {
    let mut out = String::new();
    let mut at = range.start;
    for value in values
        .iter()
        .filter(|value| value.range.start >= range.start && value.range.end <= range.end)
    {
        out.push_str(&text[at..value.range.start]);
        out.push('{');
        out.push_str(value.slot.name());
        out.push('}');
        at = value.range.end;
    }
    out.push_str(&text[at..range.end]);
    out
}

/// Whether versions or digests of other things stand there, which must not become a part of the
/// pattern.
fn has_other_numbers(text: &str, range: Range<usize>, ours: &[&Sighting]) -> bool {
    let rest = written(text, range, ours);
    let dotted = Pattern::of_pin("{version}")
        .is_ok_and(|pattern| pattern.find(&rest, 0..rest.len()).next().is_some());
    dotted
        || rest
            .split(|c: char| !c.is_ascii_hexdigit())
            .any(|word| word.len() >= 32)
}

fn start_of_word(text: &str, at: usize, limit: usize) -> usize {
    at - text[limit..at]
        .rsplit(char::is_whitespace)
        .next()
        .unwrap_or_default()
        .len()
}

fn end_of_word(text: &str, at: usize, limit: usize) -> usize {
    text[at..limit]
        .find(char::is_whitespace)
        .map_or(limit, |found| at + found)
}
