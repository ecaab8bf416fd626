//! OpenPGP: whether some bytes were signed by a key that is trusted.
//!
//! Trust is a set of primary fingerprints ([`trusted`](pinned), `upstream.fingerprints`); a key
//! counts only under one of them, wherever it was found. A signature by a subkey counts for its
//! primary key. There are four answers, see [`Answer`]. Nothing here touches disk, network or
//! clock.

use std::collections::BTreeSet;
use std::fmt;
use std::rc::Rc;

use jiff::civil::Date;
use pgp::packet::{Packet, Signature, SignatureType};
use schemars::JsonSchema;
use serde::Serialize;

mod certificate;
mod fingerprint;
mod keyring;
#[cfg(test)]
pub(crate) mod made;
mod moment;
mod packets;
mod strength;
mod trusted;

use certificate::{KeyFacts, Revoked, Signer};
pub use fingerprint::Fingerprint;
pub use keyring::KeyRing;
pub(crate) use keyring::MOST_MATERIAL;
use keyring::Proven;
pub(crate) use trusted::pinned;

use moment::{Seconds, day_of};

/// More bytes than any real file of detached signatures has.
pub(crate) const MOST_SIGNATURE: usize = 64 << 10;

/// More signatures than any release has had; each costs a pass over the tarball.
const MOST_SIGNATURES: usize = 16;

/// Whom to trust, and how far.
#[derive(Debug, Clone)]
pub struct Trust {
    /// Primary fingerprints whose signatures count.
    pub fingerprints: BTreeSet<Fingerprint>,
    /// How many days after a key's expiry, as far as known here, its signatures still count
    /// (`key-grace`).
    pub grace_days: u32,
    /// The day it is; a signature of a later one is not believed.
    pub today: Date,
}

/// Who signed, and when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct SignedBy {
    /// The primary key, which trust is given to.
    #[schemars(with = "String")]
    pub primary: Fingerprint,
    /// The key that signed: the primary key or one of its subkeys.
    #[schemars(with = "String")]
    pub key: Fingerprint,
    /// The name on the primary key.
    pub user_id: Option<String>,
    /// The day the signature was made, UTC.
    pub made: Date,
    /// The day the key had expired, as far as known here, if the signature was made after it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expired: Option<Date>,
}

/// A key that signed and is not trusted, as far as it can be told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownKey {
    /// The key that the signature names: a fingerprint, or the short identifier of old signatures.
    pub named: Option<String>,
    /// Its primary fingerprint, where the key is at hand or known to belong to one.
    pub primary: Option<Fingerprint>,
    /// The name on that key; anybody can write one.
    pub user_id: Option<String>,
    /// Whether the primary fingerprint is trusted and only the key itself is missing.
    pub trusted: bool,
}

/// What a file of detached signatures says about some bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// Signed by a trusted key while it was valid.
    Good(SignedBy),
    /// Signed by a trusted key after it had expired, as far as known here. Keys are extended and
    /// published again, so a signature within the grace time counts, with a warning.
    Late {
        /// Who signed; its `expired` is set.
        by: SignedBy,
        /// Whether the grace time covers it.
        allowed: bool,
    },
    /// Signed by a key that is not trusted, or not at hand.
    Unknown(UnknownKey),
    /// There is no signature in the file.
    Missing,
    /// A signature that does not fit the bytes, or that nobody may rely on. Holds the reason.
    Bad(String),
}

impl Trust {
    /// The fingerprints that OpenSSL has published, and further ones.
    pub fn pinned_and(
        further: impl IntoIterator<Item = Fingerprint>,
        grace_days: u32,
        today: Date,
    ) -> Self {
        Self {
            fingerprints: pinned().into_iter().chain(further).collect(),
            grace_days,
            today,
        }
    }
}

impl Answer {
    /// Which of several answers stands for all: one that lets the bytes pass before any that does
    /// not, and of those the gravest.
    fn rank(&self) -> u8 {
        match self {
            Self::Good(_) => 0,
            Self::Late { allowed: true, .. } => 1,
            Self::Bad(_) => 2,
            Self::Late { allowed: false, .. } => 3,
            Self::Unknown(_) => 4,
            Self::Missing => 5,
        }
    }
}

/// What a file of detached signatures, armored or binary, says about some bytes. Of several
/// signatures one that passes is enough.
pub fn judge(file: &[u8], bytes: &[u8], ring: &KeyRing, trust: &Trust) -> Answer {
    if file.len() > MOST_SIGNATURE {
        return Answer::Bad(format!("it is larger than {MOST_SIGNATURE} bytes"));
    }
    let signatures = packets::read(file)
        .into_iter()
        .filter_map(|packet| match packet {
            Packet::Signature(signature) => Some(signature),
            _ => None,
        });
    let mut proven = Proven::new(ring);
    let answers = signatures
        .take(MOST_SIGNATURES)
        .map(|signature| judge_one(&signature, bytes, &mut proven, trust));
    answers.min_by_key(Answer::rank).unwrap_or(Answer::Missing)
}

