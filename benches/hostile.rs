//! What hostile input costs: each kind in a process of its own, with its time and its peak of
//! memory. `cargo bench --bench hostile`
//!
//! The goal for each is under 2 s and 256 MiB (`src/text/budget.rs` has the limits behind it); the
//! benchmark fails where one is missed. Making the input is not in the time, but is in the memory.

#![allow(
    clippy::print_stdout,
    clippy::unwrap_used,
    missing_docs,
    reason = "a benchmark prints its result"
)]

#[path = "../tests/support/seven_zip_frame.rs"]
mod seven_zip_frame;

use std::fmt::Write as _;
use std::io::{Cursor, Write as _};
use std::process::{Command, ExitCode, Stdio};
use std::time::{Duration, Instant};

use base64::Engine as _;
use jiff::civil::date;
use release_check::for_tests::artefact;
use release_check::for_tests::artefact::{ExaminationLimits, index_page};
use release_check::for_tests::openssl::signature::{KeyRing, Trust, judge};
use release_check::for_tests::openssl::tarball;
use release_check::for_tests::openssl::upstream::builtin::builtin;
use release_check::for_tests::openssl::upstream::metadata::MetadataTree;
use release_check::for_tests::openssl::upstream::{source_page, vulnerability_page};
use release_check::for_tests::outside::git::smart_http;
use release_check::for_tests::outside::{poll, worktree};
use release_check::for_tests::paper::templates;
use release_check::for_tests::project::changelog::{Entry, Occasion, with_entries};
use release_check::for_tests::project::config::Config;
use release_check::for_tests::project::discovery::{Checkout, Record, discover};
use release_check::for_tests::project::pattern::Pattern;
use seven_zip_frame::framed;

const MOST_TIME: f64 = 2.0;
const MOST_MEMORY: u64 = 256 << 10;

/// After this long a child is ended.
const PATIENCE: Duration = Duration::from_secs(20);

/// What became of an input, in a few words.
type Outcome = String;

