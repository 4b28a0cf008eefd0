/*! The JSON Schema of the report: made from the types that are written and read, so that it says what they say. */

use schemars::Schema;
use schemars::generate::SchemaSettings;

use super::report::Report;
use super::scalars::NAME;

/// The schema, as JSON Schema 2020-12. A later report of the same name may have more keys, never fewer.
pub fn schema() -> Schema {
    let mut schema = SchemaSettings::draft2020_12()
        .for_serialize()
        .into_generator()
        .into_root_schema_for::<Report>();
    schema.insert("title".to_owned(), NAME.into());
    let what =
        "A revocation-readiness report of holdover. No key is left out: unknown is null or [].";
    schema.insert("description".to_owned(), what.into());
    schema
}
