//! Releases on the forge: their text, for tags that exist.

use reqwest::Method;
use serde::{Deserialize, Serialize};

use super::error::{ForgeError, found};
use super::forge::ForgeRepository;
use super::rest::RestCall;
use super::wire::RefAnswer;
use crate::openssl::upstream::github_releases::ReleaseAnswer;

/// The release of a tag.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "ReleaseAnswer")]
pub struct ForgeRelease {
    /// Its number on the forge.
    pub id: u64,
    pub tag: String,
    pub url: String,
    /// Its whole text.
    pub body: String,
    /// Whether it is still hidden.
    pub draft: bool,
}

/// A release before it exists, as "Create a release" of the REST API takes it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NewRelease<'a> {
    /// The tag, which exists.
    #[serde(rename = "tag_name")]
    pub tag: &'a str,
    pub name: &'a str,
    /// Its whole text.
    pub body: &'a str,
    /// Whether its version comes before a final one.
    pub prerelease: bool,
}

#[derive(Serialize)]
struct PublicRelease<'a> {
    #[serde(flatten)]
    release: &'a NewRelease<'a>,
    draft: bool,
    /// `legacy`: the newest version stays the latest release, also where this one is of an older
    /// branch.
    make_latest: &'static str,
}

/// "Update a release", of which only the text.
#[derive(Serialize)]
struct ChangedRelease<'a> {
    body: &'a str,
}

impl TryFrom<ReleaseAnswer> for ForgeRelease {
    type Error = &'static str;

    fn try_from(answer: ReleaseAnswer) -> Result<Self, Self::Error> {
        Ok(Self {
            id: answer.id.0.ok_or("missing field `id`")?,
            url: answer.html_url.0.ok_or("missing field `html_url`")?,
            tag: answer.tag_name,
            body: answer.body.0.unwrap_or_default(),
            draft: answer.draft.0.ok_or("missing field `draft`")?,
        })
    }
}

impl ForgeRepository<'_> {
    /// Whether the repository has a tag.
    pub async fn has_tag(self, tag: &str) -> Result<bool, ForgeError> {
        let (doing, path) = (format!("read tag `{tag}`"), format!("git/ref/tags/{tag}"));
        let answer: Option<RefAnswer> = found(self.get(&doing, &path).await)?;
        Ok(answer.is_some())
    }

    /// The release of a tag, also one that is still hidden if the token may see it.
    pub async fn release(self, tag: &str) -> Result<Option<ForgeRelease>, ForgeError> {
        let doing = format!("read the release of `{tag}`");
        let path = format!("releases/tags/{tag}");
        let public: Option<ForgeRelease> = found(self.get(&doing, &path).await)?;
        if public.is_some() {
            return Ok(public);
        }
        // Only the list has drafts. The newest come first, so that one page is enough.
        let doing = format!("list the releases of `{self}`");
        let call = RestCall::get(doing, "releases", &[("per_page", "100")]);
        let listed: Vec<ForgeRelease> = self.read(&call).await?;
        Ok(listed.into_iter().find(|release| release.tag == tag))
    }

    /// Makes the release of a tag, and returns its page. Where the tag is missing the forge would
    /// make that too: see [`ForgeRepository::has_tag`].
    pub async fn create_release(self, release: &NewRelease<'_>) -> Result<String, ForgeError> {
        let doing = format!("make the release of `{}` in `{self}`", release.tag);
        let body = PublicRelease {
            release,
            draft: false,
            make_latest: "legacy",
        };
        let made: ForgeRelease = self.make(doing, "releases", &body).await?;
        Ok(made.url)
    }

    /// Changes the text of a release, and nothing else of it.
    pub async fn update_release(self, id: u64, text: &str) -> Result<(), ForgeError> {
        let doing = format!("change the text of a release of `{self}`");
        let (path, body) = (format!("releases/{id}"), ChangedRelease { body: text });
        self.write(Method::PATCH, &path, doing, &body).await
    }
}
