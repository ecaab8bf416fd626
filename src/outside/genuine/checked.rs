//! What was checked about a tarball, by whom it was signed, and what everybody who sees the result
//! should know.

use schemars::JsonSchema;
use serde::Serialize;

use crate::openssl::signature::{Answer, SignedBy};
use crate::openssl::tarball::Digests;
use crate::openssl::upstream::{Hashes, Release};
use crate::text;

/// How far a tarball's digests can be relied on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// Nothing was verified now: the digests come from a snapshot or from the cache.
    Nothing,
    /// The bytes have the digest that OpenSSL published.
    Digest,
    /// The bytes were also signed by a trusted key.
    Signature,
}

/// What agreed about a tarball.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Witness {
    /// The published `.sha256` file.
    Published,
    /// The digest that GitHub itself computed of the asset.
    Api,
    /// Digests and size known from the snapshot.
    Snapshot,
    /// The signature.
    Signature,
    /// The version that the sources inside name.
    Sources,
}

/// What was checked about a tarball: for the text of a PR, and for `--format json`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Checked {
    /// How far its digests can be relied on.
    pub level: Level,
    /// What agreed with the bytes.
    pub agreed: Vec<Witness>,
    /// Who signed it, where that was checked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub signed_by: Option<SignedBy>,
    /// What everybody who relies on it should know.
    pub warnings: Vec<String>,
}

/// What others say about a tarball.
#[derive(Debug, Clone, Copy)]
pub(super) struct Claims<'a> {
    /// The SHA-256 in the published file.
    pub(super) published: &'a str,
    /// The SHA-256 that the API gives for the asset.
    pub(super) api: Option<&'a str>,
    /// The release as known before.
    pub(super) known: Option<&'a Release>,
}

impl Checked {
    /// What was checked, in sentences without a full stop; warnings not included.
    pub fn sentences(&self) -> Vec<String> {
        if self.level == Level::Nothing {
            return vec![
                "nothing was verified now: the digests are the ones known from an earlier time"
                    .to_owned(),
            ];
        }
        let named = |witness: &Witness| match witness {
            Witness::Published => Some("the published `.sha256`"),
            Witness::Api => Some("GitHub's own digest"),
            Witness::Snapshot => Some("the digests known before"),
            Witness::Signature | Witness::Sources => None,
        };
        let mut sentences = vec![format!(
            "the tarball's bytes agree with {}",
            text::in_words(self.agreed.iter().filter_map(named))
        )];
        sentences.push(match &self.signed_by {
            Some(by) => signed(by),
            None => "its signature was not checked (`upstream.verify = \"digest\"`)".to_owned(),
        });
        if self.agreed.contains(&Witness::Sources) {
            sentences.push("the sources inside name the same version".to_owned());
        }
        sentences
    }
}

fn signed(by: &SignedBy) -> String {
    let name = by
        .user_id
        .as_ref()
        .map(|name| format!(" ({name})"))
        .unwrap_or_default();
    let subkey = if by.key == by.primary {
        String::new()
    } else {
        format!(", with its subkey `{}`", by.key)
    };
    format!("signed on {} by `{}`{name}{subkey}", by.made, by.primary)
}

