//! Tarballs made for tests, honest and hostile.

#![allow(
    dead_code,
    unreachable_pub,
    clippy::unwrap_used,
    reason = "tests of every kind share it, and none uses all of it"
)]

use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;
use tar::{Builder, EntryType, Header};

/// A tarball in the making, members with any name and kind.
pub struct MadeTarball(Builder<Vec<u8>>);

impl Default for MadeTarball {
    fn default() -> Self {
        Self(Builder::new(Vec::new()))
    }
}

impl MadeTarball {
    /// A small source tree of a version, as a release has it.
    pub fn of_version(version: &str) -> Self {
        let top = format!("openssl-{version}");
        let (numbers, stage) = version.split_once('-').unwrap_or((version, ""));
        let parts: Vec<&str> = numbers.split('.').collect();
        let tarball = Self::default()
            .noting(&"0123456789".repeat(4))
            .folder(&format!("{top}/"))
            .file(&format!("{top}/README"), b"read me\n");
        if numbers.starts_with(['0', '1']) {
            let header =
                format!("# define OPENSSL_VERSION_TEXT    \"OpenSSL {version}  1 Jan 2020\"\n");
            return tarball
                .file(&format!("{top}/crypto/opensslv.h"), header.as_bytes())
                .symlink(
                    &format!("{top}/include/openssl/opensslv.h"),
                    "../../crypto/opensslv.h",
                );
        }
        let data = format!(
            "MAJOR={}\nMINOR={}\nPATCH={}\nPRE_RELEASE_TAG={stage}\nBUILD_METADATA=\nRELEASE_DATE=\"1 Jan 2026\"\nSHLIB_VERSION=3\n",
            parts[0], parts[1], parts[2]
        );
        tarball
            .executable(&format!("{top}/Configure"), b"#! /usr/bin/env perl\n")
            .file(&format!("{top}/VERSION.dat"), data.as_bytes())
    }

    /// With any member. The name is put into the header as it is.
    pub fn member(
        mut self,
        kind: EntryType,
        name: &str,
        mode: u32,
        link: &str,
        contents: &[u8],
    ) -> Self {
        let mut header = Header::new_gnu();
        header.as_old_mut().name[..name.len()].copy_from_slice(name.as_bytes());
        header.as_old_mut().linkname[..link.len()].copy_from_slice(link.as_bytes());
        header.set_entry_type(kind);
        header.set_mode(mode);
        header.set_size(contents.len() as u64);
        header.set_cksum();
        self.0.append(&header, contents).unwrap();
        self
    }

    /// With a file.
    pub fn file(self, name: &str, contents: &[u8]) -> Self {
        self.member(EntryType::Regular, name, 0o644, "", contents)
    }

    /// With a file that may be executed.
    pub fn executable(self, name: &str, contents: &[u8]) -> Self {
        self.member(EntryType::Regular, name, 0o775, "", contents)
    }

    /// With a folder.
    pub fn folder(self, name: &str) -> Self {
        self.member(EntryType::Directory, name, 0o755, "", b"")
    }

    /// With a symbolic link.
    pub fn symlink(self, name: &str, target: &str) -> Self {
        self.member(EntryType::Symlink, name, 0o777, target, b"")
    }

    /// With the commit that `git archive` notes down.
    pub fn noting(self, commit: &str) -> Self {
        self.member(
            EntryType::XGlobalHeader,
            "pax_global_header",
            0o666,
            "",
            format!("52 comment={commit}\n").as_bytes(),
        )
    }

    /// The archive without compression.
    pub fn plain(self) -> Vec<u8> {
        self.0.into_inner().unwrap()
    }

    /// The tarball.
    pub fn gzipped(self) -> Vec<u8> {
        gzipped(&self.plain())
    }
}

/// Some bytes, compressed.
pub fn gzipped(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}
