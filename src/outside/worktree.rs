//! The working tree: reads it, and applies a change all or nothing.

mod apply;
mod journal;
mod root;
mod survey;
mod tree;

use std::path::Path;

use crate::outside::git::index as git;
pub(crate) use crate::outside::git::index::start_history;
pub(crate) use apply::apply;
pub(crate) use root::Root;
pub(crate) use survey::{Survey, WhyUnread, is_hidden, survey, text_of};

/// `owner/name` of the repository's `origin`, where it has one on a forge.
pub(crate) fn origin(directory: &Path) -> Option<String> {
    let url = git::origin(directory)?;
    let path = match url.split_once("://") {
        Some((_, rest)) => rest.split_once('/')?.1,
        None => url.split_once(':')?.1,
    };
    let mut parts = path
        .trim_end_matches('/')
        .trim_end_matches(".git")
        .rsplit('/');
    let (name, owner) = (parts.next()?, parts.next()?);
    Some(format!("{owner}/{name}"))
}

/// The project's folder inside its git repository, empty where they are one or there is none.
pub(crate) fn prefix(directory: &Path) -> String {
    Root::of(directory).prefix()
}
