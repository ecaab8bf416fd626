//! The REST API: what is documented, and nothing else.

use base64::Engine as _;
use git2::Oid;
use serde_json::{Value, json};

use super::repository::PullEnds;
use super::{
    Answer, Issue, Repository, Request, State, advisories, check, graphql, history, releases,
};

/// A list of at most so many of one page.
const PAGE: usize = 100;

pub(super) fn answer(state: &mut State, request: &Request) -> Answer {
    if request.path == "/api/graphql" {
        return if request.method == "POST" {
            graphql::answer(state, request)
        } else {
            Answer::message(405, "no")
        };
    }
    let Some(rest) = request.path.strip_prefix("/api/v3/repos/") else {
        state.complaints.push(format!(
            "{} {}: no such endpoint",
            request.method, request.path
        ));
        return Answer::message(404, "Not Found");
    };
    let parts: Vec<&str> = rest.split('/').collect();
    let [owner, name, path @ ..] = parts.as_slice() else {
        return Answer::message(404, "Not Found");
    };
    let name = format!("{owner}/{name}");
    fields(state, request, path);
    let user = state.user.clone();
    let Some(repository) = state.repositories.get_mut(&name) else {
        return Answer::message(404, "Not Found");
    };
    if let Some(answer) = route(repository, request, path, &user) {
        return answer;
    }
    state.complaints.push(format!(
        "{} {}: no such endpoint",
        request.method, request.path
    ));
    Answer::message(404, "Not Found")
}

fn fields(state: &mut State, request: &Request, path: &[&str]) {
    let (required, optional): (&[&str], &[&str]) = match (request.method.as_str(), path) {
        ("POST", ["git", "refs"]) => (&["ref", "sha"], &[]),
        ("PATCH", ["git", "refs", ..]) => (&["sha"], &["force"]),
        ("POST", ["git", "blobs"]) => (&["content"], &["encoding"]),
        ("POST", ["git", "trees"]) => (&["tree"], &["base_tree"]),
        ("POST", ["git", "commits"]) => (
            &["message", "tree"],
            &["parents", "author", "committer", "signature"],
        ),
        ("POST", ["pulls"]) => (
            &["head", "base"],
            &[
                "title",
                "body",
                "draft",
                "maintainer_can_modify",
                "head_repo",
                "issue",
            ],
        ),
        ("PATCH", ["pulls", _]) => (
            &[],
            &["title", "body", "state", "base", "maintainer_can_modify"],
        ),
        ("POST", ["pulls", _, "requested_reviewers"]) => (&[], &["reviewers", "team_reviewers"]),
        ("POST", ["issues"]) => (&["title"], &["body", "labels", "assignees", "milestone"]),
        ("PATCH", ["issues", _]) => (
            &[],
            &[
                "title",
                "body",
                "state",
                "state_reason",
                "labels",
                "assignees",
                "milestone",
            ],
        ),
        ("POST", ["issues", _, "comments"]) => (&["body"], &[]),
        ("POST", ["issues", _, "labels"]) => (&["labels"], &[]),
        ("POST" | "PATCH", ["security-advisories", ..]) => advisories::fields(&request.method),
        ("POST" | "PATCH", ["releases", ..]) => releases::fields(&request.method),
        _ => (&[], &[]),
    };
    check::fields(state, request, required, optional);
}

