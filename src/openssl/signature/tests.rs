use jiff::civil::date;
use pgp::crypto::hash::HashAlgorithm;
use pgp::packet::RevocationCode;
use proptest::prelude::*;

use super::made::{Binding, DAY, MadeKey, day};
use super::*;

const BYTES: &[u8] = b"the bytes of a tarball\r\nwith line endings\n";

fn ring(keys: &[&MadeKey]) -> KeyRing {
    let mut ring = KeyRing::default();
    for key in keys {
        assert_eq!(ring.add(key.public().as_bytes()).len(), 1);
    }
    ring
}

fn trust(keys: &[&MadeKey]) -> Trust {
    let fingerprints = keys
        .iter()
        .map(|key| key.fingerprint().parse().unwrap())
        .collect();
    Trust {
        fingerprints,
        grace_days: 90,
        today: date(2026, 10, 1),
    }
}

/// The answer with one key, which is at hand and trusted.
fn answer(key: &MadeKey, signature: &str) -> Answer {
    judge(signature.as_bytes(), BYTES, &ring(&[key]), &trust(&[key]))
}

/// A key as OpenSSL's was: made 2024-04-08, valid for two years.
fn project_key() -> MadeKey {
    MadeKey::new(1, day("2024-04-08")).self_signed(day("2024-04-08"), Some(730 * DAY))
}

fn bad(answer: Answer) -> String {
    match answer {
        Answer::Bad(reason) => reason,
        other => panic!("{other:?}"),
    }
}

#[test]
fn good_and_by_whom() {
    let key = project_key();
    let Answer::Good(by) = answer(&key, &key.sign(BYTES, day("2025-09-30"))) else {
        panic!()
    };
    assert_eq!(by.primary.to_string(), key.fingerprint());
    assert_eq!(by.key, by.primary);
    assert_eq!(by.user_id.as_deref(), Some("Key 1 <key1@example.org>"));
    assert_eq!((by.made, by.expired), (date(2025, 9, 30), None));
}

#[test]
fn a_signature_from_before_the_expiry_stays_good_for_ever() {
    let key = project_key();
    let mut trust = trust(&[&key]);
    trust.today = date(2046, 1, 1);
    let signature = key.sign(BYTES, day("2026-04-07"));
    assert!(matches!(
        judge(signature.as_bytes(), BYTES, &ring(&[&key]), &trust),
        Answer::Good(_)
    ));
}

#[test]
fn after_the_expiry_only_the_grace_time_counts() {
    let key = project_key();
    let expiry = day("2026-04-08");
    for (made, days, allowed) in [
        (expiry, 90, true),
        (expiry + 90 * DAY, 90, true),
        (expiry + 90 * DAY + 1, 90, false),
        (expiry, 0, true),
        (expiry + 1, 0, false),
    ] {
        let mut trust = trust(&[&key]);
        trust.grace_days = days;
        let answer = judge(
            key.sign(BYTES, made).as_bytes(),
            BYTES,
            &ring(&[&key]),
            &trust,
        );
        let Answer::Late { by, allowed: is } = answer else {
            panic!("{answer:?}")
        };
        assert_eq!(
            (is, by.expired),
            (allowed, Some(date(2026, 4, 8))),
            "{made}"
        );
    }
    assert!(matches!(
        answer(&key, &key.sign(BYTES, expiry - 1)),
        Answer::Good(_)
    ));
}

#[test]
fn a_key_published_again_with_a_later_expiry_is_one_key() {
    let old = project_key();
    let new = old
        .clone()
        .self_signed(day("2026-06-10"), Some((730 + 153) * DAY));
    let again =
        MadeKey::new(1, day("2024-04-08")).self_signed(day("2026-06-10"), Some((730 + 153) * DAY));
    let signature = old.sign(BYTES, day("2026-06-09"));
    assert!(matches!(
        answer(&old, &signature),
        Answer::Late { allowed: true, .. }
    ));
    for copies in [
        vec![&new],
        vec![&old, &again],
        vec![&again, &old],
        vec![&old, &new, &again],
    ] {
        let answer = judge(signature.as_bytes(), BYTES, &ring(&copies), &trust(&[&old]));
        assert!(matches!(answer, Answer::Good(_)), "{answer:?}");
    }
    let listed = ring(&[&again, &old]).list();
    assert_eq!(listed.len(), 1);
    assert_eq!(listed[0].expires, Some(date(2026, 9, 8)));
}

