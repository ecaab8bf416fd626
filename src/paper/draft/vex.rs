//! What the project knows of every advisory of the OpenSSL it carried, as an OpenVEX 0.2.0
//! document.

use serde::Serialize;
use sha2::{Digest, Sha256};

use super::LinkMove;
use crate::openssl::advisory::CveId;
use crate::openssl::upstream::View;
use crate::project::config::{Config, VexStatement};
use crate::text::fault::Fault;
use crate::text::percent_encoded;

/// The form of the document (OpenVEX specification 0.2.0).
const CONTEXT: &str = "https://openvex.dev/ns/v0.2.0";

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct VexDocument {
    #[serde(rename = "@context")]
    context: &'static str,
    /// A UUID made of everything the document says, so that it is the same every time.
    #[serde(rename = "@id")]
    id: String,
    author: String,
    timestamp: String,
    version: u32,
    tooling: &'static str,
    statements: Vec<Statement>,
}

/// What is known of one advisory in some products.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct Statement {
    vulnerability: Vulnerability,
    products: Vec<Product>,
    status: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    justification: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    impact_statement: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    action_statement: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct Vulnerability {
    #[serde(rename = "@id")]
    id: String,
    name: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct Product {
    #[serde(rename = "@id")]
    id: String,
    subcomponents: Vec<Component>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct Component {
    #[serde(rename = "@id")]
    id: String,
}

/// What the document is about.
#[derive(Debug, Clone, Copy)]
pub(crate) struct About<'a> {
    /// The project's version that users have.
    pub previous: Option<&'a str>,
    /// The project's version that is to be released.
    pub version: Option<&'a str>,
    /// The links of which nobody knows what the version before carried.
    pub unread: &'a [&'a str],
}

impl VexDocument {
    /// The document about the moves of a project's links; a link that does not move is one from its
    /// version to the same.
    ///
    /// Every advisory of a version before gets a statement, `affected` for the release before, and
    /// for the new one `fixed` or still `affected`. Advisories that upstream did not analyse for a
    /// series are `under_investigation`. What the configuration states goes first; nothing else is
    /// ever `not_affected`. Nothing is said of a product without a version: that would be of all.
    pub(crate) fn new(
        config: &Config,
        moves: &[LinkMove],
        about: About<'_>,
        upstream: &View<'_>,
    ) -> Self {
        let mut statements = Vec::new();
        for moved in moves {
            statements.extend(of_move(config, moved, about, upstream));
        }
        let timestamp = format!("{}T00:00:00Z", upstream.day);
        let author = config
            .vex
            .author
            .clone()
            .unwrap_or_else(|| config.project.name.clone());
        let said = serde_json::to_string(&statements).unwrap_or_default();
        let id = uuid(&format!("{author}\0{timestamp}\0{said}"));
        Self {
            context: CONTEXT,
            id: format!("urn:uuid:{id}"),
            author,
            timestamp,
            version: 1,
            tooling: "release-check",
            statements,
        }
    }

    /// Whether it says anything.
    pub(crate) fn is_empty(&self) -> bool {
        self.statements.is_empty()
    }

    /// The document as JSON.
    pub(crate) fn render(&self) -> Result<String, Fault> {
        serde_json::to_string_pretty(self)
            .map(|json| json + "\n")
            .map_err(|error| Fault::failed(error.to_string()))
    }
}

