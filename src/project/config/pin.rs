//! `[[link.pin]]`: one place that says which version a link uses.

use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, de::Error};

use super::shape::{self, OneOrMany};
use super::value;
use crate::openssl::version::Series;
use crate::project::pattern::Pattern;

/// `[[link.pin]]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(try_from = "PinKeys")]
pub struct Pin {
    /// The line of the configuration it starts on.
    pub line: usize,
    /// That line with the configuration's file name, as messages write it.
    pub place: String,
    /// What kind of place it is.
    pub kind: PinKind,
    /// The files may each hold a version of their own.
    pub mixed: bool,
    /// Lines that may keep the old version: those it matches in.
    pub leave: Vec<Pattern>,
}

/// The kinds of pins.
#[derive(Debug, Clone)]
pub enum PinKind {
    /// Text with placeholders in a file.
    Text(TextPin),
    /// The gitlink of a submodule at this path.
    Submodule(String),
    /// The build metadata of a crate's version in a lock file or manifest.
    Cargo {
        /// The file: a path or a glob. Left out: `Cargo.lock` and `Cargo.toml`, where they are.
        file: Option<String>,
        /// The crate's name.
        package: String,
        /// Whether the user's cargo is asked for the new crate's checksum.
        update: bool,
    },
    /// A vendored source tree at this path.
    Tree(String),
}

/// A text pin as configured; [`crate::project::linked`] gives the patterns their meaning.
#[derive(Debug, Clone)]
pub struct TextPin {
    /// A path or a glob.
    pub file: String,
    /// What says the version, or follows from it.
    pub matches: Vec<Pattern>,
    /// How often each must match.
    pub count: Count,
    /// Limits the pin to blocks.
    pub within: Option<Within>,
    /// Limits matches to occurrences now in this series.
    pub series: Option<Series>,
    /// Entries to add to a table of versions.
    pub insert: Vec<Insert>,
    /// Whole lines to set: pattern and new line.
    pub set: Vec<(Pattern, Pattern)>,
    /// Whole lines to remove.
    pub delete: Vec<Pattern>,
}

/// How often a pattern must match.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(try_from = "CountKey")]
pub enum Count {
    /// Exactly so often in each file.
    Exactly(usize),
    /// None or more in each file.
    Any,
}

/// An entry to add to a table of versions.
#[derive(Debug, Clone, Deserialize)]
#[serde(try_from = "InsertKeys")]
pub struct Insert {
    /// Whether the entry comes before or after the anchor.
    pub side: Side,
    /// The anchor.
    pub anchor: Pattern,
    /// The new entry.
    pub text: Pattern,
}

/// A side of an anchor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// Before it.
    Before,
    /// After it.
    After,
}

/// The blocks of a file that a pin is limited to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Within {
    /// What a block starts with.
    pub from: Pattern,
    /// What it ends with; none: the file's end.
    pub to: Option<Pattern>,
}

/// `[[link.pin]]`.
// As it is written, where nothing yet keeps keys apart that do not belong together.
#[derive(Deserialize, JsonSchema)]
#[serde(rename = "Pin", deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct PinKeys {
    /// A path or a glob.
    #[serde(default, deserialize_with = "value::path")]
    #[schemars(with = "Option<String>")]
    file: Option<String>,
    /// Literal text with placeholders.
    #[serde(default, rename = "match", deserialize_with = "value::valued")]
    #[schemars(with = "OneOrMany<String>")]
    matches: Vec<Pattern>,
    /// How often each pattern must match: a number, or `any`.
    #[schemars(with = "Option<CountKey>")]
    count: Option<Count>,
    /// Only between the line that holds the first text and the next that holds the second, or the
    /// file's end where there is no second.
    #[serde(default, deserialize_with = "within")]
    #[schemars(with = "Option<OneOrMany<String>>")]
    within: Option<Within>,
    /// Only occurrences that are now in this series.
    #[serde(default, deserialize_with = "value::series")]
    #[schemars(with = "Option<String>")]
    series: Option<Series>,
    /// The files may each hold a version of their own.
    #[serde(default)]
    mixed: bool,
    /// Lines that may keep the old version.
    #[serde(default, deserialize_with = "value::patterns")]
    #[schemars(with = "OneOrMany<String>")]
    leave: Vec<Pattern>,
    /// Entries to add to a table of versions.
    #[serde(default, deserialize_with = "shape::one_or_many")]
    #[schemars(with = "OneOrMany<InsertKeys>")]
    insert: Vec<Insert>,
    /// Whole lines to set after a bump.
    #[serde(default, deserialize_with = "shape::one_or_many")]
    #[schemars(with = "OneOrMany<SetLine>")]
    set: Vec<SetLine>,
    /// Whole lines to remove after a bump.
    #[serde(default, deserialize_with = "value::patterns")]
    #[schemars(with = "OneOrMany<String>")]
    delete: Vec<Pattern>,
    /// The path of a git submodule.
    #[serde(default, deserialize_with = "value::path")]
    #[schemars(with = "Option<String>")]
    submodule: Option<String>,
    /// The name of a crate whose version carries the upstream version in its build metadata.
    cargo: Option<String>,
    /// Have `cargo update --precise` say the new crate's checksum.
    #[serde(default)]
    cargo_update: bool,
    /// The path of a vendored source tree.
    #[serde(default, deserialize_with = "value::path")]
    #[schemars(with = "Option<String>")]
    tree: Option<String>,
}

