//! Every parser of bytes from outside, each as a function of any bytes: what the fuzzer runs, and
//! what the ordinary tests run on its seeds.
//!
//! None may panic, hang or take memory without bound; where a law is known of a parser, it holds
//! for whatever it accepts.

use std::collections::BTreeMap;
use std::io::{Cursor, Write};
use std::sync::LazyLock;

use jiff::civil::{Date, date};
use release_check::for_tests::artefact::file_name::FileName;
use release_check::for_tests::artefact::{self, Contents, ExaminationLimits, index_page};
use release_check::for_tests::openssl::signature::{self, KeyRing, Trust};
use release_check::for_tests::openssl::tarball;
use release_check::for_tests::openssl::upstream::builtin::builtin;
use release_check::for_tests::openssl::upstream::diagnostic::Reading;
use release_check::for_tests::openssl::upstream::merge::{self, Days, SourceFacts};
use release_check::for_tests::openssl::upstream::metadata::MetadataTree;
use release_check::for_tests::openssl::upstream::pre_announcement::{self, UpstreamMail};
use release_check::for_tests::openssl::upstream::{
    self, Release, Snapshot, View, git_references, github_releases, release_table, tags,
};
use release_check::for_tests::openssl::version::Version;
use release_check::for_tests::outside::git::{pack, smart_http};
use release_check::for_tests::outside::poll;
use release_check::for_tests::paper::announcement::archive;
use release_check::for_tests::paper::templates;
use release_check::for_tests::project::change;
use release_check::for_tests::project::changelog::{self, Occasion};
use release_check::for_tests::project::config::{self, Config, PinKind};
use release_check::for_tests::project::discovery::{self, ChangedFile, Checkout, Moved, Record};
use release_check::for_tests::project::linked::{self, FileEntry, Files};
use release_check::for_tests::project::project_version::ProjectVersion;
use release_check::for_tests::text::date as dates;

/// A parser by the name of its target and of the folder with its seeds.
pub(crate) type Parser = (&'static str, fn(&[u8]));

/// All of them.
pub(crate) const ALL: [Parser; 15] = [
    ("changelog", changelog),
    ("config", config),
    ("discovery", discovery),
    ("floor", floor),
    ("git", git),
    ("index_page", index_page),
    ("mailbox", mailbox),
    ("names", names),
    ("pins", pins),
    ("scan", scan),
    ("signature", signature),
    ("tarball", tarball),
    ("template", template),
    ("upstream", upstream),
    ("upstream_page", upstream_page),
];

/// What is built in, read once: the fuzzer's time goes to what it makes.
static FACTS: LazyLock<Snapshot> = LazyLock::new(|| builtin().expect("facts are built in"));

/// The releases of some series, old and new: to look for all would take longer than to read an input.
static RELEASES: LazyLock<Vec<Release>> = LazyLock::new(|| {
    let mut releases = FACTS.releases.clone();
    let series = ["1.1.1", "3.0", "3.5", "4.0"];
    releases.retain(|release| series.contains(&release.version.series().to_string().as_str()));
    releases
});

/// The keys that are built in.
static KEYS: LazyLock<KeyRing> = LazyLock::new(KeyRing::built_in);

const DAY: Date = date(2026, 11, 22);

/// The first byte chooses among several ways to read the rest.
fn chosen(data: &[u8]) -> (usize, &[u8]) {
    data.split_first()
        .map_or((0, data), |(first, rest)| (usize::from(*first), rest))
}

fn text(data: &[u8]) -> std::borrow::Cow<'_, str> {
    String::from_utf8_lossy(data)
}

fn gzip(data: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder
        .write_all(data)
        .and_then(|()| encoder.finish())
        .unwrap_or_default()
}

/// Native code, archives, SBOMs and headers, under any of the names that matter.
pub(crate) fn scan(data: &[u8]) {
    const NAMES: [&str; 8] = [
        "file",
        "module.o",
        "sbom.json",
        "sbom.xml",
        "sbom.spdx",
        "opensslv.h",
        "VERSION.dat",
        "file.lzma",
    ];
    let (which, bytes) = chosen(data);
    let limits = ExaminationLimits {
        inflated: 1 << 22,
        held: 1 << 20,
        members: 1000,
        ..ExaminationLimits::default()
    };
    let mut found = artefact::examine(
        NAMES[which % NAMES.len()],
        "",
        Cursor::new(bytes),
        &limits,
        &artefact::in_memory,
    );
    artefact::settle(&mut found);
    let _ = Contents::of(&found);
}

/// The page of a package index, and its files' names.
pub(crate) fn index_page(data: &[u8]) {
    for file in index_page::read(data).into_iter().flatten() {
        let _ = FileName::read(&file.name);
    }
}

