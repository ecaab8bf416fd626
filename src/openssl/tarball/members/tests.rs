use proptest::prelude::*;

use super::*;
use crate::openssl::tarball::made::{MadeTarball, gzipped};
use crate::openssl::tarball::{contents, entries};

fn refused(tarball: MadeTarball) -> String {
    let bytes = tarball.gzipped();
    let problem = entries(&bytes).unwrap_err();
    assert_eq!(
        contents(&bytes).unwrap_err(),
        problem,
        "whoever looks only for the version refuses it too"
    );
    problem
}

fn release() -> MadeTarball {
    MadeTarball::of_version("3.5.4")
}

#[test]
fn the_version_and_commit_inside() {
    for version in ["3.5.4", "4.0.0-beta1", "1.1.1w", "0.9.8zh", "3.0.0-alpha1"] {
        let found = contents(&MadeTarball::of_version(version).gzipped()).unwrap();
        assert_eq!(found.version.to_string(), version);
        assert_eq!(found.commit.unwrap(), "0123456789".repeat(4));
    }
    let unversioned = MadeTarball::default()
        .file("openssl-3.5.4/README", b"")
        .gzipped();
    assert!(
        contents(&unversioned)
            .unwrap_err()
            .starts_with("it has neither")
    );
    let linked = MadeTarball::default()
        .symlink("o/VERSION.dat", "README")
        .file("o/README", b"MAJOR=3\nMINOR=5\nPATCH=4\n")
        .gzipped();
    assert!(contents(&linked).unwrap_err().starts_with("it has neither"));
}

#[test]
fn entries_below_the_top_folder_with_their_modes() {
    let tarball = release().symlink("openssl-3.5.4/link", "README").member(
        EntryType::Link,
        "openssl-3.5.4/again",
        0o644,
        "openssl-3.5.4/README",
        b"",
    );
    let entries = entries(&tarball.gzipped()).unwrap();
    let found: Vec<(&str, String)> = entries
        .iter()
        .map(|entry| match &entry.kind {
            EntryKind::File {
                contents,
                executable,
            } => (
                entry.path.as_str(),
                format!("{executable} {}", contents.len()),
            ),
            EntryKind::Symlink { target } => (entry.path.as_str(), format!("-> {target}")),
        })
        .collect();
    let expected = [
        ("README", "false 8"),
        ("Configure", "true 21"),
        ("VERSION.dat", "false 99"),
        ("link", "-> README"),
        ("again", "false 8"),
    ];
    assert_eq!(found, expected.map(|(path, what)| (path, what.to_owned())));
}

#[test]
fn a_folder_may_be_marked_by_its_name_only() {
    let tarball = MadeTarball::default()
        .file("o/", b"")
        .file("o/a/", b"")
        .file("o/a/b", b"x");
    assert_eq!(entries(&tarball.gzipped()).unwrap().len(), 1);
}

#[test]
fn long_names_are_read() {
    let long = format!(
        "openssl-3.5.4/{}/x",
        "deep/".repeat(40).trim_end_matches('/')
    );
    let tarball = release()
        .member(
            EntryType::GNULongName,
            "././@LongLink",
            0o644,
            "",
            format!("{long}\0").as_bytes(),
        )
        .file("cut", b"x");
    assert!(
        entries(&tarball.gzipped())
            .unwrap()
            .iter()
            .any(|entry| format!("openssl-3.5.4/{}", entry.path) == long)
    );
}

#[test]
fn nothing_leads_out() {
    for (tarball, problem) in [
        (
            release().file("../evil", b""),
            "its member `../evil` does not stay inside its folder",
        ),
        (
            release().file("openssl-3.5.4/../../evil", b""),
            "its member `openssl-3.5.4/../../evil` does not stay inside its folder",
        ),
        (
            release().file("/etc/cron.d/evil", b""),
            "its member `/etc/cron.d/evil` has an absolute path",
        ),
        (
            release().file("openssl-3.5.4/.git/hooks/post-checkout", b""),
            "its member `openssl-3.5.4/.git/hooks/post-checkout` does not stay inside its folder",
        ),
        (
            release().file("other/file", b""),
            "it has two top folders, `openssl-3.5.4` and `other`",
        ),
        (
            release().symlink("openssl-3.5.4/out", "../out"),
            "its link `out` points to `../out`, which is outside",
        ),
        (
            release().symlink("openssl-3.5.4/out", "/etc"),
            "its link `out` points to `/etc`, which is outside",
        ),
        (
            release()
                .symlink("openssl-3.5.4/dir", "apps")
                .file("openssl-3.5.4/dir/x", b""),
            "its member `dir/x` stands below `dir`, which is no folder",
        ),
        (
            release().file("openssl-3.5.4/README/x", b""),
            "its member `README/x` stands below `README`, which is no folder",
        ),
        (
            release().file("openssl-3.5.4/README", b""),
            "its member `README` stands in it twice",
        ),
        (
            release()
                .file("openssl-3.5.4/a/b", b"")
                .file("openssl-3.5.4/a", b""),
            "its member `a` stands in it twice",
        ),
        (
            release().member(
                EntryType::Link,
                "openssl-3.5.4/l",
                0o644,
                "/etc/passwd",
                b"",
            ),
            "its member `/etc/passwd` has an absolute path",
        ),
        (
            release().member(
                EntryType::Link,
                "openssl-3.5.4/l",
                0o644,
                "openssl-3.5.4/none",
                b"",
            ),
            "its hard link `l` does not point to a file before it",
        ),
        (
            release().member(
                EntryType::Link,
                "openssl-3.5.4/l",
                0o644,
                "openssl-3.5.4/l",
                b"",
            ),
            "its hard link `l` does not point to a file before it",
        ),
        (
            MadeTarball::default().file("openssl-3.5.4", b""),
            "its top folder is no folder",
        ),
        (MadeTarball::default(), "it is empty"),
    ] {
        assert_eq!(refused(tarball), problem);
    }
}

