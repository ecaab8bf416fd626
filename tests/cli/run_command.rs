//! `run`: one command on a schedule, from an OpenSSL release to the mail, against a forge, a git
//! remote and a mail server on this machine.

use serde_json::Value;

use crate::fake_forge::{FakeForge, TOKEN};
use crate::forge::UPSTREAM;
use crate::git::git_on;
use crate::sandbox::{Outcome, Sandbox};
use crate::smtp_server::{Behaviour, SmtpServer};

const REPOSITORY: &str = "example/lib";

const CONFIGURATION: &str = r#"
[project]
name = "lib"
ships = "wheels"
repository = "example/lib"

[[link]]
name = "wheels"
series = "3.5"

[[link.pin]]
file = "openssl.sh"
match = "OPENSSL_VERSION={version}"

[changelog]
file = "CHANGELOG.md"

[version]
file = "version.txt"
match = "{project_version}"

[announcement]
from = "Release Team <release@example.org>"
to = ["users@lists.example.org"]
"#;

const CHANGELOG: &str = "# Changelog\n\n## 1.2.3 - 2025-09-16\n\n- Built with OpenSSL 3.5.3.\n\n## 1.2.2 - 2025-08-05\n\n- A start.\n";

/// A project with a forge, a clone and a mail server.
struct World {
    sandbox: Sandbox,
    forge: FakeForge,
    mail: SmtpServer,
}

impl World {
    /// A forge with these repositories; the first is the project's, tagged 1.2.3, and cloned.
    fn new(configuration: &str, repositories: &[(&str, &[(&str, &str)])]) -> Self {
        let world = Self {
            sandbox: Sandbox::new(),
            forge: FakeForge::start(),
            mail: SmtpServer::start(Behaviour {
                login: Some("PLAIN"),
                ..Behaviour::default()
            }),
        };
        for (name, files) in repositories {
            world.forge.repository(name, files);
        }
        let origin = world.forge.with(repositories[0].0, |repository| {
            repository.folder.path().to_owned()
        });
        let place = world.sandbox.path();
        let parent = place.parent().expect("a folder");
        git_on(
            parent,
            "2025-09-16",
            &[
                "clone",
                "--quiet",
                origin.to_str().expect("a path"),
                place.to_str().expect("a path"),
            ],
        );
        world.sandbox.file("release-check.toml", configuration);
        world
            .sandbox
            .file(".git/info/exclude", "release-check.toml\n");
        std::fs::write(parent.join("upstream.json"), UPSTREAM).expect("a file");
        world.release("v1.2.3", "2025-09-16");
        world
    }

    fn single() -> Self {
        let files = [
            ("openssl.sh", "OPENSSL_VERSION=3.5.3\n"),
            ("CHANGELOG.md", CHANGELOG),
            ("version.txt", "1.2.3\n"),
        ];
        Self::new(CONFIGURATION, &[(REPOSITORY, &files)])
    }

    /// People make a release from the head of `main`.
    fn release(&self, tag: &str, day: &str) {
        let place = self.sandbox.path();
        for arguments in [
            &["pull", "--quiet", "origin", "main"][..],
            &["commit", "--quiet", "--allow-empty", "-m", tag],
            &["tag", tag],
            &["push", "--quiet", "origin", "HEAD:main", tag],
        ] {
            git_on(&place, day, arguments);
        }
    }

    fn run_on(&self, day: &str, arguments: &[&str]) -> Outcome {
        let all = [
            &["--upstream", "../upstream.json", "--as-of", day, "run"],
            arguments,
        ]
        .concat();
        let mut command = self.sandbox.command(&all);
        command
            .envs(self.forge.variables())
            .env("GIT_CONFIG_COUNT", "2");
        for (number, (key, value)) in [("user.name", "A"), ("user.email", "a@example.org")]
            .iter()
            .enumerate()
        {
            command
                .env(format!("GIT_CONFIG_KEY_{number}"), key)
                .env(format!("GIT_CONFIG_VALUE_{number}"), value);
        }
        command.env(
            "RELEASE_CHECK_SMTP_URL",
            format!("smtp://user:s3cret@127.0.0.1:{}", self.mail.port),
        );
        command.env("SSL_CERT_FILE", self.mail.authority());
        let outcome = Outcome::of(command.output().expect("the program runs"));
        assert!(
            !format!("{}{}", outcome.stdout, outcome.stderr).contains(TOKEN),
            "a token is shown"
        );
        outcome
    }

