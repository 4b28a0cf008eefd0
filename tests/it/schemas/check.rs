/*! Checks a value against a JSON Schema. Only the keywords of our schemas are supported; any other fails the test.
 *
 * A library for this would enable features of the engine's dependencies, and the engine would be compiled twice.
 */

use regex::Regex;
use serde_json::{Map, Value};

/// Everything that is wrong with the value, each with its place.
pub(crate) fn wrong(schema: &Value, value: &Value) -> Vec<String> {
    let mut wrong = Vec::new();
    Check { root: schema }.check(schema, value, "", &mut wrong);
    wrong
}

/// Keywords without a rule of their own: descriptions, and those that are read together with the keys of an object.
const NO_RULE: [&str; 8] = [
    "$schema",
    "$defs",
    "title",
    "description",
    "format",
    "properties",
    "patternProperties",
    "additionalProperties",
];

struct Check<'s> {
    root: &'s Value,
}

impl Check<'_> {
    fn holds(&self, schema: &Value, value: &Value) -> bool {
        let mut wrong = Vec::new();
        self.check(schema, value, "", &mut wrong);
        wrong.is_empty()
    }

    fn check(&self, schema: &Value, value: &Value, at: &str, wrong: &mut Vec<String>) {
        let Value::Object(rules) = schema else {
            assert_eq!(schema, &Value::Bool(true), "{at}: a schema is an object or true");
            return;
        };
        for (rule, by) in rules.iter().filter(|(rule, _)| !NO_RULE.contains(&rule.as_str())) {
            let holds = match rule.as_str() {
                "$ref" => {
                    let pointer =
                        by.as_str().and_then(|by| by.strip_prefix('#')).expect("a local reference");
                    let schema = self.root.pointer(pointer).expect("a definition");
                    self.check(schema, value, at, wrong);
                    true
                }
                "anyOf" => list(by).iter().any(|schema| self.holds(schema, value)),
                "not" => !self.holds(by, value),
                "items" => {
                    for (n, item) in value.as_array().into_iter().flatten().enumerate() {
                        self.check(by, item, &format!("{at}/{n}"), wrong);
                    }
                    true
                }
                _ => plain(rule, by, value),
            };
            if !holds {
                wrong.push(format!("{at}: {value} against {rule} {by}"));
            }
        }
        if let Value::Object(keys) = value {
            self.keys(rules, keys, at, wrong);
        }
    }

    fn keys(
        &self,
        rules: &Map<String, Value>,
        keys: &Map<String, Value>,
        at: &str,
        wrong: &mut Vec<String>,
    ) {
        let empty = Map::new();
        let named = |rule: &str| rules.get(rule).and_then(Value::as_object).unwrap_or(&empty);
        for (key, value) in keys {
            let below = format!("{at}/{key}");
            let mut patterns = named("patternProperties").iter();
            let by_pattern = patterns.find(|(pattern, _)| matches(pattern, key));
            let schema = named("properties").get(key).or(by_pattern.map(|(_, schema)| schema));
            match schema.or(rules.get("additionalProperties")) {
                Some(Value::Bool(false)) => wrong.push(format!("{below}: no such key")),
                Some(schema) => self.check(schema, value, &below, wrong),
                None => {}
            }
        }
    }
}

fn list(by: &Value) -> &[Value] {
    by.as_array().expect("a list")
}

fn matches(pattern: &str, text: &str) -> bool {
    Regex::new(pattern).expect("an expression").is_match(text)
}

/// Rules about a single value. A rule for another type always holds.
fn plain(rule: &str, by: &Value, value: &Value) -> bool {
    let number = |least: fn(f64, f64) -> bool| {
        value.as_f64().is_none_or(|value| least(value, by.as_f64().expect("a number")))
    };
    let at_least = |count: Option<usize>| {
        count.is_none_or(|count| count as u64 >= by.as_u64().expect("a count"))
    };
    match rule {
        "type" if by.is_array() => list(by).iter().any(|word| is_type(word, value)),
        "type" => is_type(by, value),
        "const" => by == value,
        "enum" => list(by).contains(value),
        "pattern" => {
            value.as_str().is_none_or(|text| matches(by.as_str().expect("an expression"), text))
        }
        "minimum" => number(|value, by| value >= by),
        "maximum" => number(|value, by| value <= by),
        "exclusiveMinimum" => number(|value, by| value > by),
        "minItems" => at_least(value.as_array().map(Vec::len)),
        "minProperties" => at_least(value.as_object().map(Map::len)),
        "required" => value.as_object().is_none_or(|keys| {
            list(by).iter().all(|key| keys.contains_key(key.as_str().expect("a key")))
        }),
        _ => panic!("the keyword `{rule}` is not known to this check"),
    }
}

fn is_type(word: &Value, value: &Value) -> bool {
    match word.as_str().expect("a word") {
        "null" => value.is_null(),
        "boolean" => value.is_boolean(),
        "string" => value.is_string(),
        "number" => value.is_number(),
        "integer" => value.is_u64() || value.is_i64(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        other => panic!("the type `{other}` is not known to this check"),
    }
}
