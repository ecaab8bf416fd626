//! `[[link]]`: one statically linked OpenSSL.

use schemars::JsonSchema;
use serde::{Deserialize, Deserializer};

use super::pin::{Pin, PinKeys};
use super::{shape, value};
use crate::openssl::assessment::{Offer, Policy, SeriesPolicy};

/// `[[link]]`.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Link {
    /// The link's name, unique in the file.
    #[serde(deserialize_with = "value::link_name")]
    #[schemars(with = "String")]
    pub name: String,
    /// `newest`, `lts`, `keep` (default), or a series such as `3.5`.
    #[serde(default = "keep", deserialize_with = "value::series_policy")]
    #[schemars(with = "Option<String>")]
    pub series: SeriesPolicy,
    /// `shipped` (default), or `tested` for a version that is only tested with: all such links of a
    /// repository move in one PR, and stand in no changelog, mail, advisory or history.
    #[serde(default, deserialize_with = "role")]
    #[schemars(with = "Option<String>")]
    pub role: Role,
    /// Besides, the move to a newer series as a draft PR for the next major release: `newest` or
    /// `lts`. It is never due.
    #[serde(default, deserialize_with = "value::offer")]
    #[schemars(with = "Option<String>")]
    pub offer: Option<Offer>,
    /// `owner/name` of the repository that holds the pins, where it is not this one.
    #[serde(default, deserialize_with = "value::repository")]
    #[schemars(with = "Option<String>")]
    pub repository: Option<String>,
    /// How long a bug-fix-only release may wait: `7d`.
    // In days.
    #[serde(default, deserialize_with = "value::days")]
    #[schemars(with = "Option<String>")]
    pub cooldown: u32,
    /// Whether pre-releases may be chosen.
    #[serde(default)]
    pub prereleases: bool,
    /// Every place that says which version the link uses.
    #[serde(default, rename = "pin", deserialize_with = "shape::each")]
    #[schemars(with = "Vec<PinKeys>")]
    pub pins: Vec<Pin>,
    /// The line of the configuration it starts on.
    #[serde(skip)]
    pub line: usize,
    /// The line that says `series`, else the first one, with the configuration's file name, as
    /// messages write it.
    #[serde(skip)]
    pub policy_place: String,
}

/// What a link is there for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Role {
    /// It is in what is published.
    #[default]
    Shipped,
    /// It is only tested with.
    Tested,
}

impl Link {
    /// Which releases it may move to.
    pub fn policy(&self) -> Policy {
        Policy {
            series: self.series,
            prereleases: self.prereleases,
            cooldown: self.cooldown,
        }
    }

    /// Whether it is only tested with.
    pub(crate) fn is_tested(&self) -> bool {
        self.role == Role::Tested
    }
}

fn role<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Role, D::Error> {
    let words = |text: &str| {
        value::word(
            text,
            &[("shipped", Role::Shipped), ("tested", Role::Tested)],
        )
    };
    shape::text(deserializer, words)
}

fn keep() -> SeriesPolicy {
    SeriesPolicy::Keep
}
