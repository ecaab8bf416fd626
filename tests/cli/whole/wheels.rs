//! The wheels of a project's release, one for each platform.

use object::{Architecture, BinaryFormat, Endianness};

use crate::artefacts::{elf, fat, object, zip};
use crate::index_server::Upload;

/// A published file: its name, its day, its bytes.
pub(crate) type Wheel = (String, String, Vec<u8>);

/// The platforms of a release.
pub(crate) const PLATFORMS: [&str; 3] = [
    "manylinux_2_34_x86_64",
    "win_amd64",
    "macosx_10_9_universal2",
];

/// The wheel of a release for a platform, with this OpenSSL in it.
pub(crate) fn wheel(release: &str, platform: &str, openssl: &str, day: &str) -> Wheel {
    let text = format!("OpenSSL {openssl} 25 Jul 2026");
    let made = |format, architecture| object(format, architecture, Endianness::Little, &[&text]);
    let (name, module) = match platform.split('_').next() {
        Some("win") => ("_rust.obj", made(BinaryFormat::Coff, Architecture::X86_64)),
        Some("macosx") => (
            "_rust.so",
            fat(
                &made(BinaryFormat::MachO, Architecture::X86_64),
                &made(BinaryFormat::MachO, Architecture::Aarch64),
            ),
        ),
        _ => ("_rust.so", elf(&[&text])),
    };
    let bytes = zip(&[
        (&format!("cryptography/{name}"), &module),
        ("cryptography/__init__.py", b""),
    ]);
    (
        format!("cryptography-{release}-cp311-abi3-{platform}.whl"),
        day.to_owned(),
        bytes,
    )
}

/// The wheels of a release for every platform.
pub(crate) fn wheels(release: &str, openssl: &str, day: &str) -> Vec<Wheel> {
    PLATFORMS
        .iter()
        .map(|platform| wheel(release, platform, openssl, day))
        .collect()
}

/// The files as an index takes them.
pub(crate) fn uploads(wheels: &[Wheel]) -> Vec<Upload<'_>> {
    wheels
        .iter()
        .map(|(name, day, bytes)| (name.as_str(), day.as_str(), bytes.clone()))
        .collect()
}
