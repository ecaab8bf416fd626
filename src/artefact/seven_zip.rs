//! 7z archives, by themselves or behind an executable that unpacks them.

use std::io::{self, Read, Seek, SeekFrom};

use sevenz_rust2::{Archive, BlockDecoder, Error, Password};

use super::finding::FileFormat;
use super::scratch::Readable;
use super::walk::{Walk, WalkPlace};

/// What such an archive begins with.
pub(super) const MAGIC: &[u8] = b"7z\xbc\xaf\x27\x1c";

/// KiB of its table of contents, and of the dictionary that this is compressed with: each byte of it
/// may become an entry of more than a hundred.
const CONTENTS: usize = 1536;

/// KiB of the dictionary that members are compressed with; 7-Zip's highest level asks for 64 MiB.
const DICTIONARY: usize = 128 << 10;

impl Walk<'_> {
    /// Walks the archive that begins at this offset.
    pub(super) fn seven_zip(
        &mut self,
        place: &WalkPlace,
        reader: &mut dyn Readable,
        start: u64,
    ) -> FileFormat {
        if let Err(error) = self.seven_zip_members(place, &mut Rest { reader, start }) {
            self.problem(place, FileFormat::SevenZip, &said(error));
        }
        FileFormat::SevenZip
    }

    fn seven_zip_members<R: Read + Seek>(
        &mut self,
        place: &WalkPlace,
        reader: &mut R,
    ) -> Result<(), Error> {
        let password = Password::empty();
        reader.rewind()?;
        let archive = Archive::read_with_memory_limit(reader, &password, CONTENTS)?;
        let of_blocks = archive.stream_map.file_block_index.iter();
        let mut members: Vec<Vec<&str>> = vec![Vec::new(); archive.blocks.len()];
        for (file, block) in archive.files.iter().zip(of_blocks) {
            if let Some(members) = block.and_then(|block| members.get_mut(block)) {
                members.push(file.name());
            }
        }
        for (block, members) in members.iter().enumerate() {
            let decoder = BlockDecoder::new_with_memory_limit(
                1, DICTIONARY, block, &archive, &password, reader,
            );
            let mut read = 0;
            let mut is_over = false;
            let mut is_broken = false;
            let walked = decoder.for_each_entries(&mut |entry, contents| {
                let member = place.member(entry.name());
                if entry.is_directory() {
                    return Ok(true);
                }
                read += usize::from(entry.has_stream());
                is_over = self.budget.is_spent() || !self.enter(&member);
                if !is_over {
                    let mut metered = self.budget.meter(MemberReader { contents });
                    let found = self.found.len();
                    self.stream(&member, &mut metered, entry.size());
                    // What follows in the block needs what came before it, which counts as well.
                    if let Err(error) = io::copy(&mut metered, &mut io::sink()) {
                        is_broken = true;
                        // Whoever looked at it may have said so.
                        if self.found[found..]
                            .iter()
                            .all(|file| file.unread.is_empty())
                        {
                            self.problem(&member, FileFormat::Other, &error);
                        }
                    }
                }
                Ok(!is_over && !is_broken)
            });
            if is_over || self.budget.is_spent() {
                break;
            }
            let rest = |from: usize| members.get(from..).unwrap_or_default();
            match walked {
                // The last one that was given is not what it should be, or there was none yet.
                Err(error) => {
                    self.unread_members(place, rest(read.saturating_sub(1)), &said(error));
                }
                Ok(_) if is_broken => {
                    self.unread_members(place, rest(read), "what stands before it is broken");
                }
                Ok(_) => {}
            }
        }
        Ok(())
    }

    /// Reports members that cannot be read because they are compressed as one.
    fn unread_members(&mut self, place: &WalkPlace, members: &[&str], problem: &str) {
        let Some((first, rest)) = members.split_first() else {
            return;
        };
        let more = match rest.len() {
            0 => String::new(),
            more => format!("; the same for {more} more that are compressed with it"),
        };
        let problem = format!("{problem}{more}");
        self.problem(&place.member(first), FileFormat::Other, &problem);
    }
}

/// A member, whose errors are in our words.
struct MemberReader<'a> {
    contents: &'a mut dyn Read,
}

impl Read for MemberReader<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.contents.read(buffer).map_err(|error| {
            let is_checksum = error.get_ref().is_some_and(|inner| {
                matches!(
                    inner.downcast_ref(),
                    Some(Error::ChecksumVerificationFailed)
                )
            });
            if is_checksum {
                io::Error::other("its checksum is wrong")
            } else {
                error
            }
        })
    }
}

/// An error of the crate that reads the format, in words.
fn said(error: Error) -> String {
    match error {
        Error::UnsupportedCompressionMethod(method) if method.starts_with("AES") => {
            "encrypted: not examined".to_owned()
        }
        Error::UnsupportedCompressionMethod(method) => {
            format!("compressed with `{method}`, which is not read: unpack it first")
        }
        Error::Io(error, _) => error.to_string(),
        Error::MaxMemLimited { .. } => {
            "unpacking it needs more memory than is given to it: unpack it first".to_owned()
        }
        error => format!("broken 7z archive: {error}"),
    }
}

/// What stands in a file from an offset on.
struct Rest<'a> {
    reader: &'a mut dyn Readable,
    start: u64,
}

impl Read for Rest<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.reader.read(buffer)
    }
}

impl Seek for Rest<'_> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let to = match to {
            SeekFrom::Start(at) => SeekFrom::Start(at.saturating_add(self.start)),
            other => other,
        };
        let at = self.reader.seek(to)?;
        at.checked_sub(self.start)
            .ok_or_else(|| io::ErrorKind::InvalidInput.into())
    }
}
