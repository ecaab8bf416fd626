//! Whose version it is: what a line and its surroundings say about the number that stands there.

/// What the text before a value is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ValueSubject {
    /// OpenSSL, as a name in code or data.
    OpenSsl,
    /// OpenSSL, as a word in a sentence.
    Sentence,
    /// A relative of OpenSSL, a binding of it, or another package.
    Other,
    /// A version, of whatever the surroundings are about.
    Version,
    /// Nothing that would say.
    Unnamed,
}

/// Names that hold `openssl` or stand in its place and are other things.
const RELATIVES: [&str; 33] = [
    "pyopenssl",
    "deimos-openssl",
    "deimos/openssl",
    "openssl-sys",
    "openssl_sys",
    "openssl-src",
    "openssl-probe",
    "openssl-macros",
    "openssl-net",
    "openssl-fips",
    "openssl-quic",
    "openssl_quic",
    "openssl_fips",
    "openssl-gem",
    "libressl",
    "boringssl",
    "aws-lc",
    "aws_lc",
    "awslc",
    "quictls",
    "quictls/openssl",
    "wolfssl",
    "gnutls",
    "mbedtls",
    "jopenssl",
    "gem \"openssl",
    "gem 'openssl",
    "node-openssl",
    "ruby-openssl",
    "php-openssl",
    "lua-openssl",
    "perl-openssl",
    "go-openssl",
];

/// Words in identifiers that say only that a version follows.
const OF_VERSIONS: [&str; 12] = [
    "version",
    "ver",
    "vers",
    "pkgver",
    "tag",
    "v",
    "release",
    "rev",
    "ref",
    "branch",
    "baseline",
    "versioninfo",
];

/// Words in identifiers that name no package of their own.
const EMPTY: [&str; 22] = [
    "termux", "pkg", "package", "default", "lib", "port", "current", "latest", "upstream",
    "source", "src", "dist", "env", "arg", "set", "vendored", "bundled", "pinned", "expected",
    "local", "stable", "download",
];

/// Words behind OpenSSL's name that say which of its builds is meant.
const KINDS: [&str; 6] = ["bin", "src", "source", "static", "shared", "lib"];

/// What the text between the last version and this one, on the same line, is about.
pub(crate) fn of_label(label: &str) -> ValueSubject {
    let lower = label.to_ascii_lowercase();
    let last_of = |name: &str| lower.rfind(name).map(|at| at + name.len());
    let other = RELATIVES.iter().filter_map(|name| last_of(name)).max();
    let ours = last_of("openssl")
        .into_iter()
        .chain(last_word(&lower, "ssl_ver"))
        .max();
    match (ours, other) {
        (Some(ours), other) if other.is_none_or(|other| other < ours) => {
            if is_called(label, ours) {
                ValueSubject::OpenSsl
            } else {
                named(&lower[ours..])
            }
        }
        (_, Some(_)) => ValueSubject::Other,
        _ => of_name(&lower),
    }
}

/// Whether OpenSSL's name, which ends here, is the first argument of a command, and a keyword says
/// that its version follows: `hunter_config(OpenSSL VERSION 3.5.3)`.
fn is_called(label: &str, end: usize) -> bool {
    let name = label[..end].rsplit(['(', ' ', '"']).next();
    let before = &label[..end - name.map_or(0, str::len)];
    before.ends_with('(') && !before.ends_with("project(") && label[end..].trim() == "VERSION"
}

/// Where a name ends that starts a word.
fn last_word(text: &str, name: &str) -> Option<usize> {
    let at = text.rfind(name)?;
    (!text[..at].ends_with(|c: char| c.is_ascii_alphanumeric())).then_some(at + name.len())
}

/// `openssl` stands before the value with this between them.
fn named(between: &str) -> ValueSubject {
    let quoted = between.contains(['"', '\'', '=', ':', '(', '_']);
    let in_brackets = between.starts_with(" (");
    let of_a_sentence = in_brackets
        || between.starts_with(' ')
            && !quoted
            && between
                .split(' ')
                .all(|word| matches!(word, "" | "version" | "versions" | "release" | "releases"));
    // `zlib-` or `libffi@` right before the value names another package of the same list.
    if attached(between).is_some_and(|name| !is_of_versions(name) && !KINDS.contains(&name))
        || is_option_of_another(between)
    {
        ValueSubject::Other
    } else if of_a_sentence || words(between) > 5 {
        ValueSubject::Sentence
    } else {
        ValueSubject::OpenSsl
    }
}

