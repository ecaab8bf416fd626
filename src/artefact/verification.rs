//! Whether what was published is what was meant: every file of a release, and every platform.

use std::collections::{BTreeMap, BTreeSet};

use super::contents::Contents;
use super::file_name::{FileName, is_platform};
use crate::openssl::version::Version;
use crate::text::in_words;

/// A release's files, each judged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Verification {
    /// What each file should contain: one of these.
    pub expected: BTreeSet<Version>,
    /// The files, in the order given.
    pub files: Vec<CheckedFile>,
    /// Platforms that should have a file and have none.
    pub missing: Vec<String>,
}

/// One file of a release.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct CheckedFile {
    pub name: String,
    /// The platforms it is for, by its name, else by the code in it.
    pub platforms: BTreeSet<String>,
    pub versions: BTreeSet<Version>,
    /// Whether it may carry another one: not all of it was read, or it does not say its version.
    pub is_open: bool,
    /// Whether it carries what it should.
    pub outcome: FileOutcome,
}

/// Whether a file carries what it should.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum FileOutcome {
    /// It does.
    Right,
    /// It does not, and why.
    Wrong(String),
    /// It has no compiled code, and no OpenSSL in its source.
    Source,
    /// It has no OpenSSL, and is for a platform that is declared to link none.
    Without,
}

impl Verification {
    /// Judges the files of a release. `required` are the platforms that must have a file;
    /// `declared` is whether the project says so itself: then those of no other link any.
    pub(crate) fn of(
        files: &[(String, Contents)],
        expected: &BTreeSet<Version>,
        required: &[String],
        declared: bool,
    ) -> Self {
        let linking = if declared { required } else { &[] };
        let files: Vec<CheckedFile> = files
            .iter()
            .map(|(name, contents)| check(name, contents, expected, linking))
            .collect();
        let present = |wanted: &&String| {
            files.iter().any(|file| {
                let tags = FileName::read(&file.name);
                tags.is_some_and(|name| name.is_for(wanted))
                    || file
                        .platforms
                        .iter()
                        .any(|platform| is_platform(platform, wanted))
            })
        };
        let missing = required
            .iter()
            .filter(|wanted| !present(wanted))
            .cloned()
            .collect();
        Self {
            expected: expected.clone(),
            files,
            missing,
        }
    }

    /// Whether every file carries what it should and no platform is missing. A release without any
    /// compiled file carries nothing.
    pub(crate) fn is_good(&self) -> bool {
        let right = self
            .files
            .iter()
            .filter(|file| file.outcome == FileOutcome::Right)
            .count();
        right > 0
            && self.missing.is_empty()
            && self
                .files
                .iter()
                .all(|file| !matches!(file.outcome, FileOutcome::Wrong(_)))
    }

    pub(crate) fn platforms(&self) -> BTreeMap<&str, Vec<&CheckedFile>> {
        let mut platforms: BTreeMap<&str, Vec<&CheckedFile>> = BTreeMap::new();
        for file in self
            .files
            .iter()
            .filter(|file| file.outcome != FileOutcome::Source)
        {
            for platform in &file.platforms {
                platforms.entry(platform).or_default().push(file);
            }
        }
        platforms
    }
}

