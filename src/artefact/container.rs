//! Archives and compressed files: each member is walked as it streams by.

use std::io::{self, Read};

use flate2::read::MultiGzDecoder;
use object::read::archive::ArchiveFile;
use zip::ZipArchive;

use super::conclusion;
use super::finding::FileFormat;
use super::kind::{self, Compression};
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
                Ok(file) if !file.is_file() => {}
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
                    pax_path(&bytes).or(long_name)
                };
                continue;
            }
            let name = long_name
                .take()
                .unwrap_or_else(|| String::from_utf8_lossy(&entry.path_bytes()).into_owned());
            if !kind.is_file() && !kind.is_contiguous() {
                continue;
            }
            let member = place.member(&name);
            if !self.enter(&member) {
                return;
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
                Ok(data) => object_file(&mut objects, data, &name),
                Err(error) => {
                    library
                        .unread
                        .push(format!("`{}`: {}", inside.name, native::words(error)));
                }
            }
        }
        conclusion::add(&mut library, objects);
        if !is_deb || !library.unread.is_empty() {
            self.report(library);
        }
        format
    }
}

/// Adds an object file of a static library; what is no object (an index, an import stub, LLVM's
/// bitcode) says nothing.
fn object_file(library: &mut Native, data: &[u8], name: &str) {
    if let Ok(native) = native::read(BytesView::Memory(data), name) {
        library.join(native);
    }
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
    let mut entries = tar::PaxExtensions::new(bytes).flatten();
    entries
        .find(|entry| entry.key_bytes() == b"path")
        .map(|entry| String::from_utf8_lossy(entry.value_bytes()).into_owned())
}
