//! Walks a file and everything nested in it, as streams: nothing is unpacked under a name of its own.

use std::io::{self, Cursor, Read, Seek, SeekFrom};

use memchr::memmem;

use super::buffered::{Kept, hold, keep};
use super::conclusion;
use super::finding::{
    Evidence, ExaminedFile, FileFormat, FoundOpenSsl, Linkage, OtherLibrary, Package,
};
use super::kind::{self, FileKind, HEAD};
use super::limits::{Budget, ExaminationLimits};
use super::maintainer;
use super::native;
use super::promise::{self, Standing};
use super::scratch::{Readable, Scratch, ScratchFile, Window};
use super::view::{BytesView, Disk, ReadAt};
use super::{sbom, source};
use crate::text::one_line;

/// How a static library starts.
const AR: &[u8; 8] = b"!<arch>\n";

/// Examines one file and everything nested in it.
///
/// `path` is what the file is called in the answer. Loose files of one `folder` are shipped
/// together; [`super::settle`] joins them. What is broken is reported in the file it stands in, and
/// the rest still counts. A file in which nothing is found gives one blank answer. Members that are
/// too large to be held in memory are kept in `scratch` for as long as they are looked at.
pub fn examine<R: Read + Seek + ReadAt>(
    path: &str,
    folder: &str,
    mut reader: R,
    limits: &ExaminationLimits,
    scratch: &Scratch,
) -> Vec<ExaminedFile> {
    let place = WalkPlace {
        path: one_line(path),
        member: String::new(),
        name: path.to_owned(),
        unit: folder.to_owned(),
        depth: 0,
    };
    let mut walk = Walk {
        limits,
        scratch,
        budget: Budget::new(limits),
        members: 0,
        held: 0,
        found: Vec::new(),
        package: Package::default(),
    };
    let format = walk.top(&place, &mut reader);
    let mut found = walk.found;
    if found.is_empty() {
        found.push(place.file(format));
    }
    // A statement with nothing to say goes when files are joined.
    let first = found.iter().position(|file| !file.format.is_sbom());
    if let Some(first) = found.get_mut(first.unwrap_or(0)) {
        first.package = walk.package;
    }
    found
}

/// Where the walk stands.
#[derive(Debug, Clone)]
pub(super) struct WalkPlace {
    path: String,
    /// The path inside the outermost archive; empty for the file itself.
    member: String,
    /// The name that tells what the bytes do not.
    pub(super) name: String,
    unit: String,
    depth: u32,
}

impl WalkPlace {
    /// A member of the archive that stands here.
    pub(super) fn member(&self, name: &str) -> Self {
        let name = one_line(name.strip_prefix("./").unwrap_or(name));
        let member = if self.member.is_empty() {
            name.clone()
        } else {
            format!("{}!{name}", self.member)
        };
        Self {
            path: self.path.clone(),
            member,
            name,
            unit: format!("{}!{}", self.path, self.member),
            depth: self.depth + 1,
        }
    }

    /// What is inside the compressed file that stands here.
    pub(super) fn inner(&self) -> Self {
        Self {
            name: kind::without_compression(&self.name).to_owned(),
            depth: self.depth + 1,
            ..self.clone()
        }
    }

    /// What stands behind the headers of the package, or behind the executable, that stands here.
    pub(super) fn payload(&self) -> Self {
        Self {
            name: "payload.cpio.lzma".to_owned(),
            depth: self.depth + 1,
            unit: format!("{}!{}", self.path, self.member),
            ..self.clone()
        }
    }

    pub(super) fn file(&self, format: FileFormat) -> ExaminedFile {
        let member = (!self.member.is_empty()).then(|| self.member.clone());
        ExaminedFile::new(self.path.clone(), member, self.unit.clone(), format)
    }
}

pub(super) struct Walk<'a> {
    pub(super) limits: &'a ExaminationLimits,
    scratch: &'a Scratch,
    pub(super) budget: Budget,
    members: u64,
    /// Bytes held in memory by the archives that the walk stands in.
    held: u64,
    pub(super) found: Vec<ExaminedFile>,
    package: Package,
}

