//! Archives behind something else: a first line for the shell (zipapp, pex, shiv, self-extractors)
//! or an executable (PyInstaller, installers, AppImages).

use std::io::{self, Read, SeekFrom};

use flate2::read::ZlibDecoder;
use memchr::{memchr_iter, memmem};

use super::finding::FileFormat;
use super::kind::{Compression, FileKind};
use super::scratch::Readable;
use super::seven_zip;
use super::walk::{Walk, WalkPlace};

/// How far from the end a zip's last record may begin: behind its comment.
const TAIL: u64 = 22 + (64 << 10);

/// How far from the end PyInstaller's cookie may begin: on macOS a signature stands behind it.
const SIGNED_TAIL: u64 = 1 << 20;

/// How far behind an executable, or within a script, an archive may begin.
const START: u64 = 1 << 20;

/// What PyInstaller ends its archive with.
const COOKIE: &[u8] = b"MEI\x0c\x0b\x0a\x0b\x0e";
const COOKIE_LENGTH: u64 = 88;

/// Bytes of PyInstaller's table of contents; large applications have some MiB.
const CONTENTS: u64 = 64 << 20;

/// Archives behind an executable that are known and not read, by how they begin.
const NOT_READ: [(&[u8], &str); 6] = [
    (b"Rar!\x1a\x07", "a RAR archive"),
    (b"MSCF\0\0\0\0", "a cabinet file"),
    (b"hsqs", "a squashfs image"),
    (b"\xef\xbe\xad\xdeNullsoftInst", "an NSIS installer"),
    (b"zlb\x1a", "an Inno Setup installer"),
    (b"Inno Setup Setup Data", "an Inno Setup installer"),
];

impl Walk<'_> {
    /// Looks for an archive behind an executable that ends at `end`, as far as it describes itself.
    pub(super) fn behind_executable(
        &mut self,
        place: &WalkPlace,
        format: FileFormat,
        reader: &mut dyn Readable,
        end: u64,
    ) {
        match self.at_the_end(place, format, reader) {
            Ok(true) => {}
            Ok(false) => {
                if let Err(error) = self.overlay(place, format, reader, end) {
                    self.problem(place, format, &error);
                }
            }
            Err(error) => self.problem(place, format, &error),
        }
    }

    /// Looks for a zip or PyInstaller's archive, which are found from the end; whether there is one.
    pub(super) fn at_the_end(
        &mut self,
        place: &WalkPlace,
        format: FileFormat,
        reader: &mut dyn Readable,
    ) -> io::Result<bool> {
        let size = reader.seek(SeekFrom::End(0))?;
        let length = if format == FileFormat::MachO {
            SIGNED_TAIL
        } else {
            TAIL
        };
        let start = size.saturating_sub(length);
        let tail = read_at(reader, start, length)?;
        if has_zip(reader, start, &tail)? {
            if self.is_too_deep(place) {
                return Ok(true);
            }
            reader.rewind()?;
            self.zip(place, reader);
            return Ok(true);
        }
        if format != FileFormat::Other
            && let Some(at) = memmem::rfind(&tail, COOKIE)
            && let Some(cookie) = Cookie::read(&tail[at..], start + at as u64)
        {
            if !self.is_too_deep(place) {
                self.pyinstaller(place, reader, &cookie)?;
            }
            return Ok(true);
        }
        Ok(false)
    }

    /// What stands right behind an executable.
    fn overlay(
        &mut self,
        place: &WalkPlace,
        format: FileFormat,
        reader: &mut dyn Readable,
        end: u64,
    ) -> io::Result<()> {
        let head = read_at(reader, 0, 11)?;
        if format == FileFormat::Elf && matches!(head.get(8..), Some([b'A', b'I', 1 | 2])) {
            let why = "the file system of an AppImage is not read: unpack it first with `--appimage-extract`";
            self.problem(place, format, &why);
            return Ok(());
        }
        if end == 0 || !matches!(format, FileFormat::Elf | FileFormat::Pe) {
            return Ok(());
        }
        let start = read_at(reader, end, START)?;
        if let FileKind::Compressed(compression) = FileKind::of(&start, "")
            && compression != Compression::Lzma
            && !self.is_too_deep(place)
        {
            reader.seek(SeekFrom::Start(end))?;
            self.stream(&place.payload(), reader, 0);
            return Ok(());
        }
        if let Some(at) = memmem::find(&start, seven_zip::MAGIC) {
            if !self.is_too_deep(place) {
                self.seven_zip(&place.payload(), reader, end + at as u64);
            }
            return Ok(());
        }
        let found = NOT_READ
            .iter()
            .filter(|(magic, _)| magic.len() > 4 || start.starts_with(magic))
            .find(|(magic, _)| memmem::find(&start, magic).is_some());
        if let Some((_, what)) = found {
            let why = format!("{what} behind the executable is not read: unpack it first");
            self.problem(place, format, &why);
        }
        Ok(())
    }

    /// A script, and the archive behind it if there is one.
    pub(super) fn script(&mut self, place: &WalkPlace, reader: &mut dyn Readable) -> FileFormat {
        let found = match self.at_the_end(place, FileFormat::Other, reader) {
            Ok(true) => return FileFormat::Zip,
            Ok(false) => payload(reader),
            Err(error) => Err(error),
        };
        match found {
            Ok(true) if !self.is_too_deep(place) => self.stream(&place.payload(), reader, 0),
            Ok(_) => FileFormat::Other,
            Err(error) => {
                self.problem(place, FileFormat::Other, &error);
                FileFormat::Other
            }
        }
    }

    /// The archive that PyInstaller puts behind its loader.
    fn pyinstaller(
        &mut self,
        place: &WalkPlace,
        reader: &mut dyn Readable,
        cookie: &Cookie,
    ) -> io::Result<()> {
        let broken = || io::Error::other("broken PyInstaller archive: the rest is not examined");
        let start = cookie.start;
        if cookie.table_length > CONTENTS {
            return Err(broken());
        }
        let contents = read_at(reader, start + cookie.table, cookie.table_length)?;
        let mut rest = contents.as_slice();
        while !rest.is_empty() {
            let entry_length = number(rest, 0).and_then(|length| usize::try_from(length).ok());
            let entry_length = entry_length.ok_or_else(broken)?;
            if !(18..=rest.len()).contains(&entry_length) {
                return Err(broken());
            }
            let (entry, after) = rest.split_at(entry_length);
            rest = after;
            let field = |at: usize| number(entry, at).unwrap_or(0);
            let (offset, stored, size) = (field(4), field(8), field(12));
            // Modules of Python, options, and names of files elsewhere.
            if !matches!(entry[17], b'b' | b'x' | b'Z' | b'a') {
                continue;
            }
            let name = String::from_utf8_lossy(&entry[18..]);
            let member = place.member(name.trim_end_matches('\0'));
            if !self.enter(&member) || self.budget.is_spent() {
                return Ok(());
            }
            reader.seek(SeekFrom::Start(start + offset))?;
            let data = (&mut *reader).take(stored);
            if entry[16] == 0 {
                let mut metered = self.budget.meter(data);
                self.stream(&member, &mut metered, size);
            } else {
                let mut metered = self.budget.meter(ZlibDecoder::new(data));
                self.stream(&member, &mut metered, size);
            }
        }
        Ok(())
    }
}

