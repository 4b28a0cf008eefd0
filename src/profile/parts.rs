/*! What several fields make together, and what one record tells of several things. */

use std::collections::BTreeMap;

use super::{Profile, When};
use crate::model::columns::Column;

/// A column's value that is made of several fields: all of them must be there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Join {
    /// The column.
    pub column: Column,
    /// What it is made of, in this order.
    pub from: Vec<Piece>,
    /// What stands between two pieces.
    pub with: String,
}

/// A piece of what is joined.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    /// The field of that pointer.
    Field(String),
    /// This text.
    Text(String),
}

impl Join {
    pub(super) fn pointers(&self) -> impl Iterator<Item = &String> {
        self.from.iter().filter_map(|piece| match piece {
            Piece::Field(pointer) => Some(pointer),
            Piece::Text(_) => None,
        })
    }
}

/// One of several things that a record tells of: what is different from the others.
#[derive(Clone, Debug)]
pub struct Part {
    /// Records that tell nothing of it.
    pub unless: When,
    /// Its fields, before those of the profile.
    pub fields: BTreeMap<Column, Vec<String>>,
    /// Its columns that several fields make together.
    pub joins: Vec<Join>,
}

impl Part {
    pub(super) fn pointers(&self) -> impl Iterator<Item = &String> {
        let fields = self.fields.values().flatten();
        let unless = self.unless.iter().map(|(pointer, _)| pointer);
        fields.chain(unless).chain(self.joins.iter().flat_map(Join::pointers))
    }
}

impl Profile {
    /// The profile of one of its parts.
    #[must_use]
    pub fn of_part(&self, part: &Part) -> Self {
        let mut profile = Self { parts: Vec::new(), ..self.clone() };
        profile.fields.extend(part.fields.clone());
        profile.joins.extend(part.joins.iter().cloned());
        profile
    }
}
