/*! Properties of the fields of one column, of all or of single ones: units of numbers, other spellings of texts. */

use std::collections::BTreeMap;

/// A property of the fields of one column.
#[derive(Clone, Debug)]
pub struct ByField<T> {
    /// The property of all fields that `fields` does not name.
    pub all: Option<T>,
    /// The property of single fields, by their pointers.
    pub fields: BTreeMap<String, T>,
}

impl<T> Default for ByField<T> {
    fn default() -> Self {
        Self { all: None, fields: BTreeMap::new() }
    }
}

impl<T: Copy> ByField<T> {
    /// The property of the field with this pointer.
    pub fn of(&self, pointer: &str) -> Option<T> {
        self.fields.get(pointer).copied().or(self.all)
    }
}

/// A second spelling under which a text is also found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CaseFold {
    /// The text in lower case.
    Lower,
}

impl CaseFold {
    /// Each of them by the name that profiles use.
    pub const ALL: [(&'static str, Self); 1] = [("lower", Self::Lower)];

    /// The text in its second spelling.
    pub fn spelt(self, text: &str) -> String {
        match self {
            Self::Lower => text.to_ascii_lowercase(),
        }
    }
}

/// A unit in which a source writes lengths of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TimeUnit {
    /// `ns`
    Nanos,
    /// `us`
    Micros,
    /// `ms`
    Millis,
    /// `s`
    Seconds,
}

impl TimeUnit {
    /// Each of them by the name that profiles use.
    pub const ALL: [(&'static str, Self); 4] =
        [("ns", Self::Nanos), ("us", Self::Micros), ("ms", Self::Millis), ("s", Self::Seconds)];

    /// Converts a number of these units to milliseconds.
    pub fn millis(self, number: f64) -> f64 {
        match self {
            Self::Nanos => number / 1e6,
            Self::Micros => number / 1e3,
            Self::Millis => number,
            Self::Seconds => number * 1e3,
        }
    }
}
