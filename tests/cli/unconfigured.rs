//! A folder without a configuration.

use crate::sandbox::Sandbox;

#[test]
fn nothing_to_assess_is_said_before_anybody_is_asked() {
    let sandbox = Sandbox::new();
    sandbox.file("README.md", "A project that links nothing.\n");
    let run = sandbox.run(&["-vv", "check"]).exits(2);
    assert_eq!(
        run.stderr,
        "error: there is no `release-check.toml` in `.`; `release-check init` writes one, and --config names another\n"
    );
    assert_eq!(run.stdout, "");
}

#[test]
fn doctor_points_to_init() {
    let sandbox = Sandbox::new();
    let run = sandbox.run(&["doctor", "--offline"]).exits(2);
    assert!(
        run.words().contains(
            "-> `release-check init` writes one from what it finds here, and --config names another"
        ),
        "{}",
        run.stdout
    );
    assert!(!run.stdout.contains("config.json"), "{}", run.stdout);
    assert_eq!(
        run.stdout.matches("release-check init").count(),
        1,
        "{}",
        run.stdout
    );
}
