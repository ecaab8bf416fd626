//! Git's smart HTTP protocol (version 0), as far as reading the newest tree of a repository needs
//! it: the reference listing and one shallow pack.
//!
//! Text and bytes in, text and bytes out; the requests themselves are sent by the caller.

use std::path::Path;

use crate::openssl::upstream::diagnostic::{Diagnostic, Reading};
use crate::openssl::upstream::git_references::{self, Reference};
use crate::openssl::upstream::metadata::{MOST_BYTES, MetadataTree, too_large};
use crate::outside::git::refs;

/// What a repository offers: where its default branch stands, and what may be asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RemoteOffer {
    /// The commit of the default branch, lower-case hexadecimal.
    pub head: String,
    /// Whether the server speaks the smart protocol; a plain folder behind a web server does not.
    pub smart: bool,
    capabilities: Vec<String>,
}

/// The most files that a tree is searched for.
const MOST_FILES: usize = 10_000;

/// Reads the answer to `info/refs`: git's own, or the plain listing of a server that knows nothing
/// of git.
///
/// # Errors
///
/// If it is neither, or names no default branch.
pub fn read_offer(body: &[u8]) -> Result<RemoteOffer, String> {
    let smart = body.starts_with(b"001e# service=git-upload-pack");
    let refs = if smart {
        git_references::read_advertisement(body)?
    } else {
        read_plain(body)?
    };
    let head = default_branch(&refs).ok_or("the repository is empty, or has no default branch")?;
    Ok(RemoteOffer {
        head,
        smart,
        capabilities: capabilities(body),
    })
}

fn read_plain(body: &[u8]) -> Result<Vec<Reference>, String> {
    let text = std::str::from_utf8(body).map_err(|_| "is no list of git references")?;
    git_references::read_ls_remote(text)
        .map_err(|why| format!("is no list of git references: {why}"))
}

/// What the server can do: behind the first reference and a zero byte.
fn capabilities(body: &[u8]) -> Vec<String> {
    let line = body
        .split(|byte| *byte == 0)
        .nth(1)
        .and_then(|rest| rest.split(|byte| *byte == b'\n').next())
        .unwrap_or_default();
    String::from_utf8_lossy(line)
        .split_whitespace()
        .map(str::to_owned)
        .collect()
}

fn default_branch(refs: &[Reference]) -> Option<String> {
    let named = |wanted: &str| refs.iter().find(|reference| reference.name == wanted);
    let branch = ["HEAD", "refs/heads/main", "refs/heads/master"]
        .into_iter()
        .find_map(named)?;
    branch
        .id
        .bytes()
        .any(|digit| digit != b'0')
        .then(|| branch.id.clone())
}

/// The body of the request for the newest tree: one commit without its history, where the server
/// can.
pub(crate) fn request_pack(offer: &RemoteOffer) -> Vec<u8> {
    let has = |name: &str| {
        offer
            .capabilities
            .iter()
            .any(|capability| capability == name)
    };
    let wanted: Vec<&str> = ["side-band-64k", "ofs-delta", "no-progress", "shallow"]
        .into_iter()
        .filter(|name| has(name))
        .collect();
    let mut body = packet(&format!("want {} {}\n", offer.head, wanted.join(" ")));
    if has("shallow") {
        body.extend(packet("deepen 1\n"));
    }
    body.extend(b"0000");
    body.extend(packet("done\n"));
    body
}

fn packet(text: &str) -> Vec<u8> {
    format!("{:04x}{text}", text.len() + 4).into_bytes()
}

/// Takes the pack out of the answer to the request for one.
///
/// # Errors
///
/// If there is none in it, or the server says what is wrong.
pub fn read_pack(body: &[u8]) -> Result<Vec<u8>, String> {
    let mut packets = Packets::new(body);
    loop {
        match packets.next().ok_or("sent no pack")?? {
            Packet::Line(line) if line.starts_with(b"NAK") || line.starts_with(b"ACK") => break,
            Packet::Line(line) if line.starts_with(b"ERR ") => {
                return Err(format!("git: {}", shown(&line[4..])));
            }
            Packet::Line(_) | Packet::Flush => {}
        }
    }
    if packets.rest.starts_with(b"PACK") {
        return Ok(packets.rest.to_vec());
    }
    let mut pack = Vec::new();
    for line in packets {
        match line? {
            Packet::Line([1, data @ ..]) => pack.extend_from_slice(data),
            Packet::Line([3, message @ ..]) => return Err(format!("git: {}", shown(message))),
            Packet::Flush => break,
            Packet::Line(_) => {}
        }
    }
    if pack.starts_with(b"PACK") {
        Ok(pack)
    } else {
        Err("sent no pack".to_owned())
    }
}

