//! One OpenPGP key with everything its owner said about it: expiry, subkeys, revocations. Only what
//! the key's own signatures prove counts.

use pgp::packet::{
    Packet, PublicKey, PublicSubkey, RevocationCode, Signature, SignatureType, SubpacketData,
    UserId,
};
use pgp::types::{KeyDetails, KeyVersion, Tag};

use super::fingerprint::Fingerprint;
use super::moment::{Seconds, made, seconds};
use super::strength;
use crate::text;
use crate::text::budget::{KEY_FILE_STATEMENTS, KEY_STATEMENTS};

/// Statements about one key, as found, none of them checked yet.
#[derive(Debug, Clone)]
pub(super) struct Certificate {
    pub(super) primary: PublicKey,
    certifications: Vec<(UserId, Signature)>,
    direct: Vec<Signature>,
    bindings: Vec<(PublicSubkey, Signature)>,
}

/// What is proven about a key.
#[derive(Debug)]
pub(super) struct KeyFacts<'a> {
    /// The name on its newest self-signature.
    pub(super) user_id: Option<String>,
    /// The primary key first, then the subkeys that may sign.
    pub(super) signers: Vec<Signer<'a>>,
    /// When the primary key expires.
    pub(super) expires: Option<Seconds>,
}

/// A primary key or subkey that may sign.
#[derive(Debug)]
pub(super) struct Signer<'a> {
    pub(super) key: KeyMaterial<'a>,
    /// The earlier of its own expiry and its primary key's.
    pub(super) expires: Option<Seconds>,
    pub(super) revoked: Option<Revoked>,
    /// Whether its owner lets it sign data.
    pub(super) signs: bool,
}

/// The part of a key that verifies.
#[derive(Debug, Clone, Copy)]
pub(super) enum KeyMaterial<'a> {
    Primary(&'a PublicKey),
    Subkey(&'a PublicSubkey),
}

/// Since when a key is revoked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Revoked {
    /// The key may be in foreign hands: nothing it signed counts, whatever date it bears.
    Always,
    /// The key went out of use: what it signed before stays good.
    Since(Seconds),
}

/// The newest thing the owner said about a key or subkey.
#[derive(Clone, Copy)]
struct KeyStatement<'a> {
    made: Seconds,
    expires: Option<Seconds>,
    signs: bool,
    signature: &'a Signature,
}

impl KeyStatement<'_> {
    /// Together with what was said directly of the key, not earlier: a certified name may leave
    /// expiry and use to that (RFC 9580, 5.2.3.10).
    fn completed_by(self, direct: Option<Self>) -> Self {
        let Some(direct) = direct.filter(|direct| direct.made >= self.made) else {
            return self;
        };
        Self {
            expires: self.expires.or(direct.expires),
            signs: if has_flags(self.signature) {
                self.signs
            } else {
                direct.signs
            },
            ..self
        }
    }
}

/// The statement that holds: the newest, and of two of the same second the one that lasts longer.
fn newest<'a>(statements: impl Iterator<Item = KeyStatement<'a>>) -> Option<KeyStatement<'a>> {
    statements.max_by_key(|statement| (statement.made, statement.expires.unwrap_or(Seconds::MAX)))
}

impl Certificate {
    /// The keys among some packets, as far as they can be told apart.
    pub(super) fn all(packets: Vec<Packet>) -> Vec<Self> {
        let mut found: Vec<Self> = Vec::new();
        let (mut user_id, mut subkey, mut within) = (None, None, false);
        let mut statements = 0;
        for packet in packets {
            match packet {
                Packet::PublicKey(primary) => {
                    within = matches!(primary.version(), KeyVersion::V4 | KeyVersion::V6);
                    (user_id, subkey) = (None, None);
                    if within {
                        found.push(Self {
                            primary,
                            certifications: Vec::new(),
                            direct: Vec::new(),
                            bindings: Vec::new(),
                        });
                    }
                }
                Packet::SecretKey(_) => within = false,
                Packet::UserId(id) => (user_id, subkey) = (Some(id), None),
                Packet::PublicSubkey(key) => (user_id, subkey) = (None, Some(key)),
                Packet::UserAttribute(_) => (user_id, subkey) = (None, None),
                Packet::Signature(signature) if within && statements < KEY_FILE_STATEMENTS => {
                    if let Some(certificate) = found.last_mut() {
                        let before = certificate.statements();
                        certificate.attach(signature, user_id.as_ref(), subkey.as_ref());
                        statements += certificate.statements() - before;
                    }
                }
                _ => {}
            }
        }
        found
    }

    /// Keeps a signature that claims to be the key's own; those of other people prove nothing here.
    fn attach(
        &mut self,
        signature: Signature,
        user_id: Option<&UserId>,
        subkey: Option<&PublicSubkey>,
    ) {
        if !names(&signature, &self.primary) || self.statements() >= KEY_STATEMENTS {
            return;
        }
        match (signature.typ(), user_id, subkey) {
            (Some(SignatureType::Key | SignatureType::KeyRevocation), _, _) => {
                self.direct.push(signature);
            }
            (
                Some(SignatureType::SubkeyBinding | SignatureType::SubkeyRevocation),
                _,
                Some(key),
            ) => {
                self.bindings.push((key.clone(), signature));
            }
            (Some(_), Some(id), _) if signature.is_certification() => {
                self.certifications.push((id.clone(), signature));
            }
            _ => {}
        }
    }

