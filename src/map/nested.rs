/*! Lists and objects in fields in which a single value is expected. Where nobody knows what such a value says, the
 * reading holds that is worse for readiness.
 */

use serde_json::Value;

use super::absent::is_absent;
use super::mapper::RecordMapper;
use crate::model::columns::Column;

/// A list or an object that holds something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Nested {
    /// The texts, numbers and flags of a list.
    Words(Vec<String>),
    /// An object, or a list that holds others.
    Object,
}

impl RecordMapper<'_, '_> {
    /// The lists and objects in fields of a column.
    pub(super) fn nested(&self, column: Column) -> impl Iterator<Item = Nested> {
        self.nested_values(column).filter_map(|value| match value {
            Value::Array(elements) => {
                let words: Option<Vec<String>> = elements.iter().map(word).collect();
                words.map_or(Some(Nested::Object), |mut words| {
                    words.retain(|word| !is_absent(word));
                    (!words.is_empty()).then_some(Nested::Words(words))
                })
            }
            object => holds_any(&object, &|word| !is_absent(word)).then_some(Nested::Object),
        })
    }

    /// Whether a list or an object in a field of the column holds such a word.
    pub(super) fn nested_holds(&self, column: Column, test: &dyn Fn(&str) -> bool) -> bool {
        self.nested_values(column).any(|value| holds_any(&value, test))
    }

    pub(super) fn nested_values(&self, column: Column) -> impl Iterator<Item = Value> {
        let slots = self.reading.slots.columns.filled(column, self.fields).iter();
        let fields = self.fields;
        let nested = slots.filter(move |slot| fields.scalar(**slot).is_none());
        nested.filter_map(move |slot| serde_json::from_str(fields.get(*slot)?).ok())
    }
}

/// A text, a number or a flag as a word; nothing is an absent one.
pub(super) fn word(value: &Value) -> Option<String> {
    match value {
        Value::Null => Some(String::new()),
        Value::String(text) => Some(text.clone()),
        Value::Bool(_) | Value::Number(_) => Some(value.to_string()),
        Value::Array(_) | Value::Object(_) => None,
    }
}

/// Whether such a word is in it at any depth.
fn holds_any(value: &Value, test: &dyn Fn(&str) -> bool) -> bool {
    match value {
        Value::Array(elements) => elements.iter().any(|inner| holds_any(inner, test)),
        Value::Object(fields) => fields.values().any(|inner| holds_any(inner, test)),
        scalar => word(scalar).is_some_and(|word| test(&word)),
    }
}
