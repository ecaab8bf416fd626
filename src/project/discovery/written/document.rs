//! What was found as a commented configuration.

use std::fmt::Write;

use crate::project::discovery::found::{
    Confidence, Discovery, Doubt, Elsewhere, FoundKind, FoundLink, FoundPin, FoundText, OwnVersion,
};
use crate::project::discovery::own::fragments;

/// Doubts that are written out; the rest are counted.
const MOST_DOUBTS: usize = 40;

/// Where editors find what every key means: the schema as this release has it.
const SCHEMA: &str = concat!(
    env!("CARGO_PKG_REPOSITORY"),
    "/raw/v",
    env!("CARGO_PKG_VERSION"),
    "/schemas/config.json"
);

/// The text of `release-check.toml`.
#[must_use]
pub fn config(found: &Discovery) -> String {
    let mut out =
        format!("#:schema {SCHEMA}\n# What release-check knows of this project.\n\n[project]\n");
    let _ = writeln!(out, "name = {}", quoted(&found.name));
    match &found.repository {
        Some(repository) => _ = writeln!(out, "# of `origin`\nrepository = {}", quoted(repository)),
        None => out.push_str("# repository = \"owner/name\"\n"),
    }
    out.push_str("# ships = \"Windows, macOS, and Linux wheels\"    # how texts name what contains OpenSSL\n");
    for one in &found.links {
        let mut written = String::new();
        link(&mut written, one);
        match &one.doubt {
            None => out.push_str(&written),
            Some(why) => {
                let _ = writeln!(out, "\n# Doubtful, and left as a comment: {}", comment(why));
                for line in written.trim_start().lines() {
                    let _ = writeln!(out, "# {line}");
                }
            }
        }
    }
    for one in &found.elsewhere {
        elsewhere(&mut out, one);
    }
    if found.links.is_empty() && found.elsewhere.is_empty() {
        out.push_str(NO_LINK);
    }
    own_files(&mut out, found);
    out.push_str(LATER);
    doubts(&mut out, &found.unsure);
    out
}

const NO_LINK: &str = r#"
# No pin of OpenSSL was found. Each linked OpenSSL needs one of these:
# [[link]]
# name = "openssl"
# series = "keep"
#
# [[link.pin]]
# file = "openssl-version.sh"
# match = ['OPENSSL_VERSION="openssl-{version}"', 'OPENSSL_SHA256="{sha256}"']
#
# or a pin with `submodule = "path"`, `cargo = "openssl-src"`, or `tree = "path"`.
"#;

const LATER: &str = r#"
# How subscribers are told, and where the published artefacts are:
# [announcement]
# from = "Release team <team@example.org>"
# to = ["list@example.org"]
#
# [published]
# package = "name-on-the-index"
"#;

/// A link whose pins are in another repository, which is not read: as a comment to fill in.
fn elsewhere(out: &mut String, one: &Elsewhere) {
    let name = one.repository.rsplit('/').next().unwrap_or_default();
    let _ = writeln!(
        out,
        "\n# {}:{} takes OpenSSL from `{}`; what pins it there is not seen from here. With its file and lines this follows it:",
        comment(&one.file),
        one.line,
        comment(&one.repository)
    );
    let _ = writeln!(
        out,
        "# [[link]]\n# name = {}\n# repository = {}\n# series = \"keep\"\n#\n# [[link.pin]]\n# file = \"openssl-version.sh\"\n\
         # match = ['OPENSSL_VERSION=\"openssl-{{version}}\"', 'OPENSSL_SHA256=\"{{sha256}}\"']",
        quoted(name),
        quoted(&one.repository)
    );
}

