//! OpenPGP keys and signatures made for tests: fixed seeds, any dates, every mistake a key can
//! have.

#![allow(
    dead_code,
    unreachable_pub,
    clippy::unwrap_used,
    reason = "tests of every kind share it, and none uses all of it"
)]

use pgp::armor::{self, BlockType};
use pgp::crypto::ed25519::{Mode, SecretKey as Ed25519};
use pgp::crypto::hash::HashAlgorithm;
use pgp::crypto::public_key::PublicKeyAlgorithm;
use pgp::packet::{
    KeyFlags, PacketTrait, PubKeyInner, PublicKey, PublicSubkey, RevocationCode, SecretKey,
    SecretSubkey, Signature, SignatureConfig, SignatureType, Subpacket, SubpacketData, UserId,
};
use pgp::ser::Serialize;
use pgp::types::{
    Duration, KeyDetails, KeyVersion, Password, PlainSecretParams, PublicParams, SecretParams,
    SignatureBytes, SigningKey, Tag, Timestamp,
};

/// The seconds of a day.
pub const DAY: u32 = 86_400;

/// A key with everything that was said about it so far.
#[derive(Clone)]
pub struct MadeKey {
    primary: SecretKey,
    user_id: UserId,
    revocations: Vec<Signature>,
    certifications: Vec<Signature>,
    subkeys: Vec<(SecretSubkey, Vec<Signature>)>,
}

/// How a subkey is bound to its primary key.
#[derive(Clone, Copy)]
pub struct Binding {
    /// When it was bound, in seconds of the epoch.
    pub at: u32,
    /// Seconds from the subkey's creation to its expiry.
    pub expires: Option<u32>,
    /// Whether it may sign.
    pub signs: bool,
    /// Whether it signed back.
    pub back: bool,
}

struct Raw(Vec<u8>);

impl Serialize for Raw {
    fn to_writer<W: std::io::Write>(&self, writer: &mut W) -> pgp::errors::Result<()> {
        Ok(writer.write_all(&self.0)?)
    }

    fn write_len(&self) -> usize {
        self.0.len()
    }
}

/// The second at which a day begins, UTC.
pub fn day(date: &str) -> u32 {
    let timestamp: jiff::Timestamp = format!("{date}T00:00:00Z").parse().unwrap();
    u32::try_from(timestamp.as_second()).unwrap()
}

fn parts(seed: u8, created: u32) -> (PubKeyInner, SecretParams) {
    let secret = Ed25519::try_from_bytes([seed; 32], Mode::Ed25519).unwrap();
    let public = PublicParams::Ed25519((&secret).into());
    let inner = PubKeyInner::new(
        KeyVersion::V4,
        PublicKeyAlgorithm::Ed25519,
        Timestamp::from_secs(created),
        None,
        public,
    )
    .unwrap();
    (
        inner,
        SecretParams::Plain(PlainSecretParams::Ed25519(secret)),
    )
}

fn regular(data: SubpacketData) -> Subpacket {
    Subpacket::regular(data).unwrap()
}

fn statement(
    typ: SignatureType,
    by: &impl KeyDetails,
    at: u32,
    more: Vec<SubpacketData>,
) -> SignatureConfig {
    let mut config = SignatureConfig::v4(typ, by.algorithm(), HashAlgorithm::Sha512);
    config.hashed_subpackets = vec![
        regular(SubpacketData::SignatureCreationTime(Timestamp::from_secs(
            at,
        ))),
        regular(SubpacketData::IssuerFingerprint(by.fingerprint())),
    ];
    config
        .hashed_subpackets
        .extend(more.into_iter().map(regular));
    config.unhashed_subpackets = vec![regular(SubpacketData::IssuerKeyId(by.legacy_key_id()))];
    config
}

fn flags(set: impl Fn(&mut KeyFlags)) -> SubpacketData {
    let mut flags = KeyFlags::default();
    set(&mut flags);
    SubpacketData::KeyFlags(flags)
}

fn armored(bytes: Vec<u8>, typ: BlockType) -> String {
    let mut text = Vec::new();
    armor::write(&Raw(bytes), typ, &mut text, None, true).unwrap();
    String::from_utf8(text).unwrap()
}

