//! GitHub in memory, over HTTP on 127.0.0.1: repositories are real bare ones, every request is
//! checked, and any can be made to fail.

mod advisories;
mod api;
mod check;
pub(crate) mod git_http;
mod graphql;
mod history;
mod http;
mod releases;
pub(crate) mod repository;

use std::collections::BTreeMap;
use std::net::TcpListener;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, MutexGuard};

use crate::acts::Acts;
pub(crate) use advisories::Advisory;
pub(crate) use http::{Answer, Request};
pub(crate) use releases::Release;
pub(crate) use repository::{Issue, Repository};

/// The token of every repository that has none of its own.
pub(crate) const TOKEN: &str = "ghp_aSecretThatMustNotBeSeen0123456789";

/// What to do to one request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Trouble {
    /// The connection breaks before the request takes effect.
    LostRequest,
    /// The request takes effect, but the connection breaks before the answer.
    LostAnswer,
    /// An internal error instead of the effect.
    Refused,
    /// This status and message instead of the effect.
    Denied(u16, &'static str),
    /// The request takes effect, but the answer is an internal error.
    BrokenAnswer,
    /// The test is told, and can end the process, before the request takes effect.
    KillBefore,
    /// The test is told, and can end the process, after the request took effect.
    KillAfter,
}

pub(crate) struct State {
    pub(crate) repositories: BTreeMap<String, Repository>,
    /// The tokens of repositories that have one of their own.
    pub(crate) tokens: BTreeMap<String, String>,
    /// Every request so far.
    pub(crate) log: Vec<Request>,
    /// The requests of git besides.
    pub(crate) of_git: Vec<String>,
    /// Bytes of the bodies of all answers.
    pub(crate) sent: u64,
    /// What was wrong with requests.
    pub(crate) complaints: Vec<String>,
    /// The token's owner.
    pub(crate) user: String,
    /// Counts the requests that write; the one with this number gets the trouble.
    pub(crate) trouble: Option<(usize, Trouble)>,
    pub(crate) writes: usize,
    /// An answer to give once to the next request whose method and path contain these.
    pub(crate) canned: Vec<(String, String, Answer)>,
    pub(crate) killed: Sender<()>,
}

impl State {
    /// The token that opens a repository.
    fn token_of(&self, repository: &str) -> &str {
        self.tokens.get(repository).map_or(TOKEN, String::as_str)
    }
}

/// A running forge. Ends with the process.
pub(crate) struct FakeForge {
    address: String,
    state: Arc<Mutex<State>>,
    pub(crate) kills: Receiver<()>,
}

impl FakeForge {
    pub(crate) fn start() -> Self {
        Self::start_with(&Arc::default())
    }

    /// A forge whose writes are counted together with those of other servers.
    pub(crate) fn start_with(acts: &Arc<Acts>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = format!("http://{}", listener.local_addr().expect("an address"));
        let (killed, kills) = channel();
        let state = Arc::new(Mutex::new(State {
            repositories: BTreeMap::new(),
            tokens: BTreeMap::new(),
            log: Vec::new(),
            of_git: Vec::new(),
            sent: 0,
            complaints: Vec::new(),
            user: "release-bot".to_owned(),
            trouble: None,
            writes: 0,
            canned: Vec::new(),
            killed,
        }));
        let (shared, acts) = (Arc::clone(&state), Arc::clone(acts));
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (shared, acts) = (Arc::clone(&shared), Arc::clone(&acts));
                std::thread::spawn(move || {
                    http::serve(stream, |request| {
                        weighed(&shared, answer(&shared, &acts, request))
                    });
                });
            }
        });
        Self {
            address,
            state,
            kills,
        }
    }

    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        self.state
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    /// A repository with these files on `main`.
    pub(crate) fn repository(&self, name: &str, files: &[(&str, &str)]) -> &Self {
        self.state()
            .repositories
            .insert(name.to_owned(), Repository::new(name, &self.address, files));
        self
    }

    /// What is done to, or asked of, one repository.
    pub(crate) fn with<T>(&self, name: &str, act: impl FnOnce(&mut Repository) -> T) -> T {
        act(self
            .state()
            .repositories
            .get_mut(name)
            .expect("the repository"))
    }

    /// Every repository as it is now, apart from it.
    pub(crate) fn copies(&self) -> BTreeMap<String, Repository> {
        self.state()
            .repositories
            .iter()
            .map(|(name, repository)| (name.clone(), repository.copy()))
            .collect()
    }

    /// Makes every repository as it was when it was copied.
    pub(crate) fn restore(&self, copies: &BTreeMap<String, Repository>) {
        self.state().repositories = copies
            .iter()
            .map(|(name, repository)| (name.clone(), repository.copy()))
            .collect();
    }

    /// The variables of CI that lead to this forge.
    pub(crate) fn variables(&self) -> Vec<(&'static str, String)> {
        vec![
            ("GITHUB_API_URL", format!("{}/api/v3", self.address)),
            (
                "GITHUB_GRAPHQL_URL",
                format!("{}/api/graphql", self.address),
            ),
            ("GITHUB_SERVER_URL", self.address.clone()),
            ("GITHUB_TOKEN", TOKEN.to_owned()),
        ]
    }

    /// Where git finds a repository.
    pub(crate) fn git_url(&self, name: &str) -> String {
        format!("{}/{name}.git", self.address)
    }

    /// From now on: how many requests that write there are, and trouble for one of them.
    pub(crate) fn trouble(&self, trouble: Option<(usize, Trouble)>) {
        let mut state = self.state();
        (state.writes, state.trouble) = (0, trouble);
    }

    /// How many requests wrote since the last call of [`FakeForge::trouble`].
    pub(crate) fn writes(&self) -> usize {
        self.state().writes
    }

    /// Answers the next request with this method, and this text in its path, by this status and
    /// message.
    pub(crate) fn answer_once(&self, method: &str, path: &str, answer: Answer) {
        self.state()
            .canned
            .push((method.to_owned(), path.to_owned(), answer));
    }

    /// Asserts that every request so far was a good one, and keeps them for the check against
    /// GitHub's own description.
    #[track_caller]
    pub(crate) fn assert_content(&self) {
        let state = self.state();
        assert!(state.complaints.is_empty(), "{:#?}", state.complaints);
        check::record(&state.log);
    }
}

