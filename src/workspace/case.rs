//! One project under one command: made once, and handed on.

use std::cell::OnceCell;

use crate::openssl::upstream::View;
use crate::paper::templates::Templates;
use crate::project::config::Config;
use crate::text::fault::Fault;
use crate::workspace::context::Context;
use crate::workspace::facts::Facts;
use crate::workspace::project::Project;
use crate::workspace::session::Session;
use crate::workspace::templates::project_templates;

/// One project under one command.
pub(crate) struct Case<'a> {
    pub(crate) session: &'a Session<'a>,
    /// What the user said; its folder is where the project is read.
    pub(crate) context: &'a Context,
    pub(crate) config: &'a Config,
    pub(crate) facts: &'a Facts,
    /// The facts as of the day that is answered for.
    pub(crate) view: View<'a>,
    /// Whether this is a branch that was read, and not the user's own checkout.
    pub(crate) is_branch: bool,
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
            is_branch: false,
            project: OnceCell::new(),
            templates: OnceCell::new(),
        }
    }

    /// The same project as a branch has it, read into a folder of its own.
    pub(crate) fn at<'b>(&self, context: &'b Context, config: &'b Config) -> Case<'b>
    where
        'a: 'b,
    {
        Case {
            session: self.session,
            context,
            config,
            facts: self.facts,
            view: self.facts.view(context, config),
            is_branch: true,
            project: OnceCell::new(),
            templates: OnceCell::new(),
        }
    }

    /// The same project with another configuration.
    pub(crate) fn with<'b>(&self, config: &'b Config) -> Case<'b>
    where
        'a: 'b,
    {
        Case {
            is_branch: self.is_branch,
            ..self.at(self.context, config)
        }
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
        let project = if self.is_branch {
            Project::of(self.context, self.config, &[])?
        } else {
            Project::read(self.session, self.config)?
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
    ///
    /// # Errors
    ///
    /// If one cannot be read or is wrong.
    pub(crate) fn templates(&self) -> Result<&Templates, Fault> {
        if let Some(templates) = self.templates.get() {
            return Ok(templates);
        }
        let templates = project_templates(self.context, self.config)?;
        Ok(self.templates.get_or_init(|| templates))
    }
}
