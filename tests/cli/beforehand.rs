//! What shows before anybody is asked is told before anybody is asked.

use crate::git::git;
use crate::sandbox::{Outcome, Sandbox};

const PROJECT: &str = "[project]\nname = \"spam\"\nrepository = \"example/spam\"\n";
const LINK: &str = "[[link]]\nname = \"wheels\"\n[[link.pin]]\nfile = \"v.sh\"\nmatch = 'V=\"openssl-{version}\"'\n";
const PAPER: &str = "[changelog]\nfile = \"CHANGELOG.md\"\n[version]\nfile = \"about.py\"\nmatch = 'v = \"{project_version}\"'\n";
const LISTS: &str = "[announcement]\nfrom = \"a@example.org\"\nto = [\"l@example.org\"]\n";
const PACKAGE: &str = "[published]\npackage = \"spam\"\nindex = \"http://127.0.0.1:9/simple\"\n";
const NOBODY: &str = "[upstream]\ngithub-api = \"http://127.0.0.1:9\"\ngithub = \"http://127.0.0.1:9\"\nsite = \"http://127.0.0.1:9\"\nmetadata = \"http://127.0.0.1:9/m.tar.gz\"\n";

/// A whole configuration with one piece of it replaced.
fn config(from: &str, to: &str) -> String {
    let whole = [PROJECT, LINK, PAPER, LISTS, PACKAGE, NOBODY].concat();
    assert!(whole.contains(from), "{from}");
    whole.replacen(from, to, 1)
}

/// A file that differs, what the environment says, the commands, and what each is told.
type Row<'a> = (
    (&'a str, String),
    &'a [(&'a str, &'a str)],
    &'a [&'a str],
    &'a str,
);

