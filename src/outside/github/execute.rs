//! Carries out plans.

use super::error::{ForgeError, Refusal};
use super::forge::GitHub;
use super::sent::Conversation;
use crate::plan::proposal::call::{At, Call, CommentText, NewCommit, Number};
use crate::plan::proposal::facts::Pull;
use crate::plan::proposal::{self, Oid};

/// What carrying out a plan has made so far.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Done {
    /// The newest commit.
    pub commit: Option<Oid>,
    /// The PR that was opened.
    pub pull: Option<Pull>,
    /// What failed and does not matter enough to stop.
    pub warnings: Vec<String>,
}

impl Done {
    fn at<'a>(&'a self, at: &'a At) -> Result<&'a Oid, ForgeError> {
        match at {
            At::Commit(id) => Ok(id),
            At::Made => self.commit.as_ref().ok_or_else(|| out_of_order("commit")),
        }
    }

    fn number(&self, number: Number) -> Result<u64, ForgeError> {
        match number {
            Number::Known(number) => Ok(number),
            Number::Opened => self
                .pull
                .as_ref()
                .map(|pull| pull.number)
                .ok_or_else(|| out_of_order("pull request")),
        }
    }

    /// What may fail without harm becomes a warning; a limit or a lost connection still stops.
    fn forgive(&mut self, outcome: Result<(), ForgeError>) -> Result<(), ForgeError> {
        match outcome {
            Err(error) if error.is_final() => {
                self.warnings.push(error.to_string());
                Ok(())
            }
            outcome => outcome,
        }
    }
}

fn out_of_order(what: &str) -> ForgeError {
    ForgeError::new(
        "carry out the plan",
        Refusal::Failed(format!("it speaks of a {what} it has not made")),
    )
}

impl GitHub {
    /// Carries out one call of a plan, which must not be [`Call::Push`]: that is not the forge's
    /// API.
    ///
    /// # Errors
    ///
    /// If the forge refuses; with [`Refusal::Moved`] where things have changed since the plan was
    /// made.
    pub async fn carry_out(
        &self,
        repository: &str,
        call: &Call,
        done: &mut Done,
    ) -> Result<(), ForgeError> {
        match call {
            Call::CreateBranch { branch, at } => {
                self.create_branch(repository, branch, done.at(at)?).await
            }
            Call::MoveBranch {
                branch,
                from,
                to,
                replace,
            } => {
                if *replace && self.branch_head(repository, branch).await?.as_ref() != Some(from) {
                    return Err(ForgeError::new(
                        format!("move branch `{branch}`"),
                        Refusal::Moved("someone has pushed to it".to_owned()),
                    ));
                }
                self.move_branch(repository, branch, done.at(to)?, *replace)
                    .await
            }
            Call::DeleteBranch { branch, at } => {
                match self.branch_head(repository, branch).await? {
                    None => Ok(()),
                    Some(head) if head == *done.at(at)? => {
                        self.delete_branch(repository, branch).await
                    }
                    Some(_) => Err(ForgeError::new(
                        format!("delete branch `{branch}`"),
                        Refusal::Moved("someone has pushed to it".to_owned()),
                    )),
                }
            }
            Call::Commit { branch, commit } => {
                done.commit = Some(
                    self.create_commit_on_branch(repository, branch, commit)
                        .await?,
                );
                Ok(())
            }
            Call::CommitData { commit } => {
                done.commit = Some(self.commit_data(repository, commit).await?);
                Ok(())
            }
            Call::Push { .. } => Err(out_of_order("push")),
            Call::OpenPull {
                head,
                base,
                title,
                body,
                draft,
            } => {
                let fields = Conversation {
                    title: Some(title),
                    body: Some(body),
                    head: Some(head),
                    base: Some(base),
                    draft: Some(*draft),
                    ..Conversation::default()
                };
                done.pull = Some(self.open_pull(repository, &fields).await?);
                Ok(())
            }
            Call::UpdatePull {
                number,
                title,
                body,
                base,
            } => {
                let fields = Conversation {
                    title: title.as_deref(),
                    body: body.as_deref(),
                    base: base.as_deref(),
                    ..Conversation::default()
                };
                self.update_pull(repository, *number, &fields).await
            }
            Call::AddLabels { number, labels } => {
                let outcome = self
                    .add_labels(repository, done.number(*number)?, labels)
                    .await;
                done.forgive(outcome)
            }
            Call::AskReviewers { number, reviewers } => {
                let outcome = self
                    .ask_reviewers(repository, done.number(*number)?, reviewers)
                    .await;
                done.forgive(outcome)
            }
            Call::Comment { number, text } => {
                let text = match text {
                    CommentText::Text(text) => text.clone(),
                    CommentText::SupersededBy(by) => proposal::superseded_text(done.number(*by)?),
                };
                self.comment(repository, *number, &text).await
            }
            Call::ClosePull { number } => {
                self.update_pull(
                    repository,
                    *number,
                    &Conversation {
                        state: Some("closed"),
                        ..Conversation::default()
                    },
                )
                .await
            }
            Call::OpenIssue {
                title,
                body,
                labels,
            } => self
                .open_issue(
                    repository,
                    &Conversation {
                        title: Some(title),
                        body: Some(body),
                        labels: Some(labels),
                        ..Conversation::default()
                    },
                )
                .await
                .map(drop),
            Call::UpdateIssue {
                number,
                title,
                body,
            } => {
                self.update_issue(
                    repository,
                    *number,
                    &Conversation {
                        title: title.as_deref(),
                        body: body.as_deref(),
                        ..Conversation::default()
                    },
                )
                .await
            }
            Call::CloseIssue { number } => {
                self.update_issue(
                    repository,
                    *number,
                    &Conversation {
                        state: Some("closed"),
                        state_reason: Some("completed"),
                        ..Conversation::default()
                    },
                )
                .await
            }
        }
    }

    async fn commit_data(&self, repository: &str, commit: &NewCommit) -> Result<Oid, ForgeError> {
        let mut entries = Vec::new();
        for edit in &commit.edits {
            let mode = edit
                .after
                .as_ref()
                .map(proposal::Content::mode)
                .or(edit.before.as_ref().map(|(mode, _)| *mode));
            let Some(mode) = mode else { continue };
            entries.push(
                self.tree_entry(repository, &edit.path, mode, edit.after.as_ref())
                    .await?,
            );
        }
        self.create_commit(repository, &commit.parent, &entries, &commit.message())
            .await
    }
}
