//! When series are supported: as the release-metadata tree says, else as known before; the download
//! page is a cross-check.

use super::{Joining, SourceFacts};
use crate::openssl::upstream::SupportWindow;

const TREE: &str = "metadata";
const PAGE: &str = "source-page";

impl Joining {
    pub(super) fn windows(&mut self, facts: &SourceFacts) {
        for live in facts
            .metadata
            .iter()
            .flat_map(|metadata| &metadata.value.series)
        {
            let said = facts
                .source_page
                .iter()
                .flat_map(|page| &page.value.series)
                .any(|listed| listed.name == live.name && listed.eol == live.eol);
            if let Some(text) = self.take(live, said) {
                self.note(TREE, text);
            }
        }
        for listed in facts.source_page.iter().flat_map(|page| &page.value.series) {
            match self.snapshot.window(listed.name) {
                None => self.snapshot.series.push(listed.clone()),
                Some(known) => {
                    for text in disagreements(known, listed) {
                        self.note(PAGE, text);
                    }
                }
            }
        }
    }

    /// Takes a window over; what it changes is said. An end after the built-in one needs the
    /// download page to say the same.
    fn take(&mut self, live: &SupportWindow, page_agrees: bool) -> Option<String> {
        let built_in = self.floor.window(live.name).and_then(|floor| floor.eol);
        let Some(known) = self
            .snapshot
            .series
            .iter_mut()
            .find(|known| known.name == live.name)
        else {
            self.snapshot.series.push(live.clone());
            return None;
        };
        let before = std::mem::replace(known, live.clone());
        // A date that is not given any more is still the last one that was.
        known.eol = live.eol.or(before.eol);
        known.released = live.released.or(before.released);
        if let Some(end) = built_in
            && !page_agrees
            && known.eol.is_some_and(|live| live > end)
        {
            let live = day(known.eol);
            known.eol = Some(end);
            return Some(format!(
                "support of {} ends on `{live}` now, which no other source says: `{end}` still counts",
                known.name
            ));
        }
        let told = self.before.as_ref().and_then(|view| view.window(live.name));
        let changed = before.eol.is_some()
            && before.eol != known.eol
            && told.is_none_or(|told| told.eol != known.eol);
        changed.then(|| {
            format!(
                "support of {} ends on `{}` now, it was `{}` before",
                live.name,
                day(known.eol),
                day(before.eol)
            )
        })
    }
}

fn disagreements(known: &SupportWindow, listed: &SupportWindow) -> Vec<String> {
    let mut texts = Vec::new();
    if listed.eol.is_some() && known.eol != listed.eol {
        let (here, there) = (day(listed.eol), day(known.eol));
        texts.push(format!("support of {} ends on `{here}` here and on `{there}` in the release metadata, which counts", known.name));
    }
    if known.lts != listed.lts {
        let is = |lts| if lts { "long-term" } else { "not long-term" };
        texts.push(format!(
            "support of {} is {} here and {} in the release metadata, which counts",
            known.name,
            is(listed.lts),
            is(known.lts)
        ));
    }
    texts
}

fn day(date: Option<jiff::civil::Date>) -> String {
    date.map_or_else(|| "no day".to_owned(), |date| date.to_string())
}
