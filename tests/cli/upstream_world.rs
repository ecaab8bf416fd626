//! A small upstream of our own on a server of our own, in the shapes of the real one.

use std::io::Write;
use std::path::{Path, PathBuf};

use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::{Value, json};

use crate::sandbox::Sandbox;
use crate::server::{Reply, Server};

/// Where the sources are asked.
pub(crate) const RELEASES: &str = "/api/repos/openssl/openssl/releases";
pub(crate) const TAGS: &str = "/api/repos/openssl/openssl/git/matching-refs/tags/openssl-";
pub(crate) const SOURCE_PAGE: &str = "/site/source/";
pub(crate) const VULNERABILITIES: &str = "/site/news/vulnerabilities/";
pub(crate) const METADATA: &str = "/metadata.tar.gz";
pub(crate) const ALL: [&str; 5] = [RELEASES, TAGS, SOURCE_PAGE, VULNERABILITIES, METADATA];

/// The versions of this upstream that the built-in snapshot does not know, and their day.
pub(crate) const NEW: [&str; 2] = ["3.5.10", "3.0.30"];
pub(crate) const DAY: &str = "2026-07-25";

/// The advisory that the new versions fix.
pub(crate) const CVE: &str = "CVE-2026-99001";

/// A project and the upstream that it is configured for.
pub(crate) struct World {
    pub(crate) sandbox: Sandbox,
    pub(crate) server: Server,
}

impl World {
    /// Everything is healthy.
    pub(crate) fn new() -> Self {
        let world = Self {
            sandbox: Sandbox::new(),
            server: Server::start(),
        };
        let root = world.server.root();
        world
            .server
            .serve(RELEASES, Reply::ok(releases(&NEW).to_string()));
        world.server.serve(TAGS, Reply::ok(tags(&NEW).to_string()));
        world
            .server
            .serve(SOURCE_PAGE, Reply::ok(source_page(&NEW)));
        world.server.serve(
            VULNERABILITIES,
            Reply::ok(vulnerability_page(&[(CVE, "High")])),
        );
        world
            .server
            .serve(METADATA, Reply::ok(archive(&[(CVE, record(CVE, "High"))])));
        world.sandbox.file("openssl.sh", "VERSION=3.5.7\n");
        world.configure(&format!("{root}/metadata.tar.gz"));
        world
    }

    /// Writes the configuration with this place of the metadata.
    pub(crate) fn configure(&self, metadata: &str) {
        let root = self.server.root();
        let text = format!(
            "[project]\nname = \"it\"\n\n[upstream]\ngithub-api = \"{root}/api\"\ngithub = \"{root}/github\"\nsite = \"{root}/site\"\n\
             metadata = \"{metadata}\"\n\n[[link]]\nname = \"it\"\n[[link.pin]]\nfile = \"openssl.sh\"\nmatch = ['VERSION={{version}}']\n"
        );
        self.sandbox.file("release-check.toml", text);
    }
}

/// A release as the sources list it.
#[derive(Debug, Clone)]
pub(crate) struct Listed {
    pub(crate) version: String,
    pub(crate) day: String,
    pub(crate) sha256: String,
    pub(crate) size: u64,
    pub(crate) commit: String,
    /// When its series ends, and whether it is supported for long.
    pub(crate) eol: String,
    pub(crate) lts: bool,
    /// What the forge shows beside it.
    pub(crate) body: String,
}

impl Listed {
    /// One of the new ones.
    pub(crate) fn new(version: &str) -> Self {
        Self {
            version: version.to_owned(),
            day: DAY.to_owned(),
            sha256: "ab".repeat(32),
            size: 53_000_000,
            commit: "c".repeat(40),
            eol: "2030-04-08".to_owned(),
            lts: false,
            body: String::new(),
        }
    }

    pub(crate) fn release(&self) -> Value {
        let Self {
            version,
            day,
            sha256,
            size,
            body,
            ..
        } = self;
        json!({
            "tag_name": format!("openssl-{version}"), "body": body, "draft": false, "prerelease": false, "published_at": format!("{day}T13:00:00Z"),
            "assets": [{"name": format!("openssl-{version}.tar.gz"), "state": "uploaded", "size": size, "digest": format!("sha256:{sha256}")}],
        })
    }

    fn tag(&self) -> Value {
        json!({"ref": format!("refs/tags/openssl-{}", self.version), "object": {"sha": self.commit, "type": "commit"}})
    }

