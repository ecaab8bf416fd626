//! `release-check.toml`: what the project wants, as policy types that cannot be inconsistent.

mod changelog;
mod purl;
mod raw;
mod read;
mod syntax;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

pub(crate) use changelog::{Changelog, ENTRY, EntryFile};
use jiff::civil::Date;

use crate::openssl::advisory::CveId;
use crate::openssl::assessment::{Offer, Policy};
use crate::openssl::version::{Series, Version};
use crate::project::pattern::Pattern;
use crate::text::fault::Fault;

/// The name of the configuration file.
pub(crate) const FILE_NAME: &str = "release-check.toml";

/// A project's whole configuration.
#[derive(Debug, Clone, Default)]
pub struct Config {
    /// The project that links OpenSSL.
    pub project: Project,
    /// Where upstream's facts come from, and how far they are trusted.
    pub upstream: Upstream,
    /// Each statically linked OpenSSL, in the order of the file; names are unique.
    pub links: Vec<Link>,
    /// The project's changelog.
    pub changelog: Option<Changelog>,
    /// The project's own version.
    pub version: Option<ProjectVersion>,
    /// Further places that state it; none without the first.
    pub versions: Vec<ProjectVersion>,
    /// The links that the user asked for, by name; empty: all. Not of the file.
    pub asked: Vec<String>,
    /// How the release PR is opened in the project's own repository.
    pub pull_request: PullRequest,
    /// Settings of further repositories, by `owner/name`.
    pub repositories: BTreeMap<String, Repository>,
    /// The mail to subscribers.
    pub announcement: Option<Announcement>,
    /// Where the project's published artefacts are found.
    pub published: Option<Published>,
    /// The security advisory of each security release.
    pub advisory: Advisory,
    /// The VEX document.
    pub vex: Vex,
    /// The folder with the project's own templates, relative to the project.
    pub templates: Option<String>,
}

/// `[project]`.
#[derive(Debug, Clone, Default)]
pub struct Project {
    /// Its name.
    pub name: String,
    /// How texts name what contains OpenSSL.
    pub ships: Option<String>,
    /// `owner/name` of this checkout's repository.
    pub repository: Option<String>,
    /// What the tags of releases look like, where the configuration says so.
    pub release_tags: Option<Pattern>,
}

/// `[upstream]`: roots without a trailing slash.
#[derive(Debug, Clone)]
pub struct Upstream {
    /// Root of the GitHub API, before `/repos`.
    pub github_api: String,
    /// Root of the site with release assets and git, before `/openssl/openssl`.
    pub github: String,
    /// Root of the OpenSSL library site.
    pub site: String,
    /// The release-metadata tree: a git URL, a `.tar.gz`, or a local folder.
    pub metadata: String,
    /// Files of further OpenPGP public keys, relative to the project.
    pub keys: Vec<String>,
    /// Further trusted primary fingerprints: 40 or 64 upper-case hexadecimal digits.
    pub fingerprints: Vec<String>,
    /// What must agree before a digest is used.
    pub verify: Verify,
    /// Days after a key's expiry during which its signatures still count.
    pub key_grace: u32,
    /// Days that upstream's facts may be old.
    pub max_age: u32,
    /// Releases withdrawn by configuration, with the day from which on; none: from the first day.
    pub withdrawn: Vec<(Version, Option<Date>)>,
    /// A mailbox file or folder with upstream's pre-announcements.
    pub announcements: Option<String>,
    /// Whose pre-announcements count: addresses, or `@` and a domain, lower case.
    pub announcers: Vec<String>,
}

impl Default for Upstream {
    fn default() -> Self {
        Self {
            github_api: "https://api.github.com".into(),
            github: "https://github.com".into(),
            site: "https://openssl-library.org".into(),
            metadata: "https://github.com/openssl/release-metadata.git".into(),
            keys: Vec::new(),
            fingerprints: Vec::new(),
            verify: Verify::Signature,
            key_grace: 90,
            max_age: 7,
            withdrawn: Vec::new(),
            announcements: None,
            announcers: ["@openssl.org", "@openssl-library.org"]
                .map(str::to_owned)
                .into(),
        }
    }
}

/// What must agree before a digest is used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verify {
    /// Bytes, published digest and a signature by a trusted key.
    Signature,
    /// Bytes and published digest.
    Digest,
}

