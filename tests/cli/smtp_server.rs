//! A real SMTP server on this machine, with TLS, that does what a test tells it to.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair};
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};

use crate::acts::Acts;

/// How the server does TLS.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Tls {
    /// STARTTLS.
    OnRequest,
    Implicit,
    /// Does not know STARTTLS.
    Without,
    /// Announces STARTTLS and then refuses it with this answer.
    Refused(&'static str),
    /// Sends this in the same breath as its answer to STARTTLS, as someone in between could.
    Injected(&'static str),
}

/// What the server does after the final dot.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verdict {
    Answer(&'static str),
    /// Closes the connection.
    Close,
    /// Says nothing for this long, then accepts.
    After(Duration),
}

/// What a test tells the server to do.
#[derive(Clone)]
pub(crate) struct Behaviour {
    pub(crate) tls: Tls,
    /// The name in its certificate.
    pub(crate) name: &'static str,
    /// User and password it wants; user `user` and password `s3cret` in the encodings of PLAIN and
    /// LOGIN.
    pub(crate) login: Option<&'static str>,
    /// How many times it refuses a recipient for now.
    pub(crate) greylisted: usize,
    /// How many connections it closes without a word.
    pub(crate) dropped: usize,
    /// Commands that start so get this answer.
    pub(crate) refuse: Option<(&'static str, &'static str)>,
    /// How long it thinks before each answer.
    pub(crate) slow: Duration,
    pub(crate) verdict: Verdict,
    /// Extensions it offers besides.
    pub(crate) offers: &'static [&'static str],
}

impl Default for Behaviour {
    fn default() -> Self {
        Self {
            tls: Tls::OnRequest,
            name: "127.0.0.1",
            login: None,
            greylisted: 0,
            dropped: 0,
            refuse: None,
            slow: Duration::ZERO,
            verdict: Verdict::Answer("250 2.0.0 queued"),
            offers: &["8BITMIME"],
        }
    }
}

/// A message the server has accepted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Received {
    pub(crate) from: String,
    pub(crate) to: Vec<String>,
    pub(crate) bytes: Vec<u8>,
}

/// What the server has seen.
#[derive(Debug, Default, Clone)]
pub(crate) struct Seen {
    pub(crate) connections: usize,
    /// Lines that arrived before TLS.
    pub(crate) plain: Vec<String>,
    /// Lines that arrived inside TLS, without messages.
    pub(crate) inside: Vec<String>,
    pub(crate) messages: Vec<Received>,
}

pub(crate) struct SmtpServer {
    pub(crate) port: u16,
    folder: tempfile::TempDir,
    seen: Arc<Mutex<Seen>>,
}

impl SmtpServer {
    pub(crate) fn start(behaviour: Behaviour) -> Self {
        Self::start_with(behaviour, &Arc::default())
    }

    /// A server whose accepted messages are counted together with what other servers do.
    pub(crate) fn start_with(behaviour: Behaviour, acts: &Arc<Acts>) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let config = Arc::new(certificates(&folder, behaviour.name));
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let seen = Arc::new(Mutex::new(Seen::default()));
        let (greylisted, acts) = (Arc::new(AtomicUsize::new(0)), Arc::clone(acts));
        let session = Session {
            behaviour,
            config,
            seen: Arc::clone(&seen),
            greylisted,
            acts,
        };
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let (Ok(stream), session) = (stream, session.clone()) else {
                    return;
                };
                std::thread::spawn(move || session.serve(stream));
            }
        });
        Self { port, folder, seen }
    }

    /// The file with the certificate of the server's authority.
    pub(crate) fn authority(&self) -> PathBuf {
        self.folder.path().join("authority.pem")
    }

    pub(crate) fn seen(&self) -> Seen {
        self.seen.lock().expect("a lock").clone()
    }

    /// Makes the server believe that this is all it has seen.
    pub(crate) fn restore(&self, seen: &Seen) {
        *self.seen.lock().expect("a lock") = seen.clone();
    }
}

