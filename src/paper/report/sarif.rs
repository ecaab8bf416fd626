//! `check` as SARIF 2.1.0, for code scanning: a vulnerable pin is an alert at its line.

use std::collections::BTreeMap;

use data_encoding::HEXLOWER;
use sha2::{Digest, Sha256};

use super::subject::{AssessedLink, Check, PinPlace, meaning};
use crate::openssl::assessment::{Assessment, Verdict};
use crate::openssl::upstream::KnownAdvisory;
use crate::paper::sarif::{SarifFinding, SarifKind, SarifLevel, SarifReport, SarifRule};
use crate::project::file_tree::in_repository;
use crate::text::one_line;

/// What is wrong with a link.
struct Alert {
    rule: SarifRule,
    kind: SarifKind,
    message: String,
}

impl Check<'_> {
    /// The findings as SARIF.
    ///
    /// Paths are those of the repository. What is pinned in another repository is an alert where
    /// the configuration names the link: a file of another repository would be taken for one of
    /// this.
    pub(crate) fn sarif(&self) -> String {
        let mut report = SarifReport::default();
        for link in &self.links {
            for alert in self.alerts(link) {
                for finding in self.findings(link, &alert) {
                    report.add(&alert.rule, finding);
                }
            }
        }
        self.gaps().into_iter().for_each(|gap| report.gap(gap));
        report.text()
    }

    /// One finding for each place in this repository, and one for all that are elsewhere.
    fn findings(&self, link: &AssessedLink, alert: &Alert) -> Vec<SarifFinding> {
        let (here, elsewhere): (Vec<&PinPlace>, Vec<&PinPlace>) = link
            .places
            .iter()
            .partition(|place| place.repository.is_none());
        let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
        let mut findings = Vec::new();
        for place in here {
            let earlier = seen.entry(&place.file).or_default();
            let at = (place.file.as_str(), place.line);
            findings.push(self.finding(link, alert, at, *earlier, alert.message.clone()));
            *earlier += 1;
        }
        if let Some((file, line)) = link.declared.as_ref().filter(|_| !elsewhere.is_empty()) {
            let message = format!("{} (pinned in {})", alert.message, listed(&elsewhere));
            findings.push(self.finding(link, alert, (file, *line), 0, message));
        }
        findings
    }

    /// A finding; `earlier` is how many of the same kind the file has before it.
    fn finding(
        &self,
        link: &AssessedLink,
        alert: &Alert,
        (file, line): (&str, usize),
        earlier: usize,
        message: String,
    ) -> SarifFinding {
        let path = in_repository(&self.prefix, file);
        // Neither line nor version has a part in it: a pin that moves is the same alert.
        let rule = &alert.rule.id;
        let identity = Sha256::digest(format!("{}\0{rule}\0{path}\0{earlier}", link.name));
        SarifFinding {
            kind: alert.kind,
            message,
            path,
            line: Some(line),
            fingerprint: Some(HEXLOWER.encode(&identity[..16])),
        }
    }

    /// What is wrong with a link, the gravest first.
    fn alerts(&self, link: &AssessedLink) -> Vec<Alert> {
        let assessment = &link.assessment;
        let mut affecting: Vec<&KnownAdvisory<'_>> =
            self.upstream.affecting(assessment.linked).collect();
        affecting.sort_by(|a, b| {
            b.advisory
                .severity
                .cmp(&a.advisory.severity)
                .then(a.advisory.id.cmp(&b.advisory.id))
        });
        let ended = matches!(assessment.verdict, Verdict::Withdrawn | Verdict::EndOfLife)
            .then(|| of_verdict(link));
        ended
            .into_iter()
            .chain(affecting.into_iter().map(|known| of_advisory(link, known)))
            .chain(self.unanalysed(link))
            .collect()
    }

    /// What upstream did not look at for the linked version: nobody knows whether it is wrong.
    fn unanalysed(&self, link: &AssessedLink) -> impl Iterator<Item = Alert> {
        let Assessment { linked, tested, .. } = link.assessment;
        let ids = match tested {
            true => Vec::new(),
            false => self.upstream.unanalysed(linked),
        };
        let known = ids.into_iter().filter_map(|id| self.upstream.advisory(id));
        known.map(move |known| {
            let (id, severity) = (known.advisory.id, &known.advisory.severity);
            Alert {
                message: format!(
                    "`{}` links OpenSSL {linked}, and whether {id} ({severity}) affects it is not known: upstream did not look at {}",
                    link.name,
                    linked.series()
                ),
                kind: SarifKind::Open,
                rule: SarifRule::of_advisory(
                    known,
                    "may affect the OpenSSL that is linked: OpenSSL did not look at its series. Move the pin to a series that it looks at.",
                ),
            }
        })
    }
}

fn of_advisory(link: &AssessedLink, known: &KnownAdvisory<'_>) -> Alert {
    let Assessment {
        linked,
        target,
        fixes,
        ..
    } = &link.assessment;
    let (id, severity) = (known.advisory.id, &known.advisory.severity);
    let way_out = match target.filter(|_| fixes.contains(&id)) {
        Some(target) => format!("; OpenSSL {target} has the fix"),
        None => "; no release that policy allows has the fix".to_owned(),
    };
    Alert {
        message: format!(
            "`{}` links OpenSSL {linked}, which {id} ({severity}) affects{way_out}",
            link.name
        ),
        kind: SarifKind::Fail,
        rule: SarifRule::of_advisory(
            known,
            "affects the OpenSSL that is linked. Move the pin to a version with the fix.",
        ),
    }
}

fn of_verdict(link: &AssessedLink) -> Alert {
    let Assessment {
        linked, verdict, ..
    } = &link.assessment;
    let (description, help) = match verdict {
        Verdict::Withdrawn => (
            "OpenSSL took the linked release back",
            "Move the pin to the newest release that was not withdrawn.",
        ),
        _ => (
            "The linked OpenSSL series has ended",
            "Nobody looks for vulnerabilities there any more. Move the pin to a supported series.",
        ),
    };
    let message = format!(
        "`{}` links OpenSSL {linked}: {}",
        link.name,
        meaning(&link.assessment)
    );
    Alert {
        kind: SarifKind::Fail,
        rule: SarifRule {
            id: verdict.to_string(),
            description: description.to_owned(),
            help: help.to_owned(),
            url: "https://openssl-library.org/policies/releasestrat/".to_owned(),
            level: SarifLevel::Error,
            tags: &["maintainability"],
            score: None,
        },
        message,
    }
}

/// The first places of a list, and how many more there are.
fn listed(places: &[&PinPlace]) -> String {
    let shown: Vec<String> = places
        .iter()
        .take(5)
        .map(|place| one_line(&place.to_string()))
        .collect();
    let more = places.len().saturating_sub(shown.len());
    let more = if more == 0 {
        String::new()
    } else {
        format!(" and {more} more")
    };
    format!("`{}`{more}", shown.join("`, `"))
}
