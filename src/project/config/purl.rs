//! Package URLs as far as a configuration needs them: which product a VEX document is about.

/// Takes a package URL that names a product and no version of it.
pub(super) fn without_version(text: &str) -> Result<String, String> {
    let shown = text.escape_debug();
    let not_one = || {
        format!(
            "`{shown}` is not a package URL; write `pkg:pypi/name`, `pkg:github/owner/name` or `pkg:generic/name`"
        )
    };
    let rest = text.strip_prefix("pkg:").ok_or_else(not_one)?;
    let path = rest.split(['?', '#']).next().unwrap_or_default();
    let (kind, name) = path.split_once('/').ok_or_else(not_one)?;
    let is_kind = kind.starts_with(|c: char| c.is_ascii_lowercase())
        && kind
            .chars()
            .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '.' | '+' | '-'));
    let (before, version) = name.rsplit_once('@').unwrap_or((name, ""));
    let is_segment = |segment: &str| {
        !segment.is_empty()
            && segment
                .chars()
                .all(|c| c.is_ascii_graphic() && !matches!(c, '@' | '\\' | '"' | '<' | '>'))
    };
    if !is_kind || !before.split('/').all(is_segment) {
        return Err(not_one());
    }
    if before.len() < name.len() {
        return Err(format!(
            "`{shown}` has a version, `{}`; leave it out, each release's own is added (an `@` of the name is `%40`)",
            version.escape_debug()
        ));
    }
    Ok(text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::without_version;

    #[test]
    fn what_names_a_product() {
        for text in [
            "pkg:pypi/cryptography",
            "pkg:github/pyca/cryptography",
            "pkg:npm/%40scope/name",
            "pkg:deb/debian/python3-x?arch=amd64",
            "pkg:generic/a.b+c#sub/path",
        ] {
            assert_eq!(without_version(text), Ok(text.to_owned()));
        }
        for (text, says) in [
            ("cryptography", "is not a package URL"),
            ("pkg:cryptography", "is not a package URL"),
            ("pkg:/x", "is not a package URL"),
            ("pkg:PyPI/x", "is not a package URL"),
            ("pkg:pypi/", "is not a package URL"),
            ("pkg:pypi/a b", "is not a package URL"),
            ("pkg:pypi/a//b", "is not a package URL"),
            ("pkg:npm/@scope/name", "is not a package URL"),
            ("pkg:pypi/cryptography@44.0.0", "has a version, `44.0.0`"),
            ("pkg:pypi/cryptography@1?arch=x", "has a version, `1`"),
        ] {
            let said = without_version(text).expect_err(text);
            assert!(said.contains(says), "{said}");
        }
    }
}
