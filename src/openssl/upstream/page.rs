//! Pages of HTML from outside, before they are parsed.

use scraper::Html;

use super::diagnostic::Diagnostic;

/// How deep a page may nest. The real ones stay below 20; a parser's work grows with the square of
/// the depth.
const DEEPEST: usize = 80;

/// Elements that end where the next one of their kind begins, or have no end: they do not nest by
/// themselves.
const SELF_ENDING: [&str; 25] = [
    "a", "area", "base", "br", "col", "colgroup", "dd", "dt", "embed", "hr", "img", "input", "li",
    "link", "meta", "option", "p", "source", "tbody", "td", "tfoot", "th", "thead", "tr", "wbr",
];

/// Parses a page. `document` names it in diagnostics.
///
/// # Errors
///
/// If the page nests so deeply that parsing it would take too long.
pub(super) fn parse(document: &str, html: &str) -> Result<Html, Diagnostic> {
    if depth(html) > DEEPEST {
        return Err(Diagnostic::new(
            document,
            format!("not read: its elements nest more than {DEEPEST} deep"),
        ));
    }
    Ok(Html::parse_document(html))
}

/// How deep the elements of a page nest, judged by its tags alone.
fn depth(html: &str) -> usize {
    let (mut depth, mut deepest) = (0_usize, 0);
    for (at, _) in html.match_indices('<') {
        let tag = &html[at + 1..];
        let (name, ends) = tag
            .strip_prefix('/')
            .map_or((tag, false), |name| (name, true));
        let name: String = name
            .chars()
            .take(12)
            .take_while(char::is_ascii_alphanumeric)
            .map(|c| c.to_ascii_lowercase())
            .collect();
        if name.is_empty() || SELF_ENDING.contains(&name.as_str()) {
            continue;
        }
        depth = if ends {
            depth.saturating_sub(1)
        } else {
            depth + 1
        };
        deepest = deepest.max(depth);
    }
    deepest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn depth_counts_what_stays_open() {
        for (html, expected) in [
            ("", 0),
            ("<p>a<p>b<br><li>c", 0),
            ("<div><SPAN>a</SPAN></div><div>", 2),
            ("a < b <3 <!-- c --></div><b>", 1),
            (
                include_str!("../../../tests/fixtures/upstream/vulnerabilities.html"),
                7,
            ),
        ] {
            assert_eq!(depth(html), expected, "{html}");
        }
    }

    #[test]
    fn what_nests_without_end_is_refused() {
        for part in ["<div>", "<b>", "<table><tr><td>", "<h4><div>"] {
            assert!(parse("page", &part.repeat(50_000)).is_err(), "{part}");
        }
        assert!(parse("page", &"<li><p>".repeat(50_000)).is_ok());
    }
}
