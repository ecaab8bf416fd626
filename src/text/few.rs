//! Lists of others in JSON, read without holding what nobody asked for.

use std::fmt;
use std::marker::PhantomData;

use crate::text::budget::LIST_ELEMENTS;

use serde::de::{Deserialize, Deserializer, Error, SeqAccess, Visitor};

struct Few<'a, T, K> {
    most: usize,
    keep: K,
    excess: &'a str,
    of: PhantomData<T>,
}

/// The elements of a list that are to be kept, at most `most`; the others are dropped as they are
/// read.
///
/// # Errors
///
/// As the elements', and `excess` if there are more.
pub(crate) fn few<'de, D: Deserializer<'de>, T: Deserialize<'de>>(
    deserializer: D,
    most: usize,
    keep: impl Fn(&T) -> bool,
    excess: &str,
) -> Result<Vec<T>, D::Error> {
    deserializer.deserialize_seq(Few {
        most,
        keep,
        excess,
        of: PhantomData,
    })
}

impl<'de, T: Deserialize<'de>, K: Fn(&T) -> bool> Visitor<'de> for Few<'_, T, K> {
    type Value = Vec<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a sequence")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Vec<T>, A::Error> {
        let (mut kept, mut seen) = (Vec::new(), 0);
        while let Some(element) = list.next_element()? {
            seen += 1;
            if seen > LIST_ELEMENTS {
                return Err(A::Error::custom(format!(
                    "a list has more than {LIST_ELEMENTS} elements"
                )));
            }
            if (self.keep)(&element) {
                if kept.len() == self.most {
                    return Err(A::Error::custom(self.excess));
                }
                kept.push(element);
            }
        }
        Ok(kept)
    }
}
