//! The project's history, read as far as it says something of what was found.

use crate::openssl::upstream::Release;
use crate::outside::git::changes::{self, HistoryPatience, Reach, Wanted};
use crate::outside::git::open;
use crate::project::discovery::{self, Checkout, Record};
use crate::workspace::context::Context;

/// What the commits of the checkout did to the files that may hold a pin.
pub(super) fn read(
    context: &Context,
    checkout: &Checkout,
    releases: &[Release],
    patience: &HistoryPatience,
) -> Record {
    let mut record = Record::new(releases);
    if open::around(&context.directory).is_none() {
        return record;
    }
    let files = discovery::candidates(checkout, releases);
    if files.is_empty() {
        return record;
    }
    let (changelog, version) = record.watch(checkout);
    let wanted = Wanted {
        read: files.into_iter().chain(version).collect(),
        named: changelog.into_iter().collect(),
    };
    let reach = changes::walk(
        &context.directory,
        &wanted,
        patience,
        &mut |commit, files| {
            record.add(commit, files);
        },
    );
    record.bounds = match reach {
        None | Some(Reach::Whole) => None,
        Some(Reach::Bounded(commits)) => Some(format!(
            "only the newest {commits} commits were looked at; what moved before them is not known"
        )),
        Some(Reach::Shallow(commits)) => Some(format!(
            "this clone is shallow and has {}; with `git fetch --unshallow` the earlier bumps count as evidence too",
            crate::text::count(commits, "commit", "commits")
        )),
    };
    record
}
