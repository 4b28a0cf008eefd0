/*! Why a named query has no answer. */

use crate::table::EngineError;

/// Why a query has no answer.
#[derive(Debug, thiserror::Error)]
pub enum QueryError {
    /// The engine refused the query.
    #[error("query `{name}` failed")]
    Engine {
        /// The name of the query.
        name: String,
        /// Why it failed.
        source: EngineError,
    },
    /// The answer does not have the columns that the query's header names, or not their types.
    #[error("query `{name}`: expected a column `{column}`")]
    Shape {
        /// The name of the query.
        name: String,
        /// The column that is missing or has another type.
        column: String,
    },
    /// A column of an answer that another engine gave is not what the query gives.
    #[error("query `{name}`: the given column `{column}` {why}")]
    Given {
        /// The name of the query.
        name: String,
        /// The name of the column.
        column: String,
        /// What is wrong with it.
        why: &'static str,
    },
}
