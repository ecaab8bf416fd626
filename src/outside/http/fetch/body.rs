//! The body of an answer, read within limits on the wire and unpacked.

use std::io::Read;

use flate2::read::MultiGzDecoder;
use reqwest::header::{CONTENT_ENCODING, HeaderMap};

use super::error::Problem;

/// How much of a body may come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Bytes on the wire.
    pub wire: u64,
    /// Bytes once unpacked.
    pub unpacked: u64,
}

/// What a page or an API's answer may weigh: several times the largest that is known.
impl Default for Limits {
    fn default() -> Self {
        Self {
            wire: 8 << 20,
            unpacked: 24 << 20,
        }
    }
}

/// Unpacks a body as its `Content-Encoding` says.
pub(super) fn unpack(wire: Vec<u8>, headers: &HeaderMap, limit: u64) -> Result<Vec<u8>, Problem> {
    let encoding = headers
        .get(CONTENT_ENCODING)
        .map_or(Ok(""), |value| value.to_str())
        .unwrap_or("unreadable");
    match encoding.trim().to_ascii_lowercase().as_str() {
        "" | "identity" if wire.len() as u64 > limit => Err(Problem::TooLarge(limit)),
        "" | "identity" => Ok(wire),
        "gzip" | "x-gzip" => gunzip(&wire, limit),
        other => Err(Problem::Content(format!(
            "packed as `{}`, which was not asked for",
            other.escape_debug()
        ))),
    }
}

/// Unpacks gzip, up to a limit.
///
/// # Errors
///
/// [`Problem::TooLarge`] beyond the limit, [`Problem::Interrupted`] where the data breaks off or is
/// damaged.
pub(crate) fn gunzip(packed: &[u8], limit: u64) -> Result<Vec<u8>, Problem> {
    let mut unpacked = Vec::new();
    let broken = |error: std::io::Error| {
        Problem::Interrupted(format!("gzip data is cut off or damaged ({error})"))
    };
    MultiGzDecoder::new(packed)
        .take(limit.saturating_add(1))
        .read_to_end(&mut unpacked)
        .map_err(broken)?;
    if unpacked.len() as u64 > limit {
        Err(Problem::TooLarge(limit))
    } else {
        Ok(unpacked)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    fn gzip(data: &[u8]) -> Vec<u8> {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
        encoder.write_all(data).unwrap();
        encoder.finish().unwrap()
    }

    #[test]
    fn gzip_is_bounded_and_checked() {
        let packed = gzip(&[0; 100_000]);
        assert_eq!(gunzip(&packed, 100_000).map(|data| data.len()), Ok(100_000));
        assert_eq!(gunzip(&packed, 99_999), Err(Problem::TooLarge(99_999)));
        for cut in [0, 5, packed.len() / 2, packed.len() - 1] {
            assert!(
                matches!(
                    gunzip(&packed[..cut], 100_000),
                    Err(Problem::Interrupted(_))
                ),
                "{cut}"
            );
        }
    }

    #[test]
    fn encodings() {
        let headers =
            |encoding: &str| HeaderMap::from_iter([(CONTENT_ENCODING, encoding.parse().unwrap())]);
        assert_eq!(
            unpack(b"plain".to_vec(), &HeaderMap::new(), 5),
            Ok(b"plain".to_vec())
        );
        assert_eq!(
            unpack(b"plain".to_vec(), &HeaderMap::new(), 4),
            Err(Problem::TooLarge(4))
        );
        assert_eq!(
            unpack(gzip(b"packed"), &headers("GZIP"), 9),
            Ok(b"packed".to_vec())
        );
        assert!(matches!(
            unpack(b"x".to_vec(), &headers("br"), 9),
            Err(Problem::Content(_))
        ));
        assert!(matches!(
            unpack(b"<html>".to_vec(), &headers("gzip"), 9),
            Err(Problem::Interrupted(_))
        ));
    }
}
