//! What `propose` prints.

use std::fmt::Write;

use schemars::JsonSchema;
use serde::Serialize;

use crate::openssl::version::Version;
use crate::plan::proposal::{Call, Proposal, Route, Standing};
use crate::text::one_line;
use crate::text::style::Look;
use crate::workspace::remote::Submission;

#[derive(Debug, Serialize, JsonSchema)]
#[schemars(title = "release-check propose --format json")]
pub(crate) struct ProposeJson {
    pub(crate) schema: u32,
    /// Whether the calls were made.
    pub(crate) executed: bool,
    /// The PRs of links that move.
    pub(crate) proposals: Vec<Proposed>,
    /// The PRs that carry changelog entries of release branches forward.
    pub(crate) forwarded: Vec<Forwarded>,
    /// Everything else that is done to the repositories: tracking issues, branches and PRs that are
    /// needed no longer.
    pub(crate) others: Vec<Other>,
    /// The links of which too little is known to say whether anything is due.
    pub(crate) unknown: Vec<Undecided>,
}

/// A link of which too little is known.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Undecided {
    pub(crate) repository: String,
    pub(crate) link: String,
    pub(crate) linked: Version,
    /// What is missing, in words.
    pub(crate) why: String,
}

/// One PR.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Proposed {
    /// `owner/name`, or the folder of a remote that is no forge.
    pub(crate) repository: String,
    pub(crate) link: String,
    pub(crate) from: Version,
    pub(crate) target: Version,
    /// Whether it is only offered, for the project's next major release: it is never due.
    pub(crate) offered: bool,
    #[serde(flatten)]
    pub(crate) outcome: PullOutcome,
}

/// One PR that carries a changelog entry forward.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Forwarded {
    /// `owner/name`, or the folder of a remote that is no forge.
    pub(crate) repository: String,
    /// The branch or tag whose changelog has the entry.
    pub(crate) source: String,
    /// The project's releases whose sections are carried, newest first.
    pub(crate) releases: Vec<String>,
    #[serde(flatten)]
    pub(crate) outcome: PullOutcome,
}

/// What is said of every PR.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct PullOutcome {
    /// The branch of ours.
    pub(crate) branch: String,
    /// The branch it is opened against.
    pub(crate) base: String,
    /// `absent`, `open`, `closed` or `merged`.
    pub(crate) state: &'static str,
    pub(crate) pull: Option<PullJson>,
    /// Which way the commit goes: `api`, `data` or `git`.
    route: &'static str,
    title: String,
    body: String,
    /// The commit's message, without trailers.
    message: String,
    /// The change as a unified diff.
    diff: String,
    /// What is done, or would be done, in order; empty where everything is up to date.
    pub(crate) calls: Vec<String>,
    /// What a human should know.
    pub(crate) notes: Vec<String>,
}

#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Pull")]
pub(crate) struct PullJson {
    pub(crate) number: u64,
    pub(crate) url: String,
}

#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Other {
    pub(crate) repository: String,
    pub(crate) link: String,
    pub(crate) calls: Vec<String>,
    pub(crate) notes: Vec<String>,
}

impl PullOutcome {
    pub(crate) fn of(proposal: &Proposal, submission: &Submission, diff: String) -> Self {
        let plan = &submission.plan;
        Self {
            branch: proposal.purpose.branch(),
            base: proposal.base.clone(),
            state: plan.standing.word(),
            pull: PullJson::of(&plan.standing),
            route: word(submission.route),
            title: proposal.title.clone(),
            body: proposal.body.clone(),
            message: format!("{}\n\n{}", proposal.headline, proposal.description),
            diff,
            calls: in_words(&plan.calls),
            notes: plan.notes.clone(),
        }
    }
}

impl PullJson {
    fn of(standing: &Standing) -> Option<Self> {
        standing.pull().map(|(number, url)| Self {
            number,
            url: url.to_owned(),
        })
    }
}

fn word(route: Route) -> &'static str {
    match route {
        Route::Api => "api",
        Route::Data => "data",
        Route::Git => "git",
    }
}

pub(crate) fn in_words(calls: &[Call]) -> Vec<String> {
    calls.iter().map(ToString::to_string).collect()
}

impl ProposeJson {
    pub(crate) fn text(&self, look: Look) -> String {
        let mut out = String::new();
        for Undecided {
            repository,
            link,
            linked,
            why,
        } in &self.unknown
        {
            let _ = writeln!(
                out,
                "{link}: unknown, OpenSSL {linked} in {repository}: {why}"
            );
        }
        for one in &self.proposals {
            one.text(self.executed, look, &mut out);
        }
        for one in &self.forwarded {
            one.text(self.executed, look, &mut out);
        }
        for other in self
            .others
            .iter()
            .filter(|other| !other.calls.is_empty() || !other.notes.is_empty())
        {
            let _ = writeln!(out, "{} in {}", other.link, other.repository);
            out.push_str(&listed(self.executed, &other.calls, &other.notes, look));
        }
        if out.is_empty() {
            out.push_str("nothing to propose\n");
        }
        harmless(&out)
    }
}

impl Proposed {
    fn text(&self, executed: bool, look: Look, out: &mut String) {
        let (from, target, repository) = (self.from, self.target, &self.repository);
        let _ = writeln!(
            out,
            "{}: OpenSSL {from} -> {target} in {repository}",
            self.link
        );
        self.outcome.text(executed, look, out);
    }
}

impl Forwarded {
    fn text(&self, executed: bool, look: Look, out: &mut String) {
        let (releases, source) = (crate::text::in_words(&self.releases), &self.source);
        let _ = writeln!(
            out,
            "changelog: {releases} from `{source}` in {}",
            self.repository
        );
        self.outcome.text(executed, look, out);
    }
}

impl PullOutcome {
    fn text(&self, executed: bool, look: Look, out: &mut String) {
        let _ = writeln!(out, "  branch `{}` into `{}`", self.branch, self.base);
        if let Some(PullJson { number, url }) = &self.pull {
            let _ = writeln!(out, "  pull request #{number} is {}: {url}", self.state);
        }
        out.push_str(&listed(executed, &self.calls, &self.notes, look));
        if self.calls.is_empty() || (executed && self.route != "git") {
            return;
        }
        let _ = writeln!(out, "\ncommit: {}\n\n{}", self.message, self.diff);
        let _ = writeln!(out, "title: {}\n\n{}", self.title, self.body);
    }
}

/// What is done to a repository, and what is to be known of it.
pub(crate) fn listed(executed: bool, calls: &[String], notes: &[String], look: Look) -> String {
    let mut out = String::new();
    if calls.is_empty() {
        let _ = writeln!(out, "  nothing to do");
    }
    for call in calls {
        let done = if executed { "done:" } else { "would" };
        let _ = writeln!(out, "  {done} {}", one_line(call));
    }
    for note in notes {
        let _ = writeln!(out, "  note: {}", one_line(note));
    }
    look.lines(&out)
}

/// Nothing in it acts on a terminal; tabs, which diffs have, stay.
fn harmless(text: &str) -> String {
    text.split('\t')
        .map(crate::text::printable)
        .collect::<Vec<_>>()
        .join("\t")
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_schema_is_published() {
        crate::text::schema::assert_published::<super::ProposeJson>("propose");
    }
}
