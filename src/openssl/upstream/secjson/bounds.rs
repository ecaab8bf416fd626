//! The ends of a record's ranges, in the forms that CVE records write versions.

use crate::openssl::advisory::Bound;
use crate::openssl::version::Version;

/// A version: plain, behind the library's name or `v`, or a tag. What is none is kept.
pub(super) fn bound(text: &str) -> Bound {
    let trimmed = text.trim();
    let bare = ["OpenSSL ", "openssl ", "v"]
        .iter()
        .find_map(|name| trimmed.strip_prefix(name))
        .unwrap_or(trimmed);
    Version::from_version_or_tag(bare.trim()).map_or_else(|_| Bound::read(text), Bound::Version)
}

/// A range that stands in one text, `>= 3.5.0, < 3.5.10`: from, before, through. `None` where it is
/// anything else.
pub(super) fn comparators(text: &str) -> Option<(Bound, Option<Bound>, Option<Bound>)> {
    let (mut from, mut before, mut through) = (None, None, None);
    for part in text.split(',').map(str::trim) {
        let at = part.find(|c| !matches!(c, '<' | '>' | '='))?;
        let (sign, version) = part.split_at(at);
        let place = match sign {
            ">=" | ">" => &mut from,
            "<" => &mut before,
            "<=" => &mut through,
            _ => return None,
        };
        let read = bound(version);
        read.version()?;
        if place.replace(read).is_some() {
            return None;
        }
    }
    Some((
        from.unwrap_or_else(|| Bound::Other("0".to_owned())),
        before,
        through,
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_in_every_form() {
        for (text, read) in [
            ("3.5.0", Some("3.5.0")),
            (" OpenSSL 3.5.0", Some("3.5.0")),
            ("v3.5.0", Some("3.5.0")),
            ("openssl-3.5.0", Some("3.5.0")),
            ("OpenSSL_1_1_1w", Some("1.1.1w")),
            ("3.5", None),
            ("*", None),
            ("fips-1.1.1", None),
            ("0.9.6-cvs", None),
            ("a0c8ec557d9c", None),
            ("\u{e9}", None),
        ] {
            let version = bound(text).version().map(|version| version.to_string());
            assert_eq!(version.as_deref(), read, "{text}");
        }
    }

    #[test]
    fn ranges_in_one_text() {
        let said = |text: &str| {
            let end = |end: Option<Bound>| end.map_or_else(String::new, |end| format!(" {end}"));
            comparators(text).map(|(from, before, through)| {
                format!("{from} <{} <={}", end(before), end(through))
            })
        };
        for (text, read) in [
            (">= 3.5.0, < 3.5.10", Some("3.5.0 < 3.5.10 <=")),
            ("<3.5.10", Some("0 < 3.5.10 <=")),
            (">=3.5.0,<=3.5.9", Some("3.5.0 < <= 3.5.9")),
            ("3.5.0", None),
            ("< 3.5.10, < 4.0.4", None),
            ("< next", None),
            ("<", None),
            ("", None),
        ] {
            assert_eq!(said(text).as_deref(), read, "{text}");
        }
    }
}
