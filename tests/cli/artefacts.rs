//! Artefacts made for the tests: object files of many processors, archives of every kind, and real
//! binaries where there is a compiler.

#[path = "../support/seven_zip_frame.rs"]
mod seven_zip_frame;

use std::io::{Cursor, Write};
use std::process::Command;

use object::write::{Object, StandardSection, Symbol, SymbolSection};
use object::{Architecture, BinaryFormat, Endianness, SymbolFlags, SymbolKind, SymbolScope};

use self::seven_zip_frame::{checksum, framed};
use crate::missing;
use crate::sandbox::Sandbox;

/// The line that OpenSSL's own code carries, and its headers do not.
const OWN: &str = "built on: reproducible build, date unspecified";

/// An object file with these C strings among its constants, and the line of OpenSSL's own code.
pub(crate) fn object(
    format: BinaryFormat,
    architecture: Architecture,
    endianness: Endianness,
    strings: &[&str],
) -> Vec<u8> {
    object_of(
        format,
        architecture,
        endianness,
        &[strings, &[OWN]].concat(),
    )
}

/// The same for Linux on x86-64, with nothing but these strings.
pub(crate) fn strings(strings: &[&str]) -> Vec<u8> {
    object_of(
        BinaryFormat::Elf,
        Architecture::X86_64,
        Endianness::Little,
        strings,
    )
}

fn object_of(
    format: BinaryFormat,
    architecture: Architecture,
    endianness: Endianness,
    strings: &[&str],
) -> Vec<u8> {
    let mut object = Object::new(format, architecture, endianness);
    let section = object.section_id(StandardSection::ReadOnlyData);
    let mut data = b"\0".to_vec();
    for string in strings {
        data.extend(string.as_bytes());
        data.push(0);
    }
    object.append_section_data(section, &data, 1);
    object.write().expect("an object file")
}

/// An object file for Linux on x86-64.
pub(crate) fn elf(strings: &[&str]) -> Vec<u8> {
    object(
        BinaryFormat::Elf,
        Architecture::X86_64,
        Endianness::Little,
        strings,
    )
}

/// An object file whose `OpenSSL_version_num` returns this number.
pub(crate) fn elf_returning(number: u32, strings: &[&str]) -> Vec<u8> {
    let mut object = Object::new(BinaryFormat::Elf, Architecture::X86_64, Endianness::Little);
    let text = object.section_id(StandardSection::Text);
    let code = [
        &[0xf3, 0x0f, 0x1e, 0xfa, 0xb8][..],
        &number.to_le_bytes(),
        &[0xc3],
    ]
    .concat();
    let offset = object.append_section_data(text, &code, 16);
    object.add_symbol(Symbol {
        name: b"OpenSSL_version_num".to_vec(),
        value: offset,
        size: code.len() as u64,
        kind: SymbolKind::Text,
        scope: SymbolScope::Dynamic,
        weak: false,
        section: SymbolSection::Section(text),
        flags: SymbolFlags::None,
    });
    let data = object.section_id(StandardSection::ReadOnlyData);
    let strings: Vec<u8> = strings
        .iter()
        .flat_map(|string| [b"\0", string.as_bytes(), b"\0"].concat())
        .collect();
    object.append_section_data(data, &strings, 1);
    object.write().expect("an object file")
}

/// A fat Mach-O file of these two.
pub(crate) fn fat(intel: &[u8], arm: &[u8]) -> Vec<u8> {
    let mut bytes = vec![0xca, 0xfe, 0xba, 0xbe, 0, 0, 0, 2];
    let (first, second) = (
        4096_u32,
        4096 + u32::try_from(intel.len())
            .expect("small")
            .next_multiple_of(4096),
    );
    for (processor, subtype, offset, slice) in [
        (0x0100_0007_u32, 3_u32, first, intel),
        (0x0100_000c, 0, second, arm),
    ] {
        for field in [
            processor,
            subtype,
            offset,
            u32::try_from(slice.len()).expect("small"),
            12,
        ] {
            bytes.extend(field.to_be_bytes());
        }
    }
    bytes.resize(first as usize, 0);
    bytes.extend(intel);
    bytes.resize(second as usize, 0);
    bytes.extend(arm);
    bytes
}

/// A zip, or a wheel.
pub(crate) fn zip(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in members {
        writer
            .start_file(*name, zip::write::SimpleFileOptions::default())
            .expect("a member");
        writer.write_all(bytes).expect("a member");
    }
    writer.finish().expect("a zip").into_inner()
}

/// A 7z archive whose members are stored one behind the other in one block.
pub(crate) fn seven_zip(members: &[(&str, &[u8])]) -> Vec<u8> {
    // Numbers of more than seven bits have a first byte that says how many follow.
    let number = |value: usize| match value {
        0..0x80 => vec![value as u8],
        0x80..0x4000 => vec![0x80 | (value >> 8) as u8, value as u8],
        _ => [&[0xf0][..], &(value as u32).to_le_bytes()].concat(),
    };
    let data = members
        .iter()
        .map(|(_, bytes)| *bytes)
        .collect::<Vec<_>>()
        .concat();
    let (size, count) = (number(data.len()), number(members.len()));
    let sizes = members[..members.len() - 1].iter();
    let names = members
        .iter()
        .flat_map(|(name, _)| name.encode_utf16().chain([0]));
    let names: Vec<u8> = names.flat_map(u16::to_le_bytes).collect();
    let checksums = members.iter().flat_map(|(_, bytes)| checksum(bytes));
    let header = [
        // The streams: one that is packed, of one block with the coder that copies.
        &[1, 4, 6, 0, 1, 9][..],
        &size,
        &[0, 7, 0x0b, 1, 0, 1, 1, 0, 0x0c],
        &size,
        // In it the members, by their sizes and checksums; the last has the rest.
        &[0, 8, 0x0d],
        &count,
        &[9],
        &sizes
            .flat_map(|(_, bytes)| number(bytes.len()))
            .collect::<Vec<_>>(),
        &[0x0a, 1],
        &checksums.collect::<Vec<_>>(),
        &[0, 0, 5],
        &count,
        &[0x11],
        &number(names.len() + 1),
        &[0],
        &names,
        &[0, 0],
    ]
    .concat();
    framed(&data, &header)
}

