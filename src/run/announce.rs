//! `announce`: the mail to subscribers. Shows it with its conditions; `--execute` sends it, once per project, version and kind.

mod conditions;
mod record;
mod subject;

use std::fmt::Write;
use std::path::Path;

use schemars::JsonSchema;
use serde::Serialize;

use super::{Context, Report, facts};
use crate::announce::record::{Entry, Event, Standing};
use crate::announce::{self, Condition, State, Step};
use crate::announcement::{Kind, Message};
use crate::cli::Format;
use crate::fault::Fault;
use crate::mail::{self, Envelope, Mailer, Patience, Server, Undelivered};
use crate::notes::Notes;
use crate::report;
use record::Record;
use subject::{Material, Subject};

/// What the user asks for.
pub(super) struct Request<'a> {
    pub(super) kind: Kind,
    pub(super) execute: bool,
    pub(super) resend: bool,
    pub(super) feed: Option<&'a Path>,
}

#[derive(Serialize, JsonSchema)]
#[schemars(title = "release-check announce --format json")]
struct Document<'a> {
    schema: u32,
    kind: &'a str,
    /// The version that it is about.
    version: &'a str,
    message_id: &'a str,
    subject: &'a str,
    from: &'a str,
    to: Vec<&'a str>,
    conditions: &'a [Condition],
    /// Whether this run has sent it.
    sent: bool,
    /// The whole message.
    eml: String,
}

/// Runs the command.
pub(super) fn run(context: &Context, request: &Request<'_>) -> Result<Report, Fault> {
    if request.execute && context.offline {
        return Err(Fault::usage("`--execute` sends a mail and `--offline` forbids it; leave one of them out"));
    }
    let config = context.config()?;
    let facts = facts::gather(context, &config)?;
    let upstream = facts.view(context, &config);
    let material = Material::read(context, &config, &facts, &upstream)?;
    let mut fetched = Notes::around(&context.directory, &context.environment).is_none() || context.offline;
    let mut record_of = |subject: &Subject| -> Result<Record, Fault> {
        let revision = subject.tag.as_ref().map_or("HEAD", |tag| tag.name.as_str());
        let record = Record::open(context, &subject.message.message_id, revision)?;
        if !std::mem::replace(&mut fetched, true) {
            shared(context, &record, request.execute)?;
        }
        Ok(record)
    };
    let Some(subject) = chosen(&material, request.kind, &mut record_of)? else {
        context.note(format!("nothing to announce: {}", silence(request.kind)));
        return Ok(Report::done(String::new()));
    };
    let record = record_of(&subject)?;
    let standing = conditions::standing(context, &config, &record, &subject.message.message_id)?;
    let mut conditions = conditions::of(context, &config, request.kind, &subject, &record);
    let step = announce::step(&conditions, &standing, request.resend);
    if let Some(file) = request.feed.filter(|_| conditions.iter().all(|condition| condition.state != State::Fails)) {
        feed(context, &config.project.name, &subject.message, file)?;
    }
    conditions.push(Condition::not_sent(&standing));
    let sent = request.execute && act(context, step, &standing, &record, &subject.message)?;
    let text = match context.format {
        Format::Json => report::pretty(&document(request.kind, &subject.version, &subject.message, &conditions, sent)),
        _ => text(&conditions, &subject.message, sent),
    };
    Ok(Report::done(text))
}

/// What is to be announced: the newest release while nobody was told of it, then the one that is coming.
fn chosen(
    material: &Material<'_>,
    kind: Kind,
    record_of: &mut impl FnMut(&Subject) -> Result<Record, Fault>,
) -> Result<Option<Subject>, Fault> {
    match kind {
        Kind::Note => material.pending(),
        Kind::Correction => material.released(kind),
        Kind::Release => {
            let released = material.released(kind)?;
            match &released {
                Some(subject) if !matches!(record_of(subject)?.standing()?, Standing::Sent(_)) => Ok(released),
                _ => Ok(material.coming()?.or(released)),
            }
        }
    }
}

/// Brings in what others have recorded. Without that nothing is sent.
fn shared(context: &Context, record: &Record, execute: bool) -> Result<(), Fault> {
    match record.notes().fetch() {
        Err(fault) if execute => Err(fault.within("nothing was sent, because the record of what was sent cannot be read")),
        Err(fault) => {
            context.note(format!("the record of what was sent is this clone's: {fault}"));
            Ok(())
        }
        Ok(()) => Ok(()),
    }
}

fn silence(kind: Kind) -> &'static str {
    match kind {
        Kind::Release => "no release carries another OpenSSL than the one before it, and none is due",
        Kind::Note => "no fix is pending",
        Kind::Correction => "there is no tagged release to correct",
    }
}

/// Does what follows; whether the message was sent by this run.
fn act(context: &Context, step: Step, standing: &Standing, record: &Record, message: &Message) -> Result<bool, Fault> {
    match step {
        Step::Done(entry) => {
            context.note(format!("already sent {}; nothing to do (`--resend` sends it again)", announce::at(&entry)));
            Ok(false)
        }
        Step::Ask(entry) => Err(question(&entry, record, message)),
        Step::Wait(failing) => {
            let why: Vec<String> = failing.iter().map(|condition| format!("{}: {}", condition.name, condition.detail)).collect();
            Err(Fault::failed(format!("nothing was sent, because it is not true yet: {}", why.join("; "))))
        }
        Step::Send => deliver(context, standing, record, message).map(|()| true),
    }
}

