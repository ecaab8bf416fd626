//! What a run has seen and done.

use super::newest::Released;
use crate::paper::report::Check;
use crate::plan::pipeline::Checklist;
use crate::text::fault::Fault;
use crate::workspace::proposals::document::ProposeJson;

/// Everything that a run has seen and done.
pub(super) struct RunOutcome<'a> {
    pub(super) check: Check<'a>,
    pub(super) checklist: Checklist,
    pub(super) proposals: ProposeJson,
    pub(super) released: Released,
    pub(super) executed: bool,
    pub(super) faults: Vec<Fault>,
}
