//! The checks and statuses of a commit, as far as they are not our own.

use serde::Deserialize;

use super::error::ForgeError;
use super::forge::ForgeRepository;
use super::own_job::OwnJob;
use crate::plan::proposal::checks::{CheckState, CommitCheck};
use crate::project::file_entry::Oid;

#[derive(Deserialize)]
struct CheckRunsAnswer {
    check_runs: Vec<CheckRunAnswer>,
}

#[derive(Deserialize)]
struct CheckRunAnswer {
    name: String,
    status: String,
    conclusion: Option<String>,
    details_url: Option<String>,
    app: Option<AppAnswer>,
}

#[derive(Deserialize)]
struct AppAnswer {
    slug: Option<String>,
}

#[derive(Deserialize)]
struct StatusAnswer {
    #[serde(default)]
    statuses: Vec<StatusEntry>,
}

#[derive(Deserialize)]
struct StatusEntry {
    context: String,
    state: String,
}

impl ForgeRepository<'_> {
    /// The checks and commit statuses of a commit, each as it went last; the job that this process
    /// runs in is left out, on whatever commit it ran.
    pub async fn checks(self, commit: &Oid) -> Result<Vec<CommitCheck>, ForgeError> {
        let path = format!("commits/{commit}/check-runs");
        let pages: Vec<CheckRunsAnswer> = self.pages("read the checks", &path, &[]).await?;
        let mut runs: Vec<CheckRunAnswer> =
            pages.into_iter().flat_map(|page| page.check_runs).collect();
        if let Some(own) = self
            .own_job
            .as_ref()
            .filter(|own| own.repository.eq_ignore_ascii_case(self.name))
        {
            take_out(own, &mut runs);
        }
        let mut checks: Vec<CommitCheck> = runs.into_iter().map(CheckRunAnswer::read).collect();
        let path = format!("commits/{commit}/status");
        let pages: Vec<StatusAnswer> = self.pages("read the commit statuses", &path, &[]).await?;
        let statuses = pages.into_iter().flat_map(|page| page.statuses);
        checks.extend(statuses.map(StatusEntry::read));
        Ok(checks)
    }
}

/// Takes out what this job is among the checks, now or in an earlier run. A job's check has its
/// name; where it was given another one, nothing tells it from the run's other jobs, so these
/// go too.
fn take_out(job: &OwnJob, runs: &mut Vec<CheckRunAnswer>) {
    let is_job = |run: &CheckRunAnswer| {
        run.app.as_ref().and_then(|app| app.slug.as_deref()) == Some("github-actions")
    };
    let in_this_run = |run: &CheckRunAnswer| {
        run.details_url
            .as_deref()
            .is_some_and(|url| url.contains(&format!("/actions/runs/{}/", job.run)))
    };
    let is_named = |run: &CheckRunAnswer| job.job.as_ref() == Some(&run.name);
    let has_its_name = runs.iter().any(|run| in_this_run(run) && is_named(run));
    runs.retain(|run| !(is_job(run) && (is_named(run) || (!has_its_name && in_this_run(run)))));
}

impl CheckRunAnswer {
    fn read(self) -> CommitCheck {
        let state = match (self.status.as_str(), self.conclusion.as_deref()) {
            ("completed", Some("success" | "neutral" | "skipped")) => CheckState::Green,
            ("completed", _) => CheckState::Red,
            _ => CheckState::Running,
        };
        CommitCheck {
            name: self.name,
            state,
        }
    }
}

impl StatusEntry {
    fn read(self) -> CommitCheck {
        let state = match self.state.as_str() {
            "success" => CheckState::Green,
            "pending" => CheckState::Running,
            _ => CheckState::Red,
        };
        CommitCheck {
            name: self.context,
            state,
        }
    }
}
