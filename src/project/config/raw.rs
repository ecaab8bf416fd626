//! `release-check.toml` as it is written: keys and shapes only, no meaning. [`super::Config`] is
//! what it means.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;
use toml::Spanned;

/// The whole file.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[schemars(title = "release-check.toml")]
pub(super) struct File {
    /// The project that links OpenSSL.
    pub(super) project: Project,
    /// Where upstream's facts come from, and how far they are trusted.
    #[serde(default)]
    pub(super) upstream: Upstream,
    /// Each statically linked OpenSSL.
    #[serde(default)]
    pub(super) link: Vec<Link>,
    /// The project's changelog.
    pub(super) changelog: Option<Changelog>,
    /// The project's own version.
    #[serde(default, deserialize_with = "one_or_many_tables")]
    #[schemars(with = "Option<OneOrMany<ProjectVersion>>")]
    pub(super) version: Vec<ProjectVersion>,
    /// How the release PR is opened.
    #[serde(default)]
    pub(super) pull_request: PullRequest,
    /// Settings of further repositories, by `owner/name`.
    #[serde(default)]
    #[schemars(with = "BTreeMap<String, Repository>")]
    pub(super) repositories: BTreeMap<String, Spanned<Repository>>,
    /// The mail to subscribers.
    pub(super) announcement: Option<Announcement>,
    /// Where the project's published artefacts are found.
    #[schemars(with = "Option<Published>")]
    pub(super) published: Option<Spanned<Published>>,
    /// The security advisory of each security release.
    pub(super) advisory: Option<Advisory>,
    /// The VEX document.
    pub(super) vex: Option<Vex>,
    /// The project's own templates.
    pub(super) templates: Option<Templates>,
}

/// `[project]`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct Project {
    /// The project's name, as its package index knows it.
    pub(super) name: String,
    /// How texts name what contains OpenSSL: `Windows, macOS, and Linux wheels`.
    pub(super) ships: Option<String>,
    /// `owner/name` of this checkout's repository.
    #[schemars(with = "Option<String>")]
    pub(super) repository: Option<Spanned<String>>,
    /// What the tags of releases look like, a pattern with `{project_version}`:
    /// `wheels/{project_version}`, `{project_version}-linux`.
    #[schemars(with = "Option<String>")]
    pub(super) release_tags: Option<Spanned<String>>,
}

/// `[upstream]`.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct Upstream {
    /// Root of the GitHub API that serves OpenSSL's releases; ends before `/repos`.
    #[schemars(with = "Option<String>")]
    pub(super) github_api: Option<Spanned<String>>,
    /// Root of the site that serves release assets, raw files and git; ends before
    /// `/openssl/openssl`.
    #[schemars(with = "Option<String>")]
    pub(super) github: Option<Spanned<String>>,
    /// Root of the OpenSSL library site.
    #[schemars(with = "Option<String>")]
    pub(super) site: Option<Spanned<String>>,
    /// The release-metadata tree: a git URL, a `.tar.gz`, or a local folder.
    #[schemars(with = "Option<String>")]
    pub(super) metadata: Option<Spanned<String>>,
    /// Files of further OpenPGP public keys.
    #[serde(default)]
    pub(super) keys: Vec<String>,
    /// Further trusted primary key fingerprints.
    #[serde(default)]
    #[schemars(with = "Vec<String>")]
    pub(super) fingerprints: Vec<Spanned<String>>,
    /// What must agree before a digest is used: `signature` (default) or `digest`.
    #[schemars(with = "Option<String>")]
    pub(super) verify: Option<Spanned<String>>,
    /// How long after a key's expiry its signatures still count, with a warning: `90d`.
    #[schemars(with = "Option<String>")]
    pub(super) key_grace: Option<Spanned<String>>,
    /// How old upstream's facts may be before the status is 1: `7d`.
    #[schemars(with = "Option<String>")]
    pub(super) max_age: Option<Spanned<String>>,
    /// Further releases that OpenSSL took back.
    #[serde(default)]
    #[schemars(with = "Vec<Withdrawn>")]
    pub(super) withdrawn: Vec<Spanned<Withdrawn>>,
    /// A mailbox file or folder with upstream's pre-announcements.
    pub(super) announcements: Option<String>,
    /// Whose pre-announcements count: addresses, or `@` and a domain. Left out: `@openssl.org` and
    /// `@openssl-library.org`.
    #[schemars(with = "Option<Vec<String>>")]
    pub(super) announcers: Option<Vec<Spanned<String>>>,
}

