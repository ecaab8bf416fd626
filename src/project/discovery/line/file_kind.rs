//! What a file is by its name: a program, a test, a text for people, a record of changes, a tool's own.

use super::subject::names_openssl;

/// Why what a test says is no pin.
pub(crate) const TEST: &str = "it stands in a test";

/// Whether a file stands aside of what is built: a test, a document, a copy that rests.
pub(crate) fn aside(path: &str) -> Option<&'static str> {
    let lower = path.to_ascii_lowercase();
    let (folders, file) = lower.rsplit_once('/').unwrap_or(("", &lower));
    let within = |names: &[&str]| folders.split('/').any(|folder| names.contains(&folder));
    let of_tests = |folder: &str| {
        let mut words = folder.split(['-', '_']);
        words.any(|word| matches!(word, "test" | "tests"))
    };
    let tests = [
        "t",
        "test",
        "tests",
        "testing",
        "testdata",
        "test-data",
        "fixtures",
        "__tests__",
        "__snapshots__",
        "spec",
    ];
    if within(&tests)
        || folders.split('/').any(of_tests)
        || file.starts_with("test_")
        || matches!(file, "test.sh" | "test.py" | "test.pl")
        || [".supp", ".snap"].iter().any(|end| file.ends_with(end))
        || file.contains("_test.")
        || file.contains(".poku.")
        || file.contains(".test.")
    {
        Some(TEST)
    } else if file.ends_with(".pc") || file.ends_with(".pc.in") {
        Some("it describes an installed library")
    } else if within(&[
        "doc",
        "docs",
        "documentation",
        "todo",
        "man",
        "example",
        "examples",
        "demo",
    ]) {
        Some("it stands in a document or an example")
    } else if within(&[
        "old",
        "archive",
        "archived",
        "legacy",
        "deprecated",
        "disabled",
        "disabled-packages",
        "attic",
        "obsolete",
        "unused",
        "backup",
        "frozen",
    ]) || [".bak", ".old", ".orig", ".disabled", "-disabled", ".rej"]
        .iter()
        .any(|end| file.ends_with(end))
    {
        Some("it stands in a copy that looks put aside")
    } else {
        None
    }
}

/// Whether a file is the place where a package of any kind says its own version.
pub(crate) fn says_its_own_version(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or_default();
    name.ends_with(".gemspec")
        || matches!(
            name,
            "version.rb"
                | "metadata.rb"
                | "version.py"
                | "_version.py"
                | "__about__.py"
                | "__init__.py"
                | "setup.py"
                | "setup.cfg"
                | "pyproject.toml"
                | "package.json"
                | "composer.json"
                | "galaxy.yml"
                | "Chart.yaml"
                | "DESCRIPTION"
        )
}

/// Whether a file is a program: what it says of a version is a condition or a message.
pub(crate) fn is_program(path: &str) -> bool {
    let end = path.rsplit_once('.').map_or("", |(_, end)| end);
    [
        "c", "cc", "com", "cpp", "cxx", "m", "mm", "h", "hh", "hpp", "xs", "nse", "vtc",
    ]
    .iter()
    .any(|program| end.eq_ignore_ascii_case(program))
}

/// Whether a file looks for what a machine has installed: what it says of a version is the least it
/// takes, or a case that it tells from others.
pub(crate) fn is_probe(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or_default();
    name.ends_with(".m4")
        || matches!(name, "configure" | "configure.ac" | "configure.in")
        || path.split('/').any(|folder| folder == "autom4te.cache")
}

/// Whether a CMake file takes the OpenSSL that is installed: `OPENSSL_VERSION` is then what
/// `find_package` answers, and a value given to it only a guess for where it does not. A module that
/// finds it is one too, which fetches nothing and says what was found.
pub(crate) fn takes_what_is_installed(path: &str, text: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or_default();
    if name != "CMakeLists.txt" && !name.ends_with(".cmake") {
        return false;
    }
    let mut plain = text.to_ascii_lowercase();
    plain.retain(|c| !c.is_whitespace());
    let finds = plain.contains("set(openssl_found")
        || (plain.contains("add_library(openssl::") && plain.contains("imported"));
    plain.contains("find_package(openssl") || (finds && !plain.contains("://"))
}

/// Where in a file choices end and its record of changes begins.
pub(crate) fn end_of_choices(path: &str, text: &str) -> usize {
    if path.ends_with(".spec") {
        text.find("\n%changelog").unwrap_or(text.len())
    } else {
        text.len()
    }
}

/// Bytes above a place within which its module begins.
const FAR: usize = 256 << 10;

/// Whether a place is in the tests of a file of Rust that stand in its own text: from `mod tests {`
/// below `#[cfg(test)]` to the brace that closes it at the margin.
pub(crate) fn is_in_own_tests(path: &str, text: &str, at: usize) -> bool {
    let starts = ["\n#[cfg(test)]", "\n#[cfg(all(test"];
    let Some(before) = text.get(..at).filter(|_| path.ends_with(".rs")) else {
        return false;
    };
    // Of a long file what stands far above is not looked at again for each value.
    let from = before.floor_char_boundary(before.len().saturating_sub(FAR));
    let before = &before[from..];
    let Some(start) = starts.iter().filter_map(|start| before.rfind(start)).max() else {
        return false;
    };
    let between = &before[start + 1..];
    let mut lines = between
        .lines()
        .skip_while(|line| line.starts_with("#[") || line.starts_with("//"));
    let opens = lines.next().unwrap_or_default();
    let module = match opens.split_once(") ") {
        Some((scope, module)) if scope.starts_with("pub(") => module,
        _ => opens.strip_prefix("pub ").unwrap_or(opens),
    };
    let opened = module.trim_end().ends_with('{') || lines.next() == Some("{");
    module.starts_with("mod ") && opened && !between.contains("\n}")
}

