//! The public keys at hand, from wherever they came. Having a key is not trusting it.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use jiff::civil::Date;
use pgp::packet::Signature;
use pgp::types::KeyDetails;
use schemars::JsonSchema;
use serde::Serialize;

use super::certificate::{Certificate, KeyFacts};
use super::fingerprint::Fingerprint;
use super::moment::day_of;
use super::{packets, trusted};

/// More bytes than any real file of keys has.
pub(crate) const MOST_MATERIAL: usize = 8 << 20;

/// Public keys by primary fingerprint; copies of one key are one key.
#[derive(Debug, Clone, Default)]
pub struct KeyRing {
    keys: BTreeMap<Fingerprint, Certificate>,
}

/// What a key says about itself, for people who watch over its expiry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct KeyInfo {
    /// The primary fingerprint, by which a key is trusted.
    #[schemars(with = "String")]
    pub fingerprint: Fingerprint,
    /// The name on the key; a claim of whoever made it.
    pub user_id: Option<String>,
    /// The day the primary key expires, as far as known here.
    pub expires: Option<Date>,
    /// Whether its owner has taken it back.
    pub revoked: bool,
    /// Its subkeys that may sign.
    pub subkeys: Vec<SubkeyInfo>,
}

/// A subkey that may sign for its primary key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct SubkeyInfo {
    /// Its fingerprint, which signatures name.
    #[schemars(with = "String")]
    pub fingerprint: Fingerprint,
    /// The day from which it, or its primary key, is expired.
    pub expires: Option<Date>,
    /// Whether its owner has taken it back.
    pub revoked: bool,
}

impl KeyRing {
    /// The keys that come with the program (`data/keys/pinned.asc`).
    pub fn built_in() -> Self {
        let mut ring = Self::default();
        ring.add(trusted::MATERIAL.as_bytes());
        ring
    }

    /// Adds the keys of a file, armored or binary, and tells which there were. What is no public
    /// key is passed over, and so is a file of more than [`MOST_MATERIAL`] bytes.
    pub fn add(&mut self, material: &[u8]) -> BTreeSet<Fingerprint> {
        let mut found = BTreeSet::new();
        if material.len() > MOST_MATERIAL {
            return found;
        }
        for certificate in Certificate::all(packets::read(material)) {
            let Some(fingerprint) = Fingerprint::of(&certificate.primary.fingerprint()) else {
                continue;
            };
            found.insert(fingerprint.clone());
            match self.keys.get_mut(&fingerprint) {
                Some(known) => known.merge(certificate),
                None => drop(self.keys.insert(fingerprint, certificate)),
            }
        }
        found
    }

    /// What each key says about itself; keys without a valid self-signature say nothing.
    pub fn list(&self) -> Vec<KeyInfo> {
        let facts = self
            .keys
            .iter()
            .filter_map(|(fingerprint, certificate)| Some((fingerprint, certificate.facts()?)));
        facts
            .map(|(fingerprint, facts)| info(fingerprint, &facts))
            .collect()
    }
}

/// The keys of a ring whose facts are proven once, however many signatures name them.
pub(super) struct Proven<'a> {
    ring: &'a KeyRing,
    facts: BTreeMap<&'a Fingerprint, Option<Rc<KeyFacts<'a>>>>,
}

impl<'a> Proven<'a> {
    pub(super) fn new(ring: &'a KeyRing) -> Self {
        Self {
            ring,
            facts: BTreeMap::new(),
        }
    }

    /// The keys that a signature may be by, going by what it says.
    pub(super) fn named_by(
        &mut self,
        signature: &Signature,
    ) -> Vec<(&'a Fingerprint, Rc<KeyFacts<'a>>)> {
        let named = self
            .ring
            .keys
            .iter()
            .filter(|(_, certificate)| certificate.is_named_by(signature));
        named
            .filter_map(|(fingerprint, certificate)| {
                let facts = self
                    .facts
                    .entry(fingerprint)
                    .or_insert_with(|| certificate.facts().map(Rc::new));
                Some((fingerprint, facts.clone()?))
            })
            .collect()
    }
}

fn info(fingerprint: &Fingerprint, facts: &KeyFacts<'_>) -> KeyInfo {
    let subkeys = facts.signers.iter().skip(1).filter_map(|signer| {
        let fingerprint = signer.key.fingerprint()?;
        Some(SubkeyInfo {
            fingerprint,
            expires: signer.expires.map(day_of),
            revoked: signer.revoked.is_some(),
        })
    });
    KeyInfo {
        fingerprint: fingerprint.clone(),
        user_id: facts.user_id.clone(),
        expires: facts.expires.map(day_of),
        revoked: facts
            .signers
            .first()
            .is_some_and(|primary| primary.revoked.is_some()),
        subkeys: subkeys.collect(),
    }
}
