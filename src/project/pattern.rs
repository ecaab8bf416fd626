//! Literal text with placeholders: what a pin looks for, and what is written in its place.

mod piece;
mod placeholder;
mod search;
mod value;

use std::fmt;
use std::ops::Range;

use crate::text::budget::PATTERN_URLS;

pub(crate) use placeholder::{Algorithm, Placeholder};
pub(crate) use search::Match;

use piece::PatternPiece;

/// Text with placeholders, as a configuration writes it.
///
/// Braces around anything that is no placeholder are plain text; so is a word in braces after `$`,
/// as shells and make write their variables.
///
/// ```
/// use release_check::for_tests::project::pattern::Pattern;
///
/// let pattern = Pattern::of_pin("${X:-{version}}").unwrap();
/// let found: Vec<_> = pattern.find("a=${X:-3.5.4}", 0..13).collect();
/// assert_eq!(found[0].slots[0], 7..12);
/// assert!(Pattern::of_pin("{versoin}").unwrap_err().contains("`{version}`"));
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pattern {
    text: String,
    pieces: Vec<PatternPiece>,
}

/// Placeholders in one pattern: far more than any real one has.
const MOST_PIECES: usize = 400;

impl Pattern {
    /// Reads a pattern of a pin.
    ///
    /// # Errors
    ///
    /// In words, if the pattern is empty or holds a word in braces that is almost a placeholder.
    pub fn of_pin(text: &str) -> Result<Self, String> {
        Self::read(text, &Placeholder::OF_PIN)
    }

    /// Reads a pattern of the project's own version.
    ///
    /// # Errors
    ///
    /// As [`Pattern::of_pin`]; OpenSSL's values have no place here, and `{project_version}` must
    /// stand exactly once.
    pub fn of_project_version(text: &str) -> Result<Self, String> {
        let pattern = Self::read(text, &Placeholder::OF_PROJECT)?;
        match pattern
            .slots()
            .filter(|slot| *slot == Placeholder::ProjectVersion)
            .count()
        {
            1 => Ok(pattern),
            number => Err(format!(
                "`{}` holds `{{project_version}}` {number} times; it must hold it once",
                text.escape_debug()
            )),
        }
    }

    fn read(text: &str, known: &[Placeholder]) -> Result<Self, String> {
        let text = text.replace("\r\n", "\n");
        let mut pieces = Vec::new();
        let mut literal = String::new();
        let mut rest = text.as_str();
        while let Some(c) = rest.chars().next() {
            if c == '{'
                && let Some((slot, length)) = braced(rest, literal.ends_with('$'), known)?
            {
                flush(&mut literal, &mut pieces);
                pieces.push(PatternPiece::Slot(slot));
                rest = &rest[length..];
                continue;
            }
            if c == '\n' {
                flush(&mut literal, &mut pieces);
                pieces.push(PatternPiece::LineBreak);
            } else {
                literal.push(c);
            }
            rest = &rest[c.len_utf8()..];
        }
        flush(&mut literal, &mut pieces);
        if pieces.is_empty() {
            return Err("a pattern is empty".into());
        }
        if pieces.len() > MOST_PIECES {
            return Err(format!("a pattern has more than {MOST_PIECES} parts"));
        }
        let urls = pieces
            .iter()
            .filter(|piece| **piece == PatternPiece::Slot(Placeholder::Url));
        if urls.count() > PATTERN_URLS {
            return Err(format!(
                "a pattern has `{{url}}` more than {PATTERN_URLS} times"
            ));
        }
        Ok(Self { text, pieces })
    }

    /// The placeholders, in order.
    pub fn slots(&self) -> impl Iterator<Item = Placeholder> {
        self.pieces.iter().filter_map(|piece| match piece {
            PatternPiece::Slot(slot) => Some(*slot),
            PatternPiece::Literal(_) | PatternPiece::LineBreak => None,
        })
    }

    /// Whether a match says a whole version by itself.
    pub fn says_version(&self) -> bool {
        self.slots().any(Placeholder::is_version)
    }

