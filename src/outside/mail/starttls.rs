//! The few words that are spoken before TLS: greeting, EHLO, STARTTLS (RFC 3207). Nothing of ours
//! is in them.

use lettre::transport::smtp::extension::ClientId;
use lettre::transport::smtp::response::{Response, Severity};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::failure::MailFailure;

/// How much a server may say before TLS.
const MOST: usize = 32 << 10;

/// Brings a plain connection to where the TLS handshake starts.
pub(super) async fn ask(stream: &mut TcpStream, hello: &ClientId) -> Result<(), MailFailure> {
    expect("the greeting", &answer(stream).await?)?;
    let offer = say(stream, &format!("EHLO {hello}\r\n")).await?;
    let offered = offer.code().severity == Severity::PositiveCompletion
        && offer
            .message()
            .skip(1)
            .any(|line| line.trim().eq_ignore_ascii_case("STARTTLS"));
    if !offered {
        // A server that is only busy says so with 4yz.
        expect_not_busy("EHLO", &offer)?;
        let _ = stream.write_all(b"QUIT\r\n").await;
        return Err(MailFailure::Final("it offers no TLS (no STARTTLS in its answer to EHLO); use a server that does, or `smtps://`".into()));
    }
    expect("STARTTLS", &say(stream, "STARTTLS\r\n").await?)
}

async fn say(stream: &mut TcpStream, command: &str) -> Result<Response, MailFailure> {
    stream
        .write_all(command.as_bytes())
        .await
        .map_err(|error| MailFailure::lost(&error))?;
    answer(stream).await
}

/// Reads one answer and not a byte beyond it: what someone in between sends after the answer to
/// STARTTLS must not be taken for an answer inside TLS.
async fn answer(stream: &mut TcpStream) -> Result<Response, MailFailure> {
    let (mut text, mut start) = (Vec::new(), 0);
    while text.len() < MOST {
        text.push(
            stream
                .read_u8()
                .await
                .map_err(|error| MailFailure::lost(&error))?,
        );
        if text.ends_with(b"\r\n") {
            if text.get(start + 3) != Some(&b'-') {
                let text = String::from_utf8_lossy(&text);
                return text.parse().map_err(|_| MailFailure::nonsense(&text));
            }
            start = text.len();
        }
    }
    Err(MailFailure::Passing("it says too much before TLS".into()))
}

fn expect(what: &str, answer: &Response) -> Result<(), MailFailure> {
    if answer.code().severity == Severity::PositiveCompletion {
        Ok(())
    } else {
        Err(MailFailure::refused(what, answer))
    }
}

fn expect_not_busy(what: &str, answer: &Response) -> Result<(), MailFailure> {
    if answer.code().severity == Severity::TransientNegativeCompletion {
        Err(MailFailure::refused(what, answer))
    } else {
        Ok(())
    }
}