    fn run(&self, arguments: &[&str]) -> Outcome {
        self.run_on("2025-10-01", arguments)
    }

    /// Runs with `--execute`; each step's name and state.
    #[track_caller]
    fn execute(&self, status: i32) -> Vec<(String, String)> {
        let outcome = self.run(&["--execute", "--format", "json"]).exits(status);
        states(&outcome.json())
    }

    fn merge(&self, repository: &str) {
        self.forge.with(repository, |repository| {
            let number = repository.open_pulls().first().expect("an open PR").number;
            repository.merge(number)
        });
    }

    fn mails(&self) -> usize {
        self.mail.seen().messages.len()
    }
}

fn states(json: &Value) -> Vec<(String, String)> {
    let text = |value: &Value| value.as_str().expect("text").to_owned();
    json["steps"]
        .as_array()
        .expect("steps")
        .iter()
        .map(|step| (text(&step["name"]), text(&step["state"])))
        .collect()
}

#[track_caller]
fn assert_states(found: &[(String, String)], expected: &[(&str, &str)]) {
    let found: Vec<(&str, &str)> = found
        .iter()
        .map(|(name, state)| (name.as_str(), state.as_str()))
        .collect();
    assert_eq!(found, expected);
}

#[test]
fn a_checklist_that_does_nothing() {
    let world = World::single();
    let outcome = world.run(&[]).exits(11);
    for expected in [
        "would      wheels: pull request  OpenSSL 3.5.3 -> 3.5.4: open it\n",
        "waiting    wheels: merged        for the pull request\n",
        "would create branch `release-check/wheels-3.5.4` at ",
        "waiting    tagged",
    ] {
        assert!(
            outcome.stdout.contains(expected),
            "{expected}:\n{}",
            outcome.stdout
        );
    }
    assert_eq!((world.forge.writes(), world.mails()), (0, 0));
    let markdown = world.run(&["--format", "markdown"]).exits(11).stdout;
    assert!(
        markdown.contains("| wheels | 3.5.3 | 3.5.4 |")
            && markdown.contains("- [ ] wheels: pull request: **would**"),
        "{markdown}"
    );
    let sarif = world.run(&["--format", "sarif"]).exits(11).json();
    assert_eq!(sarif["runs"][0]["results"][0]["ruleId"], "CVE-2025-9230");
    world.run(&["--execute", "--offline"]).exits(2);
    world.forge.assert_content();
}

#[test]
fn one_repository_from_the_release_to_the_mail() {
    let world = World::single();
    let waiting = [
        ("tag", "waiting"),
        ("artefacts", "not-configured"),
        ("announcement", "waiting"),
    ];
    assert_states(
        &world.execute(11),
        &[
            &[("pull-request", "done-now"), ("merge", "waiting")][..],
            &waiting,
        ]
        .concat(),
    );
    assert_states(
        &world.execute(11),
        &[
            &[("pull-request", "done"), ("merge", "waiting")][..],
            &waiting,
        ]
        .concat(),
    );
    world.merge(REPOSITORY);
    // Users still have what is affected.
    let found = world.execute(14);
    assert_states(
        &found,
        &[&[("pull-request", "done"), ("merge", "done")][..], &waiting].concat(),
    );
    assert_eq!(world.mails(), 0);
    world.release("v1.2.4", "2025-10-01");
    let due = world.run(&[]).exits(0);
    assert!(
        due.stdout.contains("would send `") && due.stdout.contains("users@lists.example.org"),
        "{}",
        due.stdout
    );
    assert_eq!(world.mails(), 0);
    let done = [
        ("pull-request", "done"),
        ("merge", "done"),
        ("tag", "done"),
        ("artefacts", "not-configured"),
    ];
    assert_states(
        &world.execute(0),
        &[&done[..], &[("announcement", "done-now")]].concat(),
    );
    world.forge.trouble(None);
    for _ in 0..3 {
        assert_states(
            &world.execute(0),
            &[&done[..], &[("announcement", "done")]].concat(),
        );
    }
    assert_eq!((world.forge.writes(), world.mails()), (0, 1));
    world.forge.assert_content();
}

