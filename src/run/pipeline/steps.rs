//! The steps of one link: its pins, the checks on them, and the paperwork that follows.

use super::super::propose::document::Document;
use super::super::propose::{Head, Session};
use crate::config::Link;
use crate::fault::Fault;
use crate::pipeline::links::{self, Paperwork, Pull};
use crate::pipeline::release::Carried;
use crate::pipeline::{Name, State, Step};

/// Takes every step of a link that is due.
pub(super) fn of_link(session: &mut Session<'_>, link: &Link, carried: &[Carried], faults: &mut Vec<Fault>) -> Vec<Step> {
    let failed = session.faults.iter().find(|(_, links, _)| links.contains(&link.name));
    if let Some((repository, _, fault)) = failed {
        return vec![links::failed(&link.name, repository, &fault.to_string())];
    }
    let Some(head) = session.heads().iter().find(|head| head.link.name == link.name).cloned() else { return Vec::new() };
    let pull = pull(session.document(), &link.name, &head.repository);
    let mut steps = links::pins(&link.name, &head.repository, &head.link.assessment, pull.as_ref());
    if !head.is_here {
        let carried = carried.iter().find(|one| one.link == link.name);
        let mut follow = Following { session, head: &head, carried, faults };
        let checks = follow.checks(pull.is_none());
        let may_go_on = pull.is_none() && checks.state.lets_pass();
        steps.push(checks.of(&link.name, &head.repository));
        let paperwork = follow.paperwork(may_go_on);
        let own = session.own().unwrap_or_default();
        steps.extend(links::paperwork(&link.name, own, head.link.assessment.linked, &paperwork));
    }
    steps
}

/// What follows where pins in another repository have moved.
struct Following<'a, 'b> {
    session: &'a mut Session<'b>,
    head: &'a Head,
    carried: Option<&'a Carried>,
    faults: &'a mut Vec<Fault>,
}

impl Following<'_, '_> {
    /// Whether the newest release carries what the pins say already: then nothing needs to be asked.
    fn is_released(&self) -> bool {
        self.carried.is_some_and(|carried| carried.release == Some(carried.base))
    }

    fn checks(&mut self, merged: bool) -> Step {
        if !merged {
            return Step::new(Name::Checks, State::Waiting, "for the merge");
        }
        if self.is_released() {
            return Step::new(Name::Checks, State::Done, "not asked again: a release carries it");
        }
        match self.session.checks(self.head) {
            Ok((health, page)) => links::checks(&health, page.as_deref()),
            Err(fault) => {
                let step = Step::new(Name::Checks, State::Blocked, fault.to_string());
                self.faults.push(fault);
                step
            }
        }
    }

    fn paperwork(&mut self, may_go_on: bool) -> Paperwork {
        if !self.session.has_paperwork() {
            return Paperwork::NotConfigured;
        }
        if !may_go_on {
            return Paperwork::Later;
        }
        let name = &self.head.link.name;
        let (Some(from), now) = (self.carried.and_then(|carried| carried.release), self.head.link.assessment.linked) else {
            return Paperwork::Unknown;
        };
        if from == now {
            return Paperwork::Done;
        }
        if let Err(fault) = self.session.follow(name, from, now) {
            self.faults.push(fault.clone());
            return Paperwork::Failed(fault.to_string());
        }
        let pull = self.session.own().and_then(|own| pull(self.session.document(), name, own));
        pull.map_or(Paperwork::Done, Paperwork::Pull)
    }
}

/// What was proposed for a link's base branch in a repository; further release branches are listed with the calls.
fn pull(document: &Document, link: &str, repository: &str) -> Option<Pull> {
    let ours =
        |one: &&crate::run::propose::document::Proposed| one.link == link && one.repository == repository && !one.branch.contains('@');
    let proposed = document.proposals.iter().find(ours)?;
    Some(Pull {
        state: proposed.state,
        page: proposed.pull.as_ref().map(|pull| (pull.number, pull.url.clone())),
        branch: proposed.branch.clone(),
        base: proposed.base.clone(),
        what: format!("OpenSSL {} -> {}", proposed.from, proposed.target),
        acts: !proposed.calls.is_empty(),
        executed: document.executed,
    })
}
