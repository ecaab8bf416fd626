//! Archives and compressed files: each member is walked as it streams by.

use std::io::{self, Read};

use flate2::read::MultiGzDecoder;
use memchr::memmem;
use object::read::archive::ArchiveFile;
use zip::ZipArchive;

use super::conclusion;
use super::finding::FileFormat;
use super::kind::{self, Compression, FileKind};
use super::native::{self, Native};
use super::scratch::Readable;
use super::view::BytesView;
use super::walk::{Walk, WalkPlace};

/// Memory that an xz stream may ask for; the largest preset asks for 65 MiB.
const XZ_MEMORY: u64 = 256 << 20;

/// Bytes of a tar member's extended header; real ones have a few hundred.
const TAR_HEADER: u64 = 1 << 20;

impl Walk<'_> {
    pub(super) fn zip(&mut self, place: &WalkPlace, reader: &mut dyn Readable) -> FileFormat {
        let format = kind::zip_format(&place.name);
        let mut archive = match ZipArchive::new(reader) {
            Ok(archive) => archive,
            Err(error) => {
                self.problem(place, format, &error);
                return format;
            }
        };
        for at in 0..archive.len() {
            if self.budget.is_spent() {
                break;
            }
            // An error here is one member's: its name is all there is to say about it.
            let name = archive
                .name_for_index(at)
                .and_then(Result::ok)
                .map_or_else(|| format!("member {at}"), std::borrow::Cow::into_owned);
            let member = place.member(&name);
            if !self.enter(&member) {
                break;
            }
            match archive.by_index(at) {
                // A name that ends like a folder's may have bytes all the same.
                Ok(file) if file.is_symlink() || (file.is_dir() && file.size() == 0) => {}
                Ok(file) if file.encrypted() => {
                    self.problem(&member, FileFormat::Other, &"encrypted: not examined");
                }
                Ok(file) => {
                    let size = file.size();
                    let mut metered = self.budget.meter(file);
                    self.stream(&member, &mut metered, size);
                }
                Err(error) => self.problem(&member, FileFormat::Other, &error),
            }
        }
        format
    }

    pub(super) fn tar(&mut self, place: &WalkPlace, reader: &mut dyn Read) {
        let mut archive = tar::Archive::new(reader);
        let entries = match archive.entries() {
            // Extended headers are read here: the crate would hold whatever size they claim.
            Ok(entries) => entries.raw(true),
            Err(error) => return self.problem(place, FileFormat::Tar, &error),
        };
        let mut long_name = None;
        let mut is_sparse = false;
        for entry in entries {
            let mut entry = match entry {
                Ok(entry) => entry,
                // After a broken header nothing tells where the next one is.
                Err(error) => return self.problem(place, FileFormat::Tar, &error),
            };
            let kind = entry.header().entry_type();
            let extended = kind.is_gnu_longname() || kind.is_pax_local_extensions();
            if extended {
                let mut bytes = Vec::new();
                if let Err(error) = (&mut entry).take(TAR_HEADER).read_to_end(&mut bytes) {
                    return self.problem(place, FileFormat::Tar, &error);
                }
                long_name = if kind.is_gnu_longname() {
                    Some(until_nul(&bytes))
                } else {
                    is_sparse |= memmem::find(&bytes, b" GNU.sparse.").is_some();
                    pax_path(&bytes).or(long_name)
                };
                continue;
            }
            let is_sparse = std::mem::take(&mut is_sparse) || kind.is_gnu_sparse();
            let name = long_name
                .take()
                .unwrap_or_else(|| String::from_utf8_lossy(&entry.path_bytes()).into_owned());
            if !kind.is_file() && !kind.is_contiguous() && !is_sparse {
                continue;
            }
            let member = place.member(&name);
            if !self.enter(&member) {
                return;
            }
            if is_sparse {
                let why = "stored as a sparse file, which is not read: unpack it first";
                self.problem(&member, FileFormat::Other, &why);
                continue;
            }
            let size = entry.size();
            self.stream(&member, &mut entry, size);
            if self.budget.is_spent() {
                return;
            }
        }
    }

    pub(super) fn compressed(
        &mut self,
        place: &WalkPlace,
        compression: Compression,
        reader: &mut dyn Read,
    ) -> FileFormat {
        let inner = place.inner();
        let decoder: io::Result<Box<dyn Read + '_>> = match compression {
            Compression::Gzip => Ok(Box::new(MultiGzDecoder::new(reader))),
            Compression::Bzip2 => Ok(Box::new(bzip2::read::MultiBzDecoder::new(reader))),
            Compression::Zstd => zstd::stream::read::Decoder::new(reader)
                .map(|decoder| Box::new(decoder) as Box<dyn Read>),
            Compression::Xz | Compression::Lzma => {
                let flags = if compression == Compression::Xz {
                    liblzma::stream::CONCATENATED
                } else {
                    0
                };
                let stream = liblzma::stream::Stream::new_auto_decoder(XZ_MEMORY, flags)
                    .map_err(io::Error::other);
                stream.map(|stream| {
                    Box::new(liblzma::read::XzDecoder::new_stream(reader, stream)) as Box<dyn Read>
                })
            }
        };
        let format = kind::compressed_format(&place.name);
        match decoder {
            Ok(decoder) => {
                let mut metered = self.budget.meter(decoder);
                let inside = self.stream(&inner, &mut metered, 0);
                if inside == FileFormat::Tar && format == FileFormat::Compressed {
                    FileFormat::Tar
                } else {
                    format
                }
            }
            Err(error) => {
                self.problem(place, format, &error);
                format
            }
        }
    }

    /// A Debian package is walked, a static library is one file.
    pub(super) fn ar(&mut self, place: &WalkPlace, bytes: &[u8]) -> FileFormat {
        let archive = match ArchiveFile::parse(bytes) {
            Ok(archive) => archive,
            Err(error) => {
                self.problem(place, FileFormat::StaticLibrary, &native::words(error));
                return FileFormat::StaticLibrary;
            }
        };
        let is_deb = archive
            .members()
            .next()
            .is_some_and(|member| member.is_ok_and(|member| member.name() == b"debian-binary"));
        let format = if is_deb {
            FileFormat::Deb
        } else {
            FileFormat::StaticLibrary
        };
        let mut library = place.file(format);
        let mut objects = Native::default();
        let mut unread = Vec::new();
        for member in archive.members() {
            let member = match member {
                Ok(member) if member.is_thin() => continue,
                Ok(member) => member,
                Err(error) => {
                    library.unread.push(native::words(error));
                    break;
                }
            };
            let name = String::from_utf8_lossy(member.name()).into_owned();
            let inside = place.member(&name);
            if !self.enter(&inside) {
                break;
            }
            match member.data(bytes) {
                Ok(mut data) if is_deb => {
                    let size = data.len() as u64;
                    self.stream(&inside, &mut data, size);
                }
                Ok(data) => {
                    if let Err(why) = object_file(&mut objects, data, &name) {
                        unread.push(format!("`{}`: {why}", inside.name));
                    }
                }
                Err(error) => {
                    library
                        .unread
                        .push(format!("`{}`: {}", inside.name, native::words(error)));
                }
            }
        }
        if let Some((first, rest)) = unread.split_first() {
            let more = match rest.len() {
                0 => String::new(),
                more => format!("; {more} more of its members were not read"),
            };
            library.unread.push(format!("{first}{more}"));
        }
        conclusion::add(&mut library, objects);
        if !is_deb {
            self.compiled(place, library.platform.as_deref());
        }
        if !is_deb || !library.unread.is_empty() {
            self.report(library);
        }
        format
    }
}