#[test]
fn what_was_released_long_ago_is_announced_by_hand_only() {
    let world = World::single();
    world.execute(11);
    world.merge(REPOSITORY);
    world.release("v1.2.4", "2025-10-01");
    let outcome = world.run_on("2025-12-24", &["--execute"]).exits(1);
    assert!(
        outcome.stdout.contains("`v1.2.4` is 84 days old")
            && outcome.stdout.contains("`release-check announce"),
        "{}",
        outcome.stdout
    );
    assert_eq!(world.mails(), 0);
}

const INFRA: &str = "example/infra";

/// The pin is in another repository; tags and changelog are all there is to know of releases.
fn two_repositories() -> World {
    let configuration = CONFIGURATION.replace(
        "series = \"3.5\"",
        "series = \"3.5\"\nrepository = \"example/infra\"",
    ) + "\n[repositories.\"example/infra\"]\nchecks = [\"build\"]\n";
    let own = [("CHANGELOG.md", CHANGELOG), ("version.txt", "1.2.3\n")];
    World::new(
        &configuration,
        &[
            (REPOSITORY, &own),
            (INFRA, &[("openssl.sh", "OPENSSL_VERSION=3.5.3\n")]),
        ],
    )
}

impl World {
    fn check(&self, conclusion: Option<&str>) {
        self.forge.with(INFRA, |repository| {
            let head = repository.head("main").expect("a head").to_string();
            repository.checks.insert(
                head,
                vec![("build".to_owned(), conclusion.map(str::to_owned))],
            );
        });
    }

    fn open(&self, repository: &str) -> usize {
        self.forge
            .with(repository, |repository| repository.open_pulls().len())
    }
}

#[test]
fn the_pins_repository_comes_first() {
    let world = two_repositories();
    let idle = [
        ("tag", "waiting"),
        ("artefacts", "not-configured"),
        ("announcement", "waiting"),
    ];
    let pins = |first, second, checks| {
        [
            ("pull-request", first),
            ("merge", second),
            ("checks", checks),
        ]
    };
    let paper = |first, second| [("paperwork", first), ("paperwork-merge", second)];
    let expected = [
        &pins("done-now", "waiting", "waiting")[..],
        &paper("waiting", "waiting"),
        &idle,
    ]
    .concat();
    assert_states(&world.execute(11), &expected);
    assert_eq!((world.open(INFRA), world.open(REPOSITORY)), (1, 0));
    world.merge(INFRA);
    for (conclusion, state) in [(None, "waiting"), (Some("failure"), "blocked")] {
        world.check(conclusion);
        let expected = [
            &pins("done", "done", state)[..],
            &paper("waiting", "waiting"),
            &idle,
        ]
        .concat();
        assert_states(&world.execute(14), &expected);
    }
    assert_eq!(world.open(REPOSITORY), 0);
    world.check(Some("success"));
    let would = world.run(&[]).exits(14);
    assert!(
        would
            .stdout
            .contains("would      wheels: changelog pull request  OpenSSL 3.5.3 -> 3.5.4: open it"),
        "{}",
        would.stdout
    );
    assert_eq!(world.open(REPOSITORY), 0);
    for state in ["done-now", "done"] {
        let expected = [
            &pins("done", "done", "done")[..],
            &paper(state, "waiting"),
            &idle,
        ]
        .concat();
        assert_states(&world.execute(14), &expected);
    }
    world.forge.with(REPOSITORY, |repository| {
        let branch = "release-check/wheels-3.5.4";
        assert_eq!(
            repository.file(branch, "version.txt").as_deref(),
            Some("1.2.4\n")
        );
        let changelog = repository
            .file(branch, "CHANGELOG.md")
            .expect("a changelog");
        assert!(
            changelog.contains("## 1.2.4 - 2025-10-01") && changelog.contains("OpenSSL 3.5.4"),
            "{changelog}"
        );
    });
    world.merge(REPOSITORY);
    let expected = [
        &pins("done", "done", "done")[..],
        &paper("done", "done"),
        &idle,
    ]
    .concat();
    assert_states(&world.execute(14), &expected);
    assert_eq!(
        world
            .forge
            .with(REPOSITORY, |repository| repository.branches()),
        ["main"]
    );
    world.release("v1.2.4", "2025-10-01");
    let done = [
        &pins("done", "done", "done")[..],
        &paper("done", "done"),
        &[("tag", "done"), ("artefacts", "not-configured")],
    ]
    .concat();
    assert_states(
        &world.execute(0),
        &[&done[..], &[("announcement", "done-now")]].concat(),
    );
    world.forge.trouble(None);
    for _ in 0..3 {
        assert_states(
            &world.execute(0),
            &[&done[..], &[("announcement", "done")]].concat(),
        );
    }
    assert_eq!((world.forge.writes(), world.mails()), (0, 1));
    let message = String::from_utf8(world.mail.seen().messages[0].bytes.clone()).expect("text");
    assert!(
        message.contains("3.5.3") && message.contains("3.5.4") && message.contains("CVE-2025-9230"),
        "{message}"
    );
    world.forge.assert_content();
}

