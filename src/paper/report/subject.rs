//! What a report is about.

use std::fmt;

use serde::Serialize;

use crate::openssl::advisory::CveId;
use crate::openssl::assessment::{Assessment, Verdict};
use crate::openssl::upstream::pre_announcement::Announced;
use crate::openssl::upstream::{SourceState, View};
use crate::openssl::version::Version;
use crate::text::in_words;

/// Everything `check` has found.
#[derive(Debug)]
pub(crate) struct Check<'a> {
    /// Upstream on the day that is answered for.
    pub upstream: &'a View<'a>,
    /// How each source answered.
    pub sources: &'a [SourceState],
    /// Releases that upstream has said are coming.
    pub announced: Vec<Announced>,
    /// What the project's newest published release carries, where that is known.
    pub published: Option<PublishedRelease>,
    pub links: Vec<AssessedLink>,
    /// The project's folder inside its repository, empty where they are one.
    pub prefix: String,
}

/// What the project's newest published release carries.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub(crate) struct PublishedRelease {
    /// The project's version.
    pub version: String,
    /// The OpenSSL inside.
    pub openssl: Version,
    /// The advisories it has that a fixed release exists for.
    pub exposed: Vec<CveId>,
    /// The platforms that get this release, and not the newest one, because its files for them were
    /// yanked; left out where it is the newest.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub platforms: Vec<String>,
}

/// One link and what its version means.
#[derive(Debug, Clone)]
pub(crate) struct AssessedLink {
    pub name: String,
    /// The places that say which version it uses.
    pub places: Vec<PinPlace>,
    /// The configuration's file, relative to the project, and the line from 1 that names the link;
    /// none where there is no configuration.
    pub declared: Option<(String, usize)>,
    /// What its version means.
    pub assessment: Assessment,
    /// What versions of other series mean that move with it.
    pub beside: Vec<Assessment>,
}

/// A place that says which version a link uses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct PinPlace {
    /// `owner/name` of the repository, where it is another one.
    pub repository: Option<String>,
    /// The file, relative to the project or to the other repository.
    pub file: String,
    pub line: usize,
    /// What it says; not always what the link stands at, which is the lowest of all.
    pub version: Version,
}

impl fmt::Display for PinPlace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(repository) = &self.repository {
            write!(f, "{repository}:")?;
        }
        write!(f, "{}:{}", self.file, self.line)
    }
}

/// What a verdict means, in words.
pub(crate) fn meaning(assessment: &Assessment) -> String {
    let Assessment {
        linked, verdict, ..
    } = assessment;
    match (verdict, assessment.target) {
        (Verdict::Withdrawn, Some(target)) => format!("OpenSSL took {linked} back; go to {target}"),
        (Verdict::Withdrawn, None) => {
            format!("OpenSSL took {linked} back, and there is no other release to go to")
        }
        (Verdict::SecurityRelease, Some(target)) if assessment.is_unrecorded => {
            format!("OpenSSL has not yet said what {target} fixes; it counts as a security release")
        }
        (Verdict::SecurityRelease, _) => "a security release is due".to_owned(),
        (Verdict::FixPending | Verdict::Stranded, _) if assessment.is_only_unread() => {
            format!(
                "treated as affected: what OpenSSL says of affected versions could not be read for {}",
                in_words(&assessment.unread)
            )
        }
        (Verdict::FixPending, _) => "affected, and the fix is in no public release yet".to_owned(),
        (Verdict::Stranded, _) => {
            let way_out = assessment.refuge.map_or_else(
                || "no release of a supported series has every fix".to_owned(),
                |refuge| {
                    format!(
                        "the nearest supported series with every fix is {}: {refuge}",
                        refuge.series()
                    )
                },
            );
            let premium = assessment.premium.map_or_else(String::new, |premium| {
                format!(" (only premium support customers get {premium})")
            });
            format!(
                "affected, and {} gets no public fix{premium}; {way_out}",
                linked.series()
            )
        }
        (Verdict::EndOfLife, _) if assessment.unknown.is_some() => {
            let unknown = assessment
                .unknown
                .map_or_else(String::new, |one| one.to_string());
            format!("{} has ended; besides, {unknown}", linked.series())
        }
        (Verdict::EndOfLife, _) if !assessment.unanalysed.is_empty() => format!(
            "{} has ended, and upstream did not look at it since: nobody may call {linked} unaffected",
            linked.series()
        ),
        (Verdict::EndOfLife, _) => format!("unaffected so far, but {} has ended", linked.series()),
        (Verdict::BugfixRelease, _) => match assessment.due_on {
            Some(day) => format!("a bug-fix release is due on {day}"),
            None => "a bug-fix release is due".to_owned(),
        },
        (Verdict::Unknown, _) => assessment.unknown.map_or_else(
            || "too little is known of upstream".to_owned(),
            |unknown| unknown.to_string(),
        ),
        (Verdict::Ahead, _) => format!("newer than anything known of {}", linked.series()),
        (Verdict::Current, _) => "nothing newer, nothing known to be wrong".to_owned(),
    }
}
