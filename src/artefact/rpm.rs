//! rpm packages: two headers of fixed layout, and behind them a compressed cpio archive.

use std::io::{self, Read};

use super::finding::FileFormat;
use super::walk::{Walk, WalkPlace};

/// The lead, which says nothing that the headers do not.
const LEAD: u64 = 96;

/// Bytes of a header; the largest kernels' have a few MiB.
const HEADER: u64 = 256 << 20;

impl Walk<'_> {
    pub(super) fn rpm(&mut self, place: &WalkPlace, reader: &mut dyn Read) {
        let headers = skip(reader, LEAD)
            .and_then(|()| header(reader, 8))
            .and_then(|()| header(reader, 1));
        if let Err(error) = headers {
            return self.problem(place, FileFormat::Rpm, &error);
        }
        self.stream(&place.payload(), reader, 0);
    }
}

/// Passes a header by; it is filled up to a multiple of so many bytes.
fn header(reader: &mut dyn Read, filled: u64) -> io::Result<()> {
    let mut start = [0; 16];
    reader.read_exact(&mut start)?;
    let number = |at: usize| {
        let bytes = start[at..at + 4].iter();
        bytes.fold(0_u64, |number, &byte| number << 8 | u64::from(byte))
    };
    let size = number(8) * 16 + number(12);
    if !start.starts_with(&[0x8e, 0xad, 0xe8, 1]) || size > HEADER {
        return Err(io::Error::other("broken rpm header: not examined"));
    }
    skip(reader, size.next_multiple_of(filled))
}

fn skip(reader: &mut dyn Read, bytes: u64) -> io::Result<()> {
    let skipped = io::copy(&mut reader.take(bytes), &mut io::sink())?;
    if skipped == bytes {
        Ok(())
    } else {
        Err(io::ErrorKind::UnexpectedEof.into())
    }
}
