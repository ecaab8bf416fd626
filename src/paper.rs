//! What we write, for people and for programs: drafts, the announcement, the feed and the reports.

pub(crate) mod announcement;
pub(crate) mod draft;
pub(crate) mod feed;
pub(crate) mod history;
pub(crate) mod report;
pub(crate) mod sarif;
pub(crate) mod templates;
