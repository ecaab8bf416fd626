//! What the text of a release on the forge says of security: all there is to know in the hours
//! before the metadata has its records (UPSTREAM 9.2).

use serde::{Deserialize, Serialize};

use crate::openssl::advisory::{CveId, Severity};

/// The most identifiers that are taken from one text.
const MOST_ISSUES: usize = 100;

/// What a release's text says it fixes; neither severity nor issue where it says that it fixes no
/// vulnerability.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReleaseText {
    /// The severity of the gravest one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub severity: Option<Severity>,
    /// The identifiers it names.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub issues: Vec<CveId>,
}

impl ReleaseText {
    /// Reads the text; `None` where it says nothing of what kind the release is.
    pub fn read(text: &str) -> Option<Self> {
        let mut issues = CveId::mentioned(text);
        issues.truncate(MOST_ISSUES);
        let words: Vec<String> = text
            .split(|c: char| !c.is_ascii_alphanumeric())
            .filter(|word| !word.is_empty())
            .map(str::to_ascii_lowercase)
            .collect();
        let severity = severity(&words);
        let says = |phrase: &[&str]| words.windows(phrase.len()).any(|some| some == phrase);
        let is_security = says(&["security", "patch", "release"])
            || says(&["security", "release"])
            || severity.is_some()
            || !issues.is_empty();
        let is_other = [
            &["bug", "fix", "release"][..],
            &["bugfix", "release"],
            &["patch", "release"],
            &["feature", "release"],
        ]
        .into_iter()
        .any(says);
        if is_security {
            Some(Self {
                severity: Some(severity.unwrap_or_default()),
                issues,
            })
        } else {
            is_other.then(Self::default)
        }
    }

    /// Whether it says that the release fixes a vulnerability.
    pub fn is_security(&self) -> bool {
        self.severity.is_some() || !self.issues.is_empty()
    }
}

/// The severity in `the most severe CVE fixed in this release is High`: the first rating after
/// `most severe`, in the same breath.
fn severity(words: &[String]) -> Option<Severity> {
    const WITHIN: usize = 14;
    let at = words
        .windows(2)
        .position(|two| two[0] == "most" && two[1] == "severe")?;
    words
        .iter()
        .skip(at + 2)
        .take(WITHIN)
        .map(|word| Severity::read(word))
        .find(Severity::is_rated)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_text_says() {
        let high = "OpenSSL 3.5.8 is a security patch release. The most severe CVE fixed in this release is High.\r\n\r\nThis release incorporates:\r\n\r\n* Fixed x ([CVE-2026-1111])\r\n* y (CVE-2026-2222)\r\n";
        for (text, expected) in [
            (high, Some("high CVE-2026-1111 CVE-2026-2222")),
            (
                "a Security Patch Release. The most severe CVE fixed is *moderate*",
                Some("moderate"),
            ),
            (
                "OpenSSL 3.5.8 is a security patch release.",
                Some("unknown"),
            ),
            ("fixes CVE-2026-1111", Some("unknown CVE-2026-1111")),
            ("OpenSSL 3.5.2 is a bug fix release.", Some("none")),
            (
                "OpenSSL 3.5.1 is a patch release.\n\n* Fixed a leak",
                Some("none"),
            ),
            (
                "OpenSSL 4.0.0 is a feature release adding significant new functionality",
                Some("none"),
            ),
            ("", None),
            ("OpenSSL 3.5.8", None),
            ("most severe", None),
        ] {
            let said = ReleaseText::read(text).map(|said| {
                let severity = said
                    .severity
                    .map_or_else(|| "none".to_owned(), |one| one.to_string());
                let ids = said.issues.iter().map(|id| format!(" {id}"));
                severity + &ids.collect::<String>()
            });
            assert_eq!(said.as_deref(), expected, "{text}");
        }
    }
}
