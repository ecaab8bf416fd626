//! Whose build it is: distributions patch the versions they keep, so that upstream's advisories say
//! too little of them.

use serde::Deserialize;

use super::native::Native;

/// The family that keeps OpenSSL's version and patches it, and whose marks its rebuilds keep.
const RED_HAT: &str = "Red Hat";

/// A package note, as systemd specifies it.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Note {
    #[serde(default)]
    name: String,
    #[serde(default)]
    os: String,
    #[serde(default)]
    os_cpe: String,
}

/// The distribution whose patched OpenSSL this is; none where nothing says so.
pub(super) fn of(native: &Native) -> Option<String> {
    let origin = &native.origin;
    if let Some(name) = origin.note.as_deref().and_then(of_note) {
        return Some(name);
    }
    let link = origin.debug_link.as_deref().unwrap_or_default();
    if let Some(name) = of_release(link) {
        return Some(name.to_owned());
    }
    // Upstream's FIPS builds ended with 1.0.2, whose text says `-fips`.
    let says_fips = native.texts.openssl.iter().any(|text| {
        let has_word = text.text.split(' ').any(|word| word == "FIPS");
        text.whole && has_word && text.text.starts_with("OpenSSL 1.1.1")
    });
    let is_own_name = origin
        .soname
        .as_deref()
        .is_some_and(|name| name.ends_with(".so.10"));
    let looks_in = origin.directory.as_deref().unwrap_or_default();
    if says_fips || native.is_shared_library && (is_own_name || looks_in == "/etc/pki/tls") {
        return Some(RED_HAT.to_owned());
    }
    // Debian names the file by the build's digest; its static library has no such name, and folders
    // of plugins that are Debian's alone.
    let has_digest = native.is_shared_library
        && link.strip_suffix(".debug").is_some_and(|digest| {
            digest.len() == 38 && digest.bytes().all(|c| c.is_ascii_hexdigit())
        });
    let plugins = origin.plugins.as_deref().unwrap_or_default();
    let is_debian = looks_in == "/usr/lib/ssl" && (has_digest || is_multiarch(plugins));
    is_debian.then(|| "Debian".to_owned())
}

/// Whether a folder is below one for each processor, as Debian has them:
/// `/usr/lib/x86_64-linux-gnu/engines-3`.
fn is_multiarch(folder: &str) -> bool {
    let rest = folder.strip_prefix("/usr/lib/");
    let triplet = rest.and_then(|rest| rest.split_once('/'));
    triplet.is_some_and(|(triplet, _)| {
        triplet.contains("-linux-gnu") || triplet.contains("-kfreebsd-gnu")
    })
}

fn of_note(note: &str) -> Option<String> {
    let note: Note = serde_json::from_str(note.trim_end_matches('\0')).ok()?;
    if !note.name.contains("openssl") {
        return None;
    }
    let of_cpe = note.os_cpe.split(':').nth(2).unwrap_or_default();
    [note.os.as_str(), of_cpe]
        .into_iter()
        .find(|id| !id.is_empty())
        .map(named)
}

/// What a package's release number says: `1.1.1k-18.el8_6`.
fn of_release(text: &str) -> Option<&'static str> {
    let marked = |mark: &str| {
        text.split(mark)
            .skip(1)
            .any(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
    };
    [
        (".el", RED_HAT),
        (".fc", "Fedora"),
        (".amzn", "Amazon Linux"),
    ]
    .into_iter()
    .find_map(|(mark, name)| marked(mark).then_some(name))
}

/// The distribution that a package URL is of.
pub(super) fn of_purl(purl: &str) -> Option<String> {
    let rest = purl.strip_prefix("pkg:")?.trim_start_matches('/');
    let mut parts = rest.split(['/', '@', '?']);
    let kind = parts.next()?.to_ascii_lowercase();
    let namespace = parts.next()?;
    match kind.as_str() {
        "rpm" | "deb" | "apk" | "alpm" => Some(named(namespace)),
        _ => None,
    }
}

