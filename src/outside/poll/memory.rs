//! What polls leave behind for the next one: the joined view, and when each source was last
//! known to be current.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::Serialize;

use crate::openssl::upstream::builtin::TEXT;
use crate::openssl::upstream::merge::{Days, MergedFacts};
use crate::outside::http::cache::{Cache, Stored, sha256};
use crate::outside::http::fetch::Validators;
use crate::outside::trace;
use crate::project::config;
use crate::text::date;

/// The memory of polls of the same upstream.
pub(super) struct Memory<'a> {
    cache: &'a Cache,
    upstream: String,
}

/// The day on which each source, by its name, was last known to be current.
type Confirmed = BTreeMap<String, String>;

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
    pub(super) fn merged(&self, inputs: &[(&str, &str)]) -> Option<MergedFacts> {
        let stored = self
            .cache
            .stored(&self.merged_key())
            .filter(|stored| stored.validators.etag.as_ref() == Some(&identity(inputs)))?;
        trace::kept(
            &"what the sources say together",
            "made from the same answers",
        );
        serde_json::from_slice(&self.cache.body(&stored)?).ok()
    }

    /// The last view, whatever it was made from.
    pub(super) fn last_merged(&self) -> Option<MergedFacts> {
        let stored = self.cache.stored(&self.merged_key())?;
        trace::kept(&"the last view of upstream", "an answer is missing or new");
        serde_json::from_slice(&self.cache.body(&stored)?).ok()
    }

    pub(super) fn remember_merged(&self, inputs: &[(&str, &str)], merged: &MergedFacts) {
        let validators = Validators {
            etag: Some(identity(inputs)),
            last_modified: None,
        };
        self.write(&self.merged_key(), validators, merged);
    }

    /// Notes which sources answered today, and returns since when each has been current; none for
    /// one that never answered. A day of the past, which the user replays, takes nothing back.
    pub(super) fn confirm(&self, answered: &[&str], days: Days) -> BTreeMap<String, Date> {
        let Days { today, latest } = days;
        let key = format!("confirmed {}", self.upstream);
        let before: Confirmed = self
            .cache
            .stored(&key)
            .and_then(|stored| self.cache.body(&stored))
            .and_then(|body| serde_json::from_slice(&body).ok())
            .unwrap_or_default();
        // What lies here may come from elsewhere: nothing was confirmed on a day still to come.
        let mut confirmed: BTreeMap<String, Date> = before
            .iter()
            .filter_map(|(source, day)| Some((source.clone(), date::iso(day)?.min(latest))))
            .collect();
        let mut newest = confirmed.clone();
        for source in answered {
            confirmed.insert((*source).to_owned(), today);
            let day = newest.entry((*source).to_owned()).or_insert(today);
            *day = today.max(*day);
        }
        let newest: Confirmed = newest
            .into_iter()
            .map(|(source, day)| (source, day.to_string()))
            .collect();
        if newest != before {
            self.write(&key, Validators::default(), &newest);
        }
        confirmed
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