/// The server's threads live on; the folders of its repositories must not.
impl Drop for FakeForge {
    fn drop(&mut self) {
        self.state().repositories.clear();
    }
}

fn weighed(shared: &Mutex<State>, answer: Option<Answer>) -> Option<Answer> {
    let answer = answer?;
    shared
        .lock()
        .unwrap_or_else(std::sync::PoisonError::into_inner)
        .sent += answer.body.len() as u64;
    Some(answer)
}

fn answer(shared: &Mutex<State>, acts: &Acts, request: &Request) -> Option<Answer> {
    let mut state = shared
        .lock()
        .unwrap_or_else(std::sync::PoisonError::into_inner);
    if !request.path.starts_with("/api/") {
        // Pushes run beside the API: hooks of theirs must not wait for it.
        state
            .of_git
            .push(format!("{} {}", request.method, request.path));
        let place = git_http::Place::of(&state, request);
        drop(state);
        let Some(place) = place else {
            return Some(Answer::message(404, "Not Found"));
        };
        let serve = || place.serve(request);
        return if place.is_push(request) {
            acts.perform(format!("push {}", request.path), serve)
        } else {
            Some(serve())
        };
    }
    state.log.push(request.clone());
    if let Some(refusal) = check::headers(&mut state, request) {
        return Some(refusal);
    }
    let canned = state.canned.iter().position(|(method, path, _)| {
        *method == request.method && request.path.contains(path.as_str())
    });
    if let Some(at) = canned {
        return Some(state.canned.remove(at).2);
    }
    let mut trouble = None;
    if request.method != "GET" {
        state.writes += 1;
        trouble = state
            .trouble
            .filter(|(number, _)| *number == state.writes)
            .map(|(_, trouble)| trouble);
    }
    match trouble {
        Some(Trouble::LostRequest) => return None,
        Some(Trouble::Refused) => return Some(Answer::message(500, "Server Error")),
        Some(Trouble::Denied(status, why)) => return Some(Answer::message(status, why)),
        Some(Trouble::KillBefore) => return hang(&state),
        _ => {}
    }
    let mut act = || {
        let answer = api::answer(&mut state, request);
        state.repositories.values_mut().for_each(Repository::settle);
        answer
    };
    let answer = if request.method == "GET" {
        act()
    } else {
        acts.perform(format!("{} {}", request.method, request.path), act)?
    };
    match trouble {
        Some(Trouble::LostAnswer) => None,
        Some(Trouble::BrokenAnswer) => Some(Answer::message(502, "Bad Gateway")),
        Some(Trouble::KillAfter) => hang(&state),
        _ => Some(answer),
    }
}

/// Tells the test, which ends the process.
fn hang(state: &State) -> Option<Answer> {
    let _ = state.killed.send(());
    None
}
