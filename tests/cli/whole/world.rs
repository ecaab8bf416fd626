//! Everything outside that a run of CI meets, on this machine: upstream, a forge with two
//! repositories, a package index, a mail server; and what humans do there.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::Command;
use std::sync::Arc;

use git2::Oid;

use super::upstream::{Published, Upstream};
use super::wheels::{self, Wheel, wheels};
use crate::acts::{Acts, Moment};
use crate::fake_forge::{FakeForge, Repository, TOKEN};
use crate::index_server::IndexServer;
use crate::sandbox::{Outcome, Sandbox};
use crate::smtp_server::{Behaviour, Received, Seen, SmtpServer};

/// The project's own repository, and the one with its pins.
pub(crate) const OWN: &str = "pyca/cryptography";
pub(crate) const INFRA: &str = "pyca/infra";
pub(crate) const PIN: &str = "cryptography-linux/openssl-version.sh";
pub(crate) const CHANGELOG: &str = "CHANGELOG.rst";
pub(crate) const VERSION: &str = "src/cryptography/__about__.py";

/// The token of the repository with the pins.
const INFRA_TOKEN: &str = "ghp_aSecretOfAnotherRepository0123456789";

/// The digests of the versions that the world begins with.
const SHA256_OF_3_5_6: &str = "deae7c80cba99c4b4f940ecadb3c3338b13cb77418409238e57d7f31f2a3b736";
const SHA256_OF_3_5_7: &str = "a8c0d28a529ca480f9f36cf5792e2cd21984552a3c8e4aa11a24aa31aeac98e8";

/// What the project is like.
pub(crate) struct Project {
    /// Which repository holds the pins.
    pub(crate) pins_in: &'static str,
    /// Which releases the link may move to.
    pub(crate) of_link: &'static str,
    /// Further lines of the configuration of the repository with the pins.
    pub(crate) of_pins: &'static str,
    /// Further lines of `[changelog]`.
    pub(crate) of_changelog: &'static str,
    /// Further lines of `[pull-request]`.
    pub(crate) of_pull_request: &'static str,
    /// Further tables.
    pub(crate) more: &'static str,
}

impl Default for Project {
    fn default() -> Self {
        Self {
            pins_in: INFRA,
            of_link: "series = \"3.5\"",
            of_pins: "",
            of_changelog: "",
            of_pull_request: "",
            more: "",
        }
    }
}

/// The world; it begins with everything current.
pub(crate) struct World {
    pub(crate) upstream: Upstream,
    pub(crate) forge: FakeForge,
    pub(crate) index: IndexServer,
    pub(crate) mail: SmtpServer,
    pub(crate) acts: Arc<Acts>,
    sandbox: Sandbox,
    pins_in: &'static str,
    wheels: Vec<Wheel>,
    day: String,
    /// How many requests of the forge's log were told already.
    counted: Cell<usize>,
}

/// The world at some moment.
pub(crate) struct Saved {
    published: Published,
    repositories: BTreeMap<String, Repository>,
    seen: Seen,
    wheels: Vec<Wheel>,
    day: String,
    cache: BTreeMap<PathBuf, Vec<u8>>,
}

/// What a run did.
pub(crate) struct Ran {
    pub(crate) outcome: Outcome,
    /// What it changed outside.
    pub(crate) acts: Vec<String>,
}

impl World {
    pub(crate) fn with_pins_in(pins_in: &'static str) -> Self {
        Self::of(&Project {
            pins_in,
            ..Project::default()
        })
    }

