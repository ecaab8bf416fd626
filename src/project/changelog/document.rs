//! A changelog's lines and headings, in reStructuredText or Markdown, and edits that leave every
//! other byte as it is.

use crate::text::fault::Fault;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Markup {
    ReStructuredText,
    Markdown,
}

impl Markup {
    /// The markup of a file, by its name's extension; for others (`NEWS`, `CHANGES.txt`) by the
    /// headings in its text. None if it is neither.
    pub(crate) fn of(name: &str, text: &str) -> Option<Self> {
        let extension = name
            .rsplit(['/', '\\'])
            .next()
            .and_then(|file| file.rsplit_once('.'))
            .map(|(_, extension)| extension);
        match extension.map(str::to_ascii_lowercase).as_deref() {
            Some("rst" | "rest") => Some(Self::ReStructuredText),
            Some("md" | "markdown" | "mkd" | "mdown") => Some(Self::Markdown),
            None | Some("txt" | "text" | "in") => {
                let hashes = ChangelogText::new(Self::Markdown, text).headings();
                let underlined = !ChangelogText::new(Self::ReStructuredText, text)
                    .headings()
                    .is_empty();
                match hashes
                    .iter()
                    .any(|heading| matches!(heading.style, Style::Hashes { .. }))
                {
                    true => Some(Self::Markdown),
                    false => underlined.then_some(Self::ReStructuredText),
                }
            }
            Some(_) => None,
        }
    }

    /// What people call it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::ReStructuredText => "reStructuredText",
            Self::Markdown => "Markdown",
        }
    }

    /// What its lists are written with where a file shows no other.
    pub(super) fn usual_bullet(self) -> char {
        match self {
            Self::ReStructuredText => '*',
            Self::Markdown => '-',
        }
    }
}

/// Lines that are replaced: the first, how many go, and what comes instead.
pub(super) type LineEdit = (usize, usize, Vec<String>);

/// A text as lines that remember how they end.
#[derive(Debug)]
pub(super) struct ChangelogText<'a> {
    pub(super) markup: Markup,
    lines: Vec<&'a str>,
    ending: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Heading {
    /// Its first line: the overline, where it has one.
    pub(super) first: usize,
    /// The line of its text.
    pub(super) at: usize,
    /// Its last line: the underline, where it has one.
    pub(super) last: usize,
    /// How deep it is, 0 for the outermost.
    pub(super) level: usize,
    /// Its text without what makes it a heading.
    pub(super) title: String,
    /// What makes it a heading.
    pub(super) style: Style,
}

/// What makes a line a heading.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Style {
    /// `## Title`, perhaps closed by the same hashes.
    Hashes { open: String, close: String },
    /// A line of one character below it, and perhaps above it too; `indent` stands before the
    /// title.
    Lines {
        adornment: char,
        over: bool,
        length: usize,
        indent: usize,
    },
    /// A paragraph of its own in bold type: `**Title**`.
    Bold { mark: &'static str, close: String },
}

/// The level of a bold paragraph, deeper than every real heading.
const BOLD_LEVEL: usize = usize::MAX;

impl Style {
    /// A heading in this style. `of` is the title that the style was read from: an underline
    /// exactly as long as that one is as long as the new one.
    pub(super) fn write(&self, title: &str, of: &str) -> Vec<String> {
        match self {
            Self::Hashes { open, close } => vec![format!("{open}{title}{close}")],
            Self::Bold { mark, close } => vec![format!("{mark}{title}{mark}{close}")],
            Self::Lines {
                adornment,
                over,
                length,
                indent,
            } => {
                let (new, old) = (title.chars().count(), of.chars().count());
                let fixed = length.abs_diff(old + 2 * indent) > 4;
                let length = if fixed {
                    (*length).max(new + 2 * indent)
                } else {
                    (length + new).saturating_sub(old).max(new)
                };
                let line: String = std::iter::repeat_n(*adornment, length).collect();
                let text = format!("{}{title}", " ".repeat(*indent));
                if *over {
                    vec![line.clone(), text, line]
                } else {
                    vec![text, line]
                }
            }
        }
    }
}

impl<'a> ChangelogText<'a> {
    /// A file with the markup that it shows.
    pub(super) fn read(name: &str, text: &'a str) -> Result<Self, Fault> {
        let markup = Markup::of(name, text).ok_or_else(|| {
            refused(name, "neither reStructuredText nor Markdown headings were found; name another file in `[changelog]`, or leave that out")
        })?;
        Ok(Self::new(markup, text))
    }

    pub(super) fn new(markup: Markup, text: &'a str) -> Self {
        let lines: Vec<&str> = text.split_inclusive('\n').collect();
        let crlf = lines.iter().filter(|line| line.ends_with("\r\n")).count();
        Self {
            markup,
            ending: if crlf * 2 > lines.len() { "\r\n" } else { "\n" },
            lines,
        }
    }

