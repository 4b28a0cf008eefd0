/*! Columns that several fields make together: each is a field of its own, beside those of the record. */

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::is_nobody;
use crate::ingest::Fields;
use crate::model::columns::Column;
use crate::profile::{Join, Piece, Profile};

/// What is joined, into which slot.
#[derive(Debug)]
pub(super) struct Joined {
    slot: usize,
    from: Vec<Slice>,
    with: String,
}

#[derive(Debug)]
enum Slice {
    Field(usize),
    Text(String),
}

/// The names under which joined fields stand beside pointers: none of them is one.
pub(super) fn names(profile: &Profile) -> impl Iterator<Item = String> {
    everywhere(profile).map(name)
}

/// Those of a profile and of its parts.
pub(super) fn all(profile: &Profile, pointers: &BTreeMap<String, usize>) -> Vec<Joined> {
    let joined = everywhere(profile).map(|join| Joined {
        slot: pointers[&name(join)],
        from: join.from.iter().map(|piece| slice(piece, pointers)).collect(),
        with: join.with.clone(),
    });
    joined.collect()
}

/// What is joined counts before single fields. Gives the column of each.
pub(super) fn before(
    columns: &mut BTreeMap<Column, Vec<usize>>,
    profile: &Profile,
    pointers: &BTreeMap<String, usize>,
) -> Vec<Column> {
    for join in profile.joins.iter().rev() {
        columns.entry(join.column).or_default().insert(0, pointers[&name(join)]);
    }
    profile.joins.iter().map(|join| join.column).collect()
}

/// Joins what is there in full.
pub(super) fn put(joins: &[Joined], fields: &mut Fields<'_>) {
    for join in joins {
        let pieces = join.from.iter().map(|slice| match slice {
            Slice::Field(slot) => fields.scalar(*slot).filter(|text| !is_nobody(text)),
            Slice::Text(text) => Some(text.as_str()),
        });
        if let Some(pieces) = pieces.collect::<Option<Vec<&str>>>() {
            let whole = pieces.join(&join.with);
            fields.set(join.slot, Cow::Owned(whole));
        }
    }
}

fn everywhere(profile: &Profile) -> impl Iterator<Item = &Join> {
    let mut all: Vec<&Join> = Vec::new();
    for join in profile.joins.iter().chain(profile.parts.iter().flat_map(|part| &part.joins)) {
        if !all.iter().any(|known| name(known) == name(join)) {
            all.push(join);
        }
    }
    all.into_iter()
}

fn name(join: &Join) -> String {
    let pieces = join.from.iter().map(|piece| match piece {
        Piece::Field(pointer) => pointer.clone(),
        Piece::Text(text) => format!("={text}"),
    });
    let pieces: Vec<String> = pieces.collect();
    format!("@join {:?} {:?}", join.with, pieces)
}

fn slice(piece: &Piece, pointers: &BTreeMap<String, usize>) -> Slice {
    match piece {
        Piece::Field(pointer) => Slice::Field(pointers[pointer]),
        Piece::Text(text) => Slice::Text(text.clone()),
    }
}
