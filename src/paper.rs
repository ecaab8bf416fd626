//! What we write, for people and for programs: drafts, the announcement, the feed and the reports.

pub mod announcement;
pub mod draft;
pub mod feed;
pub mod report;
pub mod templates;