    pub(super) fn len(&self) -> usize {
        self.lines.len()
    }

    /// A line without its ending and without trailing blanks; beyond the end it is empty.
    pub(super) fn line(&self, at: usize) -> &'a str {
        let line = self.lines.get(at).copied().unwrap_or_default().trim_end();
        if at == 0 {
            line.trim_start_matches('\u{feff}')
        } else {
            line
        }
    }

    pub(super) fn is_blank(&self, at: usize) -> bool {
        self.line(at).is_empty()
    }

    /// How many blank lines stand from a line on.
    pub(super) fn blanks_from(&self, at: usize) -> usize {
        (at..self.len())
            .take_while(|line| self.is_blank(*line))
            .count()
    }

    pub(super) fn whole(&self) -> String {
        self.lines.concat()
    }

    /// The text with edits, where each is seen in it.
    pub(super) fn edited(&self, name: &str, edits: Vec<LineEdit>) -> Result<String, Fault> {
        match self.never_closed(name) {
            Some((open, fault)) if edits.iter().any(|(at, ..)| *at > open) => Err(fault),
            _ => Ok(self.with(edits)),
        }
    }

    /// The line that starts a code block or comment which nothing ends: every line behind it
    /// belongs to that, and none is a heading or an entry.
    pub(super) fn never_closed(&self, name: &str) -> Option<(usize, Fault)> {
        let open = match self.markup {
            Markup::Markdown => MarkdownLines::of(self).unclosed()?,
            Markup::ReStructuredText => return None,
        };
        let message = format!(
            "line {}: the {} that starts here is never closed, and an entry would be inside it; close it",
            open + 1,
            if self.line(open).trim_start().starts_with('<') {
                "comment"
            } else {
                "code block"
            }
        );
        Some((open, refused(name, message)))
    }

    /// The text with lines replaced: each edit is the first line, how many lines go, and what comes
    /// instead. Edits do not overlap.
    fn with(&self, mut edits: Vec<LineEdit>) -> String {
        edits.sort_by_key(|(at, ..)| *at);
        let mut text = String::new();
        let mut next = 0;
        for (at, removed, inserted) in edits {
            text.extend(self.lines[next..at.min(self.len())].iter().copied());
            if !inserted.is_empty() && !text.is_empty() && !text.ends_with('\n') {
                text.push_str(self.ending);
            }
            for line in inserted {
                text.push_str(line.trim_end());
                text.push_str(self.ending);
            }
            next = (at + removed).min(self.len());
        }
        text.extend(self.lines[next..].iter().copied());
        let unfinished = self.lines.last().is_some_and(|last| !last.ends_with('\n'));
        if unfinished && let Some(stripped) = text.strip_suffix('\n') {
            let stripped = stripped.strip_suffix('\r').unwrap_or(stripped).len();
            text.truncate(stripped);
        }
        text
    }

    /// Every heading, in order. Bold paragraphs count as the deepest ones.
    pub(super) fn headings(&self) -> Vec<Heading> {
        match self.markup {
            Markup::Markdown => self.markdown_headings(),
            Markup::ReStructuredText => self.rst_headings(),
        }
    }

    fn rst_headings(&self) -> Vec<Heading> {
        let mut headings = Vec::new();
        let mut levels: Vec<(char, bool)> = Vec::new();
        let mut at = 0;
        while at < self.len() {
            let Some((first, title, last, adornment)) = self.rst_heading_at(at) else {
                headings.extend(self.bold(at));
                at += 1;
                continue;
            };
            let over = first != title;
            let level = levels
                .iter()
                .position(|known| *known == (adornment, over))
                .unwrap_or_else(|| {
                    levels.push((adornment, over));
                    levels.len() - 1
                });
            let text = self.line(title);
            let style = Style::Lines {
                adornment,
                over,
                length: self.line(last).chars().count(),
                indent: text.chars().count() - text.trim_start().chars().count(),
            };
            headings.push(Heading {
                first,
                at: title,
                last,
                level,
                title: text.trim().to_owned(),
                style,
            });
            at = last + 1;
        }
        headings
    }

    /// The heading that starts on a line: its first line, its title's, its last, and the adornment.
    fn rst_heading_at(&self, at: usize) -> Option<(usize, usize, usize, char)> {
        let is_text = |line: &str| !line.is_empty() && adornment(line).is_none();
        if let Some(over) = adornment(self.line(at)) {
            let matches = is_text(self.line(at + 1)) && adornment(self.line(at + 2)) == Some(over);
            return matches.then_some((at, at + 1, at + 2, over));
        }
        let (title, under) = (self.line(at), self.line(at + 1));
        // A list and what is indented end where a line stands at the margin again.
        let starts = at == 0 || {
            let above = self.line(at - 1);
            above.is_empty()
                || above.starts_with([' ', '\t'])
                || above.starts_with(".. ")
                || bullet(above).is_some()
                || adornment(above).is_some()
        };
        let found = adornment(under)?;
        let long_enough = under.chars().count() >= title.chars().count().min(4);
        (is_text(title) && !title.starts_with([' ', '\t']) && starts && long_enough).then_some((
            at,
            at,
            at + 1,
            found,
        ))
    }

    fn markdown_headings(&self) -> Vec<Heading> {
        let mut headings: Vec<Heading> = Vec::new();
        for at in MarkdownLines::of(self) {
            if headings.last().is_some_and(|last| last.last >= at) {
                continue;
            }
            let line = self.line(at);
            let indent = line.len() - line.trim_start().len();
            let heading = (indent < 4)
                .then(|| self.hashes(at).or_else(|| self.setext(at)))
                .flatten();
            headings.extend(heading.or_else(|| self.bold(at)));
        }
        headings
    }

    fn after_front_matter(&self) -> usize {
        if self.line(0) != "---" {
            return 0;
        }
        (1..self.len())
            .find(|at| self.line(*at) == "---")
            .map_or(0, |end| end + 1)
    }

    fn hashes(&self, at: usize) -> Option<Heading> {
        let line = self.line(at);
        let text = line.trim_start();
        let rest = text.trim_start_matches('#');
        let level = text.len() - rest.len();
        if !(1..=6).contains(&level) || !rest.starts_with([' ', '\t']) {
            return None;
        }
        let open_end = line.len() - rest.trim_start().len();
        let body = &line[open_end..];
        let unclosed = body.trim_end_matches('#');
        let title = if unclosed.len() < body.len() && unclosed.ends_with(' ') {
            unclosed.trim_end()
        } else {
            body
        };
        let style = Style::Hashes {
            open: line[..open_end].to_owned(),
            close: body[title.len()..].to_owned(),
        };
        Some(Heading {
            first: at,
            at,
            last: at,
            level: level - 1,
            title: title.to_owned(),
            style,
        })
    }

    fn setext(&self, at: usize) -> Option<Heading> {
        let (title, under) = (self.line(at), self.line(at + 1));
        let found = adornment(under).filter(|found| matches!(found, '=' | '-'))?;
        let text = title.trim_start();
        let paragraph = !text.is_empty()
            && adornment(text).is_none()
            && !text.starts_with(['>', '|'])
            && bullet(title).is_none();
        let starts = at == 0
            || self.is_blank(at - 1)
            || adornment(self.line(at - 1)).is_some()
            || self
                .line(at - 1)
                .trim_start()
                .starts_with(['<', '#', '[', '(']);
        (paragraph && starts).then(|| Heading {
            first: at,
            at,
            last: at + 1,
            level: usize::from(found == '-'),
            title: text.to_owned(),
            style: Style::Lines {
                adornment: found,
                over: false,
                length: under.chars().count(),
                indent: title.len() - text.len(),
            },
        })
    }

    /// A paragraph of one line that is bold as a whole.
    fn bold(&self, at: usize) -> Option<Heading> {
        let line = self.line(at);
        let alone = (at == 0 || self.is_blank(at - 1)) && !line.starts_with([' ', '\t']);
        let (body, close) = match line.strip_suffix(':') {
            Some(body) => (body, ":"),
            None => (line, ""),
        };
        let title = body.strip_prefix("**")?.strip_suffix("**")?;
        let style = Style::Bold {
            mark: "**",
            close: close.to_owned(),
        };
        (alone && !title.is_empty() && !title.contains("**")).then(|| Heading {
            first: at,
            at,
            last: at,
            level: BOLD_LEVEL,
            title: title.to_owned(),
            style,
        })
    }
}