impl Claims<'_> {
    /// Who agrees with the published digest, before the bytes are there.
    pub(super) fn agree(&self) -> Result<Vec<Witness>, String> {
        let known = self
            .known
            .and_then(|release| release.hashes.sha256.as_deref());
        let others = [
            (Witness::Api, "GitHub's own digest of it", self.api),
            (Witness::Snapshot, "the one known before", known),
        ];
        let mut agreed = vec![Witness::Published];
        let mut problems = Vec::new();
        for (witness, label, digest) in others {
            match digest {
                Some(digest) if digest.eq_ignore_ascii_case(self.published) => agreed.push(witness),
                Some(digest) => problems.push(format!("{label} is `{digest}`")),
                None => {}
            }
        }
        if problems.is_empty() {
            return Ok(agreed);
        }
        Err(format!(
            "the published `.sha256` says `{}`, but {}",
            self.published,
            problems.join(", and ")
        ))
    }

    /// Whether the bytes are the ones that everybody speaks of.
    pub(super) fn fit(&self, bytes: &Digests) -> Result<(), String> {
        let none = Hashes::default();
        let known = self.known.map_or(&none, |release| &release.hashes);
        let size = self
            .known
            .and_then(|release| release.size)
            .map(|size| size.to_string());
        let claims = [
            (
                "SHA-256",
                bytes.sha256.as_str(),
                "the published `.sha256` says",
                Some(self.published),
            ),
            (
                "SHA-512",
                &bytes.sha512,
                "it was known to be",
                known.sha512.as_deref(),
            ),
            (
                "SHA-1",
                &bytes.sha1,
                "it was known to be",
                known.sha1.as_deref(),
            ),
            (
                "MD5",
                &bytes.md5,
                "it was known to be",
                known.md5.as_deref(),
            ),
            (
                "size",
                &bytes.size.to_string(),
                "it was known to be",
                size.as_deref(),
            ),
        ];
        let differs = |(_, is, _, claimed): &(&str, &str, &str, Option<&str>)| {
            claimed.is_some_and(|claimed| !claimed.eq_ignore_ascii_case(is))
        };
        match claims.into_iter().find(differs) {
            None => Ok(()),
            Some((what, is, who, claimed)) => Err(format!(
                "its bytes have the {what} `{is}`, but {who} `{}`",
                claimed.unwrap_or_default()
            )),
        }
    }
}

