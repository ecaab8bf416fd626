//! From the text of a configuration file to policy types; what is wrong is said with its line and
//! column.

mod changelog;

use std::ops::Range;

use jiff::civil::Date;
use toml::Spanned;

use super::purl;
use super::raw;
use super::syntax;
use super::{
    Advisory, Announcement, Bump, Config, Count, Insert, Link, Pin, PinKind, Project,
    ProjectVersion, Published, PullRequest, Push, Repository, Role, Side, TextPin, Upstream,
    Verify, Vex, VexStatement, Within, check_root,
};
use crate::openssl::assessment::{Offer, Policy, SeriesPolicy};
use crate::openssl::version::{Series, Version};
use crate::project::pattern::{Pattern, Placeholder};
use crate::text::budget::{CONFIG_BYTES, CONFIG_LINKS};
use crate::text::fault::Fault;

impl Config {
    /// Reads a configuration file's text; `name` is how errors call the file.
    ///
    /// # Errors
    ///
    /// A usage fault that names file, line and column of the first thing that is wrong.
    pub fn read(name: &str, text: &str) -> Result<Self, Fault> {
        ConfigText { name, text }.read()
    }
}

/// The text that is being read, to say where something stands.
pub(super) struct ConfigText<'a> {
    /// How errors call the file.
    pub(super) name: &'a str,
    /// What it says.
    pub(super) text: &'a str,
}

