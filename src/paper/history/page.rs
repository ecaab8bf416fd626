//! `history --format html`: one file that asks nobody for anything.

use serde::Serialize;

use super::bars::Chart;
use super::matrix::Matrix;
use super::{Carriers, Grade, History};
use crate::paper::draft::is_plain_link;
use crate::paper::templates::Templates;
use crate::text::fault::Fault;
use crate::text::{count, in_words};

/// Columns from which on a sheet of paper has only room for text on its side.
const MANY: usize = 14;

#[derive(Serialize)]
struct HistoryPage<'a> {
    project: &'a str,
    as_of: String,
    taken: String,
    age: String,
    too_old: bool,
    /// What the newest release means today: class, letter and words.
    newest: NewestCard,
    carriers: &'static str,
    releases: usize,
    unexamined: String,
    unread: usize,
    many: bool,
    matrix: Matrix,
    chart: Option<Chart>,
    package: Option<&'a str>,
    forge: Option<&'a str>,
    archive: Option<&'a str>,
}

#[derive(Serialize)]
pub(super) struct NewestCard {
    pub(super) version: String,
    pub(super) class: &'static str,
    pub(super) letter: &'static str,
    pub(super) said: String,
    pub(super) detail: String,
}

impl History<'_> {
    /// The page.
    pub(crate) fn html(&self, templates: &Templates) -> Result<String, Fault> {
        let link = |url: &'_ Option<String>| url.clone().filter(|url| is_plain_link(url));
        let (forge, archive) = (link(&self.project.forge), link(&self.project.archive));
        let page = HistoryPage {
            project: &self.project.name,
            as_of: self.upstream.day.to_string(),
            taken: self.upstream.taken.to_string(),
            age: match self.age() {
                ..0 => "replayed".to_owned(),
                0 => "of the same day".to_owned(),
                days => format!("{} old", count(days.unsigned_abs() as usize, "day", "days")),
            },
            too_old: self.too_old,
            newest: self.newest(),
            carriers: match self.carriers {
                Carriers::Platforms => "platform",
                Carriers::Links => "link",
            },
            releases: self.releases.len(),
            unexamined: in_words(self.unexamined),
            unread: self
                .releases
                .iter()
                .filter(|release| !release.unread.is_empty())
                .count(),
            many: self.releases.len() > MANY,
            matrix: self.matrix(),
            chart: self.chart(),
            package: self.project.package.as_deref(),
            forge: forge.as_deref(),
            archive: archive.as_deref(),
        };
        templates.render("history.html.j2", &page)
    }

    /// What the newest release means today.
    pub(super) fn newest(&self) -> NewestCard {
        let Some(newest) = self.releases.last() else {
            return NewestCard {
                version: String::new(),
                class: "x",
                letter: "?",
                said: "there is no release yet".to_owned(),
                detail: String::new(),
            };
        };
        let cells: Vec<_> = self
            .all_carriers()
            .into_iter()
            .map(|carrier| (carrier, self.cell(newest, carrier)))
            .collect();
        let affected: Vec<_> = cells
            .iter()
            .filter(|(_, cell)| matches!(cell.grade, Grade::Affected(_)))
            .collect();
        let unknown = cells
            .iter()
            .filter(|(_, cell)| matches!(cell.grade, Grade::NotKnown(_)))
            .count();
        let ids: std::collections::BTreeSet<_> = affected
            .iter()
            .flat_map(|(_, cell)| cell.advisories.iter().copied())
            .collect();
        let gravest = self.gravest(&ids);
        let all = newest.carried.len();
        let (class, letter, said) = match gravest {
            Some(severity) => {
                let (class, letter) = super::matrix::mark(&severity);
                let number = count(ids.len(), "known advisory", "known advisories");
                (
                    class,
                    letter,
                    format!("has {number}: {}", self.counted(ids)),
                )
            }
            None if unknown > 0 || all == 0 && !newest.unread.is_empty() => {
                ("x", "?", "is not known to be good".to_owned())
            }
            None if all == 0 => ("none", "", "carries no OpenSSL".to_owned()),
            None => ("ok", "✓", "has no known advisory".to_owned()),
        };
        let mut detail = Vec::new();
        if !affected.is_empty() && affected.len() < all {
            let names = in_words(affected.iter().map(|(carrier, _)| *carrier));
            detail.push(format!("only on {names}"));
        }
        if unknown > 0 {
            detail.push(format!("{unknown} of {all} not known"));
        }
        NewestCard {
            version: newest.version.clone(),
            class,
            letter,
            said,
            detail: detail.join("; "),
        }
    }
}
