//! Compiled code: ELF, PE, Mach-O and COFF, read for its platform, the libraries it loads, its
//! version texts and its version number.

use std::collections::BTreeSet;
use std::io;
use std::ops::Range;

use jiff::civil::Date;
use memchr::memmem;
use object::macho::{PLATFORM_IOS, PLATFORM_IOSSIMULATOR, PLATFORM_MACCATALYST, PLATFORM_MACOS};
use object::read::macho::{FatArch, MachOFatFile32, MachOFatFile64};
use object::{
    Architecture, BinaryFormat, File, Object as _, ObjectKind, ObjectSection as _,
    ObjectSegment as _,
};
use object::{FileKind, ReadRef as _, SectionFlags, SectionKind};

use super::build_line::BuildLine;
use super::code;
use super::kind::base;
use super::libraries;
use super::marks;
use super::origin::Origin;
use super::symbols::numbers;
use super::version_text::{self, Texts};
use super::view::{BytesView, Parsed, Piece};
use crate::openssl::version::Version;
use crate::text::one_line;

/// What one piece of compiled code says about itself.
#[derive(Debug, Default)]
pub(super) struct Native {
    pub(super) platform: Option<String>,
    pub(super) texts: Texts,
    /// When OpenSSL's own code in it was compiled.
    pub(super) built: Option<Date>,
    /// Whether OpenSSL's own code is in it, and not just its headers' macros.
    pub(super) has_own_code: bool,
    /// The constants of functions named as OpenSSL's; where there are several versions of such a
    /// function, of the one that is linked against.
    pub(super) numbers: Vec<u32>,
    /// Whether there are others besides, for what was linked against an older library.
    pub(super) has_compatible: bool,
    /// The bare version numbers among its constants that OpenSSL 3's provider may mean.
    pub(super) bare: BTreeSet<Version>,
    /// What it says of the package it is from.
    pub(super) origin: Origin,
    /// The constants that some function without a name returns and that belong to one of the texts.
    pub(super) confirmed: Vec<u32>,
    /// The libssl and libcrypto it loads.
    pub(super) needs: Vec<String>,
    /// Whether it is a shared libssl or libcrypto.
    pub(super) is_shared_library: bool,
    /// Where it ends, as far as its sections and segments say.
    pub(super) end: u64,
    /// What could not be read.
    pub(super) problem: Option<String>,
}

impl Native {
    /// Adds another piece of the same library.
    pub(super) fn join(&mut self, other: Self) {
        self.platform = self.platform.take().or(other.platform);
        self.texts.join(other.texts);
        self.built = self.built.or(other.built);
        self.has_own_code |= other.has_own_code;
        self.numbers.extend(other.numbers);
        self.has_compatible |= other.has_compatible;
        self.bare.extend(other.bare);
        self.origin.join(other.origin);
        self.confirmed.extend(other.confirmed);
        for need in other.needs {
            if !self.needs.contains(&need) {
                self.needs.push(need);
            }
        }
        self.is_shared_library |= other.is_shared_library;
        self.problem = self.problem.take().or(other.problem);
    }
}

/// Where the files in a file of compiled code are: one of Mach-O's fat files has one per processor,
/// any other is its own. They may be static libraries.
pub(super) fn slices(view: BytesView<'_>) -> Result<Vec<Range<u64>>, String> {
    fn of<Fat: FatArch>(arches: &[Fat], length: u64) -> Result<Vec<Range<u64>>, String> {
        let range = |arch: &Fat| {
            let (start, size) = arch.file_range();
            let end = start.checked_add(size).filter(|end| *end <= length);
            end.map(|end| start..end)
                .ok_or_else(|| "a part ends beyond the end of the file".to_owned())
        };
        // More than a few processors there never were.
        arches.iter().take(16).map(range).collect()
    }
    let length = view.len().unwrap_or(0);
    match FileKind::parse(view) {
        Ok(FileKind::MachOFat32) => {
            of(MachOFatFile32::parse(view).map_err(words)?.arches(), length)
        }
        Ok(FileKind::MachOFat64) => {
            of(MachOFatFile64::parse(view).map_err(words)?.arches(), length)
        }
        _ => Ok(std::iter::once(0..length).collect()),
    }
}

/// Reads a piece of compiled code.
pub(super) fn read(view: BytesView<'_>, name: &str) -> Result<Native, String> {
    if matches!(view.read_bytes_at(0, 4), Ok(b"\0asm")) {
        return wasm(view).map_err(|error| error.to_string());
    }
    let file = File::parse(view).map_err(words)?;
    one(view, &file, name).map_err(|error| error.to_string())
}