#[test]
fn the_newest_self_signature_decides_even_if_it_shortens() {
    let key = project_key().self_signed(day("2025-01-01"), Some(300 * DAY));
    assert!(matches!(
        answer(&key, &key.sign(BYTES, day("2025-12-01"))),
        Answer::Late { .. }
    ));
    let naming_a_revoker = project_key().directly_signed(day("2025-06-01"));
    assert!(matches!(
        answer(
            &naming_a_revoker,
            &naming_a_revoker.sign(BYTES, day("2026-05-01"))
        ),
        Answer::Late { .. }
    ));
    let for_ever = project_key().self_signed(day("2025-01-01"), None);
    assert!(matches!(
        answer(&for_ever, &for_ever.sign(BYTES, day("2026-09-01"))),
        Answer::Good(_)
    ));
}

#[test]
fn a_subkey_signs_for_its_primary() {
    let made = day("2026-08-01");
    let key = MadeKey::new(3, made)
        .self_signed(made, Some(5 * 365 * DAY))
        .with_subkey(4, made, Some(365 * DAY));
    let Answer::Good(by) = answer(&key, &key.sign_by_subkey(BYTES, day("2026-08-25"))) else {
        panic!()
    };
    assert_eq!(
        (by.primary.to_string(), by.key.to_string()),
        (key.fingerprint(), key.subkey_fingerprint())
    );
    let listed = ring(&[&key]).list();
    assert_eq!(listed[0].expires, Some(date(2031, 7, 31)));
    assert_eq!(listed[0].subkeys[0].expires, Some(date(2027, 8, 1)));
    assert_eq!(
        listed[0].subkeys[0].fingerprint.to_string(),
        key.subkey_fingerprint()
    );
}

#[test]
fn a_subkey_expires_by_itself_and_with_its_primary() {
    let made = day("2024-01-01");
    let own = MadeKey::new(3, made)
        .self_signed(made, None)
        .with_subkey(4, made, Some(365 * DAY));
    let Answer::Late { by, .. } = answer(&own, &own.sign_by_subkey(BYTES, day("2025-01-10")))
    else {
        panic!()
    };
    assert_eq!(by.expired, Some(date(2024, 12, 31)));
    let inherited = MadeKey::new(3, made)
        .self_signed(made, Some(365 * DAY))
        .with_subkey(4, made, None);
    assert!(matches!(
        answer(
            &inherited,
            &inherited.sign_by_subkey(BYTES, day("2025-01-10"))
        ),
        Answer::Late { .. }
    ));
    let bound_again = own.with_bound_subkey(
        4,
        made,
        Binding {
            at: day("2024-12-20"),
            expires: Some(3 * 365 * DAY),
            signs: true,
            back: true,
        },
    );
    assert!(matches!(
        answer(
            &bound_again,
            &bound_again.sign_by_subkey(BYTES, day("2025-01-10"))
        ),
        Answer::Good(_)
    ));
}

