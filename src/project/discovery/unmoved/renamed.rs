//! What no pin can do at a bump: give a file another name, or make a header anew.

use std::collections::{BTreeMap, BTreeSet};

use crate::openssl::version::Version;
use crate::project::discovery::found::{
    Checkout, Doubt, FoundKind, FoundLink, LinkKind, StandingPin,
};
use crate::project::discovery::line::sighting::Lines;
use crate::project::discovery::line::{file_kind, subject, variables};

/// Files whose name says for which version they were written, or that only tell of it.
const OTHERS: [&str; 8] = ["patch", "diff", "conf", "cnf", "cfg", "md", "rst", "log"];

/// Files in which a package manager keeps what it chose.
const LOCKS: [&str; 4] = [
    "conan.lock",
    "pixi.lock",
    "conda-lock.yml",
    "MODULE.bazel.lock",
];

/// Names with a version in them that the lines of pins are searched for, at most.
const NAMED: usize = 50;

/// Makes a link doubtful whose bump would have to rename a file, to make OpenSSL's header anew, or to
/// lock anew.
pub(crate) fn mark(checkout: &Checkout, links: &mut [FoundLink]) {
    for link in links.iter_mut().filter(|link| link.doubt.is_none()) {
        let mut names = checkout.texts.keys();
        let named = names.find(|path| {
            let is_named = is_named_after(path, link.version) && file_kind::aside(path).is_none();
            is_named || is_made_up(path, checkout, link)
        });
        let named = named.or_else(|| {
            let mut places = link.places().map(|(path, _)| path);
            places.find(|path| is_inside(path, link.version))
        });
        let named = named
            .map(|path| named_after(path, link.version))
            .or_else(|| Some(named_after(&referred_to(checkout, link)?, link.version)));
        let named = named
            .or_else(|| locked(checkout, link))
            .or_else(|| with_a_revision(checkout, link));
        link.doubt = named.or_else(|| {
            let path = link.pins.iter().find_map(|pin| match &pin.kind {
                FoundKind::Text(text) if is_made_anew(checkout, &text.file) => Some(&text.file),
                _ => None,
            });
            path.map(|path| {
                format!(
                    "`{path}` is made by OpenSSL's own build and says more than a pin moves; make it anew at each bump, or leave it out"
                )
            })
        });
    }
}

/// Takes out the headers that OpenSSL's own build makes anew where its tree stands beside them; that
/// is told once.
pub(crate) fn without_headers(
    checkout: &Checkout,
    standing: &mut Vec<StandingPin>,
    unsure: &mut BTreeSet<Doubt>,
) {
    let trees: BTreeSet<LinkKind> = standing
        .iter()
        .filter(|one| matches!(one.pin.kind, FoundKind::Tree(_)))
        .map(StandingPin::kind)
        .collect();
    let is_header = |one: &StandingPin| match &one.pin.kind {
        FoundKind::Text(text) => trees.contains(&one.kind()) && is_made_anew(checkout, &text.file),
        _ => false,
    };
    let mut headers = standing.iter().filter(|one| is_header(one));
    let Some(first) = headers.next() else {
        return;
    };
    let others = match headers.count() {
        0 => String::new(),
        more => format!(", and so it does {more} more"),
    };
    if let Some((path, line)) = first.pin.places.first()
        && let Some(text) = checkout.texts.get(path)
    {
        let why = format!(
            "OpenSSL's own build makes this header anew from its tree{others}; do that after each bump"
        );
        unsure.insert(Doubt::at(path, text, *line, why));
    }
    standing.retain(|one| !is_header(one));
}

/// Whether a file is a header of OpenSSL's that says more than a pin moves.
pub(crate) fn is_made_anew(checkout: &Checkout, path: &str) -> bool {
    path.ends_with("opensslv.h")
        && checkout
            .texts
            .get(path)
            .is_some_and(|text| says_numbers(text))
}

