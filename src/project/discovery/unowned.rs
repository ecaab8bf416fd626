//! Digests that stay behind although the version that their file's address is made of moves.

use super::fetched::{self, HeldVersion};
use super::found::{Checkout, FoundKind, FoundLink};
use super::sighting::{Lines, Sighting};
use super::{subject, tied};
use crate::openssl::upstream::Release;
use crate::openssl::version::Version;
use crate::project::pattern::Placeholder;

/// Makes a link doubtful where a digest that nobody knows stands beside an address that is made of
/// the version, in a pin's file or in one beside it.
pub(super) fn mark(
    checkout: &Checkout,
    seen: &[(&str, Vec<Sighting>)],
    releases: &[Release],
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
        let pins = link.pins.iter();
        let mut texts = pins.filter(|pin| matches!(pin.kind, FoundKind::Text(_)));
        let found = texts.find_map(|pin| {
            let (path, _) = pin.places.first()?;
            let text = checkout.texts.get(path)?;
            let lines = Lines::of(text);
            let of = |path: &str| {
                let mut all = seen.iter();
                all.find(|(other, _)| *other == path)
                    .map_or(&[][..], |(_, seen)| seen.as_slice())
            };
            let variables = fetched::variables(text, &lines, of(path));
            let held = stays(text, of(path), &variables)
                .or_else(|| tied::of_another_file(text, &lines, of(path), &release_of));
            held.map(|line| (path.clone(), line)).or_else(|| {
                // Where bumps are known, what they changed says what belongs to them.
                let mut others = beside(checkout, path).filter(|_| pin.moved.is_empty());
                others.find_map(|(other, text)| {
                    Some((other.to_owned(), stays(text, of(other), &variables)?))
                })
            })
        });
        link.doubt = found.map(|(path, line)| {
            format!(
                "`{path}` line {line} holds a digest of what an address made of the version names, and nothing known says what it becomes; move both by hand, or make the digest a pin"
            )
        });
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
                    && !subject::is_prose(other, text)
                    && subject::names_openssl(text)
            })
            .map(|(other, text)| (other.as_str(), text.as_str()))
    });
    texts.into_iter().flatten()
}

/// The line of a digest that is none of these values and goes with an address that a version is a
/// part of.
fn stays(text: &str, seen: &[Sighting], variables: &[HeldVersion]) -> Option<usize> {
    let lines = Lines::of(text);
    tied::by_form(text, &lines)
        .into_iter()
        .filter(|(range, ..)| !seen.iter().any(|one| one.range == *range))
        .filter(|(.., slot)| slot.is_fingerprint() && slot.hexadecimal() != Placeholder::Commit)
        .find_map(|(range, line, _)| {
            let label = &text[lines.range(line).start..range.start];
            fetched::of(text, &lines, line, label, variables).map(|_| line)
        })
}