fn certificates(folder: &tempfile::TempDir, name: &str) -> ServerConfig {
    let authority_key = KeyPair::generate().expect("a key");
    let mut authority = CertificateParams::new(Vec::new()).expect("parameters");
    authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    authority
        .distinguished_name
        .push(DnType::CommonName, folder.path().display().to_string());
    let authority_certificate = authority
        .self_signed(&authority_key)
        .expect("a certificate");
    std::fs::write(
        folder.path().join("authority.pem"),
        authority_certificate.pem(),
    )
    .expect("a file");
    let key = KeyPair::generate().expect("a key");
    let leaf = CertificateParams::new(vec![name.to_owned()]).expect("parameters");
    let leaf = leaf
        .signed_by(&key, &Issuer::from_params(&authority, &authority_key))
        .expect("a certificate");
    ServerConfig::builder_with_provider(rustls::crypto::ring::default_provider().into())
        .with_safe_default_protocol_versions()
        .expect("versions")
        .with_no_client_auth()
        .with_single_cert(
            vec![leaf.der().clone()],
            PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der())),
        )
        .expect("a configuration")
}

#[derive(Clone)]
struct Session {
    behaviour: Behaviour,
    config: Arc<ServerConfig>,
    seen: Arc<Mutex<Seen>>,
    greylisted: Arc<AtomicUsize>,
    acts: Arc<Acts>,
}

impl Session {
    fn serve(&self, stream: TcpStream) {
        let number = {
            let mut seen = self.seen.lock().expect("a lock");
            seen.connections += 1;
            seen.connections
        };
        if number > self.behaviour.dropped {
            // A client that goes away is part of the tests.
            let _ = if self.behaviour.tls == Tls::Implicit {
                self.converse(self.secure(stream), true, true)
            } else {
                self.before_tls(stream)
            };
        }
    }

    fn secure(&self, stream: TcpStream) -> StreamOwned<ServerConnection, TcpStream> {
        StreamOwned::new(
            ServerConnection::new(Arc::clone(&self.config)).expect("a connection"),
            stream,
        )
    }

    fn before_tls(&self, stream: TcpStream) -> io::Result<()> {
        let Some(stream) = self.until_starttls(stream)? else {
            return Ok(());
        };
        self.converse(self.secure(stream), true, false)
    }

    /// Speaks without TLS; the stream again, if the client asked for TLS and gets it.
    fn until_starttls(&self, mut stream: TcpStream) -> io::Result<Option<TcpStream>> {
        self.answer(&mut stream, "220 test ESMTP")?;
        loop {
            let line = read_line(&mut stream)?;
            self.seen.lock().expect("a lock").plain.push(line.clone());
            match (
                line.split(' ').next().unwrap_or_default(),
                self.behaviour.tls,
            ) {
                ("EHLO", Tls::Without) => self.answer(
                    &mut stream,
                    "250-test\r\n250-AUTH PLAIN LOGIN\r\n250 SIZE 1000000",
                )?,
                ("EHLO", _) => self.answer(
                    &mut stream,
                    "250-test\r\n250-AUTH PLAIN LOGIN\r\n250 STARTTLS",
                )?,
                ("STARTTLS", Tls::OnRequest) => {
                    self.answer(&mut stream, "220 go on")?;
                    return Ok(Some(stream));
                }
                ("STARTTLS", Tls::Refused(answer)) => self.answer(&mut stream, answer)?,
                ("STARTTLS", Tls::Injected(more)) => {
                    self.answer(&mut stream, &format!("220 go on\r\n{more}"))?;
                    return Ok(Some(stream));
                }
                ("QUIT", _) => return Ok(None),
                _ => self.answer(&mut stream, "250 as you like")?,
            }
        }
    }

    fn converse(
        &self,
        stream: impl Read + Write,
        mut anonymous: bool,
        greet: bool,
    ) -> io::Result<()> {
        let mut stream = BufReader::new(stream);
        let mut message = Received {
            from: String::new(),
            to: Vec::new(),
            bytes: Vec::new(),
        };
        if greet {
            self.answer(stream.get_mut(), "220 test ESMTP")?;
        }
        loop {
            let line = read_line(&mut stream)?;
            self.seen.lock().expect("a lock").inside.push(line.clone());
            let out = stream.get_mut();
            if let Some((_, answer)) = self
                .behaviour
                .refuse
                .filter(|(start, _)| line.starts_with(start))
            {
                self.answer(out, answer)?;
                continue;
            }
            let verb = line
                .split([' ', ':'])
                .next()
                .unwrap_or_default()
                .to_ascii_uppercase();
            match verb.as_str() {
                "EHLO" => self.answer(out, &self.offer())?,
                "AUTH" => {
                    let accepted = self.login(&line, &mut stream)?;
                    anonymous &= !accepted;
                    self.answer(
                        stream.get_mut(),
                        if accepted {
                            "235 2.7.0 welcome"
                        } else {
                            "535 5.7.8 wrong user or password"
                        },
                    )?;
                }
                "MAIL" if anonymous && self.behaviour.login.is_some() => {
                    self.answer(out, "530 5.7.0 log in first")?;
                }
                "MAIL" => {
                    message = Received {
                        from: address(&line),
                        to: Vec::new(),
                        bytes: Vec::new(),
                    };
                    self.answer(out, "250 2.1.0 ok")?;
                }
                "RCPT"
                    if self.greylisted.fetch_add(1, Ordering::SeqCst)
                        < self.behaviour.greylisted =>
                {
                    self.answer(out, "450 4.2.0 greylisted, come back later")?;
                }
                "RCPT" => {
                    message.to.push(address(&line));
                    self.answer(out, "250 2.1.5 ok")?;
                }
                "DATA" => {
                    self.answer(out, "354 go on")?;
                    message.bytes = read_message(&mut stream)?;
                    if !self.judge(stream.get_mut(), &message)? {
                        return Ok(());
                    }
                }
                "QUIT" => return self.answer(out, "221 bye"),
                _ => self.answer(out, "502 5.5.1 unknown")?,
            }
        }
    }

