//! One run of the program: what it was told, the one runtime that everything waits in, and what
//! was found out and need not be asked again.

use std::cell::{OnceCell, RefCell};
use std::collections::BTreeMap;

use crate::openssl::version::Version;
use crate::outside::package_index::PublishedFile;
use crate::paper::report;
use crate::plan::pipeline::lines::Tip;
use crate::plan::proposal::Oid;
use crate::project::project_version::ProjectVersion;
use crate::text::fault::Fault;
use crate::workspace::context::Context;

/// One run of the program.
#[derive(Debug)]
pub(crate) struct Session<'a> {
    pub(crate) context: &'a Context,
    /// One for everything: connections live as long as it does.
    runtime: tokio::runtime::Runtime,
    /// The links at the heads of their base branches, once every one was read.
    pub(crate) heads: OnceCell<Vec<Head>>,
    /// What the project's remote knows of its releases, or why that could not be asked.
    pub(crate) tips: OnceCell<Result<Brought, Fault>>,
    /// The newest commits of branches, by repository and branch.
    pub(crate) branch_heads: RefCell<BTreeMap<(String, String), Oid>>,
    /// The files on the package index, those that were yanked among them.
    pub(crate) listed: OnceCell<Vec<PublishedFile>>,
    /// What releases carried of links whose pins are in another repository, by link and tag.
    pub(crate) carried: RefCell<BTreeMap<(String, String), Option<Version>>>,
}

/// What the remote knows of the project's releases.
#[derive(Debug, Default)]
pub(crate) struct Brought {
    /// The heads of the branches that releases are made from; none where what is checked out says
    /// it all.
    pub(crate) tips: Vec<Tip>,
    /// Older releases, whose tags are not in the clone, ascending.
    pub(crate) elsewhere: Vec<ProjectVersion>,
}

/// One link as it stands at the head of its base branch.
#[derive(Debug, Clone)]
pub(crate) struct Head {
    /// The repository that has the pins.
    pub(crate) repository: String,
    /// Whether that is this checkout's.
    pub(crate) is_here: bool,
    /// The newest commit of the base branch.
    pub(crate) commit: Oid,
    /// The link, its places and what its version means.
    pub(crate) link: report::AssessedLink,
}

impl<'a> Session<'a> {
    /// Opens no connection yet.
    ///
    /// # Errors
    ///
    /// If the system gives no event queue.
    pub(crate) fn open(context: &'a Context) -> Result<Self, Fault> {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build();
        let runtime = runtime.map_err(|error| Fault::failed(format!("cannot start: {error}")))?;
        Ok(Self {
            context,
            runtime,
            heads: OnceCell::new(),
            tips: OnceCell::new(),
            branch_heads: RefCell::default(),
            listed: OnceCell::new(),
            carried: RefCell::default(),
        })
    }

    /// Waits for an answer, whatever it is.
    pub(crate) fn block_on<T>(&self, answer: impl Future<Output = T>) -> T {
        self.runtime.block_on(answer)
    }

    /// Waits for the answers of requests.
    pub(crate) fn wait<T, E: Into<Fault>>(
        &self,
        answers: impl Future<Output = Result<T, E>>,
    ) -> Result<T, Fault> {
        self.block_on(answers).map_err(Into::into)
    }
}