#[test]
fn a_subkey_that_is_not_properly_bound_signs_nothing() {
    let made = day("2024-01-01");
    let key = || MadeKey::new(3, made).self_signed(made, None);
    let binding = Binding {
        at: made,
        expires: None,
        signs: true,
        back: true,
    };
    let victim = MadeKey::new(5, made)
        .self_signed(made, None)
        .with_subkey(6, made, None);
    let signature = victim.sign_by_subkey(BYTES, day("2025-01-10"));
    assert!(matches!(
        answer(&key().with_foreign_subkey(&victim), &signature),
        Answer::Unknown(_)
    ));
    for thief in [
        key().with_stolen_subkey(&victim, made),
        key().with_bound_subkey(
            6,
            made,
            Binding {
                back: false,
                ..binding
            },
        ),
        key().with_bound_subkey(
            6,
            made,
            Binding {
                signs: false,
                ..binding
            },
        ),
        key().with_bound_subkey(6, made, binding).with_bound_subkey(
            6,
            made,
            Binding {
                at: made + DAY,
                signs: false,
                ..binding
            },
        ),
    ] {
        bad(answer(&thief, &signature));
    }
    assert!(matches!(
        answer(&key().with_bound_subkey(6, made, binding), &signature),
        Answer::Good(_)
    ));
    // Both at hand, only the thief is trusted: the signature is not the thief's.
    let thief = key().with_stolen_subkey(&victim, made);
    bad(judge(
        signature.as_bytes(),
        BYTES,
        &ring(&[&victim, &thief]),
        &trust(&[&thief]),
    ));
    assert!(matches!(
        judge(
            signature.as_bytes(),
            BYTES,
            &ring(&[&victim, &thief]),
            &trust(&[&victim])
        ),
        Answer::Good(_)
    ));
}

#[test]
fn revoked_keys() {
    let (made, signed) = (day("2024-06-01"), day("2025-01-10"));
    let key = || {
        MadeKey::new(3, made)
            .self_signed(made, None)
            .with_subkey(4, made, None)
    };
    let signature = key().sign_by_subkey(BYTES, signed);
    for (code, at, good) in [
        (RevocationCode::KeyCompromised, day("2026-01-01"), false),
        (RevocationCode::NoReason, day("2026-01-01"), false),
        (RevocationCode::KeySuperseded, day("2026-01-01"), true),
        (RevocationCode::KeyRetired, day("2026-01-01"), true),
        (RevocationCode::KeySuperseded, day("2025-01-01"), false),
    ] {
        for revoked in [key().revoked(at, code), key().subkey_revoked(at, code)] {
            assert_eq!(
                matches!(answer(&revoked, &signature), Answer::Good(_)),
                good,
                "{code:?}"
            );
            // Another copy of the key that does not know yet changes nothing.
            let merged = judge(
                signature.as_bytes(),
                BYTES,
                &ring(&[&key(), &revoked]),
                &trust(&[&revoked]),
            );
            assert_eq!(matches!(merged, Answer::Good(_)), good, "{code:?}");
        }
    }
    assert!(ring(&[&key().revoked(made, RevocationCode::KeyRetired)]).list()[0].revoked);
    assert!(
        ring(&[&key().subkey_revoked(made, RevocationCode::KeyRetired)]).list()[0].subkeys[0]
            .revoked
    );
}

#[test]
fn an_unknown_key_is_named_with_the_way_to_trust_it() {
    let (known, stranger) = (
        project_key(),
        MadeKey::new(9, 0)
            .self_signed(0, None)
            .with_subkey(10, 0, None),
    );
    let signature = stranger.sign_by_subkey(BYTES, day("2025-01-10"));
    let Answer::Unknown(unseen) = judge(
        signature.as_bytes(),
        BYTES,
        &ring(&[&known]),
        &trust(&[&known]),
    ) else {
        panic!()
    };
    assert_eq!(
        (unseen.named.clone(), unseen.primary.clone()),
        (Some(stranger.subkey_fingerprint()), None)
    );
    assert!(unseen.to_string().starts_with(&format!(
        "is signed by an unknown key: `{}`; look at it with",
        stranger.subkey_fingerprint()
    )));
    let Answer::Unknown(seen) = judge(
        signature.as_bytes(),
        BYTES,
        &ring(&[&known, &stranger]),
        &trust(&[&known]),
    ) else {
        panic!()
    };
    assert_eq!(
        seen.primary.clone().unwrap().to_string(),
        stranger.fingerprint()
    );
    assert!(seen.to_string().contains(&format!(
        "a subkey of `{}`, which calls itself `Key 9 <key9@example.org>`",
        stranger.fingerprint()
    )));
    assert!(
        seen.to_string()
            .contains(&format!("--recv-keys {}", stranger.fingerprint()))
    );
}

