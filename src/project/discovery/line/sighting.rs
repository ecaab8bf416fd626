//! A value that may be OpenSSL's, and the lines of a text.

use std::ops::Range;

use crate::openssl::version::Version;
use crate::project::discovery::found::{Confidence, LinkKind, Moved};
use crate::project::pattern::Placeholder;
use crate::text::budget;

/// A value that may be OpenSSL's.
#[derive(Debug, Clone)]
pub(crate) struct Sighting {
    /// Where it stands.
    pub(crate) range: Range<usize>,
    /// Its line, counted from 1.
    pub(crate) line: usize,
    /// What it is.
    pub(crate) slot: Placeholder,
    /// The version it says, or whose it is.
    pub(crate) version: Version,
    /// What to think of it.
    pub(crate) verdict: SightingVerdict,
    /// The line that names OpenSSL, where it is another one.
    pub(crate) scope: Option<Scope>,
    /// The commits that moved it, as history shows.
    pub(crate) moved: Vec<Moved>,
    /// Whether it is only tested with.
    pub(crate) tested: bool,
}

/// What to think of a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum SightingVerdict {
    /// OpenSSL's, and why.
    Ours(Confidence, &'static str),
    /// Perhaps; whether OpenSSL is named, and why not sure.
    Doubtful(bool, &'static str),
}

impl Sighting {
    /// One that no commit is known to have moved.
    pub(crate) fn new(
        range: Range<usize>,
        line: usize,
        slot: Placeholder,
        version: Version,
        verdict: SightingVerdict,
    ) -> Self {
        Self {
            range,
            line,
            slot,
            version,
            verdict,
            scope: None,
            moved: Vec::new(),
            tested: false,
        }
    }

    /// The link that it would be a part of.
    pub(crate) fn kind(&self) -> LinkKind {
        (self.tested, self.version.series())
    }

    pub(crate) fn is_ours(&self) -> bool {
        matches!(self.verdict, SightingVerdict::Ours(..))
    }

    /// Whether its own line ties it to OpenSSL, or a digest, an address or its file's name does.
    pub(crate) fn is_named(&self) -> bool {
        matches!(
            self.verdict,
            SightingVerdict::Ours(Confidence::Certain, _) | SightingVerdict::Ours(_, NAMED | ABOUT)
        )
    }

    pub(crate) fn doubt(&self) -> Option<&'static str> {
        match self.verdict {
            SightingVerdict::Doubtful(_, why) => Some(why),
            SightingVerdict::Ours(..) => None,
        }
    }

    pub(crate) fn names_openssl(&self) -> bool {
        matches!(self.verdict, SightingVerdict::Doubtful(true, _))
    }
}

/// How deep a line is indented, in bytes.
pub(crate) fn depth(line: &str) -> usize {
    line.len() - line.trim_start().len()
}

/// Where each line of a text stands.
pub(crate) struct Lines(pub(crate) Vec<Range<usize>>);

impl Lines {
    pub(crate) fn of(text: &str) -> Self {
        let mut start = 0;
        let mut lines = Vec::new();
        for line in text.split_inclusive('\n') {
            lines.push(start..start + line.trim_end_matches(['\n', '\r']).len());
            start += line.len();
        }
        if lines.is_empty() {
            lines.push(0..0);
        }
        Self(lines)
    }

    /// The line that a byte stands on, counted from 1.
    pub(crate) fn line_of(&self, at: usize) -> usize {
        self.0.partition_point(|line| line.start <= at).max(1)
    }

    pub(crate) fn count(&self) -> usize {
        self.0.len()
    }

    /// Where a line stands, without its break.
    pub(crate) fn range(&self, line: usize) -> Range<usize> {
        self.0
            .get(line.saturating_sub(1))
            .cloned()
            .unwrap_or_default()
    }

    /// A line; nothing of one that is too long to be read again for each value.
    pub(crate) fn short<'a>(&self, text: &'a str, line: usize) -> &'a str {
        let range = self.range(line);
        if range.len() > budget::LINE_WITH_VALUE {
            return "";
        }
        &text[range]
    }
}

/// Why a version counts whose file's path names OpenSSL.
pub(crate) const ABOUT: &str = "the file is about OpenSSL by its name";

/// Why a version counts that only bears the name.
pub(crate) const NAMED: &str = "it is named OpenSSL's";

/// The line that names OpenSSL.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Scope {
    /// Its number, counted from 1.
    pub(crate) line: usize,
    /// Whether it opens a block with `{`.
    pub(crate) opens: bool,
}

/// A file with what was seen in it.
pub(crate) struct SeenFile<'a> {
    pub(crate) path: &'a str,
    pub(crate) text: &'a str,
    pub(crate) lines: Lines,
    /// What is OpenSSL's, in the order of the file.
    pub(crate) ours: Vec<Sighting>,
}
