//! The JSON Schemas of what the commands print, published in `schemas/` for the programs that read
//! it.

#![cfg(test)]

use schemars::{JsonSchema, generate::SchemaSettings};
use serde_json::Value;

/// The JSON Schema (2020-12) of a command's output, as the published file has it.
pub(crate) fn of<T: JsonSchema>() -> String {
    let schema = SchemaSettings::draft2020_12()
        .for_serialize()
        .into_generator()
        .into_root_schema_for::<T>();
    written(schema.to_value())
}

/// A schema as it is published: what a doc comment breaks into lines of source is one line there.
pub(crate) fn written(mut schema: Value) -> String {
    unbreak(&mut schema);
    serde_json::to_string_pretty(&schema).unwrap_or_default() + "\n"
}

fn unbreak(schema: &mut Value) {
    match schema {
        Value::Object(fields) => {
            for (name, field) in fields {
                match field {
                    Value::String(text) if name == "description" => {
                        let paragraphs = text.split("\n\n").map(|part| part.replace('\n', " "));
                        *text = paragraphs.collect::<Vec<_>>().join("\n\n");
                    }
                    field => unbreak(field),
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(unbreak),
        _ => {}
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
