//! What every request must look like.

use std::fs;
use std::io::Write;

use serde_json::json;

use super::{Answer, Request, State, TOKEN};

/// Complains about what no good client sends; refuses what the real forge would refuse.
pub(super) fn headers(state: &mut State, request: &Request) -> Option<Answer> {
    let header = |name: &str| request.headers.get(name).map_or("", String::as_str);
    let mut complaints = Vec::new();
    for (name, good) in [
        ("accept", header("accept") == "application/vnd.github+json"),
        (
            "x-github-api-version",
            header("x-github-api-version") == "2022-11-28",
        ),
        (
            "user-agent",
            header("user-agent").starts_with("release-check/"),
        ),
        (
            "content-type",
            request.body.is_empty() || header("content-type") == "application/json",
        ),
    ] {
        if !good {
            complaints.push(format!("{name}: `{}`", header(name)));
        }
    }
    if request.method == "GET" && !request.body.is_empty() {
        complaints.push("a body where none belongs".to_owned());
    }
    if !request.body.is_empty() && !request.json().is_object() {
        complaints.push("the body is not a JSON object".to_owned());
    }
    let Request { method, path, .. } = request;
    state.complaints.extend(
        complaints
            .into_iter()
            .map(|what| format!("{method} {path}: {what}")),
    );
    let Some(token) = header("authorization").strip_prefix("Bearer ") else {
        return Some(Answer::message(401, "Bad credentials"));
    };
    let repository = repository_of(request);
    if token == state.token_of(&repository) {
        return None;
    }
    if token != TOKEN && !state.tokens.values().any(|known| known == token) {
        return Some(Answer::message(401, "Bad credentials"));
    }
    state
        .complaints
        .push(format!("{method} {path}: another repository's token"));
    Some(Answer::message(404, "Not Found"))
}

/// The repository that a request is about, by its path or its variables.
fn repository_of(request: &Request) -> String {
    match request.path.strip_prefix("/api/v3/repos/") {
        Some(rest) => rest.split('/').take(2).collect::<Vec<_>>().join("/"),
        None => request.json()["variables"]["input"]["branch"]["repositoryNameWithOwner"]
            .as_str()
            .unwrap_or_default()
            .to_owned(),
    }
}

/// Complains about fields that the documentation does not know, and about missing ones.
pub(super) fn fields(state: &mut State, request: &Request, required: &[&str], optional: &[&str]) {
    let body = request.json();
    let given: Vec<&str> = body
        .as_object()
        .map(|object| object.keys().map(String::as_str).collect())
        .unwrap_or_default();
    let unknown = given
        .iter()
        .filter(|name| !required.contains(name) && !optional.contains(name))
        .map(|name| format!("unknown field `{name}`"));
    let missing = required
        .iter()
        .filter(|name| !given.contains(name))
        .map(|name| format!("missing field `{name}`"));
    let complaints: Vec<_> = unknown
        .chain(missing)
        .map(|what| format!("{} {}: {what}", request.method, request.path))
        .collect();
    state.complaints.extend(complaints);
}

/// Appends the requests to the file that a script compares with GitHub's own description.
pub(super) fn record(log: &[Request]) {
    let Some(file) = std::env::var_os("RELEASE_CHECK_RECORD_REQUESTS") else {
        return;
    };
    let mut lines = String::new();
    for request in log {
        let path = request
            .path
            .strip_prefix("/api/v3")
            .unwrap_or(&request.path);
        let body = if request.body.is_empty() {
            serde_json::Value::Null
        } else {
            request.json()
        };
        lines.push_str(&json!({ "method": request.method, "path": path, "query": request.query, "body": body }).to_string());
        lines.push('\n');
    }
    let mut file = fs::OpenOptions::new()
        .create(true)
        .append(true)
        .open(file)
        .expect("a file for requests");
    file.write_all(lines.as_bytes())
        .expect("requests are written");
}
