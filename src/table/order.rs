/*! The order of the evidence table, and what its neighbours show: one request with several attempts, one record
 * delivered twice.
 */

use std::collections::{BTreeMap, BTreeSet};

use crate::model::columns::{Column, text_slot};
use crate::model::coverage::Tally;
use crate::model::{ClassId, Duration, InputId, Kind, Outcome, State};
use crate::scan::{Row, Sym};

use super::sealed::Sealed;

/// A client may try several versions on one request: same trace, instance and second, one service with one purpose.
/// Then only the accepted version counts as an attempt, or the last one if none was accepted. Without an instance it
/// may have been several clients of one host, so nothing is changed. An old version without an outcome may have been
/// accepted.
pub(super) fn one_attempt_a_request(sealed: &mut Sealed) {
    let slot = |column| text_slot(column).expect("a text column");
    let request = [
        Column::TraceId,
        Column::ServiceInstanceId,
        Column::ServiceName,
        Column::Principal,
        Column::UserAgent,
        Column::Action,
    ];
    let request = request.map(slot);
    let mut requests: BTreeMap<([Sym; 6], Option<ClassId>, i64), Vec<usize>> = BTreeMap::new();
    for (position, row) in sealed.rows.iter().enumerate() {
        let texts = request.map(|slot| row.texts[slot]);
        let is_one_client = texts[0] != Sym::NONE && texts[1] != Sym::NONE;
        if is_one_client && row.kind.is_try() && row.version.is_some() && row.binding.proves() {
            let second = row.when.at.0.div_euclid(Duration::SECOND.0);
            requests.entry((texts, row.class, second)).or_default().push(position);
        }
    }
    for mut attempts in requests.into_values() {
        let versions: BTreeSet<_> = attempts.iter().map(|at| sealed.rows[*at].version).collect();
        if versions.len() < 2 {
            continue;
        }
        attempts.sort_by_key(|at| (sealed.rows[*at].when.at, sealed.rows[*at].place));
        let accepted = |row: &Row| match row.outcome {
            Outcome::Success | Outcome::Denied => true,
            Outcome::None => row.state == State::Old,
            Outcome::AuthFailure | Outcome::Failure => false,
        };
        let any_accepted = attempts.iter().any(|at| accepted(&sealed.rows[*at]));
        let last = attempts.last().copied();
        for at in attempts {
            let counts = if any_accepted { accepted(&sealed.rows[at]) } else { Some(at) == last };
            if !counts {
                sealed.rows[at].kind = Kind::Lookup;
            }
        }
    }
}

/// Puts rows in the order of the evidence table.
pub(super) fn sort(rows: &mut [Row]) {
    rows.sort_by_key(|row| {
        (row.when.at, row.key, row.place.input, row.place.record, row.class, row.uid)
    });
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
    let record = |row: &Row| (row.place.input, row.place.record);
    let kept: BTreeSet<_> =
        rows.iter().zip(&stays).filter(|(_, stays)| **stays).map(|(row, _)| record(row)).collect();
    let dropped: BTreeSet<_> =
        rows.iter().zip(&stays).filter(|(_, stays)| !**stays).map(|(row, _)| record(row)).collect();
    for (input, _) in dropped.difference(&kept) {
        let tally = tallies.get_mut(input).expect("each row has an input");
        tally.evidence -= 1;
        tally.duplicate += 1;
    }
    let mut stays = stays.into_iter();
    rows.retain(|_| stays.next().unwrap_or(true));
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