#[test]
fn a_trusted_key_that_is_not_at_hand() {
    let key = project_key();
    let Answer::Unknown(unknown) = judge(
        key.sign(BYTES, day("2025-01-10")).as_bytes(),
        BYTES,
        &KeyRing::default(),
        &trust(&[&key]),
    ) else {
        panic!()
    };
    assert!(unknown.trusted);
    assert!(unknown.to_string().contains("not at hand"), "{unknown}");
    // A key without any self-signature does not tell how long it lasts: it is not at hand either.
    let bare = MadeKey::new(1, day("2024-04-08"));
    let answer = answer(&bare, &bare.sign(BYTES, day("2025-01-10")));
    assert!(
        matches!(answer, Answer::Unknown(UnknownKey { trusted: true, .. })),
        "{answer:?}"
    );
}

#[test]
fn bad_signatures() {
    let key = project_key();
    let signed = day("2025-01-10");
    assert_eq!(
        bad(answer(&key, &key.sign(b"other bytes", signed))),
        "it does not fit the bytes, or its key may not sign"
    );
    assert_eq!(
        bad(answer(&key, &key.sign_as_text(BYTES, signed))),
        "it is a signature of text, which does not cover the exact bytes"
    );
    assert_eq!(
        bad(answer(&key, &key.sign(BYTES, day("2024-04-07"))))
            .split(',')
            .next(),
        Some("it was made on 2024-04-07")
    );
    assert_eq!(
        bad(answer(&key, &key.sign_until(BYTES, signed, DAY))),
        "it was valid until 2025-01-11 only"
    );
    for hash in [
        HashAlgorithm::Md5,
        HashAlgorithm::Sha1,
        HashAlgorithm::Other(99),
    ] {
        assert_eq!(
            bad(answer(&key, &key.sign_weakly(hash, signed))),
            "its hash is too weak for the day it was made"
        );
    }
    let certifies = MadeKey::new(1, 0).self_signed_with(0, None, false);
    assert!(
        bad(answer(&certifies, &certifies.sign(BYTES, signed)))
            .ends_with("is not meant for signing files")
    );
}

#[test]
fn the_future_is_not_believed() {
    let key = project_key().self_signed(day("2026-01-01"), None);
    assert!(matches!(
        answer(&key, &key.sign(BYTES, day("2026-10-02"))),
        Answer::Good(_)
    ));
    assert_eq!(
        bad(answer(&key, &key.sign(BYTES, day("2026-10-03")))),
        "it was made on 2026-10-03, which is in the future"
    );
}

#[test]
fn of_several_signatures_one_that_passes_is_enough() {
    let (key, stranger) = (project_key(), MadeKey::new(9, 0).self_signed(0, None));
    let (good, late) = (
        key.sign(BYTES, day("2025-01-10")),
        key.sign(BYTES, day("2026-05-10")),
    );
    let (wrong, unknown) = (
        key.sign(b"other", day("2025-01-10")),
        stranger.sign(BYTES, day("2025-01-10")),
    );
    assert!(matches!(
        answer(&key, &format!("{unknown}\n{wrong}\n{late}\n{good}")),
        Answer::Good(_)
    ));
    assert!(matches!(
        answer(&key, &format!("{unknown}\n{late}")),
        Answer::Late { allowed: true, .. }
    ));
    assert!(matches!(
        answer(&key, &format!("{unknown}\n{wrong}")),
        Answer::Bad(_)
    ));
    assert!(matches!(answer(&key, &unknown), Answer::Unknown(_)));
}

