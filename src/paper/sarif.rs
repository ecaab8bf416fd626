//! SARIF 2.1.0 (OASIS), as far as code scanning reads it.

use serde::Serialize;

use crate::openssl::advisory::Severity;
use crate::openssl::upstream::KnownAdvisory;
use crate::text::{one_line, percent_encoded};

/// How many results code scanning takes in one run; with one more it refuses all of them.
const MOST_RESULTS: usize = 25_000;

/// How many characters it takes of a rule's description.
const DESCRIPTION: usize = 1024;

/// What one run found.
#[derive(Debug, Default)]
pub(crate) struct SarifReport {
    rules: Vec<Rule>,
    results: Vec<SarifResult>,
    gaps: Vec<String>,
}

/// What a result is an instance of: an advisory, or a verdict.
#[derive(Debug, Clone)]
pub(crate) struct SarifRule {
    pub(crate) id: String,
    pub(crate) description: String,
    /// What it means, and what to do.
    pub(crate) help: String,
    pub(crate) url: String,
    pub(crate) level: SarifLevel,
    pub(crate) tags: &'static [&'static str],
    /// A score within the range that code scanning shows as the same word.
    pub(crate) score: Option<&'static str>,
}

/// How grave a result is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum SarifLevel {
    Error,
    Warning,
    /// Of a result that is no failure (SARIF 2.1.0, 3.27.10).
    None,
}

/// Whether a result is one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum SarifKind {
    Fail,
    /// Nobody knows: too little was looked at to decide (3.27.9). Code scanning shows it as well.
    Open,
}

impl SarifKind {
    #[expect(
        clippy::trivially_copy_pass_by_ref,
        reason = "serde hands over a reference"
    )]
    fn is_usual(&self) -> bool {
        *self == Self::Fail
    }
}

/// Where a result is, and what it says.
#[derive(Debug)]
pub(crate) struct SarifFinding {
    pub(crate) kind: SarifKind,
    pub(crate) message: String,
    /// The file, relative to the root of the repository or to where the command runs.
    pub(crate) path: String,
    /// The line, where the file is one of the repository.
    pub(crate) line: Option<usize>,
    /// What stays the same when lines move.
    pub(crate) fingerprint: Option<String>,
}

impl SarifRule {
    /// The rule of an advisory; `help` goes on after its name and rating.
    pub(crate) fn of_advisory(known: &KnownAdvisory<'_>, help: &str) -> Self {
        let (id, severity) = (known.advisory.id, &known.advisory.severity);
        let title = known.advisory.title.as_deref();
        Self {
            id: id.to_string(),
            description: title.map_or_else(|| format!("OpenSSL advisory {id}"), one_line),
            help: format!("{id}, which OpenSSL rates {severity}, {help}"),
            url: known.advisory.url.clone().unwrap_or_else(|| id.url()),
            level: level(severity),
            tags: &["security", "external/cve"],
            score: Some(score(severity)),
        }
    }
}

impl SarifReport {
    pub(crate) fn add(&mut self, rule: &SarifRule, finding: SarifFinding) {
        let known = self.rules.iter().position(|known| known.id == rule.id);
        let rule_index = known.unwrap_or(self.rules.len());
        match known {
            None => self.rules.push(Rule::of(rule)),
            // What is known of one place is what the rule says, whatever is open of another.
            Some(at) if finding.kind == SarifKind::Fail => self.rules[at] = Rule::of(rule),
            Some(_) => {}
        }
        self.results.push(SarifResult {
            rule_id: rule.id.clone(),
            rule_index,
            kind: finding.kind,
            level: match finding.kind {
                SarifKind::Fail => rule.level,
                SarifKind::Open => SarifLevel::None,
            },
            message: finding.message.into(),
            locations: [Location {
                physical_location: PhysicalLocation {
                    artifact_location: ArtifactLocation {
                        uri: percent_encoded(&finding.path, "/"),
                        uri_base_id: finding.line.map(|_| "%SRCROOT%"),
                    },
                    region: finding.line.map(|line| Region {
                        start_line: line.max(1),
                    }),
                },
            }],
            partial_fingerprints: finding
                .fingerprint
                .map(|fingerprint| Fingerprints { fingerprint }),
        });
    }

    /// Something that was not seen: an upload of such a run must close no alert.
    pub(crate) fn gap(&mut self, what: impl Into<String>) {
        self.gaps.push(what.into());
    }

