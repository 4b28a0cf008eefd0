/*! The JSON Schema of the plan, for editors: made from the keys. It sees the shape; `plan check` sees the rest. */

use serde_json::{Map, Value, json};

use super::keys::{Key, Kind, LIMITS, ROOT, Section};
use crate::model::Outcome;
use crate::model::columns::{COLUMNS, Role};

/// The schema, as JSON Schema 2020-12.
pub fn schema() -> Value {
    let mut schema = json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "holdover.plan/1",
        "description": "The plan of a rotation, as TOML: what the team promised before it.",
    });
    if let (Value::Object(all), Value::Object(root)) = (&mut schema, section(&ROOT)) {
        all.extend(root);
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

fn described(key: Key) -> Value {
    let mut value = of(key.kind);
    value["description"] = json!(key.meaning);
    value
}

fn of(kind: Kind) -> Value {
    match kind {
        Kind::Text => text(),
        Kind::Texts => json!({"type": "array", "items": text()}),
        Kind::Words(words) => json!({"type": "string", "enum": words()}),
        Kind::WordOrWords(words) => one_or_more(&json!({"type": "string", "enum": words()})),
        Kind::Flag => json!({"type": "boolean"}),
        // TOML's own times come as strings.
        Kind::Time => json!({"type": "string", "pattern": TIME}),
        Kind::Duration => json!({"type": "string", "pattern": DURATION}),
        Kind::AboveZero => json!({"type": "string", "pattern": DURATION, "not": {"pattern": ZERO}}),
        Kind::Cadence => json!({
            "type": "string",
            "anyOf": [{"pattern": DURATION}, {"pattern": CRON}],
            "not": {"pattern": ZERO},
        }),
        Kind::Number { above: true, most } => {
            json!({"type": "number", "exclusiveMinimum": 0, "maximum": most})
        }
        Kind::Number { above: false, most } => {
            json!({"type": "number", "minimum": 0, "maximum": most})
        }
        Kind::Count => json!({"type": "integer", "minimum": 1}),
        Kind::Match => {
            let table = json!({"$ref": "#/$defs/match"});
            json!({"anyOf": [table, {"type": "array", "items": table, "minItems": 1}]})
        }
        Kind::Outcomes => json!({"$ref": "#/$defs/outcomes"}),
        Kind::Fields => json!({"$ref": "#/$defs/fields"}),
        Kind::Table(of) if of.head == LIMITS.head => json!({"$ref": "#/$defs/limits"}),
        Kind::Table(of) => section(of),
        Kind::Tables(of) => json!({"type": "array", "items": section(of)}),
    }
}

const TIME: &str = "^[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt ][0-9]{2}:[0-9]{2}(:[0-9]{2}(\\.[0-9]+)?)?([Zz]|[+-][0-9]{2}:?[0-9]{2})$";
const DURATION: &str = "^([0-9]+d([0-9]+h)?([0-9]+m)?([0-9]+s)?|[0-9]+h([0-9]+m)?([0-9]+s)?|[0-9]+m([0-9]+s)?|[0-9]+s)$";
const ZERO: &str = "^[0dhms]*$";
const CRON: &str = "^ *([^ ]+ +){4}[^ ]+ *$";

fn text() -> Value {
    json!({"type": "string", "pattern": "\\S"})
}

fn one_or_more(one: &Value) -> Value {
    json!({"anyOf": [one, {"type": "array", "items": one}]})
}

/// One or more texts by each of the names.
fn by_name(names: impl IntoIterator<Item = &'static str>) -> Value {
    let texts = json!({"$ref": "#/$defs/texts"});
    let keys: Map<String, Value> =
        names.into_iter().map(|name| (name.to_owned(), texts.clone())).collect();
    json!({"type": "object", "properties": keys, "additionalProperties": false})
}

/// Columns by name, or fields by JSON Pointer.
fn match_table() -> Value {
    let matched = COLUMNS.iter().filter(|def| def.role == Role::Hint).map(|def| def.name);
    let mut table = by_name(matched);
    table["patternProperties"] = json!({"^/": {"$ref": "#/$defs/texts"}});
    table["minProperties"] = json!(1);
    table
}