/// What PyInstaller's cookie says.
struct Cookie {
    /// Where its archive begins.
    start: u64,
    /// Where in that its table of contents begins.
    table: u64,
    table_length: u64,
}

impl Cookie {
    /// Reads it where it stands in the file at `at`; none if it is a mere mention.
    fn read(bytes: &[u8], at: u64) -> Option<Self> {
        let (length, table, table_length) =
            (number(bytes, 8)?, number(bytes, 12)?, number(bytes, 16)?);
        let inner = length.checked_sub(COOKIE_LENGTH)?;
        let is_sound = table_length > 0 && table + table_length <= inner;
        let start = (at + COOKIE_LENGTH).checked_sub(length)?;
        is_sound.then_some(Self {
            start,
            table,
            table_length,
        })
    }
}

/// A number of four bytes, the highest first.
fn number(bytes: &[u8], at: usize) -> Option<u64> {
    let field = bytes.get(at..)?.first_chunk()?;
    Some(u64::from(u32::from_be_bytes(*field)))
}

/// Whether a zip ends in this tail, which begins at `start`: its last record points to a directory.
fn has_zip(reader: &mut dyn Readable, start: u64, tail: &[u8]) -> io::Result<bool> {
    const DIRECTORY: &[u8] = b"PK\x01\x02";
    for at in memmem::rfind_iter(tail, b"PK\x05\x06").take(8) {
        let Some(size) = tail
            .get(at + 12..at + 16)
            .and_then(|size| size.first_chunk())
        else {
            continue;
        };
        let size = u64::from(u32::from_le_bytes(*size));
        let directory = (start + at as u64).checked_sub(size).filter(|_| size > 0);
        if let Some(directory) = directory
            && read_at(reader, directory, 4)? == DIRECTORY
        {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Goes to the archive that begins at some line of a script; whether there is one.
fn payload(reader: &mut dyn Readable) -> io::Result<bool> {
    let start = read_at(reader, 0, START)?;
    let is_archive = |at: &usize| {
        let head = &start[*at..start.len().min(at + 6)];
        matches!(
            FileKind::of(head, ""),
            FileKind::Compressed(_) | FileKind::Unread(_) | FileKind::Zip | FileKind::SevenZip
        )
    };
    let found = memchr_iter(b'\n', &start).map(|at| at + 1).find(is_archive);
    if let Some(at) = found {
        reader.seek(SeekFrom::Start(at as u64))?;
    }
    Ok(found.is_some())
}

/// At most so many bytes from this place on.
fn read_at(reader: &mut dyn Readable, start: u64, length: u64) -> io::Result<Vec<u8>> {
    reader.seek(SeekFrom::Start(start))?;
    let mut bytes = Vec::new();
    reader.take(length).read_to_end(&mut bytes)?;
    Ok(bytes)
}
