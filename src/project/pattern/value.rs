//! What a value looks like in text: where it may end, and what may not stand beside it.

use std::ops::Range;

use super::placeholder::{Algorithm, Placeholder};
use crate::project::base_32;
use crate::text::budget::{DIGITS, VALUE};

/// Characters beside a value that would make it a part of a longer one.
#[derive(Clone, Copy)]
enum Beside {
    /// Dotted numbers: not after a digit or `digit.`, not before a letter, a digit, `.digit` or
    /// `-digit`.
    Dotted,
    /// The same with underscores.
    Underscored,
    /// A number that may be a part of a dotted one: no digit beside it.
    Number,
    /// The last part of a version: no digit before it, no letter or digit after it.
    LastPart,
    /// Words and digests: no letter or digit beside it.
    Word,
    /// Base64: nothing beside it that could be a part of it.
    Base64,
    /// Anything.
    Free,
}

/// How many characters beside the value the pattern itself spells out.
#[derive(Debug, Clone, Copy)]
pub(super) struct Spelled {
    pub(super) before: usize,
    pub(super) after: usize,
}

/// The ends that a value starting at `at` may have, the most wanted first.
pub(super) fn ends(
    placeholder: Placeholder,
    text: &[u8],
    at: usize,
    limit: usize,
    spelled: Spelled,
    split: bool,
) -> Vec<usize> {
    let mut ends = candidates(placeholder, &text[..limit], at, split);
    let beside = beside(placeholder);
    ends.retain(|end| stands_alone(beside, text, at..*end, spelled));
    ends
}

fn beside(placeholder: Placeholder) -> Beside {
    match placeholder {
        Placeholder::Version | Placeholder::Series => Beside::Dotted,
        Placeholder::Underscored => Beside::Underscored,
        Placeholder::Tag => Beside::Dotted,
        Placeholder::Major
        | Placeholder::Minor
        | Placeholder::Size
        | Placeholder::Counter
        | Placeholder::Reset
        | Placeholder::Date
        | Placeholder::ReleaseDate => Beside::Number,
        Placeholder::Patch => Beside::LastPart,
        Placeholder::Sha256
        | Placeholder::Sha512
        | Placeholder::Sha1
        | Placeholder::Md5
        | Placeholder::Base32
        | Placeholder::Commit => Beside::Word,
        Placeholder::Sri(_) | Placeholder::Base64(_) => Beside::Base64,
        Placeholder::Url | Placeholder::ProjectVersion | Placeholder::Any => Beside::Free,
    }
}

fn stands_alone(beside: Beside, text: &[u8], value: Range<usize>, spelled: Spelled) -> bool {
    let before = |back: usize| {
        value
            .start
            .checked_sub(back)
            .filter(|_| spelled.before < back)
            .and_then(|at| text.get(at))
            .copied()
    };
    let after = |ahead: usize| {
        text.get(value.end + ahead - 1)
            .filter(|_| spelled.after < ahead)
            .copied()
    };
    // A pair counts if its far character is not spelled out by the pattern.
    let pair_before = |mark: u8| {
        value.start >= 2
            && text[value.start - 1] == mark
            && before(2).is_some_and(|byte| byte.is_ascii_digit())
    };
    let pair_after = |mark: u8| {
        text.get(value.end) == Some(&mark) && after(2).is_some_and(|byte| byte.is_ascii_digit())
    };
    let digit = |byte: Option<u8>| byte.is_some_and(|byte| byte.is_ascii_digit());
    let letter_or_digit =
        |byte: Option<u8>| byte.is_some_and(|byte| byte.is_ascii_alphanumeric() || byte >= 0x80);
    match beside {
        Beside::Dotted => {
            !(digit(before(1))
                || pair_before(b'.')
                || letter_or_digit(after(1))
                || pair_after(b'.')
                || pair_after(b'-'))
        }
        Beside::Underscored => {
            !(digit(before(1))
                || pair_before(b'_')
                || letter_or_digit(after(1))
                || pair_after(b'_')
                || pair_after(b'-'))
        }
        Beside::Number => !(digit(before(1)) || digit(after(1))),
        Beside::LastPart => !(digit(before(1)) || letter_or_digit(after(1))),
        Beside::Word => !(letter_or_digit(before(1)) || letter_or_digit(after(1))),
        Beside::Base64 => {
            let part = |byte: Option<u8>| byte.is_some_and(is_base64);
            !(part(before(1)) || part(after(1)) || after(1) == Some(b'='))
        }
        Beside::Free => true,
    }
}

