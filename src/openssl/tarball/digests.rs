//! Digests of some bytes, all in one pass.

use data_encoding::HEXLOWER;
use md5::Md5;
use sha1::Sha1;
use sha2::digest::Digest;
use sha2::{Sha256, Sha512};

use crate::openssl::upstream::Hashes;

/// Bytes for each digest in turn, so that they are in the processor's cache for all but the first.
const PIECE: usize = 64 << 10;

/// Every digest that pins ask for, and the size.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Digests {
    /// SHA-256, lower-case hexadecimal.
    pub sha256: String,
    /// SHA-512, lower-case hexadecimal.
    pub sha512: String,
    /// SHA-1, lower-case hexadecimal.
    pub sha1: String,
    /// MD5, lower-case hexadecimal.
    pub md5: String,
    /// The size in bytes.
    pub size: u64,
}

impl Digests {
    /// The digests of some bytes.
    pub fn of(bytes: &[u8]) -> Self {
        let (mut sha256, mut sha512, mut sha1, mut md5) =
            (Sha256::new(), Sha512::new(), Sha1::new(), Md5::new());
        for piece in bytes.chunks(PIECE) {
            sha256.update(piece);
            sha512.update(piece);
            sha1.update(piece);
            md5.update(piece);
        }
        Self {
            sha256: HEXLOWER.encode(&sha256.finalize()),
            sha512: HEXLOWER.encode(&sha512.finalize()),
            sha1: HEXLOWER.encode(&sha1.finalize()),
            md5: HEXLOWER.encode(&md5.finalize()),
            size: bytes.len() as u64,
        }
    }

    /// The digests as a release lists them.
    pub fn hashes(&self) -> Hashes {
        let Self {
            sha256,
            sha512,
            sha1,
            md5,
            size: _,
        } = self.clone();
        Hashes {
            sha256: Some(sha256),
            sha512: Some(sha512),
            sha1: Some(sha1),
            md5: Some(md5),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_digest_of_known_bytes() {
        let digests = Digests::of(b"abc");
        assert_eq!(
            digests.sha256,
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        );
        assert_eq!(
            digests.sha512,
            "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f"
        );
        assert_eq!(digests.sha1, "a9993e364706816aba3e25717850c26c9cd0d89d");
        assert_eq!(digests.md5, "900150983cd24fb0d6963f7d28e17f72");
        assert_eq!(digests.size, 3);
    }

    #[test]
    fn pieces_do_not_show() {
        let bytes = vec![7; 3 * PIECE + 1];
        assert_eq!(
            Digests::of(&bytes).sha256,
            HEXLOWER.encode(&Sha256::digest(&bytes))
        );
    }
}
