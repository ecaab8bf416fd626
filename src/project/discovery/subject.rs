//! Whose version it is: what a line and its surroundings say about the number that stands there.

/// What the text before a value is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Subject {
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
const RELATIVES: [&str; 22] = [
    "pyopenssl",
    "openssl-sys",
    "openssl_sys",
    "openssl-src",
    "openssl-probe",
    "openssl-macros",
    "openssl-net",
    "openssl-fips",
    "openssl_fips",
    "openssl-gem",
    "libressl",
    "boringssl",
    "aws-lc",
    "aws_lc",
    "awslc",
    "quictls",
    "wolfssl",
    "gnutls",
    "mbedtls",
    "jopenssl",
    "gem \"openssl",
    "gem 'openssl",
];

/// Words in identifiers that say only that a version follows.
const OF_VERSIONS: [&str; 10] = [
    "version", "ver", "vers", "pkgver", "tag", "v", "release", "rev", "ref", "branch",
];

/// Words in identifiers that name no package of their own.
const EMPTY: [&str; 15] = [
    "termux", "pkg", "package", "default", "lib", "port", "current", "latest", "upstream",
    "source", "src", "dist", "env", "arg", "set",
];

/// What the text between the last version and this one, on the same line, is about.
pub(super) fn of_label(label: &str) -> Subject {
    let lower = label.to_ascii_lowercase();
    let last_of = |name: &str| lower.rfind(name).map(|at| at + name.len());
    let other = RELATIVES.iter().filter_map(|name| last_of(name)).max();
    let ours = last_of("openssl")
        .into_iter()
        .chain(last_word(&lower, "ssl_ver"))
        .max();
    match (ours, other) {
        (Some(ours), other) if other.is_none_or(|other| other < ours) => named(&lower[ours..]),
        (_, Some(_)) => Subject::Other,
        _ => of_name(&lower),
    }
}

/// Where a name ends that starts a word.
fn last_word(text: &str, name: &str) -> Option<usize> {
    let at = text.rfind(name)?;
    (!text[..at].ends_with(|c: char| c.is_ascii_alphanumeric())).then_some(at + name.len())
}

/// `openssl` stands before the value with this between them.
fn named(between: &str) -> Subject {
    let quoted = between.contains(['"', '\'', '=', ':', '(', '_']);
    let of_a_sentence = between.starts_with(' ')
        && !quoted
        && between
            .split(' ')
            .all(|word| word.is_empty() || word == "version");
    // `zlib-` or `libffi@` right before the value names another package of the same list.
    if attached(between).is_some_and(|name| !is_of_versions(name)) {
        Subject::Other
    } else if of_a_sentence || between.split(' ').count() > 5 {
        Subject::Sentence
    } else {
        Subject::OpenSsl
    }
}

fn of_name(label: &str) -> Subject {
    if attached(label).is_some_and(|name| !is_of_versions(name)) {
        return Subject::Other;
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
    if words.is_empty() {
        Subject::Unnamed
    } else if words
        .iter()
        .all(|word| OF_VERSIONS.contains(word) || EMPTY.contains(word))
        && words.iter().any(|word| OF_VERSIONS.contains(word))
    {
        Subject::Version
    } else if words.iter().any(|word| OF_VERSIONS.contains(word)) {
        Subject::Other
    } else {
        Subject::Unnamed
    }
}

/// The name that a `-` or `@` right before the value ties to it.
fn attached(label: &str) -> Option<&str> {
    let name = label.strip_suffix(['-', '@'])?;
    let name = name.rsplit(|c: char| !c.is_ascii_alphanumeric()).next()?;
    Some(name).filter(|name| name.chars().any(|c| c.is_ascii_alphabetic()))
}

fn is_of_versions(word: &str) -> bool {
    OF_VERSIONS.contains(&word)
}

/// Whether a text names OpenSSL, and no relative of it.
pub(super) fn names_openssl(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    lower.contains("openssl") && !RELATIVES.iter().any(|name| lower.contains(name))
}

/// Whether the value before which this stands is only compared with.
pub(super) fn compares(label: &str) -> bool {
    let label = label.trim_end_matches([' ', '"', '\'', 'v']);
    [">=", "<=", "!=", "~=", "~>", "^"]
        .iter()
        .any(|sign| label.ends_with(sign))
        || ((label.ends_with('<') || label.ends_with(" >")) && !label.contains("</"))
}

/// Whether a line is a comment, where one line can say.
pub(super) fn is_comment(line: &str) -> bool {
    let line = line.trim_start();
    let directive = line
        .strip_prefix('#')
        .is_some_and(|rest| rest.trim_start().starts_with("define"));
    !directive
        && ["#", "//", "/*", "* ", ";", "-- ", "<!--", "dnl "]
            .iter()
            .any(|mark| line.starts_with(mark))
}

/// Whether a file is about OpenSSL by its name or its folder's.
pub(super) fn path_names_openssl(path: &str) -> bool {
    // The folders nearest the file say what it is about; the first of a long path say what the
    // project is about.
    path.rsplit('/').take(3).any(names_openssl)
}

/// Whether a file tells people about versions instead of choosing one.
pub(super) fn is_prose(path: &str) -> bool {
    let name = path
        .rsplit('/')
        .next()
        .unwrap_or_default()
        .to_ascii_lowercase();
    let told = [
        ".md", ".rst", ".adoc", ".html", ".po", ".tex", ".1", ".patch", ".diff",
    ]
    .iter()
    .any(|end| name.ends_with(end));
    let history = ["changelog", "changes", "news", "history", "releasenotes"]
        .iter()
        .any(|start| name.starts_with(start));
    told || history
}

/// Whether a file belongs to a package manager that writes it itself.
pub(super) fn is_generated(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or_default();
    name.ends_with(".lock")
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
