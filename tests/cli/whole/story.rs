//! A security release, from its publication to the mail, step by step; and what a step leaves
//! behind.

use std::collections::BTreeMap;

use mail_parser::MessageParser;

use super::upstream::sha256;
use super::wheels::{PLATFORMS, wheel, wheels};
use super::world::{self, CHANGELOG, INFRA, OWN, PIN, VERSION, World};
use crate::upstream_world::Flaw;

pub(crate) const CVE: &str = "CVE-2026-99001";

/// When the project's wheels are published.
pub(crate) const PUBLISHED: &str = "2026-07-26";

/// What happens outside before a run, and what the run then says.
pub(crate) struct Chapter {
    pub(crate) name: &'static str,
    pub(crate) happens: fn(&mut World),
    pub(crate) status: i32,
    /// Whether only a world with a repository for the pins has it.
    of_the_pin: bool,
}

impl Chapter {
    const fn new(name: &'static str, happens: fn(&mut World), status: i32) -> Self {
        Self {
            name,
            happens,
            status,
            of_the_pin: false,
        }
    }

    const fn of_the_pin(self) -> Self {
        Self {
            of_the_pin: true,
            ..self
        }
    }
}

/// From a world that is current to one that is current again. Only in the chapters that a run
/// closes by acting does it act.
static CHAPTERS: [Chapter; 9] = [
    Chapter::new("a security release", publish, 11),
    Chapter::new("the pin is merged", merge_pin, 14).of_the_pin(),
    Chapter::new("a check is red", |world| build(world, "failure"), 14).of_the_pin(),
    Chapter::new("all checks are green", |world| build(world, "success"), 14).of_the_pin(),
    Chapter::new("the project's PR is merged", merge_release, 14),
    Chapter::new(
        "tagged",
        |world| world.tag("46.0.2", world.head(OWN, "main")),
        14,
    ),
    Chapter::new("published for two platforms", publish_two, 20),
    Chapter::new(
        "published with the old one for a platform",
        publish_wrong,
        20,
    ),
    Chapter::new("published for all platforms", publish_all, 0),
];

pub(crate) fn publish(world: &mut World) {
    world.on("2026-07-26");
    world.upstream.release("2026-07-25", "3.5.10");
    world.upstream.advise(Flaw::new(
        CVE,
        "High",
        "2026-07-25",
        &[("3.5.0", "3.5.10"), ("3.0.0", "3.0.30")],
    ));
}

/// Merges the PR with the pin; its checks begin.
pub(crate) fn merge_pin(world: &mut World) {
    let commit = world.merge(INFRA);
    world.check(commit, "lint", Some("success"));
    world.check(commit, "build", None);
}

/// Somebody gives the project's main branch another version.
pub(crate) fn released(world: &mut World, version: &str) {
    let about = world.file(OWN, "main", VERSION);
    let old = about.split('"').nth_back(1).expect("a version").to_owned();
    let about = about.replace(&old, version);
    world.forge.with(OWN, |repository| {
        repository.commit("main", version, &[(VERSION, Some(&about))])
    });
}

pub(crate) fn merge_release(world: &mut World) {
    world.merge(OWN);
}

fn build(world: &mut World, conclusion: &str) {
    world.check(world.head(INFRA, "main"), "build", Some(conclusion));
}

fn publish_two(world: &mut World) {
    world.upload(
        PLATFORMS[..2]
            .iter()
            .map(|platform| wheel("46.0.2", platform, "3.5.10", PUBLISHED)),
    );
}

fn publish_wrong(world: &mut World) {
    world.upload([wheel("46.0.2", PLATFORMS[2], "3.5.7", PUBLISHED)]);
}

fn publish_all(world: &mut World) {
    world.remove("46.0.2");
    world.upload(wheels("46.0.2", "3.5.10", PUBLISHED));
}

/// What is there, in words.
pub(crate) type Summary = BTreeMap<String, Vec<String>>;

/// The chapters of a world with the pins in this repository.
pub(crate) fn chapters(pins_in: &str) -> impl Iterator<Item = &'static Chapter> {
    CHAPTERS
        .iter()
        .filter(move |chapter| !chapter.of_the_pin || pins_in != OWN)
}

/// What two worlds have in common that came to the same end, whatever happened on the way.
pub(crate) fn summary(world: &World) -> Summary {
    let mut summary = BTreeMap::new();
    for (name, repository) in &world.forge.state().repositories {
        let branch = |branch: String| {
            let head = repository.head(&branch).expect("a head");
            let tree = repository
                .git
                .find_commit(head)
                .expect("a commit")
                .tree_id();
            format!(
                "{branch} has {tree}, {} ahead",
                repository.ahead("main", &branch).len()
            )
        };
        let issue = |issue: &crate::fake_forge::Issue| {
            let kind = if issue.pull.is_some() { "PR" } else { "issue" };
            let crate::fake_forge::Issue {
                number,
                title,
                open,
                labels,
                comments,
                body,
                ..
            } = issue;
            format!(
                "{kind} {number} {title:?}, open: {open}, {labels:?}, {} comments, {} bytes",
                comments.len(),
                body.len()
            )
        };
        summary.insert(
            format!("{name}: branches"),
            repository.branches().into_iter().map(branch).collect(),
        );
        summary.insert(
            format!("{name}: PRs"),
            repository.issues.values().map(issue).collect(),
        );
        summary.insert(
            format!("{name}: advisories"),
            repository
                .advisories
                .iter()
                .map(|one| format!("{} {}", one.state, one.description))
                .collect(),
        );
        summary.insert(
            format!("{name}: releases"),
            repository
                .releases
                .iter()
                .map(|release| release.tag.clone())
                .collect(),
        );
    }
    summary.insert(
        "mails".to_owned(),
        world
            .mails()
            .iter()
            .map(|mail| format!("{:?}", mail.to))
            .collect(),
    );
    summary
}

