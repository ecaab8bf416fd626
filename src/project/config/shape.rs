//! Shapes of values: a text, a table, a list of them, one that may stand for a list. What is wrong
//! with one is said inside its visitor, so that it has its own place in the file, in a list too.

use std::fmt;
use std::marker::PhantomData;

use serde::Deserialize;
use serde::de::value::{MapAccessDeserializer, SeqAccessDeserializer};
use serde::de::{
    DeserializeSeed, Deserializer, Error, IntoDeserializer, MapAccess, SeqAccess, Unexpected,
    Visitor,
};

/// One value, or a list of them.
#[derive(schemars::JsonSchema)]
#[serde(untagged)]
#[expect(dead_code, reason = "only the schema needs it")]
// How the schema says what `TextList` and `one_or_many` read.
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
struct TextList<T> {
    parse: Parse<T>,
    alone: bool,
}

impl<'de, T> Visitor<'de> for TextList<T> {
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

struct CheckedTable<T>(T);

impl<'de, T: Deserialize<'de> + Whole> Deserialize<'de> for CheckedTable<T> {
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
    CheckedTable::deserialize(deserializer).map(|table| Some(table.0))
}

/// A list of tables, each checked.
pub(super) fn tables<'de, D, T>(deserializer: D) -> Result<Vec<T>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de> + Whole,
{
    let list: Vec<CheckedTable<T>> = each(deserializer)?;
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

/// A list of texts that `parse` understands, or one alone where that may stand for a list.
pub(super) fn texts<'de, D, T>(
    deserializer: D,
    parse: Parse<T>,
    alone: bool,
) -> Result<Vec<T>, D::Error>
where
    D: Deserializer<'de>,
{
    deserializer.deserialize_any(TextList { parse, alone })
}