    pub(crate) fn of(project: &Project) -> Self {
        let acts = Arc::new(Acts::default());
        let upstream = Upstream::start();
        let forge = FakeForge::start_with(&acts);
        let mail = SmtpServer::start_with(
            Behaviour {
                login: Some("PLAIN"),
                ..Behaviour::default()
            },
            &acts,
        );
        let [old, new] = [pin("3.5.6", SHA256_OF_3_5_6), pin("3.5.7", SHA256_OF_3_5_7)];
        let about = "__all__ = [\"__version__\"]\n\n__version__ = \"46.0.0\"\n".to_owned();
        let (configuration, key) = (configuration(project, &upstream), upstream.key());
        let mut own = vec![
            ("release-check.toml", configuration.as_str()),
            ("key.asc", &key),
            (CHANGELOG, CHANGES),
            (VERSION, &about),
        ];
        if project.pins_in == OWN {
            own.push((PIN, &old));
        } else {
            forge.repository(INFRA, &[(PIN, &old), ("README", "Images\n")]);
            forge
                .state()
                .tokens
                .insert(INFRA.to_owned(), INFRA_TOKEN.to_owned());
        }
        forge.repository(OWN, &own);
        let index = IndexServer::json("cryptography", Vec::new());
        let mut world = Self {
            upstream,
            forge,
            index,
            mail,
            acts,
            sandbox: Sandbox::new(),
            pins_in: project.pins_in,
            wheels: Vec::new(),
            day: String::new(),
            counted: Cell::new(0),
        };
        world.on("2026-04-20");
        // A release that nobody was told of by this program, and that is no news any more.
        world.tag("46.0.0", world.head(OWN, "main"));
        world.upload(wheels("46.0.0", "3.5.6", "2026-04-20"));
        world.on("2026-06-10");
        world.forge.with(project.pins_in, |repository| {
            repository.commit("main", "OpenSSL 3.5.7", &[(PIN, Some(&new))])
        });
        world.forge.with(OWN, |repository| {
            repository.commit(
                "main",
                "46.0.1",
                &[(VERSION, Some(&about.replace("46.0.0", "46.0.1")))],
            )
        });
        world.tag("46.0.1", world.head(OWN, "main"));
        world.upload(wheels("46.0.1", "3.5.7", "2026-06-10"));
        world.on("2026-07-20");
        world
    }

    /// It is this day now.
    pub(crate) fn on(&mut self, day: &str) {
        day.clone_into(&mut self.day);
        let noon: jiff::Timestamp = format!("{day}T12:00:00Z").parse().expect("a day");
        for repository in self.forge.state().repositories.values_mut() {
            repository.clock = repository.clock.max(noon.as_second());
        }
    }

    pub(crate) fn head(&self, repository: &str, branch: &str) -> Oid {
        self.forge.with(repository, |repository| {
            repository.head(branch).expect("the branch")
        })
    }

    pub(crate) fn file(&self, repository: &str, branch: &str, path: &str) -> String {
        self.forge.with(repository, |repository| {
            repository.file(branch, path).expect("a file")
        })
    }

    pub(crate) fn branches(&self, repository: &str) -> Vec<String> {
        self.forge
            .with(repository, |repository| repository.branches())
    }

    /// The branch of the only open PR.
    #[track_caller]
    pub(crate) fn head_branch(&self, repository: &str) -> String {
        let number = self.only_pull(repository);
        self.forge.with(repository, |repository| {
            repository.issues[&number].pull.clone().expect("a PR").head
        })
    }

    /// Someone makes a branch of the head of `main`.
    pub(crate) fn branch(&self, repository: &str, name: &str) {
        let head = self.head(repository, "main");
        let made = |repository: &mut Repository| {
            drop(
                repository
                    .git
                    .reference(&format!("refs/heads/{name}"), head, false, "")
                    .expect("a branch"),
            );
        };
        self.forge.with(repository, made);
    }

    /// The numbers of the open PRs.
    pub(crate) fn open_pulls(&self, repository: &str) -> Vec<u64> {
        self.forge.with(repository, |repository| {
            repository
                .open_pulls()
                .iter()
                .map(|pull| pull.number)
                .collect()
        })
    }

    /// The only open PR.
    #[track_caller]
    pub(crate) fn only_pull(&self, repository: &str) -> u64 {
        let open = self.open_pulls(repository);
        let [number] = open.as_slice() else {
            panic!("{repository} has the PRs {open:?}")
        };
        *number
    }

    /// Someone merges the only open PR; the commit on the base.
    #[track_caller]
    pub(crate) fn merge(&self, repository: &str) -> Oid {
        let number = self.only_pull(repository);
        self.forge
            .with(repository, |repository| repository.merge(number))
    }

    /// CI reports a check on a commit of the repository with the pins.
    pub(crate) fn check(&self, commit: Oid, name: &str, conclusion: Option<&str>) {
        self.forge.with(self.pins_in, |repository| {
            repository.check(commit, name, conclusion);
        });
    }

