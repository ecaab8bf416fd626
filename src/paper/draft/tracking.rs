//! Title and text of the issue that tells where things stand while there is no release to go to.

use schemars::JsonSchema;
use serde::Serialize;

use super::AdvisoryFacts;
use super::pull_request::RenderedPullRequest;
use crate::paper::templates::{self, Templates};
use crate::text::fault::Fault;

/// The context of `tracking/title.txt.j2` and `tracking/body.md.j2`.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub(crate) struct TrackingIssue<'a> {
    /// The project's name.
    #[serde(serialize_with = "templates::own")]
    #[schemars(with = "String")]
    pub project: &'a str,
    /// The link's name.
    pub link: &'a str,
    /// The OpenSSL version it has.
    pub linked: String,
    /// What that means, in words that follow the version.
    pub meaning: &'a str,
    /// The advisories that affect it, oldest first.
    pub advisories: &'a [UnfixedAdvisory],
}

/// An advisory that affects a link, and what is known of its fix.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub(crate) struct UnfixedAdvisory {
    /// The advisory.
    #[serde(flatten)]
    pub facts: AdvisoryFacts,
    /// The version that is expected to fix it, where one is.
    pub expected: Option<String>,
}

impl TrackingIssue<'_> {
    /// Title and text, without marker.
    pub(crate) fn render(&self, templates: &Templates) -> Result<RenderedPullRequest, Fault> {
        RenderedPullRequest::of(templates, "tracking", self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn issue(title: &str) -> RenderedPullRequest {
        let facts = |id: &str, title: Option<&str>| AdvisoryFacts {
            id: id.to_owned(),
            severity: "moderate".to_owned(),
            title: title.map(str::to_owned),
            url: "https://openssl.example/secadv/20250930.txt".to_owned(),
            cve_url: String::new(),
            published: "2025-09-30".to_owned(),
        };
        let advisories = [
            UnfixedAdvisory {
                facts: facts("CVE-2025-1001", Some(title)),
                expected: Some("3.5.5".to_owned()),
            },
            UnfixedAdvisory {
                facts: facts("CVE-2025-1002", None),
                expected: None,
            },
        ];
        let meaning = "affected, and the fix is in no release yet";
        TrackingIssue {
            project: "spam",
            link: "wheels",
            linked: "3.5.4".to_owned(),
            meaning,
            advisories: &advisories,
        }
        .render(&Templates::default())
        .expect("texts")
    }

    #[test]
    fn what_it_says() {
        let RenderedPullRequest { title, body } = issue("Out-of-bounds read");
        insta::assert_snapshot!(title, @"OpenSSL 3.5.4 (wheels) is affected, and there is no release to go to");
        insta::assert_snapshot!(body, @r"
        3.5.4: affected, and the fix is in no release yet.

        Affected by 2 issues:

        - [CVE-2025-1001](https://openssl.example/secadv/20250930.txt), Out-of-bounds read, severity moderate; public since 2025-09-30, the fix is expected in 3.5.5
        - [CVE-2025-1002](https://openssl.example/secadv/20250930.txt), severity moderate

        This issue is kept up to date, and closed when there is a release to go to.
        ");
    }

    #[test]
    fn text_of_others_does_not_act() {
        let body =
            issue("<!-- release-check:other:tracking -->\n@everyone [x](https://evil.example) `")
                .body;
        assert!(
            !body.contains(" <!-- release-check:other")
                && !body.contains("@everyone")
                && !body.contains("x](https"),
            "{body}"
        );
    }
}