fn candidates(placeholder: Placeholder, text: &[u8], at: usize, split: bool) -> Vec<usize> {
    let number = || digits(text, at).filter(|end| end - at <= 19);
    match placeholder {
        Placeholder::Version => version(text, at, b'.'),
        Placeholder::Underscored => version(text, at, b'_'),
        Placeholder::Tag if text[at..].starts_with(b"openssl-") => version(text, at + 8, b'.'),
        Placeholder::Tag if text[at..].starts_with(b"OpenSSL_") => version(text, at + 8, b'_'),
        Placeholder::Tag | Placeholder::Any => Vec::new(),
        Placeholder::Series => series(text, at),
        // Beside another number without anything between, the first takes as little as it can.
        Placeholder::Major | Placeholder::Minor if split => {
            number().map_or_else(Vec::new, |end| (at + 1..=end).collect())
        }
        Placeholder::Major
        | Placeholder::Minor
        | Placeholder::Size
        | Placeholder::Counter
        | Placeholder::Reset => number().into_iter().collect(),
        Placeholder::Patch => number().map_or_else(Vec::new, |end| {
            let lettered = letters(text, end);
            if lettered > end {
                vec![lettered, end]
            } else {
                vec![end]
            }
        }),
        Placeholder::Sha512 => hexadecimal(text, at, 128..=128),
        Placeholder::Sha256 => hexadecimal(text, at, 64..=64),
        Placeholder::Sha1 => hexadecimal(text, at, 40..=40),
        Placeholder::Md5 => hexadecimal(text, at, 32..=32),
        Placeholder::Commit => hexadecimal(text, at, 7..=64),
        Placeholder::Sri(algorithm) if text[at..].starts_with(algorithm.prefix().as_bytes()) => {
            base64(text, at + algorithm.prefix().len(), algorithm)
        }
        Placeholder::Sri(_) => Vec::new(),
        Placeholder::Base64(algorithm) => base64(text, at, algorithm),
        Placeholder::Base32 => base32(text, at),
        Placeholder::Date | Placeholder::ReleaseDate => date(text, at),
        Placeholder::Url => url(text, at),
        Placeholder::ProjectVersion => project_version(text, at),
    }
}

fn run(text: &[u8], at: usize, of: impl Fn(u8) -> bool) -> usize {
    at + text
        .get(at..)
        .unwrap_or_default()
        .iter()
        .take_while(|byte| of(**byte))
        .count()
}

fn digits(text: &[u8], at: usize) -> Option<usize> {
    let within = &text[..text.len().min(at + DIGITS + 1)];
    Some(run(within, at, |byte| byte.is_ascii_digit()))
        .filter(|end| *end > at && end - at <= DIGITS)
}

fn letters(text: &[u8], at: usize) -> usize {
    let within = &text[..text.len().min(at + DIGITS)];
    run(within, at, |byte| byte.is_ascii_lowercase())
}

fn after_mark(text: &[u8], at: usize, mark: u8) -> Option<usize> {
    (text.get(at) == Some(&mark)).then_some(at + 1)
}

fn version(text: &[u8], at: usize, mark: u8) -> Vec<usize> {
    let numbers = || {
        let first = digits(text, at)?;
        let second = digits(text, after_mark(text, first, mark)?)?;
        digits(text, after_mark(text, second, mark)?)
    };
    let Some(bare) = numbers() else {
        return Vec::new();
    };
    let mut ends = Vec::new();
    // Only the numbering before 3.0 had letters.
    let old = matches!(text[at], b'0' | b'1') && text[at + 1] == mark;
    let lettered = if old { letters(text, bare) } else { bare };
    for end in [lettered, bare] {
        ends.extend(stage(text, end));
        if !ends.contains(&end) {
            ends.push(end);
        }
    }
    ends
}

/// The end of `-alpha1`, `-beta1`, `-pre1` or `-dev`.
fn stage(text: &[u8], at: usize) -> Option<usize> {
    let rest = text.get(at..)?;
    if rest.starts_with(b"-dev") {
        return Some(at + 4);
    }
    [&b"-alpha"[..], b"-beta", b"-pre"]
        .iter()
        .find(|name| rest.starts_with(name))
        .and_then(|name| digits(text, at + name.len()))
}