/// Adds an object file of a static library; what is none (an index, an import stub) says nothing.
///
/// Errors if it is one and is broken, or of a kind that is not read.
fn object_file(library: &mut Native, data: &[u8], name: &str) -> Result<(), String> {
    let head = &data[..data.len().min(kind::HEAD)];
    match (
        native::read(BytesView::Memory(data), name),
        FileKind::of(head, name),
    ) {
        (Ok(native), _) => library.join(native),
        (Err(why), FileKind::Native(_)) => return Err(why),
        (Err(_), FileKind::Unread(what)) => return Err(format!("{what} are not read")),
        (Err(_), _) => {}
    }
    Ok(())
}

fn until_nul(bytes: &[u8]) -> String {
    let end = bytes
        .iter()
        .position(|&byte| byte == 0)
        .unwrap_or(bytes.len());
    String::from_utf8_lossy(&bytes[..end]).into_owned()
}

/// The path in a POSIX extended header.
fn pax_path(bytes: &[u8]) -> Option<String> {
    let entries = || tar::PaxExtensions::new(bytes).flatten();
    let find = |key: &[u8]| entries().find(|entry| entry.key_bytes() == key);
    find(b"GNU.sparse.name")
        .or_else(|| find(b"path"))
        .map(|entry| String::from_utf8_lossy(entry.value_bytes()).into_owned())
}
