//! Numbers that are made of a linked version by a rule that no pattern follows: `3.5.4001`,
//! `0x30500040L`.

use std::cell::LazyCell;

use super::found::{Checkout, FoundLink};
use super::sighting::Lines;
use super::subject;
use crate::openssl::version::Version;

/// Makes each link doubtful from whose version such a number is made: it would stay behind.
pub(super) fn mark(checkout: &Checkout, links: &mut [FoundLink]) {
    for link in links.iter_mut().filter(|link| !link.tested) {
        if link.doubt.is_some() {
            continue;
        }
        let places = checkout.texts.iter().filter(|(path, text)| {
            !subject::is_prose(path, text) && subject::aside(path).is_none()
        });
        link.doubt = places.into_iter().find_map(|(path, text)| {
            let (line, number) = stands(text, link.version)?;
            Some(format!(
                "`{path}` line {line} says `{number}`, which is made of {} and which no pattern moves; move it by hand, and read this link in when nothing else is left behind",
                link.version
            ))
        });
    }
}

/// The first line that says a number made of this version.
fn stands(text: &str, version: Version) -> Option<(usize, String)> {
    let dotted = version.to_string();
    let longer = text.match_indices(&dotted).find_map(|(at, _)| {
        let rest = &text[at + dotted.len()..];
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        let more = &rest[digits..];
        let inner = text[..at].ends_with(|c: char| c.is_ascii_alphanumeric() || c == '.')
            || more.starts_with(|c: char| c.is_ascii_alphanumeric())
            || (more.starts_with('.') && more[1..].starts_with(|c: char| c.is_ascii_digit()));
        (rest.starts_with('0') && (2..=4).contains(&digits) && !inner)
            .then(|| (at, format!("{dotted}{}", &rest[..digits])))
    });
    let lines = LazyCell::new(|| Lines::of(text));
    let hexadecimal = || {
        let number = hexadecimal(version)?;
        let lower = text.to_ascii_lowercase();
        lower
            .match_indices(&number)
            .map(|(at, _)| (at, text[at..at + number.len()].to_owned()))
            .find(|(at, _)| !is_compared(&text[lines.range(lines.line_of(*at))]))
    };
    let (at, number) = longer.or_else(hexadecimal)?;
    Some((lines.line_of(at), number))
}

/// `OPENSSL_VERSION_NUMBER` of a release, as 3.0 and later write it.
fn hexadecimal(version: Version) -> Option<String> {
    let number = version.number().filter(|_| version.major() >= 3)?;
    Some(format!("0x{number:x}"))
}

/// Whether a line asks for at least a number, or for less.
fn is_compared(line: &str) -> bool {
    line.contains(['<', '>'])
        || line.contains("==")
        || line.trim_start().starts_with("#") && !line.contains("define")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_made_of_a_version() {
        let version: Version = "3.5.4".parse().unwrap();
        for (text, expected) in [
            ("a\nMARKETING = 3.5.4001\n", Some((2, "3.5.4001"))),
            ("NUMBER := 0x30500040L\n", Some((1, "0x30500040"))),
            ("#define NUMBER 0x30500040L\n", Some((1, "0x30500040"))),
            ("#if NUMBER >= 0x30500040L\n", None),
            ("x 3.5.40\ny 3.5.4\nz 13.5.4001\n", None),
            ("3.5.4001.2\n", None),
        ] {
            let found = stands(text, version);
            let found = found
                .as_ref()
                .map(|(line, number)| (*line, number.as_str()));
            assert_eq!(found, expected, "{text}");
        }
    }
}