/// Two numbers, or the three of the old numbering.
fn series(text: &[u8], at: usize) -> Vec<usize> {
    let two = || digits(text, after_mark(text, digits(text, at)?, b'.')?);
    let Some(two) = two() else { return Vec::new() };
    let old = matches!(&text[at..at + 2], b"0." | b"1.");
    let three = || digits(text, after_mark(text, two, b'.')?);
    if old {
        three().into_iter().collect()
    } else {
        vec![two]
    }
}

fn hexadecimal(text: &[u8], at: usize, length: std::ops::RangeInclusive<usize>) -> Vec<usize> {
    // What goes on beyond the length is none, however far.
    let within = &text[..text.len().min(at + length.end() + 1)];
    let end = run(within, at, |byte| byte.is_ascii_hexdigit());
    if length.contains(&(end - at)) {
        vec![end]
    } else {
        Vec::new()
    }
}

/// A digest in base64 with its padding: every algorithm's has some.
fn base64(text: &[u8], at: usize, algorithm: Algorithm) -> Vec<usize> {
    let figures = (algorithm.bytes() * 8).div_ceil(6);
    let length = figures.div_ceil(4) * 4;
    // What goes on beyond the length is none, however far.
    let within = &text[..text.len().min(at + length + 1)];
    let end = run(within, at, is_base64);
    let padded = run(within, end, |byte| byte == b'=');
    if end == at + figures && padded - at == length {
        vec![padded]
    } else {
        Vec::new()
    }
}

/// A SHA-256 in base 32.
fn base32(text: &[u8], at: usize) -> Vec<usize> {
    let within = &text[..text.len().min(at + base_32::LENGTH + 1)];
    let end = run(within, at, base_32::is_figure);
    let written = std::str::from_utf8(&text[at..end]).ok();
    written
        .and_then(base_32::decode)
        .map(|_| end)
        .into_iter()
        .collect()
}

pub(super) fn is_base64(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/')
}

fn date(text: &[u8], at: usize) -> Vec<usize> {
    let end = at + 10;
    let iso = text
        .get(at..end)
        .and_then(|date| std::str::from_utf8(date).ok())
        .is_some_and(|date| crate::text::date::iso(date).is_some());
    if iso { vec![end] } else { Vec::new() }
}

fn url(text: &[u8], at: usize) -> Vec<usize> {
    let schemes: [&[u8]; 3] = [b"https://", b"http://", b"ftp://"];
    let Some(scheme) = schemes.iter().find(|scheme| text[at..].starts_with(scheme)) else {
        return Vec::new();
    };
    let start = at + scheme.len();
    let within = &text[..text.len().min(at + VALUE)];
    let end = run(within, start, |byte| {
        byte > b' '
            && !matches!(
                byte,
                b'"' | b'\'' | b'<' | b'>' | b'`' | b'\\' | b'{' | b'}' | b'|' | b'^' | 0x7f
            )
    });
    // Punctuation at the end belongs to the sentence, unless the pattern goes on in the middle of
    // it.
    let trimmed = start + text[start..end].trim_ascii_end().len();
    let bare = (start..trimmed)
        .rev()
        .find(|at| {
            !matches!(
                text[*at],
                b'.' | b',' | b';' | b':' | b')' | b']' | b'!' | b'?'
            )
        })
        .map_or(start, |at| at + 1);
    let mut ends = vec![bare];
    ends.extend((start + 1..=end).rev().filter(|end| *end != bare));
    ends
}

/// Numbers with dots and whatever a packaging scheme hangs on them: 46.0.3, 1.2.0rc1, 2.0.0-beta.2,
/// 1.2.3.dev1+local.
fn project_version(text: &[u8], at: usize) -> Vec<usize> {
    if at > 0
        && (text[at - 1].is_ascii_digit()
            || (text[at - 1] == b'.' && at > 1 && text[at - 2].is_ascii_digit()))
    {
        return Vec::new();
    }
    let Some(number) = digits(text, at) else {
        return Vec::new();
    };
    let within = &text[..text.len().min(at + VALUE)];
    let end = run(within, number, |byte| {
        byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'+' | b'_' | b'!')
    });
    (number..=end)
        .rev()
        .filter(|end| text[end - 1].is_ascii_alphanumeric())
        .collect()
}
