//! One attempt: connect, make the connection safe, log in, hand the message over.

use std::future::Future;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use jiff::civil::Date;
use lettre::transport::smtp::Error;
use lettre::transport::smtp::authentication::Mechanism;
use lettre::transport::smtp::client::AsyncSmtpConnection;
use lettre::transport::smtp::commands::{Auth, Data, Mail, Rcpt};
use lettre::transport::smtp::extension::{ClientId, Extension, MailBodyParameter, MailParameter};
use lettre::transport::smtp::response::{Response, Severity};
use rustls::ClientConfig;
use tokio::net::{TcpStream, lookup_host};
use tokio::time::timeout;
use tokio_rustls::TlsConnector;

use super::envelope::Envelope;
use super::failure::{MailFailure, words};
use super::patience::Patience;
use super::server::Server;
use super::server::{Login, Security};
use super::stream::Secure;
use super::{certificate, starttls};

/// The mechanisms that are used, inside TLS only.
const MECHANISMS: [Mechanism; 2] = [Mechanism::Plain, Mechanism::Login];

/// The way to a server.
pub(super) struct Way<'a> {
    pub(super) server: &'a Server,
    pub(super) tls: Arc<ClientConfig>,
    pub(super) patience: &'a Patience,
}

/// What every attempt is made with.
pub(super) struct Attempt<'a> {
    pub(super) way: Way<'a>,
    pub(super) envelope: &'a Envelope,
    /// As it goes over the wire, see [`super::wire::lines`].
    pub(super) message: &'a [u8],
}

impl Attempt<'_> {
    /// Hands the message over in one transaction for all recipients; the server's words on success.
    pub(super) async fn make(&self) -> Result<String, MailFailure> {
        let (stream, hello) = self.way.secure().await?;
        let mut connection = self.way.greet(stream, &hello).await?;
        let result = self.converse(&mut connection).await;
        leave(connection).await;
        // A server may repeat what it was told long after the login.
        let secret = |words: String| match &self.way.server.login {
            Some(login) => login.redact(&words),
            None => words,
        };
        result.map(secret).map_err(|failure| failure.map(secret))
    }

    async fn converse(&self, connection: &mut AsyncSmtpConnection) -> Result<String, MailFailure> {
        self.way.log_in(connection).await?;
        let body = self.body_parameter(connection)?;
        self.way
            .answer(
                "the sender",
                connection.command(Mail::new(Some(self.envelope.from.clone()), body)),
            )
            .await?;
        for list in &self.envelope.to {
            self.way
                .answer(
                    &format!("the recipient `{list}`"),
                    connection.command(Rcpt::new(list.clone(), Vec::new())),
                )
                .await?;
        }
        let go_ahead = self.way.answer("DATA", connection.command(Data)).await?;
        if go_ahead.code().severity != Severity::PositiveIntermediate {
            return Err(MailFailure::refused("DATA", &go_ahead));
        }
        self.hand_over(connection).await
    }

    /// Sends the text. From here on only an answer says what became of it.
    async fn hand_over(&self, connection: &mut AsyncSmtpConnection) -> Result<String, MailFailure> {
        let unknown = |why: String| Err(MailFailure::Unknown(why));
        match timeout(self.way.patience.verdict, connection.message(self.message)).await {
            Ok(Ok(response)) if response.code().severity == Severity::PositiveCompletion => {
                Ok(said(&response))
            }
            Ok(Ok(response)) => unknown(format!(
                "after the message it answered `{}`",
                said(&response)
            )),
            Ok(Err(error)) if error.status().is_some() => {
                Err(MailFailure::of("the message", &error))
            }
            Ok(Err(error)) => unknown(format!(
                "the connection was lost after the message: {}",
                words(&error.to_string())
            )),
            Err(_) => unknown(format!(
                "it did not answer within {} seconds after the message",
                self.way.patience.verdict.as_secs()
            )),
        }
    }

    fn body_parameter(
        &self,
        connection: &AsyncSmtpConnection,
    ) -> Result<Vec<MailParameter>, MailFailure> {
        match (self.message.is_ascii(), connection.server_info().supports_feature(Extension::EightBitMime)) {
            (true, _) => Ok(Vec::new()),
            (false, true) => Ok(vec![MailParameter::Body(MailBodyParameter::EightBitMime)]),
            (false, false) => {
                Err(MailFailure::Final("it takes only ASCII (no 8BITMIME), and the message is not; encode its text as quoted-printable".into()))
            }
        }
    }
}

