//! A secret that goes to one origin only and is never shown.

use std::fmt;

use reqwest::Url;
use reqwest::header::HeaderValue;

/// An API token, bound to the origin (scheme, host, port) it may be sent to.
#[derive(Clone)]
pub struct Token {
    secret: String,
    origin: String,
}

impl Token {
    /// A token for the origin of an endpoint. `None` where the text is blank or could not stand in a header: an unset variable of CI is often an empty one.
    #[must_use]
    pub fn new(secret: &str, endpoint: &Url) -> Option<Self> {
        let secret = secret.trim();
        let sendable = !secret.is_empty() && secret.bytes().all(|byte| byte.is_ascii_graphic());
        sendable.then(|| Self { secret: secret.to_owned(), origin: endpoint.origin().ascii_serialization() })
    }

    /// The value of the `Authorization` header for an address; `None` where it must not go.
    pub(super) fn header_for(&self, url: &Url) -> Option<HeaderValue> {
        if url.origin().ascii_serialization() != self.origin {
            return None;
        }
        let mut value = HeaderValue::from_str(&format!("Bearer {}", self.secret)).ok()?;
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
    fn goes_to_its_origin_only() {
        let endpoint: Url = "https://api.example.org/v3".parse().unwrap();
        let token = Token::new("s3cret\n", &endpoint).unwrap();
        assert!(token.header_for(&"https://api.example.org/repos".parse().unwrap()).is_some());
        for other in
            ["https://example.org/", "http://api.example.org/", "https://api.example.org:8443/", "https://api.example.org.evil.net/"]
        {
            assert!(token.header_for(&other.parse().unwrap()).is_none(), "{other}");
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
