//! Tarballs, digests and signatures from a server on this machine: what passes, and what each thing
//! that does not agree is called.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

#[path = "../src/openssl/signature/made.rs"]
mod keys;
#[path = "verified/prepare.rs"]
mod prepare;
#[path = "verified/server.rs"]
mod server;
#[path = "../src/openssl/tarball/made.rs"]
mod tarballs;

use jiff::civil::date;
use release_check::for_tests::openssl::signature::{self, Answer, KeyRing, Trust};
use release_check::for_tests::openssl::tarball;
use release_check::for_tests::openssl::upstream::{Hashes, Release};
use release_check::for_tests::openssl::version::Version;
use release_check::for_tests::outside::genuine as verified;
use release_check::for_tests::outside::genuine::{Demands, Level, Source, Verified, Witness};
use release_check::for_tests::outside::http::cache::{self, Cache};
use release_check::for_tests::outside::http::fetch::{Client, Settings};
use release_check::for_tests::project::config::{Upstream, Verify};
use release_check::for_tests::text::fault::Fault;

use keys::{DAY, MadeKey, day};
use server::{Reply, Server};
use tarballs::MadeTarball;

const ASSETS: &str = "/openssl/openssl/releases/download/openssl-3.5.4/openssl-3.5.4.tar.gz";
const API: &str = "/repos/openssl/openssl/releases/tags/openssl-3.5.4";
const KEYS: &str = "/source/pubkeys.asc";

/// A release on a server, its trusted key, and a cache.
struct World {
    server: Server,
    key: MadeKey,
    ring: KeyRing,
    trust: Option<Trust>,
    known: Option<Release>,
    cache: tempfile::TempDir,
}

fn version() -> Version {
    "3.5.4".parse().unwrap()
}

fn packed() -> Vec<u8> {
    MadeTarball::of_version("3.5.4").gzipped()
}

fn release(hashes: Hashes) -> Release {
    Release {
        version: version(),
        date: date(2025, 9, 30),
        hashes,
        size: None,
        url: None,
        commit: None,
        withdrawn: None,
        text: None,
    }
}

impl World {
    /// Everything as it should be.
    fn new() -> Self {
        let key =
            MadeKey::new(1, day("2024-04-08")).self_signed(day("2024-04-08"), Some(730 * DAY));
        let trust = Trust {
            fingerprints: [key.fingerprint().parse().unwrap()].into(),
            grace_days: 90,
            today: date(2026, 10, 1),
        };
        let mut ring = KeyRing::default();
        ring.add(key.public().as_bytes());
        let world = Self {
            server: Server::start(),
            key,
            ring,
            trust: Some(trust),
            known: None,
            cache: tempfile::tempdir().unwrap(),
        };
        world.publish(&packed(), "2025-09-30");
        world
    }

