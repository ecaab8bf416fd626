//! Drafts as templates: minijinja over what is embedded from `templates/`, each overridable by the
//! project.
//!
//! A template's name says which markup it makes (`changelog.rst.j2`, `pull-request/body.md.j2`,
//! `announcement/body.txt.j2`), and every value it prints is escaped for that markup: text of
//! others cannot act, in the project's own templates neither. What the configuration says of the
//! project (its name, what it ships) is its authors' own markup. A missing value is an error.

pub(crate) mod escape;

use std::collections::BTreeMap;

use minijinja::syntax::SyntaxConfig;
use minijinja::value::{Serde, ValueKind};
use minijinja::{
    AutoEscape, Environment, Error, ErrorKind, Output, State, UndefinedBehavior, Value,
};
use serde::{Serialize, Serializer};

use crate::text::budget::TEMPLATE_EXPRESSION;
use crate::text::fault::Fault;

/// Instructions that rendering one template may take; the longest draft takes a hundredth of it.
const FUEL: u64 = 2_000_000;

/// Bytes that a template of the project may have.
pub(crate) const MAX_SIZE: usize = 256 * 1024;

macro_rules! embedded {
    ($($name:literal),+ $(,)?) => { [$(($name, include_str!(concat!("../../templates/", $name)))),+] };
}

/// Every template, by name.
const EMBEDDED: &[(&str, &str)] = &embedded!(
    "advisory.md.j2",
    "announcement/_note.txt.j2",
    "announcement/body.txt.j2",
    "announcement/subject.txt.j2",
    "changelog.md.j2",
    "changelog.rst.j2",
    "forward/body.md.j2",
    "forward/title.txt.j2",
    "_history.css.j2",
    "history.html.j2",
    "pull-request/body.md.j2",
    "pull-request/title.txt.j2",
    "release.md.j2",
    "tracking/body.md.j2",
    "tracking/title.txt.j2",
);

/// The templates that drafts are rendered with.
pub(crate) struct Templates(Environment<'static>);

impl std::fmt::Debug for Templates {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Templates").finish_non_exhaustive()
    }
}

impl Default for Templates {
    fn default() -> Self {
        let mut environment = engine();
        for (name, source) in EMBEDDED {
            // Each is parsed by a test, so that none is ever left out.
            let _ = environment.add_template(name, source);
        }
        Self(environment)
    }
}

/// What reads and renders templates, without any.
fn engine() -> Environment<'static> {
    let mut environment = Environment::empty();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_auto_escape_callback(auto_escape);
    environment.set_formatter(format);
    if let Ok(syntax) = SyntaxConfig::builder()
        .trim_blocks(true)
        .lstrip_blocks(true)
        .build()
    {
        environment.set_syntax(syntax);
    }
    environment.set_debug(true);
    environment.set_fuel(Some(FUEL));
    add_filters(&mut environment);
    environment
}

/// Adds a template of the project.
fn add(environment: &mut Environment<'static>, name: String, source: String) -> Result<(), Fault> {
    let partial = name
        .rsplit('/')
        .next()
        .is_some_and(|file| file.starts_with('_'));
    if !partial && !Templates::names().any(|known| known == name) {
        let known: Vec<&str> = Templates::names().collect();
        return Err(Fault::usage(format!(
            "there is no template `{name}` to replace; the templates are `{}`",
            known.join("`, `")
        )));
    }
    if let Some(line) = long_expression(&source) {
        return Err(Fault::usage(format!(
            "template `{name}` line {line}: an expression has more than {TEMPLATE_EXPRESSION} bytes; shorten it"
        )));
    }
    environment
        .add_template_owned(name, source)
        .map_err(|error| fault(&error))
}

impl Templates {
    /// The embedded templates with those of the project instead, by their name below its templates
    /// folder. Names that start with `_` are new: the project's other templates may include them.
    ///
    /// # Errors
    ///
    /// A usage fault, if a name is none of the embedded ones, or with template and line if a text
    /// is no template.
    pub(crate) fn with(project: BTreeMap<String, String>) -> Result<Self, Fault> {
        let mut templates = Self::default();
        for (name, source) in project {
            add(&mut templates.0, name, source)?;
        }
        Ok(templates)
    }

    pub(crate) fn names() -> impl Iterator<Item = &'static str> {
        EMBEDDED.iter().map(|(name, _)| *name)
    }

    /// Renders a template.
    ///
    /// # Errors
    ///
    /// A usage fault that names template, line and value, if a value is missing, or the template
    /// does too much.
    pub(crate) fn render<C: Serialize>(&self, name: &str, context: &C) -> Result<String, Fault> {
        let render = || self.0.get_template(name)?.render(Serde(context));
        render().map_err(|error| fault(&error))
    }
}

/// What the project's configuration says of itself is its authors' markup, and printed as it is.
pub(crate) fn own<S: Serializer>(text: &&str, serializer: S) -> Result<S::Ok, S::Error> {
    Value::from_safe_string(escape::plain(text)).serialize(serializer)
}

