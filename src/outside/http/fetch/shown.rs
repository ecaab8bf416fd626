//! Addresses as they may be shown.

use reqwest::Url;

/// The address as it may be shown: without credentials, query and fragment, which can carry
/// secrets.
pub(crate) fn shown(url: &Url) -> String {
    let mut url = url.clone();
    let _ = url.set_username("");
    let _ = url.set_password(None);
    url.set_query(None);
    url.set_fragment(None);
    url.into()
}
