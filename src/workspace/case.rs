//! One project under one command: made once, and handed on.

use std::cell::OnceCell;

use crate::openssl::upstream::View;
use crate::outside::git::history::ProjectHistory;
use crate::outside::worktree::Root;
use crate::paper::templates::Templates;
use crate::project::config::Config;
use crate::project::file_tree::FileTree;
use crate::text::fault::Fault;
use crate::workspace::branch_files::BranchFiles;
use crate::workspace::context::Context;
use crate::workspace::facts::Facts;
use crate::workspace::project::Project;
use crate::workspace::session::Session;
use crate::workspace::templates::project_templates;

/// One project under one command.
pub(crate) struct Case<'a> {
    pub(crate) session: &'a Session<'a>,
    /// What the user said.
    pub(crate) context: &'a Context,
    pub(crate) config: &'a Config,
    pub(crate) facts: &'a Facts,
    /// The facts as of the day that is answered for.
    pub(crate) view: View<'a>,
    /// The branch that was read, where this is not the user's own checkout.
    branch: Option<&'a BranchFiles<'a>>,
    checkout: Root,
    project: OnceCell<Project>,
    templates: OnceCell<Templates>,
}

impl<'a> Case<'a> {
    pub(crate) fn new(session: &'a Session<'a>, config: &'a Config, facts: &'a Facts) -> Self {
        Self {
            session,
            context: session.context,
            config,
            facts,
            view: facts.view(session.context, config),
            branch: None,
            checkout: Root::of(&session.context.directory),
            project: OnceCell::new(),
            templates: OnceCell::new(),
        }
    }

    /// The same project as a branch has it.
    pub(crate) fn at<'b>(&self, branch: &'b BranchFiles<'b>, config: &'b Config) -> Case<'b>
    where
        'a: 'b,
    {
        Case {
            branch: Some(branch),
            ..self.with(config)
        }
    }

    /// The same project with another configuration.
    pub(crate) fn with<'b>(&self, config: &'b Config) -> Case<'b>
    where
        'a: 'b,
    {
        Case {
            branch: self.branch,
            ..Case::new(self.session, config, self.facts)
        }
    }

    /// Where the project's files stand.
    pub(crate) fn tree(&self) -> &dyn FileTree {
        self.branch
            .map_or(&self.checkout, |branch| branch.tree.as_ref())
    }

    /// Whether this is a branch that was read, and not the user's own checkout.
    pub(crate) fn is_branch(&self) -> bool {
        self.branch.is_some()
    }

    /// The project's releases, those of the forge among them, and its next version.
    ///
    /// # Errors
    ///
    /// Whatever is wrong with the file of its version.
    pub(crate) fn project(&self) -> Result<&Project, Fault> {
        if let Some(project) = self.project.get() {
            return Ok(project);
        }
        let project = match self.branch {
            Some(branch) => {
                let history = ProjectHistory::of_tags(branch.tags.clone());
                let files = (branch.tree.as_ref(), history);
                Project::of(files, self.context, self.config, &[])?
            }
            None => Project::read(self.session, self.config)?,
        };
        Ok(self.project.get_or_init(|| project))
    }

    /// Says on standard error where only this clone could be asked for releases.
    pub(crate) fn note_unasked(&self) {
        let unasked = self.project.get().and_then(|one| one.unasked.as_ref());
        if let Some(fault) = unasked {
            self.context
                .note(format!("the releases are those of this clone: {fault}"));
        }
    }

    /// The templates, the project's own among them.
    pub(crate) fn templates(&self) -> Result<&Templates, Fault> {
        if let Some(templates) = self.templates.get() {
            return Ok(templates);
        }
        let templates = project_templates(self.tree(), self.config)?;
        Ok(self.templates.get_or_init(|| templates))
    }
}
