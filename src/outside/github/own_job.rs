//! The job that this process runs in.

use crate::outside::environment::Environment;

/// The job that this process runs in, which is a check too: whoever waits for it waits for ever.
#[derive(Debug)]
pub(super) struct OwnJob {
    pub(super) repository: String,
    pub(super) run: String,
    pub(super) job: Option<String>,
}

impl OwnJob {
    /// The job of a workflow that the variables of CI speak of.
    pub(super) fn of(environment: &Environment) -> Option<Self> {
        let read = |name: &str| environment.get(name).map(str::to_owned);
        Some(Self {
            repository: read("GITHUB_REPOSITORY")?,
            run: read("GITHUB_RUN_ID")?,
            job: read("GITHUB_JOB"),
        })
    }
}
