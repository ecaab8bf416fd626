//! `check` as Markdown, for the step summary of a CI job.

use std::fmt::Write;

use super::subject::Check;
use crate::openssl::advisory::CveId;
use crate::paper::templates::escape;
use crate::text::in_words;

/// Advisories that nobody counts by eye.
const MANY: usize = 5;

impl Check<'_> {
    pub(crate) fn markdown(&self) -> String {
        let mut out = String::from(
            "## OpenSSL release check\n\n| Link | Linked | Target | Verdict | Severity |\n| --- | --- | --- | --- | --- |\n",
        );
        for link in &self.links {
            let assessment = &link.assessment;
            let target = assessment
                .target
                .map_or_else(|| "-".to_owned(), |target| target.to_string());
            let severity = assessment
                .severity
                .as_ref()
                .map_or_else(|| "-".to_owned(), ToString::to_string);
            let _ = writeln!(
                out,
                "| {} | {} | {target} | {} | {severity} |",
                link.name, assessment.linked, assessment.verdict
            );
        }
        for link in &self.links {
            let assessment = &link.assessment;
            let _ = write!(
                out,
                "\n### {}\n\n{}.\n",
                link.name,
                sentence(&self.meaning(assessment))
            );
            let expected: Vec<String> = assessment
                .awaited()
                .map(|pending| format!("{} in {}", pending.id, pending.expected))
                .collect();
            let mut pending = assessment.awaited();
            let waits = match pending.any(|one| self.upstream.may_have_missed(one.since)) {
                true => "Fixed in what is not known here",
                false => "Pending",
            };
            let rows = [
                ("Fixes", self.summed(&assessment.fixes)),
                (waits, in_words(expected)),
                ("Introduces", self.rated(&assessment.introduced)),
                ("Remaining", self.summed(&assessment.remaining)),
                ("Unanalysed", in_words(&assessment.unanalysed.ids)),
            ];
            let rows: Vec<String> = rows
                .into_iter()
                .filter(|(_, text)| !text.is_empty())
                .map(|(label, text)| format!("- {label}: {text}\n"))
                .collect();
            if !rows.is_empty() {
                let _ = write!(out, "\n{}", rows.concat());
            }
        }
        let failed = in_words(self.failed().map(|source| escape::markdown(&source.name)));
        if !failed.is_empty() {
            let _ = write!(
                out,
                "\nNot answered: {failed}; what was known before still counts.\n"
            );
        }
        let _ = write!(out, "\nBasis: {}.\n", self.basis());
        out
    }

    /// Advisories by name, the gravest first; of many also how many there are.
    fn summed(&self, ids: &[CveId]) -> String {
        let named = self.rated(ids);
        match ids.len() {
            0..=MANY => named,
            _ => format!("{}: {named}", self.counted(ids)),
        }
    }
}

/// With a capital letter.
fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(letters).collect()
    })
}
