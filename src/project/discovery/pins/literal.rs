//! The literal text around values that finds them again.

use std::collections::BTreeSet;
use std::ops::Range;

use crate::openssl::upstream::Release;
use crate::openssl::version::Series;
use crate::project::config::{Count, PinKind, TextPin, Within};
use crate::project::discovery::found::{Confidence, FoundKind, FoundPin, Moved, bare};
use crate::project::discovery::line::sighting::{SeenFile, Sighting, SightingVerdict};
use crate::project::discovery::line::subject;
use crate::project::discovery::owner::vcpkg;
use crate::project::linked::text as reading;
use crate::project::pattern::{Pattern, Placeholder};

/// What patterns of one pin share: how often they stand, and what they are limited to.
pub(crate) type PatternLimits = (usize, Option<Series>, Option<[String; 2]>);

/// A pin that stands at these values of a file.
pub(crate) fn pin(file: &SeenFile<'_>, kind: FoundKind, starts: &BTreeSet<usize>) -> FoundPin {
    let at: Vec<&Sighting> = file
        .ours
        .iter()
        .filter(|one| starts.contains(&one.range.start))
        .collect();
    pin_at(file, kind, &at)
}

/// A pin that stands at these.
pub(crate) fn pin_at(file: &SeenFile<'_>, kind: FoundKind, at: &[&Sighting]) -> FoundPin {
    let mut places: Vec<(String, usize)> = at
        .iter()
        .map(|one| (file.path.to_owned(), one.line))
        .collect();
    places.dedup();
    let (confidence, reason) = conviction(at);
    FoundPin {
        kind,
        places,
        confidence,
        reason,
        differs: None,
        moved: moved(at),
    }
}

/// The commits that moved any of these, the newest first.
pub(crate) fn moved(at: &[&Sighting]) -> Vec<Moved> {
    let mut all: Vec<Moved> = Vec::new();
    for one in at.iter().flat_map(|one| &one.moved) {
        if !all.contains(one) {
            all.push(one.clone());
        }
    }
    all.sort_by_key(|one| std::cmp::Reverse(one.day));
    all.truncate(3);
    all
}

/// How sure a pin is: as sure as the least sure version in it.
pub(crate) fn conviction(at: &[&Sighting]) -> (Confidence, &'static str) {
    let of = |one: &&Sighting| match one.verdict {
        SightingVerdict::Ours(confidence, reason) => Some((confidence, reason)),
        SightingVerdict::Doubtful(..) => None,
    };
    at.iter()
        .filter_map(of)
        .min_by_key(|(confidence, _)| *confidence)
        .unwrap_or((Confidence::Likely, "it stands beside a version"))
}

/// A pattern that stands at these values and nowhere else.
pub(crate) struct Fit {
    pub(crate) pattern: String,
    pub(crate) series: Option<Series>,
    pub(crate) within: Option<[String; 2]>,
    pub(crate) count: usize,
    pub(crate) starts: Vec<usize>,
}

pub(crate) fn fit(
    file: &SeenFile<'_>,
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
    let written = candidates(file, &free, one);
    let limits = [None, Some(series)];
    if let Some(within) = block(file, one) {
        let limit = Limit {
            series: None,
            within: Some(&within),
        };
        let fit = written
            .iter()
            .find_map(|pattern| tried(file, &free, one, pattern, limit, releases));
        if fit.is_some() {
            return fit;
        }
    }
    let mut several = of_link.iter().filter(|other| other.slot.is_version());
    let spans = match several.all(|other| other.version == one.version) {
        true => spans(file, &free, one),
        false => Vec::new(),
    };
    // A limit to the series holds until another package reaches it; the name's line holds longer.
    let alone = file
        .ours
        .iter()
        .all(|other| other.version.series() == series);
    let order = if alone {
        [(&written, 0), (&spans, 0), (&written, 1), (&spans, 1)]
    } else {
        [(&written, 0), (&written, 1), (&spans, 0), (&spans, 1)]
    };
    order.into_iter().find_map(|(written, limit)| {
        let limit = Limit {
            series: limits[limit],
            within: None,
        };
        written
            .iter()
            .find_map(|pattern| tried(file, &free, one, pattern, limit, releases))
    })
}

/// What a pattern is limited to.
#[derive(Clone, Copy)]
pub(crate) struct Limit<'a> {
    pub(crate) series: Option<Series>,
    pub(crate) within: Option<&'a [String; 2]>,
}

/// The block that the line which names OpenSSL opens.
pub(crate) fn block(file: &SeenFile<'_>, one: &Sighting) -> Option<[String; 2]> {
    let scope = one.scope.filter(|scope| scope.opens)?;
    let from = file.text[file.lines.range(scope.line)].trim().to_owned();
    let to = match from.chars().next_back()? {
        '[' => "]",
        '(' => ")",
        _ => "}",
    };
    Some([from, to.to_owned()])
}