/// As [`own`].
pub(crate) fn own_or_none<S: Serializer>(
    text: &Option<&str>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    match text {
        Some(text) => own(text, serializer),
        None => serializer.serialize_none(),
    }
}

/// Whether a text can stand for the template of this name.
pub fn accepts(name: &str, source: &str) -> Result<(), Fault> {
    add(&mut engine(), name.to_owned(), source.to_owned())
}

/// The line of the first expression that is longer than the budget. It ends where the engine says
/// it does: outside of strings and brackets.
fn long_expression(source: &str) -> Option<usize> {
    let bytes = source.as_bytes();
    let mut at = 0;
    while let Some(start) = memchr::memchr(b'{', &bytes[at..]).map(|found| at + found) {
        let kind = bytes.get(start + 1).copied();
        at = match kind {
            Some(b'#') => memchr::memmem::find(&bytes[start..], b"#}")
                .map_or(bytes.len(), |found| start + found + 2),
            Some(b'{' | b'%') => end_of_expression(bytes, start + 2),
            _ => start + 1,
        };
        if matches!(kind, Some(b'{' | b'%')) && at - start > TEMPLATE_EXPRESSION {
            return Some(1 + source[..start].matches('\n').count());
        }
    }
    None
}

fn end_of_expression(bytes: &[u8], start: usize) -> usize {
    let (mut depth, mut quote, mut at) = (0_i32, None, start);
    while let Some(byte) = bytes.get(at).copied() {
        match (quote, byte) {
            (Some(_), b'\\') => at += 1,
            (Some(open), byte) if open == byte => quote = None,
            (Some(_), _) => {}
            (None, b'\'' | b'"') => quote = Some(byte),
            (None, b'}' | b'%') if depth == 0 && bytes.get(at + 1) == Some(&b'}') => return at + 2,
            (None, b'(' | b'[' | b'{') => depth += 1,
            (None, b')' | b']' | b'}') => depth -= 1,
            _ => {}
        }
        at += 1;
    }
    bytes.len()
}

/// The markup that a template makes, by its name.
fn auto_escape(name: &str) -> AutoEscape {
    match name.trim_end_matches(".j2").rsplit('.').next() {
        Some("md") => AutoEscape::Custom("md".into()),
        Some("rst") => AutoEscape::Custom("rst".into()),
        Some("html") => AutoEscape::Html,
        _ => AutoEscape::Custom("txt".into()),
    }
}

/// Prints a value, escaped for the template's markup.
fn format(out: &mut Output<'_>, state: &mut State<'_, '_>, value: &Value) -> Result<(), Error> {
    let printed = match value.kind() {
        ValueKind::None => {
            return Err(Error::new(
                ErrorKind::InvalidOperation,
                "there is no value to print",
            ));
        }
        ValueKind::Seq | ValueKind::Map | ValueKind::Iterable | ValueKind::Plain => {
            return Err(Error::new(
                ErrorKind::InvalidOperation,
                format!("a {} cannot be printed", value.kind()),
            ));
        }
        _ if value.is_safe() => value.to_string(),
        _ => match state.auto_escape() {
            AutoEscape::Custom(markup) if markup == "md" => escape::markdown(&value.to_string()),
            AutoEscape::Custom(markup) if markup == "rst" => {
                escape::restructured_text(&value.to_string())
            }
            AutoEscape::Html => escape::html(&value.to_string()),
            _ => escape::plain(&value.to_string()),
        },
    };
    out.write_str(&printed).map_err(Error::from)
}

/// What templates can do with values, besides minijinja's own statements. `safe` is not among it:
/// nothing may print text of others as it is.
fn add_filters(environment: &mut Environment<'_>) {
    use minijinja::{filters, tests};
    environment.add_filter("length", |value: Value| value.len());
    environment.add_filter("join", filters::join);
    environment.add_filter("upper", filters::upper);
    environment.add_filter("lower", filters::lower);
    environment.add_filter("capitalize", filters::capitalize);
    environment.add_filter("first", filters::first);
    environment.add_filter("last", filters::last);
    environment.add_filter("default", filters::default);
    environment.add_filter("in_words", |items: Vec<String>| {
        crate::text::in_words(items)
    });
    environment.add_filter("counted", |number: usize, one: &str, many: &str| {
        crate::text::count(number, one, many)
    });
    environment.add_filter("link", link);
    environment.add_filter("code", code);
    environment.add_test("defined", tests::is_defined);
    environment.add_test("none", tests::is_none);
}

/// An address as it is: one that could be anything else is refused.
fn link(url: &str) -> Result<Value, Error> {
    if crate::paper::draft::is_plain_link(url) {
        return Ok(Value::from_safe_string(url.to_owned()));
    }
    Err(Error::new(
        ErrorKind::InvalidOperation,
        format!(
            "`{}` is not an address that can be linked to",
            escape::plain(url)
        ),
    ))
}

/// Text inside a code span, where nothing acts but the end of the span.
fn code(text: &str) -> Value {
    Value::from_safe_string(escape::plain(text).replace('`', "'").replace('|', "\\|"))
}

