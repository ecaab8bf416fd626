//! The one HTTP client of the program: everything that is read from or sent to the network over
//! HTTP goes through here.
//!
//! It decides what may be asked ([`address`]), who gets a token ([`Token`]), how much may come
//! ([`Limits`]), how long it may take ([`Settings`]) and what is worth a second attempt. What an
//! answer means is the caller's business.

pub(crate) mod address;
mod body;
mod download;
mod error;
mod request;
mod retry;
mod shown;
mod token;

use std::hash::{BuildHasher, RandomState};
use std::ops::Deref;
use std::sync::OnceLock;
use std::time::{Duration, SystemTime};

use reqwest::header::{HeaderMap, LINK, LOCATION};
use reqwest::{StatusCode, Url};
use tokio::time::Instant;

use retry::Advice;

use crate::outside::trace;

pub use body::Limits;
pub(crate) use body::gunzip;
pub use error::{FetchError, Problem};
pub use request::Request;
pub(crate) use request::{Meter, Validators};
pub(crate) use token::Token;

/// How patient the client is.
#[derive(Debug, Clone, Copy)]
pub struct Settings {
    /// For a connection.
    pub connect: Duration,
    /// For the start of an answer, and then for each next piece of it.
    pub read: Duration,
    /// For a whole request with all its attempts, where the request names no other deadline.
    pub total: Duration,
    /// How often a request is tried.
    pub attempts: u32,
    /// The longest wait that a server may ask for before the request is given up.
    pub longest_wait: Duration,
}

impl Default for Settings {
    fn default() -> Self {
        let seconds = Duration::from_secs;
        Self {
            connect: seconds(5),
            read: seconds(8),
            total: seconds(30),
            attempts: 3,
            longest_wait: seconds(15),
        }
    }
}

/// How many redirects are followed.
const REDIRECTS: usize = 8;

/// How much of an error's body is kept.
const ERROR_BODY: usize = 64 << 10;

/// The client. Costs nothing until it is used: certificates are read when the first `https` address
/// is asked.
#[derive(Debug, Default)]
pub struct Client {
    settings: Settings,
    plain: OnceLock<Result<reqwest::Client, String>>,
    secure: OnceLock<Result<reqwest::Client, String>>,
}

/// An answer with a status of success, or `304 Not Modified` where the request carried validators.
#[derive(Debug, Clone)]
pub struct Response {
    pub status: u16,
    /// Where the answer came from, after redirects.
    pub url: Url,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
}

impl Response {
    /// What `Link` says of a next page (RFC 8288); none where there is no such header that can be
    /// read. Its address is not used: pages are numbered.
    pub(crate) fn has_next(&self) -> Option<bool> {
        let links = self.headers.get_all(LINK).iter();
        let links = links.filter_map(|value| value.to_str().ok());
        let is_next = |link: &str| link.contains("rel=\"next\"") || link.contains("rel=next");
        links.map(is_next).reduce(|one, other| one || other)
    }
}

/// An attempt that failed, and what that means for the next one.
struct FailedAttempt {
    error: FetchError,
    advice: Advice,
}

impl From<FetchError> for FailedAttempt {
    fn from(error: FetchError) -> Self {
        let advice = if error.is_passing() {
            Advice::Again
        } else {
            Advice::Final
        };
        Self { error, advice }
    }
}

/// An answer whose body has not been read yet.
struct Opened {
    url: Url,
    response: reqwest::Response,
}

impl Client {
    /// A client with its patience.
    pub fn new(settings: Settings) -> Self {
        Self {
            settings,
            ..Self::default()
        }
    }

    /// Sends a request and reads the whole answer. What is worth it is tried again; a short rate
    /// limit is waited for.
    ///
    /// # Errors
    ///
    /// If no attempt brought a success within the deadline.
    pub async fn send(&self, request: &Request<'_>) -> Result<Response, FetchError> {
        let deadline = self.deadline(request);
        let mut attempt = 1;
        loop {
            let failure = match self.attempt(request, deadline).await {
                Ok(response) => return Ok(response),
                Err(failure) => failure,
            };
            tokio::time::sleep(self.pause(request, failure, attempt, deadline)?).await;
            attempt += 1;
        }
    }

    fn deadline(&self, request: &Request<'_>) -> Instant {
        request
            .deadline
            .unwrap_or_else(|| Instant::now() + self.settings.total)
    }