/// Makes an input and gives what reads it.
type Case = (&'static str, fn() -> Box<dyn FnOnce() -> Outcome>);

const CASES: &[Case] = &[
    ("html: unbalanced end tags", || page("<div></x>", 400_000)),
    ("html: nothing closes formatting", || {
        page("<span><div></span>", 200_000)
    }),
    ("html: end tags below 70 elements", || {
        let html = "<span>".repeat(70) + &"</x>".repeat((8 << 20) / 4 - 200);
        Box::new(move || said(source_page::read("page", &html)))
    }),
    ("html: foreign elements", || {
        let html = "<svg>".to_owned() + &"<a>".repeat(1_000_000);
        Box::new(move || said(source_page::read("page", &html)))
    }),
    ("html: 200,000 attributes", || {
        let attributes: String = (0..200_000).fold(String::new(), |mut text, at| {
            let _ = write!(text, "a{at} ");
            text
        });
        Box::new(move || said(source_page::read("page", &format!("<a {attributes}>"))))
    }),
    ("html: formatting opened again", || {
        let formats: String = (0..60).map(|at| format!("<b a={at}>")).collect();
        let html = format!("<p>{formats}</p>") + &"<p>x</p>".repeat(400_000);
        Box::new(move || said(source_page::read("page", &html)))
    }),
    ("html: 60,000 tarballs", || {
        let html: String = (0..60_000)
            .map(|patch| format!("<a href=openssl-3.5.{patch}.tar.gz>x</a>"))
            .collect();
        Box::new(move || said(source_page::read("page", &html)))
    }),
    ("html: 240,000 headings", || {
        let html: String = (0..240_000)
            .map(|at| format!("<h3 id=CVE-2098-{at:04}>x"))
            .collect();
        Box::new(move || said(vulnerability_page::read("page", &html)))
    }),
    ("index page: 32 MiB of open elements", || {
        let html = "<a>".repeat((32 << 20) / 3);
        Box::new(move || said(index_page::read(html.as_bytes())))
    }),
    ("index page: unbalanced end tags", || {
        let html = "<div></x>".repeat((7 << 20) / 9);
        Box::new(move || said(index_page::read(html.as_bytes())))
    }),
    ("index page: 1,000,000 files", || {
        let file = r#"{"filename":"","url":""},"#.repeat(1_000_000);
        let json = format!(r#"{{"files":[{file}{{}}]}}"#);
        Box::new(move || said(index_page::read(json.as_bytes())))
    }),
    ("changelog: 240,000 headings", || {
        changelog(&"# 1\n".repeat(240_000))
    }),
    ("changelog: 8 MB above its first section", || {
        changelog(&("9 ".repeat(4_000_000) + "\n\n## 1.0 (2026-01-01)\n\n* a\n"))
    }),
    ("changelog: 9,999 sections", || {
        changelog(&"## 1.0 (2026-01-01)\n\n* a\n\n".repeat(9_999))
    }),
    ("advisory: 50,000 headings", || {
        metadata(
            "secadv/20980528.txt",
            &"CVE-2098-0001\n=====\n".repeat(50_000),
        )
    }),
    ("advisory: one long statement", || {
        metadata(
            "secadv/20980528.txt",
            &format!("CVE-2098-0001\n=====\n{}", "upgrade to (or ".repeat(60_000)),
        )
    }),
    ("metadata: archive of zeros", || {
        let packed = gzip(&vec![0; 300 << 20]);
        Box::new(move || said(poll::archive::read(&packed)))
    }),
    ("git: a small pack for 8 GiB", || pack(2, 1 << 33)),
    ("git: 3,000 deltas to 4 MiB", || pack(3_000, 4 << 20)),
    ("git: 12 deltas to 4 MiB", || pack(12, 4 << 20)),
    ("sbom: empty components", || {
        let components = "{},".repeat(9_000_000);
        scan(
            "x.json",
            format!(
                r#"{{"bomFormat":"CycloneDX","components":[{components}{{"purl":"pkg:generic/openssl@3.5.4"}}]}}"#
            ),
        )
    }),
    ("sbom: SPDX tag-value", || {
        let digest = "a".repeat(64);
        let lines = format!(
            "ExternalRef: PACKAGE-MANAGER purl pkg:generic/openssl@3.5.4\nPackageChecksum: SHA256: {digest}\n"
        );
        scan(
            "x.spdx",
            format!("SPDXVersion: SPDX-2.3\n{}", lines.repeat(100_000)),
        )
    }),
    ("sbom: claims x files", || {
        let claims: String = (0..900)
            .map(|at| format!(r#"{{"purl":"pkg:generic/openssl@3.5.4?a={at}"}},"#))
            .collect();
        let sbom = format!(r#"{{"bomFormat":"CycloneDX","components":[{claims}{{}}]}}"#);
        let header = "# define OPENSSL_VERSION_TEXT \"OpenSSL 3.5.4 30 Sep 2025\"\n";
        let mut members = vec![("x.cdx.json".to_owned(), sbom.into_bytes())];
        members
            .extend((0..5_000).map(|at| (format!("d{at}/opensslv.h"), header.as_bytes().to_vec())));
        let tar = tar(members);
        Box::new(move || {
            let mut found = artefact::examine(
                "x.tar",
                "",
                Cursor::new(tar),
                &ExaminationLimits::default(),
                &artefact::in_memory,
            );
            artefact::settle(&mut found);
            format!("{} files", found.len())
        })
    }),
    ("7z: 1,300,000 empty entries", || {
        let archive = seven_zip_of_nothing(1_300_000);
        Box::new(move || {
            let found = artefact::examine(
                "x.7z",
                "",
                Cursor::new(archive),
                &ExaminationLimits::default(),
                &artefact::in_memory,
            );
            format!("{:?}", found[0].unread)
        })
    }),
    ("tarball: long names", || {
        let members = (0..40_000)
            .map(|at| (format!("top/{}{at}", "a/".repeat(490)), Vec::new()))
            .collect();
        tarball_of(tar(members))
    }),
    ("tarball: 600 MB between members", || {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        for at in 0..3_000 {
            encoder.write_all(&long_comment(200 << 10)).unwrap();
            let member = tar(vec![(format!("top/{at}"), Vec::new())]);
            encoder.write_all(&member[..512]).unwrap();
        }
        let packed = encoder.finish().unwrap();
        Box::new(move || said(tarball::entries(&packed)))
    }),
    ("tarball: 20,000 hard links", || {
        let mut builder = tar::Builder::new(Vec::new());
        let mut header = tar::Header::new_gnu();
        header.set_size(1 << 20);
        header.set_mode(0o644);
        builder
            .append_data(&mut header.clone(), "top/file", &*vec![0; 1 << 20])
            .unwrap();
        header.set_size(0);
        header.set_entry_type(tar::EntryType::Link);
        for at in 0..20_000 {
            builder
                .append_link(&mut header.clone(), format!("top/l{at}"), "top/file")
                .unwrap();
        }
        tarball_of(builder.into_inner().unwrap())
    }),
    ("tarball: zeros", || {
        tarball_of(tar(vec![("top/x".to_owned(), vec![0; 220 << 20])]))
    }),
    ("keys: forged bindings", || {
        let keys = forged_keys(3_000);
        Box::new(move || {
            let mut ring = KeyRing::built_in();
            let known = ring.add(&keys.0).len();
            let trust = Trust::pinned_and([], 90, date(2026, 11, 22));
            let answer = judge(&keys.1, b"text\n", &ring, &trust);
            format!("{known} key, {} listed, {answer:?}", ring.list().len())
        })
    }),
    ("glob: nested", || {
        Box::new(|| {
            let glob = "{a*,".repeat(5_000) + "b" + &"}".repeat(5_000);
            said(worktree::matching(std::path::Path::new("."), &glob))
        })
    }),
    ("template: 1+1+...", || {
        Box::new(|| {
            let source = format!("{{{{ {}1 }}}}", "1+".repeat(100_000));
            said(templates::accepts("_a.md.j2", &source))
        })
    }),
    ("pin: {sha256}, 200,000 digits", || {
        pin("{sha256}", &"a".repeat(200_000))
    }),
    ("pin: {version}, 200,000 digits", || {
        pin("{version}", &"1".repeat(200_000))
    }),
    ("pin: {url}{url}", || {
        pin("{url}{url}!", &"https://".repeat(25_000))
    }),
    ("init: 6,000 releases in a file", || {
        let lines: String = (0..6_000)
            .map(|at| format!("x{at}=openssl-3.5.3\n"))
            .collect();
        checkout(lines)
    }),
    ("init: 990 releases in 700 kB", || {
        let lines: String = (0..990)
            .map(|at| format!("x{at}=openssl-3.5.3\n"))
            .collect();
        checkout(lines + &"# nothing of note\n".repeat(39_000))
    }),
    ("init: 550 releases in a line", || {
        checkout(
            format!("openssl {}\n", "openssl-3.5.3 ".repeat(550)) + &"x".repeat(8_000).repeat(120),
        )
    }),
    ("init: digests and 160,000 versions", || {
        let digest = "c9489d2abcf943cdc8329a57092331c598a402938054dc3a22218aea8a8ec3bf\n";
        checkout("openssl-3.5.3\n".repeat(490) + &digest.repeat(490) + &"7.1.3\n".repeat(160_000))
    }),
    ("init: a list of 2,900 digests", || {
        let digests: String = (0..2_900).map(|at| format!("'{at:063x}a'\n")).collect();
        checkout("openssl-3.5.3\n".to_owned() + &"SKIP\n".repeat(150_000) + &digests)
    }),
    ("init: 990 variables made of others", || {
        let given: String = (0..990).map(|at| format!("V{at}=3.5.3\n")).collect();
        let made: String = (0..40_000)
            .map(|at| format!("A{at}=${{V{}}} openssl\n", at % 990))
            .collect();
        checkout(given + &"curl openssl-${x}.tgz\n".repeat(1_000) + &made)
    }),
    ("init: 490 tables of two entries", || {
        let filler = "# nothing of note\n".repeat(30);
        let tables: String = (0..490)
            .map(|at| {
                let name: String = format!("{at:03}")
                    .bytes()
                    .map(|b| (b + 49) as char)
                    .collect();
                format!("openssl_{name} = '3.5.1'\n{filler}openssl_{name} = '3.5.2'\n{filler}")
            })
            .collect();
        checkout(tables)
    }),
    ("config: 15,000 pins in 1 MiB", || {
        let pins = "[[link.pin]]\nfile = \"a\"\nmatch = \"V={version}\"\n".repeat(15_000);
        let text =
            format!("[project]\nname = \"x\"\n[[link]]\nname = \"x\"\nseries = \"keep\"\n{pins}");
        Box::new(move || said(Config::read("release-check.toml", &text)))
    }),
    ("config: 60,000 links", || {
        let links: String = (0..60_000)
            .map(|at| format!("[[link]]\nname=\"l{at}\"\n[[link.pin]]\nsubmodule=\"a\"\n"))
            .collect();
        let text = format!("[project]\nname=\"x\"\n{links}");
        Box::new(move || said(Config::read("release-check.toml", &text)))
    }),
    ("config: 14,000 links in 1 MiB", || {
        let links = "[[link]]\nname=\"l\"\n[[link.pin]]\nsubmodule=\"a\"\n".repeat(14_000);
        let text = format!("[project]\nname=\"x\"\n{links}");
        Box::new(move || said(Config::read("release-check.toml", &text)))
    }),
];

fn said<T, E: std::fmt::Debug>(read: Result<T, E>) -> Outcome {
    match read {
        Ok(_) => "read".to_owned(),
        Err(error) => format!("{error:?}"),
    }
}

fn page(part: &str, times: usize) -> Box<dyn FnOnce() -> Outcome> {
    let html = part.repeat(times);
    Box::new(move || said(source_page::read("page", &html)))
}

fn changelog(text: &str) -> Box<dyn FnOnce() -> Outcome> {
    let text = text.to_owned();
    Box::new(move || {
        let entry = Entry {
            text: "Updated OpenSSL to 3.5.4.",
            security: true,
            others: &[],
        };
        let occasion = Occasion {
            day: date(2026, 11, 22),
            next: None,
            raised: true,
            tagged: None,
            released: Vec::new(),
        };
        said(with_entries("CHANGELOG.md", &text, &[entry], &occasion))
    })
}

fn metadata(path: &'static str, text: &str) -> Box<dyn FnOnce() -> Outcome> {
    let text = text.to_owned();
    Box::new(move || {
        let mut tree = MetadataTree::default();
        let _ = tree.insert(path, text.as_bytes());
        format!("{} notes", tree.read().notes.len())
    })
}

fn scan(name: &'static str, text: String) -> Box<dyn FnOnce() -> Outcome> {
    Box::new(move || {
        let found = artefact::examine(
            name,
            "",
            Cursor::new(text.into_bytes()),
            &ExaminationLimits::default(),
            &artefact::in_memory,
        );
        format!("{:?}", found[0].problems)
    })
}

/// A 7z archive of so many files without a name or a byte, which costs a byte for each.
fn seven_zip_of_nothing(files: u32) -> Vec<u8> {
    // A number of four bytes, behind a byte that says so.
    let number = |value: u32| [&[0xf0][..], &value.to_le_bytes()].concat();
    let bits = vec![0xff; files.div_ceil(8) as usize];
    let padding = vec![0; files as usize];
    let header = [
        &[1, 5][..],
        &number(files),
        &[0x0e],
        &number(files.div_ceil(8)),
        &bits,
        &[0x19],
        &number(files),
        &padding,
        &[0, 0],
    ]
    .concat();
    framed(&[], &header)
}

fn tarball_of(tar: Vec<u8>) -> Box<dyn FnOnce() -> Outcome> {
    let packed = gzip(&tar);
    drop(tar);
    Box::new(move || said(tarball::entries(&packed)))
}

fn pin(pattern: &'static str, text: &str) -> Box<dyn FnOnce() -> Outcome> {
    let text = text.to_owned();
    Box::new(move || {
        let pattern = Pattern::of_pin(pattern).unwrap();
        format!("{} matches", pattern.find(&text, 0..text.len()).count())
    })
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn tar(members: Vec<(String, Vec<u8>)>) -> Vec<u8> {
    let mut builder = tar::Builder::new(Vec::new());
    for (name, bytes) in members {
        let mut header = tar::Header::new_gnu();
        header.set_size(bytes.len() as u64);
        header.set_mode(0o644);
        builder.append_data(&mut header, name, &*bytes).unwrap();
    }
    builder.into_inner().unwrap()
}

/// Attributes for the next member, in pax's form: one comment of this size, a multiple of 512.
fn long_comment(size: usize) -> Vec<u8> {
    let mut header = tar::Header::new_gnu();
    header.set_path("pax").unwrap();
    header.set_size(size as u64);
    header.set_entry_type(tar::EntryType::XHeader);
    header.set_cksum();
    let mut bytes = header.as_bytes().to_vec();
    bytes.extend(format!("{size} comment=").bytes());
    bytes.resize(512 + size - 1, b'a');
    bytes.push(b'\n');
    bytes
}

/// A pack with one blob and deltas upon it that each come to `size` bytes.
fn pack(deltas: u32, size: u64) -> Box<dyn FnOnce() -> Outcome> {
    let object = |kind: u8, bytes: &[u8], distance: &[u8]| {
        let mut object = vec![(kind << 4) | 0x80 | (bytes.len() & 15) as u8];
        let mut rest = bytes.len() >> 4;
        while rest > 0x7f {
            object.push(0x80 | (rest & 0x7f) as u8);
            rest >>= 7;
        }
        object.push(rest as u8);
        object.extend(distance);
        let mut encoder = flate2::write::ZlibEncoder::new(object, flate2::Compression::fast());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    };
    let number = |mut rest: u64| {
        let mut bytes = Vec::new();
        while rest > 0x7f {
            bytes.push(0x80 | (rest & 0x7f) as u8);
            rest >>= 7;
        }
        bytes.push(rest as u8);
        bytes
    };
    let base = vec![b'x'; 1 << 16];
    let mut bytes = [
        b"PACK\0\0\0\x02".as_slice(),
        &(deltas + 1).to_be_bytes(),
        &object(3, &base, &[]),
    ]
    .concat();
    for _ in 0..deltas {
        // Copies 64 KiB of the base again and again.
        let mut delta = [number(base.len() as u64), number(size)].concat();
        delta.extend(std::iter::repeat_n(
            0x80,
            usize::try_from(size >> 16).unwrap().min(1 << 16),
        ));
        let mut distance = bytes.len() - 12;
        let mut coded = vec![(distance & 0x7f) as u8];
        distance >>= 7;
        while distance > 0 {
            distance -= 1;
            coded.insert(0, 0x80 | (distance & 0x7f) as u8);
            distance >>= 7;
        }
        bytes.extend(object(6, &delta, &coded));
    }
    // The checksum is not right; libgit2 looks at it last.
    bytes.extend([0; 20]);
    Box::new(move || {
        let folder = tempfile::tempdir().unwrap();
        said(smart_http::unpack(&bytes, folder.path()))
    })
}

/// A checkout with one file.
fn checkout(text: String) -> Box<dyn FnOnce() -> Outcome> {
    let checkout = Checkout {
        texts: [("openssl.sh".to_owned(), text)].into(),
        ..Checkout::default()
    };
    Box::new(move || {
        let releases = builtin().unwrap().releases;
        let found = discover(&checkout, &releases, &Record::new(&releases));
        format!("{} links, {} doubts", found.links.len(), found.unsure.len())
    })
}

/// The first key that comes with the program with forged statements about it and a subkey, and signatures
/// that claim to be its.
fn forged_keys(times: usize) -> (Vec<u8>, Vec<u8>) {
    let text = include_str!("../data/keys/pinned.asc").replace('\r', "");
    let block = text
        .split("-----BEGIN PGP PUBLIC KEY BLOCK-----")
        .nth(1)
        .unwrap();
    let body = block.split_once("\n\n").unwrap().1;
    let body: String = body
        .lines()
        .take_while(|line| !line.starts_with(['=', '-']))
        .collect();
    let bytes = base64::engine::general_purpose::STANDARD
        .decode(body)
        .unwrap();
    let packets = packets(&bytes);
    let of = |tag: u8| &packets.iter().find(|packet| packet.0 == tag).unwrap().1;
    let (key, id, signature) = (of(6), of(13), of(2));
    let mut keys = [whole(key, 6), whole(id, 13), whole(signature, 2)].concat();
    for at in 0..times {
        let mut forged = signature.clone();
        let last = forged.len() - 1;
        forged[last] ^= 1 + (at % 251) as u8;
        forged[last - 1] ^= (at / 251) as u8;
        keys.extend(whole(&forged, 2));
    }
    for at in 0..times {
        let mut forged = signature.clone();
        let last = forged.len() - 1;
        forged[1] = 0x18;
        forged[last] ^= 1 + (at % 251) as u8;
        keys.extend(whole(key, 14));
        keys.extend(whole(&forged, 2));
    }
    let mut claim = signature.clone();
    claim[1] = 0;
    let file: Vec<u8> = (0..40).flat_map(|_| whole(&claim, 2)).collect();
    (keys, file)
}

/// The packets of a binary file of keys: tag and body (RFC 9580, 4.2).
fn packets(mut bytes: &[u8]) -> Vec<(u8, Vec<u8>)> {
    let mut found = Vec::new();
    while let [first, rest @ ..] = bytes {
        let big = |bytes: &[u8]| {
            bytes
                .iter()
                .fold(0, |sum, byte| sum << 8 | usize::from(*byte))
        };
        let (tag, skip, length) = if first & 0x40 == 0 {
            let width = 1 << (first & 3);
            ((first >> 2) & 15, width, big(&rest[..width]))
        } else {
            match rest[0] {
                0..192 => (first & 63, 1, usize::from(rest[0])),
                192..224 => (first & 63, 2, big(&rest[..2]) - (192 << 8) + 192),
                _ => (first & 63, 5, big(&rest[1..5])),
            }
        };
        found.push((tag, rest[skip..skip + length].to_vec()));
        bytes = &rest[skip + length..];
    }
    found
}

fn whole(body: &[u8], tag: u8) -> Vec<u8> {
    let length = u32::try_from(body.len()).unwrap().to_be_bytes();
    [&[0xc0 | tag, 255][..], &length, body].concat()
}

/// Runs one case and prints its milliseconds, KiB and outcome.
fn child(name: &str) {
    let case = CASES.iter().find(|case| case.0 == name).unwrap();
    let work = (case.1)();
    let start = Instant::now();
    let outcome = work();
    let taken = start.elapsed().as_secs_f64();
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let peak = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))
        .and_then(|rest| rest.split_whitespace().next())
        .unwrap_or("0");
    let outcome: String = outcome.chars().take(100).collect();
    println!("{taken} {peak} {}", outcome.replace('\n', " "));
}

/// What a child printed; none if it failed or took too long.
fn run(name: &str) -> Option<(f64, u64, String)> {
    let mut child = Command::new(std::env::current_exe().ok()?)
        .args(["child", name])
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .ok()?;
    let start = Instant::now();
    while child.try_wait().ok()?.is_none() {
        if start.elapsed() > PATIENCE {
            child.kill().ok()?;
        }
        std::thread::sleep(Duration::from_millis(5));
    }
    let output = child.wait_with_output().ok()?;
    let line = String::from_utf8(output.stdout).ok()?;
    let mut parts = line.trim_end().splitn(3, ' ');
    Some((
        parts.next()?.parse().ok()?,
        parts.next()?.parse().ok()?,
        parts.next()?.to_owned(),
    ))
}

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let [first, name] = arguments.as_slice()
        && first == "child"
    {
        child(name);
        return ExitCode::SUCCESS;
    }
    println!("{:36} {:>7} {:>8}  outcome", "input", "s", "MiB");
    let mut missed = 0;
    for (name, _) in CASES {
        match run(name) {
            Some((taken, peak, outcome)) => {
                let fits = taken < MOST_TIME && peak < MOST_MEMORY;
                missed += usize::from(!fits);
                let mark = if fits { "" } else { "  MISSED" };
                println!(
                    "{name:36} {taken:>7.3} {:>8.1}  {outcome}{mark}",
                    peak as f64 / 1024.0
                );
            }
            None => {
                missed += 1;
                println!("{name:36} did not come to an end within {PATIENCE:?}  MISSED");
            }
        }
    }
    if missed == 0 {
        ExitCode::SUCCESS
    } else {
        println!("{missed} of {} missed the goal", CASES.len());
        ExitCode::FAILURE
    }
}
