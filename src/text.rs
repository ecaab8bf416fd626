//! Text for terminals and files: what came from outside is made harmless, words are counted and wrapped.

/// Whether a character can act instead of being shown: controls, escapes, bidirectional overrides, invisible formatting.
#[must_use]
pub fn acts(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{061c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

/// The text with characters that could act replaced; line breaks stay.
///
/// ```
/// assert_eq!(release_check::text::printable("a\u{1b}[31mb\nc\u{202e}d"), "a\u{fffd}[31mb\nc\u{fffd}d");
/// ```
#[must_use]
pub fn printable(text: &str) -> String {
    text.chars().map(|c| if acts(c) && c != '\n' { '\u{fffd}' } else { c }).collect()
}

/// The text as one printable line: runs of white space become one blank.
///
/// ```
/// assert_eq!(release_check::text::one_line("  a\r\nBcc: b\t c "), "a Bcc: b c");
/// ```
#[must_use]
pub fn one_line(text: &str) -> String {
    printable(&text.split_whitespace().collect::<Vec<_>>().join(" "))
}

/// A number of things: `1 advisory`, `2 advisories`.
#[must_use]
pub fn count(number: usize, one: &str, many: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { many })
}

/// A list in words: `a`, `a and b`, `a, b and c`.
#[must_use]
pub fn in_words<T: ToString>(items: impl IntoIterator<Item = T>) -> String {
    let mut items: Vec<String> = items.into_iter().map(|item| item.to_string()).collect();
    match items.pop() {
        None => String::new(),
        Some(last) if items.is_empty() => last,
        Some(last) => format!("{} and {last}", items.join(", ")),
    }
}
