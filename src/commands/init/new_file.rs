//! A file that was not there before.

use std::io::Write;
use std::path::Path;

use crate::text::fault::Fault;

/// Writes the file whole or not at all, and never over another one.
pub(super) fn write(path: &Path, named: &Path, text: &str) -> Result<(), Fault> {
    let failed = |error: std::io::Error| {
        Fault::failed(format!("cannot write `{}`: {error}", named.display()))
    };
    let folder = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty())
        .unwrap_or(Path::new("."));
    let mut builder = tempfile::Builder::new();
    builder.prefix(".release-check-");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        builder.permissions(std::fs::Permissions::from_mode(0o666));
    }
    let mut file = builder.tempfile_in(folder).map_err(failed)?;
    file.write_all(text.as_bytes())
        .and_then(|()| file.as_file().sync_all())
        .map_err(failed)?;
    match file.persist_noclobber(path) {
        Ok(_) => Ok(()),
        Err(error) if error.error.kind() == std::io::ErrorKind::AlreadyExists => Err(exists(named)),
        Err(error) => Err(failed(error.error)),
    }
}

fn exists(named: &Path) -> Fault {
    Fault::usage(format!(
        "`{0}` exists and is left as it is; `release-check init --diff` shows what it would be now, and --config names another file",
        named.display()
    ))
}
