//! `release-check.toml`: what the project wants, as policy types that cannot be inconsistent.

mod address;
mod changelog;
mod link;
mod pin;
mod pull_request;
mod purl;
mod read;
mod shape;
mod syntax;
#[cfg(test)]
mod tests;
mod upstream;
mod value;
mod version;
mod vex;

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;

pub(crate) use self::address::is_loopback;
use self::changelog::ChangelogKeys;
pub(crate) use self::changelog::{Changelog, ENTRY, EntryFile};
pub(crate) use self::link::{Link, Role};
pub use self::pin::PinKind;
pub(crate) use self::pin::{Count, Insert, Pin, Side, TextPin, Within};
pub use self::pull_request::Push;
pub(crate) use self::pull_request::{PullRequestSettings, RepositorySettings};
use self::shape::OneOrMany;
pub use self::upstream::{Upstream, Verify};
pub use self::version::Bump;
pub(crate) use self::version::VersionFile;
pub(crate) use self::vex::{Vex, VexStatement};
use crate::project::pattern::Pattern;
use crate::text::fault::Fault;

/// The name of the configuration file.
pub(crate) const FILE_NAME: &str = "release-check.toml";

/// What is said of a configuration without a link, where one is needed.
pub(crate) const NO_LINK: &str = "the configuration has no `[[link]]`; add one for each linked OpenSSL, or finish what `release-check init` left there as a comment";

/// Whether a configuration can name this file of the project.
#[must_use]
pub fn may_name(path: &str) -> bool {
    value::parsed_path(path).as_deref() == Ok(path)
}

/// The whole file.
// Each value and each table has been checked; what depends on more than one, by `read`.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[schemars(title = "release-check.toml")]
pub struct Config {
    /// The project that links OpenSSL.
    pub project: ProjectSettings,
    /// Where upstream's facts come from, and how far they are trusted.
    #[serde(default, deserialize_with = "upstream::table")]
    pub upstream: Upstream,
    /// Each statically linked OpenSSL.
    // In the order of the file; names are unique.
    #[serde(default, rename = "link")]
    pub links: Vec<Link>,
    /// The project's changelog.
    #[schemars(with = "Option<ChangelogKeys>")]
    pub changelog: Option<Changelog>,
    /// The project's own version.
    // And further places that state it.
    #[serde(default, rename = "version", deserialize_with = "shape::one_or_many")]
    #[schemars(with = "Option<OneOrMany<VersionFile>>")]
    pub versions: Vec<VersionFile>,
    /// The links that the user asked for, by name; empty: all. Not of the file.
    #[serde(skip)]
    pub asked: Vec<String>,
    /// How the release PR is opened.
    // In the project's own repository.
    #[serde(default)]
    pub pull_request: PullRequestSettings,
    /// Settings of further repositories, by `owner/name`.
    #[serde(default, deserialize_with = "pull_request::repositories")]
    pub repositories: BTreeMap<String, RepositorySettings>,
    /// The mail to subscribers.
    pub announcement: Option<AnnouncementSettings>,
    /// Where the project's published artefacts are found.
    #[serde(default, deserialize_with = "shape::table")]
    pub published: Option<Published>,
    /// The security advisory of each security release.
    #[serde(default)]
    #[schemars(with = "Option<AdvisorySettings>")]
    pub advisory: AdvisorySettings,
    /// The VEX document.
    #[serde(default)]
    #[schemars(with = "Option<Vex>")]
    pub vex: Vex,
    /// The project's own templates.
    // Their folder, relative to the project.
    #[serde(default, deserialize_with = "templates_folder")]
    #[schemars(with = "Option<OwnTemplates>")]
    pub templates: Option<String>,
}

/// `[project]`.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(rename = "Project", deny_unknown_fields, rename_all = "kebab-case")]
pub struct ProjectSettings {
    /// The project's name, as its package index knows it.
    pub name: String,
    /// How texts name what contains OpenSSL: `Windows, macOS, and Linux wheels`.
    pub ships: Option<String>,
    /// `owner/name` of this checkout's repository.
    #[serde(default, deserialize_with = "value::repository")]
    #[schemars(with = "Option<String>")]
    pub repository: Option<String>,
    /// What the tags of releases look like, a pattern with `{project_version}`:
    /// `wheels/{project_version}`, `{project_version}-linux`.
    #[serde(default, deserialize_with = "value::own_version")]
    #[schemars(with = "Option<String>")]
    pub release_tags: Option<Pattern>,
}