/// The lines of a Markdown text that are neither front matter nor in a code block or comment.
struct MarkdownLines<'a> {
    text: &'a ChangelogText<'a>,
    next: usize,
    /// The line that starts the block that the next one is in, and what ends it.
    open: Option<(usize, &'a str)>,
}

impl<'a> MarkdownLines<'a> {
    fn of(text: &'a ChangelogText<'a>) -> Self {
        Self {
            next: text.after_front_matter(),
            text,
            open: None,
        }
    }

    /// The line of a block that nothing closes.
    fn unclosed(mut self) -> Option<usize> {
        self.by_ref().for_each(drop);
        self.open.map(|(at, _)| at)
    }
}

impl Iterator for MarkdownLines<'_> {
    type Item = usize;

    fn next(&mut self) -> Option<usize> {
        while self.next < self.text.len() {
            let at = self.next;
            self.next += 1;
            let text = self.text.line(at).trim_start();
            match self.open {
                Some((_, "-->")) => self.open = self.open.filter(|_| !text.contains("-->")),
                Some((_, end)) => {
                    let ends =
                        text.starts_with(end) && text.trim_start_matches(&end[..1]).is_empty();
                    self.open = self.open.filter(|_| !ends);
                }
                None if text.starts_with("<!--") => {
                    self.open = (!text.contains("-->")).then_some((at, "-->"));
                }
                None if text.starts_with("```") || text.starts_with("~~~") => {
                    self.open = Some((at, &text[..3]));
                }
                None => return Some(at),
            }
        }
        None
    }
}