impl MadeKey {
    /// A bare key. The seed decides the key, the second of its creation the fingerprint too.
    pub fn new(seed: u8, created: u32) -> Self {
        let (inner, secret) = parts(seed, created);
        let primary = SecretKey::new(PublicKey::from_inner(inner).unwrap(), secret).unwrap();
        let user_id = UserId::from_str(
            Default::default(),
            format!("Key {seed} <key{seed}@example.org>"),
        )
        .unwrap();
        Self {
            primary,
            user_id,
            revocations: Vec::new(),
            certifications: Vec::new(),
            subkeys: Vec::new(),
        }
    }

    /// Adds a self-signature: may certify and sign, expires this many seconds after its creation.
    pub fn self_signed(self, at: u32, expires: Option<u32>) -> Self {
        self.self_signed_with(at, expires, true)
    }

    /// Adds a self-signature of a key that may certify, and perhaps sign.
    pub fn self_signed_with(mut self, at: u32, expires: Option<u32>, signs: bool) -> Self {
        let mut more = vec![flags(|flags| {
            flags.set_certify(true);
            flags.set_sign(signs);
        })];
        more.extend(
            expires.map(|seconds| SubpacketData::KeyExpirationTime(Duration::from_secs(seconds))),
        );
        let config = statement(SignatureType::CertPositive, &self.primary, at, more);
        let public = self.primary.public_key().clone();
        self.certifications.push(
            config
                .sign_certification(
                    &self.primary,
                    &public,
                    &Password::empty(),
                    Tag::UserId,
                    &self.user_id,
                )
                .unwrap(),
        );
        self
    }

    /// Adds a statement directly on the key that says nothing about expiry or use, such as naming a
    /// revoker.
    pub fn directly_signed(mut self, at: u32) -> Self {
        let config = statement(SignatureType::Key, &self.primary, at, vec![]);
        let public = self.primary.public_key().clone();
        self.revocations.push(
            config
                .sign_key(&self.primary, &Password::empty(), &public)
                .unwrap(),
        );
        self
    }

    /// Adds a subkey that may sign, bound when it was made.
    pub fn with_subkey(self, seed: u8, created: u32, expires: Option<u32>) -> Self {
        self.with_bound_subkey(
            seed,
            created,
            Binding {
                at: created,
                expires,
                signs: true,
                back: true,
            },
        )
    }

    /// Adds a subkey, or another binding of it.
    pub fn with_bound_subkey(mut self, seed: u8, created: u32, binding: Binding) -> Self {
        let (inner, secret) = parts(seed, created);
        let subkey = SecretSubkey::new(PublicSubkey::from_inner(inner).unwrap(), secret).unwrap();
        let primary = self.primary.public_key();
        let mut more = vec![flags(|flags| {
            flags.set_sign(binding.signs);
            flags.set_encrypt_comms(!binding.signs);
        })];
        more.extend(
            binding
                .expires
                .map(|seconds| SubpacketData::KeyExpirationTime(Duration::from_secs(seconds))),
        );
        if binding.back {
            let back = statement(SignatureType::KeyBinding, &subkey, binding.at, vec![]);
            let back = back
                .sign_primary_key_binding(&subkey, subkey.public_key(), &Password::empty(), primary)
                .unwrap();
            more.push(SubpacketData::EmbeddedSignature(Box::new(back)));
        }
        let config = statement(
            SignatureType::SubkeyBinding,
            &self.primary,
            binding.at,
            more,
        );
        let bound = config
            .sign_subkey_binding(
                &self.primary,
                primary,
                &Password::empty(),
                subkey.public_key(),
            )
            .unwrap();
        match self
            .subkeys
            .iter_mut()
            .find(|(known, _)| known.fingerprint() == subkey.fingerprint())
        {
            Some((_, signatures)) => signatures.push(bound),
            None => self.subkeys.push((subkey, vec![bound])),
        }
        self
    }

    /// Adds another key's subkey as if it were its own: the binding is this key's, the subkey never
    /// agreed.
    pub fn with_stolen_subkey(mut self, other: &Self, at: u32) -> Self {
        let (subkey, signatures) = other.subkeys[0].clone();
        let back = signatures[0].embedded_signature().unwrap().clone();
        let more = vec![
            flags(|flags| flags.set_sign(true)),
            SubpacketData::EmbeddedSignature(Box::new(back)),
        ];
        let config = statement(SignatureType::SubkeyBinding, &self.primary, at, more);
        let bound = config
            .sign_subkey_binding(
                &self.primary,
                self.primary.public_key(),
                &Password::empty(),
                subkey.public_key(),
            )
            .unwrap();
        self.subkeys.push((subkey, vec![bound]));
        self
    }

