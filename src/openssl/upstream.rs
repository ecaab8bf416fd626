//! Releases, advisories and support windows as one consistent view of upstream at one moment: the
//! snapshot.

mod age;
pub(crate) mod builtin;
pub(crate) mod diagnostic;
pub(crate) mod git_references;
pub(crate) mod github_releases;
mod later;
mod lenient;
pub(crate) mod merge;
pub(crate) mod metadata;
pub(crate) mod page;
mod plain_text;
pub(crate) mod pre_announcement;
mod release;
pub(crate) mod release_table;
pub(crate) mod release_text;
pub(crate) mod secadv;
pub(crate) mod secjson;
mod snapshot;
pub(crate) mod source_page;
pub(crate) mod statements;
pub(crate) mod support;
pub(crate) mod tags;
mod unrecorded;
mod view;
pub(crate) mod vulnerability_page;

pub(crate) use age::{Taken, is_older};
pub use view::View;
pub(crate) use view::{KnownAdvisory, Support};

pub use snapshot::Snapshot;
pub(crate) use snapshot::{SourceState, State, SupportWindow};

pub use release::{Hashes, Release};

#[cfg(test)]
mod tests {
    use super::Snapshot;

    #[test]
    fn a_snapshot_that_says_something_twice_is_refused() {
        let read = |releases: &str, advisories: &str| {
            Snapshot::read(&format!(
                r#"{{"schema":1,"taken":"2025-10-01","releases":[{releases}],"advisories":[{advisories}],"series":[]}}"#
            ))
        };
        let release = r#"{"version":"3.5.4","date":"2025-09-30"}"#;
        let narrow = r#"{"id":"CVE-2025-9230","severity":null,"published":"2025-09-30","affected":[{"from":"3.0.0","before":"3.0.18"}]}"#;
        let wide = r#"{"id":"CVE-2025-9230","published":"2025-09-30","affected":[{"from":"3.5.0","before":"3.5.4"}]}"#;
        assert_eq!(
            read(release, narrow).map(|snapshot| snapshot.advisories[0].severity.is_rated()),
            Ok(false)
        );
        assert_eq!(
            read(&format!("{release},{release}"), narrow),
            Err("`3.5.4` is listed twice; make one entry of the two".to_owned())
        );
        assert!(
            read(release, &format!("{narrow},{wide}"))
                .is_err_and(|message| message.starts_with("`CVE-2025-9230` is listed twice"))
        );
    }
}
