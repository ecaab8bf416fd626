//! For every link that moves one branch, one commit and one PR; for every link that cannot, one
//! issue.

pub(crate) mod document;
mod forward;
mod offer;
mod own;
mod pins;
mod run;
mod session;
mod tested;
mod withdrawn;

use crate::text::fault::Fault;
use crate::workspace::case::Case;

pub(crate) use session::Proposals;

use document::ProposeJson;

/// Proposes what is due in every repository.
///
/// # Errors
///
/// Whatever is wrong with pins, or the first thing that a forge or git refuses; running again goes
/// on from there.
pub(crate) fn propose(case: &Case<'_>, execute: bool) -> Result<ProposeJson, Fault> {
    let mut proposals = Proposals::open(case, execute)?;
    proposals.pins();
    if let Some((.., fault)) = proposals.faults.first() {
        return Err(fault.clone());
    }
    proposals.paperwork()?;
    proposals.carry_forward()?;
    Ok(proposals.finish())
}
