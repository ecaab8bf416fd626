//! What a bump must not leave behind, and what it may.

use crate::prepare::{CONFIG, prepare, project, refused, sha256, two_lines};

#[test]
fn a_known_digest_of_the_old_tarball_is_not_left_behind() {
    let sandbox = project(
        "file = \"v.sh\"\nmatch = 'V={version}'\n",
        &[("v.sh", &two_lines("3.5.3", "3.5.3"))],
    );
    let says = [
        "`v.sh` line 2",
        "sha256 of OpenSSL 3.5.3",
        "`{sha256}`",
        "leave = ",
    ];
    refused(&sandbox, &[], 2, &says);
    let pin = "file = \"v.sh\"\nmatch = 'V={version}'\nleave = 'SHA={*}'\n";
    sandbox.file("release-check.toml", format!("{CONFIG}{pin}"));
    prepare(&sandbox, &[]).exits(0);
    assert_eq!(sandbox.read("v.sh"), two_lines("3.5.4", "3.5.3"));
}

#[test]
fn an_unknown_digest_does_not_stay_beside_the_tarball_s_new_name() {
    let line = |version: &str| {
        let digest = "5a".repeat(64);
        format!("# sources\nFILE openssl-{version}.tar.gz SHA512 {digest}\n")
    };
    let pin = "file = \"Sources\"\nmatch = 'openssl-{version}.tar.gz'\n";
    let sandbox = project(pin, &[("Sources", &line("3.5.3"))]);
    let says = [
        "`Sources` line 2",
        "the same digest beside a version or digest that moved",
        "`{sha512}`",
        "leave = ",
    ];
    refused(&sandbox, &[], 2, &says);
    let leave = format!("{CONFIG}{pin}leave = 'SHA512 {{*}}'\n");
    sandbox.file("release-check.toml", leave);
    prepare(&sandbox, &[]).exits(0);
    assert_eq!(sandbox.read("Sources"), line("3.5.4"));
}

#[test]
fn an_address_does_not_keep_the_series_that_its_version_leaves() {
    let line =
        |series: &str, version: &str| format!("url https://h/old/{series}/openssl-{version}.tgz\n");
    let pin = "file = \"v.rb\"\nmatch = 'old/3.0/openssl-{version}.tgz'\n";
    let sandbox = project(pin, &[("v.rb", &line("3.0", "3.0.17"))]);
    let says = ["`v.rb` line 1", "say series 3.0", "`{series}`", "leave = "];
    refused(&sandbox, &["--to", "3.5.4"], 2, &says);
    let pin = pin.replace("old/3.0/", "old/{series}/");
    sandbox.file("release-check.toml", format!("{CONFIG}{pin}"));
    prepare(&sandbox, &["--to", "3.5.4"]).exits(0);
    assert_eq!(sandbox.read("v.rb"), line("3.5", "3.5.4"));
}

#[test]
fn values_of_the_series_before_are_told_and_not_refused() {
    let text = |version: &str| {
        let values: String = (1..7).map(|at| format!("S{at}=3.0\n")).collect();
        format!("V={version}\n# of 3.0\n{values}")
    };
    let pin = "file = \"v.sh\"\nmatch = 'V={version}'\n";
    let sandbox = project(pin, &[("v.sh", &text("3.0.17"))]);
    let inside = prepare(&sandbox, &["--to", "3.0.18", "--diff"]).exits(0);
    assert!(!inside.stderr.contains("series"), "{}", inside.stderr);
    let told = prepare(&sandbox, &["--to", "3.5.4", "--diff"]).exits(0);
    let lines: Vec<&str> = told.stderr.lines().collect();
    let says = |line: usize| {
        format!(
            "unchecked: `v.sh` line {line} still says `3.0`, the series before; see whether it goes along"
        )
    };
    let expected: Vec<String> = (3..8)
        .map(says)
        .chain(["unchecked: 1 more line says the series before".to_owned()])
        .collect();
    assert!(
        lines.ends_with(&expected.iter().map(String::as_str).collect::<Vec<_>>()),
        "{lines:?}"
    );
    let leave = format!("{CONFIG}{pin}leave = 'S{{*}}=3.0'\n");
    sandbox.file("release-check.toml", leave);
    let left = prepare(&sandbox, &["--to", "3.5.4"]).exits(0);
    assert!(!left.stderr.contains("series"), "{}", left.stderr);
    assert_eq!(sandbox.read("v.sh"), text("3.5.4"));
}

