//! What `scan` and `verify` could not read is never told as good.

use crate::artefacts::{ar, cpio, elf, gzip, tar, zip};
use crate::sandbox::Sandbox;

const TEXT: &str = "OpenSSL 3.5.4 30 Sep 2025";
const POINTER: &[u8] =
    b"version https://git-lfs.github.com/spec/v1\noid sha256:4d7a214614ab29\nsize 12345\n";
const PAGE: &[u8] = b"<html>404 Not Found</html>";

/// The statuses of `scan --fail-on low` and of `verify`, and what is unread: `path member: why`.
fn told(sandbox: &Sandbox, path: &str) -> (i32, i32, Vec<String>) {
    let offline = ["--offline", "--as-of", "2025-10-01"];
    let status = |arguments: &[&str]| {
        let output = sandbox.run(&[&offline, arguments].concat());
        output.status
    };
    let scanned = ["scan", "--format", "json", path];
    let json = sandbox.run(&[&offline[..], &scanned].concat()).json();
    let unread = json["unread"].as_array().expect("a list").iter();
    let word = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
    (
        status(&["scan", "--fail-on", "low", path]),
        status(&["verify", "--expect", "3.5.4", path]),
        unread
            .map(|one| {
                let place = format!("{} {}", word(&one["path"]), word(&one["member"]));
                format!("{}: {}", place.trim_end(), word(&one["why"]))
            })
            .collect(),
    )
}

#[test]
fn a_name_that_its_bytes_do_not_keep() {
    let sandbox = Sandbox::new();
    let dos = [b"MZ".as_slice(), &[0; 80], TEXT.as_bytes()].concat();
    for (name, bytes, why) in [
        (
            "a.whl",
            Vec::new(),
            ": its name says `.whl`, and it is empty: download or build it again",
        ),
        (
            "b.whl",
            PAGE.to_vec(),
            ": its name says `.whl`, and its bytes are no zip archive: download or build it again",
        ),
        (
            "c.tar.gz",
            POINTER.to_vec(),
            ": a Git LFS pointer and not the file itself: fetch it with `git lfs pull`",
        ),
        (
            "d.tar.gz",
            gzip(PAGE),
            ": its name says `.tar`, and its bytes are no tar archive: download or build it again",
        ),
        (
            "e.whl",
            zip(&[("x.so", &elf(&[TEXT])), ("a/x.pyd", &dos)]),
            " a/x.pyd: its name says `.pyd`, and its bytes are no program of Windows: download or build it again",
        ),
        (
            "f.zip",
            zip(&[("x.so", &elf(&[TEXT])), ("a/x.exe", &dos)]),
            " a/x.exe: it begins like a program, is none that is read, and has OpenSSL's name in it: download or build it again",
        ),
        (
            "g.bin",
            vec![0xff, 0, 1, 2],
            ": its bytes are of no kind that is known here: unpack it first",
        ),
        (
            "h.dmg",
            b"\x78\xda".to_vec(),
            ": disk images are not read: unpack it first",
        ),
        (
            "i.cdx.json",
            PAGE.to_vec(),
            ": its name says `.cdx.json`, and its bytes are no SBOM: download or build it again",
        ),
    ] {
        sandbox.file(name, bytes);
        assert_eq!(
            told(&sandbox, name),
            (1, 20, vec![format!("{name}{why}")]),
            "{name}"
        );
    }
}

#[test]
fn what_a_tree_holds_besides_is_none_of_ours() {
    let sandbox = Sandbox::new();
    sandbox
        .file("tree/x.so", elf(&[TEXT]))
        .file("tree/logo.png", POINTER)
        .file("tree/empty.txt", "")
        .file("tree/noise.dat", b"\xff\0\x01")
        .file("tree/libc.so", "/* GNU ld script */\nGROUP ( x )\n")
        .file("tree/old.exe", b"MZ\x90\0")
        .file("tree/none.tar", [0; 10_240]);
    let (_, verified, unread) = told(&sandbox, "tree/x.so");
    assert_eq!((verified, unread), (0, Vec::new()));
    assert_eq!(told(&sandbox, "tree").2, [] as [String; 0]);
}

