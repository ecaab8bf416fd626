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
const EMPTY: [&str; 26] = [
    "termux", "pkg", "package", "default", "lib", "port", "current", "latest", "upstream",
    "source", "src", "dist", "env", "arg", "set", "vendored", "bundled", "pinned", "expected",
    "local", "stable", "download", "str", "string", "full", "long",
];

/// Words behind OpenSSL's name that say which of its builds is meant.
const KINDS: [&str; 6] = ["bin", "src", "source", "static", "shared", "lib"];

/// What the text between the last version and this one, on the same line, is about.
pub(crate) fn of_label(label: &str) -> ValueSubject {
    let lower = label.to_ascii_lowercase();
    if variable_of_value(&lower).is_some_and(|name| names_a_relative(&name)) {
        return ValueSubject::Other;
    }
    let last_of = |name: &str| lower.rfind(name).map(|at| at + name.len());
    let other = RELATIVES.iter().filter_map(|name| last_of(name)).max();
    // `OPENSSL_NO_SSL3` names a feature.
    let last = lower
        .rmatch_indices("openssl")
        .map(|(at, name)| at + name.len())
        .find(|end| !lower[*end..].starts_with("_no_"));
    let ours = last.into_iter().chain(last_word(&lower, "ssl_ver")).max();
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
/// that its version follows: `hunter_config(OpenSSL VERSION 3.5.3)`; or xmake requires it.
fn is_called(label: &str, end: usize) -> bool {
    if is_required_by_xmake(label) {
        return true;
    }
    let name = label[..end].rsplit(['(', ' ', '"']).next();
    let before = &label[..end - name.map_or(0, str::len)];
    before.ends_with('(') && !before.ends_with("project(") && label[end..].trim() == "VERSION"
}

/// Whether `add_requires("openssl ` of xmake stands before a version: it asks for that one.
fn is_required_by_xmake(label: &str) -> bool {
    let name = label
        .strip_suffix("openssl ")
        .or_else(|| label.strip_suffix("openssl3 "));
    let call = name.and_then(|before| before.strip_suffix(['"', '\'']));
    call.is_some_and(|call| call.trim_end_matches(' ').ends_with("add_requires("))
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
    // `MIN_OPENSSL_VERSION`, and not `ADMIN_OPENSSL_VERSION`.
    let least = ["min_", "min-", "minimal_", "minimal-"];
    let names = |end: usize| lower[end..].starts_with("openssl") || lower[end..].starts_with("ssl");
    if least
        .iter()
        .any(|word| last_word(&lower, word).is_some_and(names))
    {
        return true;
    }
    // `requires("openssl/3.5.3")` asks for that one.
    if lower.ends_with("openssl/") || is_required_by_xmake(&lower) {
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

/// Whether what follows a value says that what is newer will do: `1.1.1d or newer`.
pub(crate) fn is_least_behind(after: &str) -> bool {
    let after = after.trim_start_matches(['"', '\'', ')', ',']).trim_start();
    ["or", "and"].iter().any(|join| {
        let rest = after.strip_prefix(join).map(str::trim_start);
        let words = ["newer", "later", "higher", "greater", "above", "up"];
        let first = rest.and_then(|rest| rest.split(|c: char| !c.is_ascii_alphabetic()).next());
        first.is_some_and(|first| words.contains(&first))
    })
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
    // A letter alone is a variable only where it is given something: `v3.5.3` is none.
    let is_given = || label[end.len()..].trim_start().starts_with('=');
    (name.len() > 1 || (!name.is_empty() && is_given())).then(|| name.to_owned())
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
