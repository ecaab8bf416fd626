//! What a file's name promises, and why bytes of no kind that is read do not keep it: half a
//! download, a server's page, a pointer of Git LFS.

use super::kind::{base, has_extension};

/// What the bytes behind an ending are.
const PROMISES: [(&[&str], &str); 14] = [
    (
        &[
            "whl", "egg", "zip", "jar", "war", "ear", "aar", "ipa", "nupkg", "vsix", "xpi", "msix",
            "appx", "conda", "pyz", "pyzw",
        ],
        "zip archive",
    ),
    (&["tar", "gem"], "tar archive"),
    (
        &[
            "tgz", "txz", "tzst", "tbz", "tbz2", "gz", "xz", "zst", "bz2", "lzma", "crate",
        ],
        "compressed file",
    ),
    (&["apk"], "package that is read"),
    (&["deb", "ar"], "archive of `ar`"),
    (&["a"], LIBRARY),
    (&["rpm"], "RPM package"),
    (&["cpio"], "cpio archive"),
    (&["7z"], "7z archive"),
    (&["rar", "cab"], "archive"),
    (&["msi", "msp", "pkg"], "installer"),
    (&["exe", "dll", "pyd"], PROGRAM),
    (&["so", "dylib", "node", "jnilib", "appimage"], COMPILED),
    (&["wasm"], "module of WebAssembly that is read"),
];

const PROGRAM: &str = "program of Windows";
const COMPILED: &str = "compiled code";
const LIBRARY: &str = "static library";

/// Whether what is promised is code, and no archive of files that a broken download would lack.
fn is_code(what: &str) -> bool {
    [PROGRAM, COMPILED, LIBRARY].contains(&what)
}

/// Endings that texts have too: `README.ar` is in Arabic.
const OF_TEXTS: [&str; 4] = ["ar", "pkg", "node", "gem"];

/// Where a file stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Standing {
    /// The user names just this file.
    Named,
    /// In a folder that is looked at.
    InFolder,
    /// In an archive, among what its maker put there on purpose: nothing of it is lost on the way.
    InArchive,
}

/// Statements about software, whose ending has two parts or is a format's own.
const SBOMS: [&str; 5] = [".cdx.json", ".cdx.xml", ".spdx.json", ".spdx.xml", ".spdx"];

const SBOM: &str = "SBOM";

/// Why a file whose first bytes are of no kind that is read is not what it should be; none where it
/// is none of ours.
pub(super) fn unkept(head: &[u8], name: &str, standing: Standing) -> Option<String> {
    let base = base(name);
    let is_named = standing == Standing::Named;
    if is_lfs_pointer(head) {
        return (is_named || may_be_ours(base)).then(|| {
            "a Git LFS pointer and not the file itself: fetch it with `git lfs pull`".to_owned()
        });
    }
    match promise(base) {
        Some((ending, what)) => {
            let is_kept = match ending.as_str() {
                // Nothing is in it that would have to be read; projects have such as placeholders, and
                // tests have files that are broken on purpose.
                _ if is_code(what) && head.is_empty() => !is_named,
                // What a compressed file should have held is none of these.
                ending if standing == Standing::InArchive && is_text(head) => {
                    ending != "tar" || head.is_empty()
                }
                "so" => is_linker_script(head) || is_link(head, ".so") || is_manual_page(head),
                "a" => is_linker_script(head),
                "dylib" => is_link(head, ".dylib"),
                "tar" => !head.is_empty() && head.iter().all(|byte| *byte == 0),
                "exe" => is_dos(head),
                ending if OF_TEXTS.contains(&ending) && is_text(head) => !is_named,
                _ if what == SBOM => {
                    let text = String::from_utf8_lossy(head).to_ascii_lowercase();
                    text.contains("spdx") || text.contains("cyclonedx")
                }
                _ => false,
            };
            (!is_kept).then(|| {
                let bytes = if head.is_empty() {
                    "it is empty".to_owned()
                } else {
                    format!("its bytes are no {what}")
                };
                format!("its name says `.{ending}`, and {bytes}: download or build it again")
            })
        }
        None if !is_named => None,
        None if head.is_empty() => Some("it is empty: download or build it again".to_owned()),
        None => (!is_text(head) && !is_dos(head))
            .then(|| "its bytes are of no kind that is known here: unpack it first".to_owned()),
    }
}

/// Whether a file of such a name may be an artefact: its name promises one, or it has no ending, as
/// programs have none.
pub(crate) fn may_be_ours(name: &str) -> bool {
    let base = base(name);
    promise(base).is_some() || !base.contains('.')
}

/// Whether a name promises an artefact, and no page of a manual that is only compressed.
pub(crate) fn promises(name: &str) -> bool {
    let base = base(name);
    let lone = ["gz", "xz", "zst", "bz2", "lzma"];
    promise(base).is_some() && (!has_extension(base, &lone) || base.contains(".tar."))
}

/// Whether it begins as a program of DOS does, which those of Windows do too.
pub(super) fn is_dos(head: &[u8]) -> bool {
    head.starts_with(b"MZ")
}

