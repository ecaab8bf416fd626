//! `prepare` of the real program, with a release on this machine: only verified bytes reach a pin.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use release_check::for_tests::outside::http::cache::sha256;

use super::keys::{DAY, MadeKey, day};
use super::server::{Reply, Server};
use super::tarballs::MadeTarball;
use super::{ASSETS, packed};

/// A project whose pin is at 3.5.3, a release 3.5.4 on a server, and the key that signed it.
struct Project {
    folder: tempfile::TempDir,
    server: Server,
}

impl Project {
    fn new(tarball: &[u8], trusted: bool) -> Self {
        let project = Self {
            folder: tempfile::tempdir().unwrap(),
            server: Server::start(),
        };
        let key =
            MadeKey::new(1, day("2024-04-08")).self_signed(day("2024-04-08"), Some(730 * DAY));
        project.server.put(ASSETS, tarball);
        project.server.put(
            &format!("{ASSETS}.sha256"),
            format!("{}\n", sha256(tarball)),
        );
        project.server.put(
            &format!("{ASSETS}.asc"),
            key.sign(tarball, day("2025-09-30")),
        );
        let root = project.server.root();
        let fingerprints = if trusted {
            format!("fingerprints = [\"{}\"]\n", key.fingerprint())
        } else {
            String::new()
        };
        let config = format!(
            "[project]\nname = \"sample\"\n\n[upstream]\ngithub = \"{root}\"\ngithub-api = \"{root}\"\nsite = \"{root}\"\nkeys = [\"key.asc\"]\n{fingerprints}\n\
             [[link]]\nname = \"app\"\n\n[[link.pin]]\nfile = \"pin\"\nmatch = [\"v={{version}}\\n\", \"a={{sha256}}\\n\", \"b={{sha512}} {{size}}\\n\"]\n"
        );
        project
            .file("key.asc", key.public())
            .file("release-check.toml", config);
        project.file(
            "pin",
            format!("v=3.5.3\na={}\nb={} 7\n", sha256(b"old"), "0".repeat(128)),
        );
        project.snapshot(&sha256(tarball));
        project
    }

