//! A list of GitHub's API that comes in numbered pages.

use super::asker::{AskMode, Asker, BodyCheck, UpstreamDocument, WantedDocument};
use crate::outside::http::fetch::FetchError;

/// The most pages that are asked for; upstream's longest list has five after 25 years.
const MOST_PAGES: u32 = 6;

/// How many entries a full page has.
const PAGE: usize = 100;

/// What is wrong with a first page that must list something.
pub(super) fn some(entries: usize) -> Result<(), String> {
    if entries == 0 {
        Err("lists nothing at all".to_owned())
    } else {
        Ok(())
    }
}

/// A list: where its pages are, and how many entries one has.
pub(super) struct List {
    /// Everything of the address but the number of the page.
    pub(super) address: String,
    /// The entries of a page, or in words why it is none.
    pub(super) count: fn(&[u8]) -> Result<usize, String>,
    /// In words, what is wrong with the first page, and with another one, which may list nothing.
    pub(super) checks: (BodyCheck, BodyCheck),
    /// Which of the pages behind the first is looked at while the first stays the same, by a number
    /// that changes with time; `None`: no other one.
    pub(super) turn: Option<u32>,
}

impl List {
    /// Asks for the list. What is new stands on its first page: while that stays the same, at most
    /// one other is looked at.
    pub(super) async fn ask(&self, asker: &Asker<'_>) -> Result<Vec<UpstreamDocument>, FetchError> {
        let first = self.page(asker, 1).await?;
        if !first.changed && asker.mode == AskMode::Ask && !self.other_changed(asker).await? {
            let others = (2..=self.known_pages(asker))
                .filter_map(|number| asker.cache.stored(&self.address(number)));
            return Ok(std::iter::once(first)
                .chain(others.map(UpstreamDocument::unchanged))
                .collect());
        }
        self.rest(asker, first).await
    }

    /// Whether the page whose turn it is has changed.
    async fn other_changed(&self, asker: &Asker<'_>) -> Result<bool, FetchError> {
        let others = self.known_pages(asker).saturating_sub(1);
        match self.turn {
            Some(turn) if others > 0 => Ok(self.page(asker, 2 + turn % others).await?.changed),
            _ => Ok(false),
        }
    }

    async fn rest(
        &self,
        asker: &Asker<'_>,
        first: UpstreamDocument,
    ) -> Result<Vec<UpstreamDocument>, FetchError> {
        let mut pages = vec![first];
        let mut number = 2;
        while number <= MOST_PAGES
            && pages
                .last()
                .is_some_and(|last| self.follows(asker, last, number))
        {
            let next = self.page(asker, number).await?;
            // A server that does not know of pages sends the first again and again.
            if pages
                .iter()
                .any(|page| page.stored.sha256 == next.stored.sha256)
            {
                break;
            }
            pages.push(next);
            number += 1;
        }
        asker.cache.forget(&self.address(number));
        Ok(pages)
    }

    async fn page(&self, asker: &Asker<'_>, number: u32) -> Result<UpstreamDocument, FetchError> {
        asker
            .document(WantedDocument {
                url: self.address(number),
                github: true,
                check: if number == 1 {
                    self.checks.0
                } else {
                    self.checks.1
                },
            })
            .await
    }

    fn address(&self, number: u32) -> String {
        format!("{}?per_page={PAGE}&page={number}", self.address)
    }

    /// Whether the cache holds its beginning.
    pub(super) fn is_known(&self, asker: &Asker<'_>) -> bool {
        self.known_pages(asker) > 0
    }

    /// How many pages the cache holds without a gap.
    fn known_pages(&self, asker: &Asker<'_>) -> u32 {
        let known = (1..=MOST_PAGES)
            .take_while(|number| asker.cache.stored(&self.address(*number)).is_some())
            .last();
        known.unwrap_or_default()
    }

    /// Whether a page comes after this one: as the server says, else by what the page holds or the
    /// cache knows.
    fn follows(&self, asker: &Asker<'_>, page: &UpstreamDocument, next: u32) -> bool {
        let full = || {
            page.body
                .as_deref()
                .is_some_and(|body| (self.count)(body).is_ok_and(|entries| entries >= PAGE))
        };
        let known = || {
            (page.body.is_none() || asker.mode == AskMode::Remember)
                && asker.cache.stored(&self.address(next)).is_some()
        };
        page.next.unwrap_or_else(|| full() || known())
    }
}
