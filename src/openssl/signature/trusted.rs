//! Whose signatures count: the fingerprints that OpenSSL has published for its releases, and the
//! keys that come with the program.
//!
//! | primary fingerprint | owner | validity, as far as known | what it signed |
//! | --- | --- | --- | --- |
//! | `B146 647E 45A7 B339 47AB 226B 2A2C 87D1 6169 2D40` | OpenSSL | five years, its signing subkey `C46E…1CB2` one | releases from 2026-08-25 on |
//! | `BA54 73A2 B058 7B07 FB27 CF2D 2160 94DF D0CB 81EF` | OpenSSL | 2024-04-08 to 2026-09-08, in older copies to 2026-04-08 | 3.3.2 to 3.5.7 |
//! | `EFC0 A467 D613 CB83 C7ED 6D30 D894 E2CE 8B3D 79F5` | OpenSSL security team | 2014-10-04 to 2024-01-30, in newer copies 2024-07-28 and 2025-02-16 | 1.1.1w, 3.2.1, the releases of 2024-06-04 |
//! | `7953 AC1F BC3D C8B3 B292 393E D5E9 E43F 7DF9 EE8C` | Richard Levitte | from 2014-10-04 | earlier releases |
//! | `8657 ABB2 60F0 56B1 E519 0839 D9C4 D26D 0E60 4491` | Matt Caswell | from 2013-04-30 | earlier releases |
//! | `B7C1 C143 60F3 53A3 6862 E4D5 231C 84CD DCC6 9C45` | Paul Dale | from 2021-02-14 | earlier releases |
//! | `A21F AB74 B008 8AA3 6115 2586 B8EF 1A6B A9DA 2D5C` | Tomáš Mráz | 2021-07-16 to 2031-07-14, its signing subkey to 2027-07-15 | earlier releases |
//! | `6260 5AA4 334A F9F0 DDE5 D349 D357 7507 FA40 E9E2` | Stephen Henson | not known here | earlier releases |
//!
//! A fingerprint says which key may be believed, not where it comes from: the keys themselves are
//! found in `data/keys/pinned.asc`, in the files of `upstream.keys` and on the site
//! (`/source/pubkeys.asc`), and any other key found there counts for nothing (UPSTREAM 5.6).

use std::collections::BTreeSet;

use super::fingerprint::Fingerprint;

/// Primary fingerprints that OpenSSL has published.
const PINNED: [&str; 8] = [
    "B146647E45A7B33947AB226B2A2C87D161692D40",
    "BA5473A2B0587B07FB27CF2D216094DFD0CB81EF",
    "EFC0A467D613CB83C7ED6D30D894E2CE8B3D79F5",
    "7953AC1FBC3DC8B3B292393ED5E9E43F7DF9EE8C",
    "8657ABB260F056B1E5190839D9C4D26D0E604491",
    "B7C1C14360F353A36862E4D5231C84CDDCC69C45",
    "A21FAB74B0088AA361152586B8EF1A6BA9DA2D5C",
    "62605AA4334AF9F0DDE5D349D3577507FA40E9E2",
];

/// The keys that come with the program.
pub(super) const MATERIAL: &str = include_str!("../../../data/keys/pinned.asc");

/// The primary fingerprints that are trusted without any configuration.
pub(crate) fn pinned() -> BTreeSet<Fingerprint> {
    PINNED.iter().filter_map(|text| text.parse().ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::openssl::signature::KeyRing;

    #[test]
    fn every_pinned_fingerprint_is_one() {
        assert_eq!(pinned().len(), PINNED.len());
    }

    #[test]
    fn what_comes_with_the_program_is_trusted_and_says_when_it_expires() {
        let mut keys = KeyRing::built_in().list();
        assert!(
            keys.iter()
                .all(|key| pinned().contains(&key.fingerprint) && !key.revoked)
        );
        keys.sort_by_key(|key| key.expires);
        let listed: Vec<String> = keys
            .iter()
            .map(|key| {
                let name = key
                    .user_id
                    .as_deref()
                    .unwrap_or_default()
                    .split('<')
                    .next()
                    .unwrap_or_default();
                let expires = key
                    .expires
                    .map_or("never".to_owned(), |day| day.to_string());
                let subkeys: Vec<String> = key
                    .subkeys
                    .iter()
                    .filter_map(|subkey| Some(subkey.expires?.to_string()))
                    .collect();
                format!(
                    "{} {name}{expires} {}",
                    &key.fingerprint.to_string()[..4],
                    subkeys.join(" ")
                )
                .trim_end()
                .to_owned()
            })
            .collect();
        insta::assert_snapshot!(listed.join("\n"), @r"
        7953 Richard Levitte never
        8657 Matt Caswell never
        B7C1 Paul Dale never
        EFC0 OpenSSL security team 2024-01-30
        BA54 OpenSSL 2026-09-08
        B146 OpenSSL 2031-05-26 2027-05-26
        A21F Tomáš Mráz 2031-07-14 2027-07-15
        ");
    }
}
