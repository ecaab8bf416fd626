//! A package index on this machine: one package, its page in either form, its files.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use sha2::{Digest, Sha256};

/// A running index.
pub(crate) struct IndexServer {
    root: String,
    pages: Pages,
    asked: Arc<Mutex<Vec<String>>>,
    sent: Arc<AtomicU64>,
}

type Pages = Arc<Mutex<BTreeMap<String, Vec<u8>>>>;

/// A file to publish: its name, the day it was published, its bytes.
pub(crate) type Upload<'a> = (&'a str, &'a str, Vec<u8>);

fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes)
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

impl IndexServer {
    /// An index whose page is JSON.
    pub(crate) fn json(package: &str, uploads: Vec<Upload<'_>>) -> Self {
        let server = Self::start();
        server.list(package, uploads);
        server
    }

    /// Makes these, and no others, the files of a package.
    pub(crate) fn list(&self, package: &str, uploads: Vec<Upload<'_>>) {
        self.list_yanked(package, uploads, "");
    }

    /// The same, where the files whose names contain this were yanked; of an empty text none.
    pub(crate) fn list_yanked(&self, package: &str, uploads: Vec<Upload<'_>>, part: &str) {
        let files: Vec<_> = uploads
            .iter()
            .map(|(name, day, bytes)| {
                serde_json::json!({"filename": name, "url": format!("../../files/{name}"), "hashes": {"sha256": sha256(bytes)},
                    "size": bytes.len(), "upload-time": format!("{day}T12:00:00.000000Z"), "yanked": !part.is_empty() && name.contains(part)})
            })
            .collect();
        self.put(
            package,
            serde_json::json!({"meta": {"api-version": "1.1"}, "name": package, "files": files})
                .to_string(),
            uploads,
        );
    }

    /// An index whose page is HTML; a file named in `lies` is listed with another file's digest.
    pub(crate) fn html(package: &str, uploads: Vec<Upload<'_>>, lies: &[&str]) -> Self {
        let anchor = |(name, _, bytes): &Upload<'_>| {
            let digest = if lies.contains(name) {
                sha256(b"another")
            } else {
                sha256(bytes)
            };
            format!("<a href=\"/files/{name}#sha256={digest}\">{name}</a><br/>\n")
        };
        let page = format!(
            "<!DOCTYPE html><html><body>{}</body></html>",
            uploads.iter().map(anchor).collect::<String>()
        );
        let server = Self::start();
        server.put(package, page, uploads);
        server
    }

    fn put(&self, package: &str, page: String, uploads: Vec<Upload<'_>>) {
        let mut pages = BTreeMap::from([(format!("/simple/{package}/"), page.into_bytes())]);
        pages.extend(
            uploads
                .into_iter()
                .map(|(name, _, bytes)| (format!("/files/{name}"), bytes)),
        );
        *self.pages.lock().expect("pages") = pages;
    }

    fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let root = format!("http://{}", listener.local_addr().expect("an address"));
        let (pages, asked) = (Pages::default(), Arc::new(Mutex::new(Vec::new())));
        let (served, log) = (Arc::clone(&pages), Arc::clone(&asked));
        let sent = Arc::new(AtomicU64::new(0));
        let counter = Arc::clone(&sent);
        std::thread::spawn(move || {
            for mut stream in listener.incoming().flatten() {
                let mut lines = BufReader::new(stream.try_clone().expect("a stream")).lines();
                let first = lines.next().and_then(Result::ok).unwrap_or_default();
                while lines
                    .next()
                    .and_then(Result::ok)
                    .is_some_and(|line| !line.is_empty())
                {}
                let path = first.split(' ').nth(1).unwrap_or_default().to_owned();
                let body = served.lock().expect("pages").get(&path).cloned();
                let (status, body) =
                    body.map_or(("404 Not Found", Vec::new()), |body| ("200 OK", body));
                log.lock().expect("a log").push(path);
                counter.fetch_add(body.len() as u64, Ordering::Relaxed);
                let head = format!(
                    "HTTP/1.1 {status}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
                    body.len()
                );
                let _ = stream
                    .write_all(head.as_bytes())
                    .and_then(|()| stream.write_all(&body));
            }
        });
        Self {
            root,
            pages,
            asked,
            sent,
        }
    }

    /// The address of the index, as pip is told it.
    pub(crate) fn index(&self) -> String {
        format!("{}/simple", self.root)
    }

    /// Bytes of bodies sent so far.
    pub(crate) fn bytes(&self) -> u64 {
        self.sent.load(Ordering::Relaxed)
    }

    /// The paths that were asked for, and forgets them.
    pub(crate) fn take_asked(&self) -> Vec<String> {
        std::mem::take(&mut *self.asked.lock().expect("a log"))
    }

    /// How many files have been fetched.
    pub(crate) fn fetched(&self) -> usize {
        self.asked
            .lock()
            .expect("a log")
            .iter()
            .filter(|path| path.starts_with("/files/"))
            .count()
    }
}