    /// Someone tags a commit of the project.
    pub(crate) fn tag(&self, name: &str, commit: Oid) {
        self.forge
            .with(OWN, |repository| repository.tag(name, commit, Some(name)));
    }

    /// The project's CI publishes wheels.
    pub(crate) fn upload(&mut self, wheels: impl IntoIterator<Item = Wheel>) {
        self.wheels.extend(wheels);
        self.index
            .list("cryptography", wheels::uploads(&self.wheels));
    }

    /// The project takes back the wheels whose names contain this.
    pub(crate) fn remove(&mut self, part: &str) {
        self.wheels.retain(|(name, ..)| !name.contains(part));
        self.index
            .list("cryptography", wheels::uploads(&self.wheels));
    }

    /// The project yanks the wheels whose names contain this.
    pub(crate) fn yank(&mut self, part: &str) {
        self.index
            .list_yanked("cryptography", wheels::uploads(&self.wheels), part);
    }

    /// The mails that have arrived.
    pub(crate) fn mails(&self) -> Vec<Received> {
        self.mail.seen().messages
    }

    pub(crate) fn save(&self) -> Saved {
        Saved {
            published: self.upstream.published(),
            repositories: self.forge.copies(),
            seen: self.mail.seen(),
            wheels: self.wheels.clone(),
            day: self.day.clone(),
            cache: self.cache(),
        }
    }

    pub(crate) fn restore(&mut self, saved: &Saved) {
        self.upstream.restore(&saved.published);
        self.forge.restore(&saved.repositories);
        self.mail.restore(&saved.seen);
        self.wheels.clear();
        self.upload(saved.wheels.clone());
        self.day.clone_from(&saved.day);
        self.restore_cache(&saved.cache);
    }

    /// What CI keeps from run to run.
    fn cache(&self) -> BTreeMap<PathBuf, Vec<u8>> {
        let folder = self.sandbox.folder().join("cache");
        if folder.exists() {
            Sandbox::tree_of(&folder)
        } else {
            BTreeMap::new()
        }
    }

    fn restore_cache(&self, cache: &BTreeMap<PathBuf, Vec<u8>>) {
        let folder = self.sandbox.folder().join("cache");
        let _ = std::fs::remove_dir_all(&folder);
        for (path, bytes) in cache {
            let path = folder.join(path);
            std::fs::create_dir_all(path.parent().expect("a folder")).expect("folders");
            std::fs::write(path, bytes).expect("a file");
        }
    }

    /// CI has thrown away what it kept.
    pub(crate) fn lose_cache(&self) {
        self.restore_cache(&BTreeMap::new());
    }

    /// Runs the program as CI does.
    pub(crate) fn run(&self, arguments: &[&str]) -> Ran {
        self.acts.anew(None);
        let outcome = Outcome::of(self.command(arguments).output().expect("the program runs"));
        for secret in [TOKEN, INFRA_TOKEN, "s3cret"] {
            assert!(
                !outcome.stdout.contains(secret) && !outcome.stderr.contains(secret),
                "a secret is shown"
            );
        }
        Ran {
            outcome,
            acts: self.acts.names(),
        }
    }

    /// Runs `run --execute`, as the schedule does.
    pub(crate) fn go(&self) -> Ran {
        self.run(&["run", "--execute"])
    }

    /// Runs `run --execute` and ends it at one of its acts; whether it came that far.
    pub(crate) fn go_until(&self, act: usize, moment: Moment) -> bool {
        let mut command = self.command(&["run", "--execute"]);
        self.acts.anew(Some((act, moment)));
        self.acts.watch(&mut command)
    }

    /// The requests to every server since the last time it was asked.
    pub(crate) fn requests(&self) -> Vec<String> {
        let mut forge = self.forge.state();
        let asked = |method: &str, path: &str| format!("{method} {path}");
        let mut all: Vec<String> = forge.log[self.counted.replace(forge.log.len())..]
            .iter()
            .map(|one| asked(&one.method, &one.path))
            .collect();
        all.append(&mut forge.of_git);
        all.extend(
            self.upstream
                .server
                .take_requests()
                .iter()
                .map(|one| asked(&one.method, &one.path)),
        );
        all.extend(self.index.take_asked());
        all
    }

