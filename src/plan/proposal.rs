//! The PR before it exists: its names and texts, and the plan of calls that leads from what the
//! forge has to what it should have.
//!
//! Nothing here remembers anything: [`facts`] read off the forge and the wanted [`Proposal`] make a
//! [`Plan`], and a plan that was carried out, in whole or in part, leads to facts from which the
//! next plan goes on.

pub(crate) mod call;
pub(crate) mod checks;
pub(crate) mod edit;
pub(crate) mod facts;
mod plan;
mod planned;
pub(crate) mod purpose;
mod retire;
pub(crate) mod route;
mod said;
pub(crate) mod stamp;
pub(crate) mod tracking;

pub use crate::project::file_entry::Oid;
pub(crate) use call::At;
pub use call::Call;
pub(crate) use facts::ForgeFacts;
pub(crate) use plan::{needs, plan};
pub use purpose::Purpose;
pub(crate) use purpose::{PREFIX, target_of};
pub(crate) use retire::{Reason, closed_by_us, retire, retired_text};
pub(crate) use route::Route;

pub(crate) use planned::{NO_CI, WORKFLOW_USER};
pub use planned::{Plan, Proposal, Standing};

/// The label of tracking issues, by which they are found again.
pub(crate) const ISSUE_LABEL: &str = "release-check";
