//! What was found is tried on a release that is only imagined; what fails is left as a comment.

use crate::project::config::{Config, PinKind, Role};
use crate::project::discovery::{self, Checkout, Discovery};
use crate::text::fault::Fault;
use crate::workspace::facts::Facts;
use crate::workspace::rehearsal::Imagined;
use crate::workspace::session::Session;

/// Leaves out of what was found whatever would stop the next bump.
///
/// # Errors
///
/// A failure where what was found makes no configuration.
pub(super) fn prove(
    session: &Session<'_>,
    name: &str,
    facts: &Facts,
    checkout: &Checkout,
    found: &mut Discovery,
) -> Result<(), Fault> {
    let imagined = Imagined::of(session.context, facts);
    let bare = |config: &Config| Config {
        changelog: None,
        versions: Vec::new(),
        ..config.clone()
    };
    let config = read(name, found)?;
    for link in &mut found.links {
        let mut alone = bare(&config);
        alone.links.retain(|one| one.name == link.name);
        if alone.links.is_empty() {
            continue;
        }
        // Another link may own what stays in a file that both name.
        let tried = imagined.bump(&alone, &[]).or_else(|fault| {
            imagined
                .bump(&bare(&config), &[link.name.as_str()])
                .map_err(|_| fault)
        });
        if let Err(fault) = tried {
            link.doubt = Some(fault.to_string());
        }
    }
    let config = read(name, found)?;
    if let Err(fault) = imagined.bump(&bare(&config), &[]) {
        for link in found.links.iter_mut().filter(|link| link.doubt.is_none()) {
            link.doubt = Some(fault.to_string());
        }
    }
    let config = read(name, found)?;
    if config.links.is_empty() {
        return Ok(());
    }
    let versioned = Config {
        changelog: None,
        ..config.clone()
    };
    if let Err(fault) = imagined.bump(&versioned, &[]) {
        found.without_version(checkout, &fault.to_string());
    }
    // What is only tested with reaches no changelog: it is tried as if it were shipped, for whoever
    // keeps one.
    let mut shipped = read(name, found)?;
    for link in &mut shipped.links {
        link.role = Role::Shipped;
    }
    if let Err(fault) = imagined.bump(&shipped, &[]) {
        found.without_changelog(checkout, &fault.to_string());
    }
    read(name, found).map(drop)
}

pub(super) fn read(name: &str, found: &Discovery) -> Result<Config, Fault> {
    let mut config = Config::read(name, &discovery::config(found)).map_err(|fault| {
        Fault::failed(format!("what was found makes no configuration: {fault}"))
    })?;
    // A doubt that is written above a link moves the lines of all that follow.
    for pin in config.links.iter_mut().flat_map(|link| &mut link.pins) {
        if let PinKind::Text(text) = &pin.kind {
            pin.place = format!("`{}`", text.file);
        }
    }
    Ok(config)
}
