//! The release PR's life, against a forge that checks every request.

mod forward;
mod life;
mod matrix;
mod offer;
mod program;
mod pushes;
mod questions;
mod races;
mod requests;
mod secrets;
mod tested;
mod withdrawn;
mod year;

use release_check::for_tests::outside::environment::Environment;
use release_check::for_tests::outside::git::checkout::Checkout;
use release_check::for_tests::outside::git::remote::Credentials;
use release_check::for_tests::outside::github::GitHub;
use release_check::for_tests::plan::proposal::{Oid, Proposal, Purpose};
use release_check::for_tests::project::change::Edit;
use release_check::for_tests::project::linked::FileEntry;
use release_check::for_tests::text::fault::Fault;
use release_check::for_tests::workspace::remote::{Remote, Submission, Tidy};

use crate::fake_forge::FakeForge;
pub(crate) use program::UPSTREAM;

pub(crate) const REPOSITORY: &str = "pyca/infra";
pub(crate) const PIN: &str = "linux/openssl-version.sh";
pub(crate) const BRANCH: &str = "release-check/wheels-3.5.4";

/// A forge with the repository that holds the pin.
pub(crate) fn forge() -> FakeForge {
    let forge = FakeForge::start();
    forge.repository(
        REPOSITORY,
        &[
            (PIN, "V=3.5.3\n"),
            ("CHANGELOG", "Changes\n\n"),
            ("README", "Read me\n"),
        ],
    );
    forge
}

pub(crate) fn pin(version: &str) -> String {
    format!("V={version}\n")
}

/// The proposal that a run would make from what the base has now.
pub(crate) fn proposal(forge: &FakeForge, target: &str) -> Proposal {
    proposal_for(forge, target, "main", false)
}

pub(crate) fn proposal_for(forge: &FakeForge, target: &str, base: &str, also: bool) -> Proposal {
    let (head, old, changes) = forge.with(REPOSITORY, |repository| {
        let head = repository.head(base).expect("the base").to_string();
        (
            head,
            repository.file(base, PIN).expect("a pin"),
            repository.file(base, "CHANGELOG").expect("a changelog"),
        )
    });
    let edit = |path: &str, before: &str, after: String| Edit {
        path: path.to_owned(),
        before: Some(FileEntry::regular(before)),
        after: Some(FileEntry::regular(after)),
    };
    Proposal {
        purpose: Purpose::Bump {
            link: "wheels".to_owned(),
            target: target.parse().expect("a version"),
            also: also.then(|| base.to_owned()),
            beside: None,
        },
        base: base.to_owned(),
        base_head: Oid::read(&head).expect("a commit"),
        title: format!("Update OpenSSL to {target}"),
        body: format!("OpenSSL {target} is out.\n\nIt fixes things."),
        labels: vec!["release".to_owned()],
        reviewers: vec!["alice".to_owned(), "pyca/wheel-builders".to_owned()],
        draft: false,
        headline: format!("Update OpenSSL to {target}"),
        description: "Why it is needed.".to_owned(),
        signed_off_by: None,
        edits: vec![
            edit(
                "CHANGELOG",
                &changes,
                format!("{changes}* OpenSSL {target}\n"),
            ),
            edit(PIN, &old, pin(target)),
        ],
        down_from: None,
        withdrawn: Vec::new(),
    }
}

/// What a fresh process would do with a proposal.
pub(crate) struct Run<'a> {
    pub(crate) forge: &'a FakeForge,
    pub(crate) clone: Option<&'a Checkout>,
    pub(crate) push: Option<release_check::for_tests::project::config::Push>,
}

impl<'a> Run<'a> {
    pub(crate) fn new(forge: &'a FakeForge) -> Self {
        Self {
            forge,
            clone: None,
            push: None,
        }
    }

    fn within<T>(&self, act: impl AsyncFnOnce(Remote<'_>) -> Result<T, Fault>) -> Result<T, Fault> {
        connected(self.forge.variables(), (self.clone, self.push), act)
    }

    pub(crate) fn submit(&self, proposal: &Proposal) -> Result<Submission, Fault> {
        self.within(async |remote| remote.submit(proposal, true, &mut |_| {}).await)
    }

    pub(crate) fn plan(&self, proposal: &Proposal) -> Result<Submission, Fault> {
        self.within(async |remote| remote.submit(proposal, false, &mut |_| {}).await)
    }

    pub(crate) fn tidy(
        &self,
        linked: &str,
    ) -> Result<release_check::for_tests::plan::proposal::Plan, Fault> {
        self.tidy_without(linked, &[])
    }

    /// The same after upstream has withdrawn these.
    pub(crate) fn tidy_without(
        &self,
        linked: &str,
        withdrawn: &[release_check::for_tests::openssl::version::Version],
    ) -> Result<release_check::for_tests::plan::proposal::Plan, Fault> {
        let head = self.forge.with(REPOSITORY, |repository| {
            repository.head("main").expect("the base").to_string()
        });
        let base_head = Oid::read(&head).expect("a commit");
        let linked = linked.parse().expect("a version");
        let tidy = Tidy {
            link: "wheels",
            base: "main",
            also: false,
            base_head: &base_head,
            linked,
            wanted: &[],
            withdrawn,
        };
        self.within(async |remote| remote.tidy(&tidy, true, &mut |_| {}).await)
    }

    pub(crate) fn track(
        &self,
        wanted: Option<&release_check::for_tests::plan::proposal::tracking::Tracking>,
    ) -> Result<usize, Fault> {
        self.within(async |remote| remote.track("wheels", wanted, true, &mut |_| {}).await)
            .map(|plan| plan.calls.len())
    }
}

/// What a fresh process with these variables does with the repository.
fn connected<T>(
    variables: Vec<(&'static str, String)>,
    (clone, push): (
        Option<&Checkout>,
        Option<release_check::for_tests::project::config::Push>,
    ),
    act: impl AsyncFnOnce(Remote<'_>) -> Result<T, Fault>,
) -> Result<T, Fault> {
    let environment: Environment = variables
        .into_iter()
        .map(|(name, value)| (name.into(), value.into()))
        .collect();
    let forge = GitHub::from_environment(&environment, "GITHUB_TOKEN")?;
    let credentials = Credentials::new(&environment, "GITHUB_TOKEN", forge.server());
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    runtime.block_on(act(Remote {
        name: REPOSITORY,
        forge: Some(&forge),
        clone,
        credentials,
        push,
    }))
}

/// One branch of ours, one commit of ours, one open PR, and the files as wanted.
#[track_caller]
pub(crate) fn assert_converged(forge: &FakeForge, target: &str) {
    forge.with(REPOSITORY, |repository| {
        let branch = format!("release-check/wheels-{target}");
        assert_eq!(repository.branches(), ["main".to_owned(), branch.clone()]);
        assert_eq!(
            repository.ahead("main", &branch).len(),
            1,
            "{:#?}",
            repository.ahead("main", &branch)
        );
        let pulls = repository.open_pulls();
        assert_eq!(pulls.len(), 1, "{pulls:#?}");
        assert_eq!(
            repository
                .issues
                .values()
                .filter(|issue| issue.pull.is_some())
                .count(),
            1
        );
        assert_eq!(pulls[0].labels, ["release"]);
        assert_eq!(
            (pulls[0].reviewers.as_slice(), pulls[0].teams.as_slice()),
            (
                &["alice".to_owned()][..],
                &["wheel-builders".to_owned()][..]
            )
        );
        assert_eq!(repository.file(&branch, PIN), Some(pin(target)));
    });
    forge.assert_content();
}
