//! Reads a whole checkout, as far as its git would not ignore it.

use std::collections::BTreeMap;
use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};

use super::root::Root;
use crate::outside::git::index as git;
use crate::project::config;
use crate::project::linked::Gitlink;
use crate::text::fault::Fault;
use crate::text::slashed;

/// The largest file that is looked into, in bytes: what people pin versions in is far smaller.
const LARGEST: u64 = 1 << 20;

/// Bytes that are read in all.
const MOST_BYTES: usize = 512 << 20;

/// Files and folders that are looked at.
const MOST_ENTRIES: usize = 500_000;

/// Folders that hold other people's files or what is built, even where no git says so.
const NEVER: [&str; 5] = [".git", ".hg", "node_modules", "__pycache__", ".venv"];

/// Everything a checkout says in text.
#[derive(Debug, Default)]
pub(crate) struct Survey {
    /// Text files by their path, without the text of those that are not kept.
    pub texts: BTreeMap<String, String>,
    /// Submodules by their path.
    pub gitlinks: BTreeMap<String, Gitlink>,
    /// Files that were not read though they may say something, and why.
    pub unread: Vec<(String, WhyUnread)>,
    /// Whether the checkout is larger than what is read.
    pub cut: bool,
}

/// Why a file was not read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum WhyUnread {
    /// It is larger than what is looked into.
    TooLarge,
    /// It is text in another encoding than UTF-8.
    Encoded,
    /// A configuration cannot name it.
    Named,
}

/// Whether git would ignore a file of the project and does not track it.
pub(crate) fn is_hidden(directory: &Path, file: &str) -> bool {
    let hidden = || {
        let root = Root::of(directory);
        let repository = crate::outside::git::open::around(&root.folder)?;
        let path = git::in_repository(&repository, &root.folder, file).ok()?;
        let ignored = repository.is_path_ignored(&path).ok()?;
        Some(ignored && !git::tracked(&repository, "").contains(&path))
    };
    hidden().unwrap_or(false)
}

/// Reads every text file below the project's folder that its git does not ignore, and its
/// submodules. Symlinks are not followed. The files of a folder come before those below it.
/// `is_kept` says whether anything is looked for in a text, `says_a_release` whether one that cannot
/// be read as it is matters.
pub(crate) fn survey(
    directory: &Path,
    is_kept: &mut dyn FnMut(&str, &str) -> bool,
    says_a_release: &dyn Fn(&str, &str) -> bool,
) -> Result<Survey, Fault> {
    let root = Root::of(directory);
    let repository = crate::outside::git::open::around(&root.folder);
    let prefix = root.start();
    let mut survey = Survey::default();
    if let Some(repository) = &repository {
        let named = git::gitlinks(repository, &prefix).into_iter();
        for path in named.filter(|path| config::may_name(path)) {
            if let Some(gitlink) = git::gitlink(&root.folder, &path)? {
                survey.gitlinks.insert(path, gitlink);
            }
        }
    }
    // What git tracks it does not ignore, whatever its patterns say.
    let tracked = repository
        .as_ref()
        .map(|one| git::tracked(one, &prefix))
        .unwrap_or_default();
    let has_tracked = |folder: &str| {
        tracked
            .range(folder.to_owned()..)
            .next()
            .is_some_and(|path| path.starts_with(folder))
    };
    let ignored = |path: &str| {
        let kept = if path.ends_with('/') {
            has_tracked(path)
        } else {
            tracked.contains(path)
        };
        !kept
            && repository.as_ref().is_some_and(|one| {
                one.is_path_ignored(format!("{prefix}{path}"))
                    .unwrap_or(false)
            })
    };
    let mut folders = vec![root.folder.clone()];
    let (mut entries, mut bytes) = (0, 0);
    while let Some(folder) = folders.pop() {
        for path in listed(&folder, &root.folder)? {
            entries += 1;
            if entries > MOST_ENTRIES || bytes > MOST_BYTES {
                survey.cut = true;
                return Ok(survey);
            }
            let Ok(relative) = path.strip_prefix(&root.folder) else {
                continue;
            };
            let Ok(metadata) = fs::symlink_metadata(&path) else {
                continue;
            };
            let named = slashed(relative).filter(|name| config::may_name(name));
            let may_name = named.is_some();
            let name = named.unwrap_or_else(|| relative.to_string_lossy().into_owned());
            if metadata.is_dir() {
                let never = path
                    .file_name()
                    .and_then(|name| name.to_str())
                    .is_some_and(|name| NEVER.contains(&name));
                if !never && !survey.gitlinks.contains_key(&name) && !ignored(&format!("{name}/")) {
                    folders.push(path);
                }
            } else if metadata.is_file() && !ignored(&name) {
                if may_name && metadata.len() > LARGEST {
                    survey.unread.push((name, WhyUnread::TooLarge));
                    continue;
                }
                let content = content(&path);
                let says = |content: &[u8]| {
                    other_text(content).is_some_and(|text| says_a_release(&name, &text))
                };
                if !may_name {
                    if content.is_some_and(|content| says(&content)) {
                        survey.unread.push((name, WhyUnread::Named));
                    }
                    continue;
                }
                match content.map_or(Err(Vec::new()), text) {
                    Ok(text) => {
                        bytes += text.len();
                        let kept = is_kept(&name, &text);
                        let text = if kept { text } else { String::new() };
                        survey.texts.insert(name, text);
                    }
                    // A tarball that is kept here says a version by its name.
                    Err(_) if is_kept_archive(&name) => {
                        survey.texts.insert(name, String::new());
                    }
                    Err(content) if says(&content) => {
                        survey.unread.push((name, WhyUnread::Encoded));
                    }
                    Err(_) => {}
                }
            }
        }
    }
    survey.unread.sort();
    Ok(survey)
}

