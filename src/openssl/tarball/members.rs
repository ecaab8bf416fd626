//! The members of a gzipped tarball, read so that no archive, however hostile, costs much or
//! reaches out of its own folder.

mod names;

use std::cell::Cell;
use std::collections::{BTreeMap, HashMap};
use std::io::{self, Read};
use std::rc::Rc;

use flate2::read::MultiGzDecoder;
use tar::{Archive, EntryType};

use crate::text::budget::{
    TARBALL_BETWEEN, TARBALL_DEPTH, TARBALL_MEMBER, TARBALL_MEMBERS, TARBALL_UNPACKED,
};

/// Bytes that may stand between two members: headers, long names, padding.
const MOST_BETWEEN: u64 = 256 << 10;

/// One file or link of a source tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceEntry {
    /// Where it stands below the top folder: `/` between parts, never empty, never leading out.
    pub path: String,
    pub kind: EntryKind,
}

/// The kinds of entries a source tree has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EntryKind {
    /// A regular file.
    File {
        /// Its bytes.
        contents: Vec<u8>,
        /// Whether it may be executed.
        executable: bool,
    },
    /// A symbolic link.
    Symlink {
        /// Where it points to, relative to its own folder, and inside the tree.
        target: String,
    },
}

/// What was found in an archive.
pub(super) struct Members {
    /// In the archive's order.
    pub(super) entries: Vec<SourceEntry>,
    /// The commit that `git archive` noted down.
    pub(super) commit: Option<String>,
}

/// What a path turned out to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Seen {
    Folder,
    File,
    Symlink,
}

/// A reader that refuses to go on when its allowance is used up.
struct MeteredReader<R> {
    inner: R,
    allowance: Rc<Cell<u64>>,
}

impl<R: Read> Read for MeteredReader<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        let left = self.allowance.get().checked_sub(read as u64);
        self.allowance
            .set(left.ok_or_else(|| io::Error::other("more is packed into it than it may hold"))?);
        Ok(read)
    }
}

/// The archive's structure so far.
struct Tree<'a> {
    keep: &'a dyn Fn(&str) -> bool,
    top: Option<String>,
    seen: BTreeMap<String, Seen>,
    members: Members,
    /// Where the kept files stand among the entries.
    files: HashMap<String, usize>,
    /// Bytes of the kept files.
    kept: u64,
}

/// Reads an archive. Only entries that are to be kept hold on to memory; the others are checked and
/// passed over.
pub(super) fn read(bytes: &[u8], keep: &dyn Fn(&str) -> bool) -> Result<Members, String> {
    let allowance = Rc::new(Cell::new(MOST_BETWEEN));
    // What stands between the members is limited as a whole too: it grows by what the members hold.
    let all = Rc::new(Cell::new(TARBALL_BETWEEN));
    let metered = MeteredReader {
        inner: MeteredReader {
            inner: MultiGzDecoder::new(bytes),
            allowance: Rc::clone(&all),
        },
        allowance: Rc::clone(&allowance),
    };
    let mut archive = Archive::new(metered);
    let mut tree = Tree {
        keep,
        top: None,
        seen: BTreeMap::new(),
        files: HashMap::new(),
        kept: 0,
        members: Members {
            entries: Vec::new(),
            commit: None,
        },
    };
    let (mut count, mut total) = (0, 0_u64);
    for entry in archive.entries().map_err(damaged)? {
        let mut entry = entry.map_err(damaged)?;
        count += 1;
        total = total.saturating_add(entry.size());
        if count > TARBALL_MEMBERS {
            return Err(format!("it has more than {TARBALL_MEMBERS} members"));
        }
        if entry.size() > TARBALL_MEMBER || total > TARBALL_UNPACKED {
            return Err(too_large());
        }
        allowance.set(entry.size() + MOST_BETWEEN);
        all.set(all.get() + entry.size());
        tree.add(&mut entry)?;
    }
    if tree.seen.is_empty() {
        return Err("it is empty".to_owned());
    }
    Ok(tree.members)
}

fn too_large() -> String {
    format!(
        "it is larger unpacked than any release: more than {TARBALL_UNPACKED} bytes, or {TARBALL_MEMBER} in one member"
    )
}

#[expect(
    clippy::needless_pass_by_value,
    reason = "it stands where errors are mapped"
)]
fn damaged(error: io::Error) -> String {
    let text = crate::text::one_line(&error.to_string());
    format!(
        "it cannot be unpacked: {}",
        text.chars().take(200).collect::<String>()
    )
}

