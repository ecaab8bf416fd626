//! The file of an Atom feed: read, grown by an announcement, written whole or not at all.

use std::path::Path;

use crate::paper::announcement::Message;
use crate::text::fault::Fault;
use crate::workspace::context::Context;

/// Adds the message to the feed's file; nothing is written where it stands there already.
pub(crate) fn add(
    context: &Context,
    project: &str,
    message: &Message,
    file: &Path,
) -> Result<(), Fault> {
    let path = context.path(file);
    let cannot = |error: std::io::Error| {
        Fault::failed(format!(
            "cannot write the feed `{}`: {error}",
            file.display()
        ))
    };
    let before = match std::fs::read_to_string(&path) {
        Ok(text) => Some(text),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => None,
        Err(error) => return Err(cannot(error)),
    };
    let feed = crate::paper::feed::with(before.as_deref(), project, message, context.today)
        .map_err(|fault| fault.within(format!("`{}`", file.display())))?;
    if before.as_deref() == Some(feed.as_str()) {
        return Ok(());
    }
    let folder = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty())
        .unwrap_or(Path::new("."));
    let mut temporary = tempfile::Builder::new()
        .prefix(".release-check-")
        .tempfile_in(folder)
        .map_err(cannot)?;
    std::io::Write::write_all(&mut temporary, feed.as_bytes()).map_err(cannot)?;
    readable(temporary.as_file()).map_err(cannot)?;
    temporary
        .persist(&path)
        .map(drop)
        .map_err(|error| cannot(error.error))
}

/// A feed is for everyone, though temporary files are for their owner alone.
#[cfg(unix)]
fn readable(file: &std::fs::File) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    file.set_permissions(std::fs::Permissions::from_mode(0o644))
}

#[cfg(not(unix))]
fn readable(_: &std::fs::File) -> std::io::Result<()> {
    Ok(())
}
