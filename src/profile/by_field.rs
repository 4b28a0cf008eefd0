/*! What is said of all fields of a column, or of some of them: in which unit a number is written,
 * and in which other spelling a text is known.
 */

use std::collections::BTreeMap;

/// A property of the fields of one column.
#[derive(Clone, Debug)]
pub struct ByField<T> {
    /// That of all of them.
    pub all: Option<T>,
    /// That of the fields of these pointers, before the other.
    pub fields: BTreeMap<String, T>,
}

impl<T> Default for ByField<T> {
    fn default() -> Self {
        Self { all: None, fields: BTreeMap::new() }
    }
}

impl<T: Copy> ByField<T> {
    /// That of the field of this pointer.
    pub fn of(&self, pointer: &str) -> Option<T> {
        self.fields.get(pointer).copied().or(self.all)
    }
}

/// In which spelling a text is read as well.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fold {
    /// In lower case.
    Lower,
}

impl Fold {
    /// All of them, by the names that profiles give them.
    pub const ALL: [(&'static str, Self); 1] = [("lower", Self::Lower)];

    /// The other spelling.
    pub fn spelt(self, text: &str) -> String {
        match self {
            Self::Lower => text.to_ascii_lowercase(),
        }
    }
}

/// A unit of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// Nanoseconds.
    Nanos,
    /// Microseconds.
    Micros,
    /// Milliseconds.
    Millis,
    /// Seconds.
    Seconds,
}

impl Unit {
    /// All units, by the names that profiles give them.
    pub const ALL: [(&'static str, Self); 4] =
        [("ns", Self::Nanos), ("us", Self::Micros), ("ms", Self::Millis), ("s", Self::Seconds)];

    /// So many of them in milliseconds.
    pub fn millis(self, number: f64) -> f64 {
        match self {
            Self::Nanos => number / 1e6,
            Self::Micros => number / 1e3,
            Self::Millis => number,
            Self::Seconds => number * 1e3,
        }
    }
}
