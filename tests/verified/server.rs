//! A web server on this machine that answers what a test tells it to.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

/// What is answered to one path.
#[derive(Clone)]
pub(crate) enum Reply {
    /// The whole body, or the range that is asked for.
    Body(Vec<u8>),
    /// The body, but the first time the connection breaks.
    CutOnce { body: Vec<u8>, at: usize },
    /// The body, but the first time the connection breaks, and afterwards there is another body
    /// with another validator.
    CutThenOther {
        body: Vec<u8>,
        at: usize,
        other: Vec<u8>,
    },
    /// A status without a body.
    Status(u16),
}

#[derive(Default)]
struct State {
    replies: BTreeMap<String, Reply>,
    asked: Vec<String>,
    ranges: Vec<String>,
}

/// The server; it ends with the process.
pub(crate) struct Server {
    root: String,
    state: Arc<Mutex<State>>,
}

impl Server {
    pub(crate) fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let root = format!("http://{}", listener.local_addr().unwrap());
        let state = Arc::new(Mutex::new(State::default()));
        let shared = Arc::clone(&state);
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let _ = answer(stream, &shared);
            }
        });
        Self { root, state }
    }

    pub(crate) fn root(&self) -> String {
        self.root.clone()
    }

    pub(crate) fn put(&self, path: &str, body: impl Into<Vec<u8>>) {
        self.set(path, Reply::Body(body.into()));
    }

    pub(crate) fn set(&self, path: &str, reply: Reply) {
        self.state
            .lock()
            .unwrap()
            .replies
            .insert(path.to_owned(), reply);
    }

    /// How often a path was asked for.
    pub(crate) fn asked(&self, path: &str) -> usize {
        self.state
            .lock()
            .unwrap()
            .asked
            .iter()
            .filter(|asked| *asked == path)
            .count()
    }

    /// The ranges that were asked for.
    pub(crate) fn ranges(&self) -> Vec<String> {
        self.state.lock().unwrap().ranges.clone()
    }
}

fn answer(mut stream: TcpStream, state: &Mutex<State>) -> std::io::Result<()> {
    let mut lines = BufReader::new(stream.try_clone()?).lines();
    let path = lines
        .next()
        .unwrap()?
        .split(' ')
        .nth(1)
        .unwrap_or_default()
        .to_owned();
    let headers: Vec<String> = lines
        .map_while(Result::ok)
        .take_while(|line| !line.is_empty())
        .collect();
    let header = |name: &str| {
        headers.iter().find_map(|line| {
            line.split_once(": ")
                .filter(|(key, _)| key.eq_ignore_ascii_case(name))
                .map(|(_, value)| value.to_owned())
        })
    };
    let (range, condition) = (header("range"), header("if-range"));
    let reply = {
        let mut state = state.lock().unwrap();
        state.asked.push(path.clone());
        state.ranges.extend(range.clone());
        let reply = state
            .replies
            .get(&path)
            .cloned()
            .unwrap_or(Reply::Status(404));
        match reply.clone() {
            Reply::CutOnce { body, .. } => drop(state.replies.insert(path, Reply::Body(body))),
            Reply::CutThenOther { other, .. } => {
                drop(state.replies.insert(path, Reply::Body(other)));
            }
            Reply::Body(_) | Reply::Status(_) => {}
        }
        reply
    };
    let (body, cut) = match reply {
        Reply::Status(status) => {
            return write!(
                stream,
                "HTTP/1.1 {status} x\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
            );
        }
        Reply::Body(body) => (body, None),
        Reply::CutOnce { body, at } | Reply::CutThenOther { body, at, .. } => (body, Some(at)),
    };
    let etag = format!(
        "\"{}\"",
        &release_check::for_tests::outside::http::cache::sha256(&body)[..8]
    );
    let from: usize = range
        .filter(|_| condition.as_ref() == Some(&etag))
        .and_then(|range| {
            range
                .strip_prefix("bytes=")?
                .trim_end_matches('-')
                .parse()
                .ok()
        })
        .unwrap_or(0);
    let status = if from > 0 {
        format!(
            "206 x\r\nContent-Range: bytes {from}-{}/{}",
            body.len() - 1,
            body.len()
        )
    } else {
        "200 x".to_owned()
    };
    write!(
        stream,
        "HTTP/1.1 {status}\r\nContent-Length: {}\r\nETag: {etag}\r\nConnection: close\r\n\r\n",
        body.len() - from
    )?;
    stream.write_all(&body[from..cut.unwrap_or(body.len())])
}
