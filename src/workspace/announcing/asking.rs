//! Whom the conditions of a message are asked of.

use crate::workspace::case::Case;
use crate::workspace::place::Place;

/// Whom the conditions are asked of.
pub(crate) struct Asking<'a> {
    pub(crate) case: &'a Case<'a>,
    /// This checkout's own repository.
    pub(crate) own: Option<&'a Place>,
    /// Why the record of what was sent is only this clone's, where others may have one.
    pub(crate) unasked: Option<&'a str>,
}
