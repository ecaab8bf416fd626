//! GitHub and GitHub Enterprise: reads what a repository has, and carries out plans. The only place
//! that talks to the user's forge.

mod advisories;
mod checks;
mod error;
mod execute;
mod forge;
mod gather;
mod graphql;
mod history;
mod objects;
mod own_job;
mod read;
mod releases;
mod rest;
mod sent;
mod standing;
mod wire;
mod write;

pub use error::ForgeError;
pub(crate) use execute::Done;
pub(crate) use forge::ForgeRepository;
pub use forge::GitHub;
pub(crate) use gather::OurHeads;
pub(crate) use releases::NewRelease;
pub(crate) use standing::TokenStanding;
