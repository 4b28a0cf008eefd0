/*! All plain values of a JSON record with their pointers, for people who look for a field that nobody reads. */

use serde_json::Value;

use crate::limits;

/// The pointer and the value of each string, number and flag. Of a list of plain values the first stands for all, and
/// lists of records are left out.
pub fn of(text: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    if let Ok(record) = serde_json::from_str(text) {
        collect(&record, &mut String::new(), &mut found);
    }
    found
}

fn collect(value: &Value, pointer: &mut String, found: &mut Vec<(String, String)>) {
    if found.len() >= limits::SEEN_FIELDS {
        return;
    }
    match value {
        Value::Object(fields) => {
            for (name, inner) in fields {
                let end = pointer.len();
                pointer.push('/');
                pointer.push_str(&escaped(name));
                collect(inner, pointer, found);
                pointer.truncate(end);
            }
        }
        Value::Array(values) => {
            if let Some(first) = values.first().filter(|first| !first.is_object()) {
                collect(first, pointer, found);
            }
        }
        Value::String(text) => found.push((pointer.clone(), text.clone())),
        Value::Number(_) | Value::Bool(_) => found.push((pointer.clone(), value.to_string())),
        Value::Null => {}
    }
}

/// A name as a step of a pointer.
pub fn escaped(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_plain_value_has_its_pointer() {
        let text = r#"{"a/b":{"when":"now","n":1},"tags":["x","y"],"rows":[{"k":1}],"none":null,"ok":true}"#;
        let found = of(text);
        let pairs: Vec<(&str, &str)> =
            found.iter().map(|(pointer, value)| (pointer.as_str(), value.as_str())).collect();
        let expected = [("/a~1b/n", "1"), ("/a~1b/when", "now"), ("/ok", "true"), ("/tags", "x")];
        assert_eq!(pairs, expected);
        assert!(of("{torn").is_empty());
    }
}