fn route(
    repository: &mut Repository,
    request: &Request,
    path: &[&str],
    user: &str,
) -> Option<Answer> {
    let body = request.json();
    Some(match (request.method.as_str(), path) {
        ("GET", []) => Answer::json(
            200,
            &json!({ "full_name": repository.name, "default_branch": "main", "permissions": { "pull": true, "push": true, "admin": false } }),
        ),
        ("GET", ["git", "matching-refs", prefix @ ..]) => {
            let prefix = format!("refs/{}", prefix.join("/"));
            let references = repository
                .git
                .references_glob(&format!("{prefix}*"))
                .expect("references");
            let mut names: Vec<_> = references
                .flatten()
                .filter_map(|reference| reference.name().ok().map(str::to_owned))
                .collect();
            names.sort();
            Answer::json(
                200,
                &names
                    .iter()
                    .map(|name| reference(repository, name))
                    .collect::<Vec<_>>()
                    .into(),
            )
        }
        ("GET", ["branches"]) => {
            let all: Vec<_> = repository
                .branches()
                .iter()
                .map(|name| {
                    let head = repository.head(name).expect("a head").to_string();
                    json!({ "name": name, "commit": { "sha": head, "url": "" }, "protected": false })
                })
                .collect();
            if all.len() > 100 {
                Answer::json(200, &all[..100].to_vec().into())
                    .with("link", "<https://forge.example/?page=2>; rel=\"next\"")
            } else {
                Answer::json(200, &all.into())
            }
        }
        ("GET", ["git", "ref", name @ ..]) => {
            let name = format!("refs/{}", name.join("/"));
            if repository.git.find_reference(&name).is_ok() {
                Answer::json(200, &reference(repository, &name))
            } else {
                not_found()
            }
        }
        ("POST", ["git", "refs"]) => create_reference(repository, &body),
        ("PATCH", ["git", "refs", name @ ..]) => {
            move_reference(repository, &format!("refs/{}", name.join("/")), &body)
        }
        ("DELETE", ["git", "refs", name @ ..]) => match repository
            .git
            .find_reference(&format!("refs/{}", name.join("/")))
        {
            Ok(mut reference) => {
                reference.delete().expect("deleted");
                Answer {
                    status: 204,
                    headers: Vec::new(),
                    body: Vec::new(),
                }
            }
            Err(_) => Answer::message(422, "Reference does not exist"),
        },
        ("GET", ["compare", range @ ..]) => compare(repository, &range.join("/"), request),
        ("GET", ["commits"]) => history::commits(repository, request),
        ("GET", ["commits", sha]) => commit(repository, sha),
        ("GET", ["commits", sha, "check-runs"]) => check_runs(repository, sha, request),
        ("GET", ["commits", sha, "status"]) => statuses(repository, sha, request),
        ("GET", ["git", "tags", sha]) => match repository.git.find_tag(oid(sha)) {
            Ok(tag) => {
                let kind = tag.target_type().map_or("commit", |kind| kind.str());
                Answer::json(
                    200,
                    &json!({ "tag": tag.name().ok(), "sha": sha, "object": { "type": kind, "sha": tag.target_id().to_string() } }),
                )
            }
            Err(_) => not_found(),
        },
        ("GET", ["git", "commits", sha]) => match repository.git.find_commit(oid(sha)) {
            Ok(commit) => Answer::json(
                200,
                &json!({ "sha": sha, "message": commit.message().ok(), "tree": { "sha": commit.tree_id().to_string() } }),
            ),
            Err(_) => not_found(),
        },
        ("GET", ["git", "trees", sha]) => tree(repository, sha),
        ("GET", ["git", "blobs", sha]) => match repository.git.find_blob(oid(sha)) {
            Ok(blob) => {
                let content = base64::engine::general_purpose::STANDARD.encode(blob.content());
                let lines: Vec<_> = content
                    .as_bytes()
                    .chunks(60)
                    .map(|line| String::from_utf8_lossy(line).into_owned())
                    .collect();
                Answer::json(
                    200,
                    &json!({ "sha": sha, "size": blob.size(), "encoding": "base64", "content": lines.join("\n") }),
                )
            }
            Err(_) => not_found(),
        },
        ("POST", ["git", "blobs"]) => {
            let content = base64::engine::general_purpose::STANDARD
                .decode(text(&body["content"]))
                .expect("base64");
            Answer::json(
                201,
                &json!({ "sha": repository.git.blob(&content).expect("a blob").to_string() }),
            )
        }
        ("POST", ["git", "trees"]) => create_tree(repository, &body),
        ("POST", ["git", "commits"]) => {
            let parents: Vec<_> = body["parents"]
                .as_array()
                .into_iter()
                .flatten()
                .map(|sha| oid(&text(sha)))
                .collect();
            let id = repository.make(
                &text(&body["message"]),
                user,
                oid(&text(&body["tree"])),
                &parents,
            );
            Answer::json(201, &json!({ "sha": id.to_string() }))
        }
        (_, ["security-advisories", rest @ ..]) => {
            return advisories::answer(repository, request, rest);
        }
        (_, ["releases", rest @ ..]) => return releases::answer(repository, request, rest),
        ("GET", ["pulls"]) => pulls(repository, request),
        ("POST", ["pulls"]) => open_pull(repository, &body, user),
        ("PATCH", ["pulls" | "issues", number]) => {
            update(repository, number, &body, path[0] == "pulls")
        }
        ("POST", ["pulls", number, "requested_reviewers"]) => ask(repository, number, &body),
        ("GET", ["issues"]) => issues(repository, request),
        ("POST", ["issues"]) => {
            let labels = body["labels"]
                .as_array()
                .into_iter()
                .flatten()
                .map(text)
                .collect();
            let number = repository.next_number();
            let issue = Issue {
                number,
                title: text(&body["title"]),
                body: text(&body["body"]),
                open: true,
                labels,
                author: user.to_owned(),
                ..Issue::default()
            };
            let json = issue.json(repository);
            repository.issues.insert(number, issue);
            Answer::json(201, &json)
        }
        ("GET", ["issues", number, "comments"]) => {
            let Some(issue) = number
                .parse()
                .ok()
                .and_then(|number: u64| repository.issues.get(&number))
            else {
                return Some(not_found());
            };
            page(
                request,
                &issue
                    .comments
                    .iter()
                    .map(|body| json!({ "body": body, "user": { "login": user, "type": "User" }, "author_association": "MEMBER" }))
                    .chain(issue.strangers.iter().map(|body| json!({ "body": body, "user": { "login": "stranger", "type": "User" }, "author_association": "NONE" })))
                    .collect::<Vec<_>>(),
            )
        }
        ("GET", ["issues", number, "events"]) => {
            let Some(issue) = number
                .parse()
                .ok()
                .and_then(|number: u64| repository.issues.get(&number))
            else {
                return Some(not_found());
            };
            page(request, &issue.events)
        }
        ("POST", ["issues", number, "comments"]) => {
            let issue = number
                .parse()
                .ok()
                .and_then(|number: u64| repository.issues.get_mut(&number))?;
            issue.comments.push(text(&body["body"]));
            Answer::json(
                201,
                &json!({ "id": issue.comments.len(), "body": body["body"] }),
            )
        }
        ("POST", ["issues", number, "labels"]) => {
            let issue = number
                .parse()
                .ok()
                .and_then(|number: u64| repository.issues.get_mut(&number))?;
            for label in body["labels"].as_array().into_iter().flatten().map(text) {
                issue
                    .events
                    .push(json!({ "event": "labeled", "label": { "name": label } }));
                if !issue.labels.contains(&label) {
                    issue.labels.push(label);
                }
            }
            Answer::json(200, &json!([]))
        }
        _ => return None,
    })
}

