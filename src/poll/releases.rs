//! The releases that OpenSSL published on GitHub (UPSTREAM 5.1), a hundred to a page.

use super::asker::{Asker, Document, Mode, Wanted};
use crate::fetch::FetchError;
use crate::upstream::github_releases::{self, Page};

/// The most pages; upstream has three after 25 years.
const MOST_PAGES: u32 = 6;

/// How many releases a full page has.
const PAGE: usize = 100;

/// Asks for the list. New releases stand on its first page: while that stays the same, of the others only one is looked at, a different one each day.
pub(super) async fn ask(asker: &Asker<'_>, github_api: &str, day: u32) -> Result<Vec<Document>, FetchError> {
    let first = page(asker, github_api, 1).await?;
    let known = known_pages(asker, github_api);
    if !first.changed && asker.mode == Mode::Ask && known > 1 {
        let looked_at = 2 + day % (known - 1);
        let looked_at = page(asker, github_api, looked_at).await?;
        if !looked_at.changed {
            return Ok(std::iter::once(first).chain((2..=known).filter_map(|number| remembered(asker, github_api, number))).collect());
        }
    }
    let mut pages = vec![first];
    while let Some(last) = pages.last()
        && follows(asker, last, &address(github_api, number_after(&pages)))
        && number_after(&pages) <= MOST_PAGES
    {
        let next = page(asker, github_api, number_after(&pages)).await?;
        // A server that does not know of pages sends the first again and again.
        if pages.iter().any(|page| page.stored.sha256 == next.stored.sha256) {
            break;
        }
        pages.push(next);
    }
    asker.cache.forget(&address(github_api, number_after(&pages)));
    Ok(pages)
}

async fn page(asker: &Asker<'_>, github_api: &str, number: u32) -> Result<Document, FetchError> {
    let check = |body: &[u8]| check(body, number);
    asker.document(Wanted { url: address(github_api, number), github: true, check: &check }).await
}

fn address(github_api: &str, number: u32) -> String {
    format!("{github_api}/repos/openssl/openssl/releases?per_page={PAGE}&page={number}")
}

fn number_after(pages: &[Document]) -> u32 {
    u32::try_from(pages.len()).unwrap_or(MOST_PAGES) + 1
}

/// How many pages the cache holds without a gap.
fn known_pages(asker: &Asker<'_>, github_api: &str) -> u32 {
    (1..=MOST_PAGES)
        .take_while(|number| asker.cache.stored(&address(github_api, *number)).is_some())
        .count()
        .try_into()
        .unwrap_or(MOST_PAGES)
}

fn remembered(asker: &Asker<'_>, github_api: &str, number: u32) -> Option<Document> {
    asker.cache.stored(&address(github_api, number)).map(Document::unchanged)
}

/// Whether a page comes after this one: as the server says, else by what the page holds or the cache knows.
fn follows(asker: &Asker<'_>, page: &Document, next: &str) -> bool {
    let full = || page.body.as_deref().is_some_and(|body| page_of(body).is_ok_and(|page| page.entries >= PAGE));
    page.next.unwrap_or_else(|| full() || (page.body.is_none() || asker.mode == Mode::Remember) && asker.cache.stored(next).is_some())
}

fn check(body: &[u8], number: u32) -> Result<(), String> {
    let page = page_of(body)?;
    if number == 1 && page.releases.is_empty() { Err("lists no release at all".to_owned()) } else { Ok(()) }
}

fn page_of(body: &[u8]) -> Result<Page, String> {
    let text = std::str::from_utf8(body).map_err(|_| "is no text")?;
    github_releases::read("releases", text).map(|reading| reading.value).map_err(|unreadable| unreadable.text)
}
