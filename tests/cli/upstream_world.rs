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
pub(crate) const NEW: [&str; 2] = ["3.5.8", "3.0.22"];
pub(crate) const DAY: &str = "2026-08-25";

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
        let world = Self { sandbox: Sandbox::new(), server: Server::start() };
        let root = world.server.root();
        world.server.serve(RELEASES, Reply::ok(releases(&NEW).to_string()));
        world.server.serve(TAGS, Reply::ok(tags(&NEW).to_string()));
        world.server.serve(SOURCE_PAGE, Reply::ok(source_page(&NEW)));
        world.server.serve(VULNERABILITIES, Reply::ok(vulnerability_page(&[(CVE, "High")])));
        world.server.serve(METADATA, Reply::ok(archive(&[(CVE, record(CVE, "High"))])));
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

pub(crate) fn releases(versions: &[&str]) -> Value {
    versions.iter().map(|version| release(version, &"ab".repeat(32))).collect()
}

pub(crate) fn release(version: &str, sha256: &str) -> Value {
    json!({
        "tag_name": format!("openssl-{version}"), "draft": false, "prerelease": false, "published_at": format!("{DAY}T13:00:00Z"),
        "assets": [{"name": format!("openssl-{version}.tar.gz"), "state": "uploaded", "size": 53_000_000, "digest": format!("sha256:{sha256}")}],
    })
}

pub(crate) fn tags(versions: &[&str]) -> Value {
    let tag = |version: &&str| json!({"ref": format!("refs/tags/openssl-{version}"), "object": {"sha": "c".repeat(40), "type": "commit"}});
    versions.iter().map(tag).collect()
}

pub(crate) fn source_page(versions: &[&str]) -> String {
    let rows: String = versions
        .iter()
        .map(|version| {
            let series = version.rsplit_once('.').map_or(*version, |(series, _)| series);
            format!(
                "<tr><td>{series}</td><td><a href=\"https://github.com/openssl/openssl/releases/download/openssl-{version}/openssl-{version}.tar.gz\">\
                 openssl-{version}.tar.gz</a></td><td>51 MB</td><td>25 Aug 2026</td><td>08 Apr 2030</td></tr>\n"
            )
        })
        .collect();
    format!("<html><table><tr><th>Series</th><th>File</th><th>Size</th><th>Release</th><th>End-of-Life</th></tr>\n{rows}</table></html>")
}

pub(crate) fn vulnerability_page(entries: &[(&str, &str)]) -> String {
    let entries: String = entries
        .iter()
        .map(|(id, severity)| {
            format!(
                "<h4 id=\"{id}\"><a href=\"#{id}\">{id}</a></h4><div><span>Severity</span></div><div>{severity}</div>\
                 <div><span>Affected</span></div><div><ul><li>from 3.5.0 before 3.5.8</li><li>from 3.0.0 before 3.0.22</li></ul></div>\n"
            )
        })
        .collect();
    format!("<html><body>{entries}</body></html>")
}

pub(crate) fn record(id: &str, severity: &str) -> Value {
    let range = |from: &str, before: &str| json!({"version": from, "lessThan": before, "status": "affected", "versionType": "semver"});
    json!({
        "dataType": "CVE_RECORD", "dataVersion": "5.1",
        "cveMetadata": {"cveId": id, "state": "PUBLISHED", "assignerOrgId": "00000000-0000-4000-9000-000000000000"},
        "containers": {"cna": {
            "affected": [{"vendor": "OpenSSL", "product": "OpenSSL", "defaultStatus": "unaffected", "versions": [range("3.5.0", "3.5.8"), range("3.0.0", "3.0.22")]}],
            "datePublic": format!("{DAY}T14:00:00.000Z"),
            "descriptions": [{"lang": "en", "value": "Something is wrong."}],
            "metrics": [{"format": "other", "other": {"type": "https://example.org/policy", "content": {"text": severity}}}],
            "references": [{"name": "OpenSSL Advisory", "tags": ["vendor-advisory"], "url": "https://openssl-library.org/news/secadv/20260825.txt"}],
            "title": "Something",
        }},
    })
}

/// A release-metadata tree as a `.tar.gz`.
pub(crate) fn archive(records: &[(&str, Value)]) -> Vec<u8> {
    let mut builder = tar::Builder::new(GzEncoder::new(Vec::new(), Compression::fast()));
    let mut add = |path: &str, bytes: &[u8]| {
        let mut header = tar::Header::new_gnu();
        header.set_size(bytes.len() as u64);
        header.set_mode(0o644);
        builder.append_data(&mut header, format!("release-metadata-main/{path}"), bytes).expect("an entry");
    };
    for (path, bytes) in files(records) {
        add(&path, &bytes);
    }
    builder.into_inner().and_then(GzEncoder::finish).expect("an archive")
}

/// The files of a release-metadata tree.
pub(crate) fn files(records: &[(&str, Value)]) -> Vec<(String, Vec<u8>)> {
    let mut files: Vec<(String, Vec<u8>)> =
        records.iter().map(|(id, record)| (format!("secjson/{id}.json"), record.to_string().into_bytes())).collect();
    files.push(("secjson/statements.json".to_owned(), json!({"statements": [], "disputed": []}).to_string().into_bytes()));
    files.push((
        "data.json".to_owned(),
        json!({"3.5": {"release": "08 Apr 2025", "eol": "08 Apr 2030", "lts": true}}).to_string().into_bytes(),
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
    index.add_all(["."], git2::IndexAddOption::DEFAULT, None).expect("files");
    let tree = repository.find_tree(index.write_tree().expect("a tree")).expect("the tree");
    let author = git2::Signature::now("it", "it@example.org").expect("an author");
    repository.commit(Some("HEAD"), &author, &author, "tree", &tree, &[]).expect("a commit");
    repository.path().to_owned()
}

/// Serves a repository over git's smart protocol.
pub(crate) fn serve_git(server: &Server, path: &str, repository: &Path) {
    let opened = git2::Repository::open(repository).expect("a repository");
    let head = opened.head().and_then(|head| head.peel_to_commit()).expect("a commit").id();
    let packet = |text: &str| format!("{:04x}{text}", text.len() + 4);
    let first = format!("{head} HEAD\0multi_ack side-band-64k shallow ofs-delta agent=git/2\n");
    let listing =
        format!("{}0000{}{}0000", packet("# service=git-upload-pack\n"), packet(&first), packet(&format!("{head} refs/heads/main\n")));
    server.serve(&format!("{path}/info/refs?service=git-upload-pack"), Reply::ok(listing));

    let mut builder = opened.packbuilder().expect("a pack");
    builder.insert_commit(head).expect("objects");
    let mut pack = git2::Buf::new();
    builder.write_buf(&mut pack).expect("a pack");
    let mut answer = format!("{}0000{}", packet(&format!("shallow {head}")), packet("NAK\n")).into_bytes();
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
