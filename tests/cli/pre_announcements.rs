//! What upstream has said is coming, in `check`.

use crate::sandbox::Sandbox;

const CONFIG: &str = r#"
[project]
name = "example"

[upstream]
announcements = "mail"

[[link]]
name = "wheels"
series = "3.5"

[[link.pin]]
file = "openssl.sh"
match = 'OPENSSL_VERSION={version}'
"#;

fn mail(day: &str, text: &str) -> String {
    format!(
        "From: Someone <someone@openssl.org>\nDate: {day} 10:00:00 +0000\nSubject: Forthcoming releases\n\n{text}\n"
    )
}

#[test]
fn a_maildir_says_what_is_coming() {
    let sandbox = Sandbox::new();
    sandbox
        .file("release-check.toml", CONFIG)
        .file("openssl.sh", "OPENSSL_VERSION=3.5.6\n");
    let first = "We announce the upcoming release of OpenSSL versions 3.6.3 and 3.5.7.\nThey will be made available on Tuesday 2nd June 2026.\nThe highest severity is High.";
    let second = "The releases of OpenSSL 3.6.3 and 3.5.7 are postponed to Tuesday 9th June 2026.";
    sandbox
        .file("mail/cur/1.host:2,S", mail("Tue, 26 May 2026", first))
        .file("mail/new/2.host", mail("Mon, 1 Jun 2026", second));
    let announced = |day: &str| {
        sandbox
            .run(&["check", "--offline", "--as-of", day, "--format", "json"])
            .json()["announced"]
            .to_string()
    };
    assert_eq!(announced("2026-05-25"), "[]");
    assert_eq!(
        announced("2026-05-28"),
        r#"[{"date":"2026-06-02","severity":"high","versions":["3.5.7","3.6.3"]}]"#
    );
    assert_eq!(
        announced("2026-06-02"),
        r#"[{"date":"2026-06-09","severity":"high","versions":["3.5.7","3.6.3"]}]"#
    );
    // Whoever else posts there says nothing.
    let stranger = mail("Mon, 1 Jun 2026", &first.replace("2nd June", "30th June"))
        .replace("someone@openssl.org", "someone@example.org");
    sandbox.file("mail/new/3.host", stranger);
    assert_eq!(
        announced("2026-06-02"),
        r#"[{"date":"2026-06-09","severity":"high","versions":["3.5.7","3.6.3"]}]"#
    );
    // Unless the configuration names them.
    let named = CONFIG.replace("[upstream]", "[upstream]\nannouncers = [\"@example.org\"]");
    sandbox.file("release-check.toml", named);
    assert_eq!(
        announced("2026-06-02"),
        r#"[{"date":"2026-06-30","severity":"high","versions":["3.5.7","3.6.3"]}]"#
    );
    sandbox.file("release-check.toml", CONFIG);
    // They came on 9 June.
    assert_eq!(announced("2026-06-09"), "[]");
    let never = first.replace("3.5.7", "3.5.20");
    sandbox.file("mail/new/4.host", mail("Tue, 26 May 2026", &never));
    let late = sandbox.run(&["check", "--offline", "--as-of", "2026-06-10"]);
    let said: Vec<&str> = late.stdout.split_whitespace().collect();
    assert!(
        said.join(" ").contains(
            "announced 3.5.20 on 2026-06-02, highest severity high; that day is over, and they are not known to be out"
        ),
        "{}",
        late.stdout
    );
    std::fs::remove_dir_all(sandbox.path().join("mail")).expect("a folder");
    let outcome = sandbox
        .run(&["check", "--offline", "--as-of", "2026-05-28"])
        .exits(1);
    assert!(
        outcome.stderr.contains("cannot read the mailbox"),
        "{}",
        outcome.stderr
    );
}