    fn row(&self) -> String {
        let Self {
            version, day, eol, ..
        } = self;
        let series = version
            .rsplit_once('.')
            .map_or(version.as_str(), |(series, _)| series);
        let lts = if self.lts { " [LTS]" } else { "" };
        let [day, eol] = [day, eol].map(|day| {
            day.parse::<jiff::civil::Date>()
                .expect("a day")
                .strftime("%d %b %Y")
        });
        format!(
            "<tr><td>{series}{lts}</td><td><a href=\"https://github.com/openssl/openssl/releases/download/openssl-{version}/openssl-{version}.tar.gz\">\
             openssl-{version}.tar.gz</a></td><td>51 MB</td><td>{day}</td><td>{eol}</td></tr>\n"
        )
    }
}

fn listed(versions: &[&str]) -> Vec<Listed> {
    versions
        .iter()
        .map(|version| Listed::new(version))
        .collect()
}

pub(crate) fn releases(versions: &[&str]) -> Value {
    releases_of(&listed(versions))
}

pub(crate) fn releases_of(releases: &[Listed]) -> Value {
    releases.iter().map(Listed::release).collect()
}

pub(crate) fn release(version: &str, sha256: &str) -> Value {
    Listed {
        sha256: sha256.to_owned(),
        ..Listed::new(version)
    }
    .release()
}

pub(crate) fn tags(versions: &[&str]) -> Value {
    tags_of(&listed(versions))
}

pub(crate) fn tags_of(releases: &[Listed]) -> Value {
    releases.iter().map(Listed::tag).collect()
}

pub(crate) fn source_page(versions: &[&str]) -> String {
    source_page_of(&listed(versions))
}

pub(crate) fn source_page_of(releases: &[Listed]) -> String {
    let rows: String = releases.iter().map(Listed::row).collect();
    format!(
        "<html><table><tr><th>Series</th><th>File</th><th>Size</th><th>Release</th><th>End-of-Life</th></tr>\n{rows}</table></html>"
    )
}

pub(crate) fn vulnerability_page(entries: &[(&str, &str)]) -> String {
    vulnerability_page_of(
        &entries
            .iter()
            .map(|(id, severity)| Flaw::usual(id, severity))
            .collect::<Vec<_>>(),
    )
}

pub(crate) fn record(id: &str, severity: &str) -> Value {
    Flaw::usual(id, severity).record()
}

/// What an advisory says.
#[derive(Debug, Clone)]
pub(crate) struct Flaw {
    pub(crate) id: String,
    pub(crate) severity: String,
    pub(crate) day: String,
    /// From, and before.
    pub(crate) affected: Vec<(String, String)>,
}

impl Flaw {
    pub(crate) fn new(id: &str, severity: &str, day: &str, affected: &[(&str, &str)]) -> Self {
        let affected = affected
            .iter()
            .map(|(from, before)| ((*from).to_owned(), (*before).to_owned()))
            .collect();
        Self {
            id: id.to_owned(),
            severity: severity.to_owned(),
            day: day.to_owned(),
            affected,
        }
    }

    fn usual(id: &str, severity: &str) -> Self {
        Self::new(
            id,
            severity,
            DAY,
            &[("3.5.0", "3.5.10"), ("3.0.0", "3.0.30")],
        )
    }

    pub(crate) fn record(&self) -> Value {
        let range = |(from, before): &(String, String)| json!({"version": from, "lessThan": before, "status": "affected", "versionType": "semver"});
        let Self {
            id, severity, day, ..
        } = self;
        let versions: Vec<_> = self.affected.iter().map(range).collect();
        json!({
            "dataType": "CVE_RECORD", "dataVersion": "5.1",
            "cveMetadata": {"cveId": id, "state": "PUBLISHED", "assignerOrgId": "00000000-0000-4000-9000-000000000000"},
            "containers": {"cna": {
                "affected": [{"vendor": "OpenSSL", "product": "OpenSSL", "defaultStatus": "unaffected", "versions": versions}],
                "datePublic": format!("{day}T14:00:00.000Z"),
                "descriptions": [{"lang": "en", "value": "Something is wrong."}],
                "metrics": [{"format": "other", "other": {"type": "https://example.org/policy", "content": {"text": severity}}}],
                "references": [{"name": "OpenSSL Advisory", "tags": ["vendor-advisory"], "url": "https://openssl-library.org/news/secadv/20260725.txt"}],
                "title": "Something",
            }},
        })
    }
}

