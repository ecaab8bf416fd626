//! `scan` as SARIF 2.1.0, for code scanning.

use super::judged::{self, Judged, JudgedKnowledge};
use crate::artefact::ExaminedFile;
use crate::paper::sarif::{SarifFinding, SarifKind, SarifLevel, SarifReport, SarifRule};

/// The findings: one for each advisory of each file, and one for whatever is not known.
pub(super) fn text(judged: &Judged<'_>) -> String {
    let mut report = SarifReport::default();
    for file in judged.files {
        for (rule, kind, message) in alerts(judged, file) {
            let finding = SarifFinding {
                kind,
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

fn alerts(judged: &Judged<'_>, file: &ExaminedFile) -> Vec<(SarifRule, SarifKind, String)> {
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
                    let help = "affects an OpenSSL in this file. Take a build with the fix.";
                    (
                        SarifRule::of_advisory(known, help),
                        SarifKind::Fail,
                        format!("OpenSSL {version} has {id}{fixed}"),
                    )
                }));
                let unanalysed = verdict.unanalysed.iter();
                let unanalysed = unanalysed.filter_map(|id| judged.upstream.advisory(*id));
                all.extend(unanalysed.map(|known| {
                    let id = known.advisory.id;
                    let help = "may affect an OpenSSL in this file: OpenSSL did not look at its series. Take a build of a series that it looks at.";
                    (
                        SarifRule::of_advisory(known, help),
                        SarifKind::Open,
                        format!("whether OpenSSL {version} has {id} is not known: upstream did not look at its series"),
                    )
                }));
            }
            JudgedKnowledge::NotKnown(why) => all.push((not_known(), SarifKind::Fail, why)),
        }
    }
    let forks = file.other.iter().filter(|library| library.is_fork());
    all.extend(forks.map(|fork| {
        let why = format!("{fork} is in it: {}", judged::FORK);
        (not_known(), SarifKind::Fail, why)
    }));
    all.extend(
        file.unread
            .iter()
            .map(|why| (not_known(), SarifKind::Fail, format!("not read: {why}"))),
    );
    all
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