    pub(crate) fn text(mut self) -> String {
        let left_out = self.results.len().saturating_sub(MOST_RESULTS);
        self.results.truncate(MOST_RESULTS);
        let notification = |level, text: String| Notification {
            level,
            message: text.into(),
        };
        let execution_successful = self.gaps.is_empty();
        let gaps = self.gaps.into_iter();
        let mut notifications: Vec<Notification> = gaps
            .map(|gap| notification(SarifLevel::Error, gap))
            .collect();
        if left_out > 0 {
            let text = format!(
                "{left_out} further results are left out: code scanning takes {MOST_RESULTS}"
            );
            notifications.push(notification(SarifLevel::Warning, text));
        }
        super::report::pretty(&Log {
            schema: "https://json.schemastore.org/sarif-2.1.0.json",
            version: "2.1.0",
            runs: [SarifRun {
                tool: Tool {
                    driver: Driver {
                        name: "release-check",
                        semantic_version: env!("CARGO_PKG_VERSION"),
                        information_uri: env!("CARGO_PKG_REPOSITORY"),
                        rules: self.rules,
                    },
                },
                invocations: [Invocation {
                    execution_successful,
                    tool_execution_notifications: notifications,
                }],
                results: self.results,
            }],
        })
    }
}

/// The level of an advisory: even a low one asks for a release; an unknown rating counts as a grave
/// one.
fn level(severity: &Severity) -> SarifLevel {
    if *severity == Severity::Low {
        SarifLevel::Warning
    } else {
        SarifLevel::Error
    }
}

/// A score within the range that code scanning shows as the same word: OpenSSL publishes words, no
/// scores.
fn score(severity: &Severity) -> &'static str {
    match severity {
        Severity::Low => "2.0",
        Severity::Moderate => "5.0",
        Severity::High | Severity::Unknown | Severity::Other(_) => "8.0",
        Severity::Critical => "9.5",
    }
}

#[derive(Debug, Serialize)]
struct Log {
    #[serde(rename = "$schema")]
    schema: &'static str,
    version: &'static str,
    runs: [SarifRun; 1],
}

#[derive(Debug, Serialize)]
struct SarifRun {
    tool: Tool,
    invocations: [Invocation; 1],
    results: Vec<SarifResult>,
}

#[derive(Debug, Serialize)]
struct Tool {
    driver: Driver,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Driver {
    name: &'static str,
    semantic_version: &'static str,
    information_uri: &'static str,
    rules: Vec<Rule>,
}

/// A `reportingDescriptor`.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Rule {
    id: String,
    short_description: SarifText,
    full_description: SarifText,
    help: Help,
    help_uri: String,
    default_configuration: RuleConfiguration,
    properties: RuleProperties,
}

impl Rule {
    fn of(rule: &SarifRule) -> Self {
        let description: String = rule.description.chars().take(DESCRIPTION).collect();
        let (help, url) = (&rule.help, &rule.url);
        Self {
            id: rule.id.clone(),
            short_description: description.clone().into(),
            full_description: description.into(),
            help: Help {
                text: format!("{help} See {url}"),
                markdown: format!("{help}\n\nSee <{}>.", url.replace(['<', '>', ' '], "")),
            },
            help_uri: url.clone(),
            default_configuration: RuleConfiguration { level: rule.level },
            properties: RuleProperties {
                tags: rule.tags,
                precision: "very-high",
                score: rule.score,
            },
        }
    }
}

#[derive(Debug, Serialize)]
struct SarifText {
    text: String,
}

impl From<String> for SarifText {
    fn from(text: String) -> Self {
        Self { text }
    }
}

#[derive(Debug, Serialize)]
struct Help {
    text: String,
    markdown: String,
}

#[derive(Debug, Serialize)]
struct RuleConfiguration {
    level: SarifLevel,
}

#[derive(Debug, Serialize)]
struct RuleProperties {
    tags: &'static [&'static str],
    precision: &'static str,
    #[serde(rename = "security-severity", skip_serializing_if = "Option::is_none")]
    score: Option<&'static str>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Invocation {
    execution_successful: bool,
    tool_execution_notifications: Vec<Notification>,
}

#[derive(Debug, Serialize)]
struct Notification {
    level: SarifLevel,
    message: SarifText,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct SarifResult {
    rule_id: String,
    rule_index: usize,
    #[serde(skip_serializing_if = "SarifKind::is_usual")]
    kind: SarifKind,
    level: SarifLevel,
    message: SarifText,
    locations: [Location; 1],
    #[serde(skip_serializing_if = "Option::is_none")]
    partial_fingerprints: Option<Fingerprints>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Location {
    physical_location: PhysicalLocation,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct PhysicalLocation {
    artifact_location: ArtifactLocation,
    #[serde(skip_serializing_if = "Option::is_none")]
    region: Option<Region>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct ArtifactLocation {
    uri: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    uri_base_id: Option<&'static str>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Region {
    start_line: usize,
}

/// `primaryLocationLineHash`, which follows the line's text, is left to the upload: a value of ours
/// there would be reported as inconsistent.
#[derive(Debug, Serialize)]
struct Fingerprints {
    #[serde(rename = "releaseCheck/v1")]
    fingerprint: String,
}
