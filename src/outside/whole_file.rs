//! A file that is there as a whole or not at all, whatever happens and whoever else writes: written
//! beside its place, then put there. A symbolic link in its place is replaced, never followed.

use std::fs;
use std::io::{self, Write};
use std::path::Path;

use tempfile::NamedTempFile;

/// Puts a text in place of whatever stands there, on disk before it is seen. It may be read by
/// whom the file before could be read by, a new one by whom any new file could.
///
/// # Errors
///
/// If the folder is missing or cannot be written to.
pub(crate) fn replace(file: &Path, text: &str) -> io::Result<()> {
    let staged = durable(file, text)?;
    if let Ok(before) = fs::symlink_metadata(file)
        && before.is_file()
    {
        staged.as_file().set_permissions(before.permissions())?;
    }
    Ok(staged.persist(file).map(drop)?)
}

/// Writes a text where nothing stands, on disk before it is seen.
///
/// # Errors
///
/// `AlreadyExists` where something stands there; else as [`replace`].
pub(crate) fn create(file: &Path, text: &str) -> io::Result<()> {
    Ok(durable(file, text)?.persist_noclobber(file).map(drop)?)
}

/// Puts what can be had again in place of whatever stands there, for its owner alone. A power cut
/// may lose it, so that a hundred answers wait for no disk.
pub(crate) fn remember(file: &Path, parts: &[&[u8]]) -> io::Result<()> {
    let mut staged = beside(file, &tempfile::Builder::new())?;
    for part in parts {
        staged.write_all(part)?;
    }
    Ok(staged.persist(file).map(drop)?)
}

fn durable(file: &Path, text: &str) -> io::Result<NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(".release-check-");
    // A temporary file is its owner's alone; this one is as readable as the user's files are.
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        builder.permissions(fs::Permissions::from_mode(0o666));
    }
    let mut staged = beside(file, &builder)?;
    staged.write_all(text.as_bytes())?;
    staged.as_file().sync_all()?;
    Ok(staged)
}

fn beside(file: &Path, builder: &tempfile::Builder<'_, '_>) -> io::Result<NamedTempFile> {
    let folder = file
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty())
        .unwrap_or(Path::new("."));
    builder.tempfile_in(folder)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(folder: &Path) -> Vec<String> {
        let mut names: Vec<String> = fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }

    #[test]
    fn a_new_file_is_never_put_over_another() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("a");
        create(&file, "first").unwrap();
        let refused = create(&file, "second").unwrap_err();
        assert_eq!(refused.kind(), io::ErrorKind::AlreadyExists);
        assert_eq!(fs::read_to_string(&file).unwrap(), "first");
        replace(&file, "third").unwrap();
        assert_eq!(fs::read_to_string(&file).unwrap(), "third");
        remember(&file, &[b"fou", b"rth"]).unwrap();
        assert_eq!(fs::read_to_string(&file).unwrap(), "fourth");
        assert_eq!(names(folder.path()), ["a"], "nothing is left beside it");
    }

    #[cfg(unix)]
    #[test]
    fn who_may_read_it() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let mode = |name: &str| {
            let about = fs::metadata(folder.path().join(name)).unwrap();
            about.permissions().mode() & 0o777
        };
        fs::write(folder.path().join("any"), "").unwrap();
        replace(&folder.path().join("new"), "").unwrap();
        create(&folder.path().join("created"), "").unwrap();
        remember(&folder.path().join("own"), &[]).unwrap();
        assert_eq!(mode("new"), mode("any"));
        assert_eq!(mode("created"), mode("any"));
        assert_eq!(mode("own"), 0o600);
        for kept in [0o600, 0o640, 0o664] {
            let permissions = fs::Permissions::from_mode(kept);
            fs::set_permissions(folder.path().join("any"), permissions).unwrap();
            replace(&folder.path().join("any"), "text").unwrap();
            assert_eq!(mode("any"), kept, "{kept:o}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn links_are_replaced_and_not_followed() {
        let folder = tempfile::tempdir().unwrap();
        let (target, link) = (folder.path().join("target"), folder.path().join("link"));
        fs::write(&target, "as it was").unwrap();
        let linked = || {
            let _ = fs::remove_file(&link);
            std::os::unix::fs::symlink(&target, &link).unwrap();
        };
        linked();
        assert!(create(&link, "new").is_err());
        replace(&link, "new").unwrap();
        assert!(!link.is_symlink());
        linked();
        remember(&link, &[b"new"]).unwrap();
        assert!(!link.is_symlink());
        assert_eq!(fs::read_to_string(&target).unwrap(), "as it was");
    }
}
