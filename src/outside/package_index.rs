//! The package index: which files a project has published, and what is in them. Files are streamed
//! through a temporary file, and what was found in one is remembered by its digest.

mod pip;

use std::path::Path;
use std::time::Duration;

use reqwest::Url;
use reqwest::header::ACCEPT;
use tokio::time::Instant;

use crate::artefact::file_name::{self, FileName};
use crate::artefact::index_page::{self, IndexFile};
use crate::artefact::{self, Contents, ExaminationLimits};
use crate::outside::artefact_files::scratch;
use crate::outside::environment::Environment;
use crate::outside::http::cache::{Cache, Stored};
use crate::outside::http::fetch::{
    Client, FetchError, Limits, Request, Settings, Token, Validators, address,
};
use crate::text::budget::{INDEX_UNPACKED, INDEX_WIRE};
use crate::text::fault::Fault;

/// The form of what is remembered; raised when the scanner learns something new.
const FORM: u32 = 5;

/// What the page of a package with thousands of files may weigh.
const PAGE: Limits = Limits {
    wire: INDEX_WIRE,
    unpacked: INDEX_UNPACKED,
};

/// What one published file may weigh.
const FILE: Limits = Limits {
    wire: 2 << 30,
    unpacked: 2 << 30,
};

/// How long one file may take.
const PATIENCE: Duration = Duration::from_secs(600);

/// How many files are fetched at a time: an index is shared with everybody.
const AT_ONCE: usize = 4;

#[derive(Debug, Clone)]
pub(crate) struct Package {
    page: Url,
    name: String,
}

/// A file of the package, and what its name says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct PublishedFile {
    /// What the index says.
    pub file: IndexFile,
    /// What its name says.
    pub name: FileName,
}

/// A client on a runtime of its own: each thread that fetches has one.
struct IndexSession {
    runtime: tokio::runtime::Runtime,
    client: Client,
}

impl IndexSession {
    fn new() -> Result<Self, Fault> {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build();
        let runtime = runtime.map_err(|error| Fault::failed(format!("cannot start: {error}")))?;
        Ok(Self {
            runtime,
            client: Client::new(Settings::default()),
        })
    }
}

impl Package {
    /// The package of this name on the index that `published.index` names, else on the one pip is
    /// configured for.
    ///
    /// # Errors
    ///
    /// A usage fault if there is no index or its address must not be asked.
    pub(crate) fn new(
        name: &str,
        index: Option<&str>,
        environment: &Environment,
    ) -> Result<Self, Fault> {
        let named = match index {
            Some(index) => Some((index.to_owned(), "`published.index`")),
            None => pip::index(environment),
        };
        let (index, who) = named.ok_or_else(|| {
            Fault::usage(
                "pip is configured for no package index; set `PIP_INDEX_URL` or `published.index`",
            )
        })?;
        let usage = |error: FetchError| {
            Fault::usage(format!(
                "the package index that {who} names cannot be asked: {error}; correct it, it is to be like `https://index.example/simple`"
            ))
        };
        let normalized = file_name::normalized(name);
        if normalized.is_empty()
            || !normalized
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
        {
            return Err(Fault::usage(format!(
                "`{}` is no package name; correct `published.package`",
                crate::text::one_line(name)
            )));
        }
        let page = address::read(&format!("{}/{normalized}/", index.trim_end_matches('/')))
            .map_err(usage)?;
        Ok(Self {
            page,
            name: name.to_owned(),
        })
    }

    /// The files that the index lists, those that were yanked among them and marked; files with
    /// names that are no Python distribution's are left out.
    ///
    /// # Errors
    ///
    /// If the index cannot be asked or does not know the package.
    pub(crate) fn files(&self) -> Result<Vec<PublishedFile>, Fault> {
        let session = IndexSession::new()?;
        let token = Token::of_address(&self.page);
        let accept = "application/vnd.pypi.simple.v1+json, application/vnd.pypi.simple.v1+html;q=0.2, text/html;q=0.1";
        let request = Request::get(self.page.clone())
            .header(ACCEPT, accept)
            .limits(PAGE)
            .token(token.as_ref());
        let response = session
            .runtime
            .block_on(session.client.send(&request))
            .map_err(|error| {
                let unknown = error.is_not_found();
                let fault = Fault::from(error);
                if unknown {
                    fault.within(format!("the package index does not know `{}`", self.name))
                } else {
                    fault
                }
            })?;
        let listed = index_page::read(&response.body)
            .map_err(|error| Fault::from(FetchError::content(&response.url, error)))?;
        let files = listed.into_iter().filter_map(|file| {
            let name = FileName::read(&file.name)?;
            let mut address = match address::redirected(&response.url, &file.address) {
                Ok(address) => address,
                Err(error) => {
                    let within = format!("the package index leads `{}` astray", file.name);
                    return Some(Err(Fault::from(error).within(within)));
                }
            };
            if address.origin() == self.page.origin() {
                // Who may read the page may read the files beside it.
                let _ = address.set_username(self.page.username());
                let _ = address.set_password(self.page.password());
            }
            Some(Ok(PublishedFile {
                file: IndexFile {
                    address: address.into(),
                    ..file
                },
                name,
            }))
        });
        let files: Vec<PublishedFile> = files.collect::<Result<_, Fault>>()?;
        if files.iter().all(|file| file.file.yanked) {
            return Err(Fault::failed(format!(
                "the package index lists no release of `{}` on `{}`: what is published is not known; see what that page is",
                self.name, response.url
            )));
        }
        Ok(files)
    }
}