/// A release tarball, as it is and unpacked, and the file with its digest.
pub(crate) fn tarball(data: &[u8]) {
    let (which, bytes) = chosen(data);
    match which % 3 {
        0 => {
            let _ = (tarball::contents(bytes), tarball::entries(bytes));
        }
        1 => {
            let packed = gzip(bytes);
            let _ = (tarball::contents(&packed), tarball::entries(&packed));
        }
        _ => drop(tarball::published_sha256(bytes, "openssl-3.5.4.tar.gz")),
    }
}

/// Keys and signatures, armored and binary.
pub(crate) fn signature(data: &[u8]) {
    let trust = Trust::pinned_and([], 90, DAY);
    let mut own = KeyRing::default();
    own.add(data);
    let _ = own.list();
    let mut ring = KEYS.clone();
    ring.add(data);
    let _ = signature::judge(data, b"text\n", &ring, &trust);
}

/// Upstream's documents: records, texts, statements, support windows, releases, tags, references,
/// tables, snapshots, archives.
pub(crate) fn upstream(data: &[u8]) {
    let (which, bytes) = chosen(data);
    let text = text(bytes);
    let tree = |path: &str| {
        let mut tree = MetadataTree::default();
        if tree.insert(path, bytes).is_ok() {
            let _ = tree.read();
        }
    };
    match which % 12 {
        0 => tree("secjson/CVE-2098-0001.json"),
        1 => tree("secadv/20980528.txt"),
        2 => tree("secjson/statements.json"),
        3 => tree("data.json"),
        4 => {
            for listed in github_releases::read("releases", &text)
                .into_iter()
                .flat_map(|page| page.value.releases)
            {
                let _ = (listed.tarball().is_some(), listed.release());
            }
        }
        5 => drop(tags::from_api("tags", &text)),
        6 => drop(git_references::read_ls_remote(&text)),
        7 => drop(release_table::releases(&text)),
        8 => drop(release_table::series(&text)),
        9 => {
            if let Ok(snapshot) = Snapshot::read(&text) {
                let view = View::new(&snapshot, DAY, &[]);
                for release in snapshot.releases.iter().take(50) {
                    let _ = (
                        view.affecting(release.version).count(),
                        view.unanalysed(release.version),
                    );
                }
                assert_eq!(Snapshot::read(&snapshot.write()), Ok(snapshot));
            }
        }
        10 => drop(poll::archive::read(bytes)),
        _ => drop(poll::archive::read(&gzip(bytes))),
    }
}

/// Upstream's pages, as HTML.
pub(crate) fn upstream_page(data: &[u8]) {
    let (which, bytes) = chosen(data);
    if which % 2 == 0 {
        let _ = upstream::source_page::read("source", &text(bytes));
    } else {
        let _ = upstream::vulnerability_page::read("vulnerabilities", &text(bytes));
    }
}

/// What git servers answer.
pub(crate) fn git(data: &[u8]) {
    let _ = git_references::read_advertisement(data);
    let _ = smart_http::read_offer(data);
    let _ = smart_http::read_pack(data);
    let _ = pack::measure(data);
}

/// A template of the project.
pub(crate) fn template(data: &[u8]) {
    let (which, bytes) = chosen(data);
    let name = [
        "changelog.rst.j2",
        "changelog.md.j2",
        "announcement/subject.txt.j2",
    ][which % 3];
    let _ = templates::accepts(name, &text(bytes));
}

/// A mailbox with pre-announcements, and the archive of a list.
pub(crate) fn mailbox(data: &[u8]) {
    let messages = UpstreamMail::read_all(data);
    let view = View::new(&FACTS, date(2026, 6, 8), &[]);
    let senders: Vec<String> = messages
        .iter()
        .map(|message| message.from.clone())
        .collect();
    let _ = pre_announcement::announced(&messages, &view, &senders);
    let _ = archive::names(&text(data), "<1.2@example.org>");
}

/// A record, or a list of releases, joined with what is built in, which nothing lowers.
pub(crate) fn floor(data: &[u8]) {
    let mut facts = SourceFacts::default();
    if let Ok(page) = github_releases::read("releases", &text(data)) {
        let mut releases = Vec::new();
        for listed in &page.value.releases {
            releases.extend(listed.release());
        }
        facts.releases = Some(Reading {
            value: releases,
            notes: page.notes,
        });
    } else {
        let mut tree = MetadataTree::default();
        let _ = tree.insert("secjson/CVE-2025-9230.json", data);
        facts.metadata = Some(tree.read());
    }
    let days = Days {
        today: DAY,
        latest: DAY,
    };
    let joined = merge::merge(FACTS.clone(), None, &facts, days).snapshot;
    assert!(merge::holds(&FACTS, &joined, DAY), "the floor was lowered");
}

