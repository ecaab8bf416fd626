//! OpenSSL as it publishes: releases that are signed, and advisories. It begins with what the
//! built-in snapshot knows.

use serde_json::Value;

use crate::keys::{MadeKey, day};
use crate::server::{Reply, Server};
use crate::tarballs::MadeTarball;
use crate::upstream_world::{
    Flaw, Listed, METADATA, RELEASES, SOURCE_PAGE, TAGS, VULNERABILITIES, archive, releases_of,
    source_page_of, tags_of, vulnerability_page_of,
};

/// Everything that is published so far.
#[derive(Debug, Clone, Default)]
pub(crate) struct Published {
    releases: Vec<Listed>,
    flaws: Vec<Flaw>,
}

pub(crate) struct Upstream {
    pub(crate) server: Server,
    key: MadeKey,
    published: Published,
}

impl Upstream {
    pub(crate) fn start() -> Self {
        let key = MadeKey::new(7, day("2026-01-01")).self_signed(day("2026-01-01"), None);
        let upstream = Self {
            server: Server::start(),
            key,
            published: Published::known(),
        };
        upstream.show();
        upstream
    }

    /// The key that signs releases, in armor.
    pub(crate) fn key(&self) -> String {
        self.key.public()
    }

    /// The `[upstream]` of a configuration that leads here.
    pub(crate) fn configuration(&self) -> String {
        let root = self.server.root();
        format!(
            "[upstream]\ngithub-api = \"{root}/api\"\ngithub = \"{root}/github\"\nsite = \"{root}/site\"\nmetadata = \"{root}{METADATA}\"\n\
             keys = [\"key.asc\"]\nfingerprints = [\"{}\"]\n",
            self.key.fingerprint()
        )
    }

    /// Publishes a release about which the forge says nothing.
    pub(crate) fn release(&mut self, on: &str, version: &str) {
        self.release_saying(on, version, "");
    }

    /// Publishes a release with its text on the forge.
    pub(crate) fn release_saying(&mut self, on: &str, version: &str, body: &str) {
        let tarball = MadeTarball::of_version(version).gzipped();
        let (sha256, size) = (
            release_check::for_tests::outside::http::cache::sha256(&tarball),
            tarball.len() as u64,
        );
        let path = format!(
            "/github/openssl/openssl/releases/download/openssl-{version}/openssl-{version}.tar.gz"
        );
        self.server.serve(
            &format!("{path}.sha256"),
            Reply::ok(format!("{sha256} *openssl-{version}.tar.gz\n")),
        );
        self.server.serve(
            &format!("{path}.asc"),
            Reply::ok(self.key.sign(&tarball, day(on))),
        );
        self.server.serve(&path, Reply::ok(tarball));
        self.published.releases.insert(
            0,
            Listed {
                day: on.to_owned(),
                sha256,
                size,
                lts: true,
                body: body.to_owned(),
                ..Listed::new(version)
            },
        );
        self.show();
    }

    /// Publishes an advisory.
    pub(crate) fn advise(&mut self, flaw: Flaw) {
        self.published.flaws.insert(0, flaw);
        self.show();
    }

    pub(crate) fn published(&self) -> Published {
        self.published.clone()
    }

    pub(crate) fn restore(&mut self, published: &Published) {
        self.published = published.clone();
        self.show();
    }

    fn show(&self) {
        let Published { releases, flaws } = &self.published;
        for release in releases {
            self.server.serve(
                &format!("{RELEASES}/tags/openssl-{}", release.version),
                Reply::ok(release.release().to_string()),
            );
        }
        // The others are older than the first page.
        self.server
            .serve(RELEASES, Reply::ok(releases_of(releases).to_string()));
        self.server
            .serve(TAGS, Reply::ok(tags_of(releases).to_string()));
        self.server
            .serve(SOURCE_PAGE, Reply::ok(source_page_of(releases)));
        self.server
            .serve(VULNERABILITIES, Reply::ok(vulnerability_page_of(flaws)));
        let records: Vec<_> = flaws
            .iter()
            .map(|flaw| (flaw.id.as_str(), flaw.record()))
            .collect();
        self.server.serve(METADATA, Reply::ok(archive(&records)));
    }
}

impl Published {
    /// What the built-in snapshot knows.
    fn known() -> Self {
        let snapshot: Value =
            serde_json::from_str(include_str!("../../../data/upstream.json")).expect("JSON");
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let list = |name: &str| snapshot[name].as_array().cloned().unwrap_or_default();
        let series = list("series");
        let release = |one: &Value| {
            let version = text(&one["version"]);
            let series = series
                .iter()
                .find(|series| version.starts_with(&format!("{}.", text(&series["name"]))))?;
            let commit = one["commit"]
                .as_str()
                .map_or_else(|| "c".repeat(40), str::to_owned);
            let (day, sha256) = (text(&one["date"]), text(&one["hashes"]["sha256"]));
            let size = one["size"].as_u64().unwrap_or(53_000_000);
            Some(Listed {
                version,
                day,
                sha256,
                size,
                commit,
                eol: text(&series["eol"]),
                lts: series["lts"] == true,
                body: String::new(),
            })
        };
        let flaw = |one: &Value| {
            Some(Flaw {
                id: text(&one["id"]),
                severity: text(&one["severity"]),
                day: text(&one["published"]),
                affected: one["affected"]
                    .as_array()?
                    .iter()
                    .map(|range| Some((text(&range["from"]), range["before"].as_str()?.to_owned())))
                    .collect::<Option<_>>()?,
            })
        };
        let mut releases: Vec<Listed> = list("releases").iter().filter_map(release).collect();
        releases.sort_by(|one, other| other.day.cmp(&one.day));
        Self {
            releases,
            flaws: list("advisories").iter().rev().filter_map(flaw).collect(),
        }
    }
}

/// The digest of a version's tarball.
pub(crate) fn sha256(version: &str) -> String {
    release_check::for_tests::outside::http::cache::sha256(
        &MadeTarball::of_version(version).gzipped(),
    )
}
