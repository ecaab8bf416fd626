//! Smart HTTP: git's own server program, behind the token as a password.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use base64::Engine as _;

use super::{Answer, Request, State};
use crate::missing;

/// Whether git can serve and speak smart HTTP here.
pub(crate) fn has_http_backend() -> bool {
    let path = Command::new("git")
        .arg("--exec-path")
        .output()
        .expect("git")
        .stdout;
    let folder = Path::new(String::from_utf8_lossy(&path).trim()).to_owned();
    let there = folder.join("git-http-backend").exists() && folder.join("git-remote-http").exists();
    if !there {
        missing::skip("this git has no http-backend");
    }
    there
}

/// Where a request of git leads.
pub(super) struct Place {
    folder: PathBuf,
    below: String,
    token: String,
}

impl Place {
    pub(super) fn of(state: &State, request: &Request) -> Option<Self> {
        let (name, below) = request.path.trim_start_matches('/').split_once(".git/")?;
        let repository = state.repositories.get(name)?;
        Some(Self {
            folder: repository.folder.path().to_owned(),
            below: below.to_owned(),
            token: state.token_of(name).to_owned(),
        })
    }

    /// Whether a request moves references.
    pub(super) fn is_push(&self, request: &Request) -> bool {
        self.below == "git-receive-pack" && self.admits(request)
    }

    fn admits(&self, request: &Request) -> bool {
        let expected = base64::engine::general_purpose::STANDARD
            .encode(format!("x-access-token:{}", self.token));
        request
            .headers
            .get("authorization")
            .is_some_and(|given| given.split_once(' ') == Some(("Basic", &expected)))
    }

    pub(super) fn serve(&self, request: &Request) -> Answer {
        if !self.admits(request) {
            return Answer::message(401, "who are you?")
                .with("www-authenticate", "Basic realm=\"git\"");
        }
        let mut command = Command::new("git");
        command
            .arg("http-backend")
            .env("GIT_PROJECT_ROOT", &self.folder)
            .env("GIT_HTTP_EXPORT_ALL", "1")
            .env("REMOTE_USER", "release-bot");
        command
            .env("PATH_INFO", format!("/{}", self.below))
            .env("QUERY_STRING", &request.raw_query)
            .env("REQUEST_METHOD", &request.method);
        command
            .env("GIT_CONFIG_COUNT", "1")
            .env("GIT_CONFIG_KEY_0", "safe.directory")
            .env("GIT_CONFIG_VALUE_0", "*");
        for (variable, header) in [
            ("CONTENT_TYPE", "content-type"),
            ("HTTP_CONTENT_ENCODING", "content-encoding"),
            ("HTTP_GIT_PROTOCOL", "git-protocol"),
        ] {
            if let Some(value) = request.headers.get(header) {
                command.env(variable, value);
            }
        }
        command.env("CONTENT_LENGTH", request.body.len().to_string());
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("git http-backend");
        let mut input = child.stdin.take().expect("its input");
        let body = request.body.clone();
        let writer = std::thread::spawn(move || input.write_all(&body));
        let output = child.wait_with_output().expect("its output").stdout;
        let _ = writer.join();
        let end = output
            .windows(4)
            .position(|window| window == b"\r\n\r\n")
            .expect("a head");
        let mut answer = Answer {
            status: 200,
            headers: Vec::new(),
            body: output[end + 4..].to_vec(),
        };
        for line in String::from_utf8_lossy(&output[..end]).lines() {
            match line.split_once(": ") {
                Some(("Status", status)) => answer.status = status[..3].parse().expect("a status"),
                Some((name, value)) => answer.headers.push((name.to_owned(), value.to_owned())),
                None => {}
            }
        }
        answer
    }
}
