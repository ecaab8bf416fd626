//! What a file is, by its first bytes; by its name only where the bytes of such files all look
//! alike.

use super::finding::FileFormat;

/// How a file is to be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum FileKind {
    Native(FileFormat),
    /// A Unix archive: a static library or a Debian package.
    Ar,
    Zip,
    Tar,
    Cpio,
    Rpm,
    SevenZip,
    /// Text with a first line that says what runs it; an archive may stand behind it.
    Script,
    Compressed(Compression),
    /// A statement about software, if it turns out to be one.
    Sbom,
    VersionDat,
    Opensslv,
    /// A package of a kind that is known and not read.
    Unread(&'static str),
    Other,
}

/// How a stream is compressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Compression {
    Gzip,
    Xz,
    Zstd,
    Bzip2,
    Lzma,
}

/// How many bytes [`FileKind::of`] wants to see.
pub(super) const HEAD: usize = 512;

impl FileKind {
    /// Reads the first bytes, and the name.
    pub(super) fn of(head: &[u8], name: &str) -> Self {
        let base = base(name);
        match head {
            // Such an image is compressed in parts, and the first may look like a whole file.
            _ if has_extension(base, &["dmg", "iso"]) && !head.is_empty() => {
                Self::Unread("disk images")
            }
            [0x7f, b'E', b'L', b'F', ..] => Self::Native(FileFormat::Elf),
            [b'M', b'Z', ..] if is_pe(head) => Self::Native(FileFormat::Pe),
            [0xfe, 0xed, 0xfa, 0xce | 0xcf, ..] | [0xce | 0xcf, 0xfa, 0xed, 0xfe, ..] => {
                Self::Native(FileFormat::MachO)
            }
            // A Java class has the same magic, and its version where the number of architectures
            // stands.
            [0xca, 0xfe, 0xba, 0xbe | 0xbf, 0, 0, 0, 1..=40, ..] => Self::Native(FileFormat::MachO),
            [b'!', b'<', b'a', b'r', b'c', b'h', b'>', b'\n', ..]
            | [b'!', b'<', b't', b'h', b'i', b'n', b'>', b'\n', ..] => Self::Ar,
            [b'P', b'K', 3, 4, ..] | [b'P', b'K', 5, 6, ..] => Self::Zip,
            [0x1f, 0x8b, 8, ..] => Self::Compressed(Compression::Gzip),
            [0xfd, b'7', b'z', b'X', b'Z', 0, ..] => Self::Compressed(Compression::Xz),
            [0x28, 0xb5, 0x2f, 0xfd, ..] => Self::Compressed(Compression::Zstd),
            [b'B', b'Z', b'h', b'1'..=b'9', 0x31 | 0x17, ..] => {
                Self::Compressed(Compression::Bzip2)
            }
            [0x5d, 0, 0, ..] if has_extension(base, &["lzma"]) => {
                Self::Compressed(Compression::Lzma)
            }
            [b'L', b'Z', b'I', b'P', 1, ..] => Self::Unread("lzip files"),
            [0x04, 0x22, 0x4d, 0x18, ..] => Self::Unread("LZ4 files"),
            [0x1f, 0x9d, ..] if has_extension(base, &["z"]) => Self::Unread("files of `compress`"),
            [0xed, 0xab, 0xee, 0xdb, ..] => Self::Rpm,
            [b'0', b'7', b'0', b'7', b'0', b'1' | b'2' | b'7', ..] => Self::Cpio,
            [b'0', b'7', b'0', b'7', b'0', b'X', ..] => Self::Unread("stripped cpio archives"),
            [0xc7, 0x71, ..] | [0x71, 0xc7, ..] if has_extension(base, &["cpio"]) => {
                Self::Unread("binary cpio archives")
            }
            [b'B', b'C', 0xc0, 0xde, ..] | [0xde, 0xc0, 0x17, 0x0b, ..] => {
                Self::Unread("files of LLVM's bitcode")
            }
            [0, b'a', b's', b'm', 1, 0, 0, 0, ..] => Self::Native(FileFormat::Wasm),
            [b'#', b'!', ..] => Self::Script,
            [b'R', b'a', b'r', b'!', 0x1a, 7, ..] => Self::Unread("RAR archives"),
            [b'7', b'z', 0xbc, 0xaf, 0x27, 0x1c, ..] => Self::SevenZip,
            [b'M', b'S', b'C', b'F', 0, 0, 0, 0, ..] => Self::Unread("cabinet files"),
            [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1, ..]
                if has_extension(base, &["msi", "msp"]) =>
            {
                Self::Unread("Windows installers")
            }
            [b'x', b'a', b'r', b'!', 0, ..] => Self::Unread("macOS installers"),
            [b'h', b's', b'q', b's', ..] => Self::Unread("squashfs images"),
            _ if is_tar(head) => Self::Tar,
            _ if is_coff(head, base) => Self::Native(FileFormat::Coff),
            _ if base == "VERSION.dat" => Self::VersionDat,
            _ if base == "opensslv.h" => Self::Opensslv,
            _ if has_extension(base, &["json", "spdx", "xml"]) => Self::Sbom,
            _ => Self::Other,
        }
    }
}

/// The name of an archive's format, which its bytes do not tell.
pub(super) fn zip_format(name: &str) -> FileFormat {
    if has_extension(base(name), &["whl"]) {
        FileFormat::Wheel
    } else {
        FileFormat::Zip
    }
}

