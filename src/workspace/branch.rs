//! The branches that proposals are made against, each read as it stands at its head.

use futures_util::stream::{self, StreamExt as _};

use crate::outside::git::checkout::Checkout;
use crate::outside::worktree::Root;
use crate::plan::proposal::Oid;
use crate::project::branch_pattern;
use crate::project::file_tree::FileTree;
use crate::text::fault::Fault;
use crate::workspace::branch_files::{BranchFiles, CommitTree};
use crate::workspace::case::Case;
use crate::workspace::context::Context;
use crate::workspace::links::{self, Assessed, Chosen};
use crate::workspace::place::{self, Place};
use crate::workspace::remote::Remote;
use crate::workspace::session::{Head, Session};

/// One base branch of one repository, read.
pub(crate) struct BranchReading<'a> {
    pub(crate) place: &'a Place,
    pub(crate) remote: &'a Remote<'a>,
    pub(crate) base: BranchFiles<'a>,
    pub(crate) branch: String,
    pub(crate) also: bool,
}

impl Session<'_> {
    /// The branch that proposals for a place are made against.
    pub(crate) fn base_branch(&self, place: &Place, remote: &Remote<'_>) -> Result<String, Fault> {
        match &place.config.pull_request.base {
            Some(base) => self.named(place, remote, base)?.ok_or_else(|| {
                Fault::usage(format!(
                    "no branch of `{}` matches `{base}`; correct `base` in `[pull-request]`",
                    place.name
                ))
            }),
            None if self.context.offline => {
                Ok(place.default_branch().unwrap_or_else(|| "main".to_owned()))
            }
            None => self.wait(remote.default_branch()),
        }
    }

    /// The newest commit of a branch, asked for once.
    ///
    /// # Errors
    ///
    /// If the repository cannot be read, or has no such branch.
    pub(crate) fn head(&self, remote: &Remote<'_>, branch: &str) -> Result<Oid, Fault> {
        let key = (remote.name.to_owned(), branch.to_owned());
        if let Some(known) = self.branch_heads.borrow().get(&key) {
            return Ok(known.clone());
        }
        let head = self.wait(remote.head(branch))?;
        self.branch_heads.borrow_mut().insert(key, head.clone());
        Ok(head)
    }

    /// The branch that a name of the configuration stands for; none where a pattern matches none.
    pub(crate) fn named(
        &self,
        place: &Place,
        remote: &Remote<'_>,
        name: &str,
    ) -> Result<Option<String>, Fault> {
        if !branch_pattern::is_pattern(name) {
            return Ok(Some(name.to_owned()));
        }
        let names = if self.context.offline {
            place.checkout().map_or_else(Vec::new, Checkout::branches)
        } else {
            self.wait(remote.branches(branch_pattern::prefix(name)))?
        };
        let newest = branch_pattern::newest(name, names.iter().map(String::as_str));
        Ok(newest.map(str::to_owned))
    }

    /// Reads a branch.
    pub(crate) fn read<'r>(
        &'r self,
        place: &'r Place,
        remote: &'r Remote<'r>,
        branch: String,
        also: bool,
    ) -> Result<BranchReading<'r>, Fault> {
        let (head, tree) = self.files(place, remote, &branch)?;
        let asks = place.config.changelog.is_some() || !place.config.versions.is_empty();
        let tags = match asks {
            true if self.context.offline => place.checkout().map_or_else(Vec::new, Checkout::tags),
            true => self.wait(remote.tags())?,
            false => Vec::new(),
        };
        Ok(BranchReading {
            place,
            remote,
            base: BranchFiles {
                head,
                tree,
                tags,
                prefix: place.prefix.clone(),
            },
            branch,
            also,
        })
    }

    /// The head of a branch and its files; offline as the local clone has them, and where there is
    /// none, as they stand here: enough to show what would be proposed.
    fn files<'r>(
        &'r self,
        place: &'r Place,
        remote: &'r Remote<'r>,
        branch: &str,
    ) -> Result<(Oid, Box<dyn FileTree + 'r>), Fault> {
        let head = match self.context.offline {
            false => Some(self.head(remote, branch)?),
            true => place.checkout().and_then(|clone| clone.local_head(branch)),
        };
        match head {
            Some(head) => {
                let tree = CommitTree::read(self, remote, &head, &place.prefix)?;
                Ok((head, Box::new(tree)))
            }
            None if place.is_here => {
                Ok((Oid::unknown(), Box::new(Root::of(&self.context.directory))))
            }
            None => Err(Fault::failed(format!(
                "there is no clone of `{}` to read offline; set its `checkout`, or run again without `--offline`",
                place.name
            ))),
        }
    }

    /// The branches that proposals are made against, and whether each is one of the further ones.
    pub(crate) fn branches(
        &self,
        place: &Place,
        remote: &Remote<'_>,
    ) -> Result<Vec<(String, bool)>, Fault> {
        let base = self.base_branch(place, remote)?;
        let mut branches = vec![(base, false)];
        for also in &place.config.pull_request.also {
            match self.named(place, remote, also)? {
                Some(branch) if branches.iter().all(|(known, _)| *known != branch) => {
                    branches.push((branch, true));
                }
                Some(_) => {}
                None => self.context.note(format!(
                    "no branch of `{}` matches `{also}` in `also`",
                    place.name
                )),
            }
        }
        Ok(branches)
    }
}

/// How many repositories are asked at once.
const AT_ONCE: usize = 8;

/// Asks the forge what is asked of every repository of several, a few of them at a time.
pub(crate) fn look_ahead(session: &Session<'_>, places: &[Place]) {
    let with_pins = places.iter().filter(|place| !place.config.links.is_empty());
    let forges = with_pins.filter_map(|place| Some((place, place.forge()?)));
    let asked: Vec<_> = forges.collect();
    if session.context.offline || asked.len() < 2 {
        return;
    }
    let looks = asked.into_iter().map(|(place, forge)| {
        let base = place.config.pull_request.base.as_ref();
        forge.look(base.is_some())
    });
    session.block_on(stream::iter(looks).for_each_concurrent(AT_ONCE, |look| look));
}

/// Shows the links whose pins are in other repositories, each as it stands at the head of its base
/// branch there.
///
/// # Errors
///
/// If a repository cannot be read, or whatever is wrong with the pins there.
pub(crate) fn elsewhere<T>(
    case: &Case<'_>,
    show: impl Fn(&str, Assessed<'_>) -> T,
) -> Result<Vec<T>, Fault> {
    let session = case.session;
    let mut shown = Vec::new();
    for place in place::others(case.context, case.config)? {
        let remote = place.remote();
        let reading = session.read(
            &place,
            &remote,
            session.base_branch(&place, &remote)?,
            false,
        )?;
        let links: Vec<_> = place.config.links.iter().collect();
        let (assessed, _) = links::all(
            reading.base.tree.as_ref(),
            &links,
            &case.facts.snapshot,
            &case.view,
            &Chosen::default(),
        )
        .map_err(|fault| fault.within(format!("`{}`", place.name)))?;
        shown.extend(assessed.into_iter().map(|one| show(&place.name, one)));
    }
    Ok(shown)
}

/// A link as it stands at the head of its base branch.
pub(crate) fn head(context: &Context, reading: &BranchReading<'_>, one: &Assessed<'_>) -> Head {
    let (place, base) = (reading.place, &reading.base);
    let link = links::shown(
        context,
        (!place.is_here).then_some(place.name.as_str()),
        one,
    );
    Head {
        repository: place.name.clone(),
        is_here: place.is_here,
        commit: base.head.clone(),
        link,
    }
}
