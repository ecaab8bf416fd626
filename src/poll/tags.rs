//! The tags of OpenSSL's repository: a tag stands there before its release is published (UPSTREAM 5.1).

use super::asker::{Asker, Document, Wanted, is_missing};
use crate::fetch::FetchError;

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
    match serde_json::from_slice::<Vec<serde::de::IgnoredAny>>(body) {
        Ok(list) if list.is_empty() => Err("lists no tag at all".to_owned()),
        Ok(_) => Ok(()),
        Err(error) => Err(format!("is no list of tags: {error}")),
    }
}
