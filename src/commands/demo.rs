//! `demo`: the whole pipeline in a throwaway project, on built-in data, with the real code.

use std::fmt::Write;
use std::fs;
use std::path::Path;

use clap::Parser;
use schemars::JsonSchema;
use serde::Serialize;

use super::report::Report;
use crate::cli::{Cli, Command, Format};
use crate::openssl::upstream::{Release, Snapshot, builtin};
use crate::outside::environment::Environment;
use crate::outside::worktree;
use crate::text::fault::Fault;
use crate::text::style::Look;
use crate::workspace::context::Context;

#[derive(Serialize, JsonSchema)]
#[schemars(title = "release-check demo --format json")]
struct DemoJson {
    schema: u32,
    /// The folder with the project that everything ran on.
    folder: String,
    /// The commands, in the order they ran in.
    steps: Vec<DemoStep>,
}

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Step")]
struct DemoStep {
    /// The command line.
    command: String,
    /// What it printed.
    output: String,
}

/// The program: what it answers to a command.
type Program = fn(&Context, Command) -> Result<Report, Fault>;

/// What is shown, in this order.
const COMMANDS: [&str; 6] = [
    "release-check check",
    "release-check prepare --diff",
    "release-check prepare",
    "release-check draft changelog",
    "release-check draft announcement",
    "release-check draft pull-request",
];

pub(super) fn run(format: Format, look: Look, program: Program) -> Result<Report, Fault> {
    let snapshot = builtin::builtin().map_err(Fault::failed)?;
    let (linked, newest) = neighbours(&snapshot)
        .ok_or_else(|| Fault::failed("the built-in snapshot has no series with two releases"))?;
    let folder = tempfile::Builder::new()
        .prefix("release-check-demo-")
        .tempdir()
        .map_err(|error| Fault::failed(format!("cannot make a temporary folder: {error}")))?;
    write_project(folder.path(), linked)?;
    // Drafts speak of a move away from what the project's history has.
    worktree::start_history(folder.path(), "Start", linked.date)?;
    // Nothing of the user's environment: the demonstration is the same everywhere.
    let context = Context {
        directory: folder.path().to_owned(),
        format: Format::Text,
        look: if format == Format::Json {
            Look::default()
        } else {
            look
        },
        today: newest.date,
        replayed: true,
        offline: true,
        silent: false,
        upstream: None,
        config: None,
        links: Vec::new(),
        environment: Environment::default(),
    };
    let steps = COMMANDS.map(|line| step(&context, line, program));
    let document = DemoJson {
        schema: 1,
        folder: folder.keep().display().to_string(),
        steps: steps.into_iter().collect::<Result<_, _>>()?,
    };
    Ok(Report::done(if format == Format::Json {
        crate::paper::report::pretty(&document)
    } else {
        text(&document, look)
    }))
}

/// Runs a command line as the program does.
fn step(context: &Context, line: &str, program: Program) -> Result<DemoStep, Fault> {
    let cli = Cli::try_parse_from(line.split(' '))
        .map_err(|error| Fault::failed(format!("`{line}`: {error}")))?;
    let report = program(context, cli.command.unwrap_or_else(Command::usual))?;
    Ok(DemoStep {
        command: line.to_owned(),
        output: report.text,
    })
}

fn text(document: &DemoJson, look: Look) -> String {
    let mut out = String::new();
    for DemoStep { command, output } in &document.steps {
        let _ = write!(out, "== {command}\n\n{}\n\n", output.trim_end());
    }
    let end = format!(
        "The project is in {}; everything above ran on it. Remove it when you have seen enough.",
        document.folder
    );
    out + &look.lines(&end)
}

/// The two newest releases of the newest series that has two with a known digest.
fn neighbours(snapshot: &Snapshot) -> Option<(&Release, &Release)> {
    let usable = |release: &&Release| {
        release.withdrawn.is_none()
            && !release.version.is_prerelease()
            && release.hashes.sha256.is_some()
    };
    let releases: Vec<&Release> = snapshot.releases.iter().filter(usable).collect();
    releases
        .windows(2)
        .rev()
        .find(|pair| pair[0].version.series() == pair[1].version.series())
        .map(|pair| (pair[0], pair[1]))
}

fn write_project(folder: &Path, linked: &Release) -> Result<(), Fault> {
    let sha256 = linked.hashes.sha256.as_deref().unwrap_or_default();
    let files = [
        (
            "openssl-version.sh",
            format!(
                "export OPENSSL_VERSION=\"openssl-{}\"\nexport OPENSSL_SHA256=\"{sha256}\"\n",
                linked.version
            ),
        ),
        ("CHANGELOG.rst", CHANGELOG.to_owned()),
        ("release-check.toml", CONFIG.to_owned()),
    ];
    for (name, text) in files {
        fs::write(folder.join(name), text).map_err(|error| {
            Fault::failed(format!(
                "cannot write `{name}` into the demonstration's folder: {error}"
            ))
        })?;
    }
    Ok(())
}

const CONFIG: &str = r#"[project]
name = "demo"
ships = "Windows, macOS, and Linux wheels"
repository = "example/demo"

[[link]]
name = "wheels"
series = "keep"

[[link.pin]]
file = "openssl-version.sh"
match = ['OPENSSL_VERSION="openssl-{version}"', 'OPENSSL_SHA256="{sha256}"']

[changelog]
file = "CHANGELOG.rst"

[announcement]
from = "Demo maintainers <maintainers@example.org>"
to = ["announce@lists.example.org"]
"#;

const CHANGELOG: &str = "\
Changelog
=========

.. _v2-1-0:

2.1.0 - main
~~~~~~~~~~~~

* Added an example of everything.

.. _v2-0-0:

2.0.0 - 2026-04-20
~~~~~~~~~~~~~~~~~~

* First release with wheels.
";

#[cfg(test)]
mod tests {
    #[test]
    fn the_schema_is_published() {
        crate::text::schema::assert_published::<super::DemoJson>("demo");
    }
}
