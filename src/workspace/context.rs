//! What every command is given.

use std::io::Write;
use std::path::{Path, PathBuf};

use jiff::civil::Date;

use crate::cli::{Format, Global};
use crate::outside::environment::Environment;
use crate::outside::git::open;
use crate::project::config::{self, Config};
use crate::text::fault::Fault;
use crate::text::style::Look;

/// What every command is given.
#[derive(Debug, Clone)]
pub(crate) struct Context {
    /// The folder that relative paths are relative to.
    pub directory: PathBuf,
    /// How to print the result.
    pub format: Format,
    /// How wide and how colourful text may be.
    pub(crate) look: Look,
    /// The day to answer for.
    pub today: Date,
    /// Whether the user chose that day.
    pub replayed: bool,
    /// Whether connections are forbidden.
    pub offline: bool,
    /// Whether notes are kept back: of a bump that is only imagined nobody need hear.
    pub(crate) silent: bool,
    /// A snapshot to use instead of asking upstream.
    pub upstream: Option<PathBuf>,
    /// The configuration file, if the user named one.
    pub config: Option<PathBuf>,
    /// The links that the user asked for; none: all.
    pub(crate) links: Vec<String>,
    pub environment: Environment,
}

impl Context {
    pub(crate) fn new(global: Global, environment: Environment) -> Self {
        Self {
            directory: global.directory.unwrap_or_else(|| PathBuf::from(".")),
            format: global.format,
            look: crate::outside::terminal::look(&environment),
            today: global.as_of.unwrap_or_else(crate::outside::clock::today),
            replayed: global.as_of.is_some(),
            offline: global.offline,
            silent: false,
            upstream: global.upstream,
            config: global.config,
            links: Vec::new(),
            environment,
        }
    }

    /// Whether there is the folder that the user chose.
    ///
    /// # Errors
    ///
    /// A usage fault where `-C` names a file, or nothing.
    pub(crate) fn stands_in_a_folder(&self) -> Result<(), Fault> {
        let named = self.directory.display();
        match std::fs::metadata(&self.directory) {
            Ok(about) if about.is_dir() => Ok(()),
            Ok(_) => Err(Fault::usage(format!(
                "`-C {named}` is a file; name the folder it stands in, and the file itself with `--config`"
            ))),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Err(Fault::usage(
                format!("`-C {named}`: there is no such folder"),
            )),
            Err(error) => Err(Fault::failed(format!("cannot read `{named}`: {error}"))),
        }
    }

    /// A path the user gave, relative to the chosen folder.
    pub(crate) fn path(&self, path: &Path) -> PathBuf {
        self.directory.join(path)
    }

    /// Whether a file could be written where an option names one, so that nobody is asked for
    /// nothing; `otherwise` is what else to do where the folder is missing.
    ///
    /// # Errors
    ///
    /// A usage fault where its folder is not there, or it is one itself.
    pub(crate) fn check_new_file(
        &self,
        option: &str,
        file: &Path,
        otherwise: &str,
    ) -> Result<(), Fault> {
        let (shown, folder) = (file.display(), file.parent().unwrap_or(Path::new("")));
        if self.path(file).is_dir() {
            return Err(Fault::usage(format!(
                "`{option} {shown}` is a folder; name a file"
            )));
        }
        if !self.path(folder).is_dir() {
            return Err(Fault::usage(format!(
                "`{option} {shown}`: there is no folder `{}`; make it, or {otherwise}",
                folder.display()
            )));
        }
        Ok(())
    }

    /// Whether the user named a configuration, or the folder has one.
    pub(crate) fn is_configured(&self) -> bool {
        let own = self.path(Path::new(config::FILE_NAME));
        self.config.is_some() || std::fs::symlink_metadata(own).is_ok()
    }

    /// The configuration of a project whose repository, if there is one, can be read.
    ///
    /// # Errors
    ///
    /// See [`Context::config_alone`]; a failure where the repository is there and cannot be read.
    pub(crate) fn config(&self) -> Result<Config, Fault> {
        let config = self.config_alone()?;
        open::check_readable(&self.directory)?;
        Ok(config)
    }

    /// The configuration alone, for what says itself that the repository cannot be read.
    ///
    /// # Errors
    ///
    /// A usage fault if there is none or if it is wrong.
    pub(crate) fn config_alone(&self) -> Result<Config, Fault> {
        let named = self
            .config
            .clone()
            .unwrap_or_else(|| PathBuf::from(config::FILE_NAME));
        let text = match std::fs::read(self.path(&named)) {
            Ok(bytes) => String::from_utf8(bytes).map_err(|error| {
                let line = 1 + error.as_bytes()[..error.utf8_error().valid_up_to()]
                    .iter()
                    .filter(|byte| **byte == b'\n')
                    .count();
                Fault::usage(format!(
                    "`{}` line {line}: not UTF-8; save it as UTF-8",
                    named.display()
                ))
            })?,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                let message = format!(
                    "there is no `{}` in `{}`; `release-check init` writes one where something here names OpenSSL, and --config names another",
                    named.display(),
                    self.directory.display()
                );
                return Err(Fault::usage(message));
            }
            Err(error) => {
                return Err(Fault::failed(format!(
                    "cannot read `{}`: {error}",
                    named.display()
                )));
            }
        };
        Config::read(&named.display().to_string(), &text)?.asking_for(&self.links)
    }

    /// The configuration, which must have a link.
    ///
    /// # Errors
    ///
    /// See [`Context::config`]; a usage fault that says what to add where there is no link.
    pub(crate) fn config_with_links(&self) -> Result<Config, Fault> {
        let config = self.config()?;
        if config.links.is_empty() {
            return Err(Fault::usage(config::NO_LINK));
        }
        Ok(config)
    }

    /// The configuration, or the defaults where there is none and the user named none.
    pub(crate) fn config_or_default(&self) -> Result<Config, Fault> {
        if self.is_configured() {
            self.config()
        } else {
            Ok(Config::default())
        }
    }

    /// Says something on standard error that is not the result.
    pub(crate) fn note(&self, message: impl std::fmt::Display) {
        if self.silent {
            return;
        }
        let message = crate::text::commandless(&crate::text::printable(&message.to_string()));
        let shown = crate::outside::terminal::of_notes(&self.environment).lines(&message);
        // A closed standard error must not stop the command.
        let _ = write!(std::io::stderr(), "{shown}");
    }
}