    async fn attempt(
        &self,
        request: &Request<'_>,
        deadline: Instant,
    ) -> Result<Response, FailedAttempt> {
        let Opened { url, mut response } = self.open(request, deadline).await?;
        let mut wire = Vec::new();
        while let Some(chunk) = self.chunk(&url, &mut response, deadline).await? {
            request.count_bytes(chunk.len());
            if (wire.len() + chunk.len()) as u64 > request.limits.wire {
                return Err(FetchError::at(&url, Problem::TooLarge(request.limits.wire)).into());
            }
            wire.extend_from_slice(&chunk);
        }
        let body = body::unpack(wire, response.headers(), request.limits.unpacked)
            .map_err(|problem| FetchError::at(&url, problem))?;
        Ok(Response {
            status: response.status().as_u16(),
            headers: std::mem::take(response.headers_mut()),
            body,
            url,
        })
    }

    /// Sends the request once, follows its redirects, and sorts refusals from answers.
    async fn open(
        &self,
        request: &Request<'_>,
        deadline: Instant,
    ) -> Result<Opened, FailedAttempt> {
        let mut url = request.url.clone();
        address::permit(&url)?;
        for _ in 0..=REDIRECTS {
            let response = self.exchange(request, &url, deadline).await?;
            let status = response.status();
            match response.headers().get(LOCATION) {
                Some(location) if status.is_redirection() && status != StatusCode::NOT_MODIFIED => {
                    url = request.redirected(&url, status, location)?;
                }
                _ => {
                    return self
                        .judge(request, Opened { url, response }, deadline)
                        .await;
                }
            }
        }
        Err(FetchError::at(&request.url, Problem::RedirectsTooOften).into())
    }

    /// One exchange with one server, up to the headers of its answer.
    async fn exchange(
        &self,
        request: &Request<'_>,
        url: &Url,
        deadline: Instant,
    ) -> Result<reqwest::Response, FetchError> {
        let built = request.build(url);
        request.count_request();
        let (begun, asked) = (
            Instant::now(),
            format!("{} {}", request.method, address::shown(url)),
        );
        let answer = self.client_for(url)?.execute(built);
        let answer = match tokio::time::timeout_at(self.patience(deadline), answer).await {
            Ok(answer) => answer.map_err(|error| transport_error(url, error)),
            Err(_) => Err(FetchError::at(url, Problem::TimedOut)),
        };
        let outcome: &dyn std::fmt::Display = match &answer {
            Ok(answer) => &answer.status(),
            Err(error) => error.problem(),
        };
        trace::requested(&asked, outcome, begun.elapsed());
        answer
    }

    async fn judge(
        &self,
        request: &Request<'_>,
        mut opened: Opened,
        deadline: Instant,
    ) -> Result<Opened, FailedAttempt> {
        let status = opened.response.status();
        if status.is_success() {
            return Ok(opened);
        }
        if status == StatusCode::NOT_MODIFIED {
            let reusable = request.is_conditional();
            return if reusable {
                Ok(opened)
            } else {
                Err(FetchError::at(&opened.url, Problem::NothingToReuse).into())
            };
        }
        let advice = retry::advice(
            status.as_u16(),
            opened.response.headers(),
            SystemTime::now(),
        );
        let mut body = Vec::new();
        while let Ok(Some(chunk)) = self
            .chunk(&opened.url, &mut opened.response, deadline)
            .await
        {
            request.count_bytes(chunk.len());
            body.extend_from_slice(&chunk[..chunk.len().min(ERROR_BODY - body.len())]);
            if body.len() == ERROR_BODY {
                break;
            }
        }
        let headers = Box::new(std::mem::take(opened.response.headers_mut()));
        let problem = Problem::Status {
            status: status.as_u16(),
            headers,
            body,
        };
        Err(FailedAttempt {
            error: FetchError::at(&opened.url, problem),
            advice,
        })
    }

    async fn chunk(
        &self,
        url: &Url,
        response: &mut reqwest::Response,
        deadline: Instant,
    ) -> Result<Option<impl Deref<Target = [u8]> + use<>>, FetchError> {
        match tokio::time::timeout_at(self.patience(deadline), response.chunk()).await {
            Ok(chunk) => {
                chunk.map_err(|error| FetchError::at(url, Problem::Interrupted(root_cause(error))))
            }
            Err(_) => Err(FetchError::at(url, Problem::TimedOut)),
        }
    }

    fn patience(&self, deadline: Instant) -> Instant {
        deadline.min(Instant::now() + self.settings.read)
    }

