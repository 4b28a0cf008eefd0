/*! The answers of named queries, as plain tables. */

use super::catalog::{self, QueryHeader};
use super::error::QueryError;
use crate::table::{Engine, PlainTable};

pub(super) fn header(name: &str) -> Result<QueryHeader<'static>, QueryError> {
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
