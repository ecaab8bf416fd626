//! `init`: a configuration from what is found in the checkout, and the workflow that runs it.

mod document;
mod new_file;
mod scheduled;
mod text;

use std::path::{Path, PathBuf};

use super::report::Report;
use crate::cli::Format;
use crate::paper::report;
use crate::project::change::{Change, Edit};
use crate::project::config::{self, Config};
use crate::project::file_entry::FileEntry;
use crate::text::fault::Fault;
use crate::workspace::context::Context;
use crate::workspace::facts;
use crate::workspace::found::Found;
use crate::workspace::session::Session;

use document::document;
use scheduled::Scheduled;
use text::text;

/// What is said of a tree in which nothing names OpenSSL.
const NOTHING: &str = "no pin of OpenSSL found, and no file names OpenSSL; nothing was written\n";

/// Runs the command.
pub(super) fn run(session: &Session<'_>, diff: bool) -> Result<Report, Fault> {
    let context = session.context;
    let named = context
        .config
        .clone()
        .unwrap_or_else(|| PathBuf::from(config::FILE_NAME));
    let path = context.path(&named);
    let stands = std::fs::symlink_metadata(&path).is_ok();
    let facts = facts::gather(session, &Config::default())?;
    let name = named.display().to_string();
    let looked = Found::look(session, &facts, &name)?;
    let found = &looked.discovery;
    if looked.is_silent {
        return Ok(Report::done(match context.format {
            Format::Json => report::pretty(&document(None, None, &Scheduled::Elsewhere, found)),
            _ => NOTHING.to_owned(),
        }));
    }
    if diff || stands {
        if stands && !diff {
            context.note(format!(
                "`{}` stands and is left as it is; this is what would change in it",
                named.display()
            ));
        }
        let diff = proposed(context, &named, &looked)?;
        return Ok(Report::done(match context.format {
            Format::Json => report::pretty(&document(
                Some(&name),
                Some(diff),
                &Scheduled::Elsewhere,
                found,
            )),
            _ => diff,
        }));
    }
    new_file::write(&path, &named, &looked.text(&name, None))?;
    let scheduled = scheduled::add(context, &named, &found.name)?;
    Ok(Report::done(match context.format {
        Format::Json => report::pretty(&document(Some(&name), None, &scheduled, found)),
        _ => text(&name, &scheduled, found, context.look),
    }))
}

/// What would be written, as a change to what stands.
fn proposed(context: &Context, named: &Path, looked: &Found) -> Result<String, Fault> {
    let before = match std::fs::read(context.path(named)) {
        Ok(bytes) => Some(FileEntry::regular(bytes)),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => None,
        Err(error) => {
            return Err(Fault::failed(format!(
                "cannot read `{}`: {error}",
                named.display()
            )));
        }
    };
    let name = named.display().to_string();
    let standing = before
        .as_ref()
        .and_then(|entry| std::str::from_utf8(&entry.bytes).ok());
    let after = Some(FileEntry::regular(looked.text(&name, standing)));
    let edits = vec![Edit {
        path: name,
        before,
        after,
    }];
    let change = Change {
        edits,
        unchecked: Vec::new(),
    };
    Ok(change.unified_diff(""))
}
