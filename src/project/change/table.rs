//! Where a new entry goes in a table of versions.

use super::lines::{self, Line};
use super::splice::Splice;
use super::value::PlaceMove;
use crate::openssl::version::Version;
use crate::project::config::{Insert, Pin, Side, TextPin};
use crate::project::file_entry::line_of;
use crate::project::linked::table::{ListedEntry, entries};
use crate::project::linked::text::blocks;
use crate::project::pattern::Match;
use crate::text::fault::Fault;

/// The entry to put in; none if it stands there already.
pub(super) fn insertion(
    pin: &Pin,
    text_pin: &TextPin,
    insert: &Insert,
    path: &str,
    text: &str,
    step: PlaceMove<'_>,
) -> Result<Option<Splice>, Fault> {
    let listed = entries(pin, text_pin, insert, path, text)?;
    if listed.iter().any(|entry| entry.version == step.target) {
        return Ok(None);
    }
    let (anchor, of_entry) = if insert.anchor.says_version() {
        (beside(pin, insert, &listed, path, step)?, true)
    } else {
        (only(pin, text_pin, insert, path, text)?, false)
    };
    let line_break = lines::line_break(text, anchor.range.start);
    let entry = insert
        .text
        .fill(line_break, |slot| step.target_value(slot))
        .map_err(|fault| fault.within(&pin.place))?;
    if !entry.trim().is_empty() && text.contains(entry.trim()) {
        return Ok(None);
    }
    let alone = |line: &Line| {
        listed
            .iter()
            .filter(|other| line.whole.contains(&other.found.range.start))
            .count()
            <= 1
    };
    let place = NewEntry {
        text,
        line_break,
        entry,
        of_entry,
    };
    Ok(Some(match insert.side {
        Side::Before => place.before(&anchor, alone),
        Side::After => place.after(&anchor, alone),
    }))
}