pub(crate) fn link(out: &mut String, link: &FoundLink) {
    let role = if link.tested {
        "# the version is only tested with: never due as security, never in texts\nrole = \"tested\"\n"
    } else {
        ""
    };
    let _ = write!(
        out,
        "\n# stands at OpenSSL {}\n[[link]]\nname = {}\n{role}\
         # `keep` stays in the series; `newest` and `lts` cross to another one when there is one; \"{}\" goes to that series\n\
         series = \"keep\"\n\
         # cooldown = \"7d\"    # a release that only fixes bugs may wait this long\n",
        link.version,
        quoted(&link.name),
        link.version.series()
    );
    for one in &link.pins {
        pin(out, one);
    }
}

/// What a lock file needs once a crate is newer than release-check.
const CARGO_UPDATE: &str = "# cargo-update = true    # the checksum of a crate that is not known here: cargo asks the registry\n";

pub(crate) fn pin(out: &mut String, pin: &FoundPin) {
    let sure = match pin.confidence {
        Confidence::Certain => "certain",
        Confidence::Likely => "likely, please check",
    };
    let _ = writeln!(
        out,
        "\n# {sure}: {} ({})\n[[link.pin]]",
        reason(pin),
        comment(&places(pin))
    );
    match &pin.kind {
        FoundKind::Submodule(path) => _ = writeln!(out, "submodule = {}", quoted(path)),
        FoundKind::Tree(path) => _ = writeln!(out, "tree = {}", quoted(path)),
        FoundKind::Cargo { package, file } => {
            let _ = writeln!(out, "cargo = {}", quoted(package));
            if let Some(file) = file {
                let _ = writeln!(out, "file = {}", quoted(file));
            }
            if pin.places.iter().any(|(path, _)| path.ends_with(".lock")) {
                out.push_str(CARGO_UPDATE);
            }
        }
        FoundKind::Text(text) => text_pin(out, text),
    }
}

fn text_pin(out: &mut String, text: &FoundText) {
    let _ = writeln!(out, "file = {}", quoted(&text.file));
    list(out, "match", &text.matches);
    match text.count {
        None => out.push_str("count = \"any\"\n"),
        Some(1) => {}
        Some(count) => _ = writeln!(out, "count = {count}"),
    }
    if let Some([from, to]) = &text.within {
        let _ = writeln!(out, "within = [{}, {}]", quoted(from), quoted(to));
    }
    if let Some(series) = text.series {
        let _ = writeln!(out, "series = \"{series}\"");
    }
    if text.mixed {
        out.push_str("mixed = true\n");
    }
    if let Some(insert) = &text.insert {
        let side = if insert.before { "before" } else { "after" };
        let _ = writeln!(
            out,
            "insert = {{ {side} = {}, text = {} }}",
            quoted(&insert.anchor),
            quoted(&insert.text)
        );
    }
    let set: Vec<String> = text
        .set
        .iter()
        .map(|(line, to)| format!("{{ line = {}, to = {} }}", quoted(line), quoted(to)))
        .collect();
    if !set.is_empty() {
        let _ = writeln!(out, "set = [{}]", set.join(", "));
    }
    list(out, "delete", &text.delete);
    list(out, "leave", &text.leave);
}

/// One text, or a list of them; nothing where there is none.
fn list(out: &mut String, key: &str, values: &[String]) {
    match values {
        [] => {}
        [only] => _ = writeln!(out, "{key} = {}", quoted(only)),
        several => {
            let lines: Vec<String> = several
                .iter()
                .map(|value| format!("  {},\n", quoted(value)))
                .collect();
            let _ = writeln!(out, "{key} = [\n{}]", lines.concat());
        }
    }
}

/// Whether a pattern finds the tags of a fork: `openssl-{version}+quic`.
fn is_of_a_fork(pattern: &str) -> bool {
    ["}+quic", "}-quic"].iter().any(|end| pattern.contains(end))
}

/// What a pin rests on: the commits that moved it, else what stands around it.
#[must_use]
pub(crate) fn reason(pin: &FoundPin) -> String {
    if pin.moved.is_empty() {
        return pin.reason.to_owned();
    }
    let commits = pin.moved.iter().map(ToString::to_string);
    let of_a_fork = match &pin.kind {
        FoundKind::Text(text) if text.matches.iter().any(|one| is_of_a_fork(one)) => {
            ", as a fork's release: see that it has the next"
        }
        _ => "",
    };
    let moved = format!("moved in {}{of_a_fork}", crate::text::in_words(commits));
    match &pin.differs {
        Some(differs) => format!("{moved}, {}", comment(differs)),
        None => moved,
    }
}

