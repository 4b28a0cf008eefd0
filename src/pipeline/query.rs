/*! `query`: questions to a bundle, from the catalog or as SQL of the user's. */

use std::path::Path;

use crate::query;
use crate::table::bundle::Bundle;
use crate::table::{self, Engine, PlainTable};

use super::error::Error;

/// A question to a bundle.
#[derive(Debug, Clone, Copy)]
pub enum Question<'q> {
    /// A query of the catalog, by name.
    Named(&'q str),
    /// SQL of the user's.
    Sql(&'q str),
}

/// A query of the catalog, for lists.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedQuery {
    /// The name to ask for.
    pub name: &'static str,
    /// The question it answers.
    pub answers: &'static str,
    /// The columns of the answer.
    pub columns: Vec<&'static str>,
}

/// The catalog.
pub fn queries() -> Vec<NamedQuery> {
    let entry = |(name, text): &(&'static str, &'static str)| {
        let header = query::catalog::header(text).ok()?;
        Some(NamedQuery { name, answers: header.answers, columns: header.columns })
    };
    query::catalog::QUERIES.iter().filter_map(entry).collect()
}

/// An answer as people read it: column names, and rows of values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// The column names.
    pub columns: Vec<String>,
    /// Which columns hold text or times, and are therefore quoted in JSON.
    pub quoted: Vec<bool>,
    /// The rows; `None` is SQL's null.
    pub rows: Vec<Vec<Option<String>>>,
}

/// Opens a bundle, to check that it is one.
pub fn open(folder: &Path) -> Result<(), Error> {
    Bundle::open(folder)?;
    Ok(())
}

/// Asks a bundle.
pub fn ask(folder: &Path, question: Question<'_>) -> Result<Answer, Error> {
    let answer = run(folder, question)?;
    let row = |row: usize| answer.columns.iter().map(|(_, values)| values.show(row)).collect();
    Ok(Answer {
        columns: answer.columns.iter().map(|(name, _)| name.clone()).collect(),
        quoted: answer.columns.iter().map(|(_, values)| values.is_quoted()).collect(),
        rows: (0..answer.height()).map(row).collect(),
    })
}

/// Asks a bundle, and writes the answer as Parquet into a new file.
pub fn ask_into(folder: &Path, question: Question<'_>, path: &Path) -> Result<(), Error> {
    let answer = run(folder, question)?;
    let unwritten = |source| Error::FileUnwritten { path: path.display().to_string(), source };
    Ok(table::write_new(&answer, path).map_err(unwritten)??)
}

fn run(folder: &Path, question: Question<'_>) -> Result<PlainTable, Error> {
    let bundle = Bundle::open(folder)?;
    let mut engine = Engine::default();
    for (name, path) in bundle.tables() {
        engine.register_file(name, &path)?;
    }
    engine.register("params", &query::params(bundle.manifest.params))?;
    match question {
        Question::Named(name) => Ok(query::sorted_answer(&mut engine, name)?),
        Question::Sql(text) => {
            // A named query is a table for the user's SQL, and is run only where the text names it.
            for NamedQuery { name, .. } in
                queries().into_iter().filter(|query| text.contains(query.name))
            {
                let answer = query::answer(&mut engine, name)?;
                query::register(&mut engine, name, &answer)?;
            }
            Ok(engine.run(text)?)
        }
    }
}
