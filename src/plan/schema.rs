/*! The JSON Schema of the plan for editors, made from the list of keys. It checks the shape, `plan check` the rest. */

use serde_json::{Map, Value, json};

use super::keys::{LIMITS, NumberRange, PlanKey, ROOT, Section, ValueKind};
use crate::model::Outcome;
use crate::model::columns::{COLUMNS, Role};

/// The schema of the plan, as JSON Schema 2020-12.
pub fn schema() -> Value {
    let mut schema = json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "holdover.plan/1",
        "description": "The plan of a rotation, as TOML: what the team promised before it.",
    });
    if let (Value::Object(schema), Value::Object(root)) = (&mut schema, section(&ROOT)) {
        schema.extend(root);
    }
    let mapped = COLUMNS.iter().filter(|def| def.role != Role::Computed).map(|def| def.name);
    schema["$defs"] = json!({
        "texts": one_or_more(&text()),
        "match": match_table(),
        "limits": section(&LIMITS),
        "outcomes": by_name(Outcome::ALL.map(Outcome::word)),
        "fields": by_name(mapped),
    });
    schema
}

fn section(section: &Section) -> Value {
    let keys: Map<String, Value> =
        section.keys.iter().map(|key| (key.name.to_owned(), described(*key))).collect();
    json!({
        "type": "object",
        "properties": keys,
        "required": section.needs,
        "additionalProperties": false,
    })
}

fn described(key: PlanKey) -> Value {
    let mut schema = of(key.kind);
    schema["description"] = json!(key.meaning);
    schema
}

fn of(kind: ValueKind) -> Value {
    match kind {
        ValueKind::Text => text(),
        ValueKind::Texts => json!({"type": "array", "items": text()}),
        ValueKind::TextOrTexts => one_or_more(&text()),
        ValueKind::Words(words) => json!({"type": "string", "enum": words()}),
        ValueKind::WordOrWords(words) => one_or_more(&json!({"type": "string", "enum": words()})),
        ValueKind::Flag => json!({"type": "boolean"}),
        // Editors see TOML's own times as strings.
        ValueKind::Instant => json!({"type": "string", "pattern": TIME}),
        ValueKind::Length => json!({"type": "string", "pattern": DURATION}),
        ValueKind::LengthAboveZero => {
            json!({"type": "string", "pattern": DURATION, "not": {"pattern": ZERO}})
        }
        ValueKind::Cadence => json!({
            "type": "string",
            "anyOf": [{"pattern": DURATION}, {"pattern": CRON}],
            "not": {"pattern": ZERO},
        }),
        ValueKind::Number(NumberRange { excludes_zero: true, largest }) => {
            json!({"type": "number", "exclusiveMinimum": 0, "maximum": largest})
        }
        ValueKind::Number(NumberRange { excludes_zero: false, largest }) => {
            json!({"type": "number", "minimum": 0, "maximum": largest})
        }
        ValueKind::Count => json!({"type": "integer", "minimum": 1}),
        ValueKind::Match => {
            let table = json!({"$ref": "#/$defs/match"});
            json!({"anyOf": [table, {"type": "array", "items": table, "minItems": 1}]})
        }
        ValueKind::OutcomeWords => json!({"$ref": "#/$defs/outcomes"}),
        ValueKind::ColumnFields => json!({"$ref": "#/$defs/fields"}),
        ValueKind::Table(of) if of.head == LIMITS.head => json!({"$ref": "#/$defs/limits"}),
        ValueKind::Table(of) => section(of),
        ValueKind::Tables(of) => json!({"type": "array", "items": section(of)}),
    }
}

const TIME: &str = "^[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt ][0-9]{2}:[0-9]{2}(:[0-9]{2}(\\.[0-9]+)?)?([Zz]|[+-][0-9]{2}:?[0-9]{2})$";
const DURATION: &str = "^([0-9]+d([0-9]+h)?([0-9]+m)?([0-9]+s)?|[0-9]+h([0-9]+m)?([0-9]+s)?|[0-9]+m([0-9]+s)?|[0-9]+s)$";
const ZERO: &str = "^[0dhms]*$";
const CRON: &str = "^ *([^ ]+ +){4}[^ ]+ *$";

fn text() -> Value {
    json!({"type": "string", "pattern": "\\S"})
}

fn one_or_more(schema: &Value) -> Value {
    json!({"anyOf": [schema, {"type": "array", "items": schema}]})
}

/// A table of texts, or lists of texts, with these keys.
fn by_name(names: impl IntoIterator<Item = &'static str>) -> Value {
    let texts = json!({"$ref": "#/$defs/texts"});
    let keys: Map<String, Value> =
        names.into_iter().map(|name| (name.to_owned(), texts.clone())).collect();
    json!({"type": "object", "properties": keys, "additionalProperties": false})
}

/// A table of columns by name, or of fields by JSON Pointer.
fn match_table() -> Value {
    let matched = COLUMNS.iter().filter(|def| def.role == Role::Hint).map(|def| def.name);
    let mut table = by_name(matched);
    table["patternProperties"] = json!({"^/": {"$ref": "#/$defs/texts"}});
    table["minProperties"] = json!(1);
    table
}
