//! Whole lines of a text.

use std::ops::Range;

/// A line with where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Line {
    /// The line without its line break.
    pub(super) content: Range<usize>,
    /// The line with its line break.
    pub(super) whole: Range<usize>,
}

/// The lines that lie in a range, whole ones only.
pub(super) fn within(text: &str, range: &Range<usize>) -> Vec<Line> {
    let start = line_start(text, range.start);
    let mut at = if start == range.start || range.start == 0 {
        start
    } else {
        after(text, range.start)
    };
    let mut lines = Vec::new();
    while at < range.end {
        let line = at_start(text, at);
        if line.content.end > range.end {
            break;
        }
        at = line.whole.end;
        lines.push(line);
    }
    lines
}

/// The line that a place stands on.
pub(super) fn around(text: &str, at: usize) -> Line {
    at_start(text, line_start(text, at))
}

/// The line break that a text uses, going by the line at a place, else by the first.
pub(super) fn line_break(text: &str, at: usize) -> &'static str {
    let line = around(text, at);
    let its_own = &text[line.content.end..line.whole.end];
    let sample = if its_own.is_empty() {
        text.find('\n').map_or("\n", |at| {
            if text[..at].ends_with('\r') {
                "\r\n"
            } else {
                "\n"
            }
        })
    } else {
        its_own
    };
    if sample == "\r\n" { "\r\n" } else { "\n" }
}

/// What to take out so that a line is gone: where the last line has no line break, the one before
/// it loses its own.
pub(super) fn removal(text: &str, line: &Line) -> Range<usize> {
    if line.whole.end > line.content.end || line.whole.start == 0 {
        return line.whole.clone();
    }
    let before = &text[..line.whole.start];
    let kept = before
        .strip_suffix('\n')
        .map_or(before, |kept| kept.strip_suffix('\r').unwrap_or(kept));
    kept.len()..line.whole.end
}

/// The line with everything that is indented below it, and the line that closes it.
pub(super) fn block(text: &str, first: &Line) -> Range<usize> {
    let indentation = |line: &Line| {
        text[line.content.clone()].len() - text[line.content.clone()].trim_start().len()
    };
    let blank = |line: &Line| text[line.content.clone()].trim().is_empty();
    let own = indentation(first);
    let (mut end, mut at) = (first.whole.end, first.whole.end);
    while at < text.len() {
        let line = at_start(text, at);
        if !blank(&line) {
            if indentation(&line) <= own {
                let closes = end > first.whole.end
                    && indentation(&line) == own
                    && text[line.content.clone()]
                        .trim_start()
                        .starts_with(['}', ']', ')']);
                return first.whole.start..if closes { line.whole.end } else { end };
            }
            end = line.whole.end;
        }
        at = line.whole.end;
    }
    first.whole.start..end
}

fn line_start(text: &str, at: usize) -> usize {
    let bom = if text.starts_with('\u{feff}') {
        '\u{feff}'.len_utf8()
    } else {
        0
    };
    text.as_bytes()[..at]
        .iter()
        .rposition(|byte| *byte == b'\n')
        .map_or(bom.min(at), |found| found + 1)
}

fn after(text: &str, at: usize) -> usize {
    text.as_bytes()[at..]
        .iter()
        .position(|byte| *byte == b'\n')
        .map_or(text.len(), |found| at + found + 1)
}

fn at_start(text: &str, start: usize) -> Line {
    let whole = start..after(text, start);
    let body = text[whole.clone()]
        .strip_suffix('\n')
        .map_or(&text[whole.clone()], |body| {
            body.strip_suffix('\r').unwrap_or(body)
        });
    Line {
        content: start..start + body.len(),
        whole,
    }
}