/// Who signed, and what to warn of; or why that is not enough.
pub(super) fn accept(
    answer: Answer,
    file: &str,
    grace_days: u32,
) -> Result<(SignedBy, Option<String>), String> {
    match answer {
        Answer::Good(by) => Ok((by, None)),
        Answer::Late { by, allowed } => {
            let expired = by.expired.map(|day| day.to_string()).unwrap_or_default();
            let made = format!(
                "`{file}` was made on {} by `{}`, which as far as known here expired on {expired}",
                by.made, by.key
            );
            if allowed {
                let warning = format!(
                    "{made}; it counts because that is not more than {grace_days} days before (`upstream.key-grace`)"
                );
                return Ok((by, Some(warning)));
            }
            Err(format!(
                "expired key: {made}, more than the {grace_days} days before that `upstream.key-grace` allows; if the key was published again with a later expiry, name its file in `upstream.keys`"
            ))
        }
        Answer::Unknown(key) => Err(format!("unknown key: `{file}` {key}")),
        Answer::Missing => Err(format!(
            "missing signature: `{file}` holds no OpenPGP signature; wait until it does, or look at the release by hand"
        )),
        Answer::Bad(reason) => Err(format!(
            "bad signature: `{file}` does not vouch for the tarball: {reason}; do not use this tarball"
        )),
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::openssl::signature::UnknownKey;

    const KEY: &str = "BA5473A2B0587B07FB27CF2D216094DFD0CB81EF";

    fn by(expired: Option<jiff::civil::Date>) -> SignedBy {
        let key: crate::openssl::signature::Fingerprint = KEY.parse().unwrap();
        SignedBy {
            primary: key.clone(),
            key,
            user_id: Some("OpenSSL".to_owned()),
            made: date(2026, 6, 9),
            expired,
        }
    }

    fn release(hashes: Hashes, size: Option<u64>) -> Release {
        Release {
            version: "3.5.4".parse().unwrap(),
            date: date(2025, 9, 30),
            hashes,
            size,
            url: None,
            commit: None,
            withdrawn: None,
            text: None,
        }
    }

    #[test]
    fn all_that_speak_must_agree() {
        let digests = Digests::of(b"bytes");
        let known = release(digests.hashes(), Some(5));
        let upper = digests.sha256.to_uppercase();
        let claims = Claims {
            published: &digests.sha256,
            api: Some(&upper),
            known: Some(&known),
        };
        assert_eq!(
            claims.agree(),
            Ok(vec![Witness::Published, Witness::Api, Witness::Snapshot])
        );
        assert_eq!(claims.fit(&digests), Ok(()));
        let alone = Claims {
            published: &digests.sha256,
            api: None,
            known: None,
        };
        assert_eq!(alone.agree(), Ok(vec![Witness::Published]));
    }

    #[test]
    fn each_disagreement_names_both_values() {
        let digests = Digests::of(b"bytes");
        let claims = Claims {
            published: &digests.sha256,
            api: Some("aa"),
            known: None,
        };
        assert_eq!(
            claims.agree().unwrap_err(),
            format!(
                "the published `.sha256` says `{}`, but GitHub's own digest of it is `aa`",
                digests.sha256
            )
        );
        let replaced = Claims {
            published: "bb",
            api: None,
            known: None,
        };
        assert_eq!(
            replaced.fit(&digests).unwrap_err(),
            format!(
                "its bytes have the SHA-256 `{}`, but the published `.sha256` says `bb`",
                digests.sha256
            )
        );
        for (hashes, size, problem) in [
            (
                Hashes {
                    sha512: Some("cc".into()),
                    ..Hashes::default()
                },
                None,
                format!(
                    "its bytes have the SHA-512 `{}`, but it was known to be `cc`",
                    digests.sha512
                ),
            ),
            (
                Hashes {
                    sha1: Some("cc".into()),
                    ..Hashes::default()
                },
                None,
                format!(
                    "its bytes have the SHA-1 `{}`, but it was known to be `cc`",
                    digests.sha1
                ),
            ),
            (
                Hashes {
                    md5: Some("cc".into()),
                    ..Hashes::default()
                },
                None,
                format!(
                    "its bytes have the MD5 `{}`, but it was known to be `cc`",
                    digests.md5
                ),
            ),
            (
                Hashes::default(),
                Some(6),
                "its bytes have the size `5`, but it was known to be `6`".to_owned(),
            ),
        ] {
            let known = release(hashes, size);
            let claims = Claims {
                published: &digests.sha256,
                api: None,
                known: Some(&known),
            };
            assert_eq!(claims.fit(&digests), Err(problem));
        }
        let known = release(
            Hashes {
                sha256: Some("dd".into()),
                ..Hashes::default()
            },
            None,
        );
        let claims = Claims {
            published: "bb",
            api: Some("aa"),
            known: Some(&known),
        };
        assert_eq!(
            claims.agree().unwrap_err(),
            "the published `.sha256` says `bb`, but GitHub's own digest of it is `aa`, and the one known before is `dd`"
        );
    }

    #[test]
    fn five_answers_in_five_different_words() {
        let late = |allowed| Answer::Late {
            by: by(Some(date(2026, 4, 8))),
            allowed,
        };
        let (_, warning) = accept(late(true), "o.asc", 90).unwrap();
        let warning = warning.unwrap();
        assert!(
            warning.contains("2026-06-09") && warning.contains("2026-04-08"),
            "{warning}"
        );
        assert_eq!(accept(Answer::Good(by(None)), "o.asc", 90).unwrap().1, None);
        let unknown = UnknownKey {
            named: Some(KEY.to_owned()),
            primary: None,
            user_id: None,
            trusted: false,
        };
        for (answer, start) in [
            (late(false), "expired key: `o.asc`"),
            (Answer::Unknown(unknown), "unknown key: `o.asc`"),
            (Answer::Missing, "missing signature: `o.asc`"),
            (
                Answer::Bad("it does not fit".to_owned()),
                "bad signature: `o.asc`",
            ),
        ] {
            let problem = accept(answer, "o.asc", 90).unwrap_err();
            assert!(problem.starts_with(start), "{problem}");
        }
    }

    #[test]
    fn what_was_checked_in_sentences() {
        let checked = Checked {
            level: Level::Signature,
            agreed: vec![
                Witness::Published,
                Witness::Api,
                Witness::Signature,
                Witness::Sources,
            ],
            signed_by: Some(by(None)),
            warnings: vec![],
        };
        insta::assert_snapshot!(checked.sentences().join("\n"), @r"
        the tarball's bytes agree with the published `.sha256` and GitHub's own digest
        signed on 2026-06-09 by `BA5473A2B0587B07FB27CF2D216094DFD0CB81EF` (OpenSSL)
        the sources inside name the same version
        ");
        insta::assert_snapshot!(serde_json::to_string(&checked).unwrap(), @r#"{"level":"signature","agreed":["published","api","signature","sources"],"signed_by":{"primary":"BA5473A2B0587B07FB27CF2D216094DFD0CB81EF","key":"BA5473A2B0587B07FB27CF2D216094DFD0CB81EF","user_id":"OpenSSL","made":"2026-06-09"},"warnings":[]}"#);
    }
}