/// The character that a line consists of, if it can underline a title.
fn adornment(line: &str) -> Option<char> {
    let first = line.chars().next().filter(char::is_ascii_punctuation)?;
    (line.len() >= 2 && line.chars().all(|c| c == first)).then_some(first)
}

/// The length of a bullet with the blanks around it, if the line starts an item of a list.
pub(super) fn bullet(line: &str) -> Option<usize> {
    let text = line.trim_start();
    let rest = text.strip_prefix(['*', '-', '+'])?;
    let item = rest.trim_start();
    (rest.starts_with([' ', '\t']) && !item.is_empty()).then(|| line.len() - item.len())
}

/// The fault that a changelog is not understood.
pub(super) fn refused(name: &str, message: impl std::fmt::Display) -> Fault {
    Fault::usage(format!("`{name}`: {message}"))
}

/// Lines as the text that they are.
pub(super) fn lines<T: AsRef<str>>(lines: &[T]) -> String {
    lines
        .iter()
        .map(|line| format!("{}\n", line.as_ref().trim_end()))
        .collect()
}

/// A title without decoration: letters and blanks, lower case.
pub(super) fn plain(title: &str) -> String {
    let letters: String = title
        .chars()
        .map(|c| if c.is_alphanumeric() { c } else { ' ' })
        .collect();
    letters
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
        .to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn titles(markup: Markup, text: &str) -> Vec<(usize, String)> {
        ChangelogText::new(markup, text)
            .headings()
            .into_iter()
            .map(|heading| {
                (
                    heading.level.min(9),
                    format!("{}-{} {}", heading.first, heading.last, heading.title),
                )
            })
            .collect()
    }

    #[test]
    fn restructured_text_headings() {
        let text = "=====\nTitle\n=====\n\n.. _v1:\n\n1.0 - 2024-01-01\n~~~~~~~~~~~~~~~~\n\n* a::\n\n      no\n      ==\n\n1.1\n~~~\nSub\n^^^\n\n**Bold**\n\n----\n\ntext\n";
        let expected = [
            (0, "0-2 Title"),
            (1, "6-7 1.0 - 2024-01-01"),
            (1, "14-15 1.1"),
            (2, "16-17 Sub"),
            (9, "19-19 Bold"),
        ];
        assert_eq!(
            titles(Markup::ReStructuredText, text),
            expected.map(|(level, title)| (level, title.to_owned()))
        );
    }

    #[test]
    fn markdown_headings() {
        let text = "---\ntitle: x\n---\n# Log\n\n```\n# no\n```\n<!--\n## no\n-->\n## [1.0] ##\n\n- a\n---\n\nOld\n---\n\n#no\n    # no\n**Bold**:\n";
        let expected = [(0, "3-3 Log"), (1, "11-11 [1.0]"), (1, "16-17 Old")];
        assert_eq!(
            titles(Markup::Markdown, text),
            expected.map(|(level, title)| (level, title.to_owned()))
        );
    }

    #[test]
    fn markup_of_a_file() {
        for (name, text, markup) in [
            ("docs/CHANGELOG.RST", "", Some(Markup::ReStructuredText)),
            ("a.b/CHANGES", "## 1.0\n\n- a\n", Some(Markup::Markdown)),
            ("NEWS", "1.0\n---\n\n- a\n", Some(Markup::ReStructuredText)),
            ("NEWS.txt", "1.0: nothing\n", None),
            ("CHANGES.adoc", "== 1.0\n", None),
        ] {
            assert_eq!(Markup::of(name, text), markup, "{name}");
        }
    }

    #[test]
    fn edits_keep_line_endings() {
        let crlf = ChangelogText::new(Markup::Markdown, "a\r\nb\r\nc");
        assert_eq!(
            crlf.with(vec![(1, 1, vec!["B".into(), "BB".into()])]),
            "a\r\nB\r\nBB\r\nc"
        );
        assert_eq!(
            crlf.with(vec![(3, 0, vec!["d".into()])]),
            "a\r\nb\r\nc\r\nd"
        );
        assert_eq!(
            ChangelogText::new(Markup::Markdown, "a\n").with(vec![(0, 0, vec!["b".into()])]),
            "b\na\n"
        );
    }
}