#[test]
fn what_is_no_signature_is_missing() {
    let key = project_key();
    for text in [
        "",
        "\n",
        "Not Found",
        "-----BEGIN PGP SIGNATURE-----",
        "-----BEGIN PGP SIGNATURE-----\n\n-----END PGP SIGNATURE-----\n",
        &key.public(),
    ] {
        let answer = answer(&key, text);
        // A public key holds signatures, but none of a file.
        assert!(
            matches!(answer, Answer::Missing | Answer::Bad(_)),
            "{text} {answer:?}"
        );
    }
    assert!(matches!(
        answer(&key, &"x".repeat(MOST_SIGNATURE + 1)),
        Answer::Bad(_)
    ));
    let good = key.sign(BYTES, day("2025-01-10"));
    assert_eq!(answer(&key, &good[..good.len() / 2]), Answer::Missing);
}

proptest! {
    #[test]
    fn no_bytes_make_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..600)) {
        let key = project_key();
        let _ = judge(&bytes, BYTES, &ring(&[&key]), &trust(&[&key]));
        KeyRing::default().add(&bytes);
    }

    #[test]
    fn no_damage_makes_it_panic_or_pass(at in 0usize..2000, with in any::<u8>(), cut in 0usize..2000) {
        let key = project_key().with_subkey(4, day("2024-04-08"), None).directly_signed(0).revoked(day("2026-09-01"), RevocationCode::KeyRetired);
        let mut packets = key.public_packets();
        let at_packet = at % packets.len();
        packets[at_packet] = with;
        packets.truncate(packets.len().saturating_sub(cut % 300));
        let mut ring = KeyRing::default();
        ring.add(&packets);
        let _ = ring.list();
        let _ = judge(key.sign_by_subkey(BYTES, day("2025-01-10")).as_bytes(), BYTES, &ring, &trust(&[&key]));

        let mut damaged = key.sign(BYTES, day("2025-01-10")).into_bytes();
        let at_text = at % damaged.len();
        damaged[at_text] = with;
        let _ = judge(&damaged, BYTES, &ring, &trust(&[&key]));
        let mut bytes = BYTES.to_vec();
        let at_byte = at % bytes.len();
        bytes[at_byte] ^= with | 1;
        assert!(matches!(answer_for(&key, &bytes), Answer::Bad(_)));
    }

    #[test]
    fn no_packets_make_it_panic(packets in proptest::collection::vec((0u8..64, 0u8..7, proptest::collection::vec(any::<u8>(), 0..90), any::<Option<u32>>()), 1..5)) {
        let mut bytes = Vec::new();
        for (tag, version, body, claimed) in packets {
            // Signatures, keys and names are what is looked at.
            bytes.push(0xc0 | if tag > 20 { [2, 6, 13, 14, 17][usize::from(tag) % 5] } else { tag });
            bytes.push(0xff);
            bytes.extend(claimed.unwrap_or(body.len() as u32 + 1).to_be_bytes());
            bytes.push(version);
            bytes.extend(body);
        }
        let key = project_key();
        let mut ring = ring(&[&key]);
        ring.add(&bytes);
        let _ = ring.list();
        let _ = judge(&bytes, BYTES, &ring, &trust(&[&key]));
    }

    #[test]
    fn no_damage_to_real_keys_makes_it_panic(at in 0usize..25_000, with in proptest::collection::vec(any::<u8>(), 1..6)) {
        let mut key = include_bytes!("../../../data/keys/pinned.asc").to_vec();
        let at = at % (key.len() - with.len());
        key[at..at + with.len()].copy_from_slice(&with);
        let mut ring = KeyRing::default();
        ring.add(&key);
    }

    #[test]
    fn armored_noise_does_not_panic(body in "[A-Za-z0-9+/=\n]{0,400}", head in "[ -~\n]{0,80}") {
        let key = project_key();
        let text = format!("-----BEGIN PGP SIGNATURE-----\n{head}\n\n{body}\n-----END PGP SIGNATURE-----\n");
        let _ = judge(text.as_bytes(), BYTES, &ring(&[&key]), &trust(&[&key]));
    }
}

fn answer_for(key: &MadeKey, bytes: &[u8]) -> Answer {
    judge(
        key.sign(BYTES, day("2025-01-10")).as_bytes(),
        bytes,
        &ring(&[key]),
        &trust(&[key]),
    )
}
