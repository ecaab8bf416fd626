//! The JSON Schemas of what the commands print, published in `schemas/` for the programs that read
//! it.

use schemars::generate::SchemaSettings;
use schemars::transform::{RecursiveTransform, Transform};
use schemars::{JsonSchema, Schema};
use serde_json::Value;

/// The JSON Schema (2020-12) of a command's output, as the published file has it.
pub(crate) fn of<T: JsonSchema>() -> String {
    let settings = SchemaSettings::draft2020_12().for_serialize();
    written(settings.into_generator().into_root_schema_for::<T>())
}

/// A schema as it is published: what a doc comment breaks into lines of source is one line there.
pub(crate) fn written(mut schema: Schema) -> String {
    RecursiveTransform(unbreak).transform(&mut schema);
    serde_json::to_string_pretty(&schema).unwrap_or_default() + "\n"
}

fn unbreak(schema: &mut Schema) {
    if let Some(Value::String(text)) = schema.get_mut("description") {
        let paragraphs = text.split("\n\n").map(|part| part.replace('\n', " "));
        *text = paragraphs.collect::<Vec<_>>().join("\n\n");
    }
}

/// Fails where the published schema is not what the types say; `RELEASE_CHECK_WRITE_SCHEMAS=1`
/// writes it instead.
#[track_caller]
pub(crate) fn assert_published<T: JsonSchema>(name: &str) {
    assert_is_published(name, &of::<T>());
}

/// The same for a schema that is already at hand.
#[track_caller]
pub(crate) fn assert_is_published(name: &str, schema: &str) {
    let path = format!("{}/schemas/{name}.json", env!("CARGO_MANIFEST_DIR"));
    if std::env::var_os("RELEASE_CHECK_WRITE_SCHEMAS").is_some() {
        std::fs::write(&path, schema).expect("a writable schema");
    }
    let published = std::fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(
        published, schema,
        "`schemas/{name}.json` is out of date; run the tests with RELEASE_CHECK_WRITE_SCHEMAS=1 and review the change"
    );
}
