//! The command line, and nothing but the command line.

mod arguments;
mod command;

pub(crate) use arguments::{
    AffectedAsked, AnnounceArguments, AnnouncementKind, Cli, Command, DraftArguments, DraftKind,
    Format, Global, HistoryArguments, Settled, Since,
};
pub(crate) use command::command;