/// Why what a lock file says is not moved. Where only crates, submodules and trees are pinned, it is
/// the lock of something else: of the tools that a developer works with.
fn locked(checkout: &Checkout, link: &FoundLink) -> Option<String> {
    let mut pins = link.pins.iter();
    if !pins.any(|pin| matches!(pin.kind, FoundKind::Text(_))) {
        return None;
    }
    let version = link.version;
    let number = version.to_string();
    let is_lock = |path: &str| LOCKS.contains(&path.rsplit('/').next().unwrap_or_default());
    let mut locks = checkout.texts.iter().filter(|(path, _)| is_lock(path));
    locks.find_map(|(path, text)| {
        let says = |line: &str| line.contains(&number) && subject::names_openssl(line);
        let at = text.lines().position(says)?;
        Some(format!(
            "`{path}` line {} locks {version} with a digest of its own, which no pin moves; take the comment off, and lock anew after each bump",
            at + 1
        ))
    })
}

/// Why the pin of a recipe's revision is not moved: Conan's `openssl/3.5.3#be93d910...`.
fn with_a_revision(checkout: &Checkout, link: &FoundLink) -> Option<String> {
    let recipe = format!("openssl/{}", link.version);
    let has_one = |line: &str| {
        line.match_indices(&recipe).any(|(at, _)| {
            let behind = &line[at + recipe.len()..];
            let channel = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '/' | '-');
            let rest = behind
                .strip_prefix('@')
                .map_or(behind, |rest| rest.trim_start_matches(channel));
            let value = rest.strip_prefix('#').or_else(|| {
                let given = behind.strip_prefix(['"', '\''])?;
                Some(given.trim_start_matches([' ', ':', '=', '>', '"', '\'']))
            });
            let end = |value: &str| {
                value
                    .find(|c: char| !c.is_ascii_hexdigit())
                    .unwrap_or(value.len())
            };
            value.is_some_and(|value| end(value) == 32)
        })
    };
    let mut files: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    link.places().find_map(|(path, line)| {
        let text = checkout.texts.get(path)?;
        let lines = files.entry(path).or_insert_with(|| text.lines().collect());
        has_one(lines.get(line - 1)?).then(|| {
            format!(
                "`{path}` line {line} has the revision of a recipe beside {}, which nothing known gives for the next version; move both by hand",
                link.version
            )
        })
    })
}

/// Whether a header of OpenSSL's defines its version in numbers too.
fn says_numbers(header: &str) -> bool {
    header.lines().any(|line| {
        let words: Vec<&str> = line.split_whitespace().collect();
        let value = words.last().filter(|_| line.trim_start().starts_with('#'));
        ["OPENSSL_VERSION_PATCH", "OPENSSL_VERSION_NUMBER"]
            .iter()
            .any(|name| words.contains(name))
            && value.is_some_and(|value| value.starts_with(|c: char| c.is_ascii_digit()))
    })
}

/// Why what a file of this name says is not moved.
pub(crate) fn named_after(path: &str, version: Version) -> String {
    format!(
        "`{path}` has {version} in its name, and no pin renames a file; bump it by hand, with what it holds"
    )
}

