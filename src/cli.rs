//! The command line, and nothing but the command line.

mod arguments;
mod command;

pub(crate) use arguments::{
    AffectedAsked, AnnouncementKind, Cli, Command, DraftKind, Format, Global, Settled, Since,
};
pub(crate) use command::command;
