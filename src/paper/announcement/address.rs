//! One mail address with an optional name.

use std::str::FromStr;

use super::header;
use crate::text;
use crate::text::not_read::NotRead;

/// A mailbox: `Name <local@domain>` (RFC 5322, 3.4), without the forms that nobody writes:
/// comments, routes, quoted local parts.
///
/// ```
/// use release_check::for_tests::paper::announcement::Mailbox;
///
/// let mailbox: Mailbox = "Release team <release@example.org>".parse().unwrap();
/// assert_eq!(mailbox.domain(), "example.org");
/// for text in ["nobody", "a@b, c@d", "a b@c", "x <a@b> y", "<a@b", "a@b>", "ü@b", "a@b\r\nBcc: c@d"] {
///     assert!(text.parse::<Mailbox>().is_err(), "{text}");
/// }
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mailbox {
    /// The name; empty for none.
    pub name: String,
    /// `local@domain`: dot-atoms in ASCII.
    address: String,
}

impl Mailbox {
    /// The address alone.
    pub fn address(&self) -> &str {
        &self.address
    }

    /// The part after the `@`.
    pub fn domain(&self) -> &str {
        self.address
            .rsplit_once('@')
            .map_or("", |(_, domain)| domain)
    }

    /// The mailbox as a header has it.
    pub fn header(&self) -> String {
        let name = text::one_line(&self.name);
        if name.is_empty() {
            return self.address.clone();
        }
        if !header::is_plain(&name) {
            return format!(
                "{} <{}>",
                header::encoded_words(&name).join(" "),
                self.address
            );
        }
        let atoms = name
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || " !#$%&'*+-/=?^_`{|}~".contains(c));
        let phrase = if atoms {
            name
        } else {
            format!("\"{}\"", name.replace('\\', "\\\\").replace('"', "\\\""))
        };
        format!("{phrase} <{}>", self.address)
    }
}

impl FromStr for Mailbox {
    type Err = NotRead;

    fn from_str(text: &str) -> Result<Self, NotRead> {
        let read = || {
            let trimmed = text.trim();
            let (name, address) = match trimmed.strip_suffix('>') {
                Some(rest) => rest.rsplit_once('<')?,
                None => ("", trimmed),
            };
            let name = name.trim();
            let quoted = name.len() > 1 && name.starts_with('"') && name.ends_with('"');
            let name = if quoted {
                name[1..name.len() - 1]
                    .replace("\\\"", "\"")
                    .replace("\\\\", "\\")
            } else {
                name.to_owned()
            };
            let clear = !name.chars().any(char::is_control)
                && (quoted || !name.contains(['<', '>', ',', ';', '@', '"']));
            let (local, domain) = address.rsplit_once('@')?;
            let atom = |text: &str, more: &str| {
                text.len() <= 250
                    && text.split('.').all(|atom| {
                        !atom.is_empty()
                            && atom
                                .chars()
                                .all(|c| c.is_ascii_alphanumeric() || more.contains(c))
                    })
            };
            (clear && atom(local, "!#$%&'*+-/=?^_`{|}~") && atom(domain, "-")).then(|| Self {
                name,
                address: address.to_owned(),
            })
        };
        read().ok_or_else(|| {
            NotRead::new(
                text,
                "is not one mail address; write `Name <name@example.org>`, each address on its own",
            )
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers() {
        for (text, header) in [
            ("a@b.example", "a@b.example"),
            ("<a@b.example>", "a@b.example"),
            ("Team <a@b.example>", "Team <a@b.example>"),
            ("Ms. X <a@b.example>", "\"Ms. X\" <a@b.example>"),
            (
                "\"A, \\\"B\\\"\" <a@b.example>",
                "\"A, \\\"B\\\"\" <a@b.example>",
            ),
            (
                "Jürgen <a@b.example>",
                "=?utf-8?B?SsO8cmdlbg==?= <a@b.example>",
            ),
        ] {
            assert_eq!(text.parse::<Mailbox>().expect(text).header(), header);
        }
    }
}