fn not_found() -> Answer {
    Answer::message(404, "Not Found")
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

fn oid(sha: &str) -> Oid {
    Oid::from_str(sha).unwrap_or(Oid::ZERO_SHA1)
}

/// A page of a list that stands in a field.
fn page_in(request: &Request, field: &str, all: &[Value]) -> Answer {
    let mut answer = page(request, all);
    let items: Value = serde_json::from_slice(&answer.body).expect("a list");
    answer.body = json!({ "total_count": all.len(), field: items })
        .to_string()
        .into_bytes();
    answer
}

fn page(request: &Request, all: &[Value]) -> Answer {
    let number = request
        .query
        .get("page")
        .and_then(|page| page.parse().ok())
        .unwrap_or(1_usize);
    let size = request
        .query
        .get("per_page")
        .and_then(|size| size.parse().ok())
        .unwrap_or(30)
        .min(PAGE);
    let items: Vec<_> = all
        .iter()
        .skip((number - 1) * size)
        .take(size)
        .cloned()
        .collect();
    let answer = Answer::json(200, &items.into());
    if number * size < all.len() {
        answer.with(
            "link",
            &format!("<http://127.0.0.1/?page={}>; rel=\"next\"", number + 1),
        )
    } else {
        answer
    }
}

fn reference(repository: &Repository, name: &str) -> Value {
    let id = repository
        .git
        .find_reference(name)
        .ok()
        .and_then(|reference| reference.target());
    let kind = id
        .and_then(|id| repository.git.find_object(id, None).ok()?.kind())
        .unwrap_or(git2::ObjectType::Commit);
    json!({ "ref": name, "node_id": "x", "url": "x", "object": { "type": kind.str(), "sha": id.map(|id| id.to_string()), "url": "x" } })
}

fn create_reference(repository: &Repository, body: &Value) -> Answer {
    let (name, sha) = (text(&body["ref"]), oid(&text(&body["sha"])));
    if !name.starts_with("refs/") || !repository.is_commit(sha) {
        return Answer::message(422, "Object does not exist");
    }
    match repository.git.reference(&name, sha, false, "") {
        Ok(_) => Answer::json(201, &reference(repository, &name)),
        Err(_) => Answer::message(422, "Reference already exists"),
    }
}

fn move_reference(repository: &Repository, name: &str, body: &Value) -> Answer {
    let sha = oid(&text(&body["sha"]));
    let Some(from) = repository
        .git
        .find_reference(name)
        .ok()
        .and_then(|reference| reference.target())
    else {
        return Answer::message(422, "Reference does not exist");
    };
    if !repository.is_commit(sha) {
        return Answer::message(422, "Object does not exist");
    }
    let forward = from == sha
        || repository
            .git
            .graph_descendant_of(sha, from)
            .unwrap_or(false);
    if !forward && body["force"] != true {
        return Answer::message(422, "Update is not a fast forward");
    }
    repository
        .git
        .reference(name, sha, true, "")
        .expect("moved");
    Answer::json(200, &reference(repository, name))
}

fn compare(repository: &Repository, range: &str, request: &Request) -> Answer {
    let Some((base, head)) = range
        .split_once("...")
        .map(|(base, head)| (oid(base), oid(head)))
    else {
        return not_found();
    };
    let (Ok(merge_base), Ok((ahead, behind))) = (
        repository.git.merge_base(base, head),
        repository.git.graph_ahead_behind(head, base),
    ) else {
        return not_found();
    };
    let mut walk = repository.git.revwalk().expect("a walk");
    walk.set_sorting(git2::Sort::TOPOLOGICAL | git2::Sort::REVERSE)
        .expect("an order");
    walk.push(head).expect("a start");
    walk.hide(base).expect("an end");
    let all: Vec<_> = walk
        .flatten()
        .map(|id| commit_json(repository, id))
        .collect();
    let number = request
        .query
        .get("page")
        .and_then(|page| page.parse().ok())
        .unwrap_or(1_usize);
    let commits: Vec<_> = all
        .into_iter()
        .skip((number - 1) * PAGE)
        .take(PAGE)
        .collect();
    let files = if number == 1 {
        files(repository, merge_base, head)
    } else {
        Vec::new()
    };
    Answer::json(
        200,
        &json!({ "ahead_by": ahead, "behind_by": behind, "total_commits": ahead, "commits": commits, "files": files, "merge_base_commit": { "sha": merge_base.to_string() } }),
    )
}

fn commit_json(repository: &Repository, id: Oid) -> Value {
    let commit = repository.git.find_commit(id).expect("a commit");
    let parents: Vec<_> = commit
        .parent_ids()
        .map(|id| json!({ "sha": id.to_string() }))
        .collect();
    json!({ "sha": id.to_string(), "commit": { "message": commit.message().unwrap_or_default() }, "parents": parents })
}

fn commit(repository: &Repository, sha: &str) -> Answer {
    let Ok(commit) = repository.git.find_commit(oid(sha)) else {
        return not_found();
    };
    let mut json = commit_json(repository, commit.id());
    json["files"] = commit
        .parent_id(0)
        .map(|parent| files(repository, parent, commit.id()))
        .unwrap_or_default()
        .into();
    Answer::json(200, &json)
}

fn files(repository: &Repository, from: Oid, to: Oid) -> Vec<Value> {
    let tree = |id| {
        repository
            .git
            .find_commit(id)
            .expect("a commit")
            .tree()
            .expect("a tree")
    };
    let diff = repository
        .git
        .diff_tree_to_tree(Some(&tree(from)), Some(&tree(to)), None)
        .expect("a diff");
    let entry = |delta: git2::DiffDelta<'_>| {
        let removed = delta.status() == git2::Delta::Deleted;
        let file = if removed {
            delta.old_file()
        } else {
            delta.new_file()
        };
        let status = match delta.status() {
            git2::Delta::Deleted => "removed",
            git2::Delta::Added => "added",
            _ => "modified",
        };
        json!({ "filename": file.path().map(|path| path.to_string_lossy()), "status": status, "sha": file.id().to_string() })
    };
    diff.deltas().map(entry).take(300).collect()
}

