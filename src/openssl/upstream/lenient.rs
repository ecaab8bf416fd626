//! Reading JSON whose form upstream changes without notice: what has another shape than expected
//! costs only itself.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer};
use serde_json::Value;

use super::plain_text::quoted;

/// A value, if it has the expected shape. A surprise in one field never costs the document around
/// it.
#[derive(Debug)]
pub(crate) struct Lenient<T>(pub(crate) Option<T>);

impl<T> Default for Lenient<T> {
    fn default() -> Self {
        Self(None)
    }
}

impl<'de, T: DeserializeOwned> Deserialize<'de> for Lenient<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Self(
            serde_json::from_value(Value::deserialize(deserializer)?).ok(),
        ))
    }
}

/// Reads a document that must be one JSON object; an answer that is something else (a page of HTML,
/// a list) is refused as such.
pub(super) fn object<T: DeserializeOwned>(text: &str) -> Result<T, String> {
    starting_with(text, '{', "object")
}

/// Reads a document that must be one JSON list.
pub(super) fn list<T: DeserializeOwned>(text: &str) -> Result<Vec<T>, String> {
    starting_with(text, '[', "list")
}

fn starting_with<T: DeserializeOwned>(text: &str, first: char, what: &str) -> Result<T, String> {
    let text = text.trim_start_matches('\u{feff}').trim_start();
    if !text.starts_with(first) {
        return Err(format!(
            "it is no JSON {what}, it starts with {}",
            quoted(&text.chars().take(20).collect::<String>())
        ));
    }
    serde_json::from_str(text).map_err(|error| error.to_string())
}

/// A list of which every element stands for itself; what is no list is empty.
pub(super) type LenientList<T> = Lenient<Vec<Lenient<T>>>;

impl<T> LenientList<T> {
    /// The elements that have the expected shape.
    pub(super) fn read(&self) -> impl Iterator<Item = &T> {
        self.all().filter_map(|element| element.0.as_ref())
    }

    /// How many elements have another shape.
    pub(super) fn misshapen(&self) -> usize {
        self.all().filter(|element| element.0.is_none()).count()
    }

    fn all(&self) -> impl Iterator<Item = &Lenient<T>> {
        self.0.iter().flatten()
    }
}
