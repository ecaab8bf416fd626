//! What is no choice of a version: it is compared with, asked of a machine, or told to people.

use super::inputs;
use crate::project::discovery::line::subject::ValueSubject;
use crate::project::discovery::line::surroundings::Surroundings;
use crate::project::discovery::line::{file_kind, subject};
use crate::project::pattern::Placeholder;

/// Why a line that tells people something is no pin.
pub(crate) const TOLD: &str = "it stands in a text for people";

/// Lines of a text that is shown which are looked at for its beginning.
const SHOWN: usize = 40;

/// Lines of a group of commands that are looked at for its end.
const GROUP: usize = 20;

impl Surroundings<'_> {
    /// Whether the code of a program says it, and neither gives it a name nor takes it from
    /// somewhere.
    pub(super) fn is_said_by_a_program(&self) -> bool {
        let line = self.line_text().trim_start();
        let defines = line
            .strip_prefix('#')
            .is_some_and(|rest| rest.trim_start().starts_with("define"));
        let chooses =
            (defines && self.slot == Placeholder::Version) || self.is_header() || self.is_address();
        file_kind::is_program(self.path) && !chooses
    }

    /// Whether a program gives it to a name of its own that it only compares with.
    pub(super) fn is_a_threshold(&self) -> bool {
        let ends = [
            ".js", ".mjs", ".ts", ".py", ".rb", ".go", ".rs", ".java", ".kt", ".cs", ".php",
        ];
        if !ends.iter().any(|end| self.path.ends_with(end)) {
            return false;
        }
        let is_for_others = self.line_text().trim_start().starts_with("export ");
        let lower = self.label.to_ascii_lowercase();
        let words = [
            "min",
            "floor",
            "base",
            "legacy",
            "oldest",
            "since",
            "threshold",
        ];
        let is_first = self.text[self.range.clone()].ends_with(".0");
        let may_be = is_first || words.iter().any(|word| lower.contains(word));
        may_be
            && !is_for_others
            && !self.feeds_an_address()
            && subject::variable_of_value(self.label)
                .is_some_and(|name| self.addresses.only_compared(&name, self.line))
    }

    pub(super) fn is_header(&self) -> bool {
        let line = self.line_text().trim_start();
        let texts = [
            "OPENSSL_VERSION_TEXT",
            "OPENSSL_VERSION_STR",
            "OPENSSL_FULL_VERSION_STR",
        ];
        line.starts_with('#') && texts.iter().any(|text| line.contains(text))
    }

    /// Whether the line tells people something instead of choosing a version.
    pub(super) fn told_to_people(&self) -> Option<&'static str> {
        // `echo "OPENSSL_VERSION=openssl-3.5.3" >> file` gives a value.
        let given = [">", "| ", "::set-", "setvariable"]
            .iter()
            .any(|sign| self.line_text().contains(sign));
        let plain = self.label.trim_end_matches(['"', '\'']).ends_with('=');
        let written = || {
            is_redirected(self.short(self.line))
                || (self.is_in_a_redirected_group() && self.begins_a_text())
        };
        let assigned = if plain {
            given || written()
        } else {
            self.is_in_an_assigned_word() && self.begins_a_text() && written()
        };
        let lower = self.line_text().to_ascii_lowercase();
        let lower = lower.trim_start();
        let tells = [
            "echo ",
            "printf",
            "print(",
            "println",
            "message(",
            "raise ",
            "throw ",
            "log(",
            "warn ",
            "warn(",
            "die ",
            "die(",
            "croak",
            "abort(",
            "error(",
            "puts ",
            "write-host",
            "write-output",
            "write-error",
            "skip_all",
            "exit(",
        ]
        .iter()
        .any(|word| lower.contains(word));
        let explains = [
            "usage",
            "e.g.",
            "for example",
            "example:",
            "help=",
            "help:",
            "(default",
            "(defaults",
            "checking for ",
        ]
        .iter()
        .any(|word| lower.contains(word))
            || lower
                .trim_start_matches(['-', ' ', '<', '"'])
                .starts_with("description");
        let explains = (explains && !inputs::is_a_default(self)) || self.is_shown();
        (explains || (tells && !assigned)).then_some(TOLD)
    }

    /// A line without the white space around it; nothing of one that is too long to be read again for
    /// each value.
    fn short(&self, line: usize) -> &str {
        self.lines.short(self.text, line).trim()
    }

    /// Whether it stands in what a command shows of how something is used: between `cat <<EOF` and
    /// `EOF`, where that text or the function around it says so.
    fn is_shown(&self) -> bool {
        let at = |line: usize| self.short(line);
        let mut above = (self.line.saturating_sub(SHOWN).max(1)..self.line).rev();
        let opened = above.find_map(|line| {
            let (before, behind) = at(line).split_once("<<")?;
            let word = behind.trim_start_matches(['-', '~', '\\', ' ']);
            let quote = word.chars().next().filter(|c| matches!(c, '"' | '\''));
            let word = word.trim_start_matches(['"', '\'']);
            let end = match quote {
                Some(quote) => word.find(quote),
                None => word.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_')),
            };
            let (word, rest) = word.split_at(end.unwrap_or(word.len()));
            let to_people = |text: &str| !text.replace(">&2", "").contains(['>', '|']);
            let command = before.replace(">&2", "");
            let shows = command.trim() == "cat" && to_people(before) && to_people(rest);
            (shows && !word.is_empty()).then_some((line, word))
        });
        let Some((first, word)) = opened else {
            return false;
        };
        // The function around it, or the first line of the text, says so.
        let says = |text: &str| {
            let lower = text.to_ascii_lowercase();
            let mut words = lower.split(|c: char| !c.is_ascii_alphanumeric());
            words.any(|word| matches!(word, "usage" | "help"))
        };
        let around = (first.saturating_sub(2).max(1)..first).any(|line| {
            let opens = at(line).ends_with('{') || at(line).ends_with("()");
            opens && at(line).contains("()") && says(at(line))
        });
        let mut inside = (first + 1..=self.line)
            .map(at)
            .filter(|line| !line.is_empty());
        let begins = inside
            .next()
            .is_some_and(|line| line.to_ascii_lowercase().starts_with("usage"));
        (around || begins) && (first + 1..self.line).all(|line| at(line) != word)
    }

    /// Whether the text that is written begins with the name: `echo "NAME=`.
    fn begins_a_text(&self) -> bool {
        let before = self.label.split('=').next().unwrap_or_default();
        let name = before.trim_end_matches(|c: char| c.is_ascii_alphanumeric() || c == '_');
        let rest = name.trim_end_matches(['"', '\'', ' ']);
        let rest = rest
            .strip_suffix("export")
            .unwrap_or(rest)
            .trim_end_matches(['"', '\'', ' ']);
        let command = rest
            .rsplit([' ', '\t', ';', '&', '|'])
            .next()
            .unwrap_or_default();
        let is_flag = command.len() == 2 && command.starts_with('-');
        is_flag || ["echo", "printf", "Write-Output"].contains(&command)
    }

    /// Whether the word it stands in is given to a name: `NAME=openssl-3.5.3`, `NAME=%s\n" 3.5.3`.
    fn is_in_an_assigned_word(&self) -> bool {
        let label = self.label.trim_end_matches(['"', '\'']);
        let Some((before, value)) = label.rsplit_once('=') else {
            return false;
        };
        let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
        let names = before.ends_with(is_name);
        let formatted = value
            .strip_prefix("%s")
            .is_some_and(|rest| matches!(rest.trim_matches(['"', '\'', ' ']), "" | "\\n"));
        names && (formatted || !value.contains(|c: char| c.is_whitespace() || c == ';'))
    }

    /// Whether the commands that it stands among write to a file together: `{`, their lines, and
    /// `} >> "$GITHUB_ENV"`.
    fn is_in_a_redirected_group(&self) -> bool {
        let last = (self.line + GROUP).min(self.lines.count());
        let below = (self.line + 1..=last).map(|line| self.short(line));
        let mut rest = below.skip_while(|line| {
            let starts = ["echo ", "printf ", "#", "["];
            line.is_empty() || starts.iter().any(|start| line.starts_with(start))
        });
        rest.next()
            .and_then(|line| line.strip_prefix(['}', ')']))
            .is_some_and(|end| {
                let piped = end.contains("| tee") && end.contains('$');
                piped || is_redirected(end)
            })
    }

    /// Whether a command only looks for it in what it is given: `grep -q '^openssl-3.5.3$' file`.
    pub(super) fn is_looked_for(&self) -> bool {
        let command = self
            .label
            .rsplit(['|', ';', '&'])
            .next()
            .unwrap_or_default();
        let mut words = command.split_whitespace();
        let greps =
            words.any(|word| matches!(word.trim_start_matches("!"), "grep" | "egrep" | "fgrep"));
        let is_quiet = |word: &str| {
            word == "--quiet"
                || (word.starts_with('-') && !word.starts_with("--") && word.contains('q'))
        };
        greps && words.any(is_quiet)
    }

    /// `version != "3.5.3"`: the code knows just this one.
    pub(super) fn is_told_apart(&self) -> bool {
        let label = self.label.trim_end_matches([' ', '"', '\'']);
        (label.ends_with("!=") || label.ends_with("=="))
            && subject::of_label(label) == ValueSubject::OpenSsl
    }

    /// `find_package(OpenSSL 3.5.3 EXACT)` asks for that one.
    pub(super) fn is_exact(&self) -> bool {
        let after = &self.text[self.range.end..self.lines.range(self.line).end];
        let label = self.label.to_ascii_lowercase();
        label.contains("find_package") && after.contains("EXACT")
    }

    /// Whether the version is what something is compared with.
    pub(super) fn is_condition(&self) -> bool {
        let line = self.line_text().trim_start();
        let lower = line.to_ascii_lowercase();
        let starts = |words: &[&str]| words.iter().any(|word| line.starts_with(word));
        if self.is_given_in_a_condition() {
            return false;
        }
        let label = self.label.trim_end_matches(['"', '\'', ' ', 'v', '(', '[']);
        let compared = ["==", "!=", "=", "<", ">", "-eq", "-ne", "startswith", " in"]
            .iter()
            .any(|sign| label.ends_with(sign));
        starts(&[
            "assert", "#if", "!if", "!IF", "!ELSEIF", ".if", "ifeq", "ifneq", "case ",
        ]) || (compared
            && starts(&[
                "if ",
                "if(",
                "elif ",
                "elsif ",
                "} else if",
                "else if ",
                "while ",
            ]))
            || [
                " -ge ",
                " -gt ",
                " -le ",
                " -lt ",
                "version_compare",
                "compare_version",
                "starts_with(",
                "startswith(",
                "hasprefix(",
                "version_less",
                "version_greater",
                "version_equal",
            ]
            .iter()
            .any(|word| lower.contains(word))
    }

    /// Whether a condition on the same line gives the value where nothing else did:
    /// `if "%V%"=="" set V=3.5.3`, `if [ -z "$V" ]; then V=3.5.3; fi`.
    pub(super) fn is_given_in_a_condition(&self) -> bool {
        let label = self.label.trim_end_matches(['"', '\'', ' ']);
        let Some(before) = label.strip_suffix('=').map(str::trim_end) else {
            return false;
        };
        let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | ':' | '$');
        let start = before.trim_end_matches(is_name);
        let opens = start.to_ascii_lowercase();
        let name = before[start.len()..]
            .trim_start_matches('$')
            .to_ascii_lowercase();
        let gives = ["set ", "set \"", "then ", "{ ", "export ", ") "];
        let empty = [
            "-z ",
            "not defined ",
            "==\"\"",
            "== \"\"",
            "nullorempty",
            "-not ",
            "(!",
        ];
        // Of any other condition it is what one of several builds takes.
        !name.is_empty()
            && gives.iter().any(|word| opens.ends_with(word))
            && opens.trim_start().starts_with("if")
            && opens.contains(&name)
            && empty.iter().any(|word| opens.contains(word))
            && !opens.contains(" else ")
    }
}

/// Whether what a command says goes into a file: `>` outside of quotes, and no arrow or `>&2`.
fn is_redirected(line: &str) -> bool {
    let mut quote = None;
    let mut before = ' ';
    let mut rest = line.chars().peekable();
    while let Some(c) = rest.next() {
        match quote {
            Some(open) if c == open => quote = None,
            Some(_) => {}
            None if matches!(c, '"' | '\'' | '`') => quote = Some(c),
            None if c == '>' && !matches!(before, '-' | '=') && rest.peek() != Some(&'&') => {
                return true;
            }
            None => {}
        }
        before = c;
    }
    ["::set-", "setvariable", "| tee -a $", "| tee -a \"$"]
        .iter()
        .any(|sign| line.contains(sign))
}