    /// Every match within a range of the text, from left to right, none overlapping another.
    pub fn find<'a>(
        &'a self,
        text: &'a str,
        within: Range<usize>,
    ) -> impl Iterator<Item = Match> + 'a {
        search::Search::new(&self.pieces, text, within)
    }

    /// The match that is the whole line, given without its line break.
    pub fn find_line(&self, text: &str, line: Range<usize>) -> Option<Match> {
        search::whole(&self.pieces, text, line)
    }

    /// Writes the pattern with values in its places, line breaks as given.
    ///
    /// # Errors
    ///
    /// What `value` says about the first placeholder it has no value for.
    pub fn fill<E>(
        &self,
        line_break: &str,
        mut value: impl FnMut(Placeholder) -> Result<String, E>,
    ) -> Result<String, E> {
        let mut out = String::new();
        for piece in &self.pieces {
            match piece {
                PatternPiece::Literal(text) => out.push_str(text),
                PatternPiece::LineBreak => out.push_str(line_break),
                PatternPiece::Slot(slot) => out.push_str(&value(*slot)?),
            }
        }
        Ok(out)
    }

    /// The pattern up to its second line, for finding where an entry of several lines starts.
    pub fn first_line(&self) -> Option<Self> {
        let line: Vec<PatternPiece> = self
            .pieces
            .iter()
            .skip_while(|piece| **piece == PatternPiece::LineBreak)
            .take_while(|piece| **piece != PatternPiece::LineBreak)
            .cloned()
            .collect();
        (!line.is_empty()).then(|| Self {
            text: self.text.clone(),
            pieces: line,
        })
    }
}

impl fmt::Display for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&crate::text::printable(&self.text.replace('\n', "\\n")))
    }
}

fn flush(literal: &mut String, pieces: &mut Vec<PatternPiece>) {
    if !literal.is_empty() {
        pieces.push(PatternPiece::Literal(std::mem::take(literal)));
    }
}

