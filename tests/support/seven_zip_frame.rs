//! What every 7z archive that is made for a test or a benchmark begins with.

/// The archive of these packed bytes, described by this header.
pub(crate) fn framed(data: &[u8], header: &[u8]) -> Vec<u8> {
    let start = [
        &(data.len() as u64).to_le_bytes()[..],
        &(header.len() as u64).to_le_bytes(),
        &checksum(header),
    ]
    .concat();
    let magic = b"7z\xbc\xaf\x27\x1c\0\x04";
    [&magic[..], &checksum(&start), &start, data, header].concat()
}

/// The checksum that the format uses everywhere.
pub(crate) fn checksum(bytes: &[u8]) -> [u8; 4] {
    let mut crc = flate2::Crc::new();
    crc.update(bytes);
    crc.sum().to_le_bytes()
}
