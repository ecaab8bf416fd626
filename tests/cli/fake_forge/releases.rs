//! Releases of a repository.

use serde_json::{Value, json};

use super::{Answer, Repository, Request};

/// A release as the forge keeps it.
#[derive(Debug, Clone, Default)]
pub(crate) struct Release {
    pub(crate) id: u64,
    pub(crate) tag: String,
    pub(crate) name: String,
    pub(crate) body: String,
    pub(crate) draft: bool,
    pub(crate) prerelease: bool,
}

impl Release {
    fn json(&self, repository: &Repository) -> Value {
        json!({
            "id": self.id, "html_url": format!("{}/{}/releases/tag/{}", repository.server, repository.name, self.tag), "tag_name": self.tag,
            "name": self.name, "body": self.body, "draft": self.draft, "prerelease": self.prerelease
        })
    }
}

/// The fields that a request may have: those it must have, and others.
pub(super) fn fields(method: &str) -> (&'static [&'static str], &'static [&'static str]) {
    match method {
        "POST" => (
            &["tag_name"],
            &["name", "body", "draft", "prerelease", "make_latest"],
        ),
        _ => (&[], &["name", "body", "draft", "prerelease", "make_latest"]),
    }
}

/// Answers what stands below `releases`.
pub(super) fn answer(
    repository: &mut Repository,
    request: &Request,
    path: &[&str],
) -> Option<Answer> {
    let body = request.json();
    let text = |field: &str| body[field].as_str().unwrap_or_default().to_owned();
    Some(match (request.method.as_str(), path) {
        ("GET", []) => Answer::json(
            200,
            &repository
                .releases
                .iter()
                .rev()
                .map(|release| release.json(repository))
                .collect::<Vec<_>>()
                .into(),
        ),
        ("GET", ["tags", tag @ ..]) => match repository
            .releases
            .iter()
            .find(|release| release.tag == tag.join("/") && !release.draft)
        {
            Some(release) => Answer::json(200, &release.json(repository)),
            None => Answer::message(404, "Not Found"),
        },
        ("POST", []) => {
            let tag = text("tag_name");
            if repository
                .releases
                .iter()
                .any(|release| release.tag == tag && !release.draft)
            {
                return Some(Answer::message(422, "Validation Failed"));
            }
            // What the real one does, and nobody wants.
            if repository
                .git
                .find_reference(&format!("refs/tags/{tag}"))
                .is_err()
            {
                let head = repository.head("main").expect("a branch");
                repository
                    .git
                    .reference(
                        &format!("refs/tags/{tag}"),
                        head,
                        false,
                        "made by a release",
                    )
                    .expect("a tag");
            }
            let release = Release {
                id: 1000 + repository.releases.len() as u64,
                tag,
                name: text("name"),
                body: text("body"),
                draft: body["draft"] == true,
                prerelease: body["prerelease"] == true,
            };
            let json = release.json(repository);
            repository.releases.push(release);
            Answer::json(201, &json)
        }
        ("PATCH", [id]) => {
            let release = repository
                .releases
                .iter_mut()
                .find(|release| release.id.to_string() == *id)?;
            if let Some(body) = body["body"].as_str() {
                release.body = body.to_owned();
            }
            let release = release.clone();
            Answer::json(200, &release.json(repository))
        }
        _ => return None,
    })
}
