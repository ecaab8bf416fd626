//! `scan` as SARIF 2.1.0, for code scanning.

use serde::Serialize;

use super::judged::{self, Judged, JudgedKnowledge};
use crate::artefact::ExaminedFile;
use crate::openssl::advisory::Severity;
use crate::openssl::upstream::KnownAdvisory;

/// How many results code scanning takes in one run; with one more it refuses all of them.
const MOST: usize = 25_000;

#[derive(Serialize)]
struct Log {
    #[serde(rename = "$schema")]
    schema: &'static str,
    version: &'static str,
    runs: [SarifRun; 1],
}

#[derive(Serialize)]
struct SarifRun {
    tool: Tool,
    results: Vec<SarifAlert>,
}

#[derive(Serialize)]
struct Tool {
    driver: Driver,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Driver {
    name: &'static str,
    semantic_version: &'static str,
    information_uri: &'static str,
    rules: Vec<Rule>,
}

#[derive(Serialize, Clone)]
#[serde(rename_all = "camelCase")]
struct Rule {
    id: String,
    short_description: SarifText,
    help_uri: String,
    properties: Properties,
}

#[derive(Serialize, Clone)]
struct Properties {
    tags: [&'static str; 1],
    #[serde(rename = "security-severity")]
    severity: &'static str,
}

#[derive(Serialize, Clone)]
struct SarifText {
    text: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct SarifAlert {
    rule_id: String,
    rule_index: usize,
    level: &'static str,
    message: SarifText,
    locations: [Location; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Location {
    physical_location: Physical,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Physical {
    artifact_location: Artifact,
}

#[derive(Serialize)]
struct Artifact {
    uri: String,
}

/// The findings: one for each advisory of each file, and one for whatever is not known.
pub(super) fn text(judged: &Judged<'_>) -> String {
    let (mut rules, mut results) = (Vec::<Rule>::new(), Vec::new());
    for file in judged.files {
        for (rule, message) in alerts(judged, file) {
            if results.len() == MOST {
                break;
            }
            let known = rules.iter().position(|known| known.id == rule.id);
            let rule_index = known.unwrap_or(rules.len());
            results.push(SarifAlert {
                rule_id: rule.id.clone(),
                rule_index,
                level: level(rule.properties.severity),
                message: SarifText {
                    text: format!("{}: {message}", file.place()),
                },
                locations: [Location {
                    physical_location: Physical {
                        artifact_location: Artifact {
                            uri: uri(&file.path),
                        },
                    },
                }],
            });
            if known.is_none() {
                rules.push(rule);
            }
        }
    }
    let driver = Driver {
        name: "release-check",
        semantic_version: env!("CARGO_PKG_VERSION"),
        information_uri: env!("CARGO_PKG_REPOSITORY"),
        rules,
    };
    crate::paper::report::pretty(&Log {
        schema: "https://json.schemastore.org/sarif-2.1.0.json",
        version: "2.1.0",
        runs: [SarifRun {
            tool: Tool { driver },
            results,
        }],
    })
}

fn alerts(judged: &Judged<'_>, file: &ExaminedFile) -> Vec<(Rule, String)> {
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

fn advisory(known: &KnownAdvisory<'_>) -> Rule {
    let id = known.advisory.id;
    let title = known.advisory.title.as_deref();
    let title = title.map_or_else(|| format!("OpenSSL advisory {id}"), crate::text::one_line);
    Rule {
        id: id.to_string(),
        short_description: SarifText { text: title },
        help_uri: known.advisory.url.clone().unwrap_or_else(|| id.url()),
        properties: Properties {
            tags: ["security"],
            severity: score(&known.advisory.severity),
        },
    }
}

fn not_known() -> Rule {
    Rule {
        id: "openssl-not-known".to_owned(),
        short_description: SarifText {
            text: "An OpenSSL, or a file, that nothing known judges".to_owned(),
        },
        help_uri: env!("CARGO_PKG_REPOSITORY").to_owned(),
        properties: Properties {
            tags: ["security"],
            severity: "5.0",
        },
    }
}

/// A score within the range that code scanning shows as the same word.
fn score(severity: &Severity) -> &'static str {
    match severity {
        Severity::Low => "2.0",
        Severity::Moderate => "5.0",
        Severity::High | Severity::Unknown | Severity::Other(_) => "8.0",
        Severity::Critical => "9.5",
    }
}

fn level(score: &str) -> &'static str {
    if score == "2.0" { "warning" } else { "error" }
}

fn uri(path: &str) -> String {
    let plain =
        |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'/' | b'-' | b'_' | b'.' | b'~');
    let path = path.replace('\\', "/");
    let encoded = path.bytes().map(|byte| {
        if plain(byte) {
            char::from(byte).to_string()
        } else {
            format!("%{byte:02X}")
        }
    });
    encoded.collect()
}
