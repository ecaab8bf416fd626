//! `createCommitOnBranch`.

use base64::Engine as _;
use serde_json::{Value, json};

use super::{Answer, Request, State};

pub(super) fn answer(state: &mut State, request: &Request) -> Answer {
    let body = request.json();
    let query = body["query"].as_str().unwrap_or_default();
    let known = query.contains("mutation($input: CreateCommitOnBranchInput!)")
        && query.contains("createCommitOnBranch(input: $input)");
    if !known {
        state.complaints.push(format!("unknown query {query}"));
        return error("", "unknown query");
    }
    let input = &body["variables"]["input"];
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let (name, branch) = (
        text(&input["branch"]["repositoryNameWithOwner"]),
        text(&input["branch"]["branchName"]),
    );
    let user = state.user.clone();
    let Some(repository) = state.repositories.get_mut(&name) else {
        return error("NOT_FOUND", "Could not resolve to a Repository.");
    };
    let Some(head) = repository.head(&branch) else {
        return error("NOT_FOUND", "Could not resolve to a Ref.");
    };
    if input["expectedHeadOid"] != head.to_string() {
        return error(
            "STALE_DATA",
            &format!(
                "Expected branch to point to \"{}\" but it did not. Pull and try again.",
                text(&input["expectedHeadOid"])
            ),
        );
    }
    let mut files = Vec::new();
    for addition in input["fileChanges"]["additions"]
        .as_array()
        .into_iter()
        .flatten()
    {
        let Ok(content) =
            base64::engine::general_purpose::STANDARD.decode(text(&addition["contents"]))
        else {
            return error("UNPROCESSABLE", "contents is not base64");
        };
        files.push((text(&addition["path"]), Some(content)));
    }
    for deletion in input["fileChanges"]["deletions"]
        .as_array()
        .into_iter()
        .flatten()
    {
        files.push((text(&deletion["path"]), None));
    }
    let files: Vec<_> = files
        .iter()
        .map(|(path, content)| (path.as_str(), content.as_deref(), 0o100_644))
        .collect();
    let message = format!(
        "{}\n\n{}",
        text(&input["message"]["headline"]),
        text(&input["message"]["body"])
    );
    let id = repository.commit_entries(&branch, &message, &user, &files);
    Answer::json(
        200,
        &json!({ "data": { "createCommitOnBranch": { "commit": { "oid": id.to_string() } } } }),
    )
}

fn error(kind: &str, message: &str) -> Answer {
    Answer::json(
        200,
        &json!({ "data": { "createCommitOnBranch": null }, "errors": [{ "type": kind, "message": message, "path": ["createCommitOnBranch"] }] }),
    )
}
