/*! Named queries over the evidence, and their answers as facts. */

mod asker;
pub mod catalog;
mod fill;
mod jobs;
mod replayed;
mod rows;
mod stated;

use crate::table::bundle::Params;
use crate::table::{Engine, EngineError, PlainTable, Values};

pub use asker::EmptyAnswers;
pub use fill::{FactInputs, facts};
pub use replayed::{failing, old_hours};

use catalog::Header;

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
}

/// The table `params` with its one row.
pub fn params(params: Params) -> PlainTable {
    let mut table = PlainTable::default();
    table.push("t0_us", Values::I64(vec![Some(params.t0_us)]));
    table.push("as_of_us", Values::I64(vec![Some(params.as_of_us)]));
    table.push("window_from_us", Values::I64(vec![Some(params.window_from_us)]));
    table.push("revoked_us", Values::I64(vec![Some(params.revoked_us)]));
    table
}

fn header(name: &str) -> Result<Header<'static>, QueryError> {
    let header = catalog::header(catalog::named(name).unwrap_or_default());
    header.map_err(|column| QueryError::Shape { name: name.to_owned(), column })
}

/// The answer to a named query. Queries that it reads are answered first and stay in the engine as tables.
pub fn answer(engine: &mut Engine, name: &str) -> Result<PlainTable, QueryError> {
    let header = header(name)?;
    for table in header.reads.iter().filter(|_| header.tier == 2) {
        if !engine.tables().iter().any(|known| known == table) {
            let read = answer(engine, table)?;
            register(engine, table, &read)?;
        }
    }
    let text = catalog::named(name).unwrap_or_default();
    let answer =
        engine.run(text).map_err(|source| QueryError::Engine { name: name.to_owned(), source })?;
    for column in header.columns {
        if answer.column(column).is_none() {
            return Err(QueryError::Shape { name: name.to_owned(), column: column.to_owned() });
        }
    }
    Ok(answer)
}

/// The answer to a named query, its rows sorted by their columns from the first to the last.
pub fn sorted_answer(engine: &mut Engine, name: &str) -> Result<PlainTable, QueryError> {
    let answer = answer(engine, name)?;
    let columns: Vec<&str> = answer.columns.iter().map(|(column, _)| column.as_str()).collect();
    let text = format!("SELECT * FROM {name} ORDER BY {}", columns.join(", "));
    register(engine, name, &answer)?;
    engine.run(&text).map_err(|source| QueryError::Engine { name: name.to_owned(), source })
}

/// Makes an answer a table, under the name of its query.
pub fn register(engine: &mut Engine, name: &str, answer: &PlainTable) -> Result<(), QueryError> {
    engine
        .register(name, answer)
        .map_err(|source| QueryError::Engine { name: name.to_owned(), source })
}
