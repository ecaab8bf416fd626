//! The commits of a repository as it was at some moment.

use jiff::Timestamp;

use super::error::{ForgeError, found};
use super::forge::ForgeRepository;
use super::rest::RestCall;
use super::wire::{ShaAnswer, object};
use crate::plan::proposal::Oid;

impl ForgeRepository<'_> {
    /// The newest commits below one that were made by then, newest first and at most so many; with
    /// a path only those that touch it.
    pub async fn commits(
        self,
        from: &Oid,
        until: Timestamp,
        path: Option<&str>,
        most: u8,
    ) -> Result<Vec<Oid>, ForgeError> {
        let doing = "list the commits";
        let (until, most) = (until.to_string(), most.to_string());
        let mut query = vec![
            ("sha", from.as_str()),
            ("until", until.as_str()),
            ("per_page", most.as_str()),
        ];
        query.extend(path.map(|path| ("path", path)));
        let call = RestCall::get(format!("{doing} of `{self}`"), "commits", &query);
        let answers: Option<Vec<ShaAnswer>> = found(self.read(&call).await)?;
        let answers = answers.unwrap_or_default().into_iter();
        answers.map(|answer| object(doing, &answer.sha)).collect()
    }
}