fn shown(message: &[u8]) -> String {
    crate::text::one_line(&String::from_utf8_lossy(&message[..message.len().min(200)]))
}

enum Packet<'a> {
    Line(&'a [u8]),
    Flush,
}

struct Packets<'a> {
    rest: &'a [u8],
}

impl<'a> Packets<'a> {
    fn new(body: &'a [u8]) -> Self {
        Self { rest: body }
    }
}

impl<'a> Iterator for Packets<'a> {
    type Item = Result<Packet<'a>, String>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.rest.is_empty() {
            return None;
        }
        let read = git_references::packet(self.rest).map(|(line, rest)| {
            self.rest = rest;
            line.map_or(Packet::Flush, Packet::Line)
        });
        if read.is_err() {
            self.rest = &[];
        }
        Some(read.map_err(|_| "the answer is cut off or not git's".to_owned()))
    }
}

/// Unpacks a pack into a bare repository in an empty folder.
///
/// # Errors
///
/// In words, if it is damaged or its objects come to more than the budget.
pub fn unpack(pack: &[u8], folder: &Path) -> Result<(), String> {
    super::pack::measure(pack)?;
    let write = || {
        let mut options = git2::RepositoryInitOptions::new();
        let repository =
            git2::Repository::init_opts(folder, options.bare(true).external_template(false))?;
        let odb = repository.odb()?;
        let mut writer = odb.packwriter()?;
        std::io::Write::write_all(&mut writer, pack)
            .map_err(|error| git2::Error::from_str(&error.to_string()))?;
        writer.commit().map(|_| ())
    };
    write().map_err(|error: git2::Error| format!("git: {}", shown(error.message().as_bytes())))
}

/// The commit that HEAD of a local repository stands at.
pub(crate) fn local_head(folder: &Path) -> Result<String, String> {
    let head = || refs::commit(&open(folder)?, "HEAD").map(|commit| commit.id().to_string());
    head().map_err(|error| {
        format!(
            "is no release-metadata tree and no git repository ({})",
            shown(error.message().as_bytes())
        )
    })
}

fn open(folder: &Path) -> Result<git2::Repository, git2::Error> {
    git2::Repository::open_ext(
        folder,
        git2::RepositoryOpenFlags::NO_SEARCH,
        std::iter::empty::<&Path>(),
    )
}

/// Reads the files of a commit that say something; `None` for the commit means where the
/// repository's HEAD stands.
pub(crate) fn read_tree(
    folder: &Path,
    commit: Option<&str>,
) -> Result<Reading<MetadataTree>, String> {
    let read = || {
        let repository = open(folder)?;
        let commit = match commit {
            Some(commit) => repository.find_commit(git2::Oid::from_str(commit)?)?,
            None => refs::commit(&repository, "HEAD")?,
        };
        let mut reading = Reading::<MetadataTree>::default();
        for (path, blob) in blobs(&repository, &commit.tree()?)? {
            take(&repository.odb()?, &path, blob, &mut reading)?;
        }
        Ok(reading)
    };
    read().map_err(|error: git2::Error| format!("git: {}", shown(error.message().as_bytes())))
}

/// How many folders deep the files of a tree are looked for.
const DEEPEST: usize = 3;

/// The files of a tree.
fn blobs(
    repository: &git2::Repository,
    tree: &git2::Tree<'_>,
) -> Result<Vec<(String, git2::Oid)>, git2::Error> {
    let mut found = Vec::new();
    let mut folders = vec![(String::new(), 0, tree.clone())];
    while let Some((folder, depth, tree)) = folders.pop() {
        for entry in &tree {
            let Ok(name) = entry.name() else { continue };
            match entry.kind() {
                Some(git2::ObjectType::Blob) => found.push((format!("{folder}{name}"), entry.id())),
                Some(git2::ObjectType::Tree) if depth < DEEPEST => folders.push((
                    format!("{folder}{name}/"),
                    depth + 1,
                    repository.find_tree(entry.id())?,
                )),
                _ => {}
            }
            if found.len() + folders.len() > MOST_FILES {
                return Err(git2::Error::from_str(
                    "the tree has more files than any release-metadata tree",
                ));
            }
        }
    }
    Ok(found)
}

