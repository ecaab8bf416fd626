//! The commit that a release's tag points to, where neither what is known nor the tarball says it.

use serde::Deserialize;
use tokio::time::Instant;

use super::Source;
use super::companions::ASIDE;
use crate::openssl::version::Version;
use crate::outside::http::fetch::{FetchError, Request, address};

/// A reference, or a tag object: both name the object they point to.
#[derive(Deserialize)]
struct Pointer {
    #[serde(default)]
    r#ref: String,
    object: TagTarget,
}

#[derive(Deserialize)]
struct TagTarget {
    sha: String,
    r#type: String,
}

impl Source<'_> {
    /// The commit of a release's tag as GitHub gives it; an annotated tag is followed to its
    /// commit. None where there is no such tag.
    pub async fn tag_commit(&self, version: Version) -> Result<Option<String>, FetchError> {
        let name = format!("refs/tags/{}", version.tag());
        // Other tags begin with the same letters: openssl-3.5.1 and openssl-3.5.10.
        let references: Vec<Pointer> = self
            .git_data(&format!("matching-refs/tags/{}", version.tag()))
            .await?;
        let Some(mut target) = references
            .into_iter()
            .find(|reference| reference.r#ref == name)
            .map(|reference| reference.object)
        else {
            return Ok(None);
        };
        if target.r#type == "tag" && is_object_id(&target.sha) {
            target = self
                .git_data::<Pointer>(&format!("tags/{}", target.sha))
                .await?
                .object;
        }
        let commit = target.sha.to_ascii_lowercase();
        Ok((target.r#type == "commit" && is_object_id(&commit)).then_some(commit))
    }

    async fn git_data<T: serde::de::DeserializeOwned>(&self, path: &str) -> Result<T, FetchError> {
        let url = address::read(&format!(
            "{}/repos/openssl/openssl/git/{path}",
            self.github_api.trim_end_matches('/')
        ))?;
        let request = Request::get(url.clone())
            .github()
            .token(self.token)
            .until(Instant::now() + ASIDE);
        let body = self.client.send(&request).await?.body;
        serde_json::from_slice(&body).map_err(|error| {
            FetchError::content(&url, format!("is no answer about a tag: {error}"))
        })
    }
}

fn is_object_id(text: &str) -> bool {
    matches!(text.len(), 40 | 64) && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}
