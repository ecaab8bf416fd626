//! The documents of a poll, read by the parser of their kind.

use super::archive;
use super::asked::{AskedSource, FactSource};
use super::asker::UpstreamDocument;
use crate::openssl::upstream::diagnostic::{Diagnostic, Reading};
use crate::openssl::upstream::merge::SourceFacts;
use crate::openssl::upstream::metadata::Metadata;
use crate::openssl::upstream::tags::{self, Tags};
use crate::openssl::upstream::vulnerability_page::{self, ListedVulnerability};
use crate::openssl::upstream::{Release, github_releases, source_page};
use crate::outside::http::cache::Cache;

/// Reads what was asked; a document that cannot be read is reported, and the others still count.
pub(super) fn read(asked: &[AskedSource], cache: &Cache) -> SourceFacts {
    let of = |source: FactSource| {
        asked
            .iter()
            .find(|asked| asked.source == source)
            .map(|asked| asked.documents.as_slice())
            .unwrap_or_default()
    };
    let texts = |source| each(source, of(source), cache);
    SourceFacts {
        releases: texts(FactSource::Releases).map(releases),
        tags: texts(FactSource::Tags).map(tags),
        source_page: texts(FactSource::Downloads).map(|pages| first(&pages, source_page::read)),
        metadata: metadata(of(FactSource::Metadata), cache),
        vulnerability_page: texts(FactSource::Vulnerabilities).map(|pages| vulnerabilities(&pages)),
    }
}

/// A document's name in messages, and its text.
type Named = (String, String);

/// The texts of a source's documents; `None` where there is none.
fn each(source: FactSource, documents: &[UpstreamDocument], cache: &Cache) -> Option<Vec<Named>> {
    let texts: Vec<Named> = documents
        .iter()
        .enumerate()
        .filter_map(|(at, document)| Some((at, String::from_utf8(document.read(cache)?).ok()?)))
        .map(|(at, text)| {
            if at == 0 {
                (source.name().to_owned(), text)
            } else {
                (format!("{} page {}", source.name(), at + 1), text)
            }
        })
        .collect();
    (!texts.is_empty()).then_some(texts)
}

fn releases(pages: Vec<Named>) -> Reading<Vec<Release>> {
    let mut all = Reading::<Vec<Release>>::default();
    for (name, text) in pages {
        let page =
            or_noted(github_releases::read(&name, &text), &mut all.notes).unwrap_or_default();
        all.notes.extend(page.notes);
        all.value.extend(
            page.value
                .releases
                .iter()
                .filter_map(github_releases::GithubRelease::release),
        );
    }
    all
}

fn tags(lists: Vec<Named>) -> Reading<Tags> {
    let mut all = Reading::<Tags>::default();
    for (name, text) in lists {
        let list = or_noted(tags::from_api(&name, &text), &mut all.notes);
        all.value
            .extend(list.into_iter().flat_map(|(tags, _)| tags));
    }
    all
}

/// What a parser that notices nothing makes of a source of one document.
fn first<T: Default>(
    pages: &[Named],
    read: impl Fn(&str, &str) -> Result<T, Diagnostic>,
) -> Reading<T> {
    let mut reading = Reading::<T>::default();
    if let Some((name, text)) = pages.first() {
        reading.value = or_noted(read(name, text), &mut reading.notes).unwrap_or_default();
    }
    reading
}

fn vulnerabilities(pages: &[Named]) -> Reading<Vec<ListedVulnerability>> {
    let Reading { value, notes } = first(pages, vulnerability_page::read);
    Reading {
        value: value.value,
        notes: notes.into_iter().chain(value.notes).collect(),
    }
}

fn metadata(documents: &[UpstreamDocument], cache: &Cache) -> Option<Reading<Metadata>> {
    let body = documents.last()?.read(cache)?;
    match archive::read(&body) {
        Ok(tree) => {
            let mut reading = tree.value.read();
            reading.notes.splice(0..0, tree.notes);
            Some(reading)
        }
        Err(why) => Some(Reading {
            value: Metadata::default(),
            notes: vec![Diagnostic::new(FactSource::Metadata.name(), why)],
        }),
    }
}

fn or_noted<T>(read: Result<T, Diagnostic>, notes: &mut Vec<Diagnostic>) -> Option<T> {
    read.map_err(|unreadable| notes.push(unreadable)).ok()
}