/// A distribution's identifier as it writes its name.
fn named(id: &str) -> String {
    match id.to_ascii_lowercase().as_str() {
        "almalinux" => "AlmaLinux",
        "alpine" => "Alpine",
        "amazon" | "amzn" | "amazon_linux" => "Amazon Linux",
        "arch" => "Arch Linux",
        "centos" => "CentOS",
        "debian" => "Debian",
        "fedora" | "fedoraproject" => "Fedora",
        "ol" | "oracle" => "Oracle Linux",
        "redhat" | "rhel" => RED_HAT,
        "rocky" | "rocky-linux" => "Rocky Linux",
        "opensuse" | "suse" | "sles" => "SUSE",
        "ubuntu" | "canonical" => "Ubuntu",
        other => return crate::text::one_line(other),
    }
    .to_owned()
}

#[cfg(test)]
mod tests {
    use super::super::origin::Origin;
    use super::*;
    use crate::artefact::version_text::{self, Texts};

    fn maintainer(text: &str, origin: Origin) -> Option<String> {
        let text = version_text::read_whole(text).unwrap().unwrap();
        of(&Native {
            texts: Texts {
                openssl: vec![text],
                ..Texts::default()
            },
            is_shared_library: true,
            origin,
            ..Native::default()
        })
    }

    #[test]
    fn what_a_build_says_of_its_package() {
        let some = |text: &str| Some(text.to_owned());
        let plain = "OpenSSL 3.5.4 30 Sep 2025";
        for (text, origin, name) in [
            (plain, Origin::default(), None),
            ("OpenSSL 1.0.2k-fips  26 Jan 2017", Origin::default(), None),
            (
                "OpenSSL 1.1.1k  FIPS 25 Mar 2021",
                Origin::default(),
                Some("Red Hat"),
            ),
            (
                plain,
                Origin {
                    debug_link: some("libcrypto.so.3.5.1-3.5.1-4.el10.x86_64.debug"),
                    ..Origin::default()
                },
                Some("Red Hat"),
            ),
            (
                plain,
                Origin {
                    debug_link: some("libcrypto.so.3.elf.debug"),
                    soname: some("libcrypto-1a2b.so.3"),
                    directory: some("/usr/lib/ssl"),
                    ..Origin::default()
                },
                None,
            ),
            (
                "OpenSSL 1.0.2k-fips  26 Jan 2017",
                Origin {
                    soname: some("libcrypto.so.10"),
                    ..Origin::default()
                },
                Some("Red Hat"),
            ),
            (
                plain,
                Origin {
                    directory: some("/etc/pki/tls"),
                    ..Origin::default()
                },
                Some("Red Hat"),
            ),
            (
                plain,
                Origin {
                    directory: some("/usr/lib/ssl"),
                    debug_link: some("0123456789abcdef0123456789abcdef012345.debug"),
                    ..Origin::default()
                },
                Some("Debian"),
            ),
            (
                plain,
                Origin {
                    directory: some("/usr/lib/ssl"),
                    plugins: some("/usr/lib/x86_64-linux-gnu/engines-3"),
                    ..Origin::default()
                },
                Some("Debian"),
            ),
            (
                plain,
                Origin {
                    directory: some("/usr/lib/ssl"),
                    plugins: some("/usr/local/lib/engines-3"),
                    ..Origin::default()
                },
                None,
            ),
            (
                plain,
                Origin {
                    note: some(
                        r#"{"type":"rpm","name":"openssl","version":"3.5.4-1.fc43","osCpe":"cpe:/o:fedoraproject:fedora:43"}"#,
                    ),
                    ..Origin::default()
                },
                Some("Fedora"),
            ),
            (
                plain,
                Origin {
                    note: some(r#"{"type":"deb","os":"ubuntu","name":"curl"}"#),
                    ..Origin::default()
                },
                None,
            ),
        ] {
            assert_eq!(
                maintainer(text, origin.clone()).as_deref(),
                name,
                "{text} {origin:?}"
            );
        }
    }

    #[test]
    fn package_urls() {
        for (purl, name) in [
            (
                "pkg:rpm/almalinux/openssl-libs@1.1.1k-18.el8_6",
                Some("AlmaLinux"),
            ),
            ("pkg:deb/debian/libssl3@3.0.13-1", Some("Debian")),
            ("pkg:apk/alpine/libcrypto3@3.3.2-r0", Some("Alpine")),
            ("pkg:generic/openssl@3.5.4", None),
        ] {
            assert_eq!(of_purl(purl).as_deref(), name, "{purl}");
        }
    }
}
