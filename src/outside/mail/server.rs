//! The mail server that `RELEASE_CHECK_SMTP_URL` names.

use std::fmt;

use lettre::transport::smtp::authentication::Credentials;
use reqwest::Url;
use rustls::pki_types::ServerName;

use crate::text::fault::Fault;
use crate::text::percent_decoded;

/// The environment variable with the server's address and credentials.
pub(crate) const VARIABLE: &str = "RELEASE_CHECK_SMTP_URL";

/// A mail server to hand a message to. Its credentials are never shown.
#[derive(Clone)]
pub struct Server {
    /// Its name or address, an IPv6 address without brackets.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// How the connection becomes safe.
    pub security: Security,
    /// Whom its certificate must name.
    pub(super) name: ServerName<'static>,
    pub(super) login: Option<Login>,
}

/// User and password.
#[derive(Clone)]
pub(super) struct Login {
    pub(super) user: String,
    pub(super) password: String,
}

/// How a connection becomes safe. There is no third way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Security {
    /// `smtp://`: plain at first, TLS after STARTTLS (RFC 3207); nothing of ours is sent before.
    StartTls,
    /// `smtps://`: TLS from the first byte on (RFC 8314).
    Implicit,
}

impl Server {
    /// Reads `smtp://user:password@host:587` or `smtps://user:password@host`.
    ///
    /// # Errors
    ///
    /// A usage fault, which never repeats any part of the address: what stands in the wrong place
    /// may be the password.
    pub fn read(address: &str) -> Result<Self, Fault> {
        let wrong = |why: &str| Fault::usage(format!("`{VARIABLE}` {why}"));
        let shape = "is no mail server's address; write `smtps://user:password@host` or `smtp://user:password@host:587`, \
                     with `%`, `@`, `/`, `?`, `#` and `:` in user and password percent-encoded";
        let url = Url::parse(address.trim()).map_err(|_| wrong(shape))?;
        let (security, port) = match url.scheme() {
            "smtp" => (Security::StartTls, 587),
            "smtps" => (Security::Implicit, 465),
            _ => return Err(wrong(shape)),
        };
        let bare =
            matches!(url.path(), "" | "/") && url.query().is_none() && url.fragment().is_none();
        let host = decoded(url.host_str().unwrap_or_default())
            .filter(|host| bare && !host.is_empty())
            .ok_or_else(|| wrong(shape))?;
        let host = host
            .strip_prefix('[')
            .and_then(|host| host.strip_suffix(']'))
            .unwrap_or(&host)
            .to_owned();
        let name = ServerName::try_from(host.clone())
            .map_err(|_| wrong("names a host that no certificate can name"))?;
        let user =
            decoded(url.username()).ok_or_else(|| wrong("has a user that is not readable text"))?;
        let password = url
            .password()
            .map(|text| {
                decoded(text).ok_or_else(|| wrong("has a password that is not readable text"))
            })
            .transpose()?;
        let login = match (user.is_empty(), password) {
            (true, None) => None,
            (false, Some(password)) if !password.is_empty() => Some(Login { user, password }),
            (false, _) => return Err(wrong("has a user but no password")),
            (true, Some(_)) => return Err(wrong("has a password but no user")),
        };
        Ok(Self {
            host,
            port: url.port().unwrap_or(port),
            security,
            name,
            login,
        })
    }
}

impl Server {
    /// Whether user and password are known.
    pub fn has_login(&self) -> bool {
        self.login.is_some()
    }
}

/// Percent-decoded text; none where it is none, is not UTF-8 or has control characters, which no
/// dialogue could carry.
fn decoded(text: &str) -> Option<String> {
    percent_decoded(text).filter(|text| !text.chars().any(char::is_control))
}

impl Login {
    pub(super) fn credentials(&self) -> Credentials {
        Credentials::new(self.user.clone(), self.password.clone())
    }
}

impl fmt::Display for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.host.contains(':') {
            write!(f, "[{}]:{}", self.host, self.port)
        } else {
            write!(f, "{}:{}", self.host, self.port)
        }
    }
}

impl fmt::Debug for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let login = if self.login.is_some() {
            "redacted"
        } else {
            "none"
        };
        write!(f, "Server({self}, {:?}, login {login})", self.security)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses() {
        for (address, host, port, security, login) in [
            (
                "smtp://mail.example.org",
                "mail.example.org",
                587,
                Security::StartTls,
                None,
            ),
            (
                "smtps://u:p@mail.example.org",
                "mail.example.org",
                465,
                Security::Implicit,
                Some(("u", "p")),
            ),
            (
                "smtp://u%40example.org:p%3A%2F%25%20x@mail.example.org:2525/",
                "mail.example.org",
                2525,
                Security::StartTls,
                Some(("u@example.org", "p:/% x")),
            ),
            ("smtps://[::1]:4650", "::1", 4650, Security::Implicit, None),
            (
                "smtps://u:a+b@127.0.0.1\n",
                "127.0.0.1",
                465,
                Security::Implicit,
                Some(("u", "a+b")),
            ),
        ] {
            let server = Server::read(address).expect(address);
            assert_eq!(
                (server.host.as_str(), server.port, server.security),
                (host, port, security),
                "{address}"
            );
            assert_eq!(
                server
                    .login
                    .as_ref()
                    .map(|login| (login.user.as_str(), login.password.as_str())),
                login,
                "{address}"
            );
        }
        assert_eq!(
            Server::read("smtps://[::1]").unwrap().to_string(),
            "[::1]:465"
        );
    }

    #[test]
    fn what_is_wrong_is_refused_without_repeating_it() {
        for address in [
            "",
            "mail.example.org:587",
            "http://hunter2@mail.example.org",
            "smtp://",
            "smtp://user:hunter2@",
            "smtp://user:hunter2/x@mail.example.org",
            "smtp://user:25/hunter2@mail.example.org",
            "smtp://user:25?hunter2@mail.example.org",
            "smtp://user:25#hunter2@mail.example.org",
            "smtp://user@mail.example.org",
            "smtp://:hunter2@mail.example.org",
            "smtp://user:hunter2%0d%0aQUIT@mail.example.org",
            "smtp://user:hunter2%ff@mail.example.org",
            "smtp://user:hunter2@mail.example.org:99999",
            "smtp://user:x@hunter2 .example.org",
        ] {
            let fault = Server::read(address).expect_err(address);
            assert_eq!(fault.status(), 2, "{address}");
            assert!(!fault.to_string().contains("hunter2"), "{address}: {fault}");
        }
    }

    #[test]
    fn secrets_do_not_show() {
        let server = Server::read("smtp://user:hunter2@mail.example.org").unwrap();
        assert!(
            !format!("{server:?} {server}").contains("hunter2")
                && !format!("{server:?}").contains("user")
        );
    }
}
