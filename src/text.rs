//! Text for terminals and files: what came from outside is made harmless, words are counted and
//! wrapped.

pub(crate) mod budget;
pub(crate) mod date;
pub(crate) mod fault;
pub(crate) mod few;
pub(crate) mod not_read;
#[cfg(test)]
pub(crate) mod schema;
pub(crate) mod style;

use std::fmt::Write as _;
use std::ops::Range;

/// Whether a character can act instead of being shown: controls, escapes, bidirectional overrides,
/// invisible formatting.
pub(crate) fn acts(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{061c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

/// The text with characters that could act replaced; line breaks stay.
///
/// ```
/// assert_eq!(release_check::for_tests::text::printable("a\u{1b}[31mb\nc\u{202e}d"), "a\u{fffd}[31mb\nc\u{fffd}d");
/// ```
pub fn printable(text: &str) -> String {
    text.chars()
        .map(|c| if acts(c) && c != '\n' { '\u{fffd}' } else { c })
        .collect()
}

/// The text as one printable line: runs of white space become one blank.
///
/// ```
/// assert_eq!(release_check::for_tests::text::one_line("  a\r\nBcc: b\t c "), "a Bcc: b c");
/// ```
pub fn one_line(text: &str) -> String {
    commandless(&printable(
        &text.split_whitespace().collect::<Vec<_>>().join(" "),
    ))
}

/// The same with at most `most` characters, and no blank where it was cut: it reads as itself.
///
/// ```
/// use release_check::for_tests::text::short_line;
///
/// assert_eq!(short_line("a  b c", 4), "a b");
/// ```
pub fn short_line(text: &str, most: usize) -> String {
    let mut line: String = one_line(text).chars().take(most).collect();
    line.truncate(line.trim_end().len());
    line
}

/// The text without what a CI runner takes for a command in a job's log: `##[` anywhere, `::` where
/// a word, and so perhaps a line, starts. A blank is put in.
///
/// ```
/// use release_check::for_tests::text::commandless;
///
/// assert_eq!(commandless("a ##[error]b ::add-mask::c std::string"), "a ## [error]b : :add-mask::c std::string");
/// ```
pub fn commandless(text: &str) -> String {
    if !text.contains("##[") && !text.contains("::") {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len() + 8);
    let mut before = ' ';
    for (at, c) in text.char_indices() {
        let after = &text[at + c.len_utf8()..];
        out.push(c);
        let starts_word = before.is_whitespace();
        if (c == ':'
            && starts_word
            && after.starts_with(':')
            && after[1..].starts_with(|c: char| c.is_alphabetic()))
            || (c == '#' && before == '#' && after.starts_with('['))
        {
            out.push(' ');
        }
        before = c;
    }
    out
}

/// Undoes percent-encoding (RFC 3986, 2.1); none where it is broken or the result is not UTF-8.
///
/// ```
/// assert_eq!(release_check::for_tests::text::percent_decoded("a%20b%C3%A9").as_deref(), Some("a bé"));
/// assert_eq!(release_check::for_tests::text::percent_decoded("%zz"), None);
/// ```
pub fn percent_decoded(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        let digit = |byte: Option<u8>| byte.and_then(|byte| char::from(byte).to_digit(16));
        bytes.push(if byte == b'%' {
            u8::try_from(digit(rest.next())? * 16 + digit(rest.next())?).ok()?
        } else {
            byte
        });
    }
    String::from_utf8(bytes).ok()
}

/// A text in which every byte but the unreserved ones (RFC 3986) and these is `%` and two digits.
///
/// ```
/// assert_eq!(release_check::for_tests::text::percent_encoded("a b/é~", "/"), "a%20b/%C3%A9~");
/// ```
pub fn percent_encoded(text: &str, also: &str) -> String {
    let plain = |byte: u8| {
        byte.is_ascii_alphanumeric()
            || matches!(byte, b'-' | b'.' | b'_' | b'~')
            || also.as_bytes().contains(&byte)
    };
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        if plain(byte) {
            encoded.push(char::from(byte));
        } else {
            let _ = write!(encoded, "%{byte:02X}");
        }
    }
    encoded
}

/// A number of things: `1 advisory`, `2 advisories`.
pub(crate) fn count(number: usize, one: &str, many: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { many })
}

/// Where a part of a text stands in it, in bytes; none for what is a part of another one.
pub(crate) fn of_slice(text: &str, part: &str) -> Option<Range<usize>> {
    let start = (part.as_ptr() as usize).checked_sub(text.as_ptr() as usize)?;
    (text.get(start..start + part.len()) == Some(part)).then(|| start..start + part.len())
}

/// A list in words: `a`, `a and b`, `a, b and c`.
pub(crate) fn in_words<T: ToString>(items: impl IntoIterator<Item = T>) -> String {
    let mut items: Vec<String> = items.into_iter().map(|item| item.to_string()).collect();
    match items.pop() {
        None => String::new(),
        Some(last) if items.is_empty() => last,
        Some(last) => format!("{} and {last}", items.join(", ")),
    }
}

