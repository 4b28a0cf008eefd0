/*! The rows of an answer, read column by column as the types that facts have. */

use std::sync::Arc;

use crate::facts::{HINTS, at};
use crate::model::coverage::StreamId;
use crate::model::{At, ClassId, Timestamp, VersionId, When};
use crate::table::PlainTable;

use super::error::QueryError;

/// The answer to a named query over `evidence_by_id`.
pub(super) struct QueryAnswer {
    name: &'static str,
    table: PlainTable,
}

impl QueryAnswer {
    pub(super) fn new(name: &'static str, table: PlainTable) -> Self {
        Self { name, table }
    }

    /// Makes a fact of each row.
    pub(super) fn facts<T>(
        &self,
        fact: impl Fn(AnswerRow<'_>) -> Result<T, QueryError>,
    ) -> Result<Vec<T>, QueryError> {
        self.rows().map(fact).collect()
    }

    pub(super) fn rows(&self) -> impl Iterator<Item = AnswerRow<'_>> {
        (0..self.table.height()).map(|row| AnswerRow { answer: self, row })
    }
}

/// One row of an answer.
#[derive(Clone, Copy)]
pub(super) struct AnswerRow<'a> {
    answer: &'a QueryAnswer,
    row: usize,
}

impl AnswerRow<'_> {
    fn shape(&self, column: &str) -> QueryError {
        QueryError::Shape { name: self.answer.name.to_owned(), column: column.to_owned() }
    }

    pub(super) fn int(&self, column: &str) -> Option<i64> {
        self.answer.table.column(column).and_then(|values| values.int(self.row))
    }

    pub(super) fn need(&self, column: &str) -> Result<i64, QueryError> {
        self.int(column).ok_or_else(|| self.shape(column))
    }

    /// Is the number 1? Queries have no truth values of their own.
    pub(super) fn is_one(&self, column: &str) -> Result<bool, QueryError> {
        Ok(self.need(column)? == 1)
    }

    pub(super) fn count(&self, column: &str) -> Result<u64, QueryError> {
        u64::try_from(self.need(column)?).map_err(|_| self.shape(column))
    }

    pub(super) fn timestamp(&self, column: &str) -> Result<Timestamp, QueryError> {
        self.need(column).map(Timestamp)
    }

    fn text(&self, column: &str) -> Option<&str> {
        self.answer.table.column(column).and_then(|values| values.text(self.row))
    }

    pub(super) fn shared(&self, column: &str) -> Option<Arc<str>> {
        self.text(column).map(Arc::from)
    }

    /// Column and value of each hint that the row has.
    pub(super) fn hints(&self) -> Vec<(&'static str, Arc<str>)> {
        HINTS.iter().filter_map(|(hint, _)| Some((*hint, self.shared(hint)?))).collect()
    }

    pub(super) fn flag(&self, column: &str) -> bool {
        let flag = self.answer.table.column(column).and_then(|values| values.flag(self.row));
        flag.unwrap_or(false)
    }

    pub(super) fn is(&self, column: &str, word: &str) -> bool {
        self.text(column) == Some(word)
    }

    pub(super) fn word<T: Copy>(
        &self,
        column: &str,
        words: &[(&'static str, T)],
    ) -> Result<T, QueryError> {
        let text = self.text(column);
        let known = words.iter().find(|(word, _)| Some(*word) == text);
        known.map(|(_, value)| *value).ok_or_else(|| self.shape(column))
    }

    pub(super) fn class(&self) -> Result<ClassId, QueryError> {
        self.some_class()?.ok_or_else(|| self.shape("consumer_class"))
    }

    /// The class, of a query that also counts rows without one.
    pub(super) fn some_class(&self) -> Result<Option<ClassId>, QueryError> {
        Ok(self.id("consumer_class")?.map(ClassId))
    }

    pub(super) fn version(&self) -> Result<Option<VersionId>, QueryError> {
        Ok(self.id("credential_version")?.map(VersionId))
    }

    pub(super) fn stream(&self, column: &str) -> Result<StreamId, QueryError> {
        self.id(column)?.map(StreamId).ok_or_else(|| self.shape(column))
    }

    fn id<I: TryFrom<i64>>(&self, column: &str) -> Result<Option<I>, QueryError> {
        let id = self.int(column).map(I::try_from).transpose();
        id.map_err(|_| self.shape(column))
    }

    /// An instant and the row that shows it, from `<column>_us`, `<column>_end_us` and `<column>_row`.
    pub(super) fn at(&self, column: &str) -> Result<At, QueryError> {
        let earliest = self.timestamp(&format!("{column}_us"))?;
        let latest = self.timestamp(&format!("{column}_end_us"))?;
        Ok(at(earliest, latest, self.count(&format!("{column}_row"))?))
    }

    pub(super) fn some_at(&self, column: &str) -> Result<Option<At>, QueryError> {
        let is_there = self.int(&format!("{column}_us")).is_some();
        is_there.then(|| self.at(column)).transpose()
    }

    /// An instant that a record states, which has no end of its own.
    pub(super) fn stated(&self, column: &str) -> Result<Option<At>, QueryError> {
        let Some(at) = self.int(&format!("{column}_us")) else { return Ok(None) };
        let row = self.count(&format!("{column}_row"))?;
        Ok(Some(At { when: When::exact(Timestamp(at)), row }))
    }
}