/// Whether a pin's file makes up the name of this one with the version: it names
/// `openssl-$VERSION.patch`, and this is `openssl-3.5.3.patch`.
fn is_made_up<'a>(path: &str, checkout: &'a Checkout, link: &FoundLink) -> bool {
    let name = path.rsplit('/').next().unwrap_or_default();
    let version = link.version.to_string();
    let Some((start, end)) = name.split_once(&version) else {
        return false;
    };
    let ends_word = [' ', '"', '\'', '/', ';', '<', '>'];
    let is_variable = |word: &str| word.starts_with(['$', '{', '%', '@', '#']);
    // What one variable holds that is made of the version: `$(SRC_NAME).patch`.
    let is_made = |value: &str| {
        let rest = value
            .trim_start_matches(['"', '\'', ' '])
            .strip_prefix(start);
        rest.is_some_and(|rest| is_variable(rest) || rest.starts_with(&version))
    };
    let given = |line: &'a str| -> Option<&'a str> {
        // `set(NAME openssl-${VERSION})` is CMake's.
        let called = line.trim_start().strip_prefix("set(");
        if let Some((name, value)) = called.and_then(|called| called.split_once(' ')) {
            return Some(name).filter(|_| is_made(value));
        }
        let (_, value) = line.split_once('=')?;
        variables::given(line).filter(|_| is_made(value.trim()))
    };
    let of_one = |names: &BTreeSet<&str>, word: &str| {
        let word = match word.strip_suffix(')') {
            Some(inner) if inner.ends_with(end) => inner,
            _ => word,
        };
        let used = word.strip_suffix(end).and_then(variables::first_used);
        used.is_some_and(|(name, rest)| rest.is_empty() && names.contains(name))
    };
    let made_up = |names: &BTreeSet<&str>, line: &str| {
        let named = line.match_indices(start).any(|(at, _)| {
            let rest = &line[at + start.len()..];
            let word = rest.split(ends_word).next().unwrap_or_default();
            is_variable(word) && word.ends_with(end)
        });
        // The name may come out of a variable too: `${NAME}-${VERSION}.patch`.
        let of_variables = |word: &str| {
            let variables = word.strip_suffix(end).map(|word| word.split(['-', '_']));
            is_variable(word)
                && variables.is_some_and(|parts| parts.filter(|part| is_variable(part)).count() > 1)
        };
        let mut words = line.split(ends_word);
        named || words.any(|word| of_variables(word) || of_one(names, word))
    };
    if !subject::names_openssl(start) || !end.contains('.') {
        return false;
    }
    let files: BTreeSet<&String> = link.places().map(|(file, _)| file).collect();
    let mut texts = files
        .into_iter()
        .filter_map(|file| checkout.texts.get(file));
    texts.any(|text| {
        let names: BTreeSet<&str> = text.lines().filter_map(given).collect();
        text.lines().any(|line| made_up(&names, line))
    })
}

/// A file or folder whose name has the version in it and stands in a line that a pin moves:
/// `callPackage ./nix/openssl-3_5_3.nix`.
fn referred_to(checkout: &Checkout, link: &FoundLink) -> Option<String> {
    let spelled = [link.version.to_string(), link.version.underscored()];
    let says = |text: &str| spelled.iter().any(|version| text.contains(version));
    let mut named: BTreeSet<(&str, &str)> = BTreeSet::new();
    for path in checkout.texts.keys().filter(|path| says(path)) {
        let mut start = 0;
        for part in path.split('/') {
            if says(part) && subject::names_openssl(part) && named.len() < NAMED {
                named.insert((path[..start].trim_end_matches('/'), part));
            }
            start += part.len() + 1;
        }
    }
    if named.is_empty() {
        return None;
    }
    let places: BTreeSet<&(String, usize)> = link.places().collect();
    let mut files: BTreeMap<&str, Lines> = BTreeMap::new();
    places.into_iter().find_map(|(file, line)| {
        let text = checkout.texts.get(file)?;
        let lines = files.entry(file).or_insert_with(|| Lines::of(text));
        let written = &text[lines.range(*line)];
        let own = file.rsplit_once('/').map_or("", |(folder, _)| folder);
        let mut named = named.iter();
        let found = named.find(|(folder, part)| says_path(written, own, (folder, part)));
        found.map(|(folder, part)| {
            format!("{folder}/{part}")
                .trim_start_matches('/')
                .to_owned()
        })
    })
}

/// Whether a line of a file in the folder `own` says a path that leads to this.
fn says_path(line: &str, own: &str, (folder, name): (&str, &str)) -> bool {
    let goes_on = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');
    line.match_indices(name).any(|(at, _)| {
        let before = &line[..at];
        let word = before
            .rsplit([' ', '"', '\'', '=', '(', ',', '\t'])
            .next()
            .unwrap_or_default();
        let leads = word.trim_end_matches(['/', '\\']).replace('\\', "/");
        let leads = leads.trim_start_matches(['.', '/']);
        let is_there = match leads.rsplit(['/', '}', ')']).next().unwrap_or_default() {
            "" => leads.contains(['$', '{']) || folder.is_empty() || folder == own,
            last => folder.rsplit('/').next() == Some(last) || last.contains('$'),
        };
        !before.ends_with(goes_on)
            && !line[at + name.len()..].starts_with(goes_on)
            && !before.contains("://")
            && is_there
    })
}