    /// How much is said about the key.
    fn statements(&self) -> usize {
        self.certifications.len() + self.direct.len() + self.bindings.len()
    }

    /// Adds what another copy of the same key says, as far as there is room: what was there first
    /// stays.
    pub(super) fn merge(&mut self, other: Self) {
        fn add<T: PartialEq>(to: &mut Vec<T>, more: Vec<T>, room: &mut usize) {
            for item in more {
                if *room > 0 && !to.contains(&item) {
                    to.push(item);
                    *room -= 1;
                }
            }
        }
        let mut room = KEY_STATEMENTS.saturating_sub(self.statements());
        add(&mut self.direct, other.direct, &mut room);
        add(&mut self.certifications, other.certifications, &mut room);
        add(&mut self.bindings, other.bindings, &mut room);
    }

    /// What is proven about this key; none if it has no valid self-signature, because nothing tells
    /// how long it lasts then.
    pub(super) fn facts(&self) -> Option<KeyFacts<'_>> {
        let created = seconds(self.primary.created_at());
        let own: Vec<&(UserId, Signature)> = self
            .certifications
            .iter()
            .filter(|(id, signature)| self.certified(id, signature))
            .collect();
        let named = |id: &UserId| {
            let of_id = own
                .iter()
                .filter(move |(other, _)| other.id() == id.id())
                .map(|(_, signature)| signature);
            let newest = newest(
                of_id
                    .filter(|signature| signature.typ() != Some(SignatureType::CertRevocation))
                    .map(|s| statement(s, created)),
            )?;
            let revoked = own.iter().any(|(other, signature)| {
                other.id() == id.id()
                    && signature.typ() == Some(SignatureType::CertRevocation)
                    && made(signature) >= newest.made
            });
            (!revoked).then_some(newest)
        };
        let names = own
            .iter()
            .filter_map(|(id, _)| named(id).map(|statement| (statement.made, id)))
            .max_by_key(|(made, _)| *made);
        let user_id = names.map(|(_, id)| legible(id.id()));
        let direct = self
            .direct
            .iter()
            .filter(|signature| self.said_directly(signature))
            .filter(|signature| {
                // A statement that only names a revoker says nothing about expiry, though it may be the
                // newest.
                signature.typ() == Some(SignatureType::Key)
                    && (user_id.is_none()
                        || has_flags(signature)
                        || signature.key_expiration_time().is_some())
            });
        let direct: Vec<KeyStatement<'_>> = direct
            .map(|signature| statement(signature, created))
            .collect();
        let statements = own
            .iter()
            .filter_map(|(id, _)| named(id))
            .chain(direct.iter().copied());
        let said = newest(statements)?.completed_by(newest(direct.iter().copied()));
        let revoked = self
            .direct
            .iter()
            .filter(|signature| signature.typ() == Some(SignatureType::KeyRevocation));
        let revoked = revoked
            .filter(|signature| self.said_directly(signature))
            .map(revocation)
            .min();
        let primary = Signer {
            key: KeyMaterial::Primary(&self.primary),
            expires: said.expires,
            revoked,
            signs: said.signs,
        };
        let subkeys = self
            .subkeys()
            .into_iter()
            .filter_map(|key| self.signer(key, said.expires, revoked));
        let signers = std::iter::once(primary).chain(subkeys).collect();
        Some(KeyFacts {
            user_id,
            signers,
            expires: said.expires,
        })
    }

    /// Every subkey, once.
    fn subkeys(&self) -> Vec<&PublicSubkey> {
        let mut keys: Vec<&PublicSubkey> = Vec::new();
        for (key, _) in &self.bindings {
            if !keys
                .iter()
                .any(|known| known.fingerprint() == key.fingerprint())
            {
                keys.push(key);
            }
        }
        keys
    }

    /// A subkey that is bound to this key and may sign. It must have signed back, or anybody could
    /// claim it (RFC 9580, 5.2.1.8).
    fn signer<'a>(
        &'a self,
        key: &'a PublicSubkey,
        primary_expires: Option<Seconds>,
        primary_revoked: Option<Revoked>,
    ) -> Option<Signer<'a>> {
        let signatures: Vec<&Signature> = self
            .bindings
            .iter()
            .filter(|(other, signature)| {
                other.fingerprint() == key.fingerprint() && strength::holds(signature)
            })
            .map(|(_, signature)| signature)
            .filter(|signature| signature.verify_subkey_binding(&self.primary, key).is_ok())
            .collect();
        let (revocations, bindings): (Vec<&Signature>, Vec<&Signature>) = signatures
            .into_iter()
            .partition(|signature| signature.typ() == Some(SignatureType::SubkeyRevocation));
        let said = newest(
            bindings
                .into_iter()
                .map(|signature| statement(signature, seconds(key.created_at()))),
        )?;
        if !said.signs
            || !embedded(said.signature).any(|back| {
                strength::holds(back) && back.verify_primary_key_binding(key, &self.primary).is_ok()
            })
        {
            return None;
        }
        let expires = [said.expires, primary_expires].into_iter().flatten().min();
        let revoked = revocations
            .into_iter()
            .map(revocation)
            .chain(primary_revoked)
            .min();
        Some(Signer {
            key: KeyMaterial::Subkey(key),
            expires,
            revoked,
            signs: true,
        })
    }

    fn certified(&self, id: &UserId, signature: &Signature) -> bool {
        strength::holds(signature)
            && signature
                .verify_certification(&self.primary, Tag::UserId, id)
                .is_ok()
    }

    fn said_directly(&self, signature: &Signature) -> bool {
        strength::holds(signature) && signature.verify_key(&self.primary).is_ok()
    }

    /// Whether a signature names this key, or one of its subkeys, as its maker.
    pub(super) fn is_named_by(&self, signature: &Signature) -> bool {
        names(signature, &self.primary)
            || self.bindings.iter().any(|(key, _)| names(signature, key))
    }
}