fn judge_one(
    signature: &Signature,
    bytes: &[u8],
    proven: &mut Proven<'_>,
    trust: &Trust,
) -> Answer {
    let bad = |reason: &str| Answer::Bad(reason.to_owned());
    match signature.typ() {
        Some(SignatureType::Binary) => {}
        Some(SignatureType::Text) => {
            return bad("it is a signature of text, which does not cover the exact bytes");
        }
        Some(_) => return bad("it is no signature of a file"),
        None => return bad("it is of a kind that is not understood"),
    }
    let candidates = proven.named_by(signature);
    let mut trusted = candidates
        .iter()
        .filter(|(primary, _)| trust.fingerprints.contains(primary))
        .peekable();
    if trusted.peek().is_none() {
        return Answer::Unknown(unknown(signature, candidates.into_iter().next(), trust));
    }
    if !strength::holds(signature) {
        return bad("its hash is too weak for the day it was made");
    }
    for (primary, facts) in trusted {
        let named = facts
            .signers
            .iter()
            .filter(|signer| signer.key.is_named_by(signature));
        if let Some(signer) = named
            .into_iter()
            .find(|signer| signer.key.made(signature, bytes))
        {
            return weigh(signature, primary, facts, signer, trust);
        }
    }
    bad("it does not fit the bytes, or its key may not sign")
}

/// What a signature that fits is worth: by a key that may sign, at that time.
fn weigh(
    signature: &Signature,
    primary: &Fingerprint,
    facts: &KeyFacts<'_>,
    signer: &Signer<'_>,
    trust: &Trust,
) -> Answer {
    let made = moment::made(signature);
    let day = day_of(made);
    let by = SignedBy {
        primary: primary.clone(),
        key: signer.key.fingerprint().unwrap_or_else(|| primary.clone()),
        user_id: facts.user_id.clone(),
        made: day,
        expired: None,
    };
    if !signer.signs {
        return Answer::Bad(format!(
            "its key `{}` is not meant for signing files",
            by.key
        ));
    }
    match signer.revoked {
        Some(Revoked::Always) => return Answer::Bad(format!("its key `{}` was revoked", by.key)),
        Some(Revoked::Since(since)) if made >= since => {
            return Answer::Bad(format!(
                "it was made on {day}, and its key `{}` was revoked on {}",
                by.key,
                day_of(since)
            ));
        }
        _ => {}
    }
    if made < signer.key.created() {
        return Answer::Bad(format!(
            "it was made on {day}, before its key `{}` was",
            by.key
        ));
    }
    // A day more than the calendar says, because clocks and time zones differ.
    if day > trust.today.saturating_add(jiff::Span::new().days(1)) {
        return Answer::Bad(format!("it was made on {day}, which is in the future"));
    }
    let lasts = signature
        .signature_expiration_time()
        .map(|duration| Seconds::from(duration.as_secs()))
        .filter(|seconds| *seconds > 0);
    if let Some(ended) = lasts
        .map(|seconds| day_of(made + seconds))
        .filter(|ended| *ended < trust.today)
    {
        return Answer::Bad(format!("it was valid until {ended} only"));
    }
    match signer.expires {
        Some(expires) if made >= expires => {
            let allowed = made - expires <= Seconds::from(trust.grace_days) * 86_400;
            Answer::Late {
                by: SignedBy {
                    expired: Some(day_of(expires)),
                    ..by
                },
                allowed,
            }
        }
        _ => Answer::Good(by),
    }
}

fn unknown(
    signature: &Signature,
    candidate: Option<(&Fingerprint, Rc<KeyFacts<'_>>)>,
    trust: &Trust,
) -> UnknownKey {
    let fingerprint = signature
        .issuer_fingerprint()
        .into_iter()
        .find_map(Fingerprint::of);
    let id = || {
        signature
            .issuer_key_id()
            .into_iter()
            .next()
            .map(|id| id.to_string().to_uppercase())
    };
    let primary = match &candidate {
        Some((primary, _)) => Some((*primary).clone()),
        None => fingerprint
            .as_ref()
            .and_then(|named| trust.fingerprints.get(named).cloned()),
    };
    UnknownKey {
        named: fingerprint
            .map(|fingerprint| fingerprint.to_string())
            .or_else(id),
        trusted: primary
            .as_ref()
            .is_some_and(|primary| trust.fingerprints.contains(primary)),
        user_id: candidate.and_then(|(_, facts)| facts.user_id.clone()),
        primary,
    }
}

impl fmt::Display for UnknownKey {
    /// A sentence that goes on after the name of the signature file: who signed, how to look at
    /// that key, how to trust it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some(named) = &self.named else {
            return f.write_str("is a signature that does not name its key");
        };
        match &self.primary {
            Some(primary) if self.trusted => {
                write!(
                    f,
                    "is signed by `{named}`, which belongs to the trusted key `{primary}`, but that key is not at hand; "
                )?;
                return write!(
                    f,
                    "get it from OpenSSL's site (`/source/pubkeys.asc`) or a key server and name its file in `upstream.keys`"
                );
            }
            Some(primary) if primary.to_string() != *named => write!(
                f,
                "is signed by an unknown key: `{named}`, a subkey of `{primary}`"
            )?,
            _ => write!(f, "is signed by an unknown key: `{named}`")?,
        }
        if let Some(user_id) = &self.user_id {
            write!(f, ", which calls itself `{user_id}`")?;
        }
        let look = self
            .primary
            .as_ref()
            .map_or_else(|| named.clone(), Fingerprint::to_string);
        write!(
            f,
            "; look at it with `gpg --keyserver hkps://keys.openpgp.org --recv-keys {look}`, compare it with the fingerprints that OpenSSL "
        )?;
        write!(
            f,
            "publishes, and if it is OpenSSL's, add its primary fingerprint to `upstream.fingerprints` and its file to `upstream.keys`"
        )
    }
}

#[cfg(test)]
mod tests;
