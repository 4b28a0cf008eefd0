/*! A small table of plain values: what goes into the query engine, and what comes out of it. */

use std::borrow::Cow;
use std::fmt;

use crate::model::Timestamp;

/// The values of one column.
#[derive(Clone, Debug, PartialEq)]
pub enum Values<T = String> {
    /// UTF-8.
    Text(Vec<Option<T>>),
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
    /// Microseconds since 1970 in UTC, which are a timestamp in the engine.
    Time(Vec<Option<i64>>),
}

impl<T> Values<T> {
    /// The number of values, nulls included.
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

    /// Does the column have no values at all?
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

impl Values {
    /// Is there no value in a row?
    pub fn is_null(&self, row: usize) -> bool {
        match self {
            Self::Text(values) => values[row].is_none(),
            Self::I64(values) | Self::Time(values) => values[row].is_none(),
            Self::U64(values) => values[row].is_none(),
            Self::U32(values) => values[row].is_none(),
            Self::F64(values) => values[row].is_none(),
            Self::Bool(values) => values[row].is_none(),
        }
    }

    /// Does JSON put the values in quotes?
    pub fn is_quoted(&self) -> bool {
        matches!(self, Self::Text(_) | Self::Time(_))
    }

    /// The whole number in a row, of a column of any integer type.
    pub fn int(&self, row: usize) -> Option<i64> {
        match self {
            Self::I64(values) | Self::Time(values) => values[row],
            Self::U64(values) => values[row].and_then(|value| i64::try_from(value).ok()),
            Self::U32(values) => values[row].map(i64::from),
            Self::Text(_) | Self::F64(_) | Self::Bool(_) => None,
        }
    }

    /// The text in a row, of a column of texts.
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

    /// The truth value in a row, of a column of these.
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

    /// The value in a row as people read it.
    pub fn show(&self, row: usize) -> Option<String> {
        match self {
            Self::Text(values) => values[row].clone(),
            Self::I64(values) => values[row].map(|value| value.to_string()),
            Self::U64(values) => values[row].map(|value| value.to_string()),
            Self::U32(values) => values[row].map(|value| value.to_string()),
            Self::F64(values) => values[row].map(|value| value.to_string()),
            Self::Bool(values) => values[row].map(|value| value.to_string()),
            Self::Time(values) => values[row].map(|value| Timestamp(value).rfc3339()),
        }
    }
}

impl Values<Cow<'_, str>> {
    /// The same values, which borrow nothing.
    pub(super) fn owned(self) -> Values {
        match self {
            Self::Text(values) => {
                let owned = |text: Option<Cow<'_, str>>| text.map(Cow::into_owned);
                Values::Text(values.into_iter().map(owned).collect())
            }
            Self::I64(values) => Values::I64(values),
            Self::U64(values) => Values::U64(values),
            Self::U32(values) => Values::U32(values),
            Self::F64(values) => Values::F64(values),
            Self::Bool(values) => Values::Bool(values),
            Self::Time(values) => Values::Time(values),
        }
    }
}

/// Columns that are made one after the other, each when its turn comes.
pub(super) type Columns<'a> =
    Box<dyn Iterator<Item = (&'static str, Values<Cow<'a, str>>)> + Send + Sync + 'a>;

/// Rows that are written at once.
pub(super) struct RowGroup<'a> {
    /// How many rows there are.
    pub(super) height: usize,
    /// Name and values of each column, in the order of the table.
    pub(super) columns: Columns<'a>,
}

impl fmt::Debug for RowGroup<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("RowGroup").field("height", &self.height).finish_non_exhaustive()
    }
}

/// Named columns of one length.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PlainTable {
    /// Name and values of each column, in the order of the table.
    pub columns: Vec<(String, Values)>,
}

impl PlainTable {
    /// The number of rows.
    pub fn height(&self) -> usize {
        self.columns.first().map_or(0, |(_, values)| values.len())
    }

    /// The values of a column, by its name.
    pub fn column(&self, name: &str) -> Option<&Values> {
        self.columns.iter().find(|(column, _)| column == name).map(|(_, values)| values)
    }

    /// Adds a column on the right.
    pub fn push(&mut self, name: &str, values: Values) {
        self.columns.push((name.to_owned(), values));
    }
}