/// A withdrawn release: its version, or its version and the day.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(
    untagged,
    expecting = "write a version, or `{ version = \"3.5.4\", date = \"2025-09-30\" }` with both in quotes"
)]
pub(super) enum Withdrawn {
    /// The version alone: withdrawn from its first day.
    Version(String),
    /// The version and the day from which it counts as withdrawn.
    Since {
        /// The version.
        version: String,
        /// The day, `YYYY-MM-DD`.
        date: String,
    },
}

/// `[[link]]`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct Link {
    /// The link's name, unique in the file.
    #[schemars(with = "String")]
    pub(super) name: Spanned<String>,
    /// `newest`, `lts`, `keep` (default), or a series such as `3.5`.
    #[schemars(with = "Option<String>")]
    pub(super) series: Option<Spanned<String>>,
    /// `shipped` (default), or `tested` for a version that is only tested with: all such links of a
    /// repository move in one PR, and stand in no changelog, mail, advisory or history.
    #[schemars(with = "Option<String>")]
    pub(super) role: Option<Spanned<String>>,
    /// Besides, the move to a newer series as a draft PR for the next major release: `newest` or
    /// `lts`. It is never due.
    #[schemars(with = "Option<String>")]
    pub(super) offer: Option<Spanned<String>>,
    /// `owner/name` of the repository that holds the pins, where it is not this one.
    #[schemars(with = "Option<String>")]
    pub(super) repository: Option<Spanned<String>>,
    /// How long a bug-fix-only release may wait: `7d`.
    #[schemars(with = "Option<String>")]
    pub(super) cooldown: Option<Spanned<String>>,
    /// Whether pre-releases may be chosen.
    #[serde(default)]
    pub(super) prereleases: bool,
    /// Every place that says which version the link uses.
    #[serde(default)]
    #[schemars(with = "Vec<Pin>")]
    pub(super) pin: Vec<Spanned<Pin>>,
}

/// `[[link.pin]]`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct Pin {
    /// A path or a glob.
    pub(super) file: Option<String>,
    /// Literal text with placeholders.
    #[serde(default, rename = "match")]
    pub(super) matches: OneOrMany<String>,
    /// How often each pattern must match: a number, or `any`.
    #[schemars(with = "Option<Count>")]
    pub(super) count: Option<Spanned<Count>>,
    /// Only between the line that holds the first text and the next that holds the second, or the
    /// file's end where there is no second.
    #[schemars(with = "Option<OneOrMany<String>>")]
    pub(super) within: Option<Spanned<OneOrMany<String>>>,
    /// Only occurrences that are now in this series.
    #[schemars(with = "Option<String>")]
    pub(super) series: Option<Spanned<String>>,
    /// The files may each hold a version of their own.
    #[serde(default)]
    pub(super) mixed: bool,
    /// Lines that may keep the old version.
    #[serde(default)]
    pub(super) leave: OneOrMany<String>,
    /// Entries to add to a table of versions.
    #[serde(default)]
    pub(super) insert: OneOrMany<Insert>,
    /// Whole lines to set after a bump.
    #[serde(default)]
    pub(super) set: OneOrMany<SetLine>,
    /// Whole lines to remove after a bump.
    #[serde(default)]
    pub(super) delete: OneOrMany<String>,
    /// The path of a git submodule.
    pub(super) submodule: Option<String>,
    /// The name of a crate whose version carries the upstream version in its build metadata.
    pub(super) cargo: Option<String>,
    /// Have `cargo update --precise` say the new crate's checksum.
    #[serde(default)]
    pub(super) cargo_update: bool,
    /// The path of a vendored source tree.
    pub(super) tree: Option<String>,
}