/// An error of the crate that reads the formats, as one of ours.
pub(super) fn words(error: object::Error) -> String {
    error.to_string().to_ascii_lowercase()
}

fn one<'data>(view: BytesView<'data>, file: &Parsed<'data>, name: &str) -> io::Result<Native> {
    let mut native = Native {
        platform: platform(file, view),
        ..Native::default()
    };
    let (needs, soname) = libraries::loaded(file, view);
    let is_shared = file.kind() == ObjectKind::Dynamic;
    native.is_shared_library = is_shared
        && (libraries::is_openssl(base(name))
            || soname.as_deref().is_some_and(libraries::is_openssl));
    native.needs = needs;
    native.origin.soname = soname;
    let stretches = stretches(file, view);
    if stretches.truncated {
        native.problem = Some("sections end beyond the end of the file".to_owned());
    }
    if is_packed(view) {
        let why = "packed by UPX: unpack it first with `upx -d`";
        native.problem = Some(why.to_owned());
    }
    native.end = end(file);
    let numbers = numbers(file, view)?;
    (native.numbers, native.has_compatible) = (numbers.default, numbers.has_compatible);
    search(&mut native, file.architecture(), view, &stretches)?;
    if native.texts.may_be_openssl() {
        origin(&mut native, file, view, &stretches)?;
    }
    Ok(native)
}

/// Whether UPX packed it, whose mark stands behind the headers: what is in it does not show.
fn is_packed(view: BytesView<'_>) -> bool {
    const HEADERS: u64 = 4096;
    let length = view.len().unwrap_or(0).min(HEADERS);
    let start = view.read_bytes_at(0, length);
    start.is_ok_and(|start| memmem::find(start, b"UPX!").is_some())
}

/// Adds what an ELF file with OpenSSL in it says of its package.
fn origin(
    native: &mut Native,
    file: &Parsed<'_>,
    view: BytesView<'_>,
    stretches: &Stretches,
) -> io::Result<()> {
    /// Bytes of such a section; a note has a few hundred.
    const SECTION: u64 = 4096;
    if file.format() != BinaryFormat::Elf {
        return Ok(());
    }
    let section = |name: &[u8]| {
        let (start, size) = file.section_by_name_bytes(name)?.file_range()?;
        let bytes = view.read_bytes_at(start, size.min(SECTION)).ok()?;
        Some(String::from_utf8_lossy(bytes).into_owned())
    };
    native.origin.debug_link =
        section(b".gnu_debuglink").and_then(|link| Some(one_line(link.split('\0').next()?)));
    native.origin.note =
        section(b".note.package").and_then(|note| Some(note[note.find('{')?..].to_owned()));
    // What is linked with a distribution's static library looks where that did.
    let folder = |name: &[u8]| -> io::Result<Option<String>> {
        match view.find(&stretches.data, |piece| directory(&piece, name))? {
            None => view.find(&stretches.code, |piece| directory(&piece, name)),
            found => Ok(found),
        }
    };
    native.origin.directory = folder(b"OPENSSLDIR: \"")?;
    if native.origin.directory.is_some() {
        native.origin.plugins = match folder(b"ENGINESDIR: \"")? {
            None => folder(b"MODULESDIR: \"")?,
            found => found,
        };
    }
    Ok(())
}

/// The folder that OpenSSL's own code says it looks in, behind this name.
fn directory(piece: &Piece<'_>, name: &[u8]) -> Option<String> {
    let at = memmem::find(piece.bytes, name).filter(|at| piece.range.contains(at))?;
    let rest = &piece.bytes[at + name.len()..];
    let end = rest.iter().take(80).position(|&byte| byte == b'"')?;
    std::str::from_utf8(&rest[..end]).ok().map(one_line)
}

/// A module of WebAssembly: its constants are searched as they stand, for all of them are in one
/// section, and its functions have no names that are kept.
fn wasm(view: BytesView<'_>) -> io::Result<Native> {
    let mut native = Native {
        platform: Some("wasm32".to_owned()),
        ..Native::default()
    };
    let whole = Stretches {
        data: std::iter::once(0..view.len().unwrap_or(0)).collect(),
        ..Stretches::default()
    };
    search(&mut native, Architecture::Wasm32, view, &whole)?;
    Ok(native)
}

/// Where the file ends, as far as it describes itself.
fn end(file: &Parsed<'_>) -> u64 {
    let sections = file.sections().filter_map(|section| section.file_range());
    let segments = file.segments().map(|segment| segment.file_range());
    let ends = sections.chain(segments);
    ends.map(|(start, size)| start.saturating_add(size))
        .max()
        .unwrap_or(0)
}

