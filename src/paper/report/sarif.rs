//! `check` as SARIF 2.1.0, for code scanning: a vulnerable pin is an alert at its line.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::subject::{Check, Link, Place, meaning};
use crate::openssl::advisory::Severity;
use crate::openssl::assessment::{Assessment, Verdict};
use crate::openssl::upstream::KnownAdvisory;
use crate::text::one_line;

/// How many results code scanning takes in one run; with one more it refuses all of them.
const MOST_RESULTS: usize = 25_000;

/// What is wrong with a link.
struct Alert {
    /// The rule: the advisory, or the verdict.
    rule: String,
    /// The rule as code scanning shows it.
    descriptor: Value,
    level: &'static str,
    message: String,
}

impl Check<'_> {
    /// The findings as SARIF.
    ///
    /// Paths are those of the repository. What is pinned in another repository is an alert where
    /// the configuration names the link: a file of another repository would be taken for one of
    /// this.
    #[must_use]
    pub(crate) fn sarif(&self) -> String {
        let mut rules: Vec<Value> = Vec::new();
        let mut results: Vec<Value> = Vec::new();
        for link in &self.links {
            for alert in self.alerts(link) {
                let known = rules
                    .iter()
                    .position(|known| known["id"] == alert.rule.as_str());
                let index = known.unwrap_or(rules.len());
                if known.is_none() {
                    rules.push(alert.descriptor.clone());
                }
                results.extend(self.results(link, &alert, index));
            }
        }
        let left_out = results.len().saturating_sub(MOST_RESULTS);
        results.truncate(MOST_RESULTS);
        let gaps = self.gaps();
        // An upload of a run that did not see everything must close no alert.
        let is_whole = gaps.is_empty();
        let mut notifications: Vec<Value> = gaps
            .iter()
            .map(|gap| json!({"level": "error", "message": {"text": gap}}))
            .collect();
        if left_out > 0 {
            notifications.push(json!({"level": "warning", "message": {"text": format!("{left_out} further results are left out: code scanning takes {MOST_RESULTS}")}}));
        }
        let driver = json!({
            "name": "release-check",
            "semanticVersion": env!("CARGO_PKG_VERSION"),
            "informationUri": env!("CARGO_PKG_REPOSITORY"),
            "rules": rules,
        });
        super::json::pretty(&json!({
            "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
            "version": "2.1.0",
            "runs": [{
                "tool": {"driver": driver},
                "invocations": [{"executionSuccessful": is_whole, "toolExecutionNotifications": notifications}],
                "results": results,
            }],
        }))
    }

    /// One result for each place in this repository, and one for all that are elsewhere.
    fn results(&self, link: &Link, alert: &Alert, index: usize) -> Vec<Value> {
        let (here, elsewhere): (Vec<&Place>, Vec<&Place>) = link
            .places
            .iter()
            .partition(|place| place.repository.is_none());
        let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
        let mut results: Vec<Value> = Vec::new();
        for place in here {
            let earlier = seen.entry(&place.file).or_default();
            results.push(self.result(
                link,
                alert,
                index,
                (&place.file, place.line),
                *earlier,
                &alert.message,
            ));
            *earlier += 1;
        }
        if !elsewhere.is_empty() {
            let message = format!("{} (pinned in {})", alert.message, listed(&elsewhere));
            let (file, line) = &link.declared;
            results.push(self.result(link, alert, index, (file, *line), 0, &message));
        }
        results
    }

    /// A result; `earlier` is how many of the same kind the file has before it.
    fn result(
        &self,
        link: &Link,
        alert: &Alert,
        index: usize,
        (file, line): (&str, usize),
        earlier: usize,
        message: &str,
    ) -> Value {
        let path = if self.prefix.is_empty() {
            file.to_owned()
        } else {
            format!("{}/{file}", self.prefix)
        };
        let artifact = json!({"uri": uri(&path), "uriBaseId": "%SRCROOT%"});
        // Neither line nor version has a part in it: a pin that moves is the same alert.
        // `primaryLocationLineHash`, which follows the line's text, is left to the upload: a value
        // of ours there would be reported as inconsistent.
        let identity = Sha256::digest(format!("{}\0{}\0{path}\0{earlier}", link.name, alert.rule));
        let fingerprint = identity
            .iter()
            .take(16)
            .fold(String::new(), |mut hex, byte| {
                let _ = write!(hex, "{byte:02x}");
                hex
            });
        json!({
            "ruleId": alert.rule,
            "ruleIndex": index,
            "level": alert.level,
            "message": {"text": message},
            "locations": [{"physicalLocation": {"artifactLocation": artifact, "region": {"startLine": line.max(1)}}}],
            "partialFingerprints": {"releaseCheck/v1": fingerprint},
        })
    }

    /// What is wrong with a link, the gravest first.
    fn alerts(&self, link: &Link) -> Vec<Alert> {
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
            .collect()
    }
}

