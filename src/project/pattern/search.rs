//! Finding a pattern in text, in time that grows with the text whatever the pattern is.

use std::collections::HashSet;
use std::ops::Range;

use super::piece::PatternPiece;
use super::placeholder::Placeholder;
use super::value::{self, Spelled};
use crate::project::base_32;

/// Where a pattern matches.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Match {
    /// The whole match, in bytes of the text.
    pub range: Range<usize>,
    /// The text of each placeholder, in the pattern's order.
    pub slots: Vec<Range<usize>>,
}

/// The matches of a pattern, from left to right.
pub(super) struct Search<'a> {
    matcher: Matcher<'a>,
    next: usize,
    done: bool,
}

struct Matcher<'a> {
    pieces: &'a [PatternPiece],
    text: &'a str,
    within: Range<usize>,
    slots: Vec<Range<usize>>,
    /// For each piece that is `{*}`: from here to the end of its line the pieces after it match
    /// nowhere.
    hopeless: Vec<Option<Range<usize>>>,
    /// Where pieces whose value can end at several places match nothing, however they are reached.
    dead: HashSet<(usize, usize)>,
    /// Whether a match must end where the range does.
    whole: bool,
}

impl<'a> Search<'a> {
    pub(super) fn new(pieces: &'a [PatternPiece], text: &'a str, within: Range<usize>) -> Self {
        let start = within.start;
        Self {
            matcher: Matcher::new(pieces, text, within, false),
            next: start,
            done: false,
        }
    }
}

/// The match that fills the range.
pub(super) fn whole(pieces: &[PatternPiece], text: &str, range: Range<usize>) -> Option<Match> {
    let start = range.start;
    Matcher::new(pieces, text, range, true).at(start)
}

impl Iterator for Search<'_> {
    type Item = Match;

    fn next(&mut self) -> Option<Match> {
        while !self.done {
            let Some(start) = self.matcher.candidate(self.next) else {
                self.done = true;
                break;
            };
            let found = self.matcher.at(start);
            match &found {
                Some(found) => {
                    // The line break at the end of one match may be the one at the start of the
                    // next.
                    let last_is_break = self.matcher.pieces.len() > 1
                        && self.matcher.pieces.last() == Some(&PatternPiece::LineBreak);
                    let bytes = self.matcher.text.as_bytes();
                    let mut end = found.range.end;
                    if last_is_break && end > start && bytes[end - 1] == b'\n' {
                        end -= 1;
                        end -= usize::from(end > start && bytes[end - 1] == b'\r');
                    }
                    self.next = end.max(start + 1);
                }
                None => self.next = start + 1,
            }
            if found.is_some() {
                return found;
            }
        }
        None
    }
}

impl<'a> Matcher<'a> {
    fn new(pieces: &'a [PatternPiece], text: &'a str, within: Range<usize>, whole: bool) -> Self {
        Self {
            pieces,
            text,
            within,
            slots: Vec::new(),
            hopeless: vec![None; pieces.len()],
            dead: HashSet::new(),
            whole,
        }
    }

    /// The first place from `from` on where a match can start.
    fn candidate(&self, from: usize) -> Option<usize> {
        let end = self.within.end;
        let bytes = &self.text.as_bytes()[..end];
        if from > end {
            return None;
        }
        let later = |found: Option<usize>| found.map(|at| from + at);
        match self.pieces.first()? {
            PatternPiece::Literal(literal) => {
                later(memchr::memmem::find(&bytes[from..], literal.as_bytes()))
            }
            PatternPiece::LineBreak
                if from <= start_of_file(self.text)
                    && self.within.start <= start_of_file(self.text) =>
            {
                Some(from)
            }
            PatternPiece::LineBreak => {
                let at = later(memchr::memchr(b'\n', &bytes[from..]))?;
                Some(if at > from && bytes[at - 1] == b'\r' {
                    at - 1
                } else {
                    at
                })
            }
            PatternPiece::Slot(Placeholder::Any) => {
                (from..=end).find(|at| self.text.is_char_boundary(*at))
            }
            PatternPiece::Slot(Placeholder::Tag | Placeholder::Url) => later(
                bytes[from..]
                    .iter()
                    .position(|byte| matches!(byte, b'o' | b'O' | b'h' | b'f')),
            ),
            PatternPiece::Slot(Placeholder::Sri(algorithm)) => later(memchr::memmem::find(
                &bytes[from..],
                algorithm.prefix().as_bytes(),
            )),
            PatternPiece::Slot(Placeholder::Base64(_)) => later(
                bytes[from..]
                    .iter()
                    .position(|byte| value::is_base64(*byte)),
            ),
            PatternPiece::Slot(Placeholder::Base32) => later(
                bytes[from..]
                    .iter()
                    .position(|byte| base_32::is_figure(*byte)),
            ),
            PatternPiece::Slot(_) => later(bytes[from..].iter().position(u8::is_ascii_hexdigit)),
        }
    }