/// How many words there are, with the one that ends where a text starts with a blank and the one
/// that starts where it ends with one; columns are filled up with blanks.
fn words(between: &str) -> usize {
    let of = |edge: bool| usize::from(edge);
    between.split_whitespace().count() + of(between.starts_with(' ')) + of(between.ends_with(' '))
}

/// Whether an option of its own, `-DZLIB_VERSION=`, stands right before the value.
fn is_option_of_another(between: &str) -> bool {
    let option = between.rsplit_once(" -d").map(|(_, option)| option);
    let name = option.and_then(|option| option.strip_suffix('='));
    name.is_some_and(|name| !name.split('_').all(is_of_versions))
}

fn of_name(label: &str) -> ValueSubject {
    if attached(label).is_some_and(|name| !is_of_versions(name)) {
        return ValueSubject::Other;
    }
    let identifier = label.trim_end_matches(|c: char| !c.is_ascii_alphanumeric());
    let separator = &label[identifier.len()..];
    let identifier = identifier
        .rsplit(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '_' | '-')))
        .next()
        .unwrap_or_default();
    // A number before the version, as an epoch has one, belongs to the version.
    if identifier.chars().all(|c| c.is_ascii_digit())
        && !identifier.is_empty()
        && separator.starts_with(':')
    {
        return of_name(
            label[..label.len() - separator.len() - identifier.len()].trim_end_matches(['"', '\'']),
        );
    }
    let words: Vec<&str> = identifier
        .split(['_', '-'])
        .filter(|word| !word.is_empty())
        .collect();
    // Of a repository that git clones; git has versions of its own, and so has what `REPO` names.
    let is_of_repository = |word: &str| {
        ["git", "repo"].contains(&word) && ["git", "repo"].iter().all(|one| words.contains(one))
    };
    // xmake's `add_versions("3.5.3", ...)` gives one, and so does `cfg_version("3.5.3")`.
    let calls = [
        "add", "set", "get", "cfg", "config", "pin", "use", "with", "parse", "new",
    ];
    let gives = matches!(words[..], [verb, "version" | "versions"] if calls.contains(&verb))
        && separator.trim_start().starts_with('(');
    if words.is_empty() {
        ValueSubject::Unnamed
    } else if gives {
        ValueSubject::Version
    } else if words
        .iter()
        .all(|word| is_of_versions(word) || EMPTY.contains(word) || is_of_repository(word))
        && words.iter().any(|word| is_of_versions(word))
    {
        let before = &label[..label.rfind(identifier).unwrap_or_default()];
        if names_inline(before) || entry(before).is_some_and(|name| !is_grammar(name)) {
            ValueSubject::Other
        } else {
            ValueSubject::Version
        }
    } else if words.iter().any(|word| is_of_versions(word))
        || (words.len() > 1 && words.ends_with(&["versions"]))
    {
        ValueSubject::Other
    } else {
        ValueSubject::Unnamed
    }
}

/// The name of the entry that opens on the same line: `"foo": { "version":`.
fn entry(before: &str) -> Option<&str> {
    let open = before
        .trim_end_matches([' ', '"', '\''])
        .strip_suffix('{')?;
    let name = open
        .trim_end()
        .strip_suffix([':', '='])?
        .trim_end_matches([' ', '"', '\'']);
    let name = name
        .rsplit(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '_' | '-')))
        .next()?;
    (!name.is_empty()).then_some(name)
}

/// Whether an entry says its name before the version on the same line: `{ "name": "foo", "version":`.
fn names_inline(before: &str) -> bool {
    before.match_indices("name").any(|(at, name)| {
        let rest = before[at + name.len()..].trim_start_matches(['"', '\'', ' ']);
        let value = rest.strip_prefix([':', '=']).map(str::trim_start);
        let starts_word = !before[..at].ends_with(|c: char| c.is_ascii_alphanumeric() || c == '_');
        let value = value.map(|value| value.trim_start_matches(['"', '\'']));
        starts_word
            && value.is_some_and(|value| value.starts_with(|c: char| c.is_ascii_alphabetic()))
    })
}

/// Whether a name belongs to the grammar of files that list packages.
fn is_grammar(name: &str) -> bool {
    is_of_versions(name)
        || EMPTY.contains(&name)
        || matches!(
            name,
            "with" | "matrix" | "include" | "vars" | "args" | "sources" | "ssl"
        )
}

/// The name that a `-` or `@` right before the value ties to it.
fn attached(label: &str) -> Option<&str> {
    let name = label.strip_suffix(['-', '@'])?;
    let name = name.rsplit(|c: char| !c.is_ascii_alphanumeric()).next()?;
    Some(name).filter(|name| name.chars().any(|c| c.is_ascii_alphabetic()))
}

