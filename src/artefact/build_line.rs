//! The line that OpenSSL's own code carries about its build, and that no header brings: `built on: Tue
//! Sep 30 12:00:00 2025 UTC`.

use jiff::civil::Date;
use memchr::memmem;

use super::view::Piece;
use crate::text::date;

/// How the line begins.
pub(super) const START: &[u8] = b"built on: ";

/// Longer than any such line.
const LONGEST: usize = 80;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct BuildLine {
    /// None where it gives none: builds that can be repeated say so instead.
    pub(super) date: Option<Date>,
}

impl BuildLine {
    /// The first that begins in a piece.
    pub(super) fn find(piece: &Piece<'_>) -> Option<Self> {
        memmem::find_iter(piece.bytes, START)
            .filter(|at| piece.range.contains(at))
            .find_map(|at| Self::read(piece.bytes, at))
    }

    /// Reads the C string that begins here with [`START`]; a longer one that only contains it is
    /// somebody else's sentence.
    pub(super) fn read(bytes: &[u8], at: usize) -> Option<Self> {
        if bytes[..at].last().is_some_and(|&before| before != 0) {
            return None;
        }
        let rest = &bytes[at + START.len()..];
        let end = rest.iter().take(LONGEST).position(|&byte| byte == 0)?;
        let line = std::str::from_utf8(&rest[..end]).ok()?;
        let words: Vec<&str> = line.split_ascii_whitespace().collect();
        let date = match words.as_slice() {
            // What the look-alikes say.
            ["n/a"] => return None,
            [_, month, day, _, year, ..] => date::spelled(&format!("{day} {month} {year}")),
            _ => None,
        };
        Some(Self { date })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_build_line() {
        for (line, built) in [
            (
                "\0built on: Tue Aug 24 15:03:09 2021 UTC\0",
                Some(Some("2021-08-24")),
            ),
            (
                "\0built on: Wed Sep  9 13:23:58 2026 UTC\0",
                Some(Some("2026-09-09")),
            ),
            (
                "\0built on: reproducible build, date unspecified\0",
                Some(None),
            ),
            ("\0built on: n/a\0", None),
            (
                "built on: Tue Aug 24 15:03:09 2021 UTC\0",
                Some(Some("2021-08-24")),
            ),
            ("it was built on: Tue Aug 24 15:03:09 2021 UTC\0", None),
        ] {
            let piece = Piece {
                bytes: line.as_bytes(),
                range: 0..line.len(),
                start: 0,
            };
            let read = BuildLine::find(&piece).map(|line| line.date.map(|date| date.to_string()));
            assert_eq!(read, built.map(|date| date.map(str::to_owned)), "{line}");
        }
    }
}
