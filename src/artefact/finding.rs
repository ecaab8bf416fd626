//! What an examination says of one file.

use std::collections::BTreeSet;
use std::fmt;

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::Serialize;

use crate::openssl::version::Version;

/// One file, or one member of an archive, and the OpenSSL in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExaminedFile {
    /// The file itself, as it was named.
    pub path: String,
    /// The path inside the archive, `!` between nested archives; none for the file itself.
    pub member: Option<String>,
    /// What kind of file it is.
    pub format: FileFormat,
    /// The system and processor that native code is for (`linux-x86_64`).
    pub platform: Option<String>,
    /// Every OpenSSL in it, ascending by version.
    pub openssl: Vec<FoundOpenSsl>,
    /// Libraries that claim to be OpenSSL and are not.
    pub other: Vec<OtherLibrary>,
    /// The libssl and libcrypto it loads, as it names them.
    pub needs: Vec<String>,
    /// What contradicts the rest.
    pub problems: Vec<String>,
    /// What of it could not be read, and why: nobody knows what stands there.
    pub unread: Vec<String>,
    /// The archive or the folder that holds it: files of one unit are shipped together.
    pub(super) unit: String,
    /// Whether it is a shared libssl or libcrypto itself.
    pub(super) is_shared_library: bool,
    /// What the whole file at `path` is, told by the first that is found in it.
    pub(super) package: Package,
}

/// What a published file is, whatever OpenSSL is in it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Package {
    /// The platforms of the compiled code in it, without that which stands in folders of tests.
    pub(super) code: BTreeSet<String>,
    /// Whether a `PKG-INFO` stands in its only folder, as in a source distribution of Python's.
    pub(super) is_sdist: bool,
}

/// One OpenSSL in a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundOpenSsl {
    /// Its version, without what distributors add; none where OpenSSL's own code is there and
    /// nothing says which.
    pub version: Option<Version>,
    /// The date in its version text, which is the release's.
    pub date: Option<Date>,
    /// The day it was compiled, where it says so itself.
    pub built: Option<Date>,
    /// Why it is believed to be there.
    pub evidence: Vec<Evidence>,
    /// How it got there.
    pub linkage: Linkage,
    /// The distribution whose patched build it is (`AlmaLinux`), or the fork whose text it has
    /// (`quictls`); none where it is upstream's. What upstream says of the version says too little
    /// of such a build.
    pub maintainer: Option<String>,
}

/// How a file comes by an OpenSSL.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Linkage {
    /// Compiled in.
    Static,
    /// A shared libssl or libcrypto that is shipped along, or what loads it.
    BundledShared,
    /// The system's is loaded: the version text is only that of the headers.
    DynamicReference,
    /// Only the version text of the headers is there, and no code: its host brings the library.
    HeaderText,
    /// Source code, or a statement about it; nothing is compiled.
    Source,
}

/// Why a version is believed to be in a file.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Evidence {
    /// The version text in native code, whole.
    VersionText(String),
    /// The version text of the headers it was compiled with, which another library then answers
    /// for.
    HeaderText(String),
    /// The constant that `OpenSSL_version_num` returns.
    VersionNumber(u32),
    /// So many of the strings and source file names that OpenSSL's own code carries.
    OwnCode(usize),
    /// The bare version that OpenSSL's default provider gives as its own.
    ProviderVersion(Version),
    /// It loads this file, which is shipped along.
    Loads(String),
    /// An SBOM says so.
    Purl {
        /// The package URL.
        purl: String,
        /// The digest of the source it was built from.
        sha256: Option<String>,
    },
    /// OpenSSL's own `VERSION.dat`.
    VersionFile,
    /// OpenSSL's own `opensslv.h`.
    Header(String),
}

/// A library that claims OpenSSL's version number or interface and is not OpenSSL.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
pub struct OtherLibrary {
    /// What it is: `BoringSSL`, `AWS-LC`, `LibreSSL`, `quictls`, `Tongsuo`, `BabaSSL`, or `BoringSSL
    /// or AWS-LC` where only the number tells.
    pub name: &'static str,
    /// Its own version, where it says one.
    pub version: Option<String>,
}

/// What kind of file one is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(rename = "Format")]
pub enum FileFormat {
    Elf,
    Pe,
    MachO,
    Coff,
    StaticLibrary,
    Wheel,
    Zip,
    Tar,
    Crate,
    Deb,
    Rpm,
    Cpio,
    #[serde(rename = "7z")]
    SevenZip,
    Wasm,
    Compressed,
    #[serde(rename = "cyclonedx")]
    CycloneDx,
    Spdx,
    VersionDat,
    Opensslv,
    Other,
}