pub(crate) fn tar(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut builder = tar::Builder::new(Vec::new());
    for (name, bytes) in members {
        let mut header = tar::Header::new_gnu();
        header.set_size(bytes.len() as u64);
        header.set_mode(0o644);
        builder
            .append_data(&mut header, name, *bytes)
            .expect("a member");
    }
    builder.into_inner().expect("a tar")
}

pub(crate) fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(bytes).expect("gzip");
    encoder.finish().expect("gzip")
}

pub(crate) fn xz(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = liblzma::write::XzEncoder::new(Vec::new(), 1);
    encoder.write_all(bytes).expect("xz");
    encoder.finish().expect("xz")
}

pub(crate) fn bzip2(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = bzip2::write::BzEncoder::new(Vec::new(), bzip2::Compression::fast());
    encoder.write_all(bytes).expect("bzip2");
    encoder.finish().expect("bzip2")
}

pub(crate) fn zstd(bytes: &[u8]) -> Vec<u8> {
    zstd::encode_all(bytes, 1).expect("zstd")
}

/// A Unix archive: a static library, or a Debian package.
pub(crate) fn ar(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut bytes = b"!<arch>\n".to_vec();
    for (name, data) in members {
        bytes.extend(
            format!(
                "{name:<16}{:<12}{:<6}{:<6}{:<8}{:<10}`\n",
                0,
                0,
                0,
                100_644,
                data.len()
            )
            .bytes(),
        );
        bytes.extend(*data);
        if data.len() % 2 == 1 {
            bytes.push(b'\n');
        }
    }
    bytes
}

/// A cpio archive of the form that rpm packages hold.
pub(crate) fn cpio(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut bytes = Vec::new();
    for (name, data) in members.iter().chain(&[("TRAILER!!!", &b""[..])]) {
        let fields = [
            1,
            0o100_644,
            0,
            0,
            1,
            0,
            data.len(),
            0,
            0,
            0,
            0,
            name.len() + 1,
            0,
        ];
        bytes.extend(b"070701");
        for field in fields {
            bytes.extend(format!("{field:08X}").bytes());
        }
        bytes.extend(name.bytes());
        bytes.push(0);
        bytes.resize(bytes.len().next_multiple_of(4), 0);
        bytes.extend(*data);
        bytes.resize(bytes.len().next_multiple_of(4), 0);
    }
    bytes
}

/// An rpm package around a compressed cpio archive.
pub(crate) fn rpm(payload: &[u8]) -> Vec<u8> {
    let header = [
        &b"\x8e\xad\xe8\x01\0\0\0\0"[..],
        &[0, 0, 0, 1, 0, 0, 0, 5],
        &[0; 16],
        b"name\0",
    ]
    .concat();
    let mut bytes = b"\xed\xab\xee\xdb\x03\0".to_vec();
    bytes.resize(96, 0);
    bytes.extend(&header);
    bytes.resize(bytes.len().next_multiple_of(8), 0);
    bytes.extend(&header);
    bytes.extend(payload);
    bytes
}

/// What PyInstaller puts behind its loader.
pub(crate) fn pyinstaller(members: &[(&str, &[u8])]) -> Vec<u8> {
    let (mut data, mut table) = (Vec::new(), Vec::new());
    let number = |number: usize| u32::try_from(number).expect("small").to_be_bytes();
    for (name, bytes) in members {
        let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::fast());
        encoder.write_all(bytes).expect("zlib");
        let stored = encoder.finish().expect("zlib");
        for field in [18 + name.len() + 1, data.len(), stored.len(), bytes.len()] {
            table.extend(number(field));
        }
        table.extend(b"\x01b");
        table.extend(name.bytes());
        table.push(0);
        data.extend(stored);
    }
    let (start, length) = (data.len(), table.len());
    data.extend(table);
    data.extend(b"MEI\x0c\x0b\x0a\x0b\x0e");
    for field in [start + length + 88, start, length, 311] {
        data.extend(number(field));
    }
    data.extend([0; 64]);
    data
}

/// Compiles a C file in the sandbox; `false`, with a notice, where there is no compiler.
pub(crate) fn cc(sandbox: &Sandbox, source: &str, arguments: &[&str]) -> bool {
    sandbox.file("source.c", source);
    match Command::new("cc")
        .args(["-O2", "source.c"])
        .args(arguments)
        .current_dir(sandbox.path())
        .status()
    {
        Ok(status) => {
            assert!(status.success(), "cc {arguments:?}");
            true
        }
        Err(error) => {
            missing::skip(&format!("no C compiler here ({error})"));
            false
        }
    }
}
