//! cpio archives, as rpm packages and initial file systems hold them: the portable forms, `newc` and
//! `odc`.

use std::io::{self, Read};

use super::finding::FileFormat;
use super::walk::{Walk, WalkPlace};

/// Bytes of a member's name; no file system allows more.
const NAME: u64 = 4096;

/// The bits of a mode that say what a member is, and a regular file's.
const KIND: u64 = 0o170_000;
const REGULAR: u64 = 0o100_000;

/// What a member's header says.
struct Header {
    mode: u64,
    /// How many names it has.
    links: u64,
    name: String,
    size: u64,
    /// To how many bytes what stands in the archive is filled up.
    filled: u64,
}

impl Walk<'_> {
    pub(super) fn cpio(&mut self, place: &WalkPlace, reader: &mut dyn Read) {
        loop {
            let header = match header(reader) {
                Ok(Some(header)) => header,
                Ok(None) => return,
                Err(error) => return self.problem(place, FileFormat::Cpio, &error),
            };
            let mut data = reader.take(header.size);
            // Of several names the last one has the bytes.
            let is_elsewhere = header.links > 1 && header.size == 0;
            if header.mode & KIND == REGULAR && !is_elsewhere {
                let member = place.member(&header.name);
                if !self.enter(&member) {
                    return;
                }
                self.stream(&member, &mut data, header.size);
            }
            let gap = padding(header.size, header.filled);
            let skipped = io::copy(&mut data, &mut io::sink()).and_then(|_| skip(reader, gap));
            if let Err(error) = skipped {
                return self.problem(place, FileFormat::Cpio, &error);
            }
            if self.budget.is_spent() {
                return;
            }
        }
    }
}

/// The next member's header; none at the end.
fn header(reader: &mut dyn Read) -> io::Result<Option<Header>> {
    let mut magic = [0; 6];
    reader.read_exact(&mut magic)?;
    let (mode, links, size, name_size, filled, before) = match &magic {
        b"070701" | b"070702" => {
            let fields = fields(reader, &[8; 13], 16)?;
            (fields[1], fields[4], fields[6], fields[11], 4, 110)
        }
        b"070707" => {
            let fields = fields(reader, &[6, 6, 6, 6, 6, 6, 6, 11, 6, 11], 8)?;
            (fields[2], fields[5], fields[9], fields[8], 1, 76)
        }
        _ => return Err(broken()),
    };
    if name_size > NAME {
        return Err(broken());
    }
    let mut name = Vec::new();
    reader.take(name_size).read_to_end(&mut name)?;
    skip(reader, padding(before + name_size, filled))?;
    let name = String::from_utf8_lossy(&name);
    let name = name.trim_end_matches('\0').to_owned();
    Ok((name != "TRAILER!!!").then_some(Header {
        mode,
        links,
        name,
        size,
        filled,
    }))
}

/// Numbers that are written in so many digits each.
fn fields(reader: &mut dyn Read, widths: &[usize], radix: u32) -> io::Result<Vec<u64>> {
    let read = |&width: &usize| {
        let mut digits = [0; 11];
        let digits = &mut digits[..width];
        reader.read_exact(digits)?;
        let text = std::str::from_utf8(digits).map_err(|_| broken())?;
        u64::from_str_radix(text, radix).map_err(|_| broken())
    };
    widths.iter().map(read).collect()
}

fn skip(reader: &mut dyn Read, bytes: u64) -> io::Result<()> {
    io::copy(&mut reader.take(bytes), &mut io::sink()).map(|_| ())
}

fn padding(written: u64, filled: u64) -> u64 {
    written.next_multiple_of(filled) - written
}

fn broken() -> io::Error {
    io::Error::other("broken cpio header: the rest is not examined")
}
