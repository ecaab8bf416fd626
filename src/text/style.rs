//! How text for a terminal looks: its width, and colour where there may be any.

use std::fmt::Write;

use anstyle::{AnsiColor, Style};

use super::wrap;

/// How wide text is where nobody looks at it.
const PIPED: usize = 80;

/// How wide and how colourful text may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Look {
    /// Characters of a line.
    pub(crate) width: usize,
    /// Whether colour may be used.
    pub(crate) colour: bool,
    /// Whether somebody looks at it: in a pipe a line is one thing said, however long it is.
    pub(crate) seen: bool,
}

/// What a word is said with; nothing is said by colour alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Tone {
    /// Nothing is wrong.
    Good,
    /// Not now, or not known.
    Careful,
    /// Something is wrong.
    Bad,
    /// It counts.
    Strong,
    /// Beside the point.
    Faint,
}

impl Default for Look {
    fn default() -> Self {
        Self {
            width: PIPED,
            colour: false,
            seen: false,
        }
    }
}

impl Look {
    /// The look for standard output: `columns` of the terminal, if it is one. `NO_COLOR`,
    /// `CLICOLOR_FORCE` and `TERM` are read with `variable`.
    pub(crate) fn of<'a>(
        columns: Option<usize>,
        variable: impl Fn(&str) -> Option<&'a str>,
    ) -> Self {
        let forced = variable("CLICOLOR_FORCE").is_some_and(|value| value != "0");
        let able = columns.is_some()
            && variable("TERM") != Some("dumb")
            && variable("CLICOLOR") != Some("0");
        Self {
            width: columns.map_or(PIPED, |columns| columns.clamp(40, 160)),
            colour: variable("NO_COLOR").is_none() && (forced || able),
            seen: columns.is_some(),
        }
    }

    /// The text in a tone.
    pub(crate) fn paint(self, tone: Tone, text: &str) -> String {
        if !self.colour || text.is_empty() {
            return text.to_owned();
        }
        let colour = |colour: AnsiColor| Style::new().fg_color(Some(colour.into()));
        let style = match tone {
            Tone::Good => colour(AnsiColor::Green).bold(),
            Tone::Careful => colour(AnsiColor::Yellow).bold(),
            Tone::Bad => colour(AnsiColor::Red).bold(),
            Tone::Strong => Style::new().bold(),
            Tone::Faint => Style::new().dimmed(),
        };
        format!("{style}{text}{style:#}")
    }

    /// Writes a line of a labelled list, wrapped at words and hanging; nothing where there is no
    /// text.
    pub(crate) fn row(self, out: &mut String, label: &str, tone: Option<Tone>, text: &str) {
        if text.is_empty() {
            return;
        }
        let first = format!("  {label:<10} ");
        let hang = first.chars().count();
        self.hung(
            out,
            &first,
            hang,
            text,
            Some((tone.unwrap_or(Tone::Faint), label)),
        );
    }

    /// Writes who or what is next.
    pub(crate) fn next(self, out: &mut String, text: &str) {
        self.hung(out, "next: ", 6, text, Some((Tone::Strong, "next:")));
    }

    /// Writes a text, wrapped at words: `first` before its first line, `hang` blanks before each
    /// further one. The word that it begins with may have a tone.
    pub(crate) fn hung(
        self,
        out: &mut String,
        first: &str,
        hang: usize,
        text: &str,
        mark: Option<(Tone, &str)>,
    ) {
        let lines = wrap(text, self.width, first, &" ".repeat(hang));
        for (at, line) in lines.into_iter().enumerate() {
            let line = line.trim_end();
            let _ = match mark {
                Some((tone, word)) if at == 0 => {
                    writeln!(out, "{}", line.replacen(word, &self.paint(tone, word), 1))
                }
                _ => writeln!(out, "{line}"),
            };
        }
    }

    /// Writes a line whose last column is wrapped where somebody looks.
    pub(crate) fn columns(self, out: &mut String, head: &str, last: &str) {
        if self.seen {
            self.hung(out, head, head.chars().count(), last, None);
        } else {
            let _ = writeln!(out, "{}", format!("{head}{last}").trim_end());
        }
    }

    /// Lines as they are in a pipe; on a terminal those that are too long for it are wrapped.
    pub(crate) fn lines(self, text: &str) -> String {
        let mut out = String::new();
        for line in text.lines() {
            if self.seen && line.chars().count() > self.width {
                let (blanks, text) = line.split_at(line.len() - line.trim_start().len());
                self.hung(&mut out, blanks, blanks.len() + 2, text, None);
            } else {
                let _ = writeln!(out, "{line}");
            }
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colour_is_for_terminals_and_for_who_asks() {
        for (columns, variables, colour) in [
            (None, &[][..], false),
            (Some(100), &[], true),
            (Some(100), &[("NO_COLOR", "1")], false),
            (Some(100), &[("TERM", "dumb")], false),
            (Some(100), &[("CLICOLOR", "0")], false),
            (None, &[("CLICOLOR_FORCE", "1")], true),
            (None, &[("CLICOLOR_FORCE", "0")], false),
            (None, &[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "1")], false),
        ] {
            let variable = |name: &str| {
                let found = variables.iter().find(|(key, _)| *key == name);
                found.map(|(_, value)| *value)
            };
            assert_eq!(Look::of(columns, variable).colour, colour, "{variables:?}");
        }
    }

    #[test]
    fn width_is_the_terminal_s() {
        let width = |columns| Look::of(columns, |_| None).width;
        assert_eq!(
            [width(None), width(Some(20)), width(Some(120))],
            [80, 40, 120]
        );
    }

    #[test]
    fn labels_are_painted_after_wrapping() {
        let look = Look {
            width: 30,
            colour: true,
            seen: true,
        };
        let mut out = String::new();
        look.row(&mut out, "high", Some(Tone::Bad), "one two three four five");
        look.next(&mut out, "wait");
        assert_eq!(
            out,
            "  \u{1b}[1m\u{1b}[31mhigh\u{1b}[0m       one two three\n             four five\n\u{1b}[1mnext:\u{1b}[0m wait\n"
        );
    }

    #[test]
    fn only_where_somebody_looks_are_lines_wrapped() {
        let text = "a: one two three\n  b c\n  run `git fetch --tags` first\n";
        let look = |columns| Look {
            width: 14,
            ..Look::of(columns, |_| None)
        };
        assert_eq!(look(None).lines(text), text);
        assert_eq!(
            look(Some(80)).lines(text),
            "a: one two\n  three\n  b c\n  run\n    `git fetch --tags`\n    first\n"
        );
    }
}