fn is_of_versions(word: &str) -> bool {
    let joined = || {
        ["version", "ver"]
            .iter()
            .any(|end| word.strip_suffix(end).is_some_and(|of| EMPTY.contains(&of)))
    };
    OF_VERSIONS.contains(&word) || joined()
}

/// Whether a variable's name says that it is OpenSSL's version, or a version, and nothing more.
pub(crate) fn says_only_version(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    let mut words = lower.split('_').filter(|word| !word.is_empty());
    words.all(|word| word.contains("ssl") || is_of_versions(word) || EMPTY.contains(&word))
}

/// Whether a value after this text says for which version a patch was written.
pub(crate) fn is_of_a_patch(label: &str) -> bool {
    let lower = label.to_ascii_lowercase();
    let last = lower.rfind("openssl").map_or("", |at| &lower[at..]);
    last.contains("patch_ver") || last.contains("patch-ver") || last.contains("patchver")
}

/// Whether a text names a relative of OpenSSL's.
pub(crate) fn names_a_relative(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    RELATIVES.iter().any(|name| lower.contains(name))
}

/// Whether a text names OpenSSL, and no relative of it.
pub(crate) fn names_openssl(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    lower.contains("openssl") && !RELATIVES.iter().any(|name| lower.contains(name))
}

/// Whether a line names a file that is downloaded or a patch.
pub(crate) fn names_a_file(line: &str) -> bool {
    let lower = line.to_ascii_lowercase();
    [".tar", ".zip", ".tgz", ".patch", ".diff", "://"]
        .iter()
        .any(|part| lower.contains(part))
}

/// Whether the value before which this stands is only compared with.
pub(crate) fn compares(label: &str) -> bool {
    let label = label.trim_end_matches([' ', '"', '\'', 'v', ':']);
    let lower = label.to_ascii_lowercase();
    let orders = [
        "less_than_",
        "greater_than_",
        "newer_than_",
        "older_than_",
        "_ge_",
        "_gt_",
        "_le_",
        "_lt_",
    ];
    if orders.iter().any(|word| lower.ends_with(word))
        || (lower.contains("dpkg --compare-versions")
            && [" ge", " gt", " le", " lt", " eq"]
                .iter()
                .any(|sign| lower.ends_with(sign)))
    {
        return true;
    }
    [
        ">=", "<=", "!=", "~=", "~>", "^", ">>", "&gt;=", "&lt;=", "&gt;>", "&gt;", "&lt;", "&ge;",
        "&le;",
    ]
    .iter()
    .any(|sign| label.ends_with(sign))
        || ((label.ends_with('<') || label.ends_with(" >")) && !label.contains("</"))
}

/// Whether a line is a comment, where one line can say.
pub(crate) fn is_comment(line: &str) -> bool {
    let line = line.trim_start();
    let directive = line
        .strip_prefix('#')
        .is_some_and(|rest| rest.trim_start().starts_with("define"));
    let marked = || {
        [
            "#", "//", "/*", "* ", ";", "-- ", "<!--", "dnl ", "(*", "%%", "% ", "%\t", "::",
        ]
        .iter()
        .any(|mark| line.starts_with(mark))
    };
    !directive && (marked() || is_batch_remark(line))
}

/// Whether a line of a batch file is a remark: `REM`, also behind an `@`.
fn is_batch_remark(line: &str) -> bool {
    let line = line.strip_prefix('@').map_or(line, str::trim_start);
    let remark = line
        .get(..3)
        .filter(|word| word.eq_ignore_ascii_case("rem"));
    let rest = remark.map(|_| line[3..].trim_start_matches([' ', '\t']));
    rest.is_some_and(|rest| rest.len() < line.len() - 3 && !rest.starts_with('='))
}

/// Whether a file is about OpenSSL by its name or its folder's.
pub(crate) fn path_names_openssl(path: &str) -> bool {
    // The folders nearest the file say what it is about; the first of a long path say what the
    // project is about.
    path.rsplit('/').take(3).any(names_openssl)
}

/// Whether what stands before a value asks for at least that.
pub(crate) fn is_least(label: &str) -> bool {
    let lower = label.to_ascii_lowercase();
    // `requires("openssl/3.5.3")` asks for that one.
    if lower.ends_with("openssl/") {
        return false;
    }
    [
        "minimum",
        "min_ver",
        "min-ver",
        "_min",
        "req_openssl",
        "required",
        "requires",
        "at least",
        "atleast",
        "at_least",
        "minopenssl",
        "minssl",
        " than ",
        "prior to",
        " before ",
        "since ",
        "find_package",
    ]
    .iter()
    .any(|word| lower.contains(word))
}

