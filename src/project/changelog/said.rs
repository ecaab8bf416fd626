//! What a changelog says of one version, as text without markup: for a mail.

use super::document::Markup;
use super::section::Outline;
use crate::project::project_version::ProjectVersion;

/// More items than these are counted instead of told.
const MOST: usize = 40;

/// What the changelog says of a version, one item each, without markup; nothing where it has no
/// such section or is not understood.
pub(crate) fn of(name: &str, text: &str, version: &ProjectVersion) -> Vec<String> {
    let Ok(outline) = Outline::read(name, text) else {
        return Vec::new();
    };
    let of_version = |section: &usize| {
        outline.sections[*section]
            .title
            .version
            .as_ref()
            .is_some_and(|(_, stated)| stated == version)
    };
    let Some(section) = (0..outline.sections.len()).find(of_version) else {
        return Vec::new();
    };
    let items: Vec<String> = outline
        .items(section)
        .iter()
        .map(|item| plain(outline.document.markup, &item.text))
        .collect();
    let mut said: Vec<String> = items
        .iter()
        .filter(|item| !item.is_empty())
        .take(MOST)
        .cloned()
        .collect();
    if let Some(more) = items.len().checked_sub(MOST).filter(|more| *more > 0) {
        said.push(format!(
            "and {}, which the changelog has",
            crate::text::count(more, "more change", "more changes")
        ));
    }
    said
}

/// A paragraph without the marks of code, emphasis, roles and links; addresses of links are left
/// out.
fn plain(markup: Markup, text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let length = rest.len() - rest.trim_start_matches(c).len();
        let told = match c {
            '`' => quoted(markup, &mut out, rest, length),
            '[' if markup == Markup::Markdown => linked(&mut out, rest),
            '*' if length == 2 => Some(&rest[2..]),
            _ => None,
        };
        // Ticks without a partner are text, all of them.
        let taken = if c == '`' { length } else { c.len_utf8() };
        rest = told.unwrap_or_else(|| {
            out.push_str(&rest[..taken]);
            &rest[taken..]
        });
    }
    out.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// What stands between as many backticks as a text starts with; what comes after them.
fn quoted<'a>(markup: Markup, out: &mut String, text: &'a str, ticks: usize) -> Option<&'a str> {
    let (inside, after) = text[ticks..].split_once(&text[..ticks])?;
    if markup == Markup::Markdown || ticks > 1 {
        out.push_str(inside);
        return Some(after);
    }
    let named = inside
        .split_once(" <")
        .filter(|(_, target)| target.ends_with('>'))
        .map_or(inside, |(name, _)| name);
    if let Some(role) = role_at_end(out) {
        let name = out[role..].trim_matches(':').to_owned();
        out.truncate(role);
        // A number alone would say nothing.
        if named.starts_with(|c: char| c.is_ascii_digit()) {
            out.push_str(&format!("{name} "));
        }
    }
    out.push_str(named);
    Some(after.trim_start_matches('_'))
}

/// Where a role (`:name:`) starts that a text ends with.
fn role_at_end(text: &str) -> Option<usize> {
    let start = text.strip_suffix(':')?.rfind(':')?;
    let name = &text[start + 1..text.len() - 1];
    (!name.is_empty()
        && name
            .chars()
            .all(|c| c.is_alphanumeric() || "-_+.".contains(c)))
    .then_some(start)
}

/// The text of a Markdown link; what comes after it.
fn linked<'a>(out: &mut String, text: &'a str) -> Option<&'a str> {
    let (name, after) = text[1..].split_once(']')?;
    let close = match after.chars().next()? {
        '(' => ')',
        '[' => ']',
        _ => return None,
    };
    let (_, after) = after.split_once(close)?;
    out.push_str(&plain(Markup::Markdown, name));
    Some(after)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_is_left_out() {
        for (markup, text, expected) in [
            (
                Markup::ReStructuredText,
                "Fixed ``a_b`` in :class:`~x.Y` (:issue:`12`)",
                "Fixed a_b in ~x.Y (issue 12)",
            ),
            (
                Markup::ReStructuredText,
                "See `the docs <https://a.example>`_ and `x`__ of **note**",
                "See the docs and x of note",
            ),
            (Markup::ReStructuredText, "a ` b", "a ` b"),
            (
                Markup::Markdown,
                "Fixed `a_b`, see [#12](https://a.example/12) and [**x**][y]",
                "Fixed a_b, see #12 and x",
            ),
            (
                Markup::Markdown,
                "[x] stays, `this` too: [",
                "[x] stays, this too: [",
            ),
            (Markup::Markdown, "äö``x`", "äö``x`"),
        ] {
            assert_eq!(plain(markup, text), expected);
        }
    }

    #[test]
    fn one_version_and_no_other() {
        let text = "# Changelog\n\n## [1.2.4] - 2025-10-01\n\n### Security\n\n- One\n  thing.\n\n### Fixed\n\n* Other [a](b).\n\n## [1.2.3] - 2025-01-01\n\n- Old.\n";
        let said = |version: &str| of("CHANGELOG.md", text, &version.parse().expect("a version"));
        assert_eq!(said("1.2.4"), ["One thing.", "Other a."]);
        assert_eq!(said("1.2.3"), ["Old."]);
        assert_eq!(said("1.2.5"), [""; 0]);
        assert_eq!(
            of("notes", "nothing", &"1".parse().expect("a version")),
            [""; 0]
        );
        let many = format!("# Changelog\n\n## 1.0.0\n\n{}", "- x\n".repeat(42));
        assert_eq!(
            of("CHANGELOG.md", &many, &"1.0.0".parse().expect("a version"))
                .last()
                .map(String::as_str),
            Some("and 2 more changes, which the changelog has")
        );
    }
}
