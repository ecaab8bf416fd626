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
        let hang = " ".repeat(first.chars().count());
        for (at, line) in wrap(text, self.width, &first, &hang)
            .into_iter()
            .enumerate()
        {
            let line = match tone.or(Some(Tone::Faint)) {
                Some(tone) if at == 0 => {
                    format!("  {}{}", self.paint(tone, label), &line[2 + label.len()..])
                }
                _ => line,
            };
            let _ = writeln!(out, "{line}");
        }
    }

    /// Writes who or what is next.
    pub(crate) fn next(self, out: &mut String, text: &str) {
        for (at, line) in wrap(text, self.width, "next: ", "      ")
            .into_iter()
            .enumerate()
        {
            let line = match line.strip_prefix("next:") {
                Some(rest) if at == 0 => format!("{}{rest}", self.paint(Tone::Strong, "next:")),
                _ => line,
            };
            let _ = writeln!(out, "{line}");
        }
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
        };
        let mut out = String::new();
        look.row(&mut out, "high", Some(Tone::Bad), "one two three four five");
        look.next(&mut out, "wait");
        assert_eq!(
            out,
            "  \u{1b}[1m\u{1b}[31mhigh\u{1b}[0m       one two three\n             four five\n\u{1b}[1mnext:\u{1b}[0m wait\n"
        );
    }
}