#[test]
fn a_changelog_that_is_not_configured_is_told() {
    let pin = "file = \"v.sh\"\nmatch = 'V={version}'\n";
    for (role, file, told) in [
        ("shipped", "HISTORY.txt", true),
        ("shipped", "doc.txt", false),
        ("tested", "HISTORY.txt", false),
    ] {
        let sandbox = project(pin, &[("v.sh", "V=3.5.3\n"), (file, "1.0: first\n")]);
        let config = format!("{CONFIG}{pin}")
            .replace("[[link.pin]]", &format!("role = \"{role}\"\n[[link.pin]]"));
        sandbox.file("release-check.toml", config);
        let outcome = prepare(&sandbox, &[]).exits(0);
        let says = "nothing is written into `HISTORY.txt`";
        assert_eq!(
            outcome.stderr.contains(says),
            told,
            "{role} {file}: {}",
            outcome.stderr
        );
        let again = prepare(&sandbox, &[]).exits(0);
        assert!(!again.stderr.contains(says), "{}", again.stderr);
    }
}

#[test]
fn no_entry_speaks_of_what_is_only_tested_with() {
    let config = "[project]\nname = \"sample\"\n[[link]]\nname = \"wheels\"\n[[link.pin]]\nfile = \"v.sh\"\nmatch = 'V={version}'\n[[link]]\nname = \"ci\"\nrole = \"tested\"\n[[link.pin]]\nfile = \"ci.sh\"\nmatch = 'V={version}'\n[changelog]\nentry = \"changes/{link}.md\"\n";
    let sandbox = project("", &[("v.sh", "V=3.5.3\n"), ("ci.sh", "V=3.0.17\n")]);
    sandbox.file("release-check.toml", config);
    sandbox.file("changes/README", "");
    prepare(&sandbox, &[]).exits(0);
    assert_eq!(sandbox.read("ci.sh"), "V=3.0.18\n");
    let entry = sandbox.read("changes/wheels.md");
    assert!(
        entry.contains("3.5.4") && !entry.contains("(wheels)"),
        "{entry}"
    );
    assert!(!sandbox.path().join("changes/ci.md").exists());
}

#[test]
fn a_line_of_a_manifest_moves_whole_or_not_at_all() {
    let line = format!(
        "DIST openssl-3.5.3.tar.gz 53158817 BLAKE2B {} SHA512 {}\n",
        "09".repeat(64),
        "a4".repeat(64)
    );
    let sandbox = project(
        "file = \"Manifest\"\nmatch = 'DIST openssl-{version}.tar.gz'\n",
        &[("Manifest", &line)],
    );
    let says = [
        "`Manifest` line 1",
        "leave = ['DIST openssl-{version}.tar.gz 53158817 BLAKE2B {*} SHA512 {*}']",
    ];
    refused(&sandbox, &[], 2, &says);
}

#[test]
fn an_old_version_with_a_revision_is_left_behind() {
    let wrap = "[wrap-file]\ndirectory = openssl-3.5.3\npatch_filename = openssl_3.5.3-1_patch.zip\nwrapdb_version = 3.5.3-1\n";
    let pin = "file = \"sources\"\nmatch = 'directory = openssl-{version}'\n";
    let sandbox = project(pin, &[("sources", wrap)]);
    let says = [
        "`sources` lines 3 and 4 would still say 3.5.3",
        "leave = ['patch_filename = openssl_3.5.3-1_patch.zip', 'wrapdb_version = 3.5.3-1']",
    ];
    refused(&sandbox, &[], 2, &says);
    let whole = "file = \"sources\"\nmatch = ['directory = openssl-{version}', 'openssl_{version}-1_patch', 'wrapdb_version = {version}-1']\n";
    sandbox.file("release-check.toml", format!("{CONFIG}{whole}"));
    prepare(&sandbox, &[]).exits(0);
    assert_eq!(sandbox.read("sources"), wrap.replace("3.5.3", "3.5.4"));
}