impl TryFrom<PinKeys> for Pin {
    type Error = String;

    fn try_from(mut keys: PinKeys) -> Result<Self, String> {
        let leave = std::mem::take(&mut keys.leave);
        Ok(Self {
            line: 0,
            place: String::new(),
            mixed: keys.mixed,
            leave,
            kind: keys.kind()?,
        })
    }
}

impl PinKeys {
    /// Whether it says what to find in a file.
    fn finds(&self) -> bool {
        !(self.matches.is_empty()
            && self.insert.is_empty()
            && self.set.is_empty()
            && self.delete.is_empty())
    }

    /// Whether it says anything that only belongs to text.
    fn is_text(&self) -> bool {
        self.finds() || self.count.is_some() || self.within.is_some() || self.series.is_some()
    }

    fn kind(self) -> Result<PinKind, String> {
        let kinds = [&self.submodule, &self.cargo, &self.tree];
        let special = kinds.into_iter().flatten().count();
        if special > 1 || (special == 1 && self.is_text()) {
            return Err("a pin is text (`match`, `insert`, `set`, `delete`), or `submodule`, or `cargo`, or `tree`; make one pin for each".into());
        }
        if self.cargo_update && self.cargo.is_none() {
            return Err(
                "`cargo-update` belongs to a pin with `cargo`; remove it, or name the crate".into(),
            );
        }
        let finds = self.finds();
        match (self.submodule, self.cargo, self.tree, self.file) {
            (Some(_), _, _, Some(_)) | (_, _, Some(_), Some(_)) => {
                Err("`submodule` and `tree` name their own path; remove `file`".into())
            }
            (Some(path), ..) => Ok(PinKind::Submodule(path)),
            (_, _, Some(path), _) => Ok(PinKind::Tree(path)),
            (_, Some(package), _, file) => Ok(PinKind::Cargo {
                file,
                package,
                update: self.cargo_update,
            }),
            (.., Some(file)) if !finds => Err(format!(
                "the pin of `{file}` says nothing to find; add `match` or `insert`"
            )),
            (.., Some(file)) => Ok(PinKind::Text(TextPin {
                file,
                matches: self.matches,
                count: self.count.unwrap_or(Count::Exactly(1)),
                within: self.within,
                series: self.series,
                insert: self.insert,
                set: self.set.into_iter().map(|set| (set.line, set.to)).collect(),
                delete: self.delete,
            })),
            (None, None, None, None) => {
                Err("a pin needs `file`, `submodule`, `cargo` or `tree`".into())
            }
        }
    }
}

/// `count`.
#[derive(Deserialize, JsonSchema)]
#[serde(
    untagged,
    rename = "Count",
    expecting = "`count` is a number from 1 on, or `any`"
)]
enum CountKey {
    /// Exactly so often.
    Exactly(usize),
    /// `any`: none or more in each file.
    Word(String),
}

impl TryFrom<CountKey> for Count {
    type Error = String;

    fn try_from(key: CountKey) -> Result<Self, String> {
        match key {
            CountKey::Exactly(0) => Err(
                "`count` is 0, so the pin would stand nowhere; use a number from 1 on, or `any`"
                    .into(),
            ),
            CountKey::Exactly(number) => Ok(Self::Exactly(number)),
            CountKey::Word(word) if word == "any" => Ok(Self::Any),
            CountKey::Word(word) => Err(format!(
                "`{}` is not a count; use a number or `any`",
                word.escape_debug()
            )),
        }
    }
}

/// `insert`.
#[derive(Deserialize, JsonSchema)]
#[serde(rename = "Insert", deny_unknown_fields)]
struct InsertKeys {
    /// The anchor that the new entry comes before.
    #[serde(default, deserialize_with = "value::pattern")]
    #[schemars(with = "Option<String>")]
    before: Option<Pattern>,
    /// The anchor that the new entry comes after.
    #[serde(default, deserialize_with = "value::pattern")]
    #[schemars(with = "Option<String>")]
    after: Option<Pattern>,
    /// The new entry.
    #[serde(deserialize_with = "value::inserted")]
    #[schemars(with = "String")]
    text: Pattern,
}

impl TryFrom<InsertKeys> for Insert {
    type Error = String;

    fn try_from(keys: InsertKeys) -> Result<Self, String> {
        let (side, anchor) = match (keys.before, keys.after) {
            (Some(anchor), None) => (Side::Before, anchor),
            (None, Some(anchor)) => (Side::After, anchor),
            _ => return Err("`insert` needs either `before` or `after`".into()),
        };
        Ok(Self {
            side,
            anchor,
            text: keys.text,
        })
    }
}

/// `set`.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct SetLine {
    /// The whole line as a pattern.
    #[serde(deserialize_with = "value::pattern")]
    #[schemars(with = "String")]
    line: Pattern,
    /// What it becomes.
    #[serde(deserialize_with = "value::pattern")]
    #[schemars(with = "String")]
    to: Pattern,
}

/// `within`: one text or two.
fn within<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Within>, D::Error> {
    let mut texts = value::patterns(deserializer)?.into_iter();
    match (texts.next(), texts.next(), texts.next()) {
        (Some(from), to, None) => Ok(Some(Within { from, to })),
        _ => Err(D::Error::custom(
            "`within` is the text that a block starts with, and the one that it ends with if that is not the end of the file",
        )),
    }
}
