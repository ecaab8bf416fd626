//! `scan` as SARIF 2.1.0, for code scanning.

use super::judged::{self, Judged, JudgedKnowledge};
use crate::artefact::ExaminedFile;
use crate::openssl::upstream::KnownAdvisory;
use crate::paper::sarif::{self, SarifFinding, SarifLevel, SarifReport, SarifRule};

/// The findings: one for each advisory of each file, and one for whatever is not known.
pub(super) fn text(judged: &Judged<'_>) -> String {
    let mut report = SarifReport::default();
    for file in judged.files {
        for (rule, message) in alerts(judged, file) {
            let finding = SarifFinding {
                message: format!("{}: {message}", file.place()),
                path: file.path.replace('\\', "/"),
                line: None,
                fingerprint: None,
            };
            report.add(&rule, finding);
        }
        for why in &file.unread {
            report.gap(format!("{}: not read: {why}", file.place()));
        }
    }
    report.text()
}

fn alerts(judged: &Judged<'_>, file: &ExaminedFile) -> Vec<(SarifRule, String)> {
    let mut all = Vec::new();
    for found in file
        .openssl
        .iter()
        .filter(|found| judged::is_shipped(found))
    {
        match judged.knowledge(found) {
            JudgedKnowledge::Known(verdict) => {
                let version = found
                    .version
                    .map_or_else(String::new, |version| version.to_string());
                all.extend(verdict.advisories.iter().map(|known| {
                    let fixed = verdict
                        .fixed_in
                        .map_or_else(String::new, |(fixed, _)| format!("; go to {fixed}"));
                    let id = known.advisory.id;
                    (
                        advisory(known),
                        format!("OpenSSL {version} has {id}{fixed}"),
                    )
                }));
            }
            JudgedKnowledge::NotKnown(why) => all.push((not_known(), why)),
        }
    }
    all.extend(
        file.unread
            .iter()
            .map(|why| (not_known(), format!("not read: {why}"))),
    );
    all
}

fn advisory(known: &KnownAdvisory<'_>) -> SarifRule {
    let (id, severity) = (known.advisory.id, &known.advisory.severity);
    let title = known.advisory.title.as_deref();
    SarifRule {
        id: id.to_string(),
        description: title.map_or_else(|| format!("OpenSSL advisory {id}"), crate::text::one_line),
        help: format!(
            "{id}, which OpenSSL rates {severity}, affects an OpenSSL in this file. Take a build with the fix."
        ),
        url: known.advisory.url.clone().unwrap_or_else(|| id.url()),
        level: sarif::level(severity),
        tags: &["security", "external/cve"],
        score: Some(sarif::score(severity)),
    }
}

fn not_known() -> SarifRule {
    SarifRule {
        id: "openssl-not-known".to_owned(),
        description: "An OpenSSL, or a file, that nothing known judges".to_owned(),
        help: "Ask whoever built it which fixes it has, or unpack what could not be read."
            .to_owned(),
        url: env!("CARGO_PKG_REPOSITORY").to_owned(),
        level: SarifLevel::Error,
        tags: &["security"],
        score: Some("5.0"),
    }
}