#[test]
fn only_files_folders_and_links() {
    for kind in [
        EntryType::Char,
        EntryType::Block,
        EntryType::Fifo,
        EntryType::new(b'V'),
        EntryType::new(b'Z'),
    ] {
        let problem = refused(release().member(kind, "openssl-3.5.4/dev", 0o644, "", b""));
        assert_eq!(
            problem,
            "its member `dev` is a device or something else that no source tree has"
        );
    }
}

#[test]
fn bombs_do_not_go_off() {
    let mut huge = tar::Header::new_gnu();
    huge.set_path("openssl-3.5.4/zeros").unwrap();
    huge.set_size(TARBALL_MEMBER + 1);
    huge.set_cksum();
    assert!(
        entries(&gzipped(huge.as_bytes()))
            .unwrap_err()
            .starts_with("it is larger unpacked than any release")
    );

    huge.set_size(u64::MAX);
    huge.set_cksum();
    let twice = [huge.as_bytes().as_slice(), huge.as_bytes().as_slice()].concat();
    assert!(entries(&gzipped(&twice)).is_err());

    // A name that unpacks to 64 MiB: refused after the first 256 KiB.
    let mut name = tar::Header::new_gnu();
    name.set_path("././@LongLink").unwrap();
    name.set_entry_type(EntryType::GNULongName);
    name.set_size(64 << 20);
    name.set_cksum();
    let bomb = [name.as_bytes().as_slice(), &vec![b'a'; 64 << 20]].concat();
    assert_eq!(
        entries(&gzipped(&bomb)).unwrap_err(),
        "it cannot be unpacked: more is packed into it than it may hold"
    );

    // Comments of less than that before each of many members: refused by their sum.
    let size = 200 << 10;
    let mut comment = tar::Header::new_gnu();
    comment.set_path("comment").unwrap();
    comment.set_entry_type(EntryType::XHeader);
    comment.set_size(size);
    comment.set_cksum();
    let mut text = format!("{size} comment=").into_bytes();
    text.resize(usize::try_from(size).unwrap() - 1, b'a');
    text.push(b'\n');
    let mut comments = Vec::new();
    for number in 0..=TARBALL_BETWEEN / size {
        let mut member = tar::Header::new_gnu();
        member.set_path(format!("o/{number}")).unwrap();
        member.set_size(0);
        member.set_mode(0o644);
        member.set_cksum();
        comments.extend([comment.as_bytes(), text.as_slice(), member.as_bytes()].concat());
    }
    assert_eq!(
        entries(&gzipped(&comments)).unwrap_err(),
        "it cannot be unpacked: more is packed into it than it may hold"
    );

    let mut many = MadeTarball::default();
    for number in 0..=TARBALL_MEMBERS {
        many = many.folder(&format!("o/{number}"));
    }
    assert_eq!(refused(many), "it has more than 50000 members");
}

#[test]
fn what_is_damaged_is_refused() {
    let whole = release().file("openssl-3.5.4/last", &[7; 2000]).gzipped();
    assert!(entries(&whole[..whole.len() - 20]).is_err());
    assert!(entries(b"").is_err());
    assert!(entries(b"<!DOCTYPE html>").is_err());
    let plain = release().file("openssl-3.5.4/last", &[7; 2000]).plain();
    assert_eq!(
        entries(&gzipped(&plain[..plain.len() - 2500])).unwrap_err(),
        "it cannot be unpacked: it is cut short"
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn no_bytes_make_it_panic_and_nothing_it_gives_leads_out(at in 0usize..4096, with in proptest::collection::vec(any::<u8>(), 1..40)) {
        let mut plain = release().symlink("openssl-3.5.4/a/link", "../README").plain();
        let at = at.min(plain.len() - with.len());
        plain[at..at + with.len()].copy_from_slice(&with);
        let header = at / 512 * 512;
        let sum: u32 = plain[header..header + 512].iter().enumerate().map(|(at, byte)| if (148..156).contains(&at) { 32 } else { u32::from(*byte) }).sum();
        plain[header + 148..header + 156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
        for entry in entries(&gzipped(&plain)).unwrap_or_default() {
            prop_assert!(!entry.path.split('/').any(|part| matches!(part, "" | "." | ".." | ".git")), "{}", entry.path);
        }
        let _ = entries(&with);
    }
}