fn search(
    native: &mut Native,
    architecture: Architecture,
    view: BytesView<'_>,
    Stretches { data, code, .. }: &Stretches,
) -> io::Result<()> {
    let texts = |stretches| view.map(stretches, |piece| Texts::of(&piece));
    texts(data)?
        .into_iter()
        .for_each(|texts| native.texts.join(texts));
    if native.texts.openssl.is_empty() {
        // Some linkers put the constants among the code.
        texts(code)?
            .into_iter()
            .for_each(|texts| native.texts.join(texts));
    }
    forks(&mut native.texts, view, data)?;
    native.texts.take_glued();
    if !native.texts.openssl.is_empty() {
        let line = match native.texts.build_line {
            None => view.find(code, |piece| BuildLine::find(&piece))?,
            found => found,
        };
        (native.has_own_code, native.built) = (line.is_some(), line.and_then(|line| line.date));
    }
    // The build line and the version text come from one function: where one text stands beside the
    // line it is that of the code, and nothing has to be asked of the code any more.
    let texts = native.texts.openssl.as_slice();
    let is_said = native.has_own_code && texts.iter().any(|text| text.whole);
    let is_open = if is_said {
        texts.len() > 1
    } else {
        !texts.is_empty()
    };
    if is_open {
        native.confirmed = confirmed(native, architecture, view, code)?;
    }
    if native.texts.marks.are_of_three() && native.numbers.is_empty() && !is_said {
        let bare = view.map(data, |piece| marks::bare_versions(piece.bytes))?;
        native.bare = bare.into_iter().flatten().collect();
    }
    Ok(())
}

/// Adds the libraries that keep OpenSSL's names and texts and say their own beside them.
fn forks(texts: &mut Texts, view: BytesView<'_>, data: &[Range<u64>]) -> io::Result<()> {
    texts.name_tongsuo();
    if texts.other.is_empty() && texts.names_sources && !texts.marks.are_code() {
        let names = |piece: Piece<'_>| version_text::names_sources_of(piece.bytes);
        match view.find(data, names)? {
            Some(name) => texts.add_bare(name),
            // A bare name beside source files of such a library is one.
            None => std::mem::take(&mut texts.words)
                .into_iter()
                .for_each(|word| texts.add_bare(word)),
        }
    }
    Ok(())
}

/// Which stretches of the file are loaded when it runs, in their order.
#[derive(Default)]
struct Stretches {
    data: Vec<Range<u64>>,
    code: Vec<Range<u64>>,
    truncated: bool,
}

fn stretches(file: &Parsed<'_>, view: BytesView<'_>) -> Stretches {
    let mut ranges: Vec<(u64, u64, bool)> = Vec::new();
    for section in file.sections().filter(is_loaded) {
        if let Some((start, size)) = section.file_range() {
            ranges.push((start, size, section.kind() == SectionKind::Text));
        }
    }
    if ranges.is_empty() {
        // Without section headers the segments say what is loaded.
        ranges.extend(file.segments().map(|segment| {
            (
                segment.file_range().0,
                segment.file_range().1,
                segment.permissions().executable(),
            )
        }));
    }
    // Overlapping ranges would make one byte count many times.
    ranges.sort_unstable();
    let length = view.len().unwrap_or(0);
    let mut found = Stretches::default();
    let mut reached = 0;
    for (start, size, is_code) in ranges {
        let end = start.saturating_add(size);
        found.truncated |= size > 0 && end > length;
        let stretch = start.max(reached)..end.min(length);
        reached = reached.max(end);
        if !stretch.is_empty() {
            if is_code {
                &mut found.code
            } else {
                &mut found.data
            }
            .push(stretch);
        }
    }
    found
}

fn is_loaded<'data>(section: &impl object::ObjectSection<'data>) -> bool {
    if section.kind().is_bss() {
        return false;
    }
    match section.flags() {
        SectionFlags::Elf { sh_flags, .. } => sh_flags.contains(object::elf::SHF_ALLOC),
        _ => {
            let name = section.name_bytes().unwrap_or_default();
            let is_side_table = matches!(
                section.kind(),
                SectionKind::Debug | SectionKind::DebugString | SectionKind::Linker
            );
            !is_side_table && name != b".rsrc" && !name.starts_with(b".debug")
        }
    }
}