/// Runs with nothing to do, which change nothing and cost little.
fn idle(world: &World, runs: usize) {
    let mut bytes = 0;
    for _ in 0..runs {
        (_, bytes) = (world.requests(), world.bytes());
        world.go().exits(0).writes_nothing();
    }
    let (requests, bytes) = (world.requests(), world.bytes() - bytes);
    assert!(
        requests.len() <= 14,
        "{} requests of an idle run: {requests:#?}",
        requests.len()
    );
    assert!(bytes < 20_000, "{bytes} bytes of an idle run");
}

/// Lets everything happen, each chapter with a run that acts and some that must not.
fn tell(world: &mut World, pins_in: &str, look: impl Fn(&World, &str)) {
    idle(world, 2);
    for chapter in chapters(pins_in) {
        (chapter.happens)(world);
        let ran = world.go();
        assert_eq!(
            ran.outcome.status, chapter.status,
            "{}:\n{}\n{}",
            chapter.name, ran.outcome.stdout, ran.outcome.stderr
        );
        world.go().exits(chapter.status).writes_nothing();
        look(world, chapter.name);
        assert_eq!(
            world.mails().len(),
            usize::from(chapter.status == 0),
            "{}",
            chapter.name
        );
    }
    announced(world, &["46.0.2", "3.5.10", CVE]);
    idle(world, if pins_in == OWN { 2 } else { 20 });
    assert_eq!(world.mails().len(), 1);
    world.forge.assert_content();
}

#[test]
fn a_security_release_over_two_repositories() {
    tell(
        &mut World::with_pins_in(INFRA),
        INFRA,
        |world, name| match name {
            "a security release" => the_pin_is_proposed(world),
            "the pin is merged" | "a check is red" => assert_eq!(
                (world.open_pulls(INFRA), world.open_pulls(OWN)),
                (vec![], vec![])
            ),
            "all checks are green" => {
                the_release_is_proposed(world);
                assert_eq!(world.open_pulls(INFRA), [0; 0]);
            }
            _ => {}
        },
    );
}

#[test]
fn a_security_release_in_one_repository() {
    tell(&mut World::with_pins_in(OWN), OWN, |world, name| {
        if name == "a security release" {
            the_release_is_proposed(world);
            assert_eq!(
                world.file(OWN, "release-check/wheels-3.5.10", PIN),
                world::pin("3.5.10", &sha256("3.5.10"))
            );
        }
    });
}

fn the_pin_is_proposed(world: &World) {
    world.only_pull(INFRA);
    assert_eq!(
        world.open_pulls(OWN),
        [0; 0],
        "the project's own PR waits for the pin"
    );
    let branch = "release-check/wheels-3.5.10";
    assert_eq!(
        world.file(INFRA, branch, PIN),
        world::pin("3.5.10", &sha256("3.5.10"))
    );
}

fn the_release_is_proposed(world: &World) {
    let number = world.only_pull(OWN);
    let (head, labels) = world.forge.with(OWN, |repository| {
        let pull = &repository.issues[&number];
        (pull.pull.clone().expect("a PR").head, pull.labels.clone())
    });
    assert_eq!(labels, ["release"]);
    assert!(
        world
            .file(OWN, &head, VERSION)
            .contains("__version__ = \"46.0.2\"\n")
    );
    let changelog = world.file(OWN, &head, CHANGELOG);
    assert!(
        changelog.contains("46.0.2 - 2026-07-26\n") && changelog.contains("OpenSSL 3.5.10"),
        "{changelog}"
    );
}

/// One mail has arrived, and it speaks of these.
#[track_caller]
pub(crate) fn announced(world: &World, of: &[&str]) {
    let mails = world.mails();
    let [mail] = mails.as_slice() else {
        panic!("{} mails", mails.len())
    };
    assert_eq!(
        mail.to,
        ["users@lists.example.org", "dev@lists.example.org"]
    );
    let message = MessageParser::default()
        .parse(&mail.bytes)
        .expect("a message");
    let (subject, body) = (
        message.subject().expect("a subject"),
        message.body_text(0).expect("a body"),
    );
    assert!(subject.contains(of[0]), "{subject}");
    for part in of {
        assert!(body.contains(part), "{part}: {body}");
    }
}