#[test]
fn members_that_are_not_read() {
    let sandbox = Sandbox::new();
    let broken = [b"\x7fELF\x02\x01\x01\0".as_slice(), TEXT.as_bytes()].concat();
    let mut sparse = tar(&[("x.so", b"")]);
    sparse[156] = b'S';
    let sum: u32 = (0..512)
        .map(|at| match at {
            148..156 => 32,
            at => u32::from(sparse[at]),
        })
        .sum();
    sparse[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
    for (name, bytes, why) in [
        (
            "a.tar",
            sparse,
            " x.so: stored as a sparse file, which is not read: unpack it first",
        ),
        (
            "b.a",
            ar(&[("x.o", &elf(&[TEXT])), ("y.o", &broken)]),
            ": `y.o`: invalid elf header size or alignment",
        ),
        (
            "c.a",
            ar(&[("x.o", b"BC\xc0\xde"), ("y.o", b"BC\xc0\xde")]),
            ": `x.o`: files of LLVM's bitcode are not read; 1 more of its members were not read",
        ),
        (
            "d.so",
            elf(&["UPX!"]),
            ": packed by UPX: unpack it first with `upx -d`",
        ),
    ] {
        sandbox.file(name, bytes);
        assert_eq!(
            told(&sandbox, name),
            (1, 20, vec![format!("{name}{why}")]),
            "{name}"
        );
    }
    // Of a member with two names only one has the bytes.
    let mut linked = cpio(&[("x.so", b""), ("y.so", &elf(&[TEXT]))]);
    linked[38..46].copy_from_slice(b"00000002");
    sandbox.file("e.cpio", linked);
    assert_eq!(told(&sandbox, "e.cpio").2, [] as [String; 0]);
}

#[test]
fn a_folder_without_a_file_is_not_good() {
    let sandbox = Sandbox::new();
    std::fs::create_dir_all(sandbox.path().join("empty/inner")).expect("a folder");
    let why = "empty: no file is in this folder: name one that has files";
    assert_eq!(told(&sandbox, "empty"), (1, 20, vec![why.to_owned()]));
    let said = sandbox.run(&["--offline", "scan", "empty"]).exits(0).stdout;
    assert!(said.starts_with("unknown: "), "{said}");
}

#[cfg(unix)]
#[test]
fn links_and_pipes_of_a_folder() {
    use std::os::unix::fs::symlink;

    let sandbox = Sandbox::new();
    sandbox
        .file("dist/x.so", elf(&[TEXT]))
        .file("other/y.so", elf(&[TEXT]));
    let dist = sandbox.path().join("dist");
    let elsewhere = sandbox.path().join("other");
    for (target, link) in [
        ("x.so", "same.so"),
        (".", "self"),
        ("/x.so", "of-the-image.so"),
        ("nowhere", "notes.txt"),
        ("nowhere", "gone.whl"),
        ("loop.so", "loop.so"),
        ("../other/y.so", "out.so"),
        ("../other/y.so", "out-again.so"),
    ] {
        symlink(target, dist.join(link)).expect("a link");
    }
    symlink(elsewhere, dist.join("folder")).expect("a link");
    let socket = dist.join("socket");
    let _socket = std::os::unix::net::UnixListener::bind(socket).expect("a socket");
    let (status, verified, mut unread) = told(&sandbox, "dist");
    unread.sort();
    assert_eq!((status, verified), (1, 20));
    assert_eq!(
        unread,
        [
            "dist/folder: a symbolic link that leads elsewhere is not followed: name it as well",
            "dist/gone.whl: a symbolic link that leads nowhere",
            "dist/loop.so: a symbolic link that leads nowhere",
            "dist/out-again.so: a symbolic link that leads elsewhere is not followed: name it as well",
            "dist/socket: neither a file nor a folder: nothing is read from it",
        ]
    );
}
