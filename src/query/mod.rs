/*! Named questions to the evidence, and their answers as facts. */

pub mod catalog;
mod fill;
mod jobs;
mod replayed;
mod stated;

use crate::table::bundle::Params;
use crate::table::{Engine, EngineError, PlainTable, Values};

pub use fill::{Plain, facts};
pub use replayed::{failing, old_hours};

/// Why a question has no answer.
#[derive(Debug, thiserror::Error)]
pub enum QueryError {
    /// The engine refused it.
    #[error("query `{name}` failed")]
    Engine {
        /// The query.
        name: String,
        /// The cause.
        source: EngineError,
    },
    /// The answer has another shape than the header says.
    #[error("query `{name}`: expected a column `{column}`")]
    Shape {
        /// The query.
        name: String,
        /// The column.
        column: String,
    },
}

/// The table `params` with its one row.
pub fn params(params: Params) -> PlainTable {
    let mut grid = PlainTable::default();
    grid.push("t0_us", Values::I64(vec![Some(params.t0_us)]));
    grid.push("as_of_us", Values::I64(vec![Some(params.as_of_us)]));
    grid.push("window_from_us", Values::I64(vec![Some(params.window_from_us)]));
    grid.push("revoked_us", Values::I64(vec![Some(params.revoked_us)]));
    grid
}

/// Runs a named query, and before it those whose results it reads.
pub fn ask(engine: &mut Engine, name: &str) -> Result<PlainTable, QueryError> {
    let text = catalog::named(name).unwrap_or_default();
    let header = catalog::header(text)
        .map_err(|column| QueryError::Shape { name: name.to_owned(), column })?;
    for table in header.reads.iter().filter(|_| header.tier == 2) {
        if !engine.tables().iter().any(|known| known == table) {
            let answer = ask(engine, table)?;
            register(engine, table, &answer)?;
        }
    }
    let answer =
        engine.run(text).map_err(|source| QueryError::Engine { name: name.to_owned(), source })?;
    for column in header.columns {
        if answer.column(column).is_none() {
            return Err(QueryError::Shape { name: name.to_owned(), column: column.to_owned() });
        }
    }
    Ok(answer)
}

/// Runs a named query and puts its rows in one order: by their columns, from the first to the last.
pub fn ordered(engine: &mut Engine, name: &str) -> Result<PlainTable, QueryError> {
    let answer = ask(engine, name)?;
    let columns: Vec<&str> = answer.columns.iter().map(|(column, _)| column.as_str()).collect();
    let text = format!("SELECT * FROM {name} ORDER BY {}", columns.join(", "));
    register(engine, name, &answer)?;
    engine.run(&text).map_err(|source| QueryError::Engine { name: name.to_owned(), source })
}

/// Makes an answer a table.
pub fn register(engine: &mut Engine, name: &str, grid: &PlainTable) -> Result<(), QueryError> {
    engine
        .register(name, grid)
        .map_err(|source| QueryError::Engine { name: name.to_owned(), source })
}
