//! What a pin's file may keep: the old version where it is no choice of one.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::ops::Range;

use crate::openssl::version::Version;
use crate::project::discovery::found::{Checkout, Doubt, FoundKind, FoundLink};
use crate::project::discovery::line::sighting::{Lines, Sighting};
use crate::project::discovery::line::subject::ValueSubject;
use crate::project::discovery::line::{file_kind, subject};
use crate::project::discovery::owner::{evidence, foreign};
use crate::project::discovery::value::slots;
use crate::project::pattern::Pattern;

/// What is said of a line that may stay.
const LEFT: &str = "beside a pin, and is left as it is";

/// Keeps one reason for each line: that it may stay is said where nothing says why it is no pin.
pub(crate) fn keep_one_each(unsure: BTreeSet<Doubt>) -> Vec<Doubt> {
    let mut kept: Vec<Doubt> = Vec::new();
    for doubt in unsure {
        match kept.last_mut() {
            Some(last) if (&last.file, last.line) == (&doubt.file, doubt.line) => {
                let is_vaguer = last.why == evidence::WHOLE_SERIES && doubt.why == foreign::SERIES;
                if last.why.ends_with(LEFT) || is_vaguer {
                    *last = doubt;
                }
            }
            _ => kept.push(doubt),
        }
    }
    kept
}

/// Adds `leave` for every line of a pin's file that says the link's version and is none of its
/// pins; where that line itself looks like a pin, or is one that bumps add to (`extended`), the link
/// is doubtful.
pub(crate) fn add(
    checkout: &Checkout,
    seen: &[(&str, Vec<Sighting>)],
    extended: &HashSet<(&str, &str)>,
    links: &mut [FoundLink],
    unsure: &mut BTreeSet<Doubt>,
) {
    let mut pinned: BTreeMap<(String, usize), Vec<(usize, Version)>> = BTreeMap::new();
    for (at, link) in links.iter().enumerate() {
        for place in link.places() {
            let of_place = pinned.entry(place.clone()).or_default();
            of_place.push((at, link.version));
        }
    }
    let said = said(seen);
    for (at, link) in links.iter_mut().enumerate() {
        for pin in &mut link.pins {
            let FoundKind::Text(found) = &mut pin.kind else {
                continue;
            };
            if found.insert.is_some() {
                continue;
            }
            let mut files: BTreeSet<&String> = pin.places.iter().map(|(file, _)| file).collect();
            if let Some(folder) = found.file.strip_suffix('*') {
                let directly = |path: &&String| {
                    path.strip_prefix(folder)
                        .is_some_and(|name| !name.contains('/'))
                };
                files.extend(checkout.texts.keys().filter(directly));
            }
            for path in files {
                let Some(text) = checkout.texts.get(path) else {
                    continue;
                };
                let lines = Lines::of(text);
                // A pin that is ahead of the link's others has remarks at its own version.
                let mut versions = BTreeSet::from([link.version]);
                let own = pin.places.iter().filter(|(file, _)| file == path);
                let own = own.filter_map(|(_, line)| said.get(&(path.as_str(), *line)));
                let is_kept = |one: &Version| found.mixed && one.series() == link.version.series();
                versions.extend(own.flatten().filter(|one| is_kept(one)));
                let stands = versions.into_iter().flat_map(|version| {
                    let stands = slots::stands(text, version).into_iter();
                    stands.map(move |(range, _)| (version, range.start))
                });
                for (version, start) in stands {
                    let line = lines.line_of(start);
                    if let Some(of) = pinned.get(&(path.clone(), line)) {
                        let theirs = of.iter().all(|(other, _)| *other != at);
                        let Range { start: from, end } = lines.range(line);
                        if theirs
                            && let Some(pattern) =
                                remark(&text[from..end], start - from, version, of)
                            && !found.leave.contains(&pattern)
                        {
                            found.leave.push(pattern);
                            unsure.insert(Doubt::at(path, text, line, left(version)));
                        }
                        continue;
                    }
                    let place = LeftPlace {
                        path,
                        text,
                        line,
                        range: lines.range(line),
                        version,
                    };
                    let is_bottled = says(seen, path, line, foreign::BOTTLE);
                    if let Some(doubt) = place.with_a_number(start).filter(|_| !is_bottled) {
                        link.doubt.get_or_insert(doubt);
                        // Whoever reads the link in decides that.
                        continue;
                    }
                    if link.doubt.is_none() && !is_bottled {
                        link.doubt = place.doubt(seen, extended);
                    }
                    let Some(pattern) = pattern(&text[lines.range(line)], version) else {
                        continue;
                    };
                    if !found.leave.contains(&pattern) {
                        found.leave.push(pattern);
                        unsure.insert(Doubt::at(path, text, line, left(version)));
                    }
                }
            }
        }
    }
}