/// What a folder holds. One that may not be read is passed over, unless it is the project's own.
fn listed(folder: &Path, root: &Path) -> Result<Vec<PathBuf>, Fault> {
    match fs::read_dir(folder) {
        Ok(entries) => Ok(entries.flatten().map(|entry| entry.path()).collect()),
        Err(error) if folder == root => Err(Fault::failed(format!(
            "cannot read `{}`: {error}",
            folder.display()
        ))),
        Err(_) => Ok(Vec::new()),
    }
}

/// The text of one file of the project.
pub(crate) fn text_of(directory: &Path, file: &str) -> Option<String> {
    let content = content(&Root::of(directory).folder.join(file))?;
    text(content).ok()
}

/// Whether a file that is no text is an archive of OpenSSL's by its name.
fn is_kept_archive(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    let ends = [".tar", ".gz", ".tgz", ".xz", ".bz2", ".zip", ".7z"];
    lower.contains("openssl") && ends.iter().any(|end| lower.ends_with(end))
}

/// The text that a content is, or the content where it is none.
fn text(content: Vec<u8>) -> Result<String, Vec<u8>> {
    if memchr::memchr(0, &content).is_some() {
        return Err(content);
    }
    String::from_utf8(content).map_err(std::string::FromUtf8Error::into_bytes)
}

/// About what a text says in whatever encoding; none where it is none.
fn other_text(content: &[u8]) -> Option<String> {
    let wide = |pair: fn([u8; 2]) -> u16| {
        let units = content.as_chunks::<2>().0.iter().map(|two| pair(*two));
        let units: Vec<u16> = units.collect();
        String::from_utf16_lossy(&units)
    };
    match content.get(..2) {
        Some([0xff, 0xfe]) => Some(wide(u16::from_le_bytes)),
        Some([0xfe, 0xff]) => Some(wide(u16::from_be_bytes)),
        // Where no mark tells it, every other byte of ASCII does.
        Some([first, 0]) if first.is_ascii_graphic() => Some(wide(u16::from_le_bytes)),
        Some([0, second]) if second.is_ascii_graphic() => Some(wide(u16::from_be_bytes)),
        _ if content.iter().any(|byte| *byte < 7) => None,
        _ => Some(String::from_utf8_lossy(content).into_owned()),
    }
}

/// What a file holds; none where it cannot be read.
fn content(path: &Path) -> Option<Vec<u8>> {
    let file = fs::File::open(path).ok()?;
    let metadata = file.metadata().ok().filter(fs::Metadata::is_file)?;
    // As long as the file is: what is kept has no room to spare.
    let length = metadata.len().min(LARGEST);
    let mut bytes = Vec::with_capacity(usize::try_from(length).unwrap_or_default());
    file.take(LARGEST).read_to_end(&mut bytes).ok()?;
    Some(bytes)
}
