//! Which package index pip is configured for: its environment variable, its configuration files in
//! its own order, its built-in default.

use std::path::PathBuf;
use std::process::{Command, Stdio};

use crate::outside::environment::Environment;

/// Asks pip's own code for the index it uses when nothing is configured.
const DEFAULT: &str = "from pip._internal.models.index import PyPI; print(PyPI.simple_url)";

/// The address of the index, as configured, and what names it.
pub(super) fn index(environment: &Environment) -> Option<(String, &'static str)> {
    if let Some(index) = environment.get("PIP_INDEX_URL") {
        return Some((index.to_owned(), "`PIP_INDEX_URL`"));
    }
    // Later files win.
    let files = configuration_files(environment).into_iter().rev();
    let mut configured = files
        .filter_map(|file| std::fs::read_to_string(file).ok())
        .filter_map(|text| index_url(&text));
    let configured = configured.next().or_else(built_in);
    configured.map(|index| (index, "pip's configuration"))
}

fn configuration_files(environment: &Environment) -> Vec<PathBuf> {
    let named = environment.get("PIP_CONFIG_FILE").map(PathBuf::from);
    if named.as_deref().is_some_and(|file| {
        file == std::path::Path::new(if cfg!(windows) { "nul" } else { "/dev/null" })
    }) {
        return Vec::new();
    }
    let path = |name: &str| environment.get(name).map(PathBuf::from);
    let home = path(if cfg!(windows) { "USERPROFILE" } else { "HOME" });
    let mut files = Vec::new();
    if cfg!(windows) {
        files.extend(path("PROGRAMDATA").map(|folder| folder.join("pip").join("pip.ini")));
        files.extend(home.map(|home| home.join("pip").join("pip.ini")));
        files.extend(path("APPDATA").map(|folder| folder.join("pip").join("pip.ini")));
        files.extend(path("VIRTUAL_ENV").map(|folder| folder.join("pip.ini")));
    } else {
        let system = environment.get("XDG_CONFIG_DIRS").unwrap_or("/etc/xdg");
        files.extend(
            system
                .split(':')
                .filter(|folder| !folder.is_empty())
                .map(|folder| PathBuf::from(folder).join("pip/pip.conf")),
        );
        files.push(PathBuf::from("/etc/pip.conf"));
        if cfg!(target_os = "macos") {
            files.push(PathBuf::from("/Library/Application Support/pip/pip.conf"));
            files.extend(
                home.as_ref()
                    .map(|home| home.join("Library/Application Support/pip/pip.conf")),
            );
        }
        files.extend(home.as_ref().map(|home| home.join(".pip/pip.conf")));
        files.extend(
            path("XDG_CONFIG_HOME")
                .or_else(|| home.map(|home| home.join(".config")))
                .map(|folder| folder.join("pip/pip.conf")),
        );
        files.extend(path("VIRTUAL_ENV").map(|folder| folder.join("pip.conf")));
    }
    files.extend(named);
    files
}

/// The index in a configuration file. What `pip download` does comes before what all commands do.
fn index_url(text: &str) -> Option<String> {
    let (mut global, mut download) = (None, None);
    let mut section = "";
    for line in text
        .lines()
        .map(str::trim)
        .filter(|line| !line.starts_with(['#', ';']))
    {
        if let Some(name) = line
            .strip_prefix('[')
            .and_then(|rest| rest.strip_suffix(']'))
        {
            section = name.trim();
        } else if let Some((key, value)) = line.split_once(['=', ':'])
            && key.trim().replace('_', "-") == "index-url"
        {
            match section {
                "global" => global = Some(value.trim().to_owned()),
                "download" => download = Some(value.trim().to_owned()),
                _ => {}
            }
        }
    }
    download.or(global).filter(|index| !index.is_empty())
}

fn built_in() -> Option<String> {
    ["python3", "python"].iter().find_map(|python| {
        // Isolated: nothing of the current folder is imported.
        let output = Command::new(python)
            .args(["-I", "-c", DEFAULT])
            .stdin(Stdio::null())
            .stderr(Stdio::null())
            .output()
            .ok()?;
        let index = String::from_utf8(output.stdout).ok()?.trim().to_owned();
        (output.status.success() && !index.is_empty()).then_some(index)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn configuration_as_pip_writes_it() {
        for (text, index) in [
            (
                "[global]\nindex-url = https://index.example.org/simple\n",
                Some("https://index.example.org/simple"),
            ),
            (
                "# c\n[global]\ntimeout=5\nindex_url: https://a.example/simple/\n[install]\nindex-url = https://b.example\n",
                Some("https://a.example/simple/"),
            ),
            (
                "[global]\nindex-url = https://a.example\n[download]\nindex-url = https://d.example\n",
                Some("https://d.example"),
            ),
            ("[global]\nextra-index-url = https://a.example\n", None),
            ("index-url = https://a.example\n", None),
        ] {
            assert_eq!(index_url(text).as_deref(), index, "{text}");
        }
    }

    #[test]
    fn the_environment_comes_first() {
        let environment: Environment =
            [("PIP_INDEX_URL".into(), "http://127.0.0.1:1/simple".into())]
                .into_iter()
                .collect();
        assert_eq!(
            index(&environment),
            Some(("http://127.0.0.1:1/simple".to_owned(), "`PIP_INDEX_URL`"))
        );
    }
}
