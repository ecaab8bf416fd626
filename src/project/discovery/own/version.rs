//! The project's own version, and every place that a release raises.

use std::collections::BTreeSet;

use super::project::changelog;
use super::repeated;
use super::stated::{Rank, StatedPlace, stated};
use crate::openssl::version::Version;
use crate::project::changelog::releases;
use crate::project::discovery::found::{Checkout, Doubt, OwnPlace, OwnVersion};
use crate::project::own_places::anchor::anchored;
use crate::project::project_version::ProjectVersion;
use crate::text::in_words;

/// Where the project says its own version: every place of its packaging and its code that says the
/// one that most of its files do, and what repeats it.
pub(crate) fn version(
    checkout: &Checkout,
    linked: &[Version],
    unsure: &mut BTreeSet<Doubt>,
) -> Option<OwnVersion> {
    let mut found = stated(checkout);
    if found.is_empty() {
        return None;
    }
    let told = told(checkout);
    let newest = [
        told.as_ref().and_then(|(_, versions)| versions.last()),
        checkout.tagged.as_ref(),
    ];
    leave_out_unreleased(newest, linked, &mut found);
    if let Some((changelog, versions)) = &told {
        leave_out_those_behind(changelog, versions, &mut found, unsure);
    }
    found.retain(|one| {
        let is_day = one.version.is_calendar();
        if is_day {
            let why = "the project's own version starts with a year, so what follows it is not known; raise it by hand";
            unsure.insert(one.doubt(why.to_owned()));
        }
        !is_day
    });
    let agreed = agreed(checkout, newest, &found)?;
    tell_of_others(&found, &agreed, unsure);
    found.retain(|one| one.version == agreed);
    let places = raised(&found, unsure);
    let (first, others) = places.split_first()?;
    let mut others: Vec<OwnPlace> = others.iter().map(|(_, place)| place.clone()).collect();
    let raised: Vec<&StatedPlace<'_>> = places.iter().map(|(one, _)| *one).collect();
    others.extend(repeated::places(checkout, &raised, unsure));
    Some(OwnVersion {
        version: first.0.said().to_owned(),
        first: first.1.clone(),
        others,
    })
}

/// The changelog and the versions that it has, ascending.
fn told(checkout: &Checkout) -> Option<(String, Vec<ProjectVersion>)> {
    let file = changelog(checkout)?;
    let mut versions = releases(&file, checkout.texts.get(&file)?).ok()?;
    versions.sort();
    Some((file, versions))
}

/// Leaves out what a file of the build says and no release bears out: it may be anything's number,
/// such as that of the OpenSSL that is built. What is released, or comes right after it, is the
/// project's own.
fn leave_out_unreleased(
    newest: [Option<&ProjectVersion>; 2],
    linked: &[Version],
    found: &mut Vec<StatedPlace<'_>>,
) {
    let newest = newest.into_iter().flatten().max();
    found.retain(|one| {
        let follows = |newest: &ProjectVersion| {
            let mut next = (0..3).filter_map(|at| newest.raised(at));
            one.version == *newest || next.any(|next| next == one.version)
        };
        !one.is_of_the_build()
            || (one.version.next_patch().is_some()
                && newest.is_some_and(follows)
                && !linked.iter().any(|linked| linked.to_string() == one.said()))
    });
}

/// Leaves out what the changelog is ahead of: its newest version may be what is worked on, the one
/// before is surely released.
fn leave_out_those_behind(
    changelog: &str,
    versions: &[ProjectVersion],
    found: &mut Vec<StatedPlace<'_>>,
    unsure: &mut BTreeSet<Doubt>,
) {
    let [.., released, newest] = versions else {
        return;
    };
    found.retain(|one| {
        let is_behind = one.version < *released;
        if is_behind {
            let why = format!(
                "it says {}, and `{changelog}` has {newest}, so it is not the project's own version that a release raises",
                one.said()
            );
            unsure.insert(one.doubt(why));
        }
        !is_behind
    });
}