/// A line beside a pin that says the link's version.
struct LeftPlace<'a> {
    path: &'a str,
    text: &'a str,
    line: usize,
    range: Range<usize>,
    version: Version,
}

impl LeftPlace<'_> {
    /// Why its version, which begins here, cannot stay: it has a package's own number behind it.
    fn with_a_number(&self, start: usize) -> Option<String> {
        let Self {
            path,
            text,
            line,
            version,
            ..
        } = self;
        let number = suffixed(path, text, self.range.clone(), start, *version)?;
        if path.ends_with(".wrap") && text.contains("wrapdb") {
            return Some(format!(
                "`{path}` line {line} says `{number}`, a revision of WrapDB's: the wrap needs WrapDB's patch for the next version; take the wrap that has it (`meson wrap update`)"
            ));
        }
        Some(format!(
            "`{path}` line {line} says `{number}`, which no pattern moves with {version}; move it by hand, or allow it with `leave`"
        ))
    }

    /// Why the link is doubtful with this line in it, where it is.
    fn doubt(
        &self,
        seen: &[(&str, Vec<Sighting>)],
        extended: &HashSet<(&str, &str)>,
    ) -> Option<String> {
        let Self {
            path,
            line,
            version,
            ..
        } = self;
        let written = &self.text[self.range.clone()];
        let says = |why| says(seen, path, *line, why);
        let is_code = !subject::is_comment(written) && !says(evidence::COMMENT);
        let why = if says(foreign::RELEASE) && !written.contains("://") {
            format!(
                "takes what another repository publishes as {version}; move it by hand once the next is there, or allow it with `leave`"
            )
        } else if is_code && says(foreign::PACKAGE) && !is_of_a_fix(written, *version) {
            format!(
                "says {version} with a packager's own number, which no pattern moves; move it by hand, or allow it with `leave`"
            )
        } else if is_code && is_address(path, self.text, self.range.clone()) {
            format!(
                "says {version} in an address that nothing here can tell the next version of; move it by hand, or allow it with `leave`"
            )
        } else if is_code && extended.contains(&(path, written.trim())) {
            "got the new version added, which no pattern does; add it by hand, or allow the line with `leave`".to_owned()
        } else {
            return None;
        };
        Some(format!("`{path}` line {line} {why}"))
    }
}

/// The versions that lines say as the choice of one.
fn said<'a>(seen: &[(&'a str, Vec<Sighting>)]) -> HashMap<(&'a str, usize), BTreeSet<Version>> {
    let mut said: HashMap<(&str, usize), BTreeSet<Version>> = HashMap::new();
    for (path, seen) in seen {
        for one in seen.iter().filter(|one| one.is_ours()) {
            said.entry((path, one.line))
                .or_default()
                .insert(one.version);
        }
    }
    said
}

/// How a line is told of that is left as it is.
fn left(version: Version) -> String {
    format!("it says {version} {LEFT}")
}

/// A remark behind a pin of other links that says this one's version, as a pattern that finds it
/// again when those move: `3.0.17: # better: 3.5.3`.
fn remark(
    line: &str,
    start: usize,
    version: Version,
    others: &[(usize, Version)],
) -> Option<String> {
    let marks = [" # ", "\t# ", " // ", "\t// "];
    let ends = marks.iter().filter_map(|mark| line[..start].find(mark));
    let (code, remark) = line.split_at(ends.min()?);
    let says = |(_, other): &(usize, Version)| !slots::stands(code, *other).is_empty();
    let own = remark
        .trim()
        .replace(&version.to_string(), "{version}")
        .replace(&version.underscored(), "{version_}");
    let pattern = others.iter().fold(own, |pattern, (_, other)| {
        pattern
            .replace(&other.to_string(), "{*}")
            .replace(&other.underscored(), "{*}")
    });
    let finds = Pattern::of_pin(&pattern)
        .is_ok_and(|pattern| pattern.find(line, 0..line.len()).next().is_some());
    (others.iter().all(says) && finds).then_some(pattern)
}

/// Whether a line says a version that is held back for this reason.
fn says(seen: &[(&str, Vec<Sighting>)], path: &str, line: usize, why: &str) -> bool {
    let mut of_file = seen.iter().filter(|(other, _)| *other == path);
    of_file.any(|(_, seen)| {
        let mut seen = seen.iter().filter(|one| one.line == line);
        seen.any(|one| one.doubt() == Some(why))
    })
}

