//! What else is asked: the mail server and the package index.

use std::path::Path;

use super::findings::DoctorFindings;
use super::sources::SOON;
use crate::outside::mail::{self, Envelope, Mailer, Patience, Security, Server};
use crate::outside::package_index::{Package, PublishedFile};
use crate::paper::announcement::Mailbox;
use crate::project::config::{self, Config};
use crate::text::count;
use crate::text::fault::Fault;
use crate::workspace::context::Context;
use crate::workspace::session::Session;

/// The mail server: connection, TLS, certificate, login. No mail is sent.
pub(super) fn mail(session: &Session<'_>, config: &Config, findings: &mut DoctorFindings) {
    let context = session.context;
    findings.in_area("mail");
    let Some(announcement) = &config.announcement else {
        return findings.skipped(
            "announcement",
            "there is no `[announcement]`; nobody is told by mail",
        );
    };
    match envelope(announcement) {
        Ok(()) => findings.ok(
            "addresses",
            format!(
                "from `{}` to {}",
                announcement.from,
                count(announcement.to.len(), "list", "lists")
            ),
        ),
        Err(fault) => findings.fault(
            "addresses",
            &fault,
            "correct `from` and `to` in `[announcement]`",
        ),
    }
    let Some(address) = context.environment.get(mail::VARIABLE) else {
        let next = "set it to `smtps://user:password@host` or `smtp://user:password@host:587`";
        return findings.error(
            "server",
            format!("`{}` is not set; no mail can be sent", mail::VARIABLE),
            next,
        );
    };
    let server = match Server::read(address) {
        Ok(server) => server,
        Err(fault) => return findings.error("server", fault.to_string(), "correct the variable"),
    };
    if context.offline {
        return findings.skipped("server", format!("`{server}` is not asked, offline"));
    }
    match try_out(session, &server) {
        Ok(until) => connected(context, &server, until, findings),
        Err(fault) => findings.fault(
            "server",
            &fault,
            "check name, port, user and password, and what the server offers",
        ),
    }
}

fn envelope(announcement: &config::AnnouncementSettings) -> Result<(), Fault> {
    let read = |text: &String| {
        text.parse::<Mailbox>()
            .map_err(|error| Fault::usage(format!("`{}`: {error}", text.escape_debug())))
    };
    let to = announcement
        .to
        .iter()
        .map(read)
        .collect::<Result<Vec<_>, _>>()?;
    Envelope::new(&read(&announcement.from)?, &to).map(drop)
}

fn try_out(session: &Session<'_>, server: &Server) -> Result<Option<jiff::civil::Date>, Fault> {
    let authorities = session
        .context
        .environment
        .get("SSL_CERT_FILE")
        .map(Path::new);
    let mailer = Mailer::new(server.clone(), authorities, Patience::default())?;
    session
        .block_on(mailer.try_out())
        .map_err(|error| Fault::failed(error.to_string()))
}

fn connected(
    context: &Context,
    server: &Server,
    until: Option<jiff::civil::Date>,
    findings: &mut DoctorFindings,
) {
    let tls = match server.security {
        Security::StartTls => "TLS after STARTTLS",
        Security::Implicit => "TLS from the start",
    };
    let login = if server.has_login() {
        "the login was accepted"
    } else {
        "without a login"
    };
    findings.ok(
        "server",
        format!("`{server}` answers, {tls}, {login}; no mail was sent"),
    );
    let Some(until) = until else { return };
    let days = (until - context.today).get_days();
    if days <= SOON / 4 {
        findings.warning(
            "certificate",
            format!("valid until {until}, {days} days"),
            "have it renewed in time; an expired one gets no mail",
        );
    } else {
        findings.ok("certificate", format!("valid until {until}"));
    }
}

/// The package index: reachable, and the package is on it.
pub(super) fn index(session: &Session<'_>, config: &Config, findings: &mut DoctorFindings) {
    let context = session.context;
    findings.in_area("package index");
    let Some((published, name)) = config
        .published
        .as_ref()
        .and_then(|published| Some((published, published.package.as_deref()?)))
    else {
        return findings.skipped(
            "package",
            "there is no `package` in `[published]`; what was published is not looked at",
        );
    };
    let package = match Package::new(name, published.index.as_deref(), &context.environment) {
        Ok(package) => package,
        Err(fault) => return findings.fault(name, &fault, "correct `[published]`"),
    };
    if context.offline {
        return findings.skipped(name, "not asked, offline");
    }
    match package.files() {
        Ok(files) if files.is_empty() => {
            findings.warning(
                name,
                "the index knows it, but lists no file",
                "look whether it was published there",
            );
        }
        Ok(files) => findings.ok(
            name,
            format!("found, with {}", count(offered(&files), "file", "files")),
        ),
        Err(fault) => findings.fault(
            name,
            &fault,
            "correct `package` or `index` in `[published]`, or pip's configuration",
        ),
    }
}

/// How many files installers take: those that were not yanked.
fn offered(files: &[PublishedFile]) -> usize {
    files.iter().filter(|file| !file.file.yanked).count()
}