impl KeyMaterial<'_> {
    /// The fingerprint of this part of the key.
    pub(super) fn fingerprint(&self) -> Option<Fingerprint> {
        match self {
            Self::Primary(key) => Fingerprint::of(&key.fingerprint()),
            Self::Subkey(key) => Fingerprint::of(&key.fingerprint()),
        }
    }

    /// When this part of the key was made.
    pub(super) fn created(&self) -> Seconds {
        match self {
            Self::Primary(key) => seconds(key.created_at()),
            Self::Subkey(key) => seconds(key.created_at()),
        }
    }

    /// Whether a signature names this part of the key as its maker.
    pub(super) fn is_named_by(&self, signature: &Signature) -> bool {
        match self {
            Self::Primary(key) => names(signature, *key),
            Self::Subkey(key) => names(signature, *key),
        }
    }

    /// Whether a signature over some bytes was made with this part of the key.
    pub(super) fn made(&self, signature: &Signature, bytes: &[u8]) -> bool {
        match self {
            Self::Primary(key) => signature.verify(*key, bytes).is_ok(),
            Self::Subkey(key) => signature.verify(*key, bytes).is_ok(),
        }
    }
}

/// Whether a signature names a key as its maker. A full fingerprint is believed before a short
/// identifier, of which there can be several.
fn names(signature: &Signature, key: &impl KeyDetails) -> bool {
    let by_fingerprint = signature.issuer_fingerprint();
    if by_fingerprint.is_empty() {
        signature
            .issuer_key_id()
            .into_iter()
            .any(|id| *id == key.legacy_key_id())
    } else {
        by_fingerprint
            .into_iter()
            .any(|fingerprint| *fingerprint == key.fingerprint())
    }
}

fn statement(signature: &Signature, key_created: Seconds) -> KeyStatement<'_> {
    let lasts = signature
        .key_expiration_time()
        .map(|duration| Seconds::from(duration.as_secs()))
        .filter(|seconds| *seconds > 0);
    // Keys from before the flags were invented may do everything.
    let signs = !has_flags(signature) || signature.key_flags().sign();
    KeyStatement {
        made: made(signature),
        expires: lasts.map(|seconds| key_created + seconds),
        signs,
        signature,
    }
}

fn has_flags(signature: &Signature) -> bool {
    signature.config().is_some_and(|config| {
        config
            .hashed_subpackets()
            .any(|packet| matches!(packet.data, SubpacketData::KeyFlags(_)))
    })
}

fn embedded(signature: &Signature) -> impl Iterator<Item = &Signature> {
    let config = signature.config().into_iter();
    config
        .flat_map(|config| {
            config
                .hashed_subpackets()
                .chain(config.unhashed_subpackets())
        })
        .filter_map(|packet| match &packet.data {
            SubpacketData::EmbeddedSignature(embedded) => Some(embedded.as_ref()),
            _ => None,
        })
}

/// A revocation without a reason, or for any but being out of use, is for the worst (RFC 9580,
/// 5.2.3.31).
fn revocation(signature: &Signature) -> Revoked {
    match signature.revocation_reason_code() {
        Some(
            RevocationCode::KeySuperseded
            | RevocationCode::KeyRetired
            | RevocationCode::CertUserIdInvalid,
        ) => Revoked::Since(made(signature)),
        _ => Revoked::Always,
    }
}

/// A name from outside, short and without anything that steers a terminal.
fn legible(name: &[u8]) -> String {
    text::one_line(&String::from_utf8_lossy(name))
        .chars()
        .take(120)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_from_outside_cannot_steer_a_terminal() {
        assert_eq!(
            legible("O'Neil \"x\" <o@example.org>".as_bytes()),
            "O'Neil \"x\" <o@example.org>"
        );
        assert_eq!(
            legible("a\u{1b}[31m\u{202e}b\nc".as_bytes()),
            "a\u{fffd}[31m\u{fffd}b c"
        );
        assert!(legible(&[0xff; 4000]).len() < 500);
    }
}
