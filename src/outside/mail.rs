//! Mail: hands one message to the server that the environment names, over TLS or not at all.
//!
//! What the message says and whether it is due is decided elsewhere; here is only the way it
//! leaves, and what is known of it afterwards.

mod attempt;
mod certificate;
mod envelope;
mod failure;
mod patience;
mod server;
mod starttls;
mod stream;
mod tls;
mod wire;

use std::fmt;
use std::path::Path;
use std::time::Duration;

use jiff::civil::Date;
use tokio::time::Instant;

use attempt::{Attempt, Way};
use failure::MailFailure;

use crate::text::fault::Fault;

pub use envelope::Envelope;
pub use server::Server;
pub(crate) use server::{Security, VARIABLE};

pub use patience::Patience;

/// Why a message was not, or not certainly, accepted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Undelivered {
    /// Nothing was accepted; the same attempt may succeed later.
    ForNow(String),
    /// Nothing was accepted; something must change first.
    ForGood(String),
    /// The message was handed over, but no answer came: it must not be sent again before someone
    /// has looked whether it arrived.
    Unknown(String),
}

impl fmt::Display for Undelivered {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (Self::ForNow(why) | Self::ForGood(why) | Self::Unknown(why)) = self;
        f.write_str(why)
    }
}

/// The way to a server, ready to be used.
pub struct Mailer {
    server: Server,
    tls: std::sync::Arc<rustls::ClientConfig>,
    patience: Patience,
}

impl Mailer {
    /// Prepares the way to a server. `authorities` is the file that `SSL_CERT_FILE` names, if it
    /// does; it replaces the system's authorities.
    pub fn new(
        server: Server,
        authorities: Option<&Path>,
        patience: Patience,
    ) -> Result<Self, Fault> {
        Ok(Self {
            server,
            tls: tls::config(authorities)?,
            patience,
        })
    }

    fn way(&self) -> Way<'_> {
        Way {
            server: &self.server,
            tls: std::sync::Arc::clone(&self.tls),
            patience: &self.patience,
        }
    }

    /// Connects, makes the connection safe and logs in, once and without sending mail: the last day
    /// of the server's certificate, where it says one.
    pub async fn try_out(&self) -> Result<Option<Date>, Undelivered> {
        let named = |why: String| format!("mail server `{}`: {why}", self.server);
        self.way().try_out().await.map_err(|failure| match failure {
            MailFailure::Passing(why) | MailFailure::Unknown(why) => {
                Undelivered::ForNow(named(why))
            }
            MailFailure::Final(why) => Undelivered::ForGood(named(why)),
        })
    }

    /// Hands a message over, in one transaction for all its recipients: either each of them is
    /// accepted, or nothing is sent. What may pass is tried again, after `waiting` was told why and
    /// how long.
    ///
    /// # Errors
    ///
    /// With the server's words. After [`Undelivered::Unknown`] no further attempt is made.
    pub async fn send(
        &self,
        envelope: &Envelope,
        message: &[u8],
        mut waiting: impl FnMut(&str, Duration),
    ) -> Result<String, Undelivered> {
        let message = wire::lines(message);
        let attempt = Attempt {
            way: self.way(),
            envelope,
            message: &message,
        };
        let last = Instant::now() + self.patience.total;
        let mut pause = self.patience.pause;
        loop {
            let named = |why: String| format!("mail server `{}`: {why}", self.server);
            match attempt.make().await {
                Ok(words) => return Ok(words),
                Err(MailFailure::Passing(why)) if Instant::now() + pause <= last => {
                    waiting(&named(why), pause);
                }
                Err(MailFailure::Passing(why)) => return Err(Undelivered::ForNow(named(why))),
                Err(MailFailure::Final(why)) => return Err(Undelivered::ForGood(named(why))),
                Err(MailFailure::Unknown(why)) => return Err(Undelivered::Unknown(named(why))),
            }
            tokio::time::sleep(pause).await;
            pause *= 2;
        }
    }
}
