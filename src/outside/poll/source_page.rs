//! The download page of OpenSSL's site (UPSTREAM 5.3).

use super::asker::{Asker, UpstreamDocument, WantedDocument};
use crate::openssl::upstream::source_page::read;
use crate::outside::http::fetch::FetchError;

pub(super) async fn ask(
    asker: &Asker<'_>,
    site: &str,
) -> Result<Vec<UpstreamDocument>, FetchError> {
    let page = asker
        .document(WantedDocument {
            url: format!("{site}/source/"),
            github: false,
            check,
        })
        .await?;
    Ok(vec![page])
}

fn check(body: &[u8]) -> Result<(), String> {
    let text = std::str::from_utf8(body).map_err(|_| "is no text")?;
    read("source-page", text)
        .map(|_| ())
        .map_err(|unreadable| unreadable.text)
}