/// A table, or an array of them. The places in the file stay known, which an untagged enum loses.
fn one_or_many_tables<'de, D, T>(deserializer: D) -> Result<Vec<T>, D::Error>
where
    D: serde::Deserializer<'de>,
    T: Deserialize<'de>,
{
    struct Tables<T>(std::marker::PhantomData<T>);

    impl<'de, T: Deserialize<'de>> serde::de::Visitor<'de> for Tables<T> {
        type Value = Vec<T>;

        fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.write_str("a table, or an array of tables")
        }

        fn visit_map<A: serde::de::MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
            T::deserialize(serde::de::value::MapAccessDeserializer::new(map)).map(|one| vec![one])
        }

        fn visit_seq<A: serde::de::SeqAccess<'de>>(self, seq: A) -> Result<Self::Value, A::Error> {
            Vec::deserialize(serde::de::value::SeqAccessDeserializer::new(seq))
        }
    }

    deserializer.deserialize_any(Tables(std::marker::PhantomData))
}

/// One value, or a list of them.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(
    untagged,
    expecting = "neither one value nor a list of them: a key in it is unknown, missing or of another kind"
)]
pub(super) enum OneOrMany<T> {
    /// One value.
    One(T),
    /// A list.
    Many(Vec<T>),
}

impl<T> Default for OneOrMany<T> {
    fn default() -> Self {
        Self::Many(Vec::new())
    }
}

impl<T> OneOrMany<T> {
    pub(super) fn into_vec(self) -> Vec<T> {
        match self {
            Self::One(value) => vec![value],
            Self::Many(values) => values,
        }
    }
}

/// `count`.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(untagged, expecting = "`count` is a number from 1 on, or `any`")]
pub(super) enum Count {
    /// Exactly so often.
    Exactly(usize),
    /// `any`: none or more in each file.
    Word(String),
}

/// `insert`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Insert {
    /// The anchor that the new entry comes before.
    pub(super) before: Option<String>,
    /// The anchor that the new entry comes after.
    pub(super) after: Option<String>,
    /// The new entry.
    pub(super) text: String,
}

/// `set`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct SetLine {
    /// The whole line as a pattern.
    pub(super) line: String,
    /// What it becomes.
    pub(super) to: String,
}

/// `[changelog]`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct Changelog {
    /// Its file: each release a section. Beside `entry`: where past releases are told.
    pub(super) file: Option<String>,
    /// The file that a new entry gets of its own, where each entry is a file: a path with `{version}`
    /// and `{link}` where they are to stand.
    #[schemars(with = "Option<String>")]
    pub(super) entry: Option<Spanned<String>>,
    /// What stands in that file: a text with `{entry}`, in YAML as a string. Left out: the entry
    /// alone, in YAML `message: {entry}` and `type: dependency`.
    pub(super) text: Option<String>,
    /// Carry entries of release branches forward: `true` for the base branch (the default where
    /// `also` names release branches), or a branch's name.
    pub(super) forward: Option<Forward>,
}

/// `forward`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(
    untagged,
    expecting = "`forward` is `true`, `false` or a branch's name"
)]
pub(super) enum Forward {
    /// To the base branch, or not at all.
    Switch(bool),
    /// To this branch.
    Branch(String),
}

/// `[version]`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct ProjectVersion {
    /// Its file.
    #[schemars(with = "String")]
    pub(super) file: Spanned<String>,
    /// Literal text with `{project_version}`.
    #[serde(rename = "match")]
    pub(super) matches: OneOrMany<String>,
    /// What a bump raises: `patch` (default), `minor`, `major` or `none`.
    #[schemars(with = "Option<String>")]
    pub(super) bump: Option<Spanned<String>>,
}

/// `[pull-request]`, and the same keys below `[repositories."owner/name"]`.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct PullRequest {
    /// The branch it is opened against; `46.*` stands for the newest that it matches.
    pub(super) base: Option<String>,
    /// Labels it gets.
    #[serde(default)]
    pub(super) labels: Vec<String>,
    /// People, or `owner/team`, asked for review.
    #[serde(default)]
    pub(super) reviewers: Vec<String>,
    /// Whether it is opened as a draft.
    #[serde(default)]
    pub(super) draft: bool,
    /// How the commit gets there: `api` (default on GitHub) or `git`.
    #[schemars(with = "Option<String>")]
    pub(super) push: Option<Spanned<String>>,
    /// Whether commits carry a `Signed-off-by` line.
    #[serde(default)]
    pub(super) sign_off: bool,
    /// Release branches that get a PR of their own; `*.x` stands for the newest that it matches.
    #[serde(default)]
    pub(super) also: Vec<String>,
}

