//! `announce`, against a real git repository and a real mail server.

use std::process::{Command, Stdio};
use std::time::Duration;

use mail_parser::MessageParser;

use crate::git::git;
use crate::sandbox::{Outcome, Sandbox};
use crate::smtp_server::{Behaviour, Seen, SmtpServer, Verdict};

pub(crate) const CONFIG: &str = r##"
[project]
name = "example"
ships = "wheels"

[[link]]
name = "wheels"
series = "3.5"

[[link.pin]]
file = "openssl.sh"
match = 'OPENSSL_VERSION={version}'

[announcement]
from = "Release Team <release@example.org>"
to = ['"Users, all of them" <users@lists.example.org>', "dev@lists.example.org"]
"##;

/// A project whose release 1.2.4 carries another OpenSSL than 1.2.3.
pub(crate) fn project(config: &str) -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.file("release-check.toml", config);
    git(&sandbox.path(), &["init", "--quiet"]);
    for (openssl, tag) in [("3.5.3", "v1.2.3"), ("3.5.4", "v1.2.4")] {
        sandbox.file("openssl.sh", format!("OPENSSL_VERSION={openssl}\n"));
        git(&sandbox.path(), &["add", "."]);
        git(&sandbox.path(), &["commit", "--quiet", "-m", tag]);
        git(&sandbox.path(), &["tag", tag]);
    }
    sandbox
}

/// Runs `announce` on facts that need no network.
fn announce(sandbox: &Sandbox, server: &SmtpServer, arguments: &[&str]) -> Outcome {
    announce_with(sandbox, server, arguments, &[])
}

/// Runs it with further variables.
pub(crate) fn announce_with(
    sandbox: &Sandbox,
    server: &SmtpServer,
    arguments: &[&str],
    variables: &[(&str, String)],
) -> Outcome {
    let mut command = command(sandbox, server, arguments);
    command.envs(variables.iter().map(|(name, value)| (name, value)));
    let outcome = Outcome::of(command.output().expect("the program runs"));
    assert!(
        !format!("{}{}", outcome.stdout, outcome.stderr).contains("s3cret"),
        "a secret is shown"
    );
    outcome
}

fn command(sandbox: &Sandbox, server: &SmtpServer, arguments: &[&str]) -> Command {
    let facts = sandbox.path().with_file_name("facts.json");
    if !facts.exists() {
        sandbox
            .run(&[
                "upstream",
                "--offline",
                "--save",
                facts.to_str().expect("a path"),
            ])
            .exits(0);
    }
    let common = [
        "announce",
        "--as-of",
        "2025-10-02",
        "--upstream",
        facts.to_str().expect("a path"),
    ];
    let mut command = sandbox.command(&[&common, arguments].concat());
    command.env(
        "RELEASE_CHECK_SMTP_URL",
        format!("smtp://user:s3cret@127.0.0.1:{}", server.port),
    );
    command.env("SSL_CERT_FILE", server.authority());
    command
}

pub(crate) fn server(mut behaviour: Behaviour) -> SmtpServer {
    behaviour.login = Some("PLAIN");
    SmtpServer::start(behaviour)
}

fn sent(server: &SmtpServer) -> usize {
    server.seen().messages.len()
}

#[test]
fn shows_the_message_and_sends_nothing() {
    let (sandbox, server) = (project(CONFIG), server(Behaviour::default()));
    let text = announce(&sandbox, &server, &[]).exits(0).stdout;
    for part in [
        "yes        pull request merged: `v1.2.4` has OpenSSL 3.5.4 instead of 3.5.3\n",
        "yes        tag there: `v1.2.4` in this clone, which has no remote\n",
        "unchecked  artefacts verified on every platform: there is no `[published]` in the configuration\n",
        "yes        not sent yet: no record of it\n",
        "the message:",
        "Message-ID: <example.1.2.4.release.",
        "CVE-2025-9230",
    ] {
        assert!(text.contains(part), "{part}\n{text}");
    }
    assert_eq!(server.seen().connections, 0);
    let json = announce(&sandbox, &server, &["--format", "json"])
        .exits(0)
        .json();
    assert_eq!(
        (&json["schema"], &json["version"], &json["sent"]),
        (&1.into(), &"1.2.4".into(), &false.into())
    );
    assert_eq!(json["conditions"].as_array().map(Vec::len), Some(4));
}