fn question(entry: &Entry, record: &Record, message: &Message) -> Fault {
    let lists: Vec<&str> = message.to.iter().map(crate::announcement::Mailbox::address).collect();
    Fault::failed(format!(
        "it was about to be sent {}, and nothing says whether it was; look for `{}` in the archive of {}; if it arrived, run `{}`; if it did not, use `--resend`",
        announce::at(entry),
        message.message_id,
        lists.join(", "),
        record.by_hand()
    ))
}

fn deliver(context: &Context, standing: &Standing, record: &Record, message: &Message) -> Result<(), Fault> {
    let address = context.environment.get(mail::VARIABLE).ok_or_else(|| {
        Fault::usage(format!(
            "there is no mail server; set `{}` to `smtps://user:password@host` or `smtp://user:password@host:587`",
            mail::VARIABLE
        ))
    })?;
    let authorities = context.environment.get("SSL_CERT_FILE").map(Path::new);
    let mailer = Mailer::new(Server::read(address)?, authorities, Patience::default())?;
    let envelope = Envelope::new(&message.from, &message.to)?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|error| Fault::failed(format!("cannot start: {error}")))?;
    record.claim(standing)?;
    let eml = message.to_eml();
    let waiting = |why: &str, pause: std::time::Duration| context.note(format!("{why}; trying again in {} s", pause.as_secs()));
    match runtime.block_on(mailer.send(&envelope, eml.as_bytes(), waiting)) {
        Ok(words) => {
            context.note(format!("sent: the server said `{words}`"));
            record
                .write(Event::Sent)
                .map_err(|fault| fault.within(format!("it was sent, but the record of that was not shared; run `{}`", record.by_hand())))
        }
        Err(Undelivered::Unknown(why)) => {
            let entry = Entry { event: Event::Sending, message_id: String::new(), at: "just now".into(), attempt: String::new() };
            Err(question(&entry, record, message).within(why))
        }
        Err(Undelivered::ForNow(why)) => Err(refused(record, &format!("{why}; nothing was sent, run again later"))),
        Err(Undelivered::ForGood(why)) => Err(refused(record, &format!("{why}; nothing was sent"))),
    }
}

/// Takes the record back, so that the next run may send.
fn refused(record: &Record, why: &str) -> Fault {
    match record.write(Event::Refused) {
        Ok(()) => Fault::failed(why),
        Err(fault) => Fault::failed(format!("{why}; that it was not sent could not be recorded ({fault}), so use `--resend` next time")),
    }
}

fn feed(context: &Context, project: &str, message: &Message, file: &Path) -> Result<(), Fault> {
    let path = context.path(file);
    let cannot = |error: std::io::Error| Fault::failed(format!("cannot write the feed `{}`: {error}", file.display()));
    let before = match std::fs::read_to_string(&path) {
        Ok(text) => Some(text),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => None,
        Err(error) => return Err(cannot(error)),
    };
    let feed = crate::feed::with(before.as_deref(), project, message, context.today)
        .map_err(|fault| fault.within(format!("`{}`", file.display())))?;
    if before.as_deref() == Some(feed.as_str()) {
        return Ok(());
    }
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut temporary = tempfile::Builder::new().prefix(".release-check-").tempfile_in(folder).map_err(cannot)?;
    std::io::Write::write_all(&mut temporary, feed.as_bytes()).map_err(cannot)?;
    readable(temporary.as_file()).map_err(cannot)?;
    temporary.persist(&path).map(drop).map_err(|error| cannot(error.error))
}

/// A feed is for everyone, though temporary files are for their owner alone.
#[cfg(unix)]
fn readable(file: &std::fs::File) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    file.set_permissions(std::fs::Permissions::from_mode(0o644))
}

#[cfg(not(unix))]
fn readable(_: &std::fs::File) -> std::io::Result<()> {
    Ok(())
}

fn document<'a>(kind: Kind, version: &'a str, message: &'a Message, conditions: &'a [Condition], sent: bool) -> Document<'a> {
    Document {
        schema: 1,
        kind: kind.name(),
        version,
        message_id: &message.message_id,
        subject: &message.subject,
        from: message.from.address(),
        to: message.to.iter().map(crate::announcement::Mailbox::address).collect(),
        conditions,
        sent,
        eml: message.to_eml(),
    }
}

fn text(conditions: &[Condition], message: &Message, sent: bool) -> String {
    let mut out = String::new();
    for condition in conditions {
        let mark = match condition.state {
            State::Holds => "yes",
            State::Fails => "no",
            State::Unchecked => "unchecked",
        };
        let _ = writeln!(out, "{mark:<9}  {}: {}", condition.name, condition.detail);
    }
    let _ = writeln!(out, "\n{}\n", if sent { "sent:" } else { "the message:" });
    out + &message.to_eml().replace("\r\n", "\n")
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_published_schema_is_this_one() {
        crate::schema::assert_published::<super::Document<'_>>("announce");
    }
}
