/*! What can go wrong in the query engine. */

/// Why a query has no answer, or a table could not be written.
#[derive(Debug, thiserror::Error)]
pub enum EngineError {
    /// The engine refused the query, in its own words.
    #[error("{0}")]
    Refused(String),
    /// The engine panicked: its fault, not the user's.
    #[error("the query engine stopped inside this query; please report it with the query's text")]
    Panicked,
    /// A column of the answer has a type that no plain value can hold: a list, a decimal.
    #[error("column `{column}` has the type {ty}; cast it to text, a number or a truth value")]
    Type {
        /// The name of the column.
        column: String,
        /// The type in the engine's words.
        ty: String,
    },
    /// The table could not be written or read.
    #[error(transparent)]
    Io(#[from] std::io::Error),
}

impl From<polars::error::PolarsError> for EngineError {
    fn from(error: polars::error::PolarsError) -> Self {
        Self::Refused(error.to_string())
    }
}

impl From<parquet::errors::ParquetError> for EngineError {
    fn from(error: parquet::errors::ParquetError) -> Self {
        Self::Refused(error.to_string())
    }
}
