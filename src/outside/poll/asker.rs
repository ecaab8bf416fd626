//! Asks for documents and remembers them: what is known already is asked for with its validators
//! only.

use std::cell::RefCell;

use reqwest::Url;
use tokio::time::Instant;

use crate::outside::http::cache::{Cache, Stored};
use crate::outside::http::fetch::{
    Client, FetchError, Meter, Problem, Request, Response, Token, Validators, address,
};
use crate::outside::trace;

/// How documents are come by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum AskMode {
    /// Ask; what the cache holds need not be sent again, and is not read now.
    Ask,
    /// Ask, and count on the cache only for what can be read from it at once.
    AskAndRead,
    /// Take what the cache holds and ask nobody.
    Remember,
}

/// A document of upstream: which one it is, whether it changed, and its text where it was read
/// already.
#[derive(Debug, Clone)]
pub(super) struct UpstreamDocument {
    pub(super) stored: Stored,
    pub(super) changed: bool,
    pub(super) body: Option<Vec<u8>>,
    /// Whether the server said that this page has, or has not, a next one.
    pub(super) next: Option<bool>,
    /// Where the answer came from, after redirects; none where nobody was asked.
    pub(super) at: Option<Url>,
}

/// What is wrong with a body, in words.
pub(super) type BodyCheck = fn(&[u8]) -> Result<(), String>;

/// What to ask for, and how to recognise that it is not what came.
pub(super) struct WantedDocument {
    pub(super) url: String,
    /// Whether it is GitHub's API that is asked: with its headers and the token.
    pub(super) github: bool,
    /// In words, what is wrong with a body. Runs beside the other sources: parsing takes its time.
    pub(super) check: BodyCheck,
}

/// One source's way to the network and the cache.
pub(super) struct Asker<'a> {
    pub(super) client: &'a Client,
    pub(super) cache: &'a Cache,
    pub(super) token: Option<&'a Token>,
    pub(super) deadline: Instant,
    pub(super) mode: AskMode,
    pub(super) meter: Meter,
    /// Why the cache could not be written, once.
    pub(super) unwritable: RefCell<Option<String>>,
}

impl Asker<'_> {
    /// The document at an address.
    pub(super) async fn document(
        &self,
        wanted: WantedDocument,
    ) -> Result<UpstreamDocument, FetchError> {
        let url = address::read(&wanted.url)?;
        let known = self
            .cache
            .stored(&wanted.url)
            .map(|stored| self.known(stored));
        if self.mode == AskMode::Remember {
            if known.is_some() {
                trace::kept(&address::shown(&url), "it is not asked again");
            }
            return known
                .ok_or_else(|| FetchError::content(&url, "not asked, and nothing is known of it"));
        }
        let known = known.filter(|known| self.mode == AskMode::Ask || known.body.is_some());
        let request = self.request(Request::get(url), &wanted);
        let validators = known
            .as_ref()
            .map(|known| known.stored.validators.clone())
            .unwrap_or_default();
        let response = self.client.send(&request.unless(&validators)).await?;
        let next = response.has_next();
        let at = Some(response.url.clone());
        match known {
            Some(known) if response.status == 304 => {
                trace::kept(&address::shown(&response.url), "the server says unchanged");
                Ok(UpstreamDocument { next, at, ..known })
            }
            known => self
                .received(wanted, response, known.as_ref())
                .await
                .map(|document| UpstreamDocument {
                    next,
                    at,
                    ..document
                }),
        }
    }

    /// What the cache holds of a document, with its body where that is wanted.
    fn known(&self, stored: Stored) -> UpstreamDocument {
        let body = if self.mode == AskMode::Ask {
            None
        } else {
            self.cache.body(&stored)
        };
        UpstreamDocument {
            body,
            ..UpstreamDocument::unchanged(stored)
        }
    }

    fn request<'r>(&'r self, request: Request<'r>, wanted: &WantedDocument) -> Request<'r> {
        let request = request.until(self.deadline).metered(&self.meter);
        if wanted.github {
            request.github().token(self.token)
        } else {
            request
        }
    }

    async fn received(
        &self,
        wanted: WantedDocument,
        mut response: Response,
        known: Option<&UpstreamDocument>,
    ) -> Result<UpstreamDocument, FetchError> {
        let (body, check) = (std::mem::take(&mut response.body), wanted.check);
        let checked = beside(move || {
            let checked = check(&body);
            (body, checked)
        });
        let (body, checked) = checked.await;
        checked.map_err(|why| FetchError::content(&response.url, why))?;
        let stored = Stored::of(wanted.url, Validators::of(&response.headers), &body);
        let changed = known.is_none_or(|known| known.stored.sha256 != stored.sha256);
        if changed || known.is_some_and(|known| known.stored.validators != stored.validators) {
            self.keep(&stored, &body);
        }
        Ok(UpstreamDocument {
            changed,
            body: Some(body),
            ..UpstreamDocument::unchanged(stored)
        })
    }

    /// Remembers an answer. Without a cache the next poll costs more, and that is all.
    pub(super) fn keep(&self, stored: &Stored, body: &[u8]) {
        if let Err(error) = self.cache.store(stored, body) {
            self.unwritable
                .borrow_mut()
                .get_or_insert(error.to_string());
        }
    }

    /// Sends a request of another form than [`Asker::document`]'s.
    pub(super) async fn send(&self, request: Request<'_>) -> Result<Response, FetchError> {
        self.client
            .send(&request.until(self.deadline).metered(&self.meter))
            .await
    }
}

impl UpstreamDocument {
    /// A document that is what it was, and is not read yet.
    pub(super) fn unchanged(stored: Stored) -> Self {
        Self {
            stored,
            changed: false,
            body: None,
            next: None,
            at: None,
        }
    }

    /// The document's text, from memory or the cache; `None` where the cache lost it.
    pub(super) fn read(&self, cache: &Cache) -> Option<Vec<u8>> {
        self.body.clone().or_else(|| cache.body(&self.stored))
    }
}

/// Does what takes the processor's time on a thread of its own, so that the other sources go on.
pub(super) async fn beside<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    match tokio::task::spawn_blocking(work).await {
        Ok(done) => done,
        Err(failed) => std::panic::resume_unwind(failed.into_panic()),
    }
}

/// Whether the source says that this part of it does not exist, so that another form of it may be
/// asked for.
pub(super) fn is_missing(error: &FetchError) -> bool {
    error.is_not_found() || matches!(error.problem(), Problem::Content(_))
}