/// `linking` are the platforms that link OpenSSL, where that is declared.
fn check(
    name: &str,
    contents: &Contents,
    expected: &BTreeSet<Version>,
    linking: &[String],
) -> CheckedFile {
    let read = FileName::read(base(name));
    let named = read
        .as_ref()
        .map(|read| read.platforms.clone())
        .filter(|platforms| !platforms.is_empty());
    let platforms = named.unwrap_or_else(|| {
        let carrying = contents.shipped.keys();
        let carrying: BTreeSet<String> = carrying
            .filter(|platform| !platform.is_empty())
            .cloned()
            .collect();
        if carrying.is_empty() {
            contents.code.clone()
        } else {
            carrying
        }
    });
    // An archive without tags in its name is one of source where nothing in it is compiled; what a
    // source distribution carries is there to be built with.
    let is_source = read.as_ref().is_some_and(FileName::is_source)
        && (contents.code.is_empty() || contents.is_sdist);
    let links_none = read.as_ref().is_some_and(|read| {
        let is_for = |wanted: &String| {
            if read.tags.is_empty() {
                platforms.iter().any(|code| may_be_for(code, wanted))
            } else {
                read.is_for(wanted)
            }
        };
        !linking.is_empty() && !is_source && !linking.iter().any(is_for)
    });
    let versions = if is_source && contents.shipped.is_empty() {
        contents.source.clone()
    } else {
        contents.versions()
    };
    let outcome = match wrong(contents, &platforms, &versions, expected, is_source) {
        _ if is_source
            && versions.is_empty()
            && contents.problems.is_empty()
            && contents.unread.is_empty() =>
        {
            FileOutcome::Source
        }
        _ if links_none && contents.has_none() => FileOutcome::Without,
        Some(why) => FileOutcome::Wrong(why),
        None => FileOutcome::Right,
    };
    let platforms = if platforms.is_empty() {
        BTreeSet::from([if is_source { "source" } else { "unknown" }.to_owned()])
    } else {
        platforms
    };
    CheckedFile {
        name: name.to_owned(),
        platforms,
        versions,
        is_open: !contents.unsaid.is_empty() || !contents.unread.is_empty(),
        outcome,
    }
}

/// Why a file is not what it should be.
fn wrong(
    contents: &Contents,
    platforms: &BTreeSet<String>,
    versions: &BTreeSet<Version>,
    expected: &BTreeSet<Version>,
    is_source: bool,
) -> Option<String> {
    if let Some(problem) = contents.problems.first() {
        return Some(problem.clone());
    }
    if let Some(unread) = contents.unread.first() {
        return Some(format!("not read: {unread}"));
    }
    if !contents.unsaid.is_empty() {
        return Some("OpenSSL is in it, its version is not said".to_owned());
    }
    if versions.is_empty() {
        return Some(match contents.other.first() {
            Some(other) => format!("{other} is in it, which is not OpenSSL"),
            None if contents.referenced.is_empty() && contents.loads.is_empty() => {
                "no OpenSSL in it".to_owned()
            }
            None => "no OpenSSL in it: it loads its host's or the system's".to_owned(),
        });
    }
    let slices: Vec<(&str, &BTreeSet<Version>)> = if is_source && contents.shipped.is_empty() {
        vec![("", versions)]
    } else {
        contents
            .shipped
            .iter()
            .map(|(platform, versions)| (platform.as_str(), versions))
            .collect()
    };
    for (platform, carried) in &slices {
        let place = if slices.len() > 1 {
            format!(" for {platform}")
        } else {
            String::new()
        };
        if carried.is_disjoint(expected) {
            return Some(format!(
                "OpenSSL {} instead of {}{place}",
                in_words(*carried),
                in_words(expected)
            ));
        }
        // What is left behind may be of an older series.
        let stale = carried.iter().find(|version| !expected.contains(version));
        if let Some(stale) = stale {
            return Some(format!("also carries OpenSSL {stale}{place}"));
        }
    }
    // A file for two processors has code for both.
    let has_code_for = |platform: &str| {
        let wanted = platform
            .split_once('-')
            .map_or(platform, |(_, processor)| processor);
        slices.iter().any(|(slice, _)| {
            slice
                .split_once('-')
                .is_none_or(|(_, processor)| same_processor(wanted, processor))
        })
    };
    let bare = platforms
        .iter()
        .find(|platform| *platform != "any" && !has_code_for(platform))?;
    (!is_source).then(|| format!("no OpenSSL for {bare} in it"))
}