    fn judge(&self, out: &mut impl Write, message: &Received) -> io::Result<bool> {
        let keep = || {
            self.acts.perform("mail".to_owned(), || {
                self.seen
                    .lock()
                    .expect("a lock")
                    .messages
                    .push(message.clone());
            })
        };
        match self.behaviour.verdict {
            Verdict::Answer(answer) => {
                if answer.starts_with('2') && keep().is_none() {
                    return Ok(false);
                }
                self.answer(out, answer)?;
                Ok(true)
            }
            Verdict::Close => {
                keep();
                Ok(false)
            }
            Verdict::After(pause) => {
                keep();
                std::thread::sleep(pause);
                self.answer(out, "250 2.0.0 queued at last")?;
                Ok(true)
            }
        }
    }

    fn offer(&self) -> String {
        let login = self
            .behaviour
            .login
            .map(|mechanism| format!("AUTH {mechanism}"));
        let mut lines: Vec<String> = std::iter::once("test".to_owned()).chain(login).collect();
        lines.extend(self.behaviour.offers.iter().map(|&offer| offer.to_owned()));
        let last = lines.pop().unwrap_or_default();
        lines
            .iter()
            .map(|line| format!("250-{line}\r\n"))
            .collect::<String>()
            + "250 "
            + &last
    }

    fn login(&self, line: &str, stream: &mut BufReader<impl Read + Write>) -> io::Result<bool> {
        if let Some(token) = line.strip_prefix("AUTH PLAIN ") {
            return Ok(self.behaviour.login == Some("PLAIN") && token == "AHVzZXIAczNjcmV0");
        }
        self.answer(stream.get_mut(), "334 VXNlcm5hbWU6")?;
        let user = read_line(stream)?;
        self.answer(stream.get_mut(), "334 UGFzc3dvcmQ6")?;
        let password = read_line(stream)?;
        Ok(self.behaviour.login == Some("LOGIN") && user == "dXNlcg==" && password == "czNjcmV0")
    }

    fn answer(&self, out: &mut impl Write, answer: &str) -> io::Result<()> {
        std::thread::sleep(self.behaviour.slow);
        out.write_all(answer.as_bytes())?;
        out.write_all(b"\r\n")?;
        out.flush()
    }
}

fn address(line: &str) -> String {
    line.split(['<', '>']).nth(1).unwrap_or_default().to_owned()
}

/// Reads byte by byte, so that what follows is still there for TLS.
fn read_line(stream: &mut impl Read) -> io::Result<String> {
    let mut line = Vec::new();
    let mut byte = [0];
    while !line.ends_with(b"\r\n") {
        stream.read_exact(&mut byte)?;
        line.push(byte[0]);
    }
    line.truncate(line.len() - 2);
    Ok(String::from_utf8_lossy(&line).into_owned())
}

/// Reads up to the final dot and takes the doubled dots back (RFC 5321, 4.5.2).
fn read_message(stream: &mut impl BufRead) -> io::Result<Vec<u8>> {
    let mut message = Vec::new();
    loop {
        let mut line = Vec::new();
        if stream.read_until(b'\n', &mut line)? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        assert!(line.ends_with(b"\r\n"), "a bare line feed: {line:?}");
        if line == b".\r\n" {
            return Ok(message);
        }
        message.extend_from_slice(line.strip_prefix(b".").unwrap_or(&line));
    }
}
