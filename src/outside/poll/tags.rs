//! The tags of OpenSSL's repository: a tag stands there before its release is published (UPSTREAM
//! 5.1).

use super::asker::{Asker, UpstreamDocument, WantedDocument, is_missing};
use super::pages::{List, some};
use crate::openssl::upstream::tags::from_api;
use crate::outside::http::fetch::FetchError;

/// Asks for the references whose names begin like the tags of 3.0 and later; older series get no
/// more public releases. A server without that listing is asked for the repository's tags.
pub(super) async fn ask(
    asker: &Asker<'_>,
    github_api: &str,
) -> Result<Vec<UpstreamDocument>, FetchError> {
    let repository = format!("{github_api}/repos/openssl/openssl");
    let list = List {
        address: format!("{repository}/tags"),
        count,
        checks: (
            |body| count(body).and_then(some),
            |body| count(body).map(|_| ()),
        ),
        turn: None,
    };
    let url = format!("{repository}/git/matching-refs/tags/openssl-");
    if asker.cache.stored(&url).is_none() && list.is_known(asker) {
        return list.ask(asker).await;
    }
    match asker
        .document(WantedDocument {
            url,
            github: true,
            check,
        })
        .await
    {
        Err(error) if is_missing(&error) => list.ask(asker).await.map_err(|_| error),
        references => references.map(|references| vec![references]),
    }
}

fn check(body: &[u8]) -> Result<(), String> {
    if count(body)? == 0 {
        Err("lists no version's tag at all".to_owned())
    } else {
        Ok(())
    }
}

/// The entries of a page; a page whose entries are all something else than tags of versions has
/// none.
fn count(body: &[u8]) -> Result<usize, String> {
    let text = std::str::from_utf8(body).map_err(|_| "is no text")?;
    let (tags, entries) = from_api("tags", text).map_err(|unreadable| unreadable.text)?;
    Ok(if tags.is_empty() { 0 } else { entries })
}