/// What went wrong in a template: its name, the line, and the value.
fn fault(error: &Error) -> Fault {
    // An error in an included template stands at the end of the chain.
    let mut innermost = error;
    while let Some(source) =
        std::error::Error::source(innermost).and_then(|source| source.downcast_ref::<Error>())
    {
        innermost = source;
    }
    let template = innermost.name().unwrap_or("?");
    let line = innermost.line().unwrap_or_default();
    let value = innermost
        .template_source()
        .and_then(|source| source.get(innermost.range()?))
        .map(crate::text::one_line);
    let value = value.unwrap_or_default();
    let what = match innermost.kind() {
        ErrorKind::UndefinedError => format!("`{value}` is missing: drafts have no such value"),
        ErrorKind::OutOfFuel => "it does too much; shorten its loops".to_owned(),
        kind => {
            let detail = innermost
                .detail()
                .map_or_else(|| kind.to_string(), str::to_owned);
            if value.is_empty() {
                detail
            } else {
                format!("`{value}`: {detail}")
            }
        }
    };
    Fault::usage(format!("template `{template}` line {line}: {what}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rendered(name: &str, source: &str) -> Result<String, String> {
        let templates = Templates::with(BTreeMap::from([(name.to_owned(), source.to_owned())]))
            .map_err(|fault| fault.to_string())?;
        let context = serde_json::json!({"to": "3.5.4", "title": "*a*\n@b", "list": ["x_", "y"], "nothing": null});
        templates
            .render(name, &context)
            .map_err(|fault| fault.to_string())
    }

    #[test]
    fn every_embedded_template_is_one() {
        for (name, source) in EMBEDDED {
            assert!(
                Templates::with(BTreeMap::from([((*name).to_owned(), (*source).to_owned())]))
                    .is_ok(),
                "{name}"
            );
        }
    }

    #[test]
    fn values_are_escaped_by_the_template_s_name() {
        for (name, expected) in [
            ("_a.md.j2", "\\*a\\* @&#8203;b x\\_, y"),
            ("_a.rst.j2", "\\*a\\* \\@b x\\_, y"),
            ("_a.txt.j2", "*a* @b x_, y"),
        ] {
            assert_eq!(
                rendered(name, "{{ title }} {{ list | join(', ') }}").as_deref(),
                Ok(expected),
                "{name}"
            );
        }
    }

    #[test]
    fn errors_name_template_line_and_value() {
        for (source, expected) in [
            (
                "a\n{{ wrong.value }}",
                "template `_a.md.j2` line 2: `wrong.value` is missing: drafts have no such value",
            ),
            (
                "{% if nope %}{% endif %}",
                "template `_a.md.j2` line 1: `nope` is missing: drafts have no such value",
            ),
            (
                "{{ nothing }}",
                "template `_a.md.j2` line 1: `nothing`: there is no value to print",
            ),
            (
                "{{ list }}",
                "template `_a.md.j2` line 1: `list`: a sequence cannot be printed",
            ),
            (
                "{{ title | safe }}",
                "template `_a.md.j2` line 1: `safe`: filter safe is unknown",
            ),
            (
                "{% for a in list %}",
                "template `_a.md.j2` line 1: `%}`: unexpected end of input, expected end of block",
            ),
            (
                "{% include '/etc/hostname' %}",
                "template `_a.md.j2` line 1: `include '/etc/hostname'`: tried to include non-existing template '/etc/hostname'",
            ),
        ] {
            assert_eq!(
                rendered("_a.md.j2", source),
                Err(expected.to_owned()),
                "{source}"
            );
        }
    }

    #[test]
    fn a_template_ends() {
        let source = "{% macro more(n) %}{% for a in list %}{{ more(n) }}{% endfor %}{% endmacro %}{{ more(1) }}";
        assert!(rendered("_a.md.j2", source).is_err());
        let long = "{% set a = title * 1000000 %}{% set b = a * 1000000 %}{{ b }}";
        assert!(rendered("_a.md.j2", long).is_err());
    }

    #[test]
    fn an_expression_without_end_is_refused() {
        for source in [
            format!("a\n{{{{ {}1 }}}}", "1+".repeat(100_000)),
            format!("a\n{{% if {}1 %}}{{% endif %}}", "1+".repeat(100_000)),
            format!(
                "a\n{{{{ {{'a': {{'b':1}}}} ~ '}}}}' {} }}}}",
                "|upper".repeat(50_000)
            ),
            format!("a\n{{{{ {}1{} }}}}", "(".repeat(50_000), ")".repeat(50_000)),
        ] {
            assert_eq!(
                rendered("_a.md.j2", &source),
                Err("template `_a.md.j2` line 2: an expression has more than 1000 bytes; shorten it".to_owned())
            );
        }
        assert_eq!(
            rendered("_a.txt.j2", &"{# ' {{ #}{{ '}}' }} ".repeat(1_000)).map(|text| text.len()),
            Ok(3_000)
        );
    }

    #[test]
    fn only_known_templates_are_replaced() {
        let message = rendered("changelog.markdown.j2", "").expect_err("a refusal");
        assert!(
            message.starts_with(
                "there is no template `changelog.markdown.j2` to replace; the templates are `"
            ),
            "{message}"
        );
    }
}