/// The text as lines of at most `width` characters where words allow it. `first` stands before the
/// first line, `hang` before each further one; both count. A line never starts with a word that
/// markup would take for the start of a list, a heading or a quotation, and what stands in
/// backticks is never broken: it may be a command that somebody copies.
///
/// ```
/// use release_check::for_tests::text::wrap;
///
/// assert_eq!(wrap("one two three four", 9, "* ", "  "), ["* one two", "  three", "  four"]);
/// assert_eq!(wrap("see one - two", 7, "", ""), ["see", "one -", "two"]);
/// assert_eq!(wrap("run `git fetch --tags`, then go", 9, "", ""), ["run", "`git fetch --tags`,", "then go"]);
/// ```
pub fn wrap(text: &str, width: usize, first: &str, hang: &str) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let mut line = first.to_owned();
    let mut length = first.chars().count();
    let mut empty = true;
    let words: Vec<&str> = text.split_whitespace().collect();
    for run in glued(&words) {
        let run_length = run.chars().count();
        if !empty && length + 1 + run_length > width {
            lines.push(std::mem::replace(&mut line, hang.to_owned()));
            length = hang.chars().count();
            empty = true;
        }
        if !empty {
            line.push(' ');
            length += 1;
        }
        line.push_str(&run);
        length += run_length;
        empty = false;
    }
    lines.push(line);
    lines
}

/// Words, each with those after it that must not start a line, or that stand between the same
/// backticks: what is to be copied stays on one line.
fn glued(words: &[&str]) -> Vec<String> {
    let mut runs: Vec<String> = Vec::new();
    let mut quoted = 0;
    for (at, word) in words.iter().enumerate() {
        match runs.last_mut() {
            Some(run) if quoted > 0 || starts_a_block(word) => {
                run.push(' ');
                run.push_str(word);
            }
            _ => runs.push((*word).to_owned()),
        }
        if quoted > 0 {
            quoted -= 1;
        } else if opens(word) {
            quoted = words[at + 1..]
                .iter()
                .position(|word| opens(word))
                .map_or(0, |end| end + 1);
        }
    }
    runs
}

/// Whether a backtick of this word has its other one in another word.
fn opens(word: &str) -> bool {
    word.matches('`').count() % 2 == 1
}

/// Whether a line that starts with this word would be a block of its own in reStructuredText,
/// Markdown or mail.
fn starts_a_block(word: &str) -> bool {
    let enumerator = word.trim_start_matches('(').trim_end_matches(['.', ')']);
    let enumerates = enumerator.len() < word.len()
        && (enumerator.chars().all(|c| c.is_ascii_digit()) || enumerator.len() == 1)
        && !enumerator.is_empty();
    let punctuation = word.chars().all(|c| c.is_ascii_punctuation());
    enumerates
        || punctuation
        || word.starts_with(['#', '>', '|'])
        || word.starts_with("..")
        || word.starts_with("```")
        || word.starts_with("~~~")
}

/// The text with what stands before the `@` of an address left out: it may be a password.
pub(crate) fn without_credentials(text: &str) -> String {
    let (mut out, mut rest) = (String::with_capacity(text.len()), text);
    while let Some(start) = rest.find("://") {
        let (before, after) = rest.split_at(start + 3);
        out.push_str(before);
        let end = after.find(|c: char| c == '/' || c.is_whitespace());
        rest = after;
        if let Some(at) = after[..end.unwrap_or(after.len())].rfind('@') {
            out.push_str("***");
            rest = &after[at..];
        }
    }
    out + rest
}

/// A relative path with `/` between its parts.
pub(crate) fn slashed(path: &std::path::Path) -> Option<String> {
    let parts: Option<Vec<&str>> = path
        .components()
        .map(|part| part.as_os_str().to_str())
        .collect();
    parts.map(|parts| parts.join("/"))
}

/// A word as a shell takes it, whatever is in it.
pub(crate) fn shell_word(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "._-/+@=".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', "'\\''"))
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn an_address_keeps_no_credentials() {
        for (text, shown) in [
            ("https://example.org/a@b", "https://example.org/a@b"),
            (
                "a https://u:p@x/y, ssh://git@z",
                "a https://***@x/y, ssh://***@z",
            ),
            ("https://u:p@q@x", "https://***@x"),
            ("://@://@", "://***@://***@"),
        ] {
            assert_eq!(super::without_credentials(text), shown);
        }
    }

    #[test]
    fn words_stay_words() {
        for (word, expected) in [
            ("v1.2-rc+1", "v1.2-rc+1"),
            ("", "''"),
            ("a;b", "'a;b'"),
            ("$(x)'y", "'$(x)'\\''y'"),
        ] {
            assert_eq!(super::shell_word(word), expected);
        }
    }
}
