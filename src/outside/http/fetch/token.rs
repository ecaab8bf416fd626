//! A secret that goes to one origin only and is never shown.

use std::fmt;

use base64::Engine as _;
use reqwest::Url;
use reqwest::header::HeaderValue;

use crate::text::percent_decoded;

/// An API token, or a user's name and password, bound to the origin (scheme, host, port) it may be
/// sent to.
#[derive(Clone)]
pub struct Token {
    /// The scheme and the secret, as the header has them.
    credentials: String,
    origin: String,
}

impl Token {
    /// A token for the origin of an endpoint. `None` where the text is blank or could not stand in
    /// a header: an unset variable of CI is often an empty one.
    pub fn new(secret: &str, endpoint: &Url) -> Option<Self> {
        let secret = secret.trim();
        let sendable = !secret.is_empty() && secret.bytes().all(|byte| byte.is_ascii_graphic());
        sendable.then(|| Self {
            credentials: format!("Bearer {secret}"),
            origin: endpoint.origin().ascii_serialization(),
        })
    }

    /// The user and password that an address carries (RFC 7617), for its own origin. `None` where
    /// it carries none.
    pub fn of_address(address: &Url) -> Option<Self> {
        let user = percent_decoded(address.username())?;
        let password = percent_decoded(address.password().unwrap_or_default())?;
        let encoded =
            base64::engine::general_purpose::STANDARD.encode(format!("{user}:{password}"));
        let known = !user.is_empty() || !password.is_empty();
        known.then(|| Self {
            credentials: format!("Basic {encoded}"),
            origin: address.origin().ascii_serialization(),
        })
    }

    /// The text without the token, where a server or program repeats it.
    pub fn hide(&self, text: &str) -> String {
        let secret = self
            .credentials
            .split_once(' ')
            .map_or(self.credentials.as_str(), |(_, secret)| secret);
        text.replace(secret, "***")
    }

    /// The value of the `Authorization` header for an address; `None` where it must not go.
    pub(super) fn header_for(&self, url: &Url) -> Option<HeaderValue> {
        if url.origin().ascii_serialization() != self.origin {
            return None;
        }
        let mut value = HeaderValue::from_str(&self.credentials).ok()?;
        value.set_sensitive(true);
        Some(value)
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Token(redacted, for {})", self.origin)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn credentials_of_an_address_stay_with_its_origin() {
        let address: Url = "https://user:p%40ss@index.example.org/simple/"
            .parse()
            .unwrap();
        let token = Token::of_address(&address).unwrap();
        assert_eq!(
            token
                .header_for(&"https://index.example.org/files/x".parse().unwrap())
                .unwrap(),
            "Basic dXNlcjpwQHNz"
        );
        assert!(
            token
                .header_for(&"https://files.example.org/x".parse().unwrap())
                .is_none()
        );
        assert!(!format!("{token:?}").contains("dXNl"));
        assert!(Token::of_address(&"https://index.example.org/".parse().unwrap()).is_none());
    }

    #[test]
    fn goes_to_its_origin_only() {
        let endpoint: Url = "https://api.example.org/v3".parse().unwrap();
        let token = Token::new("s3cret\n", &endpoint).unwrap();
        assert!(
            token
                .header_for(&"https://api.example.org/repos".parse().unwrap())
                .is_some()
        );
        for other in [
            "https://example.org/",
            "http://api.example.org/",
            "https://api.example.org:8443/",
            "https://api.example.org.evil.net/",
        ] {
            assert!(
                token.header_for(&other.parse().unwrap()).is_none(),
                "{other}"
            );
        }
        assert!(!format!("{token:?} {:?}", token.header_for(&endpoint)).contains("s3cret"));
    }

    #[test]
    fn blank_is_no_token() {
        let endpoint: Url = "https://api.example.org".parse().unwrap();
        assert!(Token::new(" ", &endpoint).is_none());
        assert!(Token::new("a\r\nb", &endpoint).is_none());
    }
}
