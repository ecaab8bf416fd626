//! What the name of a published Python file says: project version and platforms (the binary and
//! source distribution formats).

use std::collections::BTreeSet;

use crate::project::project_version::ProjectVersion;

/// The name of a wheel or of a source distribution, read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileName {
    /// The project's version.
    pub version: ProjectVersion,
    /// Which build of the version it is, where it was built again (`1` of
    /// `x-1.0-1-py3-none-any.whl`).
    pub build: Option<String>,
    /// The platforms it is for: `manylinux-x86_64`, `macos-arm64`, `windows-x86`; none for a source
    /// distribution, `any` where there is no native code.
    pub platforms: BTreeSet<String>,
    /// The platform tags as written.
    pub tags: Vec<String>,
}

impl FileName {
    /// Reads a file name; none if it is neither a wheel's nor a source distribution's.
    pub fn read(name: &str) -> Option<Self> {
        if let Some(stem) = name.strip_suffix(".whl") {
            let parts: Vec<&str> = stem.split('-').collect();
            let (version, build, tags) = match parts.as_slice() {
                [_, version, _, _, tags] => (*version, None, *tags),
                [_, version, build, _, _, tags] => (*version, Some((*build).to_owned()), *tags),
                _ => return None,
            };
            let tags: Vec<String> = tags.split('.').map(str::to_owned).collect();
            let platforms = tags.iter().flat_map(|tag| platforms(tag)).collect();
            return Some(Self {
                version: version.parse().ok()?,
                build,
                platforms,
                tags,
            });
        }
        let stem = [".tar.gz", ".tgz", ".zip", ".tar.bz2", ".tar.xz"]
            .iter()
            .find_map(|ending| name.strip_suffix(ending))?;
        let (_, version) = stem.rsplit_once('-')?;
        Some(Self {
            version: version.parse().ok()?,
            build: None,
            platforms: BTreeSet::new(),
            tags: Vec::new(),
        })
    }

    /// Whether it holds source code only.
    pub fn is_source(&self) -> bool {
        self.tags.is_empty()
    }

    /// Whether it is for a platform that somebody names: `windows-x86_64`, a tag, or the start of
    /// either.
    pub fn is_for(&self, wanted: &str) -> bool {
        self.platforms
            .iter()
            .any(|platform| is_platform(platform, wanted))
            || self.tags.iter().any(|tag| is_platform(tag, wanted))
    }
}

/// Whether a platform is the one that somebody names, or of its family.
pub(crate) fn is_platform(platform: &str, wanted: &str) -> bool {
    platform
        .strip_prefix(wanted)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with(['-', '_']))
}

/// The platforms of one tag; a universal one is for two.
fn platforms(tag: &str) -> Vec<String> {
    let joined = |system: &str, processor: &str| format!("{system}-{processor}");
    if let Some(rest) = tag.strip_prefix("macosx_") {
        let processor = rest.splitn(3, '_').nth(2).unwrap_or(rest);
        return match processor {
            "universal2" => vec![joined("macos", "arm64"), joined("macos", "x86_64")],
            "intel" | "universal" | "fat64" => vec![joined("macos", "x86_64")],
            processor => vec![joined("macos", processor)],
        };
    }
    if let Some(rest) = tag.strip_prefix("win") {
        return vec![match rest {
            "32" => joined("windows", "x86"),
            "_amd64" => joined("windows", "x86_64"),
            rest => joined("windows", rest.trim_start_matches('_')),
        }];
    }
    for system in ["manylinux", "musllinux"] {
        if let Some(rest) = tag.strip_prefix(system) {
            // `_2_34_x86_64`, or of the older names `2014_x86_64`.
            let processor = rest.trim_start_matches(|c: char| c.is_ascii_digit() || c == '_');
            return vec![joined(system, processor)];
        }
    }
    vec![tag.split_once('_').map_or_else(
        || tag.to_owned(),
        |(system, processor)| joined(system, processor),
    )]
}

/// The name of a package as indexes compare it (PEP 503).
pub(crate) fn normalized(package: &str) -> String {
    let mut name = String::with_capacity(package.len());
    for part in package
        .split(['-', '_', '.'])
        .filter(|part| !part.is_empty())
    {
        if !name.is_empty() {
            name.push('-');
        }
        name.push_str(&part.to_ascii_lowercase());
    }
    name
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn names_of_real_files() {
        for (name, version, platforms) in [
            (
                "cryptography-50.0.2-cp311-abi3-manylinux_2_34_x86_64.whl",
                "50.0.2",
                "manylinux-x86_64",
            ),
            (
                "cryptography-46.0.3-cp311-abi3-manylinux2014_x86_64.manylinux_2_17_x86_64.whl",
                "46.0.3",
                "manylinux-x86_64",
            ),
            (
                "cryptography-46.0.3-cp311-abi3-macosx_10_9_universal2.whl",
                "46.0.3",
                "macos-arm64 macos-x86_64",
            ),
            (
                "cryptography-50.0.2-cp311-abi3-macosx_11_0_arm64.whl",
                "50.0.2",
                "macos-arm64",
            ),
            (
                "cryptography-50.0.2-cp311-abi3-musllinux_1_2_aarch64.whl",
                "50.0.2",
                "musllinux-aarch64",
            ),
            (
                "cryptography-44.0.1-cp39-abi3-win32.whl",
                "44.0.1",
                "windows-x86",
            ),
            (
                "cryptography-44.0.1-1-cp39-abi3-win_amd64.whl",
                "44.0.1",
                "windows-x86_64",
            ),
            ("x-1-py3-none-any.whl", "1", "any"),
            ("x-1-cp311-cp311-linux_armv7l.whl", "1", "linux-armv7l"),
            ("cryptography-46.0.3.tar.gz", "46.0.3", ""),
            ("a-b-1.0rc1.zip", "1.0rc1", ""),
        ] {
            let read = FileName::read(name).expect(name);
            assert_eq!(
                (
                    read.version.to_string().as_str(),
                    read.platforms
                        .into_iter()
                        .collect::<Vec<_>>()
                        .join(" ")
                        .as_str()
                ),
                (version, platforms)
            );
        }
        for name in ["x.whl", "README.md", "x-1.0.exe", "x-latest.tar.gz"] {
            assert_eq!(FileName::read(name), None, "{name}");
        }
    }

    #[test]
    fn platforms_by_family_and_tag() {
        let file = FileName::read("x-1-cp311-abi3-manylinux_2_34_x86_64.whl").unwrap();
        assert!(
            file.is_for("manylinux")
                && file.is_for("manylinux-x86_64")
                && file.is_for("manylinux_2_34_x86_64")
        );
        assert!(
            !file.is_for("musllinux") && !file.is_for("manylinux-aarch64") && !file.is_for("many")
        );
    }

    #[test]
    fn names_as_indexes_compare_them() {
        assert_eq!(normalized("Psycopg2._binary"), "psycopg2-binary");
    }

    proptest! {
        #[test]
        fn any_name_is_read_or_refused(name in "\\PC{0,40}") {
            let _ = (FileName::read(&name), FileName::read(&format!("x-1-a-b-{name}.whl")), normalized(&name));
        }
    }
}