/// The places of a pin, the first few of many.
#[must_use]
pub(crate) fn places(pin: &FoundPin) -> String {
    const SHOWN: usize = 5;
    let mut shown: Vec<String> = pin
        .places
        .iter()
        .take(SHOWN)
        .map(|(file, line)| format!("{file}:{line}"))
        .collect();
    if pin.places.len() > SHOWN {
        shown.push(format!("{} more", pin.places.len() - SHOWN));
    }
    shown.join(", ")
}

fn own_files(out: &mut String, found: &Discovery) {
    if found.changelog.is_none() && found.entries.is_none() {
        out.push_str("\n# [changelog]\n# file = \"CHANGELOG.md\"\n");
    } else {
        out.push_str("\n[changelog]\n");
    }
    if let Some(file) = &found.changelog {
        let _ = writeln!(out, "file = {}", quoted(file));
    }
    if let Some(entry) = &found.entries {
        let several = found
            .links
            .iter()
            .filter(|link| link.doubt.is_none())
            .count()
            > 1;
        let path = fragments::path(&entry.path, several);
        let _ = writeln!(
            out,
            "entry = {}\ntext = {}",
            quoted(&path),
            quoted(&entry.text)
        );
    }
    match &found.version {
        Some(own) => own_version(out, own),
        None => out
            .push_str("\n# [version]\n# file = \"version.txt\"\n# match = \"{project_version}\"\n"),
    }
}

/// One table, or one for each file that says the version.
fn own_version(out: &mut String, own: &OwnVersion) {
    let files = own.files();
    let _ = writeln!(
        out,
        "\n# the project's own version, {}",
        comment(&own.version)
    );
    let heading = match files.as_slice() {
        [_] => "[version]",
        _ => "[[version]]",
    };
    for (at, (file, patterns)) in files.iter().enumerate() {
        let apart = if at == 0 { "" } else { "\n" };
        let _ = writeln!(out, "{apart}{heading}\nfile = {}", quoted(file));
        let patterns: Vec<String> = patterns.iter().map(ToString::to_string).collect();
        list(out, "match", &patterns);
        if at == 0 {
            out.push_str("# bump = \"patch\"    # or \"minor\", \"major\", \"none\"\n");
        }
    }
}

fn doubts(out: &mut String, unsure: &[Doubt]) {
    if unsure.is_empty() {
        return;
    }
    out.push_str("\n# Unsure, and left out; make a pin of what is one:\n");
    for doubt in unsure.iter().take(MOST_DOUBTS) {
        let _ = writeln!(
            out,
            "# {}:{}: {}\n#     {}",
            comment(&doubt.file),
            doubt.line,
            comment(&doubt.why),
            comment(&doubt.text)
        );
    }
    if unsure.len() > MOST_DOUBTS {
        let _ = writeln!(out, "# and {} more", unsure.len() - MOST_DOUBTS);
    }
}

fn comment(text: &str) -> String {
    crate::text::one_line(text)
}

/// A TOML string: literal where that can hold the text.
fn quoted(text: &str) -> String {
    let plain = !text.chars().any(|c| crate::text::acts(c) || c == '\'');
    if plain && text.contains(['"', '\\', '{']) {
        return format!("'{text}'");
    }
    let escaped = |c: char| match c {
        '"' | '\\' => format!("\\{c}"),
        '\n' => "\\n".to_owned(),
        '\t' => "\\t".to_owned(),
        c if crate::text::acts(c) => format!("\\U{:08X}", u32::from(c)),
        c => c.to_string(),
    };
    format!("\"{}\"", text.chars().map(escaped).collect::<String>())
}