fn check_runs(repository: &Repository, sha: &str, request: &Request) -> Answer {
    let run = |(name, conclusion): &(String, Option<String>)| {
        json!({
            "name": name,
            "status": if conclusion.is_some() { "completed" } else { "in_progress" },
            "conclusion": conclusion,
            "details_url": format!("{}/{}/actions/runs/7/job/1", repository.server, repository.name),
            "app": { "slug": "github-actions" },
        })
    };
    page_in(
        request,
        "check_runs",
        &repository
            .checks
            .get(sha)
            .into_iter()
            .flatten()
            .map(run)
            .collect::<Vec<_>>(),
    )
}

fn statuses(repository: &Repository, sha: &str, request: &Request) -> Answer {
    let status =
        |(context, state): &(String, String)| json!({ "context": context, "state": state });
    page_in(
        request,
        "statuses",
        &repository
            .statuses
            .get(sha)
            .into_iter()
            .flatten()
            .map(status)
            .collect::<Vec<_>>(),
    )
}

fn tree(repository: &Repository, sha: &str) -> Answer {
    let id = oid(sha);
    let tree = repository
        .git
        .find_commit(id)
        .and_then(|commit| commit.tree())
        .or_else(|_| repository.git.find_tree(id));
    let Ok(tree) = tree else { return not_found() };
    let mut entries = Vec::new();
    tree.walk(git2::TreeWalkMode::PreOrder, |folder, entry| {
        let kind = entry.kind().map_or("blob", |kind| kind.str());
        entries.push(json!({ "path": format!("{folder}{}", entry.name().unwrap_or_default()), "mode": format!("{:06o}", entry.filemode()), "type": kind, "sha": entry.id().to_string() }));
        git2::TreeWalkResult::Ok
    })
    .expect("a walk");
    Answer::json(
        200,
        &json!({ "sha": sha, "tree": entries, "truncated": false }),
    )
}

