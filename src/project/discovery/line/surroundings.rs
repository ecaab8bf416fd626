//! A version in its surroundings.

use std::ops::Range;

use super::addresses::Addresses;
use super::file_kind;
use super::sighting::Lines;
use super::subject;
use super::subject::ValueSubject;
use crate::project::pattern::Placeholder;

/// A version in its surroundings.
pub(crate) struct Surroundings<'a> {
    pub(crate) path: &'a str,
    pub(crate) text: &'a str,
    pub(crate) lines: &'a Lines,
    pub(crate) line: usize,
    pub(crate) range: Range<usize>,
    /// What stands before it on its line, after the version before it.
    pub(crate) label: &'a str,
    pub(crate) slot: Placeholder,
    /// Whether the file is about OpenSSL by its name.
    pub(crate) about: bool,
    /// Whether the file takes the OpenSSL that is installed.
    pub(crate) takes_installed: bool,
    /// Whether it stands in what a program's code says of itself to people.
    pub(crate) documents: bool,
    /// Whether it stands in a comment of several lines.
    pub(crate) in_block: bool,
    /// Variables that addresses of OpenSSL's use.
    pub(crate) addresses: &'a Addresses,
}

impl Surroundings<'_> {
    /// Why it stands aside of what is built: its file does, or it is in the tests of one.
    pub(crate) fn aside(&self) -> Option<&'static str> {
        file_kind::aside(self.path).or_else(|| {
            let inside = file_kind::is_in_own_tests(self.path, self.text, self.range.start);
            inside.then_some(file_kind::TEST)
        })
    }

    pub(crate) fn line_text(&self) -> &str {
        &self.text[self.lines.range(self.line)]
    }

    /// What stands around it up to the next blank or quote.
    pub(crate) fn word(&self) -> Range<usize> {
        let line = self.lines.range(self.line);
        let ends = |c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '`' | ',' | ';');
        let start = self.text[line.start..self.range.start]
            .rfind(ends)
            .map_or(line.start, |at| {
                let at = line.start + at;
                at + self.text[at..].chars().next().map_or(1, char::len_utf8)
            });
        let end = self.text[self.range.end..line.end]
            .find(ends)
            .map_or(line.end, |at| self.range.end + at);
        start..end
    }

    /// Whose it is by the name before it.
    pub(crate) fn subject(&self) -> ValueSubject {
        // A tag names OpenSSL itself.
        if self.slot == Placeholder::Tag {
            ValueSubject::OpenSsl
        } else {
            subject::of_label(self.label)
        }
    }
}
