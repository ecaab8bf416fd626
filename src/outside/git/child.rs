//! Every git that is started: one environment, and nothing of a clone's own configuration that
//! names a program or decides where git connects.
//!
//! A clone's configuration is not the user's: others may have written it, and what it names would
//! run with the forge's token in reach. What can be set aside is set aside, the rest is refused.
//! The user's own configuration (`git config --global`, the system's) stays in force.

use std::ffi::OsStr;
use std::io;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::time::Instant;

use crate::outside::environment;
use crate::outside::trace;
use crate::text::fault::Fault;

/// Where git may go: nothing that is a program of its own (`ext::`), nor what a configured one
/// stands before (`git://`).
const PROTOCOLS: &str = "file:http:https:ssh";

/// Settings that no clone decides.
const SET_ASIDE: [(&str, &str); 14] = [
    ("core.fsmonitor", "false"),
    ("core.hooksPath", "/dev/null"),
    ("core.alternateRefsCommand", "true"),
    ("core.pager", "cat"),
    ("gc.auto", "0"),
    ("maintenance.auto", "false"),
    ("push.gpgSign", "false"),
    ("push.followTags", "false"),
    ("push.recurseSubmodules", "no"),
    ("fetch.recurseSubmodules", "no"),
    ("safe.bareRepository", "explicit"),
    // A server that says nothing for a minute is gone.
    ("http.lowSpeedLimit", "1"),
    ("http.lowSpeedTime", "60"),
    // Begins the list anew: helpers of the clone are none of ours.
    ("credential.helper", ""),
];

/// A git to be started, with its own settings.
#[derive(Debug, Clone, Default)]
pub(super) struct GitSettings(Vec<(String, String)>);

#[derive(Debug, Clone, PartialEq, Eq)]
struct ConfigEntry {
    /// Whether the clone says it, not the user or the system.
    is_local: bool,
    /// Section and variable in lower case, what stands between as it is.
    key: String,
    value: String,
}

impl GitSettings {
    /// What holds for a git that works in no repository.
    pub(super) fn anywhere() -> Self {
        Self(
            SET_ASIDE
                .iter()
                // Without a clone there is no list of helpers to begin anew.
                .filter(|(key, _)| *key != "credential.helper")
                .map(|(key, value)| ((*key).to_owned(), (*value).to_owned()))
                .collect(),
        )
    }

    /// What holds for a git that works in a clone.
    ///
    /// # Errors
    ///
    /// If the clone's own configuration decides where git connects or what it runs.
    pub(super) fn of_clone(git_folder: &Path) -> Result<Self, Fault> {
        let mut command = command();
        command.env("GIT_DIR", git_folder);
        command.args(["config", "--list", "--null", "--show-scope", "--includes"]);
        let output = output(&mut command)
            .map_err(|error| Fault::failed(format!("cannot run git: {error}; install it")))?;
        if !output.status.success() {
            return Err(Fault::failed(format!(
                "git cannot read the configuration of `{}`",
                git_folder.display()
            )));
        }
        Self::over(&entries(&String::from_utf8_lossy(&output.stdout)))
            .map_err(|fault| fault.within(git_folder.display()))
    }

    fn over(entries: &[ConfigEntry]) -> Result<Self, Fault> {
        if let Some(entry) = entries.iter().find(|entry| is_refused(entry)) {
            return Err(Fault::usage(format!(
                "`{}` of the clone's own configuration decides where git connects or what it runs; \
                 remove it with `git config --local --unset-all {}`, or set it with `--global`",
                entry.key,
                crate::text::shell_word(&entry.key)
            )));
        }
        let users = |key: &str| entries.iter().rfind(|e| !e.is_local && e.key == key);
        let mut settings: Vec<(String, String)> = SET_ASIDE
            .iter()
            .map(|(key, value)| ((*key).to_owned(), (*value).to_owned()))
            .collect();
        let ssh = users("core.sshcommand").map_or("ssh", |entry| entry.value.as_str());
        settings.push(("core.sshCommand".to_owned(), ssh.to_owned()));
        let helpers = entries
            .iter()
            .filter(|entry| !entry.is_local && is_helper(&entry.key));
        settings.extend(helpers.map(|entry| (entry.key.clone(), entry.value.clone())));
        Ok(Self(settings))
    }