    fn at(&mut self, start: usize) -> Option<Match> {
        self.slots.clear();
        let end = self.step(0, start)?;
        Some(Match {
            range: start..end,
            slots: self.slots.clone(),
        })
    }

    /// Where the pieces from `index` on end if they stand at `at`.
    fn step(&mut self, index: usize, at: usize) -> Option<usize> {
        let text = self.text.as_bytes();
        let Some(piece) = self.pieces.get(index) else {
            return (!self.whole || at == self.within.end).then_some(at);
        };
        match piece {
            PatternPiece::Literal(literal) => {
                let end = at + literal.len();
                (end <= self.within.end && text[at..].starts_with(literal.as_bytes()))
                    .then(|| self.step(index + 1, end))
                    .flatten()
            }
            PatternPiece::LineBreak => self
                .line_break(index, at)
                .and_then(|end| self.step(index + 1, end)),
            PatternPiece::Slot(Placeholder::Any) => self.any(index, at),
            PatternPiece::Slot(placeholder) => {
                if at >= self.within.end || self.dead.contains(&(index, at)) {
                    return None;
                }
                let split = matches!(self.pieces.get(index + 1), Some(PatternPiece::Slot(next)) if *next != Placeholder::Any);
                let ends = value::ends(
                    *placeholder,
                    text,
                    at,
                    self.within.end,
                    self.spelled(index),
                    split,
                );
                let several = ends.len() > 1;
                let found = ends
                    .into_iter()
                    .find_map(|end| self.with_slot(at..end, index, end));
                if found.is_none() && several {
                    self.dead.insert((index, at));
                }
                found
            }
        }
    }

    fn with_slot(&mut self, slot: Range<usize>, index: usize, at: usize) -> Option<usize> {
        let before = self.slots.len();
        self.slots.push(slot);
        let end = self.step(index + 1, at);
        if end.is_none() {
            self.slots.truncate(before);
        }
        end
    }

    /// A line break at `at`; as the first piece also the start of the file, as the last its end.
    fn line_break(&self, index: usize, at: usize) -> Option<usize> {
        let rest = self.text.as_bytes().get(at..self.within.end)?;
        if rest.starts_with(b"\r\n") {
            Some(at + 2)
        } else if rest.starts_with(b"\n") {
            Some(at + 1)
        } else if (index == 0 && at == start_of_file(self.text))
            || (index + 1 == self.pieces.len() && at == self.text.len())
        {
            Some(at)
        } else {
            None
        }
    }

    /// As little text of the line as lets the rest match.
    fn any(&mut self, index: usize, at: usize) -> Option<usize> {
        if self.hopeless[index]
            .as_ref()
            .is_some_and(|known| (known.start..=known.end).contains(&at))
        {
            return None;
        }
        let line_end = self.text.as_bytes()[at..self.within.end]
            .iter()
            .position(|byte| *byte == b'\n')
            .map_or(self.within.end, |length| at + length);
        let line_end = if line_end > at
            && self.text.as_bytes()[line_end - 1] == b'\r'
            && line_end < self.within.end
        {
            line_end - 1
        } else {
            line_end
        };
        let known = self.hopeless[index]
            .clone()
            .filter(|known| known.end == line_end && known.start >= at);
        let try_until = known.as_ref().map_or(line_end + 1, |known| known.start);
        for end in at..try_until.max(at) {
            if self.text.is_char_boundary(end)
                && let Some(found) = self.with_slot(at..end, index, end)
            {
                return Some(found);
            }
        }
        self.hopeless[index] = Some(at..line_end);
        None
    }

    /// How much of what stands beside a placeholder is the pattern's own text, which means it.
    fn spelled(&self, index: usize) -> Spelled {
        Spelled {
            before: self.spelled_on(index.checked_sub(1), |at| at.checked_sub(1), 2),
            after: self.spelled_on(Some(index + 1), |at| Some(at + 1), 2),
        }
    }

    fn spelled_on(
        &self,
        index: Option<usize>,
        next: impl Fn(usize) -> Option<usize>,
        wanted: usize,
    ) -> usize {
        let (mut index, mut count) = (index, 0);
        while let Some(at) = index.filter(|_| count < wanted) {
            match self.pieces.get(at) {
                Some(PatternPiece::Literal(literal)) => count += literal.len(),
                Some(PatternPiece::Slot(Placeholder::Any)) | None => break,
                Some(PatternPiece::Slot(_) | PatternPiece::LineBreak) => count += wanted,
            }
            index = next(at);
        }
        count
    }
}

/// Where the file's text starts: after a byte order mark.
fn start_of_file(text: &str) -> usize {
    if text.starts_with('\u{feff}') {
        '\u{feff}'.len_utf8()
    } else {
        0
    }
}