impl Walk<'_> {
    /// The file itself, which can be read from any place: a zip or compiled code needs not be held
    /// in memory.
    fn top(&mut self, place: &WalkPlace, reader: &mut dyn Readable) -> FileFormat {
        let (size, head) = match opened(reader) {
            Ok(opened) => opened,
            Err(error) => {
                self.problem(place, FileFormat::Other, &error);
                return FileFormat::Other;
            }
        };
        match FileKind::of(&head, &place.name) {
            FileKind::Zip => self.zip(place, reader),
            FileKind::Native(format) if size <= self.limits.file => {
                self.native_on_disk(place, format, reader, size);
                format
            }
            FileKind::Script => self.script(place, reader),
            FileKind::SevenZip => self.seven_zip(place, reader, 0),
            FileKind::Other => {
                let found = self.at_the_end(place, FileFormat::Other, reader);
                match found.and_then(|found| reader.rewind().map(|()| found)) {
                    Ok(true) => return FileFormat::Zip,
                    Ok(false) => self.other(place, &head, reader, size),
                    Err(error) => self.problem(place, FileFormat::Other, &error),
                }
                FileFormat::Other
            }
            _ => self.stream(place, reader, size),
        }
    }

    /// A member: whether the limits allow to look into it.
    pub(super) fn enter(&mut self, place: &WalkPlace) -> bool {
        self.members += 1;
        self.package.is_sdist |= is_package_info(&place.member);
        if self.members == self.limits.members.saturating_add(1) {
            self.problem(
                place,
                FileFormat::Other,
                &format!(
                    "more than {} members: this and the rest are not examined",
                    self.limits.members
                ),
            );
        }
        self.members <= self.limits.members
    }

    /// A file that is read once from start to end; `size` is what it claims to have.
    pub(super) fn stream(
        &mut self,
        place: &WalkPlace,
        reader: &mut dyn Read,
        size: u64,
    ) -> FileFormat {
        let mut head = Vec::with_capacity(HEAD);
        if let Err(error) = reader.take(HEAD as u64).read_to_end(&mut head) {
            self.problem(place, FileFormat::Other, &error);
            return FileFormat::Other;
        }
        let kind = FileKind::of(&head, &place.name);
        let is_archive = matches!(
            kind,
            FileKind::Zip
                | FileKind::Ar
                | FileKind::Tar
                | FileKind::Cpio
                | FileKind::Rpm
                | FileKind::SevenZip
                | FileKind::Compressed(_)
        );
        if is_archive && self.is_too_deep(place) {
            return FileFormat::Other;
        }
        let mut whole = Cursor::new(&head).chain(reader);
        match kind {
            FileKind::Native(_)
            | FileKind::Ar
            | FileKind::Zip
            | FileKind::SevenZip
            | FileKind::Script => self.kept(place, kind, &mut whole, size),
            FileKind::Tar => {
                self.tar(place, &mut whole);
                FileFormat::Tar
            }
            FileKind::Cpio => {
                self.cpio(place, &mut whole);
                FileFormat::Cpio
            }
            FileKind::Rpm => {
                self.rpm(place, &mut whole);
                FileFormat::Rpm
            }
            FileKind::Compressed(compression) => self.compressed(place, compression, &mut whole),
            FileKind::Sbom | FileKind::VersionDat | FileKind::Opensslv => {
                self.text(place, kind, &mut whole, size);
                FileFormat::Other
            }
            FileKind::Unread(what) => {
                self.problem(
                    place,
                    FileFormat::Other,
                    &format!("{what} are not read: unpack it first"),
                );
                FileFormat::Other
            }
            FileKind::Other => {
                self.other(place, &head, &mut whole, size);
                FileFormat::Other
            }
        }
    }

    /// A file of no kind that is read: told where it should have been one, by its name or by the
    /// text in it.
    fn other(&mut self, place: &WalkPlace, head: &[u8], reader: &mut dyn Read, size: u64) {
        /// Bytes of a program of DOS; real ones have less than one MiB.
        const DOS_PROGRAM: u64 = 16 << 20;
        if self.unkept(place, head) || !promise::is_dos(head) {
            return;
        }
        match hold(reader, size, DOS_PROGRAM, true) {
            Ok(held) if memmem::find(&held.bytes, b"OpenSSL ").is_none() => {}
            Ok(_) => {
                let why = "it begins like a program, is none that is read, and has OpenSSL's name in it: download or build it again";
                self.problem(place, FileFormat::Other, &why);
            }
            Err(error) => self.problem(place, FileFormat::Other, &error),
        }
    }

    /// Reports a file that is not what its name says; whether it was.
    fn unkept(&mut self, place: &WalkPlace, head: &[u8]) -> bool {
        let standing = match (place.depth, place.unit.is_empty()) {
            (0, true) => Standing::Named,
            (0, false) => Standing::InFolder,
            _ => Standing::InArchive,
        };
        let why = promise::unkept(head, &place.name, standing);
        if let Some(why) = &why {
            self.problem(place, FileFormat::Other, why);
        }
        why.is_some()
    }

    /// Whether an archive that stands here is nested deeper than is looked; that is reported.
    pub(super) fn is_too_deep(&mut self, place: &WalkPlace) -> bool {
        let is_too_deep = place.depth >= self.limits.depth;
        if is_too_deep {
            let depth = self.limits.depth;
            let why = format!("archives nested deeper than {depth}: not examined");
            self.problem(place, FileFormat::Other, &why);
        }
        is_too_deep
    }

    /// Keeps a file for as long as it is looked at, to read it from any place.
    fn kept(
        &mut self,
        place: &WalkPlace,
        kind: FileKind,
        reader: &mut dyn Read,
        size: u64,
    ) -> FileFormat {
        let format = match kind {
            FileKind::Native(format) => format,
            FileKind::Ar => FileFormat::StaticLibrary,
            FileKind::Script => FileFormat::Other,
            FileKind::SevenZip => FileFormat::SevenZip,
            _ => kind::zip_format(&place.name),
        };
        let most = if place.depth == 0 {
            self.limits.file
        } else {
            self.limits.held.saturating_sub(self.held)
        };
        let kept = if kind == FileKind::Ar {
            // Its members are looked at where they stand.
            hold(reader, size, most, self.held > 0).map(Kept::Memory)
        } else {
            keep(reader, size, most, self.scratch)
        };
        match kept {
            Ok(Kept::Memory(held)) => {
                let length = held.bytes.len() as u64;
                self.held += length;
                let format = match kind {
                    FileKind::Native(format) => {
                        self.native(place, format, &held.bytes);
                        format
                    }
                    FileKind::Ar => self.ar(place, &held.bytes),
                    _ => self.archive(place, kind, &mut Cursor::new(&held.bytes)),
                };
                self.held -= length;
                format
            }
            Ok(Kept::File(file)) => self.in_file(place, kind, format, file),
            Err(error) => {
                self.problem(place, format, &error);
                format
            }
        }
    }

    /// A member that is kept in a file.
    fn in_file(
        &mut self,
        place: &WalkPlace,
        kind: FileKind,
        format: FileFormat,
        mut file: Box<dyn ScratchFile>,
    ) -> FileFormat {
        let size = match file
            .seek(SeekFrom::End(0))
            .and_then(|size| file.rewind().map(|()| size))
        {
            Ok(size) => size,
            Err(error) => {
                self.problem(place, format, &error);
                return format;
            }
        };
        self.held += size;
        let format = match kind {
            FileKind::Native(format) => {
                self.native_on_disk(place, format, &*file, size);
                format
            }
            _ => self.archive(place, kind, &mut *file),
        };
        self.held -= size;
        format
    }

    fn archive(
        &mut self,
        place: &WalkPlace,
        kind: FileKind,
        reader: &mut dyn Readable,
    ) -> FileFormat {
        match kind {
            FileKind::Script => self.script(place, reader),
            FileKind::SevenZip => self.seven_zip(place, reader, 0),
            _ => self.zip(place, reader),
        }
    }

    fn native(&mut self, place: &WalkPlace, format: FileFormat, bytes: &[u8]) {
        let slices = match native::slices(BytesView::Memory(bytes)) {
            Ok(slices) => slices,
            Err(problem) => return self.problem(place, format, &problem),
        };
        let slices = slices.into_iter().filter_map(|range| {
            bytes.get(usize::try_from(range.start).ok()?..usize::try_from(range.end).ok()?)
        });
        for slice in slices {
            if slice.starts_with(AR) {
                self.ar(place, slice);
                continue;
            }
            let end = self.code(place, format, BytesView::Memory(slice));
            self.behind_executable(place, format, &mut Cursor::new(slice), end);
        }
    }

    /// Compiled code that needs not be held in memory.
    fn native_on_disk(
        &mut self,
        place: &WalkPlace,
        format: FileFormat,
        bytes: &dyn ReadAt,
        size: u64,
    ) {
        let disk = Disk::new(bytes, size, self.limits.held);
        let slices = match native::slices(BytesView::Disk(&disk)) {
            Ok(slices) => slices,
            Err(problem) => return self.problem(place, format, &problem),
        };
        for range in slices {
            let size = range.end - range.start;
            let mut window = Window::new(bytes, range);
            let mut start = [0; AR.len()];
            if window.read_exact_at(&mut start, 0).is_ok() && start == *AR {
                self.kept(place, FileKind::Ar, &mut window, size);
                continue;
            }
            let view = &Disk::new(&window, size, self.limits.held);
            let end = self.code(place, format, BytesView::Disk(view));
            self.behind_executable(place, format, &mut window, end);
        }
    }

    /// Compiled code; where it ends, as far as it describes itself.
    fn code(&mut self, place: &WalkPlace, format: FileFormat, view: BytesView<'_>) -> u64 {
        match native::read(view, &place.name) {
            Ok(native) => {
                let end = native.end;
                let mut file = place.file(format);
                conclusion::add(&mut file, native);
                self.compiled(place, file.platform.as_deref());
                self.report(file);
                end
            }
            Err(problem) => {
                self.problem(place, format, &problem);
                0
            }
        }
    }

    /// Remembers that there is compiled code, unless tests are made of it.
    pub(super) fn compiled(&mut self, place: &WalkPlace, platform: Option<&str>) {
        /// Folders of what is there to be read by tests.
        const TESTS: [&str; 5] = ["test", "tests", "testing", "testdata", "fixtures"];
        let mut folders = place.member.split(['/', '\\', '!']);
        if !folders.any(|folder| TESTS.contains(&folder)) {
            self.package.code.extend(platform.map(str::to_owned));
        }
    }

    fn text(&mut self, place: &WalkPlace, kind: FileKind, reader: &mut dyn Read, size: u64) {
        let held = match hold(reader, size, self.limits.text, true) {
            Ok(held) => held,
            // A text of that size is no SBOM and no header.
            Err(error) => return self.problem(place, FileFormat::Other, &error),
        };
        let text = || String::from_utf8_lossy(&held.bytes);
        match kind {
            FileKind::VersionDat => {
                self.source(place, FileFormat::VersionDat, source::version_file(&text()));
            }
            FileKind::Opensslv => self.source(place, FileFormat::Opensslv, source::header(&text())),
            _ => match sbom::read(&held.bytes) {
                Ok(Some(sbom)) => self.sbom(place, sbom),
                Ok(None) => drop(self.unkept(place, &held.bytes)),
                Err(problem) => self.problem(place, FileFormat::Other, &problem),
            },
        }
    }

    fn source(
        &mut self,
        place: &WalkPlace,
        format: FileFormat,
        read: Result<Option<FoundOpenSsl>, OtherLibrary>,
    ) {
        let mut file = place.file(format);
        match read {
            Ok(found) => file.openssl.extend(found),
            Err(library) => file.other.push(library),
        }
        self.report(file);
    }

    fn sbom(&mut self, place: &WalkPlace, sbom: sbom::Sbom) {
        let mut file = place.file(sbom.format);
        for claim in sbom.claims {
            let maintainer = maintainer::of_purl(&claim.purl);
            let evidence = vec![Evidence::Purl {
                purl: claim.purl,
                sha256: claim.sha256,
            }];
            conclusion::merge(
                &mut file.openssl,
                FoundOpenSsl {
                    version: Some(claim.version),
                    date: None,
                    built: None,
                    evidence,
                    linkage: Linkage::Source,
                    maintainer,
                },
            );
        }
        self.report(file);
    }

    /// Keeps a file if there is anything to say about it, or if others may have something to say
    /// about it.
    pub(super) fn report(&mut self, file: ExaminedFile) {
        if !file.is_blank() || file.is_shared_library || file.member.is_none() {
            self.found.push(file);
        }
    }

    /// Reports what is broken.
    pub(super) fn problem(
        &mut self,
        place: &WalkPlace,
        format: FileFormat,
        problem: &dyn std::fmt::Display,
    ) {
        // Every member of a file that inflates without end would say so again.
        if self.budget.is_spent() && self.found.iter().any(|file| !file.unread.is_empty()) {
            return;
        }
        let problem = one_line(&problem.to_string());
        self.found.push(ExaminedFile {
            unread: vec![problem],
            ..place.file(format)
        });
    }
}