#[test]
fn a_repository_that_fails_keeps_no_other_from_what_is_due() {
    let world = World::single();
    let second = "\n[[link]]\nname = \"other\"\nrepository = \"example/gone\"\n[[link.pin]]\nfile = \"openssl.sh\"\nmatch = \"V={version}\"\n";
    world
        .sandbox
        .file("release-check.toml", format!("{CONFIGURATION}{second}"));
    let outcome = world.run(&["--execute"]).exits(1);
    assert!(
        outcome.stdout.contains("done now   wheels: pull request")
            && outcome.stdout.contains("blocked    other: pull request"),
        "{}",
        outcome.stdout
    );
    assert!(
        outcome.stderr.contains("example/gone"),
        "{}",
        outcome.stderr
    );
    assert_eq!((world.open(REPOSITORY), world.mails()), (1, 0));
}

#[test]
fn a_clone_that_is_behind_knows_of_every_release() {
    let world = World::single();
    world.execute(11);
    world.merge(REPOSITORY);
    let behind = world.sandbox.path();
    let folder = behind.parent().expect("a folder").join("another");
    let origin = world
        .forge
        .with(REPOSITORY, |repository| repository.folder.path().to_owned());
    git_on(
        &behind,
        "2025-10-01",
        &[
            "clone",
            "--quiet",
            origin.to_str().expect("a path"),
            folder.to_str().expect("a path"),
        ],
    );
    for arguments in [
        &["commit", "--quiet", "--allow-empty", "-m", "1.2.4"][..],
        &["tag", "v1.2.4"],
        &["push", "--quiet", "origin", "main", "v1.2.4"],
    ] {
        git_on(&folder, "2025-10-01", arguments);
    }
    let outcome = world.run(&["--execute"]).exits(0);
    assert!(
        outcome.stdout.contains("done       tagged")
            && outcome.stdout.contains("done now   announced"),
        "{}",
        outcome.stdout
    );
    assert_eq!(world.mails(), 1);
}

#[test]
fn a_job_of_ci_gets_values_and_a_summary() {
    let world = World::single();
    let file = |name: &str| world.sandbox.path().parent().expect("a folder").join(name);
    let mut command = world.sandbox.command(&[
        "--upstream",
        "../upstream.json",
        "--as-of",
        "2025-10-01",
        "run",
        "--execute",
    ]);
    command
        .envs(world.forge.variables())
        .env("GITHUB_OUTPUT", file("output"))
        .env("GITHUB_STEP_SUMMARY", file("summary"));
    Outcome::of(command.output().expect("the program")).exits(11);
    let (output, summary) = (
        std::fs::read_to_string(file("output")).expect("outputs"),
        std::fs::read_to_string(file("summary")).expect("a summary"),
    );
    for expected in [
        "status=11\n",
        "verdict=security-release\n",
        "target=3.5.4\n",
        "/example/lib/pull/1\n",
        "announced=false\n",
    ] {
        assert!(output.contains(expected), "{expected}: {output}");
    }
    assert!(
        summary.contains("- [x] wheels: pull request: **done now**"),
        "{summary}"
    );
}