    /// Bytes of bodies that the servers sent so far.
    pub(crate) fn bytes(&self) -> u64 {
        self.forge.state().sent + self.upstream.server.bytes() + self.index.bytes()
    }

    /// The program in a fresh clone, with the environment of CI.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        self.check_out();
        let mut command = self
            .sandbox
            .command(&[&["--as-of", &self.day], arguments].concat());
        command
            .env("TMPDIR", self.sandbox.folder())
            .envs(self.forge.variables());
        command
            .env("GITHUB_REPOSITORY", OWN)
            .env("INFRA_TOKEN", INFRA_TOKEN)
            .env("PIP_INDEX_URL", self.index.index());
        command.env(
            "RELEASE_CHECK_SMTP_URL",
            format!("smtp://user:s3cret@127.0.0.1:{}", self.mail.port),
        );
        command.env("SSL_CERT_FILE", self.mail.authority());
        command
    }

    /// Clones the project as the checkout action does: every branch and tag, and no token that
    /// stays.
    fn check_out(&self) {
        let project = self.sandbox.path();
        let _ = std::fs::remove_dir_all(&project);
        let bare = self
            .forge
            .with(OWN, |repository| repository.folder.path().to_owned());
        let clone =
            git2::Repository::clone(bare.to_str().expect("a path"), &project).expect("a clone");
        clone
            .remote_set_url("origin", &self.forge.git_url(OWN))
            .expect("a remote");
    }
}

impl Ran {
    /// Asserts the exit status.
    #[track_caller]
    pub(crate) fn exits(self, status: i32) -> Self {
        Self {
            outcome: self.outcome.exits(status),
            ..self
        }
    }

    /// Asserts that it changed nothing outside.
    #[track_caller]
    pub(crate) fn writes_nothing(self) -> Self {
        assert_eq!(self.acts, [""; 0], "stdout:\n{}", self.outcome.stdout);
        self
    }
}

/// The file with the pin.
pub(crate) fn pin(version: &str, sha256: &str) -> String {
    format!(
        "# Read by the build scripts\nexport OPENSSL_VERSION=\"openssl-{version}\"\nexport OPENSSL_SHA256=\"{sha256}\"\n"
    )
}

fn configuration(project: &Project, upstream: &Upstream) -> String {
    let (repository, settings) = if project.pins_in == OWN {
        (String::new(), String::new())
    } else {
        let settings = format!(
            "[repositories.\"{INFRA}\"]\ntoken = \"INFRA_TOKEN\"\nbase = \"main\"\n{}\n",
            project.of_pins
        );
        (format!("repository = \"{}\"\n", project.pins_in), settings)
    };
    format!(
        r#"[project]
name = "cryptography"
ships = "Windows, macOS, and Linux wheels"
repository = "{OWN}"

{upstream}
[[link]]
name = "wheels"
{of_link}
{repository}
[[link.pin]]
file = "{PIN}"
match = ['OPENSSL_VERSION="openssl-{{version}}"', 'OPENSSL_SHA256="{{sha256}}"']

{settings}
[changelog]
file = "{CHANGELOG}"
{of_changelog}
[version]
file = "{VERSION}"
match = '__version__ = "{{project_version}}"'

[pull-request]
base = "main"
labels = ["release"]
{of_pull_request}
[announcement]
from = "Release Team <release@example.org>"
to = ["users@lists.example.org", "dev@lists.example.org"]

[published]
package = "cryptography"
{more}
"#,
        more = project.more,
        of_link = project.of_link,
        upstream = upstream.configuration(),
        of_changelog = project.of_changelog,
        of_pull_request = project.of_pull_request,
    )
}

const CHANGES: &str = "Changelog
=========

.. _v46-0-1:

46.0.1 - 2026-06-10
~~~~~~~~~~~~~~~~~~~

* Updated Windows, macOS, and Linux wheels to be compiled with OpenSSL 3.5.7.

.. _v46-0-0:

46.0.0 - 2026-04-20
~~~~~~~~~~~~~~~~~~~

* First of its kind.
";