/// The ending, and what it promises.
fn promise(base: &str) -> Option<(String, &'static str)> {
    let lower = base.to_ascii_lowercase();
    if let Some(ending) = SBOMS.iter().find(|ending| lower.ends_with(**ending)) {
        return Some((ending[1..].to_owned(), SBOM));
    }
    let end = base.trim_end_matches(|c: char| c.is_ascii_digit() || c == '.');
    // `libssl.so.3`
    let base = if has_extension(end, &["so"]) {
        end
    } else {
        base
    };
    let (_, what) = PROMISES
        .iter()
        .find(|(endings, _)| has_extension(base, endings))?;
    let (_, ending) = base.rsplit_once('.')?;
    Some((ending.to_ascii_lowercase(), what))
}

fn is_lfs_pointer(head: &[u8]) -> bool {
    head.starts_with(b"version https://git-lfs.github.com/spec/")
        || head.starts_with(b"version https://hawser.github.com/spec/")
}

/// A text that stands in a library's place and tells the linker which files to take.
fn is_linker_script(head: &[u8]) -> bool {
    let words: [&[u8]; 3] = [b"GROUP", b"INPUT", b"GNU ld script"];
    is_text(head)
        && words
            .iter()
            .any(|word| memchr::memmem::find(head, word).is_some())
}

/// The manual of `ld.so` is `ld.so.8`.
fn is_manual_page(head: &[u8]) -> bool {
    is_text(head) && (head.starts_with(b".") || head.starts_with(b"'\\\""))
}

/// A symbolic link that an archive without any holds as text: what it names is a member as well.
fn is_link(head: &[u8], ending: &str) -> bool {
    let text = std::str::from_utf8(head).map(str::trim).unwrap_or_default();
    text.contains(ending) && !text.contains(|c: char| c.is_whitespace() || c.is_control())
}

/// Whether it begins as text does; the last character may be cut.
fn is_text(head: &[u8]) -> bool {
    let is_whole = match std::str::from_utf8(head) {
        Ok(_) => true,
        Err(error) => error.error_len().is_none(),
    };
    is_whole && !head.contains(&0)
}

#[cfg(test)]
mod tests {
    use super::*;

    const POINTER: &[u8] = b"version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 9\n";
    const PAGE: &[u8] = b"<html>404 Not Found</html>";
    const NOISE: &[u8] = b"\x91\xfe\x00\x17\xc3";

    #[test]
    fn a_promise_is_kept_or_told() {
        let pointer = Some("a Git LFS pointer");
        use Standing::{InArchive, InFolder, Named};
        for (name, head, standing, said) in [
            ("x.whl", &b""[..], InFolder, Some("`.whl`, and it is empty")),
            ("x.whl", PAGE, InFolder, Some("are no zip archive")),
            ("a/X.PYD", b"MZ", InFolder, Some("`.pyd`")),
            ("x.tar.gz", PAGE, InFolder, Some("`.gz`")),
            ("libssl.so.3", PAGE, InFolder, Some("`.so`")),
            (
                "libc.so",
                b"/* GNU ld script */\nGROUP ( x )",
                InFolder,
                None,
            ),
            ("ld.so.8", b".\\\" Copyright\n.TH ld.so 8\n", InFolder, None),
            ("libssl.so", b"libssl.so.3", InFolder, None),
            ("bom.cdx.json", PAGE, InFolder, Some("are no SBOM")),
            (
                "bom.cdx.json",
                b"{\"bomFormat\": \"CycloneDX\"}",
                InFolder,
                None,
            ),
            ("data.json", b"", InFolder, None),
            ("a/x.dll", b"", InFolder, None),
            ("a/x.exe", b"", InFolder, None),
            ("a/x.a", b"", InFolder, None),
            ("README.ar", "مر".as_bytes(), InFolder, None),
            ("tests/corrupt.zip", b"garbage", InArchive, None),
            ("tests/empty.zip", b"", InArchive, None),
            ("inner.whl", NOISE, InArchive, Some("are no zip archive")),
            ("x.dll", b"", Named, Some("`.dll`, and it is empty")),
            ("x.tar", &[0; 512], InFolder, None),
            ("x.exe", b"MZ\x90\0", InFolder, None),
            ("x.exe", PAGE, InFolder, Some("no program of Windows")),
            ("x.tar.gz", POINTER, InFolder, pointer),
            ("bin/tool", POINTER, InFolder, pointer),
            ("picture.png", POINTER, InFolder, None),
            ("picture.png", POINTER, Named, pointer),
            // Those are none of ours.
            ("notes.txt", PAGE, Named, None),
            ("about.so.txt", PAGE, InFolder, None),
            ("firmware.bin", NOISE, InFolder, None),
            ("firmware.bin", NOISE, Named, Some("no kind that is known")),
            ("tool", b"", InFolder, None),
            ("tool", b"", Named, Some("it is empty")),
        ] {
            let found = unkept(head, name, standing);
            assert_eq!(found.is_some(), said.is_some(), "{name}: {found:?}");
            let found = found.unwrap_or_default();
            assert!(found.contains(said.unwrap_or_default()), "{name}: {found}");
        }
    }
}
