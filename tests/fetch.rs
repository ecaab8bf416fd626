//! The HTTP client against a server that plays faults: large files and their continuation, writes,
//! redirects.

#[path = "cli/server.rs"]
#[expect(dead_code, reason = "the tests of the program use all of it")]
mod server;

use std::fs;
use std::path::Path;

use release_check::for_tests::outside::http::fetch::{
    Client, FetchError, Limits, Problem, Request, address,
};
use server::{Reply, Server};

const CONTENT: &[u8] = b"0123456789abcdefghijklmnopqrstuvwxyz";

fn run<T>(work: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime")
        .block_on(work)
}

fn request(server: &Server, limit: u64) -> Request<'static> {
    let url = address::read(&format!("{}/file", server.root())).expect("an address");
    Request::get(url).limits(Limits {
        wire: limit,
        unpacked: limit,
    })
}

fn download(server: &Server, to: &Path, limit: u64) -> Result<u64, FetchError> {
    run(Client::default().download(&request(server, limit), to, &mut |_, _| ()))
}

/// The rest of the content from where the request wants it, as a server that knows of ranges sends
/// it.
fn part(request: &server::Request) -> Reply {
    let start = request.headers.get("range").and_then(|range| {
        range
            .strip_prefix("bytes=")?
            .strip_suffix('-')?
            .parse::<usize>()
            .ok()
    });
    match start {
        Some(start) if request.headers.get("if-range").map(String::as_str) == Some("\"v1\"") => {
            let range = format!("bytes {start}-{}/{}", CONTENT.len() - 1, CONTENT.len());
            Reply::status(206, &CONTENT[start..])
                .header("content-range", &range)
                .header("etag", "\"v1\"")
        }
        _ => Reply::ok(CONTENT).header("etag", "\"v1\""),
    }
}

fn cut_off(etag: &str) -> Reply {
    Reply::CutOff {
        headers: vec![("etag".to_owned(), etag.to_owned())],
        body: CONTENT.to_vec(),
        at: 10,
    }
}

#[test]
fn a_broken_download_is_continued() {
    let folder = tempfile::tempdir().expect("a folder");
    let to = folder.path().join("file");
    let server = Server::start();
    server.route("/file", |request, earlier| {
        if earlier == 0 {
            cut_off("\"v1\"")
        } else {
            part(request)
        }
    });
    let mut seen = Vec::new();
    let received = run(Client::default().download(
        &request(&server, 1000),
        &to,
        &mut |received, total| seen.push((received, total)),
    ));
    assert_eq!(received, Ok(CONTENT.len() as u64));
    assert_eq!(fs::read(&to).expect("the file"), CONTENT);
    assert_eq!(seen.last(), Some(&(36, Some(36))));
    assert_eq!(server.take_requests()[1].headers["range"], "bytes=10-");
    assert_eq!(
        fs::read_dir(folder.path()).expect("a folder").count(),
        1,
        "nothing else is left"
    );
}

#[test]
fn another_process_continues_it() {
    let folder = tempfile::tempdir().expect("a folder");
    let to = folder.path().join("file");
    let server = Server::start();
    server.serve("/file", cut_off("\"v1\""));
    assert!(download(&server, &to, 1000).is_err());
    assert!(!to.exists());
    server.take_requests();
    server.route("/file", |request, _| part(request));
    assert_eq!(download(&server, &to, 1000), Ok(36));
    assert!(server.take_requests()[0].headers.contains_key("range"));
    assert_eq!(fs::read(&to).expect("the file"), CONTENT);
}

#[test]
fn what_changed_meanwhile_is_fetched_anew() {
    let folder = tempfile::tempdir().expect("a folder");
    for first in ["\"v0\"", "W/\"v1\"", ""] {
        let to = folder.path().join("file");
        let server = Server::start();
        let first = first.to_owned();
        server.route("/file", move |request, earlier| {
            if earlier == 0 {
                cut_off(&first)
            } else {
                part(request)
            }
        });
        assert_eq!(download(&server, &to, 1000), Ok(36));
        assert_eq!(fs::read(&to).expect("the file"), CONTENT);
    }
    // A server that sends another part than the one asked for.
    let server = Server::start();
    server.route("/file", |_, earlier| match earlier {
        0 => cut_off("\"v1\""),
        1 => Reply::status(206, &CONTENT[20..]).header("content-range", "bytes 20-35/36"),
        _ => Reply::ok(CONTENT),
    });
    assert!(download(&server, &folder.path().join("other"), 1000).is_err());
    // The part that is there is longer than the file.
    let server = Server::start();
    server.route("/file", |request, earlier| match earlier {
        0 => cut_off("\"v1\""),
        _ if request.headers.contains_key("range") => Reply::status(416, ""),
        _ => Reply::ok(CONTENT),
    });
    assert_eq!(
        download(&server, &folder.path().join("third"), 1000),
        Ok(36)
    );
}

#[test]
fn downloads_are_bounded() {
    let folder = tempfile::tempdir().expect("a folder");
    let to = folder.path().join("file");
    let server = Server::start();
    server.serve("/file", Reply::Zeros);
    let error = download(&server, &to, 1 << 20).expect_err("too large");
    assert_eq!(error.problem(), &Problem::TooLarge(1 << 20));
    assert!(!to.exists());
    assert!(download(&server, Path::new("/nonexistent/file"), 1 << 20).is_err());
}

#[test]
fn a_write_is_sent_once() {
    let server = Server::start();
    server.serve("/file", Reply::status(502, ""));
    let post = || {
        Request::new(
            reqwest::Method::POST,
            address::read(&format!("{}/file", server.root())).expect("an address"),
        )
        .json(&"x")
    };
    assert_eq!(
        run(Client::default().send(&post()))
            .expect_err("502")
            .status(),
        Some(502)
    );
    assert_eq!(
        server.take_requests().len(),
        1,
        "the server may have acted on it"
    );
    server.route("/file", |_, earlier| {
        if earlier == 0 {
            Reply::status(429, "").header("retry-after", "0")
        } else {
            Reply::status(201, "made")
        }
    });
    let response = run(Client::default().send(&post())).expect("made");
    assert_eq!(
        (response.status, response.body.as_slice()),
        (201, &b"made"[..])
    );
    server.serve(
        "/file",
        Reply::status(307, "").header("location", "http://localhost:1/elsewhere"),
    );
    assert!(run(Client::default().send(&post())).is_err());
}

#[test]
fn redirects_come_to_an_end() {
    let server = Server::start();
    server.serve("/file", Reply::status(302, "").header("location", "/file"));
    let error = run(Client::default().send(&request(&server, 1000))).expect_err("no end");
    assert_eq!(error.problem(), &Problem::RedirectsTooOften);
}
