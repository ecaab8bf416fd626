//! The symbols by which compiled code says which OpenSSL it is: functions that do nothing but return
//! the version.

use std::io;

use memchr::memmem;
use object::read::elf::{ElfFile, FileHeader, SectionHeader as _, Sym as _, SymbolTable};
use object::{
    Architecture, BinaryFormat, File, Object as _, ObjectKind, ObjectSection as _,
    ObjectSymbol as _, ObjectSymbolTable as _, ReadRef as _, SymbolIndex,
};

use super::code;
use super::libraries::NAMES;
use super::view::{BytesView, Parsed, Piece};

/// More functions of one name than any real file has.
const FUNCTIONS: usize = 64;

/// What a name without end counts for among [`NAMES`]: it was looked for to the end of the table.
const NO_NAME: usize = 1 << 20;

/// The constants that functions named as OpenSSL's return.
#[derive(Default)]
pub(super) struct Numbers {
    /// Of those that are linked against.
    pub(super) default: Vec<u32>,
    /// Whether there are functions besides for what was linked against an older library.
    pub(super) has_compatible: bool,
}

/// Looks at the symbols of a file.
pub(super) fn numbers<'data>(file: &Parsed<'data>, view: BytesView<'data>) -> io::Result<Numbers> {
    let mut found = Numbers::default();
    let hidden = hidden_symbols(file, view);
    let mut seen = 0;
    let mut functions = 0;
    for (symbol, is_exported) in symbols(file, view)? {
        if !symbol.is_definition() {
            continue;
        }
        let name = symbol.name_bytes();
        seen += name.map_or(NO_NAME, <[u8]>::len);
        if seen > NAMES {
            break;
        }
        let Ok(name) = name else { continue };
        let name = name.strip_prefix(b"_").unwrap_or(name);
        let Some((function_name, is_old)) = asked(name) else {
            continue;
        };
        functions += 1;
        if functions > FUNCTIONS {
            break;
        }
        if is_old || (is_exported && hidden(symbol.index().0)) {
            found.has_compatible = true;
            continue;
        }
        if !matches!(function_name, b"OpenSSL_version_num" | b"SSLeay") {
            continue;
        }
        let number = function(file, &symbol, view).and_then(|code| {
            code::returned_number(file.architecture(), file.is_little_endian(), code)
        });
        if let Some(number) = number.filter(|number| !found.default.contains(number)) {
            found.default.push(number);
        }
    }
    Ok(found)
}

/// A symbol, and whether it is one that the file exports.
type Symbols<'data, 'file> = Box<dyn Iterator<Item = (Symbol<'data, 'file>, bool)> + 'file>;
type Symbol<'data, 'file> = object::Symbol<'data, 'file, BytesView<'data>>;

/// The symbols of a file and those that it exports: of an ELF file, which may have a hundred
/// thousand, only those that may be named as one of the functions.
fn symbols<'data, 'file>(
    file: &'file Parsed<'data>,
    view: BytesView<'data>,
) -> io::Result<Symbols<'data, 'file>> {
    let [own, exported] = match file {
        File::Elf32(elf) => named_in_elf(elf, view)?,
        File::Elf64(elf) => named_in_elf(elf, view)?,
        _ => {
            let own = file.symbols().map(|symbol| (symbol, false));
            let exported = file.dynamic_symbols().map(|symbol| (symbol, true));
            return Ok(Box::new(own.chain(exported)));
        }
    };
    let of = |table: Option<object::SymbolTable<'data, 'file, BytesView<'data>>>, named: Vec<_>| {
        named
            .into_iter()
            .filter_map(move |at| table.as_ref()?.symbol_by_index(at).ok())
    };
    let own = of(file.symbol_table(), own).map(|symbol| (symbol, false));
    let exported = of(file.dynamic_symbol_table(), exported).map(|symbol| (symbol, true));
    Ok(Box::new(own.chain(exported)))
}

/// Which symbols of an ELF file, and which of those that it exports, may be named as one of the
/// functions: where in the table of names one of these stands is looked for once, and no other
/// symbol's name is read.
fn named_in_elf<'data, Elf: FileHeader>(
    elf: &ElfFile<'data, Elf, BytesView<'data>>,
    view: BytesView<'data>,
) -> io::Result<[Vec<SymbolIndex>; 2]> {
    let named =
        |table: &SymbolTable<'data, Elf, BytesView<'data>>| -> io::Result<Vec<SymbolIndex>> {
            let names = elf.elf_section_table().section(table.string_section());
            let Some((start, size)) = names.ok().and_then(|names| names.file_range(elf.endian()))
            else {
                return Ok(Vec::new());
            };
            let end = start.saturating_add(size).min(view.len().unwrap_or(0));
            let whole = start.min(end)..end;
            let places = view.map(std::slice::from_ref(&whole), |piece| asked_in(&piece))?;
            let places: Vec<u64> = places.into_iter().flatten().take(FUNCTIONS).collect();
            let is_named = |symbol: &Elf::Sym| {
                let name = u64::from(symbol.st_name(elf.endian()));
                !symbol.is_undefined(elf.endian()) && places.contains(&start.saturating_add(name))
            };
            let symbols = table.enumerate().filter(|(_, symbol)| is_named(symbol));
            // One more than are looked at.
            Ok(symbols.map(|(at, _)| at).take(FUNCTIONS + 1).collect())
        };
    Ok([
        named(elf.elf_symbol_table())?,
        named(elf.elf_dynamic_symbol_table())?,
    ])
}

