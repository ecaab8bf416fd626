//! What is found beside a configuration that stands: pins and links are added to its text, and
//! nothing that somebody wrote there goes.

use std::collections::BTreeSet;
use std::ops::Range;

use globset::GlobBuilder;

use super::document;
use crate::project::config::{Config, Link, PinKind, TextPin};
use crate::project::discovery::found::{
    Checkout, Discovery, FoundKind, FoundLink, FoundPin, FoundText,
};
use crate::project::pattern::Pattern;

/// The text of a configuration with every pin that is found and that it does not have.
pub(crate) fn added(
    found: &Discovery,
    checkout: &Checkout,
    standing: &Config,
    text: &str,
) -> String {
    let mut additions: Vec<(usize, String)> = Vec::new();
    let last = standing.links.iter().map(|link| end(text, link)).max();
    for link in found.links.iter().filter(|link| link.doubt.is_none()) {
        let new: Vec<FoundPin> = link
            .pins
            .iter()
            .filter_map(|pin| missing(pin, checkout, standing))
            .collect();
        if new.is_empty() {
            continue;
        }
        let mut written = String::new();
        let at = match owner(link, checkout, standing) {
            Some(owner) => {
                new.iter().for_each(|pin| document::pin(&mut written, pin));
                end(text, owner)
            }
            None => {
                let taken = standing.links.iter().any(|other| other.name == link.name);
                let name = if taken {
                    format!("{}-here", link.name)
                } else {
                    link.name.clone()
                };
                let link = FoundLink {
                    name,
                    pins: new,
                    ..link.clone()
                };
                document::link(&mut written, &link);
                last.unwrap_or(text.lines().count())
            }
        };
        additions.push((at, written));
    }
    with(text, additions)
}

/// A text with others after lines of it, counted from 1.
fn with(text: &str, mut additions: Vec<(usize, String)>) -> String {
    additions.sort_by_key(|(at, _)| *at);
    let mut additions = additions.into_iter().peekable();
    let mut out = String::new();
    for (at, line) in text.split_inclusive('\n').enumerate() {
        out.push_str(line);
        while let Some((_, written)) = additions.next_if(|(after, _)| *after == at + 1) {
            if !out.ends_with('\n') {
                out.push('\n');
            }
            out.push_str(&written);
        }
    }
    out.extend(additions.map(|(_, written)| written));
    out
}

/// The last line that belongs to a link.
fn end(text: &str, link: &Link) -> usize {
    let start = link.pins.last().map_or(link.line, |pin| pin.line);
    let mut end = start;
    for (at, line) in text.lines().enumerate().skip(start) {
        let line = line.trim_start();
        if line.starts_with('[') {
            break;
        }
        if !line.is_empty() && !line.starts_with('#') {
            end = at + 1;
        }
    }
    end
}

/// The link that some of the found pins are in already, else the one of that name here.
fn owner<'a>(found: &FoundLink, checkout: &Checkout, standing: &'a Config) -> Option<&'a Link> {
    let holds = |link: &&Link| {
        let alone = Config {
            links: vec![(*link).clone()],
            ..Config::default()
        };
        let mut pins = found.pins.iter();
        pins.any(|pin| missing(pin, checkout, &alone).as_ref() != Some(pin))
    };
    let named = |link: &&Link| link.name == found.name && link.repository.is_none();
    let links = &standing.links;
    links
        .iter()
        .find(holds)
        .or_else(|| links.iter().find(named))
}

/// What of a pin the configuration does not have.
fn missing(pin: &FoundPin, checkout: &Checkout, standing: &Config) -> Option<FoundPin> {
    let has = |wanted: &dyn Fn(&PinKind) -> bool| {
        let mut pins = standing.links.iter().flat_map(|link| &link.pins);
        pins.any(|pin| wanted(&pin.kind))
    };
    let stands = match &pin.kind {
        FoundKind::Submodule(path) => {
            has(&|kind| matches!(kind, PinKind::Submodule(other) if other == path))
        }
        FoundKind::Tree(path) => has(&|kind| matches!(kind, PinKind::Tree(other) if other == path)),
        FoundKind::Cargo { package, file } => has(&|kind| {
            matches!(kind, PinKind::Cargo { package: other, file: of, .. }
                if other == package && (of == file || of.is_none() || file.is_none()))
        }),
        FoundKind::Text(text) if text.insert.is_some() => has(
            &|kind| matches!(kind, PinKind::Text(other) if other.file == text.file && !other.insert.is_empty()),
        ),
        FoundKind::Text(text) => {
            let files: BTreeSet<&String> = pin.places.iter().map(|(file, _)| file).collect();
            let new: Vec<String> = text
                .matches
                .iter()
                .filter(|pattern| {
                    let mut files = files.iter();
                    files.any(|file| !is_covered(pattern, file, checkout, standing))
                })
                .cloned()
                .collect();
            if new.len() == text.matches.len() {
                return Some(pin.clone());
            }
            let rest = FoundText {
                matches: new,
                set: Vec::new(),
                delete: Vec::new(),
                ..(**text).clone()
            };
            let kind = FoundKind::Text(Box::new(rest));
            return Some(FoundPin {
                kind,
                ..pin.clone()
            })
            .filter(|pin| matches!(&pin.kind, FoundKind::Text(text) if !text.matches.is_empty()));
        }
    };
    (!stands).then(|| pin.clone())
}

/// Whether pins of the configuration own every value that a pattern finds in a file.
fn is_covered(pattern: &str, file: &str, checkout: &Checkout, standing: &Config) -> bool {
    let (Some(text), Ok(pattern)) = (checkout.texts.get(file), Pattern::of_pin(pattern)) else {
        return true;
    };
    let values = |pattern: &Pattern| -> Vec<Range<usize>> {
        let found = pattern.find(text, 0..text.len());
        found.flat_map(|found| found.slots).collect()
    };
    let owned: Vec<Range<usize>> = standing
        .links
        .iter()
        .flat_map(|link| &link.pins)
        .filter_map(|pin| match &pin.kind {
            PinKind::Text(text) if names(text, file) => Some(text),
            _ => None,
        })
        .flat_map(|pin| &pin.matches)
        .flat_map(values)
        .collect();
    values(&pattern).iter().all(|value| {
        let meets = |other: &Range<usize>| other.start < value.end && value.start < other.end;
        owned.iter().any(meets)
    })
}

/// Whether a pin is in this file.
fn names(pin: &TextPin, file: &str) -> bool {
    let glob = || {
        GlobBuilder::new(&pin.file)
            .literal_separator(true)
            .backslash_escape(false)
            .build()
    };
    pin.file == file || glob().is_ok_and(|glob| glob.compile_matcher().is_match(file))
}