/// Whether a file tells people about versions instead of choosing one.
pub(crate) fn is_prose(path: &str, text: &str) -> bool {
    let name = path
        .rsplit('/')
        .next()
        .unwrap_or_default()
        .to_ascii_lowercase();
    let told = [
        ".md", ".rst", ".adoc", ".html", ".po", ".tex", ".patch", ".diff", ".pod", ".rmd", ".rd",
    ]
    .iter()
    .any(|end| name.ends_with(end));
    let introduces = name.starts_with("readme") && !name.ends_with(".txt");
    told || introduces
        || is_for_people(path)
        || is_licence(path)
        || is_history(path)
        || is_manual(&name, text)
        || is_guide(&name, text)
}

/// Whether a text says in sentences how something is installed: `solaris_install.txt`.
fn is_guide(name: &str, text: &str) -> bool {
    let words = ["install", "installation", "howto", "notes", "faq"];
    let stem = name.strip_suffix(".txt");
    let is_called = |stem: &str| {
        stem.split(['_', '-', ' ', '.'])
            .any(|word| words.contains(&word))
    };
    let is_sentence = |line: &&str| line.split_whitespace().count() > 5 && !line.contains("://");
    stem.is_some_and(is_called) && text.lines().filter(is_sentence).count() > 4
}

/// Whether a file's name is one of those in capitals that people read before they build: `INSTALL`,
/// `INSTALL.win32`, `TLS_README`, `HOWTO-TLS`, and what a package says of itself in `PKG-INFO`.
fn is_for_people(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or_default();
    let stem = name.split('.').next().unwrap_or_default();
    let first = stem.split(['_', '-']).next().unwrap_or_default();
    let last = stem.rsplit(['_', '-']).next().unwrap_or_default();
    name == "PKG-INFO"
        || (!name.ends_with(".sh") && stem == "INSTALL")
        || (stem == name
            && (first == "HOWTO"
                || matches!(last, "README" | "CHANGES" | "NEWS" | "TODO" | "UPGRADING")))
}

/// Whether a file, by its name, says under which terms what is carried along may be used.
fn is_licence(path: &str) -> bool {
    let written = path.rsplit('/').next().unwrap_or_default();
    let name = written.to_ascii_lowercase();
    // `COPYING.win` is for people, `license.py` is not.
    let stem = match written.split_once('.') {
        Some((stem, _)) if !stem.contains(|c: char| c.is_ascii_lowercase()) => &name[..stem.len()],
        _ => name.strip_suffix(".txt").unwrap_or(&name),
    };
    let starts = ["copyright", "copying", "license", "licence", "notice"];
    let notices = [
        "third-party-notices",
        "third_party_notices",
        "thirdpartynotices",
    ];
    (!stem.contains('.') && starts.iter().any(|start| stem.starts_with(start)))
        || notices.contains(&stem)
}

/// Whether a file is a record of changes by its name, or by that of a folder it stands in.
pub(crate) fn is_history(path: &str) -> bool {
    let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
    let of_entries = folder.split('/').any(|part| {
        matches!(
            part,
            "changelog" | "changelogs" | "changelog.d" | "newsfragments" | "releasenotes"
        )
    });
    if of_entries {
        return true;
    }
    let name = path
        .rsplit('/')
        .next()
        .unwrap_or_default()
        .to_ascii_lowercase();
    [
        "changelog",
        "changes",
        "news",
        "history",
        "releasenotes",
        "release-notes",
        "release_notes",
    ]
    .iter()
    .any(|start| name.starts_with(start))
}

/// A page of a manual; a definition may be named after a version that ends in `.1` too.
fn is_manual(name: &str, text: &str) -> bool {
    let section = name
        .rsplit_once('.')
        .is_some_and(|(_, end)| matches!(end, "1" | "2" | "3" | "4" | "5" | "6" | "7" | "8"));
    section
        && text.lines().take(20).any(|line| {
            [".TH", ".Dd", ".\\\"", ".SH", "'\\\""]
                .iter()
                .any(|start| line.starts_with(start))
        })
}

/// Whether a file belongs to a package manager that writes it itself.
pub(crate) fn is_generated(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or_default();
    (name.ends_with(".lock") && !names_openssl(name))
        // What make knows of the files that it built.
        || (name.ends_with(".d") && path.split('/').any(|folder| folder == ".deps"))
        || matches!(
            name,
            "Cargo.toml"
                | "package-lock.json"
                | "pnpm-lock.yaml"
                | "go.sum"
                | "npm-shrinkwrap.json"
                | ".gitmodules"
                | "release-check.toml"
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cmake_takes_as_it_is_installed() {
        let module = "set(OPENSSL_FOUND TRUE)\nset(OPENSSL_VERSION \"3.0.0\")\n";
        let fetched = format!("{module}set(URL https://h/openssl-3.0.0.tar.gz)\n");
        let imported = "add_library( OpenSSL::SSL STATIC IMPORTED)\n";
        for (path, text, expected) in [
            ("CMakeLists.txt", "find_package(OpenSSL 3.0)\n", true),
            ("cmake/FindOpenSSL.cmake", module, true),
            ("cmake/FindOpenSSL.cmake", imported, true),
            ("cmake/openssl.cmake", fetched.as_str(), false),
            ("cmake/openssl.cmake", "set(OPENSSL_VERSION 3.0.0)\n", false),
            ("build.sh", module, false),
        ] {
            assert_eq!(
                takes_what_is_installed(path, text),
                expected,
                "{path} {text}"
            );
        }
    }
}
