//! Values that parse themselves: functions for `deserialize_with`.

use serde::Deserializer;

use super::shape::{text, texts};
use super::{address, purl};
use crate::openssl::advisory::CveId;
use crate::openssl::assessment::{Offer, SeriesPolicy};
use crate::openssl::version::Series;
use crate::project::pattern::{Pattern, Placeholder};

/// Functions for `deserialize_with`, for a field that has the value and for one that may have it.
macro_rules! values {
    ($($(#[$doc:meta])* $name:ident: $value:ty = $parse:expr;)+) => {$(
        $(#[$doc])*
        pub(super) fn $name<'de, D, T>(deserializer: D) -> Result<T, D::Error>
        where
            D: Deserializer<'de>,
            T: From<$value>,
        {
            text::<D, $value, T>(deserializer, $parse)
        }
    )+};
}

values! {
    /// A URL's root without its last slash.
    root: String = parsed_root;
    /// The tree of release metadata.
    metadata: String = |text| if text.contains("://") { parsed_root(text) } else { Ok(text.to_owned()) };
    /// Whole days: `0d`, `7d`, `2w`.
    days: u32 = parsed_days;
    /// `owner/name` of a repository.
    repository: String = parsed_repository;
    /// How the tags of releases look, or another text with the project's own version.
    own_version: Pattern = Pattern::of_project_version;
    /// A mail address.
    address: String = parsed_address;
    /// A kind of packages.
    ecosystem: String = |text| listed(text, &ECOSYSTEMS, "is no ecosystem of GitHub's advisories");
    /// A package URL without a version.
    product: String = purl::without_version;
    /// A path or glob inside the project, with `/` between its parts.
    path: String = parsed_path;
    /// A link's name.
    link_name: String = parsed_link_name;
    /// Which series a link may move to.
    series_policy: SeriesPolicy = parsed_series_policy;
    /// The series that is offered besides.
    offer: Offer = parsed_offer;
    /// A series.
    series: Series = |text| text.parse().map_err(|error| format!("{error}"));
    /// A pattern of a pin.
    pattern: Pattern = Pattern::of_pin;
    /// A pattern that is written.
    inserted: Pattern = parsed_inserted;
    /// The identifier of an advisory.
    cve: CveId = |text| text.parse().map_err(|error| format!("{error}"));
    /// OpenVEX's status.
    status: String = |text| listed(text, &STATUSES, "is not an OpenVEX status");
    /// OpenVEX's justification.
    justification: String = |text| listed(text, &JUSTIFICATIONS, "is not an OpenVEX justification");
}

/// Functions for `deserialize_with`, for a list.
macro_rules! lists {
    ($($(#[$doc:meta])* $name:ident: $value:ty = $parse:expr, alone: $alone:expr;)+) => {$(
        $(#[$doc])*
        pub(super) fn $name<'de, D>(deserializer: D) -> Result<Vec<$value>, D::Error>
        where
            D: Deserializer<'de>,
        {
            texts(deserializer, $parse, $alone)
        }
    )+};
}

lists! {
    /// Primary key fingerprints.
    fingerprints: String = parsed_fingerprint, alone: false;
    /// Senders of pre-announcements.
    senders: String = parsed_sender, alone: false;
    /// Patterns with the project's own version.
    own_versions: Pattern = Pattern::of_project_version, alone: true;
    /// Patterns of a pin.
    patterns: Pattern = Pattern::of_pin, alone: true;
    /// Patterns of a pin, each with a value of OpenSSL's.
    valued: Pattern = parsed_valued, alone: true;
    /// Mail addresses.
    addresses: String = parsed_address, alone: true;
}

fn parsed_root(text: &str) -> Result<String, String> {
    let root = text.trim_end_matches('/');
    address::check_root(root)?;
    Ok(root.to_owned())
}

fn parsed_days(text: &str) -> Result<u32, String> {
    let unit = match text.as_bytes().last() {
        Some(b'd') => 1,
        Some(b'w') => 7,
        _ => 0,
    };
    let number = text
        .get(..text.len().saturating_sub(1))
        .and_then(|number| number.parse::<u32>().ok());
    number
        .filter(|number| unit != 0 && *number <= 36_500)
        .map(|number| number * unit)
        .ok_or_else(|| {
            format!(
                "`{}` is not a number of days; write `7d` or `2w`",
                text.escape_debug()
            )
        })
}

fn parsed_repository(text: &str) -> Result<String, String> {
    let part = |part: &str| {
        !part.is_empty()
            && part != "."
            && part != ".."
            && part
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.'))
    };
    text.split_once('/')
        .is_some_and(|(owner, name)| part(owner) && part(name))
        .then(|| text.to_owned())
        .ok_or_else(|| {
            format!(
                "`{}` is not a repository (`owner/name`)",
                text.escape_debug()
            )
        })
}

pub(super) fn parsed_path(text: &str) -> Result<String, String> {
    let plain = text
        .strip_prefix("./")
        .unwrap_or(text)
        .trim_end_matches('/');
    let escapes = text.starts_with('/')
        || plain.starts_with('/')
        || text.contains(['\\', '\0'])
        || text.get(1..2) == Some(":")
        || plain.is_empty()
        || plain.split('/').any(|part| part == ".." || part == ".git");
    if escapes {
        return Err(format!(
            "`{}` is not a path inside the project; write it relative to the project, with `/`",
            text.escape_debug()
        ));
    }
    Ok(plain.to_owned())
}

fn parsed_link_name(name: &str) -> Result<String, String> {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    if name.is_empty()
        || !name.chars().all(plain)
        || name.starts_with(['-', '.'])
        || name.ends_with('.')
        || name.contains("..")
    {
        return Err(format!(
            "link name `{}` becomes part of a branch name; use letters, digits, `-`, `_` and `.`",
            name.escape_debug()
        ));
    }
    Ok(name.to_owned())
}

fn parsed_series_policy(text: &str) -> Result<SeriesPolicy, String> {
    match text {
        "newest" => Ok(SeriesPolicy::Newest),
        "lts" => Ok(SeriesPolicy::Lts),
        "keep" => Ok(SeriesPolicy::Keep),
        _ => text.parse().map(SeriesPolicy::Series).map_err(|_| {
            format!(
                "`{}` is not a series policy; use `newest`, `lts`, `keep` or a series such as `3.5`",
                text.escape_debug()
            )
        }),
    }
}

fn parsed_offer(text: &str) -> Result<Offer, String> {
    match text {
        "newest" => Ok(Offer::Newest),
        "lts" => Ok(Offer::Lts),
        _ => Err(format!(
            "`{}` is nothing to offer; use `newest` or `lts`",
            text.escape_debug()
        )),
    }
}

/// A pattern that has a value of OpenSSL's: without one nothing would ever change.
fn parsed_valued(text: &str) -> Result<Pattern, String> {
    let pattern = Pattern::of_pin(text)?;
    if pattern.slots().any(|slot| slot != Placeholder::Any) {
        return Ok(pattern);
    }
    Err(format!(
        "`{}` has no placeholder, so that a bump would change nothing; write `{{version}}`, `{{sha256}}` or another where the value stands",
        text.escape_debug()
    ))
}

/// A pattern of which every part can be written.
fn parsed_inserted(text: &str) -> Result<Pattern, String> {
    let pattern = parsed_valued(text)?;
    let unknown = |slot: &Placeholder| matches!(slot, Placeholder::Any | Placeholder::Counter);
    let slot = pattern.slots().find(unknown);
    match slot {
        None => Ok(pattern),
        Some(slot) => Err(format!(
            "`insert` has nothing to write for `{{{}}}`; write the text that belongs there",
            slot.name()
        )),
    }
}

fn parsed_fingerprint(text: &str) -> Result<String, String> {
    let digits: String = text
        .chars()
        .filter(|c| !c.is_whitespace())
        .collect::<String>()
        .to_ascii_uppercase();
    let shaped =
        matches!(digits.len(), 40 | 64) && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    shaped.then_some(digits).ok_or_else(|| {
        format!(
            "`{}` is not a primary key fingerprint (40 hexadecimal digits)",
            text.escape_debug()
        )
    })
}

fn parsed_sender(text: &str) -> Result<String, String> {
    match text.split_once('@') {
        Some((_, domain)) if domain.contains('.') && !domain.contains(['@', ' ', '<', '>']) => {
            Ok(text.to_ascii_lowercase())
        }
        _ => Err(format!(
            "`{}` is no sender; write `name@example.org`, or `@example.org` for everybody there",
            text.escape_debug()
        )),
    }
}

fn parsed_address(text: &str) -> Result<String, String> {
    if text.chars().any(char::is_control) || !text.contains('@') {
        return Err(format!(
            "`{}` is not a mail address (`Name <name@example.org>`)",
            text.escape_debug()
        ));
    }
    Ok(text.to_owned())
}

fn listed(text: &str, known: &[&str], otherwise: &str) -> Result<String, String> {
    if known.contains(&text) {
        return Ok(text.to_owned());
    }
    Err(format!(
        "`{}` {otherwise}; use one of `{}`",
        text.escape_debug(),
        known.join("`, `")
    ))
}

/// One of a few words.
pub(super) fn word<T: Copy>(text: &str, words: &[(&str, T)]) -> Result<T, String> {
    let meaning = words.iter().find(|(word, _)| *word == text);
    meaning.map(|(_, meaning)| *meaning).ok_or_else(|| {
        let known: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
        format!(
            "`{}` is not known here; use one of `{}`",
            text.escape_debug(),
            known.join("`, `")
        )
    })
}

/// The ecosystems of packages that GitHub's advisories know.
const ECOSYSTEMS: [&str; 13] = [
    "pip", "npm", "rubygems", "maven", "nuget", "composer", "go", "rust", "erlang", "actions",
    "pub", "swift", "other",
];

/// What OpenVEX 0.2.0 lets a statement say.
const STATUSES: [&str; 4] = ["not_affected", "affected", "fixed", "under_investigation"];

/// The justifications that OpenVEX 0.2.0 defines for `not_affected`.
const JUSTIFICATIONS: [&str; 5] = [
    "component_not_present",
    "vulnerable_code_not_present",
    "vulnerable_code_not_in_execute_path",
    "vulnerable_code_cannot_be_controlled_by_adversary",
    "inline_mitigations_already_exist",
];