/// Whether it is the `PKG-INFO` of a source distribution: in the folder that everything is in.
fn is_package_info(member: &str) -> bool {
    let folder = member.strip_suffix("/PKG-INFO");
    folder.is_some_and(|folder| {
        !folder.contains(['/', '!']) && folder != "EGG-INFO" && !folder.ends_with(".egg-info")
    })
}

/// The size and the first bytes.
fn opened(reader: &mut dyn Readable) -> io::Result<(u64, Vec<u8>)> {
    let size = reader.seek(SeekFrom::End(0))?;
    reader.rewind()?;
    let mut head = Vec::with_capacity(HEAD);
    reader.take(HEAD as u64).read_to_end(&mut head)?;
    reader.rewind()?;
    Ok((size, head))
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use proptest::collection::vec;
    use proptest::prelude::{any, proptest};

    use super::*;
    use crate::artefact::{scratch, settle};

    /// The start of an ELF file, which is not one.
    const ELF: &[u8] = b"\x7fELF\x02\x01\x01\0\0\0\0\0\0\0\0\0";

    fn small() -> ExaminationLimits {
        ExaminationLimits {
            depth: 3,
            inflated: 1 << 20,
            held: 1 << 16,
            file: 1 << 16,
            members: 50,
            text: 1 << 12,
        }
    }

    fn problems(name: &str, bytes: &[u8]) -> Vec<String> {
        let mut found = examine(name, "", Cursor::new(bytes), &small(), &scratch::in_memory);
        settle(&mut found);
        found
            .iter()
            .flat_map(|file| {
                file.unread
                    .iter()
                    .map(|problem| format!("{}: {problem}", file.member.as_deref().unwrap_or("")))
            })
            .collect()
    }

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    fn zip(members: &[(&str, &[u8])]) -> Vec<u8> {
        let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
        for (name, bytes) in members {
            writer
                .start_file(*name, zip::write::SimpleFileOptions::default())
                .unwrap();
            writer.write_all(bytes).unwrap();
        }
        writer.finish().unwrap().into_inner()
    }

    fn tar(members: &[(&str, &[u8])]) -> Vec<u8> {
        let mut builder = tar::Builder::new(Vec::new());
        for (name, bytes) in members {
            let mut header = tar::Header::new_gnu();
            header.set_size(bytes.len() as u64);
            builder.append_data(&mut header, name, *bytes).unwrap();
        }
        builder.into_inner().unwrap()
    }

    #[test]
    fn endless_nesting_ends() {
        let mut bytes = gzip(b"at last");
        for _ in 0..20 {
            bytes = gzip(&bytes);
        }
        assert_eq!(
            problems("x.gz", &bytes),
            [": archives nested deeper than 3: not examined"]
        );
    }

    #[test]
    fn a_bomb_costs_its_limit_and_is_named() {
        let zeros = vec![0; 3 << 20];
        assert_eq!(
            problems(
                "x.tar.gz",
                &gzip(&tar(&[("zeros", &zeros), ("after", b"")]))
            ),
            [": inflates to more than 1 MiB"]
        );
        let padded = [ELF, &zeros[..1 << 17]].concat();
        assert_eq!(
            problems("x.zip", &zip(&[("a.so", &padded), ("b.txt", b"fine")])),
            ["a.so: larger than 65536 bytes: not examined"]
        );
        // What is not looked into is not inflated.
        assert_eq!(
            problems("x.zip", &zip(&[("zeros", &zeros)])),
            [] as [String; 0]
        );
    }

    #[test]
    fn many_members_end() {
        let names: Vec<String> = (0..60).map(|at| format!("m{at}")).collect();
        let members: Vec<(&str, &[u8])> = names
            .iter()
            .map(|name| (name.as_str(), &b"x"[..]))
            .collect();
        assert_eq!(
            problems("x.zip", &zip(&members)),
            ["m50: more than 50 members: this and the rest are not examined"]
        );
    }

    #[test]
    fn what_is_broken_does_not_stop_the_rest() {
        let inner = zip(&[("deep.so", ELF)]);
        let found = problems(
            "x.zip",
            &zip(&[
                ("a.so", ELF),
                ("b.zip", &inner[..inner.len() - 4]),
                ("c.tar.gz", &gzip(&tar(&[("d.so", ELF)]))),
            ]),
        );
        let places: Vec<&str> = found
            .iter()
            .map(|problem| problem.split(':').next().unwrap())
            .collect();
        assert_eq!(places, ["a.so", "b.zip", "c.tar.gz!d.so"], "{found:?}");
    }

    #[test]
    fn long_names_and_lying_sizes_of_tar() {
        let long = "x".repeat(300);
        let mut bytes = tar(&[(&long, ELF)]);
        assert!(problems("x.tar", &bytes)[0].starts_with(&long));
        // The name claims to have almost 8 GiB.
        bytes[124..136].copy_from_slice(b"77777777777\0");
        let sum: u32 = (0..512)
            .map(|at| {
                if (148..156).contains(&at) {
                    32
                } else {
                    u32::from(bytes[at])
                }
            })
            .sum();
        bytes[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
        assert_eq!(problems("x.tar", &bytes).len(), 1);
    }

    #[test]
    fn member_names_cannot_steer_a_terminal() {
        let found = problems("x.zip", &zip(&[("a\u{1b}[2J\u{202e}.so", ELF)]));
        assert!(!found[0].contains(['\u{1b}', '\u{202e}']), "{found:?}");
    }

    const NAMES: [&str; 8] = [
        "file",
        "module.o",
        "sbom.json",
        "sbom.xml",
        "sbom.spdx",
        "opensslv.h",
        "VERSION.dat",
        "file.lzma",
    ];

    /// The seeds of the fuzzer, by name: one small file for each form that is read, behind a byte
    /// that chooses what it is called.
    fn seeds() -> Vec<(String, Vec<u8>)> {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus/scan");
        let entries = std::fs::read_dir(folder).unwrap().flatten();
        entries
            .map(|entry| {
                (
                    entry.file_name().into_string().unwrap(),
                    std::fs::read(entry.path()).unwrap(),
                )
            })
            .collect()
    }

    fn examined(seed: &[u8], limits: &ExaminationLimits) -> Vec<ExaminedFile> {
        let Some((first, bytes)) = seed.split_first() else {
            return Vec::new();
        };
        let mut found = examine(
            NAMES[usize::from(*first) % NAMES.len()],
            "",
            Cursor::new(bytes),
            limits,
            &scratch::in_memory,
        );
        settle(&mut found);
        found
    }

    #[test]
    fn every_form_has_a_seed_that_is_read() {
        // The others are there for what they must not do.
        let whole = seeds()
            .into_iter()
            .filter(|(name, _)| !name.starts_with("damaged"));
        for (name, seed) in whole {
            let found = examined(&seed, &ExaminationLimits::default());
            let versions: Vec<String> = found
                .iter()
                .flat_map(|file| {
                    file.openssl
                        .iter()
                        .flat_map(|found| found.version)
                        .map(|version| version.to_string())
                })
                .collect();
            let expected: &[&str] = match name.as_str() {
                "pax.tar.gz" => &[],
                "opensslv.h" => &["1.1.1w"],
                _ => &["3.5.4"],
            };
            assert!(
                versions == expected
                    && found
                        .iter()
                        .all(|file| file.problems.is_empty() && file.unread.is_empty()),
                "{name}: {found:?}"
            );
        }
    }

    #[test]
    fn a_large_member_says_the_same_as_a_small_one() {
        let seeds = seeds();
        let of = |wanted: &str| {
            let (_, seed) = seeds.iter().find(|(name, _)| name == wanted).unwrap();
            seed[1..].to_vec()
        };
        for code in [of("elf"), of("pe"), of("fat")] {
            let large = [&code[..], &vec![0; 17 << 20]].concat();
            let found = |bytes: &[u8]| {
                let archive = zip(&[("a.so", bytes), ("b.zip", &zip(&[("c.so", bytes)]))]);
                let scratch = &scratch::in_memory;
                examine(
                    "x.whl",
                    "",
                    Cursor::new(archive),
                    &ExaminationLimits::default(),
                    scratch,
                )
            };
            let small = found(&code);
            assert!(small.len() >= 2, "{small:?}");
            assert_eq!(format!("{:?}", found(&large)), format!("{small:?}"));
        }
    }

    proptest! {
        #[test]
        fn damaged_files_are_read_or_reported(which in any::<usize>(), damage in vec((any::<usize>(), any::<u8>()), 1..12), cut in any::<Option<usize>>()) {
            let seeds = seeds();
            let mut seed = seeds[which % seeds.len()].1.clone();
            for (at, byte) in damage {
                let at = at % seed.len();
                seed[at] = byte;
            }
            if let Some(cut) = cut {
                seed.truncate(cut % seed.len());
            }
            examined(&seed, &small());
        }
    }
}