    /// Puts a tarball with its digest and signature onto the server.
    fn publish(&self, tarball: &[u8], signed: &str) {
        let digest = cache::sha256(tarball);
        self.server.put(ASSETS, tarball);
        self.server.put(
            &format!("{ASSETS}.sha256"),
            format!("{digest} *openssl-3.5.4.tar.gz\n"),
        );
        self.server.put(
            &format!("{ASSETS}.asc"),
            self.key.sign(tarball, day(signed)),
        );
        self.server
            .put(API, format!(r#"{{"assets":[{{"name":"openssl-3.5.4.tar.gz","digest":"sha256:{digest}","size":1}},{{"name":"x"}}]}}"#));
    }

    fn obtain(&self) -> Result<Verified, Fault> {
        let patience = Settings {
            attempts: 2,
            ..Settings::default()
        };
        let (client, cache, root) = (
            Client::new(patience),
            Cache::at(self.cache.path()),
            self.server.root(),
        );
        let source = Source {
            client: &client,
            cache: &cache,
            github: &root,
            github_api: &root,
            site: &root,
            token: None,
            keys: &self.ring,
            trust: self.trust.as_ref(),
        };
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        runtime.block_on(source.obtain(version(), self.known.as_ref(), &mut |_, _| {}))
    }

    fn problem(&self) -> String {
        let fault = self.obtain().unwrap_err();
        assert_eq!(fault.status(), 1);
        fault.to_string().replace(&self.server.root(), "SERVER")
    }
}

#[test]
fn everything_agrees() {
    let mut world = World::new();
    world.known = Some(release(Hashes {
        sha256: Some(cache::sha256(&packed())),
        ..Hashes::default()
    }));
    let verified = world.obtain().unwrap();
    assert_eq!(verified.checked.level, Level::Signature);
    assert_eq!(
        verified.checked.agreed,
        [
            Witness::Published,
            Witness::Api,
            Witness::Snapshot,
            Witness::Signature,
            Witness::Sources
        ]
    );
    assert_eq!(
        verified
            .checked
            .signed_by
            .as_ref()
            .unwrap()
            .primary
            .to_string(),
        world.key.fingerprint()
    );
    assert_eq!(verified.checked.warnings, [] as [&str; 0]);
    assert_eq!(verified.hashes.sha256, Some(cache::sha256(&packed())));
    assert_eq!(verified.size, Some(packed().len() as u64));
    assert_eq!(verified.commit, Some("0123456789".repeat(4)));
    assert_eq!(verified.entries().unwrap().len(), 3);
}

#[test]
fn a_second_time_the_tarball_comes_from_the_cache() {
    let world = World::new();
    world.obtain().unwrap();
    assert_eq!(world.server.asked(ASSETS), 1);
    world.obtain().unwrap();
    assert_eq!(world.server.asked(ASSETS), 1);
    let known = release(Hashes {
        sha256: Some(cache::sha256(&packed())),
        ..Hashes::default()
    });
    let offline = verified::offline(version(), Some(&known), &Cache::at(world.cache.path()));
    assert_eq!(offline.checked.level, Level::Nothing);
    assert_eq!(
        offline.checked.sentences(),
        ["nothing was verified now: the digests are the ones known from an earlier time"]
    );
    assert!(offline.hashes.sha512.is_some() && offline.entries().is_ok());
    let nothing_kept = verified::offline(version(), Some(&known), &Cache::none());
    assert_eq!(
        (nothing_kept.hashes.clone(), nothing_kept.entries().is_err()),
        (known.hashes, true)
    );
}

#[test]
fn without_a_cache_it_works_too() {
    let world = World::new();
    std::fs::remove_dir(world.cache.path()).unwrap();
    std::fs::write(world.cache.path(), "a file where the folder should be").unwrap();
    assert_eq!(world.obtain().unwrap().checked.level, Level::Signature);
}

#[test]
fn a_truncated_download_is_resumed() {
    let world = World::new();
    let tarball = packed();
    world.server.set(
        ASSETS,
        Reply::CutOnce {
            body: tarball.clone(),
            at: tarball.len() / 2,
        },
    );
    assert_eq!(world.obtain().unwrap().checked.level, Level::Signature);
    assert_eq!(world.server.asked(ASSETS), 2);
    assert_eq!(
        world.server.ranges(),
        [format!("bytes={}-", tarball.len() / 2)]
    );
}

#[test]
fn a_download_that_was_replaced_in_between_is_not_mixed() {
    let world = World::new();
    let other = MadeTarball::of_version("3.5.4")
        .file("openssl-3.5.4/more", &[9; 4000])
        .gzipped();
    world.server.set(
        ASSETS,
        Reply::CutThenOther {
            body: packed(),
            at: 100,
            other: other.clone(),
        },
    );
    let problem = world.problem();
    assert_eq!(
        problem,
        format!(
            "`SERVER{ASSETS}`: its bytes have the SHA-256 `{}`, but the published `.sha256` says `{}`; it was replaced or damaged, do not use it",
            cache::sha256(&other),
            cache::sha256(&packed())
        )
    );
    assert!(
        !std::fs::read_dir(world.cache.path().join("incoming"))
            .unwrap()
            .any(|file| file.unwrap().path().extension().is_some_and(|e| e == "gz"))
    );
}

#[test]
fn a_replaced_asset_is_refused_whatever_was_replaced_with_it() {
    let world = World::new();
    let (ours, other) = (
        cache::sha256(&packed()),
        MadeTarball::of_version("3.5.4")
            .file("openssl-3.5.4/evil", b"x")
            .gzipped(),
    );
    let theirs = cache::sha256(&other);
    world.server.put(ASSETS, other.as_slice());
    assert!(world.problem().contains(&format!(
        "SHA-256 `{theirs}`, but the published `.sha256` says `{ours}`"
    )));
    world
        .server
        .put(&format!("{ASSETS}.sha256"), format!("{theirs}\n"));
    assert_eq!(
        world.problem(),
        format!(
            "`SERVER{ASSETS}`: the published `.sha256` says `{theirs}`, but GitHub's own digest of it is `{ours}`"
        )
    );
    world.server.put(API, "{}");
    assert!(
        world
            .problem()
            .starts_with(&format!("bad signature: `SERVER{ASSETS}.asc` does not vouch for the tarball: it does not fit the bytes"))
    );
    let known = World {
        known: Some(release(Hashes {
            sha256: Some(ours.clone()),
            ..Hashes::default()
        })),
        ..world
    };
    assert_eq!(
        known.problem(),
        format!(
            "`SERVER{ASSETS}`: the published `.sha256` says `{theirs}`, but the one known before is `{ours}`"
        )
    );
}

#[test]
fn a_key_that_has_expired() {
    let world = World::new();
    world.publish(&packed(), "2026-06-09");
    let verified = world.obtain().unwrap();
    let warnings = verified.checked.warnings.join("\n");
    assert!(
        warnings.contains("2026-06-09")
            && warnings.contains("expired on 2026-04-08")
            && warnings.contains("key-grace"),
        "{warnings}"
    );
    assert!(
        warnings.contains("the keys on OpenSSL's site could not be looked at"),
        "{warnings}"
    );
    world.publish(&packed(), "2026-08-25");
    assert!(
        world.problem().starts_with("expired key: "),
        "{}",
        world.problem()
    );
    // The site has a newer copy, with a later expiry.
    let again = world
        .key
        .clone()
        .self_signed(day("2026-06-10"), Some(883 * DAY));
    world.server.put(KEYS, again.public());
    let verified = world.obtain().unwrap();
    assert_eq!(verified.checked.warnings, [] as [&str; 0]);
    assert_eq!(verified.checked.signed_by.unwrap().expired, None);
}

#[test]
fn a_key_that_was_revoked_since() {
    let world = World::new();
    world.server.put(
        KEYS,
        world
            .key
            .clone()
            .revoked(
                day("2026-09-01"),
                pgp::packet::RevocationCode::KeyCompromised,
            )
            .public(),
    );
    assert!(
        world.problem().contains("was revoked"),
        "{}",
        world.problem()
    );
}

#[test]
fn a_rotated_key() {
    let made = day("2026-08-01");
    let new = MadeKey::new(3, made)
        .self_signed(made, Some(5 * 365 * DAY))
        .with_subkey(4, made, Some(365 * DAY));
    let world = World::new();
    world.server.put(
        &format!("{ASSETS}.asc"),
        new.sign_by_subkey(&packed(), day("2026-08-25")),
    );
    world
        .server
        .put(KEYS, format!("{}\n{}", world.key.public(), new.public()));
    let problem = world.problem();
    assert!(
        problem.starts_with(&format!(
            "unknown key: `SERVER{ASSETS}.asc` is signed by an unknown key: `{}`, a subkey of `{}`",
            new.subkey_fingerprint(),
            new.fingerprint()
        )),
        "{problem}"
    );
    let trust = Trust {
        fingerprints: [new.fingerprint().parse().unwrap()].into(),
        ..world.trust.clone().unwrap()
    };
    let world = World {
        trust: Some(trust),
        ..world
    };
    let by = world.obtain().unwrap().checked.signed_by.unwrap();
    assert_eq!(
        (by.primary.to_string(), by.key.to_string()),
        (new.fingerprint(), new.subkey_fingerprint())
    );
}

#[test]
fn a_missing_signature() {
    let world = World::new();
    world
        .server
        .set(&format!("{ASSETS}.asc"), Reply::Status(404));
    assert!(
        world.problem().starts_with("missing signature: "),
        "{}",
        world.problem()
    );
    world
        .server
        .put(&format!("{ASSETS}.asc"), "<html>not here</html>");
    assert!(
        world.problem().starts_with("missing signature: "),
        "{}",
        world.problem()
    );
}

#[test]
fn digests_alone_where_the_user_wants_no_more() {
    let world = World {
        trust: None,
        ..World::new()
    };
    world
        .server
        .set(&format!("{ASSETS}.asc"), Reply::Status(404));
    let checked = world.obtain().unwrap().checked;
    assert_eq!(
        (checked.level, checked.signed_by.is_none()),
        (Level::Digest, true)
    );
    assert!(
        checked
            .sentences()
            .join(" ")
            .contains("its signature was not checked")
    );
    assert_eq!(
        (
            world.server.asked(&format!("{ASSETS}.asc")),
            world.server.asked(KEYS)
        ),
        (0, 0)
    );
    world
        .server
        .set(&format!("{ASSETS}.sha256"), Reply::Status(404));
    assert!(
        world.problem().starts_with("no published digest: "),
        "{}",
        world.problem()
    );
}

#[test]
fn another_version_under_the_right_name() {
    let world = World::new();
    world.publish(&MadeTarball::of_version("3.5.3").gzipped(), "2025-09-30");
    assert_eq!(
        world.problem(),
        format!(
            "`SERVER{ASSETS}`: the sources inside are those of 3.5.3, not of 3.5.4; do not use it"
        )
    );
}

#[test]
fn a_tarball_that_leads_out_is_refused_even_if_signed() {
    let world = World::new();
    world.publish(
        &MadeTarball::of_version("3.5.4")
            .file("../../evil", b"x")
            .gzipped(),
        "2025-09-30",
    );
    assert_eq!(
        world.problem(),
        format!("`SERVER{ASSETS}`: its member `../../evil` does not stay inside its folder")
    );
}

#[test]
fn a_tag_that_was_moved_is_told() {
    let known = Release {
        commit: Some("f".repeat(40)),
        ..release(Hashes::default())
    };
    let world = World {
        known: Some(known),
        ..World::new()
    };
    let warnings = world.obtain().unwrap().checked.warnings;
    assert_eq!(
        warnings,
        [format!(
            "the tarball was made of the commit `{}`, but the release's tag was seen at `{}`",
            "0123456789".repeat(4),
            "f".repeat(40)
        )]
    );
}

#[test]
fn an_api_that_fails_is_told_and_does_not_stop() {
    let world = World::new();
    world.server.put(API, "<html>");
    let checked = world.obtain().unwrap().checked;
    assert!(!checked.agreed.contains(&Witness::Api));
    assert!(
        checked.warnings[0].starts_with("GitHub's own digest could not be looked at: "),
        "{:?}",
        checked.warnings
    );
}

fn lists(ring: &KeyRing, key: &MadeKey) -> bool {
    ring.list()
        .iter()
        .any(|one| one.fingerprint.to_string() == key.fingerprint())
}

#[test]
fn key_files_that_are_none_are_usage_faults() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("keys.asc");
    assert_eq!(
        verified::keys(std::slice::from_ref(&file))
            .unwrap_err()
            .status(),
        2
    );
    std::fs::write(&file, "no key").unwrap();
    assert!(
        verified::keys(std::slice::from_ref(&file))
            .unwrap_err()
            .to_string()
            .contains("holds no OpenPGP public key")
    );
    let key = MadeKey::new(1, 0).self_signed(0, None);
    std::fs::write(&file, key.public()).unwrap();
    let read = verified::keys(&[file]).unwrap();
    assert!(lists(&read, &key));
}

#[test]
fn the_configuration_says_whom_to_trust() {
    let folder = tempfile::tempdir().unwrap();
    let key = MadeKey::new(1, 0).self_signed(0, None);
    std::fs::write(folder.path().join("keys.asc"), key.public()).unwrap();
    let configured = Upstream {
        keys: vec!["keys.asc".to_owned()],
        fingerprints: vec![key.fingerprint()],
        key_grace: 7,
        ..Upstream::default()
    };
    let demands = Demands::of(&configured, folder.path(), date(2026, 10, 1)).unwrap();
    let trust = demands.trust.unwrap();
    assert!(
        trust
            .fingerprints
            .contains(&key.fingerprint().parse().unwrap())
    );
    assert!(
        trust
            .fingerprints
            .contains(&"BA5473A2B0587B07FB27CF2D216094DFD0CB81EF".parse().unwrap())
    );
    assert_eq!(
        (trust.grace_days, trust.today, lists(&demands.keys, &key)),
        (7, date(2026, 10, 1), true)
    );
    let digest = Upstream {
        verify: Verify::Digest,
        keys: vec![],
        ..configured.clone()
    };
    assert!(
        Demands::of(&digest, folder.path(), date(2026, 10, 1))
            .unwrap()
            .trust
            .is_none()
    );
    let short = Upstream {
        fingerprints: vec!["D0CB81EF".to_owned()],
        ..configured
    };
    assert_eq!(
        Demands::of(&short, folder.path(), date(2026, 10, 1))
            .unwrap_err()
            .status(),
        2
    );
}

#[test]
#[ignore = "needs a signed release: `apt-get source --download-only openssl=3.0.20-1~deb12u2`, then RELEASE_CHECK_TARBALL=openssl_3.0.20.orig.tar.gz"]
fn a_real_release_with_the_real_key() {
    let file = std::path::PathBuf::from(
        std::env::var_os("RELEASE_CHECK_TARBALL")
            .expect("RELEASE_CHECK_TARBALL names the tarball; its .asc lies beside"),
    );
    let bytes = std::fs::read(&file).unwrap();
    let signature = std::fs::read(file.with_extension("gz.asc")).unwrap();
    let trust = Trust::pinned_and([], 90, release_check::for_tests::outside::clock::today());
    let answer = signature::judge(&signature, &bytes, &KeyRing::built_in(), &trust);
    println!(
        "{answer:#?}\n{:#?}\n{:#?}",
        tarball::contents(&bytes),
        tarball::Digests::of(&bytes)
    );
    assert!(matches!(
        answer,
        Answer::Good(_) | Answer::Late { allowed: true, .. }
    ));
    assert_ne!(tarball::entries(&bytes).unwrap(), []);
    let mut damaged = bytes;
    damaged[1000] ^= 1;
    assert!(matches!(
        signature::judge(&signature, &damaged, &KeyRing::built_in(), &trust),
        Answer::Bad(_)
    ));
}