impl Tree<'_> {
    fn add<R: Read>(&mut self, entry: &mut tar::Entry<'_, R>) -> Result<(), String> {
        let mut kind = entry.header().entry_type();
        // The oldest archives mark a folder by the end of its name only.
        if kind == EntryType::Regular && entry.path_bytes().ends_with(b"/") {
            kind = EntryType::Directory;
        }
        if kind == EntryType::XGlobalHeader {
            let note = contents(entry)?;
            self.members.commit = self.members.commit.take().or_else(|| noted_commit(&note));
            return Ok(());
        }
        let Some(path) = self.place(&entry.path_bytes(), kind)? else {
            return Ok(());
        };
        let link = entry.link_name_bytes().map(std::borrow::Cow::into_owned);
        match kind {
            EntryType::Directory => Ok(()),
            EntryType::Regular | EntryType::Continuous => self.add_file(path, entry),
            EntryType::Symlink => self.add_symlink(path, link.as_deref().unwrap_or_default()),
            EntryType::Link => self.add_hard_link(path, link.as_deref().unwrap_or_default()),
            _ => Err(format!(
                "its member `{path}` is a device or something else that no source tree has"
            )),
        }
    }

    /// The path of a member below the top folder, entered into the tree; none for the top folder
    /// itself.
    fn place(&mut self, name: &[u8], kind: EntryType) -> Result<Option<String>, String> {
        let (top, path) = names::split(name)?;
        match &self.top {
            Some(known) if *known != top => {
                return Err(format!("it has two top folders, `{known}` and `{top}`"));
            }
            _ => self.top = Some(top),
        }
        let is_folder = kind == EntryType::Directory;
        if path.is_empty() {
            self.seen.insert(String::new(), Seen::Folder);
            return if is_folder {
                Ok(None)
            } else {
                Err("its top folder is no folder".to_owned())
            };
        }
        if path.matches('/').count() > TARBALL_DEPTH {
            return Err(format!(
                "its member `{path}` stands in more than {TARBALL_DEPTH} folders"
            ));
        }
        for (at, _) in path.match_indices('/') {
            if *self
                .seen
                .entry(path[..at].to_owned())
                .or_insert(Seen::Folder)
                != Seen::Folder
            {
                return Err(format!(
                    "its member `{path}` stands below `{}`, which is no folder",
                    &path[..at]
                ));
            }
        }
        let seen = match kind {
            EntryType::Directory => Seen::Folder,
            EntryType::Symlink => Seen::Symlink,
            _ => Seen::File,
        };
        match self.seen.insert(path.clone(), seen) {
            Some(before) if !(is_folder && before == Seen::Folder) => {
                Err(format!("its member `{path}` stands in it twice"))
            }
            _ => Ok(Some(path)),
        }
    }

    fn add_file<R: Read>(
        &mut self,
        path: String,
        entry: &mut tar::Entry<'_, R>,
    ) -> Result<(), String> {
        if (self.keep)(&path) {
            let executable = entry.header().mode().map_err(damaged)? & 0o111 != 0;
            let contents = contents(entry)?;
            self.keep_file(path, contents, executable)?;
        } else if io::copy(entry, &mut io::sink()).map_err(damaged)? != entry.size() {
            return Err(cut_short());
        }
        Ok(())
    }

    fn add_symlink(&mut self, path: String, target: &[u8]) -> Result<(), String> {
        let target = names::link_inside(&path, target)?;
        if (self.keep)(&path) {
            self.members.entries.push(SourceEntry {
                path,
                kind: EntryKind::Symlink { target },
            });
        }
        Ok(())
    }

    /// A hard link becomes a second copy of a file that came before it.
    fn add_hard_link(&mut self, path: String, target: &[u8]) -> Result<(), String> {
        let (top, to) = names::split(target)?;
        if self.top.as_ref() != Some(&top) || to == path || self.seen.get(&to) != Some(&Seen::File)
        {
            return Err(format!(
                "its hard link `{path}` does not point to a file before it"
            ));
        }
        if (self.keep)(&path) {
            let original = self
                .files
                .get(&to)
                .map(|at| &self.members.entries[*at].kind);
            let Some(EntryKind::File {
                contents,
                executable,
            }) = original
            else {
                return Err(format!("its member `{path}` is a link to another file"));
            };
            if self.kept + contents.len() as u64 > TARBALL_UNPACKED {
                return Err(too_large());
            }
            let (contents, executable) = (contents.clone(), *executable);
            self.keep_file(path, contents, executable)?;
        }
        Ok(())
    }

    fn keep_file(
        &mut self,
        path: String,
        contents: Vec<u8>,
        executable: bool,
    ) -> Result<(), String> {
        self.kept += contents.len() as u64;
        if self.kept > TARBALL_UNPACKED {
            return Err(too_large());
        }
        self.files.insert(path.clone(), self.members.entries.len());
        self.members.entries.push(SourceEntry {
            path,
            kind: EntryKind::File {
                contents,
                executable,
            },
        });
        Ok(())
    }
}

fn contents<R: Read>(entry: &mut tar::Entry<'_, R>) -> Result<Vec<u8>, String> {
    let mut contents = Vec::new();
    entry.read_to_end(&mut contents).map_err(damaged)?;
    if contents.len() as u64 == entry.size() {
        Ok(contents)
    } else {
        Err(cut_short())
    }
}

fn cut_short() -> String {
    "it cannot be unpacked: it is cut short".to_owned()
}

/// The commit in the header that `git archive` writes: `52 comment=` and forty digits.
fn noted_commit(note: &[u8]) -> Option<String> {
    let records = std::str::from_utf8(note).ok()?;
    let commit = records
        .lines()
        .find_map(|record| record.split_once(" comment=").map(|(_, value)| value))?;
    (matches!(commit.len(), 40 | 64) && commit.bytes().all(|byte| byte.is_ascii_hexdigit()))
        .then(|| commit.to_ascii_lowercase())
}

#[cfg(test)]
mod tests;
