//! Versions that belong to somebody else, although OpenSSL's name stands beside them: a
//! distribution's package, an installed copy, another repository's release, a validated module.

use crate::project::discovery::line::sighting::{Sighting, depth};
use crate::project::discovery::line::surroundings::Surroundings;
use crate::project::discovery::line::{file_kind, package_managers, subject, variables};

/// Why a distribution's package is no pin.
pub(crate) const PACKAGE: &str =
    "it is a package's version with the packager's own number, which no pattern moves";

/// Why what a package manager installs is no pin.
const INSTALLED: &str = "it is what a package manager installs, whose versions are its own";

/// Why a folder of a package manager is no pin.
const FOLDER: &str = "it is the folder of an installed copy";

/// Why another repository's release is no pin.
pub(crate) const RELEASE: &str =
    "another repository publishes it under this version; it moves when that one has the next";

/// Why a validated module is no pin.
pub(crate) const FIPS: &str = "it is the validated FIPS module, which stays at its version";

/// Why what a formula says of its bottles is no pin.
pub(crate) const BOTTLE: &str =
    "it is of a bottle, which is poured after a bump and written down then";

/// Why a series beside a letter of its own is no pin.
pub(crate) const SERIES: &str = "it says a series whose letter stands elsewhere, so it is no whole version; no pattern moves a letter that stands alone, so move both by hand";

/// Why the name of a system's package is no pin.
pub(crate) const PACKAGE_FILE: &str =
    "it is in the name of a system's package, which has its version in another file";

/// Why a fork's release is no pin.
pub(crate) const FORK: &str = "it is the release of a fork, which has the next when the fork does";

/// Why the address of a page is no pin.
const PAGE: &str = "it is in the address of a page to read";

/// Lines of one command that are looked at.
const LONGEST: usize = 20;

/// Lines between the numbers of a release and a letter that goes with them.
const BESIDE: usize = 2;

/// Lines right above a value whose keys say what it is of.
const FAR: usize = 5;

/// Lines of an entry that are looked at for its title.
const ENTRY: usize = 30;