/// The page with these advisories.
pub(crate) fn vulnerability_page_of(flaws: &[Flaw]) -> String {
    let affected = |flaw: &Flaw| {
        flaw.affected
            .iter()
            .map(|(from, before)| format!("<li>from {from} before {before}</li>"))
            .collect::<String>()
    };
    let entries: String = flaws
        .iter()
        .map(|flaw| {
            let Flaw { id, severity, .. } = flaw;
            format!(
                "<h4 id=\"{id}\"><a href=\"#{id}\">{id}</a></h4><div><span>Severity</span></div><div>{severity}</div>\
                 <div><span>Affected</span></div><div><ul>{}</ul></div>\n",
                affected(flaw)
            )
        })
        .collect();
    format!("<html><body>{entries}</body></html>")
}

/// A release-metadata tree as a `.tar.gz`.
pub(crate) fn archive(records: &[(&str, Value)]) -> Vec<u8> {
    archive_of(&files(records))
}

/// The same of any files.
pub(crate) fn archive_of(files: &[(String, Vec<u8>)]) -> Vec<u8> {
    let mut builder = tar::Builder::new(GzEncoder::new(Vec::new(), Compression::fast()));
    let mut add = |path: &str, bytes: &[u8]| {
        let mut header = tar::Header::new_gnu();
        header.set_size(bytes.len() as u64);
        header.set_mode(0o644);
        builder
            .append_data(&mut header, format!("release-metadata-main/{path}"), bytes)
            .expect("an entry");
    };
    for (path, bytes) in files {
        add(path, bytes);
    }
    builder
        .into_inner()
        .and_then(GzEncoder::finish)
        .expect("an archive")
}

/// The files of a release-metadata tree.
pub(crate) fn files(records: &[(&str, Value)]) -> Vec<(String, Vec<u8>)> {
    let mut files: Vec<(String, Vec<u8>)> = records
        .iter()
        .map(|(id, record)| {
            (
                format!("secjson/{id}.json"),
                record.to_string().into_bytes(),
            )
        })
        .collect();
    files.push((
        "secjson/statements.json".to_owned(),
        json!({"statements": [], "disputed": []})
            .to_string()
            .into_bytes(),
    ));
    files.push((
        "data.json".to_owned(),
        json!({"3.5": {"release": "08 Apr 2025", "eol": "08 Apr 2030", "lts": true}})
            .to_string()
            .into_bytes(),
    ));
    files
}

pub(crate) fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).expect("bytes");
    encoder.finish().expect("gzip")
}

/// Commits everything in a folder, and returns its repository.
pub(crate) fn commit(folder: &Path) -> PathBuf {
    let repository = git2::Repository::init(folder).expect("a repository");
    let mut index = repository.index().expect("an index");
    index
        .add_all(["."], git2::IndexAddOption::DEFAULT, None)
        .expect("files");
    let tree = repository
        .find_tree(index.write_tree().expect("a tree"))
        .expect("the tree");
    let author = git2::Signature::now("it", "it@example.org").expect("an author");
    repository
        .commit(Some("HEAD"), &author, &author, "tree", &tree, &[])
        .expect("a commit");
    repository.path().to_owned()
}

/// Serves a repository over git's smart protocol.
pub(crate) fn serve_git(server: &Server, path: &str, repository: &Path) {
    let opened = git2::Repository::open(repository).expect("a repository");
    let head = opened
        .head()
        .and_then(|head| head.peel_to_commit())
        .expect("a commit")
        .id();
    let packet = |text: &str| format!("{:04x}{text}", text.len() + 4);
    let first = format!("{head} HEAD\0multi_ack side-band-64k shallow ofs-delta agent=git/2\n");
    let listing = format!(
        "{}0000{}{}0000",
        packet("# service=git-upload-pack\n"),
        packet(&first),
        packet(&format!("{head} refs/heads/main\n"))
    );
    server.serve(
        &format!("{path}/info/refs?service=git-upload-pack"),
        Reply::ok(listing),
    );

    let mut builder = opened.packbuilder().expect("a pack");
    builder.insert_commit(head).expect("objects");
    let mut pack = git2::Buf::new();
    builder.write_buf(&mut pack).expect("a pack");
    let mut answer = format!(
        "{}0000{}",
        packet(&format!("shallow {head}")),
        packet("NAK\n")
    )
    .into_bytes();
    for piece in pack.chunks(1000) {
        answer.extend(format!("{:04x}\u{1}", piece.len() + 5).into_bytes());
        answer.extend(piece);
    }
    answer.extend(b"0000");
    server.route(&format!("{path}/git-upload-pack"), move |request, _| {
        let asked = String::from_utf8_lossy(&request.body);
        if asked.contains(&format!("want {head}")) && asked.ends_with("0009done\n") {
            Reply::ok(answer.clone())
        } else {
            Reply::status(400, "")
        }
    });
}
