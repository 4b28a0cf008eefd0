/*! The order of the evidence table, and what its neighbours show: one request with several attempts, one record
 * delivered twice.
 */

use std::collections::{BTreeMap, BTreeSet};
use std::hash::{BuildHasher, RandomState};

use crate::model::columns::{Column, text_slot};
use crate::model::coverage::Tally;
use crate::model::{ClassId, Duration, InputId, Kind, Outcome, State, Timestamp};
use crate::scan::{Row, Sym};

/// A client may try several versions on one request: same trace, instance and second, one service with one purpose.
/// Then only the accepted version counts as an attempt, or the last one if none was accepted. Without an instance it
/// may have been several clients of one host, so nothing is changed. An old version without an outcome may have been
/// accepted.
pub(super) fn one_attempt_a_request(rows: &mut [Row]) {
    let state = RandomState::new();
    let hash = |(position, row)| Some((state.hash_one(Request::of(row)?), position));
    let mut requests: Vec<(u64, usize)> = rows.iter().enumerate().filter_map(hash).collect();
    requests.sort_unstable();
    for alike in requests.chunk_by(|one, other| one.0 == other.0).filter(|alike| alike.len() > 1) {
        // Different requests may have one hash.
        let mut attempts: BTreeMap<Request, Vec<usize>> = BTreeMap::new();
        for (_, position) in alike {
            let Some(request) = Request::of(&rows[*position]) else { continue };
            attempts.entry(request).or_default().push(*position);
        }
        for attempts in attempts.into_values() {
            settle_attempts(rows, attempts);
        }
    }
}

/// What is equal in all attempts of one request.
#[derive(PartialEq, Eq, PartialOrd, Ord, Hash)]
struct Request {
    texts: [Sym; 6],
    class: Option<ClassId>,
    second: i64,
}

impl Request {
    /// The request that a row may be one of several attempts of.
    fn of(row: &Row) -> Option<Self> {
        const TEXTS: [Column; 6] = [
            Column::TraceId,
            Column::ServiceInstanceId,
            Column::ServiceName,
            Column::Principal,
            Column::UserAgent,
            Column::Action,
        ];
        let texts = TEXTS.map(|column| row.texts[text_slot(column).expect("a text column")]);
        let is_one_client = texts[0] != Sym::NONE && texts[1] != Sym::NONE;
        let is_attempt = row.kind.is_try() && row.version.is_some() && row.binding.proves();
        let second = row.when.at.0.div_euclid(Duration::SECOND.0);
        (is_one_client && is_attempt).then_some(Self { texts, class: row.class, second })
    }
}

fn settle_attempts(rows: &mut [Row], mut attempts: Vec<usize>) {
    let versions: BTreeSet<_> = attempts.iter().map(|at| rows[*at].version).collect();
    if versions.len() < 2 {
        return;
    }
    attempts.sort_by_key(|at| (rows[*at].when.at, rows[*at].place));
    let accepted = |row: &Row| match row.outcome {
        Outcome::Success | Outcome::Denied => true,
        Outcome::None => row.state == State::Old,
        Outcome::AuthFailure | Outcome::Failure => false,
    };
    let any_accepted = attempts.iter().any(|at| accepted(&rows[*at]));
    let last = attempts.last().copied();
    for at in attempts {
        let counts = if any_accepted { accepted(&rows[at]) } else { Some(at) == last };
        if !counts {
            rows[at].kind = Kind::Lookup;
        }
    }
}

/// Puts rows in the order of the evidence table. Their positions are sorted, and then each row is moved once.
pub(super) fn sort(rows: &mut [Row]) {
    let rest = |row: &Row| (row.key, row.place.input, row.place.record, row.class, row.uid);
    let mut order: Vec<(Timestamp, usize)> = (0..).zip(rows.iter()).map(at).collect();
    order.sort_by(|(at, one), (other_at, other)| {
        at.cmp(other_at).then_with(|| rest(&rows[*one]).cmp(&rest(&rows[*other])))
    });
    let mut from: Vec<usize> = order.into_iter().map(|(_, position)| position).collect();
    for start in 0..rows.len() {
        // Each row of a cycle takes the place of the one before.
        let mut to = start;
        loop {
            let next = std::mem::replace(&mut from[to], to);
            if next == start {
                break;
            }
            rows.swap(to, next);
            to = next;
        }
    }
}

fn at((position, row): (usize, &Row)) -> (Timestamp, usize) {
    (row.when.at, position)
}

/// Drops records that were delivered twice. Of records with an id all but the first go; of records without one, those
/// that another input has as often. Rows must be in order: then equal ones are neighbours.
pub(super) fn drop_duplicates(rows: &mut Vec<Row>, tallies: &mut BTreeMap<InputId, Tally>) {
    let mut stays = vec![true; rows.len()];
    let mut from = 0;
    while from < rows.len() {
        let same = |row: &Row| row.when.at == rows[from].when.at && row.key == rows[from].key;
        let to = from + rows[from..].iter().take_while(|row| same(row)).count();
        mark_duplicates(&rows[from..to], &mut stays[from..to]);
        from = to;
    }
    let mut dropped: BTreeSet<(InputId, u64)> =
        rows.iter().zip(&stays).filter(|(_, stays)| !**stays).map(|(row, _)| record(row)).collect();
    let mut stays = stays.into_iter();
    rows.retain(|_| stays.next().unwrap_or(true));
    without_kept(&mut dropped, rows);
    for (input, _) in dropped {
        let tally = tallies.get_mut(&input).expect("each row has an input");
        tally.evidence -= 1;
        tally.duplicate += 1;
    }
}

/// Leaves those of these records of which no row is kept.
pub(super) fn without_kept(records: &mut BTreeSet<(InputId, u64)>, kept: &[Row]) {
    for row in kept {
        if records.is_empty() {
            return;
        }
        records.remove(&record(row));
    }
}

fn record(row: &Row) -> (InputId, u64) {
    (row.place.input, row.place.record)
}

fn mark_duplicates(same: &[Row], stays: &mut [bool]) {
    if same[0].has_id {
        stays[1..].fill(false);
        return;
    }
    let mut most = 0;
    let mut from = 0;
    while from < same.len() {
        let input = same[from].place.input;
        let here = same[from..].iter().take_while(|row| row.place.input == input).count();
        stays[from..from + most.min(here)].fill(false);
        most = most.max(here);
        from += here;
    }
}