/// The numbers of the texts that some function returns.
fn confirmed(
    native: &Native,
    architecture: Architecture,
    view: BytesView<'_>,
    code: &[Range<u64>],
) -> io::Result<Vec<u32>> {
    let mut numbers: Vec<u32> = native
        .texts
        .openssl
        .iter()
        .filter_map(|text| text.version.finished().number())
        .collect();
    numbers.sort_unstable();
    numbers.dedup();
    // The symbol has said it already.
    numbers.retain(|number| !native.numbers.contains(number));
    let returned = |number: u32| {
        view.find(code, |piece| {
            code::returned_anywhere(architecture, piece.bytes, number)
        })
    };
    numbers
        .into_iter()
        .filter_map(|number| returned(number).transpose())
        .take(8)
        .collect()
}

/// The system and the processor: `linux-x86_64`, `macos-aarch64`, `windows-x86`.
fn platform(file: &Parsed<'_>, view: BytesView<'_>) -> Option<String> {
    let system = match file.format() {
        BinaryFormat::Elf => match view.read_bytes_at(7, 1) {
            Ok([2]) => "netbsd",
            Ok([6]) => "solaris",
            Ok([9]) => "freebsd",
            Ok([12]) => "openbsd",
            _ => "linux",
        },
        BinaryFormat::Pe | BinaryFormat::Coff => "windows",
        BinaryFormat::MachO => apple(file),
        _ => return None,
    };
    processor(file.architecture(), file.is_little_endian())
        .map(|processor| format!("{system}-{processor}"))
}

fn apple(file: &Parsed<'_>) -> &'static str {
    let platform = match file {
        File::MachO32(file) => file
            .build_version()
            .ok()
            .flatten()
            .map(|build| build.0.platform.get(file.endian())),
        File::MachO64(file) => file
            .build_version()
            .ok()
            .flatten()
            .map(|build| build.0.platform.get(file.endian())),
        _ => None,
    };
    match platform {
        None | Some(PLATFORM_MACOS | PLATFORM_MACCATALYST) => "macos",
        Some(PLATFORM_IOS | PLATFORM_IOSSIMULATOR) => "ios",
        Some(_) => "apple",
    }
}

fn processor(architecture: Architecture, little_endian: bool) -> Option<&'static str> {
    Some(match architecture {
        Architecture::X86_64 => "x86_64",
        Architecture::X86_64_X32 => "x32",
        Architecture::I386 => "x86",
        Architecture::Aarch64 | Architecture::Aarch64_Ilp32 => "aarch64",
        Architecture::Arm => "arm",
        Architecture::PowerPc64 if little_endian => "ppc64le",
        Architecture::PowerPc64 => "ppc64",
        Architecture::PowerPc => "ppc",
        Architecture::S390x => "s390x",
        Architecture::Riscv64 => "riscv64",
        Architecture::Riscv32 => "riscv32",
        Architecture::LoongArch64 => "loongarch64",
        Architecture::Mips | Architecture::Mips64 | Architecture::Mips64_N32 => "mips",
        Architecture::Sparc | Architecture::Sparc32Plus | Architecture::Sparc64 => "sparc",
        _ => return None,
    })
}

/// Whether a number belongs to this version; it says nothing of pre-releases.
pub(super) fn is_number_of(number: u32, version: Version) -> bool {
    Version::from_number(number) == Some(version.finished())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::artefact::view::Disk;

    /// The seeds of the fuzzer that are compiled code, without the byte that chooses their name.
    fn seeds() -> Vec<Vec<u8>> {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus/scan");
        let entries = std::fs::read_dir(folder).unwrap().flatten();
        let seeds = entries.map(|entry| std::fs::read(entry.path()).unwrap()[1..].to_vec());
        seeds
            .filter(|seed| File::parse(&seed[..]).is_ok())
            .collect()
    }

    #[test]
    fn code_on_disk_is_read_as_in_memory() {
        let seeds = seeds();
        assert!(seeds.len() >= 3, "{}", seeds.len());
        for seed in seeds {
            // Whole, cut, and with one byte after the other damaged.
            let cut = (0..seed.len())
                .step_by(7)
                .map(|length| seed[..length].to_vec());
            let damaged = (0..seed.len()).step_by(3).map(|at| {
                let mut damaged = seed.clone();
                damaged[at] ^= 0x55;
                damaged
            });
            for bytes in std::iter::once(seed.clone()).chain(cut).chain(damaged) {
                let cursor = io::Cursor::new(&bytes);
                let disk = Disk::new(&cursor, bytes.len() as u64, u64::MAX);
                let [memory, disk] = [BytesView::Memory(&bytes), BytesView::Disk(&disk)]
                    .map(|view| format!("{:?}", read(view, "libcrypto.so.3")));
                assert_eq!(memory, disk);
            }
        }
    }
}
