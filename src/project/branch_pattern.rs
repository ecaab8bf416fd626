//! Branches by pattern: `46.*` or `*.x` stands for the newest branch that it matches, so that no
//! major release needs an edit of the configuration.

/// Whether a branch's name in the configuration is a pattern.
pub(crate) fn is_pattern(name: &str) -> bool {
    name.contains('*')
}

/// What every branch starts with that a pattern may match.
pub(crate) fn prefix(pattern: &str) -> &str {
    pattern.split('*').next().unwrap_or_default()
}

/// The branch that a pattern stands for: of those it matches the one with the highest numbers. A
/// `*` is numbers, dots and the `x` of a release branch.
pub(crate) fn newest<'a>(
    pattern: &str,
    names: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    let matching = names.into_iter().filter(|name| matches(pattern, name));
    matching.max_by_key(|name| numbers(name))
}

fn matches(pattern: &str, name: &str) -> bool {
    let Some((before, after)) = pattern.split_once('*') else {
        return pattern == name;
    };
    let Some(rest) = name.strip_prefix(before) else {
        return false;
    };
    let is_number = |c: char| c.is_ascii_digit() || matches!(c, '.' | 'x');
    let most = rest.find(|c| !is_number(c)).unwrap_or(rest.len());
    (1..=most).any(|end| matches(after, &rest[end..]))
}

fn numbers(name: &str) -> Vec<u64> {
    name.split(|c: char| !c.is_ascii_digit())
        .filter_map(|number| number.parse().ok())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_that_matches() {
        let names = [
            "main",
            "45.0.x",
            "46.0.x",
            "46.1.x",
            "46.10.x",
            "9.x",
            "feature.x",
            "release/46.2",
            "release/5",
            "46.1.x-try",
        ];
        for (pattern, expected) in [
            ("46.*", Some("46.10.x")),
            ("45.*", Some("45.0.x")),
            ("*.x", Some("46.10.x")),
            ("release/*", Some("release/46.2")),
            ("4*.0.x", Some("46.0.x")),
            ("47.*", None),
            ("main", Some("main")),
        ] {
            assert_eq!(newest(pattern, names), expected, "{pattern}");
        }
        assert!(is_pattern("46.*") && !is_pattern("46.x"));
        assert_eq!((prefix("46.*"), prefix("*.x")), ("46.", ""));
    }
}
