//! OpenPGP packets out of armored or binary files from outside, in bounded time and space.

use std::io::Read;

use pgp::armor::{Dearmor, DearmorOptions};
use pgp::packet::{Packet, PacketParser};

use crate::text::budget::KEY_PACKETS;

/// Every packet of a file in order: of all its armored blocks, or of the file itself where it is
/// binary.
///
/// What cannot be read is left out, so that one damaged or foreign packet does not hide the others.
/// Nothing nested is unpacked.
pub(super) fn read(material: &[u8]) -> Vec<Packet> {
    let material = material.strip_prefix(b"\xef\xbb\xbf").unwrap_or(material);
    let contents = match material.first() {
        // The first bit of every packet is set, the first bit of text is not (RFC 9580, 4.2).
        Some(first) if first & 0x80 != 0 => vec![material.to_vec()],
        _ => blocks(material).into_iter().filter_map(dearmored).collect(),
    };
    contents
        .iter()
        .flat_map(|content| PacketParser::new(content.as_slice()).flatten())
        .take(KEY_PACKETS)
        .collect()
}

/// The armored blocks of a text, each from its first line to the end of its last.
fn blocks(text: &[u8]) -> Vec<&[u8]> {
    let (mut blocks, mut begin, mut at) = (Vec::new(), None, 0);
    for line in text.split_inclusive(|byte| *byte == b'\n') {
        let start = at;
        at += line.len();
        if line.starts_with(b"-----BEGIN PGP ") {
            begin = Some(start);
        } else if line.starts_with(b"-----END PGP ")
            && let Some(begin) = begin.take()
        {
            blocks.push(&text[begin..at]);
        }
    }
    blocks
}

/// The bytes inside one armored block. The checksum in its last line is no protection and not
/// looked at (RFC 9580, 6.1).
fn dearmored(block: &[u8]) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    let options = DearmorOptions::new().set_limit(block.len().max(1024));
    Dearmor::with_options(block, options)
        .read_to_end(&mut bytes)
        .ok()?;
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::openssl::signature::made::MadeKey;

    #[test]
    fn reads_every_block_of_a_file_and_skips_what_is_none() {
        let (one, two) = (
            MadeKey::new(1, 0).self_signed(0, None),
            MadeKey::new(2, 0).self_signed(0, None),
        );
        let text = format!(
            "\u{feff}keys of the project\r\n\n{}\nbetween\n-----BEGIN PGP SIGNATURE-----\n\ngarbage!\n-----END PGP SIGNATURE-----\n{}",
            one.public(),
            two.public()
        );
        assert_eq!(read(text.as_bytes()).len(), 6);
        assert_eq!(
            read(text.replace('\n', "\r\n").replace("\r\r", "\r").as_bytes()).len(),
            6
        );
        assert_eq!(read(&one.public_packets()).len(), 3);
    }

    #[test]
    fn a_block_that_never_ends_is_none() {
        let key = MadeKey::new(1, 0).self_signed(0, None).public();
        let cut = &key[..key.len() / 2];
        assert!(read(cut.as_bytes()).is_empty());
    }
}
