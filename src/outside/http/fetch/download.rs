//! A large answer, streamed into a file; what broke off is continued where it stopped.

use std::fs::{File, OpenOptions};
use std::io::{Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use reqwest::header::{ACCEPT_ENCODING, CONTENT_RANGE, HeaderMap, IF_RANGE, RANGE};
use tokio::time::Instant;

use super::{Client, FailedAttempt, FetchError, Problem, Request, Validators};

/// What arrived so far, and the validator it may be continued with.
struct Partial {
    file: File,
    received: u64,
    etag: Option<String>,
}

impl Client {
    /// Streams an answer into the file `to`, at most as many bytes as the request's wire limit
    /// allows, and returns how many there are.
    ///
    /// It grows in `to` with `.part` added and gets its name when it is complete; a later call
    /// continues such a file if the server still has the same thing. `progress` is told after each
    /// piece how many bytes there are, and of how many where the server said so. The bytes are as
    /// the server holds them, never unpacked, and nothing is known of their content: checking them
    /// is the caller's business.
    ///
    /// # Errors
    ///
    /// As [`Client::send`]; also if the file cannot be written.
    pub async fn download(
        &self,
        request: &Request<'_>,
        to: &Path,
        progress: &mut dyn FnMut(u64, Option<u64>),
    ) -> Result<u64, FetchError> {
        let disk = |error: std::io::Error| {
            FetchError::at(
                &request.url,
                Problem::Disk(format!("`{}`: {error}", to.display())),
            )
        };
        let deadline = self.deadline(request);
        let part = beside(to, ".part");
        let mut partial = Partial::open(&part).map_err(disk)?;
        let mut attempt = 1;
        while let Err(failure) = self.stream(request, &mut partial, deadline, progress).await {
            partial.remember(&part).map_err(disk)?;
            tokio::time::sleep(self.pause(request, failure, attempt, deadline)?).await;
            attempt += 1;
        }
        let finished = partial
            .file
            .sync_all()
            .and_then(|()| std::fs::rename(&part, to));
        finished.map_err(disk)?;
        let _ = std::fs::remove_file(beside(&part, ".etag"));
        Ok(partial.received)
    }

    async fn stream(
        &self,
        request: &Request<'_>,
        partial: &mut Partial,
        deadline: Instant,
        progress: &mut dyn FnMut(u64, Option<u64>),
    ) -> Result<(), FailedAttempt> {
        let mut opened = match self.open(&partial.continued(request), deadline).await {
            // The part is not of this thing any more.
            Err(failure) if failure.error.status() == Some(416) => {
                partial.etag = None;
                self.open(&partial.continued(request), deadline).await?
            }
            opened => opened?,
        };
        let disk =
            |error: std::io::Error| FetchError::at(&request.url, Problem::Disk(error.to_string()));
        let headers = opened.response.headers();
        let start = if opened.response.status().as_u16() == 206 {
            range_start(headers)
        } else {
            Some(0)
        };
        if start != Some(partial.received) {
            partial.restart().map_err(disk)?;
            if start != Some(0) {
                return Err(FetchError::content(
                    &opened.url,
                    "sent another part of the file than the one asked for",
                )
                .into());
            }
        }
        partial.etag = Validators::of(headers)
            .etag
            .filter(|etag| !etag.starts_with("W/"));
        let total = opened
            .response
            .content_length()
            .map(|rest| rest.saturating_add(partial.received));
        let too_large = || {
            FailedAttempt::from(FetchError::at(
                &opened.url,
                Problem::TooLarge(request.limits.wire),
            ))
        };
        if total.is_some_and(|total| total > request.limits.wire) {
            return Err(too_large());
        }
        while let Some(chunk) = self
            .chunk(&opened.url, &mut opened.response, deadline)
            .await?
        {
            request.count_bytes(chunk.len());
            partial.received += chunk.len() as u64;
            if partial.received > request.limits.wire {
                partial.restart().map_err(disk)?;
                return Err(too_large());
            }
            partial.file.write_all(&chunk).map_err(disk)?;
            progress(partial.received, total);
        }
        Ok(())
    }
}

impl Partial {
    fn open(part: &Path) -> std::io::Result<Self> {
        let etag = std::fs::read_to_string(beside(part, ".etag"))
            .ok()
            .filter(|etag| etag.len() < 1000 && etag.ends_with('"'));
        let mut file = OpenOptions::new()
            .create(true)
            .write(true)
            .truncate(false)
            .open(part)?;
        let received = if etag.is_some() {
            file.seek(SeekFrom::End(0))?
        } else {
            0
        };
        file.set_len(received)?;
        Ok(Self {
            file,
            received,
            etag,
        })
    }

    /// Keeps the validator beside the part, so that another process can continue it.
    fn remember(&self, part: &Path) -> std::io::Result<()> {
        match &self.etag {
            Some(etag) => std::fs::write(beside(part, ".etag"), etag),
            None => Ok(()),
        }
    }

    fn restart(&mut self) -> std::io::Result<()> {
        self.received = 0;
        self.file.set_len(0)?;
        self.file.seek(SeekFrom::Start(0)).map(|_| ())
    }

    /// The request for what is still missing. Without a strong validator the whole is asked for
    /// again.
    fn continued<'a>(&self, request: &Request<'a>) -> Request<'a> {
        let whole = request.clone().header(ACCEPT_ENCODING, "identity");
        match &self.etag {
            Some(etag) if self.received > 0 => whole
                .header(RANGE, &format!("bytes={}-", self.received))
                .header(IF_RANGE, etag),
            _ => whole,
        }
    }
}

/// Where the part that the server sends begins: `Content-Range: bytes 100-199/200`.
fn range_start(headers: &HeaderMap) -> Option<u64> {
    headers
        .get(CONTENT_RANGE)?
        .to_str()
        .ok()?
        .strip_prefix("bytes ")?
        .split('-')
        .next()?
        .trim()
        .parse()
        .ok()
}

fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}
