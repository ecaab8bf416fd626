//! `doctor`: whether everything that a run needs is there and works, before it is needed.

mod findings;
mod forge;
mod project;
mod schedule;
mod services;
mod sources;

use schemars::JsonSchema;
use serde::Serialize;

use super::report::Report;
use crate::cli::Format;
use crate::project::config;
use crate::text::fault::Fault;
use crate::workspace::case::Case;
use crate::workspace::session::Session;

use findings::{DoctorFindings, Finding, FindingState};

#[derive(Serialize, JsonSchema)]
#[schemars(title = "release-check doctor --format json")]
struct DoctorJson<'a> {
    schema: u32,
    /// Whether no connection was opened to anyone.
    offline: bool,
    /// How many findings there are in each state.
    summary: Summary,
    findings: &'a [Finding],
}

#[derive(Serialize, JsonSchema)]
struct Summary {
    ok: usize,
    warning: usize,
    error: usize,
    skipped: usize,
}

pub(super) fn run(session: &Session<'_>, list: bool) -> Result<Report, Fault> {
    let context = session.context;
    let mut findings = DoctorFindings::default();
    examine(session, &mut findings);
    let text = match context.format {
        Format::Json => {
            let count = |state| findings.count(state);
            let summary = Summary {
                ok: count(FindingState::Ok),
                warning: count(FindingState::Warning),
                error: count(FindingState::Error),
                skipped: count(FindingState::Skipped),
            };
            crate::paper::report::pretty(&DoctorJson {
                schema: 1,
                offline: context.offline,
                summary,
                findings: findings.all(),
            })
        }
        _ => findings.text(context.look, list),
    };
    Ok(Report {
        text,
        status: findings.status(),
    })
}

fn examine(session: &Session<'_>, findings: &mut DoctorFindings) {
    let context = session.context;
    let named = context
        .config
        .as_deref()
        .unwrap_or(std::path::Path::new(config::FILE_NAME))
        .display()
        .to_string();
    let config = match context.config_alone() {
        Ok(config) => config,
        Err(fault) => {
            let found = findings.in_area("configuration");
            if context.is_configured() {
                found.fault(&named, &fault, "`schemas/config.json` describes every key");
            } else {
                let missing = Fault::usage("there is none here".to_owned());
                let next = "`release-check init` writes one where something here names OpenSSL, and --config names another";
                found.fault(&named, &missing, next);
            }
            findings.skipped("everything else", "it is read from the configuration");
            return;
        }
    };
    project::configuration(&named, &config, findings);
    project::hidden(context, &named, findings);
    let facts = sources::check(session, &config, findings);
    sources::keys(context, &config, findings);
    if let Some(facts) = &facts {
        let case = Case::new(session, &config, facts);
        project::pins(&case, findings);
        project::paperwork(&case, findings);
    }
    schedule::check(context, findings);
    forge::check(session, &config, findings);
    services::mail(session, &config, findings);
    services::index(session, &config, findings);
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_schema_is_published() {
        crate::text::schema::assert_published::<super::DoctorJson<'_>>("doctor");
    }
}
