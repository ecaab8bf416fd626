//! Base 32 as Nix and Guix write digests: figures of their own, the last bits first.

/// The figures, by their value; `e`, `o`, `t` and `u` are none, so that no words arise.
const FIGURES: &[u8; 32] = b"0123456789abcdfghijklmnpqrsvwxyz";

/// The figures of a SHA-256.
pub(super) const LENGTH: usize = 52;

/// Bytes in these figures.
pub(super) fn encode(bytes: &[u8]) -> String {
    let count = (bytes.len() * 8).div_ceil(5);
    let figure = |at: usize| {
        let (byte, bit) = (at * 5 / 8, at * 5 % 8);
        let next = bytes.get(byte + 1).copied().unwrap_or_default();
        let both = u16::from(bytes[byte]) | u16::from(next) << 8;
        char::from(FIGURES[usize::from(both >> bit & 31)])
    };
    (0..count).rev().map(figure).collect()
}

/// The bytes of a SHA-256 in these figures; none where it is no such digest.
pub(super) fn decode(text: &str) -> Option<Vec<u8>> {
    if text.len() != LENGTH {
        return None;
    }
    let mut bytes = vec![0_u8; 33];
    for (at, figure) in text.bytes().rev().enumerate() {
        let value = FIGURES.iter().position(|one| *one == figure)?;
        let (byte, bit) = (at * 5 / 8, at * 5 % 8);
        let [low, high] = (u16::try_from(value).ok()? << bit).to_le_bytes();
        bytes[byte] |= low;
        if let Some(next) = bytes.get_mut(byte + 1) {
            *next |= high;
        }
    }
    // The last four bits of 260 are none of the digest's.
    (bytes.pop() == Some(0)).then_some(bytes)
}

/// Whether a byte is one of the figures.
pub(super) fn is_figure(byte: u8) -> bool {
    FIGURES.contains(&byte)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digests_are_written_as_nix_does() {
        // The SHA-256 of nothing, as `nix-hash --to-base32 --type sha256` prints it.
        let nothing = "0mdqa9w1p6cmli6976v4wi0sw9r4p5prkj7lzfd1877wk11c9c73";
        let bytes = decode(nothing).expect("a digest");
        assert_eq!(bytes[..4], [0xe3, 0xb0, 0xc4, 0x42]);
        assert_eq!(encode(&bytes), nothing);
        for wrong in ["", &nothing[1..], &"z".repeat(LENGTH), &"e".repeat(LENGTH)] {
            assert_eq!(decode(wrong), None, "{wrong}");
        }
    }
}
