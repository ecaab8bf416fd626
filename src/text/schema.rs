//! The JSON Schemas of what the commands print, published in `schemas/` for the programs that read
//! it.

use schemars::{JsonSchema, generate::SchemaSettings};

/// The JSON Schema (2020-12) of a command's output, as the published file has it.
#[must_use]
pub fn of<T: JsonSchema>() -> String {
    let schema = SchemaSettings::draft2020_12()
        .for_serialize()
        .into_generator()
        .into_root_schema_for::<T>();
    serde_json::to_string_pretty(&schema).unwrap_or_default() + "\n"
}

/// Fails where the published schema is not what the types say; `RELEASE_CHECK_WRITE_SCHEMAS=1`
/// writes it instead.
#[cfg(test)]
#[track_caller]
pub(crate) fn assert_published<T: JsonSchema>(name: &str) {
    assert_is_published(name, &of::<T>());
}

/// The same for a schema that is already at hand.
#[cfg(test)]
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
