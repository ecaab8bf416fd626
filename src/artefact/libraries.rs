//! The libraries that compiled code loads, and the name that it is loaded by itself.

use object::pe::{IMAGE_DIRECTORY_ENTRY_DELAY_IMPORT, IMAGE_DIRECTORY_ENTRY_IMPORT};
use object::read::pe::{DelayLoadImportTable, ImageNtHeaders, ImportTable, PeFile};
use object::{File, LittleEndian, Object as _, ReadRef as _};

use super::kind::base;
use super::view::{BytesView, Parsed};
use crate::text::one_line;

/// Bytes of symbol and library names that are looked at: hostile tables let many entries share one
/// endless name.
pub(super) const NAMES: usize = 64 << 20;

/// More libraries than any real file loads.
const LIBRARIES: usize = 4096;

/// What is read of a library's name.
const NAME: u64 = 1024;

/// The libssl and libcrypto that a file loads, and the name it is loaded by itself.
pub(super) fn loaded<'data>(
    file: &Parsed<'data>,
    view: BytesView<'data>,
) -> (Vec<String>, Option<String>) {
    let mut needs: Vec<String> = Vec::new();
    let mut seen = 0;
    for library in names(file, view) {
        seen += library.len();
        if seen > NAMES {
            break;
        }
        let name = String::from_utf8_lossy(library);
        if is_openssl(base(&name))
            && name.len() < NAME as usize
            && !needs.iter().any(|need| *need == name)
        {
            needs.push(one_line(&name));
        }
    }
    (needs, soname(file))
}

/// The names of the libraries that a file loads.
fn names<'data>(file: &Parsed<'data>, view: BytesView<'data>) -> Vec<&'data [u8]> {
    match file {
        File::Pe32(pe) => names_in_pe(pe, view),
        File::Pe64(pe) => names_in_pe(pe, view),
        _ => {
            let libraries = file.import_libraries().into_iter().flatten();
            let names = libraries.map_while(|library| Some(library.ok()?.name()));
            names.take(LIBRARIES).collect()
        }
    }
}

/// Those of an image of Windows, also of those that it loads when they are used. Its tables lie in a
/// section with all its constants, so of that no more is read than they need.
fn names_in_pe<'data, Pe: ImageNtHeaders>(
    pe: &PeFile<'data, Pe, BytesView<'data>>,
    view: BytesView<'data>,
) -> Vec<&'data [u8]> {
    /// Bytes of a table: twenty or so for each library.
    const TABLE: u64 = 128 << 10;
    let sections = pe.section_table();
    let at = |address: u32, most: u64| {
        let (start, size) = sections.pe_file_range_at(address)?;
        let (start, size) = (u64::from(start), u64::from(size).min(most));
        Some(start..(start + size).min(view.len().ok()?))
    };
    let table = |which| {
        let (address, _) = pe.data_directory(which)?.address_range();
        let range = at(address, TABLE)?;
        let bytes = view
            .read_bytes_at(range.start, range.end.checked_sub(range.start)?)
            .ok()?;
        Some((bytes, address))
    };
    let mut addresses = Vec::new();
    if let Some((bytes, address)) = table(IMAGE_DIRECTORY_ENTRY_IMPORT)
        && let Ok(imports) = ImportTable::new(bytes, address, address).descriptors()
    {
        let libraries = imports.map_while(Result::ok).take(LIBRARIES);
        addresses.extend(libraries.map(|library| library.name.get(LittleEndian)));
    }
    if let Some((bytes, address)) = table(IMAGE_DIRECTORY_ENTRY_DELAY_IMPORT)
        && let Ok(imports) = DelayLoadImportTable::new(bytes, address, address).descriptors()
    {
        let libraries = imports.map_while(Result::ok).take(LIBRARIES);
        addresses.extend(libraries.map(|library| library.dll_name_rva.get(LittleEndian)));
    }
    let names = addresses.into_iter().filter_map(|address| {
        let range = at(address, NAME)?;
        view.read_bytes_at_until(range, 0).ok()
    });
    names.collect()
}

/// The name an ELF library is loaded by; others are known by their file's name.
fn soname(file: &Parsed<'_>) -> Option<String> {
    fn of<'data, Elf: object::read::elf::FileHeader>(
        elf: &object::read::elf::ElfFile<'data, Elf, BytesView<'data>>,
    ) -> Option<String> {
        let table = elf.elf_dynamic_table().ok()?;
        let entry = table
            .iter()
            .take(4096)
            .find(|entry| entry.tag == object::elf::DT_SONAME)?;
        table
            .string(entry)
            .ok()
            .map(|name| one_line(&String::from_utf8_lossy(&name[..name.len().min(1024)])))
    }
    match file {
        File::Elf32(elf) => of(elf),
        File::Elf64(elf) => of(elf),
        _ => None,
    }
}

/// Whether a file of this name is OpenSSL's libssl or libcrypto: `libcrypto.so.3`,
/// `libssl-1_1-x64.dll`, `libeay32.dll`, a framework's `OpenSSL`. NSS also has a `libssl3.so`.
pub(super) fn is_openssl(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    let is_library = lower.contains(".so") || lower.ends_with(".dylib") || lower.ends_with(".dll");
    let stem = lower
        .strip_prefix("libcrypto")
        .or_else(|| lower.strip_prefix("libssl"));
    stem.is_some_and(|rest| is_library && rest.starts_with(['.', '-', '_']))
        || matches!(lower.as_str(), "libeay32.dll" | "ssleay32.dll")
        || name == "OpenSSL"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn library_names_of_every_system() {
        for name in [
            "libcrypto.so.3",
            "libssl.so.1.0.0",
            "libcrypto-fb8d5b21.so.3",
            "libssl-7f59e8e2.so.1.1.1k",
            "libcrypto.3.dylib",
            "libcrypto-3-x64.dll",
            "LIBSSL-1_1.dll",
            "libeay32.dll",
            "OpenSSL",
            "libcrypto_3.so",
        ] {
            assert!(is_openssl(name), "{name}");
        }
        for name in [
            "libssl3.so",
            "libk5crypto-b1f99d5c.so.3.1",
            "libcrypt.so.1",
            "libcryptopp.so",
            "libcrypto.a",
            "openssl",
            "libgcrypt.so.20",
            "libssl3.dylib",
        ] {
            assert!(!is_openssl(name), "{name}");
        }
    }
}
