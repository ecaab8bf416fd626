//! A web server on this machine that plays upstream: healthy, or with any fault.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

/// A request as it came.
#[derive(Debug, Clone)]
pub(crate) struct Request {
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) headers: BTreeMap<String, String>,
    pub(crate) body: Vec<u8>,
}

/// What to answer.
#[derive(Debug, Clone)]
pub(crate) enum Reply {
    /// A whole answer; with status 200 it carries an `ETag`, and turns into a 304 for those who
    /// know it.
    Whole {
        status: u16,
        headers: Vec<(String, String)>,
        body: Vec<u8>,
    },
    /// The headers announce the body, of which only the beginning comes.
    CutOff {
        headers: Vec<(String, String)>,
        body: Vec<u8>,
        at: usize,
    },
    /// The connection is closed without a word.
    Closed,
    /// Nothing comes for a long time.
    Silence,
    /// A byte of the body every while, for ever.
    Drip,
    /// A gigabyte of zeros, as fast as they are taken.
    Zeros,
}

type Route = Arc<dyn Fn(&Request, usize) -> Reply + Send + Sync>;

/// The server; it ends with the test's process.
pub(crate) struct Server {
    root: String,
    shared: Arc<Shared>,
}

#[derive(Default)]
struct Shared {
    routes: Mutex<Vec<(String, Route)>>,
    seen: Mutex<Vec<Request>>,
    bytes: AtomicU64,
}

impl Reply {
    pub(crate) fn ok(body: impl Into<Vec<u8>>) -> Self {
        Self::status(200, body)
    }

    pub(crate) fn status(status: u16, body: impl Into<Vec<u8>>) -> Self {
        Self::Whole {
            status,
            headers: Vec::new(),
            body: body.into(),
        }
    }

    pub(crate) fn header(mut self, name: &str, value: &str) -> Self {
        if let Self::Whole { headers, .. } | Self::CutOff { headers, .. } = &mut self {
            headers.push((name.to_owned(), value.to_owned()));
        }
        self
    }
}

impl Server {
    pub(crate) fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let root = format!("http://{}", listener.local_addr().expect("an address"));
        let shared = Arc::new(Shared::default());
        let serving = Arc::clone(&shared);
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let shared = Arc::clone(&serving);
                thread::spawn(move || shared.serve(&stream));
            }
        });
        Self { root, shared }
    }

    /// The server's address without a slash at its end.
    pub(crate) fn root(&self) -> &str {
        &self.root
    }

    /// Answers requests whose path begins like this; the latest route with the longest beginning
    /// counts. The number is that of the earlier requests.
    pub(crate) fn route(
        &self,
        path: &str,
        reply: impl Fn(&Request, usize) -> Reply + Send + Sync + 'static,
    ) -> &Self {
        let mut routes = self.shared.routes.lock().expect("routes");
        routes.retain(|(known, _)| known != path);
        routes.push((path.to_owned(), Arc::new(reply)));
        routes.sort_by_key(|(path, _)| std::cmp::Reverse(path.len()));
        self
    }

    /// Always answers the same.
    pub(crate) fn serve(&self, path: &str, reply: Reply) -> &Self {
        self.route(path, move |_, _| reply.clone())
    }

    /// Bytes of whole bodies sent so far.
    pub(crate) fn bytes(&self) -> u64 {
        self.shared.bytes.load(Ordering::Relaxed)
    }

    /// The requests so far, and forgets them.
    pub(crate) fn take_requests(&self) -> Vec<Request> {
        std::mem::take(&mut self.shared.seen.lock().expect("requests"))
    }
}

impl Shared {
    fn serve(&self, stream: &TcpStream) {
        let mut reader = BufReader::new(stream.try_clone().expect("a stream"));
        while let Some(request) = read(&mut reader) {
            let earlier = {
                let mut seen = self.seen.lock().expect("requests");
                let earlier = seen.iter().filter(|seen| seen.path == request.path).count();
                seen.push(request.clone());
                earlier
            };
            let route = self
                .routes
                .lock()
                .expect("routes")
                .iter()
                .find(|(path, _)| request.path.starts_with(path))
                .map(|(_, route)| Arc::clone(route));
            let reply = route.map_or_else(
                || Reply::status(404, "{\"message\":\"Not Found\"}"),
                |route| route(&request, earlier),
            );
            if answer(stream, &request, reply, &self.bytes).is_none() {
                break;
            }
        }
        let _ = stream.shutdown(std::net::Shutdown::Both);
    }
}

fn read(reader: &mut BufReader<TcpStream>) -> Option<Request> {
    let mut line = String::new();
    reader
        .read_line(&mut line)
        .ok()
        .filter(|length| *length > 0)?;
    let mut words = line.split_whitespace().map(str::to_owned);
    let (method, path) = (words.next()?, words.next()?);
    let mut headers = BTreeMap::new();
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).ok()?;
        match line.trim_end().split_once(':') {
            Some((name, value)) => {
                headers.insert(name.to_ascii_lowercase(), value.trim().to_owned())
            }
            None => break,
        };
    }
    let length = headers
        .get("content-length")
        .and_then(|length| length.parse().ok())
        .unwrap_or(0);
    let mut body = vec![0; length];
    std::io::Read::read_exact(reader, &mut body).ok()?;
    Some(Request {
        method,
        path,
        headers,
        body,
    })
}

/// Writes an answer; `None` where the connection is of no more use.
fn answer(mut stream: &TcpStream, request: &Request, reply: Reply, sent: &AtomicU64) -> Option<()> {
    match reply {
        Reply::Whole {
            status: 200,
            mut headers,
            body,
        } => {
            let etag = format!("\"{:x}\"", digest(&body));
            let known = request.headers.get("if-none-match") == Some(&etag);
            if !headers.iter().any(|(name, _)| name == "etag") {
                headers.push(("etag".to_owned(), etag));
            }
            let (status, body) = if known {
                (304, Vec::new())
            } else {
                (200, body)
            };
            sent.fetch_add(body.len() as u64, Ordering::Relaxed);
            write(stream, status, &headers, body.len(), &body)
        }
        Reply::Whole {
            status,
            headers,
            body,
        } => write(stream, status, &headers, body.len(), &body),
        Reply::CutOff { headers, body, at } => {
            write(stream, 200, &headers, body.len(), &body[..at]);
            None
        }
        Reply::Closed => None,
        Reply::Silence => {
            thread::sleep(Duration::from_secs(300));
            None
        }
        Reply::Drip => {
            write(stream, 200, &[], 1 << 30, b"")?;
            while stream.write_all(b" ").is_ok() {
                thread::sleep(Duration::from_millis(200));
            }
            None
        }
        Reply::Zeros => {
            write(stream, 200, &[], 1 << 30, b"")?;
            for _ in 0..1 << 14 {
                stream.write_all(&[0; 1 << 16]).ok()?;
            }
            Some(())
        }
    }
}

fn write(
    mut stream: &TcpStream,
    status: u16,
    headers: &[(String, String)],
    length: usize,
    body: &[u8],
) -> Option<()> {
    let mut head = format!("HTTP/1.1 {status} X\r\ncontent-length: {length}\r\n");
    for (name, value) in headers {
        head.push_str(&format!("{name}: {value}\r\n"));
    }
    head.push_str("\r\n");
    stream
        .write_all(head.as_bytes())
        .and_then(|()| stream.write_all(body))
        .ok()
}

fn digest(body: &[u8]) -> u64 {
    use std::hash::{DefaultHasher, Hash, Hasher};
    let mut hasher = DefaultHasher::new();
    body.hash(&mut hasher);
    hasher.finish()
}
