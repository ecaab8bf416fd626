//! Text from outside, made safe to show: one line, no characters that steer a terminal or reorder
//! what is read.

use scraper::{Html, Node};

use crate::text::short_line;

/// A value from outside, quoted for a message.
pub(super) fn quoted(text: &str) -> String {
    format!("`{}`", short_line(text, 80))
}

/// The address, if it is one that may be shown and followed: `http` or `https`, printable ASCII, of
/// sane length.
pub(super) fn web_address(text: &str) -> Option<String> {
    let text = text.trim();
    let host = text
        .strip_prefix("https://")
        .or_else(|| text.strip_prefix("http://"))?;
    let plain = text.len() <= 2000
        && !host.is_empty()
        && text.bytes().all(|byte| {
            byte.is_ascii_graphic() && !matches!(byte, b'"' | b'<' | b'>' | b'`' | b'\\')
        });
    plain.then(|| text.to_owned())
}

/// The first web address that a text with Markdown or HTML links leads to, and its text with
/// neither.
pub(super) fn without_markup(text: &str) -> (String, Option<String>) {
    // What is longer is no statement, and would take its time.
    let end = text
        .char_indices()
        .nth(10_000)
        .map_or(text.len(), |(at, _)| at);
    let (text, mut first) = without_markdown_links(&text[..end]);
    // A fragment without tags or entities is its own text.
    if !text.contains(['<', '&']) {
        return (short_line(&text, 2000), first);
    }
    let html = Html::parse_fragment(&text);
    let mut plain = String::new();
    for node in html.tree.values() {
        match node {
            Node::Text(text) => plain.push_str(text),
            Node::Element(element) if element.name() == "br" || element.name() == "p" => {
                plain.push(' ');
            }
            Node::Element(element) => {
                first = first.or_else(|| element.attr("href").and_then(web_address));
            }
            _ => {}
        }
    }
    (short_line(&plain, 2000), first)
}

/// Markdown links as their text alone, and the first address among them.
fn without_markdown_links(text: &str) -> (String, Option<String>) {
    let (mut plain, mut first, mut rest) = (String::new(), None, text);
    while let Some((before, label, address, after)) = markdown_link(rest) {
        plain.push_str(before);
        plain.push_str(label);
        first = first.or_else(|| web_address(address));
        rest = after;
    }
    plain.push_str(rest);
    (plain, first)
}

/// Splits at the first `[label](address)`: what stands before, label, address, what stands after.
fn markdown_link(text: &str) -> Option<(&str, &str, &str, &str)> {
    let middle = text.find("](")?;
    let open = text[..middle].rfind('[')?;
    let close = middle + text[middle..].find(')')?;
    Some((
        &text[..open],
        &text[open + 1..middle],
        &text[middle + 2..close],
        &text[close + 1..],
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn lines_show_only_what_can_be_seen() {
        assert_eq!(
            short_line("  a\tb\r\nc\u{1b}[31m \u{202e}d\u{200b} ", 100),
            "a b c\u{fffd}[31m \u{fffd}d\u{fffd}"
        );
        assert_eq!(short_line("abcdef", 3), "abc");
    }

    #[test]
    fn only_web_addresses_are_addresses() {
        for (text, expected) in [
            (
                " https://openssl-library.org/news/secadv/20250930.txt ",
                true,
            ),
            (
                "http://web.archive.org/web/2010/http://rt.openssl.org/Ticket?id=1",
                true,
            ),
            ("javascript:alert(1)", false),
            ("https://", false),
            ("https://a b", false),
            ("https://a/\"><script>", false),
            ("/news/secadv/20250930.txt", false),
        ] {
            assert_eq!(web_address(text).is_some(), expected, "{text}");
        }
    }

    #[test]
    fn markup_is_taken_off() {
        for (text, plain, url) in [
            ("No issue.", "No issue.", None),
            (
                "It [was fine](https://example.org/a?b=1).",
                "It was fine.",
                Some("https://example.org/a?b=1"),
            ),
            (
                "It <a href=\"https://example.org/a\">was fine.",
                "It was fine.",
                Some("https://example.org/a"),
            ),
            ("a &amp; b<br>c < d", "a & b c < d", None),
            (
                "[a](/relative) and [b](https://example.org/b)",
                "a and b",
                Some("https://example.org/b"),
            ),
            ("[open](", "[open](", None),
            ("](x) [", "](x) [", None),
        ] {
            assert_eq!(
                without_markup(text),
                (plain.to_owned(), url.map(str::to_owned)),
                "{text}"
            );
        }
    }

    proptest! {
        #[test]
        fn any_text_comes_out_plain(text in "\\PC{0,60}|[\\[\\]()<>&a ]{0,60}") {
            let (plain, _) = without_markup(&text);
            prop_assert!(plain.chars().all(|c| !crate::text::acts(c)));
        }
    }
}