#[test]
fn sends_one_mail_to_all_lists() {
    let (sandbox, server) = (project(CONFIG), server(Behaviour::default()));
    let outcome = announce(&sandbox, &server, &["--execute", "--format", "json"]).exits(0);
    assert!(
        outcome
            .stderr
            .contains("sent: the server said `250 2.0.0 queued`"),
        "{}",
        outcome.stderr
    );
    let Seen { messages, .. } = server.seen();
    let [received] = messages.as_slice() else {
        panic!("{messages:?}")
    };
    assert_eq!(received.from, "release@example.org");
    assert_eq!(
        received.to,
        ["users@lists.example.org", "dev@lists.example.org"]
    );
    assert_eq!(
        String::from_utf8_lossy(&received.bytes),
        outcome.json()["eml"].as_str().expect("a message")
    );
    let message = MessageParser::default()
        .parse(&received.bytes)
        .expect("a message");
    let to: Vec<_> = message
        .to()
        .expect("To")
        .iter()
        .map(|address| (address.name(), address.address()))
        .collect();
    assert_eq!(
        to,
        [
            (Some("Users, all of them"), Some("users@lists.example.org")),
            (None, Some("dev@lists.example.org"))
        ]
    );
    assert!(
        message
            .subject()
            .is_some_and(|subject| subject.contains("1.2.4")),
        "{:?}",
        message.subject()
    );
    // Once: nobody is told again, however often it runs.
    for arguments in [&["--execute"][..], &["--execute", "--kind", "release"]] {
        let again = announce(&sandbox, &server, arguments).exits(0);
        assert!(again.stderr.contains("already sent 2"), "{}", again.stderr);
    }
    assert_eq!(sent(&server), 1);
    // A correction is another message, which answers the first.
    announce(&sandbox, &server, &["--execute", "--kind", "correction"]).exits(0);
    let correction = server.seen().messages.pop().expect("a message");
    let correction = MessageParser::default()
        .parse(&correction.bytes)
        .expect("a message")
        .into_owned();
    assert_eq!(correction.in_reply_to().as_text(), message.message_id());
    announce(&sandbox, &server, &["--execute", "--resend"]).exits(0);
    assert_eq!(sent(&server), 3);
}

#[test]
fn what_nobody_knows_becomes_a_question_and_never_a_second_mail() {
    let sandbox = project(CONFIG);
    let broken = server(Behaviour {
        verdict: Verdict::Close,
        ..Behaviour::default()
    });
    let first = announce(&sandbox, &broken, &["--execute"]).exits(1);
    assert!(first.stdout.is_empty());
    assert!(
        first
            .stderr
            .contains("the connection was lost after the message"),
        "{}",
        first.stderr
    );
    for _ in 0..2 {
        let again = announce(&sandbox, &broken, &["--execute"]).exits(1);
        for part in [
            "it was about to be sent 2",
            "look for `<example.1.2.4.release.",
            "users@lists.example.org",
            "if it arrived, run `release-check announce --settle sent --execute`",
            "if it did not, run `release-check announce --settle not-sent --execute`",
        ] {
            assert!(again.stderr.contains(part), "{part}: {}", again.stderr);
        }
    }
    assert_eq!(broken.seen().connections, 1);
    let good = server(Behaviour::default());
    announce(&sandbox, &good, &["--execute", "--resend"]).exits(0);
    announce(&sandbox, &good, &["--execute"]).exits(0);
    assert_eq!(sent(&good), 1);
}