#[test]
fn propose_alone_follows_the_pins_too() {
    let world = two_repositories();
    let propose = || {
        let mut command = world.sandbox.command(&[
            "--upstream",
            "../upstream.json",
            "--as-of",
            "2025-10-01",
            "propose",
            "--execute",
        ]);
        Outcome::of(
            command
                .envs(world.forge.variables())
                .output()
                .expect("the program"),
        )
        .exits(0)
    };
    propose();
    assert_eq!((world.open(INFRA), world.open(REPOSITORY)), (1, 0));
    world.merge(INFRA);
    propose();
    assert_eq!((world.open(INFRA), world.open(REPOSITORY)), (0, 1));
    let body = world.forge.with(REPOSITORY, |repository| {
        repository.open_pulls()[0].body.clone()
    });
    assert!(
        body.contains("The pins are in `example/infra` and have moved")
            && body.contains("CVE-2025-9230"),
        "{body}"
    );
    assert!(propose().stdout.contains("nothing to do"));
}

#[test]
fn a_release_made_from_a_branch_is_known_from_main_to_every_command() {
    let world = two_repositories();
    let place = world.sandbox.path();
    let config = world.sandbox.read("release-check.toml").replace(
        "file = \"CHANGELOG.md\"",
        "file = \"CHANGELOG.md\"\nforward = false",
    );
    world.sandbox.file(
        "release-check.toml",
        config + "\n[pull-request]\nbase = \"main\"\nalso = [\"1.2\"]\n",
    );
    git_on(&place, "2025-10-01", &["switch", "--quiet", "-c", "1.2"]);
    world.sandbox.file(
        "CHANGELOG.md",
        CHANGELOG.replace(
            "## 1.2.3",
            "## 1.2.4 - 2025-10-01\n\n- Built with OpenSSL 3.5.4.\n\n## 1.2.3",
        ),
    );
    for arguments in [
        &["commit", "--quiet", "--all", "-m", "1.2.4"][..],
        &["tag", "v1.2.4"],
        &["push", "--quiet", "origin", "1.2", "v1.2.4"],
        &["tag", "-d", "v1.2.4"],
        &["switch", "--quiet", "main"],
        &["branch", "--quiet", "-D", "1.2"],
        &["update-ref", "-d", "refs/remotes/origin/1.2"],
    ] {
        git_on(&place, "2025-10-01", arguments);
    }
    world.forge.with(INFRA, |repository| {
        repository.commit(
            "main",
            "move",
            &[("openssl.sh", Some("OPENSSL_VERSION=3.5.4\n"))],
        );
    });
    world.check(Some("success"));
    let told = |arguments: &[&str]| {
        let day = ["--upstream", "../upstream.json", "--as-of", "2025-10-01"];
        let mut command = world.sandbox.command(&[&day, arguments].concat());
        command.envs(world.forge.variables());
        Outcome::of(command.output().expect("the program runs")).exits(0)
    };
    // Each from a clone that does not know it.
    for (arguments, knows) in [
        (
            &["announce", "--format", "json"][..],
            "\"version\": \"1.2.4\"",
        ),
        (&["propose"], "nothing to propose"),
    ] {
        let outcome = told(arguments);
        assert!(
            outcome.stdout.contains(knows),
            "{arguments:?}: {}{}",
            outcome.stdout,
            outcome.stderr
        );
        git_on(&place, "2025-10-01", &["tag", "-d", "v1.2.4"]);
    }
    // What its users have needs no entry.
    assert_eq!(told(&["draft", "changelog"]).stdout, "");
    assert!(world.run(&[]).stdout.contains("`v1.2.4`"));
}

