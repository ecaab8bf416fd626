//! The releases that OpenSSL published on GitHub (UPSTREAM 5.1).

use super::asker::{Asker, UpstreamDocument};
use super::pages::{List, some};
use crate::openssl::upstream::github_releases;
use crate::outside::http::fetch::FetchError;

/// Asks for the list. Of the pages behind the first another one is looked at each day.
pub(super) async fn ask(
    asker: &Asker<'_>,
    github_api: &str,
    day: u32,
) -> Result<Vec<UpstreamDocument>, FetchError> {
    let address = format!("{github_api}/repos/openssl/openssl/releases");
    List {
        address,
        count,
        checks: (
            |body| count(body).and_then(some),
            |body| count(body).map(|_| ()),
        ),
        turn: Some(day),
    }
    .ask(asker)
    .await
}

/// The entries of a page; a page whose entries are all something else than releases has none.
fn count(body: &[u8]) -> Result<usize, String> {
    let text = std::str::from_utf8(body).map_err(|_| "is no text")?;
    let page = github_releases::read("releases", text)
        .map_err(|unreadable| unreadable.text)?
        .value;
    Ok(if page.releases.is_empty() {
        0
    } else {
        page.entries
    })
}