    /// How long to wait after a failure, or the failure itself where another attempt makes no
    /// sense.
    fn pause(
        &self,
        request: &Request<'_>,
        failure: FailedAttempt,
        attempt: u32,
        deadline: Instant,
    ) -> Result<Duration, FetchError> {
        let FailedAttempt { error, advice } = failure;
        let not_executed = matches!(error.problem(), Problem::Unreachable(_))
            || matches!(advice, Advice::Later(_));
        if advice == Advice::Final || !(request.repeatable || not_executed) {
            return Err(error);
        }
        let pause = match advice {
            // A second of grace: the server's clock need not be ours.
            Advice::Later(wait) => wait.saturating_add(Duration::from_millis(if wait.is_zero() {
                1000
            } else {
                200
            })),
            _ => retry::backoff(attempt, RandomState::new().hash_one(attempt)),
        };
        let too_long = pause > self.settings.longest_wait || Instant::now() + pause >= deadline;
        match advice {
            Advice::Later(wait) if too_long && error.status() != Some(503) => {
                Err(error.rate_limited(wait))
            }
            _ if too_long || attempt >= self.settings.attempts => Err(error),
            _ => Ok(pause),
        }
    }

    fn client_for(&self, url: &Url) -> Result<&reqwest::Client, FetchError> {
        let client = if url.scheme() == "https" {
            self.secure.get_or_init(|| self.build_secure())
        } else {
            self.plain.get_or_init(|| self.build_plain())
        };
        client
            .as_ref()
            .map_err(|why| FetchError::at(url, Problem::Setup(why.clone())))
    }

    fn builder(&self) -> reqwest::ClientBuilder {
        reqwest::Client::builder()
            .user_agent(concat!("release-check/", env!("CARGO_PKG_VERSION")))
            .redirect(reqwest::redirect::Policy::none())
            .connect_timeout(self.settings.connect)
            .no_gzip()
            .referer(false)
    }

    /// For addresses on this machine: no proxy stands between, and no certificates need to be read.
    fn build_plain(&self) -> Result<reqwest::Client, String> {
        let tls = rustls::ClientConfig::builder_with_provider(
            rustls::crypto::ring::default_provider().into(),
        )
        .with_safe_default_protocol_versions()
        .map_err(|error| error.to_string())?
        .with_root_certificates(rustls::RootCertStore::empty())
        .with_no_client_auth();
        self.builder()
            .no_proxy()
            .tls_backend_preconfigured(tls)
            .build()
            .map_err(root_cause)
    }

    fn build_secure(&self) -> Result<reqwest::Client, String> {
        // Another part of the process may have been first; then the same provider stands there
        // already.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let builder = match std::env::var_os("SSL_CERT_FILE").filter(|file| !file.is_empty()) {
            Some(file) => self.builder().tls_certs_only(certificates(file.as_ref())?),
            None => self.builder(),
        };
        builder.build().map_err(root_cause)
    }
}

/// The certificates of `SSL_CERT_FILE`, which on every platform replace the system's.
fn certificates(file: &std::path::Path) -> Result<Vec<reqwest::Certificate>, String> {
    let unusable = |why: String| {
        format!(
            "`SSL_CERT_FILE` names `{}`, which cannot be used: {why}",
            file.display()
        )
    };
    let pem = std::fs::read(file).map_err(|error| unusable(error.to_string()))?;
    let certificates =
        reqwest::Certificate::from_pem_bundle(&pem).map_err(|error| unusable(root_cause(error)))?;
    if certificates.is_empty() {
        Err(unusable("there is no certificate in it".to_owned()))
    } else {
        Ok(certificates)
    }
}

fn transport_error(url: &Url, error: reqwest::Error) -> FetchError {
    let problem = if error.is_timeout() {
        Problem::TimedOut
    } else if error.is_connect() {
        Problem::Unreachable(root_cause(error))
    } else if error.is_builder() {
        Problem::Address(root_cause(error))
    } else {
        Problem::Interrupted(root_cause(error))
    };
    FetchError::at(url, problem)
}

/// The innermost cause in words, without the address: it may carry credentials.
fn root_cause(error: reqwest::Error) -> String {
    let error = error.without_url();
    let mut cause: &dyn std::error::Error = &error;
    while let Some(inner) = cause.source() {
        cause = inner;
    }
    cause
        .to_string()
        .chars()
        .take(300)
        .flat_map(char::escape_debug)
        .collect()
}
