//! The branch that `.gitmodules` names for a submodule that moves to another series.

use crate::openssl::version::{Series, Version};

/// What to do about a submodule's branch that is of the series before, in words; none where none is
/// named, or another one.
pub(crate) fn old_branch(
    modules: &str,
    path: &str,
    (from, to): (Version, Version),
) -> Option<String> {
    let (old, new) = (branch(from.series()), branch(to.series()));
    let (mut is_ours, mut at) = (false, None);
    for (number, line) in (1..).zip(modules.lines().chain(["["])) {
        let line = line.trim();
        if line.starts_with('[') {
            if is_ours && at.is_some() {
                break;
            }
            (is_ours, at) = (false, None);
        } else if let Some((key, value)) = line.split_once('=') {
            match (key.trim(), value.trim().trim_matches('"')) {
                ("path", value) => is_ours = value == path,
                ("branch", value) if value == old => at = Some(number),
                _ => {}
            }
        }
    }
    let line = at.filter(|_| is_ours && old != new)?;
    Some(format!(
        "`.gitmodules` line {line} still names the branch `{old}`, and `git submodule update --remote` would go back there; `git submodule set-branch --branch {new} {path}` names the other one"
    ))
}

/// The branch that upstream makes the releases of a series on.
fn branch(series: Series) -> String {
    if series.first().major() < 3 {
        let name = series.to_string().replace('.', "_");
        return format!("OpenSSL_{name}-stable");
    }
    format!("openssl-{series}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_branch_of_the_series_before_is_told() {
        const MODULES: &str = "[submodule \"a\"]\n\tpath = deps/a\n\tbranch = openssl-3.5\n[submodule \"openssl\"]\n\tpath = deps/openssl\n\turl = https://github.com/openssl/openssl\n\tbranch = BRANCH\n";
        let version = |text: &str| text.parse::<Version>().expect("a version");
        for (branch, from, to, expected) in [
            ("openssl-3.5", "3.5.4", "3.6.2", Some("openssl-3.6")),
            (
                "OpenSSL_1_1_1-stable",
                "1.1.1w",
                "3.5.4",
                Some("openssl-3.5"),
            ),
            ("openssl-3.6", "3.5.4", "3.6.2", None),
            ("master", "3.5.4", "3.6.2", None),
            ("openssl-3.5", "3.5.4", "3.5.9", None),
        ] {
            let modules = MODULES.replace("BRANCH", branch);
            let told = old_branch(&modules, "deps/openssl", (version(from), version(to)));
            assert_eq!(told.is_some(), expected.is_some(), "{branch} {told:?}");
            let told = told.unwrap_or_default();
            assert!(told.contains(expected.unwrap_or_default()), "{told}");
            assert!(told.is_empty() || told.contains("line 7"), "{told}");
        }
    }
}
