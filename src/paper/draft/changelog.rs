//! The sentence that a changelog says about a move.

use schemars::JsonSchema;
use serde::Serialize;

use super::{AdvisoryFacts, LinkMove};
use crate::paper::templates::{self, Templates};
use crate::project::changelog::Markup;
use crate::project::config::Config;
use crate::text::fault::Fault;

/// The context of `changelog.rst.j2` and `changelog.md.j2`. What they print is one paragraph; line
/// breaks in it do not matter.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub(crate) struct ChangelogEntry<'a> {
    /// The project's name.
    #[serde(serialize_with = "templates::own")]
    #[schemars(with = "String")]
    pub project: &'a str,
    /// How the project names what contains OpenSSL.
    #[serde(serialize_with = "templates::own_or_none")]
    #[schemars(with = "Option<String>")]
    pub ships: Option<&'a str>,
    /// The link's name.
    #[serde(serialize_with = "templates::own")]
    #[schemars(with = "String")]
    pub link: &'a str,
    /// Whether the project ships several links, so that the entry must say which.
    pub several_links: bool,
    /// The OpenSSL version before.
    pub from: String,
    /// The OpenSSL version after.
    pub to: String,
    /// Whether this is a security release.
    pub security: bool,
    /// The advisories that it fixes, gravest first.
    pub fixes: &'a [AdvisoryFacts],
}

impl<'a> ChangelogEntry<'a> {
    /// The entry of a project for a move.
    pub(crate) fn new(config: &'a Config, moved: &'a LinkMove) -> Self {
        Self {
            project: &config.project.name,
            ships: config.project.ships.as_deref(),
            link: &moved.link,
            several_links: config.ships_several(),
            from: moved.from.to_string(),
            to: moved.to.to_string(),
            security: moved.is_security(),
            fixes: &moved.fixes,
        }
    }

    /// The entry's text, one line.
    pub(crate) fn render(&self, templates: &Templates, markup: Markup) -> Result<String, Fault> {
        let name = match markup {
            Markup::ReStructuredText => "changelog.rst.j2",
            Markup::Markdown => "changelog.md.j2",
        };
        let text = templates.render(name, self)?;
        Ok(text.split_whitespace().collect::<Vec<_>>().join(" "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_usual_sentence() {
        let text = "[project]\nname = 'x'\nships = 'Windows, macOS, and Linux wheels'\n[[link]]\nname = 'wheels'\n";
        let version = |text: &str| text.parse().expect("a version");
        let moved = LinkMove {
            link: "wheels".into(),
            from: version("3.4.0"),
            to: version("3.4.1"),
            fixes: vec![],
            introduced: vec![],
            still_present: vec![],
            remaining: vec![],
            foretold: None,
            unrecorded: false,
            unclear: false,
            unanalysed: vec![],
        };
        let entry = |text: &str, markup| {
            let config = Config::read("release-check.toml", text).expect("a configuration");
            ChangelogEntry::new(&config, &moved)
                .render(&Templates::default(), markup)
                .expect("an entry")
        };
        insta::assert_snapshot!(entry(text, Markup::ReStructuredText), @"Updated Windows, macOS, and Linux wheels to be compiled with OpenSSL 3.4.1.");
        insta::assert_snapshot!(entry(&format!("{text}[[link]]\nname = 'other'\n"), Markup::Markdown), @"Updated Windows, macOS, and Linux wheels to be compiled with OpenSSL 3.4.1 (wheels).");
        insta::assert_snapshot!(entry("[project]\nname = 'x'\nships = 'the `x` *wheels*'\n[[link]]\nname = 'a_'\n[[link]]\nname = '_b'\n", Markup::Markdown), @"Updated the `x` *wheels* to be compiled with OpenSSL 3.4.1 (wheels).");
        insta::assert_snapshot!(entry(&format!("{text}[[link]]\nname = 'ci'\nrole = 'tested'\n"), Markup::Markdown), @"Updated Windows, macOS, and Linux wheels to be compiled with OpenSSL 3.4.1.");
        insta::assert_snapshot!(entry("[project]\nname = 'x'\n[[link]]\nname = 'a'\n", Markup::Markdown), @"Updated the statically linked OpenSSL to 3.4.1.");
    }
}
