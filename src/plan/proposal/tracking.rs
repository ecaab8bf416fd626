//! The one issue that tells where things stand while nothing can be bumped.

use super::ISSUE_LABEL;
use super::call::{Call, CommentText};
use super::facts::{Issue, TrackingIssues};
use super::plan::TextChange;
use super::said::{has_said, say};
use super::stamp;

/// The issue before it exists: affected, and no release to go to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tracking {
    /// The link it is about.
    pub link: String,
    /// Its title.
    pub title: String,
    /// Its body in Markdown, without marker.
    pub body: String,
}

/// `{link}:tracking`, as the marker of the link's issue says it.
pub(crate) fn subject(link: &str) -> String {
    format!("{link}:tracking")
}

/// The calls that lead from the link's tracking issues to the wanted one. `wanted` is `None` once
/// the link can move, or is not affected.
pub(crate) fn plan(link: &str, wanted: Option<&Tracking>, issues: &TrackingIssues) -> Vec<Call> {
    let mut calls = newest(link, wanted, issues.newest.as_ref());
    for (twin, issue) in issues.twins.iter().zip(issues.newest.iter().cycle()) {
        let text = format!("#{} is about the same.", issue.number);
        calls.push(Call::CloseIssue { number: *twin });
        calls.push(Call::Comment {
            number: *twin,
            text: CommentText::Text(say(&text, DONE)),
        });
    }
    calls
}

fn newest(link: &str, wanted: Option<&Tracking>, newest: Option<&Issue>) -> Vec<Call> {
    match (wanted, newest) {
        (None, Some(issue)) if issue.open => close(issue),
        (None, _) => Vec::new(),
        (Some(wanted), Some(issue)) if issue.open => update(wanted, issue),
        // A human has closed it, and it says nothing new: it stays closed.
        (Some(wanted), Some(issue))
            if told(issue) == Some(stamp::of_text(&wanted.body))
                && !has_said(&issue.comments, DONE) =>
        {
            Vec::new()
        }
        (Some(wanted), _) => vec![Call::OpenIssue {
            title: wanted.title.clone(),
            body: stamp::sign(&stamp::marker(&subject(link)), &wanted.title, &wanted.body),
            labels: vec![ISSUE_LABEL.to_owned()],
        }],
    }
}

/// The key of the comment by which an issue that we closed is told from one that a human closed.
const DONE: &str = "done";

fn told(issue: &Issue) -> Option<String> {
    stamp::unsign(&issue.body).1.map(|written| written.body)
}

fn close(issue: &Issue) -> Vec<Call> {
    let number = issue.number;
    let text = CommentText::Text(say(
        "This is resolved: nothing that affects this link waits for a release any more.",
        DONE,
    ));
    let comment = (!has_said(&issue.comments, DONE)).then_some(Call::Comment { number, text });
    comment
        .into_iter()
        .chain([Call::CloseIssue { number }])
        .collect()
}

fn update(wanted: &Tracking, issue: &Issue) -> Vec<Call> {
    let TextChange { title, body, news } = TextChange::between(
        (&issue.title, &issue.body),
        &stamp::marker(&subject(&wanted.link)),
        (&wanted.title, &wanted.body),
        None,
    );
    let mut calls = Vec::new();
    if title.is_some() || body.is_some() {
        calls.push(Call::UpdateIssue {
            number: issue.number,
            title,
            body,
        });
    }
    if let Some(key) = news.filter(|key| !has_said(&issue.comments, key)) {
        let text = CommentText::Text(say(
            &format!("Where things stand now:\n\n{}", wanted.body.trim()),
            &key,
        ));
        calls.push(Call::Comment {
            number: issue.number,
            text,
        });
    }
    calls
}
