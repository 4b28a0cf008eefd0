/*! The one order of the evidence table, and what neighbours in it tell: requests tried twice, records delivered twice. */

use std::collections::{BTreeMap, BTreeSet};

use crate::model::columns::Column;
use crate::model::coverage::Tally;
use crate::model::{ClassId, InputId, Kind, Micros, Outcome, State};
use crate::scan::{Row, Sym, text_slot};

use super::seal::Sealed;

/// Several versions tried on one request (same trace, instance and second, by one service for one purpose): the accepted
/// one alone is the try, the last if none was. Without an instance nobody can say that it was one client, and a host has
/// many. An old one of which no outcome is told may have been accepted.
pub(super) fn one_try_a_request(sealed: &mut Sealed) {
    let slot = |column| text_slot(column).expect("a text column");
    let same = [
        Column::TraceId,
        Column::ServiceInstanceId,
        Column::ServiceName,
        Column::Principal,
        Column::UserAgent,
        Column::Action,
    ];
    let same = same.map(slot);
    let mut requests: BTreeMap<([Sym; 6], Option<ClassId>, i64), Vec<usize>> = BTreeMap::new();
    for (position, row) in sealed.rows.iter().enumerate() {
        let who = same.map(|slot| row.texts[slot]);
        let named = who[0] != Sym::NONE && who[1] != Sym::NONE;
        if named && row.kind.is_try() && row.version.is_some() && row.binding.proves() {
            let second = row.when.at.0.div_euclid(Micros::SECOND.0);
            requests.entry((who, row.class, second)).or_default().push(position);
        }
    }
    for mut tries in requests.into_values() {
        let versions: BTreeSet<_> = tries.iter().map(|at| sealed.rows[*at].version).collect();
        if versions.len() < 2 {
            continue;
        }
        tries.sort_by_key(|at| (sealed.rows[*at].when.at, sealed.rows[*at].place));
        let accepted = |row: &Row| match row.outcome {
            Outcome::Success | Outcome::Denied => true,
            Outcome::None => row.state == State::Old,
            Outcome::AuthFailure | Outcome::Failure => false,
        };
        let any = tries.iter().any(|at| accepted(&sealed.rows[*at]));
        let last = tries.last().copied();
        for at in tries {
            let stays = if any { accepted(&sealed.rows[at]) } else { Some(at) == last };
            if !stays {
                sealed.rows[at].kind = Kind::Lookup;
            }
        }
    }
}

/// The one order of the evidence table.
pub(super) fn sort(rows: &mut [Row]) {
    rows.sort_by(|one, two| {
        let rank = |row: &Row| {
            (row.when.at, row.key, row.place.input, row.place.record, row.class, row.uid)
        };
        rank(one).cmp(&rank(two))
    });
}

/// Drops records that were delivered twice: with an id, all but the first; without, those that another input has
/// as often. Neighbours in the order are all that can be equal.
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
        let tally = tallies.get_mut(input).expect("a row stands in an input");
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
