/*! Asks the named queries of one instant, and leaves out those whose answer is known to have no rows. */

use std::collections::BTreeSet;

use crate::table::{Engine, PlainTable};

use super::answers::{answer, header};
use super::error::QueryError;
use super::rows::QueryAnswer;

/// Monotone queries that had no rows. They have none over a beginning of the same evidence either.
#[derive(Clone, Debug, Default)]
pub struct EmptyAnswers(BTreeSet<&'static str>);

pub(super) struct Asker<'e> {
    engine: &'e mut Engine,
    /// What is known from a report over more evidence.
    known_empty: &'e EmptyAnswers,
    /// What turns out to be empty here.
    pub(super) empty: EmptyAnswers,
}

impl<'e> Asker<'e> {
    pub(super) fn new(engine: &'e mut Engine, known_empty: &'e EmptyAnswers) -> Self {
        Self { engine, known_empty, empty: EmptyAnswers::default() }
    }

    pub(super) fn ask(&mut self, name: &'static str) -> Result<QueryAnswer, QueryError> {
        let header = header(name)?;
        let lacks = |column: &&str| self.engine.is_all_null("evidence", column);
        let has_no_rows = !header.needs.is_empty() && header.needs.iter().all(lacks)
            || header.is_monotone && self.known_empty.0.contains(name);
        let table = if has_no_rows { PlainTable::default() } else { answer(self.engine, name)? };
        if header.is_monotone && table.height() == 0 {
            self.empty.0.insert(name);
        }
        Ok(QueryAnswer::new(name, table))
    }
}