#[test]
fn a_plain_git_remote() {
    let world = World::single();
    let run = |arguments: &[&str]| {
        let all = [
            &[
                "--upstream",
                "../upstream.json",
                "--as-of",
                "2025-10-01",
                "run",
            ],
            arguments,
        ]
        .concat();
        let mut command = world.sandbox.command(&all);
        command
            .env("GIT_CONFIG_COUNT", "2")
            .env("GIT_CONFIG_KEY_0", "user.name")
            .env("GIT_CONFIG_VALUE_0", "A");
        command
            .env("GIT_CONFIG_KEY_1", "user.email")
            .env("GIT_CONFIG_VALUE_1", "a@example.org");
        command.env(
            "RELEASE_CHECK_SMTP_URL",
            format!("smtp://user:s3cret@127.0.0.1:{}", world.mail.port),
        );
        command.env("SSL_CERT_FILE", world.mail.authority());
        Outcome::of(command.output().expect("the program runs"))
    };
    git_on(
        &world.sandbox.path(),
        "2025-10-01",
        &["config", "user.name", "A"],
    );
    git_on(
        &world.sandbox.path(),
        "2025-10-01",
        &["config", "user.email", "a@example.org"],
    );
    let outcome = run(&["--execute"]).exits(11);
    assert!(
        outcome.stdout.contains("done now   wheels: pull request")
            && outcome.stdout.contains("has no pull requests we can open"),
        "{}",
        outcome.stdout
    );
    let outcome = run(&["--execute"]).exits(11);
    assert!(
        outcome.stdout.contains("done       wheels: pull request"),
        "{}",
        outcome.stdout
    );
    for arguments in [
        &["fetch", "--quiet", "origin"][..],
        &[
            "merge",
            "--quiet",
            "--no-edit",
            "origin/release-check/wheels-3.5.4",
        ],
        &["push", "--quiet", "origin", "HEAD:main"],
    ] {
        git_on(&world.sandbox.path(), "2025-10-01", arguments);
    }
    let outcome = run(&["--execute"]).exits(14);
    assert!(
        outcome.stdout.contains("waiting    tagged"),
        "{}",
        outcome.stdout
    );
    world.release("v1.2.4", "2025-10-01");
    let outcome = run(&["--execute"]).exits(0);
    assert!(
        outcome.stdout.contains("done now   announced"),
        "{}",
        outcome.stdout
    );
    assert!(
        run(&["--execute"])
            .exits(0)
            .stdout
            .contains("done       announced")
    );
    assert_eq!(world.mails(), 1);
    assert!(world.forge.state().log.is_empty());
    let offline = run(&["--offline"]).exits(0);
    assert!(
        offline.stdout.contains("done       wheels: pull request"),
        "{}",
        offline.stdout
    );
}

#[test]
fn a_mail_server_that_refuses_is_asked_again_by_the_next_run() {
    let mut world = World::single();
    world.execute(11);
    world.merge(REPOSITORY);
    world.release("v1.2.4", "2025-10-01");
    let good = std::mem::replace(
        &mut world.mail,
        SmtpServer::start(Behaviour {
            login: Some("PLAIN"),
            refuse: Some(("MAIL", "550 5.7.1 no")),
            ..Behaviour::default()
        }),
    );
    let outcome = world.run(&["--execute"]).exits(1);
    assert!(
        outcome.stdout.contains("blocked    announced")
            && outcome.stdout.contains("done       tagged"),
        "{}",
        outcome.stdout
    );
    assert!(
        outcome.stderr.contains("550 5.7.1 no"),
        "{}",
        outcome.stderr
    );
    world.mail = good;
    assert!(
        world
            .run(&["--execute"])
            .exits(0)
            .stdout
            .contains("done now   announced")
    );
    assert_eq!(world.mails(), 1);
}

#[test]
fn an_edited_folder_is_no_base() {
    let sandbox = Sandbox::new();
    sandbox
        .file("release-check.toml", CONFIGURATION)
        .file("CHANGELOG.md", CHANGELOG)
        .file("version.txt", "1.2.3\n")
        .file("openssl.sh", "OPENSSL_VERSION=3.5.4\n");
    let run = sandbox
        .run(&["--offline", "--as-of", "2025-10-01", "run"])
        .exits(0);
    let says =
        "waiting wheels: merged for a clone that has the base: only this folder says OpenSSL 3.5.4";
    assert!(run.words().contains(says), "{}", run.stdout);
}

#[test]
fn a_remote_whose_head_names_nothing_has_its_usual_branch() {
    let world = World::single();
    let folder = world.sandbox.path();
    let origin = git_on(&folder, "2025-10-01", &["remote", "get-url", "origin"]);
    let dangling = ["symbolic-ref", "HEAD", "refs/heads/gone"];
    git_on(std::path::Path::new(origin.trim()), "2025-10-01", &dangling);
    let mut command = world.sandbox.command(&[
        "--upstream",
        "../upstream.json",
        "--as-of",
        "2025-10-01",
        "propose",
        "--format",
        "json",
    ]);
    let proposed = Outcome::of(command.output().expect("the program runs")).exits(0);
    assert_eq!(proposed.json()["proposals"][0]["base"], "main");
}
