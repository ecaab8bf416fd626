//! The fingerprint of an OpenPGP key, which trust is given by.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::openssl::version::serde_as_text;
use crate::text::not_read::NotRead;

/// The fingerprint of a version 4 (40 digits) or version 6 (64 digits) OpenPGP key (RFC 9580,
/// 5.5.4).
///
/// Version 3 fingerprints are MD5 and can be forged: they are none.
///
/// ```
/// use release_check::for_tests::openssl::signature::Fingerprint;
///
/// let spelled: Fingerprint = "BA54 73A2 B058 7B07 FB27  CF2D 2160 94DF D0CB 81EF".parse().unwrap();
/// assert_eq!(spelled.to_string(), "BA5473A2B0587B07FB27CF2D216094DFD0CB81EF");
/// assert_eq!("0xba5473a2b0587b07fb27cf2d216094dfd0cb81ef".parse(), Ok(spelled));
/// for short in ["D0CB81EF", "216094DFD0CB81EF", "", "BA5473A2B0587B07FB27CF2D216094DFD0CB81EG"] {
///     assert!(short.parse::<Fingerprint>().is_err(), "{short}");
/// }
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Fingerprint(String);

impl FromStr for Fingerprint {
    type Err = NotRead;

    fn from_str(text: &str) -> Result<Self, NotRead> {
        let digits: String = text.chars().filter(|c| !c.is_ascii_whitespace()).collect();
        let digits = digits
            .strip_prefix("0x")
            .or_else(|| digits.strip_prefix("0X"))
            .unwrap_or(&digits);
        if matches!(digits.len(), 40 | 64) && digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            Ok(Self(digits.to_ascii_uppercase()))
        } else {
            Err(NotRead::new(
                text,
                "is not a key's full fingerprint (40 or 64 hexadecimal digits)",
            ))
        }
    }
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl Fingerprint {
    /// The fingerprint of a key that was read; none for the forgeable kinds.
    pub(super) fn of(fingerprint: &pgp::types::Fingerprint) -> Option<Self> {
        format!("{fingerprint:X}").parse().ok()
    }
}

serde_as_text!(Fingerprint);
