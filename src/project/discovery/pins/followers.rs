//! Lines that a bump of a package's own recipe sets or takes out: its revision beside the version.

use crate::project::discovery::found::FoundText;
use crate::project::discovery::line::subject;
use crate::project::discovery::owner::vcpkg;

/// What packagers do with a line when the version rises.
enum After {
    /// It becomes this number.
    Becomes(&'static str),
    /// It goes.
    Goes,
}

/// The file's name (or how it ends), what stands before the number, what after it, and what becomes
/// of it.
const CUSTOMS: [(&str, &str, &str, After); 14] = [
    ("PKGBUILD", "pkgrel=", "", After::Becomes("1")),
    ("APKBUILD", "pkgrel=", "", After::Becomes("0")),
    ("meta.yaml", "  number: ", "", After::Becomes("0")),
    ("recipe.yaml", "  number: ", "", After::Becomes("0")),
    ("build.sh", "TERMUX_PKG_REVISION=", "", After::Goes),
    ("Makefile", "PKG_RELEASE:=", "", After::Becomes("1")),
    ("template", "revision=", "", After::Becomes("1")),
    ("Makefile", "PORTREVISION=", "", After::Goes),
    (".SRCINFO", "\tpkgrel = ", "", After::Becomes("1")),
    ("Portfile", "revision ", "", After::Becomes("0")),
    (".spec", "Release:", "%{?dist}", After::Becomes("1")),
    (".yaml", "  epoch: ", "", After::Becomes("0")),
    (".rb", "  revision ", "", After::Goes),
    ("template.py", "pkgrel = ", "", After::Becomes("0")),
];

/// Adds what the custom of a recipe's kind asks for, where the pin is the recipe's own version.
pub(crate) fn add(pin: &mut FoundText, path: &str, text: &str) {
    let name = path.rsplit('/').next().unwrap_or_default();
    if name == "vcpkg.json" {
        pin.delete.extend(port_number(pin, text));
    }
    for (end, before, after, what) in &CUSTOMS {
        let is_kind = if end.starts_with('.') && *end != ".SRCINFO" {
            name.ends_with(end)
        } else {
            name == *end
        };
        if !is_kind || !is_own_version(pin, text) {
            continue;
        }
        if let After::Goes = what {
            if !is_of_the_ports(before, text) {
                continue;
            }
            pin.delete.push(format!("{before}{{*}}{after}"));
            continue;
        }
        let mut lines = text
            .lines()
            .filter(|line| line.starts_with(before) && line.ends_with(after));
        let (Some(line), None) = (lines.next(), lines.next()) else {
            continue;
        };
        let inner = &line[before.len()..line.len() - after.len()];
        let opens = |c: char| c.is_whitespace() || matches!(c, '"' | '\'');
        let rest = inner.trim_start_matches(opens);
        let number = rest.trim_end_matches(['"', '\'']);
        if let After::Becomes(first) = what
            && number.split('.').all(is_digits)
        {
            let opened = &inner[..inner.len() - rest.len()];
            let closed = &rest[number.len()..];
            pin.set.push((
                format!("{before}{opened}{{*}}{closed}{after}"),
                format!("{before}{opened}{first}{closed}{after}"),
            ));
        }
    }
}

/// The line of the port's number in a manifest of vcpkg's, where no pattern has it.
fn port_number(pin: &FoundText, text: &str) -> Option<String> {
    let mut patterns = pin.matches.iter();
    if patterns.any(|pattern| pattern.contains("{0}")) {
        return None;
    }
    let mut labels = pin.matches.iter().filter_map(|pattern| {
        let (label, _) = pattern.split_once("{version}")?;
        Some(text.find(label)? + label.len())
    });
    labels.find_map(|version| vcpkg::number_line(text, version))
}

/// Whether a text is digits and nothing more; Arch's `pkgrel=1.1` has two of them.
fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Whether a file whose name says little is of the kind that has such a number.
fn is_of_the_ports(before: &str, text: &str) -> bool {
    match before {
        "PORTREVISION=" => text.contains("PORTNAME"),
        "  revision " => text.contains("< Formula"),
        "TERMUX_PKG_REVISION=" => text.contains("TERMUX_PKG_"),
        _ => true,
    }
}

/// What a recipe says the version of its package behind.
const OWN_VERSION: [&str; 20] = [
    "pkgver=",
    "pkgver = ",
    "_ver=",
    "version = ",
    "version=",
    "VERSION=",
    "VERSION:=",
    "PKG_VERSION=",
    "PKG_VERSION:=",
    "TERMUX_PKG_VERSION=",
    "DISTVERSION=",
    "PORTVERSION=",
    "Version:",
    "\"version\": ",
    "\"version-string\": ",
    "\"version-semver\": ",
    "version: ",
    "version  ",
    "set version",
    "url \"https://",
];

/// Whether one of the patterns is the version of the package that the file is about, and not that of
/// a source which it brings along (`_openssl_ver=`): said behind a word of the recipe's, or by a
/// variable that stands behind one.
fn is_own_version(pin: &FoundText, text: &str) -> bool {
    let is_said = |line: &str| {
        let in_word = |c: char| c.is_ascii_alphanumeric() || c == '_';
        OWN_VERSION.iter().any(|word| {
            let mut stands = line.match_indices(word);
            stands.any(|(at, _)| !line[..at].ends_with(in_word))
        })
    };
    let used = |name: &str| {
        let is_used = |line: &str| {
            let mut stands = line.match_indices(name);
            // An address may be that of a source, too.
            !line.contains("://")
                && is_said(line)
                && stands.any(|(at, _)| line[..at].ends_with(['$', '{', '(']))
        };
        !name.is_empty() && text.lines().any(is_used)
    };
    let mut lines = pin.matches.iter().flat_map(|pattern| pattern.lines());
    lines.any(|line| {
        let is_moved = line.contains("{version}") || line.contains("{patch}");
        let before = line.split('{').next().unwrap_or_default();
        let name = subject::variable(before);
        is_moved && (is_said(line) || name.is_some_and(|name| used(&name)))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_falls_back_in_its_quotes() {
        for (path, line, expected) in [
            ("PKGBUILD", "pkgrel=3", "pkgrel=1"),
            ("PKGBUILD", "pkgrel=\"3\"", "pkgrel=\"1\""),
            ("PKGBUILD", "pkgrel=1.2", "pkgrel=1"),
            ("template.py", "pkgrel = 3", "pkgrel = 0"),
        ] {
            let mut pin = FoundText {
                file: path.to_owned(),
                matches: vec!["pkgver={version}".to_owned()],
                ..FoundText::default()
            };
            add(&mut pin, path, &format!("pkgver=3.5.3\n{line}\n"));
            let set: Vec<&str> = pin.set.iter().map(|(_, to)| to.as_str()).collect();
            assert_eq!(set, [expected]);
        }
    }

    #[test]
    fn a_source_that_a_recipe_brings_along_does_not_reset_its_number() {
        for (path, matched, text, expected) in [
            (
                "PKGBUILD",
                "_openssl_ver={version}",
                "pkgver=202005\npkgrel=3\n_openssl_ver=1.1.1g\n",
                0,
            ),
            (
                "PKGBUILD",
                "_ver={version}",
                "_ver=1.1.1g\npkgver=${_ver/[a-z]/}\npkgrel=3\n",
                1,
            ),
            (
                "template",
                "_openssl_version={version}",
                "version=7.1\nrevision=2\n_openssl_version=3.5.3\n",
                0,
            ),
            (
                "Makefile",
                "OPENSSL_VERSION:={version}",
                "PKG_VERSION:=1.2\nPKG_RELEASE:=4\nOPENSSL_VERSION:=3.5.3\n",
                0,
            ),
            (
                "Makefile",
                "PKG_VERSION:={version}",
                "PKG_VERSION:=3.5.3\nPKG_RELEASE:=4\n",
                1,
            ),
        ] {
            let mut pin = FoundText {
                file: path.to_owned(),
                matches: vec![matched.to_owned()],
                ..FoundText::default()
            };
            add(&mut pin, path, text);
            assert_eq!(pin.set.len(), expected, "{path} {text}");
        }
    }

    #[test]
    fn a_number_goes_where_the_file_is_of_a_kind_that_has_it() {
        for (path, text, expected) in [
            ("Makefile", "PORTNAME= openssl\nDISTVERSION=3.5.3\n", 1),
            ("Makefile", "OPENSSL_VERSION=3.5.3\n", 0),
            ("build.sh", "TERMUX_PKG_VERSION=3.5.3\n", 1),
            ("build.sh", "VERSION=3.5.3\n", 0),
            (
                "spam.rb",
                "class Spam < Formula\n  version = \"3.5.3\"\n",
                1,
            ),
            ("spam.rb", "version = \"3.5.3\"\n", 0),
        ] {
            let mut pin = FoundText {
                file: path.to_owned(),
                matches: vec!["VERSION={version}".to_owned()],
                ..FoundText::default()
            };
            add(&mut pin, path, text);
            assert_eq!(pin.delete.len(), expected, "{path} {text}");
        }
    }
}