/// The placeholder that the text starts with, and its length with braces.
fn braced(
    text: &str,
    after_dollar: bool,
    known: &[Placeholder],
) -> Result<Option<(Placeholder, usize)>, String> {
    let Some(end) = text[1..]
        .find(['{', '}', '\n'])
        .map(|at| at + 1)
        .filter(|at| text[*at..].starts_with('}'))
    else {
        return Ok(None);
    };
    let name = &text[1..end];
    let spelled = ["sha", "md5"].iter().any(|start| name.starts_with(start));
    let word = name
        .chars()
        .all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-') || (spelled && c == ':'))
        && name.chars().any(|c| c.is_ascii_alphabetic());
    if word && after_dollar {
        return Ok(None);
    }
    if let Some(slot) = known.iter().find(|slot| slot.name() == name) {
        return Ok(Some((*slot, end + 1)));
    }
    if !word {
        return Ok(None);
    }
    match known
        .iter()
        .map(|slot| slot.name())
        .filter(|known| known.len() > 1)
        .min_by_key(|known| placeholder::letters_apart(known, name))
    {
        Some(near) if placeholder::letters_apart(near, name) <= 2 => Err(format!(
            "`{{{name}}}` is no placeholder; write `{{{near}}}` if you mean that, or `{{*}}` for any text on the line"
        )),
        _ => Ok(None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(pattern: &str, text: &str) -> Vec<Vec<String>> {
        let pattern = Pattern::of_pin(pattern).expect("a pattern");
        pattern
            .find(text, 0..text.len())
            .map(|found| {
                found
                    .slots
                    .iter()
                    .map(|slot| text[slot.clone()].to_owned())
                    .collect()
            })
            .collect()
    }

    #[test]
    fn versions_end_where_they_end() {
        for (text, expected) in [
            ("openssl-3.5.4", Some("3.5.4")),
            ("openssl-3.5.4-x86_64", Some("3.5.4")),
            ("openssl-3.5.4.tar.gz", Some("3.5.4")),
            ("openssl-3.5.4+dfsg", Some("3.5.4")),
            ("openssl-3.5.40", Some("3.5.40")),
            ("openssl-3.5.4-1", None),
            ("openssl-3.5.4.1", None),
            ("openssl-3.5.4a", None),
            ("openssl-1.1.1w", Some("1.1.1w")),
            ("openssl-1.1.1w2", None),
            ("openssl-3.5.0-beta1", Some("3.5.0-beta1")),
            ("openssl-3.5.0-beta1.tar.gz", Some("3.5.0-beta1")),
            ("openssl-3.5.0-debug", Some("3.5.0")),
        ] {
            assert_eq!(
                found("openssl-{version}", text)
                    .first()
                    .map(|slots| slots[0].as_str()),
                expected,
                "{text}"
            );
        }
        assert_eq!(
            found("{version}", "13.5.4 1.3.5.4 x3.5.4 v3.5.3"),
            [["13.5.4"], ["3.5.4"], ["3.5.3"]]
        );
    }

    #[test]
    fn a_pattern_that_spells_the_neighbour_out_means_it() {
        assert_eq!(found("{version}-1", "3.5.4-1"), [["3.5.4"]]);
        assert_eq!(found("{version}-{0}", "3.5.4-12"), [["3.5.4", "12"]]);
        assert!(found("{version}-{*}", "3.5.4-12").is_empty());
        assert!(found("{version}{*}", "3.5.4-12").is_empty());
        assert_eq!(
            found("300.{*}.{+}+{version}", "v300.5.4+3.5.4"),
            [["5", "4", "3.5.4"]]
        );
    }

    #[test]
    fn every_placeholder_reads_its_own() {
        let sha = "a".repeat(64);
        for (pattern, text, expected) in [
            (
                "{tag}/openssl-{version}.",
                "x/openssl-3.5.4/openssl-3.5.4.tar.gz",
                vec!["openssl-3.5.4", "3.5.4"],
            ),
            ("{tag}.", "OpenSSL_1_1_1w.tar.gz", vec!["OpenSSL_1_1_1w"]),
            ("{version_}", "VER_1_1_1w", vec!["1_1_1w"]),
            ("old/{series}/", "old/1.1.1/ old/3.5/", vec!["1.1.1"]),
            (
                "({major}, {minor}, 0, {patch}, 0)",
                "(3, 5, 0, 7, 0)",
                vec!["3", "5", "7"],
            ),
            ("v{major}{minor}", "v35", vec!["3", "5"]),
            ("{major}.{minor}.{patch}", "1.1.1w", vec!["1", "1", "1w"]),
            ("{series}.{patch}", "3.5.4", vec!["3.5", "4"]),
            ("sha256:{sha256}", &format!("sha256:{sha}"), vec![&sha]),
            (
                "{url}.sha256",
                "# From https://h/openssl-3.5.4.tar.gz.sha256",
                vec!["https://h/openssl-3.5.4.tar.gz"],
            ),
            ("({url})", "(https://h/x_(y)/z)", vec!["https://h/x_(y)/z"]),
            ("see {url}", "see https://h/z.", vec!["https://h/z"]),
            ("{date}", "on 2025-09-30,", vec!["2025-09-30"]),
            ("size={size}", "size=53190367", vec!["53190367"]),
            ("a{*}b{*}c", "a1b2c", vec!["1", "2"]),
        ] {
            assert_eq!(
                found(pattern, text)
                    .first()
                    .map_or(vec![], |slots| slots.iter().map(String::as_str).collect()),
                expected,
                "{pattern}"
            );
        }
        assert!(found("{sha256}", &format!("{sha}a")).is_empty());
        assert!(found("{series}", "3.5.4").is_empty());
        assert!(found("a{*}b", "a\nb").is_empty());
    }

    #[test]
    fn line_breaks_of_both_styles_and_the_edges_of_the_file() {
        assert_eq!(found("a={version}\nb", "a=3.5.4\r\nb"), [["3.5.4"]]);
        assert_eq!(
            found("\nv={version}\n", "v=3.5.3\nv=3.5.4"),
            [["3.5.3"], ["3.5.4"]]
        );
        assert_eq!(
            found("\nv={version}\n", "\u{feff}v=3.5.3\r\nxv=3.5.4\r\n"),
            [["3.5.3"]]
        );
    }

    #[test]
    fn braces_that_are_no_placeholder_are_text() {
        for plain in [
            "{% set x %}",
            "{}",
            "{1}",
            "{ version }",
            "${VERSION}",
            "${version}",
            "{arbitrary}",
            "{{ x }}",
            "${X:-{version}}",
        ] {
            let pattern = Pattern::of_pin(plain).expect(plain);
            assert_eq!(
                pattern.slots().count(),
                usize::from(plain.contains(":-")),
                "{plain}"
            );
        }
        for (typo, meant) in [
            ("{versoin}", "version"),
            ("{sha265}", "sha256"),
            ("{Version}", "version"),
            ("{sha-256}", "sha256"),
            ("{tags}", "tag"),
        ] {
            let message = Pattern::of_pin(typo).expect_err(typo);
            assert!(message.contains(&format!("`{{{meant}}}`")), "{message}");
        }
        assert!(Pattern::of_pin("").is_err());
        assert!(Pattern::of_project_version("v = {version}").is_err());
    }
}
