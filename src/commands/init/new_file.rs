//! A file that was not there before.

use std::io::ErrorKind;
use std::path::Path;

use crate::outside::whole_file;
use crate::text::fault::Fault;

/// Writes the file whole or not at all, and never over another one.
pub(super) fn write(path: &Path, named: &Path, text: &str) -> Result<(), Fault> {
    whole_file::create(path, text).map_err(|error| match error.kind() {
        ErrorKind::AlreadyExists => exists(named),
        _ => Fault::failed(format!("cannot write `{}`: {error}", named.display())),
    })
}

fn exists(named: &Path) -> Fault {
    Fault::usage(format!(
        "`{0}` exists and is left as it is; `release-check init --diff` shows what it would be now, and --config names another file",
        named.display()
    ))
}