/// Whether what follows a version in its word makes it the name of a patch or a configuration,
/// which says for which version that was written.
pub(crate) fn is_patch_or_configuration(after: &str) -> bool {
    // A file in a folder that is called after the version is any.
    if after.contains(['/', '\\']) {
        return false;
    }
    let after = after.trim_end_matches([')', ']', '}', ':', '\\']);
    [
        ".patch",
        ".diff",
        ".patch.gz",
        ".conf",
        ".cnf",
        ".cfg",
        ".config",
        ".ini",
    ]
    .iter()
    .any(|end| after.ends_with(end))
}

/// Whether a version between these is that of a library's interface: `libssl.so.1.0.0`.
pub(crate) fn is_library_name(label: &str, after: &str) -> bool {
    let label = label.to_ascii_lowercase();
    let is_library = ["libssl", "libcrypto", "openssl"]
        .iter()
        .any(|name| label.contains(name));
    is_library
        && (label.ends_with(".so.")
            || [".dylib", ".so", ".dll"]
                .iter()
                .any(|end| after.starts_with(end)))
}

/// The variable, key or tag that a value after this text belongs to.
pub(crate) fn variable(label: &str) -> Option<String> {
    let end = label.trim_end_matches(|c: char| !(c.is_ascii_alphanumeric() || c == '_'));
    // `1:` before the version is an epoch.
    let end = end.trim_end_matches(|c: char| {
        c.is_ascii_digit() || matches!(c, ':' | '"' | '\'' | '=' | ' ')
    });
    let name = end
        .rsplit(|c: char| !(c.is_ascii_alphanumeric() || c == '_'))
        .next()?;
    (name.len() > 1).then(|| name.to_owned())
}

/// The same for a whole value: `openssl-` right before a version is a part of the value, and no
/// variable.
pub(crate) fn variable_of_value(label: &str) -> Option<String> {
    // What a call answers is given to what stands before it: `version = cfg_version("3.5.3")`.
    let given = label
        .trim_end_matches(['"', '\''])
        .strip_suffix('(')
        .and_then(|call| {
            let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | ':');
            let before = call.trim_end_matches(is_name).trim_end();
            before.ends_with('=').then_some(before)
        });
    let label = given.unwrap_or(label);
    let cut = label.len().saturating_sub("openssl-".len());
    let is_tied = label
        .get(cut..)
        .is_some_and(|end| end.eq_ignore_ascii_case("openssl-"));
    if !is_tied {
        return variable(label);
    }
    let before = label[..cut].trim_end_matches(['"', '\'', ' ']);
    variable(before).filter(|_| before.ends_with(['=', ':', '>', ',', '(']))
}

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
        "spec",
    ];
    if within(&tests)
        || folders.split('/').any(of_tests)
        || file.starts_with("test_")
        || matches!(file, "test.sh" | "test.py" | "test.pl")
        || file.ends_with(".supp")
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
/// `find_package` answers, and a value given to it only a guess for where it does not.
pub(crate) fn takes_what_is_installed(path: &str, text: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or_default();
    (name == "CMakeLists.txt" || name.ends_with(".cmake"))
        && text
            .to_ascii_lowercase()
            .replace(char::is_whitespace, "")
            .contains("find_package(openssl")
}

/// Where in a file choices end and its record of changes begins.
pub(crate) fn end_of_choices(path: &str, text: &str) -> usize {
    if path.ends_with(".spec") {
        text.find("\n%changelog").unwrap_or(text.len())
    } else {
        text.len()
    }
}

/// Whether a document's line speaks of a version without saying what it is of: `Supported version:`.
pub(crate) fn calls_it_version(line: &str) -> bool {
    let lower = line.to_ascii_lowercase();
    let plain = [
        "",
        "supported",
        "current",
        "bundled",
        "default",
        "included",
        "latest",
        "library",
        "linked",
        "our",
        "pinned",
        "the",
        "this",
        "upstream",
        "used",
    ];
    let is_plain = |(at, _): (usize, &str)| {
        let before = lower[..at].trim_end_matches(|c: char| !c.is_ascii_alphanumeric());
        let word = before.rsplit(|c: char| !c.is_ascii_alphanumeric()).next();
        plain.contains(&word.unwrap_or_default())
    };
    let mut said = lower.match_indices("version").peekable();
    said.peek().is_some() && said.all(is_plain)
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