fn create_tree(repository: &Repository, body: &Value) -> Answer {
    let mut index = git2::Index::new().expect("an index");
    let Ok(base) = repository.git.find_tree(oid(&text(&body["base_tree"]))) else {
        return Answer::message(404, "base_tree is not a tree");
    };
    index.read_tree(&base).expect("entries");
    for entry in body["tree"].as_array().into_iter().flatten() {
        let path = text(&entry["path"]);
        if entry["sha"].is_null() {
            index.remove(path.as_ref(), 0).expect("a file to delete");
        } else {
            let mode = u32::from_str_radix(&text(&entry["mode"]), 8).expect("a mode");
            repository.put(&mut index, &path, oid(&text(&entry["sha"])), mode);
        }
    }
    Answer::json(
        201,
        &json!({ "sha": index.write_tree_to(&repository.git).expect("a tree").to_string() }),
    )
}

fn pulls(repository: &Repository, request: &Request) -> Answer {
    let filter = |name: &str| request.query.get(name).cloned();
    let state = filter("state").unwrap_or_else(|| "open".to_owned());
    let owner = repository.name.split('/').next().unwrap_or_default();
    let fits = |issue: &&Issue| {
        let Some(pull) = &issue.pull else {
            return false;
        };
        (state == "all" || (state == "open") == issue.open)
            && filter("head").is_none_or(|head| head == format!("{owner}:{}", pull.head))
            && filter("base").is_none_or(|base| base == pull.base)
    };
    page(
        request,
        &repository
            .issues
            .values()
            .rev()
            .filter(fits)
            .map(|issue| issue.pull_json(repository))
            .collect::<Vec<_>>(),
    )
}

