//! Carries out plans.

use super::error::{ForgeError, Refusal};
use super::forge::ForgeRepository;
use super::sent::Conversation;
use crate::plan::proposal::call::{At, Call, CommentText, NewCommit, Number};
use crate::plan::proposal::facts::Pull;
use crate::plan::proposal::{self, Oid};
use crate::project::file_entry::FileEntry;

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

fn moved(doing: &str, branch: &str) -> ForgeError {
    ForgeError::new(
        format!("{doing} branch `{branch}`"),
        Refusal::Moved("someone has pushed to it".to_owned()),
    )
}

impl ForgeRepository<'_> {
    /// Carries out one call of a plan, which must not be [`Call::Push`]: that is not the forge's
    /// API.
    ///
    /// # Errors
    ///
    /// If the forge refuses; with [`Refusal::Moved`] where things have changed since the plan was
    /// made.
    pub async fn carry_out(self, call: &Call, done: &mut Done) -> Result<(), ForgeError> {
        let fields = Conversation::of(call);
        match call {
            Call::CreateBranch { branch, at } => self.create_branch(branch, done.at(at)?).await,
            Call::MoveBranch {
                branch,
                from,
                to,
                replace,
            } => {
                if *replace && !self.expect_head(branch, from, "move").await? {
                    return Err(moved("move", branch));
                }
                self.move_branch(branch, done.at(to)?, *replace).await
            }
            Call::DeleteBranch { branch, at } => {
                let at = done.at(at)?;
                if !self.expect_head(branch, at, "delete").await? {
                    return Ok(());
                }
                match self.delete_branch(branch).await {
                    // Another run, or the forge itself, was faster.
                    Err(error) if error.is_moved() => self
                        .expect_head(branch, at, "delete")
                        .await
                        .and_then(|there| if there { Err(error) } else { Ok(()) }),
                    outcome => outcome,
                }
            }
            Call::Commit { branch, commit } => {
                let made = self.create_commit_on_branch(branch, commit);
                done.commit = Some(made.await?);
                Ok(())
            }
            Call::CommitData { commit } => {
                done.commit = Some(self.commit_data(commit).await?);
                Ok(())
            }
            Call::Push { .. } => Err(out_of_order("push")),
            Call::OpenPull { .. } => {
                done.pull = Some(self.open_pull(&fields).await?);
                Ok(())
            }
            Call::UpdatePull { number, .. } | Call::ClosePull { number } => {
                self.update_pull(*number, &fields).await
            }
            Call::AddLabels { number, labels } => {
                let asked = self.add_labels(done.number(*number)?, labels);
                let outcome = asked.await;
                done.forgive(outcome)
            }
            Call::AskReviewers { number, reviewers } => {
                let asked = self.ask_reviewers(done.number(*number)?, reviewers);
                let outcome = asked.await;
                done.forgive(outcome)
            }
            Call::Comment { number, text } => {
                let text = match text {
                    CommentText::Text(text) => text.clone(),
                    CommentText::Retired { why, by, key } => {
                        let by = by.map(|by| done.number(by)).transpose()?;
                        proposal::retired_text(why.as_deref(), by, key)
                    }
                };
                // What people have locked takes no comment, and is still to be closed.
                match self.comment(*number, &text).await {
                    Err(error) if error.is_locked() => done.forgive(Err(error)),
                    outcome => outcome,
                }
            }
            Call::OpenIssue { .. } => self.open_issue(&fields).await,
            Call::UpdateIssue { number, .. } | Call::CloseIssue { number } => {
                self.update_issue(*number, &fields).await
            }
        }
    }

    /// Whether the branch is there; it stands where the plan says then.
    async fn expect_head(
        self,
        branch: &str,
        expected: &Oid,
        doing: &str,
    ) -> Result<bool, ForgeError> {
        match self.branch_head(branch).await? {
            None => Ok(false),
            Some(head) if head == *expected => Ok(true),
            Some(_) => Err(moved(doing, branch)),
        }
    }

    async fn commit_data(self, commit: &NewCommit) -> Result<Oid, ForgeError> {
        let mut entries = Vec::new();
        for edit in &commit.edits {
            let Some(FileEntry { mode, .. }) = edit.after.as_ref().or(edit.before.as_ref()) else {
                continue;
            };
            entries.push(
                self.tree_entry(&edit.path, *mode, edit.after.as_ref())
                    .await?,
            );
        }
        self.create_commit(&commit.parent, &entries, &commit.message())
            .await
    }
}