/// The same for a compressed stream.
pub(super) fn compressed_format(name: &str) -> FileFormat {
    let lower = base(name).to_ascii_lowercase();
    let (stem, extension) = lower.rsplit_once('.').unwrap_or((&lower, ""));
    match extension {
        "crate" => FileFormat::Crate,
        "tgz" | "txz" | "tzst" | "tbz" | "tbz2" | "apk" => FileFormat::Tar,
        _ if stem.ends_with(".tar") => FileFormat::Tar,
        _ => FileFormat::Compressed,
    }
}

/// The name of what is inside a compressed file.
pub(super) fn without_compression(name: &str) -> &str {
    const ENDINGS: [&str; 7] = [".gz", ".xz", ".zst", ".bz2", ".lzma", ".GZ", ".XZ"];
    ENDINGS
        .iter()
        .find_map(|ending| name.strip_suffix(ending))
        .unwrap_or(name)
}

/// The last part of a path, of any system.
pub(super) fn base(name: &str) -> &str {
    name.rsplit(['/', '\\']).next().unwrap_or(name)
}

/// Whether a name ends in one of these.
pub(super) fn has_extension(base: &str, extensions: &[&str]) -> bool {
    base.rsplit_once('.').is_some_and(|(_, found)| {
        extensions
            .iter()
            .any(|extension| found.eq_ignore_ascii_case(extension))
    })
}

/// Whether a DOS header points to a PE one; far ones are left to the parser.
fn is_pe(head: &[u8]) -> bool {
    let Some(at) = head
        .get(0x3c..0x40)
        .and_then(|bytes| bytes.first_chunk())
        .map(|&bytes| u32::from_le_bytes(bytes) as usize)
    else {
        return false;
    };
    head.get(at..at.saturating_add(4))
        .is_none_or(|signature| signature == b"PE\0\0")
}

/// A tar header: its magic, or for those from before it had one the checksum.
fn is_tar(head: &[u8]) -> bool {
    let Some(header) = head.first_chunk::<512>() else {
        return false;
    };
    if &header[257..262] == b"ustar" {
        return true;
    }
    let field = std::str::from_utf8(&header[148..156]).unwrap_or_default();
    let Ok(told) = u32::from_str_radix(field.trim_matches(['\0', ' ']), 8) else {
        return false;
    };
    let sum: u32 = header
        .iter()
        .enumerate()
        .map(|(at, &byte)| u32::from(if (148..156).contains(&at) { b' ' } else { byte }))
        .sum();
    header[0] != 0 && sum == told
}

/// A COFF object, which has no magic: a known processor, and a name that says so.
fn is_coff(head: &[u8], base: &str) -> bool {
    let big = matches!(head, [0, 0, 0xff, 0xff, 2, 0, ..]);
    let machine = matches!(
        head,
        [0x4c, 0x01, ..] | [0x64, 0x86 | 0xaa, ..] | [0xc4, 0x01, ..] | [0x41, 0xa6, ..]
    );
    (big || machine) && has_extension(base, &["o", "obj", "lo"])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_decide_before_names() {
        for (head, name, kind) in [
            (
                &b"\x7fELF\x02\x01"[..],
                "notes.txt",
                FileKind::Native(FileFormat::Elf),
            ),
            (b"PK\x03\x04", "x.whl", FileKind::Zip),
            (
                b"\xca\xfe\xba\xbe\0\0\0\x02",
                "x",
                FileKind::Native(FileFormat::MachO),
            ),
            (b"\xca\xfe\xba\xbe\0\0\0\x41", "X.class", FileKind::Other),
            (
                b"\x64\x86\x02\0",
                "x.obj",
                FileKind::Native(FileFormat::Coff),
            ),
            (b"\x64\x86\x02\0", "x.txt", FileKind::Other),
            (b"MZ", "x", FileKind::Other),
            (b"!<arch>\n", "x.deb", FileKind::Ar),
            (
                b"MAJOR=3\n",
                "openssl-3.5.4/VERSION.dat",
                FileKind::VersionDat,
            ),
            (b"{}", "sboms\\sbom.JSON", FileKind::Sbom),
            (b"", "opensslv.h", FileKind::Opensslv),
            (b"7z\xbc\xaf\x27\x1c", "x.7z", FileKind::SevenZip),
            (b"\xed\xab\xee\xdb\x03", "x", FileKind::Rpm),
            (b"070701", "x", FileKind::Cpio),
            (b"#!/bin/sh\n", "x", FileKind::Script),
            (b"\0asm\x01\0\0\0", "x", FileKind::Native(FileFormat::Wasm)),
            (b"BZh is how it starts", "x", FileKind::Other),
            (b"BZh91AY", "x.DMG", FileKind::Unread("disk images")),
            (b"LZIP\x01", "x.tar.lz", FileKind::Unread("lzip files")),
            (b"\x04\x22\x4d\x18", "x", FileKind::Unread("LZ4 files")),
        ] {
            assert_eq!(FileKind::of(head, name), kind, "{name}");
        }
    }

    #[test]
    fn names_of_packages() {
        for (name, format) in [
            ("x-1.crate", FileFormat::Crate),
            ("a.tar.gz", FileFormat::Tar),
            ("a.tgz", FileFormat::Tar),
            ("libssl.a.xz", FileFormat::Compressed),
        ] {
            assert_eq!(compressed_format(name), format, "{name}");
        }
    }
}
