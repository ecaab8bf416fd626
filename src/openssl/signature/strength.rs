//! Which hashes a signature may use, at which time.

use jiff::civil::{Date, date};
use pgp::crypto::hash::HashAlgorithm;
use pgp::packet::Signature;

use super::moment::{day_of, made};

/// The day two documents with one SHA-1 were published. Before, nobody is known to have had a pair;
/// a later signature may have been taken for one document and be shown with the other.
const SHA1_BROKEN: Date = date(2017, 2, 23);

/// Whether the hash of a signature made on this day binds it to one document. MD5 and RIPEMD-160
/// never do, SHA-1 did until it was broken: the date is part of what is signed, so only the key's
/// owner could give a false one, and the old releases were signed like this.
fn sound(hash: HashAlgorithm, made: Date) -> bool {
    match hash {
        HashAlgorithm::Sha224
        | HashAlgorithm::Sha256
        | HashAlgorithm::Sha384
        | HashAlgorithm::Sha512
        | HashAlgorithm::Sha3_256
        | HashAlgorithm::Sha3_512 => true,
        HashAlgorithm::Sha1 => made < SHA1_BROKEN,
        _ => false,
    }
}

/// Whether a signature's hash is strong enough for the day it was made.
pub(super) fn holds(signature: &Signature) -> bool {
    signature
        .hash_alg()
        .is_some_and(|hash| sound(hash, day_of(made(signature))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sha1_counts_only_from_before_it_was_broken() {
        for (hash, made, expected) in [
            (HashAlgorithm::Md5, date(1999, 5, 29), false),
            (HashAlgorithm::Ripemd160, date(1999, 5, 29), false),
            (HashAlgorithm::Sha1, date(2012, 5, 10), true),
            (HashAlgorithm::Sha1, date(2017, 2, 22), true),
            (HashAlgorithm::Sha1, date(2017, 2, 23), false),
            (HashAlgorithm::Sha256, date(2026, 6, 9), true),
            (HashAlgorithm::None, date(2026, 6, 9), false),
            (HashAlgorithm::Other(200), date(2026, 6, 9), false),
        ] {
            assert_eq!(sound(hash, made), expected, "{hash:?} {made}");
        }
    }
}
