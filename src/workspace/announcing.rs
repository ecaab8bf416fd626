//! The mail to subscribers: what it says, what must hold before it is sent, and the record of it.

mod asking;
mod conditions;
mod delivery;
mod feed;
mod forge_text;
mod merged;
mod on_forge;
mod outcome;
mod record;
mod request;
mod settle;
mod shared;
mod subject;

pub(crate) use forge_text::ForgeText;
pub(crate) use outcome::{AnnouncementOutcome, outcome, possible};
pub(crate) use request::{AnnounceRequest, Asks, check};
pub(crate) use settle::{RecordedMessage, Settling, recorded, settle};
pub(crate) use subject::Material;