/// `[announcement]`.
// Addresses are single-line and have an `@`.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(
    rename = "Announcement",
    deny_unknown_fields,
    rename_all = "kebab-case"
)]
pub struct AnnouncementSettings {
    /// The sender.
    #[serde(deserialize_with = "value::address")]
    #[schemars(with = "String")]
    pub from: String,
    /// The lists.
    #[serde(default, deserialize_with = "lists")]
    #[schemars(with = "Option<OneOrMany<String>>")]
    pub to: Vec<String>,
    /// Where answers go.
    #[serde(default, deserialize_with = "value::address")]
    #[schemars(with = "Option<String>")]
    pub reply_to: Option<String>,
    /// The list's archive, searched before sending.
    pub archive: Option<String>,
}

/// `[published]`.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Published {
    /// The package's name on the package index that pip is configured for.
    pub package: Option<String>,
    /// Files, as globs, instead of the index.
    #[serde(default)]
    pub files: Vec<String>,
    /// Another package index.
    #[serde(default, deserialize_with = "value::root")]
    #[schemars(with = "Option<String>")]
    pub index: Option<String>,
    /// The platforms every release must have files for.
    #[serde(default)]
    pub platforms: Vec<String>,
}

/// `[advisory]`.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(rename = "Advisory", deny_unknown_fields, rename_all = "kebab-case")]
pub struct AdvisorySettings {
    /// Keep a draft security advisory at the forge up to date for each security release; a person
    /// publishes it.
    #[serde(default)]
    pub forge: bool,
    /// The package that it names; left out: `published.package`, else the project's name.
    pub package: Option<String>,
    /// The package's ecosystem as GitHub calls it: `pip`, `npm`, `other`, ...; left out: `pip`
    /// where `published.package` names a package, else `other`.
    #[serde(default, deserialize_with = "value::ecosystem")]
    #[schemars(with = "Option<String>")]
    pub ecosystem: Option<String>,
}

/// `[templates]`.
#[derive(Deserialize, JsonSchema)]
#[serde(rename = "Templates", deny_unknown_fields, rename_all = "kebab-case")]
struct OwnTemplates {
    /// The folder with the project's own templates.
    folder: String,
}

fn templates_folder<'de, D>(deserializer: D) -> Result<Option<String>, D::Error>
where
    D: serde::Deserializer<'de>,
{
    OwnTemplates::deserialize(deserializer).map(|templates| Some(templates.folder))
}

fn lists<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
    let to = value::addresses(deserializer)?;
    if to.is_empty() {
        return Err(serde::de::Error::custom(
            "`to` is empty, so that the mail would go to nobody; write the lists' addresses, or remove `[announcement]`",
        ));
    }
    Ok(to)
}

impl shape::Whole for Published {
    fn check(&self) -> Result<(), String> {
        let message = match (&self.package, self.files.is_empty()) {
            (Some(name), _) if name.trim().is_empty() => {
                "`package` is empty; write the package's name on the index"
            }
            (Some(_), false) => {
                "`[published]` has both `package` and `files`; keep the one where the artefacts are looked for"
            }
            (None, true) => {
                "`[published]` does not say where artefacts are; write `package` or `files`, or remove it"
            }
            _ => return Ok(()),
        };
        Err(message.to_owned())
    }
}

impl Config {
    /// Whether the user asked for this link.
    pub(crate) fn is_asked(&self, name: &str) -> bool {
        self.asked.is_empty() || self.asked.iter().any(|asked| asked == name)
    }

    /// Limits what is done to links of these names.
    pub(crate) fn asking_for(mut self, names: &[String]) -> Result<Self, Fault> {
        if let Some(name) = names.iter().find(|name| self.link(name).is_none()) {
            if self.links.is_empty() {
                return Err(Fault::usage(NO_LINK));
            }
            let known: Vec<&str> = self.links.iter().map(|link| link.name.as_str()).collect();
            return Err(Fault::usage(format!(
                "there is no link `{}`; the links are `{}`",
                name.escape_debug(),
                known.join("`, `")
            )));
        }
        self.asked = names.to_vec();
        Ok(self)
    }

    /// The same for links that are named in another way, where nothing else says which are asked for.
    pub(crate) fn or_asking_for(self, names: &[String]) -> Result<Self, Fault> {
        if self.asked.is_empty() {
            self.asking_for(names)
        } else {
            Ok(self)
        }
    }

    /// The same without the links that are only tested with: what is published knows nothing of
    /// them.
    #[must_use]
    pub(crate) fn shipped(mut self) -> Self {
        self.links.retain(|link| !link.is_tested());
        self
    }

    /// Whether it ships several links, so that a text about one must say which.
    pub(crate) fn ships_several(&self) -> bool {
        self.links.iter().filter(|link| !link.is_tested()).count() > 1
    }

    /// The project's own version, where it is raised first.
    pub fn version(&self) -> Option<&VersionFile> {
        self.versions.first()
    }

    /// The link with this name.
    pub fn link(&self, name: &str) -> Option<&Link> {
        self.links.iter().find(|link| link.name == name)
    }
}