fn of_advisory(link: &Link, known: &KnownAdvisory<'_>) -> Alert {
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
    let description = known
        .advisory
        .title
        .as_deref()
        .map_or_else(|| format!("OpenSSL advisory {id}"), one_line);
    let url = known.advisory.url.clone().unwrap_or_else(|| id.url());
    let help = format!(
        "{id}, which OpenSSL rates {severity}, affects the OpenSSL that is linked. Move the pin to a version with the fix."
    );
    let rule = id.to_string();
    let mut descriptor = descriptor(&rule, &description, &help, &url, level(severity));
    descriptor["properties"] = json!({"tags": ["security", "external/cve"], "precision": "very-high", "security-severity": security_severity(severity)});
    Alert {
        message: format!(
            "`{}` links OpenSSL {linked}, which {id} ({severity}) affects{way_out}",
            link.name
        ),
        level: level(severity),
        rule,
        descriptor,
    }
}

fn of_verdict(link: &Link) -> Alert {
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
    let rule = verdict.to_string();
    let mut descriptor = descriptor(
        &rule,
        description,
        help,
        "https://openssl-library.org/policies/releasestrat/",
        "error",
    );
    descriptor["properties"] = json!({"tags": ["maintainability"], "precision": "very-high"});
    let message = format!(
        "`{}` links OpenSSL {linked}: {}",
        link.name,
        meaning(&link.assessment)
    );
    Alert {
        rule,
        descriptor,
        level: "error",
        message,
    }
}

/// A rule as code scanning wants it: texts of at most 1,024 characters, help in both forms.
fn descriptor(rule: &str, description: &str, help: &str, url: &str, level: &str) -> Value {
    let cut = |text: &str| text.chars().take(1024).collect::<String>();
    json!({
        "id": rule,
        "shortDescription": {"text": cut(description)},
        "fullDescription": {"text": cut(description)},
        "help": {"text": format!("{help} See {url}"), "markdown": format!("{help}\n\nSee <{}>.", url.replace(['<', '>', ' '], ""))},
        "helpUri": url,
        "defaultConfiguration": {"level": level},
    })
}

/// Even a low one asks for a release; an unknown rating counts as a grave one.
fn level(severity: &Severity) -> &'static str {
    if *severity == Severity::Low {
        "warning"
    } else {
        "error"
    }
}

/// A score within the range that code scanning shows as the same word: OpenSSL publishes words, no
/// scores.
fn security_severity(severity: &Severity) -> &'static str {
    match severity {
        Severity::Low => "2.0",
        Severity::Moderate => "5.0",
        Severity::High | Severity::Unknown | Severity::Other(_) => "8.0",
        Severity::Critical => "9.5",
    }
}

/// The first places of a list, and how many more there are.
fn listed(places: &[&Place]) -> String {
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

/// A relative path as a URI reference (RFC 3986).
fn uri(path: &str) -> String {
    let plain =
        |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'/' | b'-' | b'_' | b'.' | b'~');
    path.bytes()
        .map(|byte| {
            if plain(byte) {
                char::from(byte).to_string()
            } else {
                format!("%{byte:02X}")
            }
        })
        .collect()
}
