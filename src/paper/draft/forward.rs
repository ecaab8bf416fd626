//! Title and text of the PR that carries a changelog's entry from a release branch to the main one.

use schemars::JsonSchema;
use serde::Serialize;

use super::pull_request::RenderedPullRequest;
use crate::paper::templates::{self, Templates};
use crate::text::fault::Fault;

/// The context of `forward/title.txt.j2` and `forward/body.md.j2`.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub(crate) struct Forward<'a> {
    /// The project's name.
    #[serde(serialize_with = "templates::own")]
    #[schemars(with = "String")]
    pub project: &'a str,
    /// The project's releases whose sections are carried, newest first.
    pub releases: &'a [String],
    /// The branch or tag where they stand.
    pub source: &'a str,
    /// The branch that they are carried to.
    pub base: &'a str,
    /// The changelog.
    pub file: &'a str,
}

impl Forward<'_> {
    /// Title and text, without marker.
    pub(crate) fn render(&self, templates: &Templates) -> Result<RenderedPullRequest, Fault> {
        RenderedPullRequest::of(templates, "forward", self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_it_says() {
        let releases = ["46.0.4".to_owned(), "46.0.3".to_owned()];
        let forward = Forward {
            project: "cryptography",
            releases: &releases,
            source: "46.0.x",
            base: "main",
            file: "CHANGELOG.rst",
        };
        let RenderedPullRequest { title, body } =
            forward.render(&Templates::default()).expect("texts");
        insta::assert_snapshot!(title, @"Carry the changelog of 46.0.4 and 46.0.3 forward");
        insta::assert_snapshot!(body, @r"
        The changelog of `46.0.x` has what that of `main` lacks: 46.0.4 and 46.0.3 of cryptography. This adds it to `CHANGELOG.rst`, word for word and where it belongs by version; nothing else changes.

        It is kept up to date while it is open, and closed when `main` has the same.
        ");
    }
}
