//! The user's own git, for what leaves this machine: their keys, their helpers, their proxies.
//!
//! A token never stands in an address or an argument: git asks a credential helper for it, and that
//! reads an environment variable.

use std::collections::BTreeMap;

use git2::Repository;
use reqwest::Url;

use crate::outside::environment::Environment;
use crate::outside::git::checkout::Checkout;
use crate::outside::git::child;
use crate::plan::proposal::Oid;
use crate::text::fault::Fault;
use crate::text::{one_line, without_credentials};

/// The variable by which the helper gets the token.
const SECRET: &str = "RELEASE_CHECK_GIT_PASSWORD";

/// A fetch of what is named and nothing else: no ref of the user's moves besides.
const FETCH: [&str; 6] = [
    "fetch",
    "--quiet",
    "--no-tags",
    "--no-write-fetch-head",
    "--refmap=",
    "--no-recurse-submodules",
];

/// Credentials for one server, which the user's own helpers precede.
#[derive(Clone, Default)]
pub struct Credentials {
    settings: Vec<(String, String)>,
    secret: Option<String>,
}

impl Credentials {
    /// The token of an environment variable, for the forge's server only.
    pub fn new(environment: &Environment, token_variable: &str, server: &Url) -> Self {
        let secret = environment
            .get(token_variable)
            .map(|secret| secret.trim().to_owned());
        let helper = secret.is_some().then(|| {
            let server = server.origin().ascii_serialization();
            (
                format!("credential.{server}.helper"),
                format!(
                    "!f() {{ test \"$1\" = get && echo username=x-access-token && echo \"password=${SECRET}\"; }}; f"
                ),
            )
        });
        Self {
            settings: helper.into_iter().collect(),
            secret,
        }
    }

    /// Runs the user's own git in a clone, which may say neither what runs nor where it connects;
    /// what it printed.
    ///
    /// # Errors
    ///
    /// If git is not there or fails, in its own words without anything secret; if the clone's
    /// configuration or remote is refused.
    pub(super) fn git(&self, clone: &Repository, arguments: &[&str]) -> Result<String, Fault> {
        let folder = clone.workdir().unwrap_or_else(|| clone.path());
        for address in addresses(clone) {
            child::check_remote(&address, folder)?;
        }
        let settings = child::GitSettings::of_clone(clone.path())?.and(&self.settings);
        let (verb, rest) = arguments.split_first().unwrap_or((&"version", &[]));
        let mut command = settings.command();
        command
            .env("GIT_DIR", clone.path())
            .current_dir(folder)
            .arg(verb)
            .args(match *verb {
                "ls-remote" | "fetch" => Some("--upload-pack=git-upload-pack"),
                "push" => Some("--receive-pack=git-receive-pack"),
                _ => None,
            })
            .args(rest);
        if let Some(secret) = &self.secret {
            command.env(SECRET, secret);
        }
        let output = child::output(&mut command)
            .map_err(|error| Fault::failed(format!("cannot run git: {error}; install it")))?;
        if output.status.success() {
            return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
        }
        let said = self.clean(&String::from_utf8_lossy(&output.stderr));
        Err(Fault::failed(format!(
            "`git {verb}` failed in `{}`: {said}",
            folder.display()
        )))
    }

    /// What git said, without anything secret that may stand in it.
    fn clean(&self, said: &str) -> String {
        let said = self.secret.as_ref().map_or_else(
            || said.to_owned(),
            |secret| said.replace(secret.as_str(), "***"),
        );
        one_line(&without_credentials(&said))
            .chars()
            .take(500)
            .collect()
    }
}

/// Where the remotes of a clone are.
fn addresses(clone: &Repository) -> Vec<String> {
    let Ok(names) = clone.remotes() else {
        return Vec::new();
    };
    let remotes = names
        .iter()
        .filter_map(|name| clone.find_remote(name.ok().flatten()?).ok());
    remotes
        .flat_map(|remote| {
            [remote.url().ok(), remote.pushurl().ok().flatten()]
                .into_iter()
                .flatten()
                .map(str::to_owned)
                .collect::<Vec<_>>()
        })
        .collect()
}

impl std::fmt::Debug for Credentials {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Credentials(redacted)")
    }
}

/// Why git did not do it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum GitError {
    /// The branch does not stand where it was expected: look again.
    Moved(String),
    /// Anything else, in words.
    Failed(Fault),
}

impl From<GitError> for Fault {
    fn from(error: GitError) -> Self {
        match error {
            GitError::Moved(branch) => Self::failed(format!(
                "someone else has moved `{branch}` meanwhile; run again"
            )),
            GitError::Failed(fault) => fault,
        }
    }
}

impl Checkout {
    fn run(&self, credentials: &Credentials, arguments: &[&str]) -> Result<String, Fault> {
        credentials.git(&self.git, arguments)
    }

