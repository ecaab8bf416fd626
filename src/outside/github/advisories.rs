//! Security advisories of a repository on the forge: drafts only. Nothing here publishes one.

use reqwest::Method;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::error::ForgeError;
use super::forge::ForgeRepository;
use super::rest::RestCall;
use crate::plan::pipeline::advisory::{AdvisoryContent, ForgeAdvisory, Life};

#[derive(Deserialize)]
struct AdvisoryAnswer {
    ghsa_id: String,
    html_url: String,
    state: String,
    summary: String,
    description: Option<String>,
    /// Only where somebody from outside has reported it.
    submission: Option<Value>,
}

impl AdvisoryAnswer {
    /// What people of the project wrote; none where somebody from outside did, whatever it says.
    fn read(self) -> Option<ForgeAdvisory> {
        let life = match self.state.as_str() {
            "draft" => Life::Draft,
            "published" => Life::Published,
            "closed" => Life::Closed,
            _ => return None,
        };
        self.submission.is_none().then(|| ForgeAdvisory {
            id: self.ghsa_id,
            url: self.html_url,
            life,
            summary: self.summary,
            description: self.description.unwrap_or_default(),
        })
    }
}

impl ForgeRepository<'_> {
    /// The newest security advisories of the repository, drafts among them.
    pub(crate) async fn security_advisories(self) -> Result<Vec<ForgeAdvisory>, ForgeError> {
        // The newest come first: the one of the newest release is on the first page.
        let call = RestCall::get(
            format!("list the security advisories of `{self}`"),
            "security-advisories",
            &[("per_page", "100")],
        );
        let answers: Vec<AdvisoryAnswer> = self.read(&call).await?;
        Ok(answers
            .into_iter()
            .filter_map(AdvisoryAnswer::read)
            .collect())
    }

    /// Drafts a security advisory, and returns its page.
    pub(crate) async fn draft_advisory(
        self,
        content: &AdvisoryContent,
    ) -> Result<String, ForgeError> {
        let doing = format!("draft a security advisory in `{self}`");
        let body = AdvisoryBody::of(content);
        let answer: AdvisoryAnswer = self.make(doing, "security-advisories", &body).await?;
        Ok(answer.html_url)
    }

    /// Changes what a draft says, and not its state.
    pub(crate) async fn update_advisory(
        self,
        id: &str,
        content: &AdvisoryContent,
    ) -> Result<(), ForgeError> {
        let doing = format!("bring the security advisory `{id}` of `{self}` up to date");
        let path = format!("security-advisories/{id}");
        let body = AdvisoryBody::of(content);
        self.write(Method::PATCH, &path, doing, &body).await
    }
}

/// "Create a repository security advisory" of the REST API.
#[derive(Serialize)]
struct AdvisoryBody<'a> {
    summary: &'a str,
    description: &'a str,
    vulnerabilities: Vec<VulnerabilityField<'a>>,
    cve_id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    severity: Option<&'static str>,
}

#[derive(Serialize)]
struct VulnerabilityField<'a> {
    package: PackageField<'a>,
    vulnerable_version_range: &'a str,
    patched_versions: Option<&'a str>,
}

#[derive(Serialize)]
struct PackageField<'a> {
    ecosystem: &'a str,
    name: &'a str,
}

impl<'a> AdvisoryBody<'a> {
    fn of(content: &'a AdvisoryContent) -> Self {
        let affected = content.affected.iter().map(|affected| VulnerabilityField {
            package: PackageField {
                ecosystem: &affected.ecosystem,
                name: &affected.package,
            },
            vulnerable_version_range: &affected.range,
            patched_versions: affected.patched.as_deref(),
        });
        Self {
            summary: &content.summary,
            description: &content.description,
            vulnerabilities: affected.collect(),
            cve_id: content.cve.as_deref(),
            severity: content.severity,
        }
    }
}
