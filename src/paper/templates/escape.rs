//! Text of others as data, one function for each markup: printed, it reads as it was written and
//! does nothing.

use crate::text;

/// What follows `@` and `#`: invisible, so that forges find no user, team or issue there. An
/// entity, so that the source shows it.
const APART: &str = "&#8203;";

/// Text for HTML, in an element or in a quoted attribute.
pub(super) fn html(text: &str) -> String {
    let mut escaped = String::new();
    for c in text::one_line(text).chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            _ => escaped.push(c),
        }
    }
    escaped
}

/// Text for Markdown as forges read it: no emphasis, code, link, image, HTML, heading, list, table,
/// formula, mention or reference.
///
/// ```
/// use release_check::for_tests::paper::templates::escape::markdown;
///
/// assert_eq!(markdown("Buffer overread in some_function (part 2)"), "Buffer overread in some_function (part 2)");
/// assert_eq!(markdown("<img src=x> [a](b) closes #12, GH-12"), "\\<img src=x\\> \\[a\\](b) closes #&#8203;12, GH-&#8203;12");
/// assert_eq!(markdown("@org/team: see https://a.example"), "@&#8203;org/team: see https:&#8203;//a.example");
/// assert_eq!(markdown("1. a\n# b"), "1\\. a # b");
/// assert_eq!(markdown("# b"), "\\# b");
/// ```
pub fn markdown(text: &str) -> String {
    escaped(text, |before, c, after| {
        let first = before.is_empty();
        let slash = match c {
            '\\' | '`' | '*' | '[' | ']' | '<' | '>' | '~' | '|' | '$' => true,
            '_' => !is_inside(before, after),
            '&' => after.starts_with(|c: char| c == '#' || c.is_ascii_alphanumeric()),
            '#' => first && (after.is_empty() || after.starts_with([' ', '#'])),
            '-' | '+' | '=' => first,
            '.' | ')' => {
                !first
                    && before.bytes().all(|byte| byte.is_ascii_digit())
                    && (after.is_empty() || after.starts_with(' '))
            }
            _ => false,
        };
        let apart = match c {
            '@' => !after.is_empty(),
            '#' => after.starts_with(|c: char| c.is_alphanumeric()),
            '-' => ends_in_word(before, "gh") && after.starts_with(|c: char| c.is_ascii_digit()),
            ':' => after.starts_with("//") || starts_shortcode(after),
            '.' => ends_in_word(before, "www"),
            _ => false,
        };
        (slash, apart)
    })
}

/// The text as one line, a character at a time: whether a backslash comes before it, and whether it
/// is kept apart from the next.
fn escaped(text: &str, mark: impl Fn(&str, char, &str) -> (bool, bool)) -> String {
    let text = text::one_line(text);
    let mut escaped = String::new();
    for (at, c) in text.char_indices() {
        let (slash, apart) = mark(&text[..at], c, &text[at + c.len_utf8()..]);
        escaped.extend(slash.then_some('\\'));
        escaped.push(c);
        escaped.push_str(if apart { APART } else { "" });
    }
    escaped
}

/// Whether what stands between is inside a word.
fn is_inside(before: &str, after: &str) -> bool {
    before.ends_with(char::is_alphanumeric) && after.starts_with(char::is_alphanumeric)
}

/// Text for reStructuredText: no emphasis, role, literal, reference, target, substitution,
/// directive, list or link.
///
/// ```
/// use release_check::for_tests::paper::templates::escape::restructured_text;
///
/// assert_eq!(restructured_text("Buffer overread in some_function (part 2)"), "Buffer overread in some_function (part 2)");
/// assert_eq!(restructured_text(":role:`x` |y| name_ [1]_ *"), "\\:role\\:\\`x\\` \\|y\\| name\\_ [1]\\_ \\*");
/// assert_eq!(restructured_text(".. raw:: html"), "\\.. raw\\:\\: html");
/// assert_eq!(restructured_text("a. see https://a.example"), "\\a. see https\\://a.example");
/// ```
pub fn restructured_text(text: &str) -> String {
    let enumerates = enumerates(&text::one_line(text));
    escaped(text, |before, c, after| {
        let first = before.is_empty();
        let slash = match c {
            '\\' | '`' | '*' | '|' | '@' => true,
            '_' => !is_inside(before, after),
            ':' => {
                first
                    || before.ends_with(':')
                    || after.starts_with("//")
                    || (starts_scheme(before) && after.starts_with(|c: char| !c.is_whitespace()))
            }
            _ => first && (c.is_ascii_punctuation() || enumerates),
        };
        (slash, false)
    })
}

/// Text for mail and headings: one line without anything a terminal or reader would act on.
pub(crate) fn plain(text: &str) -> String {
    text::one_line(text)
}

/// Whether a text ends in what can be the scheme of an address, such as `mailto`, `data` or
/// `javascript`.
fn starts_scheme(before: &str) -> bool {
    let word = before
        .rsplit(|c: char| !c.is_ascii_alphanumeric() && !matches!(c, '+' | '.' | '-'))
        .next()
        .unwrap_or_default();
    word.contains(|c: char| c.is_ascii_alphabetic())
}

/// Whether a text ends in a word, in any case, that starts where a word can.
fn ends_in_word(text: &str, word: &str) -> bool {
    let Some(start) = text.len().checked_sub(word.len()) else {
        return false;
    };
    let found = text
        .get(start..)
        .is_some_and(|end| end.eq_ignore_ascii_case(word));
    found && !text[..start].ends_with(char::is_alphanumeric)
}

/// Whether a text goes on like `tada:`, the rest of a forge's emoji.
fn starts_shortcode(after: &str) -> bool {
    let end = after.find(|c: char| !c.is_ascii_alphanumeric() && !matches!(c, '_' | '+' | '-'));
    end.is_some_and(|end| end > 0 && after[end..].starts_with(':'))
}

/// Whether the first word numbers an item of a list: `1.`, `a)`, `(iv)`.
fn enumerates(text: &str) -> bool {
    let word = text.split(' ').next().unwrap_or_default();
    let number = word.trim_start_matches('(').trim_end_matches(['.', ')']);
    let counts = number.len() == 1
        || number.chars().all(|c| c.is_ascii_digit())
        || number.chars().all(|c| "ivxlcdmIVXLCDM".contains(c));
    number.len() < word.len() && !number.is_empty() && counts
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        /// What reads the markup takes the escapes away again: nothing of the text is lost but what
        /// could act on a terminal.
        #[test]
        fn escapes_can_be_taken_away(text in "\\PC{0,40}") {
            let plain = plain(&text);
            let mut read = String::new();
            let rst = restructured_text(&text);
            let mut characters = rst.chars();
            while let Some(c) = characters.next() {
                read.extend(if c == '\\' { characters.next() } else { Some(c) });
            }
            prop_assert_eq!(&read, &plain);
            for result in [rst, markdown(&text)] {
                prop_assert!(!result.contains(text::acts), "{}", result);
            }
        }
    }
}