/// Each command, words parted by spaces, ends with the same one line.
fn told(rows: &[Row<'_>]) {
    for ((file, content), environment, commands, says) in rows {
        let sandbox = Sandbox::new();
        sandbox
            .file("release-check.toml", config("", ""))
            .file("v.sh", "V=\"openssl-3.5.3\"\n")
            .file("about.py", "v = \"1.1\"\n")
            .file(
                "CHANGELOG.md",
                "# Changelog\n\n## Unreleased\n\n## 1.0\n\n- A.\n",
            )
            .file(file, content);
        git(&sandbox.path(), &["init", "--quiet"]);
        for arguments in *commands {
            let mut command = sandbox.command(&["-v"]);
            command.args(arguments.split(' '));
            command.envs(environment.iter().copied());
            let outcome = Outcome::of(command.output().expect("the program runs"));
            let only = format!("error: {says}");
            assert!(
                outcome.stderr.starts_with(&only) && outcome.stderr.lines().count() == 1,
                "{arguments}: {only}\n{}",
                outcome.stderr
            );
            assert_eq!(outcome.stdout, "", "{arguments}");
            assert!(matches!(outcome.status, 1 | 2), "{arguments}");
        }
    }
}

const TOML: &str = "release-check.toml";

#[test]
fn what_is_wrong_with_the_configuration() {
    let toml = |from: &str, to: &str| (TOML, config(from, to));
    told(&[
        (
            toml("repository = \"example/spam\"\n", ""),
            &[],
            &["run", "run --execute", "propose", "propose --execute"],
            "which repository is this? set `repository",
        ),
        (
            toml(PAPER, &format!("{PAPER}[templates]\nfolder = \"none\"\n")),
            &[],
            &["prepare", "draft vex", "propose", "run", "announce"],
            "`none` of `[templates]` is no folder",
        ),
        (
            toml("[upstream]\n", "[upstream]\nkeys = [\"v.sh\"]\n"),
            &[],
            &["prepare", "propose"],
            "`upstream.keys` names `./v.sh`, which holds no OpenPGP public key",
        ),
        (
            toml("[upstream]\n", "[upstream]\nannouncements = \"m.mbox\"\n"),
            &[],
            &["check"],
            "cannot read the mailbox `m.mbox`",
        ),
        (
            toml(LISTS, ""),
            &[],
            &["announce", "announce --kind note", "draft announcement"],
            "there is no `[announcement]` in the configuration",
        ),
        (
            toml(PACKAGE, ""),
            &[],
            &["verify", "verify --release 1.0", "history --published"],
            "which package? set `package` in `[published]`",
        ),
        (
            toml("package = \"spam\"", "package = \"../x\""),
            &[],
            &["check", "verify", "history --published"],
            "`../x` is no package name",
        ),
        (
            toml("[changelog]\nfile = \"CHANGELOG.md\"\n", ""),
            &[],
            &["draft changelog --forward"],
            "there is no `[changelog]` in the configuration",
        ),
        (
            toml(LINK, ""),
            &[],
            &["history"],
            "there is no `[[link]]`: its pins say",
        ),
    ]);
}

#[test]
fn what_is_wrong_with_files_settings_and_arguments() {
    let nothing = || ("unused", String::new());
    told(&[
        (
            ("v.sh", "nothing\n".into()),
            &[],
            &["check", "prepare", "draft changelog", "verify", "announce"],
            "`release-check.toml` line 6: nothing in `v.sh` matches",
        ),
        (
            ("about.py", "nothing\n".into()),
            &[],
            &["prepare", "draft pull-request", "announce", "history"],
            "`about.py`: `v = \"{project_version}\"` of `[version]` matches nowhere",
        ),
        (
            (TOML, config("CHANGELOG.md", "none.md")),
            &[],
            &["prepare", "draft changelog", "announce"],
            "`none.md` does not exist",
        ),
        (
            nothing(),
            &[("GITHUB_API_URL", "nonsense")],
            &["run", "propose", "announce"],
            "`GITHUB_API_URL`: `nonsense`",
        ),
        (
            nothing(),
            &[],
            &["run --execute", "propose --execute"],
            "`GITHUB_TOKEN` needs a token that may write to `example/spam`",
        ),
        (
            nothing(),
            &[("GITHUB_TOKEN", "ghp_x")],
            &["announce --execute", "announce --kind note --execute"],
            "there is no mail server; set `RELEASE_CHECK_SMTP_URL`",
        ),
        (
            nothing(),
            &[("RELEASE_CHECK_SMTP_URL", "http://example.org")],
            &["announce --execute"],
            "`RELEASE_CHECK_SMTP_URL` is no mail server's address",
        ),
        (
            nothing(),
            &[],
            &["announce --feed no/feed.xml"],
            "`--feed no/feed.xml`: there is no folder `no`",
        ),
        (
            nothing(),
            &[],
            &["announce --feed .git"],
            "`--feed .git` is a folder",
        ),
        (
            nothing(),
            &[],
            &["verify no.so", "verify --expect 3.5.3 no.so"],
            "there is no file or folder `no.so`",
        ),
        (
            nothing(),
            &[],
            &["prepare --to 3.5.x"],
            "`--to 3.5.x`: `3.5.x` is not an OpenSSL version",
        ),
        (
            nothing(),
            &[],
            &["prepare --to other=3.5.4"],
            "`--to other=3.5.4`: there is no link `other`",
        ),
        (
            nothing(),
            &[],
            &["prepare --to 3.5.4 --to wheels=3.5.5"],
            "`--to wheels=3.5.5`: another `--to` is for link `wheels` already",
        ),
    ]);
}

#[test]
fn what_cannot_be_fetched_says_what_to_do_next() {
    let sandbox = Sandbox::new();
    let pins = LINK.replace(
        "match = 'V=\"openssl-{version}\"'",
        "match = ['V=\"openssl-{version}\"', 'SHA={sha256}']",
    );
    sandbox.file("release-check.toml", [PROJECT, &pins, NOBODY].concat());
    let old = "c9489d2abcf943cdc8329a57092331c598a402938054dc3a22218aea8a8ec3bf";
    sandbox.file("v.sh", format!("V=\"openssl-3.5.3\"\nSHA={old}\n"));
    let asked = ["prepare", "--as-of", "2026-09-29"];
    let outcome = sandbox.run(&asked).exits(1);
    let next = "; run again when it answers, or with `--offline`, which takes what is known here, unverified\n";
    assert!(outcome.stderr.ends_with(next), "{}", outcome.stderr);
    sandbox.run(&[&asked[..], &["--offline"]].concat()).exits(0);
}
