//! The repositories that proposals go to, and how each is reached.

use std::path::{Path, PathBuf};

use crate::outside::git::checkout::Checkout;
use crate::outside::git::history::ProjectHistory;
use crate::outside::git::open;
use crate::outside::git::remote::Credentials;
use crate::outside::github::{ForgeRepository, GitHub};
use crate::outside::worktree;
use crate::project::config::{Config, Link, PullRequestSettings, RepositorySettings};
use crate::text::fault::Fault;
use crate::workspace::context::Context;
use crate::workspace::remote::Remote;

/// A repository that holds pins.
pub(crate) struct Place {
    /// `owner/name`, or the folder's name where it has none.
    pub(crate) name: String,
    /// The configuration as seen from there: its links only, none of them elsewhere.
    pub(crate) config: Config,
    /// The project's folder inside it, empty where they are one.
    pub(crate) prefix: String,
    /// Whether it is this checkout's.
    pub(crate) is_here: bool,
    /// Whether it is on a forge that we know.
    pub(crate) is_on_forge: bool,
    /// Whether anything says where it is published: a name, the environment or its `origin`.
    pub(crate) has_remote: bool,
    forge: Option<GitHub>,
    folder: Option<PathBuf>,
    checkout: Option<Checkout>,
    credentials: Credentials,
    token: String,
}

/// What is told where nothing says where a repository is published.
pub(crate) const NO_REMOTE: &str = "no remote is known of this repository: before anything can be proposed, add `origin`, or set `repository = \"owner/name\"` in `[project]`";

/// The places of a configuration's links, in the order of the links.
///
/// # Errors
///
/// A usage fault where a repository cannot be reached in any way, or an address of the forge is
/// wrong.
pub(crate) fn places(context: &Context, config: &Config) -> Result<Vec<Place>, Fault> {
    let own = own_name(context, config);
    names(config, own.as_deref())
        .into_iter()
        .map(|name| Place::new(context, config, own.as_deref(), name))
        .collect()
}

/// The places of the links whose pins are not in this checkout's repository.
pub(crate) fn others(context: &Context, config: &Config) -> Result<Vec<Place>, Fault> {
    let own = own_name(context, config);
    let others = names(config, own.as_deref())
        .into_iter()
        .filter(Option::is_some);
    others
        .map(|name| Place::new(context, config, own.as_deref(), name))
        .collect()
}

/// This checkout's own repository, whether links have pins in it or not; none where nothing says
/// which it is.
pub(crate) fn own(context: &Context, config: &Config) -> Result<Option<Place>, Fault> {
    own_name(context, config)
        .map(|own| Place::new(context, config, Some(&own), None))
        .transpose()
}

/// The repositories of the links, each once; none stands for this checkout's.
fn names<'a>(config: &'a Config, own: Option<&str>) -> Vec<Option<&'a str>> {
    let mut names: Vec<Option<&str>> = Vec::new();
    for link in &config.links {
        let name = elsewhere(link, own);
        if !names.iter().any(|known| same(*known, name)) {
            names.push(name);
        }
    }
    names
}

/// Whether the pins of a link are in this checkout.
pub(crate) fn is_here(context: &Context, config: &Config, link: &Link) -> bool {
    elsewhere(link, own_name(context, config).as_deref()).is_none()
}

/// Each link whose pins are not in this checkout, with the repository that they are in.
pub(crate) fn links_elsewhere<'a>(
    context: &Context,
    config: &'a Config,
) -> impl Iterator<Item = (&'a Link, &'a str)> {
    let own = own_name(context, config);
    let links = config.links.iter();
    links.filter_map(move |link| Some((link, elsewhere(link, own.as_deref())?)))
}

/// What the configuration says of a repository, whatever the case of its name.
pub(crate) fn settings<'a>(config: &'a Config, name: &str) -> Option<&'a RepositorySettings> {
    let mut known = config.repositories.iter();
    known
        .find(|(known, _)| known.eq_ignore_ascii_case(name))
        .map(|(_, settings)| settings)
}

fn own_name(context: &Context, config: &Config) -> Option<String> {
    let named = config.project.repository.clone().or_else(|| {
        context
            .environment
            .get("GITHUB_REPOSITORY")
            .map(str::to_owned)
    });
    named.or_else(|| worktree::origin(&context.directory))
}

/// Whether two names are one repository's: the forge tells no case apart.
fn same(one: Option<&str>, other: Option<&str>) -> bool {
    match (one, other) {
        (Some(one), Some(other)) => one.eq_ignore_ascii_case(other),
        (one, other) => one.is_none() && other.is_none(),
    }
}

/// The link's repository, where that is not this one.
fn elsewhere<'a>(link: &'a Link, own: Option<&str>) -> Option<&'a str> {
    link.repository
        .as_deref()
        .filter(|name| !own.is_some_and(|own| own.eq_ignore_ascii_case(name)))
}