/// What is in each of these files, in their order. What was found earlier in a file of the same
/// digest is not fetched again.
pub(crate) fn contents(
    files: &[&PublishedFile],
    cache: &Cache,
    progress: &(dyn Fn(&str) + Sync),
) -> Vec<Result<Contents, Fault>> {
    use rayon::prelude::*;
    let fetch = || {
        let each = files
            .par_iter()
            .with_max_len(1)
            .map_init(IndexSession::new, |session, file| match session {
                Ok(session) => of_one(session, file, cache, progress),
                Err(fault) => Err(fault.clone()),
            });
        each.collect()
    };
    match rayon::ThreadPoolBuilder::new().num_threads(AT_ONCE).build() {
        Ok(pool) => pool.install(fetch),
        Err(_) => fetch(),
    }
}

/// Whether what is in a file is known without fetching it.
pub(crate) fn is_remembered(file: &PublishedFile, cache: &Cache) -> bool {
    file.file
        .sha256
        .as_deref()
        .is_some_and(|digest| cache.stored(&key(digest)).is_some())
}

fn of_one(
    session: &IndexSession,
    published: &PublishedFile,
    cache: &Cache,
    progress: &(dyn Fn(&str) + Sync),
) -> Result<Contents, Fault> {
    let file = &published.file;
    if let Some(contents) = file
        .sha256
        .as_deref()
        .and_then(|digest| remembered(cache, digest))
    {
        return Ok(contents);
    }
    progress(&file.name);
    let failed = |why: String| Fault::failed(format!("`{}`: {why}", file.name));
    let folder =
        tempfile::tempdir().map_err(|error| failed(format!("no temporary folder: {error}")))?;
    let place = folder.path().join("artefact");
    let url = address::read(&file.address).map_err(|error| failed(error.to_string()))?;
    let token = Token::of_address(&url);
    let request = Request::get(url).limits(FILE).token(token.as_ref());
    let download = async {
        let request = request.until(Instant::now() + PATIENCE);
        session
            .client
            .download(&request, &place, &mut |_, _| {})
            .await
    };
    session
        .runtime
        .block_on(download)
        .map_err(|error| failed(error.to_string()))?;
    let digest = sha256_of(&place).map_err(|error| failed(error.to_string()))?;
    if let Some(wanted) = file.sha256.as_deref().filter(|wanted| *wanted != digest) {
        return Err(failed(format!(
            "its sha256 is {digest}, the index says {wanted}; do not use it"
        )));
    }
    let opened = std::fs::File::open(&place).map_err(|error| failed(error.to_string()))?;
    let mut found = artefact::examine(
        &file.name,
        "",
        opened,
        &ExaminationLimits::default(),
        &scratch,
    );
    artefact::settle(&mut found);
    let contents = Contents::of(&found);
    remember(cache, &digest, &contents);
    Ok(contents)
}

fn key(digest: &str) -> String {
    format!("artefact {FORM} {digest}")
}

fn remembered(cache: &Cache, digest: &str) -> Option<Contents> {
    let stored = cache.stored(&key(digest))?;
    serde_json::from_slice(&cache.body(&stored)?).ok()
}

fn remember(cache: &Cache, digest: &str, contents: &Contents) {
    if let Ok(body) = serde_json::to_vec(contents) {
        // The program works without a cache.
        let _ = cache.store(
            &Stored::of(key(digest), Validators::default(), &body),
            &body,
        );
    }
}

fn sha256_of(place: &Path) -> std::io::Result<String> {
    use sha2::{Digest, Sha256};
    let mut hasher = Sha256::new();
    let mut reader = std::fs::File::open(place)?;
    let mut buffer = vec![0; 64 << 10];
    loop {
        match std::io::Read::read(&mut reader, &mut buffer)? {
            0 => break,
            read => hasher.update(&buffer[..read]),
        }
    }
    Ok(hasher
        .finalize()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect())
}