    /// Adds another key's subkey with that key's binding, which says nothing about this one.
    pub fn with_foreign_subkey(mut self, other: &Self) -> Self {
        self.subkeys.push(other.subkeys[0].clone());
        self
    }

    /// Revokes the key.
    pub fn revoked(mut self, at: u32, code: RevocationCode) -> Self {
        let more = vec![SubpacketData::RevocationReason(code, Vec::new().into())];
        let config = statement(SignatureType::KeyRevocation, &self.primary, at, more);
        let public = self.primary.public_key().clone();
        self.revocations.push(
            config
                .sign_key(&self.primary, &Password::empty(), &public)
                .unwrap(),
        );
        self
    }

    /// Revokes the first subkey.
    pub fn subkey_revoked(mut self, at: u32, code: RevocationCode) -> Self {
        let more = vec![SubpacketData::RevocationReason(code, Vec::new().into())];
        let config = statement(SignatureType::SubkeyRevocation, &self.primary, at, more);
        let (subkey, signatures) = &mut self.subkeys[0];
        signatures.push(
            config
                .sign_subkey_binding(
                    &self.primary,
                    self.primary.public_key(),
                    &Password::empty(),
                    subkey.public_key(),
                )
                .unwrap(),
        );
        self
    }

    /// The primary fingerprint, in capitals.
    pub fn fingerprint(&self) -> String {
        format!("{:X}", self.primary.fingerprint())
    }

    /// The fingerprint of the first subkey, in capitals.
    pub fn subkey_fingerprint(&self) -> String {
        format!("{:X}", self.subkeys[0].0.fingerprint())
    }

    /// The public key as packets.
    pub fn public_packets(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        self.primary
            .public_key()
            .to_writer_with_header(&mut bytes)
            .unwrap();
        for signature in &self.revocations {
            signature.to_writer_with_header(&mut bytes).unwrap();
        }
        self.user_id.to_writer_with_header(&mut bytes).unwrap();
        for signature in &self.certifications {
            signature.to_writer_with_header(&mut bytes).unwrap();
        }
        for (subkey, signatures) in &self.subkeys {
            subkey
                .public_key()
                .to_writer_with_header(&mut bytes)
                .unwrap();
            for signature in signatures {
                signature.to_writer_with_header(&mut bytes).unwrap();
            }
        }
        bytes
    }

    /// The public key in armor.
    pub fn public(&self) -> String {
        armored(self.public_packets(), BlockType::PublicKey)
    }

    /// A detached signature by the primary key.
    pub fn sign(&self, data: &[u8], at: u32) -> String {
        signed(&self.primary, SignatureType::Binary, data, at, vec![])
    }

    /// A detached signature by the first subkey.
    pub fn sign_by_subkey(&self, data: &[u8], at: u32) -> String {
        signed(&self.subkeys[0].0, SignatureType::Binary, data, at, vec![])
    }

    /// A detached signature of the text, which also covers the text with other line endings.
    pub fn sign_as_text(&self, data: &[u8], at: u32) -> String {
        signed(&self.primary, SignatureType::Text, data, at, vec![])
    }

    /// A detached signature that itself expires after some seconds.
    pub fn sign_until(&self, data: &[u8], at: u32, seconds: u32) -> String {
        signed(
            &self.primary,
            SignatureType::Binary,
            data,
            at,
            vec![SubpacketData::SignatureExpirationTime(Duration::from_secs(
                seconds,
            ))],
        )
    }

    /// What claims to be a signature with a hash that can be forged.
    pub fn sign_weakly(&self, hash: HashAlgorithm, at: u32) -> String {
        let mut config = statement(SignatureType::Binary, &self.primary, at, vec![]);
        config.hash_alg = hash;
        let signature =
            Signature::from_config(config, [0, 0], SignatureBytes::Native(vec![0; 64].into()))
                .unwrap();
        packet(&signature)
    }
}

fn signed(
    key: &impl SigningKey,
    typ: SignatureType,
    data: &[u8],
    at: u32,
    more: Vec<SubpacketData>,
) -> String {
    packet(
        &statement(typ, key, at, more)
            .sign(key, &Password::empty(), data)
            .unwrap(),
    )
}

fn packet(signature: &Signature) -> String {
    let mut bytes = Vec::new();
    signature.to_writer_with_header(&mut bytes).unwrap();
    armored(bytes, BlockType::Signature)
}