/// `[[link]]`: one statically linked OpenSSL.
#[derive(Debug, Clone)]
pub struct Link {
    /// Its name.
    pub name: String,
    /// Which releases it may move to.
    pub policy: Policy,
    /// What it is there for.
    pub role: Role,
    /// The series that is offered besides.
    pub offer: Option<Offer>,
    /// `owner/name` of the repository that holds the pins, where it is not this one.
    pub repository: Option<String>,
    /// Every place that says which version it uses.
    pub pins: Vec<Pin>,
    /// The line of the configuration it starts on.
    pub line: usize,
    /// The line that says `series`, else the first one, with the configuration's file name, as
    /// messages write it.
    pub policy_place: String,
}

/// What a link is there for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// It is in what is published.
    Shipped,
    /// It is only tested with.
    Tested,
}

impl Link {
    /// Whether it is only tested with.
    pub(crate) fn is_tested(&self) -> bool {
        self.role == Role::Tested
    }
}

/// `[[link.pin]]`.
#[derive(Debug, Clone)]
pub struct Pin {
    /// The line of the configuration it starts on.
    pub line: usize,
    /// That line with the configuration's file name, as messages write it.
    pub place: String,
    /// What kind of place it is.
    pub kind: PinKind,
    /// The files may each hold a version of their own.
    pub mixed: bool,
    /// Lines that may keep the old version: those it matches in.
    pub leave: Vec<Pattern>,
}

/// The kinds of pins.
#[derive(Debug, Clone)]
pub enum PinKind {
    /// Text with placeholders in a file.
    Text(TextPin),
    /// The gitlink of a submodule at this path.
    Submodule(String),
    /// The build metadata of a crate's version in a lock file or manifest.
    Cargo {
        /// The file: a path or a glob. Left out: `Cargo.lock` and `Cargo.toml`, where they are.
        file: Option<String>,
        /// The crate's name.
        package: String,
        /// Whether the user's cargo is asked for the new crate's checksum.
        update: bool,
    },
    /// A vendored source tree at this path.
    Tree(String),
}

/// A text pin as configured; [`crate::project::linked`] gives the patterns their meaning.
#[derive(Debug, Clone)]
pub struct TextPin {
    /// A path or a glob.
    pub file: String,
    /// What says the version, or follows from it.
    pub matches: Vec<Pattern>,
    /// How often each must match.
    pub count: Count,
    /// Limits the pin to blocks.
    pub within: Option<Within>,
    /// Limits matches to occurrences now in this series.
    pub series: Option<Series>,
    /// Entries to add to a table of versions.
    pub insert: Vec<Insert>,
    /// Whole lines to set: pattern and new line.
    pub set: Vec<(Pattern, Pattern)>,
    /// Whole lines to remove.
    pub delete: Vec<Pattern>,
}

/// How often a pattern must match.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Count {
    /// Exactly so often in each file.
    Exactly(usize),
    /// None or more in each file.
    Any,
}

/// An entry to add to a table of versions.
#[derive(Debug, Clone)]
pub struct Insert {
    /// Whether the entry comes before or after the anchor.
    pub side: Side,
    /// The anchor.
    pub anchor: Pattern,
    /// The new entry.
    pub text: Pattern,
}

/// A side of an anchor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// Before it.
    Before,
    /// After it.
    After,
}

/// The blocks of a file that a pin is limited to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Within {
    /// What a block starts with.
    pub from: Pattern,
    /// What it ends with; none: the file's end.
    pub to: Option<Pattern>,
}

/// `[version]`.
#[derive(Debug, Clone)]
pub struct ProjectVersion {
    /// Its file, relative to the project.
    pub file: String,
    /// Patterns with `{project_version}`; at least one.
    pub matches: Vec<Pattern>,
    /// What a bump raises.
    pub bump: Bump,
}

/// What a bump raises in the project's own version.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bump {
    /// The third number.
    Patch,
    /// The second number.
    Minor,
    /// The first number.
    Major,
    /// Nothing.
    None,
}

/// `[pull-request]`, or the same for another repository.
#[derive(Debug, Clone, Default)]
pub struct PullRequest {
    /// The branch it is opened against; left out: the repository's default branch.
    pub base: Option<String>,
    /// Labels.
    pub labels: Vec<String>,
    /// Reviewers: people, or `owner/team`.
    pub reviewers: Vec<String>,
    /// Whether it is a draft.
    pub draft: bool,
    /// How the commit gets there; left out: the API where the forge has one.
    pub push: Option<Push>,
    /// Whether commits carry a `Signed-off-by` line.
    pub sign_off: bool,
    /// Release branches that get a PR of their own.
    pub also: Vec<String>,
}

