//! `check` as SARIF 2.1.0, for code scanning: a vulnerable pin is an alert at its line.

use serde_json::{Value, json};

use super::{Check, Link, meaning};
use crate::advisory::{CveId, Severity};
use crate::assessment::Verdict;
use crate::text::one_line;

impl Check<'_> {
    /// The findings as SARIF.
    #[must_use]
    pub fn sarif(&self) -> String {
        let mut rules: Vec<Value> = Vec::new();
        let mut results: Vec<Value> = Vec::new();
        for link in &self.links {
            for (rule, description, url, level, message) in self.alerts(link) {
                if !rules.iter().any(|known| known["id"] == rule.as_str()) {
                    rules.push(json!({"id": rule, "shortDescription": {"text": description}, "helpUri": url}));
                }
                for (file, line) in &link.places {
                    results.push(json!({
                        "ruleId": rule,
                        "level": level,
                        "message": {"text": message},
                        "locations": [{"physicalLocation": {"artifactLocation": {"uri": uri(file)}, "region": {"startLine": line}}}],
                        "partialFingerprints": {"releaseCheck/v1": format!("{}:{rule}:{file}", link.name)},
                    }));
                }
            }
        }
        let driver = json!({
            "name": "release-check",
            "semanticVersion": env!("CARGO_PKG_VERSION"),
            "rules": rules,
        });
        super::json::pretty(&json!({
            "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
            "version": "2.1.0",
            "runs": [{"tool": {"driver": driver}, "results": results}],
        }))
    }

    /// What is wrong with a link: rule, description, address, level, message.
    fn alerts(&self, link: &Link) -> Vec<(String, String, String, &'static str, String)> {
        let assessment = &link.assessment;
        let move_to = assessment.target.map_or_else(String::new, |target| format!("; move to {target}"));
        let mut alerts = Vec::new();
        for known in self.upstream.affecting(assessment.linked) {
            let id: CveId = known.advisory.id;
            let severity = &known.advisory.severity;
            let level = if *severity == Severity::Low { "warning" } else { "error" };
            let description = known.advisory.title.as_deref().map_or_else(|| format!("OpenSSL advisory {id}"), one_line);
            let url = known.advisory.url.clone().unwrap_or_else(|| id.url());
            let message = format!("`{}` links OpenSSL {}, which {id} ({severity}) affects{move_to}", link.name, assessment.linked);
            alerts.push((id.to_string(), description, url, level, message));
        }
        if matches!(assessment.verdict, Verdict::Withdrawn | Verdict::EndOfLife) {
            let description = match assessment.verdict {
                Verdict::Withdrawn => "OpenSSL took the linked release back",
                _ => "The linked OpenSSL series has ended",
            };
            let message = format!("`{}` links OpenSSL {}: {}", link.name, assessment.linked, meaning(assessment));
            let url = "https://openssl-library.org/policies/releasestrat/".to_owned();
            alerts.push((assessment.verdict.to_string(), description.to_owned(), url, "error", message));
        }
        alerts
    }
}

/// A relative path as a URI reference (RFC 3986).
fn uri(path: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'/' | b'-' | b'_' | b'.' | b'~');
    path.bytes().map(|byte| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") }).collect()
}