impl FileFormat {
    /// Whether it is a statement about software, not software.
    pub fn is_sbom(self) -> bool {
        matches!(self, Self::CycloneDx | Self::Spdx)
    }
}

impl ExaminedFile {
    /// A file with nothing found in it yet.
    pub(super) fn new(
        path: String,
        member: Option<String>,
        unit: String,
        format: FileFormat,
    ) -> Self {
        Self {
            path,
            member,
            format,
            platform: None,
            openssl: Vec::new(),
            other: Vec::new(),
            needs: Vec::new(),
            problems: Vec::new(),
            unread: Vec::new(),
            unit,
            is_shared_library: false,
            package: Package::default(),
        }
    }

    /// The name of the archive that holds it.
    pub(super) fn unit_name(&self) -> String {
        let end = self.unit.trim_end_matches('!');
        end.rsplit('!').next().unwrap_or_default().to_owned()
    }

    /// A file that cannot be read.
    pub fn broken(path: &str, problem: &str) -> Self {
        let unread = vec![crate::text::one_line(problem)];
        Self {
            unread,
            ..Self::new(
                crate::text::one_line(path),
                None,
                String::new(),
                FileFormat::Other,
            )
        }
    }

    /// Whether there is anything to say about it.
    pub fn is_blank(&self) -> bool {
        self.openssl.is_empty()
            && self.other.is_empty()
            && self.needs.is_empty()
            && self.problems.is_empty()
            && self.unread.is_empty()
    }

    /// Where it is, for people.
    pub fn place(&self) -> String {
        self.member.as_ref().map_or_else(
            || self.path.clone(),
            |member| format!("{}: {member}", self.path),
        )
    }

    /// The versions that are really shipped in it: compiled in or bundled, not those of the
    /// system's headers, of source code or of an SBOM.
    pub fn shipped(&self) -> impl Iterator<Item = &FoundOpenSsl> {
        self.openssl
            .iter()
            .filter(|found| matches!(found.linkage, Linkage::Static | Linkage::BundledShared))
    }
}

impl OtherLibrary {
    /// Whether it is built from OpenSSL's own code, so that what OpenSSL has to fix it may have to
    /// fix too: nothing that is known here says which of it.
    pub(crate) fn is_fork(&self) -> bool {
        matches!(self.name, "quictls" | "BabaSSL" | "Tongsuo")
    }
}

impl FoundOpenSsl {
    /// Its evidence in words.
    pub fn reasons(&self, between: &str) -> String {
        self.evidence
            .iter()
            .map(Evidence::to_string)
            .collect::<Vec<_>>()
            .join(between)
    }
}

impl fmt::Display for Linkage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Static => "static",
            Self::BundledShared => "bundled-shared",
            Self::DynamicReference => "dynamic-reference",
            Self::HeaderText => "header-text",
            Self::Source => "source",
        })
    }
}

impl fmt::Display for FileFormat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Elf => "ELF",
            Self::Pe => "PE",
            Self::MachO => "Mach-O",
            Self::Coff => "COFF",
            Self::StaticLibrary => "static library",
            Self::Wheel => "wheel",
            Self::Zip => "zip",
            Self::Tar => "tar",
            Self::Crate => "crate",
            Self::Deb => "deb",
            Self::Rpm => "rpm",
            Self::Cpio => "cpio",
            Self::SevenZip => "7z",
            Self::Wasm => "WebAssembly",
            Self::Compressed => "compressed file",
            Self::CycloneDx => "CycloneDX",
            Self::Spdx => "SPDX",
            Self::VersionDat => "VERSION.dat",
            Self::Opensslv => "opensslv.h",
            Self::Other => "file",
        })
    }
}

impl fmt::Display for Evidence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::VersionText(text) => write!(f, "version text `{text}`"),
            Self::HeaderText(text) => write!(f, "compiled with headers of `{text}`"),
            Self::VersionNumber(number) => write!(f, "version number {number:#010x}"),
            Self::OwnCode(marks) => write!(f, "{marks} strings and source names of OpenSSL's own"),
            Self::ProviderVersion(version) => write!(f, "its provider's version `{version}`"),
            Self::Loads(name) => write!(f, "loads `{name}`"),
            Self::Purl { purl, sha256: None } => write!(f, "SBOM `{purl}`"),
            Self::Purl {
                purl,
                sha256: Some(sha256),
            } => write!(f, "SBOM `{purl}`, source sha256 {sha256}"),
            Self::VersionFile => f.write_str("VERSION.dat"),
            Self::Header(text) => write!(f, "opensslv.h `{text}`"),
        }
    }
}

impl fmt::Display for OtherLibrary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.version {
            Some(version) => write!(f, "{} {version}", self.name),
            None => f.write_str(self.name),
        }
    }
}