impl Place {
    fn new(
        context: &Context,
        config: &Config,
        own: Option<&str>,
        name: Option<&str>,
    ) -> Result<Self, Fault> {
        let settings = name.or(own).and_then(|name| settings(config, name));
        let token = settings
            .and_then(|settings| settings.token.clone())
            .unwrap_or_else(|| "GITHUB_TOKEN".to_owned());
        let forge = GitHub::from_environment(&context.environment, &token)?;
        let folder = match name {
            None => Some(context.directory.clone()),
            Some(_) => settings
                .and_then(|settings| settings.checkout.as_ref())
                .map(|folder| context.path(Path::new(folder))),
        };
        if let (Some(_), Some(folder)) = (name, &folder) {
            open::check_apart(folder, &context.directory)?;
        }
        let checkout = folder.as_deref().and_then(Checkout::open);
        let named = context.environment.get("GITHUB_API_URL").is_some()
            || context.environment.get("GITHUB_REPOSITORY").is_some();
        let origin = checkout.as_ref().and_then(Checkout::origin);
        let has_name = name.or(own).is_some();
        let is_on_forge = named
            || origin
                .as_deref()
                .map_or(has_name, |origin| is_on(origin, &forge));
        let has_remote = has_name || named || origin.is_some();
        let on_forge = is_on_forge && !context.offline;
        let called = name
            .or(own)
            .map_or_else(|| context.directory.display().to_string(), str::to_owned);
        let nowhere = !has_remote && !context.offline;
        if nowhere || (on_forge && !called.contains('/')) {
            return Err(Fault::usage(
                "which repository is this? set `repository = \"owner/name\"` in `[project]`",
            ));
        }
        Ok(Self {
            config: seen_from(context, config, own, name, &called),
            prefix: if name.is_none() {
                worktree::prefix(&context.directory)
            } else {
                String::new()
            },
            credentials: Credentials::new(&context.environment, &token, forge.server()),
            forge: on_forge.then_some(forge),
            is_here: name.is_none(),
            is_on_forge,
            has_remote,
            name: called,
            folder,
            checkout,
            token,
        })
    }

    /// The forge, where it is on one that we know and connections are allowed.
    pub(crate) fn forge(&self) -> Option<ForgeRepository<'_>> {
        self.forge.as_ref().map(|forge| forge.at(&self.name))
    }

    /// How it is reached.
    pub(crate) fn remote(&self) -> Remote<'_> {
        Remote {
            name: &self.name,
            forge: self.forge.as_ref(),
            clone: self.checkout.as_ref(),
            credentials: self.credentials.clone(),
            push: self.config.pull_request.push,
        }
    }

    /// The branch that is worked on where nobody can be asked, as its clone knows it.
    pub(crate) fn default_branch(&self) -> Option<String> {
        let history = ProjectHistory::of(self.folder.as_deref()?);
        history.default_branch().or_else(|| history.branch())
    }

    /// The local clone.
    pub(crate) fn checkout(&self) -> Option<&Checkout> {
        self.checkout.as_ref()
    }

    /// Refuses to write without a token.
    ///
    /// # Errors
    ///
    /// A usage fault that names the variable.
    pub(crate) fn check_token(&self) -> Result<(), Fault> {
        match &self.forge {
            Some(forge) if !forge.has_token() => Err(Fault::usage(format!(
                "`{}` needs a token that may write to `{}`: contents, pull requests and issues",
                self.token, self.name
            ))),
            _ => Ok(()),
        }
    }

    /// The environment variable with its token.
    pub(crate) fn token_variable(&self) -> &str {
        &self.token
    }

    /// Whether PRs opened with its token may start no other workflow.
    pub(crate) fn may_be_workflow_token(&self) -> bool {
        self.forge
            .as_ref()
            .is_some_and(GitHub::may_be_workflow_token)
    }
}

/// Whether an `origin` is a repository of the forge: `https://host/...`, `ssh://git@host/...` or
/// `git@host:...`.
pub(crate) fn is_on(origin: &str, forge: &GitHub) -> bool {
    let host = match origin.split_once("://") {
        Some((_, rest)) => rest
            .split('/')
            .next()
            .map(|place| place.rsplit('@').next().unwrap_or(place)),
        None => origin
            .split_once(':')
            .map(|(place, _)| place.rsplit('@').next().unwrap_or(place)),
    };
    let host = host.map(|host| host.split(':').next().unwrap_or(host));
    host.is_some() && host == forge.server().host_str()
}

fn seen_from(
    context: &Context,
    config: &Config,
    own: Option<&str>,
    name: Option<&str>,
    called: &str,
) -> Config {
    let mut seen = config.clone();
    seen.links.retain(|link| same(elsewhere(link, own), name));
    for link in &mut seen.links {
        link.repository = None;
    }
    seen.project.repository = Some(called.to_owned());
    for key in &mut seen.upstream.keys {
        // Absolute, because the files of a base branch are read in another folder.
        let path = context.path(Path::new(key));
        *key = std::path::absolute(&path)
            .unwrap_or(path)
            .display()
            .to_string();
    }
    if let Some(name) = name {
        // Changelog, version and templates are the project's, and stand in its own repository.
        (seen.changelog, seen.templates) = (None, None);
        seen.versions = Vec::new();
        seen.pull_request = settings(config, name).map_or_else(
            PullRequestSettings::default,
            RepositorySettings::pull_request,
        );
    }
    seen
}