#[test]
fn killed_while_the_server_thinks() {
    let sandbox = project(CONFIG);
    let slow = server(Behaviour {
        verdict: Verdict::After(Duration::from_secs(60)),
        ..Behaviour::default()
    });
    let mut child = command(&sandbox, &slow, &["--execute"])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("the program");
    let handed_over = || slow.seen().inside.iter().any(|line| line == "DATA");
    for _ in 0..400 {
        if handed_over() {
            break;
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    assert!(handed_over());
    child.kill().expect("killed");
    child.wait().expect("gone");
    let good = server(Behaviour::default());
    let outcome = announce(&sandbox, &good, &["--execute"]).exits(1);
    assert!(
        outcome.stderr.contains("it was about to be sent 2"),
        "{}",
        outcome.stderr
    );
    assert_eq!(good.seen().connections, 0);
}

#[test]
fn of_two_at_once_at_most_one_sends() {
    // In one clone, then in two that share a remote.
    let (one, server) = (
        project(CONFIG),
        server(Behaviour {
            slow: Duration::from_millis(20),
            ..Behaviour::default()
        }),
    );
    let together = |sandboxes: [&Sandbox; 2]| {
        let before = sent(&server);
        let start = |sandbox: &Sandbox| {
            command(sandbox, &server, &["--execute"])
                .stdout(Stdio::null())
                .stderr(Stdio::null())
                .spawn()
                .expect("the program")
        };
        let outcomes = sandboxes
            .map(start)
            .map(|mut child| child.wait().expect("an end").success());
        assert!(sent(&server) - before <= 1, "{outcomes:?}");
        // Whoever comes next sends it if nobody did.
        announce(sandboxes[0], &server, &["--execute"]).exits(0);
        assert_eq!(sent(&server) - before, 1, "{outcomes:?}");
    };
    announce(&one, &server, &[]).exits(0);
    together([&one, &one]);
    let (other, remote) = (Sandbox::new(), one.path().with_file_name("remote.git"));
    git(
        &one.path(),
        &["update-ref", "-d", "refs/notes/release-check"],
    );
    git(
        &one.path(),
        &[
            "init",
            "--quiet",
            "--bare",
            remote.to_str().expect("a path"),
        ],
    );
    git(
        &one.path(),
        &["remote", "add", "origin", remote.to_str().expect("a path")],
    );
    git(
        &one.path(),
        &["push", "--quiet", "origin", "main", "--tags"],
    );
    let folder = other.path();
    git(
        one.path().parent().expect("a folder"),
        &[
            "clone",
            "--quiet",
            remote.to_str().expect("a path"),
            folder.to_str().expect("a path"),
        ],
    );
    announce(&other, &server, &[]).exits(0);
    together([&one, &other]);
}

#[test]
fn a_correction_in_words() {
    let (sandbox, server) = (project(CONFIG), server(Behaviour::default()));
    announce(&sandbox, &server, &["--execute"]).exits(0);
    let because =
        "Release 1.2.4 is withdrawn.\r\nBcc: evil@example.net\r\n\r\n.\r\nWait for größere Dinge.";
    let arguments = ["--execute", "--kind", "correction", "--because", because];
    announce(&sandbox, &server, &arguments).exits(0);
    let received = server.seen().messages.pop().expect("a message");
    let message = MessageParser::default()
        .parse(&received.bytes)
        .expect("a message");
    let body = message.body_text(0).expect("a text").replace("\r\n", "\n");
    assert!(
        body.contains(
            "Release 1.2.4 is withdrawn. Bcc: evil@example.net\n\n. Wait for größere Dinge.\n"
        ),
        "{body}"
    );
    assert!(!body.contains("please upgrade"), "{body}");
    assert!(message.header("Bcc").is_none() && received.to.len() == 2);
    let draft = |arguments: &[&str]| {
        let facts = sandbox.path().with_file_name("facts.json");
        let common = [
            "draft",
            "announcement",
            "--as-of",
            "2025-10-02",
            "--upstream",
            facts.to_str().expect("a path"),
        ];
        sandbox.run(&[&common, arguments].concat())
    };
    let drafted = draft(&arguments[1..]).exits(0).stdout;
    assert_eq!(
        drafted.as_bytes(),
        received.bytes,
        "the draft is what is sent"
    );
    assert!(
        draft(&["--kind", "release"]).exits(0).stdout.is_empty()
            && draft(&["--kind", "note"]).exits(0).stdout.is_empty()
    );
    for (arguments, part) in [
        (
            ["--kind", "release", "--because", "x"],
            "`--because` is for corrections",
        ),
        (
            ["--kind", "correction", "--because", " "],
            "`--because` says nothing",
        ),
    ] {
        assert!(
            draft(&arguments).exits(2).stderr.contains(part)
                && announce(&sandbox, &server, &arguments)
                    .exits(2)
                    .stderr
                    .contains(part)
        );
    }
    assert!(
        sandbox
            .run(&["draft", "changelog", "--kind", "note"])
            .exits(2)
            .stderr
            .contains("`draft announcement` only")
    );
}

#[test]
fn what_was_never_announced_is_not_corrected() {
    let (sandbox, server) = (project(CONFIG), server(Behaviour::default()));
    let nothing = "nothing to correct: no record that an announcement of 1.2.4 was sent";
    let shown = announce(&sandbox, &server, &["--kind", "correction"]).exits(0);
    let line = format!("no         there is something to correct: {nothing}\n");
    assert!(shown.stdout.contains(&line), "{}", shown.stdout);
    let arguments = ["--kind", "correction", "--execute"];
    let refused = announce(&sandbox, &server, &arguments).exits(1);
    assert!(refused.stderr.contains(nothing), "{}", refused.stderr);
    assert_eq!(
        (refused.stdout.as_str(), server.seen().connections),
        ("", 0)
    );
    // Who may not ask others does not know what they have recorded.
    for (kind, line) in [
        (
            "correction",
            "unchecked  there is something to correct: no record that an announcement of 1.2.4 was sent in this clone; `--offline` forbids to ask others for theirs\n",
        ),
        (
            "release",
            "unchecked  not sent yet: no record of it in this clone; `--offline` forbids to ask others for theirs\n",
        ),
    ] {
        let shown = announce(&sandbox, &server, &["--offline", "--kind", kind]).exits(0);
        assert!(shown.stdout.contains(line), "{}", shown.stdout);
    }
    announce(&sandbox, &server, &["--execute"]).exits(0);
    let shown = announce(&sandbox, &server, &["--offline", "--kind", "correction"]).exits(0);
    let line = "yes        there is something to correct: the announcement of 1.2.4 was sent 2";
    assert!(shown.stdout.contains(line), "{}", shown.stdout);
    announce(&sandbox, &server, &arguments).exits(0);
    assert_eq!(sent(&server), 2);
}

#[test]
fn the_list_archive_answers_the_question() {
    let archived = CONFIG.replace(
        "[announcement]",
        "[announcement]\narchive = \"archive.mbox\"",
    );
    let sandbox = project(&archived);
    sandbox.file("archive.mbox", "");
    let broken = server(Behaviour {
        verdict: Verdict::Close,
        ..Behaviour::default()
    });
    announce(&sandbox, &broken, &["--execute"]).exits(1);
    announce(&sandbox, &broken, &["--execute"]).exits(1);
    let message = broken.seen().messages.pop().expect("a message");
    sandbox.file(
        "archive.mbox",
        [b"From release@example.org\n".as_slice(), &message.bytes].concat(),
    );
    let outcome = announce(&sandbox, &broken, &["--execute"]).exits(0);
    assert!(
        outcome
            .stderr
            .contains("as the archive `archive.mbox` shows"),
        "{}",
        outcome.stderr
    );
    // The record says so from then on, and which archive it was.
    sandbox.file("archive.mbox", "");
    let recorded = sandbox.run(&["announce", "--record"]).exits(0).stdout;
    assert!(
        recorded.starts_with("sent") && recorded.contains("as the archive `archive.mbox` shows"),
        "{recorded}"
    );
    assert_eq!(sent(&broken), 1);
}

#[test]
fn a_post_that_names_our_identifier_first_suppresses_no_mail() {
    let archived = CONFIG.replace(
        "[announcement]",
        "[announcement]\narchive = \"archive.mbox\"",
    );
    let (sandbox, other) = (project(&archived), project(CONFIG));
    let first = server(Behaviour::default());
    announce(&other, &first, &["--execute"]).exits(0);
    let message = first.seen().messages.pop().expect("a message");
    sandbox.file("archive.mbox", &message.bytes);
    let ours = server(Behaviour::default());
    announce(&sandbox, &ours, &["--execute"]).exits(0);
    assert_eq!(sent(&ours), 1);
}

#[test]
fn what_was_refused_may_be_sent_later() {
    let sandbox = project(CONFIG);
    let refusing = server(Behaviour {
        refuse: Some(("AUTH", "535 5.7.8 no \u{1b}[31m")),
        ..Behaviour::default()
    });
    let outcome = announce(&sandbox, &refusing, &["--execute"]).exits(1);
    assert!(
        outcome
            .stderr
            .contains("it refused the login: `535 5.7.8 no")
            && outcome.stderr.contains("nothing was sent"),
        "{}",
        outcome.stderr
    );
    assert!(!outcome.stderr.contains('\u{1b}'));
    let greylisting = server(Behaviour {
        greylisted: 1,
        ..Behaviour::default()
    });
    let outcome = announce(&sandbox, &greylisting, &["--execute"]).exits(0);
    assert!(
        outcome
            .stderr
            .contains("greylisted, come back later`; trying again in 1 s"),
        "{}",
        outcome.stderr
    );
    assert_eq!(sent(&greylisting), 1);
}

#[test]
fn every_clone_knows() {
    let (one, other, server) = (
        project(CONFIG),
        Sandbox::new(),
        server(Behaviour::default()),
    );
    let remote = one.path().with_file_name("remote.git");
    git(
        &one.path(),
        &[
            "init",
            "--quiet",
            "--bare",
            remote.to_str().expect("a path"),
        ],
    );
    git(
        &one.path(),
        &["remote", "add", "origin", remote.to_str().expect("a path")],
    );
    git(&one.path(), &["push", "--quiet", "origin", "main"]);
    let early = announce(&one, &server, &["--execute"]).exits(1);
    assert!(
        early
            .stderr
            .contains("tag there: `v1.2.4` is in this clone, but not at `origin`; push it"),
        "{}",
        early.stderr
    );
    git(&one.path(), &["push", "--quiet", "origin", "--tags"]);
    git(
        one.path().parent().expect("a folder"),
        &[
            "clone",
            "--quiet",
            remote.to_str().expect("a path"),
            other.path().to_str().expect("a path"),
        ],
    );
    announce(&one, &server, &["--execute"]).exits(0);
    let outcome = announce(&other, &server, &["--execute"]).exits(0);
    assert!(
        outcome.stderr.contains("already sent"),
        "{}",
        outcome.stderr
    );
    assert_eq!(sent(&server), 1);
    // Where the record cannot be written, nothing is sent.
    std::fs::remove_dir_all(&remote).expect("the remote is gone");
    announce(&other, &server, &["--execute", "--resend"]).exits(1);
    assert_eq!(sent(&server), 1);
}

#[test]
fn usage() {
    let (sandbox, server) = (project(CONFIG), server(Behaviour::default()));
    for arguments in [
        &["--execute", "--offline"][..],
        &["--resend"],
        &["--kind", "rumour"],
        &["--settle", "perhaps"],
        &["--settle", "sent", "--resend"],
        &["--settle", "sent", "--execute", "--offline"],
        &["--record", "--execute"],
        &["--message-id", "<a@b>"],
        &["--format", "sarif"],
    ] {
        let outcome = announce(&sandbox, &server, arguments).exits(2);
        assert!(outcome.stdout.is_empty());
    }
    let facts = sandbox.path().with_file_name("facts.json");
    let outcome = sandbox
        .run(&[
            "--as-of",
            "2025-10-01",
            "announce",
            "--execute",
            "--upstream",
            facts.to_str().expect("a path"),
        ])
        .exits(2);
    assert!(
        outcome
            .stderr
            .contains("there is no mail server; set `RELEASE_CHECK_SMTP_URL`"),
        "{}",
        outcome.stderr
    );
    assert_eq!(server.seen().connections, 0);
}

#[test]
fn nothing_to_announce() {
    let (sandbox, server) = (project(CONFIG), server(Behaviour::default()));
    git(
        &sandbox.path(),
        &["commit", "--quiet", "--allow-empty", "-m", "more"],
    );
    git(&sandbox.path(), &["tag", "v1.2.5"]);
    let outcome = announce(&sandbox, &server, &["--execute"]).exits(0);
    assert!(
        outcome.stdout.is_empty() && outcome.stderr.contains("nothing to announce"),
        "{}",
        outcome.stderr
    );
    assert!(
        announce(&sandbox, &server, &["--kind", "note"])
            .exits(0)
            .stdout
            .is_empty()
    );
}

#[test]
fn a_release_that_is_not_there_yet() {
    let (sandbox, server) = (project(CONFIG), server(Behaviour::default()));
    git(&sandbox.path(), &["tag", "--delete", "v1.2.4"]);
    let text = announce(&sandbox, &server, &["--feed", "feed.xml"])
        .exits(0)
        .stdout;
    assert!(
        text.contains("no         tag there: `1.2.4` is not tagged yet") && text.contains("3.5.4"),
        "{text}"
    );
    assert!(
        !sandbox.path().join("feed.xml").exists(),
        "a feed tells nobody of what is not true"
    );
    let outcome = announce(&sandbox, &server, &["--execute"]).exits(1);
    assert!(
        outcome
            .stderr
            .contains("nothing was sent, because it is not true yet"),
        "{}",
        outcome.stderr
    );
    assert_eq!(server.seen().connections, 0);
}

#[test]
fn no_value_becomes_a_header() {
    let server = server(Behaviour::default());
    for (key, value) in [
        (
            "name = \"example\"",
            "name = \"example\\r\\nBcc: evil@example.net\\r\\n\\r\\nhello\"",
        ),
        (
            "ships = \"wheels\"",
            "ships = \"wheels\\r\\nBcc: evil@example.net\\r\\n.\\r\\nMAIL FROM:<evil@example.net>\"",
        ),
        (
            "Release Team <",
            "Release\\u2028Bcc: evil@example.net Team <",
        ),
    ] {
        let sandbox = project(&CONFIG.replacen(key, value, 1));
        let outcome = announce(&sandbox, &server, &["--execute"]);
        if outcome.status != 0 {
            assert_eq!(outcome.status, 2, "{value}: {}", outcome.stderr);
            continue;
        }
        let received = server.seen().messages.pop().expect("a message");
        let message = MessageParser::default()
            .parse(&received.bytes)
            .expect("a message");
        let names: Vec<_> = message
            .headers()
            .iter()
            .map(|header| header.name().to_ascii_lowercase())
            .collect();
        assert!(
            !names.iter().any(|name| name == "bcc"),
            "{value}: {names:?}"
        );
        assert_eq!(
            received.to,
            ["users@lists.example.org", "dev@lists.example.org"]
        );
    }
    assert!(
        server
            .seen()
            .inside
            .iter()
            .all(|line| !line.contains("evil")),
        "{:?}",
        server.seen().inside
    );
}

#[test]
fn the_feed_has_each_announcement_once() {
    let (sandbox, server) = (project(CONFIG), server(Behaviour::default()));
    let dry = announce(&sandbox, &server, &["--feed", "feed.xml"]).exits(0);
    assert!(
        dry.stderr
            .contains("`--execute` would add it to the feed `feed.xml`"),
        "{}",
        dry.stderr
    );
    assert!(!sandbox.path().join("feed.xml").exists());
    announce(&sandbox, &server, &["--execute", "--feed", "feed.xml"]).exits(0);
    let feed = sandbox.read("feed.xml");
    assert_eq!(feed.matches("<entry>").count(), 1);
    assert!(
        feed.contains("<updated>2025-10-02T00:00:00Z</updated>"),
        "{feed}"
    );
    announce(&sandbox, &server, &["--execute", "--feed", "feed.xml"]).exits(0);
    assert_eq!(sandbox.read("feed.xml"), feed);
    announce(
        &sandbox,
        &server,
        &[
            "--execute",
            "--kind",
            "correction",
            "--because",
            "Not <b>this</b> & ]]> that: \"x\"",
            "--feed",
            "feed.xml",
        ],
    )
    .exits(0);
    assert_eq!(sandbox.read("feed.xml").matches("<entry>").count(), 2);
    // `.ci/lint-drafts` checks it against the schema of such feeds.
    if let Some(kept) = std::env::var_os("RELEASE_CHECK_KEEP_FEED") {
        std::fs::write(kept, sandbox.read("feed.xml")).expect("a place for the feed");
    }
    sandbox.file("other.xml", "<html></html>");
    let outcome = announce(&sandbox, &server, &["--execute", "--feed", "other.xml"]).exits(1);
    assert!(
        outcome
            .stderr
            .contains("`other.xml`: the feed's file holds something"),
        "{}",
        outcome.stderr
    );
    assert_eq!(sandbox.read("other.xml"), "<html></html>");
}

#[test]
fn nobody_is_told_to_update_to_what_openssl_has_withdrawn() {
    let (sandbox, server) = (project(CONFIG), server(Behaviour::default()));
    announce(&sandbox, &server, &[]).exits(0);
    let path = sandbox.path().with_file_name("facts.json");
    let text = std::fs::read_to_string(&path).expect("facts");
    let mut facts: serde_json::Value = serde_json::from_str(&text).expect("JSON");
    let releases = facts["releases"].as_array_mut().expect("a list");
    let moved = releases
        .iter_mut()
        .find(|release| release["version"] == "3.5.4");
    moved.expect("3.5.4")["withdrawn"] = "2025-10-01".into();
    std::fs::write(&path, facts.to_string()).expect("facts");
    let text = announce(&sandbox, &server, &[]).exits(0).words();
    assert!(
        text.contains("OpenSSL has withdrawn 3.5.4, which 1.2.4 contains"),
        "{text}"
    );
    announce(&sandbox, &server, &["--execute"]).exits(1);
    assert_eq!(sent(&server), 0);
}
