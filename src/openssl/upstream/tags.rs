//! Tags of OpenSSL's repository as versions: a tag without a release is tagged, not yet published
//! (UPSTREAM 4.1, 5.1).

use std::collections::BTreeMap;

use serde::Deserialize;

use super::diagnostic::Diagnostic;
use super::lenient::{self, Lenient};
use crate::openssl::version::Version;

/// Versions and the commits that their tags point to, as far as known. Tags that are no versions
/// are left out.
pub(crate) type Tags = BTreeMap<Version, Option<String>>;

/// One entry of GitHub's `/tags`, which names the commit, or of `/git/matching-refs/tags`, which
/// names the object.
#[derive(Deserialize)]
struct WireTag {
    #[serde(default)]
    name: Lenient<String>,
    #[serde(default)]
    r#ref: Lenient<String>,
    #[serde(default)]
    commit: Lenient<WireObject>,
    #[serde(default)]
    object: Lenient<WireObject>,
}

#[derive(Deserialize)]
struct WireObject {
    sha: String,
    #[serde(default)]
    r#type: Lenient<String>,
}

/// Reads one page of tags as GitHub's API lists them, in either form. The number is that of all
/// entries on the page.
pub fn from_api(document: &str, text: &str) -> Result<(Tags, usize), Diagnostic> {
    let wire: Vec<Lenient<WireTag>> = lenient::list(text)
        .map_err(|error| Diagnostic::new(document, format!("not read: {error}")))?;
    let tags = wire
        .iter()
        .filter_map(|entry| tag(entry.0.as_ref()?))
        .collect();
    Ok((tags, wire.len()))
}

fn tag(wire: &WireTag) -> Option<(Version, Option<String>)> {
    let name = wire
        .name
        .0
        .as_deref()
        .or_else(|| wire.r#ref.0.as_deref()?.strip_prefix("refs/tags/"))?;
    // An annotated tag's own object is no commit.
    let is_commit = |object: &&WireObject| {
        object
            .r#type
            .0
            .as_deref()
            .is_none_or(|kind| kind == "commit")
    };
    let object = wire
        .commit
        .0
        .as_ref()
        .or(wire.object.0.as_ref())
        .filter(is_commit);
    let commit = object.map(|object| object.sha.to_ascii_lowercase());
    let hexadecimal = |id: &String| {
        matches!(id.len(), 40 | 64) && id.bytes().all(|byte| byte.is_ascii_hexdigit())
    };
    Some((Version::from_tag(name).ok()?, commit.filter(hexadecimal)))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn shown(tags: &Tags) -> String {
        let tag = |(version, commit): (&Version, &Option<String>)| {
            format!(
                "{version} {}",
                commit.as_deref().map_or("-", |commit| &commit[..4])
            )
        };
        tags.iter().map(tag).collect::<Vec<_>>().join("\n")
    }

    #[test]
    fn both_forms_of_the_api() {
        let (a, b) = ("a".repeat(40), "B".repeat(40));
        let page = json!([
            {"name": "openssl-3.5.4", "commit": {"sha": a, "url": "x"}},
            {"name": "SSLeay_0_9_1b", "commit": {"sha": a}},
            {"ref": "refs/tags/openssl-3.5.3", "object": {"sha": b, "type": "commit"}},
            {"ref": "refs/tags/openssl-3.5.2", "object": {"sha": b, "type": "tag"}},
            {"name": "openssl-3.5.1", "commit": {"sha": "short"}},
            7,
        ]);
        let (tags, entries) = from_api("tags", &page.to_string()).expect("tags");
        assert_eq!(entries, 6);
        insta::assert_snapshot!(shown(&tags), @"
        3.5.1 -
        3.5.2 -
        3.5.3 bbbb
        3.5.4 aaaa
        ");
        assert!(from_api("tags", "{\"message\":\"no\"}").is_err());
    }
}