/// A configuration.
pub(crate) fn config(data: &[u8]) {
    let _ = Config::read("release-check.toml", &text(data));
}

/// A checkout and its history: parts behind lines of dashes, each with a path in its first line. A
/// path that stood before says what the file was one commit earlier. What is found is always a
/// configuration that is read.
pub(crate) fn discovery(data: &[u8]) {
    let text = text(data);
    let mut checkout = Checkout {
        folder: "x".to_owned(),
        ..Checkout::default()
    };
    let mut record = Record::new(&RELEASES);
    let mut oldest = BTreeMap::new();
    for part in text.split("\n-----\n").take(8) {
        let (path, text) = part.split_once('\n').unwrap_or((part, ""));
        if !config::may_name(path) {
            continue;
        }
        let Some(after) = oldest.insert(path, text) else {
            checkout.texts.insert(path.to_owned(), text.to_owned());
            continue;
        };
        let commit = Moved {
            commit: "ab".repeat(20),
            day: DAY,
        };
        let file = ChangedFile {
            path: path.to_owned(),
            before: text.to_owned(),
            after: after.to_owned(),
        };
        record.add(commit, vec![file]);
    }
    let found = discovery::discover(&checkout, &RELEASES, &record);
    let written = discovery::config(&found);
    if let Err(fault) = Config::read("release-check.toml", &written) {
        panic!("{fault:?}\n{written}");
    }
}

/// A configuration and, behind a line of dashes, the file that its pins name: read, bumped, bumped
/// again; and discovered without a configuration.
pub(crate) fn pins(data: &[u8]) {
    let text = text(data);
    let (config, file) = text.split_once("\n-----\n").unwrap_or(("", &text));
    let releases = RELEASES.as_slice();
    let Ok(config) = Config::read("release-check.toml", config) else {
        return;
    };
    for link in &config.links {
        let mut files = Files::default();
        for pin in &link.pins {
            match &pin.kind {
                PinKind::Text(pin) => files = files.with(&pin.file, FileEntry::regular(file)),
                PinKind::Cargo { file: named, .. } => {
                    files = files.with(
                        named.as_deref().unwrap_or("Cargo.lock"),
                        FileEntry::regular(file),
                    );
                }
                PinKind::Tree(path) => files.insert_tree(
                    path,
                    [("VERSION.dat".to_owned(), FileEntry::regular(file))].into(),
                ),
                PinKind::Submodule(_) => {}
            }
        }
        let target = Version::from_tag("openssl-3.5.4").ok();
        let (Some(target), Ok(linked)) =
            (target, linked::read(link, &files, releases, &|_| target))
        else {
            continue;
        };
        let facts = change::Facts {
            releases,
            trees: &Default::default(),
            crates: &Default::default(),
            day: DAY,
            github: "https://example.org",
        };
        let _ = change::bump(
            &[change::Move {
                link,
                linked: &linked,
                target,
                beside: &[],
            }],
            &files,
            &facts,
        );
    }
}

/// A changelog, in either markup: an entry goes in once, however often it is put there.
pub(crate) fn changelog(data: &[u8]) {
    let (which, bytes) = chosen(data);
    let name = ["CHANGELOG.rst", "CHANGELOG.md", "NEWS"][which % 3];
    let entry = changelog::Entry {
        text: "Updated wheels to OpenSSL 3.5.4.",
        security: true,
        others: &[],
    };
    let occasion = Occasion {
        day: DAY,
        next: None,
        raised: true,
        tagged: None,
        released: Vec::new(),
    };
    let text = text(bytes);
    let _ = changelog::next_section(name, &text, &entry, &occasion);
    let _ = changelog::carry_forward(name, &text, "main", &[]);
    if let Ok(written) =
        changelog::with_entries(name, &text, std::slice::from_ref(&entry), &occasion)
    {
        let _ = changelog::with_entries(name, &written.text, &[entry], &occasion);
    }
}

/// Versions, tags, days and file names.
pub(crate) fn names(data: &[u8]) {
    let text = text(data);
    if let Ok(version) = Version::from_version_or_tag(&text) {
        assert_eq!(version.to_string().parse(), Ok(version), "{text}");
        assert_eq!(Version::from_tag(&version.tag()), Ok(version), "{text}");
    }
    let _ = (
        dates::spelled(&text),
        dates::public(&text),
        text.parse::<ProjectVersion>()
            .map(|version| version.next_patch()),
    );
    let _ = FileName::read(&text);
    let line = release_check::for_tests::text::one_line(&text);
    assert!(!line.contains("##[") && !line.starts_with("::a"), "{line}");
}