impl Way<'_> {
    /// Connects, makes the connection safe and logs in, and sends no mail: the end of the server's
    /// certificate, where it says one.
    pub(super) async fn try_out(&self) -> Result<Option<Date>, MailFailure> {
        let (stream, hello) = self.secure().await?;
        let until = stream.certificate().and_then(certificate::valid_until);
        let mut connection = self.greet(stream, &hello).await?;
        let result = self.log_in(&mut connection).await;
        leave(connection).await;
        result.map(|()| until)
    }

    async fn greet(
        &self,
        stream: Secure,
        hello: &ClientId,
    ) -> Result<AsyncSmtpConnection, MailFailure> {
        let connection = AsyncSmtpConnection::connect_with_transport(Box::new(stream), hello);
        self.answer("the greeting inside TLS", connection).await
    }

    async fn log_in(&self, connection: &mut AsyncSmtpConnection) -> Result<(), MailFailure> {
        let Some(login) = &self.server.login else {
            return Ok(());
        };
        let result = self
            .answer(
                "the login",
                connection.auth(&MECHANISMS, &login.credentials()),
            )
            .await;
        result
            .map(drop)
            .map_err(|failure| failure.map(|why| login.redact(&why)))
    }

    async fn secure(&self) -> Result<(Secure, ClientId), MailFailure> {
        let mut stream = self.connect().await?;
        let _ = stream.set_nodelay(true);
        let hello = hello(&stream).map_err(|error| MailFailure::lost(&error))?;
        if self.server.security == Security::StartTls {
            let asked = timeout(self.patience.answer, starttls::ask(&mut stream, &hello)).await;
            asked.unwrap_or_else(|_| Err(self.silent("before TLS")))?;
        }
        let handshake =
            TlsConnector::from(Arc::clone(&self.tls)).connect(self.server.name.clone(), stream);
        let inside = timeout(self.patience.answer, handshake)
            .await
            .map_err(|_| self.silent("during the TLS handshake"))?;
        let inside = inside.map_err(|error| MailFailure::of_tls(&error))?;
        let stream = if self.server.security == Security::StartTls {
            Secure::upgraded(inside)
        } else {
            Secure::fresh(inside)
        };
        Ok((stream, hello))
    }

    async fn connect(&self) -> Result<TcpStream, MailFailure> {
        let name = (self.server.host.as_str(), self.server.port);
        let resolved = timeout(self.patience.connect, lookup_host(name))
            .await
            .unwrap_or_else(|_| Err(io::ErrorKind::TimedOut.into()));
        let mut why = match resolved {
            Ok(addresses) => {
                let mut why = "its name has no address".to_owned();
                for address in addresses {
                    match timeout(self.patience.connect, TcpStream::connect(address)).await {
                        Ok(Ok(stream)) => return Ok(stream),
                        Ok(Err(error)) => why = error.to_string(),
                        Err(_) => why = "timed out".into(),
                    }
                }
                why
            }
            Err(error) => error.to_string(),
        };
        why.insert_str(0, "it cannot be reached: ");
        Err(MailFailure::Passing(why))
    }

    async fn answer<T>(
        &self,
        what: &str,
        future: impl Future<Output = Result<T, Error>>,
    ) -> Result<T, MailFailure> {
        match timeout(self.patience.answer, future).await {
            Ok(result) => result.map_err(|error| MailFailure::of(what, &error)),
            Err(_) => Err(self.silent(&format!("to {what}"))),
        }
    }

    fn silent(&self, when: &str) -> MailFailure {
        MailFailure::Passing(format!(
            "it did not answer {when} within {} seconds",
            self.patience.answer.as_secs()
        ))
    }
}

/// Takes leave: the transaction is over, whatever the server still says.
async fn leave(mut connection: AsyncSmtpConnection) {
    let _ = timeout(Duration::from_secs(2), connection.quit()).await;
}

/// How this client names itself: by its address, which is right where it has no name of its own in
/// public (RFC 5321, 4.1.4).
fn hello(stream: &TcpStream) -> io::Result<ClientId> {
    Ok(match stream.local_addr()?.ip().to_canonical() {
        std::net::IpAddr::V4(address) => ClientId::Ipv4(address),
        std::net::IpAddr::V6(address) => ClientId::Ipv6(address),
    })
}

fn said(response: &Response) -> String {
    let lines: Vec<&str> = response.message().collect();
    words(&format!("{} {}", response.code(), lines.join(" ")))
}

impl Login {
    /// A server's words without the secret, should it repeat what it was told.
    fn redact(&self, words: &str) -> String {
        let mut withheld = vec![self.password.clone()];
        let mut words = words.replace(&self.password, "***");
        for mechanism in MECHANISMS {
            for challenge in [None, Some("334 UGFzc3dvcmQ6\r\n")] {
                let challenge = challenge.and_then(|text| text.parse::<Response>().ok());
                let spoken = match &challenge {
                    None => Auth::new(mechanism, self.credentials(), None),
                    Some(challenge) => {
                        Auth::new_from_response(mechanism, self.credentials(), challenge)
                    }
                };
                let spoken = spoken
                    .map(|command| command.to_string())
                    .unwrap_or_default();
                if let Some(encoded) = spoken
                    .split_whitespace()
                    .last()
                    .filter(|encoded| encoded.len() >= 4 && *encoded != "LOGIN")
                {
                    withheld.push(encoded.to_owned());
                    words = words.replace(encoded, "***");
                }
            }
        }
        // Broken over lines, or cut off in the middle, it is still the secret.
        let squeezed = without_spaces(&words);
        let repeated = withheld.iter().any(|secret| {
            let secret = without_spaces(secret);
            secret.len() >= 6 && (squeezed.contains(&secret) || ends_in_part_of(&squeezed, &secret))
        });
        if repeated {
            "its answer repeats the login and is not shown".to_owned()
        } else {
            words
        }
    }
}

fn without_spaces(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}

/// Whether a text ends in the beginning of a secret, with or without the quote mark around it.
fn ends_in_part_of(text: &str, secret: &str) -> bool {
    let text = text.trim_end_matches('`');
    (8..secret.len())
        .filter(|length| secret.is_char_boundary(*length))
        .any(|length| text.ends_with(&secret[..length]))
}