/// `[repositories."owner/name"]`.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct Repository {
    /// The branch PRs are opened against; `46.*` stands for the newest that it matches.
    pub(super) base: Option<String>,
    /// Labels they get.
    #[serde(default)]
    pub(super) labels: Vec<String>,
    /// People, or `owner/team`, asked for review.
    #[serde(default)]
    pub(super) reviewers: Vec<String>,
    /// Whether they are opened as drafts.
    #[serde(default)]
    pub(super) draft: bool,
    /// How commits get there: `api` (default on GitHub) or `git`.
    #[schemars(with = "Option<String>")]
    pub(super) push: Option<Spanned<String>>,
    /// Whether commits carry a `Signed-off-by` line.
    #[serde(default)]
    pub(super) sign_off: bool,
    /// Release branches that get a PR of their own; `*.x` stands for the newest that it matches.
    #[serde(default)]
    pub(super) also: Vec<String>,
    /// The environment variable that holds this repository's token.
    pub(super) token: Option<String>,
    /// A local clone.
    pub(super) checkout: Option<String>,
    /// The checks that must be green on the merged commit; left out: all of them.
    #[serde(default)]
    pub(super) checks: Vec<String>,
}

/// `[announcement]`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct Announcement {
    /// The sender.
    #[schemars(with = "String")]
    pub(super) from: Spanned<String>,
    /// The lists.
    #[schemars(with = "Option<OneOrMany<String>>")]
    pub(super) to: Option<Spanned<OneOrMany<String>>>,
    /// Where answers go.
    #[schemars(with = "Option<String>")]
    pub(super) reply_to: Option<Spanned<String>>,
    /// The list's archive, searched before sending.
    pub(super) archive: Option<String>,
}

/// `[published]`.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct Published {
    /// The package's name on the package index that pip is configured for.
    pub(super) package: Option<String>,
    /// Files, as globs, instead of the index.
    #[serde(default)]
    pub(super) files: Vec<String>,
    /// Another package index.
    #[schemars(with = "Option<String>")]
    pub(super) index: Option<Spanned<String>>,
    /// The platforms every release must have files for.
    #[serde(default)]
    pub(super) platforms: Vec<String>,
}

/// `[advisory]`.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct Advisory {
    /// Keep a draft security advisory at the forge up to date for each security release; a person
    /// publishes it.
    #[serde(default)]
    pub(super) forge: bool,
    /// The package that it names; left out: `published.package`, else the project's name.
    pub(super) package: Option<String>,
    /// The package's ecosystem as GitHub calls it: `pip`, `npm`, `other`, ...; left out: `pip`
    /// where `published.package` names a package, else `other`.
    #[schemars(with = "Option<String>")]
    pub(super) ecosystem: Option<Spanned<String>>,
}

/// `[vex]`.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct Vex {
    /// The product's package URL, without a version.
    #[schemars(with = "Option<String>")]
    pub(super) product: Option<Spanned<String>>,
    /// Who makes the statements.
    pub(super) author: Option<String>,
    /// What the project states about single advisories.
    #[serde(default)]
    #[schemars(with = "Vec<VexStatement>")]
    pub(super) statements: Vec<Spanned<VexStatement>>,
}

/// One entry of `vex.statements`.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct VexStatement {
    /// The advisory: `CVE-2025-9230`.
    #[serde(alias = "id", alias = "vulnerability")]
    pub(super) cve: String,
    /// The status; left out: `not_affected`.
    pub(super) status: Option<String>,
    /// OpenVEX's justification for `not_affected`.
    pub(super) justification: Option<String>,
    /// The same in words.
    #[serde(alias = "impact-statement", alias = "impact_statement")]
    pub(super) impact: Option<String>,
}

/// `[templates]`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct Templates {
    /// The folder with the project's own templates.
    pub(super) folder: String,
}