#[test]
fn history_comments_and_other_things_may_stay() {
    let old = two_lines("3.5.3", "3.5.3")
        .replace("V=3.5.3\nSHA=", "")
        .trim()
        .to_owned();
    let image = "5a".repeat(32);
    let text = format!(
        "# the digest was {old}\nV=3.5.3\nIMAGE=x@sha256:{image} # has openssl 3.5.3\nold:\n  3.5.3:\n    sha256: {old}\nRUN apk add openssl=3.5.3-1\n"
    );
    let pin = "file = \"v\"\nmatch = ['V={version}', '# has openssl {version}']\nleave = '  {version}:'\n";
    let sandbox = project(pin, &[("v", &text)]);
    prepare(&sandbox, &[]).exits(0);
    let expected = text
        .replace("V=3.5.3", "V=3.5.4")
        .replace("has openssl 3.5.3", "has openssl 3.5.4");
    assert_eq!(sandbox.read("v"), expected);
}

#[test]
fn a_digest_of_a_kind_that_no_placeholder_gives_does_not_stay_beside_one_that_moved() {
    let portfile = |version: &str| {
        let moved = sha256(version);
        let other = "5a".repeat(32);
        let rmd = "a5".repeat(20);
        format!(
            "version {version}\nchecksums openssl-{version}.tar.gz \\\n rmd160 {rmd} \\\n sha256 {moved} \\\n zlib.tgz \\\n rmd160 {rmd} \\\n sha256 {other}\n"
        )
    };
    let pin = "file = \"Portfile\"\nmatch = ['version {version}', 'openssl-{version}', 'sha256 {sha256} \\']\n";
    let sandbox = project(pin, &[("Portfile", &portfile("3.5.3"))]);
    let says = [
        "`Portfile` line 3",
        "of a kind that no placeholder gives",
        "leave = ['rmd160 {*} \\']",
    ];
    refused(&sandbox, &[], 2, &says);
    let leave = format!("{CONFIG}{pin}leave = 'rmd160 {{*}}'\n");
    sandbox.file("release-check.toml", leave);
    prepare(&sandbox, &[]).exits(0);
    assert_eq!(sandbox.read("Portfile"), portfile("3.5.4"));
}

#[test]
fn the_patch_of_wrapdb_s_goes_with_the_version_and_is_never_left() {
    let wrap = "[wrap-file]\ndirectory = openssl-3.5.3\npatch_url = https://wrapdb.mesonbuild.com/v2/openssl_3.5.3-3/get_patch\nwrapdb_version = 3.5.3-3\n";
    let path = "subprojects/openssl.wrap";
    let pin = format!("file = \"{path}\"\nmatch = 'directory = openssl-{{version}}'\n");
    let sandbox = project(&pin, &[(path, wrap)]);
    let said = prepare(&sandbox, &[]).exits(2).stderr;
    let says = "`subprojects/openssl.wrap` line 3 has WrapDB's own revision of 3.5.3, which goes with the version: the wrap needs WrapDB's patch for 3.5.4";
    assert!(said.contains(says) && !said.contains("leave"), "{said}");
}

#[test]
fn a_lock_file_of_conan_s_is_told_of() {
    let pin = "file = \"r/conanfile.txt\"\nmatch = 'openssl/{version}'\n";
    let files = [
        ("r/conanfile.txt", "[requires]\nopenssl/3.5.3\n"),
        ("r/conan.lock", "{\n\"openssl/3.5.3#1a3c%17\"\n}\n"),
    ];
    let sandbox = project(pin, &files);
    let said = prepare(&sandbox, &[]).exits(0).stderr;
    let says = "unchecked: `r/conan.lock` line 2: still says openssl/3.5.3, and only Conan knows the revision of openssl/3.5.4; run `conan lock create` for it";
    assert!(said.contains(says), "{said}");
    assert_eq!(sandbox.read("r/conan.lock"), files[1].1);
}