fn issues(repository: &Repository, request: &Request) -> Answer {
    let state = request.query.get("state").map_or("open", String::as_str);
    let labels: Vec<_> = request
        .query
        .get("labels")
        .map(|labels| labels.split(',').map(str::to_owned).collect())
        .unwrap_or_default();
    let fits = |issue: &&Issue| {
        (state == "all" || (state == "open") == issue.open)
            && labels.iter().all(|label| issue.labels.contains(label))
    };
    page(
        request,
        &repository
            .issues
            .values()
            .rev()
            .filter(fits)
            .map(|issue| issue.json(repository))
            .collect::<Vec<_>>(),
    )
}

fn open_pull(repository: &mut Repository, body: &Value, user: &str) -> Answer {
    let (head, base) = (text(&body["head"]), text(&body["base"]));
    let (Some(head_at), Some(base_at)) = (repository.head(&head), repository.head(&base)) else {
        return Answer::json(
            422,
            &json!({ "message": "Validation Failed", "errors": [{ "resource": "PullRequest", "field": "head", "code": "invalid" }] }),
        );
    };
    let twice = repository.open_pulls().iter().any(|issue| {
        issue
            .pull
            .as_ref()
            .is_some_and(|pull| pull.head == head && pull.base == base)
    });
    if twice {
        let message = format!("A pull request already exists for {head}.");
        return Answer::json(
            422,
            &json!({ "message": "Validation Failed", "errors": [{ "resource": "PullRequest", "code": "custom", "message": message }] }),
        );
    }
    if repository
        .git
        .graph_ahead_behind(head_at, base_at)
        .is_ok_and(|(ahead, _)| ahead == 0)
    {
        return Answer::json(
            422,
            &json!({ "message": "Validation Failed", "errors": [{ "message": format!("No commits between {base} and {head}") }] }),
        );
    }
    let number = repository.next_number();
    let pull = PullEnds {
        head,
        head_sha: head_at.to_string(),
        base,
        draft: body["draft"] == true,
        fork_is_gone: false,
        merged_as: None,
    };
    let issue = Issue {
        number,
        title: text(&body["title"]),
        body: text(&body["body"]),
        open: true,
        author: user.to_owned(),
        pull: Some(pull),
        ..Issue::default()
    };
    let json = issue.pull_json(repository);
    repository.issues.insert(number, issue);
    Answer::json(201, &json)
}

fn update(repository: &mut Repository, number: &str, body: &Value, pull: bool) -> Answer {
    let Some(issue) = number
        .parse()
        .ok()
        .and_then(|number: u64| repository.issues.get_mut(&number))
    else {
        return not_found();
    };
    if let Some(title) = body["title"].as_str() {
        issue.title = title.to_owned();
    }
    if let Some(text) = body["body"].as_str() {
        issue.body = text.to_owned();
    }
    if let (Some(base), Some(ends)) = (body["base"].as_str(), issue.pull.as_mut()) {
        ends.base = base.to_owned();
    }
    if let Some(state) = body["state"].as_str() {
        issue.open = state == "open";
    }
    let issue = issue.clone();
    Answer::json(
        200,
        &if pull {
            issue.pull_json(repository)
        } else {
            issue.json(repository)
        },
    )
}

fn ask(repository: &mut Repository, number: &str, body: &Value) -> Answer {
    let Some(issue) = number
        .parse()
        .ok()
        .and_then(|number: u64| repository.issues.get_mut(&number))
    else {
        return not_found();
    };
    for login in body["reviewers"].as_array().into_iter().flatten().map(text) {
        if login == issue.author {
            return Answer::message(422, "Review cannot be requested from pull request author.");
        }
        issue
            .events
            .push(json!({ "event": "review_requested", "requested_reviewer": { "login": login } }));
        if !issue.reviewers.contains(&login) {
            issue.reviewers.push(login);
        }
    }
    for slug in body["team_reviewers"]
        .as_array()
        .into_iter()
        .flatten()
        .map(text)
    {
        issue
            .events
            .push(json!({ "event": "review_requested", "requested_team": { "slug": slug } }));
        if !issue.teams.contains(&slug) {
            issue.teams.push(slug);
        }
    }
    let issue = issue.clone();
    Answer::json(201, &issue.pull_json(repository))
}