/// Whether a file's tables have entries of a version's series: only then that series has its next
/// entry there.
pub(super) fn has_series(
    pin: &Pin,
    text_pin: &TextPin,
    path: &str,
    text: &str,
    version: Version,
) -> Result<bool, Fault> {
    for insert in &text_pin.insert {
        let listed = entries(pin, text_pin, insert, path, text)?;
        if listed
            .iter()
            .any(|entry| entry.version.series() == version.series())
        {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Of the entries below the new one the first, or the last; those of its own series first.
fn beside(
    pin: &Pin,
    insert: &Insert,
    listed: &[ListedEntry],
    path: &str,
    step: PlaceMove<'_>,
) -> Result<Match, Fault> {
    let below = listed.iter().filter(|entry| entry.version < step.target);
    let (own, others): (Vec<&ListedEntry>, Vec<&ListedEntry>) =
        below.partition(|entry| entry.version.series() == step.target.series());
    let below = if own.is_empty() { others } else { own };
    let found = match insert.side {
        Side::Before => below.first(),
        Side::After => below.last(),
    };
    found.map(|entry| entry.found.clone()).ok_or_else(|| {
        Fault::usage(format!(
            "{}: `{path}` has no entry below {} that `{}` matches, so its place is not clear",
            pin.place, step.target, insert.anchor
        ))
    })
}

/// The one place of an anchor without a version.
fn only(
    pin: &Pin,
    text_pin: &TextPin,
    insert: &Insert,
    path: &str,
    text: &str,
) -> Result<Match, Fault> {
    let mut found: Vec<Match> = blocks(pin, text_pin, path, text)?
        .into_iter()
        .flat_map(|block| insert.anchor.find(text, block))
        .collect();
    match found.as_slice() {
        [_] => Ok(found.remove(0)),
        [] => Err(Fault::usage(format!(
            "{}: nothing in `{path}` matches the anchor `{}`",
            pin.place, insert.anchor
        ))),
        [first, second, ..] => Err(Fault::usage(format!(
            "`{path}` lines {} and {}: the anchor `{}` of {} stands more than once; make it longer",
            line_of(text.as_bytes(), first.range.start),
            line_of(text.as_bytes(), second.range.start),
            insert.anchor,
            pin.place
        ))),
    }
}

/// An entry on its way into a text.
struct NewEntry<'a> {
    text: &'a str,
    line_break: &'static str,
    entry: String,
    /// Whether the anchor is an entry of the table.
    of_entry: bool,
}

impl NewEntry<'_> {
    /// Before the anchor: on lines of its own where the anchor starts its line, else right there.
    fn before(self, anchor: &Match, alone: impl Fn(&Line) -> bool) -> Splice {
        let mut start = anchor.range.start;
        if !self.entry.starts_with(self.line_break) {
            start += leading_break(&self.text[start..]);
        }
        let line = lines::around(self.text, start);
        let indentation = &self.text[line.content.start..start.max(line.content.start)];
        let goes_on = !indentation.is_empty()
            && self
                .entry
                .ends_with(&format!("{}{indentation}", self.line_break));
        let ends_line = self.entry.ends_with(self.line_break);
        let is_line = !self.entry.contains(self.line_break)
            && !self.entry.ends_with([' ', '\t'])
            && alone(&line);
        if !indentation.trim().is_empty() || goes_on || !(ends_line || is_line) {
            return Splice {
                range: start..start,
                text: self.entry,
            };
        }
        let at = line.content.start;
        Splice {
            range: at..at,
            text: self.lines(indentation),
        }
    }

    /// After the anchor: on lines of its own after everything that belongs to the anchor's entry,
    /// else right there.
    fn after(self, anchor: &Match, alone: impl Fn(&Line) -> bool) -> Splice {
        let end = anchor.range.end;
        let exact = |at: usize, text: String| Splice {
            range: at..at,
            text,
        };
        let starts_line = self.entry.starts_with(self.line_break);
        let ends_line = self.entry.ends_with(self.line_break);
        if self.text[..end].ends_with('\n') && !anchor.range.is_empty() {
            let before_break = end
                - if self.text[..end].ends_with("\r\n") {
                    2
                } else {
                    1
                };
            return exact(
                if starts_line && !ends_line {
                    before_break
                } else {
                    end
                },
                self.entry,
            );
        }
        let first = lines::around(self.text, anchor.range.start);
        let indentation = &self.text[first.content.start..anchor.range.start];
        let is_line = !self.entry.contains(self.line_break)
            && !self.entry.starts_with([' ', '\t', ','])
            && indentation.trim().is_empty()
            && alone(&first);
        if !(starts_line || ends_line || is_line) {
            return exact(end, self.entry);
        }
        let last = lines::around(self.text, end);
        let block_end = if self.of_entry && last == first {
            lines::block(self.text, &first).end
        } else {
            last.whole.end
        };
        let closed = self.text[..block_end].ends_with('\n');
        if starts_line && !ends_line {
            let content_end = block_end
                - if !closed {
                    0
                } else if self.text[..block_end].ends_with("\r\n") {
                    2
                } else {
                    1
                };
            return exact(content_end, self.entry);
        }
        let line_break = self.line_break;
        let text = self.lines(if indentation.trim().is_empty() {
            indentation
        } else {
            ""
        });
        let text = if closed {
            text
        } else {
            format!(
                "{line_break}{}",
                text.strip_suffix(line_break).unwrap_or(&text)
            )
        };
        exact(block_end, text)
    }

    /// The entry as whole lines, indented like the anchor where it brings no indentation itself.
    fn lines(&self, indentation: &str) -> String {
        let body = self
            .entry
            .strip_suffix(self.line_break)
            .unwrap_or(&self.entry);
        let flush = |line: &str| !line.is_empty() && !line.starts_with([' ', '\t']);
        let parts: Vec<&str> = body.split(self.line_break).collect();
        // Lines that lie deeper than the anchor bring their own indentation; others are meant from
        // where the anchor starts.
        let deeper = |line: &str| {
            line.strip_prefix(indentation)
                .is_some_and(|rest| rest.starts_with([' ', '\t']))
        };
        let all = flush(parts[0])
            && (parts.len() == 1
                || parts[1..]
                    .iter()
                    .any(|line| !line.is_empty() && !deeper(line)));
        let indented = parts.iter().enumerate().map(|(at, line)| {
            let indents = !line.is_empty() && (all || (at == 0 && flush(line)));
            format!(
                "{}{line}{}",
                if indents { indentation } else { "" },
                self.line_break
            )
        });
        indented.collect()
    }
}

fn leading_break(text: &str) -> usize {
    if text.starts_with("\r\n") {
        2
    } else {
        usize::from(text.starts_with('\n'))
    }
}
