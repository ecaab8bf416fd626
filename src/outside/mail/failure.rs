//! How an attempt to hand a message over can fail, and what that says about the message.

use std::error::Error as _;
use std::io;

use lettre::transport::smtp::Error;
use lettre::transport::smtp::response::{Response, Severity};

use crate::text::short_line;

/// Why an attempt failed, in words for the user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum MailFailure {
    /// Nothing was accepted, and another attempt may succeed.
    Passing(String),
    /// Nothing was accepted, and another attempt would end the same way.
    Final(String),
    /// The message was handed over and no answer came: nobody here knows whether it was accepted.
    Unknown(String),
}

impl MailFailure {
    /// The connection broke.
    pub(super) fn lost(error: &io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::UnexpectedEof => Self::Passing("the connection was closed".into()),
            _ => Self::Passing(format!(
                "the connection was lost: {}",
                words(&error.to_string())
            )),
        }
    }

    /// The server's answer is none.
    pub(super) fn nonsense(answer: &str) -> Self {
        Self::Passing(format!("its answer is not SMTP: `{}`", words(answer)))
    }

    /// The server said no, with 4yz for now and with anything else for good (RFC 5321, 4.2.1).
    pub(super) fn refused(what: &str, answer: &Response) -> Self {
        let lines: Vec<&str> = answer.message().collect();
        let why = format!(
            "it refused {what}: `{} {}`",
            answer.code(),
            words(&lines.join(" "))
        );
        if answer.code().severity == Severity::TransientNegativeCompletion {
            Self::Passing(why)
        } else {
            Self::Final(why)
        }
    }

    /// What the SMTP client's error means while nothing has been handed over.
    pub(super) fn of(what: &str, error: &Error) -> Self {
        let said = error
            .source()
            .map(|source| words(&source.to_string()))
            .unwrap_or_default();
        match error.status() {
            Some(code) if error.is_transient() => {
                Self::Passing(format!("it refused {what}: `{code} {said}`"))
            }
            Some(code) => Self::Final(format!("it refused {what}: `{code} {said}`")),
            None if error.is_client() => Self::Final(format!("{what} is not possible: {said}")),
            None => Self::Passing(format!("{what} got no answer: {said}")),
        }
    }

    /// What an error of the TLS handshake means: what TLS itself objects to stays so, what the
    /// network does may pass.
    pub(super) fn of_tls(error: &io::Error) -> Self {
        let Some(objection) = error.get_ref().filter(|inner| inner.is::<rustls::Error>()) else {
            return Self::Passing(format!(
                "TLS could not be started: {}",
                words(&error.to_string())
            ));
        };
        let advice = match objection.downcast_ref() {
            Some(rustls::Error::InvalidCertificate(rustls::CertificateError::UnknownIssuer)) => {
                "; if its authority is your own, name the file with that authority's certificate in `SSL_CERT_FILE`"
            }
            _ => "",
        };
        Self::Final(format!(
            "TLS failed: {}{advice}",
            words(&objection.to_string())
        ))
    }

    /// The same with words put in front.
    pub(super) fn map(self, change: impl FnOnce(String) -> String) -> Self {
        match self {
            Self::Passing(why) => Self::Passing(change(why)),
            Self::Final(why) => Self::Final(change(why)),
            Self::Unknown(why) => Self::Unknown(change(why)),
        }
    }
}

/// A server's words as they may be shown.
pub(super) fn words(text: &str) -> String {
    short_line(text, 400)
}
