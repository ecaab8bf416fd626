//! Who a message is from and for, as the dialogue with the server needs it.

use lettre::Address;

use crate::paper::announcement::Mailbox;
use crate::text::fault::Fault;

/// The addresses of one transaction (RFC 5321, 2.3.1).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Envelope {
    pub(super) from: Address,
    pub(super) to: Vec<Address>,
}

impl Envelope {
    /// An envelope; a list named twice is one list.
    ///
    /// # Errors
    ///
    /// A usage fault, if there is no recipient, or an address is none that a server must take.
    pub fn new(from: &Mailbox, to: &[Mailbox]) -> Result<Self, Fault> {
        let mut recipients = Vec::new();
        for mailbox in to {
            let address = address(mailbox)?;
            if !recipients.contains(&address) {
                recipients.push(address);
            }
        }
        if recipients.is_empty() {
            return Err(Fault::usage("`announcement.to` names no list; add one"));
        }
        Ok(Self {
            from: address(from)?,
            to: recipients,
        })
    }
}

fn address(mailbox: &Mailbox) -> Result<Address, Fault> {
    let address = mailbox.address();
    let read = address
        .parse::<Address>()
        .ok()
        .filter(|_| address.len() <= 254 && address.bytes().all(|byte| byte.is_ascii_graphic()));
    read.ok_or_else(|| {
        Fault::usage(format!(
            "`{}` is not a mail address that every server takes",
            address.escape_debug()
        ))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn mailbox(text: &str) -> Mailbox {
        text.parse().expect("a mailbox")
    }

    #[test]
    fn each_list_once() {
        let to = [
            "Users of it <users@lists.example.org>",
            " dev@lists.example.org ",
            "users@lists.example.org",
        ]
        .map(mailbox);
        let envelope =
            Envelope::new(&mailbox("\"Release, Team\" <release@example.org>"), &to).unwrap();
        assert_eq!(envelope.from.to_string(), "release@example.org");
        let to: Vec<String> = envelope.to.iter().map(ToString::to_string).collect();
        assert_eq!(to, ["users@lists.example.org", "dev@lists.example.org"]);
        assert_eq!(
            Envelope::new(&mailbox("a@example.org"), &[])
                .expect_err("nobody")
                .status(),
            2
        );
    }

    proptest! {
        #[test]
        fn whatever_is_configured_stays_one_argument(text in "\\PC{0,30}|[a-z@<> \r\n,.]{0,30}") {
            if let Some(envelope) = text.parse().ok().and_then(|to| Envelope::new(&mailbox("a@example.org"), &[to]).ok()) {
                prop_assert!(envelope.to[0].to_string().bytes().all(|byte| byte.is_ascii_graphic() && !matches!(byte, b'<' | b'>')));
            }
        }
    }
}
