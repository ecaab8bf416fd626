//! The tags of OpenSSL's repository: a tag stands there before its release is published (UPSTREAM 5.1).

use super::asker::{Asker, Document, Wanted, is_missing};
use crate::fetch::FetchError;
use crate::upstream::tags::from_api;

/// Asks for the references whose names begin like the tags of 3.0 and later; older series get no more public releases. A server without that listing is
/// asked for the repository's tags.
pub(super) async fn ask(asker: &Asker<'_>, github_api: &str) -> Result<Vec<Document>, FetchError> {
    let repository = format!("{github_api}/repos/openssl/openssl");
    let references = list(asker, format!("{repository}/git/matching-refs/tags/openssl-")).await;
    let tags = match references {
        Err(error) if is_missing(&error) => list(asker, format!("{repository}/tags?per_page=100")).await.map_err(|_| error),
        references => references,
    };
    tags.map(|tags| vec![tags])
}

async fn list(asker: &Asker<'_>, url: String) -> Result<Document, FetchError> {
    asker.document(Wanted { url, github: true, check: &check }).await
}

fn check(body: &[u8]) -> Result<(), String> {
    let text = std::str::from_utf8(body).map_err(|_| "is no text")?;
    let (tags, _) = from_api("tags", text).map_err(|unreadable| unreadable.text)?;
    if tags.is_empty() { Err("lists no version's tag at all".to_owned()) } else { Ok(()) }
}