impl ConfigText<'_> {
    fn line(&self, at: usize) -> usize {
        1 + self
            .text
            .get(..at)
            .map_or(0, |before| before.matches('\n').count())
    }

    pub(super) fn fault(&self, span: Range<usize>, message: impl std::fmt::Display) -> Fault {
        let before = self.text.get(..span.start).unwrap_or_default();
        let column = before
            .rsplit('\n')
            .next()
            .unwrap_or_default()
            .chars()
            .count()
            + 1;
        Fault::usage(format!(
            "`{}` line {} column {column}: {message}",
            self.name,
            self.line(span.start)
        ))
    }

    /// Reads the whole file.
    pub(super) fn read(&self) -> Result<Config, Fault> {
        if self.text.len() > CONFIG_BYTES {
            return Err(Fault::usage(format!(
                "`{}` is larger than {CONFIG_BYTES} bytes",
                self.name
            )));
        }
        let file: raw::File = toml::from_str(self.text).map_err(|error| {
            let mut message = error.message().trim().replace('\n', ", ");
            message.extend(syntax::remedy(self.text, &message));
            if message == "missing field `project`" {
                message = match toml::from_str::<toml::Table>(self.text) {
                    Ok(table) if table.is_empty() => {
                        "the file says nothing; remove it and let `release-check init` write one"
                            .to_owned()
                    }
                    _ => "there is no `[project]`; add it with the project's `name`".to_owned(),
                };
            }
            self.fault(error.span().unwrap_or(0..0), message)
        })?;
        if file.link.len() > CONFIG_LINKS {
            return Err(Fault::usage(format!(
                "`{}` has more than {CONFIG_LINKS} links",
                self.name
            )));
        }
        self.config(file)
    }

    fn config(&self, file: raw::File) -> Result<Config, Fault> {
        let mut links: Vec<Link> = Vec::new();
        for link in file.link {
            let (span, read) = (link.name.span(), self.link(link)?);
            if links.iter().any(|other| other.name == read.name) {
                return Err(self.fault(
                    span,
                    format!("there are two links named `{}`; rename one", read.name),
                ));
            }
            links.push(read);
        }
        let (version, versions) = self.versions(file.version)?;
        Ok(Config {
            project: Project {
                name: file.project.name,
                ships: file.project.ships,
                repository: file
                    .project
                    .repository
                    .map(|name| self.repository_name(name))
                    .transpose()?,
                release_tags: file
                    .project
                    .release_tags
                    .map(|text| self.parsed(&text, Pattern::of_project_version))
                    .transpose()?,
            },
            upstream: self.upstream(file.upstream)?,
            changelog: file
                .changelog
                .map(|raw| self.changelog(raw, &links, !file.pull_request.also.is_empty()))
                .transpose()?,
            links,
            version,
            versions,
            asked: Vec::new(),
            pull_request: self.pull_request(file.pull_request)?,
            repositories: file
                .repositories
                .into_iter()
                .map(|(name, raw)| {
                    let name = self.repository_name(Spanned::new(raw.span(), name))?;
                    Ok((name, self.repository(raw.into_inner())?))
                })
                .collect::<Result<_, Fault>>()?,
            announcement: file
                .announcement
                .map(|raw| self.announcement(raw))
                .transpose()?,
            published: file.published.map(|raw| self.published(raw)).transpose()?,
            advisory: self.advisory(file.advisory.unwrap_or_default())?,
            vex: file
                .vex
                .map(|raw| self.vex(raw))
                .transpose()?
                .unwrap_or_default(),
            templates: file.templates.map(|raw| raw.folder),
        })
    }

    fn upstream(&self, raw: raw::Upstream) -> Result<Upstream, Fault> {
        let default = Upstream::default();
        let root = |value: Option<Spanned<String>>, default: String| {
            value.map_or(Ok(default), |value| self.root(value))
        };
        let github = root(raw.github, default.github)?;
        Ok(Upstream {
            github_api: root(raw.github_api, default.github_api)?,
            site: root(raw.site, default.site)?,
            metadata: match raw.metadata {
                None => format!("{github}/openssl/release-metadata.git"),
                Some(value) if value.get_ref().contains("://") => self.root(value)?,
                Some(value) => value.into_inner(),
            },
            github,
            keys: raw.keys,
            fingerprints: raw
                .fingerprints
                .into_iter()
                .map(|value| self.fingerprint(&value))
                .collect::<Result<_, _>>()?,
            verify: self.word(
                raw.verify,
                Verify::Signature,
                &[("signature", Verify::Signature), ("digest", Verify::Digest)],
            )?,
            key_grace: self.days(raw.key_grace, default.key_grace)?,
            max_age: self.days(raw.max_age, default.max_age)?,
            withdrawn: raw
                .withdrawn
                .into_iter()
                .map(|value| self.withdrawn(&value))
                .collect::<Result<_, _>>()?,
            announcements: raw.announcements,
            announcers: match raw.announcers {
                None => default.announcers,
                Some(named) => named
                    .into_iter()
                    .map(|value| self.announcer(&value))
                    .collect::<Result<_, _>>()?,
            },
        })
    }

    fn announcer(&self, value: &Spanned<String>) -> Result<String, Fault> {
        let text = value.get_ref();
        match text.split_once('@') {
            Some((_, domain)) if domain.contains('.') && !domain.contains(['@', ' ', '<', '>']) => {
                Ok(text.to_ascii_lowercase())
            }
            _ => Err(self.fault(
                value.span(),
                format!(
                    "`{}` is no sender; write `name@example.org`, or `@example.org` for everybody there",
                    text.escape_debug()
                ),
            )),
        }
    }

    fn link(&self, raw: raw::Link) -> Result<Link, Fault> {
        let name = raw.name.get_ref();
        let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
        if name.is_empty()
            || !name.chars().all(plain)
            || name.starts_with(['-', '.'])
            || name.ends_with('.')
            || name.contains("..")
        {
            let message = format!(
                "link name `{}` becomes part of a branch name; use letters, digits, `-`, `_` and `.`",
                name.escape_debug()
            );
            return Err(self.fault(raw.name.span(), message));
        }
        let policy_at = raw.series.as_ref().unwrap_or(&raw.name).span().start;
        let policy_place = format!("`{}` line {}", self.name, self.line(policy_at));
        let series = match raw.series {
            None => SeriesPolicy::Keep,
            Some(text) => self.parsed(&text, |text| match text {
                "newest" => Ok(SeriesPolicy::Newest),
                "lts" => Ok(SeriesPolicy::Lts),
                "keep" => Ok(SeriesPolicy::Keep),
                text => text
                    .parse()
                    .map(SeriesPolicy::Series)
                    .map_err(|_| format!("`{text}` is not a series policy; use `newest`, `lts`, `keep` or a series such as `3.5`")),
            })?,
        };
        let role = self.word(
            raw.role,
            Role::Shipped,
            &[("shipped", Role::Shipped), ("tested", Role::Tested)],
        )?;
        let offer = raw
            .offer
            .map(|text| {
                self.parsed(&text, |text| match text {
                    "newest" => Ok(Offer::Newest),
                    "lts" => Ok(Offer::Lts),
                    _ => Err(format!(
                        "`{}` is nothing to offer; use `newest` or `lts`",
                        text.escape_debug()
                    )),
                })
            })
            .transpose()?;
        Ok(Link {
            role,
            offer,
            line: self.line(raw.name.span().start),
            policy_place,
            name: raw.name.into_inner(),
            policy: Policy {
                series,
                prereleases: raw.prereleases,
                cooldown: self.days(raw.cooldown, 0)?,
            },
            repository: raw
                .repository
                .map(|name| self.repository_name(name))
                .transpose()?,
            pins: raw
                .pin
                .into_iter()
                .map(|pin| self.pin(pin))
                .collect::<Result<_, _>>()?,
        })
    }

    fn pin(&self, raw: Spanned<raw::Pin>) -> Result<Pin, Fault> {
        let span = raw.span();
        let raw = raw.into_inner();
        let line = self.line(span.start);
        let (matches, insert) = (raw.matches.into_vec(), raw.insert.into_vec());
        let (set, delete) = (raw.set.into_vec(), raw.delete.into_vec());
        let text_keys = !matches.is_empty()
            || !insert.is_empty()
            || !set.is_empty()
            || !delete.is_empty()
            || raw.count.is_some()
            || raw.within.is_some()
            || raw.series.is_some();
        let special = [
            raw.submodule.is_some(),
            raw.cargo.is_some(),
            raw.tree.is_some(),
        ]
        .iter()
        .filter(|given| **given)
        .count();
        if special > 1 || (special == 1 && text_keys) {
            return Err(self.fault(
                span,
                "a pin is text (`match`, `insert`, `set`, `delete`), or `submodule`, or `cargo`, or `tree`; make one pin for each",
            ));
        }
        if raw.cargo_update && raw.cargo.is_none() {
            return Err(self.fault(
                span,
                "`cargo-update` belongs to a pin with `cargo`; remove it, or name the crate",
            ));
        }
        let kind = match (raw.submodule, raw.cargo, raw.tree, raw.file) {
            (Some(_), _, _, Some(_)) | (_, _, Some(_), Some(_)) => {
                return Err(self.fault(
                    span,
                    "`submodule` and `tree` name their own path; remove `file`",
                ));
            }
            (Some(path), ..) => PinKind::Submodule(self.path(&path, span.clone())?),
            (_, _, Some(path), _) => PinKind::Tree(self.path(&path, span.clone())?),
            (_, Some(package), _, file) => PinKind::Cargo {
                file: file
                    .map(|file| self.path(&file, span.clone()))
                    .transpose()?,
                package,
                update: raw.cargo_update,
            },
            (.., Some(file)) => {
                if matches.is_empty() && insert.is_empty() && set.is_empty() && delete.is_empty() {
                    return Err(self.fault(
                        span,
                        format!(
                            "the pin of `{file}` says nothing to find; add `match` or `insert`"
                        ),
                    ));
                }
                let pattern = |text: String| {
                    Pattern::of_pin(&text).map_err(|message| self.fault(span.clone(), message))
                };
                PinKind::Text(TextPin {
                    file: self.path(&file, span.clone())?,
                    matches: matches
                        .into_iter()
                        .map(|text| self.valued(&text, span.clone()))
                        .collect::<Result<_, _>>()?,
                    count: raw
                        .count
                        .map_or(Ok(Count::Exactly(1)), |count| self.count(&count))?,
                    within: raw.within.map(|within| self.within(within)).transpose()?,
                    series: raw
                        .series
                        .map(|text| {
                            self.parsed(&text, |text| {
                                text.parse::<Series>().map_err(|error| error.to_string())
                            })
                        })
                        .transpose()?,
                    insert: insert
                        .into_iter()
                        .map(|insert| self.insert(insert, span.clone()))
                        .collect::<Result<_, _>>()?,
                    set: set
                        .into_iter()
                        .map(|set| Ok::<_, Fault>((pattern(set.line)?, pattern(set.to)?)))
                        .collect::<Result<_, _>>()?,
                    delete: delete.into_iter().map(pattern).collect::<Result<_, _>>()?,
                })
            }
            (None, None, None, None) => {
                return Err(self.fault(span, "a pin needs `file`, `submodule`, `cargo` or `tree`"));
            }
        };
        let leave = raw.leave.into_vec().into_iter().map(|text| {
            Pattern::of_pin(&text).map_err(|message| self.fault(span.clone(), message))
        });
        let place = format!("`{}` line {line}", self.name);
        Ok(Pin {
            line,
            place,
            kind,
            mixed: raw.mixed,
            leave: leave.collect::<Result<_, _>>()?,
        })
    }

    /// A path or glob inside the project, with `/` between its parts.
    pub(super) fn path(&self, text: &str, span: Range<usize>) -> Result<String, Fault> {
        let plain = text
            .strip_prefix("./")
            .unwrap_or(text)
            .trim_end_matches('/');
        let escapes = text.starts_with('/')
            || plain.starts_with('/')
            || text.contains(['\\', '\0'])
            || text.get(1..2) == Some(":")
            || plain.is_empty()
            || plain.split('/').any(|part| part == ".." || part == ".git");
        if escapes {
            return Err(self.fault(
                span,
                format!("`{}` is not a path inside the project; write it relative to the project, with `/`", text.escape_debug()),
            ));
        }
        Ok(plain.to_owned())
    }

    fn count(&self, count: &Spanned<raw::Count>) -> Result<Count, Fault> {
        match count.get_ref() {
            raw::Count::Exactly(0) => Err(self.fault(
                count.span(),
                "`count` is 0, so the pin would stand nowhere; use a number from 1 on, or `any`",
            )),
            raw::Count::Exactly(number) => Ok(Count::Exactly(*number)),
            raw::Count::Word(word) if word == "any" => Ok(Count::Any),
            raw::Count::Word(word) => Err(self.fault(
                count.span(),
                format!(
                    "`{}` is not a count; use a number or `any`",
                    word.escape_debug()
                ),
            )),
        }
    }

    fn insert(&self, raw: raw::Insert, span: Range<usize>) -> Result<Insert, Fault> {
        let (side, anchor) = match (raw.before, raw.after) {
            (Some(anchor), None) => (Side::Before, anchor),
            (None, Some(anchor)) => (Side::After, anchor),
            _ => return Err(self.fault(span, "`insert` needs either `before` or `after`")),
        };
        let anchor =
            Pattern::of_pin(&anchor).map_err(|message| self.fault(span.clone(), message))?;
        let text = self.valued(&raw.text, span.clone())?;
        if let Some(slot) = text
            .slots()
            .find(|slot| matches!(slot, Placeholder::Any | Placeholder::Counter))
        {
            return Err(self.fault(
                span,
                format!(
                    "`insert` has nothing to write for `{{{}}}`; write the text that belongs there",
                    slot.name()
                ),
            ));
        }
        Ok(Insert { side, anchor, text })
    }

    /// A pattern that has a value of OpenSSL's: without one nothing would ever change.
    fn valued(&self, text: &str, span: Range<usize>) -> Result<Pattern, Fault> {
        let pattern = Pattern::of_pin(text).map_err(|message| self.fault(span.clone(), message))?;
        if pattern.slots().any(|slot| slot != Placeholder::Any) {
            return Ok(pattern);
        }
        Err(self.fault(
            span,
            format!(
                "`{}` has no placeholder, so that a bump would change nothing; write `{{version}}`, `{{sha256}}` or another where the value stands",
                text.escape_debug()
            ),
        ))
    }

    /// `within`: one text or two.
    fn within(&self, raw: Spanned<raw::OneOrMany<String>>) -> Result<Within, Fault> {
        let span = raw.span();
        let pattern = |text: &String| {
            Pattern::of_pin(text).map_err(|message| self.fault(span.clone(), message))
        };
        match raw.into_inner().into_vec().as_slice() {
            [from] => Ok(Within {
                from: pattern(from)?,
                to: None,
            }),
            [from, to] => Ok(Within {
                from: pattern(from)?,
                to: Some(pattern(to)?),
            }),
            _ => Err(self.fault(
                span.clone(),
                "`within` is the text that a block starts with, and the one that it ends with if that is not the end of the file",
            )),
        }
    }

    /// The project's own version, and the further places that state it.
    fn versions(
        &self,
        raw: Vec<raw::ProjectVersion>,
    ) -> Result<(Option<ProjectVersion>, Vec<ProjectVersion>), Fault> {
        let mut all = raw.into_iter();
        let first = all.next().map(|raw| self.version(raw)).transpose()?;
        let Some(first) = first else {
            return Ok((None, Vec::new()));
        };
        let mut further = Vec::new();
        for raw in all {
            let span = raw.file.span();
            let bumps = raw.bump.is_some();
            let one = self.version(raw)?;
            if bumps && one.bump != first.bump {
                return Err(self.fault(
                    span,
                    "every `[[version]]` is raised by the `bump` of the first; leave it out here",
                ));
            }
            further.push(ProjectVersion {
                bump: first.bump,
                ..one
            });
        }
        Ok((Some(first), further))
    }

    fn version(&self, raw: raw::ProjectVersion) -> Result<ProjectVersion, Fault> {
        let bumps = [
            ("patch", Bump::Patch),
            ("minor", Bump::Minor),
            ("major", Bump::Major),
            ("none", Bump::None),
        ];
        let span = raw.file.span();
        let patterns = raw.matches.into_vec().into_iter().map(|text| {
            Pattern::of_project_version(&text).map_err(|message| self.fault(span.clone(), message))
        });
        let matches: Vec<Pattern> = patterns.collect::<Result<_, _>>()?;
        if matches.is_empty() {
            return Err(self.fault(
                span,
                "`match` is empty; write the text that holds `{project_version}`",
            ));
        }
        Ok(ProjectVersion {
            file: self.path(raw.file.get_ref(), span)?,
            matches,
            bump: self.word(raw.bump, Bump::Patch, &bumps)?,
        })
    }

    fn pull_request(&self, raw: raw::PullRequest) -> Result<PullRequest, Fault> {
        Ok(PullRequest {
            base: raw.base,
            labels: raw.labels,
            reviewers: raw.reviewers,
            draft: raw.draft,
            push: self.word(
                raw.push,
                None,
                &[("api", Some(Push::Api)), ("git", Some(Push::Git))],
            )?,
            sign_off: raw.sign_off,
            also: raw.also,
        })
    }

    fn repository(&self, raw: raw::Repository) -> Result<Repository, Fault> {
        let raw::Repository {
            base,
            labels,
            reviewers,
            draft,
            push,
            sign_off,
            also,
            token,
            checkout,
            checks,
        } = raw;
        let pull_request = self.pull_request(raw::PullRequest {
            base,
            labels,
            reviewers,
            draft,
            push,
            sign_off,
            also,
        })?;
        Ok(Repository {
            pull_request,
            token,
            checkout,
            checks,
        })
    }

    fn announcement(&self, raw: raw::Announcement) -> Result<Announcement, Fault> {
        let address = |text: String, span: Range<usize>| -> Result<String, Fault> {
            if text.chars().any(char::is_control) || !text.contains('@') {
                return Err(self.fault(
                    span,
                    format!(
                        "`{}` is not a mail address (`Name <name@example.org>`)",
                        text.escape_debug()
                    ),
                ));
            }
            Ok(text)
        };
        let one = |value: Spanned<String>| {
            let span = value.span();
            address(value.into_inner(), span)
        };
        // A span inside a value of several shapes is lost, so the whole value has it.
        let (to, span) = raw.to.map_or_else(
            || (Vec::new(), 0..0),
            |to| (to.get_ref().clone().into_vec(), to.span()),
        );
        if to.is_empty() && span.end > 0 {
            return Err(self.fault(
                span,
                "`to` is empty, so that the mail would go to nobody; write the lists' addresses, or remove `[announcement]`",
            ));
        }
        Ok(Announcement {
            from: one(raw.from)?,
            to: to
                .into_iter()
                .map(|text| address(text, span.clone()))
                .collect::<Result<_, _>>()?,
            reply_to: raw.reply_to.map(one).transpose()?,
            archive: raw.archive,
        })
    }

    fn published(&self, raw: Spanned<raw::Published>) -> Result<Published, Fault> {
        let span = raw.span();
        let raw = raw.into_inner();
        let message = match (&raw.package, raw.files.is_empty()) {
            (Some(name), _) if name.trim().is_empty() => {
                "`package` is empty; write the package's name on the index"
            }
            (Some(_), false) => {
                "`[published]` has both `package` and `files`; keep the one where the artefacts are looked for"
            }
            (None, true) => {
                "`[published]` does not say where artefacts are; write `package` or `files`, or remove it"
            }
            _ => {
                return Ok(Published {
                    package: raw.package,
                    files: raw.files,
                    index: raw.index.map(|index| self.root(index)).transpose()?,
                    platforms: raw.platforms,
                });
            }
        };
        Err(self.fault(span, message))
    }

    fn advisory(&self, raw: raw::Advisory) -> Result<Advisory, Fault> {
        let known = |text: &str| {
            let known = ECOSYSTEMS.contains(&text);
            known.then(|| text.to_owned()).ok_or_else(|| {
                format!(
                    "`{}` is no ecosystem of GitHub's advisories; use one of `{}`",
                    text.escape_debug(),
                    ECOSYSTEMS.join("`, `")
                )
            })
        };
        Ok(Advisory {
            forge: raw.forge,
            package: raw.package,
            ecosystem: raw
                .ecosystem
                .map(|text| self.parsed(&text, known))
                .transpose()?,
        })
    }

    fn vex(&self, raw: raw::Vex) -> Result<Vex, Fault> {
        let statements = raw.statements.into_iter().map(|statement| {
            let span = statement.span();
            let raw::VexStatement { cve, status, justification, impact } = statement.into_inner();
            let status = status.unwrap_or_else(|| "not_affected".into());
            let id = cve.parse().map_err(|error| self.fault(span.clone(), error))?;
            if !matches!(status.as_str(), "not_affected" | "affected" | "fixed" | "under_investigation") {
                let message = format!(
                    "`{}` is not an OpenVEX status; use `not_affected`, `affected`, `fixed` or `under_investigation`",
                    status.escape_debug()
                );
                return Err(self.fault(span, message));
            }
            if status == "not_affected" && justification.is_none() && impact.is_none() {
                return Err(self.fault(
                    span,
                    format!("`not_affected` for {id} needs a `justification` (`vulnerable_code_not_present`, ...) or an `impact` in words"),
                ));
            }
            if let Some(word) = justification.as_deref().filter(|word| !JUSTIFICATIONS.contains(word)) {
                return Err(self.fault(
                    span,
                    format!("`{}` is not an OpenVEX justification; use one of `{}`", word.escape_debug(), JUSTIFICATIONS.join("`, `")),
                ));
            }
            Ok(VexStatement { id, status, justification, impact })
        });
        Ok(Vex {
            product: raw
                .product
                .map(|product| self.parsed(&product, purl::without_version))
                .transpose()?,
            author: raw.author,
            statements: statements.collect::<Result<_, _>>()?,
        })
    }

    fn withdrawn(&self, raw: &Spanned<raw::Withdrawn>) -> Result<(Version, Option<Date>), Fault> {
        let (version, date) = match raw.get_ref() {
            raw::Withdrawn::Version(version) => (version, None),
            raw::Withdrawn::Since { version, date } => {
                let day = crate::text::date::iso(date).ok_or_else(|| {
                    self.fault(
                        raw.span(),
                        format!("`{}` is not a date (`2025-09-30`)", date.escape_debug()),
                    )
                })?;
                (version, Some(day))
            }
        };
        Ok((
            version
                .parse()
                .map_err(|error| self.fault(raw.span(), error))?,
            date,
        ))
    }

    /// A URL root: https, or http on this machine only.
    fn root(&self, value: Spanned<String>) -> Result<String, Fault> {
        let span = value.span();
        let text = value.into_inner();
        let root = text.trim_end_matches('/');
        check_root(root).map_err(|message| self.fault(span, message))?;
        Ok(root.to_owned())
    }

    fn fingerprint(&self, value: &Spanned<String>) -> Result<String, Fault> {
        let digits: String = value
            .get_ref()
            .chars()
            .filter(|c| !c.is_whitespace())
            .collect::<String>()
            .to_ascii_uppercase();
        let shaped =
            matches!(digits.len(), 40 | 64) && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
        shaped.then_some(digits).ok_or_else(|| {
            self.fault(
                value.span(),
                format!(
                    "`{}` is not a primary key fingerprint (40 hexadecimal digits)",
                    value.get_ref().escape_debug()
                ),
            )
        })
    }

    fn repository_name(&self, value: Spanned<String>) -> Result<String, Fault> {
        let span = value.span();
        let text = value.into_inner();
        let part = |part: &str| {
            !part.is_empty()
                && part != "."
                && part != ".."
                && part
                    .chars()
                    .all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.'))
        };
        let shaped = text
            .split_once('/')
            .is_some_and(|(owner, name)| part(owner) && part(name));
        if shaped {
            Ok(text)
        } else {
            Err(self.fault(
                span,
                format!(
                    "`{}` is not a repository (`owner/name`)",
                    text.escape_debug()
                ),
            ))
        }
    }

    /// Whole days: `0d`, `7d`, `2w`.
    fn days(&self, value: Option<Spanned<String>>, default: u32) -> Result<u32, Fault> {
        let Some(value) = value else {
            return Ok(default);
        };
        self.parsed(&value, |text| {
            let unit = match text.as_bytes().last() {
                Some(b'd') => 1,
                Some(b'w') => 7,
                _ => 0,
            };
            let number = text
                .get(..text.len().saturating_sub(1))
                .and_then(|number| number.parse::<u32>().ok());
            number
                .filter(|number| unit != 0 && *number <= 36_500)
                .map(|number| number * unit)
                .ok_or_else(|| format!("`{text}` is not a number of days; write `7d` or `2w`"))
        })
    }

    fn word<T: Clone>(
        &self,
        value: Option<Spanned<String>>,
        default: T,
        words: &[(&str, T)],
    ) -> Result<T, Fault> {
        let Some(value) = value else {
            return Ok(default);
        };
        self.parsed(&value, |text| {
            let known: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
            words
                .iter()
                .find(|(word, _)| *word == text)
                .map(|(_, meaning)| meaning.clone())
                .ok_or_else(|| {
                    format!(
                        "`{text}` is not known here; use one of `{}`",
                        known.join("`, `")
                    )
                })
        })
    }

    fn parsed<T>(
        &self,
        value: &Spanned<String>,
        parse: impl FnOnce(&str) -> Result<T, String>,
    ) -> Result<T, Fault> {
        parse(value.get_ref()).map_err(|message| self.fault(value.span(), message))
    }
}

/// The ecosystems of packages that GitHub's advisories know.
const ECOSYSTEMS: [&str; 13] = [
    "pip", "npm", "rubygems", "maven", "nuget", "composer", "go", "rust", "erlang", "actions",
    "pub", "swift", "other",
];

/// The justifications that OpenVEX 0.2.0 defines for `not_affected`.
const JUSTIFICATIONS: [&str; 5] = [
    "component_not_present",
    "vulnerable_code_not_present",
    "vulnerable_code_not_in_execute_path",
    "vulnerable_code_cannot_be_controlled_by_adversary",
    "inline_mitigations_already_exist",
];