/// Where in the file the names of the functions stand in a piece of a table of names: a name may be
/// the end of another.
fn asked_in(piece: &Piece<'_>) -> Vec<u64> {
    let starts = [&b"OpenSSL_version"[..], b"SSLeay"].map(memmem::Finder::new);
    let found = starts
        .iter()
        .flat_map(|start| start.find_iter(piece.bytes))
        .filter(|at| piece.range.contains(at));
    let mut places = Vec::new();
    for at in found {
        let name = &piece.bytes[at..];
        let end = memchr::memchr(0, name).unwrap_or(name.len());
        if asked(&name[..end]).is_some() {
            let underscore = at > 0 && piece.bytes[at - 1] == b'_';
            let place = piece.start + at as u64;
            places.extend(underscore.then(|| place - 1));
            places.push(place);
        }
    }
    places
}

/// The function that a symbol names, if it tells the version, and whether it is one for what was
/// linked against an older library: `SSLeay@@OPENSSL_1.0.2` is linked against, `SSLeay@OPENSSL_1.0.1`
/// is not.
fn asked(name: &[u8]) -> Option<(&[u8], bool)> {
    let end = memchr::memchr(b'@', name).unwrap_or(name.len());
    let (function, version) = name.split_at(end);
    matches!(
        function,
        b"OpenSSL_version_num" | b"OpenSSL_version" | b"SSLeay" | b"SSLeay_version"
    )
    .then_some((function, !version.is_empty() && !version.starts_with(b"@@")))
}

/// Which of the symbols that an ELF library exports are not linked against any more.
fn hidden_symbols<'data>(
    file: &Parsed<'data>,
    view: BytesView<'data>,
) -> Box<dyn Fn(usize) -> bool + 'data> {
    fn of<'data, Elf: FileHeader>(
        elf: &ElfFile<'data, Elf, BytesView<'data>>,
        view: BytesView<'data>,
    ) -> Box<dyn Fn(usize) -> bool + 'data> {
        let endian = elf.endian();
        match elf.elf_section_table().gnu_versym(endian, view) {
            Ok(Some((versions, _))) => Box::new(move |at| {
                versions
                    .get(at)
                    .is_some_and(|version| version.0.get(endian).is_hidden())
            }),
            _ => Box::new(|_| false),
        }
    }
    match file {
        File::Elf32(elf) => of(elf, view),
        File::Elf64(elf) => of(elf, view),
        _ => Box::new(|_| false),
    }
}

/// The start of a function's code.
fn function<'data>(
    file: &Parsed<'data>,
    symbol: &object::Symbol<'data, '_, BytesView<'data>>,
    view: BytesView<'data>,
) -> Option<&'data [u8]> {
    let section = file.section_by_index(symbol.section_index()?).ok()?;
    // Thumb functions are marked by an odd address.
    let address = if file.architecture() == Architecture::Arm {
        symbol.address() & !1
    } else {
        symbol.address()
    };
    let offset = if file.kind() == ObjectKind::Relocatable && file.format() != BinaryFormat::MachO {
        address
    } else {
        address.checked_sub(section.address())?
    };
    let (start, size) = section.file_range()?;
    let length = size.checked_sub(offset)?.min(code::FUNCTION);
    view.read_bytes_at(start.checked_add(offset)?, length).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_found_in_a_table_also_at_the_end_of_another() {
        for (table, places) in [
            (&b"\0SSLeay\0"[..], &[101][..]),
            (b"\0_SSLeay\0main\0", &[101, 102]),
            (
                b"\0my_OpenSSL_version_num\0OpenSSL_version\0",
                &[103, 104, 124],
            ),
            (b"\0SSLeay_version@@OPENSSL_1.0.2\0", &[101]),
            (b"\0SSLeay_add_ssl_algorithms\0OpenSSL_version_nums\0", &[]),
            (b"\0OpenSSL_version", &[101]),
        ] {
            let piece = Piece {
                bytes: table,
                range: 0..table.len(),
                start: 100,
            };
            let name = String::from_utf8_lossy(table);
            assert_eq!(asked_in(&piece), places, "{name}");
        }
    }
}