/// How a commit gets to the forge.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Push {
    /// Through the forge's API.
    Api,
    /// With the user's own git.
    Git,
}

/// `[repositories."owner/name"]`.
#[derive(Debug, Clone, Default)]
pub struct Repository {
    /// How PRs are opened there.
    pub pull_request: PullRequest,
    /// The environment variable that holds its token.
    pub token: Option<String>,
    /// A local clone, relative to the project.
    pub checkout: Option<String>,
    /// The checks that must be green on the merged commit; empty: all of them.
    pub checks: Vec<String>,
}

/// `[announcement]`: addresses are single-line and have an `@`.
#[derive(Debug, Clone)]
pub struct Announcement {
    /// The sender.
    pub from: String,
    /// The lists.
    pub to: Vec<String>,
    /// Where answers go.
    pub reply_to: Option<String>,
    /// The list's archive.
    pub archive: Option<String>,
}

/// `[published]`.
#[derive(Debug, Clone, Default)]
pub struct Published {
    /// The package's name on the index.
    pub package: Option<String>,
    /// Files, as globs, instead of the index.
    pub files: Vec<String>,
    /// Another package index.
    pub index: Option<String>,
    /// The platforms every release must have files for.
    pub platforms: Vec<String>,
}

/// `[advisory]`.
#[derive(Debug, Clone, Default)]
pub struct Advisory {
    /// Whether drafts are kept at the forge.
    pub forge: bool,
    /// The package that it names.
    pub package: Option<String>,
    /// The package's ecosystem, as GitHub calls it.
    pub ecosystem: Option<String>,
}

/// `[vex]`.
#[derive(Debug, Clone, Default)]
pub struct Vex {
    /// The product's package URL, without a version.
    pub product: Option<String>,
    /// Who makes the statements.
    pub author: Option<String>,
    /// What the project states about single advisories.
    pub statements: Vec<VexStatement>,
}

/// One statement of `[vex]`.
#[derive(Debug, Clone)]
pub struct VexStatement {
    /// The advisory.
    pub id: CveId,
    /// OpenVEX status.
    pub status: String,
    /// OpenVEX justification, required for `not_affected` where `impact` is missing.
    pub justification: Option<String>,
    /// The same in words.
    pub impact: Option<String>,
}

/// The JSON Schema of the configuration file.
#[cfg(test)]
pub(crate) fn json_schema() -> schemars::Schema {
    schemars::schema_for!(raw::File)
}

impl Config {
    /// Whether the user asked for this link.
    #[must_use]
    pub(crate) fn is_asked(&self, name: &str) -> bool {
        self.asked.is_empty() || self.asked.iter().any(|asked| asked == name)
    }