/// Whether code for one platform (`linux-x86_64`) may be what somebody names `manylinux`,
/// `linux-x86_64` or by a tag.
fn may_be_for(code: &str, wanted: &str) -> bool {
    let (system, processor) = code.split_once('-').unwrap_or((code, ""));
    let name = match system {
        "linux" => "linux",
        "macos" => "mac",
        "windows" => "win",
        other => other,
    };
    let wanted = wanted.to_ascii_lowercase();
    let named = wanted
        .split_once('-')
        .map_or("", |(_, processor)| processor);
    wanted.contains(name) && (named.is_empty() || same_processor(named, processor))
}

/// Whether a platform tag's processor is the one that code is for.
fn same_processor(tag: &str, code: &str) -> bool {
    let tag = match tag {
        "arm64" => "aarch64",
        "i386" | "i486" | "i586" | "i686" => "x86",
        tag if tag.starts_with("arm") => "arm",
        tag => tag,
    };
    tag == code
}

fn base(name: &str) -> &str {
    name.rsplit(['/', '\\']).next().unwrap_or(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn versions(list: &[&str]) -> BTreeSet<Version> {
        list.iter()
            .map(|version| version.parse().unwrap())
            .collect()
    }

    fn carrying(slices: &[(&str, &[&str])]) -> Contents {
        let shipped = slices
            .iter()
            .map(|(platform, list)| ((*platform).to_owned(), versions(list)))
            .collect();
        Contents {
            shipped,
            ..Contents::default()
        }
    }

    fn outcome(name: &str, contents: &Contents, expected: &[&str]) -> FileOutcome {
        check(name, contents, &versions(expected), &[]).outcome
    }

    #[test]
    fn one_file() {
        let wheel = "x-1-cp311-abi3-manylinux_2_34_x86_64.whl";
        assert_eq!(
            outcome(
                wheel,
                &carrying(&[("linux-x86_64", &["4.0.3"])]),
                &["4.0.3"]
            ),
            FileOutcome::Right
        );
        // Of two links each has its own.
        let both = carrying(&[("linux-x86_64", &["3.5.8", "4.0.3"])]);
        assert_eq!(
            outcome(wheel, &both, &["3.5.8", "4.0.3"]),
            FileOutcome::Right
        );
        assert_eq!(
            outcome(wheel, &both, &["4.0.3"]),
            FileOutcome::Wrong("also carries OpenSSL 3.5.8".to_owned())
        );
        for (contents, why) in [
            (
                carrying(&[("linux-x86_64", &["4.0.2"])]),
                "OpenSSL 4.0.2 instead of 4.0.3",
            ),
            (
                carrying(&[("linux-x86_64", &["4.0.2", "4.0.3"])]),
                "also carries OpenSSL 4.0.2",
            ),
            (
                carrying(&[("linux-aarch64", &["4.0.3"])]),
                "no OpenSSL for manylinux-x86_64 in it",
            ),
            (Contents::default(), "no OpenSSL in it"),
            (
                Contents {
                    referenced: versions(&["4.0.3"]),
                    ..Contents::default()
                },
                "no OpenSSL in it: it loads its host's or the system's",
            ),
            (
                Contents {
                    problems: vec!["broken".to_owned()],
                    ..carrying(&[("linux-x86_64", &["4.0.3"])])
                },
                "broken",
            ),
        ] {
            assert_eq!(
                outcome(wheel, &contents, &["4.0.3"]),
                FileOutcome::Wrong(why.to_owned())
            );
        }
    }

    #[test]
    fn a_universal_file_must_be_right_twice() {
        let wheel = "x-1-cp311-abi3-macosx_10_9_universal2.whl";
        let both = |intel: &[&str], arm: &[&str]| {
            outcome(
                wheel,
                &carrying(&[("macos-x86_64", intel), ("macos-aarch64", arm)]),
                &["3.5.4"],
            )
        };
        assert_eq!(both(&["3.5.4"], &["3.5.4"]), FileOutcome::Right);
        assert_eq!(
            both(&["3.5.3"], &["3.5.4"]),
            FileOutcome::Wrong("OpenSSL 3.5.3 instead of 3.5.4 for macos-x86_64".to_owned())
        );
        let half = outcome(
            wheel,
            &carrying(&[("macos-aarch64", &["3.5.4"])]),
            &["3.5.4"],
        );
        assert_eq!(
            half,
            FileOutcome::Wrong("no OpenSSL for macos-x86_64 in it".to_owned())
        );
    }

    #[test]
    fn source_distributions_need_not_have_it() {
        assert_eq!(
            outcome("x-1.tar.gz", &Contents::default(), &["3.5.4"]),
            FileOutcome::Source
        );
        let vendored = Contents {
            source: versions(&["3.5.3"]),
            ..Contents::default()
        };
        assert_eq!(
            outcome("x-1.tar.gz", &vendored, &["3.5.4"]),
            FileOutcome::Wrong("OpenSSL 3.5.3 instead of 3.5.4".to_owned())
        );
    }

    #[test]
    fn compiled_code_in_an_archive_without_tags_is_no_source() {
        let with = |platform: &str, is_sdist: bool| Contents {
            code: BTreeSet::from([platform.to_owned()]),
            is_sdist,
            ..Contents::default()
        };
        let of = |contents: &Contents, linking: &[&str]| {
            let linking: Vec<String> = linking.iter().map(|&one| one.to_owned()).collect();
            check("x-1.tgz", contents, &versions(&["3.5.4"]), &linking).outcome
        };
        let none = FileOutcome::Wrong("no OpenSSL in it".to_owned());
        assert_eq!(of(&with("linux-x86_64", false), &[]), none);
        assert_eq!(of(&with("linux-x86_64", true), &[]), FileOutcome::Source);
        for (linking, is_wanted) in [
            ("linux", true),
            ("manylinux-x86_64", true),
            ("manylinux_2_34_x86_64", true),
            ("manylinux-aarch64", false),
            ("windows", false),
        ] {
            let outcome = of(&with("linux-x86_64", false), &[linking]);
            assert_eq!(outcome == none, is_wanted, "{linking}");
        }
        let hosted = Contents {
            loads: BTreeSet::from(["libssl.so.3".to_owned()]),
            ..with("linux-x86_64", false)
        };
        let why = "no OpenSSL in it: it loads its host's or the system's".to_owned();
        assert_eq!(of(&hosted, &[]), FileOutcome::Wrong(why));
    }

    #[test]
    fn platforms_that_link_none_on_purpose() {
        let linking = ["manylinux-x86_64".to_owned()];
        let of = |contents: &Contents, linking: &[String]| {
            let name = "x-1-cp311-abi3-win_amd64.whl";
            check(name, contents, &versions(&["3.5.4"]), linking).outcome
        };
        assert_eq!(of(&Contents::default(), &linking), FileOutcome::Without);
        assert_eq!(
            of(&Contents::default(), &[]),
            FileOutcome::Wrong("no OpenSSL in it".to_owned())
        );
        // What it does carry counts, and what was not read may be anything.
        assert_eq!(
            of(&carrying(&[("windows-x86_64", &["3.5.3"])]), &linking),
            FileOutcome::Wrong("OpenSSL 3.5.3 instead of 3.5.4".to_owned())
        );
        let unread = Contents {
            unread: vec!["a.7z: not read".to_owned()],
            ..Contents::default()
        };
        assert!(matches!(of(&unread, &linking), FileOutcome::Wrong(_)));
    }

    #[test]
    fn missing_platforms() {
        let files = vec![(
            "x-1-cp311-abi3-manylinux_2_34_x86_64.whl".to_owned(),
            carrying(&[("linux-x86_64", &["4.0.3"])]),
        )];
        let required = ["manylinux-x86_64", "windows"].map(str::to_owned);
        let verification = Verification::of(&files, &versions(&["4.0.3"]), &required, true);
        assert_eq!(
            (verification.missing.as_slice(), verification.is_good()),
            (&["windows".to_owned()][..], false)
        );
        assert!(Verification::of(&files, &versions(&["4.0.3"]), &required[..1], true).is_good());
        assert!(!Verification::of(&[], &versions(&["4.0.3"]), &[], false).is_good());
    }
}
