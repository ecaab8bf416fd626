//! What users write by mistake: one clear line that says what is wrong and what to do, and nothing
//! on standard output.

use std::process::Stdio;

use crate::sandbox::{Outcome, Sandbox};

const CONFIG: &str = r#"[project]
name = "sample"

[[link]]
name = "wheels"

[[link.pin]]
file = "pin"
match = "v={version}"

[published]
package = "sample"
"#;

fn project() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox
        .file("release-check.toml", CONFIG)
        .file("pin", "v=3.5.3\n")
        .file("empty.toml", "# nothing yet\n")
        .file("other.toml", "[changelog]\nfile = \"c\"\n");
    sandbox
}

#[test]
fn one_clear_line() {
    let sandbox = project();
    for (arguments, status, says) in [
        (
            &["-C", "release-check.toml"][..],
            2,
            "`-C release-check.toml` is a file; name the folder it stands in, and the file itself with `--config`",
        ),
        (
            &["-C", "nowhere"],
            2,
            "`-C nowhere`: there is no such folder",
        ),
        (
            &["upstream", "--releases", "no.csv"],
            2,
            "`--releases no.csv`: there is no such file",
        ),
        (
            &["upstream", "--save", "a/b/c.json"],
            2,
            "`--save a/b/c.json`: there is no folder `a/b`; make it, or save elsewhere",
        ),
        (
            &["--config", "empty.toml"],
            2,
            "`empty.toml` line 1 column 1: the file says nothing; remove it and let `release-check init` write one",
        ),
        (
            &["--config", "other.toml"],
            2,
            "`other.toml` line 1 column 1: there is no `[project]`; add it with the project's `name`",
        ),
        (
            &["prepare", "--to", "1.1.1za"],
            2,
            "`--to 1.1.1za`: no public release 1.1.1za is known; the newest of 1.1.1 is 1.1.1w",
        ),
        (
            &["prepare", "--to", "wheeels=3.5.7"],
            2,
            "`--to wheeels=3.5.7`: there is no link `wheeels` in this repository; there is `wheels`",
        ),
        (
            &["history"],
            1,
            "`.` is in no git repository, so that there are no tags to read; run in a clone, or use `--published`",
        ),
        (
            &["scan", "nothing.whl"],
            1,
            "there is no file or folder `nothing.whl`",
        ),
        (
            &["verify", "1.0", "--expect", "3.5.4"],
            2,
            "there is no file or folder `1.0`; to verify release 1.0, say `--release 1.0`",
        ),
    ] {
        let all = [arguments, &["--offline", "--as-of", "2025-10-01"]].concat();
        let outcome = sandbox.run(&all).exits(status);
        assert_eq!(
            (outcome.stdout.as_str(), outcome.stderr.as_str()),
            ("", format!("error: {says}\n").as_str()),
            "{arguments:?}"
        );
    }
}

#[test]
fn draft_alone_names_the_drafts() {
    let outcome = project().run(&["draft"]).exits(2);
    assert_eq!(outcome.stdout, "");
    assert!(
        outcome
            .stderr
            .contains("<changelog|announcement|pull-request|advisory|vex>"),
        "{}",
        outcome.stderr
    );
}

#[test]
fn an_index_s_address_is_named_by_who_gave_it() {
    for (address, why) in [
        ("foo", "`foo/sample/`: relative URL without a base"),
        (
            "http://index.example/simple",
            "`http://index.example/simple/sample/`: plain `http://` is refused except on this machine, use `https://`",
        ),
    ] {
        let sandbox = project();
        let mut command = sandbox.command(&["verify", "--expect", "3.5.4"]);
        let output = command.env("PIP_INDEX_URL", address).output().expect("run");
        let outcome = Outcome::of(output).exits(2);
        assert_eq!(
            outcome.stderr,
            format!(
                "error: the package index that `PIP_INDEX_URL` names cannot be asked: {why}; correct it, it is to be like `https://index.example/simple`\n"
            )
        );
    }
}

#[test]
fn json_is_honoured() {
    let sandbox = project();
    let diff = [
        "prepare",
        "--diff",
        "--format",
        "json",
        "--offline",
        "--as-of",
        "2025-10-01",
    ];
    let document = sandbox.run(&diff).exits(0).json();
    let diff = document["diff"].as_str().expect("a diff");
    assert!(diff.ends_with("-v=3.5.3\n+v=3.5.4\n"), "{diff}");
    assert_eq!(sandbox.read("pin"), "v=3.5.3\n");

    let lists = "\n[announcement]\nfrom = \"a@b.example\"\nto = [\"l@b.example\"]\n";
    sandbox.file("release-check.toml", format!("{CONFIG}{lists}"));
    let note = [
        "announce",
        "--kind",
        "note",
        "--format",
        "json",
        "--offline",
        "--as-of",
        "2025-10-01",
    ];
    let document = sandbox.run(&note).exits(0).json();
    assert_eq!(document["nothing"], "no fix is pending");
}

/// Whoever comes while another changes the project says so, or finds the change made.
#[test]
fn six_at_once() {
    let sandbox = Sandbox::new();
    let pins = "[[link.pin]]\nfile = \"pins/*\"\nmatch = \"v={version}\"\n";
    sandbox.file(
        "release-check.toml",
        format!("[project]\nname = \"sample\"\n[[link]]\nname = \"wheels\"\n{pins}"),
    );
    for number in 0..40 {
        sandbox.file(&format!("pins/{number}"), "v=3.5.3\n");
    }
    let prepare = ["prepare", "--offline", "--as-of", "2025-10-01"];
    let running: Vec<_> = (0..6)
        .map(|_| {
            let mut command = sandbox.command(&prepare);
            command.stdout(Stdio::piped()).stderr(Stdio::piped());
            command.spawn().expect("a process")
        })
        .collect();
    let mut made = 0;
    for process in running {
        let outcome = Outcome::of(process.wait_with_output().expect("an end"));
        let line = outcome.stderr.trim_end();
        match outcome.status {
            0 => made += usize::from(outcome.stdout.contains("changed pins/0")),
            1 => assert!(
                line == "error: another `release-check` is changing this project; run again when it has ended"
                    || line.ends_with("has changed since it was read; run again"),
                "{line}"
            ),
            other => panic!("{other}: {line}"),
        }
        assert!(line.lines().count() <= 1, "{line}");
    }
    assert_eq!(made, 1);
    for number in 0..40 {
        assert_eq!(sandbox.read(&format!("pins/{number}")), "v=3.5.4\n");
    }
}