    /// These and some more.
    pub(super) fn and(mut self, more: &[(String, String)]) -> Self {
        self.0.extend_from_slice(more);
        self
    }

    /// A git with these settings.
    pub(super) fn command(&self) -> Command {
        let mut command = command();
        command.env("GIT_CONFIG_COUNT", self.0.len().to_string());
        for (number, (key, value)) in self.0.iter().enumerate() {
            command
                .env(format!("GIT_CONFIG_KEY_{number}"), key)
                .env(format!("GIT_CONFIG_VALUE_{number}"), value);
        }
        command
    }
}

/// A git in the one environment that there is: nobody is there to answer a question, what it says
/// is read by a program, and it sees no secret and no `GIT_*` of the surroundings.
fn command() -> Command {
    let mut command = Command::new("git");
    for (name, _) in std::env::vars_os() {
        if is_withheld(&name) {
            command.env_remove(&name);
        }
    }
    if let Some(file) = std::env::var_os("SSL_CERT_FILE").filter(|file| !file.is_empty()) {
        command.env("GIT_SSL_CAINFO", file);
    }
    command
        .envs([
            ("GIT_TERMINAL_PROMPT", "0"),
            ("GIT_ASKPASS", ""),
            ("GIT_PAGER", "cat"),
            ("GIT_EDITOR", "false"),
            ("GIT_ALLOW_PROTOCOL", PROTOCOLS),
            ("GIT_NO_LAZY_FETCH", "1"),
            ("LC_ALL", "C"),
        ])
        .stdin(Stdio::null());
    command
}

/// Runs a child to its end.
pub(in crate::outside) fn output(command: &mut Command) -> io::Result<Output> {
    let begun = Instant::now();
    let output = command.output();
    let outcome = match &output {
        Ok(output) => output.status.to_string(),
        Err(error) => error.to_string(),
    };
    trace::ran(command, &outcome, begun.elapsed());
    output
}

/// Whether a variable is none of git's business.
fn is_withheld(name: &OsStr) -> bool {
    let is_gits = |name: &str| name.to_ascii_uppercase().starts_with("GIT_");
    is_gits(&name.to_string_lossy()) || environment::is_withheld(name)
}

/// Git's list: the scope and a NUL, the key, a line break, the value and a NUL.
fn entries(listed: &str) -> Vec<ConfigEntry> {
    let mut parts = listed.split('\0');
    let mut entries = Vec::new();
    while let (Some(scope), Some(entry)) = (parts.next(), parts.next()) {
        let (key, value) = entry.split_once('\n').unwrap_or((entry, "true"));
        entries.push(ConfigEntry {
            is_local: !matches!(scope, "system" | "global"),
            key: key.to_owned(),
            value: value.to_owned(),
        });
    }
    entries
}

fn is_helper(key: &str) -> bool {
    key.starts_with("credential.") && key.ends_with(".helper")
}

/// Whether a clone says what it may not, and what no setting of ours can take back.
fn is_refused(entry: &ConfigEntry) -> bool {
    let key = entry.key.as_str();
    let last = key.rsplit('.').next().unwrap_or(key);
    let http = [
        "extraheader",
        "postbuffer",
        "version",
        "lowspeedlimit",
        "lowspeedtime",
        "emptyauth",
        "useragent",
    ];
    entry.is_local
        && match key.split('.').next().unwrap_or(key) {
            "url" => matches!(last, "insteadof" | "pushinsteadof"),
            "remote" => matches!(last, "vcs" | "proxy" | "proxyauthmethod"),
            "http" => !http.contains(&last),
            "protocol" => true,
            _ => false,
        }
}