pub(crate) fn tried(
    file: &SeenFile<'_>,
    free: &[&Sighting],
    one: &Sighting,
    written: &str,
    limit: Limit<'_>,
    releases: &[Release],
) -> Option<Fit> {
    let mut pin = text_pin(
        file.path,
        vec![Pattern::of_pin(written).ok()?],
        limit.series,
    );
    if let Some([from, to]) = limit.within {
        pin.within = Some(Within {
            from: Pattern::of_pin(from).ok()?,
            to: Some(Pattern::of_pin(to).ok()?),
        });
    }
    let starts = found_by(&pin, file.path, file.text, releases, &|slot, range| {
        free.iter()
            .any(|other| other.slot == slot && other.range == range)
    })?;
    if !starts
        .iter()
        .flatten()
        .any(|start| *start == one.range.start)
    {
        return None;
    }
    Some(Fit {
        pattern: written.to_owned(),
        series: limit.series,
        within: limit.within.cloned(),
        count: starts.len(),
        starts: starts.into_iter().flatten().collect(),
    })
}

/// The values of each place where a pattern stands in a file; none where it stands at anything that
/// is not to be had.
pub(crate) fn stands_at(
    path: &str,
    text: &str,
    written: &str,
    series: Option<Series>,
    releases: &[Release],
    ours: &dyn Fn(Placeholder, Range<usize>) -> bool,
) -> Option<Vec<Vec<usize>>> {
    let pattern = Pattern::of_pin(written).ok()?;
    found_by(
        &text_pin(path, vec![pattern], series),
        path,
        text,
        releases,
        ours,
    )
}