/// The version that the changelog or the tags have as the newest, or the nearest above that; else the
/// one that most files of the best rank say, and of several the highest.
fn agreed(
    checkout: &Checkout,
    newest: [Option<&ProjectVersion>; 2],
    found: &[StatedPlace<'_>],
) -> Option<ProjectVersion> {
    let versions = || found.iter().map(|one| &one.version);
    let said = newest
        .iter()
        .flatten()
        .find_map(|newest| versions().find(|version| version == newest));
    let above = newest.iter().flatten().max();
    let above = above.and_then(|newest| versions().filter(|version| *version > newest).min());
    if let Some(version) = said.or(above) {
        return Some(version.clone());
    }
    let ranked = found.iter().map(|one| (one.rank(checkout), one));
    let ranked: Vec<(Rank, &StatedPlace<'_>)> = ranked.collect();
    let best = ranked.iter().map(|(rank, _)| *rank).min()?;
    let files = |version: &ProjectVersion| {
        let same = ranked
            .iter()
            .filter(|(rank, one)| *rank != Rank::Private && one.version == *version);
        same.map(|(_, one)| one.file).collect::<BTreeSet<_>>().len()
    };
    let candidates = ranked.iter().filter(|(rank, _)| *rank == best);
    let most = candidates.map(|(_, one)| (files(&one.version), &one.version));
    most.max().map(|(_, version)| version.clone())
}

/// Tells of the places that say another version.
fn tell_of_others(
    found: &[StatedPlace<'_>],
    agreed: &ProjectVersion,
    unsure: &mut BTreeSet<Doubt>,
) {
    let (same, others): (Vec<_>, Vec<_>) = found.iter().partition(|one| one.version == *agreed);
    let mut files: Vec<String> = same.iter().map(|one| format!("`{}`", one.file)).collect();
    files.dedup();
    for one in others {
        // Of one file the lines tell its places apart.
        let is_of_both = same.iter().any(|other| other.file == one.file);
        let places = if is_of_both {
            same.iter().map(|one| one.place()).collect()
        } else {
            files.clone()
        };
        let says = if places.len() == 1 { "says" } else { "say" };
        let why = format!(
            "it says {}, which is not the version that {} {says}; raise it by hand if it is the project's own too",
            one.said(),
            in_words(&places)
        );
        unsure.insert(one.doubt(why));
    }
}

/// The places that patterns can raise; the others are told.
fn raised<'a>(
    found: &'a [StatedPlace<'a>],
    unsure: &mut BTreeSet<Doubt>,
) -> Vec<(&'a StatedPlace<'a>, OwnPlace)> {
    let mut places: Vec<(&StatedPlace<'_>, OwnPlace)> = Vec::new();
    for one in found {
        let spelled = |(other, _): &(&StatedPlace<'_>, OwnPlace)| {
            other.file == one.file && other.said() != one.said()
        };
        let pattern = anchored(one.text, &one.range, one.heading);
        match pattern.filter(|_| !places.iter().any(spelled)) {
            Some(pattern) => {
                let file = one.file.to_owned();
                places.push((one, OwnPlace { file, pattern }));
            }
            None => {
                let why = "the project's own version stands here too, and no pattern finds this place alone; raise it by hand";
                unsure.insert(one.doubt(why.to_owned()));
            }
        }
    }
    places
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    #[test]
    fn what_is_behind_the_changelog_is_not_the_project_s_own_version() {
        let log = "# v6.26.0\n- a\n\n# v6.25.0\n- b\n";
        for (says, expected) in [
            ("3.0.0", None),
            ("6.24.9", None),
            ("6.25.0", Some("6.25.0")),
            ("6.26.0", Some("6.26.0")),
            ("6.27.0", Some("6.27.0")),
        ] {
            let package = format!("{{\n  \"version\": \"{says}\",\n}}\n");
            let texts = [("CHANGELOG.md", log), ("package.json", package.as_str())];
            let checkout = Checkout {
                texts: texts
                    .map(|(file, text)| (file.to_owned(), text.to_owned()))
                    .into(),
                ..Checkout::default()
            };
            let mut unsure = BTreeSet::new();
            let found = version(&checkout, &[], &mut unsure);
            assert_eq!(found.map(|own| own.version).as_deref(), expected, "{says}");
            assert_eq!(unsure.len(), usize::from(expected.is_none()));
        }
    }

    #[test]
    fn a_version_that_is_a_day_is_not_raised() {
        for (says, expected, told) in [
            ("2023.09.16", false, 1),
            ("23.9.16", true, 0),
            ("0.0.0-development", false, 0),
        ] {
            let text = format!("__version__ = '{says}'\n");
            let checkout = Checkout {
                texts: [("spam/__init__.py".to_owned(), text)].into(),
                ..Checkout::default()
            };
            let mut unsure = BTreeSet::new();
            let found = version(&checkout, &[], &mut unsure);
            assert_eq!((found.is_some(), unsure.len()), (expected, told), "{says}");
        }
    }

    /// The places with their patterns, and what is told.
    fn places(files: &[(&str, &str)]) -> (Vec<(String, String)>, Vec<String>) {
        let texts = files.iter();
        let checkout = Checkout {
            texts: texts
                .map(|(file, text)| ((*file).to_owned(), (*text).to_owned()))
                .collect(),
            ..Checkout::default()
        };
        let mut unsure = BTreeSet::new();
        let found = version(&checkout, &[], &mut unsure);
        let places = found.iter().flat_map(OwnVersion::places);
        (
            places
                .map(|place| (place.file.clone(), place.pattern.clone()))
                .collect(),
            unsure
                .iter()
                .map(|doubt| format!("{}:{} {}", doubt.file, doubt.line, doubt.why))
                .collect(),
        )
    }

    const TWICE: &str = "[project]\nname = \"a\"\nversion = \"0.25.0\"\n[tool.poetry]\nname = \"a\"\nversion = \"0.25.0\"\n";

    const WORKSPACE: &str = "[workspace.package]\nedition = \"2021\"\nversion = \"0.3.12\"\n[workspace.dependencies]\nb = { version = \"=0.3.12\", path = \"b\" }\nc = { version = \"0.3.12\", path = \"c\" }\nd = \"0.3.12\"\n[package]\nname = \"a\"\nversion = \"0.0.0\"\n";

    #[test]
    fn every_place_that_agrees_is_raised() {
        for (files, expected) in [
            (
                &[
                    ("pyproject.toml", TWICE),
                    ("a/__init__.py", "__version__ = '0.25.0'\n"),
                ][..],
                &[
                    ("a/__init__.py", "__version__ = '{project_version}'"),
                    (
                        "pyproject.toml",
                        "[project]\nname = \"a\"\nversion = \"{project_version}\"",
                    ),
                    (
                        "pyproject.toml",
                        "[tool.poetry]\nname = \"a\"\nversion = \"{project_version}\"",
                    ),
                ][..],
            ),
            (
                &[
                    ("Cargo.toml", WORKSPACE),
                    (
                        "b/Cargo.toml",
                        "[package]\nname = \"b\"\nversion.workspace = true\n",
                    ),
                    (
                        "c/Cargo.toml",
                        "[package]\nname = \"c\"\nversion = \"0.3.12\"\n[build-dependencies]\nb = { path = \"../b\", version = \"=0.3.12\" }\n[dependencies]\nb = { path = \"../b\", version = \"0.3.12\" }\nd = { path = \"../d\", version = \"=0.3.12\" }\n",
                    ),
                    (
                        "fuzz/Cargo.lock",
                        "[[package]]\nname = \"b\"\nversion = \"0.3.12\"\n\n[[package]]\nname = \"b\"\nversion = \"0.3.11\"\nsource = \"registry\"\n",
                    ),
                    (
                        "Cargo.lock",
                        "[[package]]\nname = \"b\"\nversion = \"0.3.12\"\n\n[[package]]\nname = \"c\"\nversion = \"0.3.12\"\n",
                    ),
                ],
                &[
                    (
                        "Cargo.toml",
                        "[workspace.package]\n{*}\nversion = \"{project_version}\"",
                    ),
                    ("Cargo.toml", "b = { version = \"={project_version}\""),
                    (
                        "c/Cargo.toml",
                        "b = { path = \"../b\", version = \"={project_version}\"",
                    ),
                    (
                        "Cargo.lock",
                        "name = \"b\"\nversion = \"{project_version}\"",
                    ),
                    (
                        "fuzz/Cargo.lock",
                        "name = \"b\"\nversion = \"{project_version}\"\n\n",
                    ),
                ],
            ),
            (
                &[
                    (
                        "package.json",
                        "{\n  \"engines\": {\n    \"version\": \"1.0.0\"\n  },\n  \"version\": \"1.2.3\"\n}\n",
                    ),
                    (
                        "package-lock.json",
                        "{\n  \"version\": \"1.2.3\",\n  \"packages\": {\n    \"\": {\n      \"version\": \"1.2.3\"\n",
                    ),
                ],
                &[
                    ("package.json", "\n  \"version\": \"{project_version}\""),
                    (
                        "package-lock.json",
                        "\n  \"version\": \"{project_version}\"",
                    ),
                    (
                        "package-lock.json",
                        "\n      \"version\": \"{project_version}\"",
                    ),
                ],
            ),
        ] {
            let (found, told) = places(files);
            let found: Vec<(&str, &str)> = found
                .iter()
                .map(|(file, pattern)| (file.as_str(), pattern.as_str()))
                .collect();
            assert_eq!(found, expected);
            assert_eq!(told, [""; 0]);
        }
    }

    #[test]
    fn where_places_disagree_most_files_decide_then_the_newest_release() {
        let cargo = (
            "Cargo.toml",
            "[package]\nname = \"a\"\nversion = \"0.23.0\"\n",
        );
        let python = (
            "pyproject.toml",
            "[project]\nname = \"a\"\nversion = \"0.29.0\"\n",
        );
        let code = ("a/__init__.py", "__version__ = '0.23.0'\n");
        let log = ("CHANGELOG.md", "# 0.23.0\n- a\n\n# 0.22.0\n- b\n");
        for (files, raised, told) in [
            (
                &[cargo, python][..],
                &["pyproject.toml"][..],
                "Cargo.toml:3 it says 0.23.0, which is not the version that `pyproject.toml` says;",
            ),
            (
                &[cargo, python, code],
                &["Cargo.toml", "a/__init__.py"],
                "pyproject.toml:3 it says 0.29.0, which is not the version that `Cargo.toml` and `a/__init__.py` say;",
            ),
            (
                &[cargo, python, log],
                &["Cargo.toml"],
                "pyproject.toml:3 it says 0.29.0,",
            ),
        ] {
            let (found, unsure) = places(files);
            let found: Vec<&str> = found.iter().map(|(file, _)| file.as_str()).collect();
            assert_eq!(found, raised);
            assert_eq!(unsure.len(), 1);
            assert!(unsure[0].starts_with(told), "{}", unsure[0]);
        }
    }

    #[test]
    fn packaging_comes_before_code_of_others_and_private_packages() {
        let cargo = (
            "Cargo.toml",
            "[package]\nname = \"a\"\nversion = \"0.9.0\"\n",
        );
        let python = (
            "pyproject.toml",
            "[project]\nname = \"a\"\nversion = \"0.1.0\"\n",
        );
        let private = (
            "package.json",
            "{\n  \"private\": true,\n  \"version\": \"0.1.0\"\n}\n",
        );
        let vendored = ("third_party/idna/__init__.py", "__version__ = \"3.7\"\n");
        let log = ("CHANGELOG.md", "# 0.0.9\n- a\n\n# 0.0.8\n- b\n");
        for (files, raised) in [
            (&[cargo, private][..], "Cargo.toml"),
            (&[cargo, python, private], "Cargo.toml"),
            (&[cargo, vendored], "Cargo.toml"),
            (&[cargo, python, log], "pyproject.toml"),
            (&[private], "package.json"),
        ] {
            let (found, _) = places(files);
            assert_eq!(found[0].0, raised, "{files:?}");
        }
    }

    #[test]
    fn a_file_of_nothing_but_a_version_is_the_project_s_unless_openssl_is_built_of_it() {
        let version = ("VERSION", "3.5.3\n");
        for (file, expected) in [
            (("build.sh", "V=$(cat VERSION); make\n"), 1),
            (("build.sh", "curl openssl-$(cat VERSION).tar.gz\n"), 0),
            (("README", "OpenSSL 3.5.3\n"), 0),
        ] {
            let log = ("CHANGELOG.md", "# 3.5.3\n- a\n\n# 3.5.2\n- b\n");
            let (found, _) = places(&[version, file, log]);
            assert_eq!(found.len(), expected, "{file:?}");
        }
    }

    #[test]
    fn what_a_file_of_the_build_says_is_the_project_s_where_a_release_bears_it_out() {
        for (said, newest, expected) in [
            ("1.2.3", "1.2.3", true),
            ("1.2.4", "1.2.3", true),
            ("1.3.0", "1.2.3", true),
            // Still behind what is worked on, or another thing's number.
            ("1.2.3", "1.3.0", false),
            ("12.0.0", "1.2.3", false),
            ("1.2.3", "2025.10", false),
            // What nothing can be raised of.
            ("12", "12", false),
            ("1.2.3-5", "1.2.3-5", false),
            ("1.2.3.4", "1.2.3.4", false),
            // The OpenSSL that is linked.
            ("3.5.3", "3.5.3", false),
        ] {
            let checkout = Checkout {
                texts: BTreeMap::from([("VERSION".to_owned(), format!("{said}\n"))]),
                tagged: newest.parse().ok(),
                ..Checkout::default()
            };
            let linked = ["3.5.3".parse().expect("a version")];
            let found = version(&checkout, &linked, &mut BTreeSet::new());
            assert_eq!(found.is_some(), expected, "{said} {newest}");
        }
    }

    #[test]
    fn what_the_changelog_has_is_told_by_its_newest_heading() {
        let cargo = ("Cargo.toml", "[package]\nversion = \"0.50.2\"\n");
        let log = ("CHANGELOG.md", "# 50.0.2\n- a\n\n# 50.0.1\n- b\n");
        let (found, unsure) = places(&[cargo, log]);
        assert_eq!(found, []);
        assert!(
            unsure[0].contains("`CHANGELOG.md` has 50.0.2"),
            "{}",
            unsure[0]
        );
    }
}
