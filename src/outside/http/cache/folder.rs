//! Which folder the cache is, and whether it may be trusted: what others can write there could
//! hide what is due.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::digest::sha256;
use crate::outside::environment::Environment;

/// The folders below the cache's that hold what was kept.
const PARTS: [&str; 6] = [
    "answers", "tarballs", "objects", "incoming", "journals", "locks",
];

/// The cache's folder, if it has one.
///
/// # Errors
///
/// In words, if others may write to it or it leads elsewhere.
pub(super) fn of(environment: &Environment) -> Result<Option<PathBuf>, String> {
    let own = environment.get("RELEASE_CHECK_CACHE").map(PathBuf::from);
    let root =
        own.or_else(|| platform_folder(environment).map(|folder| folder.join("release-check")));
    let Some(root) = root else { return Ok(None) };
    let folder = match branch(environment) {
        Some(branch) => root.join("branches").join(branch),
        None => root.clone(),
    };
    let places = [root.clone(), root.join("branches"), folder.clone()];
    let parts = PARTS.map(|part| folder.join(part));
    for (at, place) in places.iter().chain(&parts).enumerate() {
        let about = match at {
            // Where the cache is, is the user's to say, through links too.
            0 => fs::metadata(place),
            _ => fs::symlink_metadata(place),
        };
        if let Ok(about) = about
            && let Some(why) = open_to_others(&about)
        {
            return Err(format!(
                "`{}` is not used: {why}; name another folder in `RELEASE_CHECK_CACHE`",
                place.display()
            ));
        }
    }
    Ok(Some(folder))
}

/// In a job, what another branch has left decides nothing, also where its cache is restored.
fn branch(environment: &Environment) -> Option<String> {
    let reference = environment.get("GITHUB_REF")?;
    let repository = environment.get("GITHUB_REPOSITORY").unwrap_or_default();
    let mut name = sha256(format!("{repository}\n{reference}").as_bytes());
    name.truncate(32);
    Some(name)
}

/// Why somebody else could have written to a folder; none if nobody could.
fn open_to_others(about: &fs::Metadata) -> Option<String> {
    if about.is_symlink() {
        return Some("it is a symbolic link".to_owned());
    }
    if !about.is_dir() {
        return None;
    }
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt;
        let mode = about.mode() & 0o7777;
        // A group of the owner's own number is the owner's alone.
        let group = mode & 0o020 != 0 && about.gid() != about.uid();
        if mode & 0o002 != 0 || group {
            return Some(format!(
                "others may write to it (mode {mode:04o}), `chmod go-w` ends that"
            ));
        }
        if own_id().is_some_and(|own| own != about.uid() && about.uid() != 0) {
            return Some(format!("it belongs to user {}", about.uid()));
        }
    }
    None
}

/// The number of the user that runs this: what a new file of theirs belongs to.
#[cfg(unix)]
fn own_id() -> Option<u32> {
    use std::os::unix::fs::MetadataExt;
    let file = tempfile::tempfile().ok()?;
    Some(file.metadata().ok()?.uid())
}

/// Makes a folder of the cache, for its owner alone.
pub(super) fn make(folder: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::DirBuilderExt;
        builder.mode(0o700);
    }
    builder.create(folder)
}

/// Opens a file of the cache. A symbolic link is none of it.
pub(super) fn open(file: &Path) -> io::Result<fs::File> {
    if fs::symlink_metadata(file)?.is_file() {
        fs::File::open(file)
    } else {
        Err(io::Error::other("is no plain file"))
    }
}

fn platform_folder(environment: &Environment) -> Option<PathBuf> {
    let absolute = |name: &str| {
        environment
            .get(name)
            .map(PathBuf::from)
            .filter(|path| path.is_absolute())
    };
    if cfg!(windows) {
        absolute("LOCALAPPDATA")
    } else if cfg!(target_os = "macos") {
        absolute("HOME").map(|home| home.join("Library/Caches"))
    } else {
        absolute("XDG_CACHE_HOME").or_else(|| absolute("HOME").map(|home| home.join(".cache")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn environment(pairs: &[(&str, &str)]) -> Environment {
        pairs
            .iter()
            .map(|(name, value)| ((*name).into(), (*value).into()))
            .collect()
    }

    #[test]
    fn where_it_lies() {
        let lies = |pairs: &[(&str, &str)]| of(&environment(pairs)).unwrap();
        let own = [("RELEASE_CHECK_CACHE", "/own"), ("HOME", "/home/me")];
        assert_eq!(lies(&own), Some(PathBuf::from("/own")));
        assert_eq!(lies(&[]), None);
        #[cfg(target_os = "linux")]
        for (pairs, expected) in [
            (
                &[("HOME", "/home/me"), ("RELEASE_CHECK_CACHE", "")][..],
                "/home/me/.cache/release-check",
            ),
            (
                &[("HOME", "/home/me"), ("XDG_CACHE_HOME", "/c")],
                "/c/release-check",
            ),
            (
                &[("HOME", "/home/me"), ("XDG_CACHE_HOME", "relative")],
                "/home/me/.cache/release-check",
            ),
        ] {
            assert_eq!(lies(pairs), Some(PathBuf::from(expected)));
        }
    }

    #[test]
    fn each_branch_has_its_own() {
        let lies = |repository, reference| {
            let pairs = [
                ("RELEASE_CHECK_CACHE", "/own"),
                ("GITHUB_REPOSITORY", repository),
                ("GITHUB_REF", reference),
            ];
            of(&environment(&pairs)).unwrap().unwrap()
        };
        let main = lies("a/b", "refs/heads/main");
        assert!(main.starts_with("/own/branches"));
        assert_eq!(main, lies("a/b", "refs/heads/main"));
        assert_ne!(main, lies("a/b", "refs/pull/1/merge"));
        assert_ne!(main, lies("a/c", "refs/heads/main"));
    }

    #[cfg(unix)]
    #[test]
    fn a_folder_that_others_may_write_to_is_refused() {
        use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().join("cache");
        let at = environment(&[("RELEASE_CHECK_CACHE", root.to_str().unwrap())]);
        make(&root.join("answers")).unwrap();
        assert_eq!(of(&at), Ok(Some(root.clone())));
        assert_eq!(fs::metadata(&root).unwrap().mode() & 0o077, 0);
        for open in [root.clone(), root.join("answers")] {
            fs::set_permissions(&open, fs::Permissions::from_mode(0o777)).unwrap();
            let refused = of(&at).unwrap_err();
            assert!(
                refused.contains("others may write to it (mode 0777)"),
                "{refused}"
            );
            fs::set_permissions(&open, fs::Permissions::from_mode(0o700)).unwrap();
        }
        fs::remove_dir(root.join("answers")).unwrap();
        symlink(folder.path(), root.join("answers")).unwrap();
        assert!(of(&at).unwrap_err().contains("is a symbolic link"));
    }
}
