/*! A small table of plain values: what goes into the engine, and what comes out of it. */

/// One column of values.
#[derive(Clone, Debug, PartialEq)]
pub enum Values {
    /// UTF-8.
    Text(Vec<Option<String>>),
    /// 64-bit signed.
    I64(Vec<Option<i64>>),
    /// 64-bit unsigned.
    U64(Vec<Option<u64>>),
    /// 32-bit unsigned.
    U32(Vec<Option<u32>>),
    /// Floating point.
    F64(Vec<Option<f64>>),
    /// True or false.
    Bool(Vec<Option<bool>>),
    /// Microseconds since 1970 in UTC, a timestamp for the engine.
    Time(Vec<Option<i64>>),
}

impl Values {
    /// How many.
    pub fn len(&self) -> usize {
        match self {
            Self::Text(values) => values.len(),
            Self::I64(values) | Self::Time(values) => values.len(),
            Self::U64(values) => values.len(),
            Self::U32(values) => values.len(),
            Self::F64(values) => values.len(),
            Self::Bool(values) => values.len(),
        }
    }

    /// Are there none?
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Does a value stand in quotes where numbers do not?
    pub fn is_quoted(&self) -> bool {
        matches!(self, Self::Text(_) | Self::Time(_))
    }

    /// A whole number, whatever its width.
    pub fn int(&self, row: usize) -> Option<i64> {
        match self {
            Self::I64(values) | Self::Time(values) => values[row],
            Self::U64(values) => values[row].and_then(|value| i64::try_from(value).ok()),
            Self::U32(values) => values[row].map(i64::from),
            Self::Text(_) | Self::F64(_) | Self::Bool(_) => None,
        }
    }

    /// A text.
    pub fn text(&self, row: usize) -> Option<&str> {
        match self {
            Self::Text(values) => values[row].as_deref(),
            Self::I64(_)
            | Self::Time(_)
            | Self::U64(_)
            | Self::U32(_)
            | Self::F64(_)
            | Self::Bool(_) => None,
        }
    }

    /// A truth value.
    pub fn flag(&self, row: usize) -> Option<bool> {
        match self {
            Self::Bool(values) => values[row],
            Self::Text(_)
            | Self::I64(_)
            | Self::Time(_)
            | Self::U64(_)
            | Self::U32(_)
            | Self::F64(_) => None,
        }
    }

    /// A value as people read it; none is empty.
    pub fn show(&self, row: usize) -> Option<String> {
        match self {
            Self::Text(values) => values[row].clone(),
            Self::I64(values) => values[row].map(|value| value.to_string()),
            Self::U64(values) => values[row].map(|value| value.to_string()),
            Self::U32(values) => values[row].map(|value| value.to_string()),
            Self::F64(values) => values[row].map(|value| value.to_string()),
            Self::Bool(values) => values[row].map(|value| value.to_string()),
            Self::Time(values) => values[row].map(|value| crate::model::Micros(value).rfc3339()),
        }
    }
}

/// Named columns of one length.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Grid {
    /// Name and values of each column.
    pub columns: Vec<(String, Values)>,
}

impl Grid {
    /// How many rows.
    pub fn height(&self) -> usize {
        self.columns.first().map_or(0, |(_, values)| values.len())
    }

    /// The column of that name.
    pub fn column(&self, name: &str) -> Option<&Values> {
        self.columns.iter().find(|(column, _)| column == name).map(|(_, values)| values)
    }

    /// Adds a column.
    pub fn push(&mut self, name: &str, values: Values) {
        self.columns.push((name.to_owned(), values));
    }
}
