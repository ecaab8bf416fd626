//! Names of members and of what links point to: the ones that stay inside.

use crate::text;

/// A longer name would not fit on any disk.
const LONGEST: usize = 1024;

/// The top folder of a member's name and the path below it, without `.` and doubled slashes.
pub(super) fn split(name: &[u8]) -> Result<(String, String), String> {
    let name = readable(name)?;
    if name.starts_with('/') {
        return Err(format!("its member `{name}` has an absolute path"));
    }
    let mut parts = name.split('/').filter(|part| !matches!(*part, "" | "."));
    let unsafe_part = parts.clone().find(|part| !is_plain(part));
    if unsafe_part.is_some() {
        return Err(format!(
            "its member `{name}` does not stay inside its folder"
        ));
    }
    let top = parts
        .next()
        .ok_or_else(|| "it has a member without a name".to_owned())?;
    Ok((top.to_owned(), parts.collect::<Vec<_>>().join("/")))
}

/// What a symbolic link points to, if that is inside the tree whatever other links there are: steps
/// up stand only at the front, where they lead through real folders, and are fewer than the folders
/// the link is in.
pub(super) fn link_inside(path: &str, target: &[u8]) -> Result<String, String> {
    let target = readable(target)?;
    let leaves = || {
        Err(format!(
            "its link `{path}` points to `{target}`, which is outside"
        ))
    };
    if target.is_empty() || target.starts_with('/') {
        return leaves();
    }
    let parts: Vec<&str> = target
        .split('/')
        .filter(|part| !matches!(*part, "" | "."))
        .collect();
    let up = parts.iter().take_while(|part| **part == "..").count();
    if up > path.matches('/').count() || !parts[up..].iter().all(|part| is_plain(part)) {
        return leaves();
    }
    Ok(target)
}

fn readable(name: &[u8]) -> Result<String, String> {
    if name.len() > LONGEST {
        return Err(format!("it has a name longer than {LONGEST} bytes"));
    }
    let readable = std::str::from_utf8(name)
        .ok()
        .filter(|name| !name.chars().any(text::acts));
    let shown = || text::one_line(&String::from_utf8_lossy(name));
    readable
        .map(str::to_owned)
        .ok_or_else(|| format!("its member `{}` has a name that cannot be read", shown()))
}

/// Whether a part of a path is a plain name on every system: no way up, no drive, no other
/// separator, and nothing git keeps for itself.
fn is_plain(part: &str) -> bool {
    let stem = part.trim_end_matches(['.', ' ']).to_ascii_lowercase();
    part != ".."
        && !part.contains(['\\', ':'])
        && part.len() <= 255
        && !matches!(stem.as_str(), "" | ".git" | "git~1")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_stay_inside() {
        for (name, top, path) in [
            ("openssl-3.5.4/VERSION.dat", "openssl-3.5.4", "VERSION.dat"),
            ("./openssl-3.5.4//apps/./ca.c", "openssl-3.5.4", "apps/ca.c"),
            ("openssl-3.5.4/", "openssl-3.5.4", ""),
            ("o/.github/x", "o", ".github/x"),
            ("o/..a/b..", "o", "..a/b.."),
        ] {
            assert_eq!(
                split(name.as_bytes()),
                Ok((top.to_owned(), path.to_owned()))
            );
        }
        for name in [
            "/etc/passwd",
            "o/../x",
            "..",
            "o/a/..",
            "o\\..\\x",
            "c:x",
            "o/c:x",
            "o/.git/hooks/x",
            "o/.GIT/x",
            "o/git~1/x",
            "o/.git./x",
            "o/...",
            "",
            ".",
            "o/a\nb",
            "o/\u{202e}",
        ] {
            assert!(split(name.as_bytes()).is_err(), "{name}");
        }
        assert!(split(&[b'o', b'/', 0xff]).is_err());
        assert!(split(&[b'a'; LONGEST + 1]).is_err());
    }

    #[test]
    fn links_that_stay_inside() {
        for (path, target) in [
            ("a", "b"),
            ("a", "./b/c"),
            ("include/openssl/x.h", "../../crypto/x.h"),
            ("a/b", ".."),
        ] {
            assert_eq!(link_inside(path, target.as_bytes()).as_deref(), Ok(target));
        }
        for (path, target) in [
            ("a", ".."),
            ("a", "/etc"),
            ("a", ""),
            ("a/b", "../.."),
            ("a/b", "../../c"),
            ("a/b", "c/../../.."),
            ("t", "s/s/.."),
            ("a", "c:x"),
            ("a", ".git/config"),
            ("a", "b\\c"),
        ] {
            assert!(
                link_inside(path, target.as_bytes()).is_err(),
                "{path} -> {target}"
            );
        }
    }
}