    /// Limits what is done to links of these names.
    ///
    /// # Errors
    ///
    /// A usage fault where there is no such link.
    pub(crate) fn asking_for(mut self, names: &[String]) -> Result<Self, Fault> {
        if let Some(name) = names.iter().find(|name| self.link(name).is_none()) {
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

    /// The same without the links that are only tested with: what is published knows nothing of
    /// them.
    #[must_use]
    pub(crate) fn shipped(mut self) -> Self {
        self.links.retain(|link| !link.is_tested());
        self
    }

    /// The link with this name.
    #[must_use]
    pub fn link(&self, name: &str) -> Option<&Link> {
        self.links.iter().find(|link| link.name == name)
    }
}

/// Whether a URL may be used: TLS, or plain `http` to this machine.
///
/// # Errors
///
/// In words, if it is neither, or carries credentials.
pub(crate) fn check_root(url: &str) -> Result<(), String> {
    let refused = |why: &str| Err(format!("`{}` {why}", url.escape_debug()));
    let Some((scheme, rest)) = url.split_once("://") else {
        return refused("is not a URL; write `https://...`");
    };
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    if authority.contains('@') {
        return Err(
            "a URL with credentials in it does not belong in a configuration; use the environment"
                .into(),
        );
    }
    let host = match authority.strip_prefix('[') {
        Some(v6) => v6.split(']').next().unwrap_or_default(),
        None => authority.split(':').next().unwrap_or_default(),
    };
    match scheme {
        "https" if !host.is_empty() => Ok(()),
        "http" if is_loopback(host) => Ok(()),
        "http" => refused("is plain http, which is refused except for this machine; use https"),
        "file" => Ok(()),
        _ => refused("is not a URL that can be used; write `https://...`"),
    }
}

/// Whether a host is this machine: 127.0.0.0/8, `::1`, `localhost`.
#[must_use]
pub(crate) fn is_loopback(host: &str) -> bool {
    host.eq_ignore_ascii_case("localhost")
        || host
            .parse::<std::net::IpAddr>()
            .is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod refused {
    use super::*;
    use crate::text::schema;

    #[test]
    fn the_schema_is_published() {
        let schema = schema::written(json_schema());
        schema::assert_is_published("config", &schema);
    }

    fn refused(text: &str) -> String {
        Config::read(
            "release-check.toml",
            &format!("[project]\nname = \"x\"\n[[link]]\nname = \"l\"\n{text}"),
        )
        .expect_err(text)
        .to_string()
    }

    #[test]
    fn a_pin_that_cannot_be_meant_is_refused_with_its_place() {
        for (pin, says) in [
            ("file = \"a\"\nmatch = \"{versoin}\"", "`{version}`"),
            (
                "file = \"../a\"\nmatch = \"{version}\"",
                "not a path inside the project",
            ),
            (
                "file = \"/etc/a\"\nmatch = \"{version}\"",
                "not a path inside the project",
            ),
            (
                "file = \".//etc/a\"\nmatch = \"{version}\"",
                "not a path inside the project",
            ),
            (
                "file = \".git/config\"\nmatch = \"{version}\"",
                "not a path inside the project",
            ),
            ("file = \"a\"", "says nothing to find"),
            ("match = \"{version}\"", "needs `file`"),
            (
                "file = \"a\"\nmatch = \"{version}\"\ncount = 0",
                "`count` is 0",
            ),
            (
                "file = \"a\"\nmatch = \"{version}\"\ncount = -1",
                "a number from 1 on, or `any`",
            ),
            ("file = \"a\"\nmatch = \"\"", "empty"),
            ("submodule = \"a\"\ntree = \"b\"", "make one pin for each"),
            (
                "file = \"a\"\nmatch = \"{version}\"\ncargo-update = true",
                "belongs to a pin with `cargo`",
            ),
            (
                "file = \"a\"\ninsert = { text = \"x\" }",
                "`before` or `after`",
            ),
            (
                "file = \"a\"\ninsert = { before = \"x\", text = \"{version}{*}\" }",
                "nothing to write",
            ),
            ("file = \"a\"\nmatch = \"V=3.5.4\"", "has no placeholder"),
            ("file = \"a\"\nmatch = \"V={*}\"", "has no placeholder"),
            (
                "file = \"a\"\ninsert = { before = \"x\", text = \"y\" }",
                "has no placeholder",
            ),
        ] {
            let message = refused(&format!("[[link.pin]]\n{pin}"));
            assert!(
                message.starts_with("`release-check.toml` line ") && message.contains(says),
                "{message}"
            );
        }
        assert!(refused("pni = 1").contains("line 5"));
    }

    #[test]
    fn a_table_that_cannot_be_meant_is_refused_with_its_line() {
        for (table, says) in [
            (
                "[announcement]\nfrom = \"a@example.org\"\nto = []",
                "line 7 column 6: `to` is empty",
            ),
            (
                "[published]",
                "line 5 column 1: `[published]` does not say where",
            ),
            (
                "[published]\nplatforms = [\"linux\"]",
                "line 5 column 1: `[published]` does not say where",
            ),
            (
                "[published]\npackage = \"x\"\nfiles = [\"dist/*\"]",
                "line 5 column 1: `[published]` has both",
            ),
            (
                "[published]\npackage = \" \"",
                "line 5 column 1: `package` is empty",
            ),
            (
                "[repositories.infra]\nbase = \"main\"",
                "line 5 column 1: `infra` is not a repository (`owner/name`)",
            ),
            (
                "repository = \"https://github.com/a/b\"",
                "line 5 column 14: `https://github.com/a/b` is not a repository",
            ),
            (
                "[vex]\nproduct = \"spam\"",
                "line 6 column 11: `spam` is not a package URL",
            ),
            (
                "[vex]\nproduct = \"pkg:pypi/spam@1.0\"",
                "line 6 column 11: `pkg:pypi/spam@1.0` has a version",
            ),
        ] {
            let message = refused(table);
            let start = format!("`release-check.toml` {says}");
            assert!(message.starts_with(&start), "{message}\n{start}");
        }
    }
}