fn of_move(
    config: &Config,
    moved: &LinkMove,
    about: About<'_>,
    upstream: &View<'_>,
) -> Vec<Statement> {
    let is_read = !about.unread.contains(&moved.link.as_str());
    let before = about
        .previous
        .filter(|_| is_read)
        .map(|version| product(config, version, moved.from));
    let after = about
        .version
        .filter(|_| moved.to != moved.from)
        .map(|version| product(config, version, moved.to));
    if before.is_none() && after.is_none() {
        return Vec::new();
    }
    let mut affecting: Vec<CveId> = upstream
        .affecting(moved.from)
        .map(|known| known.advisory.id)
        .collect();
    affecting.extend(upstream.affecting(moved.to).map(|known| known.advisory.id));
    let unanalysed = upstream.unanalysed(moved.from);
    affecting.extend(&unanalysed);
    affecting.sort();
    affecting.dedup();

    let mut statements = Vec::new();
    for id in affecting {
        let vulnerability = Vulnerability {
            id: id.url(),
            name: id.to_string(),
        };
        if let Some(stated) = config.vex.statements.iter().find(|stated| stated.id == id) {
            let products = before.iter().chain(&after).cloned().collect();
            statements.push(configured(stated, vulnerability, products, moved));
            continue;
        }
        let Some(known) = upstream.advisory(id) else {
            continue;
        };
        let versions = [(before.as_ref(), moved.from), (after.as_ref(), moved.to)];
        let mut by_status: Vec<(&str, Vec<Product>)> = Vec::new();
        for (product, version) in versions {
            let Some(product) = product else { continue };
            let status = match (
                known.affects(version),
                version == moved.to && version != moved.from,
            ) {
                (true, _) if known.is_unread_for(version) => "under_investigation",
                (true, _) => "affected",
                (false, _) if upstream.unanalysed(version).contains(&id) => "under_investigation",
                (false, true) if known.affects(moved.from) || unanalysed.contains(&id) => "fixed",
                // The version before does not have it, and only the configuration may say
                // `not_affected`.
                (false, _) => continue,
            };
            match by_status.iter_mut().find(|(known, _)| *known == status) {
                Some((_, products)) => products.push(product.clone()),
                None => by_status.push((status, vec![product.clone()])),
            }
        }
        for (status, products) in by_status {
            let action = (status == "affected")
                .then(|| action(config, moved, known.affects(moved.to), about));
            statements.push(Statement {
                vulnerability: vulnerability.clone(),
                products,
                status: status.to_owned(),
                justification: None,
                impact_statement: None,
                action_statement: action,
            });
        }
    }
    statements
}

/// What the configuration states.
fn configured(
    stated: &VexStatement,
    vulnerability: Vulnerability,
    products: Vec<Product>,
    moved: &LinkMove,
) -> Statement {
    let action = (stated.status == "affected")
        .then(|| format!("Upgrade to a release with OpenSSL {} or later.", moved.to));
    Statement {
        vulnerability,
        products,
        status: stated.status.clone(),
        justification: stated.justification.clone(),
        impact_statement: stated.impact.as_deref().map(crate::text::one_line),
        action_statement: action,
    }
}

/// What users of an affected release should do.
fn action(config: &Config, moved: &LinkMove, remains: bool, about: About<'_>) -> String {
    let name = &config.project.name;
    match about.version {
        _ if remains || moved.to == moved.from => {
            format!("No release of {name} has the fix yet; upgrade as soon as one does.")
        }
        Some(version) => format!("Upgrade to {name} {version} or later."),
        None => format!(
            "Upgrade to a release of {name} with OpenSSL {} or later.",
            moved.to
        ),
    }
}

/// A release of the project as a product, with the OpenSSL inside it.
fn product(config: &Config, version: &str, openssl: crate::openssl::version::Version) -> Product {
    let base = config
        .vex
        .product
        .clone()
        .unwrap_or_else(|| usual_purl(config));
    let (path, rest) = match base.find(['?', '#']) {
        Some(at) => base.split_at(at),
        None => (base.as_str(), ""),
    };
    Product {
        id: format!("{path}@{}{rest}", percent_encoded(version, "")),
        subcomponents: vec![Component {
            id: format!("pkg:generic/openssl@{openssl}"),
        }],
    }
}

/// The package URL of a project that has configured none.
fn usual_purl(config: &Config) -> String {
    let package = config
        .published
        .as_ref()
        .and_then(|published| published.package.as_deref());
    match (package, &config.project.repository) {
        (Some(package), _) => format!(
            "pkg:pypi/{}",
            percent_encoded(&package.to_ascii_lowercase().replace('_', "-"), "")
        ),
        (None, Some(repository)) => format!("pkg:github/{}", repository.to_ascii_lowercase()),
        (None, None) => format!("pkg:generic/{}", percent_encoded(&config.project.name, "")),
    }
}

/// A UUID of version 8 (RFC 9562), made of a digest.
fn uuid(text: &str) -> String {
    let mut bytes: Vec<u8> = Sha256::digest(text).iter().take(16).copied().collect();
    if let [_, _, _, _, _, _, version, _, variant, ..] = bytes.as_mut_slice() {
        *version = *version & 0x0f | 0x80;
        *variant = *variant & 0x3f | 0x80;
    }
    let digits: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    let part = |range: std::ops::Range<usize>| digits.get(range).unwrap_or_default().to_owned();
    [
        part(0..8),
        part(8..12),
        part(12..16),
        part(16..20),
        part(20..32),
    ]
    .join("-")
}
