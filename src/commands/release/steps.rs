//! The steps of one link: its pins, the checks on them, and the paperwork that follows.

use crate::plan::pipeline::links::{self, LinkPull, Paperwork};
use crate::plan::pipeline::release::{self, LinkCarried};
use crate::plan::pipeline::{Name, Step, StepState};
use crate::plan::proposal::purpose::TESTED;
use crate::project::config::Link;
use crate::text::fault::Fault;
use crate::text::in_words;
use crate::workspace::proposals::Proposals;
use crate::workspace::proposals::document::{
    Forwarded, ProposeJson, Proposed, PullJson, PullOutcome,
};
use crate::workspace::session::Head;

use super::newest::OfLine;

/// Takes every step of a link that is due.
pub(super) fn of_link(
    session: &mut Proposals<'_>,
    link: &Link,
    lines: &[OfLine<'_>],
    faults: &mut Vec<Fault>,
) -> Vec<Step> {
    let failed = session
        .faults
        .iter()
        .find(|(_, links, _)| links.contains(&link.name));
    if let Some((repository, _, fault)) = failed {
        return vec![links::failed(&link.name, repository, &fault.to_string())];
    }
    let Some(head) = session
        .heads()
        .iter()
        .find(|head| head.link.name == link.name)
        .cloned()
    else {
        return Vec::new();
    };
    let (pull, also) = if link.is_tested() {
        let (all, also) = pulls(session.document(), TESTED, &head.repository);
        (all.and_then(|all| of_one(all, &head)), also)
    } else {
        pulls(session.document(), &link.name, &head.repository)
    };
    let assessed = (&head.link.assessment, head.commit.is_known());
    let mut steps = links::pins(&link.name, &head.repository, assessed, pull.as_ref());
    steps.extend(
        also.iter()
            .flat_map(|pull| links::pins(&link.name, &head.repository, assessed, Some(pull))),
    );
    steps.extend(offer(session.document(), &link.name, &head.repository));
    if !head.is_here && !link.is_tested() {
        let of_link = |of: &'_ OfLine<'_>| {
            let carried = of.carried.iter().find(|one| one.link == link.name);
            carried.cloned()
        };
        let carried: Vec<LinkCarried> = lines.iter().filter_map(of_link).collect();
        let mut follow = Following {
            session,
            head: &head,
            carried: &carried,
            faults,
        };
        let is_merged = pull.is_none() && also.is_empty();
        let checks = follow.checks(is_merged);
        let may_go_on = is_merged && checks.state.lets_pass();
        steps.push(checks.of(&link.name, &head.repository));
        let paperwork = follow.paperwork(may_go_on);
        let own = session.own().unwrap_or_default();
        for one in &paperwork {
            steps.extend(links::paperwork(
                &link.name,
                own,
                head.link.assessment.linked,
                one,
            ));
        }
    }
    steps
}

/// Carries changelog entries of release branches forward, where the configuration asks for it.
pub(super) fn carried_forward(session: &mut Proposals<'_>, faults: &mut Vec<Fault>) -> Vec<Step> {
    if !session.forwards() {
        return Vec::new();
    }
    let failed = session.carry_forward().err();
    let own = session.own().unwrap_or_default();
    let document = session.document();
    let pull = |one: &Forwarded| {
        let what = format!("{} from `{}`", in_words(&one.releases), one.source);
        pulled(document, &one.outcome, what)
    };
    let pulls: Vec<LinkPull> = document.forwarded.iter().map(pull).collect();
    let steps = release::carry_forward(
        &pulls,
        failed.as_ref().map(ToString::to_string).as_deref(),
        own,
    );
    faults.extend(failed);
    steps
}

/// What follows where pins in another repository have moved.
struct Following<'a, 'b> {
    session: &'a mut Proposals<'b>,
    head: &'a Head,
    /// What the newest release of each branch carries, the newest of all first.
    carried: &'a [LinkCarried],
    faults: &'a mut Vec<Fault>,
}

impl Following<'_, '_> {
    /// Whether the newest releases carry what the pins say already: then nothing needs to be asked.
    fn is_released(&self) -> bool {
        let mut carried = self.carried.iter();
        !self.carried.is_empty() && carried.all(|one| one.release == Some(one.base))
    }

    fn checks(&mut self, merged: bool) -> Step {
        if !merged {
            return Step::new(Name::Checks, StepState::Waiting, "for the merge");
        }
        if !self.session.gates_on_checks() {
            return Step::new(
                Name::Checks,
                StepState::Done,
                "not asked: nothing waits for them",
            );
        }
        if self.is_released() {
            return Step::new(
                Name::Checks,
                StepState::Done,
                "not asked again: a release carries it",
            );
        }
        match self.session.checks(self.head) {
            Ok((health, page)) => links::checks(&health, page.as_deref()),
            Err(fault) => {
                let step = Step::new(Name::Checks, StepState::Blocked, fault.to_string());
                self.faults.push(fault);
                step
            }
        }
    }

    /// The paperwork of the base, and of each further release branch that lacks some.
    fn paperwork(&mut self, may_go_on: bool) -> Vec<Paperwork> {
        let (name, now) = (&self.head.link.name, self.head.link.assessment.linked);
        let from = self.carried.first().and_then(|carried| carried.release);
        let is_released = self.is_released();
        vec![match from {
            _ if !self.session.has_paperwork() => Paperwork::NotConfigured,
            _ if !may_go_on => Paperwork::Later,
            None => Paperwork::Unknown,
            Some(from) => match match is_released {
                true => self.session.follow_down(name, now),
                false => self.session.follow(name, from, now),
            } {
                Ok(()) => {
                    let Some(own) = self.session.own() else {
                        return vec![Paperwork::Done];
                    };
                    let (base, also) = pulls(self.session.document(), name, own);
                    let base = base.map_or(Paperwork::Done, Paperwork::Pull);
                    return [base]
                        .into_iter()
                        .chain(also.into_iter().map(Paperwork::Pull))
                        .collect();
                }
                Err(fault) => {
                    self.faults.push(fault.clone());
                    Paperwork::Failed(fault.to_string())
                }
            },
        }]
    }
}

/// The move to a newer series that is offered beside what is due.
fn offer(document: &ProposeJson, link: &str, repository: &str) -> Option<Step> {
    let one = document
        .proposals
        .iter()
        .find(|one| one.link == link && one.repository == repository && one.offered)?;
    let pull = described(document, one, " for your next major");
    Some(links::offer(&pull).of(link, repository))
}

/// What was proposed for a link in a repository: for its base branch, and for further release
/// branches.
fn pulls(
    document: &ProposeJson,
    link: &str,
    repository: &str,
) -> (Option<LinkPull>, Vec<LinkPull>) {
    let ours = document
        .proposals
        .iter()
        .filter(|one| one.link == link && one.repository == repository && !one.offered);
    let (also, base): (Vec<_>, Vec<_>) = ours.partition(|one| one.outcome.branch.contains('@'));
    let also = also
        .into_iter()
        .map(|one| described(document, one, &format!(" on `{}`", one.outcome.base)));
    (
        base.first().map(|one| described(document, one, "")),
        also.collect(),
    )
}

/// What the PR of every link that is only tested with says of one of them; none where that stays.
fn of_one(all: LinkPull, head: &Head) -> Option<LinkPull> {
    let assessment = &head.link.assessment;
    let what = format!("OpenSSL {} -> {}", assessment.linked, assessment.target?);
    Some(LinkPull { what, ..all })
}

fn described(document: &ProposeJson, one: &Proposed, whither: &str) -> LinkPull {
    let what = format!("OpenSSL {} -> {}{whither}", one.from, one.target);
    pulled(document, &one.outcome, what)
}

fn pulled(document: &ProposeJson, one: &PullOutcome, what: String) -> LinkPull {
    let page = |pull: &PullJson| (pull.number, pull.url.clone());
    LinkPull {
        state: one.state,
        page: one.pull.as_ref().map(page),
        branch: one.branch.clone(),
        base: one.base.clone(),
        what,
        acts: !one.calls.is_empty(),
        executed: document.executed,
    }
}
