//! Numbers that are made of a linked version by a rule that no pattern follows: `3.5.4001`,
//! `0x30500040L`.

use std::cell::LazyCell;

use crate::openssl::version::Version;
use crate::project::discovery::found::{Checkout, FoundLink};
use crate::project::discovery::line::sighting::Lines;
use crate::project::discovery::line::{file_kind, subject};
use crate::project::discovery::value::sightings;
use crate::text::budget;

/// Makes each link doubtful from whose version such a number is made: it would stay behind.
pub(crate) fn mark(checkout: &Checkout, links: &mut [FoundLink]) {
    for link in links.iter_mut().filter(|link| !link.tested) {
        if link.doubt.is_some() {
            continue;
        }
        let places = checkout.texts.iter().filter(|(path, text)| {
            !file_kind::is_prose(path, text) && file_kind::aside(path).is_none()
        });
        link.doubt = places.into_iter().find_map(|(path, text)| {
            let whole = || whole(path, text, link.version).map(|number| (1, number));
            // What no word of OpenSSL stands near may be a number of anything.
            let speaks =
                || sightings::contains_openssl(text) || subject::path_names_openssl(path);
            let dotted = link.version.to_string();
            let is_made = |made: &str| {
                let rest = made.strip_prefix(&dotted);
                rest.is_none_or(|rest| rest.len() > 2 || rest.bytes().all(|byte| byte == b'0'))
            };
            let made = stands(text, link.version).filter(|(_, made)| is_made(made) || speaks());
            let lettered = || lettered_at(text, link.version).filter(|_| speaks());
            let numbered = || numbered_at(text, link.version).filter(|_| speaks());
            let found = made.or_else(whole).or_else(lettered);
            let (line, number) = found.or_else(numbered)?;
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
        if !["0x", "0X"].iter().any(|sign| text.contains(sign)) {
            return None;
        }
        let lower = text.to_ascii_lowercase();
        lower
            .match_indices(&number)
            .map(|(at, _)| (at, text[at..at + number.len()].to_owned()))
            .find(|(at, _)| !is_compared(&text[lines.range(lines.line_of(*at))]))
    };
    let says = text.contains(&dotted);
    let commented = || {
        let mut numbered = text.lines().enumerate().filter(|_| says);
        numbered.find_map(|(at, line)| {
            if line.len() > budget::LINE_WITH_VALUE || !line.contains(&dotted) {
                return None;
            }
            Some((at + 1, commented(line, version)?.to_owned()))
        })
    };
    let found = longer.or_else(hexadecimal);
    found
        .map(|(at, number)| (lines.line_of(at), number))
        .or_else(commented)
}

/// The line that gives a letter behind a dot, as `1.1.1.d` for 1.1.1d, where that is a whole value.
fn lettered_at(text: &str, version: Version) -> Option<(usize, String)> {
    let written = version.to_string();
    let base = written.trim_end_matches(|c: char| c.is_ascii_lowercase());
    let number = format!("{base}.{}", &written[base.len()..]);
    if base.len() == written.len() || !text.contains(&number) {
        return None;
    }
    let is_given = |line: &str| {
        let is_whole = |at: usize| {
            let (before, after) = (&line[..at], &line[at + number.len()..]);
            let opens = before.ends_with(['=', ':', ' ', '"', '\'', '>', '\t']);
            opens && (after.is_empty() || after.starts_with(['"', '\'', ' ', ',', ';', '<', '#']))
        };
        line.len() <= budget::LINE_WITH_VALUE
            && !subject::is_comment(line)
            && line.match_indices(&number).any(|(at, _)| is_whole(at))
    };
    let mut lines = text.lines().enumerate();
    let (at, _) = lines.find(|(_, line)| is_given(line))?;
    Some((at + 1, number))
}

/// The line that says the letter as a number, where only numbers may be: `1.1.1.8` for 1.1.1h.
fn numbered_at(text: &str, version: Version) -> Option<(usize, String)> {
    let number = numbered(version)?;
    let is_whole = |at: usize| {
        let rest = &text[at + number.len()..];
        let after = rest.strip_prefix('.').unwrap_or(rest);
        !text[..at].ends_with(|c: char| c.is_ascii_digit() || c == '.')
            && !after.starts_with(|c: char| c.is_ascii_alphanumeric())
    };
    let mut found = text.match_indices(&number).map(|(at, _)| at);
    let at = found.find(|at| is_whole(*at))?;
    Some((Lines::of(text).line_of(at), number.clone()))
}

/// A version with a letter as four numbers; none where it has no letter, or more than one.
fn numbered(version: Version) -> Option<String> {
    let written = version.to_string();
    let base = written.trim_end_matches(|c: char| c.is_ascii_lowercase());
    let mut letters = written[base.len()..].bytes();
    match (letters.next(), letters.next()) {
        (Some(letter), None) => Some(format!("{base}.{}", letter - b'a' + 1)),
        _ => None,
    }
}

/// What a file says that says nothing else than the version with a number of its own behind it:
/// `1.1.1w-6`. A number without a letter may be the project's own.
fn whole(path: &str, text: &str, version: Version) -> Option<String> {
    let written = text.trim();
    let rest = written.strip_prefix(&version.to_string())?;
    let number = rest.strip_prefix(['-', '+', '_', ' '])?;
    let is_number = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
    let lettered = || {
        version
            .to_string()
            .ends_with(|c: char| c.is_ascii_alphabetic())
    };
    (is_number && (lettered() || subject::names_openssl(path))).then(|| written.to_owned())
}

/// A number of many figures whose line says in a comment which version it is: `"1.1.1900" # 1.1.1q`.
fn commented(line: &str, version: Version) -> Option<&str> {
    let (code, comment) = ["#", "//"].iter().find_map(|sign| line.split_once(sign))?;
    let is_said = comment
        .split(|c: char| !(c.is_ascii_alphanumeric() || c == '.'))
        .any(|word| word == version.to_string());
    let start = format!("{}.{}.", version.major(), version.minor());
    let mut words = code.split(|c: char| !(c.is_ascii_alphanumeric() || c == '.'));
    words.find(|word| {
        let rest = word.strip_prefix(&start);
        is_said
            && rest.is_some_and(|rest| {
                rest.len() > 2 && rest.bytes().all(|byte| byte.is_ascii_digit())
            })
    })
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
    fn what_a_version_of_letters_is_made_into() {
        let version: Version = "1.1.1q".parse().unwrap();
        for (text, expected) in [
            ("s.version = \"1.1.1900\" # 1.1.1q\n", Some("1.1.1900")),
            ("s.version = \"1.1.1900\"\n", None),
            ("s.version = \"1.1.19\" # 1.1.1q\n", None),
            ("s.version = \"1.1.1900\" # 1.1.1qa\n", None),
        ] {
            let found = stands(text, version).map(|(_, number)| number);
            assert_eq!(found.as_deref(), expected, "{text}");
        }
        for (path, text, version, expected) in [
            (".version", "1.1.1w-6\n", "1.1.1w", true),
            (".version", "3.5.4-6\n", "3.5.4", false),
            ("openssl/version", "3.5.4-6\n", "3.5.4", true),
            (".version", "1.1.1w-rc\n", "1.1.1w", false),
        ] {
            let found = whole(path, text, version.parse().unwrap());
            assert_eq!(found.is_some(), expected, "{path} {text}");
        }
    }

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
