//! The issues that a mail names: a line each, the gravest first, as many as a person reads, and each
//! page of OpenSSL's once.

use serde::Serialize;

use super::{AdvisoryFacts, LinkMove};
use crate::openssl::advisory::Severity;
use crate::paper::announcement::WIDTH;
use crate::text::{in_words, wrap};

/// Lines of what is fixed, in a whole mail.
const FIXED_LINES: usize = 25;

/// Lines of what is not.
const OTHER_LINES: usize = 6;

/// Pages that are named; of more there is the one of all of them.
const PAGES: usize = 3;

/// Where OpenSSL lists every issue.
const ALL: &str = "https://openssl-library.org/news/vulnerabilities/";

/// The issues of a move, each kind for a list of its own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct ListedMove {
    pub(crate) fixes: ListedIssues,
    pub(crate) introduced: ListedIssues,
    pub(crate) still_present: ListedIssues,
}

/// What a list of issues says.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub(crate) struct ListedIssues {
    /// The issues that have a line of their own.
    pub(crate) named: Vec<AdvisoryFacts>,
    /// How many there are besides: `9 low ones`.
    pub(crate) more: Option<String>,
    /// OpenSSL's page about those besides, where one has them all.
    pub(crate) more_page: Option<String>,
    /// How many there are of each severity: `1 high, 2 moderate`.
    pub(crate) summary: String,
    /// OpenSSL's pages about them, each once.
    pub(crate) pages: Vec<String>,
}

impl ListedMove {
    /// The lists of one of several moves in a mail.
    pub(crate) fn of(moved: &LinkMove, moves: usize) -> Self {
        Self {
            fixes: ListedIssues::of(&moved.fixes, FIXED_LINES / moves.max(1)),
            introduced: ListedIssues::of(&moved.introduced, OTHER_LINES),
            still_present: ListedIssues::of(&moved.still_present, OTHER_LINES),
        }
    }
}

impl ListedIssues {
    /// As many of them as have room in this many lines.
    fn of(all: &[AdvisoryFacts], lines: usize) -> Self {
        let height = |facts: &AdvisoryFacts| {
            let title = facts.title.as_deref().unwrap_or_default();
            let text = format!("{}, {}: {title}", facts.id, facts.severity);
            wrap(&text, WIDTH, "- ", "  ").len()
        };
        let mut used = 0;
        let fits = |facts: &&AdvisoryFacts| {
            used += height(facts);
            used <= lines
        };
        let named: Vec<AdvisoryFacts> = all.iter().take_while(fits).cloned().collect();
        let rest = &all[named.len()..];
        let severities: Vec<Severity> = all
            .iter()
            .map(|facts| Severity::read(&facts.severity))
            .collect();
        let ones = if rest.len() == 1 { "one" } else { "ones" };
        let more = Severity::counted(&severities[named.len()..]);
        let mut pages: Vec<String> = Vec::new();
        for facts in all {
            if !pages.contains(&facts.url) {
                pages.push(facts.url.clone());
            }
        }
        if pages.len() > PAGES + 1 {
            pages.truncate(PAGES);
            pages.push(ALL.to_owned());
        }
        let mut others = rest.iter().map(|facts| &facts.url);
        let first = others.next();
        Self {
            more_page: first.filter(|page| others.all(|url| url == *page)).cloned(),
            more: (!rest.is_empty()).then(|| format!("{} {ones}", in_words(more.split(", ")))),
            named,
            summary: Severity::counted(&severities),
            pages,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn facts(number: usize, severity: &str, page: usize) -> AdvisoryFacts {
        AdvisoryFacts {
            id: format!("CVE-2025-{number:04}"),
            severity: severity.to_owned(),
            title: None,
            url: format!("https://openssl.example/secadv/{page}.txt"),
            cve_url: String::new(),
            published: "2025-09-30".to_owned(),
        }
    }

    #[test]
    fn as_many_as_a_person_reads() {
        let mut all = vec![facts(1, "high", 1), facts(2, "not rated", 1)];
        all.extend((3..40).map(|number| facts(number, "low", 1)));
        let listed = ListedIssues::of(&all, 25);
        assert_eq!(listed.named.len(), 25);
        assert_eq!(listed.more.as_deref(), Some("14 low ones"));
        assert_eq!(listed.more_page.as_ref(), listed.pages.first());
        assert_eq!(listed.summary, "1 high, 1 not rated, 37 low");
        assert_eq!(listed.pages, ["https://openssl.example/secadv/1.txt"]);
        assert_eq!(ListedIssues::of(&[], 25), ListedIssues::default());
    }

    #[test]
    fn each_page_once_and_not_too_many() {
        let all: Vec<AdvisoryFacts> = (0..12).map(|at| facts(at, "low", at / 2)).collect();
        let listed = ListedIssues::of(&all, 25);
        assert_eq!((listed.pages.len(), listed.more), (4, None));
        assert_eq!(listed.pages[3], ALL);
    }

    #[test]
    fn a_page_of_the_rest_has_all_of_it() {
        for (pages, expected) in [
            ([1, 1, 2, 2], Some("https://openssl.example/secadv/2.txt")),
            ([1, 1, 1, 2], None),
            ([1, 1, 2, 3], None),
        ] {
            let all: Vec<AdvisoryFacts> = (0..)
                .zip(pages)
                .map(|(at, page)| facts(at, "low", page))
                .collect();
            let listed = ListedIssues::of(&all, 2);
            assert_eq!(listed.more.as_deref(), Some("2 low ones"));
            assert_eq!(listed.more_page.as_deref(), expected, "{pages:?}");
        }
    }
}