    /// What is known: the old release with all that the pin says, the new one with its date and a
    /// digest.
    fn snapshot(&self, new: &str) -> &Self {
        let old = format!(
            r#"{{"sha256":"{}","sha512":"{}"}}"#,
            sha256(b"old"),
            "0".repeat(128)
        );
        let releases = format!(
            r#"{{"version":"3.5.3","date":"2025-09-16","hashes":{old},"size":7}},{{"version":"3.5.4","date":"2025-09-30","hashes":{{"sha256":"{new}"}}}}"#
        );
        self.file("facts.json", format!(r#"{{"schema":1,"taken":"2025-10-01","releases":[{releases}],"advisories":[{{"id":"CVE-2025-4575","severity":"low","published":"2025-05-22","affected":[{{"from":"3.5.0","before":"3.5.1"}}]}}],"series":[]}}"#))
    }

    fn file(&self, path: &str, content: impl AsRef<[u8]>) -> &Self {
        let path = self.path(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
        self
    }

    fn path(&self, path: impl AsRef<Path>) -> PathBuf {
        self.folder.path().join("project").join(path)
    }

    fn prepare(&self, further: &[&str]) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_release-check"));
        command
            .args([
                "prepare",
                "--upstream",
                "facts.json",
                "--as-of",
                "2025-10-01",
            ])
            .args(further)
            .current_dir(self.path(""));
        command
            .env_clear()
            .env("HOME", self.folder.path())
            .env("RELEASE_CHECK_CACHE", self.folder.path().join("cache"));
        command.output().unwrap()
    }

    /// Nothing on standard output, nothing changed, these words on standard error.
    #[track_caller]
    fn refuses(&self, words: &[&str]) {
        let before = fs::read(self.path("pin")).unwrap();
        let output = self.prepare(&[]);
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(
            (output.status.code(), output.stdout.len()),
            (Some(1), 0),
            "{said}"
        );
        assert!(
            words.iter().all(|word| said.contains(word)),
            "{words:?} is not in {said}"
        );
        assert_eq!(fs::read(self.path("pin")).unwrap(), before);
    }
}

#[test]
fn what_is_signed_by_a_trusted_key_reaches_the_pin() {
    let project = Project::new(&packed(), true);
    let output = project.prepare(&["--format", "json"]);
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let json: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(
        json["checked"][0]["checked"]["level"], "signature",
        "{json}"
    );
    let pin = fs::read_to_string(project.path("pin")).unwrap();
    assert!(
        pin.starts_with(&format!("v=3.5.4\na={}\nb=", sha256(&packed()))),
        "{pin}"
    );
    assert!(
        pin.ends_with(&format!(" {}\n", packed().len())) && !pin.contains(&"0".repeat(128)),
        "{pin}"
    );
    let again = project.prepare(&[]);
    assert!(again.status.success() && fs::read_to_string(project.path("pin")).unwrap() == pin);
}

#[test]
fn what_does_not_agree_stops_the_bump() {
    Project::new(&packed(), false).refuses(&["key", "fingerprint"]);

    let missing = Project::new(&packed(), true);
    missing
        .server
        .set(&format!("{ASSETS}.asc"), Reply::Status(404));
    missing.refuses(&["signature"]);

    let other = MadeTarball::of_version("3.5.5").gzipped();
    Project::new(&other, true).refuses(&["3.5.5", "3.5.4"]);

    let replaced = Project::new(&packed(), true);
    replaced.server.put(ASSETS, other);
    replaced.refuses(&["3.5.4"]);

    let known = Project::new(&packed(), true);
    known
        .snapshot(&sha256(b"what it was when it was published"))
        .refuses(&["3.5.4", &sha256(&packed())]);
}

#[test]
fn a_download_that_breaks_off_is_continued() {
    let project = Project::new(&packed(), true);
    project.server.set(
        ASSETS,
        Reply::CutOnce {
            body: packed(),
            at: packed().len() / 2,
        },
    );
    let output = project.prepare(&[]);
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    assert_eq!(project.server.ranges().len(), 1);
}

#[test]
fn a_vendored_tree_is_the_verified_tarballs() {
    let project = Project::new(&packed(), true);
    let config = fs::read_to_string(project.path("release-check.toml")).unwrap();
    let pins = config.find("file = \"pin\"").unwrap();
    project.file(
        "release-check.toml",
        format!("{}tree = \"vendor/openssl\"\n", &config[..pins]),
    );
    let old = "MAJOR=3\nMINOR=5\nPATCH=3\nPRE_RELEASE_TAG=\nBUILD_METADATA=\nRELEASE_DATE=\"16 Sep 2025\"\nSHLIB_VERSION=3\n";
    project
        .file("vendor/openssl/VERSION.dat", old)
        .file("keep/me", "mine");
    let output = project.prepare(&[]);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    let now = fs::read_to_string(project.path("vendor/openssl/VERSION.dat")).unwrap();
    // The old release is not on the server, so what the project changed in its copy cannot be told
    // from what upstream changed.
    if output.status.success() {
        assert!(now.contains("PATCH=4"), "{now}");
    } else {
        assert_eq!(now, old, "{said}");
        assert!(said.contains("3.5.3"), "{said}");
    }
    assert_eq!(fs::read_to_string(project.path("keep/me")).unwrap(), "mine");
}

#[test]
fn a_tag_is_followed_to_its_commit_where_the_tarball_does_not_say_it() {
    let data = "MAJOR=3\nMINOR=5\nPATCH=4\nPRE_RELEASE_TAG=\nBUILD_METADATA=\nRELEASE_DATE=\"1 Jan 2026\"\nSHLIB_VERSION=3\n";
    let silent = MadeTarball::default()
        .folder("openssl-3.5.4/")
        .file("openssl-3.5.4/VERSION.dat", data.as_bytes())
        .gzipped();
    let project = Project::new(&silent, true);
    let config = fs::read_to_string(project.path("release-check.toml")).unwrap();
    let pins = config.find("file = \"pin\"").unwrap();
    project.file(
        "release-check.toml",
        format!(
            "{}file = \"pin\"\nmatch = 'v={{version}} {{commit}}'\n",
            &config[..pins]
        ),
    );
    let (tag, commit, other) = ("a".repeat(40), "b".repeat(40), "c".repeat(40));
    project.file("pin", format!("v=3.5.3 {other}\n"));
    project.refuses(&["openssl-3.5.4", "404"]);

    let reference = |name: &str, id: &str| {
        format!(r#"{{"ref":"refs/tags/{name}","object":{{"type":"tag","sha":"{id}"}}}}"#)
    };
    let references = format!(
        "[{},{}]",
        reference("openssl-3.5.40", &other),
        reference("openssl-3.5.4", &tag)
    );
    project.server.put(
        "/repos/openssl/openssl/git/matching-refs/tags/openssl-3.5.4",
        references,
    );
    project.server.put(
        &format!("/repos/openssl/openssl/git/tags/{tag}"),
        format!(r#"{{"tag":"openssl-3.5.4","object":{{"type":"commit","sha":"{commit}"}}}}"#),
    );
    let output = project.prepare(&[]);
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    assert_eq!(
        fs::read_to_string(project.path("pin")).unwrap(),
        format!("v=3.5.4 {commit}\n")
    );
}