/// Whether a file lies in a folder that is called like a version: `manifests/openssl/3.5.3/a.yaml`.
fn is_inside(path: &str, version: Version) -> bool {
    let number = version.to_string();
    let folders = path.rsplit_once('/').map_or("", |(folders, _)| folders);
    folders.split('/').any(|folder| {
        let rest = folder.strip_suffix(&number);
        rest.is_some_and(|rest| {
            let name = rest.strip_suffix(['-', '_', '@', 'v']).unwrap_or(rest);
            name.is_empty() || name.len() < rest.len() && subject::names_openssl(name)
        })
    })
}

/// Whether a file is named after a version of OpenSSL's: `openssl_3.5.3.bb`.
pub(crate) fn is_named_after(path: &str, version: Version) -> bool {
    let name = path.rsplit('/').next().unwrap_or_default();
    let lower = name.to_ascii_lowercase();
    let end = lower.rsplit('.').next().unwrap_or_default();
    let rest = ["openssl", "libopenssl"]
        .iter()
        .filter_map(|start| lower.strip_prefix(start))
        // A package may bear the number of its series: `openssl3-3.5.3.recipe`.
        .map(|rest| rest.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.'))
        .filter_map(|rest| rest.strip_prefix(['-', '_']))
        .find_map(|rest| rest.strip_prefix(&version.to_string()));
    rest.is_some_and(|rest| {
        let goes_on = rest.strip_prefix('.').unwrap_or(rest);
        !goes_on.starts_with(|c: char| c.is_ascii_digit()) && !OTHERS.contains(&end)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::project::discovery::found::{Confidence, FoundPin, FoundText, Moved};

    #[test]
    fn a_header_that_says_more_than_a_pin_moves_is_none_by_history() {
        let path = "include/openssl/opensslv.h";
        for (header, expected) in [
            (
                "# define OPENSSL_VERSION_PATCH  3\n# define OPENSSL_VERSION_STR \"3.5.3\"\n",
                true,
            ),
            ("# define OPENSSL_VERSION_STR \"3.5.3\"\n", false),
        ] {
            let checkout = Checkout {
                texts: [(path.to_owned(), header.to_owned())].into(),
                ..Checkout::default()
            };
            let pin = FoundPin {
                kind: FoundKind::Text(Box::new(FoundText::of(path))),
                places: vec![(path.to_owned(), 1)],
                confidence: Confidence::Certain,
                reason: "",
                moved: vec![Moved {
                    commit: "ab12".repeat(10),
                    day: "2026-01-27".parse().expect("a day"),
                }],
                differs: None,
            };
            let mut links = [FoundLink {
                name: "openssl".into(),
                version: "3.5.3".parse().expect("a version"),
                tested: false,
                pins: vec![pin],
                doubt: None,
            }];
            mark(&checkout, &mut links);
            assert_eq!(links[0].doubt.is_some(), expected, "{header}");
        }
    }

    #[test]
    fn folders_called_like_a_version() {
        let version: Version = "3.5.3".parse().unwrap();
        for (path, expected) in [
            ("manifests/o/OpenSSL/3.5.3/a.yaml", true),
            ("third_party/openssl-3.5.3/METADATA", true),
            ("third_party/zlib-3.5.3/METADATA", false),
            ("ports/openssl/13.5.3/a", false),
            ("definitions/3.5.3", false),
        ] {
            assert_eq!(is_inside(path, version), expected, "{path}");
        }
    }

    #[test]
    fn files_named_after_a_version() {
        let version: Version = "3.5.3".parse().unwrap();
        for (path, expected) in [
            ("meta/recipes/openssl/openssl_3.5.3.bb", true),
            ("o/OpenSSL/OpenSSL-3.5.3.eb", true),
            ("o/OpenSSL/OpenSSL-3.5.3-GCCcore-13.2.0.eb", true),
            ("dev-libs/openssl/openssl-3.5.3.ebuild", true),
            ("dev-libs/openssl/openssl-3.5.3-r1.ebuild", true),
            ("openssl-3.5.30.bb", false),
            ("openssl-3.5.3.1.bb", false),
            ("patches/openssl-3.5.3-build.patch", false),
            ("openssl.spec", false),
            ("python-3.5.3.eb", false),
        ] {
            assert_eq!(is_named_after(path, version), expected, "{path}");
        }
    }
}