    /// The branches of `origin` that fit these patterns, and where they stand.
    pub fn remote_branches(
        &self,
        credentials: &Credentials,
        patterns: &[String],
    ) -> Result<BTreeMap<String, Oid>, Fault> {
        let patterns: Vec<_> = patterns
            .iter()
            .map(|pattern| format!("refs/heads/{pattern}"))
            .collect();
        let mut arguments = vec!["ls-remote", "--quiet", "origin"];
        arguments.extend(patterns.iter().map(String::as_str));
        let listed = self.run(credentials, &arguments)?;
        let line = |line: &str| {
            let (id, name) = line.split_once('\t')?;
            Some((name.strip_prefix("refs/heads/")?.to_owned(), Oid::read(id)?))
        };
        Ok(listed.lines().filter_map(line).collect())
    }

    /// The names of the tags of `origin`.
    pub fn remote_tags(&self, credentials: &Credentials) -> Result<Vec<String>, Fault> {
        let listed = self.run(
            credentials,
            &["ls-remote", "--quiet", "--tags", "--refs", "origin"],
        )?;
        Ok(listed
            .lines()
            .filter_map(|line| Some(line.split_once("\trefs/tags/")?.1.to_owned()))
            .collect())
    }

    /// Brings tags of `origin` here, by their names, as every fetch does; those that are here
    /// already stay as they are.
    pub fn fetch_tags(&self, credentials: &Credentials, names: &[String]) -> Result<(), Fault> {
        if names.is_empty() {
            return Ok(());
        }
        let tags: Vec<_> = names
            .iter()
            .map(|name| format!("refs/tags/{name}:refs/tags/{name}"))
            .collect();
        let mut arguments = FETCH.to_vec();
        // Of a clone without history only what the tags name is wanted.
        arguments.extend(self.is_shallow().then_some("--depth=1"));
        arguments.push("origin");
        arguments.extend(tags.iter().map(String::as_str));
        self.run(credentials, &arguments).map(drop)
    }

    /// The branch that `origin` calls its head.
    pub fn remote_default_branch(
        &self,
        credentials: &Credentials,
    ) -> Result<Option<String>, Fault> {
        let listed = self.run(credentials, &["ls-remote", "--symref", "origin", "HEAD"])?;
        Ok(listed.lines().find_map(|line| {
            Some(
                line.strip_prefix("ref: refs/heads/")?
                    .split('\t')
                    .next()?
                    .to_owned(),
            )
        }))
    }

    /// Brings branches of `origin` here, as objects only: no branch, tag or remote-tracking branch
    /// of the user's moves.
    pub fn fetch(&self, credentials: &Credentials, branches: &[String]) -> Result<(), Fault> {
        if branches.is_empty() {
            return Ok(());
        }
        let names: Vec<_> = branches
            .iter()
            .map(|branch| format!("refs/heads/{branch}"))
            .collect();
        let mut arguments = FETCH.to_vec();
        arguments.push("origin");
        arguments.extend(names.iter().map(String::as_str));
        self.run(credentials, &arguments).map(drop)
    }

    /// Moves a branch of `origin`, if it stands where it is expected: `from` is `None` where it
    /// must not exist, `to` is `None` to delete it.
    ///
    /// # Errors
    ///
    /// If the branch stands elsewhere, is protected, or `origin` cannot be reached.
    pub fn push(
        &self,
        credentials: &Credentials,
        branch: &str,
        from: Option<&Oid>,
        to: Option<&Oid>,
    ) -> Result<(), GitError> {
        let text = |id: Option<&Oid>| id.map(Oid::to_string).unwrap_or_default();
        let lease = format!("--force-with-lease=refs/heads/{branch}:{}", text(from));
        let what = format!("{}:refs/heads/{branch}", text(to));
        self.run(
            credentials,
            &["push", "--quiet", "--porcelain", &lease, "origin", &what],
        )
        .map(drop)
        .map_err(|fault| {
            let stale = || {
                self.remote_branches(credentials, &[branch.to_owned()])
                    .is_ok_and(|found| found.get(branch) != from)
            };
            if stale() {
                GitError::Moved(branch.to_owned())
            } else {
                GitError::Failed(fault)
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_secret_is_repeated() {
        let environment: Environment = [("TOKEN".into(), "s3cret".into())].into_iter().collect();
        let credentials = Credentials::new(
            &environment,
            "TOKEN",
            &"https://example.org/".parse().unwrap(),
        );
        assert_eq!(
            credentials.clean(
                "fatal: 'https://me:pw@example.org/x': s3cret\nhttps://a@b/ https://c/ http://x:y@z"
            ),
            "fatal: 'https://***@example.org/x': *** https://***@b/ https://c/ http://***@z"
        );
        assert!(!format!("{credentials:?}").contains("s3cret"));
    }
}