/// Whose it is, where that is not this project; `near`: a digest of upstream's stands beside it.
pub(crate) fn why(place: &Surroundings<'_>, near: bool) -> Option<&'static str> {
    let word = place.word();
    let written = place.text[word.clone()].to_ascii_lowercase();
    let after = &place.text[place.range.end..word.end];
    if is_of_a_bottle(place) {
        Some(BOTTLE)
    } else if is_packaged(after) || (!near && is_of_a_packager(place.label, after)) {
        Some(PACKAGE)
    } else if is_a_package_file(after) {
        Some(PACKAGE_FILE)
    } else if is_of_a_fork(after) {
        Some(FORK)
    } else if is_an_image(place) {
        Some(RELEASE)
    } else if is_series(place) || (!near && is_without_its_letter(place)) {
        Some(SERIES)
    } else if is_fips(place) {
        Some(FIPS)
    } else if is_page(&written) {
        Some(PAGE)
    } else if is_folder(&written) {
        Some(FOLDER)
    } else if is_installed(place) {
        Some(INSTALLED)
    } else if !near && (is_of_a_repository(&written) || is_of_a_clone(place.label)) {
        Some(RELEASE)
    } else {
        None
    }
}

/// Whether what is somebody else's for this reason is fetched all the same, as a fork's release is.
pub(crate) fn is_fetched(why: &str, line: &str) -> bool {
    let is_chosen = || subject::names_a_file(line) || line.to_ascii_lowercase().contains("version");
    why == FORK || (why == PACKAGE && is_chosen())
}

/// Whether no history makes a pin of what was seen: a package manager installs it, it has the
/// revision of a distribution's package (`-r0`) or the number of somebody's trial (`-beta-1`) behind
/// it, or its letter stands elsewhere.
pub(crate) fn is_managed(seen: &Sighting, text: &str) -> bool {
    let revision = || {
        let behind = &text[seen.range.end..];
        let rest = behind
            .strip_prefix("-r")
            .or_else(|| behind.strip_prefix("-beta-"));
        rest.is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
    };
    match seen.doubt() {
        Some(INSTALLED | SERIES) => true,
        Some(PACKAGE) => revision(),
        _ => false,
    }
}

/// Whether what follows a version is a packager's own number: `-r1`, `_1`, `+0`, `.bcr.0`, `-beta-1`,
/// `=h26f9b46_0`.
fn is_packaged(after: &str) -> bool {
    let number = |rest: &str| {
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        digits > 0 && !rest[digits..].starts_with(|c: char| c.is_ascii_alphanumeric())
    };
    let build = after
        .strip_prefix('=')
        .and_then(|rest| rest.split_once('_'));
    let is_build = build.is_some_and(|(hash, count)| {
        let hash = hash.rsplit(|c: char| !c.is_ascii_hexdigit()).next();
        hash.is_some_and(|hash| hash.len() >= 5) && number(count)
    });
    // The build of a conda package: `-h166bdaf_2`.
    let hashed = after
        .strip_prefix("-h")
        .and_then(|rest| rest.split_once('_'));
    let is_hashed = hashed.is_some_and(|(hash, count)| {
        let figures = hash.bytes().all(|byte| byte.is_ascii_hexdigit());
        hash.len() >= 5 && figures && number(count)
    });
    let counted = ["-r", "_", "+", ".bcr.", ".pl", "-beta-", "-alpha-"];
    is_build
        || is_hashed
        || counted
            .iter()
            .filter_map(|sign| after.strip_prefix(sign))
            .any(number)
}

/// Whether what follows a version ends the name of a system's package.
fn is_a_package_file(after: &str) -> bool {
    let ends = [".deb", ".rpm", ".ipk", ".apk", ".pkg.tar"];
    let rest = ends.iter().find_map(|end| after.strip_prefix(end));
    rest.is_some_and(|rest| !rest.starts_with(|c: char| c.is_ascii_alphabetic()))
}

/// What letters before a number behind a version name a platform or a compiler, and no packager.
const PLATFORMS: [&str; 45] = [
    "x",
    "win",
    "windows",
    "linux",
    "mac",
    "macos",
    "osx",
    "darwin",
    "ios",
    "android",
    "amd",
    "arm",
    "armv",
    "aarch",
    "i",
    "vs",
    "vc",
    "msvc",
    "mingw",
    "gcc",
    "clang",
    "ubuntu",
    "v",
    "rev",
    "alpine",
    "debian",
    "musl",
    "rhel",
    "el",
    "fedora",
    "centos",
    "amzn",
    "manylinux",
    "musllinux",
    "ndk",
    "riscv",
    "mips",
    "node",
    "bookworm",
    "bullseye",
    "py",
    "wasm",
    "ppc",
    "uwp",
    "qt",
];

/// Whether a packager's own word and number follow a version that is given to a name:
/// `OPENSSL_VER=3.5.3-sdk1`.
fn is_of_a_packager(label: &str, after: &str) -> bool {
    let Some(word) = after.strip_prefix('-') else {
        return false;
    };
    let word = word.trim_end_matches(['"', '\'', ';']);
    let letters = word.trim_end_matches(|c: char| c.is_ascii_digit());
    let label = label.trim_end_matches(['"', '\'']);
    (label.ends_with('=') || label.ends_with(": "))
        && letters.len() < word.len()
        && !letters.is_empty()
        && letters.bytes().all(|byte| byte.is_ascii_lowercase())
        && !PLATFORMS.contains(&letters)
}

/// Whether a version is the tag of an image that somebody publishes: `FROM owner/debian-with-openssl:3.5.3`.
fn is_an_image(place: &Surroundings<'_>) -> bool {
    let file = place.path.rsplit('/').next().unwrap_or_default();
    let is_recipe = ["Dockerfile", "Containerfile"]
        .iter()
        .any(|name| file.contains(name));
    let line = place.line_text().trim_start();
    let from = line
        .get(..5)
        .is_some_and(|word| word.eq_ignore_ascii_case("from "));
    let image = place.label.strip_suffix(':').unwrap_or_default();
    // What is called OpenSSL and nothing more may be the project's own.
    is_recipe && from && !image.is_empty() && image.rsplit(['/', ' ']).next() != Some("openssl")
}

/// Whether a version is the release of a fork that is fetched or chosen.
pub(crate) fn is_a_fork(place: &Surroundings<'_>) -> bool {
    let after = &place.text[place.range.end..place.word().end];
    is_of_a_fork(after)
        && !subject::is_comment(place.line_text())
        && !file_kind::is_prose(place.path, place.text)
        && !file_kind::is_history(place.path)
}

/// Whether what follows a version makes it quictls' name of a release: `3.1.7+quic`.
fn is_of_a_fork(after: &str) -> bool {
    ["+quic", "-quic"].iter().any(|end| after.starts_with(end))
}

/// Whether a release without a letter, of a series that has letters, is given to a name for the
/// series.
fn is_series(place: &Surroundings<'_>) -> bool {
    let value = &place.text[place.range.clone()];
    let lettered = value.starts_with("1.") || value.starts_with("0.");
    let name = subject::variable(place.label).unwrap_or_default();
    let name = name.to_ascii_lowercase();
    let mut words = name.split('_');
    lettered
        && value.ends_with(|c: char| c.is_ascii_digit())
        && words.any(|word| {
            matches!(
                word,
                "series" | "base" | "branch" | "minor" | "abi" | "major"
            )
        })
}

/// Whether the letter of a release without one, of a series that has letters, is the value of
/// another name: one that it is joined to, or one beside it.
fn is_without_its_letter(place: &Surroundings<'_>) -> bool {
    let Some(name) = subject::variable(place.label).filter(|_| place.may_be_a_series()) else {
        return false;
    };
    let first = |name: &str| name.split('_').next().map(str::to_ascii_lowercase);
    let is_beside = |line: usize| {
        let written = place.text[place.lines.range(line)].trim_end_matches([' ', ')', ';', ',']);
        let value = written.trim_end_matches(['"', '\'']);
        let label = value.trim_end_matches(|c: char| c.is_ascii_alphanumeric());
        variables::is_letter(&value[label.len()..])
            && !subject::is_comment(written)
            && subject::variable(label)
                .is_some_and(|other| other != name && first(&other) == first(&name))
    };
    let near = place.line.saturating_sub(BESIDE).max(1)..=place.line + BESIDE;
    place.addresses.is_part(&name)
        || near
            .into_iter()
            .filter(|line| *line <= place.lines.count())
            .any(is_beside)
}

/// Whether the name that it is given to is the FIPS module's, although OpenSSL's stands in the value.
pub(crate) fn is_the_module_s(place: &Surroundings<'_>) -> bool {
    subject::variable_of_value(place.label).is_some_and(|name| names_the_module(&name))
}

/// Whether a text names the FIPS module.
fn names_the_module(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    let mut words = lower.split(|c: char| !c.is_ascii_alphanumeric());
    let not = lower.contains("non_fips") || lower.contains("no_fips");
    !not && words.any(|word| word == "fips" || word == "opensslfips")
}

/// Whether its name, or that of the entry it stands in, is the FIPS module's.
fn is_fips(place: &Surroundings<'_>) -> bool {
    let names = names_the_module;
    // A remark that says more speaks of something else.
    let validated = |remark: &str| {
        let lower = remark.to_ascii_lowercase();
        let mut words = lower.split(|c: char| !c.is_ascii_alphanumeric());
        let says = |word: &str| word.is_empty() || word.bytes().all(|byte| byte.is_ascii_digit());
        names(remark)
            && words.all(|word| {
                says(word) || ["fips", "validated", "certified", "module"].contains(&word)
            })
    };
    let behind = &place.text[place.range.end..place.lines.range(place.line).end];
    let remark = [" #", " //"]
        .iter()
        .find_map(|mark| behind.split_once(mark));
    let remark = remark.map(|(_, remark)| remark);
    // `OPENSSL_FIPS_URL=https://h/openssl-3.0.9.tar.gz`.
    let before = &place.text[place.lines.range(place.line).start..place.range.start];
    let value = before.split_once('=').map_or(" ", |(_, value)| value);
    let given = variables::given(before).filter(|_| !value.contains(char::is_whitespace));
    if subject::variable_of_value(place.label).is_some_and(|name| names(&name))
        || given.is_some_and(names)
        || remark.is_some_and(validated)
    {
        return true;
    }
    let at = |line: usize| &place.text[place.lines.range(line)];
    let depth = |line: usize| depth(at(line));
    // The name of a package is the first argument, or the one behind `self`.
    let is_argument = |line: usize| {
        let mut above = (line.saturating_sub(2).max(1)..line).rev().map(at);
        let first = above.find(|above| above.trim() != "self,");
        depth(line) == depth(place.line)
            && first.is_some_and(|first| first.trim_end().ends_with('('))
    };
    let mut own = depth(place.line);
    for line in (place.line.saturating_sub(ENTRY).max(1)..place.line).rev() {
        if at(line).trim().is_empty() {
            return false;
        }
        let opens = depth(line) < own;
        let entry = at(line).trim_start().trim_start_matches("- ");
        let title = entry.trim_end_matches(',');
        let quoted = title.len() > 2 && title.starts_with('"') && title.ends_with('"');
        let is_title = entry.starts_with("name")
            || entry.starts_with("\"name")
            || (quoted && depth(line) == own && own < depth(place.line))
            || (quoted && is_argument(line));
        // Far above only the entry's own title says what it is.
        let is_far = place.line - line > FAR;
        let says = is_title || (opens && !is_far);
        if says && !subject::is_comment(at(line)) && names(at(line)) {
            return true;
        }
        if is_far && (is_title || at(line).trim_start().starts_with("- ")) {
            return false;
        }
        if opens {
            own = depth(line);
        }
        if own == 0 {
            return false;
        }
    }
    false
}

/// Whether a path leads into what a package manager has installed.
fn is_folder(word: &str) -> bool {
    [
        "/cellar/",
        "/homebrew/",
        "/linuxbrew/",
        "/usr/local/opt/",
        "/opt/local/",
        "/nix/store/",
        "vcpkg/installed/",
    ]
    .iter()
    .any(|folder| word.replace('\\', "/").contains(folder))
}

/// Whether it stands in what a formula says of its bottles.
fn is_of_a_bottle(place: &Surroundings<'_>) -> bool {
    let at = |line: usize| place.text[place.lines.range(line)].trim();
    let ends = |line: usize| at(line).split_whitespace().next() == Some("end");
    let is_edge = |line: &usize| at(*line).starts_with("bottle do") || ends(*line);
    let mut above = (place.line.saturating_sub(LONGEST).max(1)..place.line).rev();
    place.path.ends_with(".rb") && above.find(is_edge).is_some_and(|line| !ends(line))
}

/// Whether the command that it stands in installs packages.
fn is_installed(place: &Surroundings<'_>) -> bool {
    let at = |line: usize| &place.text[place.lines.range(line)];
    let first = (place.line.saturating_sub(LONGEST).max(1)..place.line)
        .rev()
        .take_while(|line| at(*line).trim_end().ends_with('\\'))
        .last()
        .unwrap_or(place.line);
    let before = &place.text[place.lines.range(first).start..place.range.start];
    let command = before.rsplit(['&', ';', '|']).next().unwrap_or_default();
    package_managers::is_asked(command) && !command.contains("://")
}

/// Whether an address is that of a manual's page or of a file as a forge shows it.
fn is_page(word: &str) -> bool {
    word.contains("://")
        && ["/docs/", "/blob/"].iter().any(|part| word.contains(part))
        && !word.contains("raw")
}

/// Whether an address is that of a release or archive of another repository than OpenSSL's.
fn is_of_a_repository(word: &str) -> bool {
    let Some((_, path)) = word.split_once("github.com/") else {
        return false;
    };
    let theirs = ["/releases/download/", "/archive/", "/tarball/", "/zipball/"];
    !path.starts_with("openssl/") && theirs.iter().any(|part| path.contains(part))
}

/// Whether a version is the release of a repository that builds OpenSSL for others:
/// `https://github.com/o/x-openssl/releases/download/3.5.3-1/openssl-linux.tar.gz`.
pub(crate) fn is_a_build(place: &Surroundings<'_>) -> bool {
    let word = place.word();
    let lower = place.text[word.clone()].to_ascii_lowercase();
    let before = place.text[word.start..place.range.start].to_ascii_lowercase();
    let folder =
        before.ends_with("/releases/download/") || before.ends_with("/releases/download/v");
    folder && subject::names_openssl(&lower) && is_of_a_repository(&lower)
}

/// Whether what stands before a version clones another repository than OpenSSL's.
fn is_of_a_clone(label: &str) -> bool {
    let lower = label.to_ascii_lowercase();
    lower.contains("://")
        && lower.contains(".git")
        && !lower.contains("openssl/openssl")
        && !lower.contains("openssl.org")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_follows_a_package_s_version() {
        for (after, expected) in [
            ("-r1", true),
            ("_1", true),
            ("_1.apk", true),
            ("+0", true),
            ("+ios1", false),
            (".bcr.0", true),
            (".pl1.zip", true),
            (".pl", false),
            ("-beta-1", true),
            ("=h26f9b46_0", true),
            ("=py39h26f9b46_0", true),
            ("-x86_64", false),
            ("_64bit", false),
            (".tar.gz", false),
            ("-ready", false),
            ("=x_0", false),
            ("", false),
        ] {
            assert_eq!(is_packaged(after), expected, "{after}");
        }
    }

    #[test]
    fn a_word_and_a_number_behind_a_version_are_a_packager_s() {
        for (label, after, expected) in [
            ("set OPENSSL_VER=", "-sdk1", true),
            ("OPENSSL_VER=\"", "-couchbase2\"", true),
            ("OPENSSL_VER=", "-x64", false),
            ("OPENSSL_VER=", "-vs2022", false),
            ("OPENSSL_VER=", "-static", false),
            ("OPENSSL_VER=", "-static-x64", false),
            ("key: openssl-", "-sdk1", false),
            ("OPENSSL_VER=", "", false),
        ] {
            assert_eq!(is_of_a_packager(label, after), expected, "{label} {after}");
        }
    }

    #[test]
    fn whose_release_an_address_names() {
        for (word, expected) in [
            (
                "https://github.com/openssl/openssl/releases/download/openssl-",
                false,
            ),
            (
                "https://github.com/windows-kit/openssl/archive/v3.5.3.zip",
                true,
            ),
            ("https://www.openssl.org/source/openssl-", false),
            ("https://github.com/some/thing/issues/3.5.3", false),
        ] {
            assert_eq!(is_of_a_repository(word), expected, "{word}");
        }
    }
}