fn take(
    odb: &git2::Odb<'_>,
    path: &str,
    blob: git2::Oid,
    reading: &mut Reading<MetadataTree>,
) -> Result<(), git2::Error> {
    if !MetadataTree::reads(path) {
        return Ok(());
    }
    if odb.read_header(blob)?.0 as u64 > MOST_BYTES {
        reading.value.insert_unread(path);
        reading.notes.push(too_large(path));
        return Ok(());
    }
    let taken: Result<(), Diagnostic> = reading.value.insert(path, odb.read(blob)?.data());
    reading.notes.extend(taken.err());
    Ok(())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const COMMIT: &str = "1111111111111111111111111111111111111111";

    fn smart(capabilities: &str) -> Vec<u8> {
        let mut body = packet("# service=git-upload-pack\n");
        body.extend(b"0000");
        body.extend(packet(&format!("{COMMIT} HEAD\0{capabilities}\n")));
        body.extend(packet(&format!("{COMMIT} refs/heads/main\n")));
        body.extend(b"0000");
        body
    }

    #[test]
    fn smart_offer() {
        let offer = read_offer(&smart(
            "multi_ack side-band-64k shallow ofs-delta agent=git/2",
        ))
        .unwrap();
        assert_eq!((offer.head.as_str(), offer.smart), (COMMIT, true));
        let request = String::from_utf8(request_pack(&offer)).unwrap();
        assert_eq!(
            request,
            format!(
                "0052want {COMMIT} side-band-64k ofs-delta shallow\n000ddeepen 1\n00000009done\n"
            )
        );
    }

    #[test]
    fn plain_offer() {
        let offer = read_offer(
            format!(
                "{}\trefs/heads/dev\n{COMMIT}\trefs/heads/main\n",
                COMMIT.replace('1', "2")
            )
            .as_bytes(),
        )
        .unwrap();
        assert_eq!((offer.head.as_str(), offer.smart), (COMMIT, false));
    }

    #[test]
    fn no_offer() {
        let zero = COMMIT.replace('1', "0");
        for body in [
            &b""[..],
            b"<!doctype html>\n<html>",
            b"001e# service=git-upload-pack\n0000",
            b"\xff\xff\tHEAD",
        ] {
            assert!(read_offer(body).is_err(), "{body:?}");
        }
        assert!(read_offer(format!("{zero}\tHEAD\n").as_bytes()).is_err());
        let whole = smart("shallow");
        for cut in 0..whole.len() - 4 {
            // Cut between packets the list may still name the branch; it must only never panic.
            let _ = read_offer(&whole[..cut]);
        }
    }

    #[test]
    fn pack_in_every_wrapping() {
        let sideband = |channel: char, text: &str| packet(&format!("{channel}{text}"));
        let nak = packet("NAK\n");
        let plain = [&packet("shallow 11\n")[..], b"0000", &nak, b"PACKdata"].concat();
        assert_eq!(read_pack(&plain), Ok(b"PACKdata".to_vec()));
        let banded = [
            &nak[..],
            &sideband('\u{2}', "progress"),
            &sideband('\u{1}', "PACK"),
            &sideband('\u{1}', "data"),
            b"0000",
        ]
        .concat();
        assert_eq!(read_pack(&banded), Ok(b"PACKdata".to_vec()));
        for (body, error) in [
            (
                packet("ERR no such\u{1b} thing"),
                "git: no such\u{fffd} thing",
            ),
            (
                [&nak[..], &sideband('\u{3}', "out of memory")].concat(),
                "git: out of memory",
            ),
            (nak.clone(), "sent no pack"),
            (b"<html>".to_vec(), "the answer is cut off or not git's"),
            (b"0003".to_vec(), "the answer is cut off or not git's"),
        ] {
            assert_eq!(read_pack(&body), Err(error.to_owned()));
        }
    }

    proptest! {
        #[test]
        fn any_answer_is_read_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..200), packets in proptest::collection::vec("[\\x01-\\x03]?\\PC{0,20}", 0..6)) {
            let framed: Vec<u8> = packets.iter().flat_map(|text| packet(text)).collect();
            for body in [&bytes, &framed] {
                let _ = read_offer(body);
                let _ = read_pack(body);
            }
        }
    }

    #[test]
    fn a_damaged_pack_is_an_error() {
        let folder = tempfile::tempdir().unwrap();
        assert!(unpack(b"PACK\0\0\0\x02\xff\xff\xff\xff", folder.path()).is_err());
    }
}
