//! The file of an Atom feed: read, grown by an announcement, written whole or not at all.

use std::path::Path;

use crate::outside::whole_file;
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
    whole_file::replace(&path, &feed).map_err(cannot)
}
