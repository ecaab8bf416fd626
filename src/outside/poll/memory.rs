//! What polls leave behind for the next one: the joined view, and when each kind of facts was last
//! known to be current.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::Kind;
use crate::openssl::upstream::builtin::TEXT;
use crate::openssl::upstream::merge::{Days, Merged};
use crate::outside::http::cache::{Cache, Stored, sha256};
use crate::outside::http::fetch::Validators;
use crate::project::config;

/// The memory of polls of the same upstream.
pub(super) struct Memory<'a> {
    cache: &'a Cache,
    upstream: String,
}

/// When each kind of facts was last known to be current.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Confirmed {
    #[serde(default, with = "crate::text::date::as_optional_iso")]
    releases: Option<Date>,
    #[serde(default, with = "crate::text::date::as_optional_iso")]
    advisories: Option<Date>,
}

impl<'a> Memory<'a> {
    pub(super) fn new(cache: &'a Cache, upstream: &config::Upstream) -> Self {
        let config::Upstream {
            github_api,
            site,
            metadata,
            ..
        } = upstream;
        Self {
            cache,
            upstream: format!("{github_api} {site} {metadata}"),
        }
    }

    /// The view that was made from exactly these documents, by this program.
    pub(super) fn merged(&self, inputs: &[(&str, &str)]) -> Option<Merged> {
        let stored = self
            .cache
            .stored(&self.merged_key())
            .filter(|stored| stored.validators.etag.as_ref() == Some(&identity(inputs)))?;
        serde_json::from_slice(&self.cache.body(&stored)?).ok()
    }

    /// The last view, whatever it was made from.
    pub(super) fn last_merged(&self) -> Option<Merged> {
        let stored = self.cache.stored(&self.merged_key())?;
        serde_json::from_slice(&self.cache.body(&stored)?).ok()
    }

    pub(super) fn remember_merged(&self, inputs: &[(&str, &str)], merged: &Merged) {
        let validators = Validators {
            etag: Some(identity(inputs)),
            last_modified: None,
        };
        self.write(&self.merged_key(), validators, merged);
    }

    /// Notes which kinds of facts are current today, and returns since when all of them have been.
    /// `floor` dates what was never confirmed. A day of the past, which the user replays, takes
    /// nothing back.
    pub(super) fn confirm(&self, dead: &[Kind], offline: bool, days: Days, floor: Date) -> Date {
        let Days { today, latest } = days;
        let key = format!("confirmed {}", self.upstream);
        let before: Confirmed = self
            .cache
            .stored(&key)
            .and_then(|stored| self.cache.body(&stored))
            .and_then(|body| serde_json::from_slice(&body).ok())
            .unwrap_or_default();
        // What lies here may come from elsewhere: nothing was confirmed on a day still to come.
        let before = Confirmed {
            releases: before.releases.map(|day| day.min(latest)),
            advisories: before.advisories.map(|day| day.min(latest)),
        };
        let current = |kind, before| {
            if offline || dead.contains(&kind) {
                before
            } else {
                Some(today)
            }
        };
        let now = Confirmed {
            releases: current(Kind::Releases, before.releases),
            advisories: current(Kind::Advisories, before.advisories),
        };
        let newest = Confirmed {
            releases: now.releases.max(before.releases),
            advisories: now.advisories.max(before.advisories),
        };
        if newest != before {
            self.write(&key, Validators::default(), &newest);
        }
        now.releases
            .unwrap_or(floor)
            .min(now.advisories.unwrap_or(floor))
    }

    fn merged_key(&self) -> String {
        format!("view of {}", self.upstream)
    }

    fn write(&self, key: &str, validators: Validators, value: &impl Serialize) {
        // Not being able to remember costs time, never a wrong answer, and the sources report it
        // already.
        if let Ok(body) = serde_json::to_vec(value) {
            let _ = self.cache.store(&Stored::of(key, validators, &body), &body);
        }
    }
}

/// Identifies documents together with the program that reads them: another version may read them
/// otherwise.
fn identity(inputs: &[(&str, &str)]) -> String {
    let mut text = format!("{} {}\n", env!("CARGO_PKG_VERSION"), TEXT.len());
    for (key, digest) in inputs {
        text.push_str(&format!("{key} {digest}\n"));
    }
    sha256(text.as_bytes())
}
