/*! Columns that a profile makes of several fields: the joined text gets a slot of its own, next to those of the
 * fields.
 */

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::absent::is_nobody;
use crate::ingest::Fields;
use crate::model::columns::Column;
use crate::profile::{JoinRule, JoinSource, Profile};

/// A join of a profile, with slots in place of pointers.
#[derive(Debug)]
pub(super) struct JoinSlots {
    target: usize,
    pieces: Vec<JoinPiece>,
    separator: String,
    or_first: bool,
}

#[derive(Debug)]
enum JoinPiece {
    Slot(usize),
    Text(String),
}

/// The names of the joined fields. They stand in one list with JSON Pointers, and cannot be taken for one.
pub(super) fn names(profile: &Profile) -> impl Iterator<Item = String> {
    distinct(profile).map(JoinRule::name)
}

/// The joins of a profile and of its parts.
pub(super) fn of_profile(profile: &Profile, pointers: &BTreeMap<String, usize>) -> Vec<JoinSlots> {
    let joins = distinct(profile).map(|join| JoinSlots {
        target: pointers[&join.name()],
        pieces: join.from.iter().map(|piece| piece_slot(piece, pointers)).collect(),
        separator: join.with.clone(),
        or_first: join.or_first,
    });
    joins.collect()
}

/// Puts the slots of joins before those of single fields, since joined texts come first. Gives the column of each join.
pub(super) fn put_first(
    columns: &mut BTreeMap<Column, Vec<usize>>,
    profile: &Profile,
    pointers: &BTreeMap<String, usize>,
) -> Vec<Column> {
    for join in profile.joins.iter().rev() {
        columns.entry(join.column).or_default().insert(0, pointers[&join.name()]);
    }
    profile.joins.iter().map(|join| join.column).collect()
}

/// Fills in each join of which all pieces are present, or the first that is.
pub(super) fn fill(joins: &[JoinSlots], fields: &mut Fields<'_>) {
    for join in joins {
        let pieces = join.pieces.iter().map(|piece| match piece {
            JoinPiece::Slot(slot) => fields.scalar(*slot).filter(|text| !is_nobody(text)),
            JoinPiece::Text(text) => Some(text.as_str()),
        });
        let pieces: Vec<Option<&str>> = pieces.collect();
        let joined = match pieces.iter().copied().collect::<Option<Vec<&str>>>() {
            Some(pieces) => Some(pieces.join(&join.separator)),
            None if join.or_first => pieces.iter().flatten().next().map(ToString::to_string),
            None => None,
        };
        if let Some(joined) = joined {
            fields.set(join.target, Cow::Owned(joined));
        }
    }
}

fn distinct(profile: &Profile) -> impl Iterator<Item = &JoinRule> {
    let mut joins: Vec<&JoinRule> = Vec::new();
    let of_parts = profile.parts.iter().flat_map(|part| &part.joins);
    let of_also = profile.also.iter().filter_map(|also| also.join.as_ref());
    for join in profile.joins.iter().chain(of_parts).chain(of_also) {
        if !joins.iter().any(|earlier| earlier.name() == join.name()) {
            joins.push(join);
        }
    }
    joins.into_iter()
}

fn piece_slot(piece: &JoinSource, pointers: &BTreeMap<String, usize>) -> JoinPiece {
    match piece {
        JoinSource::Field(pointer) => JoinPiece::Slot(pointers[pointer]),
        JoinSource::Text(text) => JoinPiece::Text(text.clone()),
    }
}