/// Refuses a remote inside the clone's own working tree: its hooks would run.
pub(super) fn check_remote(address: &str, tree: &Path) -> Result<(), Fault> {
    let path = match address.split_once("://") {
        Some(("file", path)) => path,
        Some(_) => return Ok(()),
        None if address.split('/').next().is_some_and(|s| s.contains(':')) => return Ok(()),
        None => address,
    };
    let (Ok(there), Ok(tree)) = (tree.join(path).canonicalize(), tree.canonicalize()) else {
        return Ok(());
    };
    if there.starts_with(&tree) {
        return Err(Fault::usage(format!(
            "the remote `{address}` lies in the clone's own tree; nothing of it is run"
        )));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(scope: &str, key: &str, value: &str) -> String {
        format!("{scope}\0{key}\n{value}\0")
    }

    #[test]
    fn what_a_clone_says_of_programs_and_places_is_refused() {
        for (key, value) in [
            ("url.https://evil.example/.insteadof", "https://github.com/"),
            ("url.ext::sh -c x.pushinsteadof", "https://github.com/"),
            ("remote.origin.vcs", "ext"),
            ("http.https://github.com/.sslverify", "false"),
            ("http.proxy", "http://evil.example"),
            ("http.cookiefile", "/x"),
            ("protocol.ext.allow", "always"),
        ] {
            let (local, global) = (entry("local", key, value), entry("global", key, value));
            assert!(GitSettings::over(&entries(&local)).is_err(), "{key}");
            let tree = entry("worktree", key, value);
            assert!(GitSettings::over(&entries(&tree)).is_err(), "{key}");
            assert!(GitSettings::over(&entries(&global)).is_ok(), "{key}");
        }
        let header = entry("local", "http.https://github.com/.extraheader", "A: b");
        assert!(GitSettings::over(&entries(&header)).is_ok());
    }

    #[test]
    fn the_users_helpers_stay_and_the_clones_go() {
        let listed = [
            entry("system", "credential.helper", "store"),
            entry("global", "credential.https://a.example.helper", "cache"),
            entry("global", "core.sshcommand", "ssh -i mine"),
            entry("local", "credential.helper", "!vendor/x.sh"),
            entry("local", "core.sshcommand", "vendor/x.sh"),
        ]
        .concat();
        let settings = GitSettings::over(&entries(&listed)).unwrap().0;
        let text = format!("{settings:?}");
        assert!(!text.contains("vendor"), "{text}");
        let helpers: Vec<_> = settings
            .iter()
            .filter(|(key, _)| key.starts_with("credential."))
            .map(|(_, value)| value.as_str())
            .collect();
        assert_eq!(helpers, ["", "store", "cache"]);
        assert!(text.contains("ssh -i mine"), "{text}");
    }

    #[test]
    fn no_secret_and_no_git_variable_is_handed_on() {
        for name in [
            "RELEASE_CHECK_SMTP_URL",
            "GITHUB_TOKEN",
            "GH_TOKEN",
            "INFRA_TOKEN",
            "ACTIONS_ID_TOKEN_REQUEST_URL",
            "PYPI_PASSWORD",
            "GIT_DIR",
            "GIT_CONFIG_COUNT",
            "GIT_SSH_COMMAND",
            "git_work_tree",
        ] {
            assert!(is_withheld(OsStr::new(name)), "{name}");
        }
        for name in [
            "PATH",
            "HOME",
            "HTTPS_PROXY",
            "SSH_AUTH_SOCK",
            "GITHUB_ACTIONS",
        ] {
            assert!(!is_withheld(OsStr::new(name)), "{name}");
        }
    }

    #[test]
    fn a_remote_in_the_tree_runs_no_hook() {
        let folder = tempfile::tempdir().unwrap();
        let tree = folder.path().join("own");
        std::fs::create_dir_all(tree.join("vendor/bare")).unwrap();
        std::fs::create_dir_all(folder.path().join("other")).unwrap();
        let inside = tree.join("vendor/bare").display().to_string();
        for address in [
            "./vendor/bare",
            "vendor/bare",
            &inside,
            &format!("file://{inside}"),
        ] {
            assert!(check_remote(address, &tree).is_err(), "{address}");
        }
        for address in ["../other", "https://example.org/x", "git@example.org:a/b"] {
            assert_eq!(check_remote(address, &tree), Ok(()), "{address}");
        }
    }
}