/// Whether a line says in which package something was fixed: an entry of `secfixes:`, a
/// `fixed-version:`. It tells what was.
fn is_of_a_fix(line: &str, version: Version) -> bool {
    let entry = line.trim().trim_start_matches("- ");
    let is_key = || {
        let key = entry.trim_start_matches(['"', '\'']);
        entry.ends_with(':') && key.starts_with(&version.to_string())
    };
    entry.starts_with("fixed-version:") || is_key()
}

/// Whether a line fetches something of OpenSSL's.
fn is_address(path: &str, text: &str, line: Range<usize>) -> bool {
    let written = &text[line.clone()];
    line.start < file_kind::end_of_choices(path, text)
        && written.contains("://")
        && subject::names_openssl(written)
}

/// Words before a name that is given a value.
const DECLARE: [&str; 14] = [
    "set", "export", "local", "readonly", "declare", "env", "arg", "let", "const", "var", "val",
    "[string]", "static", "final",
];

/// A version with a package's own number behind it, as a value that is OpenSSL's or behind its
/// name.
pub(crate) fn suffixed(
    path: &str,
    text: &str,
    line: Range<usize>,
    start: usize,
    version: Version,
) -> Option<String> {
    let rest = text[start..line.end].strip_prefix(&version.to_string())?;
    let number = rest.strip_prefix(['-', '.'])?;
    let digits = number.bytes().take_while(u8::is_ascii_digit).count();
    let is_last = match number[digits..].strip_prefix('.') {
        Some(behind) => !behind.starts_with(|c: char| c.is_ascii_digit()),
        None => !number[digits..].starts_with(|c: char| c.is_ascii_alphanumeric()),
    };
    let label = &text[line.start..start];
    let is_ours = matches!(
        subject::of_label(label),
        ValueSubject::OpenSsl | ValueSubject::Version
    );
    let is_value = label
        .trim_end_matches([' ', '"', '\'', 'v'])
        .ends_with(['=', ':']);
    // `apt install openssl=3.5.3-1` is a package of somebody else's.
    let given = label
        .trim()
        .trim_end_matches(['"', '\'', 'v', '=', ':', ' ']);
    let mut words = given.split_whitespace().rev().skip(1);
    let alone = words.all(|word| DECLARE.contains(&word.to_ascii_lowercase().as_str()));
    let chosen = start < file_kind::end_of_choices(path, text) && !subject::is_comment(&text[line]);
    (digits > 0 && is_last && chosen && (is_joined(label) || (is_ours && is_value && alone)))
        .then(|| format!("{version}{}", &rest[..=digits]))
}

/// Whether OpenSSL's name is joined to the version that follows, wherever that stands:
/// `openssl-bin-3.5.3-1`, Maven's `io.example:openssl:3.5.3-1`, `o/x-openssl/releases/download/3.5.3-1`.
fn is_joined(label: &str) -> bool {
    let word = label
        .rsplit(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '-' | '_')))
        .next()
        .unwrap_or_default();
    let coordinate = label.strip_suffix(':').unwrap_or_default();
    let artefact = coordinate
        .rsplit_once(':')
        .map_or("", |(_, artefact)| artefact);
    (word.ends_with(['-', '_']) && subject::names_openssl(word))
        || matches!(artefact.strip_prefix("openssl"), Some(rest) if rest.is_empty() || rest.starts_with('-'))
        || (label.ends_with("/releases/download/") && subject::names_openssl(label))
}

/// A line as a pattern that finds it again after later bumps too.
fn pattern(line: &str, version: Version) -> Option<String> {
    let written = line.trim();
    // An entry of a package's changelog says its day and author before the version.
    if written.starts_with("* ") && line.starts_with('*') {
        return Some("* {*}".to_owned());
    }
    for (value, slot) in [
        (version.to_string(), "{version}"),
        (version.underscored(), "{version_}"),
    ] {
        let replaced = written.replace(&value, slot);
        let finds = |pattern: &String| {
            pattern.len() > slot.len() + 2
                && Pattern::of_pin(pattern)
                    .is_ok_and(|pattern| pattern.find(line, 0..line.len()).next().is_some())
        };
        if replaced != written && finds(&replaced) {
            return Some(replaced);
        }
    }
    Some(written.to_owned()).filter(|pattern| {
        Pattern::of_pin(pattern)
            .is_ok_and(|pattern| pattern.find(line, 0..line.len()).next().is_some())
    })
}
