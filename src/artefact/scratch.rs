//! Where a member of an archive is kept while it is looked at, if it is too large to be held.

use std::io::{self, Cursor, Read, Seek, SeekFrom, Write};
use std::ops::Range;

use super::view::ReadAt;

/// A file that can be read from any place.
pub trait Readable: Read + Seek + ReadAt {}
impl<R: Read + Seek + ReadAt> Readable for R {}

/// An empty file that is written once and then read from any place. Nothing but the program reads
/// it, and it is gone when it is dropped.
pub trait ScratchFile: Readable + Write {}
impl<T: Readable + Write> ScratchFile for T {}

/// Makes such a file.
pub(super) type Scratch = dyn Fn() -> io::Result<Box<dyn ScratchFile>> + Sync;

/// One in memory, where there is no other place.
pub fn in_memory() -> io::Result<Box<dyn ScratchFile>> {
    Ok(Box::new(Cursor::new(Vec::new())))
}

/// A part of a file, read as a file of its own.
pub(super) struct Window<'a> {
    bytes: &'a dyn ReadAt,
    range: Range<u64>,
    at: u64,
}

impl<'a> Window<'a> {
    pub(super) fn new(bytes: &'a dyn ReadAt, range: Range<u64>) -> Self {
        Self {
            bytes,
            range,
            at: 0,
        }
    }

    fn size(&self) -> u64 {
        self.range.end.saturating_sub(self.range.start)
    }

    /// How much of a buffer of this length there is from an offset on.
    fn length(&self, offset: u64, most: usize) -> usize {
        usize::try_from(self.size().saturating_sub(offset)).map_or(most, |left| left.min(most))
    }
}

impl ReadAt for Window<'_> {
    fn read_exact_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<()> {
        if self.length(offset, buffer.len()) < buffer.len() {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        self.bytes.read_exact_at(buffer, self.range.start + offset)
    }
}

impl Read for Window<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let length = self.length(self.at, buffer.len());
        if length == 0 {
            return Ok(0);
        }
        self.read_exact_at(&mut buffer[..length], self.at)?;
        self.at += length as u64;
        Ok(length)
    }
}

impl Seek for Window<'_> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let at = match to {
            SeekFrom::Start(at) => Some(at),
            SeekFrom::End(by) => self.size().checked_add_signed(by),
            SeekFrom::Current(by) => self.at.checked_add_signed(by),
        };
        self.at = at.ok_or(io::ErrorKind::InvalidInput)?;
        Ok(self.at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_is_a_file_of_its_own() {
        let whole = Cursor::new(b"0123456789");
        let mut window = Window::new(&whole, 3..7);
        let mut text = String::new();
        window.read_to_string(&mut text).unwrap();
        assert_eq!(text, "3456");
        assert_eq!(window.seek(SeekFrom::End(-3)).unwrap(), 1);
        let mut two = [0; 2];
        window.read_exact(&mut two).unwrap();
        assert_eq!(&two, b"45");
        assert_eq!(window.seek(SeekFrom::Current(9)).unwrap(), 12);
        assert_eq!(window.read(&mut two).unwrap(), 0);
        assert!(window.seek(SeekFrom::End(-5)).is_err());
        assert!(window.read_exact_at(&mut two, 2).is_ok());
        for offset in [3, u64::MAX] {
            assert!(window.read_exact_at(&mut two, offset).is_err(), "{offset}");
        }
    }
}
