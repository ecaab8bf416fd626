use super::*;

fn carried(base: &str, release: Option<&str>) -> LinkCarried {
    let version = |text: &str| text.parse().expect("a version");
    LinkCarried {
        link: "wheels".to_owned(),
        base: version(base),
        release: release.map(version),
    }
}

#[test]
fn a_tag_has_what_the_bases_have() {
    let tagged = TaggedRelease {
        name: "v1.2.4".to_owned(),
        day: None,
        branch: None,
    };
    let parallel = TaggedRelease {
        branch: Some("1.1.x".to_owned()),
        ..tagged.clone()
    };
    for (newest, carried, settled, state, detail) in [
        (
            None,
            vec![carried("3.5.4", None)],
            true,
            StepState::Waiting,
            "for the first release tag, with OpenSSL 3.5.4",
        ),
        (
            Some(&tagged),
            vec![carried("3.5.4", Some("3.5.4"))],
            true,
            StepState::Done,
            "`v1.2.4` has OpenSSL 3.5.4",
        ),
        (
            Some(&tagged),
            vec![carried("3.5.4", Some("3.5.4"))],
            false,
            StepState::Waiting,
            "for the steps above; `v1.2.4` is the newest release",
        ),
        (
            Some(&tagged),
            vec![
                carried("3.5.4", Some("3.5.3")),
                carried("4.0.1", Some("4.0.1")),
            ],
            true,
            StepState::Waiting,
            "for a release with OpenSSL 3.5.4, which people tag; `v1.2.4` has OpenSSL 3.5.3",
        ),
        (
            Some(&parallel),
            vec![carried("3.5.4", Some("3.5.3"))],
            true,
            StepState::Waiting,
            "for a release from `1.1.x` with OpenSSL 3.5.4, which people tag; `v1.2.4` has OpenSSL 3.5.3",
        ),
    ] {
        let step = tag(newest, &carried, settled);
        assert_eq!((step.state, step.detail.as_str()), (state, detail));
    }
}

#[test]
fn artefacts_are_waited_for_or_wrong() {
    let wrong: Vec<String> = (1..=5).map(|number| format!("file{number}: old")).collect();
    for (found, state, says) in [
        (
            Artefacts::NotConfigured,
            StepState::NotConfigured,
            "no `[published]`",
        ),
        (Artefacts::NoTag, StepState::Waiting, "for the tag"),
        (
            Artefacts::Absent,
            StepState::Waiting,
            "for 1.2.4 to be published",
        ),
        (
            Artefacts::Incomplete(vec!["windows".to_owned()]),
            StepState::Waiting,
            "for windows",
        ),
        (
            Artefacts::Good(vec!["3.5.4".parse().expect("a version")]),
            StepState::Done,
            "contains OpenSSL 3.5.4",
        ),
        (
            Artefacts::Wrong(wrong),
            StepState::Blocked,
            "file1: old; file2: old; file3: old; and 2 more",
        ),
        (
            Artefacts::NotKnown(vec!["wheels".to_owned()]),
            StepState::Blocked,
            "which OpenSSL 1.2.4 should contain is not known: the pins of wheels cannot be read there; `release-check verify --release 1.2.4 --expect VERSION` looks at its files",
        ),
        (
            Artefacts::Failed("the index is down".to_owned()),
            StepState::Blocked,
            "down",
        ),
    ] {
        let step = artefacts(&found, Some("1.2.4"));
        assert!(
            step.state == state && step.detail.contains(says),
            "{found:?}: {step:?}"
        );
    }
}

#[test]
fn only_news_is_sent_without_being_asked() {
    for (age, expected) in [
        (Some(-2), false),
        (Some(-1), true),
        (Some(0), true),
        (Some(14), true),
        (Some(15), false),
        (None, false),
    ] {
        assert_eq!(is_news(age), expected, "{age:?}");
    }
    let old = announcement(&AnnouncementState::Old("v1".to_owned(), Some(90)));
    assert!(old.detail.contains("90 days old") && old.state == StepState::NotConfigured);
}

#[test]
fn entries_are_carried_until_they_are_merged() {
    let pull = |state: &'static str, acts, executed| LinkPull {
        state,
        page: (state != "absent").then(|| (5, "https://forge/5".to_owned())),
        branch: "release-check/forward/46.0.3".to_owned(),
        base: "main".to_owned(),
        what: "46.0.3 from `46.0.x`".to_owned(),
        acts,
        executed,
    };
    for (pulls, failed, state, says) in [
        (vec![], None, StepState::Done, "lacks nothing"),
        (vec![], Some("no"), StepState::Blocked, "no"),
        (
            vec![pull("absent", true, false)],
            None,
            StepState::Due,
            "46.0.3 from `46.0.x`: open it",
        ),
        (
            vec![pull("open", true, true)],
            None,
            StepState::DoneNow,
            "#5",
        ),
        (
            vec![pull("open", false, true)],
            None,
            StepState::Waiting,
            "for #5 to be merged",
        ),
        (
            vec![pull("closed", false, true)],
            None,
            StepState::Blocked,
            "#5 was closed",
        ),
    ] {
        let steps = carry_forward(&pulls, failed, "example/lib");
        assert!(
            steps.len() == 1 && steps[0].state == state && steps[0].detail.contains(says),
            "{steps:?}"
        );
    }
}