pub(crate) fn found_by(
    text_pin: &TextPin,
    path: &str,
    text: &str,
    releases: &[Release],
    ours: &dyn Fn(Placeholder, Range<usize>) -> bool,
) -> Option<Vec<Vec<usize>>> {
    let pin = bare(PinKind::Text(text_pin.clone()));
    let found = reading::occurrences(&pin, text_pin, path, text, releases).ok()?;
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
pub(crate) fn text_pin(path: &str, matches: Vec<Pattern>, series: Option<Series>) -> TextPin {
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

/// Lines that one pattern says together, at most.
const TOGETHER: usize = 12;

/// Ways to write a pattern for a value, the most natural first: the line up to the value, with what
/// else is ours in it; then more of it, then less.
pub(crate) fn candidates(file: &SeenFile<'_>, free: &[&Sighting], one: &Sighting) -> Vec<String> {
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
    let number = free
        .iter()
        .find(|other| vcpkg::is_number_behind(file.text, one, other))
        .filter(|other| other.line != one.line);
    let natural = full.start
        ..number.map_or_else(
            || end_of_word(file.text, last, full.end),
            |number| number.range.end,
        );
    let word = start_of_word(file.text, one.range.start, full.start)
        ..end_of_word(file.text, one.range.end, full.end);
    let before = start_of_word(
        file.text,
        file.text[..word.start].trim_end().len().max(full.start),
        full.start,
    );
    let two_words = before..word.end;
    let write = |range: Range<usize>| plain(&written(file.text, range, free), free);
    let mut all = Vec::new();
    // The name on a line above says whose version it is.
    if let Some(scope) = one
        .scope
        .filter(|scope| !scope.opens && scope.line < one.line)
    {
        let above = file.lines.range(scope.line);
        let indent = above.len() - file.text[above.clone()].trim_start().len();
        // What stands between moves by another pattern.
        let together = write(above.start + indent..natural.end);
        all.push(masked(&without_digests(&together)));
    }
    let others = has_other_numbers(file.text, natural.clone(), &on_line);
    if others {
        all.extend([write(word.clone()), write(two_words.clone())]);
    }
    all.extend([
        write(natural),
        write(full.clone()),
        format!("\n{}\n", write(line.clone())),
        write(two_words),
        write(word),
    ]);
    if others {
        all = all.iter().map(|pattern| masked(pattern)).collect();
    }
    // Lines that follow each other say together what each of them cannot say alone.
    let last_line = (one.line..one.line + TOGETHER)
        .take_while(|line| free.iter().any(|other| other.line == *line))
        .last()
        .unwrap_or(one.line);
    if last_line > one.line {
        let together = write(line.start..file.lines.range(last_line).end);
        all.push(masked(&together));
    }
    // A file that is nothing but the value needs no name in it.
    if file.text.trim() == &file.text[one.range.clone()] {
        return vec![format!("\n{}\n", write(line.clone()))];
    }
    all.retain(|pattern| {
        pattern.trim().len() > pattern.matches('}').count() + 8
            && !pattern.trim().starts_with("{version}")
    });
    all.extend(key(file, one));
    all
}

/// A version that is the key of an entry, told by its whole line.
fn key(file: &SeenFile<'_>, one: &Sighting) -> Option<String> {
    let line = file.lines.range(one.line);
    let indent = &file.text[line.start..one.range.start];
    let rest = file.text[one.range.end..line.end].strip_prefix(':')?;
    let is_key = indent.trim().is_empty() && (rest.is_empty() || rest.starts_with(" #"));
    is_key.then(|| format!("\n{}\n", written(file.text, line, &[one])))
}

/// Lines around a value within which the name may stand that tells it from others like it.
const REACH: usize = 12;

/// Patterns from the line that names OpenSSL to the value, or on to it: what stands between them is
/// any text.
fn spans(file: &SeenFile<'_>, free: &[&Sighting], one: &Sighting) -> Vec<String> {
    let at = |line: usize| &file.text[file.lines.range(line)];
    let own = written(file.text, file.lines.range(one.line), free);
    let own = own.trim();
    let between = |lines: Range<usize>| -> String {
        lines
            .map(|line| {
                if at(line).trim().is_empty() {
                    "\n"
                } else {
                    "{*}\n"
                }
            })
            .collect()
    };
    let above = (one.line.saturating_sub(REACH).max(1)..one.line).rev();
    let from = above.filter_map(|line| {
        let name = name_of(at(line))?;
        Some(format!("{name}\n{}{{*}}{own}", between(line + 1..one.line)))
    });
    let below = one.line + 1..(one.line + REACH).min(file.lines.count()) + 1;
    let to = below.filter_map(|line| {
        let name = name_of(at(line))?;
        let name = name.trim_end_matches("{*}");
        Some(format!(
            "{own}{{*}}\n{}{{*}}{name}",
            between(one.line + 1..line)
        ))
    });
    from.chain(to).collect()
}

/// A line that names OpenSSL, as a pattern that finds it after later bumps too.
fn name_of(line: &str) -> Option<String> {
    let line = line.trim();
    let digit = line.find(|c: char| c.is_ascii_digit());
    let (kept, open) = match digit {
        Some(at) => (&line[..at], "{*}"),
        None => (line, ""),
    };
    let braced = kept.contains("{*}");
    (subject::names_openssl(kept) && !braced).then(|| format!("{kept}{open}"))
}

/// A pattern without the versions of other series in it, which move on their own.
pub(crate) fn masked(pattern: &str) -> String {
    let Ok(version) = Pattern::of_pin("{version}") else {
        return pattern.to_owned();
    };
    let mut out = String::new();
    let mut at = 0;
    for found in version.find(pattern, 0..pattern.len()) {
        out.push_str(&pattern[at..found.range.start]);
        out.push_str("{*}");
        at = found.range.end;
    }
    out + &pattern[at..]
}

/// A pattern without the digests in it, which move with what they are of.
fn without_digests(pattern: &str) -> String {
    let digits = |c: char| c.is_ascii_hexdigit();
    let mut out = String::new();
    let mut rest = pattern;
    while let Some(start) = rest.find(digits) {
        let word = rest[start..].len() - rest[start..].trim_start_matches(digits).len();
        let (before, found) = (&rest[..start], &rest[start..start + word]);
        out.push_str(before);
        out.push_str(if word < 32 { found } else { "{*}" });
        rest = &rest[start + word..];
    }
    out + rest
}

/// The text of a range with placeholders for the values in it.
pub(crate) fn written(text: &str, range: Range<usize>, values: &[&Sighting]) -> String {
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

/// A pattern without the braces of the text that would be read as a placeholder, or refused as one:
/// RPM's `%{name}`.
fn plain(written: &str, values: &[&Sighting]) -> String {
    let is_own = |word: &str| values.iter().any(|value| value.slot.name() == word);
    let mut out = String::new();
    let mut rest = written;
    while let Some(open) = rest.find('{') {
        let inner = &rest[open + 1..];
        let end = inner.find(['{', '}', '\n']).unwrap_or(inner.len());
        let (before, word) = (&rest[..open], &inner[..end]);
        if !inner[end..].starts_with('}') {
            out.push_str(&rest[..=open + end]);
            rest = &inner[end..];
            continue;
        }
        let braced = &rest[open..open + end + 2];
        let is_read = !before.ends_with('$')
            && !is_own(word)
            && Pattern::of_pin(braced).map_or(true, |read| read.slots().next().is_some());
        out.push_str(before);
        out.push_str(if is_read { "{*}" } else { braced });
        rest = &rest[open + braced.len()..];
    }
    out + rest
}

/// Whether versions or digests of other things stand there, which must not become a part of the
/// pattern.
pub(crate) fn has_other_numbers(text: &str, range: Range<usize>, ours: &[&Sighting]) -> bool {
    let rest = written(text, range, ours);
    let dotted = Pattern::of_pin("{version}")
        .is_ok_and(|pattern| pattern.find(&rest, 0..rest.len()).next().is_some());
    dotted
        || rest
            .split(|c: char| !c.is_ascii_hexdigit())
            .any(|word| word.len() >= 32)
}

pub(crate) fn start_of_word(text: &str, at: usize, limit: usize) -> usize {
    at - text[limit..at]
        .rsplit(char::is_whitespace)
        .next()
        .unwrap_or_default()
        .len()
}

pub(crate) fn end_of_word(text: &str, at: usize, limit: usize) -> usize {
    text[at..limit]
        .find(char::is_whitespace)
        .map_or(limit, |found| at + found)
}
