//! From the text of a configuration file to the model; what is wrong is said with its line and
//! column, what depends on more than one table is settled here.

use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::changelog::LINK;
use super::{Config, syntax};
use crate::text::budget::{CONFIG_BYTES, CONFIG_LINKS};
use crate::text::fault::Fault;

impl Config {
    /// Reads a configuration file's text; `name` is how errors call the file.
    ///
    /// # Errors
    ///
    /// A usage fault that names file, line and column of the first thing that is wrong.
    pub fn read(name: &str, text: &str) -> Result<Self, Fault> {
        if text.len() > CONFIG_BYTES {
            return Err(Fault::usage(format!(
                "`{name}` is larger than {CONFIG_BYTES} bytes"
            )));
        }
        let text = ConfigText::of(name, text);
        let config = toml::from_str(text.text).map_err(|error| text.refused(&error))?;
        let written = DeTable::parse(text.text).map_err(|error| text.refused(&error))?;
        text.settled(config, written.get_ref())
    }
}

/// The text that is being read, to say where something stands.
struct ConfigText<'a> {
    /// How errors call the file.
    name: &'a str,
    /// What it says.
    text: &'a str,
    /// Where its lines end.
    breaks: Vec<usize>,
}

impl<'a> ConfigText<'a> {
    fn of(name: &'a str, text: &'a str) -> Self {
        let breaks = text.match_indices('\n').map(|(at, _)| at).collect();
        Self { name, text, breaks }
    }

    fn line(&self, at: usize) -> usize {
        1 + self.breaks.partition_point(|end| *end < at)
    }

    /// A line with the file's name.
    fn place(&self, line: usize) -> String {
        format!("`{}` line {line}", self.name)
    }

    fn fault(&self, span: Range<usize>, message: impl std::fmt::Display) -> Fault {
        let before = self.text.get(..span.start).unwrap_or_default();
        let column = before
            .rsplit('\n')
            .next()
            .unwrap_or_default()
            .chars()
            .count()
            + 1;
        let place = self.place(self.line(span.start));
        Fault::usage(format!("{place} column {column}: {message}"))
    }

    /// What the parser, or a value that parses itself, says.
    fn refused(&self, error: &toml::de::Error) -> Fault {
        let mut message = error.message().trim().replace('\n', ", ");
        let remedy = syntax::remedy(self.text, &message);
        if message == "missing field `project`" {
            message = match toml::from_str::<toml::Table>(self.text) {
                Ok(table) if table.is_empty() => {
                    "the file says nothing; remove it and let `release-check init` write one"
                        .to_owned()
                }
                _ => "there is no `[project]`; add it with the project's `name`".to_owned(),
            };
        }
        message = match remedy {
            Some(remedy) => message + &remedy,
            None => syntax::plainly(message),
        };
        let span = error.span().unwrap_or(0..0);
        let message = syntax::bracketed(self.text, span.start, &message).unwrap_or(message);
        self.fault(span, message)
    }

    /// What one table says of another.
    fn settled(&self, mut config: Config, written: &DeTable<'_>) -> Result<Config, Fault> {
        if config.links.len() > CONFIG_LINKS {
            return Err(Fault::usage(format!(
                "`{}` has more than {CONFIG_LINKS} links",
                self.name
            )));
        }
        self.links(&mut config, &members(written.get("link")))?;
        self.versions(&mut config, &members(written.get("version")))?;
        if let Some(changelog) = written.get("changelog") {
            self.changelog(&mut config, changelog)?;
        }
        Ok(config)
    }

    /// Names are unique; and everything knows its place.
    fn links(&self, config: &mut Config, written: &[&Spanned<DeValue<'_>>]) -> Result<(), Fault> {
        for (at, written) in written.iter().enumerate() {
            let (before, rest) = config.links.split_at_mut(at);
            let Some(link) = rest.first_mut() else {
                continue;
            };
            let name = key(written, "name");
            if before.iter().any(|other| other.name == link.name) {
                let message = format!("there are two links named `{}`; rename one", link.name);
                return Err(self.fault(name, message));
            }
            let policy = written.get_ref().get("series").map(Spanned::span);
            link.line = self.line(name.start);
            link.policy_place = self.place(self.line(policy.unwrap_or(name).start));
            for (pin, written) in link
                .pins
                .iter_mut()
                .zip(members(written.get_ref().get("pin")))
            {
                pin.line = self.line(written.span().start);
                pin.place = self.place(pin.line);
            }
        }
        Ok(())
    }

    /// The first says how all are raised.
    fn versions(
        &self,
        config: &mut Config,
        written: &[&Spanned<DeValue<'_>>],
    ) -> Result<(), Fault> {
        let Some(bump) = config.version().map(|first| first.bump) else {
            return Ok(());
        };
        for (version, written) in config.versions.iter_mut().zip(written) {
            if version.bump != bump
                && let Some(says) = written.get_ref().get("bump")
            {
                return Err(self.fault(
                    says.span(),
                    "every `[[version]]` is raised by the `bump` of the first; leave it out here",
                ));
            }
            version.bump = bump;
        }
        Ok(())
    }

    /// One file for each entry, or entries that are carried forward.
    fn changelog(&self, config: &mut Config, written: &Spanned<DeValue<'_>>) -> Result<(), Fault> {
        let several = config.ships_several();
        let Some(changelog) = &mut config.changelog else {
            return Ok(());
        };
        let Some(entry) = &changelog.entry else {
            // Release branches of their own are what entries are carried forward from.
            let said = written.get_ref().get("forward").is_some();
            if !said && !config.pull_request.also.is_empty() {
                changelog.forward = Some(None);
            }
            return Ok(());
        };
        if changelog.forward.is_some() {
            return Err(self.fault(
                key(written, "forward"),
                "`forward` carries sections of one file forward; where each entry is a file, leave it out",
            ));
        }
        if several && !entry.path.contains(LINK) {
            return Err(self.fault(
                key(written, "entry"),
                "several links would write one file; put `{link}` into its name",
            ));
        }
        Ok(())
    }
}

/// Where a key's value stands, or its table where that does not say it.
fn key(table: &Spanned<DeValue<'_>>, key: &str) -> Range<usize> {
    table
        .get_ref()
        .get(key)
        .map_or_else(|| table.span(), Spanned::span)
}

/// The members of an array, or the one table that stands for it.
fn members<'a, 't>(value: Option<&'a Spanned<DeValue<'t>>>) -> Vec<&'a Spanned<DeValue<'t>>> {
    match value.map(|value| (value, value.get_ref().as_array())) {
        None => Vec::new(),
        Some((_, Some(array))) => array.iter().collect(),
        Some((one, None)) => vec![one],
    }
}
