//! Values that parse themselves. What is wrong with one is said inside its visitor, so that it has
//! the value's own place in the file, in a list too.

use std::fmt;
use std::marker::PhantomData;

use serde::Deserialize;
use serde::de::value::{MapAccessDeserializer, SeqAccessDeserializer};
use serde::de::{
    DeserializeSeed, Deserializer, Error, IntoDeserializer, MapAccess, SeqAccess, Unexpected,
    Visitor,
};

use super::{address, purl};
use crate::openssl::advisory::CveId;
use crate::openssl::assessment::{Offer, SeriesPolicy};
use crate::openssl::version::Series;
use crate::project::pattern::{Pattern, Placeholder};

/// One value, or a list of them.
#[derive(schemars::JsonSchema)]
#[serde(untagged)]
#[expect(dead_code, reason = "only the schema needs it")]
// How the schema says what `Texts` and `one_or_many` read.
pub(super) enum OneOrMany<T> {
    /// One value.
    One(T),
    /// A list.
    Many(Vec<T>),
}

pub(super) type Parse<T> = fn(&str) -> Result<T, String>;

/// A text, and what it means.
struct Text<T>(Parse<T>);

impl<'de, T> DeserializeSeed<'de> for Text<T> {
    type Value = T;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<T, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl<T> Visitor<'_> for Text<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<T, E> {
        (self.0)(text).map_err(E::custom)
    }
}

/// A list of texts, or one alone where that may stand for a list.
struct Texts<T> {
    parse: Parse<T>,
    alone: bool,
}

impl<'de, T> Visitor<'de> for Texts<T> {
    type Value = Vec<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.alone {
            "a string, or a list of strings"
        } else {
            "a sequence"
        })
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
        if self.alone {
            return (self.parse)(text).map(|one| vec![one]).map_err(E::custom);
        }
        Err(E::invalid_type(Unexpected::Str(text), &self))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
        let mut values = Vec::new();
        while let Some(value) = list.next_element_seed(Text(self.parse))? {
            values.push(value);
        }
        Ok(values)
    }
}

/// A table whose keys must fit each other.
pub(super) trait Whole {
    /// # Errors
    ///
    /// In words, if they do not.
    fn check(&self) -> Result<(), String>;
}

struct Checked<T>(T);

impl<'de, T: Deserialize<'de> + Whole> Deserialize<'de> for Checked<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let table = T::deserialize(deserializer)?;
        table.check().map_err(D::Error::custom)?;
        Ok(Self(table))
    }
}

/// A table that may be left out, checked.
pub(super) fn table<'de, D, T>(deserializer: D) -> Result<Option<T>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de> + Whole,
{
    Checked::deserialize(deserializer).map(|table| Some(table.0))
}

/// A list of tables, each checked.
pub(super) fn tables<'de, D, T>(deserializer: D) -> Result<Vec<T>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de> + Whole,
{
    let list: Vec<Checked<T>> = each(deserializer)?;
    Ok(list.into_iter().map(|table| table.0).collect())
}

/// A list of values of which each has its place when it says that it is wrong as a whole.
pub(super) fn each<'de, D, T>(deserializer: D) -> Result<Vec<T>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    deserializer.deserialize_seq(Each(PhantomData))
}

struct Each<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for Each<T> {
    type Value = Vec<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a sequence")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
        let mut values = Vec::new();
        while let Some(value) = list.next_element_seed(Member(PhantomData))? {
            values.push(value);
        }
        Ok(values)
    }
}

/// A value that is read inside a visitor, whatever it is.
struct Member<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> DeserializeSeed<'de> for Member<T> {
    type Value = T;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<T, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de, T: Deserialize<'de>> Visitor<'de> for Member<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a table")
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<T, A::Error> {
        T::deserialize(MapAccessDeserializer::new(map))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<T, E> {
        T::deserialize(text.into_deserializer())
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<T, E> {
        T::deserialize(number.into_deserializer())
    }
}

/// A table, or an array of them. The places in the file stay known, which an untagged enum loses.
pub(super) fn one_or_many<'de, D, T>(deserializer: D) -> Result<Vec<T>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    struct Tables<T>(PhantomData<T>);

    impl<'de, T: Deserialize<'de>> Visitor<'de> for Tables<T> {
        type Value = Vec<T>;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a table, or an array of tables")
        }

        fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
            T::deserialize(MapAccessDeserializer::new(map)).map(|one| vec![one])
        }

        fn visit_seq<A: SeqAccess<'de>>(self, list: A) -> Result<Self::Value, A::Error> {
            each(SeqAccessDeserializer::new(list))
        }
    }

    deserializer.deserialize_any(Tables(PhantomData))
}

/// A text that `parse` understands, for a field that has the value and for one that may have it.
pub(super) fn text<'de, D, V, T>(deserializer: D, parse: Parse<V>) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: From<V>,
{
    Text(parse).deserialize(deserializer).map(T::from)
}

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
    ecosystem: String = parsed_ecosystem;
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
    status: String = parsed_status;
    /// OpenVEX's justification.
    justification: String = parsed_justification;
}

/// Functions for `deserialize_with`, for a list.
macro_rules! lists {
    ($($(#[$doc:meta])* $name:ident: $value:ty = $parse:expr, alone: $alone:expr;)+) => {$(
        $(#[$doc])*
        pub(super) fn $name<'de, D>(deserializer: D) -> Result<Vec<$value>, D::Error>
        where
            D: Deserializer<'de>,
        {
            deserializer.deserialize_any(Texts { parse: $parse, alone: $alone })
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

fn parsed_ecosystem(text: &str) -> Result<String, String> {
    listed(text, &ECOSYSTEMS, "is no ecosystem of GitHub's advisories")
}

fn parsed_status(text: &str) -> Result<String, String> {
    listed(text, &STATUSES, "is not an OpenVEX status")
}

fn parsed_justification(text: &str) -> Result<String, String> {
    listed(text, &JUSTIFICATIONS, "is not an OpenVEX justification")
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
