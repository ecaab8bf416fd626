//! Security advisories of a repository.

use serde_json::{Value, json};

use super::{Answer, Repository, Request};

/// An advisory as the forge keeps it.
#[derive(Debug, Clone, Default)]
pub(crate) struct Advisory {
    pub(crate) id: String,
    pub(crate) state: String,
    pub(crate) summary: String,
    pub(crate) description: String,
    pub(crate) severity: Value,
    pub(crate) cve: Value,
    pub(crate) vulnerabilities: Value,
    /// Whether somebody from outside has reported it.
    pub(crate) reported: bool,
}

impl Advisory {
    fn json(&self, repository: &Repository) -> Value {
        let submission = if self.reported {
            json!({ "accepted": true })
        } else {
            Value::Null
        };
        json!({
            "ghsa_id": self.id, "html_url": format!("{}/{}/security/advisories/{}", repository.server, repository.name, self.id),
            "state": self.state, "summary": self.summary, "description": self.description, "severity": self.severity,
            "cve_id": self.cve, "vulnerabilities": self.vulnerabilities, "submission": submission
        })
    }

    fn take(&mut self, body: &Value) {
        let text = |field: &str, own: &mut String| {
            if let Some(text) = body[field].as_str() {
                text.clone_into(own);
            }
        };
        text("summary", &mut self.summary);
        text("description", &mut self.description);
        for (field, own) in [
            ("severity", &mut self.severity),
            ("cve_id", &mut self.cve),
            ("vulnerabilities", &mut self.vulnerabilities),
        ] {
            if let Some(value) = body.get(field) {
                value.clone_into(own);
            }
        }
    }
}

/// The fields that a request may have: those it must have, and others. Nobody ever sends a state:
/// that would publish or close it.
pub(super) fn fields(method: &str) -> (&'static [&'static str], &'static [&'static str]) {
    match method {
        "POST" => (
            &["summary", "description", "vulnerabilities"],
            &["cve_id", "severity"],
        ),
        _ => (
            &[],
            &[
                "summary",
                "description",
                "vulnerabilities",
                "cve_id",
                "severity",
            ],
        ),
    }
}

/// Answers what stands below `security-advisories`.
pub(super) fn answer(
    repository: &mut Repository,
    request: &Request,
    path: &[&str],
) -> Option<Answer> {
    let body = request.json();
    Some(match (request.method.as_str(), path) {
        ("GET", []) => {
            let newest_first = repository.advisories.iter().rev();
            let all: Vec<Value> = newest_first.map(|one| one.json(repository)).collect();
            Answer::json(200, &all.into())
        }
        ("POST", []) => {
            let mut advisory = Advisory {
                id: format!("GHSA-0000-0000-{:04}", repository.advisories.len()),
                state: "draft".to_owned(),
                ..Advisory::default()
            };
            advisory.take(&body);
            let json = advisory.json(repository);
            repository.advisories.push(advisory);
            Answer::json(201, &json)
        }
        ("PATCH", [id]) => {
            let mut ours = repository.advisories.iter_mut();
            let advisory = ours.find(|one| one.id == *id)?;
            advisory.take(&body);
            let advisory = advisory.clone();
            Answer::json(200, &advisory.json(repository))
        }
        _ => return None,
    })
}
